"""The command ``desk``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from standards_net.cli.console import say, world_of
from standards_net.cli.options import DataOption
from standards_net.errors import StandardsNetError

__all__ = ["DESK", "desk"]

DESK = (
    "Examples:\n\nstandards-net desk\n\nstandards-net desk my.toml --data my-tables/\n\n"
    "standards-net desk 6g-split-2030 --port 8050 --no-browser"
)
_NEEDED = ("shiny", "uvicorn", "tomli_w")


def desk(
    scenario: Annotated[
        str, typer.Argument(help="Where to begin: a shipped scenario, or a .toml or .json file.")
    ] = "as-happened-2025",
    data: DataOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve at; a free one if 0.")] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the page; only say where it is.")
    ] = False,
) -> None:
    """Move levers and see the world answer: a page in your browser, served on this machine only.

    Exclude vendors, choose sides, split standards; markets, losses, blocs and costs answer at once, always
    against a baseline. Ends with Ctrl+C.
    """
    from standards_net.scenario import load_scenario

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise StandardsNetError(
            f"the desk needs {', '.join(missing)}; install them with: pip install 'standards-net[desk]'"
        )
    from standards_net.desk.app import serve
    from standards_net.desk.question import Question

    start = load_scenario(scenario)
    world = world_of(data)
    serve(world, Question(start=start, baseline=start), port=port, browser=not no_browser, said=say)
