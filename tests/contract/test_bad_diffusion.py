"""Every mistake in a call of diffuse has its own sentence: what is wrong, where, what would be right."""

from __future__ import annotations

import re

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

import standards_net as sn
from standards_net.diffusion import random_seeds
from standards_net.networks import as_network
from standards_net.processes import (
    Labels,
    Shares,
    arthur,
    best_response,
    heat_bath,
    linear_threshold,
    logit,
    majority,
    polya,
    q_voter,
    voter,
)

RING = nx.cycle_graph(5)
HALVES = {"a": 0.5, "b": 0.5}


def allows_isolated():
    graph = nx.Graph()
    graph.add_edge("KEN", "UGA")
    graph.add_node("TZA")
    return graph


def weighted(value):
    graph = nx.cycle_graph(4)
    nx.set_edge_attributes(graph, 1.0, "weight")
    graph[1][2]["weight"] = value
    return graph


def matrix(value):
    dense = np.ones((3, 3)) - np.eye(3)
    dense[0, 2] = value
    return dense


def loop():
    graph = nx.cycle_graph(4)
    graph.add_edge(2, 2)
    return graph


GRAPHS = [
    (nx.Graph(), "graph has no nodes."),
    (np.zeros((0, 0)), "graph has no nodes."),
    ("world", "graph is str; give a networkx or igraph graph, a square matrix"),
    (np.ones((2, 3)), "graph is ndarray; give a networkx or igraph graph, a square matrix"),
    (sp.csr_array(np.ones((2, 3))), "graph is a matrix of shape (2, 3); it must be square."),
    (nx.MultiGraph([(0, 1), (0, 1)]), "graph is a multigraph; say how to join parallel ties"),
    (igraph.Graph([(0, 1), (1, 1)]), "node 1 has a self-loop; remove self-loops."),
    (np.ma.masked_array(np.ones((2, 2))), "graph is MaskedArray; give a networkx or igraph graph"),
    (nx.DiGraph([(0, 1, {"weight": -1.0})]), "the weight with which node 0 influences node 1 is negative"),
    (1e308 * matrix(1.0), "the weights of the ties of node 0 have a sum too large for a float"),
    (igraph.Graph([(0, 1), (0, 1)]), "graph has parallel edges; say how to join them"),
    (weighted(-1.0), "the weight with which node 2 influences node 1 is negative; weights must be 0"),
    (weighted(float("nan")), "the weight with which node 2 influences node 1 is not a finite number."),
    (weighted("much"), "edge attribute 'weight' holds something that is not a number."),
    (matrix(-2.0), "the weight with which node 2 influences node 0 is negative; weights must be 0 or more."),
    (matrix(np.inf), "the weight with which node 2 influences node 0 is not a finite number."),
    (sp.csr_array(matrix(-2.0)), "the weight with which node 2 influences node 0 is negative"),
    (loop(), "node 2 has a self-loop; remove self-loops."),
    (allows_isolated(), "node 'TZA' has no influencer; voter requires one for every node (1 have none)"),
]


@pytest.mark.parametrize(("graph", "sentence"), GRAPHS, ids=[sentence[:40] for _, sentence in GRAPHS])
def test_graphs(graph, sentence):
    with pytest.raises(sn.StandardsNetError, match=re.escape(sentence)):
        sn.diffuse(graph, voter(), initial=HALVES, steps=3)


