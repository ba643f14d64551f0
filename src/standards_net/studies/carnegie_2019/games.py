"""Alignment choices of the study: games, agreements, pivotal countries, tipping, blocs over draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from standards_net.alignment import (
    Coalitions,
    Equilibria,
    Game,
    PhaseDiagram,
    Tipping,
    agreement_game,
    agreement_table,
    alignment_game,
    drawn_blocs,
    equilibria,
    leaving,
    observed_groupings,
    phase_diagram,
    pivotal,
    stable_coalitions,
    tip_end_state,
    verify_by_simulation,
)
from standards_net.alignment.blocs_over_draws import DEFINITIONS
from standards_net.core.arrays import FloatArray
from standards_net.measures import Consensus, consensus
from standards_net.results import INTERVAL
from standards_net.studies.carnegie_2019.runs import HORIZON, TECHNOLOGY, Runs
from standards_net.world.world import World

__all__ = ["CONSENSUS_SCENARIO", "FORCED_LESS_FREE", "TIPPING_AT", "Games", "games_to_simulate", "play_games"]

CONSENSUS_SCENARIO = "bipolar-free-nonaligned"
FORCED_LESS_FREE = "forced less free"
TIPPING_AT = (0.5, 0.25, 0.0)  # compatibilities at which a Chinese lead is followed
_MAX_DRAWS = 32  # of games and sweeps: the first draws of the study
_LOSS = "interoperability_loss"


@dataclass(frozen=True)
class Games:
    """What the study finds on alignment games.

    Attributes
    ----------
    game, forced : Game
        Each G20 country chooses a pole or stays non-aligned; and without non-alignment.
    stable, stable_forced : Equilibria
    check : DataFrame
        The most frequent equilibrium, verified by simulation.
    agreement : Game
        Each G20 country keeps to one common standard or joins its side.
    coalitions, material : Coalitions
        With all items, and without politics.
    leaving_all, leaving_rest : DataFrame
        Who would leave the agreement of all, and that of all but China.
    deciding : DataFrame
        Pivotal countries for the interoperability loss of two closed blocs.
    phase : PhaseDiagram
    tipping : mapping of compatibility to Tipping
    together : mapping of definition to Consensus
        Over the draws of ``bipolar-free-nonaligned``.
    alike : DataFrame
        Agreement of the definitions of blocs with each other and with observed groupings.
    third : DataFrame
        Losses of third countries, forced and free.
    """

    game: Game
    forced: Game
    stable: Equilibria
    stable_forced: Equilibria
    check: pd.DataFrame
    agreement: Game
    coalitions: Coalitions
    material: Coalitions
    leaving_all: pd.DataFrame
    leaving_rest: pd.DataFrame
    deciding: pd.DataFrame
    phase: PhaseDiagram
    tipping: dict[float, Tipping]
    together: dict[str, Consensus]
    alike: pd.DataFrame
    third: pd.DataFrame


def games_to_simulate(
    world: World, draws: int, rng: int, threads: int | None = None
) -> dict[str, Callable[[], Any]]:
    """What takes long, over the study's first draws: calls that depend on nothing but their arguments.

    Parameters
    ----------
    world : World
    draws, rng : int
        Of the study.
    threads : int or None
    """
    common: dict[str, Any] = {"draws": min(draws, _MAX_DRAWS), "rng": rng, "until": HORIZON}
    game = {"technologies": [TECHNOLOGY], "threads": threads, **common}
    sweep = {"technology": TECHNOLOGY, "threads": threads, **common}
    end_state = {"technology": TECHNOLOGY, **common}
    tipping: dict[str, Callable[[], Any]] = {
        _tipping(c): partial(tip_end_state, world, "lead", compatibility=c, **end_state) for c in TIPPING_AT
    }
    return {
        "agreement": partial(agreement_game, world, **game),
        "game": partial(alignment_game, world, **game),
        "deciding": partial(pivotal, world, "bipolar-forced", _LOSS, pairs=6, **sweep),
        "phase": partial(phase_diagram, world, _LOSS, **sweep),
    } | tipping


def _tipping(compatibility: float) -> str:
    return f"tipping at {compatibility:g}"


def play_games(runs: Runs, simulated: Mapping[str, Any], rng: int) -> Games:
    """Find equilibria, agreements and blocs over draws.

    Parameters
    ----------
    runs : Runs
    simulated : mapping
        What :func:`games_to_simulate` gave, by name.
    rng : int
        Seed of the study.
    """
    world, draws = runs.world, min(len(runs.main.coords["draw"]), _MAX_DRAWS)
    game, agreement = simulated["game"], simulated["agreement"]
    stable = equilibria(game, rng=rng)
    forced = game.without("nonaligned")
    material = agreement.only([item for item in agreement.items if item != "politics"])
    rest = [p for p in agreement.players if p != "CHN"]
    labels = {
        by: drawn_blocs(world, runs.main, CONSENSUS_SCENARIO, by=by, draws=draws, rng=rng)
        for by in DEFINITIONS
    }
    weights = world.market(TECHNOLOGY).share
    return Games(
        game=game,
        forced=forced,
        stable=stable,
        stable_forced=equilibria(forced, rng=rng),
        check=verify_by_simulation(game, stable.profiles[0] if len(stable.profiles) else game.start),
        agreement=agreement,
        coalitions=stable_coalitions(agreement),
        material=stable_coalitions(material),
        leaving_all=leaving(agreement, agreement.players),
        leaving_rest=leaving(agreement, rest),
        deciding=simulated["deciding"],
        phase=simulated["phase"],
        tipping={c: simulated[_tipping(c)] for c in TIPPING_AT},
        together={
            by: consensus(found, names=world.countries, weights=weights) for by, found in labels.items()
        },
        alike=agreement_table(labels, observed_groupings(world)),
        third=_third_countries(runs),
    )


def _third_countries(runs: Runs) -> pd.DataFrame:
    """Loss and cost of the countries non-aligned in 2019, forced to join a pole and free, in all draws."""
    forced, free, quo = "bipolar-forced", "bipolar-free-nonaligned", "status-quo-2019"
    rows = []
    for name, scenario, baseline in (
        (forced, forced, quo),
        (free, free, quo),
        (FORCED_LESS_FREE, forced, free),
    ):
        loss = 100 * runs.gap("group_loss", scenario, baseline, group="nonaligned")
        cost = _cost(runs, scenario) - _cost(runs, baseline)
        for measure, values in (("interoperability loss, points", loss), ("cost, USD bn a year", cost)):
            low, median, high = np.quantile(values, INTERVAL)
            rows.append((name, measure, median, low, high, float((values > 0.0).mean())))
    columns = ["scenario", "measure", "median", "low", "high", "share_worse"]
    return pd.DataFrame(rows, columns=columns)


def _cost(runs: Runs, scenario: str) -> FloatArray:
    """Mean yearly cost of third countries over the years from 2021, USD bn, by draw."""
    yearly = runs.of("group_cost_usd", scenario, year=None, group="nonaligned").sum(axis=2)
    return np.asarray(yearly[:, 2:].mean(axis=1) / 1e9)
