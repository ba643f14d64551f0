"""What the scripts of the peers share: options, the saved graph, the clock and the JSON they write.

Needs numpy only and runs on the Python of whichever environment has the peer.
"""

import argparse
import dataclasses
import importlib.metadata
import json
import pathlib
import time
from collections.abc import Callable

import numpy as np


@dataclasses.dataclass
class Graph:
    """Rows are sources: entry (u, v) is what u does to v. `weights` and `seeds` only for cascades."""

    n: int
    indptr: np.ndarray
    indices: np.ndarray
    weights: np.ndarray | None
    seeds: list[int]

    @property
    def sources(self):
        """Row of every entry."""
        return np.repeat(np.arange(self.n), np.diff(self.indptr))

    @property
    def pairs(self):
        """Every entry as (source, target): an undirected edge is here twice."""
        return np.column_stack([self.sources, self.indices])

    @property
    def edges(self):
        """Every undirected edge once."""
        pairs = self.pairs
        return pairs[pairs[:, 0] < pairs[:, 1]]

    def alike(self, state, earlier=None):
        """Share of the entries with the same state at both ends (the source's a sweep earlier, if given).

        By weight, if there are weights.
        """
        sources = state if earlier is None else earlier
        return float(np.average(sources[self.sources] == state[self.indices], weights=self.weights))


@dataclasses.dataclass
class Work:
    """One repeat of a task, how many updates or replicates it is, and what came of it."""

    run: Callable
    updates: int
    check: Callable


def load(path):
    with np.load(path) as file:
        kept = {key: file[key] for key in file.files}
    seeds = [int(node) for node in kept.get("seeds", ())]
    return Graph(int(kept["n"]), kept["indptr"], kept["indices"], kept.get("weights"), seeds)


def start(n, states, seed):
    """Starting states of all peers: every state as often, in the same places for the same seed."""
    return np.random.default_rng(seed).permutation(np.arange(n) % states).astype(np.int32)


def counts(graph, state, states, earlier=None):
    """Final numbers of each state and how often neighbours are alike.

    Where all move at once, neighbours of one moment say little about the rule: then `earlier`, the states one
    sweep before, says how often a node came to be like a neighbour it had looked at.
    """
    return {
        "counts": np.bincount(state, minlength=states).tolist(),
        "neighbours_alike": round(graph.alike(state, earlier), 4),
    }


def spread(sizes):
    """Mean number of active nodes at the end, seeds included, and its standard error."""
    sizes = np.asarray(sizes, dtype=float)
    return {
        "mean_spread": round(float(sizes.mean()), 3),
        "standard_error": round(float(sizes.std() / np.sqrt(len(sizes))), 3),
        "replicates": len(sizes),
    }


def version_of(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return __import__(package).__version__  # from Debian, without the metadata of a wheel


def options_of(description, tasks):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("task", choices=tasks)
    parser.add_argument("graph", type=pathlib.Path, help="npz of graphs.py")
    parser.add_argument("out", type=pathlib.Path, help="JSON to write")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--updates", type=int, help="updates, sweeps or replicates of one repeat")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beta", type=float, default=2.0, help="sensitivity to the share of neighbours")
    parser.add_argument("--noise", type=float, default=0.0, help="chance of a state drawn blindly")
    parser.add_argument("--p", type=float, help="one probability for all edges instead of the weights")
    parser.add_argument("--api", default="fast", choices=["fast", "loop"], help="see README.md")
    return parser.parse_args()


def seconds(work, deterministic):
    """Wall times of the process alone, after one repeat that warms caches and is not counted."""
    work.run()
    times = []
    for _ in range(deterministic):
        before = time.perf_counter()
        work.run()
        times.append(time.perf_counter() - before)
    return times


def main(package, description, tasks):
    """Run one task of a peer; a peer that is not there is reported, and no error."""
    options = options_of(description, tasks)
    try:
        work = tasks[options.task](load(options.graph), options)
    except ImportError as error:
        options.out.write_text(json.dumps({"missing": str(error)}) + "\n")
        return
    times = seconds(work, options.deterministic)
    report = {
        "peer": package,
        "version": version_of(package),
        "task": options.task,
        "repeats": times,
        "updates": work.updates,
        "check": work.check(),
    }
    options.out.write_text(json.dumps(report) + "\n")
