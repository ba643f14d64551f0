"""Fits of a conditional logit against closed forms, and what cross-validation may and may not see."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import standards_net as sn
from standards_net.core.conditional_logit import fit_conditional_logit, logit_probabilities


def test_two_alternatives_give_the_log_odds_and_their_standard_error():
    taken = np.array([[30.0, 10.0]])
    fit = fit_conditional_logit(np.array([[[1.0], [0.0]]]), taken, np.array([1e6]))
    assert fit.mode[0] == pytest.approx(np.log(3.0))
    assert fit.covariance[0, 0] == pytest.approx(1 / 30 + 1 / 10)
    assert fit.log_likelihood == pytest.approx(30 * np.log(0.75) + 10 * np.log(0.25))


def test_a_tight_prior_holds_and_the_evidence_prefers_the_width_that_fits():
    features, taken = np.array([[[1.0], [0.0]]]), np.array([[30.0, 10.0]])
    tight, right, vague = (fit_conditional_logit(features, taken, np.array([sd])) for sd in (0.01, 1.0, 1e4))
    assert abs(tight.mode[0]) < 0.01
    assert right.log_evidence > tight.log_evidence
    assert right.log_evidence > vague.log_evidence


def test_alternatives_that_are_not_there_have_no_chance():
    features = np.zeros((1, 3, 1))
    there = np.array([[True, False, True]])
    assert logit_probabilities(features, np.zeros(1), there).tolist() == [[0.5, 0.0, 0.5]]
    fit = fit_conditional_logit(
        np.array([[[1.0], [9.0], [0.0]]]), np.array([[3.0, 0.0, 1.0]]), np.array([1e6]), available=there
    )
    assert fit.mode[0] == pytest.approx(np.log(3.0))


@pytest.fixture
def war():
    """Two hundred units on a random graph that copied neighbours with a known weight."""
    rng = np.random.default_rng(5)
    graph = nx.random_geometric_graph(200, 0.14, seed=5)
    outcome: dict[int, str] = {}
    for unit in graph:
        there = [outcome[other] for other in graph[unit] if other in outcome]
        share = there.count("A") / len(there) if there else 0.5
        odds = np.exp(4.0 * (2.0 * share - 1.0))
        outcome[unit] = "A" if rng.random() < odds / (1.0 + odds) else "B"
    return graph, outcome


def test_a_known_pull_is_found_when_only_earlier_choices_count(war):
    graph, outcome = war
    found = sn.fit_choice({"ties": graph}, outcome, years={unit: unit for unit in graph}, rng=1).coefficients
    pull = found.loc["ties"]
    assert abs(pull["estimate"] - 4.0) < 2.5 * pull["standard_error"]
    assert pull["standard_error"] < 1.0


def test_what_is_left_out_is_unknown_to_all(war):
    """Whatever the units left out chose, the others' fit and the probabilities for them are the same."""
    graph, outcome = war
    hidden = list(range(40, 60))
    other = {unit: ("B" if family == "A" else "A") if unit in hidden else family
             for unit, family in outcome.items()}  # fmt: skip
    groups = dict.fromkeys(hidden, "held")
    first = sn.fit_choice({"ties": graph}, outcome, rng=1).cross_validate(groups)
    second = sn.fit_choice({"ties": graph}, other, rng=1).cross_validate(groups)
    # The same probabilities: what is right under one outcome is wrong under the other.
    assert first["accuracy"] + second["accuracy"] == pytest.approx(1.0)
    known = {unit: family for unit, family in outcome.items() if unit not in hidden}
    p = sn.fit_choice({"ties": graph}, known, rng=1).predict(hidden)
    logs = np.log([p.loc[unit, outcome[unit]] for unit in hidden])
    assert first["log_score"] == pytest.approx(logs.mean(), abs=1e-6)


def test_ties_that_say_nothing_are_found_to_say_nothing():
    rng = np.random.default_rng(2)
    units = [f"u{i}" for i in range(150)]
    noise = pd.DataFrame(rng.random((150, 150)), index=units, columns=units)
    outcome = pd.Series(rng.choice(["A", "B", "C"], 150), index=units)
    fitted = sn.fit_choice({"noise": noise}, outcome, rng=1)
    row = fitted.coefficients.loc["noise"]
    assert abs(row["estimate"]) < 2.0 * row["standard_error"]
    assert fitted.cross_validate()["log_score"] == pytest.approx(-np.log(3.0), abs=0.06)


def test_covariates_are_reported_per_unit_of_their_own():
    rng = np.random.default_rng(3)
    units = range(600)
    size = rng.normal(100.0, 20.0, 600)
    odds = np.exp(0.05 * (size - 100.0))
    outcome = np.where(rng.random(600) < odds / (1.0 + odds), "B", "A")
    fitted = sn.fit_choice({}, dict(zip(units, outcome, strict=True)),
                           covariates=pd.DataFrame({"size": size}, index=units), rng=1)  # fmt: skip
    reference = fitted.families[0]
    (term,) = [t for t in fitted.coefficients.index if t.startswith("size for")]
    row = fitted.coefficients.loc[term]
    truth = 0.05 if reference == "A" else -0.05
    assert abs(row["estimate"] - truth) < 2.5 * row["standard_error"]


def test_years_hide_later_choices():
    graph = nx.DiGraph([("late", "early")])
    outcome = {"late": "A", "early": "B", "x": "A", "y": "B"}
    seen = sn.fit_choice({"t": graph}, outcome, rng=1).predict(["early"])
    unseen = sn.fit_choice({"t": graph}, outcome, years={"late": 2010, "early": 2000}, rng=1)
    assert unseen.predict(["early"]).loc["early"].tolist() == pytest.approx(
        unseen.predict(["x"]).loc["x"].tolist()
    )
    assert seen.loc["early"].tolist() != pytest.approx(unseen.predict(["early"]).loc["early"].tolist())
