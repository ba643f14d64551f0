"""Means and intervals over the draws, by country and year: what is recorded without its draws.

Every block of up to 256 draws contributes sums and quantiles. Sums are added up in the order of the blocks;
quantiles of a longer run are averaged over its blocks, weighted by their draws: exact up to 256 draws, and of
constant memory beyond. A part of a run hands on its contributions as they are, so that parts that are joined
give the bytes of the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.core.quantiles import draw_quantiles
from standards_net.ensemble.in_order import InOrder
from standards_net.ensemble.layout import Layout, axes_of_mean, layer_name
from standards_net.measures.inputs import ITEMS, MeasureInputs
from standards_net.measures.table import COUNTRY_MEANS
from standards_net.results import INTERVAL, Variable

__all__ = ["BlockSummary", "Gathering", "OfTechnology", "OverDraws"]


@dataclass
class OfTechnology:
    """What a block of draws of one technology contributes, year by year; filled by :meth:`read`.

    Attributes
    ----------
    technology : str
    standards : list of int
        Places of its standards on the axis of all.
    count : int
        Draws that were asked for, without padding.
    sums : mapping of (measure, year) to array
        Sums over the draws.
    shares : mapping of layer to list of pairs of arrays
        Quantiles by vendor and by standard.
    deployment : list of arrays
        Quantiles.
    costs : list of mappings of item to (N, R) array
        Draw by draw, until technologies are added up; only what is not 0.
    """

    technology: str
    standards: list[int]
    count: int
    sums: dict[tuple[str, int], np.ndarray] = field(default_factory=dict)
    shares: dict[str, list[tuple[np.ndarray, np.ndarray]]] = field(default_factory=lambda: defaultdict(list))
    deployment: list[np.ndarray] = field(default_factory=list)
    costs: list[dict[str, np.ndarray]] = field(default_factory=list)

    def read(self, y: int, inputs: MeasureInputs) -> None:
        """Take in a year."""
        kept = slice(0, self.count)
        for name, measure in COUNTRY_MEANS.items():
            self.sums[name, y] = measure.function(inputs)[kept].sum(axis=0)
        bases: list[tuple[str | None, FloatArray]] = [(None, inputs.adoption), *inputs.by_base.items()]
        for base, adoption in bases:
            shares = inputs.shares if base is None else inputs.by_standard(adoption)
            pair = draw_quantiles(adoption[kept], INTERVAL), draw_quantiles(shares[kept], INTERVAL)
            self.shares[layer_name(self.technology, base)].append(pair)
        self.deployment.append(draw_quantiles(inputs.deployment[kept], INTERVAL))
        self.costs.append({item: cost[kept].T.astype(np.float32) for item, cost in inputs.costs_usd.items()})


@dataclass(frozen=True)
class BlockSummary:
    """What a block of draws of one scenario contributes, all technologies.

    Attributes
    ----------
    scenario : str
    rows : slice
        Its draws among those of the whole run.
    technologies : list of OfTechnology
    costs : (years, scopes, N, items and total, 3) array
        Quantiles of costs, of each technology and of all together, USD.
    """

    scenario: str
    rows: slice
    technologies: list[OfTechnology]
    costs: np.ndarray


class Gathering:
    """Brings the technologies of blocks of draws together; many threads may add.

    Parameters
    ----------
    technologies : sequence of str
    first : int
        Place of the first draw that will come.
    take : callable
        ``take(summary)``: called for one block at a time, by scenario in the order of the draws.
    """

    def __init__(self, technologies: Sequence[str], first: int, take: Callable[[BlockSummary], None]) -> None:
        self._technologies, self._lock = technologies, Lock()
        self._arrived: dict[tuple[str, int], dict[str, OfTechnology]] = defaultdict(dict)
        self._in_order: InOrder[BlockSummary] = InOrder(lambda _, summary: take(summary), first)

    def add(self, scenario: str, rows: slice, one: OfTechnology) -> None:
        """Take in a technology of a block; costs are added up once all are there."""
        at = scenario, rows.start
        with self._lock:
            mates = self._arrived[at]
            mates[one.technology] = one
            if len(mates) < len(self._technologies):
                return
            del self._arrived[at]
        ready = [mates[technology] for technology in self._technologies]
        self._in_order.add(scenario, rows, BlockSummary(scenario, rows, ready, _cost_quantiles(ready)))


def _cost_quantiles(blocks: Sequence[OfTechnology]) -> np.ndarray:
    """Intervals of costs of each technology and of all together, (years, scopes, N, items and total, 3)."""
    countries = len(blocks[0].deployment[0])
    years = []
    for by_technology in zip(*(block.costs for block in blocks), strict=True):
        single = len(by_technology) == 1
        found = [_by_item(costs, countries) for costs in by_technology]
        years.append(found * 2 if single else [*found, _by_item(_sum(by_technology), countries)])
    for block in blocks:
        block.costs.clear()
    return np.array(years, dtype=np.float32)


def _sum(costs: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Costs of several technologies together, by item."""
    total: dict[str, np.ndarray] = {}
    for one in costs:
        for item, cost in one.items():
            total[item] = total[item] + cost if item in total else cost
    return total


