"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standards_net.cli.console import Format

__all__ = [
    "DataOption",
    "DrawsOption",
    "FormatOption",
    "JsonOption",
    "MechanismOption",
    "OutOption",
    "ParametersOption",
    "PlayersOption",
    "ScenarioArguments",
    "SeedOption",
    "TechnologyOption",
    "UntilOption",
]

DrawsOption = Annotated[int, typer.Option(min=1, help="Number of draws of parameters and random numbers.")]
SeedOption = Annotated[int, typer.Option("--rng", min=0, help="Seed: the same seed gives the same result.")]
UntilOption = Annotated[int, typer.Option(min=2020, max=2100, help="Last year.")]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Folder or workbook (.xlsx) with your own tables or rows, which override the bundled ones.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the table.")]
ScenarioArguments = Annotated[
    list[str],
    typer.Argument(help="Names of shipped scenarios, .toml or .json files, or - for standard input."),
]
OutOption = Annotated[Path | None, typer.Option(help="Folder for tables (CSV) and pictures (PNG, SVG).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print everything as JSON, for programs.")]
PlayersOption = Annotated[
    list[str],
    typer.Option("--players", help="Players: country codes or groups; may be repeated."),
]
TechnologyOption = Annotated[str, typer.Option(help="A technology, such as radio, core or iot.")]
ParametersOption = Annotated[
    str,
    typer.Option(
        "--parameters",
        help="What parameters are drawn from: calibrated (priors moved by what happened from 2019 to 2025), "
        "prior, or central (the defaults in all draws).",
    ),
]
MechanismOption = Annotated[
    str,
    typer.Option(
        "--mechanism",
        help="What decides where purchases go. Utility-based: vendor-choice (in proportion), logit (the same "
        "by way of the standards), procurement (operators tender), heat-bath (one standard per year, drawn), "
        "best-response (the best). Social influence (ties only; prices, affinity and finance ignored): "
        "linear-threshold, independent-cascade, voter, q-voter, majority, averaging.",
    ),
]
