"""Pace of 5g deployment by economy: reports of coverage and subscriptions, and how fast they say it goes.

What is deployed lies between what is used and what is covered: it is taken as the geometric mean of the share
of 5g in mobile subscriptions and of coverage. So much, so long after launch, is inverted through the Bass
curve with the central parameters into a pace: 1 is the pace of these parameters. Regions' shares give the
pace of their members, an economy's own share its own. Within a region the pace follows what explains
reported coverage (income, density of population, central and eastern Europe), and the economy's own reports:
coverage leads subscriptions, so it tells who is ahead rather than how far.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from tools.build_data.raw import Raw

__all__ = ["areas_km2", "build_deployment_reports", "deployed_reports", "pace_by_country"]

_EARTH_KM = 6371.0

_METRICS = {
    "population_coverage_5g": "coverage",
    "5g_share_of_mobile_subscriptions": "subscriptions",
}
# Regions of the reports, by members of the world's regions and groups; the first that fits counts.
_GULF = ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU")
_NORTH_EAST_ASIA = ("CHN", "HKG", "JPN", "KOR", "TWN")
_CENTRAL_AND_EASTERN = ("EST", "HRV", "LTU", "LVA", "SVN", "ALB", "BIH", "MKD", "MNE", "SRB", "XKX")
_SUBREGIONS = {
    "Northern America": "N_AMERICA", "Latin America and the Caribbean": "LATAM", "Western Europe": "WEU",
    "Northern Europe": "WEU", "Southern Europe": "WEU", "Eastern Europe": "CEE", "Central Asia": "CEE",
    "Western Asia": "MENA", "Northern Africa": "MENA", "Southern Asia": "IND", "Eastern Asia": "NEA",
    "South-eastern Asia": "SEA_OCE", "Australia and New Zealand": "SEA_OCE",
}  # fmt: skip
_INNOVATION, _IMITATION = 0.1, 0.05  # central values of innovation_radio and imitation_radio
_LATEST = 2024  # shares near saturation say little about pace
_COVERAGE_WEIGHT = (
    0.7  # change of log pace with a unit of coverage on the log-log scale; 1 without saturation
)
_RIDGE = 0.3
_SMALL_STATE_KM2 = 500.0  # area of economies that the outlines leave out
_UNKNOWN_COVERAGE = 0.5  # where nobody reports a region's coverage within two years
_SD = {"own": 0.15, "coverage": 0.25, "region": 0.35, "none": 0.5}


def build_deployment_reports(raw: Raw) -> pd.DataFrame:
    """Reported 5g coverage of the population and share of mobile subscriptions, by economy or region."""
    table = raw.read("fiveg/deployment.csv")
    table = table[table["metric"].isin(_METRICS)]
    built = pd.DataFrame(
        {
            "region": table["region"],
            "year": table["year"].astype(int),
            "metric": table["metric"].map(_METRICS),
            "share": (table["value"].astype(float) / 100.0).round(4),
            "confidence": table["confidence"],
            "source_type": table["source_type"],
            "source": table["source"],
        }
    )
    key = ["region", "year", "metric"]
    return built.sort_values([*key, "source"]).drop_duplicates(key)


def pace_by_country(
    reports: pd.DataFrame, countries: pd.DataFrame, launches: pd.DataFrame, area_km2: Mapping[str, float]
) -> pd.DataFrame:
    """Pace of 5g deployment relative to the central parameters, its uncertainty, and what it rests on.

    Parameters
    ----------
    reports : DataFrame
        From :func:`build_deployment_reports`.
    countries, launches : DataFrame
        The tables of these names.
    area_km2 : mapping of code to float
        From :func:`areas_km2`.

    Returns
    -------
    DataFrame
        By country: ``pace``, ``pace_sd`` (of its logarithm), ``pace_status`` (observed or estimated).
    """
    table = countries.set_index("country")
    launch = _launch_times(launches)
    region = pd.Series({code: _region(code, row) for code, row in table.iterrows()})
    shares = reports[(reports["metric"] == "subscriptions") & (reports["year"] <= _LATEST)]
    covered = _coverage_of(reports, region)
    log_pace = {
        name: float(
            np.mean(
                [
                    _log_pace(math.sqrt(row.share * covered(name, row.year)), row.year + 1.0 - start)
                    for row in rows.itertuples()
                ]
            )
        )
        for name, rows in shares.groupby("region")
        if (start := _start_of(name, table, launch, region)) is not None
    }
    expected, residual = _coverage(reports, launch, _features(table, region, area_km2))
    centre = expected.groupby(region).mean()
    lowest = min(log_pace[name] for name in centre.index if name in log_pace)
    rows = []
    for code in table.index:
        of = region[code]
        value = log_pace.get(of, lowest)
        value += _COVERAGE_WEIGHT * (expected[code] - centre[of] + residual.get(code, 0.0))
        basis = "coverage" if code in residual else "region" if of in log_pace else "none"
        if code in log_pace:
            value, basis = log_pace[code], "own"
        status = "observed" if basis in ("own", "coverage") else "estimated"
        rows.append((code, round(math.exp(value), 4), _SD[basis], status))
    return pd.DataFrame(rows, columns=["country", "pace", "pace_sd", "pace_status"]).set_index("country")


def deployed_reports(
    frames: Mapping[str, pd.DataFrame], countries: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """What is deployed by region or economy and year: the geometric mean of use and coverage.

    Returns
    -------
    deployed : DataFrame
        ``region``, ``year``, ``deployed``, where a share of subscriptions is reported.
    members : dict of region to (N,) array
        Weights of its economies by subscriptions; they add up to 1.
    """
    table, reports = frames["countries"].set_index("country"), frames["deployment_reports"]
    region = pd.Series({code: _region(str(code), row) for code, row in table.iterrows()})
    covered = _coverage_of(reports, region)
    rows = reports[reports["metric"] == "subscriptions"]
    deployed = pd.DataFrame(
        {
            "region": rows["region"],
            "year": rows["year"],
            "deployed": [math.sqrt(row.share * covered(row.region, row.year)) for row in rows.itertuples()],
        }
    )
    subscriptions = table["mobile_subscriptions"].fillna(0.0).reindex(list(countries)).to_numpy(float)
    of = region.reindex(list(countries)).to_numpy()
    members = {}
    for name in deployed["region"].unique():
        belongs = (np.array(countries) == name) if name in countries else (of == name)
        if belongs.any():
            members[name] = belongs * subscriptions / (belongs * subscriptions).sum()
    return deployed[deployed["region"].isin(members)].reset_index(drop=True), members


def areas_km2(outlines: str) -> dict[str, float]:
    """Areas of the outlines, from their GeoJSON: a sphere's, as accurate as outlines at 1:110 m are."""
    found = {}
    for feature in json.loads(outlines)["features"]:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        code = str(feature["properties"].get("country", feature.get("id")))
        found[code] = _EARTH_KM**2 * sum(_spherical_area(np.radians(part[0])) for part in parts)
    return found


