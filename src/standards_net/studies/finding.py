"""A finding: one sentence with its number, interval, share of draws, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.errors import StandardsNetError
from standards_net.results import INTERVAL
from standards_net.wording import interval_text, likelihood_word, percent, scale_and_digits, share_interval

__all__ = [
    "ASSUMED", "CONTRADICTED", "DEPENDS", "FOUND", "NO_EFFECT", "SUPPORTED", "UNDECIDED", "Effect", "Finding",
    "Measured", "Size", "median_interval", "weigh",
]  # fmt: skip

SUPPORTED, CONTRADICTED, UNDECIDED, NO_EFFECT = "supported", "contradicted", "undecided", "no clear effect"
ASSUMED, DEPENDS, FOUND = "assumed", "depends", "found"
_FADED = 0.05  # of the effect elsewhere: what is smaller counts as none
_SUPPORTED_FROM, _CONTRADICTED_TO = 0.9, 0.1
_Z = 1.959963984540054  # of a 95 % interval


@dataclass(frozen=True)
class Effect:
    """A number in each draw, and the sign that the claim gives it.

    Attributes
    ----------
    values : (R,) array
    sign : {1, -1}
    unit : str
        As in :class:`Finding`.

    Examples
    --------
    >>> Effect(np.array([0.2, 0.0, -0.1]), -1, "points").holds.tolist()
    [False, False, True]
    """

    values: FloatArray
    sign: int
    unit: str

    @property
    def holds(self) -> BoolArray:
        """Draws in which the number has the sign; zero has none."""
        return self.values * self.sign > 0.0


@dataclass(frozen=True)
class Measured:
    """What an experiment measured.

    Examples
    --------
    >>> rise, fall = np.array([1.0, 2.0]), np.array([-1.0, 1.0])
    >>> Measured(rise, (Effect(rise, 1, "1"), Effect(fall, -1, "1"))).holds.tolist()
    [True, False]

    Attributes
    ----------
    headline : (R,) array
        The number of the sentence.
    effects : tuple of Effect
        The claim holds in a draw if all of them have their sign.
    details : tuple of (label, (R,) array)
        Further numbers.
    """

    headline: FloatArray
    effects: tuple[Effect, ...]
    details: Sequence[tuple[str, FloatArray]] = ()

    @property
    def holds(self) -> BoolArray:
        """Draws in which the claim holds."""
        return np.asarray(np.all([effect.holds for effect in self.effects], axis=0))


@dataclass(frozen=True)
class Size:
    """Median of an effect over the draws, with its 95 % Monte Carlo interval.

    Attributes
    ----------
    median, low, high : float
    unit : str
    """

    median: float
    low: float
    high: float
    unit: str

    @classmethod
    def of(cls, effect: Effect) -> Size:
        """Size of an effect."""
        return cls(float(np.median(effect.values)), *median_interval(effect.values), effect.unit)

    @property
    def is_nothing(self) -> bool:
        """Whether it cannot be told from zero, or rounds to zero in print."""
        scale, digits = scale_and_digits(self.unit, self.median)
        return self.low <= 0.0 <= self.high or round(self.median * scale, digits) == 0.0


@dataclass(frozen=True)
class Finding:
    """One argument and what the model finds.

    Attributes
    ----------
    argument : str
        ``B1`` to ``B16``.
    claim : str
        What the brief argues, in our words.
    statement : str
        What has to be so for the claim to hold: goes on after "that".
    size : str
        The number in words: template with ``{value}``.
    measure, unit : str
    median, low, high : float
        Headline number: median and 5 to 95 % of the draws.
    sizes : tuple of Size
        Of each effect that the claim is about.
    median_error : float
        Monte Carlo standard error of the median.
    share : float
        Share of the draws in which the claim holds.
    draws : int
    conditional_on : str
    details : tuple of (label, median, low, high)
        Further numbers.
    label : {"", "assumed", "depends", "found"}
        Whether the direction is put in by the scenario, depends on a belief, or survives all of them; empty
        if nobody asked.
    because : str
        Why the label.
    """

    argument: str
    claim: str
    statement: str
    size: str
    measure: str
    unit: str
    median: float
    low: float
    high: float
    median_error: float
    sizes: tuple[Size, ...]
    share: float
    draws: int
    conditional_on: str
    details: tuple[tuple[str, float, float, float], ...] = ()
    label: str = ""
    because: str = ""

    @property
    def share_low(self) -> float:
        """Lower end of the 95 % interval of the share."""
        return share_interval(self.share, self.draws)[0]

    @property
    def share_high(self) -> float:
        """Upper end of the 95 % interval of the share."""
        return share_interval(self.share, self.draws)[1]

    @property
    def verdict(self) -> str:
        """``supported``, ``contradicted``, ``undecided`` or ``no clear effect``.

        Undecided are shares between 10 and 90 % of the draws, and those of so few draws that most of all may
        be otherwise. An effect that cannot be told from zero supports and contradicts nothing.
        """
        mostly = self.share >= _SUPPORTED_FROM and self.share_low > 0.5
        hardly = self.share <= _CONTRADICTED_TO and self.share_high < 0.5
        if not mostly and not hardly:
            return UNDECIDED
        if any(size.is_nothing for size in self.sizes):
            return NO_EFFECT
        return SUPPORTED if mostly else CONTRADICTED

    @property
    def likelihood(self) -> str:
        """Likelihood word for the claim, by the end of the share's interval that is nearer one half."""
        return likelihood_word(self.share_low, self.share_high)

    @property
    def sentence(self) -> str:
        """What the model finds, in one sentence."""
        size = self.size.format(value=interval_text(self.median, self.low, self.high, self.unit))
        if self.verdict == NO_EFFECT:
            return f"The model finds no clear effect: {size}."
        likely = f"it is {self.likelihood} ({percent(self.share)} of draws) that {self.statement}"
        if self.verdict == CONTRADICTED:
            return f"The model contradicts this: {likely}; {size}."
        if self.verdict == UNDECIDED:
            share = f"{percent(self.share)} of draws: {self.likelihood}"
            return f"Draws do not decide whether {self.statement} ({share}); {size}."
        if self.label == ASSUMED:
            return f"By assumption {likely}; the model adds the size: {size}."
        return f"{likely[0].upper()}{likely[1:]}; {size}."

    def fades_beside(self, other: Finding) -> bool:
        """Whether one of its effects is less than a twentieth of that of another finding.

        Examples
        --------
        >>> one, two = (weigh("B0", "up", "it rises", "by {value}", "m", "1",
        ...     Measured(x, (Effect(x, 1, "1"),)), "nothing") for x in (np.full(9, 1.0), np.full(9, 0.04)))
        >>> two.fades_beside(one), one.fades_beside(two)
        (True, False)
        """
        pairs = zip(self.sizes, other.sizes, strict=True)
        return any(abs(own.median) < _FADED * abs(its.median) for own, its in pairs)

    def turns(self, other: Finding) -> bool:
        """Whether another finding no longer stands by this one: most draws are otherwise, or it fades.

        Only what is supported or contradicted can turn.
        """
        if other.verdict not in (SUPPORTED, CONTRADICTED):
            return False
        most = self.share >= 0.5 if other.verdict == SUPPORTED else self.share <= 0.5
        return not most or self.fades_beside(other)


