"""Impossible parameters of adoption, arrivals and averaging: each has its own sentence."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import standards_net as sn
from standards_net.processes._arthur import arthur
from standards_net.processes._averaging import averaging
from standards_net.processes._bass import bass
from standards_net.processes._polya import polya


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: bass(-0.1), "innovation holds -0.1; values must be 0 or more."),
        (lambda: bass("much"), "innovation must be an array of real numbers."),
        (lambda: bass(0.1, [0.2, np.nan]), "imitation holds something that is not a finite number."),
        (lambda: bass([[0.1]]), "innovation has shape (1, 1); it must be a number or (standards,)."),
        (lambda: bass(interval=-1), "interval is -1; it must be a number of 0 or more."),
        (lambda: arthur([[[1.0]]]),
         "taste has shape (1, 1, 1); it must be (standards,) or (types, standards)."),
        (lambda: arthur([]), "taste has shape (0,); it must be (standards,) or (types, standards)."),
        (lambda: arthur(returns=np.inf), "returns holds something that is not a finite number."),
        (lambda: arthur([1, 2], payoff=np.ones((2, 9))),
         "payoff is given together with taste or returns; give one or the other."),
        (lambda: arthur(payoff=[1, 2]),
         "payoff has shape (2,); it must be (standards, adopters) or (types, standards, adopters)."),
        (lambda: arthur(probability=[0.5, 0.6]), "probability sums to 1.1; it must sum to 1."),
        (lambda: arthur(probability=[1.5, -0.5]), "probability holds 1.5; values must be from 0 to 1."),
        (lambda: arthur(probability=0.5), "probability has shape (); it must be (types,)."),
        (lambda: arthur(local="yes"), "local is 'yes'; it must be True or False."),
        (
            lambda: arthur(arrivals_per_step=0),
            "arrivals_per_step is 0; it must be a whole number of at least 1.",
        ),
        (lambda: polya(-1), "exponent is -1; it must be a number of 0 or more."),
        (lambda: polya(base=[1, 0]), "base holds 0; it must be above 0."),
        (lambda: polya(base=[[1]]), "base has shape (1, 1); it must be a number or (standards,)."),
        (lambda: polya(arrivals_per_step=1.5),
         "arrivals_per_step is 1.5; it must be a whole number of at least 1."),
        (lambda: averaging(1.5), "stubbornness holds 1.5; values must be from 0 to 1."),
        (lambda: averaging([[0.5]]), "stubbornness has shape (1, 1); it must be a number or (nodes,)."),
    ],
)  # fmt: skip
def test_what_is_impossible_anywhere(make, said):
    with pytest.raises(sn.StandardsNetError) as error:
        make()
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("process", "said"),
    [
        (bass([0.1, 0.2, 0.3]), "innovation is for 3 standards; there are 2."),
        (bass(0.1, [0.3]), "imitation is for 1 standards; there are 2."),
        (arthur([1, 2, 3]), "taste is for 3 standards; there are 2."),
        (arthur(returns=[0.1, 0.2, 0.3]), "returns is for 3 standards; there are 2."),
        (arthur([[1, 2], [2, 1]], returns=np.ones((3, 2))),
         "numbers of types differ: taste has 2 and returns has 3."),
        (arthur(probability=[0.2, 0.3, 0.5]), "numbers of types differ: taste has 2 and probability has 3."),
        (arthur(np.ones((256, 2))), "there are 256 types; at most 255 are possible."),
        (arthur(payoff=np.ones((3, 9))), "payoff is for 3 standards; there are 2."),
        (arthur(payoff=np.ones((2, 5))), "payoff goes up to 4 adopters; here there can be 5."),
        (arthur(payoff=np.ones((2, 2)), local=True), "payoff goes up to 1 adopters; here there can be 2."),
        (arthur(order=[0, 1, 2, 3, 4, 4]), "order must name each of the nodes 0 to 5 once."),
        (polya(order=[0.0, 1, 2, 3, 4, 5]), "order must name each of the nodes 0 to 5 once."),
        (polya(base=[1, 2, 3]), "base is for 3 standards; there are 2."),
        (polya(500), "exponent is 500; powers of 1 to 7 by it overflow or underflow."),
        (polya(500, base=1e-3),
         "exponent is 500; powers of 0.001 to 6.001 by it overflow or underflow."),
        (averaging([0.5, 0.5]), "stubbornness is for 2 nodes; there are 6."),
    ],
)  # fmt: skip
def test_what_is_impossible_here(process, said):
    with pytest.raises(sn.StandardsNetError) as error:
        sn.diffuse(nx.cycle_graph(6), process, initial={0: "a", 1: "b"}, steps=2, rng=1)
    assert str(error.value) == said


def test_as_many_payoffs_as_nodes_are_enough():
    process = arthur(payoff=np.ones((2, 6)), arrivals_per_step=6)
    found = sn.diffuse(nx.cycle_graph(6), process, initial={0: "a", 1: "b"}, steps=1, rng=1)
    assert found.counts[0, -1].sum() == 6
