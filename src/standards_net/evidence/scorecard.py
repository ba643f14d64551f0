"""The scorecard: errors, CRPS, coverage and log scores, out of sample, beside simple rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

from standards_net.calibration import load_calibration
from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.ensemble.engine import Draws
from standards_net.evidence.reports import share_reports, world_share_reports
from standards_net.evidence.rules import rule_forecasts
from standards_net.evidence.simulated import YEARS, Simulated, simulate_reports
from standards_net.progress import Progress
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.world.world import World

__all__ = ["ROUNDED", "SCORES", "forecasts", "known_in_advance", "scorecard"]

SCORES = {
    "error": "mean absolute error of the median, share of the base",
    "crps": "mean continuous ranked probability score, share of the base; of a rule its absolute error",
    "inside_50": "share of reports inside the central 50 % interval",
    "inside_90": "share of reports inside the 5 to 95 % interval",
    "log_score": "mean logarithm of the forecast density, reports rounded to whole points",
}

_BANDWIDTH = 0.03  # of the kernel that turns draws into a density: two standard errors of a press report
ROUNDED = 0.01  # reports are rounded to points or two; "none" may be a few sites
_CERTAIN = 0.005  # a forecast whose 95 % point is below this says zero


def scorecard(
    world: World,
    *,
    draws: int = 256,
    rng: RNGLike | SeedLike | None = 2019,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """How the model forecast reported Chinese 5g shares, beside the priors and simple rules.

    Of the calibrated model each country is forecast by the calibration that did not see its reports of 5g
    shares; its operators' contracts, its policy and the world's shares are known to it. Reports of zero that
    the forecast holds for certain, because of an order on record, are scored apart: the order was typed in
    with hindsight.

    Parameters
    ----------
    world : World
    draws : int
        For each country that is left out.
    rng : int, SeedSequence, Generator or None
    threads : int or None
    progress : callable or None
        Called with (countries done, in all).

    Returns
    -------
    DataFrame
        ``reports`` (which), ``forecast`` (whose), ``n``, and each score of :data:`SCORES` with its standard
        error ``..._se`` over countries. Rules give a point, and have no interval and no density.

    References
    ----------
    Gneiting, T. & Raftery, A. E. (2007), Strictly proper scoring rules, prediction, and estimation, Journal
    of the American Statistical Association 102(477), doi:10.1198/016214506000001437.

    Examples
    --------
    >>> import standards_net as sn
    >>> table = scorecard(sn.load_world(), draws=8)
    >>> sorted(set(table["forecast"]))[:3]
    ['ally rule', 'linear phase-out', 'mean of the others']
    """
    seed, reports = seed_of(rng), share_reports(world)
    prior = simulate_reports(Draws.of(world, "radio", draws, seed, "prior"), threads)
    calibrated = forecasts(world, reports, draws, seed, threads, progress)
    start = np.median(prior.of_reports(world, reports["country"], [YEARS[0]] * len(reports)), axis=0)
    rules = rule_forecasts(world, reports, start)
    by_forecast: dict[str, FloatArray] = {
        "model, own reports left out": calibrated,
        "model, priors alone": prior.of_reports(world, reports["country"], reports["year"]),
        **{name: rules[name].to_numpy()[None] for name in rules},
    }
    certain = known_in_advance(calibrated, reports)
    rows = []
    for which, chosen in (
        ("all reports", np.ones(len(reports), dtype=bool)),
        ("all but zeros by order", ~certain),
        ("zeros by order", certain),
    ):
        for name, drawn in by_forecast.items():
            rows.append({"reports": which, "forecast": name, **_scores(drawn[:, chosen], reports[chosen])})
    overall = simulate_reports(Draws.of(world, "radio", draws, seed), threads)
    rows += _world_scores({"model": overall, "model, priors alone": prior})
    return pd.DataFrame(rows)


def forecasts(
    world: World,
    reports: pd.DataFrame,
    draws: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> FloatArray:
    """Forecast of each report by the calibration that did not see its country, (R, K)."""
    found = np.empty((draws, len(reports)))
    countries = list(dict.fromkeys(reports["country"]))
    for done, country in enumerate(countries, start=1):
        rows = np.flatnonzero((reports["country"] == country).to_numpy())
        sample = load_calibration().without(country)
        drawn = simulate_reports(Draws.of(world, "radio", draws, seed, sample), threads)
        found[:, rows] = drawn.of_reports(world, [country] * len(rows), reports["year"].iloc[rows])
        if progress is not None:
            progress(done, len(countries))
    return found


def known_in_advance(drawn: FloatArray, reports: pd.DataFrame) -> BoolArray:
    """Reports of zero whose forecast is zero in nearly every draw: an order on record says so."""
    return np.asarray((reports["share"] == 0.0).to_numpy() & (np.quantile(drawn, 0.95, axis=0) < _CERTAIN))


def _scores(drawn: FloatArray, reports: pd.DataFrame) -> dict[str, float]:
    """Means over reports, and standard errors that take a country's reports as one."""
    found: dict[str, float] = {"n": len(reports)}
    if not len(reports):
        return found | {f"{name}{end}": np.nan for name in SCORES for end in ("", "_se")}
    middle = np.median(drawn, axis=0)
    reported = reports["share"].to_numpy()
    # "More than one half" is met by any larger share.
    value = np.where(reports["bound"] == "above", np.maximum(reported, middle), reported)
    by_report = {"error": np.abs(middle - value), "crps": _crps(drawn, value)}
    if len(drawn) > 1:
        low, first, third, high = np.quantile(drawn, (0.05, 0.25, 0.75, 0.95), axis=0)
        near = ROUNDED
        by_report["inside_50"] = ((first - near <= value) & (value <= third + near)).astype(float)
        by_report["inside_90"] = ((low - near <= value) & (value <= high + near)).astype(float)
        by_report["log_score"] = np.log(_density(drawn, value))
    groups = reports["country"].to_numpy()
    for name in SCORES:
        values = by_report.get(name, np.full(len(reports), np.nan))
        found[name] = float(values.mean())
        found[f"{name}_se"] = _standard_error(values, groups)
    return found


