"""Where worlds and games tip: rest in 2019, the mean-field fold, two who coordinate, corners of a diagram."""

import math
from dataclasses import replace

import numpy as np
import pytest

import standards_net as sn
from standards_net.alignment.games.game import Game
from standards_net.alignment.games.payoffs import Terms
from standards_net.alignment.tipping.phase import phase_diagram
from standards_net.alignment.tipping.tipping_points import tip_end_state, tip_equilibrium
from standards_net.core.arrays import by_country
from standards_net.model import draw_initial
from standards_net.scenario import load_scenario
from standards_net.world import Market

SMALL = {"until": 2024, "draws": 3, "rng": 7}


def nothing(**parameters):
    """No policies; draws without a taste of their own or a part of the world's mix: 2019 is at rest."""
    return load_scenario(
        {
            "name": "nothing",
            "title": "Nothing",
            "policies": "none",
            "parameters": {"taste_sd": 0.0, "weight_of_world_mix": 0.0, **parameters},
        }
    )


def share_of_2019(world, standard="china"):
    market = world.market("radio")
    of = [v for v, s in enumerate(market.vendor_standards) if s == standard]
    return float(market.share @ market.adoption[:, of].sum(axis=1))


class TestRest:
    @pytest.mark.parametrize("standard", ["china", "west", "open"])
    def test_with_no_lead_2019_is_at_rest(self, toy_world, standard):
        told = tip_end_state(toy_world, "lead", [0.0, 0.5], scenario=nothing(), standard=standard, **SMALL)
        np.testing.assert_allclose(told.found.up[:, 0], share_of_2019(toy_world, standard), atol=1e-6)
        assert told.observable == f"world share of the {standard} standard"
        assert (np.abs(told.found.up[:, 1] - told.found.up[:, 0]) > 1e-3).all()

    @pytest.mark.parametrize("lock_in", [0.0, 1.5])
    def test_operators_are_at_rest_too(self, operator_world, lock_in):
        """Each with its own mix of 2019, in every draw of the estimate."""
        own = nothing(weight_of_country_mix=0.0, operator_taste_sd=0.0, lock_in=lock_in)
        told = tip_end_state(operator_world, "lead", [0.0, 0.5], scenario=own, **SMALL)
        market = operator_world.market("radio")
        start = draw_initial(operator_world, "radio", 7, slice(0, 3)).start
        country = by_country(start, market.country_of, market.weight, len(market.share))
        np.testing.assert_allclose(told.found.up[:, 0], country[..., 0] @ market.share, atol=1e-6)
        assert (told.found.up[:, 1] > told.found.up[:, 0] + 1e-2).all()

    def test_at_the_compatibility_of_2019_it_is_at_rest(self, toy_world):
        of_2019 = {"compatibility_china_west_radio": 0.75, "compatibility_china_open_radio": 0.75}
        told = tip_end_state(toy_world, "incompatibility", [0.25, 0.9], scenario=nothing(**of_2019), **SMALL)
        np.testing.assert_allclose(told.found.up[:, 0], share_of_2019(toy_world), atol=1e-6)
        assert (np.abs(told.found.up[:, 1] - told.found.up[:, 0]) > 1e-3).all()

    def test_a_compatibility_that_is_given_holds_while_a_lead_changes(self, toy_world):
        """At that of 2019 nothing moves; at another the end state is that of incompatibility."""
        of_2019 = {"compatibility_china_west_radio": 0.75, "compatibility_china_open_radio": 0.75}
        quo = nothing(**of_2019)
        same, less = (
            tip_end_state(toy_world, "lead", [0.0, 0.1], scenario=quo, compatibility=c, **SMALL)
            for c in (0.75, 0.3)
        )
        np.testing.assert_allclose(same.found.up[:, 0], share_of_2019(toy_world), atol=1e-6)
        along = tip_end_state(toy_world, "incompatibility", [0.7, 0.8], scenario=quo, **SMALL)
        np.testing.assert_allclose(less.found.up[:, 0], along.found.up[:, 0], atol=1e-6)
        assert "compatibility 0.3" in less.conditional_on

    def test_policies_of_the_last_year_hold(self, toy_world):
        """Where all but China shut Chinese vendors out, only China's part of the market is left."""
        others = [c for c in toy_world.countries if c != "CHN"]
        ban = nothing().extended(ban=[{"who": others, "vendors": ["china"], "from": 2022, "remove_by": 2030}])
        told = tip_end_state(toy_world, "lead", [0.0, 9.0, 30.0], scenario=ban, **SMALL)
        china = float(toy_world.market("radio").share[toy_world.countries.index("CHN")])
        assert (told.found.up[:, 0] < china).all()
        np.testing.assert_allclose(told.found.up[:, -1], china, rtol=1e-6)
        before = tip_end_state(toy_world, "lead", [0.0, 30.0], scenario=ban, draws=3, rng=7, until=2022)
        np.testing.assert_allclose(before.found.up[:, -1], china, rtol=1e-6)  # the ban is in force by then


