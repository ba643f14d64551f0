"""What must hold of the account under any scenario: signs, sums, and zeros where nothing splits."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

import standards_net as sn
from standards_net.measures.account import DIRECT, ITEMS
from standards_net.scenario import compile_scenario, load_scenario, scenario_names

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
YEARS = range(2019, 2029)
SHIPPED = (
    "status-quo-2019", "as-happened-2025", "core-allies-ban", "broad-allied-ban", "allied-ban-eu-korea-hedge",
    "uncoordinated-bans", "china-retaliates", "bipolar-free-nonaligned", "6g-split-2030",
)  # fmt: skip
SPLITS = ("double_running", "network_value")

# Entries that hypothesis draws may repeat each other.
pytestmark = pytest.mark.filterwarnings("ignore:.*changes nothing:standards_net.StandardsNetWarning")


@pytest.fixture(scope="module")
def shipped(world):
    """Shipped scenarios with the account of every country in every draw."""
    years = range(2019, 2034)
    return sn.run(world, list(SHIPPED), draws=3, rng=5, years=years, groups=world.countries)


def costs_of(result, scenario, countries):
    """The account by draw, year, technology, country and item."""
    at = [result.position("group", code) for code in countries]
    return result.values("group_cost_usd", scenario=scenario)[:, :, :, at]


@pytest.mark.parametrize("scenario", SHIPPED)
def test_no_country_gains_by_excluding_vendors_in_the_direct_items(shipped, world, scenario):
    costs = costs_of(shipped, scenario, world.countries)
    for item in DIRECT:
        assert (costs[..., ITEMS.index(item)] >= 0.0).all(), item
    assert costs[..., ITEMS.index("retaliation")].min() >= 0.0


@pytest.mark.parametrize("scenario", SHIPPED)
def test_the_total_is_the_sum_of_the_items_in_every_draw(shipped, world, scenario):
    items = sum(shipped.values(f"{item}_usd", scenario=scenario) for item in ITEMS)
    np.testing.assert_allclose(shipped.values("total_usd", scenario=scenario), items, rtol=1e-12, atol=1e-3)
    countries = costs_of(shipped, scenario, world.countries).sum(axis=3, dtype=float)
    for k, item in enumerate(ITEMS):
        expected = shipped.values(f"{item}_usd", scenario=scenario)
        np.testing.assert_allclose(countries[..., k], expected, rtol=1e-4, atol=1e3)


def test_radio_is_one_standard_and_yet_two_markets(shipped):
    """Whatever the buyers, equipment of one standard works together; who buys from whom still differs."""
    quo = {"scenario": "status-quo-2019", "technology": "radio"}
    assert not shipped.values("interoperability_loss", **quo).any()
    assert not shipped.values("group_loss", **quo).any()
    assert (shipped.values("market_fragmentation", **quo) > 1.1).all()
    np.testing.assert_allclose(shipped.values("beta", **quo), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(shipped.values("compatibility_china_west", **quo), 1.0)


def test_what_no_scenario_splits_costs_nothing_for_being_split(shipped, world):
    split = 0
    for scenario in SHIPPED:
        for technology in world.markets:
            levers = compile_scenario(world, load_scenario(scenario), technology, shipped.coords["year"])
            for item in SPLITS:
                found = shipped.values(f"{item}_usd", scenario=scenario, technology=technology)
                assert bool(found.any()) is levers.splits, (scenario, technology, item)
            split += levers.splits
    assert split > 0


def test_every_shipped_scenario_says_whether_it_splits(world):
    """No scenario but those whose text says so assumes a split."""
    for name in scenario_names():
        scenario = load_scenario(name)
        entries = [e for e in scenario.file.compatibility if e.value < 1.0]
        for technology in world.markets:
            levers = compile_scenario(world, scenario, technology, YEARS)
            named = [e for e in entries if "all" in e.technologies or technology in e.technologies]
            assert levers.splits is bool(named), (name, technology)


@st.composite
def bans(draw):
    """Bans, caps and exits of any kind, with standards that fully work together."""
    who = st.lists(st.sampled_from(["USA", "KEN", "BRA", "CHN"]), min_size=1, max_size=3, unique=True)
    since = st.integers(2019, 2025)
    share = st.floats(0.0, 1.0)
    vendors = st.sampled_from([["huawei"], ["ericsson"], ["china"]])
    order = st.fixed_dictionaries(
        {"who": who, "vendors": vendors, "from": since, "share_of_market": share, "compliance": share},
        optional={
            "remove_by": st.integers(2025, 2030),
            "delay_years": st.floats(0.0, 4.0),
            "bases": st.sampled_from([["4g"], ["5g"], ["4g", "5g"]]),
        },
    )
    cap = st.fixed_dictionaries({"who": who, "vendors": vendors, "from": since, "cap": st.floats(0.05, 1.0)})
    gone = st.fixed_dictionaries(
        {"who": who, "vendors": st.just(["open"]), "from": since, "spares_years": st.integers(1, 5)}
    )
    pairs = ("china_open", "china_west", "open_west")
    return {
        "name": "any", "title": "Any", "policies": "none",
        "ban": draw(st.lists(order, max_size=2)) + draw(st.lists(cap, max_size=1)),
        "exit": draw(st.lists(gone, max_size=1)),
        "parameters": {f"compatibility_{pair}_radio": 1.0 for pair in pairs},
    }  # fmt: skip


def run_unless_refused(world, content, **options):
    """A run; what leaves a country without any vendor is drawn again."""
    try:
        return sn.run(world, content, draws=3, rng=2, years=YEARS, **options)
    except sn.ScenarioError as error:
        if "from no vendor" not in str(error):
            raise
        reject()


@FEW
@given(bans())
def test_any_ban_costs_those_who_impose_it_and_nobody_else(operator_world, content):
    """Direct items: at least 0, and exactly 0 for countries that no entry names."""
    result = run_unless_refused(operator_world, content, groups=operator_world.countries)
    costs = costs_of(result, "any", operator_world.countries)
    named = {code for entry in (*content["ban"], *content["exit"]) for code in entry["who"]}
    for item in DIRECT:
        found = costs[..., ITEMS.index(item)]
        assert (found >= 0.0).all(), item
        if item != "delay":  # who is not yet served waits for others' roll-out
            for i, code in enumerate(operator_world.countries):
                assert code in named or not found[..., i].any(), (item, code)
    for item in SPLITS:
        assert not result.values(f"{item}_usd").any()
    assert not result.values("interoperability_loss").any()
    np.testing.assert_allclose(
        result.values("total_usd"), sum(result.values(f"{item}_usd") for item in ITEMS), atol=1e-3
    )


@FEW
@given(bans())
def test_shares_and_deployment_stay_in_their_bounds(operator_world, content):
    result = run_unless_refused(operator_world, content)
    for code in operator_world.countries:
        for base in (None, "4g", "5g"):
            shares = result.shares(code, base=base, by="vendor").dropna()
            assert (shares[["low", "median", "high"]] >= 0.0).all(axis=None)
            assert (shares[["low", "median", "high"]] <= 1.0 + 1e-6).all(axis=None)
        served = result.deployment(code)["median"]
        assert (served.diff().dropna() >= -1e-6).all()
        assert served.between(0.0, 1.0).all()
