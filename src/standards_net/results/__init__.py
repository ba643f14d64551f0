"""Results: labelled, frozen, and told where they come from."""

from standards_net.results.exchange import load_result
from standards_net.results.result import INTERVAL, STATUS, Result, Variable

__all__ = ["INTERVAL", "STATUS", "Result", "Variable", "load_result"]
