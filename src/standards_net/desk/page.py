"""The page of the desk and its changing parts, as HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from standards_net.briefs.page import TEMPLATES as BRIEF_TEMPLATES
from standards_net.checks import LAST_YEAR
from standards_net.desk.levers import LEVERS
from standards_net.desk.question import Question
from standards_net.desk.simulated import DRAWS, SEED, Simulator
from standards_net.desk.view import Answer, economies_table, in_words, outlines_of, years_table
from standards_net.ensemble.provenance import own_tables, own_tables_banner
from standards_net.reports.seen import HEADLINES
from standards_net.scenario import load_scenario, scenario_names
from standards_net.scenario.in_words import entries_in_words
from standards_net.sinks import as_page_text
from standards_net.wording import percent
from standards_net.world.world import World

__all__ = [
    "brief_style", "cards", "changes", "country_levers", "dials", "economies", "page", "said", "source_of",
    "title_of", "years",
]  # fmt: skip

_TEMPLATES = Path(__file__).parent / "templates"
_SIDES = (("us", "the United States"), ("china", "China"), ("nonaligned", "neither side"))
_SIDES_OF_VENDORS = {"china": "all Chinese", "west": "all western", "open": "all of open interfaces"}
_FROM = 2026


@lru_cache(maxsize=16)
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, finalize=as_page_text)
    return environment.get_template(name)


def page(world: World) -> str:
    """The page before anything is answered.

    Parameters
    ----------
    world : World
    """
    from markupsafe import Markup

    from standards_net import __version__

    return str(
        _template("page.html").render(
            version=__version__,
            brief_style=Markup(brief_style()),
            levers=list(LEVERS.values()),
            choices=_choices(world),
            scenarios=[(name, load_scenario(name).title) for name in scenario_names()],
            technologies=list(world.markets),
            measures=[(one.name, one.called) for one in HEADLINES],
            economies=_economies(world),
            outlines=Markup(outlines_of(world)),
            last_year=LAST_YEAR,
            banner=own_tables_banner(world),
            workbooks=find_spec("openpyxl") is not None,
            source=source_of(world),
        )
    )


def source_of(world: World) -> str:
    """The source line of everything that is shown."""
    own = own_tables(world)
    data = f"own tables of {', '.join(own)}; else " if own else ""
    return (
        "Conditional on the scenario and on the model's assumptions. Adoption of 2019 mostly estimated "
        f"(docs/estimation.md). Data: {data}BACI, ATOP, UN votes, press; see docs/data.md."
    )


def _economies(world: World) -> list[tuple[str, str]]:
    named = zip(world.countries, world.country_names, strict=True)
    return sorted(named, key=lambda one: one[1])


def _choices(world: World) -> Mapping[str, Sequence[tuple[str, Sequence[tuple[str, str]]]]]:
    """What selects of each kind offer, by heading."""
    vendors = {
        technology: list(zip(market.vendors, market.vendor_names, strict=True))
        for technology, market in world.markets.items()
    }
    sides = [("all", "all economies"), *((name, f"those with {text}") for name, text in _SIDES)]
    return {
        "who": [
            ("sides", sides),
            ("groups", [(name, name.replace("_", " ")) for name in world.groups]),
            ("economies", _economies(world)),
        ],
        "vendors": [
            ("families", [(s, f"{_SIDES_OF_VENDORS.get(s, s)} vendors") for s in world.standards]),
            *vendors.items(),
        ],
        "side": [("sides", list(_SIDES))],
        "technology": [("technologies", [("all", "all"), *((name, name) for name in world.markets)])],
    }


def title_of(asked: Question) -> str:
    """Scenario, technology and year, as each card and picture says them."""
    return f"{asked.scenario.title}, {asked.technology}, {asked.until}"


def cards(answer: Answer) -> str:
    """The headline cards.

    Parameters
    ----------
    answer : Answer
    """
    asked = answer.asked
    against = "" if answer.is_baseline else f", against {asked.baseline.title}"
    of = f"{asked.scenario.title}, {asked.technology}, {asked.until}{against}"
    return str(_template("cards.html").render(cards=list(answer.cards()), same=answer.is_baseline, of=of))


def changes(world: World, asked: Question, warnings: Sequence[str]) -> str:
    """What was changed, each with a button that takes it back.

    Parameters
    ----------
    world : World
    asked : Question
    warnings : sequence of str
        Changes that change nothing, and what stands in their way.
    """
    said = []
    for place, change in enumerate(asked.changes):
        content = {"name": "change", "title": "change", **change.entries}
        said.append((entries_in_words(world, load_scenario(content)), place))
    return str(_template("changes.html").render(changes=said, warnings=list(warnings)))


def country_levers(simulator: Simulator, asked: Question) -> str:
    """What can be done about the chosen country with one more click.

    Parameters
    ----------
    simulator : Simulator
    asked : Question
        With a country.
    """
    world, code = simulator.world, str(asked.country)
    at = world.countries.index(code)
    market = world.market(asked.technology)
    exclusion = {"who": code, "technology": "all", "since": _FROM, "remove_by": None}
    named = [(s, f"{_SIDES_OF_VENDORS.get(s, s)} vendors") for s in world.standards if s == "china"]
    named += zip(market.vendors, market.vendor_names, strict=True)
    moves = [
        (f"Exclude {text}", _move("exclude", {**exclusion, "vendors": vendors})) for vendors, text in named
    ]
    moves += [
        (f"Stand with {text}", _move("stand", {"who": code, "side": side, "since": _FROM}))
        for side, text in _SIDES
    ]
    lift = {"who": code, "vendors": "all", "technology": "all", "since": _FROM}
    return str(
        _template("country.html").render(
            name=world.country_names[at],
            moves=moves,
            excluded=_excluded(simulator, asked, at),
            lift=_move("lift", lift),
            year=asked.until,
            technology=asked.technology,
            note=f"From {_FROM}; the levers at the side have years, technologies and groups.",
        )
    )


def _move(lever: str, arguments: Mapping[str, Any]) -> str:
    return json.dumps({"lever": lever, "arguments": dict(arguments)})


def _excluded(simulator: Simulator, asked: Question, at: int) -> str:
    """Vendors from which a country may not buy in the last year, by name."""
    levers = simulator.levers(asked.scenario, asked.technology, asked.until)
    part = np.max([orders.part[-1, at] for orders in levers.newer], axis=0) if levers.newer else ()
    names = simulator.world.market(asked.technology).vendor_names
    return ", ".join(names[v] for v in np.flatnonzero(part))


def economies(answer: Answer) -> str:
    """The table of economies."""
    table = economies_table(answer)
    rows = [
        (
            row.economy, in_words(row.standard), percent(row.draws_agreeing), percent(row.china_share),
            f"{round(100 * (row.china_share - row.china_share_baseline)) + 0:+d} points", percent(row.served),
        )
        for row in table.itertuples()
    ]  # fmt: skip
    headings = (
        "economy", "dominant standard", "in draws", "Chinese-led share", "against the baseline", "served",
    )  # fmt: skip
    caption = f"{title_of(answer.asked)}. Means over {answer.draws} draws; the largest markets first."
    return _table(caption, headings, rows)


def years(answer: Answer) -> str:
    """The table of years: medians with intervals, and paired differences."""
    table = years_table(answer)
    called = {one.name: one for one in HEADLINES}
    rows = [
        (
            f"{called[row.measure].called}, {row.year}", *_written(called[row.measure].kind, row),
        )
        for row in table.itertuples()
        if row.year % 5 == 0 or row.year in (answer.own.years[0], answer.own.years[-1])
    ]  # fmt: skip
    caption = f"{title_of(answer.asked)}. Median, 5 to 95 % of {answer.draws} draws."
    return _table(caption, ("measure", "scenario", "less baseline"), rows)


def _written(kind: str, row: Any) -> tuple[str, str]:
    scale, digits = {"share": (100.0, 1), "usd": (1e-9, 0)}.get(kind, (1.0, 2))
    unit = {"share": " %", "usd": " USD bn"}.get(kind, "")
    own = [scale * x for x in (row.median, row.low, row.high)]
    gap = [scale * x for x in (row.difference_median, row.difference_low, row.difference_high)]
    said, told = (
        [f"{x + 0.0:{sign},.{digits}f}" for x in values] for values, sign in ((own, ""), (gap, "+"))
    )
    unit_of_gap = " points" if kind == "share" else unit
    return f"{said[0]}{unit} [{said[1]}, {said[2]}]", f"{told[0]}{unit_of_gap} [{told[1]}, {told[2]}]"


def _table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    return str(_template("table.html").render(caption=caption, headings=headings, rows=rows))


def said(answer: Answer) -> str:
    """How far the answer has come."""
    refining = "" if answer.draws >= DRAWS else f"; refining to {DRAWS}"
    return (
        f'<p class="soft">Medians of {answer.draws} draws (seed {SEED}), in brackets 5 to 95 %{refining}.</p>'
    )


def dials() -> dict[str, dict[str, Any]]:
    """Levers that have one setting, with where they stand before they are moved."""
    return {name: lever.defaults for name, lever in LEVERS.items() if lever.once_for is not None}


def brief_style() -> str:
    """The style of a country's brief, as far as it concerns the brief alone."""
    lines = (BRIEF_TEMPLATES / "brief.css").read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith((".brief", ".badge")))
