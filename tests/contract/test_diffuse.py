"""The one call: what it takes, what it gives, and that nothing but seed and draw decides."""

from __future__ import annotations

import _thread
import os
import signal
import subprocess
import sys
import threading
import time

import igraph
import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

import standards_net as sn
from standards_net.diffusion import Interrupted, random_seeds, simulate
from standards_net.diffusion.initial_state import InitialState
from standards_net.measures import effective_standards, fragmentation, hhi
from standards_net.networks import as_network
from standards_net.processes import (
    Labels,
    arthur,
    averaging,
    bass,
    best_response,
    heat_bath,
    independent_cascade,
    linear_threshold,
    logit,
    majority,
    polya,
    q_voter,
    voter,
)
from standards_net.randomness import RandomNumbers, Stream

EVERYONE_DECIDED = (
    heat_bath(2.0),
    heat_bath(2.0, update="asynchronous"),
    heat_bath(2.0, quality=np.full((100, 3), 0.1)),
    voter(),
    voter(update="link"),
    q_voter(3),
    majority(noise=0.1),
    best_response(),
)
SOME_UNDECIDED = (
    bass(0.05),
    arthur(np.eye(3), local=True, arrivals_per_step=20),
    polya(2.0, arrivals_per_step=20),
    linear_threshold(),
    linear_threshold(0.2),
    independent_cascade(0.2),
)
MOVING_SHARES = (logit(2.0), averaging(0.1))
HALVES = {"a": 0.5, "b": 0.5}


def lollipop():
    graph = nx.lollipop_graph(6, 5)
    for u, v in graph.edges:
        graph[u][v]["weight"] = 1.0 + (u + v) % 3
    return graph


def same_everywhere(process, graphs, **settings):
    runs = [sn.diffuse(graph, process, rng=3, keep="final", **settings) for graph in graphs]
    for run in runs[1:]:
        assert (run.counts == runs[0].counts).all()
        assert (run.labels == runs[0].labels).all()


def test_any_kind_of_graph_gives_the_same_run():
    graph = lollipop()
    matrix = nx.to_numpy_array(graph)
    kinds = [igraph.Graph.from_networkx(graph), sp.csr_matrix(matrix), sp.coo_array(matrix), matrix]
    settings = {"initial": {"a": 0.4, "b": 0.6}, "steps": 6, "draws": 20}
    for process in (voter(), majority(noise=0.1), best_response(), heat_bath(2.0), q_voter(2)):
        same_everywhere(process, kinds, **settings)


def test_the_order_in_which_edges_were_added_leaves_no_trace():
    """In a directed graph that has every edge both ways no more than in the undirected one."""
    graph = nx.gnm_random_graph(30, 90, seed=1)
    edges = list(graph.edges)
    other, both = nx.empty_graph(30), nx.empty_graph(30, create_using=nx.DiGraph)
    other.add_edges_from((v, u) for u, v in edges[::-1])
    both.add_edges_from(edges)
    both.add_edges_from((v, u) for u, v in edges[::-1])
    kinds = [graph, other, both, nx.to_numpy_array(graph), igraph.Graph.from_networkx(both)]
    settings = {"steps": 6, "draws": 20, "isolated": "keep"}
    for process in (voter(), voter(update="link"), q_voter(2), heat_bath(2.0)):
        same_everywhere(process, kinds, initial={"a": 0.4, "b": 0.6}, **settings)
    for process in (linear_threshold(), independent_cascade(0.3), bass()):
        same_everywhere(process, kinds, initial=random_seeds({"a": 2, "b": 2}), **settings)


def test_a_directed_edge_lets_its_tail_influence_its_head():
    arrow = nx.DiGraph([("leader", "follower"), ("follower", "other"), ("other", "leader")])
    for graph in (arrow, igraph.Graph.from_networkx(arrow)):
        network = as_network(graph)
        assert network.directed
        assert network.influencers.nodes[network.influencers.start[1]] == 0
    matrix = np.zeros((2, 2))
    matrix[1, 0] = 1.0
    assert as_network(matrix).influencers.nodes.tolist() == [0]
    assert as_network(matrix).followers.start.tolist() == [0, 1, 1]


