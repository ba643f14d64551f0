"""Whose choice decides, in worlds of a few countries whose coalitions can be run one by one."""

from dataclasses import replace

import numpy as np
import pytest

import standards_net as sn
from standards_net.alignment.games.pivots import MEASURES, pivotal, read_measure
from standards_net.scenario import load_scenario

UNTIL, DRAWS, SEED = 2024, 4, 7
SMALL = {"until": UNTIL, "draws": DRAWS, "rng": SEED}
NOTHING = load_scenario({"name": "nothing", "title": "Nothing", "policies": "none"})


def banned_by(codes, name="ask", **more):
    """The scenario that asks a ban of some countries."""
    ban = {"who": list(codes), "vendors": ["china"], "from": 2020, "remove_by": 2022}
    content = {"name": name, "title": "Ask", "policies": "none", "ban": [ban] if codes else [], **more}
    return load_scenario(content)


def measured(world, scenario, measure):
    """Measure in the last year of an ordinary run, (draws,)."""
    result = sn.run(
        world, scenario, draws=DRAWS, rng=SEED, years=range(2019, UNTIL + 1), technologies=["radio"]
    )
    return result.values(measure, scenario=scenario.name, year=UNTIL, technology="radio")


@pytest.mark.parametrize("measure", ["interoperability_loss", "beta", "china_share", "total_usd"])
def test_two_players_by_hand(toy_world, measure):
    table = pivotal(
        toy_world, banned_by(["USA", "BRA"]), measure, ["USA", "BRA"], baseline=NOTHING, **SMALL
    ).set_index("country")
    nobody, usa, brazil, both = (
        measured(toy_world, banned_by(codes), measure) for codes in ([], ["USA"], ["BRA"], ["USA", "BRA"])
    )
    for code, alone, last in (
        ("USA", usa - nobody, both - brazil),
        ("BRA", brazil - nobody, both - usa),
    ):
        row = table.loc[code]
        assert row["alone"] == pytest.approx(alone.mean(), rel=1e-9)
        assert row["last"] == pytest.approx(last.mean(), rel=1e-9)
        share = (alone + last) / 2
        assert row["shapley"] == pytest.approx(share.mean(), rel=1e-9)
        assert row["banzhaf"] == pytest.approx(share.mean(), rel=1e-9)
        low, high = np.quantile(share, [0.05, 0.95])
        assert [row["low"], row["high"]] == pytest.approx([low, high], rel=1e-9)
        assert row["se"] == 0.0
    total = both - nobody
    assert list(table.attrs["total"]) == pytest.approx(
        [total.mean(), *np.quantile(total, [0.05, 0.95])], rel=1e-9
    )
    assert table.attrs["coalitions"] == 4
    assert table.attrs["method"] == "exact"
    assert table.attrs["measure"] == measure
    assert table.attrs["unit"] == ("USD of 2019 per year" if measure == "total_usd" else "1")
    assert table.attrs["conditional_on"] == (
        "ask against nothing, radio, 2024; world-wide levers move with the market share that follows; 4 draws"
    )


def test_the_world_moves_with_the_market_that_follows(toy_world):
    """Compatibility falls by the followers' part of their market: run with that compatibility."""
    fixed = {"compatibility_china_west_radio": 0.9, "compatibility_china_open_radio": 0.9}

    def falling(value, codes, name):
        entries = [
            {"between": ["china", s], "value": value, "from": 2020, "to": 2022} for s in ("west", "open")
        ]
        return banned_by(codes, name, parameters=fixed, compatibility=entries)

    ask = falling(0.1, ["USA", "KEN"], "ask")
    table = pivotal(toy_world, ask, "beta", ["KEN", "USA"], baseline=NOTHING, **SMALL).set_index("country")
    share = dict(zip(toy_world.countries, toy_world.market("radio").share, strict=True))
    part = share["USA"] / (share["USA"] + share["KEN"])
    nobody = measured(toy_world, banned_by([], "s0", parameters=fixed), "beta")
    usa = measured(toy_world, falling((1 - part) * 0.9 + part * 0.1, ["USA"], "s1"), "beta")
    kenya = measured(toy_world, falling(part * 0.9 + (1 - part) * 0.1, ["KEN"], "s2"), "beta")
    both = measured(toy_world, ask, "beta")
    assert table.loc["USA", "alone"] == pytest.approx((usa - nobody).mean(), rel=1e-9)
    assert table.loc["KEN", "alone"] == pytest.approx((kenya - nobody).mean(), rel=1e-9)
    assert table.loc["USA", "last"] == pytest.approx((both - kenya).mean(), rel=1e-9)


