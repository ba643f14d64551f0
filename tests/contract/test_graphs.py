"""One graph gives one answer, whatever holds it; what is missing or doubled is told."""

from __future__ import annotations

import math
import warnings

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import xarray as xr

import standards_net as sn
from standards_net.networks import as_network
from standards_net.processes import independent_cascade, linear_threshold

TIES = [("a", "b", 0.9), ("b", "c", 0.5), ("c", "a", 0.25), ("b", "d", 0.75)]


def as_networkx():
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(TIES)
    return graph


def as_multigraph():
    """The same, every tie in two halves."""
    graph = nx.MultiDiGraph()
    graph.add_weighted_edges_from([(u, v, w / 2) for u, v, w in TIES] * 2)
    return graph


def as_igraph():
    return igraph.Graph.from_networkx(as_networkx())


def named_igraph():
    return igraph.Graph.TupleList(reversed(TIES), directed=True, weights=True)


def parallel_igraph():
    return igraph.Graph.TupleList([(u, v, w / 2) for u, v, w in TIES] * 2, directed=True, weights=True)


def as_frame():
    """Row v holds what influences v; columns in another order than rows."""
    frame = pd.DataFrame(0.0, index=list("dbca"), columns=list("abcd"))
    for source, target, weight in TIES:
        frame.loc[target, source] = weight
    return frame


CONTAINERS = [as_networkx, as_multigraph, as_igraph, named_igraph, parallel_igraph, as_frame]


def matrix_by_name(network):
    order = sorted(network.names)
    places = [list(network.names).index(name) for name in order]
    rows = network.influencers
    dense = sp.csr_array(
        (np.ones(len(rows.nodes)) if rows.weights is None else rows.weights, rows.nodes, rows.start),
        shape=(len(network),) * 2,
    ).toarray()
    return order, dense[np.ix_(places, places)]


@pytest.mark.parametrize("container", CONTAINERS)
def test_containers_of_one_graph_are_one_network(container):
    order, found = matrix_by_name(as_network(container(), parallel="sum"))
    assert order == list("abcd")
    assert (found == as_frame().loc[order, order].to_numpy()).all()


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_seed_is_the_same_node_in_every_container(container):
    for seed, wanted in (("c", 4), ("d", 1)):  # from c all others hear in turn, from d nobody
        spread = sn.diffuse(
            container(), linear_threshold(0.3), initial={"x": [seed]}, steps=9, rng=1, parallel="sum"
        )
        assert spread.counts[0, -1, 0] == wanted
    spread = sn.diffuse(
        container(), independent_cascade(), initial={"x": ["a"]}, steps=9, draws=4000, rng=1, parallel="sum"
    )
    expected = 1 + 0.9 + 0.9 * 0.5 + 0.9 * 0.75
    assert abs(spread.counts[:, -1, 0].mean() - expected) < 0.06


@pytest.mark.parametrize("kind", [nx.MultiGraph, nx.MultiDiGraph])
@pytest.mark.parametrize(("rule", "wanted"), [("sum", 7.0), ("max", 4.0)])
def test_parallel_ties_are_joined_by_the_rule_that_is_named(kind, rule, wanted):
    graph = kind()
    graph.add_weighted_edges_from([("a", "b", 3.0), ("a", "b", 4.0), ("b", "c", 1.0)])
    network = as_network(graph, parallel=rule)
    assert network.directed == graph.is_directed()
    assert matrix_by_name(network)[1][1, 0] == wanted
    converted = igraph.Graph.from_networkx(graph)
    assert (matrix_by_name(as_network(converted, parallel=rule))[1] == matrix_by_name(network)[1]).all()


@pytest.mark.parametrize("graph", [as_multigraph(), parallel_igraph()])
def test_refusals_of_parallel_ties_say_how_to_join_them_without_loss(graph):
    with pytest.raises(sn.StandardsNetError, match=r"parallel='sum' or parallel='max'") as refused:
        as_network(graph)
    assert "Graph(" not in str(refused.value)
    assert "simplify" not in str(refused.value)
    with pytest.raises(sn.StandardsNetError, match="unknown parallel 'add'"):
        as_network(graph, parallel="add")


def without_one_weight():
    graph = as_networkx()
    del graph["b"]["d"]["weight"]
    return graph


@pytest.mark.parametrize(
    "graph",
    [
        without_one_weight(),
        nx.MultiDiGraph(without_one_weight()),
        igraph.Graph.from_networkx(without_one_weight()),
    ],
)
def test_weights_of_some_edges_only_are_refused(graph):
    with pytest.raises(sn.StandardsNetError, match=r"edge between 'b' and 'd' has no 'weight', others have"):
        as_network(graph, parallel="sum")
    assert as_network(graph, weight=None, parallel="sum").influencers.weights is None


@pytest.mark.parametrize("name", ["share", "strength"])
@pytest.mark.parametrize("convert", [lambda g: g, igraph.Graph.from_networkx])
def test_numbers_under_another_name_are_told(name, convert):
    graph = nx.Graph()
    graph.add_edge(0, 1, **{name: 0.5})
    with pytest.warns(sn.StandardsNetWarning, match=rf"Say weight='{name}' to use these"):
        assert as_network(convert(graph)).influencers.weights is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert as_network(convert(graph), weight=name).strength.tolist() == [0.5, 0.5]
        as_network(convert(graph), weight=None)


