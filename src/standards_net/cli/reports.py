"""The command ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standards_net.cli.console import progress_bar, say, world_of
from standards_net.cli.options import DataOption, ScenarioArguments, SeedOption, UntilOption

__all__ = ["REPORT", "report"]

REPORT = (
    "Examples:\n\nstandards-net report my.toml\n\n"
    "standards-net report my.toml 6g-split-2030 --baseline as-happened-2025 --out report/\n\n"
    "standards-net report silos --quick"
)


def report(
    scenarios: ScenarioArguments,
    baseline: Annotated[
        str, typer.Option(help="Scenario that the others are compared with.")
    ] = "status-quo-2019",
    quick: Annotated[
        bool, typer.Option("--quick", help="In seconds: 64 draws, no scorecard, no network page.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("report"),
    draws: Annotated[
        int | None, typer.Option(min=1, help="Number of draws; 256, or 64 if quick.", show_default=False)
    ] = None,
    rng: SeedOption = 2019,
    until: UntilOption = 2040,
    data: DataOption = None,
) -> None:
    """Write a report on scenarios: a page with its tables (CSV, XLSX) and pictures (PNG, SVG).

    First a summary of one printed page; then what the scenarios say, markets and interoperability, costs,
    blocs, countries, how good the model is, and an annex of parameters and sources.
    """
    from standards_net.reports import write_report

    with progress_bar("report") as progress:
        files = write_report(
            world_of(data), scenarios, baseline=baseline, quick=quick, out=out, draws=draws, rng=rng,
            until=until, progress=progress,
        )  # fmt: skip
    say(f"written: {len(files)} files in {out}; begin with {out / 'report.html'}")
    if not any(file.suffix == ".xlsx" for file in files):
        say("tables.xlsx is left out; it needs: pip install 'standards-net[xlsx]'.")
