"""What each kind of entry does in a run, where it can be worked out by hand."""

import contextlib
import math

import numpy as np
import pytest
from scipy.stats import norm

import standards_net as sn
from standards_net.core.deployment import bass_curve
from standards_net.model import (
    build_setting,
    draw_initial,
    procurement,
    random_numbers_by_year,
    vendor_choice,
)
from standards_net.parameters import draw_parameters
from standards_net.scenario import compile_scenario, load_scenario

YEARS = range(2019, 2029)
STILL = {
    "research_feedback": 0.0,
    "progress_ratio": 1.0,
    "compatibility_drift": 0.0,
    "taste_sd": 0.0,
    "operator_taste_sd": 0.0,
    "weight_of_country_mix": 0.0,
    "weight_of_world_mix": 0.0,
    "speed_elasticity": 0.0,
}
HUAWEI, ERICSSON, OPEN = range(3)


def scenario(parameters=None, **entries):
    still = {**STILL, **(parameters or {})}
    return {"name": "x", "title": "X", "policies": "none", "parameters": still, **entries}


def walk(world, content, draws=4, years=YEARS):
    """Setting, states and infos; the first info is that of 2020."""
    loaded = load_scenario(content)
    levers = compile_scenario(world, loaded, "radio", years)
    drawn = draw_parameters(world.parameters, draws, 3)
    drawn |= {name: np.full(draws, float(value)) for name, value in loaded.file.parameters.items()}
    setting = build_setting(world, levers, drawn, draw_initial(world, "radio", 3, slice(0, draws)))
    states, infos = [vendor_choice().init(setting)], []
    for _ in years[1:]:
        state, info = vendor_choice().step(states[-1], setting)
        states.append(state)
        infos.append(info)
    return setting, states, infos


def of(world, code):
    return world.countries.index(code)


def ban(**more):
    return {"ban": [{"who": ["KEN"], "vendors": ["huawei"], "from": 2020, **more}]}


def odds(info, i, v, of_other=ERICSSON):
    """Odds of two vendors in a country's purchases, draw by draw."""
    return info.bought[:, i, v] / info.bought[:, i, of_other]


@pytest.mark.parametrize("world_of", ["toy_world", "operator_world"])
def test_without_entries_all_are_at_rest(request, world_of):
    world = request.getfixturevalue(world_of)
    setting, states, _ = walk(world, scenario())
    for state in states:
        np.testing.assert_allclose(state.bases.older, setting.start, atol=1e-12)
        served = state.deployment[:, setting.country_of] > 0.0
        np.testing.assert_allclose(state.bases.newer[served], setting.start[served], atol=1e-12)


def test_dearer_supply_is_paid_for(world):
    """All prices three times as high everywhere: revenue is spending, and the account is charged for it."""
    dear = {"supply": [{"who": ["all"], "vendors": ["all"], "from": 2020, "price": 3.0}]}
    still = {"price_sensitivity": 1.4, "price_sensitivity_of_poor": 0.0}
    runs = [
        sn.run(world, scenario(still, **entries), draws=4, rng=1, until=2022, technologies=["radio"])
        for entries in ({}, dear)
    ]
    spent, paid = (
        result.values("vendor_revenue_usd", scenario="x", technology="radio")[:, 1:].sum(axis=(-1, -2))
        for result in runs
    )
    np.testing.assert_allclose(paid, 3.0 * spent, rtol=1e-6)
    before, after = (result.values("total_usd", scenario="x", technology="radio")[:, 1:] for result in runs)
    np.testing.assert_allclose(after - before, 2.0 * spent, rtol=1e-6)


