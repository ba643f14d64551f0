"""Stable configurations of a game: all pure equilibria, their margins, and which can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standards_net.alignment.games.game import Game, Profile
from standards_net.alignment.games.model_payoffs import simulated_payoffs
from standards_net.alignment.games.responses import best_responses
from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.polymatrix import pure_equilibria, quantal_response
from standards_net.errors import StandardsNetError
from standards_net.progress import Progress
from standards_net.randomness import RNGLike, SeedLike
from standards_net.results import INTERVAL

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Equilibria", "equilibria", "quantal", "verify_by_simulation"]

_MAX_EQUILIBRIA = 4096  # kept per draw
_MAX_NODES = 2_000_000  # branches per draw: about ten seconds; games of the model need some thousands


@dataclass(frozen=True, repr=False)
class Equilibria:
    """Pure equilibria of a game over its draws.

    Attributes
    ----------
    game : Game
    profiles : (E, P) array of int
        Every profile that is an equilibrium in some draw, the most frequent first.
    holds : (R, E) array of bool
        In which draws it is one.
    margin : (R, E) array
        Smallest loss from a unilateral deviation: by how much pay-offs may change before a player
        deviates. NaN where the profile is not an equilibrium.
    leaver : (R, E) array of int
        The player with that loss; -1 where the profile is not an equilibrium.
    reached : (E,) array
        Share of the paths of best responses from the start that end here.
    cycling : float
        Share of the paths that cycle.
    complete : bool
        Whether the search finished in every draw, so that no equilibrium is missing.
    """

    game: Game
    profiles: IntArray
    holds: np.ndarray
    margin: FloatArray
    leaver: IntArray
    reached: FloatArray
    cycling: float
    complete: bool

    def __repr__(self) -> str:
        """One line."""
        counts = self.holds.sum(axis=1)
        return (
            f"<Equilibria: {len(self.profiles)} profiles in {len(counts)} draws, "
            f"{counts.min()} to {counts.max()} per draw>"
        )

    @property
    def share(self) -> FloatArray:
        """Share of the draws in which each profile is an equilibrium, (E,)."""
        return np.asarray(self.holds.mean(axis=0))

    def choices(self) -> FloatArray:
        """Probability that a player makes a choice, (P, C): draws weigh equally, as do equilibria of a draw.

        Draws without a pure equilibrium are left out.
        """
        some = self.holds[self.holds.any(axis=1)]
        if not len(some):
            return np.full((len(self.game.players), len(self.game.choices)), np.nan)
        weight = (some / some.sum(axis=1, keepdims=True)).mean(axis=0)
        shown = np.eye(len(self.game.choices))[self.profiles]
        return np.asarray(np.einsum("e,epc->pc", weight, shown))

    def to_frame(self) -> pd.DataFrame:
        """One row per equilibrium, with median and interval of the margin over the draws that have it."""
        import pandas as pd

        rows = []
        for e, profile in enumerate(self.profiles):
            there = self.holds[:, e]
            low, median, high = np.quantile(self.margin[there, e], INTERVAL)
            who, times = np.unique(self.leaver[there, e], return_counts=True)
            row: dict[str, object] = {
                "share_of_draws": float(there.mean()),
                "reached": float(self.reached[e]),
                "margin": median,
                "margin_low": low,
                "margin_high": high,
                "first_to_leave": self.game.players[int(who[times.argmax()])],
            }
            if self.game.loss is not None:
                loss = self.game.interoperability_loss(profile)[there]
                row |= dict(zip(("loss_low", "loss", "loss_high"), np.quantile(loss, INTERVAL), strict=True))
            rows.append(row | self.game.players_by_choice(profile))
        names = ["share_of_draws", "reached", "margin", "margin_low", "margin_high", "first_to_leave"]
        names += [] if self.game.loss is None else ["loss_low", "loss", "loss_high"]
        return pd.DataFrame(rows, columns=[*names, *self.game.choices])


def equilibria(
    game: Game, *, start: Profile | None = None, orders: int = 16, rng: RNGLike | SeedLike | None = None
) -> Equilibria:
    """Find all pure equilibria in every draw, their margins, and how often each is reached.

    The search is exhaustive by branch and bound: every profile is either examined or ruled out.

    Parameters
    ----------
    game : Game
    start : profile or None
        Initial profile of the paths; the game's start, the alignments of 2019, if None.
    orders : int
        Random orders of moving per draw, each giving one path of best responses.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed of the orders, as in SPEC 7.

    Returns
    -------
    Equilibria

    References
    ----------
    Nash, J. F. (1950), PNAS 36(1), doi:10.1073/pnas.36.1.48.

    Examples
    --------
    >>> from standards_net.alignment.games.game import game_of_propensities
    >>> found = equilibria(game_of_propensities([1.0] * 3, 1.0 - np.eye(3), names=list("ABC")), rng=1)
    >>> found.profiles.tolist(), found.reached.tolist()
    ([[0, 0, 0], [1, 1, 1]], [1.0, 0.0])
    """
    own, pair = game.terms
    by_draw, complete = [], True
    for r in range(game.draws):
        found, ended = pure_equilibria(own[r], pair[r], game.slack, _MAX_EQUILIBRIA, _MAX_NODES)
        by_draw.append(found)
        complete = complete and ended
    every = np.concatenate(by_draw)
    profiles, first = np.unique(every, axis=0, return_inverse=True)
    holds = np.zeros((game.draws, len(profiles)), dtype=bool)
    holds[np.repeat(np.arange(game.draws), [len(found) for found in by_draw]), first.ravel()] = True
    order = np.argsort(-holds.sum(axis=0), kind="stable")
    profiles, holds = profiles[order], holds[:, order]
    paths = best_responses(game, start=start, orders=orders, rng=rng)
    settled = (paths.period == 0)[..., None]
    reached = [float(((paths.ends == p).all(axis=2, keepdims=True) & settled).mean()) for p in profiles]
    margin, leaver = _margins(game, profiles, holds)
    cycling = float((paths.period > 0).mean())
    return Equilibria(game, profiles, holds, margin, leaver, np.array(reached), cycling, complete)


def _margins(game: Game, profiles: IntArray, holds: np.ndarray) -> tuple[FloatArray, IntArray]:
    """Smallest loss from a unilateral deviation, and the player that has it."""
    if not len(profiles):
        return np.zeros(holds.shape), np.zeros(holds.shape, dtype=np.int64)
    payoffs = game.deviation_payoffs(profiles)  # (R, E, P, C)
    at = np.broadcast_to(profiles, payoffs.shape[:-1])[..., None]
    current = np.take_along_axis(payoffs, at, axis=-1)[..., 0]
    elsewhere = payoffs.copy()
    np.put_along_axis(elsewhere, at, -np.inf, axis=-1)
    loss = current - elsewhere.max(axis=-1)
    return np.where(holds, loss.min(axis=-1), np.nan), np.where(holds, loss.argmin(axis=-1), -1)


def verify_by_simulation(game: Game, profile: Profile, *, progress: Progress | None = None) -> pd.DataFrame:
    """Check an equilibrium against the model: simulate it, and every unilateral deviation.

    Parameters
    ----------
    game : Game
        Built from the model.
    profile : profile
    progress : callable or None
        Called with (configurations done, in all).

    Returns
    -------
    DataFrame
        One row per player: its choice, the share of the draws in which it is best by the fitted terms and by
        simulation, and the median loss from deviating, by both. ``attrs["stable"]``: the share of
        the draws in which the whole profile is an equilibrium by ``terms`` and ``simulated``.

    Raises
    ------
    StandardsNetError
        The game does not come from the model.
    """
    import pandas as pd

    at = game.single_profile(profile)
    choices = range(len(game.choices))
    changed = [[*at[:i], c, *at[i + 1 :]] for i in range(len(at)) for c in choices if c != at[i]]
    profiles = np.array([at.tolist(), *changed])
    player = np.repeat(np.arange(len(at)), len(game.choices) - 1)
    columns, stable = {}, {}
    for name, payoffs in (
        ("terms", game.payoffs(profiles)),
        ("simulated", simulated_payoffs(game, profiles, progress)),
    ):
        current = payoffs[:, 0]
        elsewhere = payoffs[:, 1:][:, np.arange(len(player)), player]
        loss = current - elsewhere.reshape(game.draws, len(at), -1).max(axis=2)
        columns[f"stays_by_{name}"] = (loss >= -game.slack).mean(axis=0)
        columns[f"deviation_loss_{name}"] = np.median(loss, axis=0)
        stable[name] = float((loss >= -game.slack).all(axis=1).mean())
    table = pd.DataFrame({"player": game.players, "choice": [game.choices[c] for c in at], **columns})
    table.attrs = {"stable": stable}
    return table


def quantal(game: Game, sharpness: float = 10.0) -> FloatArray:
    r"""Probabilities of each choice where players perceive pay-offs with noise.

    Logit equilibrium with :math:`\lambda_i` = ``sharpness`` per thousandth of the player's GDP: at 10,
    a choice whose pay-off is larger by a tenth of a thousandth of GDP is chosen e times as often.

    Parameters
    ----------
    game : Game
    sharpness : float
        0 gives equal probabilities; large values approach best responses.

    Returns
    -------
    (R, P, C) array

    Raises
    ------
    StandardsNetError
        Sharpness below 0 or not finite.

    References
    ----------
    McKelvey, R. D. & Palfrey, T. R. (1995), Games and Economic Behavior 10(1), doi:10.1006/game.1995.1023.

    Examples
    --------
    >>> from standards_net.alignment.games.game import game_of_propensities
    >>> quantal(game_of_propensities([1.0, 1.0], 1.0 - np.eye(2)), 0.0)[0, 0].tolist()
    [0.5, 0.5]
    """
    if not 0.0 <= sharpness < np.inf:
        raise StandardsNetError(f"sharpness is {sharpness!r}; it must be a number of 0 or more.")
    scale = np.broadcast_to(sharpness / (1e-3 * game.gdp_usd), (game.draws, len(game.players)))
    return quantal_response(*game.terms, scale)
