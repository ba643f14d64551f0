r"""One year of the model: vendor choice with network effects (docs/model.md, section 7).

Deployment grows, part of the base retires or is removed, purchases are chosen, suppliers learn,
standards drift. Two modes share the code: in *expectation* purchases split in the proportions of the
choice probabilities; in *procurement* each country's operators pick one vendor each at contract
dates, so that history matters. Other mechanisms of choice (``mechanisms.py``) share the same year and
differ only in how purchases are allocated.

Utility is stated relative to 2019, by the inversion of observed shares (Berry 1994): with nothing
changed, every draw's adoption of 2019 is a rest point of the choice.

.. math::

    \beta U_{iv} = \ln \hat b^0_{iv} + \xi_{iv} + \beta\,[\Delta q_v - \eta_i \Delta \ln P_v
        + \nu\,\Delta n_{iv} + \lambda\,\Delta b_{iv} + \alpha\,\Delta A_{iv} + \varphi\,\Delta F_{iv}
        - \rho\,\Delta R_{iv}]

References
----------
Berry, S. T. (1994), RAND Journal of Economics 25(2), doi:10.2307/2555829.
Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2), doi:10.1111/1467-937X.00168.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import (
    FloatArray,
    IntArray,
    by_country,
    draws_last,
    from_lanes,
    pool_by_draw,
    row_dot,
    row_matmul,
    row_sum,
    to_lanes,
)
from standards_net.core.choice import network_benefit, tender, tie_average
from standards_net.core.compatibility import compatibility_path, erode, separation
from standards_net.core.compiled import compiled
from standards_net.core.deployment import deployment_step
from standards_net.core.exclusion import exclude, exclusion_cost
from standards_net.core.offer import Barred, Worth, offered
from standards_net.core.supply import learned_price, quality_step, spill_over_matrix
from standards_net.core.turnover import Bases, Caps, EarlyRemoval, OtherChoice, Renewed, renew
from standards_net.errors import StandardsNetError
from standards_net.model.orders import barred_part, caps_in_effect, early_removal
from standards_net.model.setting import Setting
from standards_net.scenario.levers import Levers

__all__ = [
    "CONTRACT_YEARS",
    "Decide",
    "Offer",
    "State",
    "YearInfo",
    "by_standard",
    "choice_at_first_prices",
    "expected_purchases",
    "in_use",
    "init",
    "init_with_contracts",
    "step",
    "tendered_purchases",
    "tied_shares",
    "to_countries",
]

CONTRACT_YEARS = 4  # years between tenders of a contract
DRIFTING = 0.1  # standards drift at the full rate once they lack so much of full compatibility


class State(NamedTuple):
    """State passed from one year to the next.

    R draws, N countries, O operators, V vendors, S standards, M contracts of an operator.
    """

    year: int
    deployment: FloatArray  # (R, N), share of the potential market on the newer base
    unhindered: FloatArray  # (R, N), deployment if no replacement had delayed it
    bases: Bases  # shares by vendor, (R, O, V) each
    by_base: Bases  # the same by country, (R, N, V) each
    adoption: FloatArray  # (R, N, V), shares of all that is in use
    shares: FloatArray  # (R, N, S), the same by standard
    divided: FloatArray | None  # (R, N, V), part of what is in use that follows a split; None: all of it
    volume: FloatArray  # (R, V), in units of the world's potential base
    quality: FloatArray  # (R, V), log-odds since 2019
    kept: FloatArray  # (R, S, S), compatibility remaining after drift
    holders: (
        IntArray  # (R, O, M), vendor of each contract (M = 0 in expectation mode), or a mechanism's record
    )
    anchor: FloatArray  # (R, O, V), constant that makes 2019 a rest point
    appeal: FloatArray  # (R, O, V), anchor plus the levers' part of utility
    appeal_levers: Levers  # the levers that this part was computed from


class Offer(NamedTuple):
    """Inputs to the purchase decisions of a year."""

    appeal: FloatArray  # (R, O, V)
    barred: Barred  # part of purchases that may not be from a vendor
    utility: FloatArray  # (R, O, V)
    choice: FloatArray  # (R, O, V), shares by logit of what may be bought
    free: FloatArray  # (R, A, V), shares of those who are barred if they were not


class YearInfo(NamedTuple):
    """Outputs of a year that the next one does not need."""

    purchases: FloatArray  # (R, N), share of the potential market bought, for both bases
    bought: FloatArray  # (R, N, V), the same by vendor
    removed: FloatArray  # (R, N), base replaced before its time, of both bases
    exclusion_cost: FloatArray  # (R, N), loss of choice, purchases times part of their price
    price: FloatArray  # (R, V), relative to Ericsson and Nokia in 2019
    undivided_price: FloatArray  # (R, V), the same had shares of vendors and standards stayed as in 2019
    compatibility: FloatArray  # (R, S, S)
    research: FloatArray  # (R, V), growth of quality in the year


# Allocates the purchases of the year after a state: holders after it, and shares (R, N, V).
Decide = Callable[[State, "Setting", Offer], tuple[IntArray, FloatArray]]


def by_standard(adoption: FloatArray, standard_of: IntArray, standards: int) -> FloatArray:
    """Add up vendors' shares by standard.

    Examples
    --------
    >>> by_standard(np.array([[0.2, 0.3, 0.5]]), np.array([0, 1, 0]), 2).tolist()
    [[0.7, 0.3]]
    """
    member = np.zeros((adoption.shape[-1], standards))
    member[np.arange(len(standard_of)), standard_of] = 1.0
    return row_matmul(adoption, member)


def init(setting: Setting) -> State:
    """State of 2019, anchored so that it is a rest point unless something changes."""
    p, levers = setting.parameters, setting.levers
    start = setting.start
    standards = len(levers.standards)
    adoption = setting.first_adoption
    shares = by_standard(adoption, levers.standard_of, standards)
    benefit = _benefit(shares, None, setting.compatibility, setting)
    benefit = benefit[:, setting.country_of][..., levers.standard_of]
    anchor = setting.taste / p["choice_sensitivity"][:, None, None]
    anchor -= p["network_benefit"][:, None, None] * benefit
    anchor -= p["lock_in"][:, None, None] * start
    draws = start.shape[0]
    return State(
        year=0,
        deployment=setting.deployment,
        unhindered=setting.deployment,
        bases=Bases(start, start),
        by_base=Bases(adoption, adoption),
        adoption=adoption,
        shares=shares,
        divided=None if levers.new_only_from is None else np.zeros_like(adoption),
        volume=setting.first_volume,
        quality=np.zeros((draws, start.shape[2])),
        kept=np.ones((draws, standards, standards)),
        holders=np.zeros((*start.shape[:2], 0), dtype=np.int64),
        anchor=anchor,
        appeal=_appeal(anchor, setting, 0),
        appeal_levers=levers,
    )


def to_countries(values: FloatArray, setting: Setting) -> FloatArray:
    """Weighted sum over each country's operators: (R, O, V) to (R, N, V)."""
    return by_country(values, setting.country_of, setting.weight, setting.market_share.shape[-1])


