"""Every mistake with a game, a coalition, a pivot or a tipping point has its own clear sentence."""

import re
from dataclasses import replace

import numpy as np
import pytest

import standards_net as sn
from standards_net.alignment.games.agreements import leaving, stable_coalitions
from standards_net.alignment.games.game import Game, game_of_propensities
from standards_net.alignment.games.model_payoffs import (
    ModelPayoffs,
    agreement_game,
    alignment_game,
    simulated_payoffs,
)
from standards_net.alignment.games.payoffs import Terms
from standards_net.alignment.games.pivots import pivotal, read_measure
from standards_net.alignment.games.sides import leaders_followed, named_countries, take_sides, years_until
from standards_net.alignment.games.stability import best_responses, equilibria, quantal, verify_by_simulation
from standards_net.alignment.tipping.phase import phase_diagram
from standards_net.alignment.tipping.tipping_points import tip_end_state, tip_equilibrium
from standards_net.ensemble.engine import Draws

BAN = {
    "name": "ban",
    "title": "Ban",
    "policies": "none",
    "ban": [{"who": ["USA", "BRA"], "vendors": ["china"], "from": 2020}],
}


def complains(sentence):
    return pytest.raises(sn.StandardsNetError, match=re.escape(sentence))


@pytest.fixture
def game():
    return game_of_propensities(np.ones(3), 1.0 - np.eye(3), blocs=3, names=["DEU", "JPN", "KOR"])


def agreement(players, loss=True):
    own, pair = np.zeros((1, players, 2)), np.zeros((1, players, 2, players, 2))
    more = Terms(np.zeros((1, players + 1, 2)), np.zeros((1, players + 1, 2, players + 1, 2)))
    return Game(
        players=tuple(f"P{i}" for i in range(players)), choices=("common", "side"),
        items={"network": Terms(own, pair)}, start=np.zeros(players, int), unit="USD per year",
        gdp_usd=np.ones(players), loss=more if loss else None,
    )  # fmt: skip


class TestGames:
    @pytest.mark.parametrize(
        ("profile", "sentence"),
        [
            ({"DEU": "bloc 1", "JPM": "bloc 1"}, "unknown player 'JPM'; valid are DEU, JPN, KOR"),
            (
                {"DEU": "bloc 1"},
                "the profile has no choice for JPN, KOR; every player needs one.",
            ),
            (
                {"DEU": "bloc 1", "JPN": "block 2", "KOR": "bloc 1"},
                "unknown choice 'block 2'; did you mean 'bloc 2'?",
            ),
            (["bloc 1", "bloc 9", "bloc 1"], "unknown choice 'bloc 9'; did you mean 'bloc"),
            (
                ["bloc 1", "bloc 2"],
                "a profile has shape (2,); it must name one choice for each of 3 players.",
            ),
            (
                np.zeros((2, 2, 3), int),
                "a profile has shape (2, 2, 3); it must name one choice for each of 3 players.",
            ),
            ([0, 1, 3], "choices are indices from 0 to 2."),
            ([0, -1, 0], "choices are indices from 0 to 2."),
            ([0.0, 1.0, 0.0], "a profile holds float64 values; give names or indices of choices."),
        ],
    )
    def test_profiles(self, game, profile, sentence):
        for ask in (game.payoffs, game.deviation_payoffs, game.profile_indices):
            with complains(sentence):
                ask(profile)
        with complains(sentence):
            equilibria(game, start=profile)
        with complains(sentence):
            best_responses(game, start=profile)

    def test_loss_of_a_game_that_knows_none(self, game):
        with complains("this game has no interoperability loss; build it with alignment_game."):
            game.interoperability_loss([0, 0, 0])

    def test_choices_taken_away(self, game):
        with complains("unknown choice 'bloc'; did you mean 'bloc"):
            game.without("bloc")
        two = game.without("bloc 3")
        with complains("without 'bloc 1' only one choice is left."):
            two.without("bloc 1")

    def test_items(self, game):
        with complains("unknown item 'frustation'; did you mean 'frustration'?"):
            game.only(["frustation"])
        with complains("no item given; name at least one."):
            game.only([])

    def test_tables(self, game):
        with complains("unknown player 'DUE'; valid are DEU, JPN, KOR"):
            game.payoff_table("DUE")

    @pytest.mark.parametrize(
        ("sizes", "propensity", "names", "sentence"),
        [
            (
                [1.0, 1.0],
                np.zeros((2, 3)),
                None,
                "sizes have shape (2,) and propensities (2, 3); they must be",
            ),
            ([[1.0]], np.zeros((1, 1)), None, "sizes have shape (1, 1) and propensities (1, 1)"),
            ([1.0, 0.0], np.zeros((2, 2)), None, "sizes must be numbers above 0 and propensities numbers."),
            ([1.0, 1.0], [[0.0, np.nan], [1.0, 0.0]], None, "and propensities numbers."),
            ([1.0, np.inf], np.zeros((2, 2)), None, "sizes must be numbers above 0"),
            ([1.0, 1.0], np.zeros((2, 2)), ["A"], "names hold 1 entries for 2 players."),
        ],
    )
    def test_propensities(self, sizes, propensity, names, sentence):
        with complains(sentence):
            game_of_propensities(sizes, propensity, names=names)


