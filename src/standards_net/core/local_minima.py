"""All local minima of energy among the configurations of :mod:`standards_net.core.set_partitions`, fast."""

from __future__ import annotations

import math
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.compiled import compiled
from standards_net.core.set_partitions import (
    LabelArray,
    configuration_count,
    configurations,
    pulls,
)

__all__ = ["local_minima"]

WordArray = npt.NDArray[np.uint64]

_ROWS = 4096  # labellings of the first actors taken at a time
_MAX_CODES = 1024  # ways to label the last actors
_RANGES = 64  # of a difference of pulls


def local_minima(cost: FloatArray, blocs: int, tolerance: float, most: int) -> tuple[LabelArray, int]:
    """All configurations from which no move of one actor lowers energy by more than the tolerance.

    The last actors form a block that can be labelled in few ways (codes). Once the first actors are
    labelled, their pull on the block is known, and the codes under which one of its actors may be stable
    depend on one number for each pair of blocs: the difference of their pulls. These sets of codes are
    stored as bits, for each of several ranges of that number, so that a look-up and a bitwise `and` of two
    words test 64 codes at once. The few codes under which the whole block may be stable are checked
    exactly, for all actors. No energy is computed and no pull is updated incrementally, so rounding
    errors do not accumulate.

    Parameters
    ----------
    cost : (n, n) array
        Energy of separating each pair; symmetric, zero diagonal.
    blocs : int
        Maximum number of blocs, k.
    tolerance : float
        A move must lower energy by more than this.
    most : int
        Maximum number of minima kept; all are counted.

    Returns
    -------
    (M, n) array of int
        At most ``most`` minima, in lexicographic order.
    int
        Number of minima.

    Examples
    --------
    Two friends and their common enemy:

    >>> cost = np.array([[0.0, 1.0, -1.0], [1.0, 0.0, -1.0], [-1.0, -1.0, 0.0]])
    >>> labels, count = local_minima(cost, 2, 1e-12, most=10)
    >>> labels.tolist(), count
    ([[0, 0, 1]], 1)
    """
    block = _make_block(cost, blocs, tolerance)
    first = len(cost) - block.codes.shape[1]
    kept, count = np.empty((most, len(cost)), np.uint8), np.zeros(1, np.int64)
    total = configuration_count(first, blocs)
    for start in range(0, total, _ROWS):
        rows = configurations(start, min(_ROWS, total - start), first, blocs)
        pull = pulls(cost, rows, blocs)
        passing = block.fits[rows.max(axis=1) + 1]
        _sift(pull[:, :, first:], block.sieve, block.reach, block.scale, passing)
        _check(rows, pull, passing, block.codes, block.pull, tolerance, kept, count)
    return kept[: count[0]].copy(), int(count[0])


class _Block(NamedTuple):
    """Precomputed tables for the last L actors.

    ``sieve[l, p, q]`` are the codes under which actor l may be stable with respect to the p-th pair of
    blocs when the difference of the pulls of the first actors lies in range q.
    """

    codes: LabelArray  # (C, L) labels
    pull: FloatArray  # (C, k, n) pull of the block on all actors
    fits: WordArray  # (k + 1, W) codes that are canonical after m blocs in use
    sieve: WordArray  # (L, pairs, ranges, W)
    reach: FloatArray  # (L,) largest possible difference of pulls of the first actors
    scale: FloatArray  # (L,) ranges per unit of pull


