"""Provenance that replays: a run repeated from its record alone gives the same bytes."""

import json
from dataclasses import replace

import numpy as np
import pytest

import standards_net as sn
from standards_net.model import (
    MECHANISMS,
    LinearThresholdRule,
    MajorityRule,
    from_rule,
    linear_threshold,
    procurement,
)

YEARS = range(2019, 2023)
MINE = {
    "name": "mine",
    "title": "Mine",
    "extends": "three-poles",
    "lift": [{"who": ["IND"], "vendors": ["china"], "from": 2020}],
    "ban": [
        {"who": ["KEN", "NATO"], "vendors": ["china"], "from": 2020, "remove_by": 2022, "bases": ["5g"]},
        {"who": ["BRA"], "vendors": ["huawei"], "from": 2020, "share_of_market": 0.4, "compliance": 0.5,
         "delay_years": 1.0},
        {"who": ["ZAF"], "vendors": ["china"], "from": 2020, "cap": 0.3, "technologies": ["radio"]},
    ],
    "exit": [{"who": ["IDN"], "vendors": ["nokia"], "from": 2021, "spares_years": 2}],
    "supply": [{"vendors": ["huawei"], "from": 2021, "capacity": 0.5, "price": 1.2}],
    "parameters": {"lock_in": {"times": 0.5}, "progress_ratio": 0.9},
}  # fmt: skip
SMALL = {"draws": 3, "rng": 5, "years": YEARS}


def same(one, two):
    assert one.coords == two.coords
    for name in one:
        assert one[name].values.tobytes() == two[name].values.tobytes(), name
    assert one == two
    assert hash(one) == hash(two)
    assert one.provenance == two.provenance


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism(world, name):
    result = sn.run(world, ["silos", "status-quo-2019"], mechanism=name, **SMALL)
    same(result, sn.rerun(result, world=world))


@pytest.mark.parametrize("name", ["vendor-choice", "procurement", "voter"])
def test_operators_of_ones_own_world(operator_world, name):
    result = sn.run(operator_world, "status-quo-2019", mechanism=name, **SMALL)
    same(result, sn.rerun(result, world=operator_world))
    with pytest.raises(sn.StandardsNetError, match="another world"):
        sn.rerun(result)


@pytest.mark.parametrize("mechanism", [linear_threshold(0.15), procurement(5)])
def test_parameters_of_a_mechanism(world, mechanism):
    result = sn.run(world, "broad-allied-ban", mechanism=mechanism, **SMALL)
    again = sn.rerun(result, world=world)
    same(result, again)
    assert result != sn.run(world, "broad-allied-ban", mechanism=mechanism.name, **SMALL)


@pytest.mark.filterwarnings("ignore:.*changes nothing.*:standards_net.StandardsNetWarning")
@pytest.mark.parametrize(
    "asked",
    [
        {"technologies": ["iot"]},
        {"technologies": ["iot", "radio"], "groups": ("IND", "G20", "BRI")},
        {"snapshots": (2020, 2021)},
        {"groups": ["USA"], "snapshots": [2019], "threads": 1},
        {"years": range(2019, 2021), "draws": 9},
    ],
)
def test_everything_that_may_be_asked_of_a_run(world, asked):
    result = sn.run(world, [MINE, "silos"], **{**SMALL, **asked})
    same(result, sn.rerun(result, world=world))


def test_after_saving_and_loading_without_the_world(world, tmp_path):
    result = sn.run(world, [MINE, "one-standard"], mechanism=linear_threshold(0.4), groups=("IND",), **SMALL)
    loaded = sn.load_result(result.save(tmp_path / "r.nc"))
    assert loaded.provenance == result.provenance
    assert list(loaded.provenance["scenarios"]) == ["mine", "one-standard"]
    same(result, sn.rerun(loaded))


def test_a_scenario_file_of_ones_own_is_in_the_record(world, tmp_path):
    (tmp_path / "base.toml").write_text('name = "base"\ntitle = "Base"\nextends = "silos"\n')
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'name = "mine"\ntitle = "Mine"\nextends = "base"\n'
        '[[ban]]\nwho = ["IND"]\nvendors = ["zte"]\nfrom = 2020\n'
    )
    result = sn.run(world, str(mine), **SMALL)
    mine.unlink()
    same(result, sn.rerun(result, world=world))


def test_fresh_seeds_and_generators_are_recorded(world):
    for rng in (None, np.random.default_rng(3)):
        result = sn.run(world, "silos", draws=2, rng=rng, years=YEARS)
        same(result, sn.rerun(result, world=world))


