"""The report: one HTML page for policy analysts."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from standards_net.drawing import bloc_map, course, network_data
from standards_net.drawing.calibration_picture import prior_and_posterior
from standards_net.drawing.charts.figures import (
    fan_chart,
    heat_map,
    interval_chart,
    network_figure,
    render,
)
from standards_net.drawing.result_pictures import source_line
from standards_net.drawing.sensitivity_picture import sobol_picture
from standards_net.ensemble.provenance import own_tables_banner
from standards_net.evidence import in_points, score_sentences
from standards_net.reports.document import (
    Block,
    Bullets,
    Card,
    Cards,
    Chart,
    Document,
    Html,
    Section,
    Table,
    Text,
    link,
)
from standards_net.reports.seen import HEADLINES
from standards_net.results import INTERVAL
from standards_net.scenario import load_scenario
from standards_net.sensitivity import RANDOM_NUMBERS, ranking, shipped_indices
from standards_net.sensitivity.flips import value_text
from standards_net.sinks import as_page_text
from standards_net.studies.carnegie_2019.backtest import Backtest
from standards_net.studies.carnegie_2019.bloc_tables import DEFINITIONS, bloc_table, fence_table, shared_blocs
from standards_net.studies.carnegie_2019.decomposition import camp_pairs
from standards_net.studies.carnegie_2019.games import Games
from standards_net.studies.carnegie_2019.mechanisms import Comparison
from standards_net.studies.carnegie_2019.next_generation import COMMON, SPLIT, NextGeneration
from standards_net.studies.carnegie_2019.report_games import CHARTS, games_figures, games_section
from standards_net.studies.carnegie_2019.report_mechanisms import mechanism_section
from standards_net.studies.carnegie_2019.runs import HORIZON, Runs
from standards_net.studies.finding import ASSUMED, DEPENDS, FOUND, Finding
from standards_net.wording import LIKELIHOODS, interval_text, percent, scale_and_digits

__all__ = ["MAPS", "chart_files", "generation_charts", "report_document"]

MAPS = ("status-quo-2019", "as-happened-2025", "bipolar-forced", "chinese-standard-lead")
_FANS = (
    "one-standard",
    "status-quo-2019",
    "as-happened-2025",
    "broad-allied-ban",
    "silos",
    "bipolar-forced",
)
_COURSES = {
    "market_fragmentation": "Market fragmentation (effective markets by family)",
    "interoperability_loss": "Interoperability loss (share of exchange)",
    "china_share": "Chinese-led share of the installed base",
    "total_usd": "Cost to the world, USD bn a year",
}
_ITEMS = {
    "equipment_usd": "Dearer equipment",
    "delay_usd": "Delay",
    "replacement_usd": "Replacement",
    "scale_usd": "Scale",
    "retaliation_usd": "Retaliation",
    "double_running_usd": "Double running",
    "network_value_usd": "Network value",
    "total_usd": "Total",
}
_FENCE = "chinese-standard-lead"  # the scenario in which most large markets are undecided
_BLOC_SCENARIOS = ("status-quo-2019", "as-happened-2025", "broad-allied-ban", "bipolar-forced", "three-poles")
_GENERATION = "next_generation"
_CALIBRATION = "prior_posterior"
_SENSITIVITY = "sobol_indices"
_MOVING, _NAMED = 15, 5  # parameters that move results most; those that are named
_NOUNS = ("literature", "judgement")
_SPLIT = "bipolar-forced"  # the scenario that headline numbers and the first map are of
_TEMPLATES = Path(__file__).parent / "templates"
_SECTIONS = {
    "findings": "What the model says about the sixteen arguments",
    "scorecard": "How the model did against what happened",
    "map": "Where each standard leads in {horizon}",
    "course": "Time courses",
    "account": "The account in US dollars",
    "generation": "The next generation: one standard or two",
    "choices": "Who ends up with whom, and who could change it",
    "network": "Who supplies whom",
}
_ANNEX = {
    "mechanisms": "Which findings survive another mechanism of choice",
    "blocs": "Blocs in {horizon}",
    "decomposition": "Where the loss arises",
    "backtest": "Back-test against reported shares",
    "sensitivity": "What moves the results",
    "assumptions": "Assumptions",
}


def chart_files(runs: Runs, games: Games, answers: Sequence[Finding]) -> dict[str, bytes]:
    """All static figures by file name, each as PNG and SVG."""
    result, source = runs.main, source_line(runs.main)
    figures: dict[str, Any] = {"findings": _findings_chart(answers, source)}
    for scenario in MAPS:
        figures[f"map_{scenario}"] = bloc_map(runs.world, result, scenario, HORIZON)
    for measure, label in _COURSES.items():
        bands = course(result, measure, "radio", _FANS)
        figures[f"course_{measure}"] = fan_chart(
            result.coords["year"], bands, title=f"Radio: {label}", ylabel=label, source=source
        )
    together, names = shared_blocs(runs, _FENCE)
    figures["shared_blocs"] = heat_map(
        together,
        names,
        title=f"Do they share a dominant standard in {HORIZON}? {load_scenario(_FENCE).title}",
        colour_label="share of the draws",
        source=source,
    )
    figures |= games_figures(runs, games)
    figures[_CALIBRATION] = prior_and_posterior(runs.world)
    indices = shipped_indices(runs.world)
    if indices is not None:
        figures[_SENSITIVITY] = sobol_picture(indices)
    for scenario, year in (("status-quo-2019", 2019), ("bipolar-forced", HORIZON)):
        data = network_data(runs.world, result, "radio", (scenario,), (year,))
        figures[f"network_{scenario}_{year}"] = network_figure(data, scenario, year)
    return {
        f"{name}{suffix}": render(figure, suffix)
        for name, figure in figures.items()
        for suffix in (".png", ".svg")
    }


def generation_charts(generation: NextGeneration) -> dict[str, bytes]:
    """The course of the loss in both scenarios of the next generation, as PNG and SVG."""
    result = generation.result
    figure = fan_chart(
        result.coords["year"],
        course(result, "interoperability_loss", "radio", (COMMON, SPLIT)),
        title="6G radio on one standard or two: interoperability loss",
        ylabel=_COURSES["interoperability_loss"],
        source=source_line(result),
    )
    return {f"{_GENERATION}{suffix}": render(figure, suffix) for suffix in (".png", ".svg")}


def _generation(generation: NextGeneration) -> dict[str, Any]:
    rows = []
    for row in generation.table().to_dict("records"):
        cells = [
            f"{row[f'{n}_median']:.3g} [{row[f'{n}_low']:.3g}, {row[f'{n}_high']:.3g}]"
            for n in ("common", "split", "difference")
        ]
        unit = f" ({row['unit']})" if row["unit"] else ""
        rows.append({"year": row["year"], "quantity": f"{row['quantity']}{unit}", "cells": cells})
    titles = [load_scenario(name).title for name in (COMMON, SPLIT)]
    return {"titles": titles, "rows": rows, "draws": len(generation.result.coords["draw"])}


def _findings_chart(answers: Sequence[Finding], source: str) -> Any:
    rows = [
        (f"{f.argument}  {f.measure}", 100 * f.median, 100 * f.low, 100 * f.high, f.share)
        for f in answers
        if f.unit == "points" and not f.measure.startswith("revenue share per")
    ]
    return interval_chart(
        rows,
        title="Differences that the arguments turn on; right: share of draws in which the claim holds",
        xlabel="percentage points, median and 5 to 95 % of draws",
        source=source,
    )


def report_document(
    runs: Runs,
    games: Games,
    answers: Sequence[Finding],
    flips: pd.DataFrame | None,
    backtest: Backtest,
    scores: pd.DataFrame,
    comparison: Comparison,
    generation: NextGeneration,
    network: str,
    charts: Mapping[str, bytes],
) -> Document:
    """The report: a summary, the arguments, and what they rest on."""
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, finalize=as_page_text)
    content = {
        "findings": answers,
        "number": _number,
        "flips": _flips(flips),
        "mechanisms": mechanism_section(comparison),
        "generation": _generation(generation),
        "network": network,
        "charts": _charts(charts),
        "horizon": HORIZON,
        "blocs": _blocs(runs),
        "fence": fence_table(runs, _FENCE).head(15).to_dict("records"),
        "fence_title": load_scenario(_FENCE).title,
        "games": games_section(runs, games),
        "account": _account(runs),
        "decomposition": _decomposition(runs),
        "backtest": _backtest(runs, backtest),
        "scorecard": _scorecard(scores),
        "sensitivity": _sensitivity(runs),
        "assumptions": _assumptions(runs),
        "parameters": list(runs.world.parameters.values()),
        "scenarios": [load_scenario(s).file for s in runs.main.coords["scenario"]],
    }

    def part(anchor: str) -> list[Block]:
        return [Html(Markup(environment.get_template(f"{anchor}.html").render(**content)))]

    return Document(
        title="If 5G and IoT split: the Carnegie arguments of 2019, tested with a model",
        subtitle=f"{len(runs.world.countries)} economies, {len(runs.main.coords['scenario'])} scenarios and "
        f"{len(runs.sweep.coords['scenario'])} sweeps, {len(runs.main.coords['draw'])} draws each, "
        f"2019 to {HORIZON}.",
        sections=(
            Section("summary", "Summary", list(_summary(runs, answers, scores, charts))),
            *(
                Section(anchor, title.format(horizon=HORIZON), part(anchor))
                for anchor, title in _SECTIONS.items()
            ),
            *(
                Section(anchor, title.format(horizon=HORIZON), part(anchor), annex=True)
                for anchor, title in _ANNEX.items()
            ),
            Section("words", "How to read likelihood words", [_likelihoods()], annex=True),
        ),
        source=source_line(runs.main),
        banner=own_tables_banner(runs.world),
    )


def _summary(
    runs: Runs, answers: Sequence[Finding], scores: pd.DataFrame, charts: Mapping[str, bytes]
) -> Iterator[Block]:
    """One page: headline numbers of one scenario, three findings, three cautions, its map."""
    yield Text(
        "Schoff and Ito (Carnegie Endowment, October 2019) argue what rival standards would do to "
        "markets, allies "
        "and interoperability. Each argument is an experiment here. " + _counts(answers)
    )
    yield Cards(tuple(_cards(runs)))
    yield Text("Three findings", soft=True)
    yield Bullets(tuple(_three_findings(answers)), ordered=True)
    yield Text("Three cautions", soft=True)
    market = runs.world.market("radio")
    yield Bullets(
        (
            Markup("{} {}").format(score_sentences(scores)[0], link("The scorecard.", "scorecard")),
            Markup("{} {}").format(
                f"Suppliers of 2019 are reported for {int((~market.estimated).sum())} of "
                f"{len(market.estimated)} "
                "economies in radio and estimated for the others.",
                link("Assumptions.", "assumptions"),
            ),
            Markup("{} {}").format(
                "That standards split, and how far, is assumed by scenarios, never found.",
                link("What moves the results.", "sensitivity"),
            ),
        ),
        ordered=True,
    )
    title = load_scenario(_SPLIT).title
    caption = f"{title}: dominant standard of each economy, radio, {HORIZON}; pale where draws disagree."
    files = (charts[f"map_{_SPLIT}.svg"], charts[f"map_{_SPLIT}.png"])
    yield Chart(f"map_{_SPLIT}", caption, f"World map. {caption}", *files)


def _three_findings(answers: Sequence[Finding]) -> list[str]:
    """Those that rest on least, and of these the surest."""
    order = {FOUND: 0, DEPENDS: 1, ASSUMED: 2}
    ranked = sorted(answers, key=lambda f: (order.get(f.label, 3), -abs(f.share - 0.5)))
    return [
        Markup("{}: {} {}").format(f.argument, f.sentence, link(f"{f.label}, {f.verdict}.", "findings"))
        for f in ranked[:3]
    ]


def _likelihoods() -> Table:
    table = pd.DataFrame(LIKELIHOODS.items(), columns=["word", "probability in %"])
    return Table("likelihoods", "Likelihood words, after the IPCC's usage.", table, table)


def _counts(answers: Sequence[Finding]) -> str:
    """How many findings rest on what, and what they say."""

    def of(label: str) -> str:
        kinds = [f.verdict for f in answers if f.label == label]
        verdicts = [f"{kinds.count(v)} {v}" for v in dict.fromkeys(kinds)]
        return f"{len(kinds)} ({', '.join(verdicts)})" if kinds else "none"

    return (
        "Found, so that no single parameter turns them nor any mechanism that they can be put to: "
        f"{of(FOUND)}. Assumed by their scenarios, so that only their size is a result: {of(ASSUMED)}. "
        f"Dependent on a parameter or on the mechanism, or not decided: {of(DEPENDS)}."
    )


def _number(finding: Finding) -> str:
    """The headline number, with the Monte Carlo error of its median."""
    text = interval_text(finding.median, finding.low, finding.high, finding.unit)
    scale, _ = scale_and_digits(finding.unit, finding.median)
    return f"{text}; Monte Carlo error of the median {scale * finding.median_error:.2g}"


def _flips(flips: pd.DataFrame | None) -> list[dict[str, str]]:
    if flips is None:
        return []
    return [
        {
            "argument": str(row.conclusion),
            "parameter": str(row.parameter),
            "basis": str(row.basis),
            "value": value_text(row.low, row.high, row.prior_low, row.prior_high),
            "prior": f"{row.prior_low:.3g} to {row.prior_high:.3g} {row.unit}".removesuffix(" 1"),
            "of_prior": percent(row.prior_probability),
            "calibrated": percent(row.calibrated_probability),
        }
        for row in flips.itertuples()
    ]


def _sensitivity(runs: Runs) -> str:
    """Which parameters move the results most, and what they rest on."""
    indices = shipped_indices(runs.world)
    if indices is None:
        return "Sobol indices are shipped for the bundled tables; standards-net sensitivity computes others."
    ranked = ranking(indices)
    parameters = ranked[ranked["parameter"] != RANDOM_NUMBERS].head(_MOVING)
    random = float(ranked.loc[ranked["parameter"] == RANDOM_NUMBERS, "mean_total"].iloc[0])
    kinds = parameters["basis"].value_counts()
    return (
        f"{100 * random:.0f} % of the variance of a headline measure, on average, is left when all "
        "parameters are known: the base of 2019, which is estimated for most countries, and countries' own "
        f"tastes decide more than any parameter. Of the {_MOVING} parameters that move results most, "
        + ", ".join(
            f"{count} {'rests' if count == 1 else 'rest'} on {basis}"
            if basis in _NOUNS
            else f"{count} {'is' if count == 1 else 'are'} {basis}"
            for basis, count in kinds.items()
        )
        + f"; the first {_NAMED} are {', '.join(parameters['parameter'].head(_NAMED))}."
    )


def _scorecard(scores: pd.DataFrame) -> dict[str, Any]:
    # One small table; what else was scored is in the sentences below it and in scorecard.csv.
    shown = in_points(scores[scores["reports"].isin(["all reports", "world share of revenue"])])
    return {
        "columns": list(shown.columns),
        "rows": shown.to_numpy().tolist(),
        "sentences": score_sentences(scores),
    }


def _cards(runs: Runs) -> Iterator[Card]:
    """Headline numbers of the split, of radio and of IoT, beside the policies of 2019."""
    title, quo = load_scenario(_SPLIT).title, load_scenario("status-quo-2019").title
    for technology in ("radio", "iot"):
        for headline in HEADLINES[:2]:
            values = runs.of(headline.name, _SPLIT, technology=technology)
            gap = runs.gap(headline.name, _SPLIT, "status-quo-2019", technology=technology)
            label = f"{title}: {headline.called}, {technology}, {HORIZON}"
            note = f"{headline.difference(gap)} against: {quo}: {headline.chance(gap)}"
            yield Card(label, headline.text(values), note)
    cost = HEADLINES[-1]
    values, base = (
        runs.main.values("total_usd", scenario=name)[:, 2:].sum(axis=2).mean(axis=1)
        for name in (_SPLIT, "status-quo-2019")
    )
    label = f"{title}: {cost.called}, all technologies, mean of 2021 to {HORIZON}"
    note = f"{cost.difference(values - base)} against: {quo}: {cost.chance(values - base)}"
    yield Card(label, cost.text(values), note)


def _charts(files: Mapping[str, bytes]) -> dict[str, Any]:
    def chart(name: str, alt: str) -> dict[str, str]:
        uri = "data:image/svg+xml;base64," + base64.b64encode(files[f"{name}.svg"]).decode("ascii")
        return {"uri": uri, "alt": alt}

    alt = "Total Sobol indices by measure and parameter"
    return {
        "sensitivity": chart(_SENSITIVITY, alt) if f"{_SENSITIVITY}.svg" in files else None,
        **{name: chart(name, alt) for name, alt in CHARTS.items()},
        "shared_blocs": chart("shared_blocs", "Heat map of shared dominant standards"),
        "calibration": chart(_CALIBRATION, "Prior and posterior of each calibrated parameter"),
        "generation": chart(_GENERATION, "Time course of the loss if 6G has one standard or two"),
        "findings": chart("findings", "Chart of the differences that the arguments turn on"),
        "maps": [
            chart(f"map_{s}", f"World map by dominant standard, {load_scenario(s).title}")
            for s in MAPS
            if s != _SPLIT  # it is in the summary
        ],
        "fans": [chart(f"course_{m}", f"Time course: {label}") for m, label in _COURSES.items()],
    }


def _account(runs: Runs) -> dict[str, Any]:
    rows = []
    for scenario in runs.main.coords["scenario"]:
        cells = []
        for name in _ITEMS:
            # Orders end when the excluded equipment is out, so means over the years are shown.
            by_draw = runs.main.values(name, scenario=scenario)[:, 2:]
            values = by_draw.sum(axis=2).mean(axis=1) / 1e9
            low, median, high = np.round(np.quantile(values, INTERVAL), 1) + 0.0
            cells.append(f"{median:,.1f} [{low:,.1f}, {high:,.1f}]")
        rows.append({"name": load_scenario(scenario).title, "cells": cells})
    return {"items_": list(_ITEMS.values()), "rows": rows}


def _decomposition(runs: Runs) -> dict[str, Any]:
    rows, pairs = [], []
    for scenario in _BLOC_SCENARIOS:
        parts = camp_pairs(runs, scenario)
        pairs = list(parts)
        quantiles = [100 * np.quantile(part, INTERVAL) for part in parts.values()]
        cells = [f"{median:.1f} [{low:.1f}, {high:.1f}]" for low, median, high in quantiles]
        rows.append({"name": load_scenario(scenario).title, "cells": cells})
    return {"pairs": pairs, "rows": rows}


def _blocs(runs: Runs) -> list[dict[str, Any]]:
    """Sizes of blocs in some scenarios, one row per definition."""
    table = bloc_table(runs)
    rows = []
    for scenario in _BLOC_SCENARIOS:
        for definition in DEFINITIONS:
            found = table[(table["scenario"] == scenario) & (table["definition"] == definition)]
            sizes = "; ".join(
                f"{b.bloc} {b.countries} economies, {100 * b.market:.0f} % of the market, "
                f"{100 * b.gdp:.0f} % of GDP, {100 * b.population:.0f} % of the population"
                for b in found.itertuples()
            )
            rows.append({"scenario": load_scenario(scenario).title, "definition": definition, "sizes": sizes})
    return rows


def _backtest(runs: Runs, backtest: Backtest) -> dict[str, Any]:
    names = dict(zip(runs.world.countries, runs.world.country_names, strict=True))
    rows = [
        {
            "country": names[row.country],
            "year": row.year,
            "reported": ("over " if row.bound == "above" else "") + f"{100 * row.reported:.0f}",
            "modelled": f"{100 * row.median:.0f} [{100 * row.low:.0f}, {100 * row.high:.0f}]",
            "inside": "yes" if row.inside else "no",
        }
        for row in backtest.table.itertuples()
    ]
    return {"sentence": backtest.sentence, "rows": rows}


def _assumptions(runs: Runs) -> list[str]:
    market = runs.world.market("radio")
    known = int((~market.estimated).sum())
    return [
        f"Adoption of 2019 is derived from a reported share for {known} of {len(market.estimated)} "
        "economies in radio, and estimated for the others, operator by operator, from what is known of "
        "their suppliers and of their region; each draw samples it within its uncertainty. Shares of core "
        "networks and IoT modules by country are nearly unobserved.",
        "Where parameters are judgement, the table below says so; their priors are wide on purpose.",
        "Known launch dates up to 2025 are inputs; later ones are imputed from income.",
        "Radio and core follow one standard unless a scenario splits it; then double running and network "
        "value are what-ifs by a stated law. The account is not GDP and not a general equilibrium.",
        "Technologies do not influence each other. Random numbers and parameters are common to all "
        "scenarios, so differences are paired draw by draw.",
        "A bloc is a set of economies with the same dominant standard, unless another definition is named.",
    ]
