"""Alignments country by country against scenarios that say the same, and pay-offs against slow loops."""

import numpy as np
import pytest

import standards_net as sn
from standards_net.alignment.games.model_payoffs import (
    ModelPayoffs,
    agreement_game,
    alignment_game,
    simulated_payoffs,
)
from standards_net.alignment.games.payoffs import SIMULATED, model_items, stated_terms
from standards_net.alignment.games.sides import FOLLOWING, leaders_followed, named_countries, take_sides
from standards_net.alignment.games.stability import equilibria, verify_by_simulation
from standards_net.ensemble.engine import Draws, simulate
from standards_net.model import build_setting, draw_initial, trajectory, vendor_choice
from standards_net.parameters import draw_parameters
from standards_net.politics import side_chances
from standards_net.scenario import compile_scenario, load_scenario
from standards_net.scenario.mixing import mix_levers

YEARS = range(2019, 2025)
RULES, QUO = "bipolar-free-nonaligned", "status-quo-2019"
OF_COUNTRIES = (
    "alignments", "allowed", "same_for_bases", "capped", "cap", "cap_compliance", "cap_in_force",
    "cap_delay", "exited", "restriction", "anticipation", "affinity", "finance", "supply", "price",
)  # fmt: skip

OF_THE_WORLD = ("quality", "investment", "of_start", "set_to", "agreement")
PLAYERS = ["DEU", "JPN", "BRA", "IDN", "KEN"]

# Rules that touch every lever: a third pole, orders of every kind, finance, supply, research, an agreement.
EVERYTHING = {
    "name": "everything",
    "title": "Everything at once",
    "extends": RULES,
    "pole": [{"name": "delhi", "leaders": ["IND"], "rivals": ["china"]}],
    "restriction": [{"who": ["nonaligned"], "vendors": ["huawei"], "from": 2021, "strength": 0.5}],
    "ban": [
        {
            "who": ["delhi"],
            "vendors": ["zte"],
            "from": 2021,
            "remove_by": 2023,
            "bases": ["5g"],
            "technologies": ["radio"],
            "share_of_market": 0.4,
            "compliance": 0.8,
            "delay_years": 2.0,
        },
        {"who": ["nonaligned"], "vendors": ["china"], "from": 2022, "cap": 0.3},
    ],
    "exit": [{"who": ["us"], "vendors": ["open"], "from": 2023, "spares_years": 2}],
    "supply": [{"who": ["all"], "vendors": ["ericsson"], "from": 2022, "capacity": 0.5, "price": 1.1}],
    "finance": [{"who": ["china"], "vendors": ["zte"], "from": 2021, "strength": 1.5}],
    "quality": [{"vendors": ["nokia"], "shift": 0.2, "from": 2022}],
    "investment": [{"vendors": ["west"], "usd_per_year": 1e9, "from": 2021}],
    "agreement": [{"between": ["open", "west"], "from": 2022, "strength": 0.5}],
}


SUPPLY = {
    "name": "supply",
    "title": "Members of a pole are not supplied",
    "extends": RULES,
    "supply": [{"who": ["china"], "vendors": ["ericsson"], "from": 2022, "capacity": 0.5, "price": 1.1}],
}
QUO_OF_TOYS = load_scenario({"name": "quo", "title": "Quo"})


def orders_on(levers, i):
    """Orders of a country by base, one row for each that overlaps those before it."""
    return [
        [[np.asarray(values)[:, i] for values in orders] for orders in base if orders.part[:, i].any()]
        for base in (levers.newer, levers.older)
    ]


@pytest.fixture(scope="module")
def sides(world):
    return take_sides(world, RULES, QUO, ["radio"], YEARS)


