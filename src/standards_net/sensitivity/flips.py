"""Flip values: which single parameter, moved how far within its prior, turns a conclusion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from standards_net.calibration import Prior, load_calibration
from standards_net.checks import checked_count, checked_names, shown
from standards_net.errors import StandardsNetError, one_of
from standards_net.parameters import PER_TECHNOLOGY, Parameter
from standards_net.progress import Progress
from standards_net.world.world import World

__all__ = ["flip_values", "uncertain_parameters", "value_text"]

Stands = Callable[[Mapping[str, float]], Mapping[str, bool]]
_COLUMNS = [
    "conclusion", "parameter", "basis", "low", "high", "unit", "prior_low", "prior_high",
    "prior_probability", "calibrated_probability",
]  # fmt: skip
_NORMAL_ENDS = (0.025, 0.975)  # probabilities of the ends of a normal prior


def uncertain_parameters(world: World, technology: str) -> list[Parameter]:
    """Parameters that are uncertain and can matter for a technology, those of alignment games left out.

    Raises
    ------
    StandardsNetError
        Unknown technology.

    Examples
    --------
    >>> import standards_net as sn
    >>> names = [p.name for p in uncertain_parameters(sn.load_world(), "radio")]
    >>> "lock_in" in names, "lifetime_radio" in names, "lifetime_iot" in names, "vendor_margin" in names
    (True, True, False, False)
    """
    world.market(technology)
    others = [t for t in world.markets if t != technology]
    of_others = {f"{name}_{t}" for t in others for name in PER_TECHNOLOGY}
    pairs = {f"compatibility_{a}_{b}_{t}" for t in others for a in world.standards for b in world.standards}
    return [
        p
        for p in world.parameters.values()
        if p.prior != "fixed" and p.group != "alignment" and p.name not in of_others | pairs
    ]


def flip_values(
    world: World,
    stands: Stands,
    parameters: str | Sequence[str],
    *,
    steps: int = 5,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Search the prior of one parameter at a time for values with which conclusions no longer stand.

    Each parameter is held at both ends of its prior while the others stay as they are. Where an end turns a
    conclusion, its calibrated median is tried too, and bisection finds where the conclusion turns. One that
    turns only between two ends at which it stands, or only when several parameters move, is not found.

    Parameters
    ----------
    world : World
    stands : callable
        From values given for parameters to conclusions by name, and whether they stand: the same names in
        every call. Called first without values; conclusions that do not stand then are not searched.
    parameters : str or sequence of str
        Those that are tried.
    steps : int
        Bisections: values are found to within 1 / 2^steps of the part of the prior that is searched.
    progress : callable or None
        Called with (parameters done, in all).

    Returns
    -------
    DataFrame
        A row for each range of values with which a conclusion was seen not to stand: conclusion, parameter,
        basis, low and high (ends of the range), unit, prior_low and prior_high (ends of the prior),
        prior_probability and calibrated_probability (of the range, under the prior and in the calibrated
        sample). ``attrs["searched"]`` lists the conclusions that were searched.

    Raises
    ------
    StandardsNetError
        A parameter that is unknown, fixed or named twice; ``stands`` that does not return what it should.

    Examples
    --------
    >>> import standards_net as sn
    >>> found = flip_values(sn.load_world(), lambda given: {"loyal": given.get("lock_in", 1.0) > 0.65},
    ...     ["lock_in", "taste_sd"], steps=8)
    >>> found[["conclusion", "parameter"]].values.tolist()
    [['loyal', 'lock_in']]
    >>> found[["low", "high"]].round(2).values.tolist()
    [[0.3, 0.65]]
    """
    checked_count("steps", steps)
    names = checked_names("parameters", parameters)
    for name in names:
        if world.parameters[name].prior == "fixed":
            free = [p.name for p in world.parameters.values() if p.prior != "fixed"]
            raise StandardsNetError(f"{name} is fixed; " + one_of("uncertain parameter", name, free) + ".")
        if names.count(name) > 1:
            raise StandardsNetError(f"parameters holds '{name}' twice; names must differ.")
    searched = [name for name, stand in _checked(stands({}), ()).items() if stand]
    rows: list[dict[str, object]] = []
    for done, name in enumerate(names, start=1):
        rows += _of_parameter(world.parameters[name], stands, searched, steps)
        if progress is not None:
            progress(done, len(names))
    found = pd.DataFrame(rows, columns=_COLUMNS)
    found.attrs["searched"] = searched
    return found


