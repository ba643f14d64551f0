"""Search for the minima of a landscape: all of them, or those that many descents find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.descent import anneal, descend
from standards_net.core.local_minima import local_minima
from standards_net.core.set_partitions import (
    BYTES_PER_CONFIGURATION,
    LabelArray,
    basins,
    configuration_count,
    energies,
    pulls,
)
from standards_net.errors import StandardsNetError
from standards_net.randomness import uniforms

__all__ = [
    "MAX_CONFIGURATIONS",
    "Found",
    "Minimum",
    "enumerate_minima",
    "number_of_minima",
    "rounding",
    "sample_minima",
]

MAX_CONFIGURATIONS = 2**27  # limit of an exact search
_MAX_MINIMA = 100_000
_ROUNDING = 1e-12  # of the sum of |s_i s_j p_ij| over ordered pairs
_ANNEALINGS, _SWEEPS = 16, 500
_GIB = 2**30


class Minimum(NamedTuple):
    """A configuration that no actor can leave for less frustration: a Nash equilibrium.

    Attributes
    ----------
    labels : tuple of int
        Bloc of each actor; blocs are numbered in the order of their first members.
    energy : float
        In the unit of sizes squared times propensity.
    basin_size : int
        Configurations whose steepest descent ends here; 0 if not known.
    basin_share : float
        The same as share of all configurations, or share of the starts if sampled; NaN if not known.
    depth : float
        Energy above the minimum that every path into another basin must reach; infinity if there is no
        other, NaN if not known.
    first_step : float
        Smallest energy increase by a move of one actor: the margin of stability.
    first_mover : str
        The actor of that move.
    """

    labels: tuple[int, ...]
    energy: float
    basin_size: int
    basin_share: float
    depth: float
    first_step: float
    first_mover: str


class Found(NamedTuple):
    """Minima by energy, then by labels; and how they were found, as in :class:`Landscape`."""

    minima: tuple[Minimum, ...]
    exact: bool
    coverage: float
    status: str


def rounding(cost: FloatArray) -> float:
    """Difference of energy up to which two configurations are treated as equal.

    Examples
    --------
    >>> rounding(np.array([[0.0, 2.0], [2.0, 0.0]]))
    2e-12
    """
    return float(_ROUNDING * np.abs(cost).sum() / 2.0)


def number_of_minima(count: int) -> str:
    """Number of minima as text.

    Examples
    --------
    >>> number_of_minima(1), number_of_minima(1200)
    ('1 minimum', '1,200 minima')
    """
    return f"{count:,} {'minimum' if count == 1 else 'minima'}"


def enumerate_minima(cost: FloatArray, names: Sequence[str], blocs: int, memory_gib: float) -> Found:
    """All minima; with basins, unless these need more than ``memory_gib``.

    Parameters
    ----------
    cost : (n, n) array
        Energy of each pair apart.
    names : sequence of str, length n
    blocs : int
    memory_gib : float

    Raises
    ------
    StandardsNetError
        More than 100,000 minima.

    Examples
    --------
    >>> enumerate_minima(np.array([[0.0, -2.0], [-2.0, 0.0]]), ["a", "b"], 2, 1.0).minima[0].labels
    (0, 1)
    """
    total = configuration_count(len(cost), blocs)
    gib = BYTES_PER_CONFIGURATION * total / _GIB
    status = f"exact: all {total:,} configurations compared"
    if gib > memory_gib:
        labels, count = local_minima(cost, blocs, rounding(cost), _MAX_MINIMA)
        _check_few(count)
        status += f"; basins omitted because they need {gib:.2g} GiB, more than memory_gib={memory_gib:g}."
        unknown = np.full(count, np.nan)
        no_basins = np.zeros(count, np.int64)
        return Found(_described(cost, blocs, names, labels, no_basins, unknown, unknown), True, 1.0, status)
    labels, sizes, climbs = basins(cost, blocs, rounding(cost))
    _check_few(len(labels))
    minima = _described(cost, blocs, names, labels, sizes, sizes / total, climbs)
    return Found(minima, True, 1.0, status + ", with their basins.")


def _check_few(minima: int) -> None:
    if minima > _MAX_MINIMA:
        raise StandardsNetError(
            f"the landscape has {minima:,} minima, more than the {_MAX_MINIMA:,} that can be listed: its "
            f"actors hardly differ; distinguish them by size or propensity, or take fewer."
        )


def sample_minima(cost: FloatArray, names: Sequence[str], blocs: int, starts: int, seed: int) -> Found:
    """Minima reached from random starts by steepest descent, and by a few annealing runs.

    Coverage is Good's estimate, 1 less the share of starts whose minimum no other start found;
    annealing runs do not count.

    Parameters
    ----------
    cost : (n, n) array
        Energy of each pair apart.
    names : sequence of str, length n
    blocs, starts : int
    seed : int
        From :func:`standards_net.randomness.seed_of`.

    Examples
    --------
    >>> sample_minima(np.array([[0.0, -2.0], [-2.0, 0.0]]), ["a", "b"], 2, 10, seed=1).coverage
    1.0
    """
    actors, tolerance = len(cost), rounding(cost)

    def random_labels(what: str, count: int) -> IntArray:
        random = uniforms(seed, ["landscape", what], slice(0, count), actors)
        return (random * blocs).astype(np.int64)

    ends = descend(cost, random_labels("start", starts), blocs, tolerance)
    cooled = []
    for run, start in enumerate(random_labels("annealing start", _ANNEALINGS)):
        random = uniforms(seed, ["landscape", "annealing"], slice(run, run + 1), _SWEEPS * actors * 2)
        cooled.append(anneal(cost, start[None], blocs, tolerance, random.reshape(1, _SWEEPS, actors, 2)))
    labels, which = np.unique(np.concatenate([ends, *cooled]), axis=0, return_inverse=True)
    hits = np.bincount(which.reshape(-1)[:starts], minlength=len(labels))
    coverage = 1.0 - float((hits == 1).sum()) / starts
    energy = energies(cost, labels, blocs)
    lower = energy.min() < energy[hits > 0].min() - tolerance
    status = (
        f"sampled: {starts:,} starts reached {number_of_minima(int((hits > 0).sum()))}, whose basins hold "
        f"about {100 * coverage:.0f} % of all configurations; annealing found "
        f"{'a lower minimum' if lower else 'nothing lower'}."
    )
    unknown = np.full(len(labels), np.nan)
    minima = _described(cost, blocs, names, labels, np.zeros_like(hits), hits / starts, unknown)
    return Found(minima, False, coverage, status)


def _described(
    cost: FloatArray,
    blocs: int,
    names: Sequence[str],
    labels: LabelArray,
    sizes: IntArray,
    shares: FloatArray,
    climbs: FloatArray,
) -> tuple[Minimum, ...]:
    labels, tolerance = labels.astype(np.int64), rounding(cost)
    energy = energies(cost, labels, blocs)
    step, mover = _first_steps(pulls(cost, labels, blocs), labels, tolerance)
    climbs = np.maximum(climbs, 0.0)  # an equal neighbour may be lower by a rounding error
    columns = (labels, energy, sizes, shares, climbs, step, mover)
    minima = [
        Minimum(tuple(row), height, size, share, depth, least, names[who])
        for row, height, size, share, depth, least, who in zip(*map(np.ndarray.tolist, columns), strict=True)
    ]
    # Energies that differ only by rounding are one level.
    by_energy = np.argsort(energy)
    level = np.empty(len(labels), np.int64)
    level[by_energy] = np.cumsum(np.diff(energy[by_energy], prepend=-np.inf) > tolerance)
    return tuple(minima[m] for m in np.lexsort((*labels.T[::-1], level)))


def _first_steps(pull: FloatArray, labels: IntArray, tolerance: float) -> tuple[FloatArray, IntArray]:
    """Smallest energy increase by a move from each configuration (M, n), and its actor (first if tied)."""
    blocs = np.arange(pull.shape[1])[:, None]
    own = np.take_along_axis(pull, labels[:, None], axis=1)
    at_home = labels[:, None] == blocs
    members = at_home.sum(axis=2)
    alone = np.take_along_axis(members, labels, axis=1) == 1
    # Neither staying nor moving from a singleton bloc to an empty one is a move.
    still = at_home | (alone[:, None] & (members == 0)[:, :, None])
    rise = np.where(still, np.inf, own - pull).min(axis=1)
    step = rise.min(axis=1)
    return np.maximum(step, 0.0), np.argmax(rise <= step[:, None] + tolerance, axis=1)
