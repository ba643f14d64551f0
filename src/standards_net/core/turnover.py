"""Turnover: what leaves the installed bases in a year, and what is bought in its place."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray, IntArray, from_lanes, to_lanes
from standards_net.core.compiled import compiled

__all__ = ["Bases", "EarlyRemoval", "Refilled", "Turnover", "refill", "turnover"]


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
    """What A of the O buyers remove before it retires.

    Attributes
    ----------
    buyers : (A,) array of int
    newer, older : (..., A, V) array
        Share of what they have of a vendor that goes in the year beyond what retires, of the two bases.
    """

    buyers: IntArray
    newer: FloatArray
    older: FloatArray


class Turnover(NamedTuple):
    """Changes of the installed bases in a year, before purchases, as shares of the potential market.

    Attributes
    ----------
    newer, older : (..., O, V) array
        What stays of each base.
    purchases, older_purchases : (..., O) array
        What is to be bought for each base: new, retired and removed equipment.
    removed : (..., O) array
        What is removed early because an order or an exit requires it, of both bases.
    """

    newer: FloatArray
    older: FloatArray
    purchases: FloatArray
    older_purchases: FloatArray
    removed: FloatArray


def turnover(
    bases: Bases,
    deployment: FloatArray,
    deployment_after: FloatArray,
    retirement: FloatArray | float,
    early: EarlyRemoval | None = None,
    *,
    country_of: IntArray | None = None,
    keeps_older: bool = True,
) -> Turnover:
    r"""Retire, remove and grow the installed bases.

    .. math::

        \text{kept}_{ov} = D\,b_{ov}\,(1 - \delta - \varepsilon_{ov}), \qquad
        g_o = D' - \sum_v \text{kept}_{ov}

    and for the older base, which shrinks in proportion as deployment D grows, the same with
    :math:`1 - D'` in place of both D. A ban of new purchases only has ``epsilon = 0``: the vendor's base then
    ages out at the ordinary rate and is refilled by others.

    Parameters
    ----------
    bases : Bases
    deployment, deployment_after : (..., N) array
        Share of the potential market on the newer base before and after the year.
    retirement : (..., 1, 1) array or float
        ``delta`` = 1 / lifetime, per year.
    early : EarlyRemoval or None
        ``epsilon``, 0 to ``1 - delta``; nothing is removed early if None.
    country_of : (O,) array of int or None
        Index of each buyer's country; each buyer is a country of its own if None.
    keeps_older : bool
        Whether the market that the newer base does not serve is served by the older one.

    Returns
    -------
    Turnover

    Examples
    --------
    >>> import numpy as np
    >>> half = np.array([[0.5, 0.5]])
    >>> gone = EarlyRemoval(np.array([0]), np.array([[0.9, 0.0]]), np.array([[0.0, 0.0]]))
    >>> t = turnover(Bases(half, half), np.array([0.8]), np.array([0.9]), 0.1, gone)
    >>> t.newer.round(2).tolist(), t.purchases.round(2).tolist(), t.removed.round(2).tolist()
    ([[0.0, 0.36]], [0.54], [0.36])
    >>> t.older.round(3).tolist(), t.older_purchases.round(3).tolist()
    ([[0.045, 0.045]], [0.01])
    """
    lead, (buyers, vendors) = bases.newer.shape[:-2], bases.newer.shape[-2:]
    draws = math.prod(lead)
    at = np.arange(buyers) if country_of is None else country_of
    countries = deployment.shape[-1]
    newer, older = np.empty((buyers, vendors, draws)), np.zeros((buyers, vendors, draws))
    purchases, older_purchases, removed = (np.zeros((buyers, draws)) for _ in range(3))
    before, after = (to_lanes(each, lead, (countries,)) for each in (deployment, deployment_after))
    delta = to_lanes(retirement, lead, (1, 1))[0, 0]
    row = np.full(buyers, -1)
    rates = (np.empty((0, vendors, draws)),) * 2
    if early is not None:
        own = (len(early.buyers), vendors)
        row[early.buyers] = np.arange(own[0])
        rates = to_lanes(early.newer, lead, own), to_lanes(early.older, lead, own)
    base = to_lanes(bases.newer, lead, (buyers, vendors))
    _retire(base, before, after, delta, rates[0], row, at, newer, purchases, removed)
    if keeps_older:
        base, left = to_lanes(bases.older, lead, (buyers, vendors)), 1.0 - after
        _retire(base, left, left, delta, rates[1], row, at, older, older_purchases, removed)
    return Turnover(*(from_lanes(each, lead) for each in (newer, older, purchases, older_purchases, removed)))


# Loops over few arrays at a time: the compiler turns them into vector instructions only if it can check
# that no two of their arrays overlap, and gives up beyond a handful.
@compiled
def _retire(  # noqa: C901 - one pass over the base
    base: FloatArray,
    deployment: FloatArray,
    after: FloatArray,
    retirement: FloatArray,
    early: FloatArray,
    row: IntArray,
    country_of: IntArray,
    kept: FloatArray,
    purchases: FloatArray,
    removed: FloatArray,
) -> None:
    buyers, vendors, draws = base.shape
    staying, gone = 1.0 - retirement, np.empty(draws)
    for o in range(buyers):
        i, k = country_of[o], row[o]
        left = np.zeros(draws)
        for v in range(vendors):
            for r in range(draws):
                kept[o, v, r] = deployment[i, r] * base[o, v, r]
            if k >= 0:
                for r in range(draws):
                    gone[r] = kept[o, v, r] * early[k, v, r]
                for r in range(draws):
                    removed[o, r] += gone[r]
                for r in range(draws):
                    kept[o, v, r] = kept[o, v, r] * staying[r] - gone[r]
            else:
                for r in range(draws):
                    kept[o, v, r] *= staying[r]
            for r in range(draws):
                left[r] += kept[o, v, r]
        for r in range(draws):
            purchases[o, r] = max(after[i, r] - left[r], 0.0)


class Refilled(NamedTuple):
    """A base after the purchases of a year.

    Attributes
    ----------
    shares : (..., O, V) array
        Shares of the installed base; rows sum to 1.
    by_country : (..., N, V) array
        The same by country.
    bought : (..., N, V) array
        Purchases by country and vendor, as share of the potential market.
    """

    shares: FloatArray
    by_country: FloatArray
    bought: FloatArray


def refill(
    kept: FloatArray,
    purchases: FloatArray,
    choice: FloatArray,
    before: FloatArray,
    country_of: IntArray | None = None,
    weight: FloatArray | None = None,
) -> Refilled:
    """Fill a base up: what stays plus what is bought, by buyer and by country.

    Parameters
    ----------
    kept : (..., O, V) array
        What stays (:func:`turnover`), as share of the potential market.
    purchases : (..., O) array
        What is bought, in the same unit.
    choice : (..., O, V) array
        Shares of the purchases; rows sum to 1.
    before : (..., O, V) array
        Shares of an empty base: what it would start from.
    country_of : (O,) array of int or None
        Index of each buyer's country, in order; each buyer is a country of its own if None.
    weight : (O,) array or None
        Part of each buyer in its country; 1 if None.

    Returns
    -------
    Refilled

    Examples
    --------
    >>> import numpy as np
    >>> half, kept = np.array([[0.5, 0.5]]), np.array([[0.0, 0.36]])
    >>> filled = refill(kept, np.array([0.54]), np.array([[1.0, 0.0]]), half)
    >>> filled.shares.round(6).tolist(), filled.bought.tolist()
    ([[0.6, 0.4]], [[0.54, 0.0]])
    """
    lead, own = before.shape[:-2], before.shape[-2:]
    at = np.arange(own[0]) if country_of is None else country_of
    part = np.ones(own[0]) if weight is None else weight
    draws, countries = math.prod(lead), int(at[-1]) + 1
    after = np.empty((*own, draws))
    by_country, bought = (np.zeros((countries, own[1], draws)) for _ in range(2))
    _refill(
        to_lanes(kept, lead, own), to_lanes(purchases, lead, own[:1]), to_lanes(choice, lead, own),
        to_lanes(before, lead, own), at, part, after, by_country, bought,
    )  # fmt: skip
    return Refilled(*(from_lanes(each, lead) for each in (after, by_country, bought)))


@compiled
def _refill(  # noqa: C901 - one pass over the base
    kept: FloatArray,
    purchases: FloatArray,
    choice: FloatArray,
    before: FloatArray,
    country_of: IntArray,
    weight: FloatArray,
    after: FloatArray,
    by_country: FloatArray,
    bought: FloatArray,
) -> None:
    buyers, vendors, draws = kept.shape
    new, total, scale, empty = np.empty(draws), np.empty(draws), np.empty(draws), np.empty(draws)
    for o in range(buyers):
        i, part = country_of[o], weight[o]
        total[:] = 0.0
        for v in range(vendors):
            for r in range(draws):
                new[r] = purchases[o, r] * choice[o, v, r]
            for r in range(draws):
                bought[i, v, r] += part * new[r]
            for r in range(draws):
                after[o, v, r] = kept[o, v, r] + new[r]
            for r in range(draws):
                total[r] += after[o, v, r]
        none = False
        for r in range(draws):
            empty[r] = 0.0 if total[r] > 0.0 else 1.0
            none |= empty[r] > 0.0
        for r in range(draws):
            scale[r] = (1.0 - empty[r]) / (total[r] + empty[r])
        for v in range(vendors):
            for r in range(draws):
                after[o, v, r] *= scale[r]
            if none:
                for r in range(draws):
                    after[o, v, r] += empty[r] * before[o, v, r]
            for r in range(draws):
                by_country[i, v, r] += part * after[o, v, r]
