"""Sweeps of the study: scenarios that differ from a shipped one in a single respect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["BREADTHS", "COMPATIBILITIES", "LARGEST_LEAD", "LEADS", "SHIPPED", "variants"]

SHIPPED = (
    "status-quo-2019", "as-happened-2025", "one-standard", "core-allies-ban", "broad-allied-ban",
    "allied-ban-eu-korea-hedge", "bipolar-forced", "bipolar-free-nonaligned", "three-poles", "silos",
    "chinese-standard-lead", "allied-investment", "china-retaliates", "belt-and-road-push",
    "multilateral-with-china", "multilateral-without-china", "open-interfaces", "uncoordinated-bans",
)  # fmt: skip

COMPATIBILITIES = (100, 75, 50, 25, 0)  # per cent
LEADS = (50, 100, 150)  # hundredths of log-odds
LARGEST_LEAD = LEADS[-1]
# Ever wider bans: scenario by who bans.
BREADTHS = {
    "United States and Japan": "core-allies-ban",
    "and the Five Eyes": "ban-five-eyes",
    "and NATO and the European Union": "ban-nato",
    "all allies": "broad-allied-ban",
    "and India, Brazil, Mexico and Indonesia": "ban-allies-and-india",
}
_JOINING = {
    "ban-five-eyes": ["FiveEyes"],
    "ban-nato": ["FiveEyes", "NATO", "EU"],
    "ban-allies-and-india": ["us", "IND", "BRA", "MEX", "IDN"],
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
    """Chinese quality leads: of several sizes until 2029; the largest for good, feedback on and off."""
    off = {"research_feedback": 0.0, "progress_ratio": 1.0}

    def jump(lead: int, **keys: Any) -> list[dict[str, Any]]:
        return [_entry(2021, vendors=["china"], shift=lead / 100, **keys)]

    return [
        _on("no-feedback", parameters=off),
        _on(f"lead-{LARGEST_LEAD}", quality=jump(LARGEST_LEAD)),
        _on(f"lead-{LARGEST_LEAD}-no-feedback", quality=jump(LARGEST_LEAD), parameters=off),
        *(_on(f"lead-{lead}-until-2029", quality=jump(lead, until=2029)) for lead in LEADS),
    ]


def _breadths() -> list[dict[str, Any]]:
    """Between the shipped bans by the core and by all allies, and beyond: further countries join in 2021."""
    return [
        {
            "name": name,
            "title": name,
            "extends": "core-allies-ban",
            "ban": [_entry(2021, who=who, vendors=["china"], remove_by=2027)],
        }
        for name, who in _JOINING.items()
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
