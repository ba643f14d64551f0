r"""Cost of a split of standards, from arrays of adoption alone: observed ones, or those of another model.

Four items that need neither vendors nor a history; each can be switched off. A run's own account, which
knows who was excluded and what was replaced, is in ``account.py`` and takes its laws from here. None is
GDP, and side effects of one item on another are left out.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray, row_dot
from standards_net.errors import StandardsNetError, one_of
from standards_net.labels import aligned_by_label
from standards_net.measures.interoperability import loss_by_country_of
from standards_net.measures.requirements import (
    checked_adoption,
    checked_compatibility,
    checked_exchange,
    checked_in_range,
    checked_weights,
)

__all__ = [
    "ITEMS",
    "Account",
    "double_running_cost",
    "exchange_value_lost",
    "replacement_cost",
    "scale_lost",
    "usd_account",
]

ITEMS = ("exchange", "scale", "double_running", "replacement")

_TINY = 1e-12  # keeps logarithms and powers finite for a standard without any market


class Account(NamedTuple):
    """Cost of a split in a year by item, USD.

    Attributes
    ----------
    exchange_usd : (..., N) array
        Network value lost where networks cannot work together.
    scale_usd : (..., N) array
        Dearer equipment because markets are smaller.
    double_running_usd : (..., N) array
        Serving partners on another standard.
    replacement_usd : (..., N) array
        Replacing equipment before its time.
    """

    exchange_usd: FloatArray
    scale_usd: FloatArray
    double_running_usd: FloatArray
    replacement_usd: FloatArray

    @property
    def total(self) -> FloatArray:
        """The four items together, (..., N) or (...,)."""
        return np.asarray(self.exchange_usd + self.scale_usd + self.double_running_usd + self.replacement_usd)

    def world(self) -> Account:
        """The account summed over countries, (...,)."""
        return Account(*(np.asarray(item.sum(axis=-1)) for item in self))


@aligned_by_label(
    adoption=("country", "standard"), weights=("country",), exchange=("country", "country"),
    compatibility=("standard", "standard"), network_value_usd=("country",), spending_usd=("country",),
    exchange_value_usd=("country",), removed_usd=("country",),
)  # fmt: skip
def usd_account(
    adoption: FloatArray,
    weights: FloatArray,
    exchange: FloatArray,
    compatibility: FloatArray | None = None,
    *,
    network_value_usd: FloatArray | float = 0.0,
    law: FloatArray | float = 0.5,
    nodes: FloatArray | float = 8e9,
    spending_usd: FloatArray | float = 0.0,
    progress_ratio: FloatArray | float = 1.0,
    exchange_value_usd: FloatArray | float = 0.0,
    double_running_rate: FloatArray | float = 0.0,
    removed_usd: FloatArray | float = 0.0,
    replacement_multiple: FloatArray | float = 1.0,
    items: Collection[str] = ITEMS,
) -> Account:
    """Cost of a split in a year by item and country; intervals come from the draws.

    Inputs that are not given cost nothing; items that are not in ``items`` are switched off.

    Parameters
    ----------
    adoption, exchange, compatibility
        As in :func:`interoperability_loss`.
    weights : (N,) array
        Market sizes, used to pool the world's shares.
    network_value_usd, law, nodes
        As in :func:`exchange_value_lost`; the value (..., N) is ``value_usd``.
    spending_usd, progress_ratio
        As in :func:`scale_lost`.
    exchange_value_usd : (N,) array
        Each country's exchange, every flow counted once over the world; for :func:`double_running_cost`.
    double_running_rate : (...,) array or float
        For :func:`double_running_cost`.
    removed_usd, replacement_multiple
        As in :func:`replacement_cost`.
    items : collection of str
        Among :data:`ITEMS`.

    Returns
    -------
    Account
        Items of shape (..., N).

    Raises
    ------
    StandardsNetError
        Unknown item, arrays or parameters out of range, or of mismatched shapes.

    Examples
    --------
    >>> omega = np.array([[0.0, 0.5], [0.5, 0.0]])
    >>> account = usd_account(np.eye(2), np.ones(2), omega, spending_usd=np.array([60.0, 40.0]),
    ...     progress_ratio=0.8, removed_usd=np.array([0.0, 2.0]), replacement_multiple=1.5)
    >>> account.scale_usd.round(9).tolist(), account.replacement_usd.tolist()
    ([15.0, 10.0], [0.0, 3.0])
    >>> float(account.world().total.round(9))
    28.0
    """
    unknown = [item for item in items if item not in ITEMS]
    if unknown:
        raise StandardsNetError(one_of("item of the account", unknown[0], ITEMS) + ".")
    b, _ = checked_adoption(adoption)
    c = checked_compatibility(compatibility, b.shape[-1], b.shape[:-2])
    omega = checked_exchange(exchange, b.shape[-2])
    pooled = np.matmul(checked_weights(weights, b.shape[-2]), b)
    loss = loss_by_country_of(b, omega, c)
    value, spending, traded, removed = (
        checked_in_range(name, usd, 0.0, np.inf)
        for name, usd in (
            ("network_value_usd", network_value_usd),
            ("spending_usd", spending_usd),
            ("exchange_value_usd", exchange_value_usd),
            ("removed_usd", removed_usd),
        )
    )
    costs = (
        exchange_value_lost(b, pooled, c, value_usd=value, law=law, nodes=nodes),
        scale_lost(b, pooled, c, spending, progress_ratio),
        double_running_cost(loss, traded, double_running_rate),
        replacement_cost(removed, replacement_multiple),
    )
    # Items that do not depend on the draws, or are off, still have the full shape.
    shape = np.broadcast_shapes(loss.shape, *(cost.shape for cost in costs))
    return Account(
        *(
            np.broadcast_to(cost, shape) if item in items else np.zeros(shape)
            for item, cost in zip(ITEMS, costs, strict=True)
        )
    )


def _ordinariness(pooled: FloatArray, compatibility: FloatArray) -> FloatArray:
    """Share of the world that each standard works with, (..., S)."""
    return np.asarray(np.maximum(np.matmul(compatibility, pooled[..., None])[..., 0], _TINY))


@aligned_by_label(
    shares=("country", "standard"), pooled=("standard",), compatibility=("standard", "standard"),
    value_usd=("country",),
)  # fmt: skip
def exchange_value_lost(
    shares: FloatArray,
    pooled: FloatArray,
    compatibility: FloatArray,
    *,
    value_usd: FloatArray,
    law: FloatArray | float,
    nodes: FloatArray | float,
) -> FloatArray:
    r"""Network value that incompatibility destroys, by country, USD per year.

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

    Raises
    ------
    StandardsNetError
        ``law`` outside 0 to 1, or ``nodes`` not above 1.

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
    theta = checked_in_range("law", law, 0.0, 1.0)[..., None]
    n = checked_in_range("nodes", nodes, 1.0, np.inf, open_low=True)[..., None]
    per_standard = theta * (1.0 - reach) - (1.0 - theta) * np.log(reach) / np.log(n)
    return np.asarray(value_usd * row_dot(shares, per_standard))


