"""Results: labelled, frozen, and with their provenance."""

from standards_net.results.graphs import write_graph
from standards_net.results.result import Result, load_result
from standards_net.results.variable import INTERVAL, Variable

__all__ = ["INTERVAL", "Result", "Variable", "load_result", "write_graph"]
