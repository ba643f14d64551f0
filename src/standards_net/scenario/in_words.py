"""What the entries of a scenario say, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from standards_net.scenario.read import Scenario
from standards_net.scenario.schema import (
    Agreement,
    Alignment,
    Ban,
    Compatibility,
    Exit,
    Finance,
    Investment,
    Lift,
    Quality,
    Restriction,
    Supply,
    Times,
)
from standards_net.world.world import World

__all__ = ["entries_in_words"]

_FEW = 4  # names that are listed; more are counted
_ALL = ("all",)
_GROUPS_OF_VENDORS = {
    "china": "Chinese vendors",
    "us": "vendors of the allies",
    "west": "western vendors",
    "all": "all vendors",
}
_GROUPS_OF_ECONOMIES = {
    "us": "the countries with the United States",
    "china": "the countries with China",
    "nonaligned": "the countries with neither",
}
_POLES = {"us": "the United States", "china": "China", "nonaligned": "neither side"}


def entries_in_words(world: World, scenario: Scenario) -> list[str]:
    """Own entries of a scenario, a sentence each, in the order of their years.

    What it inherits is not repeated; ``scenario.lineage`` names where that comes from.

    Examples
    --------
    >>> import standards_net as sn
    >>> ban = {"who": ["DEU"], "vendors": ["huawei"], "technologies": ["core"], "from": 2026}
    >>> mine = sn.load_scenario({"name": "mine", "title": "Mine", "ban": [ban]})
    >>> entries_in_words(sn.load_world(), mine)
    ['From 2026: Germany buys no more core equipment from Huawei.']
    """
    names = _Names(world)
    own = scenario.generations[-1]
    found: list[tuple[int, str]] = []
    for kind, say in _SENTENCES.items():
        found += [(entry.since, f"{_when(entry)}: {say(entry, names)}.") for entry in getattr(own, kind)]
    return [*_settings(own, names), *(sentence for _, sentence in sorted(found, key=lambda one: one[0]))]


class _Names:
    """How economies and vendors are called."""

    def __init__(self, world: World) -> None:
        self._economies = dict(zip(world.countries, world.country_names, strict=True))
        self._vendors = _GROUPS_OF_VENDORS | {
            vendor: name
            for market in world.markets.values()
            for vendor, name in zip(market.vendors, market.vendor_names, strict=True)
        }

    def who(self, entry: Any) -> str:
        given, but = getattr(entry, "who", _ALL), getattr(entry, "but", ())
        named = (
            "all economies"
            if tuple(given) == _ALL
            else _listed([self._economy(n) for n in given], "economies")
        )
        return named + (f" but {_listed([self._economy(n) for n in but], 'others')}" if but else "")

    def several(self, entry: Any) -> bool:
        given = getattr(entry, "who", _ALL)
        return len(given) > 1 or given[0] not in self._economies

    def vendors(self, entry: Any) -> str:
        return _listed([self._vendors.get(name, name) for name in entry.vendors], "vendors")

    def economies(self, names: Sequence[str]) -> str:
        """Names of economies in a row."""
        return _listed([self._economy(name) for name in names], "economies")

    def vendor(self, name: str) -> str:
        return self._vendors.get(name, name)

    def _economy(self, name: str) -> str:
        return self._economies.get(name, _GROUPS_OF_ECONOMIES.get(name, name))


def _listed(names: Sequence[str], what: str) -> str:
    if len(names) > _FEW:
        return f"{names[0]}, {names[1]} and {len(names) - 2} other {what}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _when(entry: Any) -> str:
    until = getattr(entry, "until", None)
    if until is None:
        return f"From {entry.since}"
    return f"In {until}" if until == entry.since else f"{entry.since} to {until}"


def _what(entry: Any) -> str:
    bases, named = getattr(entry, "bases", ()), tuple(entry.technologies)
    of = "" if named == _ALL else f"{' and '.join(named)} "
    return f"{' and '.join(bases)} {of}".lstrip() if bases else of


def _verb(entry: Any, names: _Names, one: str, many: str) -> str:
    return f"{names.who(entry)} {many if names.several(entry) else one}"


def _ban(entry: Ban, names: _Names) -> str:
    if entry.cap > 0.0:
        keeps = _verb(entry, names, "keeps", "keep")
        said = f"{keeps} {names.vendors(entry)} to {_part(entry.cap)} of the {_what(entry)}base"
    else:
        buys = _verb(entry, names, "buys", "buy")
        said = f"{buys} no more {_what(entry)}equipment from {names.vendors(entry)}"
    if entry.share_of_market < 1.0:
        said += f", in {_part(entry.share_of_market)} of the market"
    if entry.remove_by is not None:
        said += f"; what is installed is out by {entry.remove_by}"
    if entry.compliance < 1.0:
        said += f"; it binds with a chance of {_part(entry.compliance)}"
    if entry.delay_years > 0.0:
        years = "year" if entry.delay_years == 1.0 else "years"
        said += f"; it takes effect {entry.delay_years:g} {years} late in the median"
    return said


def _part(share: float) -> str:
    return f"{100 * share:.0f} %"


def _alignment(entry: Alignment, names: _Names) -> str:
    if entry.pole is not None:
        pole = _POLES.get(entry.pole, f"the pole '{entry.pole}'")
        return f"{_verb(entry, names, 'stands', 'stand')} with {pole}"
    return f"{_verb(entry, names, 'joins', 'each join')} the pole that rule '{entry.rule}' gives"


def _supply(entry: Supply, names: _Names) -> str:
    changes = []
    if entry.capacity < 1.0:
        changes.append(f"are limited to {_part(entry.capacity)} of orders")
    if entry.price != 1.0:
        changes.append(f"cost {entry.price:g} times the price")
    if entry.quality:
        changes.append(f"change in appeal by {entry.quality:+g} log-odds")
    where = "" if tuple(entry.who) == _ALL and not entry.but else f" to {names.who(entry)}"
    return f"supplies{where} from {names.vendors(entry)}{_in(entry)} {', '.join(changes)}"


def _compatibility(entry: Compatibility, names: _Names) -> str:  # noqa: ARG001
    to = f" by {entry.to}" if entry.to is not None and entry.to > entry.since else ""
    new = ", for newly bought equipment alone" if entry.new_equipment_only else ""
    one, other = entry.between
    what = f"the {_what(entry)}standards {one} and {other}"
    return f"{what} reach a compatibility of {_part(entry.value)}{to}{new}"


def _finance(entry: Finance, names: _Names) -> str:
    whom = f"finance {_what(entry)}equipment in {names.who(entry)}"
    return f"{names.vendors(entry)} {whom} at {entry.strength:g} times the strength of 2019"


def _lift(entry: Lift, names: _Names) -> str:
    return f"{_verb(entry, names, 'lifts', 'lift')} earlier exclusions of {names.vendors(entry)}{_in(entry)}"


def _restriction(entry: Restriction, names: _Names) -> str:
    said = f"{_verb(entry, names, 'restricts', 'restrict')} {names.vendors(entry)}{_in(entry)}"
    return f"{said}, short of exclusion (strength {entry.strength:g})"


def _exit(entry: Exit, names: _Names) -> str:
    return f"{names.vendors(entry)} stop selling {_what(entry)}equipment in {names.who(entry)}"


def _quality(entry: Quality, names: _Names) -> str:
    return f"the appeal of {names.vendors(entry)}{_in(entry)} changes by {entry.shift:+g} log-odds everywhere"


def _investment(entry: Investment, names: _Names) -> str:
    budget = f"USD {entry.usd_per_year / 1e9:g} bn a year"
    return f"{budget} go into research of {names.vendors(entry)}{_in(entry)}"


def _agreement(entry: Agreement, names: _Names) -> str:  # noqa: ARG001
    pair = " and ".join(entry.between)
    return f"an agreement keeps the {_what(entry)}standards {pair} together (strength {entry.strength:g})"


def _in(entry: Any) -> str:
    """Technologies at the end of a phrase."""
    return "" if tuple(entry.technologies) == _ALL else f" in {' and '.join(entry.technologies)}"


_SENTENCES: dict[str, Any] = {
    "alignment": _alignment,
    "lift": _lift,
    "ban": _ban,
    "restriction": _restriction,
    "exit": _exit,
    "supply": _supply,
    "finance": _finance,
    "quality": _quality,
    "investment": _investment,
    "compatibility": _compatibility,
    "agreement": _agreement,
}


def _settings(own: Any, names: _Names) -> Iterator[str]:
    """What holds from the beginning."""
    if own.policies is not None:
        of = {
            "2019-10": "of October 2019", "latest": "of the latest record", "none": "of none",
            "drawn": f"drawn by their chances from {own.drawn_from or 2020}",
        }  # fmt: skip
        yield f"Policies on record: {of[own.policies]}."
    for vendor, standard in own.standards.items():
        yield f"{names.vendor(vendor)} follows the standard '{standard}'."
    for pole in own.pole:
        yield f"There is a pole '{pole.name}', led by {names.economies(pole.leaders)}."
    for name, change in own.parameters.items():
        value = f"times {change.times:g}" if isinstance(change, Times) else f"{change:g} in all draws"
        yield f"Parameter {name}: {value}."
