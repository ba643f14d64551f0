"""Landscapes against a slow twin that walks from partition to partition in plain Python."""

import heapq
import math
from itertools import pairwise

import numpy as np
import pytest

from standards_net.alignment.landscapes.landscape_theory import landscape
from standards_net.core.descent import anneal, descend
from standards_net.core.set_partitions import canonical, configuration_count, configurations


def partitions(n, k, begun=(0,)):
    """All canonical labels, in lexicographic order."""
    if len(begun) == n:
        yield begun
        return
    for label in range(min(max(begun) + 2, k)):
        yield from partitions(n, k, (*begun, label))


def named(labels):
    order = list(dict.fromkeys(labels))
    return tuple(order.index(label) for label in labels)


class Twin:
    """Energies, neighbours and descents by their definitions."""

    def __init__(self, sizes, propensity, blocs):
        n = len(sizes)
        self.blocs = blocs
        self.weight = [[sizes[i] * sizes[j] * propensity[i][j] for j in range(n)] for i in range(n)]
        self.tolerance = 1e-12 * sum(abs(self.weight[i][j]) for i in range(n) for j in range(n) if i != j)
        self.all = list(partitions(n, blocs))
        self.energy = {labels: self.energy_of(labels) for labels in self.all}

    def energy_of(self, labels):
        n = len(labels)
        return sum(self.weight[i][j] for i in range(n) for j in range(n) if i != j and labels[i] != labels[j])

    def moves(self, labels):
        """(actor, configuration reached), actors first, then blocs, an empty one last."""
        for i, own in enumerate(labels):
            for bloc in range(min(max(labels) + 2, self.blocs)):
                reached = named((*labels[:i], bloc, *labels[i + 1 :]))
                if bloc != own and reached != labels:
                    yield i, reached

    def steepest(self, labels):
        best, fall = labels, -self.tolerance
        for _, reached in self.moves(labels):
            rise = self.energy[reached] - self.energy[labels]
            if rise < fall:
                best, fall = reached, rise - self.tolerance
        return best

    def first(self, labels):
        """Best move of the first actor who gains."""
        best, fall, who = labels, -self.tolerance, None
        for i, reached in self.moves(labels):
            rise = self.energy[reached] - self.energy[labels]
            if rise < fall and who in (None, i):
                best, fall, who = reached, rise - self.tolerance, i
        return best

    def end(self, labels, step):
        while (following := step(labels)) != labels:
            labels = following
        return labels

    def depth(self, minimum, basin):
        """Flood from the minimum: always on from the lowest shore, until another basin is reached."""
        shore, wet = [(self.energy[minimum], minimum)], set()
        while shore:
            level, labels = heapq.heappop(shore)
            if basin[labels] != minimum:
                return level - self.energy[minimum]
            if labels in wet:
                continue
            wet.add(labels)
            for _, reached in self.moves(labels):
                if reached not in wet:
                    heapq.heappush(shore, (max(level, self.energy[reached]), reached))
        return math.inf


def actors(n, seed, tied):
    rng = np.random.default_rng([n, seed, tied])
    if tied:
        sizes, propensity = rng.integers(1, 3, n).astype(float), rng.integers(-1, 2, (n, n)).astype(float)
        return sizes, np.triu(propensity, 1) + np.triu(propensity, 1).T
    propensity = rng.normal(size=(n, n))
    return rng.lognormal(size=n), propensity + propensity.T


CASES = [
    (n, k, seed, tied)
    for n, k in [*((n, 2) for n in range(2, 10)), (3, 3), (5, 3), (7, 3), (4, 4), (6, 4), (5, 5)]
    for seed in range(2)
    for tied in (False, True)
]


@pytest.mark.parametrize(("n", "k", "seed", "tied"), CASES)
def test_minima_basins_depths_and_descents(n, k, seed, tied):
    sizes, propensity = actors(n, seed, tied)
    twin, found = Twin(sizes, propensity, k), landscape(sizes, propensity, blocs=k)
    basin = {labels: twin.end(labels, twin.steepest) for labels in twin.all}
    minima = [labels for labels in twin.all if basin[labels] == labels]
    assert found.configurations == len(twin.all)
    assert sorted(one.labels for one in found.minima) == minima
    levels = [one.energy for one in found.minima]
    assert all(low <= high + twin.tolerance for low, high in pairwise(levels))
    for one in found.minima:
        assert one.energy == pytest.approx(twin.energy[one.labels], abs=twin.tolerance)
        assert one.basin_size == sum(end == one.labels for end in basin.values())
        assert one.basin_share == pytest.approx(one.basin_size / len(twin.all))
        assert one.depth == pytest.approx(twin.depth(one.labels, basin), abs=2 * twin.tolerance)
        steps = [(twin.energy[to] - twin.energy[one.labels], i) for i, to in twin.moves(one.labels)]
        least = min(rise for rise, _ in steps)
        assert one.first_step == pytest.approx(max(least, 0.0), abs=2 * twin.tolerance)
        movers = [i for rise, i in steps if rise <= least + 2 * twin.tolerance]
        assert one.first_mover == str(min(movers) + 1)
    for labels in twin.all:
        assert found.descend(labels) == basin[labels]
        assert found.descend(labels, "first") == twin.end(labels, twin.first)


