"""Decompositions, the account and partitions against twins that loop over single numbers."""

import math
from itertools import combinations

import numpy as np
import pytest

from standards_net.measures import (
    agreement,
    briscoe_loss,
    country_beta,
    effective_standards,
    exchange_matrix,
    fence_sitting,
    fragmentation,
    hhi,
    interoperability_loss,
    loss_by_country,
    loss_of_group,
    loss_touching_group,
    metcalfe_loss,
    reed_loss,
    scale_penalty,
    shannon,
    usd_account,
)
from standards_net.measures.interoperability import loss_by_country_of

A, R, N, S = 2, 3, 5, 4


@pytest.fixture
def made():
    """Two batch axes; compatibility of each of their cells."""
    rng = np.random.default_rng(5)
    c = rng.random((A, R, S, S))
    c = (c + c.swapaxes(-1, -2)) / 2
    c[..., range(S), range(S)] = 1.0
    return {
        "b": rng.dirichlet(np.ones(S), (A, R, N)),
        "c": c,
        "w": rng.dirichlet(np.ones(N)),
        "omega": exchange_matrix(rng.random((N, N))),
        "rng": rng,
    }


def works(one, other, c):
    return sum(one[s] * c[s, t] * other[t] for s in range(S) for t in range(S))


@pytest.mark.parametrize("shared", [True, False])
def test_two_batch_axes_and_one_compatibility_for_all(made, shared):
    b, w, omega = made["b"], made["w"], made["omega"]
    c = made["c"][0, 0] if shared else made["c"]
    beta = fragmentation(b, w, c).beta
    parts = country_beta(b, w, c)
    world, country = interoperability_loss(b, omega, c), loss_by_country(b, omega, c)
    np.testing.assert_array_equal(country, loss_by_country_of(b, omega, c))
    for cell in np.ndindex(A, R):
        mine, cc = b[cell], c if shared else c[cell]
        pooled = [sum(w[i] * mine[i, s] for i in range(N)) for s in range(S)]
        gamma = 1 / works(pooled, pooled, cc)
        assert beta[cell] == pytest.approx(
            gamma * sum(w[i] * works(mine[i], mine[i], cc) for i in range(N)), rel=1e-12
        )
        for i in range(N):
            apart = mine[i] - pooled
            assert parts[(*cell, i)] == pytest.approx(gamma * w[i] * works(apart, apart, cc), abs=1e-12)
            kept = sum(omega[i, j] * works(mine[i], mine[j], cc) for j in range(N))
            assert country[(*cell, i)] == pytest.approx(1 - kept / sum(omega[i]), rel=1e-12)
        kept = sum(omega[i, j] * works(mine[i], mine[j], cc) for i in range(N) for j in range(N))
        assert world[cell] == pytest.approx(1 - kept, rel=1e-12)


def test_one_adoption_under_many_compatibilities(made):
    b, w, c, omega = made["b"][0, 0], made["w"], made["c"], made["omega"]
    many = np.broadcast_to(b, (A, R, N, S))
    np.testing.assert_allclose(fragmentation(b, w, c), fragmentation(many, w, c), rtol=1e-12)
    np.testing.assert_allclose(
        interoperability_loss(b, omega, c), interoperability_loss(many, omega, c), rtol=1e-12
    )


@pytest.mark.parametrize("order", [0.0, 0.5, 1.0, 3.0, np.inf])
def test_empty_rows_are_left_out_draw_by_draw(made, order):
    b, w, c = made["b"].copy(), made["w"], made["c"]
    empty = made["rng"].random((A, R, N)) < 0.4
    empty[..., 0] = False
    b[empty] = 0.0
    found = fragmentation(b, w, c, order)
    for cell in np.ndindex(A, R):
        kept = ~empty[cell]
        alone = fragmentation(b[cell][kept], w[kept], c[cell], order)
        np.testing.assert_allclose([x[cell] for x in found], alone, rtol=1e-12)


def test_groups(made):
    b, c, omega = made["b"], made["c"], made["omega"]
    members = np.array([True, False, True, True, False])
    found = {
        "own": loss_of_group(b, omega, c, members),
        "inside": loss_of_group(b, omega, c, members, inside_only=True),
        "touching": loss_touching_group(b, omega, c, members),
    }
    counts = {
        "own": lambda i, j: members[i],
        "inside": lambda i, j: members[i] and members[j],
        "touching": lambda i, j: members[i] or members[j],
    }
    for name, counted in counts.items():
        pairs = [(i, j) for i in range(N) for j in range(N) if counted(i, j)]
        total = sum(omega[i, j] for i, j in pairs)
        for cell in np.ndindex(A, R):
            kept = sum(omega[i, j] * works(b[cell][i], b[cell][j], c[cell]) for i, j in pairs)
            assert found[name][cell] == pytest.approx(1 - kept / total, rel=1e-12)


