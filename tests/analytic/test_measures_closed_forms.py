"""Measures against closed forms: bounds, decompositions, the account, partitions, and complaints."""

import networkx as nx
import numpy as np
import pytest

from standards_net.errors import StandardsNetError
from standards_net.measures import (
    agreement,
    bloc_shares,
    bloc_sizes,
    briscoe_loss,
    co_membership,
    concentration_class,
    country_beta,
    double_running_cost,
    effective_standards,
    ei_index,
    exchange_matrix,
    exchange_value_lost,
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
    loss_touching_group,
    metcalfe_loss,
    modularity,
    polarisation,
    rao,
    reed_loss,
    replacement_cost,
    sarnoff_loss,
    scale_lost,
    scale_penalty,
    shannon,
    usd_account,
)

ORDERS = [0.0, 0.5, 1.0, 2.0, 3.0, np.inf]
HALVES = np.repeat(np.eye(2), 2, axis=0)
ALL_TRADE = exchange_matrix(np.ones((4, 4)))


class TestDiversity:
    @pytest.mark.parametrize("order", ORDERS)
    def test_even_shares_of_incompatible_standards_count_each(self, order):
        assert effective_standards(np.full(4, 0.25), None, order) == pytest.approx(4.0)

    @pytest.mark.parametrize("order", ORDERS)
    @pytest.mark.parametrize("c", [0.0, 0.3, 1.0])
    def test_two_even_standards_with_one_compatibility(self, order, c):
        # Every standard is as ordinary as the other, (1 + c) / 2, so all orders agree.
        similar = np.array([[1.0, c], [c, 1.0]])
        assert effective_standards(np.full(2, 0.5), similar, order) == pytest.approx(2 / (1 + c))

    @pytest.mark.parametrize("order", ORDERS)
    @pytest.mark.parametrize("countries", [2, 6, 40])
    def test_two_closed_halves_make_two_markets_however_many_countries(self, order, countries):
        closed = np.repeat(np.eye(2), countries // 2, axis=0)
        parts = fragmentation(closed, np.ones(countries), None, order)
        assert tuple(map(float, parts)) == pytest.approx((1.0, 2.0, 2.0))

    @pytest.mark.parametrize("order", ORDERS)
    def test_alike_countries_make_one_market_for_any_compatibility(self, order):
        c = np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.8], [0.0, 0.8, 1.0]])  # not positive semi-definite
        parts = fragmentation(np.tile([0.2, 0.5, 0.3], (5, 1)), np.arange(1.0, 6.0), c, order)
        assert parts.beta == pytest.approx(1.0, abs=1e-12)

    @pytest.mark.parametrize(
        ("weights", "markets"), [([0.5, 0.5], 2.0), ([0.7, 0.3], 1 / 0.58), ([0.9, 0.1], 1 / 0.82)]
    )
    def test_closed_countries_of_unequal_weight_are_counted_by_the_hill_number(self, weights, markets):
        parts = fragmentation(np.eye(2), np.array(weights))
        assert parts.beta == pytest.approx(markets)
        assert parts.alpha == pytest.approx(1.0)

    def test_beta_can_pass_the_number_of_countries_as_the_docstring_says(self):
        unlike = np.array([[1 / 3, 1 / 3, 1 / 3, 0.0], [0.0, 0.0, 0.0, 1.0]])
        # gamma 1 / (0.12 + 0.16), alpha 1 / (0.6 / 3 + 0.4)
        assert fragmentation(unlike, np.array([0.6, 0.4])).beta == pytest.approx(0.6 / 0.28)

    def test_compatibility_that_is_no_similarity_can_bring_beta_under_one(self):
        # A middle standard that works with two rivals which do not work with each other.
        c = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
        b = np.array([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]])
        # p = (1/4, 1/2, 1/4): p'Cp = 7/8; mean of b'Cb = (1 + 1/2) / 2
        assert fragmentation(b, np.ones(2), c).beta == pytest.approx(0.75 * 8 / 7)

    def test_rows_of_zeros_have_no_weight(self):
        adoption = np.stack([[[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]])
        for order in ORDERS:
            parts = fragmentation(adoption, np.ones(3), None, order)
            np.testing.assert_allclose(parts.beta, [2.0, 2.0])
        np.testing.assert_allclose(country_beta(adoption, np.ones(3)), [[0.5, 0.5, 0.0], [0.5, 0.0, 0.5]])

    @pytest.mark.parametrize("order", ORDERS)
    def test_countries_without_weight_do_not_count(self, order):
        adoption = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.2, 0.2, 0.6]])
        with_it = fragmentation(adoption, np.array([1.0, 1.0, 0.0]), None, order)
        without = fragmentation(adoption[:2], np.ones(2), None, order)
        np.testing.assert_allclose(with_it, without)

    def test_a_country_that_mixes_like_the_world_adds_nothing_to_beta(self):
        parts = country_beta(np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]), np.array([0.25, 0.25, 0.5]))
        np.testing.assert_allclose(parts, [0.25, 0.25, 0.0])


