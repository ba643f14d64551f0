"""A panel of a report in which a reader picks a country."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from markupsafe import Markup

from standards_net.briefs.brief import CountryBrief, brief_of
from standards_net.reports.seen import Seen

__all__ = ["country_picker"]

_TEMPLATES = Path(__file__).parent / "templates"


def country_picker(seen: Seen) -> Markup:
    """Any country's headlines; its whole page is what ``brief`` writes.

    Parameters
    ----------
    seen : Seen
        With runs of all countries.
    """
    from jinja2 import Environment, FileSystemLoader

    content = {code: _content(seen, code) for code in seen.world.countries}
    packed = json.dumps(content, ensure_ascii=True).replace("<", "\\u003c")
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    return Markup(
        environment.get_template("picker.html").render(
            names=sorted((each["name"], code) for code, each in content.items()),
            content=Markup(packed),
        )
    )


def _content(seen: Seen, code: str) -> dict[str, Any]:
    briefs = [brief_of(seen.countries, code, scenario.name) for scenario in seen.shown]
    return {
        "name": briefs[0].name,
        "said": [_policy(briefs[0]), _side(briefs[0])],
        "scenarios": [
            {
                "title": brief.scenario.title,
                "rows": [[one.label, one.value, one.difference, one.chance] for one in brief.headlines],
            }
            for brief in briefs
        ],
    }


def _policy(brief: CountryBrief) -> str:
    policy = brief.policy
    if not policy:
        return "No policy towards Chinese network vendors is on record."
    return (
        f"Policy on record: {policy['in October 2019']} in October 2019, latest {policy['latest']} "
        f"({policy['source']})."
    )


def _side(brief: CountryBrief) -> str:
    chances = ", ".join(f"{name} {chance}" for name, chance in brief.side.items())
    return f"Chance of standing with each side: {chances}."
