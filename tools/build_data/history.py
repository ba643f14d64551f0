"""Past standards wars: who chose which standard, and what tied the choosers."""

from __future__ import annotations

import pandas as pd

from tools.build_data.raw import Raw

__all__ = ["build_digital_television", "build_historical_ties"]

_BEYOND_THE_UN = ("HKG", "TWN")
_ORIGINATORS = ("CHN", "JPN", "KOR", "USA")
_TIES = {
    "contig": "border",
    "comlang_off": "common_language",
    "colony": "colonial_tie",
    "comcol": "common_coloniser",
}


def build_digital_television(raw: Raw) -> pd.DataFrame:
    """Family of digital terrestrial television of each sovereign country, and where its capital lies."""
    chosen = raw.read("history/dtv.csv")
    places = raw.read("history/covariates.csv")[["iso3", "subregion", "lat", "lon", "un_member"]]
    table = chosen.merge(places, on="iso3")
    table = table[(table["un_member"] == 1) | table["iso3"].isin(_BEYOND_THE_UN)]
    table["originator"] = table["iso3"].isin(_ORIGINATORS).astype(int)
    table = table.rename(
        columns={"iso3": "country", "year_adopted": "year", "lat": "latitude", "lon": "longitude"}
    )
    table["year"] = table["year"].astype("Int64")
    columns = [
        "country", "family", "standard", "year", "ge06_area", "originator", "subregion", "latitude",
        "longitude", "confidence", "source",
    ]  # fmt: skip
    return table[columns].sort_values("country")


def build_historical_ties(raw: Raw) -> pd.DataFrame:
    """Borders, official languages and colonial history that two of these countries share."""
    chosen = set(build_digital_television(raw)["country"])
    ties = raw.read("history/ties.csv").rename(columns={"iso_a": "country", "iso_b": "other", **_TIES})
    ties = ties[ties["country"].isin(chosen) & ties["other"].isin(chosen)]
    kinds = list(_TIES.values())
    # CEPII has no language for a few countries, coded below 0.
    ties[kinds] = ties[kinds].clip(lower=0).astype(int)
    return ties.loc[ties[kinds].any(axis=1), ["country", "other", *kinds]].sort_values(["country", "other"])
