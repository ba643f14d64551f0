"""Enumeration of all partitions of actors into blocs, and their basins under steepest descent.

A *configuration* partitions n actors into at most k blocs. It is a row of labels in canonical form: blocs
are numbered in the order of their first members, so that each partition has one row (0, 0, 1 and 1, 1, 0
are the same). Rows in lexicographic order are numbered from 0; with two blocs the numbers are the rows read
as binary digits.

``cost`` is an (n, n) array, symmetric with zero diagonal: the energy that a pair adds if it is in different
blocs. The energy of a configuration is the sum over its separated unordered pairs. The *pull* of a bloc on
an actor is the sum of the actor's costs with the members: moving from one bloc to another raises the energy
by the pull of the first minus the pull of the second.
"""

from __future__ import annotations

import functools
import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled

__all__ = [
    "BYTES_PER_CONFIGURATION",
    "Basins",
    "LabelArray",
    "basins",
    "canonical",
    "configuration_count",
    "configurations",
    "energies",
    "pulls",
]

LabelArray = npt.NDArray[np.uint8] | IntArray

BYTES_PER_CONFIGURATION = 12  # kept by `basins`: an energy and the next configuration of steepest descent
_ROWS = 4096  # configurations at a time: over so few rows rounding of the pulls stays far below the tolerance


class Basins(NamedTuple):
    """Local minima and their basins of attraction under steepest descent.

    Attributes
    ----------
    labels : (M, n) array of int
        One minimum per row, in lexicographic order.
    sizes : (M,) array of int
        Number of configurations whose steepest descent ends there; they sum to the total.
    climbs : (M,) array
        Energy barrier: height above the minimum that any path into another basin must reach; infinity if
        there is no other.
    """

    labels: LabelArray
    sizes: IntArray
    climbs: FloatArray


def configuration_count(actors: int, blocs: int) -> int:
    """Number of partitions of actors into at most the given number of blocs.

    Examples
    --------
    >>> configuration_count(9, 2), configuration_count(4, 4)
    (256, 15)
    """
    ways = [1] * (blocs + 1)
    for _ in range(actors - 1):
        ways = [m * ways[m] + (ways[m + 1] if m < blocs else 0) for m in range(blocs + 1)]
    return ways[1]


def configurations(first: int, rows: int, actors: int, blocs: int) -> LabelArray:
    """Consecutive configurations, starting from number ``first``.

    Examples
    --------
    >>> configurations(0, 5, 3, 3).tolist()
    [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [0, 1, 2]]
    """
    labels = np.empty((rows, actors), np.uint8)
    _enumerate(first, _completions(actors, blocs), labels)
    return labels


def canonical(labels: npt.ArrayLike) -> IntArray:
    """Number the blocs of each row in the order of their first members.

    Parameters
    ----------
    labels : (M, n) array of int
        Any non-negative integers.

    Examples
    --------
    >>> canonical([[2, 2, 0], [0, 1, 0]]).tolist()
    [[0, 0, 1], [0, 1, 0]]
    """
    named = np.array(labels, dtype=np.int64)
    _relabel(named)
    return named


def pulls(cost: FloatArray, labels: LabelArray, blocs: int) -> FloatArray:
    """Pull of each bloc on each actor, (M, k, n), with rows (M, m) of labels of the first m actors.

    Examples
    --------
    >>> pulls(np.array([[0.0, 2.0], [2.0, 0.0]]), np.array([[0, 1]]), 2).tolist()
    [[[0.0, 2.0], [2.0, 0.0]]]
    """
    out = np.zeros((len(labels), blocs, len(cost)))
    _add_pulls(cost, labels, out)
    return out


def energies(cost: FloatArray, labels: LabelArray, blocs: int) -> FloatArray:
    """Energy of each of the configurations (M, n): the cost of their separated pairs, (M,).

    Examples
    --------
    >>> energies(np.array([[0.0, 2.0], [2.0, 0.0]]), np.array([[0, 1], [0, 0]]), 2).tolist()
    [2.0, 0.0]
    """
    own = np.take_along_axis(pulls(cost, labels, blocs), labels[:, None].astype(np.int64), axis=1)
    return np.asarray((cost.sum(axis=1) - own[:, 0]).sum(axis=1) / 2.0)


