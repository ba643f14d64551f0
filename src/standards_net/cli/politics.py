"""The command ``sides``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from standards_net.cli.console import Format, print_table, world_of
from standards_net.cli.options import DataOption, FormatOption

if TYPE_CHECKING:
    import pandas as pd

    from standards_net.world import World

__all__ = ["SIDES", "sides"]

SIDES = (
    "Examples:\n\nstandards-net sides\n\nstandards-net sides IND\n\n"
    "standards-net sides --format csv > sides.csv"
)

_SHOWN_YEARS = (2020, 2022, 2025, 2030)


def sides(
    country: Annotated[
        str | None, typer.Argument(help="A country's code, such as IND; all countries without it.")
    ] = None,
    data: DataOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Chances that countries side with the United States, with China, or with neither, and what moves them.

    Estimated from what was known in 2019 and what countries signed from 2019 to 2022 (docs/sides.md); low and
    high are 5 and 95 %. For one country the table adds what moves it, and its chance of restricting Chinese
    vendors by year; CSV and JSON hold the chances alone.
    """
    from standards_net.alignment import sides as table_of_sides
    from standards_net.cli.outputs import for_people

    world = world_of(data)
    table = table_of_sides(world)
    if country is not None:
        code = world.code(country.upper() if country.upper() in world.countries else country)
        table = table[table["country"] == code].reset_index(drop=True)
    if form is not Format.table:
        print_table(table, form)
        return
    print_table(for_people(table), form, "Chance of each side, mean [5 %, 95 %]")
    if country is not None:
        _print_country(world, code)


def _print_country(world: World, code: str) -> None:
    from standards_net.alignment import restrictions, side_drivers
    from standards_net.cli.outputs import for_people

    moved = side_drivers(world, code)
    signs = {name: moved[name].map("{:+.2f}".format) for name in ("us", "china", "restricts")}
    moved = moved.assign(value=moved["value"].round(3), mean=moved["mean"].round(3), **signs)
    print_table(
        moved.rename(columns={"us": "to us", "china": "to china", "restricts": "to restrict"}).loc[
            :, ["feature", "value", "mean", "to us", "to china", "to restrict", "meaning"]
        ],
        Format.table,
        f"What moves {code}, log-odds against a country with mean values",
    )
    status = world.policies["status_latest"].get(code)
    print_table(
        for_people(_by_year(restrictions(world, until=_SHOWN_YEARS[-1]), code)),
        Format.table,
        "Chance of having restricted Chinese vendors by the end of the year, seen from 2019"
        + (f" (on record: {str(status).replace('_', ' ')})" if isinstance(status, str) else ""),
    )


def _by_year(table: pd.DataFrame, code: str) -> pd.DataFrame:
    rows = table[(table["country"] == code) & table["year"].isin(_SHOWN_YEARS)]
    return rows.drop(columns="country").astype({"year": str}).reset_index(drop=True)
