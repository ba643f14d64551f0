"""Operators of 2019: suppliers of their 4g radio networks, their sizes, and reported shares."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.build_data.raw import Raw, economies

__all__ = ["RADIO_VENDORS", "build_census", "build_country_shares", "build_operator_shares"]

_OTHER_RADIO = ("NEC", "Fujitsu", "Datang", "FiberHome", "ULAK", "Tejas Networks", "Viettel High Tech",
                "Russian makers", "other")  # fmt: skip
RADIO_VENDORS = {
    "Huawei": "huawei",
    "ZTE": "zte",
    "Ericsson": "ericsson",
    "Nokia": "nokia",
    "Samsung": "samsung",
    **dict.fromkeys(("Rakuten Symphony", "Mavenir", "Parallel Wireless", "Radisys"), "open-ran"),
    **dict.fromkeys(_OTHER_RADIO, "other-radio"),
    "unknown": "unknown",
}
_CHINESE = "huawei+zte"
_HOSTED = r"no radio network of its own|no own radio network"
_YEAR = 2019.96  # the base is that of the end of 2019
# Owners that say nothing about who buys together, and names under which a group also appears.
_NO_GROUP = ("State", "various", "private", "")
_SAME_GROUP = {"OTE": "Deutsche Telekom", "DT": "Deutsche Telekom", "Vodacom": "Vodafone",
               "Vodafone until 2020": "Vodafone", "CKH": "CK Hutchison"}  # fmt: skip
# Shares of a whole country's base found among the records of vendor use, and what they are shares of.
_COUNTRY_SCOPES = {
    "country_3g4g": "3g and 4g",
    "country_4g_base_stations": "sites",
    "country_4g_huawei_claim": "claim",
}
_SHARE_COLUMNS = ["country", "generation", "year", "vendor", "operator", "share", "share_low", "share_high",
                  "bound", "basis", "confidence", "source_type", "source"]  # fmt: skip


def _hosted(table: pd.DataFrame) -> pd.Series:
    """Operators that are guests on the networks of others, by (country, operator)."""
    hosted = table["note"].fillna("").str.contains(_HOSTED, case=False, regex=True)
    return hosted.groupby([table["iso3"], table["operator"]]).transform("any")


def build_census(raw: Raw) -> pd.DataFrame:
    """Radio vendors of every operator at the end of 2019; shares of an operator add up to one.

    Operators without a network of their own are left out. Vendors that share a slug are added, with the
    ranges combined as if they were independent.
    """
    table = raw.read("fiveg/operator_vendors_2019.csv")
    table = table[table["iso3"].isin(economies(raw)) & ~_hosted(table)].copy()
    table["vendor"] = table["vendor"].map(RADIO_VENDORS)
    if table["vendor"].isna().any():
        raise ValueError("the census names a vendor without a slug")
    rows = []
    for (country, operator, vendor), part in table.groupby(["iso3", "operator", "vendor"], sort=True):
        share = part["share"].sum()
        below = np.sqrt(((part["share"] - part["share_low"]) ** 2).sum(min_count=1))
        above = np.sqrt(((part["share_high"] - part["share"]) ** 2).sum(min_count=1))
        first = part.iloc[0]
        rows.append(
            {
                "country": country,
                "operator": operator,
                "vendor": vendor,
                "share": round(float(share), 4),
                "share_low": round(max(float(share - below), 0.0), 4),
                "share_high": round(min(float(share + above), 1.0), 4),
                "basis": first["basis"],
                "confidence": part["confidence"].max(),
                "source_type": first["source_type"],
                "source": first["source"],
            }
        )
    return pd.DataFrame(rows)


def _group(owner: str) -> str:
    """Group that buys together, from the owner's name; empty where there is none."""
    first = str(owner).split("/")[0].strip()
    return "" if first in _NO_GROUP else _SAME_GROUP.get(first, first)


def build_operator_shares(raw: Raw) -> pd.DataFrame:
    """Operators' shares of a country's subscribers, nearest to the end of 2019, adding up to one.

    Operators of the census without a known share weigh the same, and are marked as estimated. ``group`` names
    owners with operators in more than one country.
    """
    census = raw.read("fiveg/operator_vendors_2019.csv")
    census = census[census["iso3"].isin(economies(raw)) & ~_hosted(census)]
    operators = census[["iso3", "operator"]].drop_duplicates()
    known = raw.read("fiveg/operators.csv")
    part = known["year"].astype(str).str.split("-", expand=True).astype(float)
    known["dated"] = part[0] + part[1].fillna(12.0) / 12.0 - 0.04
    known["distance"] = (known["dated"] - _YEAR).abs()
    known = known.sort_values(["iso3", "operator", "distance", "dated"]).drop_duplicates(["iso3", "operator"])
    built = operators.merge(known, on=["iso3", "operator"], how="left")
    missing = built["subscriber_share"].isna()
    alone = missing.groupby(built["iso3"]).transform("all")
    if (missing & ~alone).any():
        raise ValueError("an operator of the census has no share although others of its country have")
    built.loc[missing, "subscriber_share"] = 1.0
    total = built.groupby("iso3")["subscriber_share"].transform("sum")
    group = built["group_owner"].fillna("").map(_group)
    countries = built.groupby(group)["iso3"].transform("nunique")
    result = pd.DataFrame(
        {
            "country": built["iso3"],
            "operator": built["operator"],
            "subscriber_share": (built["subscriber_share"] / total).round(4),
            "year": built["year"].fillna("2019").astype(str).str[:4].astype(int),
            "group": np.where(countries > 1, group, ""),
            "confidence": built["confidence"].fillna("low"),
            "source_type": built["source_type"].fillna("estimated"),
            "source": built["source"].fillna("equal weights"),
        }
    )
    return result.sort_values(["country", "operator"])


