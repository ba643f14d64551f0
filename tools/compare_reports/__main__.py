"""Write ``docs/comparison.md`` and ``docs/evidence.md``: the model beside what was reported."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

import standards_net as sn
from standards_net.files import write_text
from tools.compare_reports.costs import cost_table
from tools.compare_reports.deployment import coverage_ranks
from tools.compare_reports.scores import evidence_page
from tools.compare_reports.shares import (
    SCENARIO,
    buyer_table,
    chinese_world_share_table,
    world_share_table,
)

_DOCS = Path("docs")


def main() -> None:
    """Run the comparisons and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=256)
    parser.add_argument("--seed", type=int, default=2019)
    parser.add_argument("--out", type=Path, default=_DOCS, help="folder")
    arguments = parser.parse_args()
    world = sn.load_world()
    pages = {"comparison.md": page(world, arguments.draws, arguments.seed)}
    pages["evidence.md"] = evidence_page(world, arguments.draws, arguments.seed)
    for name, text in pages.items():
        write_text(arguments.out / name, text)
        print(f"wrote {arguments.out / name}")


def page(world: sn.World, draws: int, seed: int) -> str:
    """The page on what others reported, in Markdown."""
    result = sn.run(world, SCENARIO, draws=draws, rng=seed, until=2025)
    ranks = coverage_ranks(world)
    vendors, chinese = world_share_table(result), chinese_world_share_table(result)
    russia = result.shares("RUS", technology="radio", base="5g")
    russia = russia[(russia["standard"] == "china") & russia["year"].isin([2021, 2023, 2025])]
    return "\n".join(
        [
            "# The model beside what others reported",
            "",
            f"Rendered by `make compare` ({draws} draws, seed {seed}): medians and 5 to 95 % of the draws. Shares of",
            "5g and of the world, and deployment, are what the model is calibrated to: [evidence.md](evidence.md) scores",
            "it out of sample. Costs are not adjusted to anything shown here unless a line says so.",
            "",
            "## Costs of exclusion",
            "",
            "Each published estimate, and a scenario of ours that asks the same question. GSMA is the association",
            "of operators; Oxford Economics worked for Huawei. Ours differ where the questions do: replacement here",
            "is the value of all radio and core equipment taken out before its time, times the measured multiple,",
            "while Strand counts only equipment bought since 2016. The elasticity of choice to price is calibrated",
            "to Oxford Economics' range of 8 to 29 %: agreement with its figures by country is no evidence.",
            "",
            _table(cost_table(world, draws, seed)),
            "",
            "## World shares of radio revenue, 2020 to 2025",
            "",
            f"`{SCENARIO}`, per cent. Revenue follows where 5g is being built: a vendor's share of a year is not its",
            f"share of the base. Low confidence marks recalled figures. Intervals hold {_held(vendors)} reports.",
            "",
            _table(_percent(vendors, ["reported", "median", "low", "high"])),
            "",
            "Huawei and ZTE together, in every year. The reported share rises from 2020 to 2023; 2023 is recalled.",
            f"Intervals hold {_held(chinese)} reports.",
            "",
            _table(_percent(chinese, ["reported", "median", "low", "high"])),
            "",
            "## Russia after Ericsson and Nokia left",
            "",
            "Chinese vendors' share of the 5g base that would be, or is, built, per cent.",
            "",
            _table(_percent(russia[["year", "median", "low", "high"]], ["median", "low", "high"])),
            "",
            "## Chinese share of 5g radio where policies changed: who should be the buyer?",
            "",
            "Reported shares of countries other than China against `as-happened-2025`, with countries or operators as",
            "buyers. CRPS is the continuous ranked probability score, in shares: smaller is better. These scores are in",
            "sample: the calibration, made with operators as buyers, saw the reports.",
            "",
            _table(buyer_table(world, draws, seed)),
            "",
            "## Deployment and reported coverage",
            "",
            f"Rank correlation with {ranks['reports']:.0f} reports of 2022 to 2024: {ranks['left_out']:.2f} with the",
            f"country's own reports left out, {ranks['fitted']:.2f} with them, {ranks['launch_alone']:.2f} by date of",
            f"launch alone. The target, 0.7 with reports left out, is {'met' if ranks['left_out'] >= 0.7 else 'missed'}: nearly all",
            "of these reports are from Europe in 2022, where income and launch date differ little, and spectrum",
            "auctions, which are not in the data, decided who was late.",
            "",
        ]
    )


def _held(table: pd.DataFrame) -> str:
    """How many reported figures lie within the model's intervals."""
    told = table[table["reported"].notna()]
    return f"{told['reported'].between(told['low'], told['high']).sum()} of {len(told)}"


def _percent(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return table.assign(**{name: (100 * table[name]).round(1) for name in columns})


def _table(table: pd.DataFrame) -> str:
    rows = [
        table.columns.tolist(),
        *table.astype(object).where(table.notna(), "").astype(str).to_numpy().tolist(),
    ]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(table.columns), *lines[1:]])


if __name__ == "__main__":
    main()
