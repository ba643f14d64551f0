"""Tables of the estimated politics: sides, what moves them, restrictions by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standards_net.checks import checked_year
from standards_net.core.arrays import FloatArray
from standards_net.politics import (
    FEATURES,
    SIDES,
    exclusion_chances,
    feature_values,
    load_politics,
    restriction_chances,
    side_chances,
)
from standards_net.politics.estimate import DOMAINS
from standards_net.world.world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["restrictions", "side_drivers", "sides"]

_INTERVAL = (0.05, 0.95)


def sides(world: World) -> pd.DataFrame:
    """Chance that each country sides with the United States, with China, or with neither.

    Siding is signing one side's statements on human rights and on technology, as countries did from 2019 to
    2022; the equation and its scores are in docs/sides.md.

    Parameters
    ----------
    world : World

    Returns
    -------
    DataFrame
        A row for each country: ``country``, ``us``, ``us_low``, ``us_high``, the same of ``china`` and
        ``nonaligned``. Chances are means of the posterior and add up to 1; ``low`` and ``high`` are its 5 and
        95 %.

    References
    ----------
    Bailey, M. A., Strezhnev, A. & Voeten, E. (2017), Estimating dynamic state preferences from United Nations
    voting data, Journal of Conflict Resolution 61(2), doi:10.1177/0022002715595700.

    Examples
    --------
    >>> import standards_net as sn
    >>> table = sides(sn.load_world()).set_index("country")
    >>> bool(table.loc["JPN", "us"] > 0.9), bool(table.loc["RUS", "us"] < 0.05)
    (True, True)
    """
    import pandas as pd

    chances = side_chances(world)
    columns: dict[str, object] = {"country": list(world.countries)}
    for at, side in enumerate(SIDES):
        columns |= _interval(side, chances[:, at])
    return pd.DataFrame(columns)


def side_drivers(world: World, country: str) -> pd.DataFrame:
    """What moves a country towards either side, against the average country.

    Parameters
    ----------
    world : World
    country : str
        ISO code.

    Returns
    -------
    DataFrame
        A row for each feature, the strongest first: ``feature``, ``meaning``, ``value``, ``mean`` over the
        countries, and ``us``, ``china`` and ``restricts``: log-odds that the feature adds to siding with the
        United States or with China rather than with neither, and to restricting in a year, relative to a
        country with the mean value.

    Raises
    ------
    UnknownNameError
        No such country in this world.

    Examples
    --------
    >>> import standards_net as sn
    >>> side_drivers(sn.load_world(), "IND")["feature"].iloc[0]
    'china_dispute'
    """
    import pandas as pd

    country = world.code(country)
    fit, values = load_politics(), feature_values(world)[world.countries.index(country)]
    z, size = fit.standardised(values), len(FEATURES)
    side_slopes = fit.sides.mode.reshape(2, len(DOMAINS) + size)[:, len(DOMAINS) :]
    moves = [z * slopes for slopes in (*side_slopes, fit.restriction.mode[-size:])]
    table = pd.DataFrame(
        {
            "feature": list(FEATURES),
            "meaning": list(FEATURES.values()),
            "value": values,
            "mean": fit.mean,
            "us": moves[0],
            "china": moves[1],
            "restricts": moves[2],
        }
    )
    order = np.argsort(-np.abs(moves).max(axis=0), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def restrictions(world: World, *, since: int = 2020, until: int = 2030) -> pd.DataFrame:
    """Chance that a country has restricted Chinese vendors by the end of each year, had it not before.

    Parameters
    ----------
    world : World
    since, until : int
        First and last year. Years after 2025 repeat the mean hazard of the last three recorded ones.

    Returns
    -------
    DataFrame
        ``country``, ``year``, ``restricts``, ``restricts_low``, ``restricts_high``, and the same of
        ``excludes``: of those who restrict, some exclude. 5 and 95 % of the posterior.

    Raises
    ------
    StandardsNetError
        ``until`` before ``since``, or years outside 2018 to 2100.

    Examples
    --------
    >>> import standards_net as sn
    >>> table = restrictions(sn.load_world(), until=2025)
    >>> lithuania = table[(table["country"] == "LTU") & (table["year"] == 2025)].iloc[0]
    >>> bool(lithuania["restricts"] > 0.5)
    True
    """
    import pandas as pd

    checked_year("since", since, load_politics().years[0])
    checked_year("until", until, since)
    years = range(since, until + 1)
    restricts = restriction_chances(world, years, since)
    excludes = restricts * exclusion_chances(world)[:, None]
    index = [(country, year) for country in world.countries for year in years]
    columns = _interval("restricts", restricts.reshape(len(index), -1))
    columns |= _interval("excludes", excludes.reshape(len(index), -1))
    return pd.DataFrame(index, columns=["country", "year"]).assign(**columns)


def _interval(name: str, draws: FloatArray) -> dict[str, FloatArray]:
    low, high = np.quantile(draws, _INTERVAL, axis=1)
    return {name: draws.mean(axis=1), f"{name}_low": low, f"{name}_high": high}
