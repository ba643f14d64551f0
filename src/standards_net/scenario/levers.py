"""Compile a scenario into the arrays that the mechanism reads."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import zip_longest
from typing import Any

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.errors import ScenarioError, StandardsNetError, one_of
from standards_net.frozen import freeze_fields, read_only
from standards_net.scenario.drawn_policies import FIRST_DRAWN, drawn_policies, expected_restriction
from standards_net.scenario.orders import OrderBook, Orders, no_orders
from standards_net.scenario.poles import alignments_by_year, camps
from standards_net.scenario.read import Scenario, ScenarioLike, load_scenario
from standards_net.scenario.recorded_policies import RecordedEntries, recorded_entries
from standards_net.scenario.schema import (
    Ban,
    Compatibility,
    Exit,
    Finance,
    Investment,
    Lift,
    Restriction,
    Supply,
    Times,
)
from standards_net.world.market import Market
from standards_net.world.politics import NONALIGNED
from standards_net.world.world import World

__all__ = ["Levers", "compile_scenario"]


@dataclass(frozen=True)
class Levers:
    """A scenario for one technology, year by year. Entry ``y`` is in force during ``years[y]``.

    Attributes
    ----------
    scenario, technology : str
    years : tuple of int, length Y
    standards : tuple of str, length S
        Standards of the world and any that the scenario adds.
    standard_of : (V,) array of int
        Index of each vendor's standard.
    alignments : (Y, N) array of str
    newer, older : tuple of Orders
        Orders on the base that deployment builds, and on the older one that it replaces.
    capped : (Y, N, V) array of bool
        Vendors whose share of the base is capped.
    cap, cap_compliance, cap_in_force, cap_delay : (Y, N) array
        Share that they may have together, 1 where there is no cap; its probability of compliance, years in
        force, and median delay.
    exited : (Y, N, V) array of bool
        Vendors that have left a country of their own accord or by others' orders.
    restriction : (Y, N, V) array
        Strength of restrictions, 0 to 1, minus that of 2019.
    anticipation : (Y, N, V) array
        Chance that operators expect a restriction, where policy moves on from that of 2019: one within three
        years if nothing has been done yet, or an order that has not taken effect.
    affinity : (Y, N, V) array
        Change of political affinity since 2019, in units of the index.
    finance : (Y, N, V) array
        Change of vendor finance since 2019, in units of receptivity.
    quality : (Y, V) array
        Change of appeal everywhere, log-odds.
    supply, price : (Y, N, V) array
        Change of appeal by country, limited capacity included as its logarithm, and of log price.
    investment : (Y, V) array
        Extra research, USD per year.
    of_start, set_to : (Y, S, S) array
        Compatibility is ``of_start`` times that of 2019 plus ``set_to``: 1 and 0 if unspecified.
    agreement : (Y, S, S) array
        Strength with which agreements preserve compatibility, 0 to 1.
    splits : bool
        Whether the scenario splits this technology's standards: it sets a compatibility below 1.
    new_only_from : int or None
        Year from which a split holds for newly bought equipment alone; None if it holds for all.
    parents : tuple of str, length S
        The standard of the world that each standard is, or is split off from.
    duty : (Y, N, V) array or None
        Log of what buyers pay beyond the price, of which vendors see nothing; no scenario sets it.
    """

    scenario: str
    technology: str
    years: tuple[int, ...]
    standards: tuple[str, ...]
    standard_of: IntArray
    alignments: np.ndarray
    newer: tuple[Orders, ...]
    older: tuple[Orders, ...]
    capped: BoolArray
    cap: FloatArray
    cap_compliance: FloatArray
    cap_in_force: FloatArray
    cap_delay: FloatArray
    exited: BoolArray
    restriction: FloatArray
    anticipation: FloatArray
    affinity: FloatArray
    finance: FloatArray
    quality: FloatArray
    supply: FloatArray
    price: FloatArray
    investment: FloatArray
    of_start: FloatArray
    set_to: FloatArray
    agreement: FloatArray
    splits: bool
    new_only_from: int | None
    parents: tuple[str, ...]
    duty: FloatArray | None = None

    def __post_init__(self) -> None:
        freeze_fields(self)
        made: dict[int, Orders] = {}  # orders that both bases have stay one
        for base in ("newer", "older"):
            orders = tuple(
                made.setdefault(id(each), Orders(*map(read_only, each))) for each in getattr(self, base)
            )
            object.__setattr__(self, base, orders)

    def log_price_paid(self, y: int) -> FloatArray:
        """Change of log price for buyers in a year, duty included, (N, V)."""
        return np.asarray(self.price[y] if self.duty is None else self.price[y] + self.duty[y])

    @cached_property
    def allowed(self) -> BoolArray:
        """(Y, N, V): vendors from which a part of a country's market, or of the draws, may buy."""
        return np.asarray(~np.any([orders.certain for orders in self.newer], axis=0))

    @cached_property
    def same_for_bases(self) -> BoolArray:
        """(Y, N): whether orders on the two bases are the same."""
        same = np.ones(self.cap.shape, dtype=bool)
        for newer, older in zip_longest(self.newer, self.older, fillvalue=no_orders(self.capped.shape)):
            for name in ("part", "whole", "compliance", "in_force", "delay"):
                alike = getattr(newer, name) == getattr(older, name)
                same &= (alike | ((newer.part == 0.0) & (older.part == 0.0))).all(axis=2)
        return same

    @cached_property
    def unchanged(self) -> BoolArray:
        """(Y,): whether the levers that affect choice equal those of the previous year."""
        same = np.zeros(len(self.years), dtype=bool)
        chosen = (self.restriction, self.anticipation, self.affinity, self.finance, self.supply, self.price)
        same[1:] = np.all([(lever[1:] == lever[:-1]).all(axis=(1, 2)) for lever in chosen], axis=0)
        same[1:] &= (self.quality[1:] == self.quality[:-1]).all(axis=1)
        return same


