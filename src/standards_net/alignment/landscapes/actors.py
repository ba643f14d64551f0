"""Actors of a landscape: their sizes, how they like each other, and complaints about either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.errors import StandardsNetError

__all__ = ["Actors", "checked_actors"]

_SYMMETRY = 1e-9  # of the largest propensity
_SHOWN = 3  # names or pairs in a complaint


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
        Anything else, with the actors concerned.

    Examples
    --------
    >>> checked_actors([1, 2], [[5, -1], [-1, 5]]).propensity.tolist()
    [[0.0, -1.0], [-1.0, 0.0]]
    """
    size, wish = _numbers("sizes", sizes), _numbers("propensity", propensity)
    if wish.ndim != 2 or wish.shape[0] != wish.shape[1]:
        raise StandardsNetError(f"propensity has shape {wish.shape}; it must be square, a row an actor.")
    if len(wish) < 2:
        raise StandardsNetError("a landscape needs at least 2 actors.")
    if size.shape != (len(wish),):
        raise StandardsNetError(f"sizes has shape {size.shape}; {len(wish)} actors need ({len(wish)},).")
    called = _checked_names(names, len(wish))
    bad = [f"{name} has {x:g}" for name, x in zip(called, size, strict=True) if not 0.0 < x < np.inf]
    if bad:
        raise StandardsNetError(f"sizes must be finite and above 0: {_some(bad)}.")
    np.fill_diagonal(wish, 0.0)
    bad = [f"{called[i]} and {called[j]} have {wish[i, j]:g}" for i, j in _pairs(~np.isfinite(wish))]
    if bad:
        raise StandardsNetError(f"propensities must be finite numbers: {_some(bad)}.")
    uneven = np.abs(wish - wish.T) > _SYMMETRY * np.abs(wish).max()
    bad = [
        f"{called[i]} to {called[j]} has {wish[i, j]:g}, {called[j]} to {called[i]} {wish[j, i]:g}"
        for i, j in _pairs(uneven)
    ]
    if bad:
        raise StandardsNetError(
            f"propensities must be symmetric: {_some(bad)}; take (P + P.T) / 2, or the alignment game, "
            f"which allows them to differ."
        )
    return Actors(called, size, (wish + wish.T) / 2.0)


def _numbers(what: str, values: npt.ArrayLike) -> FloatArray:
    """A copy of one's own."""
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise StandardsNetError(f"{what} must be an array of numbers.") from None


def _checked_names(names: Sequence[str] | None, actors: int) -> tuple[str, ...]:
    if names is None:
        return tuple(str(i + 1) for i in range(actors))
    called = tuple(str(name) for name in names)
    if len(called) != actors:
        raise StandardsNetError(f"names holds {len(called)} entries for {actors} actors.")
    nameless = [i + 1 for i, name in enumerate(called) if not name.strip()]
    if nameless:
        raise StandardsNetError(f"actor {nameless[0]} has an empty name; each needs one of its own.")
    twice = [name for name, count in Counter(called).items() if count > 1]
    if twice:
        raise StandardsNetError(f"names must differ: {_some(twice)} stand more than once.")
    return called


def _pairs(marked: BoolArray) -> list[tuple[int, int]]:
    """Marked pairs, each once whichever side is marked."""
    return [(int(i), int(j)) for i, j in np.argwhere(np.triu(marked | marked.T, 1))]


def _some(said: Sequence[str]) -> str:
    more = len(said) - _SHOWN
    return "; ".join(said[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
