"""Static figures of choices: pay-off matrix, phase diagram, paths up and down."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.drawing.charts.figures import INK, LINE, SOFT, blank_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["matrix_chart", "path_chart", "phase_chart"]

_FRAME = 1.4  # points


def matrix_chart(
    values: FloatArray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    marked: Sequence[int],
    title: str,
    colour_label: str,
    source: str,
) -> Figure:
    """Numbers in a grid, shaded from loss to gain; one cell per row is framed.

    Parameters
    ----------
    values : (P, C) array
    rows, columns : sequence of str
    marked : sequence of int, length P
        Column to frame in each row.
    title, colour_label, source : str
    """
    figure, axes = blank_figure(2.6 + 1.5 * len(columns), 1.7 + 0.27 * len(rows), title, source)
    # A quantile, so that one extreme cell does not set the colour scale.
    limit = float(np.quantile(np.abs(values), 0.95)) or 1.0
    image = axes.imshow(values, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto")
    for i, k in np.ndindex(values.shape):
        dark = abs(values[i, k]) > 0.65 * limit
        text = f"{values[i, k]:+.2f}" if abs(values[i, k]) >= 0.005 else "0"
        axes.text(k, i, text, ha="center", va="center", fontsize=8,
                  color="white" if dark else INK)  # fmt: skip
    for i, k in enumerate(marked):
        left, right, below, above = k - 0.47, k + 0.47, i - 0.45, i + 0.45
        axes.plot([left, right, right, left, left], [below, below, above, above, below], color=INK,
                  linewidth=_FRAME)  # fmt: skip
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows, fontsize=8.5)
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    figure.colorbar(image, ax=axes, shrink=0.6, label=textwrap.fill(colour_label, 46), extend="both")
    return figure


def phase_chart(
    x: Sequence[float],
    y: Sequence[float],
    values: FloatArray,
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    colour_label: str,
    source: str,
) -> Figure:
    """A measure over two parameters: shades of the median, labelled contours, dots where draws disagree.

    A dot means that fewer than nine in ten draws are on the same side of the middle contour as the median.

    Parameters
    ----------
    x, y : sequence of float
        Values along the axes, lengths A and K.
    values : (K, A, R) array
    title, xlabel, ylabel, colour_label, source : str
    """
    figure, axes = blank_figure(8.2, 5.4, title, source)
    median = np.median(values, axis=2)
    places = np.arange(len(x))  # numbers of allies are unevenly spaced; columns are not
    image = axes.pcolormesh(places, y, median, cmap="cividis", shading="nearest")
    if min(median.shape) > 1 and np.ptp(median) > 0.0:
        levels = np.quantile(median, (0.2, 0.4, 0.5, 0.6, 0.8))
        lines = axes.contour(places, y, median, levels=np.unique(levels), colors="white", linewidths=1.0)
        axes.clabel(lines, fmt="%.3g", fontsize=8)
        middle = float(np.median(median))
        same = ((values > middle) == (median > middle)[..., None]).mean(axis=2)
        for k, a in np.argwhere(same < 0.9):
            axes.plot(places[a], y[k], marker="o", markersize=3, color="white", markeredgecolor=INK,
                      markeredgewidth=0.5)  # fmt: skip
    axes.set_xticks(places, [f"{value:g}" for value in x])
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    figure.colorbar(image, ax=axes, shrink=0.8, label=colour_label)
    return figure


def path_chart(
    values: Sequence[float] | FloatArray,
    up: tuple[FloatArray, FloatArray, FloatArray],
    down: tuple[FloatArray, FloatArray, FloatArray],
    *,
    between: tuple[float, float] | None,
    between_label: str,
    title: str,
    xlabel: str,
    ylabel: str,
    source: str,
) -> Figure:
    """A measure on the way up and on the way down, and the range in which history decides.

    Parameters
    ----------
    values : sequence of float, length K
    up, down : (low, median, high), each (K,)
    between : pair of float or None
        Folds down and up; the range between them is shaded.
    between_label : str
        Label of the shaded range.
    title, xlabel, ylabel, source : str
    """
    figure, axes = blank_figure(7.2, 4.4, title, source)
    for (low, median, high), name, colour, line, marker in (
        (up, "way up", "#0072b2", "-", "^"),
        (down, "way down", "#d55e00", "--", "v"),
    ):
        axes.fill_between(values, low, high, color=colour, alpha=0.13, linewidth=0)
        axes.plot(
            values, median, color=colour, linestyle=line, linewidth=2, marker=marker, markersize=4, label=name
        )
    if between is not None:
        axes.axvspan(*between, color=SOFT, alpha=0.15, linewidth=0, label=between_label)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.grid(color=LINE, linewidth=0.6)
    axes.legend(frameon=False, fontsize=8.5, title="median, 5 to 95 % of draws", title_fontsize=8)
    return figure
