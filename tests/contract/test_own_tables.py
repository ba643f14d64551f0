"""Rows that patch, workbooks, new economies and vendors, shares that are made to add up."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import standards_net as sn
from standards_net.files import data_folder
from standards_net.tables import read_tables
from standards_net.tables.additions import REBALANCED
from standards_net.tables.dictionary import read_dictionary, read_package
from standards_net.tables.own import rebalance
from standards_net.tables.workbooks import template_workbook

SCHEMAS = read_dictionary(read_package(data_folder()))


def patch(folder, path, text):
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")
    return folder


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "standards_net", *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def complaints(folder):
    with pytest.raises(sn.DataError) as told:
        sn.load_world(folder)
    return "\n".join(told.value.complaints)


def test_only_what_a_patch_names_changes(tmp_path):
    patch(tmp_path, "countries/countries.patch.csv", "country,gdp_usd\nKenya,2e11\nVietnam,\n")
    shipped, world = read_tables().frames["countries"], sn.load_world(tmp_path)
    changed = world.table.reset_index()
    kenya = changed["country"] == "KEN"
    assert changed.loc[kenya, "gdp_usd"].item() == 2e11
    ours = changed[shipped.columns]
    ours.loc[kenya, "gdp_usd"] = shipped.loc[shipped["country"] == "KEN", "gdp_usd"].item()
    pd.testing.assert_frame_equal(ours.reset_index(drop=True), shipped, check_dtype=False)


def test_a_patch_is_own_data_and_says_so(tmp_path):
    patch(tmp_path, "countries/countries.patch.csv", "country,gdp_usd\nKEN,2e11\n")
    world = sn.load_world(tmp_path)
    result = sn.run(world, "status-quo-2019", draws=2, rng=1, until=2020)
    assert list(result.provenance["own_tables"]) == ["countries"]
    again = sn.load_world(tmp_path)
    assert again == world
    assert world != sn.load_world()


def test_a_frame_patches_as_a_file_does(tmp_path):
    patch(tmp_path, "countries/countries.patch.csv", "country,gdp_usd\nKEN,2e11\n")
    frame = pd.DataFrame({"country": ["Kenya"], "gdp_usd": [2e11]})
    assert (
        sn.load_world({"countries.patch": frame}).gdp_usd.tolist() == sn.load_world(tmp_path).gdp_usd.tolist()
    )
    with pytest.raises(sn.DataError, match=r"table 'countries.patch' at iloc\[0\], column gdp_usd"):
        sn.load_world({"countries.patch": frame.assign(gdp_usd="much")})


def test_a_patch_of_a_table_of_ones_own(tmp_path):
    own = read_tables().frames["countries"]
    (tmp_path / "countries").mkdir()
    own[own["region"] == "Africa"].to_csv(tmp_path / "countries" / "countries.csv", index=False)
    markets = read_tables().frames["markets"]
    african = markets[markets["country"].isin(own.loc[own["region"] == "Africa", "country"])]
    total = african.groupby("technology")["market_share"].transform("sum")
    (tmp_path / "vendors").mkdir()
    african.assign(market_share=african["market_share"] / total).to_csv(
        tmp_path / "vendors" / "markets.csv", index=False
    )
    patch(tmp_path, "countries/countries.patch.csv", "country,population\nKEN,1000000\n")
    with pytest.warns(sn.StandardsNetWarning):
        world = sn.load_world(tmp_path)
    assert len(world.countries) == 54
    assert world.population[world.countries.index("KEN")] == 1_000_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("country,gdp_usd\nKEN,much\n", "countries.patch.csv row 2, column gdp_usd: 'much' is not a number"),
        ("country,gdp_usd\nKEN,1e11\nXYZ,2\n", "countries.patch.csv row 3, column name: the cell is empty"),
        ("country,gdpp\nKEN,1\n", "unknown column 'gdpp'"),
        ("gdp_usd\n1\n", "column 'country' is missing"),
        ("country,gdp_usd\nKEN,1e11\nKEN,2e11\n", "countries.patch.csv row 3: KEN is there twice"),
        ("", "countries.patch.csv is empty"),
        ("country;gdp_usd\nKEN;1\n", "separated by semicolons"),
    ],
)
def test_a_wrong_patch_gets_a_sentence(tmp_path, text, told):
    patch(tmp_path, "countries/countries.patch.csv", text)
    assert told in complaints(tmp_path)


def test_tables_without_a_key_are_replaced_whole(tmp_path):
    patch(tmp_path, "vendors/evidence.patch.csv", "country,vendor\nKEN,huawei\n")
    assert "have no key; replace it whole" in complaints(tmp_path)


def test_shares_that_do_not_add_up_are_told_and_scaled_when_asked(tmp_path):
    rows = "country,technology,vendor,share,unrestricted_share\nKenya,iot,quectel,0.6,0.6\n"
    patch(tmp_path, "vendors/adoption.patch.csv", rows)
    assert "shares of KEN for iot add up to" in complaints(tmp_path)
    done = command("rebalance", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "adoption.csv, KEN iot: share of 4 rows that were not given times" in done.stderr
    shares = read_tables(tmp_path).frames["adoption"].set_index(["country", "technology", "vendor"])["share"]
    shipped = read_tables().frames["adoption"].set_index(["country", "technology", "vendor"])["share"]
    assert shares["KEN", "iot", "quectel"] == 0.6
    others = shares["KEN", "iot"].drop("quectel") / shipped["KEN", "iot"].drop("quectel")
    np.testing.assert_allclose(others.dropna(), others.dropna().iloc[0], rtol=1e-9)
    assert shares["KEN", "iot"].sum() == pytest.approx(1.0)
    pd.testing.assert_series_equal(shares.drop("KEN"), shipped.drop("KEN"))
    # A second time nothing is left to do; another value starts from what was given, lower ones too.
    assert rebalance(tmp_path) == []
    path = tmp_path / "vendors" / "adoption.patch.csv"
    assert REBALANCED in path.read_text("utf-8")
    for value in ("0.5", "0.1"):
        path.write_text(rows.replace("0.6", value), "utf-8")
        rebalance(tmp_path)
        found = read_tables(tmp_path).frames["adoption"].set_index(["country", "technology", "vendor"])
        assert found.loc[("KEN", "iot", "quectel"), "share"] == float(value)
        assert found.loc[("KEN", "iot"), "share"].sum() == pytest.approx(1.0)


def test_the_example_of_the_how_to_page(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "howto.md").read_text("utf-8")
    (rows,) = re.findall(r"```csv\n(country,technology.*?)```", text, re.DOTALL)
    patch(tmp_path, "vendors/adoption.patch.csv", rows)
    rebalance(tmp_path)
    assert sn.load_world(tmp_path) != sn.load_world()


def test_shares_that_cannot_be_made_to_add_up_are_told(tmp_path):
    head = "country,technology,vendor,share,unrestricted_share\n"
    patch(tmp_path, "vendors/adoption.patch.csv", head + "KEN,iot,quectel,0.9,0.9\nKEN,iot,fibocom,0.9,0.9\n")
    with pytest.raises(sn.DataError, match="add up to"):
        rebalance(tmp_path)


def test_a_patch_that_names_nobody_is_told(tmp_path):
    assert command("add-country", "XYZ", "--name", "N", "--like", "AUT", "--out", tmp_path).returncode == 0
    rows = read_tables().frames["policies"].query("country == 'KEN'").assign(country="KNE")
    place = tmp_path / "countries" / "policies.patch.csv"
    pd.concat([pd.read_csv(place), rows]).to_csv(place, index=False)
    assert "KNE" in complaints(tmp_path)


def test_names_and_codes_mix(tmp_path):
    adoption = read_tables().frames["adoption"]
    (tmp_path / "vendors").mkdir()
    named = adoption.assign(country=adoption["country"].replace({"KEN": "Kenya"}))
    named.to_csv(tmp_path / "vendors" / "adoption.csv", index=False)
    patch(tmp_path, "vendors/adoption.patch.csv", "country,technology,vendor,log_sd\nKEN,iot,quectel,0.5\n")
    table = read_tables(tmp_path).frames["adoption"]
    assert len(table) == len(adoption)
    patch(tmp_path, "countries/policies.patch.csv", "country,confidence\nKenya,low\n")
    done = command(
        "add-vendor", "x", "--name", "X", "--technology", "iot", "--like", "quectel", "--out", tmp_path
    )
    assert done.returncode == 0, done.stderr


def test_other_files_do_not_matter(tmp_path):
    (tmp_path / "README.txt").write_text("mine", "utf-8")
    (tmp_path / ".git").mkdir()
    done = command("add-country", "XYZ", "--name", "N", "--like", "AUT", "--out", tmp_path)
    assert done.returncode == 0, done.stderr


def test_rebalance_leaves_what_add_vendor_wrote(tmp_path):
    add = (
        "add-vendor",
        "fujitsu",
        "--name",
        "F",
        "--technology",
        "radio",
        "--like",
        "samsung",
        "--part",
        "0.3",
    )
    assert command(*add, "--out", tmp_path).returncode == 0
    before = read_tables(tmp_path).frames["adoption"]
    assert rebalance(tmp_path) == []
    pd.testing.assert_frame_equal(read_tables(tmp_path).frames["adoption"], before)


def test_a_vendor_has_one_pole(tmp_path):
    add = ("add-vendor", "huawei", "--name", "H", "--technology", "iot", "--like", "telit-cinterion")
    done = command(*add, "--out", tmp_path)
    assert done.returncode == 2
    assert "a vendor has one pole" in done.stderr


def test_formulas_without_a_value_are_told(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "my.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "countries"
    for row in (["country", "gdp_usd"], ["KEN", "=1e11+1"]):
        book.active.append(row)
    book.save(path)
    assert "sheet 'countries' row 2: its formula has no value yet" in complaints(path)


def test_rebalance_without_patches_gets_a_sentence(tmp_path):
    done = command("rebalance", tmp_path)
    assert done.returncode == 2
    assert "there are no patches" in done.stderr


def test_a_new_economy_runs(tmp_path):
    done = command(
        "add-country", "XYZ", "--name", "Newland", "--like", "Austria", "--population", "2e6", "--lat", "1",
        "--lon", "2", "--out", tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "those of all others were scaled down" in done.stderr
    world, shipped = sn.load_world(tmp_path), sn.load_world()
    assert len(world.countries) == len(shipped.countries) + 1
    at, like = world.countries.index("XYZ"), world.countries.index("AUT")
    factor = 2e6 / shipped.population[shipped.countries.index("AUT")]
    for market in world.markets.values():
        assert market.share.sum() == pytest.approx(1.0)
        assert market.share[at] / market.share[like] == pytest.approx(factor, rel=1e-3)
    assert world.alignments[at] == world.alignments[like]
    result = sn.run(world, "silos", draws=2, rng=1, until=2022)
    assert np.isfinite(result.shares("XYZ", technology="radio", scenario="silos")["median"]).all()
    assert command("check", tmp_path).returncode == 0
    again = command("add-country", "XYZ", "--name", "Newland", "--like", "AUT", "--out", tmp_path)
    assert again.returncode == 2
    assert "there is an economy 'XYZ' already: Newland" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["xx", "--name", "N", "--like", "AUT"], "'xx'"),
        (["XYZ", "--name", "N", "--like", "Austia"], "Austria"),
        (["XYZ", "--name", "N", "--like", "AUT", "--population", "-3"], "must be above 0"),
        (["XYZ", "--name", "N", "--like", "AUT", "--lat", "3"], "--lat and --lon"),
    ],
)
def test_a_wrong_economy_leaves_nothing(tmp_path, arguments, told):
    done = command("add-country", *arguments, "--out", tmp_path / "new")
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("*.csv"))


def test_a_new_vendor_takes_its_part(tmp_path):
    done = command(
        "add-vendor", "fujitsu", "--name", "Fujitsu", "--technology", "radio", "--like", "samsung", "--home",
        "JPN", "--part", "0.25", "--out", tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    world, shipped = sn.load_world(tmp_path), sn.load_world()
    market, before = world.markets["radio"], shipped.markets["radio"]
    v, w = market.vendors.index("fujitsu"), market.vendors.index("samsung")
    own = read_tables(tmp_path).frames["adoption"].query("technology == 'radio'")
    shares = own.pivot(index="country", columns="vendor", values="share")
    np.testing.assert_allclose(3.0 * shares["fujitsu"], shares["samsung"], rtol=1e-6)
    assert market.vendor_standards[v] == before.vendor_standards[w]
    result = sn.run(world, "silos", draws=2, rng=1, until=2022, technologies="radio")
    assert "fujitsu" in result.coords["vendor"]
    for arguments, told in (
        (["--part", "1.5"], "above 0 and below 1"),
        (["--like", "nobody"], "nobody"),
        (["--technology", "smoke"], "smoke"),
    ):
        given = {"--technology": "radio", "--like": "samsung", "--part": "0.1"} | dict([arguments])
        flat = [part for pair in given.items() for part in pair]
        wrong = command("add-vendor", "other", "--name", "Other", *flat, "--out", tmp_path)
        assert wrong.returncode == 2
        assert told in wrong.stderr


def test_a_workbook_goes_out_and_comes_back(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "my.xlsx"
    done = command("template", path, "--country", "Kenya")
    assert done.returncode == 0, done.stderr
    # As it is written it changes nothing.
    assert sn.load_world(path) == sn.load_world()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["read me", "countries", "policies", "markets", "adoption"]
    sheet = book["countries"]
    headings = [cell.value for cell in sheet[1]]
    sheet.cell(2, headings.index("gdp_usd") + 1).value = 123456789012
    sheet.cell(2, headings.index("country") + 1).value = "Kenya"
    book.save(path)
    world = sn.load_world(path)
    assert world.gdp_usd[world.countries.index("KEN")] == 123456789012
    sheet.cell(2, headings.index("gdp_usd") + 1).value = "much"
    book.save(path)
    done = command("check", path)
    assert done.returncode == 1
    assert "my.xlsx, sheet 'countries' row 2, column gdp_usd: 'much' is not a number" in done.stderr


def test_wrong_workbooks_get_a_sentence(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "my.xlsx"
    path.write_bytes(b"no workbook")
    assert "cannot be read as a workbook" in complaints(path)
    book = openpyxl.Workbook()
    book.active.title = "adopton"
    book.save(path)
    assert "adoption" in complaints(path)
    book.active.title = "adoption"
    book.save(path)
    assert "no sheet has a row" in complaints(path)
    done = command("template", tmp_path / "my.csv")
    assert done.returncode == 2
    assert "my.xlsx" in done.stderr


@pytest.mark.filterwarnings("ignore:.*is a record that no run reads")
def test_every_table_of_a_template_comes_back_or_is_told(tmp_path):
    pytest.importorskip("openpyxl")
    keyed = [name for name, schema in SCHEMAS.items() if schema.key and name in read_tables().frames]
    path = tmp_path / "my.xlsx"
    asked = [part for name in keyed for part in ("--table", name)]
    done = command("template", path, "--country", "KEN", *asked)
    assert done.returncode == 0, done.stderr
    assert sn.load_world(path) == sn.load_world()
    for name in SCHEMAS.keys() - set(keyed):
        done = command("template", tmp_path / "other.xlsx", "--table", name)
        assert done.returncode == 2
        assert "replace the table whole" in done.stderr
        assert not (tmp_path / "other.xlsx").exists()


def test_cells_of_a_template_are_never_formulas():
    openpyxl = pytest.importorskip("openpyxl")
    import io

    rows = read_tables().frames["countries"].head(1).assign(name="=1+1")
    book = openpyxl.load_workbook(io.BytesIO(template_workbook({"countries": rows}, SCHEMAS, ["x"])))
    assert book["countries"]["B2"].data_type == "s"
