"""fit_choice: what it returns, what it refuses, and the example on digital television."""

from __future__ import annotations

import pickle
import runpy
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import standards_net as sn

UNITS = list("abcdef")
NEAR = pd.DataFrame(1.0, index=UNITS, columns=UNITS)
CHOSE = dict(zip(UNITS, ["X", "X", "Y", "Y", "X", "Y"], strict=True))


def test_shapes_and_names():
    fitted = sn.fit_choice({"near": NEAR}, pd.Series(CHOSE), rng=1)
    assert isinstance(fitted, sn.FittedChoice)
    assert {"estimate", "standard_error"} <= set(fitted.coefficients.columns)
    assert (fitted.coefficients["standard_error"] > 0).all()
    predicted = fitted.predict(["a", "f"])
    assert list(predicted.index) == ["a", "f"]
    assert set(predicted.columns) == {"X", "Y"}
    assert predicted.sum(axis=1).to_numpy() == pytest.approx([1.0, 1.0])
    scores = fitted.cross_validate()
    assert {"accuracy", "log_score", "n"} <= set(scores.index)
    assert scores["n"] == 6
    assert fitted.predict([]).shape == (0, 2)


def test_the_same_seed_gives_the_same_bytes():
    first, second = (sn.fit_choice({"near": NEAR}, CHOSE, rng=4) for _ in range(2))
    assert first.predict(UNITS).equals(second.predict(UNITS))
    assert pickle.loads(pickle.dumps(first)).predict(UNITS).equals(first.predict(UNITS))


def test_frames_and_graphs_are_the_same_ties():
    graph = nx.DiGraph()
    weights = pd.DataFrame(np.random.default_rng(1).random((6, 6)), index=UNITS, columns=UNITS)
    for i in UNITS:
        for j in UNITS:
            if i != j:
                graph.add_edge(j, i, weight=weights.loc[i, j])  # j influences i
    frame = sn.fit_choice({"t": weights}, CHOSE, rng=1)
    other = sn.fit_choice({"t": graph}, CHOSE, rng=1)
    assert frame.predict(UNITS).to_numpy() == pytest.approx(other.predict(UNITS).to_numpy())
    shuffled = weights.loc[UNITS[::-1], ["c", "a", "b", "f", "e", "d"]]
    again = sn.fit_choice({"t": shuffled}, CHOSE, rng=1)
    assert frame.predict(UNITS).to_numpy() == pytest.approx(again.predict(UNITS).to_numpy())
    assert np.diag(weights).all(), "what the caller gave is left alone"


def test_units_may_be_pairs():
    chose = {(unit, k): family for unit, family in CHOSE.items() for k in (1, 2)}
    units = list(chose)
    near = pd.DataFrame(
        1.0, index=pd.Index(units, tupleize_cols=False), columns=pd.Index(units, tupleize_cols=False)
    )
    assert len(sn.fit_choice({"near": near}, chose, rng=1).predict(units[:2])) == 2


def test_a_family_of_one_unit_can_be_left_out():
    scores = sn.fit_choice({"near": NEAR}, {**CHOSE, "f": "Z"}, rng=1).cross_validate()
    assert np.isfinite(scores["log_score"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ties": [NEAR]}, "give a mapping of names to square frames or graphs"),
        ({"ties": {"t": NEAR.iloc[:3]}}, "give a square frame"),
        ({"ties": {"t": NEAR.to_numpy()}}, "is ndarray, whose units have no names"),
        ({"ties": {"t": "near"}}, "ties 't'"),
        ({"ties": {"t": -NEAR}}, "is -1; weights are numbers of 0 or more"),
        ({"ties": {"t": NEAR.replace(1.0, np.nan)}}, "weights are numbers of 0 or more"),
        ({"ties": {"t": NEAR.replace(1.0, "much")}}, "not a number"),
        ({"ties": {}}, "neither ties nor covariates"),
        ({"outcome": dict.fromkeys(UNITS, "X")}, "at least two are needed"),
        ({"outcome": {}}, "at least two are needed"),
        ({"outcome": ["X", "Y"]}, "Series or a mapping by unit"),
        ({"outcome": pd.Series(["X", "Y"], index=["a", "a"])}, "twice"),
        ({"covariates": pd.DataFrame({"size": [1.0]}, index=["a"])}, "no row for unit 'b'"),
        ({"covariates": pd.DataFrame({"size": 1.0}, index=UNITS)}, "the same for all units"),
        ({"covariates": pd.DataFrame({"size": 1 / 3}, index=UNITS)}, "the same for all units"),
        ({"covariates": pd.DataFrame({"size": [1, np.nan, 2, 3, 4, 5]}, index=UNITS)}, "of unit 'b' is"),
        ({"covariates": pd.DataFrame({"size": list("abcdef")}, index=UNITS)}, "not a number"),
        ({"covariates": {"size": 1}}, "give a frame"),
        ({"years": {"a": "2010"}}, "years of 'a' is '2010'; it must be a number"),
        ({"rng": -1}, "rng is -1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(change, words):
    with pytest.raises(sn.StandardsNetError, match=words):
        sn.fit_choice(**{"ties": {"near": NEAR}, "outcome": CHOSE, "rng": 1, **change})


def test_wrong_questions_are_told():
    fitted = sn.fit_choice({"near": NEAR}, {**CHOSE, "f": None}, rng=1)
    with pytest.raises(sn.UnknownNameError, match="unknown unit 'g'"):
        fitted.predict(["g"])
    with pytest.raises(sn.StandardsNetError, match="groups: unknown unit 'g'"):
        fitted.cross_validate({"g": 1})
    with pytest.raises(sn.StandardsNetError, match="unit 'f' has no outcome"):
        fitted.cross_validate({"f": 1})
    with pytest.raises(sn.StandardsNetError, match="nothing is left to fit"):
        fitted.cross_validate(dict.fromkeys("abcde", 1))
    with pytest.raises(sn.StandardsNetError, match="groups is empty"):
        fitted.cross_validate({})


def test_digital_television(capsys):
    path = Path(__file__).parents[2] / "examples" / "09_digital_television.py"
    found = runpy.run_path(str(path))["main"]()
    assert found["countries"]["n"] == 56
    assert found["countries"]["accuracy"] >= 0.72
    assert found["countries"]["log_score"] > -0.85
    # With whole subregions out better than the best rule known before (.39), by more than a standard error.
    assert found["subregions"]["accuracy"] - 0.39 > found["subregions"]["accuracy_se"]
    assert found["coefficients"].loc["near", "low"] > 0.0
    assert "Least expected" in capsys.readouterr().out
