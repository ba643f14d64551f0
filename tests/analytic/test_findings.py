"""Findings: shares, intervals, words, labels and flip values on numbers made up to be obvious."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

import standards_net as sn
from standards_net.parameters import Parameters
from standards_net.sensitivity import flip_values, uncertain_parameters
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
    median_interval,
    weigh,
)
from standards_net.wording import interval_text, likelihood_word, share_interval


def finding(values, sign=1, name="B1", unit="points"):
    values = np.asarray(values, dtype=float)
    measured = Measured(values, (Effect(values, sign, unit),))
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
    both = Measured(one, (Effect(one, 1, "1"), Effect(two, -1, "1")))
    assert both.holds.tolist() == [True, False, False, False]


@pytest.mark.parametrize("second", [np.zeros(200), 1e-18 * UP, -1e-18 * UP])
def test_one_effect_of_nothing_supports_and_contradicts_nothing(second):
    measured = Measured(UP, (Effect(UP, 1, "points"), Effect(second, 1, "points")))
    both = weigh("B1", "up", "it rises", "by {value}", "loss", "points", measured, "nothing")
    assert both.verdict == NO_EFFECT
    assert both.turns(finding_of(UP, UP))
    assert not finding_of(UP, UP).turns(both)


def finding_of(one, two):
    measured = Measured(one, (Effect(one, 1, "points"), Effect(two, 1, "points")))
    return weigh("B1", "up", "it rises", "by {value}", "loss", "points", measured, "nothing")


def test_an_effect_is_weighed_not_the_number_of_the_sentence():
    """A count that is 0 in every draw contradicts that it is most of them."""
    none = np.zeros(64)
    measured = Measured(none, (Effect(none - 8.5, 1, "states"),))
    assert weigh("B16", "most", "most", "{value}", "n", "states", measured, "x").verdict == CONTRADICTED


def test_turning():
    own = finding(UP)
    assert not finding(UP).turns(own)
    assert not finding(0.06 * UP).turns(own)
    assert finding(0.04 * UP).turns(own)
    assert not finding(np.concatenate([UP[:110], -UP[:90]])).turns(own)
    assert finding(np.concatenate([UP[:90], -UP[:110]])).turns(own)
    assert finding(UP).turns(finding(-UP))
    assert not finding(-UP).turns(finding(np.concatenate([UP[:100], -UP[:100]])))


@pytest.mark.parametrize(("draws", "verdict"), [(1, UNDECIDED), (3, UNDECIDED), (4, SUPPORTED)])
def test_few_draws_decide_little(draws, verdict):
    assert finding(np.full(draws, 0.2)).verdict == verdict


def test_numbers_that_are_not_finite_are_an_error():
    with pytest.raises(sn.StandardsNetError, match="B1: loss is not a finite number in every draw"):
        finding([1.0, float("nan")])


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
    assert finding(half).sentence.startswith(
        "Draws do not decide whether it rises (50 % of draws: about as likely as not); by "
    )
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


def flips(searched=("B1",), **columns):
    row = {
        "conclusion": "B1", "parameter": "lock_in", "low": 0.3, "high": 0.4, "prior_low": 0.3,
        "prior_high": 1.7, "calibrated_probability": 0.05,
    } | columns  # fmt: skip
    table = pd.DataFrame([row])
    table.attrs["searched"] = list(searched)
    return table


def nothing_turns(searched=("B1",)):
    table = flips().iloc[:0]
    table.attrs["searched"] = list(searched)
    return table


def label_of(own, without_feedback=None, comparison=None, table=None):
    found = {"B1": without_feedback} if without_feedback else {}
    table = nothing_turns() if table is None else table
    (one,) = labelled([own], found, comparison or compared(own), table)
    return one


def test_found_survives_everything():
    one = label_of(finding(UP))
    assert one.label == FOUND
    assert one.because.startswith("no single parameter turns it, nor any other mechanism")
    assert "8 of 8" in one.because


def test_nothing_is_found_that_was_not_searched():
    own = finding(UP)
    (bare,) = labelled([own], {}, compared(own), None)
    for one in (bare, label_of(own, table=nothing_turns(searched=["B2"]))):
        assert one.label == DEPENDS
        assert one.because == "whether a parameter turns it was not searched"
    (assumed,) = labelled([own], {"B1": own}, compared(own), None)
    assert assumed.label == ASSUMED
    assert assumed.because.endswith("whether a parameter turns it was not searched")


def test_nothing_is_found_under_one_mechanism_only():
    own = finding(UP, name="B16")
    (one,) = labelled([own], {}, compared(finding(UP)), nothing_turns(searched=["B16"]))
    assert one.label == DEPENDS
    assert "put to one mechanism only" in one.because


def test_assumed_if_the_direction_holds_without_feedback():
    one = label_of(finding(UP), finding(0.5 * UP))
    assert one.label == ASSUMED
    assert one.sentence.startswith(
        "By assumption it is extremely likely (100 % of draws) that it rises; the model adds the size: by 15"
    )


def test_not_assumed_if_feedback_makes_the_effect():
    assert label_of(finding(UP), finding(0.0 * UP)).label == FOUND
    assert label_of(finding(UP), finding(0.01 * UP)).label == FOUND  # under a twentieth
    assert label_of(finding(-UP), finding(-UP)).label == FOUND  # what is contradicted was not put in


def test_an_assumption_may_fade_under_other_mechanisms_but_not_turn():
    own = finding(UP)
    assert label_of(own, own, compared(own, voter=finding(0.01 * UP))).label == ASSUMED
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
    table = pd.concat([flips(parameter=f"p{k}", calibrated_probability=k / 10) for k in range(1, 6)])
    table.attrs["searched"] = ["B1"]
    assert label_of(finding(UP), table=table).because.startswith("turned by p5 below 0.4 (50 % of")
    assert label_of(finding(UP), table=table).because.endswith("or 2 more")


def test_a_value_at_the_end_of_the_prior():
    one = label_of(finding(UP), table=flips(high=0.3, calibrated_probability=0.0))
    assert one.because == "turned by lock_in at 0.3, the end of its prior"


def test_undecided_depends():
    one = label_of(finding(np.concatenate([UP[:100], -UP[:100]])))
    assert (one.label, one.verdict, one.because) == (DEPENDS, UNDECIDED, "draws do not decide it")
    assert label_of(finding(0.0 * UP)).because == "there is no clear effect"


def ranges(found):
    return {
        (row.conclusion, row.parameter): (row.low, row.high, row.prior_probability)
        for row in found.itertuples()
    }


def test_flip_values_of_a_function_that_is_known(world):
    """lock_in is uniform on 0.3 to 1.7, progress_ratio on 0.8 to 0.95, finance_weight on 0 to 1.6."""

    def stands(given):
        lock_in, ratio = given.get("lock_in", 1.0), given.get("progress_ratio", 0.88)
        return {
            "low": lock_in > 0.5, "high": lock_in < 1.5, "steep": ratio < 0.9, "never": False, "always": True,
            "past the median": lock_in > 1.2 or not given,
        }  # fmt: skip

    found = flip_values(world, stands, ["lock_in", "progress_ratio", "finance_weight"], steps=12)
    rows = ranges(found[found["conclusion"] != "past the median"])
    assert rows == {
        ("low", "lock_in"): pytest.approx((0.3, 0.5, 1 / 7), abs=1e-3),
        ("high", "lock_in"): pytest.approx((1.5, 1.7, 1 / 7), abs=1e-3),
        ("steep", "progress_ratio"): pytest.approx((0.9, 0.95, 1 / 3), abs=1e-3),
    }
    past = ranges(found[found["conclusion"] == "past the median"])
    assert past["past the median", "lock_in"] == pytest.approx((0.3, 1.2, 9 / 14), abs=1e-3)
    assert past["past the median", "progress_ratio"] == pytest.approx((0.8, 0.95, 1.0))  # held at any value
    assert found.attrs["searched"] == ["low", "high", "steep", "always", "past the median"]


def test_both_ends_may_turn_a_conclusion(world):
    found = flip_values(
        world, lambda given: {"both": 0.5 < given.get("lock_in", 1.0) < 1.5}, "lock_in", steps=12
    )
    lows, highs = found["low"].tolist(), found["high"].tolist()
    assert lows == pytest.approx([0.3, 1.5], abs=1e-3)
    assert highs == pytest.approx([0.5, 1.7], abs=1e-3)


def test_a_normal_prior_ends_at_its_quantiles(world):
    """Values are monotone in probability, within the prior, and what lies beyond its ends counts."""
    frame = world.parameters.table.copy()
    frame.loc[frame["name"] == "lock_in", "prior"] = "normal"  # 2.5 and 97.5 % at 0.3 and 1.7
    normal = dataclasses.replace(world, parameters=Parameters(frame))
    for threshold, probability in ((0.31, 0.0267), (0.3, 0.025), (1.0, 0.5)):
        found = flip_values(
            normal, lambda given, t=threshold: {"a": given.get("lock_in", 9.0) > t}, ["lock_in"], steps=12
        )
        assert found["low"].tolist() == [0.3]
        assert 0.3 <= found["high"].iloc[0] <= threshold + 1e-3
        assert (
            found["prior_probability"].tolist() == pytest.approx([probability], abs=1e-3) or threshold == 0.3
        )


def test_the_end_of_a_range_is_a_value_at_which_the_conclusion_was_seen_not_to_stand(world):
    tried = {}

    def stands(given):
        value = given.get("lock_in", 1.0)
        tried[value] = value > 0.61
        return {"loyal": tried[value]}

    found = flip_values(world, stands, ["lock_in"], steps=3)
    assert tried[found["high"].iloc[0]] is False


@pytest.mark.parametrize(
    ("names", "steps", "told"),
    [
        (["lockin"], 3, "unknown parameter 'lockin'"),
        ("lockin", 3, "unknown parameter 'lockin'"),
        (["choice_sensitivity"], 3, "choice_sensitivity is fixed"),
        (["lock_in", "lock_in"], 3, "parameters holds 'lock_in' twice"),
        (["lock_in"], 0, "steps is 0"),
    ],
)
def test_bad_searches(world, names, steps, told):
    with pytest.raises(sn.StandardsNetError, match=told):
        flip_values(world, lambda given: {}, names, steps=steps)


@pytest.mark.parametrize(
    ("stands", "told"),
    [
        (
            lambda given: True,
            "stands returned True; it must return a mapping of conclusions to True or False",
        ),
        (lambda given: {"a": 0.7}, "stands returned {'a': 0.7}; it must return a mapping"),
        (lambda given: {"a": float("nan")}, "stands returned {'a': nan}"),
        (lambda given: {} if given else {"a": True}, "stands left out 'a'"),
    ],
)
def test_a_question_that_is_not_answered(world, stands, told):
    with pytest.raises(sn.StandardsNetError, match=told):
        flip_values(world, stands, ["lock_in"])


def test_parameters_of_other_technologies_are_told_by_their_whole_names(world):
    """A technology called sd takes no parameter that ends in its name."""
    markets = {**world.markets, "sd": world.market("iot"), "open_radio": world.market("radio")}
    more = dataclasses.replace(world, markets=markets)
    names = [p.name for p in uncertain_parameters(more, "radio")]
    assert names == [p.name for p in uncertain_parameters(world, "radio")]
    with pytest.raises(sn.StandardsNetError, match="unknown technology '7g'"):
        uncertain_parameters(world, "7g")
