"""Arrays of the evidence on radio networks of 2019, gathered from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tools.fit_baseline.likelihoods import range_sd

__all__ = [
    "ALL_OPERATORS",
    "CHINESE",
    "CORE_VENDORS",
    "UNNAMED_SD",
    "VENDORS",
    "Census",
    "Evidence",
    "Records",
    "Totals",
    "gather",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

VENDORS = ("huawei", "zte", "ericsson", "nokia", "samsung", "open-ran", "other-radio")
CORE_VENDORS = ("huawei", "zte", "ericsson", "nokia", "other-core")
CHINESE = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
ALL_OPERATORS = "all operators"
# Sizes of the operators of a country whose operators are not known: typical of countries with three.
_ANONYMOUS = (0.5, 0.3, 0.2)
_HOMES = {"CHN": ("huawei", "zte", "other-radio"), "SWE": ("ericsson",), "FIN": ("nokia",),
          "KOR": ("samsung",), "JPN": ("other-radio",)}  # fmt: skip
_EXCLUDED = ("banned", "de_facto_excluded")
# Error of a reported country share, by what it is a share of.
_BASIS_SD = {
    "sites": 0.03,
    "subscribers": 0.03,
    "circles": 0.05,
    "unknown": 0.06,
    "revenue": 0.15,
    "3g and 4g": 0.10,
    "claim": 0.12,
}
_CENSUS_FLOOR = {"high": 0.03, "medium": 0.06, "low": 0.09}
UNNAMED_SD = 0.04  # vendors that the census does not name, beyond what is unknown
_EDGE = 0.03  # of a share: nearer to nothing or to all is not told apart from it
_OPEN = 30.0  # logit beyond all others
_LAST = 2019  # records of later years do not enter the base of 2019


@dataclass(frozen=True)
class Census:
    """What the census says of operators, by (operator, vendor); ends and deviations are logits of shares.

    The share of a named vendor lies between what is stated and that plus all that is unknown.
    """

    share: Floats  # as stated; zero for vendors that are not named
    known: Floats  # (operator,), sum of stated shares
    low: Floats
    high: Floats
    sd_low: Floats
    sd_high: Floats

    @property
    def named(self) -> Floats:
        """1 for vendors that the census names."""
        return (self.share > 0).astype(float)


@dataclass(frozen=True)
class Totals:
    """Reported shares of groups of vendors; one row a report."""

    place: tuple[str, ...]
    vendors: Floats  # (report, vendor), 1 where the vendor belongs to the group
    value: Floats
    low: Floats
    high: Floats
    sd: Floats
    source: tuple[str, ...]
    recalled: tuple[bool, ...]


@dataclass(frozen=True)
class Records:
    """Vendors named as suppliers of an operator up to 2019."""

    named: Floats  # (op, vendor)
    used: Floats  # (op,), 1 where the record is evidence: the census says nothing there
    hits: Floats  # of operators that a vendor supplies according to the census, how many have a record
    tries: Floats
    false_hits: float
    false_tries: float


@dataclass(frozen=True)
class Evidence:
    """Everything the model of the radio base reads.

    Operators without a name stand for the operators of a country that the census does not cover.
    """

    countries: tuple[str, ...]
    region: Ints
    subregion: Ints
    regions: tuple[str, ...]
    subregions: tuple[str, ...]
    operator_country: Ints
    operator_name: tuple[str, ...]  # empty for anonymous operators
    weight: Floats  # adds up to one within a country
    group: Ints  # -1: none
    n_groups: int
    features: Floats  # (country, feature), standardised
    feature_names: tuple[str, ...]
    home: Floats  # (country, vendor)
    excluded: Floats  # (country,)
    market: Floats  # (country,), adds up to one
    subscribers: Floats  # (country,)
    price: Floats  # (vendor,)
    census: Census
    reported: Totals
    regional: Totals
    revenue: Totals  # places are "ex_china" and "china"
    records: Records
    census_sources: dict[str, frozenset[str]]  # of each country

    @cached_property
    def sums(self) -> Floats:
        """Matrix (country, operator) that turns operators' shares into those of countries."""
        matrix = np.zeros((len(self.countries), len(self.weight)))
        matrix[self.operator_country, np.arange(len(self.weight))] = self.weight
        return matrix

    @cached_property
    def has_census(self) -> NDArray[np.bool_]:
        """Countries whose operators are known by name."""
        named = np.array([name != "" for name in self.operator_name])
        return np.bincount(self.operator_country, weights=named, minlength=len(self.countries)) > 0

    @cached_property
    def units(self) -> pd.DataFrame:
        """Country and operator of every unit that is shipped, in order."""
        rows = [(self.countries[c], name or ALL_OPERATORS)
                for c, name in zip(self.operator_country, self.operator_name, strict=True)]  # fmt: skip
        return pd.DataFrame(rows, columns=["country", "operator"]).drop_duplicates(ignore_index=True)

    @cached_property
    def unit_sums(self) -> Floats:
        """Matrix (unit, operator): named operators are units, anonymous ones are summed."""
        key = {tuple(row): u for u, row in enumerate(self.units.itertuples(index=False, name=None))}
        matrix = np.zeros((len(key), len(self.weight)))
        for o, (c, name) in enumerate(zip(self.operator_country, self.operator_name, strict=True)):
            unit = key[self.countries[c], name or ALL_OPERATORS]
            matrix[unit, o] = 1.0 if name else self.weight[o]
        return matrix

    @cached_property
    def census_total(self) -> Floats:
        """Shares of countries by the census alone: unknown parts scaled away; NaN where nothing is known."""
        shares = self.sums @ self.census.share
        total = shares.sum(axis=1, keepdims=True)
        return np.divide(shares, total, out=np.full_like(shares, np.nan), where=total > 0)

    @property
    def census_share(self) -> Floats:
        """Chinese share of countries by the census alone."""
        return self.census_total @ CHINESE

    @cached_property
    def census_known(self) -> Floats:
        """Part of each country's base of which the census knows the vendor."""
        return self.sums @ self.census.known