class TestBans:
    def test_a_capped_vendor_grows_up_to_its_cap(self, toy_world):
        """Much liked, it sells whatever the cap leaves: its share reaches the cap and never passes it."""
        kenya = of(toy_world, "KEN")
        liked = {"quality": [{"vendors": ["huawei"], "shift": 4.0, "from": 2020}]}
        _, free, _ = walk(toy_world, scenario(**liked))
        _, states, _ = walk(toy_world, scenario(**liked, **ban(cap=0.45)))
        share = np.array([state.adoption[:, kenya, HUAWEI] for state in states])
        assert (share[0] < 0.45).all()
        assert (share <= 0.45 + 1e-12).all()
        np.testing.assert_allclose(share[-1], 0.45)
        assert (free[-1].adoption[:, kenya, HUAWEI] > 0.8).all()

    def test_a_share_above_its_cap_ages_out_down_to_it(self, toy_world):
        kenya, off = of(toy_world, "KEN"), {"lifetime_radio": 8.0, "spill_over_radio": 0.0}
        growth = {"innovation_radio": 0.0, "imitation_radio": 0.0}
        _, states, infos = walk(toy_world, scenario({**off, **growth}, **ban(cap=0.25)))
        start = states[0].adoption[:, kenya, HUAWEI]
        for years, state in enumerate(states):
            expected = np.maximum(start * (7 / 8) ** years, 0.25)
            np.testing.assert_allclose(state.adoption[:, kenya, HUAWEI], expected)
        assert (infos[0].bought[:, kenya, HUAWEI] == 0.0).all()
        assert (infos[-1].bought[:, kenya, HUAWEI] > 0.0).all()

    @pytest.mark.parametrize("field", ["compliance", "delay_years", "share_of_market"])
    def test_a_cap_that_does_not_bind_is_none(self, toy_world, field):
        """Compliance, delay and share of the market hold for a cap as for a ban, or are refused beside it."""
        never = {field: 50.0 if field == "delay_years" else 0.0}
        at_once = {"order_delay_sd": 0.0}
        _, free, _ = walk(toy_world, scenario(at_once))
        with contextlib.suppress(sn.ScenarioError):
            _, states, _ = walk(toy_world, scenario(at_once, **ban(cap=0.1, **never)))
            np.testing.assert_allclose(states[-1].adoption, free[-1].adoption)

    def test_a_cap_is_one_for_all_capped_vendors_of_an_operator(self, operator_world):
        """Of the base that deployment builds; the older one, which nobody builds any more, is as it was."""
        usa = of(operator_world, "USA")
        liked = {"quality": [{"vendors": ["huawei", "open"], "shift": 3.0, "from": 2020}]}
        capped = [{"who": ["USA"], "vendors": ["huawei", "open"], "from": 2020, "cap": 0.75}]
        setting, states, _ = walk(operator_world, scenario(**liked, ban=capped))
        own = setting.country_of == usa
        share = np.array([s.bases.newer[:, own][..., [HUAWEI, OPEN]].sum(-1) for s in states])
        below = np.broadcast_to(share[0] <= 0.75, share.shape)
        assert below.any()
        assert (share[below] <= 0.75 + 1e-12).all()
        np.testing.assert_allclose(share[-1][share[-1] > 0.7], 0.75, rtol=1e-6)
        _, free, _ = walk(operator_world, scenario(**liked))
        np.testing.assert_allclose(states[1].bases.older, free[1].bases.older, rtol=1e-12)
        assert (states[-1].bases.older[:, own][..., [HUAWEI, OPEN]].sum(-1) > 0.75).any()

    @pytest.mark.parametrize("mechanism", ["vendor-choice", "procurement"])
    def test_a_cap_holds_also_where_contracts_are_with_one_vendor(self, world, mechanism):
        capped = scenario(ban=[{"who": ["DEU"], "vendors": ["huawei", "zte"], "from": 2020, "cap": 0.1}])
        result = sn.run(
            world, capped, draws=8, rng=1, until=2026, technologies=["radio"], mechanism=mechanism
        )
        table = result.shares("DEU", technology="radio", base="5g", by="vendor").query("year >= 2023")
        assert (table[table["vendor"] == "huawei"]["high"] <= 0.1 + 1e-6).all()

    def test_a_cap_on_what_vendors_leave_costs_no_more_than_their_shares(self, world):
        """Exit and cap together: their parts of choice multiply, and the cost stays of their order."""
        russia = {"who": ["RUS"], "from": 2022}
        leave = {"exit": [{**russia, "vendors": ["ericsson", "nokia"]}]}
        limit = {"ban": [{**russia, "vendors": ["huawei", "zte"], "cap": 0.2}]}
        both = sn.run(world, scenario(**leave, **limit), draws=8, rng=1, until=2024, technologies=["radio"])
        table = both.costs("RUS").query("item == 'equipment' and year > 2022")
        spending = world.gdp_usd[of(world, "RUS")] * 0.01
        assert (table["median"] > 0.0).all()
        assert (table["median"] < spending).all()

    def test_a_removal_of_a_part_leaves_the_rest(self, toy_world):
        """With no purchases from it, what is bound is gone by the deadline, linearly; the rest ages out."""
        kenya, f, years, delta = of(toy_world, "KEN"), 0.3, 4, 0.1
        still = {"lifetime_radio": 1 / delta, "innovation_radio": 0.0, "imitation_radio": 0.0,
                 "spill_over_radio": 0.0}  # fmt: skip
        part = {"who": ["KEN"], "vendors": ["huawei"], "from": 2020, "share_of_market": f}
        # What retires of the bound part need not be removed.
        _, states, infos = walk(toy_world, scenario(still, ban=[{**part, "remove_by": 2019 + years}]))
        first = states[0].adoption[:, kenya, HUAWEI] * states[0].deployment[:, kenya]
        np.testing.assert_allclose(infos[0].removed[:, kenya], first * f * (1 / years - delta))
        unbound = (1 - f) * (1 - delta) ** years  # of the base at first, what may stay and has not retired
        bought = sum(
            info.bought[:, kenya, HUAWEI] * (1 - delta) ** (years - 1 - y)
            for y, info in enumerate(infos[:years])
        )
        left = states[years].adoption[:, kenya, HUAWEI] * states[years].deployment[:, kenya]
        assert (left <= first * unbound + bought + 1e-12).all()
        assert (infos[years].removed[:, kenya] == 0.0).all()

    @pytest.mark.parametrize("part", [0.0, 0.3, 1.0])
    @pytest.mark.parametrize("world_of", ["toy_world", "operator_world"])
    def test_a_ban_of_a_part_of_the_market_takes_this_part_of_the_purchases(self, request, world_of, part):
        world = request.getfixturevalue(world_of)
        kenya = of(world, "KEN")
        _, _, free = walk(world, scenario())
        _, _, bound = walk(world, scenario(**ban(share_of_market=part)))
        np.testing.assert_allclose(
            bound[0].bought[:, kenya, HUAWEI], (1.0 - part) * free[0].bought[:, kenya, HUAWEI]
        )
        np.testing.assert_allclose(odds(bound[0], kenya, OPEN), odds(free[0], kenya, OPEN))
        np.testing.assert_allclose(bound[0].purchases, free[0].purchases)

    def test_a_share_of_the_market_is_whole_operators_drawn_by_their_size(self, operator_world):
        """All or nothing for each operator; an operator is bound with the share's probability."""
        usa, f, draws = of(operator_world, "USA"), 0.6, 2000
        part = {"who": ["USA"], "vendors": ["huawei"], "from": 2020, "share_of_market": f}
        setting, states, _ = walk(operator_world, scenario(ban=[part]), draws)
        _, free, _ = walk(operator_world, scenario(), draws)
        own = np.flatnonzero(setting.country_of == usa)
        assert len(own) > 1
        kept = states[0].bases.newer * (1.0 - setting.retirement[:, None, None])
        aged = kept[:, own, HUAWEI] * states[0].deployment[:, [usa]] / states[1].deployment[:, [usa]]
        bound = np.isclose(states[1].bases.newer[:, own, HUAWEI], aged)
        untouched = np.isclose(states[1].bases.newer[:, own, HUAWEI], free[1].bases.newer[:, own, HUAWEI])
        assert (bound ^ untouched).all()
        assert (np.abs(bound.mean(axis=0) - f) < 4 * (0.25 / draws) ** 0.5).all()
        weight = setting.weight[own]
        assert (np.abs(bound @ weight - f) < weight.max()).all()  # never far from the share

    def test_operators_that_are_bound_late_remove_at_once(self, operator_world):
        """An order that takes effect after its deadline leaves nothing of the vendor with whom it binds."""
        usa, at_once = of(operator_world, "USA"), {"order_delay_sd": 0.0}
        late = {"who": ["USA"], "vendors": ["huawei"], "from": 2020, "remove_by": 2022,
                "share_of_market": 0.5, "delay_years": 4.0}  # fmt: skip
        setting, states, _ = walk(operator_world, scenario(at_once, ban=[late]), 64)
        own = setting.country_of == usa
        bound = setting.place[:, own] < 0.5
        assert bound.any()
        held = states[5].bases.newer[:, own, HUAWEI]
        assert (held[bound] == 0.0).all()
        assert (held[~bound] > 0.0).all()

    @pytest.mark.parametrize("delay", [0.0, 2.0])
    def test_a_part_that_must_go_is_gone_by_the_deadline_also_after_a_delay(self, toy_world, delay):
        """Of the base at first the unbound part stays, but for what retires of it."""
        kenya, f, delta = of(toy_world, "KEN"), 0.5, 0.02
        still = {"lifetime_radio": 1 / delta, "innovation_radio": 0.0, "imitation_radio": 0.0,
                 "spill_over_radio": 0.0, "order_delay_sd": 0.0}  # fmt: skip
        part = {"share_of_market": f, "remove_by": 2025, "delay_years": delay}
        _, states, infos = walk(toy_world, scenario(still, **ban(**part)))
        served = states[0].deployment[:, kenya]
        bought = sum(
            info.bought[:, kenya, HUAWEI] * (1 - delta) ** (5 - y) for y, info in enumerate(infos[:6])
        )
        left = states[6].adoption[:, kenya, HUAWEI] * served
        first = states[0].adoption[:, kenya, HUAWEI] * served
        assert (left - bought <= first * (1 - f) * (1 - delta) ** 2 + 1e-12).all()
        assert (left >= first * (1 - f) * (1 - delta) ** 8 - 1e-12).all()

    def test_what_an_order_without_effect_leaves_is_no_removal(self, toy_world):
        """A ban of nobody with a deadline, then a plain one: nothing must be removed."""
        none = {
            "who": ["KEN"],
            "vendors": ["huawei"],
            "from": 2020,
            "share_of_market": 0.0,
            "remove_by": 2022,
        }
        plain = {"who": ["KEN"], "vendors": ["huawei"], "from": 2020}
        _, _, infos = walk(toy_world, scenario(ban=[none, plain]))
        assert not any(info.removed.any() for info in infos)

    def test_bound_operators_end_their_contracts_and_the_others_keep_theirs(self, operator_world):
        """In procurement, too: who is bound buys nothing of the vendor, from the year of the order on."""
        usa, f = of(operator_world, "USA"), 0.5
        part = {"who": ["USA"], "vendors": ["huawei"], "from": 2022, "share_of_market": f}
        levers = compile_scenario(operator_world, load_scenario(scenario(ban=[part])), "radio", YEARS)
        drawn, mechanism = draw_parameters(operator_world.parameters, 64, 3), procurement()
        random = random_numbers_by_year(
            "tender", operator_world, "radio", YEARS, 3, slice(0, 64), mechanism.operators
        )
        initial = draw_initial(operator_world, "radio", 3, slice(0, 64))
        setting = build_setting(operator_world, levers, drawn, initial, random)
        own = setting.country_of == usa
        bound, state = setting.place[:, own] < f, mechanism.init(setting)
        for y in range(1, 5):
            before = state.holders[:, own]
            state, _ = mechanism.step(state, setting)
            held = (state.holders[:, own] == HUAWEI).any(axis=-1)
            assert not (held & bound).any() or YEARS[y] < 2022
        assert (held & ~bound).any()
        assert (before == HUAWEI).any()

    def test_a_share_by_areas_is_the_same_part_of_every_operator(self, operator_world):
        usa, f = of(operator_world, "USA"), 0.3
        part = {"who": ["USA"], "vendors": ["huawei"], "from": 2020, "share_of_market": f}
        _, _, bound = walk(operator_world, scenario(ban=[{**part, "share_by": "areas"}]))
        _, _, free = walk(operator_world, scenario())
        np.testing.assert_allclose(bound[0].bought[:, usa, HUAWEI], (1 - f) * free[0].bought[:, usa, HUAWEI])

    @pytest.mark.parametrize("order", [1, -1])
    def test_orders_that_overlap_bind_each_on_its_own_terms(self, toy_world, order):
        """A ban on buying that all obey, and a removal that nobody does: nothing is removed."""
        kenya, who = of(toy_world, "KEN"), {"who": ["KEN"], "vendors": ["huawei"]}
        buying = {**who, "from": 2020}
        removal = {**who, "from": 2021, "remove_by": 2023, "compliance": 0.0}
        _, both, _ = walk(toy_world, scenario(ban=[buying, removal][::order]))
        _, alone, _ = walk(toy_world, scenario(ban=[buying]))
        for one, other in zip(both, alone, strict=True):
            np.testing.assert_array_equal(one.adoption, other.adoption)
        # And a removal that is obeyed at once is not put off by an earlier order that comes late.
        late = {**who, "from": 2020, "delay_years": 50.0}
        at_once = {**who, "from": 2020, "remove_by": 2021}
        _, states, _ = walk(toy_world, scenario({"order_delay_sd": 0.0}, ban=[late, at_once][::order]))
        assert (states[2].adoption[:, kenya, HUAWEI] == 0.0).all()

    def test_of_two_parts_of_a_market_the_larger_holds(self, toy_world):
        kenya, who = of(toy_world, "KEN"), {"who": ["KEN"], "vendors": ["huawei"], "from": 2020}
        parts = [{**who, "share_of_market": part} for part in (0.3, 0.5)]
        _, _, both = walk(toy_world, scenario(ban=parts))
        _, _, free = walk(toy_world, scenario())
        np.testing.assert_allclose(both[0].bought[:, kenya, HUAWEI], 0.5 * free[0].bought[:, kenya, HUAWEI])

    @pytest.mark.filterwarnings("ignore:.*changes nothing:standards_net.StandardsNetWarning")
    def test_retaliation_follows_the_orders_that_are_in_effect(self, world):
        """None where nobody complies or the order is years late; a cap counts for what it closes."""
        who = {"who": ["KEN"], "vendors": ["huawei", "zte"], "from": 2020}
        full, none, late, cap, half = (
            sn.run(
                world, scenario({"order_delay_sd": 0.0}, ban=[{**who, **more}]), draws=4, rng=1, until=2022,
                technologies=["radio"],
            ).costs("KEN").query("item == 'retaliation'").set_index("year")["median"]
            for more in (
                {}, {"compliance": 0.0}, {"delay_years": 2.0}, {"cap": 0.25},
                {"share_of_market": 0.5, "share_by": "areas"},
            )
        )  # fmt: skip
        assert full[2020] > 0.0
        assert (none == 0.0).all()
        assert late.loc[:2021].tolist() == [0.0, 0.0, 0.0]
        assert late[2022] == pytest.approx(full[2022])
        assert cap[2022] == pytest.approx(0.75 * full[2022])
        assert half[2022] == pytest.approx(0.5 * full[2022])

    def test_with_no_compliance_nothing_changes_and_with_full_it_is_a_plain_ban(self, toy_world):
        strict = ban(remove_by=2023)
        _, free, _ = walk(toy_world, scenario())
        _, none, _ = walk(toy_world, scenario(**ban(remove_by=2023, compliance=0.0)))
        _, full, _ = walk(toy_world, scenario(**ban(remove_by=2023, compliance=1.0)))
        _, plain, _ = walk(toy_world, scenario(**strict))
        np.testing.assert_array_equal(none[-1].adoption, free[-1].adoption)
        np.testing.assert_array_equal(full[-1].adoption, plain[-1].adoption)
        assert (plain[-1].adoption[:, of(toy_world, "KEN"), HUAWEI] == 0.0).all()

    def test_of_half_the_draws_an_order_binds_wholly_and_for_good(self, toy_world):
        """Binomial: 1000 draws within four standard deviations."""
        kenya = of(toy_world, "KEN")
        _, _, infos = walk(toy_world, scenario(**ban(compliance=0.5)), draws=1000)
        bound = np.array([info.bought[:, kenya, HUAWEI] == 0.0 for info in infos])
        assert abs(bound[0].mean() - 0.5) < 4 * 0.5 / 1000**0.5
        assert (bound == bound[0]).all()

    def test_countries_comply_each_for_itself(self, toy_world):
        both = [{"who": ["KEN", "BRA"], "vendors": ["huawei"], "from": 2020, "compliance": 0.5}]
        _, _, infos = walk(toy_world, scenario(ban=both), draws=1000)
        bound = infos[0].bought[:, [of(toy_world, c) for c in ("KEN", "BRA")], HUAWEI] == 0.0
        assert abs(np.corrcoef(bound.T)[0, 1]) < 4 / 1000**0.5

    def test_delays_are_log_normal_around_their_median(self, toy_world):
        """In the middle of year k after the order those with a delay up to k + 1/2 obey."""
        kenya, median = of(toy_world, "KEN"), 2.0
        late = ban(delay_years=median)
        _, _, infos = walk(toy_world, scenario({"order_delay_sd": 0.7}, **late), draws=2000)
        bound = np.array([info.bought[:, kenya, HUAWEI] == 0.0 for info in infos])
        for years, found in enumerate(bound.mean(axis=1)):
            expected = norm.cdf(math.log((years + 0.5) / median) / 0.7)
            assert abs(found - expected) < 4 * (0.25 / 2000) ** 0.5
        assert (np.diff(bound.astype(int), axis=0) >= 0).all()  # an order in effect stays so

    def test_what_was_in_force_in_2019_comes_at_once(self, toy_world):
        early = {"ban": [{"who": ["KEN"], "vendors": ["huawei"], "from": 2019, "delay_years": 9.0}]}
        _, _, infos = walk(toy_world, scenario(**early))
        assert (infos[0].bought[:, of(toy_world, "KEN"), HUAWEI] == 0.0).all()

    @pytest.mark.parametrize("banned", ["4g", "5g"])
    def test_a_ban_of_one_base_leaves_the_other_as_it_is(self, operator_world, banned):
        """In its base the vendor keeps what does not retire; of the other base it sells as before."""
        kenya = of(operator_world, "KEN")
        _, free, _ = walk(operator_world, scenario())
        setting, states, _ = walk(operator_world, scenario(**ban(bases=[banned])))
        own = np.flatnonzero(setting.country_of == kenya)
        before, after = states[:2]
        kept = 1.0 - setting.retirement[:, None]
        share = before.bases.newer[:, own, HUAWEI] * kept
        of_newer = share * before.deployment[:, [kenya]] / after.deployment[:, [kenya]]
        newer, older = after.bases.newer[:, own, HUAWEI], after.bases.older[:, own, HUAWEI]
        if banned == "5g":
            np.testing.assert_allclose(newer, of_newer)
            np.testing.assert_allclose(older, free[1].bases.older[:, own, HUAWEI])
        else:
            np.testing.assert_allclose(newer, free[1].bases.newer[:, own, HUAWEI])
            np.testing.assert_allclose(older, share)

    def test_a_base_not_yet_built_is_built_without_the_banned(self, operator_world):
        brazil = of(operator_world, "BRA")
        new = [{"who": ["BRA"], "vendors": ["huawei"], "from": 2020, "bases": ["5g"]}]
        _, states, _ = walk(operator_world, scenario(ban=new))
        assert (states[-1].deployment[:, brazil] > 0.0).all()
        assert (states[-1].by_base.newer[:, brazil, HUAWEI] == 0.0).all()
        assert (states[-1].by_base.older[:, brazil, HUAWEI] > 0.05).all()

    def test_orders_about_two_bases_have_each_its_own_delay(self, operator_world):
        """5g is shut at once; the later order about 4g, ten years late, has not taken effect by 2024."""
        kenya, at_once = of(operator_world, "KEN"), {"order_delay_sd": 0.0}
        who = {"who": ["KEN"], "vendors": ["huawei"]}
        orders = [
            {**who, "from": 2020, "bases": ["5g"]},
            {**who, "from": 2022, "bases": ["4g"], "delay_years": 10.0},
        ]
        _, one, _ = walk(operator_world, scenario(at_once, ban=orders[:1]))
        _, both, _ = walk(operator_world, scenario(at_once, ban=orders))
        for y in range(6):
            np.testing.assert_allclose(
                both[y].by_base.older[:, kenya, HUAWEI], one[y].by_base.older[:, kenya, HUAWEI]
            )

    def test_an_order_about_one_base_binds_as_likely_as_it_says(self, operator_world):
        """Nobody obeys the order about 5g, though all obey the one about 4g."""
        kenya, who = of(operator_world, "KEN"), {"who": ["KEN"], "vendors": ["huawei"], "from": 2020}
        orders = [{**who, "bases": ["5g"], "compliance": 0.0}, {**who, "bases": ["4g"]}]
        _, states, _ = walk(operator_world, scenario(ban=orders))
        _, alone, _ = walk(operator_world, scenario(ban=orders[1:]))
        np.testing.assert_allclose(
            states[2].by_base.newer[:, kenya, HUAWEI], alone[2].by_base.newer[:, kenya, HUAWEI]
        )

    def test_removal_of_one_base_alone(self, operator_world):
        kenya = of(operator_world, "KEN")
        _, states, _ = walk(operator_world, scenario(**ban(bases=["4g"], remove_by=2022)))
        assert (states[3].by_base.older[:, kenya, HUAWEI] == 0.0).all()
        assert (states[3].by_base.newer[:, kenya, HUAWEI] > 0.05).all()


