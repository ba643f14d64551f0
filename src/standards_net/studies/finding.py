"""A finding: a sentence with a number, its interval, and the share of draws in which it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.results import INTERVAL

__all__ = ["Finding", "interval_text", "weigh"]

_SUPPORTED, _CONTRADICTED = 0.9, 0.1


@dataclass(frozen=True)
class Finding:
    """One argument and what the model finds.

    Attributes
    ----------
    argument : str
        ``B1`` to ``B16``.
    claim : str
        What the brief argues, in our words.
    sentence : str
        What the model finds.
    measure, unit : str
    median, low, high : float
        Headline number: median and 5 to 95 % of the draws.
    share : float
        Share of the draws in which the claim holds.
    conditional_on : str
    details : tuple of (label, median, low, high)
        Further numbers, for the chart beside the sentence.
    """

    argument: str
    claim: str
    sentence: str
    measure: str
    unit: str
    median: float
    low: float
    high: float
    share: float
    conditional_on: str
    details: tuple[tuple[str, float, float, float], ...] = ()

    @property
    def verdict(self) -> str:
        """``supported``, ``contradicted`` or ``undecided``."""
        if self.share >= _SUPPORTED:
            return "supported"
        return "contradicted" if self.share <= _CONTRADICTED else "undecided"


def weigh(
    argument: str,
    claim: str,
    sentence: str,
    measure: str,
    unit: str,
    values: FloatArray,
    holds: BoolArray,
    conditional_on: str,
    details: Sequence[tuple[str, FloatArray]] = (),
) -> Finding:
    """Make a finding from one number per draw.

    Parameters
    ----------
    argument, claim, measure, unit, conditional_on : str
    sentence : str
        Template with ``{share}`` and ``{value}``.
    values : (R,) array
        The headline number in each draw.
    holds : (R,) array of bool
        Whether the claim holds in the draw.
    details : sequence of (label, (R,) array)

    Examples
    --------
    >>> f = weigh("B0", "up", "Up in {share} of draws, by {value}.", "change", "1",
    ...           np.array([1.0, 2.0]), np.array([True, True]), "nothing")
    >>> f.sentence
    'Up in 100 % of draws, by 1.50 [1.05, 1.95].'
    """
    low, median, high = (float(q) for q in np.quantile(values, INTERVAL))
    share = float(np.mean(holds))
    text = sentence.format(share=f"{100 * share:.0f} %", value=interval_text(median, low, high, unit))
    if share <= _CONTRADICTED:
        text = f"The model contradicts this. {text}"
    quantiles: Any = tuple(
        (label, *(float(q) for q in np.quantile(numbers, (0.5, 0.05, 0.95)))) for label, numbers in details
    )
    return Finding(argument, claim, text, measure, unit, median, low, high, share, conditional_on, quantiles)


def interval_text(median: float, low: float, high: float, unit: str) -> str:
    """Number and interval for a sentence, formatted for the unit.

    Examples
    --------
    >>> interval_text(0.123, 0.1, 0.2, "points")
    '12.3 [10.0, 20.0] percentage points'
    >>> interval_text(2.5e9, 1e9, 4e9, "USD per year")
    'USD 2.5 bn [1.0, 4.0] a year'
    """
    if unit in ("points", "%"):
        name = "percentage points" if unit == "points" else "%"
        return f"{100 * median:.1f} [{100 * low:.1f}, {100 * high:.1f}] {name}"
    if unit.startswith("USD"):
        tail = " a year" if unit.endswith("per year") else ""
        scale, word = (1e12, "tn") if abs(median) >= 1e12 else (1e9, "bn")
        return f"USD {median / scale:.1f} {word} [{low / scale:.1f}, {high / scale:.1f}]{tail}"
    if unit == "states":
        return f"{median:.0f} [{low:.0f}, {high:.0f}]"
    tail = "" if unit == "1" else f" {unit}"
    return f"{median:.2f} [{low:.2f}, {high:.2f}]{tail}"