class TestPaths:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"order": "async"}, "unknown order of moving 'async'"),
            ({"orders": 0}, "orders is 0; it must be a whole number of at least 1."),
            ({"rounds": 0}, "rounds is 0; it must be a whole number of at least 1."),
            ({"rounds": 2.5}, "rounds is 2.5; it must be a whole number of at least 1."),
            ({"rng": -1}, "rng is -1; give a whole number of 0 or more"),
        ],
    )
    def test_best_responses(self, game, arguments, sentence):
        with complains(sentence):
            best_responses(game, **arguments)

    def test_equilibria(self, game):
        with complains("orders is True; it must be a whole number of at least 1."):
            equilibria(game, orders=True)

    @pytest.mark.parametrize("sharpness", [-1.0, np.nan, np.inf])
    def test_sharpness(self, game, sharpness):
        with complains("it must be a number of 0 or more."):
            quantal(game, sharpness)

    def test_a_game_without_a_model(self, game):
        for ask in (
            lambda: verify_by_simulation(game, [0, 0, 0]),
            lambda: simulated_payoffs(game, np.zeros((1, 3), int)),
        ):
            with complains("this game has no model behind it; build it with alignment_game."):
                ask()


class TestAgreements:
    def test_another_kind_of_game(self, game):
        for ask in (lambda: stable_coalitions(game), lambda: leaving(game, ["DEU"])):
            with complains(
                "the game's choices are bloc 1, bloc 2, bloc 3; coalitions need an agreement_game"
            ):
                ask()

    def test_too_many_players(self):
        with complains("23 players make 2**23 coalitions; take at most 22."):
            stable_coalitions(agreement(23))

    @pytest.mark.parametrize("kept_at", [0.0, -0.5, 1.5, np.nan])
    def test_what_counts_as_kept(self, kept_at):
        with complains(f"kept_at is {kept_at!r}; it must be above 0 and at most 1."):
            stable_coalitions(agreement(2), kept_at=kept_at)

    def test_no_loss(self):
        with complains("this game has no interoperability loss; build it with agreement_game."):
            stable_coalitions(agreement(2, loss=False))

    def test_members(self):
        with complains("unknown player 'P7'; "):
            leaving(agreement(2), ["P0", "P7"])
        found = stable_coalitions(agreement(2))
        for coalition in (-1, 4):
            with complains(f"there is no coalition {coalition}; numbers go from 0 to"):
                found.members(coalition)


