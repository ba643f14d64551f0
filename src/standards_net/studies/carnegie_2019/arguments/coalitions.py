"""Who would agree, and who would leave: B11 and B16.

J. L. Schoff and A. Ito, Competing With China on Technology and Innovation, Carnegie Endowment for
International Peace, October 2019. All numbers are for radio in 2040 unless the sentence says otherwise.
"""

from __future__ import annotations

import numpy as np

from standards_net.alignment import Equilibria
from standards_net.alignment.games.model_payoffs import BASELINE, SCENARIO
from standards_net.studies.carnegie_2019.arguments.argument import Argument
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.finding import Effect, Measured

__all__ = ["B11", "B16"]

_WITH_CHINA, _WITHOUT = "multilateral-with-china", "multilateral-without-china"


def _b11(runs: Runs) -> Measured:
    world = runs.gap("interoperability_loss", _WITHOUT, _WITH_CHINA)
    allied = runs.gap("group_loss", _WITHOUT, _WITH_CHINA, group="us")
    return Measured(
        world,
        (Effect(world, 1, "points"), Effect(allied, 1, "points")),
        [("allies' loss, without China less with", allied)],
    )


B11 = Argument(
    name="B11",
    claim="Multilateral standard setting is better when China is in it.",
    statement="both the world and the allies lose less interoperability when China is in the agreement",
    size="without it the world loses {value} more",
    measure="world interoperability loss, without China less with China",
    unit="points",
    scenarios=(_WITH_CHINA, _WITHOUT),
    conditional_on="compatibilities as the scenarios set them (0.95 with China in it, 0.5 without); that "
    "exclusion makes networks safer is not priced; who would leave is in the section on choices",
    measured=_b11,
)


def _b16(stable: Equilibria) -> Measured:
    """States on the side of the United States, the fewest in any stable alignment of a draw."""
    sided = (stable.profiles == stable.game.choices.index("us")).sum(axis=1)
    # A draw without any stable alignment has no state on any side.
    fewest = np.where(stable.holds.any(axis=1), np.where(stable.holds, sided, np.inf).min(axis=1), 0.0)
    margins = np.where(stable.holds, stable.margin, np.inf).min(axis=1)
    players = len(stable.game.players)
    return Measured(
        fewest,
        (Effect(fewest - players / 2, 1, "states"),),
        [
            ("G20 states that choose", np.full(len(fewest), float(players))),
            ("smallest margin, USD bn a year", margins[np.isfinite(margins)] / 1e9),
            ("stable alignments per draw", stable.holds.sum(axis=1).astype(float)),
        ],
    )


B16 = Argument(
    name="B16",
    claim="Most G20 states share the concern: there is room for a coalition.",
    statement="most G20 states are on the side of the United States in every stable alignment",
    size="the smallest number is {value} states",
    measure="G20 states on the side of the United States, minimum over the stable alignments",
    unit="states",
    scenarios=(SCENARIO, BASELINE),
    conditional_on="pay-offs by own and pairwise terms fitted to simulated configurations; the value of "
    "politics is judgement; coalitions that keep one standard are in the section on choices",
    measured=_b16,
)