class TestExits:
    @pytest.mark.parametrize("world_of", ["toy_world", "operator_world"])
    def test_who_leaves_sells_nothing_and_is_gone_when_spares_run_out(self, request, world_of):
        world = request.getfixturevalue(world_of)
        kenya = of(world, "KEN")
        left = {"exit": [{"who": ["KEN"], "vendors": ["huawei"], "from": 2021, "spares_years": 3}]}
        _, states, infos = walk(world, scenario(**left))
        bought = np.array([info.bought[:, kenya, HUAWEI] for info in infos])
        assert (bought[0] > 0.0).all()
        assert (bought[1:] == 0.0).all()
        share = np.array([state.adoption[:, kenya, HUAWEI] for state in states])
        assert (share[3] > 0.0).all()
        assert (share[4:] == 0.0).all()

    def test_installed_equipment_goes_in_equal_parts(self, toy_world):
        kenya = of(toy_world, "KEN")
        left = {"exit": [{"who": ["KEN"], "vendors": ["huawei"], "from": 2020, "spares_years": 4}]}
        _, states, _ = walk(toy_world, scenario(**left))
        base = np.array([s.adoption[:, kenya, HUAWEI] * s.deployment[:, kenya] for s in states])
        for years in range(5):
            np.testing.assert_allclose(base[years], base[0] * (1 - years / 4), atol=1e-14)

    def test_nobody_retaliates_for_an_exit(self, toy_world):
        gone, shut = (
            sn.run(toy_world, scenario(**entry), draws=3, rng=1, years=range(2019, 2022))
            for entry in (
                {"exit": [{"who": ["KEN"], "vendors": ["huawei"], "from": 2020, "spares_years": 1}]},
                ban(remove_by=2020),
            )
        )
        assert not gone.values("retaliation_usd").any()
        assert (shut.values("retaliation_usd", year=2021) > 0.0).all()
        for item in ("equipment_usd", "replacement_usd", "delay_usd"):
            np.testing.assert_allclose(gone.values(item), shut.values(item), rtol=1e-12)