@pytest.mark.parametrize(
    ("initial", "sentence"),
    [
        ({7: "a", 0: "b"}, "seed 7 is not in the graph; its nodes are 0 to 4."),
        ({"a": [0, 9]}, "seed 9 is not in the graph; its nodes are 0 to 4."),
        ({"a": [0, 1], "b": [1]}, "node 1 is given two standards."),
        ({}, "initial is empty; give a standard to at least one node."),
        ({"a": 0.7, "b": 0.5}, "initial: the shares of a node add up to 1.2; the maximum is 1."),
        ({"a": -0.1, "b": 0.5}, "initial: shares must be finite and 0 or more."),
        ({"a": 0.7, "b": 0.1}, "starts without a standard; voter requires one for every node."),
        ([0, 1, 1], "initial has shape (3,); labels must be (5,) or (2, 5)."),
        ([0, 1, 1, 0, -2], "initial holds the label -2; labels are 0, 1, ..., or -1 for none."),
        ([0, 1, 1, 0, -1], "node 4 starts without a standard; voter requires one for every node."),
        ([0, 1, 1, 0, 300], "initial holds the label 300; there can be at most 255 standards."),
        (np.ones((4, 2)), "initial has shape (4, 2); shares must be (5, standards) or (2, 5, standards)."),
        (random_seeds({"a": 4, "b": 4}), "8 seeds do not fit on 5 nodes."),
        ("2019", "initial is '2019'; a string is allowed only for a World"),
        ([[0, 1], [0]], "initial has rows of different lengths."),
        (np.ma.masked_array([0, 1, 1, 0, 1], [0, 0, 1, 0, 0]), "initial is a masked array"),
        ({float("inf"): "a"}, "seed inf is not in the graph; its nodes are 0 to 4."),
        ({np.complex64(1): "a"}, "seed np.complex64(1+0j) is not in the graph; its nodes are 0 to 4."),
        ({0: "a", 1: pd.NA}, "initial gives a node None or NaN"),
        (pd.Series(["a", None, "b", "a", "b"], dtype="string"), "initial holds None or NaN"),
        ({0: np.array([1, 2]), 1: "b"}, "initial maps both nodes to standards and standards to nodes"),
        ({0: 1.0, 1: 0.0}, "initial maps nodes to floats; map them to standards"),
        (pd.Series({7: "a", 8: "b", 0: "a", 1: "b", 2: "a"}), "the index of initial must contain each node"),
        (np.ones((5, 2)) * 1j, "initial must hold labels, or shares as real numbers."),
    ],
)
def test_beginnings(initial, sentence):
    with pytest.raises(sn.StandardsNetError, match=re.escape(sentence)):
        sn.diffuse(RING, voter(), initial=initial, steps=3, draws=2, rng=1)


def test_seeds_suggest_the_nearest_name():
    graph = nx.Graph([("Kenya", "Uganda")])
    with pytest.raises(sn.StandardsNetError, match=r"unknown node 'Kenia'; did you mean 'Kenya'"):
        sn.diffuse(graph, voter(), initial={"Kenia": "a", "Uganda": "b"}, steps=1)
    with pytest.raises(sn.StandardsNetError, match=r"unknown standard 'wset'; did you mean 'west'"):
        sn.diffuse(graph, voter(), initial={"wset": 0.5}, standards=["west", "china"], steps=1)
    with pytest.raises(sn.StandardsNetError, match=r"seeds of 'a' are -1; give a whole number of 0 or more"):
        random_seeds({"a": -1})
    with pytest.raises(sn.StandardsNetError, match=r"seeds are \['a'\]; give a number per standard"):
        random_seeds(["a"])
    with pytest.raises(sn.StandardsNetError, match="two names of standards are equal as strings"):
        random_seeds({1: 2, "1": 1})


