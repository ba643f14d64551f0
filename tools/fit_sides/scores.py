"""Scores out of sample: countries left out in ten folds, and whole subregions left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.stats import rankdata

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.conditional_logit import logit_probabilities
from standards_net.politics.estimate import DOMAINS, Coefficients, side_features
from standards_net.politics.features import FEATURES, POLES, feature_values
from standards_net.world.world import World
from tools.fit_sides.fit import fit_restriction, fit_sides
from tools.fit_sides.labels import YEARS, Restrictions, Signatures, restrictions, signatures

__all__ = ["all_scores", "auc"]

_FOLDS, _REPEATS = 10, 5
_ALLY = 2  # least level of a guarantee that the ally rule counts


def all_scores(world: World) -> dict[str, Any]:
    """Area under the curve and Brier score of each chance, beside the ally rule and the base rate."""
    values = feature_values(world)
    asked = ~world.mask(tuple(POLES.values()))
    z = (values - values[asked].mean(axis=0)) / values[asked].std(axis=0)
    signed, policy = signatures(world), restrictions(world)
    ally = values[:, list(FEATURES).index("us_guarantee")] >= _ALLY
    restricted = (policy.year > 0).astype(np.float64)
    found: dict[str, Any] = {}
    for name, partitions in (
        ("ten folds of countries", list(_folds(len(world.countries)))),
        ("subregions", [_codes(world.table["subregion"])]),
    ):
        by = [_restricted_left_out(z, policy, fold) for fold in partitions]
        found[f"restricts, {name} left out"] = _score(np.mean(by, axis=0), restricted, by)
        several = [_sides_left_out(z, signed, fold) for fold in partitions]
        sides = np.mean(several, axis=0)
        for d, domain in enumerate(DOMAINS):
            about = signed.domain == d
            for at, side in ((1, "us"), (2, "china")):
                found[f"{side}, {domain}, {name} left out"] = _score(
                    sides[about, at], signed.side[about, at], [one[about, at] for one in several]
                )
        chosen = signed.side.astype(bool)
        found[f"sides, {name} left out"] = {
            "n": len(chosen),
            "log_score": round(float(np.log(sides[chosen]).mean()), 4),
            "log_score_of_base_rates": round(float(np.log(_base_rates(signed)[chosen]).mean()), 4),
        }
    found["restricts, ally rule"] = _rule(ally[policy.row], restricted)
    for d, domain in enumerate(DOMAINS):
        about = signed.domain == d
        found[f"us, {domain}, ally rule"] = _rule(ally[signed.row[about]], signed.side[about, 1])
    return found


def _folds(size: int) -> Iterator[IntArray]:
    """Folds of countries, several times over."""
    for repeat in range(_REPEATS):
        yield np.random.default_rng(repeat).permutation(size) % _FOLDS


def _codes(labels: Any) -> IntArray:
    return np.unique(labels.to_numpy(), return_inverse=True)[1]


def _left_out(
    rows: IntArray, fold: IntArray, predict: Callable[[np.ndarray], FloatArray], shape: tuple[int, ...]
) -> FloatArray:
    """Predictions of each row when its country's fold is left out; ``predict(held)`` gives the held ones."""
    found = np.empty(shape)
    for k in np.unique(fold[rows]):
        held = fold[rows] == k
        found[held] = predict(held)
    return found


def _restricted_left_out(z: FloatArray, policy: Restrictions, fold: IntArray) -> FloatArray:
    def predict(held: np.ndarray) -> FloatArray:
        kept = Restrictions(*(part[~held] for part in policy))
        fit = fit_restriction(z, kept)
        drawn = Coefficients(fit.mode, fit.covariance).draws(0, "score")
        slopes = z[policy.row[held]] @ drawn[1 + len(YEARS) :]
        hazards = drawn[0] + drawn[1 : 1 + len(YEARS), None] + slopes
        return 1.0 - (1.0 / (1.0 + np.exp(hazards))).prod(axis=0).mean(axis=1)

    return _left_out(policy.row, fold, predict, (len(policy.row),))


def _sides_left_out(z: FloatArray, signed: Signatures, fold: IntArray) -> FloatArray:
    def predict(held: np.ndarray) -> FloatArray:
        fit = fit_sides(z, Signatures(*(part[~held] for part in signed)))
        drawn = Coefficients(fit.mode, fit.covariance).draws(0, "score")
        pairs = zip(signed.row[held], signed.domain[held], strict=True)
        features = np.concatenate([side_features(z[[i]], d) for i, d in pairs])
        return logit_probabilities(features, drawn).mean(axis=2)

    return _left_out(signed.row, fold, predict, signed.side.shape)


def _base_rates(signed: Signatures) -> FloatArray:
    rates = np.array([signed.side[signed.domain == d].mean(axis=0) for d in range(len(DOMAINS))])
    return np.asarray(rates[signed.domain])


def auc(chance: FloatArray, happened: FloatArray) -> float:
    """Area under the receiver's curve: the chance that one where it happened ranks above one where not.

    Examples
    --------
    >>> auc(np.array([0.9, 0.4, 0.5]), np.array([1.0, 0.0, 1.0]))
    1.0
    """
    yes = happened > 0.0
    ones, zeros = int(yes.sum()), int((~yes).sum())
    return float((rankdata(chance)[yes].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def _score(chance: FloatArray, happened: FloatArray, repeats: list[FloatArray]) -> dict[str, float]:
    """Scores of single repeats, averaged; standard errors over countries."""
    squares = (chance - happened) ** 2
    return {
        "n": len(happened),
        "happened": int(happened.sum()),
        "auc": round(float(np.mean([auc(one, happened) for one in repeats])), 4),
        "auc_se": round(_auc_error(chance, happened), 4),
        "brier": round(float(np.mean([np.mean((one - happened) ** 2) for one in repeats])), 4),
        "brier_se": round(float(squares.std() / len(squares) ** 0.5), 4),
        "brier_of_base_rate": round(float(happened.var()), 4),
    }


def _auc_error(chance: FloatArray, happened: FloatArray) -> float:
    """Standard error by Hanley & McNeil (1982), Radiology 143(1), doi:10.1148/radiology.143.1.7063747."""
    area, ones = auc(chance, happened), happened.sum()
    zeros = len(happened) - ones
    q1, q2 = area / (2.0 - area), 2.0 * area**2 / (1.0 + area)
    spread = area * (1.0 - area) + (ones - 1) * (q1 - area**2) + (zeros - 1) * (q2 - area**2)
    return float((spread / (ones * zeros)) ** 0.5)


def _rule(said: np.ndarray, happened: FloatArray) -> dict[str, float]:
    """A yes-or-no rule with the rates of its two groups, fitted in sample, as its chances."""
    chance = np.where(said, happened[said].mean(), happened[~said].mean())
    return {
        "n": len(happened),
        "auc": round(auc(chance, happened), 4),
        "brier": round(float(np.mean((chance - happened) ** 2)), 4),
    }
