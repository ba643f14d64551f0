"""A result without what no table or picture shows: a fraction of the size, for files that are passed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from standards_net.results.dataset import OF_LABELS
from standards_net.results.variable import INTERVAL, PER_RUN, Variable

__all__ = ["condensed_parts", "rounded"]

_BITS_OF_MEASURES = 15  # of the mantissa: five digits, nearly
_ADD_UP = ("mean_share", "mean_adoption")  # to 1, so that they keep single precision
_BITS = 11  # three and a half digits
_STEPS = 2.0**14  # shares are in steps of .00006
_AXIS = "quantile"


def condensed_parts(
    coords: Mapping[str, Sequence[Any]], variables: Mapping[str, Variable]
) -> tuple[dict[str, tuple[Any, ...]], dict[str, Variable]]:
    """Labels and variables of the condensed result; see :meth:`standards_net.Result.condensed`."""
    found: dict[str, Variable] = {}
    for name, variable in variables.items():
        if variable.values.dtype.kind != "f" or name in (*OF_LABELS, "parameter_value"):
            found[name] = variable
        elif name in _ADD_UP:
            found[name] = _with(variable, variable.values.astype(np.float32))
        elif "draw" not in variable.dims:
            found[name] = _with(variable, _shown(variable.values, variable.unit))
        elif len(variable.dims) <= len(PER_RUN):
            found[name] = _with(variable, rounded(variable.values, _BITS_OF_MEASURES))
        else:
            axes = (*(axis for axis in variable.dims if axis != "draw"), _AXIS)
            values = _shown(_quantiles(variable), variable.unit)
            meaning = f"{variable.meaning}; 5 %, median and 95 % of the draws"
            found[f"{name}_interval"] = Variable(axes, values, variable.unit, meaning)
    return {axis: tuple(labels) for axis, labels in coords.items()}, found


def _with(variable: Variable, values: np.ndarray) -> Variable:
    return Variable(variable.dims, values, variable.unit, variable.meaning)


def _shown(values: np.ndarray, unit: str) -> np.ndarray:
    """Values as precise as they are shown."""
    return rounded(np.round(values * _STEPS) / _STEPS if unit == "1" else values, _BITS)


def _quantiles(variable: Variable) -> np.ndarray:
    """Interval over the draws, along a new last axis; scenario by scenario."""
    draw = variable.dims.index("draw")
    by_scenario = [np.quantile(one, INTERVAL, axis=draw - 1) for one in variable.values]
    return np.moveaxis(np.array(by_scenario), 1, -1)


def rounded(values: np.ndarray, bits: int) -> np.ndarray:
    """Single precision with so many bits of the mantissa, rounded to even; the rest is 0 and packs well.

    Parameters
    ----------
    values : array of floats
    bits : int
        1 to 22; the relative error is at most 2**-(bits + 1).

    Examples
    --------
    >>> rounded(np.array([1.0, np.pi, -0.1, np.nan]), 11).tolist()
    [1.0, 3.1416015625, -0.100006103515625, nan]
    """
    single = np.ascontiguousarray(values, dtype=np.float32)
    words = single.view(np.uint32)
    one, cut = np.uint32(1), np.uint32(23 - bits)
    to_even = (words >> cut) & one
    half = (one << (cut - one)) - one
    kept = (words + half + to_even) & ~((one << cut) - one)
    return np.where(np.isfinite(single), kept.view(np.float32), single)