class TestSupply:
    @pytest.mark.parametrize("capacity", [0.25, 0.8])
    def test_capacity_multiplies_the_odds(self, toy_world, capacity):
        kenya = of(toy_world, "KEN")
        less = {"supply": [{"who": ["KEN"], "vendors": ["huawei"], "from": 2020, "capacity": capacity}]}
        _, _, free = walk(toy_world, scenario({"choice_sensitivity": 1.0}))
        _, _, bound = walk(toy_world, scenario({"choice_sensitivity": 1.0}, **less))
        np.testing.assert_allclose(odds(bound[0], kenya, HUAWEI), capacity * odds(free[0], kenya, HUAWEI))
        others = np.arange(len(toy_world.countries)) != kenya
        np.testing.assert_array_equal(bound[0].bought[:, others], free[0].bought[:, others])

    def test_a_price_lowers_the_odds_by_the_buyers_elasticity(self, toy_world):
        dearer = {"supply": [{"vendors": ["huawei"], "from": 2020, "price": 1.3}]}
        _, _, free = walk(toy_world, scenario())
        setting, _, bound = walk(toy_world, scenario(**dearer))
        elasticity = setting.parameters["choice_sensitivity"][:, None] * setting.price_sensitivity
        for i in range(len(toy_world.countries)):
            factor = odds(bound[0], i, HUAWEI) / odds(free[0], i, HUAWEI)
            np.testing.assert_allclose(factor, 1.3 ** -elasticity[:, i])
        np.testing.assert_array_equal(bound[0].price, free[0].price)  # the list price is that of learning

    def test_quality_shifts_log_odds(self, toy_world):
        kenya = of(toy_world, "KEN")
        worse = {"supply": [{"vendors": ["open"], "from": 2021, "quality": -0.7}]}
        setting, _, bound = walk(toy_world, scenario(**worse))
        _, _, free = walk(toy_world, scenario())
        np.testing.assert_array_equal(bound[0].bought, free[0].bought)
        gap = np.log(odds(bound[1], kenya, OPEN)) - np.log(odds(free[1], kenya, OPEN))
        np.testing.assert_allclose(gap, -0.7 * setting.parameters["choice_sensitivity"])

    def test_two_entries_add_up(self, toy_world):
        kenya = of(toy_world, "KEN")
        entry = {"who": ["KEN"], "vendors": ["huawei"], "from": 2020, "capacity": 0.5}
        _, _, one = walk(toy_world, scenario(supply=[{**entry, "capacity": 0.25}]))
        _, _, two = walk(toy_world, scenario(supply=[entry, entry]))
        np.testing.assert_allclose(two[0].bought[:, kenya], one[0].bought[:, kenya])

    def test_what_is_paid_follows_the_price(self, toy_world):
        """All vendors dearer by a tenth: the same is bought, for a tenth more."""
        dearer = {"supply": [{"vendors": ["all"], "from": 2020, "price": 1.1}]}
        free, bound = (
            sn.run(toy_world, scenario(**entries), draws=3, rng=1, years=range(2019, 2022))
            for entries in ({}, dearer)
        )
        np.testing.assert_allclose(
            bound.values("price_index", year=2021), 1.1 * free.values("price_index", year=2021)
        )
        np.testing.assert_allclose(bound.values("vendor_share"), free.values("vendor_share"), rtol=1e-6)


