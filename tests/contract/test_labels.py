"""Labelled data are aligned by their labels or refused; what has no label is told."""

from __future__ import annotations

import inspect
import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import standards_net as sn
from standards_net import measures
from standards_net.alignment import game_of_propensities
from standards_net.processes import averaging, bass, heat_bath, linear_threshold, logit, polya

COUNTRIES, STANDARDS, DRAWS = list("dbca"), ["west", "china", "open"], ["r2", "r0", "r1"]
NOT_THESE = {"a": "e", "open": "closed", "r0": "r9"}
RANDOM = np.random.default_rng(5)
MISSING = [None, math.nan, pd.NA, pd.NaT]


def frame(values, rows, columns):
    return pd.DataFrame(values, index=rows, columns=columns)


def square(n):
    matrix = RANDOM.random((n, n))
    matrix = (matrix + matrix.T) / 2
    np.fill_diagonal(matrix, 0.0)
    return matrix


SHARES = RANDOM.dirichlet(np.ones(3), 4)
EXCHANGE = square(4) / square(4).sum()
EXCHANGE = (EXCHANGE + EXCHANGE.T) / (EXCHANGE + EXCHANGE.T).sum()
C = 1.0 - square(3)
BLOCS = np.array(list("xyxz"))
BY_DRAW = np.array([list("xyxz"), list("xxyy"), list("zzzx")])

adoption = frame(SHARES, COUNTRIES, STANDARDS)
exchange = frame(EXCHANGE, COUNTRIES, COUNTRIES)
compatibility = frame(C, STANDARDS, STANDARDS)
weights = pd.Series([0.1, 0.4, 0.3, 0.2], COUNTRIES)
other = pd.Series([0.7, 0.2, 0.5, 0.9], COUNTRIES)
labels = pd.Series(BLOCS, COUNTRIES)
by_draw = frame(BY_DRAW, DRAWS, COUNTRIES)
draw_weights = pd.Series([1.0, 5.0, 2.0], DRAWS)
members = pd.Series([True, False, True, True], COUNTRIES)
pooled = pd.Series(SHARES.mean(axis=0), STANDARDS)

CASES = {
    "exchange_matrix": {"trade": exchange},
    "interoperability_loss": {"adoption": adoption, "exchange": exchange, "compatibility": compatibility},
    "loss_by_country": {"adoption": adoption, "exchange": exchange, "compatibility": compatibility},
    "loss_by_bloc_pair": {
        "adoption": adoption, "exchange": exchange, "compatibility": compatibility, "labels": labels,
        "blocs": ["x", "y", "z"],
    },
    "loss_by_standard": {"adoption": adoption, "exchange": exchange, "compatibility": compatibility},
    "loss_of_group": {
        "adoption": adoption, "exchange": exchange, "compatibility": compatibility, "members": members,
    },
    "loss_touching_group": {
        "adoption": adoption, "exchange": exchange, "compatibility": compatibility, "members": members,
    },
    "effective_standards": {"shares": adoption, "compatibility": compatibility},
    "fragmentation": {"adoption": adoption, "weights": weights, "compatibility": compatibility},
    "country_beta": {"adoption": adoption, "weights": weights, "compatibility": compatibility},
    "rao": {"shares": pooled, "distance": 1.0 - compatibility},
    "polarisation": {"shares": pooled, "distance": 1.0 - compatibility},
    "metcalfe_loss": {"shares": pooled, "compatibility": compatibility},
    "briscoe_loss": {"shares": pooled, "nodes": 1e6, "compatibility": compatibility},
    "scale_penalty": {"shares": pooled, "progress_ratio": 0.8, "compatibility": compatibility},
    "usd_account": {
        "adoption": adoption, "weights": weights, "exchange": exchange, "compatibility": compatibility,
        "spending_usd": other, "progress_ratio": 0.8,
    },
    "exchange_value_lost": {
        "shares": adoption, "pooled": pooled, "compatibility": compatibility, "value_usd": other,
        "law": 0.5, "nodes": 1e6,
    },
    "scale_lost": {
        "shares": adoption, "pooled": pooled, "compatibility": compatibility, "spending_usd": other,
        "progress_ratio": 0.8,
    },
    "double_running_cost": {"loss": other, "exchange_usd": weights, "rate": 0.1},
    "equipment_cost": {"excluded_usd": other, "price": weights},
    "delay_cost": {"deployment": 0.1 * other, "unhindered": weights + 0.1, "value_usd": other},
    "retaliation_cost": {"exports_usd": other, "rate": 0.1},
    "replacement_cost": {"removed_usd": other, "multiple": 1.5},
    "modularity": {"weights": exchange, "labels": labels},
    "ei_index": {"weights": exchange, "labels": labels},
    "co_membership": {"labels": by_draw, "draw_weights": draw_weights},
    "bloc_counts": {"labels": by_draw, "weights": weights, "draw_weights": draw_weights},
    "fence_sitting": {"labels": by_draw},
    "agreement": {"a": labels, "b": pd.Series(list("xyyz"), COUNTRIES)},
    "variation_of_information": {"a": labels, "b": pd.Series(list("xyyz"), COUNTRIES)},
    "agreement_over_draws": {"labels_a": by_draw, "labels_b": frame(BY_DRAW[::-1], DRAWS, COUNTRIES)},
    "consensus": {"labels": by_draw, "weights": weights, "draw_weights": draw_weights},
    "bloc_shares": {"labels": pd.Series([0, 1, 0, 1], COUNTRIES), "weights": weights, "blocs": 2},
    "bloc_sizes": {"labels": labels, "weights": frame({"gdp": weights, "n": other}, COUNTRIES, ["gdp", "n"])},
    "find_blocs": {
        "adoption": adoption, "by": "detected", "exchange": exchange, "compatibility": compatibility,
        "rng": 1,
    },
}  # fmt: skip
LABELLED = [
    (name, argument)
    for name, case in CASES.items()
    for argument, value in case.items()
    if hasattr(value, "iloc")
]


