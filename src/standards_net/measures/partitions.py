"""How good, how sure and how alike partitions of the countries into blocs are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError

__all__ = ["agreement", "co_membership", "ei_index", "fence_sitting", "modularity"]


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
        Weights not symmetric, negative or all zero, or labels of another length.

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
    _, group = np.unique(np.asarray(labels), return_inverse=True)
    strength, total = w.sum(axis=1), w.sum()
    same = group[:, None] == group
    return float((np.where(same, w - np.outer(strength, strength) / total, 0.0)).sum() / total)


def ei_index(weights: FloatArray, labels: Sequence[str] | npt.NDArray[np.str_]) -> float:
    """External less internal ties over all ties: -1 (only inside) to 1 (only between).

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
        Weights not symmetric, negative or all zero, or labels of another length.

    References
    ----------
    Krackhardt, D. & Stern, R. N. (1988), Social Psychology Quarterly 51(2), doi:10.2307/2786835.

    Examples
    --------
    >>> ei_index(1 - np.eye(2), ["a", "b"])
    1.0
    """
    w = _undirected(weights, len(labels))
    found = np.asarray(labels)
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


def co_membership(labels: npt.NDArray[np.str_] | IntArray) -> FloatArray:
    """Share of the draws in which two countries are in one bloc.

    Parameters
    ----------
    labels : (R, N) array
        Bloc of each country in each draw.

    Returns
    -------
    (N, N) array
        Symmetric, diagonal 1.

    Raises
    ------
    StandardsNetError
        Labels that are not one row a draw.

    Examples
    --------
    >>> co_membership(np.array([["a", "a"], ["a", "b"]])).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    found = _by_draw(labels)
    together = np.zeros((found.shape[1], found.shape[1]))
    for label in np.unique(found):
        member = (found == label).astype(np.float64)
        together += member.T @ member
    return np.asarray(together / found.shape[0])


def fence_sitting(labels: npt.NDArray[np.str_] | IntArray) -> FloatArray:
    r"""How undecided each country's bloc is over the draws: 0 always the same, 1 any bloc alike.

    .. math:: f_i = \frac{1 - \sum_k \pi_{ik}^2}{1 - 1/K}

    with :math:`\pi_{ik}` the share of draws in which country i is in bloc k: the chance that two draws
    disagree, over the most that the K blocs seen allow (two at least). It needs labels that mean the
    same in every draw, as declared and dominant blocs do; unlike one from co-membership it does not
    call a country firm for going over to another bloc together with its neighbours.

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
        Labels that are not one row a draw.

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
    most = 1.0 - 1.0 / max(len(names), 2)
    return np.asarray((1.0 - np.square(share).sum(axis=0)) / most)


def agreement(a: Sequence[str] | npt.NDArray[np.str_], b: Sequence[str] | npt.NDArray[np.str_]) -> float:
    r"""Adjusted Rand index of two partitions: 1 the same, about 0 by chance.

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
        Partitions of different lengths.

    References
    ----------
    Hubert, L. & Arabie, P. (1985), Journal of Classification 2, doi:10.1007/BF01908075.

    Examples
    --------
    >>> agreement(["x", "x", "y"], ["p", "p", "q"])
    1.0
    """
    _, one = np.unique(np.asarray(a), return_inverse=True)
    _, two = np.unique(np.asarray(b), return_inverse=True)
    if one.shape != two.shape:
        raise StandardsNetError(f"partitions of {one.size} and {two.size} things do not compare.")
    table = np.zeros((one.max() + 1, two.max() + 1))
    np.add.at(table, (one, two), 1.0)

    def pairs(counts: FloatArray) -> float:
        return float((counts * (counts - 1.0) / 2.0).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / max(pairs(np.array([float(one.size)])), 1.0)
    most = (rows + columns) / 2.0
    return 1.0 if most == expected else float((both - expected) / (most - expected))


def _by_draw(labels: npt.ArrayLike) -> npt.NDArray[Any]:
    found = np.asarray(labels)
    if found.ndim != 2 or found.size == 0:
        raise StandardsNetError(f"labels have shape {found.shape}; they must be (draws, countries).")
    return found
