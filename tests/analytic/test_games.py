"""Games whose equilibria, margins and paths can be written down: textbooks, chases, and UNIX in 1988."""

import itertools
import math

import numpy as np
import pytest

from standards_net.alignment.games.game import Game, game_of_propensities
from standards_net.alignment.games.payoffs import Terms
from standards_net.alignment.games.stability import best_responses, equilibria, quantal
from standards_net.alignment.landscapes.landscape_theory import landscape

MATCH = np.eye(2)


def make_game(own, pair, *, choices=None, start=None, gdp_usd=None, loss=None):
    """A game of one item from terms of one draw, or of several."""
    own, pair = np.asarray(own, float), np.asarray(pair, float)
    if own.ndim == 2:
        own, pair = own[None], pair[None]
    _, players, count = own.shape
    return Game(
        players=tuple("ABCDEFGH"[:players]),
        choices=choices or tuple("xyz"[:count]),
        items={"all": Terms(own, pair)},
        start=np.zeros(players, int) if start is None else np.array(start),
        unit="1",
        gdp_usd=np.ones(players) if gdp_usd is None else np.asarray(gdp_usd, float),
        loss=loss,
    )


def two_player_game(first, second, **more):
    """From pay-off matrices [own choice, other's choice] of the two players."""
    first, second = np.asarray(first, float), np.asarray(second, float)
    pair = np.zeros((2, len(first), 2, len(first)))
    pair[0, :, 1], pair[1, :, 0] = first, second
    return make_game(np.zeros((2, len(first))), pair, **more)


def frustration_energy(sizes, propensity, labels):
    """Energy over ordered pairs, written out."""
    n = len(sizes)
    return sum(
        sizes[i] * sizes[j] * propensity[i][j]
        for i in range(n)
        for j in range(n)
        if i != j and labels[i] != labels[j]
    )


def local_minima(sizes, propensity, blocs):
    """Configurations from which no single actor's move lowers energy."""
    found = []
    steps = list(itertools.product(range(len(sizes)), range(blocs)))
    for labels in itertools.product(range(blocs), repeat=len(sizes)):
        here = frustration_energy(sizes, propensity, labels)
        moves = ((*labels[:i], bloc, *labels[i + 1 :]) for i, bloc in steps)
        if all(frustration_energy(sizes, propensity, moved) >= here - 1e-9 for moved in moves):
            found.append(labels)
    return found


def partition(labels):
    """A configuration whatever its blocs are called."""
    return frozenset(frozenset(i for i, b in enumerate(labels) if b == bloc) for bloc in set(labels))


