"""Laws of network value, and of scale, applied to a split."""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray, row_sum
from standards_net.errors import StandardsNetError
from standards_net.measures.checks import checked_compatibility, checked_shares
from standards_net.measures.diversity import effective_standards

__all__ = ["briscoe_loss", "metcalfe_loss", "scale_penalty"]


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


def briscoe_loss(
    shares: FloatArray, nodes: FloatArray | float, compatibility: FloatArray | None = None
) -> FloatArray:
    r"""Value lost by a split if value grows as n log n: :math:`\ln {}^1D / \ln n`.

    Parameters
    ----------
    shares : (..., S) array
    nodes : (...,) array or float
        ``n``, size of the whole network; above 1.
    compatibility : (..., S, S) array or None

    References
    ----------
    Briscoe, B., Odlyzko, A. & Tilly, B. (2006), IEEE Spectrum 43(7), doi:10.1109/MSPEC.2006.1653003.

    Examples
    --------
    >>> round(float(briscoe_loss(np.array([0.5, 0.5]), 1e6)), 7)
    0.0501717
    """
    n = np.asarray(nodes, dtype=np.float64)
    if (n <= 1.0).any():
        raise StandardsNetError("nodes must be above 1: a network needs at least two.")
    return np.asarray(np.log(effective_standards(shares, compatibility, 1.0)) / np.log(n))


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
    progress_ratio : (...,) array or float
        Unit cost after a doubling of volume, relative; above 0 and at most 1.
    compatibility : (..., S, S) array or None

    Raises
    ------
    StandardsNetError
        Progress ratio out of range.

    References
    ----------
    Wright, T. P. (1936), Journal of the Aeronautical Sciences 3(4), doi:10.2514/8.155.

    Examples
    --------
    >>> round(float(scale_penalty(np.array([0.5, 0.5]), 0.8)), 12)
    0.25
    """
    ratio = np.asarray(progress_ratio, dtype=np.float64)
    if (ratio <= 0.0).any() or (ratio > 1.0).any():
        raise StandardsNetError("progress_ratio must be above 0 and at most 1, such as 0.85.")
    p = checked_shares(shares)
    c = checked_compatibility(compatibility, p.shape[-1])
    reach = np.where(p > 0.0, np.matmul(c, p[..., None])[..., 0], 1.0)
    return row_sum(p * (reach ** np.log2(ratio)[..., None] - 1.0))
