"""What must hold for any scenario: shares stay shares, bans bite, random numbers are keyed."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

import standards_net as sn
from standards_net.ensemble import engine
from standards_net.ensemble.in_order import InOrder
from standards_net.model import (
    build_setting,
    draw_initial,
    from_rule,
    procurement,
    random_numbers_by_year,
    vendor_choice,
)
from standards_net.parameters import draw_parameters
from standards_net.randomness import normals, seed_of, uniforms
from standards_net.scenario import compile_scenario, load_scenario

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
YEARS = range(2019, 2027)


@st.composite
def scenarios(draw):
    """Scenarios with bans, restrictions, alignments, finance, compatibility in any mixture."""
    who = st.lists(st.sampled_from(["USA", "CHN", "KEN", "BRA"]), min_size=1, max_size=3, unique=True)
    since = st.integers(2019, 2024)
    content = {"name": "any", "title": "Any", "policies": "none"}
    content["ban"] = draw(
        st.lists(
            st.fixed_dictionaries(
                {"who": who, "vendors": st.just([draw(st.sampled_from(["china", "west"]))]), "from": since},
                optional={
                    "remove_by": st.integers(2024, 2030),
                    "share_of_market": st.floats(0.0, 1.0),
                    "compliance": st.floats(0.0, 1.0),
                    "delay_years": st.floats(0.0, 4.0),
                },
            ),
            max_size=2,
        )
    )
    content["ban"] += draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "who": who,
                    "vendors": st.just(["china", "west"]),
                    "from": since,
                    "cap": st.floats(0.05, 1.0),
                }
            )
            | st.fixed_dictionaries(
                {"who": who, "vendors": st.just(["china"]), "from": since, "cap": st.floats(0.05, 1.0)}
            ),
            max_size=1,
        )
    )
    content["exit"] = draw(
        st.lists(
            st.fixed_dictionaries(
                {"who": who, "vendors": st.just(["open"]), "from": since, "spares_years": st.integers(1, 6)}
            ),
            max_size=1,
        )
    )
    content["supply"] = draw(
        st.lists(
            st.fixed_dictionaries(
                {"vendors": st.just(["huawei"]), "from": since, "capacity": st.floats(0.05, 0.95)},
                optional={"price": st.floats(0.5, 3.0), "who": who},
            ),
            max_size=2,
        )
    )
    content["restriction"] = draw(
        st.lists(
            st.fixed_dictionaries(
                {"who": who, "vendors": st.just(["all"]), "from": since, "strength": st.floats(0, 1)}
            ),
            max_size=2,
        )
    )
    content["alignment"] = draw(
        st.lists(
            st.fixed_dictionaries(
                {"who": who, "pole": st.sampled_from(["us", "china", "nonaligned"]), "from": since}
            ),
            max_size=2,
        )
    )
    content["compatibility"] = [
        {
            "between": ["china", "west"], "value": draw(st.floats(0, 1)), "from": 2020, "to": 2024,
            "new_equipment_only": draw(st.booleans()),
        }
    ]  # fmt: skip
    return content


def states_of(world, content, mechanism):
    try:
        levers = compile_scenario(world, load_scenario(content), "radio", YEARS)
    except sn.ScenarioError as error:
        if "from no vendor" not in str(error):
            raise
        reject()
    drawn = draw_parameters(world.parameters, 4, 1)
    random = (
        random_numbers_by_year(
            "tender", world, levers.technology, levers.years, 1, slice(0, 4), mechanism.operators
        )
        if mechanism.operators
        else None
    )
    setting = build_setting(world, levers, drawn, draw_initial(world, "radio", 1, slice(0, 4)), random)
    states = [mechanism.init(setting)]
    for _ in YEARS[1:]:
        states.append(mechanism.step(states[-1], setting)[0])
    return levers, states


@FEW
@given(scenarios(), st.sampled_from([vendor_choice(), procurement()]), st.booleans())
def test_shares_stay_on_the_simplex_and_deployment_never_falls(
    toy_world, operator_world, content, mechanism, by_operators
):
    _, states = states_of(operator_world if by_operators else toy_world, content, mechanism)
    for before, after in pairwise(states):
        for base in after.bases:
            assert (base >= 0).all()
            np.testing.assert_allclose(base.sum(axis=-1), 1.0)
        assert (after.unhindered >= after.deployment - 1e-12).all()
        if after.divided is not None:
            assert (after.divided >= -1e-12).all()
            assert (after.divided <= after.adoption + 1e-9).all()
        assert (after.adoption >= 0).all()
        np.testing.assert_allclose(after.adoption.sum(axis=-1), 1.0)
        assert (after.deployment >= before.deployment - 1e-12).all()
        assert (after.deployment <= 1.0).all()
        assert (after.kept >= 0).all()
        assert (after.kept <= 1 + 1e-12).all()


@FEW
@given(scenarios(), st.sampled_from([vendor_choice(), procurement()]), st.booleans())
def test_a_ban_never_raises_the_banned_share(toy_world, operator_world, content, mechanism, by_operators):
    levers, states = states_of(operator_world if by_operators else toy_world, content, mechanism)
    for y in range(1, len(YEARS)):
        banned = np.broadcast_to(~levers.allowed[y], states[y].adoption.shape)
        grown = states[y].adoption - states[y - 1].adoption
        assert (grown[banned] <= 1e-12).all()


@pytest.mark.parametrize("mechanism", ["vendor-choice", "procurement"])
def test_results_do_not_depend_on_threads_or_blocks(world, mechanism):
    def go(threads):
        return sn.run(
            world, ["silos"], draws=150, rng=4, years=range(2019, 2024), mechanism=mechanism, threads=threads
        )

    one, two = go(1), go(2)
    for name, variable in one.variables.items():
        np.testing.assert_array_equal(variable.values, two[name].values, err_msg=name)


@pytest.mark.parametrize("threads", [2, 3])
def test_simulating_one_year_ahead_changes_no_byte(world, threads):
    """A single block on several threads is measured beside the next year's simulation."""

    def go(threads):
        return sn.run(
            world, ["as-happened-2025"], draws=12, rng=4, until=2025, technologies=["radio"], threads=threads
        )

    assert go(1) == go(threads)


