"""Markets and adoption of 2019: reported values, and estimates elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray
from standards_net.estimation import Evidence, Fit, fit_shares
from standards_net.estimation.evidence import (
    china_market_share,
    gather_evidence,
    market_shares,
)
from standards_net.world.load import FACTORS, groups_of, leaning_us
from standards_net.world.politics import (
    affinity_index,
    finance_receptivity,
    income_rank,
    starting_alignments,
)
from tools.build_data.deployment import areas_km2, pace_by_country

__all__ = ["build_adoption", "build_markets", "write_adoption"]

# China had 46 % of cellular iot connections in 2017 (Berg Insight, data/vendors/figures.csv).
_CHINA_IOT = 0.46
_FIRST_5G = 0.01  # share of the market served per calendar year, counting the launch year
_IOT_REACH = 0.15  # connected things of 2019 per internet user, relative to potential
_COLUMNS = [
    "country", "technology", "vendor", "share", "unrestricted_share", "log_sd",
    *(f"factor_{k + 1}" for k in range(FACTORS)), "status", "source",
]  # fmt: skip
_UNKNOWN_LAUNCH = (2026, 6)  # launch year of the richest economy without launch; the poorest six years later


def build_markets(frames: Mapping[str, pd.DataFrame], folder: Path) -> pd.DataFrame:
    """Market size, deployment and launch year by country and technology."""
    table = frames["countries"].set_index("country")
    launches = frames["launches"].groupby("country")["launch_year"].min().astype(float)
    known = launches.reindex(table.index)
    rank = income_rank(table["gdp_per_capita_ppp_usd"].to_numpy(float))
    guess = _UNKNOWN_LAUNCH[0] + np.round(_UNKNOWN_LAUNCH[1] * (1.0 - rank))
    launch = known.fillna(pd.Series(guess, index=table.index))
    internet = table["internet_users_pct"].to_numpy(float) / 100.0
    radio = china_market_share(frames["reported_shares"])
    china = {"radio": radio, "core": radio, "iot": _CHINA_IOT}
    deployed = {
        "radio": np.where(launch <= 2019, _FIRST_5G * (2020 - launch), 0.0),
        "core": np.ones(len(table)),
        "iot": np.round(_IOT_REACH * internet, 4),
    }
    area = areas_km2((folder / "countries" / "outlines.geojson").read_text("utf-8"))
    pace = pace_by_country(frames["deployment_reports"], frames["countries"], frames["launches"], area)
    rows = []
    for technology in deployed:
        share = market_shares(table, china[technology])
        for i, country in enumerate(table.index):
            of_5g = technology == "radio"
            year = launch.iloc[i] if of_5g else 2019
            observed = not of_5g or known.notna().iloc[i]
            rows.append(
                (
                    country,
                    technology,
                    round(float(share[i]), 8),
                    round(float(deployed[technology][i]), 4),
                    int(year),
                    "observed" if observed else "estimated",
                    *((pace.loc[country, "pace"], pace.loc[country, "pace_sd"]) if of_5g else (1.0, 0.0)),
                    "derived",
                    "docs/estimation.md",
                )
            )
    columns = [
        "country", "technology", "market_share", "deployment", "launch_year", "launch_status",
        "pace", "pace_sd", "status", "source",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).sort_values(["country", "technology"])


def build_adoption(
    frames: Mapping[str, pd.DataFrame], markets: pd.DataFrame, folder: Path
) -> tuple[pd.DataFrame, dict[str, tuple[Evidence, Fit]]]:
    """Adoption by economy: of operators weighted by subscribers for radio and core, fitted for iot."""
    parts = [_of_operators(technology, frames, folder) for technology in ("radio", "core")]
    fits = {"iot": _fit_iot(frames, markets)}
    countries = list(frames["countries"]["country"])
    vendors = frames["vendors"][frames["vendors"]["technology"] == "iot"]
    parts.append(_rows("iot", countries, list(vendors["vendor"]), *fits["iot"]))
    return pd.concat(parts).sort_values(["country", "technology", "vendor"]), fits


def _of_operators(technology: str, frames: Mapping[str, pd.DataFrame], folder: Path) -> pd.DataFrame:
    """Weighted means of operators' shares, with the standard deviation of their logarithm over the draws."""
    weights = frames["operator_shares"].set_index(["country", "operator"])["subscriber_share"]
    with np.load(folder / "vendors" / "adoption_draws.npz", allow_pickle=False) as stored:
        country, operator, vendors = (stored[k] for k in ("country", "operator", f"{technology}_vendors"))
        draws = stored[technology] / 65535.0
    weight = weights.reindex(zip(country, operator, strict=True)).fillna(1.0).to_numpy(float)
    table = frames["operator_adoption"]
    table = table[table["technology"] == technology]
    reported = set(table.loc[table["status"] == "reported", "country"])
    free = table.set_index(["country", "operator", "vendor"])["unrestricted_share"]
    rows = []
    for code in frames["countries"]["country"]:
        units = np.flatnonzero(country == code)
        own = weight[units] / weight[units].sum()
        by_draw = np.einsum("o,ovm->vm", own, draws[units])
        log_sd = np.log(np.maximum(by_draw, 1e-4)).std(axis=1)
        unrestricted = [
            sum(w * free[code, operator[u], vendor] for w, u in zip(own, units, strict=True))
            for vendor in vendors
        ]
        status = "derived" if code in reported else "estimated"
        share, of_free = _rounded(by_draw.mean(axis=1)), _rounded(np.array(unrestricted))
        for v, vendor in enumerate(vendors):
            sd = round(float(log_sd[v]), 4)
            rows.append((code, technology, vendor, share[v], of_free[v], sd, status))
    columns = ["country", "technology", "vendor", "share", "unrestricted_share", "log_sd", "status"]
    built = pd.DataFrame(rows, columns=columns).assign(source="docs/estimation.md")
    return built.assign(**{f"factor_{k + 1}": np.nan for k in range(FACTORS)})[_COLUMNS]


