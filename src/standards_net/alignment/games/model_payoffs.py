"""Pay-offs from the model: simulated for a sample of configurations, fitted, and validated on others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from standards_net.alignment.games.game import Game
from standards_net.alignment.games.payoffs import ITEMS, SIMULATED, Terms, model_items, stated_terms
from standards_net.alignment.games.sides import (
    COMMON,
    Sides,
    leaders_followed,
    named_countries,
    take_sides,
    years_until,
)
from standards_net.checks import checked_count
from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.polymatrix import distinguishes_terms, fit_terms
from standards_net.ensemble.engine import Draws, simulate
from standards_net.errors import StandardsNetError
from standards_net.memory import check_fits
from standards_net.progress import Progress
from standards_net.randomness import RNGLike, SeedLike, seed_of, uniforms
from standards_net.scenario import Levers, Scenario, load_scenario
from standards_net.world.politics import NONALIGNED
from standards_net.world.world import World

__all__ = ["SCENARIO", "ModelPayoffs", "agreement_game", "alignment_game", "simulated_payoffs"]

SCENARIO = "bipolar-free-nonaligned"  # its rules: members of a pole shut out the rival's vendors
BASELINE = "status-quo-2019"
_PER_PLAYER = 16  # configurations simulated for each player, to fit the terms
_HELD_OUT = 4  # and to validate them


@dataclass(frozen=True)
class ModelPayoffs:
    """The model as a function from profiles to pay-offs.

    Attributes
    ----------
    sides : Sides
    players : (P,) array of int
        Country indices of the players.
    side_of : (P, C) array of int
        Label of each choice of a player.
    followed : (N,) array of int
        Index of the country that each country follows, -1 for none.
    draws : mapping of technology to Draws
    threads : int or None
    """

    sides: Sides
    players: IntArray
    side_of: IntArray
    followed: IntArray
    draws: Mapping[str, Draws]
    threads: int | None = None

    def keeping(self, choices: Sequence[int]) -> ModelPayoffs:
        """The same simulator, restricted to some of the choices."""
        return replace(self, side_of=self.side_of[:, list(choices)])

    def alignments(self, profile: IntArray) -> IntArray:
        """Label of every country, players' followers included, (N,)."""
        side = self.sides.start()
        chosen = side.copy()
        chosen[self.players] = self.side_of[np.arange(len(self.players)), profile]
        return np.where(self.followed >= 0, chosen[self.followed], side)

    def simulate(self, profiles: IntArray, progress: Progress | None = None) -> FloatArray:
        """Run the model for (M, P) profiles: (M, R, P + 1, 7), technologies together.

        Items add up over the technologies; the interoperability loss is their mean. Columns are those of
        :func:`standards_net.alignment.games.payoffs.model_items`.
        """
        total, kept = None, 8 * len(profiles) * (len(self.players) + 1) * (len(SIMULATED) + 1)
        for turn, (technology, draws) in enumerate(self.draws.items()):
            levers = partial(self._levers, technology)
            read = model_items(self.sides, technology, self.players)
            report = _part_of(progress, turn, len(self.draws))
            check_fits("a game", draws.count, 3 * kept)
            found = simulate(draws, list(profiles), levers, read, threads=self.threads, progress=report)
            total = found if total is None else total + found
        if total is None:
            raise StandardsNetError("no technology given; name at least one.")
        total[..., -1] /= len(self.draws)
        return total

    def _levers(self, technology: str, profile: IntArray) -> Levers:
        return self.sides.levers(self.alignments(profile), technology)

    def stated(self) -> dict[str, Terms]:
        """Items that need no simulation."""
        parameters = next(iter(self.draws.values())).parameters
        return stated_terms(self.sides, self.players, self.side_of, self.followed, parameters)


