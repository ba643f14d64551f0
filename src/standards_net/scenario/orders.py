"""Orders on vendors while a scenario is compiled: bans, caps, removals and exits, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.core.binding import YearOfOrders
from standards_net.errors import StandardsNetError
from standards_net.frozen import read_only
from standards_net.scenario.drawn_policies import DrawnPolicies
from standards_net.scenario.schema import Ban, Exit, Lift, Restriction

__all__ = ["OrderBook", "Orders", "no_orders"]

_FULL = 1.0  # strength of a restriction on record that is short of exclusion


class Orders(NamedTuple):
    """Orders on one base, at most one for a year, country and vendor. (Y, N, V) each.

    Orders that overlap are in several of these, and each binds on its own terms. For what the arrays mean
    see :class:`standards_net.core.binding.YearOfOrders`.
    """

    part: FloatArray
    whole: BoolArray
    compliance: FloatArray
    in_force: FloatArray
    delay: FloatArray
    years_left: FloatArray

    def year(self, y: int) -> YearOfOrders:
        """The orders of one year."""
        return YearOfOrders._make(values[y] for values in self)

    @property
    def certain(self) -> BoolArray:
        """Whether the order bars the whole market in every draw."""
        return np.asarray((self.part >= 1.0) & (self.compliance >= 1.0) & (self.delay <= 0.0))


@lru_cache(maxsize=16)
def no_orders(shape: tuple[int, ...]) -> Orders:
    """No order in any year, country and vendor; read-only.

    Examples
    --------
    >>> no_orders((22, 196, 5)).part.any()
    np.False_
    """
    return Orders._make(read_only(values) for values in _blank(shape))


def _blank(shape: tuple[int, ...]) -> Orders:
    part, in_force, delay = (np.zeros(shape) for _ in range(3))
    whole, certain, never = np.ones(shape, dtype=bool), np.ones(shape), np.full(shape, np.inf)
    return Orders(part, whole, certain, in_force, delay, never)


def _alike(one: Orders, other: Orders) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


class OrderBook:
    """Orders while entries are applied to them, later ones on top of earlier ones.

    Attributes
    ----------
    newer, older : list of Orders
        Of the base that deployment builds and of the one that it replaces.
    """

    def __init__(self, years: tuple[int, ...], shape: tuple[int, ...], bases: tuple[str, ...]) -> None:
        self.years, self.names, self.shape = years, bases or ("", ""), shape
        self.older: list[Orders] = [_blank(shape)]
        self.newer: list[Orders] = [_blank(shape)]
        self.restriction = np.zeros(shape)
        self.capped, self.exited = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        self.cap, self.cap_compliance = np.ones(shape[:2]), np.ones(shape[:2])
        self.cap_in_force, self.cap_delay = np.zeros(shape[:2]), np.zeros(shape[:2])

    def apply(self, entry: Ban | Lift | Restriction, span: slice, cells: BoolArray) -> None:
        """Apply an entry in its years to the cells (N, V) that it names."""
        if isinstance(entry, Lift):
            for orders in (*self.older, *self.newer):
                orders.part[span, cells], orders.years_left[span, cells] = 0.0, np.inf
            self.restriction[span, cells], self.capped[span, cells] = 0.0, False
        elif isinstance(entry, Restriction):
            self.restriction[span, cells] = entry.strength
        elif entry.cap > 0.0:
            self._cap(entry, span, cells)
        else:
            for base in self._bases(entry.bases):
                self._order(base, entry, span, cells)

    def leave(self, entry: Exit, span: slice, cells: BoolArray) -> None:
        """Vendors leave: nobody buys from them, and their equipment goes as spares run out."""
        self.exited[span, cells] = True
        gone_by = entry.since + entry.spares_years - 1
        at_once = Ban.model_construct(since=entry.since, until=entry.until, remove_by=gone_by)
        for base in (self.older, self.newer):
            self._order(base, at_once, span, cells)

    def acted(self, vendors: BoolArray) -> BoolArray:
        """Whether an order, a cap, an exit or a full restriction concerns any of some vendors, (Y, N)."""
        acted = self.capped | self.exited | (self.restriction >= _FULL)
        for orders in (*self.newer, *self.older):
            acted = acted | (orders.part > 0.0)
        return np.asarray(acted[:, :, vendors].any(axis=2))

    def announced(self) -> FloatArray:
        """Chance that an order on a whole market that may take effect later binds a country, (Y, N, V)."""
        late = [
            orders.compliance * (orders.part >= 1.0) * (orders.delay > 0.0)
            for orders in (*self.newer, *self.older)
        ]
        return np.asarray(np.max(late, axis=0))

    def draw(self, policies: DrawnPolicies, first: int, chinese: BoolArray) -> None:
        """Policies drawn from their chances, in countries where nothing was in force the year before.

        Exclusion is an order that binds with its chance; a restriction short of it has its chance as
        strength. A country in which other orders leave only these vendors cannot exclude them.
        """
        before = max(int(np.searchsorted(self.years, first)) - 1, 0)
        closed = self.capped | np.any([o.part > 0.0 for o in (*self.newer, *self.older)], axis=0)
        may = ~self.acted(chinese)[before] & ~closed[:, :, ~chinese].all(axis=2)
        cells = may[:, :, None] & chinese & (policies.excludes > 0.0)[:, :, None]
        cells[: before + 1] = False
        order = _blank(self.shape)
        order.part[cells], order.whole[:] = 1.0, False
        order.compliance[:] = np.where(cells, policies.excludes[:, :, None], 1.0)
        order.in_force[:] = np.where(cells, (np.array(self.years) - first + 0.5)[:, None, None], 0.0)
        self.newer.append(order)
        self.older.append(order)
        self.restriction = np.where(
            cells, np.maximum(self.restriction, policies.restricts[:, :, None]), self.restriction
        )

    def levers(self, recorded_restriction: FloatArray) -> dict[str, Any]:
        """The levers, restrictions as changes from those on record for 2019."""
        # Most technologies have no orders, and most orders are about both bases: they are kept once.
        newer = [orders if orders.part.any() else no_orders(self.shape) for orders in self.newer]
        older = [next((o for o in newer if _alike(o, orders)), orders) for orders in self.older]
        return {
            "newer": tuple(newer),
            "older": tuple(older),
            "capped": self.capped,
            "cap": self.cap,
            "cap_compliance": self.cap_compliance,
            "cap_in_force": self.cap_in_force,
            "cap_delay": self.cap_delay,
            "exited": self.exited,
            "restriction": self.restriction - recorded_restriction,
        }

    def _bases(self, named: Sequence[str]) -> Iterator[list[Orders]]:
        for name, base in zip(self.names, (self.older, self.newer), strict=True):
            if not named or name in named:
                yield base

    def _order(self, base: list[Orders], entry: Ban, span: slice, cells: BoolArray) -> None:
        """Enter an order where no other one stands in its years, vendor by vendor."""
        left = cells
        for orders in base:
            taken = (orders.part[span] > 0.0).any(axis=0)
            self._enter(orders, entry, span, left & ~taken)
            left = left & taken
        if left.any():
            base.append(_blank(self.shape))
            self._enter(base[-1], entry, span, left)

    def _enter(self, orders: Orders, entry: Ban, span: slice, cells: BoolArray) -> None:
        orders.part[span, cells] = entry.share_of_market
        orders.whole[span, cells] = entry.share_by == "operators"
        orders.compliance[span, cells] = entry.compliance
        orders.delay[span, cells] = self._late(entry)
        orders.in_force[span, cells] = self._in_force(entry, span)[:, None]
        by = np.inf if entry.remove_by is None else entry.remove_by
        orders.years_left[span, cells] = np.maximum(by - np.array(self.years[span]) + 1, 0)[:, None]

    def _cap(self, entry: Ban, span: slice, cells: BoolArray) -> None:
        rows = np.flatnonzero(cells.any(axis=1))
        if cells[rows].all(axis=1).any():
            raise StandardsNetError(
                f"ban from {entry.since}: 'cap' names every vendor, and leaves nobody to buy from."
            )
        if (self.capped[span, rows] & ~cells[rows]).any():
            raise StandardsNetError(
                f"ban from {entry.since}: a country has one cap at a time, and one of other vendors is in "
                "force; name all capped vendors in one entry, or end the first with 'until'."
            )
        self.capped[span, rows], self.cap[span, rows] = cells[rows], entry.cap
        self.cap_compliance[span, rows], self.cap_delay[span, rows] = entry.compliance, self._late(entry)
        self.cap_in_force[span, rows] = self._in_force(entry, span)[:, None]

    def _in_force(self, entry: Ban, span: slice) -> FloatArray:
        """Years since the order, in the middle of each year."""
        return np.asarray(np.array(self.years[span]) - max(entry.since, self.years[0]) + 0.5)

    def _late(self, entry: Ban) -> float:
        """Median delay; what is in force in the first year has had its effect already."""
        return entry.delay_years if entry.since > self.years[0] else 0.0
