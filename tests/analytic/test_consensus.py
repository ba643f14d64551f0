"""Consensus of draws and distances of partitions against cases that can be worked by hand."""

import numpy as np
import pytest

from standards_net.errors import StandardsNetError
from standards_net.measures import (
    agreement,
    agreement_over_draws,
    bloc_counts,
    co_membership,
    consensus,
    variation_of_information,
)

NAMES = ("USA", "JPN", "DEU", "IND", "CHN", "RUS", "PAK")
# Two firm camps and one country between them; the names of the blocs mean nothing.
CAMPS = np.array([[0, 0, 0, 0, 1, 1, 1], [5, 5, 5, 4, 4, 4, 4], [1, 1, 1, 1, 0, 0, 0], [0, 0, 0, 7, 7, 7, 7]])


class TestVariationOfInformation:
    def test_one_bloc_against_single_countries(self):
        assert variation_of_information(["x"] * 5, list("abcde")) == pytest.approx(np.log(5))

    def test_independent_partitions(self):
        rows, columns = np.divmod(np.arange(12), 4)
        assert variation_of_information(rows, columns) == pytest.approx(np.log(3) + np.log(4))

    def test_halving_a_bloc_costs_its_share_of_a_bit(self):
        whole, halved = list("aaaabbbbbb"), list("aaccbbbbbb")
        assert variation_of_information(whole, halved) == pytest.approx(0.4 * np.log(2))

    def test_the_same_partition_under_other_names(self):
        assert variation_of_information(["x", "y", "x", "z"], [3, 1, 3, 0]) == 0.0

    def test_draw_by_draw_it_stands_beside_the_agreement(self):
        a, b = CAMPS, CAMPS[::-1]
        found = agreement_over_draws(a, b)
        assert found.shape == (4, 2)
        for r in range(4):
            assert found[r].tolist() == [agreement(a[r], b[r]), variation_of_information(a[r], b[r])]
        np.testing.assert_array_equal(agreement_over_draws(a, a[0])[[0, 2]], [[1.0, 0.0], [1.0, 0.0]])


class TestCamps:
    FOUND = consensus(CAMPS, names=NAMES)

    def test_cores_leave_out_who_is_between(self):
        assert self.FOUND.cores == (("USA", "JPN", "DEU"), ("CHN", "RUS", "PAK"))

    def test_fence(self):
        np.testing.assert_allclose(self.FOUND.fence, [1 / 6, 1 / 6, 1 / 6, 1.0, 1 / 6, 1 / 6, 1 / 6])
        assert self.FOUND.fence_sitters() == ("IND",)
        assert self.FOUND.fence_sitters(least=0.0) == ("IND", "USA", "JPN", "DEU", "CHN", "RUS", "PAK")

    def test_table(self):
        table = self.FOUND.to_frame().set_index("name")
        assert table["core"].tolist() == [1, 1, 1, 0, 2, 2, 2]
        assert table["together_with_core"].tolist() == [1.0, 1.0, 1.0, 0.5, 0.0, 0.0, 0.0]

    def test_order_puts_camps_side_by_side_and_the_first_on_top(self):
        # India is as near to one as to the other.
        assert self.FOUND.order.tolist() in ([0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 4, 5, 6, 3])

    def test_weights_choose_the_first_core_and_count_companions(self):
        weights = np.array([1.0, 1.0, 1.0, 4.0, 2.0, 2.0, 2.0])
        found = consensus(CAMPS, names=NAMES, weights=weights)
        assert found.cores[0] == ("CHN", "RUS", "PAK")
        assert found.order[:3].tolist() == [4, 5, 6]
        # All that is open for the USA is India: 4 of the 12 that the others weigh.
        assert found.fence[0] == pytest.approx(4 / 12)

    def test_a_draw_that_counts_twice_is_two_draws(self):
        twice = consensus(CAMPS[[0, 1, 1, 2, 3]], names=NAMES)
        weighted = consensus(CAMPS, names=NAMES, draw_weights=[1, 2, 1, 1])
        np.testing.assert_allclose(weighted.together, twice.together, atol=1e-15)
        np.testing.assert_allclose(co_membership(CAMPS, [1, 2, 1, 1]), twice.together, atol=1e-15)
        assert weighted.cores == twice.cores

    def test_a_core_of_exactly_its_probability_is_one(self):
        labels = np.zeros((10, 2), dtype=int)
        labels[0, 1] = 1
        assert consensus(labels, core_at=0.9).cores == (("0", "1"),)
        assert consensus(labels, core_at=0.91).cores == ()

    def test_without_a_core_nobody_is_together_with_it(self):
        found = consensus(np.array([[0, 0], [0, 1]]))
        assert found.names == ("0", "1")
        assert found.to_frame()["together_with_core"].isna().all()


