"""Turnover: what leaves the installed bases in a year, what is bought instead, and what is then there."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, from_lanes, to_lanes
from standards_net.core.compiled import compiled

__all__ = ["Bases", "Caps", "EarlyRemoval", "OtherChoice", "Renewed", "renew"]


class Bases(NamedTuple):
    """Installed bases of O buyers and V vendors, with deployment of the newer one.

    Attributes
    ----------
    newer, older : (..., O, V) array
        Shares of the base that deployment builds, and of the base that it replaces; rows sum to 1. The
        older base is served where the newer one is not; a technology with a single base has none, and its
        ``older`` is the base from which an unserved market starts.
    """

    newer: FloatArray
    older: FloatArray


class EarlyRemoval(NamedTuple):
    """What A of the O buyers remove before it retires, of the equipment of B of the V vendors.

    Attributes
    ----------
    buyers : (A,) array of int
    vendors : (B,) array of int
    newer, older : (..., A, B) array
        Share of what they have of a vendor that goes in the year beyond what retires, of the two bases.
    """

    buyers: IntArray
    vendors: IntArray
    newer: FloatArray
    older: FloatArray


class Caps(NamedTuple):
    """Limits on what vendors may have together of the newer base of A of the O buyers.

    Attributes
    ----------
    buyers : (A,) array of int
    capped : (A, V) array of bool
    limit : (..., A) array
        Share of the base, 1 where no cap is in effect.
    instead : (..., A, V) array
        Shares in which they would choose anew: what is moved goes to other vendors in this proportion.
    """

    buyers: IntArray
    capped: BoolArray
    limit: FloatArray
    instead: FloatArray


class OtherChoice(NamedTuple):
    """Shares of purchases for the older base of A of the O buyers, who choose otherwise for it.

    Attributes
    ----------
    buyers : (A,) array of int
    choice : (..., A, V) array
    """

    buyers: IntArray
    choice: FloatArray


class Renewed(NamedTuple):
    """The bases after a year. Amounts are shares of the potential market.

    Attributes
    ----------
    bases : Bases
        Shares by buyer.
    by_country : Bases
        The same by country, (..., N, V) each.
    stays : (..., N, V) array
        What has neither retired nor been removed, of both bases.
    bought : (..., N, V) array
        Purchases for both bases by country and vendor.
    purchases, older_purchases : (..., O) array
        Purchases for each base: new, retired and removed equipment.
    removed : (..., O) array
        What is removed early because an order or an exit requires it, of both bases.
    displaced : (..., A) array
        Part of the purchases of those who are capped that a cap moves to other vendors.
    """

    bases: Bases
    by_country: Bases
    stays: FloatArray
    bought: FloatArray
    purchases: FloatArray
    older_purchases: FloatArray
    removed: FloatArray
    displaced: FloatArray


def renew(
    bases: Bases,
    deployment: FloatArray,
    deployment_after: FloatArray,
    retirement: FloatArray | float,
    choice: FloatArray,
    *,
    early: EarlyRemoval | None = None,
    caps: Caps | None = None,
    older_choice: OtherChoice | None = None,
    country_of: IntArray | None = None,
    weight: FloatArray | None = None,
    keeps_older: bool = True,
) -> Renewed:
    r"""Retire, remove, grow and fill up the installed bases of a year.

    .. math::

        \text{kept}_{ov} = D\,b_{ov}\,(1 - \delta - \varepsilon_{ov}), \qquad
        g_o = D' - \sum_v \text{kept}_{ov}, \qquad
        b'_{ov} = \frac{\text{kept}_{ov} + g_o c_{ov}}{D'}

    and for the older base, which shrinks in proportion as deployment D grows, the same with
    :math:`1 - D'` in place of both D. A ban of new purchases only has ``epsilon = 0``: the vendor's base then
    ages out at the ordinary rate and is refilled by others.

    Where vendors B together may have at most a share k of the newer base, they sell what the cap leaves,
    :math:`m = (k D' - \sum_{v \in B} \text{kept}_v)_+ / g`; what is above it goes to the others in
    proportion to q, unless q has no others:

    .. math:: c_v = s_v \frac{m}{s_B}\ (v \in B), \qquad
              s_v + (s_B - m) \frac{q_v}{\sum_{u \notin B} q_u}\ (v \notin B)

    Parameters
    ----------
    bases : Bases
    deployment, deployment_after : (..., N) array
        Share of the potential market on the newer base before and after the year.
    retirement : (..., 1, 1) array or float
        ``delta`` = 1 / lifetime, per year.
    choice : (..., O, V) array
        ``s``, shares of the purchases; rows sum to 1.
    early : EarlyRemoval or None
        ``epsilon``, 0 to ``1 - delta``; nothing is removed early if None.
    caps : Caps or None
        ``k`` and ``q``.
    older_choice : OtherChoice or None
        Choice for the older base where it is another one.
    country_of : (O,) array of int or None
        Index of each buyer's country, in order; each buyer is a country of its own if None.
    weight : (O,) array or None
        Part of each buyer in its country; 1 if None.
    keeps_older : bool
        Whether the market that the newer base does not serve is served by the older one. Then a base that
        begins starts from its purchases; otherwise from what it was.

    Returns
    -------
    Renewed

    Examples
    --------
    >>> import numpy as np
    >>> half, all_of_other = np.array([[0.5, 0.5]]), np.array([[0.0, 1.0]])
    >>> gone = EarlyRemoval(np.array([0]), np.array([0]), np.array([[0.9]]), np.array([[0.0]]))
    >>> year = renew(
    ...     Bases(half, half), np.array([0.8]), np.array([0.9]), 0.1, all_of_other, early=gone)
    >>> year.purchases.round(3).tolist(), year.removed.round(3).tolist(), year.bases.newer.tolist()
    ([0.54], [0.36], [[0.0, 1.0]])
    >>> year.older_purchases.round(3).tolist(), year.bases.older.round(3).tolist()
    ([0.01], [[0.45, 0.55]])
    """
    lead, own = bases.newer.shape[:-2], bases.newer.shape[-2:]
    buyers, draws = own[0], math.prod(lead)
    at = np.arange(buyers) if country_of is None else country_of
    part = np.ones(buyers) if weight is None else weight
    countries = deployment.shape[-1]
    newer = np.empty((*own, draws))
    older = np.empty((*own, draws)) if keeps_older else newer
    by_country = [np.zeros((countries, own[1], draws)) for _ in range(4 if keeps_older else 3)]
    by_buyer = [np.zeros((buyers, draws)) for _ in range(3)]

    def rows(of: IntArray, values: FloatArray) -> tuple[IntArray, FloatArray]:
        row = np.full(buyers, -1)
        row[of] = np.arange(len(of))
        return row, to_lanes(values, lead, values.shape[-2:])

    nobody, nothing = np.empty(0, dtype=np.int64), np.empty((*lead, 0, own[1]))
    early = early or EarlyRemoval(nobody, np.arange(own[1]), nothing, nothing)
    column = np.full(own[1], -1)
    column[early.vendors] = np.arange(len(early.vendors))
    caps = caps or Caps(nobody, np.empty((0, own[1]), dtype=bool), nothing[..., 0], nothing)
    older_choice = older_choice or OtherChoice(nobody, nothing)
    removing, rates = rows(early.buyers, early.newer)
    cap_row, instead = rows(caps.buyers, caps.instead)
    displaced = np.zeros((len(caps.buyers), draws))
    _renew(
        to_lanes(bases.newer, lead, own), to_lanes(bases.older, lead, own),
        to_lanes(deployment, lead, (countries,)), to_lanes(deployment_after, lead, (countries,)),
        to_lanes(retirement, lead, (1, 1))[0, 0], to_lanes(choice, lead, own),
        removing, column, rates, rows(early.buyers, early.older)[1],
        cap_row, caps.capped, to_lanes(caps.limit, lead, caps.limit.shape[-1:]), instead,
        *rows(older_choice.buyers, older_choice.choice), at, part, keeps_older,
        newer, older, *by_country[:3], by_country[-1], *by_buyer, displaced,
    )  # fmt: skip
    newer_of_country, stays, bought, older_of_country = (
        from_lanes(each, lead) for each in (*by_country[:3], by_country[-1] if keeps_older else by_country[0])
    )
    return Renewed(
        Bases(from_lanes(newer, lead), from_lanes(older, lead)),
        Bases(newer_of_country, older_of_country),
        stays,
        bought,
        *(from_lanes(each, lead) for each in (*by_buyer, displaced)),
    )


# Loops over few arrays at a time: the compiler turns them into vector instructions only if it can check
# that no two of their arrays overlap, and gives up beyond a handful. What belongs to a buyer stays in the
# processor's cache between them.
@compiled
def _renew(
    newer: FloatArray,
    older: FloatArray,
    before: FloatArray,
    after: FloatArray,
    retirement: FloatArray,
    choice: FloatArray,
    removing: IntArray,
    column: IntArray,
    early: FloatArray,
    older_early: FloatArray,
    cap_row: IntArray,
    capped: BoolArray,
    limit: FloatArray,
    instead: FloatArray,
    other_row: IntArray,
    other_choice: FloatArray,
    country_of: IntArray,
    weight: FloatArray,
    keeps_older: bool,
    newer_after: FloatArray,
    older_after: FloatArray,
    newer_of_country: FloatArray,
    stays: FloatArray,
    bought: FloatArray,
    older_of_country: FloatArray,
    purchases: FloatArray,
    older_purchases: FloatArray,
    removed: FloatArray,
    displaced: FloatArray,
) -> None:
    buyers, vendors, draws = newer.shape
    none, kept, limited = np.empty((0, draws)), np.empty((vendors, draws)), np.empty((vendors, draws))
    total, staying, left = np.empty(draws), 1.0 - retirement, np.empty(draws)
    for o in range(buyers):
        i, part = country_of[o], weight[o]
        early_here = early[removing[o]] if removing[o] >= 0 else none
        _keep(newer[o], before[i], staying, early_here, column, kept, total, removed[o])
        _buy(after[i], total, purchases[o])
        chosen = choice[o]
        if cap_row[o] >= 0:
            c = cap_row[o]
            _cap(choice[o], instead[c], capped[c], limit[c], after[i], kept, purchases[o], limited,
                 displaced[c])  # fmt: skip
            chosen = limited
        start = chosen if keeps_older else newer[o]
        _fill(
            kept, purchases[o], chosen, start, part, newer_after[o], newer_of_country[i], stays[i], bought[i]
        )
        if keeps_older:
            for r in range(draws):
                left[r] = 1.0 - after[i, r]
            early_here = older_early[removing[o]] if removing[o] >= 0 else none
            _keep(older[o], left, staying, early_here, column, kept, total, removed[o])
            _buy(left, total, older_purchases[o])
            chosen = other_choice[other_row[o]] if other_row[o] >= 0 else choice[o]
            _fill(kept, older_purchases[o], chosen, older[o], part, older_after[o], older_of_country[i],
                  stays[i], bought[i])  # fmt: skip


@compiled
def _keep(
    base: FloatArray,
    served: FloatArray,
    staying: FloatArray,
    early: FloatArray,
    column: IntArray,
    kept: FloatArray,
    total: FloatArray,
    removed: FloatArray,
) -> None:
    """What stays of a buyer's base, and its sum; what is removed early is added up."""
    vendors, draws = base.shape
    total[:] = 0.0
    for v in range(vendors):
        for r in range(draws):
            kept[v, r] = served[r] * base[v, r]
        if len(early) and column[v] >= 0:
            gone = early[column[v]]
            for r in range(draws):
                removed[r] += kept[v, r] * gone[r]
            for r in range(draws):
                kept[v, r] *= staying[r] - gone[r]
        else:
            for r in range(draws):
                kept[v, r] *= staying[r]
        for r in range(draws):
            total[r] += kept[v, r]


