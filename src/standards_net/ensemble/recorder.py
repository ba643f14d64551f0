"""Records the measures of blocks of draws, for a whole run or a part of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np

from standards_net.checks import real_array
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.engine import Years
from standards_net.ensemble.layout import SNAPSHOT, Layout, axes_of
from standards_net.ensemble.observation import measure_inputs
from standards_net.ensemble.over_draws import BlockSummary, Gathering, OfTechnology, OverDraws
from standards_net.errors import StandardsNetError
from standards_net.measures.inputs import MeasureInputs, WorldWeights
from standards_net.measures.table import BREAKDOWNS, MEASURES
from standards_net.model.setting import Setting
from standards_net.model.year import State
from standards_net.results import Result, Variable
from standards_net.scenario import Levers
from standards_net.status import Status

__all__ = ["Recorder", "Recording", "of_scenario", "parameter_values", "result_of"]

_IN_TURN = "measure '{name}' gives numbers by draw and by country in turn; it must give the same always."
_SETTLED = 1e-3  # a draw has settled if no share moved by more in the last year


class Recorder:
    """Arrays of some scenarios and draws under construction, draw by draw.

    Blocks of draws write to rows of their own, so threads need no lock.

    Parameters
    ----------
    layout : Layout
        Labels of what is recorded here.
    take : callable
        Where a block's contributions to means and intervals go.
    """

    def __init__(self, layout: Layout, take: Callable[[BlockSummary], None]) -> None:
        self.layout = layout
        self.arrays = {name: layout.zeros(axes_of(m), np.float64) for name, m in MEASURES.items()}
        self.arrays |= {name: layout.zeros(axes_of(m), np.float32) for name, m in BREAKDOWNS.items()}
        self.arrays["snapshot_share"] = layout.zeros((*SNAPSHOT, "country", "standard"), np.float32)
        # A standard that a scenario does not know works with itself alone.
        alone = np.eye(len(layout.coords["standard"]), dtype=np.float32)
        self.arrays["snapshot_compatibility"] = np.tile(alone, (*layout.sizes(SNAPSHOT), 1, 1))
        self.arrays["status"] = np.full(
            layout.sizes(("scenario", "draw", "technology")), str(Status.MOVING), dtype=f"U{_LONGEST}"
        )
        self._own_lock = Lock()
        self.gathering = Gathering(layout.coords["technology"], layout.first, take)

    def read(self, weights: WorldWeights, rows: slice, setting: Setting, years: Years) -> None:
        """Measure and record the years of a block of draws; rows are its draws among those of the run."""
        recording = Recording(self, rows, setting.levers)
        for state, info in years:
            recording.year(state, measure_inputs(state, info, setting, weights))
        recording.end()

    def own(self, name: str, scenario: int, rows: slice, year: int, values: Any) -> None:
        """Record what the caller's own measure gives: one number a draw, or one for each country."""
        draws, countries = rows.stop - rows.start, len(self.layout.coords["country"])
        found = real_array(f"measure '{name}'", values)
        if found.shape not in ((draws,), (draws, countries)):
            raise StandardsNetError(
                f"measure '{name}' gives shape {found.shape}; it must give one number for each of {draws} "
                f"draws, or a row of {countries} countries."
            )
        shape = (*self.layout.sizes(("scenario", "draw", "year")), *found.shape[1:])
        with self._own_lock:
            array = self.arrays.setdefault(name, np.full(shape, np.nan))
        if array.shape != shape:
            raise StandardsNetError(_IN_TURN.format(name=name))
        array[scenario, self.local(rows), year] = found

    def local(self, rows: slice) -> slice:
        """Place of some draws of the run in the arrays here."""
        return slice(rows.start - self.layout.first, rows.stop - self.layout.first)

    def end(self, scenario: int, after: int) -> None:
        """Mark the years of a scenario that was stopped as missing."""
        last = self.layout.coords["year"][after]
        for name, array in self.arrays.items():
            axes = _axes(name, array.ndim)
            if "year" in axes:
                array[scenario, :, after + 1 :] = np.nan
            elif "snapshot" in axes:
                missing = [y > last for y in self.layout.coords["snapshot"]]
                array[scenario, :, missing] = np.nan

    def put(self, scenarios: Sequence[str], rows: slice, arrays: Mapping[str, np.ndarray]) -> None:
        """Copy what was recorded elsewhere of some scenarios and draws."""
        at = [self.layout.coords["scenario"].index(name) for name in scenarios]
        for name, part in arrays.items():
            shape = (len(self.layout.coords["scenario"]), self.layout.draws, *part.shape[2:])
            if name not in self.arrays:
                self.arrays[name] = np.full(shape, np.nan)
            if self.arrays[name].shape != shape:
                raise StandardsNetError(_IN_TURN.format(name=name))
            for s, own in zip(at, part, strict=True):
                self.arrays[name][s, self.local(rows)] = own