class TestBlocCounts:
    def test_small_blocs_do_not_count(self):
        labels = np.array(
            [["a", "a", "b", "c"], ["a", "a", "b", "b"], ["k", "k", "k", "k"], ["a", "a", "b", "c"]]
        )
        weights = np.array([50.0, 30.0, 19.5, 0.5])
        assert bloc_counts(labels, weights) == {1: 0.25, 2: 0.75}
        assert bloc_counts(labels, weights, least_share=0.005) == {1: 0.25, 2: 0.25, 3: 0.5}
        assert bloc_counts(labels, weights, draw_weights=[0, 1, 1, 0]) == {1: 0.5, 2: 0.5}

    def test_a_bloc_of_exactly_the_least_share_counts(self):
        labels = np.array([[0, 1, 1, 1, 1, 1, 1, 2, 2, 2]])
        assert bloc_counts(labels, np.full(10, 0.1), least_share=0.3) == {2: 1.0}


class TestBadInput:
    @pytest.mark.parametrize(
        ("call", "sentence"),
        [
            (lambda: consensus(np.zeros(3)), r"must be \(draws, countries\)"),
            (lambda: consensus(np.zeros((3, 1))), "hold one country"),
            (lambda: consensus(CAMPS, names=["USA"]), "names hold 1 entries for 7 countries"),
            (lambda: consensus(CAMPS, names=["USA"] * 7), "names hold 'USA' twice"),
            (lambda: consensus(CAMPS, weights=np.ones(3)), r"they must be \(7,\)"),
            (lambda: consensus(CAMPS, weights=-np.ones(7)), "weights must be 0 or more"),
            (lambda: consensus(CAMPS, weights=np.eye(7)[0]), "all countries but one"),
            (lambda: consensus(CAMPS, draw_weights=np.ones(3)), r"for 4 draws they must be \(4,\)"),
            (lambda: consensus(CAMPS, draw_weights=[1, 1, 1, -1]), "draw_weights must be 0 or more"),
            (lambda: consensus(CAMPS, draw_weights=np.zeros(4)), "some above 0"),
            (lambda: consensus(CAMPS, core_at=0.5), r"core_at is 0\.5; it must be above 0\.5"),
            (lambda: consensus(CAMPS, core_at=1.1), "at most 1"),
            (lambda: consensus(CAMPS, least_share=0.0), "least_share must be above 0 and at most 1"),
            (lambda: variation_of_information(["a"], ["a", "b"]), "1 and 2 items cannot be compared"),
            (lambda: variation_of_information([], []), "0 and 0 items cannot be compared"),
            (lambda: agreement_over_draws(CAMPS, CAMPS[:2]), r"shapes \(4, 7\) and \(2, 7\)"),
            (lambda: agreement_over_draws(CAMPS[0], CAMPS[0]), r"must be \(draws, countries\)"),
        ],
    )
    def test_each_has_its_sentence(self, call, sentence):
        with pytest.raises(StandardsNetError, match=sentence):
            call()