def _crps(drawn: FloatArray, value: FloatArray) -> FloatArray:
    if len(drawn) == 1:
        return np.asarray(np.abs(drawn[0] - value))
    from scoringrules import crps_ensemble

    return np.asarray(crps_ensemble(value, drawn.T))


def _density(drawn: FloatArray, value: FloatArray) -> FloatArray:
    """Density of the forecast at the reports: normal kernels, and 1 % of a uniform distribution."""
    distance = (drawn - value) / _BANDWIDTH
    kernel = np.exp(-0.5 * distance**2) / (_BANDWIDTH * np.sqrt(2.0 * np.pi))
    return np.asarray(0.99 * kernel.mean(axis=0) + 0.01)


def _standard_error(values: FloatArray, groups: np.ndarray) -> float:
    """Of a mean, with observations of one group taken as one."""
    labels = sorted(set(groups))
    if len(labels) < 2:
        return float("nan")
    sums = np.array([(values[groups == label] - values.mean()).sum() for label in labels])
    return float(np.sqrt((sums**2).sum() * len(labels) / (len(labels) - 1)) / len(values))


def _world_scores(runs: dict[str, Simulated]) -> list[dict[str, object]]:
    """World shares of revenue in the years in which they are reported."""
    reports = world_share_reports()
    reports = reports[reports["year"].isin(YEARS[1:])].assign(bound="exact", country="world")
    at = [YEARS.index(year) for year in reports["year"]]
    return [
        {"reports": "world share of revenue", "forecast": name, **_scores(run.world_share[:, at], reports)}
        for name, run in runs.items()
    ]