class TestConcentration:
    @pytest.mark.parametrize(
        ("index", "name"),
        [(0.0999, "unconcentrated"), (0.1001, "moderately concentrated"), (0.1801, "highly concentrated")],
    )
    def test_classes_of_the_guidelines(self, index, name):
        assert concentration_class(index) == name

    def test_rao_of_incompatibility_is_one_less_the_inverse_of_diversity(self):
        p, c = np.array([0.5, 0.3, 0.2]), np.array([[1, 0.2, 0.5], [0.2, 1, 0.1], [0.5, 0.1, 1]])
        assert rao(p, 1 - c) == pytest.approx(1 - 1 / effective_standards(p, c))

    def test_hill_numbers_of_the_literature(self):
        p = np.array([0.5, 0.3, 0.2])
        assert np.exp(shannon(p)) == pytest.approx(2.80009, abs=1e-5)
        assert 1 / hhi(p) == pytest.approx(2.63158, abs=1e-5)
        assert hill_number(p, np.inf) == pytest.approx(2.0)

    def test_polarisation_is_greatest_for_two_equal_poles(self):
        rng = np.random.default_rng(1)
        assert (polarisation(rng.dirichlet(np.ones(4), 200)) <= 0.5**2.3 + 1e-12).all()

    def test_polarisation_grows_with_the_distance_of_the_poles(self):
        p = np.array([0.5, 0.5])
        assert polarisation(p, 3 * (1 - np.eye(2)), 1.0) == pytest.approx(0.75)


class TestNetworkValue:
    def test_broadcasters_lose_nothing_and_group_forming_networks_all(self):
        p = np.array([[0.5, 0.5], [0.7, 0.3], [1.0, 0.0]])
        assert sarnoff_loss(p).tolist() == [0.0, 0.0, 0.0]
        np.testing.assert_allclose(reed_loss(p, 1e6), [1.0, 1.0, 0.0])

    def test_reed_for_a_small_network(self):
        # 2 + 8 groups of 1 and 3 nodes, of 16
        assert reed_loss(np.array([0.25, 0.75]), 4) == pytest.approx(1 - 10 / 16)

    def test_laws_stand_in_their_order(self):
        p, n = np.array([0.6, 0.3, 0.1]), 1e6
        assert sarnoff_loss(p) < briscoe_loss(p, n) < metcalfe_loss(p) < reed_loss(p, n)

    def test_half_compatibility_halves_the_square_law(self):
        half = np.array([[1.0, 0.5], [0.5, 1.0]])
        assert metcalfe_loss(np.array([0.5, 0.5]), half) == pytest.approx(0.25)

    def test_ratios_of_a_batch(self):
        ratios = np.array([0.8, 0.85, 0.9, 1.0])
        found = scale_penalty(np.tile([0.5, 0.5], (4, 1)), ratios)
        np.testing.assert_allclose(found, 1 / ratios - 1)
        np.testing.assert_allclose(scale_penalty(np.full(3, 1 / 3), 0.8), 3 ** -np.log2(0.8) - 1)


