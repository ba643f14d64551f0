"""Limit cases of the mechanism: each part switched off, and what must then hold."""

from dataclasses import replace

import numpy as np
import pytest

import standards_net as sn
from standards_net.measures.account import ITEMS
from standards_net.model import (
    build_setting,
    draw_initial,
    procurement,
    random_numbers_by_year,
    vendor_choice,
)
from standards_net.parameters import draw_parameters
from standards_net.scenario import compile_scenario, load_scenario

YEARS = range(2019, 2031)
NOTHING = {"name": "nothing", "title": "Nothing", "policies": "none"}
STILL = {
    "research_feedback": 0.0,
    "progress_ratio": 1.0,
    "compatibility_drift": 0.0,
    "taste_sd": 0.0,
    "weight_of_world_mix": 0.0,
    "speed_elasticity": 0.0,
}

VENDOR = vendor_choice()


def walk(world, scenario, draws=4, mechanism=VENDOR, rng=3, years=YEARS):
    """States and infos of a scenario on a world."""
    loaded = load_scenario(scenario)
    levers = compile_scenario(world, loaded, "radio", years)
    drawn = draw_parameters(world.parameters, draws, rng)
    for name, value in loaded.file.parameters.items():
        drawn[name] = np.full(draws, float(value))
    block = slice(0, draws)
    random = None
    if mechanism.operators:
        random = random_numbers_by_year(
            "tender", world, levers.technology, levers.years, rng, block, mechanism.operators
        )
    setting = build_setting(world, levers, drawn, draw_initial(world, "radio", rng, block), random)
    states, infos = [mechanism.init(setting)], []
    for _ in years[1:]:
        state, info = mechanism.step(states[-1], setting)
        states.append(state)
        infos.append(info)
    return setting, states, infos


def choice_of(info):
    """Shares of the purchases by vendor."""
    return info.bought / info.purchases[..., None]


def test_with_nothing_changed_2019_is_a_rest_point(toy_world):
    setting, states, _ = walk(toy_world, {**NOTHING, "parameters": STILL})
    for state in states:
        np.testing.assert_allclose(state.adoption, setting.start, atol=1e-12)


def test_without_benefit_and_lock_in_purchases_are_plain_logit(toy_world):
    off = {**STILL, "network_benefit": 0.0, "lock_in": 0.0, "taste_sd": 0.3}
    setting, _, infos = walk(toy_world, {**NOTHING, "parameters": off})
    odds = np.exp(setting.sensitivity[:, None, None] * setting.taste)
    expected = odds / odds.sum(axis=-1, keepdims=True)
    for info in infos:
        np.testing.assert_allclose(choice_of(info), expected, rtol=1e-11)


def test_full_compatibility_makes_network_benefit_idle(toy_world):
    pairs = [("china", "west"), ("china", "open"), ("open", "west")]
    together = [{"between": list(p), "value": 1.0, "from": 2019} for p in pairs]
    quiet = dict.fromkeys([f"compatibility_{a}_{b}_radio" for a, b in map(sorted, pairs)], 1.0)
    one, two = (
        walk(
            toy_world,
            {**NOTHING, "compatibility": together, "parameters": {**STILL, **quiet, "taste_sd": 0.3,
                                                                  "network_benefit": nu}},
        )[1][-1].adoption
        for nu in (0.0, 2.0)
    )  # fmt: skip
    np.testing.assert_allclose(one, two, atol=1e-12)


def test_without_learning_prices_stay(toy_world):
    setting, _, infos = walk(toy_world, {**NOTHING, "parameters": {"progress_ratio": 1.0}})
    for info in infos:
        np.testing.assert_allclose(info.price, np.tile(setting.price_index, (4, 1)))


def test_without_feedback_quality_stays(toy_world):
    _, states, _ = walk(toy_world, {**NOTHING, "parameters": {"research_feedback": 0.0}})
    assert not states[-1].quality.any()


