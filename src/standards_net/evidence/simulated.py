"""The model's forecasts of what was reported, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from standards_net.core.arrays import FloatArray, pool
from standards_net.ensemble.engine import Draws, Years, simulate
from standards_net.model.setting import Setting
from standards_net.scenario import compile_scenario, load_scenario
from standards_net.world.world import World

__all__ = ["SCENARIO", "YEARS", "Simulated", "simulate_reports"]

SCENARIO = "as-happened-2025"
YEARS = tuple(range(2019, 2026))


@dataclass(frozen=True)
class Simulated:
    """Outcomes of 2019 to 2025 in R draws.

    Attributes
    ----------
    share : (R, Y, N) array
        Chinese vendors' share of the 5g base; of 2019 that of the 4g base.
    deployment : (R, Y, N) array
    world_share : (R, Y) array
        Chinese vendors' share of world radio revenue; of 2019 NaN.
    """

    share: FloatArray
    deployment: FloatArray
    world_share: FloatArray

    def of_reports(self, world: World, countries: Sequence[str], years: Sequence[int]) -> FloatArray:
        """Shares of some countries and years, (R, K)."""
        at = [world.countries.index(country) for country in countries]
        return np.asarray(self.share[:, [YEARS.index(year) for year in years], at])


def simulate_reports(draws: Draws, threads: int | None = None) -> Simulated:
    """Run what happened, on recorded policy and supply events, and keep what reports are about.

    Parameters
    ----------
    draws : Draws
        Of ``radio``.
    threads : int or None

    Examples
    --------
    >>> import standards_net as sn
    >>> found = simulate_reports(Draws.of(sn.load_world(), "radio", 8, seed=1))
    >>> found.share.shape, bool(np.isnan(found.world_share[:, 0]).all())
    ((8, 7, 196), True)
    """
    world = draws.world
    levers = compile_scenario(world, load_scenario(SCENARIO), draws.technology, YEARS)
    chinese = np.array([pole == "china" for pole in world.market(draws.technology).vendor_poles])

    def read(setting: Setting, years: Years) -> FloatArray:
        size = len(world.countries)
        found = np.full((len(setting.start), len(YEARS), 2 * size + 1), np.nan)
        for state, info in years:
            y = state.year
            found[:, y, :size] = state.by_base.newer[..., chinese].sum(axis=2)
            found[:, y, size:-1] = state.deployment
            if info is not None:
                paid = info.bought * np.exp(levers.price[y])
                revenue = pool(setting.market_share, paid) * info.price
                found[:, y, -1] = revenue[:, chinese].sum(axis=1) / revenue.sum(axis=1)
        return found

    found = simulate(draws, [levers], lambda case: case, read, threads=threads)[0]
    size = len(world.countries)
    return Simulated(found[..., :size], found[..., size:-1], found[..., -1])