def init_with_contracts(setting: Setting) -> State:
    """State of 2019 in which each contract of an operator is with one vendor."""
    state, random = init(setting), _random_numbers(setting)
    uniforms = random(0)
    unassigned = np.zeros(uniforms.shape, dtype=np.int64)
    all_due = np.ones(uniforms.shape[1:], dtype=bool)
    open_to_all = np.ones(setting.start.shape[1:], dtype=bool)
    return state._replace(holders=tender(unassigned, setting.start, all_due, uniforms, open_to_all))


def _random_numbers(setting: Setting) -> Callable[[int], FloatArray]:
    if setting.random is None:
        raise StandardsNetError("this mechanism needs random numbers; pass them to build_setting.")
    return setting.random


def step(state: State, setting: Setting, decide: Decide) -> tuple[State, YearInfo]:
    """One year: from the end of ``years[state.year]`` to the end of the next.

    ``decide`` splits its purchases among vendors: :func:`expected_purchases`,
    :func:`tendered_purchases`, or the purchase rule of a mechanism.
    """
    y = state.year + 1
    p, levers = setting.parameters, setting.levers
    compatibility = compatibility_path(
        setting.compatibility, levers.of_start[y], levers.set_to[y], state.kept
    )
    spill = _spill_over(compatibility, setting)
    log_price = _log_price(state.volume, spill, setting)
    early = early_removal(setting, y)

    hindered = _hindrance(state, setting, early)
    after, unhindered = _deployed(state, setting, log_price, hindered, y)
    offer = _offered(state, setting, compatibility, log_price)
    holders, choice = decide(state, setting, offer)
    excluded = _excluded(offer, offer.barred, setting)
    older_choice, excluded_from_older = _for_older_base(offer, excluded, setting, y)
    caps = _caps(offer, setting, y)
    renewed = renew(
        state.bases,
        state.deployment,
        after,
        setting.retirement[:, None, None],
        choice,
        early=early,
        caps=caps,
        older_choice=older_choice,
        country_of=setting.country_of,
        weight=setting.weight,
        keeps_older=setting.two_bases,
    )
    bases, by_base, bought = renewed.bases, renewed.by_country, renewed.bought
    adoption = in_use(by_base, after) if setting.two_bases else by_base.newer
    shares = by_standard(adoption, levers.standard_of, len(levers.standards))

    sold = pool_by_draw(setting.market_share, bought)
    price = setting.price_index * np.exp(log_price)
    quality = quality_step(
        state.quality,
        _research_share(pool_by_draw(setting.market_share, _paid(bought, levers, y)) * price, setting, y),
        spill,
        p["research_feedback"][:, None],
    )
    next_state = State(
        year=y,
        deployment=after,
        unhindered=unhindered,
        bases=bases,
        by_base=by_base,
        adoption=adoption,
        shares=shares,
        divided=_divided(state, renewed, after, setting, y),
        volume=state.volume + sold,
        quality=quality,
        kept=_drifted(state.kept, compatibility, shares, setting, y),
        holders=holders,
        anchor=state.anchor,
        appeal=offer.appeal,
        appeal_levers=levers,
    )
    info = YearInfo(
        purchases=_total(renewed.purchases + renewed.older_purchases, setting),
        bought=bought,
        removed=np.zeros_like(after)
        if early is None
        else _of_countries(renewed.removed[:, early.buyers], early.buyers, setting),
        exclusion_cost=_cost_of_exclusion(excluded, caps, excluded_from_older, renewed, setting),
        price=price,
        undivided_price=_undivided_price(state.volume, setting),
        compatibility=compatibility,
        research=quality - state.quality,
    )
    return next_state, info


