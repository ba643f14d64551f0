"""Blocs by three definitions, and their sizes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError, one_of
from standards_net.labels import aligned_by_label, checked_words
from standards_net.measures.requirements import (
    checked_compatibility,
    checked_exchange,
    checked_shares,
    checked_weights,
)
from standards_net.randomness import RNGLike, SeedLike, seed_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MIXED",
    "bloc_shares",
    "bloc_sizes",
    "find_blocs",
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
        One row per bloc, in descending order of the first weight; columns ``countries`` and the names of
        the weights.

    Raises
    ------
    StandardsNetError
        Weights of the wrong length, negative, or all zero.

    Examples
    --------
    >>> bloc_sizes(["x", "y", "x"], {"gdp": [1.0, 2.0, 1.0]}).to_dict("index")
    {'x': {'countries': 2, 'gdp': 0.5}, 'y': {'countries': 1, 'gdp': 0.5}}
    """
    several: Any = (
        weights if isinstance(weights, Mapping) or hasattr(weights, "columns") else {"weight": weights}
    )
    return _sizes(labels, {name: several[name] for name in several})


@aligned_by_label(labels=("country",), named=("country",))
def _sizes(labels: Any, named: Mapping[Any, npt.ArrayLike]) -> pd.DataFrame:
    import pandas as pd

    found = checked_words("labels", labels)
    if not found.size:
        raise StandardsNetError("labels are empty; give the bloc of at least one country.")
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


@aligned_by_label(labels=("country",), weights=("country",))
def bloc_shares(labels: IntArray, weights: FloatArray, blocs: int) -> FloatArray:
    """Share of the world in each bloc, for many draws at once.

    Parameters
    ----------
    labels : (..., N) array of int
        Bloc of each country, 0 to ``blocs`` - 1.
    weights : (N,) array
        In any unit; scaled to sum to 1.
    blocs : int

    Returns
    -------
    (..., blocs) array
        Rows sum to 1.

    Raises
    ------
    StandardsNetError
        A label out of range, or weights of the wrong length, negative, or all zero.

    Examples
    --------
    >>> bloc_shares(np.array([[0, 1], [1, 1]]), np.array([0.25, 0.75]), 2).tolist()
    [[0.25, 0.75], [0.0, 1.0]]
    """
    found = checked_words("labels", labels)
    w = checked_weights(weights, found.shape[-1])
    if found.min() < 0 or found.max() >= blocs:
        raise StandardsNetError(f"labels must be from 0 to {blocs - 1}, one for each of {blocs} blocs.")
    member = np.asarray(found[..., None] == np.arange(blocs), dtype=np.float64)
    return np.asarray(np.matmul(w, member))


@aligned_by_label(
    adoption=("country", "standard"), exchange=("country", "country"),
    compatibility=("standard", "standard"), alignments=("country",), standards=("standard",),
)  # fmt: skip
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
        Names of the S standards; needed for ``dominant``; communities are named by their leader.
    exchange : (N, N) array
        Omega; needed for ``detected``.
    compatibility : (S, S) array or None
        Identity if None.
    alignments : sequence of str
        Needed for ``declared``.
    margin : float
        A country whose two largest shares are closer than this is ``mixed``; at 0, equal shares go
        to the standard listed first.
    resolution : float
        Of the community search; larger values find more communities.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed of the community search.

    Returns
    -------
    (N,) array of str

    Raises
    ------
    StandardsNetError
        Unknown definition, a missing argument, or arrays of mismatched shapes.

    References
    ----------
    Traag, V. A., Waltman, L. & van Eck, N. J. (2019), Scientific Reports 9,
    doi:10.1038/s41598-019-41695-z.

    Examples
    --------
    >>> find_blocs(np.array([[0.9, 0.1], [0.2, 0.8]]), standards=["china", "west"]).tolist()
    ['china', 'west']
    """
    if by not in _DEFINITIONS:
        raise StandardsNetError(one_of("definition of blocs", by, _DEFINITIONS) + ".")
    b = checked_shares(adoption)
    if b.ndim != 2:
        raise StandardsNetError(f"adoption has shape {b.shape}; blocs are found for one (N, S) at a time.")
    if standards is not None:
        standards = checked_words("standards", standards).tolist()
    if standards is not None and len(standards) != b.shape[1]:
        raise StandardsNetError(f"standards holds {len(standards)} names for {b.shape[1]} columns.")
    if by == "declared":
        if alignments is None or len(alignments) != len(b):
            raise StandardsNetError("declared blocs need alignments=, one for each country.")
        return checked_words("alignments", alignments).astype(str)
    if by == "dominant":
        if standards is None:
            raise StandardsNetError("dominant blocs need standards=, the names of the columns.")
        return _dominant(b, standards, margin)
    if exchange is None:
        raise StandardsNetError("detected blocs need exchange=, the matrix Omega.")
    c = checked_compatibility(compatibility, b.shape[1])
    weights = checked_exchange(exchange, len(b)) * (b @ c @ b.T)
    return _named(_communities(weights, resolution, rng), b, standards)


def _dominant(shares: FloatArray, standards: Sequence[str], margin: float) -> npt.NDArray[np.str_]:
    names = np.array([*standards, MIXED])
    ordered = np.sort(shares, axis=1)
    leading = shares.argmax(axis=1)
    if shares.shape[1] > 1:
        close = ordered[:, -1] - ordered[:, -2] < margin
        leading = np.where(close, len(standards), leading)
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
    """Seed igraph's process-wide generator, and restore it afterwards."""
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
    led: Counter[str] = Counter()
    for place, community in enumerate(order):
        if standards is None:
            names[community] = f"bloc {place + 1}"
            continue
        leader = standards[int(shares[membership == community].mean(axis=0).argmax())]
        led[leader] += 1
        names[community] = leader if led[leader] == 1 else f"{leader} {led[leader]}"
    return np.array([names[community] for community in membership])
