"""Complaints about a table: file, row, column, what is wrong, what would be right.

Rows are numbered as a spreadsheet shows them: the header is row 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from standards_net.errors import nearest
from standards_net.tables.dictionary import Column, TableSchema

__all__ = ["check_references", "check_rows", "parse_table", "read_valid"]

_SHOWN = 5  # complaints of each kind per column; more would not help
_SLACK = 1e-6


def parse_table(path: Path, schema: TableSchema) -> tuple[pd.DataFrame, list[str]]:
    """Read a file as text cells; complain of what keeps it from being a table at all.

    Returns
    -------
    DataFrame
        Cells as strings, empty ones as ''; no rows if the file cannot be read.
    list of str
        Complaints.
    """
    nothing = pd.DataFrame()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return nothing, [f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8."]
    rows = list(csv.reader(text.splitlines()))
    if not rows or not any(rows[0]):
        return nothing, [f"{path.name} is empty; it needs a header row and at least one row."]
    header = rows[0]
    complaints = list(_check_header(path.name, header, schema))
    if complaints:
        return nothing, complaints
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            complaints.append(f"{path.name} row {number} has {len(row)} cells; the header has {len(header)}.")
    if complaints:
        return nothing, complaints[:_SHOWN]
    if len(rows) == 1:
        return nothing, [f"{path.name} has a header but no rows; it needs at least one."]
    return pd.DataFrame(rows[1:], columns=header), []


def read_valid(content: bytes, schema: TableSchema) -> pd.DataFrame:
    """Typed columns of a table that is known to be valid: the same as by way of :func:`check_rows`."""
    kinds = {column.name: str for column in schema.columns if column.type == "string"}
    table = pd.read_csv(io.BytesIO(content), dtype=kinds, keep_default_na=False, na_values=[""])
    return table[[column.name for column in schema.columns]]


def _check_header(file: str, header: list[str], schema: TableSchema) -> Iterator[str]:
    known = [column.name for column in schema.columns]
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            yield f"{file}: column '{name}' stands in the header twice; keep one."
        if name not in known:
            hint = nearest(name, known) or f"; valid are {', '.join(known)}"
            yield f"{file}: unknown column '{name}'{hint}."
    for name in known:
        if name not in header:
            yield f"{file}: column '{name}' is missing."


def check_rows(file: str, cells: pd.DataFrame, schema: TableSchema) -> tuple[pd.DataFrame, list[str]]:
    """Turn text cells into typed columns; complain of every cell that does not fit.

    Returns
    -------
    DataFrame
        Typed; meaningless where there are complaints.
    list of str
        Complaints.
    """
    complaints: list[str] = []
    typed = {}
    for column in schema.columns:
        values, found = _check_column(file, cells[column.name], column)
        typed[column.name] = values
        complaints += found
    table = pd.DataFrame(typed)
    complaints += _check_key(file, cells, schema)
    if not complaints:
        complaints += _check_sums(file, table, schema)
    return table, complaints


def _check_column(file: str, cells: pd.Series, column: Column) -> tuple[pd.Series, list[str]]:
    empty = cells == ""
    complaints: list[str] = []

    def complain(bad: pd.Series, wrong: str) -> None:
        for row in np.flatnonzero(bad.to_numpy())[:_SHOWN]:
            value = cells.iloc[row]
            hint = nearest(value, column.enum) if column.enum else ""
            complaints.append(
                f"{file} row {row + 2}, column {column.name}: " + wrong.format(value=value) + f"{hint}."
            )

    if column.required:
        complain(empty, f"the cell is empty; {column.meaning} is required")
    if column.type == "string":
        if column.pattern:
            fits = cells.str.fullmatch(column.pattern)
            complain(~fits & ~empty, f"'{{value}}' does not match the pattern {_literal(column.pattern)}")
        if column.enum:
            valid = ", ".join(column.enum)
            complain(~cells.isin(column.enum) & ~empty, f"'{{value}}' is not one of {valid}")
        return cells.where(~empty, other=np.nan), complaints
    numbers = pd.to_numeric(cells.where(~empty), errors="coerce")
    finite = np.isfinite(numbers.astype(float))
    advice = "" if column.required else "; leave the cell empty if it is unknown"
    complain(~empty & ~finite, f"'{{value}}' is not a number{advice}")
    if column.type == "integer":
        whole = numbers.isna() | (numbers % 1 == 0)
        complain(~empty & finite & ~whole, "'{value}' is not a whole number")
    if column.minimum is not None:
        complain(numbers < column.minimum, f"{{value}} is below the least possible, {column.minimum:g}")
    if column.maximum is not None:
        complain(numbers > column.maximum, f"{{value}} is above the most possible, {column.maximum:g}")
    return numbers, complaints


def _literal(text: str) -> str:
    """Keep braces of a pattern from being read as places to fill."""
    return text.replace("{", "{{").replace("}", "}}")


def _check_key(file: str, cells: pd.DataFrame, schema: TableSchema) -> list[str]:
    if not schema.key:
        return []
    keys = cells[list(schema.key)]
    complaints = []
    for row in np.flatnonzero(keys.duplicated().to_numpy())[:_SHOWN]:
        first = int(np.flatnonzero((keys == keys.iloc[row]).all(axis=1).to_numpy())[0])
        complaints.append(
            f"{file} row {row + 2}: {' and '.join(schema.key)} '{' / '.join(keys.iloc[row])}' is already in "
            f"row {first + 2}; keep one."
        )
    return complaints


def _check_sums(file: str, table: pd.DataFrame, schema: TableSchema) -> list[str]:
    rule = schema.sum_at_most
    if rule is None:
        return []
    totals = table.groupby(list(rule.by))[rule.column].transform("sum")
    over = table[totals > rule.limit + _SLACK].drop_duplicates(list(rule.by), keep="last")
    return [
        f"{file} row {row + 2}: {rule.column}s of "
        + " for ".join(str(line[name]) for name in rule.by)
        + f" add up to {totals[row]:.2f}; they must add up to at most {rule.limit:g}."
        for row, line in over.head(_SHOWN).iterrows()
        if isinstance(row, int)
    ]


def check_references(
    schema: TableSchema, table: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Complain of codes that no row of the table referred to has."""
    complaints = []
    for column in schema.columns:
        if column.refers is None or column.refers[0] not in frames:
            continue
        other, key = column.refers
        valid = set(frames[other][key].dropna())
        values = table[column.name]
        for row in np.flatnonzero((values.notna() & ~values.isin(valid)).to_numpy())[:_SHOWN]:
            value = str(values.iloc[row])
            complaints.append(
                f"{schema.file} row {row + 2}, column {column.name}: unknown {key} '{value}'"
                f"{nearest(value, valid) or f'; it must be in {other}.csv'}."
            )
    return complaints
