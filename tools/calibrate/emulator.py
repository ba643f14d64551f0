r"""Emulators of the model's summaries, and the posterior that they give.

In one draw of the model a summary is a smooth function of the parameters plus the noise of bases, tastes and
compliance. Linear and squared terms of the parameters' normal scores are fitted to the former; the covariance
of what is left is the latter, and history is one more such draw (a synthetic likelihood):

.. math::

    \ln p(z \mid y) = -\tfrac12 z^T z + \ell(z) - \tfrac12 r(z)^T (\Sigma + I)^{-1} r(z) + \text{const}

with r the emulated residuals in units of their tolerance, and l the log-likelihood of the contracts.

References
----------
Wood, S. N. (2010), Statistical inference for noisy nonlinear ecological dynamic systems, Nature 466,
doi:10.1038/nature09319.
Craig, P. S., Goldstein, M., Seheult, A. H. & Smith, J. A. (1997), Pressure matching for hydrocarbon
reservoirs, in Case Studies in Bayesian Statistics III, Springer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from standards_net.core.arrays import FloatArray
from tools.calibrate.waves import Moments, effective_size, hottest, moments_of, normalised

__all__ = ["Emulator", "fit_emulator", "posterior"]

_RIDGE = 1e-3  # of standardised features: enough to keep the fit determined
_SAMPLES = 40_000
_LEAST = 0.2  # effective part of the samples
_MOST_STEPS = 60
_WIDER = 1.15  # proposals are a little wider than the target


@dataclass(frozen=True)
class Emulator:
    """Linear and squared terms of the scores, (F, M), and the covariance of what they leave, (M, M)."""

    coefficients: FloatArray
    noise: FloatArray

    def __call__(self, scores: FloatArray) -> FloatArray:
        """Emulated values, (R, M)."""
        return np.asarray(_features(scores) @ self.coefficients)


def _features(scores: FloatArray) -> FloatArray:
    """Constant, linear terms and squares; products of parameters are left to the noise."""
    return np.hstack([np.ones((len(scores), 1)), scores, scores**2])


def fit_emulator(scores: FloatArray, values: FloatArray) -> Emulator:
    """Fit to values (R, M) at scores (R, P).

    Examples
    --------
    >>> z = np.random.default_rng(1).normal(size=(100, 2))
    >>> emulator = fit_emulator(z, 1.0 + z[:, :1] + z[:, 1:] ** 2)
    >>> bool(np.allclose(emulator(z), 1.0 + z[:, :1] + z[:, 1:] ** 2, atol=1e-3))
    True
    """
    features = _features(scores)
    gram = features.T @ features + _RIDGE * np.eye(features.shape[1])
    coefficients = np.linalg.solve(gram, features.T @ values)
    left = values - features @ coefficients
    spare = max(len(scores) - features.shape[1], 1)
    return Emulator(coefficients, left.T @ left / spare)


def posterior(
    residuals: Emulator,
    contracts: Callable[[FloatArray], FloatArray],
    start: Moments,
    rng: np.random.Generator,
    most: float = 1.0,
) -> tuple[Moments, float]:
    """Moments of the posterior with a part ``most`` of the evidence, and the last effective sample size."""
    factor = np.linalg.cholesky(np.linalg.inv(residuals.noise + np.eye(len(residuals.noise))))
    size = len(start.mean)
    prior = Moments(np.zeros(size), np.eye(size))

    def evidence(scores: FloatArray) -> FloatArray:
        fitted = residuals(scores) @ factor
        return np.asarray(most * (contracts(scores) - 0.5 * (fitted**2).sum(axis=1)))

    proposal, heat = start, 0.0
    for _ in range(_MOST_STEPS):
        wide = Moments(proposal.mean, _WIDER * proposal.covariance)
        scores = wide.mean + rng.normal(size=(_SAMPLES, size)) @ np.linalg.cholesky(wide.covariance).T
        base = prior.log_density(scores) - wide.log_density(scores)
        told, done = evidence(scores), heat >= 1.0
        heat = hottest(base, told, heat, _LEAST * _SAMPLES)
        weight = normalised(base + heat * told)
        proposal = moments_of(scores, weight)
        if done:
            return proposal, effective_size(weight)
    raise RuntimeError(f"the evidence has entered by {heat:.0%} only.")
