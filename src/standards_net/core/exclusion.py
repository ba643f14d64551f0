"""Purchases under exclusion: what buyers who may not buy from a vendor buy instead."""

from __future__ import annotations

import math

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, from_lanes, row_sum, to_lanes
from standards_net.core.compiled import compiled

__all__ = ["cap_purchases", "exclude", "exclusion_cost"]


def exclude(
    choice: FloatArray, barred: FloatArray, country_of: IntArray | None = None
) -> tuple[FloatArray, FloatArray]:
    r"""Move the purchases that are barred to the vendors that remain, in proportion to their choice.

    .. math:: c_v = k_v s_v + X \frac{[k_v = 1]\, s_v}{\sum_u [k_u = 1]\, s_u},
              \qquad k_v = 1 - \text{barred}_v, \quad X = \sum_v (1 - k_v) s_v

    A vendor that is barred from part of a market keeps its share of the rest. Where every vendor is barred
    from a part, the remainder goes to all of them in proportion to what they may sell.

    Parameters
    ----------
    choice : (..., O, V) array
        Shares of purchases if nobody were barred; rows sum to 1.
    barred : (..., N, V) array
        Part of each country's market that may not buy from a vendor, 0 to 1.
    country_of : (O,) array of int or None
        Index of each buyer's country; each buyer is a country of its own if None.

    Returns
    -------
    (..., O, V) array
        Shares of purchases; rows sum to 1.
    (..., O) array
        ``X``, the share of purchases that is moved.

    Examples
    --------
    >>> shares, moved = exclude(np.array([[0.4, 0.45, 0.15]]), np.array([[1.0, 0.0, 0.0]]))
    >>> shares.round(3).tolist(), moved.tolist()
    ([[0.0, 0.75, 0.25]], [0.4])
    """
    lead, own = choice.shape[:-2], choice.shape[-2:]
    at = np.arange(own[0]) if country_of is None else country_of
    limited = np.empty((*own, math.prod(lead)))
    moved = np.empty((own[0], math.prod(lead)))
    _exclude(to_lanes(choice, lead, own), to_lanes(barred, lead, barred.shape[-2:]), at, limited, moved)
    return from_lanes(limited, lead), from_lanes(moved, lead)


@compiled
def _exclude(
    choice: FloatArray, barred: FloatArray, country_of: IntArray, limited: FloatArray, moved: FloatArray
) -> None:
    buyers, vendors, draws = choice.shape
    free, left, gain = np.empty(draws), np.empty(draws), np.empty(draws)
    for o in range(buyers):
        i = country_of[o]
        free[:] = 0.0
        left[:] = 0.0
        moved[o] = 0.0
        for v in range(vendors):
            for r in range(draws):
                limited[o, v, r] = choice[o, v, r] * (1.0 - barred[i, v, r])
            for r in range(draws):
                moved[o, r] += choice[o, v, r] - limited[o, v, r]
            for r in range(draws):
                left[r] += limited[o, v, r]
            for r in range(draws):
                free[r] += choice[o, v, r] if barred[i, v, r] == 0.0 else 0.0
        for r in range(draws):
            total = free[r] if free[r] > 0.0 else left[r]
            gain[r] = moved[o, r] / total if total > 0.0 else 0.0
        for v in range(vendors):
            for r in range(draws):
                gains = barred[i, v, r] == 0.0 or not free[r] > 0.0
                limited[o, v, r] *= 1.0 + (gain[r] if gains else 0.0)


def exclusion_cost(moved: FloatArray, elasticity: FloatArray | float) -> FloatArray:
    r"""Loss of choice in money: what buyers would pay, per unit of spending, to have all vendors back.

    .. math:: (1 - X)^{-1 / (\beta \eta)} - 1

    The change of the log-sum of the logit, in units of log price (Small & Rosen 1981): excluding vendors
    that would have had the share X of purchases costs this part of spending, whatever the other vendors.

    Parameters
    ----------
    moved : (...,) array
        ``X``, 0 to below 1.
    elasticity : (...,) array or float
        :math:`\beta\eta`, change of log-odds with log price, above 0.

    Returns
    -------
    (...,) array
        At least 0.

    References
    ----------
    Small, K. A. & Rosen, H. S. (1981), Econometrica 49(1), doi:10.2307/1911129.

    Examples
    --------
    >>> float(exclusion_cost(np.array(0.36), 2.0).round(6))
    0.25
    """
    kept = np.maximum(1.0 - np.asarray(moved), 1e-9)
    return np.asarray(np.expm1(-np.log(kept) / elasticity))


def cap_purchases(
    choice: FloatArray,
    instead: FloatArray,
    capped: BoolArray,
    kept: FloatArray,
    purchases: FloatArray,
    room: FloatArray,
) -> FloatArray:
    r"""Keep purchases from capped vendors within what the cap leaves them.

    .. math:: m = \frac{(k D' - \sum_{v \in B} \text{kept}_v)_+}{g}, \qquad
              c_v = s_v \frac{m}{s_B}\ (v \in B), \quad
              s_v + (s_B - m) \frac{q_v}{\sum_{u \notin B} q_u}\ (v \notin B)

    where the share :math:`s_B` of the capped vendors exceeds m; they sell what is left under the cap, and
    what is moved goes to the others in proportion to q. Where q has no others nothing is moved.

    Parameters
    ----------
    choice : (..., O, V) array
        Shares of purchases; rows sum to 1.
    instead : (..., O, V) array
        ``q``, shares in which buyers would choose anew; the same as ``choice`` unless contracts bind them.
    capped : (O, V) array of bool
    kept : (..., O, V) array
        Installed base before the purchases, as share of the potential market.
    purchases : (..., O) array
    room : (..., O) array
        Base that the capped vendors may have together, as share of the potential market.

    Returns
    -------
    (..., O, V) array

    Examples
    --------
    >>> half = np.array([[0.5, 0.5]])
    >>> cap_purchases(half, half, np.array([[True, False]]), np.array([[0.2, 0.4]]),
    ...     np.array([0.4]), np.array([0.35])).round(3).tolist()
    [[0.375, 0.625]]
    """
    mine = row_sum(np.where(capped, choice, 0.0))
    held = row_sum(np.where(capped, kept, 0.0))
    most = np.divide(np.maximum(room - held, 0.0), purchases, out=np.ones_like(mine), where=purchases > 0.0)
    free = np.where(capped, 0.0, instead)
    others = row_sum(free)
    over = (mine > most) & (others > 0.0)
    down = np.where(over, most / np.where(over, mine, 1.0), 1.0)
    moved = np.where(over, (mine - most) / np.where(over, others, 1.0), 0.0)
    return np.asarray(choice * np.where(capped, down[..., None], 1.0) + moved[..., None] * free)
