"""Agreements on one common standard: stable coalitions, who leaves, what would keep them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standards_net.alignment.games.game import Game
from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.coalitions import shapley_values
from standards_net.core.polymatrix import utilities
from standards_net.errors import StandardsNetError, one_of
from standards_net.results import INTERVAL

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MAX_PLAYERS", "Coalitions", "leaving", "stable_coalitions"]

COMMON, SIDE = 0, 1
MAX_PLAYERS = 22  # some hundred megabytes per draw


@dataclass(frozen=True, repr=False)
class Coalitions:
    """Coalitions for one common standard, in R draws. Coalition m contains the players with bits set in m.

    Attributes
    ----------
    game : Game
    kept_at : float
        A coalition keeps one common standard if it saves at least this share of the interoperability loss
        that the grand coalition saves; if that saves nothing, none does.
    smallest : (R,) array of int
        Size of the smallest coalition that keeps one standard and that no member wants to leave; -1
        where there is none.
    smallest_paid : (R,) array of int
        The same if members may pay each other: their gains from staying add up to 0 or more.
    smallest_any : (R,) array of int
        Size of the smallest coalition that keeps one standard, stable or not.
    chosen, chosen_paid : (R,) array of int
        Index of that coalition; among equally small ones, of the one with the lowest loss.
    full_holds : (R,) array of bool
        Whether no member wants to leave the grand coalition.
    stable : (R,) array of int
        Number of coalitions that are internally and externally stable.
    loss_none, loss_all : (R,) array
        World interoperability loss if no player, and if every player, keeps to the common standard.
    shapley : (R, P) array
        Shapley value of each player in what the grand coalition saves.
    """

    game: Game
    kept_at: float
    smallest: IntArray
    smallest_paid: IntArray
    smallest_any: IntArray
    chosen: IntArray
    chosen_paid: IntArray
    full_holds: BoolArray
    stable: IntArray
    loss_none: FloatArray
    loss_all: FloatArray
    shapley: FloatArray

    def __repr__(self) -> str:
        """One line."""
        return f"<Coalitions: {len(self.game.players)} players, {len(self.smallest)} draws>"

    def members(self, coalition: int) -> tuple[str, ...]:
        """Players of a coalition.

        Raises
        ------
        StandardsNetError
            Not a coalition, such as the -1 of a draw that has none.
        """
        if not 0 <= coalition < 2 ** len(self.game.players):
            raise StandardsNetError(
                f"there is no coalition {coalition}; numbers go from 0 to 2**players - 1."
            )
        return tuple(p for i, p in enumerate(self.game.players) if coalition >> i & 1)

    def to_frame(self) -> pd.DataFrame:
        """One row per player: how often it is in the smallest coalition, and its part in the saving."""
        import pandas as pd

        def how_often(chosen: IntArray) -> FloatArray:
            there = chosen[chosen >= 0]
            bits = (there[:, None] >> np.arange(len(self.game.players))) & 1
            return np.asarray(bits.mean(axis=0) if len(there) else np.full(bits.shape[1], np.nan))

        low, median, high = np.quantile(self.shapley, INTERVAL, axis=0)
        table = pd.DataFrame(
            {
                "player": self.game.players,
                "in_smallest": how_often(self.chosen),
                "in_smallest_paid": how_often(self.chosen_paid),
                "saving": median,
                "saving_low": low,
                "saving_high": high,
            }
        )
        return table.sort_values("saving", ascending=False, kind="stable").reset_index(drop=True)


def stable_coalitions(game: Game, kept_at: float = 0.75) -> Coalitions:
    """Examine every coalition of an agreement game, in every draw.

    A coalition is internally stable if no member gains by leaving alone for its side, and externally
    stable if no outsider gains by joining (d'Aspremont et al. 1983). With payments it is enough that the
    members' total covers what each would have by leaving alone (potential internal stability).

    Parameters
    ----------
    game : Game
        From ``agreement_game``: choices ``common`` and ``side``.
    kept_at : float
        Share of the interoperability loss saved by the grand coalition from which one common standard
        counts as kept; above 0, at most 1.

    Returns
    -------
    Coalitions

    Raises
    ------
    StandardsNetError
        Another kind of game, or more than 22 players.

    References
    ----------
    d'Aspremont, C., Jacquemin, A., Gabszewicz, J. J. & Weymark, J. A. (1983), Canadian Journal of Economics
    16(1), doi:10.2307/134972. Carraro, C., Eyckmans, J. & Finus, M. (2006), Review of International
    Organizations 1(4), doi:10.1007/s11558-006-0162-5.
    """
    _check_agreement(game)
    if len(game.players) > MAX_PLAYERS:
        raise StandardsNetError(
            f"{len(game.players)} players make 2**{len(game.players)} coalitions; take at most {MAX_PLAYERS}."
        )
    if not 0.0 < kept_at <= 1.0:
        raise StandardsNetError(f"kept_at is {kept_at!r}; it must be above 0 and at most 1.")
    by_draw = [_of_draw(game, r, kept_at) for r in range(game.draws)]
    found = {name: np.array([values[name] for values in by_draw]) for name in by_draw[0]}
    return Coalitions(game, kept_at, **found)


def _of_draw(game: Game, r: int, kept_at: float) -> dict[str, object]:
    players = len(game.players)
    own, pair = (term[r] for term in game.terms)
    alone = own[:, COMMON] - own[:, SIDE] + (pair[:, COMMON, :, SIDE] - pair[:, SIDE, :, SIDE]).sum(axis=1)
    change = (
        pair[:, COMMON, :, COMMON]
        - pair[:, SIDE, :, COMMON]
        - pair[:, COMMON, :, SIDE]
        + pair[:, SIDE, :, SIDE]
    )
    coalitions = np.arange(2**players)
    internal = np.ones(2**players, dtype=bool)
    external = internal.copy()
    surplus, size = np.zeros(2**players), np.zeros(2**players, dtype=np.int64)
    for i in range(players):
        gain_of_staying = _over_coalitions(alone[i], change[i])
        member = coalitions >> i & 1 == 1
        internal &= ~member | (gain_of_staying >= -game.slack[i])
        external &= member | (gain_of_staying <= game.slack[i])
        surplus += np.where(member, gain_of_staying, 0.0)
        size += member
    loss = _losses(game, r)
    kept = (loss[0] - loss >= kept_at * (loss[0] - loss[-1])) & (loss[-1] < loss[0])
    smallest, chosen = _smallest(internal & kept, size, loss)
    smallest_paid, chosen_paid = _smallest((surplus >= -game.slack.sum()) & kept, size, loss)
    return {
        "smallest": smallest,
        "smallest_paid": smallest_paid,
        "smallest_any": _smallest(kept, size, loss)[0],
        "chosen": chosen,
        "chosen_paid": chosen_paid,
        "full_holds": bool(internal[-1]),
        "stable": int((internal & external).sum()),
        "loss_none": float(loss[0]),
        "loss_all": float(loss[-1]),
        "shapley": shapley_values(loss[0] - loss),
    }


def _over_coalitions(empty: float, change: FloatArray) -> FloatArray:
    """Sum over members for all coalitions, (2^P,), built by doubling: ``change[j]`` if j is a member."""
    table = np.empty(2 ** len(change))
    table[0] = empty
    for j, added in enumerate(change):
        table[2**j : 2 ** (j + 1)] = table[: 2**j] + added
    return table


def _losses(game: Game, r: int) -> FloatArray:
    """World interoperability loss of every coalition, (2^P,): a quadratic form, built by doubling."""
    if game.loss is None:
        raise StandardsNetError("this game has no interoperability loss; build it with agreement_game.")
    players = len(game.players)
    own, pair = (term[r] for term in game.loss)
    rest_own, rest = own[-1, 0], pair[-1, 0, :-1]  # all other countries, which have no choice
    own = own[:-1] + pair[:-1, :, -1, 0]
    both = pair[:-1, :, :-1]
    both = both + both.transpose(2, 3, 0, 1)  # effect of i and j on each other's part
    alone = own[:, COMMON] - own[:, SIDE] + rest[:, COMMON] - rest[:, SIDE]
    alone += (both[:, COMMON, :, SIDE] - both[:, SIDE, :, SIDE]).sum(axis=1)
    change = (
        both[:, COMMON, :, COMMON]
        - both[:, SIDE, :, COMMON]
        - both[:, COMMON, :, SIDE]
        + both[:, SIDE, :, SIDE]
    )
    loss = np.empty(2**players)
    loss[0] = rest_own + rest[:, SIDE].sum() + own[:, SIDE].sum() + 0.5 * both[:, SIDE, :, SIDE].sum()
    for j in range(players):
        loss[2**j : 2 ** (j + 1)] = loss[: 2**j] + _over_coalitions(alone[j], change[j, :j])
    return loss


def _smallest(wanted: BoolArray, size: IntArray, loss: FloatArray) -> tuple[int, int]:
    """Size and index of the smallest wanted coalition, ties broken by the lowest loss; -1 if none."""
    if not wanted.any():
        return -1, -1
    least = int(size[wanted].min())
    candidates = np.flatnonzero(wanted & (size == least))
    return least, int(candidates[loss[candidates].argmin()])


def _check_agreement(game: Game) -> None:
    if game.choices != ("common", "side"):
        raise StandardsNetError(
            f"the game's choices are {', '.join(game.choices)}; coalitions need an agreement_game "
            "(common, side)."
        )


def leaving(game: Game, members: Sequence[str]) -> pd.DataFrame:
    """Who would leave a coalition for one common standard, why, and what would keep them in.

    Parameters
    ----------
    game : Game
        From ``agreement_game``.
    members : sequence of str
        Players that keep to the common standard; the others join their side.

    Returns
    -------
    DataFrame
        One row per member: gain from leaving alone (median, low, high; per year), the share of the draws in
        which it is positive, the payment that would keep the member in 90 % of the draws, and the medians
        of the gain's items.

    Raises
    ------
    StandardsNetError
        Another kind of game, unknown members.
    """
    import pandas as pd

    _check_agreement(game)
    for name in [members] if isinstance(members, str) else members:
        if name not in game.players:
            raise StandardsNetError(one_of("player", name, game.players) + ".")
    at = np.array([COMMON if p in set(members) else SIDE for p in game.players])
    one_hot = np.broadcast_to(np.eye(2)[at], (game.draws, 1, len(at), 2))
    gains = {
        item: (lambda payoffs: payoffs[..., SIDE] - payoffs[..., COMMON])(utilities(*terms, one_hot)[:, 0])
        for item, terms in game.items.items()
    }
    gain = np.sum(list(gains.values()), axis=0)
    rows = []
    for i in np.flatnonzero(at == COMMON):
        low, median, high = np.quantile(gain[:, i], INTERVAL)
        row = {
            "player": game.players[i],
            "gain": median,
            "gain_low": low,
            "gain_high": high,
            "leaves": float((gain[:, i] > game.slack[i]).mean()),
            "payment": max(float(np.quantile(gain[:, i], 0.9)), 0.0),
        }
        rows.append(row | {item: float(np.median(values[:, i])) for item, values in gains.items()})
    columns = ["player", "gain", "gain_low", "gain_high", "leaves", "payment", *gains]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("gain", ascending=False, kind="stable").reset_index(drop=True)
