"""Talk to people on stderr, hand results to stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Format", "print_table", "progress_bar", "say"]


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def say(text: str) -> None:
    """Tell a person something, without touching stdout."""
    print(text, file=sys.stderr)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Progress bar on stderr; silent where that is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
    )
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def print_table(table: pd.DataFrame, form: Format, title: str = "") -> None:
    """Print a table to stdout: aligned for people, CSV or JSON for programs."""
    if form is Format.csv:
        sys.stdout.write(table.to_csv(index=False, lineterminator="\n"))
    elif form is Format.json:
        records: list[dict[str, Any]] = table.to_dict("records")
        sys.stdout.write(json.dumps(records, indent=1, default=str) + "\n")
    else:
        _print_aligned(table, title)


def _print_aligned(table: pd.DataFrame, title: str) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=title or None, box=SIMPLE_HEAD, title_justify="left")
    numeric = [table[c].dtype.kind in "fi" and c != "year" for c in table.columns]
    for column, right in zip(table.columns, numeric, strict=True):
        shown.add_column(str(column), justify="right" if right else "left", no_wrap=right)
    for row in table.itertuples(index=False):
        shown.add_row(*(_cell(value) for value in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=max(100, console.measure(shown).maximum))
    console.print(shown)


def _cell(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    size = abs(value)
    return (
        f"{value:,.0f}" if size >= 1000 else f"{value:.3f}" if size >= 0.001 or not size else f"{value:.1e}"
    )
