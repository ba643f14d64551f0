"""Arrays of a synthetic market: sizes of blocks, expected contacts, and sampled contacts.

An edge between firms i < j of a market of ``size`` firms is one number, its key i * size + j: keys sort and
compare as integers, which makes ten million of them fast to process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray
from standards_net.randomness import uniforms

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from standards_net.world.world import World

__all__ = [
    "KeyArray", "country_sizes", "distinct", "draw_contacts", "expected_contacts", "mixed_ties", "symmetric",
]  # fmt: skip

KeyArray = npt.NDArray[np.int64]


def country_sizes(share: FloatArray, size: int) -> npt.NDArray[np.int64]:
    """Number of firms of each country by the largest-remainder method, but at least one.

    Countries whose quota is below one firm get one; the remaining firms are divided among the others.

    Parameters
    ----------
    share : (C,) array
    size : int
        At least C.

    Examples
    --------
    >>> country_sizes(np.array([0.6, 0.38, 0.02]), 10).tolist()
    [6, 3, 1]
    """
    single = np.zeros(len(share), dtype=bool)
    while True:
        rest = np.where(single, 0.0, share)
        quota = rest / max(rest.sum(), np.finfo(float).tiny) * (size - single.sum())
        small = ~single & (quota < 1.0)
        if not small.any():
            break
        single |= small
    firms = np.where(single, 1, np.floor(quota)).astype(np.int64)
    left = size - int(firms.sum())
    remainder = np.where(single & ~single.all(), -1.0, quota - np.floor(quota))
    firms[np.argsort(-remainder, kind="stable")[:left]] += 1
    return firms


def mixed_ties(world: World) -> FloatArray:
    """Ties of all kinds, mixed with the default parameters, (C, C): zero diagonal, rows sum to 1.

    Examples
    --------
    >>> import standards_net as sn
    >>> ties = mixed_ties(sn.load_world())
    >>> bool(np.allclose(ties.sum(axis=1), 1.0)), float(ties.diagonal().max())
    (True, 0.0)
    """
    mix = np.array([world.parameters[f"tie_weight_{kind}"].default for kind in world.tie_kinds])
    ties = np.tensordot(mix, world.ties, axes=1)
    np.fill_diagonal(ties, 0.0)
    total = ties.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(ties, total, out=np.zeros_like(ties), where=total > 0.0))


def expected_contacts(
    sizes: npt.NDArray[np.int64], ties: FloatArray, degree: float, within: float
) -> FloatArray:
    r"""Expected contacts of each pair of countries; the upper triangle sums to ``degree`` * firms / 2.

    A country without ties has all its contacts at home.

    Parameters
    ----------
    sizes : (C,) array of int
        Number of firms.
    ties : (C, C) array
        Rows sum to 1, or to 0 for a country without ties.
    degree : float
    within : float

    Examples
    --------
    >>> ties = np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> expected_contacts(np.array([60, 40]), ties, 10.0, 0.8).round(6).tolist()
    [[240.0, 100.0], [100.0, 160.0]]
    """
    stubs = degree * sizes
    out = (1.0 - within) * stubs[:, None] * ties
    contacts = (out + out.T) / 2
    np.fill_diagonal(contacts, (stubs - out.sum(axis=1)) / 2)
    return np.asarray(contacts)


def draw_contacts(
    seed: int,
    technology: str,
    countries: Sequence[str],
    expected: FloatArray,
    propensity: Sequence[FloatArray],
    start: KeyArray,
) -> tuple[int, list[KeyArray]]:
    """Draw contacts of all pairs of countries: Poisson numbers, both ends drawn by propensity.

    Parameters
    ----------
    seed : int
    technology : str
    countries : sequence of str, length C
    expected : (C, C) array
        From :func:`expected_contacts`.
    propensity : sequence of (n,) arrays
        Of each country's firms; each sums to 1.
    start : (C + 1,) array of int
        First firm of each country, and the number of firms.

    Returns
    -------
    int
        Number of contacts drawn.
    list of arrays
        Keys of those between different firms, including repeated ones.
    """
    from scipy.stats import poisson

    cumulative = [np.cumsum(theta) for theta in propensity]
    pairs = np.argwhere(np.triu(expected) > 0.0)
    names = [("contacts", technology, countries[c], countries[d]) for c, d in pairs]
    # The first number of a pair determines how many contacts it has, the others which.
    random = np.array([uniforms(seed, name, slice(0, 1), 1)[0, 0] for name in names])
    means = expected[pairs[:, 0], pairs[:, 1]]
    # The quantile of probability 0 is -1; the smallest positive probability gives 0 instead.
    counts = poisson.ppf(np.maximum(random, np.finfo(float).tiny), means).astype(np.int64)
    size, keys = start[-1], []
    for (c, d), name, count in zip(pairs, names, counts, strict=True):
        if not count:
            continue
        u = uniforms(seed, name, slice(1, 1 + int(count)), 2)
        first = start[c] + _ends(cumulative[c], u[:, 0])
        second = start[d] + _ends(cumulative[d], u[:, 1])
        if c == d:
            distinct_ends = first != second
            first, second = (
                np.minimum(first, second)[distinct_ends],
                np.maximum(first, second)[distinct_ends],
            )
        keys.append(first * size + second)
    return int(counts.sum()), keys


def _ends(cumulative: FloatArray, u: FloatArray) -> KeyArray:
    """Firms selected by uniform numbers, from the cumulative sum of their propensities."""
    return np.minimum(np.searchsorted(cumulative, u, side="right"), len(cumulative) - 1)


def distinct(keys: Sequence[KeyArray]) -> KeyArray:
    """Sorted distinct keys.

    Examples
    --------
    >>> distinct([np.array([7, 3]), np.array([3])]).tolist()
    [3, 7]
    """
    together = np.concatenate([np.empty(0, dtype=np.int64), *keys])
    together.sort()
    first = np.ones(len(together), dtype=bool)
    np.not_equal(together[1:], together[:-1], out=first[1:])
    return together[first]


def symmetric(keys: KeyArray, size: int) -> csr_array:
    """Symmetric adjacency matrix of ones from sorted keys.

    Examples
    --------
    >>> symmetric(np.array([1, 5]), 3).toarray().tolist()  # edges 0-1 and 1-2
    [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    from scipy.sparse import csr_array

    rows = np.floor_divide(keys, size)
    columns = (keys - rows * size).astype(np.int32)
    start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))]).astype(np.int32)
    upper = csr_array((np.ones(len(keys)), columns, start), shape=(size, size))
    return upper + upper.T.tocsr()
