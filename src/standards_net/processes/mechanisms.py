"""Mechanisms: the world's year with another rule for what purchases go to.

Deployment, turnover, bans, prices, research and the drift of compatibility are those of vendor choice
(``vendor_choice.py``); a mechanism decides between the standards, and within a standard purchases split
among its allowed vendors by logit. Rules stand in ``rules.py``; which of them prices and affinity act on is
said there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray, row_sum
from standards_net.core.choice import tie_average
from standards_net.core.standard_choice import choose_within
from standards_net.errors import StandardsNetError, one_of
from standards_net.processes import rules, vendor_choice
from standards_net.processes.process import Process
from standards_net.processes.rules import UNDECIDED, Outlook
from standards_net.processes.setting import Setting
from standards_net.processes.vendor_choice import Offer, State, by_standard

__all__ = [
    "MECHANISMS",
    "PROCUREMENT",
    "VENDOR_CHOICE",
    "by_mechanism",
    "look_out",
    "process_named",
    "world_process",
]

_LOOKS_AT = frozenset({"tied", "newly", "utility"})

VENDOR_CHOICE = Process("vendor choice, expectation", vendor_choice.init, vendor_choice.step, moves="world")
PROCUREMENT = Process(
    "vendor choice, procurement",
    vendor_choice.init,
    vendor_choice.step,
    vendor_choice.OPERATORS,
    moves="world",
)


def by_mechanism(rule: Callable[[Outlook], Any], name: str) -> Process:
    """Make a process for ``run`` of a rule for what a country's purchases go to.

    A country whose rule names a standard of which nobody may sell there decides by logit, as it does where
    the rule leaves the decision open.

    Parameters
    ----------
    rule : callable
        One of ``processes.rules``, or any pure function of an ``Outlook``.
    name : str

    Returns
    -------
    Process

    Raises
    ------
    StandardsNetError
        While running: the rule's answer has a wrong shape, or standards that do not exist.

    Examples
    --------
    >>> import standards_net as sn
    >>> from standards_net.processes.rules import voter_rule
    >>> r = sn.run(sn.load_world(), "silos", draws=2, rng=1, years=range(2019, 2022),
    ...            process=by_mechanism(voter_rule(), "voter"))
    >>> r.provenance["process"]
    'voter'
    """
    step = partial(vendor_choice.step, decide=partial(_decide, rule, name))
    return Process(name, _init, step, moves="world", rule=rule)


def _init(setting: Setting) -> State:
    """2019; until something is bought, what is held counts as what was bought last."""
    state = vendor_choice.init(setting)
    held = _largest(state.shares)
    return state._replace(holders=np.stack([held, held], axis=-1))


def _decide(
    rule: Callable[[Outlook], Any], name: str, state: State, setting: Setting, offer: Offer
) -> tuple[IntArray, FloatArray]:
    """What the year's purchases go to by a rule; the standards of the last two years' purchases are kept."""
    standard_of = setting.levers.standard_of
    outlook, split = look_out(state, setting, offer, getattr(rule, "looks_at", _LOOKS_AT))
    wanted = _as_shares(rule(outlook), outlook, name)
    wanted = np.where(outlook.open, wanted, 0.0)
    total = row_sum(wanted)[..., None]
    wanted = np.divide(wanted, total, out=wanted, where=total > 0.0)
    choice = np.where(total > 0.0, wanted[..., standard_of] * split, offer.choice)
    bought = _largest(by_standard(choice, standard_of, len(setting.levers.standards)))
    return np.stack([bought, state.holders[..., 0]], axis=-1), choice


def look_out(
    state: State, setting: Setting, offer: Offer, looks_at: frozenset[str] = _LOOKS_AT
) -> tuple[Outlook, FloatArray]:
    """What a rule is given, and how the purchases of each standard split among its vendors, (R, N, V).

    Averages over ties are the dear part of a year, so what a rule does not look at is not made.
    """
    y, levers = state.year + 1, setting.levers
    standards = np.arange(len(levers.standards))
    bought, before = state.holders[..., 0], state.holders[..., 1]
    held = _largest(state.shares)
    weight, split = choose_within(
        offer.utility,
        levers.allowed[y],
        levers.standard_of,
        len(standards),
        setting.parameters["choice_sensitivity"][:, None, None],
    )
    sold = levers.standard_of == standards[:, None]
    nothing = np.broadcast_to(np.nan, state.shares.shape)
    if setting.luck is None:
        raise StandardsNetError(
            "a mechanism of choice needs luck: give build_setting luck_of_purchases(...)."
        )
    outlook = Outlook(
        held=held,
        bought=bought,
        tied=_average(held[..., None] == standards, setting) if "tied" in looks_at else nothing,
        adoption=state.shares,
        tied_adoption=offer.tied,
        newly=_average((bought[..., None] == standards) & (bought != before)[..., None], setting)
        if "newly" in looks_at
        else nothing,
        utility=weight,
        open=(levers.allowed[y][:, None, :] & sold).any(axis=-1),
        luck=setting.luck(y)[..., 0],
        temper=setting.luck(0)[..., 0],
        year=y,
    )
    return outlook, split


def _average(member: BoolArray, setting: Setting) -> FloatArray:
    if not member.any():
        return np.zeros(member.shape)
    return tie_average(member.astype(np.float64), setting.ties, setting.tie_mix)


def _largest(shares: FloatArray) -> IntArray:
    return np.asarray(shares.argmax(axis=-1), dtype=np.int64)


def _as_shares(answer: Any, outlook: Outlook, name: str) -> FloatArray:
    """A rule's answer as shares by standard; rows of 0 where it leaves the decision open."""
    found: np.ndarray = np.asarray(answer)
    shape = outlook.adoption.shape
    if found.shape == shape:
        if not np.isfinite(found).all() or (found < 0.0).any():
            raise StandardsNetError(f"the rule of '{name}' gave shares that are no numbers of 0 or more.")
        return np.array(found, dtype=np.float64)
    if found.shape != shape[:-1] or found.dtype.kind not in "iu":
        raise StandardsNetError(
            f"the rule of '{name}' gave an array of {found.dtype} of shape {found.shape}; it must be whole "
            f"numbers of shape {shape[:-1]} (standards) or numbers of shape {shape} (shares)."
        )
    if (found < UNDECIDED).any() or (found >= shape[-1]).any():
        raise StandardsNetError(
            f"the rule of '{name}' gave standards from {found.min()} to {found.max()}; there are "
            f"0 to {shape[-1] - 1}, and {UNDECIDED} for no decision."
        )
    return np.asarray(found[..., None] == np.arange(shape[-1]), dtype=np.float64)


