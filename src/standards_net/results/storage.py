"""A result as a file: NetCDF-4, or a Zarr store for what does not fit into memory."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standards_net.errors import StandardsNetError, UnknownNameError, one_of
from standards_net.results.dataset import PROVENANCE, Parts, from_dataset
from standards_net.results.store import ResultStore

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["FORMATS", "checked_result_path", "netcdf_bytes", "read"]

FORMATS = (".nc", ".zarr")
_SEAL = b"\nsha256 of what is above: "
_CHUNK = 4_000_000  # bytes: what is read and unpacked together


def checked_result_path(path: str | Path) -> Path:
    """Path that a result can be saved under, or an error."""
    path = Path(path)
    if path.suffix not in FORMATS:
        raise StandardsNetError(
            f"{path.name}: a result is saved as {' or '.join(FORMATS)}; name the file so, such as "
            f"{path.stem or 'result'}.nc."
        )
    return path


def netcdf_bytes(data: xr.Dataset) -> bytes:
    """Content of a NetCDF-4 file, compressed without loss."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.nc"
        encoding = {str(name): _packed(array) for name, array in data.variables.items()}
        data.to_netcdf(path, engine="h5netcdf", encoding=encoding)
        content = path.read_bytes()
    return content + _seal(content)


def _seal(content: bytes) -> bytes:
    """What is put after the content, where readers of HDF5 do not look: it tells damage before they do."""
    return _SEAL + hashlib.sha256(content).hexdigest().encode("ascii")


def _is_damaged(path: Path) -> bool:
    """Whether a file has a seal that does not fit; one that other programs have rewritten has none."""
    content = path.read_bytes()
    at = content.rfind(_SEAL, -2 * len(_seal(b"")))
    return at >= 0 and content[at:] != _seal(content[:at])


def _packed(array: Any) -> dict[str, Any]:
    """How an array is stored: whole scenarios and years in chunks, bytes of equal weight together."""
    if array.dtype.kind not in "fiu" or not array.ndim:
        return {}
    kind: dict[str, Any] = {"_FillValue": None}
    if array.size < 1000:
        return kind
    return kind | {"zlib": True, "complevel": 1, "shuffle": True, "chunksizes": chunk_sizes(array)}


def chunk_sizes(array: Any) -> tuple[int, ...]:
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
        No such file, or not a saved result.
    """
    import xarray as xr

    path = Path(path)
    if not path.exists():
        raise StandardsNetError(f"{path}: there is no such file.")
    if path.suffix not in FORMATS:
        raise StandardsNetError(f"{path.name} is not a saved result; those end in {' or '.join(FORMATS)}.")
    if path.suffix == ".zarr" and not ResultStore.is_finished(path):
        raise StandardsNetError(f"{path.name} is not finished; go on with the run: stream(..., resume=True).")
    told = f"{path.name} is not a saved result; Result.save writes such files."
    if path.is_file() and _is_damaged(path):  # which the library that reads it might never end reading
        raise StandardsNetError(f"{path.name} is damaged; copy or save it again.")
    try:
        plain = {"mask_and_scale": False, "decode_times": False, "decode_timedelta": False}
        engine = "zarr" if path.suffix == ".zarr" else "h5netcdf"
        with xr.open_dataset(path, engine=engine, **plain) as data:  # type: ignore[arg-type]
            if names is None:
                return from_dataset(data.load())
            unknown = next((name for name in names if name not in data.variables), None)
            if unknown is None:
                return from_dataset(data[[*names, PROVENANCE]].reset_coords(drop=True).load())
            known = [str(name) for name in data.data_vars]
    except StandardsNetError:
        raise StandardsNetError(told) from None
    except ImportError:
        raise
    except Exception:  # a damaged file may fail anywhere in the library that reads it
        raise StandardsNetError(told) from None
    raise UnknownNameError(one_of("variable", str(unknown), known) + ".")
