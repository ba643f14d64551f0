"""What is changed in a course from outside: checked, applied to a year, and written down.

A change is either further entries of a scenario or values that hold until others are given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from standards_net.checks import checked_array, shown
from standards_net.core.arrays import FloatArray, draws_last
from standards_net.errors import ScenarioError, StandardsNetError, one_of
from standards_net.frozen import content_digest
from standards_net.labels import is_missing
from standards_net.measures.inputs import WorldWeights
from standards_net.model.setting import Setting
from standards_net.model.year import State, by_standard
from standards_net.scenario import Levers, Scenario, compile_scenario
from standards_net.scenario.schema import DATED, ScenarioFile
from standards_net.world.world import World

__all__ = ["Change", "apply_given", "checked_entries", "checked_given", "levers_under", "weights_as_given"]

_SUMS_TO_ONE = 1e-6  # what shares may miss 1 by
_LARGEST_SUM = 1e18  # USD: beyond is no amount
_HIGHEST_TARIFF = 10.0  # a rate, not per cent
_ALL_COUNTRIES = {"gdp_usd": -1, "trade_usd": (-2, -1)}  # axes of which the sum is the world's


@dataclass(frozen=True)
class Change:
    """What was asked of a course at the end of a year.

    Attributes
    ----------
    year : int
    entries : mapping of str to list
        Entries of a scenario as plain data, from the next year on.
    given : mapping of str to values
        Checked values from outside: ``adoption`` and ``market_share`` by technology, ``gdp_usd``,
        ``trade_usd``, ``tariff``.
    """

    year: int
    entries: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Change as plain data, without NaN; :meth:`from_dict` reads it back."""
        return {"year": self.year, "entries": self.entries, "given": _lists(self.given)}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Change:
        """Change from plain data."""
        return cls(content["year"], content["entries"], _arrays(content["given"]))

    def summary(self) -> dict[str, Any]:
        """Change for the record of a result: digests in place of arrays."""
        given = {name: content_digest(_lists(value)) for name, value in self.given.items()}
        return {"year": self.year, "entries": self.entries, "given_sha256": given}


def _lists(given: Any) -> Any:
    if isinstance(given, Mapping):
        return {name: _lists(value) for name, value in given.items()}
    plain = given.astype(object)
    plain[np.isnan(given)] = None
    return plain.tolist()


def _arrays(given: Any) -> Any:
    if isinstance(given, Mapping):
        return {name: _arrays(value) for name, value in given.items()}
    return np.array(given, dtype=np.float64)


def checked_entries(scenario: Scenario, entries: Mapping[str, Any], year: int) -> dict[str, Any]:
    """Entries of a scenario that begin after a year, as plain data.

    Raises
    ------
    ScenarioError
        None given; entries that do not conform to the schema, begin in a year that is over, or hold from the
        beginning.
    """
    for name in entries:
        if name in ScenarioFile.model_fields and name not in DATED:
            raise ScenarioError(f"'{name}' holds from the beginning; put it into the scenario.")
    file = scenario.extended(**entries).generations[-1]
    found: dict[str, Any] = {}
    for name in entries:
        listed = getattr(file, name)
        for entry in listed:
            if entry.since <= year:
                raise ScenarioError(
                    f"{name}: 'from' is {entry.since}, but {year} is over; the past cannot be changed."
                )
            if getattr(entry, "new_equipment_only", False):
                raise ScenarioError(
                    f"{name}: 'new_equipment_only' holds from the beginning; put it into the scenario."
                )
        found[name] = [
            entry.model_dump(mode="json", by_alias=True, exclude_defaults=True) for entry in listed
        ]
    if not any(found.values()):
        raise ScenarioError(f"no entry is given; give some of {', '.join(DATED)}.")
    return found


