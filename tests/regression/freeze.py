"""Rewrite the frozen small study, after a change of numbers that is meant: ``make freeze``."""

import json
from pathlib import Path

import numpy as np

import standards_net as sn

FROZEN = Path(__file__).parent / "frozen.json"
SCENARIOS = ("status-quo-2019", "as-happened-2025", "bipolar-forced", "three-poles", "belt-and-road-push")
MEASURES = (
    "market_fragmentation",
    "beta",
    "gamma",
    "interoperability_loss",
    "china_share",
    "polarisation",
    "deployment",
    "total_usd",
)


def small_study() -> dict[str, dict[str, list[float]]]:
    """Medians of some measures in some years; few draws, one seed."""
    world = sn.load_world()
    result = sn.run(world, SCENARIOS, draws=16, rng=2019)
    found: dict[str, dict[str, list[float]]] = {}
    for scenario in SCENARIOS:
        for technology in world.markets:
            rows = found.setdefault(f"{scenario} {technology}", {})
            for measure in MEASURES:
                values = result.values(measure, scenario=scenario, technology=technology)
                rows[measure] = [float(f"{x:.10g}") for x in np.median(values, axis=0)[[0, 3, 11, 21]]]
    return found


if __name__ == "__main__":
    FROZEN.write_text(json.dumps(small_study(), indent=1) + "\n", encoding="utf-8")