class TestHysteresis:
    def test_strong_network_benefit_holds_on_to_what_there_is(self, toy_world):
        quo = nothing(network_benefit=8.0, lock_in=1.0)
        told = tip_end_state(
            toy_world, "lead", np.linspace(-8.0, 8.0, 17), scenario=quo, compatibility=0.0, **SMALL
        )
        found = told.found
        assert (found.fold_down < found.fold_up).all()
        np.testing.assert_array_equal(found.hysteresis, np.stack([found.fold_down, found.fold_up], axis=1))
        inside = (found.values > found.fold_down.max()) & (found.values < found.fold_up.min())
        assert inside.sum() > 2
        assert (found.down[:, inside] > found.up[:, inside] + 0.3).all()
        outside = (found.values < found.fold_down.min()) | (found.values > found.fold_up.max())
        np.testing.assert_allclose(found.up[:, outside], found.down[:, outside], atol=1e-4)
        assert "100 % of draws tip on the way up, at " in told.sentence()
        assert "in 100 % history decides between the two" in told.sentence()

    def test_without_network_benefit_and_lock_in_there_is_none(self, toy_world):
        quo = nothing(network_benefit=0.0, lock_in=0.0)
        told = tip_end_state(
            toy_world, "lead", np.linspace(-8.0, 8.0, 9), scenario=quo, compatibility=0.0, **SMALL
        )
        assert np.isnan(told.found.fold_up).all()
        assert np.isnan(told.found.fold_down).all()
        np.testing.assert_allclose(told.found.up, told.found.down, atol=1e-6)
        assert told.sentence() == (
            "No draw tips: world share of the china standard moves without a jump along lead."
        )
        table = told.to_frame()
        assert table["value"].tolist() == np.linspace(-8.0, 8.0, 9).tolist()
        np.testing.assert_allclose(table["up"], np.median(told.found.up, axis=0))

    def test_full_compatibility_leaves_lock_in_alone(self, toy_world):
        """Network benefit, however strong, is idle where all standards work together."""
        pairs = ("china_west_radio", "open_west_radio", "china_open_radio")
        quo = {"lock_in": 0.5} | {f"compatibility_{pair}": 1.0 for pair in pairs}
        weak, strong = (
            tip_end_state(
                toy_world, "lead", np.linspace(-3.0, 3.0, 7), compatibility=1.0,
                scenario=nothing(network_benefit=nu, **quo), **SMALL,
            ).found
            for nu in (0.0, 8.0)
        )  # fmt: skip
        np.testing.assert_allclose(weak.up, strong.up, atol=1e-5)


