"""Figures of alignment choices: pay-offs, pivotal countries, phase diagram, tipping, shared blocs."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from standards_net.alignment.games.game import Game, Profile
from standards_net.alignment.games.payoffs import ITEMS
from standards_net.alignment.tipping.phase import PhaseDiagram
from standards_net.alignment.tipping.tipping_points import Tipping
from standards_net.drawing.charts.diagrams import matrix_chart, path_chart, phase_chart
from standards_net.drawing.charts.figures import heat_map, interval_chart
from standards_net.measures import Consensus
from standards_net.measures.table import MEASURES
from standards_net.results import INTERVAL
from standards_net.world import World

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = [
    "landscape_picture",
    "payoff_picture",
    "phase_picture",
    "pivotal_picture",
    "tipping_picture",
    "together_picture",
]

_SHOWN = 40  # largest markets on a heat map
_SHADED = 0.05  # share of the draws with hysteresis from which it is shaded


def _source(conditional_on: str, *, judged: bool = False) -> str:
    judgement = ", value of politics judged" if judged else ""
    return (
        f"standards_net {version('standards-net')}. Conditional on: {conditional_on}. Adoption of 2019 "
        f"mostly estimated{judgement} (docs/alignment.md)."
    )


def payoff_picture(world: World, game: Game, profile: Profile) -> Figure:
    """Pay-off of each choice relative to that in the profile, while all others keep to it."""
    at = game.profile_indices(profile)
    payoffs = np.median(game.deviation_payoffs(at) / game.gdp_usd[:, None], axis=0) * 1e3
    current = payoffs[np.arange(len(at)), at]
    names = dict(zip(world.countries, world.country_names, strict=True))
    order = np.argsort(-game.gdp_usd)
    return matrix_chart(
        (payoffs - current[:, None])[order],
        [names.get(game.players[i], game.players[i]) for i in order],
        game.choices,
        marked=at[order].tolist(),
        title="What another choice would be worth, thousandths of GDP a year",
        colour_label="relative to the framed choice",
        source="Medians of the draws. " + _source(game.conditional_on, judged=True),
    )


def pivotal_picture(table: pd.DataFrame, max_rows: int = 20) -> Figure:
    """Ranked chart of :func:`standards_net.alignment.pivotal`: mean effect and interval over the draws."""
    attrs, shown = table.attrs, table[table["shapley"] != 0.0].head(max_rows)
    factor, unit = _scaled(attrs["measure"], attrs["unit"])
    rows = [
        (str(row["name"]), *(factor * row[column] for column in ("shapley", "low", "high")), float("nan"))
        for row in shown.to_dict("records")
    ]
    return interval_chart(
        rows,
        title=f"Pivotal countries: Shapley value for {_called(attrs['measure'])}",
        xlabel=f"{unit}, mean and 5 to 95 % of draws",
        source=_source(f"{attrs['conditional_on']}; {attrs['method']}"),
    )


def _scaled(measure: str, unit: str) -> tuple[float, str]:
    """Factor and unit for display: points for shares, USD bn for money."""
    if "USD" in unit:
        return 1e-9, unit.replace("USD", "USD bn")
    if measure.startswith("bloc_size:") or "share" in measure or measure == "interoperability_loss":
        return 100.0, "percentage points"
    return 1.0, "effect" if unit == "1" else unit


def _called(measure: str) -> str:
    if measure.startswith("bloc_size:"):
        return f"market share of the {measure.removeprefix('bloc_size:')} bloc"
    label = MEASURES[measure].label if measure in MEASURES else ""
    return label[:1].lower() + label[1:] if label and not label.startswith("Chinese") else (
        label or measure.replace("_", " "))  # fmt: skip


def phase_picture(diagram: PhaseDiagram) -> Figure:
    """Measure by compatibility and number of allies that ban."""
    factor, unit = _scaled(diagram.measure, diagram.unit)
    called = _called(diagram.measure)
    label = called + ("" if unit == "effect" else f", {unit.replace('percentage points', '%')}")
    return phase_chart(
        diagram.counts,
        diagram.compatibilities,
        factor * diagram.values,
        title=f"{called[:1].upper()}{called[1:]} by compatibility and number of allies that ban",
        xlabel="allies that ban Chinese vendors, the largest markets first",
        ylabel="compatibility of the Chinese-led family with others",
        colour_label=label,
        source="Dots: under 90 % of the draws on the median's side of the middle contour. "
        + _source(diagram.conditional_on),
    )


def tipping_picture(tipping: Tipping) -> Figure:
    """Upward and downward sweep."""
    found = tipping.found
    up, down = (tuple(np.quantile(path, INTERVAL, axis=0)) for path in (found.up, found.down))
    both = found.hysteresis[np.isfinite(found.hysteresis).all(axis=1)]
    share, followed = len(both) / len(found.up), tipping.observable
    return path_chart(
        found.values, up, down,
        between=tuple(np.median(both, axis=0)) if share >= _SHADED else None,
        between_label=f"history decides: median of the {100 * share:.0f} % of draws where it does",
        title=f"{followed[:1].upper()}{followed[1:]} as {tipping.along} grows and shrinks",
        xlabel=tipping.meaning,
        ylabel=tipping.observable,
        source=tipping.sentence() + " " + _source(tipping.conditional_on, judged=tipping.along in ITEMS),
    )  # fmt: skip


def landscape_picture(found: Consensus, condition: str) -> Figure:
    """Probability that two actors of a landscape share a bloc, actors of a core side by side."""
    order = found.order.tolist()
    return heat_map(
        found.together[np.ix_(order, order)],
        [found.names[i] for i in order],
        title="Which actors share a bloc? Lowest minimum of the landscape, draw by draw",
        colour_label="share of the draws in which two share a bloc",
        source=f"standards_net {version('standards-net')}. {condition[:1].upper()}{condition[1:]}.",
    )


def together_picture(
    world: World, found: Consensus, technology: str, title: str, conditional_on: str
) -> Figure:
    """Probability that two of the largest markets share a bloc, countries of a core side by side."""
    largest = set(np.argsort(-world.market(technology).share)[:_SHOWN].tolist())
    order = [i for i in found.order.tolist() if i in largest]
    return heat_map(
        found.together[np.ix_(order, order)],
        [world.country_names[i] for i in order],
        title=title,
        colour_label="share of the draws in which two share a bloc",
        source=_source(conditional_on),
    )
