"""Consensus of draws against slow twins that look at one pair of countries at a time."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from standards_net.measures import consensus, variation_of_information

R, N = 12, 9


@pytest.fixture(params=range(4))
def made(request):
    """Three camps whose members stray now and then, under names that change from draw to draw."""
    rng = np.random.default_rng(request.param)
    camp = rng.integers(0, 3, N)
    labels = np.where(rng.random((R, N)) < 0.12, rng.integers(0, 3, (R, N)), camp)
    return (labels + rng.integers(0, 50, (R, 1))).astype(str), rng.dirichlet(np.ones(N)), rng.random(R)


def slow_cores(together, least):
    """Join the two groups whose least acquainted members are best acquainted, while that is enough."""
    groups = [[i] for i in range(N)]
    while len(groups) > 1:
        best, a, b = max(
            (min(together[i][j] for i in one for j in two), a, b)
            for a, one in enumerate(groups)
            for b, two in enumerate(groups)
            if a < b
        )
        if best < least:
            break
        groups = [g for k, g in enumerate(groups) if k not in (a, b)] + [groups[a] + groups[b]]
    return [sorted(group) for group in groups if len(group) > 1]


def test_consensus(made):
    labels, weights, draw_weights = made
    found = consensus(labels, weights=weights, draw_weights=draw_weights, core_at=0.7, least_share=0.1)
    total = sum(draw_weights)
    together = [
        [
            sum(p for p, row in zip(draw_weights, labels, strict=True) if row[i] == row[j]) / total
            for j in range(N)
        ]
        for i in range(N)
    ]
    np.testing.assert_allclose(found.together, together, atol=1e-14)
    np.testing.assert_array_equal(found.together, found.together.T)
    for i in range(N):
        others = [j for j in range(N) if j != i]
        slow = sum(weights[j] * 4 * together[i][j] * (1 - together[i][j]) for j in others)
        assert found.fence[i] == pytest.approx(slow / sum(weights[j] for j in others), abs=1e-13)
    cores = slow_cores(together, 0.7)
    cores.sort(key=lambda core: -sum(weights[i] for i in core))
    assert [[int(name) for name in core] for core in found.cores] == cores
    counts = defaultdict(float)
    for p, row in zip(draw_weights, labels, strict=True):
        held = [sum(weights[i] for i in range(N) if row[i] == bloc) for bloc in set(row)]
        counts[sum(share >= 0.1 for share in held)] += p / total
    assert found.bloc_counts == pytest.approx(dict(counts))
    table = found.to_frame()
    for i in range(N if cores else 0):
        companions = [together[i][j] for j in cores[0] if j != i]
        assert table["together_with_core"][i] == pytest.approx(sum(companions) / len(companions))


def test_variation_of_information(made):
    labels, _, _ = made

    def entropy(counts):
        return -sum(n / N * math.log(n / N) for n in counts.values())

    for a, b in zip(labels.tolist(), labels[::-1].tolist(), strict=True):
        joint = entropy(Counter(zip(a, b, strict=True)))
        slow = 2 * joint - entropy(Counter(a)) - entropy(Counter(b))
        assert variation_of_information(a, b) == pytest.approx(slow, abs=1e-14)
