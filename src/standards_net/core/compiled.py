"""Loops compiled to machine code when they are first called.

numba is imported then, not before; what it compiles is kept on disk for the next process. Compiled
loops let go of Python's lock, so threads run side by side. They work on lanes: draws innermost
(:func:`standards_net.core.arrays.to_lanes`), which the compiler turns into vector instructions.
"""

from __future__ import annotations

import functools
import logging
import threading
import types
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

__all__ = ["compiled", "inlined"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

_log = logging.getLogger("standards_net")

_one_at_a_time = threading.Lock()
_keep = True  # machine code on disk, for the next process


def compiled(loop: Callable[..., None], *, contract: bool = False) -> Callable[..., None]:
    """Compile a function of arrays and numbers that writes its answers into its last arguments.

    With ``contract`` a product and a sum may be one instruction where the machine has it: faster, and
    the last bit may differ between machines.

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

        linked = _linked(loop)
        settings: dict[str, Any] = {
            "nogil": True,
            "error_model": "numpy",
            "fastmath": {"contract"} if contract else False,
        }
        code: Callable[..., None]
        try:
            code = numba.njit(cache=_keep, **settings)(linked)
        except RuntimeError:
            # Nowhere to keep it: no folder is writable, or the source is no file (a shell, an example).
            code = numba.njit(**settings)(linked)
        return code

    ready: Callable[..., None] | None = None

    @functools.wraps(loop)
    def call(*arguments: Any) -> None:
        (ready or first(arguments))(*arguments)

    def first(arguments: tuple[Any, ...]) -> Callable[..., None]:
        nonlocal ready
        types_of = tuple(map(_numba_type, arguments))
        with _one_at_a_time, _announce_compilation():
            try:
                compile_for(types_of)
            except Exception as error:
                if not _keep:
                    raise
                # What is kept on disk is damaged: an empty index, a file cut short. Do without it.
                _stop_keeping(error)
                _forget(loop)
                machine_code.cache_clear()
                compile_for(types_of)
        ready = machine_code()
        return ready

    def compile_for(types_of: tuple[Any, ...]) -> None:
        code: Any = machine_code()
        code.compile(types_of)

    call.machine_code = machine_code  # type: ignore[attr-defined]
    call.loop = loop  # type: ignore[attr-defined]
    return call


def _stop_keeping(error: Exception) -> None:
    """Compile in memory from now on, and say so once."""
    global _keep
    _keep = False
    _log.warning(
        "standards_net: the compiled loops on disk cannot be read (%s) and are compiled anew. "
        "Remove the files that end in .nbi and .nbc, in __pycache__ or in NUMBA_CACHE_DIR.",
        type(error).__name__,
    )


def _forget(loop: Callable[..., None]) -> None:
    """Forget the machine code of the loops that a loop calls: it was made to be kept."""
    for name in loop.__code__.co_names:
        called: Any = loop.__globals__.get(name)
        if hasattr(called, "machine_code"):
            called.machine_code.cache_clear()
            _forget(called.loop)


def inlined(function: _Function) -> _Function:
    """Mark a function of numbers that compiled loops call: its code is put in the place of each call.

    So a loop over it can still become vector instructions. From Python it is called as it is.

    Examples
    --------
    >>> @inlined
    ... def doubled(value):
    ...     return 2.0 * value
    >>> doubled(1.5)
    3.0
    """
    function.loop = function  # type: ignore[attr-defined]
    return function


def _linked(loop: Callable[..., None]) -> Callable[..., None]:
    """The same loop, with the code of what it calls in the place of wrappers and of inlined functions.

    What is kept on disk is found by name and by the caller's file; a mark of what is called goes into
    the name, so that a change there is not overlooked.
    """
    import numba

    known = loop.__globals__
    called = {name: known[name] for name in loop.__code__.co_names if hasattr(known.get(name), "loop")}
    if not called:
        return loop
    code = {
        name: other.machine_code() if hasattr(other, "machine_code") else numba.njit(inline="always")(other)
        for name, other in called.items()
    }
    linked = types.FunctionType(loop.__code__, {**known, **code}, loop.__name__, loop.__defaults__)
    mark = zlib.crc32(b"".join(_all_of(wrapper.loop) for wrapper in called.values()))
    linked.__qualname__ = f"{loop.__qualname__}_{mark:08x}"
    return linked


def _all_of(loop: Callable[..., None]) -> bytes:
    """What a function does, constants of its module and all that it calls included."""
    code, known = loop.__code__, loop.__globals__
    parts = [code.co_code, repr((code.co_consts, code.co_names)).encode()]
    for name in code.co_names:
        value: Any = known.get(name)
        if hasattr(value, "loop"):
            parts.append(_all_of(value.loop))
        elif isinstance(value, int | float) or hasattr(value, "dtype"):
            parts.append(repr(value).encode())
    return b"".join(parts)


def _numba_type(argument: Any) -> Any:
    import numba

    typeof: Callable[[Any], Any] = numba.typeof
    return typeof(argument)


@contextmanager
def _announce_compilation() -> Iterator[None]:
    """Say once that loops are being compiled, if they are: what is loaded from disk is not announced."""
    from numba.core import event

    class Announcer(event.Listener):
        def on_start(self, _: Any) -> None:
            _announce_once()

        def on_end(self, _: Any) -> None:
            pass

    with event.install_listener("numba:compile", Announcer()):
        yield


@functools.cache
def _announce_once() -> None:
    _log.warning("standards_net: compiling numerical loops; this takes some seconds, once on each machine")
