"""The command ``landscape``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from standards_net.cli.options import DataOption, JsonOption, OutOption, SeedOption
from standards_net.cli.outputs import check_out, write_out
from standards_net.cli.talk import Format, print_json, print_table, world_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LANDSCAPE", "landscape"]

_SHOWN = 6  # minima told
LANDSCAPE = (
    "Examples:\n\nstandards-net landscape unix1988\n\n"
    "standards-net landscape mine.csv --blocs 3 --out results/\n\n"
    "standards-net landscape --world G20 --json\n\n"
    "mine.csv: header name,size,<actor>,<actor>,...; a row an actor, its size, its propensity to each."
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
    blocs: Annotated[int, typer.Option(min=2, help="Most blocs.")] = 2,
    search: Annotated[str, typer.Option(help="auto, exact or sampled.")] = "auto",
    draws: Annotated[int, typer.Option(min=1, help="Draws of other coding choices.")] = 200,
    changes: Annotated[int, typer.Option(min=1, help="Coding choices that are others in each draw.")] = 3,
    rng: SeedOption = 2019,
    data: DataOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find who ends up with whom by landscape theory, and how sure that is."""
    from standards_net.alignment import (
        bootstrap_propensity,
        landscape,
        lowest_minima,
        read_landscape,
        recode_propensity,
        world_codings,
    )
    from standards_net.errors import StandardsNetError
    from standards_net.measures import consensus

    if (file is None) == (world is None):
        raise StandardsNetError("give either a file (or unix1988) or --world, such as --world G20.")
    check_out(out)
    if file is not None:
        names, sizes, propensity = read_landscape(file)
        drawn = recode_propensity(propensity, draws, changes=changes, rng=rng)
        told = f"{changes} pairs recoded in each of {draws} draws"
    else:
        loaded = world_of(data)
        names, sizes, codings, kinds = world_codings(loaded, world or [])
        propensity = codings.mean(axis=0)
        drawn = bootstrap_propensity(codings, draws, rng=rng)
        told = f"{', '.join(kinds)} resampled in {draws} draws"
    found = landscape(sizes, propensity, blocs=blocs, names=names, search=search, rng=rng)
    labels, weights = lowest_minima(sizes, drawn, blocs=blocs, rng=rng)
    together = consensus(labels, names=names, weights=sizes, draw_weights=weights)
    minima, members = found.to_frame(), together.to_frame()
    pairs = _pairs(together.names, together.together)
    if as_json:
        facts = {"status": found.status, "configurations": found.configurations, "coverage": found.coverage}
        cores = {"cores": together.cores, "sensitivity": told}
        print_json({**facts, "minima": minima, **cores, "members": members, "together": pairs})
    else:
        _tell_minima(found.status, minima)
        print_table(members, Format.table, f"How sure: {told}; lowest minimum of each")
        print(
            "cores (together in 90 % of the draws):",
            "; ".join(", ".join(core) for core in together.cores) or "none",
        )
    write_out(out, {"minima": minima, "members": members, "together": pairs}, {})


def _tell_minima(status: str, minima: pd.DataFrame) -> None:
    print(f"{status[:1].upper()}{status[1:]}\n\nMinima, the lowest first")
    for place, row in enumerate(minima.head(_SHOWN).to_dict("records"), start=1):
        basin = f", basin {row['basin_size']} ({100 * row['basin_share']:.0f} %)" if row["basin_size"] else ""
        depth = f", depth {row['depth']:.1f}" if math.isfinite(row["depth"]) else ""
        print(
            f"{place}. energy {row['energy']:.1f}{basin}{depth}, first step {row['first_step']:.1f} by "
            f"{row['first_mover']}"
        )
        for column in (c for c in minima.columns if c.startswith("bloc_")):
            print(f"   {column.replace('_', ' ')}: {row[column] or 'nobody'}")
    if len(minima) > _SHOWN:
        print(f"... and {len(minima) - _SHOWN} more")


def _pairs(names: tuple[str, ...], together: Any) -> pd.DataFrame:
    """Co-membership, one row a pair."""
    import pandas as pd

    rows = [
        (a, b, float(together[i, j]))
        for i, a in enumerate(names)
        for j, b in enumerate(names)
        if i < j
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["one", "other", "together"])
