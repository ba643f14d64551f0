"""What a scenario means for one country: suppliers, policy, costs, partners, side, and the model's record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from standards_net.alignment import restrictions, side_drivers, sides
from standards_net.briefs.simulated import CountryRuns, Layer
from standards_net.calibration import load_calibration
from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.ensemble.engine import Draws
from standards_net.errors import StandardsNetError
from standards_net.evidence import share_reports
from standards_net.evidence.scorecard import ROUNDED
from standards_net.evidence.simulated import simulate_reports
from standards_net.measures.inputs import ITEMS
from standards_net.results import INTERVAL
from standards_net.scenario import Scenario
from standards_net.wording import LEAST_MONEY, chance_of_more, money_text, percent, points_text, share_text
from standards_net.world.politics import NONALIGNED
from standards_net.world.world import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Amount", "CountryBrief", "Forecast", "Supplies", "brief_of", "forecasts_of"]

_SHOWN_FROM = 0.05  # share that a vendor has in some year, to be shown
_VENDORS = 5  # that are shown of a base
_PARTNERS = 3
_LEAST_LOST = 0.0005  # of exchange
_DRIVERS = 3
_RESTRICTED_BY = 2030
_OF_SIDE = {"us": "the United States", "china": "China", NONALIGNED: "neither side"}
_OF_TECHNOLOGY = {"radio": "Radio", "core": "Core networks", "iot": "IoT modules"}
_IN_SENTENCES = {"core": "core networks", "iot": "IoT modules"}
_OF_ITEM = {
    "equipment": "dearer equipment where vendors are excluded",
    "replacement": "replacement before its time",
    "delay": "later deployment",
    "scale": "smaller markets of vendors",
    "retaliation": "retaliation against exports",
    "double_running": "running two standards",
    "network_value": "smaller networks",
}
_RESTRICTS = ("restricted", "de_facto_excluded", "banned")
_LEADERS = ("USA", "CHN")
_OF_STATUS = {
    "open": "open to all vendors",
    "under_review": "under review",
    "restricted": "restricted",
    "de_facto_excluded": "excluded in fact",
    "banned": "banned",
    "unknown": "unknown",
}


@dataclass(frozen=True)
class Supplies:
    """Who supplies a base, by year.

    Attributes
    ----------
    title : str
    observed : bool or None
        Whether shares of 2019 were reported, else estimated. None of a base that was not in use.
    vendors : mapping of str to (3, Y) array
        Names of those that matter, with 5 %, median and 95 % of the draws; NaN before the base is there.
    poles : mapping of str to str
        The pole that each belongs to, or ''.
    """

    title: str
    observed: bool | None
    vendors: Mapping[str, FloatArray]
    poles: Mapping[str, str]


@dataclass(frozen=True)
class Amount:
    """A quantity under the scenario, and its paired difference to the baseline, in words.

    Attributes
    ----------
    label, value : str
    difference : str
        With its interval.
    chance : str
        In which direction, with a likelihood word.
    """

    label: str
    value: str
    difference: str
    chance: str


@dataclass(frozen=True)
class Forecast:
    """A reported share of Chinese vendors in the 5g base, beside the forecast that had not seen it.

    Attributes
    ----------
    year : int
    reported : str
    modelled : str
    inside : bool
        Whether the interval holds it.
    """

    year: int
    reported: str
    modelled: str
    inside: bool


@dataclass(frozen=True)
class CountryBrief:
    """Everything on the page of a country; texts are ready to be shown.

    Attributes
    ----------
    country, name : str
    scenario, baseline : Scenario
    years : tuple of int
    draws, seed : int
    supplies : tuple of Supplies
    headlines, costs : tuple of Amount
        The last of the costs is their total.
    policy : mapping of str to str
        What is on record: ``in 2019``, ``latest``, ...; ``source`` and ``confidence``.
    partners : tuple of (str, str)
        Technology, and with whom how much of its exchange is lost in the last year.
    alliance : str
        Its part in what those on its side gain or lose.
    side : mapping of str to str
        Chance of each side.
    drivers : tuple of str
        What moves it, and what would be otherwise.
    restricts : str
        Chance of a restriction, seen from 2019.
    forecasts : tuple of Forecast
    """

    country: str
    name: str
    scenario: Scenario
    baseline: Scenario
    years: tuple[int, ...]
    draws: int
    seed: int
    supplies: tuple[Supplies, ...]
    headlines: tuple[Amount, ...]
    costs: tuple[Amount, ...]
    policy: Mapping[str, str]
    partners: tuple[tuple[str, str], ...]
    alliance: str
    side: Mapping[str, str]
    drivers: tuple[str, ...]
    restricts: str
    forecasts: tuple[Forecast, ...]


def brief_of(
    runs: CountryRuns,
    country: str,
    scenario: str,
    forecasts: Mapping[str, tuple[Forecast, ...]] | None = None,
) -> CountryBrief:
    """The brief of a country.

    Parameters
    ----------
    runs : CountryRuns
        With this country and scenario.
    country : str
        Code or name.
    scenario : str
        Name of one of the scenarios.
    forecasts : mapping of str to tuple of Forecast, or None
        By country, from :func:`forecasts_of`; left out of the brief if None.

    Raises
    ------
    StandardsNetError
        A country or scenario that was not run.

    Examples
    --------
    >>> import standards_net as sn
    >>> from standards_net.briefs.simulated import run_countries
    >>> runs = run_countries(sn.load_world(), ["DEU"], "silos", "status-quo-2019", draws=4, until=2022)
    >>> brief = brief_of(runs, "Germany", "silos")
    >>> brief.name, brief.headlines[0].label
    ('Germany', 'Chinese vendors in its 5g radio base, 2022')
    """
    code = runs.world.code(country)
    if code not in runs.countries:
        raise StandardsNetError(f"{code} was not run; the runs hold {', '.join(runs.countries[:10])}.")
    names = [one.name for one in runs.scenarios]
    if scenario not in names:
        raise StandardsNetError(f"scenario '{scenario}' was not run; the runs hold {', '.join(names)}.")
    seen = _Seen(runs, runs.countries.index(code), names.index(scenario))
    at = runs.world.countries.index(code)
    return CountryBrief(
        country=code,
        name=runs.world.country_names[at],
        scenario=runs.scenarios[names.index(scenario)],
        baseline=runs.scenarios[-1],
        years=runs.years,
        draws=runs.draws,
        seed=runs.seed,
        supplies=tuple(_supplies(seen, at)),
        headlines=tuple(_headlines(seen)),
        costs=tuple(_costs(seen)),
        policy=_policy(runs.world, code),
        partners=tuple(_partners(seen)),
        alliance=_alliance(seen, at),
        side=_sides(runs.world, code),
        drivers=tuple(_drivers(runs.world, code)),
        restricts=_restricts(runs.world, code),
        forecasts=(forecasts or {}).get(code, ()),
    )


def forecasts_of(
    world: World, countries: tuple[str, ...], draws: int, seed: int
) -> dict[str, tuple[Forecast, ...]]:
    """Reported shares of countries beside what the calibration that had not seen them forecasts.

    Examples
    --------
    >>> import standards_net as sn
    >>> forecasts_of(sn.load_world(), ("KEN",), 8, 1)
    {}
    """
    try:
        reports = share_reports(world)
    except StandardsNetError:  # none of this world's countries has one
        return {}
    found = {}
    for country in dict.fromkeys(reports["country"][reports["country"].isin(countries)]):
        rows = reports[reports["country"] == country]
        drawn = simulate_reports(Draws.of(world, "radio", draws, seed, load_calibration().without(country)))
        values = drawn.of_reports(world, [country] * len(rows), rows["year"])
        found[country] = tuple(
            _forecast(int(row.year), float(row.share), row.bound == "above", values[:, k])
            for k, row in enumerate(rows.itertuples())
        )
    return found


def _forecast(year: int, share: float, above: bool, drawn: FloatArray) -> Forecast:
    low, median, high = (float(x) for x in np.quantile(drawn, INTERVAL))
    inside = high + ROUNDED >= share if above else low - ROUNDED <= share <= high + ROUNDED
    return Forecast(
        year, ("over " if above else "") + f"{100 * share:.0f} %", share_text(median, low, high), inside
    )


@dataclass(frozen=True)
class _Seen:
    """One country in one scenario and the baseline."""

    runs: CountryRuns
    c: int
    m: int

    def paired(self, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(M, R, ...) values of the scenario, and less those of the baseline."""
        return values[self.m], values[self.m] - values[-1]

    def is_there(self, layer: Layer) -> BoolArray:
        """Whether a base is in use in some draw, (Y,)."""
        bases = self.runs.world.market(layer.technology).bases
        deployed = self.runs.deployment[layer.technology][self.m][:, :, self.c]
        if layer.base is None or layer.base != bases[-1]:
            return np.ones(deployed.shape[1], dtype=bool)
        return np.asarray(np.quantile(deployed, INTERVAL[-1], axis=0) > 0.0)