def world_of_two_vendors(base):
    """Countries that are all alike, half with each of two vendors, every tie the same."""
    n = len(base.countries)
    market = base.market("radio")
    half = np.full((n, 2), 0.5)
    even = Market(
        technology="radio",
        vendors=("huawei", "ericsson"),
        vendor_names=("Huawei", "Ericsson"),
        vendor_poles=("china", "us"),
        vendor_standards=("china", "west"),
        vendor_homes=("CHN", "SWE"),
        price_index=np.ones(2),
        share=np.full(n, 1.0 / n),
        adoption=half,
        unrestricted=half,
        log_sd=np.zeros((n, 2)),
        factors=np.repeat(np.eye(2)[None], n, axis=0),
        estimated=market.estimated,
        deployment=market.deployment,
        launch_year=market.launch_year,
        launch_estimated=market.launch_estimated,
    )
    return replace(base, markets={"radio": even}, ties=np.full_like(base.ties, 1.0 / n))


class TestMeanField:
    r"""All countries alike, two vendors, each with half the market in 2019.

    Let x be the share of the first, m = 2 x - 1 and C the compatibility of the two standards. Tied markets
    look like one's own, so the first standard works with x + C (1 - x) of them, the second with
    C x + (1 - x): a difference of (1 - C) m. What is installed differs by m. All of this is counted from
    2019, where m = 0, tastes and prices being even. With network benefit nu, lock-in lambda and a lead l,

        ln(x / (1 - x)) = (nu (1 - C) + lambda) m + l.

    As ln(x / (1 - x)) = 2 artanh(m), this is m = tanh(J m + h) with J = (nu (1 - C) + lambda) / 2, h = l / 2.
    The state ceases to exist where the slope of the right side is 1: J (1 - m^2) = 1, m_s = sqrt(1 - 1 / J).
    On the way up it is the lower branch that ends, at m = -m_s, where h = artanh(m) - J m is
    J m_s - artanh(m_s); on the way down the upper one, at the opposite. Hence folds at
    l = +- 2 (J m_s - artanh(m_s)) if J > 1, and none if J <= 1.
    """

    @pytest.mark.parametrize(
        ("network_benefit", "lock_in", "compatibility"),
        [(3.0, 0.0, 0.0), (2.0, 1.5, 0.25), (0.0, 2.6, 0.5), (8.0, 0.3, 0.6)],
    )
    def test_folds_are_those_of_the_closed_form(self, toy_world, network_benefit, lock_in, compatibility):
        told = tip_end_state(
            world_of_two_vendors(toy_world),
            "lead",
            np.linspace(-3.0, 3.0, 25),
            scenario=nothing(network_benefit=network_benefit, lock_in=lock_in),
            compatibility=compatibility,
            tolerance=1e-3,
            **SMALL,
        )
        j = (network_benefit * (1.0 - compatibility) + lock_in) / 2.0
        m_s = math.sqrt(1.0 - 1.0 / j)
        fold = 2.0 * (j * m_s - math.atanh(m_s))
        np.testing.assert_allclose(told.found.fold_up, fold, atol=3e-3)
        np.testing.assert_allclose(told.found.fold_down, -fold, atol=3e-3)

    def test_states_are_those_of_the_closed_form(self, toy_world):
        j, values = 0.9, np.linspace(-2.0, 2.0, 9)
        told = tip_end_state(
            world_of_two_vendors(toy_world), "lead", values, compatibility=0.0,
            scenario=nothing(network_benefit=1.0, lock_in=0.8), **SMALL,
        )  # fmt: skip
        m = np.zeros(len(values))
        for _ in range(3000):
            m = np.tanh(j * m + values / 2.0)
        expected = np.broadcast_to((1.0 + m) / 2.0, told.found.up.shape)
        np.testing.assert_allclose(told.found.up, expected, atol=2e-5)
        np.testing.assert_allclose(told.found.down, expected, atol=2e-5)
        assert np.isnan(told.found.fold_up).all()  # J < 1

    def test_even_markets_stay_even_however_apart(self, toy_world):
        """By symmetry an even market is at rest at any compatibility."""
        told = tip_end_state(
            world_of_two_vendors(toy_world), "incompatibility", [0.0, 0.5, 1.0],
            scenario=nothing(network_benefit=1.0, lock_in=0.5), **SMALL,
        )  # fmt: skip
        np.testing.assert_allclose(told.found.up, 0.5, atol=1e-9)