def said_country_by_country(world, rules, labels, side):
    """The rules, and after them the alignment of every country in an entry of its own.

    Who holds to the common standard is nonaligned, and what shut anybody out there is lifted.
    """
    named = [labels[at] for at in side]
    entries = [
        {"who": [code], "pole": "nonaligned" if label == "common" else label, "from": 2020}
        for code, label in zip(world.countries, named, strict=True)
    ]
    holding = [code for code, label in zip(world.countries, named, strict=True) if label == "common"]
    lift = [{"who": holding, "vendors": ["all"], "from": 2020}] if holding else []
    return compile_scenario(world, rules.extended(alignment=entries, lift=lift), "radio", YEARS)


class TestLevers:
    @pytest.mark.parametrize("rules", [RULES, EVERYTHING, SUPPLY], ids=["two poles", "everything", "supply"])
    @pytest.mark.parametrize("drift", ["chosen", "given"])
    def test_a_mixed_profile_is_a_scenario_that_says_the_same(self, world, rules, drift):
        loaded, quo = load_scenario(rules), load_scenario(QUO)
        sides = take_sides(world, loaded, quo, ["radio"], YEARS, drift)
        side, rng = sides.start(), np.random.default_rng(3)
        moving = rng.choice(len(side), 25, replace=False)
        side[moving] = rng.integers(0, len(sides.labels), len(moving))
        side[[world.countries.index(code) for code in ("AUS", "VNM")]] = sides.labels.index("common")
        found = sides.levers(side, "radio")
        moved = said_country_by_country(world, loaded, sides.labels, side)
        for name in OF_COUNTRIES:
            np.testing.assert_array_equal(getattr(found, name), getattr(moved, name), err_msg=name)
        for i in range(len(world.countries)):
            np.testing.assert_equal(orders_on(found, i), orders_on(moved, i))
        still = compile_scenario(world, quo, "radio", YEARS)
        way = 1.0
        if drift == "chosen":
            share = world.market("radio").share
            free = ("nonaligned", "common")
            way = sum(float(share[i]) for i, at in enumerate(side) if sides.labels[at] not in free)
            assert 0.1 < way < 0.95
        for name in OF_THE_WORLD:
            expected = (1.0 - way) * getattr(still, name) + way * getattr(moved, name)
            np.testing.assert_allclose(getattr(found, name), expected, rtol=1e-12, err_msg=name)
        assert found.years == tuple(YEARS)
        np.testing.assert_array_equal(found.standard_of, still.standard_of)

    @pytest.mark.parametrize("label", ["nonaligned", "common"])
    def test_where_nobody_takes_a_side_the_baseline_holds(self, world, sides, label):
        nobody = np.full(len(world.countries), sides.labels.index(label))
        found, still = sides.levers(nobody, "radio"), sides.still["radio"]
        for name in OF_THE_WORLD:
            np.testing.assert_array_equal(getattr(found, name), getattr(still, name))
        assert (found.set_to == 0.0).all()

    @pytest.mark.parametrize("way", [0.0, 0.3, 1.0])
    def test_countries_follow_one_by_one_and_the_world_goes_part_of_the_way(self, world, way):
        names = (QUO, "broad-allied-ban", "bipolar-forced")
        quo, ban, apart = (compile_scenario(world, load_scenario(n), "radio", YEARS) for n in names)
        followed = np.random.default_rng(4).integers(0, 2, len(world.countries))
        found = mix_levers([quo, ban], followed, quo, apart, way)
        for i, which in enumerate(followed):
            for name in OF_COUNTRIES:
                expected = getattr((quo, ban)[which], name)[:, i]
                np.testing.assert_array_equal(getattr(found, name)[:, i], expected)
            np.testing.assert_equal(orders_on(found, i), orders_on((quo, ban)[which], i))
        for name in OF_THE_WORLD:
            expected = (1 - way) * getattr(quo, name) + way * getattr(apart, name)
            np.testing.assert_allclose(getattr(found, name), expected, rtol=1e-14)

    def test_scenarios_of_other_standards_cannot_be_mixed(self, world):
        quo, poles = (compile_scenario(world, load_scenario(n), "radio", YEARS) for n in (QUO, "three-poles"))
        nobody = np.zeros(len(world.countries), dtype=int)
        with pytest.raises(sn.ScenarioError, match="'status-quo-2019' and 'three-poles' put vendors under"):
            mix_levers([quo, poles], nobody, quo, quo, 0.0)


