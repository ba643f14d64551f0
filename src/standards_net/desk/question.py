"""What is asked at the desk: a scenario and what was changed of it, a baseline, a technology, a horizon."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlencode

from standards_net.desk.levers import LEVERS
from standards_net.errors import StandardsNetError, one_of
from standards_net.frozen import FrozenMapping
from standards_net.scenario import (
    Scenario,
    is_shipped,
    load_scenario,
    scenario_from_text,
    scenario_names,
)

__all__ = ["LONGEST_ADDRESS", "Change", "History", "Question", "change_of", "from_address", "shipped"]

START = "as-happened-2025"
LONGEST_ADDRESS = 16_000  # characters; browsers and servers take no more than twice as many
_MOST_CHANGES = 100
_LARGEST_CONTENT = 1_000_000  # bytes of an opened scenario, unpacked


@dataclass(frozen=True)
class Change:
    """A lever that was moved, and where to.

    Attributes
    ----------
    lever : str
        One of ``LEVERS``.
    arguments : mapping of str to str, int, float, bool or None
        A value for each of its fields.
    """

    lever: str
    arguments: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", FrozenMapping(self.arguments))

    @property
    def entries(self) -> dict[str, Any]:
        """What a scenario file says for it."""
        return LEVERS[self.lever].entries(self.arguments)

    def replaces(self, other: Change) -> bool:
        """Whether it takes the place of an earlier change."""
        once_for = LEVERS[self.lever].once_for
        return (
            once_for is not None
            and other.lever == self.lever
            and all(other.arguments[name] == self.arguments[name] for name in once_for)
        )


@dataclass(frozen=True)
class Question:
    """What the desk answers.

    Attributes
    ----------
    start : Scenario
        Where changes begin.
    baseline : Scenario
        What is compared with.
    changes : tuple of Change
    technology : str
    until : int
        The last year.
    country : str or None
        The one whose panel is open.
    """

    start: Scenario = field(default_factory=lambda: load_scenario(START))
    baseline: Scenario = field(default_factory=lambda: load_scenario(START))
    changes: tuple[Change, ...] = ()
    technology: str = "radio"
    until: int = 2040
    country: str | None = None

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with all changes.

        Raises
        ------
        ScenarioError
            A change that no scenario file may hold.

        Examples
        --------
        >>> change = Change("stand", {"who": "IND", "side": "us", "since": 2026})
        >>> Question(changes=(change,)).scenario.name
        'as-happened-2025-changed'
        """
        return load_scenario(self.content) if self.changes else self.start

    @property
    def content(self) -> dict[str, Any]:
        """The same as the content of a scenario file."""
        if not self.changes:
            return self.start.to_dict()
        named = {
            "name": f"{self.start.name}-changed"[:100].rstrip("-"),
            "title": f"{self.start.title}, changed"[:300],
        }
        start = self.start.name if is_shipped(self.start) else self.start.to_dict()
        content: dict[str, Any] = {**named, "extends": start}
        for place, change in enumerate(self.changes):
            if change.lever == "lift" and place:
                # Within a file lifts come before bans: one that follows a ban extends it.
                content = {**named, "extends": content}
            for kind, found in change.entries.items():
                if isinstance(found, dict):
                    content.setdefault(kind, {}).update(found)
                else:
                    content.setdefault(kind, []).extend(found)
        return content

    @cached_property
    def against(self) -> Scenario:
        """The baseline under a name of its own, where it has that of the scenario and is another one."""
        if self.baseline.name != self.scenario.name or self.baseline == self.scenario:
            return self.baseline
        return self.baseline.extended(name=f"{self.baseline.name[:90]}-baseline")

    def changed(self, change: Change) -> Question:
        """The question after a lever was moved.

        Raises
        ------
        ScenarioError, StandardsNetError
            A change that no scenario file may hold; too many.

        Examples
        --------
        >>> once = Question().changed(Change("retaliate", {"times": 2.0, "closes": False, "since": 2026}))
        >>> again = once.changed(Change("retaliate", {"times": 3.0, "closes": False, "since": 2026}))
        >>> len(again.changes)
        1
        """
        kept = tuple(one for one in self.changes if not change.replaces(one))
        if len(kept) >= _MOST_CHANGES:
            raise StandardsNetError(
                f"there are {_MOST_CHANGES} changes already; save the scenario, and go on from it."
            )
        asked = replace(self, changes=(*kept, change))
        asked.scenario  # noqa: B018  one that cannot be is refused before it is shown
        return asked

    def without(self, place: int) -> Question:
        """The question without one of its changes."""
        return replace(self, changes=self.changes[:place] + self.changes[place + 1 :])

    @property
    def address(self) -> str:
        """The query of the address that holds all of it; :func:`from_address` reads it back."""
        query: dict[str, Any] = {"scenario": _packed(self.start), "baseline": _packed(self.baseline)}
        if self.changes:
            query["changes"] = json.dumps(
                [[one.lever, dict(one.arguments)] for one in self.changes], separators=(",", ":")
            )
        query |= {"technology": self.technology, "until": self.until}
        if self.country is not None:
            query["country"] = self.country
        return urlencode(query)


_PACKED = "content:"


def _packed(scenario: Scenario) -> str:
    """A scenario in an address: its name if it is a shipped one, else its content."""
    if is_shipped(scenario):
        return scenario.name
    written = json.dumps(scenario.to_dict(), separators=(",", ":")).encode()
    return _PACKED + base64.urlsafe_b64encode(zlib.compress(written, 9)).decode()


