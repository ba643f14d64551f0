"""Whom orders bind in each draw: what they bar from purchases, and what must go before it retires."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.compiled import compiled, inlined

__all__ = ["Chances", "YearOfOrders", "bar", "remove_early"]


class YearOfOrders(NamedTuple):
    """Orders in one year, at most one for a country and vendor. (N, V) each.

    Attributes
    ----------
    part : array
        Share of the market that may not buy from a vendor: 0 free, 1 all of it.
    whole : array of bool
        Whether this share consists of whole operators, rather than of the same part of each.
    compliance : array
        Probability that the order binds.
    in_force, delay : array
        Years since the order, and the median of the delay until it takes effect.
    years_left : array
        Years within which what is bound must be gone, this one included; 0 after the deadline, infinite where
        nothing must be removed.
    """

    part: FloatArray
    whole: BoolArray
    compliance: FloatArray
    in_force: FloatArray
    delay: FloatArray
    years_left: FloatArray

    @property
    def removes(self) -> BoolArray:
        """Whether the order requires that equipment goes."""
        return np.asarray((self.part > 0.0) & np.isfinite(self.years_left))

    @property
    def by_chance(self) -> BoolArray:
        """Whether it differs between draws if an order binds, and whom of several operators."""
        unsure = self.whole & (self.part < 1.0)
        unsure |= (self.compliance < 1.0) | (self.delay > 0.0)
        return np.asarray((self.part > 0.0) & unsure)


class Chances(NamedTuple):
    """What decides whom orders bind in R draws, draws innermost.

    Attributes
    ----------
    binding : (N, R) array
        Uniform: an order binds where it is below its probability of compliance.
    lateness : (N, R) array
        Delay of orders relative to their median.
    place : (O, R) array
        Where an operator stands in its country's market, 0 to 1: an order on a share of the market binds
        those below it.
    """

    binding: FloatArray
    lateness: FloatArray
    place: FloatArray


def bar(
    orders: YearOfOrders,
    chances: Chances,
    buyers: IntArray,
    country_of: IntArray,
    weight: FloatArray,
    barred: FloatArray,
) -> None:
    """Raise ``barred`` to the part of each buyer's market that orders in effect bar from a vendor.

    Where a share of the market consists of whole operators, those are bound whose place in their country's
    market lies within this share. A buyer that stands for all operators of its country is bound in part.

    Parameters
    ----------
    orders : YearOfOrders
    chances : Chances
    buyers : (A,) array of int
        The buyers concerned, of O.
    country_of : (O,) array of int
    weight : (O,) array
        Part of each buyer in its country.
    barred : (A, V, R) or (A, V, 1) array
        Written to; one draw will do where nothing is by chance.

    Examples
    --------
    >>> row = np.ones((1, 1))
    >>> orders = YearOfOrders(row, row > 0.0, 0.4 * row, 0.5 * row, 0.0 * row, np.inf * row)
    >>> chances = Chances(np.array([[0.3, 0.5]]), np.ones((1, 2)), np.zeros((1, 2)))
    >>> barred = np.zeros((1, 1, 2))
    >>> bar(orders, chances, np.array([0]), np.array([0]), np.ones(1), barred)
    >>> barred.tolist()
    [[[1.0, 0.0]]]
    """
    _bar(
        orders.part, orders.whole, orders.compliance, orders.in_force, orders.delay,
        *chances, buyers, country_of, weight, barred,
    )  # fmt: skip


def remove_early(
    orders: YearOfOrders,
    chances: Chances,
    buyers: IntArray,
    vendors: IntArray,
    country_of: IntArray,
    weight: FloatArray,
    retirement: FloatArray,
    removed: FloatArray,
) -> None:
    r"""Raise ``removed`` to the share of the remaining base that orders take beyond retirement.

    :math:`\phi (1/k - \delta)_+` with k years left and the part :math:`\phi` of the base that is bound:
    what of this part retires need not be removed. Of a share s of the market that has been removed linearly
    since the order took effect, :math:`s \ell` is left, with :math:`\ell` the part of the time that is left.

    Parameters
    ----------
    orders : YearOfOrders
    chances : Chances
    buyers : (A,) array of int
        The buyers concerned, of O.
    vendors : (B,) array of int
        The vendors concerned, of V.
    country_of : (O,) array of int
    weight : (O,) array
        Part of each buyer in its country.
    retirement : (R,) array
        Part of a base that retires in a year.
    removed : (A, B, R) array
        Written to.

    Examples
    --------
    >>> row = np.ones((1, 1))
    >>> orders = YearOfOrders(row, row > 0.0, row, 0.5 * row, 0.0 * row, 2.0 * row)
    >>> chances, removed = Chances(0.0 * row, row, 0.0 * row), np.zeros((1, 1, 1))
    >>> only = np.array([0])
    >>> remove_early(orders, chances, only, only, only, np.ones(1), np.array([0.1]), removed)
    >>> removed.tolist()
    [[[0.4]]]
    """
    _remove_early(*orders, *chances, buyers, vendors, country_of, weight, retirement, removed)


@inlined
def _bound(
    part: float,
    share: float,
    several: bool,
    compliance: float,
    in_force: float,
    delay: float,
    place: float,
    binding: float,
    lateness: float,
) -> float:
    """Part of a buyer's market or base that an order is about, where ``part`` would be if all are bound."""
    about = part
    if several:
        about = 1.0 if place < share else 0.0
    return about if binding < compliance and in_force >= delay * lateness else 0.0


