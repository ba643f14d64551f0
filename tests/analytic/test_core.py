"""Kernels against closed forms and limit cases."""

import numpy as np
import pytest
from scipy.optimize import brentq

from standards_net.core.choice import choose, network_benefit, tender, tie_average
from standards_net.core.compatibility import compatibility_path, erode, separation
from standards_net.core.deployment import bass_curve, deployment_step
from standards_net.core.exclusion import exclude, exclusion_cost
from standards_net.core.supply import learned_price, quality_step, spill_over_matrix
from standards_net.core.turnover import Bases, Caps, EarlyRemoval, renew


class TestDeployment:
    P, Q = 0.03, 0.38

    def test_bass_numbers_of_the_literature(self):
        peak = np.log(self.Q / self.P) / (self.P + self.Q)
        assert peak == pytest.approx(6.19262, abs=1e-5)
        assert bass_curve(peak, self.P, self.Q) == pytest.approx(0.460526, abs=1e-6)
        assert bass_curve(5.0, self.P, self.Q) == pytest.approx(0.33120, abs=1e-5)
        assert bass_curve(10.0, self.P, self.Q) == pytest.approx(0.812803, abs=1e-6)

    def test_yearly_steps_follow_the_bass_curve_exactly(self):
        deployment, path = np.zeros(1), []
        for _ in range(20):
            deployment = deployment_step(deployment, self.P, self.Q)
            path.append(float(deployment[0]))
        np.testing.assert_allclose(path, bass_curve(np.arange(1.0, 21.0), self.P, self.Q), rtol=1e-12)

    def test_without_imitation_it_is_exponential(self):
        assert deployment_step(np.array(0.2), 0.1, 0.0) == pytest.approx(1 - 0.8 * np.exp(-0.1))

    def test_without_innovation_it_is_logistic(self):
        start, q = 0.1, 0.5
        odds = start / (1 - start) * np.exp(q)
        assert deployment_step(np.array(start), 0.0, q) == pytest.approx(odds / (1 + odds))

    @pytest.mark.parametrize("start", [0.0, 1.0])
    def test_nothing_moves_without_rates_or_room(self, start):
        assert deployment_step(np.array(start), 0.0, 0.5) == start

    def test_double_speed_is_double_time(self):
        fast = deployment_step(np.array(0.3), self.P, self.Q, speed=2.0)
        assert fast == pytest.approx(deployment_step(np.array(0.3), self.P, self.Q, years=2.0))


