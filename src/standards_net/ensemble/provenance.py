"""Where a result comes from: versions, seed, data and scenarios; no clock."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from standards_net.scenario import Scenario
from standards_net.world.world import World

__all__ = ["provenance"]


def provenance(
    world: World, scenarios: Sequence[Scenario], seed: int, draws: int, process: str
) -> dict[str, Any]:
    """Everything needed to run again and get the same bytes."""
    return {
        "standards_net": version("standards-net"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "seed": seed,
        "draws": draws,
        "process": process,
        "tables_sha256": dict(sorted(world.hashes.items())),
        "scenarios": {s.name: s.to_dict() for s in scenarios},
    }