@compiled
def _buy(served: FloatArray, total: FloatArray, purchases: FloatArray) -> None:
    for r in range(len(total)):
        purchases[r] = max(served[r] - total[r], 0.0)


@compiled
def _cap(
    choice: FloatArray,
    instead: FloatArray,
    capped: BoolArray,
    limit: FloatArray,
    served: FloatArray,
    kept: FloatArray,
    purchases: FloatArray,
    limited: FloatArray,
    displaced: FloatArray,
) -> None:
    """Choice within a buyer's cap, and what the cap moves."""
    vendors, draws = choice.shape
    for r in range(draws):
        mine = held = others = 0.0
        for v in range(vendors):
            if capped[v]:
                mine += choice[v, r]
                held += kept[v, r]
            else:
                others += instead[v, r]
        most = max(limit[r] * served[r] - held, 0.0) / purchases[r] if purchases[r] > 0.0 else 1.0
        over = mine > most and others > 0.0 and limit[r] < 1.0
        displaced[r] = mine - most if over else 0.0
        for v in range(vendors):
            if not over:
                limited[v, r] = choice[v, r]
            elif capped[v]:
                limited[v, r] = choice[v, r] * (most / mine)
            else:
                limited[v, r] = choice[v, r] + displaced[r] * instead[v, r] / others


