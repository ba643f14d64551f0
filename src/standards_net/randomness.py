"""Random numbers that belong to named things.

A country's luck in draw 17 depends on the seed, the country's code and the number 17, and on nothing
else: not on the scenario, the other countries, the number of draws, blocks or threads.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError

__all__ = ["RNGLike", "SeedLike", "normals", "seed_of", "uniforms"]

SeedLike = int | np.integer | Sequence[int] | np.random.SeedSequence
RNGLike = np.random.Generator | np.random.BitGenerator

_OUTPUTS_A_COUNT = 4  # Philox 4x64 gives four 64-bit words for each count


def seed_of(rng: RNGLike | SeedLike | None) -> int:
    """Turn whatever a user passes as ``rng`` into one number that names all streams.

    Parameters
    ----------
    rng : int, sequence of int, SeedSequence, Generator, BitGenerator or None
        As in SPEC 7. A generator is advanced; None takes fresh entropy.

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
        return int(np.random.default_rng(rng).integers(2**63))
    except (TypeError, ValueError):
        raise StandardsNetError(
            f"rng is {rng!r}; give a whole number of 0 or more, a numpy Generator or SeedSequence, or None."
        ) from None


def uniforms(seed: int, name: Sequence[str], draws: slice, width: int) -> FloatArray:
    """Uniform numbers of a named thing, for a range of draws.

    Parameters
    ----------
    seed : int
        From :func:`seed_of`.
    name : sequence of str
        What the numbers belong to, such as ``("taste", "5g", "KEN")``.
    draws : slice
        Which draws: start and stop.
    width : int
        Numbers a draw.

    Returns
    -------
    (draws, width) array
        In [0, 1). Row ``r`` is the same whatever range it is asked in.

    Examples
    --------
    >>> whole = uniforms(7, ["taste", "KEN"], slice(0, 10), 3)
    >>> bool((uniforms(7, ["taste", "KEN"], slice(4, 6), 3) == whole[4:6]).all())
    True
    """
    words = [zlib.crc32(part.encode("utf-8")) for part in name]
    bits = np.random.Philox(np.random.SeedSequence([seed, len(words), *words]))
    counts = -(-width // _OUTPUTS_A_COUNT)
    bits.advance(draws.start * counts)
    rows = draws.stop - draws.start
    drawn = np.random.Generator(bits).random((rows, counts * _OUTPUTS_A_COUNT))
    return drawn[:, :width]


def normals(seed: int, name: Sequence[str], draws: slice, width: int) -> FloatArray:
    """Standard normal numbers of a named thing: :func:`uniforms` through the inverse distribution.

    Examples
    --------
    >>> normals(7, ["taste", "KEN"], slice(0, 2), 3).shape
    (2, 3)
    """
    from scipy.special import ndtri

    tiny = 2.0**-54  # keeps the smallest uniform, 0, from becoming minus infinity
    return np.asarray(ndtri(uniforms(seed, name, draws, width) + tiny))
