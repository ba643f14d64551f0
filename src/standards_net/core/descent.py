"""Descent and annealing from given configurations, for too many actors to enumerate.

Costs, pulls and labels are those of :mod:`standards_net.core.set_partitions`.
"""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled
from standards_net.core.set_partitions import LabelArray, canonical, pulls

__all__ = ["anneal", "descend"]


def descend(
    cost: FloatArray, starts: LabelArray, blocs: int, tolerance: float, *, first: bool = False
) -> IntArray:
    """Local minimum that each start descends to, one actor moving at a time.

    Parameters
    ----------
    cost : (n, n) array
        Energy of separating each pair; symmetric, zero diagonal.
    starts : (R, n) array of int
        Labels below ``blocs``.
    blocs : int
        Maximum number of blocs, k.
    tolerance : float
        A move must lower energy by more than this.
    first : bool
        Move the first actor that gains instead of the one whose move lowers energy most. Among moves
        within the tolerance of each other the first actor moves, to the bloc whose first member comes
        first; an empty bloc comes last.

    Returns
    -------
    (R, n) array of int
        Canonical labels.

    Examples
    --------
    >>> cost = np.array([[0.0, 1.0, -2.0], [1.0, 0.0, -1.0], [-2.0, -1.0, 0.0]])
    >>> descend(cost, np.array([[0, 0, 0], [0, 1, 0]]), 2, 1e-12).tolist()
    [[0, 0, 1], [0, 0, 1]]
    """
    labels = canonical(starts)
    _descend(cost, pulls(cost, labels, blocs), tolerance, first, labels)
    return canonical(labels)


def anneal(
    cost: FloatArray, starts: LabelArray, blocs: int, tolerance: float, random: FloatArray
) -> IntArray:
    """Local minimum reached by simulated annealing from each start, followed by descent.

    Metropolis moves while the temperature falls geometrically, from twice the largest root sum of
    squares of an actor's costs to a tenth of the smallest; then steepest descent.

    Parameters
    ----------
    cost, starts, blocs, tolerance
        As in :func:`descend`.
    random : (R, T, n, 2) array
        Uniform numbers for T sweeps over the actors: which other bloc is tried, and whether it is taken.

    Returns
    -------
    (R, n) array of int
        Canonical labels.

    References
    ----------
    Kirkpatrick, S., Gelatt, C. D. & Vecchi, M. P. (1983), Science 220(4598),
    doi:10.1126/science.220.4598.671.

    Examples
    --------
    >>> cost = np.array([[0.0, -1.0], [-1.0, 0.0]])
    >>> anneal(cost, np.array([[0, 0]]), 2, 1e-12, np.full((1, 5, 2, 2), 0.5)).tolist()
    [[0, 1]]
    """
    spread = np.sqrt(np.square(cost).sum(axis=1))
    spread = spread[spread > 0.0]
    labels = canonical(starts)
    if spread.size:
        temperatures = np.geomspace(2.0 * spread.max(), 0.1 * spread.min(), random.shape[1])
        _anneal(cost, pulls(cost, labels, blocs), temperatures, random, labels)
    return descend(cost, labels, blocs, tolerance)


@compiled
def _descend(cost: FloatArray, pull: FloatArray, tolerance: float, first: bool, labels: IntArray) -> None:
    """Move each row (R, n), whose pulls are (R, k, n), to its minimum, in place."""
    rows, actors = labels.shape
    blocs = pull.shape[1]
    lead = np.empty(blocs, np.int64)
    for r in range(rows):
        moving = True
        while moving:
            # Blocs by their first members, empty ones last: an order independent of their labels.
            lead[:] = actors
            for i in range(actors - 1, -1, -1):
                lead[labels[r, i]] = i
            order = np.argsort(lead)
            lowest, who, where = 0.0, -1, 0
            for i in range(actors):
                own = pull[r, labels[r, i], i]
                for place in range(blocs):
                    rise = own - pull[r, order[place], i]
                    if rise < lowest - tolerance:
                        lowest, who, where = rise, i, order[place]
                if first and who >= 0:
                    break
            moving = who >= 0
            if moving:
                was = labels[r, who]
                labels[r, who] = where
                for i in range(actors):
                    pull[r, was, i] -= cost[who, i]
                    pull[r, where, i] += cost[who, i]


@compiled
def _anneal(
    cost: FloatArray, pull: FloatArray, temperatures: FloatArray, random: FloatArray, labels: IntArray
) -> None:
    """Sweep over the actors of each row (R, n), whose pulls are (R, k, n), in place, cooler each time."""
    rows, actors = labels.shape
    blocs = pull.shape[1]
    for r in range(rows):
        for sweep in range(len(temperatures)):
            for j in range(actors):
                own = labels[r, j]
                other = (own + 1 + int(random[r, sweep, j, 0] * (blocs - 1))) % blocs
                rise = pull[r, own, j] - pull[r, other, j]
                if rise <= 0.0 or random[r, sweep, j, 1] < np.exp(-rise / temperatures[sweep]):
                    labels[r, j] = other
                    for i in range(actors):
                        pull[r, own, i] -= cost[j, i]
                        pull[r, other, i] += cost[j, i]
