"""Reports: their numbers are those of a run, their parts agree, and nothing in them is executed."""

import csv
import io
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest

import standards_net as sn
from standards_net.briefs import run_countries
from standards_net.reports import document_files, document_page, scenario_report, write_report
from standards_net.reports.document import Bullets, Chart, Document, Html, Section, Table, Text, link
from standards_net.reports.seen import Seen
from standards_net.reports.spreadsheet import workbook
from standards_net.reports.summary import findings
from standards_net.scenario.in_words import entries_in_words
from standards_net.scenario.schema import DATED
from standards_net.wording import LIKELIHOODS, chance_of_more, points_text

pytestmark = pytest.mark.slow

ASKED = {"draws": 16, "rng": 3, "until": 2034}


@pytest.fixture(scope="module")
def quick(world):
    return scenario_report(world, ["6g-split-2030", "silos"], "status-quo-2019", quick=True, **ASKED)


@pytest.fixture(scope="module")
def tables(quick):
    return {table.name: table for table in quick.tables}


def test_measures_are_those_of_a_run(world, tables):
    result = sn.run(world, ["6g-split-2030", "silos", "status-quo-2019"], **ASKED)
    gaps = result.against("status-quo-2019")
    data = tables["measures"].data.set_index(["scenario", "technology", "measure"])
    assert len(data) == 2 * 3 * 4
    for row in gaps[gaps["measure"].isin(data.index.levels[2])].itertuples():
        found = data.loc[(row.scenario, row.technology, row.measure)]
        np.testing.assert_allclose(
            found[["difference", "difference_low", "difference_high"]].astype(float),
            (row.median, row.low, row.high), rtol=1e-9, atol=1e-9,
        )  # fmt: skip
        if row.measure == "china_share":
            shown = tables["measures"].shown
            texts = shown[shown["measure"] == "the Chinese-led share"]["against the baseline"].tolist()
            assert points_text(row.median, row.low, row.high) in (*texts, "no difference")
    levels = result.summary()
    for row in levels[levels["measure"] == "interoperability_loss"].itertuples():
        if row.scenario != "status-quo-2019":
            found = data.loc[(row.scenario, row.technology, row.measure)]
            np.testing.assert_allclose(
                found[["median", "low", "high"]].astype(float), (row.median, row.low, row.high)
            )


def test_costs_add_up_in_the_mean(world, tables):
    costs = tables["costs"].data
    assert set(costs["scenario"]) == {"6g-split-2030", "silos"}
    result = sn.run(world, ["silos"], **ASKED)
    total = result.values("total_usd")[0].sum(axis=2)[:, 1:].mean(axis=1)
    found = costs[(costs["scenario"] == "silos") & (costs["item"] == "total")].iloc[0]
    np.testing.assert_allclose(
        found[["low_usd", "median_usd", "high_usd"]].astype(float), np.quantile(total, (0.05, 0.5, 0.95))
    )
    countries = tables["countries_silos"].data
    assert len(countries) == 196
    np.testing.assert_allclose(countries["part_of_gdp"] * world.gdp_usd, countries["median_usd"])
    assert len(tables["countries_silos"].shown) == 15


def test_blocs_share_the_world(tables):
    blocs = tables["blocs"].data
    totals = blocs.groupby(["scenario", "technology", "weight"])["median"].sum()
    assert totals.between(0.85, 1.15).all()  # medians do not add up exactly
    assert set(blocs["scenario"]) == {"6g-split-2030", "silos", "status-quo-2019"}


def test_page_contents_captions_and_links_agree(world, quick):
    page = document_page(quick)
    anchors = set(re.findall(r'<section id="([\w-]+)"', page))
    assert anchors == {section.anchor for section in quick.sections}
    targets = re.findall(r' id="([\w-]+)"', page)
    assert len(targets) == len(set(targets))
    linked = set(re.findall(r'href="#([\w-]+)"', page))
    assert linked <= set(targets)
    # Findings lead to scenarios and measures, parameters that matter to their rows.
    assert {"scenario-silos", "measures", "parameters-research_feedback"} <= linked
    assert page.count("<caption>Table ") == len(quick.tables)
    assert page.count("<figcaption>Figure ") == len(quick.charts)
    assert re.findall(r"<caption>Table (\d+)\.", page) == [str(k + 1) for k in range(len(quick.tables))]
    assert "Left out: the scorecard" in page
    assert len(page) < 5e6
    addresses = set(map(unescape, re.findall(r'(?:src|href)="(?!data:|#)([^"]*)"', page)))
    assert len(addresses) > 20
    assert addresses <= set(world.policies["source"])


