"""The study's runs: shipped scenarios and sweeps over the same draws."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.ensemble.run import run
from standards_net.model import Mechanism
from standards_net.parameters import ParameterSample
from standards_net.progress import Progress, part_of
from standards_net.results import Result
from standards_net.scenario import load_scenario
from standards_net.studies.carnegie_2019.variants import SHIPPED, variants
from standards_net.world.world import World

__all__ = ["HORIZON", "TECHNOLOGY", "Runs", "make_runs"]

HORIZON = 2040
TECHNOLOGY = "radio"
_SNAPSHOTS = (2022, 2024, 2030, HORIZON)


@dataclass(frozen=True)
class Runs:
    """Two results over the same draws: ``main`` (shipped scenarios) and ``sweep`` (variants, radio)."""

    world: World
    main: Result
    sweep: Result

    def of(self, name: str, scenario: str, *, year: int | None = HORIZON, **where: Any) -> FloatArray:
        """A variable of a scenario, draws first, for radio; all years if ``year`` is None."""
        result = self.main if scenario in self.main.coords["scenario"] else self.sweep
        dims = result[name].dims
        at = {"scenario": scenario, **where}
        if "technology" in dims:
            at.setdefault("technology", TECHNOLOGY)
        if "year" in dims and year is not None:
            at["year"] = year
        return np.asarray(result.values(name, **at), dtype=np.float64)

    def gap(self, name: str, scenario: str, baseline: str, **where: Any) -> FloatArray:
        """Paired difference between two scenarios, draw by draw."""
        return self.of(name, scenario, **where) - self.of(name, baseline, **where)

    def shares(self, scenario: str, year: int = HORIZON) -> FloatArray:
        """Adoption by standard in a snapshot year, (R, N, S)."""
        result = self.main if scenario in self.main.coords["scenario"] else self.sweep
        return np.asarray(
            result.values("snapshot_share", scenario=scenario, snapshot=year, technology=TECHNOLOGY),
            dtype=np.float64,
        )

    def standard(self, name: str) -> int:
        """Place of a standard on the axis of the main result."""
        return self.main.position("standard", name)

    def vendors(self, pole: str) -> list[str]:
        """Radio vendors whose products are a pole's."""
        market = self.world.market(TECHNOLOGY)
        return [v for v, p in zip(market.vendors, market.vendor_poles, strict=True) if p == pole]

    def revenue_share(
        self, vendors: list[str], scenario: str, *, year: int = HORIZON, camps: tuple[str, ...] = ()
    ) -> FloatArray:
        """Share of radio revenue that vendors take, in the markets of some camps (all if none)."""
        result = self.main if scenario in self.main.coords["scenario"] else self.sweep
        revenue = self.of("vendor_revenue_usd", scenario, year=year)
        at = [result.position("vendor", v) for v in vendors]
        every = [result.position("vendor", v) for v in self.world.market(TECHNOLOGY).vendors]
        kept = [result.position("camp", c) for c in camps or result.coords["camp"]]
        part = revenue[:, at][..., kept].sum(axis=(1, 2))
        return np.asarray(part / revenue[:, every][..., kept].sum(axis=(1, 2)))

    def mask(self, *codes: str) -> BoolArray:
        """(N,) array for codes and groups."""
        return self.world.mask([c for code in codes for c in self.world.members(code)])


def make_runs(
    world: World,
    draws: int,
    rng: int,
    progress: Progress | None = None,
    *,
    mechanism: str | Mechanism = "vendor-choice",
    parameters: ParameterSample = "calibrated",
    only: Collection[str] | None = None,
    threads: int | None = None,
) -> Runs:
    """Run the shipped scenarios for all technologies and the sweeps for radio.

    Parameters
    ----------
    world : World
    draws, rng : int
    progress : callable or None
        Called with (done, in all).
    mechanism : str or Mechanism
        What decides where purchases go.
    parameters : str or mapping
        As in :func:`standards_net.run`.
    only : collection of str or None
        Names of the scenarios and sweeps that are asked for, for radio alone: faster, for a comparison that
        needs no more. Both results are then the same.
    threads : int or None
    """
    common: dict[str, Any] = {
        "draws": draws,
        "rng": rng,
        "parameters": parameters,
        "years": range(2019, HORIZON + 1),
        "groups": ("CHN", "USA", "JPN", "G20"),
        "mechanism": mechanism,
        "threads": threads,
    }
    sweeps = variants()
    if only is not None:
        asked = [*map(load_scenario, SHIPPED), *map(load_scenario, sweeps)]
        asked = [one for one in asked if one.name in only]
        whole = run(
            world, asked, technologies=(TECHNOLOGY,), snapshots=_SNAPSHOTS, progress=progress, **common
        )
        return Runs(world, whole, whole)
    main_part = len(SHIPPED) * len(world.markets)
    first = main_part / (main_part + len(sweeps))
    main = run(world, SHIPPED, snapshots=_SNAPSHOTS, progress=part_of(progress, 0.0, first), **common)
    sweep = run(
        world, sweeps, technologies=(TECHNOLOGY,), progress=part_of(progress, first, 1.0 - first), **common
    )
    return Runs(world, main, sweep)
