"""Coalition games against their definitions, one order and one coalition at a time."""

import itertools

import numpy as np
import pytest

from standards_net.core.coalitions import (
    antithetic_orders,
    banzhaf_values,
    order_coalitions,
    shapley_of_orders,
    shapley_values,
)


def gains_of(game, order):
    """What each player brings as they join in this order."""
    gains, joined = [0.0] * len(order), 0
    for player in order:
        gains[player] = game[joined | 1 << player] - game[joined]
        joined |= 1 << player
    return gains


@pytest.mark.parametrize("players", range(1, 7))
def test_exact_values(players):
    games = np.random.default_rng(players).normal(size=(2, 2, 2**players))
    shapley, banzhaf = shapley_values(games), banzhaf_values(games)
    assert shapley.shape == banzhaf.shape == (2, 2, players)
    for at in np.ndindex(2, 2):
        by_order = [gains_of(games[at], order) for order in itertools.permutations(range(players))]
        np.testing.assert_allclose(shapley[at], np.mean(by_order, axis=0), atol=1e-13)
        for i in range(players):
            others = [m for m in range(2**players) if not m >> i & 1]
            slow = sum(games[at][m | 1 << i] - games[at][m] for m in others) / len(others)
            assert banzhaf[at][i] == pytest.approx(slow, abs=1e-13)


@pytest.mark.parametrize("players", range(1, 7))
def test_sampled_values(players):
    rng = np.random.default_rng(40 + players)
    games = rng.normal(size=(3, 2**players))
    orders = antithetic_orders(rng.random((5, players)))
    coalitions = order_coalitions(orders)
    mean, error = shapley_of_orders(games[:, coalitions], orders)
    for r in range(3):
        gains = np.array([gains_of(games[r], order.tolist()) for order in orders])
        pairs = np.array([(gains[2 * j] + gains[2 * j + 1]) / 2 for j in range(5)])
        np.testing.assert_allclose(mean[r], gains.mean(axis=0), atol=1e-13)
        spread = np.sqrt(np.square(pairs - pairs.mean(axis=0)).sum(axis=0) / 4)
        np.testing.assert_allclose(error[r], spread / np.sqrt(5), atol=1e-13)
    for order, along in zip(orders.tolist(), coalitions.tolist(), strict=True):
        assert along == [sum(1 << player for player in order[:n]) for n in range(players + 1)]
