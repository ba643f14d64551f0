"""The command ``sensitivity``."""

from __future__ import annotations

from typing import Annotated

import typer

from standards_net.cli.console import Format, print_table, progress_bar, world_of
from standards_net.cli.options import (
    DataOption,
    FormatOption,
    ScenarioArguments,
    SeedOption,
    TechnologyOption,
)

__all__ = ["SENSITIVITY", "sensitivity"]

SENSITIVITY = (
    "Examples:\n\nstandards-net sensitivity broad-allied-ban --against status-quo-2019\n\n"
    "standards-net sensitivity silos --measure china_share --year 2030 --format csv > indices.csv"
)


def sensitivity(
    scenarios: ScenarioArguments,
    against: Annotated[
        str | None, typer.Option(help="Analyse differences from this scenario instead of levels.")
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option(help="A measure; may be repeated. All headline measures if left out.")
    ] = None,
    technology: TechnologyOption = "radio",
    year: Annotated[int, typer.Option(min=2020, max=2100, help="Year of measurement.")] = 2040,
    base: Annotated[int, typer.Option(min=2, help="Size of the design, a power of two.")] = 128,
    rng: SeedOption = 2019,
    data: DataOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Rank the uncertain parameters by how much of the results' variance they account for (Sobol indices).

    The model runs base times (parameters + 3) draws of each scenario and of the one compared with. The table
    ranks parameters by their mean total index over measures and scenarios; CSV and JSON hold every index
    with its standard error.
    """
    from standards_net.measures import HEADLINES
    from standards_net.sensitivity import NEGLIGIBLE, ranking, sobol_indices

    world = world_of(data)
    with progress_bar("varying parameters") as progress:
        indices = sobol_indices(
            world, scenarios, against=against, measures=measure or tuple(HEADLINES), technology=technology,
            year=year, base=base, rng=rng, progress=progress,
        )  # fmt: skip
    if form is not Format.table:
        print_table(indices, form)
        return
    if indices.empty:
        print("None of these measures varies: there is nothing to rank.")
        return
    ranked = ranking(indices)
    moving = ranked[ranked["largest_total"] >= NEGLIGIBLE]
    print_table(moving, form, f"Parameters by mean total Sobol index, {technology}, {year}")
    print(f"{len(ranked) - len(moving)} further parameters have no index of {NEGLIGIBLE} anywhere.")
