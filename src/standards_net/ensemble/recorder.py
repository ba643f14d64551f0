"""Collects measures from blocks of draws into a result."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from standards_net.ensemble.country_intervals import CountryIntervals, interval_axes
from standards_net.ensemble.engine import Years
from standards_net.ensemble.observation import measure_inputs
from standards_net.measures.inputs import CAMPS, ITEMS, WEIGHTS, MeasureInputs, WorldWeights
from standards_net.measures.table import BREAKDOWNS, COUNTRY_MEANS, MEASURES, Measure
from standards_net.model.setting import Setting
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

    Sums over draws are kept by block and added in order at the end: the result does not depend on
    which block finished first.

    Parameters
    ----------
    world : World
    scenarios : sequence of Scenario
    draws : int
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
        draws: int,
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
            "draw": tuple(range(draws)),
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
        self.draws, self.weights = draws, weights
        self.measures = {name: self._zeros(_axes(m), np.float64) for name, m in MEASURES.items()}
        self.breakdowns = {name: self._zeros(_axes(m), np.float32) for name, m in BREAKDOWNS.items()}
        self.snapshots = self._zeros((*_SNAPSHOT, "country", "standard"), np.float32)
        # A standard that a scenario does not know works with itself alone.
        self.compatibility = np.tile(
            np.eye(len(standards), dtype=np.float32), (*self._sizes(_SNAPSHOT), 1, 1)
        )
        self.status = np.full(self._sizes(("scenario", "draw", "technology")), str(Status.MOVING))
        self.sums: dict[tuple[str, int, int, int, int], np.ndarray] = {}
        self.intervals = CountryIntervals(self.coords, self.vendors_of, draws)

    def _sizes(self, dims: Sequence[str]) -> tuple[int, ...]:
        return tuple(len(self.coords[d]) for d in dims)

    def _zeros(self, dims: Sequence[str], kind: type[np.floating[Any]]) -> np.ndarray:
        return np.zeros(self._sizes(dims), dtype=kind)

    # -- writing, from many threads -----------------------------------------------------------

    def read(self, rows: slice, setting: Setting, years: Years) -> None:
        """Measure and write the years of a block of draws, of which the first are the given rows."""
        place = _Place(self, rows, setting)
        recent: deque[np.ndarray] = deque(maxlen=3)
        levers = setting.levers
        block = self.intervals.block(levers.scenario, levers.technology, place.standards, rows)

        for state, info in years:
            inputs = measure_inputs(state, info, setting, self.weights)
            self._write(place, state.year, inputs)
            block.read(inputs)
            recent.append(state.adoption)
        self.intervals.add(block)
        two_ago, *_, before, now = (recent[0], *recent)
        self.status[place.scenario, rows, place.technology] = _status(two_ago, before, now)[: place.kept]

    def _write(self, place: _Place, y: int, inputs: MeasureInputs) -> None:
        s, k, rows, kept = place.scenario, place.technology, place.rows, place.kept
        for name, measure in MEASURES.items():
            self.measures[name][s, rows, y, k] = measure.function(inputs)[:kept]
        for name, measure in BREAKDOWNS.items():
            values = measure.function(inputs)[:kept]
            array, dims = self.breakdowns[name], measure.dims
            if "vendor" in dims:
                array[s, rows, y, k][:, place.vendors] = values
            elif "standard" in dims:
                where: list[Any] = [slice(None)] * (1 + len(dims))
                where[1 + dims.index("standard")] = place.standards
                array[s, rows, y, k][tuple(where)] = values
            else:
                array[s, rows, y, k] = values
        year = self.coords["year"][y]
        if year in self.coords["snapshot"]:
            at = self.coords["snapshot"].index(year)
            self.snapshots[s, at, rows, k][..., place.standards] = inputs.shares[:kept]
            block_of = np.ix_(range(kept), place.standards, place.standards)
            self.compatibility[s, at, rows, k][block_of] = inputs.compatibility[:kept]
        for name, measure in COUNTRY_MEANS.items():
            total = measure.function(inputs)[:kept].sum(axis=0)
            self.sums[name, s, k, y, rows.start] = total if measure.dims[-1] != "standard" else (
                place.among_all_standards(total))  # fmt: skip

    # -- reading, once all is written ---------------------------------------------------------

    def result(self, provenance: Mapping[str, Any]) -> Result:
        """Everything as a frozen result."""
        variables = {
            name: Variable(_axes(measure), arrays[name], measure.unit, measure.meaning)
            for table, arrays in ((MEASURES, self.measures), (BREAKDOWNS, self.breakdowns))
            for name, measure in table.items()
        }
        for name, measure in COUNTRY_MEANS.items():
            axes = tuple(axis for axis in _axes(measure) if axis != "draw")
            variables[name] = Variable(axes, self._mean(name, axes), measure.unit, measure.meaning)
        variables |= self.intervals.variables()
        meaning = "shares of the installed base, draw by draw, in the years kept"
        axes = (*_SNAPSHOT, "country", "standard")
        variables["snapshot_share"] = Variable(axes, self.snapshots, "1", meaning)
        meaning = "how well two standards work together, draw by draw, in the years kept"
        axes = (*_SNAPSHOT, "standard", "partner")
        variables["snapshot_compatibility"] = Variable(axes, self.compatibility, "1", meaning)
        meaning = "how each draw stood in the last year: settled, cycling with period two, or still moving"
        variables["status"] = Variable(("scenario", "draw", "technology"), self.status, "1", meaning)
        return Result(self.coords, variables, dict(provenance))

    def _mean(self, name: str, axes: tuple[str, ...]) -> np.ndarray:
        """Mean over the draws, blocks added in order."""
        total = np.zeros(self._sizes(axes))
        for (of, s, k, y, _), values in sorted(self.sums.items(), key=lambda item: item[0]):
            if of != name:
                continue
            if "vendor" in axes:
                total[s, y, k][:, self.vendors_of[self.coords["technology"][k]]] += values
            else:
                total[s, y, k] += values
        return total / self.draws


class _Place:
    """Where a block of draws of one scenario and technology is written."""

    def __init__(self, recorder: RunRecorder, rows: slice, setting: Setting) -> None:
        coords, levers = recorder.coords, setting.levers
        self.scenario = coords["scenario"].index(levers.scenario)
        self.technology = coords["technology"].index(levers.technology)
        self.rows, self.kept = rows, rows.stop - rows.start
        self.standards = [coords["standard"].index(name) for name in levers.standards]
        self.vendors = recorder.vendors_of[levers.technology]
        self._all_standards = len(coords["standard"])

    def among_all_standards(self, total: np.ndarray) -> np.ndarray:
        """Columns of a scenario's standards in their places among those of all scenarios."""
        among_all = np.zeros((len(total), self._all_standards))
        among_all[:, self.standards] = total
        return among_all


def _axes(measure: Measure) -> tuple[str, ...]:
    """Axes of what is recorded of a measure."""
    return (*PER_RUN, *measure.dims)


def _status(two_ago: np.ndarray, before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Status of each draw: settled, cycling with period two, or still moving."""
    moved = np.abs(now - before).max(axis=(1, 2)) > _SETTLED
    returned = np.abs(now - two_ago).max(axis=(1, 2)) <= _SETTLED
    return np.where(moved, np.where(returned, str(Status.CYCLING), str(Status.MOVING)), str(Status.SETTLED))
