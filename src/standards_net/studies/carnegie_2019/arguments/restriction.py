"""What restriction buys and costs: B5 to B8 and B13.

J. L. Schoff and A. Ito, Competing With China on Technology and Innovation, Carnegie Endowment for
International Peace, October 2019. All numbers are for radio in 2040 unless the sentence says otherwise.
"""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.studies.carnegie_2019.arguments.argument import STATUS_QUO, Argument
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.carnegie_2019.variants import BREADTHS
from standards_net.studies.finding import Effect, Measured

__all__ = ["B5", "B6", "B7", "B8", "B13"]

_RESEARCH, _TOGETHER, _APART = "allied-investment", "broad-allied-ban", "uncoordinated-bans"
_RETALIATION = "china-retaliates"
_RESEARCH_USD, _LEAST_USD = 50e9, 1e8  # what the research costs; least that a ban is divided by
_FROM_2021 = slice(2, None)


def _b5(runs: Runs) -> Measured:
    allied = runs.vendors("us")
    base = runs.revenue_share(allied, STATUS_QUO)
    gained = runs.revenue_share(allied, _RESEARCH) - base
    shifted = runs.revenue_share(allied, _TOGETHER) - base
    item = runs.main.position("item", "replacement")
    spent = runs.gap("group_cost_usd", _TOGETHER, STATUS_QUO, year=None, group="us")[..., item].sum(axis=1)
    per_bn = 1e9 * (gained / _RESEARCH_USD - shifted / np.maximum(spent, _LEAST_USD))
    return Measured(
        per_bn,
        (Effect(per_bn, 1, "points"),),
        [
            ("research: revenue share gained in total", gained),
            ("ban: revenue share gained in total", shifted),
            ("ban: allies' replacement cost, USD bn", spent / 1e9),
            (
                "market fragmentation, research minus ban",
                runs.gap("market_fragmentation", _RESEARCH, _TOGETHER),
            ),
        ],
    )


B5 = Argument(
    name="B5",
    claim="Building up allied capability matters more than undermining China.",
    statement="a dollar of allied research buys allied vendors more revenue than one spent on replacing "
    "banned equipment",
    size="research less ban is {value} of world revenue per USD bn",
    measure="revenue share per USD bn, research minus ban",
    unit="points",
    scenarios=(_RESEARCH, _TOGETHER, STATUS_QUO),
    conditional_on="USD 50 bn of research over ten years against what the allies pay for replacement; dearer "
    "equipment and China's response are not in the cost of the ban",
    measured=_b5,
)


def _yearly_cost(runs: Runs, scenario: str, baseline: str) -> FloatArray:
    """Allies' cost beyond that of another scenario, all items, by draw and year from 2021."""
    items = runs.gap("group_cost_usd", scenario, baseline, year=None, group="us")
    return np.asarray(items.sum(axis=2)[:, _FROM_2021])


def _b6(runs: Runs) -> Measured:
    exposure = {
        name: runs.gap("group_share", scenario, STATUS_QUO, group="us", standard="china")
        for name, scenario in BREADTHS.items()
    }
    cost = {name: _yearly_cost(runs, scenario, STATUS_QUO) for name, scenario in BREADTHS.items()}
    alone, together = "United States and Japan", "all allies"
    fewer, broad = exposure[together] - exposure[alone], cost[together].mean(axis=1)
    details: list[tuple[str, FloatArray]] = []
    for name in BREADTHS:
        details.append((f"{name}: Chinese share among allies, change", exposure[name]))
        details.append((f"{name}: allies' cost, USD bn a year, change", cost[name].mean(axis=1) / 1e9))
    return Measured(broad, (Effect(fewer, -1, "points"), Effect(broad, 1, "USD per year")), details)


B6 = Argument(
    name="B6",
    claim="Bans buy security assurance at the price of information and market access.",
    statement="a ban by all allies leaves fewer Chinese networks among them than one by the United States "
    "and Japan alone, and costs them money",
    size="it costs them {value} on average over 2021 to 2040",
    measure="allies' cost a year 2021-2040, broad ban against status quo",
    unit="USD per year",
    scenarios=(STATUS_QUO, *BREADTHS.values()),
    conditional_on="bans of 2020 and 2021 with removal by 2025 and 2027; cost is dearer equipment, "
    "replacement, delay, scale and retaliation; standards stay common, so that no interoperability is lost",
    measured=_b6,
)


def _b7(runs: Runs) -> Measured:
    allied = [v for v in runs.vendors("us") if v != "open-ran"]

    def revenue(scenario: str) -> FloatArray:
        sold = runs.of("vendor_revenue_usd", scenario, year=2030).sum(axis=2)
        return np.asarray(sold[:, [runs.main.position("vendor", v) for v in allied]].sum(axis=1))

    gap = revenue(_RETALIATION) - revenue(_TOGETHER)
    prices = [
        (f"{v}: price, change", runs.gap("vendor_price", _RETALIATION, _TOGETHER, vendor=v))
        for v in ("ericsson", "nokia")
    ]
    return Measured(gap, (Effect(gap, -1, "USD per year"),), prices)


B7 = Argument(
    name="B7",
    claim="Chinese countermeasures shut allied firms out of China's market.",
    statement="Chinese retaliation takes revenue from allied vendors",
    size="in 2030 it changes by {value}",
    measure="allied vendors' revenue in 2030, retaliation against none",
    unit="USD per year",
    scenarios=(_RETALIATION, _TOGETHER),
    conditional_on="China closes its market to western vendors from 2021",
    measured=_b7,
)


def _b8(runs: Runs) -> Measured:
    home = runs.gap("group_share", _RETALIATION, _TOGETHER, group="CHN", standard="china")
    quality = runs.gap("vendor_quality", _RETALIATION, _TOGETHER, vendor="huawei")
    return Measured(home, (Effect(home, 1, "points"),), [("Huawei's quality, change in log-odds", quality)])


B8 = Argument(
    name="B8",
    claim="Restrictions push China further towards self-sufficiency.",
    statement="China's own vendors hold more of its market when it answers the ban with self-reliance",
    size="their share is higher by {value}",
    measure="Chinese vendors' share at home, self-reliance against none",
    unit="points",
    scenarios=(_RETALIATION, _TOGETHER),
    conditional_on="self-reliance is put in by the scenario (closed market, USD 5 bn a year of research, "
    "most of it for radio); the model shows how far it goes",
    measured=_b8,
)


def _b13(runs: Runs) -> Measured:
    total = _yearly_cost(runs, _APART, _TOGETHER).sum(axis=1)
    markets = runs.gap("market_fragmentation", _APART, _TOGETHER)
    return Measured(total, (Effect(total, 1, "USD"),), [("market fragmentation in 2040, change", markets)])


B13 = Argument(
    name="B13",
    claim="Uncoordinated allied measures hit friends.",
    statement="the allies pay more when the same bans are staggered and uneven than when they are "
    "coordinated",
    size="over 2021 to 2040 the difference is {value}",
    measure="allies' cost 2021-2040, uncoordinated minus coordinated",
    unit="USD",
    scenarios=(_APART, _TOGETHER),
    conditional_on="crossfire is put in by the scenario (half-strength restrictions on friends)",
    measured=_b13,
)
