"""Compile a scenario into the arrays that the mechanism reads."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.errors import ScenarioError, StandardsNetError, one_of
from standards_net.scenario.poles import alignments_by_year, camps
from standards_net.scenario.read import Scenario
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
    bound, older_bound : (Y, N, V) array
        Share of a country's market that may not buy from a vendor, 0 free to 1 excluded, for the base that
        deployment builds and for the older base that it replaces.
    compliance, older_compliance : (Y, N, V) array
        Probability that this exclusion binds.
    in_force, delay, older_in_force, older_delay : (Y, N, V) array
        Years since the order, and the median of the delay until it takes effect.
    removal, older_removal : (Y, N, V) array
        Share of an excluded vendor's remaining base that must be removed in the year, of the same two bases.
    removal_part, older_removal_part : (Y, N, V) array
        Part of that remaining base which the order concerns.
    capped : (Y, N, V) array of bool
        Vendors whose share of the base is capped.
    cap, cap_compliance, cap_in_force, cap_delay : (Y, N) array
        Share that they may have together, 1 where there is no cap; its probability of compliance, years in
        force, and median delay.
    exited : (Y, N, V) array of bool
        Vendors that have left a country of their own accord or by others' orders.
    restriction : (Y, N, V) array
        Strength of restrictions, 0 to 1, minus that of 2019.
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
    """

    scenario: str
    technology: str
    years: tuple[int, ...]
    standards: tuple[str, ...]
    standard_of: IntArray
    alignments: np.ndarray
    bound: FloatArray
    older_bound: FloatArray
    compliance: FloatArray
    older_compliance: FloatArray
    in_force: FloatArray
    older_in_force: FloatArray
    delay: FloatArray
    older_delay: FloatArray
    removal: FloatArray
    older_removal: FloatArray
    removal_part: FloatArray
    older_removal_part: FloatArray
    capped: BoolArray
    cap: FloatArray
    cap_compliance: FloatArray
    cap_in_force: FloatArray
    cap_delay: FloatArray
    exited: BoolArray
    restriction: FloatArray
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

    @cached_property
    def allowed(self) -> BoolArray:
        """(Y, N, V): vendors from which at least a part of a country's market may buy for certain."""
        return np.asarray((self.bound < 1.0) | (self.compliance < 1.0) | (self.delay > 0.0))

    @cached_property
    def unchanged(self) -> BoolArray:
        """(Y,): whether the levers that affect choice equal those of the previous year."""
        same = np.zeros(len(self.years), dtype=bool)
        chosen = (self.restriction, self.affinity, self.finance, self.supply, self.price)
        same[1:] = np.all([(lever[1:] == lever[:-1]).all(axis=(1, 2)) for lever in chosen], axis=0)
        same[1:] &= (self.quality[1:] == self.quality[:-1]).all(axis=1)
        return same


def compile_scenario(world: World, scenario: Scenario, technology: str, years: Sequence[int]) -> Levers:
    """Turn a scenario into levers for one technology.

    Parameters
    ----------
    world : World
    scenario : Scenario
        From ``load_scenario``.
    technology : str
        One of the world's.
    years : sequence of int
        Calendar years; the first is the initial state.

    Returns
    -------
    Levers

    Raises
    ------
    ScenarioError
        Unknown country, group, vendor, standard or pole; a country left without any vendor.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> levers = compile_scenario(world, sn.load_scenario("core-allies-ban"), "radio", range(2019, 2031))
    >>> bool(levers.allowed[-1, world.countries.index("USA"), 0])
    False
    """
    try:
        return _Compiler(world, scenario, technology, tuple(years)).levers()
    except ScenarioError:
        raise
    except StandardsNetError as error:
        raise ScenarioError(f"{scenario.origin}: {message}" for message in error.complaints) from None


@lru_cache(maxsize=8)
def _recorded(world: World, record: str) -> RecordedEntries:
    return recorded_entries(world.policies, record)