class TestTextbookGames:
    def test_coordination_has_two_equilibria(self):
        found = equilibria(two_player_game(2.0 * MATCH, MATCH), rng=1)
        assert found.profiles.tolist() == [[0, 0], [1, 1]]
        assert found.complete
        assert found.share.tolist() == [1.0, 1.0]
        assert found.margin.tolist() == [[1.0, 1.0]]
        assert found.leaver.tolist() == [[1, 1]]  # the second player has less to lose
        assert found.reached.tolist() == [1.0, 0.0]  # the start is one of them
        assert found.cycling == 0.0

    def test_battle_of_the_sexes(self):
        game = two_player_game([[3, 0], [0, 2]], [[2, 0], [0, 3]])
        found = equilibria(game, start=[0, 1], orders=64, rng=1)
        assert found.profiles.tolist() == [[0, 0], [1, 1]]
        assert found.margin.tolist() == [[2.0, 2.0]]
        assert found.leaver.tolist() == [[1, 0]]  # who likes the other place better is the first to leave
        # From apart, whoever moves first joins the other: the first player the second, or the other way.
        assert sum(found.reached) == 1.0
        assert 0.2 < found.reached[0] < 0.8
        np.testing.assert_allclose(found.choices(), 0.5)

    def test_prisoners_dilemma_as_own_and_pair_terms(self):
        """Helping costs 1 and gives the other 3: nobody helps, though all would be better off."""
        pair = np.zeros((2, 2, 2, 2))
        pair[0, :, 1, 0] = pair[1, :, 0, 0] = 3.0
        game = make_game([[-1.0, 0.0], [-1.0, 0.0]], pair, choices=("help", "not"))
        assert game.payoffs([0, 0]).tolist() == [[2.0, 2.0]]
        assert game.payoffs({"A": "help", "B": "not"}).tolist() == [[-1.0, 3.0]]
        found = equilibria(game, rng=1)
        assert found.profiles.tolist() == [[1, 1]]
        assert found.margin.tolist() == [[1.0]]
        assert found.reached.tolist() == [1.0]
        assert best_responses(game, rng=1).status() == ("settled after 1 rounds",)

    def test_margins_and_the_first_to_leave(self):
        """Three choices. A forgoes 5 - 3.5 by staying, B 4 - 1, C 2 - 1.25."""
        own = [[5.0, 3.5, -9.0], [0.0, 1.0, 0.0], [2.0, 0.0, 1.0]]
        pair = np.zeros((3, 3, 3, 3))
        pair[1, 0, 0, 0] = 4.0  # B gets 4 for x if A takes x
        pair[2, 2, 1, 0] = 0.25  # C gets 0.25 more for z if B takes x
        found = equilibria(make_game(own, pair), rng=1)
        assert found.profiles.tolist() == [[0, 0, 0]]
        assert found.margin.tolist() == [[0.75]]
        assert found.leaver.tolist() == [[2]]
        row = found.to_frame().iloc[0]
        assert row["first_to_leave"] == "C"
        assert row["margin"] == row["margin_low"] == row["margin_high"] == 0.75
        assert (row["x"], row["y"], row["z"]) == ("A, B, C", "", "")

    def test_equilibria_of_several_draws(self):
        """In one draw both places hold, in one the first alone, and in one neither."""
        pair = np.zeros((3, 2, 2, 2, 2))
        pair[0, 0, :, 1] = pair[0, 1, :, 0] = MATCH
        pair[2, 0, :, 1], pair[2, 1, :, 0] = MATCH, 1 - MATCH
        own = np.zeros((3, 2, 2))
        own[1, :, 0] = 1.0
        found = equilibria(make_game(own, pair), orders=4, rng=1)
        assert found.profiles.tolist() == [[0, 0], [1, 1]]
        assert found.holds.tolist() == [[True, True], [True, False], [False, False]]
        np.testing.assert_array_equal(found.margin, [[1.0, 1.0], [1.0, np.nan], [np.nan, np.nan]])
        assert found.leaver.tolist() == [[0, 0], [0, -1], [-1, -1]]
        assert found.reached.tolist() == [pytest.approx(2 / 3), 0.0]
        assert found.cycling == pytest.approx(1 / 3)
        # Draws that have one count alike, and equilibria of a draw alike: (1/2 + 1) / 2.
        np.testing.assert_allclose(found.choices(), [[0.75, 0.25]] * 2)
        assert repr(found) == "<Equilibria: 2 profiles in 3 draws, 0 to 2 per draw>"


