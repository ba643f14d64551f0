"""Counts of nodes by standard."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled

__all__ = ["add_up", "tally"]

_FEW = 8  # standards up to which comparing one by one is faster than counting label by label
_BATCH = 128  # labels at a time: their count fits into a byte, and they fill whole vector registers


@compiled
def tally(labels: npt.NDArray[np.uint8], counts: IntArray) -> None:
    """Count nodes by standard: labels (R, N) into counts (R, S); labels of S and above are ignored."""
    standards = counts.shape[1]
    several = np.empty((4, 256), np.int64)  # four counters avoid store-to-load stalls
    for r in range(len(labels) if standards <= _FEW else 0):
        for s in range(standards):
            counts[r, s], wanted = 0, np.uint8(s)
            for at in range(0, labels.shape[1], _BATCH):
                batch, matches = labels[r, at : at + _BATCH], np.uint8(0)
                for i in range(len(batch)):  # sums of bytes: 32 labels in one instruction
                    matches = np.uint8(matches + np.uint8(batch[i] == wanted))
                counts[r, s] += matches
    for r in range(len(labels) if standards > _FEW else 0):
        several[:] = 0
        for i in range(labels.shape[1]):
            several[i & 3, labels[r, i]] += 1
        for s in range(standards):
            counts[r, s] = several[0, s] + several[1, s] + several[2, s] + several[3, s]


@compiled
def add_up(shares: FloatArray, counts: FloatArray) -> None:
    """Sum shares (R, N, S) over the nodes into counts (R, S), in the order of the nodes.

    The order of numpy's summation would depend on the number of draws.
    """
    counts[:] = 0.0
    for i in range(shares.shape[1]):
        for s in range(shares.shape[2]):
            for r in range(len(shares)):
                counts[r, s] += shares[r, i, s]
