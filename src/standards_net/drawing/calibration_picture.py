"""The picture of what reports say about parameters: prior beside posterior."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from standards_net.calibration import Prior, load_calibration
from standards_net.core.arrays import FloatArray
from standards_net.drawing.charts.figures import INK, LINE, SOFT
from standards_net.parameters import Parameter
from standards_net.world import World

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["prior_and_posterior"]

_COLUMNS, _BINS = 3, 48
_POSTERIOR = "#0072b2"


def prior_and_posterior(world: World) -> Figure:
    """Small multiples: for each calibrated parameter its prior and its posterior.

    Heights are densities on the scale of the axis (logarithmic where the prior is), in units of the prior's.
    Parameters whose prior is not the shipped one are left out: the calibration does not apply to them.

    Examples
    --------
    >>> import standards_net as sn
    >>> figure = prior_and_posterior(sn.load_world())
    >>> len(figure.axes) >= 18
    True
    """
    from matplotlib.figure import Figure

    calibration = load_calibration()
    shown = [
        (k, world.parameters[name])
        for k, name in enumerate(calibration.names)
        if name in world.parameters and calibration.priors[k] == _prior(world.parameters[name])
    ]
    rows = -(-len(shown) // _COLUMNS)
    figure = Figure(figsize=(10.0, 1.0 + 1.45 * rows), layout="constrained")
    grid = figure.subplots(rows, _COLUMNS, squeeze=False)
    for axes in grid.flat:
        axes.axis("off")
    for (k, parameter), axes in zip(shown, grid.flat, strict=False):
        axes.axis("on")
        edges, density = _densities(parameter, calibration.mean[k], calibration.covariance[k, k] ** 0.5)
        axes.stairs(np.ones(len(density)), edges, fill=True, color=LINE, label="prior")
        axes.stairs(density, edges, color=_POSTERIOR, linewidth=1.8, label="posterior")
        if parameter.prior == "loguniform":
            axes.set_xscale("log")
            middle = (parameter.low * parameter.high) ** 0.5
            ticks = [parameter.low, middle, parameter.high]
            axes.set_xticks(ticks, [f"{tick:.2g}" for tick in ticks])
            axes.set_xticks([], minor=True)
        unit = "" if parameter.unit == "1" else f", {parameter.unit}"
        axes.set_title(f"{parameter.name}{unit}", fontsize=8.5, color=INK, loc="left")
        axes.set_yticks([])
        axes.tick_params(labelsize=7.5, colors=SOFT)
        axes.spines[["left", "top", "right"]].set_visible(False)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, fontsize=8.5, frameon=False, loc="upper right", ncols=2)
    figure.suptitle("What reports of 2019 to 2025 say about parameters", x=0.01, ha="left", color=INK)
    figure.supxlabel(
        f"standards_net {version('standards-net')}. Density in units of the prior's. make calibrate; "
        "docs/estimation.md.",
        fontsize=7.5, color=SOFT, x=0.01, ha="left",
    )  # fmt: skip
    return figure


def _prior(parameter: Parameter) -> Prior:
    return Prior(parameter.prior, parameter.low, parameter.high)


def _densities(parameter: Parameter, mean: float, sd: float) -> tuple[FloatArray, FloatArray]:
    """Edges of bins of equal probability under the prior, and the posterior's density over the prior's."""
    uniform = np.linspace(0.0, 1.0, _BINS + 1)
    scores = ndtri(np.clip(uniform, 1e-12, 1.0 - 1e-12))
    reached = ndtr((scores - mean) / sd)
    return parameter.quantile(uniform), np.asarray(np.diff(reached) * _BINS)
