"""Copying and majority rules: nodes respond to some or all of their influencers, without utilities.

Each kernel advances R draws by one step of N turns. *Asynchronous*: each turn updates a node picked at
random, and the next turn sees the result. *Synchronous*: every node has one turn, and all respond to the
previous state. A turn uses a fixed number of Philox words, so its random numbers depend only on the seed,
the draw, the step and the number of the turn.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.compiled import compiled
from standards_net.core.philox import WordArray, philox_by_draw, philox_by_word

__all__ = [
    "discordant",
    "influencer_words",
    "link_turns",
    "majority_turns",
    "majority_turns_counted",
    "outvoted",
    "q_voter_turns",
    "voter_turns",
    "voter_turns_by_word",
]

NodeArray = npt.NDArray[np.int32]
ShortArray = npt.NDArray[np.uint16]
LabelArray = npt.NDArray[np.uint8]

_MOVE, _HALF, _ONE, _LOW = np.uint64(1), np.uint64(32), np.uint64(1), np.uint64(0xFFFFFFFF)
_THREE, _BYTE = np.uint64(3), np.uint64(255)
_TURNS = 256  # turns whose words are drawn at a time
_ALIKE = 1.0 - 1e-12  # fraction of the largest weight from which another counts as equal: sums are rounded


def influencer_words(start: IntArray, weights: FloatArray | None) -> WordArray:
    """Largest random word that selects each neighbour, by cumulative weight; empty if all are equal.

    Parameters
    ----------
    start : (N + 1,) array of int
    weights : (E,) array or None

    Returns
    -------
    (E,) array of uint32
        Probabilities exact to 2**-32.

    Examples
    --------
    >>> influencer_words(np.array([0, 2]), np.array([1.0, 3.0])) / 2.0**32
    array([0.25, 1.  ])
    """
    if weights is None:
        return np.empty(0, np.uint32)
    words = np.empty(len(weights), np.uint32)
    _cumulative_words(start, weights, words)
    return words


@compiled
def _cumulative_words(start: IntArray, weights: FloatArray, words: WordArray) -> None:
    """Row by row, so that a heavy tie elsewhere does not reduce precision."""
    for i in range(len(start) - 1):
        total, cumulative = 0.0, 0.0
        for e in range(start[i], start[i + 1]):
            total += weights[e]
        for e in range(start[i], start[i + 1]):
            cumulative += weights[e]
            share = 1.0 if e == start[i + 1] - 1 else cumulative / total  # rounding leaves no gap at the end
            words[e] = np.uint32(max(min(np.ceil(share * 2.0**32), 2.0**32) - 1.0, 0.0))


@compiled
def voter_turns(
    key: np.uint64, draw: np.uint64, step: np.uint64, start: IntArray, nodes: NodeArray, upto: WordArray,
    asynchronous: bool, source: LabelArray, target: LabelArray, words: WordArray,
) -> None:  # fmt: skip
    """A node copies one of its influencers, drawn by weight.

    Parameters
    ----------
    key, draw, step : uint64
        Seed, first draw, step.
    start, nodes : arrays
        Neighbours.
    upto : (E,) array of uint32
        From :func:`influencer_words`.
    asynchronous : bool
    source, target : (R, N) array of uint8
        The same array if asynchronous.
    words : (1, 512) array of uint32
        Workspace: two words per turn, for the node and the influencer it copies.
    """
    count = np.uint64(source.shape[1])
    for r in range(len(source)):
        before, after = source[r], target[r]
        for at in range(0, source.shape[1], _TURNS):
            philox_by_draw(key, draw + np.uint64(r), np.uint64(at // 2), step, _MOVE, words)
            for turn in range(min(_TURNS, source.shape[1] - at)):
                i = np.uint64(at + turn)
                if asynchronous:
                    i = (np.uint64(words[0, 2 * turn]) * count) >> _HALF
                word, first, end = words[0, 2 * turn + 1], np.uint64(start[i]), np.uint64(start[i + _ONE])
                if len(upto):
                    e = first
                    while e + _ONE < end and word > upto[e]:
                        e += _ONE
                else:
                    e = first + ((np.uint64(word) * (end - first)) >> _HALF)
                copied = before[np.uint64(nodes[e])]
                after[i] = copied


@compiled
def voter_turns_by_word(
    key: np.uint64, draw: np.uint64, step: np.uint64, start: WordArray, nodes: NodeArray | ShortArray,
    labels: LabelArray, words: WordArray,
) -> None:  # fmt: skip
    """As :func:`voter_turns`, asynchronous and with equal ties: one word per turn.

    The integer part of the word times N is the node, and the fraction selects the influencer it copies.
    Probabilities are exact to 2**-32 as well, but they are probabilities of pairs: relative to 1 / (N degree)
    the error is small only while there are far fewer pairs than words.

    Parameters
    ----------
    key, draw, step
        As there.
    start, nodes : arrays of uint32, of int32 or uint16
        Neighbours, in the shortest type that holds them, since little else is read.
    labels : (R, N) array of uint8
    words : (4, 128) array of uint32
        Workspace; one column per four turns.
    """
    count = np.uint64(labels.shape[1])
    for r in range(len(labels)):
        held = labels[r]
        for at in range(0, labels.shape[1], 2 * _TURNS):
            philox_by_word(key, draw + np.uint64(r), np.uint64(at // 4), step, _MOVE, words)
            last: int = min(2 * _TURNS, labels.shape[1] - at)
            for turn in range(last):
                scaled = np.uint64(words[turn & 3, turn >> 2]) * count
                i, fraction = scaled >> _HALF, scaled & _LOW
                first = np.uint64(start[i])
                degree = np.uint64(start[i + _ONE]) - first
                held[i] = held[np.uint64(nodes[first + ((fraction * degree) >> _HALF)])]


@compiled
def link_turns(
    key: np.uint64, draw: np.uint64, step: np.uint64, ends: NodeArray,
    labels: LabelArray, words: WordArray,
) -> None:  # fmt: skip
    """A tie is picked at random, and one of its ends, equally likely, copies the other; N turns.

    Parameters
    ----------
    key, draw, step : uint64
    ends : (E, 2) array of int32
        Both ends of every tie, each tie once in each direction: the row picked determines which end copies.
    labels : (R, N) array of uint8
    words : (1, 256) array of uint32
        Workspace: one word per turn.
    """
    ties = np.uint64(len(ends))
    for r in range(len(labels)):
        held = labels[r]
        for at in range(0, labels.shape[1], _TURNS):
            philox_by_draw(key, draw + np.uint64(r), np.uint64(at // 4), step, _MOVE, words)
            for turn in range(min(_TURNS, labels.shape[1] - at)):
                e = (np.uint64(words[0, turn]) * ties) >> _HALF
                i, copied = np.uint64(ends[e, 0]), held[np.uint64(ends[e, 1])]
                held[i] = copied


@compiled
def q_voter_turns(
    key: np.uint64, draw: np.uint64, step: np.uint64, start: IntArray, nodes: NodeArray, upto: WordArray,
    q: int, noise: np.uint64, standards: int, asynchronous: bool, source: LabelArray, target: LabelArray,
    words: WordArray,
    stop: LabelArray,
) -> None:  # fmt: skip
    """A node samples q of its influencers, with replacement, and follows them if they agree.

    Parameters
    ----------
    key, draw, step, start, nodes, upto, asynchronous, source, target
        As in :func:`voter_turns`.
    q : int
    noise : uint64
        2**32 times the probability of taking another standard, uniformly, where they do not agree.
    standards : int
    words : (1, W * 256) array of uint32
        Workspace; W words per turn, a multiple of 4 of at least q + 2: the node, whether noise acts (and
        which standard it selects), the influencers sampled.
    stop : (1,) array of uint8
        Set to nonzero to stop early.
    """
    count, width = np.uint64(source.shape[1]), words.shape[1] // _TURNS
    for r in range(len(source)):
        before, after = source[r], target[r]
        for at in range(0, source.shape[1], _TURNS):
            if stop[0]:
                return
            philox_by_draw(key, draw + np.uint64(r), np.uint64(at * width // 4), step, _MOVE, words)
            for turn in range(min(_TURNS, source.shape[1] - at)):
                random = words[0, turn * width : (turn + 1) * width]
                i = np.uint64(at + turn)
                if asynchronous:
                    i = (np.uint64(random[0]) * count) >> _HALF
                first, end = np.uint64(start[i]), np.uint64(start[i + _ONE])
                own = copied = before[i]
                agree = True
                for k in range(q):
                    if len(upto):
                        e = first
                        while e + _ONE < end and random[2 + k] > upto[e]:
                            e += _ONE
                    else:
                        e = first + ((np.uint64(random[2 + k]) * (end - first)) >> _HALF)
                    sampled = before[np.uint64(nodes[e])]
                    agree &= k == 0 or sampled == copied
                    copied = sampled
                response = copied if agree else own
                if not agree and np.uint64(random[1]) < noise and standards > 1:
                    other = np.uint8((np.uint64(random[1]) * np.uint64(standards - 1)) // noise)
                    response = other + np.uint8(other >= own)
                after[i] = response


@compiled
def majority_turns(  # noqa: C901 - draws, turns, neighbours, standards
    key: np.uint64, draw: np.uint64, step: np.uint64, start: IntArray, nodes: NodeArray, weights: FloatArray,
    noise: np.uint64, standards: int, asynchronous: bool, source: LabelArray, target: LabelArray,
    words: WordArray,
    stop: LabelArray,
) -> None:  # fmt: skip
    """A node takes the standard of largest weight among its influencers.

    Parameters
    ----------
    key, draw, step, start, nodes, asynchronous, source, target
        As in :func:`voter_turns`.
    weights : (E,) array
        Of the ties; empty if all are equal.
    noise : uint64
        2**32 times the probability of taking any standard, uniformly, instead.
    standards : int
    words : (1, 1024) array of uint32
        Workspace, four words per turn: the node, whether noise acts, the standard it selects, and the
        random choice among the heaviest where the node's own standard is not among them. Weights within
        1e-12 count as equal.
    stop : (1,) array of uint8
        Set to nonzero to stop early.
    """
    count = np.uint64(source.shape[1])
    near = np.empty(standards)
    for r in range(len(source)):
        before, after = source[r], target[r]
        for at in range(0, source.shape[1], _TURNS):
            if stop[0]:
                return
            philox_by_draw(key, draw + np.uint64(r), np.uint64(at), step, _MOVE, words)
            for turn in range(min(_TURNS, source.shape[1] - at)):
                i = np.uint64(at + turn)
                if asynchronous:
                    i = (np.uint64(words[0, 4 * turn]) * count) >> _HALF
                own = before[i]
                near[:] = 0.0
                for e in range(np.uint64(start[i]), np.uint64(start[i + _ONE])):
                    near[before[np.uint64(nodes[e])]] += weights[e] if len(weights) else 1.0
                enough, alike, response = near.max() * _ALIKE, 0, own
                for s in range(standards):
                    alike += near[s] >= enough
                if near[own] < enough:
                    lot = (np.uint64(words[0, 4 * turn + 3]) * np.uint64(alike)) >> _HALF
                    for s in range(standards):
                        if near[s] >= enough:
                            if lot == 0:
                                response = np.uint8(s)
                            lot -= _ONE
                if np.uint64(words[0, 4 * turn + 1]) < noise:
                    response = np.uint8((np.uint64(words[0, 4 * turn + 2]) * np.uint64(standards)) >> _HALF)
                after[i] = response


@compiled
def majority_turns_counted(  # noqa: C901 - draws, turns, neighbours, standards
    key: np.uint64, draw: np.uint64, step: np.uint64, start: IntArray, nodes: NodeArray, noise: np.uint64,
    standards: int, asynchronous: bool, source: LabelArray, target: LabelArray, words: WordArray,
    stop: LabelArray,
) -> None:  # fmt: skip
    """As :func:`majority_turns`, with equal ties, at most 8 standards and 255 neighbours.

    The counts of all standards are the bytes of one word, kept in a register.

    Parameters
    ----------
    key, draw, step, start, nodes, noise, standards, asynchronous, source, target
        As there.
    words : (4, 256) array of uint32
        Workspace; one column per turn, with the same four words.
    stop : (1,) array of uint8
        Set to nonzero to stop early.
    """
    count = np.uint64(source.shape[1])
    for r in range(len(source)):
        before, after = source[r], target[r]
        for at in range(0, source.shape[1], _TURNS):
            if stop[0]:
                return
            philox_by_word(key, draw + np.uint64(r), np.uint64(at), step, _MOVE, words)
            for turn in range(min(_TURNS, source.shape[1] - at)):
                i = np.uint64(at + turn)
                if asynchronous:
                    i = (np.uint64(words[0, turn]) * count) >> _HALF
                if np.uint64(words[1, turn]) < noise:
                    after[i] = np.uint8((np.uint64(words[2, turn]) * np.uint64(standards)) >> _HALF)
                    continue
                near, own = np.uint64(0), before[i]
                for e in range(np.uint64(start[i]), np.uint64(start[i + _ONE])):
                    near += _ONE << (np.uint64(before[np.uint64(nodes[e])]) << _THREE)
                best, alike = np.uint64(0), np.uint64(0)
                for s in range(standards):
                    weight = (near >> np.uint64(8 * s)) & _BYTE
                    alike = alike + np.uint64(weight == best) if weight <= best else _ONE
                    best = max(best, weight)
                response = own
                if (near >> (np.uint64(own) << _THREE)) & _BYTE < best:
                    lot = (np.uint64(words[3, turn]) * alike) >> _HALF
                    for s in range(standards):
                        if (near >> np.uint64(8 * s)) & _BYTE == best:
                            if lot == 0:
                                response = np.uint8(s)
                            lot -= _ONE
                after[i] = response


@compiled
def discordant(start: IntArray, nodes: NodeArray, labels: LabelArray, found: BoolArray) -> None:
    """Whether some node has an influencer with another standard, by draw: labels (R, N), found (R,)."""
    for r in range(len(labels)):
        found[r] = False
        for i in range(labels.shape[1]):
            for e in range(start[i], start[i + 1]):
                if labels[r, nodes[e]] != labels[r, i]:
                    found[r] = True
            if found[r]:
                break


@compiled
def outvoted(
    start: IntArray, nodes: NodeArray, weights: FloatArray, standards: int,
    labels: LabelArray, found: BoolArray,
) -> None:  # fmt: skip
    """Whether some node holds a standard that another outweighs among its influencers, by draw."""
    near = np.empty(standards)
    for r in range(len(labels)):
        found[r] = False
        for i in range(labels.shape[1]):
            near[:] = 0.0
            for e in range(start[i], start[i + 1]):
                near[labels[r, nodes[e]]] += weights[e] if len(weights) else 1.0
            if near[labels[r, i]] < near.max() * _ALIKE:
                found[r] = True
                break
