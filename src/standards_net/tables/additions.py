"""New economies and vendors after the pattern of known ones, and shares scaled until they add up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standards_net.errors import DataError, one_of
from standards_net.tables.dictionary import TableSchema
from standards_net.tables.patches import ECONOMY

__all__ = ["Addition", "new_country", "new_vendor", "rebalanced"]

REBALANCED = "rebalanced: scaled until shares add up"


@dataclass(frozen=True)
class Addition:
    """Rows to patch tables with.

    Attributes
    ----------
    patches : mapping of table name to DataFrame
    said : tuple of str
        What was assumed, a sentence each.
    """

    patches: Mapping[str, pd.DataFrame]
    said: tuple[str, ...]


def new_country(
    tables: Mapping[str, pd.DataFrame],
    schemas: Mapping[str, TableSchema],
    code: str,
    name: str,
    like: str,
    *,
    population: float | None = None,
    gdp_usd: float | None = None,
    place: tuple[float, float] | None = None,
) -> Addition:
    """An economy with the figures of another one, scaled to its size, in every table that a run reads.

    Parameters
    ----------
    tables : mapping of table name to DataFrame
    schemas : mapping of table name to TableSchema
    code, name : str
        ISO 3166-1 alpha-3, or another code of three letters; and what it is called.
    like : str
        Code of the pattern.
    population, gdp_usd : float or None
        Those of the pattern if None. Lines and markets follow population, trade follows GDP.
    place : (float, float) or None
        Latitude and longitude; those of the pattern if None.

    Raises
    ------
    DataError
        A code that is taken, or no pattern of that code.
    """
    countries = tables["countries"].set_index("country", drop=False)
    if code in countries.index:
        raise DataError(f"there is an economy '{code}' already: {countries.loc[code, 'name']}.")
    if like not in countries.index:
        raise DataError(one_of("economy", like, countries.index) + ".")
    pattern = countries.loc[like]
    people = _ratio("population", population, float(pattern["population"]))
    wealth = _ratio("gdp_usd", gdp_usd, float(pattern["gdp_usd"]))
    source = f"as {like} (standards-net add-country)"
    patches = {}
    for table, schema in schemas.items():
        naming = [column.name for column in schema.columns if column.refers == ECONOMY and column.required]
        if table == "countries":
            naming = ["country"]
        if not naming or schema.record or table not in tables or not schema.key or "operator" in schema.key:
            continue
        rows = [_renamed(tables[table], column, like, code) for column in naming]
        patches[table] = _marked(pd.concat(rows, ignore_index=True), source)
    own = patches["countries"]
    own["name"], own["estimated"] = name, "; ".join(c for c in _FIGURES if c in own)
    own["population"] = max(round(float(pattern["population"]) * people), 1)
    own["gdp_usd"] = float(pattern["gdp_usd"]) * wealth
    own["mobile_subscriptions"] = float(pattern["mobile_subscriptions"]) * people
    own["gdp_per_capita_ppp_usd"] = float(pattern["gdp_per_capita_ppp_usd"]) * wealth / people
    if place is not None:
        own["lat"], own["lon"] = place
    patches["trade"]["value_usd"] *= wealth
    patches["markets"]["market_share"] *= people
    whole, said = _make_room(tables["markets"], patches["markets"])
    patches["markets"] = whole
    return Addition(
        patches,
        (
            f"{name} ({code}) has the rows of {pattern['name']} in {', '.join(patches)}, marked as "
            f"estimated; population {people:.3g} times, GDP {wealth:.3g} times.",
            said,
            "It has no operators on record: it buys as one, with the uncertainty of its rows in adoption. "
            f"It does not trade with {pattern['name']}, unless you add such rows to trade.",
        ),
    )


_FIGURES = (
    "population", "gdp_usd", "gdp_per_capita_ppp_usd", "mobile_subscriptions", "internet_users_pct",
    "voice_accountability", "rd_pct_gdp",
)  # fmt: skip


def _ratio(name: str, given: float | None, known: float) -> float:
    if given is None:
        return 1.0
    if not (math.isfinite(given) and given > 0.0):
        raise DataError(f"{name} is {given}; it must be above 0.")
    return given / known


def _renamed(table: pd.DataFrame, column: str, old: str, new: str) -> pd.DataFrame:
    return table[table[column] == old].assign(**{column: new})


def _marked(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """Rows that say that they are estimates, as far as their columns allow."""
    marks = {
        "status": "estimated", "confidence": "low", "source_type": "general_knowledge", "source": source
    }  # fmt: skip
    return rows.assign(**{name: mark for name, mark in marks.items() if name in rows})


def _make_room(markets: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Market shares of all others scaled down, so that those of a technology add up to 1 with the new one."""
    share = new.set_index("technology")["market_share"]
    total = 1.0 + markets["technology"].map(share).fillna(0.0)
    others = markets.assign(market_share=markets["market_share"] / total)
    own = new.assign(market_share=new["market_share"] / (1.0 + new["market_share"]))
    part = ", ".join(
        f"{of} {100 * value:.2g} %" for of, value in own.set_index("technology")["market_share"].items()
    )
    return (
        pd.concat([others, own], ignore_index=True),
        f"It has a share of the world market ({part}); those of all others were scaled down to make room.",
    )


