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
from tools.build_data.deployment import pace_by_country

__all__ = ["build_adoption", "build_markets", "write_adoption"]

# China had 46 % of cellular iot connections in 2017 (Berg Insight, data/vendors/figures.csv).
_CHINA_IOT = 0.46
_FIRST_5G = 0.01  # share of the market served per calendar year, counting the launch year
_IOT_REACH = 0.15  # connected things of 2019 per internet user, relative to potential
_UNKNOWN_LAUNCH = (2026, 6)  # launch year of the richest economy without launch; the poorest six years later


def build_markets(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
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
    pace = pace_by_country(frames["deployment_reports"], frames["countries"], frames["launches"])
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
    frames: Mapping[str, pd.DataFrame], markets: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, tuple[Evidence, Fit]]]:
    """Fit both technologies; return the adoption table and the fits."""
    table = frames["countries"].set_index("country")
    countries = list(table.index)
    groups = groups_of(frames["memberships"], table, "member_2019")
    alignments = starting_alignments(countries, groups)
    votes = frames["un_voting"].set_index("country").reindex(countries)
    affinity = affinity_index(alignments, leaning_us(votes))
    signatory = np.array([c in groups["BRI"] for c in countries])
    finance = finance_receptivity(table["gdp_per_capita_ppp_usd"].to_numpy(float), signatory)
    parts, fits = [], {}
    for technology in ("radio", "iot"):
        vendors = frames["vendors"][frames["vendors"]["technology"] == technology]
        size = markets[markets["technology"] == technology].set_index("country")
        share = size["market_share"].reindex(countries).to_numpy(float)
        evidence = gather_evidence(
            technology, countries, vendors, frames, affinity, finance, share / share.sum()
        )
        fit = fit_shares(evidence)
        if not fit.converged:
            raise RuntimeError(f"the fit of {technology} did not converge")
        fits[technology] = (evidence, fit)
        parts.append(_rows(technology, countries, list(vendors["vendor"]), evidence, fit))
    parts.append(_core_like_radio(parts[0]))
    return pd.concat(parts).sort_values(["country", "technology", "vendor"]), fits


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
    columns = ["country", "technology", "vendor", "share", "unrestricted_share", "log_sd"]
    columns += [f"factor_{k + 1}" for k in range(FACTORS)] + ["status"]
    return pd.DataFrame(rows, columns=columns).assign(source="docs/estimation.md")


def _core_like_radio(radio: pd.DataFrame) -> pd.DataFrame:
    of = {v: v for v in ("huawei", "zte", "ericsson", "nokia")}
    rows = radio.assign(technology="core", vendor=radio["vendor"].map(of).fillna("other-core"))
    rows = rows.groupby(["country", "technology", "vendor"], as_index=False).agg(
        {"share": "sum", "unrestricted_share": "sum", "log_sd": "max", "status": "first"}
    )
    for k in range(FACTORS):
        rows[f"factor_{k + 1}"] = np.nan
    return rows.assign(source="docs/estimation.md", status="estimated", log_sd=rows["log_sd"] * 1.5)


def _unused_shares(frames: Mapping[str, pd.DataFrame], fit: Fit) -> list[dict[str, object]]:
    """Reported 5g shares with the modelled share of 2019: not fitted, and not expected to agree."""
    countries = list(frames["countries"]["country"])
    vendors = frames["vendors"][frames["vendors"]["technology"] == "radio"]
    chinese = (vendors["pole"] == "china").to_numpy()
    history = frames["chinese_radio_share"]
    return [
        {
            "what": f"{row.country}, 5g, {row.year}",
            "reported": row.chinese_share,
            "modelled_2019": round(float(fit.share[countries.index(row.country), chinese].sum()), 4),
        }
        for row in history[history["generation"] == "5g"].sort_values(["country", "year"]).itertuples()
    ]


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
    markets = build_markets(frames)
    adoption, fits = build_adoption(frames, markets)
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
    report["radio"]["kept_for_the_back_test"] = _unused_shares(frames, fits["radio"][1])
    text = json.dumps(report, indent=1) + "\n"
    (folder / "vendors" / "adoption_fit.json").write_text(text, encoding="utf-8")
