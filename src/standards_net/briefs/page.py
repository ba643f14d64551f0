"""Briefs as pages: one printed page for each country and scenario."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from standards_net.briefs.brief import CountryBrief, Supplies
from standards_net.drawing.charts.bands import COLOURS, share_bands
from standards_net.ensemble.provenance import own_tables, own_tables_banner
from standards_net.sinks import as_page_text
from standards_net.world.world import World

__all__ = ["TEMPLATES", "brief_article", "brief_page", "contents_page"]

TEMPLATES = Path(__file__).parent / "templates"
_ORANGES = ("#d55e00", "#8a3d00", "#8a6d00")


def brief_page(briefs: Sequence[CountryBrief], world: World) -> str:
    """One HTML file without external resources; each brief prints on a page of its own.

    Parameters
    ----------
    briefs : sequence of CountryBrief
    world : World
        Its own tables are named.

    Examples
    --------
    >>> import standards_net as sn
    >>> from standards_net.briefs.brief import brief_of
    >>> from standards_net.briefs.simulated import run_countries
    >>> world = sn.load_world()
    >>> runs = run_countries(world, ["KEN"], "silos", "status-quo-2019", draws=2, until=2021)
    >>> page = brief_page([brief_of(runs, "KEN", "silos")], world)
    >>> "<h1>Kenya</h1>" in page
    True
    """
    names = dict.fromkeys(brief.name for brief in briefs)
    articles = [brief_article(brief, world) for brief in briefs]
    return str(_template("brief.html").render(title=f"{', '.join(names)}: a brief", articles=articles))


def brief_article(brief: CountryBrief, world: World) -> Markup:
    """The brief as a part of a page.

    Parameters
    ----------
    brief : CountryBrief
    world : World
        Its own tables are named.
    """
    from standards_net import __version__

    charts = [
        Markup(
            share_bands(
                brief.years, base.vendors, title=f"{base.title}, {brief.name}", colours=_colours(base)
            )
        )
        for base in brief.supplies
    ]
    article = _template("article.html").render(
        brief=brief,
        charts=charts,
        version=__version__,
        own_tables=own_tables(world),
        banner=own_tables_banner(world),
    )
    return Markup(article)


def _colours(base: Supplies) -> dict[str, str]:
    """Chinese vendors in oranges, as the Chinese-led family has everywhere; others in other colours."""
    chinese = [name for name, pole in base.poles.items() if pole == "china"]
    others = [name for name in base.vendors if name not in chinese]
    return {
        name: colours[k % len(colours)]
        for names, colours in ((chinese, _ORANGES), (others, COLOURS))
        for k, name in enumerate(names)
    }


def contents_page(files: Sequence[tuple[str, str]], title: str) -> str:
    """A page of links to others.

    Parameters
    ----------
    files : sequence of (str, str)
        File and text of each.
    title : str
    """
    return str(_template("contents.html").render(files=files, title=title))


def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, finalize=as_page_text)
    return environment.get_template(name)