def test_nodes_of_a_standard_are_whatever_can_be_gone_through():
    for nodes in (
        RING.nodes,
        iter([0, 1, 2]),
        np.arange(3),
        pd.Index([0, 1, 2]),
        (float(n) for n in range(3)),
    ):
        d = sn.diffuse(RING, linear_threshold(1.0), initial={"a": nodes}, steps=0)
        assert d.counts[0, 0, 0] == (5 if nodes is RING.nodes else 3)
    halves = nx.Graph([(0.0, 1.0), (1.0, 2.5)])
    assert sn.diffuse(halves, voter(), initial={0.0: "a", 1.0: "a", 2.5: "b"}, steps=0).counts.sum() == 3


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"draws": 0}, "draws is 0; it must be a whole number of at least 1."),
        ({"draws": 10**12}, "draws is 1000000000000; it can be at most 4,294,967,296."),
        ({"draws": range(0, 9, 2)}, "draws is range(0, 9, 2); a range starts at 0 or more and has step 1"),
        ({"draws": range(3, 3)}, "draws is range(3, 3); a range starts at 0 or more and has step 1."),
        ({"draws": range(1, 2**33)}, "the end of draws is 8589934592; it can be at most 4,294,967,296."),
        ({"steps": 10**13}, "1 draws of this diffusion need some "),
        ({"steps": 10**30}, "steps is 1000000000000000000000000000000; it can be at most"),
        ({"progress": 3}, "progress is 3; give a function of (draws done, total draws)."),
        ({"draws": 2.5}, "draws is 2.5; it must be a whole number of at least 1."),
        ({"steps": -1}, "steps is -1; it must be a whole number of at least 0."),
        ({"threads": 0}, "threads is 0; it must be a whole number of at least 1."),
        ({"isolated": "drop"}, "unknown isolated 'drop'; valid are keep, refuse."),
        ({"keep": "finale"}, "unknown keep 'finale'; did you mean 'final'?"),
        ({"rng": "seven"}, "rng is 'seven'; give a whole number"),
        ({"tie": "trade"}, "tie is 'trade'; only a World has kinds of tie."),
        ({"standards": "open"}, "standards is 'open'; give their names in order, in a list."),
        ({"standards": {"a", "b"}}, "; give their names in order, in a list."),
        ({"rng": True}, "rng is True; give a whole number"),
        ({"weight": ["x"]}, "weight is ['x']; give the name of an edge attribute, or None."),
        ({"keep": np.array(["all", "x"])}, "unknown keep '['all' 'x']'"),
        ({"initial": {1: 0.5, "1": 0.5}}, "two names of standards are equal as strings."),
        ({"standards": ["a", "a"]}, "standard 'a' is named twice."),
        ({"standards": [str(s) for s in range(256)]}, "there are 256 standards; there can be 1 to 255."),
    ],
)
def test_settings(settings, sentence):
    with pytest.raises(sn.StandardsNetError, match=re.escape(sentence)):
        sn.diffuse(RING, voter(), **{"initial": HALVES, "steps": 3, **settings})


def test_kinds_of_tie_of_a_world(world):
    with pytest.raises(sn.StandardsNetError, match="unknown kind of tie 'trad'; did you mean 'trade'"):
        sn.diffuse(world, voter(), initial="2019", steps=1, tie="trad")
    for tie in (3, ["trade"]):
        with pytest.raises(sn.StandardsNetError, match="unknown kind of tie"):
            sn.diffuse(world, voter(), initial="2019", steps=1, tie=tie)
    with pytest.raises(sn.StandardsNetError, match="initial is '2020'"):
        sn.diffuse(world, voter(), initial="2020", steps=1)


def test_odd_graphs_and_names():
    with pytest.raises(sn.StandardsNetError, match="graph is ndarray; give a networkx or igraph graph"):
        sn.diffuse(np.ones((3, 3)) * 1j, voter(), initial=HALVES, steps=1)
    idle = nx.Graph([(0, 1, {"weight": 0.0}), (1, 2, {"weight": 1.0})])
    for graph in (idle, igraph.Graph.from_networkx(idle), nx.to_numpy_array(idle)):
        with pytest.raises(sn.StandardsNetError, match="node 0 has no influencer"):
            sn.diffuse(graph, voter(), initial=HALVES, steps=1)
    with pytest.raises(sn.StandardsNetError, match=r"seed \[1\] is not in the graph"):
        sn.diffuse(RING, voter(), initial={"a": [[1]]}, steps=1)
    with pytest.raises(sn.StandardsNetError, match="standards is 2; give their names"):
        sn.diffuse(RING, voter(), initial=HALVES, steps=1, standards=2)
    places = sn.diffuse(nx.grid_2d_graph(3, 3), voter(), initial=HALVES, steps=1, rng=1, keep="final")
    assert places.to_xarray()["node"].values[0] == "(0, 0)"


