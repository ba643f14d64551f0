"""A run spread over processes: what it gains, what it costs, and what the gathering side needs.

    python benchmarks/spread.py             4,096 draws, and 100,000 for the memory of the gathering side
    python benchmarks/spread.py 1024 10000  fewer

Prints Markdown. Times are medians of alternating repeats in one run: the same work by one worker process, by
two, and by two threads of one process. Memory is the peak of the gathering process alone, each in a process
of its own.
"""

import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import standards_net as sn

ASKED = {"rng": 1, "technologies": "radio", "until": 2030}
SMALL = {"rng": 1, "technologies": "iot", "until": 2021}  # for the memory of many draws
REPEATS = 3


def in_processes(world, draws, workers):
    """Seconds of a run over so many worker processes that are ready."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        sn.run(world, "silos", draws=256 * workers, executor=pool, **ASKED)  # starts them, loads their code
        start = time.perf_counter()
        sn.run(world, "silos", draws=draws, executor=pool, **ASKED)
        return time.perf_counter() - start


def in_threads(world, draws, threads):
    """Seconds of a run in threads of this process."""
    sn.run(world, "silos", draws=256, threads=threads, **ASKED)
    start = time.perf_counter()
    sn.run(world, "silos", draws=draws, threads=threads, **ASKED)
    return time.perf_counter() - start


def gather(draws):
    """Stream so many draws from two workers and print the peak memory of this process, MiB."""
    import resource

    world = sn.load_world()
    pieces = sn.split(world, "silos", pieces=-(-draws // 256), draws=draws, **SMALL)
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool,
    ):
        start = time.perf_counter()
        sn.stream(pieces, Path(folder) / "r.zarr", executor=pool)
        took = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, took, size / 2**20)


def of_one_piece(world):
    """Seconds that a piece takes of a worker, and that its part takes of the gathering process."""
    asked = ASKED | {"until": 2040}
    pieces = sn.split(world, "silos", pieces=9, draws=9 * 256, **asked)
    start = time.perf_counter()
    parts = [piece.run() for piece in pieces]
    of_worker = (time.perf_counter() - start) / len(pieces)

    class Ready:  # an executor whose workers take no time
        _max_workers = 2

        def submit(self, _, piece):
            future = Future()
            future.set_result(pickle.loads(sent[pieces.index(piece)]))
            return future

    sent = [pickle.dumps(part, protocol=5) for part in parts]
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        sn.stream(
            pieces, Path(folder) / "r.zarr", executor=Ready(),
            progress=lambda *_: taken.append(time.perf_counter()),
        )  # fmt: skip
    # Of the first the store is made, which happens once.
    of_gatherer = statistics.median(b - a for a, b in pairwise(taken[2:]))
    return of_worker, of_gatherer, len(sent[0]) / 2**20


def main():
    draws, most = (int(one) for one in (*sys.argv[1:], 4096, 100_000)[:2])
    world = sn.load_world()
    taken = {name: [] for name in ("one worker", "two workers", "two threads")}
    for _ in range(REPEATS):
        taken["one worker"].append(in_processes(world, draws, 1))
        taken["two workers"].append(in_processes(world, draws, 2))
        taken["two threads"].append(in_threads(world, draws, 2))
    seconds = {name: statistics.median(values) for name, values in taken.items()}
    print(f"One scenario, radio, 2019 to 2030, {draws:,} draws in blocks of 256\n")
    print("| where | seconds |\n|---|---|")
    for name, value in seconds.items():
        print(f"| {name} | {value:.1f} |")
    print(f"| two workers against one | {seconds['one worker'] / seconds['two workers']:.2f} times |")
    longer = seconds["two workers"] / seconds["two threads"]
    print(f"| two workers against two threads | {longer:.2f} times as long |")
    of_worker, of_gatherer, size = of_one_piece(world)
    print(
        f"\nA piece of 256 draws of one scenario, radio, 2019 to 2040, takes a worker {of_worker:.2f} s; its "
        f"part ({size:.0f} MiB) takes the gathering process {of_gatherer:.3f} s: it keeps up with "
        f"{of_worker / of_gatherer:.0f} workers."
    )
    print("\nOne scenario, iot, 2019 to 2021, streamed from two workers to a store\n")
    print("| draws | peak memory of the gathering process | seconds | store |\n|---|---|---|---|")
    for count in (1000, most // 10, most):
        done = subprocess.run(
            [sys.executable, __file__, "gather", str(count)], capture_output=True, text=True, check=True
        )
        peak, took, size = map(float, done.stdout.split())
        print(f"| {count:,} | {peak:.0f} MiB | {took:.0f} | {size:.0f} MiB |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["gather"]:
        gather(int(sys.argv[2]))
    else:
        main()