def test_a_whole_report_has_scorecard_and_network(world):
    document = scenario_report(world, "silos", "status-quo-2019", draws=4, until=2021)
    assert {section.anchor for section in document.sections} >= {"network", "evidence"}
    assert "scorecard" in [table.name for table in document.tables]
    assert document.left_out == ""
    page = document_page(document)
    assert "forecast without their own reports: All reports" in page
    assert len(page) < 5e6
    # One scenario needs no column to tell it apart.
    assert "scenario" not in next(t for t in document.tables if t.name == "measures").shown.columns


def test_no_difference_is_said_so(world):
    document = scenario_report(world, "status-quo-2019", "status-quo-2019", quick=True, draws=2, until=2021)
    assert "Nothing differs from the baseline in any draw." in document_page(document)
    (measures,) = [t for t in document.tables if t.name == "measures"]
    assert set(measures.shown["chance"]) == {"the same in every draw"}


def test_own_tables_and_hostile_names(world, tmp_path):
    table = world.table.reset_index()
    hostile = "=1+1 <script>alert(1)</script> {{7*7}}"
    table["name"] = table["name"].where(table["country"] != "SGP", hostile)
    own = sn.load_world({"countries": table.rename(columns={"index": "country"})})
    title, description = "</title><script>x</script>", "{% raw %}"
    mine = {"name": "mine", "title": title, "extends": "silos", "description": description}
    files = write_report(own, mine, out=tmp_path, quick=True, draws=2, until=2021)
    page = next(file for file in files if file.name == "report.html").read_text(encoding="utf-8")
    assert "Own tables: countries. These are not the figures that the package ships." in page
    assert "<script>alert" not in page
    assert "<script>x" not in page
    assert "{{7*7}}" in page
    for file in files:
        if file.suffix == ".csv":
            rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
            assert not [cell for row in rows for cell in row if cell.startswith("=")]


def test_a_workbook_holds_numbers_and_text_and_no_formula():
    openpyxl = pytest.importorskip("openpyxl")
    data = pd.DataFrame({"=name": ["=1+1", "@x", "-2", None], "value": [1.5, np.nan, np.inf, -3.0]})
    long = "x" * 40
    document = Document(
        "T", "s", (Section("a", "A", [Table(long, "c", data, data), Table(long, "d", data, data)]),), "source"
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(document)))
    names = book.sheetnames
    assert len(set(names)) == 3
    assert all(len(name) <= 31 for name in names)
    for sheet in book.worksheets[1:]:
        assert [cell.data_type for cell in sheet["A"]][:5] == ["s"] * 5
        assert [cell.value for cell in sheet["B"]][1:] == ["value", 1.5, None, None, -3]
    shown = [cell.value for row in book["contents"].iter_rows() for cell in row]
    assert "Table 2: d" in shown


def test_a_document_without_openpyxl_has_its_other_files(monkeypatch):
    monkeypatch.setattr("standards_net.reports.spreadsheet.find_spec", lambda _: None)
    data = pd.DataFrame({"a": [1]})
    chart, table = Chart("f", "c", "a", b"<svg/>", b"png"), Table("t", "c", data, data)
    blocks = [Text("p"), Bullets(("x",)), table, chart, Html("")]
    files = document_files(Document("T", "s", (Section("a", "A", blocks),), "source"))
    assert set(files) == {"report.html", "tables/t.csv", "figures/f.svg", "figures/f.png"}
    assert str(link("<b>", "x")) == '<a href="#x">&lt;b&gt;</a>'