def world_as_given(world: World, changes: Iterable[Change]) -> World:
    """The world with the GDP and the trade that were given last."""
    figures: dict[str, FloatArray] = {}
    for change in changes:
        figures |= {name: change.given[name] for name in ("gdp_usd", "trade_usd") if name in change.given}
    if not figures:
        return world
    gdp_usd = figures.get("gdp_usd", world.gdp_usd)
    # One world for all draws: where each has its own GDP, this is the mean; measures take their own.
    table = world.table.assign(gdp_usd=gdp_usd if gdp_usd.ndim == 1 else gdp_usd.mean(axis=0))
    return replace(world, table=table, trade_usd=figures.get("trade_usd", world.trade_usd))


def weights_as_given(world: World, changes: Sequence[Change], weights: WorldWeights) -> WorldWeights:
    """Weights of measures with the GDP and the trade that were given last."""
    if not any({"gdp_usd", "trade_usd"} & set(change.given) for change in changes):
        return weights
    found, gdp_usd = WorldWeights.of(world_as_given(world, changes)), _gdp_as_given(world, changes)
    return found if gdp_usd.ndim == 1 else found.with_gdp(gdp_usd)


def _gdp_as_given(world: World, changes: Sequence[Change]) -> FloatArray:
    """GDP given last, (N,) or (R, N)."""
    given = [change.given["gdp_usd"] for change in changes if "gdp_usd" in change.given]
    return given[-1] if given else world.gdp_usd


def levers_under(
    world: World, scenario: Scenario, changes: Sequence[Change], technology: str, years: Sequence[int]
) -> Levers:
    """Levers of a scenario in the world as given, with duties by the tariffs that were given."""
    levers = compile_scenario(world_as_given(world, changes), scenario, technology, years)
    duty = None
    for change in changes:
        if "tariff" in change.given:
            duty = np.zeros_like(levers.price) if duty is None else duty
            duty[np.array(years) > change.year] = _duty(world, technology, change.given["tariff"])
    return levers if duty is None else replace(levers, duty=duty)


def _duty(world: World, technology: str, tariff: FloatArray) -> FloatArray:
    """Log of what tariffs add, (N, V): vendors without a home pay none."""
    found = np.zeros((len(world.countries), len(world.market(technology).vendors)))
    for v, home in enumerate(world.market(technology).vendor_homes):
        if home in world.countries:
            found[:, v] = np.log1p(tariff[:, world.countries.index(home)])
    return found


def apply_given(
    change: Change, technology: str, rows: slice, setting: Setting, state: State
) -> tuple[Setting, State]:
    """Setting of the next years and state of a block of draws after a change; rows are its draws."""
    shares = change.given.get("market_share", {}).get(technology)
    if shares is not None:
        own = shares if shares.ndim == 1 else _of_block(shares, rows, len(state.deployment))
        setting = replace(setting, market_share=own)
    adoption = change.given.get("adoption", {}).get(technology)
    if adoption is not None:
        alike = np.broadcast_to(adoption, (rows.stop, *adoption.shape[-2:]))
        state = _holding(_of_block(alike, rows, len(state.deployment)), setting, state)
    return setting, state


def _of_block(values: FloatArray, rows: slice, padded: int) -> FloatArray:
    """Values of the draws of a block, (P, ...); padding repeats the last draw."""
    own = values[rows]
    return np.pad(own, ((0, padded - len(own)), *[(0, 0)] * (own.ndim - 1)), "edge")


def _holding(given: FloatArray, setting: Setting, state: State) -> State:
    """The state with what countries have in use replaced where values are given, NaN elsewhere.

    Who is given what is in use already stays as it is. All operators of the others hold the same shares then,
    on both bases; of what is in use the same part follows a split as before.
    """
    told = (given != state.adoption).any(axis=2, keepdims=True) & ~np.isnan(given)

    def replaced(values: FloatArray, at: Any = slice(None)) -> FloatArray:
        return draws_last(np.where(told[:, at], given[:, at], values))

    adoption = replaced(state.adoption)
    divided = state.divided
    if divided is not None:
        divided = draws_last(np.where(told, divided.sum(axis=2, keepdims=True) * adoption, divided))
    return state._replace(
        bases=type(state.bases)(*(replaced(base, setting.country_of) for base in state.bases)),
        by_base=type(state.by_base)(*(replaced(base) for base in state.by_base)),
        adoption=adoption,
        shares=by_standard(adoption, setting.levers.standard_of, len(setting.levers.standards)),
        divided=divided,
    )