# Every way to move the world's adoption, by the name that `run --process` takes: one entry each.
MECHANISMS: dict[str, Process] = {
    "vendor-choice": VENDOR_CHOICE,
    "procurement": PROCUREMENT,
    "logit": by_mechanism(rules.logit_rule(), "logit"),
    "heat-bath": by_mechanism(rules.heat_bath_rule(), "heat bath"),
    "best-response": by_mechanism(rules.best_response_rule(), "best response"),
    "linear-threshold": by_mechanism(rules.linear_threshold_rule(), "linear threshold"),
    "independent-cascade": by_mechanism(rules.independent_cascade_rule(), "independent cascade"),
    "voter": by_mechanism(rules.voter_rule(), "voter"),
    "q-voter": by_mechanism(rules.q_voter_rule(), "q-voter"),
    "majority": by_mechanism(rules.majority_rule(), "majority"),
    "averaging": by_mechanism(rules.averaging_rule(), "averaging"),
}

# Processes of networks that say how newcomers adopt once, which is no rule for who buys every year.
_NEWCOMERS = {
    "bass": "it says when somebody first adopts, and not what",
    "arthur": "its adopters come one after the other and never decide again",
    "polya": "its balls are drawn from one urn, without countries that hold anything",
}


def process_named(name: str) -> Process:
    """Process for ``run`` of a name; hyphens, underscores and blanks are alike.

    Raises
    ------
    StandardsNetError
        No such name; the nearest is suggested.

    Examples
    --------
    >>> process_named("linear_threshold").name
    'linear threshold'
    >>> process_named("best-respons")
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: unknown process 'best-respons'; did you mean 'best-response'?
    """
    plain = "-".join(name.replace("_", " ").replace("-", " ").lower().split())
    if plain in MECHANISMS:
        return MECHANISMS[plain]
    if plain in _NEWCOMERS:
        raise StandardsNetError(_no_rule(plain))
    raise StandardsNetError(one_of("process", name, MECHANISMS) + ".")


def world_process(process: Process) -> Process:
    """Process that moves the world: the given one, or its rule put to the world's year.

    Raises
    ------
    StandardsNetError
        A process on networks without a rule for what a country buys.

    Examples
    --------
    >>> world_process(Process("polya", None, None))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: process 'polya' cannot run the world: its balls are drawn ...
    """
    if process.moves == "world":
        return process
    if process.rule is None:
        raise StandardsNetError(_no_rule(process.name))
    return by_mechanism(process.rule, process.name)


def _no_rule(name: str) -> str:
    why = "it has no rule for what a country that buys every year buys"
    why = next((said for known, said in _NEWCOMERS.items() if known in name.lower()), why)
    return (
        f"process '{name}' cannot run the world: {why}; those that can are {', '.join(MECHANISMS)}, and "
        "processes of your own that say moves='world' or bring a rule."
    )
