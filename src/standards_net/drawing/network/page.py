"""The interactive network: one HTML file that opens offline.

pyvis serialises the scene and bundles vis-network; the page template is our own, because that of pyvis
loads scripts from the network and does not escape its input.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.drawing.network.scene import NetworkData, place_countries, place_vendors
from standards_net.drawing.palette import Mark, marks
from standards_net.errors import StandardsNetError
from standards_net.files import write_text

__all__ = ["network_page", "write_network_page"]

_TEMPLATES = Path(__file__).parent / "templates"


def write_network_page(data: NetworkData | Sequence[NetworkData], path: str | Path) -> Path:
    """Write :func:`network_page` to a file, atomically."""
    return write_text(path, network_page(data))


def network_page(data: NetworkData | Sequence[NetworkData], *, min_share: float = 0.08) -> str:
    """Countries and vendors linked by adoption, with years and scenarios to step through.

    Parameters
    ----------
    data : NetworkData, or a sequence of them
        One for each technology, of the same countries, scenarios and years.
    min_share : float
        Edges of smaller shares are not drawn; the panel of a country lists them nevertheless.

    Returns
    -------
    str
        HTML without external resources; its content security policy forbids them.

    Raises
    ------
    StandardsNetError
        Technologies of other countries, scenarios or years than the first.
    """
    import pyvis
    from markupsafe import Markup
    from pyvis.network import Network

    every = (data,) if isinstance(data, NetworkData) else tuple(data)
    first = every[0]
    _check_alike(every)
    pyvis_templates = Path(pyvis.__file__).parent / "templates"
    library = (pyvis_templates / "lib" / "vis-9.1.2" / "vis-network.min.js").read_text("utf-8")
    style = (pyvis_templates / "lib" / "vis-9.1.2" / "vis-network.css").read_text("utf-8")
    net = Network(directed=True, cdn_resources="in_line", heading=first.title, height="100%")
    net.set_template_dir([str(_TEMPLATES), str(pyvis_templates)], "network.html")
    net.options = _OPTIONS
    look = marks({bloc for one in every for bloc in one.blocs})
    positions = place_countries(first)
    _add_nodes(net, first, positions, look)
    net.templateEnv.globals.update(
        data=first,
        technologies=[one.technology for one in every],
        has_operators=any(one.operators for one in every),
        legend=[{"bloc": bloc, "colour": mark.colour, "shape": mark.shape} for bloc, mark in look.items()],
        payload=_payload(every, positions, min_share, look),
        # The last line refers to a source map that is not bundled.
        library=Markup(library.split("//# sourceMappingURL")[0]),
        library_style=Markup(style),
    )
    return str(net.generate_html(notebook=False))


def _check_alike(every: Sequence[NetworkData]) -> None:
    for other in every[1:]:
        for name in ("countries", "scenarios", "years"):
            if getattr(other, name) != getattr(every[0], name):
                raise StandardsNetError(
                    f"{other.technology} has other {name} than {every[0].technology}; a page needs the same."
                )


_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "keyboard": {"enabled": False}, "multiselect": False,
                    "tooltipDelay": 120, "hideEdgesOnDrag": True},
    "edges": {"smooth": False, "arrows": {"to": {"enabled": False}}, "selectionWidth": 1.5},
    "nodes": {"borderWidth": 1, "borderWidthSelected": 3,
              "margin": 12, "font": {"face": "Helvetica, Arial, sans-serif", "color": "#1b1f24"}},
}  # fmt: skip


def _add_nodes(net: Any, data: NetworkData, positions: FloatArray, look: Mapping[str, Mark]) -> None:
    """Countries in the last year of the first scenario; from then on the page has them in hand."""
    last = data.frames[data.scenarios[0], data.years[-1]]
    radius = data.radius()
    for i, code in enumerate(data.countries):
        mark = look[last.blocs[i]]
        net.add_node(
            code,
            label=" ",
            title=data.names[i],
            x=float(positions[i, 0]),
            y=float(positions[i, 1]),
            size=float(round(radius[i], 1)),
            shape=mark.shape,
            color=mark.colour,
            font={"size": 38},
            shapeProperties={"borderDashes": [4, 3] if data.estimated[i] else False},
        )


def _payload(
    every: Sequence[NetworkData], positions: FloatArray, min_share: float, look: Mapping[str, Mark]
) -> dict[str, Any]:
    """All frames, compactly: shares per mille in base 36, blocs as letters."""
    first, blocs = every[0], tuple(look)
    return {
        "countries": first.countries,
        "names": first.names,
        "blocs": blocs,
        "colours": [mark.colour for mark in look.values()],
        "shapes": [mark.shape for mark in look.values()],
        "scenarios": first.scenarios,
        "titles": first.scenario_titles,
        "years": first.years,
        "partners": [(i, j, round(1000 * part)) for i, j, part in first.partners],
        "basis": dict(first.basis),
        "least": round(1000 * min_share),
        "source": first.source,
        "definition": first.definition,
        "technologies": {one.technology: _technology(one, positions, blocs) for one in every},
    }


def _technology(data: NetworkData, positions: FloatArray, blocs: Sequence[str]) -> dict[str, Any]:
    """Vendors and frames of one technology."""
    frames: dict[str, dict[str, Any]] = {s: {} for s in data.scenarios}
    for (scenario, year), frame in data.frames.items():
        mille = np.round(1000 * frame.adoption).astype(int)
        frames[scenario][str(year)] = {
            "s": ["".join(_packed(row)) for row in mille],
            "b": "".join(chr(97 + blocs.index(b)) for b in frame.blocs),
            "d": [round(100 * float(d)) for d in frame.deployment],
            "n": list(frame.numbers.items()),
        }
    of = {s: [blocs.index(b) for b in data.blocs_of_vendors(s)] for s in data.scenarios}
    return {
        "vendors": data.vendors,
        "vendorNames": data.vendor_names,
        "vendorBlocs": of,
        "vendorPlaces": place_vendors(data, positions).tolist(),
        "estimated": [bool(e) for e in data.estimated],
        "largest": np.argsort(-data.market, kind="stable").tolist(),
        "radius": np.round(data.radius(), 1).tolist(),
        "operators": {code: [list(firm) for firm in firms] for code, firms in data.operators.items()},
        "frames": json.loads(json.dumps(frames)),
    }


def _packed(row: np.ndarray) -> list[str]:
    """Two base-36 digits per vendor, for 0 to 1000 per mille."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return [digits[int(v) // 36] + digits[int(v) % 36] for v in np.clip(row, 0, 1000)]
