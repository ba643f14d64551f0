"""What a block of draws is given before its first year: the world as arrays, luck included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, draws_last, pool, row_dot
from standards_net.randomness import normals, uniforms
from standards_net.scenario.levers import Levers
from standards_net.world.alignment import income_rank
from standards_net.world.world import Market, World

__all__ = [
    "Beginnings",
    "Setting",
    "build_setting",
    "draw_beginnings",
    "luck_of_purchases",
    "luck_of_tenders",
    "starting_compatibility",
]

_SHARE_FLOOR = 1e-6


@dataclass(frozen=True)
class Setting:
    """One scenario, one technology, a block of R draws.

    Attributes
    ----------
    levers : Levers
    parameters : mapping of str to (R,) array
    ties, tie_mix : (K, N, N), (R, K) array
    market_share : (N,) array
    price_index, log_price_2019 : (V,) array
    start : (R, N, V) array
        Adoption of 2019 in each draw.
    taste : (R, N, V) array
        Log of the unrestricted shares of 2019 plus the draw's taste.
    price_sensitivity : (R, N) array
    deployment, launch_year : (R, N) array
    innovation, imitation, spill_over, retirement : (R,) array
        Of the technology, per year.
    compatibility : (R, S, S) array
        Of 2019.
    same_standard : (V, V) array
    first_volume : (R, V) array
    dearness_2019 : (R, N) array
        Mean log price of what was installed in 2019.
    contract_phase : (N,) array of int
        Moves a country's contract dates; belongs to its code.
    luck : callable or None
        Uniforms (R, N, M) of year y, of its tenders or of a mechanism of choice; None in expectation mode.
    """

    levers: Levers
    parameters: Mapping[str, FloatArray]
    ties: FloatArray
    tie_mix: FloatArray
    market_share: FloatArray
    price_index: FloatArray
    log_price_2019: FloatArray
    start: FloatArray
    taste: FloatArray
    price_sensitivity: FloatArray
    deployment: FloatArray
    launch_year: FloatArray
    innovation: FloatArray
    imitation: FloatArray
    spill_over: FloatArray
    retirement: FloatArray
    compatibility: FloatArray
    same_standard: BoolArray
    first_volume: FloatArray
    dearness_2019: FloatArray
    contract_phase: IntArray
    luck: Callable[[int], FloatArray] | None


@dataclass(frozen=True)
class Beginnings:
    """Luck that scenarios share: what a block of draws takes 2019 to have been.

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

    def block(self, draws: slice) -> Beginnings:
        """Rows of a block of draws."""
        return Beginnings(
            *(draws_last(a[draws]) for a in (self.start, self.log_free, self.taste, self.launch_year))
        )


def draw_beginnings(world: World, technology: str, seed: int, draws: slice) -> Beginnings:
    """Draw the world of 2019; each number belongs to a country and a draw.

    Parameters
    ----------
    world : World
    technology : str
    seed : int
        From ``seed_of``.
    draws : slice
        Which draws.
    """
    market = world.market(technology)
    vendors = len(market.vendors)
    luck = _by_country(world, seed, draws, ("share", technology), market.factors.shape[2])
    noise = market.log_sd * np.einsum("nvk,rnk->rnv", market.factors, luck)
    noise -= 0.5 * market.log_sd**2  # the mean of a lognormal, not its median, is the estimate
    start = np.where(market.adoption > 0.0, market.adoption * np.exp(noise), 0.0)
    start /= start.sum(axis=-1, keepdims=True)
    free = np.maximum(market.unrestricted, _SHARE_FLOOR) * np.exp(noise)
    free /= free.sum(axis=-1, keepdims=True)
    return Beginnings(
        start=start,
        log_free=np.log(free),
        taste=_by_country(world, seed, draws, ("taste", technology), vendors),
        launch_year=_launch_years(world, market, seed, draws),
    )


