"""The desk as a web application, and its server on this machine."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

from standards_net.desk import page
from standards_net.desk.question import Question
from standards_net.desk.safety import Guard
from standards_net.desk.session import Reader
from standards_net.desk.simulated import Simulator
from standards_net.errors import StandardsNetError
from standards_net.world.world import World

__all__ = ["HOST", "desk_app", "serve"]

HOST = "127.0.0.1"
_STATIC = Path(__file__).parent / "static"
_SOON = 0.5  # seconds until the browser is opened


def desk_app(world: World, opening: Question) -> Guard:
    """The application: a page, a session for each that is open, and a guard before them.

    Parameters
    ----------
    world : World
    opening : Question
        What is asked where the address says nothing.
    """
    from shiny import App, Inputs, Outputs, Session, ui

    simulator = Simulator(world)
    simulator.checked(opening)

    def server(inputs: Inputs, outputs: Outputs, session: Session) -> None:
        Reader(simulator, opening, inputs, outputs, session)

    return Guard(App(ui.page_html(page.page(world)), server, static_assets={"/desk": _STATIC}))


def serve(
    world: World,
    opening: Question,
    *,
    port: int = 0,
    browser: bool = True,
    said: Callable[[str], Any] = print,
) -> None:
    """Serve the desk on this machine until it is stopped.

    Parameters
    ----------
    world : World
    opening : Question
    port : int
        A free one if 0.
    browser : bool
        Open the page in the reader's browser.
    said : callable
        Told the address.

    Raises
    ------
    StandardsNetError
        The port is taken.
    """
    import uvicorn

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen()  # whoever reads the address may use it at once
        except OSError as error:
            raise StandardsNetError(
                f"port {port} cannot be used ({error.strerror}); name another with --port."
            ) from None
        address = f"http://{HOST}:{listening.getsockname()[1]}/"
        config = uvicorn.Config(
            desk_app(world, opening), log_level="warning", ws_max_size=400_000, ws="websockets-sansio"
        )
        said(f"the desk is at {address} (on this machine only; stop it with Ctrl+C)")
        if browser:
            opener = Timer(_SOON, webbrowser.open, (address,))
            opener.daemon = True
            opener.start()
        uvicorn.Server(config).run(sockets=[listening])
