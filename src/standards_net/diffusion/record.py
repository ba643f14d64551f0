"""Write down what a run shows: counts of every step, states on request, how each draw ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.tally import fingerprint, tally
from standards_net.diffusion.outcome import CYCLING, MOVING, SETTLED, Diffusion
from standards_net.networks import Network
from standards_net.processes.process import Arena, LabelArray, Process, Seen

__all__ = ["Record"]

_GOLDEN = 0.6180339887498949  # whose multiples fill the unit interval evenly


@dataclass(frozen=True)
class Record:
    """Arrays that blocks of draws write their rows into.

    Attributes
    ----------
    process, network, standards
        Of the run.
    counts : (R, T + 1, S) array
    marks : (R, T + 1) array of uint64
        Fingerprints of the states, where cycles are looked for.
    status : (R,) array of str
    kept : array or None
        Labels or shares, of the last or of all steps.
    done : (R,) array of bool
    """

    process: Process
    network: Network
    standards: tuple[str, ...]
    counts: IntArray | FloatArray
    marks: npt.NDArray[np.uint64]
    status: npt.NDArray[np.object_]
    kept: LabelArray | FloatArray | None
    whole: bool
    done: BoolArray

    @classmethod
    def empty(
        cls, process: Process, network: Network, standards: tuple[str, ...], draws: int, steps: int, keep: str
    ) -> Record:
        """Room for everything that will be kept."""
        labelled, nodes, count = process.moves == "labels", len(network), len(standards)
        own = (nodes,) if labelled else (nodes, count)
        times = (steps + 1,) if keep == "all" else ()
        counts: Any = np.zeros((draws, steps + 1, count), np.int64 if labelled else np.float64)
        kept = None
        if keep != "counts":
            kept = np.zeros((draws, *times, *own), np.uint8 if labelled else np.float64)
        return cls(
            process=process,
            network=network,
            standards=standards,
            counts=counts,
            marks=np.zeros((draws, steps + 1 if process.repeats else 0), np.uint64),
            status=np.full(draws, MOVING, dtype=object),
            kept=kept,
            whole=keep == "all",
            done=np.zeros(draws, dtype=bool),
        )

    def start(self, block: slice, state: Any) -> None:
        """The beginning of a block."""
        self._write(block, 0, state, None)

    def step(self, block: slice, step: int, before: Any, state: Any, seen: Seen | None, arena: Arena) -> bool:
        """One step of a block; True if nothing can move any more in any of its draws."""
        told = Seen() if seen is None else seen
        self._write(block, step, state, told.counts)
        if not self._may_rest(block, step, told):
            return False
        if not self._at_rest(before, state, told, arena).all():
            return False
        self.counts[block, step + 1 :] = self.counts[block, step][:, None]
        if self.process.repeats:
            self.marks[block, step + 1 :] = self.marks[block, step][:, None]
        if self.whole and self.kept is not None:
            self.kept[block, step + 1 :] = self.kept[block, step][:, None]
        return True

    def finish(self, block: slice, state: Any, arena: Arena) -> None:
        """The end of a block: how each draw ended, and its last state."""
        if self.kept is not None and not self.whole:
            self.kept[block] = _content(state)
        rest = np.zeros(arena.luck.draws, dtype=bool)
        if self.process.at_rest is not None:
            rest = self.process.at_rest(state, arena)
        self.status[block] = [
            SETTLED if at_rest else _ending(marks)
            for at_rest, marks in zip(rest, self.marks[block], strict=True)
        ]
        self.done[block] = True

    def outcome(self, done: IntArray | None, provenance: dict[str, Any]) -> Diffusion:
        """What was found, of all draws or of those that were done."""
        chosen: Any = slice(None) if done is None else done
        kept = None if self.kept is None else self.kept[chosen]
        labelled = self.process.moves == "labels"
        return Diffusion(
            process=self.process.name,
            standards=self.standards,
            names=self.network.names,
            draws=np.arange(len(self.done))[chosen],
            counts=self.counts[chosen],
            status=self.status[chosen].astype(str),
            labels=kept if labelled else None,
            states=None if labelled else kept,
            provenance=provenance,
        )

    def _write(self, block: slice, step: int, state: Any, counts: Any) -> None:
        if counts is not None:
            self.counts[block, step] = counts
        elif self.process.moves == "labels":
            found = np.empty((block.stop - block.start, len(self.standards)), np.int64)
            tally(_content(state), found)
            self.counts[block, step] = found
        else:
            self.counts[block, step] = _content(state).sum(axis=1)
        if self.process.repeats:
            marks = np.empty(block.stop - block.start, np.uint64)
            fingerprint(self._marked(state), marks)
            self.marks[block, step] = marks
        if self.whole and self.kept is not None:
            self.kept[block, step] = _content(state)

    def _marked(self, state: Any) -> LabelArray:
        """Bytes to take a fingerprint of.

        Of shares a projection that tells nodes apart, to six digits: they come to rest only in the limit.
        """
        if self.process.moves == "labels":
            return np.asarray(_content(state))
        nodes_first = _content(state).transpose(1, 2, 0)
        told_apart = np.modf(np.arange(1, len(nodes_first) + 1) * _GOLDEN)[0]
        seen = told_apart @ nodes_first.reshape(len(nodes_first), -1)
        rounded = np.round(seen.reshape(nodes_first.shape[1:]).T / len(nodes_first), 6) + 0.0
        return np.ascontiguousarray(rounded).view(np.uint8)

    def _may_rest(self, block: slice, step: int, seen: Seen) -> bool:
        """Cheap signs that all is over; only then is it looked at closely."""
        if seen.moved is not None:
            return not seen.moved.any()
        if self.process.at_rest is None and not self.process.repeats:
            return False
        return bool((self.counts[block, step] == self.counts[block, step - 1]).all())

    def _at_rest(self, before: Any, state: Any, seen: Seen, arena: Arena) -> BoolArray:
        if self.process.at_rest is not None:
            return self.process.at_rest(state, arena)
        if seen.moved is not None:
            return ~seen.moved
        one, other = _content(before), _content(state)
        return np.asarray((one == other).reshape(len(one), -1).all(axis=1))


def _content(state: Any) -> Any:
    return state.labels if hasattr(state, "labels") else state.shares


def _ending(marks: npt.NDArray[np.uint64]) -> str:
    """Whether the last state came before, and how long ago."""
    earlier = np.flatnonzero(marks[:-1] == marks[-1]) if len(marks) else marks
    if not len(earlier):
        return MOVING
    period = len(marks) - 1 - int(earlier[-1])
    return SETTLED if period == 1 else CYCLING.format(period=period)
