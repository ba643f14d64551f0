"""Actors of a landscape: their names, sizes and propensities, validated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.errors import StandardsNetError
from standards_net.labels import aligned_by_label, is_missing

__all__ = ["Actors", "checked_actors"]

_SYMMETRY = 1e-9  # of the largest propensity
_SHOWN = 3  # names or pairs in an error message


class Actors(NamedTuple):
    """Checked actors.

    Attributes
    ----------
    names : tuple of str, length n
    sizes : (n,) array
        Above 0.
    propensity : (n, n) array
        Symmetric, zero diagonal.
    """

    names: tuple[str, ...]
    sizes: FloatArray
    propensity: FloatArray


@aligned_by_label(sizes=("actor",), propensity=("actor", "actor"), names=("names", "actor"))
def checked_actors(
    sizes: npt.ArrayLike, propensity: npt.ArrayLike, names: Sequence[str] | None = None
) -> Actors:
    """Actors as arrays, with names ``1``, ``2``, ... if none are given.

    Parameters
    ----------
    sizes : (n,) array
        Above 0.
    propensity : (n, n) array
        Symmetric; the diagonal is ignored.
    names : sequence of str, length n, or None

    Raises
    ------
    StandardsNetError
        Anything else; the message names the actors concerned.

    Examples
    --------
    >>> checked_actors([1, 2], [[5, -1], [-1, 5]]).propensity.tolist()
    [[0.0, -1.0], [-1.0, 0.0]]
    """
    size, matrix = _numbers("sizes", sizes), _numbers("propensity", propensity)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise StandardsNetError(f"propensity has shape {matrix.shape}; it must be square, one row per actor.")
    if len(matrix) < 2:
        raise StandardsNetError("a landscape needs at least 2 actors.")
    if size.shape != (len(matrix),):
        raise StandardsNetError(f"sizes has shape {size.shape}; {len(matrix)} actors need ({len(matrix)},).")
    actor_names = _checked_names(names, len(matrix))
    bad = [f"{name} has {x:g}" for name, x in zip(actor_names, size, strict=True) if not 0.0 < x < np.inf]
    if bad:
        raise StandardsNetError(f"sizes must be finite and above 0: {_some(bad)}.")
    np.fill_diagonal(matrix, 0.0)
    bad = [
        f"{actor_names[i]} and {actor_names[j]} have {matrix[i, j]:g}"
        for i, j in _pairs(~np.isfinite(matrix))
    ]
    if bad:
        raise StandardsNetError(f"propensities must be finite numbers: {_some(bad)}.")
    uneven = np.abs(matrix - matrix.T) > _SYMMETRY * np.abs(matrix).max()
    bad = [
        f"{actor_names[i]} to {actor_names[j]} has {matrix[i, j]:g}, "
        f"{actor_names[j]} to {actor_names[i]} {matrix[j, i]:g}"
        for i, j in _pairs(uneven)
    ]
    if bad:
        raise StandardsNetError(
            f"propensities must be symmetric: {_some(bad)}; correct them, or take the alignment game, which "
            "allows them to differ."
        )
    return Actors(actor_names, size, (matrix + matrix.T) / 2.0)


def _numbers(what: str, values: npt.ArrayLike) -> FloatArray:
    """A copy, as float64."""
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise StandardsNetError(f"{what} must be an array of numbers.") from None


def _checked_names(names: Sequence[str] | None, actors: int) -> tuple[str, ...]:
    if names is None:
        return tuple(str(i + 1) for i in range(actors))
    if any(is_missing(name) for name in names):
        raise StandardsNetError("an actor's name is None or NaN; each needs one of its own.")
    actor_names = tuple(str(name) for name in names)
    if len(actor_names) != actors:
        raise StandardsNetError(f"names holds {len(actor_names)} entries for {actors} actors.")
    nameless = [i + 1 for i, name in enumerate(actor_names) if not name.strip()]
    if nameless:
        raise StandardsNetError(f"actor {nameless[0]} has an empty name; each needs one of its own.")
    twice = [name for name, count in Counter(actor_names).items() if count > 1]
    if twice:
        raise StandardsNetError(f"names must differ: {_some(twice)} occur more than once.")
    return actor_names


def _pairs(marked: BoolArray) -> list[tuple[int, int]]:
    """Pairs marked in either triangle, each once."""
    return [(int(i), int(j)) for i, j in np.argwhere(np.triu(marked | marked.T, 1))]


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - _SHOWN
    return "; ".join(texts[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