def compile_scenario(world: World, scenario: ScenarioLike, technology: str, years: Sequence[int]) -> Levers:
    """Turn a scenario into levers for one technology.

    Parameters
    ----------
    world : World
    scenario : name, path, mapping or Scenario
    technology : str
        One of the world's.
    years : sequence of int
        Calendar years; the first is the initial state.

    Returns
    -------
    Levers

    Raises
    ------
    ScenarioError, UnknownNameError
        As in ``load_scenario``; unknown technology, country, group, vendor, standard or pole; a country
        left without any vendor.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> levers = compile_scenario(world, "core-allies-ban", "radio", range(2019, 2031))
    >>> bool(levers.allowed[-1, world.countries.index("USA"), 0])
    False
    """
    loaded = load_scenario(scenario)
    try:
        return _Compiler(world, loaded, technology, tuple(years)).levers()
    except ScenarioError:
        raise
    except StandardsNetError as error:
        raise ScenarioError(f"{loaded.origin}: {message}" for message in error.complaints) from None


@lru_cache(maxsize=8)
def _recorded(world: World, record: str) -> RecordedEntries:
    return recorded_entries(world.policies, record)


class _Compiler:
    """Resolves names once; each method below fills one lever."""

    def __init__(self, world: World, scenario: Scenario, technology: str, years: tuple[int, ...]) -> None:
        self.world, self.scenario, self.file = world, scenario, scenario.file
        self.market: Market = world.market(technology)
        self.technology, self.years = technology, years
        self._check_overrides()
        self.camps = camps(world, self.file)
        self.standards, self.standard_of = self._standards()
        self.alignments, self.affinity = alignments_by_year(world, self.market, self.file, self.camps, years)

    def levers(self) -> Levers:
        policies = self._policies()
        of_start, set_to = self._compatibility()
        supply, price = self._supply()
        return Levers(
            scenario=self.scenario.name,
            technology=self.technology,
            years=self.years,
            standards=self.standards,
            standard_of=self.standard_of,
            alignments=self.alignments,
            **policies,
            affinity=self.affinity,
            finance=self._finance(),
            quality=self._quality(),
            supply=supply,
            price=price,
            investment=self._investment(),
            of_start=of_start,
            set_to=set_to,
            agreement=self._agreement(),
            splits=any(entry.value < 1.0 for entry in self.file.compatibility if self._concerns(entry)),
            new_only_from=self._new_only_from(),
            parents=self._parents(),
        )

    def _check_overrides(self) -> None:
        messages = []
        for name, change in self.file.parameters.items():
            if name not in self.world.parameters:
                messages.append(one_of("parameter", name, self.world.parameters))
                continue
            parameter = self.world.parameters[name]
            values = [end * change.times for end in parameter.ends] if isinstance(change, Times) else [change]
            messages += [message for value in values if (message := parameter.complaint(value))]
        if messages:
            raise ScenarioError(
                f"{self.scenario.origin}: parameters: {message}." for message in dict.fromkeys(messages)
            )
        known = {name.casefold(): name for name in self.world.standards}
        for name in self.file.standards.values():
            if known.setdefault(name.casefold(), name) != name:
                raise ScenarioError(
                    f"{self.scenario.origin}: standards: '{name}' and '{known[name.casefold()]}' differ "
                    "in case only; "
                    "write it one way."
                )

    # -- names -------------------------------------------------------------------------------

    def _standards(self) -> tuple[tuple[str, ...], IntArray]:
        moved = dict(self.file.standards)
        every_vendor = {v for market in self.world.markets.values() for v in market.vendors}
        for vendor in moved:
            if vendor not in every_vendor:
                raise ScenarioError(
                    f"{self.scenario.origin}: standards: {one_of('vendor', vendor, every_vendor)}."
                )
        world = self.world
        taken = {"all", NONALIGNED, *world.countries, *world.groups, *self.camps.names, *every_vendor}
        folded = {word.casefold() for word in ("all", NONALIGNED, *self.camps.names, *every_vendor)}
        for vendor, name in moved.items():
            if (name in taken or name.casefold() in folded) and name not in world.standards:
                raise ScenarioError(
                    f"{self.scenario.origin}: standards: '{name}' of {vendor} is the name of a country, "
                    "group, pole or vendor; choose another."
                )
        of = [
            moved.get(vendor, standard)
            for vendor, standard in zip(self.market.vendors, self.market.vendor_standards, strict=True)
        ]
        names = (*self.world.standards, *sorted(set(moved.values()) - set(self.world.standards)))
        return names, np.array([names.index(s) for s in of], dtype=np.int64)

    def _vendors(self, names: Sequence[str], market: Market | None = None, where: str = "") -> BoolArray:
        """Vendors of a market among the names; names of another technology match none."""
        for name in names:
            if name not in self._known:
                hint = one_of("vendor, standard or pole", name, self._known)
                raise ScenarioError(f"{self.scenario.origin}: {where}{hint}.")
        wanted = frozenset(names)
        called = self._own_called if market is None else self._called(market)
        return np.array([not wanted.isdisjoint(names) for names in called])

    @cached_property
    def _known(self) -> frozenset[str]:
        """Names that may stand for vendors."""
        vendors = (vendor for market in self.world.markets.values() for vendor in market.vendors)
        return frozenset({"all", *self.standards, *self.camps.names, *vendors})

    @cached_property
    def _own_called(self) -> list[frozenset[str]]:
        return self._called(self.market)

    def _called(self, market: Market) -> list[frozenset[str]]:
        """What each vendor of a market may be called: by itself, its standard, its pole, or with all."""
        pole_of, moved = self.camps.pole_of, self.file.standards
        return [
            frozenset({"all", vendor, moved.get(vendor, standard), pole_of.get(vendor, "")})
            for vendor, standard in zip(market.vendors, market.vendor_standards, strict=True)
        ]

    def _standard(self, name: str) -> int:
        if name not in self.standards:
            raise ScenarioError(f"{self.scenario.origin}: {one_of('standard', name, self.standards)}.")
        return self.standards.index(name)

    def _years_of(self, since: int, until: int | None) -> slice:
        first = int(np.searchsorted(self.years, since, side="left"))
        last = int(np.searchsorted(self.years, until, side="right")) if until else len(self.years)
        return slice(first, last)

    def _applies(self, entry: Ban | Exit | Finance | Lift | Restriction | Supply) -> tuple[slice, np.ndarray]:
        span = self._years_of(entry.since, entry.until)
        # A pole's name denotes its members in the first year in force under this scenario.
        labels = self.alignments[min(span.start, len(self.years) - 1)]
        where = f"{type(entry).__name__.lower()} from {entry.since}"
        try:
            who = self.camps.who(self.world, entry.who, entry.but, entry.as_of, labels)
        except StandardsNetError as error:
            raise StandardsNetError(f"{where}: {message}" for message in error.complaints) from None
        return span, np.outer(who, self._vendors(entry.vendors, where=f"{where}: "))

    def _concerns(self, entry: object) -> bool:
        named = getattr(entry, "technologies", ("all",))
        for name in named:
            if name != "all" and name not in self.world.markets:
                hint = one_of("technology", name, self.world.markets)
                raise ScenarioError(f"{self.scenario.origin}: {type(entry).__name__.lower()}: {hint}.")
        return "all" in named or self.technology in named

    # -- levers ------------------------------------------------------------------------------

    def _empty(self) -> FloatArray:
        shape = (len(self.years), len(self.world.countries), len(self.market.vendors))
        return np.zeros(shape)

    def _policies(self) -> dict[str, Any]:
        """Levers of exclusion: entries in order of files, later ones of the same kind on top."""
        orders = OrderBook(self.years, self._empty().shape, self.market.bases)
        for entry in self._policy_entries():
            orders.apply(entry, *self._applies(entry))
        for departure in (e for e in self.file.exit if self._concerns(e)):
            orders.leave(departure, *self._applies(departure))
        anticipation = self._empty()
        if self.file.policies in ("latest", "drawn") and self._is_on_record():
            chinese = self._vendors(["china"])
            expected = np.where(orders.acted(chinese), 0.0, expected_restriction(self.world, self.years))
            # Until an order takes effect, those whom it binds know that it will.
            anticipation = np.maximum(expected[:, :, None] * chinese, orders.announced())
            if self.file.policies == "drawn":
                first = self._drawn_from()
                orders.draw(drawn_policies(self.world, self.years, first), first, chinese)
        self._check_vendor_left(orders.newer, orders.capped)
        self._check_vendor_left(orders.older, np.zeros_like(orders.capped))
        return {**orders.levers(self._recorded_restriction()), "anticipation": anticipation}

    def _policy_entries(self) -> Iterator[Ban | Lift | Restriction]:
        drawn, first = self.file.policies == "drawn", self._drawn_from()
        before = first if drawn else math.inf
        record = self.file.policies or "2019-10"
        if drawn:
            record = "2019-10" if first <= FIRST_DRAWN else "latest"
        recorded = _recorded(self.world, record)
        on_record: list[Ban | Lift | Restriction] = [*recorded.restrictions, *recorded.bans]
        for entry in on_record:
            if self.technology in entry.technologies and entry.since < before:
                yield entry
        for file in self.scenario.generations:
            own: list[Ban | Lift | Restriction] = [*file.lift, *file.restriction, *file.ban]
            for entry in own:
                if self._concerns(entry):
                    self._check_bases(entry)
                    yield entry

    def _drawn_from(self) -> int:
        if self.file.drawn_from is not None and self.file.policies != "drawn":
            raise ScenarioError(
                f"{self.scenario.origin}: drawn_from is {self.file.drawn_from}, but policies are "
                f"'{self.file.policies or '2019-10'}'; only policies = \"drawn\" draws any."
            )
        return self.file.drawn_from or FIRST_DRAWN

    def _is_on_record(self) -> bool:
        """Whether recorded policies concern this technology."""
        named = {name for cell in self.world.policies["technologies"].dropna() for name in cell.split(";")}
        return self.technology in named

    def _check_bases(self, entry: Ban | Lift | Restriction) -> None:
        """Bases that an entry names must be those of a technology that it names."""
        concerned = [
            market for name, market in self.world.markets.items()
            if "all" in entry.technologies or name in entry.technologies
        ]  # fmt: skip
        known = {base for market in concerned for base in market.bases}
        for base in getattr(entry, "bases", ()):
            if base not in known:
                hint = (
                    one_of("base", base, known)
                    if known
                    else f"these technologies have one base, not '{base}'"
                )
                raise ScenarioError(f"{self.scenario.origin}: ban from {entry.since}: {hint}.")

    def _recorded_restriction(self) -> FloatArray:
        """Restrictions of 2019 are already reflected in the adoption of 2019: only changes count."""
        base = self._empty()[0]
        for entry in _recorded(self.world, "2019-10").restrictions:
            if self.technology in entry.technologies:
                base[self._applies(entry)[1]] = entry.strength
        return np.asarray(base)

    def _check_vendor_left(self, base: Sequence[Orders], capped: BoolArray) -> None:
        """Some vendor must be free for every operator: orders on shares of a market bind the same ones."""
        several = (np.bincount(self.market.country_of, minlength=len(self.world.countries)) > 1)[:, None]
        closed = np.any([(o.part >= 1.0) | ((o.part > 0.0) & o.whole & several) for o in base], axis=0)
        without = (closed | capped).all(axis=2)
        if without.any():
            y, i = np.argwhere(without)[0]
            raise ScenarioError(
                f"{self.scenario.origin}: in {self.years[y]} {self.world.countries[i]} may buy "
                f"{self.technology} from no vendor; leave at least one vendor unbanned."
            )

    def _new_only_from(self) -> int | None:
        entries = [e for e in self.file.compatibility if self._concerns(e)]
        if not any(entry.new_equipment_only for entry in entries):
            return None
        if not all(entry.new_equipment_only for entry in entries):
            raise ScenarioError(
                f"{self.scenario.origin}: compatibility of {self.technology} is for new equipment only in "
                "some entries and for all in others; use one of the two for a technology."
            )
        return min(entry.since for entry in entries)

    def _parents(self) -> tuple[str, ...]:
        """The standard of the world that each is; one that a scenario adds is split off from its vendors'."""
        origin = {
            self.file.standards[vendor]: standard
            for vendor, standard in zip(
                reversed(self.market.vendors), reversed(self.market.vendor_standards), strict=True
            )
            if vendor in self.file.standards
        }
        return tuple(
            name if name in self.world.standards else origin.get(name, name) for name in self.standards
        )

    def _finance(self) -> FloatArray:
        start = np.outer(self.world.finance, self._vendors(["china"]))
        level = np.repeat(start[None], len(self.years), axis=0)
        receptivity = np.broadcast_to(self.world.finance[:, None], start.shape)
        for entry in self.file.finance:
            if self._concerns(entry):
                span, cells = self._applies(entry)
                level[span, cells] = entry.strength * receptivity[cells]
        return np.asarray(level - start)

    def _quality(self) -> FloatArray:
        shift = np.zeros((len(self.years), len(self.market.vendors)))
        for entry in self.file.quality:
            if self._concerns(entry):
                span = self._years_of(entry.since, entry.until)
                shift[span] += entry.shift * self._vendors(entry.vendors)
        return shift

    def _supply(self) -> tuple[FloatArray, FloatArray]:
        """Changes of appeal and of log price by country."""
        appeal, price = self._empty(), self._empty()
        for entry in self.file.supply:
            if self._concerns(entry):
                span, cells = self._applies(entry)
                appeal[span, cells] += entry.quality + math.log(entry.capacity)
                price[span, cells] += math.log(entry.price)
        return appeal, price

    def _investment(self) -> FloatArray:
        budget = np.zeros((len(self.years), len(self.market.vendors)))
        for entry in self.file.investment:
            chosen = self._vendors(entry.vendors)
            if self._concerns(entry) and chosen.any():
                span = self._years_of(entry.since, entry.until)
                usd = entry.usd_per_year * self._part_of_budget(entry)
                budget[span] += usd * chosen / chosen.sum()
        return budget

    def _part_of_budget(self, entry: Investment) -> float:
        """Share of this technology: a budget for several technologies is split by market size."""
        sizes: dict[str, float] = {
            technology: self.world.parameters[f"market_{technology}"].default
            for technology in self.world.markets
            if ("all" in entry.technologies or technology in entry.technologies)
            and self._vendors(entry.vendors, self.world.market(technology)).any()
        }
        return float(sizes[self.technology] / sum(sizes.values()))

    def _compatibility(self) -> tuple[FloatArray, FloatArray]:
        shape = (len(self.years), len(self.standards), len(self.standards))
        of_start, set_to = np.ones(shape), np.zeros(shape)
        for entry in sorted(self.file.compatibility, key=lambda entry: entry.since):
            if self._concerns(entry):
                self._move(of_start, set_to, entry)
        return of_start, set_to

    def _pair(self, between: Sequence[str]) -> tuple[int, int]:
        s, t = (self._standard(name) for name in between)
        if s == t:
            raise ScenarioError(
                f"{self.scenario.origin}: '{between[0]}' always works with itself; name two standards."
            )
        return s, t

    def _move(self, of_start: FloatArray, set_to: FloatArray, entry: Compatibility) -> None:
        """Interpolate linearly from the values of the year before ``since``."""
        s, t = self._pair(entry.between)
        before = max(int(np.searchsorted(self.years, entry.since)) - 1, 0)
        factor, summand = of_start[before, s, t], set_to[before, s, t]
        reached = entry.to if entry.to is not None else entry.since
        for y, year in enumerate(self.years):
            if year < entry.since:
                continue
            progress = 1.0 if year >= reached else (year - entry.since + 1) / (reached - entry.since + 1)
            of_start[y, [s, t], [t, s]] = (1.0 - progress) * factor
            set_to[y, [s, t], [t, s]] = (1.0 - progress) * summand + progress * entry.value

    def _agreement(self) -> FloatArray:
        strength = np.zeros((len(self.years), len(self.standards), len(self.standards)))
        for entry in self.file.agreement:
            if self._concerns(entry):
                s, t = self._pair(entry.between)
                strength[self._years_of(entry.since, entry.until), [s, t], [t, s]] = entry.strength
        return strength
