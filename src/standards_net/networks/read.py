"""Conversion of graphs and matrices to :class:`Network`; inputs are never modified."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError, StandardsNetWarning, nearest, one_of
from standards_net.labels import is_missing, without_labels
from standards_net.networks.network import Neighbours, Network, alike_or
from standards_net.world.world import World

__all__ = ["as_network"]

_JOINED: Mapping[str, np.ufunc] = {"sum": np.add, "max": np.maximum}  # rules for parallel ties

_MIN_WEIGHT = 1e-300  # smallest weight allowed: its inverse is finite


def as_network(
    graph: Any, *, weight: str | None = "weight", tie: str | None = None, parallel: str | None = None
) -> Network:
    """Convert a graph.

    Row i of the matrix holds the influencers of node i. In a directed networkx or igraph graph an edge
    from u to v lets u influence v, so it is in row v; entry (i, j) of a matrix is the weight with which j
    influences i, as in the ties of a World.

    Parameters
    ----------
    graph : networkx graph, igraph.Graph, DataFrame, scipy sparse matrix, (N, N) array, World or Network
        Nodes are called what the container calls them: the nodes of networkx, also in an igraph graph
        converted from it; else the vertex attribute ``name`` of igraph; the index of a DataFrame, whose
        columns may stand in another order; 0 to N - 1 elsewhere.
    weight : str or None
        Edge attribute of a networkx or igraph graph that holds the weight: of all edges, or of none, which
        then weigh 1. None gives all edges weight 1.
    tie : str or None
        Kind of tie of a World; None mixes all kinds by their default weights.
    parallel : {"sum", "max"} or None
        Join several ties of one direction between two nodes to one with the sum, or the largest, of their
        weights; refused if None.

    Returns
    -------
    Network

    Raises
    ------
    StandardsNetError
        Not a graph, no nodes, nodes without a name; weights that are missing in part, negative or not finite;
        self-loops, parallel ties, unknown kind of tie.

    Warns
    -----
    StandardsNetWarning
        No edge has the attribute ``weight``, but edges carry numbers under another name.

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
    if parallel is not None and str(parallel) not in _JOINED:
        raise StandardsNetError(one_of("parallel", parallel, _JOINED) + ".")
    if isinstance(graph, Network):
        return graph
    network = _converted(graph, weight, tie, parallel)
    _check(network)
    return network


