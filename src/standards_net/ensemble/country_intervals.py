"""Intervals by country: quantiles over the draws of shares, deployment and costs, for every country and year.

Draws are not kept. Quantiles are taken in each block of up to 256 draws, and of a longer run averaged over
its blocks, weighted by their draws: exact up to 256 draws, and of constant memory beyond.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.core.quantiles import draw_quantiles
from standards_net.ensemble.in_order import InOrder
from standards_net.measures.inputs import ITEMS, MeasureInputs
from standards_net.results.variable import INTERVAL, Variable
from standards_net.world.world import World

__all__ = ["ALL", "QUANTILES", "TOTAL", "CountryIntervals", "interval_axes", "layer_name"]

QUANTILES = ("low", "median", "high")
TOTAL = "total"  # of the items of the account
ALL = "all"  # technologies together


def layer_name(technology: str, base: str | None) -> str:
    """Label of a technology's base, or of all its equipment in use.

    Examples
    --------
    >>> layer_name("radio", "5g"), layer_name("core", None)
    ('radio 5g', 'core')
    """
    return technology if base is None else f"{technology} {base}"


def interval_axes(world: World, technologies: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Axes of the intervals: layers, quantiles, items with their total, technologies with all of them."""
    layers = [layer_name(t, base) for t in technologies for base in (None, *world.market(t).bases)]
    return {
        "layer": tuple(layers),
        "quantile": QUANTILES,
        "cost": (*ITEMS, TOTAL),
        "scope": (*technologies, ALL),
    }


class _Block:
    """Quantiles of a block of draws of one scenario and technology, year by year."""

    def __init__(self, scenario: int, technology: str, standards: Sequence[int], rows: slice) -> None:
        self.scenario, self.technology, self.standards, self.rows = scenario, technology, standards, rows
        self.shares: dict[str, list[tuple[np.ndarray, np.ndarray]]] = defaultdict(list)
        self.deployment: list[np.ndarray] = []
        # Draw by draw until technologies are added up, (N, R) for each item that is not 0.
        self.costs: list[dict[str, np.ndarray]] = []

    def read(self, inputs: MeasureInputs) -> None:
        """Take the quantiles of a year."""
        kept = slice(0, self.rows.stop - self.rows.start)
        bases: list[tuple[str | None, FloatArray]] = [(None, inputs.adoption), *inputs.by_base.items()]
        for base, adoption in bases:
            shares = inputs.shares if base is None else inputs.by_standard(adoption)
            pair = draw_quantiles(adoption[kept], INTERVAL), draw_quantiles(shares[kept], INTERVAL)
            self.shares[layer_name(self.technology, base)].append(pair)
        self.deployment.append(draw_quantiles(inputs.deployment[kept], INTERVAL))
        self.costs.append({item: cost[kept].T.astype(np.float32) for item, cost in inputs.costs_usd.items()})


def _cost_quantiles(blocks: Sequence[_Block]) -> np.ndarray:
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


class CountryIntervals:
    """Intervals of a run under construction; blocks arrive from many threads.

    Parameters
    ----------
    coords : mapping of str to tuple
    vendors_of : mapping of technology to list of int
        Places of a technology's vendors on the axis of all.
    draws : int
    """

    def __init__(
        self,
        coords: Mapping[str, tuple[Any, ...]],
        vendors_of: Mapping[str, Sequence[int]],
        draws: int,
    ) -> None:
        self.coords, self.vendors_of, self.draws = coords, vendors_of, draws
        self.arrays = {
            name: np.zeros([len(coords[axis]) for axis in axes], dtype=np.float32)
            for name, (axes, _, _) in _VARIABLES.items()
        }
        self._lock = Lock()
        self._arrived: dict[tuple[int, int], dict[str, _Block]] = defaultdict(dict)
        self._in_order: InOrder[tuple[list[_Block], np.ndarray]] = InOrder(self._write)

    def block(self, scenario: str, technology: str, standards: Sequence[int], rows: slice) -> _Block:
        """A block to be read and added."""
        return _Block(self.coords["scenario"].index(scenario), technology, standards, rows)

    def add(self, block: _Block) -> None:
        """Take in a block; its costs are added up once all technologies are in."""
        at, technologies = (block.scenario, block.rows.start), self.coords["technology"]
        with self._lock:
            mates = self._arrived[at]
            mates[block.technology] = block
            if len(mates) < len(technologies):
                return
            del self._arrived[at]
        ready = [mates[technology] for technology in technologies]
        self._in_order.add(block.scenario, block.rows, (ready, _cost_quantiles(ready)))

    def _write(self, rows: slice, found: tuple[list[_Block], np.ndarray]) -> None:
        blocks, costs = found
        weight = np.float32((rows.stop - rows.start) / self.draws)
        self.arrays["cost_interval_usd"][blocks[0].scenario] += weight * costs
        for one in blocks:
            self._write_shares(one, weight)

    def _write_shares(self, block: _Block, weight: np.float32) -> None:
        s = block.scenario
        k = self.coords["technology"].index(block.technology)
        for layer, years in block.shares.items():
            at = self.coords["layer"].index(layer)
            for y, (by_vendor, of_standards) in enumerate(years):
                vendors, standards = self.vendors_of[block.technology], block.standards
                self.arrays["vendor_interval"][s, y, at][:, vendors] += weight * by_vendor
                self.arrays["standard_interval"][s, y, at][:, standards] += weight * of_standards
        for y, found in enumerate(block.deployment):
            self.arrays["deployment_interval"][s, y, k] += weight * found

    def variables(self) -> dict[str, Variable]:
        """Everything as variables of a result."""
        return {
            name: Variable(axes, self.arrays[name], unit, meaning)
            for name, (axes, unit, meaning) in _VARIABLES.items()
        }


_VARIABLES = {
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
