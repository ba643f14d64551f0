"""Complaints about a table: file, row, column, what is wrong, what would be right.

Rows are numbered as a spreadsheet shows them: the header is row 1.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import difflib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import pandas as pd

from standards_net.country_names import find_country, unknown_country
from standards_net.errors import nearest
from standards_net.tables.dictionary import Column, TableSchema

__all__ = ["check_references", "check_rows", "parse_table", "read_valid"]

_SHOWN = 5  # complaints of each kind per column; more would not help
_LONGEST = 2000  # characters of a cell
_MAX_SHOWN = 60  # characters of a cell in a complaint
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_DELIMITERS = {";": "semicolons", "\t": "tabulators", "|": "bars"}


def parse_table(content: bytes, schema: TableSchema) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Read a file as text cells; complain of what keeps it from being the table.

    Returns
    -------
    DataFrame
        Cells as strings, empty ones as '', of the columns and rows that can be read; numbered from 0.
    list of str
        Complaints.
    list of str
        Warnings.
    """
    nothing, file = pd.DataFrame(), schema.file
    text, complaint = _decoded(file, content)
    if complaint:
        return nothing, [complaint], []
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return nothing, [f"{file} is not a table: {_unreadable(error)}."], []
    if not rows or not any(rows[0]):
        return nothing, [f"{file} is empty; it needs a header row and at least one row."], []
    header = rows[0]
    if (name := _other_delimiter(header, schema)) is not None:
        return nothing, [f"{file}: cells are separated by {name}; save the file with commas."], []
    complaints = list(islice(_check_header(file, header, schema), _SHOWN * len(schema.columns)))
    lengths = [len(row) for row in rows[1:]]
    wrong = [number for number, cells in enumerate(lengths, start=2) if cells != len(header)]
    complaints += [
        f"{file} row {number} has {lengths[number - 2]} cells; the header has {len(header)}."
        for number in wrong[:_SHOWN]
    ]
    if len(rows) == 1:
        return nothing, [*complaints, f"{file} has a header but no rows; it needs at least one."], []
    fits = [number for number, cells in enumerate(lengths) if cells == len(header)]
    table = pd.DataFrame([rows[1 + number] for number in fits], columns=header, index=fits, dtype="str")
    table = table.loc[:, ~table.columns.duplicated()]
    warnings = (
        [] if text.endswith(("\n", "\r")) else [f"{file}: the last line does not end; is the file cut?"]
    )
    return table, complaints, warnings


def _decoded(file: str, content: bytes) -> tuple[str, str]:
    """Text of a file, or a complaint."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "", f"{file} is UTF-16; save the file as UTF-8."
    if b"\x00" in content:
        return "", f"{file} holds zero bytes, and is no text; save the file as CSV."
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        return "", f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8."


def _unreadable(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell has more than {csv.field_size_limit():,} characters; is a quotation mark left open?"
    if "end of data" in str(error):
        return "a quotation mark is left open"
    return str(error)


def _other_delimiter(header: list[str], schema: TableSchema) -> str | None:
    """What separates cells in place of commas: a header of one cell that holds several names of columns."""
    known = {column.name for column in schema.columns}
    if known & set(header) or len(known) == 1:
        return None
    for delimiter, name in _DELIMITERS.items():
        if len(known & {cell.strip() for cell in header[0].split(delimiter)}) > 1:
            return name
    return None


def read_valid(content: bytes, schema: TableSchema) -> pd.DataFrame:
    """Typed columns of a table that is known to be valid: the same as by way of :func:`check_rows`."""
    kinds = {column.name: str for column in schema.columns if column.type == "string"}
    table = pd.read_csv(io.BytesIO(content), dtype=kinds, keep_default_na=False, na_values=[""])
    return table[[column.name for column in schema.columns]]


def _check_header(file: str, header: list[str], schema: TableSchema) -> Iterator[str]:
    known = [column.name for column in schema.columns]
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            yield f"{file}: column {_quoted(name)} stands in the header twice; keep one."
        if name not in known:
            hint = nearest(name, known) or f"; valid are {', '.join(known)}"
            yield f"{file}: unknown column {_quoted(name)}{hint}."
    for name in known:
        if name not in header:
            yield f"{file}: column '{name}' is missing."


def check_rows(
    cells: pd.DataFrame, schema: TableSchema, codes: Sequence[str] = (), names: Sequence[str] = ()
) -> tuple[pd.DataFrame, list[str]]:
    """Turn text cells into typed columns; complain of every cell that does not fit.

    Parameters
    ----------
    cells : DataFrame
        From :func:`parse_table`.
    schema : TableSchema
    codes, names : sequence of str
        Of the economies: names are read where codes are asked for.

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
        if column.name not in cells:
            continue
        if column.refers == ("countries", "country"):
            cells[column.name] = _as_codes(cells[column.name], codes, names)
        values, found = _check_column(schema.file, cells[column.name], column)
        typed[column.name] = values
        complaints += found
    if set(schema.key) <= set(typed):
        complaints += _check_key(schema.file, cells, schema)
    return pd.DataFrame(typed), complaints


def _as_codes(cells: pd.Series, codes: Sequence[str], names: Sequence[str]) -> pd.Series:
    """Names of economies as their codes; what names none is left for the check of references."""
    found = {word: find_country(word, codes, names) for word in set(cells) - set(codes)}
    return cells.map(lambda word: found.get(word) or word)


