"""Ending a command by Ctrl-C or a signal: whatever ends it, one sentence says how things stand."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

__all__ = ["catch_signals", "sentence_when_stopped", "when_stopped"]

_USUAL = "stopped; no file is half-written."

_stopped = False
_sentence = _USUAL


def catch_signals() -> None:
    """Let SIGTERM and SIGHUP end the command as Ctrl-C does: what is staged is removed, workers are ended."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _interrupt)


def _interrupt(*_: Any) -> NoReturn:
    global _stopped
    _stopped = True
    raise KeyboardInterrupt


@contextmanager
def when_stopped(sentence: str) -> Iterator[None]:
    """What to say if the command is stopped here."""
    global _sentence
    _sentence = sentence
    yield
    _sentence = _USUAL


def sentence_when_stopped() -> str | None:
    """How things stand if the command was stopped; None if it was not."""
    return _sentence if _stopped else None
