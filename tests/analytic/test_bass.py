"""Bass model on networks against closed forms.

Comparisons of means allow 4 standard errors: right code fails one in 16,000 such comparisons. Seeds are
fixed, so a test that passes goes on passing.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import standards_net as sn
from standards_net.diffusion import random_seeds
from standards_net.networks import as_network
from standards_net.processes._bass import bass

P, Q = 0.03, 0.38  # means over products, Sultan, Farley & Lehmann (1990), doi:10.2307/3172552
UNASSIGNED = random_seeds({"a": 0})


def closed_form(t):
    """Infinite complete network in continuous time."""
    decay = np.exp(-(P + Q) * t)
    return (1.0 - decay) / (1.0 + Q / P * decay)


def complete(interval, years):
    """Infinite complete network, synchronous steps."""
    share = [0.0]
    for _ in range(round(years / interval)):
        share.append(share[-1] + (1.0 - share[-1]) * -np.expm1(-interval * (P + Q * share[-1])))
    return np.array(share)


def pairs(interval, years):
    """Pairs of nodes, synchronous steps: neither has adopted; one has and the other has not."""
    neither, one = 1.0, 0.0  # ``one`` for a given node of the two
    share = [0.0]
    for _ in range(round(years / interval)):
        stays = np.exp(-interval * P)
        one = one * np.exp(-interval * (P + Q)) + neither * stays * (1.0 - stays)
        neither *= stays**2
        share.append(1.0 - neither - one)
    return np.array(share)


def mean_and_error(adopted):
    return adopted.mean(axis=0), adopted.std(axis=0, ddof=1) / np.sqrt(len(adopted))


def test_closed_form_has_the_published_numbers():
    peak = np.log(Q / P) / (P + Q)
    assert peak == pytest.approx(6.19262, abs=1e-5)
    assert closed_form(peak) == pytest.approx(0.460526, abs=1e-6)
    assert closed_form(np.array([5.0, 10.0])) == pytest.approx([0.33120, 0.812803], abs=1e-5)
    growth = P + Q * closed_form(peak)
    assert growth * (1.0 - closed_form(peak)) == pytest.approx(0.11059, abs=1e-5)
    assert growth * (1.0 - closed_form(peak)) == pytest.approx((P + Q) ** 2 / (4 * Q))


@pytest.mark.parametrize(
    ("interval", "lag"), [(1, 0.1032), (1 / 2, 0.0538), (1 / 4, 0.0274), (1 / 16, 0.0070)]
)
def test_synchronous_steps_lag_behind_in_proportion_to_the_interval(interval, lag):
    steps = complete(interval, 30.0)
    behind = closed_form(interval * np.arange(len(steps))) - steps
    assert behind.min() >= 0.0
    assert behind.max() == pytest.approx(lag, abs=1e-4)
    # Two intervals, extrapolated to none: what is left is of second order.
    half = complete(interval / 2, 30.0)[::2]
    rest = closed_form(interval * np.arange(len(steps))) - (2.0 * half - steps)
    assert np.abs(rest).max() < 0.06 * interval**2 + 1e-6


@pytest.fixture(scope="module")
def everyone():
    return as_network(np.ones((1000, 1000)) - np.eye(1000))


@pytest.mark.parametrize("interval", [1, 1 / 4, 1 / 16])
def test_a_complete_network_adopts_as_bass_says(everyone, interval):
    steps = round(10 / interval)
    found = sn.diffuse(
        everyone, bass(P, Q, interval=interval), initial=UNASSIGNED, steps=steps, draws=96, rng=5
    )
    mean, error = mean_and_error(found.adopted)
    # 1,000 nodes are not infinitely many: 0.001 for that.
    assert (np.abs(mean - complete(interval, 10.0)) <= 4.0 * error + 0.001).all()
    if interval == 1 / 16:
        years = interval * np.arange(steps + 1)
        assert (np.abs(mean - closed_form(years)) <= 4.0 * error + 0.001 + 0.007).all()
        growth = mean[16:] - mean[:-16]  # of a year
        assert growth.max() == pytest.approx((P + Q) ** 2 / (4 * Q), abs=0.004)


def test_pairs_of_nodes_adopt_as_fibich_and_levin_say():
    t = np.arange(0.0, 30.0, 0.5)
    continuous = 1.0 - (Q * np.exp(-2 * P * t) - P * np.exp(-(P + Q) * t)) / (Q - P)
    fine = pairs(1 / 256, 30.0)[::128][: len(t)]
    assert np.abs(fine - continuous).max() < 5e-4
    found = sn.diffuse(
        nx.disjoint_union_all([nx.path_graph(2)] * 200), bass(P, Q, interval=0.5), initial=UNASSIGNED,
        steps=60, draws=200, rng=6,
    )  # fmt: skip
    mean, error = mean_and_error(found.adopted)
    assert (np.abs(mean - pairs(0.5, 30.0)) <= 4.0 * error).all()


GRAPHS = {
    "cycle": nx.cycle_graph(120),
    "grid": nx.grid_2d_graph(10, 12),
    "karate": nx.karate_club_graph(),
    "star": nx.star_graph(60),
    "scale-free": nx.barabasi_albert_graph(150, 3, seed=1),
    "cliques": nx.connected_caveman_graph(15, 8),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_no_network_is_slower_than_pairs_or_faster_than_everyone(name):
    found = sn.diffuse(
        GRAPHS[name], bass(P, Q, interval=0.25), initial=UNASSIGNED, steps=80, draws=400, rng=7, weight=None
    )
    mean, error = mean_and_error(found.adopted)
    assert (mean >= pairs(0.25, 20.0) - 4.0 * error).all()
    assert (mean <= complete(0.25, 20.0) + 4.0 * error).all()
    # And it lies well away from both somewhere in between.
    assert (mean - pairs(0.25, 20.0)).max() > 0.02


def test_isolated_nodes_innovate_only_and_standards_share_by_their_rates():
    rates = np.array([0.02, 0.05, 0.01])
    found = sn.diffuse(
        nx.empty_graph(2000), bass(rates, 5.0, interval=2.0), initial=random_seeds({"a": 0, "b": 0, "c": 0}),
        steps=5, draws=50, rng=8,
    )  # fmt: skip
    many = 2000 * 50
    for step in range(1, 6):
        expected = -np.expm1(-2.0 * step * rates.sum()) * rates / rates.sum()
        error = np.sqrt(expected * (1.0 - expected) / many)
        assert (np.abs(found.counts[:, step].sum(axis=0) / many - expected) <= 4.0 * error).all()


def test_nothing_happens_without_innovation_until_somebody_begins():
    ring = nx.cycle_graph(30, create_using=nx.DiGraph)
    still = sn.diffuse(ring, bass(0.0), initial=UNASSIGNED, steps=9, rng=1)
    assert still.counts.sum() == 0
    assert still.status.tolist() == ["settled"]
    # Certain imitation goes one node a step, along the ties.
    goes = sn.diffuse(ring, bass(0.0, 1e3), initial={3: "a"}, steps=40, rng=1, keep="all")
    assert goes.counts[0, :, 0].tolist() == [min(1 + step, 30) for step in range(41)]
    assert goes.labels[0, 2].nonzero()[0].tolist() == [i for i in range(30) if i not in (3, 4, 5)]
    apart = sn.diffuse(
        nx.path_graph(5).subgraph([0, 1, 3, 4]), bass(0.0, 1e3), initial={0: "a"}, steps=9, rng=1
    )
    assert apart.counts[0, -1].tolist() == [2]
    assert apart.status.tolist() == ["settled"]  # two others wait for ever


def test_who_is_tempted_by_what_nobody_imitates_waits_at_rest():
    d = sn.diffuse(
        nx.DiGraph([(0, 1), (2, 3)]), bass([0.0, 0.0], [60.0, 0.0]), initial={"a": [0], "b": [2]}, steps=5,
        rng=1,
    )  # fmt: skip
    assert d.counts[0, -1].tolist() == [2, 1]
    assert d.status.tolist() == ["settled"]
