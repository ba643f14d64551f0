"""Cascades and thresholds where the answer is known."""

from itertools import combinations
from math import sqrt

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import coo_array

import standards_net as sn
from standards_net.diffusion import random_seeds
from standards_net.networks import as_network
from standards_net.processes._independent_cascade import independent_cascade
from standards_net.processes._linear_threshold import linear_threshold


def final(graph, process, initial, *, steps=200, draws=1, rng=1, **more):
    """Share of draws in which each node ends with a standard, and the run."""
    run = sn.diffuse(graph, process, initial=initial, steps=steps, draws=draws, rng=rng, keep="final", **more)
    return run.labels != 255, run


# --- independent cascade ---------------------------------------------------------------------------------


def test_with_certainty_it_is_reachability():
    graph = nx.gnp_random_graph(80, 0.02, seed=3, directed=True)
    for source in (0, 7, 40):
        held, run = final(graph, independent_cascade(1.0), {"a": [source]}, draws=3)
        assert set(np.flatnonzero(held[0])) == nx.descendants(graph, source) | {source}
        assert (held == held[0]).all()
        away = nx.single_source_shortest_path_length(graph, source)
        by_step = np.bincount(list(away.values()), minlength=201).cumsum()
        assert run.counts[0, :, 0].tolist() == by_step.tolist()
        assert run.status.tolist() == ["settled"] * 3


def test_with_no_chance_nothing_moves():
    held, run = final(nx.complete_graph(9), independent_cascade(0.0), {"a": [0], "b": [1]}, draws=70)
    assert held.sum() == 140
    assert (run.status == "settled").all()


def test_a_path_is_a_geometric_series():
    p, draws = 0.7, 40_000
    held, run = final(nx.path_graph(8), independent_cascade(p), {"a": [0]}, draws=draws)
    for k, share in enumerate(held.mean(axis=0)):
        assert abs(share - p**k) <= 4 * sqrt(p**k * (1 - p**k) / draws)
    assert run.counts[:, 3, 0].max() == 4


def test_weights_are_probabilities_of_their_ties():
    """A star of many chances, in both layouts: 80 comparisons at 4.5 standard errors, wrong once in 1,800."""
    chances, draws = np.linspace(0.0, 1.0, 41)[1:], 20_000
    star = nx.star_graph(40)
    nx.set_edge_attributes(star, {(0, k + 1): chance for k, chance in enumerate(chances)}, "weight")
    for graph in (star, nx.DiGraph((u, v, d) for u, v, d in star.edges(data=True))):
        held, _ = final(graph, independent_cascade(), {"a": [0]}, draws=draws)
        error = np.sqrt(chances * (1 - chances) / draws)
        assert (np.abs(held.mean(axis=0)[1:] - chances) <= 4.5 * error).all()


def test_ties_and_draws_are_independent():
    """Carrying of two ties in a draw, and of a tie in two draws, of the same word and of others."""
    held, _ = final(nx.star_graph(2), independent_cascade(0.3), {"a": [0]}, draws=64_000)
    one, other = held[:, 1], held[:, 2]
    error = sqrt(0.09 * 0.91 / 64_000)
    for pair in (one & other, one[1:] & one[:-1], one[64:] & one[:-64], one[256:] & other[:-256]):
        assert abs(pair.mean() - 0.09) <= 4 * error


@pytest.mark.parametrize("brings", [1, 3])
def test_standards_that_meet_have_the_same_chance(brings):
    """Whether one neighbour or three bring a standard: an even lot between those that reach a node."""
    graph = nx.star_graph(brings + 1)
    seeds = {"a": [1], "b": list(range(2, 2 + brings))}
    _, run = final(graph, independent_cascade(1.0), seeds, draws=20_000)
    share = (run.labels[:, 0] == 0).mean()
    assert abs(share - 0.5) <= 4 * sqrt(0.25 / 20_000)


# --- thresholds --------------------------------------------------------------------------------------------


def test_granovetter_one_hundred_and_one():
    crowd, needed = nx.complete_graph(100), np.arange(100.0)
    nobody = np.full(100, -1)
    whole, run = final(crowd, linear_threshold(needed / 99), nobody, standards=["riot"])
    assert whole.sum() == 100
    assert run.counts[0, :101, 0].tolist() == list(range(101))
    needed[1] = 2.0
    alone, _ = final(crowd, linear_threshold(needed / 99), nobody, standards=["riot"])
    assert alone.sum() == 1