def weigh(
    argument: str,
    claim: str,
    statement: str,
    size: str,
    measure: str,
    unit: str,
    measured: Measured,
    conditional_on: str,
) -> Finding:
    """Make a finding from what was measured.

    Parameters
    ----------
    argument, claim, statement, size, measure, unit, conditional_on : str
        As in :class:`Finding`.
    measured : Measured

    Raises
    ------
    StandardsNetError
        A number that is not finite.

    Examples
    --------
    >>> up = np.linspace(1.0, 2.0, 512)
    >>> measured = Measured(up, (Effect(up, 1, "1"),))
    >>> weigh("B0", "up", "it rises", "by {value}", "change", "1", measured, "nothing").sentence
    'It is virtually certain (100 % of draws) that it rises; by 1.50 [1.05, 1.95].'
    """
    for values in (measured.headline, *(effect.values for effect in measured.effects)):
        if not np.isfinite(values).all():
            raise StandardsNetError(f"{argument}: {measure} is not a finite number in every draw.")
    low, median, high = (float(q) for q in np.quantile(measured.headline, INTERVAL))
    least, most = median_interval(measured.headline)
    quantiles: Any = tuple(
        (label, *(float(q) for q in np.quantile(numbers, (0.5, 0.05, 0.95))))
        for label, numbers in measured.details
        if len(numbers)
    )
    return Finding(
        argument, claim, statement, size, measure, unit, median, low, high, (most - least) / (2.0 * _Z),
        tuple(Size.of(effect) for effect in measured.effects), float(np.mean(measured.holds)),
        len(measured.headline), conditional_on, quantiles,
    )  # fmt: skip


def median_interval(values: FloatArray) -> tuple[float, float]:
    """95 % Monte Carlo interval of a median of independent draws, whatever their distribution.

    The quantiles 1.96 standard errors of a rank, 1 / (2 sqrt(R)) each, below and above one half (David and
    Nagaraja 2003, doi:10.1002/0471722162, section 7.1).

    Examples
    --------
    >>> low, high = median_interval(np.random.default_rng(1).normal(size=10_000))
    >>> 0.9 < (high - low) / (2 * 1.96 * (np.pi / 2 / 10_000) ** 0.5) < 1.1
    True
    """
    reach = min(_Z / (2.0 * len(values) ** 0.5), 0.5)
    low, high = np.quantile(values, (0.5 - reach, 0.5 + reach))
    return float(low), float(high)
