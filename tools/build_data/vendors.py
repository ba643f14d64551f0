"""Vendors, standards, evidence on vendor use, reported shares, figures, and the history of radio shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.build_data.raw import Raw, economies

__all__ = [
    "build_evidence",
    "build_figures",
    "build_reported_shares",
    "build_standards",
    "build_technologies",
    "build_vendors",
]


@dataclass(frozen=True)
class _Vendor:
    vendor: str
    name: str
    technology: str
    home: str
    pole: str
    standard: str
    industry_bloc: str
    price_index: float
    price_low: float
    price_high: float
    members: tuple[str, ...]
    source: str


_DISCOUNT = "Huawei 20 to 30 % below Ericsson and Nokia in tenders (data/vendors/figures.csv)"
_JUDGED = "price level is judgement"

_VENDORS = (
    _Vendor("huawei", "Huawei", "radio", "CHN", "china", "china", "china", 0.75, 0.70, 0.80, ("Huawei",), _DISCOUNT),
    _Vendor("zte", "ZTE", "radio", "CHN", "china", "china", "china", 0.72, 0.65, 0.80, ("ZTE",), _DISCOUNT),
    _Vendor("ericsson", "Ericsson", "radio", "SWE", "us", "west", "europe", 1.0, 1.0, 1.0, ("Ericsson",), "reference"),
    _Vendor("nokia", "Nokia", "radio", "FIN", "us", "west", "europe", 1.0, 1.0, 1.0, ("Nokia",), "reference"),
    _Vendor("samsung", "Samsung", "radio", "KOR", "us", "west", "japan_korea", 0.95, 0.85, 1.05, ("Samsung",), _JUDGED),
    _Vendor("open-ran", "Open RAN vendors", "radio", "", "us", "open", "us", 0.95, 0.80, 1.10,
            ("Rakuten Symphony", "Mavenir", "Parallel Wireless", "Radisys"), _JUDGED),
    _Vendor("other-radio", "Other network vendors", "radio", "", "", "west", "other", 1.0, 0.8, 1.2,
            ("NEC", "Fujitsu", "Datang", "FiberHome", "ULAK", "Tejas Networks", "Viettel High Tech"), _JUDGED),
    _Vendor("huawei", "Huawei", "core", "CHN", "china", "china", "china", 0.75, 0.60, 0.90, ("Huawei",), _JUDGED),
    _Vendor("zte", "ZTE", "core", "CHN", "china", "china", "china", 0.72, 0.60, 0.90, ("ZTE",), _JUDGED),
    _Vendor("ericsson", "Ericsson", "core", "SWE", "us", "west", "europe", 1.0, 1.0, 1.0, ("Ericsson",), "reference"),
    _Vendor("nokia", "Nokia", "core", "FIN", "us", "west", "europe", 1.0, 1.0, 1.0, ("Nokia",), "reference"),
    _Vendor("other-core", "Other core vendors", "core", "", "us", "west", "us", 1.0, 0.8, 1.2,
            ("Cisco", "Mavenir", "Samsung", "NEC", "Oracle", "Rakuten Symphony", "Radisys"), _JUDGED),
    _Vendor("quectel", "Quectel", "iot", "CHN", "china", "china", "china", 0.75, 0.65, 0.85, ("Quectel",), _JUDGED),
    _Vendor("fibocom", "Fibocom", "iot", "CHN", "china", "china", "china", 0.75, 0.65, 0.85, ("Fibocom",), _JUDGED),
    _Vendor("other-chinese-iot", "Other Chinese modules", "iot", "CHN", "china", "china", "china", 0.70, 0.60, 0.85,
            ("Sunsea", "Neoway", "China Mobile IoT", "MeiG"), _JUDGED),
    _Vendor("telit-cinterion", "Telit Cinterion", "iot", "", "us", "west", "us", 1.0, 0.9, 1.1,
            ("Telit", "Thales (Cinterion)"), _JUDGED),
    _Vendor("other-western-iot", "Other western modules", "iot", "", "us", "west", "other", 1.0, 0.9, 1.1,
            ("Sierra Wireless", "u-blox", "Murata", "LG Innotek"), _JUDGED),
)  # fmt: skip

_STANDARDS = (
    ("china", "Chinese-led", "family of products whose development Chinese firms lead"),
    ("west", "Western", "family of European, US, Japanese and Korean firms"),
    (
        "open",
        "Open interfaces",
        "Open RAN vendors together: interfaces that any vendor can implement",
    ),
)

_TECHNOLOGY_OF = {"4G_RAN": "radio", "5G_RAN": "radio", "5G_CORE": "core", "IOT_MODULE": "iot"}

# technology | name | bases | meaning
_TECHNOLOGIES = (
    ("radio", "Radio network", "4g;5g", "radio access networks: base stations of the 4g and of the 5g base"),
    ("core", "Core network", "", "mobile core networks of all generations"),
    ("iot", "IoT modules", "", "cellular modules and platforms of the internet of things"),
)


def build_technologies() -> pd.DataFrame:
    """The technologies of the shipped world, in the order in which results name them."""
    return pd.DataFrame(_TECHNOLOGIES, columns=["technology", "name", "bases", "meaning"])


def build_standards() -> pd.DataFrame:
    """The three families of 2019."""
    return pd.DataFrame(_STANDARDS, columns=["standard", "name", "meaning"])


def build_vendors() -> pd.DataFrame:
    """Vendors of all technologies; small ones are pooled."""
    rows = [{**vars(v), "members": ";".join(v.members)} for v in _VENDORS]
    return pd.DataFrame(rows)


def build_evidence(raw: Raw) -> pd.DataFrame:
    """Records of vendor use by operator. Combined shares of all Chinese vendors are in the history table."""
    slugs = {(v.technology, member): v.vendor for v in _VENDORS for member in v.members}
    table = raw.read("fiveg/vendor_adoption.csv")
    supplied = pd.Series(
        zip(table["technology"].map(_TECHNOLOGY_OF), table["vendor"], strict=True), index=table.index
    )
    table = table[
        table["iso3"].isin(economies(raw))
        & supplied.isin(slugs)
        & (table["share_scope"] != "chinese_combined")
        & ~table["status"].isin(["trial", "mou"])
    ]
    built = pd.DataFrame(
        {
            "country": table["iso3"],
            "vendor": supplied[table.index].map(slugs),
            "technology": table["technology"].map(_TECHNOLOGY_OF),
            "equipment": table["technology"],
            "operator": table["operator"],
            "year": table["year"].astype("Int64"),
            "share": table["share"],
            "share_scope": table["share_scope"],
            "status": table["status"],
            "confidence": table["confidence"],
            "source_type": table["source_type"],
            "source": table["source"],
        }
    )
    order = ["country", "technology", "vendor", "equipment", "operator", "year", "source"]
    return built.sort_values(order).drop_duplicates(order)


def build_reported_shares(raw: Raw) -> pd.DataFrame:
    """Vendors' shares of the world, of China, and of the world without China."""
    table = raw.read("fiveg/vendor_metrics.csv")
    markets = {
        "ran_share": ("radio", "world"),
        "ran_share_ex_china": ("radio", "ex_china"),
        "ran_share_china": ("radio", "china"),
        "iot_module_share": ("iot", "world"),
    }
    slugs = {member: v.vendor for v in _VENDORS if v.technology != "core" for member in v.members}
    slugs |= {"Quectel+Fibocom": "quectel+fibocom", "CHINESE_TOTAL": "all-chinese"}
    table = table[table["metric"].isin(markets) & table["vendor"].isin(slugs)]
    built = pd.DataFrame(
        {
            "technology": [markets[m][0] for m in table["metric"]],
            "vendor": table["vendor"].map(slugs),
            "market": [markets[m][1] for m in table["metric"]],
            "year": table["year"].astype(int),
            "share": (table["value"].astype(float) / 100.0).round(4),
            "confidence": table["confidence"],
            "source_type": table["source_type"],
            "source": table["source"],
        }
    )
    # Telit and Thales are one vendor here: their shares are added, with the lower confidence.
    key = ["technology", "vendor", "market", "year"]
    built = built.groupby(key, as_index=False).agg(
        {"share": "sum", "confidence": "max", "source_type": "max", "source": "first"}
    )
    return built.sort_values(key)


