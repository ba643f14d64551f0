"""The one engine of ensembles: draws shared by scenarios, blocks of draws, threads over blocks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

import numpy as np

from standards_net.calibration import Calibration
from standards_net.checks import checked_count, checked_draws
from standards_net.core.arrays import FloatArray
from standards_net.memory import check_fits
from standards_net.model.initial_draws import InitialDraws, draw_initial, repeated_first
from standards_net.model.mechanism import Mechanism, trajectory
from standards_net.model.mechanisms import vendor_choice
from standards_net.model.setting import Setting, build_setting, random_numbers_by_year
from standards_net.model.year import State, YearInfo
from standards_net.parameters import draw_parameters
from standards_net.progress import Progress, heeded
from standards_net.scenario import Levers, Scenario
from standards_net.scenario.schema import Times
from standards_net.threads import single_threaded_blas
from standards_net.world.world import World

__all__ = [
    "ByBlock", "Draws", "RandomByYear", "Reading", "Task", "Years", "blocks_of", "cores", "execute",
    "simulate",
]  # fmt: skip

_BLOCK = 256  # draws that are computed side by side, at most
# Blocks are padded to whole vectors of the widest processors, so that a draw has the same bytes whatever
# the number of draws beside it: matrix products round partial vectors in another order.
_VECTOR = 8
_SAMPLED = 4  # arrays of parameters while they are sampled: points, quantiles, values

C = TypeVar("C")
T = TypeVar("T")
Years = Iterator[tuple[State, YearInfo | None]]
Reading = Callable[[Setting, Years], T]
RandomByYear = Callable[[int], FloatArray]


class ByBlock(Generic[T]):
    """Something drawn for a block of draws on first use; the last two are kept, since scenarios share them.

    Examples
    --------
    >>> first_draw = ByBlock(lambda block: block.start)
    >>> first_draw(slice(256, 512))
    256
    """

    def __init__(self, draw: Callable[[slice], T]) -> None:
        self._draw, self._lock = draw, Lock()
        self._kept: dict[tuple[int, int], _Once[T]] = {}

    def __call__(self, block: slice) -> T:
        """What belongs to a block, drawn by the first thread that asks."""
        key = block.start, block.stop
        with self._lock:
            if key not in self._kept:
                while len(self._kept) > 1:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = _Once(partial(self._draw, block))
            found = self._kept[key]
        return found()

    def __reduce__(self) -> tuple[type[ByBlock[T]], tuple[Callable[[slice], T]]]:
        """What is kept is left behind: it can be drawn again."""
        return ByBlock, (self._draw,)


class _Once(Generic[T]):
    """Calls a function once, whatever the number of threads that ask for its value."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function, self._lock, self._value = function, Lock(), list[T]()

    def __call__(self) -> T:
        with self._lock:
            if not self._value:
                self._value.append(self._function())
        return self._value[0]


@dataclass(frozen=True)
class Draws:
    """Draws of one technology that scenarios share: common random numbers.

    Attributes
    ----------
    world : World
    technology : str
    count : int
        R, the number of draws asked for.
    seed : int
    drawn : mapping of str to (P,) array
        Parameters; P is R padded to whole vectors.
    first : int
        The first draw: a part of a longer run has its bytes.
    initial : callable
        ``initial(block)``: the world of 2019 in a block of draws, drawn when it is needed.
    shared : int or None
        The draw whose random numbers all draws have; each has its own if None.
    """

    world: World
    technology: str
    count: int
    seed: int
    drawn: Mapping[str, FloatArray]
    initial: ByBlock[InitialDraws]
    first: int = 0
    shared: int | None = None

    @classmethod
    def of(
        cls,
        world: World,
        technology: str,
        draws: int | range,
        seed: int,
        sample: str | Calibration = "calibrated",
        shared: int | None = None,
    ) -> Draws:
        """Draw parameters; the world of 2019 is drawn block by block."""
        asked = checked_draws(draws)
        first, count = asked.start, len(asked)
        check_fits("parameters", count, _SAMPLED * 8 * len(world.parameters))
        padded = range(first, first + _padded(count)) if first else _padded(count)
        drawn = draw_parameters(world.parameters, padded, seed, sample)
        initial = ByBlock(partial(draw_initial, world, technology, seed))
        return cls(world, technology, count, seed, drawn, initial, first, shared)

    def given(self, values: Mapping[str, float | FloatArray]) -> Draws:
        """The same draws with values given for some parameters: one for all draws, or (R,) each."""
        padding = len(next(iter(self.drawn.values()))) - self.count
        padded = {n: np.pad(np.broadcast_to(v, self.count), (0, padding), "edge") for n, v in values.items()}
        return replace(self, drawn={**self.drawn, **padded})

    def under(self, scenario: Scenario) -> Draws:
        """The same draws with a scenario's overrides of parameters applied."""
        changed = dict(self.drawn)
        for name, change in scenario.file.parameters.items():
            own = self.drawn[name]
            changed[name] = own * change.times if isinstance(change, Times) else np.full_like(own, change)
        return replace(self, drawn=changed)

    @property
    def parameters(self) -> dict[str, FloatArray]:
        """Parameters of the draws asked for, (R,) each."""
        return {name: values[: self.count] for name, values in self.drawn.items()}

    @property
    def blocks(self) -> list[slice]:
        """Draws that are computed side by side, counted from the first, padding included."""
        return [slice(rows.start, _padded(rows.stop)) for rows in blocks_of(self.count)]

    def rows_of(self, block: slice) -> slice:
        """Draws of a block that were asked for."""
        return slice(block.start, min(block.stop, self.count))

    def setting(self, block: slice, levers: Levers, random: RandomByYear | None = None) -> Setting:
        """Setting of a block of draws under a scenario's levers."""
        rows = {name: values[block] for name, values in self.drawn.items()}
        initial = self.initial(self._of_all(block))
        if self.shared is not None:
            initial = initial.repeated(block.stop - block.start)
        return build_setting(self.world, levers, rows, initial, random)

    def random_numbers(self, mechanism: Mechanism, years: Sequence[int], block: slice) -> RandomByYear | None:
        """Random numbers of a mechanism by year; None if it needs none."""
        purpose, width = "mechanism", mechanism.random_numbers
        if mechanism.operators:
            purpose, width = "tender", mechanism.operators
        if not width:
            return None
        of_year = random_numbers_by_year(
            purpose, self.world, self.technology, years, self.seed, self._of_all(block), width
        )
        if self.shared is None:
            return of_year
        return lambda y: repeated_first(of_year(y), block.stop - block.start)

    def _of_all(self, block: slice) -> slice:
        """Draws whose random numbers a block has, counted from the first of all."""
        if self.shared is not None:
            return slice(self.shared, self.shared + _VECTOR)
        return slice(self.first + block.start, self.first + block.stop)