def test_the_own_export_is_read_with_its_weights(world):
    graph = world.to_networkx("radio")
    network = as_network(graph)
    assert network.influencers.weights is not None
    # A vendor's influencers are its buyers: the sum of their shares.
    vendors = world.market("radio").vendors
    sums = dict(zip(network.names, network.strength, strict=True))
    for vendor, wanted in zip(vendors, world.market("radio").adoption.sum(axis=0), strict=True):
        assert sums[vendor] == pytest.approx(wanted)


def no_name(missing):
    graph = igraph.Graph(n=3, edges=[(0, 1)])
    graph.vs["name"] = ["x", missing, "z"]
    return graph


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, pd.NaT])
def test_nodes_without_a_name_are_refused(missing):
    graphs = [no_name(missing), pd.DataFrame(np.zeros((2, 2)), index=["x", missing], columns=["x", missing])]
    if missing is not None:  # networkx refuses it itself
        graphs.append(nx.Graph([("x", missing)]))
    for graph in graphs:
        with pytest.raises(sn.StandardsNetError, match="None or NaN; every node needs a name"):
            as_network(graph)


def test_a_frame_must_have_the_same_nodes_on_both_axes():
    with pytest.raises(sn.StandardsNetError, match="must be the same nodes, each once"):
        as_network(as_frame().rename(columns={"a": "e"}))
    with pytest.raises(sn.StandardsNetError, match="must be the same nodes, each once"):
        as_network(pd.Series([0.0, 1.0]))


@pytest.mark.parametrize(
    ("nodes", "seed", "sentence"),
    [
        (["0", "1"], 0, "unknown node 0, a number; did you mean the word '0'"),
        ([0, 1], "1", "seed '1' is a word; the nodes of the graph are the numbers 0 to 1"),
        ([1, 2], "1", "unknown node '1', a word; did you mean the number 1"),
    ],
)
def test_a_word_and_a_number_are_told_apart(nodes, seed, sentence):
    with pytest.raises(sn.StandardsNetError, match=sentence):
        sn.diffuse(nx.Graph([nodes]), linear_threshold(0.5), initial={seed: "x"}, steps=1)


def test_an_array_with_labels_and_weights_as_text_are_refused():
    data = xr.DataArray(np.ones((2, 2)) - np.eye(2), coords={"row": ["a", "b"], "column": ["b", "a"]})
    with pytest.raises(sn.StandardsNetError, match="graph is a DataArray with labels"):
        as_network(data)
    graph = nx.Graph()
    graph.add_edge("a", "b", weight="3")
    for one in (graph, igraph.Graph.from_networkx(graph)):
        with pytest.raises(sn.StandardsNetError, match="'weight' holds something that is not a number"):
            as_network(one)


def test_names_of_nodes_do_not_stand_in_for_the_nodes():
    """GraphML gives nodes a name of their own: the node is the same whatever it is called."""
    graph = nx.DiGraph([("z", "y"), ("y", "x"), ("z", "x")])
    nx.set_node_attributes(graph, {"z": "y", "y": "z", "x": "x"}, "name")
    one, two = (
        sn.diffuse(g, linear_threshold(0.4), initial={"new": ["z"]}, steps=3, rng=1).counts
        for g in (graph, igraph.Graph.from_networkx(graph))
    )
    assert (one == two).all()


@pytest.mark.parametrize("dtype", ["U3", "datetime64[D]", "timedelta64[D]"])
def test_arrays_of_something_else_than_numbers_are_refused(dtype):
    with pytest.raises(sn.StandardsNetError, match="graph is"):
        as_network(np.zeros((2, 2)).astype(int).astype(dtype))


def test_numbers_under_another_name_are_seen_on_any_edge_and_as_text():
    some = nx.Graph()
    some.add_edge("a", "b", w=0.3)
    some.add_edge("b", "c", w=None)
    text = nx.Graph()
    text.add_edge("a", "b", w="0.3")
    igraph = pytest.importorskip("igraph").Graph([(0, 1), (1, 2)])
    igraph.es["w"] = [None, 0.5]
    for graph in (some, text, igraph):
        with pytest.warns(sn.StandardsNetWarning, match="edges carry numbers as 'w'"):
            as_network(graph)


def test_text_is_no_weight_and_a_frame_without_labels_of_rows_no_graph():
    names = ["a", "b"]
    frame = pd.DataFrame([["0", "1"], ["1", "0"]], index=names, columns=names)
    for graph in (frame, np.array([["0", "1"], ["1", "0"]], dtype=object)):
        with pytest.raises(sn.StandardsNetError, match="square matrix"):
            as_network(graph)
    with pytest.raises(sn.StandardsNetError, match=r"unknown parallel .*did you mean 'sum'"):
        as_network(nx.MultiGraph([(1, 2), (1, 2)]), parallel=["sum"])
    polars = pytest.importorskip("polars")
    with pytest.raises(sn.StandardsNetError, match="a frame of polars has no labels of rows"):
        as_network(polars.DataFrame({"a": [0.0, 1.0], "b": [1.0, 0.0]}))
