"""Adoption by innovation and imitation: random numbers are drawn only for nodes without a standard.

The number of each node's influencers that have a standard is stored, and updated by pushing each new
adoption to the node's followers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled
from standards_net.core.philox import WordArray, philox

__all__ = ["PlaceArray", "adopt", "list_waiting", "notify_followers", "words_of_groups"]

LabelArray = npt.NDArray[np.uint8]

PlaceArray = npt.NDArray[np.int32]

_UNASSIGNED = 255
_ONE, _FOUR = np.uint64(1), np.uint64(4)


@compiled
def list_waiting(labels: LabelArray, listed: PlaceArray, found: IntArray) -> None:
    """List groups of four nodes in which some node has no standard yet, draw by draw.

    Parameters
    ----------
    labels : (R, N) array of uint8
        255 for none.
    listed : (2, R * ceil(N / 4)) array of int32
        Draws and groups.
    found : (1,) array of int
        Length of the list.
    """
    nodes = labels.shape[1]
    count = np.int64(0)
    for r in range(len(labels)):
        for g in range((nodes + 3) // 4):
            waits = False
            for i in range(4 * g, min(4 * g + 4, nodes)):
                waits |= labels[r, i] == _UNASSIGNED
            listed[0, count], listed[1, count] = r, g
            count += np.int64(waits)  # a group where none waits is overwritten by the next
    found[0] = count


@compiled
def words_of_groups(
    key: np.uint64,
    first: np.uint64,
    step: np.uint64,
    stream: np.uint64,
    listed: PlaceArray,
    begin: int,
    out: WordArray,
) -> None:
    """Words of listed draws and groups, the same as :func:`standards_net.core.philox.philox_by_draw` gives.

    Parameters
    ----------
    key, first, step, stream : uint64
        ``first`` is the number of the draw listed as 0.
    listed : (2, L) array of int32
        Draws and groups.
    begin : int
        Where in the list to start.
    out : (4, K) array of uint32
        One column per group.
    """
    for k in range(out.shape[1]):
        draw, group = np.uint64(listed[0, begin + k]), np.uint64(listed[1, begin + k])
        out[0, k], out[1, k], out[2, k], out[3, k] = philox(key, first + draw, group, step, stream)


@compiled
def adopt(
    listed: PlaceArray, begin: int, words: WordArray,
    innovation: FloatArray, imitation: FloatArray, scale: FloatArray, near: npt.NDArray[Any],
    labels: LabelArray, counts: IntArray, fresh: PlaceArray, still: PlaceArray, found: IntArray,
) -> None:  # fmt: skip
    r"""Let each node without a standard adopt or not, by one random word each.

    .. math:: P(\text{adopts}) = 1 - e^{-\sum_s \lambda_s}, \qquad \lambda_s = p_s + q_s n_{is} / d_i

    Parameters
    ----------
    listed : (2, L) array of int32
        Draws, and groups of four nodes in which some node has no standard.
    begin : int
        Where in the list to start.
    words : (4, K) array of uint32
        Random words of the K groups from there.
    innovation, imitation : (S,) array
        ``p`` and ``q`` per step.
    scale : (N,) array
        One over the strength of a node.
    near : (R, N, S) array
        Weight of a node's influencers by standard; not changed here, so that all nodes respond to the
        same state.
    labels : (R, N) array of uint8
    counts : (R, S) array of int
    fresh : (2, F) array of int32
        Draws and nodes that have adopted in this step.
    still : (2, L) array of int32
        Draws and groups in which some node still has no standard.
    found : (2,) array of int
        Lengths of the two lists; both are extended from there.
    """
    nodes, standards = np.uint64(near.shape[1]), near.shape[2]
    cumulative = np.empty(standards)
    count, waiting = np.uint64(found[0]), np.uint64(found[1])
    for k in range(words.shape[1]):
        r, group, waits = np.uint64(listed[0, begin + k]), np.uint64(listed[1, begin + k]), False
        for w in range(_FOUR):
            i = _FOUR * group + w
            if i >= nodes or labels[r, i] != _UNASSIGNED:
                continue
            total = 0.0
            for s in range(standards):
                total += innovation[s] + imitation[s] * (near[r, i, s] * scale[i])
                cumulative[s] = total
            mark = words[w, k] * 2.0**-32
            # The probability is below the rate, so most nodes do not need the exponential.
            chance = -np.expm1(-total) if mark < total else 0.0
            if mark >= chance:
                waits = True
                continue
            taken = np.int64(0)
            for s in range(standards - 1):
                # Given mark < chance, it is uniform on [0, chance): its position selects the standard.
                taken += np.int64(mark * total >= cumulative[s] * chance)
            labels[r, i] = taken
            counts[r, taken] += 1
            fresh[0, count], fresh[1, count] = r, i
            count += _ONE
        still[0, waiting], still[1, waiting] = r, group
        waiting += np.uint64(waits)
    found[0], found[1] = count, waiting


@compiled
def notify_followers(
    start: IntArray,
    followers: npt.NDArray[np.int32],
    weights: FloatArray,
    fresh: PlaceArray,
    labels: LabelArray,
    near: npt.NDArray[Any],
) -> None:
    """Add nodes that have just adopted to the counts of their followers.

    Parameters
    ----------
    start, followers, weights : arrays
        Followers of each node; no weights (length 0) if all are equal.
    fresh : (2, K) array of int32
        Draws and nodes.
    labels : (R, N) array of uint8
        What they adopted.
    near : (R, N, S) array
    """
    for k in range(fresh.shape[1]):
        r, i = np.uint64(fresh[0, k]), np.uint64(fresh[1, k])
        s = np.uint64(labels[r, i])
        if len(weights):
            for e in range(start[i], start[i + _ONE]):
                near[r, np.uint64(followers[e]), s] += weights[e]
        else:
            for e in range(start[i], start[i + _ONE]):
                near[r, np.uint64(followers[e]), s] += 1
