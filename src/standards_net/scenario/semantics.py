"""Entries of a scenario that conform to the schema and fit the world, and yet change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

import numpy as np

from standards_net.errors import ScenarioError
from standards_net.scenario.levers import Levers, compile_scenario
from standards_net.scenario.orders import Orders
from standards_net.scenario.poles import camps
from standards_net.scenario.read import Scenario
from standards_net.scenario.schema import DATED, Alignment, ScenarioFile, Times
from standards_net.world.world import World

__all__ = ["entries_without_effect", "own_entries"]

_SHOWN = 3  # economies that a warning names
_MOST = 200  # entries that are looked at: each takes as long as compiling the scenario
_FULL = 1.0  # share of a market that an order takes out whole

Compiled = dict[str, Levers]


@lru_cache(maxsize=256)
def entries_without_effect(
    world: World, scenario: Scenario, years: tuple[int, ...], technologies: tuple[str, ...]
) -> tuple[str, ...]:
    """Warnings of the scenario's own entries that change nothing, with what stands in the way.

    An entry changes nothing if the scenario without it compiles to the same levers. What it inherits is not
    looked at.

    Parameters
    ----------
    world : World
    scenario : Scenario
        One that compiles.
    years : tuple of int
    technologies : tuple of str

    Examples
    --------
    >>> import standards_net as sn
    >>> late = sn.load_scenario("silos").extended(lift=[{"who": ["KEN"], "vendors": ["zte"], "from": 2030}])
    >>> entries_without_effect(sn.load_world(), late, tuple(range(2019, 2041)), ("radio",))
    ('silos.toml: lift from 2030 changes nothing: there is nothing to lift.',)
    """
    own = scenario.generations[-1]
    found: list[str] = []
    looked_at = 0
    entries = any(getattr(own, name) for name in DATED)
    whole = _compiled(world, scenario, years, technologies) if entries else {}
    for name in DATED:
        for at, entry in enumerate(getattr(own, name)):
            looked_at += 1
            if looked_at > _MOST:
                break
            place = _place(scenario, name, at)
            if _names_all(world, entry, name, technologies):
                found.append(f"{place} changes nothing: it names every vendor alike.")
            elif not _matters(world, scenario, name, at, whole, years):
                reason = _reason(world, scenario, name, at, years, technologies)
                found.append(f"{place} changes nothing: {reason}.")
            else:
                found += [f"{place}: {told}." for told in _idle_names(world, scenario, entry, technologies)]
                if isinstance(entry, Alignment):
                    found += _barred(world, scenario, entry, place, whole)
    if looked_at > _MOST:
        found.append(f"{scenario.origin}: it has more than {_MOST} entries; the first were looked at.")
    found += _idle_settings(world, scenario, own)
    return tuple(found)


def _names_all(world: World, entry: Any, name: str, technologies: Sequence[str]) -> bool:
    """Whether a shift of appeal, or a shortage, is one of all vendors: no choice changes."""
    if name != "quality" and not (name == "supply" and entry.price == 1.0):
        return False
    named = set(entry.vendors)
    return all(
        vendor in named or standard in named
        for technology in technologies
        if "all" in entry.technologies or technology in entry.technologies
        for vendor, standard in zip(
            world.market(technology).vendors, world.market(technology).vendor_standards, strict=True
        )
    )


def own_entries(scenario: Scenario) -> int:
    """Number of dated entries of a scenario itself, without what it inherits."""
    return sum(len(getattr(scenario.generations[-1], name)) for name in DATED)


def _place(scenario: Scenario, name: str, at: int) -> str:
    """Where an entry stands: by its first year, and by its number where others have the same."""
    entries = getattr(scenario.generations[-1], name)
    since = entries[at].since
    alone = sum(entry.since == since for entry in entries) == 1
    return f"{scenario.origin}: {name} {'' if alone else f'number {at + 1}, '}from {since}"


def _compiled(
    world: World, scenario: Scenario, years: Sequence[int], technologies: Sequence[str]
) -> Compiled:
    return {t: compile_scenario(world, scenario, t, years) for t in technologies}


def _matters(
    world: World, scenario: Scenario, name: str, at: int, whole: Compiled, years: Sequence[int]
) -> bool:
    """Whether the scenario without an entry compiles to something else."""
    entries = getattr(scenario.generations[-1], name)
    without = _with_entries(scenario, name, entries[:at] + entries[at + 1 :])
    try:
        return any(
            not _alike(whole[technology], compile_scenario(world, without, technology, years))
            for technology in whole
        )
    except ScenarioError:  # others depend on it
        return True


def _with_entries(scenario: Scenario, name: str, entries: tuple[Any, ...]) -> Scenario:
    """The scenario with other entries of a kind."""
    own = scenario.generations[-1].model_copy(update={name: entries})
    return replace(scenario, generations=(*scenario.generations[:-1], own))


def _is_replaced(
    world: World, scenario: Scenario, name: str, at: int, years: Sequence[int], technologies: Sequence[str]
) -> bool:
    """Whether an idle entry would matter if those of its kind that follow were not there."""
    entries = getattr(scenario.generations[-1], name)
    first = _with_entries(scenario, name, entries[: at + 1])
    try:
        whole = _compiled(world, first, years, technologies)
    except ScenarioError:
        return False
    return len(entries) > at + 1 and _matters(world, first, name, at, whole, years)


def _alike(one: Levers, other: Levers) -> bool:
    ours, theirs = _without_idle_caps(one), _without_idle_caps(other)
    return all(_same(_later(ours, f.name), _later(theirs, f.name)) for f in fields(Levers))


def _later(levers: Levers, name: str) -> Any:
    """A lever without the first year, which is where all begins: what is in force then alone does nothing."""
    value = getattr(levers, name)
    if isinstance(value, np.ndarray) and value.shape[:1] == (len(levers.years),):
        return value[1:]
    if isinstance(value, tuple) and value and isinstance(value[0], Orders):
        return tuple(Orders(*(part[1:] for part in orders)) for orders in value)
    return value


def _without_idle_caps(levers: Levers) -> Levers:
    """Levers without caps that bind nobody, allow all that there is, or are on vendors that are excluded."""
    binds = (levers.cap < 1.0) & (levers.cap_compliance > 0.0)
    capped = levers.capped & binds[:, :, None] & levers.allowed
    binds &= capped.any(axis=2)
    return replace(
        levers,
        capped=capped,
        cap=np.where(binds, levers.cap, 1.0),
        cap_compliance=np.where(binds, levers.cap_compliance, 1.0),
        cap_in_force=np.where(binds, levers.cap_in_force, 0.0),
        cap_delay=np.where(binds, levers.cap_delay, 0.0),
    )


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple) and any(isinstance(part, Orders) for part in (*one, *other)):
        bind = [_binding(orders) for orders in (one, other)]
        return len(bind[0]) == len(bind[1]) and all(
            np.array_equal(np.where(a.part > 0.0, x, 0), np.where(b.part > 0.0, y, 0))
            for a, b in zip(*bind, strict=True)
            for x, y in zip(a, b, strict=True)
        )
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and np.array_equal(one, other)
    return bool(one == other)


def _binding(orders: Sequence[Orders]) -> list[Orders]:
    """Orders without those that an earlier one is at least as strict as."""
    kept: list[Orders] = []
    for order in orders:
        bound = (order.part > 0.0) & (order.compliance > 0.0)
        for other in kept:
            bound = bound & ~(
                (other.part >= order.part)
                & (other.whole == order.whole)
                & (other.compliance >= order.compliance)
                & (other.in_force - other.delay >= order.in_force - order.delay)
                & (other.delay <= order.delay)
                & (other.years_left <= order.years_left)
            )
        if bound.any():
            kept.append(order._replace(part=np.where(bound, order.part, 0.0)))
    return kept


def _reason(
    world: World, scenario: Scenario, name: str, at: int, years: Sequence[int], technologies: Sequence[str]
) -> str:
    """What stands in the way of an entry."""
    entry = getattr(scenario.generations[-1], name)[at]
    if getattr(entry, "until", None) is not None and entry.until <= years[0]:
        return f"it ended in {entry.until}, before {years[0] + 1}, the first year that is simulated"
    if entry.since > years[-1]:
        return f"it begins after {years[-1]}, the last year"
    named = getattr(entry, "technologies", ["all"])
    concerned = [t for t in technologies if "all" in named or t in named]
    if not concerned:
        return f"it is about {', '.join(named)}, and the run about {', '.join(technologies)}"
    vendors = getattr(entry, "vendors", None)
    if vendors is not None and not _supplied(world, scenario, vendors, concerned):
        return f"none of {', '.join(vendors)} supplies {', '.join(concerned)}"
    if hasattr(entry, "who") and not _selected(world, scenario, entry).any():
        return "it names no economy of this world"
    if _is_replaced(world, scenario, name, at, years, technologies):
        return "a later entry replaces it"
    return {
        "alignment": "they are in that pole already",
        "lift": "there is nothing to lift",
        "ban": "they are excluded already, or the order binds nobody",
        "exit": "they are excluded or have left already",
        "restriction": "they are restricted to that degree already, or excluded",
        "finance": "this is what they have already, or no country that is named is receptive to it",
        "compatibility": "the standards are at that value already",
        "agreement": "its strength is 0",
        "investment": "its budget is 0",
        "quality": "its shift is 0",
    }.get(name, "all is as it would be without it")


def _idle_economies(world: World, scenario: Scenario, entry: Any) -> Iterator[str]:
    """Names in 'who' and 'but' of no economy, or of economies that others name."""
    poles, start = camps(world, scenario.file), np.array(world.alignments)
    each = {
        name: poles.who(world, (name,), (), entry.as_of, start)
        for name in dict.fromkeys((*entry.who, *entry.but))
    }
    everybody = np.any([each[name] for name in entry.who], axis=0)
    for name, meant in each.items():
        others = [each[other] for other in entry.who if other != name]
        if not meant.any():
            yield f"'{name}' is no economy of this world"
        elif name in entry.but and not (meant & everybody).any():
            yield f"'{name}' in 'but' is not among those that 'who' names"
        elif name in entry.who and others and not (meant & ~np.any(others, axis=0)).any():
            yield f"'{name}' in 'who' is among the others already"


def _idle_names(world: World, scenario: Scenario, entry: Any, technologies: Sequence[str]) -> Iterator[str]:
    """Names in an entry that works which do nothing in it."""
    for field in ("who", "but", "vendors", "technologies"):
        names = list(getattr(entry, field, ()))
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"'{name}' stands twice in '{field}'"
        if "all" in names and len(set(names)) > 1:
            yield f"'all' in '{field}' leaves nothing to name beside it"
    if hasattr(entry, "who"):
        yield from _idle_economies(world, scenario, entry)
    named = getattr(entry, "technologies", ("all",))
    concerned = [t for t in technologies if "all" in named or t in named]
    for name in dict.fromkeys(getattr(entry, "vendors", None) or ()):
        if not _supplied(world, scenario, (name,), concerned):
            yield f"'{name}' does not supply {', '.join(concerned)}"


def _supplied(world: World, scenario: Scenario, vendors: Sequence[str], technologies: Sequence[str]) -> bool:
    """Whether any of the vendors, standards or poles that are named has a vendor in these technologies."""
    file = scenario.file
    pole_of = camps(world, file).pole_of
    for technology in technologies:
        market = world.market(technology)
        for vendor, standard in zip(market.vendors, market.vendor_standards, strict=True):
            if {"all", vendor, file.standards.get(vendor, standard), pole_of.get(vendor, "")} & set(vendors):
                return True
    return False


def _selected(world: World, scenario: Scenario, entry: Any) -> np.ndarray:
    poles = camps(world, scenario.file)
    return poles.who(world, entry.who, entry.but, entry.as_of, np.array(world.alignments))


def _barred(world: World, scenario: Scenario, entry: Alignment, place: str, whole: Compiled) -> Iterator[str]:
    """Economies that join a pole whose vendors they exclude: the exclusion stays."""
    if entry.pole is None:
        return
    pole_of = camps(world, scenario.file).pole_of
    for technology, levers in whole.items():
        market = world.market(technology)
        ours = np.array([pole_of.get(vendor, "") == entry.pole for vendor in market.vendors])
        years = [y for y, year in enumerate(levers.years) if year >= entry.since]
        if not ours.any() or not years:
            continue
        y = years[-1]
        joined = _selected(world, scenario, entry) & (levers.alignments[y] == entry.pole)
        shut = np.any([(o.part[y] >= _FULL) & (o.compliance[y] >= _FULL) for o in levers.newer], axis=0)
        codes = [world.countries[i] for i in np.flatnonzero(joined & shut[:, ours].all(axis=1))]
        if codes:
            few = ", ".join(codes[:_SHOWN]) + (f" and {len(codes) - _SHOWN} more" if codes[_SHOWN:] else "")
            yield (
                f"{place}: {few} joins '{entry.pole}' but goes on excluding "
                f"its vendors of {technology}; a 'lift' would end that."
            )


def _idle_settings(world: World, scenario: Scenario, own: ScenarioFile) -> Iterator[str]:
    """Poles that nobody joins, standards that vendors have already, parameters times 1."""
    file = scenario.file
    used = {entry.pole for entry in file.alignment} | {
        name for entry in file.alignment if entry.rule is not None for name in entry.poles
    }
    for pole in own.pole:
        if pole.name not in used:
            yield f"{scenario.origin}: pole '{pole.name}' changes nothing: no entry lets anybody join it."
    standard_of = {
        vendor: standard
        for market in world.markets.values()
        for vendor, standard in zip(market.vendors, market.vendor_standards, strict=True)
    }
    for vendor, standard in own.standards.items():
        if standard_of.get(vendor) == standard and len(scenario.generations) == 1:
            yield f"{scenario.origin}: standards: {vendor} has the standard '{standard}' already."
    for name, change in own.parameters.items():
        if isinstance(change, Times) and change.times == 1.0:
            yield f"{scenario.origin}: parameters: {name} times 1 changes nothing."
        elif world.parameters[name].prior == "fixed" and change == world.parameters[name].default:
            yield f"{scenario.origin}: parameters: {name} is {change:g} in all draws already."