def plain(value):
    return value.to_numpy() if hasattr(value, "iloc") else value


def numbers(value):
    """All numbers and words of an answer, in one order."""
    if isinstance(value, pd.DataFrame):
        return numbers([value.index.to_list(), value.to_numpy().tolist()])
    if isinstance(value, dict):
        return [numbers(x) for x in value.items()]
    if hasattr(value, "_asdict") or hasattr(value, "__dataclass_fields__"):
        fields = value._asdict() if hasattr(value, "_asdict") else vars(value)
        return [numbers(fields[key]) for key in fields if key != "names"]
    if isinstance(value, list | tuple):
        return [numbers(x) for x in value]
    return np.round(value, 12).tolist() if np.asarray(value).dtype.kind == "f" else np.asarray(value).tolist()


def reversed_axes(value):
    """The same labelled data, in another order on every axis that has labels of its own."""
    back = value.iloc[::-1]
    if hasattr(back, "columns") and list(back.columns) != ["gdp", "n"]:
        back = back.iloc[:, ::-1]
    return back


def test_every_function_of_arrays_has_a_case():
    """A function whose arguments carry an axis in common with another must be in the table."""
    aligned = {n for n in measures.__all__ if hasattr(getattr(measures, n), "__wrapped__")}
    alone = {"hhi", "hill_number", "reed_loss", "sarnoff_loss", "shannon", "scale_cost"}
    assert aligned | {"bloc_sizes"} == set(CASES) | alone


@pytest.mark.parametrize("name", CASES)
def test_labels_in_one_order_change_nothing(name):
    function, case = getattr(measures, name), CASES[name]
    arrays = {key: plain(value) for key, value in case.items()}
    if name == "bloc_sizes":
        arrays["weights"] = {key: case["weights"][key].to_numpy() for key in ("gdp", "n")}
    if name == "consensus":
        arrays["names"] = COUNTRIES
    assert numbers(function(**case)) == numbers(function(**arrays))


@pytest.mark.parametrize(("name", "argument"), LABELLED)
def test_data_in_another_order_give_the_same_answer(name, argument):
    function, case = getattr(measures, name), CASES[name]
    if argument == next(iter(inspect.signature(function).parameters)) and len(case) == 1:
        pytest.skip("the order of the only argument is that of the answer")
    first = next(iter(case))
    moved = {**case, argument: reversed_axes(case[argument])}
    found, wanted = function(**moved), function(**case)
    if argument == first:  # its order is the answer's: bring all into that order
        wanted = function(**{k: reversed_axes(v) if hasattr(v, "iloc") else v for k, v in case.items()})
    assert numbers(found) == numbers(wanted)


