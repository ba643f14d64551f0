"""What happened: who signed which side's statements, who restricted vendors and in which year."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.politics.estimate import DOMAINS
from standards_net.politics.features import POLES
from standards_net.tables import read_tables
from standards_net.world.world import World

__all__ = ["YEARS", "Restrictions", "Signatures", "restrictions", "signatures"]

YEARS = tuple(range(2018, 2026))

_EXCLUDES = ("banned", "de_facto_excluded")
_RESTRICTS = (*_EXCLUDES, "restricted")


class Signatures(NamedTuple):
    """Side taken by a country in a domain, one row each."""

    row: IntArray  # of the country in the world
    domain: IntArray
    side: FloatArray  # (n, 3), nonaligned, us, china


class Restrictions(NamedTuple):
    """Whether and when countries restricted Chinese vendors."""

    row: IntArray
    year: IntArray  # of the first restriction, 0 if there was none by 2025
    excludes: BoolArray  # whether the latest status is exclusion


def signatures(world: World) -> Signatures:
    """Who signed; who signed both sides' statements in a domain, or neither, is nonaligned.

    Human rights: members of the United Nations. The poles are not asked.
    """
    signed = read_tables().frames["declarations"]
    rows, domains, sides = [], [], []
    for d, domain in enumerate(DOMAINS):
        about = signed[signed["domain"] == domain]
        by_side = {side: set(about.loc[about["side"] == side, "country"]) for side in ("us", "china")}
        for i, country in enumerate(world.countries):
            # Palestine signed as an observer state; Hong Kong has no foreign policy of its own.
            member = world.table["un_member"].iloc[i] == 1 or country == "PSE"
            if country in POLES.values() or country == "HKG" or (domain == "human rights" and not member):
                continue
            us, china = country in by_side["us"], country in by_side["china"]
            rows.append(i)
            domains.append(d)
            sides.append([us == china, us and not china, china and not us])
    return Signatures(np.array(rows), np.array(domains), np.array(sides, dtype=np.float64))


def restrictions(world: World) -> Restrictions:
    """Latest status of 2025 and the year of the first restriction; without a known status, no row."""
    status = world.policies["status_latest"]
    rows, years, excludes = [], [], []
    for i, country in enumerate(world.countries):
        found = status.iloc[i]
        if country in (*POLES.values(), "HKG") or not isinstance(found, str) or found == "unknown":
            continue
        rows.append(i)
        excludes.append(found in _EXCLUDES)
        years.append(_first_year(world.policies.iloc[i]) if found in _RESTRICTS else 0)
    return Restrictions(np.array(rows), np.array(years), np.array(excludes))


def _first_year(policy: pd.Series) -> int:
    """Year of the first restrictive step; what is older counts from the first year of the hazard."""
    dates = [policy["first_restrictive_date"], policy["latest_date"]]
    date = next(str(date) for date in dates if isinstance(date, str))
    return min(max(int(date[:4]), YEARS[0]), YEARS[-1])
