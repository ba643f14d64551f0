"""Rebuild every table, the data dictionary and its page; the build is idempotent."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from standards_net.files import write_text
from standards_net.scenario import json_schema
from standards_net.tables import read_tables
from tools.build_data import (
    countries,
    deployment,
    history,
    landscapes,
    names,
    operators,
    operators_2019,
    politics,
    trade,
    vendors,
)
from tools.build_data.adoption import write_adoption
from tools.build_data.package import write_package
from tools.build_data.raw import Raw

_DATA = Path("data")

_TABLES: dict[str, Callable[[Raw], pd.DataFrame]] = {
    "countries/countries.csv": countries.build_countries,
    "countries/trade.csv": trade.build_trade,
    "countries/alliances.csv": countries.build_alliances,
    "countries/memberships.csv": countries.build_memberships,
    "countries/un_voting.csv": countries.build_un_voting,
    "countries/policies.csv": countries.build_policies,
    "countries/launches.csv": countries.build_launches,
    "countries/names.csv": names.build_names,
    "countries/deployment_reports.csv": deployment.build_deployment_reports,
    "model/technologies.csv": lambda _: vendors.build_technologies(),
    "vendors/standards.csv": lambda _: vendors.build_standards(),
    "vendors/vendors.csv": lambda _: vendors.build_vendors(),
    "vendors/evidence.csv": vendors.build_evidence,
    "vendors/operators.csv": lambda _: operators.build_operators(),
    "vendors/operator_census.csv": operators_2019.build_census,
    "vendors/operator_shares.csv": operators_2019.build_operator_shares,
    "vendors/country_radio_shares.csv": operators_2019.build_country_shares,
    "vendors/reported_shares.csv": vendors.build_reported_shares,
    "vendors/figures.csv": vendors.build_figures,
    "history/digital_television.csv": history.build_digital_television,
    "history/ties.csv": history.build_historical_ties,
    "politics/positions.csv": politics.build_positions,
    "politics/declarations.csv": politics.build_declarations,
    "landscapes/unix1988.csv": landscapes.build_unix1988,
    "landscapes/unix1988_published.csv": landscapes.build_unix1988_published,
}


def main() -> None:
    """Build observed tables first, then the estimates based on them, then the data dictionary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder of the raw tables")
    raw = Raw(parser.parse_args().raw)
    for name, build in _TABLES.items():
        write_text(_DATA / name, build(raw).to_csv(index=False, lineterminator="\n"))
        print(f"built {name}")
    write_text(_DATA / "countries" / "outlines.geojson", countries.build_outlines(raw))
    write_text(_DATA / "scenarios" / "scenario.schema.json", _pretty(json_schema()))
    for estimated in ("markets.csv", "adoption.csv", "adoption_fit.json"):
        (_DATA / "vendors" / estimated).unlink(missing_ok=True)
    write_package(_DATA)
    write_adoption(_DATA, read_tables(_DATA).frames)
    write_package(_DATA)
    print("built vendors/markets.csv, vendors/adoption.csv, datapackage.json, docs/data.md")


def _pretty(content: object) -> str:
    import json

    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
