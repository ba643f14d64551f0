"""The page on what is estimated: the base of 2019, choices of suppliers, the calibration."""

from __future__ import annotations

import json
from typing import Any

from standards_net.core.arrays import by_country, pool
from standards_net.files import data_folder
from standards_net.model import draw_initial
from standards_net.world import load_world
from tools.build_docs.calibration import calibration_section, suppliers_section

__all__ = ["estimation_page"]

_HELD = 0.85  # of 90 % intervals, where they are said to hold


_RADIO = """# What is estimated, and how well

[Adoption in 2019](#radio-and-core-operator-by-operator), [choices of 5g suppliers](#how-operators-chose-5g-suppliers), and
the [calibration](#calibration-to-what-happened-from-2019-to-2025) that every run draws from.

Rendered by `make docs` from `data/vendors/adoption_scores.json` (radio, core) and `data/vendors/adoption_fit.json` (iot).

## Radio and core: operator by operator

Radio shares of operators at the end of 2019 (the 4g base) are estimated by NUTS (numpyro); `make estimate RAW=folder`
repeats it (`tools/fit_baseline/`), in an environment of its own: the package only reads 512 joint draws of the posterior,
over all operators and over radio and core. Operator o of country i has

    p_o = softmax(q + r_region + s_subregion + g_group + c x_i + h home_i + k excluded_i + ξ_i + e_o)

and a country is the sum of its operators by subscribers. Operators have one or two vendors each, so that the standard
deviation of e is large; it is estimated, as are those of all other effects. Evidence, each kind with its own
likelihood, none of it dated after 2019 except shares of the 4g base:

- the census (`operator_census.csv`): an operator's vendors with rough shares and ranges; what is unknown is never
  scaled away;
- reported shares of countries, regions and operators; where "more than one half" was reported, its probability;
- world, Chinese and regional shares of revenue, turned into shares of the base by relative price;
- contracts as sets of suppliers, with a chance of being announced that depends on the vendor;
- observed absences.

No share of a 5g network is used: they are the back-test ([comparison.md](comparison.md)). Core networks follow the same
draws: a vendor's chance in the core rises with its share of the operator's radio; world figures, 51 contracts and
exclusions of 2019 are the evidence, and intervals are wide, since no shares by country are published.
"""

_IOT = """## iot

Shares of cellular modules are estimated with the model's own choice equation, fitted to world shares by maximum a
posteriori (`src/standards_net/estimation/`):

    b_iv = exp(u_iv) / Σ_w exp(u_iw),    u_iv = q_v + Σ_f c_f X_ivf + ξ_iv,    ξ_iv ~ N(0, τ²)

X are political affinity, vendor finance and home; τ maximises the approximate evidence; uncertainty is the Laplace
approximation. Only the world split is solid; country shares follow from home bias and a prior, with wide uncertainty.
Quectel and Fibocom are reported together (40 %, documented) and apart (38 and 8 %, recalled): the fit follows the
documented sum.
"""


def estimation_page() -> str:
    """Method, scores out of sample, and reported beside modelled shares."""
    vendors = data_folder() / "vendors"
    scores = json.loads((vendors / "adoption_scores.json").read_text(encoding="utf-8"))
    fit = json.loads((vendors / "adoption_fit.json").read_text(encoding="utf-8"))["iot"]
    parts = [[_RADIO], _scores(scores), _world("radio"), _world("core"), [_IOT], _iot(fit), _world("iot")]
    parts += [suppliers_section(), calibration_section()]
    return "\n".join(line for part in parts for line in part)


