"""The command ``standards-net``: a thin shell over the package."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

from standards_net.cli.interrupt import catch_signals, sentence_when_stopped
from standards_net.errors import StandardsNetError, StandardsNetWarning
from standards_net.files import reason_of

__all__ = ["main"]


def main() -> None:
    """Run the command line; a user's mistake ends in one sentence and exit code 2."""
    # Imports make many objects that live on; collecting in between takes a tenth of a short command.
    gc.set_threshold(100_000, 50, 50)
    if sys.stderr is None:  # closed: there is nobody to tell
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        _end(2, "standard output is closed; there is nowhere to write to.")
    catch_signals()
    warnings.showwarning = _show_warning
    try:
        _run()
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        _silence(sys.stdout)
        sys.exit(0)
    except (KeyboardInterrupt, SystemExit) as end:
        # typer turns Ctrl-C into an exit without a word.
        if (sentence := sentence_when_stopped()) is not None:
            _end(130, sentence)
        sys.exit(130 if isinstance(end, KeyboardInterrupt) else end.code)
    except MemoryError:
        _end(2, "there is not enough memory; ask for less: fewer draws, scenarios, technologies or pairs.")
    except RecursionError:
        _end(2, "an input is nested too deeply to be read.")
    except OSError as error:
        _silence(sys.stdout)
        _end(2, f"{error.filename or 'the output'}: {reason_of(error)}.")


def _run() -> None:
    from standards_net.cli.app import app
    from standards_net.cli.console import say

    try:
        app()
    except StandardsNetError as error:
        for complaint in error.complaints:
            say(f"standards-net: {complaint}")
        sys.exit(2)
    finally:
        sys.stdout.flush()


def _show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Our own warnings are for the user; others are for developers, who have other ways to see them."""
    from standards_net.cli.console import say

    if issubclass(category, StandardsNetWarning):
        say(f"standards-net: warning: {message}")


def _end(code: int, sentence: str) -> NoReturn:
    print(f"standards-net: {sentence}", file=sys.stderr)
    sys.exit(code)


def _silence(stream: Any) -> None:
    """Let the interpreter's last flush of a broken stream go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
