"""Pages of the API reference and of the measures, from the package's own lists of public names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path

from standards_net.measures import BREAKDOWNS, COUNTRY_MEANS, MEASURES, Measure
from tools.build_docs.docstrings import as_markdown

__all__ = ["PAGES", "ROOMS"]

# Rooms with a page of their own; their names are reached as ``standards_net.<room>.<name>``.
ROOMS = (
    "world",
    "scenario",
    "model",
    "processes",
    "diffusion",
    "networks",
    "measures",
    "results",
    "alignment",
    "estimation",
    "evidence",
    "sensitivity",
    "drawing",
    "briefs",
    "reports",
    "adapters.salib",
    "adapters.ema",
    "adapters.bmi",
    "adapters.dask",
)


def api_page(room: str) -> str:
    """Every public name of the package, or of one of its rooms."""
    module = f"standards_net.{room}" if room else "standards_net"
    public = import_module(module)
    summary = as_markdown((public.__doc__ or "").strip().split("\n")[0])
    lines = [f"# {module}", "", "Rendered from the docstrings by `make docs`.", "", summary, ""]
    names = [name for name in sorted(public.__all__, key=str.casefold) if name != "__version__"]
    if not room:
        lines += ["Reachable after `import standards_net as sn`. Rooms with pages of their own: "]
        lines[-1] += ", ".join(f"[`{r}`]({r}.md)" for r in ROOMS) + "."
        lines.append("")
    for name in names:
        if name not in ROOMS and name != "adapters":
            lines += [f"::: {module}.{name}", ""]
    return "\n".join(lines)


def measures_page() -> str:
    """What a run records, from the table that records it."""
    lines = [
        "# Measures",
        "",
        "Rendered from `standards_net.measures` by `make docs`. A run records each of these for every",
        "scenario, draw, year and technology: `result[name]` has unit and meaning with it,",
        "`result.values(name, year=2040)` the numbers.",
        "",
        *_table(MEASURES.values()),
        "## By standard, group and vendor",
        "",
        *_table(BREAKDOWNS.values()),
        "## By country",
        "",
        "Means over the draws; `snapshot_share` holds the draws of the last year and of those asked for.",
        "",
        *_table(COUNTRY_MEANS.values()),
    ]
    return "\n".join(lines)


def _table(measures: Iterable[Measure]) -> list[str]:
    rows = ["| name | unit | axes beside the run's | meaning | IAMC name |", "|---|---|---|---|---|"]
    for measure in measures:
        headline = f"**`{measure.name}`**" if measure.headline else f"`{measure.name}`"
        axes = ", ".join(measure.dims)
        # A bar inside a cell is escaped.
        iamc = f"`Standards|5G|{measure.iamc_name}`".replace("|", "\\|") if measure.iamc_name else ""
        rows.append(f"| {headline} | {measure.unit} | {axes} | {measure.meaning} | {iamc} |")
    return [*rows, ""]


PAGES: dict[Path, Callable[[], str]] = {
    Path("docs/measures.md"): measures_page,
    Path("docs/api/index.md"): partial(api_page, ""),
    **{Path(f"docs/api/{room}.md"): partial(api_page, room) for room in ROOMS},
}
