"""Fits of the three equations, the width of the priors chosen by the evidence."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.core.conditional_logit import LogitFit, fit_conditional_logit
from standards_net.politics.estimate import DOMAINS, side_features
from tools.fit_sides.labels import YEARS, Restrictions, Signatures

__all__ = ["fit_exclusion", "fit_restriction", "fit_sides"]

_SLOPE_SDS = (0.1, 0.2, 0.35, 0.5, 0.8, 1.2)
_YEAR_SDS = (0.5, 1.0, 2.0)
_INTERCEPT_SD = 3.0


def _best(
    features: FloatArray, chosen: FloatArray, prior_sds: Callable[..., FloatArray], *grids: tuple[float, ...]
) -> LogitFit:
    fits = (fit_conditional_logit(features, chosen, prior_sds(*widths)) for widths in product(*grids))
    return max(fits, key=lambda fit: fit.log_evidence)


def fit_sides(z: FloatArray, signed: Signatures) -> LogitFit:
    """Multinomial logit of the sides; ``z`` are the features of all countries."""
    features = np.stack([side_features(z[[i]], d)[0] for i, d in zip(signed.row, signed.domain, strict=True)])
    own = len(DOMAINS), z.shape[1]
    return _best(
        features,
        signed.side,
        lambda slope: np.tile(np.repeat([_INTERCEPT_SD, slope], own), 2),
        _SLOPE_SDS,
    )


def fit_restriction(z: FloatArray, policy: Restrictions) -> LogitFit:
    """Logit hazard: one row for each country and year in which it had not restricted before."""
    rows, events = [], []
    for i, first in zip(policy.row, policy.year, strict=True):
        for at, year in enumerate(YEARS):
            if first and year > first:
                break
            rows.append(np.concatenate([[1.0], np.eye(len(YEARS))[at], z[i]]))
            events.append(year == first)
    return _best(
        *_binary(np.array(rows), np.array(events)),
        lambda year, slope: np.repeat([_INTERCEPT_SD, year, slope], [1, len(YEARS), z.shape[1]]),
        _YEAR_SDS,
        _SLOPE_SDS,
    )


def fit_exclusion(z: FloatArray, policy: Restrictions) -> LogitFit:
    """Logit of exclusion among those who restrict."""
    did = policy.year > 0
    rows = np.column_stack([np.ones(int(did.sum())), z[policy.row[did]]])
    return _best(
        *_binary(rows, policy.excludes[did]),
        lambda slope: np.repeat([_INTERCEPT_SD, slope], [1, z.shape[1]]),
        _SLOPE_SDS,
    )


def _binary(rows: FloatArray, events: np.ndarray) -> tuple[FloatArray, FloatArray]:
    """A yes-or-no question as a choice between nothing and something."""
    return (
        np.stack([np.zeros_like(rows), rows], axis=1),
        np.column_stack([~events, events]).astype(np.float64),
    )
