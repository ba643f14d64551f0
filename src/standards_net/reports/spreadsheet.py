"""The tables of a document as a workbook: a sheet each, and one of contents."""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.reports.document import Document
from standards_net.sinks import as_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["workbook"]

_LONGEST_NAME = 31  # characters of a sheet's name that spreadsheets take
_WIDEST = 60


def workbook(document: Document) -> bytes | None:
    """Content of an .xlsx file; None without openpyxl (the extra ``xlsx``).

    Cells are numbers or text: nothing is a formula, whatever it begins with.
    """
    if find_spec("openpyxl") is None:
        return None
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book, names = Workbook(), _sheet_names([table.name for table in document.tables])
    contents = book.active
    contents.title = "contents"
    for text in (document.title, document.subtitle, document.banner, document.left_out, document.source):
        if text:
            _append(contents, [text])
    for number, (table, name) in enumerate(zip(document.tables, names, strict=True), start=1):
        _append(contents, [f"Table {number}", name, table.caption])
        sheet = book.create_sheet(name)
        _append(sheet, [f"Table {number}: {table.caption}"])
        _append(sheet, list(table.data.columns))
        for row in table.data.itertuples(index=False):
            _append(sheet, list(row))
        sheet.freeze_panes = "A3"
        for cell in sheet[2]:
            cell.font = Font(bold=True)
        _widen(sheet, table.data)
    for sheet in book.worksheets:
        sheet["A1"].font = Font(bold=True)
    contents.column_dimensions["A"].width, contents.column_dimensions["B"].width = 12, 34
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