@pytest.mark.parametrize("method", ["exact", "sampled"])
def test_values_add_up_to_what_all_do_together(make_toy, method):
    world = make_toy(5)
    who = ["USA", "KEN", "BRA", "IDN"]
    table = pivotal(
        world, banned_by(who), "china_share", who, baseline=NOTHING, method=method, pairs=3, **SMALL
    )
    assert table["shapley"].sum() == pytest.approx(table.attrs["total"][0], rel=1e-9)
    assert table.attrs["total"][0] < 0.0  # bans lower the Chinese-led share, or the test shows little
    size = table["shapley"].abs()
    assert size.is_monotonic_decreasing
    assert size.iloc[-1] > 0.0


@pytest.mark.parametrize("method", ["exact", "sampled"])
def test_who_is_asked_nothing_has_no_effect_at_all(toy_world, method):
    table = pivotal(
        toy_world, banned_by(["USA", "BRA"]), players=["USA", "BRA", "KEN", "CHN"], baseline=NOTHING,
        method=method, pairs=2, **SMALL,
    )  # fmt: skip
    assert sorted(table["country"].tolist()[2:]) == ["CHN", "KEN"]
    for column in ("shapley", "low", "high", "se", "alone", "last"):
        assert (table[column].iloc[2:] == 0.0).all()
        assert column == "se" or (table[column].iloc[:2] != 0.0).all()
    assert table.attrs["coalitions"] == 4
    names = dict(zip(toy_world.countries, toy_world.country_names, strict=True))
    assert table["name"].tolist() == [names[c] for c in table["country"]]


def alike(world, first, second):
    """The world with the second country made a copy of the first."""
    a, b = (world.countries.index(code) for code in (first, second))
    swap = np.arange(len(world.countries))
    swap[[a, b]] = b, a

    def even(matrix):
        """Mean of a matrix and of the same with the two swapped."""
        return (matrix + matrix[..., swap, :][..., swap]) / 2

    market = world.market("radio")
    share, adoption = market.share.copy(), market.adoption.copy()
    share[[a, b]] = share[[a, b]].mean()
    adoption[b] = adoption[a]
    return replace(
        world,
        markets={"radio": replace(market, share=share, adoption=adoption, unrestricted=adoption)},
        ties=even(world.ties),
        trade_usd=even(world.trade_usd),
        voting=even(world.voting),
        finance=np.zeros(len(world.countries)),
    )


def test_countries_that_are_alike_have_the_same_value(make_toy):
    """Without tastes of their own and ranks of income, Brazil and Indonesia are one country twice."""
    world = alike(make_toy(5), "BRA", "IDN")
    no_luck = {"taste_sd": 0.0, "price_sensitivity_of_poor": 0.0}
    who = ["USA", "BRA", "IDN"]
    table = pivotal(
        world, banned_by(who, parameters=no_luck), "interoperability_loss", who, baseline=NOTHING, **SMALL
    ).set_index("country")
    for column in ("shapley", "low", "high", "alone", "last", "banzhaf"):
        assert table.loc["BRA", column] == pytest.approx(table.loc["IDN", column], rel=1e-9)
        assert table.loc["BRA", column] != pytest.approx(table.loc["USA", column], rel=1e-3)


