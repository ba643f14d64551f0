r"""Likelihood of sets of suppliers under the choice equation of the yearly model.

.. math::

    s_{ov} \propto \big[(1 - \omega_i - \omega_w)\, l_{ov} + \omega_i\, l_{iv} + \omega_w\, l_{wv}\big]
    \exp(-\rho R_{ov} - \rho_a A_{ov} + \alpha\, a_{ov} + \varphi f_{ov} + c_v)

Where an operator chose k vendors, they are k distinct draws from s one after the other, in any order.
The constants c are not of the model: Chinese vendors stopped naming customers after 2019, and others announce
more or less readily, so that a vendor's general frequency among announcements says little.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np

from standards_net.core.arrays import FloatArray
from tools.fit_suppliers.contracts import Contracts

__all__ = ["CONSTANTS", "NAMES", "log_likelihoods", "mixing_weights", "set_probability", "supplier_shares"]

CONSTANTS = ("announced by Chinese vendors", "announced by Nokia", "announced by Samsung", "announced by others")
NAMES = (
    "country's mix (log of ratio)", "world's mix (log of ratio)", "restriction_weight", "anticipation",
    "affinity_weight", "finance_weight", *CONSTANTS,
)  # fmt: skip


def mixing_weights(theta: FloatArray) -> tuple[float, float]:
    """Weights of the country's and of the world's mix; the two logarithms are relative to the own base."""
    odds = np.exp(np.array([0.0, theta[0], theta[1]]) - max(0.0, theta[0], theta[1]))
    odds /= odds.sum()
    return float(odds[1]), float(odds[2])


def supplier_shares(theta: FloatArray, contracts: Contracts) -> FloatArray:
    """Choice probabilities of a single supplier, (n, V)."""
    home, world = mixing_weights(theta)
    mix = (1.0 - home - world) * contracts.own + home * contracts.at_home + world * contracts.world
    utility = np.log(mix) - theta[2] * contracts.restriction - theta[3] * contracts.anticipation
    utility += theta[4] * contracts.affinity + theta[5] * contracts.finance
    constant = np.where(contracts.chinese, theta[6], 0.0)
    for v, vendor in enumerate(contracts.vendors):
        if not contracts.chinese[v] and vendor != "ericsson":
            constant[v] = theta[{"nokia": 7, "samsung": 8}.get(vendor, 9)]
    utility = np.where(contracts.closed, -np.inf, utility + constant)
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
