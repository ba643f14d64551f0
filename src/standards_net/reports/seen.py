"""What a report is made of: runs of its scenarios and their baseline, and the measures it begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from standards_net.briefs.simulated import CountryRuns
from standards_net.core.arrays import FloatArray
from standards_net.drawing import bloc_map
from standards_net.drawing.charts.figures import fan_chart, render
from standards_net.drawing.result_pictures import source_line
from standards_net.reports.document import Chart
from standards_net.results import INTERVAL, Result
from standards_net.scenario import Scenario, compile_scenario
from standards_net.wording import (
    LEAST_MONEY,
    LEAST_SHARE,
    chance_of_more,
    money_text,
    points_text,
    share_text,
)
from standards_net.world.world import World

__all__ = [
    "HEADLINES", "Headline", "Seen", "chart_of", "difference_charts", "interval_of",
    "map_of_blocs",
]  # fmt: skip

_LEAST_NUMBER = 0.005  # smaller differences are printed as 0
_MOST_LINES = 6


@dataclass(frozen=True)
class Headline:
    """A measure of the world that reports begin with.

    Attributes
    ----------
    name : str
        As a run records it.
    called, axis : str
        In sentences, and on axes.
    more, less : str
        What a difference above or below 0 is called.
    kind : str
        ``share``, ``usd`` or ``number``.
    """

    name: str
    called: str
    axis: str
    more: str = "higher"
    less: str = "lower"
    kind: str = "share"

    @property
    def least(self) -> float:
        """Smaller differences are printed as 0."""
        return {"share": LEAST_SHARE, "usd": LEAST_MONEY}.get(self.kind, _LEAST_NUMBER)

    def text(self, values: FloatArray) -> str:
        """Median and interval of draws."""
        median, low, high = interval_of(values)
        if self.kind == "number":
            return f"{median:.2f} [{low:.2f}, {high:.2f}]"
        return (share_text if self.kind == "share" else money_text)(median, low, high)

    def difference(self, gap: FloatArray) -> str:
        """Median and interval of paired differences."""
        if (np.abs(gap) <= self.least).all():
            return "no difference"
        median, low, high = interval_of(gap)
        if self.kind == "number":
            middle, least, most = (f"{round(x, 2) + 0.0:+.2f}" for x in (median, low, high))
            return f"{middle} [{least}, {most}]"
        return (points_text if self.kind == "share" else money_text)(median, low, high)

    def chance(self, gap: FloatArray) -> str:
        """Direction of paired differences in a likelihood word."""
        return chance_of_more(gap, self.more, self.less, self.least)


HEADLINES = (
    Headline(
        "market_fragmentation", "market fragmentation", "effective markets", kind="number",
    ),
    Headline("interoperability_loss", "interoperability loss", "share of world exchange"),
    Headline("china_share", "the Chinese-led share", "share of what is in use"),
    Headline("total_usd", "cost to the world", "USD of 2019 a year", "dearer", "cheaper", kind="usd"),
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What a report is made of.

    Attributes
    ----------
    world : World
    result : Result
        Of the scenarios and, last, the baseline.
    countries : CountryRuns
    shown : tuple of Scenario
    baseline : Scenario
    scores : DataFrame or None
        The scorecard, if it was made.
    """

    world: World
    result: Result
    countries: CountryRuns
    shown: tuple[Scenario, ...]
    baseline: Scenario
    scores: pd.DataFrame | None

    @property
    def technologies(self) -> tuple[str, ...]:
        """Technologies that were run."""
        return tuple(self.result.coords["technology"])

    @property
    def last(self) -> int:
        """The last year."""
        return int(self.result.coords["year"][-1])

    def assumes_split(self, scenario: Scenario, technology: str) -> bool:
        """Whether a scenario sets that a technology's standards split."""
        years = self.result.coords["year"]
        return compile_scenario(self.world, scenario, technology, years).splits

    def by_year(
        self, headline: Headline, scenario: Scenario, technology: str
    ) -> tuple[FloatArray, FloatArray]:
        """A measure under a scenario, (R, Y), and its paired difference to the baseline."""
        values, base = (
            self.result.values(headline.name, scenario=one.name, technology=technology)
            for one in (scenario, self.baseline)
        )
        return values, values - base

    def at_end(
        self, headline: Headline, scenario: Scenario, technology: str
    ) -> tuple[FloatArray, FloatArray]:
        """The same of the last year, (R,)."""
        values, gap = self.by_year(headline, scenario, technology)
        return values[:, -1], gap[:, -1]

    def of_all_technologies(self, headline: Headline, scenario: Scenario) -> tuple[FloatArray, FloatArray]:
        """Mean over the years of a measure that adds up over technologies, (R,), and its difference."""
        each = [self.by_year(headline, scenario, technology) for technology in self.technologies]
        values, gap = (np.sum(parts, axis=0)[:, 1:].mean(axis=1) for parts in zip(*each, strict=True))
        return values, gap