class TestNobodyAtRest:
    def test_matching_pennies(self):
        game = two_player_game(MATCH, 1.0 - MATCH)
        found = equilibria(game, orders=8, rng=1)
        assert found.profiles.shape == (0, 2)
        assert found.complete
        assert found.cycling == 1.0
        assert found.to_frame().empty
        assert np.isnan(found.choices()).all()
        assert repr(found) == "<Equilibria: 0 profiles in 1 draws, 0 to 0 per draw>"
        # Moving in turn, each round turns both coins over.
        told = best_responses(game, orders=8, rng=1)
        assert (told.period == 2).all()
        # All at once (0, 0) -> (0, 1) -> (1, 1) -> (1, 0) -> (0, 0).
        at_once = best_responses(game, order="simultaneous")
        assert at_once.period.tolist() == [[4]]
        assert at_once.rounds.tolist() == [[4]]
        assert at_once.status() == ("cycling with period 4",)

    def test_three_who_chase_each_other(self):
        """A wants to be with B, B with C, and C away from A: an odd ring of likes has no rest."""
        likes = np.zeros((3, 3))
        likes[0, 1] = likes[1, 2] = 1.0
        likes[2, 0] = -1.0
        game = game_of_propensities(np.ones(3), likes, names=list("ABC"))
        profiles = np.array(list(itertools.product((0, 1), repeat=3)))
        assert (game.deviation_payoffs(profiles).max(axis=-1) > game.payoffs(profiles)).any(axis=2).all()
        found = equilibria(game, orders=12, rng=1)
        assert len(found.profiles) == 0
        assert found.cycling == 1.0
        assert (best_responses(game, orders=12, rng=1).period > 0).all()
        # All at once from (0, 0, 0): C flees, B follows C, A follows B, then C flees again.
        path = best_responses(game, order="simultaneous")
        assert path.period.tolist() == [[6]]

    def test_simultaneous_moves_of_two_who_want_to_meet(self):
        game = two_player_game(MATCH, MATCH, start=[0, 1])
        missed = best_responses(game, order="simultaneous")
        assert missed.status() == ("cycling with period 2",)
        assert missed.rounds.tolist() == [[2]]
        in_turn = best_responses(game, orders=3, rng=1)
        assert in_turn.period.tolist() == [[0, 0, 0]]
        assert (in_turn.ends[..., 0] == in_turn.ends[..., 1]).all()
        assert in_turn.rounds.tolist() == [[1, 1, 1]]

    def test_rounds_that_run_out(self):
        """A path of period 4 is still moving after three rounds."""
        told = best_responses(two_player_game(MATCH, 1.0 - MATCH), order="simultaneous", rounds=3)
        assert told.status() == ("still moving after 3 rounds",)
        assert told.period.tolist() == [[-1]]

    def test_who_gains_nothing_stays(self):
        game = two_player_game(np.zeros((2, 2)), np.zeros((2, 2)), start=[1, 0])
        told = best_responses(game, rng=1)
        assert told.ends.tolist() == [[[1, 0]]]
        assert told.rounds.tolist() == [[0]]
        assert len(equilibria(game, rng=1).profiles) == 4


class TestLandscapesAsGames:
    @pytest.mark.parametrize(("blocs", "whole"), [(2, False), (2, True), (3, False)])
    def test_equilibria_are_the_local_minima(self, blocs, whole):
        rng = np.random.default_rng([blocs, whole])
        for n in (3, 4, 5):
            sizes = rng.integers(1, 4, n).astype(float) if whole else rng.uniform(0.5, 3.0, n)
            p = rng.integers(-2, 3, (n, n)).astype(float) if whole else rng.normal(size=(n, n))
            p = np.triu(p, 1) + np.triu(p, 1).T
            found = equilibria(game_of_propensities(sizes, p, blocs=blocs), rng=1)
            expected = local_minima(sizes.tolist(), p.tolist(), blocs)
            assert sorted(map(tuple, found.profiles.tolist())) == expected
            assert found.cycling == 0.0  # energy falls with every move
            assert sum(found.reached) == pytest.approx(1.0)

    @pytest.mark.parametrize("blocs", [2, 3])
    def test_the_landscape_finds_the_same(self, blocs):
        rng = np.random.default_rng(blocs)
        for _ in range(5):
            sizes, p = rng.uniform(0.5, 3.0, 6), rng.normal(size=(6, 6))
            p = np.triu(p, 1) + np.triu(p, 1).T
            game = game_of_propensities(sizes, p, blocs=blocs)
            known = landscape(sizes, p, blocs=blocs)
            found = equilibria(game, rng=1)
            assert {partition(profile) for profile in found.profiles} == {
                partition(minimum.labels) for minimum in known.minima
            }
            for profile in found.profiles:
                # Energy is what the actors suffer, weighted by their sizes.
                suffered = -float(game.payoffs(profile)[0] @ sizes)
                assert suffered == pytest.approx(known.energy(profile.tolist()), rel=1e-12, abs=1e-12)

    def test_unix_in_1988(self):
        """Axelrod & Bennett 1993: two configurations, of the same energy, and no third."""
        sizes = {"Sun": 28.9, "Prime": 1.0, "Apollo": 21.2, "Intergraph": 4.4, "SGI": 4.4,
                 "DEC": 20.0, "HP": 11.5, "IBM": 3.8, "AT&T": 28.5}  # fmt: skip
        specialists = {"Sun", "Prime", "Apollo", "Intergraph", "SGI"}
        p = [[-1.0 if (a in specialists) == (b in specialists) else 0.0 for b in sizes] for a in sizes]
        game = game_of_propensities(list(sizes.values()), p, names=list(sizes))
        found = equilibria(game, rng=1)
        assert len(found.profiles) == 4  # two, and the same two with blocs swapped
        told = {
            frozenset(frozenset(who.split(", ")) for who in game.players_by_choice(profile).values())
            for profile in found.profiles
        }
        first = {"Sun", "Prime", "AT&T", "IBM"}, {"DEC", "HP", "Apollo", "Intergraph", "SGI"}
        second = {"Sun", "Prime", "DEC", "HP"}, {"AT&T", "IBM", "Apollo", "Intergraph", "SGI"}
        assert told == {frozenset(map(frozenset, pair)) for pair in (first, second)}
        energy = -game.payoffs(found.profiles)[0] @ np.array(list(sizes.values()))
        np.testing.assert_allclose(energy, -3828.9, atol=0.05)
        assert found.cycling == 0.0


