"""Briefs: their numbers are those of a run, their differences are paired, their words are true."""

import re
from dataclasses import replace

import numpy as np
import pytest

import standards_net as sn
from standards_net.briefs import brief_of, brief_page, forecasts_of, run_countries, write_briefs
from standards_net.briefs.simulated import Layer
from standards_net.evidence import share_reports
from standards_net.evidence.scorecard import forecasts
from standards_net.wording import chance_of_more, money_text

SPLIT, QUO = "6g-split-2030", "status-quo-2019"
ASKED = {"draws": 24, "rng": 7, "until": 2034}


@pytest.fixture(scope="module")
def runs(world):
    return run_countries(world, ["Germany", "KEN", "USA"], SPLIT, QUO, **ASKED)


@pytest.fixture(scope="module")
def result(world):
    return sn.run(world, [SPLIT, QUO], **ASKED)


def test_suppliers_are_those_of_a_run(runs, result, world):
    for layer, shares in runs.shares.items():
        bases = world.market(layer.technology).bases
        newer = layer.base is not None and layer.base == bases[-1]
        for m, scenario in enumerate((SPLIT, QUO)):
            frame = result.shares(
                "KEN", technology=layer.technology, base=layer.base, scenario=scenario, by="vendor"
            )
            found = np.quantile(shares[m][:, :, 1], (0.5, 0.05, 0.95), axis=0)
            for v, vendor in enumerate(world.market(layer.technology).vendors):
                own = frame[frame["vendor"] == vendor]
                for k, column in enumerate(("median", "low", "high")):
                    there = ~np.isnan(own[column].to_numpy())
                    assert newer or there.all()
                    np.testing.assert_allclose(found[k, there, v], own[column][there], atol=2e-6)
        if newer:  # the brief leaves the same years out
            (base,) = [s for s in brief_of(runs, "KEN", QUO).supplies if layer.base in s.title]
            for drawn in base.vendors.values():
                np.testing.assert_array_equal(np.isfinite(drawn[1]), there)


def test_costs_and_losses_are_those_of_a_run(runs, result, world):
    np.testing.assert_allclose(
        runs.cost_usd.sum(axis=3), result.values("total_usd").sum(axis=3), rtol=1e-9, atol=1.0
    )
    at = [world.countries.index(code) for code in runs.countries]
    np.testing.assert_allclose(runs.items_usd.sum(axis=4), runs.cost_usd[..., at], rtol=1e-9, atol=1e-3)
    for k, (technology, loss) in enumerate(runs.loss.items()):
        mean = result.values("mean_loss")[:, :, k][:, :, at]
        np.testing.assert_allclose(loss.mean(axis=1), mean, atol=1e-9)
        # What is lost with each adds up to what is lost.
        np.testing.assert_allclose(runs.partners[technology].sum(axis=3), loss[:, :, -1], atol=1e-12)


def test_several_blocks_of_draws_and_one_technology(world):
    few = run_countries(world, ["KEN"], SPLIT, QUO, draws=3, rng=1, until=2021, technologies="iot")
    many = run_countries(world, ["KEN"], SPLIT, QUO, draws=259, rng=1, until=2021, technologies="iot")
    layer = Layer("iot", None)
    assert many.shares[layer].shape[:2] == (2, 259)
    np.testing.assert_array_equal(many.shares[layer][:, :3], few.shares[layer])


def test_words_are_of_paired_differences(runs):
    brief = brief_of(runs, "DEU", SPLIT)
    gap = (runs.items_usd[0] - runs.items_usd[1])[:, 1:, 0].sum(axis=-1).mean(axis=1)
    total = brief.costs[-1]
    assert total.label == "total"
    low, median, high = np.quantile(gap, (0.05, 0.5, 0.95))
    assert total.difference == money_text(median, low, high)
    assert total.chance == chance_of_more(gap, "dearer", "cheaper")
    assert [one.label for one in brief.headlines][-1] == "Cost a year, mean of 2020 to 2034"
    own = (runs.items_usd[0].sum(axis=-1)[:, 1:, 0]).mean(axis=1)
    assert brief.headlines[-1].value == money_text(*np.quantile(own, (0.5, 0.05, 0.95)))


def test_the_baseline_itself_makes_no_difference(runs):
    brief = brief_of(runs, "KEN", QUO)
    assert {one.chance for one in (*brief.headlines, *brief.costs)} == {"the same in every draw"}
    assert "nothing changes for them" in brief.alliance
    assert brief.partners == () or all(technology == "iot" for technology, _ in brief.partners)


