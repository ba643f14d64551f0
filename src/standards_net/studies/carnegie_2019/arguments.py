"""The sixteen arguments of the Carnegie brief of 2019, each put to the model as an experiment.

J. L. Schoff and A. Ito, Competing With China on Technology and Innovation, Carnegie Endowment for
International Peace, October 2019. All numbers are for 5g in 2040 unless the sentence says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from standards_net.studies.carnegie_2019.runs import HORIZON, Runs
from standards_net.studies.carnegie_2019.variants import BREADTHS, COMPATIBILITIES, LEADS
from standards_net.studies.finding import Finding, weigh

__all__ = ["ARGUMENTS", "answer_all"]

_PRIORS = "the priors of data/model/parameters.csv and adoption estimated for most countries"
_LOCKED = 0.05  # a lead has left a mark if it still moves the world share by 5 points
_QUO = "status-quo-2019"


def b1(runs: Runs) -> Finding:
    """Two closed families against one common family."""
    split, one = "bipolar-free-nonaligned", "one-standard"
    markets = runs.gap("beta", split, one)
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
        f"bipolar-free-nonaligned against one-standard; {_PRIORS}",
        [
            ("effective markets, split", runs.of("beta", split)),
            ("effective markets, one family", runs.of("beta", one)),
            ("extra cost, USD bn a year", cost / 1e9),
        ],
    )


def b2(runs: Runs) -> Finding:
    """Core allies alone, all allies, and European and Korean hedging."""
    narrow = runs.of("group_loss", "allied-ban-eu-korea-hedge", group="core-allies")
    broad = runs.of("group_loss", "broad-allied-ban", group="core-allies")
    bloc = runs.gap(
        "bloc_size",
        "allied-ban-eu-korea-hedge",
        "broad-allied-ban",
        standard="west",
        weight="market",
    )
    gap = narrow - broad
    return weigh(
        "B2",
        "It is worse for the core allies if leading European and Korean firms and governments do "
        "not limit themselves and work with Chinese firms.",
        "In {share} of draws the United States and Japan lose more interoperability when Europe and "
        "Korea hedge than when all allies ban together; the difference is {value}.",
        "core allies' interoperability loss, hedging against broad ban",
        "points",
        gap,
        gap > 0,
        f"two families at compatibility 0.4 from 2030 in both cases; {_PRIORS}",
        [
            ("western bloc, share of world market, change", bloc),
            (
                "core allies' loss, only they ban",
                runs.of("group_loss", "core-allies-ban", group="core-allies"),
            ),
            ("core allies' loss, all allies ban", broad),
            ("core allies' loss, Europe and Korea hedge", narrow),
        ],
    )


def b3(runs: Runs) -> Finding:
    """Chinese-standard expansion and allied vendors' revenue."""
    allied = runs.vendors("us")
    gap = runs.revenue_share(allied, "chinese-standard-lead") - runs.revenue_share(allied, _QUO)
    by_camp = [
        (
            f"allied revenue share in markets: {camp}",
            runs.revenue_share(allied, "chinese-standard-lead", camps=(camp,))
            - runs.revenue_share(allied, _QUO, camps=(camp,)),
        )
        for camp in ("us", "china", "nonaligned")
    ]
    return weigh(
        "B3",
        "Wide adoption of Chinese standards limits the growth of allied firms.",
        "In {share} of draws a Chinese lead lowers the revenue share of allied vendors, by {value} in 2040.",
        "allied vendors' revenue share, Chinese lead against status quo",
        "points",
        gap,
        gap < 0,
        f"a lead of 0.5 log-odds, USD 5 bn a year of research and half as much finance again; {_PRIORS}",
        by_camp,
    )


