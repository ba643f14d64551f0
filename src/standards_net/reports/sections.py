"""Sections of a report on scenarios: what they say, measures, costs, blocs, countries, evidence, annex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from standards_net.core.arrays import FloatArray
from standards_net.drawing import network_page, network_scenes
from standards_net.evidence import in_points, score_sentences
from standards_net.measures.inputs import ITEMS
from standards_net.reports.document import Block, Bullets, Html, Table, Text, link
from standards_net.reports.picker import country_picker
from standards_net.reports.seen import (
    HEADLINES,
    Seen,
    difference_charts,
    interval_of,
    map_of_blocs,
)
from standards_net.scenario import Scenario
from standards_net.scenario.in_words import entries_in_words
from standards_net.sensitivity import RANDOM_NUMBERS, ranking, shipped_indices
from standards_net.wording import (
    LEAST_MONEY,
    LIKELIHOODS,
    chance_of_more,
    money_text,
    share_interval,
    share_text,
)

__all__ = [
    "blocs", "costs", "countries", "evidence", "measures", "network", "parameters", "scenarios", "sources",
    "words",
]  # fmt: skip

_MOVED = 15  # economies that a table of the most affected lists
_SHOWN_ENTRIES = 40
_MOST_PARAMETERS = 10
_MAPS = 3  # of further scenarios


def scenarios(seen: Seen) -> Iterator[Block]:
    """What each scenario says, and where it comes from."""
    for role, scenario in [*(("Scenario", one) for one in seen.shown), ("Baseline", seen.baseline)]:
        yield Html(
            Markup('<h3 id="scenario-{}">{}: {} ({})</h3>').format(
                scenario.name, role, scenario.title, scenario.name
            )
        )
        said = scenario.file.description.strip().rstrip(".")
        parents = scenario.lineage[1:]
        sentences = [f"{said[0].upper()}{said[1:]}."] if said else []
        yield Text(" ".join([*sentences, *([f"It extends {', '.join(parents)}."] if parents else [])]))
        entries = entries_in_words(seen.world, scenario)
        more = [f"... and {len(entries) - _SHOWN_ENTRIES} more."] if len(entries) > _SHOWN_ENTRIES else []
        yield Bullets((*entries[:_SHOWN_ENTRIES], *more) or ("No entries of its own.",))


def measures(seen: Seen) -> Iterator[Block]:
    """Headline measures of the last year, and their differences over the years."""
    yield Text(
        "Differences are paired: the same draw with and without what the scenario changes. Values are of "
        f"{seen.last}."
    )
    shown, data = [], []
    for scenario in seen.shown:
        for technology in seen.technologies:
            for headline in HEADLINES:
                values, gap = seen.at_end(headline, scenario, technology)
                words = (headline.text(values), headline.difference(gap), headline.chance(gap))
                shown.append((scenario.title, technology, headline.called, *words))
                above = float((gap > headline.least).mean())
                unit = seen.result[headline.name].unit
                found = (*interval_of(values), *interval_of(gap), above, *share_interval(above, len(gap)))
                data.append((scenario.name, technology, headline.name, unit, seen.last, *found))
    yield Table(
        "measures",
        f"Headline measures in {seen.last}: medians with 5 to 95 % of the draws, and paired differences.",
        _told_apart(
            seen, _frame(shown, "scenario, technology, measure, value, against the baseline, chance")
        ),
        _frame(
            data,
            "scenario, technology, measure, unit, year, median, low, high, difference, difference_low, "
            "difference_high, share_above_zero, share_low, share_high",
        ),
        headings=_headings(seen, 3),
    )
    for headline in HEADLINES[:-1]:
        yield from difference_charts(seen, headline)


def costs(seen: Seen) -> Iterator[Block]:
    """The account by item."""
    yield Text(
        "USD of 2019 a year, technologies together. The total is the sum of the items in every draw; "
        "medians do "
        "not add up to it. Double running and network value are what-ifs, by stated laws, of standards "
        "that a "
        "scenario splits."
    )
    shown, data = [], []
    for scenario in seen.shown:
        values_of, gaps_of = zip(*(_item(seen, scenario, f"{item}_usd") for item in ITEMS), strict=True)
        columns = list(zip(ITEMS, values_of, gaps_of, strict=True))
        for item, values, gap in [*columns, ("total", *_item(seen, scenario, "total_usd"))]:
            if item == "total" or values.any() or gap.any():
                words = (
                    money_text(*interval_of(values)),
                    money_text(*interval_of(gap)),
                    chance_of_more(gap, "dearer", "cheaper", LEAST_MONEY),
                )
                shown.append((scenario.title, item.replace("_", " "), *words))
                data.append((scenario.name, item, *interval_of(values), *interval_of(gap)))
    yield Table(
        "costs",
        f"The account of the world by item, mean of 2020 to {seen.last}.",
        _told_apart(seen, _frame(shown, "scenario, item, USD a year, against the baseline, chance")),
        _frame(
            data,
            "scenario, item, median_usd, low_usd, high_usd, difference_usd, difference_low_usd, "
            "difference_high_usd",
        ),
        headings=_headings(seen, 2),
    )
    yield from difference_charts(seen, HEADLINES[-1])


def _item(seen: Seen, scenario: Scenario, name: str) -> tuple[FloatArray, FloatArray]:
    """Mean over the years of an item of all technologies, (R,), and its paired difference."""
    values, base = (
        seen.result.values(name, scenario=one.name)[:, 1:].sum(axis=2).mean(axis=1)
        for one in (scenario, seen.baseline)
    )
    return values, values - base


def blocs(seen: Seen) -> Iterator[Block]:
    """Sizes of blocs by five weights, and maps."""
    yield Text("An economy belongs to the bloc of the standard that dominates what it has in use.")
    shown, data, weights = [], [], seen.result.coords["weight"]
    for scenario in (*seen.shown, seen.baseline):
        for technology in seen.technologies:
            where = {"scenario": scenario.name, "year": seen.last, "technology": technology}
            sizes = seen.result.values("bloc_size", **where)
            for s, standard in enumerate(seen.result.coords["standard"]):
                if sizes[:, s].any():
                    cells = [interval_of(sizes[:, s, k]) for k in range(len(weights))]
                    texts = [share_text(*cell) for cell in cells]
                    shown.append((scenario.title, technology, standard, *texts))
                    for weight, cell in zip(weights, cells, strict=True):
                        data.append((scenario.name, technology, standard, weight, *cell))
    yield Table(
        "blocs",
        f"Share of the world in each bloc in {seen.last}, by {', '.join(weights)}.",
        _frame(shown, f"scenario, technology, standard, {', '.join(f'by {weight}' for weight in weights)}"),
        _frame(data, "scenario, technology, standard, weight, median, low, high"),
        headings=3,
    )
    for technology in seen.technologies[1:]:
        yield map_of_blocs(seen, seen.shown[0], technology)
    for scenario in seen.shown[1 : 1 + _MAPS]:
        yield map_of_blocs(seen, scenario, seen.technologies[0])


def countries(seen: Seen) -> Iterator[Block]:
    """Those that pay or gain most for their size, and any that a reader picks."""
    runs, gdp_usd = seen.countries, seen.world.gdp_usd
    for m, scenario in enumerate(seen.shown):
        gap = (runs.items_usd[m] - runs.items_usd[-1])[:, 1:].sum(axis=-1).mean(axis=1)
        part = np.median(gap, axis=0) / gdp_usd
        shown = []
        for i in np.argsort(-np.abs(part), kind="stable")[:_MOVED]:
            chance = chance_of_more(gap[:, i], "dearer", "cheaper", LEAST_MONEY)
            amount = money_text(*interval_of(gap[:, i]))
            shown.append((seen.world.country_names[i], amount, f"{100 * part[i]:.2f} %", chance))
        data = [
            (scenario.name, code, *interval_of(gap[:, i]), part[i])
            for i, code in enumerate(seen.world.countries)
        ]
        yield Table(
            f"countries_{scenario.name}".replace("-", "_"),
            f"{scenario.title}: economies that pay or gain most for their size, against the baseline, "
            "mean of "
            f"2020 to {seen.last}. The table's file has all economies.",
            _frame(shown, "economy, USD of 2019 a year, of GDP of 2019, chance"),
            _frame(data, "scenario, country, median_usd, low_usd, high_usd, part_of_gdp"),
        )
    yield Html(country_picker(seen), printed=False)


def network(seen: Seen) -> Iterator[Block]:
    """The network page, inside the report."""
    yield Text("Countries and the vendors that they use.")
    years = tuple(year for year in seen.result.coords["year"] if year % 5 == 0 or year in (2019, seen.last))
    scenarios = tuple(seen.result.coords["scenario"])
    page = network_page(network_scenes(seen.world, seen.result, seen.technologies[0], scenarios, years))
    title = "Network of countries and vendors"
    yield Html(
        Markup('<iframe title="{}" srcdoc="{}" loading="lazy"></iframe>').format(title, page), printed=False
    )


def evidence(seen: Seen) -> Iterator[Block]:
    """The model against what was reported."""
    if seen.scores is None:
        yield Text(
            "docs/evidence.md sets the model beside reported shares; standards-net scorecard repeats it."
        )
        return
    yield Text(
        "Chinese vendors' share of countries' 5g radio as reported. Each country is forecast by the "
        "calibration "
        "that did not see its own reports; simple rules stand beside it."
    )
    shown = in_points(seen.scores[seen.scores["reports"].isin(["all reports", "world share of revenue"])])
    caption = "The model and simple rules against what was reported, with standard errors over countries."
    yield Table("scorecard", caption, shown, seen.scores, headings=2)
    yield Bullets(tuple(score_sentences(seen.scores)))


def words(seen: Seen) -> Iterator[Block]:
    """What numbers, brackets and likelihood words mean."""
    draws = len(seen.result.coords["draw"])
    surest = chance_of_more(np.ones(draws), "so", "not").removesuffix(" so")
    yield Text(
        "A number is the median of the draws; brackets hold 5 to 95 % of them. A likelihood word is used "
        "where the "
        "95 % interval of the share of draws lies wholly within its range, and none where draws do not "
        "decide; the surest that "
        f"{draws} draws can bear out, if all agree, is '{surest}'."
    )
    table = pd.DataFrame(LIKELIHOODS.items(), columns=["word", "probability in %"])
    yield Table("likelihoods", "Likelihood words, after the IPCC's usage.", table, table)


def parameters(seen: Seen) -> Iterator[Block]:
    """All parameters, and those that matter most."""
    indices = shipped_indices(seen.world)
    if indices is not None:
        ranked = ranking(indices)
        first = ranked[ranked["parameter"] != RANDOM_NUMBERS]["parameter"].head(_MOST_PARAMETERS)
        links = Markup(", ").join(link(name, f"parameters-{name}") for name in first)
        yield Text(Markup("Those that move results most (docs/sensitivity.md): {}.").format(links))
    rows = [
        (p.name, p.unit, p.default, p.low, p.high, p.prior, p.basis, p.meaning, p.source)
        for p in seen.world.parameters.values()
    ]
    data = _frame(rows, "parameter, unit, default, low, high, prior, rests on, meaning, source")
    rounded = {
        name: data[name].map(lambda value: "" if pd.isna(value) else f"{value:.3g}")
        for name in ("default", "low", "high")
    }
    caption = "Parameters before calibration: defaults, and 5 to 95 % of the priors."
    yield Table("parameters", caption, data.assign(**rounded), data, targets=True)


def sources(seen: Seen) -> Iterator[Block]:
    """Where recorded policies and all else come from."""
    policies, names = (
        seen.world.policies,
        dict(zip(seen.world.countries, seen.world.country_names, strict=True)),
    )
    rows = [
        (names[code], row["status_latest"].replace("_", " "), row["source"])
        for code, row in policies.iterrows()
        if row["status_latest"] not in ("open", "unknown")
    ]
    table = _frame(rows, "economy, latest status, source")
    shown = table.assign(source=table["source"].map(_linked_address))
    yield Table("policy_sources", "Recorded policies other than open, with their sources.", shown, table)
    record = seen.result.provenance
    yield Text(
        "All tables with sources and licences: docs/data.md. "
        f"standards_net {record['standards_net']}, seed {record['seed']}: the same scenarios, tables and "
        "seed give "
        "the same numbers."
    )


def _linked_address(source: str) -> str:
    """A source that is an address, as a link to it."""
    if not source.startswith(("https://", "http://")) or " " in source:
        return source
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(source, source)


def _frame(rows: Sequence[tuple[object, ...]], columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split(", "))


def _told_apart(seen: Seen, table: pd.DataFrame) -> pd.DataFrame:
    """A table without its column of scenarios where there is only one."""
    return table if len(seen.shown) > 1 else table.drop(columns="scenario")


def _headings(seen: Seen, columns: int) -> int:
    return columns if len(seen.shown) > 1 else columns - 1
