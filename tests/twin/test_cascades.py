"""Cascades and thresholds against twins that walk one draw after another, with common random numbers."""

from functools import cache

import networkx as nx
import numpy as np
import pytest

import standards_net as sn
from standards_net.core.thresholds import alias_rows
from standards_net.diffusion import random_seeds
from standards_net.networks import as_network
from standards_net.processes._independent_cascade import independent_cascade
from standards_net.processes._linear_threshold import linear_threshold
from standards_net.randomness import RandomNumbers, Stream

SEED, STEPS, NONE = 11, 7, 255


def graph_of(kind, weighted, size=23):
    """A small graph with a few isolated nodes; weights 0 to 1, multiples of nothing."""
    rng = np.random.default_rng(4)
    matrix = np.triu(rng.random((size, size)) < 0.2, 1).astype(float)
    if weighted:
        matrix *= rng.random((size, size))
    if kind == "undirected":
        matrix = matrix + matrix.T
    elif kind == "directed":
        matrix = np.where(rng.random((size, size)) < 0.5, matrix, matrix.T)
        matrix[0, 5:9] = 0.7 if weighted else 1.0
    matrix[-2:], matrix[:, -2:] = 0.0, 0.0
    return as_network(matrix)


def initial_state(draws, size, standards):
    """Two or three nodes a standard, others in every draw."""
    rng = np.random.default_rng(draws)
    labels = np.full((draws, size), -1)
    for row in labels:
        for place in rng.permutation(size)[: 3 * standards]:
            row[place] = rng.integers(standards)
    return labels


def word(draw, group, step, stream, place):
    return words(draw, group, step, stream)[place]


@cache
def words(draw, group, step, stream):
    return (
        RandomNumbers(SEED, draw, 1).words(step, 4 * group, np.empty((1, 4), np.uint32), stream)[0].tolist()
    )


def rows_of(neighbours):
    weights = np.ones(len(neighbours.nodes)) if neighbours.weights is None else neighbours.weights
    return [
        [(e, int(neighbours.nodes[e]), float(weights[e])) for e in range(*neighbours.start[i : i + 2])]
        for i in range(len(neighbours.start) - 1)
    ]


