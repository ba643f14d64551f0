"""Orders of a year in each draw: who is bound, what they may not buy, what must go, what caps hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, from_lanes, to_lanes
from standards_net.core.binding import YearOfOrders, bar, remove_early
from standards_net.core.offer import Barred
from standards_net.core.turnover import EarlyRemoval
from standards_net.model.setting import Setting
from standards_net.scenario.orders import Orders

__all__ = ["barred_part", "caps_in_effect", "early_removal", "excluded_market"]


def barred_part(base: Sequence[Orders], setting: Setting, y: int) -> Barred:
    """What orders on a base bar its buyers from: of several on a vendor, the one that bars most.

    Choice, costs and retaliation of a year all ask for it, and both bases mostly have the same orders.
    """
    key = (y, _same(base, setting.levers.newer))
    found = setting.barred_by_year.get(key)
    if found is None:
        found = _barred_part(base, setting, y)
        for old in [known for known in list(setting.barred_by_year) if known[0] < y - 1]:
            setting.barred_by_year.pop(old, None)
        setting.barred_by_year[key] = found
    return found


def _same(one: Sequence[Orders], other: Sequence[Orders]) -> bool:
    """Whether two bases have the same orders; compiled levers hold what is alike once."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _barred_part(base: Sequence[Orders], setting: Setting, y: int) -> Barred:
    orders = [year for each in base if (year := each.year(y)).part.any()]
    buyers = _concerned([each.part > 0.0 for each in orders], setting)
    draws = len(setting.binding) if any(each.by_chance.any() for each in orders) else 1
    part = np.zeros((len(buyers), setting.start.shape[2], draws))
    for each in orders:
        bar(each, setting.chances, buyers, setting.country_of, setting.weight, part)
    return Barred(buyers, from_lanes(part, (draws,)))


def early_removal(setting: Setting, y: int) -> EarlyRemoval | None:
    """What must go before it retires; None where no order requires it."""
    levers = setting.levers
    bases = [[orders.year(y) for orders in base] for base in (levers.newer, levers.older)]
    removes = [orders.removes for base in bases for orders in base]
    concerned = np.any(removes, axis=0)
    if not concerned.any():
        return None
    buyers, vendors = _concerned([concerned], setting), np.flatnonzero(concerned.any(axis=0))
    newer = _removed_early(bases[0], setting, buyers, vendors)
    older = newer if _same(levers.newer, levers.older) else _removed_early(bases[1], setting, buyers, vendors)
    return EarlyRemoval(buyers, vendors, newer, older)


def _removed_early(
    base: Sequence[YearOfOrders], setting: Setting, buyers: IntArray, vendors: IntArray
) -> FloatArray:
    """Share of the remaining base that orders take beyond retirement, (R, A, B): of several, the most."""
    draws = len(setting.binding)
    removed = np.zeros((len(buyers), len(vendors), draws))
    for orders in base:
        remove_early(
            orders, setting.chances, buyers, vendors, setting.country_of, setting.weight, setting.retirement,
            removed,
        )  # fmt: skip
    return from_lanes(removed, (draws,))


def caps_in_effect(setting: Setting, y: int, countries: IntArray) -> FloatArray:
    """Share that the capped vendors of some countries may have, (R, A); 1 where no cap is in effect."""
    levers = setting.levers
    binds = setting.binding[:, countries] < levers.cap_compliance[y][countries]
    late = levers.cap_delay[y][countries] * setting.lateness[:, countries]
    binds &= levers.cap_in_force[y][countries] >= late
    return np.where(binds, levers.cap[y][countries], 1.0)


def excluded_market(setting: Setting, y: int) -> tuple[IntArray, FloatArray]:
    """Countries with bans or caps, and the part of their markets closed to each vendor, (R, A, V).

    Of two bases, that of which more is closed; vendors that have left on their own are not excluded.
    """
    levers = setting.levers
    by_ban = [barred_part(base, setting, y) for base in (levers.newer, levers.older)]
    banning = [setting.country_of[barred.buyers] for barred in by_ban]
    countries = np.union1d(np.concatenate(banning), np.flatnonzero(levers.capped[y].any(axis=1)))
    vendors = setting.start.shape[2]
    if not countries.size:
        return countries, np.empty((1, 0, vendors))
    closed = np.zeros((len(countries), vendors, 1))
    capped = levers.capped[y][countries]
    if capped.any():
        limit = 1.0 - caps_in_effect(setting, y, countries).T
        closed = capped[..., None] * limit[:, None]
    for barred, at in zip(by_ban, banning, strict=True):
        member = (countries[:, None] == at) * setting.weight[barred.buyers]
        draws = len(barred.part)
        part = to_lanes(barred.part, (draws,), barred.part.shape[1:]).reshape(len(at), vendors * draws)
        closed = np.maximum(closed, (member @ part).reshape(-1, vendors, draws))
    closed = closed * ~levers.exited[y][countries][..., None]
    return countries, from_lanes(closed, (closed.shape[-1],))


def _concerned(orders: Sequence[BoolArray], setting: Setting) -> IntArray:
    """Buyers in countries with an order on any vendor."""
    ordered = np.zeros(setting.market_share.shape[-1], dtype=bool)
    for each in orders:
        ordered |= each.any(axis=1)
    return np.flatnonzero(ordered[setting.country_of])
