"""Slow, obvious twins of adopters that arrive one by one: same words, same answers."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest

import standards_net as sn
from standards_net.networks import as_network
from standards_net.processes import _arthur
from standards_net.processes._arthur import arthur
from standards_net.processes._polya import polya
from standards_net.processes.process import NetworkSetting
from standards_net.randomness import RandomNumbers, Stream

NONE = 255


def words(seed, draw, stream, count=60):
    """Random words of the arrivals of a draw."""
    return RandomNumbers(seed, draw, 1).words(0, 0, np.empty((1, count), np.uint32), stream)[0].tolist()


def arthur_twin(network, start, taste, payoff, probability, local, order, seed):
    """Exact numbers; ``payoff(type, standard, adopters)``."""
    rows, ends = network.influencers, []
    for r, given in enumerate(start.tolist()):
        labels, moves, lots = list(given), iter(words(seed, r, Stream.MOVE)), iter(words(seed, r, Stream.LOT))
        for i in order:
            if given[i] != NONE:
                continue
            random, kind, lot = Fraction(next(moves), 2**32), 0, next(lots)
            while kind < len(probability) - 1 and random >= sum(probability[: kind + 1]):
                kind += 1
            seen = [labels[j] for j in rows.nodes[rows.start[i] : rows.start[i + 1]]] if local else labels
            worth = [(payoff(kind, s, seen.count(s)), taste[kind][s]) for s in range(len(taste[0]))]
            tied = [s for s, one in enumerate(worth) if one == max(worth)]
            labels[i] = tied[0]
            for k, s in enumerate(tied[1:], start=2):  # the k-th takes the place of those before with 1/k
                lot *= k
                labels[i] = s if lot < 2**32 else labels[i]
                lot %= 2**32
        ends.append(labels)
    return np.array(ends, np.uint8)


def tenths(values):
    return [[Fraction(round(10 * value), 10) for value in row] for row in values]


CASES = {
    "arthur": ([[2, 1], [1, 2]], [[0.1, 0.1], [0.1, 0.1]], [0.5, 0.5]),
    "diminishing": ([[0.7, 0.3, 0.5], [0.1, 0.3, 0.3]], [[-0.1, -0.2, -0.3], [0.0, 0.1, -0.1]], [0.25, 0.75]),
    "lots": ([[0.0, 0.0, 0.0, 0.0]], [[-0.1, -0.1, -0.1, -0.1]], [1.0]),
    "three types": (
        [[1, 0, 0], [0, 1, 0], [0.3, 0.3, 0.3]], [[0.2] * 3, [0.1] * 3, [-0.3] * 3], [0.5, 0.0, 0.5],
    ),
}  # fmt: skip


def initial_state(nodes, count, draws=5):
    rng = np.random.default_rng(17)
    some = rng.choice([*range(count), NONE], (draws, nodes), p=[0.1] * count + [1 - 0.1 * count])
    some[0] = NONE
    return some


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("arrivals", [1, 7, 100])
def test_arthur_is_its_twin(name, local, arrivals):
    taste, returns, probability = CASES[name]
    graph = nx.gnp_random_graph(50, 0.1, seed=6, directed=True)
    network, order = as_network(graph), np.random.default_rng(2).permutation(50)
    start, count = initial_state(50, len(taste[0])), len(taste[0])
    process = arthur(
        taste, returns, probability=probability, local=local, order=order, arrivals_per_step=arrivals
    )
    found = sn.diffuse(
        network, process, initial=np.where(start == NONE, -1, start), steps=50, draws=5, rng=9,
        keep="final", standards=[str(s) for s in range(count)],
    )  # fmt: skip
    a, r = tenths(taste), tenths(returns)
    expected = arthur_twin(
        network, start, a, lambda v, s, n: a[v][s] + r[v][s] * n, probability, local, order, 9
    )
    assert (found.labels == expected).all()
    assert (found.status == "settled").all()
    assert (found.counts[:, -1] == (expected[:, :, None] == np.arange(count)).sum(axis=1)).all()


def test_a_table_of_payoffs_is_its_twin():
    rng = np.random.default_rng(4)
    table = rng.integers(0, 4, (2, 3, 40)) / 10  # many are equal
    graph = as_network(nx.empty_graph(40))
    start = initial_state(40, 3)
    found = sn.diffuse(
        graph, arthur(payoff=table), initial=np.where(start == NONE, -1, start), steps=40, draws=5, rng=2,
        keep="final", standards=["a", "b", "c"],
    )  # fmt: skip
    nothing = [[0, 0, 0]] * 2
    expected = arthur_twin(
        graph, start, nothing, lambda v, s, n: table[v, s, n], [0.5, 0.5], False, range(40), 2
    )
    assert (found.labels == expected).all()


@pytest.mark.parametrize(
    ("exponent", "base"), [(1.0, [1, 1]), (2.0, [1, 1]), (0.5, [2, 1, 3]), (0.0, [1, 5]), (3.0, [0.5, 0.25])]
)
@pytest.mark.parametrize("arrivals", [1, 9])
def test_an_urn_is_its_twin(exponent, base, arrivals):
    order = np.random.default_rng(5).permutation(45)
    start = initial_state(45, len(base))
    found = sn.diffuse(
        nx.empty_graph(45), polya(exponent, base=base, order=order, arrivals_per_step=arrivals),
        initial=np.where(start == NONE, -1, start), steps=45, draws=5, rng=6, keep="final",
        standards=[str(s) for s in range(len(base))],
    )  # fmt: skip
    for r, given in enumerate(start.tolist()):
        labels, random = list(given), iter(words(6, r, Stream.MOVE))
        for i in order:
            if given[i] != NONE:
                continue
            strength = [(base[s] + labels.count(s)) ** exponent for s in range(len(base))]
            mark, s = next(random) / 2**32 * sum(strength), 0
            while s < len(base) - 1 and mark >= sum(strength[: s + 1]):
                s += 1
            labels[i] = s
        assert found.labels[r].tolist() == labels


def test_a_step_leaves_states_before_as_they_were(monkeypatch):
    monkeypatch.setattr(_arthur, "_CHUNK", 8)
    monkeypatch.setattr(_arthur, "_MIN_ARRIVALS", 4)
    network = as_network(nx.cycle_graph(30))
    start = np.full((3, 30), NONE, np.uint8)
    start[1, [3, 8]] = 1
    for process in (polya(2.0, arrivals_per_step=3), arthur(local=True, arrivals_per_step=3)):
        plan = process.prepare(network, ("a", "b"))
        setting = NetworkSetting(network, ("a", "b"), start.copy(), None, RandomNumbers(1, 0, 3), plan)
        states = [process.init(setting)]
        seen = [states[0].labels]
        for _ in range(11):
            states.append(process.step(states[-1], setting)[0])
            seen.append(states[-1].labels)
        for state, labels, later in zip(states, seen, [*seen[1:], seen[-1]], strict=True):
            assert (state.labels == labels).all()
            assert (process.step(state, setting)[0].labels == later).all()
            assert (state.counts == (labels[:, :, None] == np.arange(2)).sum(axis=1)).all()
        assert (seen[-1] != NONE).all()
        assert (np.array(seen[0]) == start).all()


@pytest.mark.parametrize("process", [polya(1.5, arrivals_per_step=5), arthur([0.0, 0.0], -0.1, local=True)])
def test_nothing_depends_on_how_many_random_words_are_drawn_at_a_time(monkeypatch, process):
    graph = nx.barabasi_albert_graph(50, 2, seed=1)

    def run():
        start = {0: "a", 9: "b"}
        return sn.diffuse(graph, process, initial=start, steps=50, draws=6, rng=4, keep="all").labels

    whole = run()
    monkeypatch.setattr(_arthur, "_CHUNK", 8)
    monkeypatch.setattr(_arthur, "_MIN_ARRIVALS", 4)
    assert (run() == whole).all()