def value_text(low: float, high: float, prior_low: float, prior_high: float) -> str:
    """A range of values for a sentence.

    Examples
    --------
    >>> value_text(0.3, 0.5, 0.3, 1.7), value_text(1.5, 1.7, 0.3, 1.7), value_text(0.3, 0.3, 0.3, 1.7)
    ('below 0.5', 'above 1.5', 'at 0.3, the end of its prior')
    >>> value_text(0.5, 1.5, 0.3, 1.7), value_text(0.3, 1.7, 0.3, 1.7)
    ('between 0.5 and 1.5', 'held at any value')
    """
    if low == prior_low and high == prior_high:
        return "held at any value"
    if low == high:
        return f"at {low:.3g}, the end of its prior"
    if low == prior_low:
        return f"below {high:.3g}"
    return f"above {low:.3g}" if high == prior_high else f"between {low:.3g} and {high:.3g}"


def _checked(found: object, conclusions: Sequence[str]) -> Mapping[str, bool]:
    """What ``stands`` returned, if it is what it should be."""
    if not isinstance(found, Mapping) or not all(isinstance(v, bool | np.bool_) for v in found.values()):
        raise StandardsNetError(
            f"stands returned {shown(found)}; it must return a mapping of conclusions to True or False."
        )
    for name in conclusions:
        if name not in found:
            raise StandardsNetError(f"stands left out '{name}'; it must return the same names in every call.")
    return found


@dataclass
class _Search:
    """Evaluations of one parameter by its probability under the prior, kept: conclusions share them."""

    parameter: Parameter
    stands: Stands
    conclusions: Sequence[str]
    known: dict[float, Mapping[str, bool]] = field(default_factory=dict)

    @property
    def ends(self) -> tuple[float, float]:
        """Probabilities of the ends of the prior."""
        return _NORMAL_ENDS if self.parameter.prior == "normal" else (0.0, 1.0)

    def value(self, probability: float) -> float:
        if probability in self.ends:
            return self.parameter.ends[self.ends.index(probability)]
        return float(self.parameter.quantile(np.array([probability]))[0])

    def __call__(self, conclusion: str, probability: float) -> bool:
        if probability not in self.known:
            found = self.stands({self.parameter.name: self.value(probability)})
            self.known[probability] = _checked(found, self.conclusions)
        return bool(self.known[probability][conclusion])

    def boundary(self, conclusion: str, turned: float, standing: float, steps: int) -> float:
        """Nearest probability to a standing one at which the conclusion was seen not to stand."""
        for _ in range(steps):
            middle = (turned + standing) / 2.0
            turned, standing = (turned, middle) if self(conclusion, middle) else (middle, standing)
        return turned


def _of_parameter(
    parameter: Parameter, stands: Stands, conclusions: Sequence[str], steps: int
) -> Iterator[dict[str, object]]:
    search, (mean, sd) = _Search(parameter, stands, conclusions), _calibrated_score(parameter)
    lowest, highest = search.ends
    for conclusion in conclusions:
        if search(conclusion, lowest) and search(conclusion, highest):
            continue
        points = (lowest, min(max(float(ndtr(mean)), lowest), highest), highest)
        for low, high in _turned(search, conclusion, points, steps):
            # What lies beyond the ends of a normal prior turns as they do.
            reach = [0.0 if low == lowest else low, 1.0 if high == highest else high]
            calibrated = ndtr((ndtri(reach) - mean) / sd)
            yield {
                "conclusion": conclusion,
                "parameter": parameter.name,
                "basis": parameter.basis,
                "low": search.value(low),
                "high": search.value(high),
                "unit": parameter.unit,
                "prior_low": parameter.ends[0],
                "prior_high": parameter.ends[1],
                "prior_probability": 0.0 if low == high else reach[1] - reach[0],
                "calibrated_probability": 0.0 if low == high else float(calibrated[1] - calibrated[0]),
            }


def _turned(
    search: _Search, conclusion: str, points: Sequence[float], steps: int
) -> Iterator[tuple[float, float]]:
    """Ranges of probability in which a conclusion does not stand, from where it is known at some points."""
    stand = [search(conclusion, point) for point in points]
    start = None if stand[0] else points[0]
    for k in range(1, len(points)):
        if stand[k] and start is not None:
            yield start, search.boundary(conclusion, points[k - 1], points[k], steps)
            start = None
        elif not stand[k] and start is None:
            start = search.boundary(conclusion, points[k], points[k - 1], steps)
    if start is not None:
        yield start, points[-1]


def _calibrated_score(parameter: Parameter) -> tuple[float, float]:
    """Mean and standard deviation of the parameter's normal score in the calibrated sample."""
    calibration = load_calibration()
    if parameter.name in calibration.names:
        k = calibration.names.index(parameter.name)
        if calibration.priors[k] == Prior(parameter.prior, parameter.low, parameter.high):
            return float(calibration.mean[k]), float(calibration.covariance[k, k] ** 0.5)
    return 0.0, 1.0
