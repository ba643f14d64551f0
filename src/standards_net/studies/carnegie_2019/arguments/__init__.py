"""The sixteen arguments of the Carnegie brief of 2019, each put to the model as an experiment."""

from __future__ import annotations

from collections.abc import Collection

from standards_net.alignment import Equilibria
from standards_net.errors import StandardsNetError
from standards_net.studies.carnegie_2019.arguments.argument import Argument
from standards_net.studies.carnegie_2019.arguments.coalitions import B11, B16
from standards_net.studies.carnegie_2019.arguments.markets import B1, B2, B3, B4
from standards_net.studies.carnegie_2019.arguments.restriction import B5, B6, B7, B8, B13
from standards_net.studies.carnegie_2019.arguments.rules import B9, B10, B12, B14, B15
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.finding import Finding

__all__ = ["BY_GAMES", "BY_RUNS", "Argument", "answer_all", "answer_by_runs", "scenarios_of"]

BY_RUNS: dict[str, Argument[Runs]] = {
    a.name: a for a in (B1, B2, B3, B4, B5, B6, B7, B8, B9, B10, B11, B12, B13, B14, B15)
}
BY_GAMES: dict[str, Argument[Equilibria]] = {B16.name: B16}


def answer_all(runs: Runs, stable: Equilibria) -> tuple[Finding, ...]:
    """Evaluate all sixteen arguments on the runs and the stable alignments."""
    by_runs = [argument.answer(runs) for argument in BY_RUNS.values()]
    return (*by_runs, *(argument.answer(stable) for argument in BY_GAMES.values()))


def answer_by_runs(runs: Runs, names: Collection[str] = tuple(BY_RUNS)) -> dict[str, Finding | str]:
    """Evaluate arguments on runs: all but B16, which rests on games.

    An argument that cannot be evaluated has the error message in place of its finding.
    """
    found: dict[str, Finding | str] = {}
    for name in names:
        try:
            found[name] = BY_RUNS[name].answer(runs)
        except StandardsNetError as error:
            found[name] = str(error)
    return found


def scenarios_of(names: Collection[str] = tuple(BY_RUNS)) -> frozenset[str]:
    """Scenarios and sweeps that arguments read.

    Examples
    --------
    >>> sorted(scenarios_of(["B10"]))
    ['belt-and-road-push', 'no-finance']
    """
    return frozenset(scenario for name in names for scenario in BY_RUNS[name].scenarios)
