"""Networks as arrays: from networkx, igraph, scipy, numpy or the world, converted once."""

from __future__ import annotations

from standards_net.networks.network import (
    Neighbours,
    Network,
    isolated_look_to_themselves,
    product_width,
)
from standards_net.networks.read import as_network

__all__ = ["Neighbours", "Network", "as_network", "isolated_look_to_themselves", "product_width"]
