"""Best-response dynamics from a profile, players moving in turn or all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standards_net.alignment.games.game import Game, Profile
from standards_net.checks import checked_count
from standards_net.core.arrays import BoolArray, IntArray
from standards_net.core.polymatrix import utilities
from standards_net.errors import StandardsNetError, one_of
from standards_net.randomness import RNGLike, SeedLike, seed_of, uniforms

__all__ = ["ORDERS", "Responses", "best_responses", "respond"]

ORDERS = ("asynchronous", "simultaneous")


@dataclass(frozen=True, repr=False)
class Responses:
    """Paths of best responses from a profile, in R draws and L orders of moving.

    Attributes
    ----------
    ends : (R, L, P) array of int
        Last profile of each path.
    period : (R, L) array of int
        0: settled; p: cycles every p rounds; -1: still moving after the last round.
    rounds : (R, L) array of int
        Rounds until the path settled or first returned to an earlier profile.
    """

    ends: IntArray
    period: IntArray
    rounds: IntArray

    def status(self) -> tuple[str, ...]:
        """One phrase per draw, for its first order.

        Examples
        --------
        >>> Responses(np.zeros((2, 1, 3), int), np.array([[0], [3]]), np.array([[2], [5]])).status()
        ('settled after 2 rounds', 'cycling with period 3')
        """

        def describe(period: int, rounds: int) -> str:
            if period == 0:
                return f"settled after {rounds} rounds"
            return f"cycling with period {period}" if period > 0 else f"still moving after {rounds} rounds"

        return tuple(
            describe(int(p), int(n)) for p, n in zip(self.period[:, 0], self.rounds[:, 0], strict=True)
        )


def best_responses(
    game: Game,
    *,
    start: Profile | None = None,
    order: str = "asynchronous",
    orders: int = 1,
    rounds: int = 200,
    rng: RNGLike | SeedLike | None = None,
) -> Responses:
    """Follow best responses until no player moves, or the path cycles.

    Parameters
    ----------
    game : Game
    start : profile or None
        The game's start if None.
    order : {"asynchronous", "simultaneous"}
        Players move in turn, in a random order that is the same in each round, or all at once.
    orders : int
        Random orders per draw; ``simultaneous`` has only one.
    rounds : int
        Maximum number of rounds.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed of the orders, as in SPEC 7.

    Returns
    -------
    Responses

    Raises
    ------
    StandardsNetError
        Unknown order, invalid counts, or an invalid start.

    Examples
    --------
    >>> from standards_net.alignment.games.game import game_of_propensities
    >>> chase = game_of_propensities([1.0, 1.0], [[0.0, 1.0], [-1.0, 0.0]])
    >>> best_responses(chase, rng=1).status()
    ('cycling with period 2',)
    """
    if order not in ORDERS:
        raise StandardsNetError(one_of("order of moving", order, ORDERS) + ".")
    checked_count("orders", orders)
    checked_count("rounds", rounds)
    players, lanes = len(game.players), orders if order == "asynchronous" else 1
    first = game.profile_indices(game.start if start is None else start)
    now = np.tile(first, (game.draws, lanes, 1))
    turns = _turns(game.draws, lanes, players, seed_of(rng)) if order == "asynchronous" else None
    period = np.full(now.shape[:2], -1)
    lasted = np.full(now.shape[:2], rounds)
    history = [now]
    for n in range(1, rounds + 1):
        now = _moved(game, now, None) if turns is None else _round(game, now, turns)
        for ago, before in enumerate(reversed(history)):
            back = (before == now).all(axis=2) & (period == -1)
            period[back] = ago if ago == 0 else ago + 1
            lasted[back] = n - 1 if ago == 0 else n
        history.append(now)
        if (period >= 0).all():
            break
    return Responses(now, period, lasted)


def respond(game: Game, profiles: IntArray, rounds: int = 200) -> tuple[IntArray, BoolArray]:
    """Best responses from one profile per draw, (R, P), players moving in turn in their listed order.

    Returns
    -------
    profiles : (R, P) array of int
        Profiles once no player moves any more, or after the last round.
    settled : (R,) array of bool
    """
    now = before = profiles[:, None]
    turns = np.broadcast_to(np.arange(len(game.players)), now.shape)
    for _ in range(rounds):
        before, now = now, _round(game, now, turns)
        if (before == now).all():
            break
    return now[:, 0], (before == now).all(axis=(1, 2))


def _turns(draws: int, lanes: int, players: int, seed: int) -> IntArray:
    random = uniforms(seed, ["order of moving", str(players)], slice(0, draws), lanes * players)
    return np.asarray(random.reshape(draws, lanes, players).argsort(axis=2))


def _round(game: Game, now: IntArray, turns: IntArray) -> IntArray:
    for turn in range(turns.shape[2]):
        now = _moved(game, now, turns[:, :, turn])
    return now


def _moved(game: Game, now: IntArray, who: IntArray | None) -> IntArray:
    """Best responses of the players in ``who`` (R, L), or of all; those that gain nothing stay."""
    payoffs = utilities(*game.terms, np.eye(len(game.choices))[now])
    current = np.take_along_axis(payoffs, now[..., None], axis=-1)[..., 0]
    better = payoffs.max(axis=-1) > current + game.slack
    moved = np.where(better, payoffs.argmax(axis=-1), now)
    if who is None:
        return moved
    after = now.copy()
    np.put_along_axis(after, who[..., None], np.take_along_axis(moved, who[..., None], axis=-1), axis=-1)
    return after