def _check_column(file: str, cells: pd.Series, column: Column) -> tuple[pd.Series, list[str]]:
    empty = cells == ""
    complaints: list[str] = []

    def complain(bad: pd.Series, wrong: Callable[[str], str]) -> None:
        rows = cells.index[bad.to_numpy(dtype=bool)]
        complaints.extend(
            f"{file} row {row + 2}, column {column.name}: {wrong(cells[row])}." for row in rows[:_SHOWN]
        )
        if len(rows) > _SHOWN:
            complaints.append(f"{file}: column {column.name} has {len(rows) - _SHOWN} more cells like these.")

    if column.required:
        complain(empty, lambda _: f"the cell is empty; {column.meaning} is required")
    tidy = cells.map(_is_tidy)
    complain(~tidy, lambda value: f"{_quoted(value)} {_untidy(value)}")
    cells = cells.where(tidy, "")
    empty = cells == ""
    if column.type == "string":
        _check_text(column, cells, complain)
        return cells.where(~empty, other=np.nan), complaints
    commas = cells.str.fullmatch(r"[-+]?\d+(,\d+)+")
    if commas.any():
        row = cells.index[commas][0]
        complaints.append(
            f"{file} row {row + 2}, column {column.name}: '{cells[row]}' has a comma; write decimals with a "
            "point, and nothing between thousands."
        )
    numbers = pd.to_numeric(cells.where(~empty & ~commas), errors="coerce")
    finite = np.isfinite(numbers.astype(float))
    advice = "" if column.required else "; leave the cell empty if it is unknown"
    complain(~empty & ~finite & ~commas, lambda value: f"{_quoted(value)} is not a number{advice}")
    if column.type == "integer":
        whole = numbers.isna() | (numbers % 1 == 0)
        complain(~empty & finite & ~whole, lambda value: f"'{value}' is not a whole number")
    if column.minimum is not None:
        least = column.minimum
        complain(numbers < least, lambda value: f"{value} is below the least possible, {least:g}")
    if column.maximum is not None:
        most = column.maximum
        complain(
            finite & (numbers > most), lambda value: f"{_short(value)} is above the most possible, {most:g}"
        )
    return numbers, complaints


def _check_text(
    column: Column, cells: pd.Series, complain: Callable[[pd.Series, Callable[[str], str]], None]
) -> None:
    """Complain of text that is not what the column means."""
    given = cells != ""
    if column.pattern:
        fits = cells.str.fullmatch(column.pattern)
        complain(~fits & given, lambda value: f"{_quoted(value)} does not match the pattern {column.pattern}")
    if column.enum:
        valid = ", ".join(column.enum)
        complain(
            ~cells.isin(column.enum) & given,
            lambda value: f"{_quoted(value)} is not one of {valid}{nearest(value, column.enum)}",
        )
    if column.date:
        dates = cells.map(_is_date)
        complain(
            ~dates & given, lambda value: f"{_quoted(value)} is no date; write 2020, 2020-07 or 2020-07-13"
        )
    if column.vocabulary is not None:
        slips = _slips(cells, column.vocabulary)
        complain(cells.isin(list(slips)) & given, lambda value: f"{_quoted(value)} is new{slips[value]}")


def _is_tidy(value: str) -> bool:
    return value.isprintable() and value == value.strip() and len(value) <= _LONGEST


def _untidy(value: str) -> str:
    if len(value) > _LONGEST:
        return f"has {len(value):,} characters; at most {_LONGEST:,} are read"
    if value != value.strip():
        return "has spaces at its ends; remove them"
    return "holds a control character or an invisible one; remove it"


def _quoted(value: str) -> str:
    return f"'{_short(value)}'" if value.isprintable() else _short(repr(value))


def _short(value: str) -> str:
    return value if len(value) <= _MAX_SHOWN else f"{value[:20]}...{value[-20:]}"


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        datetime.date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        return False
    return True


def _slips(cells: pd.Series, shipped: Sequence[str]) -> dict[str, str]:
    """Values that are probably another one: near to a shipped value, or like another but for case."""
    own = [value for value in dict.fromkeys(cells) if value]
    found: dict[str, str] = {}
    by_folded: dict[str, str] = {}
    for value in [*shipped, *own]:
        first = by_folded.setdefault("".join(value.split()).casefold(), value)
        if first != value and value not in shipped:
            found[value] = f"; did you mean '{first}'?"
    for value in own:
        if value not in shipped and value not in found:
            near = difflib.get_close_matches(
                value.casefold(), [w.casefold() for w in shipped], n=1, cutoff=0.74
            )
            if near:
                right = next(word for word in shipped if word.casefold() == near[0])
                found[value] = f"; did you mean '{right}'? A name of your own must differ more"
    return found


def _check_key(file: str, cells: pd.DataFrame, schema: TableSchema) -> list[str]:
    if not schema.key:
        return []
    keys = cells[list(schema.key)]
    complaints = []
    for row in keys.index[keys.duplicated()][:_SHOWN]:
        first = keys.index[(keys == keys.loc[row]).all(axis=1)][0]
        complaints.append(
            f"{file} row {row + 2}: {' and '.join(schema.key)} '{' / '.join(keys.loc[row])}' is already in "
            f"row {first + 2}; keep one."
        )
    return complaints


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
            if column.refers == ("countries", "country"):
                wrong = re.split("; valid are |; give an ", unknown_country(value, sorted(valid)))[0]
            else:
                wrong = f"unknown {key} {_quoted(value)}{nearest(value, valid)}"
            if ";" not in wrong and ":" not in wrong:
                wrong += f"; it must be in {other}.csv"
            complaints.append(f"{schema.file} row {row + 2}, column {column.name}: {wrong}.")
    return complaints