def test_without_drift_compatibility_stays(toy_world):
    setting, _, infos = walk(toy_world, {**NOTHING, "parameters": {"compatibility_drift": 0.0}})
    np.testing.assert_array_equal(infos[-1].compatibility, setting.compatibility)


def test_without_spill_over_and_elasticity_deployment_is_the_bass_curve(toy_world):
    from standards_net.core.deployment import bass_curve

    off = {**STILL, "spill_over_radio": 0.0, "innovation_radio": 0.03, "imitation_radio": 0.38}
    _, states, _ = walk(toy_world, {**NOTHING, "parameters": off})
    start = 0.2
    # Time at which the Bass curve stands where the toy world begins.
    at = np.log((1 + 0.38 / 0.03 * start) / (1 - start)) / 0.41
    expected = bass_curve(at + np.arange(len(YEARS)), 0.03, 0.38)
    for state, value in zip(states, expected, strict=True):
        np.testing.assert_allclose(state.deployment, value, rtol=1e-12)


def test_affinity_moves_choice_by_its_weight_in_log_odds(toy_world):
    aligned = {"alignment": [{"who": ["KEN"], "pole": "us", "from": 2020}]}
    off = {**STILL, "affinity_weight": 0.8}
    _, _, infos = walk(toy_world, {**NOTHING, **aligned, "parameters": off})
    setting, _, base = walk(toy_world, {**NOTHING, "parameters": off})
    kenya = toy_world.countries.index("KEN")
    gap = np.log(choice_of(infos[0])[:, kenya]) - np.log(choice_of(base[0])[:, kenya])
    # Half of the index is declared alignment: +1/2 for the own pole, -1/2 for the rival.
    assert gap[:, 1] - gap[:, 0] == pytest.approx(0.8 * 1.0)
    assert setting.start.shape[1] == len(toy_world.countries)


def test_finance_moves_choice_by_receptivity_times_weight(toy_world):
    doubled = {"finance": [{"who": ["BRI"], "vendors": ["china"], "from": 2020, "strength": 2.0}]}
    off = {**STILL, "finance_weight": 0.5}
    _, _, with_it = walk(toy_world, {**NOTHING, **doubled, "parameters": off})
    _, _, base = walk(toy_world, {**NOTHING, "parameters": off})
    kenya = toy_world.countries.index("KEN")
    gap = np.log(choice_of(with_it[0])[:, kenya]) - np.log(choice_of(base[0])[:, kenya])
    assert gap[:, 0] - gap[:, 1] == pytest.approx(0.5)


def test_restriction_lowers_the_odds_by_its_weight(toy_world):
    held = {"restriction": [{"who": ["BRA"], "vendors": ["huawei"], "from": 2020, "strength": 0.5}]}
    off = {**STILL, "restriction_weight": 2.0}
    _, _, with_it = walk(toy_world, {**NOTHING, **held, "parameters": off})
    _, _, base = walk(toy_world, {**NOTHING, "parameters": off})
    brazil = toy_world.countries.index("BRA")
    gap = np.log(choice_of(with_it[0])[:, brazil]) - np.log(choice_of(base[0])[:, brazil])
    assert gap[:, 0] - gap[:, 1] == pytest.approx(-1.0)


def test_investment_raises_quality_as_a_share_of_the_sectors_research(toy_world):
    budget = {"investment": [{"vendors": ["ericsson"], "usd_per_year": 7e9, "from": 2020}]}
    set_to = {**STILL, "research_feedback": 0.1, "sector_research_radio": 35e9, "spill_over_across": 0.0}
    _, with_it, _ = walk(toy_world, {**NOTHING, **budget, "parameters": set_to})
    _, base, _ = walk(toy_world, {**NOTHING, "parameters": set_to})
    assert with_it[1].quality[:, 1] - base[1].quality[:, 1] == pytest.approx(0.1 * 7 / 35)


