r"""Pivotal countries: the effect on a measure of each country's following a scenario.

A coalition S of players follows the scenario while all others keep to the baseline; v(S) is the measure
in the last year. Alone, a player moves it by :math:`v(\{i\}) - v(\emptyset)`; last of all by
:math:`v(P) - v(P \setminus i)`; on average over all orders of joining by its Shapley value

.. math:: \varphi_i = \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!}\,[v(S \cup i) - v(S)],

and on average over all coalitions by its Banzhaf value. Shapley values add up to v(P) - v(empty).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standards_net.alignment.games.sides import named_countries, years_until
from standards_net.checks import checked_count
from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.coalitions import (
    antithetic_orders,
    banzhaf_values,
    order_coalitions,
    shapley_of_orders,
    shapley_values,
)
from standards_net.ensemble.engine import Draws, Reading, Years, simulate
from standards_net.ensemble.observation import measure_inputs
from standards_net.errors import StandardsNetError, one_of
from standards_net.measures.inputs import WEIGHTS, WorldWeights
from standards_net.measures.table import MEASURES
from standards_net.model.setting import Setting
from standards_net.progress import Progress
from standards_net.randomness import RNGLike, SeedLike, seed_of, uniforms
from standards_net.results import INTERVAL
from standards_net.scenario import Levers, Scenario, compile_scenario, load_scenario
from standards_net.scenario.mixing import differ, mix_levers
from standards_net.world.world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EXACT", "Coalitional", "pivotal", "read_measure"]

EXACT = 8  # players up to which all coalitions are simulated by default
_MAX_EXACT = 20
_MAX_PLAYERS = 62  # players whose coalitions fit in one integer
_METHODS = ("auto", "exact", "sampled")
_BLOC = "bloc_size:"


@dataclass(frozen=True)
class Coalitional:
    """Baseline and scenario, between which each player chooses.

    Attributes
    ----------
    world : World
    players : (P,) array of int
        Country indices of the players that the scenario affects.
    still, moved : Levers
        The baseline and the scenario.
    affected_share : float
        Market share of all countries that the scenario affects, players or not.
    """

    world: World
    players: IntArray
    still: Levers
    moved: Levers
    affected_share: float

    def levers(self, coalition: int) -> Levers:
        """Levers where the players in the coalition follow the scenario, and all others the baseline.

        World-wide levers move with the share that follows of the market of all affected countries.
        """
        member = (coalition >> np.arange(len(self.players))) & 1 == 1
        follows = np.zeros(len(self.world.countries), dtype=np.int64)
        follows[self.players[member]] = 1
        market = self.world.market(self.still.technology).share[self.players]
        moved_share = min(float(market[member].sum()) / self.affected_share, 1.0)
        return mix_levers([self.still, self.moved], follows, self.still, self.moved, moved_share)


def pivotal(
    world: World,
    scenario: str | Scenario,
    measure: str = "interoperability_loss",
    players: str | Sequence[str] = "G20",
    *,
    baseline: str | Scenario = "status-quo-2019",
    technology: str = "radio",
    until: int = 2040,
    draws: int = 32,
    method: str = "auto",
    pairs: int = 8,
    rng: RNGLike | SeedLike | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Rank countries by the effect on a measure of their following a scenario.

    Every coalition that is needed is simulated, with the same draws and common random numbers. Countries
    that are not players keep to the baseline. World-wide levers, such as compatibility, move with the
    share that follows of the market of all countries that the scenario affects.

    Parameters
    ----------
    world : World
    scenario : str or Scenario
        What followers do. Players that it does not affect have value zero.
    measure : str
        A measure of a run (``beta`` is fragmentation, ``interoperability_loss``, ``china_share``,
        ``total_usd``, ...), or ``bloc_size:<standard>``, the market share of the bloc in which a standard
        is dominant.
    players : str or sequence of str
        A group, or codes and groups.
    baseline : str or Scenario
        What all others do. Only its policies are used: changes of parameters are those of the scenario in
        all coalitions.
    technology : str
    until : int
        Year in which the measure is read.
    draws : int
        The first draws of a run with the same seed.
    method : {"auto", "exact", "sampled"}
        All coalitions (2 to the number of players), or those along random orders of joining, in pairs of
        an order and its reversal. ``auto`` is exact up to 8 players.
    pairs : int
        Pairs of orders.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed, as in SPEC 7.
    threads : int or None
    progress : callable or None
        Called with (coalitions done, in all).

    Returns
    -------
    DataFrame
        One row per player, the largest effect first: country, name, shapley (mean over the draws) with low
        and high over the draws, se (standard error of the mean that comes from sampling orders; 0 if
        exact), alone, last, banzhaf (means; the last NaN if sampled). Shapley values add up to the total.
        ``attrs``: measure, unit, total (mean, low and high of v(P) - v(empty)), method, coalitions,
        conditional_on.

    Raises
    ------
    StandardsNetError
        Unknown names, scenarios that countries cannot follow individually, too many players.

    References
    ----------
    Shapley, L. S. (1953), in Kuhn & Tucker (eds.), Contributions to the Theory of Games II. Castro, J.,
    Gomez, D. & Tejada, J. (2009), Computers & Operations Research 36(5), doi:10.1016/j.cor.2008.04.004.

    Examples
    --------
    >>> import standards_net as sn
    >>> table = pivotal(sn.load_world(), "broad-allied-ban", "china_share", ["DEU", "JPN", "BRA"],
    ...     until=2024, draws=2, rng=7)
    >>> table["country"].tolist()[-1], float(table["shapley"].iloc[-1])
    ('BRA', 0.0)
    """
    at = named_countries(world, players)
    _check(method, pairs)
    read, unit = read_measure(world, measure)
    game = _between(world, at, scenario, baseline, technology, until)
    seed = seed_of(rng)
    drawn = Draws.of(world, technology, draws, seed).under(load_scenario(scenario))
    count = len(game.players)  # those that the scenario affects
    if method == "exact" and count > _MAX_EXACT:
        raise StandardsNetError(
            f"{count} players make 2**{count} coalitions; take at most {_MAX_EXACT}, or sample."
        )
    exact = method == "exact" or (method == "auto" and count <= EXACT)
    orders = None if exact else _orders(game, pairs, seed)
    wanted = np.arange(2**count) if orders is None else order_coalitions(orders)
    bits, full = 2 ** np.arange(count), 2**count - 1
    ends = np.concatenate([[0, full], bits, full - bits])
    needed = np.unique(np.concatenate([wanted.ravel(), ends]))
    found = simulate(drawn, needed.tolist(), game.levers, read, threads=threads, progress=progress)  # (M, R)

    def value(coalitions: IntArray) -> FloatArray:
        """Measure of coalitions in each draw, (R, ...)."""
        return np.moveaxis(found[np.searchsorted(needed, coalitions)], -1, 0)

    v_none, v_all = value(np.array([0])), value(np.array([full]))
    effects = {"alone": value(bits) - v_none, "last": v_all - value(full - bits)}
    values = value(wanted)
    if orders is None:
        effects |= {"shapley": shapley_values(values), "banzhaf": banzhaf_values(values)}
        error = np.zeros(count)
    else:
        effects["shapley"] = shapley_of_orders(values, orders)[0]
        effects["banzhaf"] = np.full_like(effects["alone"], np.nan)
        error = shapley_of_orders(values.mean(axis=0), orders)[1]
    table = _table(world, at, game.players, effects, error)
    table.attrs = {
        "measure": measure,
        "unit": unit,
        "total": tuple(float(end) for end in _mean_and_interval((v_all - v_none)[:, 0])),
        "method": "exact" if orders is None else f"sampled, {len(orders)} orders",
        "coalitions": len(needed),
        "conditional_on": f"{game.moved.scenario} against {game.still.scenario}, {technology}, {until}; "
        f"world-wide levers move with the market share that follows; {draws} draws",
    }
    return table


