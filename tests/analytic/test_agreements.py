"""Agreements that can be worked out by hand: who holds to one common standard, and who would leave."""

import math

import numpy as np
import pytest

from standards_net.alignment.games.agreements import _losses, leaving, stable_coalitions
from standards_net.alignment.games.game import Game
from standards_net.alignment.games.payoffs import Terms

COMMON, SIDE = 0, 1


def agreement(own, pair, loss_own, loss_pair, players=None):
    """An agreement game of one draw and one item, or of several draws."""
    own, pair = np.asarray(own, float), np.asarray(pair, float)
    loss = Terms(np.asarray(loss_own, float), np.asarray(loss_pair, float))
    if own.ndim == 2:
        own, pair, loss = own[None], pair[None], Terms(loss.own[None], loss.pair[None])
    names = players or tuple("ABCDEFGHIJ"[: own.shape[1]])
    return Game(
        players=names,
        choices=("common", "side"),
        items={"all": Terms(own, pair)},
        start=np.ones(len(names), dtype=int),
        unit="USD per year",
        gdp_usd=np.ones(len(names)),
        loss=loss,
    )


def loss_of_counts(players):
    """Loss terms by which each member saves 1 of ``players``: all in, nothing is lost."""
    own = np.zeros((players + 1, 2))
    own[:players, SIDE] = 1.0 / players
    return own, np.zeros((players + 1, 2, players + 1, 2))


def of_others(players, value, mine, theirs):
    """Pair terms: ``value`` to a player who chooses ``mine`` for each other one who chooses ``theirs``."""
    pair = np.zeros((players, 2, players, 2))
    pair[:, mine, :, theirs] = value
    for i in range(players):
        pair[i, :, i] = 0.0
    return pair


def test_all_want_in():
    found = stable_coalitions(
        agreement([[1.0, 0.0]] * 4, np.zeros((4, 2, 4, 2)), *loss_of_counts(4)), kept_at=0.75
    )
    assert found.full_holds.tolist() == [True]
    assert found.smallest.tolist() == found.smallest_any.tolist() == [3]  # three of four save 75 %
    assert found.stable.tolist() == [1]  # but only with all in does nobody want to join
    assert (found.loss_none[0], found.loss_all[0]) == (1.0, 0.0)
    everybody = stable_coalitions(found.game, kept_at=1.0)
    assert everybody.smallest.tolist() == [4]
    assert everybody.members(everybody.chosen[0]) == ("A", "B", "C", "D")


def test_nobody_pays_for_what_others_give_for_nothing():
    """Holding costs 3 and gives everybody 1: each of five would be better off with all in, and leaves."""
    own = [[1.0 - 3.0, 0.0]] * 5
    pair = of_others(5, 1.0, COMMON, COMMON) + of_others(5, 1.0, SIDE, COMMON)
    game = agreement(own, pair, *loss_of_counts(5))
    everybody, nobody = game.payoffs([COMMON] * 5)[0], game.payoffs([SIDE] * 5)[0]
    assert (everybody > nobody).all()
    found = stable_coalitions(game)
    assert found.smallest.tolist() == found.smallest_paid.tolist() == found.chosen.tolist() == [-1]
    assert found.smallest_any.tolist() == [4]
    assert not found.full_holds[0]
    assert found.stable.tolist() == [1]  # the coalition of nobody
    table = leaving(game, list("ABCDE"))
    assert (table["gain"] == 2.0).all()
    assert (table["leaves"] == 1.0).all()
    assert (table["payment"] == 2.0).all()


def test_a_few_hold_and_the_others_ride_free():
    """Membership pays 2.5 less 1 for each other member: just three of six, whichever they are."""
    game = agreement([[2.5, 0.0]] * 6, of_others(6, -1.0, COMMON, COMMON), *loss_of_counts(6))
    found = stable_coalitions(game, kept_at=0.5)
    assert found.stable.tolist() == [math.comb(6, 3)]
    assert found.smallest.tolist() == [3]
    assert not found.full_holds[0]
    assert stable_coalitions(game, kept_at=0.6).smallest.tolist() == [-1]


