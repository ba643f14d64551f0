"""Mesa: the heat bath among three standards, and logit choice of countries on a complete graph.

    python benchmarks/peers/run_mesa.py heat_bath graph.npz out.json

The models are in `mesa_models.py`. heat_bath: every node draws a standard with probability proportional to
exp(beta times the share of its neighbours with it), synchronously. logit: the same with the weights of the
incoming edges of a node (they sum to 1) in place of equal shares.
"""

import numpy as np
import peer


def sweeps(graph, options, weights, many):
    import mesa_models

    model = mesa_models.Market(
        [tuple(pair) for pair in graph.pairs.tolist()],
        peer.start(graph.n, mesa_models.STANDARDS, options.seed).tolist(),
        options.beta,
        weights=weights,
        seed=options.seed,
    )

    def run():
        for _ in range(many):
            model.step()

    def states():
        standards = {agent.cell.coordinate: agent.standard for agent in model.agents}
        return np.array([standards[node] for node in range(graph.n)])

    def check():
        before = states()
        model.step()
        return peer.counts(graph, states(), mesa_models.STANDARDS, before)

    return peer.Work(run, many * graph.n, check)


def heat_bath(graph, options):
    return sweeps(graph, options, None, options.updates or 20)


def logit(graph, options):
    return sweeps(graph, options, graph.weights.tolist(), options.updates or 20)


if __name__ == "__main__":
    peer.main("mesa", __doc__.splitlines()[0], {"heat_bath": heat_bath, "logit": logit})
