"""What must hold for any scenario under any mechanism: shares stay shares, bans bite, numbers are keyed."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import standards_net as sn
from standards_net.model import build_setting, draw_initial, random_numbers_by_year
from standards_net.model.mechanisms import MECHANISMS, from_rule
from standards_net.model.purchase_rules import PurchaseRule
from standards_net.parameters import draw_parameters
from standards_net.scenario import compile_scenario, load_scenario
from standards_net.world.market import Operators

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
YEARS = range(2019, 2027)
BY_RULE = [name for name, mechanism in MECHANISMS.items() if mechanism.random_numbers]


@st.composite
def scenarios(draw):
    """Bans of one standard or another in all or part of a market, caps and quality in any mixture."""
    who = st.lists(st.sampled_from(["USA", "CHN", "KEN", "BRA"]), min_size=1, max_size=4, unique=True)
    since = st.integers(2019, 2024)
    ban = st.fixed_dictionaries(
        {"who": who, "vendors": st.just([draw(st.sampled_from(["china", "west"]))]), "from": since},
        optional={
            "remove_by": st.integers(2024, 2030),
            "share_of_market": st.floats(0.0, 1.0),
            "compliance": st.floats(0.0, 1.0),
            "delay_years": st.floats(0.0, 4.0),
        },
    )
    cap = st.fixed_dictionaries(
        {"who": who, "vendors": st.just(["china"]), "from": since, "cap": st.floats(0.1, 0.9)}
    )
    shift = st.fixed_dictionaries({"vendors": st.just(["open"]), "from": since, "shift": st.floats(-3, 3)})
    return {
        "name": "any",
        "title": "Any",
        "policies": "none",
        "ban": draw(st.lists(ban, max_size=2)) + draw(st.lists(cap, max_size=1)),
        "quality": draw(st.lists(shift, max_size=1)),
    }


@FEW
@given(scenarios(), st.sampled_from(BY_RULE), st.booleans())
def test_shares_stay_on_the_simplex_and_what_is_banned_is_never_bought(
    toy_world, operator_world, content, name, by_operators
):
    world = operator_world if by_operators else toy_world
    mechanism, levers = MECHANISMS[name], compile_scenario(world, load_scenario(content), "radio", YEARS)
    drawn, some = draw_parameters(world.parameters, 4, 1), slice(0, 4)
    random = random_numbers_by_year("mechanism", world, levers.technology, levers.years, 1, some, 1)
    setting = build_setting(world, levers, drawn, draw_initial(world, "radio", 1, some), random)
    states = [mechanism.init(setting)]
    for y in range(1, len(YEARS)):
        state, info = mechanism.step(states[-1], setting)
        states.append(state)
        np.testing.assert_allclose(info.bought.sum(axis=-1), info.purchases, rtol=1e-9, atol=1e-12)
        assert (info.bought >= 0).all()
        assert (info.bought[np.broadcast_to(~levers.allowed[y], info.bought.shape)] == 0).all()
    for before, after in pairwise(states):
        assert (after.adoption >= 0).all()
        np.testing.assert_allclose(after.adoption.sum(axis=-1), 1.0)
        for base in after.bases:
            assert (base >= 0).all()
            np.testing.assert_allclose(base.sum(axis=-1), 1.0)
        assert (after.deployment >= before.deployment - 1e-12).all()


@pytest.mark.parametrize("name", ["heat-bath", "linear-threshold", "independent-cascade", "averaging"])
def test_the_same_bytes_whatever_the_threads_and_the_number_of_draws(make_toy, name):
    world = make_toy(6)
    content = {"name": "x", "title": "X", "ban": [{"who": ["USA"], "vendors": ["china"], "from": 2021}]}

    def go(draws, threads):
        return sn.run(
            world, content, draws=draws, rng=4, years=YEARS, threads=threads, mechanism=MECHANISMS[name]
        )

    one, two, many = go(40, 1), go(40, 2), go(300, 2)
    for measure, variable in one.variables.items():
        np.testing.assert_array_equal(variable.values, two[measure].values, err_msg=measure)
    for measure in one.measures:
        np.testing.assert_array_equal(one.values(measure), many.values(measure)[:, :40], err_msg=measure)


@pytest.mark.parametrize("name", ["vendor-choice", "procurement", "voter"])
def test_a_draw_has_the_same_bytes_whatever_the_number_of_draws(world, name):
    """Matrix products round differently for odd numbers of columns: blocks are padded to whole vectors."""
    common = {"rng": 4, "years": range(2019, 2022), "mechanism": name}
    most = sn.run(world, "three-poles", draws=300, **common)
    for draws in (1, 2, 3, 7, 8, 13, 64, 257):
        few = sn.run(world, "three-poles", draws=draws, **common)
        for measure in most.measures:
            np.testing.assert_array_equal(few.values(measure), most.values(measure)[:, :draws], measure)


def test_random_numbers_belong_to_a_country_and_not_to_the_others(make_toy):
    found = []
    for world in (make_toy(4), make_toy(6)):
        levers = compile_scenario(world, load_scenario({"name": "x", "title": "X"}), "radio", YEARS)
        random = random_numbers_by_year(
            "mechanism", world, levers.technology, levers.years, 9, slice(0, 5), 1
        )
        found.append([random(y)[:, :4] for y in range(len(YEARS))])
    np.testing.assert_array_equal(*found)
    assert len({row.tobytes() for row in found[0]}) == len(YEARS)


def test_random_numbers_belong_to_an_operator_and_not_to_the_others(operator_world):
    """Operators of one country draw each for itself; another operator leaves the rest as they are."""
    market = operator_world.market("radio")
    operators = market.operators
    kept = np.arange(len(operators.names)) != 1
    fewer = Operators(
        tuple(name for name, keep in zip(operators.names, kept, strict=True) if keep),
        *(
            getattr(operators, name)[kept]
            for name in ("country_of", "weight", "adoption", "draws", "sampled")
        ),
    )
    smaller = replace(operator_world, markets={"radio": replace(market, operators=fewer)})
    one, two = (
        random_numbers_by_year("tender", world, "radio", YEARS, 9, slice(0, 5), 3)(2)
        for world in (operator_world, smaller)
    )
    np.testing.assert_array_equal(one[:, kept], two)
    assert len(np.unique(one)) == one.size


def test_a_threshold_is_drawn_once_and_other_numbers_every_year(toy_world):
    seen = []

    def decide(o):
        seen.append((o.threshold_draw.copy(), o.random.copy()))
        return o.held

    for name in ("x", "y"):
        mechanism = from_rule(decide, "looks")
        sn.run(
            toy_world, {"name": name, "title": "X"}, draws=3, rng=1, years=range(2019, 2024),
            mechanism=mechanism,
        )  # fmt: skip
    thresholds, randoms = zip(*seen, strict=True)
    assert len({threshold.tobytes() for threshold in thresholds}) == 1  # in every year and scenario
    assert [random.tobytes() for random in randoms[:4]] == [random.tobytes() for random in randoms[4:]]
    assert len({random.tobytes() for random in (*randoms, thresholds[0])}) == 5
    assert len(np.unique(thresholds[0])) == thresholds[0].size


def test_inputs_that_a_rule_does_not_need_are_not_computed(toy_world):
    """A rule that says it looks at nothing finds no numbers; one that says nothing is given everything."""
    looked = []

    def decide(o):
        looked.append((np.isnan(o.tied).any(), np.isnan(o.newly).any()))
        return o.held

    class Blind(PurchaseRule):
        needs = frozenset()

        def __call__(self, outlook):
            return decide(outlook)

    years = range(2019, 2022)
    for rule in (Blind(), decide):
        mechanism = from_rule(rule, "looks")
        sn.run(toy_world, {"name": "x", "title": "X"}, draws=2, rng=1, years=years, mechanism=mechanism)
    assert looked == [(True, True)] * 2 + [(False, False)] * 2
