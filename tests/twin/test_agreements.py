"""Coalitions for one common standard against the definitions, looked up one coalition at a time."""

import numpy as np
import pytest

from standards_net.alignment.games.agreements import leaving, stable_coalitions
from standards_net.alignment.games.game import Game
from standards_net.alignment.games.payoffs import Terms

COMMON, SIDE = 0, 1
PLAYERS, DRAWS = 5, 4


def random_agreement(seed, whole=False):
    """Pay-offs of two items, and a loss that coalitions of any kind may lower."""
    rng = np.random.default_rng([seed, whole])

    def numbers(*shape):
        drawn = rng.integers(-2, 3, shape).astype(float) if whole else rng.normal(size=shape)
        if len(shape) == 5:
            for i in range(shape[1]):
                drawn[:, i, :, i] = 0.0
        return drawn

    def terms(players):
        return Terms(numbers(DRAWS, players, 2), numbers(DRAWS, players, 2, players, 2))

    items = {"network": terms(PLAYERS), "security": terms(PLAYERS)}
    # Holding to the common standard costs a little and pays where others do.
    items["network"].own[:, :, COMMON] -= 1.0
    items["network"].pair[:, :, COMMON, :, COMMON] += 1.0 - np.eye(PLAYERS)
    return Game(
        players=tuple("ABCDE"),
        choices=("common", "side"),
        items=items,
        start=np.ones(PLAYERS, dtype=int),
        unit="USD per year",
        gdp_usd=np.ones(PLAYERS),
        loss=terms(PLAYERS + 1),
    )


def slow_coalitions(game, r, kept_at):
    """All that is asked of the coalitions of one draw, from the pay-offs of every profile."""

    def profile(members):
        return [COMMON if i in members else SIDE for i in range(PLAYERS)]

    def gets(members, i):
        return float(game.payoffs(profile(members))[r, i])

    every = [frozenset(i for i in range(PLAYERS) if m >> i & 1) for m in range(2**PLAYERS)]
    loss = [float(game.interoperability_loss(profile(members))[r]) for members in every]
    slack = 1e-9
    inside = [all(gets(s, i) >= gets(s - {i}, i) - slack for i in s) for s in every]
    outside = [
        all(gets(s | {i}, i) <= gets(s, i) + slack for i in range(PLAYERS) if i not in s) for s in every
    ]
    # With payments what all have together must cover what each would have by leaving alone.
    paid = [sum(gets(s, i) for i in s) >= sum(gets(s - {i}, i) for i in s) - slack for s in every]
    all_save = loss[0] - loss[-1]
    kept = [all_save > 0.0 and loss[0] - one >= kept_at * all_save for one in loss]

    def smallest(holds):
        wanted = [m for m in range(2**PLAYERS) if holds[m] and kept[m]]
        if not wanted:
            return -1, -1
        least = min(len(every[m]) for m in wanted)
        return least, min((m for m in wanted if len(every[m]) == least), key=lambda m: loss[m])

    return {
        "smallest": smallest(inside)[0],
        "chosen": smallest(inside)[1],
        "smallest_paid": smallest(paid)[0],
        "chosen_paid": smallest(paid)[1],
        "smallest_any": smallest([True] * 2**PLAYERS)[0],
        "full_holds": inside[-1],
        "stable": sum(a and b for a, b in zip(inside, outside, strict=True)),
        "loss_none": loss[0],
        "loss_all": loss[-1],
    }


@pytest.mark.parametrize("kept_at", [0.3, 0.75, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_coalitions_are_stable_by_definition(seed, kept_at):
    game = random_agreement(seed)
    found = stable_coalitions(game, kept_at)
    for r in range(DRAWS):
        for name, value in slow_coalitions(game, r, kept_at).items():
            assert getattr(found, name)[r] == pytest.approx(value, rel=1e-12, abs=1e-12), name


@pytest.mark.parametrize("seed", range(4))
def test_who_is_indifferent_neither_leaves_nor_joins(seed):
    """Whole numbers, many ties: a member who gains nothing by leaving stays, an outsider stays out."""
    game = random_agreement(seed, whole=True)
    found = stable_coalitions(game)
    for r in range(DRAWS):
        twin = slow_coalitions(game, r, 0.75)
        for name in ("smallest", "smallest_paid", "smallest_any", "full_holds", "stable"):
            assert getattr(found, name)[r] == twin[name], name


def test_some_draws_have_a_stable_coalition_and_some_have_none():
    """Or the twins above show little."""
    found = [stable_coalitions(random_agreement(seed), 0.3) for seed in range(4)]
    smallest = np.concatenate([one.smallest for one in found])
    assert (smallest == -1).any()
    assert (smallest > 0).any()
    paid = np.concatenate([one.smallest_paid for one in found])
    assert (paid != smallest).any()


@pytest.mark.parametrize("members", [("A", "C", "E"), tuple("ABCDE"), ("B",)])
def test_gains_from_leaving_alone(members):
    game = random_agreement(9)
    table = leaving(game, members).set_index("player")
    assert sorted(table.index) == sorted(members)
    together = [COMMON if p in members else SIDE for p in game.players]
    for player, row in table.iterrows():
        i = game.players.index(player)
        alone = list(together)
        alone[i] = SIDE
        gain = [float(game.payoffs(alone)[r, i] - game.payoffs(together)[r, i]) for r in range(DRAWS)]
        low, median, high = np.quantile(gain, [0.05, 0.5, 0.95])
        assert [row["gain_low"], row["gain"], row["gain_high"]] == pytest.approx([low, median, high])
        assert row["leaves"] == sum(g > 1e-9 for g in gain) / DRAWS
        assert row["payment"] == pytest.approx(max(float(np.quantile(gain, 0.9)), 0.0))
        for item in game.items:
            part = game.only([item])
            of_item = part.payoffs(alone)[:, i] - part.payoffs(together)[:, i]
            assert row[item] == pytest.approx(float(np.median(of_item)))
    assert table["gain"].is_monotonic_decreasing
