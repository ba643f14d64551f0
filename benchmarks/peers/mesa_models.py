"""The two models of `run_mesa.py`, as usually written with Mesa 3: agents on a network space."""

import math

import mesa
import networkx as nx
from mesa.discrete_space import FixedAgent, Network

STANDARDS = 3


class Adopter(FixedAgent):
    """Has a standard and chooses again by the shares of its neighbours."""

    def __init__(self, model, cell, standard):
        super().__init__(model)
        self.cell = cell
        self.standard = self.chosen = standard

    def weights(self):
        """Neighbours with equal weights, looked up once, which is several times faster."""
        neighbours = list(self.cell.neighborhood.agents)
        return [(other, 1.0 / len(neighbours)) for other in neighbours]

    def meet(self):
        """Called once, after all agents are placed."""
        self.influences = self.weights()

    def choose(self):
        """Draw a standard with probability proportional to exp(beta times its share)."""
        shares = [0.0] * STANDARDS
        for other, weight in self.influences:
            shares[other.standard] += weight
        odds = [math.exp(self.model.beta * share) for share in shares]
        (self.chosen,) = self.random.choices(range(STANDARDS), odds)

    def adopt(self):
        """Adopt the chosen standard, after all have chosen."""
        self.standard = self.chosen


class Country(Adopter):
    """Weights its neighbours by incoming edges, whose weights differ from those of outgoing ones."""

    def weights(self):
        """Neighbours with the weights of incoming edges."""
        graph, node = self.model.space.G, self.cell.coordinate
        return [
            (other, graph.edges[other.cell.coordinate, node]["weight"])
            for other in self.cell.neighborhood.agents
        ]


class Market(mesa.Model):
    """All choose given the old standards, then all adopt: a synchronous heat bath."""

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
        """One sweep."""
        self.agents.do("choose")
        self.agents.do("adopt")
