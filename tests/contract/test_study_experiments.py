"""Each argument is the experiment that it says it is, on scenarios that say the same."""

import dataclasses
import json

import numpy as np
import pytest

import standards_net as sn
from standards_net.alignment import alignment_game
from standards_net.ensemble.provenance import estimate_hashes
from standards_net.files import data_folder
from standards_net.measures import HEADLINES
from standards_net.parameters import Parameters, draw_parameters
from standards_net.sensitivity import RANDOM_NUMBERS, shipped_indices, uncertain_parameters
from standards_net.sensitivity.shipped import SOBOL_INDICES
from standards_net.studies.carnegie_2019.arguments import BY_GAMES, BY_RUNS, answer_by_runs, scenarios_of
from standards_net.studies.carnegie_2019.flips import FLIP_VALUES, shipped_flips, with_values
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


@pytest.mark.parametrize("name", [FLIP_VALUES, SOBOL_INDICES])
def test_what_is_shipped_belongs_to_the_shipped_tables(world, name):
    how = json.loads((data_folder() / name).read_text(encoding="utf-8"))["provenance"]
    assert how["tables_sha256"] == dict(world.hashes)
    assert how["estimates_sha256"] == estimate_hashes()


def test_shipped_flip_values_are_within_the_priors(world):
    table = shipped_flips(world)
    assert set(table["conclusion"]) <= set(table.attrs["searched"]) <= set(ALL)
    for row in table.itertuples():
        low, high = world.parameters[row.parameter].ends
        assert low <= row.low <= row.high <= high
        assert 0.0 <= row.calibrated_probability <= 1.0


def test_shipped_indices_are_of_every_headline_measure(world):
    indices = shipped_indices(world)
    assert set(indices["measure"]) == set(HEADLINES)
    varied = {p.name for p in uncertain_parameters(world, "radio")} | {RANDOM_NUMBERS}
    for _, rows in indices.groupby(["scenario", "measure"]):
        assert set(rows["parameter"]) == varied


def test_a_world_of_other_tables_has_nothing_shipped(toy_world):
    assert shipped_flips(toy_world) is None
    assert shipped_indices(toy_world) is None


def test_items_of_a_game_are_proportional_to_their_parameters(toy_world):
    """A game with values given has the items of a game of a world in which the parameters have them."""

    def game_of(world):
        return alignment_game(
            world, players=list(world.countries[:3]), technologies=["radio"], draws=2, rng=1, until=2022
        )

    given = {"politics_value": 0.002, "vendor_margin": 0.2}
    frame = toy_world.parameters.table.copy()
    for name, value in given.items():
        frame.loc[frame["name"] == name, ["default", "prior", "low", "high"]] = [
            value,
            "fixed",
            np.nan,
            np.nan,
        ]
    other = game_of(dataclasses.replace(toy_world, parameters=Parameters(frame)))
    drawn = draw_parameters(toy_world.parameters, 2, 1)
    scaled = with_values(game_of(toy_world), drawn, given)
    for item in ("politics", "home_vendors"):
        for one, two in zip(scaled.items[item], other.items[item], strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-3)


@pytest.mark.slow
def test_shipped_flip_values_turn_their_findings(world):
    """At both ends of each range the finding turns; at the calibrated median it stands."""
    table = shipped_flips(world)
    draws, rng = table.attrs["draws"], table.attrs["seed"]

    def answers(name, **given):
        return BY_RUNS[name].answer(
            make_runs(world, draws, rng, only=BY_RUNS[name].scenarios, parameters=given or "calibrated")
        )

    for row in table[table["conclusion"].isin(BY_RUNS)].itertuples():
        own, parameter = answers(row.conclusion), world.parameters[row.parameter]
        for value in {row.low, row.high}:
            assert answers(row.conclusion, **{row.parameter: value}).turns(own), row
        middle = float(parameter.quantile(np.array([0.5]))[0])
        if not row.low <= middle <= row.high:
            assert not answers(row.conclusion, **{row.parameter: middle}).turns(own), row


@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameter"), [("B4", "research_feedback"), ("B5", "price_sensitivity")])
def test_what_is_not_listed_does_not_turn(world, name, parameter):
    table = shipped_flips(world)
    listed = table[(table["conclusion"] == name) & (table["parameter"] == parameter)]
    own = BY_RUNS[name].answer(make_runs(world, 64, 2019, only=BY_RUNS[name].scenarios))
    for value in world.parameters[parameter].ends:
        held = make_runs(world, 64, 2019, only=BY_RUNS[name].scenarios, parameters={parameter: value})
        turned = BY_RUNS[name].answer(held).turns(own)
        assert turned == bool(((listed["low"] <= value) & (value <= listed["high"])).any())
