"""The type of progress reports, and progress of a part of the work as progress of the whole."""

from __future__ import annotations

import warnings
from collections.abc import Callable

__all__ = ["Progress", "heeded", "part_of"]

Progress = Callable[[int, int], None]
_WHOLE = 1000


def part_of(progress: Progress | None, begun: float, part: float) -> Progress | None:
    """Progress of work that begins when ``begun`` of the whole is done and is ``part`` of it.

    Parameters
    ----------
    progress : callable or None
        Called with (done, in all); None stays None.
    begun, part : float
        Fractions of the whole, 0 to 1.

    Examples
    --------
    >>> second_half = part_of(lambda done, total: print(done, total), 0.5, 0.5)
    >>> second_half(1, 5)
    600 1000
    """
    if progress is None:
        return None
    return lambda done, total: progress(round(_WHOLE * (begun + part * done / max(total, 1))), _WHOLE)


def heeded(progress: Progress | None) -> Progress:
    """A report that never ends the work: where the caller's own raises, it is told once and left out.

    Parameters
    ----------
    progress : callable or None
        None is told nothing.

    Examples
    --------
    >>> heeded(None)(1, 2)
    """
    failed = progress is None

    def tell(done: int, total: int) -> None:
        nonlocal failed
        if progress is None or failed:
            return
        try:
            progress(done, total)
        except Exception as error:
            failed = True
            warnings.warn(
                f"progress raised {type(error).__name__}: {error}; the run goes on without it.",
                RuntimeWarning,
                stacklevel=3,
            )

    return tell
