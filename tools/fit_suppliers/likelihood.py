r"""Likelihood of sets of suppliers under the choice equation of the yearly model.

.. math::

    s_{ov} \propto \big[(1 - w_i) ((1 - \omega_i)\, l_{ov} + \omega_i\, l_{iv}) + w_i\, l_{wv}\big]
    \exp(-\rho R_{ov} - \rho_a A_{ov} + \alpha\, a_{ov} + \varphi f_{ov} + c_v)

with :math:`w_i = \omega_w (1 - h_i)`, h the share of a country's own vendors in its base; A is 1 with the
chance of a restriction within three years. Where an operator chose k vendors, they are k distinct draws from
s one after the other, in any order.
The constants c are not of the model: Chinese vendors stopped naming customers after 2019, and others announce
more or less readily, so that a vendor's general frequency among announcements says little.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np

from standards_net.core.arrays import FloatArray
from tools.fit_suppliers.contracts import Contracts

__all__ = ["CONSTANTS", "NAMES", "log_likelihoods", "mixing_weights", "set_probability", "supplier_shares"]

CONSTANTS = (
    "announced by Chinese vendors",
    "announced by Nokia",
    "announced by Samsung",
    "announced by others",
)
NAMES = (
    "weight_of_country_mix (log-odds)", "weight_of_world_mix (log-odds)", "restriction_weight",
    "anticipation", "affinity_weight", "finance_weight", *CONSTANTS,
)  # fmt: skip


def mixing_weights(theta: FloatArray) -> tuple[float, float]:
    """Weights of the country's and of the world's mix."""
    home, world = 1.0 / (1.0 + np.exp(-theta[:2]))
    return float(home), float(world)


def supplier_shares(theta: FloatArray, contracts: Contracts) -> FloatArray:
    """Choice probabilities of a single supplier, (n, V)."""
    home, world = mixing_weights(theta)
    mix = (1.0 - home) * contracts.own + home * contracts.at_home
    abroad = world * contracts.abroad[:, None]
    mix = (1.0 - abroad) * mix + abroad * contracts.world
    utility = np.log(mix) - theta[2] * contracts.restriction
    utility += theta[4] * contracts.affinity + theta[5] * contracts.finance
    constant = np.where(contracts.chinese, theta[6], 0.0)
    for v, vendor in enumerate(contracts.vendors):
        if not contracts.chinese[v] and vendor != "ericsson":
            constant[v] = theta[{"nokia": 7, "samsung": 8}.get(vendor, 9)]
    utility = np.where(contracts.closed, -np.inf, utility + constant)
    expecting = utility - theta[3] * (contracts.anticipation > 0.0)
    chance = contracts.anticipation.max(axis=1, keepdims=True)
    return np.asarray((1.0 - chance) * _chosen(utility) + chance * _chosen(expecting))


def _chosen(utility: FloatArray) -> FloatArray:
    odds = np.exp(utility - utility.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def set_probability(shares: FloatArray, chosen: tuple[int, ...]) -> float:
    """Probability that distinct draws, one after the other, are these vendors in some order.

    Examples
    --------
    >>> round(set_probability(np.array([0.5, 0.3, 0.2]), (0, 1)), 4)  # .5 x .3/.5 + .3 x .5/.7
    0.5143
    """
    total = 0.0
    for order in permutations(chosen):
        left, product = 1.0, 1.0
        for v in order:
            product *= shares[v] / left
            left = max(left - shares[v], 1e-12)
        total += product
    return float(total)


def log_likelihoods(theta: FloatArray, contracts: Contracts) -> FloatArray:
    """Log-probability of each operator's choice, (n,)."""
    shares = supplier_shares(theta, contracts)
    found = [set_probability(row, chosen) for row, chosen in zip(shares, contracts.chosen, strict=True)]
    return np.log(np.maximum(found, 1e-300))
