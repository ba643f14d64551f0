"""How much of the world's exchange runs between partners that cannot work together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, pool, row_form
from standards_net.errors import StandardsNetError, one_of
from standards_net.measures.requirements import (
    checked_adoption,
    checked_compatibility,
    checked_exchange,
    checked_members,
)

__all__ = [
    "exchange_matrix",
    "interoperability_loss",
    "loss_by_bloc_pair",
    "loss_by_country",
    "loss_by_country_of",
    "loss_by_standard",
    "loss_of_group",
    "loss_touching_group",
]


def exchange_matrix(trade: FloatArray) -> FloatArray:
    """Turn bilateral flows into Omega: symmetric, zero diagonal, summing to 1.

    Parameters
    ----------
    trade : (N, N) array
        Flows, one way or both, in any unit, such as USD a year; the diagonal is left out.

    Returns
    -------
    (N, N) array

    Raises
    ------
    StandardsNetError
        Not square, negative, NaN, or no flow at all.

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
        Shares by country; every row sums to 1, because the loss is one of installed equipment. A
        country that nobody serves yet has the shares that it would start from, or is left out.
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
    b, omega, c = _checked_world(adoption, exchange, compatibility)
    return np.asarray(1.0 - _working(b, omega, c).sum(axis=-1))


def loss_by_country(
    adoption: FloatArray, exchange: FloatArray, compatibility: FloatArray | None = None
) -> FloatArray:
    r"""Loss on each country's own exchange; weighted by exchange these add up to the world's.

    .. math:: \ell_i = 1 - \frac{\sum_j \Omega_{ij}\, b_i' C b_j}{e_i}, \qquad
              e_i = \sum_j \Omega_{ij}, \qquad \sum_i e_i \ell_i = \ell

    Parameters
    ----------
    adoption, exchange, compatibility
        As in :func:`interoperability_loss`.

    Returns
    -------
    (..., N) array
        A country without any exchange has loss 0.

    Raises
    ------
    StandardsNetError
        Arrays out of range, or of shapes that do not fit.

    Examples
    --------
    >>> loss_by_country(np.eye(2), exchange_matrix(np.ones((2, 2))), np.eye(2)).tolist()
    [1.0, 1.0]
    """
    return loss_by_country_of(*_checked_world(adoption, exchange, compatibility))


def loss_by_country_of(adoption: FloatArray, exchange: FloatArray, compatibility: FloatArray) -> FloatArray:
    """:func:`loss_by_country` without the checks, for arrays that a run made itself."""
    own = exchange.sum(axis=1)
    trades = own > 0.0
    kept = _working(adoption, exchange, compatibility) / np.where(trades, own, 1.0)
    return np.asarray(np.where(trades, 1.0 - kept, 0.0))


def loss_by_bloc_pair(
    adoption: FloatArray,
    exchange: FloatArray,
    compatibility: FloatArray | None,
    labels: Sequence[str],
    blocs: Sequence[str],
) -> FloatArray:
    r"""Contribution of the exchange between each two blocs; all together they are the world's loss.

    .. math:: \ell_{kl} = \sum_{i \in k} \sum_{j \in l} \Omega_{ij} (1 - b_i' C b_j)

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
        Symmetric; the exchange between two blocs is in two entries, one each way.

    Raises
    ------
    StandardsNetError
        Arrays out of range, labels of another length, or a label that is no bloc.

    Examples
    --------
    >>> omega = exchange_matrix(np.ones((2, 2)))
    >>> loss_by_bloc_pair(np.eye(2), omega, None, ["x", "y"], ["x", "y"]).tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    b, omega, c = _checked_world(adoption, exchange, compatibility)
    found = np.asarray(labels)
    if found.shape != (b.shape[-2],):
        raise StandardsNetError(f"labels hold {found.size} entries for {b.shape[-2]} countries.")
    unknown = sorted(set(found.tolist()) - set(blocs))
    if unknown:
        raise StandardsNetError(one_of("bloc", str(unknown[0]), map(str, blocs)) + ".")
    within = np.stack([(found == bloc).astype(np.float64) for bloc in blocs])
    lost = [omega @ member - _working(b, omega * member, c) for member in within]
    return np.stack([np.matmul(each, within.T) for each in lost], axis=-1)


def loss_by_standard(
    adoption: FloatArray, exchange: FloatArray, compatibility: FloatArray | None = None
) -> FloatArray:
    r"""Contribution of each two standards (or vendors), :math:`(1 - C_{st})\,(b'\Omega b)_{st}`.

    Parameters
    ----------
    adoption, exchange, compatibility
        As in :func:`interoperability_loss`.

    Returns
    -------
    (..., S, S) array
        Symmetric; adds up to the world's loss.

    Raises
    ------
    StandardsNetError
        Arrays out of range, or of shapes that do not fit.

    Examples
    --------
    >>> loss_by_standard(np.eye(2), exchange_matrix(np.ones((2, 2)))).tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    b, omega, c = _checked_world(adoption, exchange, compatibility)
    return np.asarray((1.0 - c) * np.matmul(np.swapaxes(b, -1, -2), pool(omega, b)))


