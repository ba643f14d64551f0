"""Kernels of polymatrix games against twins that loop over single players and choices."""

import itertools
import math

import numpy as np
import pytest

from standards_net.core.polymatrix import (
    distinguishes_terms,
    fit_terms,
    pure_equilibria,
    quantal_response,
    utilities,
)

SIZES = [(players, choices) for players in range(1, 7) for choices in (2, 3)]


def random_game(rng, players, choices, whole=False, lead=()):
    """Own and pair terms; whole numbers of a narrow range make ties."""
    drawn = rng.integers(-2, 3, (*lead, players, choices, players, choices)).astype(float)
    own = rng.integers(-2, 3, (*lead, players, choices)).astype(float)
    if not whole:
        drawn, own = rng.normal(size=drawn.shape), rng.normal(size=own.shape)
    for i in range(players):
        drawn[..., i, :, i, :] = 0.0
    return own, drawn


def slow_utility(own, pair, mixed, i, c):
    """What choice c is worth to player i of one game, given everybody's probabilities."""
    players, choices = own.shape
    total = float(own[i, c])
    for j in range(players):
        if j != i:
            for d in range(choices):
                total += float(pair[i, c, j, d]) * float(mixed[j, d])
    return total


def slow_payoff(own, pair, profile, i, c):
    """What player i gets for choice c while the others keep to a pure profile."""
    return float(own[i, c]) + sum(float(pair[i, c, j, profile[j]]) for j in range(len(profile)) if j != i)


def slow_equilibria(own, pair, slack):
    """Look at every profile and every change of mind."""
    players, choices = own.shape
    return [
        list(profile)
        for profile in itertools.product(range(choices), repeat=players)
        if all(
            slow_payoff(own, pair, profile, i, profile[i]) >= slow_payoff(own, pair, profile, i, c) - slack[i]
            for i in range(players)
            for c in range(choices)
        )
    ]


def slow_fit(profiles, values, choices):
    """Least squares of least norm on indicators written out row by row, one player and choice at a time."""
    players = profiles.shape[1]
    own, pair = np.zeros((players, choices)), np.zeros((players, choices, players, choices))
    for i, c in itertools.product(range(players), range(choices)):
        columns = [(j, d) for j in range(players) if j != i for d in range(choices)]
        design, seen = [], []
        for profile, got in zip(profiles, values, strict=True):
            if profile[i] == c:
                design.append([1.0] + [1.0 if profile[j] == d else 0.0 for j, d in columns])
                seen.append(got[i])
        if design:
            first, *rest = np.linalg.lstsq(np.array(design), np.array(seen), rcond=1e-10)[0]
            own[i, c] = first
            for (j, d), value in zip(columns, rest, strict=True):
                pair[i, c, j, d] = value
    return own, pair


def slow_logit(own, pair, sharpness, mixed):
    """Logit of what choices are worth to the players of one game."""
    players, choices = own.shape
    rows = []
    for i in range(players):
        worth = [float(sharpness[i]) * slow_utility(own, pair, mixed, i, c) for c in range(choices)]
        odds = [math.exp(w - max(worth)) for w in worth]
        rows.append([o / sum(odds) for o in odds])
    return rows


@pytest.mark.parametrize(("players", "choices"), SIZES)
def test_utilities(players, choices):
    rng = np.random.default_rng([players, choices])
    own, pair = random_game(rng, players, choices, lead=(2,))
    mixed = rng.dirichlet(np.ones(choices), (2, 3, players))
    mixed[:, 0] = np.eye(choices)[rng.integers(0, choices, players)]  # a pure profile among the mixed ones
    found = utilities(own, pair, mixed)
    assert found.shape == (2, 3, players, choices)
    for r, lane, i, c in np.ndindex(found.shape):
        assert found[r, lane, i, c] == pytest.approx(
            slow_utility(own[r], pair[r], mixed[r, lane], i, c), rel=1e-12, abs=1e-12
        )


