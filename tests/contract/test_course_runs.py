"""Runs with a policy, measures and an early end of the caller's own."""

import re

import numpy as np
import pytest

import standards_net as sn
from standards_net.ensemble import engine

ASKED = {"draws": 20, "rng": 3, "until": 2024, "technologies": ["iot", "radio"]}
SCENARIOS = ["status-quo-2019", "chinese-standard-lead"]


def ban(course):
    """Kenya bans huawei once it is 2021."""
    if course.year != 2021:
        return None
    return {"ban": [{"who": ["KEN"], "vendors": ["huawei"], "from": 2022}]}


def test_a_policy_is_a_course_that_is_changed_by_hand(world, monkeypatch):
    monkeypatch.setattr(engine, "_BLOCK", 8)
    found = sn.run(world, SCENARIOS, policy=ban, **ASKED)
    for scenario in SCENARIOS:
        course = sn.begin(world, scenario, **ASKED).step(2)
        course = course.changed(**ban(course)).step(3)
        by_hand = course.result()
        for name in by_hand:
            if "scenario" in by_hand[name].dims:
                own = np.moveaxis(found[name].values, found[name].dims.index("scenario"), 0)
                assert own[SCENARIOS.index(scenario)].tobytes() == by_hand[name].values[0].tobytes(), name
    plain = sn.run(world, SCENARIOS, **ASKED)
    assert (
        found.values("china_share", year=2021).tobytes() == plain.values("china_share", year=2021).tobytes()
    )
    kenya = {"scenario": "status-quo-2019", "year": 2024, "country": "KEN", "vendor": "huawei"}
    assert (found.values("mean_adoption", **kenya) < plain.values("mean_adoption", **kenya)).any()


def test_a_policy_may_give_values_from_outside(world):
    def policy(course):
        return {"gdp_usd": world.gdp_usd * 2.0} if course.year == 2020 else {}

    found = sn.run(world, "status-quo-2019", policy=policy, **ASKED)
    course = sn.begin(world, "status-quo-2019", **ASKED).step()
    same = course.given(gdp_usd=world.gdp_usd * 2.0).step(4).result()
    assert found.values("bloc_size").tobytes() == same.values("bloc_size").tobytes()


def test_a_policy_without_answers_changes_nothing(world):
    found, plain = (sn.run(world, "status-quo-2019", policy=p, **ASKED) for p in (lambda course: None, None))
    assert found == plain


def test_own_measures_are_recorded_as_the_course_gives_them(world, monkeypatch):
    monkeypatch.setattr(engine, "_BLOCK", 8)

    def share(course):
        return course.values("china_share", technology=course.technologies[0])

    def served(course):
        return course.values("country_deployment", technology=course.technologies[0])

    sizes = set()

    def seen(course):
        sizes.add(course.draws)
        return np.zeros(course.draws)

    found = sn.run(world, SCENARIOS, measures={"share": share, "served": served, "seen": seen}, **ASKED)
    first = found.coords["technology"][0]
    for scenario in SCENARIOS:
        expected = found.values("china_share", scenario=scenario, technology=first)
        np.testing.assert_array_equal(found.values("share", scenario=scenario), expected)
    np.testing.assert_allclose(
        found.values("served").mean(axis=1), found.values("mean_deployment", technology=first), rtol=1e-12
    )
    assert sizes == {8, 4}  # blocks of draws, without what they are padded with
    plain = sn.run(world, SCENARIOS, **ASKED)
    assert all(found[name] == plain[name] for name in plain)
    assert found["share"].meaning == "a measure of the caller's own"


def test_an_early_end_leaves_later_years_missing(world):
    def stop(course):
        return course.scenario.name == "status-quo-2019" and course.year == 2021

    found, plain = (sn.run(world, SCENARIOS, stop=s, snapshots=[2021], **ASKED) for s in (stop, None))
    assert found.provenance["ended"] == {"status-quo-2019": 2021, "chinese-standard-lead": 2024}
    for name in ("beta", "group_share", "mean_adoption", "vendor_interval"):
        for year in (2019, 2021):
            one, two = (r.values(name, scenario="status-quo-2019", year=year) for r in (found, plain))
            assert one.tobytes() == two.tobytes(), name
        assert np.isnan(found.values(name, scenario="status-quo-2019", year=2022)).all()
        one, two = (r.values(name, scenario="chinese-standard-lead") for r in (found, plain))
        assert one.tobytes() == two.tobytes(), name
    assert np.isnan(found.values("snapshot_share", scenario="status-quo-2019", snapshot=2024)).all()
    assert not np.isnan(found.values("snapshot_share", scenario="status-quo-2019", snapshot=2021)).any()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"policy": 3}, "policy is 3; give a function of a course."),
        ({"stop": True}, "stop is True; give a function of a course."),
        ({"policy": lambda c: ["ban"]}, "policy answers ['ban'] at the end of 2019; it must give a mapping"),
        ({"stop": lambda c: np.ones(20)}, "it must give True or False: take the median"),
        ({"measures": {"mine": lambda c: 1.0}}, "measure 'mine' gives shape (); it must give one number for"),
        ({"measures": {"mine": lambda c: "x"}}, "measure 'mine'"),
        ({"executor": 3}, "executor is 3; give a concurrent.futures.Executor"),
        ({"executor": 3, "policy": ban}, "a policy and stop look at all draws together; they cannot"),
        ({"policy": lambda c: {"nonsense": []}}, "nonsense"),
    ],
)
def test_what_is_wrong_is_told(world, wrong, told):
    with pytest.raises(sn.StandardsNetError, match=re.escape(told)):
        sn.run(world, "status-quo-2019", **wrong, **ASKED)


def test_such_results_are_not_repeated(world):
    changed = sn.run(world, "status-quo-2019", policy=ban, **ASKED)
    with pytest.raises(sn.StandardsNetError, match="with a policy of your own, whose code is not"):
        sn.rerun(changed, world=world)
    own = sn.run(world, "status-quo-2019", measures={"one": lambda c: np.ones(c.draws)}, **ASKED)
    with pytest.raises(sn.StandardsNetError, match="with measures of your own, whose code is not"):
        sn.rerun(own, world=world)


def test_a_report_that_raises_does_not_end_the_run(world):
    def report(done, total):
        raise ValueError("no screen")

    with pytest.warns(RuntimeWarning, match="progress raised ValueError: no screen; the run goes on without"):
        found = sn.run(world, SCENARIOS, progress=report, **ASKED)
    assert found == sn.run(world, SCENARIOS, **ASKED)
