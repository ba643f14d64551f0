r"""What an alignment is worth to a country, item by item, USD a year.

Six items come from the model (means over the years from 2021):

- ``network``: value of what is deployed and works together: all of it less item (a) of the account;
- ``double_running``: serving partners on another standard, as loss;
- ``scale``: dearer equipment because markets are smaller, as loss;
- ``price``: dearer vendors among those still allowed, against buying in the country's own mix of 2019;
- ``replacement``: equipment replaced before its time, as loss;
- ``home_vendors``: what the revenue of vendors at home in the country is worth to it.

Three are stated outright, the last two for standing where the leaders of a pole stand:

- ``market_access``: exports to members of a rival pole lose value by retaliation and lost access;
- ``affinity``: standing with those one votes with in the United Nations, and in whose camp one was in 2019;
- ``security``: standing with a leader that has promised defence.

.. math::

    u_i(a) = \sum_k y_{ik}(a) - \rho_x \sum_j \tfrac12 T_{ij} [a_i, a_j\ \text{rivals}]
             + G_i \sum_p (\zeta_a v_{ip} + \zeta_s g_{ip}) [a_i = a_{\text{leader of } p}]

with T trade both ways, G GDP, v political closeness, g defence pacts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from standards_net.alignment.games.sides import Sides
from standards_net.core.arrays import FloatArray, IntArray, pool, row_dot
from standards_net.ensemble.engine import Reading, Years
from standards_net.ensemble.observation import measure_inputs
from standards_net.measures.inputs import ITEMS as COSTS
from standards_net.measures.inputs import WorldWeights
from standards_net.model.setting import Setting

__all__ = ["ITEMS", "SIMULATED", "Terms", "model_items", "stated_terms"]

SIMULATED = ("network", "double_running", "scale", "price", "replacement", "home_vendors")
STATED = ("market_access", "affinity", "security")
ITEMS = (*SIMULATED, *STATED)

_COST_OF = {"network": "exchange", "double_running": "double_running", "scale": "scale",
            "replacement": "replacement"}  # fmt: skip
_FIRST_YEAR = 2021  # sides are taken in 2020, bans begin a year later


class Terms(NamedTuple):
    """Pay-offs of P players with C choices as own and pairwise terms, in R draws.

    Attributes
    ----------
    own : (R, P, C) array
        What a choice is worth to a player whatever the others do.
    pair : (R, P, C, P, C) array
        What another's choice adds to it; zero for the player itself.
    """

    own: FloatArray
    pair: FloatArray


def model_items(sides: Sides, technology: str, players: IntArray) -> Reading[FloatArray]:
    """Make the function that reads P players off a run, (R, P + 1, 7).

    Columns: the six simulated items, and the player's part of the world's interoperability loss in the
    last year. The last row are all other countries together; their pay-offs are not asked for.
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
            costs = inputs.cost_usd
            margin = setting.parameters["vendor_margin"][:, None]
            found = {name: -costs[:, players, COSTS.index(cost)] for name, cost in _COST_OF.items()}
            value = np.outer(weights.gdp_usd, setting.parameters[f"network_value_{technology}"]).T
            found["network"] += (state.deployment * value)[:, players]
            found["price"] = -_dearer(info.bought, info.purchases, setting)[:, players]
            found["home_vendors"] = margin * (inputs.vendor_revenue_usd.sum(axis=2) @ at_home)
            total[:, :-1, :-1] += np.stack([found[name] for name in SIMULATED], axis=-1)
            counted += 1
        total /= max(counted, 1)
        part = inputs.loss_by_country * weights.own_exchange
        total[:, :-1, -1] = part[:, players]
        total[:, -1, -1] = part.sum(axis=1) - part[:, players].sum(axis=1)
        return total

    return read


