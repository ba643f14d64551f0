"""What several cells of a table must be together: the rules of the data dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from standards_net.tables.dictionary import Rule, TableSchema

__all__ = ["check_every", "check_rules"]

_SHOWN = 5  # complaints of each rule; more would not help
_ROUNDING = 1e-3  # by which rounded shares may miss their sum


def check_rules(table: pd.DataFrame, schema: TableSchema) -> tuple[list[str], list[str]]:
    """Complaints and warnings about rows that break a rule of their table.

    Parameters
    ----------
    table : DataFrame
        Typed cells.
    schema : TableSchema

    Examples
    --------
    >>> from standards_net.tables import read_tables
    >>> from standards_net.tables.dictionary import read_dictionary, read_package
    >>> from standards_net.files import data_folder
    >>> schema = read_dictionary(read_package(data_folder()))["adoption"]
    >>> check_rules(read_tables().frames["adoption"], schema)
    ([], [])
    """
    errors: list[str] = []
    warnings: list[str] = []
    for rule in schema.rules:
        if rule.kind in _CHECKS:
            found = list(_CHECKS[rule.kind](table, schema.file, rule))
            (warnings if rule.warns else errors).extend(found[:_SHOWN])
    return errors, warnings


def check_every(
    table: pd.DataFrame, schema: TableSchema, economies: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Complaints and warnings about economies that lack a row where every one should have one."""
    errors: list[str] = []
    warnings: list[str] = []
    for rule in schema.rules:
        if rule.kind != "every":
            continue
        (column,) = rule.columns
        lacking = [code for code in economies if code not in set(table[column])]
        if lacking:
            few = ", ".join(lacking[:_SHOWN]) + (", ..." if len(lacking) > _SHOWN else "")
            of = "economies have" if len(lacking) > 1 else "economy has"
            told = f"{schema.file}: {len(lacking)} {of} no row ({few}); every economy of countries.csv"
            if rule.warns:
                warnings.append(f"{told} should have one: without it nothing is on record.")
            else:
                errors.append(f"{told} needs one.")
    return errors, warnings


def _sum(table: pd.DataFrame, file: str, rule: Rule) -> Iterator[str]:
    (column,) = rule.columns
    by = list(rule.by)
    totals = table.groupby(by, dropna=False)[column].transform("sum")
    wrong = (totals > rule.most + _ROUNDING) | (totals < rule.least - _ROUNDING)
    exact = rule.least == rule.most
    for row, line in table[wrong].drop_duplicates(by, keep="last").iterrows():
        group = " for ".join(str(line[name]) for name in by if pd.notna(line[name]))
        wanted = "" if exact else "at most "
        yield (
            f"{file} row {_number(row)}: {column}s of {group} add up to {totals[row]:.4g}; they must add up "
            f"to {wanted}{rule.most:g}."
        )


def _order(table: pd.DataFrame, file: str, rule: Rule) -> Iterator[str]:
    for low, high in zip(rule.columns, rule.columns[1:], strict=False):
        dates = not (is_numeric_dtype(table[low]) and is_numeric_dtype(table[high]))
        wrong = _later(table[low], table[high]) if dates else table[low] > table[high]
        for row, line in table[wrong].iterrows():
            than = "later than" if dates else "above"
            yield f"{file} row {_number(row)}: {low} {line[low]:.12} is {than} {high} {line[high]:.12}."


def _later(one: pd.Series, other: pd.Series) -> list[bool]:
    """Whether a date is later than another, as far as both are known: a year, a month or a day each."""
    return [
        pd.notna(a) and pd.notna(b) and _date(a)[: len(_date(b))] > _date(b)[: len(_date(a))]
        for a, b in zip(one, other, strict=True)
    ]


def _date(value: object) -> str:
    return value if isinstance(value, str) else str(int(value))  # type: ignore[call-overload]


def _year(table: pd.DataFrame, file: str, rule: Rule) -> Iterator[str]:
    date, year = rule.columns
    for row, line in table[table[date].notna() & table[year].notna()].iterrows():
        if _date(line[date])[:4] != _date(line[year]):
            yield f"{file} row {_number(row)}: {year} {line[year]} is not the year of {date} {line[date]}."


def _member(table: pd.DataFrame, file: str, rule: Rule) -> Iterator[str]:
    joined, left, flag = rule.columns
    last = f"{rule.least:.0f}"
    for row, line in table[table[flag] == 1].iterrows():
        later, gone = _date_in(line[joined]) > last, "" < _date_in(line[left]) <= last
        for column in [joined] * later + [left] * gone:
            yield (
                f"{file} row {_number(row)}: {flag} is 1, but {line['country']} {column} "
                f"{line['organisation']} in {line[column]}."
            )


def _date_in(value: object) -> str:
    """Year of a date, or nothing."""
    return _date(value)[:4] if pd.notna(value) else ""


def _pair(table: pd.DataFrame, file: str, rule: Rule) -> Iterator[str]:
    one, other = (table[name] for name in rule.columns)
    for row in table.index[one == other]:
        yield f"{file} row {_number(row)}: {rule.columns[0]} and {rule.columns[1]} are both {one[row]}."
    both = pd.Series([frozenset(pair) for pair in zip(one, other, strict=True)], index=table.index)
    for row in table.index[both.duplicated()]:
        first = table.index[both == both[row]][0]
        yield (
            f"{file} row {_number(row)}: {one[row]} and {other[row]} are a pair already in row "
            f"{_number(first)}; keep one."
        )


def _length(table: pd.DataFrame, file: str, rule: Rule) -> Iterator[str]:
    squares = np.square(table[list(rule.columns)].fillna(0.0)).sum(axis=1)
    for row in table.index[squares > rule.most + _ROUNDING]:
        yield (
            f"{file} row {_number(row)}: the squares of {rule.columns[0]} to {rule.columns[-1]} add up to "
            f"{squares[row]:.3g}; they can add up to {rule.most:g}."
        )


def _ratio(table: pd.DataFrame, file: str, rule: Rule) -> Iterator[str]:
    above, below = rule.columns
    ratio = table[above] / table[below]
    for row in table.index[(ratio < rule.least) | (ratio > rule.most)]:
        yield (
            f"{file} row {_number(row)}: {above} over {below} is {ratio[row]:.3g}; {rule.least:g} to "
            f"{rule.most:g} is plausible. Are the units right?"
        )


def _number(row: object) -> int:
    """Number of a row as a spreadsheet shows it: the header is row 1."""
    return int(str(row)) + 2


_CHECKS: dict[str, Callable[[pd.DataFrame, str, Rule], Iterator[str]]] = {
    "sum": _sum,
    "order": _order,
    "year": _year,
    "member": _member,
    "pair": _pair,
    "length": _length,
    "ratio": _ratio,
}
