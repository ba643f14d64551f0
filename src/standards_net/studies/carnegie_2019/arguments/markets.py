"""What a split does to markets and firms: B1 to B4.

J. L. Schoff and A. Ito, Competing With China on Technology and Innovation, Carnegie Endowment for
International Peace, October 2019. All numbers are for radio in 2040 unless the sentence says otherwise.
"""

from __future__ import annotations

import numpy as np

from standards_net.studies.carnegie_2019.arguments.common import PRIORS, QUO
from standards_net.studies.carnegie_2019.runs import HORIZON, Runs
from standards_net.studies.carnegie_2019.variants import LEADS
from standards_net.studies.finding import Finding, weigh

_LASTING = 0.05  # a past lead has a lasting effect if it still moves the world share by 5 points


def b1(runs: Runs) -> Finding:
    """Two closed families against one common family."""
    split, one = "bipolar-free-nonaligned", "one-standard"
    markets = runs.gap("market_fragmentation", split, one)
    loss = runs.gap("interoperability_loss", split, one)
    cost = runs.gap("total_usd", split, one)
    holds = (markets > 0) & (loss > 0) & (cost > 0)
    return weigh(
        "B1",
        "Two sets of standards make every market smaller, less efficient, less interoperable.",
        "In {share} of draws two closed families leave more effective markets, more "
        "interoperability loss and higher cost than one common family; the loss is {value} higher.",
        "interoperability loss, two closed families against one",
        "points",
        loss,
        holds,
        f"bipolar-free-nonaligned against one-standard; {PRIORS}",
        [
            ("effective markets, split", runs.of("market_fragmentation", split)),
            ("effective markets, one family", runs.of("market_fragmentation", one)),
            ("extra cost, USD bn a year", cost / 1e9),
        ],
    )


def b2(runs: Runs) -> Finding:
    """Core allies alone, all allies, and European and Korean hedging."""
    hedge, together, alone = "allied-ban-eu-korea-hedge", "broad-allied-ban", "core-allies-ban"
    allied = runs.vendors("us")
    revenue = {name: runs.revenue_share(allied, name) for name in (hedge, together, alone)}
    bloc = runs.gap("bloc_size", hedge, together, standard="west", weight="market")
    cost = runs.gap("group_cost_usd", hedge, together, group="core-allies").sum(axis=1)
    gap = revenue[hedge] - revenue[together]
    return weigh(
        "B2",
        "It is worse for the core allies if leading European and Korean firms and governments do "
        "not limit themselves and work with Chinese firms.",
        "In {share} of draws allied vendors sell less when Europe and Korea hedge than when all allies ban "
        "together; their share of world revenue changes by {value}. Standards stay common in both cases, so "
        "no interoperability is lost in either.",
        "allied vendors' revenue share, hedging against broad ban",
        "points",
        gap,
        gap < 0,
        f"bans of 2020 and 2021, standards common; {PRIORS}",
        [
            ("western bloc, share of world market, change", bloc),
            ("core allies' cost, USD bn a year, change", cost / 1e9),
            ("allied vendors' revenue share, only the core allies ban", revenue[alone]),
            ("allied vendors' revenue share, all allies ban", revenue[together]),
            ("allied vendors' revenue share, Europe and Korea hedge", revenue[hedge]),
        ],
    )


def b3(runs: Runs) -> Finding:
    """Chinese-standard expansion and allied vendors' revenue."""
    allied = runs.vendors("us")
    gap = runs.revenue_share(allied, "chinese-standard-lead") - runs.revenue_share(allied, QUO)
    by_camp = [
        (
            f"allied revenue share in markets: {camp}",
            runs.revenue_share(allied, "chinese-standard-lead", camps=(camp,))
            - runs.revenue_share(allied, QUO, camps=(camp,)),
        )
        for camp in ("us", "china", "nonaligned")
    ]
    return weigh(
        "B3",
        "Wide adoption of Chinese standards limits the growth of allied firms.",
        "In {share} of draws a Chinese lead lowers the revenue share of allied vendors; in 2040 it "
        "changes by {value}.",
        "allied vendors' revenue share, Chinese lead against status quo",
        "points",
        gap,
        gap < 0,
        f"a lead of 0.5 log-odds, USD 5 bn a year of research and half as much finance again; {PRIORS}",
        by_camp,
    )


def b4(runs: Runs) -> Finding:
    """Increasing returns: the same lead with and without feedback, and after it ends."""
    base_on, base_off = "lead-0", "lead-0-no-feedback"
    largest = LEADS[-1]
    fed = runs.gap("china_share", f"lead-{largest}", base_on)
    unfed = runs.gap("china_share", f"lead-{largest}-no-feedback", base_off)
    extra = fed - unfed
    details = []
    for lead in LEADS[1:]:
        remaining = runs.gap("china_share", f"lead-{lead}-until-2029", base_on)
        marked = float(np.mean(remaining > _LASTING))
        details.append(
            (
                f"lead {lead / 100} until 2029: share remaining in 2040 ({marked:.0%} above 5 points)",
                remaining,
            )
        )
    path = runs.of("china_share", f"lead-{largest}", year=None)
    crossed = path > 0.5
    when = np.where(crossed.any(axis=1), 2019.0 + crossed.argmax(axis=1), HORIZON + 1.0)
    details.append((f"year in which a lead of {largest / 100} passes half the world (2041: never)", when))
    return weigh(
        "B4",
        "A persistent lead feeds on itself: scale gives revenue, research and more scale.",
        "In {share} of draws a lasting Chinese lead gains more of the world by 2040 with learning "
        "and research feedback than without; feedback adds {value}.",
        f"world share gained by a lead of {largest / 100} log-odds, feedback on minus off",
        "points",
        extra,
        extra > 0,
        f"policies of 2019; {PRIORS}",
        details,
    )