class TestInteroperability:
    def test_a_group_by_ends_by_flows_and_inside(self):
        # Three countries, all flows alike; the first two share a standard.
        b, omega = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), exchange_matrix(np.ones((3, 3)))
        pair = np.array([True, True, False])
        assert loss_of_group(b, omega, None, pair) == pytest.approx(1 / 2)
        assert loss_touching_group(b, omega, None, pair) == pytest.approx(2 / 3)
        assert loss_of_group(b, omega, None, pair, inside_only=True) == pytest.approx(0.0)

    def test_everybody_is_the_world(self):
        everybody, world = np.ones(4, dtype=bool), interoperability_loss(HALVES, ALL_TRADE)
        for loss in (loss_of_group, loss_touching_group):
            assert loss(HALVES, ALL_TRADE, None, everybody) == pytest.approx(world)

    def test_blocs_of_closed_halves_lose_only_between_them(self):
        found = loss_by_bloc_pair(HALVES, ALL_TRADE, None, ["x", "x", "y", "y"], ["y", "x", "empty"])
        np.testing.assert_allclose(found, [[0, 1 / 3, 0], [1 / 3, 0, 0], [0, 0, 0]], atol=1e-15)
        np.testing.assert_allclose(loss_by_standard(HALVES, ALL_TRADE), [[0, 1 / 3], [1 / 3, 0]], atol=1e-15)

    def test_a_country_without_exchange_loses_nothing(self):
        trade = np.zeros((3, 3))
        trade[0, 1] = 5.0
        assert loss_by_country(np.eye(3), exchange_matrix(trade)).tolist() == [1.0, 1.0, 0.0]


class TestAccount:
    SPENT, VALUE = np.array([30.0, 70.0]), np.array([40.0, 60.0])
    OMEGA = exchange_matrix(np.ones((2, 2)))

    def account(self, **chosen):
        given = {
            "network_value_usd": self.VALUE, "law": 1.0, "nodes": 1e6, "spending_usd": self.SPENT,
            "progress_ratio": 0.8, "exchange_value_usd": np.array([500.0, 500.0]),
            "double_running_rate": 0.01, "removed_usd": np.array([2.0, 0.0]), "replacement_multiple": 1.5,
        }  # fmt: skip
        return usd_account(np.eye(2), np.ones(2), self.OMEGA, **given | chosen)

    def test_two_equal_closed_halves(self):
        world = self.account().world()
        assert tuple(map(float, world)) == pytest.approx((50.0, 25.0, 10.0, 3.0))
        assert world.total == pytest.approx(88.0)

    def test_countries_add_up_to_the_world(self):
        account = self.account()
        assert account.total.shape == (2,)
        assert account.total.sum() == pytest.approx(account.world().total)
        np.testing.assert_allclose(account.scale_usd, [7.5, 17.5])

    def test_n_log_n(self):
        assert self.account(law=0.0).world().exchange_usd == pytest.approx(100 * 0.0501717, abs=1e-4)

    @pytest.mark.parametrize("item", ["exchange", "scale", "double_running", "replacement"])
    def test_each_item_has_its_switch(self, item):
        alone = self.account(items=(item,))
        full = self.account()
        for name in full._fields:
            expected = getattr(full, name) if name == f"{item}_usd" else np.zeros(2)
            np.testing.assert_allclose(getattr(alone, name), expected)

    def test_full_compatibility_leaves_only_replacement(self):
        adoption, ones = np.eye(2), np.ones((2, 2))
        account = usd_account(
            adoption, np.ones(2), self.OMEGA, ones, network_value_usd=self.VALUE, spending_usd=self.SPENT,
            progress_ratio=0.8, exchange_value_usd=1.0, double_running_rate=0.1,
            removed_usd=np.array([2.0, 0.0]),
        )  # fmt: skip
        assert account.world().total == pytest.approx(2.0)

    def test_draws_make_intervals(self):
        account = self.account(progress_ratio=np.array([0.8, 0.9, 1.0]))
        assert account.total.shape == (3, 2)
        np.testing.assert_allclose(account.world().scale_usd, [25.0, 100 / 9, 0.0])
        np.testing.assert_allclose(account.world().exchange_usd, 50.0)


