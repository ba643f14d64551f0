"""Run scenarios over draws, and repeat a run from its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from standards_net.checks import checked_count, shown
from standards_net.ensemble.blocks import record_blocks
from standards_net.ensemble.course_runs import Policy, Stop, record_courses
from standards_net.ensemble.memory import check_memory
from standards_net.ensemble.over_draws import OverDraws
from standards_net.ensemble.pieces import assembled, pieces_of, run_in_order, workers_of
from standards_net.ensemble.provenance import check_same_world, recorded_draws, recorded_mechanism
from standards_net.ensemble.recorder import Recorder, result_of
from standards_net.ensemble.request import FIRST_YEAR, OwnMeasure, Request, checked_request
from standards_net.errors import StandardsNetError
from standards_net.model.mechanism import Mechanism
from standards_net.parameters import ParameterSample
from standards_net.progress import Progress, heeded
from standards_net.randomness import RNGLike, SeedLike
from standards_net.results import Result
from standards_net.scenario import ScenarioLike
from standards_net.world.load import load_world
from standards_net.world.world import World

__all__ = ["rerun", "run"]

_PIECES_PER_WORKER = 4  # so that none waits long for the last


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
    shared_draw: int | None = None,
    policy: Policy | None = None,
    measures: Mapping[str, OwnMeasure] | None = None,
    stop: Stop | None = None,
    executor: Executor | None = None,
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
    shared_draw : int or None
        The draw whose random numbers (base of 2019, tastes, dates) all draws have, for designs in which
        nothing but the parameters given is to vary; each draw has its own if None.
    policy : callable or None
        ``policy(course)``, called at the end of each year but the last with a :class:`Course` of all draws of
        a scenario. What it gives holds from the next year on, in all draws: a mapping of entries of a
        scenario (:meth:`Course.changed`) and of values from outside (:meth:`Course.given`), or None.
    measures : mapping of str to callable or None
        Your own measures: ``function(course)`` gives one number for each draw of the course, or for each draw
        and country; recorded under its name. Without a policy and ``stop`` a course has up to 256 draws.
    stop : callable or None
        ``stop(course)``, asked at the end of each year from 2020 to the last but one: True or False, whether
        a scenario ends with it. Its later years are missing (NaN).
    executor : concurrent.futures.Executor or None
        Where to run, in place of threads of this process, in pieces as of :func:`standards_net.split`; the
        bytes are the same. A policy and ``stop`` look at all draws and cannot be spread.
    threads : int or None
        As many as there are cores if None.
    progress : callable or None
        Called with (blocks of draws done, blocks in all). If it raises, the run goes on without it.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        A scenario does not fit the world.
    StandardsNetError
        Impossible draws, years, technologies or groups; an unknown mechanism, or a process on networks; a
        function of your own that gives something else.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> r = sn.run(world, ["one-standard", "silos"], draws=8, rng=7, years=range(2019, 2025))
    >>> gap = r.values("beta", scenario="silos", year=2024) - r.values(
    ...     "beta", scenario="one-standard", year=2024)
    >>> bool((gap > 0).all())
    True

    A government that bans as soon as half of the draws say that it depends on one pole, and a measure of it:

    >>> def depends(course):
    ...     return course.values("country_share", country="MEX", standard="china")
    >>> def ban(course):
    ...     order = {"who": ["MEX"], "vendors": ["china"], "from": course.year + 1}
    ...     return {"ban": [order]} if (depends(course) > 0.6).mean() > 0.5 else None
    >>> asked = {"draws": 8, "rng": 7, "until": 2023, "technologies": "radio"}
    >>> sn.run(world, "silos", policy=ban, measures={"depends": depends}, **asked)["depends"].dims
    ('scenario', 'draw', 'year')
    """
    request = checked_request(
        world, scenarios, draws=draws, rng=rng, parameters=parameters, years=years, until=until,
        technologies=technologies, mechanism=mechanism, groups=groups, snapshots=snapshots,
        shared_draw=shared_draw, measures=measures,
    )  # fmt: skip
    if threads is not None:
        checked_count("threads", threads)
    for name, function in (("policy", policy), ("stop", stop)):
        if function is not None and not callable(function):
            raise StandardsNetError(f"{name} is {shown(function)}; give a function of a course.")
    layout = request.layout()
    check_memory(layout)
    if executor is not None:
        if policy is not None or stop is not None:
            raise StandardsNetError(
                "a policy and stop look at all draws together; they cannot run over an executor."
            )
        return _spread(request, executor, progress)
    over_draws = OverDraws(layout)
    recorder, record = Recorder(layout, over_draws.take), request.record()
    if policy is None and stop is None and not request.measures:
        record_blocks(request, recorder, threads=threads, progress=progress)
    else:
        ended = record_courses(
            request, recorder, policy=policy, stop=stop, threads=threads, progress=progress
        )
        for s, (name, course) in enumerate(ended.items()):
            recorder.end(s, course.year - FIRST_YEAR)
            over_draws.end(s, course.year - FIRST_YEAR)
            if policy is not None:
                record.setdefault("policy", {})[name] = course.changes
            if stop is not None:
                record.setdefault("ended", {})[name] = course.year
    return result_of(recorder, over_draws, record, request.parameters())


def _spread(request: Request, executor: Executor, progress: Progress | None) -> Result:
    """Run in pieces over an executor."""
    pieces, tell = pieces_of(request, _PIECES_PER_WORKER * workers_of(executor)), heeded(progress)

    def told() -> Iterable[Any]:
        for done, part in enumerate(run_in_order(pieces, executor), start=1):
            yield part
            tell(done, len(pieces))

    return assembled(pieces[0].layout, told())


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
        Equal to ``result`` on the same kind of machine and with the same versions; condensed if it was.

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
    for key, what in _FUNCTIONS.items():
        if key in record:
            raise StandardsNetError(
                f"the result was made with {what} of your own, whose code is not stored; run it again "
                "with it."
            )
    missing = [key for key in _RECORDED if key not in record]
    if missing:
        raise StandardsNetError(
            f"the result does not record its {', '.join(missing)}; it cannot be repeated."
        )
    chosen = recorded_mechanism(record["mechanism"], mechanism)
    given = load_world() if world is None else world
    check_same_world(given, record)
    again = run(
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
        shared_draw=record.get("shared_draw"),
        threads=threads,
        progress=progress,
    )
    return again.condensed() if record.get("condensed") else again


_FUNCTIONS = {"policy": "a policy", "ended": "a function stop", "measures": "measures"}
_RECORDED = (
    "scenarios", "draws", "seed", "parameters", "years", "technologies", "mechanism", "groups", "snapshots",
    "world_sha256", "tables_sha256", "estimates_sha256",
)  # fmt: skip