def gather(data: Path) -> Evidence:
    """Read the tables of the data folder."""
    read = {p: pd.read_csv(data / f"{p}.csv", keep_default_na=False, na_values=[""]) for p in _TABLES}
    table = read["countries/countries"].sort_values("country")
    countries = tuple(table["country"])
    index = {c: i for i, c in enumerate(countries)}
    regions = tuple(sorted(table["region"].unique()))
    subregions = tuple(sorted(table["subregion"].unique()))
    operators = _operators(countries, read["vendors/operator_shares"])
    groups = sorted(set(operators["group"]) - {""})
    names, features = _features(table, read)
    market = read["vendors/markets"].query("technology == 'radio'").set_index("country")["market_share"]
    prices = read["vendors/vendors"].query("technology == 'radio'").set_index("vendor")["price_index"]
    census = _census(operators, read["vendors/operator_census"])
    shares = read["vendors/country_radio_shares"]
    return Evidence(
        countries=countries,
        region=np.array([regions.index(r) for r in table["region"]]),
        subregion=np.array([subregions.index(s) for s in table["subregion"]]),
        regions=regions,
        subregions=subregions,
        operator_country=np.array([index[c] for c in operators["country"]]),
        operator_name=tuple(operators["operator"]),
        weight=operators["weight"].to_numpy(float),
        group=np.array([groups.index(g) if g else -1 for g in operators["group"]]),
        n_groups=len(groups),
        features=features,
        feature_names=names,
        home=np.array([[float(v in _HOMES.get(c, ())) for v in VENDORS] for c in countries]),
        excluded=_excluded(countries, read["countries/policies"]),
        market=market.reindex(countries).to_numpy(float) / market.sum(),
        subscribers=table["mobile_subscriptions"].fillna(table["population"]).to_numpy(float),
        price=np.array([prices.get(v, 1.0) for v in VENDORS]),
        census=census,
        reported=_reported(shares, set(countries)),
        regional=_regional(shares),
        revenue=_revenue(read["vendors/reported_shares"]),
        census_sources={
            c: frozenset(p) for c, p in read["vendors/operator_census"].groupby("country")["source"]
        },
        records=_records(operators, census, read["vendors/evidence"]),
    )


_TABLES = (
    "countries/countries", "countries/memberships", "countries/policies", "countries/un_voting",
    "vendors/country_radio_shares", "vendors/evidence", "vendors/markets", "vendors/operator_census",
    "vendors/operator_shares", "vendors/reported_shares", "vendors/vendors",
)  # fmt: skip


