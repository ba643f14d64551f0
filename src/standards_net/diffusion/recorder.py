"""Record of a run: counts of every step, states on request, how each draw ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.counts import add_up, tally
from standards_net.diffusion.outcome import Diffusion
from standards_net.memory import check_fits
from standards_net.networks import Network
from standards_net.processes.process import LabelArray, NetworkSetting, Process, StepReport
from standards_net.status import Status

__all__ = ["Recorder"]

_SETTLED = 1e-6  # shares that move by less in a step have settled
_RECURRED = {np.dtype(np.float64): 1e-9, np.dtype(np.float32): 1e-6}  # shares that differ by less recur
_ROUNDING = 1e-9  # fraction of all nodes by which equal counts may differ: they are sums of rounded shares


@dataclass(frozen=True)
class Recorder:
    """Arrays that blocks of draws write their rows into.

    Attributes
    ----------
    process, network, standards
        Of the run.
    numbers : range
        Of the draws, R.
    counts : (R, T + 1, S) array
    status, period : (R,) array of str, (R,) array of int
    kept : array or None
        Labels or shares, of the last or of all steps.
    done : (R,) array of bool
    """

    process: Process
    network: Network
    standards: tuple[str, ...]
    numbers: range
    counts: IntArray | FloatArray
    status: npt.NDArray[np.str_]
    period: IntArray
    kept: LabelArray | FloatArray | None
    whole: bool
    done: BoolArray

    @classmethod
    def empty(
        cls, process: Process, network: Network, standards: tuple[str, ...], numbers: range, steps: int,
        keep: str,
    ) -> Recorder:  # fmt: skip
        """Allocate arrays for everything that will be kept."""
        labelled, nodes, count, draws = process.moves == "labels", len(network), len(standards), len(numbers)
        own = (nodes,) if labelled else (nodes, count)
        times = (steps + 1,) if keep == "all" else ()
        by_draw = 8 * (steps + 1) * count
        if keep != "counts":
            by_draw += (1 if labelled else 8) * math.prod((*times, *own))
        check_fits(
            "this diffusion",
            draws,
            by_draw,
            instead=f"Use fewer draws or steps ({steps:,} are asked for), or keep less.",
        )
        counts: Any = np.zeros((draws, steps + 1, count), np.int64 if labelled else np.float64)
        kept = None
        if keep != "counts":
            kept = np.zeros((draws, *times, *own), np.uint8 if labelled else np.float64)
        return cls(
            process=process,
            network=network,
            standards=standards,
            numbers=numbers,
            counts=counts,
            status=np.full(draws, str(Status.MOVING)),
            period=np.zeros(draws, dtype=np.int64),
            kept=kept,
            whole=keep == "all",
            done=np.zeros(draws, dtype=bool),
        )

    def start(self, block: slice, state: Any) -> None:
        """Record the initial state of a block; a state with counts need not be read."""
        self._write(block, 0, state, getattr(state, "counts", None))

    def step(
        self,
        block: slice,
        step: int,
        before: Any,
        state: Any,
        report: StepReport | None,
        setting: NetworkSetting,
    ) -> bool:
        """Record a step of a block; True if nothing can move any more in any of its draws."""
        report = StepReport() if report is None else report
        self._write(block, step, state, report.counts)
        if not self._may_rest(block, step, report):
            return False
        if not self._at_rest(before, state, report, setting).all():
            return False
        self.counts[block, step + 1 :] = self.counts[block, step][:, None]
        if self.whole and self.kept is not None:
            self.kept[block, step + 1 :] = self.kept[block, step][:, None]
        return True

    def finish(self, block: slice, state: Any, setting: NetworkSetting) -> None:
        """Record the end of a block: how each draw ended, and its last state."""
        if self.kept is not None and not self.whole:
            self.kept[block] = _content(self.process, state)
        period = self._periods(block, state, setting)
        ends = np.array([str(Status.MOVING), str(Status.SETTLED), str(Status.CYCLING)])
        self.status[block] = ends[np.minimum(period, 2)]
        self.period[block] = np.where(period > 1, period, 0)
        self.done[block] = not setting.stop[0]

    def outcome(self, rows: Any, provenance: dict[str, Any]) -> Diffusion:
        """Results of the draws in the given rows."""
        kept = None if self.kept is None else self.kept[rows]
        labelled = self.process.moves == "labels"
        return Diffusion(
            process=self.process.name,
            standards=self.standards,
            names=self.network.names,
            draws=np.arange(self.numbers.start, self.numbers.stop)[rows],
            counts=self.counts[rows],
            status=self.status[rows],
            period=self.period[rows],
            labels=kept if labelled else None,
            states=None if labelled else kept,
            provenance=provenance,
        )

    def _write(self, block: slice, step: int, state: Any, counts: Any) -> None:
        if counts is not None:
            self.counts[block, step] = counts
        elif self.process.moves == "labels":
            found: Any = self.counts[block, step]
            tally(np.asarray(state.labels, dtype=np.uint8), found)
        else:
            sums: Any = self.counts[block, step]
            add_up(np.asarray(state.shares, dtype=np.float64), sums)
        if self.whole and self.kept is not None:
            self.kept[block, step] = _content(self.process, state)

    def _periods(self, block: slice, state: Any, setting: NetworkSetting) -> IntArray:
        """Steps after which each draw recurs: 1 at rest, more in a cycle, 0 where it does neither.

        A deterministic process is continued without recording it: for one step, to see what moves, and, if
        recurring counts hint at a cycle, for at most as many steps as the run had.
        """
        if len(self.standards) == 1 and self.process.moves == "labels" and not self.process.allows_unassigned:
            return np.ones(setting.random.draws, np.int64)  # there is no other standard
        if not self.process.deterministic:
            rests = self.process.at_rest
            rest = np.zeros(setting.random.draws, np.bool_) if rests is None else rests(state, setting)
            return rest.astype(np.int64)
        ahead, report = self.process.step(state, setting)
        # What hardly moves has settled, and is in no cycle of two.
        still = _difference(self.process, ahead, state) < _SETTLED
        if report is not None and report.moved is not None:
            still = still | ~report.moved
        period = still.astype(np.int64)
        # The status of a draw depends on its own counts and the steps of the run, not on other draws.
        candidates = _counts_recurred(self.counts[block]) & ~still
        for step in range(2, self.counts.shape[1]):
            if not (candidates & (period == 0)).any() or setting.stop[0]:
                break
            ahead, _ = self.process.step(ahead, setting)
            apart = _difference(self.process, ahead, state)
            period[candidates & (period == 0) & (apart < _RECURRED.get(apart.dtype, 1.0))] = step
        return np.asarray(period)

    def _may_rest(self, block: slice, step: int, report: StepReport) -> bool:
        """Cheap necessary condition for rest, tested before the exact one."""
        if self.process.at_rest is None and not self.process.deterministic:
            return False  # the next random numbers may move what these did not
        if report.moved is not None:
            return not report.moved.any()
        return bool((self.counts[block, step] == self.counts[block, step - 1]).all())

    def _at_rest(self, before: Any, state: Any, report: StepReport, setting: NetworkSetting) -> BoolArray:
        if self.process.at_rest is not None:
            return self.process.at_rest(state, setting)
        if report.moved is not None:
            return ~report.moved
        previous, current = _content(self.process, before), _content(self.process, state)
        return np.asarray((previous == current).reshape(len(current), -1).all(axis=1))


def _content(process: Process, state: Any) -> Any:
    return state.labels if process.moves == "labels" else state.shares


def _difference(process: Process, one: Any, other: Any) -> Any:
    """Largest difference of two states in each draw, (R,): of shares, or 1 where some label differs."""
    if hasattr(one, "apart"):
        return one.apart(other)
    a, b = _content(process, one), _content(process, other)
    apart = np.abs(a - b) if a.dtype.kind == "f" else a != b
    return apart.reshape(len(a), -1).max(axis=1, initial=0)


def _counts_recurred(counts: Any) -> BoolArray:
    """Draws whose last counts also occurred before the previous step, as they do in every cycle.

    A draw that converges is farther from those counts than from the previous ones.
    """
    if counts.shape[1] < 3:
        return np.zeros(len(counts), np.bool_)
    apart = np.abs(counts[:, :-1] - counts[:, -1:]).max(axis=2, initial=0.0)
    earlier, last, scale = apart[:, :-1].min(axis=1), apart[:, -1], 1.0 + counts[:, -1].sum(axis=1)
    return np.asarray(earlier < np.minimum(np.maximum(last / 2.0, _ROUNDING * scale), _SETTLED * scale))
