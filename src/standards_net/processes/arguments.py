"""Checks of arguments that several processes share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from standards_net.checks import finite_array
from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError, one_of

__all__ = ["UPDATES", "checked_compatibility", "checked_quality", "checked_update", "refuse_beyond"]

UPDATES = ("synchronous", "asynchronous")

_HEADROOM = 1e-6  # fraction of the largest representable number up to which sums of utilities are safe


def checked_update(update: str, valid: Sequence[str] = UPDATES) -> bool:
    """Whether updates are asynchronous; words that are not valid raise an error."""
    if str(update) not in valid:
        raise StandardsNetError(one_of("update", update, valid) + ".")
    return update == "asynchronous"


def checked_compatibility(
    compatibility: npt.ArrayLike | None, standards: int | None = None
) -> FloatArray | None:
    """(S, S) array of finite numbers, or None."""
    if compatibility is None:
        return None
    matrix = finite_array("compatibility", compatibility)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise StandardsNetError(f"compatibility has shape {matrix.shape}; it must be (standards, standards).")
    if standards is not None and len(matrix) != standards:
        raise StandardsNetError(f"compatibility is for {len(matrix)} standards; there are {standards}.")
    return matrix


def checked_quality(
    quality: npt.ArrayLike | None, nodes: int | None = None, standards: int | None = None
) -> FloatArray | None:
    """(S,) or (N, S) array of finite numbers, or None."""
    if quality is None:
        return None
    matrix = finite_array("quality", quality)
    if matrix.ndim not in (1, 2):
        raise StandardsNetError(
            f"quality has shape {matrix.shape}; it must be (standards,) or (nodes, standards)."
        )
    if standards is not None and matrix.shape not in ((standards,), (nodes, standards)):
        raise StandardsNetError(
            f"quality has shape {matrix.shape}; it must be ({standards},) or ({nodes}, {standards})."
        )
    return matrix


def refuse_beyond(process: str, largest: float, precision: npt.DTypeLike = np.float64) -> None:
    """Raise if sums of utilities or payoffs could overflow.

    Examples
    --------
    >>> refuse_beyond("heat bath", 1e308)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: heat bath: utilities of up to 1e+308 are too large ...
    """
    if not largest <= _HEADROOM * float(np.finfo(precision).max):
        raise StandardsNetError(
            f"{process}: utilities of up to {largest:g} are too large to be added up; use smaller parameters."
        )
