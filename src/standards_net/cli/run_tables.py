"""What ``standards-net run`` prints where something is asked for by measure, country or year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.country_names import country_code
from standards_net.errors import StandardsNetError, one_of

if TYPE_CHECKING:
    import pandas as pd

    from standards_net.results import Result
    from standards_net.world import World

__all__ = ["OF_COUNTRIES", "asked_table", "check_asked"]

OF_COUNTRIES = ("share", "vendor_share", "deployment", "cost_usd")
_FIRST = 2019
_COLUMNS = ["scenario", "technology", "country", "year", "measure", "label", "median", "low", "high", "unit"]


def check_asked(
    world: World,
    until: int,
    measures: Sequence[str],
    countries: Sequence[str],
    years: Sequence[int],
) -> None:
    """Raise, before a run, if something is asked for that it will not have.

    Raises
    ------
    StandardsNetError
    """
    from standards_net.measures import MEASURES

    known = OF_COUNTRIES if countries else tuple(MEASURES)
    for measure in measures:
        if measure not in known:
            of = "measure of a country" if countries else "measure"
            raise StandardsNetError(one_of(of, measure, known) + ".")
    for country in countries:
        world.code(country)
    for year in years:
        if not _FIRST <= year <= until:
            raise StandardsNetError(f"year {year} is not among the years {_FIRST} to {until} of the run.")


def asked_table(
    result: Result, measures: Sequence[str], countries: Sequence[str], years: Sequence[int]
) -> pd.DataFrame:
    """Median and interval of what is asked for, one row each; of the world where no country is named.

    Parameters
    ----------
    result : Result
    measures : sequence of str
        Of countries some of :data:`OF_COUNTRIES`, all if none is named; of the world measures with one number
        a draw, the headlines if none is named.
    countries : sequence of str
    years : sequence of int
        The last year if none is named.
    """
    import pandas as pd

    from standards_net.measures import HEADLINES

    at = list(years) or [result.coords["year"][-1]]
    if not countries:
        return pd.concat([_of_world(result, measures or HEADLINES, year) for year in at], ignore_index=True)
    codes = dict.fromkeys(country_code(name, result.coords["country"]) for name in countries)
    rows = [
        row
        for country in codes
        for scenario in result.coords["scenario"]
        for technology in result.coords["technology"]
        for measure in measures or OF_COUNTRIES
        for row in _of_country(result, country, scenario, technology, measure, at)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _of_world(result: Result, measures: Sequence[str], year: int) -> pd.DataFrame:
    table = result.summary(year)
    return table[table["measure"].isin(measures)]


def _of_country(
    result: Result, country: str, scenario: str, technology: str, measure: str, years: Sequence[int]
) -> list[tuple[Any, ...]]:
    where = {"scenario": scenario, "technology": technology}
    unit = "1"
    if measure == "deployment":
        table = result.deployment(country, **where).assign(label="")
    elif measure == "cost_usd":
        table = result.costs(country, **where).rename(columns={"item": "label"})
        unit = result["cost_interval_usd"].unit
    else:
        by = "vendor" if measure == "vendor_share" else "standard"
        table = result.shares(country, by=by, **where).rename(columns={by: "label"})
    kept = table[np.isin(table["year"], years)]
    return [
        (scenario, technology, country, row.year, measure, row.label, row.median, row.low, row.high, unit)
        for row in kept.itertuples(index=False)
    ]
