"""Quality, certainty and similarity of partitions of the countries into blocs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError
from standards_net.labels import aligned_by_label, checked_words
from standards_net.measures.blocs import bloc_shares
from standards_net.measures.requirements import checked_in_range

__all__ = [
    "agreement",
    "bloc_counts",
    "co_membership",
    "ei_index",
    "fence_sitting",
    "modularity",
    "variation_of_information",
]


@aligned_by_label(weights=("country", "country"), labels=("country",))
def modularity(weights: FloatArray, labels: Sequence[str] | npt.NDArray[np.str_]) -> float:
    r"""Modularity of a partition of an undirected weighted graph.

    .. math:: Q = \frac{1}{2m} \sum_{ij} \Bigl(w_{ij} - \frac{k_i k_j}{2m}\Bigr)
              \delta(g_i, g_j)

    Parameters
    ----------
    weights : (N, N) array
        Symmetric.
    labels : sequence, length N

    Returns
    -------
    float
        Below 1; k equal closed blocs have 1 - 1/k.

    Raises
    ------
    StandardsNetError
        Weights not symmetric, negative or all zero, or labels of the wrong length.

    References
    ----------
    Newman, M. E. J. (2004), Physical Review E 70, 056131, doi:10.1103/PhysRevE.70.056131.

    Examples
    --------
    >>> two_pairs = np.kron(np.eye(2), 1 - np.eye(2))
    >>> modularity(two_pairs, ["a", "a", "b", "b"])
    0.5
    """
    w = _undirected(weights, len(labels))
    _, group = np.unique(checked_words("labels", labels), return_inverse=True)
    strength, total = w.sum(axis=1), w.sum()
    same = group[:, None] == group
    return float((np.where(same, w - np.outer(strength, strength) / total, 0.0)).sum() / total)


@aligned_by_label(weights=("country", "country"), labels=("country",))
def ei_index(weights: FloatArray, labels: Sequence[str] | npt.NDArray[np.str_]) -> float:
    """External minus internal ties over all ties: -1 (all internal) to 1 (all external).

    Parameters
    ----------
    weights : (N, N) array
        Symmetric.
    labels : sequence, length N

    Returns
    -------
    float

    Raises
    ------
    StandardsNetError
        Weights not symmetric, negative or all zero, or labels of the wrong length.

    References
    ----------
    Krackhardt, D. & Stern, R. N. (1988), Social Psychology Quarterly 51(2), doi:10.2307/2786835.

    Examples
    --------
    >>> ei_index(1 - np.eye(2), ["a", "b"])
    1.0
    """
    w = _undirected(weights, len(labels))
    found = checked_words("labels", labels)
    between = w[found[:, None] != found].sum()
    return float((2.0 * between - w.sum()) / w.sum())


def _undirected(weights: FloatArray, labels: int) -> FloatArray:
    w = np.asarray(weights, dtype=np.float64)
    if w.ndim != 2 or w.shape[0] != w.shape[1] or not np.abs(w - w.T).max() <= 1e-9 * np.abs(w).max():
        raise StandardsNetError("weights must be a square, symmetric matrix.")
    if not (w.min() >= 0.0 and 0.0 < w.sum() < np.inf):
        raise StandardsNetError("weights must be 0 or more, and have some entry above 0.")
    if labels != len(w):
        raise StandardsNetError(f"labels hold {labels} entries for {len(w)} countries.")
    return w


@aligned_by_label(labels=("draw", "country"), draw_weights=("draw",))
def co_membership(
    labels: npt.NDArray[np.str_] | IntArray, draw_weights: npt.ArrayLike | None = None
) -> FloatArray:
    """Share of the draws in which two countries are in the same bloc.

    Parameters
    ----------
    labels : (R, N) array
        Bloc of each country in each draw; labels need not be consistent across draws.
    draw_weights : (R,) array or None
        Weight of each draw, in any unit; equal if None.

    Returns
    -------
    (N, N) array
        Symmetric, diagonal 1.

    Raises
    ------
    StandardsNetError
        Labels that are not one row per draw; draw weights of the wrong length, negative, or all zero.

    Examples
    --------
    >>> co_membership(np.array([["a", "a"], ["a", "b"]])).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    found = _numbered(labels)
    draws, countries = found.shape
    counts = _checked_draw_weights(draw_weights, draws)
    root = np.sqrt(counts)[:, None]  # on both sides of the product, to keep it symmetric
    together = np.zeros((countries, countries))
    for bloc in range(found.max() + 1):
        member = (found == bloc) * root
        together += member.T @ member
    together /= counts.sum()
    np.fill_diagonal(together, 1.0)  # squared roots miss 1 by rounding
    return np.minimum(together, 1.0)


