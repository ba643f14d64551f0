"""What a reader takes away from the desk: a scenario file, tables, pictures, the network page, a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from standards_net.desk.question import Question
from standards_net.desk.simulated import SEED
from standards_net.desk.view import Answer, cards_table, economies_table, years_table
from standards_net.drawing.charts.figures import fan_chart, render
from standards_net.drawing.network.page import network_page
from standards_net.drawing.result_pictures import bloc_map, course, network_scenes, source_line
from standards_net.ensemble.run import run
from standards_net.reports.page import document_page
from standards_net.reports.scenario_report import scenario_report
from standards_net.reports.seen import HEADLINES
from standards_net.reports.spreadsheet import workbook_of
from standards_net.results import Result
from standards_net.sinks import as_csv
from standards_net.world.world import World

__all__ = ["EXPORTS", "network_of", "scenario_file"]


def scenario_file(asked: Question) -> bytes:
    """The scenario as a TOML file, which opens here and runs everywhere else.

    Examples
    --------
    >>> print(scenario_file(Question()).decode().splitlines()[0])
    name = "as-happened-2025"
    """
    import tomli_w

    return tomli_w.dumps(asked.content).encode("utf-8")


def result_of(world: World, asked: Question, draws: int) -> Result:
    """The scenario and its baseline as a run of their own.

    Parameters
    ----------
    world : World
    asked : Question
    draws : int
    """
    both = [asked.scenario, *([asked.against] if asked.against != asked.scenario else [])]
    return run(
        world, both, draws=draws, rng=SEED, until=asked.until, technologies=[asked.technology],
        snapshots=[asked.until],
    )  # fmt: skip


def network_of(world: World, asked: Question, draws: int) -> str:
    """The network page of the scenario and its baseline, all years."""
    return network_page(network_scenes(world, result_of(world, asked, draws), asked.technology))


def _tables(answer: Answer, measure: str) -> Mapping[str, tuple[str, pd.DataFrame]]:  # noqa: ARG001
    about = f"{answer.asked.scenario.title}, {answer.asked.technology}, {answer.draws} draws"
    return {
        "headlines": (f"{about}, {answer.asked.until}", cards_table(answer)),
        "years": (f"{about}: median, 5 and 95 %, and paired differences", years_table(answer)),
        "economies": (f"{about}, {answer.asked.until}: means over the draws", economies_table(answer)),
    }


def _csv(name: str) -> Callable[[Answer, str], bytes]:
    return lambda answer, measure: as_csv(_tables(answer, measure)[name][1]).encode("utf-8")


def _workbook(answer: Answer, measure: str) -> bytes:
    asked = answer.asked
    said = (asked.scenario.title, f"against: {asked.baseline.title}", f"seed {SEED}")
    tables = [(name, caption, data) for name, (caption, data) in _tables(answer, measure).items()]
    return workbook_of(said, tables) or b""


def _map(suffix: str) -> Callable[[Answer, str], bytes]:
    def draw(answer: Answer, _: str) -> bytes:
        asked = answer.asked
        result = result_of(answer.world, asked, answer.draws)
        figure = bloc_map(answer.world, result, asked.scenario.name, asked.until, asked.technology)
        return render(figure, suffix)

    return draw


def _course(suffix: str) -> Callable[[Answer, str], bytes]:
    def draw(answer: Answer, measure: str) -> bytes:
        asked = answer.asked
        result = result_of(answer.world, asked, answer.draws)
        headline = next((one for one in HEADLINES if one.name == measure), HEADLINES[0])
        bands = course(result, headline.name, asked.technology, result.coords["scenario"])
        figure = fan_chart(
            result.coords["year"], bands,
            title=f"{headline.called[0].upper()}{headline.called[1:]}, {asked.technology}: "
            f"{asked.scenario.title}" + ("" if answer.is_baseline else f", and {asked.baseline.title}"),
            ylabel=headline.axis.replace("USD", "USD bn"), source=source_line(result),
        )  # fmt: skip
        return render(figure, suffix)

    return draw


def _network(answer: Answer, _: str) -> bytes:
    return network_of(answer.world, answer.asked, answer.draws).encode("utf-8")


def _report(answer: Answer, _: str) -> bytes:
    asked = answer.asked
    document = scenario_report(
        answer.world, asked.scenario, asked.against, draws=answer.draws, rng=SEED, until=asked.until,
        quick=True,
    )  # fmt: skip
    return document_page(document).encode("utf-8")


# By the name of its link on the page: the end of its file's name, and its content.
EXPORTS: Mapping[str, tuple[str, Callable[[Answer, str], Any]]] = {
    "map_png": ("map.png", _map(".png")),
    "map_svg": ("map.svg", _map(".svg")),
    "course_png": ("course.png", _course(".png")),
    "course_svg": ("course.svg", _course(".svg")),
    "economies_csv": ("economies.csv", _csv("economies")),
    "years_csv": ("years.csv", _csv("years")),
    "tables_xlsx": ("tables.xlsx", _workbook),
    "network_html": ("network.html", _network),
    "report_html": ("report.html", _report),
}
