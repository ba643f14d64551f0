"""Inputs of a block of draws before its first year: the world as arrays, and random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, by_country, draws_last, pool, row_dot
from standards_net.core.binding import Chances
from standards_net.core.offer import Barred
from standards_net.model.initial_draws import InitialDraws
from standards_net.randomness import uniforms
from standards_net.scenario.levers import Levers
from standards_net.world.market import Market
from standards_net.world.politics import income_rank
from standards_net.world.world import World

__all__ = ["Setting", "build_setting", "random_numbers_by_year", "starting_compatibility"]


@dataclass(frozen=True)
class Setting:
    """One scenario, one technology, a block of R draws: N countries in which O operators buy.

    Attributes
    ----------
    levers : Levers
    parameters : mapping of str to (R,) array
    ties, tie_mix : (K, N, N), (R, K) array
    market_share : (N,) or, given from outside draw by draw, (R, N) array
    country_of : (O,) array of int
        Index of each operator's country.
    weight : (O,) array
        Part of each operator in its country's market.
    bases : tuple of str
        Older and newer base, where deployment builds one in place of the other; empty if there is one.
    price_index, log_price_2019 : (V,) array
    start : (R, O, V) array
        Adoption of 2019 in each draw; of the older base if there are two.
    taste : (R, O, V) array
        Log of the shares that purchases start from plus the draw's taste.
    own_taste : (R, O, V) array
        The draw's taste alone, in the same log-odds.
    sensitivity : (R,) array
        How sharply purchases follow utility, given the draw's tastes.
    binding : (R, N) array
        Uniform: an order binds where it is below its probability of compliance.
    lateness : (R, N) array
        Delay of orders relative to their median.
    place : (R, O) array
        Where an operator stands in its country's market, 0 to 1: an order on a share of the market binds
        those below it.
    price_sensitivity : (R, N) array
    deployment, launch_year : (R, N) array
    pace : (R, N) array
        Speed of deployment relative to the rates below.
    innovation, imitation, spill_over, retirement : (R,) array
        Of the technology, per year.
    compatibility : (R, S, S) array
        Of 2019.
    same_standard : (V, V) array
    first_adoption : (R, N, V) array
        Adoption of 2019 by country.
    first_volume : (R, V) array
    dearness_2019 : (R, N) array
        Mean log price of what was installed in 2019.
    contract_phase : (O,) array of int
        Offset of an operator's contract dates; derived from its country's code and its name.
    home_share : (V, N) array
        1 at a vendor's home, divided by the number of vendors that have it.
    market_part : float
        Part of the technology in the markets of all technologies.
    random : callable or None
        ``random(y)``: uniforms (R, N, M) of year y for the mechanism; None if it needs none.
    """

    levers: Levers
    parameters: Mapping[str, FloatArray]
    ties: FloatArray
    tie_mix: FloatArray
    market_share: FloatArray
    country_of: IntArray
    weight: FloatArray
    bases: tuple[str, ...]
    price_index: FloatArray
    log_price_2019: FloatArray
    start: FloatArray
    taste: FloatArray
    own_taste: FloatArray
    sensitivity: FloatArray
    binding: FloatArray
    lateness: FloatArray
    place: FloatArray
    price_sensitivity: FloatArray
    deployment: FloatArray
    launch_year: FloatArray
    pace: FloatArray
    innovation: FloatArray
    imitation: FloatArray
    spill_over: FloatArray
    retirement: FloatArray
    compatibility: FloatArray
    same_standard: BoolArray
    first_adoption: FloatArray
    first_volume: FloatArray
    dearness_2019: FloatArray
    contract_phase: IntArray
    home_share: FloatArray
    market_part: float
    random: Callable[[int], FloatArray] | None

    @cached_property
    def barred_by_year(self) -> dict[tuple[int, bool], Barred]:
        """What orders bar, as far as it was asked for: see :func:`standards_net.model.orders.barred_part`."""
        return {}

    @cached_property
    def chances(self) -> Chances:
        """What decides whom orders bind, draws innermost."""
        return Chances(*(np.ascontiguousarray(each.T) for each in (self.binding, self.lateness, self.place)))

    @property
    def two_bases(self) -> bool:
        """Whether deployment builds a newer base in place of an older one."""
        return bool(self.bases)


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
    considered = _considered(initial.free, world, market, parameters)
    own_taste, kappa = _tastes(initial, market, parameters)
    country_start = by_country(start, market.country_of, market.weight, len(world.countries))
    return Setting(
        levers=levers,
        parameters=parameters,
        ties=_beside(world.ties),
        tie_mix=mix / mix.sum(axis=1, keepdims=True),
        market_share=market.share,
        country_of=market.country_of,
        weight=market.weight,
        bases=market.bases,
        price_index=market.price_index,
        log_price_2019=log_price,
        start=start,
        taste=draws_last(considered + own_taste),
        own_taste=own_taste,
        sensitivity=parameters["choice_sensitivity"] * kappa,
        binding=initial.binding,
        lateness=np.exp(parameters["order_delay_sd"][:, None] * initial.lateness),
        place=_place(initial.queue, market),
        price_sensitivity=draws_last(parameters["price_sensitivity"][:, None] * (1.0 + extra)),
        deployment=draws_last(np.repeat(market.deployment[None], len(start), axis=0)),
        launch_year=initial.launch_year,
        pace=initial.pace,
        innovation=of_technology["innovation"],
        imitation=of_technology["imitation"],
        spill_over=of_technology["spill_over"],
        retirement=1.0 / of_technology["lifetime"],
        compatibility=starting_compatibility(levers, parameters),
        same_standard=levers.standard_of[:, None] == levers.standard_of[None, :],
        first_adoption=country_start,
        first_volume=np.maximum(pool(market.share, country_start), 0.005),
        dearness_2019=row_dot(country_start, log_price),
        contract_phase=_contract_phase(world, market),
        home_share=_home_share(world, market),
        market_part=_market_part(world, levers.technology),
        random=random,
    )


def _considered(
    free: FloatArray, world: World, market: Market, parameters: Mapping[str, FloatArray]
) -> FloatArray:
    """Log of the shares that an operator's purchases start from, (R, O, V).

    Mostly its own unrestricted mix; in part its country's, since an operator may turn to its competitors'
    vendors; in part the world's, as far as its country did not buy at home in 2019.
    """
    countries = len(market.share)
    country = by_country(free, market.country_of, market.weight, countries)
    of_all = pool(market.share, country)[:, None]
    abroad = (1.0 - bought_at_home(world, market))[market.country_of][None, :, None]
    of_country, of_world = (
        parameters[f"weight_of_{level}_mix"][:, None, None] for level in ("country", "world")
    )
    own = (1.0 - of_country) * free + of_country * country[:, market.country_of]
    of_world = of_world * abroad
    return np.log((1.0 - of_world) * own + of_world * of_all)


def bought_at_home(world: World, market: Market) -> FloatArray:
    """Share of vendors of the country itself in its base of 2019, means of the estimate, (N,).

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> share = bought_at_home(world, world.market("radio"))
    >>> bool(share[world.countries.index("CHN")] > 0.6), float(share[world.countries.index("BRA")])
    (True, 0.0)
    """
    at_home = np.array([[home == code for home in market.vendor_homes] for code in world.countries])
    return np.asarray((market.adoption * at_home).sum(axis=1))


def _beside(ties: FloatArray) -> FloatArray:
    """The same array, (K, N, N), with all kinds of a country's ties side by side in memory.

    So :func:`standards_net.core.choice.tie_average` multiplies by them without a copy.
    """
    return np.ascontiguousarray(ties.transpose(1, 0, 2)).transpose(1, 0, 2)


def _place(queue: FloatArray, market: Market) -> FloatArray:
    """Middle of each operator's part of its country's market, on a circle turned by a uniform, (R, O).

    Each operator lies within a share s of the circle with probability s (systematic sampling; Madow & Madow
    1944, doi:10.1214/aoms/1177731312).
    """
    weight, at = market.weight, market.country_of
    before = np.cumsum(weight) - weight
    first = before[np.searchsorted(at, at)]
    return np.asarray((queue[:, at] + before - first + weight / 2) % 1.0)


def _home_share(world: World, market: Market) -> FloatArray:
    homes = [[home == code for code in world.countries] for home in market.vendor_homes]
    at_home = np.array(homes, dtype=float)
    return np.asarray(at_home / np.maximum(at_home.sum(axis=0), 1.0))


def _market_part(world: World, technology: str) -> float:
    sizes = {name: world.parameters[f"market_{name}"].default for name in world.markets}
    return sizes[technology] / sum(sizes.values())


def _tastes(
    initial: InitialDraws, market: Market, parameters: Mapping[str, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    r"""Tastes of a draw's buyers, log-odds, (R, O, V), and :math:`\kappa`, (R,).

    .. math:: \kappa \Big(\ln a_{ov} + \frac{\xi_{iv} + e_{ov}}{\kappa} + \Delta U_{ov}\Big), \qquad
              \kappa = \sqrt{1 + 6 \sigma^2 / \pi^2}

    with :math:`\sigma^2` the variance of both tastes. Tastes make choices lumpy; alone they would pull mean
    shares towards each other, and weaken what moves them. The logit's own noise has variance
    :math:`\pi^2 / 6`, so that :math:`\kappa` keeps the mean share of each vendor, and the mean effect of what
    changes utility, nearly as they were. One buyer for all operators of a country has the whole variance.
    """
    country_sd = parameters["taste_sd"][:, None, None]
    taste = (country_sd * initial.taste)[:, market.country_of]
    variance = country_sd**2
    if initial.operator_taste is not None:
        operator_sd = parameters["operator_taste_sd"][:, None, None]
        variance = variance + operator_sd**2
        alone = ~(initial.operator_taste != 0.0).any(axis=(0, 2))
        taste += operator_sd * initial.operator_taste
        taste[:, alone] = np.sqrt(variance) * initial.taste[:, market.country_of[alone]]
    kappa = np.sqrt(1.0 + 6.0 * variance / np.pi**2)
    return draws_last(taste / kappa), kappa[:, 0, 0]


def _contract_phase(world: World, market: Market) -> IntArray:
    names = world.countries if market.operators is None else tuple(
        world.countries[i] + name
        for i, name in zip(market.country_of, market.operators.names, strict=True)
    )  # fmt: skip
    return np.array([sum(name.encode()) for name in names])


def starting_compatibility(levers: Levers, parameters: Mapping[str, FloatArray]) -> FloatArray:
    """Compatibility of 2019 in each draw, (R, S, S).

    That of two standards of the world is a parameter, such as ``compatibility_china_west_iot``; without such
    a parameter they are one standard in this technology, and fully compatible. A standard that a scenario
    splits off is compatible as the one that it comes from, and fully with that.
    """
    rows = len(parameters["network_benefit"])
    start = np.ones((rows, len(levers.standards), len(levers.standards)))
    for s, a in enumerate(levers.parents):
        for t, b in enumerate(levers.parents):
            name = "compatibility_{}_{}_{}".format(*sorted((a, b)), levers.technology)
            if a != b and name in parameters:
                start[:, s, t] = parameters[name]
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
    """Uniforms (R, O, width) of a year, keyed by purpose, technology, year, operator and draw.

    They are drawn on first use and cached, since scenarios share them (common random numbers). Without
    operators on record the countries buy.
    """
    market = world.market(technology)
    buyers = [[world.countries[i]] for i in market.country_of]
    if market.operators is not None:
        buyers = [[*buyer, name] for buyer, name in zip(buyers, market.operators.names, strict=True)]

    @cache
    def of_year(y: int) -> FloatArray:
        name = [purpose, technology, str(years[y])]
        drawn = [uniforms(seed, [*name, *buyer], draws, width) for buyer in buyers]
        return draws_last(np.stack(drawn, axis=1))

    return of_year
