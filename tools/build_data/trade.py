"""Bilateral goods trade of all 196 economies, mean of 2017 to 2019."""

from __future__ import annotations

import pandas as pd

from tools.build_data.raw import Raw, economies

__all__ = ["build_trade"]

_SMALLEST_USD = 1000.0
_YEARS = ("kusd_2017", "kusd_2018", "kusd_2019")
# Customs unions whose statistics include the smaller partner: its share is allocated by GDP.
_INSIDE = {"LIE": "CHE", "MCO": "FRA"}
# Trade of a micro-economy with its customs partner, as share of its GDP, in each direction.
_WITH_PARTNER = 0.25
_KOSOVO_LIKE = ("ALB", "MKD", "MNE", "BIH")


def build_trade(raw: Raw) -> pd.DataFrame:
    """Flows by exporter and importer, with the origin of each figure."""
    facts = raw.read("countries/countries.csv").set_index("iso3")
    flows = _observed(raw)
    flows = pd.concat([flows, _taiwan(raw, flows), _kosovo(flows, facts)])
    for small, big in _INSIDE.items():
        flows = _split_out(flows, small, big, facts["gdp_usd_2019"])
    flows = flows[flows["value_usd"] >= _SMALLEST_USD]
    flows = flows.assign(value_usd=flows["value_usd"].round().astype("int64"))
    return flows.sort_values(["exporter", "importer"])


def _observed(raw: Raw) -> pd.DataFrame:
    table = raw.read("countries/trade.csv")
    known = set(economies(raw))
    table = table[table["exporter"].isin(known) & table["importer"].isin(known)]
    value = 1000.0 * table[list(_YEARS)].mean(axis=1)
    return table[["exporter", "importer"]].assign(value_usd=value, status="observed", source="CEPII BACI")


def _taiwan(raw: Raw, flows: pd.DataFrame) -> pd.DataFrame:
    """Flows of 2015, scaled by the growth of trade among all other economies since."""
    before = raw.read("countries/trade_unctad_2015.csv")
    known = set(economies(raw))
    before = before[before["exporter"].isin(known) & before["importer"].isin(known)]
    taiwan = (before["exporter"] == "TWN") | (before["importer"] == "TWN")
    pairs = before[~taiwan].merge(flows, on=["exporter", "importer"])
    growth = pairs["value_usd"].sum() / (1000.0 * pairs["total_kusd"].sum())
    return before.loc[taiwan, ["exporter", "importer"]].assign(
        value_usd=1000.0 * growth * before.loc[taiwan, "total_kusd"],
        status="derived",
        source="UNCTADstat 2015, scaled",
    )


def _kosovo(flows: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Exports and imports as shares of GDP, distributed over partners like those of its neighbours."""
    gdp = facts.loc["XKX", "gdp_usd_2019"]
    made = []
    for own, other, total in (
        ("exporter", "importer", facts.loc["XKX", "exports_pct_gdp_2019"]),
        ("importer", "exporter", facts.loc["XKX", "imports_pct_gdp_2019"]),
    ):
        pooled = flows[flows[own].isin(_KOSOVO_LIKE)].groupby(other)["value_usd"].sum()
        spread = pooled / pooled.sum() * gdp * total / 100.0
        made.append(pd.DataFrame({own: "XKX", other: spread.index, "value_usd": spread.to_numpy()}))
    return pd.concat(made).assign(status="estimated", source="spread like neighbours' trade")


def _split_out(flows: pd.DataFrame, small: str, big: str, gdp: pd.Series) -> pd.DataFrame:
    part = float(gdp[small] / (gdp[small] + gdp[big]))
    inside = (flows["exporter"] == big) | (flows["importer"] == big)
    carved = flows[inside].replace({"exporter": {big: small}, "importer": {big: small}})
    carved = carved.assign(
        value_usd=part * carved["value_usd"], status="estimated", source=f"split from {big} by GDP"
    )
    reduced = flows.assign(value_usd=flows["value_usd"].where(~inside, (1 - part) * flows["value_usd"]))
    with_partner = pd.DataFrame({"exporter": [small, big], "importer": [big, small]}).assign(
        value_usd=_WITH_PARTNER * float(gdp[small]), status="estimated", source="share of GDP"
    )
    return pd.concat([reduced, carved, with_partner])
