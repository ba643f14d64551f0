"""Blocks of draws on their way through the years of a course: begun, stepped, changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from standards_net.ensemble.changes import Change, apply_given, levers_under
from standards_net.ensemble.engine import Draws, cores
from standards_net.model.mechanism import Mechanism
from standards_net.model.setting import Setting
from standards_net.model.year import State, YearInfo
from standards_net.scenario import Scenario
from standards_net.threads import single_threaded_blas
from standards_net.world.world import World

__all__ = [
    "FIRST_YEAR", "Asked", "Block", "Now", "begin_blocks", "change_blocks", "side_by_side", "step_blocks",
]  # fmt: skip

FIRST_YEAR = 2019


@dataclass(frozen=True)
class Asked:
    """What a course was begun with."""

    scenario: Scenario
    until: int
    technologies: tuple[str, ...]
    mechanism: Mechanism
    seed: int
    parameters: Any
    draws: range
    drawn: Mapping[str, Draws]

    @property
    def years(self) -> tuple[int, ...]:
        """All years, the first included."""
        return tuple(range(FIRST_YEAR, self.until + 1))

    @property
    def blocks(self) -> list[Block]:
        """Blocks of draws, technologies together."""
        slices = next(iter(self.drawn.values())).blocks
        return [
            Block(technology, rows.start, rows.stop) for rows in slices for technology in self.technologies
        ]


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
        levers = levers_under(world, asked.scenario, (), block.technology, asked.years)
        draws = asked.drawn[block.technology].under(asked.scenario)
        random = draws.random_numbers(asked.mechanism, asked.years, block.rows)
        setting = draws.setting(block.rows, levers, random)
        return Now(setting, asked.mechanism.init(setting), setting)

    return dict(zip(blocks, side_by_side(now, blocks), strict=True))


def step_blocks(mechanism: Mechanism, years: int, now: Mapping[Block, Now]) -> dict[Block, Now]:
    """Blocks of draws some years later."""
    stepped = partial(_stepped, mechanism, years)
    return dict(zip(now, side_by_side(stepped, list(now.values())), strict=True))


def change_blocks(
    world: World, asked: Asked, scenario: Scenario, changes: Sequence[Change], now: Mapping[Block, Now]
) -> dict[Block, Now]:
    """Blocks of draws after the last of the changes."""
    technologies = {block.technology for block in now}
    levers = {t: levers_under(world, scenario, changes, t, asked.years) for t in technologies}
    found = {}
    for block, at in now.items():
        setting = replace(at.setting, levers=levers[block.technology])
        rows = asked.drawn[block.technology].rows_of(block.rows)
        setting, state = apply_given(changes[-1], block.technology, rows, setting, at.state)
        found[block] = Now(setting, state, at.lived, at.info)
    return found


def _stepped(mechanism: Mechanism, years: int, at: Now) -> Now:
    state, info = at.state, at.info
    for _ in range(years):
        state, info = mechanism.step(state, at.setting)
    return Now(at.setting, state, at.setting, info)


def side_by_side(function: Callable[..., Any], items: Sequence[Any]) -> list[Any]:
    """Results for all items, in as many threads as there are cores."""
    with single_threaded_blas(), ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(function, items))