def carries(draw, tie, chance):
    """Whether a number made of 32 random bits is below the probability; its first digits decide."""
    below = round(chance * 2**32)
    for digit in range(32):
        drawn = word(draw // 64, tie, digit // 2, Stream.TIE, 2 * (digit % 2) + draw % 64 // 32)
        bit, other = (drawn >> draw % 32) % 2, (below >> 31 - digit) % 2
        if bit != other:
            return bit < other
    return False


def slow_cascade(network, labels, probability, steps):
    rows = rows_of(network.followers)
    entry = {(u, v): e for u, row in enumerate(rows) for e, v, _ in row}
    for draw, begun in enumerate(labels):
        held = {i: int(s) for i, s in enumerate(begun) if s >= 0}
        fresh, course = set(held), [dict(held)]
        for _ in range(steps):
            reached = {}
            for u in fresh:
                for e, v, weight in rows[u]:
                    tie = e if network.directed else min(e, entry[v, u])
                    chance = weight if probability is None else probability
                    if v not in held and carries(draw, tie, chance):
                        reached.setdefault(v, set()).add(held[u])
            for v, rivals in reached.items():
                lot = word(draw, v // 4, 0, Stream.LOT, v % 4)
                held[v] = sorted(rivals)[lot * len(rivals) >> 32]
            fresh = set(reached)
            course.append(dict(held))
        yield course


def slow_listening(network, labels, steps):
    plan = linear_threshold().prepare(network, ("a",))
    start, nodes = plan.rows.start, plan.rows.nodes
    for draw, begun in enumerate(labels):
        heard = {}
        for i in range(len(network)):
            place = word(draw, i // 4, 0, Stream.TIE, i % 4) * int(start[i + 1] - start[i])
            e = int(start[i]) + (place >> 32)
            if len(plan.cut) and place % 2**32 > plan.cut[e]:
                e = int(plan.other[e])
            if start[i + 1] > start[i]:
                heard[i] = int(nodes[e])
        held = {i: int(s) for i, s in enumerate(begun) if s >= 0}
        course = [dict(held)]
        for _ in range(steps):
            held = held | {i: held[j] for i, j in heard.items() if i not in held and j in held}
            course.append(dict(held))
        yield course


def slow_tipping(network, labels, thresholds, standards, steps):
    rows = rows_of(network.influencers)
    for draw, begun in enumerate(labels):
        held = {i: int(s) for i, s in enumerate(begun) if s >= 0}
        since, course = dict.fromkeys(held, 0), [dict(held)]
        for step in range(1, steps + 1):
            adopted = {}
            for i, row in enumerate(rows):
                total = sum(weight for _, _, weight in row)
                have = sum(weight for _, j, weight in row if j in held)
                lot = word(draw, i // 4, 0, Stream.LOT, i % 4) * 2.0**-32
                if i in held:
                    continue
                if thresholds[i] == 0.0:
                    adopted[i] = int(lot * standards)
                elif total > 0.0 and have >= (thresholds[i] - 1e-9) * total:
                    last = [(held[j], weight) for _, j, weight in row if since.get(j) == step - 1]
                    upto = np.cumsum([weight for _, weight in last])
                    adopted[i] = last[int(np.argmax(upto > lot * upto[-1]))][0]
            held |= adopted
            since |= dict.fromkeys(adopted, step)
            course.append(dict(held))
        yield course


def same(network, process, labels, courses):
    standards = int(labels.max()) + 1
    found = sn.diffuse(
        network, process, initial=labels, steps=STEPS, draws=len(labels), rng=SEED, keep="all", threads=1
    )
    for draw, (*course, beyond) in enumerate(courses):
        for step, held in enumerate(course):
            expected = [held.get(i, NONE) for i in range(len(network))]
            assert found.labels[draw, step].tolist() == expected, (draw, step)
            counts = [sum(s == wanted for s in held.values()) for wanted in range(standards)]
            assert found.counts[draw, step].tolist() == counts
        assert found.status[draw] == ("settled" if beyond == course[-1] else "still moving")


@pytest.mark.parametrize(("draws", "standards"), [(1, 1), (3, 3), (65, 1), (70, 3), (130, 2)])
@pytest.mark.parametrize(
    ("kind", "weighted", "probability"),
    [
        ("undirected", False, 0.3),
        ("undirected", True, None),
        ("directed", True, None),
        ("directed", False, 0.1),
    ],
)
def test_cascade(kind, weighted, probability, draws, standards):
    network = graph_of(kind, weighted)
    labels = initial_state(draws, len(network), standards)
    courses = slow_cascade(network, labels, probability, STEPS + 1)
    same(network, independent_cascade(probability), labels, courses)


@pytest.mark.parametrize("standards", [1, 3])
@pytest.mark.parametrize("kind", ["undirected", "directed"])
@pytest.mark.parametrize("weighted", [False, True])
def test_listening(kind, weighted, standards):
    network = graph_of(kind, weighted)
    labels = initial_state(130, len(network), standards)
    same(network, linear_threshold(), labels, slow_listening(network, labels, STEPS + 1))


@pytest.mark.parametrize("standards", [1, 3])
@pytest.mark.parametrize("kind", ["undirected", "directed"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("threshold", [0.3, "each its own"])
def test_tipping(kind, weighted, threshold, standards):
    network = graph_of(kind, weighted)
    labels = initial_state(70, len(network), standards)
    each = np.full(len(network), threshold) if threshold == 0.3 else np.arange(len(network)) % 5 / 4
    given = threshold if threshold == 0.3 else each
    same(network, linear_threshold(given), labels, slow_tipping(network, labels, each, standards, STEPS + 1))


def test_four_words_side_by_side_are_four_words():
    """600 draws, three groups of up to 256, and the last draws by the twin."""
    network = graph_of("undirected", False)
    labels = initial_state(600, len(network), 2)
    found = sn.diffuse(
        network, independent_cascade(0.2), initial=labels, steps=STEPS, draws=600, rng=SEED, keep="final"
    )
    chosen = [0, 63, 64, 255, 256, 511, 512, 599]
    for draw in chosen:
        rows = np.full_like(labels[: draw + 1], -1)
        rows[draw] = labels[draw]
        *_, course = slow_cascade(network, rows, 0.2, STEPS)
        assert found.labels[draw].tolist() == [course[-1].get(i, NONE) for i in range(len(network))]


def test_large_networks_go_step_by_step(monkeypatch):
    def run():
        return sn.diffuse(
            nx.path_graph(40), independent_cascade(0.95), initial={"a": [0]}, steps=30, draws=70, rng=1,
            keep="all",
        )  # fmt: skip

    whole = run()
    monkeypatch.setattr("standards_net.processes._independent_cascade._IN_CACHE", 0)
    assert (run().labels == whole.labels).all()


@pytest.mark.parametrize("process", [linear_threshold(0.4), linear_threshold()])
def test_courses_that_outgrow_their_arrays(process, monkeypatch):
    graph = nx.random_regular_graph(3, 40, seed=1)
    settings = {"initial": random_seeds({"a": 2, "b": 3}), "steps": 30, "draws": 50, "rng": 1, "keep": "all"}
    whole = sn.diffuse(graph, process, threads=1, **settings)
    monkeypatch.setattr("standards_net.processes._linear_threshold._INITIAL_SIZE", 1)
    part = sn.diffuse(graph, process, threads=1, **settings)
    assert (part.labels == whole.labels).all()
    assert (part.counts == whole.counts).all()
    assert (part.status == whole.status).all()


def test_aliases_have_the_probabilities_of_the_weights():
    rng = np.random.default_rng(0)
    degrees = np.array([1, 2, 7, 0, 40, 200])
    start = np.concatenate([[0], np.cumsum(degrees)])
    weights = rng.random(start[-1]) ** 4 + 1e-6
    cut, other = np.empty(len(weights)), np.empty(len(weights), np.int32)
    alias_rows(start, weights, cut, other)
    for i, degree in enumerate(degrees):
        row = slice(start[i], start[i + 1])
        found = np.zeros(len(weights))
        np.add.at(found, np.arange(start[i], start[i + 1]), cut[row] / max(degree, 1))
        np.add.at(found, other[row], (1.0 - cut[row]) / max(degree, 1))
        expected = weights[row] / weights[row].sum() if degree else weights[row]
        np.testing.assert_allclose(found[row], expected, atol=1e-12)
        assert found.sum() == pytest.approx(1.0 if degree else 0.0)


def test_lanes_that_are_not_used_change_nothing():
    graph = nx.karate_club_graph()
    runs = [
        sn.diffuse(graph, independent_cascade(0.2), initial={"a": [0], "b": [33]}, steps=9, draws=draws,
                   rng=1, weight=None)
        for draws in (1, 5, 64, 300)
    ]  # fmt: skip
    for run in runs:
        assert (run.counts == runs[-1].counts[: len(run.counts)]).all()
