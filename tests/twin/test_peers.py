"""The same questions to other programs: their means and ours agree within 4 standard errors.

Fixed seeds; a right program would miss that once in 16,000 seeds.
"""

from __future__ import annotations

import array
import math

import networkx as nx
import numpy as np
import pytest

import standards_net as sn
from standards_net.networks import as_network
from standards_net.processes import independent_cascade, linear_threshold, voter

pytestmark = pytest.mark.peer


def agree(one, other):
    """Whether two samples have the same mean."""
    error = math.hypot(np.std(one) / math.sqrt(len(one)), np.std(other) / math.sqrt(len(other)))
    return abs(np.mean(one) - np.mean(other)) < 4 * error


def directed():
    graph = nx.barabasi_albert_graph(200, 3, seed=4).to_directed()
    rng = np.random.default_rng(2)
    for _, _, data in graph.edges(data=True):
        data["weight"] = float(rng.uniform(0.0, 0.25))
    return graph


def rows_for_cynetdiff(graph):
    """Edges by their tail: where rows start, heads, weights."""
    tails = [[(v, graph[u][v]["weight"]) for v in graph[u]] for u in graph]
    starts = np.cumsum([0, *map(len, tails)])[:-1]
    heads, weights = zip(*(edge for row in tails for edge in row), strict=True)
    return array.array("I", starts.tolist()), array.array("I", heads), array.array("f", weights)


def cynetdiff_spread(model, seeds, replicates):
    model.set_seeds(seeds)
    found = []
    for _ in range(replicates):
        model.reset_model()
        model.advance_until_completion()
        found.append(model.get_num_activated_nodes())
    return found


def our_spread(graph, process, seeds, draws):
    d = sn.diffuse(graph, process, initial={"a": seeds}, steps=200, draws=draws, rng=1)
    assert (d.status == "settled").all()
    return d.counts[:, -1, 0]


def test_independent_cascade_as_cynetdiff_has_it():
    models = pytest.importorskip("cynetdiff.models")
    graph, seeds = directed(), [0, 17, 90]
    starts, heads, weights = rows_for_cynetdiff(graph)
    model = models.IndependentCascadeModel(starts, heads, activation_probs=weights, rng=3)
    theirs = cynetdiff_spread(model, seeds, 20_000)
    assert agree(our_spread(graph, independent_cascade(), seeds, 20_000), theirs)


def test_linear_threshold_as_cynetdiff_has_it():
    models = pytest.importorskip("cynetdiff.models")
    graph, seeds = directed(), [0, 17, 90]
    network = as_network(graph)
    for _, head, data in graph.edges(data=True):
        data["weight"] /= network.strength[head]
    starts, heads, weights = rows_for_cynetdiff(graph)
    model = models.LinearThresholdModel(starts, heads, influence=weights, rng=3)
    theirs = cynetdiff_spread(model, seeds, 20_000)
    assert agree(our_spread(graph, linear_threshold(), seeds, 20_000), theirs)


def test_voter_as_ndlib_has_it():
    """From the hub of a star: after three turns a node on average most draws still differ."""
    pytest.importorskip("ndlib")
    from ndlib.models.ModelConfig import Configuration
    from ndlib.models.opinions import VoterModel

    graph, turns, theirs = nx.star_graph(11), 36, []
    for seed in range(400):
        model = VoterModel(graph, seed=seed)
        settings = Configuration()
        settings.add_model_initial_configuration("Infected", [0, 1, 2])
        model.set_initial_status(settings)
        for _ in range(turns + 1):  # its first iteration only reports
            model.iteration(node_status=False)
        theirs.append(sum(model.status.values()))
    first = {"a": [0, 1, 2], "b": range(3, 12)}
    ours = sn.diffuse(graph, voter(), initial=first, steps=3, draws=20_000, rng=1)
    assert agree(ours.counts[:, -1, 0], theirs)
