"""Intervals by country: quantiles over the draws that a run could have kept, with clear errors."""

import re

import numpy as np
import pytest

import standards_net as sn
from standards_net.ensemble import engine
from standards_net.measures.account import ITEMS
from standards_net.results.variable import INTERVAL

YEARS = range(2019, 2025)
SCENARIOS = ["broad-allied-ban", "three-poles"]


@pytest.fixture(scope="module")
def draws_kept(world):
    """A run of 40 draws that keeps shares draw by draw in every year, and costs by country."""
    return sn.run(
        world, SCENARIOS, draws=40, rng=3, years=YEARS, snapshots=list(YEARS), groups=world.countries
    )


def table(frame, by):
    """Median, low and high by year and label."""
    return frame.set_index(["year", by])[["median", "low", "high"]]


@pytest.mark.parametrize("code", ["DEU", "KEN", "CHN", "TUV"])
@pytest.mark.parametrize("technology", ["radio", "core", "iot"])
def test_shares_are_quantiles_of_the_shares_draw_by_draw(draws_kept, code, technology):
    r = draws_kept
    for scenario in SCENARIOS:
        found = table(r.shares(code, technology=technology, scenario=scenario), "standard")
        where = {"scenario": scenario, "technology": technology, "country": code}
        for year in YEARS:
            kept = r.values("snapshot_share", snapshot=year, **where)
            low, median, high = np.quantile(kept, INTERVAL, axis=0)
            for s, standard in enumerate(r.coords["standard"]):
                if (year, standard) in found.index:
                    row = found.loc[(year, standard)]
                    np.testing.assert_allclose(row, [median[s], low[s], high[s]], atol=1e-6)
                else:  # who has no vendor in this technology has no row
                    assert not kept[:, s].any()


def test_costs_are_quantiles_of_the_costs_draw_by_draw(draws_kept, world):
    r = draws_kept
    for code in ("DEU", "USA", "KEN"):
        costs = r.values("group_cost_usd", scenario="broad-allied-ban", group=code).astype(float)
        scopes = {t: costs[:, :, k] for k, t in enumerate(r.coords["technology"])} | {None: costs.sum(axis=2)}
        for technology, values in scopes.items():
            found = table(r.costs(code, scenario="broad-allied-ban", technology=technology), "item")
            for y, year in enumerate(YEARS):
                for name, column in [*enumerate_items(values[:, y]), ("total", values[:, y].sum(axis=-1))]:
                    low, median, high = np.quantile(column, INTERVAL)
                    # Items of opposite signs nearly cancel: single precision of the largest is what is left.
                    np.testing.assert_allclose(
                        found.loc[(year, name)],
                        [median, low, high],
                        rtol=1e-4,
                        atol=1e-6 * np.abs(values).max(),
                    )


def enumerate_items(values):
    return [(name, values[:, k]) for k, name in enumerate(ITEMS)]


def test_deployment_lies_around_its_mean(draws_kept):
    mean = draws_kept.values("mean_deployment", scenario="three-poles", technology="radio", country="KEN")
    found = draws_kept.deployment("KEN", technology="radio", scenario="three-poles")
    assert found["year"].tolist() == list(YEARS)
    assert (found["low"] <= found["median"]).all()
    assert (found["median"] <= found["high"]).all()
    assert (found["low"] <= mean + 1e-6).all()
    assert (mean <= found["high"] + 1e-6).all()


def test_deployment_and_vendors_are_quantiles_of_the_draws(toy_world):
    """With one draw they are this draw; with two the middle, and a twentieth from either end."""
    scenario = {"name": "x", "title": "X"}

    def numbers(result):
        return (
            result.deployment("KEN").set_index("year"),
            result.shares("KEN", by="vendor").set_index(["year", "vendor"]),
        )

    one, both = (numbers(sn.run(toy_world, scenario, draws=n, rng=4, years=YEARS)) for n in (1, 2))
    for first, pair in zip(one, both, strict=True):
        np.testing.assert_array_equal(first["low"], first["high"])
        np.testing.assert_array_equal(first["low"], first["median"])
        np.testing.assert_allclose(pair["median"], (pair["low"] + pair["high"]) / 2, rtol=1e-5)
        width = pair["high"] - pair["low"]
        ends = np.minimum(
            np.abs(first["median"] - (pair["median"] - width / 1.8)),
            np.abs(first["median"] - (pair["median"] + width / 1.8)),
        )
        np.testing.assert_allclose(ends, 0.0, atol=1e-6)
        assert (width > 0.0).any()


