"""Back-test: the model against reported Chinese radio shares after 2019."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standards_net.evidence import share_reports
from standards_net.evidence.scorecard import ROUNDED
from standards_net.studies.carnegie_2019.runs import Runs

__all__ = ["Backtest", "run_backtest"]

_SCENARIO = "as-happened-2025"


@dataclass(frozen=True)
class Backtest:
    """Reported and modelled shares, with summary statistics.

    Attributes
    ----------
    table : DataFrame
        country, year, reported, bound, median, low, high, start (modelled share of 2019), inside.
    mean_error, naive_error : float
        Mean absolute error of the model's median, and of "nothing changed since 2019".
    coverage : float
        Share of reports inside the 5 to 95 % interval, or as near to it as they are rounded.
    """

    table: pd.DataFrame
    mean_error: float
    naive_error: float
    coverage: float

    @property
    def sentence(self) -> str:
        """The result in words."""
        better = "better" if self.mean_error < self.naive_error else "worse"
        return (
            f"Of {len(self.table)} reported 5g radio shares {100 * self.coverage:.0f} % lie inside the "
            "model's 5 to 95 % interval, or within a point of it, to which reports are rounded. "
            f"The median is off by {100 * self.mean_error:.0f} points on "
            f"average, {better} than the guess that nothing changed since 2019 "
            f"({100 * self.naive_error:.0f} points)."
        )


def run_backtest(runs: Runs) -> Backtest:
    """Compare what happened with reported Chinese shares of countries' 5g radio base.

    Parameters
    ----------
    runs : Runs
    """
    rows = []
    reports = share_reports(runs.world)
    reports = reports[reports["year"].isin(runs.main.coords["year"])]
    for row in reports.itertuples():
        newer, older = (_chinese(runs, row.country, base) for base in ("5g", "4g"))
        low, median, high = newer.loc[row.year, ["low", "median", "high"]]
        start = older.loc[2019, "median"]
        # A report of "above one half" is met by any larger share.
        reported = max(row.share, median) if row.bound == "above" else row.share
        inside = bool(low - ROUNDED <= reported <= high + ROUNDED)
        rows.append((row.country, row.year, row.share, row.bound, median, low, high, start, inside))
    columns = ["country", "year", "reported", "bound", "median", "low", "high", "start", "inside"]
    table = pd.DataFrame(rows, columns=columns)
    return Backtest(
        table=table,
        mean_error=_mean_error(table, "median"),
        naive_error=_mean_error(table, "start"),
        coverage=float(table["inside"].mean()),
    )


def _chinese(runs: Runs, country: str, base: str) -> pd.DataFrame:
    shares = runs.main.shares(country, technology="radio", base=base, scenario=_SCENARIO)
    return shares[shares["standard"] == "china"].set_index("year")


def _mean_error(table: pd.DataFrame, column: str) -> float:
    met = (table["bound"] == "above") & (table[column] > table["reported"])
    return float(np.abs(table[column] - table["reported"]).where(~met, 0.0).mean())
