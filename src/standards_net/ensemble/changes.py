"""What is changed in a course from outside: checked, applied to a year, and written down.

A change is either further entries of a scenario or values that hold until others are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from standards_net.checks import checked_array, shown
from standards_net.core.arrays import FloatArray, draws_last
from standards_net.errors import ScenarioError, StandardsNetError, one_of
from standards_net.measures.inputs import WorldWeights
from standards_net.model.setting import Setting
from standards_net.model.year import State, by_standard
from standards_net.scenario import Levers, Scenario, compile_scenario
from standards_net.world.world import World

__all__ = ["Change", "apply_given", "check_entries", "checked_given", "levers_under", "weights_under"]

_FROM_THE_BEGINNING = ("standards", "parameters", "policies", "drawn_from", "pole", "extends")
_SUMS_TO_ONE = 1e-6  # what shares may miss 1 by


@dataclass(frozen=True)
class Change:
    """What was asked of a course at the end of a year.

    Attributes
    ----------
    year : int
    entries : mapping of str to list
        Entries of a scenario, from the next year on.
    given : mapping of str to values
        Checked values from outside: ``adoption`` and ``market_share`` by technology, ``gdp_usd``,
        ``trade_usd``, ``tariff``.
    """

    year: int
    entries: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Change as plain data; :meth:`from_dict` reads it back."""
        return {"year": self.year, "entries": self.entries, "given": _lists(self.given)}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Change:
        """Change from plain data."""
        return cls(content["year"], content["entries"], _arrays(content["given"]))


def _lists(given: Any) -> Any:
    if isinstance(given, Mapping):
        return {name: _lists(value) for name, value in given.items()}
    return given.tolist()


def _arrays(given: Any) -> Any:
    if isinstance(given, Mapping):
        return {name: _arrays(value) for name, value in given.items()}
    return np.array(given, dtype=np.float64)


def check_entries(entries: Mapping[str, Any], year: int) -> None:
    """Refuse entries that begin in a year that is over, or that hold from the beginning.

    Raises
    ------
    ScenarioError
    """
    for name, listed in entries.items():
        if name in _FROM_THE_BEGINNING:
            raise ScenarioError(f"'{name}' holds from the beginning; put it into the scenario.")
        for entry in listed if isinstance(listed, list | tuple) else ():
            since = entry.get("from") if isinstance(entry, Mapping) else None
            if isinstance(since, int) and since <= year:
                raise ScenarioError(
                    f"{name}: 'from' is {since}, but {year} is over; the past cannot be changed."
                )


def levers_under(
    world: World, scenario: Scenario, changes: Iterable[Change], technology: str, years: Sequence[int]
) -> Levers:
    """Levers of a scenario, with the tariffs that were given in the price of vendors."""
    levers = compile_scenario(world, scenario, technology, years)
    price = None
    for change in changes:
        if "tariff" in change.given:
            after = np.array(years) > change.year
            price = levers.price.copy() if price is None else price
            price[after] = levers.price[after] + _dearer(world, technology, change.given["tariff"])
    return levers if price is None else replace(levers, price=price)


def _dearer(world: World, technology: str, tariff: FloatArray) -> FloatArray:
    """Change of log price by tariffs, (N, V): vendors without a home pay none."""
    found = np.zeros((len(world.countries), len(world.market(technology).vendors)))
    for v, home in enumerate(world.market(technology).vendor_homes):
        if home in world.countries:
            found[:, v] = np.log1p(tariff[:, world.countries.index(home)])
    return found


def weights_under(world: World, changes: Iterable[Change]) -> WorldWeights:
    """Weights of measures, by the GDP and the trade that were given last."""
    gdp, trade = world.gdp_usd, world.trade_usd
    for change in changes:
        gdp, trade = change.given.get("gdp_usd", gdp), change.given.get("trade_usd", trade)
    return WorldWeights.of(replace(world, table=world.table.assign(gdp_usd=gdp), trade_usd=trade))


def apply_given(
    change: Change, technology: str, rows: slice, setting: Setting, state: State
) -> tuple[Setting, State]:
    """Setting and state of a block of draws after a change, whose draws are the given rows."""
    shares = change.given.get("market_share", {}).get(technology)
    if shares is not None:
        setting = replace(setting, market_share=shares)
    adoption = change.given.get("adoption", {}).get(technology)
    if adoption is not None:
        state = _holding(_of_block(adoption, rows, len(state.deployment)), setting, state)
    return setting, state


def _of_block(values: FloatArray, rows: slice, padded: int) -> FloatArray:
    """Values of the draws of a block, (P, N, V); padding repeats the last draw."""
    if values.ndim == 2:
        return np.repeat(values[None], padded, axis=0)
    own = values[rows]
    return np.pad(own, ((0, padded - len(own)), (0, 0), (0, 0)), "edge")


