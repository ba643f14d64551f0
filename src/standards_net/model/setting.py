"""Inputs of a block of draws before its first year: the world as arrays, and random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, draws_last, pool, row_dot
from standards_net.model.initial_draws import InitialDraws
from standards_net.randomness import uniforms
from standards_net.scenario.levers import Levers
from standards_net.world.politics import income_rank
from standards_net.world.world import World

__all__ = ["Setting", "build_setting", "random_numbers_by_year", "starting_compatibility"]


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
        Offset of a country's contract dates; derived from its code.
    random : callable or None
        ``random(y)``: uniforms (R, N, M) of year y for the mechanism; None if it needs none.
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
    random: Callable[[int], FloatArray] | None


def build_setting(
    world: World,
    levers: Levers,
    parameters: Mapping[str, FloatArray],
    initial: InitialDraws,
    random: Callable[[int], FloatArray] | None = None,
) -> Setting:
    """Assemble the arrays of a block of draws.

    Parameters
    ----------
    world : World
    levers : Levers
        One scenario and technology.
    parameters : mapping of str to (R,) array
        The block's draws of the parameters, with the scenario's overrides applied.
    initial : InitialDraws
        The block's initial of 2019.
    random : callable or None
        Random numbers of the mechanism (:func:`random_numbers_by_year`); None if it needs none.
    """
    market = world.market(levers.technology)
    extra = parameters["price_sensitivity_of_poor"][:, None] * (1.0 - 2.0 * income_rank(world.income))
    mix = np.stack([parameters[f"tie_weight_{kind}"] for kind in world.tie_kinds], axis=1)
    log_price = np.log(market.price_index)
    of_technology = {
        name: parameters[f"{name}_{levers.technology}"]
        for name in ("innovation", "imitation", "spill_over", "lifetime")
    }
    start = initial.start
    return Setting(
        levers=levers,
        parameters=parameters,
        ties=world.ties,
        tie_mix=mix / mix.sum(axis=1, keepdims=True),
        market_share=market.share,
        price_index=market.price_index,
        log_price_2019=log_price,
        start=start,
        taste=initial.log_free + parameters["taste_sd"][:, None, None] * initial.taste,
        price_sensitivity=draws_last(parameters["price_sensitivity"][:, None] * (1.0 + extra)),
        deployment=draws_last(np.repeat(market.deployment[None], len(start), axis=0)),
        launch_year=initial.launch_year,
        innovation=of_technology["innovation"],
        imitation=of_technology["imitation"],
        spill_over=of_technology["spill_over"],
        retirement=1.0 / of_technology["lifetime"],
        compatibility=starting_compatibility(levers, parameters),
        same_standard=levers.standard_of[:, None] == levers.standard_of[None, :],
        first_volume=np.maximum(pool(market.share, start), 0.005),
        dearness_2019=row_dot(start, log_price),
        contract_phase=np.array([sum(code.encode()) for code in world.countries]),
        random=random,
    )


def starting_compatibility(levers: Levers, parameters: Mapping[str, FloatArray]) -> FloatArray:
    """Compatibility of 2019 in each draw, (R, S, S).

    Standards that a scenario splits off from the western family (any name beyond china, west and
    open) are fully compatible with it in 2019, and have its compatibility with the others.
    """
    names = levers.standards
    family = ["west" if name not in ("china", "open") else name for name in names]
    between = {
        frozenset({"china", "west"}): parameters[f"compatibility_china_west_{levers.technology}"],
        frozenset({"open", "west"}): parameters["compatibility_open_west"],
        frozenset({"open", "china"}): parameters["compatibility_open_china"],
    }
    rows = len(next(iter(between.values())))
    start = np.ones((rows, len(names), len(names)))
    for s, a in enumerate(family):
        for t, b in enumerate(family):
            if a != b:
                start[:, s, t] = between[frozenset({a, b})]
    return start


def random_numbers_by_year(
    purpose: str,
    world: World,
    technology: str,
    years: Sequence[int],
    seed: int,
    draws: slice,
    width: int,
) -> Callable[[int], FloatArray]:
    """Uniforms (R, N, width) of a year, keyed by purpose, technology, year, country and draw.

    They are drawn on first use and cached, since scenarios share them (common random numbers).
    """

    @cache
    def of_year(y: int) -> FloatArray:
        name = [purpose, technology, str(years[y])]
        drawn = [uniforms(seed, [*name, country], draws, width) for country in world.countries]
        return draws_last(np.stack(drawn, axis=1))

    return of_year
