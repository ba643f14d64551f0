"""Write briefs to files: of one country, or of all with a page of contents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from standards_net.briefs.brief import brief_of, forecasts_of
from standards_net.briefs.page import brief_page, contents_page
from standards_net.briefs.simulated import run_countries
from standards_net.files import check_writable, write_together
from standards_net.progress import Progress, part_of
from standards_net.scenario import ScenarioLike
from standards_net.world.world import World

__all__ = ["BASELINE", "SCENARIO", "write_briefs"]

SCENARIO, BASELINE = "as-happened-2025", "status-quo-2019"
_RUNS = 0.3  # part of the time that runs take where every country gets a page


def write_briefs(
    world: World,
    countries: Sequence[str],
    scenarios: ScenarioLike | Sequence[ScenarioLike] = SCENARIO,
    *,
    out: str | Path,
    baseline: ScenarioLike = BASELINE,
    draws: int = 64,
    rng: int = 2019,
    until: int = 2040,
    progress: Progress | None = None,
) -> list[Path]:
    """Write a page for each country with a brief of each scenario, and a page of contents.

    Parameters
    ----------
    world : World
    countries : sequence of str
        Codes or names.
    scenarios, baseline : name, path, mapping or Scenario
    out : str or Path
        Folder; its files appear together.
    draws, rng, until
        As in :func:`standards_net.run`.
    progress : callable or None
        Called with (done, in all).

    Returns
    -------
    list of Path
        ``brief_DEU.html``, ..., and ``index.html`` if there are several.

    Raises
    ------
    ScenarioError, StandardsNetError
        Unknown countries or scenarios; a folder that cannot be written.
    """
    folder = check_writable(out)
    runs = run_countries(
        world, countries, scenarios, baseline, draws=draws, rng=rng, until=until,
        progress=part_of(progress, 0.0, _RUNS),
    )  # fmt: skip
    forecasts = forecasts_of(world, runs.countries, draws, rng)
    shown = [one.name for one in runs.scenarios[:-1]] or [runs.scenarios[-1].name]
    tell = part_of(progress, _RUNS, 1.0 - _RUNS)
    contents, links = {}, []
    for done, code in enumerate(runs.countries, start=1):
        briefs = [brief_of(runs, code, name, forecasts) for name in shown]
        contents[f"brief_{code}.html"] = brief_page(briefs, world).encode("utf-8")
        links.append((f"brief_{code}.html", briefs[0].name))
        if tell is not None:
            tell(done, len(runs.countries))
    if len(links) > 1:
        titles = ", ".join(one.title for one in runs.scenarios[:-1])
        title = f"What it means for each economy: {titles or runs.scenarios[-1].title}"
        contents["index.html"] = contents_page(sorted(links, key=lambda link: link[1]), title).encode("utf-8")
    return write_together(folder, contents)
