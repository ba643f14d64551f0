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
_MOST_CODES = 1024  # ways to label the last actors
_RANGES = 64  # of a difference of pulls


def local_minima(cost: FloatArray, blocs: int, tolerance: float, most: int) -> tuple[LabelArray, int]:
    """All configurations from which no move of one actor lowers energy by more than the tolerance.

    The last actors are a block with few ways (codes) to label it. Once the first actors are labelled,
    their pull on the block is known, and the codes that one of its actors may be content with depend
    on one number for each pair of blocs: the difference of their pulls. These sets of codes are kept
    as bits, for each of some ranges of that number, so that a look-up and an `and` of two words judge
    64 codes at once. The few codes that all of the block may be content with are checked exactly, for
    all actors. No energy is computed and no pull is carried along, so nothing drifts.

    Parameters
    ----------
    cost : (n, n) array
        Energy of each pair apart; symmetric, zero diagonal.
    blocs : int
        Most blocs, k.
    tolerance : float
        A move must lower energy by more.
    most : int
        Minima kept; all are counted.

    Returns
    -------
    (M, n) array of int
        At most ``most`` minima, in lexicographic order.
    int
        How many there are.

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
    """What is known of the last L actors before the first ones are labelled.

    ``sieve[l, p, q]`` are the codes with which actor l may be content as to the p-th pair of blocs when
    the pull of one less that of the other, exerted by the first actors, lies in range q.
    """

    codes: LabelArray  # (C, L) labels
    pull: FloatArray  # (C, k, n) pull of the block on all actors
    fits: WordArray  # (k + 1, W) codes that are canonical behind m blocs in use
    sieve: WordArray  # (L, pairs, ranges, W)
    reach: FloatArray  # (L,) most that pulls of the first actors can differ
    scale: FloatArray  # (L,) ranges a unit of pull


def _make_block(cost: FloatArray, blocs: int, tolerance: float) -> _Block:
    # A sieve of C codes takes about as long to make as 10 C labellings of the first actors to sift.
    worth = min(_MOST_CODES, math.isqrt(configuration_count(len(cost), blocs)) // 3)
    last = min(int(math.log(max(worth, blocs), blocs)), len(cost) - 1)
    first = len(cost) - last
    codes = np.indices((blocs,) * last, np.uint8).reshape(last, -1).T.copy()
    member = (codes[:, None, :] == np.arange(blocs)[:, None]).astype(np.float64)
    pull = member @ cost[first:]
    fits = np.zeros((blocs + 1, len(codes)), bool)
    for used in range(1, blocs + 1):
        begun = np.column_stack([np.full(len(codes), used - 1), codes])
        fits[used] = (codes <= np.maximum.accumulate(begun, axis=1)[:, :-1] + 1).all(axis=1)
    reach = np.abs(cost[:first, first:]).sum(axis=0)
    # Pulls too weak to matter all count as lying in the first range.
    scale = np.divide(_RANGES, 2.0 * reach, out=np.zeros(last), where=reach > tolerance / 2.0)
    pairs = list(combinations(range(blocs), 2))
    sieve = np.empty((last, len(pairs), _RANGES + 1, len(codes)), bool)
    for i in range(last):
        own = pull[:, :, first + i]
        for pair, (a, b) in enumerate(pairs):
            differ = own[:, a] - own[:, b]
            in_a, in_b = codes[:, i] == a, codes[:, i] == b
            sieve[i, pair] = _content(in_a, in_b, differ, reach[i], tolerance)
    return _Block(codes, pull, _words(fits), _words(sieve), reach, scale)


def _content(
    in_a: BoolArray, in_b: BoolArray, difference: FloatArray, reach: float, tolerance: float
) -> BoolArray:
    """Codes with which an actor may be content, (ranges, C), with the block's own difference of pull (C,)."""
    edges = np.linspace(-reach, reach, _RANGES + 1)  # lower ends of the ranges
    width = 2.0 * reach / _RANGES
    slack = 2.0 * tolerance + 0.01 * width  # more than rounding and pulls too weak to matter can move
    first = np.where(in_a, np.searchsorted(edges, -slack - width - difference), 0)
    beyond = np.where(in_b, np.searchsorted(edges, slack - difference, side="right"), _RANGES + 1)
    ranges = np.arange(_RANGES + 1)[:, None]
    return (first <= ranges) & (ranges < beyond)


def _words(bits: BoolArray) -> WordArray:
    """Pack the last axis into words of 64 bits, the first bit lowest."""
    spare = -bits.shape[-1] % 64
    padded = np.pad(bits, [*[(0, 0)] * (bits.ndim - 1), (0, spare)])
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8").astype(np.uint64)


@compiled
def _sift(
    pull: FloatArray, sieve: WordArray, reach: FloatArray, scale: FloatArray, passing: WordArray
) -> None:
    """Strike codes (M, W) with which some actor of the block is not content under the pulls (M, k, L)."""
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
    begun: LabelArray,
    pull: FloatArray,
    passing: WordArray,
    codes: LabelArray,
    block_pull: FloatArray,
    tolerance: float,
    kept: LabelArray,
    count: IntArray,
) -> None:
    """Count the minima among rows (M, n - L) with the codes (M, W) that passed; append them to those kept."""
    (rows, blocs, actors), words, first = pull.shape, passing.shape[1], begun.shape[1]
    labels = np.empty(actors, np.int64)
    none, one = np.uint64(0), np.uint64(1)
    for r in range(rows):
        for w in range(words):
            while passing[r, w] != none:
                code, bit = 64 * w, passing[r, w] & (~passing[r, w] + one)  # the lowest bit left
                passing[r, w] ^= bit
                while bit != one:
                    bit >>= one
                    code += 1
                labels[:first], labels[first:] = begun[r], codes[code]
                content = True
                for i in range(actors):
                    stay = pull[r, labels[i], i] + block_pull[code, labels[i], i] + tolerance
                    for b in range(blocs):
                        content &= stay >= pull[r, b, i] + block_pull[code, b, i]
                    if not content:
                        break
                if content:
                    if count[0] < len(kept):
                        kept[count[0]] = labels
                    count[0] += 1
