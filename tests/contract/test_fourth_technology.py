"""A technology that is added by rows of tables alone: satellite terminals, one base, two vendors."""

import numpy as np
import pandas as pd
import pytest

import standards_net as sn
from standards_net.files import data_folder
from standards_net.parameters import PER_TECHNOLOGY
from standards_net.tables import check_folder
from standards_net.world import operators

pytestmark = pytest.mark.slow  # each reads all tables anew

YEARS = range(2019, 2027)
VENDORS = {"orbit-us": ("us", "west", "USA", 0.6), "orbit-cn": ("china", "china", "CHN", 0.4)}
SCENARIO = {
    "name": "no-orbit",
    "title": "Allies shut out the Chinese constellation",
    "ban": [{"who": ["USA", "DEU"], "vendors": ["orbit-cn"], "technologies": ["satellite"], "from": 2020,
             "remove_by": 2023}],
}  # fmt: skip


def bundled(name):
    return pd.read_csv(data_folder() / name, keep_default_na=False, na_values=[""])


def add(folder, name, rows):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    before = pd.read_csv(path, keep_default_na=False, na_values=[""]) if path.exists() else bundled(name)
    pd.concat([before, pd.DataFrame(rows)], ignore_index=True).to_csv(path, index=False)


def drop(folder, name, column, value):
    frame = pd.read_csv(folder / name, keep_default_na=False, na_values=[""])
    assert (frame[column] == value).any()
    frame[frame[column] != value].to_csv(folder / name, index=False)


@pytest.fixture
def folder(tmp_path):
    """Five tables with the rows of satellite terminals at the end."""
    radio = bundled("vendors/vendors.csv").query("technology == 'radio'").iloc[0].to_dict()
    iot = bundled("vendors/markets.csv").query("technology == 'iot'").drop(columns="technology")
    parameters = bundled("model/parameters.csv").set_index("name", drop=False)
    compatibility = "compatibility_china_west"
    like_iot = [*(f"{name}_" for name in PER_TECHNOLOGY), f"{compatibility}_"]
    add(tmp_path, "model/technologies.csv",
        [{"technology": "satellite", "name": "Satellite terminals", "meaning": "terminals"}])  # fmt: skip
    add(tmp_path, "model/parameters.csv",
        [{**parameters.loc[f"{name}iot"], "name": f"{name}satellite"} for name in like_iot])  # fmt: skip
    add(tmp_path, "vendors/vendors.csv", [
        {**radio, "vendor": vendor, "name": vendor, "technology": "satellite", "home": home, "pole": pole,
         "standard": standard, "price_index": 1.0, "price_low": 1.0, "price_high": 1.0, "members": vendor}
        for vendor, (pole, standard, home, _) in VENDORS.items()
    ])  # fmt: skip
    add(tmp_path, "vendors/markets.csv", [
        {**row, "technology": "satellite"} for row in iot.to_dict("records")
    ])  # fmt: skip
    add(tmp_path, "vendors/adoption.csv", [
        {"country": country, "technology": "satellite", "vendor": vendor, "share": share,
         "unrestricted_share": share, "log_sd": 0.2, "status": "estimated", "source": "invented"}
        for country in iot["country"]
        for vendor, (*_, share) in VENDORS.items()
    ])  # fmt: skip
    return tmp_path


def test_the_tables_are_complete_and_the_world_has_the_technology(folder):
    assert check_folder(folder) == []
    world = sn.load_world(folder)
    assert list(world.markets) == ["radio", "core", "iot", "satellite"]
    market = world.market("satellite")
    assert market.vendors == tuple(VENDORS)
    assert market.bases == ()
    assert market.operators is None
    np.testing.assert_allclose(market.adoption, np.tile([0.6, 0.4], (len(world.countries), 1)))
    assert world.shares("satellite", by="standard").loc["KEN"].to_dict() == pytest.approx(
        {"china": 0.4, "west": 0.6}
    )


