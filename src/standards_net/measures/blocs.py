"""Blocs: who ends up together, by three definitions, and how sure that is."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError, one_of
from standards_net.randomness import RNGLike, SeedLike, seed_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MIXED",
    "agreement",
    "bloc_shares",
    "bloc_sizes",
    "co_membership",
    "ei_index",
    "fence_sitting",
    "find_blocs",
    "modularity",
]

MIXED = "mixed"

_DEFINITIONS = ("declared", "dominant", "detected")


def bloc_sizes(
    labels: Sequence[str] | npt.NDArray[np.str_],
    weights: Mapping[str, npt.ArrayLike] | pd.DataFrame | npt.ArrayLike,
) -> pd.DataFrame:
    """Size of each bloc: number of countries, and share of the world by each weight.

    Parameters
    ----------
    labels : sequence of str, length N
        Bloc of each country.
    weights : mapping of name to (N,) array, DataFrame, or (N,) array
        Population, GDP, connections, market value, ... in any unit.

    Returns
    -------
    DataFrame
        One row a bloc, largest first weight on top; columns ``countries`` and the weights' names.

    Raises
    ------
    StandardsNetError
        Weights of another length, negative, or all zero.

    Examples
    --------
    >>> bloc_sizes(["x", "y", "x"], {"gdp": [1.0, 2.0, 1.0]}).to_dict("index")
    {'x': {'countries': 2, 'gdp': 0.5}, 'y': {'countries': 1, 'gdp': 0.5}}
    """
    import pandas as pd

    found = np.asarray(labels)
    named = weights if isinstance(weights, Mapping | pd.DataFrame) else {"weight": weights}
    sizes = pd.Series(1, index=found).groupby(level=0).sum().to_frame("countries")
    for name in named:
        values = np.asarray(named[name], dtype=np.float64)
        if values.shape != found.shape:
            raise StandardsNetError(f"weight '{name}' has {values.size} entries for {found.size} countries.")
        if not np.isfinite(values).all() or values.min() < 0.0 or values.sum() <= 0.0:
            raise StandardsNetError(f"weight '{name}' must be 0 or more, and some above 0.")
        sizes[str(name)] = pd.Series(values / values.sum(), index=found).groupby(level=0).sum()
    order = list(sizes.columns[1:2]) or ["countries"]
    return sizes.sort_values(order, ascending=False, kind="stable").rename_axis("bloc")


def bloc_shares(labels: IntArray, weights: FloatArray, blocs: int) -> FloatArray:
    """Share of the world in each bloc, for many draws at once.

    Parameters
    ----------
    labels : (..., N) array of int
        Bloc of each country, 0 to ``blocs`` - 1.
    weights : (N,) array
        Summing to 1.
    blocs : int

    Returns
    -------
    (..., blocs) array

    Examples
    --------
    >>> bloc_shares(np.array([[0, 1], [1, 1]]), np.array([0.25, 0.75]), 2).tolist()
    [[0.25, 0.75], [0.0, 1.0]]
    """
    member = np.asarray(labels[..., None] == np.arange(blocs), dtype=np.float64)
    return np.asarray(np.matmul(weights, member))


def find_blocs(
    adoption: FloatArray,
    *,
    by: str = "dominant",
    standards: Sequence[str] | None = None,
    exchange: FloatArray | None = None,
    compatibility: FloatArray | None = None,
    alignments: Sequence[str] | None = None,
    margin: float = 0.0,
    resolution: float = 1.0,
    rng: RNGLike | SeedLike | None = None,
) -> npt.NDArray[np.str_]:
    r"""Label each country with its bloc.

    Parameters
    ----------
    adoption : (N, S) array
        Shares by country; rows sum to 1.
    by : {"declared", "dominant", "detected"}
        The alignments given; the largest standard; or communities found by the Leiden algorithm
        (modularity) in the graph with weights :math:`\Omega_{ij}\, b_i' C b_j`.
    standards : sequence of str or None
        Names of the S standards; needed for ``dominant``, and names communities by their leader.
    exchange : (N, N) array
        Omega; needed for ``detected``.
    compatibility : (S, S) array or None
        Identity if None.
    alignments : sequence of str
        Needed for ``declared``.
    margin : float
        A country whose two largest standards are nearer than this is ``mixed``.
    resolution : float
        Of the communities; larger finds more.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed of the community search.

    Returns
    -------
    (N,) array of str

    Raises
    ------
    StandardsNetError
        Unknown definition, or something that it needs is missing.

    References
    ----------
    Traag, V. A., Waltman, L. & van Eck, N. J. (2019), Scientific Reports 9,
    doi:10.1038/s41598-019-41695-z.

    Examples
    --------
    >>> find_blocs(np.array([[0.9, 0.1], [0.2, 0.8]]), standards=["china", "west"]).tolist()
    ['china', 'west']
    """
    b = np.asarray(adoption, dtype=np.float64)
    if by == "declared":
        if alignments is None:
            raise StandardsNetError("declared blocs need alignments=, one for each country.")
        return np.asarray(alignments, dtype=str)
    if by == "dominant":
        if standards is None:
            raise StandardsNetError("dominant blocs need standards=, the names of the columns.")
        return _dominant(b, standards, margin)
    if by == "detected":
        if exchange is None:
            raise StandardsNetError("detected blocs need exchange=, the matrix Omega.")
        c = np.eye(b.shape[1]) if compatibility is None else compatibility
        weights = exchange * (b @ c @ b.T)
        return _named(_communities(weights, resolution, rng), b, standards)
    raise StandardsNetError(one_of("definition of blocs", by, _DEFINITIONS) + ".")


def _dominant(shares: FloatArray, standards: Sequence[str], margin: float) -> npt.NDArray[np.str_]:
    names = np.array([*standards, MIXED])
    ordered = np.sort(shares, axis=1)
    leading = shares.argmax(axis=1)
    if shares.shape[1] > 1:
        tied = ordered[:, -1] - ordered[:, -2] < margin
        leading = np.where(tied, len(standards), leading)
    return np.asarray(names[leading])


def _communities(weights: FloatArray, resolution: float, rng: RNGLike | SeedLike | None) -> IntArray:
    import igraph

    rows, columns = np.nonzero(np.triu(weights, 1))
    graph = igraph.Graph(n=len(weights), edges=np.column_stack([rows, columns]).tolist())
    with _igraph_seeded(seed_of(rng)):
        # Leiden's default objective (CPM) needs a resolution of its own; modularity does not.
        found = graph.community_leiden(
            objective_function="modularity",
            weights=weights[rows, columns].tolist(),
            resolution=resolution,
            n_iterations=-1,
        )
    return np.asarray(found.membership, dtype=np.int64)


@contextmanager
def _igraph_seeded(seed: int) -> Iterator[None]:
    """Seed igraph's process-wide generator, and give it back."""
    import igraph

    igraph.set_random_number_generator(random.Random(seed))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def _named(membership: IntArray, shares: FloatArray, standards: Sequence[str] | None) -> npt.NDArray[np.str_]:
    """Name communities by their leading standard; numbered, the largest first, if not unique."""
    sizes = np.bincount(membership)
    order = np.argsort(-sizes, kind="stable")
    names: dict[int, str] = {}
    for place, community in enumerate(order):
        if standards is None:
            names[community] = f"bloc {place + 1}"
            continue
        leader = standards[int(shares[membership == community].mean(axis=0).argmax())]
        again = sum(name.split(" ")[0] == leader for name in names.values())
        names[community] = leader if not again else f"{leader} {again + 1}"
    return np.array([names[community] for community in membership])


