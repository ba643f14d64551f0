"""The two models of `run_mesa.py`, as one would write them with Mesa 3: agents on a network space."""

import math

import mesa
import networkx as nx
from mesa.discrete_space import FixedAgent, Network

STANDARDS = 3


class Adopter(FixedAgent):
    """Holds a standard and chooses anew by the shares of its neighbours."""

    def __init__(self, model, cell, standard):
        super().__init__(model)
        self.cell = cell
        self.standard = self.chosen = standard

    def weights(self):
        """Neighbours do not move, so they are looked up once, which is several times faster."""
        neighbours = list(self.cell.neighborhood.agents)
        return [(other, 1.0 / len(neighbours)) for other in neighbours]

    def meet(self):
        """Once, as soon as all are placed."""
        self.influences = self.weights()

    def choose(self):
        """Draw a standard with probability proportional to exp(beta times its share)."""
        shares = [0.0] * STANDARDS
        for other, weight in self.influences:
            shares[other.standard] += weight
        odds = [math.exp(self.model.beta * share) for share in shares]
        (self.chosen,) = self.random.choices(range(STANDARDS), odds)

    def adopt(self):
        """After all have chosen."""
        self.standard = self.chosen


class Country(Adopter):
    """Weighs its neighbours: by what reaches it from each, which is not what it sends there."""

    def weights(self):
        """By the edge from the other to this one."""
        graph, node = self.model.space.G, self.cell.coordinate
        return [
            (other, graph.edges[other.cell.coordinate, node]["weight"])
            for other in self.cell.neighborhood.agents
        ]


class Market(mesa.Model):
    """All choose by the old standards, then all adopt: a synchronous heat bath."""

    def __init__(self, pairs, start, beta, *, weights=None, seed=None):
        super().__init__(seed=seed)
        self.beta = beta
        network = nx.DiGraph()
        network.add_nodes_from(range(len(start)))
        network.add_edges_from(pairs)
        if weights is not None:
            nx.set_edge_attributes(network, dict(zip(pairs, weights, strict=True)), "weight")
        self.space = Network(network, capacity=1, random=self.random)
        kind = Adopter if weights is None else Country
        for cell in self.space.all_cells:
            kind(self, cell, start[cell.coordinate])
        self.agents.do("meet")

    def step(self):
        """A sweep."""
        self.agents.do("choose")
        self.agents.do("adopt")
