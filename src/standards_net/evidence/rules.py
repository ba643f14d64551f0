"""Simple rules that a model should beat: forecasts of Chinese 5g shares from 2019's 4g shares and policy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray
from standards_net.evidence.simulated import SCENARIO, YEARS
from standards_net.scenario import Levers, compile_scenario, load_scenario
from standards_net.world.world import World

__all__ = ["RULES", "rule_forecasts"]

RULES = {
    "nothing changed": "the 4g share of 2019",
    "zero after a ban": "the 4g share of 2019, or 0 of the part of the market from which an order excludes",
    "linear phase-out": "the 4g share of 2019, falling to 0 from exclusion to deadline or in five years",
    "ally rule": "0 where the United States have promised defence, else the 4g share of 2019",
    "mean of the others": "the mean reported share of the other countries, of the same year if any",
}

_PHASE_OUT_YEARS = 5  # where no deadline is set
_ALLY = 2  # least level of a guarantee that counts


def rule_forecasts(world: World, reports: pd.DataFrame, start: FloatArray) -> pd.DataFrame:
    """Forecast of each rule for each report.

    Parameters
    ----------
    world : World
    reports : DataFrame
        From :func:`standards_net.evidence.share_reports`.
    start : (K,) array
        Chinese share of the 4g base of 2019 in the country of each report.

    Returns
    -------
    DataFrame
        A row for each report, a column for each rule.

    Examples
    --------
    >>> import standards_net as sn
    >>> from standards_net.evidence import share_reports
    >>> world = sn.load_world()
    >>> reports = share_reports(world).head(3)
    >>> list(rule_forecasts(world, reports, np.array([0.5, 0.5, 0.5])).columns) == list(RULES)
    True
    """
    levers = compile_scenario(world, load_scenario(SCENARIO), "radio", YEARS)
    left = np.array(
        [_part_left(levers, world.countries.index(r.country), int(r.year)) for r in reports.itertuples()]
    )
    banned = _closed_part(levers)[
        [YEARS.index(year) for year in reports["year"]],
        [world.countries.index(country) for country in reports["country"]],
    ]
    guarantee = world.positions["us_guarantee"].reindex(reports["country"]).to_numpy()
    columns = {
        "nothing changed": start,
        "zero after a ban": start * (1.0 - banned),
        "linear phase-out": start * left,
        "ally rule": np.where(guarantee >= _ALLY, 0.0, start),
        "mean of the others": [_mean_of_others(reports, k) for k in range(len(reports))],
    }
    return pd.DataFrame(columns, index=reports.index)


def _closed_part(levers: Levers) -> FloatArray:
    """Part of a country's 5g market from which orders exclude a Chinese vendor, (Y, N)."""
    chinese = levers.standard_of == levers.standards.index("china")
    found = np.max([orders.part[..., chinese].max(axis=2) for orders in levers.newer], axis=0)
    return np.asarray(np.where(levers.exited[..., chinese].any(axis=2), 0.0, found))


def _part_left(levers: Levers, country: int, year: int) -> float:
    """Part of the phase-out's time that is left at the end of a year; 1 without an exclusion."""
    ordered = _closed_part(levers)[: YEARS.index(year) + 1, country] > 0.0
    if not ordered[-1]:
        return 1.0
    y = len(ordered) - 1
    since = YEARS[int(np.flatnonzero(~ordered)[-1]) + 1] if not ordered.all() else YEARS[0]
    chinese = levers.standard_of == levers.standards.index("china")
    left = min(float(orders.years_left[y, country, chinese].min()) for orders in levers.newer)
    deadline = year + left - 1 if np.isfinite(left) else since + _PHASE_OUT_YEARS - 1
    return float(np.clip((deadline - year) / max(deadline - since + 1, 1), 0.0, 1.0))


def _mean_of_others(reports: pd.DataFrame, k: int) -> float:
    others = reports[reports["country"] != reports["country"].iloc[k]]
    same_year = others[others["year"] == reports["year"].iloc[k]]
    return float((same_year if len(same_year) else others)["share"].mean())
