"""Exceptions whose messages state what is wrong, where, and what would be valid."""

from __future__ import annotations

import difflib
import numbers
import re
from collections.abc import Iterable
from itertools import islice, takewhile
from typing import NamedTuple

__all__ = [
    "DataError",
    "Findings",
    "ScenarioError",
    "StandardsNetError",
    "StandardsNetWarning",
    "UnknownNameError",
    "nearest",
    "one_of",
    "printable",
]

_LONGEST = 2000  # characters of a complaint
_MOST = 100  # complaints of one error
_LONGEST_WORD = 60  # characters of a user's word within a sentence
_CODE = re.compile(r"[A-Z]{2,3}|[A-Z]*[0-9]+")  # of economies and groups, years: a slip is another one
_LONG, _LETTERS_PER_SLIP = 6, 4  # letters from which two slips are forgiven, and more than two
_BEGUN = 4  # letters that tell a name which is cut short


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
        messages = [complaints] if isinstance(complaints, str) else list(complaints)
        if len(messages) > _MOST:
            messages = [*messages[:_MOST], f"... and {len(messages) - _MOST} more."]
        self.complaints: tuple[str, ...] = tuple(_sentence(message) for message in messages)
        super().__init__("\n".join(self.complaints))

    def __str__(self) -> str:
        return "\n".join(self.complaints)

    def __reduce__(self) -> tuple[type[StandardsNetError], tuple[tuple[str, ...]]]:
        return type(self), (self.complaints,)


def printable(text: str) -> str:
    r"""Text whose control and invisible characters are written out; line breaks stay.

    Examples
    --------
    >>> print(printable("a" + chr(27) + "[31mb"))
    a\x1b[31mb
    """
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


def _sentence(message: str) -> str:
    """A message of bounded length that can be shown; after a question mark there is no full stop."""
    message = printable(message.replace("?.", "?"))
    if len(message) <= _LONGEST:
        return message
    return f"{message[: _LONGEST // 2]} [...] {message[-_LONGEST // 2 :]}"


class Findings(NamedTuple):
    """What is wrong with an input, and what can be used but is probably not what was meant.

    Attributes
    ----------
    errors, warnings : tuple of str
        A sentence each.
    """

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class StandardsNetWarning(UserWarning):
    """Something that can be used but is probably not what was meant: where it is, and what would be."""


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

    A slip changes few letters: a word that merely looks alike is not suggested. Of codes, acronyms and
    numbers the same letters are, in another case: one letter off is another economy or organisation.

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
    >>> nearest("ukr", ["UKR"]), nearest("UK", ["UKR"]), nearest("NAFTA", ["NATO"])
    ("; did you mean 'UKR'?", '', '')
    """
    typed = word.strip(" '\"[]()").casefold()[:_LONGEST_WORD]
    code = bool(_CODE.fullmatch(word.strip()))
    by_folded = {
        name.casefold(): name
        for name in valid
        if name.casefold() == typed or not (code or _CODE.fullmatch(name))
    }
    most = 1 if word.isupper() or len(typed) < _LONG else max(2, len(typed) // _LETTERS_PER_SLIP)
    close = difflib.get_close_matches(typed, by_folded, n=5, cutoff=0.6)
    begun = len(typed) >= _BEGUN  # a name that is cut short
    found = [name for name in close if _slips(name, typed) <= most or (begun and name.startswith(typed))]
    if not found:
        return ""

    def similarity(name: str) -> tuple[float, int]:
        """Similarity ratio, then length of the common prefix: first letters are rarely mistyped."""
        prefix = takewhile(lambda letters: letters[0] == letters[1], zip(name, typed, strict=False))
        return round(difflib.SequenceMatcher(None, name, typed).ratio(), 3), sum(1 for _ in prefix)

    return f"; did you mean '{by_folded[max(found, key=similarity)]}'?"


def _slips(one: str, other: str) -> int:
    """Letters inserted, left out, exchanged or replaced (Damerau 1964, doi:10.1145/363958.363994)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, its in enumerate(other, start=1):
            least = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]


def one_of(what: str, word: object, valid: Iterable[object]) -> str:
    """State that a word is not valid, naming the nearest valid word or listing the valid ones.

    Examples
    --------
    >>> one_of("vendor", "huawai", ["huawei", "nokia"])
    "unknown vendor 'huawai'; did you mean 'huawei'?"
    >>> one_of("vendor", "x", ["huawei", "nokia"])
    "unknown vendor 'x'; valid are huawei, nokia"
    >>> one_of("year", "2040", range(2019, 2041))
    "unknown year '2040', a word; did you mean the number 2040?"
    """
    listed = list(valid)
    text = str(word)
    for one in listed:
        if str(one) == text and _kind(one) != _kind(word):
            return f"unknown {what} {word!r}, a {_kind(word)}; did you mean the {_kind(one)} {one!r}?"
    names = sorted(map(str, listed))
    hint = nearest(text, names)
    if not hint:
        few = ", ".join(islice(names, 12)) + (", ..." if len(names) > 12 else "")
        hint = f"; valid are {few}"
    return f"unknown {what} '{_short(text)}'{hint}"


def _kind(value: object) -> str:
    if isinstance(value, str):
        return "word"
    return "number" if isinstance(value, numbers.Number) else type(value).__name__


def _short(text: str) -> str:
    """A user's word without its middle if it is long, and without line breaks and control characters."""
    text = printable(text)
    return text if len(text) <= _LONGEST_WORD else f"{text[:20]}...{text[-20:]}"
