"""Run scenarios over draws: blocks of draws side by side, threads over blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.ensemble.observe import Lens, observe
from standards_net.ensemble.provenance import provenance
from standards_net.ensemble.record import Record
from standards_net.errors import StandardsNetError
from standards_net.parameters import draw_parameters
from standards_net.processes import VENDOR_CHOICE, Process, follow
from standards_net.processes.mechanisms import world_process
from standards_net.processes.setting import (
    Beginnings,
    build_setting,
    draw_beginnings,
    luck_of_purchases,
    luck_of_tenders,
)
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.results import Result
from standards_net.scenario import Levers, Scenario, compile_scenario, load_scenario
from standards_net.scenario.schema import Times
from standards_net.world.world import World

__all__ = ["BLOCK", "check_whole", "overridden", "run"]

BLOCK = 256  # draws that are carried side by side; fixed, so that results do not depend on it

ScenarioLike = str | Path | Mapping[str, Any] | Scenario


def run(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    *,
    draws: int = 200,
    rng: RNGLike | SeedLike | None = None,
    years: Iterable[int] = range(2019, 2041),
    technologies: Sequence[str] | None = None,
    process: Process = VENDOR_CHOICE,
    groups: Sequence[str] = (),
    snapshots: Sequence[int] = (),
    threads: int | None = None,
    block: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Run one scenario or many over the same draws and the same luck.

    Parameters
    ----------
    world : World
        From ``load_world``.
    scenarios : scenario or sequence of scenarios
        Names of shipped scenarios, paths of TOML files, mappings, or :class:`Scenario` values.
    draws : int
        Samples of the uncertain parameters and of luck.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed, as in SPEC 7. The same seed gives the same bytes, whatever the threads.
    years : iterable of int
        Consecutive calendar years; the first is the state of departure, 2019.
    technologies : sequence of str or None
        All of the world's if None.
    process : Process
        ``VENDOR_CHOICE`` (expectation mode), ``PROCUREMENT``, another mechanism of
        ``standards_net.processes.mechanisms``, or a process on networks that has a rule.
    groups : sequence of str
        Countries or groups whose losses, costs and shares are to be recorded beside the camps'.
    snapshots : sequence of int
        Years whose adoption is kept draw by draw; the last year always is.
    threads : int or None
        As many as there are cores if None.
    block : int or None
        Draws that are carried side by side, a fixed number if None. A small block is faster for fewer
        draws than that; the luck is the same, but the last digits may differ.
    progress : callable or None
        Called with (blocks done, blocks in all).

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        A scenario does not fit the world.
    StandardsNetError
        Impossible draws, years, technologies or groups; a process that cannot move the world.

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
    check_whole("draws", draws)
    for name, value in (("threads", threads), ("block", block)):
        if value is not None:
            check_whole(name, value)
    if not hasattr(process, "step"):
        raise StandardsNetError(f"process is {process!r}; give VENDOR_CHOICE or PROCUREMENT.")
    process = world_process(process)
    plan = _plan(world, scenarios, years, technologies, groups, snapshots)
    seed = seed_of(rng)
    size = BLOCK if block is None else block
    blocks = [slice(at, at + size) for at in range(0, draws, size)]
    padded = len(blocks) * size
    drawn = draw_parameters(world.parameters, padded, seed)
    record = Record(world, plan.scenarios, draws, plan.years, plan.technologies, plan.lens)

    from threadpoolctl import threadpool_limits

    def jobs() -> Iterator[tuple[_Job, slice]]:
        for technology in plan.technologies:
            beginnings = draw_beginnings(world, technology, seed, slice(0, padded))
            first = plan.levers[plan.scenarios[0].name, technology]
            # Scenarios meet the same luck: it is drawn once for all of them.
            luck = {block.start: _luck(process, world, first, seed, block) for block in blocks}
            for scenario in plan.scenarios:
                levers = plan.levers[scenario.name, technology]
                parameters = overridden(drawn, scenario)
                job = _Job(world, levers, parameters, beginnings, luck, process, record, plan.lens)
                yield from ((job, block) for block in blocks)

    total = len(plan.scenarios) * len(plan.technologies) * len(blocks)
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        # One queue for all, so that no core waits for the last block of a scenario.
        for done, _ in enumerate(pool.map(lambda one: one[0].carry(one[1]), jobs()), start=1):
            if progress is not None:
                progress(done, total)
    return record.result(provenance(world, plan.scenarios, seed, draws, process.name))


@dataclass(frozen=True)
class _Plan:
    scenarios: tuple[Scenario, ...]
    years: tuple[int, ...]
    technologies: tuple[str, ...]
    levers: Mapping[tuple[str, str], Levers]
    lens: Lens


def _plan(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    years: Iterable[int],
    technologies: Sequence[str] | None,
    groups: Sequence[str],
    snapshots: Sequence[int],
) -> _Plan:
    """Check everything before anything runs."""
    single = isinstance(scenarios, str | Path | Mapping | Scenario)
    wanted: Sequence[Any] = [scenarios] if single else list(scenarios)  # type: ignore[arg-type]
    for one in wanted:
        if not isinstance(one, str | Path | Mapping | Scenario):
            raise StandardsNetError(
                f"{one!r} is no scenario; give a name, a path, a mapping or what load_scenario returns."
            )
    if not wanted:
        raise StandardsNetError("no scenario given; name at least one.")
    loaded = tuple(load_scenario(s) for s in wanted)
    names = [s.name for s in loaded]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise StandardsNetError(f"scenario '{twice[0]}' is given twice; names must differ.")
    span, chosen = _span(years), tuple(world.markets if technologies is None else technologies)
    _check(world, span, chosen, snapshots)
    levers = {(s.name, t): compile_scenario(world, s, t, span) for s in loaded for t in chosen}
    lens = Lens.of(world, groups, (*snapshots, span[-1]))
    return _Plan(loaded, span, chosen, levers, lens)


def _span(years: Any) -> tuple[int, ...]:
    span = tuple(int(year) for year in years) if isinstance(years, Iterable) else ()
    if len(span) < 2 or any(b - a != 1 for a, b in pairwise(span)):
        raise StandardsNetError("years must be consecutive and at least two, such as range(2019, 2041).")
    if span[0] != 2019:
        raise StandardsNetError(f"years start in {span[0]}; the world's tables are of 2019.")
    return span


def check_whole(name: str, value: Any) -> None:
    """Say so if what should be a whole number of at least 1 is not."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
        raise StandardsNetError(f"{name} is {value!r}; it must be a whole number of at least 1.")


