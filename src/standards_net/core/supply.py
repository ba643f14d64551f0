"""Supply: prices that fall with volume, quality that grows with revenue."""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray

__all__ = ["learned_price", "quality_step", "spill_over_matrix"]


def learned_price(
    volume: FloatArray, reference_volume: FloatArray, progress_ratio: FloatArray | float
) -> FloatArray:
    r"""Relative price after learning by doing (Wright's law).

    .. math:: P_v / P_v^0 = (Q_v / Q_v^0)^{\log_2 PR}

    Parameters
    ----------
    volume, reference_volume : (..., V) array
        Cumulative volume sold, now and at the start, in one unit.
    progress_ratio : (..., 1) array or float
        Relative price after a doubling of volume; 1 disables learning.

    Returns
    -------
    (..., V) array
        Price relative to the start.

    References
    ----------
    Wright, T. P. (1936), Journal of the Aeronautical Sciences 3(4), doi:10.2514/8.155.
    Nagy, B. et al. (2013), PLoS ONE 8(2), doi:10.1371/journal.pone.0052669.

    Examples
    --------
    >>> import numpy as np
    >>> learned_price(np.array([4.0]), np.array([1.0]), 0.8).round(6).tolist()
    [0.64]
    """
    return np.asarray((volume / reference_volume) ** np.log2(progress_ratio))


def spill_over_matrix(
    same_standard: FloatArray, within: FloatArray | float, across: FloatArray | float
) -> FloatArray:
    """Weights with which one vendor's research benefits another's products.

    Parameters
    ----------
    same_standard : (V, V) array
        1 where two vendors implement the same standard, else 0.
    within, across : (..., 1, 1) array or float
        Share of research that spills over within a standard and between standards.

    Returns
    -------
    (..., V, V) array
        Diagonal 1.

    Examples
    --------
    >>> import numpy as np
    >>> spill_over_matrix(np.eye(2), 0.5, 0.2).tolist()
    [[1.0, 0.2], [0.2, 1.0]]
    """
    own = np.eye(same_standard.shape[-1])
    return np.asarray(own + (1 - own) * (within * same_standard + across * (1 - same_standard)))


def quality_step(
    quality: FloatArray,
    research_share: FloatArray,
    spill_over: FloatArray,
    feedback: FloatArray | float,
) -> FloatArray:
    r"""Increase quality by a vendor's own research and by spill-over from other vendors.

    .. math:: q'_v = q_v + \gamma \sum_u K_{vu} r_u

    Parameters
    ----------
    quality : (..., V) array
        In log-odds of choice, relative to the start.
    research_share : (..., V) array
        Vendor's share of the sector's revenue, plus its extra research budget as share of the
        sector's research.
    spill_over : (..., V, V) array
        ``K`` (:func:`spill_over_matrix`).
    feedback : (..., 1) array or float
        ``gamma``, log-odds per year and unit of share; 0 disables the feedback.

    Returns
    -------
    (..., V) array

    Examples
    --------
    >>> import numpy as np
    >>> quality_step(np.zeros(2), np.array([0.75, 0.25]), np.eye(2), 0.1).tolist()
    [0.07500000000000001, 0.025]
    """
    reached = np.matmul(spill_over, research_share[..., None])[..., 0]
    return np.asarray(quality + feedback * reached)
