"""Turnover: what leaves the installed base in a year, and how purchases replace it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray, from_lanes, to_lanes
from standards_net.core.compiled import compiled

__all__ = ["Turnover", "refill", "turnover"]


class Turnover(NamedTuple):
    """Changes of the installed base in a year, before purchases.

    Attributes
    ----------
    kept : (..., N, V) array
        Base that stays, as share of the potential market.
    purchases : (..., N) array
        Base to be bought: new + retired + removed.
    removed : (..., N) array
        Base removed early because a ban requires it.
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
    ([[0.0, 0.36]], [0.64], [0.36])
    """
    lead, (countries, vendors) = adoption.shape[:-2], adoption.shape[-2:]
    draws = math.prod(lead)
    kept = np.empty((countries, vendors, draws))
    purchases, removed = np.empty((countries, draws)), np.empty((countries, draws))
    _retire(
        to_lanes(adoption, lead, (countries, vendors)),
        to_lanes(deployment, lead, (countries,)),
        to_lanes(deployment_after, lead, (countries,)),
        to_lanes(retirement, lead, (1, 1))[0, 0],
        np.ascontiguousarray(np.broadcast_to(np.asarray(removal, dtype=np.float64), (countries, vendors))),
        kept,
        purchases,
        removed,
    )
    return Turnover(*(from_lanes(each, lead) for each in (kept, purchases, removed)))


@compiled
def _retire(
    adoption: FloatArray,
    deployment: FloatArray,
    after: FloatArray,
    retirement: FloatArray,
    removal: FloatArray,
    kept: FloatArray,
    purchases: FloatArray,
    removed: FloatArray,
) -> None:
    countries, vendors, draws = adoption.shape
    for i in range(countries):
        for r in range(draws):
            purchases[i, r] = after[i, r]
            removed[i, r] = 0.0
        for v in range(vendors):
            for r in range(draws):
                base = deployment[i, r] * adoption[i, v, r]
                early = max(removal[i, v] - retirement[r], 0.0)
                stays = base * (1.0 - retirement[r] - early)
                removed[i, r] += base * early
                kept[i, v, r] = stays
                purchases[i, r] -= stays
        for r in range(draws):
            purchases[i, r] = max(purchases[i, r], 0.0)


def refill(
    kept: FloatArray, bought: FloatArray, deployment_after: FloatArray, adoption: FloatArray
) -> FloatArray:
    """Adoption after the purchases: kept base plus purchases, as shares.

    Parameters
    ----------
    kept : (..., N, V) array
        Base that stays (:func:`turnover`), as share of the potential market.
    bought : (..., N, V) array
        Purchases by vendor, as share of the potential market.
    deployment_after : (..., N) array
        Share of the potential market served after the year.
    adoption : (..., N, V) array
        Shares before the year, which an empty market keeps.

    Returns
    -------
    (..., N, V) array
        Shares of the installed base; rows sum to 1.

    Examples
    --------
    >>> import numpy as np
    >>> kept, bought = np.array([[0.0, 0.36]]), np.array([[0.54, 0.0]])
    >>> refill(kept, bought, np.array([0.9]), np.array([[0.5, 0.5]])).round(6).tolist()
    [[0.6, 0.4]]
    """
    lead, own = adoption.shape[:-2], adoption.shape[-2:]
    after = np.empty((*own, math.prod(lead)))
    _refill(
        to_lanes(kept, lead, own),
        to_lanes(bought, lead, own),
        to_lanes(deployment_after, lead, own[:1]),
        to_lanes(adoption, lead, own),
        after,
    )
    return from_lanes(after, lead)


@compiled
def _refill(
    kept: FloatArray,
    bought: FloatArray,
    deployment: FloatArray,
    before: FloatArray,
    after: FloatArray,
) -> None:
    countries, vendors, draws = kept.shape
    total = np.empty(draws)
    for i in range(countries):
        total[:] = 0.0
        for v in range(vendors):
            for r in range(draws):
                after[i, v, r] = kept[i, v, r] + bought[i, v, r]
                total[r] += after[i, v, r]
        for v in range(vendors):
            for r in range(draws):
                empty = deployment[i, r] <= 0.0 or total[r] <= 0.0
                after[i, v, r] = before[i, v, r] if empty else after[i, v, r] / total[r]