def test_weights_are_read_by_name_and_can_be_left_aside():
    graph = nx.Graph()
    graph.add_edge("x", "y", strength=3.0)
    graph.add_edge("y", "z", strength=1.0)
    network = as_network(graph, weight="strength")
    assert network.names == ("x", "y", "z")
    assert network.strength.tolist() == [3.0, 4.0, 1.0]
    with pytest.warns(sn.StandardsNetWarning, match=r"no edge has a 'weight', but edges carry .*'strength'"):
        assert as_network(graph).influencers.weights is None
    assert as_network(graph, weight=None).influencers.weights is None


def test_nothing_of_the_callers_is_changed():
    graph, matrix = lollipop(), sp.random_array((30, 30), density=0.3, rng=1, format="csr")
    matrix = (matrix + matrix.T).tolil()
    matrix.setdiag(0.0)
    matrix = matrix.tocsr()
    matrix.sort_indices()
    before = (nx.to_numpy_array(graph), matrix.toarray(), matrix.indices.copy(), matrix.data.copy())
    shares = np.random.default_rng(1).dirichlet(np.ones(2), 30)
    labels = np.zeros(11, dtype=np.int64)
    kept = shares.copy(), labels.copy()
    for process in (heat_bath(), voter(), logit()):
        sn.diffuse(matrix, process, initial=shares, steps=3, draws=3, rng=1)
    sn.diffuse(graph, voter(), initial=labels, standards=["a", "b"], steps=3, rng=1)
    assert (nx.to_numpy_array(graph) == before[0]).all()
    assert (matrix.toarray() == before[1]).all()
    assert (matrix.indices == before[2]).all()
    assert (matrix.data == before[3]).all()
    assert (shares == kept[0]).all()
    assert (labels == kept[1]).all()


@pytest.mark.parametrize("draws", [1, 7, 64, 65, 200])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("room", [1_000, 100_000])
def test_seed_and_draw_decide_alone(monkeypatch, draws, threads, room):
    """Whatever the number of draws, the threads and the size of blocks."""
    graph = nx.random_regular_graph(6, 100, seed=1)
    shares = np.random.default_rng(1).dirichlet(np.ones(3), (200, 100))
    everyone, few = {"a": 0.3, "b": 0.3, "c": 0.4}, random_seeds({"a": 3, "b": 2, "c": 1})
    runs = [(graph, process, everyone) for process in EVERYONE_DECIDED]
    runs += [(graph, process, few) for process in SOME_UNDECIDED]
    wide = [(given, process) for given in (graph, nx.to_numpy_array(graph)) for process in MOVING_SHARES]
    settings = {"steps": 5, "rng": 5, "keep": "all"}
    whole = [
        sn.diffuse(given, process, initial=begin, draws=200, **settings) for given, process, begin in runs
    ]
    moving = [sn.diffuse(given, process, initial=shares, draws=200, **settings) for given, process in wide]
    monkeypatch.setattr(simulate, "_BYTES_PER_BLOCK", {"labels": room, "shares": room})
    # What a draw is does not depend on how many there are; nor on those before it.
    for chosen in (range(draws), range(200 - draws, 200)):
        rows = slice(chosen.start, chosen.stop)
        for (given, process, begin), all_draws in zip(runs, whole, strict=True):
            part = sn.diffuse(given, process, initial=begin, draws=chosen, threads=threads, **settings)
            assert part.draws.tolist() == list(chosen)
            assert (part.labels == all_draws.labels[rows]).all(), process.name
            assert (part.counts == all_draws.counts[rows]).all(), process.name
            assert (part.status == all_draws.status[rows]).all(), process.name
        for (given, process), all_draws in zip(wide, moving, strict=True):
            part = sn.diffuse(given, process, initial=shares[rows], draws=chosen, threads=threads, **settings)
            assert (part.states == all_draws.states[rows]).all(), process.name
            assert (part.counts == all_draws.counts[rows]).all(), process.name
            assert (part.status == all_draws.status[rows]).all(), process.name


def test_the_width_of_sparse_products_leaves_no_trace(monkeypatch):
    graph = nx.random_regular_graph(6, 100, seed=1)
    shares = np.random.default_rng(1).dirichlet(np.ones(3), (40, 100))
    for process in MOVING_SHARES:
        runs = []
        for near in (100, 700, 10_000):
            monkeypatch.setattr("standards_net.networks.network._IN_CACHE", near)
            runs.append(sn.diffuse(graph, process, initial=shares, draws=40, steps=9, keep="final"))
        assert (runs[0].states == runs[1].states).all()
        assert (runs[0].states == runs[2].states).all()