class TestTurnover:
    BASE = np.array([[0.6, 0.4]])
    BASES = Bases(BASE, BASE)
    FULL, OTHERS = np.ones(1), np.array([[0.0, 1.0]])

    def test_a_full_market_buys_what_it_retires(self):
        year = renew(self.BASES, self.FULL, self.FULL, 0.125, self.OTHERS)
        assert year.purchases == pytest.approx(0.125)
        assert year.removed.sum() == 0.0
        assert year.older_purchases.sum() == 0.0
        np.testing.assert_allclose(year.stays, 0.875 * self.BASE)

    def test_removal_of_one_kth_a_year_is_linear(self):
        adoption, years, left = self.BASE, 5, []
        for remaining in range(years, 0, -1):
            early = EarlyRemoval(
                np.array([0]), np.array([0]), np.array([[1.0 / remaining]]), np.zeros((1, 1))
            )
            adoption = renew(
                Bases(adoption, adoption), self.FULL, self.FULL, 0.0, self.OTHERS, early=early
            ).bases.newer
            left.append(adoption[0, 0])
        np.testing.assert_allclose(left, 0.6 * np.arange(years - 1, -1, -1) / years, atol=1e-15)

    def test_a_ban_of_new_purchases_ages_out_at_the_ordinary_rate(self):
        adoption, rate = self.BASE, 0.125
        for _ in range(8):
            adoption = renew(Bases(adoption, adoption), self.FULL, self.FULL, rate, self.OTHERS).bases.newer
        assert adoption[0, 0] == pytest.approx(0.6 * (1 - rate) ** 8)

    def test_an_empty_market_keeps_its_point_of_departure(self):
        year = renew(self.BASES, np.zeros(1), np.zeros(1), 0.1, self.OTHERS, keeps_older=False)
        np.testing.assert_array_equal(year.bases.newer, self.BASE)
        assert not year.bought.any()

    def test_the_older_base_shrinks_as_the_newer_one_grows_and_is_renewed(self):
        """D from .2 to .5, a tenth retires: .18 of the newer base stays; a tenth of the older is rebought."""
        year = renew(self.BASES, np.array([0.2]), np.array([0.5]), 0.1, self.OTHERS)
        np.testing.assert_allclose(year.stays, (0.18 + 0.45) * self.BASE)
        np.testing.assert_allclose(year.purchases, 0.5 - 0.18)
        np.testing.assert_allclose(year.older_purchases, 0.05)
        np.testing.assert_allclose(year.bases.newer, (0.18 * self.BASE + 0.32 * self.OTHERS) / 0.5)
        np.testing.assert_allclose(year.bases.older, 0.9 * self.BASE + 0.1 * self.OTHERS)

    def test_without_an_older_base_nothing_of_it_is_bought_or_removed(self):
        early = EarlyRemoval(np.array([0]), np.arange(2), np.zeros((1, 2)), np.full((1, 2), 0.9))
        year = renew(
            self.BASES, np.array([0.2]), np.array([0.5]), 0.1, self.OTHERS, early=early, keeps_older=False
        )
        np.testing.assert_array_equal(year.bases.older, year.bases.newer)
        assert not year.older_purchases.any()
        assert not year.removed.any()

    def test_either_base_is_removed_by_its_own_order(self):
        """Early is what goes beyond the ordinary rate, of each base in its part of the market."""
        early = EarlyRemoval(np.array([0]), np.array([0]), np.array([[0.4]]), np.array([[0.15]]))
        year = renew(self.BASES, np.array([0.2]), np.array([0.4]), 0.1, self.OTHERS, early=early)
        newer, older = (
            np.array([[0.2 * 0.6 * 0.5, 0.2 * 0.4 * 0.9]]),
            np.array([[0.6 * 0.6 * 0.75, 0.6 * 0.4 * 0.9]]),
        )
        np.testing.assert_allclose(year.stays, newer + older)
        np.testing.assert_allclose(year.bases.newer[..., 0], newer[..., 0] / 0.4)
        np.testing.assert_allclose(year.bases.older[..., 0], older[..., 0] / 0.6)
        np.testing.assert_allclose(year.removed, 0.2 * 0.6 * 0.4 + 0.6 * 0.6 * 0.15)

    @pytest.mark.parametrize("keeps_older", [True, False])
    def test_a_newly_served_market_starts_from_its_purchases(self, keeps_older):
        choice = np.array([[0.9, 0.1]])
        year = renew(self.BASES, np.zeros(1), np.array([0.3]), 0.1, choice, keeps_older=keeps_older)
        np.testing.assert_allclose(year.bases.newer, choice)
        np.testing.assert_allclose(year.bought[0], 0.3 * choice[0] + keeps_older * 0.07 * choice[0])