def test_rows_of_a_single_draw_sum_to_one_and_vendors_add_up_to_standards(world):
    result = sn.run(world, "broad-allied-ban", draws=1, rng=3, years=YEARS)
    for technology, market in world.markets.items():
        standard_of = dict(zip(market.vendors, market.vendor_standards, strict=True))
        for base in (None, *market.bases):
            for code in ("DEU", "KEN", "CHN"):
                where = {"technology": technology, "base": base}
                vendors = result.shares(code, by="vendor", **where).dropna()
                standards = result.shares(code, by="standard", **where).dropna()
                np.testing.assert_allclose(vendors.groupby("year")["median"].sum(), 1.0, atol=1e-6)
                np.testing.assert_allclose(standards.groupby("year")["median"].sum(), 1.0, atol=1e-6)
                added = vendors.assign(standard=vendors["vendor"].map(standard_of))
                added = added.groupby(["year", "standard"])["median"].sum()
                told = standards.set_index(["year", "standard"])["median"]
                np.testing.assert_allclose(added, told.reindex(added.index), atol=1e-6)
                assert set(vendors["vendor"]) == set(market.vendors)


def test_what_is_in_use_is_a_mixture_of_the_bases(world):
    result = sn.run(world, "broad-allied-ban", draws=1, rng=3, years=YEARS)
    for code in ("DEU", "USA"):
        served = result.deployment(code, technology="radio").set_index("year")["median"]
        all_in_use, older, newer = (
            table(result.shares(code, technology="radio", base=base, by="vendor"), "vendor")["median"]
            for base in (None, "4g", "5g")
        )
        d = served.reindex(all_in_use.index.get_level_values("year")).to_numpy()
        np.testing.assert_allclose(all_in_use, d * newer + (1.0 - d) * older, atol=1e-6)


def test_a_base_that_is_not_built_has_no_shares(operator_world):
    result = sn.run(operator_world, "status-quo-2019", draws=2, rng=1, years=YEARS)
    newer = result.shares("BRA", base="5g").set_index("year")["median"]
    assert newer.loc[:2020].isna().all()
    assert newer.loc[2021:].notna().all()
    assert result.shares("BRA", base="4g")["median"].notna().all()


def test_the_same_bytes_whatever_the_threads_and_blocks(world):
    one, two = (
        sn.run(world, ["broad-allied-ban"], draws=300, rng=4, years=range(2019, 2022), threads=threads)
        for threads in (1, 2)
    )
    for name in ("vendor_interval", "standard_interval", "deployment_interval", "cost_interval_usd"):
        assert one[name].values.tobytes() == two[name].values.tobytes(), name


def test_of_many_draws_the_blocks_quantiles_are_averaged(toy_world, monkeypatch):
    """Two blocks of 16 and one of 8: weights of .4, .4 and .2."""
    monkeypatch.setattr(engine, "_BLOCK", 16)
    result = sn.run(toy_world, "status-quo-2019", draws=40, rng=3, years=YEARS, snapshots=[2023])
    kept = result.values("snapshot_share", scenario="status-quo-2019", snapshot=2023, country="KEN")[:, 0]
    blocks = [kept[:16], kept[16:32], kept[32:]]
    low, median, high = sum(len(block) / 40 * np.quantile(block, INTERVAL, axis=0) for block in blocks)
    found = table(result.shares("KEN"), "standard").loc[2023]
    at = [result.position("standard", name) for name in found.index]
    np.testing.assert_allclose(found.to_numpy(), np.stack([median, low, high], axis=1)[at], atol=1e-6)


def test_saved_and_loaded_they_are_the_same(draws_kept, tmp_path):
    again = sn.load_result(draws_kept.save(tmp_path / "r.nc"))
    where = {"scenario": "three-poles", "technology": "radio"}
    assert again.shares("DEU", base="5g", **where).equals(draws_kept.shares("DEU", base="5g", **where))
    assert again.costs("DEU", scenario="three-poles").equals(draws_kept.costs("DEU", scenario="three-poles"))