def _converted(graph: Any, weight: str | None, tie: str | None, parallel: str | None) -> Network:
    if isinstance(graph, World):
        return Network(graph.countries, None, _ties(graph, tie), directed=True)
    # A caller with a networkx or igraph graph has already imported the library.
    if "networkx" in sys.modules and isinstance(graph, sys.modules["networkx"].Graph):
        return _from_networkx(graph, weight, parallel)
    if "igraph" in sys.modules and isinstance(graph, sys.modules["igraph"].Graph):
        return _from_igraph(graph, weight, parallel)
    if "scipy.sparse" in sys.modules and sys.modules["scipy.sparse"].issparse(graph):
        return _from_sparse(graph)
    names: Any = None
    if hasattr(graph, "iloc"):  # pandas
        names, graph = _square(graph)
    without_labels("graph", graph)
    try:
        array = np.asarray(graph)
        refused = np.ma.isMaskedArray(graph) or array.dtype.kind not in "biufO"
        refused |= array.dtype.kind == "O" and any(isinstance(one, str | bytes) for one in array.ravel())
        matrix = np.array(() if refused else graph, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        matrix = np.empty(0)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise StandardsNetError(
            f"graph is {type(graph).__name__}; give a networkx or igraph graph, a square matrix "
            "(scipy sparse or array), or a World."
        )
    names = range(len(matrix)) if names is None else _node_names(names)
    return Network(names, None, matrix, directed=not np.array_equal(matrix, matrix.T))


def _square(frame: Any) -> tuple[list[Any], Any]:
    """Nodes of a DataFrame, and its columns in the order of its rows."""
    rows, columns = list(frame.index), list(getattr(frame, "columns", ()))
    if len(set(rows)) < len(rows) or len(set(columns)) < len(columns) or set(rows) != set(columns):
        raise StandardsNetError(
            "the index and the columns of the frame must be the same nodes, each once; row v holds what "
            "influences node v."
        )
    return rows, frame.loc[:, rows].to_numpy()


def _node_names(names: Sequence[Any]) -> Sequence[Any]:
    """Names of nodes; a range if they are numbered from 0."""
    if any(is_missing(name) for name in names):
        raise StandardsNetError("a node of the graph is None or NaN; every node needs a name.")
    numbered = all(type(name) is int for name in names) and list(names) == list(range(len(names)))
    return range(len(names)) if numbered else tuple(names)


def _ties(world: World, tie: str | None) -> FloatArray:
    if tie is None:
        mix = np.array([world.parameters[f"tie_weight_{kind}"].default for kind in world.tie_kinds])
        return np.asarray(np.tensordot(mix / mix.sum(), world.ties, axes=1))
    if tie not in world.tie_kinds:
        raise StandardsNetError(one_of("kind of tie", tie, world.tie_kinds) + ".")
    return np.array(world.ties[world.tie_kinds.index(tie)])


def _from_networkx(graph: Any, weight: str | None, parallel: str | None) -> Network:
    names = _node_names(list(graph))
    place = None if isinstance(names, range) else {name: index for index, name in enumerate(names)}
    if graph.is_multigraph():
        return _from_multigraph(graph, names, place or range(len(names)), weight, parallel)
    into = graph.pred if graph.is_directed() else graph.adj
    into = getattr(into, "_atlas", into)  # the plain dictionaries behind networkx's views
    start = np.zeros(len(names) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, into.values()), np.int64, len(names)), out=start[1:])
    listed: Iterable[Any] = chain.from_iterable(into.values())
    if place is not None:
        listed = map(place.__getitem__, listed)
    nodes = np.fromiter(listed, np.int32, int(start[-1]))
    weights = _networkx_weights(
        lambda: chain.from_iterable(neighbours.values() for neighbours in into.values()),
        lambda at: (names[nodes[at]], names[int(np.searchsorted(start, at, side="right")) - 1]),
        len(nodes),
        weight,
    )
    rows = _in_order(_without_zeros(Neighbours(start, nodes, weights)))
    directed = graph.is_directed() and not _symmetric(rows)
    return Network(names, rows, None, directed)


def _from_multigraph(
    graph: Any, names: Sequence[Any], place: Any, weight: str | None, parallel: str | None
) -> Network:
    if parallel is None:
        raise StandardsNetError(
            "graph is a multigraph; say how to join parallel ties: parallel='sum' or parallel='max'."
        )
    edges = list(graph.edges(data=True))
    weights = _networkx_weights(
        lambda: (data for *_, data in edges), lambda at: edges[at][:2], len(edges), weight
    )
    ends = np.array([(place[u], place[v]) for u, v, _ in edges], dtype=np.int64).reshape(-1, 2)
    return _from_edges(names, ends, weights, graph.is_directed(), parallel)


def _networkx_weights(
    data: Callable[[], Iterable[dict[str, Any]]],
    ends: Callable[[int], tuple[Any, Any]],
    count: int,
    weight: str | None,
) -> FloatArray | None:
    """Weights of edges from their attributes, of all edges or of none."""
    if weight is None or not count:
        return None
    values = _weights((attributes.get(weight, np.nan) for attributes in data()), count, weight)
    if values is None or not np.isnan(values).any():
        return values
    without = np.fromiter((weight not in attributes for attributes in data()), np.bool_, count)
    if without.all():
        numbers: dict[str, Any] = {}
        for attributes in filter(None, data()):
            for name, value in attributes.items():
                if _is_number(value) or name not in numbers:
                    numbers[name] = value
        _tell_other_names(weight, numbers)
        return None
    if without.any():
        raise StandardsNetError(_mixed(weight, *ends(int(without.argmax()))))
    return values  # one is NaN: told with all that is not finite


def _mixed(weight: str, u: Any, v: Any) -> str:
    return f"the edge between {u!r} and {v!r} has no '{weight}', others have one; give it to all edges."


