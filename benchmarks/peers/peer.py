"""Shared code of the peer scripts: options, the saved graph, timing and the JSON output.

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
    """Rows are sources: entry (u, v) is the influence of u on v. `weights` and `seeds` only for cascades."""

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
        """Every entry as (source, target): an undirected edge occurs twice."""
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
    """One repeat of a task, its number of updates or replicates, and a check of its result."""

    run: Callable
    updates: int
    check: Callable


def load(path):
    with np.load(path) as file:
        kept = {key: file[key] for key in file.files}
    seeds = [int(node) for node in kept.get("seeds", ())]
    return Graph(int(kept["n"]), kept["indptr"], kept["indices"], kept.get("weights"), seeds)


def start(n, states, seed):
    """Starting states of all peers: equally frequent, at the same nodes for the same seed."""
    return np.random.default_rng(seed).permutation(np.arange(n) % states).astype(np.int32)


def counts(graph, state, states, earlier=None):
    """Final number of nodes in each state, and how often neighbours are alike.

    With synchronous updates, simultaneous states of neighbours say little about the rule: then `earlier`, the
    states one sweep before, gives how often a node became like a neighbour it had read.
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
        return __import__(package).__version__  # Debian packages lack wheel metadata


def options_of(description, tasks):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("task", choices=tasks)
    parser.add_argument("graph", type=pathlib.Path, help="npz of graphs.py")
    parser.add_argument("out", type=pathlib.Path, help="JSON to write")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--updates", type=int, help="updates, sweeps or replicates of one repeat")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beta", type=float, default=2.0, help="sensitivity to the share of neighbours")
    parser.add_argument("--noise", type=float, default=0.0, help="probability of a uniformly drawn state")
    parser.add_argument("--p", type=float, help="one probability for all edges instead of the weights")
    parser.add_argument("--api", default="fast", choices=["fast", "loop"], help="see README.md")
    return parser.parse_args()


def seconds(work, repeats):
    """Wall times of the process alone, after one warm-up repeat that is not counted."""
    work.run()
    times = []
    for _ in range(repeats):
        before = time.perf_counter()
        work.run()
        times.append(time.perf_counter() - before)
    return times


def main(package, description, tasks):
    """Run one task of a peer; a peer that is not installed is reported without an error."""
    options = options_of(description, tasks)
    try:
        work = tasks[options.task](load(options.graph), options)
    except ImportError as error:
        options.out.write_text(json.dumps({"missing": str(error)}) + "\n")
        return
    times = seconds(work, options.repeats)
    report = {
        "peer": package,
        "version": version_of(package),
        "task": options.task,
        "repeats": times,
        "updates": work.updates,
        "check": work.check(),
    }
    options.out.write_text(json.dumps(report) + "\n")
