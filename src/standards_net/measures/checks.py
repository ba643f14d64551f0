"""What the measures ask of their arrays, said in one sentence each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError

__all__ = [
    "checked_compatibility",
    "checked_exchange",
    "checked_shares",
    "checked_weights",
]

_SLACK = 1e-6


def checked_shares(shares: npt.ArrayLike) -> FloatArray:
    """Shares as an array whose last axis sums to 1; anything else is an error."""
    p = np.asarray(shares, dtype=np.float64)
    if p.ndim == 0 or p.shape[-1] == 0:
        raise StandardsNetError("shares need a last axis of at least one standard.")
    if not np.isfinite(p).all():
        raise StandardsNetError("shares hold NaN or infinity; every share must be a number.")
    if p.min() < -_SLACK:
        raise StandardsNetError(f"a share is {p.min():.4g}; shares must be 0 or more.")
    total = p.sum(axis=-1)
    if np.abs(total - 1.0).max() > _SLACK:
        worst = total.flat[np.abs(total - 1.0).argmax()]
        raise StandardsNetError(f"shares along the last axis add up to {worst:.6g}; they must add up to 1.")
    return p


def checked_compatibility(compatibility: npt.ArrayLike | None, standards: int) -> FloatArray:
    """Compatibility as (..., S, S), symmetric, 0 to 1, diagonal 1; identity if None."""
    if compatibility is None:
        return np.eye(standards)
    c = np.asarray(compatibility, dtype=np.float64)
    if c.ndim < 2 or c.shape[-2:] != (standards, standards):
        raise StandardsNetError(
            f"compatibility has shape {c.shape}; for {standards} standards its last two axes must "
            f"be ({standards}, {standards})."
        )
    if not np.isfinite(c).all() or c.min() < -_SLACK or c.max() > 1.0 + _SLACK:
        raise StandardsNetError("compatibility must lie between 0 and 1.")
    if np.abs(c - np.swapaxes(c, -1, -2)).max() > _SLACK:
        raise StandardsNetError("compatibility must be symmetric: C[s, t] equal to C[t, s].")
    if np.abs(np.diagonal(c, axis1=-2, axis2=-1) - 1.0).max() > _SLACK:
        raise StandardsNetError("a standard works with itself: the diagonal of C must be 1.")
    return c


def checked_weights(weights: npt.ArrayLike, countries: int) -> FloatArray:
    """Weights of N countries, not negative, scaled to sum to 1."""
    w = np.asarray(weights, dtype=np.float64)
    if w.shape != (countries,):
        raise StandardsNetError(
            f"weights have shape {w.shape}; for {countries} countries it must be ({countries},)."
        )
    if not np.isfinite(w).all() or w.min() < 0.0 or w.sum() <= 0.0:
        raise StandardsNetError("weights must be 0 or more, and some above 0.")
    return np.asarray(w / w.sum())


def checked_exchange(exchange: npt.ArrayLike, countries: int) -> FloatArray:
    """Exchange as (N, N), symmetric, zero diagonal, summing to 1."""
    omega = np.asarray(exchange, dtype=np.float64)
    if omega.shape != (countries, countries):
        raise StandardsNetError(
            f"exchange has shape {omega.shape}; for {countries} countries it must be "
            f"({countries}, {countries})."
        )
    if not np.isfinite(omega).all() or omega.min() < 0.0:
        raise StandardsNetError("exchange must be 0 or more everywhere.")
    if np.abs(omega - omega.T).max() > _SLACK or np.abs(np.diag(omega)).max() > _SLACK:
        raise StandardsNetError("exchange must be symmetric with a zero diagonal.")
    if abs(omega.sum() - 1.0) > _SLACK:
        raise StandardsNetError(
            f"exchange adds up to {omega.sum():.6g}; it must add up to 1 (exchange_matrix does that)."
        )
    return omega
