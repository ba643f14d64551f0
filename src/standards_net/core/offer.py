"""Offers of a year: what vendors are worth to each buyer, and the shares in which it would choose."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray, IntArray, from_lanes, to_lanes
from standards_net.core.compiled import compiled
from standards_net.core.exclusion import exclude_from
from standards_net.core.exponential import exponential
from standards_net.core.turnover import Bases

__all__ = ["Barred", "Offered", "Worth", "offered"]


class Worth(NamedTuple):
    """What makes up a vendor's utility to a buyer, R draws, O buyers in N countries, V vendors, S standards.

    Attributes
    ----------
    appeal : (R, O, V) array
        What does not depend on the state.
    benefit : (R, N, S) array
        Network benefit of each standard, in units of utility.
    lock_in : (R,) array
        Worth of a base that is a vendor's own.
    quality, log_price : (R, V) array
    price_lever : (N, V) array
        Change of log price by country.
    price_sensitivity : (R, N) array
    sensitivity : (R,) array
        ``beta``.
    """

    appeal: FloatArray
    benefit: FloatArray
    lock_in: FloatArray
    quality: FloatArray
    log_price: FloatArray
    price_lever: FloatArray
    price_sensitivity: FloatArray
    sensitivity: FloatArray


class Barred(NamedTuple):
    """Part of the purchases of A of the O buyers that may not be from a vendor; the others are free.

    Attributes
    ----------
    buyers : (A,) array of int
    part : (R, A, V) or (1, A, V) array
        The same in all draws if it is one.
    """

    buyers: IntArray
    part: FloatArray

    def of_all(self, buyers: int) -> FloatArray:
        """The same for all buyers, (R, O, V) or (1, O, V)."""
        full = np.zeros((len(self.part), buyers, self.part.shape[2]))
        full[:, self.buyers] = self.part
        return full


class Offered(NamedTuple):
    """Utility and choice of a year.

    Attributes
    ----------
    utility : (R, O, V) array
    choice : (R, O, V) array
        Shares of purchases by logit, within what may be bought.
    free : (R, A, V) array
        Of those who are barred from a vendor: shares if they were not.
    moved : (R, A) array
        Part of their purchases that would have been from others.
    """

    utility: FloatArray
    choice: FloatArray
    free: FloatArray
    moved: FloatArray


def offered(
    worth: Worth,
    bases: Bases,
    deployment: FloatArray | float,
    country_of: IntArray,
    standard_of: IntArray,
    barred: Barred,
) -> Offered:
    r"""Multinomial logit over vendors, within what each buyer may buy.

    .. math::

        U_{ov} = a_{ov} + n_{i s(v)} + \lambda u_{ov} + q_v - \eta_i (\ln P_v + p_{iv}), \qquad
        s_{ov} = \frac{e^{\beta U_{ov}}}{\sum_u e^{\beta U_{ou}}}

    with u what is in use. Purchases from vendors that a buyer is barred from go to others, as in
    :func:`standards_net.core.exclusion.exclude`.

    Parameters
    ----------
    worth : Worth
    bases : Bases
    deployment : (R, N) array or float
        Share on the newer base; 1 if there is only one.
    country_of : (O,) array of int
    standard_of : (V,) array of int
        Index of each vendor's standard.
    barred : Barred

    Returns
    -------
    Offered

    References
    ----------
    McFadden, D. (1974), Conditional logit analysis of qualitative choice behavior, in Zarembka (ed.),
    Frontiers in Econometrics, Academic Press.

    Examples
    --------
    >>> one, zero = np.ones((1, 1, 1)), np.zeros((1, 1))
    >>> worth = Worth(np.log([[[3.0, 1.0, 4.0]]]), 0.0 * one, zero[0], np.zeros((1, 3)), np.zeros((1, 3)),
    ...     np.zeros((1, 3)), zero, np.ones(1))
    >>> third = np.full((1, 1, 3), 1 / 3)
    >>> barred = Barred(np.array([0]), np.array([[[0.0, 0.0, 1.0]]]))
    >>> found = offered(worth, Bases(third, third), 1.0, np.array([0]), np.array([0, 0, 0]), barred)
    >>> found.free.round(3).tolist(), found.choice.round(3).tolist(), found.moved.round(3).tolist()
    ([[[0.375, 0.125, 0.5]]], [[[0.75, 0.25, 0.0]]], [[0.5]])
    """
    lead, own = worth.appeal.shape[:1], worth.appeal.shape[1:]
    draws, countries = math.prod(lead), worth.price_sensitivity.shape[1]
    utility, choice = np.empty((*own, draws)), np.empty((*own, draws))
    free = np.empty((len(barred.buyers), own[1], draws))
    moved = np.empty((len(barred.buyers), draws))
    row = np.full(own[0], -1)
    row[barred.buyers] = np.arange(len(barred.buyers))
    per_draw = (len(barred.part),)
    _offer(
        to_lanes(worth.appeal, lead, own), to_lanes(bases.newer, lead, own), to_lanes(bases.older, lead, own),
        to_lanes(deployment, lead, (countries,)), country_of, standard_of,
        to_lanes(worth.benefit, lead, worth.benefit.shape[1:]), worth.lock_in,
        to_lanes(worth.quality, lead, own[1:]), to_lanes(worth.log_price, lead, own[1:]), worth.price_lever,
        to_lanes(worth.price_sensitivity, lead, (countries,)), worth.sensitivity,
        row, to_lanes(barred.part, per_draw, barred.part.shape[1:]), utility, choice, free, moved,
    )  # fmt: skip
    return Offered(*(from_lanes(each, lead) for each in (utility, choice, free, moved)))


# As in turnover.py: loops over few arrays, and what belongs to a buyer stays in the cache between them.
@compiled
def _offer(  # noqa: C901 - one pass over the buyers
    appeal: FloatArray,
    newer: FloatArray,
    older: FloatArray,
    deployment: FloatArray,
    country_of: IntArray,
    standard_of: IntArray,
    benefit: FloatArray,
    lock_in: FloatArray,
    quality: FloatArray,
    log_price: FloatArray,
    price_lever: FloatArray,
    price_sensitivity: FloatArray,
    beta: FloatArray,
    row: IntArray,
    barred: FloatArray,
    utility: FloatArray,
    choice: FloatArray,
    free: FloatArray,
    moved: FloatArray,
) -> None:
    buyers, vendors, draws = appeal.shape
    served, worth, best = np.empty(draws), np.empty(draws), np.empty(draws)
    for o in range(buyers):
        i = country_of[o]
        best[:] = -np.inf
        for v in range(vendors):
            s, dearer = standard_of[v], price_lever[i, v]
            for r in range(draws):
                served[r] = older[o, v, r] + deployment[i, r] * (newer[o, v, r] - older[o, v, r])
            for r in range(draws):
                worth[r] = benefit[i, s, r] + lock_in[r] * served[r]
            for r in range(draws):
                worth[r] += quality[v, r] - price_sensitivity[i, r] * (log_price[v, r] + dearer)
            for r in range(draws):
                utility[o, v, r] = appeal[o, v, r] + worth[r]
            for r in range(draws):
                choice[o, v, r] = utility[o, v, r] * beta[r]
            for r in range(draws):
                best[r] = max(best[r], choice[o, v, r])
        for v in range(vendors):
            for r in range(draws):
                choice[o, v, r] -= best[r]
        exponential(choice[o])
        best[:] = 0.0
        for v in range(vendors):
            for r in range(draws):
                best[r] += choice[o, v, r]
        for v in range(vendors):
            for r in range(draws):
                choice[o, v, r] /= best[r]
        if row[o] >= 0:
            k = row[o]
            free[k] = choice[o]
            exclude_from(free[k], barred[k], choice[o], moved[k])
