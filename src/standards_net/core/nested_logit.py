"""Choice between standards, then between the vendors of a standard: the logit in two stages."""

from __future__ import annotations

import math

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, from_lanes, to_lanes
from standards_net.core.compiled import compiled

__all__ = ["choose_within"]


def choose_within(
    utility: FloatArray,
    allowed: BoolArray,
    standard_of: IntArray,
    standards: int,
    sensitivity: FloatArray | float = 1.0,
) -> tuple[FloatArray, FloatArray]:
    r"""Weight of each standard in the logit, and the split of its purchases among its vendors.

    .. math::

        w_{is} = \ln \sum_{v \in s} a_{iv}\,e^{\beta U_{iv}}, \qquad
        s_{iv|s} = a_{iv}\,e^{\beta U_{iv} - w_{is}}

    The logit over vendors is the product of the two stages: :math:`e^{w_{is}} / \sum_t e^{w_{it}}` times
    the split.

    Parameters
    ----------
    utility : (..., N, V) array
        ``U`` in log-odds.
    allowed : (N, V) array of bool
        ``a``: vendors from which a country may buy.
    standard_of : (V,) array of int
        Index of each vendor's standard.
    standards : int
        S.
    sensitivity : (..., 1, 1) array or float
        ``beta``.

    Returns
    -------
    weight : (..., N, S) array
        Minus infinity where no vendor of the standard is allowed.
    split : (..., N, V) array
        Sums to 1 over the vendors of each standard with an allowed vendor, else 0.

    References
    ----------
    Train, K. E. (2009), Discrete Choice Methods with Simulation, chapter 4,
    doi:10.1017/CBO9780511805271 (nests with a dissimilarity of 1).

    Examples
    --------
    >>> import numpy as np
    >>> u = np.log(np.array([[3.0, 1.0, 4.0]]))
    >>> weight, split = choose_within(u, np.ones((1, 3), dtype=bool), np.array([0, 0, 1]), 2)
    >>> np.exp(weight).round(6).tolist(), split.round(6).tolist()
    ([[4.0, 4.0]], [[0.75, 0.25, 1.0]])
    """
    lead, (countries, vendors) = utility.shape[:-2], utility.shape[-2:]
    draws = math.prod(lead)
    best, weight = np.empty((countries, standards, draws)), np.empty((countries, standards, draws))
    split = np.empty((countries, vendors, draws))
    beta = to_lanes(sensitivity, lead, (1, 1))[0, 0]
    lanes = to_lanes(utility, lead, (countries, vendors))
    _scale(lanes, allowed, standard_of, beta, split, best)
    _split(allowed, standard_of, best, split, weight)
    return from_lanes(weight, lead), from_lanes(split, lead)


@compiled
def _scale(
    utility: FloatArray,
    allowed: BoolArray,
    standard_of: IntArray,
    beta: FloatArray,
    scaled: FloatArray,
    best: FloatArray,
) -> None:
    """Scaled utility of allowed vendors (N, V, R), and the best of each standard (N, S, R)."""
    countries, vendors, draws = utility.shape
    for i in range(countries):
        best[i] = -np.inf
        for v in range(vendors):
            if allowed[i, v]:
                s = standard_of[v]
                for r in range(draws):
                    scaled[i, v, r] = utility[i, v, r] * beta[r]
                    best[i, s, r] = max(best[i, s, r], scaled[i, v, r])


@compiled
def _split(
    allowed: BoolArray, standard_of: IntArray, best: FloatArray, split: FloatArray, weight: FloatArray
) -> None:
    """Turn scaled utility into shares within its standard; subtracting the best avoids overflow."""
    countries, vendors, draws = split.shape
    for i in range(countries):
        weight[i] = 0.0
        for v in range(vendors):
            s = standard_of[v]
            for r in range(draws):
                split[i, v, r] = np.exp(split[i, v, r] - best[i, s, r]) if allowed[i, v] else 0.0
                weight[i, s, r] += split[i, v, r]
        for v in range(vendors):
            s = standard_of[v]
            for r in range(draws):
                split[i, v, r] /= weight[i, s, r] if allowed[i, v] else 1.0
        weight[i] = best[i] + np.log(weight[i])
