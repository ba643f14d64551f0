"""The alignment game: what each country gets for each choice, given what the others choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from standards_net.alignment.games.payoffs import Terms
from standards_net.checks import checked_count
from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.polymatrix import utilities
from standards_net.errors import StandardsNetError, one_of
from standards_net.labels import aligned_by_label, is_missing, labels_of, without_labels
from standards_net.progress import Progress
from standards_net.results import INTERVAL

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Game", "Profile", "Simulator", "game_of_propensities"]

Profile = Mapping[str, str] | Sequence[str] | npt.NDArray[np.int64]


class Simulator(Protocol):
    """Interface to the model behind a game: a function from profiles to pay-offs."""

    def keeping(self, choices: Sequence[int]) -> Simulator:
        """The same simulator, restricted to some of the choices."""
        ...

    def simulate(self, profiles: IntArray, progress: Progress | None = None) -> FloatArray:
        """Simulated items of (M, P) profiles, (M, R, P + 1, items)."""
        ...


@dataclass(frozen=True, repr=False)
class Game:
    """Players, choices, and pay-offs that are sums of own and pairwise terms, in R draws.

    Attributes
    ----------
    players : tuple of str, length P
    choices : tuple of str, length C
    items : mapping of item to Terms
        ``own`` (R, P, C) and ``pair`` (R, P, C, P, C); a pay-off is the sum over the items.
    start : (P,) array of int
        Initial choices: those of 2019.
    unit : str
    gdp_usd : (P,) array
        Scale of each player, for :func:`quantal`; ones where pay-offs are not money.
    conditional_on : str
        Assumptions behind the pay-offs, for captions.
    loss : Terms or None
        World interoperability loss in terms of the same form; the last row stands for all other countries.
    error : DataFrame or None
        Error of the terms against simulated pay-offs, on held-out configurations where there are any.
    simulator : Simulator or None
        The model behind the terms, to simulate profiles.

    Examples
    --------
    >>> game = game_of_propensities([2.0, 1.0], [[0.0, 1.0], [1.0, 0.0]], names=["A", "B"])
    >>> game.payoffs({"A": "bloc 1", "B": "bloc 2"}).tolist()
    [[-1.0, -2.0]]
    """

    players: tuple[str, ...]
    choices: tuple[str, ...]
    items: Mapping[str, Terms]
    start: IntArray
    unit: str
    gdp_usd: FloatArray
    conditional_on: str = "the pay-offs given"
    loss: Terms | None = None
    error: pd.DataFrame | None = None
    simulator: Simulator | None = None

    def __repr__(self) -> str:
        """One line."""
        return (
            f"<Game: {len(self.players)} players, choices {', '.join(self.choices)}, {self.draws} draws, "
            f"{len(self.items)} items>"
        )

    @cached_property
    def terms(self) -> Terms:
        """Terms summed over the items."""
        own, pair = zip(*self.items.values(), strict=True)
        return Terms(np.sum(own, axis=0), np.sum(pair, axis=0))

    @property
    def draws(self) -> int:
        """Number of draws, R."""
        return len(self.terms.own)

    @property
    def slack(self) -> FloatArray:
        """Largest gain that is treated as zero, (P,): rounding, not indifference."""
        own, pair = self.terms
        largest = np.abs(own).max(axis=(0, 2)) + np.abs(pair).max(axis=(0, 2, 4)).sum(axis=1)
        return np.asarray(1e-12 * largest)

    def profile_indices(self, profile: Profile) -> IntArray:
        """Choices as indices into ``choices``, (P,) or (M, P).

        Parameters
        ----------
        profile : mapping of player to choice, sequence of choices in the players' order, or array of int

        Raises
        ------
        StandardsNetError
            Unknown or missing player, unknown choice, or an array of another shape.
        """
        if isinstance(profile, Mapping):
            return self.profile_indices(self._ordered(profile))
        if labels_of(profile) and hasattr(profile, "to_dict") and np.ndim(profile) == 1:  # a Series by player
            return self.profile_indices(self._ordered(profile.to_dict()))
        without_labels("profile", profile)
        given = np.asarray(profile)
        if given.dtype.kind in "US":
            for name in given.ravel():
                if name not in self.choices:
                    raise StandardsNetError(one_of("choice", name, self.choices) + ".")
            given = np.vectorize(self.choices.index, otypes=[np.int64])(given)
        if given.dtype.kind not in "iu":
            raise StandardsNetError(
                f"a profile holds {given.dtype} values; give names or indices of choices."
            )
        if given.ndim not in (1, 2) or given.shape[-1] != len(self.players):
            raise StandardsNetError(
                f"a profile has shape {given.shape}; it must name one choice for each of "
                f"{len(self.players)} players."
            )
        if given.size and (given.min() < 0 or given.max() >= len(self.choices)):
            raise StandardsNetError(f"choices are indices from 0 to {len(self.choices) - 1}.")
        return given.astype(np.int64)

    def _ordered(self, profile: Mapping[str, str]) -> list[str]:
        """Choices by name in the players' order."""
        for name in profile:
            if name not in self.players:
                raise StandardsNetError(one_of("player", name, self.players) + ".")
        missing = [p for p in self.players if p not in profile]
        if missing:
            raise StandardsNetError(
                f"the profile has no choice for {', '.join(missing)}; every player needs one."
            )
        return [profile[p] for p in self.players]

    def single_profile(self, profile: Profile) -> IntArray:
        """As :meth:`profile_indices`, for exactly one profile, (P,)."""
        found = self.profile_indices(profile)
        if found.ndim != 1:
            raise StandardsNetError(f"{len(found)} profiles are given; give one.")
        return found

    def deviation_payoffs(self, profile: Profile) -> FloatArray:
        """Pay-off of each choice to each player while the others keep to the profile.

        Returns
        -------
        (R, P, C) array, or (R, M, P, C) for M profiles
        """
        given = self.profile_indices(profile)
        one_hot = np.eye(len(self.choices))[np.atleast_2d(given)]
        many = utilities(*self.terms, np.broadcast_to(one_hot, (self.draws, *one_hot.shape)))
        return many if given.ndim == 2 else np.asarray(many[:, 0])

    def payoffs(self, profile: Profile) -> FloatArray:
        """Pay-off of each player in one profile or in many.

        Returns
        -------
        (R, P) array, or (R, M, P) for M profiles
        """
        given = self.profile_indices(profile)
        worth = self.deviation_payoffs(given)
        return np.take_along_axis(worth, np.broadcast_to(given, worth.shape[:-1])[..., None], axis=-1)[..., 0]

    def interoperability_loss(self, profile: Profile) -> FloatArray:
        """World interoperability loss in the last year, by the fitted terms: (R,), or (R, M).

        Raises
        ------
        StandardsNetError
            The game does not come from the model.
        """
        if self.loss is None:
            raise StandardsNetError("this game has no interoperability loss; build it with alignment_game.")
        given = np.atleast_2d(self.profile_indices(profile))
        others = np.zeros((len(given), 1), dtype=np.int64)  # all other countries, which have no choice
        full = np.concatenate([given, others], axis=1)
        one_hot = np.eye(len(self.choices))[full]
        parts = utilities(*self.loss, np.broadcast_to(one_hot, (self.draws, *one_hot.shape)))
        total = np.take_along_axis(parts, np.broadcast_to(full, parts.shape[:-1])[..., None], axis=-1)
        summed = total[..., 0].sum(axis=-1)
        return np.asarray(summed if np.ndim(self.profile_indices(profile)) == 2 else summed[:, 0])

    def without(self, choice: str) -> Game:
        """The same game without one choice; players that start with it start with the best remaining one.

        Raises
        ------
        StandardsNetError
            Unknown choice, or only two choices.

        Examples
        --------
        >>> game_of_propensities([1.0] * 3, 1.0 - np.eye(3), blocs=3).without("bloc 3").choices
        ('bloc 1', 'bloc 2')
        """
        if choice not in self.choices:
            raise StandardsNetError(one_of("choice", choice, self.choices) + ".")
        if len(self.choices) <= 2:
            raise StandardsNetError(f"without '{choice}' only one choice is left.")
        kept = [c for c, name in enumerate(self.choices) if name != choice]
        left = self.deviation_payoffs(self.start)[..., kept].mean(axis=0).argmax(axis=-1)
        start = [
            kept.index(at) if at in kept else int(best) for at, best in zip(self.start, left, strict=True)
        ]
        cut = {name: _cut(terms, kept) for name, terms in self.items.items()}
        simulator = None if self.simulator is None else self.simulator.keeping(kept)
        loss = None if self.loss is None else _cut(self.loss, kept)
        names = tuple(self.choices[c] for c in kept)
        condition = f"{self.conditional_on}; without {choice}"
        return replace(
            self,
            choices=names,
            items=cut,
            start=np.array(start),
            loss=loss,
            simulator=simulator,
            conditional_on=condition,
        )

    def only(self, items: Sequence[str]) -> Game:
        """The same game with only some items of the pay-offs, to see what a result depends on.

        Raises
        ------
        StandardsNetError
            Unknown items, or none.
        """
        if not items:
            raise StandardsNetError("no item given; name at least one.")
        if isinstance(items, str):
            raise StandardsNetError(f"items are {items!r}; give a list of names.")
        for item in items:
            if item not in self.items:
                raise StandardsNetError(one_of("item", item, self.items) + ".")
        condition = f"{self.conditional_on}; items {', '.join(items)} only"
        kept = {item: self.items[item] for item in items}
        return replace(self, items=kept, conditional_on=condition, error=None)

    def payoff_table(self, player: str, profile: Profile | None = None) -> pd.DataFrame:
        """Itemised pay-offs of one player for each choice, while the others keep to a profile.

        Parameters
        ----------
        player : str
        profile : profile or None
            The start if None.

        Returns
        -------
        DataFrame
            One row per item and one for their sum; median, low and high of each choice.
        """
        import pandas as pd

        if player not in self.players:
            raise StandardsNetError(one_of("player", player, self.players) + ".")
        at = self.single_profile(self.start if profile is None else profile)
        one_hot = np.broadcast_to(np.eye(len(self.choices))[at], (self.draws, 1, *self.terms.own.shape[1:]))
        i = self.players.index(player)
        by_item = {name: utilities(*terms, one_hot)[:, 0, i] for name, terms in self.items.items()}
        by_item["together"] = np.sum(list(by_item.values()), axis=0)
        rows = []
        for item, values in by_item.items():
            row: dict[str, object] = {"item": item}
            for c, choice in enumerate(self.choices):
                low, median, high = np.quantile(values[:, c], INTERVAL)
                row |= {choice: median, f"{choice}_low": low, f"{choice}_high": high}
            rows.append(row)
        return pd.DataFrame(rows)

    def players_by_choice(self, profile: IntArray) -> dict[str, str]:
        """Players that make each choice, comma-separated, by choice."""
        return {
            choice: ", ".join(p for p, at in zip(self.players, profile, strict=True) if at == c)
            for c, choice in enumerate(self.choices)
        }


