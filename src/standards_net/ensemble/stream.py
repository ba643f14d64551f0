"""A run that is written to disk while it goes on, for more draws than fit into memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path
from typing import Any

from standards_net.checks import shown
from standards_net.ensemble.engine import cores
from standards_net.ensemble.over_draws import OverDraws
from standards_net.ensemble.pieces import Part, Piece, check_complete, run_in_order, whole_record
from standards_net.ensemble.recorder import of_scenario, parameter_values
from standards_net.errors import StandardsNetError
from standards_net.progress import Progress, heeded
from standards_net.results.store import ResultStore

__all__ = ["stream"]


def stream(
    pieces: Iterable[Piece],
    path: str | Path,
    *,
    executor: Executor | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Run the pieces of a run and write them to a Zarr store, block by block, in memory that does not grow.

    The store holds the bytes of :func:`standards_net.run`; ``load_result`` reads it whole, xarray in parts.

    Parameters
    ----------
    pieces : iterable of Piece
        All pieces of one :func:`split`. Those of few draws take less memory.
    path : str or Path
        It ends in ``.zarr``.
    executor : concurrent.futures.Executor or None
        Where to run; in threads of this process, one piece after the other, if None.
    resume : bool
        Go on with a store that is not finished: what is in it is not run again. A finished one is left as
        it is.
    progress : callable or None
        Called with (pieces done, in all).

    Returns
    -------
    Path

    Raises
    ------
    StandardsNetError
        Pieces that do not make up a run; a store that exists, if ``resume`` is false, or another run's.

    Examples
    --------
    >>> import tempfile, standards_net as sn
    >>> world, asked = sn.load_world(), {"draws": 300, "rng": 1, "until": 2020, "technologies": "radio"}
    >>> path = stream(sn.split(world, "silos", pieces=2, **asked), f"{tempfile.mkdtemp()}/silos.zarr")
    >>> sn.load_result(path) == sn.run(world, "silos", **asked)
    True
    """
    every, place = _checked_pieces(pieces), _checked_place(path)
    layout, run_sha256 = every[0].layout, every[0].whole_sha256
    tell = heeded(progress)
    if resume and ResultStore.is_finished(place):
        ResultStore.check_same(place, run_sha256)
        tell(len(every), len(every))
        return place
    if resume and os.path.exists(place):
        store = ResultStore(place, run_sha256)
    else:
        coords = {**layout.coords, "parameter": _names_of_parameters(every)}
        store = ResultStore.create(place, coords, layout.labels, run_sha256)
    over_draws = OverDraws(layout)
    names = layout.coords["scenario"]
    done = {}
    for s, name in enumerate(names):
        done[name], arrays = store.kept(s)
        over_draws.restore(s, arrays)
    left = [piece for piece in every if any(done[name] < piece.rows.stop for name in piece.scenarios)]
    tell(len(every) - len(left), len(every))
    parts = run_in_order(left, executor) if executor is not None else _one_by_one(left)
    with closing(store):
        for at, part in enumerate(parts, start=len(every) - len(left) + 1):
            _write(store, over_draws, part, done)
            tell(at, len(every))
        return _finish(store, over_draws, every)


def _one_by_one(pieces: Sequence[Piece]) -> Iterator[Part]:
    for piece in pieces:
        yield piece.run(threads=cores())


def _write(store: ResultStore, over_draws: OverDraws, part: Part, done: dict[str, int]) -> None:
    """Write a part's draws, then what they contribute: a kill in between costs the part, no more."""
    layout = part.layout
    for at, name in enumerate(part.scenarios):
        s = layout.coords["scenario"].index(name)
        if done[name] >= part.rows.stop:
            continue
        for variable, array in part.arrays.items():
            shape = (len(layout.coords["scenario"]), layout.draws, *array.shape[2:])
            store.put(s, part.rows, variable, of_scenario(variable, array[at]), shape)
        for summary in part.summaries:
            if summary.scenario == name and summary.rows.start >= done[name]:
                over_draws.take(summary)
        done[name] = part.rows.stop
        store.put_parameters(part.rows, parameter_values(part.parameters), layout.draws)
        store.keep(s, done[name], over_draws.of(s))


def _finish(store: ResultStore, over_draws: OverDraws, pieces: Sequence[Piece]) -> Path:
    layout = over_draws.layout
    records: list[Mapping[str, Any]] = [piece.request.record() for piece in _first_of_each_scenario(pieces)]
    given = isinstance(records[0]["parameters"], Mapping)
    parameters = store.parameters(_names_of_parameters(pieces)) if given else {}
    record = whole_record(layout, records, parameters)
    return store.finish(layout.coords, over_draws.variables(), record)


def _names_of_parameters(pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(pieces[0].request.world.parameters)


def _first_of_each_scenario(pieces: Sequence[Piece]) -> list[Piece]:
    found: dict[str, Piece] = {}
    for piece in pieces:
        for name in piece.scenarios:
            found.setdefault(name, piece)
    return list(dict.fromkeys(found.values()))


def _checked_pieces(pieces: Any) -> list[Piece]:
    every = list(pieces) if isinstance(pieces, Iterable) else [pieces]
    for piece in every:
        if not isinstance(piece, Piece):
            raise StandardsNetError(f"{shown(piece)} is no piece of a run; stream what split gives.")
    if not every:
        raise StandardsNetError("no piece is given; stream what split gives.")
    check_complete(every)
    return sorted(every, key=lambda piece: piece.rows.start)


def _checked_place(path: Any) -> Path:
    if not isinstance(path, str | Path) or Path(path).suffix != ".zarr":
        given = str(path) if isinstance(path, Path) else path
        raise StandardsNetError(f"path is {shown(given)}; a run is streamed to a store, such as result.zarr.")
    return Path(path)