def blocks_of(count: int) -> list[slice]:
    """Draws that are computed side by side.

    Examples
    --------
    >>> blocks_of(300)
    [slice(0, 256, None), slice(256, 300, None)]
    """
    return [slice(at, min(at + _BLOCK, count)) for at in range(0, count, _BLOCK)]


def _padded(count: int) -> int:
    return -(-count // _VECTOR) * _VECTOR


@dataclass(frozen=True)
class Task(Generic[T]):
    """One block of draws of one scenario, to be carried through the years and read.

    Attributes
    ----------
    setting : callable
        ``setting()``: made when the task's turn comes.
    mechanism : Mechanism
    read : callable
        ``read(setting, years)``: measures the years and returns the result.
    """

    setting: Callable[[], Setting]
    mechanism: Mechanism
    read: Reading[T]

    def run(self, ahead: bool = False) -> T:
        """Simulate the years and return what ``read`` reads off them, one year ``ahead`` of it if asked."""
        setting = self.setting()
        years = trajectory(self.mechanism, setting)
        return self.read(setting, _one_ahead(years) if ahead else years)


def _one_ahead(years: Years) -> Years:
    """Simulate each year in another thread while the one before is read."""
    with ThreadPoolExecutor(1) as simulating:
        coming = simulating.submit(next, years, None)
        while (year := coming.result()) is not None:
            coming = simulating.submit(next, years, None)
            yield year


def execute(
    tasks: Iterable[Task[T]], total: int, *, threads: int | None, progress: Progress | None
) -> list[T]:
    """Run tasks in threads and give back what they read, in order.

    Parameters
    ----------
    tasks : iterable of Task
    total : int
        How many there are, for ``progress``.
    threads : int or None
        As many as there are cores if None. Where there are twice as many as tasks, a task uses two.
    progress : callable or None
        Called with (tasks done, in all).
    """
    if threads is not None:
        checked_count("threads", threads)
    found, workers = [], threads or cores()
    run, tell = partial(Task[T].run, ahead=2 * total <= workers), heeded(progress)
    with single_threaded_blas(), ThreadPoolExecutor(workers) as pool:
        # One queue for all, so that no core waits for the last block of a scenario.
        for done, read in enumerate(pool.map(run, tasks), start=1):
            found.append(read)
            tell(done, total)
    return found


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def simulate(
    draws: Draws,
    cases: Sequence[C],
    levers: Callable[[C], Levers],
    read: Reading[FloatArray],
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> FloatArray:
    """Run vendor choice for many cases over the same draws, each reduced by a given function.

    Parameters
    ----------
    draws : Draws
    cases : sequence of length M
        Whatever ``levers`` turns into levers.
    levers : callable
    read : callable
        ``read(setting, years)`` goes through the years of a block of draws and returns (rows, ...) numbers.
    threads : int or None
        As many as there are cores if None.
    progress : callable or None
        Called with (cases, in all): as many as what is done amounts to.

    Returns
    -------
    (M, R, ...) array
        The same bytes whatever the threads; row r is draw r of a run with the same seed.

    Examples
    --------
    >>> import standards_net as sn
    >>> world, quo = sn.load_world(), sn.load_scenario("status-quo-2019")
    >>> def served(setting, years):
    ...     return [state.deployment @ setting.market_share for state, _ in years][-1]
    >>> simulate(Draws.of(world, "radio", 4, seed=1), [2021, 2023],
    ...     lambda last: sn.compile_scenario(world, quo, "radio", range(2019, last)), served).shape
    (2, 4)
    """
    blocks = draws.blocks

    def setting(case: C, block: slice) -> Setting:
        return draws.setting(block, levers(case))

    tasks = (Task(partial(setting, case, block), vendor_choice(), read) for block in blocks for case in cases)
    several = len(blocks)

    def report(done: int, _: int) -> None:
        if progress is not None and not done % several:
            progress(done // several, len(cases))

    parts = execute(tasks, len(cases) * several, threads=threads, progress=report)
    by_case = [np.concatenate(parts[at :: len(cases)]) for at in range(len(cases))]
    return np.stack(by_case)[:, : draws.count]
