"""The world: tables as a frozen value with named arrays."""

from standards_net.world.load import load_world
from standards_net.world.world import Market, World

__all__ = ["Market", "World", "load_world"]
