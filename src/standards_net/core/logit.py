"""Logit shares of many draws in parallel: utilities, then shares.

Arrays are (nodes, standards, draws) with draws innermost. Shares of a node sum to 1, so only the first
S - 1 standards' shares are averaged over neighbours, and utilities are stated relative to the last
standard: S - 1 columns in the product and S - 1 exponentials instead of S.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.compiled import compiled

__all__ = ["relative_utilities", "shares_of_odds"]

Reals = npt.NDArray[np.float64] | npt.NDArray[np.float32]


@partial(compiled, contract=True)
def relative_utilities(  # noqa: C901 - loops over nodes, standards and draws, one after another
    near: Any, base: Any, slope: Any, lock_in: Any, highest: Any, shares: Any, odds: Any, stop: Any
) -> None:
    r"""Scaled utility of each standard relative to the last.

    .. math:: u_{is} - u_{iS} = a_{is} + \sum_{t < S} M_{st} \bar x_{it} + \lambda (x_{is} - x_{iS})

    Where the largest exceeds ``highest``, all are shifted down to that level: the share of the last
    standard is then negligible either way, and the odds among the others are unchanged.

    Parameters
    ----------
    near : (N, S - 1, R) array
        Shares of the first S - 1 standards among a node's influencers.
    base : (N, S - 1) array
        ``a``: the part that does not depend on shares.
    slope : (S - 1, S - 1) array
        ``M_st = beta nu (C_st - C_sS - C_St + C_SS)``.
    lock_in : (1,) array
        ``beta lambda``.
    highest : (1,) array
    shares : (N, S, R) array
    odds : (N, S - 1, R) array
        Written; may be ``near``.
    stop : (1,) array of uint8
        Set to nonzero to stop early.
    """
    nodes, free, draws = near.shape
    utility, beyond = np.empty_like(near[0]), np.empty_like(near[0, 0]) if free else near.reshape(-1)
    for i in range(nodes if free else 0):
        if stop[0]:
            return
        for s in range(free):
            for r in range(draws):
                utility[s, r] = base[i, s]
            for t in range(free):
                for r in range(draws):
                    utility[s, r] += slope[s, t] * near[i, t, r]
            if lock_in[0] != 0:
                for r in range(draws):
                    utility[s, r] += lock_in[0] * (shares[i, s, r] - shares[i, free, r])
        for r in range(draws):
            beyond[r] = utility[0, r]
        for s in range(1, free):
            for r in range(draws):
                beyond[r] = utility[s, r] if utility[s, r] > beyond[r] else beyond[r]
        for r in range(draws):
            beyond[r] = beyond[r] - highest[0] if beyond[r] > highest[0] else highest[0] - highest[0]
        for s in range(free):
            for r in range(draws):
                odds[i, s, r] = utility[s, r] - beyond[r]


@partial(compiled, contract=True)
def shares_of_odds(  # noqa: C901 - loops over nodes, standards and draws, two cases of renewal
    odds: Any, turnover: Any, shares: Any, renewed: Any, counts: Any
) -> None:
    """Renew a fraction of each node's shares by odds relative to the last standard.

    Parameters
    ----------
    odds : (N, S - 1, R) array
    turnover : (1,) array
        Fraction renewed.
    shares, renewed : (N, S, R) array
        Before and, written, after.
    counts : (S, R) array
        Written: the new shares, summed over the nodes.
    """
    nodes, free, draws = odds.shape
    scale, one = np.empty_like(counts[0]), turnover[0] / turnover[0]
    counts[:] = 0
    for i in range(nodes):
        for r in range(draws):
            scale[r] = one
        for s in range(free):
            for r in range(draws):
                scale[r] += odds[i, s, r]
        for r in range(draws):
            scale[r] = one / scale[r]
        if turnover[0] == one:
            for s in range(free):
                for r in range(draws):
                    renewed[i, s, r] = odds[i, s, r] * scale[r]
            for r in range(draws):
                renewed[i, free, r] = scale[r]
        else:
            for s in range(free + 1):
                for r in range(draws):
                    chosen = odds[i, s, r] * scale[r] if s < free else scale[r]
                    renewed[i, s, r] = shares[i, s, r] + turnover[0] * (chosen - shares[i, s, r])
        for s in range(free + 1):
            for r in range(draws):
                counts[s, r] += renewed[i, s, r]
