"""Flip values of the study's findings: found once for the shipped tables, by ``make sensitivity``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from standards_net.alignment import Game, alignment_game, equilibria
from standards_net.alignment.games.payoffs import Terms
from standards_net.core.arrays import FloatArray
from standards_net.parameters import draw_parameters
from standards_net.progress import Progress, part_of
from standards_net.sensitivity import flip_values, uncertain_parameters
from standards_net.sensitivity.shipped import shipped_rows
from standards_net.studies.carnegie_2019.arguments import BY_GAMES, BY_RUNS, scenarios_of
from standards_net.studies.carnegie_2019.runs import HORIZON, TECHNOLOGY, make_runs
from standards_net.studies.finding import CONTRADICTED, SUPPORTED, Finding
from standards_net.world.world import World

__all__ = ["DRAWS", "FLIP_VALUES", "GAME_DRAWS", "find_flips", "shipped_flips", "with_values"]

FLIP_VALUES = "model/flip_values.json"
DRAWS = 64
GAME_DRAWS = 32
# What scales an item of the games, whose pay-offs are linear in it: no game need be simulated anew.
_ITEM_OF = {"politics_value": "politics", "vendor_margin": "home_vendors"}
_GAMES = 0.2  # part of the time
_DECIDED = (SUPPORTED, CONTRADICTED)


def find_flips(world: World, rng: int, progress: Progress | None = None) -> pd.DataFrame:
    """Search for single parameters that turn a finding within their prior.

    A finding turns as in :meth:`standards_net.studies.finding.Finding.turns`. Findings that are neither
    supported nor contradicted are not searched.

    Parameters
    ----------
    world : World
    rng : int
        Seed of the study.
    progress : callable or None
        Called with (part done, in all).

    Returns
    -------
    DataFrame
        As in :func:`standards_net.sensitivity.flip_values`.
    """

    def by_runs(given: Mapping[str, float]) -> dict[str, Finding]:
        runs = make_runs(world, DRAWS, rng, parameters=given, only=scenarios_of())
        return {name: argument.answer(runs) for name, argument in BY_RUNS.items()}

    names = [p.name for p in uncertain_parameters(world, TECHNOLOGY)]
    of_runs = flip_values(world, _stands(by_runs), names, progress=part_of(progress, 0.0, 1.0 - _GAMES))
    game = alignment_game(
        world, technologies=[TECHNOLOGY], draws=GAME_DRAWS, rng=rng, until=HORIZON,
        progress=part_of(progress, 1.0 - _GAMES, _GAMES),
    )  # fmt: skip
    drawn = draw_parameters(world.parameters, GAME_DRAWS, rng)

    def by_games(given: Mapping[str, float]) -> dict[str, Finding]:
        stable = equilibria(with_values(game, drawn, given), rng=rng)
        return {name: argument.answer(stable) for name, argument in BY_GAMES.items()}

    of_games = flip_values(world, _stands(by_games), list(_ITEM_OF))
    found = pd.concat([of_runs, of_games], ignore_index=True)
    found.attrs["searched"] = [*of_runs.attrs["searched"], *of_games.attrs["searched"]]
    return found


def with_values(game: Game, drawn: Mapping[str, FloatArray], given: Mapping[str, float]) -> Game:
    """The same game with values given for parameters that an item of its pay-offs is proportional to.

    Parameters
    ----------
    game : Game
        Of R draws.
    drawn : mapping of str to (R,) array
        Parameters that it was made with.
    given : mapping of str to float
        ``politics_value`` or ``vendor_margin``.
    """
    items = dict(game.items)
    for name, value in given.items():
        factor, terms = value / drawn[name], items[_ITEM_OF[name]]
        items[_ITEM_OF[name]] = Terms(
            terms.own * factor[:, None, None], terms.pair * factor[:, None, None, None, None]
        )
    return replace(game, items=items)


def _stands(
    answer: Callable[[Mapping[str, float]], Mapping[str, Finding]],
) -> Callable[[Mapping[str, float]], Mapping[str, bool]]:
    """Whether findings stand beside those with all parameters drawn."""
    own = answer({})

    def stands(given: Mapping[str, float]) -> dict[str, bool]:
        found = answer(given) if given else own
        return {
            name: f.verdict in _DECIDED if f is own[name] else not f.turns(own[name])
            for name, f in found.items()
        }

    return stands


def shipped_flips(world: World) -> pd.DataFrame | None:
    """The shipped flip values; None for a world of other tables, for which they were not searched.

    Examples
    --------
    >>> import standards_net as sn
    >>> "conclusion" in shipped_flips(sn.load_world())
    True
    """
    return shipped_rows(FLIP_VALUES, "flips", world)
