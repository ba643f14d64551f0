"""Countries, their memberships, alliances, votes, policies, launches and outlines."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from tools.build_data.raw import Raw, economies

__all__ = [
    "build_alliances",
    "build_countries",
    "build_launches",
    "build_memberships",
    "build_outlines",
    "build_policies",
    "build_un_voting",
]

_SHORT_NAMES = {
    "BOL": "Bolivia", "BRN": "Brunei", "CIV": "Côte d'Ivoire", "COD": "DR Congo", "COG": "Congo",
    "CZE": "Czechia", "FSM": "Micronesia", "GBR": "United Kingdom", "HKG": "Hong Kong", "IRN": "Iran",
    "KOR": "South Korea", "LAO": "Laos", "MDA": "Moldova", "MKD": "North Macedonia",
    "PSE": "Palestine", "RUS": "Russia", "SYR": "Syria", "TUR": "Türkiye", "TWN": "Taiwan",
    "TZA": "Tanzania", "USA": "United States", "VEN": "Venezuela", "VNM": "Vietnam", "XKX": "Kosovo",
}  # fmt: skip

# Proxies for economies that do not vote: see docs/data.md.
_VOTES_LIKE = {"HKG": ("CHN",), "TWN": ("JPN", "KOR"), "XKX": ("ALB",), "PSE": ("JOR",)}

# Years by whose end installed equipment must be removed; rules on cores or management only have none.
_REMOVAL_YEARS = {"CAN": 2027, "FRA": 2028, "GBR": 2027, "LTU": 2025, "SWE": 2025}
# Years in which new purchases stopped, where the first restrictive date is less informative or missing.
_BAN_YEARS = {
    "CAN": 2022, "CRI": 2023, "EST": 2022, "FRA": 2020, "GBR": 2021, "IND": 2021, "ISR": 2019,
    "JPN": 2018, "LTU": 2021, "NOR": 2020, "NZL": 2018, "PRT": 2023, "ROU": 2021, "SGP": 2020,
    "SWE": 2020, "TWN": 2013, "USA": 2018, "VNM": 2019, "AUS": 2018,
}  # fmt: skip
_EXCLUDED = ("banned", "de_facto_excluded")


def build_countries(raw: Raw) -> pd.DataFrame:
    """Figures of 2019 by economy; gaps are filled with the subregion's median and listed in the row."""
    table = raw.read("countries/countries.csv").set_index("iso3").loc[list(economies(raw))]
    rights = raw.read("countries/governance.csv").set_index("iso3")
    names = table["name"].to_dict() | _SHORT_NAMES
    built = pd.DataFrame(
        {
            "name": [names[code] for code in table.index],
            "region": table["region"],
            "subregion": table["subregion"],
            "lat": table["lat"].round(4),
            "lon": table["lon"].round(4),
            "un_member": table["un_member"].astype(int),
            "income_group": table["income_group_wb"],
            "population": table["pop_2019"].round().astype("int64"),
            "gdp_usd": table["gdp_usd_2019"].round().astype("int64"),
            "gdp_per_capita_ppp_usd": table["gdp_pc_ppp_2019"],
            "mobile_subscriptions": table["mobile_subs_2019"],
            "internet_users_pct": table["internet_pct_2019"],
            "voice_accountability": rights["wgi_voice_accountability_2019"].reindex(table.index),
            "rd_pct_gdp": table["rd_pct_gdp_2019"].round(4),
        },
        index=table.index,
    )
    built["region"] = built["region"].fillna("Asia")  # Taiwan has no M49 region of its own
    built["subregion"] = built["subregion"].fillna("Eastern Asia")
    return _filled(built).rename_axis("country").reset_index()


def _filled(table: pd.DataFrame) -> pd.DataFrame:
    """Fill gaps with medians of the subregion: per capita, per GDP or unscaled."""
    filled = table.copy()
    marks: dict[str, list[str]] = {code: [] for code in table.index}
    bases = {
        "gdp_per_capita_ppp_usd": table["gdp_usd"] / table["population"],
        "mobile_subscriptions": table["population"],
        "internet_users_pct": pd.Series(1.0, index=table.index),
        "voice_accountability": pd.Series(1.0, index=table.index),
    }
    for column, base in bases.items():
        ratio = table[column] / base
        median = ratio.groupby(table["subregion"]).transform("median").fillna(ratio.median())
        missing = table[column].isna()
        filled[column] = table[column].fillna(median * base)
        for code in table.index[missing]:
            marks[code].append(column)
    filled["gdp_per_capita_ppp_usd"] = filled["gdp_per_capita_ppp_usd"].round(1)
    filled["mobile_subscriptions"] = filled["mobile_subscriptions"].round().astype("int64")
    filled["internet_users_pct"] = filled["internet_users_pct"].round(2)
    filled["estimated"] = [";".join(marks[code]) for code in table.index]
    return filled


def build_alliances(raw: Raw) -> pd.DataFrame:
    """Treaty obligations of 2018 between pairs of economies."""
    table = raw.read("countries/alliances.csv")
    known = set(economies(raw))
    table = table[table["iso3_a"].isin(known) & table["iso3_b"].isin(known)]
    pairs = np.sort(table[["iso3_a", "iso3_b"]].to_numpy(dtype=str), axis=1)
    built = pd.DataFrame(
        {
            "country_a": pairs[:, 0],
            "country_b": pairs[:, 1],
            "defence": table["defense"].to_numpy(),
            "neutrality": table["neutral"].to_numpy(),
            "nonaggression": table["nonagg"].to_numpy(),
            "consultation": table["consul"].to_numpy(),
        }
    )
    built = built.groupby(["country_a", "country_b"], as_index=False).max()
    return built.sort_values(["country_a", "country_b"])


