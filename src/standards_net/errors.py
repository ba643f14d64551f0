"""Complaints that say what is wrong, where, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import takewhile

__all__ = ["DataError", "ScenarioError", "StandardsNetError", "UnknownNameError", "nearest", "one_of"]


class StandardsNetError(ValueError):
    r"""A user's mistake, told in whole sentences.

    Parameters
    ----------
    complaints : str or iterable of str
        One sentence, or several found at once.

    Examples
    --------
    >>> str(StandardsNetError(["first.", "second."]))
    'first.\nsecond.'
    """

    def __init__(self, complaints: str | Iterable[str]) -> None:
        found = (complaints,) if isinstance(complaints, str) else tuple(complaints)
        # A sentence that ends in a question ends there.
        self.complaints: tuple[str, ...] = tuple(one.replace("'?.", "'?") for one in found)
        super().__init__("\n".join(self.complaints))

    def __str__(self) -> str:
        return "\n".join(self.complaints)

    def __reduce__(self) -> tuple[type[StandardsNetError], tuple[tuple[str, ...]]]:
        return type(self), (self.complaints,)


class UnknownNameError(StandardsNetError, KeyError):
    """A name that a mapping or an axis does not have; also a ``KeyError``, as mappings raise it.

    Examples
    --------
    >>> try:
    ...     raise UnknownNameError(one_of("vendor", "huawai", ["huawei", "nokia"]) + ".")
    ... except KeyError as error:
    ...     print(error)
    unknown vendor 'huawai'; did you mean 'huawei'?
    """


class DataError(StandardsNetError):
    """A table does not fit the data dictionary."""


class ScenarioError(StandardsNetError):
    """A scenario file does not fit its schema or the world."""


def nearest(word: str, valid: Iterable[str]) -> str:
    """Suggest the valid word nearest to an unknown one, as the tail of a sentence.

    Parameters
    ----------
    word : str
        What the user wrote.
    valid : iterable of str
        What could have been meant.

    Returns
    -------
    str
        ``"; did you mean 'x'?"``, or an empty string if nothing is near.

    Examples
    --------
    >>> nearest("huawai", ["huawei", "nokia"])
    "; did you mean 'huawei'?"
    >>> nearest("qqq", ["huawei", "nokia"])
    ''
    """
    by_folded = {name.casefold(): name for name in valid}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=5, cutoff=0.6)
    if not found:
        return ""

    def alike(name: str) -> tuple[float, int]:
        """Among equally near words people get the beginning right."""
        typed = word.casefold()
        same = takewhile(lambda letters: letters[0] == letters[1], zip(name, typed, strict=False))
        return round(difflib.SequenceMatcher(None, name, typed).ratio(), 3), sum(1 for _ in same)

    return f"; did you mean '{by_folded[max(found, key=alike)]}'?"


def one_of(what: str, word: str, valid: Iterable[str]) -> str:
    """Say that a word is not among the valid ones, naming the nearest or all of them.

    Examples
    --------
    >>> one_of("vendor", "huawai", ["huawei", "nokia"])
    "unknown vendor 'huawai'; did you mean 'huawei'?"
    >>> one_of("vendor", "x", ["huawei", "nokia"])
    "unknown vendor 'x'; valid are huawei, nokia"
    """
    names = sorted(valid)
    hint = nearest(word, names)
    if not hint:
        shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
        hint = f"; valid are {shown}"
    return f"unknown {what} '{word}'{hint}"