def choice_at_first_prices(state: State, setting: Setting) -> FloatArray:
    """Shares of vendors in the next year's purchases at the prices of 2019, (R, O, V).

    Adoption that equals the choice it induces is at rest once the whole base has been replaced.
    """
    y, levers = state.year + 1, setting.levers
    compatibility = compatibility_path(
        setting.compatibility, levers.of_start[y], levers.set_to[y], state.kept
    )
    return _offered(state, setting, compatibility, np.zeros_like(state.quality)).choice


def _offered(state: State, setting: Setting, compatibility: FloatArray, log_price: FloatArray) -> Offer:
    """Utility in the next year, and the shares in which its purchases split by logit."""
    p, y, levers = setting.parameters, state.year + 1, setting.levers
    kept = state.appeal_levers is levers and levers.unchanged[y]
    appeal = state.appeal if kept else _appeal(state.anchor, setting, y)
    benefit = _benefit(state.shares, state.divided, compatibility, setting)
    worth = Worth(
        appeal=appeal,
        benefit=benefit * p["network_benefit"][:, None, None],
        lock_in=p["lock_in"],
        quality=state.quality,
        log_price=log_price,
        price_lever=levers.log_price_paid(y),
        price_sensitivity=setting.price_sensitivity,
        sensitivity=setting.sensitivity,
    )
    barred = barred_part(levers.newer, setting, y)
    served = state.deployment if setting.two_bases else 1.0
    found = offered(worth, state.bases, served, setting.country_of, levers.standard_of, barred)
    return Offer(appeal, barred, found.utility, found.choice, found.free)


def _for_older_base(
    offer: Offer, of_newer: FloatArray, setting: Setting, y: int
) -> tuple[OtherChoice | None, FloatArray | None]:
    """Purchases for the older base where other bans hold there, and the part excluded there, (R, O)."""
    differ = np.flatnonzero(~setting.levers.same_for_bases[y][setting.country_of])
    if not setting.two_bases or not differ.size:
        return None, None
    choice, excluded = offer.choice.copy("K"), of_newer.copy("K")
    choice[:, offer.barred.buyers], excluded[:, differ] = offer.free, 0.0
    barred = barred_part(setting.levers.older, setting, y)
    own = np.isin(barred.buyers, differ)
    at = barred.buyers[own]
    if at.size:
        choice[:, at], _ = exclude(choice[:, at], barred.part[:, own])
        excluded[:, at] = _excluded(offer, Barred(at, barred.part[:, own]), setting)[:, at]
    return OtherChoice(differ, choice[:, differ]), excluded