def test_all_technologies_run_and_the_others_do_not_notice(folder, world):
    more = sn.load_world(folder)
    result = sn.run(more, ["status-quo-2019", SCENARIO], draws=4, rng=1, years=YEARS, snapshots=[2026])
    assert result.coords["technology"] == ("radio", "core", "iot", "satellite")
    assert result.coords["layer"][-1] == "satellite"
    assert result.coords["scope"] == ("radio", "core", "iot", "satellite", "all")
    where = {"scenario": "no-orbit", "technology": "satellite"}
    gone = result.shares("DEU", by="vendor", **where).set_index(["year", "vendor"])["median"]
    assert gone[2023, "orbit-cn"] == 0.0
    assert gone[2022, "orbit-cn"] > 0.0
    assert gone[2026, "orbit-us"] == pytest.approx(1.0)
    kept = result.shares("KEN", by="vendor", **where).set_index(["year", "vendor"])["median"]
    assert kept[2026, "orbit-cn"] > 0.2
    cost = result.costs("DEU", **where).set_index(["year", "item"])["median"]
    assert cost[2021, "equipment"] > 0.0
    for technology in ("radio", "core", "iot"):
        assert not result.costs("DEU", scenario="no-orbit", technology=technology).set_index("item").loc[
            "equipment", "high"].gt(result.costs("DEU", scenario="status-quo-2019", technology=technology)
            .set_index("item").loc["equipment", "high"]).any()  # fmt: skip
    assert (result.values("interoperability_loss", year=2026, **where) > 0.0).all()
    assert set(result.shares("DEU", by="vendor", **where)["vendor"]) == set(VENDORS)
    exported = result.to_iamc()["variable"]
    assert exported.str.startswith("Standards|SATELLITE|").any()


def test_its_vendors_are_those_of_its_standards_and_poles(folder):
    """Names of standards and poles mean its vendors, too; vendors of another technology mean none of it."""
    world = sn.load_world(folder)
    by_pole = {"ban": [{"who": ["DEU"], "vendors": ["china"], "from": 2020}]}
    by_name = {"ban": [{"who": ["DEU"], "vendors": ["huawei"], "from": 2020}]}
    germany = world.countries.index("DEU")
    for entries, bound in ((by_pole, [0.0, 1.0]), (by_name, [0.0, 0.0])):
        levers = sn.compile_scenario(
            world, sn.load_scenario({"name": "x", "title": "X", **entries}), "satellite", YEARS
        )
        assert levers.newer[0].part[2, germany].tolist() == bound


@pytest.mark.parametrize("name", PER_TECHNOLOGY)
def test_each_parameter_that_is_missing_has_its_sentence(folder, name):
    drop(folder, "model/parameters.csv", "name", f"{name}_satellite")
    with pytest.raises(sn.DataError) as caught:
        sn.load_world(folder)
    assert (
        str(caught.value) == f"parameters.csv: the row of '{name}_satellite' is missing; the model reads it."
    )


def test_without_a_row_of_compatibility_its_standards_are_one(folder):
    drop(folder, "model/parameters.csv", "name", "compatibility_china_west_satellite")
    result = sn.run(sn.load_world(folder), SCENARIO, draws=2, rng=1, years=YEARS, technologies="satellite")
    assert not result.values("interoperability_loss").any()


def test_a_country_without_market_or_adoption_is_told(folder):
    path = folder / "vendors/markets.csv"
    frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
    frame[(frame["technology"] != "satellite") | (frame["country"] != "KEN")].to_csv(path, index=False)
    share_of_others, missing = check_folder(folder)
    assert "market_shares of satellite add up to 0.99" in share_of_others
    assert missing == "markets.csv: KEN has no row for satellite; every economy of countries.csv needs one."
    drop(folder, "vendors/adoption.csv", "vendor", "orbit-cn")
    complaints = check_folder(folder)
    assert sum("has no row for satellite of orbit-cn" in complaint for complaint in complaints) >= 1


