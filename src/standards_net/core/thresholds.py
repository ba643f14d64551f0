"""Threshold adoption, draw by draw: the nodes that adopt in each step, listed in order.

The *course* of a draw is the list of adopting nodes, step by step. Courses of many draws are concatenated
in the same arrays; a kernel stops before a draw that might not fit and continues from there when called
again.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled
from standards_net.core.philox import WordArray, philox

__all__ = ["alias_rows", "count_step", "list_holders", "listen", "tip", "write_course"]

NodeArray = npt.NDArray[np.int32]
ByteArray = npt.NDArray[np.uint8]
LaneArray = npt.NDArray[np.uint64]

_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_ZERO, _ONE, _TWO, _THREE = (np.uint64(n) for n in range(4))
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_STRIDE = 64  # bytes examined together
_UNASSIGNED = 255


@compiled
def list_holders(
    labels: ByteArray, eights: LaneArray, cursor: IntArray, holders: NodeArray, held: ByteArray
) -> None:
    """List the initial holders and their standards, draw by draw; only count if the list has length 0.

    Parameters
    ----------
    labels : (R N,) array of uint8
        Of the draws, one after another; 255 for none.
    eights : (R N // 8,) array of uint64
        The same memory, eight bytes at a time.
    cursor : (R,) array of int
        Where the list of each draw starts on entry, and where it ends on return.
    holders, held : (K,) arrays of int32 and uint8
        Nodes and standards.
    """
    nodes = len(labels) // len(cursor)
    for at in range(0, len(labels), _STRIDE):
        # Most nodes start with none: 64 of them are skipped at once.
        some, end = _ALL, min(at + _STRIDE, len(labels))
        for k in range(at // 8, min(at // 8 + 8, len(eights))):
            some &= eights[k]
        if some == _ALL and end <= 8 * len(eights):
            continue
        for k in range(at, end):
            if labels[k] != _UNASSIGNED:
                r, i = k // nodes, k % nodes
                if len(holders):
                    holders[cursor[r]], held[cursor[r]] = i, labels[k]
                cursor[r] += 1


@compiled
def alias_rows(start: IntArray, weights: FloatArray, cut: FloatArray, other: NodeArray) -> None:
    """Tables to draw one entry of a row in proportion to the weights by one look-up (Walker's alias method).

    Parameters
    ----------
    start, weights : arrays
        Rows.
    cut : (E,) array
        Probability that an entry selects itself, 0 to 1.
    other : (E,) array of int32
        Entry selected otherwise.

    References
    ----------
    Vose, M. D. (1991), IEEE Transactions on Software Engineering 17(9), doi:10.1109/32.92917.

    Examples
    --------
    >>> cut, other = np.empty(2), np.empty(2, np.int32)
    >>> alias_rows(np.array([0, 2]), np.array([1.0, 3.0]), cut, other)
    >>> cut.tolist(), other.tolist()
    ([0.5, 1.0], [1, 1])
    """
    light, heavy = np.empty_like(other), np.empty_like(other)
    for i in range(len(start) - 1):
        total, lights, heavies = 0.0, 0, 0
        for e in range(start[i], start[i + 1]):
            total += weights[e]
        for e in range(start[i], start[i + 1]):
            cut[e], other[e] = weights[e] * (start[i + 1] - start[i]) / total, e
            if cut[e] < 1.0:
                light[lights] = e
                lights += 1
            else:
                heavy[heavies] = e
                heavies += 1
        while lights and heavies:
            lights -= 1
            small, large = light[lights], heavy[heavies - 1]
            other[small] = large
            cut[large] -= 1.0 - cut[small]
            if cut[large] < 1.0:
                heavies -= 1
                light[lights] = large
                lights += 1
        # The rest differ from 1 only by rounding.
        for k in range(lights):
            cut[light[k]] = 1.0
        for k in range(heavies):
            cut[heavy[k]] = 1.0


@compiled
def listen(  # noqa: C901 - random words, lists of followers and steps of a draw stay in the L1 cache
    start: IntArray, nodes: NodeArray, cut: WordArray, other: NodeArray, alone: NodeArray,
    random: LaneArray, first: IntArray, holders: NodeArray, held: ByteArray, words: WordArray,
    chosen: NodeArray, head: NodeArray, following: NodeArray, next_: NodeArray, given: ByteArray,
    queue: NodeArray, who: ByteArray, ends: NodeArray, turn: IntArray, done: IntArray,
) -> None:  # fmt: skip
    """Courses where each node samples one influencer and adopts one step after it.

    Parameters
    ----------
    start, nodes : arrays
        Influencers of each node, with one extra entry so that the loop needs no special cases.
    cut, other : (E + 1,) arrays of uint32 and int32, or empty
        Alias tables, cuts times 2**32; empty where all ties have equal weight.
    alone : (A,) array of int32
        Nodes without influencers.
    random : (3,) array of uint64
        Seed, first draw, stream.
    first : (R + 1,) array of int
        Where the holders of a draw start.
    holders, held : arrays
        As in :func:`list_holders`.
    words : (N,) array of uint32, padded to a multiple of 4
        Workspace.
    chosen : (N,) array of int32
        Workspace: the influencer sampled by each node.
    head, following : (N,) arrays of int32
        Workspace: the first node that sampled a node, and the next that sampled the same one.
    next_, given : (N + 1,) arrays of int32 and uint8
        Workspace: nodes that adopt next, and their standards.
    queue, who : (K,) arrays of int32 and uint8
        Adopting nodes in order, and their standards.
    ends : (L,) array of int32
        Where each step of a draw ends in the queue.
    turn : (R + 1,) array of int
        Where the steps of a draw start in ``ends``.
    done : (2,) array of int
        Draws done, and entries used in the queue.
    """
    size, seed, stream = len(head), random[0], random[2]
    while done[0] + 1 < len(first):
        r, used, turns = done[0], done[1], turn[done[0]]
        if used + size + 1 > len(queue) or turns + size + 1 > len(ends):
            break
        draw = random[1] + np.uint64(r)
        for g in range(len(words) // 4):
            words[4 * g], words[4 * g + 1], words[4 * g + 2], words[4 * g + 3] = philox(
                seed, draw, np.uint64(g), _ZERO, stream
            )
        # Three simple loops: fused, they would take twice as long.
        for n in range(np.uint64(size) if len(cut) == 0 else _ZERO):
            place = np.uint64(words[n]) * np.uint64(start[n + _ONE] - start[n])
            chosen[n] = nodes[np.uint64(start[n]) + (place >> _HALF)]
        for n in range(np.uint64(size) if len(cut) else _ZERO):
            place = np.uint64(words[n]) * np.uint64(start[n + _ONE] - start[n])
            e = np.uint64(start[n]) + (place >> _HALF)
            # Branch-free: half of the branch predictions would be wrong.
            e += (np.uint64(other[e]) - e) * np.uint64((place & _LOW) > np.uint64(cut[e]))
            chosen[n] = nodes[e]
        for k in range(len(alone)):
            chosen[alone[k]] = -1
        waiting = first[r + 1] - first[r]
        for k in range(waiting):
            next_[k], given[k] = holders[first[r] + k], held[first[r] + k]
            chosen[next_[k]] = following[next_[k]] = -1
        head[:] = -1
        for n in range(np.uint64(size)):
            if chosen[n] >= 0:
                u = np.uint64(chosen[n])
                following[n], head[u] = head[u], np.int32(n)
        while True:
            # First followers of the latest adopters; each leads to the other followers of the same node.
            begin = used
            for k in range(waiting):
                queue[used + k], who[used + k] = next_[k], given[k]
            used, waiting, k = used + waiting, 0, begin
            while k < used:
                v = np.uint64(queue[k])
                below, beside, same = head[v], following[v], who[k]
                next_[waiting], given[waiting], queue[used], who[used] = below, same, beside, same
                waiting += below >= 0
                used += beside >= 0
                k += 1
            ends[turns] = used
            turns += 1
            if waiting == 0:
                break
        done[0], done[1], turn[r + 1] = r + 1, used, turns


@compiled
def tip(  # noqa: C901 - pressure, tie-breaks and steps of a draw stay in the L1 cache
    start: IntArray, nodes: NodeArray, weights: FloatArray, back: IntArray, followers: NodeArray,
    pressing: FloatArray, need: FloatArray, free: NodeArray, standards: int, random: LaneArray,
    first: IntArray, holders: NodeArray, held: ByteArray, pressure: FloatArray, since: NodeArray,
    label: ByteArray, queue: NodeArray, who: ByteArray, ends: NodeArray, turn: IntArray, done: IntArray,
) -> None:  # fmt: skip
    """Courses where a node adopts once the weight of its adopting influencers reaches its threshold.

    Parameters
    ----------
    start, nodes, weights : arrays
        Influencers of each node; no weights (length 0) if all are equal.
    back, followers, pressing : arrays
        Followers of each node, in the same format.
    need : (N,) array
        Weight at which a node adopts; infinite for nodes that never do.
    free : (F,) array of int32
        Nodes that adopt in the first step unconditionally.
    standards : int
    random : (3,) array of uint64
        Seed, first draw, stream.
    first, holders, held : arrays
        As in :func:`listen`.
    pressure, since, label : (N,) arrays of float64, int32 and uint8
        Workspace, all 0 on entry: weight of adopting influencers, step of adoption plus 1, standard.
    queue, who, ends, turn, done : arrays
        As in :func:`listen`.
    """
    while done[0] + 1 < len(first):
        r, used, turns, step = done[0], done[1], turn[done[0]], 0
        if used + len(need) > len(queue) or turns + len(need) + 2 > len(ends):
            break
        for k in range(first[r], first[r + 1]):
            queue[used], since[holders[k]], label[holders[k]] = holders[k], 1, held[k]
            used += 1
        begin, end = done[1], done[1]
        while True:
            for k in range(end, used):
                i = queue[k]
                if step > 0 and standards > 1:
                    lots = philox(random[0], random[1] + np.uint64(r), np.uint64(i) >> _TWO, _ZERO, random[2])
                    lot = np.float64(lots[np.uint64(i) & _THREE]) * 2.0**-32
                    total = 0.0
                    for e in range(start[i], start[i + 1] if need[i] > 0.0 else start[i]):
                        total += (weights[e] if len(weights) else 1.0) * (since[nodes[e]] == step)
                    cumulative, label[i] = 0.0, int(lot * standards) if need[i] <= 0.0 else 0
                    for e in range(start[i], start[i + 1] if need[i] > 0.0 else start[i]):
                        if since[nodes[e]] == step:
                            label[i] = label[nodes[e]]
                            cumulative += weights[e] if len(weights) else 1.0
                            if cumulative > lot * total:
                                break
                who[k] = label[i]
            for k in range(end, used):
                since[queue[k]] = step + 1
            ends[turns], begin, end = used, end, used
            turns += 1
            for k in range(begin, end):
                for e in range(back[queue[k]], back[queue[k] + 1]):
                    v = followers[e]
                    before = pressure[v]
                    pressure[v] = before + (pressing[e] if len(pressing) else 1.0)
                    if before < need[v] <= pressure[v] and since[v] == 0:
                        queue[used] = v
                        used += 1
            for k in range(len(free) if step == 0 else 0):
                if since[free[k]] == 0:
                    queue[used] = free[k]
                    used += 1
            step += 1
            if used == end:
                break
        for k in range(done[1], used):
            for e in range(back[queue[k]], back[queue[k] + 1]):
                pressure[followers[e]] = 0.0
            since[queue[k]], label[queue[k]] = 0, 0
        done[0], done[1], turn[r + 1] = r + 1, used, turns


@compiled
def count_step(
    who: ByteArray, ends: NodeArray, turn: IntArray, step: int, counts: IntArray, moved: ByteArray
) -> None:
    """Add the adoptions of a step to the counts by standard, (R, S), and mark draws that moved, (R,)."""
    for r in range(len(counts)):
        at = turn[r] + step
        moved[r] = 0
        if at < turn[r + 1]:
            begin = ends[at - 1] if at > 0 else 0
            moved[r] = begin < ends[at]
            for k in range(begin, ends[at]):
                counts[r, who[k]] += 1


@compiled
def write_course(
    queue: NodeArray, who: ByteArray, ends: NodeArray, turn: IntArray, step: int, labels: ByteArray
) -> None:
    """Write all adoptions up to a step into labels, (R, N)."""
    for r in range(len(labels)):
        begin = ends[turn[r] - 1] if r > 0 else 0
        for k in range(begin, ends[min(turn[r] + step, turn[r + 1] - 1)]):
            labels[r, queue[k]] = who[k]
