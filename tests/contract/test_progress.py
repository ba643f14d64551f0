"""What a command says while it works: a bar on a terminal, lines in a log, nothing of what is quick."""

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
