"""Landscapes whose minima are known: UNIX 1988 to the digit, and cases that can be done by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from standards_net.alignment.landscapes.landscape_theory import landscape
from standards_net.alignment.landscapes.propensity import (
    bootstrap_propensity,
    lowest_minima,
    read_landscape,
    recode_propensity,
    world_codings,
)
from standards_net.core.set_partitions import configuration_count
from standards_net.files import data_folder

FIRST = [{"Sun", "Prime", "AT&T", "IBM"}, {"DEC", "HP", "Apollo", "Intergraph", "SGI"}]
SECOND = [{"Sun", "Prime", "DEC", "HP"}, {"AT&T", "IBM", "Apollo", "Intergraph", "SGI"}]


@pytest.fixture(scope="module")
def unix():
    names, sizes, propensity = read_landscape("unix1988")
    return landscape(sizes, propensity, names=names)


@pytest.fixture(scope="module")
def published():
    return pd.read_csv(data_folder() / "landscapes" / "unix1988_published.csv", index_col="firm")


@pytest.fixture(scope="module")
def spins():
    rng = np.random.default_rng(18)
    propensity = rng.normal(size=(18, 18))
    return rng.lognormal(size=18), propensity + propensity.T


def sides(names, labels):
    return [{name for name, own in zip(names, labels, strict=True) if own == side} for side in (0, 1)]


def with_distant(unix, epsilon):
    return landscape(unix.sizes, np.where(unix.propensity == 0.0, epsilon, unix.propensity), names=unix.names)


class TestUnix1988:
    def test_two_minima_of_equal_energy_and_basin(self, unix):
        assert unix.exact
        assert unix.coverage == 1.0
        assert unix.configurations == 256
        assert [one.energy for one in unix.minima] == [pytest.approx(-3828.9, abs=1e-9)] * 2
        assert [one.basin_size for one in unix.minima] == [128, 128]
        assert [one.basin_share for one in unix.minima] == [0.5, 0.5]

    def test_who_stands_with_whom(self, unix):
        assert {frozenset(map(frozenset, sides(unix.names, one.labels))) for one in unix.minima} == {
            frozenset(map(frozenset, split)) for split in (FIRST, SECOND)
        }

    def test_the_published_table_says_the_same(self, unix, published):
        for k, split in ((1, FIRST), (2, SECOND)):
            labels = published[f"configuration_{k}"].to_dict()
            assert unix.energy(labels) == pytest.approx(-3828.9, abs=1e-9)
            assert sides(unix.names, unix.descend(labels)) == split

    def test_what_came(self, unix, published):
        actual = published["actual_alliance"].to_dict()
        assert unix.energy(actual) == pytest.approx(-3806.1, abs=1e-9)
        codes = np.arange(256)[:, None] >> np.arange(9) & 1
        energies = np.array([unix.energy(row.tolist()) for row in codes])
        assert (energies < -3806.1 - 1e-6).sum() == 8
        right = {name for name in unix.names if (name in FIRST[0]) == (actual[name] == "UI")}
        assert set(unix.names) - right == {"IBM"}
        share = sum(unix.sizes[unix.names.index(name)] for name in right) / unix.sizes.sum()
        assert 100 * share == pytest.approx(96.93, abs=0.005)

    @pytest.mark.parametrize(("epsilon", "same"), [(0.4477, True), (0.4478, False)])
    @pytest.mark.parametrize("sign", [-1.0, 1.0])
    def test_robust_as_long_as_distant_firms_care_little(self, unix, epsilon, same, sign):
        found = with_distant(unix, sign * epsilon)
        assert ({one.labels for one in found.minima} == {one.labels for one in unix.minima}) is same

    @pytest.mark.parametrize(("epsilon", "lower"), [(-0.1, FIRST), (0.1, SECOND)])
    def test_distant_firms_decide_which_is_lower(self, unix, epsilon, lower):
        assert sides(unix.names, with_distant(unix, epsilon).minima[0].labels) == lower

    def test_the_table_names_the_members_by_size(self, unix):
        table = unix.to_frame()
        assert list(table["above_lowest"]) == pytest.approx([0.0, 0.0], abs=1e-9)
        assert set(table["bloc_2"]) == {"Apollo, DEC, HP, Intergraph, SGI", "Sun, DEC, HP, Prime"}


class TestByHand:
    def test_three_hostile_equals_satisfy_two_pairs_in_two_blocs_and_all_in_three(self):
        hostile = np.eye(3) - 1.0
        two, three = (landscape(np.ones(3), hostile, blocs=k) for k in (2, 3))
        assert [one.energy for one in two.minima] == [-4.0] * 3
        assert [one.energy for one in three.minima] == [-6.0]
        assert three.minima[0].labels == (0, 1, 2)

    def test_friends_have_one_minimum_that_nothing_leads_out_of(self):
        found = landscape(np.arange(1.0, 9.0), np.ones((8, 8)))
        assert [one.labels for one in found.minima] == [(0,) * 8]
        assert found.minima[0].depth == math.inf
        assert found.minima[0].basin_size == found.configurations == 128
        assert found.minima[0].first_step == pytest.approx(2 * 1 * (36 - 1))
        assert found.minima[0].first_mover == "1"

    @pytest.mark.parametrize("blocs", [2, 3])
    def test_two_cliques_find_themselves(self, blocs):
        camp = np.arange(10) % 2
        found = landscape(np.ones(10), np.where(np.equal.outer(camp, camp), 1.0, -1.0), blocs=blocs)
        assert found.minima[0].labels == tuple(camp.tolist())
        assert found.minima[0].energy == -2.0 * 25

    def test_nobody_cares(self):
        found = landscape(np.ones(4), np.zeros((4, 4)), blocs=3)
        assert len(found.minima) == found.configurations == configuration_count(4, 3)
        assert {one.depth for one in found.minima} == {0.0}
        assert [one.labels for one in found.minima] == sorted(one.labels for one in found.minima)

    @pytest.mark.parametrize("faint", [0.0, 1e-300, 1e-14, 1e-9])
    def test_an_actor_of_hardly_any_weight_hides_no_minimum(self, faint):
        """The last of ten: whether its side matters or not, sieve and basins say the same."""
        camp = np.arange(10) % 2
        propensity = np.where(np.equal.outer(camp, camp), 1.0, -1.0)
        propensity[-1] = propensity[:, -1] = faint * propensity[-1]
        with_basins, without = (landscape(np.ones(10), propensity, memory_gib=gib) for gib in (1.0, 0.0))
        assert [one.labels for one in without.minima] == [one.labels for one in with_basins.minima]
        assert len(without.minima) == (1 if faint > 1e-12 else 2)

    def test_depth_of_a_double_well(self):
        """Two pairs of friends whose cross ties cancel: whoever leaves a friend costs twice 3."""
        propensity = np.array([[0, 3, 1, -1], [3, 0, -1, 1], [1, -1, 0, 3], [-1, 1, 3, 0]], dtype=float)
        found = landscape(np.ones(4), propensity)
        assert [one.labels for one in found.minima] == [(0, 0, 0, 0), (0, 0, 1, 1)]
        for one in found.minima:
            assert (one.energy, one.depth, one.first_step, one.first_mover) == (0.0, 6.0, 6.0, "1")

    def test_numbers_of_configurations(self):
        assert [configuration_count(n, n) for n in range(1, 8)] == [1, 2, 5, 15, 52, 203, 877]
        assert configuration_count(17, 2) == 2**16
        assert configuration_count(200, 2) == 2**199


class TestSampled:
    def test_it_finds_the_lowest_minimum(self, spins):
        exact, sampled = landscape(*spins), landscape(*spins, search="sampled", starts=400, rng=1)
        assert sampled.minima[0].labels == exact.minima[0].labels
        assert sampled.minima[0].energy == pytest.approx(exact.minima[0].energy, rel=1e-12)
        assert {one.labels for one in sampled.minima} <= {one.labels for one in exact.minima}
        assert not sampled.exact
        assert "400 starts" in sampled.status

    def test_shares_of_starts_are_near_shares_of_configurations(self, spins):
        exact = {one.labels: one.basin_share for one in landscape(*spins).minima}
        for one in landscape(*spins, search="sampled", starts=4000, rng=2).minima:
            assert one.basin_share == pytest.approx(exact[one.labels], abs=0.03)  # four standard errors

    def test_the_same_seed_gives_the_same_answer(self, spins):
        one, same, other = (landscape(*spins, search="sampled", starts=50, rng=seed) for seed in (3, 3, 4))
        assert repr(one.minima) == repr(same.minima)
        assert one.status == same.status
        assert one.minima != other.minima

    def test_coverage_counts_minima_found_once(self):
        """Nobody cares: every start is a minimum of its own, so hardly any is found twice."""
        found = landscape(np.ones(30), np.zeros((30, 30)), search="sampled", starts=20, rng=5)
        assert found.coverage == 0.0
        assert sum(one.basin_share for one in found.minima) == pytest.approx(1.0)

    def test_large_ones_are_sampled_by_themselves(self):
        rng = np.random.default_rng(40)
        propensity = rng.normal(size=(40, 40))
        found = landscape(np.ones(40), propensity + propensity.T, starts=100, rng=6)
        assert not found.exact
        assert found.configurations == 2**39
        assert all(one.basin_size == 0 and math.isnan(one.depth) for one in found.minima)


class TestPropensities:
    def test_resampled_codings_average_to_the_propensity(self):
        codings = np.random.default_rng(7).normal(size=(5, 4, 4))
        drawn = bootstrap_propensity(codings, 4000, rng=8)
        error = codings.std(axis=0) / np.sqrt(5 * 4000)
        assert (np.abs(drawn.mean(axis=0) - codings.mean(axis=0)) < 5 * error).all()

    def test_one_coding_leaves_no_doubt(self):
        coding = np.arange(9.0).reshape(1, 3, 3)
        np.testing.assert_array_equal(bootstrap_propensity(coding, 3, rng=9), np.repeat(coding, 3, axis=0))

    def test_recoding_changes_at_most_so_many_pairs_to_values_in_use(self, unix):
        drawn = recode_propensity(unix.propensity, 200, changes=3, rng=10)
        changed = np.triu(drawn != unix.propensity, 1).sum(axis=(1, 2))
        assert changed.max() == 3
        assert changed.min() == 0
        assert set(np.unique(drawn)) == {-1.0, 0.0}
        np.testing.assert_array_equal(drawn, drawn.swapaxes(1, 2))

    def test_ties_share_the_weight_of_their_draw(self, unix):
        tilted = np.where(unix.propensity == 0.0, -0.1, unix.propensity)
        labels, weights = lowest_minima(unix.sizes, [unix.propensity, tilted], names=unix.names)
        assert weights.tolist() == [0.5, 0.5, 1.0]
        assert sides(unix.names, labels[2]) == FIRST

    def test_codings_of_the_world_say_what_they_say(self, world):
        codes, sizes, codings, kinds = world_codings(world, ["USA", "CHN", "DEU", "FRA", "IND", "RUS", "BRA"])
        assert sizes.sum() == pytest.approx(100.0)
        assert kinds == ("votes", "defence", "trade", "alignment")
        assert np.abs(codings).max() <= 1.0
        np.testing.assert_array_equal(codings, codings.swapaxes(1, 2))
        of = dict(zip(kinds, codings, strict=True))
        usa, china, germany, france, india = (codes.index(c) for c in ("USA", "CHN", "DEU", "FRA", "IND"))
        assert of["defence"][germany, france] == 1.0
        assert of["defence"][usa, china] == 0.0
        assert of["alignment"][usa, germany] == 1.0
        assert of["alignment"][usa, china] == -1.0
        assert of["alignment"][usa, india] == 0.0
        assert of["votes"][germany, france] > 0.0 > of["votes"][usa, china]
        ranks = np.sort(of["trade"][np.triu_indices(7, 1)])
        np.testing.assert_allclose(ranks, (2.0 * np.arange(1, 22) - 1.0) / 21 - 1.0)
        found = landscape(sizes, codings.mean(axis=0), names=codes)
        together = dict(zip(codes, found.minima[0].labels, strict=True))
        assert together["DEU"] == together["FRA"] == together["USA"] != together["CHN"]
