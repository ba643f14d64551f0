"""A result as the bytes of one compressed ``.npz`` file, and back."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from standards_net.errors import StandardsNetError
from standards_net.frozen import plain_data
from standards_net.results.variable import Variable

__all__ = ["Parts", "checked_result_path", "pack", "unpack"]

_HEADER = "header.json"

# Coordinates, variables and provenance.
Parts = tuple[dict[str, tuple[Any, ...]], dict[str, Variable], dict[str, Any]]


def checked_result_path(path: str | Path) -> Path:
    """Path that a result can be saved under, or an error."""
    path = Path(path)
    if path.suffix != ".npz":
        raise StandardsNetError(f"{path.name}: a result is saved as .npz; name the file so.")
    return path


def pack(
    coords: Mapping[str, tuple[Any, ...]],
    variables: Mapping[str, Variable],
    provenance: Mapping[str, Any],
) -> bytes:
    """Content of the ``.npz`` file of a result."""
    header = {
        "coords": {name: list(labels) for name, labels in coords.items()},
        "provenance": plain_data(provenance),
        "variables": {
            n: {"dims": v.dims, "unit": v.unit, "meaning": v.meaning} for n, v in variables.items()
        },
    }
    arrays: dict[str, Any] = {n: v.values for n, v in variables.items()}
    # Keys keep their order: scenarios are replayed in it.
    arrays[_HEADER] = np.frombuffer(json.dumps(header).encode("utf-8"), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def unpack(path: str | Path) -> Parts:
    """Coordinates, variables and provenance of a saved result.

    Raises
    ------
    StandardsNetError
        No such file, or not a saved result.
    """
    path = Path(path)
    if not path.is_file():
        raise StandardsNetError(f"{path}: there is no such file.")
    try:
        with np.load(path, allow_pickle=False) as stored:
            header = json.loads(stored[_HEADER].tobytes().decode("utf-8"))
            variables = {
                n: Variable(tuple(v["dims"]), stored[n], v["unit"], v["meaning"])
                for n, v in header["variables"].items()
            }
        coords = {name: tuple(labels) for name, labels in header["coords"].items()}
        return coords, variables, header["provenance"]
    except (OSError, ValueError, KeyError, EOFError, AttributeError, TypeError):
        raise StandardsNetError(
            f"{path.name} is not a saved result; Result.save writes such files."
        ) from None