class TestModel:
    @pytest.mark.parametrize("build", [alignment_game, agreement_game])
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (
                {"players": ["DUE"]},
                "unknown country or group 'DUE'; give an ISO 3166-1 alpha-3 code or a name",
            ),
            ({"players": []}, "no players given; name a group or at least one country."),
            ({"followers": "trades"}, "unknown rule for followers 'trades'; did you mean 'trade'?"),
            ({"scenario": "bipolar-fre-nonaligned"}, "did you mean 'bipolar-free-nonaligned'"),
            ({"baseline": "status-quo"}, "unknown scenario 'status-quo'; did you mean 'status-quo-2019'"),
            ({"technologies": ["6g"]}, "unknown technology '6g'; valid are core, iot, radio"),
            ({"technologies": []}, "no technology given; name at least one."),
            ({"until": 2021}, "until is 2021; it must be a year from 2022 to 2100."),
            ({"until": 2101}, "until is 2101; it must be a year from 2022 to 2100."),
            ({"draws": 0}, "draws is 0; it must be a whole number of at least 1."),
            ({"draws": 2.0}, "draws is 2.0; it must be a whole number of at least 1."),
            ({"samples": 0}, "samples is 0; it must be a whole number of at least 1."),
            ({"rng": "a"}, "rng is 'a'; give a whole number of 0 or more"),
        ],
    )
    def test_games_of_the_model(self, world, build, arguments, sentence):
        given = {"players": ["DEU", "BRA"], "until": 2022, "draws": 1, "rng": 1, **arguments}
        with complains(sentence):
            build(world, **given)

    def test_leaders_alone(self, world):
        with complains("the players are all leaders of poles; name at least one other country."):
            alignment_game(world, ["USA", "CHN"], until=2022, draws=1)

    def test_drift(self, world):
        with complains("unknown drift 'choosen'; did you mean 'chosen'?"):
            alignment_game(world, ["DEU"], drift="choosen", until=2022, draws=1)

    def test_too_few_samples(self, world):
        """The sentence says how many are needed, and as many are enough."""
        given = {"players": ["DEU", "BRA", "JPN", "KEN", "IDN"], "until": 2022, "draws": 1, "rng": 1}
        with pytest.raises(
            sn.StandardsNetError, match=r"samples is 5; 5 players with 3 choices need"
        ) as caught:
            alignment_game(world, samples=5, **given)
        least = int(re.search(r"at least (\d+)\.", str(caught.value))[1])
        assert least >= 3 * (1 + 4 * 2)  # a term for each own choice, and for each choice of others but one
        with complains(f"need at least {least}."):
            alignment_game(world, samples=least - 1, **given)
        assert alignment_game(world, samples=least, **given).players[0] == "BRA"

    def test_a_pole_whose_leader_the_world_lacks(self, toy_world):
        scenario = {
            "name": "x",
            "title": "X",
            "pole": [{"name": "berlin", "leaders": ["BRA"]}],
        }
        small = replace(toy_world, countries=("USA", "CHN", "KEN", "XXX"))
        with pytest.raises(sn.StandardsNetError, match="BRA"):
            take_sides(small, sn.load_scenario(scenario), "status-quo-2019", ["radio"], range(2019, 2023))
        alone = {"name": "y", "title": "Y", "pole": [{"name": "brussels", "leaders": ["EU"]}]}
        with complains("leaders of pole 'brussels' are not in this world: EU."):
            take_sides(toy_world, sn.load_scenario(alone), "status-quo-2019", ["radio"], range(2019, 2023))

    def test_scenarios_with_other_standards(self, world):
        with complains("put vendors under different standards, which countries cannot choose individually"):
            alignment_game(world, ["BRA"], scenario="three-poles", until=2022, draws=1)

    def test_no_technology_at_all(self, toy_world):
        sides = take_sides(toy_world, "bipolar-free-nonaligned", "status-quo-2019", [], range(2019, 2023))
        model = ModelPayoffs(sides, np.array([2]), np.array([[0, 1, 2]]), np.full(4, -1), {})
        with complains("no technology given; name at least one."):
            model.simulate(np.zeros((1, 1), int))

    def test_parts(self, world):
        sides = take_sides(world, "bipolar-free-nonaligned", "status-quo-2019", ["radio"], range(2019, 2023))
        with complains("unknown rule for followers 'votes'; valid are affinity, stay, trade."):
            leaders_followed(sides, np.array([0]), "votes")
        with complains("unknown country or group 'G21'"):
            named_countries(world, ["DEU", "G21"])
        with complains("until is 1999; it must be a year from 2022 to 2100."):
            years_until(1999)
        with complains("draws is '8'; it must be a whole number of at least 1."):
            Draws.of(world, "radio", "8", 1)


class TestPivots:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"players": ["UAS"]}, "unknown country or group 'UAS'; valid are BRA, BRI, CHN"),
            ({"players": []}, "no players given; name a group or at least one country."),
            ({"measure": "betta"}, "unknown measure 'betta'; did you mean 'beta'?"),
            ({"measure": "bloc_size:chna"}, "unknown standard 'chna'; did you mean 'china'?"),
            ({"measure": "bloc_size"}, "unknown measure 'bloc_size'; did you mean 'bloc_size:"),
            ({"method": "samples"}, "unknown method 'samples'; did you mean 'sampled'?"),
            ({"pairs": 0}, "pairs is 0; it must be a whole number of at least 1."),
            ({"draws": 0}, "draws is 0; it must be a whole number of at least 1."),
            ({"until": 2020}, "until is 2020; it must be a year from 2022 to 2100."),
            ({"technology": "4g"}, "unknown technology '4g'; "),
            ({"baseline": "status-quo"}, "unknown scenario 'status-quo'"),
            ({"scenario": "core-allies-bann"}, "unknown scenario 'core-allies-bann'; did you mean"),
            (
                {"players": ["KEN", "CHN"]},
                "'ban' differs from 'status-quo-2019' for none of these players",
            ),
        ],
    )
    def test_pivotal(self, toy_world, arguments, sentence):
        given = {
            "scenario": sn.load_scenario(BAN), "players": ["USA", "BRA"], "until": 2022, "draws": 1, "rng": 1,
            **arguments,
        }  # fmt: skip
        with complains(sentence):
            pivotal(toy_world, **given)

    def test_too_many_players(self, world):
        with complains("28 players make 2**28 coalitions; take at most 20, or sample."):
            pivotal(world, "broad-allied-ban", players="EU", method="exact", until=2022, draws=1)
        ban = {**BAN, "ban": [{"who": ["all"], "vendors": ["zte"], "from": 2021}]}
        with pytest.raises(sn.StandardsNetError, match=r"'ban' affects \d+ players; take at most 62\."):
            pivotal(world, sn.load_scenario(ban), players="all", method="sampled", until=2022, draws=1)

    def test_scenarios_with_other_standards(self, world):
        with complains("'status-quo-2019' and 'three-poles' put vendors under different standards"):
            pivotal(world, "three-poles", players=["DEU", "FRA"], until=2022, draws=1)

    def test_measures(self, world):
        with complains("unknown measure 'total'"):
            read_measure(world, "total")