def test_a_world_of_ones_own(toy_world):
    result = sn.run(toy_world, {"name": "x", "title": "X"}, **SMALL)
    same(result, sn.rerun(result, world=toy_world))
    with pytest.raises(
        sn.StandardsNetError, match="made from another world; pass the world it was made from"
    ):
        sn.rerun(result)  # tables alike, arrays not


def test_other_tables_are_named(world):
    result = sn.run(world, "silos", **SMALL)
    other = replace(world, hashes={**world.hashes, "trade": "0" * 64}, trade_usd=2.0 * world.trade_usd)
    with pytest.raises(sn.StandardsNetError, match=r"another world \(trade differ\)"):
        sn.rerun(result, world=other)


def test_a_mechanism_of_ones_own_is_asked_for(world):
    mine = from_rule(LinearThresholdRule(0.2), "mine")
    result = sn.run(world, "silos", mechanism=mine, **SMALL)
    assert result.provenance["mechanism"] == {
        "name": "mine", "parameters": {"threshold": 0.2}, "shipped": False,
    }  # fmt: skip
    with pytest.raises(sn.StandardsNetError, match=r"a custom mechanism, 'mine'.*rerun\(result, mech"):
        sn.rerun(result, world=world)
    same(result, sn.rerun(result, world=world, mechanism=mine))
    with pytest.raises(
        sn.StandardsNetError, match=r"a custom mechanism 'mine'.*the package's 'voter' with {} does not match"
    ):
        sn.rerun(result, world=world, mechanism="voter")


def test_what_records_no_run_is_refused(world):
    result = sn.run(world, "silos", **SMALL)
    partial = sn.Result(result.coords, result.variables, {"seed": 1})
    with pytest.raises(sn.StandardsNetError, match="does not record its scenarios, draws, parameters, years"):
        sn.rerun(partial)
    with pytest.raises(sn.StandardsNetError, match="it must be a Result, as returned by run"):
        sn.rerun("result.nc")


def test_the_record_is_plain_data(world):
    result = sn.run(world, MINE, mechanism=linear_threshold(0.4), groups=("IND",), **SMALL)
    told = json.loads(json.dumps(result.provenance))
    assert told["scenarios"]["mine"]["extends"]["name"] == "three-poles"
    assert told["mechanism"]["parameters"] == {"threshold": 0.4}
    assert result.provenance["years"] == (2019, 2020, 2021, 2022)
    assert result.provenance["groups"] == ("IND",)
    assert not {"threads", "progress", "time", "date"} & set(result.provenance)


def test_the_record_of_a_diffusion_holds_the_process():
    import networkx as nx

    d = sn.diffuse(
        nx.cycle_graph(4), sn.processes.logit(9.0, quality=[0.5, 0.0]), initial={"a": 0.5, "b": 0.5}, steps=1
    )
    recorded = d.provenance["process"]
    assert recorded["name"] == "logit"
    assert recorded["parameters"]["sensitivity"] == 9.0
    assert recorded["parameters"]["quality"] == (0.5, 0.0)


def test_years_and_until_say_the_same(world):
    one = sn.run(world, "silos", draws=2, rng=1, years=range(2019, 2023), technologies=["radio"])
    two = sn.run(world, "silos", draws=2, rng=1, until=2022, technologies="radio")
    same(one, two)
    with pytest.raises(sn.StandardsNetError, match="years and until both say when the run ends"):
        sn.run(world, "silos", years=range(2019, 2023), until=2022)
    for until in (2019, "2030", 2020.5, True, 2101):
        with pytest.raises(sn.StandardsNetError, match=r"until is .*a year from 2020 to 2100"):
            sn.run(world, "silos", until=until)
    with pytest.raises(sn.StandardsNetError, match="no technology given"):
        sn.run(world, "silos", technologies=[])


def test_a_custom_mechanism_with_the_name_of_a_shipped_one_is_not_taken_for_it(world):
    mine = from_rule(MajorityRule(), "voter")
    custom, shipped = (sn.run(world, "silos", mechanism=m, **SMALL) for m in (mine, "voter"))
    for result, other in ((custom, "voter"), (shipped, mine)):
        with pytest.raises(sn.StandardsNetError, match="does not match"):
            sn.rerun(result, world=world, mechanism=other)
    same(custom, sn.rerun(custom, world=world, mechanism=mine))


def test_iterators_and_single_names(world):
    one = sn.run(world, "silos", groups=iter(["IND", "G20"]), snapshots=iter([2020]), **SMALL)
    two = sn.run(world, "silos", groups=("IND", "G20"), snapshots=[2020], **SMALL)
    same(one, two)
    assert one.provenance["groups"] == ("IND", "G20")
    assert "IND" in sn.run(world, "silos", groups="IND", **SMALL).coords["group"]


