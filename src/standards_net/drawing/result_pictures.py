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
from standards_net.scenario import load_scenario, scenario_names
from standards_net.world import World
from standards_net.world.operator_draws import ALL_OPERATORS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["bloc_map", "course", "draw_result", "network_data", "source_line"]

_KINDS = ("network", "map", "fan")
_DEFINITION = "dominant standard"
_PANEL = [(m.name, m.label) for m in MEASURES.values() if m.panel]
_MIN_AGREEMENT = 0.9  # share of draws; countries below it are drawn pale


def source_line(result: Result) -> str:
    """Source line of a figure: version, draws, seed, data."""
    record = result.provenance
    draws = len(result.coords["draw"])
    return (
        f"standards_net {record['standards_net']}, {draws} draws, seed {record['seed']}. "
        "Adoption of 2019 mostly estimated (docs/estimation.md). "
        "Data: BACI, ATOP, UN votes, press; see docs/data.md."
    )


def network_data(
    world: World,
    result: Result,
    technology: str = "radio",
    scenarios: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> NetworkData:
    """Frames of mean adoption for the network page.

    Parameters
    ----------
    world : World
        The world that the result was run on.
    result : Result
    technology : str
    scenarios, years : sequence or None
        All of the result's if None.
    """
    market = world.market(technology)
    if result.coords["country"] != world.countries:
        raise StandardsNetError("the result was run on different countries; pass the same --data to draw.")
    result.position("technology", technology)
    chosen = tuple(scenarios or result.coords["scenario"])
    span = tuple(years or result.coords["year"])
    frames = {(s, y): _frame(world, result, technology, s, y) for s in chosen for y in span}
    vendor_blocs = tuple(market.vendor_standards)
    return NetworkData(
        title=f"Who supplies whom: {technology}",
        subtitle="Economies and vendors linked by adoption; means over the draws of the model.",
        source=source_line(result),
        technology=technology,
        definition=_DEFINITION,
        countries=world.countries,
        names=world.country_names,
        lat=world.table["lat"].to_numpy(float),
        lon=world.table["lon"].to_numpy(float),
        market=market.share,
        estimated=market.estimated,
        vendors=market.vendors,
        vendor_names=market.vendor_names,
        vendor_blocs=vendor_blocs,
        scenarios=chosen,
        scenario_titles=tuple(_title(s) for s in chosen),
        years=span,
        frames=frames,
        operators=_operators(world, technology),
    )


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


def _title(scenario: str) -> str:
    return load_scenario(scenario).title if scenario in scenario_names() else scenario


def _check_reached(result: Result, scenario: str, year: int, technology: str) -> None:
    """Raise if a scenario that was stopped has not reached a year."""
    if np.isnan(result.values("mean_deployment", scenario=scenario, year=year, technology=technology)).any():
        raise StandardsNetError(f"{scenario} ended before {year}; name an earlier year.")


def _frame(world: World, result: Result, technology: str, scenario: str, year: int) -> Frame:
    _check_reached(result, scenario, year, technology)
    vendors = [result.position("vendor", v) for v in world.market(technology).vendors]
    where = {"scenario": scenario, "year": year, "technology": technology}
    adoption = result.values("mean_adoption", **where)[:, vendors]
    shares = result.values("mean_share", **where)
    numbers = {}
    for name, label in _PANEL:
        low, median, high = np.quantile(result.values(name, **where), INTERVAL)
        if name == "market_fragmentation":
            numbers[label] = f"{median:.2f} [{low:.2f}, {high:.2f}]"
        else:
            numbers[label] = f"{100 * median:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"
    return Frame(
        adoption=adoption,
        deployment=result.values("mean_deployment", **where),
        blocs=tuple(find_blocs(shares, by="dominant", standards=result.coords["standard"])),
        numbers=numbers,
    )


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


def bloc_map(world: World, result: Result, scenario: str, year: int, technology: str = "radio") -> Figure:
    """World map by dominant standard; in years kept draw by draw pale where under 90 % of the draws agree."""
    _check_reached(result, scenario, year, technology)
    shares = result.values("mean_share", scenario=scenario, year=year, technology=technology)
    standards = result.coords["standard"]
    labels = find_blocs(shares, by="dominant", standards=standards)
    faint: frozenset[str] = frozenset()
    agreement = "Of mean shares. "
    if "snapshot_share" in result and year in result.coords["snapshot"]:
        drawn = result.values("snapshot_share", scenario=scenario, snapshot=year, technology=technology)
        leading = np.asarray(standards)[drawn.argmax(axis=2)]
        agree = (leading == labels).mean(axis=0)
        faint = frozenset(np.asarray(world.countries)[agree < _MIN_AGREEMENT].tolist())
        agreement = "Pale: fewer than 90 % of the draws agree. "
    points = dict(zip(world.countries, zip(world.table["lat"], world.table["lon"], strict=True), strict=True))
    return world_map(
        dict(zip(world.countries, labels.tolist(), strict=True)),
        points,
        outlines=data_folder() / "countries" / "outlines.geojson",
        title=f"{_title(scenario)}: dominant standard, {technology}, {year}",
        source=agreement + source_line(result),
        faint=faint,
    )


def draw_result(
    world: World,
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

    Raises
    ------
    StandardsNetError
        Unknown kind, scenario, year or file extension.
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
        return write_network_page(network_data(world, result, technology), path)
    if kind == "network":
        data = network_data(world, result, technology, (which,), (at,))
        return save_figure(network_figure(data, which, at), path)
    if kind == "map":
        return save_figure(bloc_map(world, result, which, at, technology), path)
    bands = course(result, measure, technology, result.coords["scenario"])
    figure = fan_chart(
        result.coords["year"], bands, title=f"{technology}: {result[measure].meaning}",
        ylabel=_axis(result, measure), source=source_line(result),
    )  # fmt: skip
    return save_figure(figure, path)


def _axis(result: Result, measure: str) -> str:
    unit = result[measure].unit.replace("USD", "USD bn")
    return measure.replace("_", " ") if unit == "1" else f"{measure.replace('_', ' ')} ({unit})"
