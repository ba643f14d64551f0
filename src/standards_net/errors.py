"""Exceptions whose messages state what is wrong, where, and what would be valid."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import takewhile

__all__ = ["DataError", "ScenarioError", "StandardsNetError", "UnknownNameError", "nearest", "one_of"]


class StandardsNetError(ValueError):
    r"""A user error, reported in whole sentences.

    Parameters
    ----------
    complaints : str or iterable of str
        One message, or several found at once.

    Examples
    --------
    >>> str(StandardsNetError(["first.", "second."]))
    'first.\nsecond.'
    """

    def __init__(self, complaints: str | Iterable[str]) -> None:
        messages = (complaints,) if isinstance(complaints, str) else tuple(complaints)
        # No full stop after a suggestion that ends with a question mark.
        self.complaints: tuple[str, ...] = tuple(message.replace("'?.", "'?") for message in messages)
        super().__init__("\n".join(self.complaints))

    def __str__(self) -> str:
        return "\n".join(self.complaints)

    def __reduce__(self) -> tuple[type[StandardsNetError], tuple[tuple[str, ...]]]:
        return type(self), (self.complaints,)


class UnknownNameError(StandardsNetError, KeyError):
    """A name not present in a mapping or on an axis; also a ``KeyError``, as mappings raise.

    Examples
    --------
    >>> try:
    ...     raise UnknownNameError(one_of("vendor", "huawai", ["huawei", "nokia"]) + ".")
    ... except KeyError as error:
    ...     print(error)
    unknown vendor 'huawai'; did you mean 'huawei'?
    """


class DataError(StandardsNetError):
    """A table does not conform to the data dictionary."""


class ScenarioError(StandardsNetError):
    """A scenario file does not conform to its schema or does not match the world."""


def nearest(word: str, valid: Iterable[str]) -> str:
    """Suggest the valid word nearest to an unknown one, as the end of a sentence.

    Parameters
    ----------
    word : str
        What the user wrote.
    valid : iterable of str
        The valid words.

    Returns
    -------
    str
        ``"; did you mean 'x'?"``, or an empty string if no word is close enough.

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

    def similarity(name: str) -> tuple[float, int]:
        """Similarity ratio, then length of the common prefix: first letters are rarely mistyped."""
        typed = word.casefold()
        prefix = takewhile(lambda letters: letters[0] == letters[1], zip(name, typed, strict=False))
        return round(difflib.SequenceMatcher(None, name, typed).ratio(), 3), sum(1 for _ in prefix)

    return f"; did you mean '{by_folded[max(found, key=similarity)]}'?"


def one_of(what: str, word: object, valid: Iterable[str]) -> str:
    """State that a word is not valid, naming the nearest valid word or listing the valid ones.

    Examples
    --------
    >>> one_of("vendor", "huawai", ["huawei", "nokia"])
    "unknown vendor 'huawai'; did you mean 'huawei'?"
    >>> one_of("vendor", "x", ["huawei", "nokia"])
    "unknown vendor 'x'; valid are huawei, nokia"
    """
    names = sorted(valid)
    hint = nearest(str(word), names)
    if not hint:
        shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
        hint = f"; valid are {shown}"
    return f"unknown {what} '{word}'{hint}"
