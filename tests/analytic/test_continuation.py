"""Continuation against the closed forms of the mean field, where folds and equal depths are known."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from standards_net.alignment.tipping.continuation import (
    Continuation,
    continue_along,
    critical_point,
    transition,
)
from standards_net.core.choice import choose
from standards_net.errors import StandardsNetError

FIELDS = np.linspace(-0.5, 0.5, 21)


def read_m(m):
    return m


def two_standards(strength):
    """Rest of m = tanh(J (m + h)), the field h being the parameter."""

    def settle(m, field):
        for _ in range(3000):
            m = np.tanh(strength * (m + field))
        return m

    return settle


def fold_of(strength):
    """Field at which the state against it vanishes: where J (1 - m^2) = 1."""
    m = np.sqrt(1 - 1 / strength)
    return m - np.arctanh(m) / strength


def many_standards(nudge):
    """Rest of b = softmax(J b), J being the parameter; without a nudge even shares stay so if unstable."""

    def settle(shares, strength):
        allowed = np.ones((1, shares.shape[-1]), dtype=bool)
        shares = (1 - nudge) * shares
        shares[:, 0, 0] += nudge
        for _ in range(3000):
            before, shares = shares, choose(strength[:, None, None] * shares, allowed)
            if np.abs(shares - before).max() < 1e-12:
                break
        return shares

    return settle


def first_share(shares):
    return shares[:, 0, 0]


def free_energy(shares, strength):
    """Of the mean-field Potts model: its minima are the stable rests of b = softmax(J b)."""
    b = shares[:, 0]
    return -strength / 2 * np.square(b).sum(axis=1) + (b * np.log(b)).sum(axis=1)


def even_and_ordered(standards, lanes=1):
    even = np.full((lanes, 1, standards), 1 / standards)
    ordered = np.full((lanes, 1, standards), 0.1 / (standards - 1))
    ordered[..., 0] = 0.9
    return even, ordered


def ordered_state_vanishes(standards):
    """Least J = ln(x / y) / (x - y) over shares x of one standard and y of each other one."""

    def strength(x):
        y = (1 - x) / (standards - 1)
        return np.log(x / y) / (x - y)

    return minimize_scalar(strength, bounds=(1 / standards + 0.05, 0.99), method="bounded").fun


class TestTwoStandards:
    @pytest.mark.parametrize(("strength", "fold"), [(1.5, 0.138364), (2.0, 0.266420)])
    def test_hysteresis_ends_at_the_folds(self, strength, fold):
        found = continue_along(two_standards(strength), read_m, -np.ones(1), FIELDS)
        assert fold_of(strength) == pytest.approx(fold, abs=1e-6)
        np.testing.assert_allclose(found.hysteresis, [[-fold, fold]], atol=2e-4)

    def test_what_was_seen_stands_by_increasing_values(self):
        found = continue_along(two_standards(1.5), read_m, -np.ones(1), FIELDS)
        middle = np.searchsorted(FIELDS, 0.0)
        assert found.up[0, middle] == pytest.approx(-0.858560, abs=1e-6)
        assert found.down[0, middle] == pytest.approx(0.858560, abs=1e-6)
        assert found.up[0, -1] == found.down[0, -1]
        np.testing.assert_allclose(found.up[0], -found.down[0, ::-1], atol=1e-9)

    def test_lanes_have_each_their_own_fold(self):
        strengths = np.array([0.5, 0.95, 1.2, 1.5, 2.0])
        together = continue_along(two_standards(strengths), read_m, -np.ones(5), FIELDS)
        assert np.isnan(together.hysteresis[:2]).all()
        np.testing.assert_allclose(together.fold_up[2:], fold_of(strengths[2:]), atol=2e-4)
        for lane in range(5):
            alone = continue_along(two_standards(strengths[[lane]]), read_m, -np.ones(1), FIELDS)
            for name in ("up", "down", "fold_up", "fold_down", "hysteresis"):
                np.testing.assert_array_equal(getattr(together, name)[[lane]], getattr(alone, name))

    @pytest.mark.parametrize("strength", [0.5, 0.95])
    def test_steep_is_no_fold(self, strength):
        """At J = 0.95 the share moves by more than ``jump`` from value to value, without a jump."""
        found = continue_along(two_standards(strength), read_m, -np.ones(1), FIELDS)
        assert (np.diff(found.up).max() > 0.1) == (strength > 0.9)
        assert np.isnan(found.fold_up).all()
        assert np.isnan(found.fold_down).all()

    def test_the_larger_of_two_jumps_is_the_fold(self):
        def steps(state, value):
            return 0.3 * (value >= 0.2345) + 0.7 * (value >= 0.6789)

        found = continue_along(steps, read_m, np.zeros(2), np.linspace(0, 1, 11), tolerance=1e-6)
        np.testing.assert_allclose(found.fold_up, 0.6789, atol=1e-6)
        np.testing.assert_allclose(found.fold_down, 0.6789, atol=1e-6)
        assert np.isnan(found.hysteresis).all()

    def test_critical_strength(self):
        """m is about sqrt(3 (J - 1)) above J = 1, so it takes 0.0002 until the two are 0.05 apart."""

        def settle(m, strength):
            for _ in range(5000):
                m = np.tanh(strength * m)
            return m

        up = np.ones(2)
        found = critical_point(settle, read_m, -up, up, (np.array([0.5, 0.8]), 1.7))
        np.testing.assert_allclose(found, 1.0, atol=5e-4)
        assert np.isnan(critical_point(settle, read_m, -up, up, (0.5, 0.9))).all()
        assert np.isnan(critical_point(settle, read_m, -up, up, (1.2, 1.9))).all()

    def test_a_field_that_favours_nobody_is_where_both_are_equally_deep(self):
        def depth(m, field):
            p = (1 + m) / 2
            return -1.5 * (m**2 / 2 + field * m) + p * np.log(p) + (1 - p) * np.log(1 - p)

        one = np.ones(1)
        found = transition(two_standards(1.5), -one, one, (-0.12, 0.1), depth)
        np.testing.assert_allclose(found, 0.0, atol=1e-6)


class TestManyStandards:
    def test_the_order_of_three_comes_late_and_goes_late(self):
        even, _ = even_and_ordered(3)
        found = continue_along(many_standards(1e-3), first_share, even, np.linspace(2.5, 3.3, 9))
        low = ordered_state_vanishes(3)
        assert low == pytest.approx(2.7456, abs=1e-4)
        np.testing.assert_allclose(found.fold_down, low, atol=5e-4)
        np.testing.assert_allclose(found.fold_up, 3.0, atol=5e-3)  # the even state loses its stability

    @pytest.mark.parametrize(("standards", "strength"), [(3, 2.77259), (4, 3.29584)])
    def test_transition_of_first_order(self, standards, strength):
        even, ordered = even_and_ordered(standards, lanes=2)
        bracket = (np.array([ordered_state_vanishes(standards) + 1e-3, strength - 0.01]), standards - 0.01)
        found = transition(many_standards(0.0), even, ordered, bracket, free_energy)
        exact = 2 * (standards - 1) / (standards - 2) * np.log(standards - 1)
        assert exact == pytest.approx(strength, abs=1e-5)
        np.testing.assert_allclose(found, exact, atol=1e-5)

    def test_there_is_none_where_only_one_state_is_left_or_deeper(self):
        even, ordered = even_and_ordered(3)
        found = [
            transition(many_standards(0.0), even, ordered, bracket, free_energy)
            for bracket in ((2.0, 2.6), (2.85, 2.95))
        ]
        assert np.isnan(found).all()

    def test_where_states_part_with_a_jump(self):
        even, ordered = even_and_ordered(3)
        found = critical_point(many_standards(0.0), first_share, even, ordered, (2.0, 2.9))
        np.testing.assert_allclose(found, ordered_state_vanishes(3), atol=2e-4)


class TestSummary:
    NAN = np.nan
    FOUND = Continuation(
        np.array([0.0, 1.0]), np.zeros((4, 2)), np.zeros((4, 2)),
        np.array([0.6, 0.8, 0.5, NAN]), np.array([0.2, 0.2, NAN, NAN]), 1e-4,
    )  # fmt: skip

    def test_quantiles_are_over_the_lanes_that_have_a_fold(self):
        found = self.FOUND.summary((0.0, 0.5, 1.0))
        assert found["hysteresis"] == 0.5
        assert found["fold_up"] == pytest.approx((0.5, 0.6, 0.8))
        assert found["fold_down"] == pytest.approx((0.2, 0.2, 0.2))
        assert found["width"] == pytest.approx((0.4, 0.5, 0.6))

    def test_none_has_one(self):
        found = continue_along(two_standards(0.5), read_m, -np.ones(2), FIELDS).summary()
        assert found["hysteresis"] == 0.0
        assert np.isnan(found["width"]).all()
        assert len(found["fold_up"]) == 3


class TestBadInput:
    @staticmethod
    def keep(state, value):
        return state

    @pytest.mark.parametrize(
        ("call", "sentence"),
        [
            (lambda keep: continue_along(keep, read_m, np.zeros(2), [1.0]), "two numbers or more"),
            (
                lambda keep: continue_along(keep, read_m, np.zeros(2), [1.0, 1.0]),
                "greater than the one before",
            ),
            (lambda keep: continue_along(keep, read_m, np.zeros(2), [0.0, np.nan]), "greater than"),
            (
                lambda keep: continue_along(keep, read_m, np.zeros(2), [0, 1], jump=0.0),
                "jump must be above 0",
            ),
            (lambda keep: continue_along(keep, read_m, 0.0, [0, 1]), "start has shape.*must be the lanes"),
            (
                lambda keep: continue_along(lambda s, v: s[:1], read_m, np.zeros(2), [0, 1]),
                r"settle returned an array of shape \(1,\); it must return \(2,\)",
            ),
            (
                lambda keep: continue_along(keep, read_m, np.zeros((2, 3)), [0, 1]),
                r"read returned an array of shape \(2, 3\); it must return \(2,\)",
            ),
            (
                lambda keep: transition(keep, np.zeros(2), np.ones(3), (0, 1), read_m),
                r"low has shape \(2,\) and high \(3,\)",
            ),
            (
                lambda keep: transition(keep, np.zeros(2), np.ones(2), (1, 0), read_m),
                "the first below the second",
            ),
            (
                lambda keep: critical_point(keep, read_m, np.zeros(2), np.ones(2), (0, np.ones(3))),
                r"of shape \(2,\), one per lane",
            ),
            (
                lambda keep: critical_point(keep, read_m, np.zeros(2), np.ones(2), (0, 1), tolerance=0.0),
                "tolerance must be above 0",
            ),
        ],
    )
    def test_each_has_its_sentence(self, call, sentence):
        with pytest.raises(StandardsNetError, match=sentence):
            call(self.keep)
