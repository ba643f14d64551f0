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
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

__all__ = ["compiled", "inlined"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

_log = logging.getLogger("standards_net")

_one_at_a_time = threading.Lock()


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
            code = _guarded(numba.njit(cache=True, **settings)(linked))
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
        with _one_at_a_time, _announce_compilation():
            code: Any = machine_code()
            code.compile(tuple(map(_numba_type, arguments)))
        ready = machine_code()
        return ready

    call.machine_code = machine_code  # type: ignore[attr-defined]
    call.loop = loop  # type: ignore[attr-defined]
    return call


def _guarded(code: Any) -> Any:
    """The same dispatcher, which compiles anew what it cannot read from disk: files cut short, or empty."""
    kept = getattr(code, "_cache", None)
    if kept is None or not hasattr(kept, "load_overload"):
        return code
    load, save = kept.load_overload, kept.save_overload

    def load_if_sound(*arguments: Any) -> Any:
        try:
            return load(*arguments)
        except Exception:  # whatever pickle makes of damaged bytes
            _warn_of_damage()
            return None

    def save_if_possible(*arguments: Any) -> None:
        with suppress(Exception):  # beside an index that cannot be read nothing can be kept
            save(*arguments)

    kept.load_overload, kept.save_overload = load_if_sound, save_if_possible
    return code


@functools.cache
def _warn_of_damage() -> None:
    _log.warning(
        "standards_net: compiled loops on disk cannot be read and are compiled anew. Remove the files that "
        "end in .nbi and .nbc, in __pycache__ or in NUMBA_CACHE_DIR."
    )


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
