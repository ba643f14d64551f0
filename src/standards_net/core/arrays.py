"""Array types shared by the kernels, their memory layout, and reductions suited to it.

Shapes are (..., N, V): draws first, countries, then vendors or standards, which suits numpy broadcasting.
In memory a run keeps the draws innermost (:func:`draws_last`): a column ``values[..., v]`` then consists
of long contiguous rows, every elementwise operation keeps that order, and the network terms are plain
matrix products without a copy. All functions here accept any memory order; this one is two to four times
faster. The last axis is short, three to ten entries, which numpy reduces slowly: these reductions go
column by column instead, and so add in a fixed order.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from standards_net.core.compiled import compiled

__all__ = [
    "BoolArray",
    "FloatArray",
    "IntArray",
    "by_country",
    "by_draw",
    "draws_last",
    "from_lanes",
    "pool",
    "pool_by_draw",
    "pool_own",
    "row_dot",
    "row_form",
    "row_largest",
    "row_matmul",
    "row_sum",
    "to_lanes",
]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


def draws_last(values: FloatArray) -> FloatArray:
    """Same array, same axes, with the first axis contiguous in memory and the others in order.

    Examples
    --------
    >>> kept = draws_last(np.zeros((64, 5, 3)))
    >>> kept.shape, [step // kept.itemsize for step in kept.strides]
    ((64, 5, 3), [1, 192, 64])
    """
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(values, 0, -1)), -1, 0)


def to_lanes(values: npt.ArrayLike, lead: tuple[int, ...], own: tuple[int, ...]) -> FloatArray:
    """Broadcast to ``(*lead, *own)`` and lay out as (*own, R) with the R draws contiguous.

    Arrays laid out by :func:`draws_last` are not copied.

    Examples
    --------
    >>> to_lanes(np.array([[1.0], [2.0]]), (2,), (1,)).tolist()
    [[1.0, 2.0]]
    """
    full, axes = np.asarray(values, dtype=np.float64), range(len(lead) + len(own))
    if full.shape != (*lead, *own):
        full = np.broadcast_to(full, (*lead, *own))
    moved = full.transpose(*axes[len(lead) :], *axes[: len(lead)])
    return np.ascontiguousarray(moved.reshape(*own, math.prod(lead)))


def from_lanes(lanes: FloatArray, lead: tuple[int, ...]) -> FloatArray:
    """Undo :func:`to_lanes` without a copy: (*own, R) becomes (*lead, *own).

    Examples
    --------
    >>> from_lanes(np.array([[1.0, 2.0]]), (2,)).tolist()
    [[1.0], [2.0]]
    """
    own = lanes.ndim - 1
    spread = lanes.reshape(*lanes.shape[:-1], *lead)
    axes = range(spread.ndim)
    return spread.transpose(*axes[own:], *axes[:own])


def by_country(values: FloatArray, country_of: IntArray, weight: FloatArray, countries: int) -> FloatArray:
    r"""Weighted sum over the operators of each country, :math:`\sum_{o \in i} w_o x_o`.

    Parameters
    ----------
    values : (..., O, V) array
    country_of : (O,) array of int
        Index of each operator's country.
    weight : (O,) array
    countries : int
        N.

    Returns
    -------
    (..., N, V) array
        The values themselves where every country is one operator of weight 1.

    Examples
    --------
    >>> shares, weight = np.array([[1.0], [0.0], [0.5]]), np.array([0.25, 0.75, 1.0])
    >>> by_country(shares, np.array([0, 0, 1]), weight, 2).tolist()
    [[0.25], [0.5]]
    """
    if len(country_of) == countries:
        return values
    lead, own = values.shape[:-2], values.shape[-2:]
    lanes = to_lanes(values, lead, own)
    out = np.zeros((countries, own[1], lanes.shape[-1]))
    _by_country(lanes, country_of, weight, out)
    return from_lanes(out, lead)


@compiled
def _by_country(values: FloatArray, country_of: IntArray, weight: FloatArray, out: FloatArray) -> None:
    operators, entries, draws = values.shape
    for o in range(operators):
        i = country_of[o]
        w = weight[o]
        for v in range(entries):
            for r in range(draws):
                out[i, v, r] += w * values[o, v, r]


def row_sum(values: FloatArray) -> FloatArray:
    """Sum along the last, short axis.

    Examples
    --------
    >>> row_sum(np.array([[1.0, 2.0, 3.0]])).tolist()
    [6.0]
    """
    total = values[..., 0].copy("K")
    for column in range(1, values.shape[-1]):
        total += values[..., column]
    return np.asarray(total)


def row_largest(values: FloatArray) -> FloatArray:
    """1 at the largest entry of each row (the first of equals), else 0.

    Examples
    --------
    >>> row_largest(np.array([[0.2, 0.4, 0.4]])).tolist()
    [[0.0, 1.0, 0.0]]
    """
    lead, own = values.shape[:-2], values.shape[-2:]
    lanes = to_lanes(values, lead, own)
    out = np.empty_like(lanes)
    _row_largest(lanes, out)
    return from_lanes(out, lead)


@compiled
def _row_largest(values: FloatArray, out: FloatArray) -> None:
    rows, entries, draws = values.shape
    best = np.empty(draws)
    for i in range(rows):
        best[:] = -np.inf
        for v in range(entries):
            for r in range(draws):
                best[r] = max(best[r], values[i, v, r])
        for v in range(entries):
            for r in range(draws):
                largest = values[i, v, r] == best[r]
                out[i, v, r] = 1.0 if largest else 0.0
                best[r] = np.inf if largest else best[r]


def row_dot(values: FloatArray, weights: FloatArray) -> FloatArray:
    """``values @ weights`` for many rows of few entries: (..., N, V) by (..., V) is (..., N).

    Examples
    --------
    >>> row_dot(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0])).tolist()
    [12.0, 34.0]
    """
    return row_matmul(values, weights[..., None])[..., 0]


def row_matmul(values: FloatArray, matrix: FloatArray) -> FloatArray:
    """``values @ matrix`` for many rows of few entries: (..., N, S) by (..., S, T) is (..., N, T).

    Examples
    --------
    >>> row_matmul(np.array([[1.0, 2.0]]), np.array([[1.0, 0.5], [0.0, 1.0]])).tolist()
    [[1.0, 2.5]]
    """
    lead = np.broadcast_shapes(values.shape[:-2], matrix.shape[:-2])
    lanes = to_lanes(values, lead, values.shape[-2:])
    out = np.empty((len(lanes), matrix.shape[-1], lanes.shape[-1]))
    _row_matmul(lanes, to_lanes(matrix, lead, matrix.shape[-2:]), out)
    return from_lanes(out, lead)


@compiled
def _row_matmul(values: FloatArray, matrix: FloatArray, out: FloatArray) -> None:
    rows, entries, draws = values.shape
    for i in range(rows):
        for t in range(out.shape[1]):
            for r in range(draws):
                out[i, t, r] = values[i, 0, r] * matrix[0, t, r]
            for s in range(1, entries):
                for r in range(draws):
                    out[i, t, r] += values[i, s, r] * matrix[s, t, r]


def row_form(left: FloatArray, matrix: FloatArray, right: FloatArray) -> FloatArray:
    r"""Bilinear form of each row, :math:`\sum_{st} l_s C_{st} r_t`: (..., N, S), (..., S, S) to (..., N).

    Examples
    --------
    >>> row_form(np.array([[1.0, 0.0]]), np.array([[1.0, 0.5], [0.5, 1.0]]), np.array([[0.5, 0.5]])).tolist()
    [0.75]
    """
    lead = np.broadcast_shapes(left.shape[:-2], matrix.shape[:-2], right.shape[:-2])
    own = left.shape[-2:]
    lanes = to_lanes(left, lead, own)
    out = np.empty((len(lanes), lanes.shape[-1]))
    _row_form(lanes, to_lanes(matrix, lead, matrix.shape[-2:]), to_lanes(right, lead, own), out)
    return from_lanes(out, lead)


@compiled
def _row_form(left: FloatArray, matrix: FloatArray, right: FloatArray, out: FloatArray) -> None:
    rows, entries, draws = left.shape
    for i in range(rows):
        out[i] = 0.0
        for s in range(entries):
            for t in range(entries):
                for r in range(draws):
                    out[i, r] += left[i, s, r] * matrix[s, t, r] * right[i, t, r]


def pool(weights: FloatArray, values: FloatArray) -> FloatArray:
    """``weights @ values`` over the countries of all draws at once: (N,) or (G, N) by (..., N, V).

    Examples
    --------
    >>> pool(np.array([0.5, 0.5]), np.array([[1.0, 0.0], [0.0, 1.0]])).tolist()
    [0.5, 0.5]
    >>> pool(np.eye(2), np.ones((3, 2, 4))).shape
    (3, 2, 4)
    """
    lead, own = values.shape[:-2], values.shape[-2:]
    lanes = to_lanes(values, lead, own)
    pooled = np.matmul(weights, lanes.reshape(own[0], -1))
    return from_lanes(pooled.reshape(*weights.shape[:-1], own[1], lanes.shape[-1]), lead)


def pool_by_draw(weights: FloatArray, values: FloatArray) -> FloatArray:
    """Sum over countries, (..., N, V) to (..., V), by weights that all draws share, (N,), or have, (..., N).

    Examples
    --------
    >>> shares = np.array([[[1.0, 0.0], [0.0, 1.0]]] * 2)
    >>> pool_by_draw(np.array([0.5, 0.5]), shares).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    >>> pool_by_draw(np.array([[0.5, 0.5], [0.2, 0.8]]), shares).tolist()
    [[0.5, 0.5], [0.2, 0.8]]
    """
    return pool(weights, values) if weights.ndim == 1 else pool_own(weights[..., None, :], values)[..., 0, :]


def pool_own(weights: FloatArray, values: FloatArray) -> FloatArray:
    """Sums over countries by G weights of each draw: (..., G, N) by (..., N, V) is (..., G, V).

    Examples
    --------
    >>> pool_own(np.ones((1, 3, 2)), np.array([[[1.0], [2.0]]])).tolist()
    [[[3.0], [3.0], [3.0]]]
    """
    return np.asarray(np.matmul(weights, values))


def by_draw(weights: FloatArray, factor: FloatArray) -> FloatArray:
    """Weights of countries, (N,) or (R, N), times a factor of each draw, (R,): (R, N), draws contiguous.

    Examples
    --------
    >>> by_draw(np.array([1.0, 3.0]), np.array([1.0, 2.0])).tolist()
    [[1.0, 3.0], [2.0, 6.0]]
    >>> by_draw(np.array([[1.0], [3.0]]), np.array([1.0, 2.0])).tolist()
    [[1.0], [6.0]]
    """
    if weights.ndim == 1:
        return np.outer(weights, factor).T
    return draws_last(weights * factor[:, None])