def test_what_fails_a_year_ahead_is_told_as_it_is(world):
    def fails(outlook):
        if outlook.year == 3:
            raise ZeroDivisionError("year 3")
        return outlook.held

    for threads in (1, 2):
        with pytest.raises(ZeroDivisionError, match="year 3"):
            sn.run(
                world, ["silos"], draws=4, rng=1, until=2024, technologies=["radio"],
                mechanism=from_rule(fails, "fails"), threads=threads,
            )  # fmt: skip


@given(st.permutations(range(5)), st.integers(1, 3))
def test_blocks_are_taken_in_order_whichever_comes_first(order, width):
    taken = []
    blocks = InOrder(lambda rows, content: taken.append((rows.start, content)))
    for k in order:
        for key in ("a", "b"):
            blocks.add(key, slice(k * width, (k + 1) * width), key)
    for key in ("a", "b"):
        assert [start for start, content in taken if content == key] == [k * width for k in range(5)]


@pytest.mark.parametrize("block", [16, 64])
def test_the_size_of_a_block_changes_nothing_that_can_be_seen(world, monkeypatch, block):
    """Blocks are whole vectors; means over the draws alone are added up block by block."""

    def go():
        return sn.run(world, ["broad-allied-ban"], draws=40, rng=4, years=range(2019, 2031))

    fixed = go()
    monkeypatch.setattr(engine, "_BLOCK", block)
    other = go()
    for name in fixed.measures:
        np.testing.assert_array_equal(fixed.values(name), other.values(name), err_msg=name)


def test_more_draws_leave_the_first_ones_bit_identical(world):
    few, many = (
        sn.run(world, ["core-allies-ban"], draws=n, rng=4, years=range(2019, 2023))
        for n in (10, engine._BLOCK + 5)
    )
    for name in few.measures:
        np.testing.assert_array_equal(few.values(name), many.values(name)[:, :10], err_msg=name)