class TestWhoFollowsWhom:
    @pytest.mark.parametrize("rule", FOLLOWING)
    def test_followers_go_where_the_nearest_that_decides_goes(self, world, sides, rule):
        players = named_countries(world, PLAYERS)
        followed = leaders_followed(sides, players, rule)
        deciding = {*players.tolist(), world.countries.index("USA"), world.countries.index("CHN")}
        for i, leader_followed in enumerate(followed.tolist()):
            if i in deciding:
                assert leader_followed == i
            elif rule == "stay":
                assert leader_followed == -1
            else:
                votes = (world.voting - world.voting.mean(axis=0)) / world.voting.std(axis=0)
                near = world.trade_usd[i] if rule == "trade" else votes[i] + world.allied[i]
                assert leader_followed in deciding
                assert near[leader_followed] == max(near[j] for j in deciding)

    @pytest.mark.parametrize("rule", FOLLOWING)
    def test_alignments_of_all_countries(self, world, sides, rule):
        players = named_countries(world, PLAYERS)
        followed = leaders_followed(sides, players, rule)
        side_of = np.array([[0, 1, 2], [2, 0, 1], [1, 2, 0], [0, 1, 2], [2, 1, 0]])
        model = ModelPayoffs(sides, players, side_of, followed, {})
        for profile in ([0, 0, 0, 0, 0], [1, 2, 0, 1, 2], [2, 2, 1, 0, 1]):
            found = model.alignments(np.array(profile))
            for i in range(len(world.countries)):
                decides = i if followed[i] < 0 else int(followed[i])
                if decides in players:
                    place = players.tolist().index(decides)
                    expected = side_of[place][profile[place]]
                else:
                    expected = sides.labels.index(world.alignments[decides])
                assert found[i] == expected

    def test_leaders_stand_for_their_own_pole(self, world):
        """The leader of a pole that nobody was in in 2019 is in it, whatever its camp of 2019."""
        sides = take_sides(world, EVERYTHING, QUO, ["radio"], YEARS)
        assert sides.labels == ("us", "china", "delhi", "nonaligned", "common")
        players = named_countries(world, PLAYERS)
        side_of = np.tile(np.arange(4), (len(players), 1))
        model = ModelPayoffs(sides, players, side_of, leaders_followed(sides, players, "stay"), {})
        found = model.alignments(np.full(len(players), 3))
        for code, label in (("USA", "us"), ("CHN", "china"), ("IND", "delhi")):
            assert sides.labels[found[world.countries.index(code)]] == label


