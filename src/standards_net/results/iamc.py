"""Measures in the table format of integrated assessment (IAMC), as pyam reads it.

Values are means over the draws, since means add up: over items, economies and technologies. Quantiles do not:
they are variables of a tree of their own without children, so that nobody adds them up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.checks import checked_number, shown
from standards_net.country_names import find_country, unknown_country
from standards_net.errors import StandardsNetError
from standards_net.measures.table import MEASURES
from standards_net.results.variable import INTERVAL, Variable
from standards_net.sinks import as_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REGIONS", "iamc_table"]

REGIONS = ("world", "groups", "countries")
_COLUMNS = ["model", "scenario", "region", "variable", "unit", "year", "value"]
_WORLD = "World"
_SHARE = "Installed Base Share"
_LOSS = MEASURES["interoperability_loss"].iamc_name or ""
_DEPLOYMENT = MEASURES["deployment"].iamc_name or ""
_COST = MEASURES["total_usd"].iamc_name or ""

# Region, variable below technology, unit, technology, and (scenarios, years) of a statistic.
_Rows = Iterator[tuple[str, str, str, str, np.ndarray]]
_Coords = Mapping[str, Sequence[Any]]
_Variables = Mapping[str, Variable]


def iamc_table(
    coords: _Coords, variables: _Variables, regions: str | Sequence[str], quantiles: float | Sequence[float]
) -> pd.DataFrame:
    """Model / scenario / region / variable / unit / year / value, one row each; see ``Result.to_iamc``."""
    import pandas as pd

    levels, wanted = _checked_regions(coords, regions)
    several = quantiles if isinstance(quantiles, Sequence | np.ndarray) else [quantiles]
    asked = [checked_number("a quantile", q, least=0.0, most=1.0) for q in several]
    found: list[tuple[Any, ...]] = []
    for level in levels:
        of_level: Callable[..., _Rows] = _LEVELS[level]
        for quantile in (None, *asked):
            for region, label, unit, technology, values in of_level(coords, variables, quantile):
                if level != "world" and wanted is not None and region not in wanted:
                    continue
                name = _name(technology, label, quantile)
                factor, written = (1e-9, "billion USD_2019/yr") if unit.startswith("USD") else (1.0, "")
                for scenario, row in zip(coords["scenario"], values, strict=True):
                    for year, value in zip(coords["year"], row, strict=True):
                        if np.isfinite(value):
                            found.append(
                                (
                                    "standards_net",
                                    scenario,
                                    region,
                                    name,
                                    written,
                                    year,
                                    factor * float(value),
                                )
                            )
    return pd.DataFrame(found, columns=_COLUMNS)


def _checked_regions(coords: _Coords, regions: Any) -> tuple[list[str], frozenset[str] | None]:
    """Levels to write, and the regions that are wanted of them; all if None."""
    if isinstance(regions, str):
        if regions in REGIONS:
            return [regions], None
        regions = [regions]
    if not isinstance(regions, Sequence) or not regions or not all(isinstance(r, str) for r in regions):
        raise StandardsNetError(
            f"regions is {shown(regions)}; give {', '.join(REGIONS)}, or codes and groups of the result."
        )
    codes = tuple(coords.get("country", ()))
    known: dict[str, str] = dict.fromkeys(codes, "countries")
    known |= {name: "groups" for name in coords.get("group", ()) if name != "world"}
    regions = [name if name in known else find_country(name, codes) or name for name in regions]
    for name in regions:
        if name not in known and name not in REGIONS:
            raise StandardsNetError(unknown_country(name, [*REGIONS, *known], what="region") + ".")
    levels: list[str] = sorted({known.get(name, str(name)) for name in regions}, key=REGIONS.index)
    whole = {name for name in regions if name in REGIONS}
    every = {name for level in whole for name in coords.get(_AXIS.get(level, ""), ())}
    return levels, frozenset({*regions, *every})


def _world(coords: _Coords, variables: _Variables, quantile: float | None) -> _Rows:
    for measure in MEASURES.values():
        if measure.iamc_name is None or measure.name not in variables:
            continue
        values = _statistic(variables[measure.name].values, quantile)
        for k, technology in enumerate(coords["technology"]):
            yield _WORLD, measure.iamc_name, measure.unit, technology, values[..., k]


def _groups(coords: _Coords, variables: _Variables, quantile: float | None) -> _Rows:
    """Loss, shares by standard and costs by item of groups; the world, which is one of them, is left out."""
    if "group_cost_usd" not in variables:
        raise StandardsNetError("the result has no draws of groups; take the whole result, not condensed.")
    usd = variables["group_cost_usd"].unit
    total = variables["group_cost_usd"].values.sum(axis=-1, dtype=np.float64)
    parts: list[tuple[str, str, np.ndarray]] = [
        (_LOSS, "1", variables["group_loss"].values),
        (_COST, usd, total),
    ]
    for s, standard in enumerate(coords["standard"]):
        parts.append((_share_of(standard), "1", variables["group_share"].values[..., s]))
    for item, name in enumerate(coords["item"]):
        parts.append((_cost_of(name), usd, variables["group_cost_usd"].values[..., item]))
    for label, unit, draws in parts:
        values = _statistic(draws, quantile)
        for k, technology in enumerate(coords["technology"]):
            for g, group in enumerate(coords["group"]):
                if group != "world":
                    yield group, label, unit, technology, values[:, :, k, g]


def _countries(coords: _Coords, variables: _Variables, quantile: float | None) -> _Rows:
    """Deployment, loss, shares by standard and costs: means, or the quantiles that are recorded."""
    parts = _means(coords, variables) if quantile is None else _quantiles(coords, variables, quantile)
    for label, unit, technology, values in parts:
        for i, country in enumerate(coords["country"]):
            yield country, label, unit, technology, values[:, :, i]


_Parts = Iterator[tuple[str, str, str, np.ndarray]]


def _means(coords: _Coords, variables: _Variables) -> _Parts:
    for k, technology in enumerate(coords["technology"]):
        for label, name in ((_DEPLOYMENT, "mean_deployment"), (_LOSS, "mean_loss"), (_COST, "mean_cost_usd")):
            yield label, variables[name].unit, technology, variables[name].values[:, :, k]
        for s, standard in enumerate(coords["standard"]):
            yield _share_of(standard), "1", technology, variables["mean_share"].values[:, :, k, :, s]


def _quantiles(coords: _Coords, variables: _Variables, quantile: float) -> _Parts:
    if quantile not in INTERVAL:
        kept = ", ".join(f"{q:g}" for q in INTERVAL)
        raise StandardsNetError(f"of countries the quantiles {kept} are recorded; {quantile:g} is not.")
    scopes = list(coords.get("scope", ()))
    q, usd = INTERVAL.index(quantile), variables["cost_interval_usd"].unit
    for k, technology in enumerate(coords["technology"]):
        deployment = variables["deployment_interval"].values[:, :, k, :, q]
        yield _DEPLOYMENT, "1", technology, deployment
        layer = list(coords.get("layer", ())).index(technology)
        for s, standard in enumerate(coords["standard"]):
            yield (
                _share_of(standard),
                "1",
                technology,
                variables["standard_interval"].values[:, :, layer, :, s, q],
            )
        for c, item in enumerate(coords["cost"]):
            label = _COST if item == "total" else _cost_of(item)
            costs = variables["cost_interval_usd"].values[:, :, scopes.index(technology), :, c, q]
            yield label, usd, technology, costs


_LEVELS: Mapping[str, Callable[..., _Rows]] = {"world": _world, "groups": _groups, "countries": _countries}
_AXIS = {"groups": "group", "countries": "country"}


def _statistic(values: np.ndarray, quantile: float | None) -> np.ndarray:
    """Mean or quantile over the draws, which are the second axis."""
    found = (
        values.mean(axis=1, dtype=np.float64) if quantile is None else np.quantile(values, quantile, axis=1)
    )
    return np.asarray(found, dtype=np.float64)


def _name(technology: str, label: str, quantile: float | None) -> str:
    """Name of a variable: a level for each part of a mean, none below the technology for a quantile.

    Examples
    --------
    >>> _name("iot", "Cost|Scale", None), _name("iot", "Cost|Scale", 0.05)
    ('Standards|IOT|Cost|Scale', 'Standards (5th percentile)|IOT|Cost - Scale')
    """
    if quantile is None:
        return f"Standards|{technology.upper()}|{label}"
    of = f"Standards ({_ordinal(100 * quantile)} percentile)"
    return f"{of}|{technology.upper()}|{label.replace('|', ' - ')}"


def _share_of(standard: str) -> str:
    return f"{_SHARE}|{as_text(standard).replace('|', '/').replace('-', ' ').title()}"


def _cost_of(item: str) -> str:
    """Name of an item of the account, as among the measures of the world."""
    return MEASURES[f"{item}_usd"].iamc_name or ""


def _ordinal(percent: float) -> str:
    """Number of a percentile in words of the format.

    Examples
    --------
    >>> _ordinal(5.0), _ordinal(50.0), _ordinal(2.5), _ordinal(1.0)
    ('5th', '50th', '2.5th', '1st')
    """
    text = f"{percent:g}"
    last = text[-1] if "." not in text and text[-2:-1] != "1" else ""
    return text + {"1": "st", "2": "nd", "3": "rd"}.get(last, "th")
