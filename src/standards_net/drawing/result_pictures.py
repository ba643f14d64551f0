"""Drawings of results: from a result's labelled axes to the plain inputs of charts and pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.drawing.charts.figures import fan_chart, network_figure, save_figure, world_map
from standards_net.drawing.network.page import write_network_page
from standards_net.drawing.network.scene import Frame, NetworkData
from standards_net.errors import StandardsNetError, one_of
from standards_net.files import data_folder
from standards_net.measures import find_blocs
from standards_net.measures.table import MEASURES
from standards_net.results import INTERVAL, Result
from standards_net.world import World
from standards_net.world.operator_draws import ALL_OPERATORS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["bloc_map", "course", "draw_result", "network_data", "network_scenes", "source_line"]

_KINDS = ("network", "map", "fan")
_DEFINITION = "dominant standard"
_PANEL = [(m.name, m.label) for m in MEASURES.values() if m.panel]
_PARTNERS = 2  # of each economy that are drawn
_MIN_AGREEMENT = 0.9  # share of draws; countries below it are drawn pale


def source_line(result: Result) -> str:
    """Source line of a figure: version, draws, seed, data."""
    record = result.provenance
    draws = len(result.coords["draw"])
    own = record.get("own_tables", [])
    data = f"own tables of {', '.join(own)}; else " if own else ""
    return (
        f"standards_net {record['standards_net']}, {draws} draws, seed {record['seed']}. "
        "Adoption of 2019 mostly estimated (docs/estimation.md). "
        f"Data: {data}BACI, ATOP, UN votes, press; see docs/data.md."
    )


def network_data(
    world: World | None,
    result: Result,
    technology: str = "radio",
    scenarios: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> NetworkData:
    """Frames of mean adoption for the network page, from nothing but a result.

    Parameters
    ----------
    world : World or None
        The world that the result was run on: it adds the operators of 2019, which no result holds.
    result : Result
    technology : str
    scenarios, years : sequence or None
        All of the result's if None.

    Raises
    ------
    StandardsNetError
        A world that the result was not run on; unknown technology, scenario or year.
    """
    _check_world(world, result)
    at = result.position("technology", technology)
    chosen = tuple(scenarios or result.coords["scenario"])
    span = tuple(years or result.coords["year"])
    vendors = _vendors_of(result, technology)
    frames = {(s, y): _frame(result, technology, vendors, s, y) for s in chosen for y in span}
    standards = {s: tuple(result.values("vendor_standard", scenario=s)[vendors].tolist()) for s in chosen}
    return NetworkData(
        title="Who supplies whom",
        subtitle="Economies and vendors linked by adoption; means over the draws of the model.",
        source=source_line(result),
        technology=technology,
        definition=_DEFINITION,
        countries=result.coords["country"],
        names=tuple(result["country_name"].values.tolist()),
        lat=result["latitude"].values,
        lon=result["longitude"].values,
        market=result["market_share"].values[at],
        estimated=result["adoption_estimated"].values[at] > 0.0,
        vendors=tuple(result.coords["vendor"][v] for v in vendors),
        vendor_names=tuple(result["vendor_name"].values[vendors].tolist()),
        vendor_blocs=standards[chosen[0]],
        vendor_blocs_by_scenario=standards,
        scenarios=chosen,
        scenario_titles=tuple(_title(result, s) for s in chosen),
        years=span,
        frames=frames,
        operators={} if world is None else _operators(world, technology),
        partners=() if world is None else _partners(world),
        basis={} if world is None else _basis(world),
    )


def network_scenes(
    world: World | None,
    result: Result,
    technology: str | None = None,
    scenarios: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> list[NetworkData]:
    """:func:`network_data` of every technology of a result, for a page that switches between them.

    Parameters
    ----------
    world, result, scenarios, years
        As in :func:`network_data`.
    technology : str or None
        The one that the page opens with; the first if None.
    """
    every = result.coords["technology"]
    first = every[0] if technology is None else technology
    result.position("technology", first)
    ordered = [first, *(name for name in every if name != first)]
    return [network_data(world, result, name, scenarios, years) for name in ordered]


def _partners(world: World) -> list[tuple[int, int, float]]:
    """The largest partners of each economy, with the part of its exchange."""
    found = []
    for i, row in enumerate(world.exchange):
        total = float(row.sum())
        largest = np.argsort(-row, kind="stable")[:_PARTNERS] if total > 0.0 else ()
        found += [(i, int(j), float(row[j]) / total) for j in largest if row[j] > 0.0]
    return found


def _basis(world: World) -> dict[str, str]:
    """The recorded policy of each economy, with its source."""
    return {
        str(code): f"Policy on record: {str(row['status_latest']).replace('_', ' ')} "
        f"({row['confidence']} confidence; {row['source']})"
        for code, row in world.policies.iterrows()
        if isinstance(row["source"], str) and row["source"] != "none"
    }


def _check_world(world: World | None, result: Result) -> None:
    if world is not None and world.digest != result.provenance["world_sha256"]:
        raise StandardsNetError(
            "the result was run on another world than the one to draw it with; leave the world out, or pass "
            "the --data of the run."
        )


def _vendors_of(result: Result, technology: str) -> list[int]:
    """Places of the vendors that supply a technology."""
    supplied = result["vendor_technology"].values
    return [v for v, technologies in enumerate(supplied) if technology in str(technologies).split(" ")]


def _operators(world: World, technology: str) -> dict[str, list[tuple[str, int, list[tuple[int, int]]]]]:
    """Operators on record by country, with the suppliers of at least a hundredth of their base."""
    firms = world.market(technology).operators
    level: dict[str, list[tuple[str, int, list[tuple[int, int]]]]] = {}
    if firms is None:
        return level
    for o in np.argsort(-firms.weight, kind="stable"):
        if firms.sampled[o] and firms.names[o] != ALL_OPERATORS:
            shares = np.round(100 * firms.adoption[o]).astype(int)
            suppliers = [
                (int(v), int(shares[v])) for v in np.argsort(-shares, kind="stable") if shares[v] >= 1
            ]
            entry = (firms.names[o], round(100 * float(firms.weight[o])), suppliers)
            level.setdefault(world.countries[firms.country_of[o]], []).append(entry)
    return level


def _title(result: Result, scenario: str) -> str:
    return str(result.provenance["scenarios"][scenario]["title"])


def _check_reached(result: Result, scenario: str, year: int, technology: str) -> None:
    """Raise if a scenario that was stopped has not reached a year."""
    if np.isnan(result.values("mean_deployment", scenario=scenario, year=year, technology=technology)).any():
        raise StandardsNetError(f"{scenario} ended before {year}; name an earlier year.")


def _frame(result: Result, technology: str, vendors: list[int], scenario: str, year: int) -> Frame:
    _check_reached(result, scenario, year, technology)
    where = {"scenario": scenario, "year": year, "technology": technology}
    shares = result.values("mean_share", **where)
    return Frame(
        adoption=result.values("mean_adoption", **where)[:, vendors],
        deployment=result.values("mean_deployment", **where),
        blocs=tuple(find_blocs(shares, by="dominant", standards=result.coords["standard"])),
        numbers={label: _interval(name, result.values(name, **where)) for name, label in _PANEL},
    )


def _interval(measure: str, values: FloatArray) -> str:
    low, median, high = np.quantile(values, INTERVAL)
    if np.isnan(median):
        return f"undefined: {_reason(measure)}"
    if measure == "market_fragmentation":
        return f"{median:.2f} [{low:.2f}, {high:.2f}]"
    return f"{100 * median:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"


def course(
    result: Result, measure: str, technology: str, scenarios: Sequence[str]
) -> dict[str, tuple[FloatArray, FloatArray, FloatArray]]:
    """Low, median and high of a measure over the years, by scenario; USD in billions."""
    if measure not in result.measures:
        raise StandardsNetError(one_of("measure", measure, result.measures) + ".")
    bands = {}
    factor = 1e-9 if "USD" in result[measure].unit else 1.0
    for scenario in scenarios:
        values = factor * result.values(measure, scenario=scenario, technology=technology)
        low, median, high = np.quantile(values, INTERVAL, axis=0)
        bands[scenario] = (low, median, high)
    return bands


def _reason(measure: str) -> str:
    """Why a measure is undefined; empty for one of the user's own."""
    return MEASURES[measure].undefined if measure in MEASURES else ""