class TestStatedItems:
    @pytest.mark.parametrize("rule", FOLLOWING)
    def test_market_access_is_trade_with_rivals(self, world, sides, rule):
        """Half of the trade both ways with everybody on a rival's side, followers with those they follow."""
        players = named_countries(world, PLAYERS)
        followed = leaders_followed(sides, players, rule)
        side_of = np.tile(np.arange(3), (len(players), 1))
        parameters = draw_parameters(world.parameters, 3, 5)
        model = ModelPayoffs(sides, players, side_of, followed, {})
        own, pair = stated_terms(sides, players, side_of, followed, parameters)["market_access"]
        for p in range(len(players)):
            assert not pair[:, p, :, p].any()  # nobody is a rival of himself, nor are his followers
        rng = np.random.default_rng(6)
        for profile in rng.integers(0, 3, (6, len(players))):
            label = [sides.labels[at] for at in model.alignments(profile)]
            for p, i in enumerate(players):
                exposed = sum(
                    float(world.trade_usd[i, j])
                    for j in range(len(world.countries))
                    if {label[i], label[j]} == {"us", "china"}
                )
                told = own[:, p, profile[p]] + sum(
                    pair[:, p, profile[p], q, profile[q]] for q in range(len(players))
                )
                expected = -0.5 * parameters["retaliation_rate"] * exposed
                np.testing.assert_allclose(told, expected, rtol=1e-11, atol=1e-3)

    def test_politics_is_the_log_odds_of_a_side_times_gdp(self, world, sides):
        players = named_countries(world, PLAYERS)
        side_of = np.tile(np.arange(3), (len(players), 1))
        parameters = draw_parameters(world.parameters, 3, 5)
        followed = leaders_followed(sides, players, "stay")
        found = stated_terms(sides, players, side_of, followed, parameters)["politics"]
        chances = side_chances(world)
        for p, i in enumerate(players):
            for r in range(3):
                us, china, none = chances[i, :, r]
                rate = parameters["politics_value"][r] * world.gdp_usd[i]
                expected = [rate * np.log(us / none), rate * np.log(china / none), 0.0]
                np.testing.assert_allclose(found.own[r, p], expected)
        assert not found.pair.any()
        japan, kenya = (players_in_order(world).index(code) for code in ("JPN", "KEN"))
        assert (found.own[:, japan, 0] > 0.0).all()
        assert (found.own[:, kenya, 0] < 0.0).all()

    def test_leaders_and_other_poles_have_no_estimate(self, world, sides):
        log_odds = sides.politics()
        for leader in ("USA", "CHN"):
            assert not log_odds[world.countries.index(leader)].any()
        three = take_sides(world, "three-poles", "status-quo-2019", ["radio"], range(2019, 2022))
        for label in set(three.labels) - {"us", "china"}:
            assert not three.politics()[:, three.labels.index(label)].any()


def levers_year(setting, state):
    return setting.levers.years[state.year]


def players_in_order(world):
    return [world.countries[i] for i in named_countries(world, PLAYERS)]


