"""From a TOML file, a name or standard input to a checked scenario."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from standards_net.errors import ScenarioError, nearest, one_of
from standards_net.files import data_folder
from standards_net.scenario.schema import ScenarioFile, Times

__all__ = ["Scenario", "load_scenario", "scenario_names"]

_LISTS = (
    "pole", "alignment", "lift", "ban", "restriction", "finance", "quality", "investment",
    "compatibility", "agreement",
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """A scenario with those that it extends. Two are equal if they say the same.

    Attributes
    ----------
    generations : tuple of ScenarioFile
        What each file says, the oldest first: what a younger one says of policies comes after. None of
        them extends another any more.
    origin : str
        File or name it was read from, for complaints.
    """

    generations: tuple[ScenarioFile, ...]
    origin: str = field(default="scenario", compare=False)

    @cached_property
    def file(self) -> ScenarioFile:
        """All entries, parents' first, under the name of the youngest."""
        return reduce(_merged, self.generations)

    @property
    def lineage(self) -> tuple[str, ...]:
        """Names from the scenario itself up to the last that it extends."""
        return tuple(dict.fromkeys(file.name for file in reversed(self.generations)))

    @property
    def name(self) -> str:
        """Short name."""
        return self.generations[-1].name

    @property
    def title(self) -> str:
        """Name for people."""
        return self.generations[-1].title

    def __hash__(self) -> int:
        return hash(json.dumps(self.to_dict(), sort_keys=True))

    def extended(self, **entries: Any) -> Scenario:
        """The same scenario with more entries after its own, as a file that extends it would have.

        Parameters
        ----------
        **entries
            Entries of a scenario file; ``name`` and ``title`` rename.

        Raises
        ------
        ScenarioError
            Entries that do not fit the schema.

        Examples
        --------
        >>> all_us = load_scenario("status-quo-2019").extended(
        ...     alignment=[{"who": ["all"], "pole": "us", "from": 2020}])
        >>> all_us.file.alignment[-1].pole
        'us'
        """
        content = {"name": self.name, "title": self.title, **entries}
        return replace(self, generations=(*self.generations, _checked(content, self.origin)))

    def to_dict(self) -> dict[str, Any]:
        """Scenario as plain data, what it extends included: :func:`load_scenario` gives it back.

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
class _Shelf:
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
    return _Shelf().names()


def load_scenario(source: str | Path | Mapping[str, Any] | Scenario) -> Scenario:
    """Read a scenario: a shipped name, a TOML file, ``-`` for standard input, or a mapping.

    Parameters
    ----------
    source : str, Path, mapping or Scenario
        A shipped name such as ``"core-allies-ban"``, a path, ``"-"``, or the file's content as data. What
        is a scenario already comes back as it is.

    Returns
    -------
    Scenario
        With the entries of whatever it extends merged in, parents' first.

    Raises
    ------
    ScenarioError
        One sentence for each thing wrong: file, key, and what would be right.

    Examples
    --------
    >>> load_scenario("status-quo-2019").title
    'Status quo of October 2019'
    >>> load_scenario({"name": "mine", "title": "Mine", "extends": "status-quo-2019"}).lineage
    ('mine', 'status-quo-2019')
    """
    if isinstance(source, Scenario):
        return source
    content, origin, place = _content(source)
    folder, read = (place, ()) if place.is_dir() else (place.parent, (place.resolve(),))
    return _inherit(_checked(content, origin), origin, folder, read)


def _content(source: str | Path | Mapping[str, Any]) -> tuple[dict[str, Any], str, Path]:
    """Content, what to call its origin, and the file, or the folder to look for others in."""
    shelf = _Shelf()
    if isinstance(source, Mapping):
        return dict(source), "scenario", shelf.folder
    if str(source) == "-":
        return _parsed(sys.stdin.read(), "standard input"), "standard input", Path.cwd()
    path = Path(source)
    if path.suffix != ".toml" and not path.exists():
        if str(source) not in shelf.names():
            hint = one_of("scenario", str(source), shelf.names())
            raise ScenarioError(f"{hint}; a file's name must end in .toml.")
        path = shelf.path(str(source))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ScenarioError(f"{path}: there is no such file.") from None
    except IsADirectoryError:
        raise ScenarioError(f"{path} is a folder; a scenario is one .toml file.") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(
            f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8."
        ) from None
    return _parsed(text, path.name), path.name, path


def _parsed(text: str, origin: str) -> dict[str, Any]:
    if not text.strip():
        raise ScenarioError(f"{origin} is empty; a scenario needs at least 'name' and 'title'.")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{origin} is not valid TOML: {error}.") from None


def _checked(content: dict[str, Any], origin: str) -> ScenarioFile:
    try:
        return ScenarioFile.model_validate(content)
    except ValidationError as error:
        raise ScenarioError(_sentence(origin, dict(one)) for one in error.errors()) from None


def _sentence(origin: str, one: dict[str, Any]) -> str:
    """Say one of pydantic's findings in a sentence with an address."""
    location = [part for part in _place(one["loc"]) if part not in ("float", "Times")]
    place = ""
    for part in location:
        place += f" number {part + 1}" if isinstance(part, int) else f"{', ' if place else ''}{part}"
    place = place or "the file"
    kind, given = one["type"], one.get("input")
    if kind == "extra_forbidden":
        key = str(location[-1])
        valid = _keys_at([str(p) for p in location[:-1] if not isinstance(p, int)])
        hint = nearest(key, valid) or f"; valid are {', '.join(valid)}"
        return f"{origin}: {place}: there is no such key{hint}."
    if kind == "missing":
        return f"{origin}: {place} is missing."
    message = str(one["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if kind == "value_error":
        return f"{origin}: {place}: {message}."
    return f"{origin}: {place}: {given!r} does not do; {message.replace('input should', 'it should')}."


def _place(location: tuple[str | int, ...]) -> list[str | int]:
    """Place of a finding without the forms that an extended scenario can have."""
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
    """A file with those that it extends; ``read`` are the files on the way, to see a circular chain."""
    own = file.model_copy(update={"extends": None})
    if file.extends is None:
        return Scenario((own,), origin)
    if isinstance(file.extends, ScenarioFile):
        parent = _inherit(file.extends, origin, folder, read)
    else:
        parent_file, path = _parent(file.extends, origin, folder)
        if path in read:
            chain = " -> ".join((*(one.stem for one in read), path.stem))
            raise ScenarioError(f"{origin}: 'extends' is circular: {chain}.")
        parent = _inherit(parent_file, path.name, path.parent, (*read, path))
    return Scenario((*parent.generations, own), origin)


def _merged(inherited: ScenarioFile, file: ScenarioFile) -> ScenarioFile:
    """A file's entries after those of what it extends."""
    return file.model_copy(
        update={
            "policies": file.policies or inherited.policies,
            "standards": {**inherited.standards, **file.standards},
            "parameters": {**inherited.parameters, **file.parameters},
            **{key: [*getattr(inherited, key), *getattr(file, key)] for key in _LISTS},
        }
    )


def _parent(name: str, origin: str, folder: Path) -> tuple[ScenarioFile, Path]:
    beside = folder / (name if name.endswith(".toml") else f"{name}.toml")
    shelf = _Shelf()
    path = beside if beside.is_file() else shelf.path(name)
    if not path.is_file():
        siblings = {p.stem for p in folder.glob("*.toml")} | set(shelf.names())
        raise ScenarioError(f"{origin}: extends: {one_of('scenario', name, siblings)}.")
    content, parent_origin, _ = _content(path)
    return _checked(content, parent_origin), path.resolve()