def test_what_used_to_pass_in_silence():
    graph = nx.Graph([(0, 1, {"wieght": 2.0})])
    for given in (graph, igraph.Graph.from_networkx(graph)):
        with pytest.raises(sn.StandardsNetError, match=r"no edge has an attribute 'weights'.*'wieght'"):
            sn.diffuse(given, voter(), initial=[0, 1], steps=1, weight="weights")
    twins = igraph.Graph([(0, 1)])
    twins.vs["name"] = ["a", "a"]
    with pytest.raises(sn.StandardsNetError, match="two nodes of the graph have the same name"):
        sn.diffuse(twins, voter(), initial=[0, 1], steps=1)
    for initial in ({0: "a", 1: None}, ["a", None, "b", "a", "b"], {0: "a", 1: "b", 2: float("nan")}):
        with pytest.raises(sn.StandardsNetError, match="None or NaN"):
            sn.diffuse(RING, voter(), initial=initial, steps=1)


def test_processes_of_ones_own_that_do_not_fit():
    def run(init, step):
        sn.diffuse(RING, sn.Process("mine", init, step), initial=HALVES, steps=1, rng=1)

    with pytest.raises(
        sn.StandardsNetError, match=r"returned ndarray with labels of shape \(\); it must return"
    ):
        run(lambda s: s.labels, None)
    with pytest.raises(sn.StandardsNetError, match=r"shape \(2,\); it must return a state .* shape \(1, 5\)"):
        run(lambda s: Labels(0, np.zeros(2, np.uint8)), None)
    with pytest.raises(sn.StandardsNetError, match=r"step of process 'mine' must return \(state, report\)"):
        run(lambda s: Labels(0, s.labels), lambda state, s: state)


@pytest.mark.parametrize("wrong", [-1, 10**7, 0.5])
def test_labels_that_are_none(wrong):
    def step(state, setting):
        return Labels(state.step + 1, np.full(setting.labels.shape, wrong)), None

    mine = sn.Process("mine", lambda s: Labels(0, s.labels), step)
    with pytest.raises(
        sn.StandardsNetError, match="step of process 'mine' returned labels that are not whole"
    ):
        sn.diffuse(RING, mine, initial=HALVES, steps=1, rng=1)
    short = sn.Process("mine", lambda s: Labels(0, s.labels), lambda a, s: (Labels(1, a.labels[:, :3]), None))
    with pytest.raises(sn.StandardsNetError, match=r"step of process 'mine' returned Labels with labels of"):
        sn.diffuse(RING, short, initial=HALVES, steps=1, rng=1)
    with pytest.raises(sn.StandardsNetError, match="unknown moves 'label'; did you mean 'labels'"):
        sn.diffuse(RING, short._replace(moves="label"), initial=HALVES, steps=1, rng=1)


def test_no_steps_at_all():
    for process in (voter(), best_response(), logit()):
        d = sn.diffuse(RING, process, initial=[0, 1, 0, 1, 1], steps=0, rng=1)
        assert d.counts.shape == (1, 1, 2)


