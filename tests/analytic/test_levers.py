"""What a scenario's entries amount to, year by year, in cases that can be worked out by hand."""

import numpy as np
import pytest

import standards_net as sn
from standards_net.scenario import compile_scenario, load_scenario

YEARS = range(2019, 2041)


def levers(world, content, technology="radio", years=YEARS):
    return compile_scenario(world, load_scenario({"name": "x", "title": "X", **content}), technology, years)


def path(compiled, start=0.9):
    """Compatibility of the Chinese-led and western families if 2019 has ``start``."""
    s, t = compiled.standards.index("china"), compiled.standards.index("west")
    return compiled.of_start[:, s, t] * start + compiled.set_to[:, s, t]


def test_compatibility_goes_on_from_where_it_stands(world):
    there_and_back = levers(
        world,
        {
            "compatibility": [
                {"between": ["china", "west"], "value": 0.8, "from": 2031, "to": 2036},
                {"between": ["china", "west"], "value": 0.2, "from": 2021, "to": 2024},
            ]
        },
    )
    found = path(there_and_back)
    np.testing.assert_allclose(found[:2], 0.9)
    np.testing.assert_allclose(found[2:6], [0.725, 0.55, 0.375, 0.2])
    np.testing.assert_allclose(found[6:12], 0.2)
    np.testing.assert_allclose(found[12:18], [0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    np.testing.assert_allclose(found[18:], 0.8)


def test_a_budget_is_spent_once(world):
    budget = {"investment": [{"vendors": ["china"], "usd_per_year": 5e9, "from": 2021, "until": 2022}]}
    spent = {t: levers(world, budget, t).investment.sum(axis=1) for t in world.markets}
    np.testing.assert_allclose(sum(spent.values())[2:4], 5e9)
    assert spent["radio"][4:].sum() == 0.0
    sizes = [world.parameters[f"market_{t}"].default for t in ("radio", "iot")]
    assert spent["radio"][2] / spent["iot"][2] == pytest.approx(sizes[0] / sizes[1])
    of_radio = {"investment": [{"vendors": ["samsung"], "usd_per_year": 5e9, "from": 2021}]}
    assert levers(world, of_radio).investment[5].sum() == 5e9
    assert levers(world, of_radio, "iot").investment.sum() == 0.0
    of_huawei = {"investment": [{"vendors": ["huawei"], "usd_per_year": 5e9, "from": 2021}]}
    radio, core, iot = (levers(world, of_huawei, t).investment[5].sum() for t in ("radio", "core", "iot"))
    assert radio + core == pytest.approx(5e9)  # one firm that sells both
    assert radio / core == pytest.approx(sizes[0] / world.parameters["market_core"].default)
    assert iot == 0.0


def test_a_lift_ends_an_inherited_ban(world):
    compiled = levers(
        world,
        {
            "extends": "broad-allied-ban",
            "lift": [{"who": ["DEU"], "vendors": ["china"], "from": 2030}],
            "ban": [{"who": ["FRA"], "vendors": ["zte"], "from": 2030}],
        },
    )
    deu, fra, zte = world.countries.index("DEU"), world.countries.index("FRA"), 1
    assert compiled.allowed[10, deu].tolist()[:2] == [False, False]
    assert compiled.allowed[11:, deu].all()
    assert not compiled.allowed[11:, fra, zte].any()


def test_the_earlier_order_to_remove_holds(world):
    core, broad = (levers(world, {"extends": n}) for n in ("core-allies-ban", "broad-allied-ban"))
    usa = world.countries.index("USA")
    fastest = [np.min([orders.years_left for orders in each.newer], axis=0)[:, usa] for each in (core, broad)]
    assert np.isfinite(fastest[0]).any()
    np.testing.assert_array_equal(*fastest)


@pytest.mark.parametrize("last", [2027, 2040])
def test_the_first_base_is_cleared_in_equal_parts_whatever_the_horizon(world, last):
    ban = {"ban": [{"who": ["KEN"], "vendors": ["huawei"], "from": 2021, "remove_by": 2025}]}
    found = levers(world, ban, years=range(2019, last + 1))
    for years_left in (found.newer[0].years_left, found.older[0].years_left):
        rates = 1.0 / np.maximum(years_left[:, world.countries.index("KEN"), 0], 1.0)
        left = np.cumprod(1.0 - rates)
        cleared = -np.diff(left, prepend=1.0)
        np.testing.assert_allclose(cleared[2:7], 0.2)
        assert cleared[:2].sum() == cleared[7:].sum() == 0.0


def test_costs_do_not_depend_on_the_last_year(world):
    short, long = (
        sn.run(world, "broad-allied-ban", draws=4, rng=1, technologies=["radio"], years=range(2019, end))
        for end in (2026, 2041)
    )
    np.testing.assert_array_equal(
        short["replacement_usd"].values, long["replacement_usd"].values[:, :, : len(short.coords["year"])]
    )


def test_a_poles_name_means_its_members_of_the_time(world):
    compiled = levers(
        world,
        {
            "pole": [{"name": "brussels", "leaders": ["EU"]}],
            "alignment": [
                {"who": ["EU"], "pole": "brussels", "from": 2020},
                {"who": ["brussels"], "pole": "china", "from": 2030},
            ],
        },
    )
    deu = compiled.alignments[:, world.countries.index("DEU")].tolist()
    assert deu == ["us"] + ["brussels"] * 10 + ["china"] * 11


def test_a_market_not_yet_served_clears_its_older_networks_too(world):
    result = sn.run(
        world, "broad-allied-ban", draws=4, rng=1, technologies=["radio"], years=range(2019, 2029)
    )
    shares = {
        code: result.values("mean_share", country=code, standard="china", technology="radio")[0, 8]
        for code in ("ALB", "TUR", "DEU")
    }
    assert max(shares.values()) < 1e-12
    late = world.market("radio").launch_year[world.countries.index("ALB")]
    assert late > 2024  # it was not served for most of the phase-out, or the test shows nothing


def test_first_steps_count_half_until_the_latest_status(world):
    compiled = levers(world, {"policies": "latest"})
    germany = compiled.restriction[:, world.countries.index("DEU"), 0] + 0.25
    assert germany[[1, 2, 4, 5, 21]].tolist() == [0.25, 0.5, 0.5, 1.0, 1.0]
