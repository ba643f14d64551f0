"""Reading states: how many nodes have each standard."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import IntArray
from standards_net.core.compiled import compiled

__all__ = ["tally"]


@compiled
def tally(labels: npt.NDArray[np.uint8], counts: IntArray) -> None:
    """Count nodes by standard: labels (R, N) into counts (R, S); labels of S and more are left out."""
    standards = counts.shape[1]
    several = np.empty((4, 256), np.int64)  # four counters, so that equal neighbours do not wait
    for r in range(len(labels)):
        several[:] = 0
        for i in range(labels.shape[1]):
            several[i & 3, labels[r, i]] += 1
        for s in range(standards):
            counts[r, s] = several[0, s] + several[1, s] + several[2, s] + several[3, s]