def _supplies(seen: _Seen, at: int) -> Iterator[Supplies]:
    world = seen.runs.world
    for layer, shares in seen.runs.shares.items():
        market = world.market(layer.technology)
        found = np.quantile(shares[seen.m][:, :, seen.c], INTERVAL, axis=0)
        # The newer base has no suppliers before it is there.
        found = np.where(seen.is_there(layer)[:, None], found, np.nan)
        most = np.nan_to_num(found[1]).max(axis=0)
        chosen = [v for v in np.argsort(-most)[:_VENDORS] if most[v] >= _SHOWN_FROM]
        yield Supplies(
            _called(layer),
            observed=None if layer.base not in (None, *market.bases[:1]) else not bool(market.estimated[at]),
            vendors={market.vendor_names[v]: found[:, :, v] for v in chosen},
            poles={market.vendor_names[v]: market.vendor_poles[v] for v in chosen},
        )


def _called(layer: Layer) -> str:
    name = _OF_TECHNOLOGY.get(layer.technology, layer.technology)
    return name if layer.base is None else f"{name}, {layer.base} base"


def _headlines(seen: _Seen) -> Iterator[Amount]:
    runs, last = seen.runs, seen.runs.years[-1]
    for layer, shares in runs.shares.items():
        bases = runs.world.market(layer.technology).bases
        if layer.base in (None, *bases[-1:]) and seen.is_there(layer)[-1]:
            poles = runs.world.market(layer.technology).vendor_poles
            chinese = np.array([pole == "china" for pole in poles])
            values, gap = seen.paired(shares[:, :, -1, seen.c][..., chinese].sum(axis=-1))
            whole = _IN_SENTENCES.get(layer.technology, layer.technology)
            of = whole if layer.base is None else f"{layer.base} {layer.technology} base"
            yield Amount(f"Chinese vendors in its {of}, {last}", *_shares(values, gap))
    for technology, loss in runs.loss.items():
        values, gap = seen.paired(loss[:, :, -1, seen.c])
        if values.any() or gap.any():
            label = f"Interoperability loss on its exchange, {technology}, {last}"
            yield Amount(label, *_shares(values, gap))
    values, gap = seen.paired(_over_years(runs.items_usd[:, :, :, seen.c].sum(axis=-1)))
    yield Amount(f"Cost a year, mean of {runs.years[1]} to {last}", *_money(values, gap))


