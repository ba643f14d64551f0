"""How much of the world's exchange runs between partners that cannot work together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, row_sum
from standards_net.errors import StandardsNetError
from standards_net.measures.checks import (
    checked_compatibility,
    checked_exchange,
    checked_shares,
)

__all__ = [
    "exchange_matrix",
    "interoperability_loss",
    "loss_by_bloc_pair",
    "loss_by_country",
    "loss_by_standard",
    "loss_of_group",
]


def exchange_matrix(trade: FloatArray) -> FloatArray:
    """Turn bilateral flows into Omega: symmetric, zero diagonal, summing to 1.

    Parameters
    ----------
    trade : (N, N) array
        Flows, one way or both, in any unit.

    Examples
    --------
    >>> exchange_matrix(np.array([[9.0, 3.0], [1.0, 9.0]])).tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    both = np.asarray(trade, dtype=np.float64)
    if both.ndim != 2 or both.shape[0] != both.shape[1]:
        raise StandardsNetError(f"trade has shape {both.shape}; it must be square.")
    both = both + both.T
    np.fill_diagonal(both, 0.0)
    if not np.isfinite(both).all() or both.min() < 0.0 or both.sum() <= 0.0:
        raise StandardsNetError("trade must be 0 or more, and some flow above 0.")
    return np.asarray(both / both.sum())


def interoperability_loss(
    adoption: FloatArray, exchange: FloatArray, compatibility: FloatArray | None = None
) -> FloatArray:
    r"""Share of world exchange between partners whose standards do not work together.

    .. math:: \ell = 1 - \sum_{ij} \Omega_{ij}\, b_i' C b_j

    Parameters
    ----------
    adoption : (..., N, S) array
        Shares by country; rows sum to 1. A country that nobody serves yet has the shares that it
        would start from, or is left out.
    exchange : (N, N) array
        Omega (:func:`exchange_matrix`).
    compatibility : (..., S, S) array or None
        Identity if None.

    Returns
    -------
    (...,) array
        0 (all work together) to 1.

    Raises
    ------
    StandardsNetError
        Arrays out of range, or of shapes that do not fit.

    Examples
    --------
    >>> omega = exchange_matrix(np.ones((2, 2)))
    >>> float(interoperability_loss(np.eye(2), omega)), float(interoperability_loss(
    ...     np.eye(2), omega, np.array([[1.0, 0.25], [0.25, 1.0]])))
    (1.0, 0.75)
    """
    b = checked_shares(adoption)
    omega = checked_exchange(exchange, b.shape[-2])
    c = checked_compatibility(compatibility, b.shape[-1])
    return np.asarray(np.matmul(loss_by_country(b, omega, c), omega.sum(axis=1)))


def loss_by_country(adoption: FloatArray, exchange: FloatArray, compatibility: FloatArray) -> FloatArray:
    r"""Loss on each country's own exchange; weighted by exchange these add up to the world's.

    .. math:: \ell_i = 1 - \frac{\sum_j \Omega_{ij}\, b_i' C b_j}{\sum_j \Omega_{ij}}

    Parameters
    ----------
    adoption : (..., N, S) array
    exchange : (N, N) array
    compatibility : (..., S, S) array

    Returns
    -------
    (..., N) array
        A country without any exchange has loss 0.

    Examples
    --------
    >>> loss_by_country(np.eye(2), exchange_matrix(np.ones((2, 2))), np.eye(2)).tolist()
    [1.0, 1.0]
    """
    partners = _partners(adoption, exchange)
    working = row_sum(np.matmul(adoption, compatibility) * partners)
    own = exchange.sum(axis=1)
    return np.asarray(np.where(own > 0.0, 1.0 - working / np.where(own > 0.0, own, 1.0), 0.0))


def loss_by_bloc_pair(
    adoption: FloatArray,
    exchange: FloatArray,
    compatibility: FloatArray,
    labels: Sequence[str],
    blocs: Sequence[str],
) -> FloatArray:
    """Contribution of the exchange between each two blocs; all together they are the world's loss.

    Parameters
    ----------
    adoption, exchange, compatibility
        As in :func:`interoperability_loss`.
    labels : sequence of str
        Bloc of each of N countries.
    blocs : sequence of str
        Order of the axes of the answer.

    Returns
    -------
    (..., B, B) array
        Symmetric.
    """
    found = np.asarray(labels)
    unknown = sorted(set(found.tolist()) - set(blocs))
    if unknown:
        raise StandardsNetError(f"bloc '{unknown[0]}' is a label but not among the blocs.")
    b = np.asarray(adoption)
    within = np.stack([(found == bloc).astype(np.float64) for bloc in blocs])
    lost = np.empty((*b.shape[:-2], len(blocs), len(blocs)))
    wanted = np.matmul(b, compatibility)
    for k, member in enumerate(within):
        partners = _partners(b, exchange * member)
        working = row_sum(wanted * partners)
        lost[..., :, k] = np.matmul(exchange @ member - working, within.T)
    return lost


def loss_by_standard(adoption: FloatArray, exchange: FloatArray, compatibility: FloatArray) -> FloatArray:
    r"""Contribution of each two standards (or vendors), :math:`(1 - C_{st})\,(b'\Omega b)_{st}`.

    Parameters
    ----------
    adoption, exchange, compatibility
        As in :func:`interoperability_loss`.

    Returns
    -------
    (..., S, S) array
        Symmetric; adds up to the world's loss.
    """
    met = np.matmul(np.swapaxes(adoption, -1, -2), _partners(adoption, exchange))
    return np.asarray((1.0 - compatibility) * met)


def loss_of_group(
    adoption: FloatArray,
    exchange: FloatArray,
    compatibility: FloatArray,
    members: BoolArray,
    *,
    inside_only: bool = False,
) -> FloatArray:
    """Loss on the exchange of a group's members.

    Parameters
    ----------
    adoption, exchange, compatibility
        As in :func:`interoperability_loss`.
    members : (N,) array of bool
    inside_only : bool
        Only exchange among members, instead of all that they have with anybody.

    Returns
    -------
    (...,) array
    """
    weight = exchange * members[:, None]
    if inside_only:
        weight = weight * members[None, :]
    total = weight.sum()
    if total <= 0.0:
        raise StandardsNetError("the group has no exchange; it needs at least one trading member.")
    working = row_sum(np.matmul(adoption, compatibility) * _partners(adoption, weight))
    return np.asarray(1.0 - working.sum(axis=-1) / total)


def _partners(adoption: FloatArray, exchange: FloatArray) -> FloatArray:
    """Exchange-weighted shares of each country's partners, all draws in one matrix product."""
    *lead, countries, standards = adoption.shape
    flat = adoption.reshape(-1, countries, standards)
    beside = np.ascontiguousarray(flat.transpose(1, 0, 2)).reshape(countries, -1)
    met = (exchange @ beside).reshape(countries, -1, standards)
    return met.transpose(1, 0, 2).reshape(*lead, countries, standards)
