"""Static figures by matplotlib: network, map, fan chart, interval chart, heat map."""

from __future__ import annotations

import io
import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.drawing.network.scene import NetworkData, place_countries, place_vendors
from standards_net.drawing.palette import marks
from standards_net.errors import StandardsNetError
from standards_net.files import write_bytes
from standards_net.sinks import as_picture_text, as_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "INK",
    "LINE",
    "SOFT",
    "blank_figure",
    "fan_chart",
    "heat_map",
    "interval_chart",
    "network_figure",
    "render",
    "save_figure",
    "world_map",
]

INK, SOFT, LINE = "#1b1f24", "#57606a", "#d0d7de"
_SIZES: Any = {"font.size": 10, "axes.titlesize": 12, "axes.labelsize": 10, "hatch.linewidth": 0.5,
          "font.family": "DejaVu Sans", "svg.hashsalt": "standards_net", "svg.fonttype": "path"}  # fmt: skip
_PATHS, _DECIMALS = re.compile(rb' d="[^"]*"'), re.compile(rb"(\d+\.\d)\d+")
_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
_LINE_COLOURS = ("#0072b2", "#d55e00", "#00805d", "#b0568c", "#1b1f24", "#8a6d00")


def render(figure: Figure, suffix: str) -> bytes:
    """A figure as PNG or SVG bytes, identical for identical figures."""
    if suffix not in (".png", ".svg"):
        raise StandardsNetError(f"a figure is written as .png or .svg, not '{suffix}'.")
    import matplotlib as mpl

    buffer = io.BytesIO()
    metadata: dict[str, Any] = {"Date": None} if suffix == ".svg" else {"Software": None}
    _show_names_as_they_are(figure)
    with mpl.rc_context(_SIZES):
        figure.savefig(buffer, format=suffix[1:], dpi=160, metadata=metadata)
    return buffer.getvalue() if suffix == ".png" else _PATHS.sub(_rounded, buffer.getvalue())


def _rounded(path: re.Match[bytes]) -> bytes:
    """Coordinates of a path to a tenth of a point: a quarter less to load, and nothing that can be seen."""
    return _DECIMALS.sub(rb"\1", path.group())


def _show_names_as_they_are(figure: Figure) -> None:
    """Keep matplotlib from reading names as mathematics, and control characters out of files."""
    from matplotlib.text import Text
    from matplotlib.ticker import FixedFormatter, FuncFormatter

    ticks = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            ticks.update(axis.get_ticklabels(which="both"))
            formatter = axis.get_major_formatter()
            # Labels of ticks are made anew at each drawing, and read "$" as mathematics, but not "\\$".
            if isinstance(formatter, FixedFormatter):
                formatter.seq = [as_picture_text(label) for label in formatter.seq]
            elif isinstance(formatter, FuncFormatter):
                axis.set_major_formatter(_escaping(formatter.func))
    for text in figure.findobj(Text):
        if text not in ticks:
            text.set_text(as_text(text.get_text()))
            text.set_parse_math(False)


def _escaping(function: Callable[..., str]) -> Callable[..., str]:
    return lambda value, position=None: as_picture_text(function(value, position))


def save_figure(figure: Figure, path: str | Path) -> Path:
    """Write a figure to .png or .svg, atomically."""
    return write_bytes(path, render(figure, Path(path).suffix))