class _BaseOrders:
    """Orders on one base: arrays (Y, N, V)."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.bound, self.removal, self.removal_part = np.zeros(shape), np.zeros(shape), np.ones(shape)
        self.compliance, self.in_force, self.delay = np.ones(shape), np.zeros(shape), np.zeros(shape)

    def bind(
        self,
        span: slice,
        cells: BoolArray,
        part: float,
        compliance: float,
        in_force: FloatArray,
        delay: float,
    ) -> None:
        """Bar a part of the market; where an order stands already, the larger part and compliance hold.

        Years in force and delay stay those of the order that stands.
        """
        free = self.bound[span, cells] == 0.0
        self.compliance[span, cells] = np.where(
            free, compliance, np.maximum(self.compliance[span, cells], compliance)
        )
        self.in_force[span, cells] = np.where(free, in_force, self.in_force[span, cells])
        self.delay[span, cells] = np.where(free, delay, self.delay[span, cells])
        self.bound[span, cells] = np.maximum(self.bound[span, cells], part)

    def levers(self, prefix: str) -> dict[str, FloatArray]:
        """The levers of this base."""
        return {
            f"{prefix}bound": self.bound,
            f"{prefix}compliance": self.compliance,
            f"{prefix}in_force": self.in_force,
            f"{prefix}delay": self.delay,
            f"{prefix}removal": self.removal,
            f"{prefix}removal_part": self.removal_part,
        }


class _Orders:
    """Levers of exclusion while entries are applied to them."""

    def __init__(self, years: tuple[int, ...], shape: tuple[int, ...], bases: tuple[str, ...]) -> None:
        self.years, self.names = years, bases or ("", "")
        self.older, self.newer = _BaseOrders(shape), _BaseOrders(shape)
        self.restriction = np.zeros(shape)
        self.capped, self.exited = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        self.cap, self.cap_compliance = np.ones(shape[:2]), np.ones(shape[:2])
        self.cap_in_force, self.cap_delay = np.zeros(shape[:2]), np.zeros(shape[:2])

    def apply(self, entry: Ban | Lift | Restriction, span: slice, cells: BoolArray) -> None:
        """Apply an entry in its years to the cells (N, V) that it names."""
        if isinstance(entry, Lift):
            for base in (self.older, self.newer):
                base.bound[span, cells] = base.removal[span, cells] = 0.0
            self.restriction[span, cells], self.capped[span, cells] = 0.0, False
        elif isinstance(entry, Restriction):
            self.restriction[span, cells] = entry.strength
        elif entry.cap > 0.0:
            self._cap(entry, span, cells)
        else:
            for base in self._bases(entry.bases):
                late, since = self._late(entry), self._in_force(entry, span)[:, None]
                base.bind(span, cells, entry.share_of_market, entry.compliance, since, late)
                self._remove(base, entry, entry.remove_by, cells, entry.share_of_market)

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

    def leave(self, entry: Exit, span: slice, cells: BoolArray) -> None:
        """Vendors leave: nobody buys from them, and their equipment goes as spares run out."""
        self.exited[span, cells] = True
        for base in (self.older, self.newer):
            base.bound[span, cells], base.compliance[span, cells], base.delay[span, cells] = 1.0, 1.0, 0.0
            self._remove(base, entry, entry.since + entry.spares_years - 1, cells, 1.0)

    def _bases(self, named: Sequence[str]) -> Iterator[_BaseOrders]:
        for name, base in zip(self.names, (self.older, self.newer), strict=True):
            if not named or name in named:
                yield base

    def _remove(
        self, base: _BaseOrders, entry: Ban | Exit, by: int | None, cells: BoolArray, bound: float
    ) -> None:
        """Linear removal takes 1/k of the remaining base with k years left; the fastest removal applies.

        Where an order binds a part of the market, this part is gone by the deadline, and the rest stays.
        """
        if by is None:
            return
        allowed = by - max(entry.since, self.years[0]) + 1
        for y, year in enumerate(self.years):
            if entry.since <= year and (entry.until is None or year <= entry.until):
                left = by - year + 1
                if left < 1 or allowed < 1:
                    rate = part = 1.0 if bound >= 1.0 else 0.0
                else:
                    still_bound = bound * left / allowed
                    part = still_bound / (1.0 - bound + still_bound)
                    rate = part / left
                faster = cells & (base.removal[y] < rate)
                base.removal[y][faster], base.removal_part[y][faster] = rate, part

    def levers(self, recorded_restriction: FloatArray) -> dict[str, Any]:
        """The levers, restrictions as changes from those on record for 2019."""
        return {
            **self.newer.levers(""),
            **self.older.levers("older_"),
            "capped": self.capped,
            "cap": self.cap,
            "cap_compliance": self.cap_compliance,
            "cap_in_force": self.cap_in_force,
            "cap_delay": self.cap_delay,
            "exited": self.exited,
            "restriction": self.restriction - recorded_restriction,
        }


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

    # -- names -------------------------------------------------------------------------------

    def _standards(self) -> tuple[tuple[str, ...], IntArray]:
        moved = dict(self.file.standards)
        every_vendor = {v for market in self.world.markets.values() for v in market.vendors}
        for vendor in moved:
            if vendor not in every_vendor:
                raise ScenarioError(
                    f"{self.scenario.origin}: standards: {one_of('vendor', vendor, every_vendor)}."
                )
        of = [
            moved.get(vendor, standard)
            for vendor, standard in zip(self.market.vendors, self.market.vendor_standards, strict=True)
        ]
        names = (*self.world.standards, *sorted(set(moved.values()) - set(self.world.standards)))
        return names, np.array([names.index(s) for s in of], dtype=np.int64)

    def _vendors(self, names: Sequence[str], market: Market | None = None, where: str = "") -> BoolArray:
        """Vendors of a market among the names; names of another technology match none."""
        market = self.market if market is None else market
        standards = [
            self.file.standards.get(v, s)
            for v, s in zip(market.vendors, market.vendor_standards, strict=True)
        ]
        chosen = np.zeros(len(market.vendors), dtype=bool)
        known = {"all", *self.standards, *self.camps.names}
        known |= {v for market in self.world.markets.values() for v in market.vendors}
        for name in names:
            if name not in known:
                hint = one_of("vendor, standard or pole", name, known)
                raise ScenarioError(f"{self.scenario.origin}: {where}{hint}.")
            for v, vendor in enumerate(market.vendors):
                by_pole = self.camps.pole_of.get(vendor, "") == name
                chosen[v] |= name in ("all", vendor) or standards[v] == name or by_pole
        return chosen

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
        orders = _Orders(self.years, self._empty().shape, self.market.bases)
        for entry in self._policy_entries():
            orders.apply(entry, *self._applies(entry))
        for departure in (e for e in self.file.exit if self._concerns(e)):
            orders.leave(departure, *self._applies(departure))
        for part in (orders.newer.bound, orders.older.bound):
            self._check_vendor_left(part)
        return orders.levers(self._recorded_restriction())

    def _policy_entries(self) -> Iterator[Ban | Lift | Restriction]:
        recorded = _recorded(self.world, self.file.policies or "2019-10")
        on_record: list[Ban | Lift | Restriction] = [*recorded.restrictions, *recorded.bans]
        yield from (entry for entry in on_record if self.technology in entry.technologies)
        for file in self.scenario.generations:
            own: list[Ban | Lift | Restriction] = [*file.lift, *file.restriction, *file.ban]
            for entry in own:
                if self._concerns(entry):
                    self._check_bases(entry)
                    yield entry

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

    def _check_vendor_left(self, bound: FloatArray) -> None:
        without = (bound >= 1.0).all(axis=2)
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
