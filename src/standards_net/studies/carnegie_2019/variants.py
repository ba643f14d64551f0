"""Sweeps of the study: scenarios that differ from a shipped one in a single respect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["BREADTHS", "COMPATIBILITIES", "LEADS", "SHIPPED", "UNASKED", "variants"]

SHIPPED = (
    "status-quo-2019", "as-happened-2025", "one-standard", "core-allies-ban", "broad-allied-ban",
    "allied-ban-eu-korea-hedge", "bipolar-forced", "bipolar-free-nonaligned", "three-poles", "silos",
    "chinese-standard-lead", "allied-investment", "china-retaliates", "belt-and-road-push",
    "multilateral-with-china", "multilateral-without-china", "open-interfaces", "uncoordinated-bans",
)  # fmt: skip

# Scenarios and sweeps that the report shows, but that no argument from B1 to B15 uses.
UNASKED = frozenset(
    {
        "as-happened-2025", "bipolar-forced", "silos", "lead-50", "lead-100", "lead-0-until-2029",
        "lead-50-no-feedback", "lead-100-no-feedback",
    }
)  # fmt: skip

COMPATIBILITIES = (100, 75, 50, 25, 0)  # per cent
LEADS = (0, 50, 100, 150)  # hundredths of log-odds
BREADTHS: dict[str, list[str]] = {
    "core": ["USA", "JPN"],
    "five-eyes": ["USA", "JPN", "FiveEyes"],
    "nato": ["USA", "JPN", "FiveEyes", "NATO", "EU"],
    "allies": ["us"],
    "allies-and-india": ["us", "IND", "BRA", "MEX", "IDN"],
}


def variants() -> list[Mapping[str, Any]]:
    """All sweeps, as scenario mappings.

    Examples
    --------
    >>> from standards_net import load_scenario
    >>> all(load_scenario(v).name == v["name"] for v in variants())
    True
    """
    return [
        *_leads(),
        *_breadths(),
        *_compatibilities(),
        _on("no-finance", finance=[_entry(who=["all"], vendors=["china"], strength=0.0)]),
        _on("low-switching-cost", parameters={"lock_in": {"times": 0.25}}),
        _on("no-spill-over-across", parameters={"spill_over_across": 0.0}),
        _on("full-spill-over-across", parameters={"spill_over_across": {"times": 1.5}}),
        {
            "name": "harmonised-allies",
            "title": "Three poles, allied rules harmonised",
            "extends": "three-poles",
            "compatibility": [
                {"between": ["europe", family], "value": 1.0, "from": 2021, "to": 2025}
                for family in ("west", "open")
            ],
        },
    ]


def _entry(since: int = 2020, **keys: Any) -> dict[str, Any]:
    return {"from": since, **keys}


def _on(name: str, **keys: Any) -> dict[str, Any]:
    return {"name": name, "title": name, "extends": "status-quo-2019", **keys}


def _leads() -> list[dict[str, Any]]:
    """Chinese quality leads of several sizes, permanent or until 2029, feedback on or off."""
    scenarios = []
    off = {"research_feedback": 0.0, "progress_ratio": 1.0}
    for lead in LEADS:
        jump = _entry(2021, vendors=["china"], shift=lead / 100)
        scenarios.append(_on(f"lead-{lead}", quality=[jump]))
        scenarios.append(_on(f"lead-{lead}-no-feedback", quality=[jump], parameters=off))
        scenarios.append(_on(f"lead-{lead}-until-2029", quality=[{**jump, "until": 2029}]))
    return scenarios


def _breadths() -> list[dict[str, Any]]:
    """The same ban of 2021 by successively more countries; compatibility unchanged."""
    return [
        _on(f"ban-{name}", ban=[_entry(2021, who=who, vendors=["china"], remove_by=2027)])
        for name, who in BREADTHS.items()
    ]


def _compatibilities() -> list[dict[str, Any]]:
    """Policies of 2019, with families fully, partly or not compatible from 2025."""
    return [
        _on(
            f"compatibility-{value}",
            compatibility=[
                {"between": ["china", family], "value": value / 100, "from": 2021, "to": 2025}
                for family in ("west", "open")
            ],
            parameters={"compatibility_drift": 0.0},
        )
        for value in COMPATIBILITIES
    ]
