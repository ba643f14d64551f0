"""What each finding rests on: assumed, depends, or found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from standards_net.sensitivity.flips import value_text
from standards_net.studies.carnegie_2019.arguments import answer_by_runs, scenarios_of
from standards_net.studies.carnegie_2019.mechanisms import Comparison, listed
from standards_net.studies.carnegie_2019.runs import make_runs
from standards_net.studies.finding import ASSUMED, DEPENDS, FOUND, NO_EFFECT, SUPPORTED, UNDECIDED, Finding
from standards_net.wording import percent
from standards_net.world.world import World

__all__ = ["NO_FEEDBACK", "answer_without_feedback", "labelled"]

# Feedback: what adoption does to prices, quality, compatibility and speed, and others' adoption to choice.
NO_FEEDBACK = {
    "network_benefit": 0.0,
    "progress_ratio": 1.0,
    "research_feedback": 0.0,
    "speed_elasticity": 0.0,
    "compatibility_drift": 0.0,
    "spill_over_radio": 0.0,
}
_MAX_DRAWS = 128  # the first draws of the study
_NOT_SEARCHED = "whether a parameter turns it was not searched"
_NAMED = 3  # flip values that are named; the others are counted


def answer_without_feedback(
    world: World, draws: int, rng: int, threads: int | None = None
) -> dict[str, Finding | str]:
    """Answer the arguments with prices, quality, compatibility and speed left as the scenario puts them.

    Parameters
    ----------
    world : World
    draws, rng : int
        Of the study; its first draws are taken.
    threads : int or None
    """
    draws = min(draws, _MAX_DRAWS)
    return answer_by_runs(
        make_runs(world, draws, rng, parameters=NO_FEEDBACK, only=scenarios_of(), threads=threads)
    )


def labelled(
    answers: Sequence[Finding],
    without_feedback: Mapping[str, Finding | str],
    comparison: Comparison,
    flips: pd.DataFrame | None,
) -> tuple[Finding, ...]:
    """Findings with their labels.

    *Depends*, if draws do not decide it, there is no clear effect, a single parameter turns it within its
    prior, or another mechanism does; also where nobody searched. *Assumed*, if it is supported without any
    feedback too, so that the scenario gives the direction; then it is no matter that its effect fades under
    other mechanisms, unless one reverses it. What is contradicted is never assumed: scenarios are written to
    give the claims their chance. *Found*, if no parameter turns it, nor any mechanism that it can be put to.

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
    found: Finding,
    without_feedback: Finding | str | None,
    comparison: Comparison,
    flips: pd.DataFrame | None,
) -> tuple[str, str]:
    if found.verdict == UNDECIDED:
        return DEPENDS, "draws do not decide it"
    if found.verdict == NO_EFFECT:
        return DEPENDS, "there is no clear effect"
    turning = [] if flips is None else flips[flips["conclusion"] == found.argument].to_dict("records")
    if turning:
        return DEPENDS, _turned_by(turning)
    searched = flips is not None and found.argument in flips.attrs["searched"]
    asked = found.argument in comparison.arguments
    if (
        isinstance(without_feedback, Finding)
        and found.verdict == SUPPORTED
        and not without_feedback.turns(found)
        and not (asked and comparison.reversed_under(found.argument))
    ):
        how = "it holds without feedback too: the scenario gives the direction"
        return ASSUMED, how if searched else f"{how}; {_NOT_SEARCHED}"
    turned = comparison.turned(found.argument) if asked else {}
    if turned:
        verdicts = {v: [m for m in turned if turned[m] == v] for v in dict.fromkeys(turned.values())}
        return DEPENDS, "; ".join(f"{v} under {listed(names)}" for v, names in verdicts.items())
    if not searched:
        return DEPENDS, _NOT_SEARCHED
    if not asked or not comparison.asked(found.argument):
        return DEPENDS, "no parameter that was tried turns it, but it was put to one mechanism only"
    others = f"{comparison.asked(found.argument)} of {len(comparison.answers) - 1}"
    return FOUND, f"no single parameter turns it, nor any other mechanism that it can be put to ({others})"


def _turned_by(turning: Sequence[Mapping[str, Any]]) -> str:
    """Values that turn a finding, the most probable first."""
    ordered = sorted(turning, key=lambda row: -row["calibrated_probability"])
    rest = f" or {len(ordered) - _NAMED} more" if len(ordered) > _NAMED else ""
    return f"turned by {', by '.join(_value(row) for row in ordered[:_NAMED])}{rest}"


def _value(row: Mapping[str, Any]) -> str:
    text = f"{row['parameter']} {value_text(row['low'], row['high'], row['prior_low'], row['prior_high'])}"
    probability = row["calibrated_probability"]
    return f"{text} ({percent(probability)} of the calibrated sample)" if probability else text
