"""Findings: shares, intervals, words, labels and flip values on numbers made up to be obvious."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

import standards_net as sn
from standards_net.sensitivity import flip_values
from standards_net.studies.carnegie_2019.labels import labelled
from standards_net.studies.carnegie_2019.mechanisms import COMPARED, REFERENCE, Comparison
from standards_net.studies.finding import (
    ASSUMED,
    CONTRADICTED,
    DEPENDS,
    FOUND,
    NO_EFFECT,
    SUPPORTED,
    UNDECIDED,
    Effect,
    Measured,
    interval_text,
    likelihood_word,
    median_interval,
    share_interval,
    weigh,
)


def finding(values, sign=1, name="B1", unit="points"):
    values = np.asarray(values, dtype=float)
    measured = Measured(values, (Effect(values, sign),))
    return weigh(name, "up", "it rises", "by {value}", "loss", unit, measured, "nothing")


UP = np.linspace(0.1, 0.2, 200)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        (UP, SUPPORTED),
        (-UP, CONTRADICTED),
        (np.concatenate([UP[:100], -UP[:100]]), UNDECIDED),
        (np.concatenate([UP[:179], -UP[:21]]), UNDECIDED),
        (np.concatenate([UP[:180], -UP[:20]]), SUPPORTED),
        (np.zeros(200), NO_EFFECT),
        (UP * 1e-9, NO_EFFECT),  # of the right sign in every draw, and nothing in print
        (-UP * 1e-9, NO_EFFECT),
    ],
)
def test_verdicts(values, verdict):
    assert finding(values).verdict == verdict


def test_zero_supports_nothing():
    assert finding(np.zeros(50)).share == 0.0
    assert finding(np.zeros(50), -1).share == 0.0


def test_a_claim_holds_where_all_of_its_effects_do():
    one, two = np.array([1.0, 1.0, -1.0, -1.0]), np.array([-1.0, 1.0, -1.0, 1.0])
    assert Measured(one, (Effect(one, 1), Effect(two, -1))).holds.tolist() == [True, False, False, False]


@pytest.mark.parametrize(("hits", "draws"), [(0, 512), (512, 512), (461, 512), (3, 32), (1, 1)])
def test_the_interval_of_a_share_is_wilsons(hits, draws):
    expected = binomtest(hits, draws).proportion_ci(method="wilson")
    assert share_interval(hits / draws, draws) == pytest.approx((expected.low, expected.high))


def test_the_interval_of_a_median_holds_it_as_often_as_it_says():
    rng = np.random.default_rng(1)
    samples = rng.lognormal(size=(2000, 128))
    inside = [low <= 1.0 <= high for low, high in map(median_interval, samples)]
    assert 0.93 < np.mean(inside) < 0.975


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.992, 1.0, "virtually certain"),
        (0.95, 1.0, "extremely likely"),
        (0.91, 0.99, "very likely"),
        (0.7, 0.95, "likely"),
        (0.51, 0.6, "more likely than not"),
        (0.4, 0.6, "about as likely as not"),
        (0.1, 0.3, "unlikely"),
        (0.02, 0.08, "very unlikely"),
        (0.0, 0.05, "extremely unlikely"),
        (0.0, 0.008, "exceptionally unlikely"),
    ],
)
def test_likelihood_words(low, high, word):
    assert likelihood_word(low, high) == word


def test_sentences():
    assert finding(UP).sentence.startswith("It is extremely likely (100 % of draws) that it rises; by 15.0 [")
    assert finding(-UP).sentence.startswith(
        "The model contradicts this: it is extremely unlikely (0 % of draws) that it rises; by -15.0 ["
    )
    half = np.concatenate([UP[:100], -UP[:100]])
    assert finding(half).sentence.startswith("The model cannot tell: it is about as likely as not (50 % of")
    assert finding(np.zeros(9)).sentence == (
        "The model finds no clear effect: by 0.0 [0.0, 0.0] percentage points."
    )


def test_no_negative_zero_in_print():
    assert interval_text(-1e-6, -2e-6, 0.0, "points") == "0.0 [0.0, 0.0] percentage points"
    assert interval_text(-1e6, -2e6, 0.0, "USD per year") == "USD 0.0 bn [0.0, 0.0] a year"


def compared(own, **others):
    """A comparison in which all mechanisms agree with the study, but those that are named."""
    answers = {REFERENCE: {own.argument: own}}
    answers |= {m: {own.argument: others.get(m.replace("-", "_"), own)} for m in COMPARED}
    return Comparison(32, answers, {})


def flips(**columns):
    row = {
        "conclusion": "B1", "parameter": "lock_in", "turns": "below", "value": 0.4, "calibrated_beyond": 0.05
    } | columns  # fmt: skip
    return pd.DataFrame([row])


NONE = flips().iloc[:0]


def label_of(own, unfed=None, comparison=None, table=NONE):
    (one,) = labelled([own], {"B1": unfed} if unfed else {}, comparison or compared(own), table)
    return one


def test_found_survives_everything():
    one = label_of(finding(UP))
    assert one.label == FOUND
    assert "no single parameter turns it" in one.because
    assert "8 of 8" in one.because


def test_assumed_if_the_direction_holds_without_feedback():
    one = label_of(finding(UP), finding(0.5 * UP))
    assert one.label == ASSUMED
    assert one.sentence.startswith("By assumption it rises; the model adds the size: by 15.0 [")


def test_not_assumed_if_feedback_makes_the_effect():
    assert label_of(finding(UP), finding(0.0 * UP)).label == FOUND
    assert label_of(finding(UP), finding(0.01 * UP)).label == FOUND  # under a twentieth
    assert label_of(finding(-UP), finding(-UP)).label == FOUND  # what is contradicted was not put in


def test_an_assumption_may_fade_under_other_mechanisms_but_not_turn():
    own = finding(UP)
    assert label_of(own, own, compared(own, voter=finding(0.0 * UP))).label == ASSUMED
    turned = label_of(own, own, compared(own, voter=finding(-UP)))
    assert (turned.label, turned.because) == (DEPENDS, "contradicted under voter")


def test_depends_on_the_mechanism():
    own = finding(UP)
    one = label_of(own, None, compared(own, heat_bath=finding(0.0 * UP), voter=finding(-UP)))
    assert one.label == DEPENDS
    assert one.because == "no clear effect under heat bath; contradicted under voter"


def test_depends_on_a_parameter_even_if_assumed():
    one = label_of(finding(UP), finding(UP), table=flips())
    assert one.label == DEPENDS
    assert one.because == "turned by lock_in below 0.4 (5 % of the calibrated sample)"


def test_the_most_probable_flip_values_are_named_first():
    table = pd.concat([flips(parameter=f"p{k}", calibrated_beyond=k / 10) for k in range(1, 6)])
    assert label_of(finding(UP), table=table).because.startswith("turned by p5 below 0.4 (50 % of")
    assert label_of(finding(UP), table=table).because.endswith("or 2 more")


def test_a_value_at_the_end_of_the_prior():
    one = label_of(finding(UP), table=flips(value=0.3, calibrated_beyond=0.0))
    assert one.because == "turned by lock_in at 0.3, the end of its prior"


def test_undecided_depends():
    one = label_of(finding(np.concatenate([UP[:100], -UP[:100]])))
    assert (one.label, one.verdict, one.because) == (DEPENDS, UNDECIDED, "draws decide it neither way")
    assert label_of(finding(0.0 * UP)).because == "there is no clear effect"


def test_without_flip_values_that_is_said():
    assert "flip values were not searched for these tables" in label_of(finding(UP), table=None).because


def test_flip_values_of_a_function_that_is_known(world):
    """lock_in is uniform on 0.3 to 1.7, progress_ratio on 0.8 to 0.95, finance_weight on 0 to 1.6."""

    def stands(given):
        lock_in, ratio = given.get("lock_in", 1.0), given.get("progress_ratio", 0.88)
        return {"both": 0.5 < lock_in < 1.5, "steep": ratio < 0.9, "never": False, "always": True}

    found = flip_values(world, stands, ["lock_in", "progress_ratio", "finance_weight"], steps=12)
    rows = found.set_index(["conclusion", "parameter", "turns"])
    assert set(rows.index) == {
        ("both", "lock_in", "below"), ("both", "lock_in", "above"), ("steep", "progress_ratio", "above")
    }  # fmt: skip
    assert rows.loc[("both", "lock_in", "below"), "value"] == pytest.approx(0.5, abs=1e-3)
    assert rows.loc[("both", "lock_in", "above"), "value"] == pytest.approx(1.5, abs=1e-3)
    assert rows.loc[("steep", "progress_ratio", "above"), "value"] == pytest.approx(0.9, abs=1e-3)
    assert rows.loc[("both", "lock_in", "below"), "prior_beyond"] == pytest.approx(1 / 7, abs=1e-3)
    assert rows.loc[("steep", "progress_ratio", "above"), "prior_beyond"] == pytest.approx(1 / 3, abs=1e-3)


def test_the_value_is_one_at_which_the_conclusion_was_seen_not_to_stand(world):
    tried = {}

    def stands(given):
        value = given.get("lock_in", 1.0)
        tried[value] = value > 0.61
        return {"loyal": tried[value]}

    found = flip_values(world, stands, ["lock_in"], steps=3)
    assert tried[found["value"].iloc[0]] is False


def test_a_conclusion_that_its_calibrated_median_turns(world):
    """With the parameter drawn it stands, held at any value it does not."""
    found = flip_values(world, lambda given: {"odd": not given}, ["taste_sd"], steps=3)
    assert found["turns"].tolist() == ["below", "above"]
    assert found["calibrated_beyond"].tolist() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    ("names", "steps", "told"),
    [
        (["lockin"], 3, "unknown parameter 'lockin'"),
        (["choice_sensitivity"], 3, "choice_sensitivity is fixed"),
        (["lock_in"], 0, "steps"),
    ],
)
def test_bad_searches(world, names, steps, told):
    with pytest.raises(sn.StandardsNetError, match=told):
        flip_values(world, lambda given: {}, names, steps=steps)
