"""A result on disk that grows block by block: a Zarr store for what does not fit into memory.

Until it is finished a folder beside it keeps, for each scenario, how many draws are in it and what they
contribute to means and intervals, each replaced as a whole: whoever goes on after a kill goes on from there.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from standards_net.errors import StandardsNetError
from standards_net.files import reason_of, write_bytes, write_text
from standards_net.results.dataset import entry_of, to_dataset
from standards_net.results.variable import Variable

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["DamagedError", "ResultStore", "check_intact", "write_store"]

_DRAWS_PER_CHUNK = 256
_SEALS = "files_crc32"  # attribute: a number for the files of each variable
_FORMAT: Any = 2  # of Zarr; of format 3 neither text nor consolidated metadata are settled yet


def write_store(path: Path, data: xr.Dataset) -> Path:
    """Write a data set as a Zarr store, whole or not at all."""
    with _built_beside(path) as beside:
        data.to_zarr(beside, mode="w", zarr_format=_FORMAT, consolidated=False)
        _seal(beside)
    return path


class DamagedError(ValueError):
    """A store lacks files, or has others than were written."""


def check_intact(path: Path, attributes: Mapping[str, Any], names: Sequence[str] | None) -> None:
    """Raise unless the files of some variables, all if None, are those that were written.

    A store that another program has written has no seals, and is not checked.

    Raises
    ------
    DamagedError
    """
    seals = json.loads(str(attributes.get(_SEALS, "{}")))
    for name in seals if names is None else names:
        if name in seals and _crc32(path / name) != seals[name]:
            raise DamagedError(name)


def _seal(path: Path) -> None:
    """Write down what the files of each variable are, and gather all metadata in one place."""
    import zarr

    group = zarr.open_group(path, mode="r+", zarr_format=_FORMAT)
    variables = sorted(found.name for found in path.iterdir() if found.is_dir())
    group.attrs[_SEALS] = json.dumps({name: _crc32(path / name) for name in variables})
    zarr.consolidate_metadata(str(path), zarr_format=_FORMAT)


def _crc32(folder: Path) -> int:
    """A number for names and contents of the files in a folder."""
    found = 0
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file():
            found = zlib.crc32(file.relative_to(folder).as_posix().encode("utf-8"), found)
            found = zlib.crc32(file.read_bytes(), found)
    return found


class ResultStore:
    """A store that a run is written to, block by block.

    Parameters
    ----------
    path : Path
        A store that :meth:`create` has made.
    run_sha256 : str
        What the run was asked for.

    Raises
    ------
    StandardsNetError
        Another run's store, or none.
    """

    def __init__(self, path: Path, run_sha256: str) -> None:
        import zarr

        self._path, self._state, self._run_sha256 = path, _state_of(path), run_sha256
        self._arrays: dict[str, Any] = {}
        try:
            asked = json.loads((self._state / "run.json").read_text(encoding="utf-8"))
            self._group = zarr.open_group(path, mode="r+", zarr_format=_FORMAT)
        except (OSError, ValueError, KeyError):
            raise StandardsNetError(f"{path} is not a run that can be gone on with.") from None
        if asked != {"run_sha256": run_sha256}:
            raise StandardsNetError(f"{path} holds another run; name another place, or remove it.")
        self._lock = _locked(self._state / "lock", path)

    @staticmethod
    def create(
        path: Path, coords: Mapping[str, Sequence[Any]], labels: Mapping[str, Variable], run_sha256: str
    ) -> ResultStore:
        """Begin a store with the labels of a run."""
        with _built_beside(path) as beside:
            data = to_dataset(coords, labels, {}).drop_vars("provenance")
            data.to_zarr(beside, mode="w", zarr_format=_FORMAT, consolidated=False)
            shutil.rmtree(_state_of(path), ignore_errors=True)
            write_text(_state_of(path) / "run.json", json.dumps({"run_sha256": run_sha256}))
        return ResultStore(path, run_sha256)

    @staticmethod
    def is_finished(path: Path) -> bool:
        """Whether a store is there and complete."""
        return os.path.exists(path) and not _state_of(path).exists()

    @staticmethod
    def check_same(path: Path, run_sha256: str) -> None:
        """Raise unless a finished store is of the same run."""
        import zarr

        try:
            found = zarr.open_group(path, mode="r", zarr_format=_FORMAT).attrs.get("run_sha256")
        except (OSError, ValueError, KeyError):
            found = None
        if found != run_sha256:
            raise StandardsNetError(f"{path} holds another run; name another place, or remove it.")

    def put(self, scenario: int, rows: slice, name: str, variable: Variable, shape: Sequence[int]) -> None:
        """Write a variable of some draws of a scenario; ``shape`` is that of all scenarios and draws."""
        chunks = (1, min(_DRAWS_PER_CHUNK, shape[1]), *shape[2:])
        _, values, _ = entry_of(name, variable)
        self._array(name, variable, shape, chunks)[scenario, rows] = values

    def put_parameters(self, rows: slice, variable: Variable, draws: int) -> None:
        """Write the parameters of some of the draws."""
        shape = draws, variable.values.shape[1]
        chunks = min(_DRAWS_PER_CHUNK, draws), shape[1]
        self._array("parameter_value", variable, shape, chunks)[rows] = variable.values

    def _array(self, name: str, variable: Variable, shape: Sequence[int], chunks: Sequence[int]) -> Any:
        """The array of a variable, made when it is first written."""
        if name not in self._arrays:
            dims, values, attributes = entry_of(name, variable)
            described = {"_ARRAY_DIMENSIONS": list(dims), **_plain(attributes)}
            if name not in self._group:
                self._group.create_array(
                    name=name, shape=tuple(shape), chunks=tuple(chunks), dtype=values.dtype,
                    fill_value=np.nan if values.dtype.kind == "f" else None, attributes=described,
                )  # fmt: skip
            array: Any = self._group[name]
            if dict(array.attrs) != described:  # a kill came between the array and what describes it
                array.attrs.put(described)
            self._arrays[name] = array
        return self._arrays[name]

    def keep(self, scenario: int, draws: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Keep how many draws of a scenario are in the store, and what they contribute."""
        buffer = io.BytesIO()
        entries: dict[str, Any] = {"draws": np.array(draws), **arrays}
        np.savez(buffer, **entries)
        write_bytes(self._state / f"scenario_{scenario}.npz", buffer.getvalue())

    def kept(self, scenario: int) -> tuple[int, dict[str, np.ndarray]]:
        """What :meth:`keep` kept; nothing of no draws if there is none."""
        path = self._state / f"scenario_{scenario}.npz"
        if not path.exists():
            return 0, {}
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = dict(stored)
            return int(arrays.pop("draws")), arrays
        except (OSError, ValueError, KeyError, EOFError):
            raise StandardsNetError(f"{path} is damaged; remove {self._path} and run again.") from None

    def parameters(self, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Parameters of each draw."""
        array: Any = self._group["parameter_value"]
        values = array[:]
        return {name: values[:, column] for column, name in enumerate(names)}

    def finish(
        self,
        coords: Mapping[str, Sequence[Any]],
        variables: Mapping[str, Variable],
        provenance: Mapping[str, Any],
    ) -> Path:
        """Write what is known only at the end, and mark the store as finished."""
        used = {axis for variable in variables.values() for axis in variable.dims}
        some = {axis: labels for axis, labels in coords.items() if axis in used}
        data = to_dataset(some, variables, provenance)
        data.drop_vars(list(some)).to_zarr(self._path, mode="a", zarr_format=_FORMAT, consolidated=False)
        self._group.attrs["run_sha256"] = self._run_sha256
        _seal(self._path)
        self.close()
        done = self._state.with_name(f".{self._state.name}.done")
        self._state.rename(done)  # at once: a folder that is half removed is neither
        shutil.rmtree(done)
        return self._path

    def close(self) -> None:
        """Let others write to the store."""
        self._lock.close()


def _locked(file: Path, path: Path) -> IO[str]:
    """A file that this process holds until it closes it or ends, where the system knows locks."""
    held = file.open("w", encoding="utf-8")
    try:
        import fcntl

        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        pass
    except OSError:
        held.close()
        raise StandardsNetError(f"{path} is being written by another run; wait for it, or end it.") from None
    return held


def _state_of(path: Path) -> Path:
    """Folder of what is kept until a store is finished."""
    return path.with_name(f"{path.name}.unfinished")


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as JSON can hold them."""
    return {name: value.tolist() if hasattr(value, "tolist") else value for name, value in attributes.items()}


@contextmanager
def _built_beside(path: Path) -> Iterator[Path]:
    """A folder beside a path, put in its place once it is complete."""
    try:
        import zarr  # noqa: F401
    except ImportError:
        raise StandardsNetError(
            "Zarr stores need the package zarr; install it with: pip install 'standards-net[zarr]'."
        ) from None
    if os.path.lexists(path):
        go_on = "" if ResultStore.is_finished(path) else ", or go on with it: stream(..., resume=True)"
        raise StandardsNetError(f"{path} exists; name another place, or remove it{go_on}.")
    beside = path.with_name(f".{path.name}.new")
    try:
        _clear(beside)
        beside.mkdir(parents=True)
        yield beside
        beside.rename(path)
    except (OSError, ValueError) as error:
        _clear(_state_of(path))
        if isinstance(error, StandardsNetError):
            raise
        raise StandardsNetError(
            f"{path} cannot be written: {reason_of(error)}; choose another place."
        ) from None
    finally:
        _clear(beside)


def _clear(folder: Path) -> None:
    """Remove a folder if it is there; one that no file system can have is not."""
    with suppress(ValueError):
        shutil.rmtree(folder, ignore_errors=True)
