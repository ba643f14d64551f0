"""What a command says while it works: a bar on a terminal, lines in a log, nothing of what is quick."""

import os
import subprocess
import sys
import time

import pytest

from standards_net.cli import console


def test_a_log_gets_a_line_at_intervals_even_within_a_long_step(monkeypatch, capsys):
    monkeypatch.setattr(console, "_SECONDS_BETWEEN_LINES", 0.05)
    with console.progress_bar("Carnegie 2019") as advance:
        advance(1, 4)
        time.sleep(0.3)  # one long step: nobody calls advance
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("Carnegie 2019: 25 % after ") for line in lines)


def test_intervals_are_short_enough():
    assert console._SECONDS_BETWEEN_LINES < 10.0


def test_what_is_quick_says_nothing(capsys):
    with console.progress_bar("running") as advance:
        advance(1, 1)
    assert capsys.readouterr().err == ""


def test_the_reporter_ends_with_what_it_reports(monkeypatch, capsys):
    monkeypatch.setattr(console, "_SECONDS_BETWEEN_LINES", 0.02)

    def fail():
        with console.progress_bar("running"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    capsys.readouterr()
    time.sleep(0.1)
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_compiling_is_announced_when_it_happens_and_only_then(tmp_path):
    """The first process on a machine compiles, the second loads what the first kept."""
    command = [sys.executable, "-m", "standards_net", "run", "silos", "--draws", "2", "--until", "2021"]
    env = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    first, second = (
        subprocess.run(command, env=env, capture_output=True, text=True, check=True).stderr for _ in range(2)
    )
    assert first.count("compiling numerical loops") == 1
    assert "compiling" not in second