class TestFit:
    @pytest.mark.parametrize(("players", "choices"), [(1, 2), (2, 2), (3, 2), (3, 3), (4, 3)])
    def test_every_profile_of_a_sum_of_pairs_is_met_exactly(self, players, choices):
        rng = np.random.default_rng([7, players, choices])
        own, pair = random_game(rng, players, choices)
        every = np.array(list(itertools.product(range(choices), repeat=players)))
        values = np.array(
            [[slow_payoff(own, pair, profile, i, profile[i]) for i in range(players)] for profile in every]
        )
        told = fit_terms(every, values, choices)
        for profile, got in zip(every, values, strict=True):
            for i in range(players):
                assert slow_payoff(*told, profile, i, profile[i]) == pytest.approx(got[i], abs=1e-11)

    @pytest.mark.parametrize("seen", [4, 15, 60])
    def test_least_squares_of_least_norm(self, seen):
        """Pay-offs that no sum of pairs meets, from few profiles and many."""
        rng = np.random.default_rng(seen)
        profiles = rng.integers(0, 3, (seen, 4))
        values = rng.normal(size=(seen, 4))
        own, pair = fit_terms(profiles, values, 3)
        slow_own, slow_pair = slow_fit(profiles, values, 3)
        np.testing.assert_allclose(own, slow_own, atol=1e-10)
        np.testing.assert_allclose(pair, slow_pair, atol=1e-10)

    def test_trailing_axes_are_fitted_each_for_itself(self):
        rng = np.random.default_rng(3)
        profiles, values = rng.integers(0, 2, (20, 3)), rng.normal(size=(20, 3, 2, 4))
        own, pair = fit_terms(profiles, values, 2)
        assert own.shape == (3, 2, 2, 4)
        assert pair.shape == (3, 2, 3, 2, 2, 4)
        for a, b in np.ndindex(2, 4):
            slow_own, slow_pair = slow_fit(profiles, values[..., a, b], 2)
            np.testing.assert_allclose(own[..., a, b], slow_own, atol=1e-10)
            np.testing.assert_allclose(pair[..., a, b], slow_pair, atol=1e-10)

    def test_a_choice_that_nobody_made_has_zeros(self):
        rng = np.random.default_rng(4)
        profiles = rng.integers(0, 2, (12, 3))
        own, pair = fit_terms(profiles, rng.normal(size=(12, 3)), 3)
        assert not own[:, 2].any()
        assert not pair[:, 2].any()
        assert not pair[..., 2].any()
        assert own[:, :2].all()

    def test_profiles_that_tell_all_terms_apart_recover_them(self):
        """Pay-offs of a sum of pairs are met in profiles not seen if, and only if, none is confounded."""
        every, met = np.array(list(itertools.product(range(3), repeat=4))), {False: 0, True: 0}
        for seed in range(40):
            rng = np.random.default_rng([11, seed])
            own, pair = random_game(rng, 4, 3)
            values = np.array([[slow_payoff(own, pair, p, i, p[i]) for i in range(4)] for p in every])
            seen = rng.choice(len(every), 30, replace=False)
            told = fit_terms(every[seen], values[seen], 3)
            again = [[slow_payoff(*told, p, i, p[i]) for i in range(4)] for p in every]
            apart = distinguishes_terms(every[seen], 3)
            assert np.allclose(again, values) == apart
            met[apart] += 1
        assert min(met.values()) > 2

    def test_nobody_meets_himself(self):
        rng = np.random.default_rng(5)
        _, pair = fit_terms(rng.integers(0, 3, (40, 4)), rng.normal(size=(40, 4)), 3)
        for i in range(4):
            assert not pair[i, :, i].any()


class TestPureEquilibria:
    @pytest.mark.parametrize(("players", "choices"), SIZES)
    @pytest.mark.parametrize("whole", [True, False], ids=["ties", "no ties"])
    def test_none_is_left_out_and_none_made_up(self, players, choices, whole):
        rng = np.random.default_rng([players, choices, whole])
        for _ in range(6):
            own, pair = random_game(rng, players, choices, whole)
            slack = np.zeros(players) if whole else np.full(players, 1e-12)
            found, complete = pure_equilibria(own, pair, slack, 2000, 10**6)
            expected = slow_equilibria(own, pair, slack)
            assert found.tolist() == expected  # in the order of the choices, too
            assert complete

    def test_games_with_none_one_and_several_are_among_those_tested(self):
        rng = np.random.default_rng(1)
        counts = set()
        for _ in range(60):
            own, pair = random_game(rng, 3, 2)
            found, _ = pure_equilibria(own, pair, np.zeros(3), 100, 1000)
            assert found.tolist() == slow_equilibria(own, pair, np.zeros(3))
            counts.add(len(found))
        assert counts >= {0, 1, 2}

    def test_slack_lets_a_player_stay_for_a_small_loss(self):
        rng = np.random.default_rng(2)
        more = 0
        for _ in range(10):
            own, pair = random_game(rng, 4, 3, whole=True)
            slack = np.array([0.0, 1.0, 2.0, 0.5])
            found, _ = pure_equilibria(own, pair, slack, 2000, 10**6)
            assert found.tolist() == slow_equilibria(own, pair, slack)
            more += len(found) - len(slow_equilibria(own, pair, np.zeros(4)))
        assert more > 0

    def test_all_profiles_where_nothing_matters(self):
        found, complete = pure_equilibria(np.zeros((3, 3)), np.zeros((3, 3, 3, 3)), np.zeros(3), 100, 1000)
        assert len(found) == 27
        assert complete

    def test_it_says_when_it_stopped_before_the_end(self):
        nothing = np.zeros((3, 3)), np.zeros((3, 3, 3, 3)), np.zeros(3)
        few, complete = pure_equilibria(*nothing, 5, 1000)
        assert len(few) == 5
        assert not complete
        some, complete = pure_equilibria(*nothing, 100, 10)
        assert 0 < len(some) < 27
        assert not complete

    def test_large_games_are_searched_to_the_end(self):
        """Twelve players who all want to be where the others are: 3 of 531441 profiles."""
        meet = np.eye(3)[None, :, None, :] * (1 - np.eye(12))[:, None, :, None]
        found, complete = pure_equilibria(np.zeros((12, 3)), meet, np.zeros(12), 100, 10**6)
        assert found.tolist() == [[c] * 12 for c in range(3)]
        assert complete


