"""A result on disk that grows block by block: a Zarr store for what does not fit into memory.

Until it is finished a folder beside it keeps, for each scenario, how many draws are in it and what they
contribute to means and intervals, each replaced as a whole: whoever goes on after a kill goes on from there.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.errors import StandardsNetError
from standards_net.files import write_bytes, write_text
from standards_net.results.dataset import entry_of, to_dataset
from standards_net.results.variable import Variable

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["ResultStore", "write_store"]

_DRAWS_PER_CHUNK = 256
_FORMAT: Any = 2  # of Zarr; of format 3 neither text nor consolidated metadata are settled yet


def write_store(path: Path, data: xr.Dataset) -> Path:
    """Write a data set as a Zarr store, whole or not at all."""
    with _built_beside(path) as beside:
        data.to_zarr(beside, mode="w", zarr_format=_FORMAT, consolidated=True)
    return path


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
        return path.exists() and not _state_of(path).exists()

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
            if name not in self._group:
                dims, values, attributes = entry_of(name, variable)
                self._group.create_array(
                    name=name, shape=tuple(shape), chunks=tuple(chunks), dtype=values.dtype,
                    fill_value=np.nan if values.dtype.kind == "f" else None,
                    attributes={"_ARRAY_DIMENSIONS": list(dims), **_plain(attributes)},
                )  # fmt: skip
            self._arrays[name] = self._group[name]
        return self._arrays[name]

    def keep(self, scenario: int, draws: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Keep how many draws of a scenario are in the store, and what they contribute."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, draws=np.array(draws), **arrays)
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
        import zarr

        used = {axis for variable in variables.values() for axis in variable.dims}
        some = {axis: labels for axis, labels in coords.items() if axis in used}
        data = to_dataset(some, variables, provenance)
        data.drop_vars(list(some)).to_zarr(self._path, mode="a", zarr_format=_FORMAT, consolidated=False)
        self._group.attrs["run_sha256"] = self._run_sha256
        zarr.consolidate_metadata(str(self._path), zarr_format=_FORMAT)
        shutil.rmtree(self._state)
        return self._path


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
    if path.exists():
        go_on = "" if ResultStore.is_finished(path) else ", or go on with it: stream(..., resume=True)"
        raise StandardsNetError(f"{path} exists; name another place, or remove it{go_on}.")
    beside = path.with_name(f".{path.name}.new")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        yield beside
        beside.rename(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StandardsNetError(f"{path} cannot be written: {reason}; choose another place.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
