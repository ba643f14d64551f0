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

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import (
    FloatArray,
    IntArray,
    from_lanes,
    pool,
    row_dot,
    row_matmul,
    row_sum,
    to_lanes,
)
from standards_net.core.choice import choose, network_benefit, tender, tie_average
from standards_net.core.compatibility import compatibility_path, erode, separation
from standards_net.core.compiled import compiled
from standards_net.core.deployment import deployment_step
from standards_net.core.supply import learned_price, quality_step, spill_over_matrix
from standards_net.core.turnover import refill, turnover
from standards_net.errors import StandardsNetError
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
    "init",
    "init_with_contracts",
    "step",
    "tendered_purchases",
]

CONTRACT_YEARS = 4  # years between tenders of an operator


class State(NamedTuple):
    """State passed from one year to the next. R draws, N countries, V vendors, S standards, M operators."""

    year: int
    deployment: FloatArray  # (R, N)
    adoption: FloatArray  # (R, N, V)
    shares: FloatArray  # (R, N, S), adoption by standard
    volume: FloatArray  # (R, V), in units of the world's potential base
    quality: FloatArray  # (R, V), log-odds since 2019
    kept: FloatArray  # (R, S, S), compatibility remaining after drift
    holders: (
        IntArray  # (R, N, M), vendor of each operator (M = 0 in expectation mode), or a mechanism's record
    )
    anchor: FloatArray  # (R, N, V), constant that makes 2019 a rest point
    appeal: FloatArray  # (R, N, V), anchor plus the levers' part of utility
    appeal_levers: Levers  # the levers that this part was computed from


class Offer(NamedTuple):
    """Inputs to the purchase decisions of a year."""

    tied: FloatArray  # (R, N, S), standards' shares among tied countries
    appeal: FloatArray  # (R, N, V)
    utility: FloatArray  # (R, N, V)
    choice: FloatArray  # (R, N, V), shares by logit, 0 where a vendor may not sell


class YearInfo(NamedTuple):
    """Outputs of a year that the next one does not need."""

    purchases: FloatArray  # (R, N), share of the potential market bought
    bought: FloatArray  # (R, N, V), the same by vendor
    removed: FloatArray  # (R, N), base replaced before its time, older networks included
    price: FloatArray  # (R, V), relative to Ericsson and Nokia in 2019
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
    shares = by_standard(start, levers.standard_of, standards)
    tied, _ = _tied(shares, setting.deployment, setting)
    benefit = network_benefit(tied, setting.compatibility)[..., levers.standard_of]
    anchor = setting.taste / p["choice_sensitivity"][:, None, None]
    anchor -= p["network_benefit"][:, None, None] * benefit
    anchor -= p["lock_in"][:, None, None] * start
    draws = start.shape[0]
    return State(
        year=0,
        deployment=setting.deployment,
        adoption=start,
        shares=shares,
        volume=setting.first_volume,
        quality=np.zeros((draws, start.shape[2])),
        kept=np.ones((draws, standards, standards)),
        holders=np.zeros((*start.shape[:2], 0), dtype=np.int64),
        anchor=anchor,
        appeal=_appeal(anchor, setting, 0),
        appeal_levers=levers,
    )


def init_with_contracts(setting: Setting) -> State:
    """State of 2019 in which each operator of a country has a contract with one vendor."""
    state, random = init(setting), _random_numbers(setting)
    uniforms = random(0)
    countries, operators = uniforms.shape[1:]
    unassigned = np.zeros(uniforms.shape, dtype=np.int64)
    all_due = np.ones((countries, operators), dtype=bool)
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
    tied, tied_deployment = _tied(state.shares, state.deployment, setting)
    compatibility = compatibility_path(
        setting.compatibility, levers.of_start[y], levers.set_to[y], state.kept
    )
    spill = spill_over_matrix(
        setting.same_standard.astype(np.float64),
        p["spill_over_within"][:, None, None],
        p["spill_over_across"][:, None, None],
    )
    log_price = _log_price(state.volume, spill, setting)

    after = _deployed(state, setting, tied_deployment, log_price, y)
    turned = turnover(
        state.adoption,
        state.deployment,
        after,
        setting.retirement[:, None, None],
        levers.removal[y],
    )
    offer = _offered(state, setting, tied, compatibility, log_price)
    holders, choice = decide(state, setting, offer)
    bought = turned.purchases[..., None] * choice
    adoption = refill(
        turned.kept, bought, after, _departure(state.adoption, choice, after, levers.removal[y])
    )
    shares = by_standard(adoption, levers.standard_of, len(levers.standards))

    sold = pool(setting.market_share, bought)
    price = setting.price_index * np.exp(log_price)
    quality = quality_step(
        state.quality,
        _research_share(sold * price, setting, y),
        spill,
        p["research_feedback"][:, None],
    )
    next_state = State(
        year=y,
        deployment=after,
        adoption=adoption,
        shares=shares,
        volume=state.volume + sold,
        quality=quality,
        kept=_drifted(state.kept, shares, setting, y),
        holders=holders,
        anchor=state.anchor,
        appeal=offer.appeal,
        appeal_levers=levers,
    )
    removed = turned.removed + _older_networks_removed(setting, after, y)
    info = YearInfo(turned.purchases, bought, removed, price, compatibility, quality - state.quality)
    return next_state, info


