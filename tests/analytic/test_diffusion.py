"""Closed forms of processes on networks.

Statistical tests have fixed seeds; where one compares a mean with its expectation it allows 4 standard
errors, which a right program would miss once in 16,000 seeds.
"""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from scipy.optimize import brentq

import standards_net as sn
from standards_net.measures import hhi
from standards_net.processes import best_response, heat_bath, logit, majority, q_voter, voter


def within(values, expected, errors=4.0):
    """Whether a mean is where it should be, and its standard error."""
    error = np.std(values, ddof=1) / math.sqrt(len(values))
    return abs(np.mean(values) - expected) < errors * error


# --- voter ---


@pytest.mark.parametrize(("update", "chance"), [("asynchronous", 0.5), ("link", 0.1)])
def test_voter_fixation_on_a_star_with_nine_leaves(update, chance):
    first = {0: "hub", **dict.fromkeys(range(1, 10), "leaves")}
    d = sn.diffuse(
        nx.star_graph(9), voter(update=update), initial=first, standards=["hub", "leaves"],
        steps=3000, draws=4000, rng=3,
    )  # fmt: skip
    assert (d.status == "settled").all()
    assert within(d.counts[:, -1, 0] == 10, chance)


def test_voter_fixation_and_consensus_time_on_the_complete_graph():
    n = 100
    d = sn.diffuse(
        nx.complete_graph(n), voter(), initial={"a": range(50), "b": range(50, n)}, steps=1500,
        draws=3000, rng=4,
    )  # fmt: skip
    assert (d.status == "settled").all()
    assert within(d.counts[:, -1, 0] == n, 0.5)
    steps = (d.counts[:, :, 0] % n != 0).sum(axis=1)
    # Steps are whole, so the time is read half a step late on average; the closed form is for large n.
    expected = n * math.log(2.0)
    assert abs(np.mean(steps) - 0.5 - expected) < 0.02 * expected + 4 * np.std(steps) / math.sqrt(3000)


def test_voter_fixation_by_degree_on_an_irregular_graph():
    graph = nx.barabasi_albert_graph(60, 2, seed=2)
    hubs = sorted(graph, key=graph.degree)[-12:]
    degree = dict(graph.degree)
    chance = sum(degree[i] for i in hubs) / sum(degree.values())
    rest = [i for i in graph if i not in hubs]
    d = sn.diffuse(graph, voter(), initial={"a": hubs, "b": rest}, steps=4000, draws=2000, rng=5)
    assert (d.status == "settled").all()
    assert within(d.counts[:, -1, 0] == 60, chance)


@pytest.mark.parametrize("noise", [0.0, 0.25])
def test_q_voter_follows_with_the_power_of_the_share_and_the_noise(noise):
    """x^q, and epsilon where neither all agree on one nor on the other (Castellano et al. 2009, eq. 1)."""
    n, a, q = 200, 140, 3
    first = {"a": range(a), "b": range(a, n)}
    d = sn.diffuse(
        nx.complete_graph(n), q_voter(q, noise=noise, update="synchronous"), initial=first, steps=1,
        draws=3000, rng=6,
    )  # fmt: skip

    def flips(other):
        return other**q + noise * (1.0 - other**q - (1.0 - other) ** q)

    gain, loss = (n - a) * flips(a / (n - 1)), a * flips((n - a) / (n - 1))
    assert within(d.counts[:, 1, 0], a + gain - loss)


# --- majority, best response ---


def test_majority_without_noise_ends_at_rest_or_in_a_cycle_of_two():
    for seed in range(5):
        graph = nx.random_regular_graph(5, 40, seed=seed)
        d = sn.diffuse(
            graph, majority(update="synchronous"), initial={"a": 0.5, "b": 0.5}, steps=200, draws=40, rng=seed
        )
        assert set(d.status) <= {"settled", "cycling"}
    d = sn.diffuse(nx.cycle_graph(4), majority(update="synchronous"), initial=[0, 1, 0, 1], steps=9)
    assert d.status.tolist() == ["cycling"]