def _is_number(value: Any) -> bool:
    """Whether an attribute is a number, or text that reads as one."""
    if isinstance(value, str):
        try:
            return math.isfinite(float(value))
        except ValueError:
            return False
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _tell_other_names(weight: str, others: Mapping[str, Any]) -> None:
    """No edge has it: refuse if it was asked for, warn if edges carry numbers under another name."""
    if weight != "weight":
        raise StandardsNetError(_no_weight(weight, others))
    named = [name for name, value in others.items() if _is_number(value)]
    if named:
        warnings.warn(
            f"no edge has a 'weight', but edges carry numbers as {', '.join(map(repr, named))}: all count as "
            f"1. Say weight={named[0]!r} to use these, or weight=None.",
            StandardsNetWarning,
            stacklevel=6,
        )


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


def _numbers(values: Iterable[Any]) -> Iterator[Any]:
    """Values none of which is text: a number in quotation marks is no number."""
    for value in values:
        if isinstance(value, str):
            raise TypeError(value)
        yield value


def _weights(values: Any, count: int, attribute: str) -> FloatArray | None:
    try:
        return alike_or(np.fromiter(_numbers(values), np.float64, count))
    except (TypeError, ValueError):
        raise StandardsNetError(
            f"edge attribute '{attribute}' holds something that is not a number."
        ) from None


def _from_igraph(graph: Any, weight: str | None, parallel: str | None) -> Network:
    count = graph.vcount()
    # igraph keeps the nodes of a networkx graph that it was converted from under this attribute.
    known = next((key for key in ("_nx_name", "name") if key in graph.vs.attributes()), None)
    names = _igraph_names(graph.vs[known]) if known else range(count)
    ends = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
    weights = _igraph_weights(graph, weight, names) if weight is not None and len(ends) else None
    return _from_edges(names, ends, weights, graph.is_directed(), parallel)


def _from_edges(
    names: Sequence[Any], ends: IntArray, weights: FloatArray | None, directed: bool, parallel: str | None
) -> Network:
    """A network of (E, 2) pairs of nodes; parallel ones are joined by the rule."""
    source, target = ends[:, 0], ends[:, 1]
    weights = np.ones(len(ends)) if weights is None else weights
    if (source == target).any():
        raise StandardsNetError(_loop(names[source[(source == target).argmax()]]))
    if not directed:
        source, target = np.concatenate([source, target]), np.concatenate([target, source])
        weights = np.concatenate([weights, weights])
    if _has_duplicates(source, target, len(names)):
        if parallel is None:
            raise StandardsNetError(
                "graph has parallel edges; say how to join them: parallel='sum' or parallel='max'."
            )
        source, target, weights = _joined(source, target, weights, len(names), parallel)
    rows = _sorted_rows(target, source, weights, len(names))
    return Network(names, rows, None, directed and not _symmetric(rows))


def _igraph_names(listed: Sequence[Any]) -> Sequence[Any]:
    if not all(isinstance(name, Hashable) for name in listed):
        raise StandardsNetError("names of nodes must be strings or numbers; some are lists.")
    names = _node_names(listed)
    if len(set(names)) < len(names):
        raise StandardsNetError("two nodes of the graph have the same name; names must be unique.")
    return names


def _igraph_weights(graph: Any, weight: str, names: Sequence[Any]) -> FloatArray | None:
    """Weights of an igraph graph, of all edges or of none; igraph fills gaps with None."""
    listed = graph.es[weight] if weight in graph.es.attributes() else [None] * graph.ecount()
    gaps = [at for at, value in enumerate(listed) if value is None]
    if not gaps:
        return _weights(listed, len(listed), weight)
    if len(gaps) < len(listed):
        edge = graph.es[gaps[0]]
        raise StandardsNetError(_mixed(weight, names[edge.source], names[edge.target]))
    others = {name: graph.es[name] for name in graph.es.attributes() if name != weight}
    _tell_other_names(weight, {name: next(filter(_is_number, of), None) for name, of in others.items()})
    return None


def _joined(
    source: IntArray, target: IntArray, weights: FloatArray, count: int, parallel: str
) -> tuple[IntArray, IntArray, FloatArray]:
    """Ties with their parallels joined."""
    pairs, place = np.unique(source * count + target, return_inverse=True)
    found = np.zeros(len(pairs))
    _JOINED[parallel].at(found, place, weights)
    return pairs // count, pairs % count, found


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