def _check(method: str, pairs: int) -> None:
    if method not in _METHODS:
        raise StandardsNetError(one_of("method", method, _METHODS) + ".")
    checked_count("pairs", pairs)


def _between(
    world: World,
    at: IntArray,
    scenario: str | Scenario,
    baseline: str | Scenario,
    technology: str,
    until: int,
) -> Coalitional:
    still, moved = (
        compile_scenario(world, load_scenario(source), technology, years_until(until))
        for source in (baseline, scenario)
    )
    affected = np.array([differ(still, moved, i) for i in range(len(world.countries))])
    of_players = affected[at]
    if not of_players.any():
        raise StandardsNetError(
            f"'{moved.scenario}' differs from '{still.scenario}' for none of these players; name others."
        )
    if of_players.sum() > _MAX_PLAYERS:
        raise StandardsNetError(
            f"'{moved.scenario}' affects {of_players.sum()} players; take at most {_MAX_PLAYERS}."
        )
    share = float(world.market(technology).share[affected].sum())
    return Coalitional(world, at[of_players], still, moved, share)


def _orders(game: Coalitional, pairs: int, seed: int) -> IntArray:
    codes = [game.world.countries[i] for i in game.players]
    random = uniforms(seed, ["order of joining", *codes], slice(0, pairs), len(codes))
    return antithetic_orders(random)


def read_measure(world: World, measure: str) -> tuple[Reading[FloatArray], str]:
    """Make the function that reads a measure in the last year; return it with the measure's unit.

    Raises
    ------
    StandardsNetError
        Unknown measure or standard.

    Examples
    --------
    >>> import standards_net as sn
    >>> read_measure(sn.load_world(), "total_usd")[1]
    'USD of 2019 per year'
    """
    standard = measure.removeprefix(_BLOC)
    if measure.startswith(_BLOC) and standard not in world.standards:
        raise StandardsNetError(one_of("standard", standard, world.standards) + ".")
    if not measure.startswith(_BLOC) and measure not in MEASURES:
        blocs = [f"{_BLOC}{standard}" for standard in world.standards]
        raise StandardsNetError(one_of("measure", measure, [*MEASURES, *blocs]) + ".")
    weights = WorldWeights.of(world)

    def read(setting: Setting, years: Years) -> FloatArray:
        state, info = deque(years, maxlen=1).pop()
        inputs = measure_inputs(state, info, setting, weights)
        if measure in MEASURES:
            return MEASURES[measure].function(inputs)
        return inputs.bloc_size[:, inputs.standards.index(standard), WEIGHTS.index("market")]

    return read, MEASURES[measure].unit if measure in MEASURES else "1"


def _table(
    world: World, at: IntArray, affected: IntArray, effects: Mapping[str, FloatArray], error: FloatArray
) -> pd.DataFrame:
    """One row per player; those that the scenario does not affect have zero effect."""
    import pandas as pd

    mean, low, high = _mean_and_interval(effects["shapley"])
    columns = {"shapley": mean, "low": low, "high": high, "se": error}
    columns |= {name: effects[name].mean(axis=0) for name in ("alone", "last", "banzhaf")}
    table = pd.DataFrame(columns, index=affected).reindex(at, fill_value=0.0)
    table.insert(0, "country", [world.countries[i] for i in at])
    table.insert(1, "name", [world.country_names[i] for i in at])
    order = np.argsort(-np.abs(table["shapley"].to_numpy()), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _mean_and_interval(values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    low, _, high = np.quantile(values, INTERVAL, axis=0)
    return values.mean(axis=0), low, high
