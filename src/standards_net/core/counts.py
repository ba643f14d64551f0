"""Reading states: how many nodes have each standard."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled

__all__ = ["add_up", "tally"]

_FEW = 8  # standards that are quicker compared one by one than counted label by label
_UPTO = 128  # labels at a time: a byte holds their count, and they fill whole instructions


@compiled
def tally(labels: npt.NDArray[np.uint8], counts: IntArray) -> None:
    """Count nodes by standard: labels (R, N) into counts (R, S); labels of S and more are left out."""
    standards = counts.shape[1]
    several = np.empty((4, 256), np.int64)  # four counters, so that equal neighbours do not wait
    for r in range(len(labels) if standards <= _FEW else 0):
        for s in range(standards):
            counts[r, s], wanted = 0, np.uint8(s)
            for at in range(0, labels.shape[1], _UPTO):
                held, some = labels[r, at : at + _UPTO], np.uint8(0)
                for i in range(len(held)):  # sums of bytes: 32 labels in one instruction
                    some = np.uint8(some + np.uint8(held[i] == wanted))
                counts[r, s] += some
    for r in range(len(labels) if standards > _FEW else 0):
        several[:] = 0
        for i in range(labels.shape[1]):
            several[i & 3, labels[r, i]] += 1
        for s in range(standards):
            counts[r, s] = several[0, s] + several[1, s] + several[2, s] + several[3, s]


@compiled
def add_up(shares: FloatArray, counts: FloatArray) -> None:
    """Add shares (R, N, S) up over the nodes into counts (R, S), in the order of the nodes.

    numpy's order hangs on how many draws there are.
    """
    counts[:] = 0.0
    for i in range(shares.shape[1]):
        for s in range(shares.shape[2]):
            for r in range(len(shares)):
                counts[r, s] += shares[r, i, s]
