"""Measures against slow twins that loop over single numbers."""

import math

import numpy as np
import pytest

from standards_net.measures import (
    bloc_shares,
    co_membership,
    double_running_cost,
    effective_standards,
    ei_index,
    exchange_matrix,
    exchange_value_lost,
    fragmentation,
    interoperability_loss,
    loss_by_bloc_pair,
    loss_by_country,
    loss_by_standard,
    modularity,
    polarisation,
    rao,
    replacement_cost,
    scale_lost,
)

R, N, S = 3, 5, 3


@pytest.fixture
def made():
    rng = np.random.default_rng(21)
    c = rng.random((R, S, S))
    c = (c + c.swapaxes(1, 2)) / 2
    c[:, range(S), range(S)] = 1.0
    return {
        "b": rng.dirichlet(np.ones(S), (R, N)),
        "c": c,
        "w": rng.dirichlet(np.ones(N)),
        "omega": exchange_matrix(rng.random((N, N))),
        "rng": rng,
    }


def slow_diversity(p, c, q):
    ordinary = [sum(c[s][t] * p[t] for t in range(len(p))) for s in range(len(p))]
    if q == 1:
        return math.prod(o ** (-x) for o, x in zip(ordinary, p, strict=True))
    return sum(x * o ** (q - 1) for o, x in zip(ordinary, p, strict=True)) ** (1 / (1 - q))


@pytest.mark.parametrize("q", [0.0, 1.0, 2.0, 3.5])
def test_diversity_and_its_partition(made, q):
    b, c, w = made["b"], made["c"], made["w"]
    parts = fragmentation(b, w, c, q)
    for r in range(R):
        pooled = [sum(w[i] * b[r, i, s] for i in range(N)) for s in range(S)]
        gamma = slow_diversity(pooled, c[r], q)
        within = [slow_diversity(b[r, i], c[r], q) for i in range(N)]
        if q == 1:
            alpha = math.prod(d**x for d, x in zip(within, w, strict=True))
        else:
            alpha = sum(x * d ** (1 - q) for d, x in zip(within, w, strict=True)) ** (1 / (1 - q))
        assert effective_standards(np.array(pooled), c[r], q) == pytest.approx(gamma, rel=1e-12)
        assert parts.gamma[r] == pytest.approx(gamma, rel=1e-12)
        assert parts.alpha[r] == pytest.approx(alpha, rel=1e-12)
        assert parts.beta[r] == pytest.approx(gamma / alpha, rel=1e-12)


def test_interoperability(made):
    b, c, omega = made["b"], made["c"], made["omega"]
    labels = ["x", "y", "x", "y", "y"]
    world = interoperability_loss(b, omega, c)
    country, pair = (
        loss_by_country(b, omega, c),
        loss_by_bloc_pair(b, omega, c, labels, ["x", "y"]),
    )
    standard = loss_by_standard(b, omega, c)
    for r in range(R):

        def works(i, j, r=r):
            return sum(b[r, i, s] * c[r, s, t] * b[r, j, t] for s in range(S) for t in range(S))

        slow = 1 - sum(omega[i, j] * works(i, j) for i in range(N) for j in range(N))
        assert world[r] == pytest.approx(slow, rel=1e-12)
        for i in range(N):
            own = sum(omega[i, j] * (1 - works(i, j)) for j in range(N)) / omega[i].sum()
            assert country[r, i] == pytest.approx(own, rel=1e-12)
        for k, one in enumerate("xy"):
            for m, other in enumerate("xy"):
                between = sum(
                    omega[i, j] * (1 - works(i, j))
                    for i in range(N)
                    for j in range(N)
                    if labels[i] == one and labels[j] == other
                )
                assert pair[r, k, m] == pytest.approx(between, rel=1e-12)
        for s in range(S):
            for t in range(S):
                met = sum(omega[i, j] * b[r, i, s] * b[r, j, t] for i in range(N) for j in range(N))
                assert standard[r, s, t] == pytest.approx((1 - c[r, s, t]) * met, abs=1e-15)


