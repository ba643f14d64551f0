"""What is asked of a run, checked before anything runs; plain enough to be sent to another process."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from standards_net.checks import checked_count, checked_draws, checked_names, checked_year, shown
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.engine import Draws, blocks_of
from standards_net.ensemble.layout import RECORDED, Layout
from standards_net.ensemble.provenance import provenance
from standards_net.errors import StandardsNetError, StandardsNetWarning, one_of
from standards_net.frozen import content_digest
from standards_net.measures.inputs import WorldWeights
from standards_net.model.mechanism import Mechanism
from standards_net.model.mechanisms import as_mechanism
from standards_net.parameters import SAMPLES, ParameterSample, check_values
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.scenario import (
    Levers,
    Scenario,
    ScenarioLike,
    compile_scenario,
    is_shipped,
    load_scenarios,
)
from standards_net.scenario.semantics import entries_without_effect, own_entries
from standards_net.world.world import World

__all__ = ["FIRST_YEAR", "OwnMeasure", "Request", "checked_request", "checked_sample"]

FIRST_YEAR = 2019  # the world's tables are of its end
OwnMeasure = Callable[[Any], Any]  # of a Course, to numbers

_LOOKED_AT = 30  # entries of a scenario that a run looks at for those without effect; check looks at all


@dataclass(frozen=True)
class Request:
    """What is asked of a run.

    Attributes
    ----------
    world : World
    scenarios : tuple of Scenario
    draws : range
        R draws.
    seed : int
    sample : str
        What parameters are drawn from.
    given : mapping of str to float or (R,) array
        Parameters given instead.
    years, snapshots : tuple of int
    technologies, groups : tuple of str
    mechanism : Mechanism
    shared_draw : int or None
        The draw whose random numbers all draws have.
    measures : mapping of str to callable
        The caller's own measures of a course.
    """

    world: World
    scenarios: tuple[Scenario, ...]
    draws: range
    seed: int
    sample: str
    given: Mapping[str, float | FloatArray]
    years: tuple[int, ...]
    technologies: tuple[str, ...]
    mechanism: Mechanism
    groups: tuple[str, ...] = ()
    snapshots: tuple[int, ...] = ()
    shared_draw: int | None = None
    measures: Mapping[str, OwnMeasure] = field(default_factory=dict)

    def drawn(self) -> dict[str, Draws]:
        """Draws of each technology."""
        return {
            t: Draws.of(self.world, t, self.draws, self.seed, self.sample, self.shared_draw).given(self.given)
            for t in self.technologies
        }

    def parameters(self) -> dict[str, FloatArray]:
        """Parameters of each draw, (R,) each: those of one technology, since all have the same."""
        of = Draws.of(self.world, self.technologies[0], self.draws, self.seed, self.sample)
        return of.given(self.given).parameters

    @property
    def blocks(self) -> list[slice]:
        """Rows of the blocks that draws are computed in."""
        return blocks_of(len(self.draws))

    def part(self, scenarios: Sequence[str], rows: slice) -> Request:
        """The same request for some scenarios and draws."""
        given = {name: value[rows] if np.ndim(value) else value for name, value in self.given.items()}  # type: ignore[index]
        some = tuple(s for s in self.scenarios if s.name in scenarios)
        return replace(self, scenarios=some, draws=self.draws[rows], given=given)

    def levers(self, scenarios: Sequence[Scenario]) -> dict[tuple[str, str], Levers]:
        """Levers of some scenarios by their name and technology."""
        return {
            (s.name, t): compile_scenario(self.world, s, t, self.years)
            for s in scenarios
            for t in self.technologies
        }

    def weights(self) -> WorldWeights:
        """What measures take from the world."""
        return WorldWeights.of(self.world, self.groups)

    def layout(self) -> Layout:
        """Labels of the result."""
        kept = tuple(sorted({*self.snapshots, self.years[-1]}))
        return Layout.of(
            self.world, self.scenarios, self.draws, self.years, self.technologies, self.weights().groups, kept
        )

    def record(self) -> dict[str, Any]:
        """Provenance of the result."""
        record = provenance(
            self.world,
            self.scenarios,
            seed=self.seed,
            draws=self.draws,
            parameters=self.given or self.sample,
            years=self.years,
            technologies=self.technologies,
            mechanism=self.mechanism,
            groups=self.groups,
            snapshots=self.snapshots,
        )
        if self.shared_draw is not None:
            record["shared_draw"] = self.shared_draw
        if self.measures:
            record["measures"] = {name: _digest_of(function) for name, function in self.measures.items()}
        return record


def checked_request(
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
    shared_draw: int | None = None,
    measures: Mapping[str, OwnMeasure] | None = None,
) -> Request:
    """Check all that is asked; arguments as in :func:`standards_net.run`."""
    if not isinstance(world, World):
        raise StandardsNetError(f"world is {shown(world)}; give what load_world returns.")
    every, chosen, span = checked_draws(draws), as_mechanism(mechanism), _span(years, until)
    named, kept = tuple(checked_names("groups", groups)), _checked_snapshots(snapshots, span)
    loaded = load_scenarios(scenarios)
    sample, given = checked_sample(world, parameters, every)
    request = Request(
        world, loaded, every, seed_of(rng), sample, given, span,
        tuple(world.select_technologies(technologies)), chosen, named, kept,
        None if shared_draw is None else checked_count("shared_draw", shared_draw, least=0),
        _checked_measures(measures),
    )  # fmt: skip
    request.levers(loaded)  # a scenario that does not fit the world is told now
    for scenario in loaded:
        if not is_shipped(scenario) and own_entries(scenario) <= _LOOKED_AT:
            for told in entries_without_effect(world, scenario, span, request.technologies):
                warnings.warn(told, StandardsNetWarning, stacklevel=3)
    request.weights()
    return request


def checked_sample(world: World, parameters: Any, draws: range) -> tuple[str, dict[str, float | FloatArray]]:
    """Sample that parameters are drawn from, and values given instead."""
    import pandas as pd

    if isinstance(parameters, pd.DataFrame):
        frame = _in_order_of_draws(parameters, draws)
        parameters = {str(name): column.to_numpy() for name, column in frame.items()}
    if isinstance(parameters, Mapping):
        return "calibrated", check_values(world.parameters, parameters, len(draws))
    if not isinstance(parameters, str):
        samples = ", ".join(SAMPLES)
        raise StandardsNetError(
            f"parameters is {shown(parameters)}; it must be one of {samples}, or map names to values."
        )
    if parameters not in SAMPLES:
        raise StandardsNetError(one_of("sample of parameters", parameters, SAMPLES) + ".")
    return parameters, {}


def _in_order_of_draws(frame: Any, draws: range) -> Any:
    """Rows by draw: labelled with the draws in any order, or not labelled at all."""
    labels = list(frame.index)
    if labels == list(range(len(labels))) or labels == list(draws):
        return frame
    if len(set(labels)) == len(labels) and set(labels) == set(draws):
        return frame.loc[list(draws)]
    raise StandardsNetError(
        f"the rows of parameters are labelled {shown(labels)}; they must be the draws {draws.start} to "
        f"{draws.stop - 1}, or have no labels."
    )


def _digest_of(function: OwnMeasure) -> str:
    """What tells a function from another of the same name, as far as its code and defaults do."""
    code = getattr(function, "__code__", None)
    named = getattr(function, "__qualname__", type(function).__qualname__)
    if code is None:
        return content_digest(named)
    constants = [one for one in code.co_consts if not hasattr(one, "co_code")]
    return content_digest(
        named, code.co_code.hex(), repr((constants, code.co_names, getattr(function, "__defaults__", None)))
    )


def _span(years: Any, until: Any) -> tuple[int, ...]:
    """Years of a run, from one of the two ways to say them."""
    if years is not None and until is not None:
        raise StandardsNetError("years and until both say when the run ends; give one of them.")
    if years is None:
        last = checked_year("until", 2040 if until is None else until, FIRST_YEAR + 1)
        return tuple(range(FIRST_YEAR, last + 1))
    span = tuple(years) if isinstance(years, Iterable) and not isinstance(years, str) else ()
    span = tuple(checked_year("a year", year, 1900) for year in span)
    if len(span) < 2 or any(b - a != 1 for a, b in pairwise(span)):
        raise StandardsNetError("years must be consecutive and at least two, such as range(2019, 2041).")
    if span[0] != FIRST_YEAR:
        raise StandardsNetError(f"years start in {span[0]}; the world's tables are of {FIRST_YEAR}.")
    return span


def _checked_snapshots(snapshots: Any, span: tuple[int, ...]) -> tuple[int, ...]:
    asked = tuple(snapshots) if isinstance(snapshots, Iterable) else (snapshots,)
    for year in asked:
        if isinstance(year, bool) or not isinstance(year, int | np.integer) or year not in span:
            raise StandardsNetError(f"snapshot {shown(year)} is not among the years {span[0]} to {span[-1]}.")
    return tuple(map(int, asked))


def _checked_measures(measures: Any) -> dict[str, OwnMeasure]:
    if measures is None:
        return {}
    if not isinstance(measures, Mapping):
        raise StandardsNetError(
            f"measures is {shown(measures)}; give a mapping of names to functions of a course."
        )
    for name, function in measures.items():
        if not isinstance(name, str) or not name.isidentifier():
            raise StandardsNetError(f"measure {shown(name)} has no name of letters, digits and underscores.")
        if name in RECORDED or name.endswith("_interval"):
            raise StandardsNetError(f"measure '{name}' is recorded already; choose another name.")
        if not callable(function):
            raise StandardsNetError(f"measure '{name}' is {shown(function)}; give a function of a course.")
    return dict(measures)