class TestCaps:
    CAPPED, KEPT = np.array([[True, True, False]]), np.array([[0.15, 0.05, 0.4]])
    CHOICE = np.array([[0.3, 0.3, 0.4]])

    @staticmethod
    def shares(choice, instead, capped, kept, room):
        """Shares of the purchases that fill a market up, of a base of which nothing retires."""
        held = kept.sum()
        base = kept / held if held else np.full_like(kept, 1.0 / kept.size)
        caps = Caps(np.array([0]), capped, np.array([room]), instead)
        year = renew(
            Bases(base, base), np.array([held]), np.ones(1), 0.0, choice, caps=caps, keeps_older=False
        )
        shares = year.bought / (1.0 - held)
        np.testing.assert_allclose(year.displaced, np.maximum(choice - shares, 0.0).sum(), atol=1e-15)
        return shares

    def test_capped_vendors_sell_what_the_cap_leaves(self):
        """They hold .2 and may have .35 together: .15 of the purchases of .4, the others the rest."""
        shares = self.shares(self.CHOICE, self.CHOICE, self.CAPPED, self.KEPT, 0.35)
        np.testing.assert_allclose(shares, [[0.1875, 0.1875, 0.625]])
        assert (self.KEPT[0, :2] + 0.4 * shares[0, :2]).sum() == pytest.approx(0.35)

    @pytest.mark.parametrize(("room", "expected"), [(0.1, [0, 0, 1]), (0.2, [0, 0, 1]), (1, [0.3, 0.3, 0.4])])
    def test_a_cap_already_passed_or_not_reached(self, room, expected):
        shares = self.shares(self.CHOICE, self.CHOICE, self.CAPPED, self.KEPT, room)
        np.testing.assert_allclose(shares, [expected], atol=1e-15)

    def test_where_all_vendors_are_capped_they_share_as_before(self):
        half = np.array([[0.5, 0.5]])
        shares = self.shares(half, half, np.ones((1, 2), bool), np.zeros((1, 2)), 0.3)
        np.testing.assert_array_equal(shares, half)

    def test_who_is_bound_by_contract_turns_to_whom_it_would_choose(self):
        """All from the capped vendor by contract; a choice anew would be 1 to 3 among the others."""
        bound, anew = np.array([[1.0, 0.0, 0.0]]), np.array([[0.6, 0.1, 0.3]])
        shares = self.shares(bound, anew, np.array([[True, False, False]]), np.zeros((1, 3)), 0.25)
        np.testing.assert_allclose(shares, [[0.25, 0.1875, 0.5625]])


class TestExclusion:
    CHOICE = np.array([[0.4, 0.45, 0.15]])

    def test_who_may_not_buy_goes_to_the_others_in_proportion(self):
        shares, moved = exclude(self.CHOICE, np.array([[1.0, 0.0, 0.0]]))
        np.testing.assert_allclose(shares, [[0.0, 0.45 / 0.6, 0.15 / 0.6]])
        np.testing.assert_allclose(moved, 0.4)

    def test_a_ban_in_a_part_of_the_market_is_a_ban_in_that_part(self):
        """The rest chooses as before: a mixture of the two."""
        whole, _ = exclude(self.CHOICE, np.array([[1.0, 0.0, 0.0]]))
        part, moved = exclude(self.CHOICE, np.array([[0.3, 0.0, 0.0]]))
        np.testing.assert_allclose(part, 0.7 * self.CHOICE + 0.3 * whole)
        np.testing.assert_allclose(moved, 0.3 * 0.4)

    def test_where_all_are_barred_in_part_they_share_by_what_they_may_sell(self):
        shares, moved = exclude(self.CHOICE, np.array([[0.5, 0.2, 0.0]]) + 0.2)
        left = self.CHOICE * [[0.3, 0.6, 0.8]]
        np.testing.assert_allclose(shares, left / left.sum())
        np.testing.assert_allclose(moved, 1.0 - left.sum())

    def test_nobody_barred_nothing_moves(self):
        shares, moved = exclude(self.CHOICE, np.zeros((1, 3)))
        np.testing.assert_array_equal(shares, self.CHOICE)
        assert moved == 0.0

    @pytest.mark.parametrize(("share", "elasticity", "cost"), [(0.36, 2.0, 0.25), (0.5, 1.0, 1.0), (0, 3, 0)])
    def test_the_cost_is_the_loss_of_the_log_sum(self, share, elasticity, cost):
        assert exclusion_cost(np.array(share), elasticity) == pytest.approx(
            (1 - share) ** (-1 / elasticity) - 1
        )
        assert exclusion_cost(np.array(share), elasticity) == pytest.approx(cost)

    def test_the_cost_is_at_most_the_price_again(self):
        shares = np.array([0.5, 0.9, 0.999999, 1.0])
        assert exclusion_cost(shares, 1.0).tolist() == [1.0] * 4
        assert exclusion_cost(shares, 1.4)[0] == pytest.approx(2 ** (1 / 1.4) - 1)

    def test_the_cost_is_the_price_cut_that_makes_up_for_it(self):
        """With all prices cut to 1 / (1 + c), the log-sum without the vendor is that with it."""
        utility, eta, beta = np.array([0.3, 1.0, -0.5]), 2.5, 1.2
        odds = np.exp(beta * utility)
        cost = float(exclusion_cost(odds[0] / odds.sum(), beta * eta))
        cheaper = np.exp(beta * (utility[1:] + eta * np.log1p(cost)))
        assert cheaper.sum() == pytest.approx(odds.sum())