def _over_years(values: FloatArray) -> FloatArray:
    """Mean over the years that were simulated, (M, R, Y) to (M, R)."""
    return np.asarray(values[:, :, 1:].mean(axis=2))


def _costs(seen: _Seen) -> Iterator[Amount]:
    items = seen.runs.items_usd[:, :, :, seen.c]
    for k, item in enumerate(ITEMS):
        values, gap = seen.paired(_over_years(items[..., k]))
        if values.any() or gap.any():
            yield Amount(_OF_ITEM.get(item, item), *_money(values, gap))
    yield Amount("total", *_money(*seen.paired(_over_years(items.sum(axis=-1)))))


def _shares(values: FloatArray, gap: FloatArray) -> tuple[str, str, str]:
    return (
        share_text(*_interval(values)), points_text(*_interval(gap)), chance_of_more(gap, "higher", "lower")
    )  # fmt: skip


def _money(values: FloatArray, gap: FloatArray) -> tuple[str, str, str]:
    return (
        money_text(*_interval(values)),
        money_text(*_interval(gap)),
        chance_of_more(gap, "dearer", "cheaper", LEAST_MONEY),
    )  # fmt: skip


def _interval(values: FloatArray) -> tuple[float, float, float]:
    low, median, high = (float(x) for x in np.quantile(values, INTERVAL))
    return median, low, high