def _cut(terms: Terms, kept: list[int]) -> Terms:
    return Terms(terms.own[..., kept], terms.pair[:, :, kept][..., kept])


@aligned_by_label(sizes=("player",), propensity=("player", "player"), names=("names", "player"))
def game_of_propensities(
    sizes: npt.ArrayLike,
    propensity: npt.ArrayLike,
    *,
    blocs: int = 2,
    names: Sequence[str] | None = None,
) -> Game:
    r"""Landscape theory as a game: a player's pay-off is its negative frustration.

    .. math:: u_i(a) = -\sum_{j \ne i} s_j p_{ij} [a_i \ne a_j]

    Propensities may be asymmetric here. Where they are symmetric the pure equilibria are the local minima
    of the landscape; where they are not there may be none, and best responses may cycle.

    Parameters
    ----------
    sizes : (n,) array
        Above 0.
    propensity : (n, n) array
        Propensity of i towards j; the diagonal is ignored.
    blocs : int
    names : sequence of str or None

    Raises
    ------
    StandardsNetError
        Arrays of mismatched shape, or invalid numbers.

    References
    ----------
    Axelrod, R. & Bennett, D. S. (1993), British Journal of Political Science 23(2),
    doi:10.1017/S000712340000973X.

    Examples
    --------
    >>> game_of_propensities([1.0, 1.0], [[0.0, 1.0], [-1.0, 0.0]])
    <Game: 2 players, choices bloc 1, bloc 2, 1 draws, 1 items>
    """
    s, p = np.asarray(sizes, dtype=np.float64), np.asarray(propensity, dtype=np.float64)
    if s.ndim != 1 or p.shape != (len(s), len(s)):
        raise StandardsNetError(
            f"sizes have shape {s.shape} and propensities {p.shape}; they must be (n,) and (n, n)."
        )
    p = np.where(np.eye(len(s), dtype=bool), 0.0, p)
    if not (np.isfinite(p).all() and np.isfinite(s).all() and (s > 0.0).all()):
        raise StandardsNetError("sizes must be numbers above 0 and propensities numbers.")
    if names is not None and len(names) != len(s):
        raise StandardsNetError(f"names hold {len(names)} entries for {len(s)} players.")
    if names is not None and any(is_missing(name) or not str(name).strip() for name in names):
        raise StandardsNetError("a player's name is empty, None or NaN; each needs one of its own.")
    if names is not None and len(set(names)) != len(s):
        raise StandardsNetError("names contain a duplicate; each player needs its own.")
    checked_count("blocs", blocs)
    if blocs < 2:
        raise StandardsNetError("blocs is 1; it must be a whole number of at least 2.")
    apart = 1.0 - np.eye(blocs)
    pair = -(s * p)[:, None, :, None] * apart[None, :, None, :]
    terms = Terms(np.zeros((1, len(s), blocs)), pair[None])
    player_names = tuple(names) if names is not None else tuple(f"actor {i + 1}" for i in range(len(s)))
    return Game(
        players=player_names,
        choices=tuple(f"bloc {b + 1}" for b in range(blocs)),
        items={"frustration": terms},
        start=np.zeros(len(s), dtype=np.int64),
        unit="1",
        gdp_usd=np.ones(len(s)),
    )