def _spherical_area(ring: np.ndarray) -> float:
    """Area of a ring of (longitude, latitude) in radians on the unit sphere: equal-area projection."""
    x, y = ring[:, 0], np.sin(ring[:, 1])
    return float(abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2.0)


def _features(table: pd.DataFrame, region: pd.Series, area_km2: Mapping[str, float]) -> pd.DataFrame:
    """What explains coverage beyond time since launch, standardised."""
    area = pd.Series(area_km2).reindex(table.index).clip(lower=_SMALL_STATE_KM2).fillna(_SMALL_STATE_KM2)
    features = pd.DataFrame(
        {
            "income": np.log(table["gdp_per_capita_ppp_usd"]),
            "density": np.log(table["population"] / area),
            "central_and_eastern": (region == "CEE").astype(float),
        }
    )
    return (features - features.mean()) / features.std()


def _launch_times(launches: pd.DataFrame) -> pd.Series:
    dates = launches["launch_date"].astype(str)
    month = pd.to_numeric(dates.str[5:7], errors="coerce").fillna(7.0)
    return pd.Series(
        (dates.str[:4].astype(float) + (month - 0.5) / 12.0).to_numpy(), index=launches["country"]
    )


def _region(code: str, row: pd.Series) -> str:
    if code in _GULF:
        return "GCC"
    if code in _NORTH_EAST_ASIA:
        return "NEA"
    if code in _CENTRAL_AND_EASTERN:
        return "CEE"
    return _SUBREGIONS.get(str(row["subregion"]), str(row["subregion"]))


def _start_of(name: str, table: pd.DataFrame, launch: pd.Series, region: pd.Series) -> float | None:
    """Launch of an economy, or of a region by the subscriptions of its members that launched."""
    if name in table.index:
        return float(launch[name]) if name in launch.index else None
    members = [
        code for code in region.index[region == name] if code in launch.index and launch[code] < _LATEST
    ]
    if not members:
        return None
    weight = table.loc[members, "mobile_subscriptions"].to_numpy(float)
    return float(np.average(launch[members], weights=weight))


def _coverage_of(reports: pd.DataFrame, region: pd.Series) -> Callable[[str, int], float]:
    """Reported coverage of an economy or, as a mean of its members, of a region in a year."""
    rows = reports[reports["metric"] == "coverage"]
    group = rows["region"].map(region)

    def covered(name: str, year: int) -> float:
        own = rows[(rows["region"] == name) | (group == name)]
        near = own[(own["year"] - year).abs() <= 2]
        if near.empty:
            return _UNKNOWN_COVERAGE
        distance = (near["year"] - year).abs()
        return float(near.loc[distance == distance.min(), "share"].mean())

    return covered


def _log_pace(share: float, age: float) -> float:
    """Log of the pace at which the Bass curve reaches a share so many years after launch."""
    total = _INNOVATION + _IMITATION
    reached = math.log((1.0 + share * _IMITATION / _INNOVATION) / (1.0 - share)) / total
    return math.log(max(reached, 0.05) / max(age, 0.5))


def _coverage(
    reports: pd.DataFrame, launch: pd.Series, features: pd.DataFrame
) -> tuple[pd.Series, dict[str, float]]:
    """Coverage that its features let expect at equal age, and own reports beyond it, shrunk to their mean."""
    rows = reports[(reports["metric"] == "coverage") & reports["region"].isin(features.index)]
    rows = rows[rows["region"].isin(launch.index)]
    age = np.log(np.maximum(rows["year"] + 1.0 - rows["region"].map(launch), 0.3))
    outcome = np.log(-np.log1p(-np.clip(rows["share"].to_numpy(float), 0.01, 0.99)))
    own = features.loc[rows["region"]].to_numpy(float)
    design = np.column_stack([np.ones(len(rows)), age, rows["year"] - 2021.0, own])
    ridge = _RIDGE * np.eye(design.shape[1])
    coefficients = np.linalg.solve(design.T @ design + ridge, design.T @ outcome)
    residual = pd.Series(outcome - design @ coefficients, index=rows["region"].to_numpy()).groupby(level=0)
    expected = pd.Series(features.to_numpy(float) @ coefficients[3:], index=features.index)
    return expected, {str(code): float(values.sum() / (len(values) + 1.0)) for code, values in residual}
