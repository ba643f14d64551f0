"""Slow, obvious twin of whom orders bind: one draw, buyer, vendor and order at a time."""

import math

import numpy as np
import pytest

from standards_net.core.binding import Chances, YearOfOrders, bar, remove_early

COUNTRIES, VENDORS, DRAWS = 5, 3, 40
COUNTRY_OF = np.array([0, 0, 1, 2, 2, 2, 3, 4])
WEIGHT = np.array([0.6, 0.4, 1.0, 0.5, 0.3, 0.2, 1.0, 1.0])


def orders_of(rng):
    cells = (COUNTRIES, VENDORS)
    return YearOfOrders(
        part=rng.choice([0.0, 0.35, 1.0], cells),
        whole=rng.random(cells) < 0.5,
        compliance=rng.choice([0.5, 1.0], cells),
        in_force=rng.integers(0, 5, cells) + 0.5,
        delay=rng.choice([0.0, 2.0], cells),
        years_left=rng.choice([0.0, 1.0, 4.0, np.inf], cells),
    )


@pytest.fixture(params=range(4))
def case(request):
    rng = np.random.default_rng(request.param)
    chances = Chances(
        rng.random((COUNTRIES, DRAWS)),
        rng.lognormal(0.0, 0.8, (COUNTRIES, DRAWS)),
        rng.random((len(COUNTRY_OF), DRAWS)),
    )
    return [orders_of(rng), orders_of(rng)], chances, rng.uniform(0.05, 0.2, DRAWS)


def binds(orders, chances, i, v, r):
    takes_effect = orders.delay[i, v] * chances.lateness[i, r]
    return chances.binding[i, r] < orders.compliance[i, v] and orders.in_force[i, v] >= takes_effect


def whole_operators(orders, o, v):
    i = COUNTRY_OF[o]
    return orders.whole[i, v] and 0 < orders.part[i, v] < 1 and WEIGHT[o] < 1


def barred_by(orders, chances, o, v, r):
    i = COUNTRY_OF[o]
    if not binds(orders, chances, i, v, r):
        return 0.0
    if whole_operators(orders, o, v):
        return float(chances.place[o, r] < orders.part[i, v])
    return orders.part[i, v]


def removed_by(orders, chances, retirement, o, v, r):
    i = COUNTRY_OF[o]
    share, left = orders.part[i, v], orders.years_left[i, v]
    if share == 0 or left == math.inf or not binds(orders, chances, i, v, r):
        return 0.0
    years_late = max(math.ceil(orders.delay[i, v] * chances.lateness[i, r] - 0.5), 0)
    since = orders.in_force[i, v] - 0.5 - years_late
    to_go = share * (left / (left + since) if since > 0 else 1.0)
    of_base = to_go / (1 - share + to_go) if 1 - share + to_go > 0 else 0.0
    if whole_operators(orders, o, v):
        of_base = float(chances.place[o, r] < share)
    return max(of_base * (1 / max(left, 1) - retirement[r]), 0.0)


def test_what_orders_bar_matches_the_twin(case):
    several, chances, _ = case
    buyers = np.array([0, 1, 3, 4, 5, 6])
    found = np.zeros((len(buyers), VENDORS, DRAWS))
    for orders in several:
        bar(orders, chances, buyers, COUNTRY_OF, WEIGHT, found)
    expected = [
        [
            [max(barred_by(each, chances, o, v, r) for each in several) for r in range(DRAWS)]
            for v in range(VENDORS)
        ]
        for o in buyers
    ]
    np.testing.assert_array_equal(found, expected)


def test_what_must_go_early_matches_the_twin(case):
    several, chances, retirement = case
    buyers, vendors = np.array([0, 2, 3, 5, 7]), np.array([0, 2])
    found = np.zeros((len(buyers), len(vendors), DRAWS))
    for orders in several:
        remove_early(orders, chances, buyers, vendors, COUNTRY_OF, WEIGHT, retirement, found)
    expected = [
        [
            [max(removed_by(each, chances, retirement, o, v, r) for each in several) for r in range(DRAWS)]
            for v in vendors
        ]
        for o in buyers
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_one_draw_does_where_nothing_is_by_chance(case):
    several, chances, _ = case
    sure = several[0]._replace(
        whole=np.zeros((COUNTRIES, VENDORS), bool),
        compliance=np.ones((COUNTRIES, VENDORS)),
        delay=0.0 * several[0].delay,
    )
    assert not sure.by_chance.any()
    buyers = np.arange(len(COUNTRY_OF))
    one, all_draws = np.zeros((len(buyers), VENDORS, 1)), np.zeros((len(buyers), VENDORS, DRAWS))
    bar(sure, chances, buyers, COUNTRY_OF, WEIGHT, one)
    bar(sure, chances, buyers, COUNTRY_OF, WEIGHT, all_draws)
    np.testing.assert_array_equal(np.broadcast_to(one, all_draws.shape), all_draws)
    np.testing.assert_array_equal(one[..., 0], sure.part[COUNTRY_OF])


def test_a_removal_on_time_takes_equal_parts_of_the_whole():
    """Nothing retires: with k years left 1/k of what is there goes, and after k years all is gone."""
    one = np.ones((1, 1))
    chances, only = Chances(0.0 * one, one, 0.0 * one), np.array([0])
    base = 1.0
    for year in range(4):
        orders = YearOfOrders(one, one > 0, one, (year + 0.5) * one, 0.0 * one, (4.0 - year) * one)
        removed = np.zeros((1, 1, 1))
        remove_early(orders, chances, only, only, only, np.ones(1), np.zeros(1), removed)
        base -= base * removed[0, 0, 0]
        assert base == pytest.approx(1.0 - (year + 1) / 4)
