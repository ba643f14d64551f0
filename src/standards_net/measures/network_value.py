"""Laws of network value, and of scale, applied to a split."""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray, row_sum
from standards_net.labels import aligned_by_label
from standards_net.measures.diversity import effective_standards
from standards_net.measures.requirements import checked_compatibility, checked_in_range, checked_shares

__all__ = ["briscoe_loss", "metcalfe_loss", "reed_loss", "sarnoff_loss", "scale_penalty"]


@aligned_by_label(shares=("standard",))
def sarnoff_loss(shares: FloatArray) -> FloatArray:
    """Value lost by a split if value grows with size, as for a broadcaster: none.

    Parameters
    ----------
    shares : (..., S) array
        Sizes of the parts; rows sum to 1.

    Returns
    -------
    (...,) array of zeros
        Share of the unsplit network's value.

    Raises
    ------
    StandardsNetError
        Shares out of range.

    References
    ----------
    Swann, G. M. P. (2002), The functional form of network effects, Information Economics and
    Policy 14(3), 417.

    Examples
    --------
    >>> float(sarnoff_loss(np.array([0.5, 0.5])))
    0.0
    """
    return np.zeros(checked_shares(shares).shape[:-1])


@aligned_by_label(shares=("standard",), compatibility=("standard", "standard"))
def metcalfe_loss(shares: FloatArray, compatibility: FloatArray | None = None) -> FloatArray:
    r"""Value lost by a split if value grows with the square of size: :math:`1 - 1/{}^2D`.

    For a clean split this is 1 - HHI: halves lose one half.

    Parameters
    ----------
    shares : (..., S) array
        Sizes of the parts; rows sum to 1.
    compatibility : (..., S, S) array or None
        Identity if None.

    Returns
    -------
    (...,) array
        Share of the unsplit network's value.

    Raises
    ------
    StandardsNetError
        Shares or compatibility out of range, or of mismatched shapes.

    References
    ----------
    Zhang, X.-Z., Liu, J.-J. & Xu, Z.-W. (2015), Journal of Computer Science and Technology 30(2),
    doi:10.1007/s11390-015-1518-1.

    Examples
    --------
    >>> round(float(metcalfe_loss(np.array([0.7, 0.3]))), 12)
    0.42
    """
    return np.asarray(1.0 - 1.0 / effective_standards(shares, compatibility, 2.0))


@aligned_by_label(shares=("standard",), compatibility=("standard", "standard"))
def briscoe_loss(
    shares: FloatArray, nodes: FloatArray | float, compatibility: FloatArray | None = None
) -> FloatArray:
    r"""Value lost by a split if value grows as n log n: :math:`\ln {}^1D / \ln n`.

    Parameters
    ----------
    shares : (..., S) array
        Sizes of the parts; rows sum to 1.
    nodes : (...,) array or float
        ``n``, size of the whole network; above 1.
    compatibility : (..., S, S) array or None
        Identity if None.

    Returns
    -------
    (...,) array
        Share of the unsplit network's value.

    Raises
    ------
    StandardsNetError
        Nodes, shares or compatibility out of range, or of mismatched shapes.

    References
    ----------
    Briscoe, B., Odlyzko, A. & Tilly, B. (2006), IEEE Spectrum 43(7), doi:10.1109/MSPEC.2006.1653003.

    Examples
    --------
    >>> round(float(briscoe_loss(np.array([0.5, 0.5]), 1e6)), 7)
    0.0501717
    """
    n = checked_in_range("nodes", nodes, 1.0, np.inf, open_low=True)
    return np.asarray(np.log(effective_standards(shares, compatibility, 1.0)) / np.log(n))


@aligned_by_label(shares=("standard",))
def reed_loss(shares: FloatArray, nodes: FloatArray | float) -> FloatArray:
    r"""Value lost by a clean split if value grows as 2 to the size: :math:`1 - \sum_s 2^{-n(1-p_s)}`.

    Every possible subgroup counts, so any split of a large network loses nearly all of its value.

    Parameters
    ----------
    shares : (..., S) array
        Sizes of the parts, none compatible with another; rows sum to 1.
    nodes : (...,) array or float
        ``n``, size of the whole network; above 1.

    Returns
    -------
    (...,) array
        Share of the unsplit network's value; empty parts contribute nothing.

    Raises
    ------
    StandardsNetError
        Nodes or shares out of range.

    References
    ----------
    Reed, D. P. (2001), The law of the pack, Harvard Business Review 79(2).

    Examples
    --------
    >>> float(reed_loss(np.array([0.5, 0.5]), 4.0))
    0.5
    """
    p = checked_shares(shares)
    n = checked_in_range("nodes", nodes, 1.0, np.inf, open_low=True)
    kept = np.where(p > 0.0, np.exp2(-n[..., None] * (1.0 - p)), 0.0)
    return np.asarray(1.0 - row_sum(kept))


@aligned_by_label(shares=("standard",), compatibility=("standard", "standard"))
def scale_penalty(
    shares: FloatArray,
    progress_ratio: FloatArray | float,
    compatibility: FloatArray | None = None,
) -> FloatArray:
    r"""Extra unit cost of smaller markets under Wright's law, averaged over the market.

    .. math:: \sum_s p_s \bigl[(Cp)_s^{-b} - 1\bigr], \qquad b = -\log_2 PR

    Parameters
    ----------
    shares : (..., S) array
        Rows sum to 1.
    progress_ratio : (...,) array or float
        Unit cost after a doubling of volume, relative; above 0 and at most 1.
    compatibility : (..., S, S) array or None
        Identity if None. A standard's market is everything compatible with it.

    Returns
    -------
    (...,) array
        Extra cost per unit of cost in one common market; 0 if all are compatible.

    Raises
    ------
    StandardsNetError
        Progress ratio, shares or compatibility out of range, or of mismatched shapes.

    References
    ----------
    Wright, T. P. (1936), Journal of the Aeronautical Sciences 3(4), doi:10.2514/8.155.

    Examples
    --------
    >>> round(float(scale_penalty(np.array([0.5, 0.5]), 0.8)), 12)
    0.25
    """
    ratio = checked_in_range("progress_ratio", progress_ratio, 0.0, 1.0, open_low=True)
    p = checked_shares(shares)
    c = checked_compatibility(compatibility, p.shape[-1], p.shape[:-1])
    reach = np.where(p > 0.0, np.matmul(c, p[..., None])[..., 0], 1.0)
    return row_sum(p * (reach ** np.log2(ratio)[..., None] - 1.0))