# -- checking what is given ---------------------------------------------------------------------


def checked_given(
    world: World,
    changes: Sequence[Change],
    technologies: Sequence[str],
    draws: int,
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """Values from outside, after others, as arrays of the world's countries.

    Raises
    ------
    StandardsNetError
        Nothing given; another shape, unknown countries or vendors, or values out of bounds.
    """
    given = {name: value for name, value in values.items() if value is not None}
    gdp_usd = _gdp_as_given(world, changes)
    world = world_as_given(world, changes)
    if not given:
        raise StandardsNetError(f"nothing is given; give {', '.join(values)}.")
    checks: dict[str, Callable[[Any], Any]] = {
        "adoption": partial(_by_technology, "adoption", technologies, partial(_adoption, world, draws)),
        "market_share": partial(
            _by_technology, "market_share", technologies, lambda _, value: _market_share(world, draws, value)
        ),
        "gdp_usd": partial(_by_country, world, draws, "gdp_usd", kept=gdp_usd),
        "trade_usd": partial(_by_pair, world, "trade_usd", kept=world.trade_usd),
        "tariff": partial(
            _by_pair, world, "tariff", kept=np.zeros_like(world.trade_usd), most=_HIGHEST_TARIFF
        ),
    }
    found = {name: checks[name](value) for name, value in given.items()}
    trade = found.get("trade_usd")
    if trade is not None and not np.allclose(trade, trade.T):
        raise StandardsNetError("trade_usd is not symmetric; give trade in both directions added up.")
    for name in ("gdp_usd", "trade_usd"):
        for total in found[name].sum(axis=_ALL_COUNTRIES[name]).flat if name in found else ():
            if not 0.0 < total < _LARGEST_SUM:
                raise StandardsNetError(f"{name} adds up to {total:g}; it must be an amount in USD.")
    return found


def _by_technology(
    name: str, technologies: Sequence[str], checked: Callable[[str, Any], FloatArray], value: Any
) -> dict[str, FloatArray]:
    """Values of the one technology, or of those that a mapping names."""
    if not isinstance(value, Mapping):
        if len(technologies) > 1:
            raise StandardsNetError(
                f"{name} could be of {', '.join(technologies)}; give a mapping of technologies to values."
            )
        value = {technologies[0]: value}
    if not value:
        raise StandardsNetError(f"{name} names no technology; it has {', '.join(technologies)}.")
    for technology in value:
        if technology not in technologies:
            raise StandardsNetError(one_of("technology", technology, technologies) + ".")
    return {technology: checked(technology, values) for technology, values in value.items()}


def _adoption(world: World, draws: int, technology: str, value: Any) -> FloatArray:
    """(N, V) or (R, N, V); NaN in countries that keep theirs."""
    vendors = world.market(technology).vendors
    if isinstance(value, pd.DataFrame):
        columns = list(value.columns)
        for vendor in columns:
            if is_missing(vendor) or vendor not in vendors:
                raise StandardsNetError("adoption: " + one_of("vendor", vendor, vendors) + ".")
            if columns.count(vendor) > 1:
                raise StandardsNetError(f"adoption has {shown(vendor)} twice.")
        at, own = (
            _places(world, "adoption", value.index),
            checked_array("adoption", value.to_numpy(), least=0.0, most=1.0),
        )
        found = np.full((len(world.countries), len(vendors)), np.nan)
        found[at] = 0.0
        found[np.ix_(at, [vendors.index(str(v)) for v in value.columns])] = own
    else:
        found = checked_array("adoption", value, least=0.0, most=1.0)
        shape = (len(world.countries), len(vendors))
        if found.shape not in (shape, (draws, *shape)):
            raise StandardsNetError(
                f"adoption has shape {found.shape}; it must have {shape}, or {(draws, *shape)}."
            )
    total = found.sum(axis=-1)
    wrong = np.argwhere(np.abs(total - 1.0) > _SUMS_TO_ONE)
    if wrong.size:
        at_fault = tuple(wrong[0])
        raise StandardsNetError(
            f"adoption of {world.countries[at_fault[-1]]} adds up to {total[at_fault]:g}; shares must add up "
            "to 1."
        )
    return found


def _market_share(world: World, draws: int, value: Any) -> FloatArray:
    found = _by_country(world, draws, "market_share", value, None)
    for total in found.sum(axis=-1).flat:
        if abs(total - 1.0) > _SUMS_TO_ONE:
            raise StandardsNetError(f"market_share adds up to {total:g}; shares must add up to 1.")
    return found


def _by_country(world: World, draws: int, name: str, value: Any, kept: FloatArray | None) -> FloatArray:
    """(N,) or (R, N) array; countries that labelled data leave out keep theirs, if there are any to keep."""
    size = len(world.countries)
    if not isinstance(value, pd.Series | pd.DataFrame):
        found = checked_array(name, value, least=0.0)
        if found.shape not in ((size,), (draws, size)):
            raise StandardsNetError(
                f"{name} has shape {found.shape}; it must have one value for each of {size} economies, "
                f"{(size,)} or by draw {(draws, size)}, or be a Series by code."
            )
        return found
    by_draw = isinstance(value, pd.DataFrame)
    if by_draw and len(value) != draws:
        raise StandardsNetError(f"{name} has {len(value)} rows; a frame needs one for each of {draws} draws.")
    at = _places(world, name, value.columns if by_draw else value.index)
    if kept is None and len(at) < len(world.countries):
        missing = next(code for place, code in enumerate(world.countries) if place not in at)
        raise StandardsNetError(f"{name} leaves out {missing}; every economy needs its share.")
    found = np.zeros(size) if kept is None else kept.copy()
    found = np.tile(found, (draws, 1)) if by_draw and found.ndim == 1 else found
    found[..., at] = checked_array(name, value.to_numpy(), least=0.0)
    return found


def _by_pair(world: World, name: str, value: Any, kept: FloatArray, most: float = math.inf) -> FloatArray:
    """(N, N) array with an empty diagonal; what a DataFrame does not name is kept."""
    size = len(world.countries)
    if not isinstance(value, pd.DataFrame):
        found = checked_array(name, value, least=0.0, most=most)
        if found.shape != (size, size):
            raise StandardsNetError(f"{name} has shape {found.shape}; it must have {(size, size)}.")
        return _between(world, name, found)
    rows, columns = (_places(world, name, axis) for axis in (value.index, value.columns))
    found = kept.copy()
    found[np.ix_(rows, columns)] = checked_array(name, value.to_numpy(), least=0.0, most=most)
    return _between(world, name, found)


def _between(world: World, name: str, found: FloatArray) -> FloatArray:
    own = np.flatnonzero(np.diag(found))
    if own.size:
        raise StandardsNetError(
            f"{name} of {world.countries[own[0]]} with itself is {found[own[0], own[0]]:g}; it must be 0."
        )
    return found


def _places(world: World, name: str, codes: Iterable[Any]) -> list[int]:
    """Places of countries, each named once."""
    given = list(codes)
    if not given:
        raise StandardsNetError(f"{name} names no country.")
    try:
        listed = [world.code(code) for code in given]
    except StandardsNetError as error:
        raise StandardsNetError(f"{name}: {error}") from None
    for code in listed:
        if listed.count(code) > 1:
            raise StandardsNetError(f"{name} has {shown(code)} twice.")
    return [world.countries.index(code) for code in listed]
