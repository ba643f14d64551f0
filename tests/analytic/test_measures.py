"""Measures against closed forms of the literature."""

import networkx as nx
import numpy as np
import pytest

from standards_net.errors import StandardsNetError
from standards_net.measures import (
    agreement,
    bloc_sizes,
    briscoe_loss,
    co_membership,
    concentration_class,
    effective_standards,
    ei_index,
    exchange_matrix,
    fence_sitting,
    find_blocs,
    fragmentation,
    hhi,
    hill_number,
    interoperability_loss,
    loss_by_bloc_pair,
    loss_by_country,
    loss_by_standard,
    loss_of_group,
    metcalfe_loss,
    modularity,
    polarisation,
    rao,
    scale_penalty,
    shannon,
)


class TestDiversity:
    def test_hill_numbers(self):
        p = np.array([0.5, 0.3, 0.2])
        assert hill_number(p, 0.0) == pytest.approx(3.0)
        assert hill_number(p, 1.0) == pytest.approx(2.80009, abs=1e-5)
        assert hill_number(p, 2.0) == pytest.approx(2.63158, abs=1e-5)
        assert hill_number(p, np.inf) == pytest.approx(2.0)

    @pytest.mark.parametrize("order", [0.0, 0.5, 1.0, 2.0, 3.0, np.inf])
    def test_all_compatible_is_one_standard(self, order):
        shares = np.array([0.2, 0.3, 0.5])
        assert effective_standards(shares, np.ones((3, 3)), order) == pytest.approx(1.0)

    @pytest.mark.parametrize("order", [0.0, 1.0, 2.0])
    def test_alike_countries_make_one_market(self, order):
        parts = fragmentation(np.tile([0.2, 0.8], (5, 1)), np.ones(5), None, order)
        assert parts.beta == pytest.approx(1.0)

    @pytest.mark.parametrize("order", [0.5, 1.0, 2.0, 3.0])
    @pytest.mark.parametrize("countries", [2, 6])
    def test_two_closed_halves_make_two_markets(self, order, countries):
        halves = np.repeat(np.eye(2), countries // 2, axis=0)
        parts = fragmentation(halves, np.ones(countries), None, order)
        assert (parts.alpha, parts.beta, parts.gamma) == pytest.approx((1.0, 2.0, 2.0))

    def test_half_compatible_closed_halves(self):
        c = np.array([[1.0, 0.5], [0.5, 1.0]])
        parts = fragmentation(np.eye(2), np.ones(2), c)
        assert parts.beta == pytest.approx(1 / 0.75)


class TestConcentration:
    def test_hhi_of_the_guidelines(self):
        index = hhi(np.array([0.4, 0.3, 0.2, 0.1]))
        assert 10_000 * index == pytest.approx(3000)
        assert concentration_class(float(index)) == "highly concentrated"
        assert concentration_class(0.05) == "unconcentrated"

    def test_rao_is_one_less_hhi_if_all_are_apart(self):
        p = np.array([0.5, 0.3, 0.2])
        assert rao(p, 1 - np.eye(3)) == pytest.approx(1 - hhi(p))

    def test_shannon_is_the_log_of_the_hill_number(self):
        p = np.array([0.5, 0.3, 0.2, 0.0])
        assert np.exp(shannon(p)) == pytest.approx(hill_number(p, 1.0))

    @pytest.mark.parametrize(("sensitivity", "value"), [(1.0, 0.25), (1.3, 0.203063)])
    def test_two_equal_poles(self, sensitivity, value):
        assert polarisation(np.array([0.5, 0.5]), None, sensitivity) == pytest.approx(value, abs=1e-6)

    def test_polarisation_falls_with_more_blocs_where_entropy_rises(self):
        two, four = np.full(2, 0.5), np.full(4, 0.25)
        assert polarisation(four) < polarisation(two)
        assert shannon(four) > shannon(two)

    def test_sensitivity_out_of_range(self):
        with pytest.raises(StandardsNetError, match=r"above 0 and up to 1\.6"):
            polarisation(np.array([0.5, 0.5]), None, 2.0)


class TestNetworkValue:
    def test_metcalfe(self):
        assert metcalfe_loss(np.array([0.5, 0.5])) == pytest.approx(0.5)
        assert metcalfe_loss(np.array([0.7, 0.3])) == pytest.approx(0.42)

    @pytest.mark.parametrize(
        ("shares", "nodes", "loss"),
        [([0.5, 0.5], 1e6, 0.0501717), ([0.5, 0.5], 100, 0.150515), ([0.7, 0.3], 1e6, 0.0442158)],
    )
    def test_n_log_n(self, shares, nodes, loss):
        assert briscoe_loss(np.array(shares), nodes) == pytest.approx(loss, abs=1e-6)

    @pytest.mark.parametrize(
        ("parts", "ratio", "penalty"), [(2, 0.8, 0.25), (2, 0.85, 0.1765), (2, 0.9, 0.1111), (3, 0.8, 0.424)]
    )
    def test_wright(self, parts, ratio, penalty):
        assert scale_penalty(np.full(parts, 1 / parts), ratio) == pytest.approx(penalty, abs=5e-4)

    def test_full_compatibility_costs_nothing(self):
        p = np.array([0.4, 0.6])
        ones = np.ones((2, 2))
        assert metcalfe_loss(p, ones) == pytest.approx(0.0)
        assert briscoe_loss(p, 1e6, ones) == pytest.approx(0.0)
        assert scale_penalty(p, 0.8, ones) == pytest.approx(0.0)


class TestInteroperability:
    OMEGA = exchange_matrix(np.ones((4, 4)))
    HALVES = np.repeat(np.eye(2), 2, axis=0)

    def test_closed_halves_lose_what_runs_between_them(self):
        # Of the 12 ordered pairs of four countries 8 lie between the halves.
        assert interoperability_loss(self.HALVES, self.OMEGA) == pytest.approx(8 / 12)

    def test_loss_is_linear_in_compatibility(self):
        c = np.array([[1.0, 0.25], [0.25, 1.0]])
        assert interoperability_loss(self.HALVES, self.OMEGA, c) == pytest.approx(0.75 * 8 / 12)

    def test_decompositions_add_up(self):
        rng = np.random.default_rng(3)
        b, omega = rng.dirichlet(np.ones(3), 6), exchange_matrix(rng.random((6, 6)))
        c = 0.5 + 0.5 * np.eye(3)
        world = interoperability_loss(b, omega, c)
        labels = ["x", "x", "y", "y", "z", "z"]
        assert loss_by_country(b, omega, c) @ omega.sum(axis=1) == pytest.approx(world)
        assert loss_by_bloc_pair(b, omega, c, labels, ["x", "y", "z"]).sum() == pytest.approx(world)
        assert loss_by_standard(b, omega, c).sum() == pytest.approx(world)
        everybody = np.ones(6, dtype=bool)
        assert loss_of_group(b, omega, c, everybody) == pytest.approx(world)
        inside = loss_of_group(b, omega, c, np.array(labels) == "x", inside_only=True)
        assert inside == pytest.approx(1 - b[0] @ c @ b[1])

    def test_exchange_matrix(self):
        omega = exchange_matrix(np.array([[5.0, 1.0, 0.0], [3.0, 0.0, 2.0], [0.0, 2.0, 1.0]]))
        assert omega.sum() == pytest.approx(1.0)
        assert np.diag(omega).sum() == 0.0
        np.testing.assert_array_equal(omega, omega.T)


class TestBlocs:
    def test_modularity_of_the_karate_club(self):
        club = nx.karate_club_graph()
        weights = nx.to_numpy_array(club, weight=None)
        factions = [club.nodes[n]["club"] for n in club]
        assert modularity(weights, factions) == pytest.approx(0.358235, abs=1e-6)
        assert ei_index(weights, factions) == pytest.approx((11 - 67) / 78, abs=1e-9)

    @pytest.mark.parametrize("parts", [2, 3, 5])
    def test_modularity_of_disjoint_cliques(self, parts):
        weights = np.kron(np.eye(parts), 1 - np.eye(4))
        assert modularity(weights, np.repeat(np.arange(parts), 4)) == pytest.approx(1 - 1 / parts)

    def test_leiden_finds_two_closed_halves_and_names_them(self):
        adoption = np.repeat(np.eye(2), 5, axis=0)
        found = find_blocs(
            adoption,
            by="detected",
            standards=["china", "west"],
            exchange=exchange_matrix(np.ones((10, 10))),
            rng=1,
        )
        assert found.tolist() == ["china"] * 5 + ["west"] * 5

    def test_leiden_is_as_good_as_the_best_known_partition_of_the_club(self):
        club = nx.to_numpy_array(nx.karate_club_graph(), weight=None)
        found = find_blocs(np.ones((34, 1)), by="detected", exchange=club / club.sum(), rng=3)
        # Releases of igraph below 1 stop at a partition that is a thousandth worse.
        assert modularity(club, found) == pytest.approx(0.4198, abs=1.2e-3)

    def test_detected_blocs_are_the_same_for_the_same_seed_and_leave_randomness_alone(self):
        import random

        rng = np.random.default_rng(8)
        omega = exchange_matrix(rng.random((30, 30)))
        adoption = rng.dirichlet(np.ones(2), 30)
        random.seed(1)
        before = random.getstate()
        runs = [find_blocs(adoption, by="detected", exchange=omega, rng=5) for _ in range(3)]
        assert random.getstate() == before
        assert all((run == runs[0]).all() for run in runs)

    def test_margin_makes_mixed(self):
        shares = np.array([[0.51, 0.49], [0.9, 0.1]])
        found = find_blocs(shares, standards=["china", "west"], margin=0.1)
        assert found.tolist() == ["mixed", "china"]

    def test_sizes_of_one_bloc_are_everything(self):
        sizes = bloc_sizes(["a", "a"], {"gdp": [1.0, 3.0]})
        assert sizes.loc["a"].tolist() == [2, 1.0]

    def test_co_membership_and_fence(self):
        labels = np.array([["a", "a", "b"], ["a", "b", "b"], ["a", "b", "b"], ["a", "a", "b"]])
        together = co_membership(labels)
        assert together[0, 1] == 0.5
        assert together[0, 2] == 0.0
        assert fence_sitting(labels).tolist() == [0.0, 1.0, 0.0]

    def test_adjusted_rand_index(self):
        # Hubert and Arabie's index of a partition with itself, and with one that is independent.
        assert agreement(["x", "x", "y", "y"], ["p", "p", "q", "q"]) == 1.0
        assert agreement(["x", "x", "y", "y"], ["p", "q", "p", "q"]) == pytest.approx(-0.5)


class TestBadInput:
    OMEGA = exchange_matrix(np.ones((2, 2)))

    @pytest.mark.parametrize(
        ("call", "sentence"),
        [
            (lambda: effective_standards(np.array([0.5, 0.6])), r"add up to 1\.1; they must add up to 1"),
            (lambda: effective_standards(np.array([1.5, -0.5])), "shares must be 0 or more"),
            (lambda: effective_standards(np.array([np.nan, 1.0])), "hold NaN"),
            (lambda: effective_standards(np.array([0.5, 0.5]), np.eye(3)), r"must be \(2, 2\)"),
            (lambda: effective_standards(np.array([0.5, 0.5]), 2 * np.eye(2)), "between 0 and 1"),
            (
                lambda: effective_standards(np.array([0.5, 0.5]), np.array([[1, 0.2], [0.4, 1]])),
                "symmetric",
            ),
            (lambda: effective_standards(np.array([0.5, 0.5]), np.zeros((2, 2))), "diagonal of C must be 1"),
            (lambda: fragmentation(np.eye(2), np.ones(3)), r"they must be \(2,\)"),
            (lambda: fragmentation(np.eye(2), np.array([-1.0, 2.0])), "weights must be 0 or more"),
            (lambda: interoperability_loss(np.eye(2), np.eye(2) / 2), "zero diagonal"),
            (lambda: interoperability_loss(np.eye(2), 1 - np.eye(2)), "exchange adds up to 2"),
            (lambda: find_blocs(np.eye(2), by="dominnant"), "did you mean 'dominant'"),
            (lambda: find_blocs(np.eye(2), by="declared"), "need alignments="),
            (lambda: bloc_sizes([], []), "labels are empty; give the bloc of at least one country"),
            (lambda: bloc_sizes(["a"], {"gdp": [1.0, 2.0]}), "'gdp' has 2 entries for 1 countries"),
            (lambda: scale_penalty(np.array([0.5, 0.5]), 1.2), "above 0 and at most 1"),
            (lambda: briscoe_loss(np.array([0.5, 0.5]), 1.0), "nodes must be above 1"),
        ],
    )
    def test_each_has_its_sentence(self, call, sentence):
        with pytest.raises(StandardsNetError, match=sentence):
            call()
