"""Cascades of many draws in parallel: which ties are live, and how adoption spreads along them.

A *word* holds 64 draws, one bit each; four adjacent words let one instruction process 256 draws. Whether
a tie is live is drawn once, when one of its ends has adopted in some draw for the first time; the cost of
a step is then proportional to what moves in it. Nodes that adopt in a step are listed as *events*: node,
standard, draws.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import IntArray
from standards_net.core.compiled import compiled
from standards_net.core.philox import philox

__all__ = [
    "WORDS",
    "count_events",
    "draw_ties",
    "list_initial_adopters",
    "pair_up",
    "settle",
    "spread_cascade",
    "write_events",
]

LaneArray = npt.NDArray[np.uint64]
NodeArray = npt.NDArray[np.int32]
ByteArray = npt.NDArray[np.uint8]

WORDS = 4  # of 64 draws, side by side
_CHUNK = 64  # ties drawn at a time: they stay in the L1 cache
_SLOTS = WORDS * _CHUNK
_STRIDE = 64  # bytes examined together
_FIRST, _PLACES = 5, 40  # binary digits of a count: always added, and maximum
_UNASSIGNED = 255

_HALF = np.uint64(32)
_ZERO, _ONE, _TWO, _THREE, _FOUR = (np.uint64(n) for n in range(5))
_TOP, _NEXT, _BITS, _WIDE = np.uint64(63), np.uint64(62), np.uint64(64), np.uint64(WORDS)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@compiled
def pair_up(start: IntArray, nodes: NodeArray, back: NodeArray) -> None:
    """Find the reverse entry of every entry of an undirected network.

    Parameters
    ----------
    start, nodes : arrays
        Neighbours; the relation is symmetric.
    back : (E,) array of int32

    Examples
    --------
    >>> back = np.empty(4, np.int32)
    >>> pair_up(np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1], np.int32), back)
    >>> back.tolist()
    [1, 0, 3, 2]
    """
    cursor = start[:-1].copy()
    into, source = np.empty_like(back), np.empty_like(back)  # entries that end in a node, by their origin
    for u in range(len(cursor)):
        for e in range(start[u], start[u + 1]):
            at = cursor[nodes[e]]
            into[at], source[at] = e, u
            cursor[nodes[e]] += 1
    cursor[:] = start[:-1]
    for k in range(len(into)):
        # The ends of these entries ascend, so the next unused entry into the origin is the reverse one.
        back[into[k]] = into[cursor[source[k]]]
        cursor[source[k]] += 1


@compiled
def list_initial_adopters(
    labels: ByteArray, eights: LaneArray, place: NodeArray, taken: LaneArray,
    moved: NodeArray, which: ByteArray, lanes: LaneArray, found: IntArray,
) -> None:  # fmt: skip
    """Initial events: nodes that have a standard in some draw.

    Parameters
    ----------
    labels : (R N,) array of uint8
        Of at most 256 draws, one after another; 255 for none.
    eights : (R N // 8,) array of uint64
        The same memory, eight bytes at a time.
    place : (N, S) array of int32
        Workspace, all -1 on entry.
    taken : (N, 4) array of uint64
        Set: draws in which a node has a standard.
    moved, which, lanes : (N S + 1,) arrays of int32 and uint8, (N S + 1, 4) array of uint64
        Events: node, standard, draws.
    found : (1,) array of int
        Number of events.
    """
    size, count = len(place), 0
    for at in range(0, len(labels), _STRIDE):
        # Most nodes start with none: 64 of them are skipped at once.
        some = _ALL
        for k in range(at // 8, min(at // 8 + 8, len(eights))):
            some &= eights[k]
        end = min(at + _STRIDE, len(labels))
        if some == _ALL and end <= 8 * len(eights):
            continue
        for k in range(at, end):
            s = labels[k]
            if s != _UNASSIGNED:
                r, i = k // size, k % size
                if place[i, s] < 0:
                    place[i, s], moved[count], which[count], lanes[count] = count, i, s, _ZERO
                    count += 1
                taken[i, r >> 6] |= _ONE << np.uint64(r & 63)
                lanes[place[i, s], r >> 6] |= _ONE << np.uint64(r & 63)
    found[0] = count


@compiled
def draw_ties(  # noqa: C901 - chunk by chunk, digit by digit
    start: IntArray, nodes: NodeArray, back: NodeArray, digits: LaneArray, shared: bool, random: LaneArray,
    moved: NodeArray, drawn: ByteArray, queue: NodeArray, live: LaneArray,
) -> None:  # fmt: skip
    """Sample the draws in which the ties of nodes that adopted for the first time are live.

    Random bits are compared with the binary digits of a tie's probability, the most significant first,
    until every draw is decided; every digit decides half of the remaining ones. A Philox block with
    counter (word of draws, tie, b, stream) gives digits 2 b and 2 b + 1 of 64 draws.

    Parameters
    ----------
    start, nodes : arrays
        Whom each node influences.
    back : (E,) array of int32
        Reverse entry, in a shared network; else the entry itself. The number of a tie is the lower of the
        two.
    digits : (E,) or (1,) array of uint64
        Probabilities times 2**32.
    shared : bool
        Whether both entries of a tie share one outcome. Only the first of its ends to adopt can use a tie,
        so in an undirected network this halves the random numbers and changes no probability.
    random : (5,) array of uint64
        Seed, first word of draws, stream of ties, stream of tie-breaks, words of draws in use.
    moved : (M,) array of int32
        Nodes of the events of the previous step.
    drawn : (N,) array of uint8
        Whether the ties of a node have been drawn.
    queue : (E + 1,) array of int32
        Workspace.
    live : (4 E,) array of uint64
        Draws in which a tie is live, four words per entry.
    """
    waiting = 0
    for u in moved:
        if drawn[u] == 0:
            drawn[u] = 1
            for e in range(start[u], start[u + 1]):
                queue[waiting] = e
                waiting += not (shared and drawn[nodes[e]] != 0)
    seed, stream = random[0], random[2]
    tie, left, goal = np.empty(_SLOTS, np.uint64), np.empty(_SLOTS, np.uint64), np.empty(_SLOTS, np.uint64)
    open_, yes, word = np.empty(_SLOTS, np.uint64), np.empty(_SLOTS, np.uint64), np.empty(_SLOTS, np.uint64)
    for at in range(0, waiting, _CHUNK):
        last: int = min(at + _CHUNK, waiting)
        m, block = _ZERO, _ZERO
        for k in range(at, last):
            here, there = np.uint64(queue[k]), np.uint64(back[queue[k]])
            chance = digits[here] if len(digits) > 1 else digits[0]
            for w in range(random[4]):
                tie[m], word[m], goal[m] = min(here, there), random[1] + w, _WIDE * here + w
                open_[m], yes[m], left[m] = _ALL, _ALL if chance >> _HALF else _ZERO, chance << _HALF
                m += _ONE
        while m > _ZERO:
            for i in range(m):
                c0, c1, c2, c3 = philox(seed, word[i], tie[i], block, stream)
                bits = np.uint64(c0) | (np.uint64(c1) << _HALF)
                more = np.uint64(c2) | (np.uint64(c3) << _HALF)
                digit, next_ = _ZERO - (left[i] >> _TOP), _ZERO - ((left[i] >> _NEXT) & _ONE)
                y, o = yes[i] | (open_[i] & digit & ~bits), open_[i] & ~(bits ^ digit)
                yes[i], open_[i] = y | (o & next_ & ~more), o & ~(more ^ next_)
                left[i] <<= _TWO
            block += _ONE
            if block >= _FOUR:
                kept = _ZERO
                for i in range(m):
                    live[goal[i]] = yes[i]
                    tie[kept], word[kept], goal[kept] = tie[i], word[i], goal[i]
                    left[kept], open_[kept], yes[kept] = left[i], open_[i], yes[i]
                    kept += np.uint64((open_[i] != _ZERO) & (left[i] != _ZERO))
                m = kept
        for k in range(at, last if shared else at):
            here, there = _WIDE * np.uint64(queue[k]), _WIDE * np.uint64(back[queue[k]])
            for w in range(_WIDE):
                live[there + w] = live[here + w]


@compiled
def spread_cascade(
    start: IntArray, nodes: NodeArray, live: LaneArray, moved: NodeArray, which: ByteArray,
    lanes: LaneArray, reach: LaneArray, touched: ByteArray,
) -> None:  # fmt: skip
    """Propagate standards along the live ties.

    Parameters
    ----------
    start, nodes, live : arrays
        As in :func:`draw_ties`.
    moved, which, lanes : arrays
        Events of the previous step.
    reach : (N, 4 S) array of uint64
        Draws in which each standard reaches a node.
    touched : (N,) array of uint8, padded to a multiple of 64
        Whether some standard may reach a node.
    """
    for k in range(len(moved)):
        u, s = moved[k], _WIDE * np.uint64(which[k])
        a, b, c, d = lanes[k, 0], lanes[k, 1], lanes[k, 2], lanes[k, 3]
        for e in range(np.uint64(start[u]), np.uint64(start[u + 1])):
            v = np.uint64(nodes[e])
            at = _WIDE * e
            reach[v, s] |= a & live[at]
            reach[v, s + _ONE] |= b & live[at + _ONE]
            reach[v, s + _TWO] |= c & live[at + _TWO]
            reach[v, s + _THREE] |= d & live[at + _THREE]
            touched[v] = 1


@compiled
def settle(  # noqa: C901 - draws in which standards meet are resolved one by one
    random: LaneArray, taken: LaneArray, reach: LaneArray, touched: ByteArray,
    moved: NodeArray, which: ByteArray, lanes: LaneArray, found: IntArray,
) -> None:  # fmt: skip
    """Let unassigned nodes adopt what reached them; of several standards, one uniformly at random.

    Parameters
    ----------
    random, taken, reach, touched : arrays
        As in :func:`draw_ties`, :func:`list_initial_adopters` and :func:`spread_cascade`; the last two are
        cleared.
    moved, which, lanes, found : arrays
        Events of this step, as in :func:`list_initial_adopters`, in the order of nodes.
    """
    standards, count = reach.shape[1] // WORDS, 0
    for at in range(0, len(touched), _STRIDE):
        some = _ZERO
        for n in range(at, at + _STRIDE):
            some |= touched[n]
        for n in range(at, at + _STRIDE if some else at):
            if touched[n] == 0:
                continue
            v, touched[n] = np.uint64(n), 0
            if standards == 1:
                some = _ZERO
                for w in range(_WIDE):
                    fresh = reach[v, w] & ~taken[v, w]
                    taken[v, w] |= fresh
                    lanes[count, w], reach[v, w] = fresh, _ZERO
                    some |= fresh
                moved[count], which[count] = v, 0
                count += some != _ZERO
                continue
            for w in range(_WIDE):
                once = twice = _ZERO
                for at_s in range(w, np.uint64(reach.shape[1]), _WIDE):
                    reach[v, at_s] &= ~taken[v, w]
                    twice |= once & reach[v, at_s]
                    once |= reach[v, at_s]
                taken[v, w] |= once
                lane = _ZERO
                while lane < _BITS and twice >> lane != _ZERO:
                    if (twice >> lane) & _ONE:
                        lots = philox(random[0], (random[1] + w) * _BITS + lane, v >> _TWO, _ZERO, random[3])
                        rivals = _ZERO
                        for at_s in range(w, np.uint64(reach.shape[1]), _WIDE):
                            rivals += (reach[v, at_s] >> lane) & _ONE
                        rank = (np.uint64(lots[v & _THREE]) * rivals) >> _HALF
                        for at_s in range(w, np.uint64(reach.shape[1]), _WIDE):
                            here = (reach[v, at_s] >> lane) & _ONE
                            reach[v, at_s] ^= (here & np.uint64(rank != _ZERO)) << lane
                            rank -= here
                    lane += _ONE
            for s in range(standards):
                some = _ZERO
                for w in range(_WIDE):
                    lanes[count, w] = reach[v, _WIDE * np.uint64(s) + w]
                    some |= lanes[count, w]
                    reach[v, _WIDE * np.uint64(s) + w] = _ZERO
                moved[count], which[count] = v, s
                count += some != _ZERO
    found[0] = count


@compiled
def count_events(which: ByteArray, lanes: LaneArray, counts: IntArray) -> None:
    """Add events to the counts by standard, (R, S), with binary adders that are read once at the end.

    Parameters
    ----------
    which, lanes : arrays
        Events, as in :func:`list_initial_adopters`.
    counts : (R, S) array of int
    """
    standards, most = counts.shape[1], _FIRST
    sums = np.zeros((standards, _PLACES, WORDS), np.uint64)
    for k in range(len(which)):
        s = which[k]
        for w in range(_WIDE):
            x = lanes[k, w]
            for place in range(_FIRST):  # a fixed number of rounds avoids branch mispredictions
                sums[s, place, w], x = sums[s, place, w] ^ x, sums[s, place, w] & x
            place = _FIRST
            while x != _ZERO:
                sums[s, place, w], x = sums[s, place, w] ^ x, sums[s, place, w] & x
                place += 1
                most = max(most, place)
    for r in range(len(counts)):
        for s in range(standards):
            for place in range(most):
                counts[r, s] += np.int64((sums[s, place, r >> 6] >> np.uint64(r & 63)) & _ONE) << place


@compiled
def write_events(moved: NodeArray, which: ByteArray, lanes: LaneArray, labels: ByteArray) -> None:
    """Write events into labels, (R, N)."""
    for k in range(len(moved)):
        for w in range(WORDS):
            rest, r = lanes[k, w], w * 64
            while rest != _ZERO:
                if rest & _ONE:
                    labels[r, moved[k]] = which[k]
                rest >>= _ONE
                r += 1
