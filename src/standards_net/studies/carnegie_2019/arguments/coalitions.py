"""Who would agree, and who would leave: B11 and B16.

J. L. Schoff and A. Ito, Competing With China on Technology and Innovation, Carnegie Endowment for
International Peace, October 2019. All numbers are for radio in 2040 unless the sentence says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.studies.carnegie_2019.arguments.common import PRIORS
from standards_net.studies.carnegie_2019.games import Games
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.finding import Finding, weigh


def b11(runs: Runs, games: Games) -> Finding:
    """Multilateral agreement with and without China, and who would leave it."""
    with_china, without = "multilateral-with-china", "multilateral-without-china"
    world_gap = runs.gap("interoperability_loss", without, with_china)
    allied = runs.gap("group_loss", without, with_china, group="us")
    game = games.agreement
    rest = {p: "side" if p == "CHN" else "common" for p in game.players}
    gap = game.interoperability_loss(rest) - game.interoperability_loss(["common"] * len(game.players))
    names = dict(zip(runs.world.countries, runs.world.country_names, strict=True))
    return weigh(
        "B11",
        "Multilateral standard setting is better when China is in it.",
        "In {share} of draws both the world and the allies lose less with China in the agreement; leaving "
        "it out costs the world {value} more interoperability loss. Would the "
        f"{len(game.players)} G20 states stay? The agreement of all holds, with no member leaving, in "
        f"{100 * games.coalitions.full_holds.mean():.0f} % of draws; "
        f"{_leavers(games.leaving_all, names)}. "
        f"Without China {_leavers(games.leaving_rest, names)}.",
        "world interoperability loss, without China less with China",
        "points",
        world_gap,
        (world_gap > 0) & (allied > 0),
        "compatibilities as the scenarios set them (0.95 with China in it, 0.5 without); who leaves: "
        f"{game.conditional_on}; that exclusion makes networks safer is not priced; {PRIORS}",
        [
            ("allies' loss, without China less with", allied),
            ("the same for the world by the agreement game, standards drifting with who takes sides", gap),
            (
                "draws in which no member would leave the agreement of all",
                games.coalitions.full_holds.astype(np.float64),
            ),
        ],
    )


def _leavers(table: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Who leaves in most draws, and what would keep them in."""
    leaving = table[table["leaves"] > 0.5]
    if not len(leaving):
        return "no country leaves in most draws"
    first = [
        f"{names[row.player]} (USD {1e-9 * row.payment:.1f} bn a year)"
        for row in leaving.head(3).itertuples()
    ]
    return (
        f"{len(leaving)} would leave in most draws, first {', '.join(first)}; in brackets the payment that "
        "would keep them in, in nine draws of ten"
    )


def b16(runs: Runs, games: Games) -> Finding:
    """Room for a coalition: stable alignments of the G20, and the smallest one that keeps one standard."""
    stable, coalitions, material = games.stable, games.coalitions, games.material
    sided = (stable.profiles == stable.game.choices.index("us")).sum(axis=1)
    # A draw without any stable alignment has no state on any side.
    fewest = np.where(stable.holds.any(axis=1), np.where(stable.holds, sided, np.inf).min(axis=1), 0.0)
    out = stable.choices()[:, stable.game.choices.index("nonaligned")] > 0.5
    names = dict(zip(runs.world.countries, runs.world.country_names, strict=True))
    fence = ", ".join(names[p] for p in np.array(stable.game.players)[out]) or "No states"
    found, times = np.unique(coalitions.chosen[coalitions.chosen >= 0], return_counts=True)
    size = ""
    if len(found):
        members = ", ".join(names[p] for p in coalitions.members(int(found[times.argmax()])))
        size = f" (most often the smallest: {members})"
    return weigh(
        "B16",
        "Most G20 states share the concern: there is room for a coalition.",
        "In {share} of draws every stable alignment has most of the "
        f"{len(stable.game.players)} G20 states that choose on the side of the United States: at least "
        f"{{value}} of them. {fence} stay out in most draws. A coalition that keeps one common standard is "
        "another matter: one that no member wants to leave, and that saves three quarters of what an "
        "agreement "
        f"of all would save, exists in {_percent(coalitions.smallest)} of draws{size}, in "
        f"{_percent(coalitions.smallest_paid)} if members may pay each other, and in "
        f"{_percent(material.smallest)} without politics.",
        "G20 states on the side of the United States, minimum over the stable alignments",
        "states",
        fewest,
        fewest > len(stable.game.players) / 2,
        f"{stable.game.conditional_on}; the value of politics is judgement; {PRIORS}",
        [
            ("smallest margin, USD bn a year", _margins(games) / 1e9),
            ("stable alignments per draw", stable.holds.sum(axis=1).astype(float)),
            ("what China's part in the agreement of all saves, loss", _part(games, "CHN")),
            ("the same for the United States", _part(games, "USA")),
            ("the same for India", _part(games, "IND")),
        ],
    )


def _percent(sizes: IntArray) -> str:
    return f"{100 * (sizes >= 0).mean():.0f} %"


def _margins(games: Games) -> FloatArray:
    """Least margin of the stable alignments of each draw that has one."""
    margin = np.where(games.stable.holds, games.stable.margin, np.inf).min(axis=1)
    return np.asarray(margin[np.isfinite(margin)])


def _part(games: Games, player: str) -> FloatArray:
    return np.asarray(games.coalitions.shapley[:, games.agreement.players.index(player)])
