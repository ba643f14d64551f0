"""A run in pieces: the bytes of the whole, whatever the number, the order and the place of the pieces."""

import os
import pickle
import re
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import standards_net as sn
from standards_net.ensemble import engine

SCENARIOS = ["status-quo-2019", "broad-allied-ban", "silos"]
ASKED = {"draws": 40, "rng": 3, "until": 2022, "technologies": ["radio", "iot"]}


def china_mean(course):
    return course.values("country_share", technology=course.technologies[0], standard="china").mean(axis=1)


def by_country(course):
    return course.values("country_deployment", technology=course.technologies[0])


def same(one, two):
    assert one == two
    assert one.provenance == two.provenance
    for name in one:
        assert one[name].values.tobytes() == two[name].values.tobytes(), name


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of 16 draws: 40 draws have three."""
    monkeypatch.setattr(engine, "_BLOCK", 16)


@pytest.fixture
def whole(world, small_blocks):
    return sn.run(world, SCENARIOS, snapshots=[2021], groups=["KEN"], **ASKED)


@pytest.mark.parametrize("pieces", [1, 2, 3, 4, 7, 9, 50])
def test_the_bytes_of_one_run_whatever_the_number_of_pieces(world, whole, pieces):
    cut = sn.split(world, SCENARIOS, pieces=pieces, snapshots=[2021], groups=["KEN"], **ASKED)
    assert len(cut) == min(pieces, 9)  # three blocks of three scenarios
    same(sn.join([piece.run() for piece in cut]), whole)


def test_in_any_order_and_after_pickling(world, whole):
    cut = sn.split(world, SCENARIOS, pieces=9, snapshots=[2021], groups=["KEN"], **ASKED)
    parts = [pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(piece)).run())) for piece in cut]
    order = np.random.default_rng(1).permutation(9)
    same(sn.join(parts[at] for at in order), whole)


def test_what_is_asked_rides_along(world, small_blocks):
    asked = {
        "draws": range(5, 45),
        "rng": 3,
        "until": 2021,
        "technologies": "radio",
        "parameters": {"lock_in": np.linspace(0.5, 1.0, 40), "progress_ratio": 0.9},
        "mechanism": "procurement",
        "measures": {"china_mean": china_mean, "served": by_country},
    }
    cut = sn.split(world, SCENARIOS[:2], pieces=4, **asked)
    whole = sn.run(world, SCENARIOS[:2], **asked)
    same(sn.join([piece.run() for piece in cut]), whole)
    assert whole["china_mean"].dims == ("scenario", "draw", "year")
    assert whole["served"].dims == ("scenario", "draw", "year", "country")
    assert whole.parameters.index.tolist() == list(range(5, 45))
    np.testing.assert_array_equal(whole.parameters["lock_in"], asked["parameters"]["lock_in"])


def test_a_joined_result_is_repeated_from_its_record(world, whole):
    cut = sn.split(world, SCENARIOS, pieces=4, snapshots=[2021], groups=["KEN"], **ASKED)
    assert sn.rerun(sn.join([piece.run() for piece in cut]), world=world) == whole


def test_over_threads(world, whole):
    told = []
    with ThreadPoolExecutor(2) as pool:
        found = sn.run(
            world, SCENARIOS, snapshots=[2021], groups=["KEN"], executor=pool,
            progress=lambda *at: told.append(at), **ASKED,
        )  # fmt: skip
    same(found, whole)
    assert told == [(done, 8) for done in range(1, 9)]


@pytest.mark.slow
def test_over_processes(world):
    asked = {"draws": 300, "rng": 3, "until": 2021, "technologies": "radio"}
    asked |= {"measures": {"china_mean": china_mean}}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        same(sn.run(world, SCENARIOS[:2], executor=pool, **asked), sn.run(world, SCENARIOS[:2], **asked))


def test_what_it_looks_like(world, small_blocks):
    cut = sn.split(world, [*SCENARIOS, "one-standard"], pieces=2, draws=range(3, 43), until=2020)
    assert repr(cut) == "[<Piece: draws 3 to 34 of 4 scenarios>, <Piece: draws 35 to 42 of 4 scenarios>]"
    assert repr(cut[1].run()) == "<Part: draws 35 to 42 of 4 scenarios>"


def test_what_cannot_be_joined(world, small_blocks):
    asked = {"draws": 40, "until": 2020, "technologies": "iot"}
    parts = [piece.run() for piece in sn.split(world, SCENARIOS[0], pieces=3, rng=1, **asked)]
    other = sn.split(world, SCENARIOS[0], pieces=3, rng=2, **asked)[0].run()
    once = " every part once."
    for given, told in [
        (parts[:1] + parts[2:], "draws 16 to 31 of status-quo-2019 are missing; give" + once),
        ([*parts, parts[2]], "draws 32 to 39 of status-quo-2019 are given twice; give" + once),
        ([*parts[1:], other], "the parts are of different runs; give all parts of one split."),
        ([], "no part is given; join what the pieces' run() gives."),
        ([3], "3 is no part of a run; join what the pieces' run() gives."),
    ]:  # fmt: skip
        with pytest.raises(sn.StandardsNetError, match=f"^{re.escape(told)}$"):
            sn.join(given)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"pieces": 0}, "pieces is 0; it must be"),
        ({"pieces": 2, "draws": 0}, "draws is 0; it must be"),
        (
            {"pieces": 2, "measures": {"beta": len}},
            "measure 'beta' is recorded already; choose another name.",
        ),
        ({"pieces": 2, "measures": {"a b": len}}, "measure 'a b' has no name of letters"),
        ({"pieces": 2, "measures": {"mine": 3}}, "measure 'mine' is 3; give a function of a course."),
        ({"pieces": 2, "measures": [len]}, "measures is [<built-in function len>]; give a mapping"),
    ],
)
def test_what_cannot_be_split(world, wrong, told):
    with pytest.raises(sn.StandardsNetError, match=re.escape(told)):
        sn.split(world, "silos", **wrong)


def end_abruptly(course):
    os._exit(1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measure", "told"),
    [
        (lambda course: course.values("beta"), "what is run cannot be sent to another process"),
        (end_abruptly, "a worker ended abruptly, often for want of memory"),
    ],
)
def test_what_goes_wrong_in_processes_is_told(world, measure, told):
    asked = {"draws": 8, "rng": 3, "until": 2020, "technologies": "iot", "measures": {"mine": measure}}
    with (
        ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool,
        pytest.raises(sn.StandardsNetError, match=told),
    ):
        sn.run(world, "silos", executor=pool, **asked)
