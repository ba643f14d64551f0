"""What a split does to markets and firms: B1 to B4.

J. L. Schoff and A. Ito, Competing With China on Technology and Innovation, Carnegie Endowment for
International Peace, October 2019. All numbers are for radio in 2040 unless the sentence says otherwise.
"""

from __future__ import annotations

import numpy as np

from standards_net.studies.carnegie_2019.arguments.argument import STATUS_QUO, Argument
from standards_net.studies.carnegie_2019.runs import HORIZON, Runs
from standards_net.studies.carnegie_2019.variants import LARGEST_LEAD, LEADS
from standards_net.studies.finding import Effect, Measured

__all__ = ["B1", "B2", "B3", "B4"]

_LASTING = 0.05  # a past lead has a lasting effect if it still moves the world share by 5 points
_SPLIT, _ONE = "bipolar-free-nonaligned", "one-standard"
_HEDGE, _TOGETHER, _ALONE = "allied-ban-eu-korea-hedge", "broad-allied-ban", "core-allies-ban"
_CHINESE_LEAD = "chinese-standard-lead"


def _b1(runs: Runs) -> Measured:
    markets = runs.gap("market_fragmentation", _SPLIT, _ONE)
    loss = runs.gap("interoperability_loss", _SPLIT, _ONE)
    cost = runs.gap("total_usd", _SPLIT, _ONE)
    return Measured(
        loss,
        (Effect(markets, 1, "1"), Effect(loss, 1, "points"), Effect(cost, 1, "USD per year")),
        [
            ("effective markets, split", runs.of("market_fragmentation", _SPLIT)),
            ("effective markets, one family", runs.of("market_fragmentation", _ONE)),
            ("extra cost, USD bn a year", cost / 1e9),
        ],
    )


B1 = Argument(
    name="B1",
    claim="Two sets of standards make every market smaller, less efficient, less interoperable.",
    statement="two closed families split the market, lose interoperability and cost more than one common "
    "family",
    size="interoperability loss is higher by {value}",
    measure="interoperability loss, two closed families against one",
    unit="points",
    scenarios=(_SPLIT, _ONE),
    conditional_on="bipolar-free-nonaligned against one-standard",
    measured=_b1,
)


def _b2(runs: Runs) -> Measured:
    allied = runs.vendors("us")
    revenue = {name: runs.revenue_share(allied, name) for name in (_HEDGE, _TOGETHER, _ALONE)}
    cost = runs.gap("group_cost_usd", _HEDGE, _TOGETHER, group="core-allies").sum(axis=1)
    gap = revenue[_HEDGE] - revenue[_TOGETHER]
    return Measured(
        gap,
        (Effect(gap, -1, "points"),),
        [
            (
                "western bloc, share of world market, change",
                runs.gap("bloc_size", _HEDGE, _TOGETHER, standard="west", weight="market"),
            ),
            ("core allies' cost, USD bn a year, change", cost / 1e9),
            ("allied vendors' revenue share, only the core allies ban", revenue[_ALONE]),
            ("allied vendors' revenue share, all allies ban", revenue[_TOGETHER]),
            ("allied vendors' revenue share, Europe and Korea hedge", revenue[_HEDGE]),
        ],
    )


B2 = Argument(
    name="B2",
    claim="It is worse for the core allies if leading European and Korean firms and governments do not limit "
    "themselves and work with Chinese firms.",
    statement="allied vendors sell less when Europe and Korea hedge than when all allies ban together",
    size="their share of world revenue changes by {value}",
    measure="allied vendors' revenue share, hedging against broad ban",
    unit="points",
    scenarios=(_HEDGE, _TOGETHER, _ALONE),
    conditional_on="bans of 2020 and 2021; standards stay common in both cases, so that no interoperability "
    "is lost in either",
    measured=_b2,
)


def _b3(runs: Runs) -> Measured:
    allied = runs.vendors("us")

    def change(camps: tuple[str, ...] = ()) -> np.ndarray:
        return np.asarray(
            runs.revenue_share(allied, _CHINESE_LEAD, camps=camps)
            - runs.revenue_share(allied, STATUS_QUO, camps=camps)
        )

    gap = change()
    by_camp = [
        (f"allied revenue share in markets: {camp}", change((camp,)))
        for camp in ("us", "china", "nonaligned")
    ]
    return Measured(gap, (Effect(gap, -1, "points"),), by_camp)


B3 = Argument(
    name="B3",
    claim="Wide adoption of Chinese standards limits the growth of allied firms.",
    statement="a Chinese lead takes revenue from allied vendors",
    size="their share of world revenue changes by {value}",
    measure="allied vendors' revenue share, Chinese lead against status quo",
    unit="points",
    scenarios=(_CHINESE_LEAD, STATUS_QUO),
    conditional_on="a lead of 0.5 log-odds, USD 5 bn a year of research and half as much finance again",
    measured=_b3,
)


def _b4(runs: Runs) -> Measured:
    largest = f"lead-{LARGEST_LEAD}"
    fed = runs.gap("china_share", largest, STATUS_QUO)
    extra = fed - runs.gap("china_share", f"{largest}-no-feedback", "no-feedback")
    details = []
    for lead in LEADS:
        remaining = runs.gap("china_share", f"lead-{lead}-until-2029", STATUS_QUO)
        marked = float(np.mean(remaining > _LASTING))
        details.append(
            (
                f"lead {lead / 100} until 2029: share remaining in 2040 ({marked:.0%} above 5 points)",
                remaining,
            )
        )
    crossed = runs.of("china_share", largest, year=None) > 0.5
    when = np.where(crossed.any(axis=1), 2019.0 + crossed.argmax(axis=1), HORIZON + 1.0)
    details.append(
        (f"year in which a lead of {LARGEST_LEAD / 100} passes half the world (2041: never)", when)
    )
    return Measured(extra, (Effect(extra, 1, "points"),), details)


B4 = Argument(
    name="B4",
    claim="A persistent lead feeds on itself: scale gives revenue, research and more scale.",
    statement="a lasting Chinese lead gains more of the world with learning and research than without",
    size="they add {value} to its share",
    measure=f"world share gained by a lead of {LARGEST_LEAD / 100} log-odds, feedback on minus off",
    unit="points",
    scenarios=(
        STATUS_QUO, "no-feedback", f"lead-{LARGEST_LEAD}", f"lead-{LARGEST_LEAD}-no-feedback",
        *(f"lead-{lead}-until-2029" for lead in LEADS),
    ),
    conditional_on="policies of 2019",
    measured=_b4,
)  # fmt: skip
