"""A process that is killed at any step of writing leaves the old files or the new ones, and no others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from standards_net.errors import StandardsNetError
from standards_net.files import write_bytes, write_together

pytestmark = pytest.mark.slow

NAMES = ("result.nc", "summary.csv", "figures/map.png")
OLD, NEW = ({name: f"{age} {name}".encode() for name in NAMES} for age in ("old", "new"))

# Every step of writing raises an audit event; the process ends itself at the one that is asked for.
WRITER = """
import os, signal, sys
place, step, how, where = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
from standards_net.errors import StandardsNetError
from standards_net.files import write_bytes, write_together
steps = {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "open", "os.chmod", "ctypes.dlopen",
         "tempfile.mkdtemp", "shutil.rmtree", "shutil.copystat", "os.listdir", "os.scandir"}
count = 0
def watch(event, _):
    global count
    if event in steps:
        count += 1
        if count == step:
            os.kill(os.getpid(), getattr(signal, how))
if how == "SIGTERM":
    def stop(*_):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, stop)
if where == "inside":
    os.chdir(place)
    place = "."
sys.addaudithook(watch)
names = ("result.nc", "summary.csv", "figures/map.png")
write_together(place, {name: f"new {name}".encode() for name in names})
"""


def ended(place: Path, step: int, how: str, where: str) -> bool:
    """Whether a writer was ended at a step; False once it has fewer steps."""
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(place), str(step), how, where], capture_output=True, check=False
    )
    if done.returncode == 0:
        return False
    assert done.returncode == -signal.SIGKILL or (how == "SIGTERM" and b"KeyboardInterrupt" in done.stderr)
    return True


def found(place: Path) -> dict[str, bytes]:
    files = (path for path in place.rglob("*") if path.is_file() and ".standards-net" not in str(path))
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in files}


def leftovers(place: Path) -> list[Path]:
    return [path for folder in (place, place.parent) for path in folder.glob(".standards-net*")]


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM"])
@pytest.mark.parametrize("before", ["nothing", "old files", "old files and others"])
def test_files_are_all_old_or_all_new(tmp_path, how, before):
    outcomes = {"old": 0, "new": 0}
    step = 0
    while True:
        step += 1
        place = tmp_path / f"{step}" / "out"
        kept: dict[str, bytes] = {}
        place.parent.mkdir()
        if before != "nothing":
            write_together(place, OLD)
        if before == "old files and others":
            kept = {"notes.txt": b"mine", "figures/own.png": b"mine too"}
            for name, content in kept.items():
                (place / name).write_bytes(content)
        start = found(place) if place.exists() else {}
        if not ended(place, step, how, "beside"):
            break
        after = found(place) if place.exists() else {}
        assert after in (start, {**NEW, **kept}), f"step {step}: {after}"
        outcomes["new" if after != start else "old"] += 1
        if how == "SIGTERM":
            assert not leftovers(place), f"step {step}"
            assert before != "nothing" or after or not place.exists(), "an empty folder is left"
        write_together(place, NEW)  # what a kill has left behind goes with the next command
        assert not leftovers(place), f"step {step}"
        assert found(place) == {**NEW, **kept}
    print(f"\n{how}, {before}: ended at {step - 1} steps, {outcomes} left")
    assert outcomes["old"] > 5
    assert outcomes["new"] > 0


def test_in_the_current_folder_signals_wait_until_all_are_renamed(tmp_path):
    """The current folder cannot be exchanged under the user's shell: files are renamed one by one."""
    step = 0
    while True:
        step += 1
        place = tmp_path / f"{step}"
        write_together(place, OLD)
        if not ended(place, step, "SIGTERM", "inside"):
            break
        after = found(place)
        assert after in (OLD, NEW), f"step {step}"
        assert not leftovers(place)
    print(f"\ncurrent folder: ended at {step - 1} steps, none mixed")
    assert step > 10


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_stopped_says_so_and_leaves_nothing(tmp_path, how):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "standards_net", "run", "silos", "--draws", "3000", "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            running.communicate(timeout=4.0)
        except subprocess.TimeoutExpired:
            running.send_signal(how)
        _, told = running.communicate(timeout=60.0)
    assert running.returncode == 130
    assert told.strip().splitlines()[-1] == "standards-net: stopped; no file is half-written."
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_what_others_have_staged_stays(tmp_path):
    """Only what a process of this machine left that has ended is removed."""
    alive = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    write_together(tmp_path / "out", OLD)
    from standards_net import files

    names = {
        "gone": f".standards-net-{files._HOST}-999999999-x",
        "running": f".standards-net-{files._HOST}-{alive.pid}-x",
        "elsewhere": ".standards-net-00000000-999999999-x",
    }
    for name in names.values():
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(b"staged")
    write_together(tmp_path / "out", NEW)
    alive.kill()
    alive.wait()
    assert not (tmp_path / names["gone"]).exists()
    assert (tmp_path / names["running"] / "file").exists()
    assert (tmp_path / names["elsewhere"] / "file").exists()


def test_a_folder_that_cannot_be_written_is_left_as_it_is(tmp_path):
    write_together(tmp_path / "out", OLD)
    (tmp_path / "out" / "figures" / "map.png").unlink()
    (tmp_path / "out" / "figures" / "map.png").mkdir()
    with pytest.raises(Exception, match="a folder of that name already exists"):
        write_together(tmp_path / "out", NEW)
    kept = {name: OLD[name] for name in NAMES[:2]}
    assert found(tmp_path / "out") == kept
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_links_stay_and_devices_are_left_alone(tmp_path):
    (tmp_path / "real.csv").write_bytes(b"old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_bytes(tmp_path / "link.csv", b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"new"
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(StandardsNetError, match="it is a pipe or a device, not a file"):
        write_bytes(tmp_path / "pipe.csv", b"new")
    assert (tmp_path / "pipe.csv").is_fifo()


def test_folders_keep_their_permissions(tmp_path):
    write_together(tmp_path / "out", OLD)
    (tmp_path / "out" / "mine").mkdir(mode=0o700)
    (tmp_path / "out" / "mine" / "secret.txt").write_bytes(b"x")
    (tmp_path / "out").chmod(0o750)
    write_together(tmp_path / "out", NEW)
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in ("out", "out/mine")}
    assert modes == {"out": 0o750, "out/mine": 0o700}
    assert (tmp_path / "out" / "mine" / "secret.txt").read_bytes() == b"x"


@pytest.mark.parametrize(
    ("redirect", "sentence"),
    [
        ("check - <&-", "standard input is closed; send a scenario, or name a file."),
        ("info >&-", "standard output is closed; there is nowhere to write to."),
    ],
)
def test_closed_streams_are_told(redirect, sentence):
    command = f"{sys.executable} -m standards_net {redirect}"
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode in (1, 2)
    assert done.stderr.strip().splitlines()[-1].endswith(sentence)
