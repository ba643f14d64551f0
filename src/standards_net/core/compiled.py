"""Loops compiled to machine code when they are first called.

numba is imported then, not before; what it compiles is kept on disk for the next process. Compiled
loops let go of Python's lock, so threads run side by side. They work on lanes: draws innermost
(:func:`standards_net.core.arrays.to_lanes`), which the compiler turns into vector instructions.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["compiled"]

_log = logging.getLogger("standards_net")
_PATIENCE_SECONDS = 0.5

_one_at_a_time = threading.Lock()


def compiled(loop: Callable[..., None]) -> Callable[..., None]:
    """Compile a function of arrays and numbers that writes its answers into its last arguments.

    Examples
    --------
    >>> import numpy as np
    >>> @compiled
    ... def double(values, out):
    ...     for i in range(len(values)):
    ...         out[i] = 2.0 * values[i]
    >>> out = np.empty(2)
    >>> double(np.array([1.0, 2.0]), out)
    >>> out.tolist()
    [2.0, 4.0]
    """

    @functools.cache
    def machine_code() -> Callable[..., None]:
        import numba

        try:
            return numba.njit(cache=True, nogil=True, error_model="numpy")(loop)
        except RuntimeError:
            # Nowhere to keep it: no folder is writable, or the source is no file (a shell, an example).
            return numba.njit(nogil=True, error_model="numpy")(loop)

    ready: set[tuple[Any, ...]] = set()

    @functools.wraps(loop)
    def call(*arguments: Any) -> None:
        kinds = tuple((a.dtype.char, a.ndim) if hasattr(a, "ndim") else type(a) for a in arguments)
        if kinds not in ready:
            with _one_at_a_time, _word_if_slow(loop.__name__):
                code: Any = machine_code()
                code.compile(tuple(map(_numba_type, arguments)))
            ready.add(kinds)
        machine_code()(*arguments)

    return call


def _numba_type(argument: Any) -> Any:
    import numba

    typeof: Callable[[Any], Any] = numba.typeof
    return typeof(argument)


@contextmanager
def _word_if_slow(what: str) -> Iterator[None]:
    """Say that something is being compiled, if it was not kept on disk and so takes a while."""
    said = threading.Timer(
        _PATIENCE_SECONDS,
        _log.warning,
        (f"compiling '{what}' for this machine; later runs will find it ready",),
    )
    said.daemon = True
    said.start()
    try:
        yield
    finally:
        said.cancel()
