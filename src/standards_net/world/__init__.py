"""The world: the tables as an immutable value with named arrays."""

from standards_net.world.load import load_world
from standards_net.world.market import Market, Operators
from standards_net.world.synthetic import SyntheticMarket, synthetic_market
from standards_net.world.world import World

__all__ = ["Market", "Operators", "SyntheticMarket", "World", "load_world", "synthetic_market"]
