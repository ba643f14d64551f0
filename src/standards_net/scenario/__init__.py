"""Scenarios: their schema, reading them, and compiling them into levers."""

from standards_net.scenario.levers import Levers, compile_scenario
from standards_net.scenario.read import (
    Scenario,
    ScenarioLike,
    is_shipped,
    load_scenario,
    load_scenarios,
    scenario_from_text,
    scenario_names,
)
from standards_net.scenario.schema import json_schema

__all__ = [
    "Levers",
    "Scenario",
    "ScenarioLike",
    "compile_scenario",
    "is_shipped",
    "json_schema",
    "load_scenario",
    "load_scenarios",
    "scenario_from_text",
    "scenario_names",
]
