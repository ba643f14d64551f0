"""Runs with functions of the caller's own: a policy that answers what happens, measures, an early end.

They look at a course, so that a run with them goes through the years as a course does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any

import numpy as np

from standards_net.checks import shown
from standards_net.ensemble.course import Course, started
from standards_net.ensemble.course_blocks import side_by_side
from standards_net.ensemble.recorder import Recorder, Recording
from standards_net.ensemble.request import FIRST_YEAR, Request
from standards_net.errors import StandardsNetError
from standards_net.progress import Progress, heeded

__all__ = ["Policy", "Stop", "record_courses"]

Policy = Callable[[Course], Mapping[str, Any] | None]
Stop = Callable[[Course], bool]
_GIVEN = frozenset(signature(Course.given).parameters) - {"self"}


def record_courses(
    request: Request,
    recorder: Recorder,
    *,
    policy: Policy | None = None,
    stop: Stop | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Course]:
    """Run the courses of all scenarios into a recorder; a policy and an early end look at all draws.

    Returns
    -------
    dict of str to Course
        Where each scenario ended; empty if there are only measures, which take one block after the other.
    """
    ended: dict[str, Course] = {}
    together = policy is not None or stop is not None
    rows = [slice(0, len(request.draws))] if together else request.blocks
    tell, done = heeded(progress), 0
    for scenario in request.scenarios:
        for part in rows:
            course = started(request.part([scenario.name], part), threads)
            last = _record(course, recorder, part.start, request.measures, policy, stop)
            done += 1
            tell(done, len(rows) * len(request.scenarios))
            if together:
                ended[scenario.name] = last
    return ended


def _record(
    course: Course,
    recorder: Recorder,
    first: int,
    measures: Mapping[str, Callable[[Course], Any]],
    policy: Policy | None,
    stop: Stop | None,
) -> Course:
    """Go through the years of a course and record them; ``first`` is its first draw among those asked for."""
    recordings = {block: course._recording(recorder, block, first) for block in course._now}
    scenario = recorder.layout.coords["scenario"].index(course.scenario.name)
    at = recorder.layout.first + first
    every = slice(at, at + course.draws)
    while True:
        if policy is not None and not course.done:
            course = _answered(course, policy(course))
        course._record(recordings)
        for name, function in measures.items():
            recorder.own(name, scenario, every, course.year - FIRST_YEAR, function(course))
        if course.done or (stop is not None and course.year > FIRST_YEAR and _ends(stop(course))):
            break
        course = course.step()
    side_by_side(Recording.end, list(recordings.values()))
    return course


def _answered(course: Course, answer: Any) -> Course:
    """The course after what a policy answered: entries of a scenario, values from outside, or nothing."""
    if answer is None:
        return course
    if not isinstance(answer, Mapping) or not all(isinstance(name, str) for name in answer):
        raise StandardsNetError(
            f"policy answers {shown(answer)} at the end of {course.year}; it must give a mapping, such as "
            '{"ban": [...]} or {"tariff": rates}, or None.'
        )
    entries = {name: value for name, value in answer.items() if name not in _GIVEN}
    given = {name: value for name, value in answer.items() if name in _GIVEN}
    if entries:
        course = course._changed(entries)
    return course.given(**given) if given else course


def _ends(answer: Any) -> bool:
    if not isinstance(answer, bool | np.bool_):
        raise StandardsNetError(
            f"stop gives {shown(answer)}; it must give True or False: take the median or mean of the draws."
        )
    return bool(answer)
