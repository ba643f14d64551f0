"""What does not fit into memory is told before it is run."""

import subprocess
import sys

import numpy as np
import pytest

import standards_net as sn
from standards_net import memory
from standards_net.alignment.games.model_payoffs import alignment_game
from standards_net.alignment.landscapes.propensity import bootstrap_propensity, recode_propensity
from standards_net.alignment.tipping.tipping_points import tip_end_state
from standards_net.briefs import run_countries
from standards_net.ensemble.memory import bytes_of_result, check_memory
from standards_net.processes import linear_threshold

ASKED = {"rng": 1, "until": 2025, "technologies": ["radio", "iot"]}


def test_the_estimate_is_what_the_result_holds(world):
    result = sn.run(world, ["silos", "one-standard"], draws=40, snapshots=[2022], **ASKED)
    (piece,) = sn.split(
        world, ["silos", "one-standard"], pieces=1, draws=40, snapshots=[2022], **ASKED
    )[:1]  # fmt: skip
    fixed, by_draw = bytes_of_result(piece.layout)
    held = sum(variable.values.nbytes for variable in result.values())
    assert fixed + 40 * by_draw == pytest.approx(held, rel=0.05)


def test_too_many_draws_are_refused_with_the_number_that_would_fit(world, monkeypatch):
    monkeypatch.setattr(memory, "available_bytes", lambda: 64 * 2**20)
    with pytest.raises(sn.StandardsNetError) as refused:
        sn.run(world, "silos", draws=1_000_000, **ASKED)
    told = str(refused.value)
    assert told.startswith("1,000,000 draws of 1 scenario need some ")
    fit = int(told.split("; ")[1].split(" draws")[0].replace(",", ""))
    assert 100 < fit < 10_000
    (piece, *_) = sn.split(world, "silos", pieces=10**6, draws=fit, **ASKED)
    check_memory(piece.layout)
    (piece, *_) = sn.split(world, "silos", pieces=10**6, draws=fit + 2, **ASKED)
    with pytest.raises(sn.StandardsNetError, match="draws would fit"):
        check_memory(piece.layout)


MANY = 100_000_000
LARGE = {
    "run": lambda world: sn.run(world, "silos", draws=MANY, **ASKED),
    "begin": lambda world: sn.begin(world, "silos", draws=MANY, **ASKED),
    "a game": lambda world: alignment_game(world, "DEU", until=2022, draws=MANY),
    "tipping points": lambda world: tip_end_state(world, "lead", [-1.0, 1.0], draws=MANY),
    "diffuse": lambda world: sn.diffuse(
        world, linear_threshold(0.5), initial="2019", steps=10, draws=MANY, keep="all"
    ),
    "briefs": lambda world: run_countries(world, ["KEN"], "silos", "status-quo-2019", draws=MANY),
    "codings": lambda world: bootstrap_propensity(np.zeros((3, 20, 20)), MANY),
    "recoded": lambda world: recode_propensity(np.eye(20), MANY),
}


@pytest.mark.parametrize("call", LARGE.values(), ids=LARGE)
def test_every_call_with_draws_refuses_more_than_fit(call, world, monkeypatch):
    monkeypatch.setattr(memory, "available_bytes", lambda: 2**30)
    with pytest.raises(sn.StandardsNetError, match=r"^100,000,000 draws of .* [\d,]+ draws would fit\. \w"):
        call(world)


def test_a_course_of_as_many_draws_as_fit_is_begun(world, monkeypatch):
    asked = {"rng": 1, "until": 2021, "technologies": "iot"}
    monkeypatch.setattr(memory, "available_bytes", lambda: 8 * 2**20)
    with pytest.raises(sn.StandardsNetError) as refused:
        sn.begin(world, "silos", draws=10_000, **asked)
    fit = int(str(refused.value).split("; ")[1].split(" draws")[0])
    assert sn.begin(world, "silos", draws=fit, **asked).draws == fit > 10


def test_what_the_machine_has_is_known():
    free = memory.available_bytes()
    assert free is None or 2**20 < free < 2**50


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits on addresses are read on Linux")
def test_a_limit_on_addresses_counts():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\n"
        "from standards_net.memory import available_bytes; print(available_bytes())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 2**30 < int(done.stdout) < 2**32


GROUPS = {
    "version 2": (
        "0::/a/b\n", "a",
        {"memory.max": "5000\n", "memory.current": "4000\n", "memory.stat": "inactive_file 700\nanon 9\n"},
        1700,
    ),
    "version 1": (
        "7:cpu,cpuacct:/a\n9:memory:/a/b\n", "memory/a/b",
        {
            "memory.limit_in_bytes": "9000", "memory.usage_in_bytes": "8000",
            "memory.stat": "total_inactive_file 5\ntotal_active_file 10",
        },
        1015,
    ),
    "seen from inside": (
        "0::/../elsewhere\n", ".",
        {"memory.max": "50", "memory.current": "40", "memory.stat": "anon 1"}, 10,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("own", "folder", "files", "left"), GROUPS.values(), ids=GROUPS)
def test_a_control_group_counts(own, folder, files, left, tmp_path, monkeypatch):
    groups = tmp_path / "groups"
    (groups / folder).mkdir(parents=True)
    for name, text in files.items():
        (groups / folder / name).write_text(text)
    (tmp_path / "own").write_text(own)
    monkeypatch.setattr(memory, "_GROUPS", groups)
    monkeypatch.setattr(memory, "_OWN_GROUPS", tmp_path / "own")
    assert memory.available_bytes() == left


def test_no_limit_is_none(tmp_path, monkeypatch):
    (tmp_path / "memory.max").write_text("max\n")
    before = memory.available_bytes()
    monkeypatch.setattr(memory, "_GROUPS", tmp_path)
    after = memory.available_bytes()
    assert before is None or after >= before // 2
