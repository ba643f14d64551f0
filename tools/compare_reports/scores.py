"""The page on evidence: the scorecard in full, its reports one by one, and what it rests on."""

from __future__ import annotations

import numpy as np
import pandas as pd

import standards_net as sn
from standards_net.ensemble.engine import Draws
from standards_net.evidence import (
    RULES,
    in_points,
    score_sentences,
    scorecard,
    share_reports,
    simulate_reports,
    world_share_reports,
)
from standards_net.evidence.scorecard import forecasts, known_in_advance
from standards_net.evidence.simulated import YEARS

__all__ = ["evidence_page"]


def evidence_page(world: sn.World, draws: int, seed: int) -> str:
    """The rendered page."""
    table = scorecard(world, draws=draws, rng=seed)
    reports = share_reports(world)
    drawn = forecasts(world, reports, draws, seed)
    lines = [
        "# How the model did against what happened",
        "",
        f"Rendered by `make compare` ({draws} draws for each country left out, seed {seed}); `standards-net scorecard`",
        "prints the same. Reported shares of Chinese vendors in countries' 5g radio, 2021 to 2024, against",
        "`as-happened-2025`: recorded policy and supply events are given, bases, choices and compliance are not. Each",
        "country is forecast by the [calibration](estimation.md#calibration-to-what-happened-from-2019-to-2025) that",
        "did not see its reports of 5g shares. Its operators' contracts of 2020 to 2023 are among 129 from which four",
        "weights are estimated, its policy among 170 that fit the chance of restrictions, and world shares contain it.",
        "",
        *(f"- {sentence}" for sentence in score_sentences(table)),
        "",
        "Targets were: 90 % intervals that hold 85 to 95 %, CRPS of at most .13, an error at most that of the best",
        "simple rule within its standard error, and world shares that are right in direction.",
        "",
        _direction(world, draws, seed),
        "",
        "## Scorecard",
        "",
        "Standard errors over countries, whose reports count as one. CRPS of a rule is its absolute error.",
        "",
        _table(in_points(table)),
        "",
        "Simple rules, from the 4g shares of 2019 and policy on record:",
        "",
        *(f"- *{name}*: {meaning}." for name, meaning in RULES.items()),
        "",
        "The rules know which orders were enforced, which nobody knew in 2019; *zero after a ban* is hard to beat",
        "because most orders on record were carried out. The model does not know that either: orders bind with a",
        "probability and after a delay.",
        "",
        "## Report by report",
        "",
        "Per cent of the 5g base; the interval is 5 to 95 % of the draws. A report counts as inside if it is within one",
        "point of the interval.",
        "",
        _table(_reports(reports, drawn)),
        "",
        "## What so few reports cannot decide",
        "",
        f"{reports['country'].nunique()} countries, all but three of them European, report once or twice, by press accounts",
        "of one consultancy. A coverage of 80 % cannot be told from 90 %, nor the model from the best rule. Where whole",
        "countries left their vendors without an order (Estonia, Latvia) the model expects less unanimity than there was;",
        "where operators kept theirs under a restriction (Germany) it expects more caution than there was.",
        "",
    ]
    return "\n".join(lines)


def _direction(world: sn.World, draws: int, seed: int) -> str:
    """Change of Chinese vendors' share of world revenue, reported and modelled."""
    told = world_share_reports().set_index("year")["share"]
    found = simulate_reports(Draws.of(world, "radio", draws, seed)).world_share
    change = found[:, YEARS.index(2023)] - found[:, YEARS.index(2020)]
    low, median, high = 100 * np.quantile(change, (0.05, 0.5, 0.95))
    right = float(np.mean(change * (told[2023] - told[2020]) > 0.0))
    verdict = "met" if right >= 0.9 else "missed" if right <= 0.1 else "not decided"
    return (
        f"Chinese vendors' share of world radio revenue rose by {100 * (told[2023] - told[2020]):.1f} points from 2020 to "
        f"2023 as reported (2023 is recalled); in the model it changes by {median:+.1f} [{low:+.1f}, {high:+.1f}], in the "
        f"right direction in {100 * right:.0f} % of the draws: {verdict}."
    )


def _reports(reports: pd.DataFrame, drawn: np.ndarray) -> pd.DataFrame:
    low, median, high = 100 * np.quantile(drawn, (0.05, 0.5, 0.95), axis=0)
    value = 100 * reports["share"].to_numpy()
    above = (reports["bound"] == "above").to_numpy()
    inside = (low - 1.0 <= value) & (value <= high + 1.0) | (above & (high >= value))
    return pd.DataFrame(
        {
            "country": reports["country"],
            "year": reports["year"],
            "reported": [
                f"{'above ' if bound == 'above' else ''}{round(100 * share)}"
                for share, bound in zip(reports["share"], reports["bound"], strict=True)
            ],
            "median": np.round(median).astype(int),
            "interval": [f"{a:.0f} to {b:.0f}" for a, b in zip(low, high, strict=True)],
            "inside": np.where(inside, "yes", "no"),
            "zero by order": np.where(known_in_advance(drawn, reports), "yes", ""),
        }
    )


def _table(table: pd.DataFrame) -> str:
    rows = [table.columns.tolist(), *table.astype(str).to_numpy().tolist()]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(table.columns), *lines[1:]])