@compiled
def _bar(
    part: FloatArray,
    whole: BoolArray,
    compliance: FloatArray,
    in_force: FloatArray,
    delay: FloatArray,
    binding: FloatArray,
    lateness: FloatArray,
    place: FloatArray,
    buyers: IntArray,
    country_of: IntArray,
    weight: FloatArray,
    barred: FloatArray,
) -> None:
    vendors = part.shape[1]
    for a in range(len(buyers)):
        o = buyers[a]
        i = country_of[o]
        for v in range(vendors):
            share = part[i, v]
            if share <= 0.0:
                continue
            several = whole[i, v] and share < 1.0 and weight[o] < 1.0
            for r in range(barred.shape[2]):
                bound = _bound(
                    share, share, several, compliance[i, v], in_force[i, v], delay[i, v],
                    place[o, r], binding[i, r], lateness[i, r],
                )  # fmt: skip
                barred[a, v, r] = max(barred[a, v, r], bound)


@compiled
def _remove_early(
    part: FloatArray,
    whole: BoolArray,
    compliance: FloatArray,
    in_force: FloatArray,
    delay: FloatArray,
    years_left: FloatArray,
    binding: FloatArray,
    lateness: FloatArray,
    place: FloatArray,
    buyers: IntArray,
    vendors: IntArray,
    country_of: IntArray,
    weight: FloatArray,
    retirement: FloatArray,
    removed: FloatArray,
) -> None:
    for a in range(len(buyers)):
        o = buyers[a]
        i = country_of[o]
        for b in range(len(vendors)):
            v = vendors[b]
            share, left = part[i, v], years_left[i, v]
            if share <= 0.0 or not math.isfinite(left):
                continue
            several = whole[i, v] and share < 1.0 and weight[o] < 1.0
            for r in range(removed.shape[2]):
                # An order takes effect in the middle of a year, whole years late.
                late = max(math.ceil(delay[i, v] * lateness[i, r] - 0.5), 0.0)
                since = in_force[i, v] - (0.5 + late)
                still = left / (left + since) if since > 0.0 else 1.0
                still_bound = share * still
                rest = 1.0 - share + still_bound
                remaining = still_bound / rest if rest > 0.0 else 0.0
                bound = _bound(
                    remaining, share, several, compliance[i, v], in_force[i, v], delay[i, v],
                    place[o, r], binding[i, r], lateness[i, r],
                )  # fmt: skip
                beyond = (1.0 / max(left, 1.0) - retirement[r]) * bound
                removed[a, b, r] = max(removed[a, b, r], beyond)