def b4(runs: Runs) -> Finding:
    """Increasing returns: the same lead with and without feedback, and after it has gone."""
    base_on, base_off = "lead-0", "lead-0-no-feedback"
    largest = LEADS[-1]
    fed = runs.gap("china_share", f"lead-{largest}", base_on)
    unfed = runs.gap("china_share", f"lead-{largest}-no-feedback", base_off)
    extra = fed - unfed
    details = []
    for lead in LEADS[1:]:
        left = runs.gap("china_share", f"lead-{lead}-until-2029", base_on)
        marked = float(np.mean(left > _LOCKED))
        details.append(
            (
                f"lead {lead / 100} until 2029: share left in 2040 ({marked:.0%} above 5 points)",
                left,
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
        f"world share gained by a lead of {largest / 100} log-odds, feedback on less off",
        "points",
        extra,
        extra > 0,
        f"policies of 2019; {_PRIORS}",
        details,
    )


def b5(runs: Runs) -> Finding:
    """Allied research against a ban, per dollar."""
    allied = runs.vendors("us")
    budget = 50e9
    base = runs.revenue_share(allied, _QUO)
    gained = runs.revenue_share(allied, "allied-investment") - base
    item = runs.sweep.position("item", "replacement")
    spent = runs.of("group_cost_usd", "ban-allies", year=None, group="us")[..., item].sum(axis=1)
    spent -= runs.of("group_cost_usd", _QUO, year=None, group="us")[..., item].sum(axis=1)
    shifted = runs.revenue_share(allied, "ban-allies") - base
    per_bn = 1e9 * (gained / budget - shifted / np.maximum(spent, 1e8))
    loss = runs.gap("interoperability_loss", "allied-investment", "ban-allies")
    return weigh(
        "B5",
        "Building up allied capability matters more than undermining China.",
        "In {share} of draws a dollar of allied research buys more revenue share for allied vendors "
        "by 2040 than a dollar spent on replacing banned equipment; the difference is {value} per "
        "USD bn.",
        "revenue share per USD bn, research less ban",
        "points",
        per_bn,
        per_bn > 0,
        "USD 50 bn of research over ten years against what the allies pay for replacement; dearer "
        f"equipment and China's answer are not in the ban's price; {_PRIORS}",
        [
            ("research: revenue share gained in all", gained),
            ("ban: revenue share gained in all", shifted),
            ("ban: allies' replacement cost, USD bn", spent / 1e9),
            ("world interoperability loss, research less ban", loss),
        ],
    )


def b6(runs: Runs) -> Finding:
    """Breadth of the ban: exposure against loss and cost."""
    west = "us"
    exposure, cost = {}, {}
    for name in BREADTHS:
        shares = runs.of("group_share", f"ban-{name}", group=west, standard="china")
        exposure[name] = shares - runs.of("group_share", _QUO, group=west, standard="china")
        cost[name] = runs.gap("interoperability_loss", f"ban-{name}", _QUO)
    steps = list(BREADTHS)
    safer = np.all([exposure[b] <= exposure[a] + 1e-6 for a, b in pairwise(steps)], axis=0)
    holds = safer & (exposure["allies"] < 0) & (cost["allies"] > 0)
    details = []
    for name in steps:
        details.append((f"{name}: Chinese share among allies, change", exposure[name]))
        details.append((f"{name}: world interoperability loss, change", cost[name]))
    return weigh(
        "B6",
        "Bans buy security assurance at the price of information and market access.",
        "In {share} of draws a wider ban lowers the Chinese share among the allies at every step and "
        "raises the world's interoperability loss; the broad ban changes the loss by {value}, because "
        "allies who exclude the same vendors grow more alike.",
        "world interoperability loss, broad ban against status quo",
        "points",
        cost["allies"],
        holds,
        f"bans of 2021 with removal by 2027, compatibility left to drift; {_PRIORS}",
        details,
    )


def b7(runs: Runs) -> Finding:
    """Retaliation."""
    allied = [v for v in runs.vendors("us") if v != "open-ran"]

    def revenue(scenario: str) -> np.ndarray:
        sold = runs.of("vendor_revenue_usd", scenario, year=2030).sum(axis=2)
        return np.asarray(sold[:, [runs.main.position("vendor", v) for v in allied]].sum(axis=1))

    gap = revenue("china-retaliates") - revenue("broad-allied-ban")
    dearer = [
        (
            f"{v}: price, change",
            runs.gap("vendor_price", "china-retaliates", "broad-allied-ban", vendor=v),
        )
        for v in ("ericsson", "nokia")
    ]
    return weigh(
        "B7",
        "Chinese countermeasures shut allied firms out of China's market.",
        "In {share} of draws retaliation lowers the revenue of allied vendors in 2030; it changes by "
        "{value}.",
        "allied vendors' revenue in 2030, retaliation against none",
        "USD per year",
        gap,
        gap < 0,
        f"China closes its market to western vendors from 2021; {_PRIORS}",
        dearer,
    )


def b8(runs: Runs) -> Finding:
    """Self-sufficiency."""
    home = runs.gap("group_share", "china-retaliates", "broad-allied-ban", group="CHN", standard="china")
    quality = runs.gap("vendor_quality", "china-retaliates", "broad-allied-ban", vendor="huawei")
    return weigh(
        "B8",
        "Restrictions push China further towards self-sufficiency.",
        "In {share} of draws China's own vendors hold more of its market when it answers the ban "
        "with self-reliance; the difference is {value}.",
        "Chinese vendors' share at home, self-reliance against none",
        "points",
        home,
        home > 0,
        "self-reliance is an assumption of the scenario (closed market, USD 5 bn a year of research); "
        f"the model says how far it carries; {_PRIORS}",
        [("Huawei's quality, change in log-odds", quality)],
    )


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
        f"policies of 2019; the cost rate is judgement (a factor of 16 wide); {_PRIORS}",
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
        "In {share} of draws three times the finance raises the Chinese-led share among signatories "
        "against none; the difference is {value}.",
        "Chinese-led share among signatories, finance tripled against none",
        "points",
        signatories,
        signatories > 0,
        f"how strongly finance works is judgement, zero included in its prior; {_PRIORS}",
        [
            ("signatories with little voice and accountability", moved[:, closed].mean(axis=1)),
            ("other signatories", moved[:, signed & ~closed].mean(axis=1)),
            ("countries whose dominant standard tips", tips.sum(axis=1).astype(float)),
        ],
    )


