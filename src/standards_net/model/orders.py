"""Orders of a year in each draw: who is bound, what they may not buy, what must go, what caps hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from standards_net.core.arrays import FloatArray, IntArray, from_lanes, to_lanes
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
    orders = [each for each in base if each.part[y].any()]
    buyers = _concerned([each.part[y] for each in orders], setting)
    vendors = np.flatnonzero(sum(each.part[y].any(axis=0) for each in orders))
    cells = np.ix_(setting.country_of[buyers], vendors)
    found = [_bound(each, each.part[y][cells][..., None], setting, y, buyers, vendors) for each in orders]
    draws = max((bound.shape[-1] for bound in found), default=1)
    part = np.zeros((len(buyers), setting.start.shape[2], draws))
    for bound in found:
        part[:, vendors] = np.maximum(part[:, vendors], bound)
    return Barred(buyers, from_lanes(part, (draws,)))


def early_removal(setting: Setting, y: int) -> EarlyRemoval | None:
    """What must go before it retires; None where no order requires it."""
    levers = setting.levers
    bases = [[orders for orders in base if orders.removes[y].any()] for base in (levers.newer, levers.older)]
    if not (bases[0] or bases[1]):
        return None
    concerned = [orders.removes[y] for base in bases for orders in base]
    buyers, vendors = (
        _concerned(concerned, setting),
        np.flatnonzero(sum(each.any(axis=0) for each in concerned)),
    )
    newer = _removed_early(bases[0], setting, y, buyers, vendors)
    older = newer if _same(*bases) else _removed_early(bases[1], setting, y, buyers, vendors)
    return EarlyRemoval(buyers, vendors, newer, older)


def _removed_early(
    base: Sequence[Orders], setting: Setting, y: int, buyers: IntArray, vendors: IntArray
) -> FloatArray:
    r"""Share of the remaining base that orders take beyond retirement, (R, A, B).

    :math:`\phi (1/k - \delta)_+` with k years left and the part :math:`\phi` of the base that is bound:
    what of this part retires need not be removed. Of a share s of the market that has been removed linearly
    since the order took effect, :math:`s \ell` is left, with :math:`\ell` the part of the time that is left.
    """
    at = setting.country_of[buyers]
    cells = np.ix_(at, vendors)
    most = np.zeros((len(buyers), len(vendors), len(setting.binding)))
    for orders in base:
        share, left = orders.part[y][cells][..., None], orders.years_left[y][cells][..., None]
        finite = np.isfinite(left)
        left = np.where(finite, left, 0.0)
        delay = orders.delay[y][cells][..., None]
        took_effect = np.array(0.5)  # years after the order, in the middle of a year
        if delay.any():
            late = delay * _lanes(setting.lateness, at)[:, None]
            took_effect = took_effect + np.maximum(np.ceil(late - 0.5), 0.0)
        since = orders.in_force[y][cells][..., None] - took_effect
        still = np.divide(left, left + since, out=np.ones_like(left + since), where=since > 0.0)
        still_bound = share * still
        rest = 1.0 - share + still_bound
        part = np.divide(still_bound, rest, out=np.ones_like(rest), where=rest > 0.0)
        bound = _bound(orders, part, setting, y, buyers, vendors)
        beyond = finite / np.maximum(left, 1.0) - setting.retirement
        beyond *= bound  # where nothing is ordered this is below 0
        np.maximum(most, beyond, out=most)
    return from_lanes(most, (most.shape[-1],))


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


def _concerned(orders: Sequence[FloatArray], setting: Setting) -> IntArray:
    """Buyers in countries with an order on any vendor."""
    ordered = np.zeros(setting.market_share.shape[-1], dtype=bool)
    for part in orders:
        ordered |= part.any(axis=1)
    return np.flatnonzero(ordered[setting.country_of])


def _bound(
    orders: Orders, part: FloatArray, setting: Setting, y: int, buyers: IntArray, vendors: IntArray
) -> FloatArray:
    """Part of each buyer's market or base that an order in effect is about, (A, B, R) or (A, B, 1).

    ``part`` is what it is about where it binds all operators alike, (A, B, R) or (A, B, 1) for B vendors.
    Where a share of the market consists of whole operators, those are bound whose place in their country's
    market lies within this share. A buyer that stands for all operators of its country is bound in part.
    """
    at = setting.country_of[buyers]
    cells = np.ix_(at, vendors)
    share, bound = orders.part[y][cells][..., None], part
    several = (share > 0.0) & (share < 1.0) & (setting.weight[buyers] < 1.0)[:, None, None]
    several &= orders.whole[y][cells][..., None]
    if several.any():
        bound = np.where(several, _lanes(setting.place, buyers)[:, None] < share, part)
    compliance, delay = orders.compliance[y][cells][..., None], orders.delay[y][cells][..., None]
    if (compliance[share > 0.0] < 1.0).any() or delay[share > 0.0].any():
        in_effect = _lanes(setting.binding, at)[:, None] < compliance
        in_effect &= orders.in_force[y][cells][..., None] >= delay * _lanes(setting.lateness, at)[:, None]
        bound = bound * in_effect
    return np.asarray(bound)


def _lanes(values: FloatArray, rows: IntArray) -> FloatArray:
    """Some columns of an array (R, N), draws last: (A, R)."""
    return np.ascontiguousarray(values.T[rows])
