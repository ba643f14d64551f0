"""Argument checks that all packages share: numbers, counts and arrays within bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError
from standards_net.labels import without_labels

__all__ = [
    "LAST_YEAR",
    "checked_array",
    "checked_count",
    "checked_draws",
    "checked_names",
    "checked_number",
    "checked_year",
    "finite_array",
    "real_array",
    "shown",
]

LAST_YEAR = 2100  # that a run may reach

_MOST_DRAWS = 2**29  # points of the Sobol sequence, half of them to spare
_MAX_SHOWN = 60  # characters of a value in an error message


def checked_number(name: str, value: Any, *, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number within bounds.

    Examples
    --------
    >>> checked_number("noise", 2, least=0.0, most=1.0)
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: noise is 2; it must be a number from 0 to 1.
    """
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:  # an integer too large for a float
            number = math.inf
        if math.isfinite(number) and least <= number <= most:
            return number
    if math.isfinite(least) and math.isfinite(most):
        bounds = f" from {least:g} to {most:g}"
    elif math.isfinite(least):
        bounds = f" of {least:g} or more"
    else:
        bounds = ""
    raise StandardsNetError(f"{name} is {shown(value)}; it must be a number{bounds}.")


def shown(value: Any) -> str:
    """``repr`` of a value, without the middle if it is long.

    Examples
    --------
    >>> shown(10**60)
    '10000000000000000000...00000000000000000000'
    """
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:20]}...{text[-20:]}"


def checked_count(name: str, value: Any, least: int = 1, most: int = 2**62) -> int:
    """A whole number within bounds.

    Examples
    --------
    >>> checked_count("q", 4)
    4
    """
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise StandardsNetError(f"{name} is {shown(value)}; it must be a whole number of at least {least}.")
    if value > most:
        raise StandardsNetError(f"{name} is {shown(value)}; it can be at most {most:,}.")
    return int(value)


def checked_draws(draws: Any) -> range:
    """Draws: so many from the first on, or a range of consecutive ones.

    Examples
    --------
    >>> checked_draws(8), checked_draws(range(16, 32))
    (range(0, 8), range(16, 32))
    >>> checked_draws(range(0))
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: draws is range(0, 0); it must be consecutive draws: range(16, 32).
    """
    if not isinstance(draws, range):
        return range(checked_count("draws", draws, most=_MOST_DRAWS))
    if draws.step != 1 or not len(draws) or draws.start < 0:
        raise StandardsNetError(f"draws is {shown(draws)}; it must be consecutive draws: range(16, 32).")
    checked_count("the end of draws", draws.stop, most=_MOST_DRAWS)
    return draws


def checked_year(name: str, value: Any, least: int) -> int:
    """A calendar year up to :data:`LAST_YEAR`.

    Examples
    --------
    >>> checked_year("until", 2018, least=2020)
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: until is 2018; it must be a year from 2020 to 2100.
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not least <= value <= LAST_YEAR:
        raise StandardsNetError(f"{name} is {shown(value)}; it must be a year from {least} to {LAST_YEAR}.")
    return int(value)


def checked_names(name: str, value: Any) -> tuple[str, ...]:
    """Names: one, or an iterable of them.

    Examples
    --------
    >>> checked_names("groups", "G20"), checked_names("groups", iter(["IND", "USA"]))
    (('G20',), ('IND', 'USA'))
    """
    if isinstance(value, str):
        return (value,)
    found = tuple(value) if isinstance(value, Iterable) else (value,)
    for one in found:
        if not isinstance(one, str):
            raise StandardsNetError(f"{name} holds {shown(one)}; it must be names, such as ['G20'].")
    return found


def real_array(name: str, values: npt.ArrayLike) -> FloatArray:
    """An array of real numbers, finite or not; labels would be lost, and are refused.

    Examples
    --------
    >>> real_array("base", [1j])
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: base must be an array of real numbers.
    """
    without_labels(name, values)
    try:
        # numpy would drop imaginary parts and masks silently.
        refused = np.iscomplexobj(values) or np.ma.isMaskedArray(values)
        found = np.array(() if refused else values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        refused = True
    if refused:
        raise StandardsNetError(f"{name} must be an array of real numbers.")
    return found


def finite_array(name: str, values: npt.ArrayLike) -> FloatArray:
    """An array of finite real numbers.

    Examples
    --------
    >>> finite_array("base", [1.0, float("nan")])
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: base holds something that is not a finite number.
    """
    found = real_array(name, values)
    if not np.isfinite(found).all():
        raise StandardsNetError(f"{name} holds something that is not a finite number.")
    return found


def checked_array(
    name: str, values: npt.ArrayLike, *, least: float = -math.inf, most: float = math.inf
) -> FloatArray:
    """An array of finite numbers within bounds; a single number becomes a 0-d array.

    Examples
    --------
    >>> checked_array("base", [1, 0], least=1.0)
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: base holds 0; values must be 1 or more.
    """
    found = finite_array(name, values)
    wrong = found[(found < least) | (found > most)]
    if wrong.size:
        bounds = f"from {least:g} to {most:g}" if math.isfinite(most) else f"{least:g} or more"
        raise StandardsNetError(f"{name} holds {wrong[0]:g}; values must be {bounds}.")
    return found