@aligned_by_label(
    shares=("country", "standard"), pooled=("standard",), compatibility=("standard", "standard"),
    spending_usd=("country",),
)  # fmt: skip
def scale_lost(
    shares: FloatArray,
    pooled: FloatArray,
    compatibility: FloatArray,
    spending_usd: FloatArray,
    progress_ratio: FloatArray | float,
) -> FloatArray:
    r"""Extra cost of equipment that is made for smaller markets, by country, USD per year.

    .. math:: L_i = E_i \sum_s b_{is}\bigl[(Cp)_s^{-b} - 1\bigr], \qquad b = -\log_2 PR

    Two equal closed halves pay 25 % more at a progress ratio of 0.8, 11.1 % at 0.9.

    Parameters
    ----------
    shares, pooled, compatibility
        As in :func:`exchange_value_lost`.
    spending_usd : (..., N) array
        Spending of each country in the year.
    progress_ratio : (...,) array or float
        Unit cost after a doubling of volume, relative.

    Returns
    -------
    (..., N) array

    Raises
    ------
    StandardsNetError
        Progress ratio outside (0, 1].

    References
    ----------
    Wright, T. P. (1936), Journal of the Aeronautical Sciences 3(4), doi:10.2514/8.155.

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> float(scale_lost(np.eye(2), half, np.eye(2), half, 0.8).sum().round(12))
    0.25
    """
    exponent = np.log2(checked_in_range("progress_ratio", progress_ratio, 0.0, 1.0, open_low=True))[..., None]
    penalty = _ordinariness(pooled, compatibility) ** exponent - 1.0
    return np.asarray(spending_usd * row_dot(shares, penalty))


@aligned_by_label(loss=("country",), exchange_usd=("country",), rate=("draw",))
def double_running_cost(loss: FloatArray, exchange_usd: FloatArray, rate: FloatArray | float) -> FloatArray:
    r"""Cost of serving partners on an incompatible standard, USD per year.

    .. math:: L_i = \tau\,T_i\,\ell_i

    Parameters
    ----------
    loss : (..., N) array
        Interoperability loss on each country's exchange (``loss_by_country``).
    exchange_usd : (N,) array
        Each country's exchange, every flow counted once over the world.
    rate : (...,) array or float
        ``tau``, cost per USD exchanged with a wholly incompatible partner.

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
    >>> double_running_cost(np.array([0.5]), np.array([1000.0]), 0.01).tolist()
    [5.0]
    """
    tau = checked_in_range("double_running_rate", rate, 0.0, np.inf)
    return np.asarray(loss * exchange_usd * tau[..., None])


@aligned_by_label(removed_usd=("country",), multiple=("draw",))
def replacement_cost(removed_usd: FloatArray, multiple: FloatArray | float) -> FloatArray:
    r"""Cost of taking equipment out before its time, USD per year: :math:`L_i = \mu R_i`.

    Parameters
    ----------
    removed_usd : (..., N) array
        Value of the equipment removed.
    multiple : (...,) array or float
        ``mu``, cost per USD removed: labour, sites, running two networks meanwhile.

    Returns
    -------
    (..., N) array

    Raises
    ------
    StandardsNetError
        A multiple below 0.

    Notes
    -----
    The parameter table gives the range and the programmes that it is taken from.

    Examples
    --------
    >>> replacement_cost(np.array([2.0]), 1.5).tolist()
    [3.0]
    """
    mu = checked_in_range("replacement_multiple", multiple, 0.0, np.inf)
    return np.asarray(removed_usd * mu[..., None])
