"""The fit of past choices against loops over units, families and ties, and a general optimiser."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

import standards_net as sn
from standards_net.core.conditional_logit import fit_conditional_logit


def slow_posterior(beta, features, chosen, sd, available):
    """Log posterior by loops, up to the constant of the prior."""
    total = 0.0
    for x, y, there in zip(features, chosen, available, strict=True):
        utility = [sum(f * b for f, b in zip(row, beta, strict=True)) for row in x]
        worth = sum(math.exp(u) for u, ok in zip(utility, there, strict=True) if ok)
        total += sum(n * (u - math.log(worth)) for n, u in zip(y, utility, strict=True) if n > 0)
    return total - sum(0.5 * (b / s) ** 2 for b, s in zip(beta, sd, strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_mode_and_covariance(seed):
    rng = np.random.default_rng(seed)
    features, sd = rng.normal(size=(30, 4, 3)), rng.uniform(0.5, 3.0, 3)
    available = rng.random((30, 4)) < 0.8
    available[:, 0] = True
    chosen = rng.integers(0, 3, (30, 4)) * available
    fit = fit_conditional_logit(features, chosen.astype(float), sd, available=available)
    args = (features, chosen, sd, available)
    slow = minimize(lambda b: -slow_posterior(b, *args), np.zeros(3), method="Nelder-Mead",
                    options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 5000})  # fmt: skip
    assert fit.mode == pytest.approx(slow.x, abs=1e-6)
    step = 1e-4
    hessian = np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            a, b = step * np.eye(3)[i], step * np.eye(3)[j]
            corners = [slow_posterior(fit.mode + s * a + t * b, *args) for s in (1, -1) for t in (1, -1)]
            hessian[i, j] = -(corners[0] - corners[1] - corners[2] + corners[3]) / (4 * step**2)
    assert fit.covariance == pytest.approx(np.linalg.inv(hessian), rel=1e-4, abs=1e-8)


def slow_shares(ties, outcome, unit, families, years):
    """Shares of the families among a unit's neighbours, by loops."""
    counts = dict.fromkeys(families, 0.0)
    for other, family in outcome.items():
        if other == unit or other not in ties.columns or unit not in ties.index:
            continue
        if unit in years and other in years and years[other] >= years[unit]:
            continue
        counts[family] += ties.loc[unit, other]
    total = sum(counts.values())
    return [counts[family] / total if total > 0 else 0.0 for family in families]


@pytest.mark.parametrize("seed", range(4))
def test_probabilities(seed):
    rng = np.random.default_rng(seed)
    units = [f"u{i}" for i in range(25)]
    ties = {
        name: pd.DataFrame(
            rng.random((n, n)) * (rng.random((n, n)) < 0.4), index=units[:n], columns=units[:n]
        )
        for name, n in (("all", 25), ("some", 18))
    }
    outcome = {unit: rng.choice(["A", "B", "C"]) for unit in units[:20]}
    years = {unit: int(rng.integers(2000, 2005)) for unit in units[::2]}
    size = pd.DataFrame({"size": rng.normal(size=25)}, index=units)
    fitted = sn.fit_choice(ties, outcome, covariates=size, years=years, rng=1)
    got = fitted.predict(units)
    families, first = fitted.families, fitted.families[0]
    terms = fitted.coefficients["estimate"]
    draws = np.random.default_rng(9).multivariate_normal(
        fitted._fit.mode, fitted._fit.covariance, size=20_000
    )
    scale = np.array([1.0] * 4 + [1 / size["size"].std(ddof=0)] * 2)
    assert terms.to_numpy() == pytest.approx(fitted._fit.mode * scale)
    for unit in units:
        shares = [slow_shares(ties[kind], outcome, unit, families, years) for kind in ("all", "some")]
        z = (size.loc[unit, "size"] - size["size"].mean()) / size["size"].std(ddof=0)
        utility = np.zeros((len(draws), 3))
        for s, family in enumerate(families):
            utility[:, s] = draws[:, 0] * shares[0][s] + draws[:, 1] * shares[1][s]
            if family != first:
                utility[:, s] += draws[:, 1 + s] + draws[:, 3 + s] * z
        odds = np.exp(utility)
        expected = (odds / odds.sum(axis=1, keepdims=True)).mean(axis=0)
        assert got.loc[unit].to_numpy() == pytest.approx(expected, abs=0.05)