def _combined(vendor: str) -> str:
    if vendor == "chinese_combined":
        return _CHINESE
    return "+".join(RADIO_VENDORS[v] for v in vendor.split("+"))


def build_country_shares(raw: Raw) -> pd.DataFrame:
    """Reported shares of the 4g and 5g radio base of countries, regions and operators.

    A share reported only as above one half has ``bound`` = ``above``: only its range is known, and the value
    is the number it is usually quoted with. "Just over" one half is taken to end at .6.
    """
    parts = [_from_radio_shares(raw), _from_chinese_shares(raw), _from_records(raw), _from_europe(raw)]
    built = pd.concat(parts, ignore_index=True)
    key = ["country", "generation", "year", "vendor", "operator"]
    return built.drop_duplicates(key).sort_values([*key, "source"])[_SHARE_COLUMNS]


def _from_radio_shares(raw: Raw) -> pd.DataFrame:
    table = raw.read("fiveg/radio_shares.csv")
    regions = ("EUR", "EU", "AFR")
    kept = table["iso3"].isin([*economies(raw), *regions]) & table["generation"].isin(["4G", "5G"])
    table = table[kept]
    return pd.DataFrame(
        {
            "country": table["iso3"],
            "generation": table["generation"].str.lower(),
            "year": table["year"],
            "vendor": table["vendor"].map(_combined),
            "operator": table["operator"].fillna(""),
            "share": table["share"],
            "share_low": table["low"],
            "share_high": table["high"],
            "bound": "exact",
            "basis": table["share_basis"],
            "confidence": table["confidence"],
            "source_type": table["source_type"],
            "source": table["source"],
        }
    )


def _from_chinese_shares(raw: Raw) -> pd.DataFrame:
    table = raw.read("fiveg/chinese_ran_share.csv")
    table = table[table["iso3"].isin(economies(raw))]
    note = table["note"].fillna("")
    just = note.str.contains("just over 50")
    above = just | note.str.contains("above 50")
    return pd.DataFrame(
        {
            "country": table["iso3"],
            "generation": table["generation"].str[:2].str.lower(),
            "year": table["year"],
            "vendor": _CHINESE,
            "operator": "",
            "share": table["chinese_share"],
            "share_low": np.where(above, 0.5, np.nan),
            "share_high": np.where(just, 0.6, np.where(above, 1.0, np.nan)),
            "bound": np.where(above, "above", "exact"),
            "basis": "sites",
            "confidence": table["confidence"],
            "source_type": "stored_page",
            "source": table["source"],
        }
    )


def _from_records(raw: Raw) -> pd.DataFrame:
    table = raw.read("fiveg/vendor_adoption.csv")
    table = table[table["iso3"].isin(economies(raw)) & table["share_scope"].isin(_COUNTRY_SCOPES)]
    return pd.DataFrame(
        {
            "country": table["iso3"],
            "generation": "4g",
            "year": table["year"],
            "vendor": table["vendor"].map(RADIO_VENDORS),
            "operator": "",
            "share": table["share"],
            "share_low": np.nan,
            "share_high": np.nan,
            "bound": "exact",
            "basis": table["share_scope"].map(_COUNTRY_SCOPES),
            "confidence": table["confidence"],
            "source_type": table["source_type"],
            "source": table["source"],
        }
    )


def _from_europe(raw: Raw) -> pd.DataFrame:
    table = raw.read("fiveg/vendor_metrics.csv")
    table = table[table["metric"] == "europe_4g_ran_share"]
    return pd.DataFrame(
        {
            "country": "EUR",
            "generation": "4g",
            "year": table["year"].astype(int),
            "vendor": table["vendor"].map(RADIO_VENDORS),
            "operator": "",
            "share": table["value"].astype(float) / 100.0,
            "share_low": np.nan,
            "share_high": np.nan,
            "bound": "exact",
            "basis": "subscribers",
            "confidence": table["confidence"],
            "source_type": table["source_type"],
            "source": table["source"],
        }
    )
