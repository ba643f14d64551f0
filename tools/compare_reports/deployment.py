"""Deployment beside reported coverage: rank correlation with each country's own reports left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

import standards_net as sn
from standards_net.core.deployment import bass_curve
from standards_net.files import data_folder
from standards_net.tables import read_tables
from tools.build_data.deployment import areas_km2, pace_by_country

__all__ = ["coverage_ranks"]

_YEARS = (2022, 2023, 2024)


def coverage_ranks(world: sn.World) -> dict[str, float]:
    """Spearman correlation of deployment and coverage of 2022 to 2024, with and without own reports.

    Deployment is the Bass curve at the pace of an economy, by the central parameters.

    Returns
    -------
    dict
        ``left_out``, ``fitted`` and ``launch_alone`` (one pace for all); ``reports``.
    """
    from scipy.stats import spearmanr

    frames = read_tables().frames
    reports, countries, launches = (frames[n] for n in ("deployment_reports", "countries", "launches"))
    coverage = reports[(reports["metric"] == "coverage") & reports["year"].isin(_YEARS)]
    coverage = coverage[coverage["region"].isin(world.countries)].drop_duplicates(["region", "year"])
    launch = pd.Series(world.market("radio").launch_year, index=list(world.countries))
    central = {n: world.parameters[f"{n}_radio"].default for n in ("innovation", "imitation")}
    area = areas_km2((data_folder() / "countries" / "outlines.geojson").read_text("utf-8"))
    full = pace_by_country(reports, countries, launches, area)["pace"]
    rows = []
    for code, own in coverage.groupby("region"):
        others = reports[reports["region"] != code]
        left_out = pace_by_country(others, countries, launches, area)["pace"][code]
        for row in own.itertuples():
            age = max(row.year + 0.5 - launch[code], 0.0)
            served = [
                float(bass_curve(pace * age, central["innovation"], central["imitation"]))
                for pace in (left_out, full[code], 1.0)
            ]
            rows.append((row.share, *served))
    table = np.array(rows)
    names = ("left_out", "fitted", "launch_alone")
    found = {n: float(spearmanr(table[:, 0], table[:, k + 1]).statistic) for k, n in enumerate(names)}
    return found | {"reports": float(len(table))}
