"""The report's section on other mechanisms of choice."""

from __future__ import annotations

from typing import Any

from standards_net.studies.carnegie_2019.mechanisms import (
    LEFT_ALONE,
    NOT_ASKED,
    REFERENCE,
    Comparison,
    listed,
)
from standards_net.studies.finding import Finding

__all__ = ["mechanism_section"]

_NEARLY_GONE = 0.1  # share of the world, from 0.4 in 2019
_SCALES = {
    "points": (100.0, 1, "percentage points"),
    "USD": (1e-9, 1, "USD bn"),
    "USD per year": (1e-9, 1, "USD bn a year"),
}


def mechanism_section(comparison: Comparison) -> dict[str, Any]:
    """Context of the section for the template."""
    names = list(comparison.answers)
    return {
        "sentences": comparison.sentences(),
        "names": [name.replace("-", " ") for name in names],
        "world": [
            {"name": what, "cells": [_interval(*comparison.world[name][what], 1.0, 2) for name in names]}
            for what in comparison.world[REFERENCE]
        ],
        "rows": [_row(comparison, argument) for argument in comparison.arguments],
        "reasons": _reasons(comparison),
        "note": _note(comparison),
    }


def _note(comparison: Comparison) -> str:
    dying = [name for name, what in comparison.world.items() if what[LEFT_ALONE][1] < _NEARLY_GONE]
    text = (
        f"Vendor choice as in the study; the others over its first {comparison.draws} draws: same "
        "parameters, same random numbers, radio. Their shares of draws are uncertain by up to "
        f"{_uncertainty(comparison.draws):.0f} points (two standard errors). "
        "Only vendor choice, procurement, heat bath and best response weigh prices, quality, affinity, "
        "finance and lock-in; the other mechanisms depend on what countries hold or buy, and of all levers "
        "only bans affect their choice between standards."
    )
    if dying:
        text += (
            f" Under {listed(dying)} the Chinese-led standard, which influences fewer countries, dies out "
            "where no ban protects it, in its home market too; arguments about it concern almost nothing "
            "there."
        )
    return text + " B16 rests on games that are computed with vendor choice only."


def _row(comparison: Comparison, argument: str) -> dict[str, Any]:
    own = comparison.answers[REFERENCE][argument]
    measure = f"{own.measure}, {_scale(own.unit)[2]}" if isinstance(own, Finding) else ""
    asked = f"put to {comparison.asked(argument)} of {len(comparison.answers) - 1}"
    cells = [_cell(comparison, mechanism, argument) for mechanism in comparison.answers]
    return {"argument": argument, "measure": measure, "asked": asked, "cells": cells}


def _cell(comparison: Comparison, mechanism: str, argument: str) -> dict[str, Any]:
    found, verdict = comparison.answers[mechanism][argument], comparison.verdict(mechanism, argument)
    turned = mechanism in comparison.turned(argument)
    if isinstance(found, str) or verdict == NOT_ASKED:
        return {"verdict": verdict, "kind": "undecided", "mark": "", "share": ""}
    factor, digits, _ = _scale(found.unit)
    return {
        "verdict": verdict,
        "kind": verdict.split()[0],
        "mark": "≠" if turned else "",
        "share": f"{100 * found.share:.0f} %",
        **_interval(found.low, found.median, found.high, factor, digits),
    }


def _reasons(comparison: Comparison) -> list[str]:
    """Why arguments are not asked, each reason with the mechanisms that it applies to."""
    found: dict[tuple[str, str], list[str]] = {}
    for argument in comparison.arguments:
        for mechanism in comparison.answers:
            why = comparison.why_not(mechanism, argument)
            if why:
                found.setdefault((argument, why), []).append(mechanism)
    return [
        f"{argument} under {listed(names)}: {why.rstrip('.')}." for (argument, why), names in found.items()
    ]


def _scale(unit: str) -> tuple[float, int, str]:
    return _SCALES.get(unit, (1.0, 2, unit))


def _interval(low: float, median: float, high: float, factor: float, digits: int) -> dict[str, str]:
    parts = (round(factor * part, digits) + 0.0 for part in (median, low, high))  # no negative zero
    middle, lower, upper = (f"{part:,.{digits}f}" for part in parts)
    return {"median": middle, "range": f"[{lower}, {upper}]"}


def _uncertainty(draws: int) -> float:
    """Two standard errors of a share of one half, in percentage points."""
    return float(100.0 / draws**0.5)
