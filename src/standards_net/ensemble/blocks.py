"""Runs blocks of draws of all scenarios and technologies side by side, and records them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from standards_net.ensemble.engine import ByBlock, Draws, RandomByYear, Task, execute
from standards_net.ensemble.recorder import Recorder
from standards_net.ensemble.request import Request
from standards_net.model.setting import Setting
from standards_net.progress import Progress
from standards_net.scenario import Levers

__all__ = ["record_blocks"]


def record_blocks(
    request: Request, recorder: Recorder, *, threads: int | None, progress: Progress | None = None
) -> None:
    """Run all that is asked into a recorder, whose first draw is the first of the request."""
    tasks = list(_tasks(request, recorder))
    execute(tasks, len(tasks), threads=threads, progress=progress)


def _tasks(request: Request, recorder: Recorder) -> Iterator[Task[None]]:
    drawn, all_levers = request.drawn(), request.levers(request.scenarios)
    random = {
        technology: ByBlock(partial(of.random_numbers, request.mechanism, request.years))
        for technology, of in drawn.items()
    }
    first, weights = recorder.layout.first, request.weights()
    # Technologies stand together, since their costs are added up; and all of a block, since scenarios share
    # its draws.
    for block in next(iter(drawn.values())).blocks:
        for scenario in request.scenarios:
            for technology, of in drawn.items():
                own, levers = of.under(scenario), all_levers[scenario.name, technology]
                setting = partial(_setting, own, block, levers, random[technology])
                rows = own.rows_of(block)
                of_run = slice(first + rows.start, first + rows.stop)
                yield Task(setting, request.mechanism, partial(recorder.read, weights, of_run))


def _setting(draws: Draws, block: slice, levers: Levers, random: ByBlock[RandomByYear | None]) -> Setting:
    return draws.setting(block, levers, random(block))
