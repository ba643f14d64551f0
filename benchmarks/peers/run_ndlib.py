"""NDlib's opinion models (cost per update) and its cascades (final spread, for cross-checks).

    python benchmarks/peers/run_ndlib.py voter graph.npz out.json

Its rules, from its sources; an iteration with number 0 only reports, so a repeat skips it:

- voter: one node, drawn uniformly, takes the state of a neighbour, drawn uniformly.
- q_voter: one node, drawn uniformly; q = 4 of its neighbours drawn *with* replacement; it takes their
  state if they agree and does nothing if not.
- majority: no network: q = 5 nodes of the whole population, drawn with replacement, all take the majority's
  state; equal counts (even q) give state 1. Galam's rule, not that of a node and its neighbours.
- ic: every newly active node tries each neighbour that is not yet active once, with the edge's probability
  (`flip <= p`), in rounds.
- threshold: a node becomes active when the *number* of active neighbours (predecessors) divided by all of
  them reaches its threshold; rounds read old states. Edge weights are not in the model: it is the linear
  threshold model with weights 1 / in-degree. Thresholds are set by the user: drawn here per replicate.

`reset()` of the opinion models does not restore the start (the states at the start are the same dictionary as
the present ones), so each repeat continues from the end of the last one. Creating a model reseeds numpy's
global generator: each is created once, with a seed.
"""

import networkx as nx
import numpy as np
import peer

Q_VOTER, MAJORITY_GROUP = 4, 5


def configured(*, parameters=None, infected=()):
    from ndlib.models.ModelConfig import Configuration

    configuration = Configuration()
    for name, value in (parameters or {}).items():
        configuration.add_model_parameter(name, value)
    configuration.add_model_initial_configuration("Infected", list(infected))
    return configuration


def undirected(graph):
    network = nx.Graph()
    network.add_nodes_from(range(graph.n))
    network.add_edges_from(graph.edges.tolist())
    return network


def directed(graph):
    network = nx.DiGraph()
    network.add_nodes_from(range(graph.n))
    network.add_edges_from(graph.pairs.tolist())
    return network


def opinions(graph, options, name, nodes_moved, **parameters):
    import ndlib.models.opinions as models

    model = getattr(models, name)(undirected(graph), seed=options.seed)
    ones = np.flatnonzero(peer.start(graph.n, 2, options.seed) == 1).tolist()
    model.set_initial_status(configured(parameters=parameters, infected=ones))
    model.iteration()
    many = options.updates or 100

    def run():
        for _ in range(many):
            model.iteration(node_status=False)

    def check():
        return peer.counts(graph, np.array([model.status[node] for node in range(graph.n)]), 2)

    return peer.Work(run, many * nodes_moved, check)


def voter(graph, options):
    return opinions(graph, options, "VoterModel", 1)


def q_voter(graph, options):
    return opinions(graph, options, "QVoterModel", 1, q=Q_VOTER)


def majority(graph, options):
    """An iteration moves q nodes, so it counts for q updates."""
    return opinions(graph, options, "MajorityRuleModel", MAJORITY_GROUP, q=MAJORITY_GROUP)


def replicates(graph, options, model, before, ended):
    """Replicates of a cascade, each from the same seeds until nothing moves."""
    many, sizes = options.updates or 200, []

    def one():
        model.reset(infected_nodes=graph.seeds)
        before()
        model.iteration(node_status=False)
        while True:
            moved = model.iteration(node_status=False)
            if ended(moved):
                return graph.n - moved["node_count"][0]

    def run():
        sizes.extend(one() for _ in range(many))

    return peer.Work(run, many, lambda: peer.spread(sizes))


def ic(graph, options):
    import ndlib.models.epidemics as models

    model = models.IndependentCascadesModel(directed(graph), seed=options.seed)
    configuration = configured(infected=graph.seeds)
    weights = np.full(len(graph.indices), options.p) if options.p is not None else graph.weights
    for (source, target), weight in zip(graph.pairs.tolist(), weights.tolist(), strict=True):
        configuration.add_edge_configuration("threshold", (source, target), weight)
    model.set_initial_status(configuration)
    return replicates(graph, options, model, lambda: None, lambda moved: moved["node_count"][1] == 0)


def threshold(graph, options):
    import ndlib.models.epidemics as models

    rng = np.random.default_rng(options.seed)
    model = models.ThresholdModel(directed(graph), seed=options.seed)
    configuration = configured(infected=graph.seeds)
    for node in range(graph.n):
        configuration.add_node_configuration("threshold", node, 1.0)
    model.set_initial_status(configuration)

    def draw():
        model.params["nodes"]["threshold"] = dict(enumerate(rng.random(graph.n)))

    return replicates(graph, options, model, draw, lambda moved: moved["status_delta"][1] == 0)


TASKS = {make.__name__: make for make in (voter, q_voter, majority, ic, threshold)}

if __name__ == "__main__":
    peer.main("ndlib", __doc__.splitlines()[0], TASKS)