class TestQuantal:
    def test_no_sharpness_is_even(self):
        rng = np.random.default_rng(1)
        game = game_of_propensities(rng.uniform(1, 2, 4), rng.normal(size=(4, 4)), blocs=3)
        np.testing.assert_array_equal(quantal(game, 0.0), np.full((1, 4, 3), 1 / 3))

    def test_one_player_alone_is_a_logit(self):
        worth, gdp = np.array([3.0, 1.0, 2.5]), 2e3
        game = make_game(worth[None], np.zeros((1, 3, 1, 3)), gdp_usd=[gdp])
        odds = [math.exp(4.0 * u / (1e-3 * gdp)) for u in worth]
        np.testing.assert_allclose(quantal(game, 4.0)[0, 0], np.array(odds) / sum(odds), rtol=1e-9)

    def test_a_tenth_of_a_thousandth_of_gdp_at_ten_is_chosen_e_times_as_often(self):
        gdp = np.array([5e12, 2e10])
        own = np.column_stack([1e-4 * gdp, np.zeros(2)])
        chances = quantal(make_game(own, np.zeros((2, 2, 2, 2)), gdp_usd=gdp), 10.0)[0]
        np.testing.assert_allclose(chances[:, 0] / chances[:, 1], math.e, rtol=1e-8)

    def test_sharp_eyes_see_the_pure_equilibrium(self):
        """Every choice here is dominant, or dominant once the others' are seen through."""
        own = np.array([[0.0, 0.5], [0.0, 0.0], [0.0, 0.0]])
        pair = np.zeros((3, 2, 3, 2))
        pair[1, 0, 0, 1] = 1.0  # B wants x if A takes y
        pair[2, 1, 1, 0] = 1.0  # C wants y if B takes x
        game = make_game(own, pair)
        expected = equilibria(game, rng=1).profiles[0]
        assert expected.tolist() == [1, 0, 1]
        chances = quantal(game, 0.05)
        np.testing.assert_allclose(chances[0], np.eye(2)[expected], atol=1e-9)
        blurred = quantal(game, 0.002)[0, np.arange(3), expected]
        assert (blurred > 0.5).all()
        assert (blurred < 0.95).all()

    def test_two_who_want_to_meet_solve_one_equation(self):
        """Both take x with chance p = 1 / (1 + exp(-lam (2 p - (1 - p)))) if x pays 2 and y 1."""
        game = two_player_game([[2, 0], [0, 1]], [[2, 0], [0, 1]])
        lam = 1.5
        p = 0.5
        for _ in range(500):
            p = 1.0 / (1.0 + math.exp(-lam * (3.0 * p - 1.0)))
        np.testing.assert_allclose(quantal(game, lam * 1e-3)[0, :, 0], p, atol=1e-9)


