"""Market sizes, and the evidence on shares of iot modules: reported shares and known contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.estimation.fit import Evidence, ShareEvidence

__all__ = ["china_market_share", "gather_evidence", "market_shares"]

FEATURES = ("affinity", "finance", "home")

_YEAR = 2022
_CONFIDENCE = {"high": 1.0, "medium": 0.6, "low": 0.3}
_RECALLED = 0.5  # weight of rows that rest on recall
_CONTRACT_DISCOUNT = 0.5  # contracts are announced selectively: weaker evidence than shares
_GDP_WEIGHT = 0.8
_MARKET_SD, _CHINA_SD = 0.005, 0.02
# The Chinese makers' home share of modules is not reported; nearly all, according to the trade press.
_CHINESE_MODULES_AT_HOME = 0.95


def china_market_share(reported: pd.DataFrame) -> float:
    """China's share of world radio spending, implied by Huawei's three reported shares of 2020.

    With ``c`` China's weight, world = c x China + (1 - c) x rest.

    Examples
    --------
    >>> rows = [("world", 0.33), ("ex_china", 0.21), ("china", 0.61)]
    >>> table = pd.DataFrame([("radio", "huawei", m, 2020, s) for m, s in rows],
    ...     columns=["technology", "vendor", "market", "year", "share"])
    >>> round(china_market_share(table), 3)
    0.3
    """
    rows = reported[
        (reported["vendor"] == "huawei") & (reported["year"] == 2020) & (reported["technology"] == "radio")
    ].set_index("market")["share"]
    return float((rows["world"] - rows["ex_china"]) / (rows["china"] - rows["ex_china"]))


def market_shares(table: pd.DataFrame, china_share: float) -> FloatArray:
    """Share of world demand by country: GDP^0.8 times mobile lines^0.2, with China's share fixed.

    The exponent gives the United States the 17 % of world spending that Oxford Economics' figures for
    its 5g investment imply (USD 6.3 bn of about 38 bn per year; data/vendors/figures.csv).

    Parameters
    ----------
    table : DataFrame
        Countries by code: gdp_usd, mobile_subscriptions.
    china_share : float
        China's share, reported or implied; the remainder is divided among the others.
    """
    lines = table["mobile_subscriptions"].to_numpy(float)
    size = table["gdp_usd"].to_numpy(float) ** _GDP_WEIGHT * lines ** (1.0 - _GDP_WEIGHT)
    china = table.index.to_numpy() == "CHN"
    others = np.where(china, 0.0, size)
    return np.asarray(np.where(china, china_share, (1.0 - china_share) * others / others.sum()))


def gather_evidence(
    countries: Sequence[str],
    vendors: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    affinity_us: FloatArray,
    finance: FloatArray,
    market_share: FloatArray,
) -> Evidence:
    """All evidence on shares of iot modules around 2019.

    Radio and core are estimated operator by operator, by a tool of the build (docs/estimation.md).

    Parameters
    ----------
    countries : sequence of str
    vendors : DataFrame
        The vendors of modules in order: vendor, pole, home.
    frames : mapping of str to DataFrame
        Tables: evidence, reported_shares.
    affinity_us, finance : (N,) array
        Political affinity to the US pole; receptivity to vendor finance.
    market_share : (N,) array
        Weights of countries in world shares.
    """
    poles, homes = vendors["pole"].fillna("").to_numpy(), vendors["home"].fillna("").to_numpy()
    sign = np.where(poles == "us", 1.0, np.where(poles == "china", -1.0, 0.0))
    chinese = poles == "china"
    features = np.stack(
        [
            affinity_us[:, None] * sign,
            finance[:, None] * chinese,
            (np.array(countries)[:, None] == homes[None, :]).astype(float),
        ],
        axis=2,
    )
    place = {code: i for i, code in enumerate(countries)}
    names = list(vendors["vendor"])
    shares = _reported(names, chinese, frames["reported_shares"], place, market_share)
    allowed = np.ones((len(countries), len(names)), dtype=bool)
    contracts = _contracts(frames["evidence"], place, names)
    return Evidence(features, FEATURES, allowed, tuple(shares), contracts)


def _reported(
    names: list[str],
    chinese: BoolArray,
    reported: pd.DataFrame,
    place: Mapping[str, int],
    market_share: FloatArray,
) -> list[ShareEvidence]:
    """World, ex-China and China shares of the year in which they are known best."""
    rows = reported[(reported["technology"] == "iot") & (reported["year"] == _YEAR)]
    at_china = np.zeros(len(market_share))
    at_china[place["CHN"]] = 1.0
    outside = np.where(at_china > 0.0, 0.0, market_share)
    weights = {
        "world": market_share / market_share.sum(),
        "ex_china": outside / outside.sum(),
        "china": at_china,
    }
    found = []
    for row in rows.itertuples():
        if row.market not in weights:
            continue
        members = row.vendor.split("+")
        which = chinese if row.vendor == "all-chinese" else np.isin(names, members)
        # A well-sourced sum outweighs its parts that are only recalled.
        sd = _MARKET_SD * (1.0 if row.confidence == "high" else 2.0 if row.confidence == "medium" else 8.0)
        sd = max(sd, _CHINA_SD) if row.market == "china" else sd
        label = f"{row.vendor}, {row.market}, {_YEAR}"
        found.append(ShareEvidence(label, weights[row.market], which, float(row.share), sd))
    label = "all-chinese, china, assumed"
    found.append(ShareEvidence(label, at_china, chinese, _CHINESE_MODULES_AT_HOME, _CHINA_SD))
    return found


def _contracts(evidence: pd.DataFrame, place: Mapping[str, int], names: list[str]) -> FloatArray:
    """Counts of operators by vendor, discounted by confidence and recall."""
    rows = evidence[(evidence["technology"] == "iot") & (evidence["status"] != "absent")].copy()
    weight = rows["confidence"].map(_CONFIDENCE)
    weight *= np.where(rows["source_type"] == "general_knowledge", _RECALLED, 1.0)
    # Contracts signed well after 2019 are weaker evidence for 2019.
    weight *= np.where(rows["year"].fillna(2019) > 2021, 0.5, 1.0)
    rows["weight"] = _CONTRACT_DISCOUNT * weight
    best = rows.groupby(["country", "vendor", rows["operator"].fillna("")])["weight"].max()
    counts = np.zeros((len(place), len(names)))
    for (country, vendor, _), amount in best.items():
        if country in place and vendor in names:
            counts[place[country], names.index(vendor)] += amount
    return counts
