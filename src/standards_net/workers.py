"""Worker processes, which end when the process that began them does, however it ends."""

from __future__ import annotations

import os
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

__all__ = ["at_once", "worker_processes"]

_SECONDS = 1.0  # between two looks


@contextmanager
def worker_processes(count: int) -> Iterator[Executor]:
    """So many processes, to submit functions and values to that can be pickled.

    What waits is dropped if the caller raises.

    Parameters
    ----------
    count : int
        At least 1.

    Examples
    --------
    >>> with worker_processes(1) as executor:
    ...     executor.submit(abs, -1).result()
    1
    """
    # A parent that is killed cannot end its workers: they look for it themselves.
    pool = _Processes(count, mp_context=get_context("spawn"), initializer=_end_with, initargs=(os.getpid(),))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


class _Processes(ProcessPoolExecutor):
    """Pickles what is submitted at once, not when its turn comes: values may fill their caches meanwhile."""

    def submit(self, call: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        return super().submit(_unpickled_call, pickle.dumps((call, arguments, options)))


def _unpickled_call(pickled: bytes) -> Any:
    call, arguments, options = pickle.loads(pickled)
    return call(*arguments, **options)


def _end_with(parent: int) -> None:
    """End this process soon after its parent has."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class _AtOnce(Executor):
    def submit(self, call: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(call(*arguments, **options))
        return future


def at_once() -> Executor:
    """An executor that runs what is submitted in this process, at once; what that raises is raised.

    Examples
    --------
    >>> at_once().submit(abs, -1).result()
    1
    """
    return _AtOnce()