def _holding(given: FloatArray, setting: Setting, state: State) -> State:
    """The state with what countries have in use replaced where values are given, NaN elsewhere."""
    told = ~np.isnan(given)

    def replaced(values: FloatArray, at: Any = slice(None)) -> FloatArray:
        return draws_last(np.where(told[:, at], given[:, at], values))

    adoption = replaced(state.adoption)
    return state._replace(
        bases=type(state.bases)(*(replaced(base, setting.country_of) for base in state.bases)),
        by_base=type(state.by_base)(*(replaced(base) for base in state.by_base)),
        adoption=adoption,
        shares=by_standard(adoption, setting.levers.standard_of, len(setting.levers.standards)),
        divided=None if state.divided is None else np.minimum(state.divided, adoption),
    )


# -- checking what is given ---------------------------------------------------------------------


def checked_given(
    world: World, technologies: Sequence[str], draws: int, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Values from outside as arrays of the world's countries.

    Raises
    ------
    StandardsNetError
        Nothing given; another shape, unknown countries or vendors, or values out of bounds.
    """
    given = {name: value for name, value in values.items() if value is not None}
    if not given:
        raise StandardsNetError(f"nothing is given; give {', '.join(values)}.")
    checks: dict[str, Callable[[Any], Any]] = {
        "adoption": partial(_by_technology, "adoption", technologies, partial(_adoption, world, draws)),
        "market_share": partial(
            _by_technology, "market_share", technologies, lambda _, value: _market_share(world, value)
        ),
        "gdp_usd": partial(_by_country, world, "gdp_usd", kept=world.gdp_usd),
        "trade_usd": partial(_by_pair, world, "trade_usd"),
        "tariff": partial(_by_pair, world, "tariff"),
    }
    found = {name: checks[name](value) for name, value in given.items()}
    trade = found.get("trade_usd")
    if trade is not None and not np.allclose(trade, trade.T):
        raise StandardsNetError("trade_usd is not symmetric; give trade in both directions added up.")
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
    for technology in value:
        if technology not in technologies:
            raise StandardsNetError(one_of("technology", str(technology), technologies) + ".")
    return {technology: checked(technology, values) for technology, values in value.items()}


def _adoption(world: World, draws: int, technology: str, value: Any) -> FloatArray:
    """(N, V) or (R, N, V); NaN in countries that keep theirs."""
    vendors = world.market(technology).vendors
    if isinstance(value, pd.DataFrame):
        for vendor in value.columns:
            if vendor not in vendors:
                raise StandardsNetError("adoption: " + one_of("vendor", str(vendor), vendors) + ".")
        at, own = (
            _places(world, "adoption", value.index),
            checked_array("adoption", value, least=0.0, most=1.0),
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


def _market_share(world: World, value: Any) -> FloatArray:
    found = _by_country(world, "market_share", value, None)
    if abs(found.sum() - 1.0) > _SUMS_TO_ONE:
        raise StandardsNetError(f"market_share adds up to {found.sum():g}; shares must add up to 1.")
    return found


def _by_country(world: World, name: str, value: Any, kept: FloatArray | None) -> FloatArray:
    """(N,) array; countries that a Series leaves out keep their values, if there are any to keep."""
    if not isinstance(value, pd.Series):
        found = checked_array(name, value, least=0.0)
        if found.shape != (len(world.countries),):
            raise StandardsNetError(
                f"{name} has shape {found.shape}; it must have one value for each of {len(world.countries)} "
                "economies, or be a Series by code."
            )
        return found
    at = _places(world, name, value.index)
    if kept is None and len(at) < len(world.countries):
        missing = next(code for code in world.countries if code not in set(value.index))
        raise StandardsNetError(f"{name} leaves out {missing}; every economy needs its share.")
    found = np.zeros(len(world.countries)) if kept is None else kept.copy()
    found[at] = checked_array(name, value, least=0.0)
    return found


def _by_pair(world: World, name: str, value: Any) -> FloatArray:
    """(N, N) array; 0 where a DataFrame says nothing."""
    size = len(world.countries)
    if not isinstance(value, pd.DataFrame):
        found = checked_array(name, value, least=0.0)
        if found.shape != (size, size):
            raise StandardsNetError(f"{name} has shape {found.shape}; it must have {(size, size)}.")
        return found
    rows, columns = (_places(world, name, axis) for axis in (value.index, value.columns))
    found = np.zeros((size, size))
    found[np.ix_(rows, columns)] = checked_array(name, value, least=0.0)
    return found


def _places(world: World, name: str, codes: Iterable[Any]) -> list[int]:
    """Places of countries, each named once."""
    listed = list(codes)
    for code in listed:
        if code not in world.countries:
            raise StandardsNetError(f"{name}: " + one_of("country", str(code), world.countries) + ".")
        if listed.count(code) > 1:
            raise StandardsNetError(f"{name} has {shown(code)} twice.")
    return [world.countries.index(code) for code in listed]
