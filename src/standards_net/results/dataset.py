"""A result as an xarray data set that follows the CF conventions where it can, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.errors import StandardsNetError
from standards_net.frozen import plain_data
from standards_net.results.variable import Variable
from standards_net.status import Status

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["AXES", "OF_LABELS", "PROVENANCE", "Parts", "entry_of", "from_dataset", "to_dataset"]

# Coordinates, variables and provenance.
Parts = tuple[dict[str, tuple[Any, ...]], dict[str, Variable], dict[str, Any]]

PROVENANCE = "provenance"
_WORDS = tuple(str(status) for status in Status)
# What is told of a label: not a number of the model.
_AXES_OF_LABELS: Mapping[str, tuple[str, ...]] = {
    "country_name": ("country",),
    "latitude": ("country",),
    "longitude": ("country",),
    "market_share": ("technology", "country"),
    "adoption_estimated": ("technology", "country"),
    "vendor_name": ("vendor",),
    "vendor_technology": ("vendor",),
    "vendor_standard": ("scenario", "vendor"),
    "vendor_home": ("vendor",),
}
OF_LABELS = tuple(_AXES_OF_LABELS)
# In the order in which they stand in any variable.
_MEANING_OF_AXIS = {
    "scenario": "name of the scenario",
    "draw": "draw of the uncertain parameters and of all random numbers",
    "year": "calendar year, at its end",
    "snapshot": "calendar year, at its end, whose shares are kept draw by draw",
    "technology": "technology",
    "layer": "equipment of a technology, or one of its bases",
    "scope": "technology, or all together",
    "country": "economy, ISO 3166-1 alpha-3 code",
    "group": "group of economies",
    "vendor": "vendor",
    "standard": "standard",
    "partner": "standard, as the partner in a pair",
    "camp": "camp of 2019",
    "item": "item of the account",
    "cost": "item of the account, or their total",
    "weight": "what economies are weighted by",
    "quantile": "5 %, 50 % and 95 % of the draws",
    "parameter": "uncertain parameter",
}
AXES = tuple(_MEANING_OF_AXIS)


def to_dataset(
    coords: Mapping[str, Sequence[Any]], variables: Mapping[str, Variable], provenance: Mapping[str, Any]
) -> xr.Dataset:
    """Data set with units and meanings; what is told of labels are coordinates, words are CF flags."""
    import xarray as xr

    data: dict[str, Any] = {}
    about: dict[str, Any] = {}
    for axis, labels in coords.items():
        values = np.array(labels, dtype=object if labels and isinstance(labels[0], str) else np.int64)
        attributes = {"long_name": _MEANING_OF_AXIS.get(axis, axis)}
        about[axis] = (axis, values, attributes)
    for name, variable in variables.items():
        (about if name in OF_LABELS else data)[name] = entry_of(name, variable)
    text = json.dumps(plain_data(provenance), allow_nan=False)
    data[PROVENANCE] = ((), np.array(text, dtype=object), {"long_name": "all that repeats the run, as JSON"})
    version = provenance.get("standards_net", "")
    attributes = {
        "Conventions": "CF-1.11",
        "title": "Adoption of 5G and IoT standards by economies, simulated",
        "source": f"standards_net {version}".strip(),
    }
    return xr.Dataset(data, coords=about, attrs=attributes)


def entry_of(name: str, variable: Variable) -> tuple[tuple[str, ...], np.ndarray, dict[str, Any]]:
    """Axes, values and attributes of a variable in a data set."""
    attributes: dict[str, Any] = {"long_name": variable.meaning}
    if name == "status":
        numbers, flags = _as_flags(variable.values)
        return variable.dims, numbers, attributes | flags
    if variable.unit:
        attributes["units"] = variable.unit
    text = variable.values.dtype.kind == "U"
    return variable.dims, variable.values.astype(object) if text else variable.values, attributes


def from_dataset(data: xr.Dataset) -> Parts:
    """Labels, variables and provenance of a data set that :func:`to_dataset` has made.

    Raises
    ------
    StandardsNetError
        Something else.
    """
    for axis in AXES:
        if axis in data.coords and not data[axis].ndim:
            raise StandardsNetError(
                f"axis '{axis}' is taken at one label; take it at a list of labels, as in "
                f"data.sel({axis}=[{data[axis].item()!r}])."
            )
    try:
        provenance = json.loads(str(data[PROVENANCE].item()))
        data = data.transpose(*(axis for axis in AXES if axis in data.sizes), ...)
        axes = [str(axis) for axis in data.sizes]
        coords = {axis: tuple(data[axis].values.tolist()) for axis in axes}
        variables = {
            str(name): _variable(str(name), array)
            for name, array in data.variables.items()
            if name not in coords and name != PROVENANCE
        }
        _check_labels(coords)
        _check_provenance(provenance, coords)
    except RecursionError:
        raise StandardsNetError("the record of the data set is nested too deeply.") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise StandardsNetError("the data set is not one that Result.to_xarray has made.") from None
    return coords, variables, provenance


def _variable(name: str, array: Any) -> Variable:
    """A variable of a data set; TypeError or ValueError if it cannot be one of a result."""
    dims = tuple(map(str, array.dims))
    values, unit = array.values, str(array.attrs.get("units", ""))
    if "flag_meanings" in array.attrs:
        values, unit = _from_flags(values, array.attrs), "1"
    elif values.dtype.kind in "OTU":
        values = np.array(values.tolist(), dtype=str).reshape(values.shape)
    if values.dtype.kind not in "fiuU" or not set(dims) <= set(AXES):
        raise TypeError(name)
    if dims != _AXES_OF_LABELS.get(name, dims):
        raise ValueError(name)
    return Variable(dims, values, unit, str(array.attrs.get("long_name", "")))


def _check_labels(coords: Mapping[str, tuple[Any, ...]]) -> None:
    """Raise TypeError or ValueError unless labels are words, or numbers on the axes that have numbers."""
    for axis, labels in coords.items():
        kind = int if axis in ("draw", "year", "snapshot") else str
        if not all(type(label) is kind for label in labels):
            raise TypeError(axis)
        if len(set(labels)) < len(labels):
            raise ValueError(axis)


def _check_provenance(record: Any, coords: Mapping[str, tuple[Any, ...]]) -> None:
    """Raise KeyError or TypeError unless a record says what was run, and names the scenarios there are."""
    if not isinstance(record["standards_net"], str) or not isinstance(record["seed"], int):
        raise TypeError
    if not all(isinstance(record["scenarios"][name]["title"], str) for name in coords.get("scenario", ())):
        raise TypeError


def _as_flags(words: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """Numbers in place of words, and what they mean; blanks in words become underscores, as CF asks."""
    numbers = np.zeros(words.shape, dtype=np.int8)
    for at, word in enumerate(_WORDS):
        numbers[words == word] = at
    meanings = " ".join(word.replace(" ", "_") for word in _WORDS)
    return numbers, {"flag_values": np.arange(len(_WORDS), dtype=np.int8), "flag_meanings": meanings}


def _from_flags(numbers: np.ndarray, attributes: Mapping[str, Any]) -> np.ndarray:
    words = np.array([word.replace("_", " ") for word in str(attributes["flag_meanings"]).split(" ")])
    return np.asarray(words[numbers.astype(np.int64)])
