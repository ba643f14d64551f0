"""The sixteen arguments of the Carnegie brief of 2019, each put to the model as an experiment."""

from __future__ import annotations

from collections.abc import Callable

from standards_net.studies.carnegie_2019.arguments.markets import b1, b2, b3, b4
from standards_net.studies.carnegie_2019.arguments.restriction import b5, b6, b7, b8, b13
from standards_net.studies.carnegie_2019.arguments.rules import b9, b10, b11, b12, b14, b15, b16
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.finding import Finding

__all__ = ["ARGUMENTS", "answer_all"]

ARGUMENTS: tuple[Callable[[Runs], Finding], ...] = (
    b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b16,
)  # fmt: skip


def answer_all(runs: Runs) -> tuple[Finding, ...]:
    """Put all sixteen arguments to the runs."""
    return tuple(argument(runs) for argument in ARGUMENTS)
