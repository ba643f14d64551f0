"""Adopters that arrive one after another: each chooses once, given what those before it chose.

Nodes arrive in a given order; nodes that start with a standard are skipped. The choices of arrivals are
an append-only log: a draw's position in the order determines who has arrived, so states of earlier steps
can share the log of later ones.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled
from standards_net.core.philox import WordArray

__all__ = ["arrive_by_payoff", "arrive_by_urn", "draw_types"]

LabelArray = npt.NDArray[np.uint8]

_UNASSIGNED = 255
_ZERO, _ONE, _HALF, _LOW = np.uint64(0), np.uint64(1), np.uint64(32), np.uint64(0xFFFFFFFF)


@compiled
def arrive_by_urn(
    order: IntArray, given: LabelArray, words: WordArray, begin: int, end: int, strength: FloatArray,
    at: IntArray, counts: IntArray, log: LabelArray,
) -> None:  # fmt: skip
    r"""Arrivals that adopt a standard with probability proportional to its strength.

    .. math:: P(s) = f_s(n_s) / \sum_t f_t(n_t)

    Parameters
    ----------
    order : (N,) array of int
        Nodes in order of arrival.
    given : (R, N) array of uint8
        Initial standards of nodes, 255 for none.
    words : (R, K) array of uint32
        Random words of arrivals; those of columns ``begin`` to ``end`` arrive.
    strength : (S, N + 1) array
        ``f``, by number of adopters.
    at : (R,) array of int
        Each draw's position in the order; updated in place, as are the following.
    counts : (R, S) array of int
        ``n``.
    log : (R, N) array of uint8
    """
    nodes, standards = np.uint64(len(order)), np.uint64(counts.shape[1])
    adopters, cumulative = np.empty(standards, np.uint64), np.empty(standards)
    for r in range(len(given)):
        place = np.uint64(at[r])
        adopters[:] = counts[r].view(np.uint64)
        for a in range(begin, end):
            while place < nodes and given[r, np.uint64(order[place])] != _UNASSIGNED:
                place += _ONE
            if place == nodes:
                break
            total = 0.0
            for s in range(standards):
                total += strength[s, adopters[s]]
                cumulative[s] = total
            target = words[r, a] * 2.0**-32 * total
            taken = _ZERO
            for s in range(standards - _ONE):
                taken += np.uint64(target >= cumulative[s])
            for s in range(standards):
                adopters[s] += np.uint64(s == taken)  # faster than a single increment at a late-known index
            log[r, np.uint64(order[place])] = np.uint8(taken)
            place += _ONE
        at[r], counts[r] = np.int64(place), adopters.view(np.int64)


@compiled
def draw_types(words: WordArray, upto: npt.NDArray[np.uint64], types: LabelArray) -> None:
    """Types of arrivals, (R, K), from their random words: type v below ``upto[v]``, (V - 1,)."""
    for r in range(len(words)):
        for a in range(words.shape[1]):
            types[r, a] = 0
            for v in range(len(upto)):
                types[r, a] += np.uint8(words[r, a] >= upto[v])


@compiled
def arrive_by_payoff(
    order: IntArray, place_of: IntArray, start: IntArray, nodes: npt.NDArray[np.int32],
    given: LabelArray, types: LabelArray, lots: WordArray, begin: int, end: int,
    taste: FloatArray, payoff: FloatArray, at: IntArray, counts: IntArray, log: LabelArray,
) -> None:  # fmt: skip
    """Arrivals that adopt the standard with the highest pay-off.

    Equal pay-offs: the standard the arrival's own taste favours, then one at random.

    Parameters
    ----------
    order : (N,) array of int
        Nodes in order of arrival.
    place_of : (N,) array of int
        Positions of nodes in the order.
    start, nodes : arrays
        Neighbours, if only they count; ``start`` of length 0 if the whole market does.
    given : (R, N) array of uint8
        Initial standards of nodes, 255 for none.
    types : (R, K) array of uint8
        Of arrivals; those of columns ``begin`` to ``end`` arrive.
    lots : (R, K) array of uint32
        Random words that break ties.
    taste : (V, S) array
        By type.
    payoff : (V, S, M) array
        By type and number of adopters.
    at, counts, log : arrays
        As in :func:`arrive_by_urn`.
    """
    size, standards = np.uint64(len(order)), np.uint64(counts.shape[1])
    adopters = np.empty(standards, np.uint64)
    near = np.empty(_UNASSIGNED + 1, np.uint64)  # one more entry counts those without a standard
    counted = near if len(start) else adopters
    for r in range(len(given)):
        place = np.uint64(at[r])
        adopters[:] = counts[r].view(np.uint64)
        for a in range(begin, end):
            while place < size and given[r, np.uint64(order[place])] != _UNASSIGNED:
                place += _ONE
            if place == size:
                break
            i = np.uint64(order[place])
            if len(start):
                near[:standards] = _ZERO
                for e in range(start[i], start[i + _ONE]):
                    j = np.uint64(nodes[e])
                    label = log[r, j] if np.uint64(place_of[j]) < place else np.uint8(_UNASSIGNED)
                    near[given[r, j] if given[r, j] != _UNASSIGNED else label] += _ONE
            kind, lot = np.uint64(types[r, a]), _ZERO
            taken, among, best, liked = _ZERO, _ONE, -np.inf, -np.inf
            for s in range(standards):
                pays, likes = payoff[kind, s, counted[s]], taste[kind, s]
                if pays > best or (pays == best and likes > liked):
                    taken, among, best, liked = np.uint64(s), _ONE, pays, likes
                    lot = np.uint64(lots[r, a])
                elif pays == best and likes == liked:
                    # The k-th of equals replaces the one before with probability 1/k: digits of one word.
                    among += _ONE
                    lot *= among
                    taken = np.uint64(s) if lot >> _HALF == _ZERO else taken
                    lot &= _LOW
            adopters[taken] += _ONE
            log[r, i] = np.uint8(taken)
            place += _ONE
        at[r], counts[r] = np.int64(place), adopters.view(np.int64)
