"""Run scenarios over draws, and repeat a run from its record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from standards_net.checks import checked_draws, checked_names, checked_year, shown
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.engine import ByBlock, Draws, RandomByYear, Task, execute
from standards_net.ensemble.provenance import (
    check_same_world,
    provenance,
    recorded_draws,
    recorded_mechanism,
)
from standards_net.ensemble.recorder import RunRecorder
from standards_net.errors import StandardsNetError, one_of
from standards_net.measures.inputs import WorldWeights
from standards_net.model.mechanism import Mechanism
from standards_net.model.mechanisms import as_mechanism
from standards_net.model.setting import Setting
from standards_net.parameters import SAMPLES, ParameterSample, check_values
from standards_net.progress import Progress
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.results import Result
from standards_net.scenario import (
    Levers,
    Scenario,
    ScenarioLike,
    compile_scenario,
    load_scenarios,
)
from standards_net.world.load import load_world
from standards_net.world.world import World

__all__ = ["checked_sample", "rerun", "run"]


def run(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    *,
    draws: int | range = 200,
    rng: RNGLike | SeedLike | None = None,
    parameters: ParameterSample = "calibrated",
    years: Iterable[int] | None = None,
    until: int | None = None,
    technologies: str | Sequence[str] | None = None,
    mechanism: str | Mechanism = "vendor-choice",
    groups: Sequence[str] = (),
    snapshots: Sequence[int] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Run one scenario or many over the same draws, with common random numbers.

    Parameters
    ----------
    world : World
        From ``load_world``.
    scenarios : scenario or sequence of scenarios
        Names of shipped scenarios, paths of TOML files, mappings, or :class:`Scenario` values.
    draws : int or range
        Samples of the uncertain parameters and of all random numbers.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed, as in SPEC 7. The same seed gives the same bytes on one kind of machine, whatever the
        threads; draw 17 has the same bytes whatever the number of draws.
    parameters : {"calibrated", "prior", "central"}, mapping of str to float or (draws,) array, or DataFrame
        From what parameters are drawn: the priors moved by what happened from 2019 to 2025, the priors as
        they are, or their central values in all draws. A mapping gives values of some parameters, one for
        all draws or one for each; the others are drawn from the calibrated sample. What a scenario sets of a
        parameter applies to the values given.
    years : iterable of int or None
        Consecutive calendar years; the first is the state of departure, 2019.
    until : int or None
        Last year, up to 2100, in place of ``years``; 2040 if neither is given.
    technologies : str, sequence of str or None
        All of the world's if None.
    mechanism : str or Mechanism
        What decides where purchases go: a name such as ``"vendor-choice"``, ``"procurement"`` or
        ``"linear-threshold"``, or an object of :mod:`standards_net.model`, such as
        ``standards_net.model.linear_threshold(0.5)``.
    groups : sequence of str
        Countries or groups whose losses, costs and shares are recorded in addition to the default groups.
    snapshots : sequence of int
        Years whose adoption is kept draw by draw; the last year always is.
    threads : int or None
        As many as there are cores if None.
    progress : callable or None
        Called with (blocks of draws done, blocks in all).

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        A scenario does not fit the world.
    StandardsNetError
        Impossible draws, years, technologies or groups; an unknown mechanism, or a process on networks.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> r = sn.run(world, ["one-standard", "silos"], draws=8, rng=7, years=range(2019, 2025))
    >>> gap = r.values("beta", scenario="silos", year=2024) - r.values(
    ...     "beta", scenario="one-standard", year=2024)
    >>> bool((gap > 0).all())
    True
    """
    if not isinstance(world, World):
        raise StandardsNetError(f"world is {shown(world)}; give what load_world returns.")
    asked = checked_draws(draws)
    chosen, groups, span = as_mechanism(mechanism), checked_names("groups", groups), _span(years, until)
    snapshots = _checked_snapshots(snapshots, span)
    request = _checked_request(world, scenarios, span, technologies, groups, snapshots)
    seed = seed_of(rng)
    recorder = RunRecorder(
        world, request.scenarios, asked, request.years, request.technologies, request.weights,
        request.snapshots,
    )  # fmt: skip
    sample, given = checked_sample(world, parameters, len(asked))
    drawn = {t: Draws.of(world, t, asked, seed, sample).given(given) for t in request.technologies}
    tasks = list(_tasks(request, drawn, chosen, recorder))
    execute(tasks, len(tasks), threads=threads, progress=progress)
    record = provenance(
        world,
        request.scenarios,
        seed=seed,
        draws=asked,
        parameters=given or sample,
        years=request.years,
        technologies=request.technologies,
        mechanism=chosen,
        groups=groups,
        snapshots=snapshots,
    )
    return recorder.result(record, next(iter(drawn.values())).parameters)


