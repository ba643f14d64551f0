"""Complaints about what tables lack together: rows that a world cannot do without."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from standards_net.country_names import find_country
from standards_net.errors import one_of
from standards_net.parameters import PER_TECHNOLOGY

__all__ = ["check_complete", "check_plausible"]

_SHOWN = 5  # complaints of each kind; more would not help
_ROUNDING = 1e-4
_EXCLUDES = {"banned", "de_facto_excluded"}
_FIRST_YEAR = 2019
_FAMILIES = ("china", "west")  # standards that measures and scenarios name
_RESERVED = ("all", "nonaligned", "us")
_MANY = 10  # economies of which some are online
_TRADE_OF_GDP = (0.02, 3.0)


def check_complete(frames: Mapping[str, pd.DataFrame], parameters: pd.DataFrame) -> list[str]:
    """Complain of economies without trade, market or adoption, and of parameters missing or absurd.

    Tables that are not there, because they are not sound by themselves, are passed over.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Tables of which each is sound by itself.
    parameters : DataFrame
        The shipped parameters: the names that the model reads.

    Examples
    --------
    >>> from standards_net.tables import read_tables
    >>> frames = read_tables().frames
    >>> check_complete(frames, frames["parameters"])
    []
    """
    shipped = set(parameters["name"])
    checks: dict[Callable[[Mapping[str, pd.DataFrame]], Iterable[str]], tuple[str, ...]] = {
        _markets: ("countries", "vendors", "markets"),
        _adoption: ("countries", "vendors", "adoption"),
        _trade: ("countries", "trade"),
        partial(_parameters, shipped): ("parameters", "vendors", "standards"),
        _priors: ("parameters",),
        _standards: ("standards",),
        _names: ("countries",),
        _groups: ("countries", "memberships", "vendors"),
        _technologies: ("technologies",),
        _vendors: ("technologies", "vendors"),
        partial(_policies, shipped): ("policies", "technologies"),
    }
    possible = [check for check, needed in checks.items() if set(needed) <= set(frames)]
    return [complaint for check in possible for complaint in check(frames)]


def check_plausible(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Warnings of figures that cannot be in the unit that their column has.

    Examples
    --------
    >>> from standards_net.tables import read_tables
    >>> check_plausible(read_tables().frames)
    []
    """
    return list(_units(frames))


