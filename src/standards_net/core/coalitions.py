"""Coalitions: each player's contribution to a game, exactly or from sampled orders.

A game of P players is an array (..., 2**P): entry m is the value of the coalition whose members are the
set bits of m, where player i is bit i.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError

__all__ = [
    "antithetic_orders",
    "banzhaf_values",
    "order_coalitions",
    "shapley_of_orders",
    "shapley_values",
]

_MAX_PLAYERS = 62  # a coalition must fit into an int64


def shapley_values(values: npt.ArrayLike) -> FloatArray:
    r"""Mean contribution of each player over all orders of joining.

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(P - |S| - 1)!}{P!}\,\bigl[v(S \cup i) - v(S)\bigr]

    Parameters
    ----------
    values : (..., 2**P) array
        Value of each coalition, in any unit.

    Returns
    -------
    (..., P) array
        In the unit of the values; rows sum to v(all) - v(empty).

    Raises
    ------
    StandardsNetError
        A last axis whose length is not 2, 4, 8, ...

    References
    ----------
    Shapley, L. S. (1953), A value for n-person games, in Kuhn & Tucker (eds.), Contributions to the
    Theory of Games II, Princeton University Press, doi:10.1515/9781400881970-018.

    Examples
    --------
    Player 0 has a left glove, players 1 and 2 a right one each; a pair is worth 1.

    >>> shapley_values([0, 0, 0, 1, 0, 1, 0, 1]).round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    return _mean_contributions(values, lambda size, players: 1.0 / (players * math.comb(players - 1, size)))


def banzhaf_values(values: npt.ArrayLike) -> FloatArray:
    r"""Mean contribution of each player over all coalitions of the others, not normalised.

    .. math:: \psi_i = 2^{-(P - 1)} \sum_{S \not\ni i} \bigl[v(S \cup i) - v(S)\bigr]

    Parameters
    ----------
    values : (..., 2**P) array
        Value of each coalition, in any unit.

    Returns
    -------
    (..., P) array
        In the unit of the values; rows need not sum to anything.

    Raises
    ------
    StandardsNetError
        A last axis whose length is not 2, 4, 8, ...

    References
    ----------
    Banzhaf, J. F. (1965), Weighted voting doesn't work: a mathematical analysis, Rutgers Law Review
    19, 317-343.

    Examples
    --------
    Votes of 50, 49 and 1 with a quota of 51: the smallest party has the same power as the second.

    >>> banzhaf_values([0, 0, 0, 1, 0, 1, 0, 1]).tolist()
    [0.75, 0.25, 0.25]
    """
    return _mean_contributions(values, lambda _, players: 0.5 ** (players - 1))


def _mean_contributions(values: npt.ArrayLike, weight: Callable[[int, int], float]) -> FloatArray:
    """Contributions to the coalitions of the others, weighted by coalition size."""
    v = np.asarray(values, dtype=np.float64)
    players = v.shape[-1].bit_length() - 1 if v.ndim else 0
    if players < 1 or v.shape[-1] != 2**players:
        raise StandardsNetError(
            f"values have shape {v.shape}; the last axis holds one value for each coalition of P players, "
            "so its length must be 2, 4, 8, ... (2**P)."
        )
    of_size = np.array([weight(size, players) for size in range(players)])
    # With bit i removed, the coalitions of the others are numbered like those of P - 1 players, for any i.
    weights = of_size[np.bitwise_count(np.arange(2 ** (players - 1)))]
    lead = v.shape[:-1]
    out = np.empty((*lead, players))
    for i in range(players):
        halves = v.reshape(*lead, 2 ** (players - 1 - i), 2, 2**i)
        gain = halves[..., 1, :] - halves[..., 0, :]
        out[..., i] = np.matmul(gain.reshape(*lead, len(weights)), weights)
    return out


def antithetic_orders(uniforms: npt.ArrayLike) -> IntArray:
    """Random orders of the players in pairs: each order is followed by its reversal.

    A player that comes early in one order of a pair comes late in the other, so that their errors partly
    cancel: completely if the game is a sum of terms of one and of two players.

    Parameters
    ----------
    uniforms : (J, P) array
        Independent numbers from a continuous distribution; a row's ranks are an order.

    Returns
    -------
    (2 J, P) array of int
        Each row a permutation of 0 ... P - 1; row 2 j + 1 is row 2 j reversed.

    Raises
    ------
    StandardsNetError
        The array is not two-dimensional with one row per order.

    References
    ----------
    Mitchell, R., Cooper, J., Frank, E. & Holmes, G. (2022), Sampling permutations for Shapley value
    estimation, Journal of Machine Learning Research 23(43), 1-46.

    Examples
    --------
    >>> antithetic_orders([[0.3, 0.9, 0.1]]).tolist()
    [[2, 0, 1], [1, 0, 2]]
    """
    u = np.asarray(uniforms, dtype=np.float64)
    if u.ndim != 2 or u.size == 0:
        raise StandardsNetError(f"uniforms have shape {u.shape}; they must be (orders, players).")
    forward = np.argsort(u, axis=1, kind="stable")
    pairs = np.stack([forward, forward[:, ::-1]], axis=1)
    return np.asarray(pairs.reshape(-1, u.shape[1]), dtype=np.int64)


