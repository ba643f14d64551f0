"""Population Monte Carlo: waves of draws from a normal proposal that is moved by their weights.

References
----------
Cappé, O., Guillin, A., Marin, J. M. & Robert, C. P. (2004), Population Monte Carlo, Journal of Computational
and Graphical Statistics 13(4), doi:10.1198/106186004X12803.
Beaumont, M. A., Cornuet, J.-M., Marin, J.-M. & Robert, C. P. (2009), Adaptive approximate Bayesian
computation, Biometrika 96(4), doi:10.1093/biomet/asp052.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standards_net.core.arrays import FloatArray

__all__ = ["Moments", "effective_size", "hottest", "moments_of", "normalised"]

_SHRINKAGE = 0.1  # of correlations: few effective draws for many pairs


@dataclass(frozen=True)
class Moments:
    """A normal distribution of P normal scores."""

    mean: FloatArray
    covariance: FloatArray

    def log_density(self, scores: FloatArray) -> FloatArray:
        """Of scores (R, P), up to a constant, (R,)."""
        factor = np.linalg.cholesky(self.covariance)
        standard = np.linalg.solve(factor, (scores - self.mean).T)
        return np.asarray(-0.5 * (standard**2).sum(axis=0) - np.log(np.diag(factor)).sum())


def normalised(log_weight: FloatArray) -> FloatArray:
    """Weights that add up to 1."""
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def effective_size(weight: FloatArray) -> float:
    """Kish's effective sample size of weights that add up to 1.

    Examples
    --------
    >>> effective_size(np.array([0.5, 0.5, 0.0]))
    2.0
    """
    return float(1.0 / (weight**2).sum())


def hottest(base: FloatArray, evidence: FloatArray, heat: float, least: float) -> float:
    """Largest part of the evidence, from ``heat`` to 1, that leaves an effective size of ``least``.

    Examples
    --------
    >>> hottest(np.zeros(4), np.zeros(4), 0.0, 2.0)
    1.0
    """
    if effective_size(normalised(base + evidence)) >= least:
        return 1.0
    low, high = heat, 1.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        enough = effective_size(normalised(base + middle * evidence)) >= least
        low, high = (middle, high) if enough else (low, middle)
    return low


def moments_of(scores: FloatArray, weight: FloatArray) -> Moments:
    """Weighted mean and covariance, correlations shrunk towards 0.

    A parameter that the data do not move keeps the unit variance of its prior up to sampling error.
    """
    mean = weight @ scores
    centred = scores - mean
    covariance = (weight[:, None] * centred).T @ centred / (1.0 - (weight**2).sum())
    diagonal = np.diag(np.diag(covariance))
    return Moments(mean, (1.0 - _SHRINKAGE) * covariance + _SHRINKAGE * diagonal)