def shipped(name: str) -> Scenario:
    """A shipped scenario; what a page or an address names is never a path.

    Raises
    ------
    StandardsNetError
        There is no such scenario.
    """
    if name not in scenario_names():
        raise StandardsNetError(one_of("scenario", name, scenario_names()) + ".")
    return load_scenario(name)


def _unpacked(text: str) -> Scenario:
    if not text.startswith(_PACKED):
        return shipped(text)
    try:
        packed = base64.urlsafe_b64decode(text.removeprefix(_PACKED))
        unpacking = zlib.decompressobj()
        written = unpacking.decompress(packed, _LARGEST_CONTENT).decode("utf-8")
    except (binascii.Error, zlib.error, ValueError):
        raise StandardsNetError("address: its scenario is damaged; open the file instead.") from None
    if unpacking.unconsumed_tail or not written.startswith("{"):
        raise StandardsNetError("address: its scenario is damaged; open the file instead.")
    return scenario_from_text(written, "address")


def from_address(query: str) -> Question:
    """Read a question back from an address.

    Parameters
    ----------
    query : str
        What stands behind the question mark.

    Raises
    ------
    ScenarioError, StandardsNetError
        An address that is too long, damaged, or speaks of what there is not.

    Examples
    --------
    >>> asked = Question(technology="core", country="KEN")
    >>> from_address(asked.address) == asked
    True
    """
    if len(query) > LONGEST_ADDRESS:
        raise StandardsNetError(f"address: it has over {LONGEST_ADDRESS} characters; open the file instead.")
    found = {name: values[-1] for name, values in parse_qs(query).items()}
    asked = Question()
    if "scenario" in found:
        asked = replace(asked, start=_unpacked(found["scenario"]))
    if "baseline" in found:
        asked = replace(asked, baseline=_unpacked(found["baseline"]))
    if "until" in found:
        if not found["until"].isdecimal() or len(found["until"]) > 4:
            raise StandardsNetError(f"address: until is '{found['until'][:20]}'; it must be a year.")
        asked = replace(asked, until=int(found["until"]))
    asked = replace(asked, technology=found.get("technology", asked.technology), country=found.get("country"))
    for change in _changes(found.get("changes", "[]")):
        asked = asked.changed(change)
    return asked


def _changes(text: str) -> list[Change]:
    try:
        pairs = [(str(lever), dict(arguments)) for lever, arguments in json.loads(text)]
    except (ValueError, TypeError, RecursionError):
        raise StandardsNetError("address: its changes are damaged; move the levers again.") from None
    return [change_of(lever, arguments) for lever, arguments in pairs]


def change_of(lever: str, arguments: Mapping[str, Any]) -> Change:
    """A change with a value of the right kind for each field of its lever.

    Parameters
    ----------
    lever : str
    arguments : mapping of str to str, int, float, bool or None
        What is left out has the lever's default.

    Raises
    ------
    StandardsNetError
        Unknown lever or field; a value of another kind.

    Examples
    --------
    >>> change_of("stand", {"who": "IND", "side": "us"}).arguments["since"]
    2026
    """
    if lever not in LEVERS:
        raise StandardsNetError(one_of("lever", str(lever), LEVERS) + ".")
    complete = {**LEVERS[lever].defaults, **arguments}
    unknown = sorted(set(complete) - set(LEVERS[lever].defaults))
    if unknown:
        raise StandardsNetError(f"lever '{lever}' has no setting '{unknown[0]}'; move it again.")
    for each in LEVERS[lever].fields:
        value = complete[each.name]
        if value is None and each.default is None:
            continue
        if each.kind == "year" and not (isinstance(value, int) and not isinstance(value, bool)):
            raise StandardsNetError(f"{each.label}: give a year, such as 2026.")
        if not isinstance(value, _TYPES[each.kind]) or isinstance(value, bool) != (each.kind == "flag"):
            raise StandardsNetError(f"{each.label}: {value!r} is of another kind; move the lever again.")
    return Change(lever, complete)


_TYPES: Mapping[str, tuple[type, ...]] = FrozenMapping(
    {
        "who": (str,), "vendors": (str,), "side": (str,), "technology": (str,),
        "year": (int,), "flag": (bool,), "amount": (int, float),
    }
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """Questions that were asked before, the one of now, and those that were taken back.

    Attributes
    ----------
    past, future : tuple of Question
    now : Question

    Examples
    --------
    >>> asked = History((), Question(), ()).then(Question(technology="core"))
    >>> asked.undone().now.technology, asked.undone().redone() == asked
    ('radio', True)
    """

    past: tuple[Question, ...]
    now: Question
    future: tuple[Question, ...]

    def then(self, question: Question) -> History:
        """After another question; the same one again changes nothing."""
        return self if question == self.now else History((*self.past[-200:], self.now), question, ())

    def undone(self) -> History:
        """One question back, if there is one."""
        if not self.past:
            return self
        return History(self.past[:-1], self.past[-1], (self.now, *self.future))

    def redone(self) -> History:
        """One forward again."""
        if not self.future:
            return self
        return History((*self.past, self.now), self.future[0], self.future[1:])

    def seen(self, question: Question) -> History:
        """The question of now seen otherwise: nothing to undo."""
        return replace(self, now=question)
