"""Effective numbers: how many standards, and how many distinct technology markets."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray, row_sum
from standards_net.measures.checks import checked_compatibility, checked_shares, checked_weights

__all__ = ["Fragmentation", "effective_standards", "fragmentation", "fragmentation_of"]

_LEAST = 1e-300  # keeps powers and logarithms of an absent standard finite; its share of 0 mutes it


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
        ``q >= 0``, infinity included; larger orders look more at large standards.

    Returns
    -------
    (...,) array
        Between 1 and S.

    Raises
    ------
    StandardsNetError
        Shares or compatibility out of range, or of shapes that do not fit.

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
    return _diversity(p, checked_compatibility(compatibility, p.shape[-1]), order)


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

    Alpha is the power mean of order 1 - q of the countries' diversities (the normalised alpha of
    Reeve et al.): splitting a country into alike halves changes nothing. Beta is 1 if every country
    mixes standards alike, and 2 for a world of two closed halves of equal weight. For q in {0, 1, 2}
    without similarity, and for q = 2 with any positive semi-definite compatibility, beta >= 1.

    Parameters
    ----------
    adoption : (..., N, S) array
        Shares by country; rows sum to 1.
    weights : (N,) array
        Weights of the countries, such as market sizes; scaled to sum to 1.
    compatibility : (..., S, S) array or None
        Identity if None.
    order : float
        ``q >= 0``.

    Returns
    -------
    Fragmentation

    Raises
    ------
    StandardsNetError
        Arrays out of range, or of shapes that do not fit.

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
    b = checked_shares(adoption)
    w = checked_weights(weights, b.shape[-2])
    return fragmentation_of(b, w, checked_compatibility(compatibility, b.shape[-1]), order)


def fragmentation_of(
    adoption: FloatArray, weights: FloatArray, compatibility: FloatArray, order: float = 2.0
) -> Fragmentation:
    """:func:`fragmentation` without the checks, for arrays that a run made itself."""
    gamma = _diversity(np.matmul(weights, adoption), compatibility, order)
    if order == 2.0:
        # The power mean of order -1 of 1 / b'Cb is 1 over the mean of b'Cb.
        alike = row_sum(np.matmul(adoption, compatibility) * adoption)
        alpha = 1.0 / np.matmul(alike, weights)
    else:
        within = _diversity(adoption, np.expand_dims(compatibility, -3), order)
        alpha = _power_mean(within, weights, 1.0 - order)
    return Fragmentation(np.asarray(alpha), np.asarray(gamma / alpha), gamma)


def _diversity(shares: FloatArray, compatibility: FloatArray, order: float) -> FloatArray:
    """Diversity of (..., S) shares under (..., S, S) compatibility that broadcasts against them."""
    ordinary = np.matmul(compatibility, shares[..., None])[..., 0]
    ordinary = np.where(shares > 0.0, ordinary, 1.0)  # absent standards do not count
    if order == 2.0:
        return np.asarray(1.0 / row_sum(shares * ordinary))
    if order == 1.0:
        return np.asarray(np.exp(-row_sum(shares * np.log(np.maximum(ordinary, _LEAST)))))
    if np.isinf(order):
        return np.asarray(1.0 / np.where(shares > 0.0, ordinary, 0.0).max(axis=-1))
    return np.asarray(row_sum(shares * ordinary ** (order - 1.0)) ** (1.0 / (1.0 - order)))


def _power_mean(values: FloatArray, weights: FloatArray, power: float) -> FloatArray:
    if power == 0.0:
        return np.asarray(np.exp(np.matmul(np.log(values), weights)))
    if np.isinf(power):
        present = np.where(weights > 0.0, values, np.inf)
        return np.asarray(present.min(axis=-1))
    return np.asarray(np.matmul(values**power, weights) ** (1.0 / power))
