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
]

UPDATES = ("synchronous", "asynchronous")


def checked_number(name: str, value: Any, *, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number within bounds.

    Examples
    --------
    >>> checked_number("noise", 2, least=0.0, most=1.0)
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: noise is 2; it must be a number from 0 to 1.
    """
    right = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if right and math.isfinite(value) and least <= value <= most:
        return float(value)
    if math.isfinite(least) and math.isfinite(most):
        bounds = f" from {least:g} to {most:g}"
    elif math.isfinite(least):
        bounds = f" of {least:g} or more"
    else:
        bounds = ""
    raise StandardsNetError(f"{name} is {value!r}; it must be a number{bounds}.")


def checked_count(name: str, value: Any, least: int = 1) -> int:
    """A whole number.

    Examples
    --------
    >>> checked_count("q", 4)
    4
    """
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= least:
        return int(value)
    raise StandardsNetError(f"{name} is {value!r}; it must be a whole number of at least {least}.")


def checked_update(update: str, valid: Sequence[str] = UPDATES) -> bool:
    """Whether nodes take turns; a word that is not among the valid ones is an error."""
    if update not in valid:
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


def _numbers(name: str, values: npt.ArrayLike) -> FloatArray:
    try:
        found = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise StandardsNetError(f"{name} must be an array of numbers.") from None
    if not np.isfinite(found).all():
        raise StandardsNetError(f"{name} holds something that is not a finite number.")
    return found


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