def test_what_is_on_record(runs, world):
    brief = brief_of(runs, "DEU", SPLIT)
    row = world.policies.loc["DEU"]
    assert brief.policy["source"] == row["source"]
    assert brief.policy["latest"] == f"restricted ({row['latest_date']})"
    chances = sn.alignment.sides(world).set_index("country").loc["DEU"]
    assert brief.side["the United States"].startswith(f"{100 * chances['us']:.0f} %")
    nobody = replace(world, policies=world.policies.drop(index="KEN"))
    assert brief_of(replace(runs, world=nobody), "KEN", SPLIT).policy == {}


def test_what_would_be_otherwise_is_what_the_equation_gives(runs, world):
    """Of the drivers: the chance of its likeliest side, were one feature as in the average country."""
    drivers, chances = sn.alignment.side_drivers(world, "DEU"), sn.alignment.sides(world)
    first, own = drivers.iloc[0], chances.set_index("country").loc["DEU"]
    odds = np.log([own["us"], own["china"], own["nonaligned"]]) - [first["us"], first["china"], 0.0]
    then = np.exp(odds[0]) / np.exp(odds).sum()
    assert (
        f"would be {100 * then:.0f} % instead of {100 * own['us']:.0f} %"
        in (brief_of(runs, "DEU", SPLIT).drivers[0])
    )


def test_forecasts_are_those_of_the_scorecard(world):
    reports = share_reports(world)
    country = reports["country"].iloc[0]
    own = reports[reports["country"] == country].reset_index(drop=True)
    drawn = forecasts(world, own, 16, 3)
    found = forecasts_of(world, (country, "KEN"), 16, 3)
    assert list(found) == [country]
    for k, one in enumerate(found[country]):
        low, high = np.quantile(drawn[:, k], (0.05, 0.95))
        assert one.year == own["year"].iloc[k]
        above = own["bound"].iloc[k] == "above"
        assert one.inside == (high >= own["share"].iloc[k] and (above or low <= own["share"].iloc[k]))
    assert forecasts_of(world, ("USA",), 2, 3) == {}


def test_a_scenario_by_the_name_of_the_baseline_is_not_dropped(world):
    mine = {"name": QUO, "title": "Mine", "ban": [{"who": ["KEN"], "vendors": ["zte"], "from": 2022}]}
    with pytest.raises(sn.StandardsNetError, match="given twice; names must differ"):
        run_countries(world, ["KEN"], mine, QUO, draws=2, until=2021)


def test_what_is_known_is_not_given_a_chance(runs):
    """Who restricted in 2019 has no chance of doing so; leaders of a side lead it by definition."""
    usa = brief_of(runs, "USA", SPLIT)
    assert usa.restricts == "banned in October 2019 already"
    assert usa.drivers == ("It leads its side by definition.",)
    assert brief_of(runs, "DEU", SPLIT).restricts.endswith("seen from 2019")


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda r: brief_of(r, "Atlantis", SPLIT), "unknown country 'Atlantis'"),
        (lambda r: brief_of(r, "FRA", SPLIT), "FRA was not run; the runs hold DEU, KEN, USA"),
        (lambda r: brief_of(r, "DEU", "silos"), "scenario 'silos' was not run; the runs hold 6g-split-2030"),
    ],
)
def test_what_was_not_run(runs, ask, told):
    with pytest.raises(sn.StandardsNetError, match=told):
        ask(runs)


def test_pages_and_contents(world, tmp_path):
    asked = {"draws": 2, "until": 2021, "out": tmp_path}
    (alone,) = write_briefs(world, ["KEN"], "silos", **asked)
    assert alone.name == "brief_KEN.html"
    files = write_briefs(world, ["KEN", "Viet Nam"], ["silos", QUO, SPLIT], **asked)
    assert [file.name for file in files] == ["brief_KEN.html", "brief_VNM.html", "index.html"]
    page = files[1].read_text(encoding="utf-8")
    assert page.count('<article class="brief"') == 2  # the baseline is no scenario of its own
    assert re.findall(r'href="(brief_\w+.html)"', files[2].read_text(encoding="utf-8")) == [
        "brief_KEN.html", "brief_VNM.html",
    ]  # fmt: skip


def test_own_tables_are_named_and_names_are_text(world, tmp_path):
    table = world.table.reset_index()
    table["name"] = table["name"].where(table["country"] != "KEN", "<script>alert(1)</script> {{7*7}}")
    own = sn.load_world({"countries": table.rename(columns={"index": "country"})})
    runs = run_countries(own, ["KEN"], "silos", QUO, draws=2, until=2021)
    page = brief_page([brief_of(runs, "KEN", "silos")], own)
    assert "<script>" not in page
    assert "{{7*7}}" in page
    assert "Own tables: countries" in page
    assert "Own tables" not in brief_page([brief_of(replace(runs, world=world), "KEN", "silos")], world)