def blank_figure(width: float, height: float, title: str, source: str) -> tuple[Figure, Axes]:
    """An empty figure in the house style: title on top, source line below."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(_SIZES):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        figure.suptitle(
            textwrap.fill(title, width=int(9.0 * width)), x=0.01, ha="left", color=INK,
            fontweight="bold", fontsize=12,
        )  # fmt: skip
        lines = textwrap.fill(source, width=int(17 * width))
        figure.supxlabel(lines, x=0.01, ha="left", fontsize=7, color=SOFT)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    return figure, axes


def fan_chart(
    years: Sequence[int],
    bands: Mapping[str, tuple[FloatArray, FloatArray, FloatArray]],
    *,
    title: str,
    ylabel: str,
    source: str,
    undefined: str = "",
) -> Figure:
    """Time course of a measure: a median line and an interval band per scenario.

    Parameters
    ----------
    years : sequence of int, length Y
    bands : mapping of name to (low, median, high), each (Y,)
        Lines are named at their right end, so that no legend is needed.
    title, ylabel, source : str
    undefined : str
        Why nothing is drawn, where no value is a number.
    """
    figure, axes = blank_figure(7.2, 4.4, title, source)
    ends = []
    for k, (name, (low, median, high)) in enumerate(bands.items()):
        colour, line = _LINE_COLOURS[k % 6], _LINES[k % 6]
        axes.fill_between(years, low, high, color=colour, alpha=0.13, linewidth=0)
        axes.plot(years, median, color=colour, linestyle=line, linewidth=2)
        known = np.asarray(median)[np.isfinite(median)]  # a scenario that was stopped has no later years
        if known.size:
            ends.append((float(known[-1]), name, colour))
    if not ends:
        axes.set_yticks([])
        axes.text(0.5, 0.5, textwrap.fill(f"undefined: {undefined}", 60), transform=axes.transAxes,
                  ha="center", va="center", color=SOFT)  # fmt: skip
    axes.set_xlabel("year")
    axes.set_ylabel(ylabel)
    axes.set_xlim(years[0], years[-1])
    step = max(1, (years[-1] - years[0]) // 5)
    axes.set_xticks(range(years[0] + (-years[0]) % step, years[-1] + 1, step))
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    _name_ends(axes, ends, years[-1])
    axes.text(0.01, 0.98, "median, 5 to 95 % of draws", transform=axes.transAxes, va="top",
              fontsize=8, color=SOFT)  # fmt: skip
    return figure


def _name_ends(axes: Axes, ends: list[tuple[float, str, str]], at: float) -> None:
    """Names at the right ends of lines, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    gap = 0.055 * (high - low)
    below = -np.inf
    for value, name, colour in sorted(ends):
        y = max(value, below + gap)
        below = y
        axes.annotate(
            name, xy=(at, value), xytext=(at + 0.4, y), color=colour, fontsize=8.5, va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.6} if y != value else None,
        )  # fmt: skip


def interval_chart(
    rows: Sequence[tuple[str, float, float, float, float]],
    *,
    title: str,
    xlabel: str,
    source: str,
    reference: float = 0.0,
) -> Figure:
    """Medians and intervals side by side, with the share of draws in which a claim holds.

    Parameters
    ----------
    rows : sequence of (label, median, low, high, share of draws)
        A share of NaN is not printed.
    title, xlabel, source : str
    reference : float
        Where "no difference" lies.
    """
    figure, axes = blank_figure(9.5, 1.6 + 0.42 * len(rows), title, source)
    for k, (_, median, low, high, share) in enumerate(rows):
        y = len(rows) - 1 - k
        colour = (
            INK if np.isnan(share) else "#0072b2" if share >= 0.9 else "#d55e00" if share <= 0.1 else SOFT
        )
        axes.plot([low, high], [y, y], color=colour, linewidth=3, solid_capstyle="butt", alpha=0.55)
        axes.plot([median], [y], marker="o", color=colour, markersize=6)
        if not np.isnan(share):
            axes.text(1.01, y, f"{100 * share:.0f} %", transform=axes.get_yaxis_transform(),
                      va="center", fontsize=8.5, color=colour)  # fmt: skip
    axes.axvline(reference, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(rows)), [textwrap.fill(row[0], 48) for row in reversed(rows)], fontsize=8.5)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xlabel(xlabel)
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    return figure


def heat_map(
    matrix: FloatArray, labels: Sequence[str], *, title: str, colour_label: str, source: str
) -> Figure:
    """Heat map of a square matrix of shares, rows and columns in the order given."""
    figure, axes = blank_figure(7.0, 6.6, title, source)
    image = axes.imshow(matrix, cmap="cividis", vmin=0.0, vmax=1.0, interpolation="nearest")
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=6.5)
    axes.set_yticks(range(len(labels)), labels, fontsize=6.5)
    figure.colorbar(image, ax=axes, shrink=0.7, label=colour_label)
    return figure


