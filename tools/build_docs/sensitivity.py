"""The page on what moves the results and what turns the findings."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from standards_net.calibration import load_calibration
from standards_net.files import data_folder
from standards_net.sensitivity import NEGLIGIBLE, RANDOM_NUMBERS, ranking
from standards_net.sensitivity.flips import value_text
from standards_net.sensitivity.shipped import SOBOL_INDICES
from standards_net.studies.carnegie_2019.arguments import BY_GAMES, BY_RUNS
from standards_net.studies.carnegie_2019.flips import FLIP_VALUES
from standards_net.wording import percent

__all__ = ["sensitivity_page"]

_MOST = 15

_HEAD = """# What moves the results, and what turns the findings

Rendered by `make docs` from `data/model/sobol_indices.json` and `data/model/flip_values.json`, which `make sensitivity`
computes ({seconds} s on two cores, seed {seed}). `standards-net sensitivity` and `sn.sobol_indices` do the same for scenarios,
measures and years of yours; `sn.sensitivity.flip_values` for conclusions of yours.

## Which parameters move the headline measures

Sobol indices by Saltelli's scheme (SALib), {base} points of each of {inputs} inputs, radio in 2040: `as-happened-2025` as it
is, the other scenarios as differences from `{baseline}`, draw by draw. The total index of an input is the share of a
measure's variance that is left when all other inputs are known; totals add up to more than one where inputs act
together. Parameters have their calibrated distributions, one at a time: correlations between them (the largest is {largest},
between `{one}` and `{other}`) are left out. All that is random and no parameter is one input more: the
base of 2019, which the posterior leaves open for most countries, tastes of countries and operators, and dates.

![Total Sobol indices by measure and parameter](img/sensitivity.png)
"""

_CANNOT = """
Of the {most} parameters that move results most, {informed} rest on estimates, calibration or literature, and {judged} on
judgement. Why the data cannot tell more of these:
"""

# For each that rests on judgement and moves results: rendering fails where the reason is missing.
_WHY = {
    "taste_sd": "is in the calibration, but its posterior is nearly its prior: the countries with reported 5g shares say how "
    "wide countries lie around the model, not whether a country's own deviation or its operators' make the width, and the base "
    "of 2019 that they start from is itself unsure.",
    "operator_taste_sd": "as `taste_sd`.",
    "weight_of_country_mix": "is in the calibration: shares of one generation change by so little in five years that small and "
    "large values fit alike. What contracts say of it is not used, since operators announce change rather than continuity.",
    "lock_in": "as `weight_of_country_mix`.",
    "research_feedback": "acts on quality, of which there is no series by vendor; five years of shares fit with and without it.",
    "spill_over_across": "acts on quality, of which there is no series by vendor.",
    "spill_over_within": "as `spill_over_across`.",
    "retaliation_rate": "scales a loss of exports that nobody has measured; it moves the account only.",
    "price_sensitivity_of_poor": "needs prices paid by country, which are secret.",
    "lifetime_radio": "needs the ages of networks by country, which are not published.",
}

_LATE = """
What is analysed is the year 2040, when all that was ordered out has long been replaced: measures of earlier years depend
on `replacement_multiple` and `delay_per_share` too.
"""

_FLIPS = """
## Which single parameter turns which finding

For {searched} of the [Carnegie study](reading.md), which its draws decide, each of {count} uncertain parameters is held at
both ends of its prior, the others drawn as in the study ({draws} draws); where an end turns the finding, bisection finds the
value. A finding turns when most draws are otherwise, or one of its effects falls below a twentieth. B16 rests on games: the
two parameters that items of their pay-offs are proportional to are tried. What turns only between two ends at which it
stands, or only when several parameters move together, is not found.

