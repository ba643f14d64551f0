"""A run that is written to disk while it goes on: the bytes of one that is not, also after a kill."""

import re
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import standards_net as sn
from standards_net.ensemble import engine

pytest.importorskip("zarr")
xr = pytest.importorskip("xarray")

SCENARIOS = ["status-quo-2019", "broad-allied-ban", "silos"]
ASKED = {"draws": range(3, 43), "rng": 3, "until": 2022, "technologies": ["radio", "iot"]}


def same(one, two):
    assert one.coords == two.coords
    assert one == two
    assert one.provenance == two.provenance


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(engine, "_BLOCK", 16)


@pytest.fixture
def whole(world, small_blocks):
    return sn.run(world, SCENARIOS, **ASKED)


@pytest.mark.parametrize("pieces", [1, 2, 7, 9])
def test_the_bytes_of_a_run_in_memory(world, whole, tmp_path, pieces):
    path = sn.stream(sn.split(world, SCENARIOS, pieces=pieces, **ASKED), tmp_path / "r.zarr")
    same(sn.load_result(path), whole)
    assert [p.name for p in tmp_path.iterdir()] == ["r.zarr"]


def test_over_an_executor_with_measures_and_given_parameters(world, small_blocks, tmp_path):
    asked = ASKED | {
        "parameters": {"lock_in": np.linspace(0.5, 1.0, 40)},
        "measures": {"mine": lambda course: course.values("beta", technology="radio")},
    }
    whole, told = sn.run(world, SCENARIOS, **asked), []
    with ThreadPoolExecutor(2) as pool:
        path = sn.stream(
            sn.split(world, SCENARIOS, pieces=3, **asked), tmp_path / "r.zarr", executor=pool,
            progress=lambda *at: told.append(at),
        )  # fmt: skip
    same(sn.load_result(path), whole)
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_it_opens_without_this_package(world, whole, tmp_path):
    path = sn.stream(sn.split(world, SCENARIOS, pieces=3, **ASKED), tmp_path / "r.zarr")
    code = f"""
        import sys, xarray as xr
        data = xr.open_dataset({str(path)!r}, engine="zarr")
        print(float(data["beta"].sel(scenario="silos", year=2022, technology="radio").mean()))
        print(data["beta"].attrs["long_name"], data["status"].attrs["flag_meanings"])
        print("standards_net" in sys.modules)
    """
    out = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    mean = whole.values("beta", scenario="silos", year=2022, technology="radio").mean()
    assert float(out[0]) == pytest.approx(mean, rel=1e-12)
    assert out[1] == f"{whole['beta'].meaning} settled cycling still_moving"
    assert out[2] == "False"


class CutError(Exception):
    pass


@pytest.mark.parametrize("pieces_before", [1, 4, 8])
def test_what_was_cut_short_goes_on_with_the_same_bytes(world, whole, tmp_path, monkeypatch, pieces_before):
    """A run that dies between two pieces, then goes on with another number of pieces."""
    ran = []
    original = sn.Piece.run

    def run(self, **kwargs):
        if len(ran) == pieces_before:
            raise CutError
        ran.append(self)
        return original(self, **kwargs)

    place = tmp_path / "r.zarr"
    monkeypatch.setattr(sn.Piece, "run", run)
    with pytest.raises(CutError):
        sn.stream(sn.split(world, SCENARIOS, pieces=9, **ASKED), place)
    with pytest.raises(sn.StandardsNetError, match=r"r\.zarr is not finished; go on with the run"):
        sn.load_result(place)
    with pytest.raises(sn.StandardsNetError, match=r"exists; name another place, or remove it, or go on"):
        sn.stream(sn.split(world, SCENARIOS, pieces=9, **ASKED), place)
    pieces_before = 100
    pieces = 9 if len(ran) < 8 else 4
    sn.stream(sn.split(world, SCENARIOS, pieces=pieces, **ASKED), place, resume=True)
    same(sn.load_result(place), whole)
    if pieces == 9:
        assert len(ran) == 9  # nothing was run twice
    before = len(ran)
    sn.stream(sn.split(world, SCENARIOS, pieces=9, **ASKED), place, resume=True)
    assert len(ran) == before


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.2, 0.7, 1.2])
def test_a_killed_process_goes_on_with_the_same_bytes(world, tmp_path, seconds):
    code = textwrap.dedent(f"""
        import standards_net as sn
        from standards_net.ensemble import engine
        engine._BLOCK = 16
        pieces = sn.split(sn.load_world(), ["silos", "one-standard"], pieces=20, draws=160, rng=3, until=2022)
        print("begun", flush=True)
        sn.stream(pieces, {str(tmp_path / "r.zarr")!r}, resume=True)
        print("done", flush=True)
    """)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as begun:
        assert begun.stdout.readline() == "begun\n"
        time.sleep(seconds)
        begun.kill()
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert again.stdout.endswith("done\n")
    found = sn.load_result(tmp_path / "r.zarr")
    engine_block, engine._BLOCK = engine._BLOCK, 16
    try:
        same(found, sn.run(world, ["silos", "one-standard"], draws=160, rng=3, until=2022))
    finally:
        engine._BLOCK = engine_block


