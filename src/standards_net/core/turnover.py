"""Turnover: what leaves the installed base in a year, and what purchases refill."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray, row_sum

__all__ = ["Turnover", "refill", "turnover"]


class Turnover(NamedTuple):
    """What a year does to the installed base before anything is bought.

    Attributes
    ----------
    kept : (..., N, V) array
        Base that stays, as share of the potential market.
    purchases : (..., N) array
        Base to be bought: new + retired + removed.
    removed : (..., N, V) array
        Base taken out before its time because a ban orders it.
    """

    kept: FloatArray
    purchases: FloatArray
    removed: FloatArray


def turnover(
    adoption: FloatArray,
    deployment: FloatArray,
    deployment_after: FloatArray,
    retirement: FloatArray | float,
    removal: FloatArray | float = 0.0,
) -> Turnover:
    r"""Retire, remove and grow the installed base.

    .. math::

        \text{kept}_{iv} = D_i b_{iv}\,(1 - \max(\delta, \rho_{iv})), \qquad
        g_i = D'_i - \sum_v \text{kept}_{iv}

    ``rho`` is the share of a banned vendor's remaining base that a phase-out takes this year
    (1/k with k years left makes the removal linear). A ban of new purchases only has ``rho = 0``:
    the vendor's base then ages out at the ordinary rate and is refilled by others.

    Parameters
    ----------
    adoption : (..., N, V) array
        Shares of the installed base; rows sum to 1.
    deployment, deployment_after : (..., N) array
        Share of the potential market served before and after the year.
    retirement : (..., 1, 1) array or float
        ``delta`` = 1 / lifetime, per year.
    removal : (N, V) array or float
        ``rho``, 0 to 1.

    Returns
    -------
    Turnover

    Examples
    --------
    >>> import numpy as np
    >>> t = turnover(np.array([[0.5, 0.5]]), np.array([0.8]), np.array([1.0]), 0.1,
    ...              np.array([[1.0, 0.0]]))
    >>> t.kept.round(2).tolist(), t.purchases.round(2).tolist(), t.removed.round(2).tolist()
    ([[0.0, 0.36]], [0.64], [[0.36, 0.0]])
    """
    base = deployment[..., None] * adoption
    if np.any(removal):
        early = np.maximum(removal - retirement, 0.0)
        removed = base * early
        base *= 1.0 - retirement - early
    else:
        removed = np.zeros_like(base)
        base *= 1.0 - retirement
    purchases = np.maximum(deployment_after - row_sum(base), 0.0)
    return Turnover(base, purchases, removed)


def refill(
    turned: Turnover, choice: FloatArray, deployment_after: FloatArray, adoption: FloatArray
) -> FloatArray:
    """Adoption after the purchases: kept base plus purchases, as shares.

    Parameters
    ----------
    turned : Turnover
        What the year left and asks for.
    choice : (..., N, V) array
        Shares of the purchases by vendor; rows sum to 1.
    deployment_after : (..., N) array
        Share of the potential market served after the year.
    adoption : (..., N, V) array
        Shares before the year: what an empty market keeps as its point of departure.

    Returns
    -------
    (..., N, V) array
        Shares of the installed base; rows sum to 1.

    Examples
    --------
    >>> import numpy as np
    >>> t = Turnover(np.array([[0.0, 0.36]]), np.array([0.64]), np.zeros((1, 2)))
    >>> refill(t, np.array([[0.0, 1.0]]), np.array([1.0]), np.array([[0.5, 0.5]])).tolist()
    [[0.0, 1.0]]
    """
    after = turned.purchases[..., None] * choice
    after += turned.kept
    total = row_sum(after)
    empty = (deployment_after <= 0.0) | (total <= 0.0)
    after /= np.where(empty, 1.0, total)[..., None]
    if empty.any():
        after[empty] = adoption[empty]
    return np.asarray(after)
