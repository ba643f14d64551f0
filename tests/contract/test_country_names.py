"""What people call economies is read where codes are, or explained; never taken for another economy."""

from __future__ import annotations

import csv

import pandas as pd
import pytest

import standards_net as sn
from standards_net.cli.run_tables import asked_table, check_asked
from standards_net.country_names import country_code, find_country, unknown_country
from standards_net.files import data_folder

NAMES = list(csv.DictReader((data_folder() / "countries" / "names.csv").read_text("utf-8").splitlines()))
READ = {row["name"]: row["country"] for row in NAMES if row["kind"] in ("iso2", "name")}
OTHER_CODES = {row["name"]: row["country"] for row in NAMES if row["kind"] == "other code"}
NO_ECONOMY = [row["name"] for row in NAMES if row["kind"] == "none"]

# Codes of others that a spelling hint would turn into another economy.
MISTAKEN = [
    "UK", "UN", "UNK", "KOS", "GER", "CHI", "DRC", "POR", "NED", "DEN", "SUI", "CRO", "RSA", "TPE", "ESH",
    "TMP", "WLD", "EUU", "ROM", "XKK",
]  # fmt: skip


def test_the_list_is_about_the_economies_of_the_world(world):
    for row in NAMES:
        assert (row["country"] in world.countries) == (row["kind"] != "none"), row
        assert row["source"]
        assert bool(row["meaning"]) == (row["kind"] == "none")
    assert len({row["name"] for row in NAMES}) == len(NAMES)
    assert not set(READ) & set(world.countries)
    assert not set(OTHER_CODES) & set(world.countries)
    assert {row["country"] for row in NAMES if row["kind"] == "iso2"} == set(world.countries)


@pytest.mark.parametrize("name", READ)
def test_names_and_short_codes_are_read(world, name):
    assert world.code(name) == READ[name]
    assert world.members(name) == {READ[name]} or name in world.groups


@pytest.mark.parametrize("code", OTHER_CODES)
def test_codes_of_others_are_explained(world, code):
    if code in world.groups:
        pytest.skip("the name of a group")
    with pytest.raises(sn.UnknownNameError, match=rf"means {OTHER_CODES[code]} elsewhere; write"):
        world.members(code)


@pytest.mark.parametrize("name", NO_ECONOMY)
def test_what_is_no_economy_says_what_it_is(world, name):
    if name in world.groups:
        pytest.skip("the name of a group")
    with pytest.raises(sn.UnknownNameError, match=r": it is "):
        world.members(name)


@pytest.mark.parametrize("code", MISTAKEN)
def test_no_hint_leads_to_another_economy(world, code):
    if code in READ:
        assert world.members(code) == {READ[code]}
        return
    with pytest.raises(sn.UnknownNameError) as told:
        world.members(code)
    assert "did you mean" not in str(told.value)


def test_no_code_is_suggested_for_another(world):
    for first in world.countries:
        typed = first[0] + first[2] + first[1]
        if typed not in world.countries and typed not in OTHER_CODES and typed not in NO_ECONOMY:
            assert "did you mean" not in unknown_country(typed, world.countries, world.country_names)


@pytest.mark.parametrize("name", ["vietnam", " Viet  Nam ", "VIET NAM", "Cote d'Ivoire", "turkiye", "U.S.A."])
def test_accents_case_and_full_stops_do_not_count(world, name):
    assert world.code(name) in ("VNM", "CIV", "TUR", "USA")


def test_a_name_that_is_nearly_one_is_suggested(world):
    with pytest.raises(sn.UnknownNameError, match="did you mean 'Germany'"):
        world.code("Germny")
    for odd in (None, 3, float("nan"), pd.NA):
        with pytest.raises(sn.UnknownNameError, match="unknown country"):
            world.code(odd)
    assert find_country("Germany", ["FRA"]) is None
    with pytest.raises(sn.UnknownNameError, match="DEU is not in this world"):
        country_code("Germany", ["FRA"])


def test_they_are_read_everywhere(world, tmp_path):
    levers = []
    for who, but in ((["Britain", "Viet Nam"], ["Vietnam"]), (["GBR"], [])):
        ban = {"who": who, "but": but, "vendors": ["zte"], "from": 2022}
        scenario = sn.load_scenario({"name": "a", "title": "A", "ban": [ban]})
        levers.append(sn.compile_scenario(world, scenario, "radio", range(2019, 2025)).allowed)
    assert (levers[0] == levers[1]).all()
    result = sn.run(world, "silos", draws=2, rng=1, until=2020)
    assert (
        result.values("mean_share", country="Vietnam") == result.values("mean_share", country="VNM")
    ).all()
    assert result.shares("Russia").equals(result.shares("RUS"))
    assert result.costs("Ivory Coast").equals(result.costs("CIV"))
    check_asked(world, 2020, (), ("South Korea",), ())
    assert set(asked_table(result, (), ("South Korea", "KOR"), ())["country"]) == {"KOR"}
    assert set(result.to_iamc(["Germany"])["region"]) == {"DEU"}
    course = sn.begin(world, "silos", draws=2, rng=1, until=2021, technologies="radio")
    given = [course.given(gdp_usd=pd.Series([1e12], index=[name])) for name in ("Chile", "CHL")]
    assert given[0].step().result() == given[1].step().result()


def test_tables_may_name_economies(tmp_path, world):
    trade = pd.read_csv(data_folder() / "countries" / "trade.csv")
    named = trade.replace({"exporter": {"VNM": "Viet Nam", "DEU": "Germany"}, "importer": {"GBR": "UK"}})
    assert (sn.load_world({"trade": named}).trade_usd == world.trade_usd).all()
    twice = pd.concat([named, named[named["exporter"] == "Germany"].replace("Germany", "DEU").head(1)])
    assert len(twice) == len(named) + 1
    with pytest.raises(sn.DataError, match="is already in"):
        sn.load_world({"trade": twice})
    with pytest.raises(sn.DataError, match="'GER': it is no ISO 3166-1 code, and means DEU elsewhere"):
        sn.load_world({"trade": trade.replace("DEU", "GER")})
