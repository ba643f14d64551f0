"""The sixteen arguments of the Carnegie brief of 2019, each put to the model as an experiment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from standards_net.errors import StandardsNetError
from standards_net.studies.carnegie_2019.arguments.coalitions import b11, b16
from standards_net.studies.carnegie_2019.arguments.markets import b1, b2, b3, b4
from standards_net.studies.carnegie_2019.arguments.restriction import b5, b6, b7, b8, b13
from standards_net.studies.carnegie_2019.arguments.rules import b9, b10, b12, b14, b15
from standards_net.studies.carnegie_2019.games import Games
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.finding import Finding

__all__ = ["answer_all", "answer_by_runs"]

_BY_RUNS: dict[str, Callable[[Runs], Finding]] = {
    "B1": b1, "B2": b2, "B3": b3, "B4": b4, "B5": b5, "B6": b6, "B7": b7, "B8": b8, "B9": b9, "B10": b10,
    "B12": b12, "B13": b13, "B14": b14, "B15": b15,
}  # fmt: skip


def answer_all(runs: Runs, games: Games) -> tuple[Finding, ...]:
    """Evaluate all sixteen arguments on the runs and the games."""
    found = {name: argument(runs) for name, argument in _BY_RUNS.items()}
    found |= {"B11": b11(runs, games), "B16": b16(runs, games)}
    return tuple(found[name] for name in sorted(found, key=_number))


def answer_by_runs(runs: Runs, games: Games | None = None) -> dict[str, Finding | str]:
    """Evaluate on other runs the arguments that depend on runs: all but B16.

    B11 is included if games are given; these are not recomputed. An argument that cannot be evaluated has
    the error message in place of its finding.
    """
    arguments = dict(_BY_RUNS)
    if games is not None:
        arguments["B11"] = partial(b11, games=games)
    found: dict[str, Finding | str] = {}
    for name in sorted(arguments, key=_number):
        try:
            found[name] = arguments[name](runs)
        except StandardsNetError as error:
            found[name] = str(error)
    return found


def _number(argument: str) -> int:
    return int(argument[1:])
