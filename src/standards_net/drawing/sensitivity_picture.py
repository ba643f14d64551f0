"""The picture of what moves the results: total Sobol indices by measure and parameter."""

from __future__ import annotations

import textwrap
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from standards_net.drawing.charts.figures import INK, LINE, SOFT
from standards_net.sensitivity import NEGLIGIBLE, ranking

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["sobol_picture"]

_COLOURS = {
    "estimated": "#0072b2", "calibrated": "#56a0d3", "literature": "#00805d", "judgement": "#d55e00",
    "random": "#8c959f",
}  # fmt: skip
_ROWS = 15


def sobol_picture(indices: pd.DataFrame, *, rows: int = _ROWS) -> Figure:
    """Small multiples, a panel for each measure: total indices of the parameters that move results most.

    Bars are means over the scenarios in which the measure varies, coloured by what the parameter rests on; a
    dot is the largest of them.

    Parameters
    ----------
    indices : DataFrame
        From :func:`standards_net.sensitivity.sobol_indices`.
    rows : int
        Parameters that are shown, by rank.

    Examples
    --------
    >>> from standards_net import load_world
    >>> from standards_net.sensitivity import shipped_indices
    >>> figure = sobol_picture(shipped_indices(load_world()))
    >>> len(figure.axes)
    5
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    ranked = ranking(indices).head(rows)
    measures = list(dict.fromkeys(indices["measure"]))
    figure = Figure(figsize=(10.0, 1.5 + 0.27 * len(ranked)), layout="constrained")
    grid = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
    places = np.arange(len(ranked))[::-1]
    colours = [_COLOURS.get(basis, SOFT) for basis in ranked["basis"]]
    for axes, measure in zip(grid, measures, strict=True):
        own = indices[indices["measure"] == measure].groupby("parameter")["total"]
        mean, largest = (found.reindex(ranked["parameter"]).to_numpy() for found in (own.mean(), own.max()))
        axes.barh(places, np.maximum(mean, 0.0), color=colours, height=0.62)
        dots = np.where(largest > NEGLIGIBLE, largest, np.nan)
        axes.plot(dots, places, linestyle="", marker=".", color=INK, markersize=3.5)
        axes.set_xlim(0.0, max(1.0, 1.05 * np.nanmax(largest)))
        axes.set_xticks([0.0, 0.5, 1.0])
        axes.set_title(
            "\n".join(textwrap.wrap(measure.replace("_", " ").replace("usd", "cost"), 16)),
            fontsize=8.5, color=INK, loc="left",
        )  # fmt: skip
        axes.grid(axis="x", color=LINE, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=7.5, colors=SOFT)
        axes.spines[["top", "right"]].set_visible(False)
    grid[0].set_yticks(places, ranked["parameter"], fontsize=8, color=INK)
    shown = [basis for basis in _COLOURS if basis in set(ranked["basis"])]
    figure.legend(
        [Patch(color=_COLOURS[basis]) for basis in shown], shown, fontsize=8, frameon=False,
        loc="outside upper right", ncols=len(shown),
    )  # fmt: skip
    figure.suptitle("What moves the results: total Sobol index", x=0.01, ha="left", color=INK)
    scenarios = ", ".join(dict.fromkeys(indices["scenario"]))
    figure.supxlabel(
        textwrap.fill(
            f"standards_net {version('standards-net')}. Share of a measure's variance that is left when all "
            f"else is known: bar, mean over scenarios; dot, the largest. {scenarios}. docs/sensitivity.md.",
            150,
        ),
        fontsize=7.5, color=SOFT, x=0.01, ha="left",
    )  # fmt: skip
    return figure
