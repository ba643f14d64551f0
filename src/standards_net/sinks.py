"""Text on its way out: names of users are shown, never interpreted, wherever they end."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from standards_net.errors import printable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_csv", "as_json", "as_page_text", "as_picture_text", "as_text", "as_xml_text"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which spreadsheets begin a formula


def as_text(text: str) -> str:
    r"""Text for a terminal or a log: control and invisible characters are written out.

    Examples
    --------
    >>> print(as_text("a" + chr(27) + "[31mb"), as_text("Côte d'Ivoire"))
    a\x1b[31mb Côte d'Ivoire
    """
    return "\xa0".join(
        printable(part) for part in text.split("\xa0")
    )  # which holds numbers and units together


def as_csv(table: pd.DataFrame) -> str:
    r"""A table as CSV: a cell of text that a spreadsheet would calculate is led by an apostrophe.

    Examples
    --------
    >>> import pandas as pd
    >>> as_csv(pd.DataFrame({"name": ["=1+1", "Mali"], "share": [-0.5, 1.0]}))
    "name,share\n'=1+1,-0.5\nMali,1.0\n"
    """
    import pandas as pd

    text = {
        name: table[name].map(lambda cell: _cell(cell) if isinstance(cell, str) else cell)
        for name in table.columns
        if not pd.api.types.is_numeric_dtype(table[name])
    }
    named = table.assign(**{str(name): values for name, values in text.items()}) if text else table
    return str(named.rename(columns=lambda name: _cell(str(name))).to_csv(index=False, lineterminator="\n"))


def _cell(text: str) -> str:
    shown = as_text(text)
    return f"'{shown}" if text.startswith(_FORMULA) and not _is_number(text) else shown


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def as_json(content: object, indent: int | None = None) -> str:
    r"""JSON of plain data, readable in any language; invisible characters are escaped as JSON does.

    Examples
    --------
    >>> print(as_json({"name": "Côte\u202e"}))
    {"name": "Côte\u202e"}
    """
    text = json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False, default=str)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def as_picture_text(text: str) -> str:
    r"""Text for matplotlib: no mathematics between dollar signs.

    Examples
    --------
    >>> print(as_picture_text("US$ 5 and US$ 6"))
    US\$ 5 and US\$ 6
    """
    return re.sub(r"(?<!\\)\$", r"\\$", as_text(text))


def as_xml_text(text: str) -> str:
    r"""Text for XML files: characters that XML does not know are written out.

    Examples
    --------
    >>> print(as_xml_text("a" + chr(7) + "b"))
    a\x07b
    """
    return "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)


def as_page_text(value: Any) -> Any:
    r"""What a template fills in: text without control and invisible characters, all else as it is.

    Examples
    --------
    >>> print(as_page_text("a" + chr(7) + "b"), as_page_text(5))
    a\x07b 5
    """
    return as_text(value) if type(value) is str else value
