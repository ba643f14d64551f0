"""What the desk shows of two scenarios: cards, a world map, a course over the years, tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray
from standards_net.desk.question import Question
from standards_net.desk.simulated import Seen
from standards_net.drawing.charts.bands import value_bands
from standards_net.drawing.palette import marks
from standards_net.files import data_folder
from standards_net.reports.seen import HEADLINES, Headline, interval_of
from standards_net.results import INTERVAL
from standards_net.wording import percent
from standards_net.world.world import World

__all__ = ["Answer", "Card", "cards_table", "economies_table", "in_words", "outlines_of", "years_table"]

_AGREED = 0.9  # share of draws; economies below it are drawn pale
_STANDARDS = {"china": "Chinese-led", "west": "western", "open": "open-interface"}
_COST = "total_usd"
_OWN_COLOUR, _BASE_COLOUR = "#d55e00", "#57606a"
_SHADES = (0.005, 0.02, 0.05, 0.10, 0.20)  # changes of a share at which the map grows darker


def in_words(standard: str) -> str:
    """How a standard is called.

    Examples
    --------
    >>> in_words("west"), in_words("lunar")
    ('western', 'lunar')
    """
    return _STANDARDS.get(standard, standard)


@dataclass(frozen=True)
class Card:
    """A headline: what it is of, its value, the paired difference, and how likely that has its direction."""

    name: str
    label: str
    value: str
    difference: str
    chance: str


@dataclass(frozen=True, eq=False)
class Answer:
    """A scenario beside its baseline, on the same draws.

    Attributes
    ----------
    world : World
    asked : Question
    own, base : Seen
    """

    world: World
    asked: Question
    own: Seen
    base: Seen

    @property
    def is_baseline(self) -> bool:
        """Whether nothing differs."""
        return self.asked.scenario == self.asked.baseline

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.own.draws

    def cards(self) -> Iterator[Card]:
        """The headlines of the last year; costs are means over the years."""
        last = self.own.years[-1]
        for headline in HEADLINES:
            values, gap = self._at_end(headline)
            when = f"a year, mean of {self.own.years[1]} to {last}" if headline.name == _COST else str(last)
            yield Card(
                headline.name, f"{headline.called[0].upper()}{headline.called[1:]}, {when}",
                headline.text(values), headline.difference(gap), headline.chance(gap),
            )  # fmt: skip
        yield from self._blocs()

    def _at_end(self, headline: Headline) -> tuple[FloatArray, FloatArray]:
        values, base = self.own.measures[headline.name], self.base.measures[headline.name]
        if headline.name == _COST:
            return values[:, 1:].mean(axis=1), (values - base)[:, 1:].mean(axis=1)
        return values[:, -1], (values - base)[:, -1]

    def _blocs(self) -> Iterator[Card]:
        count = Headline("economies", "economies", "economies", "more", "fewer", kind="number")
        for s, standard in enumerate(self.own.standards):
            values = self.own.blocs[:, -1, s, 0]
            at = self.base.standards.index(standard) if standard in self.base.standards else None
            gap = values - (self.base.blocs[:, -1, at, 0] if at is not None else 0.0)
            median, low, high = interval_of(values)
            change, least, most = interval_of(gap)
            if not (high or least or most):  # it leads nobody, but in a few draws
                continue
            market, _, _ = interval_of(self.own.blocs[:, -1, s, 1])
            yield Card(
                f"bloc_{standard}",
                f"Economies with the {in_words(standard)} standard ({percent(market)} of the market), "
                f"{self.own.years[-1]}",
                f"{median:.0f} [{low:.0f}, {high:.0f}]",
                f"{change:+.0f} [{least:+.0f}, {most:+.0f}]" if gap.any() else "no difference",
                count.chance(gap),
            )

    def course(self, name: str) -> str:
        """A measure over the years, as an SVG picture: the scenario, and its baseline where it differs."""
        headline = next((one for one in HEADLINES if one.name == name), HEADLINES[0])
        series = {"scenario": np.quantile(self.own.measures[headline.name], INTERVAL, axis=0)}
        if not self.is_baseline:
            series["baseline"] = np.quantile(self.base.measures[headline.name], INTERVAL, axis=0)
        title = f"{headline.called}, {headline.axis}, {self.asked.technology}"
        return value_bands(
            self.own.years, series, title=title, text=_writer(headline),
            colours={"scenario": _OWN_COLOUR, "baseline": _BASE_COLOUR},
        )  # fmt: skip

    def leading(self) -> tuple[list[str], FloatArray]:
        """The standard that leads each economy in the last year, and in what part of the draws, (N,)."""
        mean = self.own.mean_shares[-1].argmax(axis=1)
        agreed = (self.own.shares.argmax(axis=2) == mean).mean(axis=0)
        return [self.own.standards[s] for s in mean], agreed

    def chinese(self) -> tuple[FloatArray, FloatArray]:
        """Mean Chinese-led share of each economy in the last year: scenario and baseline, (N,)."""
        own, base = (
            seen.mean_shares[-1][:, seen.standards.index("china")]
            if "china" in seen.standards
            else np.zeros(seen.mean_shares.shape[1])
            for seen in (self.own, self.base)
        )
        return own, base

    def map_of(self) -> dict[str, object]:
        """Colours, patterns and texts of the map, for both of its views."""
        leading, agreed = self.leading()
        own, base = self.chinese()
        look = marks(leading)
        found = {}
        for i, code in enumerate(self.world.countries):
            name, gap = self.world.country_names[i], own[i] - base[i]
            text = (
                f"{name}: {in_words(leading[i])} standard in {percent(float(agreed[i]))} of draws; "
                f"Chinese-led share {percent(float(own[i]))}"
            )
            text += "" if self.is_baseline else f", {round(100 * gap):+d} points against the baseline"
            found[code] = [look[leading[i]].colour, int(agreed[i] < _AGREED), leading[i], _shade(gap), text]
        key = [
            [standard, in_words(standard), look[standard].colour, leading.count(standard)]
            for standard in sorted(look)
        ]
        return {"economies": found, "key": key}


def _writer(headline: Headline) -> Callable[[float], str]:
    if headline.kind == "share":
        return lambda value: f"{100 * value:.3g} %"
    if headline.kind == "usd":
        return lambda value: f"USD {value * 1e-9:,.0f} bn"
    return lambda value: f"{value:.2f}"


def _shade(gap: float) -> int:
    """Steps of a change of share, -5 to 5."""
    steps = int(np.searchsorted(_SHADES, abs(gap), side="right"))
    return steps if gap > 0 else -steps


def cards_table(answer: Answer) -> pd.DataFrame:
    """The cards, as they are read.

    Parameters
    ----------
    answer : Answer
    """
    rows = [(card.label, card.value, card.difference, card.chance) for card in answer.cards()]
    return pd.DataFrame(rows, columns=["headline", "value", "difference", "chance"])


def economies_table(answer: Answer) -> pd.DataFrame:
    """Every economy in the last year, by its part of the world market.

    Parameters
    ----------
    answer : Answer

    Returns
    -------
    DataFrame
        ``economy``, ``code``, ``standard``, ``draws_agreeing``, ``china_share``, ``china_share_baseline``,
        ``served``.
    """
    leading, agreed = answer.leading()
    own, base = answer.chinese()
    world = answer.world
    table = pd.DataFrame(
        {
            "economy": world.country_names, "code": world.countries, "standard": leading,
            "draws_agreeing": agreed, "china_share": own, "china_share_baseline": base,
            "served": answer.own.mean_deployment[-1],
        }
    )  # fmt: skip
    market = world.market(answer.asked.technology).share
    return table.iloc[np.argsort(-market, kind="stable")].reset_index(drop=True)


def years_table(answer: Answer) -> pd.DataFrame:
    """Every headline in every year: scenario, and paired difference to the baseline.

    Parameters
    ----------
    answer : Answer
    """
    rows = []
    for headline in HEADLINES:
        own, base = answer.own.measures[headline.name], answer.base.measures[headline.name]
        for y, year in enumerate(answer.own.years):
            values, gaps = (interval_of(each[:, y]) for each in (own, own - base))
            rows.append((headline.name, year, *values, *gaps))
    parts = ("median", "low", "high")
    return pd.DataFrame(rows, columns=["measure", "year", *parts, *(f"difference_{part}" for part in parts)])


_WIDTH, _HEIGHT, _NORTH, _SOUTH = 1000.0, 470.0, 80.0, -57.0


@lru_cache(maxsize=4)
def outlines_of(world: World) -> str:
    """The world's economies as shapes of an SVG picture, each with its code; small ones as discs.

    Parameters
    ----------
    world : World
    """
    features = json.loads((data_folder() / "countries" / "outlines.geojson").read_text("utf-8"))["features"]
    shapes, drawn = [], set()
    for feature in features:
        code = feature["properties"]["country"]
        if code in world.countries:
            drawn.add(code)
            geometry = feature["geometry"]
            polygons = (
                geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
            )
            path = "".join(f"M{' '.join(_places(polygon[0]))}Z" for polygon in polygons)
            shapes.append(f'<path data-code="{escape(code)}" d="{path}"/>')
    for code, lat, lon in zip(world.countries, world.table["lat"], world.table["lon"], strict=True):
        if code not in drawn and np.isfinite(lat) and np.isfinite(lon):
            x, y = _place(lon, lat)
            shapes.append(f'<circle data-code="{escape(code)}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
    return "".join(shapes)


def _places(ring: Sequence[Sequence[float]]) -> Iterator[str]:
    for lon, lat in ring:
        x, y = _place(lon, lat)
        yield f"{x:.1f},{y:.1f}"


def _place(lon: float, lat: float) -> tuple[float, float]:
    x = (lon + 172.0) / 352.0 * _WIDTH
    return x, (_NORTH - lat) / (_NORTH - _SOUTH) * _HEIGHT
