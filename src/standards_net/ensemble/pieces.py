"""A run in pieces, to be spread over processes and machines, with the bytes of one that is not.

Pieces are whole blocks of 256 draws of some scenarios. A piece is plain enough to be pickled, and so is the
part that it gives; parts are joined in any number and order.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.checks import checked_count, shown
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.blocks import record_blocks
from standards_net.ensemble.course_runs import record_courses
from standards_net.ensemble.engine import cores
from standards_net.ensemble.layout import Layout
from standards_net.ensemble.over_draws import BlockSummary, OverDraws
from standards_net.ensemble.provenance import written_draws
from standards_net.ensemble.recorder import Recorder, result_of
from standards_net.ensemble.request import OwnMeasure, Request, checked_request
from standards_net.errors import StandardsNetError
from standards_net.frozen import FrozenMapping, content_digest, read_only
from standards_net.model.mechanism import Mechanism
from standards_net.parameters import ParameterSample
from standards_net.randomness import RNGLike, SeedLike
from standards_net.results import Result
from standards_net.scenario import ScenarioLike
from standards_net.world.world import World

__all__ = [
    "Part", "Piece", "assembled", "check_complete", "join", "pieces_of", "run_in_order", "split",
    "whole_record", "workers_of",
]  # fmt: skip

_ENDED = (
    "a worker ended abruptly, often for want of memory: use fewer workers, or more pieces; a run that is "
    "streamed goes on with resume=True."
)


@dataclass(frozen=True, eq=False, repr=False)
class Piece:
    """Some draws of some scenarios of a run; made by :func:`split`, and run anywhere.

    Attributes
    ----------
    request : Request
        What is asked of these scenarios and draws.
    layout : Layout
        Labels of the whole run.
    rows : slice
        Draws of the piece among those of the whole run.
    whole_sha256 : str
        What the whole run was asked for.
    """

    request: Request
    layout: Layout
    rows: slice
    whole_sha256: str

    def __repr__(self) -> str:
        """One line."""
        return _line("Piece", self.draws, self.scenarios)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of its scenarios."""
        return tuple(scenario.name for scenario in self.request.scenarios)

    @property
    def draws(self) -> range:
        """Its draws."""
        return self.request.draws

    def run(self, *, threads: int = 1) -> Part:
        """Run the piece.

        Parameters
        ----------
        threads : int
            One by default, since whoever spreads pieces runs several at once.

        Returns
        -------
        Part
            What :func:`join` takes.

        Examples
        --------
        >>> import standards_net as sn
        >>> pieces = split(sn.load_world(), ["silos", "one-standard"], draws=4, rng=1, until=2021, pieces=2)
        >>> pieces[0].run()
        <Part: draws 0 to 3 of silos>
        """
        checked_count("threads", threads)
        summaries: list[BlockSummary] = []
        layout = self.layout.part(self.scenarios, self.rows)
        recorder = Recorder(layout, summaries.append)
        if self.request.measures:
            record_courses(self.request, recorder, threads=threads)
        else:
            record_blocks(self.request, recorder, threads=threads)
        parameters = self.request.parameters()
        return Part(
            self.layout, self.scenarios, self.rows, recorder.arrays, tuple(summaries), parameters,
            self.request.record(), self.whole_sha256,
        )  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Part:
    """What a piece gives: the measures of its draws, and what they add to means and intervals.

    Attributes
    ----------
    layout : Layout
        Labels of the whole run.
    scenarios : tuple of str
    rows : slice
        Draws of the part among those of the whole run.
    arrays : mapping of str to array
        What is recorded draw by draw.
    summaries : tuple of BlockSummary
    parameters : mapping of str to array
    record : mapping of str to object
        Provenance of these scenarios and draws.
    whole_sha256 : str
        What the whole run was asked for.
    """

    layout: Layout
    scenarios: tuple[str, ...]
    rows: slice
    arrays: Mapping[str, np.ndarray]
    summaries: tuple[BlockSummary, ...]
    parameters: Mapping[str, FloatArray]
    record: Mapping[str, Any]
    whole_sha256: str

    def __repr__(self) -> str:
        """One line."""
        first = self.layout.coords["draw"][0]
        return _line("Part", range(first + self.rows.start, first + self.rows.stop), self.scenarios)

    def __post_init__(self) -> None:
        frozen = {name: read_only(array) for name, array in self.arrays.items()}
        object.__setattr__(self, "arrays", FrozenMapping(frozen))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()  # pickles do not keep arrays read-only