def coordination(meet, gdp_usd=(3.0, 1.0), start=(0, 0)):
    """Two who get ``meet`` where they are together, and 1 for the second choice wherever the other is."""
    meet = np.asarray(meet, float)
    together = np.zeros((len(meet), 2, 2, 2, 2))
    for i, j in ((0, 1), (1, 0)):
        together[:, i, :, j] = meet[:, None, None] * np.eye(2)
    push = np.zeros((len(meet), 2, 2))
    push[..., 1] = 1.0
    return Game(
        players=("A", "B"),
        choices=("x", "y"),
        items={
            "meet": Terms(np.zeros((len(meet), 2, 2)), together),
            "push": Terms(push, np.zeros((len(meet), 2, 2, 2, 2))),
        },
        start=np.array(start),
        unit="1",
        gdp_usd=np.array(gdp_usd),
    )


class TestEquilibria:
    def test_two_who_coordinate(self):
        """Both at x get ``meet``; alone at y one gets t: they tip at t = meet, and back at t = -meet."""
        game = coordination([1.0, 0.5, 1.7])
        told = tip_equilibrium(game, "push", np.linspace(-2.1, 2.1, 9), tolerance=1e-4)
        np.testing.assert_allclose(told.found.fold_up, [1.0, 0.5, 1.7], atol=1e-3)
        np.testing.assert_allclose(told.found.fold_down, [-1.0, -0.5, -1.7], atol=1e-3)
        np.testing.assert_allclose(told.found.up[:, 0], 1.0)
        np.testing.assert_allclose(told.found.up[:, -1], 0.0)
        assert told.observable == "GDP of players that choose x"
        assert told.found.summary()["hysteresis"] == 1.0

    def test_what_is_followed_is_weighted_by_gdp(self):
        """Only B is pushed: it leaves at t = 2 for y, and takes a quarter of the GDP with it."""
        game = coordination([2.0])
        push = game.items["push"].own.copy()
        push[:, 0] = [0.0, -50.0]
        push[:, 1] = [0.0, 1.0]
        game = replace(game, items={**game.items, "push": Terms(push, game.items["push"].pair)})
        told = tip_equilibrium(game, "push", [0.1, 1.0, 3.1], choice="y", tolerance=1e-4)
        np.testing.assert_allclose(told.found.up, [[0.0, 0.0, 0.25]])
        np.testing.assert_allclose(told.found.fold_up, 2.0, atol=1e-3)

    def test_an_item_of_pairs_grows_too(self):
        """x is worth 2, less t if the other is there: at t = 2 A, who moves first, leaves it to B."""
        game = coordination([-1.0])
        liked = np.zeros((1, 2, 2))
        liked[..., 0] = 2.0
        game = replace(game, items={**game.items, "push": Terms(liked, game.items["push"].pair)})
        told = tip_equilibrium(game, "meet", [0.0, 1.0, 3.1, 5.0], tolerance=1e-4)
        np.testing.assert_allclose(told.found.up, [[1.0, 1.0, 0.25, 0.25]])
        np.testing.assert_allclose(told.found.down, [[1.0, 1.0, 0.25, 0.25]])
        np.testing.assert_allclose([told.found.fold_up, told.found.fold_down], 2.0, atol=1e-3)
        assert told.sentence().startswith(
            "100 % of draws tip on the way up, at 2.00 [2.00, 2.00]; 100 % tip back"
        )
        assert told.sentence().endswith("in 0 % history decides between the two.")

    def test_nothing_tips_where_nobody_moves(self):
        """From y, where 1 is got for nothing, nobody goes to x: they meet where they are."""
        game = coordination([1.0], start=(1, 1))
        told = tip_equilibrium(game, "meet", [0.0, 1.0, 5.0], choice="y")
        np.testing.assert_allclose(told.found.up, 1.0)
        assert told.sentence().startswith("No draw tips: GDP of players that choose y moves without a jump")

    def test_multiples_of_one_leave_the_game_as_it_is(self):
        game = coordination([1.5])
        told = tip_equilibrium(game, "push", [0.5, 1.0])
        assert told.found.up.tolist() == [[1.0, 1.0]]  # both stay at x, an equilibrium at 1