def _excluded(offer: Offer, barred: Barred, setting: Setting) -> FloatArray:
    """Part of each buyer's purchases that orders exclude, had it no tastes of its own, (R, O).

    The loss of choice is priced for mean tastes, as the elasticity is calibrated: what no parameter explains
    of a draw's choices is not worth money.
    """
    found, at = np.zeros_like(offer.choice[..., 0]), barred.buyers
    if at.size:
        beta = setting.parameters["choice_sensitivity"][:, None, None]
        worth = beta * offer.utility[:, at] - setting.own_taste[:, at]
        odds = np.exp(worth - worth.max(axis=2, keepdims=True))
        found[:, at] = row_sum(odds * barred.part) / row_sum(odds)
    return found


def _caps(offer: Offer, setting: Setting, y: int) -> Caps | None:
    capped = setting.levers.capped[y]
    buyers = np.flatnonzero(capped.any(axis=1)[setting.country_of])
    if not buyers.size:
        return None
    at = setting.country_of[buyers]
    return Caps(buyers, capped[at], caps_in_effect(setting, y, at), offer.choice[:, buyers])


def _paid(bought: FloatArray, levers: Levers, y: int) -> FloatArray:
    """Purchases weighted by the price change that supply entries make, (R, N, V)."""
    return bought * np.exp(levers.price[y]) if levers.price[y].any() else bought


def in_use(bases: Bases, deployment: FloatArray) -> FloatArray:
    """Shares of all that is in use: the newer base where it is deployed, the older one elsewhere.

    Examples
    --------
    >>> one, other = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    >>> in_use(Bases(one, other), np.array([0.25])).tolist()
    [[0.25, 0.75]]
    """
    lead, own = bases.newer.shape[:-2], bases.newer.shape[-2:]
    found = np.empty((*own, math.prod(lead)))
    lanes = (to_lanes(base, lead, own) for base in bases)
    _mix(*lanes, to_lanes(deployment, lead, own[:1]), found)
    return from_lanes(found, lead)


@compiled
def _mix(newer: FloatArray, older: FloatArray, deployment: FloatArray, found: FloatArray) -> None:
    rows, vendors, draws = newer.shape
    for i in range(rows):
        for v in range(vendors):
            for r in range(draws):
                found[i, v, r] = older[i, v, r] + deployment[i, r] * (newer[i, v, r] - older[i, v, r])


def _total(values: FloatArray, setting: Setting) -> FloatArray:
    """Sum of operators' amounts by country, each as share of the country's market: (R, O) to (R, N)."""
    return to_countries(values[..., None], setting)[..., 0]


def _of_countries(values: FloatArray, buyers: IntArray, setting: Setting) -> FloatArray:
    """Sum by country of amounts of some buyers, in order, (R, A) to (R, N)."""
    at, lead = setting.country_of[buyers], values.shape[:1]
    first = np.flatnonzero(np.diff(at, prepend=-1))
    found = np.zeros((setting.market_share.shape[-1], *lead))
    amounts = to_lanes(values, lead, values.shape[1:]) * setting.weight[buyers, None]
    found[at[first]] = np.add.reduceat(amounts, first, axis=0)
    return from_lanes(found, lead)


def _cost_of_exclusion(
    excluded: FloatArray,
    caps: Caps | None,
    of_older: FloatArray | None,
    renewed: Renewed,
    setting: Setting,
) -> FloatArray:
    """Loss of choice of bans and caps, purchases times part of their price, (R, N)."""
    older = excluded if of_older is None else of_older
    if caps is not None:
        excluded = excluded.copy("K")
        # A cap is on what exclusion leaves.
        excluded[:, caps.buyers] = 1.0 - (1.0 - excluded[:, caps.buyers]) * (1.0 - renewed.displaced)
    buyers = np.flatnonzero(excluded.any(axis=0) | older.any(axis=0))
    if not buyers.size:
        return np.zeros_like(setting.deployment)
    elasticity = setting.parameters["choice_sensitivity"][:, None] * setting.price_sensitivity
    elasticity = elasticity[:, setting.country_of[buyers]]
    lost = renewed.purchases[:, buyers] * exclusion_cost(excluded[:, buyers], elasticity)
    lost += renewed.older_purchases[:, buyers] * exclusion_cost(older[:, buyers], elasticity)
    return _of_countries(lost, buyers, setting)


