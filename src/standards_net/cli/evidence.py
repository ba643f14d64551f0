"""The command ``scorecard``."""

from __future__ import annotations

from typing import Annotated

import typer

from standards_net.cli.console import Format, print_table, progress_bar, world_of
from standards_net.cli.options import DataOption, FormatOption, SeedOption

__all__ = ["SCORECARD", "scorecard"]

SCORECARD = "Examples:\n\nstandards-net scorecard\n\nstandards-net scorecard --format csv > scores.csv"


def scorecard(
    draws: Annotated[int, typer.Option(min=2, help="Draws for each country that is left out.")] = 256,
    rng: SeedOption = 2019,
    data: DataOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Score the model against what happened after 2019, beside simple rules.

    Reported shares of Chinese vendors in 5g radio, each country forecast by the calibration that did not see
    its reports; standard errors over countries. Zeros that a recorded order makes certain are scored
    apart.
    """
    from standards_net.evidence import in_points, score_sentences
    from standards_net.evidence import scorecard as score

    world = world_of(data)
    with progress_bar("countries left out") as progress:
        table = score(world, draws=draws, rng=rng, progress=progress)
    if form is not Format.table:
        print_table(table, form)
        return
    print_table(in_points(table), form, "Forecasts of Chinese vendors' share of 5g radio, points of the base")
    for sentence in score_sentences(table):
        print(f"- {sentence}")