@aligned_by_label(labels=("draw", "country"), weights=("country",), draw_weights=("draw",))
def bloc_counts(
    labels: npt.NDArray[np.str_] | IntArray,
    weights: FloatArray,
    *,
    draw_weights: npt.ArrayLike | None = None,
    least_share: float = 0.01,
) -> dict[int, float]:
    """Probability of each number of blocs, ignoring blocs below a minimum size.

    Parameters
    ----------
    labels : (R, N) array
        Bloc of each country in each draw; labels need not be consistent across draws.
    weights : (N,) array
        Sizes of the countries, in any unit.
    draw_weights : (R,) array or None
        Weight of each draw, in any unit; equal if None.
    least_share : float
        Share of all weight that a bloc must hold to be counted, above 0 and at most 1.

    Returns
    -------
    dict of int to float
        Sorted by number; the probabilities sum to 1.

    Raises
    ------
    StandardsNetError
        Labels that are not one row per draw; weights of the wrong length, negative, or all zero;
        ``least_share`` out of range.

    Examples
    --------
    >>> bloc_counts(np.array([["a", "a"], ["a", "b"]]), np.array([0.5, 0.5]))
    {1: 0.5, 2: 0.5}
    """
    found = _numbered(labels)
    counts = _checked_draw_weights(draw_weights, len(found))
    least = checked_in_range("least_share", least_share, 0.0, 1.0, open_low=True)
    shares = bloc_shares(found, weights, int(found.max()) + 1)
    # Rounding may put a bloc of exactly the least share below it.
    blocs = (shares >= least * (1.0 - 1e-9)).sum(axis=1)
    probability = np.bincount(blocs, counts) / counts.sum()
    return {int(number): float(probability[number]) for number in np.flatnonzero(probability)}


@aligned_by_label(labels=("draw", "country"))
def fence_sitting(labels: npt.NDArray[np.str_] | IntArray) -> FloatArray:
    r"""Variation of each country's bloc over the draws: 0 always the same, 1 all blocs equally frequent.

    .. math:: f_i = \frac{1 - \sum_k \pi_{ik}^2}{1 - 1/K}

    with :math:`\pi_{ik}` the share of draws in which country i is in bloc k: the probability that
    two draws disagree, over its maximum for the K blocs observed (at least two). Labels must be
    consistent across draws, as those of declared and dominant blocs are; unlike an index based on
    co-membership, it does not rate a country as firm that switches blocs together with its neighbours.

    Parameters
    ----------
    labels : (R, N) array
        Bloc of each country in each draw.

    Returns
    -------
    (N,) array

    Raises
    ------
    StandardsNetError
        Labels that are not one row per draw.

    References
    ----------
    Gibbs, J. P. & Martin, W. T. (1962), American Sociological Review 27(5), doi:10.2307/2089624;
    scaled as the index of qualitative variation.

    Examples
    --------
    >>> fence_sitting(np.array([["a", "a"], ["a", "b"]])).tolist()
    [0.0, 1.0]
    """
    found = _by_draw(labels)
    names = np.unique(found)
    share = np.stack([(found == name).mean(axis=0) for name in names])
    maximum = 1.0 - 1.0 / max(len(names), 2)
    return np.asarray((1.0 - np.square(share).sum(axis=0)) / maximum)


