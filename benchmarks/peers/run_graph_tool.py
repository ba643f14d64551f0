"""graph-tool's Potts, voter and majority dynamics on one thread.

    /usr/bin/python3 benchmarks/peers/run_graph_tool.py potts_async graph.npz out.json

Its rules, from its headers (dynamics/graph_discrete.hh):

- async: `niter` times one node, drawn uniformly with replacement, is updated immediately. sync: all nodes
  read the old states. A repeat here is `--updates` sweeps, a sweep being n nodes in either order.
- Potts-Glauber is the heat bath: the new state r has probability proportional to
  exp(sum over neighbours of w f[r, their state] + h[r]), whatever the old one was. The package multiplies
  the *share* of the neighbours by beta, so f is beta / degree on the diagonal, equivalent on a regular graph.
- Voter: with probability r one of q states, uniformly (including the present one); else the state of a
  neighbour, drawn uniformly.
- Majority: with probability r one of q states, as above; else the most frequent state among the
  neighbours, excluding the node; among equally frequent ones it is drawn uniformly, without priority for
  the node's own.
"""

import numpy as np
import peer


def built(graph, states, options):
    # Not graph_tool.all, which warns if cairo or matplotlib is missing.
    import graph_tool as gt
    import graph_tool.dynamics as rules

    gt.openmp_set_num_threads(1)
    gt.seed_rng(options.seed)
    network = gt.Graph(directed=False)
    network.add_vertex(graph.n)
    network.add_edge_list(graph.edges)
    return rules, network, network.new_vp("int32_t", vals=peer.start(graph.n, states, options.seed))


def sweeps(graph, options, dynamics, states, synchronous):
    """Each repeat continues from the end of the last one."""
    many = options.updates or 10

    def run():
        if synchronous:
            dynamics.iterate_sync(niter=many)
        else:
            dynamics.iterate_async(niter=many * graph.n)

    def check():
        before = np.array(dynamics.get_state().a)
        if not synchronous:
            return peer.counts(graph, before, states)
        dynamics.iterate_sync()
        return peer.counts(graph, np.array(dynamics.get_state().a), states, before)

    return peer.Work(run, many * graph.n, check)


def potts(graph, options, synchronous):
    rules, network, begin = built(graph, 3, options)
    degree = len(graph.indices) / graph.n
    dynamics = rules.PottsGlauberState(network, f=np.eye(3) * options.beta / degree, s=begin)
    return sweeps(graph, options, dynamics, 3, synchronous)


def voter(graph, options, synchronous):
    rules, network, begin = built(graph, 2, options)
    dynamics = rules.VoterState(network, q=2, r=options.noise, s=begin)
    return sweeps(graph, options, dynamics, 2, synchronous)


def majority(graph, options, synchronous):
    rules, network, begin = built(graph, 2, options)
    dynamics = rules.MajorityVoterState(network, q=2, r=options.noise, s=begin)
    return sweeps(graph, options, dynamics, 2, synchronous)


TASKS = {
    f"{make.__name__}_{order}": lambda graph, options, make=make, order=order: make(
        graph, options, order == "sync"
    )
    for make in (potts, voter, majority)
    for order in ("async", "sync")
}

if __name__ == "__main__":
    peer.main("graph_tool", __doc__.splitlines()[0], TASKS)
