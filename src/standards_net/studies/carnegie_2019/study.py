"""Run the study and write what it finds: report, findings, network page, figures, tables."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from standards_net.errors import StandardsNetError
from standards_net.evidence import scorecard
from standards_net.files import check_writable, write_together
from standards_net.progress import Progress, heeded, part_of
from standards_net.reports import document_page
from standards_net.reports.spreadsheet import workbook_of
from standards_net.results import INTERVAL
from standards_net.sensitivity import shipped_indices
from standards_net.sinks import as_csv
from standards_net.studies.carnegie_2019.arguments import answer_all
from standards_net.studies.carnegie_2019.backtest import Backtest, run_backtest
from standards_net.studies.carnegie_2019.bloc_tables import bloc_table, fence_table
from standards_net.studies.carnegie_2019.decomposition import decomposition_table
from standards_net.studies.carnegie_2019.flips import shipped_flips
from standards_net.studies.carnegie_2019.games import Games, games_to_simulate, play_games
from standards_net.studies.carnegie_2019.labels import answer_without_feedback, labelled
from standards_net.studies.carnegie_2019.mechanisms import (
    COMPARED,
    Comparison,
    answer_under,
    compare_mechanisms,
)
from standards_net.studies.carnegie_2019.next_generation import NextGeneration, run_next_generation
from standards_net.studies.carnegie_2019.report import (
    MAPS,
    chart_files,
    generation_charts,
    report_document,
)
from standards_net.studies.carnegie_2019.report_games import game_tables
from standards_net.studies.carnegie_2019.runs import HORIZON, Runs, make_runs
from standards_net.studies.finding import Finding
from standards_net.workers import at_once, worker_processes
from standards_net.world import World, load_world

__all__ = ["Written", "run_study"]

_RUNS, _OTHERS = 0.25, 0.65  # parts of the time; tables and pictures take the rest
_STEPS = 1000  # of progress
_EMBEDDED_YEARS = (2019, 2025, 2030, HORIZON)
_SCORED = 256  # draws of the scorecard, for each country that is left out


@dataclass(frozen=True)
class Written:
    """What a study left behind.

    Attributes
    ----------
    findings : DataFrame
        Argument, label, verdict, sentence.
    answers : tuple of Finding
    files : tuple of Path
    """

    findings: pd.DataFrame
    answers: tuple[Finding, ...]
    files: tuple[Path, ...]


def _check_world(world: World) -> None:
    """Raise, before anything runs, if the brief's questions cannot be put to a world."""
    for code in ("USA", "CHN", "JPN"):
        if code not in world.countries:
            raise StandardsNetError(f"the study is about {code} among others, which this world leaves out.")
    if not world.trade_usd.any():
        raise StandardsNetError("nothing is traded in this world; the study weighs losses by trade.")


def run_study(
    out: str | Path,
    *,
    draws: int = 512,
    rng: int = 2019,
    world: World | None = None,
    workers: int = 0,
    progress: Progress | None = None,
) -> Written:
    """Answer the sixteen arguments of the Carnegie brief of 2019.

    Parameters
    ----------
    out : str or Path
        Folder; made if it does not exist. The files appear together or not at all.
    draws : int
    rng : int
        Seed.
    world : World or None
        The bundled one if None.
    workers : int
        Processes beside this one; threads of this one if 0. A script that asks for some begins with
        ``if __name__ == "__main__"``.
    progress : callable or None
        Called with (done, in all).
    """
    folder = check_writable(out)
    world = world or load_world()
    _check_world(world)
    others, tell = _others(world, draws, rng, threads=1 if workers else None), heeded(progress)
    begun: dict[str, Future[Any]] = {}

    def part_done() -> float:
        return _OTHERS * sum(one.done() for one in begun.values()) / len(others)

    with worker_processes(workers) if workers else nullcontext(at_once()) as executor:
        for name, call in others.items():
            begun[name] = executor.submit(call)
            tell(round(_STEPS * part_done()), _STEPS)
        runs = make_runs(world, draws, rng, part_of(progress, part_done(), _RUNS))
        found = {}
        for name, one in begun.items():
            found[name] = one.result()
            tell(round(_STEPS * (_RUNS + part_done())), _STEPS)
    games = play_games(runs, found, rng)
    answers = answer_all(runs, games.stable)
    comparison = compare_mechanisms(runs, answers, {name: found[name] for name in COMPARED})
    flips = shipped_flips(world)
    answers = labelled(answers, found["without feedback"], comparison, flips)
    generation, scores = found["next generation"], found["scorecard"]
    backtest = run_backtest(runs)
    contents = _contents(runs, games, answers, flips, backtest, scores, comparison, generation)
    files = tuple(write_together(folder, contents))
    if progress is not None:
        progress(1, 1)
    table = pd.DataFrame(
        [(f.argument, f.label, f.verdict, f.sentence) for f in answers],
        columns=["argument", "label", "verdict", "finding"],
    )
    return Written(table, answers, files)


