"""Fit the politics of standards and write ``data/politics/sides_fit.json``: ``python -m tools.fit_sides``."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from standards_net.core.conditional_logit import LogitFit
from standards_net.files import data_folder, write_text
from standards_net.politics.features import FEATURES, POLES, feature_values
from standards_net.world import load_world
from tools.build_data.package import write_package
from tools.fit_sides.fit import fit_exclusion, fit_restriction, fit_sides
from tools.fit_sides.labels import YEARS, restrictions, signatures
from tools.fit_sides.scores import all_scores

SEED = 2019


def fitted() -> dict[str, Any]:
    """Everything that is shipped but the scores."""
    world = load_world()
    values = feature_values(world)
    asked = ~world.mask(tuple(POLES.values()))
    mean, sd = values[asked].mean(axis=0), values[asked].std(axis=0)
    z = (values - mean) / sd
    signed, policy = signatures(world), restrictions(world)
    return {
        "features": list(FEATURES),
        "mean": _rounded(mean),
        "sd": _rounded(sd),
        "years": list(YEARS),
        "seed": SEED,
        "sides": _equation(fit_sides(z, signed)),
        "restriction": _equation(fit_restriction(z, policy)),
        "exclusion": _equation(fit_exclusion(z, policy)),
    }


def _equation(fit: LogitFit) -> dict[str, Any]:
    return {"mode": _rounded(fit.mode), "covariance": _rounded(fit.covariance)}


def _rounded(values: np.ndarray) -> Any:
    return np.round(values, 10).tolist()


def main() -> None:
    """Fit, score and write."""
    fit = fitted() | {"scores": all_scores(load_world())}
    write_text(data_folder() / "politics" / "sides_fit.json", json.dumps(fit, indent=0) + "\n")
    write_package(data_folder())
    for name, score in fit["scores"].items():
        print(name, score)


if __name__ == "__main__":
    main()
