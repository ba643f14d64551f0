"""Pictures: one scene, an interactive page and static figures."""

from standards_net.drawing.page import network_page, write_network_page
from standards_net.drawing.palette import Mark, contrast_ratio, marks
from standards_net.drawing.scene import Frame, NetworkData
from standards_net.drawing.static import (
    fan_chart,
    heat_map,
    interval_chart,
    network_figure,
    save_figure,
    world_map,
)

__all__ = [
    "Frame",
    "Mark",
    "NetworkData",
    "contrast_ratio",
    "fan_chart",
    "heat_map",
    "interval_chart",
    "marks",
    "network_figure",
    "network_page",
    "save_figure",
    "world_map",
    "write_network_page",
]