def tied_shares(shares: FloatArray, setting: Setting) -> FloatArray:
    """Standards' shares among tied countries, (R, N, S).

    A standard that no vendor implements has no share, and shares sum to 1 as ties do: the last of the
    others follows from the rest. Each column saved is a large part of the year's largest matrix product.
    """
    *free, last = np.unique(setting.levers.standard_of)
    known = np.empty_like(shares, shape=(*shares.shape[:2], len(free)))
    for column, standard in enumerate(free):
        known[..., column] = shares[..., standard]
    averaged = tie_average(known, setting.ties, setting.tie_mix)
    tied = np.zeros_like(shares)
    for column, standard in enumerate(free):
        tied[..., standard] = averaged[..., column]
    tied[..., last] = 1.0 - row_sum(tied)
    return tied


def _benefit(
    shares: FloatArray, divided: FloatArray | None, compatibility: FloatArray, setting: Setting
) -> FloatArray:
    """Part of tied markets that each standard works with, (R, N, S): all of them under one standard."""
    if (compatibility >= 1.0).all():
        return np.ones_like(shares)
    if divided is None:
        return network_benefit(tied_shares(shares, setting), compatibility)
    levers = setting.levers
    split = by_standard(divided, levers.standard_of, len(levers.standards))
    together = np.maximum(setting.compatibility, compatibility)
    taken = network_benefit(tie_average(split, setting.ties, setting.tie_mix), together - compatibility)
    if (together >= 1.0).all():
        return 1.0 - taken
    return network_benefit(tied_shares(shares, setting), together) - taken


def _divided(
    state: State, renewed: Renewed, after: FloatArray, setting: Setting, y: int
) -> FloatArray | None:
    """Part of what is in use that was bought since standards split, by vendor, (R, N, V)."""
    first = setting.levers.new_only_from
    if state.divided is None or first is None:
        return None
    if setting.levers.years[y] < first:
        return state.divided
    served, served_after = (
        (1.0, 1.0) if setting.two_bases else (state.deployment[..., None], after[..., None])
    )
    before = state.adoption * served
    kept = np.divide(renewed.stays, before, out=np.zeros_like(before), where=before > 0.0)
    amount = state.divided * served * np.minimum(kept, 1.0) + renewed.bought
    return np.divide(amount, served_after, out=np.zeros_like(amount), where=np.asarray(served_after) > 0.0)


def _appeal(anchor: FloatArray, setting: Setting, y: int) -> FloatArray:
    """Anchor plus what the levers add to utility in a year."""
    p, levers = setting.parameters, setting.levers
    added: FloatArray = (
        levers.quality[y] + levers.supply[y] + p["affinity_weight"][:, None, None] * levers.affinity[y]
    )
    added += p["finance_weight"][:, None, None] * levers.finance[y]
    added -= p["restriction_weight"][:, None, None] * levers.restriction[y]
    if levers.anticipation[y].any():
        # Operators know which way their country is going: in so many draws they expect a restriction.
        expected = setting.binding[:, :, None] < levers.anticipation[y]
        added = added - p["anticipation"][:, None, None] * expected
    return draws_last(anchor + added[:, setting.country_of])


def _spill_over(compatibility: FloatArray, setting: Setting) -> FloatArray:
    """Part of a vendor's experience and research that reaches another, (R, V, V).

    What crosses families does so as far as their standards work together.
    """
    p, standard_of = setting.parameters, setting.levers.standard_of
    together = compatibility[:, standard_of][:, :, standard_of]
    return spill_over_matrix(
        setting.same_standard.astype(np.float64),
        p["spill_over_within"][:, None, None],
        p["spill_over_across"][:, None, None] * together,
    )


def _log_price(volume: FloatArray, spill: FloatArray, setting: Setting) -> FloatArray:
    """Log of prices relative to 2019; experience spills over as research does."""
    reach = np.matmul(spill, volume[..., None])[..., 0]
    reach_2019 = np.matmul(spill, setting.first_volume[..., None])[..., 0]
    ratio = setting.parameters["progress_ratio"][:, None]
    return np.log(learned_price(reach, reach_2019, ratio))