def _operators(countries: tuple[str, ...], shares: pd.DataFrame) -> pd.DataFrame:
    known = shares.assign(group=shares["group"].fillna(""))
    total = known.groupby("country")["subscriber_share"].transform("sum")
    known["weight"] = known["subscriber_share"] / total
    missing = [c for c in countries if c not in set(known["country"])]
    anonymous = pd.DataFrame(
        [(c, "", "", w) for c in missing for w in _ANONYMOUS],
        columns=["country", "operator", "group", "weight"],
    )
    both = pd.concat([known[["country", "operator", "group", "weight"]], anonymous], ignore_index=True)
    return both.sort_values(["country", "operator"], kind="stable", ignore_index=True)


def _features(table: pd.DataFrame, read: dict[str, pd.DataFrame]) -> tuple[tuple[str, ...], Floats]:
    countries = list(table["country"])
    income = np.log(table["gdp_per_capita_ppp_usd"].to_numpy(float))
    votes = read["countries/un_voting"].set_index("country")["ideal_point"].reindex(countries)
    members = read["countries/memberships"].query("member_2019 == 1")
    us = set(members.loc[members["organisation"].isin(["NATO", "US_MNNA", "ANZUS"]), "country"]) | {"TWN"}
    road = set(members.loc[members["organisation"] == "BRI", "country"])
    columns = {
        "income": income,
        "votes with the United States": votes.fillna(votes.median()).to_numpy(float),
        "ally of the United States": np.array([float(c in us) for c in countries]),
        "Belt and Road": np.array([float(c in road) for c in countries]),
    }
    values = np.column_stack(list(columns.values()))
    values = np.where(np.isnan(values), np.nanmedian(values, axis=0), values)
    return tuple(columns), (values - values.mean(axis=0)) / values.std(axis=0)


def _excluded(countries: tuple[str, ...], policies: pd.DataFrame) -> Floats:
    status = policies.set_index("country")["status_2019_10"].reindex(countries)
    return status.isin(_EXCLUDED).to_numpy(float)


def _census(operators: pd.DataFrame, table: pd.DataFrame) -> Census:
    """Stated shares and their ranges as logits.

    Ranges are judged share by share, so they are read on the scale on which the prior of an operator is
    nearly flat: as densities of shares they would be drawn to nothing and to all, where lumpy choices mostly
    lie. An end within ``_EDGE`` of zero or one is open. Shares of an operator add up to one: with k named
    vendors, deviations are widened by (k / (k - 1))^(1/2), so that together they say no more than was said.
    """
    shape = (len(operators), len(VENDORS))
    share, known = np.zeros(shape), np.zeros(len(operators))
    low, high = np.full(shape, -_OPEN), np.full(shape, _OPEN)
    sd_low, sd_high = np.ones(shape), np.ones(shape)
    parts = dict(iter(table.groupby(["country", "operator"])))
    for o, row in enumerate(operators.itertuples()):
        part = parts.get((row.country, row.operator))
        if part is None:
            continue
        named = part[part["vendor"] != "unknown"]
        known[o] = min(named["share"].sum(), 1.0)
        wider = np.sqrt(len(named) / (len(named) - 1)) if len(named) > 1 else 1.0
        for r in named.itertuples():
            v = VENDORS.index(r.vendor)
            top = r.share + 1.0 - known[o]
            share[o, v] = r.share
            if r.share > _EDGE:
                low[o, v] = _logit(r.share)
            if top < 1.0 - _EDGE:
                high[o, v] = _logit(top)
            floor = wider * _CENSUS_FLOOR[r.confidence]
            sd_low[o, v] = wider * range_sd(_logit(r.share) - _logit(r.share_low), _on_logits(floor, r.share))
            above = max(_logit(r.share_high) - _logit(top), 0.0)
            sd_high[o, v] = wider * range_sd(above, _on_logits(floor, top))
    return Census(share, known, low, high, sd_low, sd_high)


def _logit(share: float) -> float:
    inside = min(max(share, _EDGE), 1.0 - _EDGE)
    return float(np.log(inside / (1.0 - inside)))


def _on_logits(sd: float, share: float) -> float:
    """Deviation of a share as one of its logit."""
    inside = min(max(share, 0.05), 0.95)
    return sd / (inside * (1.0 - inside))


