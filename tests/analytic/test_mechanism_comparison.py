"""Findings under several mechanisms, put side by side: marks, sentences and table on made-up findings."""

import numpy as np
import pytest

import standards_net as sn
from standards_net.model.mechanisms import MECHANISMS
from standards_net.studies.carnegie_2019.arguments import answer_by_runs
from standards_net.studies.carnegie_2019.mechanisms import COMPARED, LEFT_ALONE, NOT_ASKED, Comparison
from standards_net.studies.carnegie_2019.report_mechanisms import mechanism_section
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.carnegie_2019.variants import SHIPPED, UNASKED, variants
from standards_net.studies.finding import Finding


def found(argument, share, median):
    return Finding(argument, "up", "Up.", "loss", "points", median, median - 0.01, median + 0.01, share, "x")


@pytest.fixture
def comparison():
    made = {
        "vendor-choice": [(1.0, 0.3), (1.0, 0.2), (1.0, 0.1)],
        "heat-bath": [(0.9, 0.3), (0.5, 0.2), (1.0, 0.2)],
        "voter": [(1.0, 0.014), (0.1, -0.2), (0.0, 0.0)],
        "majority": [(1.0, 0.016), (1.0, 0.2), (0.5, 0.0)],
    }
    answers = {
        name: {f"B{k}": found(f"B{k}", *one) for k, one in enumerate(row, 1)} for name, row in made.items()
    }
    answers["majority"]["B2"] = "beta has no year 2050."
    world = {name: {LEFT_ALONE: (0.0, 0.05 if name == "voter" else 0.4, 0.5)} for name in answers}
    return Comparison(64, answers, world)


def test_verdicts_and_where_they_differ(comparison):
    assert comparison.others("B1") == {}
    assert comparison.others("B2") == {"heat-bath": "undecided", "voter": "contradicted"}
    assert comparison.others("B3") == {}  # a voter weighs no quality
    assert comparison.verdict("voter", "B3") == comparison.verdict("majority", "B2") == NOT_ASKED
    assert "which this mechanism does not weigh" in comparison.why_not("voter", "B3")
    assert comparison.why_not("majority", "B2") == "beta has no year 2050."


def test_an_effect_of_less_than_a_twentieth_is_faint(comparison):
    assert comparison.faint("voter", "B1")
    assert not comparison.faint("majority", "B1")
    assert not comparison.faint("voter", "B3")


def test_the_sentences_say_what_survives(comparison):
    first, same, weak, fallen = comparison.sentences()
    assert (
        first == "2 of 3 verdicts are the same under every mechanism that can be asked; 1 depends on it: B2."
    )
    assert same == "The same throughout: supported B3 (asked of 2)."
    assert weak.endswith("that under vendor choice: B1 under voter.")
    assert (
        fallen == "B2, supported under vendor choice, is undecided under heat bath; contradicted under voter."
    )


def test_the_table_has_every_pair(comparison):
    table = comparison.to_frame().set_index(["argument", "mechanism"])
    assert len(table) == 12
    assert table.loc[("B2", "voter"), "differs"]
    assert table.loc[("B1", "voter"), "faint"]
    assert np.isnan(table.loc[("B2", "majority"), "median"])
    assert table.loc[("B1", "heat-bath"), "low"] == pytest.approx(0.29)


def test_the_section_marks_in_words(comparison):
    section = mechanism_section(comparison)
    marks = [[cell["mark"] for cell in row["cells"]] for row in section["rows"]]
    assert marks == [["", "", "≈ 0", ""], ["", "≠", "≠", ""], ["", "", "", ""]]
    assert section["rows"][0]["cells"][0]["median"] == "30.0"
    assert section["rows"][0]["cells"][0]["range"] == "[29.0, 31.0]"
    assert "up to 12 points" in section["note"]
    assert "Under voter the Chinese-led standard" in section["note"]
    assert section["reasons"][0] == "B2 under majority: beta has no year 2050."


def test_what_is_compared_exists():
    assert set(COMPARED) < set(MECHANISMS)
    assert {*SHIPPED, *(sweep["name"] for sweep in variants())} > UNASKED


def test_an_argument_without_its_runs_says_so(world):
    years = range(2019, 2041)
    some = sn.run(world, ["status-quo-2019"], draws=2, rng=1, years=years, technologies=["radio"])
    told = answer_by_runs(Runs(world, some, some))
    assert len(told) == 14
    assert told["B1"] == "unknown scenario 'bipolar-free-nonaligned'; valid are status-quo-2019."


def test_the_first_draws_alone(world):
    years = range(2019, 2022)
    whole = sn.run(world, ["silos"], draws=4, rng=1, years=years, technologies=["radio"])
    few = Runs(world, whole, whole).first(2).main
    np.testing.assert_array_equal(few.values("beta"), whole.values("beta")[:, :2])
    assert few.coords["draw"] == (0, 1)
    assert "mean_share" not in few.variables