COMMON = {f"compatibility_{pair}_radio": 1.0 for pair in ("china_open", "china_west", "open_west")}


def split(**more):
    entry = {"between": ["china", "west"], "value": 0.2, **more}
    return {"compatibility": [entry]}


class TestSplits:
    @pytest.mark.parametrize("together", [COMMON, {}], ids=["one standard", "partly compatible"])
    @pytest.mark.parametrize("new_only", [False, True])
    def test_before_its_year_a_split_changes_nothing(self, toy_world, together, new_only):
        entry = split(**{"from": 2025}, new_equipment_only=new_only)
        without, with_it = (
            sn.run(toy_world, scenario(together, **e), draws=3, rng=1, years=range(2019, 2025))
            for e in ({}, entry)
        )
        for name in ("interoperability_loss", "china_share", "total_usd", "beta"):
            np.testing.assert_allclose(with_it.values(name), without.values(name), atol=1e-12, err_msg=name)

    def test_new_equipment_follows_a_split_as_the_base_is_renewed(self, toy_world):
        """Where an eighth is renewed a year, 1 - (7/8)^n of the base is subject to it after n years."""
        still = {"lifetime_radio": 8.0, "innovation_radio": 0.0, "imitation_radio": 0.0}
        still |= {"spill_over_radio": 0.0, **COMMON}
        entry = split(**{"from": 2022}, new_equipment_only=True)
        _, states, _ = walk(toy_world, scenario(still, **entry))
        for years, state in enumerate(states):
            since = max(years - 2, 0)
            np.testing.assert_allclose(state.divided.sum(axis=-1), 1 - (7 / 8) ** since, atol=1e-12)

    def test_at_first_it_costs_little_and_less_than_a_split_of_all_that_is_in_use(self, toy_world):
        all_at_once, new = (
            sn.run(
                toy_world,
                scenario(COMMON, **split(**{"from": 2021}, new_equipment_only=only)),
                draws=3,
                rng=1,
                years=YEARS,
            )
            for only in (False, True)
        )
        for item in ("interoperability_loss", "double_running_usd", "network_value_usd"):
            whole, part = (result.values(item)[0, :, :, 0] for result in (all_at_once, new))
            assert not whole[:, :2].any()
            assert not part[:, :2].any()
            assert (part[:, 2:] > 0.0).all()
            assert (part[:, 2:] < whole[:, 2:]).all()
            assert (part[:, 2] < 0.35 * whole[:, 2]).all()
            assert (np.diff(part[:, 2:] / whole[:, 2:], axis=1) > 0.0).all()

    def test_a_standard_that_is_split_off_starts_as_its_vendors_were(self, toy_world):
        """Fully compatible with the western family, and with the Chinese-led as that is."""
        setting, _, _ = walk(toy_world, scenario(standards={"ericsson": "europe"}))
        names, p = setting.levers.standards, setting.parameters
        assert setting.levers.parents == ("china", "west", "open", "west")
        china, west, europe, opened = (names.index(n) for n in ("china", "west", "europe", "open"))
        together = setting.compatibility
        np.testing.assert_array_equal(together[:, west, europe], 1.0)
        np.testing.assert_array_equal(together[:, europe, china], p["compatibility_china_west_radio"])
        np.testing.assert_array_equal(together[:, opened, europe], p["compatibility_open_west_radio"])
        np.testing.assert_array_equal(together[:, opened, china], p["compatibility_china_open_radio"])
        np.testing.assert_array_equal(together, together.swapaxes(1, 2))

    def test_standards_that_fully_work_together_do_not_drift(self, toy_world):
        drifting = {"compatibility_drift": 0.06, **COMMON, "compatibility_china_open_radio": 0.9}
        setting, states, infos = walk(toy_world, scenario(drifting))
        china, west, opened = (setting.levers.standards.index(n) for n in ("china", "west", "open"))
        np.testing.assert_array_equal(infos[-1].compatibility[:, china, west], 1.0)
        np.testing.assert_array_equal(infos[-1].compatibility[:, opened, west], 1.0)
        assert (infos[-1].compatibility[:, china, opened] < 0.9).all()
        assert (states[-1].kept[:, china, opened] < 1.0).all()