def test_what_cannot_be_streamed(world, small_blocks, tmp_path):
    asked = {"draws": 40, "until": 2020, "technologies": "iot"}
    pieces = sn.split(world, "silos", pieces=3, rng=1, **asked)
    other = sn.split(world, "silos", pieces=3, rng=2, **asked)
    place = tmp_path / "r.zarr"
    for given, path, told in [
        (pieces[1:], place, "draws 0 to 15 of silos are missing; give every piece once."),
        (pieces + pieces[:1], place, "draws 0 to 15 of silos are given twice; give every piece once."),
        (pieces[:2] + other[2:], place, "the pieces are of different runs; give all pieces of one split."),
        ([], place, "no piece is given; stream what split gives."),
        ([4], place, "4 is no piece of a run; stream what split gives."),
        (pieces, tmp_path / "r.nc", "a run is streamed to a store, such as result.zarr."),
    ]:
        with pytest.raises(sn.StandardsNetError, match=f"{re.escape(told)}$"):
            sn.stream(given, path)
        assert not list(tmp_path.iterdir())
    sn.stream(pieces, place)
    with pytest.raises(sn.StandardsNetError, match=r"r\.zarr exists; name another place, or remove it"):
        sn.stream(other, place)
    with pytest.raises(sn.StandardsNetError, match=r"r\.zarr holds another run; name another place"):
        sn.stream(other, place, resume=True)
    (tmp_path / "half.zarr.unfinished").mkdir()
    (tmp_path / "half.zarr.unfinished" / "run.json").write_text('{"run_sha256": "another"}')
    place.rename(tmp_path / "half.zarr")
    with pytest.raises(sn.StandardsNetError, match=r"half\.zarr holds another run; name another place"):
        sn.stream(pieces, tmp_path / "half.zarr", resume=True)


def test_a_result_is_saved_as_a_store_too(world, tmp_path):
    result = sn.run(world, "silos", draws=4, rng=1, until=2021)
    path = result.save(tmp_path / "r.zarr")
    same(sn.load_result(path), result)
    with pytest.raises(sn.StandardsNetError, match="exists; name another place, or remove it"):
        result.save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["r.zarr"]


def test_two_runs_do_not_write_to_one_store(world, tmp_path):
    from standards_net.results.store import ResultStore

    (piece,) = sn.split(world, "silos", pieces=1, draws=2, rng=1, until=2020, technologies="iot")
    coords = {**piece.layout.coords, "parameter": tuple(world.parameters)}
    store = ResultStore.create(tmp_path / "r.zarr", coords, piece.layout.labels, piece.whole_sha256)
    with pytest.raises(sn.StandardsNetError, match="is being written by another run; wait for it"):
        sn.stream([piece], tmp_path / "r.zarr", resume=True)
    store.close()
    sn.stream([piece], tmp_path / "r.zarr", resume=True)
    assert sn.load_result(tmp_path / "r.zarr") == sn.join([piece.run()])
