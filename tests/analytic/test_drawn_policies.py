"""Restrictions drawn from their chances, and what operators expect of them."""

from __future__ import annotations

import numpy as np
import pytest

import standards_net as sn
from standards_net.ensemble.engine import Draws
from standards_net.model.orders import barred_part
from standards_net.politics import exclusion_chances, restriction_chances
from standards_net.scenario.drawn_policies import drawn_policies, expected_restriction

YEARS = range(2019, 2031)


@pytest.fixture(scope="module")
def world():
    return sn.load_world()


def compiled(world, technology="radio", **content):
    scenario = sn.load_scenario({"name": "mine", "title": "Mine", **content})
    return sn.compile_scenario(world, scenario, technology, YEARS)


def order_of(levers):
    """The drawn order, which comes last."""
    return levers.newer[-1]


def test_the_order_has_the_chance_of_exclusion_and_the_restriction_the_rest(world):
    levers = compiled(world, policies="drawn")
    i, huawei = world.countries.index("POL"), world.market("radio").vendors.index("huawei")
    restricts = restriction_chances(world, YEARS, 2020)[i]
    excludes = (restricts * exclusion_chances(world)[i]).mean(axis=1)
    assert order_of(levers).compliance[1:, i, huawei] == pytest.approx(excludes[1:])
    recorded = 0.25  # Poland reviewed in 2019
    assert levers.restriction[1:, i, huawei] + recorded == pytest.approx(
        np.maximum(restricts.mean(axis=1) - excludes, recorded)[1:]
    )
    assert not order_of(levers).part[0].any()


def test_the_share_of_draws_that_exclude_is_the_chance(world):
    draws, years = Draws.of(world, "radio", 2048, seed=3), tuple(YEARS)
    levers = compiled(world, policies="drawn")
    barred = [0.0] * len(years)
    codes = ("DEU", "POL", "IND", "BRA")
    for block in draws.blocks:
        setting = draws.setting(block, levers)
        for y in (1, 6, 11):
            found = barred_part(levers.newer, setting, y).of_all(len(setting.weight))[..., 0]
            of = [np.flatnonzero(setting.country_of == world.countries.index(code))[0] for code in codes]
            barred[y] = barred[y] + found[:, of].sum(axis=0) / draws.count
    chances = drawn_policies(world, years, 2020).excludes
    for y in (1, 6, 11):
        expected = chances[y, [world.countries.index(code) for code in codes]]
        error = np.sqrt(expected * (1.0 - expected) / draws.count)
        assert (np.abs(barred[y] - expected) < 4.0 * error).all()


def test_nothing_is_drawn_before_its_year_and_nobody_who_acted_acts_again(world):
    levers = sn.compile_scenario(world, sn.load_scenario("forecast-2030"), "radio", YEARS)
    before = sn.compile_scenario(world, sn.load_scenario("as-happened-2025"), "radio", YEARS)
    order, first = order_of(levers), YEARS.index(2026)
    drawn = (order.part > 0).any(axis=2)
    assert not drawn[:first].any()
    assert drawn[first:, world.countries.index("AUT")].all()
    for country in ("USA", "CHN", "SWE", "EST"):
        i = world.countries.index(country)
        assert not order.compliance[first:, i][order.part[first:, i] > 0].any()
    for name in ("restriction", "anticipation"):
        assert getattr(levers, name)[:first] == pytest.approx(getattr(before, name)[:first])


@pytest.mark.parametrize("name", sn.scenario_names())
def test_every_scenario_can_draw_policy(world, name):
    scenario = sn.load_scenario({"name": "mine", "title": "Mine", "extends": name, "policies": "drawn"})
    levers = sn.compile_scenario(world, scenario, "radio", YEARS)
    for country in ("USA", "CHN"):
        drawn = levers.newer[-1]
        assert not (drawn.part[:, world.countries.index(country)] * (drawn.compliance[
            :, world.countries.index(country)] < 1.0)).any()  # fmt: skip


def test_policies_on_record_end_what_was_to_be_drawn(world):
    content = {"name": "mine", "title": "Mine", "extends": "forecast-2030", "policies": "latest"}
    levers = sn.compile_scenario(world, sn.load_scenario(content), "radio", YEARS)
    before = sn.compile_scenario(world, sn.load_scenario("as-happened-2025"), "radio", YEARS)
    assert levers.restriction == pytest.approx(before.restriction)


def test_iot_is_not_concerned(world):
    levers = compiled(world, "iot", policies="drawn")
    assert not any(orders.part.any() for orders in levers.newer)
    assert not levers.anticipation.any()


def test_anticipation_is_the_chance_within_three_years_where_policy_moves_on(world):
    huawei = world.market("radio").vendors.index("huawei")
    assert not compiled(world).anticipation.any()
    levers = compiled(world, policies="latest")
    i = world.countries.index("AUT")
    expected = restriction_chances(world, range(2021, 2024), 2021)[i, -1].mean()
    assert levers.anticipation[YEARS.index(2021), i, huawei] == pytest.approx(expected)
    assert not levers.anticipation[0].any()
    # Sweden has acted since 2020: nothing is expected any more.
    assert not levers.anticipation[1:, world.countries.index("SWE")].any()
    assert not levers.anticipation[..., world.market("radio").vendors.index("ericsson")].any()
    assert np.isfinite(expected_restriction(world, tuple(range(2019, 2101)))).all()


def test_anticipation_lowers_what_is_bought_from_vendors_at_risk(world):
    def share(weight):
        scenario = {"name": "a", "title": "A", "policies": "latest", "parameters": {"anticipation": weight}}
        result = sn.run(world, scenario, technologies="radio", draws=64, rng=1, until=2025)
        table = result.shares("AUT", technology="radio", base="5g").query("standard == 'china'")
        return table[["median", "low"]].iloc[-1]

    without, with_it = share(0.0), share(4.0)
    assert (with_it < without).all()
    # In the draws in which a restriction is expected next to nothing is bought from them.
    assert with_it["low"] < 0.5 * without["low"]


def test_years_without_drawing_are_refused(world):
    with pytest.raises(sn.ScenarioError, match="drawn_from is 2026, but policies are '2019-10'"):
        compiled(world, drawn_from=2026)
    with pytest.raises(sn.ScenarioError, match="2020"):
        compiled(world, policies="drawn", drawn_from=2019)
