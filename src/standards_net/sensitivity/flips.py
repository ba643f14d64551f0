"""Flip values: which single parameter, moved how far within its prior, turns a conclusion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from standards_net.calibration import Prior, load_calibration
from standards_net.checks import checked_count
from standards_net.errors import StandardsNetError, one_of
from standards_net.parameters import Parameter
from standards_net.progress import Progress
from standards_net.world.world import World

__all__ = ["flip_values", "uncertain_parameters"]

Stands = Callable[[Mapping[str, float]], Mapping[str, bool]]
_COLUMNS = [
    "conclusion", "parameter", "basis", "turns", "value", "unit", "prior_low", "prior_high",
    "prior_beyond", "calibrated_beyond",
]  # fmt: skip


def uncertain_parameters(world: World, technology: str) -> list[Parameter]:
    """Parameters that are uncertain and can matter for a technology, those of alignment games left out.

    Examples
    --------
    >>> import standards_net as sn
    >>> names = [p.name for p in uncertain_parameters(sn.load_world(), "radio")]
    >>> "lock_in" in names, "lifetime_radio" in names, "lifetime_iot" in names, "vendor_margin" in names
    (True, True, False, False)
    """
    others = tuple(f"_{t}" for t in world.markets if t != technology)
    return [
        p
        for p in world.parameters.values()
        if p.prior != "fixed" and p.group != "alignment" and not p.name.endswith(others)
    ]


def flip_values(
    world: World,
    stands: Stands,
    parameters: Sequence[str],
    *,
    steps: int = 5,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Search the prior of one parameter at a time for values beyond which conclusions no longer stand.

    Conclusions that do not stand with all parameters drawn are left out. Each parameter is held at both ends
    of its prior while the others stay as they are; where an end turns a conclusion, bisection between it and
    the parameter's calibrated median finds the value. A conclusion that turns only between two ends at which
    it stands is not found.

    Parameters
    ----------
    world : World
    stands : callable
        From values given for parameters to conclusions by name, and whether they stand. Evaluated often.
    parameters : sequence of str
        Those that are tried.
    steps : int
        Bisections: the value is within 1 / 2^steps of the searched part of the prior.
    progress : callable or None
        Called with (parameters done, in all).

    Returns
    -------
    DataFrame
        conclusion, parameter, basis, turns (``below`` or ``above``), value (the nearest at which the
        conclusion was seen not to stand), unit, prior_low and prior_high (ends of the prior), prior_beyond
        and calibrated_beyond (probability of such values, under the prior and the calibrated sample).

    Raises
    ------
    StandardsNetError
        Unknown parameter, or one that is fixed.

    Examples
    --------
    >>> import standards_net as sn
    >>> found = flip_values(sn.load_world(), lambda given: {"loyal": given.get("lock_in", 1.0) > 0.65},
    ...     ["lock_in", "taste_sd"], steps=8)
    >>> found[["conclusion", "parameter", "turns"]].values.tolist()
    [['loyal', 'lock_in', 'below']]
    >>> round(float(found["value"].iloc[0]), 2)
    0.65
    """
    checked_count("steps", steps)
    for name in parameters:
        if world.parameters[name].prior == "fixed":
            free = [p.name for p in world.parameters.values() if p.prior != "fixed"]
            raise StandardsNetError(f"{name} is fixed; " + one_of("uncertain parameter", name, free) + ".")
    asked = [name for name, stand in stands({}).items() if stand]
    rows = []
    for done, name in enumerate(parameters, start=1):
        rows += _of_parameter(world.parameters[name], stands, asked, steps)
        if progress is not None:
            progress(done, len(parameters))
    return pd.DataFrame(rows, columns=_COLUMNS)


@dataclass
class _Search:
    """Evaluations of one parameter, kept: conclusions share them."""

    parameter: Parameter
    stands: Stands
    known: dict[float, Mapping[str, bool]] = field(default_factory=dict)

    def value(self, probability: float) -> float:
        if probability in (0.0, 1.0):  # a normal prior has no ends but its quantiles
            return self.parameter.ends[int(probability)]
        return float(self.parameter.quantile(np.array([probability]))[0])

    def __call__(self, conclusion: str, probability: float) -> bool:
        if probability not in self.known:
            self.known[probability] = self.stands({self.parameter.name: self.value(probability)})
        return bool(self.known[probability][conclusion])


def _of_parameter(
    parameter: Parameter, stands: Stands, conclusions: Sequence[str], steps: int
) -> list[tuple[object, ...]]:
    search, (mean, sd) = _Search(parameter, stands), _calibrated_score(parameter)
    rows: list[tuple[object, ...]] = []
    for conclusion in conclusions:
        for end, turns in ((0.0, "below"), (1.0, "above")):
            if search(conclusion, end):
                continue
            turned, standing = end, _probability(mean)
            if not search(conclusion, standing):
                turned = standing  # the calibrated median itself turns it
            for _ in range(steps if turned == end else 0):
                middle = (turned + standing) / 2.0
                turned, standing = (turned, middle) if search(conclusion, middle) else (middle, standing)
            below = turned if turns == "below" else 1.0 - turned
            rows.append(
                (
                    conclusion, parameter.name, parameter.basis, turns, search.value(turned), parameter.unit,
                    *parameter.ends, below, _beyond(turned, turns, mean, sd),
                )
            )  # fmt: skip
    return rows


def _calibrated_score(parameter: Parameter) -> tuple[float, float]:
    """Mean and standard deviation of the parameter's normal score in the calibrated sample."""
    calibration = load_calibration()
    if parameter.name in calibration.names:
        k = calibration.names.index(parameter.name)
        if calibration.priors[k] == Prior(parameter.prior, parameter.low, parameter.high):
            return float(calibration.mean[k]), float(calibration.covariance[k, k] ** 0.5)
    return 0.0, 1.0


def _probability(score: float) -> float:
    from scipy.special import ndtr

    return float(ndtr(score))


def _beyond(turned: float, turns: str, mean: float, sd: float) -> float:
    from scipy.special import ndtri

    below = _probability((float(ndtri(turned)) - mean) / sd)
    return below if turns == "below" else 1.0 - below
