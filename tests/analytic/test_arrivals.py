"""Adopters that arrive one by one, against closed forms of Arthur's model and of urns.

Means are allowed 3 standard errors (right code fails one comparison in 370), distributions a
Kolmogorov-Smirnov p-value of 0.01 (one in 100). Seeds are fixed: a test that passes goes on passing.
"""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from scipy import stats

import standards_net as sn
from standards_net.networks import as_network
from standards_net.processes._arthur import arthur
from standards_net.processes._polya import polya

AB = ("a", "b")


def arrive(process, nodes, draws, seed, steps=1):
    return sn.diffuse(
        as_network(nx.empty_graph(nodes)), process, initial=np.full(nodes, -1), standards=AB, steps=steps,
        draws=draws, rng=seed, keep="final",
    )  # fmt: skip


def leads(found):
    """By how much the first standard leads after each arrival, (R, N): nodes arrived in their order."""
    return np.where(found.labels == 0, 1, -1).cumsum(axis=1)


def test_arthur_is_a_gamblers_ruin():
    found = arrive(arthur(arrivals_per_step=2500), 2500, 4000, 11)
    lead = leads(found)
    absorbed = np.abs(lead) >= 11
    assert absorbed.any(axis=1).all()
    when = absorbed.argmax(axis=1)
    won = lead[np.arange(4000), when] > 0
    # Locked in for good: from then on everybody takes the same.
    after = np.arange(2500) > when[:, None]
    assert ((found.labels == 0) == won[:, None])[after].all()
    assert abs(won.mean() - 0.5) <= 3 * 0.5 / math.sqrt(4000)
    arrivals = when + 1
    assert abs(arrivals.mean() - 121) <= 3 * arrivals.std() / math.sqrt(4000)
    # Variance of the time a simple walk takes to +-L: 2 L^2 (L^2 - 1) / 3.
    assert arrivals.var() == pytest.approx(2 * 121 * 120 / 3, rel=0.1)


def test_arthur_with_more_of_one_type():
    rho = 0.45 / 0.55
    expected = (1 - rho**11) / (1 - rho**22)
    assert expected == pytest.approx(0.90091, abs=1e-5)
    found = arrive(arthur(probability=[0.55, 0.45], arrivals_per_step=1500), 1500, 4000, 12)
    won = (leads(found)[:, -1] > 0).mean()
    assert abs(won - expected) <= 3 * math.sqrt(expected * (1 - expected) / 4000)


def test_arthur_from_an_installed_base():
    # Three nodes begin with the first standard: from a lead of 3 it wins with (3 + 11) / 22.
    start = np.full(1503, -1)
    start[[7, 700, 1500]] = 0
    found = sn.diffuse(
        nx.empty_graph(1503), arthur(arrivals_per_step=1500), initial=start, standards=AB, steps=1,
        draws=4000, rng=13,
    )  # fmt: skip
    won = (found.counts[:, -1, 0] > found.counts[:, -1, 1]).mean()
    assert abs(won - 14 / 22) <= 3 * math.sqrt(14 * 8 / 22**2 / 4000)


def test_regimes_of_returns():
    # Constant: each takes what it likes; a fair coin for each arrival.
    constant = arrive(arthur(returns=0.0, arrivals_per_step=2000), 2000, 500, 14)
    shares = constant.shares[:, -1, 0]
    assert abs(shares.mean() - 0.5) <= 3 * 0.5 / math.sqrt(2000 * 500)
    assert shares.std() == pytest.approx(0.5 / math.sqrt(2000), rel=0.1)  # 3 s.e.: 0.095
    # Diminishing: whoever leads by more than 10 is left by its own; the lead never passes 11.
    diminishing = arrive(arthur(returns=-0.1, arrivals_per_step=2000), 2000, 500, 14)
    assert np.abs(leads(diminishing)).max() == 11
    assert np.abs(diminishing.shares[:, -1, 0] - 0.5).max() <= 11 / 2 / 2000
    # Increasing: one standard in the end.
    increasing = arrive(arthur(returns=0.1, arrivals_per_step=20_000), 20_000, 50, 14)
    assert (increasing.shares[:, -1].max(axis=1) > 0.9).all()


