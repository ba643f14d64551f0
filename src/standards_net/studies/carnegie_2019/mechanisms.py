"""Which conclusions survive a change of mechanism: the arguments put to other ways of choosing.

The same scenarios, sweeps, parameters and common random numbers, another purchase rule
(``model/purchase_rules.py``). The alignment games are not played anew, so B16 is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from standards_net.model import MECHANISMS
from standards_net.results import INTERVAL
from standards_net.studies.carnegie_2019.arguments import BY_RUNS, answer_by_runs, scenarios_of
from standards_net.studies.carnegie_2019.runs import Runs, make_runs
from standards_net.studies.finding import CONTRADICTED, NO_EFFECT, SUPPORTED, Finding
from standards_net.world.world import World

__all__ = [
    "COMPARED",
    "LEFT_ALONE",
    "NOT_ASKED",
    "REFERENCE",
    "WORLD",
    "Answers",
    "Comparison",
    "answer_under",
    "compare_mechanisms",
    "listed",
]

REFERENCE = "vendor-choice"
COMPARED = (
    "procurement", "heat-bath", "best-response", "linear-threshold", "independent-cascade", "voter",
    "majority", "averaging",
)  # fmt: skip
NOT_ASKED = "not asked"
LEFT_ALONE = "Chinese-led share of the world, policies of 2019"
WORLD = {
    "Market fragmentation, policies of 2019": ("market_fragmentation", "status-quo-2019"),
    LEFT_ALONE: ("china_share", "status-quo-2019"),
    "Chinese-led share of the world, two closed blocs": ("china_share", "bipolar-free-nonaligned"),
}
_MAX_DRAWS = 32  # the first draws of the study

# Arguments whose lever acts through utility alone: a rule that does not weigh it has no answer to them.
_LEVERS = {
    "B3": "the lead is one of quality and finance",
    "B4": "the lead is one of quality",
    "B5": "research acts through quality and price",
    "B10": "finance acts through utility",
}


@dataclass(frozen=True)
class Comparison:
    """Findings by mechanism.

    Attributes
    ----------
    draws : int
        First draws of the study that the other mechanisms are run over.
    answers : mapping of mechanism to mapping of argument to Finding or str
        The mechanism of the study first, over all of its draws; a sentence where an argument could not be
        evaluated.
    world : mapping of mechanism to mapping of what to (low, median, high)
        What the world comes to in the last year (:data:`WORLD`).
    """

    draws: int
    answers: Mapping[str, Mapping[str, Finding | str]]
    world: Mapping[str, Mapping[str, tuple[float, float, float]]]

    @property
    def arguments(self) -> tuple[str, ...]:
        """Arguments that the study's own mechanism answers."""
        return tuple(self.answers[REFERENCE])

    def why_not(self, mechanism: str, argument: str) -> str:
        """Why an argument is not asked under a mechanism; empty if it is."""
        found = self.answers[mechanism][argument]
        if isinstance(found, str):
            return found
        if not MECHANISMS[mechanism].weighs_utility and argument in _LEVERS:
            return f"{_LEVERS[argument]}, which this mechanism does not weigh"
        return ""

    def verdict(self, mechanism: str, argument: str) -> str:
        """Verdict under a mechanism, or ``not asked``.

        An effect of less than a twentieth of the study's own is none, whatever its sign.
        """
        found, own = self.answers[mechanism][argument], self.answers[REFERENCE][argument]
        if isinstance(found, str) or isinstance(own, str) or self.why_not(mechanism, argument):
            return NOT_ASKED
        fades = found.fades_beside(own) and own.verdict in (SUPPORTED, CONTRADICTED)
        return NO_EFFECT if fades else found.verdict

    def asked(self, argument: str) -> int:
        """Number of other mechanisms under which the question could be asked."""
        return sum(self.verdict(m, argument) != NOT_ASKED for m in self.answers if m != REFERENCE)

    def turned(self, argument: str) -> dict[str, str]:
        """Mechanisms under which the study's finding no longer stands, and the verdict there.

        As for parameters: most draws are otherwise, or the effect fades. A share of draws that is a little
        lower, of fewer draws, turns nothing.
        """
        own = self.answers[REFERENCE][argument]
        return {
            m: self.verdict(m, argument)
            for m, answers in self.answers.items()
            if self.verdict(m, argument) != NOT_ASKED
            and isinstance(own, Finding)
            and isinstance(found := answers[argument], Finding)
            and found.turns(own)
        }

    def reversed_under(self, argument: str) -> list[str]:
        """Mechanisms under which most draws are otherwise, whatever the size of the effect."""
        return [m for m, verdict in self.turned(argument).items() if verdict != NO_EFFECT]

    def sentences(self) -> tuple[str, ...]:
        """Which conclusions survive, which lose their effect, and which depend on the mechanism."""
        decided = [a for a in self.arguments if self.verdict(REFERENCE, a) in (SUPPORTED, CONTRADICTED)]
        same = [a for a in decided if not self.turned(a)]
        rest = [a for a in decided if a not in same]
        asked = [self.asked(a) for a in decided]
        whole = _grouped([(self.verdict(REFERENCE, a), self._named(a)) for a in same])
        sentences = [
            f"{len(same)} of the {len(decided)} findings that draws decide stand under every other mechanism "
            f"that they can be put to; {len(rest)} {'turns' if len(rest) == 1 else 'turn'} under some"
            + (f": {', '.join(rest)}." if rest else "."),
            f"Each finding can be put to {min(asked, default=0)} to {max(asked, default=0)} of the "
            f"{len(self.answers) - 1} other mechanisms: those without utility do not weigh price, quality or "
            "finance.",
            f"They stand throughout: {'; '.join(f'{v} {listed(names)}' for v, names in whole) or 'none'}.",
        ]
        for a in rest:
            other = _grouped([(verdict, mechanism) for mechanism, verdict in self.turned(a).items()])
            elsewhere = "; ".join(f"{verdict} under {listed(names)}" for verdict, names in other)
            own = self.verdict(REFERENCE, a)
            sentences.append(f"{self._named(a)}, {own} under vendor choice: {elsewhere}.")
        return tuple(sentences)

    def _named(self, argument: str) -> str:
        """The argument, and of how many other mechanisms it was asked if not of all."""
        asked, others = self.asked(argument), len(self.answers) - 1
        return argument if asked == others else f"{argument} (put to {asked} of {others})"

    def to_frame(self) -> pd.DataFrame:
        """One row for each argument and mechanism."""
        return pd.DataFrame(self._rows())

    def _rows(self) -> Iterator[dict[str, object]]:
        for argument in self.arguments:
            for mechanism, answers in self.answers.items():
                found = answers[argument]
                numbers = {"measure": "", "unit": "", "median": np.nan, "low": np.nan, "high": np.nan}
                share = np.nan
                if isinstance(found, Finding):
                    numbers = {name: getattr(found, name) for name in numbers}
                    share = found.share
                yield {
                    "argument": argument,
                    "mechanism": mechanism,
                    "verdict": self.verdict(mechanism, argument),
                    "turned": mechanism in self.turned(argument),
                    "asked_under": self.asked(argument),
                    "share": share,
                    **numbers,
                    "draws": self.draws,
                    "note": self.why_not(mechanism, argument),
                }


