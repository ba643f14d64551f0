"""What happens to markets, interoperability and blocs if 5G and IoT split into rival standards.

>>> import standards_net as sn
>>> world = sn.load_world()
>>> result = sn.run(world, ["status-quo-2019", "silos"], draws=8, rng=7, years=range(2019, 2025))
>>> result
<Result: scenario 2, draw 8, year 6, technology 3; 56 variables>
"""

from importlib import import_module
from importlib.metadata import version as _version
from typing import TYPE_CHECKING

from standards_net.errors import (
    DataError,
    ScenarioError,
    StandardsNetError,
    StandardsNetWarning,
    UnknownNameError,
)

if TYPE_CHECKING:
    # What type checkers see; at run time everything beyond the errors is imported on first use.
    from standards_net import (
        adapters,
        alignment,
        briefs,
        diffusion,
        drawing,
        estimation,
        evidence,
        measures,
        model,
        networks,
        processes,
        reports,
        results,
        scenario,
        sensitivity,
        world,
    )
    from standards_net.alignment import alignment_game, equilibria, landscape, pivotal
    from standards_net.diffusion import Diffusion, diffuse
    from standards_net.ensemble.course import Course, begin, load_course
    from standards_net.ensemble.pieces import Part, Piece, join, split
    from standards_net.ensemble.run import rerun, run
    from standards_net.ensemble.stream import stream
    from standards_net.estimation import FittedChoice, fit_choice
    from standards_net.measures import (
        bloc_sizes,
        effective_standards,
        find_blocs,
        fragmentation,
        interoperability_loss,
    )
    from standards_net.model import Mechanism
    from standards_net.processes import Process
    from standards_net.results import Result, load_result
    from standards_net.scenario import Scenario, compile_scenario, load_scenario, scenario_names
    from standards_net.sensitivity import sobol_indices
    from standards_net.status import Status
    from standards_net.world import World, load_world, synthetic_market

    __version__: str

_ROOM_OF = {
    "Course": "ensemble.course",
    "Diffusion": "diffusion",
    "FittedChoice": "estimation",
    "Mechanism": "model",
    "Part": "ensemble.pieces",
    "Piece": "ensemble.pieces",
    "Process": "processes",
    "Result": "results",
    "Scenario": "scenario",
    "Status": "status",
    "World": "world",
    "alignment_game": "alignment",
    "begin": "ensemble.course",
    "bloc_sizes": "measures",
    "compile_scenario": "scenario",
    "diffuse": "diffusion",
    "effective_standards": "measures",
    "equilibria": "alignment",
    "find_blocs": "measures",
    "fit_choice": "estimation",
    "fragmentation": "measures",
    "interoperability_loss": "measures",
    "join": "ensemble.pieces",
    "landscape": "alignment",
    "load_course": "ensemble.course",
    "load_result": "results",
    "load_scenario": "scenario",
    "load_world": "world",
    "pivotal": "alignment",
    "rerun": "ensemble.run",
    "run": "ensemble.run",
    "scenario_names": "scenario",
    "sobol_indices": "sensitivity",
    "split": "ensemble.pieces",
    "stream": "ensemble.stream",
    "synthetic_market": "world",
}
_ROOMS = (
    "adapters", "alignment", "briefs", "diffusion", "drawing", "estimation", "evidence", "measures", "model",
    "networks", "processes", "reports", "results", "scenario", "sensitivity", "world",
)  # fmt: skip

__all__ = [
    "Course",
    "DataError",
    "Diffusion",
    "FittedChoice",
    "Mechanism",
    "Part",
    "Piece",
    "Process",
    "Result",
    "Scenario",
    "ScenarioError",
    "StandardsNetError",
    "StandardsNetWarning",
    "Status",
    "UnknownNameError",
    "World",
    "__version__",
    "adapters",
    "alignment",
    "alignment_game",
    "begin",
    "bloc_sizes",
    "briefs",
    "compile_scenario",
    "diffuse",
    "diffusion",
    "drawing",
    "effective_standards",
    "equilibria",
    "estimation",
    "evidence",
    "find_blocs",
    "fit_choice",
    "fragmentation",
    "interoperability_loss",
    "join",
    "landscape",
    "load_course",
    "load_result",
    "load_scenario",
    "load_world",
    "measures",
    "model",
    "networks",
    "pivotal",
    "processes",
    "reports",
    "rerun",
    "results",
    "run",
    "scenario",
    "scenario_names",
    "sensitivity",
    "sobol_indices",
    "split",
    "stream",
    "synthetic_market",
    "world",
]

# Type checkers do not see this function, so that they complain about names that do not exist.
if not TYPE_CHECKING:

    def __getattr__(name):
        if name == "__version__":
            return _version("standards-net")
        if name in _ROOMS:
            return import_module(f"standards_net.{name}")
        if name not in _ROOM_OF:
            raise AttributeError(f"module 'standards_net' has no attribute '{name}'")
        return getattr(import_module(f"standards_net.{_ROOM_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