class TestQuantalResponse:
    @pytest.mark.parametrize(("players", "choices"), SIZES)
    def test_probabilities_are_the_logit_of_what_choices_are_worth(self, players, choices):
        rng = np.random.default_rng([11, players, choices])
        own, pair = random_game(rng, players, choices, lead=(3,))
        sharpness = np.array([0.2, 1.0, 2.0])[:, None] * rng.uniform(0.5, 1.0, (3, players))
        mixed = quantal_response(own, pair, sharpness)
        for r in range(3):
            reply = slow_logit(own[r], pair[r], sharpness[r], mixed[r])
            assert np.abs(np.array(reply) - mixed[r]).max() < 1e-8

    def test_where_there_is_but_one_it_is_what_plain_iteration_finds(self):
        rng = np.random.default_rng(12)
        own, pair = random_game(rng, 4, 3, lead=(2,))
        sharpness = np.full((2, 4), 0.1)  # so weak that replies contract
        found = quantal_response(own, pair, sharpness)
        for r in range(2):
            mixed = np.full((4, 3), 1 / 3)
            for _ in range(200):
                mixed = np.array(slow_logit(own[r], pair[r], sharpness[r], mixed))
            np.testing.assert_allclose(found[r], mixed, atol=1e-9)

    def test_players_who_chase_each_other(self):
        """Uneven matching pennies: no pure equilibrium, and plain replies to sharp eyes run in circles."""
        own, pair = np.zeros((1, 2, 2)), np.zeros((1, 2, 2, 2, 2))
        pair[0, 0, :, 1] = [[4.0, -1.0], [-1.0, 1.0]]
        pair[0, 1, :, 0] = [[-1.0, 1.0], [1.0, -1.0]]
        for sharpness in (0.5, 1.0, 8.0):
            lam = np.full((1, 2), sharpness)
            mixed = quantal_response(own, pair, lam)
            reply = np.array(slow_logit(own[0], pair[0], lam[0], mixed[0]))
            assert np.abs(reply - mixed[0]).max() < 1e-8, f"no equilibrium at sharpness {sharpness}"

    @pytest.mark.parametrize("sharpness", [1.9, 2.0, 2.1, 4.0, 8.0, 64.0])
    def test_where_branches_part(self, sharpness):
        """Two who want to meet, at either place: at 2 even chances cease to be the only equilibrium."""
        own, pair = np.zeros((1, 2, 2)), np.zeros((1, 2, 2, 2, 2))
        pair[0, 0, :, 1] = pair[0, 1, :, 0] = np.eye(2)
        lam = np.full((1, 2), sharpness)
        mixed = quantal_response(own, pair, lam)
        reply = np.array(slow_logit(own[0], pair[0], lam[0], mixed[0]))
        assert np.abs(reply - mixed[0]).max() < 1e-8

    def test_the_branch_from_even_chances_is_followed(self):
        """A stag hunt in small steps: the sure thing wins, though the stag is better for both."""
        own, pair = np.zeros((1, 2, 2)), np.zeros((1, 2, 2, 2, 2))
        pair[0, 0, :, 1] = pair[0, 1, :, 0] = [[5.0, 0.0], [3.0, 3.0]]
        p = 0.5
        for sharpness in np.linspace(0.0, 6.0, 601):
            for _ in range(300):
                p = 1.0 / (1.0 + math.exp(-sharpness * (5.0 * p - 3.0)))
        mixed = quantal_response(own, pair, np.full((1, 2), 6.0))
        np.testing.assert_allclose(mixed[0, :, 0], p, atol=1e-9)
        assert p < 0.01

    def test_a_draw_knows_nothing_of_the_others(self):
        rng = np.random.default_rng(13)
        own, pair = random_game(rng, 3, 3, lead=(4,))
        sharpness = np.array([0.1, 1.0, 3.0, 6.0])[:, None] * np.ones((4, 3))
        together = quantal_response(own, pair, sharpness)
        for r in range(4):
            alone = quantal_response(own[r : r + 1], pair[r : r + 1], sharpness[r : r + 1])
            np.testing.assert_allclose(together[r], alone[0], atol=1e-9)
