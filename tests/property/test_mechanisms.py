"""What must hold for any scenario under any mechanism: shares stay shares, bans bite, luck has an owner."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import standards_net as sn
from standards_net.parameters import draw_parameters
from standards_net.processes.mechanisms import MECHANISMS
from standards_net.processes.rules import Rule
from standards_net.processes.setting import build_setting, draw_beginnings, luck_of_purchases
from standards_net.scenario import compile_scenario, load_scenario

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
YEARS = range(2019, 2027)
BY_RULE = [name for name, process in MECHANISMS.items() if process.rule is not None]


@st.composite
def scenarios(draw):
    """Bans of one standard or another, finance and quality in any mixture."""
    who = st.lists(st.sampled_from(["USA", "CHN", "KEN", "BRA"]), min_size=1, max_size=4, unique=True)
    since = st.integers(2019, 2024)
    ban = st.fixed_dictionaries(
        {"who": who, "vendors": st.just([draw(st.sampled_from(["china", "west"]))]), "from": since},
        optional={"remove_by": st.integers(2024, 2030)},
    )
    shift = st.fixed_dictionaries({"vendors": st.just(["open"]), "from": since, "shift": st.floats(-3, 3)})
    return {
        "name": "any",
        "title": "Any",
        "policies": "none",
        "ban": draw(st.lists(ban, max_size=2)),
        "quality": draw(st.lists(shift, max_size=1)),
    }


@FEW
@given(scenarios(), st.sampled_from(BY_RULE))
def test_shares_stay_on_the_simplex_and_what_is_banned_is_never_bought(toy_world, content, name):
    process, levers = MECHANISMS[name], compile_scenario(toy_world, load_scenario(content), "5g", YEARS)
    drawn, some = draw_parameters(toy_world.parameters, 4, 1), slice(0, 4)
    luck = luck_of_purchases("mechanism", toy_world, levers, 1, some, 1)
    setting = build_setting(toy_world, levers, drawn, draw_beginnings(toy_world, "5g", 1, some), luck)
    states = [process.init(setting)]
    for y in range(1, len(YEARS)):
        state, info = process.step(states[-1], setting)
        states.append(state)
        np.testing.assert_allclose(info.bought.sum(axis=-1), info.purchases, rtol=1e-9, atol=1e-12)
        assert (info.bought >= 0).all()
        assert (info.bought[np.broadcast_to(~levers.allowed[y], info.bought.shape)] == 0).all()
    for before, after in pairwise(states):
        assert (after.adoption >= 0).all()
        np.testing.assert_allclose(after.adoption.sum(axis=-1), 1.0)
        assert (after.deployment >= before.deployment - 1e-12).all()


@pytest.mark.parametrize("name", ["heat-bath", "linear-threshold", "independent-cascade", "averaging"])
def test_the_same_bytes_whatever_the_threads_and_the_number_of_draws(make_toy, name):
    world = make_toy(6)
    content = {"name": "x", "title": "X", "ban": [{"who": ["USA"], "vendors": ["china"], "from": 2021}]}

    def go(draws, threads):
        return sn.run(
            world, content, draws=draws, rng=4, years=YEARS, threads=threads, process=MECHANISMS[name]
        )

    one, two, many = go(40, 1), go(40, 2), go(300, 2)
    for measure, variable in one.variables.items():
        np.testing.assert_array_equal(variable.values, two[measure].values, err_msg=measure)
    for measure in one.measures:
        np.testing.assert_array_equal(one.values(measure), many.values(measure)[:, :40], err_msg=measure)


@pytest.mark.parametrize("name", ["vendor-choice", "procurement", "voter"])
def test_a_small_block_is_the_same_study(make_toy, name):
    world, content = make_toy(6), {"name": "x", "title": "X"}
    common = {"draws": 20, "rng": 4, "years": YEARS, "process": MECHANISMS[name]}
    small, whole = sn.run(world, content, block=8, **common), sn.run(world, content, **common)
    for measure in whole.measures:
        np.testing.assert_allclose(small.values(measure), whole.values(measure), rtol=1e-9, atol=1e-12)


def test_luck_belongs_to_a_country_and_not_to_the_others(make_toy):
    found = []
    for world in (make_toy(4), make_toy(6)):
        levers = compile_scenario(world, load_scenario({"name": "x", "title": "X"}), "5g", YEARS)
        luck = luck_of_purchases("mechanism", world, levers, 9, slice(0, 5), 1)
        found.append([luck(y)[:, :4] for y in range(len(YEARS))])
    np.testing.assert_array_equal(*found)
    assert len({row.tobytes() for row in found[0]}) == len(YEARS)


def test_a_temper_is_for_life_and_luck_for_a_year(toy_world):
    seen = []

    def decide(o):
        seen.append((o.temper.copy(), o.luck.copy()))
        return o.held

    for name in ("x", "y"):
        process = sn.Process("looks", None, None, rule=decide)
        sn.run(
            toy_world, {"name": name, "title": "X"}, draws=3, rng=1, years=range(2019, 2024),
            process=process, block=3,
        )  # fmt: skip
    tempers, lucks = zip(*seen, strict=True)
    assert len({temper.tobytes() for temper in tempers}) == 1  # in every year and scenario
    assert [luck.tobytes() for luck in lucks[:4]] == [luck.tobytes() for luck in lucks[4:]]
    assert len({luck.tobytes() for luck in (*lucks, tempers[0])}) == 5
    assert len(np.unique(tempers[0])) == tempers[0].size


def test_what_a_rule_does_not_look_at_is_not_made(toy_world):
    """A rule that says it looks at nothing finds no numbers; one that says nothing is given everything."""
    looked = []

    def decide(o):
        looked.append((np.isnan(o.tied).any(), np.isnan(o.newly).any()))
        return o.held

    years = range(2019, 2022)
    for rule in (Rule(decide, frozenset()), decide):
        process = sn.Process("looks", None, None, rule=rule)
        sn.run(toy_world, {"name": "x", "title": "X"}, draws=2, rng=1, years=years, process=process, block=2)
    assert looked == [(True, True)] * 2 + [(False, False)] * 2
