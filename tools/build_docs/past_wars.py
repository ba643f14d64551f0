"""The page on digital television: what the model's own choice says of a standards war that is over."""

from __future__ import annotations

import contextlib
import io
import runpy
from pathlib import Path
from typing import Any

import pandas as pd

from standards_net.files import data_folder
from standards_net.world import load_world

__all__ = ["past_wars_page"]

_EXAMPLE = Path("examples/09_digital_television.py")

_HEAD = """# What a past standards war teaches

Rendered by `make docs` from `examples/09_digital_television.py`, which runs on `data/history/`.

From 1998 to 2024 the countries of the world chose between four families of digital terrestrial television. It is the
nearest thing to a rehearsal of a split 5g: governments chose, neighbours and partners mattered, the originators lobbied.
[`fit_choice`](api/estimation.md) fits to it the choice equation of the yearly model:

    Pr(country i takes family s) ∝ exp(Σ_k ν_k n_is^k + q_s)

n is the share of s among the countries that i is tied to, weighted by ties of kind k: nearness (two reaches), a border, an
official language, a colonial tie, a common coloniser. Priors are normal around 0; the evidence chooses their width.
"""

_LESSONS = """## What it teaches about this one, and what it does not

- Neighbours decide more than language or colonial history do: broadcasts and receivers cross borders. {pull} log-odds
  separate a family that all near countries and neighbours took from one that none took. The yearly model's
  `network_benefit` has a prior of {low:g} to {high:g}: 5g sells equipment to operators, not receivers to viewers, and
  its families work together.
- What a country does is largely foreseeable once its region has chosen; which way a region goes is not. With a whole
  subregion left out the model is {gap}: South America followed Brazil, which no tie foretold. A forecast of blocs is
  only as good as the forecast of their first movers.
- Simple rules over neighbours are as good as the model where neighbours are known. What the model adds is
  probabilities, and the size of each tie.
- Years are known of only some choices and coarsely; given as `years`, they make the scores worse
  ({years:.2f} right with countries left out), since a neighbour counts only from the year it chose.
"""


def past_wars_page() -> str:
    """Coefficients, scores out of sample beside simple rules, and what follows."""
    with contextlib.redirect_stdout(io.StringIO()):
        found = runpy.run_path(str(_EXAMPLE))["main"]()
    parameter = load_world().parameters["network_benefit"]
    terms = found["coefficients"]["estimate"]
    groups, chance = found["subregions"], found["subregion rules"]["majority"]
    lead = groups["accuracy"] - max(found["subregion rules"].values())
    clear = "clearly better than" if lead > 2.0 * groups["accuracy_se"] else "not clearly better than"
    gap = (
        f"right in {groups['accuracy']:.2f} (± {groups['accuracy_se']:.2f}) of countries, {clear} the best rule "
        f"({max(found['subregion rules'].values()):.2f}) or the majority ({chance:.2f})"
    )
    lessons = _LESSONS.format(
        pull=f"{terms['near'] + terms['far'] + terms['border']:.1f}",
        low=parameter.low,
        high=parameter.high,
        gap=gap,
        years=found["with years"]["accuracy"],
    )
    return "\n".join([_HEAD, *_coefficients(found["coefficients"]), *_scores(found), lessons])


def _coefficients(table: pd.DataFrame) -> list[str]:
    lines = [
        "## Coefficients",
        "",
        "Log-odds of a family that all tied countries took against one that none took; `appeal` against DVB.",
        "",
        "| term | estimate | standard error | 5 % | 95 % |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.Index} | {row.estimate:+.2f} | {row.standard_error:.2f} | {row.low:+.2f} | {row.high:+.2f} |"
        for row in table.itertuples()
    ]
    return [*lines, ""]


def _scores(found: dict[str, Any]) -> list[str]:
    table = pd.read_csv(data_folder() / "history" / "digital_television.csv")
    counts = table["family"].value_counts()
    lines = [
        "## Scores out of sample",
        "",
        f"{len(table)} countries ({', '.join(f'{family} {n}' for family, n in counts.items())}). Scored are the "
        f"{found['countries']['n']:.0f} outside the area of the Geneva plan of 2006, which planned DVB, without the "
        "originators (China, Japan, Korea, the United States). What a country that is left out chose is unknown to "
        "its neighbours too, with a subregion left out to all of the subregion.",
        "",
        "| left out | right | log score | beside it |",
        "|---|---|---|---|",
    ]
    for which, rules in (("countries", "country rules"), ("subregions", "subregion rules")):
        score = found[which]
        beside = ", ".join(f"{rule} {accuracy:.2f}" for rule, accuracy in found[rules].items())
        lines.append(
            f"| {which} | {score['accuracy']:.2f} (± {score['accuracy_se']:.2f}) | "
            f"{score['log_score']:.2f} (± {score['log_score_se']:.2f}) | {beside} |"
        )
    named = ", ".join(f"{unit} ({p:.0%})" for unit, p in found["surprises"].items())
    return [
        *lines,
        "",
        f"Least expected, given what all others chose: {named}.",
        "",
        "The targets were .72 with countries and .60 with subregions left out. "
        + _target("countries", found["countries"], 0.72)
        + " "
        + _target("subregions", found["subregions"], 0.60),
        "",
    ]


def _target(which: str, score: pd.Series, target: float) -> str:
    gap = score["accuracy"] - target
    if gap >= 0.0:
        return f"With {which} left out it is met."
    return f"With {which} left out it is missed by {-gap:.2f}, {-gap / score['accuracy_se']:.1f} standard errors."
