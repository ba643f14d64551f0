"""Heat-bath choice among standards on a network: probabilities by table or by exponentials.

Two layouts of the same rule, with the same luck and the same answers. *Rows*: a draw after another, a
byte a node. *Planes*: 64 draws side by side, one bit each, in two words a node (holds the first
standard; holds the second): neighbours are counted by binary adders, 64 draws in one instruction.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled
from standards_net.core.philox import WordArray

__all__ = [
    "MOST_NEIGHBOURS",
    "count_planes",
    "heat_bath_by_table",
    "heat_bath_planes",
    "heat_bath_rows",
    "pack_planes",
    "response_table",
    "unpack_planes",
]

PlaneArray = npt.NDArray[np.uint64]

MOST_NEIGHBOURS = 15  # a count takes four bits of an index of the table
_ROWS = 256  # of the table: two counts of four bits

_ZERO, _ONE, _TWO, _BYTE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(255)
_EIGHT = np.uint64(8)
_UP_2, _UP_3, _UP_4, _UP_5, _UP_6, _UP_7 = (np.uint64(8 * byte) for byte in range(2, 8))
_SWAP_7, _SWAP_14, _SWAP_28 = (
    np.uint64(0x00AA00AA00AA00AA),
    np.uint64(0x0000CCCC0000CCCC),
    np.uint64(0x00000000F0F0F0F0),
)


def response_table(
    degrees: IntArray, sensitivity: float, compatibility: FloatArray, quality: FloatArray, cost: float
) -> WordArray:
    r"""Largest random word that still means a standard, for every count of neighbours.

    .. math:: P(s \mid n, o) \propto \exp \beta \Bigl(\frac1d \sum_t C_{st} n_t + q_s - c\,[s \ne o]\Bigr)

    Parameters
    ----------
    degrees : (D,) array of int
        Distinct numbers of neighbours, at most 15.
    sensitivity : float
        ``beta``.
    compatibility : (S, S) array
        ``C``, two or three standards.
    quality : (S,) array
    cost : float
        Of switching.

    Returns
    -------
    (2, D, 3, 256) array of uint32
        By degree, own standard and ``n_0 + 16 n_1``: a word up to the first entry means the first
        standard, up to the second entry one of the first two. Probabilities are exact to 2**-32.
    """
    standards = len(compatibility)
    table = np.full((2, len(degrees), 3, _ROWS), np.uint32(2**32 - 1))
    first, second = np.arange(_ROWS) % 16, np.arange(_ROWS) // 16
    for place, degree in enumerate(degrees):
        counts = np.stack([first, second, degree - first - second], axis=1)[:, :standards]
        possible = (first + second == degree) if standards == 2 else (first + second <= degree)
        benefit = counts @ compatibility.T / max(degree, 1) + quality
        for own in range(standards):
            utility = benefit - cost * (np.arange(standards) != own)
            weight = np.exp(sensitivity * (utility - utility.max(axis=1, keepdims=True)))
            cumulative = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
            words = np.maximum(np.ceil(cumulative * 2.0**32) - 1.0, 0.0).astype(np.uint32)
            table[:, place, own] = np.where(possible, words.T[:2], table[:, place, own])
    return table


@compiled
def heat_bath_rows(
    start: IntArray,
    nodes: npt.NDArray[np.int32],
    weights: FloatArray,
    scale: FloatArray,
    compatibility: FloatArray,
    field: FloatArray,
    cost: float,
    order: npt.NDArray[np.int32],
    words: WordArray,
    source: npt.NDArray[np.uint8],
    target: npt.NDArray[np.uint8],
) -> None:
    """Update the nodes of ``order`` in turn; ``source`` and ``target`` may be the same array.

    Parameters
    ----------
    start, nodes, weights : arrays
        Neighbours; no weights (length 0) if all are alike.
    scale : (N,) array
        Sensitivity over the strength of a node.
    compatibility : (S, S) array
    field : (N, S) array
        Sensitivity times quality.
    cost : float
        Sensitivity times the cost of switching.
    order : (K,) array of int32
    words : (R, K) array of uint32
        Luck, a word an update.
    source, target : (R, N) array of uint8
    """
    standards = len(compatibility)
    near, weight = np.empty(standards), np.empty(standards)
    for r in range(len(source)):
        for k in range(len(order)):
            i = order[k]
            near[:] = 0.0
            for e in range(start[i], start[i + 1]):
                near[source[r, nodes[e]]] += weights[e] if len(weights) else 1.0
            best = -np.inf
            for s in range(standards):
                weight[s] = 0.0
                for t in range(standards):
                    weight[s] += compatibility[s, t] * near[t]
                weight[s] = weight[s] * scale[i] + field[i, s]
                if s != source[r, i]:
                    weight[s] -= cost
                best = max(best, weight[s])
            total = 0.0
            for s in range(standards):
                total += np.exp(weight[s] - best)
                weight[s] = total
            taken = 0
            for s in range(standards - 1):
                # As in the table: the largest word that still means one of the standards so far.
                if words[r, k] > max(np.ceil(weight[s] / total * 2.0**32) - 1.0, 0.0):
                    taken = s + 1
            target[r, i] = taken


@compiled
def heat_bath_by_table(
    start: IntArray,
    nodes: npt.NDArray[np.int32],
    place: IntArray,
    table: WordArray,
    order: npt.NDArray[np.int32],
    words: WordArray,
    source: npt.NDArray[np.uint8],
    target: npt.NDArray[np.uint8],
) -> None:
    """As :func:`heat_bath_rows`, with unweighted neighbours and a :func:`response_table`.

    Parameters
    ----------
    start, nodes : arrays
        Neighbours.
    place : (N,) array of int
        Where a node's degree stands in the table.
    table : (2, D, 3, 256) array of uint32
    order, words, source, target : arrays
        As there; two or three standards.
    """
    for r in range(len(source)):
        own = source[r]
        for k in range(len(order)):
            i = order[k]
            index = 0
            for e in range(start[i], start[i + 1]):
                label = own[np.uint64(nodes[e])]
                index += (label == 0) + 16 * (label == 1)
            word = words[r, k]
            taken = np.uint8(word > table[0, place[i], own[i], index])
            target[r, i] = taken + np.uint8(word > table[1, place[i], own[i], index])


@compiled
def heat_bath_planes(
    start: IntArray, nodes: npt.NDArray[np.int32], place: IntArray, table: WordArray, sticky: bool,
    order: npt.NDArray[np.int32], words: WordArray, source: PlaneArray,
    index_words: PlaneArray, index: npt.NDArray[np.uint8], target: PlaneArray,
) -> None:  # fmt: skip
    """As :func:`heat_bath_by_table`, 64 draws side by side.

    Parameters
    ----------
    start, nodes, place, table : arrays
        As there.
    sticky : bool
        Whether the own standard matters.
    order : (K,) array of int32
    words : (K, 64) array of uint32
    source, target : (N, 2) array of uint64
        Bit r: whether draw r holds the first, the second standard. May be the same array.
    index_words, index : (8,) array of uint64 and the same memory as (64,) array of uint8
        Room to work in.
    """
    low, high = table[0], table[1]
    for k in range(len(order)):
        i = np.uint64(order[k])
        a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = _ZERO  # bits of the two counts
        e, end = np.uint64(start[i]), np.uint64(start[i + _ONE])
        while e < end:
            j = np.uint64(nodes[e])
            x, y, p, q = source[j, 0], source[j, 1], _ZERO, _ZERO
            if e + _ONE < end:
                j = np.uint64(nodes[e + _ONE])
                p, q = source[j, 0], source[j, 1]
            carry, a0 = (x & p) | ((x ^ p) & a0), a0 ^ x ^ p
            a1, carry = a1 ^ carry, a1 & carry
            a2, a3 = a2 ^ carry, a3 ^ (a2 & carry)
            carry, b0 = (y & q) | ((y ^ q) & b0), b0 ^ y ^ q
            b1, carry = b1 ^ carry, b1 & carry
            b2, b3 = b2 ^ carry, b3 ^ (b2 & carry)
            e += np.uint64(2)
        for g in range(_EIGHT):
            # Eight bit planes of eight draws, turned into eight bytes.
            s = _EIGHT * g
            x = ((a0 >> s) & _BYTE) | (((a1 >> s) & _BYTE) << _EIGHT)
            x |= (((a2 >> s) & _BYTE) << _UP_2) | (((a3 >> s) & _BYTE) << _UP_3)
            x |= (((b0 >> s) & _BYTE) << _UP_4) | (((b1 >> s) & _BYTE) << _UP_5)
            x |= (((b2 >> s) & _BYTE) << _UP_6) | (((b3 >> s) & _BYTE) << _UP_7)
            y = (x ^ (x >> np.uint64(7))) & _SWAP_7
            x ^= y ^ (y << np.uint64(7))
            y = (x ^ (x >> np.uint64(14))) & _SWAP_14
            x ^= y ^ (y << np.uint64(14))
            y = (x ^ (x >> np.uint64(28))) & _SWAP_28
            index_words[g] = x ^ y ^ (y << np.uint64(28))
        first = second = _ZERO
        luck, below, upto = words[k], low[place[i]], high[place[i]]
        if sticky:
            for r in range(64):
                lane, at = np.uint64(r), np.uint64(index[r])
                own = _TWO - _TWO * ((source[i, 0] >> lane) & _ONE) - ((source[i, 1] >> lane) & _ONE)
                first |= np.uint64(luck[r] <= below[own, at]) << lane
                second |= np.uint64(luck[r] <= upto[own, at]) << lane
        else:
            for r in range(64):
                lane, at = np.uint64(r), np.uint64(index[r])
                first |= np.uint64(luck[r] <= below[0, at]) << lane
                second |= np.uint64(luck[r] <= upto[0, at]) << lane
        target[i, 0], target[i, 1] = first, second & ~first


@compiled
def pack_planes(labels: npt.NDArray[np.uint8], planes: PlaneArray) -> None:
    """Turn labels (R, N), R at most 64, into planes (N, 2); draws that are missing hold the third."""
    planes[:] = _ZERO
    for r in range(len(labels)):
        for i in range(labels.shape[1]):
            if labels[r, i] < 2:
                planes[i, labels[r, i]] |= _ONE << np.uint64(r)


@compiled
def unpack_planes(planes: PlaneArray, labels: npt.NDArray[np.uint8]) -> None:
    """Undo :func:`pack_planes`."""
    for r in range(len(labels)):
        for i in range(labels.shape[1]):
            first, second = (planes[i, 0] >> np.uint64(r)) & _ONE, (planes[i, 1] >> np.uint64(r)) & _ONE
            labels[r, i] = np.uint8(2 - 2 * first - second)


@compiled
def count_planes(planes: PlaneArray, counts: IntArray) -> None:
    """Nodes that hold each standard, (R, S): binary adders again, read once at the end."""
    sums = np.zeros((2, 40), np.uint64)
    for i in range(len(planes)):
        for s in range(2):
            carry, place = planes[i, s], 0
            while carry != _ZERO:
                sums[s, place], carry = sums[s, place] ^ carry, sums[s, place] & carry
                place += 1
    for r in range(len(counts)):
        rest = len(planes)
        for s in range(2):
            counts[r, s] = 0
            for place in range(40):
                counts[r, s] += np.int64((sums[s, place] >> np.uint64(r)) & _ONE) << place
            rest -= counts[r, s]
        if counts.shape[1] > 2:
            counts[r, 2] = rest
