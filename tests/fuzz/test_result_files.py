"""Damaged, forged and odd result files: each is told in one sentence, or read as what it says."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import pytest

import standards_net as sn
from standards_net import memory
from standards_net.results import storage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

MUTATIONS = 250  # of bytes; forged contents come on top
SECONDS = 20  # that reading a file may take
LONGEST = 600  # characters of a sentence


@pytest.fixture(scope="module")
def result(world):
    return sn.run(world, ["silos", "three-poles"], draws=3, rng=1, until=2021, technologies="radio")


@pytest.fixture(scope="module")
def whole(result, tmp_path_factory) -> bytes:
    return result.save(tmp_path_factory.mktemp("r") / "r.nc").read_bytes()


@contextmanager
def in_time():
    def late(*_):
        raise TimeoutError("reading takes too long")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def used(result: sn.Result) -> None:
    """What commands do with a result that they have read."""
    scenario, year = result.coords["scenario"][0], result.coords["year"][-1]
    result.summary()
    result.shares("DEU", scenario=scenario)
    result.costs("DEU", scenario=scenario)
    result.to_iamc()
    result.to_networkx(scenario, year, "radio")
    sn.drawing.network_data(None, result, "radio", (scenario,), (year,))
    result._repr_html_()


def outcome(path: Path) -> str:
    """``told`` in one sentence, or ``read``."""
    with in_time():
        try:
            found = sn.load_result(path)
            used(found)
        except sn.StandardsNetError as error:
            told = error
        else:
            return "read"
    assert len(told.complaints) == 1
    assert len(str(told)) < LONGEST
    assert str(told).endswith((".", "?"))
    return "told"


def mutated(content: bytes, random: np.random.Generator) -> bytes:
    """A file as disks, networks and editors damage it."""
    kind = random.integers(9)
    at, length = int(random.integers(len(content))), int(random.integers(1, 4000))
    if kind == 0:
        return content[:at]
    if kind == 1:
        return content[at:]
    if kind == 2:
        return content[:at] + bytes([content[at] ^ (1 << int(random.integers(8)))]) + content[at + 1 :]
    if kind == 3:
        return content[:at] + bytes(min(length, len(content) - at)) + content[at + length :]
    if kind == 4:
        return content[:at] + random.bytes(length) + content[at:]
    if kind == 5:
        return content[:at] + content[at + length :]
    if kind == 6:
        return content[:at] + random.bytes(length) + content[at + length :]
    if kind == 7:
        return content.replace(b"\n", b"\r\n")[: len(content) + length]
    return content + random.bytes(length)


def test_damaged_bytes(result, whole, tmp_path):
    random, counts = np.random.default_rng(14), Counter()
    path = tmp_path / "r.nc"
    for _ in range(MUTATIONS):
        damaged = mutated(whole, random)
        path.write_bytes(damaged)
        found = outcome(path)
        if found == "read":  # the damage is where no reader looks: behind the seal
            assert sn.load_result(path) == result
            found = "read rightly"
        counts[found if damaged != whole else "untouched"] += 1
    print(f"\ndamaged bytes: {dict(counts)} of {MUTATIONS}")
    assert counts["told"] > 0.9 * MUTATIONS


def test_damage_of_files_without_a_seal(whole, tmp_path):
    """Another program that writes the file again leaves no seal: damage then is for the reader to find."""
    random, counts = np.random.default_rng(15), Counter()
    content, path = whole[: whole.rindex(storage._SEAL)], tmp_path / "r.nc"
    for _ in range(60):
        path.write_bytes(content[: int(random.integers(len(content)))])
        counts[outcome(path)] += 1
    print(f"\ncut without a seal: {dict(counts)} of 60")
    assert counts["told"] == 60


def set_json(file, change):
    record = json.loads(file["provenance"][()])
    change(record)
    del file["provenance"]
    file.create_dataset("provenance", data=json.dumps(record))


def replace(name, data, **options):
    def forge(file):
        attributes = dict(file[name].attrs)
        scales = file[name].attrs.get("DIMENSION_LIST") is not None
        del file[name]
        made = file.create_dataset(name, data=data(file) if callable(data) else data, **options)
        for key, value in attributes.items():
            if key not in ("DIMENSION_LIST", "CLASS", "NAME", "REFERENCE_LIST") or not scales:
                made.attrs[key] = value

    return forge


def drop(name):
    def forge(file):
        del file[name]

    return forge


def attribute(name, key, value):
    def forge(file):
        file[name].attrs[key] = value

    return forge


def huge(file):
    """An array that claims 800 GB and holds nothing."""
    del file["beta"]
    file.create_dataset("beta", shape=(100, 1000, 1000, 1000), dtype="f8", chunks=(1, 10, 10, 10))


FORGED = {
    **{f"without {name}": drop(name) for name in ("beta", "country", "provenance", "mean_share", "status")},
    **{f"{name} as text": replace(name, np.array([b"much"] * 3)) for name in ("beta", "latitude", "year")},
    **{f"{name} as numbers": replace(name, np.arange(3.0)) for name in ("country", "scenario", "standard")},
    "a year twice": replace("year", np.array([2019, 2019, 2021])),
    "years as fractions": replace("year", np.array([2019.5, 2020.5, 2021.5])),
    "complex numbers": replace("latitude", np.ones(196) * 1j),
    "an empty array": replace("latitude", np.empty(0)),
    "another shape": replace("latitude", np.ones(7)),
    "more axes": replace("latitude", np.ones((196, 2, 2))),
    "NaN": replace("latitude", np.full(196, np.nan)),
    "a claim of 800 GB": huge,
    "no JSON": replace("provenance", "{"),
    "a list": replace("provenance", "[]"),
    "a number": replace("provenance", np.float64(3.0)),
    "a record nested 10,000 deep": replace("provenance", "[" * 10_000 + "]" * 10_000),
    "a record nested in objects": replace("provenance", '{"a":' * 5_000 + "1" + "}" * 5_000),
    "an empty record": replace("provenance", "{}"),
    "another program's seed": lambda f: set_json(f, lambda r: r.update(seed="1")),
    "no scenarios": lambda f: set_json(f, lambda r: r.update(scenarios={})),
    "scenarios in a list": lambda f: set_json(f, lambda r: r.update(scenarios=[1])),
    "titles that are numbers": lambda f: set_json(f, lambda r: r["scenarios"]["silos"].update(title=3)),
    "a version that is none": lambda f: set_json(f, lambda r: r.update(standards_net=None)),
    "code in a title": lambda f: set_json(f, lambda r: r["scenarios"]["silos"].update(title="{0.__class__}")),
    "flags that mean nothing": attribute("status", "flag_meanings", ""),
    "flags beyond their meanings": attribute("status", "flag_meanings", "one"),
    "units that are numbers": attribute("beta", "units", 3.0),
    "a scale": attribute("beta", "scale_factor", "much"),
    "a group in place of an array": lambda f: (drop("beta")(f), f.create_group("beta")),
    "a link to nothing": lambda f: (drop("beta")(f), f.__setitem__("beta", h5py.SoftLink("/nowhere"))),
    "a link to itself": lambda f: (drop("beta")(f), f.__setitem__("beta", h5py.SoftLink("/beta"))),
    "a link to another file": lambda f: (
        drop("beta")(f), f.__setitem__("beta", h5py.ExternalLink("/etc/passwd", "/x")),
    ),
}  # fmt: skip


# What is missing is missing from the result too; the others are shown as they are.
HARMLESS = (
    "code in a title", "units that are numbers", "a scale", "NaN", "without beta", "without status",
    "a group in place of an array",
)  # fmt: skip


@pytest.mark.parametrize("kind", FORGED)
@pytest.mark.parametrize("sealed", [False, True])
def test_forged_contents(whole, tmp_path, kind, sealed):
    """What a file says is checked, whether or not somebody has sealed it again."""
    path = tmp_path / "r.nc"
    path.write_bytes(whole[: whole.rindex(storage._SEAL)])
    with h5py.File(path, "r+") as file:
        FORGED[kind](file)
    if sealed:
        content = path.read_bytes()
        path.write_bytes(content + storage._SEAL + hashlib.sha256(content).hexdigest().encode())
    found = outcome(path)
    assert found == "told" or kind in HARMLESS, kind


def test_a_file_that_claims_more_than_there_is_says_how_much(whole, tmp_path, monkeypatch):
    path = tmp_path / "r.nc"
    path.write_bytes(whole)
    monkeypatch.setattr(storage, "available_bytes", lambda: 1000)
    with pytest.raises(sn.StandardsNetError, match=r"^r\.nc holds .* GiB, and 0\.0 GiB are free; read some"):
        sn.load_result(path)
    monkeypatch.undo()
    assert memory.available_bytes() > 1000


def test_damaged_stores(result, tmp_path):
    random, counts = np.random.default_rng(16), Counter()
    whole = result.save(tmp_path / "whole.zarr")
    files = sorted(path for path in whole.rglob("*") if path.is_file())
    for _ in range(80):
        place = tmp_path / "r.zarr"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(whole, place)
        path = place / files[int(random.integers(len(files)))].relative_to(whole)
        kind = random.integers(4)
        if kind == 0:
            path.unlink()
        elif kind == 1:
            path.write_bytes(mutated(path.read_bytes(), random) if path.stat().st_size else b"x")
        elif kind == 2:
            path.write_bytes(b"")
        else:
            path.write_bytes(b'{"shape": [100000000000], "dtype": "<f8"}')
        found = outcome(place)
        if found == "read":
            found = "read rightly" if sn.load_result(place) == result else "read as something else"
        counts[found] += 1
    print(f"\ndamaged stores: {dict(counts)} of 80")
    assert not counts["read as something else"]