def b11(runs: Runs) -> Finding:
    """Multilateral agreement with and without China."""
    world_gap = runs.gap("interoperability_loss", "multilateral-without-china", "multilateral-with-china")
    allied = runs.gap("group_loss", "multilateral-without-china", "multilateral-with-china", group="us")
    return weigh(
        "B11",
        "Multilateral standard setting is better when China is in it.",
        "In {share} of draws both the world and the allies lose less with China in the agreement; "
        "leaving it out costs the world {value} more interoperability loss.",
        "world interoperability loss, without China less with China",
        "points",
        world_gap,
        (world_gap > 0) & (allied > 0),
        "who would leave the agreement waits for the alignment game; " + _PRIORS,
        [("allies' loss, without China less with", allied)],
    )


def b12(runs: Runs) -> Finding:
    """Open interfaces and cheap switching."""
    loss = runs.gap("interoperability_loss", "open-interfaces", _QUO)
    hhi = runs.gap("hhi_vendor", "open-interfaces", _QUO)
    switching = runs.gap("hhi_vendor", "low-switching-cost", _QUO)
    beta = runs.gap("beta", "open-interfaces", _QUO)
    return weigh(
        "B12",
        "Purchasers must be able to switch later from one company's system to another's.",
        "In {share} of draws open interfaces lower both the interoperability loss and the "
        "concentration of vendors; the loss changes by {value}.",
        "interoperability loss, open interfaces against status quo",
        "points",
        loss,
        (loss < 0) & (hhi < 0),
        f"open interfaces halve lock-in and lift the appeal of open vendors; {_PRIORS}",
        [
            ("vendor concentration (HHI), change", hhi),
            ("the same, only switching made cheap", switching),
            ("effective markets, change", beta),
        ],
    )


def b13(runs: Runs) -> Finding:
    """Crossfire."""
    apart, together = "uncoordinated-bans", "broad-allied-ban"
    years = slice(2, None)

    def cost(scenario: str) -> np.ndarray:
        yearly = runs.of("group_cost_usd", scenario, year=None, group="us").sum(axis=2)
        return np.asarray(yearly[:, years].sum(axis=1))

    gap = cost(apart) - cost(together)
    loss = runs.of("group_loss", apart, year=None, group="us") - runs.of(
        "group_loss", together, year=None, group="us"
    )
    return weigh(
        "B13",
        "Uncoordinated allied measures hit friends.",
        "In {share} of draws the allies pay more in all when the same bans come staggered and uneven "
        "than when they come together; the difference over 2021 to 2040 is {value}.",
        "allies' cost 2021-2040, uncoordinated less coordinated",
        "USD",
        gap,
        gap > 0,
        f"crossfire is an assumption of the scenario (half-strength restrictions on friends); {_PRIORS}",
        [
            (
                "allies' mean loss 2021-2040, uncoordinated less coordinated",
                loss[:, years].mean(axis=1),
            )
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
        "the other allies are harmonised; rules apart cost them {value}.",
        "allies' interoperability loss, Europe apart less harmonised",
        "points",
        gap,
        gap > 0,
        f"European and other western families at compatibility 0.6 against 1; {_PRIORS}",
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
        "mean quality, spill-over across blocs doubled against none",
        "log-odds",
        quality,
        (quality > 0) & (speed > 0),
        f"policies of 2019; {_PRIORS}",
        [("deployment in 2030, change", speed), ("price index, change", price)],
    )


def b16(runs: Runs) -> Finding:
    """Room for a coalition: waits for the alignment game; what can be said of 2019 is said."""
    members = runs.mask("G20")
    us = np.array([a == "us" for a in runs.world.alignments])
    weight = runs.world.market("5g").share
    aligned = float(weight[members & us].sum() / weight[members].sum())
    policy = runs.world.policies["status_latest"].to_numpy()
    acted = members & np.isin(policy, ["banned", "de_facto_excluded", "restricted"])
    nothing = float("nan")
    return Finding(
        "B16",
        "Most G20 states share the concern: there is room for a coalition.",
        "Not answered yet: which coalitions are stable waits for the alignment game. Of the "
        f"{int(members.sum())} G20 states in the tables {int((members & us).sum())} were aligned with "
        f"the United States in 2019 ({100 * aligned:.0f} % of the group's market) and "
        f"{int(acted.sum())} exclude or restrict Chinese network vendors in the latest record.",
        "G20 states",
        "1",
        nothing,
        nothing,
        nothing,
        nothing,
        "membership and policy records; no simulation",
    )


ARGUMENTS: tuple[Callable[[Runs], Finding], ...] = (
    b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b16,
)  # fmt: skip


def answer_all(runs: Runs) -> tuple[Finding, ...]:
    """Put all sixteen arguments to the runs."""
    return tuple(argument(runs) for argument in ARGUMENTS)