def test_processes():
    with pytest.raises(
        sn.StandardsNetError, match=r"process is 'voter'; give one of standards_net.processes"
    ):
        sn.diffuse(RING, "voter", initial=HALVES, steps=1)
    for mechanism, name in (("voter", "voter"), ("vendor-choice", "logit")):
        sentence = rf"'{mechanism}' is a mechanism of the yearly model.*standards_net.processes.{name}\(\)"
        with pytest.raises(sn.StandardsNetError, match=sentence):
            sn.diffuse(RING, sn.model.MECHANISMS[mechanism], initial=HALVES, steps=1)
    arrow = nx.DiGraph([(0, 1), (1, 2), (2, 0)])
    with pytest.raises(sn.StandardsNetError, match="needs an undirected, unweighted graph"):
        sn.diffuse(arrow, voter(update="link"), initial=HALVES, steps=1)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: heat_bath(-1.0), "sensitivity is -1.0; it must be a number of 0 or more."),
        (lambda: heat_bath(float("nan")), "sensitivity is nan; it must be a number of 0 or more."),
        (lambda: heat_bath(switching_cost=-1), "switching_cost is -1; it must be a number of 0 or more."),
        (lambda: heat_bath(update="sync"), "unknown update 'sync'"),
        (lambda: heat_bath(compatibility=[[1, 0]]), "compatibility has shape (1, 2); it must be"),
        (lambda: heat_bath(quality=["x"]), "quality must be an array of real numbers."),
        (lambda: heat_bath(quality=[np.inf]), "quality holds something that is not a finite number."),
        (lambda: heat_bath(quality=np.ones((1, 1, 1))), "quality has shape (1, 1, 1); it must be"),
        (lambda: heat_bath(10**400), "sensitivity is 10000000000000000000...00000000000000000000; it must"),
        (lambda: heat_bath(quality=[1j]), "quality must be an array of real numbers."),
        (lambda: heat_bath(compatibility=np.ma.masked_array(np.eye(2))), "compatibility must be an array of"),
        (lambda: logit(precision=["double"]), "unknown precision '['double']'; did you mean 'double'?"),
        (lambda: q_voter(10**12), "q is 1000000000000; it can be at most 1,000."),
        (lambda: linear_threshold([0.5, 1j]), "thresholds must be a number, one number for each node, or"),
        (lambda: q_voter(0), "q is 0; it must be a whole number of at least 1."),
        (lambda: q_voter(2, noise=1.5), "noise is 1.5; it must be a number from 0 to 1."),
        (lambda: majority(noise="x"), "noise is 'x'; it must be a number from 0 to 1."),
        (lambda: best_response(switching_cost=np.inf), "switching_cost is inf; it must be a number of 0"),
        (lambda: logit(turnover=0.0), "turnover is 0, so nothing would ever move"),
        (lambda: logit(precision="half"), "unknown precision 'half'; valid are double, single."),
        (lambda: logit(network_benefit=None), "network_benefit is None; it must be a number."),
    ],
)
def test_parameters(make, sentence):
    with pytest.raises(sn.StandardsNetError, match=re.escape(sentence)):
        make()


@pytest.mark.parametrize(
    "process",
    [
        heat_bath(1e308, compatibility=1e10 * np.eye(2)),
        heat_bath(1e200, quality=[1e200, 0.0]),
        best_response(quality=[1e308, 0.0]),
        logit(1e200, lock_in=1e200),
        logit(1e38, precision="single"),
        arthur(returns=1e308),
    ],
)
def test_utilities_beyond_what_can_be_added_up(process):
    with pytest.raises(sn.StandardsNetError, match=r"utilities of up to .* are too large to be added up"):
        sn.diffuse(RING, process, initial=HALVES, steps=1)


def test_labels_however_they_are_kept():
    graph = nx.path_graph(["x", "y", "z"])
    named = sn.diffuse(
        graph, voter(), initial=pd.Series({"z": "a", "y": "b", "x": "b"}), steps=0, keep="final"
    )
    assert named.labels[0].tolist() == [1, 1, 0]
    objects = np.array([0, 1, -1, -1, -1], dtype=object)
    d = sn.diffuse(RING, linear_threshold(), initial=objects, steps=0)
    assert d.standards == ("0", "1")
    assert d.counts[0, 0].tolist() == [1, 1]
    scalars = {0: np.array("a"), 1: np.array("b")}
    assert sn.diffuse(RING, linear_threshold(), initial=scalars, steps=0).counts[0, 0].tolist() == [1, 1]
    table = pd.DataFrame({"a": [0.9, 0.2, 0.5], "b": [0.1, 0.8, 0.5]}, index=["z", "x", "y"])
    shares = sn.diffuse(graph, logit(), initial=table, steps=0, keep="final").states[0]
    assert shares[:, 0].tolist() == [0.2, 0.5, 0.9]