def test_rng_is_taken_as_spec_7_says():
    graph = nx.cycle_graph(30)

    def run(rng):
        return sn.diffuse(graph, voter(), initial=HALVES, steps=4, draws=5, rng=rng).counts

    assert (run(7) == run(7)).all()
    assert (run(np.random.default_rng(7)) == run(np.random.default_rng(7))).all()
    assert (run(7) != run(8)).any()
    assert (run(None) != run(None)).any()


def test_isolated_nodes_stay_as_they_are_if_asked():
    graph = nx.cycle_graph(9)
    graph.add_nodes_from([9, 10])
    first = {"a": [0, 1, 2, 9], "b": [3, 4, 5, 6, 7, 8, 10]}
    for given in (graph, nx.to_numpy_array(graph), nx.to_scipy_sparse_array(graph)):
        for process in (voter(), q_voter(2), majority(), best_response()):
            d = sn.diffuse(
                given, process, initial=first, steps=9, draws=5, rng=1, isolated="keep", keep="final"
            )
            assert (d.labels[:, 9] == 0).all()
            assert (d.labels[:, 10] == 1).all()
        moved = sn.diffuse(
            given, heat_bath(), initial=first, steps=9, draws=50, rng=1, isolated="keep", keep="final"
        )
        assert set(moved.labels[:, 9]) == {0, 1}  # by chance, as the page says
        shares = sn.diffuse(given, logit(), initial=first, steps=1, isolated="keep", keep="final").states
        assert shares[0, 9, 0] == pytest.approx(1.0 / (1.0 + np.exp(-1.0)))


def test_what_is_kept():
    graph = nx.cycle_graph(12)
    settings = {"initial": HALVES, "steps": 5, "draws": 4, "rng": 2}
    counts = sn.diffuse(graph, voter(), **settings)
    final = sn.diffuse(graph, voter(), keep="final", **settings)
    everything = sn.diffuse(graph, voter(), keep="all", **settings)
    assert counts.labels is None
    assert final.labels.shape == (4, 12)
    assert everything.labels.shape == (4, 6, 12)
    assert (everything.labels[:, -1] == final.labels).all()
    assert (everything.labels == 0).sum(axis=2).tolist() == counts.counts[:, :, 0].tolist()
    with pytest.raises(sn.StandardsNetError, match="final states were not kept"):
        counts.adoption  # noqa: B018
    shares = sn.diffuse(graph, logit(), keep="all", **settings)
    assert shares.states.shape == (4, 6, 12, 2)
    assert np.abs(shares.states.sum(axis=3) - 1.0).max() < 1e-12


def test_measures_apply_directly():
    d = sn.diffuse(nx.cycle_graph(12), voter(), initial=HALVES, steps=5, draws=4, rng=2, keep="final")
    assert hhi(d.shares).shape == (4, 6)
    assert effective_standards(d.shares[:, -1]).shape == (4,)
    assert fragmentation(d.adoption, np.full(12, 1 / 12)).beta.shape == (4,)


def test_tables_and_looks():
    d = sn.diffuse(nx.cycle_graph(12), voter(), initial=HALVES, steps=5, draws=4, rng=2, keep="final")
    frame = d.to_frame()
    assert list(frame.columns) == ["draw", "step", "standard", "count", "share", "status", "period"]
    assert len(frame) == 4 * 6 * 2
    at = frame[(frame["draw"] == 3) & (frame["step"] == 5) & (frame["standard"] == "b")]
    assert at["count"].item() == d.counts[3, 5, 1]
    data = d.to_xarray()
    assert data["count"].dims == ("draw", "step", "standard")
    assert data["label"].sel(node=4).shape == (4,)
    assert data.attrs["seed"] == 2
    assert repr(d).startswith("<Diffusion: voter, 12 nodes, draw 4, step 5, standard 2; ")
    assert "<td>" in d._repr_html_()
    assert "<script" not in d._repr_html_()
    with pytest.raises(AttributeError):
        d.counts = None