def world_map(
    blocs: Mapping[str, str],
    points: Mapping[str, tuple[float, float]],
    *,
    outlines: str | Path,
    title: str,
    source: str,
    faint: frozenset[str] = frozenset(),
) -> Figure:
    """Economies coloured and hatched by bloc; small ones as points.

    Parameters
    ----------
    blocs : mapping of code to bloc
    points : mapping of code to (lat, lon)
        For economies without an outline.
    outlines : path
        GeoJSON with a property ``country``.
    title, source : str
    faint : frozenset of str
        Economies whose bloc differs over the draws; drawn paler.
    """
    from matplotlib.collections import PolyCollection

    figure, axes = blank_figure(7.6, 4.3, title, source)
    look = marks(blocs.values())
    features = json.loads(Path(outlines).read_text("utf-8"))["features"]
    drawn = set()
    for feature in features:
        code = feature["properties"]["country"]
        if code not in blocs:
            continue
        drawn.add(code)
        mark = look[blocs[code]]
        rings = [np.asarray(polygon[0]) for polygon in _polygons(feature["geometry"])]
        axes.add_collection(
            PolyCollection(
                rings,
                facecolor=mark.colour,
                edgecolor="white",
                linewidth=0.4,
                hatch=mark.hatch,
                alpha=0.45 if code in faint else 0.95,
            )
        )
    for code, bloc in blocs.items():
        if code not in drawn and code in points:
            lat, lon = points[code]
            axes.plot(
                lon, lat, marker=look[bloc].marker, color=look[bloc].colour, markersize=4.5,
                markeredgecolor="white", markeredgewidth=0.5, alpha=0.45 if code in faint else 1.0,
            )  # fmt: skip
    _map_frame(axes, look, blocs)
    return figure


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    coordinates = geometry["coordinates"]
    return list(coordinates) if geometry["type"] == "MultiPolygon" else [coordinates]


def _map_frame(axes: Axes, look: Mapping[str, Any], blocs: Mapping[str, str]) -> None:
    from matplotlib.patches import Patch

    axes.set_xlim(-172, 180)
    axes.set_ylim(-57, 80)
    axes.set_aspect(1.25)
    axes.axis("off")
    counts = {name: sum(b == name for b in blocs.values()) for name in sorted(look)}
    handles = [
        Patch(facecolor=look[n].colour, hatch=look[n].hatch, edgecolor="white", label=f"{n} ({c})")
        for n, c in counts.items()
    ]
    axes.legend(handles=handles, loc="lower left", fontsize=8, frameon=False)


def network_figure(data: NetworkData, scenario: str, year: int, *, min_share: float = 0.08) -> Figure:
    """The network of one frame, with the positions of the interactive page."""
    figure, axes = blank_figure(
        10.5, 6.6, f"{data.title}, {data.technology}: {scenario}, {year}", data.source
    )
    frame = data.frames[scenario, year]
    look = marks(data.blocs)
    places = place_countries(data)
    vendors = place_vendors(data, places)
    blocs_of_vendors = data.blocs_of_vendors(scenario)
    for i, v in np.argwhere(frame.adoption >= min_share):
        colour = look[blocs_of_vendors[v]].colour
        axes.plot(
            [places[i, 0], vendors[v, 0]], [places[i, 1], vendors[v, 1]], color=colour,
            linewidth=0.2 + 1.2 * frame.adoption[i, v], alpha=0.16, zorder=1,
        )  # fmt: skip
    radius = data.radius()
    for bloc in sorted(set(frame.blocs)):
        at = np.array([b == bloc for b in frame.blocs])
        axes.scatter(
            places[at, 0], places[at, 1], s=0.11 * radius[at] ** 2, color=look[bloc].colour,
            marker=look[bloc].marker, edgecolors="white", linewidths=0.5, label=bloc, zorder=2,
        )  # fmt: skip
    for i in np.argsort(-data.market)[:24]:
        axes.annotate(data.names[i], places[i], xytext=(0, -0.33 * radius[i] - 5), ha="center", va="top",
                      textcoords="offset points", fontsize=6.5, color=INK, zorder=3)  # fmt: skip
    for v, (x, y) in enumerate(vendors):
        axes.text(x, y, data.vendor_names[v], ha="center", va="center", fontsize=8, zorder=4,
                  bbox={"boxstyle": "round", "fc": "white", "lw": 1.6,
                        "ec": look[blocs_of_vendors[v]].colour})  # fmt: skip
    axes.invert_yaxis()
    axes.axis("off")
    legend = axes.legend(title=data.definition, loc="upper left", fontsize=8, title_fontsize=8, frameon=False)
    for handle in legend.legend_handles:
        handle.set_sizes([40])  # type: ignore[union-attr]
    return figure
