"""Many configurations of levers over the same draws, each read by a function of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.ensemble.run import BLOCK, check_whole, overridden
from standards_net.parameters import draw_parameters
from standards_net.processes import VENDOR_CHOICE, State, YearInfo, follow
from standards_net.processes.setting import Beginnings, Setting, build_setting, draw_beginnings
from standards_net.scenario import Levers, Scenario
from standards_net.world.world import World

__all__ = ["Draws", "Reading", "simulate"]

C = TypeVar("C")
Years = Iterator[tuple[State, YearInfo | None]]
Reading = Callable[[Setting, Years], FloatArray]


@dataclass(frozen=True)
class Draws:
    """Draws that configurations share: the first ones of a run with the same seed.

    Attributes
    ----------
    world : World
    technology : str
    count : int
    parameters : mapping of str to (R,) array
    beginnings : Beginnings
    """

    world: World
    technology: str
    count: int
    parameters: Mapping[str, FloatArray]
    beginnings: Beginnings

    @classmethod
    def of(cls, world: World, technology: str, scenario: Scenario, count: int, seed: int) -> Draws:
        """Draw parameters, with a scenario's overrides, and the world of 2019."""
        check_whole("draws", count)
        parameters = overridden(draw_parameters(world.parameters, count, seed), scenario)
        beginnings = draw_beginnings(world, technology, seed, slice(0, count))
        return cls(world, technology, count, parameters, beginnings)

    def blocks(self) -> Iterator[tuple[Mapping[str, FloatArray], Beginnings]]:
        """Parameters and 2019 of the draws that are carried side by side."""
        for at in range(0, self.count, BLOCK):
            rows = slice(at, min(at + BLOCK, self.count))
            yield (
                {name: values[rows] for name, values in self.parameters.items()},
                self.beginnings.block(rows),
            )


def simulate(
    draws: Draws,
    configurations: Sequence[C],
    levers: Callable[[C], Levers],
    read: Reading,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FloatArray:
    """Run the default process for each configuration and read it, threads over configurations.

    Parameters
    ----------
    draws : Draws
    configurations : sequence of length M
        Whatever ``levers`` makes levers of; these are made when their turn comes, not before.
    levers : callable
    read : callable
        ``read(setting, years)`` goes through the years of a block of draws and returns (R, ...) numbers.
    threads : int or None
        As many as there are cores if None.
    progress : callable or None
        Called with (configurations done, in all).

    Returns
    -------
    (M, R, ...) array
        The same bytes whatever the threads.

    Examples
    --------
    >>> import standards_net as sn
    >>> world, quo = sn.load_world(), sn.load_scenario("status-quo-2019")
    >>> def served(setting, years):
    ...     return [state.deployment @ setting.market_share for state, _ in years][-1]
    >>> simulate(Draws.of(world, "5g", quo, 4, seed=1), [2021, 2023],
    ...     lambda last: sn.compile_scenario(world, quo, "5g", range(2019, last)), served).shape
    (2, 4)
    """
    from threadpoolctl import threadpool_limits

    if threads is not None:
        check_whole("threads", threads)
    blocks = list(draws.blocks())

    def one(configuration: C) -> FloatArray:
        made, found = levers(configuration), []
        for parameters, beginnings in blocks:
            setting = build_setting(draws.world, made, parameters, beginnings)
            found.append(read(setting, follow(VENDOR_CHOICE, setting)))
        return np.concatenate(found)

    found = []
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        for done, values in enumerate(pool.map(one, configurations), start=1):
            found.append(values)
            if progress is not None:
                progress(done, len(configurations))
    return np.stack(found)