class TestBlocs:
    def test_karate_club(self):
        club = nx.karate_club_graph()
        weights = nx.to_numpy_array(club, weight=None)
        factions = [club.nodes[n]["club"] for n in club]
        assert modularity(weights, factions) == pytest.approx(0.358235, abs=1e-6)
        assert ei_index(weights, factions) == pytest.approx(-0.717949, abs=1e-6)
        assert nx.community.modularity(
            club, [{n for n in club if club.nodes[n]["club"] == f} for f in set(factions)], weight=None
        ) == pytest.approx(modularity(weights, factions))

    def test_communities_of_one_leader_are_numbered_also_if_its_name_has_blanks(self):
        blocks = exchange_matrix(np.kron(np.eye(2), np.ones((3, 3))))
        found = find_blocs(
            np.ones((6, 1)), by="detected", standards=["Open RAN 5G"], exchange=blocks, rng=1
        ).tolist()
        assert sorted({*found}) == ["Open RAN 5G", "Open RAN 5G 2"]

    def test_compatibility_joins_what_standards_part(self):
        options = {"by": "detected", "exchange": ALL_TRADE, "rng": 1}
        assert len({*find_blocs(HALVES, **options)}) == 2
        assert len({*find_blocs(HALVES, compatibility=np.ones((2, 2)), **options)}) == 1

    def test_declared_blocs_are_what_was_declared(self):
        assert find_blocs(np.eye(2), by="declared", alignments=["us", "china"]).tolist() == ["us", "china"]

    def test_sizes_by_several_weights(self):
        sizes = bloc_sizes(["a", "b", "b"], {"gdp": [6.0, 1.0, 1.0], "people": [1.0, 1.0, 2.0]})
        assert list(sizes.columns) == ["countries", "gdp", "people"]
        assert sizes.loc["a"].tolist() == [1, 0.75, 0.25]
        assert sizes.index.tolist() == ["a", "b"]
        assert sizes.sum().tolist() == pytest.approx([3, 1.0, 1.0])
        assert bloc_sizes(["a", "b", "b"], [6.0, 1.0, 1.0]).loc["a", "weight"] == 0.75

    def test_bloc_shares_scale_their_weights(self):
        assert bloc_shares(np.array([0, 1, 1]), np.array([2.0, 1.0, 1.0]), 3).tolist() == [0.5, 0.5, 0.0]

    def test_a_fence_between_three_blocs(self):
        labels = np.array([["a", "a", "a"], ["b", "a", "a"], ["c", "a", "b"]])
        np.testing.assert_allclose(fence_sitting(labels), [1.0, 0.0, (1 - 5 / 9) / (2 / 3)])

    def test_adjusted_rand_index_of_a_worked_table(self):
        # Rows 3 and 3, columns 2, 2 and 2, cells (2, 1, 0 / 0, 1, 2): 2 pairs together in both.
        one, two = list("aaabbb"), list("ppqqrr")
        expected = 6 * 3 / 15
        assert agreement(one, two) == pytest.approx((2 - expected) / ((6 + 3) / 2 - expected))
        assert agreement([*"abc"], [*"xyz"]) == agreement([*"aaa"], [*"xxx"]) == 1.0