class TestDiagrams:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"measure": "fragmentation"}, "unknown measure 'fragmentation'"),
            ({"compatibilities": []}, "compatibilities must be numbers from 0 to 1, at least one."),
            ({"compatibilities": [0.5, 1.2]}, "compatibilities must be numbers from 0 to 1"),
            ({"compatibilities": [float("nan")]}, "compatibilities must be numbers from 0 to 1"),
            ({"counts": []}, "counts must be whole numbers from 0 to 2, the number of allies."),
            ({"counts": [0, 3]}, "counts must be whole numbers from 0 to 2, the number of allies."),
            ({"counts": [-1]}, "counts must be whole numbers from 0 to 2, the number of allies."),
            ({"counts": [0.5]}, "counts must be whole numbers from 0 to 2, the number of allies."),
            ({"allies": ["UAS"]}, "unknown country or group 'UAS'; valid are BRA, BRI, CHN"),
            ({"vendors": "huawai"}, "unknown vendor, standard or pole 'huawai'; did you mean 'huawei'?"),
            ({"baseline": "status-quo"}, "unknown scenario 'status-quo'"),
            ({"technology": "6g"}, "unknown technology '6g'"),
            ({"until": 2021}, "until is 2021; it must be a year from 2022 to 2100."),
            ({"draws": 0}, "draws is 0; it must be a whole number of at least 1."),
        ],
    )
    def test_phase_diagram(self, toy_world, arguments, sentence):
        given = {"allies": ["USA", "BRA"], "until": 2022, "draws": 1, "rng": 1, **arguments}
        with complains(sentence):
            phase_diagram(toy_world, **given)


class TestTipping:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"along": "leads"}, "unknown parameter to follow 'leads'; did you mean 'lead'?"),
            ({"along": "incompatibility", "values": [0.0, 1.5]}, "incompatibility must lie between 0 and 1."),
            (
                {"along": "incompatibility", "values": [0.0, float("nan")]},
                "incompatibility must lie between 0 and 1.",
            ),
            ({"values": [1.0]}, "values must be two numbers or more, each greater than the one before."),
            ({"values": [1.0, 0.0]}, "values must be two numbers or more, each greater than the one before."),
            ({"values": []}, "values must be two numbers or more, each greater than the one before."),
            ({"compatibility": 1.5}, "compatibility must be at least 0 and at most 1."),
            ({"compatibility": float("nan")}, "compatibility must be at least 0 and at most 1."),
            ({"standard": "chna"}, "unknown standard 'chna'; did you mean 'china'?"),
            ({"technology": "6g"}, "unknown technology '6g'"),
            ({"scenario": "status-quo"}, "unknown scenario 'status-quo'"),
            ({"until": 2021}, "until is 2021; it must be a year from 2022 to 2100."),
            ({"draws": 0}, "draws is 0; it must be a whole number of at least 1."),
            ({"jump": 0.0}, "jump must be above 0."),
            ({"tolerance": -1.0}, "tolerance must be above 0."),
        ],
    )
    def test_tip_end_state(self, toy_world, arguments, sentence):
        given = {"along": "lead", "values": [-1.0, 1.0], "until": 2022, "draws": 1, "rng": 1, **arguments}
        with complains(sentence):
            tip_end_state(toy_world, **given)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"item": "frustraton"}, "unknown item 'frustraton'; did you mean 'frustration'?"),
            ({}, "unknown item 'politics'; valid are frustration."),
            ({"item": "frustration", "choice": "blok 1"}, "unknown choice 'blok 1'; did you mean 'bloc 1'?"),
            (
                {"item": "frustration", "values": [2.0, 1.0]},
                "values must be two numbers or more, each greater",
            ),
            ({"item": "frustration", "jump": -0.1}, "jump must be above 0."),
        ],
    )
    def test_tip_equilibrium(self, game, arguments, sentence):
        with complains(sentence):
            tip_equilibrium(game, **arguments)
