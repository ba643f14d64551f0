"""Processes that spread standards over a network, for :func:`standards_net.diffuse`."""

from standards_net.processes._arthur import arthur
from standards_net.processes._averaging import averaging
from standards_net.processes._bass import bass
from standards_net.processes._best_response import best_response
from standards_net.processes._heat_bath import heat_bath
from standards_net.processes._independent_cascade import independent_cascade
from standards_net.processes._linear_threshold import linear_threshold
from standards_net.processes._logit import logit
from standards_net.processes._majority import majority
from standards_net.processes._polya import polya
from standards_net.processes._q_voter import q_voter
from standards_net.processes._voter import voter
from standards_net.processes.process import (
    UNASSIGNED,
    Labels,
    NetworkSetting,
    Process,
    Shares,
    StepReport,
)

__all__ = [
    "UNASSIGNED",
    "Labels",
    "NetworkSetting",
    "Process",
    "Shares",
    "StepReport",
    "arthur",
    "averaging",
    "bass",
    "best_response",
    "heat_bath",
    "independent_cascade",
    "linear_threshold",
    "logit",
    "majority",
    "polya",
    "q_voter",
    "voter",
]