def _fit_iot(frames: Mapping[str, pd.DataFrame], markets: pd.DataFrame) -> tuple[Evidence, Fit]:
    table = frames["countries"].set_index("country")
    countries = list(table.index)
    groups = groups_of(frames["memberships"], table, "member_2019")
    alignments = starting_alignments(countries, groups)
    votes = frames["un_voting"].set_index("country").reindex(countries)
    affinity = affinity_index(alignments, leaning_us(votes))
    signatory = np.array([c in groups["BRI"] for c in countries])
    finance = finance_receptivity(table["gdp_per_capita_ppp_usd"].to_numpy(float), signatory)
    vendors = frames["vendors"][frames["vendors"]["technology"] == "iot"]
    size = markets[markets["technology"] == "iot"].set_index("country")
    share = size["market_share"].reindex(countries).to_numpy(float)
    evidence = gather_evidence(countries, vendors, frames, affinity, finance, share / share.sum())
    fit = fit_shares(evidence)
    if not fit.converged:
        raise RuntimeError("the fit of iot did not converge")
    return evidence, fit


def _rows(
    technology: str, countries: list[str], vendors: list[str], evidence: Evidence, fit: Fit
) -> pd.DataFrame:
    derived = _directly_known(evidence)
    factors = np.full((*fit.log_sd.shape, FACTORS), np.nan)
    factors[..., : len(vendors)] = fit.factors.round(4) + 0.0
    rows = []
    for i, country in enumerate(countries):
        share = _rounded(fit.share[i])
        free = _rounded(fit.unrestricted[i])
        for v, vendor in enumerate(vendors):
            status = "derived" if derived[i] else "estimated"
            sd = round(float(fit.log_sd[i, v]), 4)
            rows.append((country, technology, vendor, share[v], free[v], sd, *factors[i, v], status))
    return pd.DataFrame(rows, columns=_COLUMNS[:-1]).assign(source="docs/estimation.md")


def _directly_known(evidence: Evidence) -> np.ndarray:
    """Countries with a reported share of their own, from which their split is derived."""
    known = np.zeros(len(evidence.contracts), dtype=bool)
    for share in evidence.shares:
        alone = share.countries.max() == 1.0
        if alone and "assumed" not in share.label:
            known |= share.countries == 1.0
    return known


def _rounded(shares: FloatArray) -> FloatArray:
    """Round down to six digits, so that the sum stays at most 1."""
    return np.asarray(np.floor(shares * 1e6) / 1e6)


def write_adoption(folder: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write both tables and the report of the fit."""
    markets = build_markets(frames, folder)
    adoption, fits = build_adoption(frames, markets, folder)
    markets.to_csv(folder / "vendors" / "markets.csv", index=False, lineterminator="\n")
    adoption.to_csv(folder / "vendors" / "adoption.csv", index=False, lineterminator="\n")
    report = {
        technology: {
            "taste_sd": fit.taste_sd,
            "coefficients": {
                name: [round(float(c), 4), round(float(s), 4)]
                for name, c, s in zip(
                    evidence.feature_names, fit.coefficients, fit.coefficient_sd, strict=True
                )
            },
            "shares": [
                {
                    "what": e.label,
                    "reported": round(e.share, 4),
                    "modelled": round(float(m), 4),
                    "sd": e.sd,
                }
                for e, m in zip(evidence.shares, fit.fitted, strict=True)
            ],
        }
        for technology, (evidence, fit) in fits.items()
    }
    text = json.dumps(report, indent=1) + "\n"
    (folder / "vendors" / "adoption_fit.json").write_text(text, encoding="utf-8")