def order_coalitions(orders: npt.ArrayLike) -> IntArray:
    """Coalitions formed as the players join one by one: empty, the first, the first two, ..., all.

    Parameters
    ----------
    orders : (K, P) array of int
        Each row a permutation of 0 ... P - 1; up to 62 players.

    Returns
    -------
    (K, P + 1) array of int
        Coalitions as bits, player i being bit i.

    Raises
    ------
    StandardsNetError
        A row is not a permutation, or there are too many players.

    Examples
    --------
    >>> order_coalitions([[2, 0, 1]]).tolist()
    [[0, 4, 5, 7]]
    """
    joining = _checked_orders(orders)
    if joining.shape[1] > _MAX_PLAYERS:
        raise StandardsNetError(f"orders hold {joining.shape[1]} players; at most {_MAX_PLAYERS} fit.")
    out = np.zeros((len(joining), joining.shape[1] + 1), dtype=np.int64)
    np.cumsum(np.left_shift(np.int64(1), joining), axis=1, out=out[:, 1:])
    return out


def shapley_of_orders(values: npt.ArrayLike, orders: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Shapley values and their standard errors, estimated from antithetic pairs of orders.

    .. math:: \hat\phi_i = \frac1K \sum_k \bigl[v(S_k(i) \cup i) - v(S_k(i))\bigr]

    with :math:`S_k(i)` the players before i in order k. The two orders of a pair are dependent, so the
    standard error is that of the mean of the K / 2 pair means.

    Parameters
    ----------
    values : (..., K, P + 1) array
        Values of the coalitions of :func:`order_coalitions`, in any unit.
    orders : (K, P) array of int
        From :func:`antithetic_orders`.

    Returns
    -------
    mean : (..., P) array
        In the unit of the values; rows sum to v(all) - v(empty).
    standard_error : (..., P) array
        NaN if there is only one pair.

    Raises
    ------
    StandardsNetError
        Rows that are not permutations or not in antithetic pairs, or values of another shape.

    References
    ----------
    Castro, J., Gómez, D. & Tejada, J. (2009), Polynomial calculation of the Shapley value based on
    sampling, Computers & Operations Research 36(5), doi:10.1016/j.cor.2008.04.004; in pairs: Mitchell,
    R., Cooper, J., Frank, E. & Holmes, G. (2022), Journal of Machine Learning Research 23(43), 1-46.

    Examples
    --------
    >>> gloves = np.array([0, 0, 0, 1, 0, 1, 0, 1])
    >>> orders = antithetic_orders([[0.3, 0.9, 0.1], [0.2, 0.4, 0.6], [0.1, 0.6, 0.2]])
    >>> mean, standard_error = shapley_of_orders(gloves[order_coalitions(orders)], orders)
    >>> mean.round(4).tolist(), standard_error.round(4).tolist()
    ([0.6667, 0.1667, 0.1667], [0.1667, 0.1667, 0.1667])
    """
    joining = _checked_orders(orders)
    count, players = joining.shape
    if count % 2 or (joining[1::2] != joining[::2, ::-1]).any():
        raise StandardsNetError(
            "orders must come in pairs, the second the reverse of the first (see antithetic_orders)."
        )
    v = np.asarray(values, dtype=np.float64)
    if v.shape[-2:] != (count, players + 1):
        raise StandardsNetError(
            f"values have shape {v.shape}; for {count} orders of {players} players the last two axes must "
            f"be ({count}, {players + 1})."
        )
    gain = np.diff(v, axis=-1)
    place = np.broadcast_to(np.argsort(joining, axis=1), gain.shape)
    by_player = np.take_along_axis(gain, place, axis=-1)
    pairs = by_player.reshape(*v.shape[:-2], count // 2, 2, players).mean(axis=-2)
    mean = pairs.mean(axis=-2)
    if count == 2:
        return mean, np.full_like(mean, np.nan)
    return mean, pairs.std(axis=-2, ddof=1) / math.sqrt(count // 2)


def _checked_orders(orders: npt.ArrayLike) -> IntArray:
    found = np.asarray(orders)
    if found.ndim != 2 or found.size == 0 or not np.issubdtype(found.dtype, np.integer):
        raise StandardsNetError(
            f"orders have shape {found.shape} and type {found.dtype}; they must be (orders, players) of int."
        )
    wrong = (np.sort(found, axis=1) != np.arange(found.shape[1])).any(axis=1)
    if wrong.any():
        raise StandardsNetError(
            f"orders row {int(wrong.argmax())} is not a permutation; each row must hold every player from 0 "
            f"to {found.shape[1] - 1} once."
        )
    return found.astype(np.int64)
