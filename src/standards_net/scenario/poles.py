"""Poles, their members by year, and the resulting change of affinity."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.errors import StandardsNetError, one_of
from standards_net.scenario.schema import Alignment, Pole, ScenarioFile
from standards_net.world.market import Market
from standards_net.world.politics import NONALIGNED, leaning
from standards_net.world.world import World

__all__ = ["Poles", "alignments_by_year", "camps"]

_LEADERS = {"us": ("USA",), "china": ("CHN",)}


@dataclass(frozen=True)
class Poles:
    """The poles of a scenario.

    Attributes
    ----------
    leaders : mapping of pole to codes or groups
    pole_of : mapping of vendor to pole
        Pole to which each vendor belongs.
    rivals : frozenset of pairs
        Pairs of poles whose members disfavour each other's products.
    """

    leaders: Mapping[str, tuple[str, ...]]
    pole_of: Mapping[str, str]
    rivals: frozenset[frozenset[str]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the poles."""
        return tuple(self.leaders)

    def who(
        self,
        world: World,
        names: Sequence[str],
        but: Sequence[str],
        as_of: int,
        alignments: Sequence[str] | np.ndarray,
    ) -> BoolArray:
        """(N,) array: countries selected by ``names`` except ``but``, given the alignments."""

        def selected(name: str) -> BoolArray:
            if name == "all":
                return np.ones(len(world.countries), dtype=bool)
            if name in (*self.names, NONALIGNED):
                return np.asarray(np.asarray(alignments) == name)
            return world.mask_of(name, as_of)

        each, unknown = {}, []
        for name in (*names, *but):
            try:
                each[name] = selected(name)
            except StandardsNetError as error:
                unknown.append(str(error))
        if unknown:
            raise StandardsNetError(unknown)
        chosen = np.any([each[name] for name in names], axis=0)
        left_out = np.any([each[name] for name in but], axis=0) if but else False
        found = np.asarray(chosen & ~np.asarray(left_out))
        if chosen.any() and not found.any() and not world.left_out:
            raise StandardsNetError(f"'but' leaves out all that 'who' names: {', '.join(names[:5])}.")
        return found


def camps(world: World, file: ScenarioFile) -> Poles:
    """Poles of a scenario: the US, China and any that it adds."""
    leaders: dict[str, tuple[str, ...]] = dict(_LEADERS)
    pole_of = {
        vendor: pole
        for market in world.markets.values()
        for vendor, pole in zip(market.vendors, market.vendor_poles, strict=True)
    }
    rivals = {frozenset({"us", "china"})}
    poles = [*_LEADERS, *(pole.name for pole in file.pole)]
    led = {code: pole for pole, codes in _LEADERS.items() for code in codes}
    for pole in file.pole:
        _check_pole(world, pole, poles, pole_of)
        for leader in pole.leaders:
            for code in sorted(world.members(leader)):
                if led.setdefault(code, pole.name) != pole.name:
                    raise StandardsNetError(
                        f"pole '{pole.name}': {code} leads '{led[code]}' already; a country leads one pole."
                    )
        leaders[pole.name] = tuple(pole.leaders)
        for vendor in pole.vendors:
            if vendor not in pole_of:
                raise StandardsNetError(f"pole '{pole.name}': {one_of('vendor', vendor, pole_of)}.")
            pole_of[vendor] = pole.name
        rivals |= {frozenset({pole.name, rival}) for rival in pole.rivals}
    return Poles(leaders, pole_of, frozenset(rivals))


def _check_pole(world: World, pole: Pole, poles: Sequence[str], vendors: Collection[str]) -> None:
    taken = {"all", NONALIGNED, *world.countries, *world.groups, *_LEADERS, *world.standards, *vendors}
    if pole.name in taken:
        raise StandardsNetError(
            f"pole '{pole.name}': the name is taken by a country, group, pole, standard or vendor; choose "
            "another."
        )
    if poles.count(pole.name) > 1:
        raise StandardsNetError(f"pole '{pole.name}' is there twice; keep one.")
    for leader in pole.leaders:
        try:
            world.members(leader)
        except StandardsNetError as error:
            raise StandardsNetError(f"pole '{pole.name}', leaders: {error}") from None
    for rival in pole.rivals:
        if rival not in poles or rival == pole.name:
            raise StandardsNetError(
                f"pole '{pole.name}', rivals: {one_of('pole', rival, set(poles) - {pole.name})}."
            )


def alignments_by_year(
    world: World, market: Market, file: ScenarioFile, poles: Poles, years: Sequence[int]
) -> tuple[np.ndarray, FloatArray]:
    """Alignment of each country in each year, and the change of its affinity to each vendor.

    Affinity is the mean of UN voting and declared alignment (``affinity_index``); a scenario changes the
    declared half: +1/2 for products of the country's own pole, -1/2 for those of a rival pole.

    Returns
    -------
    alignments : (Y, N) array of str
    affinity : (Y, N, V) array
        Change since 2019.
    """
    labels = np.tile(np.array(world.alignments, dtype=object), (len(years), 1))
    for entry in file.alignment:
        # A pole's name denotes its members in the first year in force, given the previous entries.
        first = min(int(np.searchsorted(years, entry.since)), len(years) - 1)
        who = poles.who(world, entry.who, entry.but, entry.as_of, labels[first])
        joined = _joined(world, entry, poles)
        for y, year in enumerate(years):
            if entry.since <= year and (entry.until is None or year <= entry.until):
                labels[y, who] = joined[who]
    start = _match(np.array(world.alignments, dtype=object)[None], market, poles)
    return labels.astype(str), 0.5 * (_match(labels, market, poles) - start)


def _joined(world: World, entry: Alignment, poles: Poles) -> np.ndarray:
    """Pole that each country would join under an alignment entry."""
    valid = [*poles.names, NONALIGNED]
    candidates = entry.poles if entry.pole is None else [entry.pole]
    for name in candidates:
        if name not in valid:
            raise StandardsNetError(f"alignment: {one_of('pole', name, valid)}.")
        if entry.rule is not None and name == NONALIGNED:
            raise StandardsNetError(
                "alignment: a rule chooses among poles with leaders; 'nonaligned' has none."
            )
    if entry.pole is not None:
        return np.full(len(world.countries), entry.pole, dtype=object)
    leaders = {p: poles.who(world, poles.leaders[p], [], entry.as_of, world.alignments) for p in entry.poles}
    for pole, led in leaders.items():
        if not led.any():
            named = ", ".join(poles.leaders[pole])
            raise StandardsNetError(f"alignment: pole '{pole}' is led by {named}, not in this world.")
    if entry.rule == "affinity":
        scores = leaning(world.voting, world.allied, world.alignments, leaders)
    else:
        scores = {p: np.where(led, np.inf, world.trade_usd[:, led].sum(axis=1)) for p, led in leaders.items()}
    best = np.argmax(np.stack([scores[p] for p in entry.poles]), axis=0)
    return np.asarray(np.array(entry.poles, dtype=object)[best])


def _match(labels: np.ndarray, market: Market, poles: Poles) -> FloatArray:
    """+1 for a vendor of the country's own pole, -1 for one of a rival pole, else 0."""
    match = np.zeros((*labels.shape, len(market.vendors)))
    for v, vendor in enumerate(market.vendors):
        pole = poles.pole_of.get(vendor, "")
        if not pole:
            continue
        against = [p for p in poles.names if frozenset({p, pole}) in poles.rivals]
        match[..., v] = (labels == pole) * 1.0 - np.isin(labels.astype(str), against)
    return match
