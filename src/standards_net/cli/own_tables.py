"""The commands ``template``, ``add-country``, ``add-vendor`` and ``rebalance``: tables of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standards_net.cli.console import say
from standards_net.errors import DataError

if TYPE_CHECKING:
    from standards_net.tables.additions import Addition

__all__ = [
    "ADD_COUNTRY", "ADD_VENDOR", "REBALANCE", "TEMPLATE",
    "add_country", "add_vendor", "rebalance", "template",
]  # fmt: skip

TEMPLATE = (
    "Examples:\n\nstandards-net template my.xlsx --country KEN\n\n"
    "standards-net template my.xlsx --table adoption --table markets\n\n"
    "standards-net check my.xlsx; standards-net run silos --data my.xlsx"
)
ADD_COUNTRY = (
    "Examples:\n\nstandards-net add-country XYZ --name Newland --like AUT --out my-tables/\n\n"
    "standards-net add-country XYZ --name Newland --like KEN --population 2e6 --gdp-usd 9e9 --out my-tables/"
)
ADD_VENDOR = (
    "Examples:\n\nstandards-net add-vendor fujitsu --name Fujitsu --technology radio --like samsung "
    "--home JPN --part 0.3 --out my-tables/"
)
REBALANCE = "Examples:\n\nstandards-net rebalance my-tables/; standards-net check my-tables/"

_SAID = (
    "Each sheet is named after a table; keep the sheets and rows that you change, and remove the others.",
    "A row changes the row of the same key (country, technology, vendor, ...), or is new; an empty cell "
    "leaves what is there.",
    "Comments of the headings explain columns, and docs/data.md does. Economies may be names or codes.",
    "Shares must add up to 1. Check it: standards-net check FILE. Use it: --data FILE, or load_world(FILE).",
)
_TABLES = ("countries", "policies", "markets", "adoption")
OutFolder = Annotated[Path, typer.Option(help="Folder of your tables; it may hold some already.")]


def template(
    out: Annotated[Path, typer.Argument(help="Workbook to write: .xlsx.")],
    country: Annotated[
        list[str] | None, typer.Option(help="Rows of this economy to begin with; may be given several times.")
    ] = None,
    table: Annotated[
        list[str] | None, typer.Option(help="A table; countries, policies, markets and adoption if none.")
    ] = None,
) -> None:
    """Write a workbook to fill in: sheets for tables, with the rows of some economies.

    What comes back changes only the rows that it holds: it is read by --data, check and load_world.
    """
    from standards_net import load_world
    from standards_net.errors import one_of
    from standards_net.files import write_bytes
    from standards_net.tables.own import schemas_of_tables
    from standards_net.tables.read import read_tables
    from standards_net.tables.workbooks import WORKBOOK, template_workbook

    if out.suffix != WORKBOOK:
        raise DataError(f"{out.name}: a template is a workbook; call it {out.stem}{WORKBOOK}.")
    schemas, world = schemas_of_tables(), load_world()
    codes = [world.code(name) for name in country or ()]
    frames = read_tables().frames
    sheets = {}
    for name in table or _TABLES:
        if name not in schemas or name not in frames:
            raise DataError(one_of("table", name, schemas) + ".")
        if not schemas[name].key:
            raise DataError(
                f"rows of {schemas[name].file} have no key, by which a sheet could change them; replace the "
                f"table whole: --data FOLDER with {schemas[name].path}."
            )
        rows = frames[name]
        naming = [c.name for c in schemas[name].columns if c.refers == ("countries", "country")]
        naming = ["country"] if name == "countries" else naming
        sheets[name] = rows[rows[naming].isin(codes).any(axis=1)] if naming else rows
    write_bytes(out, template_workbook(sheets, schemas, _SAID))
    say(f"written: {out} ({', '.join(sheets)})")


def add_country(
    code: Annotated[str, typer.Argument(help="Three letters that no economy has yet.")],
    name: Annotated[str, typer.Option(help="What it is called.")],
    like: Annotated[str, typer.Option(help="Economy whose figures it has, scaled to its size.")],
    out: OutFolder,
    population: Annotated[
        float | None, typer.Option(help="Persons; those of the pattern if left out.")
    ] = None,
    gdp_usd: Annotated[
        float | None, typer.Option(help="USD of 2019; that of the pattern if left out.")
    ] = None,
    lat: Annotated[float | None, typer.Option(help="Degrees north; with --lon.")] = None,
    lon: Annotated[float | None, typer.Option(help="Degrees east; with --lat.")] = None,
) -> None:
    """Add an economy after the pattern of another one, in every table that a run needs.

    The rows are written as patches, to be changed where you know better. What was assumed is said.
    """
    from standards_net.country_names import country_code
    from standards_net.tables.additions import new_country
    from standards_net.tables.own import schemas_of_tables, tables_in

    if (lat is None) != (lon is None):
        raise typer.BadParameter("--lat and --lon belong together.")
    frames = tables_in(out).frames
    countries = frames["countries"]
    pattern = country_code(like, list(countries["country"]), list(countries["name"]))
    place = None if lat is None or lon is None else (lat, lon)
    addition = new_country(
        frames, schemas_of_tables(), code, name, pattern, population=population, gdp_usd=gdp_usd, place=place
    )
    _add(out, addition)


def add_vendor(
    code: Annotated[str, typer.Argument(help="Short name that no vendor of the technology has yet.")],
    name: Annotated[str, typer.Option(help="What it is called.")],
    technology: Annotated[str, typer.Option(help="A technology, such as radio, core or iot.")],
    like: Annotated[str, typer.Option(help="Vendor whose price, pole and standard it has.")],
    out: OutFolder,
    part: Annotated[float, typer.Option(help="Part of that vendor's share that it has everywhere.")] = 0.1,
    home: Annotated[str | None, typer.Option(help="Economy; that of the pattern if left out.")] = None,
    standard: Annotated[str | None, typer.Option(help="That of the pattern if left out.")] = None,
) -> None:
    """Add a vendor after the pattern of another one; it takes over a part of its buyers.

    The rows are written as patches, to be changed where you know better. What was assumed is said.
    """
    from standards_net.tables.additions import new_vendor
    from standards_net.tables.own import tables_in

    frames = tables_in(out).frames
    _add(out, new_vendor(frames, code, name, technology, like, part=part, home=home, standard=standard))


def _add(out: Path, addition: Addition) -> None:
    from standards_net.tables.own import add_to

    files = add_to(out, addition)
    for sentence in addition.said:
        say(sentence)
    say(f"written: {len(files)} files in {out}; use them with --data {out}")


def rebalance(
    folder: Annotated[Path, typer.Argument(help="Folder with patches, such as vendors/adoption.patch.csv.")],
) -> None:
    """Scale the rows that you did not give until shares add up; what was scaled is said.

    Rows that patches give stay as they are: Kenya's share of one vendor is set, its other vendors give way.
    """
    from standards_net.tables.own import rebalance as scaled

    said = scaled(folder)
    for sentence in said:
        say(sentence)
    say(f"{folder}: {len(said)} groups were scaled." if said else f"{folder}: all shares add up already.")
