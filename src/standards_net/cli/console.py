"""Messages for people on stderr, results on stdout."""

from __future__ import annotations

import math
import sys
import textwrap
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.sinks import as_csv, as_json, as_text

if TYPE_CHECKING:
    import pandas as pd

    from standards_net.progress import Progress
    from standards_net.world import World

__all__ = [
    "Format",
    "csv_bytes",
    "print_json",
    "print_measures",
    "print_table",
    "progress_bar",
    "say",
    "world_of",
]


_SECONDS_BETWEEN_LINES = 8.0  # of progress in a log
_WIDE = 110  # of a table that goes to a file or another program
_NARROW = 98  # columns of text for people
_SENTENCE = 40  # characters from which on a text is wrapped rather than kept on its line


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"


def say(text: str) -> None:
    """Print a message on stderr, so that stdout holds results only."""
    print(as_text(text), file=sys.stderr)


def world_of(data: Path | None) -> World:
    """Load the world; report what a smaller one leaves out."""
    from standards_net import load_world

    world = load_world(data)
    if world.left_out:
        named = sorted(world.left_out)
        few = ", ".join(named[:6]) + (f" and {len(named) - 6} more" if len(named) > 6 else "")
        say(
            f"standards-net: these tables leave out {few} of the bundled world; such names in scenarios "
            "match no country."
        )
    return world


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Progress on stderr: a bar on a terminal, elsewhere a line every few seconds."""
    with (_bar if sys.stderr.isatty() else _progress_lines)(label) as advance:
        yield advance


@contextmanager
def _progress_lines(label: str) -> Iterator[Progress]:
    """Lines for a log, at intervals even while a single step takes long; none of what ends before."""
    state, ended, began = {"part": 0.0}, threading.Event(), time.monotonic()

    def advance(done: int, total: int) -> None:
        state["part"] = done / max(total, 1)

    def report() -> None:
        while not ended.wait(_SECONDS_BETWEEN_LINES):
            say(f"{label}: {100 * state['part']:.0f} % after {time.monotonic() - began:.0f} s")

    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:
        yield advance
    finally:
        ended.set()
        reporter.join()


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
    )
    with Bar(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def print_measures(summary: pd.DataFrame, meanings: Mapping[str, tuple[str, str, str]], title: str) -> None:
    """Print measures for people: a block per measure, a line per scenario and technology.

    A measure that is undefined says why.

    Parameters
    ----------
    summary : DataFrame
        Rows of scenario, technology, measure, median, low, high, and share_above_zero of differences.
    meanings : mapping of measure to (meaning, unit, why it is undefined where it is)
    title : str
    """
    print(as_text(title))
    for measure, rows in summary.groupby("measure", sort=False):
        meaning, unit, reason = meanings[str(measure)]
        factor, unit = (1e-9, unit.replace("USD", "USD bn")) if "USD" in unit else (1.0, unit)
        for line in textwrap.wrap(f"{measure}: {meaning}" + ("" if unit == "1" else f", {unit}"), _NARROW):
            print(("\n" if line.startswith(f"{measure}:") else "  ") + line)
        wide, technologies = (rows[name].map(len).max() for name in ("scenario", "technology"))
        before = ""
        for row in rows.itertuples(index=False):
            name = "" if row.scenario == before else as_text(row.scenario)
            print(f"  {name:<{wide}}  {row.technology:<{technologies}}  {_interval(row, factor, reason)}")
            before = row.scenario


def _interval(row: Any, factor: float, reason: str) -> str:
    if math.isnan(row.median):
        return "undefined" + (f": {reason}" if reason else "")
    sign = "+" if hasattr(row, "share_above_zero") else ""
    median, low, high = (f"{factor * value:{sign}.3f}" for value in (row.median, row.low, row.high))
    above = f" {100 * row.share_above_zero:.0f} %" if hasattr(row, "share_above_zero") else ""
    return f"{median} [{low}, {high}]{above}"


def print_table(table: pd.DataFrame, form: Format, title: str = "") -> None:
    """Print a table to stdout: aligned for people, CSV, JSON or JSON lines for programs."""
    if form is Format.csv:
        sys.stdout.write(as_csv(table))
    elif form is Format.json:
        sys.stdout.write(as_json(_plain(table), indent=1) + "\n")
    elif form is Format.jsonl:
        for record in _plain(table):
            sys.stdout.write(as_json(record) + "\n")
    else:
        _print_aligned(table, title)


def print_json(content: Mapping[str, Any]) -> None:
    """Print tables and facts as one JSON document to stdout; NaN and infinity become null."""
    sys.stdout.write(as_json(_plain(content), indent=1) + "\n")


def _plain(value: Any) -> Any:
    """Tables and facts as JSON can hold them."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        return _plain(value.to_dict("records"))
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as the content of a CSV file."""
    return as_csv(table).encode("utf-8")


def _print_aligned(table: pd.DataFrame, title: str) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if title:
        print(f"\n{as_text(title)}")
    shown = Table(box=SIMPLE_HEAD)
    numeric = [table[c].dtype.kind in "fi" and c != "year" for c in table.columns]
    rows = [[_cell(value) for value in row] for row in table.itertuples(index=False)]
    wraps = (
        bool(len(table.columns))
        and not numeric[-1]
        and max((len(r[-1]) for r in rows), default=0) > _SENTENCE
    )
    for k, (column, right) in enumerate(zip(table.columns, numeric, strict=True)):
        # Names and numbers are never cut; only a last column of sentences is wrapped.
        last = wraps and k == len(table.columns) - 1
        shown.add_column(Text(str(column)), justify="right" if right else "left", no_wrap=not last)
    for row in rows:
        shown.add_row(*map(Text, row))
    console = Console(markup=False, highlight=False, emoji=False)
    width = console.width if console.is_terminal else _WIDE
    if not wraps:
        # A terminal that is too narrow breaks the lines; nothing is lost.
        width = max(width, shown.__rich_measure__(console, console.options.update(max_width=10_000)).maximum)
    console.width = width
    console.print(shown, soft_wrap=not wraps, crop=False)


def _cell(value: Any) -> str:
    if not isinstance(value, float):
        return as_text(str(value))
    if math.isnan(value):
        return "undefined"
    size = abs(value)
    return (
        f"{value:,.0f}" if size >= 1000 else f"{value:.3f}" if size >= 0.001 or not size else f"{value:.1e}"
    )