def build_setting(
    world: World,
    levers: Levers,
    parameters: Mapping[str, FloatArray],
    beginnings: Beginnings,
    luck: Callable[[int], FloatArray] | None = None,
) -> Setting:
    """Assemble the arrays of a block of draws.

    Parameters
    ----------
    world : World
    levers : Levers
        One scenario and technology.
    parameters : mapping of str to (R,) array
        The block's draws of the parameters, a scenario's overrides applied.
    beginnings : Beginnings
        The block's 2019.
    luck : callable or None
        Uniforms of purchases (:func:`luck_of_purchases`); None in expectation mode.
    """
    market = world.market(levers.technology)
    extra = parameters["price_sensitivity_of_poor"][:, None] * (1.0 - 2.0 * income_rank(world.income))
    mix = np.stack([parameters[f"tie_weight_{kind}"] for kind in world.tie_kinds], axis=1)
    log_price = np.log(market.price_index)
    of_technology = {
        name: parameters[f"{name}_{levers.technology}"]
        for name in ("innovation", "imitation", "spill_over", "lifetime")
    }
    start = beginnings.start
    return Setting(
        levers=levers,
        parameters=parameters,
        ties=world.ties,
        tie_mix=mix / mix.sum(axis=1, keepdims=True),
        market_share=market.share,
        price_index=market.price_index,
        log_price_2019=log_price,
        start=start,
        taste=beginnings.log_free + parameters["taste_sd"][:, None, None] * beginnings.taste,
        price_sensitivity=draws_last(parameters["price_sensitivity"][:, None] * (1.0 + extra)),
        deployment=draws_last(np.repeat(market.deployment[None], len(start), axis=0)),
        launch_year=beginnings.launch_year,
        innovation=of_technology["innovation"],
        imitation=of_technology["imitation"],
        spill_over=of_technology["spill_over"],
        retirement=1.0 / of_technology["lifetime"],
        compatibility=starting_compatibility(levers, parameters),
        same_standard=levers.standard_of[:, None] == levers.standard_of[None, :],
        first_volume=np.maximum(pool(market.share, start), 0.005),
        dearness_2019=row_dot(start, log_price),
        contract_phase=np.array([sum(code.encode()) for code in world.countries]),
        luck=luck,
    )


def starting_compatibility(levers: Levers, parameters: Mapping[str, FloatArray]) -> FloatArray:
    """Compatibility of 2019 in each draw, (R, S, S).

    Standards that a scenario splits off from the western family (any name beyond china, west and
    open) are fully compatible with it in 2019, and stand to the others as it does.
    """
    names = levers.standards
    kin = ["west" if name not in ("china", "open") else name for name in names]
    between = {
        frozenset({"china", "west"}): parameters[f"compatibility_china_west_{levers.technology}"],
        frozenset({"open", "west"}): parameters["compatibility_open_west"],
        frozenset({"open", "china"}): parameters["compatibility_open_china"],
    }
    rows = len(next(iter(between.values())))
    start = np.ones((rows, len(names), len(names)))
    for s, a in enumerate(kin):
        for t, b in enumerate(kin):
            if a != b:
                start[:, s, t] = between[frozenset({a, b})]
    return start


def _by_country(world: World, seed: int, draws: slice, name: tuple[str, ...], width: int) -> FloatArray:
    return np.stack([normals(seed, [*name, country], draws, width) for country in world.countries], axis=1)


def _launch_years(world: World, market: Market, seed: int, draws: slice) -> FloatArray:
    """Launch years; estimated ones are uncertain by two years either way, but come after all known ones."""
    rows = draws.stop - draws.start
    years = np.repeat(market.launch_year[None], rows, axis=0)
    for i in np.flatnonzero(market.launch_estimated):
        luck = uniforms(seed, ["launch", market.technology, world.countries[i]], draws, 1)
        years[:, i] += np.round(4.0 * luck[:, 0] - 2.0)
    if market.launch_estimated.any() and not market.launch_estimated.all():
        earliest = market.launch_year[~market.launch_estimated].max() + 1.0
        years[:, market.launch_estimated] = np.maximum(years[:, market.launch_estimated], earliest)
    return years


def luck_of_tenders(
    world: World, levers: Levers, seed: int, draws: slice, operators: int
) -> Callable[[int], FloatArray]:
    """Uniforms (R, N, M) of the tenders of a year, belonging to country, year and draw."""
    return luck_of_purchases("tender", world, levers, seed, draws, operators)


def luck_of_purchases(
    name: str, world: World, levers: Levers, seed: int, draws: slice, width: int
) -> Callable[[int], FloatArray]:
    """Uniforms (R, N, width) of a year, belonging to what they are for, country, year and draw.

    They are drawn when first asked for and kept, since scenarios share them.
    """

    @cache
    def luck(y: int) -> FloatArray:
        named = [name, levers.technology, str(levers.years[y])]
        drawn = [uniforms(seed, [*named, c], draws, width) for c in world.countries]
        return draws_last(np.stack(drawn, axis=1))

    return luck
