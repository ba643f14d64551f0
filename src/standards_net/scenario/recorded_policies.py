"""Recorded policies towards Chinese network vendors, as scenario entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from standards_net.scenario.schema import Ban, Restriction

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RecordedEntries", "recorded_entries"]

_EXCLUDES = ("banned", "de_facto_excluded")
_FIRST_YEAR = 2019
_FIRST_STEP = 0.5  # strength of restriction between the first restrictive step and the latest status


class RecordedEntries(NamedTuple):
    """Bans and restrictions equivalent to a record of policies."""

    bans: tuple[Ban, ...]
    restrictions: tuple[Restriction, ...]


def recorded_entries(policies: pd.DataFrame, record: str) -> RecordedEntries:
    """Convert the policy table as of October 2019, or in its latest state, to scenario entries.

    Exclusion (de jure or de facto) is a ban on new purchases, with removal where a rule sets a year;
    ``restricted`` and ``under_review`` are restrictions of strength 1 and 0.25; from the first
    restrictive step to the latest status it is 0.5 (judgement: records give dates, not strengths).
    A policy concerns the technologies that its row names; no country excluded iot modules in these records.

    Parameters
    ----------
    policies : DataFrame
        By country: technologies, status_2019_10, status_latest, latest_date, ban_year, removal_year,
        first_restrictive_date.
    record : {"2019-10", "latest", "none"}

    Examples
    --------
    >>> import standards_net as sn
    >>> table = sn.load_world().policies
    >>> len(recorded_entries(table, "none").bans), len(recorded_entries(table, "2019-10").bans)
    (0, 7)
    """
    if record == "none":
        return RecordedEntries((), ())
    column = "status_2019_10" if record == "2019-10" else "status_latest"
    bans: list[Ban] = []
    restrictions: list[Restriction] = []
    unrestricted = policies[["status_2019_10", "status_latest"]].isin(["open", "unknown"]).all(axis=1)
    for _, row in policies[~unrestricted].iterrows():
        before = str(row["status_2019_10"])
        if record == "latest" and (strength := _strength(before)):
            restrictions.append(_restriction(row, _FIRST_YEAR, strength))
        if record == "latest" and row["first_restrictive_date"] == row["first_restrictive_date"]:
            since = max(_year_of(row["first_restrictive_date"]), _FIRST_YEAR + 1)
            if _strength(before) < _FIRST_STEP:
                restrictions.append(_restriction(row, since, _FIRST_STEP))
        status = str(row[column])
        if status in _EXCLUDES:
            bans.append(_ban(row, record))
        elif strength := _strength(status):
            since = _FIRST_YEAR if record == "2019-10" else _year_of(row["latest_date"])
            restrictions.append(_restriction(row, since, strength))
        if record == "latest" and before in _EXCLUDES and status not in _EXCLUDES:
            bans.append(_ban(row, record, until=_year_of(row["latest_date"]) - 1))
    return RecordedEntries(tuple(bans), tuple(restrictions))


def _strength(status: str) -> float:
    return {"restricted": 1.0, "under_review": 0.25}.get(status, 0.0)


def _restriction(row: pd.Series, since: int, strength: float) -> Restriction:
    return Restriction.model_validate({**_about(row), "from": since, "strength": strength})


def _about(row: pd.Series) -> dict[str, list[str]]:
    return {
        "who": [str(row.name)],
        "vendors": ["china"],
        "technologies": str(row["technologies"]).split(";"),
    }


def _ban(row: pd.Series, record: str, until: int | None = None) -> Ban:
    year, removal = row["ban_year"], row["removal_year"]
    since = max(int(year), _FIRST_YEAR) if year == year else _FIRST_YEAR  # False for NaN
    by = int(removal) if record == "latest" and removal == removal and until is None else None
    return Ban.model_validate(
        {
            **_about(row),
            "from": since,
            "until": until,
            "remove_by": max(by, since) if by is not None else None,
        }
    )


def _year_of(date: object) -> int:
    text = str(date)[:4]
    return max(int(text), _FIRST_YEAR) if text.isdigit() else _FIRST_YEAR