@pytest.mark.parametrize(("name", "argument"), [(n, a) for n, a in LABELLED if len(CASES[n]) > 1])
def test_other_labels_are_refused(name, argument):
    case = CASES[name]
    shared = [k for k, v in case.items() if k != argument and hasattr(v, "iloc")]
    if not shared:
        pytest.skip("nothing to disagree with")
    value = case[argument]
    wrong = value.rename(index=NOT_THESE)
    if hasattr(value, "columns"):
        wrong = wrong.rename(columns=NOT_THESE)
    with pytest.raises(sn.StandardsNetError, match="have different labels: '"):
        getattr(measures, name)(**{**case, argument: wrong})


def test_xarray_is_aligned_too():
    axes = {"country": COUNTRIES, "standard": STANDARDS}
    data = xr.DataArray(SHARES, coords=axes, dims=list(axes)).isel(country=[2, 0, 1, 3], standard=[1, 2, 0])
    wanted = measures.fragmentation(adoption, weights, compatibility)
    found = measures.fragmentation(data, weights, compatibility)
    assert found.beta == pytest.approx(wanted.beta, rel=1e-12)


def test_an_answer_carries_the_names_of_the_labels():
    assert measures.consensus(by_draw).names == tuple(COUNTRIES)


@pytest.mark.parametrize("missing", MISSING)
@pytest.mark.parametrize(
    "call",
    [
        lambda m: measures.bloc_sizes(["x", m, "y"], [1.0, 8.0, 1.0]),
        lambda m: measures.bloc_sizes(pd.Series(["x", m, "y"]), [1.0, 8.0, 1.0]),
        lambda m: measures.modularity(EXCHANGE, ["x", m, "y", "y"]),
        lambda m: measures.ei_index(EXCHANGE, ["x", m, "y", "y"]),
        lambda m: measures.agreement(["x", m], ["x", "y"]),
        lambda m: measures.variation_of_information(["x", "y"], ["x", m]),
        lambda m: measures.co_membership([["x", m], ["x", "y"]]),
        lambda m: measures.fence_sitting([["x", m], ["x", "y"]]),
        lambda m: measures.bloc_counts([["x", m], ["x", "y"]], [1.0, 1.0]),
        lambda m: measures.consensus([["x", m], ["x", "y"]]),
        lambda m: measures.agreement_over_draws([["x", m]], [["x", "y"]]),
        lambda m: measures.find_blocs(SHARES, standards=["a", "b", m]),
        lambda m: measures.find_blocs(SHARES, by="declared", alignments=["a", "b", m, "a"]),
        lambda m: measures.loss_by_bloc_pair(SHARES, EXCHANGE, None, ["x", "y", m, "x"], ["x", "y"]),
        lambda m: measures.loss_by_bloc_pair(SHARES, EXCHANGE, None, list("xyxx"), ["x", "y", m]),
        lambda m: sn.landscape([1.0, 2.0], [[0.0, 1.0], [1.0, 0.0]], names=["x", m]),
        lambda m: game_of_propensities([1.0, 2.0], [[0.0, 1.0], [1.0, 0.0]], names=["x", m]),
        lambda m: sn.diffuse(nx.path_graph(2), logit(1.0), initial={m: [0], "x": [1]}, steps=1),
        lambda m: sn.diffuse(nx.path_graph(2), logit(1.0), initial=["x", m], steps=1),
        lambda m: sn.diffuse(nx.path_graph(2), logit(1.0), initial=["x", "x"], standards=["x", m], steps=1),
        lambda m: sn.diffusion.random_seeds({m: 1}),
    ],
)  # fmt: skip
def test_missing_labels_are_refused(call, missing):
    with pytest.raises(sn.StandardsNetError, match="None or NaN"):
        call(missing)


BY_STANDARD = pd.Series([0.5, 0.2], ["q", "p"])


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("quality", lambda: heat_bath(1.0, quality=BY_STANDARD)),
        ("compatibility", lambda: heat_bath(1.0, compatibility=frame(np.eye(2), ["q", "p"], ["q", "p"]))),
        ("quality", lambda: logit(1.0, quality=BY_STANDARD)),
        ("innovation", lambda: bass(BY_STANDARD, 0.1)),
        ("base", lambda: polya(base=BY_STANDARD)),
        ("thresholds", lambda: linear_threshold(BY_STANDARD)),
        ("stubbornness", lambda: averaging(BY_STANDARD)),
    ],
)
def test_what_is_read_by_position_refuses_labels(name, call):
    with pytest.raises(sn.StandardsNetError, match=rf"^{name} is a (Series|DataFrame) with labels"):
        call()


