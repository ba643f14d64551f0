"""Log-densities of the evidence given shares; they work on numpy and on jax arrays alike."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["DF", "announced_probability", "flat_top", "log_of_set", "range_sd", "supplies"]

DF = 3.0  # tails of census and reports: a name or a number may be plainly wrong
_NORMAL_90 = 1.645  # a range of a share is read as a 90 % interval
_SMALL = 1e-9


def range_sd(distance: Any, floor: float) -> Any:
    """Standard deviation of one side of a range, from the distance between the value and its end."""
    return (distance**2 + (floor * _NORMAL_90) ** 2) ** 0.5 / _NORMAL_90


def flat_top(
    xp: Any, value: Any, low: Any, high: Any, sd_low: Any, sd_high: Any, df: float | None = None
) -> Any:
    """Log-density of a share reported only as lying between ``low`` and ``high``, up to errors on both sides.

    Flat between both ends; beyond them it falls as a normal density, or as Student's with ``df`` degrees of
    freedom. With ``low = high`` and equal deviations it is that density itself. It is normalised over the
    real line.

    Parameters
    ----------
    xp
        numpy or ``jax.numpy``.
    value, low, high, sd_low, sd_high
        Share, the ends of what is reported, and the standard deviations beyond either end.
    df
        Degrees of freedom; None for the normal density.
    """
    z = xp.maximum((low - value) / sd_low, 0.0) + xp.maximum((value - high) / sd_high, 0.0)
    if df is None:
        fall, area = -0.5 * z**2, math.sqrt(2.0 * math.pi)
    else:
        fall = -0.5 * (df + 1.0) * xp.log1p(z**2 / df)
        area = math.sqrt(df * math.pi) * math.gamma(df / 2.0) / math.gamma((df + 1.0) / 2.0)
    return fall - xp.log(high - low + 0.5 * area * (sd_low + sd_high))


def supplies(share: Any) -> Any:
    """Chance that a vendor with a share of an operator's base counts as one of its suppliers.

    One of six equal parts of the network at least: 1 - (1 - share)^6. A twentieth counts in one of four
    cases, a third nearly always.
    """
    return 1.0 - (1.0 - share) ** 6


def announced_probability(share: Any, named: Any, mistaken: Any) -> Any:
    """Chance that a record names a vendor as supplier of an operator, from its share.

    Parameters
    ----------
    share
        Share of the operator's base.
    named
        Chance that a record exists if the vendor is a supplier; it depends on the vendor.
    mistaken
        Chance that a record exists although the vendor supplies nothing of the base of 2019.
    """
    return mistaken + (named - mistaken) * supplies(share)


def log_of_set(xp: Any, probability: Any, named: Any) -> Any:
    """Log-probability of a set of named vendors, given that at least one is named."""
    p = xp.clip(probability, _SMALL, 1.0 - _SMALL)
    each = xp.where(named > 0, xp.log(p), xp.log1p(-p)).sum(axis=-1)
    return each - xp.log1p(-xp.prod(1.0 - p, axis=-1))
