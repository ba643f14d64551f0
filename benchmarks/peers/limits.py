"""Limits of this machine: matrix products, sequential memory reads, gathered bytes.

    python benchmarks/peers/limits.py [--json out.json]

Prints Markdown: medians on one thread and on two. Reports which kernel BLAS chose and whether the environment
forced it (OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE): a kernel of an older processor is several times slower.
"""

import argparse
import json
import os
import pathlib
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

REPEATS = 7
SIZE = 1536  # of the matrices
READ = 2**28  # bytes read sequentially: far more than any cache
TABLES = {"1 MiB": 2**20, "256 MiB": 2**28}
GATHERS = 2**22


@numba.njit(nogil=True)
def total(words):
    """Sum of integers: the compiler may reorder it, so memory is the limit and not the adder."""
    found = np.uint64(0)
    for word in words:
        found += word
    return found


@numba.njit(nogil=True)
def gathered(table, indices):
    """Sum of bytes at indices from an array, as a node reads the states of its neighbours."""
    found = np.uint64(0)
    for index in indices:
        found += np.uint64(table[index])
    return found


def rate(work, amount):
    """Median amount per second, after one warm-up run."""
    work()
    times = []
    for _ in range(REPEATS):
        before = time.perf_counter()
        work()
        times.append(time.perf_counter() - before)
    return amount / statistics.median(times)


def products(kind, threads):
    a = np.random.default_rng(0).random((SIZE, SIZE)).astype(kind)
    with threadpool_limits(threads):
        return rate(lambda: a @ a, 2 * SIZE**3) / 1e9


def together(function, parts):
    """Each thread runs its own part; the kernels release the GIL."""
    if len(parts) == 1:
        return lambda: function(*parts[0])
    pool = ThreadPoolExecutor(len(parts))
    return lambda: [future.result() for future in [pool.submit(function, *part) for part in parts]]


def reading(threads):
    words = np.ones(READ // 8, dtype=np.uint64)
    parts = [(part,) for part in np.array_split(words, threads)]
    return rate(together(total, parts), READ) / 1e9


def gathers(size, threads):
    """Threads share the table and have their own indices."""
    rng = np.random.default_rng(0)
    table = np.ones(size, dtype=np.uint8)
    parts = [(table, rng.integers(0, size, GATHERS, dtype=np.uint32)) for _ in range(threads)]
    return rate(together(gathered, parts), GATHERS * threads) / 1e6


def kernels():
    """Loaded BLAS libraries, with the kernel each chose."""
    blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return [
        f"{library['internal_api']} {library['version']}, {library.get('architecture')}" for library in blas
    ]


def measured():
    rows = {
        "matrix product, float32, GFLOP/s": lambda threads: products(np.float32, threads),
        "matrix product, float64, GFLOP/s": lambda threads: products(np.float64, threads),
        "sequential memory reads, GB/s": reading,
    }
    for name, size in TABLES.items():
        rows[f"bytes gathered from {name}, million per second"] = lambda threads, size=size: gathers(
            size, threads
        )
    return {what: [work(threads) for threads in (1, 2)] for what, work in rows.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    rows = measured()
    print("| limit | one thread | two threads |\n|---|---|---|")
    for what, (one, two) in rows.items():
        print(f"| {what} | {one:,.1f} | {two:,.1f} |")
    chosen = {name: os.environ[name] for name in sorted(os.environ) if name.startswith("OPENBLAS_")}
    settings = (
        ", ".join(f"{name}={value}" for name, value in chosen.items()) or "nothing set in the environment"
    )
    print(f"\nBLAS: {'; '.join(kernels())} ({settings}).")
    # If other programs occupy a core, two threads are no faster than one.
    print(f"Load of the {os.cpu_count()} cores before: {load:.1f}.")
    if options.json:
        options.json.write_text(
            json.dumps({"rows": rows, "blas": kernels(), "environment": chosen, "load": load}) + "\n"
        )


if __name__ == "__main__":
    main()
