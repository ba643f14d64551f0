"""What finance, rules and openness do: B9, B10, B12, B14 and B15.

J. L. Schoff and A. Ito, Competing With China on Technology and Innovation, Carnegie Endowment for
International Peace, October 2019. All numbers are for radio in 2040 unless the sentence says otherwise.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from standards_net.studies.carnegie_2019.arguments.common import PRIORS, QUO
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.carnegie_2019.variants import COMPATIBILITIES
from standards_net.studies.finding import Finding, weigh


def b9(runs: Runs) -> Finding:
    """Double running cost as compatibility falls."""
    costs = [runs.of("double_running_usd", f"compatibility-{c}") for c in COMPATIBILITIES]
    rising = (costs[2] > costs[0]) & (costs[-1] > costs[0])
    steady = np.all([b > a for a, b in pairwise(costs)], axis=0)
    return weigh(
        "B9",
        "Equipment that works only with its own family makes multinationals run two systems.",
        "In {share} of draws double running costs more at compatibility one half and none than at "
        f"full compatibility; it rises at every step in {100 * steady.mean():.0f} % (elsewhere markets "
        "consolidate on one family first). Without any compatibility it is {value}.",
        "double running cost at compatibility 0",
        "USD per year",
        costs[-1],
        rising,
        f"policies of 2019; the cost rate is judgement (a factor of 16 wide); {PRIORS}",
        [
            (f"compatibility {c / 100}: USD bn a year", cost / 1e9)
            for c, cost in zip(COMPATIBILITIES, costs, strict=True)
        ],
    )


def b10(runs: Runs) -> Finding:
    """Belt and Road finance, by signatories and by regime."""
    on, off = "belt-and-road-push", "no-finance"
    signatories = runs.gap("group_share", on, off, group="BRI", standard="china")
    china = runs.standard("china")
    moved = runs.shares(on)[..., china] - runs.shares(off)[..., china]
    voice = runs.world.table["voice_accountability"].to_numpy(dtype=float)
    signed = runs.mask("BRI")
    closed = signed & (voice < np.nanmedian(voice))
    tips = (runs.shares(on)[..., china] > 0.5) & (runs.shares(off)[..., china] <= 0.5)
    return weigh(
        "B10",
        "Belt and Road finance spreads Chinese platforms among signatories.",
        "In {share} of draws tripled finance raises the Chinese-led share among signatories relative "
        "to none; the difference is {value}.",
        "Chinese-led share among signatories, finance tripled against none",
        "points",
        signatories,
        signatories > 0,
        f"how strongly finance works is judgement, zero included in its prior; {PRIORS}",
        [
            ("signatories with little voice and accountability", moved[:, closed].mean(axis=1)),
            ("other signatories", moved[:, signed & ~closed].mean(axis=1)),
            ("countries whose dominant standard tips", tips.sum(axis=1).astype(float)),
        ],
    )


def b12(runs: Runs) -> Finding:
    """Open interfaces and cheap switching."""
    hhi = runs.gap("hhi_vendor", "open-interfaces", QUO)
    switching = runs.gap("hhi_vendor", "low-switching-cost", QUO)
    markets = runs.gap("market_fragmentation", "open-interfaces", QUO)
    return weigh(
        "B12",
        "Purchasers must be able to switch later from one company's system to another's.",
        "In {share} of draws open interfaces lower the concentration of vendors; the index changes by "
        "{value}. Radio follows one standard with and without them, so no interoperability is lost or won.",
        "vendor concentration (HHI), open interfaces against status quo",
        "points",
        hhi,
        hhi < 0,
        f"open interfaces halve lock-in and lift the appeal of open vendors; {PRIORS}",
        [
            ("the same, with cheaper switching only", switching),
            ("market fragmentation, change", markets),
        ],
    )


def b14(runs: Runs) -> Finding:
    """Harmonised rules inside the bloc."""
    gap = runs.of("group_loss", "three-poles", group="us") - runs.of(
        "group_loss", "harmonised-allies", group="us"
    )
    cost = (
        runs.of("group_cost_usd", "three-poles", group="us")
        - runs.of("group_cost_usd", "harmonised-allies", group="us")
    ).sum(axis=1)
    return weigh(
        "B14",
        "Harmonised technology and data rules keep allies in step.",
        "In {share} of draws the allies lose less interoperability when Europe's rules and those of "
        "the other allies are harmonised; divergent rules cost them {value}.",
        "allies' interoperability loss, Europe apart minus harmonised",
        "points",
        gap,
        gap > 0,
        f"European and other western families at compatibility 0.6 against 1; {PRIORS}",
        [("allies' cost, USD bn a year", cost / 1e9)],
    )


def b15(runs: Runs) -> Finding:
    """Knowledge spill-over across blocs."""
    on, off = "full-spill-over-across", "no-spill-over-across"
    quality = runs.gap("quality", on, off)
    speed = runs.gap("deployment", on, off, year=2030)
    price = runs.gap("price_index", on, off)
    return weigh(
        "B15",
        "Chinese innovation also has public benefits.",
        "In {share} of draws spill-over of knowledge across blocs raises the quality of what the "
        "world has installed and speeds its deployment; quality gains {value}.",
        "mean quality, spill-over across blocs times 1.5 against none",
        "log-odds",
        quality,
        (quality > 0) & (speed > 0),
        f"policies of 2019; {PRIORS}",
        [("deployment in 2030, change", speed), ("price index, change", price)],
    )
