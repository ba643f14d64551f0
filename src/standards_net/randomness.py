"""Random numbers keyed by name.

A country's random numbers in draw 17 depend on the seed, the country's code and the number 17, and
on nothing else: not on the scenario, the other countries, the number of draws, blocks or threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.core.philox import WordArray, philox_by_draw, philox_by_node
from standards_net.errors import StandardsNetError

__all__ = [
    "RNGLike",
    "RandomNumbers",
    "SeedLike",
    "Stream",
    "normal_quantile",
    "normals",
    "seed_of",
    "uniforms",
]

SeedLike = int | np.integer | Sequence[int] | np.random.SeedSequence
RNGLike = np.random.Generator | np.random.BitGenerator

_OUTPUTS_PER_COUNT = 4  # Philox 4x64 gives four 64-bit words per counter value
_WORDS_PER_GROUP = 4  # Philox 4x32 gives four 32-bit words, one for each node of a group


def seed_of(rng: RNGLike | SeedLike | None) -> int:
    """Convert ``rng`` to the integer seed of all streams.

    Parameters
    ----------
    rng : int, sequence of int, SeedSequence, Generator, BitGenerator or None
        As in SPEC 7. A generator is advanced; None uses fresh entropy.

    Returns
    -------
    int
        Below 2**63; the same number for the same integer seed.

    Examples
    --------
    >>> seed_of(7)
    7
    >>> seed_of(np.random.default_rng(7)) == seed_of(np.random.default_rng(7))
    True
    """
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and 0 <= rng < 2**63:
        return int(rng)
    try:
        if isinstance(rng, bool):
            raise TypeError
        return int(np.random.default_rng(rng).integers(2**63))
    except (TypeError, ValueError):
        raise StandardsNetError(
            f"rng is {rng!r}; give a whole number of 0 or more, a numpy Generator or SeedSequence, or None."
        ) from None


def uniforms(seed: int, name: Sequence[str], draws: slice, width: int) -> FloatArray:
    """Uniform random numbers for a name and a range of draws.

    Parameters
    ----------
    seed : int
        From :func:`seed_of`.
    name : sequence of str
        Key of the numbers, such as ``("taste", "radio", "KEN")``.
    draws : slice
        Range of draws: start and stop.
    width : int
        Numbers per draw.

    Returns
    -------
    (draws, width) array
        In [0, 1). The row of a draw does not depend on the range.

    Examples
    --------
    >>> whole = uniforms(7, ["taste", "KEN"], slice(0, 10), 3)
    >>> bool((uniforms(7, ["taste", "KEN"], slice(4, 6), 3) == whole[4:6]).all())
    True
    """
    # Twice as fast as a SeedSequence, which matters with hundreds of operators.
    digest = hashlib.blake2b("\x1f".join((str(seed), *name)).encode("utf-8"), digest_size=16).digest()
    bits = np.random.Philox(key=np.frombuffer(digest, dtype="<u8"))
    counts = -(-width // _OUTPUTS_PER_COUNT)
    bits.advance(draws.start * counts)
    rows = draws.stop - draws.start
    drawn = np.random.Generator(bits).random((rows, counts * _OUTPUTS_PER_COUNT))
    return drawn[:, :width]


def normals(seed: int, name: Sequence[str], draws: slice, width: int) -> FloatArray:
    """Standard normal random numbers for a name: :func:`uniforms` through the inverse normal CDF.

    Examples
    --------
    >>> normals(7, ["taste", "KEN"], slice(0, 2), 3).shape
    (2, 3)
    """
    return normal_quantile(uniforms(seed, name, draws, width))


def normal_quantile(uniform: FloatArray) -> FloatArray:
    """Standard normal numbers from uniform ones, by the inverse of the normal distribution function.

    Examples
    --------
    >>> normal_quantile(np.array([0.5, 0.975])).round(2).tolist()
    [0.0, 1.96]
    """
    from scipy.special import ndtri

    tiny = 2.0**-54  # keeps the smallest uniform, 0, from becoming minus infinity
    return np.asarray(ndtri(uniform + tiny))


class Stream(IntEnum):
    """Purpose of a random number; streams of the same draw, node and step are independent."""

    START = 0  # initial states
    MOVE = 1  # how a node, or the node of an event, moves
    TIE = 2  # whether a tie is live, or which influencer a node samples
    LOT = 3  # tie-breaking
    ORDER = 4  # order in which nodes are updated, common to all draws


@dataclass(frozen=True)
class RandomNumbers:
    """Uniform numbers keyed by seed, draw, node, step and stream, for a block of draws.

    The number of a (seed, draw, node, step, stream) is a word of Philox 4x32-10 (Salmon et al. 2011,
    doi:10.1145/2063384.2063405): it does not depend on the block, the threads or the order of calls.

    Attributes
    ----------
    seed : int
        From :func:`seed_of`.
    first : int
        First draw of the block.
    draws : int
        Number of draws in the block.

    Examples
    --------
    >>> whole, part = RandomNumbers(7, 0, 10), RandomNumbers(7, 4, 2)
    >>> bool((part.uniforms(3, 5) == whole.uniforms(3, 5)[4:6]).all())
    True
    """

    seed: int
    first: int
    draws: int

    def words(self, step: int, first: int, out: WordArray, stream: Stream = Stream.MOVE) -> WordArray:
        """Fill ``out``, (draws, nodes), with the 32-bit words of nodes from ``first`` on.

        ``first`` and the number of nodes must be multiples of 4.
        """
        philox_by_draw(*self._count(step, first, stream), out)
        return out

    def lanes(self, step: int, first: int, out: WordArray, stream: Stream = Stream.MOVE) -> WordArray:
        """Fill ``out``, (nodes, draws): the same words as :meth:`words`, draws along the last axis."""
        philox_by_node(*self._count(step, first, stream), out)
        return out

    def uniforms(self, step: int, nodes: int, stream: Stream = Stream.MOVE) -> FloatArray:
        """Uniform numbers in [0, 1) of nodes 0, 1, ..., (draws, nodes); multiples of 2**-32."""
        padded = -(-nodes // _WORDS_PER_GROUP) * _WORDS_PER_GROUP
        words = self.words(step, 0, np.empty((self.draws, padded), np.uint32), stream)
        return np.asarray(words[:, :nodes] * 2.0**-32, dtype=np.float64)

    def _count(self, step: int, first: int, stream: Stream) -> tuple[np.uint64, ...]:
        group = first // _WORDS_PER_GROUP
        return tuple(map(np.uint64, (self.seed, self.first, group, step, int(stream))))
