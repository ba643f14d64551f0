"""Networks as arrays, converted once from networkx, igraph, scipy, numpy or a World."""

from __future__ import annotations

from standards_net.networks.network import (
    Neighbours,
    Network,
    product_width,
    self_loops_for_isolated,
)
from standards_net.networks.read import as_network

__all__ = ["Neighbours", "Network", "as_network", "product_width", "self_loops_for_isolated"]
