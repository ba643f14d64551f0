"""Sections on how operators chose 5g suppliers, and on the calibration."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from scipy.special import ndtr

from standards_net.calibration import load_calibration
from standards_net.files import data_folder
from standards_net.world import load_world

__all__ = ["calibration_section", "suppliers_section"]

_SUPPLIERS = """
## How operators chose 5g suppliers

`make suppliers` (`tools/fit_suppliers/`) fits the choice equation of the yearly model to contracts for 5g radio outside
China, operator by operator: a supplier's chance starts from the operator's 4g base, its country's and the world's mix, and
moves with restrictions short of exclusion, expected restrictions, political affinity and vendor finance. Several suppliers
of one operator are distinct draws one after the other, in any order. Constants by vendor take up how readily vendors are
announced: Chinese vendors stopped naming customers after 2019. Priors are weak; standard errors are of the posterior,
robust ones allow for likeness within countries. Contracts of 2019 are left out of the main estimate, since the base of
2019 was estimated with some of them.
"""

_CALIBRATION = """
## Calibration to what happened from 2019 to 2025

`make calibrate` (`tools/calibrate/`) moves the priors of the {count} parameters that reports can say something about.
`as-happened-2025` is run in waves of {draws} draws. Emulators (linear and squared terms of the parameters' normal scores)
are fitted to summaries of each run: mean residuals of reported 5g shares where vendors were ordered out, restricted or
free; the spread of countries; how many have none left; world shares of revenue in 2020 and 2023; deployment by year. What
emulators leave is the noise of bases, tastes and compliance, and history is one such draw: a synthetic likelihood. The
estimates from contracts enter as a normal likelihood, without the weights of mixes: operators announce change rather than
continuity, so that contracts overstate how often suppliers change. Contracts and shares are in part the same events, and
are taken as independent evidence. Deployment is used twice: countries' paces come from the same reports
(`tools/build_data/deployment.py`), so that small residuals of deployment are by construction. The evidence enters in parts, so that
emulators are used near the runs that they were fitted to. The posterior of the normal scores is a normal distribution,
whose moments `data/model/calibration.json` holds, also without each country's reports for scores out of sample. Runs
draw from it (`parameters="calibrated"`), from the priors (`"prior"`) or take defaults (`"central"`). A parameter whose prior
you change keeps your prior. Reports of zero that an order makes certain are not used ({aside}).
Seed {seed}; {seconds} s and {memory} MB on two cores.
"""

_CANNOT = """
What is left of a standard deviation near 1 is not informed, whatever its label: the four weights of supplier choice and
the speed of deployment are. What the data cannot tell: `lock_in`, `network_benefit`, prices, lifetimes, learning and research leave 5g shares of
twenty countries nearly as they are, so that their posteriors are their priors; most of what lies between a country's
share and the model's is the country's own, `taste_sd` and `operator_taste_sd`. Compliance with orders is judgement:
few orders have been in force for long enough. Core and iot have no series to be calibrated to.
"""


def suppliers_section() -> list[str]:
    """Estimates by variant, and scores of countries left out."""
    text = (data_folder() / "model" / "supplier_choice.json").read_text(encoding="utf-8")
    found = json.loads(text)
    variants = found["variants"]
    lines = [_SUPPLIERS, f"| term | {' | '.join(variants)} |", "|---|" + "---|" * len(variants)]
    counts = [f"{v['operators']} in {v['countries']} countries" for v in variants.values()]
    lines.append(f"| operators | {' | '.join(counts)} |")
    for level in ("country", "world"):
        shares = [f"{v[f'weight_of_{level}_mix']:.2f}" for v in variants.values()]
        lines.append(f"| weight of the {level}'s mix | {' | '.join(shares)} |")
    for k, name in enumerate(found["names"]):
        if k < 2:
            continue
        cells = [
            f"{v['mode'][k]:+.2f} ({v['error'][k]:.2f}; robust {v['error_by_country'][k]:.2f})"
            for v in variants.values()
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    left = dict(found["left_out"])
    error = left.pop("gain_se")
    scores = ", ".join(f"{name} {score:.2f}" for name, score in left.items())
    gain = left["fitted"] - left["assumed before"]
    return [
        *lines,
        "",
        f"Log score of countries left out in ten folds: {scores}. The gain over what was assumed before is {gain:.2f} "
        f"(± {error:.2f}). The base of {100 * found['matched']:.0f} % of the operators is known; their country's stands for "
        "the others.",
        "",
    ]


def calibration_section() -> list[str]:
    """Prior beside posterior, residuals, and what the data cannot tell."""
    calibration, world = load_calibration(), load_world()
    how = calibration.provenance
    lines = [
        _CALIBRATION.format(
            count=len(calibration.names),
            draws=f"{how['draws_per_wave']:,}",
            aside=", ".join(dict.fromkeys(how["left_aside_as_certain"])) or "none",
            seed=how["seed"],
            seconds=how["seconds"],
            memory=how["peak_memory_mb"],
        ),
        "Prior and posterior: median and 5 to 95 %; moved: shift of the mean in standard deviations of the prior's normal "
        "score, and what is left of its standard deviation.",
        "",
        "| parameter | basis | prior | posterior | moved | left |",
        "|---|---|---|---|---|---|",
    ]
    reach = np.array([0.0, -1.6448536269514722, 1.6448536269514722])
    for k, name in enumerate(calibration.names):
        parameter = world.parameters[name]
        mean, sd = calibration.mean[k], calibration.covariance[k, k] ** 0.5
        before, after = parameter.quantile(ndtr(reach)), parameter.quantile(ndtr(mean + sd * reach))
        lines.append(
            f"| `{name}` | {parameter.basis} | {_range(before)} | {_range(after)} | {mean:+.2f} | {sd:.2f} |"
        )
    last: dict[str, Any] = how["waves"][-1]
    lines += [
        "",
        "Mean residuals of runs that draw from the posterior, reported less modelled, in units of each summary's tolerance, "
        "and the noise of single draws in the same units:",
        "",
        "| summary | mean residual | noise of a draw |",
        "|---|---|---|",
    ]
    for name, residual in last["mean_residuals"].items():
        lines.append(f"| {name} | {residual:+.2f} | {last['noise'][name]:.2f} |")
    return [*lines, _CANNOT]


def _range(values: np.ndarray) -> str:
    median, low, high = values
    return f"{median:.3g} [{low:.3g}, {high:.3g}]"