def test_vendors_of_a_technology_that_no_table_names(folder):
    drop(folder, "model/technologies.csv", "technology", "satellite")
    with pytest.raises(sn.DataError, match="satellite") as caught:
        sn.load_world(folder)
    assert "unknown technology 'satellite'" in str(caught.value)


def test_vendors_that_no_table_names(folder):
    drop(folder, "vendors/vendors.csv", "technology", "satellite")
    complaints = check_folder(folder)
    for vendor in VENDORS:
        assert any(f"unknown vendor '{vendor}'; it must be in vendors.csv." in c for c in complaints)


def test_a_technology_that_nobody_supplies_is_told(tmp_path):
    add(tmp_path, "model/technologies.csv", [{"technology": "quantum", "name": "Quantum", "meaning": "none"}])
    with pytest.raises(sn.DataError, match=r"technologies.csv row 5: no vendor sells 'quantum'; name one"):
        sn.load_world(tmp_path)


def test_shares_of_a_vendor_that_does_not_supply_it_are_not_dropped_in_silence(folder):
    """Huawei is a vendor, but of no terminals: the rest of Kenya's shares must not be scaled up."""
    path = folder / "vendors/adoption.csv"
    text = path.read_text(encoding="utf-8")
    assert "\nKEN,satellite,orbit-cn,0.4," in text
    more = text.replace("\nKEN,satellite,orbit-cn,0.4,", "\nKEN,satellite,orbit-cn,0.1,")
    row = next(line for line in text.splitlines() if line.startswith("KEN,satellite,orbit-cn,"))
    path.write_text(more + row.replace("orbit-cn,0.4,0.4,", "huawei,0.3,0.3,") + "\n", encoding="utf-8")
    complaints = check_folder(folder)
    assert any("KEN" in complaint or "huawei" in complaint for complaint in complaints)


def test_it_may_have_two_bases(folder):
    path = folder / "model/technologies.csv"
    path.write_text(path.read_text().replace("Satellite terminals,,", "Satellite terminals,geo;leo,"))
    world = sn.load_world(folder)
    assert world.market("satellite").bases == ("geo", "leo")
    ban = {**SCENARIO, "ban": [{**SCENARIO["ban"][0], "bases": ["leo"]}]}
    result = sn.run(world, ban, draws=3, rng=1, years=YEARS, technologies=["satellite"])
    newer, older = (
        result.shares("DEU", base=base, by="vendor").set_index(["year", "vendor"])["median"]
        for base in ("leo", "geo")
    )
    assert newer[2023, "orbit-cn"] == 0.0
    assert older[2023, "orbit-cn"] > 0.3
    path.write_text(path.read_text().replace("geo;leo", "leo"))
    (complaint,) = check_folder(folder)
    assert "column bases: 'leo' does not match" in complaint


def test_parameters_of_a_technology_that_is_none(folder):
    add(folder, "model/parameters.csv", [
        {**bundled("model/parameters.csv").set_index("name", drop=False).loc["lifetime_iot"],
         "name": "lifetime_sattelite"}
    ])  # fmt: skip
    (complaint,) = check_folder(folder)
    assert "unknown parameter 'lifetime_sattelite'; did you mean 'lifetime_satellite'?" in complaint


def test_a_scenario_that_misspells_it(folder):
    world = sn.load_world(folder)
    wrong = {**SCENARIO, "ban": [{**SCENARIO["ban"][0], "technologies": ["sattelite"]}]}
    with pytest.raises(
        sn.ScenarioError, match="ban: unknown technology 'sattelite'; did you mean 'satellite'"
    ):
        sn.run(world, wrong, draws=2, rng=1, years=YEARS)


def test_operators_on_record_are_of_the_shipped_technologies(folder):
    assert operators.operator_coverage(sn.load_world(folder), "satellite").loc["World", "operators"] == 0
