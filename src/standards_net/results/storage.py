"""A result as a file: NetCDF-4, or a Zarr store for what does not fit into memory."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.checks import shown
from standards_net.errors import StandardsNetError, UnknownNameError, one_of
from standards_net.memory import available_bytes
from standards_net.results.dataset import AXES, PROVENANCE, Parts, from_dataset
from standards_net.results.store import DamagedError, ResultStore, check_intact

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["FORMATS", "checked_result_path", "netcdf_bytes", "read"]

FORMATS = (".nc", ".zarr")
_SEAL = b"\nsha256 of what is above: "
_CHUNK = 4_000_000  # bytes: what is read and unpacked together


def checked_result_path(path: str | Path) -> Path:
    """Path that a result can be saved under, or an error."""
    if not isinstance(path, str | Path):
        raise StandardsNetError(f"path is {shown(path)}; name a file.")
    path = Path(path)
    if path.suffix not in FORMATS:
        raise StandardsNetError(
            f"{path.name}: a result is saved as {' or '.join(FORMATS)}; name the file so, such as "
            f"{path.stem or 'result'}.nc."
        )
    return path


def netcdf_bytes(data: xr.Dataset) -> bytes:
    """Content of a NetCDF-4 file, compressed without loss.

    Made in memory: where a disk is full, or a file may not grow, the library that writes HDF5 crashes.
    """
    encoding = {str(name): _packed(array) for name, array in data.variables.items()}
    content = bytes(data.to_netcdf(engine="h5netcdf", encoding=encoding))
    return content + _seal(content)


def _seal(content: bytes) -> bytes:
    """What is put after the content, where readers of HDF5 do not look: it tells damage before they do."""
    return _SEAL + hashlib.sha256(content).hexdigest().encode("ascii")


def _is_damaged(path: Path) -> bool:
    """Whether a file has a seal that does not fit; one that other programs have rewritten has none."""
    length = path.stat().st_size
    tail = min(2 * len(_seal(b"")), length)
    with path.open("rb") as file:
        file.seek(length - tail)
        end = file.read()
        at = end.rfind(_SEAL)
        if at < 0:
            return False
        file.seek(0)
        digest, left = hashlib.sha256(), length - tail + at
        while left:
            part = file.read(min(left, _CHUNK))
            digest.update(part)
            left -= len(part)
    return end[at:] != _SEAL + digest.hexdigest().encode("ascii")


def _packed(array: Any) -> dict[str, Any]:
    """How an array is stored: whole scenarios and years in chunks, bytes of equal weight together."""
    if array.dtype.kind not in "fiu" or not array.ndim:
        return {}
    kind: dict[str, Any] = {"_FillValue": None}
    if array.size < 1000:
        return kind
    return kind | {"zlib": True, "complevel": 1, "shuffle": True, "chunksizes": _chunk_sizes(array)}


def _chunk_sizes(array: Any) -> tuple[int, ...]:
    """Sizes of chunks: the leading axes are cut until a chunk is of moderate size."""
    sizes = list(array.shape)
    for axis in range(len(sizes)):
        room = _CHUNK
        inner = array.dtype.itemsize
        for size in sizes[axis + 1 :]:
            inner *= size
        if inner * sizes[axis] <= room:
            break
        sizes[axis] = max(room // inner, 1)
        if inner <= room:
            break
    return tuple(sizes)


def read(path: str | Path, names: Sequence[str] | None = None) -> Parts:
    """Coordinates, variables (all, or some) and provenance of a saved result.

    Raises
    ------
    StandardsNetError
        No such file, not a saved result, or a damaged one.
    """
    place = _checked_source(path)
    try:
        _check_size(place, names)
        return _opened(place, names)
    except TooLargeError as error:
        raise StandardsNetError(f"{place.name} {error}") from None
    except DamagedError:
        raise StandardsNetError(f"{place.name} is damaged; copy or save it again.") from None
    except MemoryError:
        raise StandardsNetError(
            f"{place.name} does not fit into memory; read some variables: load_result(path, variables=[...])."
        ) from None
    except (ImportError, UnknownNameError):
        raise
    except Exception:  # a damaged file may fail anywhere in the library that reads it
        raise StandardsNetError(
            f"{place.name} is not a saved result; Result.save writes such files."
        ) from None


class TooLargeError(ValueError):
    """A file claims more than fits into memory."""


def _check_size(place: Path, names: Sequence[str] | None) -> None:
    """Raise if what is asked for, and the labels of axes, claim more memory than there is."""
    free = available_bytes()
    claimed = _claimed_in_store(place) if place.suffix == ".zarr" else _claimed_in_file(place)
    needed = sum(size for name, size in claimed.items() if names is None or name in names or name in AXES)
    if free is not None and needed > free:
        gib = 2.0**30
        raise TooLargeError(
            f"holds {needed / gib:,.0f} GiB, and {free / gib:,.1f} GiB are free; read some variables: "
            "load_result(path, variables=[...])."
        )


def _claimed_in_file(place: Path) -> dict[str, int]:
    """Bytes that each array of a NetCDF file says it has."""
    import h5py  # type: ignore[import-untyped]

    with h5py.File(place, "r") as file:
        arrays = {name: one for name, one in file.items() if isinstance(one, h5py.Dataset)}
        # A word takes some 50 bytes in memory, whatever the file has for it.
        return {name: int(one.size or 0) * max(one.dtype.itemsize, 1) for name, one in arrays.items()}


def _claimed_in_store(place: Path) -> dict[str, int]:
    """Bytes that each array of a Zarr store says it has."""
    claimed = {}
    for path in place.glob("*/.zarray"):
        about = json.loads(path.read_text(encoding="utf-8"))
        size = np.dtype(about["dtype"]).itemsize if isinstance(about["dtype"], str) else 8
        claimed[path.parent.name] = math.prod(about["shape"]) * size
    return claimed


def _opened(place: Path, names: Sequence[str] | None) -> Parts:
    import xarray as xr

    plain: dict[str, Any] = {"mask_and_scale": False, "decode_times": False, "decode_timedelta": False}
    with xr.open_dataset(place, engine="zarr" if place.suffix == ".zarr" else "h5netcdf", **plain) as data:
        known = [str(name) for name in data.variables if name not in data.sizes and name != PROVENANCE]
        for name in names or ():
            if name not in known:
                raise UnknownNameError(one_of("variable", name, known) + ".")
        if place.suffix == ".zarr":
            check_intact(place, data.attrs, names)
        asked = names or known
        some = data[[PROVENANCE, *(name for name in asked if name in data.data_vars)]]
        about = {name: data[name].variable for name in asked if name in data.coords}
        axes = {str(axis) for variable in about.values() for axis in variable.dims}
        about |= {axis: data[axis].variable for axis in axes if axis in data.coords}
        return from_dataset(some.assign_coords(about).load())


def _checked_source(path: Any) -> Path:
    """Path of something that may be a saved result, whole as far as can be told without opening it."""
    if not isinstance(path, str | Path):
        raise StandardsNetError(f"path is {shown(path)}; name a file.")
    place = Path(path)
    if not os.path.exists(place):
        raise StandardsNetError(f"{place}: there is no such file.")
    if place.suffix not in FORMATS:
        raise StandardsNetError(f"{place.name} is not a saved result; those end in {' or '.join(FORMATS)}.")
    if place.suffix == ".zarr" and not ResultStore.is_finished(place):
        raise StandardsNetError(
            f"{place.name} is not finished; go on with the run: stream(..., resume=True)."
        )
    if place.is_file() and _is_damaged(place):  # which the library that reads it might never end reading
        raise StandardsNetError(f"{place.name} is damaged; copy or save it again.")
    return place
