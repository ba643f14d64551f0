"""Slow, obvious twin of the Bass model on networks: same words, same answers."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest

import standards_net as sn
from standards_net.core.bass import list_waiting, words_of_groups
from standards_net.networks import as_network
from standards_net.processes import _bass
from standards_net.processes._bass import bass
from standards_net.randomness import RandomNumbers, Stream

NONE = 255


def graphs():
    rng = np.random.default_rng(3)
    weighted = nx.gnm_random_graph(15, 30, seed=2)
    for _, _, data in weighted.edges(data=True):
        data["weight"] = float(rng.uniform(0.1, 3.0))
    allows_isolated = nx.barabasi_albert_graph(18, 2, seed=4)
    allows_isolated.add_nodes_from(range(18, 21))
    one_way = rng.random((13, 13)) * (rng.random((13, 13)) < 0.3)
    np.fill_diagonal(one_way, 0.0)
    return {
        "weighted": weighted,
        "lonely": allows_isolated,
        "directed": nx.gnp_random_graph(16, 0.2, seed=5, directed=True),
        "matrix": one_way,
        "pairs": nx.disjoint_union_all([nx.path_graph(2)] * 5),
    }


def twin(network, start, innovation, imitation, interval, seed, steps):
    """All answer the state of the step before; whoever adopts is seen from the next step on."""
    rows, count = network.influencers, len(innovation)
    draws = []
    for r, labels in enumerate(start.tolist()):
        history = [list(labels)]
        for step in range(steps):
            words = RandomNumbers(seed, r, 1).words(
                step, 0, np.empty((1, -(-len(labels) // 4) * 4), np.uint32)
            )[0]
            after = list(labels)
            for i, own in enumerate(labels):
                if own != NONE:
                    continue
                rates = []
                for s in range(count):
                    share = total = 0.0
                    for e in range(rows.start[i], rows.start[i + 1]):
                        weight = 1.0 if rows.weights is None else rows.weights[e]
                        total += weight
                        share += weight * (labels[rows.nodes[e]] == s)
                    rates.append(
                        interval * (innovation[s] + imitation[s] * (share / total if total else 0.0))
                    )
                random, chance = int(words[i]) / 2**32, -math.expm1(-sum(rates))
                if random < chance:
                    reached, s = rates[0], 0
                    while s < count - 1 and random / chance * sum(rates) >= reached:
                        s += 1
                        reached += rates[s]
                    after[i] = s
            labels = after
            history.append(labels)
        draws.append(history)
    return np.array(draws, np.uint8)


@pytest.mark.parametrize("name", graphs())
@pytest.mark.parametrize(
    ("innovation", "imitation", "interval"),
    [([0.05], [0.5], 1.0), ([0.0, 0.1], [1.0, 0.3], 0.5), ([0.02, 0.01, 0.03], [0.4, 2.0, 0.0], 2.0)],
)
def test_bass_is_its_twin(name, innovation, imitation, interval):
    network = as_network(graphs()[name])
    count = len(innovation)
    start = np.random.default_rng(8).choice(
        [*range(count), NONE], (6, len(network)), p=[0.1] * count + [1 - 0.1 * count]
    )
    found = sn.diffuse(
        network, bass(innovation, imitation, interval=interval), initial=np.where(start == NONE, -1, start),
        steps=9, draws=6, rng=21, keep="all", threads=1, standards=[str(s) for s in range(count)],
    )  # fmt: skip
    expected = twin(network, start, innovation, imitation, interval, 21, 9)
    assert (found.labels == expected).all()
    assert (found.labels[:, -1] != found.labels[:, 0]).any()  # something happened
    for s in range(count):
        assert (found.counts[:, :, s] == (expected == s).sum(axis=2)).all()
    assert (
        found.status == np.where((expected[:, -1] == NONE).any(axis=1), "still moving", "settled")
    ).all() or (min(innovation) == max(innovation) == 0.0)


def test_nothing_hangs_on_how_many_groups_are_worked_on_at_a_time(monkeypatch):
    graph = nx.barabasi_albert_graph(150, 3, seed=1)

    def run():
        start = {0: "a", 1: "b"}
        return sn.diffuse(graph, bass(0.02), initial=start, steps=12, draws=9, rng=4, keep="all").labels

    whole = run()
    monkeypatch.setattr(_bass, "_CHUNK", 7)
    assert (run() == whole).all()


def test_words_of_groups_are_the_words_of_their_nodes():
    random, nodes = RandomNumbers(2**50 + 3, 11, 4), 22
    labels = np.random.default_rng(2).choice([0, NONE], (4, nodes), p=[0.8, 0.2]).astype(np.uint8)
    listed, found = np.empty((2, 4 * 6), np.int32), np.zeros(1, np.int64)
    list_waiting(labels, listed, found)
    waiting = [(r, g) for r in range(4) for g in range(6) if (labels[r, 4 * g : 4 * g + 4] == NONE).any()]
    assert listed[:, : found[0]].T.tolist() == [list(one) for one in waiting]
    out = np.empty((4, len(waiting) - 2), np.uint32)
    count = map(np.uint64, (random.seed, random.first, 5, int(Stream.MOVE)))
    words_of_groups(*count, listed, 2, out)
    expected = random.words(5, 0, np.empty((4, 24), np.uint32))
    assert out.T.tolist() == [expected[r, 4 * g : 4 * g + 4].tolist() for r, g in waiting[2:]]


def test_a_step_leaves_the_state_before_as_it_was():
    network = as_network(nx.cycle_graph(40))
    process = bass(0.1, 2.0)
    setting = sn.processes.NetworkSetting(
        network,
        ("a",),
        np.full((3, 40), NONE, np.uint8),
        None,
        RandomNumbers(1, 0, 3),
        process.prepare(network, ("a",)),
    )
    state = process.init(setting)
    first, _ = process.step(state, setting)
    labels = first.labels.copy()
    second, _ = process.step(first, setting)
    assert (first.labels == labels).all()
    assert (process.step(first, setting)[0].labels == second.labels).all()
    assert (state.labels == NONE).all()