def choice_at_first_prices(state: State, setting: Setting) -> FloatArray:
    """Shares of vendors in the next year's purchases at the prices of 2019, (R, N, V).

    Adoption that equals the choice it induces is at rest once the whole base has been replaced.
    """
    y, levers = state.year + 1, setting.levers
    tied, _ = _tied(state.shares, state.deployment, setting)
    compatibility = compatibility_path(
        setting.compatibility, levers.of_start[y], levers.set_to[y], state.kept
    )
    return _offered(state, setting, tied, compatibility, np.zeros_like(state.quality)).choice


def _offered(
    state: State,
    setting: Setting,
    tied_shares: FloatArray,
    compatibility: FloatArray,
    log_price: FloatArray,
) -> Offer:
    """Utility in the next year, and the shares in which its purchases split by logit."""
    y, levers = state.year + 1, setting.levers
    kept = state.appeal_levers is levers and levers.unchanged(y)
    appeal = state.appeal if kept else _appeal(state.anchor, setting, y)
    utility = _utility(state, setting, appeal, tied_shares, compatibility, log_price)
    sensitivity = setting.parameters["choice_sensitivity"][:, None, None]
    return Offer(tied_shares, appeal, utility, choose(utility, levers.allowed[y], sensitivity))


def _tied(shares: FloatArray, deployment: FloatArray, setting: Setting) -> tuple[FloatArray, FloatArray]:
    """Standards' shares and deployment among tied countries.

    A standard that no vendor implements has no share, and shares sum to 1 as ties do: the last of the
    others follows from the rest. Each column saved is a third of the year's largest matrix product.
    """
    *free, last = np.unique(setting.levers.standard_of)
    known = np.empty_like(shares, shape=(*deployment.shape, len(free) + 1))
    for column, standard in enumerate(free):
        known[..., column] = shares[..., standard]
    known[..., -1] = deployment
    averaged = tie_average(known, setting.ties, setting.tie_mix)
    tied = np.zeros_like(shares)
    for column, standard in enumerate(free):
        tied[..., standard] = averaged[..., column]
    tied[..., last] = 1.0 - row_sum(tied)
    return tied, averaged[..., -1]


def _appeal(anchor: FloatArray, setting: Setting, y: int) -> FloatArray:
    """Anchor plus what the levers add to utility in a year."""
    p, levers = setting.parameters, setting.levers
    appeal: FloatArray = anchor + levers.quality[y]
    appeal += p["affinity_weight"][:, None, None] * levers.affinity[y]
    appeal += p["finance_weight"][:, None, None] * levers.finance[y]
    appeal -= p["restriction_weight"][:, None, None] * levers.restriction[y]
    return appeal


def _utility(
    state: State,
    setting: Setting,
    appeal: FloatArray,
    tied_shares: FloatArray,
    compatibility: FloatArray,
    log_price: FloatArray,
) -> FloatArray:
    p, levers = setting.parameters, setting.levers
    weighted = compatibility * p["network_benefit"][:, None, None]
    benefit = network_benefit(tied_shares, weighted)
    lead, (countries, vendors) = appeal.shape[:1], appeal.shape[1:]
    utility = np.empty((countries, vendors, *lead))
    _add_up(
        to_lanes(appeal, lead, (countries, vendors)),
        to_lanes(state.adoption, lead, (countries, vendors)),
        p["lock_in"],
        to_lanes(benefit, lead, benefit.shape[1:]),
        levers.standard_of,
        to_lanes(state.quality, lead, (vendors,)),
        to_lanes(setting.price_sensitivity, lead, (countries,)),
        to_lanes(log_price, lead, (vendors,)),
        utility,
    )
    return from_lanes(utility, lead)


