"""Commands on alignment choices: what they print, write, and say of mistakes."""

import contextlib
import csv
import io
import json
import sys
from types import SimpleNamespace

import pytest

from standards_net.cli import main

pytestmark = pytest.mark.slow  # small games, but many of them

SMALL = ("--draws", "4", "--until", "2024", "--rng", "7")
FEW = ("--players", "DEU", "--players", "IND", "--players", "SAU")


def call(*arguments, cwd="."):
    """The command in this process: an interpreter of its own for each call would take most of the time."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.setattr(sys, "argv", ["standards-net", *arguments])
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())


def written(folder, *names):
    assert set(names) <= {p.name for p in folder.iterdir()}
    for path in folder.iterdir():
        head = path.read_bytes()[:8]
        if path.suffix == ".png":
            assert head.startswith(b"\x89PNG")
        elif path.suffix == ".svg":
            assert head.startswith(b"<?xml")
        else:
            assert list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


class TestLandscape:
    def test_the_unix_alliances_of_1988(self, tmp_path):
        done = call("landscape", "unix1988", "--draws", "50", "--json", "--out", str(tmp_path))
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert [round(m["energy"], 1) for m in told["minima"]] == [-3828.9, -3828.9]
        assert [m["basin_size"] for m in told["minima"]] == [128, 128]
        assert len(told["together"]) == 36
        written(tmp_path, "minima.csv", "members.csv", "together.csv")

    def test_a_table_for_people(self):
        done = call("landscape", "unix1988", "--draws", "20")
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("energy -3828.9, basin 128 (50 %)") == 2
        assert "Uncertainty" in done.stdout
        assert "\u2026" not in done.stdout  # nothing is cut

    def test_three_hostile_equals(self, tmp_path):
        rows = "name,size,A,B,C\nA,1,,-1,-1\nB,1,-1,,-1\nC,1,-1,-1,\n"
        (tmp_path / "three.csv").write_text(rows, encoding="utf-8")
        done = call("landscape", "three.csv", "--blocs", "3", "--json", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        (found,) = json.loads(done.stdout)["minima"]
        assert [found["bloc_1"], found["bloc_2"], found["bloc_3"]] == ["A", "B", "C"]

    def test_of_the_world(self):
        done = call("landscape", "--world", "FiveEyes", "--world", "CHN", "--draws", "20", "--json")
        assert done.returncode == 0, done.stderr
        assert {m["name"] for m in json.loads(done.stdout)["members"]} == {
            "AUS",
            "CAN",
            "CHN",
            "GBR",
            "NZL",
            "USA",
        }

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((), "give either a file"),
            (("unix1988", "--world", "G20"), "give either a file"),
            (("unix1989",), "unix1988"),
            (("--world", "G21"), "unknown country or group 'G21'"),
            (("--world", "all", "--search", "exact"), "28"),
        ],
    )
    def test_mistakes_get_a_sentence(self, arguments, said):
        done = call("landscape", *arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr


class TestEquilibria:
    def test_as_json_with_tables_and_pictures(self, tmp_path):
        done = call(
            "equilibria", *FEW, *SMALL, "--country", "DEU", "--check", "--json", "--out", str(tmp_path)
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["complete"] is True
        for chances in told["choices"].values():
            assert sum(chances.values()) == pytest.approx(1.0)
        together = told["payoffs"][-1]
        assert together["item"] == "together"
        assert together["us_low"] <= together["us"] <= together["us_high"]
        assert len(told["check"]) == 3
        written(
            tmp_path, "equilibria.csv", "payoffs.csv", "check.csv", "error.csv", "payoffs.png", "payoffs.svg"
        )

    def test_forced_leaves_two_choices(self):
        done = call("equilibria", *FEW, *SMALL, "--forced", "--json")
        assert done.returncode == 0, done.stderr
        assert set(json.loads(done.stdout)["choices"]["DEU"]) == {"us", "china"}

    def test_an_agreement_for_people(self):
        done = call(
            "equilibria", "--players", "USA", "--players", "CHN", "--players", "IND", *SMALL, "--agreement"
        )
        assert done.returncode == 0, done.stderr
        for words in ("Coalitions that keep", "Who would leave", "first to leave", "USD bn"):
            assert words in done.stdout

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--players", "USA"), "leaders of poles"),
            (("--players", "DEUU"), "unknown country or group 'DEUU'"),
            (("--followers", "tarde"), "did you mean 'trade'?"),
            (("--country", "XXX", *FEW, *SMALL), "unknown player 'XXX'"),
            (("--forced", "--agreement"), "give one of them"),
            (("--agreement", "--players", "EU"), "take at most 22"),
            (("--scenario", "bipolar"), "did you mean 'bipolar-forced'?"),
            (("--until", "2021"), "until is 2021"),
            (("--technology", "6g"), "unknown technology '6g'"),
        ],
    )
    def test_mistakes_get_a_sentence(self, arguments, said):
        done = call("equilibria", *arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr


class TestPivotal:
    def test_values_add_up(self, tmp_path):
        done = call(
            "pivotal", "broad-allied-ban", *FEW, "--players", "JPN", *SMALL, "--json", "--out", str(tmp_path)
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert sum(row["shapley"] for row in told["players"]) == pytest.approx(told["total"][0], abs=1e-12)
        assert told["method"] == "exact"
        written(tmp_path, "pivotal.csv", "pivotal.png", "pivotal.svg")

    def test_money_is_told_in_billions(self):
        done = call("pivotal", "broad-allied-ban", *FEW, *SMALL, "--measure", "total_usd")
        assert done.returncode == 0, done.stderr
        assert "All together: USD bn" in done.stdout

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("broad-allied-ban", "--measure", "bloc_size:wets"), "did you mean 'west'?"),
            (("broad-allied-ban", "--players", "BRA", "--players", "IND"), "for none of these players"),
            (("silos",), "different standards"),
            (("bipolar-forced", "--players", "EU", "--method", "exact"), "take at most 20, or sample"),
            (("bipolar-forced", "--players", "all"), "take at most 62"),
        ],
    )
    def test_mistakes_get_a_sentence(self, arguments, said):
        done = call("pivotal", *arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr


class TestTipping:
    def test_the_end_state(self, tmp_path):
        done = call(
            "tipping", "--along", "lead", "--compatibility", "0", *SMALL, "--json", "--out", str(tmp_path)
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert [row["value"] for row in told["path"]] == sorted(row["value"] for row in told["path"])
        assert 0.0 <= told["hysteresis"] <= 1.0
        written(tmp_path, "tipping.csv", "tipping.png", "tipping.svg")

    def test_a_phase_diagram(self, tmp_path):
        done = call("tipping", "--phase", "beta", *SMALL, "--out", str(tmp_path))
        assert done.returncode == 0, done.stderr
        assert "by compatibility and number of allies that ban" in done.stdout
        written(tmp_path, "phase.csv", "phase.png", "phase.svg")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--along", "politcs"), "did you mean 'politics'?"),
            (("--phase", "betta"), "did you mean 'beta'?"),
            (("--compatibility", "2"), "compatibility must be"),
            (("--along", "incompatibility", "--compatibility", "0.5"), "leave it out"),
            (("--along", "politics", "--compatibility", "0.5"), "do not apply"),
            (("--phase", "beta", "--compatibility", "0.5"), "leave --compatibility out"),
        ],
    )
    def test_mistakes_get_a_sentence(self, arguments, said):
        done = call("tipping", *arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["landscape", "equilibria", "pivotal", "tipping"])
def test_help_teaches_by_example(command):
    done = call(command, "--help")
    assert done.returncode == 0
    assert f"standards-net {command}" in done.stdout
    assert "Examples" in done.stdout


def test_a_place_that_cannot_be_written_is_told_before_anything_runs(tmp_path):
    (tmp_path / "taken").write_text("a file")
    done = call("equilibria", "--out", str(tmp_path / "taken"))
    assert done.returncode == 2
    assert "choose another place" in done.stderr
