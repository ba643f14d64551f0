"""Collects measures from blocks of draws into a result."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.ensemble.country_intervals import CountryIntervals, interval_axes
from standards_net.ensemble.engine import Years
from standards_net.ensemble.in_order import InOrder
from standards_net.ensemble.observation import measure_inputs
from standards_net.measures.inputs import CAMPS, ITEMS, WEIGHTS, MeasureInputs, WorldWeights
from standards_net.measures.table import BREAKDOWNS, COUNTRY_MEANS, MEASURES, Measure
from standards_net.model.setting import Setting
from standards_net.model.year import State
from standards_net.results import Result, Variable
from standards_net.results.variable import PER_RUN
from standards_net.scenario import Scenario
from standards_net.status import Status
from standards_net.world.world import World

__all__ = ["RunRecorder"]

_SETTLED = 1e-3  # a draw has settled if no share moved by more in the last year
_SNAPSHOT = ("scenario", "snapshot", "draw", "technology")


class RunRecorder:
    """Arrays of a run under construction. Blocks write to rows of their own, so threads need no lock.

    Sums over draws are added in the order of the blocks: the result does not depend on which block
    finished first.

    Parameters
    ----------
    world : World
    scenarios : sequence of Scenario
    draws : range
    years : sequence of int
    technologies : sequence of str
    weights : WorldWeights
    snapshots : sequence of int
        Years whose shares and compatibility are kept draw by draw.
    """

    def __init__(
        self,
        world: World,
        scenarios: Sequence[Scenario],
        draws: range,
        years: Sequence[int],
        technologies: Sequence[str],
        weights: WorldWeights,
        snapshots: Sequence[int],
    ) -> None:
        added = {s for scenario in scenarios for s in scenario.file.standards.values()}
        standards = (*world.standards, *sorted(added - set(world.standards)))
        # A firm may supply several technologies: it is one vendor, and has no share in the others.
        vendors = tuple(dict.fromkeys(v for t in technologies for v in world.market(t).vendors))
        self.vendors_of = {t: [vendors.index(v) for v in world.market(t).vendors] for t in technologies}
        self.coords: dict[str, tuple[Any, ...]] = {
            "scenario": tuple(s.name for s in scenarios),
            "draw": tuple(draws),
            "year": tuple(years),
            "technology": tuple(technologies),
            "country": world.countries,
            "vendor": vendors,
            "standard": standards,
            "partner": standards,
            "group": weights.groups,
            "camp": CAMPS,
            "item": ITEMS,
            "weight": WEIGHTS,
            "snapshot": tuple(snapshots),
            **interval_axes(world, technologies),
        }
        self.draws, self.weights = len(draws), weights
        self.measures = {name: self._zeros(_axes(m), np.float64) for name, m in MEASURES.items()}
        self.breakdowns = {name: self._zeros(_axes(m), np.float32) for name, m in BREAKDOWNS.items()}
        self.snapshots = self._zeros((*_SNAPSHOT, "country", "standard"), np.float32)
        # A standard that a scenario does not know works with itself alone.
        self.compatibility = np.tile(
            np.eye(len(standards), dtype=np.float32), (*self._sizes(_SNAPSHOT), 1, 1)
        )
        self.status = np.full(self._sizes(("scenario", "draw", "technology")), str(Status.MOVING))
        self.means = {name: self._zeros(_axes_of_mean(m), np.float64) for name, m in COUNTRY_MEANS.items()}
        self.sums: InOrder[tuple[_Place, _Sums]] = InOrder(self._add)
        self.intervals = CountryIntervals(self.coords, self.vendors_of, self.draws)

    def _sizes(self, dims: Sequence[str]) -> tuple[int, ...]:
        return tuple(len(self.coords[d]) for d in dims)

    def _zeros(self, dims: Sequence[str], kind: type[np.floating[Any]]) -> np.ndarray:
        """Zeros with draws and years innermost: what is 0 in all of them takes up no memory."""
        outer = sorted(range(len(dims)), key=lambda at: dims[at] in ("draw", "year"))
        found = np.zeros([len(self.coords[dims[at]]) for at in outer], dtype=kind)
        return found.transpose(np.argsort(outer))

    # -- writing, from many threads -----------------------------------------------------------

    def read(self, rows: slice, setting: Setting, years: Years) -> None:
        """Measure and write the years of a block of draws, of which the first are the given rows."""
        measured = ((state, measure_inputs(state, info, setting, self.weights)) for state, info in years)
        self.record(rows, setting, measured)

    def record(self, rows: slice, setting: Setting, years: Iterable[tuple[State, MeasureInputs]]) -> None:
        """Write the years of a block of draws, each with what its measures are computed from."""
        place, sums = _Place(self, rows, setting), _Sums()
        recent: deque[np.ndarray] = deque(maxlen=3)
        levers = setting.levers
        block = self.intervals.block(levers.scenario, levers.technology, place.standards, rows)

        for state, inputs in years:
            self._write(place, state.year, inputs)
            for name, measure in COUNTRY_MEANS.items():
                sums[name, state.year] = measure.function(inputs)[: place.kept].sum(axis=0)
            block.read(inputs)
            recent.append(state.adoption)
        self.intervals.add(block)
        self.sums.add((place.scenario, place.technology), rows, (place, sums))
        two_ago, *_, before, now = (recent[0], *recent)
        self.status[place.scenario, rows, place.technology] = _status(two_ago, before, now)[: place.kept]

    def _write(self, place: _Place, y: int, inputs: MeasureInputs) -> None:
        s, k, rows, kept = place.scenario, place.technology, place.rows, place.kept
        for name, measure in MEASURES.items():
            self.measures[name][s, rows, y, k] = measure.function(inputs)[:kept]
        for name, measure in BREAKDOWNS.items():
            values = measure.function(inputs)[:kept]
            here, dims = self.breakdowns[name][s, rows, y, k], measure.dims
            if "vendor" in dims:
                here[:, place.vendors] = values
            elif "standard" in dims:
                where: list[Any] = [slice(None)] * (1 + len(dims))
                where[1 + dims.index("standard")] = place.standards
                here[tuple(where)] = values
            elif "item" in dims:
                for column in np.flatnonzero(values.reshape(-1, values.shape[-1]).any(axis=0)):
                    here[..., column] = values[..., column]
            else:
                here[...] = values
        year = self.coords["year"][y]
        if year in self.coords["snapshot"]:
            at = self.coords["snapshot"].index(year)
            self.snapshots[s, at, rows, k][..., place.standards] = inputs.shares[:kept]
            block_of = np.ix_(range(kept), place.standards, place.standards)
            self.compatibility[s, at, rows, k][block_of] = inputs.compatibility[:kept]

    def _add(self, _: slice, found: tuple[_Place, _Sums]) -> None:
        """Add up what blocks say of the mean over all draws."""
        place, sums = found
        s, k = place.scenario, place.technology
        for (name, y), values in sums.items():
            at, axes = self.means[name][s, y, k], COUNTRY_MEANS[name].dims
            if axes[-1] == "vendor":
                at[:, place.vendors] += values / self.draws
            elif axes[-1] == "standard":
                at[:, place.standards] += values / self.draws
            else:
                at += values / self.draws

    # -- reading, once all is written ---------------------------------------------------------

    def result(self, provenance: Mapping[str, Any], parameters: Mapping[str, FloatArray]) -> Result:
        """Everything as a frozen result, with the parameters of each draw."""
        variables = {
            name: Variable(_axes(measure), arrays[name], measure.unit, measure.meaning)
            for table, arrays in ((MEASURES, self.measures), (BREAKDOWNS, self.breakdowns))
            for name, measure in table.items()
        }
        for name, measure in COUNTRY_MEANS.items():
            variables[name] = Variable(
                _axes_of_mean(measure), self.means[name], measure.unit, measure.meaning
            )
        variables |= self.intervals.variables()
        meaning = "shares of the installed base, draw by draw, in the years kept"
        axes = (*_SNAPSHOT, "country", "standard")
        variables["snapshot_share"] = Variable(axes, self.snapshots, "1", meaning)
        meaning = "how well two standards work together, draw by draw, in the years kept"
        axes = (*_SNAPSHOT, "standard", "partner")
        variables["snapshot_compatibility"] = Variable(axes, self.compatibility, "1", meaning)
        meaning = "how each draw stood in the last year: settled, cycling with period two, or still moving"
        variables["status"] = Variable(("scenario", "draw", "technology"), self.status, "1", meaning)
        meaning = "parameters of each draw, before what a scenario sets; units as in the table of parameters"
        drawn = np.stack(list(parameters.values()), axis=1)
        variables["parameter_value"] = Variable(("draw", "parameter"), drawn, "", meaning)
        return Result({**self.coords, "parameter": tuple(parameters)}, variables, dict(provenance))


_Sums = dict[tuple[str, int], np.ndarray]  # by measure and year


class _Place:
    """Where a block of draws of one scenario and technology is written."""

    def __init__(self, recorder: RunRecorder, rows: slice, setting: Setting) -> None:
        coords, levers = recorder.coords, setting.levers
        self.scenario = coords["scenario"].index(levers.scenario)
        self.technology = coords["technology"].index(levers.technology)
        self.rows, self.kept = rows, rows.stop - rows.start
        self.standards = [coords["standard"].index(name) for name in levers.standards]
        self.vendors = recorder.vendors_of[levers.technology]


def _axes(measure: Measure) -> tuple[str, ...]:
    """Axes of what is recorded of a measure."""
    return (*PER_RUN, *measure.dims)


def _axes_of_mean(measure: Measure) -> tuple[str, ...]:
    return tuple(axis for axis in _axes(measure) if axis != "draw")


def _status(two_ago: np.ndarray, before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Status of each draw: settled, cycling with period two, or still moving."""
    moved = np.abs(now - before).max(axis=(1, 2)) > _SETTLED
    returned = np.abs(now - two_ago).max(axis=(1, 2)) <= _SETTLED
    return np.where(moved, np.where(returned, str(Status.CYCLING), str(Status.MOVING)), str(Status.SETTLED))