def _scores(scores: dict[str, Any]) -> list[str]:
    radio, before = scores["radio"], scores["before"]
    reported, regions, contracts = (
        radio[k] for k in ("reported_left_out", "subregions_left_out", "contracts")
    )
    chinese, fresh = reported["chinese"], reported["chinese_where_the_census_has_other_sources"]
    lines = [
        f"{scores['operators_in_the_census']} operators of the census and {scores['units']} buyers in all; "
        f"{scores['draws']} draws kept; seed {scores['seed']}. Diagnostics: {_plain(radio['diagnostics'])}.",
        "",
        "### Scores on what was left out",
        "",
        "Chinese share of the 4g base, points. Reports left out: "
        f"{reported['method']}; census of the country kept. Subregions left out: {regions['method']}, nothing "
        "of their countries kept: what a country without a census can expect.",
        "",
        "| predicted | n | error | standard error | inside 90 % intervals | mean width | beside it |",
        "|---|---|---|---|---|---|---|",
        _row("reported shares, own report left out", chinese,
             f"census alone {chinese.get('census_alone')}, mean of the others {chinese.get('mean_of_the_others')}, "
             f"the estimate before this one {before['mean_absolute_error']}"),
        _row("of these, where the census has other sources", fresh, f"census alone {fresh.get('census_alone')}"),
        _row("reported shares of all vendors", reported["all_vendors"], ""),
        _row("census sums, subregion left out", regions["census"],
             f"mean of the other subregions' rule {regions['census'].get('mean_of_the_others')}"),
        _row("reported shares, subregion left out", regions["reported"], ""),
        "",
        _missed(reported["countries"]),
        "",
        "| country | reported | predicted median | 5 % | 95 % | census alone |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in reported["countries"]:
        alone = "" if row["census_alone"] is None else f"{100 * row['census_alone']:.0f}"
        cells = " | ".join(f"{100 * row[k]:.0f}" for k in ("value", "median", "low", "high"))
        lines.append(f"| {row['country']} ({row['vendors']}) | {cells} | {alone} |")
    lines += [
        "",
        f"5g contracts of 2020 to 2022 outside China, mean log-probability of the vendor (n = {contracts['n']}):",
        "",
        "| shares | n | log score | gain over flat shares | standard error by country |",
        "|---|---|---|---|---|",
        f"| flat shares of the world | {contracts['n']} | {contracts['flat_world_shares']} | | |",
        f"| flat shares outside China | {contracts['n']} | {contracts['flat_shares_outside_china']} | | |",
    ]
    for key, label in (
        ("country", "the country's base"),
        ("country_half", "half the country's base, half flat"),
        ("country_half_without_restrictions", "the same, countries without restrictions"),
        ("operator_half", "half the operator's base, half flat"),
    ):
        found = contracts[key]
        lines.append(
            f"| {label} | {found['n']} | {found['log_score']} | {found['gain']:+} | {found['gain_se_by_country']} |"
        )
    lines += [
        "",
        "A base is not a forecast: an operator that leaves its vendor buys what it never had, which the base alone "
        "gives hardly any chance. The model mixes them too (`weight_of_country_mix`, `weight_of_world_mix`).",
        "",
    ]
    return lines


def _missed(countries: list[dict[str, Any]]) -> str:
    """Which reported shares lie outside the interval that the estimate gives without them."""
    outside = [
        f"{row['country']} ({row['vendors']} {100 * row['value']:.0f}, interval {100 * row['low']:.0f} to "
        f"{100 * row['high']:.0f})"
        for row in countries
        if not row["low"] <= row["value"] <= row["high"]
    ]
    return (
        f"Rows in which 90 % intervals hold less than {100 * _HELD:.0f} % are failures: intervals are too narrow "
        f"there. Outside their intervals lie {', '.join(outside) or 'no countries'}. Where the census knows a "
        "country's operators, the estimate is no better than the census' weighted sum; what it adds is the "
        "countries without a census and an interval."
    )


def _row(label: str, found: dict[str, Any], beside: str) -> str:
    if not found.get("n"):
        return f"| {label} | 0 | | | | | |"
    inside = f"{100 * found['coverage_90']:.0f} % (± {100 * found['coverage_90_se']:.0f})"
    cells = (
        found["n"],
        found["mean_absolute_error"],
        found["mean_absolute_error_se"],
        inside,
        found["mean_width"],
    )
    return f"| {label} | " + " | ".join(map(str, cells)) + f" | {beside} |"


def _plain(values: dict[str, Any]) -> str:
    return ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in values.items() if not isinstance(v, dict))


def _iot(fit: dict[str, Any]) -> list[str]:
    lines = [f"Standard deviation of tastes τ = {fit['taste_sd']}.", ""]
    lines += ["| feature | coefficient | standard error |", "|---|---|---|"]
    lines += [f"| {name} | {c:.2f} | {s:.2f} |" for name, (c, s) in fit["coefficients"].items()]
    lines += ["", "| share | reported | modelled | difference, points |", "|---|---|---|---|"]
    for row in fit["shares"]:
        gap = 100 * (row["modelled"] - row["reported"])
        shares = f"{100 * row['reported']:.1f} % | {100 * row['modelled']:.1f} %"
        lines.append(f"| {row['what']} | {shares} | {gap:+.1f} |")
    return [*lines, ""]


def _world(technology: str) -> list[str]:
    """World shares of 2019 over draws of a run."""
    world = load_world()
    market = world.market(technology)
    start = draw_initial(world, technology, 2019, slice(0, 1024)).start
    countries = by_country(start, market.country_of, market.weight, len(market.share))
    shares = 100 * pool(market.share, countries)
    lines = [
        f"World shares of the {technology} base of 2019 over 1,024 draws of a run:",
        "",
        "| vendor | mean | standard deviation, points |",
        "|---|---|---|",
    ]
    for v, vendor in enumerate(market.vendors):
        lines.append(f"| {vendor} | {shares[:, v].mean():.1f} % | {shares[:, v].std():.1f} |")
    return [*lines, ""]