def rerun(
    result: Result,
    *,
    world: World | None = None,
    mechanism: str | Mechanism | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Repeat the run that a result came from, from its provenance alone: the same bytes.

    Parameters
    ----------
    result : Result
        From :func:`run` or :func:`load_result`.
    world : World or None
        The world of the run; the shipped one if None. Another world is refused.
    mechanism : str, Mechanism or None
        Needed only where the run had a mechanism of your own, whose code no record can hold.
    threads, progress
        As in :func:`run`.

    Returns
    -------
    Result
        Equal to ``result`` on the same kind of machine and with the same versions.

    Raises
    ------
    StandardsNetError
        Another world or mechanism than the run's, or a result that records no run.

    Examples
    --------
    >>> import standards_net as sn
    >>> r = sn.run(sn.load_world(), "silos", draws=4, rng=7, years=range(2019, 2022), mechanism="voter")
    >>> sn.rerun(r) == r
    True
    """
    if not isinstance(result, Result):
        raise StandardsNetError(
            f"result is {shown(result)}; it must be a Result, as returned by run() or load_result()."
        )
    record = result.provenance
    if "course" in record:
        raise StandardsNetError(
            "the result is of a course that was changed on its way; save the course and load it to repeat it."
        )
    missing = [key for key in _RECORDED if key not in record]
    if missing:
        raise StandardsNetError(
            f"the result does not record its {', '.join(missing)}; it cannot be repeated."
        )
    chosen = recorded_mechanism(record["mechanism"], mechanism)
    given = load_world() if world is None else world
    check_same_world(given, record)
    return run(
        given,
        list(record["scenarios"].values()),
        draws=recorded_draws(record),
        rng=record["seed"],
        parameters=record["parameters"],
        years=record["years"],
        technologies=record["technologies"],
        mechanism=chosen,
        groups=record["groups"],
        snapshots=record["snapshots"],
        threads=threads,
        progress=progress,
    )


_RECORDED = (
    "scenarios", "draws", "seed", "parameters", "years", "technologies", "mechanism", "groups", "snapshots",
    "world_sha256", "tables_sha256", "estimates_sha256",
)  # fmt: skip


@dataclass(frozen=True)
class _Request:
    """What is to be run, checked."""

    scenarios: tuple[Scenario, ...]
    years: tuple[int, ...]
    technologies: tuple[str, ...]
    levers: Mapping[tuple[str, str], Levers]
    weights: WorldWeights
    snapshots: tuple[int, ...]


def checked_sample(world: World, parameters: Any, draws: int) -> tuple[str, dict[str, float | FloatArray]]:
    """Sample that parameters are drawn from, and values given instead."""
    import pandas as pd

    if isinstance(parameters, pd.DataFrame):
        parameters = {str(name): column.to_numpy() for name, column in parameters.items()}
    if isinstance(parameters, Mapping):
        return "calibrated", check_values(world.parameters, parameters, draws)
    if not isinstance(parameters, str):
        samples = ", ".join(SAMPLES)
        raise StandardsNetError(
            f"parameters is {shown(parameters)}; it must be one of {samples}, or map names to values."
        )
    if parameters not in SAMPLES:
        raise StandardsNetError(one_of("sample of parameters", parameters, SAMPLES) + ".")
    return parameters, {}


def _tasks(
    request: _Request, drawn: Mapping[str, Draws], mechanism: Mechanism, recorder: RunRecorder
) -> Iterator[Task[None]]:
    random = {
        technology: ByBlock(partial(of.random_numbers, mechanism, request.years))
        for technology, of in drawn.items()
    }
    # Technologies stand together, since their costs are added up; and all of a block, since scenarios share
    # its draws.
    for block in next(iter(drawn.values())).blocks:
        for scenario in request.scenarios:
            for technology, of in drawn.items():
                own, levers = of.under(scenario), request.levers[scenario.name, technology]
                setting = partial(_setting, own, block, levers, random[technology])
                yield Task(setting, mechanism, partial(recorder.read, own.rows_of(block)))


def _setting(draws: Draws, block: slice, levers: Levers, random: ByBlock[RandomByYear | None]) -> Setting:
    return draws.setting(block, levers, random(block))


def _checked_request(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    span: tuple[int, ...],
    technologies: str | Sequence[str] | None,
    groups: Sequence[str],
    snapshots: Sequence[int],
) -> _Request:
    """Check everything before anything runs."""
    loaded = load_scenarios(scenarios)
    chosen = world.select_technologies(technologies)
    levers = {(s.name, t): compile_scenario(world, s, t, span) for s in loaded for t in chosen}
    kept = tuple(sorted({*snapshots, span[-1]}))
    return _Request(loaded, span, chosen, levers, WorldWeights.of(world, groups), kept)


def _span(years: Any, until: Any) -> tuple[int, ...]:
    """Years of a run, from one of the two ways to say them."""
    if years is not None and until is not None:
        raise StandardsNetError("years and until both say when the run ends; give one of them.")
    if years is None:
        return tuple(range(2019, checked_year("until", 2040 if until is None else until, 2020) + 1))
    span = tuple(years) if isinstance(years, Iterable) and not isinstance(years, str) else ()
    span = tuple(checked_year("a year", year, 1900) for year in span)
    if len(span) < 2 or any(b - a != 1 for a, b in pairwise(span)):
        raise StandardsNetError("years must be consecutive and at least two, such as range(2019, 2041).")
    if span[0] != 2019:
        raise StandardsNetError(f"years start in {span[0]}; the world's tables are of 2019.")
    return span


def _checked_snapshots(snapshots: Any, span: tuple[int, ...]) -> tuple[int, ...]:
    asked = tuple(snapshots) if isinstance(snapshots, Iterable) else (snapshots,)
    for year in asked:
        if isinstance(year, bool) or not isinstance(year, int | np.integer) or year not in span:
            raise StandardsNetError(f"snapshot {shown(year)} is not among the years {span[0]} to {span[-1]}.")
    return tuple(map(int, asked))