def _undivided_price(volume: FloatArray, setting: Setting) -> FloatArray:
    """Prices had each vendor's share of the world, and compatibility, stayed as in 2019, (R, V)."""
    first = setting.first_volume
    grown = first * (volume.sum(axis=1) / first.sum(axis=1))[:, None]
    log_price = _log_price(grown, _spill_over(setting.compatibility, setting), setting)
    return np.asarray(setting.price_index * np.exp(log_price))


def _hindrance(state: State, setting: Setting, early: EarlyRemoval | None) -> FloatArray | None:
    """Part of a year's growth that early replacement takes up, (R, N); None where nothing is replaced."""
    if early is None:
        return None
    at = setting.country_of[early.buyers]
    newer, older = (base[:, early.buyers][..., early.vendors] for base in state.bases)
    served = state.deployment[:, at] if setting.two_bases else 1.0
    removed = served * row_sum(newer * early.newer) + (1.0 - served) * row_sum(older * early.older)
    years = setting.parameters["delay_per_share"][:, None]
    lost = years * _of_countries(removed, early.buyers, setting)
    return np.asarray(np.minimum(lost, 1.0))


def _deployed(
    state: State,
    setting: Setting,
    log_price: FloatArray,
    hindered: FloatArray | None,
    y: int,
) -> tuple[FloatArray, FloatArray]:
    """Deployment after the year, faster where what is in use is cheaper or better; and without delays."""
    gain = row_dot(state.adoption, state.quality)
    mean_log_price = row_dot(state.adoption, setting.log_price_2019 + log_price)
    paid = setting.levers.log_price_paid(y)
    if paid.any():
        mean_log_price = mean_log_price + row_sum(state.adoption * paid)
    gain -= setting.price_sensitivity * (mean_log_price - setting.dearness_2019)
    speed = setting.pace * np.exp(setting.parameters["speed_elasticity"][:, None] * gain)
    if (state.deployment >= 1.0).all():
        return state.deployment, state.unhindered
    tied = tie_average(state.deployment[..., None], setting.ties, setting.tie_mix)[..., 0]
    innovation = setting.innovation[:, None] + setting.spill_over[:, None] * tied
    imitation = setting.imitation[:, None]
    launched = setting.launch_year <= setting.levers.years[y]

    def grown(deployment: FloatArray, pace: FloatArray) -> FloatArray:
        return np.where(launched, deployment_step(deployment, innovation, imitation, pace), deployment)

    after = grown(state.deployment, speed if hindered is None else speed * (1.0 - hindered))
    same = hindered is None and state.unhindered is state.deployment
    return after, after if same else grown(state.unhindered, speed)


def _research_share(revenue: FloatArray, setting: Setting, y: int) -> FloatArray:
    total = revenue.sum(axis=-1, keepdims=True)
    share = np.divide(revenue, total, out=np.zeros_like(revenue), where=total > 0.0)
    sector = setting.parameters[f"sector_research_{setting.levers.technology}"]
    return np.asarray(share + setting.levers.investment[y] / sector[:, None])


def _drifted(
    kept: FloatArray, compatibility: FloatArray, shares: FloatArray, setting: Setting, y: int
) -> FloatArray:
    """What remains of compatibility; standards drift apart as they cease to work together."""
    apart = 1.0 - compatibility
    if not (apart > 0.0).any():
        return kept
    p, levers = setting.parameters, setting.levers
    sets_in = np.minimum(apart / DRIFTING, 1.0)
    return erode(
        kept,
        separation(shares, setting.market_share),
        p["compatibility_drift"][:, None, None] * sets_in,
        levers.agreement[y],
        p["compatibility_repair"][:, None, None],
    )


def expected_purchases(state: State, setting: Setting, offer: Offer) -> tuple[IntArray, FloatArray]:  # noqa: ARG001
    """Purchases split in proportion to the choice probabilities of the logit."""
    return state.holders, offer.choice


def tendered_purchases(state: State, setting: Setting, offer: Offer) -> tuple[IntArray, FloatArray]:
    """Each contract is with one vendor; when it is due the operator chooses again."""
    y, contracts = state.year + 1, state.holders.shape[-1]
    phase = setting.contract_phase[:, None] + np.arange(contracts)
    due = (setting.levers.years[y] + phase) % CONTRACT_YEARS == 0
    uniforms = _random_numbers(setting)(y)
    may_sell = offer.barred.of_all(len(setting.weight)) < 1.0
    held = tender(state.holders, offer.choice, due, uniforms, may_sell)
    split = (held[..., None] == np.arange(offer.choice.shape[-1])).mean(axis=-2)
    return held, split