def test_laws_of_value_and_scale(made):
    p, c, rng = made["b"][..., 0, :], made["c"], made["rng"]
    nodes, ratio = 10 + 1e6 * rng.random((A, R)), 0.8 + 0.2 * rng.random((A, R))
    small = 2 + 5 * rng.random((A, R))
    for cell in np.ndindex(A, R):
        shares, cc = p[cell], c[cell]
        reach = [sum(cc[s, t] * shares[t] for t in range(S)) for s in range(S)]
        assert hhi(p)[cell] == pytest.approx(sum(x * x for x in shares), rel=1e-12)
        assert shannon(p)[cell] == pytest.approx(-sum(x * math.log(x) for x in shares), rel=1e-12)
        assert metcalfe_loss(p, c)[cell] == pytest.approx(1 - works(shares, shares, cc), rel=1e-12)
        slow = -sum(x * math.log(o) for x, o in zip(shares, reach, strict=True)) / math.log(nodes[cell])
        assert briscoe_loss(p, nodes, c)[cell] == pytest.approx(slow, rel=1e-12)
        slow = 1 - sum(2 ** (x * small[cell]) for x in shares) / 2 ** small[cell]
        assert reed_loss(p, small)[cell] == pytest.approx(slow, abs=1e-12)
        slow = sum(x * (o ** math.log2(ratio[cell]) - 1) for x, o in zip(shares, reach, strict=True))
        assert scale_penalty(p, ratio, c)[cell] == pytest.approx(slow, rel=1e-12)
        slow = 1 / max(o for x, o in zip(shares, reach, strict=True) if x > 0)
        assert effective_standards(p, c, np.inf)[cell] == pytest.approx(slow, rel=1e-12)


def test_account(made):
    b, c, w, omega, rng = (made[k] for k in ("b", "c", "w", "omega", "rng"))
    value, spending, removed = rng.random((3, A, R, N))
    traded = rng.random(N)
    law, rate, multiple = rng.random((3, A, R))
    nodes, ratio = 1e6 * (1 + rng.random((A, R))), 0.8 + 0.1 * rng.random((A, R))
    account = usd_account(
        b, w, omega, c, network_value_usd=value, law=law, nodes=nodes, spending_usd=spending,
        progress_ratio=ratio, exchange_value_usd=traded, double_running_rate=rate, removed_usd=removed,
        replacement_multiple=multiple,
    )  # fmt: skip
    for cell in np.ndindex(A, R):
        mine, cc = b[cell], c[cell]
        pooled = [sum(w[i] * mine[i, s] for i in range(N)) for s in range(S)]
        reach = [sum(cc[s, t] * pooled[t] for t in range(S)) for s in range(S)]
        total = 0.0
        for i in range(N):
            square = sum(mine[i, s] * (1 - reach[s]) for s in range(S))
            logs = -sum(mine[i, s] * math.log(reach[s]) for s in range(S)) / math.log(nodes[cell])
            dearer = sum(mine[i, s] * (reach[s] ** math.log2(ratio[cell]) - 1) for s in range(S))
            kept = sum(omega[i, j] * works(mine[i], mine[j], cc) for j in range(N)) / sum(omega[i])
            expected = (
                value[cell][i] * (law[cell] * square + (1 - law[cell]) * logs),
                spending[cell][i] * dearer,
                rate[cell] * traded[i] * (1 - kept),
                multiple[cell] * removed[cell][i],
            )
            assert [item[(*cell, i)] for item in account] == pytest.approx(expected, rel=1e-12)
            total += sum(expected)
        assert account.world().total[cell] == pytest.approx(total, rel=1e-12)


def test_partitions(made):
    rng = made["rng"]
    one, two = rng.integers(0, 3, (2, 12))
    pairs = list(combinations(range(12), 2))
    same_one = [one[i] == one[j] for i, j in pairs]
    same_two = [two[i] == two[j] for i, j in pairs]
    both = sum(a and b for a, b in zip(same_one, same_two, strict=True))
    expected = sum(same_one) * sum(same_two) / len(pairs)
    slow = (both - expected) / ((sum(same_one) + sum(same_two)) / 2 - expected)
    assert agreement(one, two) == pytest.approx(slow, abs=1e-12)
    labels = rng.integers(0, 3, (7, 4))
    for i in range(4):
        alike = sum(labels[r, i] == labels[q, i] for r in range(7) for q in range(7)) / 49
        assert fence_sitting(labels)[i] == pytest.approx((1 - alike) / (2 / 3), abs=1e-12)
