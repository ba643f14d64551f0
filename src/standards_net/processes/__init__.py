"""Processes that move adoption: each is two pure functions, ``init`` and ``step``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from standards_net.processes import vendor_choice
from standards_net.processes.setting import Setting
from standards_net.processes.vendor_choice import State, YearInfo

__all__ = ["PROCUREMENT", "VENDOR_CHOICE", "Process", "State", "YearInfo", "follow"]


class Process(NamedTuple):
    """A way in which adoption moves.

    Attributes
    ----------
    name : str
    init : callable
        ``init(setting) -> state``: the world of 2019.
    step : callable
        ``step(state, setting) -> (state, info)``: one year on. Pure; luck comes from the setting.
    operators : int
        Operators of a country that tender; 0 where purchases split in proportion.
    """

    name: str
    init: Callable[[Setting], State]
    step: Callable[[State, Setting], tuple[State, YearInfo]]
    operators: int = 0


def follow(process: Process, setting: Setting) -> Iterator[tuple[State, YearInfo | None]]:
    """Years of a block of draws, 2019 (with no info) first."""
    state = process.init(setting)
    yield state, None
    for _ in setting.levers.years[1:]:
        state, info = process.step(state, setting)
        yield state, info


VENDOR_CHOICE = Process("vendor choice, expectation", vendor_choice.init, vendor_choice.step)
PROCUREMENT = Process(
    "vendor choice, procurement", vendor_choice.init, vendor_choice.step, vendor_choice.OPERATORS
)
