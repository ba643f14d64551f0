"""Processes that move adoption: each is two pure functions, ``init`` and ``step``."""

from __future__ import annotations

from collections.abc import Iterator

from standards_net.processes import vendor_choice
from standards_net.processes.best_response_dynamics import best_response
from standards_net.processes.heat_bath_choice import heat_bath
from standards_net.processes.logit_choice import logit
from standards_net.processes.majority_rule import majority
from standards_net.processes.process import NOBODY, Arena, Labels, Process, Seen, Shares
from standards_net.processes.q_voter_model import q_voter
from standards_net.processes.setting import Setting
from standards_net.processes.vendor_choice import State, YearInfo
from standards_net.processes.voter_model import voter

__all__ = [
    "NOBODY",
    "PROCUREMENT",
    "VENDOR_CHOICE",
    "Arena",
    "Labels",
    "Process",
    "Seen",
    "Shares",
    "State",
    "YearInfo",
    "best_response",
    "follow",
    "heat_bath",
    "logit",
    "majority",
    "q_voter",
    "voter",
]


def follow(process: Process, setting: Setting) -> Iterator[tuple[State, YearInfo | None]]:
    """Years of a block of draws, 2019 (with no info) first."""
    state = process.init(setting)
    yield state, None
    for _ in setting.levers.years[1:]:
        state, info = process.step(state, setting)
        yield state, info


VENDOR_CHOICE = Process("vendor choice, expectation", vendor_choice.init, vendor_choice.step, moves="world")
PROCUREMENT = Process(
    "vendor choice, procurement",
    vendor_choice.init,
    vendor_choice.step,
    vendor_choice.OPERATORS,
    moves="world",
)
