"""networkx to scipy: `nx.to_scipy_sparse_array` of an undirected graph, unweighted and weighted.

    python benchmarks/peers/run_networkx.py unweighted graph.npz out.json

`updates` is the number of edges. networkx iterates over its dictionaries edge by edge in either case;
unweighted means that no edge has a weight and each counts for 1.
"""

import networkx as nx
import numpy as np
import peer


def conversion(graph, network):
    found = []

    def run():
        found[:] = [nx.to_scipy_sparse_array(network)]

    def check():
        matrix = found[0]
        same = np.array_equal(matrix.indptr, graph.indptr)
        return {"entries": int(matrix.nnz), "sum": float(matrix.sum()), "rows_as_saved": bool(same)}

    return peer.Work(run, len(graph.indices) // 2, check)


def unweighted(graph, options):  # noqa: ARG001
    network = nx.Graph()
    network.add_nodes_from(range(graph.n))
    network.add_edges_from(graph.edges.tolist())
    return conversion(graph, network)


def weighted(graph, options):
    edges = graph.edges.tolist()
    weights = np.random.default_rng(options.seed).random(len(edges)).tolist()
    network = nx.Graph()
    network.add_nodes_from(range(graph.n))
    network.add_weighted_edges_from((u, v, w) for (u, v), w in zip(edges, weights, strict=True))
    return conversion(graph, network)


if __name__ == "__main__":
    peer.main("networkx", __doc__.splitlines()[0], {"unweighted": unweighted, "weighted": weighted})
