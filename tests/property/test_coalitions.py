"""What must hold for any coalition game: the axioms, and what antithetic orders promise."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from standards_net.core.coalitions import (
    antithetic_orders,
    banzhaf_values,
    order_coalitions,
    shapley_of_orders,
    shapley_values,
)

FAST = settings(max_examples=50, deadline=None)
VALUES = st.floats(-100.0, 100.0)
games = st.integers(1, 6).flatmap(lambda players: arrays(float, 2**players, elements=VALUES))


def players_of(game):
    return len(game).bit_length() - 1


@FAST
@given(games)
def test_shapley_values_share_out_exactly_what_all_win(game):
    np.testing.assert_allclose(shapley_values(game).sum(), game[-1] - game[0], atol=1e-10)


@FAST
@given(games, st.data())
def test_values_do_not_depend_on_who_is_which_player(game, data):
    players = players_of(game)
    new = np.array(data.draw(st.permutations(range(players))))
    coalitions = (np.arange(len(game))[:, None] >> np.arange(players)) & 1
    renamed = np.empty_like(game)
    renamed[coalitions @ (1 << new)] = game
    for values in (shapley_values, banzhaf_values):
        np.testing.assert_allclose(values(renamed)[new], values(game), atol=1e-10)


@FAST
@given(games, st.data())
def test_who_brings_nothing_gets_nothing_and_changes_nothing(game, data):
    players = players_of(game)
    null = data.draw(st.integers(0, players))
    low = np.arange(2 ** (players + 1)) % 2**null
    high = np.arange(2 ** (players + 1)) // 2 ** (null + 1)
    joined = game[high * 2**null + low]
    others = np.delete(np.arange(players + 1), null)
    for values in (shapley_values, banzhaf_values):
        found = values(joined)
        assert found[null] == 0.0
        np.testing.assert_allclose(found[others], values(game), atol=1e-10)


@FAST
@given(games, st.floats(-3.0, 3.0), st.floats(-3.0, 3.0))
def test_values_are_linear_in_the_game(game, a, b):
    other = game[::-1] ** 2
    for values in (shapley_values, banzhaf_values):
        np.testing.assert_allclose(
            values(a * game + b * other), a * values(game) + b * values(other), atol=1e-8
        )


@FAST
@given(games, st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_sampled_values_share_out_exactly_what_all_win(game, pairs, seed):
    orders = antithetic_orders(np.random.default_rng(seed).random((pairs, players_of(game))))
    mean, _ = shapley_of_orders(game[order_coalitions(orders)], orders)
    np.testing.assert_allclose(mean.sum(), game[-1] - game[0], atol=1e-10)


@FAST
@given(st.integers(1, 7), st.integers(0, 2**32 - 1))
def test_one_antithetic_pair_is_exact_where_players_interact_by_twos(players, seed):
    rng = np.random.default_rng(seed)
    inside = ((np.arange(2**players)[:, None] >> np.arange(players)) & 1).astype(float)
    game = inside @ rng.normal(size=players) + np.einsum(
        "mi,ij,mj->m", inside, rng.normal(size=(players, players)), inside
    )
    orders = antithetic_orders(rng.random((1, players)))
    mean, _ = shapley_of_orders(game[order_coalitions(orders)], orders)
    np.testing.assert_allclose(mean, shapley_values(game), atol=1e-12)


def test_sampled_values_are_within_their_errors_of_the_exact_ones():
    rng = np.random.default_rng(8)
    game = rng.normal(size=(4, 2**8))
    orders = antithetic_orders(rng.random((400, 8)))
    mean, error = shapley_of_orders(game[:, order_coalitions(orders)], orders)
    miss = np.abs(mean - shapley_values(game)) / error
    assert miss.max() < 5.0
    assert 0.5 < np.sqrt(np.square(miss).mean()) < 1.5  # the errors are neither too wide nor too narrow
