"""Ties, disputes and declarations that show which side a country takes."""

from __future__ import annotations

import pandas as pd

from tools.build_data.raw import Raw, economies

__all__ = ["build_declarations", "build_positions"]

_SIGNED_2019 = "UNHRC_Xinjiang_2019-07"
_SALIENCE = {"high_salience": 1.0, "moderate": 0.5, "low": 0.25}
# What was signed after the positions of 2019, by whether a side was taken: lists of one side's own
# organisations (BRICS, SCO, IPEF) are about other things.
_STATEMENTS = {
    "UNHRC_HongKong_2020-06": ("human rights", "Statement on Hong Kong, Human Rights Council 2020"),
    "Clean_Network_2020": ("technology", "Clean Network 2020"),
    "US_5G_bilateral_statement": ("technology", "Statement on 5G security with the United States"),
    "GDSI_individual_support": ("technology", "Global Data Security Initiative"),
    "China_ArabLeague_data_security_2021": (
        "technology",
        "Data security cooperation with China, Arab League",
    ),
    "China_CentralAsia_data_security_2022": (
        "technology",
        "Data security cooperation with China, Central Asia",
    ),
}


def build_positions(raw: Raw) -> pd.DataFrame:
    """What tied countries to the poles in 2019; a country without a row has none of it."""
    ties = raw.read("politics/defence_ties.csv")[["iso3", "us_guarantee_level", "us_guarantee_confidence"]]
    disputes = raw.read("politics/sanctions_rivalry.csv")[["iso3", "dispute_china", "dispute_china_salience"]]
    table = ties.merge(disputes, on="iso3", how="outer").set_index("iso3")
    signed = raw.read("politics/declarations.csv").query("item == @_SIGNED_2019").set_index("iso3")["side"]
    table["china_dispute"] = table["dispute_china_salience"].map(_SALIENCE).fillna(0.0)
    table["us_guarantee"] = table["us_guarantee_level"].fillna(0).astype(int)
    table = table.reindex(table.index.union(signed.index))
    table["signed_2019"] = signed.map({"us": 1, "china": -1})
    table = table.fillna({"signed_2019": 0, "us_guarantee": 0, "china_dispute": 0.0})
    table["confidence"] = table["us_guarantee_confidence"].fillna("medium")
    table[["us_guarantee", "signed_2019"]] = table[["us_guarantee", "signed_2019"]].astype(int)
    table = table[table.index.isin(economies(raw))]
    table = table[(table[["us_guarantee", "china_dispute", "signed_2019"]] != 0).any(axis=1)]
    table = table.rename_axis("country").reset_index()
    return table[["country", "us_guarantee", "china_dispute", "signed_2019", "confidence"]]


def build_declarations(raw: Raw) -> pd.DataFrame:
    """Statements of one side that countries signed after 2019's positions, two on technology."""
    table = raw.read("politics/declarations.csv")
    table = table[table["item"].isin(_STATEMENTS) & table["iso3"].isin(economies(raw))]
    table = table.assign(
        domain=table["item"].map(lambda item: _STATEMENTS[item][0]),
        statement=table["item"].map(lambda item: _STATEMENTS[item][1]),
        year=table["date"].str[:4].astype(int),
    ).rename(columns={"iso3": "country"})
    # Some signed the same statement twice over; the first date counts.
    table = table.sort_values("year").drop_duplicates(["country", "statement"])
    columns = ["country", "statement", "domain", "side", "year", "confidence", "source_type"]
    return table[columns].sort_values(["country", "domain", "statement"])
