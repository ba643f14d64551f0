"""The data dictionary: what ``datapackage.json`` says of each table."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standards_net.errors import DataError

__all__ = ["Column", "Rule", "TableSchema", "other_files", "read_dictionary", "read_hashes", "read_package"]

PACKAGE = "datapackage.json"


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    refers: tuple[str, str] | None = None  # (table, column) whose values are valid here
    date: bool = False  # a year, a month or a day: 2020, 2020-07, 2020-07-13
    vocabulary: tuple[str, ...] | None = None  # shipped values: near misses of these are slips


@dataclass(frozen=True)
class Rule:
    """What several cells of a table must be together; see :mod:`standards_net.tables.rules`.

    Attributes
    ----------
    kind : str
        ``sum``: values of a column within groups; ``order``: columns from low to high, or dates from early to
        late; ``year``: the second column is the year of the first; ``member``: a flag of the end of year
        ``least`` agrees with dates of joining and leaving; ``pair``: two columns name each pair once, in
        either order, and never one thing twice; ``length``: the sum of squares over
        columns; ``every``: a row for every economy; ``ratio``: one column over another.
    columns : tuple of str
    by : tuple of str
        Groups of a sum.
    least, most : float
        Bounds of a sum, a length or a ratio.
    warns : bool
        Whether what breaks the rule is only warned of.
    """

    kind: str
    columns: tuple[str, ...]
    by: tuple[str, ...] = ()
    least: float = -math.inf
    most: float = math.inf
    warns: bool = False


@dataclass(frozen=True)
class TableSchema:
    """One table of the dictionary."""

    name: str
    path: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sha256: str
    rules: tuple[Rule, ...] = ()
    record: bool = False  # kept as evidence: the world does not read it

    @property
    def file(self) -> str:
        """Name of the file, for complaints."""
        return Path(self.path).name


def read_package(folder: Path) -> dict[str, Any]:
    """Parse ``datapackage.json`` of a folder.

    Raises
    ------
    DataError
        It is missing, not UTF-8 or not JSON: line and column.
    """
    path = folder / PACKAGE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{folder}: there is no {PACKAGE} in it.") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except RecursionError:
        raise DataError(f"{PACKAGE} is nested too deeply to describe tables.") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{PACKAGE}: byte {error.start} is not UTF-8; save it as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise DataError(
            f"{PACKAGE} line {error.lineno}, column {error.colno}: not valid JSON ({error.msg.lower()})."
        ) from None
    if not isinstance(content, dict) or not isinstance(content.get("resources"), list):
        raise DataError(f"{PACKAGE} has no list of 'resources'; it must describe the tables.")
    return content


def read_dictionary(package: dict[str, Any]) -> dict[str, TableSchema]:
    """Tables by name, in the package's order.

    Examples
    --------
    >>> from standards_net.files import data_folder
    >>> tables = read_dictionary(read_package(data_folder()))
    >>> tables["trade"].key
    ('exporter', 'importer')
    """
    tables = {}
    for resource in package["resources"]:
        schema = resource.get("schema")
        if schema is None:
            continue
        name = resource["name"].replace("-", "_")
        key = schema.get("primaryKey", [])
        tables[name] = TableSchema(
            name=name,
            path=resource["path"],
            columns=tuple(_column(f, schema) for f in schema["fields"]),
            key=tuple([key] if isinstance(key, str) else key),
            sha256=resource.get("hash", "").removeprefix("sha256:"),
            rules=tuple(_rule(rule) for rule in schema.get("rules", [])),
            record=resource.get("record", False),
        )
    return tables


def other_files(package: dict[str, Any]) -> tuple[str, ...]:
    """Paths of the files of a package that are no tables."""
    return tuple(resource["path"] for resource in package["resources"] if "schema" not in resource)


def read_hashes(package: dict[str, Any]) -> dict[str, str]:
    """SHA-256 of files by path, of a package that somebody else may have written.

    Raises
    ------
    DataError
        A resource without a path, or with something else than text as path or hash.
    """
    found = {}
    for number, resource in enumerate(package["resources"], start=1):
        told = resource if isinstance(resource, dict) else {}
        path, sha256 = told.get("path"), told.get("hash", "")
        if not isinstance(path, str) or not isinstance(sha256, str):
            raise DataError(f"{PACKAGE}: resource number {number} needs 'path' and 'hash' as text.")
        found[path] = sha256.removeprefix("sha256:")
    return found


def _rule(rule: dict[str, Any]) -> Rule:
    fields: dict[str, Any] = {name: tuple(of) if isinstance(of, list) else of for name, of in rule.items()}
    return Rule(**fields)


def _column(field: dict[str, Any], schema: dict[str, Any]) -> Column:
    limits = field.get("constraints", {})
    refers = None
    for foreign in schema.get("foreignKeys", []):
        if foreign["fields"] == [field["name"]]:
            reference = foreign["reference"]
            refers = (reference["resource"].replace("-", "_"), reference["fields"][0])
    return Column(
        name=field["name"],
        type=field["type"],
        meaning=field["description"],
        unit=field.get("unit", ""),
        required=limits.get("required", False),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        pattern=limits.get("pattern"),
        enum=tuple(limits.get("enum", ())),
        refers=refers,
        date=field.get("date", False),
        vocabulary=tuple(field["vocabulary"]) if "vocabulary" in field else None,
    )
