"""Coalition games against published values and closed forms."""

import numpy as np
import pytest

from standards_net.core.coalitions import (
    antithetic_orders,
    banzhaf_values,
    order_coalitions,
    shapley_of_orders,
    shapley_values,
)
from standards_net.errors import StandardsNetError


def members(players):
    """(2**P, P): who is in each coalition."""
    return (np.arange(2**players)[:, None] >> np.arange(players)) & 1


def voting_game(quota, votes):
    return (members(len(votes)) @ np.array(votes) >= quota).astype(float)


def security_council():
    """Players 0 to 4 have a veto; nine of the fifteen votes are needed."""
    inside = members(15)
    return (inside[:, :5].all(axis=1) & (inside.sum(axis=1) >= 9)).astype(float)


class TestPublishedGames:
    def test_gloves(self):
        inside = members(3)
        pairs = np.minimum(inside[:, 0], inside[:, 1:].sum(axis=1))
        np.testing.assert_allclose(shapley_values(pairs), [2 / 3, 1 / 6, 1 / 6], rtol=1e-14)

    @pytest.mark.parametrize(
        ("quota", "votes", "shapley", "banzhaf"),
        [
            (51, (50, 49, 1), np.array([4, 1, 1]) / 6, np.array([3, 1, 1]) / 4),
            # Council of the European Economic Community, 1958: Luxembourg was a dummy.
            (12, (4, 4, 4, 2, 2, 1), np.array([14, 14, 14, 9, 9, 0]) / 60, np.array([5, 5, 5, 3, 3, 0]) / 16),
        ],
    )
    def test_weighted_majorities(self, quota, votes, shapley, banzhaf):
        game = voting_game(quota, votes)
        np.testing.assert_allclose(shapley_values(game), shapley, rtol=1e-14)
        np.testing.assert_allclose(banzhaf_values(game), banzhaf, rtol=1e-14)

    def test_security_council(self):
        game = security_council()
        shapley = np.repeat([421 / 2145, 4 / 2145], [5, 10])
        swings = np.repeat([848, 84], [5, 10])
        np.testing.assert_allclose(shapley_values(game), shapley, rtol=1e-12)
        np.testing.assert_allclose(banzhaf_values(game), swings / 2**14, rtol=1e-12)

    def test_airport(self):
        """Each metre of the runway is shared by those who need it (Littlechild & Owen 1973)."""
        cost = np.array([1.0, 2.5, 4.0, 4.0, 9.0])
        game = (members(5) * cost).max(axis=1)
        shared = np.cumsum(np.diff(cost, prepend=0.0) / np.arange(5, 0, -1))
        np.testing.assert_allclose(shapley_values(game), shared, rtol=1e-14)

    def test_one_player_gets_all(self):
        assert shapley_values([2.0, 5.0]).tolist() == banzhaf_values([2.0, 5.0]).tolist() == [3.0]

    def test_additive_game(self):
        worth = np.array([3.0, -1.0, 0.0, 2.5])
        for values in (shapley_values, banzhaf_values):
            np.testing.assert_allclose(values(members(4) @ worth), worth, atol=1e-15)

    def test_sixteen_players_in_many_draws_share_a_square(self):
        """v = (sum of x)^2 gives each player x_i times the sum of x."""
        x = np.random.default_rng(3).random((8, 16))
        game = np.square(x @ members(16).T)
        np.testing.assert_allclose(shapley_values(game), x * x.sum(axis=1, keepdims=True), rtol=1e-12)


class TestOrders:
    def test_coalitions_of_an_order(self):
        assert order_coalitions([[2, 0, 1], [1, 0, 2]]).tolist() == [[0, 4, 5, 7], [0, 2, 3, 7]]

    def test_sixty_two_players_fit(self):
        joined = order_coalitions(np.arange(62)[None])
        assert joined[0, -1] == 2**62 - 1
        assert (np.diff(joined) > 0).all()

    def test_pairs_are_reversals_and_ranks_of_the_numbers(self):
        u = np.random.default_rng(1).random((4, 7))
        orders = antithetic_orders(u)
        np.testing.assert_array_equal(orders[1::2], orders[::2, ::-1])
        assert (np.diff(np.take_along_axis(u, orders[::2], axis=1)) > 0).all()

    def test_all_orders_give_the_exact_value_with_a_known_error(self):
        orders = antithetic_orders([[0.3, 0.9, 0.1], [0.2, 0.4, 0.6], [0.1, 0.6, 0.2]])
        game = voting_game(51, (50, 49, 1))
        mean, error = shapley_of_orders(game[order_coalitions(orders)], orders)
        np.testing.assert_allclose(mean, [2 / 3, 1 / 6, 1 / 6], rtol=1e-14)
        np.testing.assert_allclose(error, 1 / 6, rtol=1e-14)  # pair means 1, 1/2, 1/2 or 0, 0, 1/2

    def test_one_pair_has_no_error_of_its_own(self):
        orders = antithetic_orders([[0.3, 0.9, 0.1]])
        mean, error = shapley_of_orders(np.zeros((2, 2, 4)), orders)
        assert mean.shape == error.shape == (2, 3)
        assert np.isnan(error).all()


class TestBadInput:
    PAIR = ((0, 1), (1, 0))

    @pytest.mark.parametrize(
        ("call", "sentence"),
        [
            (lambda: shapley_values(np.zeros(6)), r"shape \(6,\).*2, 4, 8"),
            (lambda: banzhaf_values(np.zeros((3, 1))), "2, 4, 8"),
            (lambda: shapley_values(1.0), "2, 4, 8"),
            (lambda: antithetic_orders(np.zeros(3)), r"must be \(orders, players\)"),
            (lambda: order_coalitions([[0, 1], [1, 1]]), "row 1 is not a permutation.*from 0 to 1 once"),
            (lambda: order_coalitions([[0.0, 1.0]]), r"must be \(orders, players\) of int"),
            (lambda: order_coalitions(np.arange(63)[None]), "hold 63 players; at most 62"),
            (lambda: shapley_of_orders(np.zeros((1, 3)), [[0, 1]]), "in pairs"),
            (lambda: shapley_of_orders(np.zeros((2, 3)), [[0, 1], [0, 1]]), "in pairs"),
            (lambda: shapley_of_orders(np.zeros((2, 2)), TestBadInput.PAIR), r"must be \(2, 3\)"),
        ],
    )
    def test_each_has_its_sentence(self, call, sentence):
        with pytest.raises(StandardsNetError, match=sentence):
            call()
