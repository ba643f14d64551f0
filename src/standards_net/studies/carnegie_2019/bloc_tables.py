"""Bloc sizes by three definitions, and fence-sitters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from standards_net.core.arrays import FloatArray
from standards_net.measures import agreement, bloc_sizes, co_membership, fence_sitting, find_blocs
from standards_net.measures.inputs import WEIGHTS
from standards_net.scenario import compile_scenario, load_scenario
from standards_net.studies.carnegie_2019.runs import HORIZON, TECHNOLOGY, Runs

__all__ = ["DEFINITIONS", "bloc_table", "fence_table", "shared_blocs"]

DEFINITIONS = ("declared", "dominant", "detected")
_SHOWN = 40  # markets on the heat map


def bloc_table(runs: Runs) -> pd.DataFrame:
    """Size of each bloc in the last year, for every shipped scenario and each definition.

    Returns
    -------
    DataFrame
        scenario, definition, bloc, countries, and shares of the world by market, GDP, population and
        connections; ``agreement_with_dominant`` is the adjusted Rand index of the definition.
    """
    weights = _weights(runs)
    parts = []
    for scenario in runs.main.coords["scenario"]:
        labels = _labels(runs, scenario)
        for definition in DEFINITIONS:
            sizes = bloc_sizes(labels[definition], weights).reset_index()
            sizes.insert(0, "definition", definition)
            sizes.insert(0, "scenario", scenario)
            sizes["agreement_with_dominant"] = agreement(labels[definition], labels["dominant"])
            parts.append(sizes)
    return pd.concat(parts, ignore_index=True).round(4)


def _weights(runs: Runs) -> dict[str, FloatArray]:
    world = runs.world
    connections = world.table["mobile_subscriptions"].to_numpy(dtype=np.float64)
    values = (world.market(TECHNOLOGY).share, world.gdp_usd, world.population, connections)
    return dict(zip(WEIGHTS, values, strict=False))


def _labels(runs: Runs, scenario: str) -> dict[str, npt.NDArray[np.str_]]:
    """Three partitions of the countries by mean adoption of the last year."""
    world, standards = runs.world, runs.main.coords["standard"]
    levers = compile_scenario(world, load_scenario(scenario), TECHNOLOGY, runs.main.coords["year"])
    where = {"scenario": scenario, "year": HORIZON, "technology": TECHNOLOGY}
    shares = runs.main.values("mean_share", **where)
    # Standards count as incompatible here, so that communities follow trade and adoption alone.
    return {
        "declared": find_blocs(shares, by="declared", alignments=levers.alignments[-1].tolist()),
        "dominant": find_blocs(shares, by="dominant", standards=standards),
        "detected": find_blocs(
            shares, by="detected", standards=standards, exchange=world.exchange, rng=HORIZON
        ),
    }


def _drawn_labels(runs: Runs, scenario: str) -> np.ndarray:
    standards = np.asarray(runs.main.coords["standard"])
    return np.asarray(standards[runs.shares(scenario).argmax(axis=2)])


def fence_table(runs: Runs, scenario: str, least: float = 0.25) -> pd.DataFrame:
    """Countries whose dominant standard differs most over the draws, largest markets first."""
    labels = _drawn_labels(runs, scenario)
    fence = fence_sitting(labels)
    market = runs.world.market(TECHNOLOGY).share
    rows = []
    for i in np.argsort(-market):
        if fence[i] >= least:
            names, counts = np.unique(labels[:, i], return_counts=True)
            split = ", ".join(
                f"{n} {100 * c / len(labels):.0f} %" for c, n in sorted(zip(counts, names, strict=True))[::-1]
            )
            code, name = runs.world.countries[i], runs.world.country_names[i]
            rows.append((scenario, code, name, float(market[i]), float(fence[i]), split))
    columns = ["scenario", "country", "name", "market_share", "fence_sitting", "dominant_standard_in_draws"]
    return pd.DataFrame(rows, columns=columns).round(4)


def shared_blocs(runs: Runs, scenario: str) -> tuple[FloatArray, list[str]]:
    """Probability that two of the largest markets share a dominant standard, ordered by bloc."""
    largest = np.argsort(-runs.world.market(TECHNOLOGY).share)[:_SHOWN]
    labels = _drawn_labels(runs, scenario)[:, largest]
    together = co_membership(labels)
    # Countries most often together with China first: shows the blocs and the fence-sitters in between.
    china = [runs.world.countries[i] for i in largest].index("CHN")
    order = np.argsort(-together[china], kind="stable")
    names = [runs.world.country_names[largest[k]] for k in order]
    return together[np.ix_(order, order)], names
