"""From a purchase rule to the year's purchases by vendor.

Deployment, turnover, bans, prices, research and the drift of compatibility are those of ``year.py``; a rule
decides between the standards, and within a standard purchases split among its allowed vendors by logit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, row_sum
from standards_net.core.choice import tie_average
from standards_net.core.nested_logit import choose_within
from standards_net.errors import StandardsNetError
from standards_net.model import year
from standards_net.model.purchase_rules import UNDECIDED, Outlook
from standards_net.model.setting import Setting
from standards_net.model.year import Offer, State, by_standard

__all__ = ["RulePurchases", "build_outlook", "init_with_history"]

_ALL_INPUTS = frozenset({"tied", "newly", "utility"})


def init_with_history(setting: Setting) -> State:
    """State of 2019; until the first purchase, the standard held counts as the one bought last."""
    state = year.init(setting)
    held = _largest(_own_shares(state, setting))
    return state._replace(holders=np.stack([held, held], axis=-1))


@dataclass(frozen=True)
class RulePurchases:
    """Purchases determined by a rule.

    A country decides by logit if its rule picks a standard that no vendor may sell there, or leaves the
    decision open.

    Attributes
    ----------
    rule : callable
        A :class:`PurchaseRule`, or any pure function of an :class:`Outlook`.
    name : str
        Of the mechanism, for error messages.
    """

    rule: Callable[[Outlook], Any]
    name: str

    def __call__(self, state: State, setting: Setting, offer: Offer) -> tuple[IntArray, FloatArray]:
        """Purchases by vendor, and the standards most bought in the last two years, (R, N, 2)."""
        standard_of = setting.levers.standard_of
        needs = getattr(self.rule, "needs", _ALL_INPUTS)
        outlook, split = build_outlook(state, setting, offer, needs)
        wanted = _as_shares(self.rule(outlook), outlook, self.name)
        wanted = np.where(outlook.open, wanted, 0.0)
        total = row_sum(wanted)[..., None]
        wanted = np.divide(wanted, total, out=wanted, where=total > 0.0)
        choice = np.where(total > 0.0, wanted[..., standard_of] * split, offer.choice)
        barred = offer.barred.of_all(len(setting.weight)) * choice
        choice = choice - barred + row_sum(barred)[..., None] * offer.choice
        bought = _largest(by_standard(choice, standard_of, len(setting.levers.standards)))
        return np.stack([bought, state.holders[..., 0]], axis=-1), choice


def build_outlook(
    state: State, setting: Setting, offer: Offer, needs: frozenset[str] = _ALL_INPUTS
) -> tuple[Outlook, FloatArray]:
    """Outlook passed to a rule, and the split of each standard's purchases among its vendors, (R, N, V).

    Averages over ties are the costly part of a year, so only the inputs that a rule needs are computed.
    """
    y, levers = state.year + 1, setting.levers
    standards = np.arange(len(levers.standards))
    bought, before = state.holders[..., 0], state.holders[..., 1]
    own, at = _own_shares(state, setting), setting.country_of
    held = _largest(own)
    may_sell = levers.allowed[y][at]
    weight, split = choose_within(
        offer.utility,
        may_sell,
        levers.standard_of,
        len(standards),
        setting.sensitivity[:, None, None],
    )
    sold = levers.standard_of == standards[:, None]
    missing = np.broadcast_to(np.nan, own.shape)
    if setting.random is None:
        raise StandardsNetError(
            "this mechanism needs random numbers; pass them to build_setting (random_numbers_by_year)."
        )
    outlook = Outlook(
        held=held,
        bought=bought,
        tied=_average(held[..., None] == standards, setting) if "tied" in needs else missing,
        adoption=own,
        tied_adoption=year.tied_shares(state.shares, setting)[:, at],
        newly=_average((bought[..., None] == standards) & (bought != before)[..., None], setting)
        if "newly" in needs
        else missing,
        utility=weight,
        open=(may_sell[:, None, :] & sold).any(axis=-1),
        random=setting.random(y)[..., 0],
        threshold_draw=setting.random(0)[..., 0],
        year=y,
    )
    return outlook, split


def _own_shares(state: State, setting: Setting) -> FloatArray:
    """Operators' shares of what is in use by standard, (R, O, S)."""
    if len(setting.weight) == state.shares.shape[1]:
        return state.shares
    own = state.bases.newer
    if setting.two_bases:
        own = year.in_use(state.bases, state.deployment[:, setting.country_of])
    return by_standard(own, setting.levers.standard_of, len(setting.levers.standards))


def _average(member: BoolArray, setting: Setting) -> FloatArray:
    """Weight of tied countries' operators that are members, seen by each operator, (R, O, S)."""
    if not member.any():
        return np.zeros(member.shape)
    countries = year.to_countries(member.astype(np.float64), setting)
    return tie_average(countries, setting.ties, setting.tie_mix)[:, setting.country_of]


def _largest(shares: FloatArray) -> IntArray:
    return np.asarray(shares.argmax(axis=-1), dtype=np.int64)


def _as_shares(answer: Any, outlook: Outlook, name: str) -> FloatArray:
    """A rule's result as shares by standard; rows of 0 where it leaves the decision open."""
    found: np.ndarray = np.asarray(answer)
    shape = outlook.adoption.shape
    if found.shape == shape:
        if not np.isfinite(found).all() or (found < 0.0).any():
            raise StandardsNetError(f"the rule of '{name}' gave shares that are negative or not finite.")
        return np.array(found, dtype=np.float64)
    if found.shape != shape[:-1] or found.dtype.kind not in "iu":
        raise StandardsNetError(
            f"the rule of '{name}' gave an array of {found.dtype} of shape {found.shape}; it must be whole "
            f"numbers of shape {shape[:-1]} (standards) or numbers of shape {shape} (shares)."
        )
    if (found < UNDECIDED).any() or (found >= shape[-1]).any():
        raise StandardsNetError(
            f"the rule of '{name}' gave standards from {found.min()} to {found.max()}; valid are "
            f"0 to {shape[-1] - 1}, and {UNDECIDED} for no decision."
        )
    return np.asarray(found[..., None] == np.arange(shape[-1]), dtype=np.float64)