def test_more_scenarios_leave_the_others_bit_identical(world):
    years = range(2019, 2024)
    alone = sn.run(world, ["core-allies-ban"], draws=8, rng=4, years=years)
    among = sn.run(world, ["silos", "core-allies-ban", "three-poles"], draws=8, rng=4, years=years)
    for name in alone.measures:
        np.testing.assert_array_equal(
            alone.values(name)[0], among.values(name, scenario="core-allies-ban"), err_msg=name
        )


def test_another_country_leaves_the_random_numbers_of_the_others_bit_identical(make_toy):
    small, large = make_toy(4), make_toy(6)
    one, two = (draw_initial(w, "radio", 9, slice(0, 20)) for w in (small, large))
    np.testing.assert_array_equal(one.taste, two.taste[:, :4])


def test_operators_leave_the_other_random_numbers_of_their_country_as_they_are(operator_world):
    """Launch, pace and compliance; tastes of operators are as wide as those of countries."""
    market = operator_world.market("radio")
    alone = replace(operator_world, markets={"radio": replace(market, operators=None)})
    one, two = (draw_initial(w, "radio", 9, slice(0, 20)) for w in (operator_world, alone))
    for name in ("launch_year", "pace", "binding", "lateness"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)
    assert two.operator_taste is None
    named = np.array([name != "all operators" for name in market.operators.names])
    assert (one.operator_taste[:, named].std(axis=0) > 0.5).all()
    kenya = operator_world.countries.index("KEN")  # no operator on record: the same tastes either way
    np.testing.assert_array_equal(one.taste[:, kenya], two.taste[:, kenya])


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(world, tmp_path):
    def saved(seed, name):
        result = sn.run(world, ["silos"], draws=6, rng=seed, years=range(2019, 2022))
        return result.save(tmp_path / name).read_bytes()

    assert saved(3, "a.nc") == saved(3, "b.nc")
    assert saved(3, "a.nc") != saved(4, "c.nc")


def test_streams_are_uniform_and_independent_between_neighbours():
    """Kolmogorov-Smirnov at 0.1 %, correlation within four standard errors; seeds are fixed."""
    from scipy.stats import kstest

    streams = [uniforms(11, ["taste", code], slice(0, 4000), 2) for code in ("AAA", "AAB", "AAC")]
    columns = np.hstack(streams)
    for column in columns.T:
        assert kstest(column, "uniform").pvalue > 1e-3
    correlation = np.corrcoef(columns.T) - np.eye(6)
    assert np.abs(correlation).max() < 4 / np.sqrt(4000)
    assert kstest(normals(11, ["x"], slice(0, 4000), 1)[:, 0], "norm").pvalue > 1e-3


def test_a_draw_can_be_asked_for_alone():
    whole = uniforms(5, ["tender", "KEN"], slice(0, 50), 3)
    for r in (0, 7, 49):
        np.testing.assert_array_equal(uniforms(5, ["tender", "KEN"], slice(r, r + 1), 3)[0], whole[r])


def test_seeds_of_every_kind():
    assert seed_of(7) == seed_of(np.int64(7)) == 7
    assert seed_of(np.random.SeedSequence(3)) == seed_of(np.random.SeedSequence(3))
    generator = np.random.default_rng(3)
    assert seed_of(generator) != seed_of(generator)
    assert seed_of(None) != seed_of(None)


def test_another_country_leaves_the_contract_dates_of_the_others(make_toy):
    small, large = make_toy(4), make_toy(6)
    phases = []
    for world in (small, large):
        levers = compile_scenario(world, load_scenario({"name": "x", "title": "X"}), "radio", YEARS)
        drawn = draw_parameters(world.parameters, 2, 1)
        baseline = draw_initial(world, "radio", 1, slice(0, 2))
        phases.append(
            dict(
                zip(
                    world.countries,
                    build_setting(world, levers, drawn, baseline).contract_phase,
                    strict=True,
                )
            )
        )
    assert all(phases[1][code] == phase for code, phase in phases[0].items())
    assert len({phase % 4 for phase in phases[1].values()}) > 1
