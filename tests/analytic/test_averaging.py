"""Averaging of opinions against its closed forms; it is deterministic, so equality is to rounding."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array

import standards_net as sn
from standards_net.processes._averaging import averaging


def shares(nodes, standards=3, draws=None, seed=1):
    size = nodes if draws is None else (draws, nodes)
    return np.random.default_rng(seed).dirichlet(np.ones(standards), size)


def tied(nodes, chance=1.0, seed=2):
    rng = np.random.default_rng(seed)
    matrix = rng.random((nodes, nodes)) * (rng.random((nodes, nodes)) < chance)
    np.fill_diagonal(matrix, 0.0)
    matrix[np.arange(nodes), np.arange(1, nodes + 1) % nodes] = 0.5
    return matrix


def test_equal_ties_weigh_members_by_their_number_of_ties():
    club = nx.karate_club_graph()
    start = shares(34)
    found = sn.diffuse(club, averaging(), initial=start, steps=400, keep="final", weight=None)
    weight = np.array([club.degree(node) for node in club]) / (2 * club.number_of_edges())
    assert np.abs(found.adoption[0] - weight @ start).max() < 1e-12
    assert found.status.tolist() == ["settled"]


@pytest.mark.parametrize("kept", [np.asarray, csr_array])
def test_any_ties_weigh_by_the_left_perron_vector(kept):
    matrix, start = tied(25, 0.3), shares(25)
    rows = matrix / matrix.sum(axis=1, keepdims=True)
    values, vectors = np.linalg.eig(rows.T)
    perron = vectors[:, np.argmax(values.real)].real
    found = sn.diffuse(kept(matrix), averaging(), initial=start, steps=300, keep="final")
    assert np.abs(found.adoption[0] - perron / perron.sum() @ start).max() < 1e-12


def test_a_star_swaps_for_ever():
    found = sn.diffuse(nx.star_graph(4), averaging(), initial={0: "a", 1: "b"}, steps=51, keep="all")
    assert found.status.tolist() == ["cycling"]
    hub = found.states[0, :, 0, 0]
    assert hub[:4].tolist() == [1.0, 0.0, 1.0, 0.0]
    # Over two steps the share weighted by ties is the same: the hub has half of all ends.
    ends = np.array([4, 1, 1, 1, 1]) / 8
    assert np.allclose(ends @ found.states[0, :, :, 0].T, 0.5)


@pytest.mark.parametrize("kept", [np.asarray, csr_array])
def test_stubborn_members_end_where_friedkin_and_johnsen_say(kept):
    matrix, start = tied(30, 0.2, seed=3), shares(30)
    held = np.random.default_rng(4).uniform(0.05, 1.0, 30)
    held[:3] = [1.0, 0.0, 0.0]
    rows = matrix / matrix.sum(axis=1, keepdims=True)
    pull = np.diag(1.0 - held)
    expected = np.linalg.solve(np.eye(30) - pull @ rows, np.diag(held) @ start)
    found = sn.diffuse(kept(matrix), averaging(held), initial=start, steps=2000, keep="final").adoption[0]
    assert np.abs(found - expected).max() < 1e-12
    assert np.abs(found - pull @ rows @ found - held[:, None] * start).max() < 1e-10
    assert np.allclose(found.sum(axis=1), 1.0)


@pytest.mark.parametrize(("islands", "within", "across"), [(2, 0.3, 0.1), (3, 0.5, 0.05), (5, 0.2, 0.15)])
def test_islands_agree_at_the_rate_of_golub_and_jackson(islands, within, across):
    size = 12
    home = np.repeat(np.arange(islands), size)
    # Members do not look to themselves: the others of the island make up for it.
    expected = np.where(home[:, None] == home, within * size / (size - 1), across)
    np.fill_diagonal(expected, 0.0)
    rate = (within - across) / (within + (islands - 1) * across)
    start = np.eye(islands)[home]
    found = sn.diffuse(expected, averaging(), initial=start, steps=12, keep="all").states[0]
    apart = np.abs(found - 1 / islands).max(axis=(1, 2))
    assert apart == pytest.approx(apart[0] * rate ** np.arange(13), rel=1e-9, abs=1e-15)
    if (islands, within, across) == (2, 0.3, 0.1):
        assert rate == pytest.approx(0.5)


def test_isolated_nodes_keep_their_shares():
    graph = nx.path_graph(3)
    graph.add_node("alone")
    start = shares(4)
    found = sn.diffuse(graph, averaging(0.2), initial=start, steps=100, keep="final").adoption[0]
    assert (found[3] == start[3]).all()


def test_what_is_missing_is_averaged_too():
    graph, start = nx.complete_graph(6), shares(6)
    whole = sn.diffuse(graph, averaging(0.3), initial=start, steps=20, keep="final").adoption
    part = sn.diffuse(graph, averaging(0.3), initial=start[:, :2], steps=20, keep="final").adoption
    assert np.allclose(part, whole[..., :2], atol=1e-15)


@pytest.mark.parametrize("kept", [np.asarray, csr_array])
def test_answers_are_the_same_to_the_last_bit_whatever_the_draws_and_threads(kept):
    ties, start = kept(tied(90, 0.4)), shares(90, draws=150)

    def end(draws, threads):
        return sn.diffuse(
            ties, averaging(0.1), initial=start[:draws], steps=15, draws=draws, threads=threads, keep="final"
        ).adoption

    whole = end(150, 1)
    for draws, threads in ((150, 2), (1, 1), (2, 2), (63, 1), (64, 2), (65, 1), (127, 2), (129, 1)):
        assert (end(draws, threads) == whole[:draws]).all()


def test_a_draw_rests_for_itself():
    start = shares(60, draws=70)
    start[3:5] = 1 / 3  # nothing to agree on
    ties = tied(60, 0.2)

    def end(draws):
        return sn.diffuse(
            ties, averaging(0.2), initial=start[:draws], steps=200, draws=draws, keep="all"
        ).states

    whole = end(70)
    for draws in (1, 4, 64):
        assert (end(draws) == whole[:draws]).all()
    assert (whole[:, -1] == whole[:, -2]).all()


def test_ties_without_weight_are_none():
    graph = nx.path_graph(3)
    graph.edges[0, 1]["weight"], graph.edges[1, 2]["weight"] = 0.0, 1.0
    start = shares(3)
    found = sn.diffuse(graph, averaging(), initial=start, steps=2, keep="final").adoption[0]
    assert (found[0] == start[0]).all()
    assert np.allclose(found[1:], start[1:])  # the other two swap, twice