def interval_of(values: FloatArray) -> tuple[float, float, float]:
    """Median, 5 and 95 % of draws.

    Examples
    --------
    >>> interval_of(np.arange(101.0))
    (50.0, 5.0, 95.0)
    """
    low, median, high = (float(x) for x in np.quantile(values, INTERVAL))
    return median, low, high


def chart_of(name: str, caption: str, figure: Any) -> Chart:
    """A figure with its caption.

    Parameters
    ----------
    name : str
        Of its files, without an ending.
    caption : str
    figure : Figure
        Of matplotlib.
    """
    return Chart(name, caption, caption, render(figure, ".svg"), render(figure, ".png"))


def map_of_blocs(seen: Seen, scenario: Scenario, technology: str) -> Chart:
    """The world by dominant standard in the last year."""
    figure = bloc_map(seen.world, seen.result, scenario.name, seen.last, technology)
    caption = (
        f"World map. {scenario.title}: dominant standard of each economy, {technology}, {seen.last}; pale "
        "where "
        "fewer than 90 % of the draws agree."
    )
    return chart_of(f"map_{scenario.name}_{technology}", caption, figure)


def difference_charts(seen: Seen, headline: Headline) -> Iterator[Chart]:
    """Paired differences over the years: a line for each technology; of several scenarios a chart each."""
    if len(seen.shown) == 1:
        lines = {technology: (seen.shown[0], technology) for technology in seen.technologies}
        yield _difference_chart(seen, headline, seen.shown[0].title, lines)
        return
    for technology in seen.technologies:
        lines = {scenario.name: (scenario, technology) for scenario in seen.shown[:_MOST_LINES]}
        yield _difference_chart(seen, headline, technology, lines)


def _difference_chart(
    seen: Seen, headline: Headline, of: str, lines: Mapping[str, tuple[Scenario, str]]
) -> Chart:
    scale = {"share": 100.0, "usd": 1e-9, "number": 1.0}[headline.kind]
    bands: dict[str, tuple[FloatArray, FloatArray, FloatArray]] = {}
    for name, (scenario, technology) in lines.items():
        _, gap = seen.by_year(headline, scenario, technology)
        low, median, high = np.quantile(scale * gap, INTERVAL, axis=0)
        bands[name] = (low, median, high)
    unit = {"share": "percentage points", "usd": "USD bn of 2019 a year"}.get(headline.kind, headline.axis)
    left_out = len(seen.shown) - len(lines) if len(seen.shown) > 1 else 0
    more = f" {left_out} scenarios more are in the tables." if left_out else ""
    figure = fan_chart(
        seen.result.coords["year"], bands,
        title=f"{headline.called[0].upper()}{headline.called[1:]}, {of}: less {seen.baseline.title}",
        ylabel=f"difference, {unit}", source=source_line(seen.result),
    )  # fmt: skip
    caption = (
        f"{of}: paired difference of {headline.called} to the baseline, {unit}; medians, 5 to 95 % of the "
        f"draws.{more}"
    )
    name = f"difference_{headline.name}" + ("" if len(seen.shown) == 1 else f"_{of}")
    return chart_of(name, caption, figure)