def _part_of(progress: Progress | None, turn: int, turns: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, total: progress(turn * total + done, turns * total)


def simulated_payoffs(game: Game, profiles: IntArray, progress: Progress | None = None) -> FloatArray:
    """Pay-offs of profiles (M, P) from running the model rather than the fitted terms, (R, M, P).

    Raises
    ------
    StandardsNetError
        The game does not come from the model.

    Examples
    --------
    >>> import standards_net as sn
    >>> game = alignment_game(sn.load_world(), "DEU", until=2023, draws=2, rng=7)
    >>> every = np.array([[0], [1], [2]])
    >>> bool(np.allclose(simulated_payoffs(game, every), game.payoffs(every)))
    True
    """
    if game.simulator is None:
        raise StandardsNetError("this game has no model behind it; build it with alignment_game.")
    columns = [k for k, name in enumerate(SIMULATED) if name in game.items]
    found = game.simulator.simulate(profiles, progress)[:, :, :-1, columns].sum(axis=-1)
    stated = [name for name in game.items if name not in SIMULATED]
    simulated = np.swapaxes(found, 0, 1)
    return np.asarray(simulated + game.only(stated).payoffs(profiles) if stated else simulated)


def alignment_game(
    world: World,
    players: str | Sequence[str] = "G20",
    *,
    scenario: str | Scenario = SCENARIO,
    baseline: str | Scenario = BASELINE,
    followers: str = "stay",
    drift: str = "chosen",
    technologies: str | Sequence[str] | None = "radio",
    until: int = 2040,
    draws: int = 32,
    samples: int | None = None,
    rng: RNGLike | SeedLike | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Game:
    """Build the game in which each player joins a pole or stays non-aligned.

    The leaders of the poles are not players: they stand for their pole. Pay-offs are yearly means from 2021
    to ``until``, simulated for ``samples`` configurations and all draws, and fitted by own and pairwise
    terms; ``error`` of the game is their error on held-out configurations.

    Parameters
    ----------
    world : World
    players : str or sequence of str
        A group, or codes and groups. Leaders among them are left out.
    scenario : str or Scenario
        Its rules define what members of a pole do, and how far standards drift apart.
    baseline : str or Scenario
        Its world-wide levers apply where no country takes a side.
    followers : {"stay", "trade", "affinity"}
        What other countries do (:func:`standards_net.alignment.games.sides.leaders_followed`).
    drift : {"chosen", "given"}
        Whether standards drift apart with the share of the market that takes a side, or follow the
        scenario in any case.
    technologies : str, sequence of str or None
        Pay-offs of several add up.
    until : int
        Last year.
    draws : int
        The first draws of a run with the same seed.
    samples : int or None
        Configurations to fit; 16 per player, or twice the terms of a player, if None, and as many more as
        it takes to tell all terms apart. Four more per player are held out. If there are no more profiles
        than that, all are simulated, and the error is that of the fit.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed, as in SPEC 7.
    threads : int or None
    progress : callable or None
        Called with (configurations done, in all).

    Returns
    -------
    Game

    Raises
    ------
    StandardsNetError
        No players other than leaders, unknown rules, invalid draws or years.

    Examples
    --------
    >>> import standards_net as sn
    >>> game = alignment_game(sn.load_world(), ["DEU", "KOR"], until=2024, draws=2)
    >>> game
    <Game: 2 players, choices us, china, nonaligned, 2 draws, 8 items>
    """
    chosen, seed, rules = world.select_technologies(technologies), seed_of(rng), load_scenario(scenario)
    sides = take_sides(world, rules, baseline, chosen, years_until(until), drift)
    leading = sides.leading()
    named = named_countries(world, players)
    at = named[~leading[named]]
    if not at.size:
        raise StandardsNetError("the players are all leaders of poles; name at least one other country.")
    choices = (*sides.camps.names, NONALIGNED)
    side_of = np.tile(np.arange(len(choices)), (len(at), 1))
    start = sides.start()[at]
    followed = leaders_followed(sides, at, followers)
    model = _model(sides, at, side_of, followed, rules, draws, seed, threads)
    condition = _condition(sides, rules, followers, drift, until, draws)
    return _fitted(model, choices, start, samples, seed, condition, progress)


def agreement_game(
    world: World,
    players: str | Sequence[str] = "G20",
    *,
    scenario: str | Scenario = SCENARIO,
    baseline: str | Scenario = BASELINE,
    followers: str = "stay",
    technologies: str | Sequence[str] | None = "radio",
    until: int = 2040,
    draws: int = 32,
    samples: int | None = None,
    rng: RNGLike | SeedLike | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Game:
    """Build the game in which each player keeps to one common standard, or joins the pole it leans to.

    Here leaders are players too. ``common``: buy from all vendors, bans of 2019 lifted, and keep standards
    compatible; ``side``: join the pole that the country leans to by votes and pacts, with that pole's
    exclusions. Standards drift apart with the share of the world's market that takes a side. Politics counts
    for those who join the pole of a leader that is on its own side.

    Parameters
    ----------
    world, players, scenario, baseline, followers, technologies, until, draws, samples, rng, threads, progress
        As in :func:`alignment_game`.

    Returns
    -------
    Game
        Choices ``common`` and ``side``; the start is the alignment of 2019, non-alignment counting as common.

    Examples
    --------
    >>> import standards_net as sn
    >>> game = agreement_game(sn.load_world(), ["USA", "CHN"], until=2024, draws=2)
    >>> game.players, game.choices
    (('CHN', 'USA'), ('common', 'side'))
    """
    chosen, seed, rules = world.select_technologies(technologies), seed_of(rng), load_scenario(scenario)
    sides = take_sides(world, rules, baseline, chosen, years_until(until), "chosen")
    at = named_countries(world, players)
    common = sides.labels.index(COMMON)
    side_of = np.column_stack([np.full(len(at), common), sides.leaning()[at]])
    start = (sides.start()[at] < len(sides.camps.names)).astype(np.int64)
    followed = leaders_followed(sides, at, followers)
    model = _model(sides, at, side_of, followed, rules, draws, seed, threads)
    condition = _condition(sides, rules, followers, "chosen", until, draws)
    return _fitted(model, (COMMON, "side"), start, samples, seed, condition, progress)


def _model(
    sides: Sides, at: IntArray, side_of: IntArray, followed: IntArray, rules: Scenario, draws: int,
    seed: int, threads: int | None,
) -> ModelPayoffs:  # fmt: skip
    drawn = {t: Draws.of(sides.world, t, draws, seed).under(rules) for t in sides.compiled}
    return ModelPayoffs(sides, at, side_of, followed, drawn, threads)


def _condition(sides: Sides, rules: Scenario, followers: str, drift: str, until: int, draws: int) -> str:
    others = {
        "stay": "others keep the alignment of 2019",
        "trade": "others follow the player or leader they trade most with",
        "affinity": "others follow the player or leader closest by votes and pacts",
    }[followers]
    how = "with the market that takes a side" if drift == "chosen" else "as the scenario says"
    return (
        f"rules of {rules.name}; {others}; standards drift {how}; {' and '.join(sides.compiled)}, means of "
        f"2021 to {until}; {draws} draws"
    )


def _fitted(
    model: ModelPayoffs, choices: tuple[str, ...], start: IntArray, samples: int | None, seed: int,
    condition: str, progress: Progress | None,
) -> Game:  # fmt: skip
    """Simulate a sample of profiles, fit the terms to most and validate them on the rest."""
    world, players, count = model.sides.world, len(model.players), len(choices)
    profiles, fitted = _sample(players, count, samples, seed)
    values = np.moveaxis(model.simulate(profiles, progress), 1, 2)  # (M, P + 1, R, 7)
    full = np.column_stack([profiles, np.zeros(len(profiles), dtype=np.int64)])
    own, pair = fit_terms(full[fitted], values[fitted], count)  # (P + 1, C, ..., R, 7)
    own, pair = np.moveaxis(own, -2, 0), np.moveaxis(pair, -2, 0)
    # All other countries have no choice: what they add to a player's pay-off is part of its own term.
    alone, between = own[:, :-1] + pair[:, :-1, :, -1, 0], pair[:, :-1, :, :-1]
    items = {name: Terms(alone[..., k], between[..., k]) for k, name in enumerate(SIMULATED)} | model.stated()
    game = Game(
        players=tuple(world.countries[i] for i in model.players),
        choices=choices,
        items={name: items[name] for name in ITEMS},
        start=start,
        unit="USD per year",
        gdp_usd=world.gdp_usd[model.players],
        conditional_on=condition,
        loss=Terms(own[..., -1], pair[..., -1]),
        simulator=model,
    )
    held_out = profiles[~fitted] if not fitted.all() else profiles
    observed = values[~fitted] if not fitted.all() else values
    return replace(game, error=_error(game, held_out, np.moveaxis(observed, 2, 0)))


def _sample(players: int, choices: int, samples: int | None, seed: int) -> tuple[IntArray, BoolArray]:
    """Profiles to simulate, and which of them to fit."""
    if samples is not None:
        checked_count("samples", samples)
    # Twice a player's terms for each of its own choices, if all choices were equally frequent.
    least = 2 * choices * (1 + (players - 1) * (choices - 1))
    wanted = max(_PER_PLAYER * players, least) if samples is None else samples
    if choices**players <= wanted + _HELD_OUT * players:
        every = np.indices((choices,) * players).reshape(players, -1).T
        return every, np.ones(len(every), dtype=bool)
    if wanted < least:
        raise StandardsNetError(
            f"samples is {samples}; {players} players with {choices} choices need at least {least}."
        )
    profiles = _random_profiles(players, choices, wanted + _HELD_OUT * players, seed)
    while not distinguishes_terms(profiles[:wanted], choices):
        wanted += players
        profiles = _random_profiles(players, choices, wanted + _HELD_OUT * players, seed)
    count = len(profiles)
    _, first = np.unique(profiles, axis=0, return_index=True)
    new = np.zeros(count, dtype=bool)
    new[first] = True  # a profile that was fitted already is not held out
    fitted = np.arange(count) < wanted
    return profiles[fitted | new], fitted[fitted | new]


def _random_profiles(players: int, choices: int, count: int, seed: int) -> IntArray:
    """The first of an unlimited series of profiles.

    Each has its own choice probabilities, uniform on the simplex: lopsided profiles are as frequent as even
    ones, and the terms need not extrapolate.
    """
    random = uniforms(seed, ["profile", str(players), str(choices)], slice(0, count), players + choices)
    lean = np.cumsum(-np.log1p(-random[:, :choices]), axis=1)
    return np.asarray((random[:, choices:, None] * lean[:, None, -1:] > lean[:, None, :-1]).sum(axis=2))


def _error(game: Game, profiles: IntArray, observed: FloatArray) -> pd.DataFrame:
    """By player: spread of simulated pay-offs over held-out profiles, and error of the terms."""
    fitted = game.only(SIMULATED).payoffs(profiles)
    true = observed[:, :, :-1, :-1].sum(axis=-1)
    rmse = np.sqrt(np.square(fitted - true).mean(axis=(0, 1)))
    spread = np.sqrt(np.square(true - true.mean(axis=1, keepdims=True)).mean(axis=(0, 1)))
    explained = 1.0 - np.square(rmse / np.where(spread > 0.0, spread, 1.0))
    return pd.DataFrame(
        {"player": game.players, "spread_usd": spread, "error_usd": rmse, "explained": explained}
    )
