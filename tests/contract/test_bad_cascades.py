"""Every mistake with a cascade or with thresholds has its own clear sentence."""

import re

import networkx as nx
import numpy as np
import pytest

import standards_net as sn
from standards_net.processes._independent_cascade import independent_cascade
from standards_net.processes._linear_threshold import linear_threshold


def complains(sentence):
    return pytest.raises(sn.StandardsNetError, match=re.escape(sentence))


@pytest.mark.parametrize(
    ("probability", "sentence"),
    [
        (1.5, "probability is 1.5; it must be a number from 0 to 1."),
        (-0.1, "probability is -0.1; it must be a number from 0 to 1."),
        (float("nan"), "probability is nan; it must be a number from 0 to 1."),
        ("high", "probability is 'high'; it must be a number from 0 to 1."),
        (True, "probability is True; it must be a number from 0 to 1."),
        ([0.1], "probability is [0.1]; it must be a number from 0 to 1."),
    ],
)
def test_probabilities(probability, sentence):
    with complains(sentence):
        independent_cascade(probability)


def test_ties_without_weights_have_no_probabilities():
    with complains("probability is None and the ties have no weights; give a probability."):
        sn.diffuse(nx.path_graph(3), independent_cascade(), initial={"a": [0]}, steps=1)


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
def test_weights_above_one_are_no_probabilities(kind):
    graph = kind()
    graph.add_weighted_edges_from([("u", "v", 0.5), ("v", "w", 2.0)])
    with complains("the tie by which 'v' influences 'w' has weight 2; a probability is at most 1."):
        sn.diffuse(graph, independent_cascade(), initial={"a": ["u"]}, steps=1)


@pytest.mark.parametrize(
    ("thresholds", "sentence"),
    [
        (1.5, "thresholds hold 1.5; they must be numbers from 0 to 1."),
        (-0.5, "thresholds hold -0.5; they must be numbers from 0 to 1."),
        ([0.1, float("nan")], "thresholds hold nan; they must be numbers from 0 to 1."),
        ("low", "thresholds must be a number, one number for each node, or None."),
        ([[0.1, 0.2]], "thresholds must be a number, one number for each node, or None."),
        ([[0.1], [0.2, 0.3]], "thresholds must be a number, one number for each node, or None."),
    ],
)
def test_thresholds(thresholds, sentence):
    with complains(sentence):
        linear_threshold(thresholds)


def test_a_threshold_for_each_node():
    with complains("there are 2 thresholds; there are 3 nodes."):
        sn.diffuse(nx.path_graph(3), linear_threshold([0.1, 0.2]), initial={"a": [0]}, steps=1)


def test_neither_needs_everybody_decided_or_accompanied():
    graph = nx.empty_graph(3)
    for process in (independent_cascade(0.5), linear_threshold(0.5), linear_threshold()):
        run = sn.diffuse(graph, process, initial={"a": [0]}, steps=3)
        assert run.counts[0, :, 0].tolist() == [1, 1, 1, 1]
        assert run.status.tolist() == ["settled"]
        none = sn.diffuse(graph, process, initial=np.full(3, -1), steps=3, standards=["a"])
        assert none.counts.sum() == 0