def test_the_record_cannot_be_changed(world):
    result = sn.run(world, MINE, **SMALL)
    with pytest.raises(TypeError, match="read-only"):
        result.provenance["scenarios"]["x"] = 1
    with pytest.raises(AttributeError):
        result.provenance["years"].append(2040)


def test_the_same_tables_in_another_file_are_the_same_world(world, tmp_path):
    from standards_net.files import data_folder

    (tmp_path / "countries").mkdir()
    text = (data_folder() / "countries" / "countries.csv").read_bytes()
    (tmp_path / "countries" / "countries.csv").write_bytes(text.replace(b"\n", b"\r\n"))
    other = sn.load_world(tmp_path)
    assert other.hashes["countries"] != world.hashes["countries"]
    assert other == world
    result = sn.run(world, "silos", **SMALL)
    assert sn.rerun(result, world=other) == result


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"world": None}, "world is None; give what load_world returns"),
        ({"scenarios": None}, "scenario is None; it must be a name"),
        ({"scenarios": 5}, "scenario is 5; it must be a name"),
        ({"groups": [1]}, "groups holds 1; it must be names"),
        ({"snapshots": 2060}, "snapshot 2060 is not among the years 2019 to 2022"),
        ({"snapshots": ["2020"]}, "snapshot '2020' is not among"),
        ({"technologies": 5}, "technologies holds 5; it must be names"),
        ({"years": ["2019", "2020"]}, "a year is '2019'; it must be a year"),
        ({"years": [2019, 2019.9]}, "a year is 2019.9; it must be a year"),
        ({"years": range(2019, 2500)}, "a year is 2101; it must be a year from 1900 to 2100"),
    ],
)
def test_bad_arguments_have_a_sentence(world, wrong, sentence):
    asked = {"world": world, "scenarios": "silos", **SMALL, **wrong}
    with pytest.raises(sn.StandardsNetError, match=sentence):
        sn.run(asked.pop("world"), asked.pop("scenarios"), **asked)


VALUES = {"lock_in": 0.5, "taste_sd": np.linspace(0.1, 0.4, 3)}


def test_given_values_of_parameters(world, tmp_path):
    result = sn.run(world, ["silos", MINE], parameters=VALUES, **SMALL)
    loaded = sn.load_result(result.save(tmp_path / "r.nc"))
    same(result, sn.rerun(result, world=world))
    same(result, sn.rerun(loaded))
    assert result != sn.run(world, ["silos", MINE], **SMALL)


def test_a_draw_keeps_its_bytes_when_values_are_given_for_more_draws(world):
    many = sn.run(world, "silos", parameters={"taste_sd": np.linspace(0.1, 0.4, 9)}, **{**SMALL, "draws": 9})
    few = sn.run(world, "silos", parameters={"taste_sd": np.linspace(0.1, 0.4, 9)[:3]}, **SMALL)
    np.testing.assert_array_equal(many.values("china_share")[:, :3], few.values("china_share"))


def test_no_values_are_the_calibrated_sample(world):
    one, two = (sn.run(world, "silos", parameters=p, **SMALL) for p in ({}, "calibrated"))
    same(one, two)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"lockin": 1.0}, "unknown parameter 'lockin'"),
        ({"lock_in": "much"}, "lock_in is 'much'; give a number, or one for each of the 3 draws."),
        ({"lock_in": "0.5"}, "lock_in is '0.5'; give a number"),
        ({"lock_in": True}, "lock_in is True; give a number"),
        ({"lock_in": None}, "lock_in is None; give a number"),
        ({"lock_in": 10**400}, "lock_in must be an array of real numbers"),
        ({"lock_in": [1j, 1j, 1j]}, "lock_in must be an array of real numbers"),
        ({"lock_in": np.ma.masked_array([1.0, 1.0, 1.0], [0, 1, 0])}, "lock_in must be an array of real"),
        (np.ones(3), "it must be one of calibrated, prior, central, or map names to values"),
        (None, "parameters is None; it must be one of"),
        ({"lock_in": [0.5, 0.6]}, "lock_in has 2 values for 3 draws"),
        ({"lock_in": [[0.5, 0.6, 0.7]]}, r"lock_in has values of shape \(1, 3\) for 3 draws"),
        ({"lock_in": float("nan")}, "lock_in"),
        ({"taste_sd": -1.0}, "taste_sd"),
    ],
)
def test_values_that_cannot_be(world, given, told):
    with pytest.raises(sn.StandardsNetError, match=told):
        sn.run(world, "silos", parameters=given, **SMALL)