@pytest.mark.parametrize(
    ("graph", "xi"),
    [
        (nx.circulant_graph(60, [1]), 1 / 2),
        (nx.grid_2d_graph(20, 20, periodic=True), 1 / 4),
        (nx.circulant_graph(60, [1, 2]), 1 / 2),
    ],
    ids=["line", "square lattice", "line of two neighbours each way"],
)
def test_the_better_standard_spreads_up_to_morris_threshold(graph, xi):
    """Pay-offs 1 - q and q: a node takes the new standard at a share of q of its neighbours."""
    network = nx.convert_node_labels_to_integers(graph, ordering="sorted")
    n, seed = len(network), range(6)
    if xi == 1 / 4:
        seed = [20 * row + column for row in range(4) for column in range(4)]
    for q, all_of_them in ((xi - 0.01, True), (xi + 0.01, False)):
        game = np.diag([1.0 - q, q])
        first = {"new": list(seed), "old": [i for i in range(n) if i not in set(seed)]}
        d = sn.diffuse(network, best_response(compatibility=game), initial=first, steps=200)
        assert d.status[0] == "settled"
        assert (d.counts[0, -1, 0] == n) == all_of_them


# --- mean field: Ising and Potts ---


def magnetisation(beta_j):
    return brentq(lambda m: m - math.tanh(beta_j * m), 1e-6, 1.0)


@pytest.mark.parametrize(("beta_j", "m"), [(1.5, 0.858560), (2.0, 0.957504)])
def test_logit_has_the_magnetisation_of_the_mean_field(beta_j, m):
    assert magnetisation(beta_j) == pytest.approx(m, abs=1e-6)
    start = np.tile([0.55, 0.45], (400, 1))
    d = sn.diffuse(nx.complete_graph(400), logit(2.0 * beta_j), initial=start, steps=500)
    assert d.status[0] == "settled"
    assert d.shares[0, -1] @ [1.0, -1.0] == pytest.approx(m, abs=1e-6)


def test_logit_is_critical_at_one():
    start = np.tile([0.9, 0.1], (50, 1))
    for beta_j, split in ((0.95, False), (1.05, True)):
        d = sn.diffuse(nx.complete_graph(50), logit(2.0 * beta_j), initial=start, steps=3000)
        assert (d.shares[0, -1] @ [1.0, -1.0] > 0.3) == split


@pytest.mark.slow
def test_heat_bath_on_the_complete_graph_is_the_mean_field():
    n = 1000
    for beta_j, m in ((0.7, 0.0), (1.5, 0.858560)):
        d = sn.diffuse(
            nx.complete_graph(n), heat_bath(2.0 * beta_j), initial={"a": range(800), "b": range(800, n)},
            steps=60, draws=8, rng=3,
        )  # fmt: skip
        late = d.shares[:, 40:] @ [1.0, -1.0]
        assert np.abs(late).mean() == pytest.approx(m, abs=0.08 if m == 0.0 else 0.01)


@pytest.mark.slow
def test_three_standards_change_over_at_once():
    """At beta J = 4 ln 2 the ordered state (2/3, 1/6, 1/6) and the even one are equally likely."""
    critical = 4.0 * math.log(2.0)
    assert critical == pytest.approx(2.77259, abs=1e-5)
    graph, ordered = nx.complete_graph(300), np.tile([2 / 3, 1 / 6, 1 / 6], (300, 1))
    stays = sn.diffuse(graph, logit(critical), initial=ordered, steps=1)
    assert stays.shares[0, 1] == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-12)
    even = np.tile([0.335, 0.3325, 0.3325], (300, 1))
    for beta, start, leads in ((2.70, ordered, False), (2.85, ordered, True), (2.85, even, False)):
        d = sn.diffuse(graph, logit(beta), initial=start, steps=2000)
        assert (d.shares[0, -1, 0] > 0.5) == leads, beta
    # So there is hysteresis, which two standards do not have. With chance the same side wins.
    for beta, leads in ((2.6, False), (3.0, True)):
        d = sn.diffuse(
            nx.complete_graph(900), heat_bath(beta), steps=80, draws=4, rng=2,
            initial={"a": range(600), "b": range(600, 750), "c": range(750, 900)},
        )  # fmt: skip
        assert ((d.shares[:, -1, 0] > 0.5) == leads).all()