def _line(what: str, draws: range, scenarios: Sequence[str]) -> str:
    names = ", ".join(scenarios) if len(scenarios) < 4 else f"{len(scenarios)} scenarios"
    return f"<{what}: draws {draws.start} to {draws.stop - 1} of {names}>"


def split(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    *,
    pieces: int,
    draws: int | range = 200,
    rng: RNGLike | SeedLike | None = None,
    parameters: ParameterSample = "calibrated",
    years: Iterable[int] | None = None,
    until: int | None = None,
    technologies: str | Sequence[str] | None = None,
    mechanism: str | Mechanism = "vendor-choice",
    groups: Sequence[str] = (),
    snapshots: Sequence[int] = (),
    shared_draw: int | None = None,
    measures: Mapping[str, OwnMeasure] | None = None,
) -> list[Piece]:
    """Cut a run into pieces, to be run anywhere and joined to the same bytes.

    Parameters
    ----------
    world, scenarios, draws, rng, parameters, years, until, technologies, mechanism
        As in :func:`standards_net.run`.
    groups, snapshots, shared_draw, measures
        As in :func:`standards_net.run`. Own measures must be picklable if pieces are sent to other processes.
    pieces : int
        How many to make. Quantiles are taken of 256 draws together, so there are at most as many as the run
        has blocks of 256 draws, times its scenarios.

    Returns
    -------
    list of Piece
        Picklable; in the order of their draws.

    Raises
    ------
    ScenarioError, StandardsNetError
        As in :func:`standards_net.run`.

    Examples
    --------
    >>> import standards_net as sn
    >>> world, asked = sn.load_world(), {"draws": 300, "rng": 1, "until": 2020, "technologies": "radio"}
    >>> pieces = split(world, "silos", pieces=2, **asked)
    >>> pieces
    [<Piece: draws 0 to 255 of silos>, <Piece: draws 256 to 299 of silos>]
    >>> join([piece.run() for piece in pieces]) == sn.run(world, "silos", **asked)
    True
    """
    request = checked_request(
        world, scenarios, draws=draws, rng=rng, parameters=parameters, years=years, until=until,
        technologies=technologies, mechanism=mechanism, groups=groups, snapshots=snapshots,
        shared_draw=shared_draw, measures=measures,
    )  # fmt: skip
    return pieces_of(request, checked_count("pieces", pieces))


def pieces_of(request: Request, pieces: int) -> list[Piece]:
    """Cut a checked request into pieces."""
    layout, names, blocks = request.layout(), [s.name for s in request.scenarios], request.blocks
    whole = content_digest(request.record())
    found = []
    for group in np.array_split(np.arange(len(blocks)), min(pieces, len(blocks))):
        rows = slice(blocks[group[0]].start, blocks[group[-1]].stop)
        # More pieces than blocks: the scenarios of a block are divided too.
        share = pieces // len(blocks) + (int(group[0]) < pieces % len(blocks)) if len(group) == 1 else 1
        for some in np.array_split(np.arange(len(names)), min(max(share, 1), len(names))):
            part = request.part([names[s] for s in some], rows)
            found.append(Piece(part, layout, rows, whole))
    return found


def join(parts: Iterable[Part]) -> Result:
    """Join the parts of a run to its result, byte by byte that of a run in one piece.

    Parameters
    ----------
    parts : iterable of Part
        Of all pieces of one :func:`split`, in any order.

    Raises
    ------
    StandardsNetError
        Nothing to join, parts of different runs, a part that is given twice, or one that is missing.
    """
    asked: Any = parts
    given: list[Part] = list(asked) if isinstance(asked, Iterable) else [asked]
    for part in given:
        if not isinstance(part, Part):
            raise StandardsNetError(f"{shown(part)} is no part of a run; join what the pieces' run() gives.")
    if not given:
        raise StandardsNetError("no part is given; join what the pieces' run() gives.")
    check_complete(given)
    return assembled(given[0].layout, sorted(given, key=lambda part: part.rows.start))