def _make_block(cost: FloatArray, blocs: int, tolerance: float) -> _Block:
    # Building a sieve of C codes takes about as long as sifting 10 C labellings of the first actors.
    size = min(_MAX_CODES, math.isqrt(configuration_count(len(cost), blocs)) // 3)
    last = min(int(math.log(max(size, blocs), blocs)), len(cost) - 1)
    first = len(cost) - last
    codes = np.indices((blocs,) * last, np.uint8).reshape(last, -1).T.copy()
    member = (codes[:, None, :] == np.arange(blocs)[:, None]).astype(np.float64)
    pull = member @ cost[first:]
    fits = np.zeros((blocs + 1, len(codes)), bool)
    for used in range(1, blocs + 1):
        prefix = np.column_stack([np.full(len(codes), used - 1), codes])
        fits[used] = (codes <= np.maximum.accumulate(prefix, axis=1)[:, :-1] + 1).all(axis=1)
    reach = np.abs(cost[:first, first:]).sum(axis=0)
    # Negligible pulls all count as lying in the first range.
    scale = np.divide(_RANGES, 2.0 * reach, out=np.zeros(last), where=reach > tolerance / 2.0)
    pairs = list(combinations(range(blocs), 2))
    sieve = np.empty((last, len(pairs), _RANGES + 1, len(codes)), bool)
    for i in range(last):
        own = pull[:, :, first + i]
        for pair, (a, b) in enumerate(pairs):
            differ = own[:, a] - own[:, b]
            in_a, in_b = codes[:, i] == a, codes[:, i] == b
            sieve[i, pair] = _may_be_stable(in_a, in_b, differ, reach[i], tolerance)
    return _Block(codes, pull, _words(fits), _words(sieve), reach, scale)


def _may_be_stable(
    in_a: BoolArray, in_b: BoolArray, difference: FloatArray, reach: float, tolerance: float
) -> BoolArray:
    """Codes under which an actor may be stable, (ranges, C), given the block's difference of pulls (C,)."""
    edges = np.linspace(-reach, reach, _RANGES + 1)  # lower ends of the ranges
    width = 2.0 * reach / _RANGES
    slack = 2.0 * tolerance + 0.01 * width  # exceeds the effect of rounding and negligible pulls
    first = np.where(in_a, np.searchsorted(edges, -slack - width - difference), 0)
    beyond = np.where(in_b, np.searchsorted(edges, slack - difference, side="right"), _RANGES + 1)
    ranges = np.arange(_RANGES + 1)[:, None]
    return (first <= ranges) & (ranges < beyond)


def _words(bits: BoolArray) -> WordArray:
    """Pack the last axis into words of 64 bits, least significant bit first."""
    spare = -bits.shape[-1] % 64
    padded = np.pad(bits, [*[(0, 0)] * (bits.ndim - 1), (0, spare)])
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8").astype(np.uint64)


@compiled
def _sift(
    pull: FloatArray, sieve: WordArray, reach: FloatArray, scale: FloatArray, passing: WordArray
) -> None:
    """Remove codes (M, W) under which some actor of the block is not stable given the pulls (M, k, L)."""
    (rows, blocs, last), words = pull.shape, passing.shape[1]
    for r in range(rows):
        for i in range(last):
            pair = 0
            for a in range(blocs):
                for b in range(a + 1, blocs):
                    q = int((pull[r, a, i] - pull[r, b, i] + reach[i]) * scale[i])
                    for w in range(words):
                        passing[r, w] &= sieve[i, pair, q, w]
                    pair += 1


@compiled
def _check(
    prefix: LabelArray,
    pull: FloatArray,
    passing: WordArray,
    codes: LabelArray,
    block_pull: FloatArray,
    tolerance: float,
    kept: LabelArray,
    count: IntArray,
) -> None:
    """Count the minima among rows (M, n - L) combined with their passing codes (M, W), and append them."""
    (rows, blocs, actors), words, first = pull.shape, passing.shape[1], prefix.shape[1]
    labels = np.empty(actors, np.int64)
    none, one = np.uint64(0), np.uint64(1)
    for r in range(rows):
        for w in range(words):
            while passing[r, w] != none:
                code, bit = 64 * w, passing[r, w] & (~passing[r, w] + one)  # the lowest remaining bit
                passing[r, w] ^= bit
                while bit != one:
                    bit >>= one
                    code += 1
                labels[:first], labels[first:] = prefix[r], codes[code]
                stable = True
                for i in range(actors):
                    stay = pull[r, labels[i], i] + block_pull[code, labels[i], i] + tolerance
                    for b in range(blocs):
                        stable &= stay >= pull[r, b, i] + block_pull[code, b, i]
                    if not stable:
                        break
                if stable:
                    if count[0] < len(kept):
                        kept[count[0]] = labels
                    count[0] += 1