| finding | claim | parameter | basis | turned | prior | probability, prior | probability, calibrated |
|---|---|---|---|---|---|---|---|
"""


def sensitivity_page() -> str:
    """Ranking, indices by measure, and flip values."""
    content, flips = _read(SOBOL_INDICES), _read(FLIP_VALUES)
    indices = pd.DataFrame(content["indices"])
    how, ranked = content["provenance"], ranking(indices)
    lines = [
        _HEAD.format(
            seconds=how["seconds"] + flips["provenance"]["seconds"], seed=how["seed"], base=how["base"],
            inputs=indices["parameter"].nunique(), baseline=how["baseline"], **_largest_correlation(),
        ),
        "| rank | input | basis | mean total index | largest | its measure | its scenario |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    moving = ranked[ranked["largest_total"] >= NEGLIGIBLE]
    lines += [
        f"| {row.rank} | {_code(row.parameter)} | {row.basis} | {row.mean_total:.3f} | {row.largest_total:.2f} | "
        f"`{row.measure}` | `{row.scenario}` |"
        for row in moving.itertuples()
    ]
    lines += [
        "",
        f"{len(ranked) - len(moving)} further parameters have no index of {NEGLIGIBLE} anywhere.",
        "",
    ]
    parameters = ranked[ranked["parameter"] != RANDOM_NUMBERS].head(_MOST)
    judged = parameters.loc[parameters["basis"] == "judgement", "parameter"]
    lines.append(_CANNOT.format(most=_MOST, informed=_MOST - len(judged), judged=len(judged)))
    lines += [f"- `{name}` {_WHY[name]}" for name in judged]
    lines.append(_LATE)
    lines += _by_measure(indices, list(ranked["parameter"].head(10)))
    table, told = pd.DataFrame(flips["flips"]), flips["provenance"]
    searched = ", ".join(told["searched"])
    lines.append(_FLIPS.format(searched=searched, count=told["tried"], draws=told["draws"]).rstrip())
    claims = {a.name: a.claim for a in (*BY_RUNS.values(), *BY_GAMES.values())}
    for name, claim in claims.items():
        for row in table[table["conclusion"] == name].itertuples():
            unit = "" if row.unit == "1" else f" {row.unit}"
            turned = value_text(row.low, row.high, row.prior_low, row.prior_high)
            lines.append(
                f"| {name} | {claim} | `{row.parameter}` | {row.basis} | {turned} | "
                f"{row.prior_low:.3g} to {row.prior_high:.3g}{unit} | {percent(row.prior_probability)} | "
                f"{percent(row.calibrated_probability)} |"
            )
    lines += ["", "No single parameter turns any other of them.", ""]
    return "\n".join(lines)


def _by_measure(indices: pd.DataFrame, inputs: list[str]) -> list[str]:
    """Total indices with standard errors, by scenario and measure, for the first inputs."""
    lines = [
        "### Total indices by scenario and measure",
        "",
        "With bootstrap standard errors; the ten inputs that move results most.",
        "",
        f"| scenario | measure | {' | '.join(map(_code, inputs))} |",
        "|---|---|" + "---|" * len(inputs),
    ]
    for (scenario, measure), rows in indices.groupby(["scenario", "measure"], sort=False):
        own = rows.set_index("parameter")
        cells = [f"{own.loc[i, 'total']:.2f} ± {own.loc[i, 'total_se']:.2f}" for i in inputs]
        lines.append(f"| `{scenario}` | `{measure}` | {' | '.join(cells)} |")
    return lines


def _largest_correlation() -> dict[str, str]:
    """Of two parameters in the calibrated sample."""
    calibration = load_calibration()
    spread = np.sqrt(np.diag(calibration.covariance))
    apart = np.tril(calibration.covariance / np.outer(spread, spread), -1)
    one, other = np.unravel_index(np.abs(apart).argmax(), apart.shape)
    names = calibration.names
    return {"largest": f"{apart[one, other]:.2f}", "one": names[other], "other": names[one]}


def _code(name: str) -> str:
    return name if name == RANDOM_NUMBERS else f"`{name}`"


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((data_folder() / name).read_text(encoding="utf-8"))
    return content
