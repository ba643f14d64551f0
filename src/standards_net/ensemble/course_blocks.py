"""Blocks of draws on their way through the years of a course: begun, stepped, changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from standards_net.ensemble.changes import Change, apply_given, levers_under
from standards_net.ensemble.engine import Draws, cores
from standards_net.ensemble.request import Request
from standards_net.model.mechanism import Mechanism
from standards_net.model.setting import Setting
from standards_net.model.year import State, YearInfo
from standards_net.scenario import Scenario
from standards_net.threads import single_threaded_blas
from standards_net.world.world import World

__all__ = [
    "Asked", "Block", "Now", "begin_blocks", "change_blocks", "side_by_side", "step_blocks",
]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a course was begun with: a request of one scenario, and its draws.

    Attributes
    ----------
    request : Request
    drawn : mapping of technology to Draws
    threads : int or None
        As many as there are cores if None.
    """

    request: Request
    drawn: Mapping[str, Draws]
    threads: int | None = None

    @classmethod
    def of(cls, request: Request, threads: int | None = None) -> Asked:
        """Draw what is asked for."""
        return cls(request, request.drawn(), threads)

    @property
    def scenario(self) -> Scenario:
        """The scenario that it began with."""
        return self.request.scenarios[0]

    @property
    def blocks(self) -> list[Block]:
        """Blocks of draws, technologies together."""
        slices = next(iter(self.drawn.values())).blocks
        technologies = self.request.technologies
        return [Block(technology, rows.start, rows.stop) for rows in slices for technology in technologies]

    def rows_of(self, block: Block) -> slice:
        """Draws of a block that were asked for."""
        return self.drawn[block.technology].rows_of(block.rows)


@dataclass(frozen=True)
class Block:
    """A block of draws of one technology."""

    technology: str
    start: int
    stop: int

    @property
    def rows(self) -> slice:
        """Its draws, counted from the first."""
        return slice(self.start, self.stop)


@dataclass(frozen=True)
class Now:
    """Where a block of draws stands, and under what it came there: a change does not alter the past year."""

    setting: Setting
    state: State
    lived: Setting
    info: YearInfo | None = None


def begin_blocks(world: World, asked: Asked, blocks: Sequence[Block]) -> dict[Block, Now]:
    """Blocks of draws at the end of the first year."""

    def now(block: Block) -> Now:
        request = asked.request
        levers = levers_under(world, asked.scenario, (), block.technology, request.years)
        draws = asked.drawn[block.technology].under(asked.scenario)
        random = draws.random_numbers(request.mechanism, request.years, block.rows)
        setting = draws.setting(block.rows, levers, random)
        return Now(setting, request.mechanism.init(setting), setting)

    return dict(zip(blocks, side_by_side(now, blocks, asked.threads), strict=True))


def step_blocks(asked: Asked, years: int, now: Mapping[Block, Now]) -> dict[Block, Now]:
    """Blocks of draws some years later."""
    stepped = partial(_stepped, asked.request.mechanism, years)
    return dict(zip(now, side_by_side(stepped, list(now.values()), asked.threads), strict=True))


def change_blocks(
    world: World, asked: Asked, scenario: Scenario, changes: Sequence[Change], now: Mapping[Block, Now]
) -> dict[Block, Now]:
    """Blocks of draws after the last of the changes."""
    technologies = {block.technology for block in now}
    levers = {t: levers_under(world, scenario, changes, t, asked.request.years) for t in technologies}
    found = {}
    for block, at in now.items():
        setting = replace(at.setting, levers=levers[block.technology])
        setting, state = apply_given(changes[-1], block.technology, asked.rows_of(block), setting, at.state)
        found[block] = Now(setting, state, at.lived, at.info)
    return found


def _stepped(mechanism: Mechanism, years: int, at: Now) -> Now:
    state, info = at.state, at.info
    for _ in range(years):
        state, info = mechanism.step(state, at.setting)
    return Now(at.setting, state, at.setting, info)


def side_by_side(function: Callable[..., Any], items: Sequence[Any], threads: int | None = None) -> list[Any]:
    """Results for all items, in as many threads as there are cores if none are named."""
    with single_threaded_blas(), ThreadPoolExecutor(threads or cores()) as pool:
        return list(pool.map(function, items))
