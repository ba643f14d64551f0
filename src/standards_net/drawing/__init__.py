"""Drawing: static charts and the interactive network page, from plain inputs or from results."""

from standards_net.drawing.charts.figures import (
    fan_chart,
    heat_map,
    interval_chart,
    network_figure,
    save_figure,
    world_map,
)
from standards_net.drawing.network.page import network_page, write_network_page
from standards_net.drawing.network.scene import Frame, NetworkData
from standards_net.drawing.palette import Mark, contrast_ratio, marks
from standards_net.drawing.result_pictures import (
    bloc_map,
    course,
    draw_result,
    network_data,
    network_scenes,
    source_line,
)

__all__ = [
    "Frame",
    "Mark",
    "NetworkData",
    "bloc_map",
    "contrast_ratio",
    "course",
    "draw_result",
    "fan_chart",
    "heat_map",
    "interval_chart",
    "marks",
    "network_data",
    "network_figure",
    "network_page",
    "network_scenes",
    "save_figure",
    "source_line",
    "world_map",
    "write_network_page",
]
