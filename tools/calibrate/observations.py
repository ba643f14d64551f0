"""What the calibration is held against: summaries of reports, and the model's summaries draw by draw.

Single countries say more about themselves than about parameters that all countries share, so the reports
are summarised: means of residuals by kind of policy, their spread, world shares, deployment by year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.evidence import SCENARIO, Simulated, share_reports, world_share_reports
from standards_net.evidence.simulated import YEARS
from standards_net.scenario import compile_scenario, load_scenario
from standards_net.tables import read_tables
from standards_net.world.world import World
from tools.build_data.deployment import deployed_reports

__all__ = ["Observations", "Summaries", "observe"]

# Tolerances: what reports are unsure of. The noise of single countries is not among them: it is in the runs.
_MEAN_SD = 0.05  # of a mean of reports, whose definitions differ
_WORLD_SD = {2020: 0.03, 2023: 0.05}  # of a world share: documented, and recalled
_REGION_SD = 0.12  # of a region's deployment, a mean of use and coverage
_YEAR_SD = 0.04  # of deployment in all regions together: "deployed" is defined by judgement
_SPREAD_SD = 0.1  # of the logarithm of the spread of countries around the median forecast
_NONE_SD = 0.05  # of the part of the reports that say none is left
_NONE = 0.02  # a share below this is reported as none


@dataclass(frozen=True)
class Observations:
    """Reports, and how they are grouped.

    Attributes
    ----------
    world : World
    shares : DataFrame
        country, year, share, bound, kind (ordered, restricted or free), certain.
    world_shares : DataFrame
        year, share.
    deployed : DataFrame
        region, year, deployed; members by region.
    members : mapping of region to (N,) array
        Weights of a region's countries.
    """

    world: World
    shares: pd.DataFrame
    world_shares: pd.DataFrame
    deployed: pd.DataFrame
    members: dict[str, FloatArray]


@dataclass(frozen=True)
class Summaries:
    """Residuals of R draws as M summaries in units of their tolerance, (R, M), and their names."""

    names: tuple[str, ...]
    residual: FloatArray


def observe(world: World, certain: BoolArray | None = None) -> Observations:
    """Gather reports; those that an order makes certain are left out."""
    shares = share_reports(world)
    levers = compile_scenario(world, load_scenario(SCENARIO), "radio", YEARS)
    china = levers.standard_of == levers.standards.index("china")
    ordered = np.any([(orders.part > 0.0)[..., china].any(axis=2) for orders in levers.newer], axis=0)
    recorded = compile_scenario(
        world, load_scenario({"name": "none", "title": "None", "policies": "none"}), "radio", YEARS
    )
    restricted = ((levers.restriction - recorded.restriction)[..., china].max(axis=2) >= 0.5) | (
        levers.capped[..., china].any(axis=2)
    )
    y = [YEARS.index(year) for year in shares["year"]]
    i = [world.countries.index(country) for country in shares["country"]]
    kind = np.where(ordered[y, i], "ordered", np.where(restricted[y, i], "restricted", "free"))
    shares = shares.assign(kind=kind, certain=False if certain is None else certain)
    deployed, members = deployed_reports(read_tables().frames, world.countries)
    return Observations(
        world,
        shares,
        world_share_reports().query("year > 2019"),
        deployed[deployed["year"].between(2020, YEARS[-1])],
        members,
    )


def summarise(
    found: Simulated, seen: Observations, middle: FloatArray, leave_out: str | None = None
) -> Summaries:
    """Summaries of simulated reports.

    Parameters
    ----------
    found : Simulated
    seen : Observations
    middle : (K,) array
        Median forecast of each share under the prior, around which the spread is measured.
    leave_out : str or None
        Country whose reports are not used.
    """
    reports, columns, names = seen.shares, [], []
    used = (~reports["certain"] & (reports["country"] != leave_out)).to_numpy()
    drawn = found.of_reports(seen.world, reports["country"], reports["year"])
    value = reports["share"].to_numpy()
    above = (reports["bound"] == "above").to_numpy()
    residual = np.where(above, np.maximum(value - drawn, 0.0), value - drawn)
    for kind in ("ordered", "restricted", "free"):
        rows = used & (reports["kind"] == kind).to_numpy()
        if rows.any():
            names.append(f"share where {kind}")
            columns.append(residual[:, rows].mean(axis=1) / _MEAN_SD)
    # Spread of single countries: the model's around its median beside what was reported around it.
    exact = used & ~above
    modelled = np.sqrt(((drawn - middle)[:, exact] ** 2).mean(axis=1))
    reported = np.sqrt(((value - middle)[exact] ** 2).mean())
    names.append("spread of countries")
    columns.append(np.log(reported / np.maximum(modelled, 1e-3)) / _SPREAD_SD)
    names.append("none left")
    columns.append(((value < _NONE)[used].mean() - (drawn < _NONE)[:, used].mean(axis=1)) / _NONE_SD)
    for row in seen.world_shares.itertuples():
        names.append(f"world share of {row.year}")
        columns.append(
            (row.share - found.world_share[:, YEARS.index(row.year)])
            / _WORLD_SD.get(row.year, max(_WORLD_SD.values()))
        )
    for year, rows in seen.deployed.groupby("year"):
        served = np.stack(
            [found.deployment[:, YEARS.index(year)] @ seen.members[region] for region in rows["region"]]
        )
        gap = (rows["deployed"].to_numpy()[:, None] - served).mean(axis=0)
        names.append(f"deployment of {year}")
        columns.append(gap / np.hypot(_REGION_SD / np.sqrt(len(rows)), _YEAR_SD))
    return Summaries(tuple(names), np.stack(columns, axis=1))
