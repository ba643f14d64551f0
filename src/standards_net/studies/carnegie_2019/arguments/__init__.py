"""The sixteen arguments of the Carnegie brief of 2019, each put to the model as an experiment."""

from __future__ import annotations

from standards_net.studies.carnegie_2019.arguments.coalitions import b11, b16
from standards_net.studies.carnegie_2019.arguments.markets import b1, b2, b3, b4
from standards_net.studies.carnegie_2019.arguments.restriction import b5, b6, b7, b8, b13
from standards_net.studies.carnegie_2019.arguments.rules import b9, b10, b12, b14, b15
from standards_net.studies.carnegie_2019.choices import Choices
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.finding import Finding

__all__ = ["answer_all"]


def answer_all(runs: Runs, choices: Choices) -> tuple[Finding, ...]:
    """Put all sixteen arguments to the runs and the games."""
    first = tuple(argument(runs) for argument in (b1, b2, b3, b4, b5, b6, b7, b8, b9, b10))
    return (*first, b11(runs, choices), b12(runs), b13(runs), b14(runs), b15(runs), b16(runs, choices))