def _check(world: World, span: Sequence[int], technologies: Sequence[str], snapshots: Sequence[int]) -> None:
    for technology in technologies:
        world.market(technology)
    if len(set(technologies)) != len(technologies):
        raise StandardsNetError(f"technologies are {', '.join(technologies)}; name each once.")
    for year in snapshots:
        if year not in span:
            raise StandardsNetError(f"snapshot {year} is not among the years {span[0]} to {span[-1]}.")


def overridden(drawn: Mapping[str, FloatArray], scenario: Scenario) -> dict[str, FloatArray]:
    """Draws of the parameters with a scenario's overrides applied."""
    changed = dict(drawn)
    for name, change in scenario.file.parameters.items():
        changed[name] = (
            drawn[name] * change.times if isinstance(change, Times) else np.full_like(drawn[name], change)
        )
    return changed


def _luck(
    process: Process, world: World, levers: Levers, seed: int, block: slice
) -> Callable[[int], FloatArray] | None:
    """Luck of the purchases of a block of draws, of which expectation mode needs none."""
    if process.operators:
        return luck_of_tenders(world, levers, seed, block, process.operators)
    return None if process.rule is None else luck_of_purchases("mechanism", world, levers, seed, block, 1)


@dataclass(frozen=True)
class _Job:
    """One scenario and technology; ``carry`` takes a block of draws through all years."""

    world: World
    levers: Levers
    parameters: Mapping[str, FloatArray]
    beginnings: Beginnings
    luck: Mapping[int, Callable[[int], FloatArray] | None]  # by first draw of a block
    process: Process
    record: Record
    lens: Lens

    def carry(self, block: slice) -> None:
        parameters = {name: values[block] for name, values in self.parameters.items()}
        luck, beginnings = self.luck[block.start], self.beginnings.block(block)
        setting = build_setting(self.world, self.levers, parameters, beginnings, luck)
        before = None
        for state, info in follow(self.process, setting):
            seen = observe(state, info, setting, self.lens)
            if before is None:
                self.record.first(block, setting, seen)
            else:
                self.record.year(block, setting, before, state, seen)
            before = state
