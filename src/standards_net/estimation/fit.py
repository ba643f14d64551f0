r"""Maximum a posteriori fit of vendors' shares to reported data.

The choice equation of the model in a cross-section, without network effects and lock-in:

.. math:: b_{iv} = \frac{a_{iv} e^{u_{iv}}}{\sum_w a_{iw} e^{u_{iw}}}, \qquad
          u_{iv} = q_v + \sum_f c_f X_{ivf} + \xi_{iv}, \qquad \xi_{iv} \sim N(0, \tau^2)

Reported shares (of a country, the world, the world without China) enter as normal observations, or,
where only "more than" was reported, as the normal probability of exceeding it; contracts enter as a
discounted multinomial likelihood. The posterior is approximated around its mode (Laplace), and the
standard deviation of tastes ``tau`` maximises the approximate evidence.

References
----------
McFadden, D. (1974), in Zarembka (ed.), Frontiers in Econometrics, Academic Press.
MacKay, D. J. C. (1992), Bayesian interpolation, Neural Computation 4(3),
doi:10.1162/neco.1992.4.3.415.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.core.choice import choose

__all__ = ["Evidence", "Fit", "ShareEvidence", "fit_shares"]

_QUALITY_SD = 3.0
_COEFFICIENT_SD = 1.5
_TAUS = (0.3, 0.45, 0.7, 1.0, 1.4, 2.0)


class ShareEvidence(NamedTuple):
    """One reported share: of some vendors together, in a weighted set of countries."""

    label: str
    countries: FloatArray  # (N,), weights that sum to 1
    vendors: BoolArray  # (V,)
    share: float
    sd: float
    at_least: bool = False  # whether "more than this share" was reported


@dataclass(frozen=True)
class Evidence:
    """Evidence on one technology's shares.

    Attributes
    ----------
    features : (N, V, F) array
        Explanatory variables of the choice equation.
    feature_names : tuple of str
    allowed : (N, V) array of bool
        False where a policy already excluded the vendor.
    shares : sequence of ShareEvidence
    contracts : (N, V) array
        Discounted counts of known contracts.
    """

    features: FloatArray
    feature_names: tuple[str, ...]
    allowed: BoolArray
    shares: Sequence[ShareEvidence]
    contracts: FloatArray


@dataclass(frozen=True)
class Fit:
    """Posterior mode and its uncertainty.

    Attributes
    ----------
    share : (N, V) array
        Estimated shares; rows sum to 1, excluded vendors 0.
    unrestricted : (N, V) array
        Shares if no vendor had been excluded.
    log_sd : (N, V) array
        Standard deviation of the log of the shares.
    factors : (N, V, V) array
        Correlation structure of these errors in a country: rows of length 1 (0 for a share without error);
        products of two rows are correlations, ``log_sd * (factors @ z)`` is a draw of the errors.
    coefficients, coefficient_sd : (F,) array
    taste_sd : float
        ``tau``.
    fitted : (E,) array
        Modelled value of each reported share.
    converged : bool
    """

    share: FloatArray
    unrestricted: FloatArray
    log_sd: FloatArray
    factors: FloatArray
    coefficients: FloatArray
    coefficient_sd: FloatArray
    taste_sd: float
    fitted: FloatArray
    converged: bool


def fit_shares(evidence: Evidence, taste_sd: float | None = None) -> Fit:
    """Estimate the shares of all countries from evidence on some.

    Parameters
    ----------
    evidence : Evidence
    taste_sd : float or None
        ``tau``; chosen by maximum evidence if None.

    Returns
    -------
    Fit

    Examples
    --------
    >>> one = Evidence(np.zeros((1, 2, 0)), (), np.ones((1, 2), dtype=bool), [ShareEvidence(
    ...     "half", np.ones(1), np.array([True, False]), 0.5, 0.01)], np.zeros((1, 2)))
    >>> fit_shares(one, 1.0).share.round(3).tolist()
    [[0.5, 0.5]]
    """
    problem = _Problem(evidence)
    taus = _TAUS if taste_sd is None else (taste_sd,)
    _, best = max(((problem.solve(tau)) for tau in taus), key=lambda solved: solved[0])
    return best


class _Problem:
    """Optimisation problem whose parameter vector holds V - 1 qualities, F coefficients and N x V tastes."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.shape = evidence.contracts.shape
        self.free = self.shape[1] - 1
        self.features = evidence.features.shape[2]
        shares = evidence.shares
        self.where = np.array([e.countries for e in shares]).reshape(len(shares), self.shape[0])
        self.which = np.array([e.vendors for e in shares], float).reshape(-1, self.shape[1])
        self.value = np.array([e.share for e in shares])
        self.sd = np.array([e.sd for e in shares])
        self.at_least = np.array([e.at_least for e in shares], dtype=bool)

    def utility(self, theta: FloatArray) -> FloatArray:
        quality = np.concatenate([[0.0], theta[: self.free]])
        coefficients = theta[self.free : self.free + self.features]
        taste = theta[self.free + self.features :].reshape(self.shape)
        return np.asarray(quality + self.evidence.features @ coefficients + taste)

    def modelled(self, share: FloatArray) -> FloatArray:
        return np.asarray(((self.where @ share) * self.which).sum(axis=1))

    def penalty(self, tau: float) -> FloatArray:
        """Prior precision of each parameter."""
        return np.concatenate(
            [
                np.full(self.free, _QUALITY_SD**-2),
                np.full(self.features, _COEFFICIENT_SD**-2),
                np.full(self.shape[0] * self.shape[1], tau**-2),
            ]
        )

    def loss(self, theta: FloatArray, precision: FloatArray) -> tuple[float, FloatArray]:
        """Negative log posterior and its gradient."""
        share = choose(self.utility(theta), self.evidence.allowed)
        cost, by_residual, _ = self._misfit(share)
        known = self.evidence.contracts
        log_share = np.log(np.maximum(share, 1e-300))
        value = cost.sum() - (known * log_share).sum()
        value += 0.5 * (precision * theta) @ theta
        by_share = self.where.T @ ((by_residual / self.sd)[:, None] * self.which)
        slope = share * (by_share - (share * by_share).sum(axis=1, keepdims=True))
        slope += share * known.sum(axis=1, keepdims=True) - known
        return float(value), self._gather(slope) + precision * theta

    def _misfit(self, share: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Negative log likelihood of each reported share, and its first two derivatives by the residual."""
        from scipy.special import log_ndtr

        residual = (self.modelled(share) - self.value) / self.sd
        log_above = log_ndtr(residual)
        hazard = np.exp(-0.5 * residual**2 - 0.5 * np.log(2 * np.pi) - log_above)
        return (
            np.where(self.at_least, -log_above, 0.5 * residual**2),
            np.where(self.at_least, -hazard, residual),
            np.where(self.at_least, hazard * (hazard + residual), 1.0),
        )

    def _gather(self, by_utility: FloatArray) -> FloatArray:
        """Convert derivatives by utility (last two axes) to derivatives by parameter."""
        lead = by_utility.shape[:-2]
        return np.concatenate(
            [
                by_utility.sum(axis=-2)[..., 1:],
                np.einsum("...nv,nvf->...f", by_utility, self.evidence.features),
                by_utility.reshape(*lead, -1),
            ],
            axis=-1,
        )

    def solve(self, tau: float) -> tuple[float, Fit]:
        """Log of the approximate evidence and the mode for one standard deviation of tastes."""
        from scipy.optimize import minimize

        precision = self.penalty(tau)
        found = minimize(
            self.loss,
            np.zeros(len(precision)),
            args=(precision,),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": 5000, "maxfun": 8000, "ftol": 1e-12, "gtol": 1e-6},
        )
        share = choose(self.utility(found.x), self.evidence.allowed)
        curvature = self._curvature(share) + np.diag(precision)
        log_evidence = -found.fun + 0.5 * np.log(precision).sum()
        log_evidence -= 0.5 * np.linalg.slogdet(curvature)[1]
        covariance = np.asarray(np.linalg.inv(curvature), dtype=np.float64)
        span = slice(self.free, self.free + self.features)
        log_sd, factors = self._errors(share, covariance)
        return float(log_evidence), Fit(
            share=share,
            unrestricted=choose(self.utility(found.x), np.ones(self.shape, dtype=bool)),
            log_sd=log_sd,
            factors=factors,
            coefficients=found.x[span],
            coefficient_sd=np.sqrt(np.diag(covariance)[span]),
            taste_sd=tau,
            fitted=self.modelled(share),
            converged=bool(found.success),
        )

    def _curvature(self, share: FloatArray) -> FloatArray:
        """Gauss-Newton curvature of the likelihood by parameter."""
        slope = share * self.which[:, None, :]
        slope -= share * (share * self.which[:, None, :]).sum(axis=2, keepdims=True)
        weight = np.sqrt(self._misfit(share)[2]) / self.sd
        rows = self._gather(slope * (self.where * weight[:, None])[:, :, None])
        curvature = rows.T @ rows
        # Contracts: a multinomial has curvature n (diag p - p p') in its utilities.
        n, v = self.shape
        for i in np.flatnonzero(self.evidence.contracts.sum(axis=1) > 0.0):
            block = np.diag(share[i]) - np.outer(share[i], share[i])
            spread = np.zeros((v, n, v))
            spread[:, i, :] = np.eye(v)
            basis = self._gather(spread)
            curvature += self.evidence.contracts[i].sum() * basis.T @ block @ basis
        return np.asarray(curvature)

    def _errors(self, share: FloatArray, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Errors of ln b in each country, that is, of u minus the share-weighted mean of u."""
        n, v = self.shape
        sd, factors = np.zeros(self.shape), np.zeros((n, v, v))
        for i in range(n):
            spread = np.zeros((v, n, v))
            spread[:, i, :] = np.eye(v) - share[i]
            basis = self._gather(spread)
            # The symmetric root of the covariance does not depend on the order of the vendors.
            variances, axes = np.linalg.eigh(basis @ covariance @ basis.T)
            root = (axes * np.sqrt(np.maximum(variances, 0.0))) @ axes.T
            sd[i] = np.linalg.norm(root, axis=1)
            factors[i] = root / np.where(sd[i] > 0.0, sd[i], 1.0)[:, None]
        return sd, factors
