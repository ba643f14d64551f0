"""How the model did against what happened, beside simple rules."""

from __future__ import annotations

from standards_net.evidence.reports import share_reports, world_share_reports
from standards_net.evidence.rules import RULES, rule_forecasts
from standards_net.evidence.scorecard import SCORES, scorecard
from standards_net.evidence.sentences import in_points, score_sentences
from standards_net.evidence.simulated import SCENARIO, Simulated, simulate_reports

__all__ = [
    "RULES",
    "SCENARIO",
    "SCORES",
    "Simulated",
    "in_points",
    "rule_forecasts",
    "score_sentences",
    "scorecard",
    "share_reports",
    "simulate_reports",
    "world_share_reports",
]
