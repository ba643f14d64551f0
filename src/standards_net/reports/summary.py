"""The first page of a report: headline numbers, three findings, three cautions, one map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from standards_net.evidence import score_sentences
from standards_net.measures.inputs import ITEMS
from standards_net.reports.document import Block, Bullets, Card, Cards, Text, link
from standards_net.reports.seen import HEADLINES, Headline, Seen, map_of_blocs
from standards_net.scenario import Scenario
from standards_net.sensitivity import RANDOM_NUMBERS, ranking, shipped_indices
from standards_net.world.world import World

__all__ = ["findings", "summary"]

_THREE = 3
_OF_SPLIT = ("interoperability_loss", "total_usd")  # measures that a split sets, or is priced in
_BY_LAW = ("double_running", "network_value")  # items that assume what a split takes away


def summary(seen: Seen) -> Iterator[Block]:
    """One page."""
    first = seen.shown[0]
    yield Cards(tuple(_cards(seen, first)))
    yield Text("Three findings", soft=True)
    yield Bullets(tuple(findings(seen)[:_THREE]), ordered=True)
    yield Text("Three cautions", soft=True)
    yield Bullets(tuple(_cautions(seen)), ordered=True)
    if seen.scores is not None:
        yield Text(
            "Against what happened, Chinese vendors' share of countries' 5g radio forecast without their own "
            f"reports: {score_sentences(seen.scores)[0]}"
        )
    yield map_of_blocs(seen, first, seen.technologies[0])


def _cards(seen: Seen, scenario: Scenario) -> Iterator[Card]:
    technology = seen.technologies[0]
    for headline in HEADLINES:
        if headline.kind == "usd":
            values, gap = seen.of_all_technologies(headline, scenario)
            of = f"{', '.join(seen.technologies)}, mean of 2020 to {seen.last}"
        else:
            values, gap = seen.at_end(headline, scenario, technology)
            of = f"{technology}, {seen.last}"
        note = f"{headline.difference(gap)} against the baseline: {headline.chance(gap)}"
        yield Card(f"{scenario.title}: {headline.called}, {of}", headline.text(values), note)


def findings(seen: Seen) -> list[str]:
    """Sentences on the differences that are surest, of each measure the technology that differs most.

    What a scenario assumes by splitting standards comes last, and says so.

    Parameters
    ----------
    seen : Seen

    Returns
    -------
    list of str or Markup
        Surest first, with links to what they are read from; one sentence if nothing differs.
    """
    found = [
        max(_finding(seen, headline, scenario, technology) for technology in seen.technologies)
        for scenario in seen.shown
        for headline in HEADLINES
    ]
    surest = sorted((one for one in found if one.sure > 0.0), reverse=True)
    return [one.sentence for one in surest] or ["Nothing differs from the baseline in any draw."]


class _Finding(NamedTuple):
    """A sentence, and what it is ranked by: not assumed, how sure, how large for its size."""

    is_found: bool
    sure: float
    size: float
    sentence: str


def _finding(seen: Seen, headline: Headline, scenario: Scenario, technology: str) -> _Finding:
    values, gap = seen.at_end(headline, scenario, technology)
    sure = max(float((gap > headline.least).mean()), float((gap < -headline.least).mean()))
    size = abs(float(np.median(gap))) / max(abs(float(np.median(values))), headline.least)
    assumed = headline.name in _OF_SPLIT and seen.assumes_split(scenario, technology)
    rest = (
        f" of {technology} in {seen.last} is {headline.text(values)}, {headline.difference(gap)} against the "
        f"baseline: {headline.chance(gap)}." + (" That standards split is assumed." if assumed else "")
    )
    measure, several = headline.called, len(seen.shown) > 1
    if not several:
        measure = f"{measure[0].upper()}{measure[1:]}"
    sentence = Markup("{}{}").format(link(measure, "costs" if headline.kind == "usd" else "measures"), rest)
    if several:
        sentence = Markup("{}: {}").format(link(scenario.title, f"scenario-{scenario.name}"), sentence)
    return _Finding(not assumed, sure, size, sentence)


def _cautions(seen: Seen) -> Iterator[str]:
    technology = seen.technologies[0]
    known = int((~seen.world.market(technology).estimated).sum())
    yield _linked(
        f"Suppliers of 2019 are reported for {known} of {len(seen.world.countries)} economies in "
        f"{technology} "
        "and estimated for the others. Intervals hold that, and are conditional on",
        "what the scenarios assume.", "scenarios",
    )  # fmt: skip
    items = np.abs(seen.countries.items_usd[0][:, 1:].sum(axis=2).mean(axis=(0, 1)))
    by_law = sum(float(items[ITEMS.index(item)]) for item in _BY_LAW)
    title = seen.shown[0].title
    part = f"; of {title} {100 * by_law / items.sum():.0f} % are what-ifs of a split" if by_law > 0.0 else ""
    yield _linked(f"Costs are an account by stated rules, not GDP{part}.", "Items and rules.", "costs")
    random = _part_of_random_numbers(seen.world)
    if random is not None:
        yield _linked(
            f"{100 * random:.0f} % of the variance of headline measures, on average, is left when all "
            "parameters are "
            "known: it is the base of 2019, tastes and dates of each country.",
            "How good the model is.", "evidence",
        )  # fmt: skip
    else:
        yield _linked(
            "How far parameters move results has been computed for the shipped tables only.",
            "How good the model is.", "evidence",
        )  # fmt: skip


def _linked(text: str, words: str, anchor: str) -> Markup:
    return Markup("{} {}").format(text, link(words, anchor))


def _part_of_random_numbers(world: World) -> float | None:
    """Mean total index of what no parameter explains; None for own tables."""
    indices = shipped_indices(world)
    if indices is None:
        return None
    ranked = ranking(indices)
    return float(ranked.loc[ranked["parameter"] == RANDOM_NUMBERS, "mean_total"].iloc[0])
