"""What commands leave behind: tables for people, tables and pictures in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from standards_net.cli.console import csv_bytes, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["check_out", "for_people", "write_out"]


def for_people(table: pd.DataFrame) -> pd.DataFrame:
    """A table to be read: medians with their intervals in one cell, USD in billions."""
    import pandas as pd

    shown = {}
    for name in table.columns:
        if name.endswith(("_low", "_high")) and name.rpartition("_")[0] in table.columns:
            continue
        parts = [table[n] for n in (name, f"{name}_low", f"{name}_high") if n in table.columns]
        money = parts[0].dtype.kind == "f" and (
            name.endswith("_usd") or max(part.abs().max() for part in parts) >= 1e6
        )
        label = f"{name.removesuffix('_usd')}, USD bn" if money else name
        if len(parts) == 1:
            shown[label] = parts[0] / 1e9 if money else parts[0]
        else:
            middle, low, high = (part / (1e9 if money else 1.0) for part in parts)
            digits = 2 if max(middle.abs().max(), high.abs().max()) >= 1.0 or money else 4
            shown[label] = [
                f"{m:.{digits}f} [{lo:.{digits}f}, {hi:.{digits}f}]"
                for m, lo, hi in zip(middle, low, high, strict=True)
            ]
    return pd.DataFrame(shown)


def check_out(out: Path | None) -> None:
    """Raise if the folder cannot be written to, before a long run rather than after it."""
    from standards_net.files import check_writable

    if out is not None:
        check_writable(out)


def write_out(out: Path | None, tables: Mapping[str, pd.DataFrame], figures: Mapping[str, Figure]) -> None:
    """Write tables as CSV and figures as PNG and SVG into a folder, all or none; nothing if there is none."""
    if out is None:
        return
    from standards_net.drawing.charts.figures import render
    from standards_net.files import write_together

    contents = {f"{name}.csv": csv_bytes(table) for name, table in tables.items()}
    for name, figure in figures.items():
        contents |= {f"{name}{suffix}": render(figure, suffix) for suffix in (".png", ".svg")}
    say(f"written: {', '.join(str(path) for path in write_together(out, contents))}")
