"""The command ``brief``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standards_net.cli.console import progress_bar, say, world_of
from standards_net.cli.options import DataOption, DrawsOption, SeedOption, UntilOption
from standards_net.errors import StandardsNetError

__all__ = ["BRIEF", "brief"]

BRIEF = (
    "Examples:\n\nstandards-net brief DEU\n\n"
    "standards-net brief Vietnam my.toml --baseline as-happened-2025\n\n"
    "standards-net brief --all bipolar-forced --out briefs/"
)


def brief(
    country: Annotated[
        str | None, typer.Argument(help="A country's code or name, such as DEU or Germany.")
    ] = None,
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(help="Names of shipped scenarios, .toml or .json files; as-happened-2025 if none."),
    ] = None,
    baseline: Annotated[
        str, typer.Option(help="Scenario that the others are compared with.")
    ] = "status-quo-2019",
    every: Annotated[
        bool, typer.Option("--all", help="A brief for every country, and a page of contents.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("briefs"),
    draws: DrawsOption = 64,
    rng: SeedOption = 2019,
    until: UntilOption = 2040,
    data: DataOption = None,
) -> None:
    """Write what scenarios mean for a country: one printed page for each scenario.

    Who supplies its networks, with intervals; its policy on record; what it costs, and with whom it loses
    exchange; on which side it is likely to stand and what moves it; how good the model was for it.
    """
    from standards_net.briefs import write_briefs
    from standards_net.briefs.write import SCENARIO

    world = world_of(data)
    asked = [*([country] if every and country is not None else []), *(scenarios or [])] or [SCENARIO]
    if country is None and not every:
        raise StandardsNetError("name a country, such as DEU, or ask for --all.")
    countries = list(world.countries) if every else [world.code(str(country))]
    with progress_bar("briefs" if every else "brief") as progress:
        files = write_briefs(
            world, countries, asked, baseline=baseline, out=out, draws=draws, rng=rng, until=until,
            progress=progress,
        )  # fmt: skip
    first = next((file for file in files if file.name == "index.html"), files[0])
    say(f"written: {len(files)} {'file' if len(files) == 1 else 'files'} in {out}; begin with {first}")
