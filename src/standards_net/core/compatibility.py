"""Compatibility: how standards drift apart as their markets separate, and how agreements prevent it."""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray, from_lanes, pool, to_lanes
from standards_net.core.compiled import compiled

__all__ = ["compatibility_path", "erode", "separation"]


def separation(adoption: FloatArray, weights: FloatArray) -> FloatArray:
    r"""Distance between the markets of two standards: total variation distance.

    .. math:: d_{st} = \tfrac12 \sum_i \left| \frac{m_i b_{is}}{\sum_j m_j b_{js}}
              - \frac{m_i b_{it}}{\sum_j m_j b_{jt}} \right|

    Parameters
    ----------
    adoption : (..., N, S) array
        Shares of the installed base by standard.
    weights : (N,) or (..., N) array
        Market sizes, summing to 1.

    Returns
    -------
    (..., S, S) array
        0 where two standards have the same distribution over countries, 1 where they share no country.
        A standard without users has distance 0 from every other.

    Examples
    --------
    >>> import numpy as np
    >>> separation(np.eye(2), np.array([0.5, 0.5])).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    if weights.ndim > 1:  # sizes of each draw are a part of what is compared
        adoption, weights = adoption * weights[..., None], np.ones(weights.shape[-1])
    lead, own = adoption.shape[:-2], adoption.shape[-2:]
    lanes = to_lanes(adoption, lead, own)
    apart = np.zeros((own[1], own[1], lanes.shape[-1]))
    _separation(lanes, weights, pool(weights, lanes.transpose(2, 0, 1)).T, apart)
    return from_lanes(apart, lead)


@compiled
def _separation(adoption: FloatArray, weights: FloatArray, total: FloatArray, apart: FloatArray) -> None:
    countries, standards, draws = adoption.shape
    for i in range(countries):
        for s in range(standards):
            for t in range(s):
                for r in range(draws):
                    both = total[s, r] > 0.0 and total[t, r] > 0.0
                    gap = adoption[i, s, r] / total[s, r] - adoption[i, t, r] / total[t, r]
                    apart[s, t, r] += 0.5 * weights[i] * abs(gap) if both else 0.0
    for s in range(standards):
        for t in range(s):
            apart[t, s] = apart[s, t]


def erode(
    kept: FloatArray,
    apart: FloatArray,
    drift: FloatArray | float,
    agreement: FloatArray | float = 0.0,
    repair: FloatArray | float = 0.0,
) -> FloatArray:
    r"""Update the part of the initial compatibility that remains after drift.

    .. math:: e'_{st} = e_{st}\,e^{-\rho d_{st}(1 - h_{st})} + \kappa h_{st} (1 - e_{st})

    Parameters
    ----------
    kept : (..., S, S) array
        ``e``, remaining part of the initial compatibility, 0 to 1.
    apart : (..., S, S) array
        ``d``, separation of the standards' markets (:func:`separation`).
    drift : (..., 1, 1) array or float
        ``rho``, per year and unit of separation; 0 disables drift.
    agreement : (S, S) array or float
        ``h``, strength of a multilateral agreement between two standards' camps, 0 to 1.
    repair : (..., 1, 1) array or float
        ``kappa``, share of what was lost that a full agreement restores each year.

    Returns
    -------
    (..., S, S) array
        Diagonal stays 1.

    Examples
    --------
    >>> import numpy as np
    >>> half = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> erode(half, 1 - np.eye(2), 0.0, 1.0, 0.2).tolist()
    [[1.0, 0.6], [0.6, 1.0]]
    """
    decayed = kept * np.exp(-drift * apart * (1.0 - np.asarray(agreement)))
    return np.asarray(decayed + np.asarray(repair) * agreement * (1.0 - kept))


def compatibility_path(
    start: FloatArray, of_start: FloatArray, set_to: FloatArray, kept: FloatArray
) -> FloatArray:
    """Compatibility in a year: initial values as modified by a scenario, times what remains after drift.

    Parameters
    ----------
    start : (..., S, S) array
        Compatibility of 2019 in the draw.
    of_start, set_to : (S, S) array
        Factor and summand that a scenario applies to the start: 1 and 0 without a lever, 1 - w and w c
        during a transition to c (:attr:`standards_net.scenario.Levers.set_to`).
    kept : (..., S, S) array
        Part that remains after drift (:func:`erode`).

    Examples
    --------
    >>> import numpy as np
    >>> one = np.ones((2, 2))
    >>> compatibility_path(one, 0.5 * one, 0.5 * np.eye(2), one).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    return np.asarray((of_start * start + set_to) * kept)