def modularity(weights: FloatArray, labels: Sequence[str] | npt.NDArray[np.str_]) -> float:
    r"""Modularity of a partition of an undirected weighted graph.

    .. math:: Q = \frac{1}{2m} \sum_{ij} \Bigl(w_{ij} - \frac{k_i k_j}{2m}\Bigr)
              \delta(g_i, g_j)

    Parameters
    ----------
    weights : (N, N) array
        Symmetric.
    labels : sequence, length N

    References
    ----------
    Newman, M. E. J. (2004), Physical Review E 70, 056131, doi:10.1103/PhysRevE.70.056131.

    Examples
    --------
    >>> two_pairs = np.kron(np.eye(2), 1 - np.eye(2))
    >>> modularity(two_pairs, ["a", "a", "b", "b"])
    0.5
    """
    w = _undirected(weights)
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

    References
    ----------
    Krackhardt, D. & Stern, R. N. (1988), Social Psychology Quarterly 51(2), doi:10.2307/2786835.

    Examples
    --------
    >>> ei_index(1 - np.eye(2), ["a", "b"])
    1.0
    """
    w = _undirected(weights)
    found = np.asarray(labels)
    between = w[found[:, None] != found].sum()
    return float((2.0 * between - w.sum()) / w.sum())


def _undirected(weights: FloatArray) -> FloatArray:
    w = np.asarray(weights, dtype=np.float64)
    if w.ndim != 2 or w.shape[0] != w.shape[1] or np.abs(w - w.T).max() > 1e-9 * np.abs(w).max():
        raise StandardsNetError("weights must be a square, symmetric matrix.")
    if w.sum() <= 0.0:
        raise StandardsNetError("weights must have some entry above 0.")
    return w


def co_membership(labels: npt.NDArray[np.str_] | IntArray) -> FloatArray:
    """Share of the draws in which two countries are in one bloc.

    Parameters
    ----------
    labels : (R, N) array

    Returns
    -------
    (N, N) array
        Symmetric, diagonal 1.

    Examples
    --------
    >>> co_membership(np.array([["a", "a"], ["a", "b"]])).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    found = np.asarray(labels)
    together = np.zeros((found.shape[1], found.shape[1]))
    for label in np.unique(found):
        member = (found == label).astype(np.float64)
        together += member.T @ member
    return np.asarray(together / found.shape[0])


def fence_sitting(labels: npt.NDArray[np.str_] | IntArray) -> FloatArray:
    """How undecided each country's bloc is over the draws: 0 always the same, 1 never twice.

    One less the probability that two draws put the country in the same bloc, scaled by what is
    possible for the number of blocs seen.

    Parameters
    ----------
    labels : (R, N) array

    Returns
    -------
    (N,) array

    Examples
    --------
    >>> fence_sitting(np.array([["a", "a"], ["a", "b"]])).tolist()
    [0.0, 1.0]
    """
    found = np.asarray(labels)
    names = np.unique(found)
    share = np.stack([(found == name).mean(axis=0) for name in names])
    most = 1.0 - 1.0 / max(len(names), 2)
    return np.asarray((1.0 - np.square(share).sum(axis=0)) / most)


def agreement(a: Sequence[str] | npt.NDArray[np.str_], b: Sequence[str] | npt.NDArray[np.str_]) -> float:
    """Adjusted Rand index of two partitions: 1 the same, about 0 by chance.

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
