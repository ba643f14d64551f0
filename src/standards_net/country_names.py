"""What people call economies: names and codes beside those of the tables, read or explained."""

from __future__ import annotations

import csv
import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from standards_net.errors import UnknownNameError, one_of
from standards_net.files import data_folder

__all__ = ["country_code", "find_country", "unknown_country"]

_FEW = 12  # codes that a message lists
_LENGTH_OF_CODE = 3
_LIKENESS = 0.8  # of a name that is suggested: England is not Ireland


@dataclass(frozen=True)
class _Alias:
    country: str
    kind: str  # iso2, name, other code, or none
    meaning: str


def find_country(word: object, codes: Iterable[str], names: Sequence[str] | None = None) -> str | None:
    """Code of the economy that a word names, or None; the code of another list is not read as one.

    Parameters
    ----------
    word : str
        ISO 3166-1 alpha-3 or alpha-2 code, or a name in English: accents, case and full stops do not count.
    codes : iterable of str
        Codes of the world, in order.
    names : sequence of str or None
        The world's own names of its economies, in the order of the codes.

    Examples
    --------
    >>> codes = ("CIV", "UKR", "GBR", "VNM")
    >>> [find_country(word, codes) for word in ("VNM", "Viet Nam", "UK", "Cote d'Ivoire", "RSA")]
    ['VNM', 'VNM', 'GBR', 'CIV', None]
    """
    known = tuple(codes)
    if not isinstance(word, str):
        return None
    if word in known:
        return word
    folded = _folded(word)
    for code, name in zip(known, names or (), strict=False):
        if _folded(name) == folded:
            return code
    alias = _aliases().get(word) or _by_folded_name().get(folded)
    if alias is None or alias.kind not in ("iso2", "name") or alias.country not in known:
        return None
    return alias.country


def country_code(
    word: object, codes: Iterable[str], names: Sequence[str] | None = None, *, what: str = "country"
) -> str:
    """Code of the economy that a word names (:func:`find_country`).

    Parameters
    ----------
    word : str
    codes : iterable of str
    names : sequence of str or None
    what : str
        What is asked for, for the error message.

    Raises
    ------
    UnknownNameError
        No such economy in the world; what the word means elsewhere is said.

    Examples
    --------
    >>> country_code("Britain", ("GBR", "VNM"))
    'GBR'
    """
    known = tuple(codes)
    found = find_country(word, known, names)
    if found is None:
        raise UnknownNameError(unknown_country(word, known, names or (), what) + ".")
    return found


def unknown_country(
    word: object, codes: Sequence[str], names: Sequence[str] = (), what: str = "country"
) -> str:
    """Why a word names no economy of the world, as the beginning of a sentence.

    Examples
    --------
    >>> unknown_country("WLD", ("DEU",))
    "unknown country 'WLD': it is the world; write 'all'"
    >>> unknown_country("GER", ("DEU",))
    "unknown country 'GER': it is no ISO 3166-1 code, and means DEU elsewhere; write 'DEU'"
    """
    alias = None
    if isinstance(word, str):
        alias = _aliases().get(word) or _by_folded_name().get(_folded(word))
    if alias is None:
        # The nearest name to a code is no nearer to what was meant than the nearest code.
        is_code = isinstance(word, str) and len(word.strip()) <= _LENGTH_OF_CODE
        likely = () if is_code else difflib.get_close_matches(str(word), names, n=1, cutoff=_LIKENESS)
        told = one_of(what, word, [*codes, *likely])
        listed = "; valid are " in told and len(codes) > _FEW
        return (
            told.split("; valid are ")[0] + "; give an ISO 3166-1 alpha-3 code or a name" if listed else told
        )
    if alias.kind == "none":
        return f"unknown {what} '{word}': it is {alias.meaning}"
    if alias.country not in codes:
        return f"unknown {what} '{word}': {alias.country} is not in this world"
    return (
        f"unknown {what} '{word}': it is no ISO 3166-1 code, and means {alias.country} elsewhere; "
        f"write '{alias.country}'"
    )


def _folded(word: str) -> str:
    """A name without accents, case, full stops, and spaces at its ends."""
    letters = unicodedata.normalize("NFKD", word)
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    spelt = plain.casefold().replace(".", "").replace("&", "and").replace("’", "'").replace("-", " ")
    return " ".join(spelt.split())


@lru_cache(maxsize=1)
def _aliases() -> dict[str, _Alias]:
    """Codes and names as they are written in the bundled list."""
    with (data_folder() / "countries" / "names.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: _Alias(row["country"], row["kind"], row["meaning"]) for row in csv.DictReader(file)
        }


@lru_cache(maxsize=1)
def _by_folded_name() -> dict[str, _Alias]:
    """Names by what counts of them; codes are read as they are written only."""
    return {
        _folded(name): alias
        for name, alias in _aliases().items()
        if alias.kind == "name" or (alias.kind == "none" and not (name.isupper() and len(name) <= 3))
    }