def _policy(world: World, code: str) -> dict[str, str]:
    """What is on record of a country."""
    if code not in world.policies.index:
        return {}
    row = world.policies.loc[code]
    if str(row["source"]) == "none":
        return {}
    found = {
        "in October 2019": _OF_STATUS.get(str(row["status_2019_10"]), str(row["status_2019_10"])),
        "latest": _OF_STATUS.get(str(row["status_latest"]), str(row["status_latest"])),
    }
    if isinstance(row["latest_date"], str):
        found["latest"] += f" ({row['latest_date']})"
    for name, column in (
        ("no new purchases from", "ban_year"),
        ("installed equipment out by", "removal_year"),
    ):
        if not math.isnan(row[column]):
            found[name] = f"{row[column]:.0f}"
    return found | {"confidence": str(row["confidence"]), "source": str(row["source"])}


def _partners(seen: _Seen) -> Iterator[tuple[str, str]]:
    """Of each technology: those with which most of its exchange is lost."""
    runs = seen.runs
    for technology, lost in runs.partners.items():
        of = lost[seen.m][:, seen.c]
        median = np.median(of, axis=0)
        most = [j for j in np.argsort(-median)[:_PARTNERS] if median[j] >= _LEAST_LOST]
        if most:
            named = [f"{runs.world.country_names[j]} {share_text(*_interval(of[:, j]))}" for j in most]
            yield technology, ", ".join(named)


def _alliance(seen: _Seen, at: int) -> str:
    """Its part in what those that stand on its side in the last year gain or lose."""
    runs, last = seen.runs, seen.runs.years[-1]
    standing = runs.alignments[seen.m, -1]
    own = str(standing[at])
    members = np.flatnonzero(standing == own)
    _, all_gap = seen.paired(_over_years(runs.cost_usd[..., members].sum(axis=-1)))
    _, gap = seen.paired(_over_years(runs.cost_usd[..., at]))
    others, side = len(members) - 1, _OF_SIDE.get(own, f"the pole '{own}'")
    with_it = {0: "alone", 1: "as does 1 other"}.get(others, f"as do {others} others")
    stands = f"In {last} it stands with {side} in this scenario, {with_it}"
    if not all_gap.any():
        return f"{stands}; nothing changes for them."
    if not others:
        return f"{stands}."
    return (
        f"{stands}. Against the baseline they pay {money_text(*_interval(all_gap))} a year more together, of "
        f"which {money_text(*_interval(gap))} are its own."
    )


@lru_cache(maxsize=2)
def _chances(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Chances of each side, and of restrictions by a year, by country."""
    table = restrictions(world, until=_RESTRICTED_BY)
    return sides(world).set_index("country"), table[table["year"] == _RESTRICTED_BY].set_index("country")


def _sides(world: World, code: str) -> dict[str, str]:
    chances = _chances(world)[0].loc[code]
    return {
        name: share_text(chances[key], chances[f"{key}_low"], chances[f"{key}_high"])
        for key, name in _OF_SIDE.items()
    }


def _restricts(world: World, code: str) -> str:
    """Chance of having restricted Chinese vendors by a year, seen from 2019; or since when it has."""
    policies = world.policies
    status = policies["status_2019_10"].get(code)
    if status in _RESTRICTS:
        return f"{_OF_STATUS[str(status)]} in October 2019 already"
    row = _chances(world)[1].loc[code]
    return f"{share_text(row['restricts'], row['restricts_low'], row['restricts_high'])}, seen from 2019"


def _drivers(world: World, code: str) -> Iterator[str]:
    """What moves it most, and the chance of its likeliest side if that were as in the average country."""
    if code in _LEADERS:
        yield "It leads its side by definition."
        return
    chances = _chances(world)[0].loc[code]
    likely = max(_OF_SIDE, key=lambda key: float(chances[key]))
    odds = {key: math.log(max(float(chances[key]), 1e-6)) for key in _OF_SIDE}
    for row in side_drivers(world, code).head(_DRIVERS).itertuples():
        others = {**odds, "us": odds["us"] - row.us, "china": odds["china"] - row.china}
        total = sum(math.exp(value) for value in others.values())
        then = math.exp(others[likely]) / total
        yield (
            f"{row.meaning}: {row.value:.2g} (average {row.mean:.2g}). Were it average, the chance of "
            f"{_OF_SIDE[likely]} would be {percent(then)} instead of {percent(float(chances[likely]))}."
        )
