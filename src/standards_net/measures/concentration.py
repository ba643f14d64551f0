"""Concentration and polarisation of shares."""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray, row_sum
from standards_net.errors import StandardsNetError
from standards_net.labels import aligned_by_label
from standards_net.measures.diversity import effective_standards
from standards_net.measures.requirements import checked_distance, checked_in_range, checked_shares

__all__ = [
    "CONCENTRATED",
    "HIGHLY_CONCENTRATED",
    "concentration_class",
    "hhi",
    "hill_number",
    "polarisation",
    "rao",
    "shannon",
]

# US Department of Justice and Federal Trade Commission: above 1,800 points is highly concentrated in
# the Merger Guidelines of 2023 (Guideline 1) as in those of 1992, which also set the lower bound.
HIGHLY_CONCENTRATED, CONCENTRATED = 0.18, 0.10


@aligned_by_label(shares=("standard",))
def hhi(shares: FloatArray) -> FloatArray:
    r"""Herfindahl-Hirschman index, :math:`\sum_s p_s^2`.

    Parameters
    ----------
    shares : (..., S) array
        Rows sum to 1.

    Returns
    -------
    (...,) array
        Between 1/S and 1; times 10,000 in the points of competition law.

    Raises
    ------
    StandardsNetError
        Shares out of range.

    References
    ----------
    Hirschman, A. O. (1964), American Economic Review 54(5), 761.

    Examples
    --------
    >>> round(float(hhi(np.array([0.4, 0.3, 0.2, 0.1]))), 12)
    0.3
    """
    return row_sum(np.square(checked_shares(shares)))


def concentration_class(index: float) -> str:
    """Class of a market by its HHI in the US Merger Guidelines (1992, and above 0.18 also 2023).

    Parameters
    ----------
    index : float
        HHI from 0 to 1 (:func:`hhi`), not in points.

    Returns
    -------
    {"unconcentrated", "moderately concentrated", "highly concentrated"}

    Raises
    ------
    StandardsNetError
        Index out of range, such as one in points.

    References
    ----------
    US Department of Justice and Federal Trade Commission, Horizontal Merger Guidelines (1992), 1.5;
    Merger Guidelines (2023), Guideline 1.

    Examples
    --------
    >>> concentration_class(0.30)
    'highly concentrated'
    """
    checked_in_range("index (a share, not points)", index, 0.0, 1.0)
    if index > HIGHLY_CONCENTRATED:
        return "highly concentrated"
    return "moderately concentrated" if index > CONCENTRATED else "unconcentrated"


@aligned_by_label(shares=("standard",))
def hill_number(shares: FloatArray, order: float = 2.0) -> FloatArray:
    """Effective number of standards if none is compatible with another (Hill 1973).

    Parameters
    ----------
    shares : (..., S) array
        Rows sum to 1.
    order : float
        ``q`` from 0 to 100, or infinity.

    Returns
    -------
    (...,) array
        Between 1 and S.

    Raises
    ------
    StandardsNetError
        Shares or order out of range.

    References
    ----------
    Hill, M. O. (1973), Ecology 54(2), doi:10.2307/1934352.

    Examples
    --------
    >>> round(float(hill_number(np.array([0.5, 0.3, 0.2]))), 5)
    2.63158
    """
    return effective_standards(shares, None, order)


@aligned_by_label(shares=("standard",))
def shannon(shares: FloatArray) -> FloatArray:
    r"""Shannon entropy in nats, :math:`-\sum_s p_s \ln p_s`.

    Parameters
    ----------
    shares : (..., S) array
        Rows sum to 1.

    Returns
    -------
    (...,) array
        Between 0 and ln S.

    Raises
    ------
    StandardsNetError
        Shares out of range.

    References
    ----------
    Shannon, C. E. (1948), Bell System Technical Journal 27(3),
    doi:10.1002/j.1538-7305.1948.tb01338.x.

    Examples
    --------
    >>> round(float(shannon(np.array([0.5, 0.5]))), 6)
    0.693147
    """
    p = checked_shares(shares)
    present = np.where(p > 0.0, p, 1.0)
    return np.asarray(-row_sum(p * np.log(present)))


@aligned_by_label(shares=("standard",), distance=("standard", "standard"))
def rao(shares: FloatArray, distance: FloatArray) -> FloatArray:
    r"""Rao's quadratic entropy, :math:`\sum_{st} d_{st} p_s p_t`.

    Parameters
    ----------
    shares : (..., S) array
        Rows sum to 1.
    distance : (..., S, S) array
        Symmetric, 0 or more, zero diagonal; with 1 elsewhere the result is 1 - HHI, with 1 - C it is
        ``1 - 1 / effective_standards(shares, C)``.

    Returns
    -------
    (...,) array

    Raises
    ------
    StandardsNetError
        Shares or distance out of range, or of mismatched shapes.

    References
    ----------
    Rao, C. R. (1982), Theoretical Population Biology 21(1), doi:10.1016/0040-5809(82)90004-1.

    Examples
    --------
    >>> float(rao(np.array([0.5, 0.5]), 1 - np.eye(2)))
    0.5
    """
    p = checked_shares(shares)
    d = checked_distance(distance, p.shape[-1], p.shape[:-1])
    return row_sum(np.matmul(d, p[..., None])[..., 0] * p)


@aligned_by_label(shares=("standard",), distance=("standard", "standard"))
def polarisation(
    shares: FloatArray, distance: FloatArray | None = None, sensitivity: float = 1.3
) -> FloatArray:
    r"""Esteban-Ray polarisation, :math:`\sum_{st} p_s^{1+\alpha} p_t d_{st}`.

    Unlike entropy, it is largest for two equal poles, and falls when there are more.

    Parameters
    ----------
    shares : (..., S) array
        Rows sum to 1.
    distance : (..., S, S) array or None
        Symmetric, 0 or more, zero diagonal; 1 between any two standards if None.
    sensitivity : float
        ``alpha``, above 0 and at most 1.6.

    Returns
    -------
    (...,) array

    Raises
    ------
    StandardsNetError
        Sensitivity, shares or distance out of range, or mismatched shapes.

    References
    ----------
    Esteban, J.-M. & Ray, D. (1994), Econometrica 62(4), doi:10.2307/2951734.

    Examples
    --------
    >>> round(float(polarisation(np.array([0.5, 0.5]))), 6)
    0.203063
    """
    if not 0.0 < sensitivity <= 1.6:
        raise StandardsNetError(
            f"sensitivity is {sensitivity}; Esteban and Ray allow values above 0 and up to 1.6."
        )
    p = checked_shares(shares)
    mean_distance = np.matmul(checked_distance(distance, p.shape[-1], p.shape[:-1]), p[..., None])[..., 0]
    return row_sum(np.maximum(p, 0.0) ** (1.0 + sensitivity) * mean_distance)