def test_procurement_is_right_on_average(toy_world):
    """Frequencies of winners in many draws against the choice probabilities, four standard errors."""
    _, states, _ = walk(
        toy_world,
        {**NOTHING, "parameters": STILL},
        draws=4000,
        mechanism=procurement(),
        years=range(2019, 2021),
    )
    holders = states[0].holders
    start = states[0].adoption[0]
    for i in range(holders.shape[1]):
        counts = np.bincount(holders[:, i].ravel(), minlength=3) / holders[:, i].size
        error = 4 * np.sqrt(start[i] * (1 - start[i]) / holders[:, i].size)
        assert (np.abs(counts - start[i]) <= error).all()


def test_in_procurement_history_matters(toy_world):
    """With nothing changed, expectation mode stays where it is; tenders spread over draws."""
    _, states, _ = walk(toy_world, {**NOTHING, "parameters": STILL}, draws=64, mechanism=procurement())
    assert states[-1].adoption.std(axis=0).max() > 0.05
    np.testing.assert_allclose(states[-1].adoption.sum(axis=-1), 1.0)


def test_a_common_standard_costs_nothing(world):
    """Whoever gains or loses by scale: nobody is excluded, and nothing splits."""
    result = sn.run(world, "one-standard", draws=8, rng=1)
    np.testing.assert_allclose(result.values("interoperability_loss", year=2040), 0.0, atol=1e-9)
    for item in ITEMS:
        if item != "scale":
            assert not result.values(f"{item}_usd").any(), item
    np.testing.assert_allclose(result.values("beta", year=2040), 1.0, rtol=1e-12)


def test_where_all_vendors_grow_alike_scale_costs_nothing_though_prices_fall(toy_world):
    """Rest point with learning: every volume grows by the same factor, and so every price falls by one."""
    learning = {**NOTHING, "parameters": {**STILL, "progress_ratio": 0.8}}
    result = sn.run(toy_world, learning, draws=3, rng=1, years=YEARS)
    np.testing.assert_allclose(result.values("scale_usd") / 1e9, 0.0, atol=1e-9)
    assert (result.values("price_index", year=2030) < 0.9).all()
    np.testing.assert_allclose(
        result.values("vendor_share")[:, :, -1], result.values("vendor_share")[:, :, 0]
    )


def test_the_baseline_meets_the_reported_world_shares(world):
    """World radio revenue of 2020 within a few points, in the world and outside China.

    Reports are of a year's revenue, the baseline is of the installed base: they need not agree to a point.
    """
    market = world.market("radio")
    outside = np.where(np.array(world.countries) == "CHN", 0.0, market.share)
    worth = {
        where: (part @ market.adoption) * market.price_index
        for where, part in (("world", market.share), ("outside", outside))
    }
    shares = {where: value / value.sum() for where, value in worth.items()}
    reported = {
        "world": {"huawei": 0.33, "ericsson": 0.29, "nokia": 0.19, "zte": 0.10, "samsung": 0.06},
        "outside": {"huawei": 0.21, "ericsson": 0.37, "nokia": 0.27, "zte": 0.03, "samsung": 0.08},
    }
    for where, numbers in reported.items():
        for vendor, share in numbers.items():
            assert shares[where][market.vendors.index(vendor)] == pytest.approx(share, abs=0.06)


def test_levers_that_are_exchanged_half_way_are_seen(toy_world):
    """A utility of the levers before must not be taken for that of others whose years look alike."""
    setting, states, _ = walk(toy_world, {**NOTHING, "parameters": STILL})
    courted = {**NOTHING, "parameters": STILL, "quality": [{"vendors": ["open"], "shift": 3.0, "from": 2019}]}
    other = compile_scenario(toy_world, load_scenario(courted), "radio", YEARS)
    changed = replace(setting, levers=other)
    (before, _), (after, _) = (vendor_choice().step(states[2], s) for s in (setting, changed))
    opened = toy_world.market("radio").vendors.index("open-ran")
    assert (after.adoption[..., opened] > before.adoption[..., opened] + 1e-3).all()