def _grouped(pairs: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Names by verdict, verdicts in the order in which they come."""
    return [(v, [name for w, name in pairs if w == v]) for v in dict.fromkeys(v for v, _ in pairs)]


def listed(names: list[str]) -> str:
    """Names of mechanisms for a sentence.

    Examples
    --------
    >>> listed(["voter", "heat-bath", "majority"])
    'voter, heat bath and majority'
    """
    plain = [name.replace("-", " ") for name in names]
    return plain[0] if len(plain) == 1 else f"{', '.join(plain[:-1])} and {plain[-1]}"


class Answers(NamedTuple):
    """What a mechanism says: findings, or why there is none, and what the world comes to."""

    draws: int
    findings: Mapping[str, Finding | str]
    world: Mapping[str, tuple[float, float, float]]


def answer_under(mechanism: str, world: World, draws: int, rng: int, threads: int | None = None) -> Answers:
    """Answer the arguments under another mechanism, over the study's first draws.

    Parameters
    ----------
    mechanism : str
        One of :data:`COMPARED`.
    world : World
    draws, rng : int
        Of the study.
    threads : int or None
    """
    draws = min(draws, _MAX_DRAWS)
    runs = make_runs(world, draws, rng, mechanism=mechanism, only=scenarios_of(), threads=threads)
    return Answers(draws, answer_by_runs(runs), _world(runs))


def compare_mechanisms(runs: Runs, answers: Sequence[Finding], others: Mapping[str, Answers]) -> Comparison:
    """Set the study's answers beside those under other mechanisms.

    Parameters
    ----------
    runs : Runs
        Of the study, which stand for its own mechanism.
    answers : sequence of Finding
        What they say.
    others : mapping of mechanism to Answers
        From :func:`answer_under`.
    """
    own: dict[str, Finding | str] = {f.argument: f for f in answers if f.argument in BY_RUNS}
    return Comparison(
        draws=min(one.draws for one in others.values()),
        answers={REFERENCE: own} | {name: one.findings for name, one in others.items()},
        world={REFERENCE: _world(runs)} | {name: one.world for name, one in others.items()},
    )


def _world(runs: Runs) -> dict[str, tuple[float, float, float]]:
    found = {what: np.quantile(runs.of(*asked), INTERVAL) for what, asked in WORLD.items()}
    return {what: (float(low), float(mid), float(high)) for what, (low, mid, high) in found.items()}
