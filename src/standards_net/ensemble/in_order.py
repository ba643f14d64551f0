"""Sums over blocks of draws that do not depend on which block was done first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["InOrder"]

T = TypeVar("T")


class InOrder(Generic[T]):
    """Hands on what blocks of draws contribute in the order of their draws; many threads may add.

    A block that is ahead of its turn waits.

    Parameters
    ----------
    take : callable
        ``take(rows, content)``, called for one block at a time.
    first : int
        Place of the first draw.

    Examples
    --------
    >>> taken = []
    >>> blocks = InOrder(lambda rows, content: taken.append(content))
    >>> blocks.add("a", slice(4, 8), "second"); blocks.add("a", slice(0, 4), "first")
    >>> taken
    ['first', 'second']
    """

    def __init__(self, take: Callable[[slice, T], None], first: int = 0) -> None:
        self._take, self._lock = take, Lock()
        self._next: dict[Hashable, int] = defaultdict(lambda: first)
        self._waiting: dict[tuple[Hashable, int], tuple[slice, T]] = {}

    def add(self, key: Hashable, rows: slice, content: T) -> None:
        """Hand on the contribution of a block of draws, now or when its rows are next."""
        with self._lock:
            self._waiting[key, rows.start] = (rows, content)
            while found := self._waiting.pop((key, self._next[key]), None):
                self._take(*found)
                self._next[key] = found[0].stop
