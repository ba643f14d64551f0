"""Fit and write ``data/model/supplier_choice.json``: ``python -m tools.fit_suppliers``."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from scipy.optimize import minimize

from standards_net.core.arrays import FloatArray
from standards_net.files import data_folder, write_text
from standards_net.world import World, load_world
from tools.build_data.package import write_package
from tools.fit_suppliers.contracts import Contracts, read_contracts
from tools.fit_suppliers.likelihood import NAMES, log_likelihoods, mixing_weights

__all__ = ["PRIOR_MEAN", "PRIOR_SD", "estimates", "fit"]

# Weak priors: a fifth and a tenth of the choice from the country's and from the world's mix, within a factor
# of ten or more; nothing known of the rest within four log-odds either way.
PRIOR_MEAN = np.array([np.log(0.2 / 0.8), np.log(0.1 / 0.9), *np.zeros(len(NAMES) - 2)])
PRIOR_SD = np.array([1.5, 2.0, *np.full(len(NAMES) - 2, 2.0)])
_FOLDS = 10
_STEP = 1e-3

_VARIANTS: dict[str, dict[str, Any]] = {
    "2020 to 2023": {},
    "without recalled rows": {"strict": True},
    "with those of 2019, which the base of 2019 knows": {"first": 2019},
    "up to 2021": {"last": 2021},
}


def fit(contracts: Contracts, given: FloatArray | None = None) -> dict[str, Any]:
    """Posterior mode, standard errors, and those that allow for likeness within countries.

    Of the parameters before the constants of announcing those ``given`` are kept.
    """

    def loss(theta: FloatArray) -> float:
        gap = (theta - PRIOR_MEAN) / PRIOR_SD
        return float(-log_likelihoods(theta, contracts).sum() + 0.5 * gap @ gap)

    bounds = [(m - 5.0 * s, m + 5.0 * s) for m, s in zip(PRIOR_MEAN, PRIOR_SD, strict=True)]
    start = PRIOR_MEAN.copy()
    if given is not None:
        start[: len(given)] = given
        bounds[: len(given)] = [(value, value) for value in given]
    mode = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    if given is not None:
        return {"mode": mode}
    steps = _STEP * np.eye(len(mode))

    def slopes(at: FloatArray) -> FloatArray:
        both = [log_likelihoods(at + s, contracts) - log_likelihoods(at - s, contracts) for s in steps]
        return np.array(both).T / (2.0 * _STEP)

    curvature = np.array([(slopes(mode - s) - slopes(mode + s)).sum(axis=0) for s in steps]) / (2.0 * _STEP)
    covariance = np.linalg.inv((curvature + curvature.T) / 2.0 + np.diag(PRIOR_SD**-2.0))
    by_country = np.zeros((contracts.country.max() + 1, len(mode)))
    np.add.at(by_country, contracts.country, slopes(mode))
    robust = covariance @ (by_country.T @ by_country + np.diag(PRIOR_SD**-2.0)) @ covariance
    return {"mode": mode, "covariance": covariance, "error": np.sqrt(np.diag(covariance)),
            "error_by_country": np.sqrt(np.diag(robust))}  # fmt: skip


def _left_out(contracts: Contracts) -> dict[str, float]:
    """Log score of countries left out in ten folds, beside rules whose constants of announcing are fitted."""
    fold = np.random.default_rng(0).permutation(contracts.country.max() + 1)[contracts.country] % _FOLDS
    rules: dict[str, FloatArray | None] = {
        "fitted": None,
        "assumed before": np.array([np.log(0.3 / 0.7), np.log(0.01 / 0.99), 1.5, 0.0, 0.0, 0.4]),
        "the world's mix": np.array([-20.0, 20.0, 0.0, 0.0, 0.0, 0.0]),
        "half own base, half the world's mix": np.zeros(6) - np.array([20.0, 0, 0, 0, 0, 0]),
    }
    found = {name: np.empty(len(contracts.country)) for name in rules}
    for k in range(_FOLDS):
        held = fold == k
        for name, given in rules.items():
            mode = fit(_subset(contracts, ~held), given)["mode"]
            found[name][held] = log_likelihoods(mode, _subset(contracts, held))
    gain = found["fitted"] - found["assumed before"]
    sums = np.bincount(contracts.country, gain - gain.mean())
    error = float(np.sqrt((sums**2).sum()) / len(gain))
    scores = {name: round(float(logs.mean()), 3) for name, logs in found.items()}
    return {**scores, "gain_se": round(error, 3)}


def _subset(contracts: Contracts, kept: np.ndarray) -> Contracts:
    parts: dict[str, Any] = {}
    for name, value in vars(contracts).items():
        if name in ("vendors", "chinese"):
            parts[name] = value
        elif isinstance(value, tuple):
            parts[name] = tuple(one for one, keep in zip(value, kept, strict=True) if keep)
        else:
            parts[name] = value[kept]
    return Contracts(**parts)


def estimates(world: World) -> dict[str, Any]:
    """Estimates of all variants, and scores out of sample."""
    found: dict[str, Any] = {"names": list(NAMES), "variants": {}}
    for name, chosen in _VARIANTS.items():
        contracts = read_contracts(world, **chosen)
        fitted = fit(contracts)
        home, flat = mixing_weights(fitted["mode"])
        found["variants"][name] = {
            "operators": len(contracts.country),
            "countries": len(set(contracts.country.tolist())),
            "contracts": sum(map(len, contracts.chosen)),
            "weight_of_country_mix": round(home, 3),
            "weight_of_world_mix": round(flat, 3),
            **{key: np.round(fitted[key], 4).tolist() for key in ("mode", "error", "error_by_country")},
            "covariance": np.round(fitted["covariance"][np.tril_indices(len(NAMES))], 6).tolist(),
        }
    main = read_contracts(world)
    found["matched"] = round(float(main.matched.mean()), 3)
    found["left_out"] = _left_out(main)
    return found


def main() -> None:
    """Fit, score and write."""
    found = estimates(load_world())
    write_text(data_folder() / "model" / "supplier_choice.json", json.dumps(found, indent=1) + "\n")
    write_package(data_folder())
    print(json.dumps(found["left_out"]))


if __name__ == "__main__":
    main()
