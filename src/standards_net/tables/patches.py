"""Rows that change a table: only those that differ, in a file beside the one that they are about."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import pandas as pd

from standards_net.country_names import find_country
from standards_net.tables.check import parse_table
from standards_net.tables.dictionary import TableSchema

__all__ = ["ECONOMY", "Patch", "by_codes", "of_patch", "patch_path", "patched", "read_patch"]

_ENDING = ".patch.csv"
ECONOMY = ("countries", "country")  # table and column of economies
_SHOWN = 5  # complaints of a kind


@dataclass(frozen=True)
class Patch:
    """Rows that replace those of the same key, or are new.

    Attributes
    ----------
    schema : TableSchema
        Of the rows: the columns that they have, under the name of their file.
    rows : DataFrame
        Text cells; an empty one leaves what is there.
    """

    schema: TableSchema
    rows: pd.DataFrame


def patch_path(schema: TableSchema) -> str:
    """Where rows that change a table stand, beside where the table itself would.

    Examples
    --------
    >>> patch_path(TableSchema("adoption", "vendors/adoption.csv", (), (), ""))
    'vendors/adoption.patch.csv'
    """
    return str(PurePosixPath(schema.path).with_suffix(_ENDING))


def read_patch(
    content: bytes, schema: TableSchema, codes: Sequence[str], names: Sequence[str]
) -> tuple[Patch, list[str]]:
    """Rows of a patch as text cells, economies by their codes; complaints about the file.

    Parameters
    ----------
    content : bytes
        CSV with the key columns of the table and any others of its columns.
    schema : TableSchema
        Of the table that is changed.
    codes, names : sequence of str
        Of the economies.
    """
    known = {column.name: column for column in schema.columns}
    header = _header(content)
    given = tuple(known[name] for name in known if name in header or name in schema.key)
    if not known.keys() & set(header):  # nothing is known of it: complain of it as of a whole table
        given = schema.columns
    own = replace(schema, path=patch_path(schema), columns=given)
    if not schema.key:
        return Patch(own, pd.DataFrame()), [
            f"{own.file}: rows of {schema.file} have no key; replace it whole."
        ]
    rows, complaints, _ = parse_table(content, own)
    rows = by_codes(rows, schema, codes, names)
    if not complaints:
        twice = rows.duplicated(list(schema.key))
        complaints += [
            f"{own.file} row {row + 2}: {', '.join(rows.loc[row, list(schema.key)])} is there twice."
            for row in rows.index[twice][:_SHOWN]
        ]
    return Patch(own, rows), complaints


def by_codes(
    cells: pd.DataFrame, schema: TableSchema, codes: Sequence[str], names: Sequence[str]
) -> pd.DataFrame:
    """Text cells with economies by their codes; what names none is left as it is."""
    found = cells.copy()
    for column in schema.columns:
        if (column.refers == ECONOMY or (schema.name, column.name) == ECONOMY) and column.name in cells:
            known = {word: find_country(word, codes, names) for word in set(cells[column.name])}
            found[column.name] = [known[word] or word for word in cells[column.name]]
    return found


def _header(content: bytes) -> list[str]:
    text = content.decode("utf-8-sig", errors="replace")
    try:
        return next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error:
        return []


def patched(base: pd.DataFrame, patch: Patch) -> tuple[pd.DataFrame, dict[int, int]]:
    """A table with the rows of a patch in it.

    Parameters
    ----------
    base : DataFrame
        Text cells.
    patch : Patch

    Returns
    -------
    DataFrame
        Text cells, those of the base in their order, new rows at the end.
    dict of int to int
        Of rows of the result to those of the patch, both counted from 0.

    Examples
    --------
    >>> schema = TableSchema("t", "t.csv", (), ("country",), "")
    >>> base = pd.DataFrame({"country": ["KEN", "MLI"], "share": ["0.1", "0.2"], "note": ["a", "b"]})
    >>> rows = pd.DataFrame({"country": ["MLI", "TZA"], "share": ["0.3", "0.4"]})
    >>> table, from_patch = patched(base, Patch(schema, rows))
    >>> table.to_numpy().tolist()
    [['KEN', '0.1', 'a'], ['MLI', '0.3', 'b'], ['TZA', '0.4', '']]
    >>> from_patch
    {1: 0, 2: 1}
    """
    key = list(patch.schema.key)
    table = base.reset_index(drop=True)
    place = {tuple(cells): row for row, cells in enumerate(table[key].to_numpy().tolist())}
    columns = [name for name in table.columns if name in patch.rows]
    new: list[dict[str, str]] = []
    found: dict[int, int] = {}
    cells_of = {name: table[name].tolist() for name in columns}
    for number, row in zip(patch.rows.index, patch.rows.to_dict("records"), strict=True):
        at = place.get(tuple(row[name] for name in key))
        if at is None:
            found[len(table) + len(new)] = int(number)
            new.append({str(name): str(cell) for name, cell in row.items()})
            continue
        found[at] = int(number)
        for name in columns:
            if row[name] != "":
                cells_of[name][at] = row[name]
    table = table.assign(**cells_of)
    if new:
        more = pd.DataFrame(new, columns=list(table.columns), dtype="str").fillna("")
        table = pd.concat([table, more], ignore_index=True)
    return table, found


def of_patch(complaint: str, schema: TableSchema, found: Mapping[int, int]) -> str:
    """A complaint about a row of a patched table as one about the row of the patch that it comes from."""
    row = re.match(rf"{re.escape(schema.file)} row (\d+)", complaint)
    if row is None:
        return complaint
    number, own = found.get(int(row[1]) - 2), PurePosixPath(patch_path(schema)).name
    place = f"{schema.file}, with {own}" if number is None else f"{own} row {number + 2}"
    return place + complaint[row.end() :]
