"""Items of the account on plain arrays, in cases with a known answer; bad arguments have a sentence each."""

import numpy as np
import pytest

import standards_net as sn
from standards_net.core.exclusion import exclusion_cost
from standards_net.core.supply import learned_price
from standards_net.measures import exchange_matrix, loss_by_country
from standards_net.measures.account import delay_cost, equipment_cost, retaliation_cost, scale_cost
from standards_net.measures.interoperability import loss_between


@pytest.mark.parametrize(("ratio", "part"), [(0.8, 0.25), (0.9, 1 / 9), (1.0, 0.0)])
def test_two_halves_that_share_no_experience_pay_what_wright_says(ratio, part):
    """Per unit, prices are 1 / PR of those of the whole: at 80 % a quarter more, at 90 % a ninth."""
    dearer = learned_price(np.array([0.5, 0.5]), np.ones(2), ratio)
    units = np.array([[1.0, 0.0], [0.0, 1.0]])  # each country buys of its own vendor
    cost = scale_cost(units * dearer, 1.0 / dearer, 100.0)
    np.testing.assert_allclose(cost, 100.0 * part, rtol=1e-12)


def test_buyers_from_a_vendor_that_grows_gain():
    cheaper = learned_price(np.array([2.0]), np.ones(1), 0.8)
    np.testing.assert_allclose(scale_cost(np.array([[cheaper[0]]]), 1.0 / cheaper), -0.2)


def test_two_buyers_one_of_which_may_buy_from_a_few():
    """Of vendors with .2, .3 and .5 of the choice the last is shut out: (1 - .5)^(-1/2) - 1 of spending."""
    lost = exclusion_cost(np.array([0.5, 0.0]), 2.0)
    np.testing.assert_allclose(
        equipment_cost(np.array([80.0, 90.0]) * lost, 1.1), [80 * 1.1 * (2**0.5 - 1), 0]
    )


def test_delay_is_the_value_of_what_is_not_yet_served():
    found = delay_cost(np.array([[0.5, 0.9]]), np.array([[0.75, 0.9]]), np.array([[8.0, 5.0]]))
    np.testing.assert_allclose(found, [[2.0, 0.0]])


def test_retaliation_is_a_rate_for_each_draw():
    found = retaliation_cost(np.array([200.0, 0.0, 10.0]), np.array([0.01, 0.0]))
    np.testing.assert_allclose(found, [[2.0, 0.0, 0.1], [0.0, 0.0, 0.0]])


class TestLossBetween:
    @pytest.fixture
    def given(self):
        rng = np.random.default_rng(4)
        shares, trade = rng.dirichlet(np.ones(3), (5, 4)), rng.random((4, 4))
        together = rng.random((5, 3, 3))
        together = (together + together.swapaxes(1, 2)) / 2
        together[:, range(3), range(3)] = 1.0
        return shares, exchange_matrix(trade), together

    def test_of_the_whole_base_it_is_the_loss_by_country(self, given):
        shares, exchange, together = given
        found = loss_between(shares, exchange, 1.0 - together)
        np.testing.assert_allclose(found, loss_by_country(shares, exchange, together), rtol=1e-12)

    def test_the_rest_is_one_more_standard_that_works_with_all(self, given):
        shares, exchange, together = given
        part = shares * np.array([0.2, 0.7, 0.0, 1.0])[:, None]
        with_rest = np.concatenate([part, 1.0 - part.sum(axis=-1, keepdims=True)], axis=-1)
        wider = np.ones((5, 4, 4))
        wider[:, :3, :3] = together
        found = loss_between(part, exchange, 1.0 - together)
        np.testing.assert_allclose(found, loss_by_country(with_rest, exchange, wider), rtol=1e-12)

    def test_half_of_each_base_subject_to_it_loses_a_quarter(self, given):
        shares, exchange, together = given
        whole, half = (loss_between(part * shares, exchange, 1.0 - together) for part in (1.0, 0.5))
        np.testing.assert_allclose(half, whole / 4, rtol=1e-12)

    def test_where_all_works_together_it_is_exactly_zero(self, given):
        shares, exchange, _ = given
        assert not loss_between(shares, exchange, np.zeros((3, 3))).any()

    def test_who_does_not_trade_loses_nothing(self):
        trade = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
        found = loss_between(np.eye(3), exchange_matrix(trade), 1.0 - np.eye(3))
        np.testing.assert_allclose(found, [1.0, 1.0, 0.0])


@pytest.mark.parametrize(
    ("function", "arguments", "sentence"),
    [
        (equipment_cost, (np.ones(2), -1.0), "price must be at least 0."),
        (delay_cost, (np.ones(2), np.ones(2), np.array([-1.0, 0.0])), "value_usd must be at least 0."),
        (scale_cost, (np.ones((1, 2)), np.array([1.0, 0.0])), "ratio must be above 0."),
        (scale_cost, (np.ones((1, 2)), np.array([1.0, np.nan])), "ratio must be above 0."),
        (retaliation_cost, (np.ones(2), np.array([-0.1])), "rate must be at least 0."),
    ],
)
def test_bad_arguments(function, arguments, sentence):
    with pytest.raises(sn.StandardsNetError) as caught:
        function(*arguments)
    assert str(caught.value) == sentence
