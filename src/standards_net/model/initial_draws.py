"""Draws of the initial: the state of 2019 in a block of draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standards_net.core.arrays import FloatArray, draws_last
from standards_net.randomness import normals, uniforms
from standards_net.world.market import Market
from standards_net.world.world import World

__all__ = ["InitialDraws", "draw_initial"]

_SHARE_FLOOR = 1e-6


@dataclass(frozen=True)
class InitialDraws:
    """Random numbers common to all scenarios: the initial of 2019 in a block of draws.

    Attributes
    ----------
    start : (R, N, V) array
        Adoption of 2019 within its uncertainty.
    log_free : (R, N, V) array
        Log of the shares expected if no policy excluded a vendor.
    taste : (R, N, V) array
        Standard normal; a draw's taste is this times ``taste_sd``.
    launch_year : (R, N) array
    """

    start: FloatArray
    log_free: FloatArray
    taste: FloatArray
    launch_year: FloatArray

    def block(self, draws: slice) -> InitialDraws:
        """Rows of a block of draws."""
        return InitialDraws(
            *(draws_last(a[draws]) for a in (self.start, self.log_free, self.taste, self.launch_year))
        )


def draw_initial(world: World, technology: str, seed: int, draws: slice) -> InitialDraws:
    """Draw the initial of 2019; random numbers are keyed by country and draw.

    Parameters
    ----------
    world : World
    technology : str
    seed : int
        From ``seed_of``.
    draws : slice
        Range of draws.
    """
    market = world.market(technology)
    vendors = len(market.vendors)
    random = _by_country(world, seed, draws, ("share", technology), market.factors.shape[2])
    noise = market.log_sd * np.einsum("nvk,rnk->rnv", market.factors, random)
    noise -= 0.5 * market.log_sd**2  # the mean of a lognormal, not its median, is the estimate
    start = np.where(market.adoption > 0.0, market.adoption * np.exp(noise), 0.0)
    start /= start.sum(axis=-1, keepdims=True)
    free = np.maximum(market.unrestricted, _SHARE_FLOOR) * np.exp(noise)
    free /= free.sum(axis=-1, keepdims=True)
    return InitialDraws(
        start=start,
        log_free=np.log(free),
        taste=_by_country(world, seed, draws, ("taste", technology), vendors),
        launch_year=_launch_years(world, market, seed, draws),
    )


def _by_country(world: World, seed: int, draws: slice, name: tuple[str, ...], width: int) -> FloatArray:
    return np.stack([normals(seed, [*name, country], draws, width) for country in world.countries], axis=1)


def _launch_years(world: World, market: Market, seed: int, draws: slice) -> FloatArray:
    """Launch years; estimated ones are uncertain by plus or minus two years, but follow all known ones."""
    rows = draws.stop - draws.start
    years = np.repeat(market.launch_year[None], rows, axis=0)
    for i in np.flatnonzero(market.launch_estimated):
        random = uniforms(seed, ["launch", market.technology, world.countries[i]], draws, 1)
        years[:, i] += np.round(4.0 * random[:, 0] - 2.0)
    if market.launch_estimated.any() and not market.launch_estimated.all():
        earliest = market.launch_year[~market.launch_estimated].max() + 1.0
        years[:, market.launch_estimated] = np.maximum(years[:, market.launch_estimated], earliest)
    return years