class TestChoice:
    def test_without_network_benefit_it_is_plain_logit(self):
        utility = np.array([[0.0, 1.0, 2.0]])
        expected = np.exp(utility) / np.exp(utility).sum()
        np.testing.assert_allclose(choose(utility, np.ones((1, 3), bool)), expected, rtol=1e-14)

    def test_infinite_sensitivity_is_best_response(self):
        shares = choose(np.array([[0.1, 0.2, 0.15]]), np.ones((1, 3), bool), 1e6)
        np.testing.assert_allclose(shares, [[0.0, 1.0, 0.0]], atol=1e-300)

    def test_utility_levels_do_not_matter_and_do_not_overflow(self):
        utility = np.array([[1.0, 2.0]])
        allowed = np.ones((1, 2), bool)
        np.testing.assert_allclose(choose(utility + 1e5, allowed), choose(utility, allowed), rtol=1e-9)

    @pytest.mark.parametrize(("strength", "order"), [(1.5, 0.858560), (2.0, 0.957504)])
    def test_two_symmetric_standards_settle_where_mean_field_says(self, strength, order):
        """m = tanh(beta J m); the benefit of the other's share makes J = nu / 2."""
        share = np.array([[[0.9, 0.1]]])
        allowed, together = np.ones((1, 2), bool), np.eye(2)
        for _ in range(400):
            utility = 2.0 * strength * network_benefit(share, together)
            share = choose(utility, allowed)
        m = share[0, 0, 0] - share[0, 0, 1]
        assert m == pytest.approx(order, abs=1e-6)
        assert m == pytest.approx(brentq(lambda x: np.tanh(strength * x) - x, 0.1, 1.0), abs=1e-9)

    @pytest.mark.parametrize(("strength", "splits"), [(0.98, False), (1.05, True)])
    def test_the_critical_point_is_one(self, strength, splits):
        share = np.array([[[0.6, 0.4]]])
        for _ in range(20000):
            share = choose(2 * strength * network_benefit(share, np.eye(2)), np.ones((1, 2), bool))
        assert bool(abs(share[0, 0, 0] - 0.5) > 0.05) is splits

    @pytest.mark.parametrize(("strength", "ordered"), [(2.70, False), (2.85, True)])
    def test_three_standards_order_discontinuously(self, strength, ordered):
        """Mean-field Potts, q = 3: ordered start survives above 2.7456, symmetric below 3.

        The equal-energy transition 2.77259 lies between the two: compared by free energy.
        """

        def free_energy(shares: np.ndarray) -> float:
            inner = -0.5 * strength * (shares**2).sum()
            return float(inner + (shares * np.log(shares)).sum())

        share = np.array([[[0.90, 0.05, 0.05]]])
        for _ in range(20000):
            share = choose(strength * network_benefit(share, np.eye(3)), np.ones((1, 3), bool))
        assert bool(free_energy(share[0, 0]) < free_energy(np.full(3, 1 / 3)) - 1e-9) is ordered

    def test_full_compatibility_makes_the_network_indifferent(self):
        benefit = network_benefit(np.array([[0.9, 0.1]]), np.ones((2, 2)))
        assert benefit[0, 0] == pytest.approx(benefit[0, 1])

    def test_ties_average_over_partners(self):
        values = np.array([[[1.0], [0.0], [0.0]]])
        ties = np.array([[[0, 0.5, 0.5], [1, 0, 0], [1, 0, 0]]], dtype=float)
        np.testing.assert_allclose(tie_average(values, ties, np.ones((1, 1)))[0, :, 0], [0, 1, 1])


