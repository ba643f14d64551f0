"""Paths that no file can have: one sentence of bounded length, whatever is asked to read or write there."""

import subprocess
import sys

import pytest

import standards_net as sn
from standards_net.alignment.landscapes.propensity import read_landscape
from standards_net.results import write_graph

ODD = {"long": "a" * 5000, "long and deep": "a/" * 3000 + "a", "NUL": "a\0b", "a loop": "loop"}
ASKED = {"draws": 1, "until": 2020, "technologies": "iot"}
READ = {
    "landscape": read_landscape,
    "scenario": sn.load_scenario,
    "scenario file": lambda path: sn.load_scenario(f"{path}.toml"),
    "parent": lambda path: sn.load_scenario({"name": "x", "title": "X", "extends": path}),
    "world": sn.load_world,
    "result": lambda path: sn.load_result(f"{path}.nc"),
    "store": lambda path: sn.load_result(f"{path}.zarr"),
    "course": sn.load_course,
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for ending in ("", ".toml", ".nc", ".zarr", ".json", ".graphml"):
        (tmp_path / f"loop{ending}").symlink_to(f"loop{ending}")


@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_reading(read, path):
    with pytest.raises(sn.StandardsNetError) as told:
        read(path)
    assert len(str(told.value)) < 2100


@pytest.fixture(scope="module")
def write(world):
    result, course = sn.run(world, "silos", **ASKED), sn.begin(world, "silos", **ASKED)
    pieces = sn.split(world, "silos", pieces=1, **ASKED)
    return {
        "result": lambda path: result.save(f"{path}.nc"),
        "course": lambda path: course.save(f"{path}.json"),
        "graph": lambda path: write_graph(result.to_networkx("silos"), f"{path}.graphml"),
        "store": lambda path: sn.stream(pieces, f"{path}.zarr"),
    }


@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
@pytest.mark.parametrize("kind", ["result", "course", "graph", "store"])
def test_writing(write, kind, path, tmp_path):
    before = sorted(tmp_path.iterdir())
    if kind == "store":
        pytest.importorskip("zarr")
    with pytest.raises(sn.StandardsNetError) as told:
        write[kind](path)
    assert len(str(told.value)) < 2100
    assert sorted(tmp_path.iterdir()) == before


COMMANDS = (
    ("run", "ODD"), ("run", "silos", "--draws", "1", "--out", "ODD"), ("check", "ODD"), ("draw", "ODD"),
    ("landscape", "ODD"), ("info", "--data", "ODD"), ("compare", "ODD", "silos"),
    ("graph", "ODD", "--out", "g.json"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("path", [ODD[kind] for kind in ODD if kind != "NUL"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_the_command_line(command, path, tmp_path):
    asked = [path if part == "ODD" else part for part in command]
    call = [sys.executable, "-m", "standards_net", *asked]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2), done.stderr[-300:]
    assert len(done.stderr) < 2500
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits on files are set on Linux")
def test_a_result_larger_than_files_may_be(tmp_path):
    code = (
        "import resource, sys, standards_net as sn\n"
        "result = sn.run(sn.load_world(), 'silos', draws=1, until=2020, technologies='iot')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: result.save('r.nc')\n"
        "except sn.StandardsNetError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "r.nc cannot be written: file too large; choose another place.\n"
    assert not list(tmp_path.glob("r*"))
