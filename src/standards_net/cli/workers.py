"""Worker processes of a command, which end when the command does, however it ends."""

from __future__ import annotations

import os
import threading
import time

__all__ = ["end_with"]

_SECONDS = 1.0  # between two looks


def end_with(parent: int) -> None:
    """End this process soon after its parent has: a parent that is killed cannot do it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
