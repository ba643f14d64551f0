"""Heat-bath choice among standards on a network: probabilities by table or by exponentials.

Two layouts of the same rule, with the same random numbers and results. *Rows*: draw by draw, one byte
per node. *Planes*: 64 draws side by side, one bit each, in two words per node (holds the first standard;
holds the second): neighbours are counted by binary adders, 64 draws in one instruction.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled, inlined
from standards_net.core.philox import WordArray, philox_by_node

__all__ = [
    "MOST_TABULATED",
    "count_planes",
    "heat_bath_by_table",
    "heat_bath_planes",
    "heat_bath_rows",
    "pack_planes",
    "response_table",
    "unpack_planes",
]

PlaneArray = npt.NDArray[np.uint64]
LabelArray = npt.NDArray[np.uint8]
NodeArray = npt.NDArray[np.int32]

MOST_TABULATED = 63  # degree up to which responses are tabulated; those of hubs are computed
_BLOCK = np.uint64(14)  # neighbours counted at a time: a count takes four bits

_ZERO, _ONE, _TWO, _BYTE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(255)
_FOUR, _EIGHT, _NIBBLES = np.uint64(4), np.uint64(8), np.uint64(0x0F0F0F0F0F0F0F0F)
_UP_2, _UP_3, _UP_4, _UP_5, _UP_6, _UP_7 = (np.uint64(8 * byte) for byte in range(2, 8))
_SWAP_7, _SWAP_14, _SWAP_28 = (
    np.uint64(0x00AA00AA00AA00AA),
    np.uint64(0x0000CCCC0000CCCC),
    np.uint64(0x00000000F0F0F0F0),
)


def response_table(
    degrees: IntArray, sensitivity: float, compatibility: FloatArray, quality: FloatArray, cost: float
) -> tuple[WordArray, IntArray]:
    r"""Largest random word that selects each standard, for every count of neighbours.

    .. math:: P(s \mid n, o) \propto \exp \beta \Bigl(\frac1d \sum_t C_{st} n_t + q_s - c\,[s \ne o]\Bigr)

    Parameters
    ----------
    degrees : (D,) array of int
        Distinct numbers of neighbours.
    sensitivity : float
        ``beta``.
    compatibility : (S, S) array
        ``C``, two or three standards.
    quality : (S,) array
    cost : float
        Of switching.

    Returns
    -------
    table : (2, 3, T) array of uint32
        By own standard and ``n_0 + (d + 1) n_1``, from the offset of the degree: a word up to the first
        entry selects the first standard, up to the second entry one of the first two. Probabilities are
        exact to 2**-32.
    begins : (D,) array of int
        Offset of each degree.
    """
    standards, pieces = len(compatibility), []
    for degree in degrees:
        second, first = np.divmod(np.arange((degree + 1) ** 2), degree + 1)
        counts = np.stack([first, second, degree - first - second], axis=1)[:, :standards]
        piece = np.full((2, 3, len(first)), np.uint32(2**32 - 1))
        benefit = counts @ compatibility.T / max(degree, 1) + quality
        for own in range(standards):
            utility = benefit - cost * (np.arange(standards) != own)
            weight = np.exp(sensitivity * (utility - utility.max(axis=1, keepdims=True)))
            cumulative = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
            piece[:, own] = np.maximum(np.ceil(cumulative * 2.0**32) - 1.0, 0.0).T[:2]
        pieces.append(piece)
    sizes = [piece.shape[2] for piece in pieces]
    begins = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)
    table = np.concatenate(pieces, axis=2) if pieces else np.zeros((2, 3, 1))
    return table.astype(np.uint32), begins


@inlined
def _selected(
    near: FloatArray, own: Any, word: Any, scale: float, compatibility: FloatArray, field: FloatArray,
    cost: float, weight: FloatArray,
) -> Any:  # fmt: skip
    """Standard selected by a random word, given the weight of neighbours by standard."""
    standards, best = len(near), -np.inf
    for s in range(standards):
        weight[s] = 0.0
        for t in range(standards):
            weight[s] += compatibility[s, t] * near[t]
        weight[s] = weight[s] * scale + field[s]
        if s != own:
            weight[s] -= cost
        best = max(best, weight[s])
    total = 0.0
    for s in range(standards):
        total += np.exp(weight[s] - best)
        weight[s] = total
    taken = 0
    for s in range(standards - 1):
        # As in the table: the largest word that selects one of the standards so far.
        if word > max(np.ceil(weight[s] / total * 2.0**32) - 1.0, 0.0):
            taken = s + 1
    return taken


@compiled
def heat_bath_rows(
    start: IntArray, nodes: NodeArray, weights: FloatArray, scale: FloatArray, compatibility: FloatArray,
    field: FloatArray, cost: float, order: NodeArray, words: WordArray, source: LabelArray,
    target: LabelArray,
) -> None:  # fmt: skip
    """Update the nodes of ``order`` in turn; ``source`` and ``target`` may be the same array.

    Parameters
    ----------
    start, nodes, weights : arrays
        Neighbours; no weights (length 0) if all are equal.
    scale : (N,) array
        Sensitivity over the strength of a node.
    compatibility : (S, S) array
    field : (N, S) array
        Sensitivity times quality.
    cost : float
        Sensitivity times the cost of switching.
    order : (K,) array of int32
    words : (R, K) array of uint32
        Random words, one per update.
    source, target : (R, N) array of uint8
    """
    near, weight = np.empty(len(compatibility)), np.empty(len(compatibility))
    for r in range(len(source)):
        held = source[r]
        for k in range(len(order)):
            i = order[k]
            near[:] = 0.0
            for e in range(start[i], start[i + 1]):
                near[held[nodes[e]]] += weights[e] if len(weights) else 1.0
            word = words[r, k]
            target[r, i] = _selected(near, held[i], word, scale[i], compatibility, field[i], cost, weight)


@compiled
def heat_bath_by_table(
    start: IntArray, nodes: NodeArray, where: IntArray, table: WordArray, scale: FloatArray,
    compatibility: FloatArray, field: FloatArray, cost: float, order: NodeArray, words: WordArray,
    source: LabelArray, target: LabelArray,
) -> None:  # fmt: skip
    """As :func:`heat_bath_rows`, with unweighted neighbours and a :func:`response_table`.

    Parameters
    ----------
    start, nodes, scale, compatibility, field, cost, order, words, source, target
        As there; two or three standards.
    where : (N,) array of int
        Offset of a node's degree in the table; -1 for hubs, whose response is computed.
    table : (2, 3, T) array of uint32
    """
    near, weight = np.empty(len(compatibility)), np.empty(len(compatibility))
    for r in range(len(source)):
        held = source[r]
        for k in range(len(order)):
            i = np.uint64(order[k])
            first = second = np.uint64(0)
            for e in range(np.uint64(start[i]), np.uint64(start[i + _ONE])):
                label = held[np.uint64(nodes[e])]
                first += np.uint64(label == 0)
                second += np.uint64(label == 1)
            own, degree = np.uint64(held[i]), np.uint64(start[i + _ONE] - start[i])
            if where[i] < 0:
                near[0], near[1] = first, second
                if len(near) > 2:
                    near[2] = degree - first - second
                word = words[r, k]
                target[r, i] = _selected(near, own, word, scale[i], compatibility, field[i], cost, weight)
            else:
                at = np.uint64(where[i]) + first + (degree + _ONE) * second
                taken = np.uint8(words[r, k] > table[0, own, at])
                target[r, i] = taken + np.uint8(words[r, k] > table[1, own, at])


@inlined
def _bytes_of_bits(
    a0: Any, a1: Any, a2: Any, a3: Any, b0: Any, b1: Any, b2: Any, b3: Any, shift: Any
) -> Any:  # fmt: skip
    """Transpose eight bit planes of eight draws into eight bytes."""
    x = ((a0 >> shift) & _BYTE) | (((a1 >> shift) & _BYTE) << _EIGHT)
    x |= (((a2 >> shift) & _BYTE) << _UP_2) | (((a3 >> shift) & _BYTE) << _UP_3)
    x |= (((b0 >> shift) & _BYTE) << _UP_4) | (((b1 >> shift) & _BYTE) << _UP_5)
    x |= (((b2 >> shift) & _BYTE) << _UP_6) | (((b3 >> shift) & _BYTE) << _UP_7)
    y = (x ^ (x >> np.uint64(7))) & _SWAP_7
    x ^= y ^ (y << np.uint64(7))
    y = (x ^ (x >> np.uint64(14))) & _SWAP_14
    x ^= y ^ (y << np.uint64(14))
    y = (x ^ (x >> np.uint64(28))) & _SWAP_28
    return x ^ y ^ (y << np.uint64(28))


@compiled
def heat_bath_of_hub(
    start: IntArray, nodes: NodeArray, scale: FloatArray, compatibility: FloatArray, field: FloatArray,
    cost: float, hub: Any, words: WordArray, source: PlaneArray, target: PlaneArray,
) -> None:  # fmt: skip
    """Update one hub of :func:`heat_bath_planes`: neighbours are counted draw by draw, response computed.

    Parameters
    ----------
    start, nodes, scale, compatibility, field, cost, source, target
        As there.
    hub : int
    words : (64,) array of uint32
    """
    near, weight = np.empty(len(compatibility)), np.empty(len(compatibility))
    i, first, second = np.uint64(hub), _ZERO, _ZERO
    for r in range(64):
        lane, a, b = np.uint64(r), _ZERO, _ZERO
        for e in range(np.uint64(start[i]), np.uint64(start[i + _ONE])):
            j = np.uint64(nodes[e])
            a += (source[j, 0] >> lane) & _ONE
            b += (source[j, 1] >> lane) & _ONE
        near[0], near[1] = a, b
        if len(near) > 2:
            near[2] = np.uint64(start[i + _ONE] - start[i]) - a - b
        own = _TWO - _TWO * ((source[i, 0] >> lane) & _ONE) - ((source[i, 1] >> lane) & _ONE)
        taken = _selected(near, own, words[r], scale[i], compatibility, field[i], cost, weight)
        first |= np.uint64(taken == 0) << lane
        second |= np.uint64(taken == 1) << lane
    target[i, 0], target[i, 1] = first, second


@compiled
def heat_bath_some(
    start: IntArray, nodes: NodeArray, where: IntArray, table: WordArray, scale: FloatArray,
    compatibility: FloatArray, field: FloatArray, cost: float, order: NodeArray, words: WordArray,
    source: PlaneArray, target: PlaneArray, counts: PlaneArray, count: LabelArray,
) -> None:  # fmt: skip
    """Some updates of :func:`heat_bath_planes`, with random words already drawn.

    Parameters
    ----------
    start, nodes, where, table, scale, compatibility, field, cost, source, target, counts, count
        As there.
    order : (K,) array of int32
    words : (K, 64) array of uint32, or more
    """
    for k in range(len(order)):
        i = np.uint64(order[k])
        if where[i] < 0:
            heat_bath_of_hub(
                start, nodes, scale, compatibility, field, cost, order[k], words[k], source, target
            )
            continue
        e, end = np.uint64(start[i]), np.uint64(start[i + _ONE])
        first_limit, second_limit, stride = table[0, :, where[i] :], table[1, :, where[i] :], end - e + _ONE
        counts[:] = _ZERO
        while e < end:
            a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = _ZERO  # bits of the two counts
            stop = min(end, e + _BLOCK)
            while e < stop:
                j = np.uint64(nodes[e])
                x, y, p, q = source[j, 0], source[j, 1], _ZERO, _ZERO
                if e + _ONE < stop:
                    j = np.uint64(nodes[e + _ONE])
                    p, q = source[j, 0], source[j, 1]
                carry, a0 = (x & p) | ((x ^ p) & a0), a0 ^ x ^ p
                a1, carry = a1 ^ carry, a1 & carry
                a2, a3 = a2 ^ carry, a3 ^ (a2 & carry)
                carry, b0 = (y & q) | ((y ^ q) & b0), b0 ^ y ^ q
                b1, carry = b1 ^ carry, b1 & carry
                b2, b3 = b2 ^ carry, b3 ^ (b2 & carry)
                e += _TWO
            e = stop
            for g in range(_EIGHT):
                x = _bytes_of_bits(a0, a1, a2, a3, b0, b1, b2, b3, _EIGHT * g)
                counts[g] += x & _NIBBLES
                counts[g + _EIGHT] += (x >> _FOUR) & _NIBBLES
        first = second = _ZERO
        for r in range(64):
            lane = np.uint64(r)
            at = np.uint64(count[r]) + stride * np.uint64(count[r + 64])
            own = _ZERO
            if cost > 0.0:
                own = _TWO - _TWO * ((source[i, 0] >> lane) & _ONE) - ((source[i, 1] >> lane) & _ONE)
            first |= np.uint64(words[k, r] <= first_limit[own, at]) << lane
            second |= np.uint64(words[k, r] <= second_limit[own, at]) << lane
        target[i, 0], target[i, 1] = first, second & ~first


@compiled
def heat_bath_planes(
    key: np.uint64, draw: np.uint64, step: np.uint64, stream: np.uint64, start: IntArray, nodes: NodeArray,
    where: IntArray, table: WordArray, scale: FloatArray, compatibility: FloatArray, field: FloatArray,
    cost: float, order: NodeArray, words: WordArray, source: PlaneArray, target: PlaneArray,
    counts: PlaneArray, count: LabelArray, stop: LabelArray,
) -> None:  # fmt: skip
    """As :func:`heat_bath_by_table`, 64 draws side by side.

    Parameters
    ----------
    key, draw, step, stream : uint64
        Seed, first draw, step and stream of the random numbers.
    start, nodes, where, table, scale, compatibility, field, cost, order
        As there.
    words : (C, 64) array of uint32
        Buffer for the random words of C updates, C a multiple of 4 and small enough for the L1 cache.
    source, target : (N, 2) array of uint64
        Bit r: whether the node holds the first, the second standard in draw r. May be the same array.
    counts, count : (16,) array of uint64 and the same memory as (128,) array of uint8
        Workspace: neighbours in each draw with the first, then with the second standard.
    stop : (1,) array of uint8
        Set to nonzero to stop early.
    """
    for at in range(0, len(order), len(words)):
        if stop[0]:
            return
        philox_by_node(key, draw, np.uint64(at // 4), step, stream, words)
        heat_bath_some(
            start, nodes, where, table, scale, compatibility, field, cost, order[at : at + len(words)],
            words, source, target, counts, count,
        )  # fmt: skip


@compiled
def pack_planes(labels: npt.NDArray[np.uint8], planes: PlaneArray) -> None:
    """Turn labels (R, N), R at most 64, into planes (N, 2); missing draws hold the third standard."""
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
    """Count nodes by standard, (R, S), with binary adders that are read once at the end."""
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