def check_complete(given: Sequence[Piece] | Sequence[Part]) -> None:
    """Raise unless pieces or parts are of one run, and every draw of every scenario is there once."""
    what = "part" if isinstance(given[0], Part) else "piece"
    if len({one.whole_sha256 for one in given}) > 1:
        raise StandardsNetError(f"the {what}s are of different runs; give all {what}s of one split.")
    layout = given[0].layout
    times = np.zeros(layout.sizes(("scenario", "draw")), dtype=np.int64)
    for one in given:
        for name in one.scenarios:
            times[layout.coords["scenario"].index(name), one.rows] += 1
    for wrong, how in ((times > 1, "given twice"), (times < 1, "missing")):
        if wrong.any():
            s, first = np.argwhere(wrong)[0]
            last = first + np.argmin(np.append(wrong[s, first:], False)) - 1
            draws, name = layout.coords["draw"], layout.coords["scenario"][s]
            raise StandardsNetError(
                f"draws {draws[first]} to {draws[last]} of {name} are {how}; give every {what} once."
            )


def assembled(layout: Layout, parts: Iterable[Part]) -> Result:
    """The result of parts that come in the order of their draws."""
    over_draws = OverDraws(layout)
    recorder = Recorder(layout, over_draws.take)
    records: list[Mapping[str, Any]] = []
    parameters: dict[str, FloatArray] = {}
    for part in parts:
        recorder.put(part.scenarios, part.rows, part.arrays)
        for summary in part.summaries:
            over_draws.take(summary)
        for name, values in part.parameters.items():
            parameters.setdefault(name, np.zeros(layout.draws))[part.rows] = values
        records.append(part.record)
    return result_of(recorder, over_draws, whole_record(layout, records, parameters), parameters)


def whole_record(
    layout: Layout, records: Sequence[Mapping[str, Any]], parameters: Mapping[str, FloatArray]
) -> dict[str, Any]:
    """Provenance of the whole from those of its parts; values given for parameters are put together again."""
    scenarios: dict[str, Any] = {}
    for one in records:
        scenarios |= one["scenarios"]
    record = dict(records[0])
    first, last = layout.coords["draw"][0], layout.coords["draw"][-1]
    record["draws"] = written_draws(range(first, last + 1))
    record["scenarios"] = {name: scenarios[name] for name in layout.coords["scenario"]}
    if isinstance(record["parameters"], Mapping):
        record["parameters"] = {
            name: parameters[name].tolist() if isinstance(value, list) else value
            for name, value in record["parameters"].items()
        }
    return record


# -- over an executor ---------------------------------------------------------------------------


def run_in_order(pieces: Sequence[Piece], executor: Executor) -> Iterator[Part]:
    """Parts in the order of their pieces; twice as many pieces as there are workers wait or run at a time.

    What is ahead of its turn waits in memory, so that no more is begun than keeps the workers busy.
    """
    if not callable(getattr(executor, "submit", None)) or hasattr(executor, "scatter"):
        raise StandardsNetError(
            f"executor is {shown(executor)}; give a concurrent.futures.Executor, such as "
            "ProcessPoolExecutor, or adapters.dask.executor(client)."
        )
    coming: deque[Future[Part]] = deque()
    ahead, at = 2 * workers_of(executor), 0
    try:
        while at < len(pieces) or coming:
            while at < len(pieces) and len(coming) < ahead:
                coming.append(_submitted(executor, pieces[at]))
                at += 1
            yield _told(coming.popleft())
    finally:
        for future in coming:
            future.cancel()


def _submitted(executor: Executor, piece: Piece) -> Future[Part]:
    try:
        return executor.submit(Piece.run, piece)
    except BrokenExecutor:
        raise StandardsNetError(_ENDED) from None
    except RuntimeError as error:  # one that is shut down
        raise StandardsNetError(f"the executor takes no work: {error}; give one that is open.") from None


def _told(future: Future[Part]) -> Part:
    """The part of a piece, or what went wrong with the workers in one sentence."""
    try:
        return future.result()
    except BrokenExecutor:
        raise StandardsNetError(_ENDED) from None
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        if "pickle" not in str(error).lower() and not isinstance(error, pickle.PicklingError):
            raise
        raise StandardsNetError(
            f"what is run cannot be sent to another process ({error}); define functions at the top of a "
            "module."
        ) from None


def workers_of(executor: Executor) -> int:
    """Workers of an executor; as many as there are cores where it does not say."""
    return int(getattr(executor, "_max_workers", 0) or cores())
