"""Graphs that the peers and the package share, saved as npz; the same seed makes the same file.

    python benchmarks/peers/graphs.py regular 100000 regular.npz
    python benchmarks/peers/graphs.py ba 10000 ba.npz --weights cascade
    python benchmarks/peers/graphs.py dense 200 dense.npz --weights threshold

`indptr`, `indices`: rows of a symmetric matrix, sorted. `weights`: entry (u, v) is the probability or
weight with which u influences v. `seeds`: where cascades start. `n`: number of nodes.
"""

import argparse
import pathlib
import random

import igraph
import numpy as np

DEGREE, ATTACHED = 10, 5
UNIFORM = 0.1  # probability of every edge of a sparse graph
DENSE = 0.0075  # mean probability of an edge of a dense one: each node reaches 1.5 others, not all
STRONG = 0.03  # mean probability in a dense graph in which nearly all are reached


def symmetric(n, edges):
    """Sorted rows with every edge in both directions."""
    both = np.concatenate([edges, edges[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    if len(np.unique(both[:, 0] * n + both[:, 1])) != len(both) or np.any(both[:, 0] == both[:, 1]):
        raise ValueError("not a simple graph")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(both[:, 0], minlength=n))])
    return indptr.astype(np.int64), both[:, 1].astype(np.int32)


def by_igraph(make, seed):
    """Edges of an igraph generator, which takes its random numbers from one of Python's generators."""
    igraph.set_random_number_generator(random.Random(seed))
    return np.array(make().get_edgelist(), dtype=np.int64)


def regular(n, seed):
    return symmetric(n, by_igraph(lambda: igraph.Graph.K_Regular(n, DEGREE), seed))


def preferential(n, seed):
    return symmetric(n, by_igraph(lambda: igraph.Graph.Barabasi(n, ATTACHED), seed))


def dense(n, seed):  # noqa: ARG001 - every pair is an edge, whatever the seed
    return symmetric(n, np.column_stack(np.triu_indices(n, 1)))


def weights_of(kind, indptr, indices, dense_graph, seed):
    """uniform: one probability; cascade: 1 / in-degree; random, strong: around a mean; threshold: sum 1."""
    rng = np.random.default_rng(seed)
    incoming = np.bincount(indices, minlength=len(indptr) - 1)
    if kind == "uniform":
        return np.full(len(indices), UNIFORM)
    if kind == "cascade":
        return 1.0 / incoming[indices]
    drawn = rng.random(len(indices))
    if kind == "strong":
        return drawn * 2 * STRONG
    if kind == "random":
        return drawn * 2 * (DENSE if dense_graph else UNIFORM)
    return drawn / np.bincount(indices, drawn)[indices]


def seeds_of(indptr, dense_graph):
    """The ten nodes of highest degree (lowest number first among equals); of a dense graph, three."""
    if dense_graph:
        return np.arange(3)
    return np.sort(np.argsort(-np.diff(indptr), kind="stable")[:10])


KINDS = {"regular": regular, "ba": preferential, "dense": dense}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("n", type=int)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--weights", choices=["uniform", "cascade", "random", "strong", "threshold"])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    indptr, indices = KINDS[options.kind](options.n, options.seed)
    saved = {"n": options.n, "indptr": indptr, "indices": indices}
    if options.weights:
        is_dense = options.kind == "dense"
        saved["weights"] = weights_of(options.weights, indptr, indices, is_dense, options.seed)
        saved["seeds"] = seeds_of(indptr, is_dense)
    np.savez(options.out, **saved)


if __name__ == "__main__":
    main()