class TestPartsOfAGame:
    def thirds(self):
        rng = np.random.default_rng(3)
        items = {}
        for name in ("network", "price", "security"):
            pair = rng.normal(size=(5, 4, 3, 4, 3))
            for i in range(4):
                pair[:, i, :, i] = 0.0
            items[name] = Terms(rng.normal(size=(5, 4, 3)), pair)
        loss = Terms(rng.normal(size=(5, 5, 3)), rng.normal(size=(5, 5, 3, 5, 3)))
        return Game(
            players=tuple("ABCD"), choices=("us", "china", "nonaligned"), items=items,
            start=np.array([0, 2, 1, 2]), unit="USD per year", gdp_usd=np.ones(4), loss=loss,
        )  # fmt: skip

    def test_without_a_choice_all_else_pays_as_before(self):
        game = self.thirds()
        left = game.without("china")
        assert left.choices == ("us", "nonaligned")
        kept = [0, 2]
        for profile in itertools.product((0, 1), repeat=4):
            before = [kept[c] for c in profile]
            np.testing.assert_allclose(left.payoffs(list(profile)), game.payoffs(before), rtol=1e-12)
            np.testing.assert_allclose(
                left.interoperability_loss(list(profile)), game.interoperability_loss(before), rtol=1e-12
            )

    def test_who_began_with_it_begins_with_the_best_that_is_left(self):
        game = self.thirds()
        best = game.deviation_payoffs(game.start)[:, 2, [0, 2]].mean(axis=0).argmax()
        assert game.without("china").start.tolist() == [0, 1, best, 1]
        assert game.without("us").start.tolist()[1:] == [1, 0, 1]

    def test_only_some_items(self):
        game = self.thirds()
        some = game.only(["price", "security"])
        profile = ["us", "china", "us", "nonaligned"]
        rest = game.only(["network"])
        np.testing.assert_allclose(
            some.payoffs(profile) + rest.payoffs(profile), game.payoffs(profile), rtol=1e-12
        )
        assert some.conditional_on.endswith("items price, security only")

    def test_the_rows_of_a_table_add_up(self):
        game = self.thirds()
        one_draw = Game(
            players=game.players, choices=game.choices, start=game.start, unit="1", gdp_usd=np.ones(4),
            items={name: Terms(terms.own[:1], terms.pair[:1]) for name, terms in game.items.items()},
        )  # fmt: skip
        profile = {"A": "china", "B": "us", "C": "us", "D": "nonaligned"}
        table = one_draw.payoff_table("C", profile).set_index("item")
        assert table.index.tolist() == ["network", "price", "security", "together"]
        np.testing.assert_allclose(table.loc["together"], table.drop("together").sum(), rtol=1e-12)
        worth = one_draw.deviation_payoffs(profile)[0, 2]
        np.testing.assert_allclose(table.loc["together", list(game.choices)].astype(float), worth, rtol=1e-12)
        assert table.loc["together", "us"] == pytest.approx(one_draw.payoffs(profile)[0, 2])

    def test_a_table_has_quantiles_over_the_draws(self):
        game = self.thirds()
        row = game.payoff_table("B").set_index("item").loc["together"]
        worth = game.deviation_payoffs(game.start)[:, 1]
        for c, choice in enumerate(game.choices):
            expected = np.quantile(worth[:, c], [0.05, 0.5, 0.95])
            found = [row[f"{choice}_low"], row[choice], row[f"{choice}_high"]]
            np.testing.assert_allclose(np.array(found, float), expected, rtol=1e-12)

    def test_many_profiles_at_once(self):
        game = self.thirds()
        profiles = np.random.default_rng(4).integers(0, 3, (7, 4))
        assert game.deviation_payoffs(profiles).shape == (5, 7, 4, 3)
        for m, profile in enumerate(profiles):
            np.testing.assert_allclose(game.payoffs(profiles)[:, m], game.payoffs(profile), rtol=1e-12)
            np.testing.assert_allclose(
                game.interoperability_loss(profiles)[:, m], game.interoperability_loss(profile), rtol=1e-12
            )

    def test_loss_is_the_sum_of_everybodys_part(self):
        """The last row of the loss terms stands for all other countries, who have one choice."""
        game = self.thirds()
        profile = [1, 0, 2, 1]
        own, pair = game.loss
        full = [*profile, 0]
        expected = sum(
            own[:, i, full[i]] + sum(pair[:, i, full[i], j, full[j]] for j in range(5)) for i in range(5)
        )
        np.testing.assert_allclose(game.interoperability_loss(profile), expected, rtol=1e-12)
