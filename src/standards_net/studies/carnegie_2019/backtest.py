"""Back-test: the model against reported Chinese radio shares after 2019."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray
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
        Share of reports inside the 5 to 95 % interval.
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
            f"model's 5 to 95 % interval. The median is off by {100 * self.mean_error:.0f} points on "
            f"average, {better} than the guess that nothing changed since 2019 "
            f"({100 * self.naive_error:.0f} points)."
        )


def run_backtest(runs: Runs, history: pd.DataFrame) -> Backtest:
    """Compare the recorded-policy scenario with reported 5g radio shares of 2022 and 2024.

    Parameters
    ----------
    runs : Runs
    history : DataFrame
        Table ``chinese_radio_share``.
    """
    china = runs.standard("china")
    years = runs.main.coords["snapshot"]
    rows = []
    for row in history[history["generation"] == "radio"].sort_values(["country", "year"]).itertuples():
        if row.year not in years or row.country not in runs.world.countries:
            continue
        i = runs.world.countries.index(row.country)
        modelled: FloatArray = runs.shares(_SCENARIO, row.year)[:, i, china]
        low, median, high = np.quantile(modelled, (0.05, 0.5, 0.95))
        start = float(
            runs.main.values("mean_share", scenario=_SCENARIO, year=2019, technology="radio")[i, china]
        )
        # A report of "above one half" is met by any larger share.
        reported = max(row.chinese_share, median) if row.bound == "above" else row.chinese_share
        inside = bool(low - 1e-9 <= reported <= high + 1e-9)
        rows.append((row.country, row.year, row.chinese_share, row.bound, median, low, high, start, inside))
    columns = ["country", "year", "reported", "bound", "median", "low", "high", "start", "inside"]
    table = pd.DataFrame(rows, columns=columns)
    target = np.where(
        (table["bound"] == "above") & (table["median"] > table["reported"]),
        table["median"],
        table["reported"],
    )
    naive_target = np.where(
        (table["bound"] == "above") & (table["start"] > table["reported"]),
        table["start"],
        table["reported"],
    )
    return Backtest(
        table=table,
        mean_error=float(np.abs(table["median"] - target).mean()),
        naive_error=float(np.abs(table["start"] - naive_target).mean()),
        coverage=float(table["inside"].mean()),
    )
