"""Processes that move adoption: each is two pure functions, ``init`` and ``step``."""

from __future__ import annotations

from collections.abc import Iterator

from standards_net.processes.arthur_arrivals import arthur
from standards_net.processes.bass_model import bass
from standards_net.processes.best_response_dynamics import best_response
from standards_net.processes.heat_bath_choice import heat_bath
from standards_net.processes.independent_cascade_model import independent_cascade
from standards_net.processes.linear_threshold_model import linear_threshold
from standards_net.processes.logit_choice import logit
from standards_net.processes.majority_rule import majority
from standards_net.processes.mechanisms import PROCUREMENT, VENDOR_CHOICE
from standards_net.processes.opinion_averaging import averaging
from standards_net.processes.polya_urn import polya
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
    "arthur",
    "averaging",
    "bass",
    "best_response",
    "follow",
    "heat_bath",
    "independent_cascade",
    "linear_threshold",
    "logit",
    "majority",
    "polya",
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