class Recording:
    """A block of draws of one scenario and technology on its way through the years.

    Parameters
    ----------
    recorder : Recorder
    rows : slice
        Its draws among those of the whole run.
    levers : Levers
    """

    def __init__(self, recorder: Recorder, rows: slice, levers: Levers) -> None:
        coords = recorder.layout.coords
        self._to, self._rows, self._here = recorder, rows, recorder.local(rows)
        self._count = rows.stop - rows.start
        self._scenario = coords["scenario"].index(levers.scenario)
        self._technology = coords["technology"].index(levers.technology)
        self._standards = [coords["standard"].index(name) for name in levers.standards]
        self._vendors = recorder.layout.vendors_of[levers.technology]
        self._over_draws = OfTechnology(levers.technology, self._standards, self._count)
        self._recent: deque[np.ndarray] = deque(maxlen=3)

    def year(self, state: State, inputs: MeasureInputs) -> None:
        """Record a year."""
        s, k, rows, y = self._scenario, self._technology, self._here, state.year
        for name, measure in MEASURES.items():
            self._to.arrays[name][s, rows, y, k] = measure.function(inputs)[: self._count]
        for name, measure in BREAKDOWNS.items():
            values = measure.function(inputs)[: self._count]
            self._write(self._to.arrays[name][s, rows, y, k], measure.dims, values)
        year, kept = self._to.layout.coords["year"][y], self._to.layout.coords["snapshot"]
        if year in kept:
            at = s, rows, kept.index(year), k
            self._to.arrays["snapshot_share"][at][..., self._standards] = inputs.shares[: self._count]
            block = np.ix_(range(self._count), self._standards, self._standards)
            self._to.arrays["snapshot_compatibility"][at][block] = inputs.compatibility[: self._count]
        self._over_draws.read(y, inputs)
        self._recent.append(state.adoption)

    def _write(self, here: np.ndarray, dims: tuple[str, ...], values: FloatArray) -> None:
        if "vendor" in dims:
            here[:, list(self._vendors)] = values
        elif "standard" in dims:
            where: list[Any] = [slice(None)] * (1 + len(dims))
            where[1 + dims.index("standard")] = self._standards
            here[tuple(where)] = values
        elif "item" in dims:
            for column in np.flatnonzero(values.reshape(-1, values.shape[-1]).any(axis=0)):
                here[..., column] = values[..., column]
        else:
            here[...] = values

    def end(self) -> None:
        """Hand on what the block contributes to means and intervals, once its last year is recorded."""
        two_ago, *_, before, now = (self._recent[0], *self._recent)
        status = _status(two_ago, before, now)[: self._count]
        self._to.arrays["status"][self._scenario, self._here, self._technology] = status
        name = self._to.layout.coords["scenario"][self._scenario]
        self._to.gathering.add(name, self._rows, self._over_draws)


def result_of(
    recorder: Recorder,
    over_draws: OverDraws,
    provenance: Mapping[str, Any],
    parameters: Mapping[str, FloatArray],
) -> Result:
    """Everything as a frozen result, with the parameters of each draw."""
    variables = {}
    for name, array in recorder.arrays.items():
        variables[name] = Variable(_axes(name, array.ndim), array, *_meaning(name))
    variables |= over_draws.variables()
    variables["parameter_value"] = parameter_values(parameters)
    coords = {name: tuple(labels) for name, labels in recorder.layout.coords.items()}
    coords["parameter"] = tuple(parameters)
    return Result(coords, variables | dict(recorder.layout.labels), dict(provenance))


def parameter_values(parameters: Mapping[str, FloatArray]) -> Variable:
    """Parameters of each draw as a variable of a result."""
    meaning = "parameters of each draw, before what a scenario sets; units as in the table of parameters"
    drawn = np.stack(list(parameters.values()), axis=1)
    return Variable(("draw", "parameter"), drawn, "", meaning)


def of_scenario(name: str, array: np.ndarray) -> Variable:
    """What is recorded of one scenario draw by draw, (R, ...), with the axes of all."""
    return Variable(_axes(name, array.ndim + 1), array, *_meaning(name))


_LONGEST = max(len(str(status)) for status in Status)
_OTHERS = {
    "snapshot_share": (
        (*SNAPSHOT, "country", "standard"),
        "1",
        "shares of the installed base, draw by draw, in the years kept",
    ),
    "snapshot_compatibility": (
        (*SNAPSHOT, "standard", "partner"),
        "1",
        "how well two standards work together, draw by draw, in the years kept",
    ),
    "status": (
        ("scenario", "draw", "technology"),
        "1",
        "how each draw stood in the last year: settled, cycling with period two, or still moving",
    ),
}


def _axes(name: str, axes: int) -> tuple[str, ...]:
    """Axes of what is recorded draw by draw."""
    measure = MEASURES.get(name) or BREAKDOWNS.get(name)
    if measure is not None:
        return axes_of(measure)
    if name in _OTHERS:
        return _OTHERS[name][0]
    return ("scenario", "draw", "year", "country")[:axes]


def _meaning(name: str) -> tuple[str, str]:
    """Unit and meaning."""
    measure = MEASURES.get(name) or BREAKDOWNS.get(name)
    if measure is not None:
        return measure.unit, measure.meaning
    return _OTHERS[name][1:] if name in _OTHERS else ("", "a measure of the caller's own")


def _status(two_ago: np.ndarray, before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Status of each draw: settled, cycling with period two, or still moving."""
    moved = np.abs(now - before).max(axis=(1, 2)) > _SETTLED
    returned = np.abs(now - two_ago).max(axis=(1, 2)) <= _SETTLED
    return np.where(moved, np.where(returned, str(Status.CYCLING), str(Status.MOVING)), str(Status.SETTLED))
