r"""The four items of the USD account, country by country.

Each item is small and separable, so that a study can switch it off; none is GDP, and they are not
additive with each other's side effects: the account says what the stated mechanisms cost.
"""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray

__all__ = ["double_running_cost", "exchange_value_lost", "replacement_cost", "scale_lost"]

_LEAST = 1e-12  # a standard with no share at all has no market to be ordinary in


def _ordinariness(pooled: FloatArray, compatibility: FloatArray) -> FloatArray:
    """Share of the world that each standard works with, (..., S)."""
    return np.asarray(np.maximum(np.matmul(compatibility, pooled[..., None])[..., 0], _LEAST))


def exchange_value_lost(
    shares: FloatArray,
    pooled: FloatArray,
    compatibility: FloatArray,
    *,
    value_usd: FloatArray,
    law: FloatArray | float,
    nodes: FloatArray | float,
) -> FloatArray:
    r"""Network value that incompatibility destroys, by country, USD a year.

    .. math:: L_i = V_i \Bigl[\theta \sum_s b_{is}\bigl(1 - (Cp)_s\bigr)
              - (1 - \theta) \sum_s b_{is} \frac{\ln (Cp)_s}{\ln n}\Bigr]

    The first term is Metcalfe's law (world loss :math:`1 - p'Cp`), the second the n log n law
    (:math:`\ln D_1 / \ln n`), mixed by ``law``.

    Parameters
    ----------
    shares : (..., N, S) array
        Countries' shares by standard.
    pooled : (..., S) array
        World shares.
    compatibility : (..., S, S) array
    value_usd : (..., N) array
        Network value at full deployment and compatibility.
    law : (...,) array or float
        ``theta``, weight of Metcalfe's law, 0 to 1.
    nodes : (...,) array or float
        ``n``, connections in the world.

    Returns
    -------
    (..., N) array

    References
    ----------
    Briscoe, B., Odlyzko, A. & Tilly, B. (2006), IEEE Spectrum 43(7), doi:10.1109/MSPEC.2006.1653003.
    Zhang, X.-Z., Liu, J.-J. & Xu, Z.-W. (2015), Journal of Computer Science and Technology 30(2),
    doi:10.1007/s11390-015-1518-1.

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> lost = exchange_value_lost(np.eye(2), half, np.eye(2), value_usd=half, law=1.0, nodes=1e6)
    >>> float(lost.sum())
    0.5
    """
    reach = _ordinariness(pooled, compatibility)
    theta, n = np.asarray(law)[..., None], np.asarray(nodes)[..., None]
    per_standard = theta * (1.0 - reach) - (1.0 - theta) * np.log(reach) / np.log(n)
    return np.asarray(value_usd * np.matmul(shares, per_standard[..., None])[..., 0])


def scale_lost(
    shares: FloatArray,
    pooled: FloatArray,
    compatibility: FloatArray,
    spending_usd: FloatArray,
    progress_ratio: FloatArray | float,
) -> FloatArray:
    r"""Extra cost of equipment that is made for smaller markets, by country, USD a year.

    .. math:: L_i = E_i \sum_s b_{is}\bigl[(Cp)_s^{-b} - 1\bigr], \qquad b = -\log_2 PR

    Two equal closed halves pay 25 % more at a progress ratio of 0.8, 11.1 % at 0.9.

    Parameters
    ----------
    shares, pooled, compatibility
        As in :func:`exchange_value_lost`.
    spending_usd : (..., N) array
        What each country spends in the year.
    progress_ratio : (...,) array or float
        Unit cost after a doubling of volume, relative.

    References
    ----------
    Wright, T. P. (1936), Journal of the Aeronautical Sciences 3(4), doi:10.2514/8.155.

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> float(scale_lost(np.eye(2), half, np.eye(2), half, 0.8).sum().round(12))
    0.25
    """
    exponent = np.log2(np.asarray(progress_ratio))[..., None]
    penalty = _ordinariness(pooled, compatibility) ** exponent - 1.0
    return np.asarray(spending_usd * np.matmul(shares, penalty[..., None])[..., 0])


def double_running_cost(loss: FloatArray, exchange_usd: FloatArray, rate: FloatArray | float) -> FloatArray:
    r"""Cost of serving partners on a standard that one's own does not work with, USD a year.

    .. math:: L_i = \tau\,T_i\,\ell_i

    Parameters
    ----------
    loss : (..., N) array
        Interoperability loss on each country's exchange (``loss_by_country``).
    exchange_usd : (N,) array
        Each country's exchange, every flow counted once over the world.
    rate : (...,) array or float
        ``tau``, cost per USD exchanged with a wholly incompatible partner.

    Examples
    --------
    >>> double_running_cost(np.array([0.5]), np.array([1000.0]), 0.01).tolist()
    [5.0]
    """
    return np.asarray(np.asarray(rate)[..., None] * exchange_usd * loss)


def replacement_cost(removed_usd: FloatArray, multiple: FloatArray | float) -> FloatArray:
    """Cost of taking equipment out before its time, USD a year: its value times a multiple.

    Parameters
    ----------
    removed_usd : (..., N) array
        Value of the equipment removed.
    multiple : (...,) array or float
        Cost per USD of it: labour, sites, running two networks meanwhile.

    Examples
    --------
    >>> replacement_cost(np.array([2.0]), 1.5).tolist()
    [3.0]
    """
    return np.asarray(removed_usd * np.asarray(multiple)[..., None])
