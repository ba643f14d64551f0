"""Choice of vendor."""

from __future__ import annotations

import math

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, from_lanes, row_matmul, to_lanes
from standards_net.core.compiled import compiled

__all__ = ["choose", "network_benefit", "tender", "tie_average"]


def tie_average(values: FloatArray, ties: FloatArray, mix: FloatArray) -> FloatArray:
    r"""Average over tied countries, the kinds of tie mixed by each draw's weights.

    .. math:: \bar x_i = \sum_k \omega_k \sum_j W^{(k)}_{ij} x_j

    Draws and kinds of tie are stacked so that the whole average is one matrix product. (Mixing a matrix
    for each draw first needs a fifth of the arithmetic, but reads 300 kB per draw and year from memory:
    slower by two thirds.)

    Parameters
    ----------
    values : (R, N, M) array
        M quantities of N countries in R draws.
    ties : (K, N, N) array
        One matrix per kind of tie; rows sum to 1.
    mix : (R, K) array
        Weights of the kinds; rows sum to 1.

    Returns
    -------
    (R, N, M) array

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[1.0], [0.0]]])
    >>> tie_average(x, np.array([[[0.0, 1.0], [1.0, 0.0]]]), np.ones((1, 1))).tolist()
    [[[0.0], [1.0]]]
    """
    draws, countries, columns = values.shape
    kinds = len(ties)
    side_by_side = values.transpose(1, 2, 0)
    scaled = np.empty((kinds, countries, columns, draws))
    for kind in range(kinds):
        np.multiply(side_by_side, mix[:, kind], out=scaled[kind])
    beside = ties.transpose(1, 0, 2).reshape(countries, -1)
    mixed = beside @ scaled.reshape(kinds * countries, -1)
    return mixed.reshape(countries, columns, draws).transpose(2, 0, 1)


def network_benefit(tied_shares: FloatArray, compatibility: FloatArray) -> FloatArray:
    r"""Share of a country's tied markets with which each standard is compatible.

    .. math:: n_{is} = \sum_t C_{st} \bar b_{it}

    Parameters
    ----------
    tied_shares : (..., N, S) array
        Standards' shares among tied countries (:func:`tie_average`).
    compatibility : (..., S, S) array
        How well two standards work together, 0 to 1; symmetric, diagonal 1.

    Returns
    -------
    (..., N, S) array
        Between 0 and 1.

    References
    ----------
    Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2),
    doi:10.1111/1467-937X.00168.

    Examples
    --------
    >>> import numpy as np
    >>> network_benefit(np.array([[0.75, 0.25]]), np.array([[1.0, 0.5], [0.5, 1.0]])).tolist()
    [[0.875, 0.625]]
    """
    return row_matmul(tied_shares, compatibility)


def choose(utility: FloatArray, allowed: BoolArray, sensitivity: FloatArray | float = 1.0) -> FloatArray:
    r"""Multinomial logit over the allowed vendors.

    .. math:: s_{iv} = \frac{a_{iv}\,e^{\beta U_{iv}}}{\sum_u a_{iu}\,e^{\beta U_{iu}}}

    Parameters
    ----------
    utility : (..., N, V) array
        ``U`` in log-odds.
    allowed : (N, V) array of bool
        Vendors from which a country may buy; at least one in each row.
    sensitivity : (..., 1, 1) array or float
        ``beta``; large values approach best response.

    Returns
    -------
    (..., N, V) array
        Shares of the purchases; rows sum to 1, disallowed vendors have exactly 0.

    References
    ----------
    McFadden, D. (1974), Conditional logit analysis of qualitative choice behavior, in Zarembka (ed.),
    Frontiers in Econometrics, Academic Press.

    Examples
    --------
    >>> import numpy as np
    >>> u = np.log(np.array([[3.0, 1.0, 4.0]]))
    >>> choose(u, np.array([[True, True, False]])).round(6).tolist()
    [[0.75, 0.25, 0.0]]
    """
    lead = utility.shape[:-2]
    shares = np.empty((*utility.shape[-2:], math.prod(lead)))
    beta = to_lanes(sensitivity, lead, (1, 1))[0, 0]
    _log_odds_of_best(to_lanes(utility, lead, utility.shape[-2:]), allowed, beta, shares)
    np.exp(shares, out=shares)
    _normalise(shares)
    return from_lanes(shares, lead)


@compiled
def _log_odds_of_best(utility: FloatArray, allowed: BoolArray, beta: FloatArray, out: FloatArray) -> None:
    """Scaled utility (N, V, R) less that of the best allowed vendor, so that no exponential overflows."""
    countries, vendors, draws = utility.shape
    best = np.empty(draws)
    for i in range(countries):
        best[:] = -np.inf
        for v in range(vendors):
            for r in range(draws):
                scaled = utility[i, v, r] * beta[r] if allowed[i, v] else -np.inf
                out[i, v, r] = scaled
                best[r] = max(best[r], scaled)
        for v in range(vendors):
            for r in range(draws):
                out[i, v, r] -= best[r]


@compiled
def _normalise(shares: FloatArray) -> None:
    """Divide (N, V, R) weights by their sums over vendors."""
    countries, vendors, draws = shares.shape
    total = np.empty(draws)
    for i in range(countries):
        total[:] = 0.0
        for v in range(vendors):
            for r in range(draws):
                total[r] += shares[i, v, r]
        for v in range(vendors):
            for r in range(draws):
                shares[i, v, r] /= total[r]


def tender(
    holders: IntArray,
    choice: FloatArray,
    due: BoolArray,
    uniforms: FloatArray,
    allowed: BoolArray,
) -> IntArray:
    """Draw one vendor for each operator whose contract is due.

    A contract is due on its date, or as soon as its vendor is no longer allowed. Between these dates
    the operator keeps buying from its vendor, so history matters.

    Parameters
    ----------
    holders : (..., N, M) array of int
        Index of the vendor from which each of M operators buys.
    choice : (..., N, V) array
        Probability of each vendor (:func:`choose`).
    due : (N, M) array of bool
        Contracts that end this year.
    uniforms : (..., N, M) array
        Uniform random numbers in [0, 1), one per contract.
    allowed : (N, V) array of bool
        Vendors from which a country may buy.

    Returns
    -------
    (..., N, M) array of int
        Holders after the tenders.

    Examples
    --------
    >>> import numpy as np
    >>> tender(np.array([[0, 0]]), np.array([[0.25, 0.75]]), np.array([[True, False]]),
    ...        np.array([[0.3, 0.3]]), np.array([[True, True]])).tolist()
    [[1, 0]]
    """
    vendors = choice.shape[-1]
    steps = np.cumsum(choice, axis=-1)
    won = (uniforms[..., None] >= steps[..., None, :]).sum(axis=-1)
    # Rounding can leave the last step slightly below 1: then the last vendor of positive probability wins.
    last = vendors - 1 - np.argmax(choice[..., ::-1] > 0.0, axis=-1)
    won = np.minimum(won, last[..., None])
    still_allowed = np.take_along_axis(
        np.broadcast_to(allowed, choice.shape), holders.astype(np.int64), axis=-1
    )
    return np.asarray(np.where(due | ~still_allowed, won, holders), dtype=np.int64)
