"""Findings under several mechanisms, put side by side: marks, sentences and table on made-up findings."""

import numpy as np
import pytest

import standards_net as sn
from standards_net.model.mechanisms import MECHANISMS
from standards_net.studies.carnegie_2019.arguments import answer_by_runs
from standards_net.studies.carnegie_2019.mechanisms import COMPARED, LEFT_ALONE, NOT_ASKED, Comparison
from standards_net.studies.carnegie_2019.report_mechanisms import mechanism_section
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.finding import NO_EFFECT, Finding, Size


def found(argument, share, median):
    size = Size(median, 0.999 * median, 1.001 * median, "points")
    near = (median, median - 0.01, median + 0.01, 0.001)
    return Finding(argument, "up", "it rises", "by {value}", "loss", "points", *near, (size,), share, 64, "x")


@pytest.fixture
def comparison():
    made = {
        "vendor-choice": [(1.0, 0.3), (1.0, 0.2), (1.0, 0.1)],
        "heat-bath": [(0.9, 0.3), (0.5, 0.2), (1.0, 0.2)],
        "voter": [(1.0, 0.014), (0.0, -0.2), (0.0, 0.0)],
        "majority": [(1.0, 0.016), (1.0, 0.2), (0.5, 0.0)],
    }
    answers = {
        name: {f"B{k}": found(f"B{k}", *one) for k, one in enumerate(row, 1)} for name, row in made.items()
    }
    answers["majority"]["B2"] = "beta has no year 2050."
    world = {name: {LEFT_ALONE: (0.0, 0.05 if name == "voter" else 0.4, 0.5)} for name in answers}
    return Comparison(64, answers, world)


def test_verdicts_and_where_they_turn(comparison):
    assert comparison.turned("B1") == {"voter": NO_EFFECT}  # right in sign, a twentieth in size
    assert comparison.turned("B2") == {"voter": "contradicted"}  # in half of the draws is not in most
    assert comparison.reversed_under("B1") == []
    assert comparison.reversed_under("B2") == ["voter"]
    assert comparison.turned("B3") == {}  # a voter weighs no quality
    assert comparison.verdict("voter", "B3") == comparison.verdict("majority", "B2") == NOT_ASKED
    assert "which this mechanism does not weigh" in comparison.why_not("voter", "B3")
    assert comparison.why_not("majority", "B2") == "beta has no year 2050."


def test_a_lower_share_of_draws_is_another_verdict_but_turns_nothing(comparison):
    assert comparison.verdict("heat-bath", "B2") == "undecided"
    assert "heat-bath" not in comparison.turned("B2")


def test_what_is_undecided_has_nothing_to_turn(comparison):
    answers = {m: {"B9": found("B9", share, 0.2)} for m, share in (("vendor-choice", 0.6), ("voter", 0.0))}
    assert Comparison(64, answers, {}).turned("B9") == {}


def test_to_how_many_mechanisms_it_was_put(comparison):
    assert [comparison.asked(argument) for argument in ("B1", "B2", "B3")] == [3, 2, 1]


def test_the_sentences_say_what_survives(comparison):
    first, asked, same, faded, fallen = comparison.sentences()
    assert first == (
        "1 of the 3 findings that draws decide stand under every other mechanism that they can be put to; 2 "
        "turn under some: B1, B2."
    )
    assert asked.startswith("Each finding can be put to 1 to 3 of the 3 other mechanisms")
    assert same == "They stand throughout: supported B3 (put to 1 of 3)."
    assert faded == "B1, supported under vendor choice: no clear effect under voter."
    assert fallen == "B2 (put to 2 of 3), supported under vendor choice: contradicted under voter."


def test_the_table_has_every_pair(comparison):
    table = comparison.to_frame().set_index(["argument", "mechanism"])
    assert len(table) == 12
    assert table.loc[("B2", "voter"), "turned"]
    assert table.loc[("B1", "voter"), "verdict"] == NO_EFFECT
    assert np.isnan(table.loc[("B2", "majority"), "median"])
    assert table.loc[("B1", "heat-bath"), "low"] == pytest.approx(0.29)
    assert table.loc[("B3", "voter"), "asked_under"] == 1


def test_the_section_marks_in_words(comparison):
    section = mechanism_section(comparison)
    marks = [[cell["mark"] for cell in row["cells"]] for row in section["rows"]]
    assert marks == [["", "", "≠", ""], ["", "", "≠", ""], ["", "", "", ""]]
    assert [row["asked"] for row in section["rows"]] == [
        "put to 3 of 3",
        "put to 2 of 3",
        "put to 1 of 3",
    ]
    assert section["rows"][0]["cells"][0]["median"] == "30.0"
    assert section["rows"][0]["cells"][0]["range"] == "[29.0, 31.0]"
    assert "up to 12 points" in section["note"]
    assert "Under voter the Chinese-led standard" in section["note"]
    assert section["reasons"][0] == "B2 under majority: beta has no year 2050."


def test_what_is_compared_exists():
    assert set(COMPARED) < set(MECHANISMS)


def test_an_argument_without_its_runs_says_so(world):
    years = range(2019, 2041)
    some = sn.run(world, ["status-quo-2019"], draws=2, rng=1, years=years, technologies=["radio"])
    told = answer_by_runs(Runs(world, some, some))
    assert len(told) == 15
    assert told["B1"] == "unknown scenario 'bipolar-free-nonaligned'; valid are status-quo-2019."
