"""Render the pages of docs/ that come from tables: ``python -m tools.build_docs``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from standards_net.core.arrays import pool
from standards_net.files import data_folder
from standards_net.model import draw_initial
from standards_net.scenario import load_scenario, scenario_names
from standards_net.tables import read_tables
from standards_net.world import load_world
from tools.build_docs import reference

__all__ = ["PAGES"]


def parameters_page() -> str:
    """The parameter table."""
    table = read_tables().frames["parameters"]
    lines = [
        "# Parameters",
        "",
        "Rendered from `data/model/parameters.csv` by `make docs`. Each draw samples every prior that is not",
        "fixed, along one scrambled Sobol sequence. *Judgement* means that no measurement is known: the prior is",
        "deliberately wide, and the study reports which findings depend on it.",
        "",
    ]
    for group, rows in table.groupby("group", sort=False):
        lines += [f"## {group}", "", "| symbol | name | unit | default | prior | meaning | source |"]
        lines += ["|---|---|---|---|---|---|---|"]
        for row in rows.itertuples():
            prior = row.prior if row.prior == "fixed" else f"{row.prior} {row.low:.4g} to {row.high:.4g}"
            cells = (
                row.symbol,
                f"`{row.name}`",
                row.unit,
                f"{row.default:.4g}",
                prior,
                row.meaning,
                row.source,
            )
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def scenarios_page() -> str:
    """The shipped scenarios, their meaning and the arguments they serve."""
    lines = [
        "# Scenarios",
        "",
        "Rendered from `data/scenarios/*.toml` by `make docs`. B1 to B16 are the arguments of the Carnegie study.",
        "",
        "| scenario | represents | arguments | extends |",
        "|---|---|---|---|",
    ]
    for name in scenario_names():
        scenario = load_scenario(name)
        parent = next(iter(scenario.lineage[1:]), "")
        serves = ", ".join(scenario.file.serves)
        lines.append(f"| `{name}` | {scenario.file.description} | {serves} | {parent} |")
    return "\n".join([*lines, ""])


_ESTIMATION = """# Estimation of adoption in 2019

Rendered from `data/vendors/adoption_fit.json` by `make docs`; the code is `src/standards_net/estimation/`.

Vendor shares in a country's networks are reported for few countries. For all others they are estimated with the
model's own choice equation, fitted to all reported data by maximum a posteriori (L-BFGS of scipy):

    b_iv = a_iv exp(u_iv) / Σ_w a_iw exp(u_iw),    u_iv = q_v + Σ_f c_f X_ivf + ξ_iv,    ξ_iv ~ N(0, τ²)

a is 0 where a policy of October 2019 excluded the vendor. X are political affinity (to the vendor's pole), vendor
finance (Chinese vendors, Belt and Road signatories by income) and home. Each kind of evidence has its own weight:

- reported market shares (the world, the world without China, China): normal, 0.5 to 2 points;
- a country's own Chinese radio share of 4g in 2019: 3 points; where only "more than one half" was reported, the
  probability of this event;
- shares of 5g in 2022 and 2024 where policy had changed: **not used**; they are the back-test;
- contracts: a multinomial count, discounted by confidence (1, 0.6, 0.3), recall (half) and overall (half), because
  contracts are announced selectively.

τ maximises the approximate evidence. Uncertainty is the Laplace approximation around the mode. Every draw of a run
samples it country by country: errors of the vendors of one country keep the correlations of the posterior, so that a
country's reported share is preserved; errors of different countries are independent, so that a country can be added
without changing the draws of the others. The cost is that world shares vary more across draws than the reports imply
(table below). `derived` marks economies with a reported share of their own, `estimated` all others.

What the fit shows, and its limits:

- Three countries are reported at 100 % Chinese (BEL, CYP, MLT) and modelled at 92 to 94: no finite utility gives 100.
- The cross-section of 2019 shows **no effect of political affinity** on the choice of 5g vendors (coefficient below):
  allied Europe bought much Chinese equipment. Affinity therefore acts in the model only where alignments *change*.
- The effect of finance has the expected sign in 5g, with a standard error of similar size.
- For iot only the world split is solid; country shares follow from home bias and a prior, with wide uncertainty.
  Quectel and Fibocom are reported together (40 %, documented) and apart (38 and 8 %, recalled): the fit follows the
  documented sum.
- Market shares refer to revenue, adoption to the installed base: there is no correction for the lower prices of Chinese
  vendors.
"""


def _over_the_draws(technology: str) -> list[str]:
    """World shares of 2019 over the draws."""
    world = load_world()
    market = world.market(technology)
    start = draw_initial(world, technology, 2019, slice(0, 4096)).start
    shares = 100 * pool(market.share, start)
    lines = ["World shares of 2019 over 4,096 draws:", "", "| vendor | mean | standard deviation, points |"]
    lines.append("|---|---|---|")
    for v, vendor in enumerate(market.vendors):
        lines.append(f"| {vendor} | {shares[:, v].mean():.1f} % | {shares[:, v].std():.1f} |")
    return lines


def estimation_page() -> str:
    """Method, coefficients, and reported versus modelled shares."""
    path = data_folder() / "vendors" / "adoption_fit.json"
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    lines = [_ESTIMATION]
    for technology, fit in report.items():
        lines += [f"## {technology}", "", f"Standard deviation of tastes τ = {fit['taste_sd']}.", ""]
        lines += ["| feature | coefficient | standard error |", "|---|---|---|"]
        lines += [f"| {name} | {c:.2f} | {s:.2f} |" for name, (c, s) in fit["coefficients"].items()]
        lines += ["", "| share | reported | modelled | difference, points |", "|---|---|---|---|"]
        for row in fit["shares"]:
            gap = 100 * (row["modelled"] - row["reported"])
            shares = f"{100 * row['reported']:.1f} % | {100 * row['modelled']:.1f} %"
            lines.append(f"| {row['what']} | {shares} | {gap:+.1f} |")
        lines += ["", *_over_the_draws(technology), ""]
        if rows := fit.get("kept_for_the_back_test"):
            lines += [
                "Not used in the fit, reserved for the back-test of policies after 2019 (`results/backtest.csv`):",
                "",
            ]
            lines += ["| share | reported | modelled for 2019 |", "|---|---|---|"]
            lines += [
                f"| {r['what']} | {100 * r['reported']:.0f} % | {100 * r['modelled_2019']:.0f} % |"
                for r in rows
            ]
            lines.append("")
    return "\n".join(lines)


PAGES = {
    Path("docs/parameters.md"): parameters_page,
    Path("docs/scenarios.md"): scenarios_page,
    Path("docs/estimation.md"): estimation_page,
    **reference.PAGES,
}