def loss_of_group(
    adoption: FloatArray,
    exchange: FloatArray,
    compatibility: FloatArray | None,
    members: BoolArray,
    *,
    inside_only: bool = False,
) -> FloatArray:
    r"""Loss on the exchange that a group's members have, or on what they have with each other.

    .. math:: \ell_g = \frac{\sum_{i \in g} e_i \ell_i}{\sum_{i \in g} e_i}

    The mean of the members' own losses (:func:`loss_by_country`), each weighted by its exchange: a
    flow inside the group counts for both its ends, one across its border for the end inside. Hence
    groups that share out the countries make the world's loss. :func:`loss_touching_group` counts
    flows instead of ends.

    Parameters
    ----------
    adoption, exchange, compatibility
        As in :func:`interoperability_loss`.
    members : (N,) array of bool
    inside_only : bool
        Only the exchange with both ends inside.

    Returns
    -------
    (...,) array

    Raises
    ------
    StandardsNetError
        Arrays out of range, or a group without exchange.

    Examples
    --------
    >>> halves, omega = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), exchange_matrix(np.ones((3, 3)))
    >>> first_two = np.array([True, True, False])
    >>> float(loss_of_group(halves, omega, None, first_two))
    0.5
    >>> float(loss_of_group(halves, omega, None, first_two, inside_only=True))
    0.0
    """
    b, omega, c = _checked_world(adoption, exchange, compatibility)
    mask = checked_members(members, b.shape[-2])
    return _loss_on(b, omega * (mask[:, None] & (mask | (not inside_only))), c)


def loss_touching_group(
    adoption: FloatArray, exchange: FloatArray, compatibility: FloatArray | None, members: BoolArray
) -> FloatArray:
    """Loss on the exchange with at least one end in a group, every flow counted alike.

    Parameters
    ----------
    adoption, exchange, compatibility
        As in :func:`interoperability_loss`.
    members : (N,) array of bool

    Returns
    -------
    (...,) array

    Raises
    ------
    StandardsNetError
        Arrays out of range, or a group without exchange.

    Examples
    --------
    >>> halves, omega = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), exchange_matrix(np.ones((3, 3)))
    >>> round(float(loss_touching_group(halves, omega, None, np.array([True, True, False]))), 6)
    0.666667
    """
    b, omega, c = _checked_world(adoption, exchange, compatibility)
    mask = checked_members(members, b.shape[-2])
    return _loss_on(b, omega * (mask[:, None] | mask), c)


def _checked_world(
    adoption: FloatArray, exchange: FloatArray, compatibility: FloatArray | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    b, _ = checked_adoption(adoption)
    omega = checked_exchange(exchange, b.shape[-2])
    return b, omega, checked_compatibility(compatibility, b.shape[-1], b.shape[:-2])


def _loss_on(adoption: FloatArray, part: FloatArray, compatibility: FloatArray) -> FloatArray:
    """Loss on a part of the exchange."""
    total = part.sum()
    if total <= 0.0:
        raise StandardsNetError("the group has no exchange; it needs at least one trading member.")
    return np.asarray(1.0 - _working(adoption, part, compatibility).sum(axis=-1) / total)


def _working(adoption: FloatArray, exchange: FloatArray, compatibility: FloatArray) -> FloatArray:
    """Exchange of each country that works, sum_j Omega_ij b_i'C b_j, (..., N)."""
    return row_form(adoption, compatibility, pool(exchange, adoption))