def basins(cost: FloatArray, blocs: int, tolerance: float) -> Basins:
    """All local minima with their basin sizes and the energy barrier of each.

    Steepest descent takes the move that lowers energy most; among moves within the tolerance of each
    other, that of the first actor, then that to the lowest bloc.

    Parameters
    ----------
    cost : (n, n) array
        Energy of separating each pair.
    blocs : int
        Maximum number of blocs, k.
    tolerance : float
        A move must lower energy by more than this.

    Returns
    -------
    Basins

    Examples
    --------
    Three mutually hostile actors: whichever stands alone, two other basins are one step away.

    >>> basins(np.eye(3) - 1.0, 2, 1e-12).labels.tolist()
    [[0, 0, 1], [0, 1, 0], [0, 1, 1]]
    """
    actors = len(cost)
    ways = _completions(actors, blocs)
    total = int(ways[1, 0])
    energy, toward = np.empty(total), np.empty(total, np.int32)

    def descend_rows(first: int) -> tuple[IntArray, LabelArray]:
        """Store the next configuration of each row; return the numbers and labels of the minima."""
        rows = min(_ROWS, total - first)
        labels = configurations(first, rows, actors, blocs)
        actor, bloc, successor = np.empty((3, rows), np.int64)
        _steepest(cost, labels, blocs, tolerance, energy[first : first + rows], actor, bloc)
        _numbers(labels, actor, bloc, ways, successor)
        toward[first : first + rows] = successor
        stays = np.flatnonzero(actor < 0)
        return first + stays, labels[stays]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(descend_rows, range(0, total, _ROWS)))
    minima = np.concatenate([numbers for numbers, _ in found])
    toward[minima] = ~np.arange(len(minima), dtype=np.int32)
    sizes = np.zeros(len(minima), np.int64)
    _settle(toward, sizes)
    climbs = _passes(energy, toward, len(minima), actors, blocs) - energy[minima]
    return Basins(np.concatenate([labels for _, labels in found]), sizes, climbs)


def _passes(
    energy: FloatArray, basin: npt.NDArray[np.int32], count: int, actors: int, blocs: int
) -> FloatArray:
    """Lowest energy at which each basin can be left, (M,).

    It is the minimum of max(E(c), E(c')) over neighbours c inside and c' outside: energy only falls along
    steepest descent from c to the minimum, so its reverse is a path from the minimum to c that never
    rises above E(c).
    """
    passes = np.full(count, np.inf)
    ways, total = _completions(actors, blocs), len(energy) if count > 1 else 0
    for first in range(0, total, _ROWS):
        inside = basin[first : first + _ROWS]
        # Only configurations below the lowest pass so far can improve it: nearly all are discarded here.
        low = np.flatnonzero(energy[first : first + _ROWS] < passes[inside])
        if low.size == 0:
            continue
        labels = configurations(first, len(inside), actors, blocs)[low]
        inside, height, neighbour = inside[low], energy[first + low], np.empty(low.size, np.int64)
        for i in range(actors):
            for step in range(1, blocs):
                moved = (labels[:, i].astype(np.int64) + step) % blocs
                _numbers(labels, np.full(low.size, i), moved, ways, neighbour)
                leaves = basin[neighbour] != inside
                top = np.where(leaves, np.maximum(height, energy[neighbour]), np.inf)
                np.minimum.at(passes, inside, top)
    return passes


@functools.cache
def _completions(actors: int, blocs: int) -> IntArray:
    """Number of ways to label the actors after i when m blocs are in use, (k + 1, n).

    Rows that give actor i label a, with m blocs in use before it, follow ``a * ways[m, i]`` rows with lower
    labels there: a row's number is the sum of these over its actors.
    """
    ways = np.zeros((blocs + 1, actors), np.int64)
    ways[:, -1] = 1
    for i in range(actors - 2, -1, -1):
        ways[:, i] = np.arange(blocs + 1) * ways[:, i + 1]
        ways[:-1, i] += ways[1:, i + 1]
    return ways


