r"""The calibrated sample: priors moved by what happened from 2019 to 2025.

Each parameter is a normal score of its prior, :math:`z = \Phi^{-1}(F(\theta))`, standard normal before
anything is known. The posterior of the parameters that data inform is approximated by a normal distribution
of these scores (a Gaussian copula); ``make calibrate`` estimates its mean and covariance.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.files import data_folder

__all__ = ["Calibration", "Prior", "load_calibration"]


class Prior(NamedTuple):
    """Prior that a calibration was made under; it moves no other one."""

    family: str
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Calibration:
    """Posterior of normal scores of P parameters.

    Attributes
    ----------
    names : tuple of str
    priors : tuple of Prior
    mean : (P,) array
    covariance : (P, P) array
    provenance : mapping
        How it was made: draws, seed, data, effective sample size, time and memory.
    left_out : mapping of country to (mean, covariance)
        The same without the reports of a country, which scores out of sample use.
    """

    names: tuple[str, ...]
    priors: tuple[Prior, ...]
    mean: FloatArray
    covariance: FloatArray
    provenance: Mapping[str, Any]
    left_out: Mapping[str, tuple[FloatArray, FloatArray]]

    def without(self, country: str) -> Calibration:
        """The calibration that did not see a country's reports; this one if it has none."""
        if country not in self.left_out:
            return self
        mean, covariance = self.left_out[country]
        return Calibration(self.names, self.priors, mean, covariance, self.provenance, {})

    def moved(self, points: Mapping[str, FloatArray], priors: Mapping[str, Prior]) -> dict[str, FloatArray]:
        """Probabilities under the prior, (R,) each, turned into such of the posterior.

        Parameters
        ----------
        points : mapping of str to (R,) array
            Independent and uniform on 0 to 1, for each parameter that is free.
        priors : mapping of str to Prior
            Priors now. Parameters whose prior is another one than in the calibration keep it: the posterior
            of the others is used without them.

        Examples
        --------
        >>> from scipy.special import ndtri
        >>> shifted = Calibration(("a",), (Prior("uniform", 0.0, 1.0),), np.array([1.0]),
        ...     np.array([[1.0]]), {}, {})
        >>> found = shifted.moved({"a": np.array([0.5])}, {"a": Prior("uniform", 0.0, 1.0)})
        >>> round(float(ndtri(found["a"][0])), 6)
        1.0
        """
        from scipy.special import ndtr, ndtri

        kept = [
            k for k, name in enumerate(self.names) if name in points and priors.get(name) == self.priors[k]
        ]
        if not kept:
            return dict(points)
        tiny = np.finfo(np.float64).tiny
        scores = ndtri(np.clip(np.stack([points[self.names[k]] for k in kept]), tiny, 1.0 - 1e-16))
        factor = np.linalg.cholesky(self.covariance[np.ix_(kept, kept)])
        moved = np.repeat(self.mean[kept, None], scores.shape[1], axis=1)
        # Term by term: a matrix product would round a draw differently with other draws beside it.
        for column, score in zip(factor.T, scores, strict=True):
            moved += column[:, None] * score
        found = ndtr(moved)
        return {**points, **{self.names[k]: row for k, row in zip(kept, found, strict=True)}}


@cache
def load_calibration() -> Calibration:
    """Read the calibration that is shipped.

    Examples
    --------
    >>> "weight_of_world_mix" in load_calibration().names
    True
    """
    text = (data_folder() / "model" / "calibration.json").read_text(encoding="utf-8")
    content = json.loads(text)
    size = len(content["parameters"])

    def moments(found: Mapping[str, Any]) -> tuple[FloatArray, FloatArray]:
        """Mean and covariance, of which the lower half is kept."""
        covariance = np.zeros((size, size))
        covariance[np.tril_indices(size)] = found["covariance"]
        return np.array(found["mean"]), covariance + np.tril(covariance, -1).T

    mean, covariance = moments(content)
    return Calibration(
        tuple(p["name"] for p in content["parameters"]),
        tuple(Prior(p["prior"], p["low"], p["high"]) for p in content["parameters"]),
        mean,
        covariance,
        content["provenance"],
        {country: moments(found) for country, found in content["left_out"].items()},
    )