class TestAccount:
    def test_dearer_equipment_is_the_loss_of_choice_on_what_is_spent(self, toy_world):
        r"""A ban in Kenya: what it spends in 2020, times :math:`(1 - s)^{-1/(\beta\eta)} - 1`."""
        kenya, draws = of(toy_world, "KEN"), 4
        setting, _, free = walk(toy_world, scenario(), draws)
        _, _, bound = walk(toy_world, scenario(**ban()), draws)
        result = sn.run(
            toy_world, scenario(**ban()), draws=draws, rng=3, years=YEARS, groups=toy_world.countries
        )
        share = free[0].bought[:, kenya, HUAWEI] / free[0].purchases[:, kenya]
        p = setting.parameters
        elasticity = p["choice_sensitivity"] * setting.price_sensitivity[:, kenya]
        unit = p["market_radio"] * p["lifetime_radio"] * setting.market_share[kenya]
        mean_price = np.einsum("i,riv,v->r", setting.market_share, setting.start, setting.price_index)
        spent = unit * (bound[0].bought[:, kenya] @ setting.price_index) / mean_price
        expected = spent * ((1 - share) ** (-1 / elasticity) - 1)
        found = result.values("group_cost_usd", group="KEN", item="equipment", year=2020)[0, :, 0]
        np.testing.assert_allclose(found, expected, rtol=1e-5)
        for code in ("USA", "CHN", "BRA"):
            assert not result.values("group_cost_usd", group=code, item="equipment").any()

    def test_replacement_takes_years_of_roll_out(self, toy_world):
        """A base replaced at once holds deployment up by delay_per_share times its share, in years."""
        kenya, rate = of(toy_world, "KEN"), 1.2
        off = {
            "spill_over_radio": 0.0, "innovation_radio": 0.03, "imitation_radio": 0.38,
            "delay_per_share": rate, "lifetime_radio": 8.0, "network_value_radio": 0.01,
        }  # fmt: skip
        entry = scenario(off, **ban(remove_by=2020))
        setting, states, infos = walk(toy_world, entry)
        early = setting.start[:, kenya, HUAWEI] * (1 - 1 / 8)
        np.testing.assert_allclose(infos[0].removed[:, kenya], 0.2 * early)
        at = np.log((1 + 0.38 / 0.03 * 0.2) / (1 - 0.2)) / 0.41
        for years, state in enumerate(states[1:], start=1):
            late = bass_curve(at + years - rate * early, 0.03, 0.38)
            np.testing.assert_allclose(state.deployment[:, kenya], late, rtol=1e-12)
            np.testing.assert_allclose(state.unhindered, bass_curve(at + years, 0.03, 0.38), rtol=1e-12)
        result = sn.run(toy_world, entry, draws=4, rng=3, years=YEARS, groups=["KEN"])
        behind = states[5].unhindered[:, kenya] - states[5].deployment[:, kenya]
        np.testing.assert_allclose(
            result.values("group_cost_usd", group="KEN", item="delay", year=2024)[0, :, 0],
            0.01 * toy_world.gdp_usd[kenya] * behind,
            rtol=1e-5,
        )

    def test_a_year_of_roll_out_is_the_most_that_a_year_takes(self, toy_world):
        kenya, still = of(toy_world, "KEN"), {"delay_per_share": 100.0, "spill_over_radio": 0.0}
        _, states, _ = walk(toy_world, scenario(still, **ban(remove_by=2020)))
        np.testing.assert_allclose(states[1].deployment[:, kenya], states[0].deployment[:, kenya], rtol=1e-12)

    def test_replacement_is_what_goes_early_at_its_multiple(self, toy_world):
        kenya, off = of(toy_world, "KEN"), {"lifetime_radio": 8.0, "replacement_multiple": 1.5}
        setting, _, infos = walk(toy_world, scenario(off, **ban(remove_by=2021)))
        result = sn.run(
            toy_world, scenario(off, **ban(remove_by=2021)), draws=4, rng=3, years=YEARS, groups=["KEN"]
        )
        base = 8.0 * setting.parameters["market_radio"] * setting.market_share[kenya]
        first = 0.2 * setting.start[:, kenya, HUAWEI] * (1 / 2 - 1 / 8)  # half a year, an eighth anyway
        np.testing.assert_allclose(infos[0].removed[:, kenya], first)
        np.testing.assert_allclose(
            result.values("group_cost_usd", group="KEN", item="replacement", year=2020)[0, :, 0],
            1.5 * base * first,
            rtol=1e-5,
        )

    def test_retaliation_is_a_part_of_the_exports_to_the_homes_of_the_excluded(self, toy_world):
        """As far as they are excluded: here in a third of the market, with certainty."""
        rate = {"retaliation_rate": 0.01}
        result = sn.run(
            toy_world, scenario(rate, **ban(share_of_market=1 / 3)), draws=2, rng=1, years=YEARS,
            groups=["KEN"],
        )  # fmt: skip
        exports = toy_world.trade_usd[of(toy_world, "KEN"), of(toy_world, "CHN")] / 2
        found = result.values("group_cost_usd", group="KEN", item="retaliation", year=2025)
        np.testing.assert_allclose(found, 0.01 * exports / 3, rtol=1e-5)
        np.testing.assert_allclose(result.values("retaliation_usd", year=2025), 0.01 * exports / 3, rtol=1e-9)

    @pytest.mark.parametrize(
        "item",
        ["equipment", "replacement", "delay", "scale", "retaliation", "double_running", "network_value"],
    )
    def test_an_item_that_does_not_count_is_left_out(self, toy_world, item):
        split = {"compatibility": [{"between": ["china", "west"], "value": 0.2, "from": 2020}]}
        learning = {"progress_ratio": 0.8}
        whole, less = (
            sn.run(
                toy_world, scenario({**learning, **count}, **ban(remove_by=2022), **split), draws=3, rng=1,
                years=YEARS,
            )
            for count in ({}, {f"count_{item}": 0.0})
        )  # fmt: skip
        assert whole.values(f"{item}_usd", year=2022).any()
        assert not less.values(f"{item}_usd").any()
        np.testing.assert_allclose(
            less.values("total_usd"), whole.values("total_usd") - whole.values(f"{item}_usd"), atol=1.0
        )


@pytest.mark.parametrize(
    ("caps", "sentence"),
    [
        ([["all"]], "'cap' names every vendor, and leaves nobody to buy from"),
        ([["huawei"], ["ericsson"]], "a country has one cap at a time, and one of other vendors is in force"),
    ],
)
def test_caps_that_cannot_be_kept_are_refused(toy_world, caps, sentence):
    orders = [{"who": ["KEN"], "vendors": vendors, "from": 2020, "cap": 0.3} for vendors in caps]
    with pytest.raises(sn.ScenarioError, match=sentence):
        walk(toy_world, scenario(ban=orders))
