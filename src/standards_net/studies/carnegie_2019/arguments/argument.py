"""An argument of the brief: its claim, the experiment that tests it, and the words for what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from standards_net.studies.finding import Finding, Measured, weigh

__all__ = ["BELIEFS", "STATUS_QUO", "Argument"]

BELIEFS = "the priors of data/model/parameters.csv as calibrated, and adoption estimated for most countries"
STATUS_QUO = "status-quo-2019"

Source = TypeVar("Source")


@dataclass(frozen=True)
class Argument(Generic[Source]):
    """One argument, as an experiment on runs or on games.

    Attributes
    ----------
    name, claim, statement, size, measure, unit, conditional_on : str
        As in :class:`~standards_net.studies.finding.Finding`.
    scenarios : tuple of str
        Scenarios and sweeps that the experiment reads, and no others.
    measured : callable
        From runs or games to what was measured.
    """

    name: str
    claim: str
    statement: str
    size: str
    measure: str
    unit: str
    scenarios: tuple[str, ...]
    conditional_on: str
    measured: Callable[[Source], Measured]

    def answer(self, source: Source) -> Finding:
        """Evaluate on runs or games."""
        return weigh(
            self.name, self.claim, self.statement, self.size, self.measure, self.unit, self.measured(source),
            f"{self.conditional_on}; {BELIEFS}",
        )  # fmt: skip