def build_memberships(raw: Raw) -> pd.DataFrame:
    """Organisations and the Belt and Road, with dates."""
    known = set(economies(raw))
    table = raw.read("countries/memberships.csv")
    table = table[table["iso3"].isin(known)]
    organisations = pd.DataFrame(
        {
            "country": table["iso3"],
            "organisation": table["org"],
            "joined": table["joined"],
            "left": table["left"],
            "member_2019": table["member_2019_end"].astype(int),
            "member_2025": table["member_2025_end"].astype(int),
            "confidence": np.where(table["in_factbook_copy_jan2020"] == 1, "high", "medium"),
        }
    )
    road = raw.read("countries/bri.csv")
    road = road[road["iso3"].isin(known) & road["join_date"].notna()]
    signed = pd.DataFrame(
        {
            "country": road["iso3"],
            "organisation": "BRI",
            "joined": road["join_date"],
            "left": road["exit_date"],
            "member_2019": road["mou_by_2019_end"].fillna(0).astype(int),
            "member_2025": road["exit_date"].isna().astype(int),
            "confidence": np.where(road["note"].isna(), "high", "medium"),
        }
    )
    built = pd.concat([organisations, signed])
    built = built.drop_duplicates(["country", "organisation"], keep="last")
    return built.sort_values(["organisation", "country"])


def build_un_voting(raw: Raw) -> pd.DataFrame:
    """Ideal points and agreement with the two poles; estimated for economies that do not vote."""
    votes = raw.read("countries/un_ideal_points.csv").set_index("iso3")
    built = pd.DataFrame(
        {
            "ideal_point": votes["ideal_mean_2015_2019"],
            "ideal_point_low": votes["ideal_2019_q5"],
            "ideal_point_high": votes["ideal_2019_q95"],
            "agree_usa": votes["agree_USA_2015_2019"],
            "agree_chn": votes["agree_CHN_2015_2019"],
        }
    )
    built.loc["USA", "agree_usa"] = built.loc["CHN", "agree_chn"] = 1.0
    for code, models in _VOTES_LIKE.items():
        built.loc[code] = built.loc[list(models)].mean()
    built = built.reindex(economies(raw))
    missing = built["ideal_point"].isna()
    built["status"] = np.where(built.index.isin(_VOTES_LIKE) | missing, "estimated", "observed")
    regions = build_countries(raw).set_index("country")["subregion"]
    return (
        built.fillna(built.groupby(regions).transform("mean", numeric_only=True))
        .round(4)
        .rename_axis("country")
        .reset_index()
    )


def build_policies(raw: Raw) -> pd.DataFrame:
    """Policy towards Chinese network vendors in October 2019 and in the latest record."""
    table = raw.read("fiveg/vendor_policy.csv").set_index("iso3").reindex(economies(raw))
    excluded = table["status_latest"].isin(_EXCLUDED) | table["status_2019_10"].isin(_EXCLUDED)
    ban_year = pd.Series(_BAN_YEARS).reindex(table.index)
    unknown = sorted(table.index[excluded & ban_year.isna()])
    if unknown:
        raise ValueError(f"no ban year for {', '.join(unknown)}")
    built = pd.DataFrame(
        {
            "status_2019_10": table["status_2019_10"].fillna("unknown"),
            "status_latest": table["status_latest"].fillna("unknown"),
            "technologies": "radio;core",
            "latest_date": table["latest_date"].astype(str).where(table["latest_date"].notna()),
            "first_restrictive_date": table["first_restrictive_date"],
            "ban_year": ban_year.where(excluded).astype("Int64"),
            "removal_year": pd.Series(_REMOVAL_YEARS).reindex(table.index).astype("Int64"),
            "confidence": table["confidence"].fillna("low"),
            "source_type": table["source_type"].fillna("none"),
            "source": table["source"].fillna("none"),
        },
        index=table.index,
    )
    return built.rename_axis("country").reset_index()


def build_launches(raw: Raw) -> pd.DataFrame:
    """First commercial 5g service, where known."""
    table = raw.read("fiveg/launches.csv")
    table = table[table["iso3"].isin(economies(raw))]
    built = pd.DataFrame(
        {
            "country": table["iso3"],
            "launch_date": table["first_5g_launch"],
            "launch_year": table["first_5g_launch"].str[:4].astype(int),
            "service": table["service"],
            "confidence": table["confidence"],
            "source": table["source"],
        }
    )
    return built.sort_values(["country", "launch_date"]).drop_duplicates("country")


def build_outlines(raw: Raw) -> str:
    """Outlines of the economies available at 1:110 m, as compact GeoJSON."""
    world = json.loads((raw.folder / "countries" / "world_110m.geojson").read_text("utf-8"))
    known = set(economies(raw))
    # Northern Cyprus is drawn with Cyprus, following the UN; Somaliland already is with Somalia.
    features = []
    for feature in world["features"]:
        code = {"CYN": "CYP"}.get(feature["properties"]["iso3"], feature["properties"]["iso3"])
        if code in known:
            features.append(
                {
                    "type": "Feature",
                    "properties": {"country": code},
                    "geometry": feature["geometry"],
                }
            )
    features.sort(key=lambda f: f["properties"]["country"])
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")) + "\n"
