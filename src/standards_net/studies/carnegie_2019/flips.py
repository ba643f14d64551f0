"""Flip values of the study's findings: found once for the shipped tables, by ``make sensitivity``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from standards_net.alignment import alignment_game, equilibria
from standards_net.alignment.games.payoffs import Terms
from standards_net.core.arrays import FloatArray
from standards_net.parameters import draw_parameters
from standards_net.progress import Progress, part_of
from standards_net.sensitivity import flip_values, uncertain_parameters
from standards_net.sensitivity.shipped import shipped_rows
from standards_net.studies.carnegie_2019.arguments import answer_by_runs, scenarios_of
from standards_net.studies.carnegie_2019.arguments.coalitions import B16
from standards_net.studies.carnegie_2019.runs import HORIZON, TECHNOLOGY, make_runs
from standards_net.studies.finding import CONTRADICTED, SUPPORTED, Finding
from standards_net.world.world import World

__all__ = ["DRAWS", "FLIP_VALUES", "find_flips", "shipped_flips"]

FLIP_VALUES = "model/flip_values.json"
DRAWS = 64
_GAME_DRAWS = 32
# What scales an item of the games, whose pay-offs are linear in it: no game need be simulated anew.
_ITEM_OF = {"politics_value": "politics", "vendor_margin": "home_vendors"}
_GAMES = 0.2  # part of the time


def find_flips(world: World, rng: int, progress: Progress | None = None) -> pd.DataFrame:
    """Search for single parameters that turn a finding within their prior.

    A supported claim stands while it holds in most draws, a contradicted one while it fails in most, both
    with at least a twentieth of their effect. What is undecided has nothing to turn.

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
    own: dict[str, Finding] = {}

    def by_runs(given: Mapping[str, float]) -> dict[str, bool]:
        runs = make_runs(world, DRAWS, rng, parameters=given, only=scenarios_of())
        found = {name: f for name, f in answer_by_runs(runs).items() if isinstance(f, Finding)}
        if not own:
            own.update(found)
        return {name: _stands(f, own[name]) for name, f in found.items()}

    names = [p.name for p in uncertain_parameters(world, TECHNOLOGY)]
    of_runs = flip_values(world, by_runs, names, progress=part_of(progress, 0.0, 1.0 - _GAMES))

    game = alignment_game(
        world, technologies=[TECHNOLOGY], draws=_GAME_DRAWS, rng=rng, until=HORIZON,
        progress=part_of(progress, 1.0 - _GAMES, _GAMES),
    )  # fmt: skip
    drawn = draw_parameters(world.parameters, _GAME_DRAWS, rng)

    def by_games(given: Mapping[str, float]) -> dict[str, bool]:
        items = dict(game.items)
        for name, value in given.items():
            item, factor = _ITEM_OF[name], value / drawn[name]
            items[item] = Terms(_scaled(items[item].own, factor), _scaled(items[item].pair, factor))
        found = B16.answer(equilibria(replace(game, items=items), rng=rng))
        own.setdefault(B16.name, found)
        return {B16.name: _stands(found, own[B16.name])}

    of_games = flip_values(world, by_games, list(_ITEM_OF))
    return pd.concat([of_runs, of_games], ignore_index=True)


def _scaled(terms: FloatArray, factor: FloatArray) -> FloatArray:
    return terms * factor.reshape(-1, *([1] * (terms.ndim - 1)))


def _stands(found: Finding, own: Finding) -> bool:
    if own.verdict not in (SUPPORTED, CONTRADICTED):
        return False
    most = found.share > 0.5 if own.share > 0.5 else found.share < 0.5
    return most and not found.faint_beside(own)


def shipped_flips(world: World) -> pd.DataFrame | None:
    """The shipped flip values; None for a world of other tables, for which they were not searched.

    Examples
    --------
    >>> import standards_net as sn
    >>> "conclusion" in shipped_flips(sn.load_world())
    True
    """
    return shipped_rows(FLIP_VALUES, "flips", world)
