"""Copying and majorities: nodes that answer some or all of their neighbours, without utilities.

Each kernel takes R draws through one step of N turns. *Asynchronous*: every turn is of a node picked at
random, and the next turn sees its answer. *Synchronous*: every node has one turn, and all answer the
state before. A turn has a fixed number of words of Philox, so that its luck depends on the seed, the
draw, the step and the number of the turn alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.compiled import compiled
from standards_net.core.philox import WordArray, philox_by_draw, philox_by_word

__all__ = [
    "discordant",
    "link_turns",
    "listening_words",
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
_TURNS = 256  # whose words are drawn at a time
_ALIKE = 1.0 - 1e-12  # part of the heaviest weight from which another is as heavy: sums are rounded


def listening_words(start: IntArray, weights: FloatArray | None) -> WordArray:
    """Largest random word that still means each neighbour, by cumulative weight; empty if all are alike.

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
    >>> listening_words(np.array([0, 2]), np.array([1.0, 3.0])) / 2.0**32
    array([0.25, 1.  ])
    """
    if weights is None:
        return np.empty(0, np.uint32)
    words = np.empty(len(weights), np.uint32)
    _words_upto(start, weights, words)
    return words


@compiled
def _words_upto(start: IntArray, weights: FloatArray, words: WordArray) -> None:
    """Row by row, so that a heavy tie elsewhere costs no precision."""
    for i in range(len(start) - 1):
        total, upto = 0.0, 0.0
        for e in range(start[i], start[i + 1]):
            total += weights[e]
        for e in range(start[i], start[i + 1]):
            upto += weights[e]
            share = 1.0 if e == start[i + 1] - 1 else upto / total  # rounding leaves no gap at the end
            words[e] = np.uint32(max(min(np.ceil(share * 2.0**32), 2.0**32) - 1.0, 0.0))


@compiled
def voter_turns(
    key: np.uint64, draw: np.uint64, step: np.uint64, start: IntArray, nodes: NodeArray, upto: WordArray,
    asynchronous: bool, source: LabelArray, target: LabelArray, words: WordArray,
) -> None:  # fmt: skip
    """A node copies one of those it looks to, drawn by weight.

    Parameters
    ----------
    key, draw, step : uint64
        Seed, first draw, step.
    start, nodes : arrays
        Neighbours.
    upto : (E,) array of uint32
        From :func:`listening_words`.
    asynchronous : bool
    source, target : (R, N) array of uint8
        The same array if asynchronous.
    words : (1, 512) array of uint32
        Room to work in: two words a turn, whose turn it is and whom it listens to.
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
                heard = before[np.uint64(nodes[e])]
                after[i] = heard