def test_homogeneous_adopters_lock_in_to_what_is_worse_later():
    adopters = np.arange(101)
    payoff = np.stack([10 + adopters / 10, 4 + 3 * adopters / 10])
    assert payoff[0, 30] == payoff[1, 30] == 13
    found = arrive(arthur(payoff=payoff), 100, 3, 15, steps=100)
    assert (found.counts[:, -1] == [100, 0]).all()
    assert payoff[1, 100] == 34 > payoff[0, 100] == 20
    # An installed base of 21 is enough to turn it round, one of 19 is not; 20 pay the same, by lot.
    table = np.stack([10 + np.arange(121) / 10, 4 + 3 * np.arange(121) / 10])
    for base, ends in ((19, {"a"}), (20, {"a", "b"}), (21, {"b"})):
        start = np.array([1] * base + [-1] * 80)
        ended = sn.diffuse(
            nx.empty_graph(base + 80), arthur(payoff=table), initial=start, standards=AB, steps=80, draws=20,
            rng=16,
        )  # fmt: skip
        taken = ended.counts[:, -1] - [0, base]
        assert (taken.max(axis=1) == 80).all()
        assert {AB[one] for one in taken.argmax(axis=1)} == ends


def test_on_a_complete_graph_influencers_are_the_market():
    graph = as_network(np.ones((60, 60)) - np.eye(60))
    ends = [
        sn.diffuse(
            graph, arthur(local=local), initial=np.full(60, -1), standards=AB, steps=60, draws=50, rng=17,
            keep="all",
        ).labels
        for local in (False, True)
    ]  # fmt: skip
    assert (ends[0] == ends[1]).all()
    # Those who look to nobody take what they like.
    alone = sn.diffuse(
        nx.empty_graph(60), arthur(local=True, probability=[1.0, 0.0]), initial=np.full(60, -1), standards=AB,
        steps=60, draws=2, rng=18,
    )  # fmt: skip
    assert (alone.counts[:, -1, 0] == 60).all()


@pytest.mark.parametrize("base", [(1.0, 1.0), (2.0, 5.0), (0.5, 0.5)])
def test_linear_urn_tends_to_a_beta_distribution(base):
    found = arrive(polya(base=base, arrivals_per_step=4000), 4000, 3000, 21)
    shares = (found.counts[:, -1, 0] + base[0]) / (4000 + sum(base))
    assert stats.kstest(shares, stats.beta(*base).cdf).pvalue > 0.01


def test_quadratic_urn_is_a_monopoly_at_once_in_half_of_the_draws():
    arrivals, draws = 1500, 6000
    n = np.arange(1.0, arrivals + 1)
    expected = np.prod(n**2 / (n**2 + 1))
    assert expected == pytest.approx(math.pi / math.sinh(math.pi), rel=1.0 / arrivals)
    assert math.pi / math.sinh(math.pi) == pytest.approx(0.272029, abs=1e-6)
    counts = arrive(polya(2.0, arrivals_per_step=arrivals), arrivals, draws, 22).counts[:, -1]
    for chance, seen in ((expected, counts[:, 0] == 0), (2 * expected, counts.min(axis=1) == 0)):
        assert abs(seen.mean() - chance) <= 3 * math.sqrt(chance * (1 - chance) / draws)


def test_quadratic_urn_goes_to_the_leader():
    # From (2, 1) the leader takes all but finitely many with 0.883 (Rubin's embedding, to 0.01).
    found = arrive(polya(2.0, base=[2, 1], arrivals_per_step=2000), 2000, 6000, 23)
    assert (found.shares[:, -1].max(axis=1) > 0.95).mean() > 0.9
    assert (found.shares[:, -1, 0] > 0.5).mean() == pytest.approx(0.883, abs=0.01 + 0.003)


def test_urn_below_one_evens_out():
    # Close to a half the lead shrinks by gamma - 1 times itself an arrival: for a square root the
    # variance of the share is ln(n) / 4n, about. Standard deviations of 400 draws have 3 s.e. of 0.106.
    for arrivals in (100, 1000, 10_000):
        shares = arrive(polya(0.5, arrivals_per_step=arrivals), arrivals, 400, 24).shares[:, -1, 0]
        assert shares.std() == pytest.approx(math.sqrt(math.log(arrivals) / arrivals) / 2, rel=0.106)
        assert abs(shares.mean() - 0.5) <= 3 * shares.std() / math.sqrt(400)


def test_those_who_begin_are_balls_in_the_urn():
    start = np.full(305, -1)
    start[300:] = [0, 0, 1, 0, 1]
    begun = sn.diffuse(
        nx.empty_graph(305), polya(1.5, base=[1, 2]), initial=start, standards=AB, steps=300, draws=20, rng=25
    )
    fresh = arrive(polya(1.5, base=[4, 4]), 300, 20, 25, steps=300)
    assert (begun.counts - [3, 2] == fresh.counts).all()
