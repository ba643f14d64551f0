"""A report as data: sections of paragraphs, tables and charts, with contents, captions and links.

A page and a spreadsheet are made of the same document: what is read and what is calculated with agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Block",
    "Bullets",
    "Card",
    "Cards",
    "Chart",
    "Document",
    "Html",
    "Section",
    "Table",
    "Text",
    "link",
]


@dataclass(frozen=True)
class Text:
    """A paragraph: text, or markup from :func:`link`."""

    text: str
    soft: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of paragraphs."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Card:
    """A headline number: what it is of, its value, and what is said of it."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Cards:
    """Headline numbers side by side."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Table:
    """A table, numbered and captioned; links lead to it by ``table-`` and its name.

    Attributes
    ----------
    name : str
        Of its sheet and CSV file: letters, digits, underscores.
    caption : str
    shown : DataFrame
        Texts as they are read; columns are headings.
    data : DataFrame
        The same as numbers, for programs.
    headings : int
        Columns, from the left, that name a row.
    targets : bool
        Whether links lead to its rows, by the table's name, a hyphen and the first cell.
    """

    name: str
    caption: str
    shown: pd.DataFrame
    data: pd.DataFrame
    headings: int = 1
    targets: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture, numbered and captioned; links lead to it by ``figure-`` and its name.

    Attributes
    ----------
    name : str
        Of its file, without an ending.
    caption, alt : str
        What it shows, for those who see it and for those who do not.
    svg, png : bytes
    """

    name: str
    caption: str
    alt: str
    svg: bytes
    png: bytes


@dataclass(frozen=True)
class Html:
    """A part of a page that is made elsewhere, and left out of prints if asked."""

    html: Markup
    printed: bool = True


Block = Text | Bullets | Cards | Table | Chart | Html


@dataclass(frozen=True)
class Section:
    """A section of a report, listed in its contents.

    Attributes
    ----------
    anchor : str
        Target of links.
    title : str
    blocks : sequence of Block
    annex : bool
        Whether it stands in the annex.
    """

    anchor: str
    title: str
    blocks: Sequence[Block]
    annex: bool = False


@dataclass(frozen=True)
class Document:
    """A report.

    Attributes
    ----------
    title, subtitle : str
    sections : tuple of Section
        The first is the summary, a page of its own.
    source : str
        Line at the end of each page.
    banner : str
        What a reader must know first, such as own tables; empty if nothing.
    left_out : str
        What a quick report leaves out; empty if nothing.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    source: str
    banner: str = ""
    left_out: str = ""

    def blocks(self) -> Iterator[Block]:
        """All blocks in order."""
        for section in self.sections:
            yield from section.blocks

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables in order."""
        return tuple(block for block in self.blocks() if isinstance(block, Table))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All charts in order."""
        return tuple(block for block in self.blocks() if isinstance(block, Chart))


def link(text: str, anchor: str) -> Markup:
    """A link within a page, to a section, table, row or picture.

    Examples
    --------
    >>> print(link("what it <costs>", "costs"))
    <a href="#costs">what it &lt;costs&gt;</a>
    """
    return Markup('<a href="#{}">{}</a>').format(anchor, text)
