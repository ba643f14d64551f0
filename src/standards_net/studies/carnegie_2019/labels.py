"""What each finding rests on: assumed, depends, or found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from standards_net.progress import Progress
from standards_net.studies.carnegie_2019.arguments import answer_by_runs, scenarios_of
from standards_net.studies.carnegie_2019.mechanisms import Comparison, listed
from standards_net.studies.carnegie_2019.runs import Runs, make_runs
from standards_net.studies.finding import (
    ASSUMED,
    DEPENDS,
    FOUND,
    NO_EFFECT,
    SUPPORTED,
    UNDECIDED,
    Finding,
    percent,
)

__all__ = ["NO_FEEDBACK", "answer_without_feedback", "labelled"]

# Everything through which the model answers to what a scenario puts in.
NO_FEEDBACK = {
    "network_benefit": 0.0,
    "progress_ratio": 1.0,
    "research_feedback": 0.0,
    "speed_elasticity": 0.0,
    "compatibility_drift": 0.0,
    "spill_over_radio": 0.0,
}
_MAX_DRAWS = 128  # the first draws of the study
_NAMED = 3  # flip values that are named; the others are counted


def answer_without_feedback(
    runs: Runs, rng: int, progress: Progress | None = None
) -> dict[str, Finding | str]:
    """Answer the arguments with prices, quality, compatibility and speed left as the scenario puts them.

    Parameters
    ----------
    runs : Runs
        Of the study: same world, first draws.
    rng : int
        Seed of the study.
    progress : callable or None
        Called with (part done, in all).
    """
    draws = min(len(runs.main.coords["draw"]), _MAX_DRAWS)
    return answer_by_runs(
        make_runs(runs.world, draws, rng, progress, parameters=NO_FEEDBACK, only=scenarios_of())
    )


def labelled(
    answers: Sequence[Finding],
    without_feedback: Mapping[str, Finding | str],
    comparison: Comparison,
    flips: pd.DataFrame | None,
) -> tuple[Finding, ...]:
    """Findings with their labels.

    *Depends*, if no draws decide it, a single parameter turns it within its prior, or another mechanism does.
    *Assumed*, if it is supported without any feedback too, so that the scenario alone gives the direction;
    then it is no matter that its effect fades under other mechanisms, unless one reverses it. *Found*, if it
    survives all of these.

    Parameters
    ----------
    answers : sequence of Finding
    without_feedback : mapping of argument to Finding or str
        From :func:`answer_without_feedback`.
    comparison : Comparison
        Under other mechanisms.
    flips : DataFrame or None
        From :func:`standards_net.studies.carnegie_2019.flips.shipped_flips`; None if they were not searched.
    """
    labels = [_label(f, without_feedback.get(f.argument), comparison, flips) for f in answers]
    return tuple(
        replace(f, label=label, because=because) for f, (label, because) in zip(answers, labels, strict=True)
    )


def _label(
    found: Finding, unfed: Finding | str | None, comparison: Comparison, flips: pd.DataFrame | None
) -> tuple[str, str]:
    if found.verdict == UNDECIDED:
        return DEPENDS, "draws decide it neither way"
    if found.verdict == NO_EFFECT:
        return DEPENDS, "there is no clear effect"
    turning = [] if flips is None else flips[flips["conclusion"] == found.argument].to_dict("records")
    if turning:
        return DEPENDS, _turned(turning)
    asked = found.argument in comparison.arguments
    if (
        isinstance(unfed, Finding)
        and found.verdict == SUPPORTED == unfed.verdict
        and not unfed.faint_beside(found)
        and not comparison.reversed_under(found.argument)
    ):
        return ASSUMED, "the scenario puts the direction in: it holds with all feedback switched off"
    others = comparison.others(found.argument) if asked else {}
    if others:
        verdicts = {v: [m for m in others if others[m] == v] for v in dict.fromkeys(others.values())}
        return DEPENDS, "; ".join(f"{v} under {listed(names)}" for v, names in verdicts.items())
    how = "the games were played with one mechanism, and only parameters of their pay-offs were tried"
    if asked:
        others_asked = f"{comparison.asked(found.argument)} of {len(comparison.answers) - 1}"
        how = f"it holds under every other mechanism that it can be asked of, {others_asked}"
    tried = "no single parameter turns it within its prior"
    if flips is None:
        tried = "flip values were not searched for these tables"
    return FOUND, f"{tried}; {how}"


def _turned(turning: Sequence[Mapping[str, object]]) -> str:
    """Values that turn a finding, the most probable first."""
    ordered = sorted(turning, key=lambda row: -float(str(row["calibrated_beyond"])))
    named = [_value(row) for row in ordered[:_NAMED]]
    rest = f" or {len(ordered) - _NAMED} more" if len(ordered) > _NAMED else ""
    return f"turned by {', by '.join(named)}{rest}"


def _value(row: Mapping[str, object]) -> str:
    value, beyond = float(str(row["value"])), float(str(row["calibrated_beyond"]))
    if not beyond:
        return f"{row['parameter']} at {value:.3g}, the end of its prior"
    return f"{row['parameter']} {row['turns']} {value:.3g} ({percent(beyond)} of the calibrated sample)"
