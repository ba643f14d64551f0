"""Effective numbers: how many standards, and how many distinct technology markets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray, pool, row_form, row_sum
from standards_net.errors import StandardsNetError
from standards_net.labels import aligned_by_label
from standards_net.measures.requirements import (
    checked_adoption,
    checked_compatibility,
    checked_shares,
    checked_weights,
)

__all__ = [
    "Fragmentation",
    "country_beta",
    "effective_standards",
    "fragmentation",
    "fragmentation_of",
]

_LARGEST_ORDER = 100.0  # powers of shares beyond are below the smallest float
_TINY = 1e-300  # keeps powers and logarithms of an absent standard finite; its share of 0 cancels the term


class Fragmentation(NamedTuple):
    """Diversity within countries, between them, and of the world.

    Attributes
    ----------
    alpha : (...,) array
        Effective number of standards within a country, on average.
    beta : (...,) array
        ``gamma / alpha``: effective number of distinct technology markets.
    gamma : (...,) array
        Effective number of standards in the pooled world.
    """

    alpha: FloatArray
    beta: FloatArray
    gamma: FloatArray


@aligned_by_label(shares=("standard",), compatibility=("standard", "standard"))
def effective_standards(
    shares: FloatArray, compatibility: FloatArray | None = None, order: float = 2.0
) -> FloatArray:
    r"""Similarity-sensitive diversity of order q.

    .. math:: {}^qD = \Bigl(\sum_s p_s (Cp)_s^{q-1}\Bigr)^{1/(1-q)}, \qquad
              {}^1D = \prod_s (Cp)_s^{-p_s}, \qquad {}^2D = \frac{1}{p'Cp}

    All compatible: 1. Nothing compatible: the Hill number (q = 2: 1 / HHI).

    Parameters
    ----------
    shares : (..., S) array
        Rows sum to 1.
    compatibility : (..., S, S) array or None
        0 to 1, diagonal 1; identity if None.
    order : float
        ``q`` from 0 to 100, or infinity; larger orders put more weight on large standards.

    Returns
    -------
    (...,) array
        Between 1 and S.

    Raises
    ------
    StandardsNetError
        Shares or compatibility out of range, or of mismatched shapes.

    References
    ----------
    Leinster, T. & Cobbold, C. A. (2012), Ecology 93(3), doi:10.1890/10-2402.1.

    Examples
    --------
    >>> effective_standards(np.array([0.5, 0.5])).tolist()
    2.0
    >>> round(float(effective_standards(np.array([0.5, 0.3, 0.2]), order=1.0)), 5)
    2.80009
    """
    p = checked_shares(shares)
    c = checked_compatibility(compatibility, p.shape[-1], p.shape[:-1])
    return _diversity(p, c, _checked_order(order))


@aligned_by_label(
    adoption=("country", "standard"), weights=("country",), compatibility=("standard", "standard")
)  # fmt: skip
def fragmentation(
    adoption: FloatArray,
    weights: FloatArray,
    compatibility: FloatArray | None = None,
    order: float = 2.0,
) -> Fragmentation:
    r"""Partition the world's diversity into within and between countries.

    .. math::

        p = \sum_i w_i b_i, \qquad \gamma = {}^qD(p), \qquad
        \alpha = \Bigl(\sum_i w_i\,({}^qD(b_i))^{1-q}\Bigr)^{1/(1-q)}, \qquad
        \beta = \gamma / \alpha

    Alpha is the power mean of order 1 - q of the countries' diversities: the normalised alpha of
    Reeve et al., not their raw one, which grows when a country is cut into identical halves. Beta is
    the ratio; their own normalised beta is another mean of the same comparison, equal to it at q = 1,
    but gamma is not alpha times that beta. With the ratio

    - beta is 1 if every country has the same mix of standards, for every order and compatibility;
    - beta is 2 for a world of two closed halves of equal weight, however many countries they hold;
    - splitting a country and its weight into identical halves changes nothing;
    - beta >= 1 without compatibility between standards for every order, and at q = 2 for every
      positive semi-definite C (:func:`country_beta` shows why); for other C it may fall slightly below 1;
    - beta <= gamma <= S, and beta <= N at q = 1 or if the countries are equally diverse. Otherwise
      beta can exceed N for a few countries of unequal diversity: (1/3, 1/3, 1/3, 0) and (0, 0, 0, 1) with
      weights 0.6 and 0.4 have beta 2.14.

    Parameters
    ----------
    adoption : (..., N, S) array
        Shares by country; rows sum to 1. A row of zeros (nothing deployed) has no weight in that draw.
    weights : (N,) array
        Weights of the countries, such as market sizes; scaled to sum to 1.
    compatibility : (..., S, S) array or None
        Identity if None.
    order : float
        ``q`` from 0 to 100, or infinity.

    Returns
    -------
    Fragmentation

    Raises
    ------
    StandardsNetError
        Arrays out of range, or of mismatched shapes.

    References
    ----------
    Reeve, R. et al. (2016), How to partition diversity, arXiv:1404.6520.

    Examples
    --------
    >>> two_closed_halves = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> parts = fragmentation(two_closed_halves, np.array([0.25, 0.25, 0.5]))
    >>> float(parts.alpha), float(parts.beta), float(parts.gamma)
    (1.0, 2.0, 2.0)
    """
    b, w, c = _checked_world(adoption, weights, compatibility)
    return fragmentation_of(b, w, c, _checked_order(order))


def fragmentation_of(
    adoption: FloatArray, weights: FloatArray, compatibility: FloatArray, order: float = 2.0
) -> Fragmentation:
    """:func:`fragmentation` without input checks, for arrays generated by a run.

    ``weights`` may be (N,) or, with one row per draw, (..., N); they sum to 1.
    """
    gamma = _diversity(_pooled(adoption, weights), compatibility, order)
    if order == 2.0:
        # The power mean of order -1 of 1 / b'Cb is 1 over the mean of b'Cb.
        alike = row_form(adoption, compatibility, adoption)
        alpha = 1.0 / _mean(alike, weights)
    else:
        within = _diversity(adoption, np.expand_dims(compatibility, -3), order)
        alpha = _power_mean(within, weights, 1.0 - order)
    return Fragmentation(np.asarray(alpha), np.asarray(gamma / alpha), gamma)


@aligned_by_label(
    adoption=("country", "standard"), weights=("country",), compatibility=("standard", "standard")
)  # fmt: skip
def country_beta(
    adoption: FloatArray, weights: FloatArray, compatibility: FloatArray | None = None
) -> FloatArray:
    r"""Contribution of each country to beta - 1 at order 2, from a mix that differs from the world's.

    .. math:: \beta - 1 = \sum_i \gamma\, w_i\, (b_i - p)'\, C\, (b_i - p)

    A country's part is proportional to its weight times its squared distance from the world's mix: 0 for
    a country with the world's mix, and non-negative if C is positive semi-definite.

    Parameters
    ----------
    adoption, weights, compatibility
        As in :func:`fragmentation`.

    Returns
    -------
    (..., N) array
        Adds up to ``fragmentation(...).beta - 1``.

    Raises
    ------
    StandardsNetError
        Arrays out of range, or of mismatched shapes.

    References
    ----------
    Rao, C. R. (1982), Theoretical Population Biology 21(1), doi:10.1016/0040-5809(82)90004-1: the
    same partition of quadratic entropy into within and between.

    Examples
    --------
    >>> country_beta(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.array([0.25, 0.25, 0.5])).tolist()
    [0.25, 0.25, 0.5]
    """
    b, w, c = _checked_world(adoption, weights, compatibility)
    pooled = _pooled(b, w)
    deviation = b - pooled[..., None, :]
    squared = row_form(deviation, c, deviation)
    return np.asarray(_diversity(pooled, c, 2.0)[..., None] * w * squared)


def _checked_world(
    adoption: FloatArray, weights: FloatArray, compatibility: FloatArray | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Adoption, weights that are 0 where nothing is deployed, and compatibility."""
    b, empty = checked_adoption(adoption, or_none=True)
    w = checked_weights(weights, b.shape[-2])
    if empty is not None:
        w = np.where(empty, 0.0, w)
        total = w.sum(axis=-1, keepdims=True)
        if (total <= 0.0).any():
            raise StandardsNetError("nothing is deployed in any country with a positive weight.")
        w = w / total
    return b, w, checked_compatibility(compatibility, b.shape[-1], b.shape[:-2])


def _checked_order(order: float) -> float:
    if (
        np.isscalar(order)
        and not isinstance(order, str)
        and (0.0 <= order <= _LARGEST_ORDER or order == np.inf)
    ):
        return float(order)
    raise StandardsNetError(f"order is {order}; it must be 0 to {_LARGEST_ORDER:g}, or infinity.")


def _mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Mean over countries of (..., N) values, with weights (N,) or (..., N)."""
    if weights.ndim == 1:
        return np.asarray(np.matmul(values, weights))
    return np.asarray((values * weights).sum(axis=-1))


def _pooled(adoption: FloatArray, weights: FloatArray) -> FloatArray:
    """World shares (..., S)."""
    if weights.ndim == 1:
        return pool(weights, adoption)
    return np.asarray(np.matmul(weights[..., None, :], adoption)[..., 0, :])


def _diversity(shares: FloatArray, compatibility: FloatArray, order: float) -> FloatArray:
    """Diversity of (..., S) shares under (..., S, S) compatibility that broadcasts against them."""
    ordinary = np.matmul(compatibility, shares[..., None])[..., 0]
    ordinary = np.where(shares > 0.0, ordinary, 1.0)  # absent standards do not count
    if order == 2.0:
        return np.asarray(1.0 / row_sum(shares * ordinary))
    if order == 1.0:
        return np.asarray(np.exp(-row_sum(shares * np.log(np.maximum(ordinary, _TINY)))))
    if np.isinf(order):
        return np.asarray(1.0 / np.where(shares > 0.0, ordinary, 0.0).max(axis=-1))
    return np.asarray(row_sum(shares * ordinary ** (order - 1.0)) ** (1.0 / (1.0 - order)))


def _power_mean(values: FloatArray, weights: FloatArray, power: float) -> FloatArray:
    if power == 0.0:
        return np.asarray(np.exp(_mean(np.log(values), weights)))
    if np.isinf(power):
        present = np.where(weights > 0.0, values, np.inf)
        return np.asarray(present.min(axis=-1))
    return np.asarray(_mean(values**power, weights) ** (1.0 / power))
