"""What ``standards-net check`` finds: whether tables and scenarios run, and what in them does nothing."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from standards_net.checks import LAST_YEAR
from standards_net.ensemble.run import run
from standards_net.errors import Findings, ScenarioError, StandardsNetError
from standards_net.measures import HEADLINES, MEASURES
from standards_net.scenario import Scenario, ScenarioLike, compile_scenario, load_scenario
from standards_net.scenario.schema import DATED
from standards_net.scenario.semantics import entries_without_effect
from standards_net.tables import inspect_folder
from standards_net.world import load_world
from standards_net.world.world import World

__all__ = ["inspect_data", "inspect_scenario"]

_FIRST, _LAST = 2019, 2040  # of a check; later if a scenario is about later years
_ANY = "status-quo-2019"  # a scenario that every world can run


def inspect_data(folder: str | Path) -> Findings:
    """Whether a folder of tables makes a world that runs: tables by themselves and together, and one draw.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    Findings
        All errors at once, and warnings; what has no error runs.

    Examples
    --------
    >>> from standards_net.files import data_folder
    >>> inspect_data(data_folder())
    Findings(errors=(), warnings=())
    """
    found = inspect_folder(folder)
    if found.errors:
        return found
    try:
        with _without_warnings():
            _run_one_draw(load_world(folder), load_scenario(_ANY), _LAST)
    except StandardsNetError as error:
        return Findings(error.complaints, found.warnings)
    return found


def inspect_scenario(world: World, source: ScenarioLike) -> Findings:
    """Whether a scenario runs on a world: each entry by itself, all together, and one draw.

    Parameters
    ----------
    world : World
    source : name, path, mapping or Scenario

    Returns
    -------
    Findings
        All errors at once; warnings of entries that change nothing, with what stands in the way.

    Examples
    --------
    >>> import standards_net as sn
    >>> inspect_scenario(sn.load_world(), "silos")
    Findings(errors=(), warnings=())
    """
    try:
        scenario = load_scenario(source)
    except StandardsNetError as error:
        return Findings(error.complaints)
    last = min(max([_LAST, *_dates(scenario)]), LAST_YEAR)
    errors = tuple(dict.fromkeys(_errors(world, scenario, last)))
    if errors:
        return Findings(errors)
    told = entries_without_effect(world, scenario, tuple(range(_FIRST, last + 1)), tuple(world.markets))
    try:
        with _without_warnings():
            _run_one_draw(world, scenario, last)
    except StandardsNetError as error:
        return Findings(error.complaints, told)
    return Findings((), told)


def _dates(scenario: Scenario) -> Iterator[int]:
    """Years in which something of a scenario begins or is reached."""
    for name in DATED:
        for entry in getattr(scenario.file, name):
            yield entry.since
            yield getattr(entry, "to", None) or entry.since


def _errors(world: World, scenario: Scenario, last: int) -> Iterator[str]:
    """Complaints of each own entry by itself, so that the first does not hide the others; then of all."""
    own = scenario.generations[-1]
    nothing: dict[str, object] = {**dict.fromkeys(DATED, ()), "parameters": {}}
    names_alone = replace(scenario, generations=(*scenario.generations[:-1], own.model_copy(update=nothing)))
    try:
        compile_scenario(world, names_alone, next(iter(world.markets)), range(_FIRST, last + 1))
    except ScenarioError as error:
        # Without what is wrong with poles and standards the entries can be looked at one by one.
        yield from error.complaints
        own = own.model_copy(update={"pole": (), "standards": {}})
    alone = [
        own.model_copy(update={**nothing, name: (entry,)}) for name in DATED for entry in getattr(own, name)
    ]
    alone.append(own.model_copy(update={**nothing, "parameters": own.parameters}))
    variants = [replace(scenario, generations=(*scenario.generations[:-1], file)) for file in alone]
    for one in variants if own is not scenario.generations[-1] else (*variants, scenario):
        for technology in world.markets:
            try:
                compile_scenario(world, one, technology, range(_FIRST, last + 1))
            except ScenarioError as error:
                yield from error.complaints


def _run_one_draw(world: World, scenario: Scenario, last: int) -> None:
    result = run(world, scenario, draws=1, rng=0, until=last)
    for name in HEADLINES:
        if not np.isfinite(result.values(name)).all() and not MEASURES[name].undefined:
            raise ScenarioError(
                f"{scenario.origin}: {name} is not a finite number in some year; entries add up too far."
            )


def _without_warnings() -> warnings.catch_warnings[None]:
    """Ours have been found already, and numbers that overflow are told by what they make of the result."""
    return warnings.catch_warnings(action="ignore")
