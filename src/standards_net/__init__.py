"""What happens to markets, interoperability and blocs if 5G and IoT split into rival standards.

>>> import standards_net as sn
>>> world = sn.load_world()
>>> result = sn.run(world, ["status-quo-2019", "silos"], draws=8, rng=7, years=range(2019, 2025))
>>> result
<Result: scenario 2, draw 8, year 6, technology 2; 38 variables>
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from standards_net.errors import DataError, ScenarioError, StandardsNetError

if TYPE_CHECKING:
    from standards_net.alignment import alignment_game, equilibria, landscape, pivotal
    from standards_net.diffusion import Diffusion, diffuse
    from standards_net.ensemble.run import run
    from standards_net.measures import (
        bloc_sizes,
        effective_standards,
        find_blocs,
        fragmentation,
        interoperability_loss,
    )
    from standards_net.processes import PROCUREMENT, VENDOR_CHOICE, Process
    from standards_net.results import Result, load_result
    from standards_net.scenario import Scenario, compile_scenario, load_scenario, scenario_names
    from standards_net.world import World, load_world, synthetic_market

# Everything beyond the errors is imported on first use, so that `import standards_net` stays light.
_ROOMS = {
    "Diffusion": "diffusion",
    "PROCUREMENT": "processes",
    "VENDOR_CHOICE": "processes",
    "Process": "processes",
    "Result": "results",
    "Scenario": "scenario",
    "World": "world",
    "alignment_game": "alignment",
    "bloc_sizes": "measures",
    "compile_scenario": "scenario",
    "diffuse": "diffusion",
    "effective_standards": "measures",
    "equilibria": "alignment",
    "find_blocs": "measures",
    "fragmentation": "measures",
    "interoperability_loss": "measures",
    "landscape": "alignment",
    "load_result": "results",
    "load_scenario": "scenario",
    "load_world": "world",
    "pivotal": "alignment",
    "run": "ensemble.run",
    "scenario_names": "scenario",
    "synthetic_market": "world",
}

__all__ = [
    "PROCUREMENT",
    "VENDOR_CHOICE",
    "DataError",
    "Diffusion",
    "Process",
    "Result",
    "Scenario",
    "ScenarioError",
    "StandardsNetError",
    "World",
    "__version__",
    "alignment_game",
    "bloc_sizes",
    "compile_scenario",
    "diffuse",
    "effective_standards",
    "equilibria",
    "find_blocs",
    "fragmentation",
    "interoperability_loss",
    "landscape",
    "load_result",
    "load_scenario",
    "load_world",
    "pivotal",
    "run",
    "scenario_names",
    "synthetic_market",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version("standards-net")
    if name not in _ROOMS:
        raise AttributeError(f"module 'standards_net' has no attribute '{name}'")
    return getattr(import_module(f"standards_net.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