def new_vendor(
    tables: Mapping[str, pd.DataFrame],
    code: str,
    name: str,
    technology: str,
    like: str,
    *,
    part: float = 0.1,
    home: str | None = None,
    standard: str | None = None,
) -> Addition:
    """A vendor that takes a part of another one's share in every economy.

    Parameters
    ----------
    tables : mapping of table name to DataFrame
    code, name, technology : str
    like : str
        The vendor whose price, pole and standard it has, and whose buyers it takes over in part.
    part : float
        Of its share, above 0 and below 1.
    home : str or None
        Economy; that of the pattern if None.
    standard : str or None
        That of the pattern if None.

    Raises
    ------
    DataError
        A code that is taken in this technology, no such pattern, a part out of its bounds.
    """
    if not 0.0 < part < 1.0:
        raise DataError(f"part is {part}; it must be above 0 and below 1.")
    vendors = tables["vendors"]
    of_technology = vendors[vendors["technology"] == technology].set_index("vendor", drop=False)
    if of_technology.empty:
        raise DataError(one_of("technology", technology, vendors["technology"].unique()) + ".")
    if code in of_technology.index:
        raise DataError(f"there is a vendor '{code}' of {technology} already.")
    if like not in of_technology.index:
        raise DataError(one_of(f"vendor of {technology}", like, of_technology.index) + ".")
    pole = of_technology.loc[like, "pole"]
    for known in vendors[vendors["vendor"] == code].itertuples():
        if known.pole != pole:
            raise DataError(
                f"vendor '{code}' of {known.technology} has the pole '{known.pole}', and {like} has "
                f"'{pole}': "
                "a vendor has one pole; take another pattern or another code."
            )
    row = of_technology.loc[[like]].assign(vendor=code, name=name, members=name)
    row = _marked(row, f"as {like} (standards-net add-vendor)").reset_index(drop=True)
    if home is not None:
        row["home"] = home
    if standard is not None:
        row["standard"] = standard
    adoption = tables["adoption"]
    theirs = adoption[(adoption["vendor"] == like) & (adoption["technology"] == technology)]
    shares = [name for name in ("share", "unrestricted_share") if name in theirs]
    left = theirs.assign(
        **{name: theirs[name] * (1.0 - part) for name in shares}, source=f"less {code} (add-vendor)"
    )
    own = _marked(theirs, f"{part:g} of {like} (standards-net add-vendor)")
    own = own.assign(vendor=code, **{name: theirs[name] * part for name in shares})
    return Addition(
        {"vendors": row, "adoption": pd.concat([left, own], ignore_index=True)},
        (
            f"{name} ({code}) sells {technology} as {of_technology.loc[like, 'name']} does, and has "
            f"{part:g} of its share in every economy.",
            "Every economy's shares are changed by it: operators on record do not apply to this technology "
            "any more; each economy buys as one, with the uncertainty of its rows in adoption.",
        ),
    )


def rebalanced(
    table: pd.DataFrame, given: pd.DataFrame, base: pd.DataFrame, schema: TableSchema
) -> tuple[pd.DataFrame, list[str]]:
    """Rows of a patch, and the others of their groups scaled so that shares add up as they must.

    Parameters
    ----------
    table : DataFrame
        With the patch in it.
    given : DataFrame
        Keys of the rows that were given: they stay as they are.
    base : DataFrame
        Without the patch: shares that added up to 1 in it must do so again.
    schema : TableSchema

    Returns
    -------
    DataFrame
        The rows that were scaled.
    list of str
        What was scaled, a sentence for each group.

    Examples
    --------
    >>> from standards_net.tables.dictionary import Rule
    >>> rule = Rule("sum", ("share",), ("country",), 1.0, 1.0)
    >>> schema = TableSchema("t", "t.csv", (), ("country", "vendor"), "", (rule,))
    >>> table = pd.DataFrame({"country": ["KEN"] * 3, "vendor": list("abc"), "share": [0.6, 0.5, 0.3]})
    >>> rows, said = rebalanced(table, table.iloc[:1], table.assign(share=[0.2, 0.5, 0.3]), schema)
    >>> rows["share"].round(3).tolist(), said
    ([0.25, 0.15], ['t.csv, KEN: share of 2 rows that were not given times 0.5.'])
    """
    key = list(schema.key)
    is_given = pd.MultiIndex.from_frame(table[key].astype(str)).isin(
        pd.MultiIndex.from_frame(given[key].astype(str))
    )
    found, said, changed = table.copy(), [], np.zeros(len(table), dtype=bool)
    for rule in schema.rules:
        if rule.kind != "sum" or rule.most != 1.0:
            continue
        (column,), by = rule.columns, list(rule.by)
        before = base.groupby(by)[column].sum()
        whole = set(before.index[(before - 1.0).abs() < _ROUNDED])
        for of, rows in found.groupby(by, sort=False):
            own = is_given[rows.index]
            if not own.any() or own.all():
                continue
            rest, left = float(rows[column][~own].sum()), 1.0 - float(rows[column][own].sum())
            exact = rule.least == rule.most or (of if len(by) > 1 else of[0]) in whole
            fits = abs(rest - left) <= _ROUNDED or (not exact and rest < left)
            if rest > 0.0 and left >= 0.0 and not fits:
                factor = left / rest
                at = rows.index[~own]
                found.loc[at, column] *= factor
                changed[at] = True
                place = " ".join(str(part) for part in (of if isinstance(of, tuple) else (of,)))
                rest_of = f"{len(at)} rows that were not given"
                said.append(f"{schema.file}, {place}: {column} of {rest_of} times {factor:.3g}.")
    rows = found[changed]
    return (rows.assign(source=REBALANCED) if "source" in rows else rows), said


_ROUNDED = 1e-3  # by which shares that add up may miss their sum