class TestSimulated:
    @pytest.mark.slow
    def test_known_sides_are_taken(self, world):
        """Whoever must choose chooses as it is known to: facts that no pay-off may overturn."""
        china, us = ["RUS", "BLR", "IRN"], ["JPN", "GBR", "AUS", "CAN", "POL"]
        free = alignment_game(world, [*china, *us, "IND"], draws=32, rng=1)
        for game, most in ((free, 0.05), (free.without("nonaligned"), 0.1)):
            rows = zip(game.players, equilibria(game, rng=1).choices(), strict=True)
            share = {country: dict(zip(game.choices, row, strict=True)) for country, row in rows}
            assert all(share[country]["us"] <= most for country in china)
            assert all(share[country]["china"] <= most for country in us)

    def test_simulations_are_runs(self, world, sides):
        """The same scenario, seed and draws give the same numbers by both ways."""
        scenario, seed, draws = load_scenario("broad-allied-ban"), 7, 4
        players = named_countries(world, PLAYERS)
        codes = players_in_order(world)
        levers = compile_scenario(world, scenario, "radio", YEARS)
        drawn = Draws.of(world, "radio", draws, seed).under(scenario)
        found = simulate(drawn, [0], lambda _: levers, model_items(sides, "radio", players))[0]
        assert found.shape == (draws, len(players) + 1, len(SIMULATED) + 1)
        result = sn.run(
            world, scenario, draws=draws, rng=seed, years=YEARS, technologies=["radio"], groups=codes
        )
        after = slice(YEARS.index(2021), None)
        costs = result.values("group_cost_usd", scenario=scenario.name, technology="radio")[:, after]

        def served(setting, years):
            value = np.outer(setting.parameters["network_value_radio"], world.gdp_usd)
            found = [state.deployment * value for state, info in years if info is not None]
            return np.mean(found[YEARS.index(2021) - 1 :], axis=0)[:, players]

        deployed = simulate(drawn, [0], lambda _: levers, served)[0]
        for name, item in (
            ("network", "network_value"), ("double_running", "double_running"), ("scale", "scale"),
            ("equipment", "equipment"), ("replacement", "replacement"),
        ):  # fmt: skip
            for p, code in enumerate(codes):
                group, k = result.position("group", code), result.position("item", item)
                expected = -costs[:, :, group, k].mean(axis=1) + (
                    deployed[:, p] if name == "network" else 0.0
                )
                np.testing.assert_allclose(found[:, p, SIMULATED.index(name)], expected, rtol=1e-5)
        loss = result.values("interoperability_loss", scenario=scenario.name, technology="radio", year=2024)
        np.testing.assert_allclose(found[:, :, -1].sum(axis=1), loss, rtol=1e-10)
        assert not found[:, -1, :-1].any()

    def test_what_vendors_earn_goes_home(self, world, sides):
        scenario, seed, draws = load_scenario(QUO), 3, 3
        abroad = named_countries(world, ["CHN", "SWE", "KOR", "BRA"])
        drawn = Draws.of(world, "radio", draws, seed).under(scenario)
        levers = compile_scenario(world, scenario, "radio", YEARS)
        found = simulate(drawn, [0], lambda _: levers, model_items(sides, "radio", abroad))[0]
        result = sn.run(world, scenario, draws=draws, rng=seed, years=YEARS, technologies=["radio"])
        revenue = result.values("vendor_revenue_usd", scenario=scenario.name, technology="radio").sum(axis=-1)
        revenue = revenue[:, YEARS.index(2021) :].mean(axis=1)
        homes = world.market("radio").vendor_homes
        for p, i in enumerate(abroad):
            mine = [v for v, home in enumerate(homes) if home == world.countries[i]]
            expected = drawn.parameters["vendor_margin"] * revenue[:, mine].sum(axis=1)
            np.testing.assert_allclose(found[:, p, SIMULATED.index("home_vendors")], expected, rtol=1e-5)

    def test_dearer_equipment_by_a_slow_loop(self, toy_world):
        """What it is worth to buyers to have the excluded back, (1 - X)^(-1 / (beta eta)) - 1 of spending."""
        sides = take_sides(toy_world, RULES, QUO, ["radio"], YEARS)
        players = np.array([0, 2, 3])
        ban = load_scenario(
            {
                "name": "ban",
                "title": "Ban",
                "ban": [{"who": ["KEN"], "vendors": ["china"], "from": 2021, "remove_by": 2023}],
            }
        )
        draws, kenya = 3, 2
        # Tastes are not priced: without any, what is bought says what is lost.
        drawn = {**draw_parameters(toy_world.parameters, draws, 5), "taste_sd": np.zeros(draws)}
        initial = draw_initial(toy_world, "radio", 5, slice(0, draws))
        setting, without = (
            build_setting(toy_world, compile_scenario(toy_world, s, "radio", YEARS), drawn, initial)
            for s in (ban, QUO_OF_TOYS)
        )
        found = model_items(sides, "radio", players)(setting, trajectory(vendor_choice(), setting))
        m, price, start = setting.market_share, setting.price_index, setting.start
        for r in range(draws):
            mean_price = sum(
                m[i] * start[r, i, v] * price[v] for i in range(len(m)) for v in range(len(price))
            )
            yearly, before = [], vendor_choice().init(setting)
            for state, info in trajectory(vendor_choice(), setting):
                if levers_year(setting, state) >= 2021:
                    # The same state and year without the ban: what would have been bought of whom.
                    _, unbound = vendor_choice().step(before, without)
                    share = unbound.bought[r, kenya, 0] / unbound.purchases[r, kenya]
                    base = m[kenya] * drawn["market_radio"][r] * drawn["lifetime_radio"][r] / mean_price
                    paid = base * sum(info.bought[r, kenya, v] * info.price[r, v] for v in range(len(price)))
                    elasticity = drawn["choice_sensitivity"][r] * setting.price_sensitivity[r, kenya]
                    yearly.append(paid * min((1.0 - share) ** (-1.0 / elasticity) - 1.0, 1.0))
                before = state
            assert len(yearly) == 4
            np.testing.assert_allclose(
                found[r, :-1, SIMULATED.index("equipment")], [0.0, -np.mean(yearly), 0.0], rtol=1e-9
            )

    def test_the_same_bytes_whatever_the_threads(self, toy_world):
        sides = take_sides(toy_world, RULES, QUO, ["radio"], YEARS)
        players = np.array([2, 3])
        scenario = load_scenario(RULES)
        drawn = Draws.of(toy_world, "radio", 300, 11).under(scenario)  # more than a block
        configurations = [np.array(side) for side in ([0, 1, 2, 2], [0, 1, 0, 1], [0, 1, 1, 1])]
        told = []
        one, two = (
            simulate(
                drawn,
                configurations,
                lambda side: sides.levers(side, "radio"),
                model_items(sides, "radio", players),
                threads=threads,
                progress=lambda done, total: told.append((done, total)),
            )
            for threads in (1, 2)
        )
        assert one.tobytes() == two.tobytes()
        assert one.shape == (3, 300, 3, 7)
        assert told == [(1, 3), (2, 3), (3, 3)] * 2
        few = simulate(
            Draws.of(toy_world, "radio", 5, 11).under(scenario),
            configurations,
            lambda side: sides.levers(side, "radio"),
            model_items(sides, "radio", players),
        )
        np.testing.assert_allclose(few, one[:, :5], rtol=1e-9)  # the first draws of a longer run