def test_odd_graphs_and_quantiles():
    named = igraph.Graph([(0, 1), (1, 2)])
    named.vs["name"] = [["a"], ["b"], ["c"]]
    with pytest.raises(sn.StandardsNetError, match="names of nodes must be strings or numbers"):
        sn.diffuse(named, voter(), initial=[0, 1, 0], steps=1)
    with pytest.raises(sn.StandardsNetError, match="influences node 0 is below 1e-300; remove the tie"):
        sn.diffuse(matrix(1.0) * 1e-310, voter(), initial=[0, 1, 0], steps=1)
    with pytest.raises(sn.StandardsNetError, match="unknown update"):
        voter(update=np.array(["x", "y"]))
    d = sn.diffuse(RING, voter(), initial=[0, 1, 0, 1, 1], steps=1, rng=1)
    for levels in ([2], "x"):
        with pytest.raises(sn.StandardsNetError, match=r"levels (holds 2|must be an array)"):
            d.quantiles("0", levels)
    for standard in (7, ["0"]):
        with pytest.raises(sn.StandardsNetError, match="unknown standard"):
            d.quantiles(standard)


def test_what_processes_of_ones_own_leave_behind():
    def gives(state, **more):
        mine = sn.Process("mine", lambda s: state(0, s), lambda a, s: (state(a.step + 1, s), None), **more)
        sn.diffuse(RING, mine, initial=HALVES, steps=2, rng=1)

    with pytest.raises(
        sn.StandardsNetError, match="process 'mine' returned the label 7; there are 2 standards"
    ):
        gives(lambda step, s: Labels(step, np.full_like(s.labels, 7)))
    with pytest.raises(sn.StandardsNetError, match="process 'mine' returned shares that are not finite"):
        gives(lambda step, s: Shares(step, s.shares * np.nan), moves="shares")


def test_memory_that_runs_out(monkeypatch):
    def no_room(*_):
        raise MemoryError

    for name in ("prepare", "step"):
        process = heat_bath()._replace(**{name: no_room})
        with pytest.raises(
            sn.StandardsNetError, match="out of memory: heat bath with 2 standards on 5 nodes"
        ):
            sn.diffuse(RING, process, initial=HALVES, steps=1, rng=1)


def test_orders_of_arrival_and_small_integers():
    for make in (arthur, polya):
        with pytest.raises(sn.StandardsNetError, match="order must name each of the nodes 0 to 4 once"):
            sn.diffuse(RING, make(order=[[0, 1], [2]]), initial=random_seeds({"a": 0, "b": 0}), steps=1)
    places = ([0, 0, 1, 1], [1, 1, 0, 0])
    twice = sp.coo_array((np.full(4, 100, np.int8), places))  # 100 + 100 is -56 in a byte
    assert as_network(twice).strength.tolist() == [200.0, 200.0]


@pytest.mark.parametrize("make", [heat_bath, best_response, logit])
def test_matrices_that_do_not_fit(make):
    with pytest.raises(sn.StandardsNetError, match="compatibility is for 3 standards; there are 2"):
        sn.diffuse(RING, make(compatibility=np.eye(3)), initial=HALVES, steps=1)
    with pytest.raises(
        sn.StandardsNetError, match=r"quality has shape \(4,\); it must be \(2,\) or \(5, 2\)"
    ):
        sn.diffuse(RING, make(quality=np.zeros(4)), initial=HALVES, steps=1)
