"""Slow, obvious twins of the processes on networks: same words, same answers."""

from __future__ import annotations

import functools
import itertools
import math

import networkx as nx
import numpy as np
import pytest

import standards_net as sn
from standards_net.core.exponential import exponential, exponential_single
from standards_net.core.opinions import discordant, outvoted
from standards_net.core.philox import philox_by_draw, philox_by_node, philox_by_word
from standards_net.networks import as_network
from standards_net.processes import (
    _voter,
    averaging,
    best_response,
    heat_bath,
    logit,
    majority,
    q_voter,
    voter,
)
from standards_net.randomness import RandomNumbers, Stream

LOW = 0xFFFFFFFF


@functools.lru_cache(maxsize=2**17)
def philox(key: int, count: tuple[int, int, int, int]) -> list[int]:
    """Ten rounds, as the paper writes them."""
    k = [key & LOW, key >> 32]
    c = list(count)
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(q >> 32) ^ c[1] ^ k[0], q & LOW, (p >> 32) ^ c[3] ^ k[1], p & LOW]
        k = [(k[0] + 0x9E3779B9) & LOW, (k[1] + 0xBB67AE85) & LOW]
    return c


def word(seed: int, draw: int, place: int, step: int, stream: Stream = Stream.MOVE) -> int:
    return philox(seed, (draw, place // 4, step, int(stream)))[place % 4]


@pytest.mark.parametrize(
    ("key", "count", "answer"),
    [
        # Known answers of the authors' test vectors (Random123, philox4x32-10).
        (0, (0, 0, 0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        (2**64 - 1, (LOW,) * 4, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            0x299F31D0_A4093822,
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_gives_the_known_answers(key, count, answer):
    expected = [int(one, 16) for one in answer.split()]
    assert philox(key, count) == expected
    by_node, by_draw = np.empty((4, 1), np.uint32), np.empty((1, 4), np.uint32)
    philox_by_node(*map(np.uint64, (key, *count)), by_node)
    philox_by_draw(*map(np.uint64, (key, *count)), by_draw)
    by_word = np.empty((4, 1), np.uint32)
    philox_by_word(*map(np.uint64, (key, *count)), by_word)
    assert by_node[:, 0].tolist() == by_draw[0].tolist() == by_word[:, 0].tolist() == expected


def test_random_numbers_are_keyed_by_draw_node_step_and_stream():
    random = RandomNumbers(2**40 + 9, 5, 3)
    for step, stream in itertools.product((0, 7), Stream):
        words = random.words(step, 8, np.empty((3, 12), np.uint32), stream)
        lanes = random.lanes(step, 8, np.empty((12, 3), np.uint32), stream)
        assert (words == lanes.T).all()
        for r, i in itertools.product(range(3), range(12)):
            assert words[r, i] == word(random.seed, 5 + r, 8 + i, step, stream)


def graphs():
    rng = np.random.default_rng(3)
    weighted = nx.gnm_random_graph(14, 40, seed=2)
    for _, _, data in weighted.edges(data=True):
        data["weight"] = float(rng.uniform(0.1, 3.0))
    directed = nx.gnp_random_graph(12, 0.4, seed=5, directed=True)
    directed.add_edges_from((i, (i + 1) % 12) for i in range(12))
    return {
        "regular": nx.random_regular_graph(4, 20, seed=1),
        "star": nx.star_graph(10),
        "hub": nx.star_graph(30),
        "large hub": nx.star_graph(80),
        "long": nx.random_regular_graph(3, 530, seed=6),  # random numbers of opinions are drawn for 256 turns
        "weighted": weighted,
        "directed": directed,
    }


def influencers(graph) -> list[list[tuple[int, float]]]:
    """Whom each node looks to, in the network's order."""
    rows = as_network(graph).influencers
    weights = np.ones(len(rows.nodes)) if rows.weights is None else rows.weights
    return [
        [(int(rows.nodes[e]), float(weights[e])) for e in range(rows.start[i], rows.start[i + 1])]
        for i in range(len(graph))
    ]


def start_labels(nodes: int, draws: int, standards: int) -> np.ndarray:
    return np.random.default_rng(8).integers(0, standards, (draws, nodes))


def run_both(graph, process, turn, *, draws, standards=3, steps=4, synchronous, order=None, seed=11):
    """Labels of the package and of a twin that takes turn after turn."""
    labels = start_labels(len(graph), draws, standards)
    names = [str(s) for s in range(standards)]
    found = sn.diffuse(
        graph, process, initial=labels, standards=names, steps=steps, draws=draws, rng=seed, keep="all"
    )
    near = influencers(graph)
    for r in range(draws):
        held = labels[r].tolist()
        for step in range(steps):
            seen, after = (list(held), held) if synchronous else (held, held)
            for k in range(len(held)):
                i, answer = turn(seen, near, r, step, k, seed)
                after[i] = answer
            assert found.labels[r, step + 1].tolist() == held, (r, step)
            assert found.counts[r, step + 1].tolist() == [held.count(s) for s in range(standards)]


COMPATIBILITY = np.array([[1.0, 0.2, 0.5], [0.7, 1.1, 0.0], [0.1, 0.4, 0.9]])  # nothing symmetric
QUALITY = np.array([0.1, 0.0, 0.3])


def benefit(i, s, seen, near, quality):
    total = sum(w for _, w in near[i])
    return sum(w * COMPATIBILITY[s, seen[j]] for j, w in near[i]) / total + quality[s]


@pytest.mark.parametrize("name", graphs())
@pytest.mark.parametrize("update", ["synchronous", "asynchronous"])
@pytest.mark.parametrize("draws", [1, 9, 70])
@pytest.mark.parametrize("cost", [0.0, 0.4])
def test_heat_bath(name, update, draws, cost, monkeypatch):
    # Small chunks of random numbers, so that there are several.
    monkeypatch.setattr("standards_net.processes._heat_bath._CHUNK", 512)
    graph = graphs()[name]
    beta = 2.5
    nodes = len(graph)

    @functools.cache
    def order(seed, step):
        if update == "synchronous":
            return list(range(nodes))
        return sorted(range(nodes), key=lambda i: (word(seed, 0, i, step, Stream.ORDER), i))

    def turn(seen, near, r, step, k, seed):
        i = order(seed, step)[k]
        odds = [
            math.exp(beta * (benefit(i, s, seen, near, QUALITY) - cost * (s != seen[i]))) for s in range(3)
        ]
        u, answer = (word(seed, r, k, step) + 0.5) / 2**32 * sum(odds), 0
        while u > odds[answer]:
            u -= odds[answer]
            answer += 1
        return i, answer

    process = heat_bath(
        beta, compatibility=COMPATIBILITY, quality=QUALITY, switching_cost=cost, update=update
    )
    run_both(graph, process, turn, draws=draws, steps=2, synchronous=update == "synchronous")


def test_heat_bath_by_table_lanes_and_exponentials_agree():
    graph = nx.random_regular_graph(6, 200, seed=4)
    shared = {"initial": {"a": 0.2, "b": 0.5, "c": 0.3}, "steps": 6, "rng": 5, "keep": "all"}
    for cost, update in itertools.product((0.0, 0.3), ("synchronous", "asynchronous")):
        lanes = sn.diffuse(graph, heat_bath(3.0, switching_cost=cost, update=update), draws=130, **shared)
        table = sn.diffuse(graph, heat_bath(3.0, switching_cost=cost, update=update), draws=3, **shared)
        by_node = heat_bath(3.0, switching_cost=cost, update=update, quality=np.zeros((200, 3)))
        exponentials = sn.diffuse(graph, by_node, draws=3, **shared)
        assert (lanes.labels[:3] == table.labels).all()
        assert (table.labels == exponentials.labels).all()


@pytest.mark.parametrize("standards", [2, 5])
@pytest.mark.parametrize("own_quality", [False, True])
@pytest.mark.parametrize("name", ["regular", "weighted", "directed"])
def test_heat_bath_of_two_and_of_five_standards(name, own_quality, standards):
    """More than three have no table; a quality of each node has none either."""
    graph, rng = graphs()[name], np.random.default_rng(4)
    worth = rng.uniform(0.0, 1.0, (standards, standards))
    quality = rng.uniform(0.0, 0.4, (len(graph), standards) if own_quality else (standards,))
    of_node = np.broadcast_to(quality, (len(graph), standards))

    def turn(seen, near, r, step, k, seed):
        total = sum(w for _, w in near[k])
        odds = []
        for s in range(standards):
            tied = sum(w * worth[s, seen[j]] for j, w in near[k]) / total
            odds.append(math.exp(2.0 * (tied + of_node[k, s] - 0.1 * (s != seen[k]))))
        u, answer = (word(seed, r, k, step) + 0.5) / 2**32 * sum(odds), 0
        while u > odds[answer]:
            u -= odds[answer]
            answer += 1
        return k, answer

    process = heat_bath(2.0, compatibility=worth, quality=quality, switching_cost=0.1)
    run_both(graph, process, turn, draws=9, standards=standards, synchronous=True)


def listened(near, i, random):
    """The neighbour that a word means, by cumulative weight."""
    total, upto = sum(w for _, w in near[i]), 0.0
    if all(w == 1.0 for _, w in near[i]):
        return near[i][random * len(near[i]) >> 32][0]
    for j, w in near[i]:
        upto += w
        if random < upto / total * 2**32:
            return j
    return near[i][-1][0]


@pytest.mark.parametrize("name", graphs())
@pytest.mark.parametrize("update", ["synchronous", "asynchronous"])
@pytest.mark.parametrize("most_pairs", [2**22, 0])
@pytest.mark.parametrize("short", [2**16, 0])
def test_voter(name, update, most_pairs, short, monkeypatch):
    """A word means whose turn it is, and whom it listens to if there are few pairs; else two words do."""
    monkeypatch.setattr(_voter, "_MAX_PAIRS", most_pairs)
    monkeypatch.setattr(_voter, "_SHORT", short)
    graph = graphs()[name]
    nodes = len(graph)
    alike = as_network(graph).influencers.weights is None

    def turn(seen, near, r, step, k, seed):
        if update == "asynchronous" and alike and most_pairs:
            whose = word(seed, r, k, step) * nodes
            i = whose >> 32
            return i, seen[near[i][(whose & LOW) * len(near[i]) >> 32][0]]
        i = word(seed, r, 2 * k, step) * nodes >> 32 if update == "asynchronous" else k
        return i, seen[listened(near, i, word(seed, r, 2 * k + 1, step))]

    run_both(graph, voter(update=update), turn, draws=5, synchronous=update == "synchronous")


@pytest.mark.parametrize("name", ["star", "long"])
def test_voter_by_link(name):
    graph = graphs()[name]
    pairs = [(i, j) for i, row in enumerate(influencers(graph)) for j, _ in row]

    def turn(seen, near, r, step, k, seed):
        i, j = pairs[word(seed, r, k, step) * len(pairs) >> 32]
        return i, seen[j]

    run_both(graph, voter(update="link"), turn, draws=3, synchronous=False)


@pytest.mark.parametrize("name", graphs())
@pytest.mark.parametrize("update", ["synchronous", "asynchronous"])
@pytest.mark.parametrize("q", [1, 2, 5])
def test_q_voter(name, update, q):
    graph = graphs()[name]
    nodes, noise = len(graph), 0.3
    width = -(-(q + 2) // 4) * 4

    def turn(seen, near, r, step, k, seed):
        random = [word(seed, r, k * width + place, step) for place in range(q + 2)]
        i = random[0] * nodes >> 32 if update == "asynchronous" else k
        said = {seen[listened(near, i, one)] for one in random[2:]}
        if len(said) == 1:
            return i, said.pop()
        if random[1] < round(noise * 2**32):
            others = [s for s in range(3) if s != seen[i]]
            return i, others[random[1] * 2 // round(noise * 2**32)]
        return i, seen[i]

    run_both(
        graph, q_voter(q, noise=noise, update=update), turn, draws=5, synchronous=update == "synchronous"
    )


@pytest.mark.parametrize("name", [*graphs(), "very large hub"])
@pytest.mark.parametrize("update", ["synchronous", "asynchronous"])
@pytest.mark.parametrize("noise", [0.0, 0.2])
@pytest.mark.parametrize("standards", [3, 11])
def test_majority(name, update, noise, standards):
    """Counts are bytes of a word up to 8 standards and 255 neighbours; beyond they are numbers."""
    graph = nx.star_graph(300) if name == "very large hub" else graphs()[name]
    nodes = len(graph)

    def turn(seen, near, r, step, k, seed):
        random = [word(seed, r, 4 * k + place, step) for place in range(4)]
        i = random[0] * nodes >> 32 if update == "asynchronous" else k
        if random[1] < round(noise * 2**32):
            return i, random[2] * standards >> 32
        heaviest = heaviest_of(near[i], seen, standards)
        return i, seen[i] if seen[i] in heaviest else heaviest[random[3] * len(heaviest) >> 32]

    run_both(
        graph, majority(noise=noise, update=update), turn, draws=3, standards=standards, steps=3,
        synchronous=update == "synchronous",
    )  # fmt: skip


def heaviest_of(row, seen, standards):
    """Standards that weigh most among neighbours, but for rounding."""
    weight = [sum(w for j, w in row if seen[j] == s) for s in range(standards)]
    return [s for s in range(standards) if weight[s] >= max(weight) * (1.0 - 1e-12)]


@pytest.mark.parametrize("name", graphs())
def test_who_is_outvoted_and_who_hears_another_standard(name):
    rows, near = as_network(graphs()[name]).influencers, influencers(graphs()[name])
    nodes, rng = len(near), np.random.default_rng(5)
    labels = np.zeros((60, nodes), np.uint8)
    for r in range(1, 60):  # a few others: some draws rest, some do not
        labels[r, rng.integers(0, nodes, rng.integers(1, 4))] = rng.integers(0, 3)
    weights = np.empty(0) if rows.weights is None else rows.weights
    found, heard = np.empty(60, np.bool_), np.empty(60, np.bool_)
    outvoted(rows.start, rows.nodes, weights, 3, labels, found)
    discordant(rows.start, rows.nodes, labels, heard)
    for r, held in enumerate(labels.tolist()):
        assert found[r] == any(held[i] not in heaviest_of(near[i], held, 3) for i in range(nodes))
        assert heard[r] == any(held[i] != held[j] for i in range(nodes) for j, _ in near[i])
    assert heard.any()
    assert not heard.all()


def test_who_is_outvoted_but_for_rounding_is_at_rest():
    graph = nx.DiGraph()
    for node, weight in zip("xyz", (0.1, 0.2, 0.3), strict=True):
        graph.add_edge(node, node + "2", weight=1.0)
        graph.add_edge(node + "2", node, weight=1.0)
        graph.add_edge(node, "m", weight=weight)
    first = {node: "b" if node[0] in "zm" else "a" for node in graph}
    assert sn.diffuse(graph, majority(), initial=first, steps=2, rng=1).status.tolist() == ["settled"]


@pytest.mark.parametrize("standards", [8, 9])
@pytest.mark.parametrize("leaves", [8, 255, 256, 257])
def test_majorities_where_a_byte_ends(standards, leaves):
    """The last of eight standards is the last byte of a word; 255 neighbours are the most that it counts."""
    labels = np.full(leaves + 1, standards - 1)
    labels[: 4 if leaves == 8 else 1] = 0  # the many all agree: 256 of them would be none in a byte
    d = sn.diffuse(
        nx.star_graph(leaves), majority(update="synchronous"), initial=labels,
        standards=[str(s) for s in range(standards)], steps=1, keep="final",
    )  # fmt: skip
    assert d.labels[0, 0] == standards - 1


@pytest.mark.parametrize("leaves", [13, 14, 15, 16, 28, 29, 40, 63, 64])
def test_neighbours_that_all_agree_are_counted(leaves):
    """Counts of neighbours take four bits, 14 at a time; nearly without noise the centre follows them."""
    labels = np.ones((70, leaves + 1), int)
    labels[:, 0] = 0
    d = sn.diffuse(
        nx.star_graph(leaves), heat_bath(80.0), initial=labels, standards=["a", "b"], steps=1, draws=70,
        rng=1, keep="final",
    )  # fmt: skip
    assert (d.labels[:, 0] == 1).all()


def test_thousands_of_nodes_are_counted():
    d = sn.diffuse(
        nx.cycle_graph(3000), heat_bath(80.0), initial=np.zeros(3000, int), standards=["a", "b"], steps=1,
        draws=9, rng=1,
    )  # fmt: skip
    assert (d.counts[:, 1] == [3000, 0]).all()


def test_equal_sums_are_equal_whatever_the_rounding():
    """0.1 + 0.2 neighbours weigh as much as 0.3, and utilities may be large or small."""
    graph = nx.DiGraph(
        [("x", "m", {"weight": 0.1}), ("y", "m", {"weight": 0.2}), ("z", "m", {"weight": 0.3})]
    )
    graph.add_edges_from([("m", node, {"weight": 1.0}) for node in "xyz"])
    first = {"x": "a", "y": "a", "z": "b", "m": "b"}
    for process in (majority(update="synchronous"), best_response()):
        d = sn.diffuse(graph, process, initial=first, steps=1, keep="final", rng=1)
        assert d.labels[0, d.names.index("m")] == 1
        # And with the other one of the two held.
        turned = {"x": "b", "y": "b", "z": "a", "m": "a"}
        d = sn.diffuse(graph, process, initial=turned, steps=1, keep="final", rng=1)
        assert d.labels[0, d.names.index("m")] == 0
    ring, start = nx.random_regular_graph(4, 20, seed=1), start_labels(20, 1, 3)
    runs = [
        sn.diffuse(
            ring, best_response(compatibility=scale * COMPATIBILITY, quality=scale * QUALITY),
            initial=start, steps=3, keep="all",
        ).labels
        for scale in (1.0, 2.0**-60, 2.0**60)
    ]  # fmt: skip
    assert (runs[0] == runs[1]).all()
    assert (runs[0] == runs[2]).all()
    tiny = 0.4 * np.spacing(1e9)  # beside a quality of a thousand million nobody can tell
    large = best_response(
        compatibility=[[2 * tiny, 2 * tiny], [0.0, 0.0]], quality=[1e9, 1e9 + 2 * tiny], update="synchronous"
    )
    d = sn.diffuse(nx.path_graph(3), large, initial=[0, 0, 1], standards=["a", "b"], steps=1, keep="final")
    assert d.labels[0, 1] == 0


@pytest.mark.parametrize("name", graphs())
@pytest.mark.parametrize("update", ["synchronous", "asynchronous"])
@pytest.mark.parametrize("cost", [0.0, 0.3])
def test_best_response(name, update, cost):
    def turn(seen, near, r, step, k, seed):
        worth = [benefit(k, s, seen, near, QUALITY) - cost * (s != seen[k]) for s in range(3)]
        best = [s for s in range(3) if worth[s] > max(worth) - 1e-12]
        return k, seen[k] if seen[k] in best else best[0]

    process = best_response(compatibility=COMPATIBILITY, quality=QUALITY, switching_cost=cost, update=update)
    run_both(graphs()[name], process, turn, draws=4, synchronous=update == "synchronous")


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("name", ["regular", "weighted", "directed"])
@pytest.mark.parametrize("standards", [2, 3])
@pytest.mark.parametrize("turnover", [0.4, 1.0])
@pytest.mark.parametrize("own_quality", [False, True])
def test_logit(name, standards, dense, turnover, own_quality):
    graph = graphs()[name]
    near, rng = influencers(graph), np.random.default_rng(2)
    start = rng.dirichlet(np.ones(standards), (3, len(graph)))
    worth, quality = COMPATIBILITY[:standards, :standards], QUALITY[:standards]
    if own_quality:
        quality = rng.uniform(0.0, 0.4, (len(graph), standards))
    of_node = np.broadcast_to(quality, (len(graph), standards))
    settings = {"network_benefit": 1.5, "lock_in": 0.7, "turnover": turnover, "quality": quality}
    # Row i of a matrix holds those whom i looks to: the transpose of the adjacency of a directed graph.
    given = nx.to_numpy_array(graph).T if dense else graph
    found = sn.diffuse(
        given, logit(2.0, compatibility=worth, **settings), initial=start, steps=40, draws=3, keep="final"
    )
    single = sn.diffuse(
        given, logit(2.0, compatibility=worth, precision="single", **settings),
        initial=start, steps=40, draws=3, keep="final",
    )  # fmt: skip
    for r in range(3):
        x = start[r].tolist()
        for _ in range(40):
            after = []
            for i, row in enumerate(near):
                total = sum(w for _, w in row)
                odds = []
                for s in range(standards):
                    tied = sum(w * worth[s, t] * x[j][t] for j, w in row for t in range(standards)) / total
                    odds.append(math.exp(2.0 * (1.5 * tied + 0.7 * x[i][s] + of_node[i, s])))
                kept = 1.0 - turnover
                after.append([kept * x[i][s] + turnover * odds[s] / sum(odds) for s in range(standards)])
            x = after
        assert np.abs(found.states[r] - x).max() < 1e-12
        assert np.abs(single.states[r] - x).max() < 2e-5
        assert np.abs(found.counts[r, -1] - np.sum(x, axis=0)).max() < 1e-10


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_logit_far_from_the_last_standard(precision, order):
    """Two standards far better than the third keep their odds among each other, wherever it stands."""
    order = list(order)
    quality = np.array([2000.0, 2001.0, 0.0])[order]
    d = sn.diffuse(
        nx.cycle_graph(5), logit(1.0, network_benefit=0.0, quality=quality, precision=precision),
        initial=np.full((5, 3), 1 / 3), steps=1, keep="final",
    )  # fmt: skip
    expected = np.array([1.0 / (1.0 + math.e), math.e / (1.0 + math.e), 0.0])[order]
    assert np.abs(d.states[0] - expected).max() < (1e-12 if precision == "double" else 1e-4)


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("name", ["regular", "weighted", "directed"])
def test_averaging(name, dense):
    graph = graphs()[name]
    near, rng = influencers(graph), np.random.default_rng(2)
    start, stubborn = rng.dirichlet(np.ones(3), (3, len(graph))), rng.uniform(0.0, 0.5, len(graph))
    given = nx.to_numpy_array(graph).T if dense else graph
    found = sn.diffuse(given, averaging(stubborn), initial=start, steps=9, draws=3, keep="final")
    for r in range(3):
        x = start[r]
        for _ in range(9):
            crowd = np.array([sum(w * x[j] for j, w in row) / sum(w for _, w in row) for row in near])
            x = (1.0 - stubborn)[:, None] * crowd + stubborn[:, None] * start[r]
        assert np.abs(found.states[r] - x).max() < 1e-13
        assert np.abs(found.counts[r, -1] - x.sum(axis=0)).max() < 1e-12


def test_exponentials():
    x = np.linspace(-700.0, 700.0, 20_001).reshape(3, -1)
    found, single = x.copy(), (x / 8.1).astype(np.float32)
    expected = np.exp(single.astype(np.float64))
    exponential(found)
    exponential_single(single)
    assert np.abs(found / np.exp(x) - 1.0).max() < 1e-14
    assert np.abs(single / expected - 1.0).max() < 3e-7
    beyond = np.array([[-1e9, 1e9]])
    exponential(beyond)
    assert 0.0 <= beyond[0, 0] < 1e-300
    assert np.isfinite(beyond[0, 1])
    beyond = np.array([[-1e9, 1e9, -150.0, 150.0]], np.float32)
    exponential_single(beyond)
    assert np.isfinite(beyond).all()
    assert (beyond[0, [0, 2]] >= 0.0).all()
    assert (beyond[0, [0, 2]] < 1e-37).all()
    assert (beyond[0, [1, 3]] > 1e37).all()