def _totals(table: pd.DataFrame) -> Totals:
    low = np.where(table["bound"] == "above", table["share_low"], table["share"])
    high = np.where(table["bound"] == "above", table["share_high"], table["share"])
    half = (table["share_high"] - table["share_low"]) / 2.0 / 1.645
    sd = np.maximum(table["basis"].map(_BASIS_SD), half.where(table["bound"] == "exact").fillna(0.0))
    recalled = table["source_type"] == "general_knowledge"
    return Totals(
        place=tuple(table["country"]),
        vendors=np.array([[float(v in names.split("+")) for v in VENDORS] for names in table["vendor"]]),
        value=table["share"].to_numpy(float),
        low=low.astype(float),
        high=high.astype(float),
        sd=np.maximum(sd.to_numpy(float), np.where(recalled, 0.04, 0.0)),
        source=tuple(table["source"]),
        recalled=tuple(bool(r) for r in recalled),
    )


def _reported(shares: pd.DataFrame, countries: set[str]) -> Totals:
    """Shares of the whole 4g base of a country, without counts of networks and other equipment."""
    whole = shares["operator"].isna() & shares["country"].isin(countries) & (shares["generation"] == "4g")
    return _totals(
        shares[whole & shares["basis"].isin(["sites", "subscribers", "unknown", "claim", "3g and 4g"])]
    )


def _regional(shares: pd.DataFrame) -> Totals:
    """Europe by subscribers, and Africa, where two reports of the same share count as one wide range."""
    europe = shares[(shares["country"] == "EUR") & shares["operator"].isna()]
    africa = shares[(shares["country"] == "AFR") & (shares["year"] == _LAST)]
    totals = _totals(pd.concat([europe, africa]))
    is_africa = np.array([p == "AFR" for p in totals.place])
    return Totals(
        place=totals.place,
        vendors=totals.vendors,
        value=totals.value,
        low=np.where(is_africa, 0.6, totals.low),
        high=np.where(is_africa, 0.75, totals.high),
        sd=np.where(is_africa, 0.06, 0.05),
        source=totals.source,
        recalled=totals.recalled,
    )


def _revenue(table: pd.DataFrame) -> Totals:
    """Revenue of 2019 and 2020 outside China, and in China; averages of both years."""
    table = table[(table["technology"] == "radio") & table["year"].isin([2019, 2020])]
    table = table[table["market"].isin(["ex_china", "china"])]
    mean = table.groupby(["market", "vendor"], as_index=False)["share"].mean()
    loose = np.where(mean["market"] == "china", 0.12, np.maximum(0.25 * mean["share"], 0.03))
    share = mean["share"].to_numpy(float)
    return Totals(
        place=tuple(mean["market"]),
        vendors=np.array([[float(v == name) for v in VENDORS] for name in mean["vendor"]]),
        value=share,
        low=share,
        high=share,
        sd=loose,
        source=("data/vendors/reported_shares.csv",) * len(mean),
        recalled=(False,) * len(mean),
    )


def _records(operators: pd.DataFrame, census: Census, table: pd.DataFrame) -> Records:
    """Radio vendors named up to 2019.

    In a country without a census the operators named in records stand in for its anonymous operators, in
    order.
    """
    radio = table["equipment"].isin(["4G_RAN", "5G_RAN"]) & (table["year"] <= _LAST)
    table = table[radio & (table["status"] != "absent")].copy()
    named = np.zeros((len(operators), len(VENDORS)))
    position = {(r.country, r.operator): o for o, r in enumerate(operators.itertuples())}
    anonymous = operators[operators["operator"] == ""].groupby("country").indices
    for country, part in table.groupby("country"):
        for k, (operator, rows) in enumerate(part.groupby("operator")):
            if country in anonymous:
                members = anonymous[country]
                o = members[k % len(members)]
            elif (country, operator) in position:
                o = position[country, operator]
            else:
                continue
            named[o, [VENDORS.index(v) for v in rows["vendor"]]] = 1.0
    any_record = named.sum(axis=1) > 0
    used = any_record & (census.known == 0.0)
    sure = census.known >= 0.8
    seen = (sure & any_record)[:, None]
    supplier, nothing = seen & (census.share >= 0.2), seen & (census.share == 0.0)
    return Records(
        named=named,
        used=used.astype(float),
        hits=(named * supplier).sum(axis=0),
        tries=supplier.sum(axis=0).astype(float),
        false_hits=float((named * nothing).sum()),
        false_tries=float(nothing.sum()),
    )
