"""From a result to what draws it."""

from standards_net.pictures.picture import bloc_map, course, draw_result, network_data

__all__ = ["bloc_map", "course", "draw_result", "network_data"]
