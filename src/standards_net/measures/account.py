r"""The items of the USD account, country by country.

Amounts are USD of 2019 per year. Three items are direct costs of a country's own exclusions, and never
negative: dearer equipment (loss of choice), replacement, and delay. Two come back through others: scale
(prices that learning makes higher or lower than with the shares of 2019), and retaliation. Two arise only
where a scenario splits standards: double running, and network value by a stated law. None is GDP, and side
effects of one item on another are left out: the account prices the stated mechanisms.
"""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray, row_dot
from standards_net.labels import aligned_by_label
from standards_net.measures.requirements import checked_in_range

__all__ = [
    "DIRECT",
    "ITEMS",
    "delay_cost",
    "equipment_cost",
    "retaliation_cost",
    "scale_cost",
]

DIRECT = ("equipment", "replacement", "delay")
ITEMS = (*DIRECT, "scale", "retaliation", "double_running", "network_value")


@aligned_by_label(excluded_usd=("country",), price=("country",))
def equipment_cost(excluded_usd: FloatArray, price: FloatArray | float) -> FloatArray:
    r"""Dearer equipment: what the loss of excluded vendors is worth to their buyers, USD per year.

    .. math:: L_i = P_i\, g_i \bigl[(1 - X_i)^{-1/(\beta\eta_i)} - 1\bigr]

    Parameters
    ----------
    excluded_usd : (..., N) array
        Purchases at prices of 2019 times the cost of exclusion
        (:func:`standards_net.core.exclusion.exclusion_cost`).
    price : (..., N) array or float
        ``P``, mean price of what is bought, relative to 2019.

    Returns
    -------
    (..., N) array

    Raises
    ------
    StandardsNetError
        A price below 0.

    References
    ----------
    Small, K. A. & Rosen, H. S. (1981), Econometrica 49(1), doi:10.2307/1911129.

    Examples
    --------
    >>> from standards_net.core.exclusion import exclusion_cost
    >>> float(equipment_cost(100.0 * exclusion_cost(np.array(0.36), 2.0), 0.8).round(6))
    20.0
    """
    return np.asarray(excluded_usd * checked_in_range("price", price, 0.0, np.inf))


@aligned_by_label(deployment=("country",), unhindered=("country",), value_usd=("country",))
def delay_cost(deployment: FloatArray, unhindered: FloatArray, value_usd: FloatArray) -> FloatArray:
    r"""Delay: value of the coverage that replacement has put off, :math:`L_i = V_i (D^0_i - D_i)`.

    Parameters
    ----------
    deployment, unhindered : (..., N) array
        ``D``, and what it would be had no replacement taken up roll-out.
    value_usd : (..., N) array
        ``V``, value of full deployment, USD per year.

    Returns
    -------
    (..., N) array

    Raises
    ------
    StandardsNetError
        A value below 0.

    Examples
    --------
    >>> delay_cost(np.array([0.5]), np.array([0.6]), np.array([10.0])).round(6).tolist()
    [1.0]
    """
    return np.asarray(checked_in_range("value_usd", value_usd, 0.0, np.inf) * (unhindered - deployment))


@aligned_by_label(
    spending=("country", "vendor"), ratio=("vendor",), base_usd=("country",), price=("vendor",)
)  # fmt: skip
def scale_cost(
    spending: FloatArray,
    ratio: FloatArray,
    base_usd: FloatArray | float = 1.0,
    price: FloatArray | float = 1.0,
) -> FloatArray:
    r"""Scale: what is paid beyond the prices of an undivided market with the shares of 2019, USD per year.

    .. math:: L_i = \sum_v E_{iv} \Bigl[1 - \frac{P^0_v}{P_v}\Bigr], \qquad
              P_v = P^0_v \Bigl(\frac{Q_v}{Q^0_v}\Bigr)^{\log_2 PR}

    with Q the experience that reaches a vendor. Negative for buyers from vendors that grow. Two equal
    halves that share no experience pay 25 % more than the whole at a progress ratio of 0.8, 11.1 % at 0.9.

    Parameters
    ----------
    spending : (..., N, V) array
        ``E``, spending of each country on each vendor.
    ratio : (..., V) array
        :math:`P^0 / P`.
    base_usd : (..., N) array or float
        Unit of ``spending`` by country.
    price : (..., V) array or float
        The same by vendor: prices, where ``spending`` is a quantity.

    Returns
    -------
    (..., N) array

    Raises
    ------
    StandardsNetError
        A ratio that is not above 0.

    References
    ----------
    Wright, T. P. (1936), Journal of the Aeronautical Sciences 3(4), doi:10.2514/8.155.

    Examples
    --------
    >>> float(scale_cost(np.array([[50.0, 75.0]]), np.array([1.0, 0.8]))[0].round(6))
    15.0
    """
    checked = checked_in_range("ratio", ratio, 0.0, np.inf, open_low=True)
    return np.asarray(row_dot(spending, price * (1.0 - checked)) * base_usd)


@aligned_by_label(exports_usd=("country",), rate=("draw",))
def retaliation_cost(exports_usd: FloatArray, rate: FloatArray | float) -> FloatArray:
    r"""Retaliation: value lost on exports to the homes of excluded vendors, :math:`L_i = \rho_x X_i`.

    Parameters
    ----------
    exports_usd : (..., N) array
        ``X``, exports to these economies, USD per year.
    rate : (...,) array or float
        ``rho_x``, part of their value that is lost.

    Returns
    -------
    (..., N) array

    Raises
    ------
    StandardsNetError
        A rate below 0.

    Notes
    -----
    The rate is a judgement, with a wide prior: no measurement is known.

    Examples
    --------
    >>> retaliation_cost(np.array([200.0, 0.0]), 0.005).tolist()
    [1.0, 0.0]
    """
    lost = checked_in_range("rate", rate, 0.0, np.inf)
    return np.asarray(lost[..., None] * exports_usd)