def test_three_of_ten_reach_three_tenths():
    for threshold in np.arange(1, 11) / 10:
        for weight in (1.0, 0.1):
            star = nx.star_graph(10)
            nx.set_edge_attributes(star, weight, "weight")
            enough = round(10 * threshold)
            for seeds, tips in ((enough, True), (enough - 1, False)):
                held, _ = final(
                    star, linear_threshold(np.r_[threshold, np.ones(10)]),
                    np.r_[-1, np.zeros(seeds, int), np.full(10 - seeds, -1)], steps=1, standards=["a"],
                )  # fmt: skip
                assert held[0, 0] == tips


def torus(side, steps):
    """Square lattice with the given steps to neighbours, and both ends joined."""
    graph = nx.Graph()
    for x in range(side):
        for y in range(side):
            graph.add_edges_from((side * x + y, (x + dx) % side * side + (y + dy) % side) for dx, dy in steps)
    return graph


@pytest.mark.parametrize(
    ("steps", "block", "threshold"),
    [
        ([(1, 0), (0, 1)], 1, 1 / 4),
        ([(1, 0), (0, 1)], 7, 1 / 4),
        ([(1, 0), (0, 1), (1, 1), (1, -1)], 3, 3 / 8),
        ([(1, 0), (0, 1), (1, 1), (1, -1)], 7, 3 / 8),
    ],
)
def test_morris_contagion_on_lattices(steps, block, threshold):
    """A block spreads over all at the threshold, and not at all above it."""
    side = 21
    graph, seeds = torus(side, steps), [side * x + y for x in range(block) for y in range(block)]
    assert final(graph, linear_threshold(threshold), {"a": seeds})[0].all()
    assert final(graph, linear_threshold(threshold - 0.01), {"a": seeds})[0].all()
    assert final(graph, linear_threshold(threshold + 0.01), {"a": seeds})[0].sum() == block**2


def test_morris_contagion_on_the_line():
    line = nx.path_graph(41)
    for seeds in ([20], list(range(15, 26))):
        assert final(line, linear_threshold(0.5), {"a": seeds})[0].all()
        assert final(line, linear_threshold(0.51), {"a": seeds})[0].sum() == len(seeds)


def test_isolated_nodes_adopt_only_at_threshold_0():
    graph = nx.empty_graph(3)
    assert final(graph, linear_threshold(0.1), {"a": [0]})[0].sum() == 1
    assert final(graph, linear_threshold([1.0, 0.0, 1.0]), {"a": [0]})[0].sum() == 2
    assert final(graph, linear_threshold(), {"a": [0]}, draws=70)[0].sum() == 70


def test_unasked_standards_are_drawn_evenly():
    _, run = final(nx.empty_graph(1), linear_threshold(0.0), [-1], draws=30_000, standards=["a", "b", "c"])
    shares = np.bincount(run.labels[:, 0], minlength=3) / 30_000
    assert np.abs(shares - 1 / 3).max() <= 4 * sqrt(2 / 9 / 30_000)


def test_the_standard_is_drawn_by_weight_among_the_last():
    """Node 4 tips when 2 and 3 join 0 and 1; it takes a standard of 2 or 3, by weight 1 to 3."""
    matrix = np.zeros((5, 5))
    matrix[4, :4] = [2.0, 2.0, 1.0, 3.0]
    matrix[2, 0], matrix[3, 1] = 1.0, 1.0
    _, run = final(
        matrix, linear_threshold([1.0, 1.0, 0.5, 0.5, 0.9]), {"a": [0], "b": [1]}, draws=20_000, steps=9
    )
    assert set(run.labels[:, 2]) == {0}
    assert set(run.labels[:, 3]) == {1}
    assert abs((run.labels[:, 4] == 1).mean() - 0.75) <= 4 * sqrt(0.75 * 0.25 / 20_000)


def explicit(matrix, labels, standards, steps, rng):
    """The rule as it is written, thresholds drawn: labels after each step."""
    weights = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1e-300)
    thresholds = rng.random(labels.shape)
    labels, last = labels.copy(), labels >= 0
    yield labels.copy()
    for _ in range(steps):
        share = (labels >= 0) @ weights.T
        now = (labels < 0) & (share >= thresholds) & (share > 0)
        just = [(last & (labels == s)) @ weights.T for s in range(standards)]
        upto, lot = np.cumsum(just, axis=0), rng.random(labels.shape)
        chosen = (upto <= lot * upto[-1]).sum(axis=0)
        labels[now], last = chosen[now], now
        yield labels.copy()


