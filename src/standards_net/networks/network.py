"""A network as arrays: the influencers of each node, and their weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.frozen import freeze_fields, read_only

__all__ = ["Neighbours", "Network", "product_width", "self_loops_for_isolated"]

_IN_CACHE = 2**20  # nodes times draws of a sparse product that stay in cache
_MIN_WIDTH = 4  # draws of a sparse product, if there are as many: fewer would leave vector lanes unused

NodeArray = npt.NDArray[np.int32]


class Neighbours(NamedTuple):
    """Rows of a sparse matrix: the neighbours of node i are ``nodes[start[i]:start[i + 1]]``.

    Attributes
    ----------
    start : (N + 1,) array of int
    nodes : (E,) array of int32
    weights : (E,) array or None
        None if all weights are 1.
    """

    start: IntArray
    nodes: NodeArray
    weights: FloatArray | None

    def read_only(self) -> Neighbours:
        """The same in arrays that cannot be written to."""
        weights = None if self.weights is None else read_only(self.weights)
        return Neighbours(read_only(self.start), read_only(self.nodes), weights)


@dataclass(frozen=True)
class Network:
    """Nodes and ties. Row i of the matrix holds the influencers of node i.

    Attributes
    ----------
    names : sequence
        Names of the nodes; a range if they are numbered.
    rows : Neighbours or None
        Sparse matrix.
    matrix : (N, N) array or None
        Dense matrix; one of the two is given.
    directed : bool
        Whether the weights of some tie differ by direction.
    """

    names: Sequence[Any]
    rows: Neighbours | None
    matrix: FloatArray | None
    directed: bool

    def __post_init__(self) -> None:
        freeze_fields(self)
        if self.rows is not None:
            object.__setattr__(self, "rows", self.rows.read_only())

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.names)

    def __repr__(self) -> str:
        """One line."""
        kind = "directed" if self.directed else "undirected"
        weights = "unweighted" if self.influencers.weights is None else "weighted"
        return f"<Network: {len(self)} nodes, {len(self.influencers.nodes)} entries, {kind}, {weights}>"

    @cached_property
    def influencers(self) -> Neighbours:
        """Influencers of each node, sparse even if the network is dense."""
        if self.rows is not None:
            return self.rows
        matrix = np.asarray(self.matrix)
        found, nodes = np.nonzero(matrix)
        start = np.zeros(len(matrix) + 1, dtype=np.int64)
        np.cumsum(np.bincount(found, minlength=len(matrix)), out=start[1:])
        return Neighbours(start, nodes.astype(np.int32), alike_or(matrix[found, nodes])).read_only()

    @cached_property
    def followers(self) -> Neighbours:
        """Followers of each node: the transpose of :attr:`influencers`."""
        rows = self.influencers
        if not self.directed:
            return rows
        order = np.argsort(rows.nodes, kind="stable")
        start = np.zeros_like(rows.start)
        np.cumsum(np.bincount(rows.nodes, minlength=len(self)), out=start[1:])
        followers = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(rows.start))[order]
        weights = None if rows.weights is None else rows.weights[order]
        return Neighbours(start, followers, weights).read_only()

    @cached_property
    def degree(self) -> IntArray:
        """Number of influencers of each node, (N,)."""
        return read_only(np.diff(self.influencers.start))

    @cached_property
    def strength(self) -> FloatArray:
        """Total weight of the influencers of each node, (N,)."""
        rows = self.influencers
        if rows.weights is None:
            return read_only(self.degree.astype(np.float64))
        return read_only(
            np.asarray(np.bincount(self._row_of_entry, weights=rows.weights, minlength=len(self)))
        )

    @cached_property
    def _row_of_entry(self) -> IntArray:
        return read_only(np.repeat(np.arange(len(self)), self.degree))

    @cached_property
    def shares(self) -> FloatArray | Any:
        """Matrix with rows that sum to 1, dense or scipy CSR as the network is; isolated nodes have zeros."""
        scale = 1.0 / np.where(self.strength > 0.0, self.strength, 1.0)
        if self.matrix is not None:
            return read_only(self.matrix * scale[:, None])
        from scipy.sparse import csr_array

        rows = self.influencers
        weights = np.ones(len(rows.nodes)) if rows.weights is None else rows.weights
        return csr_array(
            (weights * scale[self._row_of_entry], rows.nodes, rows.start), shape=(len(self),) * 2
        )

    def average(self, values: FloatArray) -> FloatArray:
        """Weighted average over the influencers of each node; (..., N, M) gives the same shape.

        Examples
        --------
        >>> from standards_net.networks import as_network
        >>> line = as_network(np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]))
        >>> line.average(np.array([[1.0], [0.0], [0.0]])).ravel().tolist()
        [0.0, 0.5, 0.0]
        """
        lead, (nodes, columns) = values.shape[:-2], values.shape[-2:]
        flat = np.moveaxis(values.reshape(-1, nodes, columns), 0, 2).reshape(nodes, -1)
        averaged = self.shares @ flat
        return np.moveaxis(averaged.reshape(nodes, columns, -1), 2, 0).reshape(*lead, nodes, columns)


def product_width(network: Network, dense: int) -> int:
    """Number of draws per product with the network.

    Constant if the network is dense: BLAS libraries round a column differently in matrices of other
    widths. A sparse product adds row after row whatever the width, so its width is what stays in cache:
    few draws if the network is large.

    Examples
    --------
    >>> from standards_net.networks import as_network
    >>> product_width(as_network(np.ones((3, 3)) - np.eye(3)), 128)
    128
    """
    return dense if network.matrix is not None else min(max(_IN_CACHE // len(network), _MIN_WIDTH), dense)


def alike_or(weights: FloatArray) -> FloatArray | None:
    """Weights, or None if all are 1.

    Examples
    --------
    >>> alike_or(np.ones(3)) is None
    True
    """
    return None if bool((weights == 1.0).all()) else np.ascontiguousarray(weights, dtype=np.float64)


def self_loops_for_isolated(network: Network) -> Network:
    """The same network with a self-loop at each isolated node, so that its average is its own state.

    Examples
    --------
    >>> from standards_net.networks import as_network
    >>> self_loops_for_isolated(as_network(np.zeros((2, 2)))).influencers.nodes.tolist()
    [0, 1]
    """
    isolated = np.flatnonzero(network.degree == 0)
    if not len(isolated):
        return network
    if network.matrix is not None:
        matrix = network.matrix.copy()
        matrix[isolated, isolated] = 1.0
        return Network(network.names, None, matrix, network.directed)
    rows = network.influencers
    start = rows.start + np.concatenate([[0], np.cumsum(network.degree == 0)])
    nodes = np.insert(rows.nodes, rows.start[isolated], isolated)
    weights = None if rows.weights is None else np.insert(rows.weights, rows.start[isolated], 1.0)
    return Network(network.names, Neighbours(start, nodes.astype(np.int32), weights), None, network.directed)
