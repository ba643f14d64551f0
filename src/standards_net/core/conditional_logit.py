r"""Maximum a posteriori fit of a conditional logit with normal priors, and its approximate evidence.

.. math:: \Pr(y_i = s) = \frac{e^{x_{is} \cdot \beta}}{\sum_{t \in A_i} e^{x_{it} \cdot \beta}}, \qquad
          \beta_p \sim N(0, \sigma_p^2)

The log posterior is concave, so Newton's method finds its only maximum; around it the posterior is
approximated by a normal distribution (Laplace).

References
----------
McFadden, D. (1974), in Zarembka (ed.), Frontiers in Econometrics, Academic Press.
MacKay, D. J. C. (1992), Bayesian interpolation, Neural Computation 4(3),
doi:10.1162/neco.1992.4.3.415.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray

__all__ = ["LogitFit", "fit_conditional_logit", "logit_probabilities"]

_MOST_STEPS, _SETTLED = 200, 1e-9


class LogitFit(NamedTuple):
    """Posterior of the coefficients, as a normal distribution.

    Attributes
    ----------
    mode : (P,) array
    covariance : (P, P) array
        Inverse of the negative Hessian of the log posterior at the mode.
    log_likelihood : float
        At the mode.
    log_evidence : float
        Laplace approximation of the logarithm of the probability of what was chosen.
    """

    mode: FloatArray
    covariance: FloatArray
    log_likelihood: float
    log_evidence: float


def logit_probabilities(
    features: FloatArray, coefficients: FloatArray, available: BoolArray | None = None
) -> FloatArray:
    """Probability of each alternative.

    Parameters
    ----------
    features : (N, S, P) array
        Of each of S alternatives, for each of N choosers.
    coefficients : (P,) or (P, D) array
        D draws of them.
    available : (N, S) array of bool or None
        Alternatives that a chooser has; all if None.

    Returns
    -------
    (N, S) or (N, S, D) array

    Examples
    --------
    >>> logit_probabilities(np.log([[[3.0], [1.0]]]), np.array([1.0])).round(3).tolist()
    [[0.75, 0.25]]
    """
    utility = features @ coefficients
    if available is not None:
        utility[~available] = -np.inf
    utility -= utility.max(axis=1, keepdims=True)
    odds: FloatArray = np.exp(utility)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def fit_conditional_logit(
    features: FloatArray,
    chosen: FloatArray,
    prior_sd: FloatArray,
    *,
    available: BoolArray | None = None,
    start: FloatArray | None = None,
) -> LogitFit:
    """Fit the coefficients of a conditional logit.

    Parameters
    ----------
    features : (N, S, P) array
    chosen : (N, S) array
        How often, or with what weight, each chooser took each alternative.
    prior_sd : (P,) array
        Standard deviations of the coefficients' priors, around 0.
    available : (N, S) array of bool or None
        Alternatives that a chooser has; all if None.
    start : (P,) array or None
        Where the search starts; 0 if None. It does not change what is found.

    Returns
    -------
    LogitFit

    Examples
    --------
    Three of four take the first of two alternatives, under a prior that says next to nothing:

    >>> first = np.array([[[1.0], [0.0]]])
    >>> fit = fit_conditional_logit(first, np.array([[3.0, 1.0]]), np.array([1e4]))
    >>> round(float(fit.mode[0]), 4), round(float(fit.covariance[0, 0] ** 0.5), 4)
    (1.0986, 1.1547)
    """
    precision, weight = prior_sd**-2.0, chosen.sum(axis=1)
    size = features.shape[2]
    flat = features.reshape(-1, size)
    mode = np.zeros(size) if start is None else np.array(start, dtype=np.float64)

    def posterior(at: FloatArray) -> tuple[float, FloatArray]:
        probability = logit_probabilities(features, at, available)
        taken = chosen > 0.0
        with np.errstate(divide="ignore"):
            likelihood = float(chosen[taken] @ np.log(probability[taken]))
        return likelihood - 0.5 * float(precision @ at**2), probability

    def negative_hessian(probability: FloatArray) -> FloatArray:
        weighted = (weight[:, None] * probability).reshape(-1, 1)
        means = np.einsum("is,isp->ip", probability, features)
        spread = flat.T @ (weighted * flat) - means.T @ (weight[:, None] * means)
        return np.asarray(spread + np.diag(precision))

    height, probability = posterior(mode)
    for _ in range(_MOST_STEPS):
        surplus = (chosen - weight[:, None] * probability).reshape(-1)
        step = np.linalg.solve(negative_hessian(probability), flat.T @ surplus - precision * mode)
        length = 1.0
        higher, probability_there = posterior(mode + step)
        # Newton's step can go too far where the likelihood is nearly flat.
        while not higher >= height - 1e-12 * abs(height) and length > 1e-6:
            length /= 2.0
            higher, probability_there = posterior(mode + length * step)
        mode, height, probability = mode + length * step, higher, probability_there
        if np.abs(length * step).max(initial=0.0) < _SETTLED:
            break
    hessian = negative_hessian(probability)
    likelihood = height + 0.5 * float(precision @ mode**2)
    evidence = height + 0.5 * float(np.log(precision).sum()) - 0.5 * float(np.linalg.slogdet(hessian)[1])
    return LogitFit(mode, np.asarray(np.linalg.inv(hessian), dtype=np.float64), likelihood, evidence)