@aligned_by_label(a=("country",), b=("country",))
def agreement(a: Sequence[str] | npt.NDArray[np.str_], b: Sequence[str] | npt.NDArray[np.str_]) -> float:
    r"""Adjusted Rand index of two partitions: 1 if identical, about 0 by chance.

    .. math:: \frac{\sum_{kl} \binom{n_{kl}}{2} - E}{\frac12\bigl[\sum_k \binom{n_k}{2} +
              \sum_l \binom{n_l}{2}\bigr] - E}, \qquad
              E = \sum_k \tbinom{n_k}{2} \sum_l \tbinom{n_l}{2} \Big/ \tbinom n2

    Parameters
    ----------
    a, b : sequence, length N
        Labels; their names do not matter.

    Returns
    -------
    float

    Raises
    ------
    StandardsNetError
        Partitions of different lengths, or empty.

    References
    ----------
    Hubert, L. & Arabie, P. (1985), Journal of Classification 2, doi:10.1007/BF01908075.

    Examples
    --------
    >>> agreement(["x", "x", "y"], ["p", "p", "q"])
    1.0
    """
    table = _crossed(a, b)

    def pairs(counts: FloatArray) -> float:
        return float((counts * (counts - 1.0) / 2.0).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / max(pairs(table.sum(keepdims=True)), 1.0)
    maximum = (rows + columns) / 2.0
    return 1.0 if maximum == expected else float((both - expected) / (maximum - expected))


@aligned_by_label(a=("country",), b=("country",))
def variation_of_information(
    a: Sequence[str] | npt.NDArray[np.str_], b: Sequence[str] | npt.NDArray[np.str_]
) -> float:
    r"""Variation of information of two partitions: information in each not contained in the other, in nats.

    .. math:: -\sum_{kl} \frac{n_{kl}}{n} \Bigl[\ln\frac{n_{kl}}{n_k} + \ln\frac{n_{kl}}{n_l}\Bigr]

    A metric: 0 if and only if the partitions are the same, with the triangle inequality. Unlike
    :func:`agreement`, it is not corrected for chance.

    Parameters
    ----------
    a, b : sequence, length N
        Labels; their names do not matter.

    Returns
    -------
    float
        From 0 to ln N.

    Raises
    ------
    StandardsNetError
        Partitions of different lengths, or empty.

    References
    ----------
    Meilă, M. (2007), Comparing clusterings: an information based distance, Journal of Multivariate
    Analysis 98(5), doi:10.1016/j.jmva.2006.11.013.

    Examples
    --------
    >>> variation_of_information(["x", "x", "y"], ["p", "p", "q"])
    0.0
    >>> round(variation_of_information(["x", "x", "y", "y"], ["p", "q", "p", "q"]), 6)
    1.386294
    """
    table = _crossed(a, b)
    row, column = np.nonzero(table)
    both = table[row, column]
    ratio_a, ratio_b = table.sum(axis=1)[row] / both, table.sum(axis=0)[column] / both
    return float(both @ (np.log(ratio_a) + np.log(ratio_b)) / table.sum())


def _crossed(a: npt.ArrayLike, b: npt.ArrayLike) -> FloatArray:
    """Contingency table: number of items in bloc k of one partition and bloc l of the other."""
    _, rows = np.unique(checked_words("a", a), return_inverse=True)
    _, columns = np.unique(checked_words("b", b), return_inverse=True)
    if rows.shape != columns.shape or not rows.size:
        raise StandardsNetError(f"partitions of {rows.size} and {columns.size} items cannot be compared.")
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1.0)
    return table


def _by_draw(labels: npt.ArrayLike) -> npt.NDArray[Any]:
    found = checked_words("labels", labels)
    if found.ndim != 2 or found.size == 0:
        raise StandardsNetError(f"labels have shape {found.shape}; they must be (draws, countries).")
    return found


def _numbered(labels: npt.ArrayLike) -> IntArray:
    """Blocs numbered from 0 within each draw, in the order of their first members.

    This keeps the numbers small and results independent of label names, rounding included.
    """

    def numbers(row: npt.NDArray[Any]) -> IntArray:
        _, first, bloc = np.unique(row, return_index=True, return_inverse=True)
        return np.asarray(first.argsort().argsort()[bloc], dtype=np.int64)

    return np.array([numbers(row) for row in _by_draw(labels)])


def _checked_draw_weights(draw_weights: npt.ArrayLike | None, draws: int) -> FloatArray:
    if draw_weights is None:
        return np.ones(draws)
    counts = np.asarray(draw_weights, dtype=np.float64)
    if counts.shape != (draws,):
        raise StandardsNetError(
            f"draw_weights have shape {counts.shape}; for {draws} draws they must be ({draws},)."
        )
    if not (counts.min() >= 0.0 and 0.0 < counts.sum() < np.inf):
        raise StandardsNetError("draw_weights must be 0 or more, and some above 0.")
    return counts
