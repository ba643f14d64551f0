"""The data dictionary: what ``datapackage.json`` says of each table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standards_net.errors import DataError

__all__ = ["Column", "SumRule", "TableSchema", "read_dictionary", "read_package"]

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


@dataclass(frozen=True)
class SumRule:
    """A column's values add up to at most a limit within each group of rows."""

    column: str
    by: tuple[str, ...]
    limit: float


@dataclass(frozen=True)
class TableSchema:
    """One table of the dictionary."""

    name: str
    path: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sha256: str
    sum_at_most: SumRule | None = None

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
        rule = schema.get("sumAtMost")
        key = schema.get("primaryKey", [])
        tables[name] = TableSchema(
            name=name,
            path=resource["path"],
            columns=tuple(_column(f, schema) for f in schema["fields"]),
            key=tuple([key] if isinstance(key, str) else key),
            sha256=resource.get("hash", "").removeprefix("sha256:"),
            sum_at_most=SumRule(rule["column"], tuple(rule["by"]), rule["limit"]) if rule else None,
        )
    return tables


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
    )
