"""Tables as the sheets of a workbook: a template to fill in, and reading it back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from standards_net.errors import DataError, StandardsNetError, one_of
from standards_net.tables.dictionary import TableSchema

__all__ = ["READ_ME", "WORKBOOK", "sheets_of", "template_workbook"]

WORKBOOK = ".xlsx"
READ_ME = "read me"
_WIDTH = 18


def _needed() -> None:
    if find_spec("openpyxl") is None:
        raise StandardsNetError("workbooks need openpyxl; install it with: pip install 'standards-net[xlsx]'")


def sheets_of(path: Path, schemas: Mapping[str, TableSchema]) -> dict[str, bytes]:
    """The sheets of a workbook that are named after tables, each as CSV.

    Parameters
    ----------
    path : Path
    schemas : mapping of str to TableSchema

    Raises
    ------
    DataError
        A file that is no workbook; a sheet that is named after no table; none that has rows.
    StandardsNetError
        openpyxl is not installed.
    """
    _needed()
    from openpyxl import load_workbook

    try:
        values, formulas = (
            {
                sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
                for sheet in load_workbook(path, data_only=data_only).worksheets
            }
            for data_only in (True, False)
        )
    except Exception as error:  # whatever a damaged archive raises
        raise DataError(f"{path.name} cannot be read as a workbook: {str(error).lower()[:100]}.") from None
    complaints = [
        f"{path.name}: {one_of('table', title, schemas)}; sheets are named after tables."
        for title in values
        if title not in (*schemas, READ_ME)
    ]
    found: dict[str, bytes] = {}
    for title in [title for title in values if title in schemas]:
        complaints += [
            f"{path.name}, sheet '{title}' row {number}: its formula has no value yet; save the file in a "
            "spreadsheet, or write the number."
            for number in _unworked(values[title], formulas[title])
        ]
        content = _csv([[_text(cell) for cell in row] for row in values[title]])
        if content is not None:
            found[title] = content
    if complaints:
        raise DataError(complaints)
    if not found:
        raise DataError(f"{path.name}: no sheet has a row; fill one in.")
    return found


def _unworked(values: list[list[Any]], formulas: list[list[Any]]) -> list[int]:
    """Numbers of rows with a formula that no spreadsheet has worked out."""
    return [
        number
        for number, (row, written) in enumerate(zip(values, formulas, strict=True), start=1)
        for cell, formula in zip(row, written, strict=True)
        if cell is None and str(formula).startswith("=")
    ]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return cell.date().isoformat() if hasattr(cell, "date") else str(cell)


def _csv(rows: list[list[str]]) -> bytes | None:
    """Rows without the empty ones at the end and empty columns at the right; None without any."""
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) < 2:
        return None
    wide = max((k + 1 for k, name in enumerate(rows[0]) if name), default=0)
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(row[:wide] for row in rows)
    return written.getvalue().encode("utf-8")


def template_workbook(
    tables: Mapping[str, pd.DataFrame], schemas: Mapping[str, TableSchema], said: Sequence[str]
) -> bytes:
    """A workbook with a sheet for each table: its header, with what a column means, and some of its rows.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Rows that each sheet begins with.
    schemas : mapping of str to TableSchema
    said : sequence of str
        Of the sheet that tells how to fill in the others.

    Raises
    ------
    StandardsNetError
        openpyxl is not installed.
    """
    _needed()
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    read_me = book.active
    read_me.title = READ_ME
    for line in said:
        read_me.append([line])
    read_me.column_dimensions["A"].width = 120
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for at, column in enumerate(schemas[name].columns, start=1):
            cell = sheet.cell(1, at, column.name)
            cell.font = Font(bold=True)
            unit = f" ({column.unit})" if column.unit else ""
            needed = "; required" if column.required else ""
            cell.comment = Comment(f"{column.meaning}{unit}{needed}", "standards_net")
            sheet.column_dimensions[get_column_letter(at)].width = _WIDTH
        for number, row in enumerate(rows.itertuples(index=False), start=2):
            for at, value in enumerate(row, start=1):
                if not pd.isna(value):
                    cell = sheet.cell(number, at, value.item() if hasattr(value, "item") else value)
                    if isinstance(value, str):
                        cell.data_type = "s"  # a cell that begins with = is text too
        sheet.freeze_panes = "B2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