@compiled
def _add_pulls(cost: FloatArray, labels: LabelArray, pull: FloatArray) -> None:
    """Add the pulls exerted by the labelled actors (M, m) to pulls (M, k, n)."""
    rows, labelled = labels.shape
    actors = pull.shape[2]
    for r in range(rows):
        for j in range(labelled):
            label = labels[r, j]
            for i in range(actors):
                pull[r, label, i] += cost[j, i]


@compiled
def _enumerate(first: int, ways: IntArray, labels: LabelArray) -> None:
    """Write consecutive configurations (rows, n), starting from number ``first``."""
    rows, actors = labels.shape
    highest = ways.shape[0] - 2
    used = np.zeros(actors, np.int64)  # blocs in use before each actor
    rest, m = first, 0
    for i in range(actors):
        label = min(rest // ways[m, i], m, highest)
        labels[0, i] = label
        used[i] = m
        rest -= label * ways[m, i]
        m = max(m, label + 1)
    for r in range(1, rows):
        for i in range(actors):
            labels[r, i] = labels[r - 1, i]
        i = actors - 1
        while labels[r, i] == min(used[i], highest):
            labels[r, i] = 0
            i -= 1
        labels[r, i] += 1
        m = max(used[i], labels[r, i] + 1)
        for j in range(i + 1, actors):
            used[j] = m


@compiled
def _relabel(labels: IntArray) -> None:
    """Make rows (M, n) canonical in place."""
    rows, actors = labels.shape
    name = np.empty(labels.max() + 1, np.int64)
    for r in range(rows):
        name[:] = -1
        used = 0
        for i in range(actors):
            bloc = labels[r, i]
            if name[bloc] < 0:
                name[bloc] = used
                used += 1
            labels[r, i] = name[bloc]


@compiled
def _numbers(labels: LabelArray, actor: IntArray, bloc: IntArray, ways: IntArray, numbers: IntArray) -> None:
    """Number of each row (M, n) after its ``actor`` moved to its ``bloc``; actor -1 means no move."""
    rows, actors = labels.shape
    name = np.empty(ways.shape[0] - 1, np.int64)
    for r in range(rows):
        name[:] = -1
        used, number = 0, 0
        for i in range(actors):
            label = bloc[r] if i == actor[r] else labels[r, i]
            before = used
            if name[label] < 0:
                name[label] = used
                used += 1
            number += name[label] * ways[before, i]
        numbers[r] = number


@compiled
def _steepest(
    cost: FloatArray,
    labels: LabelArray,
    blocs: int,
    tolerance: float,
    energy: FloatArray,
    actor: IntArray,
    bloc: IntArray,
) -> None:
    """Energy of each row (M, n), and its steepest-descent move: which actor (-1: none) to which bloc."""
    rows, actors = labels.shape
    at = np.zeros(actors, np.int64)
    pull = np.zeros((blocs, actors))
    pull[0] = cost.sum(axis=0)
    total = cost.sum()
    for r in range(rows):
        used = 0
        for j in range(actors):  # consecutive rows differ in few actors: only their pulls are updated
            label, was = labels[r, j], at[j]
            used = max(used, label + 1)
            if label != was:
                for i in range(actors):
                    pull[was, i] -= cost[j, i]
                for i in range(actors):
                    pull[label, i] += cost[j, i]
                at[j] = label
        open_to = min(used + 1, blocs)
        together, lowest, who, where = 0.0, 0.0, -1, 0
        for i in range(actors):
            own = pull[labels[r, i], i]
            together += own
            for b in range(open_to):
                rise = own - pull[b, i]
                if rise < lowest - tolerance:
                    lowest, who, where = rise, i, b
        energy[r], actor[r], bloc[r] = (total - together) / 2.0, who, where


@compiled
def _settle(toward: npt.NDArray[np.int32], sizes: IntArray) -> None:
    """Turn successors into basin numbers (0, 1, ...), in place; minima are passed as -1, -2, ... ."""
    for start in range(len(toward)):
        c = start
        while toward[c] >= 0:
            c = toward[c]
        end = toward[c]
        sizes[~end] += 1
        c = start
        while toward[c] >= 0:  # path compression: all configurations on the path end there too
            following = toward[c]
            toward[c] = end
            c = following
    for c in range(len(toward)):
        toward[c] = ~toward[c]