@compiled
def voter_turns_by_word(
    key: np.uint64, draw: np.uint64, step: np.uint64, start: WordArray, nodes: NodeArray | ShortArray,
    labels: LabelArray, words: WordArray,
) -> None:  # fmt: skip
    """As :func:`voter_turns`, asynchronous and with equal ties: one word a turn.

    The word times N is whose turn it is, with a fraction that is whom it listens to. All chances are as
    exact, 2**-32, but they are chances of pairs: relative to one of 1 / (N degree) that is little only
    while there are much fewer pairs than words.

    Parameters
    ----------
    key, draw, step
        As there.
    start, nodes : arrays of uint32, of int32 or uint16
        Neighbours, as short as holds them, since little else is read.
    labels : (R, N) array of uint8
    words : (4, 128) array of uint32
        Room to work in; a column is four turns.
    """
    count = np.uint64(labels.shape[1])
    for r in range(len(labels)):
        held = labels[r]
        for at in range(0, labels.shape[1], 2 * _TURNS):
            philox_by_word(key, draw + np.uint64(r), np.uint64(at // 4), step, _MOVE, words)
            last: int = min(2 * _TURNS, labels.shape[1] - at)
            for turn in range(last):
                whose = np.uint64(words[turn & 3, turn >> 2]) * count
                i, fraction = whose >> _HALF, whose & _LOW
                first = np.uint64(start[i])
                degree = np.uint64(start[i + _ONE]) - first
                held[i] = held[np.uint64(nodes[first + ((fraction * degree) >> _HALF)])]


@compiled
def link_turns(
    key: np.uint64, draw: np.uint64, step: np.uint64, ends: NodeArray,
    labels: LabelArray, words: WordArray,
) -> None:  # fmt: skip
    """A tie is picked at random, and one end, by a fair coin, copies the other; N turns.

    Parameters
    ----------
    key, draw, step : uint64
    ends : (E, 2) array of int32
        Both ends of every tie, each tie once in each direction: which end copies is which row is picked.
    labels : (R, N) array of uint8
    words : (1, 256) array of uint32
        Room to work in: one word a turn.
    """
    ties = np.uint64(len(ends))
    for r in range(len(labels)):
        held = labels[r]
        for at in range(0, labels.shape[1], _TURNS):
            philox_by_draw(key, draw + np.uint64(r), np.uint64(at // 4), step, _MOVE, words)
            for turn in range(min(_TURNS, labels.shape[1] - at)):
                e = (np.uint64(words[0, turn]) * ties) >> _HALF
                i, heard = np.uint64(ends[e, 0]), held[np.uint64(ends[e, 1])]
                held[i] = heard


@compiled
def q_voter_turns(
    key: np.uint64, draw: np.uint64, step: np.uint64, start: IntArray, nodes: NodeArray, upto: WordArray,
    q: int, noise: np.uint64, standards: int, asynchronous: bool, source: LabelArray, target: LabelArray,
    words: WordArray,
    stop: LabelArray,
) -> None:  # fmt: skip
    """A node asks q of those it looks to, the same one perhaps twice, and follows if they agree.

    Parameters
    ----------
    key, draw, step, start, nodes, upto, asynchronous, source, target
        As in :func:`voter_turns`.
    q : int
    noise : uint64
        2**32 times the chance to take another standard, drawn evenly, where they do not agree.
    standards : int
    words : (1, W * 256) array of uint32
        Room to work in; W words a turn, a multiple of 4 of at least q + 2: whose turn, whether noise acts
        (and which standard it means), whom it asks.
    stop : (1,) array of uint8
        Set by whoever wants an end.
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
                own = heard = before[i]
                agree = True
                for k in range(q):
                    if len(upto):
                        e = first
                        while e + _ONE < end and random[2 + k] > upto[e]:
                            e += _ONE
                    else:
                        e = first + ((np.uint64(random[2 + k]) * (end - first)) >> _HALF)
                    said = before[np.uint64(nodes[e])]
                    agree &= k == 0 or said == heard
                    heard = said
                answer = heard if agree else own
                if not agree and np.uint64(random[1]) < noise and standards > 1:
                    other = np.uint8((np.uint64(random[1]) * np.uint64(standards - 1)) // noise)
                    answer = other + np.uint8(other >= own)
                after[i] = answer


@compiled
def majority_turns(  # noqa: C901 - draws, turns, neighbours, standards
    key: np.uint64, draw: np.uint64, step: np.uint64, start: IntArray, nodes: NodeArray, weights: FloatArray,
    noise: np.uint64, standards: int, asynchronous: bool, source: LabelArray, target: LabelArray,
    words: WordArray,
    stop: LabelArray,
) -> None:  # fmt: skip
    """A node takes the standard that weighs most among those it looks to.

    Parameters
    ----------
    key, draw, step, start, nodes, asynchronous, source, target
        As in :func:`voter_turns`.
    weights : (E,) array
        Of the ties; empty if all are alike.
    noise : uint64
        2**32 times the chance to take any standard, drawn evenly, instead.
    standards : int
    words : (1, 1024) array of uint32
        Room to work in: four words a turn: whose turn, whether noise acts, what it means, a lot among
        the heaviest where the own standard is not among them. Weights within 1e-12 are as heavy.
    stop : (1,) array of uint8
        Set by whoever wants an end.
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
                enough, alike, answer = near.max() * _ALIKE, 0, own
                for s in range(standards):
                    alike += near[s] >= enough
                if near[own] < enough:
                    lot = (np.uint64(words[0, 4 * turn + 3]) * np.uint64(alike)) >> _HALF
                    for s in range(standards):
                        if near[s] >= enough:
                            if lot == 0:
                                answer = np.uint8(s)
                            lot -= _ONE
                if np.uint64(words[0, 4 * turn + 1]) < noise:
                    answer = np.uint8((np.uint64(words[0, 4 * turn + 2]) * np.uint64(standards)) >> _HALF)
                after[i] = answer


@compiled
def majority_turns_counted(  # noqa: C901 - draws, turns, neighbours, standards
    key: np.uint64, draw: np.uint64, step: np.uint64, start: IntArray, nodes: NodeArray, noise: np.uint64,
    standards: int, asynchronous: bool, source: LabelArray, target: LabelArray, words: WordArray,
    stop: LabelArray,
) -> None:  # fmt: skip
    """As :func:`majority_turns`, with equal ties, at most 8 standards and 255 neighbours.

    The counts of all standards are the bytes of one word, which never leaves its register.

    Parameters
    ----------
    key, draw, step, start, nodes, noise, standards, asynchronous, source, target
        As there.
    words : (4, 256) array of uint32
        Room to work in; a column is a turn, with the words that it has there.
    stop : (1,) array of uint8
        Set by whoever wants an end.
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
                answer = own
                if (near >> (np.uint64(own) << _THREE)) & _BYTE < best:
                    lot = (np.uint64(words[3, turn]) * alike) >> _HALF
                    for s in range(standards):
                        if (near >> np.uint64(8 * s)) & _BYTE == best:
                            if lot == 0:
                                answer = np.uint8(s)
                            lot -= _ONE
                after[i] = answer


@compiled
def discordant(start: IntArray, nodes: NodeArray, labels: LabelArray, found: BoolArray) -> None:
    """Whether somebody looks to a node with another standard, by draw: labels (R, N), found (R,)."""
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
    """Whether somebody holds a standard that another outweighs among those it looks to, by draw."""
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
