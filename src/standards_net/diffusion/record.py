"""Write down what a run shows: counts of every step, states on request, how each draw ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.tally import add_up, tally
from standards_net.diffusion.outcome import CYCLING, MOVING, SETTLED, Diffusion
from standards_net.errors import StandardsNetError
from standards_net.networks import Network
from standards_net.processes.process import Arena, LabelArray, Process, Seen

__all__ = ["Record"]

_NEAR = 1e-6  # shares that move by less in a step have settled
_ALIKE = {np.dtype(np.float64): 1e-9, np.dtype(np.float32): 1e-6}  # shares that differ by less came again
_SAME = 1e-9  # part of all nodes by which the same counts may differ: they are sums of rounded shares


@dataclass(frozen=True)
class Record:
    """Arrays that blocks of draws write their rows into.

    Attributes
    ----------
    process, network, standards
        Of the run.
    numbers : range
        Of the draws, R.
    counts : (R, T + 1, S) array
    status : (R,) array of str
    kept : array or None
        Labels or shares, of the last or of all steps.
    done : (R,) array of bool
    """

    process: Process
    network: Network
    standards: tuple[str, ...]
    numbers: range
    counts: IntArray | FloatArray
    status: npt.NDArray[np.object_]
    kept: LabelArray | FloatArray | None
    whole: bool
    done: BoolArray

    @classmethod
    def empty(
        cls, process: Process, network: Network, standards: tuple[str, ...], numbers: range, steps: int,
        keep: str,
    ) -> Record:  # fmt: skip
        """Room for everything that will be kept."""
        labelled, nodes, count, draws = process.moves == "labels", len(network), len(standards), len(numbers)
        own = (nodes,) if labelled else (nodes, count)
        times = (steps + 1,) if keep == "all" else ()
        counts: Any = _zeros((draws, steps + 1, count), np.int64 if labelled else np.float64)
        kept = None
        if keep != "counts":
            kept = _zeros((draws, *times, *own), np.uint8 if labelled else np.float64)
        return cls(
            process=process,
            network=network,
            standards=standards,
            numbers=numbers,
            counts=counts,
            status=np.full(draws, MOVING, dtype=object),
            kept=kept,
            whole=keep == "all",
            done=np.zeros(draws, dtype=bool),
        )

    def start(self, block: slice, state: Any) -> None:
        """The beginning of a block; a state that knows its counts need not be read."""
        self._write(block, 0, state, getattr(state, "counts", None))

    def step(self, block: slice, step: int, before: Any, state: Any, seen: Seen | None, arena: Arena) -> bool:
        """One step of a block; True if nothing can move any more in any of its draws."""
        told = Seen() if seen is None else seen
        self._write(block, step, state, told.counts)
        if not self._may_rest(block, step, told):
            return False
        if not self._at_rest(before, state, told, arena).all():
            return False
        self.counts[block, step + 1 :] = self.counts[block, step][:, None]
        if self.whole and self.kept is not None:
            self.kept[block, step + 1 :] = self.kept[block, step][:, None]
        return True

    def finish(self, block: slice, state: Any, arena: Arena) -> None:
        """The end of a block: how each draw ended, and its last state."""
        if self.kept is not None and not self.whole:
            self.kept[block] = _content(self.process, state)
        self.status[block] = self._endings(block, state, arena)
        self.done[block] = not arena.stop[0]

    def outcome(self, rows: Any, provenance: dict[str, Any]) -> Diffusion:
        """What was found, of the draws in some rows."""
        kept = None if self.kept is None else self.kept[rows]
        labelled = self.process.moves == "labels"
        return Diffusion(
            process=self.process.name,
            standards=self.standards,
            names=self.network.names,
            draws=np.arange(self.numbers.start, self.numbers.stop)[rows],
            counts=self.counts[rows],
            status=self.status[rows].astype(str),
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

    def _endings(self, block: slice, state: Any, arena: Arena) -> list[str]:
        """How each draw ended: at rest, back where it was, or neither.

        What a process without luck will do is seen by going on, which is never written down: a step, to
        see what moves, and where counts that came before hint at a cycle, as long again as the run was.
        """
        if len(self.standards) == 1 and self.process.moves == "labels" and not self.process.undecided:
            return [SETTLED] * arena.luck.draws  # there is nothing else to take
        if not self.process.repeats:
            rests = self.process.at_rest
            rest = np.zeros(arena.luck.draws, np.bool_) if rests is None else rests(state, arena)
            return [SETTLED if one else MOVING for one in rest]
        ahead, seen = self.process.step(state, arena)
        # What hardly moves has settled, and is in no cycle of two.
        still = _apart(self.process, ahead, state) < _NEAR
        if seen is not None and seen.moved is not None:
            still = still | ~seen.moved
        period = still.astype(np.int64)
        # A draw is judged by its own counts and by the steps of the run, whoever stands beside it.
        open_ = _came_again(self.counts[block]) & ~still
        for step in range(2, self.counts.shape[1]):
            if not (open_ & (period == 0)).any() or arena.stop[0]:
                break
            ahead, _ = self.process.step(ahead, arena)
            apart = _apart(self.process, ahead, state)
            period[open_ & (period == 0) & (apart < _ALIKE.get(apart.dtype, 1.0))] = step
        return [MOVING if p == 0 else SETTLED if p == 1 else CYCLING.format(period=p) for p in period]

    def _may_rest(self, block: slice, step: int, seen: Seen) -> bool:
        """Cheap signs that all is over; only then is it looked at closely."""
        if self.process.at_rest is None and not self.process.repeats:
            return False  # what luck left alone this time it may move the next
        if seen.moved is not None:
            return not seen.moved.any()
        return bool((self.counts[block, step] == self.counts[block, step - 1]).all())

    def _at_rest(self, before: Any, state: Any, seen: Seen, arena: Arena) -> BoolArray:
        if self.process.at_rest is not None:
            return self.process.at_rest(state, arena)
        if seen.moved is not None:
            return ~seen.moved
        one, other = _content(self.process, before), _content(self.process, state)
        return np.asarray((one == other).reshape(len(one), -1).all(axis=1))


def _zeros(shape: tuple[int, ...], kind: npt.DTypeLike) -> Any:
    try:
        return np.zeros(shape, kind)
    except (MemoryError, ValueError):  # the second where not even the size is a number
        gigabytes = math.prod(shape) * np.dtype(kind).itemsize / 1e9
        raise StandardsNetError(
            f"{shape[0]:,} draws take {gigabytes:,.0f} GB with what is to be kept; ask for fewer draws or "
            "steps, or keep less."
        ) from None


def _content(process: Process, state: Any) -> Any:
    return state.labels if process.moves == "labels" else state.shares


def _apart(process: Process, one: Any, other: Any) -> Any:
    """Largest difference of two states in each draw, (R,): of shares, or 1 where some label differs."""
    if hasattr(one, "apart"):
        return one.apart(other)
    a, b = _content(process, one), _content(process, other)
    apart = np.abs(a - b) if a.dtype.kind == "f" else a != b
    return apart.reshape(len(a), -1).max(axis=1, initial=0)


def _came_again(counts: Any) -> BoolArray:
    """Draws whose last counts were there before the step before: without that there is no cycle.

    What only comes nearer and nearer to rest is farther from those counts than from its last ones.
    """
    if counts.shape[1] < 3:
        return np.zeros(len(counts), np.bool_)
    apart = np.abs(counts[:, :-1] - counts[:, -1:]).max(axis=2, initial=0.0)
    earlier, last, all_ = apart[:, :-1].min(axis=1), apart[:, -1], 1.0 + counts[:, -1].sum(axis=1)
    return np.asarray(earlier < np.minimum(np.maximum(last / 2.0, _SAME * all_), _NEAR * all_))
