"""Configurations per second of the exact landscape search, against numpy on the same landscape.

    python benchmarks/landscape.py

Prints Markdown: the sieve that finds all minima (two blocs, one thread); a plain numpy evaluation of all
energies on one thread, in chunks, as written without the package; basins and depths, on all
cores; and a sampled search among 200 actors.
"""

import statistics
import time

import numpy as np
from threadpoolctl import threadpool_limits

from standards_net.alignment.landscapes.landscape_theory import landscape
from standards_net.core.local_minima import local_minima

REPEATS = 5


def seconds(work, repeats=REPEATS):
    """Median wall time after a first call that compiles."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def actors(n, seed=1):
    """Lognormal sizes, and propensities without structure."""
    rng = np.random.default_rng(seed)
    propensity = rng.normal(size=(n, n))
    return rng.lognormal(size=n), propensity + propensity.T


def lowest_by_numpy(cost, rows=2**16):
    """Lowest of all energies: sides as +1 and -1, one matrix product per chunk."""
    n, lowest, shifts = len(cost), np.inf, np.arange(len(cost))
    for first in range(0, 2 ** (n - 1), rows):
        codes = np.arange(first, min(first + rows, 2 ** (n - 1)))
        sides = 1.0 - 2.0 * ((codes[:, None] >> shifts) & 1)
        energy = (cost.sum() - ((sides @ cost) * sides).sum(axis=1)) / 4
        lowest = min(lowest, energy.min())
    return lowest


def main():
    sizes, propensity = actors(25)
    cost = 2.0 * np.outer(sizes, sizes) * propensity
    np.fill_diagonal(cost, 0.0)
    tolerance = 1e-12 * np.abs(cost).sum()
    few, some, most, many = (actors(n) for n in (20, 25, 28, 200))
    with threadpool_limits(1):
        sieve = seconds(lambda: local_minima(cost, 2, tolerance, 10**5))
        plain = seconds(lambda: lowest_by_numpy(cost), repeats=1)
    rows = [
        ("all minima of 25 actors: sieve", sieve, 2**24),
        ("all energies of 25 actors: numpy", plain, 2**24),
        ("all minima of 28 actors: sieve", seconds(lambda: landscape(*most, memory_gib=0.0)), 2**27),
        ("minima, basins and depths of 20 actors", seconds(lambda: landscape(*few)), 2**19),
        ("minima, basins and depths of 25 actors", seconds(lambda: landscape(*some), repeats=3), 2**24),
    ]
    print("| task | seconds | million configurations per second |\n|---|---|---|")
    for what, wall, count in rows:
        print(f"| {what} | {wall:.3f} | {count / wall / 1e6:,.1f} |")
    sampled = seconds(lambda: landscape(*many, rng=1), repeats=3)
    print(f"| 2,000 descents and 16 annealings of 200 actors | {sampled:.3f} | |")
    print(f"\nThe sieve covers {plain / sieve:,.0f} times as many configurations as numpy in the same time.")


if __name__ == "__main__":
    main()