def test_shares_in_a_frame_are_read_by_standard():
    graph = nx.path_graph(3)
    shares = pd.DataFrame({"q": [0.9, 0.2, 0.5], "p": [0.1, 0.8, 0.5]}, index=[2, 0, 1])
    kept = sn.diffuse(graph, averaging(1.0), initial=shares, standards=["p", "q"], steps=1, keep="final")
    named = sn.diffuse(graph, averaging(1.0), initial=shares[["p", "q"]], steps=1, keep="final")
    assert named.standards == ("p", "q")
    np.testing.assert_array_equal(kept.counts, named.counts)
    with pytest.raises(sn.StandardsNetError, match="the columns of initial are q, p; the standards are x, y"):
        sn.diffuse(graph, averaging(1.0), initial=shares, standards=["x", "y"], steps=1)


def test_landscapes_and_games_are_aligned():
    names, propensity = list("wxyz"), square(4)
    sizes = pd.Series([1.0, 2.0, 3.0, 4.0], names)
    sides = {name: i % 2 for i, name in enumerate(names)}
    wanted = sn.landscape(sizes.to_numpy(), propensity, names=names).energy(sides)
    labelled = frame(propensity, names, names)
    for moved in (labelled.iloc[::-1], labelled.iloc[:, ::-1]):
        found = sn.landscape(sizes, moved)
        assert set(found.names) == set(names)
        assert found.energy(sides) == pytest.approx(wanted)
    game = game_of_propensities(sizes, labelled.iloc[:, ::-1])
    profile = pd.Series(["bloc 1", "bloc 2", "bloc 1", "bloc 1"], names)
    assert game.profile_indices(profile.iloc[::-1]).tolist() == game.profile_indices(dict(profile)).tolist()


def test_a_run_takes_parameters_by_draw_only_in_order(world):
    asked = {"draws": 3, "rng": 1, "until": 2021, "technologies": "radio"}
    with pytest.raises(sn.StandardsNetError, match="is a Series with labels"):
        sn.run(world, "silos", parameters={"lock_in": pd.Series([0.5, 0.6, 0.7], [2, 0, 1])}, **asked)
    course = sn.begin(world, "silos", **asked)
    data = xr.DataArray(world.gdp_usd, coords={"country": list(world.countries)}, dims=["country"])
    with pytest.raises(sn.StandardsNetError, match="gdp_usd is a DataArray with labels"):
        course.given(gdp_usd=data)
    with pytest.raises(sn.StandardsNetError, match="unknown country"):
        course.given(gdp_usd=pd.Series([1.0], index=[pd.NA]))


def test_labels_that_are_numbers_in_another_order_are_labels(world):
    """As a frame with the default index is after it was sorted by a column."""
    a = pd.Series(list("xyxyx"))
    moved = a.iloc[[4, 0, 1, 2, 3]]
    assert measures.agreement(a, moved) == measures.agreement(moved, a) == 1.0
    assert measures.agreement(a, pd.Series(list("xyxyx"), index=[4, 0, 1, 2, 3])) != 1.0
    with pytest.raises(sn.StandardsNetError, match="have different labels"):
        measures.agreement(a, pd.Series(list("xyxyx"), index=list("abcde")))
    assert measures.agreement(a.to_numpy(), pd.Series(list("xyxyx"), index=list("abcde"))) == 1.0


@pytest.mark.parametrize("last", ["china ", "China", " ", ""])
def test_words_that_a_slip_tells_apart_are_refused(last):
    words = ["china", "west", last]
    for labels in (words, pd.Series(words), np.array(words)):
        with pytest.raises(sn.StandardsNetError, match=r"write it one way|empty word"):
            sn.bloc_sizes(labels, weights=np.ones(3))
    with pytest.raises(sn.StandardsNetError, match=r"write it one way|empty word"):
        sn.diffuse(np.ones((3, 3)) - np.eye(3), sn.processes.voter(), initial=words, steps=1)


def test_frames_of_other_libraries_are_not_read_by_position():
    class Frame:
        columns = ("west", "china")

        def to_pandas(self):
            return pd.DataFrame()

    with pytest.raises(sn.StandardsNetError, match="has no labels of rows; give a pandas one"):
        sn.effective_standards(Frame())