def test_sampled_orders_come_near_the_exact_values(make_toy):
    world = make_toy(6)
    who = list(world.countries)
    falling = [{"between": ["china", "west"], "value": 0.0, "from": 2020, "to": 2022}]
    strong = {"network_benefit": 4.0}
    ask = banned_by([c for c in who if c != "CHN"], compatibility=falling, parameters=strong)
    exact, sampled = (
        pivotal(
            world, ask, "beta", who, baseline=NOTHING, method=method, pairs=24, until=2024, draws=2, rng=3
        ).set_index("country")
        for method in ("exact", "sampled")
    )
    assert exact.attrs["coalitions"] == 32
    assert sampled.attrs["method"] == "sampled, 48 orders"
    error = sampled["se"].to_numpy()
    assert (error[sampled.index != "CHN"] > 0.0).all()
    off = (sampled["shapley"] - exact["shapley"].reindex(sampled.index)).to_numpy()
    assert (np.abs(off) <= 4.0 * error).all()
    for column in ("alone", "last"):
        np.testing.assert_allclose(sampled[column], exact[column].reindex(sampled.index), rtol=1e-12)
    assert sampled["banzhaf"].drop("CHN").isna().all()


def test_one_pair_of_orders_has_no_error_to_tell(toy_world):
    who = ["USA", "KEN", "BRA"]
    table = pivotal(
        toy_world, banned_by(who), players=who, baseline=NOTHING, method="sampled", pairs=1, **SMALL
    )
    assert table["se"].isna().all()
    assert table["shapley"].notna().all()


def test_auto_is_exact_for_few_and_sampled_for_many(world):
    few = pivotal(world, "core-allies-ban", "china_share", ["JPN", "AUS"], until=2022, draws=1, rng=1)
    assert few.attrs["method"] == "exact"
    many = pivotal(world, "broad-allied-ban", "china_share", "G20", until=2022, draws=1, pairs=1, rng=1)
    assert many.attrs["method"] == "sampled, 2 orders"
    assert len(many) == 19


def test_the_same_seed_gives_the_same_table(toy_world):
    who = ["USA", "KEN", "BRA"]
    ask = banned_by(who)
    told = []
    one, two = (
        pivotal(
            toy_world, ask, players=who, baseline=NOTHING, method="sampled", pairs=2, threads=threads,
            progress=lambda done, total: told.append((done, total)), **SMALL,
        )
        for threads in (1, 2)
    )  # fmt: skip
    assert one.equals(two)
    assert told[-1][0] == told[-1][1] == one.attrs["coalitions"]
    other = pivotal(toy_world, ask, players=who, baseline=NOTHING, until=UNTIL, draws=DRAWS, rng=8)
    assert not other["shapley"].equals(one["shapley"])


@pytest.mark.parametrize("measure", [*MEASURES, "bloc_size:china", "bloc_size:west"])
def test_every_measure_is_that_of_a_run(toy_world, measure):
    from standards_net.ensemble.engine import Draws, simulate

    scenario = banned_by(["USA", "BRA"])
    levers = sn.compile_scenario(toy_world, scenario, "radio", range(2019, UNTIL + 1))
    read, unit = read_measure(toy_world, measure)
    drawn = Draws.of(toy_world, "radio", DRAWS, SEED).under(scenario)
    found = simulate(drawn, [0], lambda _: levers, read)[0]
    result = sn.run(
        toy_world, scenario, draws=DRAWS, rng=SEED, years=range(2019, UNTIL + 1), technologies=["radio"]
    )
    where = {"scenario": "ask", "year": UNTIL, "technology": "radio"}
    name, _, standard = measure.partition(":")
    if standard:
        where |= {"standard": standard, "weight": "market"}
    np.testing.assert_allclose(found, result.values(name, **where), rtol=1e-6, atol=1e-12)
    assert unit == result[name].unit


def test_who_is_listed_beside_a_country_does_not_change_what_it_does_alone(world):
    """World-wide levers move with the market of all who are asked, not of those who are listed."""
    one, two = (
        pivotal(world, "bipolar-forced", "interoperability_loss", codes, until=2024, draws=2, rng=1)
        .set_index("country")
        .loc["LUX", "alone"]
        for codes in (["LUX"], ["LUX", "DEU"])
    )
    assert one == two
    assert abs(one) < 1e-3  # a market of a thousandth of the world's