def test_concentration(made):
    p, c = made["b"][:, 0], made["c"]
    for r in range(R):
        slow = sum(p[r, s] * p[r, t] * (1 - c[r, s, t]) for s in range(S) for t in range(S))
        assert rao(p, 1 - c)[r] == pytest.approx(slow, rel=1e-12)
        slow = sum(p[r, s] ** 2.3 * p[r, t] * (1 - c[r, s, t]) for s in range(S) for t in range(S))
        assert polarisation(p, 1 - c)[r] == pytest.approx(slow, rel=1e-12)


def test_account(made):
    rng, b, c, w = made["rng"], made["b"], made["c"], made["w"]
    pooled = np.einsum("i,ris->rs", w, b)
    value, spending = rng.random((R, N)), rng.random((R, N))
    law, nodes, ratio = rng.random(R), 1e6 * (1 + rng.random(R)), 0.8 + 0.1 * rng.random(R)
    lost = exchange_value_lost(b, pooled, c, value_usd=value, law=law, nodes=nodes)
    scale = scale_lost(b, pooled, c, spending, ratio)
    running = double_running_cost(b[..., 0], spending[0], ratio)
    replaced = replacement_cost(spending, law)
    for r in range(R):
        reach = [sum(c[r, s, t] * pooled[r, t] for t in range(S)) for s in range(S)]
        for i in range(N):
            metcalfe = sum(b[r, i, s] * (1 - reach[s]) for s in range(S))
            logarithm = -sum(b[r, i, s] * math.log(reach[s]) for s in range(S)) / math.log(nodes[r])
            slow = value[r, i] * (law[r] * metcalfe + (1 - law[r]) * logarithm)
            assert lost[r, i] == pytest.approx(slow, rel=1e-12)
            slow = sum(b[r, i, s] * (reach[s] ** math.log2(ratio[r]) - 1) for s in range(S))
            assert scale[r, i] == pytest.approx(spending[r, i] * slow, rel=1e-12)
            assert running[r, i] == pytest.approx(ratio[r] * spending[0, i] * b[r, i, 0], rel=1e-12)
            assert replaced[r, i] == pytest.approx(law[r] * spending[r, i], rel=1e-12)


def test_blocs(made):
    rng = made["rng"]
    labels, weights = rng.integers(0, 3, (R, N)), made["w"]
    shares = bloc_shares(labels, weights, 3)
    together = co_membership(labels)
    ties = made["omega"]
    for r in range(R):
        for k in range(3):
            slow = sum(weights[i] for i in range(N) if labels[r, i] == k)
            assert shares[r, k] == pytest.approx(slow, abs=1e-15)
        total = ties.sum()
        inside = [(i, j) for i in range(N) for j in range(N) if labels[r, i] == labels[r, j]]
        slow = sum(ties[i, j] - ties[i].sum() * ties[j].sum() / total for i, j in inside) / total
        assert modularity(ties, labels[r]) == pytest.approx(slow, abs=1e-14)
        internal = sum(ties[i, j] for i, j in inside)
        assert ei_index(ties, labels[r]) == pytest.approx((total - 2 * internal) / total, abs=1e-14)
    for i in range(N):
        for j in range(N):
            slow = sum(labels[r, i] == labels[r, j] for r in range(R)) / R
            assert together[i, j] == pytest.approx(slow)


def test_exchange_between_blocs_of_a_run(world):
    """The run's shortcut against the plain index of each draw."""
    import standards_net as sn

    result = sn.run(world, "three-poles", draws=5, rng=3, technologies=("radio",), years=range(2019, 2026))
    shares = result.values("snapshot_share", scenario="three-poles", snapshot=2025, technology="radio")
    found = result.values("ei_index", scenario="three-poles", year=2025, technology="radio")
    for r in range(5):
        assert found[r] == pytest.approx(ei_index(world.exchange, shares[r].argmax(axis=1)), abs=1e-9)