class TestPhaseDiagram:
    def test_corners_are_the_runs_of_their_scenarios(self, make_toy):
        world = make_toy(6)
        quo = load_scenario({"name": "quo", "title": "Quo", "policies": "none"})
        diagram = phase_diagram(
            world,
            "beta",
            compatibilities=[0.1, 0.8],
            counts=[0, 1, 2],
            baseline=quo,
            until=2026,
            draws=3,
            rng=5,
        )
        share = dict(zip(world.countries, world.market("radio").share, strict=True))
        assert diagram.allies == tuple(sorted(("USA", "DEU"), key=lambda c: -share[c]))
        assert diagram.values.shape == (2, 3, 3)
        assert diagram.counts == (0, 1, 2)
        for k, value in enumerate((0.1, 0.8)):
            apart = [
                {"between": ["china", s], "value": value, "from": 2021, "to": 2030} for s in ("west", "open")
            ]
            for count in (0, 1, 2):
                ban = {
                    "who": list(diagram.allies[:count]),
                    "vendors": ["china"],
                    "from": 2021,
                    "remove_by": 2030,
                }
                held = [{"between": ["china", s], "from": 2021} for s in ("west", "open")]
                scenario = quo.extended(compatibility=apart, agreement=held, ban=[ban] if count else [])
                result = sn.run(
                    world, scenario, draws=3, rng=5, years=range(2019, 2027), technologies=["radio"]
                )
                expected = result.values("beta", scenario="quo", technology="radio", year=2026)
                np.testing.assert_allclose(diagram.values[k, count], expected, rtol=1e-9)
        assert len(np.unique(diagram.values[..., 0].round(9))) == 6  # every corner is another world

    def test_a_table_has_a_row_a_pair(self, make_toy):
        diagram = phase_diagram(
            make_toy(6), "china_share", compatibilities=[0.5], counts=[0, 2], until=2023, draws=4, rng=5
        )
        table = diagram.to_frame()
        assert table[["compatibility", "allies"]].to_numpy().tolist() == [[0.5, 0.0], [0.5, 2.0]]
        for a, row in table.iterrows():
            low, median, high = np.quantile(diagram.values[0, a], [0.05, 0.5, 0.95])
            assert [row["low"], row["median"], row["high"]] == pytest.approx([low, median, high])
        assert diagram.unit == "1"

    def test_numbers_of_allies_if_nothing_is_said(self, world):
        """From nobody to all, a dozen or so, denser among the first, whose markets are the largest."""
        from standards_net.alignment.tipping.phase import _counts

        for most in (1, 2, 5, 40, 195):
            counts = _counts(None, most)
            assert counts[0] == 0
            assert counts[-1] == most
            assert len(counts) <= 13
            assert (np.diff(counts) > 0).all()

    def test_the_same_seed_gives_the_same_diagram(self, make_toy):
        given = {"compatibilities": [0.2, 0.9], "counts": [0, 1], "until": 2023, "draws": 3}
        one, two, other = (
            phase_diagram(make_toy(6), rng=seed, threads=threads, **given)
            for seed, threads in ((5, 1), (5, 2), (6, 1))
        )
        assert one.values.tobytes() == two.values.tobytes()
        assert (one.values != other.values).any()
