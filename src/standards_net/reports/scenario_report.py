"""The report of any scenarios against a baseline."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from standards_net.briefs.simulated import run_countries
from standards_net.drawing.result_pictures import source_line
from standards_net.ensemble.provenance import own_tables_banner
from standards_net.ensemble.run import run
from standards_net.errors import StandardsNetError
from standards_net.evidence import scorecard
from standards_net.progress import Progress, part_of
from standards_net.reports import sections
from standards_net.reports.document import Document, Section
from standards_net.reports.seen import Seen
from standards_net.reports.summary import summary
from standards_net.scenario import ScenarioLike
from standards_net.world.world import World

__all__ = ["DRAWS", "QUICK_DRAWS", "scenario_report"]

DRAWS, QUICK_DRAWS = 256, 64
_LEFT_OUT = (
    "A quick report of {draws} draws, which are few for the ends of intervals. Left out: the scorecard "
    "against "
    "reported shares, and the network page. Without --quick both are there."
)


def scenario_report(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    baseline: ScenarioLike,
    *,
    draws: int = DRAWS,
    rng: int = 2019,
    until: int = 2040,
    quick: bool = False,
    progress: Progress | None = None,
) -> Document:
    """Run scenarios and write their report as a document.

    Parameters
    ----------
    world : World
    scenarios, baseline : name, path, mapping or Scenario
    draws, rng, until
        As in :func:`standards_net.run`.
    quick : bool
        Without the scorecard and the network page.
    progress : callable or None

    Raises
    ------
    ScenarioError, StandardsNetError
        As in :func:`standards_net.run`.
    """
    countries = run_countries(
        world, world.countries, scenarios, baseline, draws=min(draws, QUICK_DRAWS), rng=rng, until=until,
        progress=part_of(progress, 0.0, 0.2),
    )  # fmt: skip
    every = countries.scenarios
    result = run(
        world,
        every,
        draws=draws,
        rng=rng,
        until=until,
        snapshots=[until],
        progress=part_of(progress, 0.2, 0.3),
    )
    scores = None if quick else _scores(world, draws, rng, part_of(progress, 0.5, 0.4))
    seen = Seen(world, result, countries, every[:-1] or every, every[-1], scores)
    titles = " and ".join(one.title for one in seen.shown)
    document = Document(
        title=titles,
        subtitle=f"Against: {seen.baseline.title}. {len(world.countries)} economies, "
        f"{', '.join(seen.technologies)}, {draws} draws, 2019 to {seen.last}.",
        sections=(
            Section("summary", "Summary", list(summary(seen))),
            Section("scenarios", "What the scenarios say", list(sections.scenarios(seen))),
            Section("measures", "Markets and interoperability", list(sections.measures(seen))),
            Section("costs", "What it costs", list(sections.costs(seen))),
            Section("blocs", "Who stands where", list(sections.blocs(seen))),
            Section("countries", "Country by country", list(sections.countries(seen))),
            *(() if quick else (Section("network", "The network", list(sections.network(seen))),)),
            Section("evidence", "How good the model is", list(sections.evidence(seen))),
            Section("words", "How to read the numbers", list(sections.words(seen))),
            Section("parameters", "Parameters", list(sections.parameters(seen)), annex=True),
            Section("sources", "Sources", list(sections.sources(seen)), annex=True),
        ),
        source=source_line(result),
        banner=own_tables_banner(world),
        left_out=_LEFT_OUT.format(draws=draws) if quick else "",
    )
    if progress is not None:
        progress(1, 1)
    return document


def _scores(world: World, draws: int, rng: int, progress: Progress | None) -> pd.DataFrame | None:
    try:
        return scorecard(world, draws=draws, rng=rng, progress=progress)
    except StandardsNetError:  # no country of this world has reports
        return None
