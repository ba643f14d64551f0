"""The command ``landscape``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from standards_net.cli.console import Format, print_json, print_table, world_of
from standards_net.cli.options import DataOption, JsonOption, OutOption, SeedOption
from standards_net.cli.outputs import check_out, write_out

if TYPE_CHECKING:
    import pandas as pd

    from standards_net.core.arrays import FloatArray
    from standards_net.measures import Consensus

__all__ = ["LANDSCAPE", "landscape"]

_SHOWN = 6  # minima printed
_MATRIX = 14  # largest number of actors whose co-membership is printed as a matrix
LANDSCAPE = (
    "Examples:\n\nstandards-net landscape unix1988\n\n"
    "standards-net landscape mine.csv --blocs 3 --out results/\n\n"
    "standards-net landscape --world G20 --json\n\n"
    "mine.csv: header name,size,<actor>,<actor>,...; one row per actor, its size, its propensity to each."
)


def landscape(
    file: Annotated[
        str | None,
        typer.Argument(help="A .csv file of sizes and propensities, or unix1988.", show_default=False),
    ] = None,
    world: Annotated[
        list[str] | None,
        typer.Option("--world", help="Instead of a file: codes or groups of the world's countries."),
    ] = None,
    blocs: Annotated[int, typer.Option(min=2, help="Maximum number of blocs.")] = 2,
    search: Annotated[str, typer.Option(help="auto, exact or sampled.")] = "auto",
    draws: Annotated[int, typer.Option(min=1, help="Draws of alternative codings.")] = 200,
    changes: Annotated[
        int | None,
        typer.Option(min=1, help="Pairs recoded in each draw; by default 3, or fewer for small inputs."),
    ] = None,
    rng: SeedOption = 2019,
    data: DataOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Predict blocs by landscape theory, and how certain they are."""
    from standards_net.alignment import landscape, lowest_minima
    from standards_net.drawing.alignment_pictures import landscape_picture
    from standards_net.errors import StandardsNetError
    from standards_net.measures import consensus

    if (file is None) == (world is None):
        raise StandardsNetError("give either a file (or unix1988) or --world, such as --world G20.")
    check_out(out)
    read = (
        _of_file(file, draws, changes, rng)
        if file is not None
        else _of_world(world, draws, changes, rng, data)
    )
    found = landscape(read.sizes, read.propensity, blocs=blocs, names=read.names, search=search, rng=rng)
    labels, weights = lowest_minima(read.sizes, read.drawn, blocs=blocs, rng=rng)
    together = consensus(labels, names=read.names, weights=read.sizes, draw_weights=weights)
    tables = {
        "minima": found.to_frame(),
        "members": together.to_frame(),
        "together": _pairs(together.names, together.together),
    }
    if as_json:
        facts = {"status": found.status, "configurations": found.configurations, "coverage": found.coverage}
        print_json({**facts, "cores": together.cores, "sensitivity": read.description, **tables})
    else:
        _print_minima(found.status, tables["minima"])
        _print_consensus(together, read.description)
    write_out(
        out, tables, {"together": landscape_picture(together, read.description)} if out is not None else {}
    )


class _Read(NamedTuple):
    """A landscape, draws of its propensities, and how they were made."""

    names: tuple[str, ...]
    sizes: FloatArray
    propensity: FloatArray
    drawn: FloatArray
    description: str


def _of_file(file: str, draws: int, changes: int | None, rng: int) -> _Read:
    from standards_net.alignment import read_landscape, recode_propensity

    names, sizes, propensity = read_landscape(file)
    pairs = len(names) * (len(names) - 1) // 2
    if pairs == 1:
        return _Read(names, sizes, propensity, propensity[None], "one pair, nothing to recode")
    recoded = min(3, pairs - 1) if changes is None else changes
    drawn = recode_propensity(propensity, draws, changes=recoded, rng=rng)
    return _Read(names, sizes, propensity, drawn, f"{recoded} pairs recoded in each of {draws} draws")


def _of_world(world: list[str] | None, draws: int, changes: int | None, rng: int, data: Path | None) -> _Read:
    from standards_net.alignment import bootstrap_propensity, world_codings
    from standards_net.errors import StandardsNetError

    if changes is not None:
        raise StandardsNetError("--changes recodes a file; with --world the codings are resampled.")
    names, sizes, codings, kinds = world_codings(world_of(data), world or [])
    drawn = bootstrap_propensity(codings, draws, rng=rng)
    return _Read(names, sizes, codings.mean(axis=0), drawn, f"{', '.join(kinds)} resampled in {draws} draws")


def _print_consensus(found: Consensus, description: str) -> None:
    title = (
        f"Uncertainty: {description}; lowest minimum of each (fence: 0 always the same companions, 1 every "
        "pairing a coin toss)"
    )
    print_table(found.to_frame(), Format.table, title)
    if len(found.names) <= _MATRIX:
        print_table(_matrix(found), Format.table, "Share of the draws in which two end up together, per cent")
    cores = "; ".join(", ".join(core) for core in found.cores) or "none"
    print(f"Cores (together in 90 % of the draws): {cores}")


def _matrix(found: Consensus) -> pd.DataFrame:
    """Co-membership in per cent, actors of a core side by side."""
    import pandas as pd

    order = found.order.tolist()
    names = [found.names[i] for i in order]
    table = pd.DataFrame((100 * found.together[order][:, order]).round().astype(int), columns=names)
    table.insert(0, "per cent", names)
    return table


def _print_minima(status: str, minima: pd.DataFrame) -> None:
    print(f"{status[:1].upper()}{status[1:]}\n\nMinima, the lowest first")
    for place, row in enumerate(minima.head(_SHOWN).to_dict("records"), start=1):
        basin = f", basin {row['basin_size']} ({100 * row['basin_share']:.0f} %)" if row["basin_size"] else ""
        depth = f", depth {row['depth']:.1f}" if math.isfinite(row["depth"]) else ""
        print(
            f"{place}. energy {row['energy']:.1f}{basin}{depth}, first step {row['first_step']:.1f} by "
            f"{row['first_mover']}"
        )
        for column in (c for c in minima.columns if c.startswith("bloc_")):
            print(f"   {column.replace('_', ' ')}: {row[column] or 'none'}")
    if len(minima) > _SHOWN:
        print(f"... and {len(minima) - _SHOWN} more")


def _pairs(names: tuple[str, ...], together: Any) -> pd.DataFrame:
    """Co-membership, one row per pair."""
    import pandas as pd

    rows = [
        (a, b, float(together[i, j]))
        for i, a in enumerate(names)
        for j, b in enumerate(names)
        if i < j
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["one", "other", "together"])
