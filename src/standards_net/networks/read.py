"""Conversion of graphs and matrices to :class:`Network`; inputs are never modified."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterable
from itertools import chain
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError, nearest, one_of
from standards_net.networks.network import Neighbours, Network, alike_or
from standards_net.world.world import World

__all__ = ["as_network"]

_MIN_WEIGHT = 1e-300  # smallest weight allowed: its inverse is finite


def as_network(graph: Any, *, weight: str | None = "weight", tie: str | None = None) -> Network:
    """Convert a graph.

    Row i of the matrix holds the influencers of node i. In a directed networkx or igraph graph an edge
    from u to v lets u influence v, so it is in row v; entry (i, j) of a matrix is the weight with which j
    influences i, as in the ties of a World.

    Parameters
    ----------
    graph : networkx graph, igraph.Graph, scipy sparse matrix, (N, N) array, World or Network
    weight : str or None
        Edge attribute of a networkx or igraph graph that holds the weight; edges without it weigh 1.
        None gives all edges weight 1.
    tie : str or None
        Kind of tie of a World; None mixes all kinds by their default weights.

    Returns
    -------
    Network

    Raises
    ------
    StandardsNetError
        Not a graph, no nodes, weights that are negative or not finite, self-loops, unknown kind of tie.

    Examples
    --------
    >>> import networkx as nx
    >>> as_network(nx.karate_club_graph(), weight=None)
    <Network: 34 nodes, 156 entries, undirected, unweighted>
    """
    if weight is not None and not isinstance(weight, str):
        raise StandardsNetError(f"weight is {weight!r}; give the name of an edge attribute, or None.")
    if tie is not None and not isinstance(graph, World):
        raise StandardsNetError(f"tie is '{tie}'; only a World has kinds of tie.")
    if isinstance(graph, Network):
        return graph
    network = _converted(graph, weight, tie)
    _check(network)
    return network


def _converted(graph: Any, weight: str | None, tie: str | None) -> Network:
    if isinstance(graph, World):
        return Network(graph.countries, None, _ties(graph, tie), directed=True)
    # A caller with a networkx or igraph graph has already imported the library.
    if "networkx" in sys.modules and isinstance(graph, sys.modules["networkx"].Graph):
        return _from_networkx(graph, weight)
    if "igraph" in sys.modules and isinstance(graph, sys.modules["igraph"].Graph):
        return _from_igraph(graph, weight)
    if "scipy.sparse" in sys.modules and sys.modules["scipy.sparse"].issparse(graph):
        return _from_sparse(graph)
    try:
        refused = np.iscomplexobj(graph) or np.ma.isMaskedArray(graph)
        matrix = np.array(() if refused else graph, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        matrix = np.empty(0)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise StandardsNetError(
            f"graph is {type(graph).__name__}; give a networkx or igraph graph, a square matrix "
            "(scipy sparse or array), or a World."
        )
    return Network(range(len(matrix)), None, matrix, directed=not np.array_equal(matrix, matrix.T))


def _ties(world: World, tie: str | None) -> FloatArray:
    if tie is None:
        mix = np.array([world.parameters[f"tie_weight_{kind}"].default for kind in world.tie_kinds])
        return np.asarray(np.tensordot(mix / mix.sum(), world.ties, axes=1))
    if tie not in world.tie_kinds:
        raise StandardsNetError(one_of("kind of tie", str(tie), world.tie_kinds) + ".")
    return np.array(world.ties[world.tie_kinds.index(tie)])


def _from_networkx(graph: Any, weight: str | None) -> Network:
    if graph.is_multigraph():
        raise StandardsNetError("graph is a multigraph; merge parallel edges first, e.g. by nx.Graph(graph).")
    names = list(graph)
    into = graph.pred if graph.is_directed() else graph.adj
    into = getattr(into, "_atlas", into)  # the plain dictionaries behind networkx's views
    start = np.zeros(len(names) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, into.values()), np.int64, len(names)), out=start[1:])
    numbered = names == list(range(len(names)))
    listed: Iterable[Any] = chain.from_iterable(into.values())
    if not numbered:
        listed = map({name: index for index, name in enumerate(names)}.__getitem__, listed)
    nodes = np.fromiter(listed, np.int32, int(start[-1]))
    weights = None
    if weight not in (None, "weight") and not any(weight in data for *_, data in graph.edges(data=True)):
        raise StandardsNetError(
            _no_weight(weight, {name for *_, data in graph.edges(data=True) for name in data})
        )
    if weight is not None:
        edges = chain.from_iterable(neighbours.values() for neighbours in into.values())
        weights = _weights((data.get(weight, 1.0) for data in edges), int(start[-1]), weight)
    rows = _in_order(_without_zeros(Neighbours(start, nodes, weights)))
    directed = graph.is_directed() and not _symmetric(rows)
    return Network(range(len(names)) if numbered else tuple(names), rows, None, directed)


def _in_order(rows: Neighbours) -> Neighbours:
    """Neighbours sorted by node, not by insertion of edges: equal graphs give equal draws."""
    falls = np.diff(rows.nodes) < 0
    falls[rows.start[1:-1][(rows.start[1:-1] > 0) & (rows.start[1:-1] < len(rows.nodes))] - 1] = False
    if not falls.any():
        return rows
    sorted_ = _as_csr(rows).copy()
    sorted_.has_sorted_indices = False
    sorted_.sort_indices()
    weights = None if rows.weights is None else sorted_.data
    return Neighbours(rows.start, sorted_.indices.astype(np.int32), weights)


def _as_csr(rows: Neighbours) -> Any:
    """The same arrays, no copy; one byte per tie if unweighted."""
    from scipy.sparse import csr_array

    weights: Any = np.ones(len(rows.nodes), np.int8) if rows.weights is None else rows.weights
    return csr_array((weights, rows.nodes, rows.start), shape=(len(rows.start) - 1,) * 2)


def _symmetric(rows: Neighbours) -> bool:
    """Whether the matrix is symmetric; rows are sorted."""
    given = _as_csr(rows)
    transposed = given.T.tocsr()  # its rows are sorted
    same = np.array_equal(given.indptr, transposed.indptr) and np.array_equal(
        given.indices, transposed.indices
    )
    return same and np.array_equal(given.data, transposed.data)


def _without_zeros(rows: Neighbours) -> Neighbours:
    """Remove ties of weight 0."""
    if rows.weights is None or rows.weights.all():
        return rows
    kept = rows.weights != 0.0
    start = np.concatenate([[0], np.cumsum(kept)])[rows.start]
    return Neighbours(start, rows.nodes[kept], alike_or(rows.weights[kept]))


def _no_weight(weight: Any, attributes: Iterable[str]) -> str:
    hint = nearest(str(weight), map(str, attributes))
    return f"no edge has an attribute '{weight}' to use as weight{hint}."


def _weights(values: Any, count: int, attribute: str) -> FloatArray | None:
    try:
        return alike_or(np.fromiter(values, np.float64, count))
    except (TypeError, ValueError):
        raise StandardsNetError(
            f"edge attribute '{attribute}' holds something that is not a number."
        ) from None


def _from_igraph(graph: Any, weight: str | None) -> Network:
    count = graph.vcount()
    names = tuple(graph.vs["name"]) if "name" in graph.vs.attributes() else range(count)
    if not all(isinstance(name, Hashable) for name in names):
        raise StandardsNetError("names of nodes must be strings or numbers; some are lists.")
    if len(set(names)) < count:
        raise StandardsNetError("two nodes of the graph have the same name; names must be unique.")
    if weight not in (None, "weight") and weight not in graph.es.attributes():
        raise StandardsNetError(_no_weight(weight, graph.es.attributes()))
    edges = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
    weights = np.ones(len(edges))
    if weight is not None and weight in graph.es.attributes():
        listed = (1.0 if value is None else value for value in graph.es[weight])
        given = _weights(listed, len(edges), weight)
        weights = weights if given is None else given
    source, target = edges[:, 0], edges[:, 1]
    if (source == target).any():
        raise StandardsNetError(_loop(names[source[(source == target).argmax()]]))
    if not graph.is_directed():
        source, target = np.concatenate([source, target]), np.concatenate([target, source])
        weights = np.concatenate([weights, weights])
    if _has_duplicates(source, target, count):
        raise StandardsNetError("graph has parallel edges; merge them first, e.g. by graph.simplify().")
    rows = _sorted_rows(target, source, weights, count)
    return Network(names, rows, None, graph.is_directed() and not _symmetric(rows))


def _has_duplicates(source: IntArray, target: IntArray, count: int) -> bool:
    return len(np.unique(source * count + target)) < len(source)


def _sorted_rows(row: IntArray, column: IntArray, weights: FloatArray, count: int) -> Neighbours:
    from scipy.sparse import coo_array

    rows = coo_array((weights, (row, column)), shape=(count, count)).tocsr()
    rows.eliminate_zeros()
    return Neighbours(rows.indptr.astype(np.int64), rows.indices.astype(np.int32), alike_or(rows.data))


def _from_sparse(graph: Any) -> Network:
    if graph.ndim != 2 or graph.shape[0] != graph.shape[1]:
        raise StandardsNetError(f"graph is a matrix of shape {graph.shape}; it must be square.")
    if graph.dtype.kind == "c":
        raise StandardsNetError("graph is a matrix of complex numbers; weights must be real.")
    rows = graph.astype(np.float64).tocsr()  # a copy; sums of duplicates would overflow small integers
    rows.sum_duplicates()
    rows.eliminate_zeros()
    found = Neighbours(rows.indptr.astype(np.int64), rows.indices.astype(np.int32), alike_or(rows.data))
    del rows  # frees the memory of large graphs
    return Network(range(graph.shape[0]), found, None, directed=not _symmetric(found))


def _check(network: Network) -> None:
    if not len(network):
        raise StandardsNetError("graph has no nodes.")
    weights = network.influencers.weights if network.matrix is None else network.matrix
    if weights is None:
        weights = np.ones(1)
    if not np.isfinite(weights).all():
        raise StandardsNetError(f"{_where(network, ~np.isfinite(weights))} is not a finite number.")
    if weights.min(initial=0.0) < 0.0:
        raise StandardsNetError(f"{_where(network, weights < 0.0)} is negative; weights must be 0 or more.")
    tiny = (weights > 0.0) & (weights < _MIN_WEIGHT)
    if tiny.any():
        raise StandardsNetError(f"{_where(network, tiny)} is below {_MIN_WEIGHT:g}; remove the tie.")
    rows = network.influencers
    loops = rows.nodes == np.repeat(np.arange(len(network), dtype=np.int32), network.degree)
    if loops.any():
        raise StandardsNetError(_loop(network.names[int(rows.nodes[int(loops.argmax())])]))
    if not np.isfinite(network.strength).all():
        name = network.names[int((~np.isfinite(network.strength)).argmax())]
        raise StandardsNetError(f"the weights of the ties of node {name!r} have a sum too large for a float.")


def _loop(name: Any) -> str:
    return f"node {name!r} has a self-loop; remove self-loops."


def _where(network: Network, wrong: Any) -> str:
    """Name the first invalid tie."""
    if network.matrix is not None:
        row, column = (int(index) for index in np.argwhere(wrong)[0])
    else:
        entry = int(np.flatnonzero(wrong)[0])
        row = int(np.searchsorted(network.influencers.start, entry, side="right")) - 1
        column = int(network.influencers.nodes[entry])
    return f"the weight with which node {network.names[column]!r} influences node {network.names[row]!r}"