class TestGamesOfTheModel:
    def test_terms_of_few_players_meet_every_profile(self, make_toy):
        """Three countries of a small world: all 27 profiles are simulated, items and loss alike."""
        world = make_toy(5)
        game = alignment_game(world, ["KEN", "BRA", "IDN"], until=2024, draws=3, rng=1)
        assert game.players == ("KEN", "BRA", "IDN")
        assert game.start.tolist() == [2, 2, 2]
        every = np.indices((3, 3, 3)).reshape(3, -1).T
        simulated = game.simulator.simulate(every)  # (M, R, P + 1, 7)
        for k, name in enumerate(SIMULATED):
            told = game.only([name]).payoffs(every)
            seen = np.swapaxes(simulated[:, :, :-1, k], 0, 1)
            spread = np.abs(seen - seen.mean(axis=1, keepdims=True)).max()
            # What more than two do together: prices depend on what all buy, replacement on nobody else.
            most = {"scale": 0.15, "equipment": 0.02, "replacement": 1e-9}.get(name, 0.08)
            assert np.abs(told - seen).max() <= most * spread
        loss = simulated[..., -1].sum(axis=2).T
        np.testing.assert_allclose(game.interoperability_loss(every), loss, rtol=0.02)
        assert (game.error["explained"] > 0.998).all()

    def test_a_choice_taken_away_is_taken_from_the_model_too(self, make_toy):
        world = make_toy(4)
        game = alignment_game(world, ["KEN", "BRA"], until=2023, draws=2, rng=1).without("us")
        profile = ["china", "nonaligned"]
        label = [
            game.simulator.sides.labels[at] for at in game.simulator.alignments(game.profile_indices(profile))
        ]
        assert label == ["us", "china", "china", "nonaligned"]  # of USA, CHN, KEN, BRA

    def test_common_and_side(self, make_toy):
        """Leaders play too; a side is the pole that one leans to."""
        world = make_toy(5)
        game = agreement_game(world, ["USA", "CHN", "KEN"], until=2023, draws=2, rng=1)
        labels, model = game.simulator.sides.labels, game.simulator
        assert game.start.tolist() == [1, 1, 0]
        held = [labels[at] for at in model.alignments(game.profile_indices(["common"] * 3))]
        assert held == ["common", "common", "common", "nonaligned", "nonaligned"]
        apart = [labels[at] for at in model.alignments(game.profile_indices(["side"] * 3))]
        assert apart[:2] == ["us", "china"]
        assert apart[2] in ("us", "china")
        assert apart[2] == labels[model.sides.leaning()[2]]

    def test_two_players_are_met_exactly(self, toy_world):
        """What two do is own and pairwise terms and no more: simulation and terms are one."""
        game = alignment_game(toy_world, ["KEN", "BRA"], until=2024, draws=3, rng=2)
        every = np.indices((3, 3)).reshape(2, -1).T
        np.testing.assert_allclose(simulated_payoffs(game, every), game.payoffs(every), rtol=1e-9, atol=1e-3)
        some = game.only(["equipment", "politics", "market_access"])
        np.testing.assert_allclose(simulated_payoffs(some, every), some.payoffs(every), rtol=1e-9, atol=1e-3)
        table = verify_by_simulation(game, {"KEN": "china", "BRA": "us"})
        assert table["choice"].tolist() == ["china", "us"]
        assert table["stays_by_terms"].tolist() == table["stays_by_simulated"].tolist()
        np.testing.assert_allclose(
            table["deviation_loss_terms"], table["deviation_loss_simulated"], atol=1e-3
        )
        here, worth = game.payoffs([1, 0]), game.deviation_payoffs([1, 0])
        forgone = [here[:, 0] - worth[:, 0, [0, 2]].max(axis=1), here[:, 1] - worth[:, 1, [1, 2]].max(axis=1)]
        np.testing.assert_allclose(table["deviation_loss_terms"], np.median(forgone, axis=1))
        assert table["stays_by_terms"].tolist() == [(f >= 0).mean() for f in forgone]
        stable = (np.array(forgone) >= 0).all(axis=0).mean()
        assert table.attrs["stable"] == {"terms": stable, "simulated": stable}

    def test_nobody_is_paid_for_a_promise_to_itself(self, world):
        """Politics is to be on a leader's side while it is on its own; a leader gains none by it."""
        game = agreement_game(world, ["USA", "CHN", "JPN"], until=2022, draws=2, rng=1)
        own, pair = game.items["politics"]
        china, japan, usa = (game.players.index(c) for c in ("CHN", "JPN", "USA"))
        assert not own.any()
        for leader in (china, usa):
            assert not pair[:, leader].any()
        assert (pair[:, japan, 1, usa, 1] > 0.0).all()
        for mine, others in ((0, 0), (0, 1), (1, 0)):
            assert not pair[:, japan, mine, usa, others].any()
        assert not pair[:, japan, :, china].any()

    def test_common_is_to_buy_from_everybody(self, world):
        """Also where a policy of 2019 shut somebody out: one common standard leaves nobody out."""
        game = agreement_game(world, ["USA", "AUS", "CHN"], until=2022, draws=1, rng=1)
        side = game.simulator.alignments(game.profile_indices(["common"] * 3))
        allowed = game.simulator.sides.levers(side, "radio").allowed[-1]
        for player in game.players:
            assert allowed[world.countries.index(player)].all(), player

    def test_two_technologies_add_up(self, world):
        alone = {
            t: alignment_game(world, ["DEU", "BRA"], technologies=[t], until=2022, draws=2, rng=4)
            for t in ("radio", "iot")
        }
        both = alignment_game(
            world, ["DEU", "BRA"], technologies=["radio", "iot"], until=2022, draws=2, rng=4
        )
        every = np.indices((3, 3)).reshape(2, -1).T
        for items in (SIMULATED, ("market_access", "politics")):
            parts = [alone[t].only(items).payoffs(every) for t in alone]
            expected = parts[0] + parts[1] if items == SIMULATED else parts[0]  # stated once
            np.testing.assert_allclose(both.only(items).payoffs(every), expected, rtol=1e-6, atol=1.0)
        losses = [alone[t].interoperability_loss(every) for t in alone]
        np.testing.assert_allclose(both.interoperability_loss(every), np.mean(losses, axis=0), rtol=1e-9)

    @pytest.mark.slow
    @pytest.mark.parametrize("players", [["DEU", "JPN", "KOR", "IND", "BRA"], ["SAU", "IDN", "TUR", "KEN"]])
    def test_terms_of_the_real_world_meet_every_profile(self, world, players):
        """The error that a game states is that of all 3^P profiles, and its equilibrium is the model's."""
        game = alignment_game(world, players, until=2032, draws=4, rng=7)
        every = np.indices((3,) * len(players)).reshape(len(players), -1).T
        simulated, told = simulated_payoffs(game, every), game.payoffs(every)
        missed = np.sqrt(np.square(simulated - told).mean(axis=(0, 1)))
        assert (missed <= 4.0 * game.error["error_usd"]).all()
        assert (missed <= 0.05 * game.error["spread_usd"]).all()
        found = equilibria(game, rng=1)
        modal = found.profiles[0]
        held = verify_by_simulation(game, modal)
        assert held["player"].tolist() == list(game.players)
        assert held.attrs["stable"]["terms"] == found.share[0] >= 0.25  # of four draws
        assert held.attrs["stable"]["simulated"] >= found.share[0] - 0.25  # but for one draw of four
        # Looked up among all simulated profiles, what each forgoes by staying is the same.
        place = {tuple(profile): m for m, profile in enumerate(every.tolist())}
        for i, row in held.iterrows():
            others = [place[(*modal[:i], c, *modal[i + 1 :])] for c in range(3) if c != modal[i]]
            here = simulated[:, place[tuple(modal)], i]
            forgone = np.median(here - simulated[:, others, i].max(axis=1))
            assert row["deviation_loss_simulated"] == pytest.approx(forgone, rel=1e-6)
            assert row["choice"] == game.choices[modal[i]]

    def test_a_generator_is_asked_for_one_seed(self, toy_world):
        """Draws and sampled profiles hang on the same seed, however it is given."""
        from standards_net.randomness import seed_of

        one = alignment_game(toy_world, ["KEN", "BRA"], until=2022, draws=2, rng=np.random.default_rng(3))
        seed = seed_of(np.random.default_rng(3))
        two = alignment_game(toy_world, ["KEN", "BRA"], until=2022, draws=2, rng=seed)
        np.testing.assert_array_equal(one.terms.own, two.terms.own)

    def test_a_scenario_may_be_given_as_a_value(self, toy_world):
        by_name, by_value = (
            alignment_game(toy_world, ["KEN"], scenario=scenario, baseline=quo, until=2022, draws=2, rng=1)
            for scenario, quo in ((RULES, QUO), (load_scenario(RULES), load_scenario(QUO)))
        )
        np.testing.assert_array_equal(by_name.terms.own, by_value.terms.own)
        assert by_name.conditional_on == by_value.conditional_on
        assert by_name.conditional_on.startswith(
            "rules of bipolar-free-nonaligned; others keep the alignment"
        )

    def test_the_same_seed_gives_the_same_game(self, toy_world):
        one, two = (
            alignment_game(toy_world, ["KEN", "BRA"], until=2023, draws=2, rng=9, threads=t) for t in (1, 2)
        )
        assert one.terms.pair.tobytes() == two.terms.pair.tobytes()
        other = alignment_game(toy_world, ["KEN", "BRA"], until=2023, draws=2, rng=10)
        assert (other.terms.own != one.terms.own).any()


def test_levers_do_not_depend_on_who_else_is_compiled(world):
    """A set of sides with both technologies has the levers of each alone."""
    both = take_sides(world, RULES, QUO, ["radio", "iot"], YEARS)
    alone = take_sides(world, RULES, QUO, ["iot"], YEARS)
    side = both.start()
    one, two = both.levers(side, "iot"), alone.levers(side, "iot")
    for name in (*OF_COUNTRIES, *OF_THE_WORLD):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    for i in range(len(world.countries)):
        np.testing.assert_equal(orders_on(one, i), orders_on(two, i))
