"""Parameters of processes: each that is impossible has its own sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError, one_of

__all__ = [
    "UPDATES",
    "checked_array",
    "checked_compatibility",
    "checked_count",
    "checked_number",
    "checked_quality",
    "checked_update",
    "real_array",
    "refuse_beyond",
    "shown",
]

UPDATES = ("synchronous", "asynchronous")

_LONGEST = 60  # letters of a value in a sentence
_HEADROOM = 1e-6  # part of the largest number up to which sums of utilities are safe


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
        except OverflowError:  # a whole number beyond what a float can hold
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
    """A value as it was written, the middle of long ones left out.

    Examples
    --------
    >>> shown(10**60)
    '10000000000000000000...00000000000000000000'
    """
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:20]}...{text[-20:]}"


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


def checked_update(update: str, valid: Sequence[str] = UPDATES) -> bool:
    """Whether nodes take turns; a word that is not among the valid ones is an error."""
    if str(update) not in valid:
        raise StandardsNetError(one_of("update", str(update), valid) + ".")
    return update == "asynchronous"


def checked_compatibility(
    compatibility: npt.ArrayLike | None, standards: int | None = None
) -> FloatArray | None:
    """(S, S) array of finite numbers, or None."""
    if compatibility is None:
        return None
    matrix = _numbers("compatibility", compatibility)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise StandardsNetError(f"compatibility has shape {matrix.shape}; it must be (standards, standards).")
    if standards is not None and len(matrix) != standards:
        raise StandardsNetError(f"compatibility is of {len(matrix)} standards; there are {standards}.")
    return matrix


def checked_quality(
    quality: npt.ArrayLike | None, nodes: int | None = None, standards: int | None = None
) -> FloatArray | None:
    """(S,) or (N, S) array of finite numbers, or None."""
    if quality is None:
        return None
    matrix = _numbers("quality", quality)
    if matrix.ndim not in (1, 2):
        raise StandardsNetError(
            f"quality has shape {matrix.shape}; it must be (standards,) or (nodes, standards)."
        )
    if standards is not None and matrix.shape not in ((standards,), (nodes, standards)):
        raise StandardsNetError(
            f"quality has shape {matrix.shape}; it must be ({standards},) or ({nodes}, {standards})."
        )
    return matrix


def real_array(name: str, values: npt.ArrayLike) -> FloatArray:
    """An array of real numbers, finite or not.

    Examples
    --------
    >>> real_array("base", [1j])
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: base must be an array of real numbers.
    """
    try:
        # Not what numpy would pass over in silence: imaginary parts, and values behind a mask.
        refused = np.iscomplexobj(values) or np.ma.isMaskedArray(values)
        found = np.array(() if refused else values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        refused = True
    if refused:
        raise StandardsNetError(f"{name} must be an array of real numbers.")
    return found


def _numbers(name: str, values: npt.ArrayLike) -> FloatArray:
    found = real_array(name, values)
    if not np.isfinite(found).all():
        raise StandardsNetError(f"{name} holds something that is not a finite number.")
    return found


def refuse_beyond(process: str, largest: float, precision: npt.DTypeLike = np.float64) -> None:
    """Utilities, or pay-offs, whose sums a number could not hold.

    Examples
    --------
    >>> refuse_beyond("heat bath", 1e308)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: heat bath: utilities of up to 1e+308 are beyond ...
    """
    if not largest <= _HEADROOM * float(np.finfo(precision).max):
        raise StandardsNetError(
            f"{process}: utilities of up to {largest:g} are beyond what can be added up; "
            "take smaller parameters."
        )


def checked_array(
    name: str, values: npt.ArrayLike, *, least: float = -math.inf, most: float = math.inf
) -> FloatArray:
    """An array of finite numbers within bounds; a single number is an array without axes.

    Examples
    --------
    >>> checked_array("base", [1, 0], least=1.0)
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: base holds 0; it must be numbers of 1 or more.
    """
    found = _numbers(name, values)
    wrong = found[(found < least) | (found > most)]
    if wrong.size:
        bounds = f"from {least:g} to {most:g}" if math.isfinite(most) else f"of {least:g} or more"
        raise StandardsNetError(f"{name} holds {wrong[0]:g}; it must be numbers {bounds}.")
    return found
