"""A run that is stepped year by year, looked at, changed from outside, and branched.

A course is a value: every step and every change gives a new one, and the old one can go on another way. It
holds the state of its year and what was asked of it so far, so that its result can be computed, and the
course saved and restored, by going through the years again: byte by byte what a run gives.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from standards_net.checks import checked_count, shown
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.changes import Change, checked_entries, checked_given, weights_as_given
from standards_net.ensemble.course_blocks import (
    Asked,
    Block,
    Now,
    begin_blocks,
    change_blocks,
    side_by_side,
    step_blocks,
)  # fmt: skip
from standards_net.ensemble.memory import check_memory_of_states
from standards_net.ensemble.observation import measure_inputs
from standards_net.ensemble.over_draws import OverDraws
from standards_net.ensemble.provenance import check_same_world, recorded_draws, recorded_mechanism
from standards_net.ensemble.recorder import Recorder, Recording, result_of
from standards_net.ensemble.request import FIRST_YEAR, Request, checked_request
from standards_net.errors import StandardsNetError, StandardsNetWarning, one_of
from standards_net.files import read_text, write_text
from standards_net.measures.inputs import CAMPS, ITEMS, WEIGHTS, MeasureInputs, WorldWeights
from standards_net.measures.table import BREAKDOWNS, COUNTRY_MEANS, MEASURES
from standards_net.model.mechanism import Mechanism
from standards_net.parameters import ParameterSample
from standards_net.randomness import RNGLike, SeedLike
from standards_net.results import Result
from standards_net.scenario import Scenario, ScenarioLike, load_scenario
from standards_net.scenario.semantics import entries_without_effect
from standards_net.world.load import load_world
from standards_net.world.world import World

__all__ = ["Course", "begin", "load_course", "started"]

_FORMAT = "standards_net course 1"
_NO_COURSE = "is not a course that Course.save has written."
# By country they are values of draws here, not means over them.
_VALUES = {**MEASURES, **BREAKDOWNS} | {
    name.replace("mean_", "country_"): measure for name, measure in COUNTRY_MEANS.items()
}


@dataclass(frozen=True, eq=False, repr=False)
class Course:
    """A scenario at the end of a year, in R draws; made by :func:`begin`, and never changed itself.

    Attributes
    ----------
    world : World
    scenario : Scenario
        With what was changed so far.
    year : int
        Calendar year that is over.
    """

    world: World
    scenario: Scenario
    year: int
    _asked: Asked
    _changes: tuple[Change, ...]
    _weights: WorldWeights
    _now: Mapping[Block, Now]

    def __repr__(self) -> str:
        """One line."""
        return f"<Course: {self.scenario.name} at the end of {self.year}, {self.draws} draws>"

    @property
    def draws(self) -> int:
        """Number of draws, R."""
        return len(self._asked.request.draws)

    @property
    def technologies(self) -> tuple[str, ...]:
        """Technologies that are simulated."""
        return self._asked.request.technologies

    @property
    def last_year(self) -> int:
        """Last year that may be reached."""
        return self._asked.request.years[-1]

    @property
    def standards(self) -> tuple[str, ...]:
        """Standards of the scenario, in the order of axes."""
        return self._labels("standard", self.technologies[0])

    @property
    def done(self) -> bool:
        """Whether the last year is over."""
        return self.year >= self.last_year

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What was changed so far, as plain data: year, entries, and digests of values that were given."""
        return [change.summary() for change in self._changes]

    # -- going on -----------------------------------------------------------------------------

    def step(self, years: int = 1) -> Course:
        """The course some years later.

        Raises
        ------
        StandardsNetError
            Beyond the last year.

        Examples
        --------
        >>> import standards_net as sn
        >>> course = begin(sn.load_world(), "silos", draws=4, rng=1, until=2022, technologies="radio")
        >>> course.step(2), course.step(2).step().done
        (<Course: silos at the end of 2021, 4 draws>, True)
        """
        years = checked_count("years", years)
        if self.year + years > self.last_year:
            raise StandardsNetError(
                f"the course is at the end of {self.year} and goes to {self.last_year}; it cannot step "
                f"{years} {'year' if years == 1 else 'years'} on."
            )
        now = step_blocks(self._asked, years, self._now)
        weights = weights_as_given(self.world, self._changes, self._weights)
        return replace(self, year=self.year + years, _weights=weights, _now=now)

    def changed(self, **entries: Any) -> Course:
        """The same course under further entries of a scenario, from the next year on.

        Parameters
        ----------
        **entries
            Lists of entries as in a scenario file, such as ``ban=[{"who": ["BRA"], "vendors": ["huawei"],
            "from": 2030}]``.

        Raises
        ------
        ScenarioError
            Entries that do not conform to the schema, or begin in a year that is over; standards, poles,
            parameters and the policies to start from, which hold from the beginning.

        Warns
        -----
        StandardsNetWarning
            Entries that change nothing, and what stands in the way.

        Examples
        --------
        >>> import standards_net as sn
        >>> course = begin(sn.load_world(), "silos", draws=4, rng=1, until=2024, technologies="radio").step(3)
        >>> ban = [{"who": ["BRA"], "vendors": ["huawei"], "from": 2023}]
        >>> course.changed(ban=ban).step().scenario.file.ban[-1].who
        ('BRA',)
        """
        course = self._changed(entries)
        years = course._asked.request.years
        for told in entries_without_effect(course.world, course.scenario, years, course.technologies):
            warnings.warn(told, StandardsNetWarning, stacklevel=2)
        return course

    def _changed(self, entries: Mapping[str, Any]) -> Course:
        """The same without a look at entries that change nothing: a policy may repeat what it wants."""
        self._check_that_it_goes_on()
        plain = checked_entries(self.scenario, entries, self.year)
        return self._with(Change(self.year, entries=plain))

    def given(
        self,
        *,
        adoption: Any = None,
        market_share: Any = None,
        gdp_usd: Any = None,
        trade_usd: Any = None,
        tariff: Any = None,
    ) -> Course:
        """The same course with values from outside, which hold until others are given.

        Adoption is what is in use at the end of the year, on either base and by all operators of the country;
        the model goes on from there. All else begins with the next year: market shares reach choice (through
        what vendors learn and earn) and measures; GDP and trade reach measures, and alignments by trade in
        entries that are added later, but not the ties between countries, which are those of 2019. A tariff
        makes vendors of the other country dearer for buyers; it is neither the vendors' revenue nor a cost to
        the country that levies it.

        Parameters
        ----------
        adoption : DataFrame or array, or mapping of technology to them
            Shares by vendor: countries by vendors, (N, V), or (R, N, V); rows add up to 1. Countries that a
            DataFrame leaves out keep theirs.
        market_share : Series or array, or mapping of technology to them
            Shares of world demand, (N,) or draw by draw (R, N), adding up to 1.
        gdp_usd : Series, DataFrame or array
            USD per year, (N,) or (R, N). Countries that a Series leaves out, or a DataFrame of draws by
            countries, keep theirs.
        trade_usd : DataFrame or (N, N) array
            Goods trade in both directions, USD per year; symmetric. Pairs that a DataFrame leaves out keep
            theirs.
        tariff : DataFrame or (N, N) array
            Rate by importer and exporter, such as 0.25; 0 where a DataFrame says nothing.

        Raises
        ------
        StandardsNetError
            Values of another shape or out of bounds, unknown countries or vendors; adoption under mechanisms
            whose buyers remember what they chose; a course that is done.

        Examples
        --------
        >>> import pandas as pd, standards_net as sn
        >>> course = begin(sn.load_world(), "silos", draws=4, rng=1, until=2024, technologies="radio").step()
        >>> halves = pd.DataFrame({"ericsson": [0.5], "nokia": [0.5]}, index=["KEN"])
        >>> course.given(adoption=halves).values("country_adoption", country="KEN", vendor="nokia").tolist()
        [0.5, 0.5, 0.5, 0.5]
        """
        values = {
            "adoption": adoption,
            "market_share": market_share,
            "gdp_usd": gdp_usd,
            "trade_usd": trade_usd,
            "tariff": tariff,
        }
        self._check_that_it_goes_on()
        given = checked_given(self.world, self._changes, self.technologies, self.draws, values)
        if "adoption" in given and any(at.state.holders.shape[-1] for at in self._now.values()):
            raise StandardsNetError(
                f"under {self._asked.request.mechanism.name} buyers remember their choices; adoption cannot "
                "be given."
            )
        return self._with(Change(self.year, given=given))

    def _check_that_it_goes_on(self) -> None:
        if self.done:
            raise StandardsNetError(f"{self.year} is the course's last year; nothing is left to change.")

    def _with(self, change: Change) -> Course:
        """The course after a checked change at the end of its year."""
        scenario = self.scenario.extended(**change.entries) if change.entries else self.scenario
        changes = (*self._changes, change)
        now = change_blocks(self.world, self._asked, scenario, changes, self._now)
        return replace(self, scenario=scenario, _changes=changes, _now=now)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as what was asked; unpickling goes through the years again."""
        return _restored, (self._asked.request, self._changes, self.year)

    # -- looking ------------------------------------------------------------------------------

    def values(self, name: str, /, **where: Any) -> FloatArray:
        """A measure at the end of the year, draws first.

        Parameters
        ----------
        name : str
            A measure that a run records, or one by country and draw: ``country_adoption``, ``country_share``,
            ``country_deployment``, ``country_loss``, ``country_cost_usd``.
        **where
            ``technology``, if there are several; and axis = label of the measure's other axes.

        Returns
        -------
        (R, ...) array

        Raises
        ------
        UnknownNameError, StandardsNetError
            Unknown measure, axis or label.

        Examples
        --------
        >>> import standards_net as sn
        >>> course = begin(sn.load_world(), "silos", draws=4, rng=1, until=2024, technologies="radio").step()
        >>> course.values("china_share").shape, course.values("country_share", country="DEU").shape
        ((4,), (4, 5))
        """
        measure = _VALUES.get(str(name))
        if measure is None:
            raise StandardsNetError(one_of("measure", name, _VALUES) + ".")
        technology = self._technology(where.pop("technology", None))
        own = {block: at for block, at in self._now.items() if block.technology == technology}
        index: list[Any] = [slice(None)] * (1 + len(measure.dims))
        for axis, label in where.items():
            if axis not in measure.dims:
                has = ", ".join(measure.dims) or "none but draws"
                raise StandardsNetError(f"'{name}' has no axis '{axis}'; it has {has}.")
            labels = self._labels(axis, technology)
            if axis == "country" and isinstance(label, str):
                label = self.world.code(label)
            if label not in labels:
                raise StandardsNetError(one_of(axis, label, labels) + ".")
            index[1 + measure.dims.index(axis)] = labels.index(label)
        found = [measure.function(self._inputs(block)) for block in own]
        return np.asarray(np.concatenate(found)[: self.draws][tuple(index)])

    def _technology(self, name: str | None) -> str:
        if name is None and len(self.technologies) > 1:
            raise StandardsNetError(f"name a technology; the course has {', '.join(self.technologies)}.")
        if name is not None and name not in self.technologies:
            raise StandardsNetError(one_of("technology", name, self.technologies) + ".")
        return name or self.technologies[0]

    def _labels(self, axis: str, technology: str) -> tuple[str, ...]:
        levers = next(at.setting.levers for block, at in self._now.items() if block.technology == technology)
        labels: dict[str, tuple[str, ...]] = {
            "country": self.world.countries,
            "vendor": self.world.market(technology).vendors,
            "standard": levers.standards,
            "group": self._weights.groups,
            "camp": CAMPS,
            "item": ITEMS,
            "weight": WEIGHTS,
        }
        return labels[axis]

    def _inputs(self, block: Block) -> MeasureInputs:
        at = self._now[block]
        weights = self._weights.of_draws(self._asked.rows_of(block), len(at.state.deployment))
        return measure_inputs(at.state, at.info, at.lived, weights)

    def result(self) -> Result:
        """All years so far as a result: without changes that of a run, byte by byte.

        The years are gone through again, which takes as long as a run. A year at whose end adoption was given
        shows what was given.

        Raises
        ------
        StandardsNetError
            No year is over yet.

        Examples
        --------
        >>> import standards_net as sn
        >>> world, asked = sn.load_world(), {"draws": 4, "rng": 1, "technologies": "radio"}
        >>> course = begin(world, "silos", until=2030, **asked).step(2)
        >>> course.result() == sn.run(world, "silos", until=2021, **asked)
        True
        """
        if self.year == FIRST_YEAR:
            raise StandardsNetError("no year is over yet; step the course before you ask for its result.")
        request = replace(self._asked.request, years=tuple(range(FIRST_YEAR, self.year + 1)))
        layout = request.layout()
        over_draws = OverDraws(layout)
        recorder = Recorder(layout, over_draws.take)
        side_by_side(partial(self._record_again, recorder), self._asked.blocks)
        record = replace(request, scenarios=(self.scenario,)).record()
        if self._changes:
            record["course"] = {self.scenario.name: self.changes}
        return result_of(recorder, over_draws, record, next(iter(self._asked.drawn.values())).parameters)

    def _record_again(self, recorder: Recorder, block: Block) -> None:
        """Go through the years of a block again and record them."""
        recording = self._recording(recorder, block)
        for course in _again(self.world, self._asked, self._changes, self.year, [block]):
            course._record({block: recording})
        recording.end()

    def _recording(self, recorder: Recorder, block: Block, first: int = 0) -> Recording:
        """A block's place in a recorder; ``first`` is the place there of the course's first draw."""
        rows, first = self._asked.rows_of(block), recorder.layout.first + first
        levers = self._now[block].setting.levers
        return Recording(recorder, slice(first + rows.start, first + rows.stop), levers)

    def _record(self, recordings: Mapping[Block, Recording]) -> None:
        """Record the year that is over."""

        def record(block: Block) -> None:
            recordings[block].year(self._now[block].state, self._inputs(block))

        side_by_side(record, list(recordings), self._asked.threads)

    # -- keeping ------------------------------------------------------------------------------

    def save(self, path: str | Path) -> Path:
        """Write what is needed to come back here, as JSON; :func:`load_course` reads it.

        Parameters
        ----------
        path : str or Path
        """
        if not isinstance(path, str | Path):
            raise StandardsNetError(f"path is {shown(path)}; name a file.")
        record = self._asked.request.record()
        content = {
            "format": _FORMAT,
            "year": self.year,
            "provenance": record,
            "changes": [change.to_dict() for change in self._changes],
        }
        return write_text(path, json.dumps(content, allow_nan=False) + "\n")


def begin(
    world: World,
    scenario: ScenarioLike,
    *,
    draws: int | range = 1,
    rng: RNGLike | SeedLike | None = None,
    until: int = 2040,
    technologies: str | Sequence[str] | None = None,
    mechanism: str | Mechanism = "vendor-choice",
    parameters: ParameterSample = "calibrated",
) -> Course:
    """Begin a course: a scenario at the end of 2019, to be stepped year by year.

    Parameters
    ----------
    world : World
    scenario : name, path, mapping or Scenario
    draws : int or range
        R, or a part of the draws of a longer run: they have the same bytes.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed, as in SPEC 7.
    until : int
        Last year that may be reached.
    technologies, mechanism, parameters
        As in :func:`standards_net.run`.

    Returns
    -------
    Course

    Raises
    ------
    ScenarioError, StandardsNetError
        As in :func:`standards_net.run`.

    Examples
    --------
    >>> import standards_net as sn
    >>> begin(sn.load_world(), "silos", draws=4, rng=1)
    <Course: silos at the end of 2019, 4 draws>
    """
    request = checked_request(
        world, load_scenario(scenario), draws=draws, rng=rng, parameters=parameters, until=until,
        technologies=technologies, mechanism=mechanism,
    )  # fmt: skip
    check_memory_of_states(world, request.technologies, len(request.draws), "a course")
    return started(request)


def load_course(
    path: str | Path, *, world: World | None = None, mechanism: str | Mechanism | None = None
) -> Course:
    """Come back to a saved course: its years are gone through again, to the same bytes.

    Parameters
    ----------
    path : str or Path
        From :meth:`Course.save`.
    world : World or None
        The world of the course; the shipped one if None. Another world is refused.
    mechanism : str, Mechanism or None
        Needed only where the course had a mechanism of your own, whose code no file can hold.

    Raises
    ------
    StandardsNetError
        No such file, something else than a course, or another world or mechanism.
    """
    content = _read(path)
    record = content["provenance"]
    if world is not None and not isinstance(world, World):
        raise StandardsNetError(f"world is {shown(world)}; give what load_world returns.")
    given = load_world() if world is None else world
    try:
        check_same_world(given, record, "course")
        (scenario,) = record["scenarios"].values()
        request = checked_request(
            given, scenario, draws=recorded_draws(record), rng=record["seed"], until=record["years"][-1],
            technologies=record["technologies"], parameters=record["parameters"],
            mechanism=recorded_mechanism(record["mechanism"], mechanism, "course"),
        )  # fmt: skip
        changes = tuple(Change.from_dict(change) for change in content["changes"])
        _check_years(changes, content["year"], request.years[-1])
        return _restored(request, changes, content["year"])
    except StandardsNetError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError):
        raise StandardsNetError(f"{path} {_NO_COURSE}") from None


def _check_years(changes: Sequence[Change], year: Any, until: Any) -> None:
    """Raise ValueError unless changes are in order, in years that are over."""
    years = [FIRST_YEAR, *(change.year for change in changes), year, until]
    if not all(type(one) is int for one in years) or years != sorted(years):
        raise ValueError(years)


def _restored(request: Request, changes: Sequence[Change], year: int) -> Course:
    """A course as it was at the end of a year, from what it was begun with and what was changed."""
    asked = Asked.of(request)
    *_, last = _again(request.world, asked, changes, year, asked.blocks)
    return last


def _read(path: str | Path) -> dict[str, Any]:
    if not isinstance(path, str | Path):
        raise StandardsNetError(f"path is {shown(path)}; name a file.")
    text = read_text(path, "a course")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != _FORMAT or "provenance" not in content:
        raise StandardsNetError(f"{path} {_NO_COURSE}")
    return content


# -- how a course comes about -------------------------------------------------------------------


def started(request: Request, threads: int | None = None) -> Course:
    """A course of a request of one scenario, at the end of the first year."""
    asked = Asked.of(request, threads)
    return _started(request.world, asked, asked.blocks)


def _started(world: World, asked: Asked, blocks: Sequence[Block]) -> Course:
    """The end of the first year, in some blocks of draws."""
    now = begin_blocks(world, asked, blocks)
    return Course(world, asked.scenario, FIRST_YEAR, asked, (), WorldWeights.of(world), now)


def _again(
    world: World, asked: Asked, changes: Sequence[Change], until: int, blocks: Sequence[Block]
) -> Iterator[Course]:
    """The course at the end of each year, after the changes of that year, in some blocks of draws."""
    course = _started(world, asked, blocks)
    while True:
        for change in changes:
            if change.year == course.year:
                course = course._with(change)
        yield course
        if course.year == until:
            return
        course = course.step()
