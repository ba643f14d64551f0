"""Input checks of the measures, with one-sentence error messages.

A valid array passes in a few sweeps; the offending entry is located only after a check has failed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, row_sum
from standards_net.errors import StandardsNetError

__all__ = [
    "checked_adoption",
    "checked_compatibility",
    "checked_distance",
    "checked_exchange",
    "checked_in_range",
    "checked_members",
    "checked_shares",
    "checked_weights",
]

_SLACK = 1e-6


def _numbers(name: str, values: npt.ArrayLike) -> FloatArray:
    """An array of real numbers; a mask would be lost, and is refused."""
    if not np.ma.isMaskedArray(values):
        try:
            return np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError):
            pass
    raise StandardsNetError(f"{name} must be an array of numbers, without a mask.")


def checked_shares(shares: npt.ArrayLike) -> FloatArray:
    """Shares (..., S) whose last axis sums to 1; anything else is an error."""
    p = _numbers("shares", shares)
    if p.ndim == 0 or p.shape[-1] == 0:
        raise StandardsNetError("shares need a last axis of at least one standard.")
    if p.size == 0:
        raise StandardsNetError(f"shares have shape {p.shape}; there must be at least one row.")
    total = row_sum(p)
    # A NaN fails both comparisons, so these two sweeps are enough for valid shares.
    if not (p.min() >= -_SLACK and np.abs(total - 1.0).max() <= _SLACK):
        raise _bad_shares(p, total)
    return p


def _bad_shares(p: FloatArray, total: FloatArray) -> StandardsNetError:
    if not np.isfinite(p).all():
        return StandardsNetError("shares hold NaN or infinity; every share must be a number.")
    if p.min() < -_SLACK:
        return StandardsNetError(f"a share is {p.min():.4g}; shares must be 0 or more.")
    worst = int(np.abs(total - 1.0).argmax())
    row = ", ".join(str(k) for k in np.unravel_index(worst, total.shape))
    where = f" of row [{row}]" if row else ""
    return StandardsNetError(
        f"shares{where} along the last axis add up to {total.flat[worst]:.6g}; they must add up to 1."
    )


def checked_adoption(
    adoption: npt.ArrayLike, *, or_none: bool = False
) -> tuple[FloatArray, BoolArray | None]:
    """Adoption (..., N, S) by country, and which rows are empty (None if not requested, or if none is).

    With ``or_none`` a row may be all zeros: nothing is deployed there; it is returned as
    uniform shares, which the caller should weight by 0.
    """
    b = _numbers("adoption", adoption)
    if b.ndim < 2:
        raise StandardsNetError(f"adoption has shape {b.shape}; it must be (..., countries, standards).")
    empty = (b == 0.0).all(axis=-1) if or_none and b.size and not row_sum(b).all() else None
    if empty is not None:
        b = np.where(empty[..., None], 1.0 / b.shape[-1], b)
    return checked_shares(b), empty


def checked_compatibility(
    compatibility: npt.ArrayLike | None, standards: int, lead: tuple[int, ...] = ()
) -> FloatArray:
    """Compatibility as (..., S, S), symmetric, 0 to 1, diagonal 1; identity if None.

    ``lead`` are the batch axes that its own must broadcast with.
    """
    if compatibility is None:
        return np.eye(standards)
    c = _numbers("compatibility", compatibility)
    if c.ndim < 2 or c.shape[-2:] != (standards, standards):
        raise StandardsNetError(
            f"compatibility has shape {c.shape}; for {standards} standards its last two axes must "
            f"be ({standards}, {standards})."
        )
    _fits("compatibility", c.shape[:-2], lead)
    if not (c.min() >= -_SLACK and c.max() <= 1.0 + _SLACK):
        raise StandardsNetError("compatibility must lie between 0 and 1.")
    if np.abs(c - np.swapaxes(c, -1, -2)).max() > _SLACK:
        raise StandardsNetError("compatibility must be symmetric: C[s, t] equal to C[t, s].")
    if np.abs(np.diagonal(c, axis1=-2, axis2=-1) - 1.0).max() > _SLACK:
        raise StandardsNetError("a standard works with itself: the diagonal of C must be 1.")
    return c


def _fits(name: str, own: tuple[int, ...], lead: tuple[int, ...]) -> None:
    """Raise a readable error if batch axes do not broadcast."""
    pairs = zip(reversed(own), reversed(lead), strict=False)
    if any(a != b and 1 not in (a, b) for a, b in pairs):
        raise StandardsNetError(f"{name} has batch axes {own}, which do not broadcast with {lead}.")


def checked_distance(
    distance: npt.ArrayLike | None, standards: int, lead: tuple[int, ...] = ()
) -> FloatArray:
    """Distance as (..., S, S), symmetric, 0 or more, zero diagonal; 1 between any two if None."""
    if distance is None:
        return 1.0 - np.eye(standards)
    d = _numbers("distance", distance)
    if d.ndim < 2 or d.shape[-2:] != (standards, standards):
        raise StandardsNetError(
            f"distance has shape {d.shape}; for {standards} standards its last two axes must "
            f"be ({standards}, {standards})."
        )
    _fits("distance", d.shape[:-2], lead)
    if not (d.min() >= -_SLACK and d.max() < np.inf):
        raise StandardsNetError("distance must be 0 or more everywhere, and finite.")
    if np.abs(d - np.swapaxes(d, -1, -2)).max() > _SLACK:
        raise StandardsNetError("distance must be symmetric: d[s, t] equal to d[t, s].")
    if np.abs(np.diagonal(d, axis1=-2, axis2=-1)).max() > _SLACK:
        raise StandardsNetError("a standard is at no distance from itself: the diagonal must be 0.")
    return d


def checked_weights(weights: npt.ArrayLike, countries: int) -> FloatArray:
    """Weights of N countries, not negative, scaled to sum to 1."""
    w = _numbers("weights", weights)
    if w.shape != (countries,):
        raise StandardsNetError(
            f"weights have shape {w.shape}; for {countries} countries they must be ({countries},)."
        )
    if not (w.min() >= 0.0 and 0.0 < w.sum() < np.inf):
        raise StandardsNetError("weights must be 0 or more, and some above 0.")
    return np.asarray(w / w.sum())


def checked_exchange(exchange: npt.ArrayLike, countries: int) -> FloatArray:
    """Exchange as (N, N), symmetric, zero diagonal, summing to 1."""
    omega = _numbers("exchange", exchange)
    if omega.shape != (countries, countries):
        raise StandardsNetError(
            f"exchange has shape {omega.shape}; for {countries} countries it must be "
            f"({countries}, {countries})."
        )
    total = omega.sum()
    if not (omega.min() >= 0.0 and total < np.inf):
        raise StandardsNetError("exchange must be 0 or more everywhere.")
    uneven = not (omega == omega.T).all() and np.abs(omega - omega.T).max() > _SLACK * omega.max()
    if uneven or np.diagonal(omega).max() > _SLACK * omega.max():
        raise StandardsNetError("exchange must be symmetric with a zero diagonal.")
    if abs(total - 1.0) > _SLACK:
        raise StandardsNetError(
            f"exchange adds up to {total:.6g}; it must add up to 1 "
            "(standards_net.measures.exchange_matrix does that)."
        )
    return omega


def checked_members(members: npt.ArrayLike, countries: int) -> BoolArray:
    """A mask of N countries."""
    mask = np.asarray(members)
    if mask.dtype != np.bool_ or mask.shape != (countries,):
        raise StandardsNetError(
            f"members has shape {mask.shape} and type {mask.dtype}; for {countries} countries it must be "
            f"({countries},) of bool."
        )
    return mask


def checked_in_range(
    name: str, value: npt.ArrayLike, low: float, high: float, *, open_low: bool = False
) -> FloatArray:
    """A parameter, scalar or one per draw, that lies in a range."""
    x = _numbers("value", value)
    above = (x > low).all() if open_low else (x >= low).all()
    if not (above and (x <= high).all() and np.isfinite(x).all()):
        lower = "above" if open_low else "at least"
        upper = f" and at most {high:g}" if np.isfinite(high) else ""
        raise StandardsNetError(f"{name} must be {lower} {low:g}{upper}.")
    return x
