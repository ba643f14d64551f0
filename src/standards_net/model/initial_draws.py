"""Draws of the state of 2019 in a block of draws."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from standards_net.core.arrays import FloatArray, draws_last
from standards_net.randomness import normal_quantile, normals, uniforms
from standards_net.world.adoption_draws import draw_adoption
from standards_net.world.market import Market
from standards_net.world.operator_draws import ALL_OPERATORS
from standards_net.world.world import World

__all__ = ["InitialDraws", "draw_initial", "repeated_first"]

_SHARE_FLOOR = 1e-6


@dataclass(frozen=True)
class InitialDraws:
    """Random numbers common to all scenarios: the state of 2019 in a block of draws, by operator.

    Attributes
    ----------
    start : (R, O, V) array
        Adoption of 2019 within its uncertainty.
    free : (R, O, V) array
        Shares expected if no policy excluded a vendor.
    taste : (R, N, V) array
        Standard normal; a draw's taste of a country is this times ``taste_sd``.
    operator_taste : (R, O, V) array or None
        The same for operators on record, times ``operator_taste_sd``; 0 for other buyers, None where
        countries buy.
    launch_year : (R, N) array
    pace : (R, N) array
        Speed of deployment relative to the rates of the parameters.
    binding : (R, N) array
        Uniform; an order binds where it is below its probability of compliance.
    lateness : (R, N) array
        Standard normal; the log of an order's delay relative to its median, in standard deviations.
    queue : (R, N) array
        Uniform; turns the order in which operators are bound by orders on a share of the market.
    """

    start: FloatArray
    free: FloatArray
    taste: FloatArray
    operator_taste: FloatArray | None
    launch_year: FloatArray
    pace: FloatArray
    binding: FloatArray
    lateness: FloatArray
    queue: FloatArray

    def repeated(self, rows: int) -> InitialDraws:
        """So many draws, all with the random numbers of the first."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        given = {name: value for name, value in values.items() if value is not None}
        return replace(self, **{name: repeated_first(value, rows) for name, value in given.items()})


def repeated_first(values: FloatArray, rows: int) -> FloatArray:
    """The first draw, so many times.

    Examples
    --------
    >>> repeated_first(np.array([[1.0, 2.0], [3.0, 4.0]]), 3).tolist()
    [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]
    """
    return draws_last(np.repeat(values[:1], rows, axis=0))


def draw_initial(world: World, technology: str, seed: int, draws: slice) -> InitialDraws:
    """Draw the state of 2019; random numbers are keyed by country and draw.

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
    start = draw_adoption(market, world.countries, seed, draws)
    taste, operator_taste = _tastes(world, market, seed, draws)
    # Where no policy excluded anybody these are the same shares.
    unexcluded = np.maximum(market.unrestricted, _SHARE_FLOOR) / np.maximum(market.adoption, _SHARE_FLOOR)
    free = np.maximum(start, _SHARE_FLOOR) * unexcluded[market.country_of]
    free /= free.sum(axis=-1, keepdims=True)
    own = np.stack([uniforms(seed, ["country", code], draws, 4) for code in world.countries], axis=1)
    return InitialDraws(
        start=draws_last(start),
        free=draws_last(free),
        taste=draws_last(taste),
        operator_taste=None if operator_taste is None else draws_last(operator_taste),
        launch_year=draws_last(_launch_years(world, market, seed, draws)),
        pace=draws_last(_pace(market, own[..., 2])),
        binding=draws_last(own[..., 0]),
        lateness=draws_last(normal_quantile(own[..., 1])),
        queue=draws_last(own[..., 3]),
    )


def _tastes(world: World, market: Market, seed: int, draws: slice) -> tuple[FloatArray, FloatArray | None]:
    """Tastes of countries, and of the operators on record of each, in their order, keyed by country."""
    vendors = len(market.vendors)
    named = np.zeros(len(market.country_of), dtype=bool)
    if market.operators is not None:
        named = np.array([name != ALL_OPERATORS for name in market.operators.names])
    operators = np.zeros((draws.stop - draws.start, len(named), vendors))
    countries = np.empty((len(operators), len(world.countries), vendors))
    for i, code in enumerate(world.countries):
        own = np.flatnonzero(named & (market.country_of == i))
        drawn = normals(seed, ["taste", market.technology, code], draws, vendors * (1 + len(own)))
        countries[:, i] = drawn[:, :vendors]
        operators[:, own] = drawn[:, vendors:].reshape(len(drawn), len(own), vendors)
    return countries, operators if named.any() else None


def _pace(market: Market, uniform: FloatArray) -> FloatArray:
    """Speed of deployment, (R, N): a country is fast or slow in all technologies."""
    if market.pace is None or market.pace_sd is None or not market.pace_sd.any():
        return np.ones_like(uniform) if market.pace is None else np.ones_like(uniform) * market.pace
    return np.asarray(market.pace * np.exp(market.pace_sd * normal_quantile(uniform)))


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
