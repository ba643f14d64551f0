"""The shipped tables: complete, described, and what the model needs."""

import hashlib
import json
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from standards_net.files import data_folder
from standards_net.scenario import json_schema, load_scenario, scenario_names
from standards_net.tables import check_folder, read, read_tables
from standards_net.tables.render import data_page

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def frames():
    return read_tables().frames


def test_nothing_to_complain_about():
    assert check_folder(data_folder()) == []


def test_hashes_and_sizes_are_those_of_the_files():
    package = json.loads((data_folder() / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        content = (data_folder() / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest(), resource["path"]
        assert resource["bytes"] == len(content)
        assert resource["sources"]
        assert resource["licenses"]


def test_every_table_is_described():
    package = json.loads((data_folder() / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"] for resource in package["resources"]}
    there = {p.relative_to(data_folder()).as_posix() for p in data_folder().rglob("*.csv")}
    assert there <= described


def test_the_page_is_rendered_from_the_dictionary():
    package = json.loads((data_folder() / "datapackage.json").read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "data.md").read_text(encoding="utf-8") == data_page(package, data_folder())


@pytest.mark.slow
def test_frictionless_agrees():
    done = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", str(data_folder() / "datapackage.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_economies(frames):
    countries = frames["countries"]
    assert len(countries) == 196
    codes = set(countries["country"])
    assert {"TWN", "HKG", "XKX", "PSE"} <= codes
    assert "PRK" not in codes
    assert countries.set_index("country").loc["NAM", "name"] == "Namibia"
    assert countries["un_member"].sum() == 192


def test_every_economy_trades_both_ways(frames):
    trade, codes = frames["trade"], set(frames["countries"]["country"])
    assert set(trade["exporter"]) == codes
    assert set(trade["importer"]) == codes
    assert (trade["exporter"] != trade["importer"]).all()
    marked = trade[(trade["exporter"] == "XKX") | (trade["importer"] == "LIE")]
    assert set(marked["status"]) == {"estimated"}


def test_taiwan_is_a_full_node(world):
    i = world.countries.index("TWN")
    assert world.trade_usd[i].sum() > 1e11
    np.testing.assert_allclose(world.ties[:, i].sum(axis=1), 1.0)
    assert world.market("radio").share[i] > 0.003
    assert world.alignments[i] == "us"


def test_ties_and_exchange_are_what_they_should_be(world):
    np.testing.assert_allclose(world.ties.sum(axis=2), 1.0)
    assert (np.diagonal(world.ties, axis1=1, axis2=2) == 0).all()
    np.testing.assert_allclose(world.exchange, world.exchange.T)
    assert world.exchange.sum() == pytest.approx(1.0)


def test_alliances_are_ordered_pairs(frames):
    alliances = frames["alliances"]
    assert (alliances["country_a"] < alliances["country_b"]).all()


def test_shares_of_all_chinese_vendors_are_not_counted_as_huaweis(frames):
    assert "chinese_combined" not in set(frames["evidence"]["share_scope"].dropna())


def test_every_operator_of_the_evidence_is_in_the_table_of_operators(frames):
    table, evidence = frames["operators"], frames["evidence"].dropna(subset=["operator"])
    named = set(zip(table["country"], table["operator"], strict=True))
    assert named == set(zip(evidence["country"], evidence["operator"], strict=True))
    assert set(table["source_type"]) == {"general_knowledge"}
    rows = table.groupby(["country", "operator"])
    assert (rows["kind"].nunique() == 1).all()
    size, kind = rows.size(), rows["kind"].first()
    assert (size[kind == "joint"] > 1).all()
    assert (size[kind != "joint"] == 1).all()
    assert (table["firm"].isna() == (table["kind"] == "pool")).all()
    assert (table["group"].isna() == table["group_home"].isna()).all()


def test_a_firm_is_the_same_under_every_name_and_a_country_has_one_champion(frames):
    firms = frames["operators"].dropna(subset=["firm"])
    about = ["group", "group_home", "owner", "champion", "confidence"]
    assert len(firms.drop_duplicates(["country", "firm", *about])) == len(
        firms.drop_duplicates(["country", "firm"])
    )
    homes = firms.dropna(subset=["group"]).groupby("group")["group_home"].nunique()
    assert (homes == 1).all()
    champions = firms[firms["champion"] == 1].groupby("country")["firm"].nunique()
    assert (champions == 1).all()
    # A champion is controlled from home.
    held = firms[(firms["champion"] == 1) & firms["group"].notna()]
    assert (held["group_home"] == held["country"]).all()


def test_the_build_makes_the_table_of_operators_again():
    sys.path.insert(0, str(ROOT))
    try:
        from tools.build_data.operators import build_operators
    finally:
        sys.path.remove(str(ROOT))
    path = data_folder() / "vendors" / "operators.csv"
    assert build_operators().to_csv(index=False, lineterminator="\n") == path.read_text(encoding="utf-8")


def test_adoption_is_complete_and_marked(frames, world):
    adoption = frames["adoption"]
    for technology, market in world.markets.items():
        rows = adoption[adoption["technology"] == technology]
        assert len(rows) == 196 * len(market.vendors)
        np.testing.assert_allclose(market.adoption.sum(axis=1), 1.0)
    assert set(adoption["status"]) == {"derived", "estimated"}


def test_what_was_banned_in_2019_is_installed_less_than_it_would_be(frames):
    """Bans were of new equipment: some of Huawei was still in use, by a quarter less or more."""
    policies = frames["policies"].set_index("country")["status_2019_10"]
    excluded = policies[policies == "banned"].index
    huawei = frames["adoption"].query("vendor == 'huawei'").set_index("country").loc[excluded]
    assert len(huawei) >= 6
    assert (huawei["share"] <= 0.75 * huawei["unrestricted_share"]).all()
    chinese = frames["adoption"][frames["adoption"]["vendor"].isin(["huawei", "zte"])]
    assert (chinese["share"] <= chinese["unrestricted_share"] + 1e-4).all()


def test_the_estimate_meets_what_was_reported_of_countries_in_2019(frames, world):
    """Shares of the 4g base that a source gives exactly: within four points."""
    reports = frames["country_radio_shares"].query("generation == '4g' and year == 2019 and bound == 'exact'")
    reports = reports[reports["operator"].isna() & reports["country"].isin(world.countries)]
    estimate, checked = world.shares("radio", base="4g"), 0
    for row in reports.itertuples():
        vendors = row.vendor.split("+")
        if set(vendors) <= set(estimate.columns):
            assert estimate.loc[row.country, vendors].sum() == pytest.approx(row.share, abs=0.04), row
            checked += 1
    assert checked >= 10


def test_the_fit_meets_every_reported_share_of_iot():
    """Within two points where the report is sure."""
    report = json.loads((data_folder() / "vendors" / "adoption_fit.json").read_text(encoding="utf-8"))
    strong = [r for r in report["iot"]["shares"] if r["sd"] <= 0.02]
    assert strong
    for row in strong:
        assert abs(row["modelled"] - row["reported"]) <= 0.02, row


def test_scenarios_open_with_what_they_stand_for_and_serve():
    assert len(scenario_names()) == 21
    for name in scenario_names():
        lines = (data_folder() / "scenarios" / f"{name}.toml").read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# Stands for: ")
        assert lines[1].startswith("# Serves: ")
        if not load_scenario(name).file.serves:  # of the report or of today, not of the arguments of 2019
            assert not re.match(r"# Serves: B\d", lines[1])


def test_every_scenario_compiles(world):
    from standards_net.scenario import compile_scenario

    for name in scenario_names():
        for technology in world.markets:
            levers = compile_scenario(world, load_scenario(name), technology, range(2019, 2041))
            assert levers.allowed.any(axis=2).all()


def test_the_published_schema_is_that_of_the_code():
    path = data_folder() / "scenarios" / "scenario.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema()


def test_compatibility_of_two_standards_has_the_name_by_which_it_is_read(world):
    """``compatibility_<a>_<b>_<technology>`` with a before b: another name would be read by nobody."""
    known = {
        f"compatibility_{a}_{b}_{technology}"
        for technology, market in world.markets.items()
        for a, b in combinations(sorted(set(market.vendor_standards)), 2)
    }
    named = {name for name in world.parameters if re.fullmatch("compatibility_.*_.*_.*", name)}
    assert named <= known


def test_priors_hold_their_defaults(world):
    for parameter in world.parameters.values():
        if parameter.prior == "fixed":
            continue
        assert parameter.low <= parameter.default <= parameter.high, parameter.name
        assert parameter.source, parameter.name


@pytest.mark.slow
def test_rendered_pages_are_up_to_date():
    import sys

    sys.path.insert(0, str(ROOT))
    try:
        from tools.build_docs import PAGES
    finally:
        sys.path.remove(str(ROOT))
    for path, render in PAGES.items():
        assert (ROOT / path).read_text(encoding="utf-8") == render(), f"run make docs: {path}"


def test_tables_that_are_only_parsed_are_those_that_are_checked():
    """A bundled table whose hash is the recorded one is not checked cell by cell again."""
    parsed, checked = (read._read(data_folder(), trust=trust) for trust in (True, False))
    assert parsed[1] == checked[1] == []
    assert parsed[0].hashes == checked[0].hashes
    for name, frame in checked[0].frames.items():
        pd.testing.assert_frame_equal(parsed[0].frames[name], frame)