def test_findings_are_the_surest_first(world):
    countries = run_countries(world, ["KEN"], "silos", "status-quo-2019", draws=16, until=2030)
    result = sn.run(world, ["silos", "status-quo-2019"], draws=16, rng=2019, until=2030)
    seen = Seen(world, result, countries, countries.scenarios[:-1], countries.scenarios[-1], None)
    said = findings(seen)
    assert 3 <= len(said) <= 4
    words = list(LIKELIHOODS)
    order = [min(words.index(word) for word in words if f" {word} " in f" {one} ") for one in said]
    assert order == sorted(order)
    assert all(str(one).startswith('<a href="#') for one in said)


@pytest.mark.parametrize("draws", [16, 64, 500])
def test_no_word_says_more_than_the_draws_bear_out(draws):
    for share in np.linspace(0.0, 1.0, 41):
        gap = np.where(np.arange(draws) < round(share * draws), 1.0, -1.0)
        word = chance_of_more(gap, "more", "less").removesuffix(" more").removesuffix(" less")
        if word in LIKELIHOODS:
            least = float(LIKELIHOODS[word].split(" to ")[0]) / 100.0
            assert max(share, 1.0 - share) >= least - 0.5 / draws


def test_every_entry_of_every_shipped_scenario_has_a_sentence(world):
    for name in sn.scenario_names():
        scenario = sn.load_scenario(name)
        own = scenario.generations[-1]
        said = entries_in_words(world, scenario)
        entries = sum(len(getattr(own, kind)) for kind in (*DATED, "pole"))
        settings = len(own.standards) + len(own.parameters) + (own.policies is not None)
        assert len(said) == entries + settings, name
        assert all(one.endswith(".") and "  " not in one and "None" not in one for one in said), said


def test_what_an_entry_is_about_is_not_left_out(world):
    """Technologies, chances and delays: without them an order reads as certain and as one on everything."""
    radio = {"vendors": ["china"], "technologies": ["radio"], "from": 2026}
    mine = {
        "name": "mine",
        "title": "Mine",
        "ban": [{"who": ["KEN"], **radio, "compliance": 0.6, "delay_years": 2}],
        "restriction": [{"who": ["KEN"], **radio, "strength": 0.5}],
        "lift": [{"who": ["KEN"], **radio}],
        "exit": [{"who": ["KEN"], **radio}],
        "finance": [{"who": ["KEN"], **radio, "strength": 2.0}],
        "quality": [{**radio, "shift": 1.0}],
        "investment": [{**radio, "usd_per_year": 2e9}],
        "supply": [{**radio, "who": ["KEN"], "price": 1.2, "capacity": 0.5}],
        "agreement": [{"between": ["china", "west"], "technologies": ["radio"], "from": 2026}],
    }
    said = entries_in_words(world, sn.load_scenario(mine))
    assert len(said) == 9
    assert all("radio" in one for one in said), said
    (ban,) = [one for one in said if "buys no more" in one]
    assert ban.endswith("it binds with a chance of 60 %; it takes effect 2 years late in the median.")
    (supply,) = [one for one in said if "supplies" in one]
    assert supply.endswith("in radio are limited to 50 % of orders, cost 1.2 times the price.")


def test_entries_in_words(world):
    capped = {"who": ["FRA"], "vendors": ["huawei"], "from": 2021, "until": 2021, "cap": 0.35}
    half = {"who": ["EU"], "but": ["HUN"], "vendors": ["china"], "from": 2026, "share_of_market": 0.5}
    radio = {"technologies": ["radio"]}
    mine = {
        "name": "mine",
        "title": "Mine",
        "ban": [capped | radio, half | radio | {"bases": ["5g"]}],
        "alignment": [{"who": ["KEN", "GHA"], "pole": "china", "from": 2025}],
        "parameters": {"lock_in": {"times": 2.0}},
    }
    assert entries_in_words(world, sn.load_scenario(mine)) == [
        "Parameter lock_in: times 2.",
        "In 2021: France keeps Huawei to 35 % of the radio base.",
        "From 2025: Kenya and Ghana stand with China.",
        "From 2026: EU but Hungary buy no more 5g radio equipment from Chinese vendors, "
        "in 50 % of the market.",
    ]