class TestTender:
    def test_contracts_not_due_stay_and_due_ones_follow_the_odds(self):
        rng = np.random.default_rng(1)
        draws = 20000
        holders = np.zeros((draws, 1, 1), dtype=np.int64)
        choice = np.broadcast_to([[0.2, 0.3, 0.5]], (draws, 1, 3))
        random = rng.random((draws, 1, 1))
        open_to_all = np.ones((1, 3), bool)
        won = tender(holders, choice, np.ones((1, 1), bool), random, open_to_all)
        kept = tender(holders, choice, np.zeros((1, 1), bool), random, open_to_all)
        counts = np.bincount(won.ravel(), minlength=3) / draws
        np.testing.assert_allclose(counts, [0.2, 0.3, 0.5], atol=0.015)  # four standard errors
        assert (kept == 0).all()

    def test_a_banned_vendor_loses_its_contract_at_once(self):
        allowed = np.array([[False, True]])
        kept = tender(
            np.zeros((1, 1, 2), dtype=np.int64),
            np.array([[[0.0, 1.0]]]),
            np.zeros((1, 2), bool),
            np.full((1, 1, 2), 0.999999),
            allowed,
        )
        assert (kept == 1).all()


class TestSupply:
    @pytest.mark.parametrize(("ratio", "markup"), [(0.8, 0.25), (0.85, 0.176), (0.9, 0.111)])
    def test_half_the_volume_costs_what_wright_says(self, ratio, markup):
        price = learned_price(np.array([0.5]), np.array([1.0]), ratio)
        assert price[0] - 1 == pytest.approx(markup, abs=5e-4)

    def test_learning_switched_off(self):
        np.testing.assert_array_equal(learned_price(np.array([9.0]), np.array([1.0]), 1.0), [1.0])

    def test_research_switched_off(self):
        spill = spill_over_matrix(np.ones((2, 2)), 0.5, 0.1)
        quality = quality_step(np.array([1.0, 2.0]), np.array([0.5, 0.5]), spill, 0.0)
        np.testing.assert_array_equal(quality, [1.0, 2.0])

    def test_full_spill_over_makes_all_grow_alike(self):
        spill = spill_over_matrix(np.eye(3), 1.0, 1.0)
        grown = quality_step(np.zeros(3), np.array([0.7, 0.2, 0.1]), spill, 0.1)
        np.testing.assert_allclose(grown, 0.1)


class TestCompatibility:
    def test_alike_markets_are_not_apart_and_closed_halves_are(self):
        weights = np.array([0.5, 0.5])
        assert separation(np.full((2, 2), 0.5), weights)[0, 1] == 0.0
        assert separation(np.eye(2), weights)[0, 1] == 1.0

    def test_drift_is_exponential_in_time(self):
        kept = np.ones((2, 2))
        for _ in range(10):
            kept = erode(kept, 1 - np.eye(2), 0.03)
        assert kept[0, 1] == pytest.approx(np.exp(-0.3))
        assert kept[0, 0] == 1.0

    def test_a_full_agreement_stops_drift_and_repairs(self):
        kept = np.array([[1.0, 0.5], [0.5, 1.0]])
        for _ in range(200):
            kept = erode(kept, 1 - np.eye(2), 0.05, 1.0 - np.eye(2), 0.2)
        np.testing.assert_allclose(kept, 1.0)

    def test_path_runs_from_start_to_target(self):
        start, target = np.full((2, 2), 0.9), np.full((2, 2), 0.1)
        for progress, expected in ((0.0, 0.9), (0.25, 0.7), (1.0, 0.1)):
            path = compatibility_path(
                start, np.full((2, 2), 1 - progress), progress * target, np.ones((2, 2))
            )
            np.testing.assert_allclose(path, expected)