@compiled
def _add_up(
    appeal: FloatArray,
    adoption: FloatArray,
    lock_in: FloatArray,
    benefit: FloatArray,
    standard_of: IntArray,
    quality: FloatArray,
    price_sensitivity: FloatArray,
    log_price: FloatArray,
    utility: FloatArray,
) -> None:
    countries, vendors, draws = utility.shape
    for i in range(countries):
        for v in range(vendors):
            s = standard_of[v]
            for r in range(draws):
                utility[i, v, r] = (
                    appeal[i, v, r]
                    + lock_in[r] * adoption[i, v, r]
                    + benefit[i, s, r]
                    + quality[v, r]
                    - price_sensitivity[i, r] * log_price[v, r]
                )


def _log_price(volume: FloatArray, spill: FloatArray, setting: Setting) -> FloatArray:
    """Log of prices relative to 2019; experience spills over as research does."""
    reach = np.matmul(spill, volume[..., None])[..., 0]
    reach_2019 = np.matmul(spill, setting.first_volume[..., None])[..., 0]
    ratio = setting.parameters["progress_ratio"][:, None]
    return np.log(learned_price(reach, reach_2019, ratio))


def _deployed(
    state: State, setting: Setting, tied_deployment: FloatArray, log_price: FloatArray, y: int
) -> FloatArray:
    """Deployment after the year: faster where what is installed has become cheaper or better."""
    gain = row_dot(state.adoption, state.quality)
    mean_log_price = row_dot(state.adoption, setting.log_price_2019 + log_price)
    gain -= setting.price_sensitivity * (mean_log_price - setting.dearness_2019)
    speed = np.exp(setting.parameters["speed_elasticity"][:, None] * gain)
    innovation = setting.innovation[:, None] + setting.spill_over[:, None] * tied_deployment
    after = deployment_step(state.deployment, innovation, setting.imitation[:, None], speed)
    launched = setting.launch_year <= setting.levers.years[y]
    return np.where(launched, after, state.deployment)


def _research_share(revenue: FloatArray, setting: Setting, y: int) -> FloatArray:
    total = revenue.sum(axis=-1, keepdims=True)
    share = np.divide(revenue, total, out=np.zeros_like(revenue), where=total > 0.0)
    sector = setting.parameters[f"sector_research_{setting.levers.technology}"]
    return np.asarray(share + setting.levers.investment[y] / sector[:, None])


def _drifted(kept: FloatArray, shares: FloatArray, setting: Setting, y: int) -> FloatArray:
    p, levers = setting.parameters, setting.levers
    return erode(
        kept,
        separation(shares, setting.market_share),
        p["compatibility_drift"][:, None, None],
        levers.agreement[y],
        p["compatibility_repair"][:, None, None],
    )


def _older_networks_removed(setting: Setting, deployment: FloatArray, y: int) -> FloatArray:
    """Previous-generation networks that an ordered removal clears in the year.

    The part of the market not yet served runs on the base of 2019, of which an ordered removal clears
    its share in the year.
    """
    cleared = setting.levers.cleared[y]
    if not cleared.any():
        return np.zeros_like(deployment)
    return np.asarray((1.0 - deployment) * np.einsum("rnv,nv->rn", setting.start, cleared))


def _departure(
    adoption: FloatArray, choice: FloatArray, deployment: FloatArray, removal: FloatArray
) -> FloatArray:
    """Initial base of a market not yet served: its older networks, less ordered removals."""
    waiting = np.flatnonzero((deployment <= 0.0).any(axis=0) & (removal > 0.0).any(axis=1))
    if not waiting.size:
        return adoption
    gone = adoption[:, waiting] * removal[waiting]
    departure = adoption.copy("K")
    departure[:, waiting] += choice[:, waiting] * row_sum(gone)[..., None] - gone
    return departure


def expected_purchases(state: State, setting: Setting, offer: Offer) -> tuple[IntArray, FloatArray]:  # noqa: ARG001
    """Purchases split in proportion to the choice probabilities of the logit."""
    return state.holders, offer.choice


def tendered_purchases(state: State, setting: Setting, offer: Offer) -> tuple[IntArray, FloatArray]:
    """Each operator buys from one vendor; those whose contract is due choose again."""
    y, operators = state.year + 1, state.holders.shape[-1]
    phase = setting.contract_phase[:, None] + np.arange(operators)
    due = (setting.levers.years[y] + phase) % CONTRACT_YEARS == 0
    uniforms = _random_numbers(setting)(y)
    held = tender(state.holders, offer.choice, due, uniforms, setting.levers.allowed[y])
    split = (held[..., None] == np.arange(offer.choice.shape[-1])).mean(axis=-2)
    return held, split
