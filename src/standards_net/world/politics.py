"""Alignment of countries in 2019, and their leaning towards the poles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray

__all__ = [
    "NONALIGNED",
    "affinity_index",
    "finance_receptivity",
    "income_rank",
    "leaning",
    "starting_alignments",
]

NONALIGNED = "nonaligned"

_US_CLUBS = ("NATO", "EU", "FiveEyes", "ANZUS", "Quad")
_CHINA_CLUBS = ("SCO",)
_BY_COUNTRY = {"TWN": "us", "CHN": "china", "HKG": "china"}


def starting_alignments(countries: Sequence[str], groups: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Alignment of each country at the end of 2019, from its memberships.

    ``us``: members of NATO, the EU, the Five Eyes, ANZUS or the Quad, major non-NATO allies of the United
    States in the OECD, and Taiwan. ``china``: China, Hong Kong and members of the Shanghai Cooperation
    Organisation. Countries in both camps, or in none, are ``nonaligned``.

    Examples
    --------
    >>> starting_alignments(["DEU", "IND", "BRA"], {"NATO": frozenset({"DEU"}),
    ...     "Quad": frozenset({"IND"}), "SCO": frozenset({"IND"})})
    ('us', 'nonaligned', 'nonaligned')
    """
    none: frozenset[str] = frozenset()
    us = frozenset().union(*(groups.get(club, none) for club in _US_CLUBS))
    us |= groups.get("US_MNNA", none) & groups.get("OECD", none)
    china = frozenset().union(*(groups.get(club, none) for club in _CHINA_CLUBS))

    def camp(country: str) -> str:
        if country in _BY_COUNTRY:
            return _BY_COUNTRY[country]
        if (country in us) == (country in china):
            return NONALIGNED
        return "us" if country in us else "china"

    return tuple(camp(country) for country in countries)


def affinity_index(alignments: Sequence[str], leaning_us: FloatArray) -> FloatArray:
    """Political affinity to the US pole, -1 to 1: the mean of UN voting and declared alignment.

    Parameters
    ----------
    alignments : sequence of str
        Of N countries.
    leaning_us : (N,) array
        -1 (votes like China) to 1 (votes like the United States).

    Examples
    --------
    >>> affinity_index(["us", "nonaligned"], np.array([1.0, 0.5])).tolist()
    [1.0, 0.25]
    """
    camp = np.array([{"us": 1.0, "china": -1.0}.get(a, 0.0) for a in alignments])
    return np.asarray(0.5 * leaning_us + 0.5 * camp)


def leaning(
    similar: FloatArray,
    allied: FloatArray,
    alignments: Sequence[str],
    leaders: Mapping[str, BoolArray],
) -> dict[str, FloatArray]:
    """Closeness of each country to the leaders of each pole.

    UN votes as standard scores over the countries (the United States votes unlike nearly all others, so
    plain distance would assign every country to China), plus 1 for a defence pact with a leader, plus 2
    for being aligned with the pole in 2019.

    Parameters
    ----------
    similar : (N, N) array
        Voting similarity, 0 to 1.
    allied : (N, N) array
        1 where two countries have a defence pact.
    alignments : sequence of str
        Of 2019.
    leaders : mapping of pole to (N,) array of bool

    Returns
    -------
    dict of pole to (N,) array
        Infinite for the leaders themselves, which never leave their pole.
    """
    found = {}
    for pole, leads in leaders.items():
        votes = similar[:, leads].mean(axis=1)
        score = (votes - votes.mean()) / votes.std() + allied[:, leads].max(axis=1)
        score += 2.0 * (np.asarray(alignments) == pole)
        found[pole] = np.where(leads, np.inf, score)
    return found


def finance_receptivity(income: FloatArray, signatory: BoolArray) -> FloatArray:
    """Receptivity to vendor finance: one minus the income rank for signatories, 0 for others.

    Parameters
    ----------
    income : (N,) array
        GDP per head at purchasing power parity.
    signatory : (N,) array of bool
        Belt and Road signatories.

    Examples
    --------
    >>> finance_receptivity(np.array([1.0, 2.0, 3.0]), np.array([True, True, False])).tolist()
    [1.0, 0.5, 0.0]
    """
    return np.where(signatory, 1.0 - income_rank(income), 0.0)


def income_rank(income: FloatArray) -> FloatArray:
    """Rank of income from 0 (poorest) to 1 (richest).

    Examples
    --------
    >>> income_rank(np.array([5.0, 1.0, 3.0])).tolist()
    [1.0, 0.0, 0.5]
    """
    order = np.argsort(np.argsort(income, kind="stable"), kind="stable")
    return np.asarray(order / max(len(income) - 1, 1), dtype=np.float64)
