"""Purchases under exclusion: what buyers who may not buy from a vendor buy instead."""

from __future__ import annotations

import math

import numpy as np

from standards_net.core.arrays import FloatArray, from_lanes, to_lanes
from standards_net.core.compiled import compiled

__all__ = ["exclude", "exclude_from", "exclusion_cost"]

_MOST_LOST = 1.0  # of spending


def exclude(choice: FloatArray, barred: FloatArray) -> tuple[FloatArray, FloatArray]:
    r"""Move the purchases that are barred to the vendors that remain, in proportion to their choice.

    .. math:: c_v = k_v s_v + X \frac{[k_v = 1]\, s_v}{\sum_u [k_u = 1]\, s_u},
              \qquad k_v = 1 - \text{barred}_v, \quad X = \sum_v (1 - k_v) s_v

    A vendor that is barred from part of a market keeps its share of the rest. Where every vendor is barred
    from a part, the remainder goes to all of them in proportion to what they may sell.

    Parameters
    ----------
    choice : (..., O, V) array
        Shares of purchases if nobody were barred; rows sum to 1.
    barred : (..., O, V) or (O, V) array
        Part of each buyer's purchases that may not be from a vendor, 0 to 1.

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
    limited, moved = np.empty((*own, math.prod(lead))), np.empty((own[0], math.prod(lead)))
    _exclude(to_lanes(choice, lead, own), to_lanes(barred, barred.shape[:-2], own), limited, moved)
    return from_lanes(limited, lead), from_lanes(moved, lead)


@compiled
def _exclude(choice: FloatArray, barred: FloatArray, limited: FloatArray, moved: FloatArray) -> None:
    for o in range(len(choice)):
        exclude_from(choice[o], barred[o], limited[o], moved[o])


@compiled
def exclude_from(  # noqa: C901 - one pass over the vendors
    choice: FloatArray, barred: FloatArray, limited: FloatArray, moved: FloatArray
) -> None:
    """Limit the choice of one buyer, (V, R), to what it may buy; ``barred`` is (V, R) or (V, 1).

    Examples
    --------
    >>> limited, moved = np.empty((3, 1)), np.empty(1)
    >>> exclude_from(np.array([[0.4], [0.45], [0.15]]), np.array([[1.0], [0.0], [0.0]]), limited, moved)
    >>> limited.round(3).ravel().tolist(), moved.tolist()
    ([0.0, 0.75, 0.25], [0.4])
    """
    vendors, draws = choice.shape
    by_draw = barred.shape[1] > 1
    free, left, gain = np.zeros(draws), np.zeros(draws), np.empty(draws)
    moved[:] = 0.0
    for v in range(vendors):
        if by_draw:
            for r in range(draws):
                limited[v, r] = choice[v, r] * (1.0 - barred[v, r])
            for r in range(draws):
                free[r] += choice[v, r] if barred[v, r] == 0.0 else 0.0
        else:
            allowed = 1.0 - barred[v, 0]
            for r in range(draws):
                limited[v, r] = choice[v, r] * allowed
            if barred[v, 0] == 0.0:
                for r in range(draws):
                    free[r] += choice[v, r]
        for r in range(draws):
            moved[r] += choice[v, r] - limited[v, r]
        for r in range(draws):
            left[r] += limited[v, r]
    for r in range(draws):
        total = free[r] if free[r] > 0.0 else left[r]
        gain[r] = moved[r] / total if total > 0.0 else 0.0
    for v in range(vendors):
        for r in range(draws):
            gains = barred[v, r if by_draw else 0] == 0.0 or not free[r] > 0.0
            limited[v, r] *= 1.0 + (gain[r] if gains else 0.0)


def exclusion_cost(moved: FloatArray, elasticity: FloatArray | float) -> FloatArray:
    r"""Loss of choice in money: what buyers would pay, per unit of spending, to have all vendors back.

    .. math:: \min\bigl((1 - X)^{-1 / (\beta \eta)} - 1, \; 1\bigr)

    The change of the log-sum of the logit, in units of log price (Small & Rosen 1981): excluding vendors
    that would have had the share X of purchases costs this part of spending, whatever the other vendors.

    At most the price again: a log-sum has no bound as X comes to 1, where it rests on shares of the vendors
    that remain of one in ten thousand, which nobody has observed. Who would have to pay more than double
    waits, or lets another vendor in. The bound is judgement; for a supplier of about 0.3 of the market Oxford
    Economics (2019) finds 8 to 29 %.

    Parameters
    ----------
    moved : (...,) array
        ``X``, 0 to below 1.
    elasticity : (...,) array or float
        :math:`\beta\eta`, change of log-odds with log price, above 0.

    Returns
    -------
    (...,) array
        From 0 to 1.

    References
    ----------
    Small, K. A. & Rosen, H. S. (1981), Econometrica 49(1), doi:10.2307/1911129.

    Examples
    --------
    >>> float(exclusion_cost(np.array(0.36), 2.0).round(6))
    0.25
    >>> float(exclusion_cost(np.array(0.9999), 2.0))
    1.0
    """
    kept = np.maximum(1.0 - np.asarray(moved), 1e-9)
    return np.asarray(np.minimum(np.expm1(-np.log(kept) / elasticity), _MOST_LOST))
