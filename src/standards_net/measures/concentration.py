"""Concentration and polarisation of shares."""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray, row_sum
from standards_net.errors import StandardsNetError

__all__ = ["concentration_class", "hhi", "hill_number", "polarisation", "rao", "shannon"]

# US Department of Justice and Federal Trade Commission, Merger Guidelines of 2023, Guideline 1.
_HIGHLY_CONCENTRATED, _CONCENTRATED = 0.18, 0.10


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

    Examples
    --------
    >>> round(float(hhi(np.array([0.4, 0.3, 0.2, 0.1]))), 12)
    0.3
    """
    return row_sum(np.square(shares))


def concentration_class(index: float) -> str:
    """Class of a market by its HHI in the US Merger Guidelines of 2023.

    Examples
    --------
    >>> concentration_class(0.30)
    'highly concentrated'
    """
    if index > _HIGHLY_CONCENTRATED:
        return "highly concentrated"
    return "moderately concentrated" if index > _CONCENTRATED else "unconcentrated"


def hill_number(shares: FloatArray, order: float = 2.0) -> FloatArray:
    """Effective number of standards if none is compatible with another (Hill 1973).

    Parameters
    ----------
    shares : (..., S) array
    order : float

    References
    ----------
    Hill, M. O. (1973), Ecology 54(2), doi:10.2307/1934352.

    Examples
    --------
    >>> round(float(hill_number(np.array([0.5, 0.3, 0.2]))), 5)
    2.63158
    """
    from standards_net.measures.diversity import effective_standards

    return effective_standards(shares, None, order)


def shannon(shares: FloatArray) -> FloatArray:
    r"""Shannon entropy in nats, :math:`-\sum_s p_s \ln p_s`.

    Parameters
    ----------
    shares : (..., S) array

    Examples
    --------
    >>> round(float(shannon(np.array([0.5, 0.5]))), 6)
    0.693147
    """
    present = np.where(shares > 0.0, shares, 1.0)
    return np.asarray(-row_sum(shares * np.log(present)))


def rao(shares: FloatArray, distance: FloatArray) -> FloatArray:
    r"""Rao's quadratic entropy, :math:`\sum_{st} d_{st} p_s p_t`.

    Parameters
    ----------
    shares : (..., S) array
    distance : (..., S, S) array
        0 to 1, zero diagonal; with 1 elsewhere it is 1 - HHI.

    References
    ----------
    Rao, C. R. (1982), Theoretical Population Biology 21(1), doi:10.1016/0040-5809(82)90004-1.

    Examples
    --------
    >>> float(rao(np.array([0.5, 0.5]), 1 - np.eye(2)))
    0.5
    """
    return row_sum(np.matmul(distance, shares[..., None])[..., 0] * shares)


def polarisation(
    shares: FloatArray, distance: FloatArray | None = None, sensitivity: float = 1.3
) -> FloatArray:
    r"""Esteban-Ray polarisation, :math:`\sum_{st} p_s^{1+\alpha} p_t d_{st}`.

    Unlike entropy it is largest for two equal poles, and falls when there are more.

    Parameters
    ----------
    shares : (..., S) array
    distance : (..., S, S) array or None
        1 between any two standards if None.
    sensitivity : float
        ``alpha``, above 0 and at most 1.6.

    Raises
    ------
    StandardsNetError
        Sensitivity out of range.

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
    apart = 1.0 - np.eye(shares.shape[-1]) if distance is None else distance
    felt = np.matmul(apart, shares[..., None])[..., 0]
    return row_sum(shares ** (1.0 + sensitivity) * felt)
