"""Philox 4x32-10: random words that are a pure function of a key and a counter.

Salmon, J. K., Moraes, M. A., Dror, R. O. & Shaw, D. E. (2011), Parallel random numbers: as easy as
1, 2, 3, SC '11, doi:10.1145/2063384.2063405.

The counter has four words: draw, group of four nodes (or events), step, stream; the four output words
belong to the four nodes of the group. The random number of a (seed, draw, node, step, stream) is therefore
the same whatever else is drawn, in any order and layout.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from standards_net.core.compiled import compiled, inlined

__all__ = ["WordArray", "philox", "philox_by_draw", "philox_by_node", "philox_by_word"]

WordArray = npt.NDArray[np.uint32]

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


_Word = np.uint32


@inlined
def philox(
    key: np.uint64, c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64
) -> tuple[_Word, _Word, _Word, _Word]:
    """Four words of a key and a counter.

    Examples
    --------
    The first known answer of the authors' test vectors: all zeros.

    >>> zero = np.uint64(0)
    >>> [f"{word:08x}" for word in philox(zero, zero, zero, zero, zero)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    k0, k1 = key & _LOW, key >> _HALF
    for _ in range(10):
        # Words occupy the low halves of 64-bit lanes, as vector multiplication requires.
        p, q = _M0 * (c0 & _LOW), _M1 * (c2 & _LOW)
        c0, c1, c2, c3 = (q >> _HALF) ^ c1 ^ k0, q & _LOW, (p >> _HALF) ^ c3 ^ k1, p & _LOW
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return np.uint32(c0 & _LOW), np.uint32(c1 & _LOW), np.uint32(c2 & _LOW), np.uint32(c3 & _LOW)


@compiled
def philox_by_node(
    key: np.uint64, draw: np.uint64, group: np.uint64, step: np.uint64, stream: np.uint64, out: WordArray
) -> None:
    """Words of groups of four nodes from ``group`` on, with draws from ``draw`` on as columns.

    Parameters
    ----------
    key, draw, group, step, stream : uint64
    out : (4 * groups, draws) array of uint32
    """
    for g in range(out.shape[0] // 4):
        for r in range(out.shape[1]):
            out[4 * g, r], out[4 * g + 1, r], out[4 * g + 2, r], out[4 * g + 3, r] = philox(
                key, draw + np.uint64(r), group + np.uint64(g), step, stream
            )


@compiled
def philox_by_draw(
    key: np.uint64, draw: np.uint64, group: np.uint64, step: np.uint64, stream: np.uint64, out: WordArray
) -> None:
    """Same words as :func:`philox_by_node`, one row per draw.

    Parameters
    ----------
    key, draw, group, step, stream : uint64
    out : (draws, 4 * groups) array of uint32
    """
    for r in range(out.shape[0]):
        for g in range(out.shape[1] // 4):
            out[r, 4 * g], out[r, 4 * g + 1], out[r, 4 * g + 2], out[r, 4 * g + 3] = philox(
                key, draw + np.uint64(r), group + np.uint64(g), step, stream
            )


@compiled
def philox_by_word(
    key: np.uint64, draw: np.uint64, group: np.uint64, step: np.uint64, stream: np.uint64, out: WordArray
) -> None:
    """Same words of one draw, row k holding the k-th words of all groups: the fastest layout to write.

    Parameters
    ----------
    key, draw, group, step, stream : uint64
    out : (4, groups) array of uint32
    """
    for g in range(out.shape[1]):
        out[0, g], out[1, g], out[2, g], out[3, g] = philox(key, draw, group + np.uint64(g), step, stream)
