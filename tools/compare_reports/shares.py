"""Modelled shares beside reported ones: world revenue by vendor and year, 5g shares of countries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

import standards_net as sn
from standards_net.ensemble.engine import Draws
from standards_net.evidence import share_reports
from standards_net.model import as_mechanism, trajectory
from standards_net.tables import read_tables

__all__ = ["buyer_table", "chinese_world_share_table", "world_share_table"]

SCENARIO = "as-happened-2025"
_YEARS = range(2019, 2026)
_CHINESE = ("huawei", "zte")


def world_share_table(result: sn.Result) -> pd.DataFrame:
    """Share of world radio revenue by vendor and year: reported, and modelled with its interval."""
    reported = read_tables().frames["reported_shares"]
    reported = reported[(reported["technology"] == "radio") & (reported["market"] == "world")]
    share = _revenue_shares(result)
    rows = []
    for row in reported.sort_values(["vendor", "year"]).itertuples():
        if row.year not in result.coords["year"][1:] or row.vendor not in result.coords["vendor"]:
            continue
        at = result.position("year", int(row.year)), result.position("vendor", row.vendor)
        low, median, high = np.quantile(share[:, at[0], at[1]], (0.05, 0.5, 0.95))
        rows.append((row.vendor, row.year, row.share, median, low, high, row.confidence))
    return pd.DataFrame(rows, columns=["vendor", "year", "reported", "median", "low", "high", "confidence"])


def chinese_world_share_table(result: sn.Result) -> pd.DataFrame:
    """Share of Huawei and ZTE together in world radio revenue in every year, and reported where both are."""
    reported = read_tables().frames["reported_shares"]
    reported = reported[(reported["technology"] == "radio") & (reported["market"] == "world")]
    reported = reported[reported["vendor"].isin(_CHINESE)].groupby("year")["share"].sum(min_count=2)
    share = _revenue_shares(result)[:, :, [result.position("vendor", v) for v in _CHINESE]].sum(axis=2)
    low, median, high = np.quantile(share[:, 1:], (0.05, 0.5, 0.95), axis=0)
    years = list(result.coords["year"][1:])
    columns = {"year": years, "reported": reported.reindex(years).to_numpy()}
    return pd.DataFrame({**columns, "median": median, "low": low, "high": high})


def _revenue_shares(result: sn.Result) -> np.ndarray:
    """Vendors' shares of world radio revenue, (draws, years, vendors)."""
    revenue = result.values("vendor_revenue_usd", scenario=SCENARIO, technology="radio").sum(axis=-1)
    total = revenue.sum(axis=-1, keepdims=True)
    return np.divide(revenue, total, out=np.full_like(revenue, np.nan), where=total > 0.0)


def buyer_table(world: sn.World, draws: int, rng: int) -> pd.DataFrame:
    """Back-test of 5g shares with countries or operators as buyers, in proportion or by tender.

    Returns
    -------
    DataFrame
        buyers, mechanism; error of the median and CRPS in points, share of reports inside the 90 and 50 %
        intervals, and their number.
    """
    reports = share_reports(world)
    markets = {name: replace(market, operators=None) for name, market in world.markets.items()}
    buyers = {"countries": replace(world, markets=markets), "operators": world}
    rows = []
    for who, one in buyers.items():
        for name in ("vendor-choice", "procurement"):
            modelled = _chinese_5g(one, name, draws, rng)
            scores = np.array([_score(modelled[r.year][:, one.countries.index(r.country)], r)
                               for r in reports.itertuples()])  # fmt: skip
            rows.append((who, name, *scores.mean(axis=0).round(3), len(reports)))
    columns = ["buyers", "mechanism", "error", "crps", "inside_90", "inside_50", "reports"]
    return pd.DataFrame(rows, columns=columns)


def _chinese_5g(world: sn.World, mechanism: str, draws: int, rng: int) -> dict[int, np.ndarray]:
    """Chinese vendors' share of the 5g base by year, (R, N), draw by draw."""
    chosen, drawn = as_mechanism(mechanism), Draws.of(world, "radio", draws, rng)
    levers = sn.compile_scenario(world, sn.load_scenario(SCENARIO), "radio", _YEARS)
    chinese = np.array(world.market("radio").vendor_poles) == "china"
    found: dict[int, list[np.ndarray]] = {year: [] for year in _YEARS}
    for block in drawn.blocks:
        setting = drawn.setting(block, levers, drawn.random_numbers(chosen, _YEARS, block))
        for state, _ in trajectory(chosen, setting):
            found[_YEARS[state.year]].append(state.by_base.newer[..., chinese].sum(axis=-1))
    return {year: np.concatenate(parts)[:draws] for year, parts in found.items()}


def _score(modelled: np.ndarray, report: object) -> tuple[float, float, bool, bool]:
    """Error of the median, CRPS, and whether the 90 and 50 % intervals hold a report."""
    value, bound = float(report.share), str(report.bound)  # type: ignore[attr-defined]
    middle = float(np.median(modelled))
    value = max(value, middle) if bound == "above" else value
    spread = np.abs(modelled[:, None] - modelled[None]).mean()
    crps = float(np.abs(modelled - value).mean() - 0.5 * spread)
    ends = np.quantile(modelled, (0.05, 0.95, 0.25, 0.75))
    inside = [bool(ends[k] - 1e-9 <= value <= ends[k + 1] + 1e-9) for k in (0, 2)]
    return abs(middle - value), crps, inside[0], inside[1]