# --- two dimensions ---


@pytest.mark.slow
def test_heat_bath_on_a_lattice_has_onsagers_magnetisation_and_energy():
    """With four neighbours beta is 8 times Ising's, whose critical point is ln(1 + sqrt 2) / 2."""
    side = 64
    lattice = nx.convert_node_labels_to_integers(nx.grid_2d_graph(side, side, periodic=True))
    critical = math.log(1.0 + math.sqrt(2.0)) / 2.0
    assert critical == pytest.approx(0.440687, abs=1e-6)
    edges = np.array(lattice.edges)
    found = {}
    for ising in (0.40, critical, 0.5):
        d = sn.diffuse(
            lattice, heat_bath(8.0 * ising, update="asynchronous"), initial=np.zeros(side**2, int),
            standards=["up", "down"], steps=1500, draws=64, rng=9, keep="final",
        )  # fmt: skip
        spins = 1.0 - 2.0 * d.labels.astype(float)
        energy = -(spins[:, edges[:, 0]] * spins[:, edges[:, 1]]).sum(axis=1) / side**2
        found[ising] = (d.shares[:, 1000:] @ [1.0, -1.0], energy)
    ordered = (1.0 - math.sinh(1.0) ** -4) ** 0.125
    assert np.abs(found[0.5][0]).mean() == pytest.approx(ordered, abs=0.003)
    assert np.abs(found[0.40][0]).mean() < 0.15
    # At the critical point the energy is -sqrt 2; a torus of 64 by 64 lies about 0.6 / 64 below.
    assert found[critical][1].mean() == pytest.approx(-math.sqrt(2.0), abs=0.03)


# --- Westarp and Wendt: topology decides whether products concentrate ---


def consumers(graph, spread, seed):
    """Final HHI of 10 products among consumers who weigh own taste against each neighbour's choice."""
    n, products, degree = len(graph), 10, graph.degree[0]
    taste = np.random.default_rng(seed).random((n, products)) * spread
    worth = 0.5 * degree * np.eye(products)  # half a unit for every neighbour with the same product
    d = sn.diffuse(
        graph, best_response(compatibility=worth, quality=taste, update="asynchronous"),
        initial=taste.argmax(axis=1), standards=[str(p) for p in range(products)], steps=200,
    )  # fmt: skip
    return float(hhi(d.shares[0, -1]))


@pytest.mark.slow
def test_westarp_and_wendt_random_networks_concentrate_and_rings_stay_diverse():
    """Signs of the published simulations, with 30 runs; with 4 neighbours nobody leaves his taste."""
    n, runs = 1000, 30
    ring, random = {}, {}
    for k in (4, 8, 16):
        ring[k] = [consumers(nx.circulant_graph(n, range(1, k // 2 + 1)), 1.0, seed) for seed in range(runs)]
        random[k] = [consumers(nx.random_regular_graph(k, n, seed=seed), 1.0, seed) for seed in range(runs)]
    error = math.hypot(np.std(random[8]), np.std(ring[8])) / math.sqrt(runs)
    assert np.mean(random[8]) > np.mean(ring[8]) + 4 * error
    assert np.mean(ring[8]) < 0.5
    for by_degree in (ring, random):
        assert np.mean(by_degree[4]) < np.mean(by_degree[8]) < np.mean(by_degree[16])
    unlike = [consumers(nx.circulant_graph(n, range(1, 5)), 2.0, seed) for seed in range(runs)]
    assert np.mean(unlike) < np.mean(ring[8]) - 4 * np.std(ring[8]) / math.sqrt(runs)