class TestTwoByHand:
    """A joins if B does, and then gains 2; B loses 2 alone and 0.5 with A.

    Loss: nobody 0.5, A alone 0.4, B alone 0.4, both 0.2.
    """

    @pytest.fixture
    def game(self):
        pair = np.zeros((2, 2, 2, 2))
        pair[0, COMMON, 1, COMMON] = 3.0
        pair[1, COMMON, 0, COMMON] = 1.5
        loss_own = np.zeros((3, 2))
        loss_own[0] = 0.1, 0.2  # A's part, if B goes with its side
        loss_own[1] = 0.05, 0.1
        loss_own[2, 0] = 0.2  # all others
        loss_pair = np.zeros((3, 2, 3, 2))
        loss_pair[0, COMMON, 1, COMMON] = -0.05
        loss_pair[1, COMMON, 0, COMMON] = -0.05
        loss_pair[2, 0, 1, COMMON] = -0.05
        return agreement([[-1.0, 0.0], [-2.0, 0.0]], pair, loss_own, loss_pair)

    def test_the_numbers_are_those_above(self, game):
        profiles = np.array([[SIDE, SIDE], [COMMON, SIDE], [SIDE, COMMON], [COMMON, COMMON]])
        # B's holding saves others 0.05 too, so that alone it saves 0.1.
        np.testing.assert_allclose(game.interoperability_loss(profiles)[0], [0.5, 0.4, 0.4, 0.2])
        np.testing.assert_allclose(
            game.payoffs(profiles)[0], [[0, 0], [-1, 0], [0, -2], [2, -0.5]], atol=1e-15
        )

    def test_b_leaves_unless_a_pays(self, game):
        found = stable_coalitions(game, kept_at=0.75)
        assert found.smallest_any.tolist() == [2]
        assert found.smallest.tolist() == [-1]
        assert found.smallest_paid.tolist() == [2]  # A has 2 to give, B wants 0.5
        assert found.members(found.chosen_paid[0]) == ("A", "B")
        assert found.full_holds.tolist() == [False]
        assert found.stable.tolist() == [1]  # nobody: neither would join alone
        table = leaving(game, ["A", "B"])
        assert table["player"].tolist() == ["B", "A"]
        assert table["gain"].tolist() == [0.5, -2.0]
        assert table["leaves"].tolist() == [1.0, 0.0]
        assert table["payment"].tolist() == [0.5, 0.0]

    def test_parts_in_what_both_save(self, game):
        found = stable_coalitions(game)
        # Who comes first saves 0.1, who comes second 0.2.
        np.testing.assert_allclose(found.shapley, [[0.15, 0.15]])
        np.testing.assert_allclose(found.loss_none - found.loss_all, [0.3])

    def test_a_saving_is_above_nothing(self, game):
        """The table speaks of savings: whoever lowers the loss has saved something."""
        table = stable_coalitions(game).to_frame()
        np.testing.assert_allclose(table["saving"], 0.15)
        assert (table["saving_low"] <= table["saving_high"]).all()

    def test_a_small_coalition_that_saves_little_keeps_no_standard(self, game):
        assert stable_coalitions(game, kept_at=0.33).smallest_any.tolist() == [1]
        assert stable_coalitions(game, kept_at=0.34).smallest_any.tolist() == [2]

    def test_who_saves_most_comes_first(self, game):
        """A's holding alone made worth more: A saves the most, and stands first in the table."""
        more = Terms(game.loss.own.copy(), game.loss.pair)
        more.own[0, 0, COMMON] -= 0.05
        table = stable_coalitions(
            Game(**{**{f: getattr(game, f) for f in game.__dataclass_fields__}, "loss": more})
        ).to_frame()
        assert table["player"].tolist() == ["A", "B"]


def test_among_equally_small_ones_the_one_of_lowest_loss_is_named():
    """Two of three suffice; B and C together save most."""
    own, pair = loss_of_counts(3)
    own[:3, SIDE] = 0.2, 0.3, 0.5
    found = stable_coalitions(agreement([[1.0, 0.0]] * 3, np.zeros((3, 2, 3, 2)), own, pair), kept_at=0.5)
    assert found.smallest.tolist() == [1]  # C alone saves half
    assert found.members(found.chosen[0]) == ("C",)
    found = stable_coalitions(found.game, kept_at=0.6)
    assert found.smallest.tolist() == [2]
    assert found.members(found.chosen[0]) == ("B", "C")
    table = found.to_frame().set_index("player")
    assert table["in_smallest"].to_dict() == {"A": 0.0, "B": 1.0, "C": 1.0}


def random_losses(seed, players, draws=2):
    rng = np.random.default_rng(seed)
    pair = rng.normal(size=(draws, players + 1, 2, players + 1, 2))
    for i in range(players + 1):
        pair[:, i, :, i] = 0.0
    return agreement(
        rng.normal(size=(draws, players, 2)),
        np.zeros((draws, players, 2, players, 2)),
        rng.normal(size=(draws, players + 1, 2)),
        pair,
    )


@pytest.mark.parametrize("players", [1, 2, 3, 6, 8])
def test_losses_by_doubling_are_those_of_the_game(players):
    """Coalition m has the players of the bits set in m."""
    game = random_losses(players, players)
    coalitions = np.arange(2**players)
    profiles = np.where(coalitions[:, None] >> np.arange(players) & 1 == 1, COMMON, SIDE)
    expected = game.interoperability_loss(profiles)
    for r in range(game.draws):
        np.testing.assert_allclose(_losses(game, r), expected[r], rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("players", [1, 3, 7])
def test_parts_add_up_to_what_all_save_together(players):
    found = stable_coalitions(random_losses(20 + players, players))
    np.testing.assert_allclose(found.shapley.sum(axis=1), found.loss_none - found.loss_all, atol=1e-12)


def test_nobody_in_no_table_and_no_names():
    game = random_losses(5, 3)
    assert leaving(game, []).empty
    found = stable_coalitions(game)
    assert found.members(0) == ()
    assert repr(found) == "<Coalitions: 3 players, 2 draws>"
