r"""Pay-off of an alignment to a country, item by item, USD per year.

Six items come from the model (means over the years from 2021):

- ``network``: value of deployed networks, less what a split of standards destroys;
- ``double_running``: serving partners on another standard, as a loss;
- ``scale``: what is paid beyond the prices of an undivided market, as a loss;
- ``equipment``: loss of choice where vendors are excluded, as a loss;
- ``replacement``: equipment replaced early, as a loss;
- ``home_vendors``: value to the country of its home vendors' revenue.

Two are given by formula:

- ``market_access``: exports to members of a rival pole lose value by retaliation and lost access;
- ``politics``: the estimated log-odds of siding with a pole rather than with none, for being on the side of
  its leaders (:mod:`standards_net.politics`).

.. math::

    u_i(a) = \sum_k y_{ik}(a) - \rho_x \sum_j \tfrac12 T_{ij} [a_i, a_j\ \text{rivals}]
             + G_i\, \zeta \sum_p \ln \frac{\pi_{ip}}{\pi_{i0}} [a_i = a_{\text{leader of } p} = p]

with T trade both ways, G GDP, :math:`\pi` the chances of siding with a pole or with none, and
:math:`\zeta` the value of one unit of log-odds as a share of GDP, which is not known within a factor of ten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from standards_net.alignment.games.sides import Sides
from standards_net.core.arrays import FloatArray, IntArray
from standards_net.ensemble.engine import Reading, Years
from standards_net.ensemble.observation import measure_inputs
from standards_net.measures.inputs import WorldWeights
from standards_net.model.setting import Setting

__all__ = ["ITEMS", "SIMULATED", "Terms", "model_items", "stated_terms"]

SIMULATED = ("network", "double_running", "scale", "equipment", "replacement", "home_vendors")
STATED = ("market_access", "politics")
ITEMS = (*SIMULATED, *STATED)

_COST_OF = {"network": "network_value"} | {
    item: item for item in ("double_running", "scale", "equipment", "replacement")
}
_FIRST_YEAR = 2021  # sides are taken in 2020, bans begin a year later


class Terms(NamedTuple):
    """Pay-offs of P players with C choices as own and pairwise terms, in R draws.

    Attributes
    ----------
    own : (R, P, C) array
        Pay-off of a choice whatever the others choose.
    pair : (R, P, C, P, C) array
        What another player's choice adds to it; zero for the player itself.
    """

    own: FloatArray
    pair: FloatArray


def model_items(sides: Sides, technology: str, players: IntArray) -> Reading[FloatArray]:
    """Make the function that reads the items of P players from a run, (R, P + 1, 7).

    Columns: the six simulated items, and the player's part of the world's interoperability loss in the
    last year. The last row is all other countries together; their pay-offs are not computed.
    """
    world = sides.world
    weights = WorldWeights.of(world)
    market = world.market(technology)
    codes = np.array(world.countries)[players]
    at_home = np.array([[home == code for code in codes] for home in market.vendor_homes], dtype=float)

    def read(setting: Setting, years: Years) -> FloatArray:
        total = np.zeros((len(setting.start), len(players) + 1, len(SIMULATED) + 1))
        counted = 0
        for state, info in years:
            if info is None or setting.levers.years[state.year] < _FIRST_YEAR:
                continue
            inputs = measure_inputs(state, info, setting, weights)
            costs, none = inputs.costs_usd, np.zeros_like(state.deployment)
            margin = setting.parameters["vendor_margin"][:, None]
            found = {name: -costs.get(cost, none)[:, players] for name, cost in _COST_OF.items()}
            value = np.outer(weights.gdp_usd, setting.parameters[f"network_value_{technology}"]).T
            found["network"] += (state.deployment * value)[:, players]
            found["home_vendors"] = margin * (inputs.vendor_revenue_usd.sum(axis=2) @ at_home)
            total[:, :-1, :-1] += np.stack([found[name] for name in SIMULATED], axis=-1)
            counted += 1
        total /= max(counted, 1)
        part = inputs.loss_by_country * weights.own_exchange
        total[:, :-1, -1] = part[:, players]
        total[:, -1, -1] = part.sum(axis=1) - part[:, players].sum(axis=1)
        return total

    return read


def stated_terms(
    sides: Sides,
    players: IntArray,
    side_of: IntArray,
    followed: IntArray,
    parameters: Mapping[str, FloatArray],
) -> dict[str, Terms]:
    """Items that need no simulation.

    Parameters
    ----------
    sides : Sides
    players : (P,) array of int
        Country indices of the players.
    side_of : (P, C) array of int
        Label of each choice of a player.
    followed : (N,) array of int
        From :func:`standards_net.alignment.games.sides.leaders_followed`: players decide for their
        followers.
    parameters : mapping of str to (R,) array

    Returns
    -------
    dict of item to Terms
    """
    drawn = parameters["politics_value"]
    posterior = sides.politics()[players]
    # A run's draws take the posterior's in turn.
    log_odds = posterior[:, :, np.arange(len(drawn)) % posterior.shape[2]]
    table = drawn * sides.world.gdp_usd[players, None, None] * log_odds
    alone, between = _exposed_trade(sides, players, side_of, followed)
    rate = -0.5 * parameters["retaliation_rate"]
    access = Terms(rate[:, None, None] * alone, rate[:, None, None, None, None] * between)
    politics = _with_leaders(sides, players, side_of, np.moveaxis(table, 2, 0))
    return {"market_access": access, "politics": politics}


def _with_leaders(sides: Sides, players: IntArray, side_of: IntArray, table: FloatArray) -> Terms:
    """Value (R, P, L) of being on the side of each pole's leaders, as own and pairwise terms.

    A leader that is not a player keeps to its pole. One that is may choose otherwise, and then there is no
    side of its to be on: those who joined its pole gain and lose nothing.
    """
    choosers, choices = side_of.shape
    own = np.zeros((len(table), choosers, choices))
    pair = np.zeros((len(table), choosers, choices, choosers, choices))
    for label, pole in enumerate(sides.camps.names):
        leaders = np.flatnonzero(sides.leaders(pole))
        joins = side_of == label
        for leader in leaders:
            part = table[:, :, label] / len(leaders)
            playing = np.flatnonzero(players == leader)
            if not playing.size:
                own += part[:, :, None] * joins
            else:
                together = joins[:, :, None] & joins[playing[0]]
                pair[:, :, :, playing[0]] += part[:, :, None, None] * together
    own_index = np.arange(choosers)
    pair[:, own_index, :, own_index, :] = 0.0
    return Terms(own, pair)


def _exposed_trade(
    sides: Sides, players: IntArray, side_of: IntArray, followed: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Trade of each player and choice with rivals: with non-moving countries, and by others' choices."""
    rival = sides.rival().astype(np.float64)
    trade = sides.world.trade_usd[players]
    player_index = {int(country): p for p, country in enumerate(players)}
    follows_player = np.zeros((len(trade.T), len(players)))  # 1 where a country takes a player's alignment
    unmoved = np.ones(len(follows_player), dtype=bool)
    for country, leader_followed in enumerate(followed):
        if int(leader_followed) in player_index:
            follows_player[country, player_index[int(leader_followed)]] = 1.0
            unmoved[country] = False
    fixed = np.where(followed >= 0, sides.start()[followed], sides.start())
    towards = rival[side_of]  # (P, C, L)
    with_label = np.eye(len(sides.labels))[fixed] * unmoved[:, None]
    alone = np.einsum("pcl,pl->pc", towards, trade @ with_label)
    against = rival[side_of[:, :, None, None], side_of[None, None]]  # (P, C, P, C)
    between = against * (trade @ follows_player)[:, None, :, None]
    own = np.arange(len(players))
    # A player's own followers are never its rivals.
    between[own, :, own, :] = 0.0
    return alone, between
