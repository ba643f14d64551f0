"""CyNetDiff's independent cascade and linear threshold models, one thread.

    python benchmarks/peers/run_cynetdiff.py ic graph.npz out.json

Its rules, from its Cython source:

- ic: breadth first from the seeds; every active node tries each of its out-edges once, in order, success
  when a uniform number is at most the probability (kept as a 32-bit float). The number is drawn before it
  checks whether the target is active, so edges to active nodes cost a number too; the outcome is the same.
- lt: every node that is reached draws a threshold in (0, 1), once per replicate and only then; an active node
  adds the weight of its edge to each inactive target (sums of 32-bit floats, in the order they come), which
  becomes active as the sum reaches its threshold.

`--api fast` is `compute_marginal_gains(seeds, [], replicates)`, the loop over replicates in C++, which
returns the mean only; `--api loop` is the loop of its front page, which gives the spread of each replicate.
Active nodes, thresholds and sums are hash maps.
"""

import array

import numpy as np
import peer


def of_floats(values):
    return array.array("f", np.asarray(values, dtype=np.float32).tobytes())


def of_integers(values):
    return array.array("I", np.asarray(values, dtype=np.uint32).tobytes())


def replicates(graph, options, model):
    many, found = options.updates or 1000, []
    model.set_seeds(graph.seeds)

    def fast():
        found.append(model.compute_marginal_gains(graph.seeds, [], many)[0])

    def loop():
        for _ in range(many):
            model.reset_model()
            model.advance_until_completion()
            found.append(model.get_num_activated_nodes())

    def check():
        if options.api == "loop":
            return peer.spread(found)
        # One mean per repeat: their scatter gives the error.
        return {**peer.spread(found), "replicates": many * len(found)}

    return peer.Work({"fast": fast, "loop": loop}[options.api], many, check)


def arrays(graph):
    """Starts of its rows, without the end of the last one, and targets."""
    return of_integers(graph.indptr[:-1]), of_integers(graph.indices)


def ic(graph, options):
    from cynetdiff.models import IndependentCascadeModel

    random = {"rng": options.seed}
    random |= (
        {"activation_probs": of_floats(graph.weights)}
        if options.p is None
        else {"activation_prob": options.p}
    )
    return replicates(graph, options, IndependentCascadeModel(*arrays(graph), **random))


def lt(graph, options):
    from cynetdiff.models import LinearThresholdModel

    model = LinearThresholdModel(*arrays(graph), influence=of_floats(graph.weights), rng=options.seed)
    return replicates(graph, options, model)


if __name__ == "__main__":
    peer.main("cynetdiff", __doc__.splitlines()[0], {"ic": ic, "lt": lt})
