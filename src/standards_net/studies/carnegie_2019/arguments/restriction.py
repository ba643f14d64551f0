"""What restriction buys and costs: B5 to B8 and B13.

J. L. Schoff and A. Ito, Competing With China on Technology and Innovation, Carnegie Endowment for
International Peace, October 2019. All numbers are for radio in 2040 unless the sentence says otherwise.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from standards_net.studies.carnegie_2019.arguments.common import PRIORS, QUO
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.carnegie_2019.variants import BREADTHS
from standards_net.studies.finding import Finding, weigh


def b5(runs: Runs) -> Finding:
    """Allied research against a ban, per dollar."""
    allied = runs.vendors("us")
    budget = 50e9
    base = runs.revenue_share(allied, QUO)
    gained = runs.revenue_share(allied, "allied-investment") - base
    item = runs.sweep.position("item", "replacement")
    spent = runs.of("group_cost_usd", "ban-allies", year=None, group="us")[..., item].sum(axis=1)
    spent -= runs.of("group_cost_usd", QUO, year=None, group="us")[..., item].sum(axis=1)
    shifted = runs.revenue_share(allied, "ban-allies") - base
    per_bn = 1e9 * (gained / budget - shifted / np.maximum(spent, 1e8))
    fragmentation = runs.gap("market_fragmentation", "allied-investment", "ban-allies")
    return weigh(
        "B5",
        "Building up allied capability matters more than undermining China.",
        "In {share} of draws a dollar of allied research buys more revenue share for allied vendors "
        "by 2040 than a dollar spent on replacing banned equipment; the difference is {value} per "
        "USD bn.",
        "revenue share per USD bn, research minus ban",
        "points",
        per_bn,
        per_bn > 0,
        "USD 50 bn of research over ten years against what the allies pay for replacement; dearer "
        f"equipment and China's response are not in the cost of the ban; {PRIORS}",
        [
            ("research: revenue share gained in total", gained),
            ("ban: revenue share gained in total", shifted),
            ("ban: allies' replacement cost, USD bn", spent / 1e9),
            ("market fragmentation, research minus ban", fragmentation),
        ],
    )


def b6(runs: Runs) -> Finding:
    """Breadth of the ban: exposure against what it costs those who ban."""
    exposure, cost = {}, {}
    for name in BREADTHS:
        shares = runs.of("group_share", f"ban-{name}", group="us", standard="china")
        exposure[name] = shares - runs.of("group_share", QUO, group="us", standard="china")
        yearly = runs.gap("group_cost_usd", f"ban-{name}", QUO, year=None, group="us").sum(axis=2)
        cost[name] = yearly[:, 2:].mean(axis=1)
    steps = list(BREADTHS)
    safer = np.all([exposure[b] <= exposure[a] + 1e-6 for a, b in pairwise(steps)], axis=0)
    holds = safer & (exposure["allies"] < 0) & (cost["allies"] > 0)
    details = []
    for name in steps:
        details.append((f"{name}: Chinese share among allies, change", exposure[name]))
        details.append((f"{name}: allies' cost, USD bn a year, change", cost[name] / 1e9))
    return weigh(
        "B6",
        "Bans buy security assurance at the price of information and market access.",
        "In {share} of draws a wider ban lowers the Chinese share among the allies at every step, and the "
        "broad ban costs them: {value} on average over 2021 to 2040 (dearer equipment, replacement, "
        "delay and retaliation). Standards stay common, so no interoperability is lost.",
        "allies' cost a year 2021-2040, broad ban against status quo",
        "USD per year",
        cost["allies"],
        holds,
        f"bans of 2021 with removal by 2027; {PRIORS}",
        details,
    )


def b7(runs: Runs) -> Finding:
    """Retaliation."""
    allied = [v for v in runs.vendors("us") if v != "open-ran"]

    def revenue(scenario: str) -> np.ndarray:
        sold = runs.of("vendor_revenue_usd", scenario, year=2030).sum(axis=2)
        return np.asarray(sold[:, [runs.main.position("vendor", v) for v in allied]].sum(axis=1))

    gap = revenue("china-retaliates") - revenue("broad-allied-ban")
    prices = [
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
        f"China closes its market to western vendors from 2021; {PRIORS}",
        prices,
    )


def b8(runs: Runs) -> Finding:
    """Self-sufficiency."""
    home = runs.gap("group_share", "china-retaliates", "broad-allied-ban", group="CHN", standard="china")
    quality = runs.gap("vendor_quality", "china-retaliates", "broad-allied-ban", vendor="huawei")
    return weigh(
        "B8",
        "Restrictions push China further towards self-sufficiency.",
        "In {share} of draws China's own vendors hold more of its market when it responds to the ban "
        "with self-reliance; the difference is {value}.",
        "Chinese vendors' share at home, self-reliance against none",
        "points",
        home,
        home > 0,
        "self-reliance is an assumption of the scenario (closed market, USD 5 bn a year of research, "
        f"most of it for radio); the model shows how far it goes; {PRIORS}",
        [("Huawei's quality, change in log-odds", quality)],
    )


def b13(runs: Runs) -> Finding:
    """Crossfire."""
    apart, together = "uncoordinated-bans", "broad-allied-ban"
    years = slice(2, None)

    def cost(scenario: str) -> np.ndarray:
        yearly = runs.of("group_cost_usd", scenario, year=None, group="us").sum(axis=2)
        return np.asarray(yearly[:, years].sum(axis=1))

    gap = cost(apart) - cost(together)
    return weigh(
        "B13",
        "Uncoordinated allied measures hit friends.",
        "In {share} of draws the allies pay more in total when the same bans are staggered and uneven "
        "than when they are coordinated; the difference over 2021 to 2040 is {value}.",
        "allies' cost 2021-2040, uncoordinated minus coordinated",
        "USD",
        gap,
        gap > 0,
        f"crossfire is an assumption of the scenario (half-strength restrictions on friends); {PRIORS}",
        [("market fragmentation in 2040, change", runs.gap("market_fragmentation", apart, together))],
    )