@compiled
def _fill(  # noqa: C901 - one pass over the base
    kept: FloatArray,
    purchases: FloatArray,
    choice: FloatArray,
    start: FloatArray,
    part: float,
    after: FloatArray,
    by_country: FloatArray,
    stays: FloatArray,
    bought: FloatArray,
) -> None:
    """Fill a buyer's base up, and add it to its country's; an empty one is what it would start from."""
    vendors, draws = kept.shape
    new, total, empty = np.empty(draws), np.zeros(draws), False
    for v in range(vendors):
        for r in range(draws):
            stays[v, r] += part * kept[v, r]
        for r in range(draws):
            new[r] = purchases[r] * choice[v, r]
        for r in range(draws):
            bought[v, r] += part * new[r]
        for r in range(draws):
            after[v, r] = kept[v, r] + new[r]
        for r in range(draws):
            total[r] += after[v, r]
    for r in range(draws):
        empty |= not total[r] > 0.0
    for r in range(draws):
        new[r] = 1.0 / total[r] if total[r] > 0.0 else 0.0
    for v in range(vendors):
        for r in range(draws):
            after[v, r] *= new[r]
        if empty:
            for r in range(draws):
                after[v, r] = after[v, r] if total[r] > 0.0 else start[v, r]
        for r in range(draws):
            by_country[v, r] += part * after[v, r]
