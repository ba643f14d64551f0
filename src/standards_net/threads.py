"""Limits BLAS to one thread while the package's own threads run."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["single_threaded_blas"]

_lock = threading.Lock()
_running = 0
_limit: Any = None


@functools.cache
def _libraries() -> Any:
    """Handle of the loaded libraries, cached because detection takes as long as a small run."""
    import numpy  # noqa: F401 - its BLAS must be loaded to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _take_control() -> None:
    """Let this thread set limits: threadpoolctl 3.7 and newer heed only the first thread that has set one."""
    from threadpoolctl import OpenBLASController

    release = getattr(OpenBLASController, "clear_controlling_thread", None)
    if release is not None:
        release(force=True)


@contextmanager
def single_threaded_blas() -> Iterator[None]:
    """Hold BLAS to one thread; the limit is lifted when the last of several concurrent users leaves.

    Products of one thread add up in a fixed order, so results do not depend on the number of cores.

    Examples
    --------
    >>> with single_threaded_blas(), single_threaded_blas():
    ...     pass
    """
    global _running, _limit
    with _lock:
        if not _running:
            _take_control()
            _limit = _libraries().limit(limits=1, user_api="blas")
        _running += 1
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if not _running:
                _take_control()
                _limit.restore_original_limits()
                _take_control()