@pytest.mark.parametrize(("n", "k", "seed", "tied"), CASES)
def test_the_sieve_finds_the_same_minima(n, k, seed, tied):
    sizes, propensity = actors(n, seed, tied)
    with_basins = landscape(sizes, propensity, blocs=k)
    without = landscape(sizes, propensity, blocs=k, memory_gib=0.0)
    assert [one.labels for one in without.minima] == [one.labels for one in with_basins.minima]
    assert [one.energy for one in without.minima] == [one.energy for one in with_basins.minima]
    assert all(math.isnan(one.depth) and one.basin_size == 0 for one in without.minima)


@pytest.mark.parametrize(("n", "k"), [(22, 2), (13, 3), (11, 4)])
def test_the_sieve_and_the_basins_agree_where_python_is_too_slow(n, k):
    sizes, propensity = actors(n, 0, tied=False)
    with_basins = landscape(sizes, propensity, blocs=k)
    without = landscape(sizes, propensity, blocs=k, memory_gib=0.0)
    assert [one.labels for one in without.minima] == [one.labels for one in with_basins.minima]
    assert sum(one.basin_size for one in with_basins.minima) == configuration_count(n, k)


def test_two_blocs_are_the_binary_case():
    """Minima by plain binary codes: every field has the sign of its side."""
    sizes, propensity = actors(12, 1, tied=False)
    np.fill_diagonal(propensity, 0.0)
    codes = np.arange(2**11)[:, None] >> np.arange(12) & 1
    sides = 1.0 - 2.0 * codes
    contents = sides * (sides @ (np.outer(sizes, sizes) * propensity))
    expected = {tuple(row) for row in canonical(codes[(contents >= 0.0).all(axis=1)]).tolist()}
    assert {one.labels for one in landscape(sizes, propensity, memory_gib=0.0).minima} == expected


@pytest.mark.parametrize(("n", "k"), [(2, 2), (6, 2), (6, 3), (7, 4), (6, 6)])
def test_configurations_are_numbered_in_order(n, k):
    every = list(partitions(n, k))
    assert configuration_count(n, k) == len(every)
    assert [tuple(row) for row in configurations(0, len(every), n, k).tolist()] == every
    assert [tuple(row) for row in configurations(1, len(every) - 1, n, k).tolist()] == every[1:]


@pytest.mark.parametrize("k", [2, 3])
def test_annealing_takes_the_moves_that_its_luck_says(k):
    sizes, propensity = actors(6, 3, tied=False)
    np.fill_diagonal(propensity, 0.0)
    cost = 2.0 * np.outer(sizes, sizes) * propensity
    twin, rng = Twin(sizes, propensity, k), np.random.default_rng(4)
    starts, random = rng.integers(k, size=(3, 6)), rng.random((3, 8, 6, 2))
    spread = np.sqrt((cost**2).sum(axis=1))
    temperatures = np.geomspace(2 * spread.max(), 0.1 * spread.min(), 8)
    ends = anneal(cost, starts, k, twin.tolerance, random)
    for r in range(3):
        labels = list(named(starts[r].tolist()))
        for sweep, temperature in enumerate(temperatures):
            for j in range(6):
                tried = list(labels)
                tried[j] = (labels[j] + 1 + int(random[r, sweep, j, 0] * (k - 1))) % k
                rise = twin.energy_of(tried) - twin.energy_of(labels)
                if rise <= 0 or random[r, sweep, j, 1] < math.exp(-rise / temperature):
                    labels = tried
        assert tuple(ends[r].tolist()) == twin.end(named(labels), twin.steepest)


def test_descents_side_by_side_are_descents_one_by_one():
    sizes, propensity = actors(9, 5, tied=True)
    cost = 2.0 * np.outer(sizes, sizes) * propensity
    starts = np.random.default_rng(6).integers(3, size=(20, 9))
    together = descend(cost, starts, 3, 1e-9)
    alone = [descend(cost, start[None], 3, 1e-9)[0] for start in starts]
    np.testing.assert_array_equal(together, alone)
