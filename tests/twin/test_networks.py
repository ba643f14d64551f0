"""Networks from whatever a modeller has: the matrix that they ought to be."""

from __future__ import annotations

import igraph
import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

from standards_net.networks import as_network, self_loops_for_isolated


def matrix_of(network):
    rows = network.influencers
    weights = np.ones(len(rows.nodes)) if rows.weights is None else rows.weights
    return sp.csr_array((weights, rows.nodes, rows.start), shape=(len(network),) * 2).toarray()


def lopsided():
    matrix = np.zeros((6, 6))
    matrix[0, 2], matrix[2, 0], matrix[2, 5], matrix[5, 2], matrix[4, 0] = 2.0, 3.0, 4.0, 5.0, 6.0
    return matrix


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array, sp.csc_array, sp.coo_array, sp.lil_array])
def test_a_matrix_is_taken_as_it_is(kind):
    network = as_network(kind(lopsided()))
    assert network.directed
    assert (matrix_of(network) == lopsided()).all()
    turned = network.followers
    back = sp.csr_array((turned.weights, turned.nodes, turned.start), shape=(6, 6)).toarray()
    assert (back == lopsided().T).all()


def test_edges_of_a_directed_graph_point_the_other_way():
    arrows = nx.DiGraph()
    arrows.add_nodes_from(range(6))
    arrows.add_weighted_edges_from(
        (j, i, lopsided()[i, j]) for i, j in np.argwhere(lopsided())[::-1].tolist()
    )
    assert (matrix_of(as_network(arrows)) == lopsided()).all()
    assert (matrix_of(as_network(igraph.Graph.from_networkx(arrows))) == lopsided()).all()


def test_the_same_ties_with_other_weights_are_directed():
    network = as_network(sp.csr_array(np.array([[0.0, 1.0], [0.5, 0.0]])))
    assert network.directed
    assert network.followers.weights.tolist() == [0.5, 1.0]
    both = nx.DiGraph([(0, 1), (1, 0)])
    assert not as_network(both).directed
    both[0][1]["weight"], both[1][0]["weight"] = 2.0, 1.0
    assert as_network(both).directed


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
def test_isolated_nodes_in_the_middle_get_self_loops(kind):
    matrix = lopsided()
    matrix[4] = 0.0
    shares = self_loops_for_isolated(as_network(kind(matrix))).shares
    wanted = matrix.copy()
    wanted[[1, 3, 4], [1, 3, 4]] = 1.0
    found = shares.toarray() if sp.issparse(shares) else shares
    assert (found == wanted / wanted.sum(axis=1, keepdims=True)).all()


@pytest.mark.parametrize("directed", [False, True])
def test_edges_of_igraph_weigh_what_they_say(directed):
    graph = igraph.Graph(n=4, edges=[(0, 1), (3, 1), (2, 0)], directed=directed)
    graph.es["weight"] = [2.0, 0.5, 4.0]
    wanted = np.zeros((4, 4))
    wanted[1, 0], wanted[1, 3], wanted[0, 2] = 2.0, 0.5, 4.0
    assert (matrix_of(as_network(graph)) == (wanted if directed else wanted + wanted.T)).all()


def test_ties_of_a_world_are_those_of_their_kind(world):
    for place, kind in enumerate(world.tie_kinds):
        assert (as_network(world, tie=kind).matrix == world.ties[place]).all()