def complains(sentence):
    return pytest.raises(sn.StandardsNetError, match=re.escape(sentence))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"country": "DUE"}, "unknown country 'DUE'; give an ISO 3166-1 alpha-3 code or a name"),
        ({"technology": "radios"}, "unknown technology 'radios'; did you mean 'radio'?"),
        ({"base": "6g"}, "unknown base of radio '6g'; valid are 4g, 5g."),
        ({"technology": "core", "base": "5g"}, "core has one base; leave out base='5g'."),
        ({"scenario": "three-pole"}, "unknown scenario 'three-pole'; did you mean 'three-poles'?"),
        (
            {"scenario": None},
            "the result has 2 scenarios; name one of broad-allied-ban, three-poles.",
        ),
        ({"by": "vendors"}, "unknown kind of share 'vendors'; did you mean 'vendor'?"),
    ],
)
def test_each_bad_argument_of_shares_has_its_sentence(draws_kept, arguments, sentence):
    given = {"country": "DEU", "scenario": "three-poles", **arguments}
    with complains(sentence):
        draws_kept.shares(given.pop("country"), **given)


@pytest.mark.parametrize("method", ["deployment", "costs"])
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"country": "DUE"}, "unknown country 'DUE'; give an ISO 3166-1 alpha-3 code or a name"),
        ({"technology": "radios"}, "unknown technology 'radios'; did you mean 'radio'?"),
        ({"scenario": "three-pole"}, "unknown scenario 'three-pole'; did you mean 'three-poles'?"),
        (
            {"scenario": None},
            "the result has 2 scenarios; name one of broad-allied-ban, three-poles.",
        ),
    ],
)
def test_each_bad_argument_of_the_others_has_its_sentence(draws_kept, method, arguments, sentence):
    given = {"country": "DEU", "scenario": "three-poles", **arguments}
    with complains(sentence):
        getattr(draws_kept, method)(given.pop("country"), **given)


class TestWorld:
    @pytest.mark.parametrize("technology", ["radio", "core", "iot"])
    @pytest.mark.parametrize("by", ["vendor", "standard"])
    def test_means_are_those_of_the_market_and_lie_in_their_interval(self, world, technology, by):
        market = world.market(technology)
        mean, low, high = (world.shares(technology, by=by, statistic=s) for s in ("mean", "low", "high"))
        assert mean.index.tolist() == list(world.countries)
        np.testing.assert_allclose(mean.sum(axis=1), 1.0, atol=1e-6)
        expected = market.adoption
        if by == "standard":
            names = list(mean.columns)
            of = np.array([[float(s == name) for name in names] for s in market.vendor_standards])
            expected = expected @ of
        np.testing.assert_allclose(mean, expected, atol=3e-3)
        assert (low.to_numpy() <= high.to_numpy()).all()
        # A vendor that hardly ever sells in a country may have a mean above its 95 % quantile.
        usual = mean.to_numpy() > 0.05
        assert (low.to_numpy()[usual] <= mean.to_numpy()[usual] + 1e-9).all()
        assert (mean.to_numpy()[usual] <= high.to_numpy()[usual] + 1e-9).mean() > 0.999

    def test_by_hand_in_the_toy_world(self, operator_world):
        """Joint draws of operators, weighted within their country."""
        market = operator_world.market("radio")
        operators = market.operators
        shares = operators.draws / operators.draws.sum(axis=1, keepdims=True)
        usa = sum(w * shares[o, 0] for o, w in zip(range(3), (0.5, 0.3, 0.2), strict=True))
        found = {
            s: operator_world.shares("radio", base="4g", statistic=s).loc["USA", "huawei"]
            for s in ("mean", "low", "high")
        }
        np.testing.assert_allclose([found["low"], found["high"]], np.quantile(usa, [0.05, 0.95]), atol=1e-9)
        assert found["mean"] == pytest.approx(usa.mean(), abs=1e-3)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"technology": "radios"}, "unknown technology 'radios'; did you mean 'radio'?"),
            ({"base": "5g"}, "base is '5g'; the base of radio in 2019 is '4g'."),
            ({"technology": "iot", "base": "4g"}, "iot has one base; leave out base='4g'."),
            ({"by": "vendors"}, "unknown kind of share 'vendors'; did you mean 'vendor'?"),
            ({"statistic": "median"}, "unknown statistic 'median'"),
        ],
    )
    def test_each_bad_argument_has_its_sentence(self, world, arguments, sentence):
        given = {"technology": "radio", **arguments}
        with complains(sentence):
            world.shares(given.pop("technology"), **given)
