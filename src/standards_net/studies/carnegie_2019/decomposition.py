"""Decomposition of loss and fragmentation: pairs of camps, pairs of standards, countries."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray
from standards_net.measures import country_beta, loss_by_bloc_pair, loss_by_standard
from standards_net.measures.inputs import CAMPS
from standards_net.results import INTERVAL
from standards_net.studies.carnegie_2019.runs import HORIZON, TECHNOLOGY, Runs

__all__ = ["camp_pairs", "decomposition_table"]

_COUNTRIES = 15  # number of largest contributions listed


def decomposition_table(runs: Runs) -> pd.DataFrame:
    """Contributions to the loss and to beta in the last year, for every shipped scenario.

    Returns
    -------
    DataFrame
        scenario, measure, by, part, median, low, high. Parts ``by`` camps and standards add up to the
        interoperability loss in each draw, those by country to beta less 1 (the largest are listed).
    """
    rows = []
    for scenario in runs.main.coords["scenario"]:
        shares, compatibility = _last_year(runs, scenario)
        for pair, part in camp_pairs(runs, scenario).items():
            rows.append((scenario, "interoperability_loss", "camps", pair, *_interval(part)))
        between = loss_by_standard(shares, runs.world.exchange, compatibility)
        for pair, part in _pairs(between, runs.main.coords["standard"]).items():
            if part.max() > 0.0:
                rows.append((scenario, "interoperability_loss", "standards", pair, *_interval(part)))
        by_country = country_beta(shares, runs.world.market(TECHNOLOGY).share, compatibility)
        rows += [
            (scenario, "beta", "country", runs.world.countries[i], *_interval(by_country[:, i]))
            for i in np.argsort(-np.median(by_country, axis=0))[:_COUNTRIES]
        ]
    columns = ["scenario", "measure", "by", "part", "median", "low", "high"]
    return pd.DataFrame(rows, columns=columns).round(6)


def camp_pairs(runs: Runs, scenario: str) -> dict[str, FloatArray]:
    """Part of the world's loss on the exchange within and between the camps of 2019, by draw."""
    shares, compatibility = _last_year(runs, scenario)
    labels = list(runs.world.alignments)
    return _pairs(loss_by_bloc_pair(shares, runs.world.exchange, compatibility, labels, CAMPS), CAMPS)


def _last_year(runs: Runs, scenario: str) -> tuple[FloatArray, FloatArray]:
    where = {"scenario": scenario, "snapshot": HORIZON, "technology": TECHNOLOGY}
    shares = runs.shares(scenario)
    compatibility = np.asarray(runs.main.values("snapshot_compatibility", **where), dtype=np.float64)
    return shares / shares.sum(axis=-1, keepdims=True), compatibility


def _pairs(parts: FloatArray, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """Sum of both directions of each pair."""
    return {
        f"{names[a]} - {names[b]}": parts[:, a, b] + (parts[:, b, a] if a != b else 0.0)
        for a, b in combinations_with_replacement(range(len(names)), 2)
    }


def _interval(values: FloatArray) -> tuple[float, float, float]:
    low, median, high = np.quantile(values, INTERVAL)
    return float(median), float(low), float(high)
