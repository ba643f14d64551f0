"""The tables of a document as a workbook: a sheet each, and one of contents."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.reports.document import Document
from standards_net.sinks import as_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["workbook", "workbook_of"]

_LONGEST_NAME = 31  # characters of a sheet's name that spreadsheets take
_WIDEST = 60


def workbook(document: Document) -> bytes | None:
    """Content of an .xlsx file; None without openpyxl (the extra ``xlsx``)."""
    said = (document.title, document.subtitle, document.banner, document.left_out, document.source)
    tables = [
        (table.name, f"Table {n}: {table.caption}", table.data) for n, table in enumerate(document.tables, 1)
    ]
    return workbook_of(said, tables)


def workbook_of(said: Sequence[str], tables: Sequence[tuple[str, str, pd.DataFrame]]) -> bytes | None:
    """A workbook of tables, each with its name and caption; None without openpyxl.

    Cells are numbers or text: nothing is a formula, whatever it begins with.

    Parameters
    ----------
    said : sequence of str
        What stands above the contents; empty ones are left out.
    tables : sequence of (str, str, DataFrame)
    """
    if find_spec("openpyxl") is None:
        return None
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book, names = Workbook(), _sheet_names([name for name, _, _ in tables])
    contents = book.active
    contents.title = "contents"
    for text in said:
        if text:
            _append(contents, [text])
    for (_, caption, data), name in zip(tables, names, strict=True):
        _append(contents, [name, caption])
        sheet = book.create_sheet(name)
        _append(sheet, [caption])
        _append(sheet, list(data.columns))
        for row in data.itertuples(index=False):
            _append(sheet, list(row))
        sheet.freeze_panes = "A3"
        for cell in sheet[2]:
            cell.font = Font(bold=True)
        _widen(sheet, data)
    for sheet in book.worksheets:
        sheet["A1"].font = Font(bold=True)
    contents.column_dimensions["A"].width = _LONGEST_NAME
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _append(sheet: Any, row: list[Any]) -> None:
    sheet.append([_cell(value) for value in row])
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"  # openpyxl takes what begins with = as a formula


def _cell(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float) else as_text(str(value))


def _sheet_names(names: list[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        short = name[:_LONGEST_NAME]
        number = 2
        while short in found:
            short = f"{name[: _LONGEST_NAME - 3]}_{number}"
            number += 1
        found.append(short)
    return found


def _widen(sheet: Any, data: pd.DataFrame) -> None:
    from openpyxl.utils import get_column_letter

    for at, column in enumerate(data.columns, start=1):
        longest = max([len(str(column)), *(len(str(value)) for value in data[column].head(50))])
        sheet.column_dimensions[get_column_letter(at)].width = min(longest + 2, _WIDEST)