def _by_item(costs: Mapping[str, np.ndarray], countries: int) -> np.ndarray:
    """Quantiles of each item and of their total, (N, items and total, 3)."""
    found = np.zeros((countries, len(ITEMS) + 1, len(INTERVAL)), dtype=np.float32)
    for item, cost in costs.items():
        found[:, ITEMS.index(item)] = draw_quantiles(cost.T, INTERVAL)
    if costs:
        found[:, -1] = draw_quantiles(np.sum(list(costs.values()), axis=0).T, INTERVAL)
    return found


class OverDraws:
    """Means and intervals of a run under construction.

    Parameters
    ----------
    layout : Layout
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.means = {name: layout.zeros(axes_of_mean(m), np.float64) for name, m in COUNTRY_MEANS.items()}
        self.intervals = {
            name: np.zeros(layout.sizes(axes), dtype=np.float32) for name, (axes, _, _) in _INTERVALS.items()
        }

    def take(self, summary: BlockSummary) -> None:
        """Add what a block contributes; blocks come in the order of their draws."""
        s = self.layout.coords["scenario"].index(summary.scenario)
        weight = np.float32((summary.rows.stop - summary.rows.start) / self.layout.draws)
        ran = len(summary.costs)
        self.intervals["cost_interval_usd"][s, :ran] += weight * summary.costs
        for one in summary.technologies:
            self._add_means(s, one)
            self._add_intervals(s, one, weight)

    def _add_means(self, s: int, one: OfTechnology) -> None:
        k = self.layout.coords["technology"].index(one.technology)
        for (name, y), values in one.sums.items():
            at, axes = self.means[name][s, y, k], COUNTRY_MEANS[name].dims
            if axes[-1] == "vendor":
                at[:, self.layout.vendors_of[one.technology]] += values / self.layout.draws
            elif axes[-1] == "standard":
                at[:, one.standards] += values / self.layout.draws
            else:
                at += values / self.layout.draws

    def _add_intervals(self, s: int, one: OfTechnology, weight: np.float32) -> None:
        k = self.layout.coords["technology"].index(one.technology)
        vendors = self.layout.vendors_of[one.technology]
        for layer, years in one.shares.items():
            at = self.layout.coords["layer"].index(layer)
            for y, (by_vendor, by_standard) in enumerate(years):
                self.intervals["vendor_interval"][s, y, at][:, vendors] += weight * by_vendor
                self.intervals["standard_interval"][s, y, at][:, one.standards] += weight * by_standard
        for y, found in enumerate(one.deployment):
            self.intervals["deployment_interval"][s, y, k] += weight * found

    def of(self, scenario: int) -> dict[str, np.ndarray]:
        """What is gathered of a scenario."""
        return {name: array[scenario] for name, array in (self.means | self.intervals).items()}

    def restore(self, scenario: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Put back what :meth:`of` gave."""
        for name, array in arrays.items():
            (self.means | self.intervals)[name][scenario] = array

    def end(self, scenario: int, after: int) -> None:
        """Mark the years of a scenario that was stopped as missing."""
        for array in (*self.means.values(), *self.intervals.values()):
            array[scenario, after + 1 :] = np.nan

    def variables(self) -> dict[str, Variable]:
        """Everything as variables of a result."""
        means = {
            name: Variable(axes_of_mean(measure), self.means[name], measure.unit, measure.meaning)
            for name, measure in COUNTRY_MEANS.items()
        }
        return means | {
            name: Variable(axes, self.intervals[name], unit, meaning)
            for name, (axes, unit, meaning) in _INTERVALS.items()
        }


_INTERVALS = {
    "vendor_interval": (
        ("scenario", "year", "layer", "country", "vendor", "quantile"),
        "1",
        "share of a base by vendor, 5 %, median and 95 % of the draws",
    ),
    "standard_interval": (
        ("scenario", "year", "layer", "country", "standard", "quantile"),
        "1",
        "share of a base by standard, 5 %, median and 95 % of the draws",
    ),
    "deployment_interval": (
        ("scenario", "year", "technology", "country", "quantile"),
        "1",
        "share of the market served, 5 %, median and 95 % of the draws",
    ),
    "cost_interval_usd": (
        ("scenario", "year", "scope", "country", "cost", "quantile"),
        "USD of 2019 per year",
        "the account by country and item, 5 %, median and 95 % of the draws; medians do not add up",
    ),
}
