"""Logit shares of many draws side by side: utilities, then shares.

Arrays are (nodes, standards, draws) with draws innermost. Shares of a node sum to 1, so only the first
S - 1 standards' shares are averaged over neighbours, and utilities are stated relative to the last
standard: S - 1 columns in the product and S - 1 exponentials instead of S.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.compiled import compiled

__all__ = ["relative_utilities", "shares_of_odds"]

Reals = npt.NDArray[np.float64] | npt.NDArray[np.float32]


@compiled
def relative_utilities(near: Any, base: Any, slope: Any, lock_in: Any, shares: Any, odds: Any) -> None:
    r"""Scaled utility of each standard less that of the last.

    .. math:: u_{is} - u_{iS} = a_{is} + \sum_{t < S} M_{st} \bar x_{it} + \lambda (x_{is} - x_{iS})

    Parameters
    ----------
    near : (N, S - 1, R) array
        Shares of the first S - 1 standards among those whom a node looks to.
    base : (N, S - 1) array
        ``a``: what does not depend on shares.
    slope : (S - 1, S - 1) array
        ``M_st = beta nu (C_st - C_sS - C_St + C_SS)``.
    lock_in : (1,) array
        ``beta lambda``.
    shares : (N, S, R) array
    odds : (N, S - 1, R) array
        Written; may be ``near``.
    """
    nodes, free, draws = near.shape
    utility = np.empty_like(near[0])
    for i in range(nodes):
        for s in range(free):
            for r in range(draws):
                utility[s, r] = base[i, s]
            for t in range(free):
                for r in range(draws):
                    utility[s, r] += slope[s, t] * near[i, t, r]
            if lock_in[0] != 0:
                for r in range(draws):
                    utility[s, r] += lock_in[0] * (shares[i, s, r] - shares[i, free, r])
        odds[i] = utility


@compiled
def shares_of_odds(odds: Any, turnover: Any, one: Any, shares: Any, renewed: Any, moved: Any) -> None:
    """Renew a part of each node's shares by odds relative to the last standard.

    Parameters
    ----------
    odds : (N, S - 1, R) array
    turnover : (1,) array
        Part that is renewed.
    one : (1,) array
        1 in the precision of the others.
    shares, renewed : (N, S, R) array
        Before and, written, after.
    moved : (R,) array
        Largest rise of a share of each draw; none falls without some that rise.
    """
    nodes, free, draws = odds.shape
    scale = np.empty_like(moved)
    moved[:] = 0
    for i in range(nodes):
        for r in range(draws):
            scale[r] = one[0]
        for s in range(free):
            for r in range(draws):
                scale[r] += odds[i, s, r]
        for r in range(draws):
            scale[r] = turnover[0] / scale[r]
        for s in range(free + 1):
            for r in range(draws):
                weight = odds[i, s, r] if s < free else one[0]
                change = weight * scale[r] - turnover[0] * shares[i, s, r]
                renewed[i, s, r] = shares[i, s, r] + change
                moved[r] = change if change > moved[r] else moved[r]
