"""Designs of experiments as runs: every row of a design is a draw with parameters of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from standards_net.checks import checked_names, shown
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.run import run
from standards_net.errors import StandardsNetError, one_of
from standards_net.measures.table import MEASURES
from standards_net.parameters import Parameter
from standards_net.results import Result
from standards_net.scenario import ScenarioLike
from standards_net.world.world import World

__all__ = ["checked_measures", "run_design", "varied_parameters"]


def varied_parameters(world: World, names: Sequence[str] | None = None) -> list[Parameter]:
    """Parameters that a design varies: those that are named, or all whose prior is not fixed.

    Raises
    ------
    StandardsNetError
        An unknown parameter, or one whose prior is fixed.
    """
    if not isinstance(world, World):
        raise StandardsNetError(f"world is {shown(world)}; give what load_world returns.")
    if names is None:
        return [p for p in world.parameters.values() if p.prior != "fixed"]
    named = list(checked_names("parameters", names))
    for name in named:
        if named.count(name) > 1:
            raise StandardsNetError(f"parameter {name} is named twice.")
    found = [world.parameters[name] for name in named]
    for parameter in found:
        if parameter.prior == "fixed":
            raise StandardsNetError(f"{parameter.name} has a fixed value; give a parameter with a prior.")
    if not found:
        raise StandardsNetError("no parameter is named; name some, or leave parameters out.")
    return found


def checked_measures(measures: str | Sequence[str]) -> list[str]:
    """Names of measures with one number for each draw and year."""
    names = list(checked_names("measures", [measures] if isinstance(measures, str) else measures))
    for name in names:
        if name not in MEASURES:
            raise StandardsNetError(one_of("measure", name, MEASURES) + ".")
    if not names:
        raise StandardsNetError(f"no measure is named; name some of {', '.join(MEASURES)}.")
    return names


def run_design(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    design: Mapping[str, FloatArray],
    *,
    draw: int | None,
    **asked: Any,
) -> Result:
    """Run the rows of a design; parameters that it does not name have their central values.

    Parameters
    ----------
    world, scenarios
    design : mapping of str to (rows,) array
    draw : int or None
        The draw whose random numbers all rows have; row r has those of draw r if None.
    **asked
        As in :func:`standards_net.run`.
    """
    rows = len(next(iter(design.values())))
    central = {name: p.default for name, p in world.parameters.items()}
    values = central | {name: np.asarray(column, dtype=np.float64) for name, column in design.items()}
    return run(world, scenarios, draws=rows, parameters=values, shared_draw=draw, **asked)
