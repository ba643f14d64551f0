"""A document as one page without external resources, and as tables and pictures."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from markupsafe import Markup

from standards_net.reports.document import Block, Chart, Document, Table
from standards_net.sinks import as_csv, as_page_text

__all__ = ["document_files", "document_page"]

_TEMPLATES = Path(__file__).parent / "templates"


def document_page(document: Document) -> str:
    """The page: summary, contents, sections with numbered tables and figures, annex.

    Parameters
    ----------
    document : Document

    Returns
    -------
    str
        HTML without external resources.

    Examples
    --------
    >>> from standards_net.reports.document import Section, Text
    >>> document = Document("Title", "", (Section("summary", "Summary", [Text("a < b")]),), "source")
    >>> "<p>a &lt; b</p>" in document_page(document)
    True
    """
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, finalize=as_page_text)
    page = environment.get_template("report.html").render(document=document, kind=_kind, uri=_uri, rows=_rows)
    return _numbered(_numbered(page, "caption", "Table"), "figcaption", "Figure")


def _numbered(page: str, tag: str, word: str) -> str:
    """Captions with their numbers, in the order in which they stand."""
    first, *others = page.split(f"<{tag}>")
    numbered = (f"<{tag}>{word} {number}. {rest}" for number, rest in enumerate(others, start=1))
    return first + "".join(numbered)


def document_files(document: Document) -> dict[str, bytes]:
    """The page, its tables as CSV and as one workbook, and its charts.

    Parameters
    ----------
    document : Document

    Returns
    -------
    dict of str to bytes
        By file name; ``tables.xlsx`` only with the extra ``xlsx``.
    """
    from standards_net.reports.spreadsheet import workbook

    files = {"report.html": document_page(document).encode("utf-8")}
    files |= {f"tables/{table.name}.csv": as_csv(table.data).encode("utf-8") for table in document.tables}
    for chart in document.charts:
        files |= {f"figures/{chart.name}.svg": chart.svg, f"figures/{chart.name}.png": chart.png}
    book = workbook(document)
    return files if book is None else {**files, "tables.xlsx": book}


def _kind(block: Block) -> str:
    return type(block).__name__


def _uri(chart: Chart) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(chart.svg).decode("ascii")


def _rows(table: Table) -> list[list[Any]]:
    return [
        [cell if isinstance(cell, Markup) else as_page_text(str(cell)) for cell in row]
        for row in table.shown.to_numpy().tolist()
    ]
