"""Best responses of nodes to their neighbours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.compiled import compiled

__all__ = ["best_response_turns"]

_SLACK = 1e-12  # relative tolerance below which utilities count as equal: sums of weights are rounded


@compiled
def best_response_turns(
    start: IntArray, nodes: npt.NDArray[np.int32], weights: FloatArray, compatibility: FloatArray,
    quality: FloatArray, cost: float, source: npt.NDArray[np.uint8], target: npt.NDArray[np.uint8],
    moved: BoolArray, stop: npt.NDArray[np.uint8],
) -> None:  # fmt: skip
    """Give every node in turn the standard of largest utility, keeping its own if that is among the best.

    Parameters
    ----------
    start, nodes, weights : arrays
        Neighbours; weights sum to 1 over the neighbours of a node.
    compatibility : (S, S) array
    quality : (N, S) array
    cost : float
        Of switching.
    source, target : (R, N) array of uint8
        The same array if each node is to see the responses of those before it.
    moved : (R,) array of bool
    stop : (1,) array of uint8
        Set to nonzero to stop early.
    """
    standards = len(compatibility)
    near, largest = np.empty(standards), np.abs(compatibility).max() + cost
    for r in range(len(source)):
        moved[r] = False
        for i in range(source.shape[1]):
            if stop[0]:
                return
            near[:] = 0.0
            for e in range(start[i], start[i + 1]):
                near[source[r, nodes[e]]] += weights[e]
            own = source[r, i]
            response = own
            best = quality[i, own]
            for t in range(standards):
                best += compatibility[own, t] * near[t]
            for s in range(standards):
                utility = quality[i, s] - cost
                for t in range(standards):
                    utility += compatibility[s, t] * near[t]
                slack = _SLACK * (largest + abs(quality[i, s]) + abs(quality[i, own]))
                if s != own and utility > best + slack:
                    best, response = utility, np.uint8(s)
            moved[r] |= response != own
            target[r, i] = response
