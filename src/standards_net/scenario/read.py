"""Read and validate a scenario from a TOML file, a name or standard input."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from standards_net.checks import shown
from standards_net.errors import ScenarioError, StandardsNetError, nearest, one_of
from standards_net.files import data_folder, read_text
from standards_net.frozen import FrozenMapping
from standards_net.scenario.schema import DATED, ScenarioFile, Times

__all__ = [
    "Scenario",
    "ScenarioLike",
    "is_shipped",
    "load_scenario",
    "load_scenarios",
    "scenario_from_text",
    "scenario_names",
]

_ENDINGS = (".toml", ".json")  # of scenario files
_MOST_TOLD = 50  # complaints of a file; more would not help
_MOST_GENERATIONS = 100  # of scenarios that extend each other
_LONGEST_PLACE = 100  # characters of where a complaint is about


@dataclass(frozen=True)
class Scenario:
    """A scenario with those that it extends. Two are equal if their content is equal.

    Attributes
    ----------
    generations : tuple of ScenarioFile
        Content of each file, the most distant ancestor first, so that later policies take precedence;
        ``extends`` is resolved in all of them.
    origin : str
        File or name it was read from, for error messages.
    """

    generations: tuple[ScenarioFile, ...]
    origin: str = field(default="scenario", compare=False)

    @property
    def file(self) -> ScenarioFile:
        """All entries, those of the parents first, under the name of the scenario itself."""
        return reduce(_merged, self.generations)

    @property
    def lineage(self) -> tuple[str, ...]:
        """Names from the scenario itself to its most distant ancestor."""
        return tuple(dict.fromkeys(file.name for file in reversed(self.generations)))

    @property
    def name(self) -> str:
        """Short name."""
        return self.generations[-1].name

    @property
    def title(self) -> str:
        """Human-readable title."""
        return self.generations[-1].title

    def __hash__(self) -> int:
        return hash(json.dumps(self.to_dict(), sort_keys=True))

    def extended(self, **entries: Any) -> Scenario:
        """The same scenario with further entries appended, as in a file that extends it.

        Parameters
        ----------
        **entries
            Entries of a scenario file; ``name`` and ``title`` rename.

        Raises
        ------
        ScenarioError
            The entries do not conform to the schema.

        Examples
        --------
        >>> all_us = load_scenario("status-quo-2019").extended(
        ...     alignment=[{"who": ["all"], "pole": "us", "from": 2020}])
        >>> all_us.file.alignment[-1].pole
        'us'
        """
        if "extends" in entries:
            raise ScenarioError(
                f"{self.origin}: 'extends' cannot be added to a scenario; load the other one and extend it."
            )
        content = {"name": self.name, "title": self.title, **entries}
        generations = (*self.generations, _checked(content, self.origin))
        return replace(self, generations=_checked_chain(generations, self.origin))

    def to_dict(self) -> dict[str, Any]:
        """Scenario as plain data, including what it extends; :func:`load_scenario` reads it back.

        Examples
        --------
        >>> mine = load_scenario("silos").extended(parameters={"lock_in": {"times": 0.5}})
        >>> load_scenario(mine.to_dict()) == mine
        True
        """
        content: dict[str, Any] = {}
        for file in self.generations:
            own = file.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            content = {**own, "extends": content} if content else own
        return content


@dataclass(frozen=True)
class _Bundled:
    folder: Path = field(default_factory=lambda: data_folder() / "scenarios")

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.toml"

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.toml"))


def scenario_names() -> list[str]:
    """Names of the shipped scenarios.

    Examples
    --------
    >>> "status-quo-2019" in scenario_names()
    True
    """
    return _Bundled().names()


def load_scenario(source: str | Path | Mapping[str, Any] | Scenario) -> Scenario:
    """Read a scenario: a shipped name, a TOML or JSON file, ``-`` for standard input, or a mapping.

    Parameters
    ----------
    source : str, Path, mapping or Scenario
        A shipped name such as ``"core-allies-ban"``, a path, ``"-"``, or the file's content as data. A
        ``Scenario`` is returned unchanged.

    Returns
    -------
    Scenario
        With the entries of all scenarios that it extends, those of the parents first.

    Raises
    ------
    ScenarioError
        One sentence per error: file, key, and what would be valid.
    StandardsNetError
        Something else than a scenario.

    Examples
    --------
    >>> load_scenario("status-quo-2019").title
    'Status quo of October 2019'
    >>> load_scenario({"name": "mine", "title": "Mine", "extends": "status-quo-2019"}).lineage
    ('mine', 'status-quo-2019')
    """
    if isinstance(source, Scenario):
        return source
    if not isinstance(source, str | Path | Mapping):
        raise StandardsNetError(
            f"scenario is {shown(source)}; it must be a name, a path, a mapping or a Scenario."
        )
    content, origin, place = _content(source)
    folder, read = (place, ()) if os.path.isdir(place) else (place.parent, (place.resolve(),))
    try:
        return _inherit(_checked(content, origin), origin, folder, read)
    except RecursionError:
        raise ScenarioError(f"{origin}: it extends too many scenarios, or itself.") from None


def scenario_from_text(text: str, origin: str) -> Scenario:
    r"""A scenario from the text of a file; it extends shipped ones only, and no file of this machine.

    Parameters
    ----------
    text : str
        TOML or JSON.
    origin : str
        The file's name, for complaints.

    Raises
    ------
    ScenarioError
        As in :func:`load_scenario`.

    Examples
    --------
    >>> scenario_from_text('name = "mine"\ntitle = "Mine"\nextends = "silos"', "mine.toml").lineage
    ('mine', 'silos', 'status-quo-2019')
    """
    folder, content = _Bundled().folder, _parsed(text, origin)
    _check_extends(content, origin)
    try:
        return _inherit(_checked(content, origin), origin, folder, ())
    except RecursionError:
        raise ScenarioError(f"{origin}: it extends too many scenarios, or itself.") from None


def _check_extends(content: Any, origin: str) -> None:
    """Raise if content extends, at any depth, anything that is not shipped."""
    while isinstance(content, dict):
        content = content.get("extends")
    if isinstance(content, str) and content not in scenario_names():
        raise ScenarioError(
            f"{origin}: extends: {one_of('shipped scenario', content, scenario_names())}; what is opened "
            "extends shipped scenarios, or holds what it extends."
        )


def _content(source: str | Path | Mapping[str, Any]) -> tuple[dict[str, Any], str, Path]:
    """Content, name of its origin, and its file, or the folder in which to look for others."""
    bundled = _Bundled()
    if isinstance(source, Mapping):
        return dict(source), "scenario", bundled.folder
    if str(source) == "-":
        if sys.stdin is None:
            raise ScenarioError("standard input is closed; send a scenario, or name a file.")
        try:
            text = sys.stdin.read()
        except UnicodeDecodeError as error:
            raise ScenarioError(f"standard input: byte {error.start} is not UTF-8; send UTF-8.") from None
        return _parsed(text, "standard input"), "standard input", Path.cwd()
    path = Path(source)
    if path.suffix not in _ENDINGS and not os.path.lexists(os.fspath(path).replace("\x00", "")):
        if str(source) not in bundled.names():
            hint = one_of("scenario", str(source), bundled.names())
            raise ScenarioError(f"{hint}; a file's name must end in .toml or .json.")
        path = bundled.path(str(source))
    try:
        text = read_text(path, "a scenario, .toml or .json,")
    except StandardsNetError as error:
        raise ScenarioError(error.complaints) from None
    return _parsed(text, path.name), path.name, path


def _parsed(text: str, origin: str) -> dict[str, Any]:
    """Content of a file: JSON if it is an object, else TOML, in which no line begins with a brace."""
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        raise ScenarioError(f"{origin} is not UTF-8 text; save it as UTF-8.")
    if not text.strip():
        raise ScenarioError(f"{origin} is empty; a scenario needs at least 'name' and 'title'.")
    if origin.endswith(".json") or text.lstrip().startswith("{"):
        return _parsed_json(text, origin)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{origin} is not valid TOML: {error}.") from None
    except RecursionError:
        raise ScenarioError(f"{origin} is nested too deeply to be a scenario.") from None
    except ValueError as error:  # a number of thousands of digits
        raise ScenarioError(f"{origin} is not valid TOML: {str(error).split(';')[0].lower()}.") from None


def _parsed_json(text: str, origin: str) -> dict[str, Any]:
    def without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        for name in names:
            if names.count(name) > 1:
                raise ScenarioError(f"{origin}: key '{name}' is given twice.")
        return dict(pairs)

    try:
        content = json.loads(text, object_pairs_hook=without_repetition)
    except json.JSONDecodeError as error:
        raise ScenarioError(
            f"{origin} is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from None
    except ScenarioError:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise ScenarioError(f"{origin} is not valid JSON: {str(error).split(';')[0].lower()}.") from None
    except RecursionError:
        raise ScenarioError(f"{origin} is nested too deeply to be a scenario.") from None
    if not isinstance(content, dict):
        raise ScenarioError(f"{origin} is {shown(content)}; a scenario is a JSON object with name and title.")
    return content


def _checked(content: dict[str, Any], origin: str) -> ScenarioFile:
    try:
        return ScenarioFile.model_validate(content)
    except ValidationError as error:
        items, count = error.errors()[:_MOST_TOLD], error.error_count()
        more = [f"{origin}: ... and {count - _MOST_TOLD} more."] if count > _MOST_TOLD else []
        raise ScenarioError([*(_sentence(origin, dict(item)) for item in items), *more]) from None
    except RecursionError:
        raise ScenarioError(f"{origin} is nested too deeply to be a scenario.") from None


def _sentence(origin: str, item: dict[str, Any]) -> str:
    """One validation error of pydantic as a sentence with its location."""
    location = [part for part in _place(item["loc"]) if part not in ("float", "Times")]
    place = ""
    for part in location:
        place += f" number {part + 1}" if isinstance(part, int) else f"{', ' if place else ''}{part}"
    place = place or "the file"
    kind, given = item["type"], item.get("input")
    if kind == "extra_forbidden":
        key = str(location[-1])
        place = place if len(place) <= _LONGEST_PLACE else f"{place[:40]}...{place[-40:]}"
        valid = _keys_at([str(p) for p in location[:-1] if not isinstance(p, int)])
        hint = nearest(key, valid) or f"; valid are {', '.join(valid)}"
        return f"{origin}: {place}: there is no such key{hint}."
    if kind == "missing":
        return f"{origin}: {place} is missing."
    if kind == "tuple_type" and len(location) == 1 and location[0] in ("pole", *DATED):
        name = location[0]
        return f"{origin}: {place} is a list of entries; write [[{name}]] above each, or {name} = [{{...}}]."
    message = str(item["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if kind == "value_error":
        return f"{origin}: {place}: {message}."
    message = message.replace("input should", "it should").replace("a valid tuple", "a list")
    return f"{origin}: {place}: {shown(given)} is not valid; {message}."


def _place(location: tuple[str | int, ...]) -> list[str | int]:
    """Location of an error, without the tags of the forms that ``extends`` can take."""
    kept: list[str | int] = []
    for part in location:
        if not (kept and kept[-1] == "extends" and part in ("name", "content")):
            kept.append(part)
    return kept


def _keys_at(place: list[str]) -> list[str]:
    model: Any = ScenarioFile
    for part in place:
        if part not in model.model_fields:
            return [f.alias or name for name, f in Times.model_fields.items()]
        inner = model.model_fields[part].annotation
        model = next((a for a in getattr(inner, "__args__", ()) if hasattr(a, "model_fields")), model)
    return [f.alias or name for name, f in model.model_fields.items()]


def _inherit(file: ScenarioFile, origin: str, folder: Path, read: tuple[Path, ...]) -> Scenario:
    """A file with those that it extends; ``read`` are the files visited so far, to detect a cycle."""
    own = file.model_copy(update={"extends": None})
    if file.extends is None:
        return Scenario((own,), origin)
    if isinstance(file.extends, ScenarioFile):
        parent = _inherit(file.extends, origin, folder, read)
    else:
        parent_file, path = _parent(file.extends, origin, folder, read)
        if path in read:
            chain = " -> ".join((*(file_read.stem for file_read in read), path.stem))
            raise ScenarioError(f"{origin}: 'extends' is circular: {chain}.")
        parent = _inherit(parent_file, path.name, path.parent, (*read, path))
    return Scenario(_checked_chain((*parent.generations, own), origin), origin)


def _checked_chain(generations: tuple[ScenarioFile, ...], origin: str) -> tuple[ScenarioFile, ...]:
    if len(generations) > _MOST_GENERATIONS:
        raise ScenarioError(
            f"{origin}: it extends more than {_MOST_GENERATIONS} scenarios one by one; put them together."
        )
    return generations


def _merged(inherited: ScenarioFile, file: ScenarioFile) -> ScenarioFile:
    """Append a file's entries to those it inherits."""
    return file.model_copy(
        update={
            "policies": file.policies or inherited.policies,
            # A year from which to draw belongs to the policies that it was given with.
            "drawn_from": file.drawn_from
            or (inherited.drawn_from if file.policies in (None, "drawn") else None),
            "standards": FrozenMapping({**inherited.standards, **file.standards}),
            "parameters": FrozenMapping({**inherited.parameters, **file.parameters}),
            **{key: (*getattr(inherited, key), *getattr(file, key)) for key in ("pole", *DATED)},
        }
    )