def _others(world: World, draws: int, rng: int, threads: int | None) -> dict[str, Callable[[], Any]]:
    """What needs neither the runs nor each other, and so may go beside them; the longest first."""
    return {
        **games_to_simulate(world, draws, rng, threads),
        "without feedback": partial(answer_without_feedback, world, draws, rng, threads),
        "scorecard": partial(scorecard, world, draws=min(draws, _SCORED), rng=rng, threads=threads),
        **{name: partial(answer_under, name, world, draws, rng, threads) for name in COMPARED},
        "next generation": partial(run_next_generation, world, draws, rng, threads),
    }


def _contents(
    runs: Runs,
    games: Games,
    answers: tuple[Finding, ...],
    flips: pd.DataFrame | None,
    backtest: Backtest,
    scores: pd.DataFrame,
    comparison: Comparison,
    generation: NextGeneration,
) -> dict[str, bytes]:
    from standards_net.drawing import network_page, network_scenes

    page = network_page(network_scenes(runs.world, runs.main))
    # All scenarios and years are in network.html; inside the report a few keep it light.
    embedded = network_page(network_scenes(runs.world, runs.main, "radio", MAPS, _EMBEDDED_YEARS))
    charts = chart_files(runs, games, answers)
    charts |= generation_charts(generation)
    report = report_document(
        runs, games, answers, flips, backtest, scores, comparison, generation, embedded, charts
    )
    summary = pd.concat([runs.main.summary(year) for year in (2030, HORIZON)])
    tables = {
        "findings": findings_table(answers),
        "mechanisms": comparison.to_frame(),
        "blocs": bloc_table(runs),
        "fence": pd.concat([fence_table(runs, s, 0.1) for s in runs.main.coords["scenario"]]),
        "decomposition": decomposition_table(runs),
        "backtest": backtest.table.round(4),
        "scorecard": scores.round(6),
        "next_generation": generation.table().round(6),
        "summary": summary,
        "against_status_quo": runs.main.against("status-quo-2019"),
    }
    tables |= {name.removesuffix(".csv"): table for name, table in game_tables(games).items()}
    tables |= {} if flips is None else {"flip_values": flips}
    indices = shipped_indices(runs.world)
    tables |= {} if indices is None else {"sobol_indices": indices}
    contents = {
        "report.html": document_page(report).encode("utf-8"),
        "network.html": page.encode("utf-8"),
        **{f"{name}.csv": _csv(table) for name, table in tables.items()},
        "iamc.csv": _csv(runs.main.to_iamc(quantiles=INTERVAL)),
        "result.nc": runs.main.condensed().to_bytes(),
        **{f"figures/{name}": content for name, content in charts.items()},
    }
    said = (report.title, report.subtitle, report.banner, report.source)
    book = workbook_of(
        said, [(name, f"{name}.csv", table) for name, table in tables.items() if len(table.columns)]
    )
    return contents if book is None else {**contents, "tables.xlsx": book}


def findings_table(answers: tuple[Finding, ...]) -> pd.DataFrame:
    """Findings as a table for machines: every number with its interval and condition."""
    columns = [
        "argument", "claim", "label", "because", "verdict", "sentence", "measure", "unit", "median", "low",
        "high", "median_error", "share", "share_low", "share_high", "draws", "conditional_on",
    ]  # fmt: skip
    return pd.DataFrame([[getattr(f, c) for c in columns] for f in answers], columns=columns)


def _csv(table: pd.DataFrame) -> bytes:
    return as_csv(table).encode("utf-8")
