"""Other mechanisms on the command line and in ``run``: names, and what is said of mistakes."""

import contextlib
import io
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import standards_net as sn
from standards_net.cli import app, main
from standards_net.model.mechanisms import MECHANISMS, from_rule

SMALL = ("--draws", "2", "--until", "2021", "--rng", "7", "--format", "json")


@pytest.fixture(autouse=True)
def cheap(monkeypatch, world):
    """The world is read once."""
    monkeypatch.setattr(app, "world_of", lambda data: world)


def call(*arguments):
    """The command in this process: an interpreter of its own for each call would take most of the time."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.setattr(sys, "argv", ["standards-net", *arguments])
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())


def numbers(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_names_with_hyphens_and_underscores():
    one, two = (
        numbers(call("run", "silos", *SMALL, "--mechanism", n)) for n in ("best-response", "best_response")
    )
    assert one == two
    assert one != numbers(call("run", "silos", *SMALL))


def test_compare_takes_a_mechanism():
    rows = numbers(call("compare", "one-standard", "silos", *SMALL, "--mechanism", "voter"))
    assert {row["scenario"] for row in rows} == {"silos"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--mechanism", "heat-bth"), "unknown mechanism 'heat-bth'; did you mean 'heat-bath'?"),
        (("--mechanism", "zzz"), "unknown mechanism 'zzz'; valid are averaging, best-response"),
        (("--mechanism", "bass"), "no counterpart in the yearly model: it models when a node first adopts"),
        (("--mechanism", "polya"), "Mechanisms are vendor-choice, procurement, logit, heat-bath"),
        (("--procurement",), "No such option"),
    ],
)
def test_a_mistake_is_one_sentence(arguments, sentence):
    done = call("run", "silos", *SMALL, *arguments)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_help_names_every_mechanism():
    for command in ("run", "compare"):
        told = call(command, "--help").stdout
        told = " ".join(told.replace("│", " ").split())
        for name in MECHANISMS:
            assert name in told


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (lambda o: o.held[0], r"'mine' gave an array of int64 of shape \(4,\); it must be whole numbers"),
        (lambda o: o.held + 0.5, r"gave an array of float64 of shape \(8, 4\)"),
        (lambda o: o.held + 9, "'mine' gave standards from .* valid are 0 to 2, and -1 for no decision"),
        (lambda o: o.held - 9, "gave standards from"),
        (lambda o: o.adoption * np.nan, "gave shares that are negative or not finite"),
        (lambda o: o.adoption - 2.0, "gave shares that are negative or not finite"),
    ],
)
def test_a_rule_of_ones_own_that_answers_wrongly(toy_world, rule, sentence):
    with pytest.raises(sn.StandardsNetError, match=sentence):
        sn.run(
            toy_world, {"name": "x", "title": "X"}, draws=8, rng=1, years=range(2019, 2021),
            mechanism=from_rule(rule, "mine"),
        )  # fmt: skip


@pytest.mark.slow
def test_the_lines_of_the_how_to_run(capsys, monkeypatch, tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "howto.md").read_text(encoding="utf-8")
    flips, course, study, own = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    exec(compile(flips.replace("draws=32", "draws=8"), "docs/howto.md", "exec"), {})
    assert "finance_weight" in capsys.readouterr().out
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(course, "docs/howto.md", "exec"), names)
    assert names["result"].coords["year"][-1] == 2030
    capsys.readouterr()
    exec(compile(study.replace("32, 2019", "2, 2019"), "docs/howto.md", "exec"), {})
    assert len(capsys.readouterr().out.splitlines()) == 15
    names = {}
    exec(compile(own, "docs/howto.md", "exec"), names)
    assert names["result"].provenance["mechanism"]["name"] == "largest"
