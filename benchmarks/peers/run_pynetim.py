"""PyNetIM's independent cascade and linear threshold models, its C++ backend on one thread.

    python benchmarks/peers/run_pynetim.py ic graph.npz out.json

Its rules, from its headers:

- ic: breadth first from the seeds; every active node tries once each out-edge whose target is not active yet,
  success when a uniform double is below the weight.
- lt: every node draws a threshold in [0, 1), all n of them at the start of a replicate; an active node adds
  the weight of its edge to each inactive target, which becomes active as the sum reaches its threshold.

`--api fast` is `run_monte_carlo_diffusion`, the loop over replicates in C++, which returns the mean only;
`--api loop` calls `run_single_simulation` once per replicate. Each replicate allocates its arrays of n
entries and seeds its own Mersenne twister.
"""

import peer


def network_of(graph, options):
    from pynetim.graph import IMGraph

    weights = graph.weights.tolist() if options.p is None else options.p
    # Not renumbered: nodes are 0 to n - 1 already, and the seeds refer to these numbers.
    pairs = [tuple(pair) for pair in graph.pairs.tolist()]
    return IMGraph(pairs, weights=weights, directed=True, renumber=False)


def replicates(options, model):
    many, found = options.updates or 1000, []
    # Runs with the same seed are identical, so every repeat and every replicate has its own.
    random = iter(range(options.seed, 2**31))

    def fast():
        found.append(model.run_monte_carlo_diffusion(many, random_seed=next(random)))

    def loop():
        found.extend(model.run_single_simulation(random_seed=next(random)) for _ in range(many))

    def check():
        if options.api == "loop":
            return peer.spread(found)
        return {**peer.spread(found), "replicates": many * len(found)}

    return peer.Work({"fast": fast, "loop": loop}[options.api], many, check)


def ic(graph, options):
    from pynetim.diffusion_model import IndependentCascadeModel

    return replicates(options, IndependentCascadeModel(network_of(graph, options), set(graph.seeds)))


def lt(graph, options):
    from pynetim.diffusion_model import LinearThresholdModel

    return replicates(options, LinearThresholdModel(network_of(graph, options), set(graph.seeds)))


if __name__ == "__main__":
    peer.main("pynetim", __doc__.splitlines()[0], {"ic": ic, "lt": lt})