_SCALES = {"USD bn": ("USD", 1e9), "EUR bn": ("EUR", 1e9), "GBP bn": ("GBP", 1e9), "AUD bn": ("AUD", 1e9),
           "CAD bn": ("CAD", 1e9), "USD bn per year": ("USD per year", 1e9),
           "EUR bn per year": ("EUR per year", 1e9), "USD thousand": ("USD", 1e3),
           "million units": ("units", 1e6), "million": ("1", 1e6)}  # fmt: skip


def build_figures(raw: Raw) -> pd.DataFrame:
    """Market sizes, replacement costs, price gaps, delays and deals, in plain units."""
    table = raw.read("fiveg/market.csv")
    units = table["unit"].map(lambda u: _SCALES.get(u, (u, 1.0)))
    scale = np.array([factor for _, factor in units])
    years = table["year"].astype(str).str[:4].astype(int)
    built = pd.DataFrame(
        {
            "category": table["category"],
            "figure": table["metric"].str.lower(),
            "region": table["region"],
            "year": years,
            "value": table["value"].astype(float) * scale,
            "value_high": table["value_high"].astype(float) * scale,
            "unit": [unit for unit, _ in units],
            "confidence": table["confidence"],
            "source_type": table["source_type"],
            "source": table["source"],
        }
    )
    key = ["category", "figure", "region", "year"]
    return built.sort_values(key).drop_duplicates(key)