def _units(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Figures that cannot be in the unit that their column has."""
    online = frames["countries"]["internet_users_pct"] if "countries" in frames else pd.Series(dtype=float)
    if online.count() >= _MANY and online.max() <= 1.0:
        yield (
            f"countries.csv: internet_users_pct is at most {online.max():.2g} everywhere. Are these "
            "percentages, not fractions?"
        )
    if not {"countries", "trade"} <= set(frames):
        return
    trade, gdp = frames["trade"]["value_usd"].sum(), frames["countries"]["gdp_usd"].sum()
    low, high = _TRADE_OF_GDP
    if not low * gdp <= trade <= high * gdp:
        yield (
            f"trade.csv: all trade is {trade:.3g} USD, {trade / gdp:.2g} of the GDP in countries.csv; "
            f"{low:g} to {high:g} is plausible. Are both in dollars?"
        )


def _standards(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """The families that measures are about, and no name that means something else in scenarios."""
    standards = list(frames["standards"]["standard"])
    for name in _FAMILIES:
        if name not in standards:
            yield f"standards.csv: the row of '{name}' is missing; measures are about it."
    for row, name in enumerate(standards):
        if name in _RESERVED:
            yield f"standards.csv row {row + 2}: '{name}' means something else in scenarios; choose another."


def _groups(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Names of groups mean nothing else in scenarios: economies, vendors, poles, everybody."""
    countries, vendors = frames["countries"], set(frames["vendors"]["vendor"])
    taken = {"all", "nonaligned", "us", "china", *countries["country"], *vendors}
    # Micronesia is an economy and a subregion: a group comes first, and its economy has a code.
    regions = {*countries["region"], *countries["subregion"], *countries["name"]}
    for file, column, values, also in (
        ("memberships.csv", "organisation", frames["memberships"]["organisation"], regions),
        ("countries.csv", "region", countries["region"], set()),
        ("countries.csv", "subregion", countries["subregion"], set()),
    ):
        for name in dict.fromkeys(values):
            if name in taken | also:
                row = list(values).index(name) + 2
                yield f"{file} row {row}, column {column}: '{name}' means something else in scenarios."


def _technologies(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """The bases of a technology are two."""
    for row, bases in enumerate(frames["technologies"]["bases"]):
        if isinstance(bases, str) and len(set(bases.split(";"))) < 2:
            yield f"technologies.csv row {row + 2}, column bases: '{bases}' names one base twice."


def _policies(shipped: set[str], frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Technologies that there are, and years that agree with what is said of them."""
    bundled = {name.removeprefix("lifetime_") for name in shipped if name.startswith("lifetime_")}
    known = bundled | set(frames["technologies"]["technology"])
    for row, line in enumerate(frames["policies"].to_dict("records"), start=2):
        for name in line["technologies"].split(";"):
            if name not in known:
                yield f"policies.csv row {row}: {one_of('technology', name, known)}."
        statuses, ban = {line["status_2019_10"], line["status_latest"]}, line["ban_year"]
        told = f"policies.csv row {row}: ban_year is {ban:.0f}, but"
        if pd.notna(ban) and not statuses & _EXCLUDES:
            yield f"{told} no status says banned or de_facto_excluded."
        if pd.notna(ban) and ban > _FIRST_YEAR and line["status_2019_10"] in _EXCLUDES:
            yield f"{told} status_2019_10 is {line['status_2019_10']}."
        if pd.notna(line["removal_year"]) and pd.isna(ban):
            yield f"policies.csv row {row}: removal_year needs the ban_year in which new purchases stopped."


def _vendors(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Every technology has a vendor."""
    for row, technology in enumerate(frames["technologies"]["technology"]):
        if technology not in set(frames["vendors"]["technology"]):
            yield f"technologies.csv row {row + 2}: no vendor sells '{technology}'; name one."


def _names(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Names of economies mean one of them."""
    codes, names = (list(frames["countries"][column]) for column in ("country", "name"))
    for row, (code, name) in enumerate(zip(codes, names, strict=True)):
        if names.index(name) < row:
            yield f"countries.csv row {row + 2}: the name '{name}' stands in row {names.index(name) + 2} too."
        elif (other := find_country(name, codes)) not in (None, code):
            yield f"countries.csv row {row + 2}: '{name}' of {code} is the name of {other}."


def _markets(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    economies, markets = frames["countries"]["country"], frames["markets"]
    complaints = []
    for technology in frames["vendors"]["technology"].unique():
        rows = markets[markets["technology"] == technology]
        missing = economies[~economies.isin(rows["country"])]
        complaints += [
            f"markets.csv: {economy} has no row for {technology}; every economy of countries.csv needs one."
            for economy in missing[:_SHOWN]
        ]
        if not complaints and rows["market_share"].sum() <= 0.0:
            complaints.append(
                f"markets.csv: market_shares for {technology} add up to 0; one must be above 0."
            )
    return complaints


def _adoption(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    economies, adoption = frames["countries"]["country"], frames["adoption"]
    complaints = []
    for technology, vendors in frames["vendors"].groupby("technology", sort=False):
        rows = adoption[adoption["technology"] == technology]
        wide = rows.pivot(index="country", columns="vendor", values="share")
        wide = wide.reindex(index=economies, columns=vendors["vendor"])
        lacking = wide.isna()
        for economy, missing in lacking[lacking.any(axis=1)].head(_SHOWN).iterrows():
            names = ", ".join(missing[missing].index)
            complaints.append(
                f"adoption.csv: {economy} has no row for {technology} of {names}; give every vendor a row, "
                "with share 0 if it sells nothing there."
            )
        total = wide[~lacking.any(axis=1)].sum(axis=1)
        for economy, share in total[total < 1.0 - _ROUNDING].head(_SHOWN).items():
            complaints.append(
                f"adoption.csv: shares of {economy} for {technology} add up to {share:.4g}; they must add up "
                f"to 1: what is not known by name belongs to '{vendors['vendor'].iloc[-1]}'."
            )
    return complaints


def _trade(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    trade, economies = frames["trade"], frames["countries"]["country"]
    own = np.flatnonzero((trade["exporter"] == trade["importer"]).to_numpy())
    complaints = [
        f"trade.csv row {row + 2}: {trade['exporter'].iloc[row]} trades with itself; keep flows between two."
        for row in own[:_SHOWN]
    ]
    active = set(trade["exporter"]) | set(trade["importer"])
    complaints += [
        f"trade.csv: {economy} has no trade; every economy of countries.csv needs at least one flow."
        for economy in economies[~economies.isin(active)][:_SHOWN]
        if len(economies) > 1
    ]
    return complaints


def _parameters(shipped: set[str], frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Rows that the model needs: those of all technologies, and of each technology its own."""
    table = frames["parameters"]
    technologies, standards = set(frames["vendors"]["technology"]), list(frames["standards"]["standard"])
    bundled = {name.removeprefix("lifetime_") for name in shipped if name.startswith("lifetime_")}
    general = shipped - _own_names(bundled, standards)
    needed = general | {f"{name}_{technology}" for name in PER_TECHNOLOGY for technology in technologies}
    known = needed | shipped | _own_names(technologies, standards)
    for row, name in enumerate(table["name"]):
        if name not in known:
            yield f"parameters.csv row {row + 2}: {one_of('parameter', name, known)}."
    for name in sorted(needed - set(table["name"])):
        yield f"parameters.csv: the row of '{name}' is missing; the model reads it."


def _own_names(technologies: set[str], standards: Sequence[str]) -> set[str]:
    """Parameters that technologies may have of their own."""
    own = {f"{name}_{technology}" for name in PER_TECHNOLOGY for technology in technologies}
    pairs = combinations(sorted(standards), 2)
    return own | {f"compatibility_{a}_{b}_{t}" for a, b in pairs for t in technologies}


def _priors(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    for row, one in enumerate(frames["parameters"].to_dict("records")):
        if wrong := _prior(one):
            yield f"parameters.csv row {row + 2}: {one['name']}: {wrong}."


def _prior(one: Mapping[str, Any]) -> str:
    least, most = one["least"], np.inf if pd.isna(one["most"]) else one["most"]
    if not least <= one["default"] <= most:
        return f"default {one['default']:g} is not between least {least:g} and most {most:g}"
    if one["prior"] == "fixed":
        return ""
    low, high = one["low"], one["high"]
    if pd.isna(low) or pd.isna(high):
        return f"a {one['prior']} prior needs both low and high"
    if not low < high:
        return f"low {low:g} must be below high {high:g}"
    if one["prior"] == "loguniform" and low <= 0.0:
        return f"low {low:g} must be above 0 for a loguniform prior"
    if not least <= low <= high <= most:
        return f"the prior {low:g} to {high:g} leaves least {least:g} to most {most:g}"
    if not low <= one["default"] <= high:
        return f"default {one['default']:g} is not between low {low:g} and high {high:g}"
    return ""
