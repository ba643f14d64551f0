"""One named array of a result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standards_net.frozen import Value

__all__ = ["INTERVAL", "PER_RUN", "Variable"]

INTERVAL = (0.05, 0.5, 0.95)  # low, middle and high of every interval that is printed
PER_RUN = ("scenario", "draw", "year", "technology")  # axes of a measure: one number for each


@dataclass(frozen=True, eq=False)
class Variable(Value):
    """One named array of a result. Equal if axes, unit, meaning and every value are.

    Attributes
    ----------
    dims : tuple of str
        Axes, each a coordinate of the result.
    values : array
        Read-only.
    unit : str
        ``1`` for pure numbers and shares.
    meaning : str

    Examples
    --------
    >>> a, b = (Variable(("year",), np.array([1.0, np.nan]), "1", "a share") for _ in range(2))
    >>> a == b, hash(a) == hash(b)
    (True, True)
    """

    dims: tuple[str, ...]
    values: np.ndarray
    unit: str
    meaning: str