def _parent(name: str, origin: str, folder: Path, read: tuple[Path, ...]) -> tuple[ScenarioFile, Path]:
    """File that is extended: one in the same folder before a bundled one, unless it is the file itself."""
    ending = next((end for end in _ENDINGS if name.endswith(end)), "")
    places = [folder / name] if ending else [folder / f"{name}{end}" for end in _ENDINGS]
    beside = next((place for place in places if os.path.isfile(place)), places[0])
    bundled = _Bundled()
    itself = bool(read) and beside.resolve() == read[-1] and os.path.isfile(bundled.path(name))
    path = beside if os.path.isfile(beside) and not itself else bundled.path(name)
    if not os.path.isfile(path):
        siblings = {p.stem for end in _ENDINGS for p in folder.glob(f"*{end}")} | set(bundled.names())
        raise ScenarioError(f"{origin}: extends: {one_of('scenario', name, siblings)}.")
    content, parent_origin, _ = _content(path)
    return _checked(content, parent_origin), path.resolve()


@lru_cache(maxsize=64)
def _shipped(name: str) -> Scenario | None:
    return load_scenario(name) if name in scenario_names() else None


def is_shipped(scenario: Scenario) -> bool:
    """Whether a scenario is one of the shipped ones.

    Examples
    --------
    >>> is_shipped(load_scenario("silos")), is_shipped(load_scenario({"name": "silos", "title": "Mine"}))
    (True, False)
    """
    return scenario == _shipped(scenario.name)


ScenarioLike = str | Path | Mapping[str, Any] | Scenario


def load_scenarios(scenarios: ScenarioLike | Sequence[ScenarioLike]) -> tuple[Scenario, ...]:
    """Load one scenario or several, whose names must differ.

    Parameters
    ----------
    scenarios : name, path, mapping or Scenario, or a sequence of them

    Raises
    ------
    StandardsNetError
        None given, one of another type, or two of the same name.
    ScenarioError, UnknownNameError
        As in :func:`load_scenario`.

    Examples
    --------
    >>> [s.name for s in load_scenarios(["silos", {"name": "mine", "title": "Mine", "extends": "silos"}])]
    ['silos', 'mine']
    """
    single = isinstance(scenarios, str | Path | Mapping | Scenario) or not isinstance(scenarios, Iterable)
    wanted: Sequence[Any] = [scenarios] if single else list(scenarios)  # type: ignore[arg-type]
    if not wanted:
        raise StandardsNetError("no scenario given; name at least one.")
    loaded = tuple(load_scenario(s) for s in wanted)
    names = [s.name for s in loaded]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise StandardsNetError(f"scenario '{twice[0]}' is given twice; names must differ.")
    return loaded