def test_tables_are_right_draw_by_draw(tmp_path):
    first = [[0, -1, -1, -1], [1, 1, 1, 1], [-1] * 4]
    d = sn.diffuse(
        nx.path_graph(4), bass(0.0, 60.0), initial=first, standards=["a", "b"], steps=2, draws=3, rng=1,
        keep="final",
    )  # fmt: skip
    assert d.status.tolist() == ["still moving", "settled", "settled"]
    frame = d.to_frame()
    assert frame.groupby("draw")["status"].first().tolist() == d.status.tolist()
    assert frame[frame["standard"] == "a"]["share"].tolist() == [0.25, 0.5, 0.75, 0, 0, 0, 0, 0, 0]
    assert d.quantiles("b", [1.0])[0].tolist() == [1.0, 1.0, 1.0]
    assert d.quantiles("a", [1.0])[0].tolist() == [0.25, 0.5, 0.75]
    assert d.adopted.tolist() == [[0.25, 0.5, 0.75], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    assert np.isnan(d.adoption[0, 3]).all()
    assert np.isnan(d.shares[2]).all()
    assert hhi(d.shares[d.adopted > 0.0]).tolist() == [1.0] * 6
    assert d.to_xarray()["label"].values[2].tolist() == [255] * 4
    assert d.to_xarray()["label"].dtype == np.int16
    later = sn.diffuse(
        nx.path_graph(4), heat_bath(), initial=[0, 1, 0, 1], steps=1, draws=range(70, 73), rng=1
    )
    assert sorted(set(later.to_frame()["draw"])) == [70, 71, 72]
    assert later.provenance["draws"] == 3


def test_initial_states_are_drawn_from_their_own_stream(monkeypatch):
    random = RandomNumbers(5, 3, 20)
    uniforms = random.uniforms(0, 30, Stream.START)
    labels = InitialState(("a", "b"), 0, shares=np.tile([0.3, 0.5], (30, 1))).of(random, 30)
    assert (labels == np.where(uniforms < 0.3, 0, np.where(uniforms < 0.8, 1, 255))).all()
    sown, rank = (
        InitialState(("a", "b"), 0, seeds=(2, 3)).of(random, 30),
        uniforms.argsort(axis=1).argsort(axis=1),
    )
    assert (sown == np.where(rank < 2, 0, np.where(rank < 5, 1, 255))).all()
    for initial in ({"a": 0.4, "b": 0.3}, random_seeds({"a": 3, "b": 2})):
        runs = []
        for room in (2**20, 140):
            monkeypatch.setattr("standards_net.diffusion.initial_state._MAX_NUMBERS", room)
            settings = {"steps": 0, "draws": 50, "rng": 1, "threads": 1, "keep": "final"}
            runs.append(sn.diffuse(nx.cycle_graph(20), bass(), initial=initial, **settings).labels)
        assert (runs[0] == runs[1]).all()


def test_status_in_words():
    pair = nx.complete_graph(2)
    assert sn.diffuse(pair, best_response(), initial=[0, 1], steps=6).status[0] == "cycling"
    assert sn.diffuse(pair, best_response(), initial=[0, 0], steps=6).status[0] == "settled"
    assert sn.diffuse(pair, voter(), initial=[0, 0], steps=6).status[0] == "settled"
    assert (
        sn.diffuse(nx.cycle_graph(300), voter(), initial=HALVES, steps=2, rng=1).status[0] == "still moving"
    )
    assert sn.diffuse(pair, heat_bath(), initial=[0, 1], steps=6).status[0] == "still moving"


def test_nothing_left_to_move_is_settled():
    d = sn.diffuse(nx.cycle_graph(10), linear_threshold(0.5), initial={"a": [0]}, steps=5)
    assert d.status.tolist() == ["settled"]
    path = nx.path_graph(4)
    assert sn.diffuse(path, independent_cascade(1.0), initial={"a": [0]}, steps=3).status[0] == "settled"
    assert sn.diffuse(path, independent_cascade(1.0), initial={"a": [0]}, steps=2).status[0] == "still moving"
    assert sn.diffuse(path, linear_threshold(0.5), initial={"a": range(4)}, steps=0).status[0] == "settled"
    assert sn.diffuse(path, heat_bath(), initial={"a": range(4)}, steps=3, rng=1).status[0] == "settled"
    quiet = majority(noise=1e-11)  # below the resolution of a random word
    assert (
        sn.diffuse(path, quiet, initial=[0] * 4, standards=["a", "b"], steps=3, rng=1).status[0] == "settled"
    )


def test_majorities_with_random_choice_do_not_rest():
    loud = sn.diffuse(
        nx.complete_graph(3), majority(noise=0.05), initial=[0, 0, 0], standards=["a", "b"], steps=200, rng=1
    )
    assert loud.counts[0, :, 1].any()
    assert loud.status[0] == "still moving"
    d = sn.diffuse(nx.complete_graph(6), majority(), initial=[0, 0, 0, 0, 0, 1], steps=0, draws=60, rng=1)
    assert set(d.status) == {"still moving"}


def test_logit_leaves_a_rest_that_does_not_hold():
    start = np.tile([0.5 + 1e-10, 0.5 - 1e-10], (100, 1))
    d = sn.diffuse(nx.complete_graph(100), logit(3.0), initial=start, steps=200)
    assert d.status.tolist() == ["settled"]
    assert d.shares[0, -1, 0] == pytest.approx(0.929, abs=0.001)
    slow_ = sn.diffuse(
        nx.complete_graph(100), logit(3.0, turnover=1e-7), initial=np.tile([0.7, 0.3], (100, 1)), steps=50
    )
    assert slow_.status.tolist() == ["still moving"]


def test_a_swing_that_dies_down_is_no_cycle():
    matrix = nx.to_numpy_array(nx.complete_bipartite_graph(3, 3))
    start = np.array([1.0, 1, 1, 0, 0, 0])[:, None]
    assert sn.diffuse(matrix, averaging(), initial=start, steps=100).status[0] == "cycling"
    matrix[0, 1] = matrix[1, 0] = 1e-6
    assert sn.diffuse(matrix, averaging(), initial=start, steps=100).status[0] == "still moving"


@pytest.mark.parametrize("standards", [1, 8, 20])
@pytest.mark.parametrize("process", [logit(2.0), averaging(0.1)])
def test_sums_do_not_hang_on_the_number_of_draws(process, standards):
    start = np.random.default_rng(0).dirichlet(np.ones(standards + 1), 50)[:, :-1]
    for graph in (nx.cycle_graph(50), nx.to_numpy_array(nx.cycle_graph(50))):
        runs = [
            sn.diffuse(graph, process, initial=start, steps=3, draws=draws, keep="final")
            for draws in (1, 3, 90)
        ]
        for run in runs[1:]:
            assert (run.states[0] == runs[0].states[0]).all()
            assert (run.counts[0] == runs[0].counts[0]).all()


def test_slow_convergence_is_no_cycle():
    karate = sn.diffuse(
        nx.karate_club_graph(), averaging(), initial=np.eye(34)[:, :1], steps=100, weight=None
    )
    assert karate.status.tolist() == ["settled"]  # to six digits
    start = np.tile([0.6, 0.4], (100, 1))
    for sensitivity, steps in ((3.0, 20), (1.99, 300)):
        d = sn.diffuse(nx.complete_graph(100), logit(sensitivity), initial=start, steps=steps)
        assert "cycling" not in d.status[0]


def test_cycles_are_found_whatever_the_counts_and_the_neighbours():
    ring = nx.cycle_graph(12, create_using=nx.DiGraph)
    d = sn.diffuse(ring, best_response(), initial=["a"] + ["b"] * 11, steps=100)
    assert d.status.tolist() == ["cycling"]
    graph = nx.DiGraph()
    nx.add_cycle(graph, range(12))
    nx.add_cycle(graph, range(12, 24))
    graph.add_edges_from((12, follower) for follower in range(24, 34))
    one, other = ["a"] + ["b"] * 33, ["b"] * 12 + ["a"] + ["b"] * 21
    both = sn.diffuse(graph, best_response(), initial=[one, other], steps=25, draws=2)
    alone = sn.diffuse(graph, best_response(), initial=one, standards=["a", "b"], steps=25)
    assert both.status[0] == alone.status[0] == "cycling"


def test_majority_that_draws_lots_is_no_cycle():
    graph = nx.DiGraph([("u", "v"), ("v", "u"), ("w", "x"), ("x", "w"), ("u", "c"), ("w", "c")])
    first = {"u": "c", "v": "a", "w": "c", "x": "b", "c": "c"}
    d = sn.diffuse(graph, majority(update="synchronous"), initial=first, steps=41, draws=40, rng=1)
    assert set(d.status) == {"still moving"}


def test_names_and_order_of_standards_are_kept(world):
    given = sn.diffuse(world, averaging(), initial="2019", steps=0)
    turned = sn.diffuse(world, averaging(), initial="2019", steps=0, standards=world.standards[::-1])
    assert (turned.counts[..., ::-1] == given.counts).all()
    with pytest.raises(sn.StandardsNetError, match="unknown standard 'open'"):
        sn.diffuse(world, averaging(), initial="2019", steps=0, standards=["china", "west"])
    seeds = sn.diffuse(nx.cycle_graph(9), linear_threshold(), initial=random_seeds({1: 3}), steps=0, rng=1)
    assert seeds.counts[0, 0].tolist() == [3]
    shares = sn.diffuse(nx.cycle_graph(9), voter(), initial={1: 0.5, 2: 0.5}, steps=0, rng=1)
    assert shares.standards == ("1", "2")
    assert shares.counts[0, 0].sum() == 9


def test_a_draw_at_rest_does_not_hang_on_those_beside_it():
    graph = nx.random_regular_graph(6, 60, seed=1)
    start = np.random.default_rng(1).dirichlet(np.ones(3), (200, 60))
    start[::7] = 1 / 3  # rests at once
    process, settings = logit(2.0, turnover=0.5), {"steps": 300, "keep": "final"}
    crowd = sn.diffuse(graph, process, initial=start, draws=200, **settings)
    for draw in (0, 1, 7, 150):
        alone = sn.diffuse(graph, process, initial=start[draw : draw + 1], **settings)
        assert (alone.states[0] == crowd.states[draw]).all()
        assert (alone.counts[0] == crowd.counts[draw]).all()
        assert alone.status[0] == crowd.status[draw]


def test_nobody_can_write_into_what_was_found():
    d = sn.diffuse(nx.cycle_graph(9), voter(), initial=HALVES, steps=2, rng=1, keep="all")
    for values in (d.counts, d.labels, d.status, d.draws):
        with pytest.raises(ValueError, match="read-only"):
            values[:] = values[0]


def test_a_heavy_tie_elsewhere_costs_no_precision():
    """The centre of a star copies each of three leaves as often, whatever others weigh."""
    graph = nx.Graph([(0, 1, {"weight": 1e17}), *((2, leaf, {"weight": 1.0}) for leaf in (3, 4, 5))])
    d = sn.diffuse(
        graph, voter(update="synchronous"), initial=[0, 0, 0, 1, 2, 3], steps=1, draws=3000, rng=1,
        keep="final",
    )  # fmt: skip
    copied = np.bincount(d.labels[:, 2], minlength=4)[1:]
    # Chi square with 2 degrees of freedom: above 13.8 once in a thousand seeds.
    assert ((copied - 1000.0) ** 2 / 1000.0).sum() < 13.8


def contrarian(state, setting):
    """Plain numpy: with chance 0.1 a node leaves the standard of most of its neighbours."""
    held = state.labels[..., None] == np.arange(len(setting.standards))
    crowd = setting.network.average(held.astype(float)).argmax(axis=2)
    leaves = (setting.random.uniforms(state.step, state.labels.shape[1]) < 0.1) & (crowd == state.labels)
    return Labels(state.step + 1, np.where(leaves, 1 - state.labels, state.labels)), None


def test_a_process_of_ones_own_runs_in_the_same_call():
    mine = sn.Process("contrarian", lambda setting: Labels(0, setting.labels), contrarian)
    graph = nx.cycle_graph(40)
    d = sn.diffuse(graph, mine, initial={"a": range(40), "b": []}, steps=30, draws=70, rng=1, keep="final")
    assert (d.counts[:, 1].sum(axis=1) == 40).all()
    assert d.counts[:, -1, 1].mean() > 5
    few = sn.diffuse(graph, mine, initial={"a": range(40), "b": []}, steps=30, draws=3, rng=1, keep="final")
    assert (few.labels == d.labels[:3]).all()


def test_random_seeds_are_drawn_anew_and_evenly():
    mine = sn.Process(
        "still", lambda s: Labels(0, s.labels), lambda state, s: (state, None), allows_unassigned=True
    )
    d = sn.diffuse(
        nx.cycle_graph(20), mine, initial=random_seeds({"a": 2, "b": 1}), steps=0, draws=4000, rng=1,
        keep="final",
    )  # fmt: skip
    assert (d.counts[:, 0] == [2, 1]).all()
    hits = (d.labels == 1).sum(axis=0)
    # Chi square with 19 degrees of freedom: above 43.8 once in a thousand seeds.
    assert ((hits - 200.0) ** 2 / 200.0).sum() < 43.8


def test_counts_of_shares_and_what_is_missing_to_one():
    d = sn.diffuse(nx.cycle_graph(5), logit(0.0), initial=np.full((5, 2), 0.25), steps=1)
    assert d.counts[0].tolist() == [[2.5, 2.5], [2.5, 2.5]]


def test_the_world_is_a_graph(world):
    d = sn.diffuse(world, majority(), initial="2019", steps=5, draws=30, rng=1, tie="trade", keep="final")
    assert d.names == world.countries
    assert d.standards == world.standards
    shares = sn.diffuse(world, logit(3.0), initial="2019", steps=5, keep="final")
    assert shares.states.shape == (1, 196, 3)


def slow(state, setting):
    time.sleep(0.02)
    return Labels(state.step + 1, state.labels), None


def test_ctrl_c_ends_at_once_and_keeps_what_was_finished(monkeypatch):
    monkeypatch.setattr(simulate, "_BYTES_PER_BLOCK", {"labels": 1, "shares": 1})
    mine = sn.Process("slow", lambda setting: Labels(0, setting.labels), slow)
    stopped, seconds = interrupted(
        lambda: sn.diffuse(nx.cycle_graph(5), mine, initial=HALVES, steps=10, draws=200, rng=1, threads=2)
    )
    assert seconds < 3.0
    assert 0 < len(stopped.finished.draws) < 200
    whole = sn.diffuse(nx.cycle_graph(5), voter(), initial=HALVES, steps=0, draws=200, rng=1)
    assert (stopped.finished.counts[:, 0] == whole.counts[stopped.finished.draws, 0]).all()
    assert "draws were finished" in str(stopped)


def interrupted(run):
    """Press Ctrl-C after a second; what came of it, and when."""
    old = signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever who started the tests set
    try:
        threading.Timer(1.0, _thread.interrupt_main).start()
        begun = time.perf_counter()
        with pytest.raises(Interrupted) as stopped:
            run()
        return stopped.value, time.perf_counter() - begun
    finally:
        signal.signal(signal.SIGINT, old)


@pytest.mark.parametrize(
    "process",
    [
        q_voter(4),
        logit(),
        *(pytest.param(one, marks=pytest.mark.slow) for one in (voter(), heat_bath(), averaging())),
    ],
)
def test_ctrl_c_ends_compiled_processes_of_large_networks(process):
    nodes, apart = 300_000, np.arange(1, 11) * 7919
    influencers = ((np.arange(nodes)[:, None] + apart) % nodes).ravel()
    graph = sp.csr_array((np.ones(influencers.size), influencers, np.arange(0, influencers.size + 1, 10)))
    sn.diffuse(graph, process, initial=HALVES, steps=1, rng=1)  # compiled by now
    stopped, seconds = interrupted(
        lambda: sn.diffuse(graph, process, initial=HALVES, steps=100_000, draws=128, rng=1, threads=2)
    )
    assert stopped.finished is None or len(stopped.finished.draws) < 128
    assert seconds < 4.0  # a second of it before Ctrl-C


def test_progress_is_told():
    told = []
    sn.diffuse(
        nx.cycle_graph(5), heat_bath(), initial=HALVES, steps=2, draws=range(70, 170), rng=1,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told[-1] == (100, 100)
    sn.diffuse(
        nx.cycle_graph(5), voter(), initial=HALVES, steps=2, draws=300, rng=1,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told[-1] == (300, 300)


@pytest.mark.slow
def test_compiling_is_announced_when_it_happens_and_only_then(tmp_path):
    """A fresh installation has nothing on disk; the line goes to stderr, results to stdout."""
    code = (
        "import networkx as nx, standards_net as sn; from standards_net.processes import majority;"
        "d = sn.diffuse(nx.cycle_graph(9), majority(), initial={'a': 0.5, 'b': 0.5}, steps=3, rng=1);"
        "print(d.counts.shape)"
    )
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
        )
        for _ in range(2)
    )
    assert first.stdout == second.stdout == "(1, 4, 2)\n"
    assert first.stderr.count("compiling numerical loops") == 1
    assert "compiling" not in second.stderr
