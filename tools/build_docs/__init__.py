"""Render the pages of docs/ that come from tables: ``python -m tools.build_docs``."""

from __future__ import annotations

from pathlib import Path

from standards_net.scenario import load_scenario, scenario_names
from standards_net.scenario.schema import Compatibility
from standards_net.tables import read_tables
from standards_net.world import load_world
from tools.build_docs import reference
from tools.build_docs.estimation import estimation_page
from tools.build_docs.past_wars import past_wars_page
from tools.build_docs.sensitivity import sensitivity_page
from tools.build_docs.sides import sides_page

__all__ = ["PAGES"]


def parameters_page() -> str:
    """The parameter table."""
    table = read_tables().frames["parameters"]
    lines = [
        "# Parameters",
        "",
        "Rendered from `data/model/parameters.csv` by `make docs`. Each draw samples every prior that is not",
        "fixed, along one scrambled Sobol sequence; runs move the priors of what reports inform by the calibration",
        "([estimation.md](estimation.md)). *Estimated*: from operators' choices or reports of deployment; *calibrated*:",
        "to what happened from 2019 to 2025; *literature*: from published figures; *definition*: set. *Judgement* means",
        "that no measurement is known: the prior is deliberately wide, and the study reports which findings depend on it.",
        "",
    ]
    for group, rows in table.groupby("group", sort=False):
        lines += [f"## {group}", "", "| symbol | name | unit | default | prior | basis | meaning | source |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        for row in rows.itertuples():
            prior = row.prior if row.prior == "fixed" else f"{row.prior} {row.low:.4g} to {row.high:.4g}"
            cells = (
                row.symbol,
                f"`{row.name}`",
                row.unit,
                f"{row.default:.4g}",
                prior,
                row.basis,
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
        "| scenario | represents | arguments | extends | assumes that standards split |",
        "|---|---|---|---|---|",
    ]
    for name in scenario_names():
        scenario = load_scenario(name)
        parent = next(iter(scenario.lineage[1:]), "")
        serves = ", ".join(scenario.file.serves)
        split = _split(scenario.file.compatibility)
        lines.append(f"| `{name}` | {scenario.file.description} | {serves} | {parent} | {split} |")
    return "\n".join([*lines, ""])


def _split(entries: list[Compatibility]) -> str:
    """Which standards a scenario takes apart, and from when: assumptions, not results."""
    world = load_world()

    def of_2019(entry: Compatibility) -> float:
        """The highest compatibility of the two in the technologies that are meant."""
        named = world.markets if "all" in entry.technologies else entry.technologies
        names = [f"compatibility_{'_'.join(sorted(entry.between))}_{technology}" for technology in named]
        return max(world.parameters[n].default if n in world.parameters else 1.0 for n in names)

    found = [
        f"{' - '.join(e.between)} {e.value:g} from {e.since}"
        + (f" ({', '.join(e.technologies)})" if e.technologies != ("all",) else "")
        + (", new equipment" if e.new_equipment_only else "")
        for e in entries
        if e.value < of_2019(e)
    ]
    return "; ".join(found) or "no"


PAGES = {
    Path("docs/parameters.md"): parameters_page,
    Path("docs/scenarios.md"): scenarios_page,
    Path("docs/estimation.md"): estimation_page,
    Path("docs/past-wars.md"): past_wars_page,
    Path("docs/sides.md"): sides_page,
    Path("docs/sensitivity.md"): sensitivity_page,
    **reference.PAGES,
}
