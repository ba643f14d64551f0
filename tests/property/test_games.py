"""What must hold for any game: equilibria are equilibria, whoever is called what and whatever the unit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from standards_net.alignment.games.game import Game, game_of_propensities
from standards_net.alignment.games.payoffs import Terms
from standards_net.alignment.games.stability import best_responses, equilibria, quantal

FAST = settings(max_examples=40, deadline=None)
WHOLE = st.integers(-3, 3).map(float)  # narrow, so that ties are met
ANY = st.floats(-10.0, 10.0, width=16)


@st.composite
def games(draw, elements=WHOLE, draws=1):
    """Games of one to four players with two or three choices."""
    players, choices = draw(st.integers(1, 4)), draw(st.sampled_from([2, 3]))
    own = draw(arrays(float, (draws, players, choices), elements=elements))
    pair = draw(arrays(float, (draws, players, choices, players, choices), elements=elements))
    for i in range(players):
        pair[:, i, :, i] = 0.0
    start = draw(arrays(int, players, elements=st.integers(0, choices - 1)))
    return make_game(own, pair, start)


def make_game(own, pair, start):
    _, players, choices = own.shape
    return Game(
        players=tuple("ABCDEF"[:players]), choices=tuple("xyz"[:choices]), items={"all": Terms(own, pair)},
        start=start, unit="1", gdp_usd=np.ones(players),
    )  # fmt: skip


@st.composite
def symmetric_games(draw):
    """Landscapes as games, with integer propensities so that ties are met, and a start."""
    n, blocs = draw(st.integers(2, 5)), draw(st.sampled_from([2, 3]))
    sizes = draw(arrays(float, n, elements=st.integers(1, 4).map(float)))
    p = draw(arrays(float, (n, n), elements=st.one_of(WHOLE, ANY)))
    game = game_of_propensities(sizes, np.triu(p, 1) + np.triu(p, 1).T, blocs=blocs)
    return game, draw(arrays(int, n, elements=st.integers(0, blocs - 1)))


def profiles_of(game):
    return sorted(map(tuple, equilibria(game, rng=1).profiles.tolist()))


@FAST
@given(games(draws=2))
def test_equilibria_are_those_profiles_that_nobody_gains_by_leaving(game):
    found = equilibria(game, rng=1)
    assert found.complete
    shape = (len(game.choices),) * len(game.players)
    every = np.indices(shape).reshape(len(shape), -1).T
    worth = game.deviation_payoffs(every)
    stays = (game.payoffs(every) >= worth.max(axis=-1) - game.slack).all(axis=-1)  # (R, M)
    listed = {tuple(profile): found.holds[:, e] for e, profile in enumerate(found.profiles.tolist())}
    for m, profile in enumerate(every.tolist()):
        np.testing.assert_array_equal(listed.get(tuple(profile), np.zeros(2, bool)), stays[:, m])


@FAST
@given(games(draws=2))
def test_margins_are_what_it_takes_to_move_somebody(game):
    found = equilibria(game, rng=1)
    for e, profile in enumerate(found.profiles):
        worth, has = game.deviation_payoffs(profile), game.payoffs(profile)
        for r in range(game.draws):
            if not found.holds[r, e]:
                assert np.isnan(found.margin[r, e])
                assert found.leaver[r, e] == -1
                continue
            forgone = [
                has[r, i] - max(w for c, w in enumerate(worth[r, i]) if c != profile[i])
                for i in range(len(profile))
            ]
            assert found.margin[r, e] == min(forgone)
            assert forgone[found.leaver[r, e]] == min(forgone)


@FAST
@given(games(), st.data())
def test_calling_players_otherwise_moves_equilibria_with_them(game, data):
    order = np.array(data.draw(st.permutations(range(len(game.players)))))
    own, pair = game.terms
    renamed = make_game(own[:, order], pair[:, order][:, :, :, order], game.start[order])
    assert profiles_of(renamed) == sorted(tuple(np.array(p)[order].tolist()) for p in profiles_of(game))


@FAST
@given(games(), st.data())
def test_calling_choices_otherwise_moves_equilibria_with_them(game, data):
    order = np.array(data.draw(st.permutations(range(len(game.choices)))))
    own, pair = game.terms
    renamed = make_game(own[..., order], pair[:, :, order][..., order], game.start)
    assert sorted(tuple(order[list(p)].tolist()) for p in profiles_of(renamed)) == profiles_of(game)


@FAST
@given(games(), st.data())
def test_neither_a_constant_nor_a_unit_changes_what_is_stable(game, data):
    """Powers of two and whole numbers are exact, so that ties stay ties."""
    players = len(game.players)
    own, pair = game.terms
    constant = data.draw(arrays(float, players, elements=st.integers(-100, 100).map(float)))
    scale = data.draw(arrays(float, players, elements=st.integers(-6, 6).map(lambda k: 2.0**k)))
    changed = make_game(
        scale[:, None] * own + constant[:, None], scale[:, None, None, None] * pair, game.start
    )
    assert profiles_of(changed) == profiles_of(game)
    before, after = (best_responses(g, orders=3, rng=5) for g in (game, changed))
    np.testing.assert_array_equal(before.ends, after.ends)
    np.testing.assert_array_equal(before.period, after.period)


@FAST
@given(games(elements=ANY), st.data())
def test_what_another_does_to_all_choices_alike_changes_nothing(game, data):
    """A term that does not depend on the player's own choice moves its pay-off, not its mind."""
    players, choices = len(game.players), len(game.choices)
    given = data.draw(arrays(float, (players, 1, players, choices), elements=st.integers(-5, 5).map(float)))
    given[np.arange(players), :, np.arange(players)] = 0.0
    own, pair = game.terms
    changed = make_game(own, pair + given, game.start)
    assert profiles_of(changed) == profiles_of(game)


