"""Each argument is the experiment that it says it is, on scenarios that say the same."""

import dataclasses
import json

import numpy as np
import pytest

import standards_net as sn
from standards_net.ensemble.provenance import estimate_hashes
from standards_net.files import data_folder
from standards_net.studies.carnegie_2019.arguments import BY_GAMES, BY_RUNS, answer_by_runs, scenarios_of
from standards_net.studies.carnegie_2019.flips import FLIP_VALUES, shipped_flips
from standards_net.studies.carnegie_2019.runs import make_runs
from standards_net.studies.carnegie_2019.variants import SHIPPED, variants

SMALL = {"draws": 4, "rng": 3}
ALL = {**BY_RUNS, **BY_GAMES}


@pytest.fixture(scope="module")
def runs(world):
    return make_runs(world, **SMALL, only=scenarios_of())


def test_sixteen_arguments_in_one_sentence_each(runs):
    assert [*BY_RUNS, *BY_GAMES] == [f"B{k}" for k in range(1, 17)]
    for found in answer_by_runs(runs).values():
        assert found.sentence.count(". ") == 0, found.sentence
        assert found.sentence.endswith(".")
        assert "{" not in found.sentence


def test_scenarios_say_which_arguments_they_serve():
    for name in sn.scenario_names():
        uses = {a.name for a in ALL.values() if name in a.scenarios}
        assert set(sn.load_scenario(name).file.serves) == uses, name


def test_a_sweep_never_has_the_name_of_a_shipped_scenario():
    sweeps = [sweep["name"] for sweep in variants()]
    assert len(set(sweeps)) == len(sweeps)
    assert not set(sweeps) & set(sn.scenario_names())
    assert scenarios_of() <= {*SHIPPED, *sweeps}
    assert set(sweeps) <= scenarios_of()


def test_no_two_sweeps_or_scenarios_are_the_same_experiment():
    """Nor is a sweep a shipped scenario under another name."""
    contents = {}
    for one in (*SHIPPED, *variants()):
        scenario = sn.load_scenario(one)
        content = scenario.file.model_dump(exclude={"name", "title", "description", "serves"}, mode="json")
        contents.setdefault(json.dumps(content, sort_keys=True), []).append(scenario.name)
    assert [names for names in contents.values() if len(names) > 1] == []


@pytest.mark.parametrize("name", BY_RUNS)
def test_an_argument_reads_only_what_it_says(world, runs, name):
    """Run alone, on the scenarios that it names and no others, it finds the same."""
    alone = make_runs(world, **SMALL, only=BY_RUNS[name].scenarios)
    one, two = BY_RUNS[name].answer(alone), BY_RUNS[name].answer(runs)
    assert one == two
    for scenario in BY_RUNS[name].scenarios:
        fewer = make_runs(world, **SMALL, only=[s for s in BY_RUNS[name].scenarios if s != scenario])
        with pytest.raises(sn.StandardsNetError, match="unknown scenario"):
            BY_RUNS[name].answer(fewer)


@pytest.mark.parametrize("name", [n for n, a in BY_RUNS.items() if set(a.scenarios) <= set(SHIPPED)])
def test_shipped_scenarios_run_by_a_user_give_the_finding(world, runs, name):
    """`sn.run` on the shipped scenarios, nothing of the study in between."""
    argument = BY_RUNS[name]
    result = sn.run(
        world, argument.scenarios, **SMALL, technologies="radio", groups=("CHN", "USA", "JPN", "G20")
    )
    found = argument.answer(dataclasses.replace(runs, main=result, sweep=result))
    assert found == argument.answer(runs)


def test_the_numbers_of_b1_by_hand(world, runs):
    result = sn.run(world, ["bipolar-free-nonaligned", "one-standard"], **SMALL, technologies="radio")
    split, one = result.values("interoperability_loss", technology="radio", year=2040)
    assert BY_RUNS["B1"].answer(runs).median == pytest.approx(float(np.median(split - one)))


def test_flip_values_are_those_of_the_shipped_tables(world):
    content = json.loads((data_folder() / FLIP_VALUES).read_text(encoding="utf-8"))
    assert content["provenance"]["tables_sha256"] == dict(world.hashes)
    assert content["provenance"]["estimates_sha256"] == estimate_hashes()
    table = shipped_flips(world)
    assert set(table["conclusion"]) <= set(ALL)
    for row in table.itertuples():
        low, high = world.parameters[row.parameter].ends
        assert low <= row.value <= high
        assert row.turns in ("below", "above")
        assert 0.0 <= row.calibrated_beyond <= 1.0


def test_a_world_of_other_tables_has_no_flip_values(toy_world):
    assert shipped_flips(toy_world) is None


@pytest.mark.slow
def test_shipped_flip_values_turn_their_findings(world):
    """Each at the value itself; inside of it, at the calibrated median, the finding stands."""
    own = answer_by_runs(make_runs(world, 64, 2019, only=scenarios_of()))
    table = shipped_flips(world)
    for row in table[table["conclusion"].isin(BY_RUNS)].itertuples():
        argument = BY_RUNS[row.conclusion]
        held = make_runs(world, 64, 2019, only=argument.scenarios, parameters={row.parameter: row.value})
        found, before = argument.answer(held), own[row.conclusion]
        turned = (found.share > 0.5) != (before.share > 0.5)
        assert turned or found.faint_beside(before), row
