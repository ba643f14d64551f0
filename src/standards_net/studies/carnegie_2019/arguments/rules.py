"""What finance, rules and openness do: B9, B10, B12, B14 and B15.

J. L. Schoff and A. Ito, Competing With China on Technology and Innovation, Carnegie Endowment for
International Peace, October 2019. All numbers are for radio in 2040 unless the sentence says otherwise.
"""

from __future__ import annotations

import numpy as np

from standards_net.studies.carnegie_2019.arguments.argument import STATUS_QUO, Argument
from standards_net.studies.carnegie_2019.runs import Runs
from standards_net.studies.carnegie_2019.variants import COMPATIBILITIES
from standards_net.studies.finding import Effect, Measured

__all__ = ["B9", "B10", "B12", "B14", "B15"]

_COMPATIBLE = {c: f"compatibility-{c}" for c in COMPATIBILITIES}
_PUSH, _NO_FINANCE = "belt-and-road-push", "no-finance"
_OPEN, _CHEAP_SWITCHING = "open-interfaces", "low-switching-cost"
_DIVERGENT, _HARMONISED = "three-poles", "harmonised-allies"
_SPILL_OVER, _NO_SPILL_OVER = "full-spill-over-across", "no-spill-over-across"


def _b9(runs: Runs) -> Measured:
    costs = {c: runs.of("double_running_usd", scenario) for c, scenario in _COMPATIBLE.items()}
    return Measured(
        costs[0] - costs[100],
        tuple(Effect(costs[c] - costs[100], 1, "USD per year") for c in (50, 0)),
        [(f"compatibility {c / 100}: USD bn a year", cost / 1e9) for c, cost in costs.items()],
    )


B9 = Argument(
    name="B9",
    claim="Equipment that works only with its own family makes multinationals run two systems.",
    statement="running two systems costs more at half and at no compatibility than at full compatibility",
    size="at none it costs {value} more",
    measure="double running cost, compatibility 0 against 1",
    unit="USD per year",
    scenarios=tuple(_COMPATIBLE.values()),
    conditional_on="policies of 2019; the cost rate is judgement (a factor of 16 wide)",
    measured=_b9,
)


def _b10(runs: Runs) -> Measured:
    signatories = runs.gap("group_share", _PUSH, _NO_FINANCE, group="BRI", standard="china")
    china = runs.standard("china")
    with_finance, without = (runs.shares(s)[..., china] for s in (_PUSH, _NO_FINANCE))
    moved = with_finance - without
    voice = runs.world.table["voice_accountability"].to_numpy(dtype=float)
    signed = runs.mask("BRI")
    closed = signed & (voice < np.nanmedian(voice))
    tips = (with_finance > 0.5) & (without <= 0.5)
    return Measured(
        signatories,
        (Effect(signatories, 1, "points"),),
        [
            ("signatories with little voice and accountability", moved[:, closed].mean(axis=1)),
            ("other signatories", moved[:, signed & ~closed].mean(axis=1)),
            ("countries whose dominant standard tips", tips.sum(axis=1).astype(float)),
        ],
    )


B10 = Argument(
    name="B10",
    claim="Belt and Road finance spreads Chinese platforms among signatories.",
    statement="tripled finance raises the Chinese-led share among signatories relative to none",
    size="the difference is {value}",
    measure="Chinese-led share among signatories, finance tripled against none",
    unit="points",
    scenarios=(_PUSH, _NO_FINANCE),
    conditional_on="how strongly finance works is estimated from contracts with a wide error, zero included "
    "in its prior",
    measured=_b10,
)


def _b12(runs: Runs) -> Measured:
    gap = runs.gap("hhi_vendor", _OPEN, STATUS_QUO)
    return Measured(
        gap,
        (Effect(gap, -1, "points"),),
        [
            ("the same, with cheaper switching only", runs.gap("hhi_vendor", _CHEAP_SWITCHING, STATUS_QUO)),
            ("market fragmentation, change", runs.gap("market_fragmentation", _OPEN, STATUS_QUO)),
        ],
    )


B12 = Argument(
    name="B12",
    claim="Purchasers must be able to switch later from one company's system to another's.",
    statement="open interfaces lower the concentration of vendors",
    size="the index changes by {value}",
    measure="vendor concentration (HHI), open interfaces against status quo",
    unit="points",
    scenarios=(_OPEN, _CHEAP_SWITCHING, STATUS_QUO),
    conditional_on="open interfaces halve lock-in and lift the appeal of open vendors; radio follows one "
    "standard with and without them, so that no interoperability is lost or won",
    measured=_b12,
)


def _b14(runs: Runs) -> Measured:
    gap = runs.gap("group_loss", _DIVERGENT, _HARMONISED, group="us")
    cost = runs.gap("group_cost_usd", _DIVERGENT, _HARMONISED, group="us").sum(axis=1)
    return Measured(gap, (Effect(gap, 1, "points"),), [("allies' cost, USD bn a year", cost / 1e9)])


B14 = Argument(
    name="B14",
    claim="Harmonised technology and data rules keep allies in step.",
    statement="the allies lose less interoperability when Europe's rules match those of the other allies",
    size="divergent rules cost them {value}",
    measure="allies' interoperability loss, Europe apart minus harmonised",
    unit="points",
    scenarios=(_DIVERGENT, _HARMONISED),
    conditional_on="European and other western families at compatibility 0.6 against 1",
    measured=_b14,
)


def _b15(runs: Runs) -> Measured:
    quality = runs.gap("quality", _SPILL_OVER, _NO_SPILL_OVER)
    speed = runs.gap("deployment", _SPILL_OVER, _NO_SPILL_OVER, year=2030)
    price = runs.gap("price_index", _SPILL_OVER, _NO_SPILL_OVER)
    return Measured(
        quality,
        (Effect(quality, 1, "log-odds"), Effect(speed, 1, "points")),
        [("deployment in 2030, change", speed), ("price index, change", price)],
    )


B15 = Argument(
    name="B15",
    claim="Chinese innovation also has public benefits.",
    statement="knowledge that spills over between blocs raises the quality of the world's networks and "
    "speeds their deployment",
    size="quality is higher by {value}",
    measure="mean quality, spill-over across blocs times 1.5 against none",
    unit="log-odds",
    scenarios=(_SPILL_OVER, _NO_SPILL_OVER),
    conditional_on="policies of 2019",
    measured=_b15,
)