@FAST
@given(symmetric_games())
def test_best_responses_of_a_landscape_always_settle(drawn):
    game, start = drawn
    told = best_responses(game, start=start, orders=8, rng=3)
    assert (told.period == 0).all()
    stable = {tuple(p) for p in equilibria(game, rng=1).profiles.tolist()}
    assert {tuple(end) for end in told.ends[0].tolist()} <= stable
    assert stable  # there is always a minimum


@FAST
@given(games(draws=2))
def test_paths_end_in_equilibria_or_run_in_circles(game):
    told = best_responses(game, orders=4, rng=2)
    assert (told.period >= 0).all()  # finite games: 200 rounds are more than 81 profiles
    found = equilibria(game, orders=4, rng=2)
    np.testing.assert_allclose(found.reached.sum() + found.cycling, 1.0)
    for r, lane in np.ndindex(told.period.shape):
        if told.period[r, lane] == 0:
            e = [tuple(p) for p in found.profiles.tolist()].index(tuple(told.ends[r, lane].tolist()))
            assert found.holds[r, e]
        else:
            assert told.rounds[r, lane] >= told.period[r, lane] > 1


@FAST
@given(games(draws=2), st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_answer(game, seed):
    one, two = (equilibria(game, orders=5, rng=seed) for _ in range(2))
    for name in ("profiles", "holds", "margin", "leaver", "reached"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert one.cycling == two.cycling


@FAST
@given(games(draws=3))
def test_a_draw_knows_nothing_of_the_others(game):
    """Equilibria and responses of each draw are those of the draw alone."""
    together = equilibria(game, rng=1)
    own, pair = game.terms
    for r in range(3):
        alone = profiles_of(make_game(own[r : r + 1], pair[r : r + 1], game.start))
        mine = together.profiles[together.holds[r]].tolist()
        assert sorted(map(tuple, mine)) == alone


@FAST
@given(games(elements=st.floats(-1.0, 1.0, width=16)), st.floats(0.0, 0.3))
def test_quantal_chances_are_chances_and_prefer_what_is_worth_more(game, sharpness):
    chances = quantal(game, 1e-3 * sharpness)
    np.testing.assert_allclose(chances.sum(axis=-1), 1.0, rtol=1e-12)
    assert (chances > 0.0).all()
    own, pair = game.terms
    players, choices = len(game.players), len(game.choices)
    worth = own[0] + np.einsum("icjd,jd->ic", pair[0], chances[0])
    for i in range(players):
        for c in range(choices):
            for e in range(choices):
                if worth[i, c] > worth[i, e]:
                    assert chances[0, i, c] >= chances[0, i, e] - 1e-9