@pytest.mark.parametrize("weighted", [False, True])
def test_listening_is_the_threshold_rule_step_by_step(weighted):
    """Shares of each node, step and standard, and the spread of counts, against thresholds drawn.

    375 comparisons and 15 spreads at 5 standard errors: wrong once in 4,000.
    """
    rng, nodes, draws, steps = np.random.default_rng(5), 25, 16_000, 4
    matrix = (rng.random((nodes, nodes)) < 0.15) * (rng.random((nodes, nodes)) ** 2 if weighted else 1.0)
    np.fill_diagonal(matrix, 0.0)
    begun = np.full(nodes, -1)
    begun[:6] = [0, 1, 2, 0, 1, 0]
    run = sn.diffuse(matrix, linear_threshold(), initial=begun, steps=steps, draws=draws, rng=2, keep="all")
    slow = explicit(matrix, np.tile(begun, (draws, 1)), 3, steps, rng)
    for step, labels in enumerate(slow):
        for standard in range(3):
            one, other = run.labels[:, step] == standard, labels == standard
            both = (one.mean(axis=0) + other.mean(axis=0)) / 2
            error = np.sqrt(both * (1 - both) * 2 / draws)
            assert (np.abs(one.mean(axis=0) - other.mean(axis=0)) <= 5 * error).all()
            counts = one.sum(axis=1), other.sum(axis=1)
            spread = np.var(counts[0]), np.var(counts[1])
            fourth = np.mean((counts[0] - counts[0].mean()) ** 4)
            assert abs(spread[0] - spread[1]) <= 5 * sqrt(2 * max(fourth - spread[0] ** 2, 0) / draws)


# --- submodularity -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("process", [independent_cascade(0.2), linear_threshold()], ids=lambda p: p.name)
@pytest.mark.parametrize("directed", [False, True])
def test_greedy_is_within_a_third_of_the_best(process, directed):
    """With common random numbers a set reaches the union of what its nodes reach: no sampling error."""
    graph = nx.gnp_random_graph(12, 0.25, seed=8, directed=directed)
    reach = np.array([final(graph, process, {"a": [i]}, draws=500, rng=3)[0] for i in range(12)])

    def spread(seeds):
        return reach[list(seeds)].any(axis=0).sum() / 500

    together, _ = final(graph, process, {"a": [1, 4, 9]}, draws=500, rng=3)
    assert (together == reach[[1, 4, 9]].any(axis=0)).all()
    for size in (2, 3, 4):
        best = max(spread(seeds) for seeds in combinations(range(12), size))
        greedy = []
        for _ in range(size):
            greedy.append(max(set(range(12)) - set(greedy), key=lambda i: spread([*greedy, i])))
        assert spread(greedy) >= (1 - 1 / np.e) * best


# --- windows of global cascades ----------------------------------------------------------------------------


def poisson(nodes, degree, seed):
    """A random graph of Poisson degrees."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(nodes, size=(2, rng.poisson(nodes * degree / 2)))
    one, other = ends[:, ends[0] != ends[1]]
    edges = np.unique(np.minimum(one, other) * nodes + np.maximum(one, other))
    one, other = edges // nodes, edges % nodes
    both = coo_array((np.ones(2 * len(one)), (np.r_[one, other], np.r_[other, one])), shape=(nodes, nodes))
    return as_network(both.tocsr())


@pytest.mark.parametrize(
    ("threshold", "degree", "inside"),
    [
        (0.18, 0.72, False), (0.18, 1.5, True), (0.18, 3.5, True), (0.18, 5.4, True), (0.18, 6.1, False),
        (0.25, 0.81, False), (0.25, 1.6, True), (0.25, 2.5, True), (0.25, 3.5, True), (0.25, 4.2, False),
        (0.30, 1.5, False), (0.30, 2.5, False), (0.30, 4.0, False),
    ],
)  # fmt: skip
def test_windows_of_watts(threshold, degree, inside):
    """Cascades over half of the nodes from one node: phi 0.18 between z = 1.0207 and 5.7647, 0.25 between
    1.1141 and 3.8631, 0.30 nowhere. The graphs and the seeds are fixed; near the lower edge the largest
    component itself has less than half of the nodes, so the inside is looked at from 1.5 on.
    """
    run = sn.diffuse(
        poisson(10_000, degree, 1), linear_threshold(threshold), initial=random_seeds({"a": 1}),
        steps=200, draws=500, rng=4,
    )  # fmt: skip
    large = (run.adopted[:, -1] > 0.5).mean()
    assert large > 0.1 if inside else large < 0.01  # 10,000 nodes smear the upper edge


def test_a_giant_component_is_what_a_sure_cascade_finds():
    """Share of the giant component at z = 2: 0.79681, from as many draws as hit it."""
    run = sn.diffuse(
        poisson(10_000, 2.0, 3), independent_cascade(1.0), initial=random_seeds({"a": 1}), steps=200,
        draws=200, rng=4,
    )  # fmt: skip
    ends = run.adopted[:, -1]
    assert abs(ends.max() - 0.79681) < 0.02
    hit = (ends > 0.1).mean()
    assert abs(hit - ends.max()) <= 4 * sqrt(0.8 * 0.2 / 200)
