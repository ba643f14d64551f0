"""The interactive network: one HTML file that opens offline.

pyvis serialises the scene and bundles vis-network; the page template is our own, because that of pyvis
loads scripts from the network and does not escape its input.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from standards_net.drawing.network.scene import NetworkData, place_countries, place_vendors
from standards_net.drawing.palette import marks
from standards_net.files import write_text

__all__ = ["network_page", "write_network_page"]

_TEMPLATES = Path(__file__).parent / "templates"
_LABELLED = 24  # number of countries labelled on the drawing; the others on hover or search


def write_network_page(data: NetworkData, path: str | Path) -> Path:
    """Write :func:`network_page` to a file, atomically."""
    return write_text(path, network_page(data))


def network_page(data: NetworkData, *, min_share: float = 0.08) -> str:
    """Countries and vendors linked by adoption, with years and scenarios to step through.

    Parameters
    ----------
    data : NetworkData
    min_share : float
        Edges of smaller shares are not drawn; the panel of a country lists them nevertheless.

    Returns
    -------
    str
        HTML without external resources; its content security policy forbids them.
    """
    import pyvis
    from markupsafe import Markup
    from pyvis.network import Network

    pyvis_templates = Path(pyvis.__file__).parent / "templates"
    library = (pyvis_templates / "lib" / "vis-9.1.2" / "vis-network.min.js").read_text("utf-8")
    style = (pyvis_templates / "lib" / "vis-9.1.2" / "vis-network.css").read_text("utf-8")
    net = Network(directed=True, cdn_resources="in_line", heading=data.title, height="100%")
    net.set_template_dir([str(_TEMPLATES), str(pyvis_templates)], "network.html")
    net.options = _OPTIONS
    _add_nodes(net, data)
    net.templateEnv.globals.update(
        data=data,
        legend=_legend(data),
        payload=_payload(data, min_share),
        # The last line refers to a source map that is not bundled.
        library=Markup(library.split("//# sourceMappingURL")[0]),
        library_style=Markup(style),
    )
    return str(net.generate_html(notebook=False))


_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "keyboard": {"enabled": False}, "multiselect": False,
                    "tooltipDelay": 120, "hideEdgesOnDrag": True},
    "edges": {"smooth": False, "arrows": {"to": {"enabled": False}}, "selectionWidth": 1.5},
    "nodes": {"borderWidth": 1, "borderWidthSelected": 3,
              "margin": 12, "font": {"face": "Helvetica, Arial, sans-serif", "color": "#1b1f24"}},
}  # fmt: skip


def _add_nodes(net: Any, data: NetworkData) -> None:
    """Nodes of the first frame; the page recolours them when years or scenarios change."""
    look = marks(data.blocs)
    first = data.frames[data.scenarios[0], data.years[0]]
    positions = place_countries(data)
    radius = data.radius()
    named = set(np.argsort(-data.market)[:_LABELLED].tolist())
    for i, code in enumerate(data.countries):
        mark = look[first.blocs[i]]
        net.add_node(
            code,
            label=data.names[i] if i in named else " ",
            title=data.names[i],
            x=float(positions[i, 0]),
            y=float(positions[i, 1]),
            size=float(round(radius[i], 1)),
            shape=mark.shape,
            color=mark.colour,
            font={"size": 38},
            shapeProperties={"borderDashes": [4, 3] if data.estimated[i] else False},
        )
    for v, (x, y) in enumerate(place_vendors(data, positions)):
        mark = look[data.vendor_blocs[v]]
        net.add_node(
            f"vendor:{data.vendors[v]}",
            label=data.vendor_names[v],
            title=f"{data.vendor_names[v]}\nvendor, standard: {data.vendor_blocs[v]}",
            x=float(x),
            y=float(y),
            shape="box",
            color={"background": "#ffffff", "border": mark.colour},
            font={"size": 40},
            borderWidth=4,
        )


def _legend(data: NetworkData) -> list[dict[str, str]]:
    look = marks(data.blocs)
    return [{"bloc": b, "colour": look[b].colour, "shape": look[b].shape} for b in data.blocs]


def _payload(data: NetworkData, min_share: float) -> dict[str, Any]:
    """All frames, compactly: shares per mille in base 36, blocs as letters."""
    blocs = data.blocs
    look = marks(blocs)
    frames: dict[str, dict[str, Any]] = {s: {} for s in data.scenarios}
    for (scenario, year), frame in data.frames.items():
        mille = np.round(1000 * frame.adoption).astype(int)
        frames[scenario][str(year)] = {
            "s": ["".join(_packed(row)) for row in mille],
            "b": "".join(chr(97 + blocs.index(b)) for b in frame.blocs),
            "d": [round(100 * float(d)) for d in frame.deployment],
            "n": list(frame.numbers.items()),
        }
    return {
        "countries": data.countries,
        "names": data.names,
        "estimated": [bool(e) for e in data.estimated],
        "vendors": data.vendors,
        "vendorNames": data.vendor_names,
        "vendorColours": [look[b].colour for b in data.vendor_blocs],
        "blocs": blocs,
        "colours": [look[b].colour for b in blocs],
        "shapes": [look[b].shape for b in blocs],
        "scenarios": data.scenarios,
        "years": data.years,
        "operators": {code: [list(firm) for firm in firms] for code, firms in data.operators.items()},
        "least": round(1000 * min_share),
        "frames": json.loads(json.dumps(frames)),
    }


def _packed(row: np.ndarray) -> list[str]:
    """Two base-36 digits per vendor, for 0 to 1000 per mille."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return [digits[int(v) // 36] + digits[int(v) % 36] for v in np.clip(row, 0, 1000)]