class TestComplaints:
    P, OMEGA = np.array([0.5, 0.5]), exchange_matrix(np.ones((2, 2)))

    @pytest.mark.parametrize(
        ("call", "sentence"),
        [
            (
                lambda p, o: fragmentation(np.eye(2), np.ones(2), order=-1),
                "order is -1; it must be 0 to 100, or infinity",
            ),
            (lambda p, o: effective_standards(p, order=np.nan), "order is nan"),
            (lambda p, o: effective_standards(np.zeros((0, 2))), "at least one row"),
            (lambda p, o: effective_standards(np.ones(())), "at least one standard"),
            (
                lambda p, o: effective_standards(np.tile(p, (3, 1)), np.tile(np.eye(2), (2, 1, 1))),
                "batch axes",
            ),
            (lambda p, o: effective_standards(p, np.full((2, 2), np.nan)), "between 0 and 1"),
            (lambda p, o: fragmentation(np.zeros((2, 2)), np.ones(2)), "nothing is deployed"),
            (
                lambda p, o: fragmentation(np.array([[0.5, 0.5], [0.6, 0.6]]), np.ones(2)),
                r"of row \[1\] .* 1\.2",
            ),
            (lambda p, o: country_beta(p, np.ones(2)), "countries, standards"),
            (lambda p, o: hhi(np.array([40.0, 60.0])), "add up to 100; they must add up to 1"),
            (lambda p, o: shannon(np.array([np.nan, 1.0])), "NaN"),
            (lambda p, o: concentration_class(3000), "not points"),
            (lambda p, o: rao(p, np.eye(2)), "the diagonal must be 0"),
            (lambda p, o: rao(p, -1 + np.eye(2)), "0 or more everywhere"),
            (lambda p, o: rao(p, np.zeros((3, 3))), r"must be \(2, 2\)"),
            (lambda p, o: polarisation(p, np.array([[0.0, 1.0], [2.0, 0.0]])), "distance must be symmetric"),
            (
                lambda p, o: interoperability_loss(np.array([[1.0, 0.0], [0.0, 0.0]]), o),
                r"row \[1\].*add up to 0",
            ),
            (lambda p, o: interoperability_loss(np.eye(3), o), r"must be \(3, 3\)"),
            (lambda p, o: interoperability_loss(np.eye(2), np.full((2, 2), np.nan)), "0 or more everywhere"),
            (lambda p, o: exchange_matrix(np.ones((2, 3))), "must be square"),
            (lambda p, o: exchange_matrix(np.eye(2)), "some flow above 0"),
            (lambda p, o: loss_by_bloc_pair(np.eye(2), o, None, ["us"], ["us"]), "1 entries for 2 countries"),
            (
                lambda p, o: loss_by_bloc_pair(np.eye(2), o, None, ["us", "chna"], ["us", "china"]),
                "mean 'china'",
            ),
            (lambda p, o: loss_of_group(np.eye(2), o, None, np.array([1, 0])), "of bool"),
            (lambda p, o: loss_of_group(np.eye(2), o, None, np.zeros(2, dtype=bool)), "no exchange"),
            (lambda p, o: briscoe_loss(p, np.nan), "nodes must be above 1"),
            (lambda p, o: scale_penalty(p, 0.0), "progress_ratio must be above 0 and at most 1"),
            (lambda p, o: usd_account(np.eye(2), np.ones(2), o, items=["scales"]), "mean 'scale'"),
            (
                lambda p, o: usd_account(np.eye(2), np.ones(2), o, removed_usd=-1.0),
                "removed_usd must be at least 0",
            ),
            (
                lambda p, o: exchange_value_lost(np.eye(2), p, np.eye(2), value_usd=p, law=1.5, nodes=10.0),
                "law must be at least 0 and at most 1",
            ),
            (lambda p, o: scale_lost(np.eye(2), p, np.eye(2), p, 1.2), "progress_ratio must be above 0"),
            (lambda p, o: double_running_cost(p, p, -0.1), "double_running_rate must be at least 0"),
            (lambda p, o: replacement_cost(p, -1.0), "replacement_multiple must be at least 0"),
            (lambda p, o: find_blocs(np.eye(2), standards=["one"]), "1 names for 2 columns"),
            (lambda p, o: find_blocs(p, standards=["a", "b"]), r"one \(N, S\) at a time"),
            (lambda p, o: find_blocs(np.eye(2), by="declared", alignments=["us"]), "one for each country"),
            (lambda p, o: find_blocs(np.eye(2), by="detected"), "need exchange="),
            (lambda p, o: bloc_shares(np.array([0, 3]), np.ones(2), 2), "from 0 to 1"),
            (lambda p, o: bloc_sizes(["a", "b"], [-1.0, 2.0]), "some above 0"),
            (lambda p, o: modularity(1 - np.eye(2), ["a"]), "1 entries for 2 countries"),
            (lambda p, o: ei_index(np.array([[0.0, 1.0], [2.0, 0.0]]), ["a", "b"]), "square, symmetric"),
            (lambda p, o: ei_index(np.zeros((2, 2)), ["a", "b"]), "some entry above 0"),
            (lambda p, o: co_membership(np.array(["a", "b"])), "must be \\(draws, countries\\)"),
            (lambda p, o: agreement([*"aab"], [*"aabb"]), "3 and 4 items cannot be compared"),
        ],
    )
    def test_each_has_its_sentence(self, call, sentence):
        with pytest.raises(StandardsNetError, match=sentence):
            call(self.P, self.OMEGA)