def bloc_map(
    world: World | None, result: Result, scenario: str, year: int, technology: str = "radio"
) -> Figure:
    """World map by dominant standard; in years kept draw by draw pale where under 90 % of the draws agree."""
    _check_world(world, result)
    _check_reached(result, scenario, year, technology)
    shares = result.values("mean_share", scenario=scenario, year=year, technology=technology)
    standards, countries = result.coords["standard"], result.coords["country"]
    labels = find_blocs(shares, by="dominant", standards=standards)
    faint: frozenset[str] = frozenset()
    agreement = "Of mean shares. "
    if "snapshot_share" in result and year in result.coords["snapshot"]:
        drawn = result.values("snapshot_share", scenario=scenario, snapshot=year, technology=technology)
        leading = np.asarray(standards)[drawn.argmax(axis=2)]
        agree = (leading == labels).mean(axis=0)
        faint = frozenset(np.asarray(countries)[agree < _MIN_AGREEMENT].tolist())
        agreement = "Pale: fewer than 90 % of the draws agree. "
    places = zip(result["latitude"].values, result["longitude"].values, strict=True)
    return world_map(
        dict(zip(countries, labels.tolist(), strict=True)),
        dict(zip(countries, places, strict=True)),
        outlines=data_folder() / "countries" / "outlines.geojson",
        title=f"{_title(result, scenario)}: dominant standard, {technology}, {year}",
        source=agreement + source_line(result),
        faint=faint,
    )