def _dearer(bought: FloatArray, purchases: FloatArray, setting: Setting) -> FloatArray:
    """What a year's purchases cost beyond the country's own mix of 2019, at the prices of 2019, (R, N)."""
    p, technology = setting.parameters, setting.levers.technology
    base_usd = np.outer(setting.market_share, p[f"market_{technology}"] * p[f"lifetime_{technology}"]).T
    world_price = pool(setting.market_share, setting.start) @ setting.price_index
    prices = np.broadcast_to(setting.price_index, (len(world_price), len(setting.price_index)))
    own_mix = row_dot(setting.start, prices)
    return np.asarray(base_usd * (row_dot(bought, prices) - purchases * own_mix) / world_price[:, None])


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
        Places of the players among the countries.
    side_of : (P, C) array of int
        Label that each choice of a player means.
    followed : (N,) array of int
        From :func:`standards_net.alignment.games.sides.leaders_followed`: players decide for those who follow them.
    parameters : mapping of str to (R,) array

    Returns
    -------
    dict of item to Terms
    """
    gdp = sides.world.gdp_usd[players]

    def with_leaders(rate: str, table: FloatArray) -> Terms:
        own, pair = _with_leaders(sides, players, side_of, gdp[:, None] * table[players])
        worth = parameters[rate]
        return Terms(worth[:, None, None] * own, worth[:, None, None, None, None] * pair)

    affinity, pact = sides.closeness()
    alone, between = _exposed_trade(sides, players, side_of, followed)
    rate = -0.5 * parameters["retaliation_rate"]
    access = Terms(rate[:, None, None] * alone, rate[:, None, None, None, None] * between)
    return {
        "market_access": access,
        "affinity": with_leaders("affinity_value", affinity),
        "security": with_leaders("security_value", pact),
    }


def _with_leaders(
    sides: Sides, players: IntArray, side_of: IntArray, table: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Worth (P, L) of each pole for those who stand where its leaders stand, as own and pairwise terms.

    A leader that does not play stands at its pole; one that plays may stand elsewhere, and who goes with
    it there has its good will all the same.
    """
    choosers, choices = side_of.shape
    own = np.zeros((choosers, choices))
    pair = np.zeros((choosers, choices, choosers, choices))
    for label, pole in enumerate(sides.camps.names):
        leaders = np.flatnonzero(sides.leaders(pole))
        for leader in leaders:
            part = table[:, label] / len(leaders)
            playing = np.flatnonzero(players == leader)
            if not playing.size:
                own += part[:, None] * (side_of == label)
                continue
            same = side_of[:, :, None] == side_of[playing[0]][None, None]
            pair[:, :, playing[0]] += part[:, None, None] * same
    themselves = np.arange(choosers)
    pair[themselves, :, themselves, :] = 0.0
    return own, pair


def _exposed_trade(
    sides: Sides, players: IntArray, side_of: IntArray, followed: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Trade of each player and choice with rivals: with those who do not move, and by others' choices."""
    rival = sides.rival().astype(np.float64)
    trade = sides.world.trade_usd[players]
    place = {int(country): p for p, country in enumerate(players)}
    behind = np.zeros((len(trade.T), len(players)))  # 1 where a country does as a player does
    still = np.ones(len(behind), dtype=bool)
    for country, leader_followed in enumerate(followed):
        if int(leader_followed) in place:
            behind[country, place[int(leader_followed)]] = 1.0
            still[country] = False
    fixed = np.where(followed >= 0, sides.start()[followed], sides.start())
    towards = rival[side_of]  # (P, C, L)
    with_label = np.eye(len(sides.labels))[fixed] * still[:, None]
    alone = np.einsum("pcl,pl->pc", towards, trade @ with_label)
    against = rival[side_of[:, :, None, None], side_of[None, None]]  # (P, C, P, C)
    between = against * (trade @ behind)[:, None, :, None]
    own = np.arange(len(players))
    # A follower of one's own never stands against one.
    between[own, :, own, :] = 0.0
    return alone, between
