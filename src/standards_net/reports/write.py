"""Write a report: its page, tables as CSV and as a workbook, and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from standards_net.files import check_writable, write_together
from standards_net.progress import Progress
from standards_net.reports.page import document_files
from standards_net.reports.scenario_report import DRAWS, QUICK_DRAWS, scenario_report
from standards_net.scenario import ScenarioLike
from standards_net.world.world import World

__all__ = ["write_report"]


def write_report(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    *,
    out: str | Path,
    baseline: ScenarioLike = "status-quo-2019",
    draws: int | None = None,
    rng: int = 2019,
    until: int = 2040,
    quick: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Run scenarios, and write what they mean against a baseline.

    Parameters
    ----------
    world : World
    scenarios, baseline : name, path, mapping or Scenario
    out : str or Path
        Folder; its files appear together.
    draws : int or None
        256, or 64 if ``quick``.
    rng, until
        As in :func:`standards_net.run`.
    quick : bool
        Without the scorecard and the network page; the report says so.
    progress : callable or None
        Called with (done, in all).

    Returns
    -------
    list of Path
        ``report.html``, ``tables.xlsx`` (with the extra ``xlsx``), ``tables/*.csv``, ``figures/*``.

    Raises
    ------
    ScenarioError, StandardsNetError
        As in :func:`standards_net.run`; a folder that cannot be written.
    """
    folder = check_writable(out)
    number = draws if draws is not None else (QUICK_DRAWS if quick else DRAWS)
    document = scenario_report(
        world, scenarios, baseline, draws=number, rng=rng, until=until, quick=quick, progress=progress
    )
    return write_together(folder, document_files(document))