def draw_result(
    world: World | None,
    result: Result,
    out: str | Path,
    *,
    kind: str = "network",
    technology: str = "radio",
    scenario: str | None = None,
    year: int | None = None,
    measure: str = "beta",
) -> Path:
    """Draw a result into one file: ``.html`` for the network, ``.png`` or ``.svg`` for all kinds.

    All that is drawn is in the result; a world, which must be that of the run, adds operators to the page.

    Raises
    ------
    StandardsNetError
        Another world; unknown kind, scenario, year or file extension.
    """
    path = Path(out)
    if kind not in _KINDS:
        raise StandardsNetError(one_of("kind of picture", kind, _KINDS) + ".")
    if path.suffix not in (".html", ".png", ".svg") or (path.suffix == ".html" and kind != "network"):
        raise StandardsNetError(
            f"{path.name}: a network is written as .html, .png or .svg, other kinds as .png or .svg."
        )
    if path.suffix == ".html" and (scenario is not None or year is not None):
        raise StandardsNetError("the page has its own controls for scenario and year; omit both for .html.")
    at = result.coords["year"][-1] if year is None else year
    result.position("year", at)
    which = result.coords["scenario"][0] if scenario is None else scenario
    result.position("scenario", which)
    result.position("technology", technology)
    if path.suffix == ".html":
        return write_network_page(network_scenes(world, result, technology), path)
    if kind == "network":
        data = network_data(world, result, technology, (which,), (at,))
        return save_figure(network_figure(data, which, at), path)
    if kind == "map":
        return save_figure(bloc_map(world, result, which, at, technology), path)
    bands = course(result, measure, technology, result.coords["scenario"])
    figure = fan_chart(
        result.coords["year"], bands, title=f"{technology}: {result[measure].meaning}",
        ylabel=_axis(result, measure), source=source_line(result), undefined=_reason(measure),
    )  # fmt: skip
    return save_figure(figure, path)


def _axis(result: Result, measure: str) -> str:
    unit = result[measure].unit.replace("USD", "USD bn")
    return measure.replace("_", " ") if unit == "1" else f"{measure.replace('_', ' ')} ({unit})"
