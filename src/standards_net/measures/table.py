"""The table of what a run records, used for recording, tables, IAMC names, panels and docs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from standards_net.core.arrays import FloatArray, pool, pool_by_draw, pool_own
from standards_net.frozen import FrozenMapping
from standards_net.measures import concentration
from standards_net.measures.inputs import ITEMS, MeasureInputs

__all__ = ["BREAKDOWNS", "COUNTRY_MEANS", "HEADLINES", "MEASURES", "Measure"]

_USD = "USD of 2019 per year"
_NO_EXCHANGE = "nothing is traded, so there is no exchange to weigh"


@dataclass(frozen=True)
class Measure:
    """A number, or an array of numbers, that is measured in every year of every draw.

    Attributes
    ----------
    name, unit : str
        ``1`` for pure numbers and shares.
    meaning : str
        Description, for tables and captions.
    function : callable
        ``function(inputs: MeasureInputs) -> array`` with one row per draw.
    iamc_name : str or None
        Name in the IAMC format, below ``Standards|<technology>|``; not exported if None.
    headline : bool
        Whether it is printed by default.
    label : str
        Short name for panels and charts; if empty, the name with spaces.
    panel : bool
        Whether the network page shows it.
    dims : tuple of str
        Axes besides scenario, draw, year and technology.
    undefined : str
        Why it may be undefined, NaN; empty if it never is.
    """

    name: str
    unit: str
    meaning: str
    function: Callable[[MeasureInputs], FloatArray]
    iamc_name: str | None = None
    headline: bool = False
    label: str = ""
    panel: bool = False
    dims: tuple[str, ...] = ()
    undefined: str = ""


def _by_name(measures: Iterable[Measure]) -> Mapping[str, Measure]:
    return FrozenMapping({measure.name: measure for measure in measures})


def _world_item(item: str) -> Callable[[MeasureInputs], FloatArray]:
    column = ITEMS.index(item)
    return lambda year: year.world_cost_usd[:, column]


def _china(year: MeasureInputs) -> int:
    return year.standards.index("china")


def _west(year: MeasureInputs) -> int:
    return year.standards.index("west")


def _of_exchange(year: MeasureInputs, values: FloatArray) -> FloatArray:
    """Values that weigh exchange; undefined in a world that has none."""
    return values if year.weights.own_exchange.any() else np.full_like(values, np.nan)


def _group_loss(year: MeasureInputs) -> FloatArray:
    parts = _parts(year.weights.members * year.weights.own_exchange)
    return np.where(parts.any(axis=1), year.loss_by_country @ parts.T, np.nan)


def _group_share(year: MeasureInputs) -> FloatArray:
    if year.market_share.ndim == 1:
        return pool(_parts(year.weights.members * year.market_share), year.shares)
    return pool_own(_parts(year.weights.members * year.market_share[:, None]), year.shares)


def _parts(weights: FloatArray) -> FloatArray:
    """Weights of a group's members as parts of their sum; 0 in a group without any."""
    total = weights.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(weights, total, out=np.zeros_like(weights), where=total > 0.0))


MEASURES: Mapping[str, Measure] = _by_name(
    (
        Measure(
            "gamma", "1", "effective number of standards in the world",
            lambda year: year.diversity.gamma, "Fragmentation|Effective Standards",
        ),
        Measure(
            "alpha", "1", "effective number of standards within a country, on average",
            lambda year: year.diversity.alpha,
        ),
        Measure(
            "beta", "1", "effective number of distinct technology markets, standards as similar as they are",
            lambda year: year.diversity.beta, "Fragmentation|Effective Technology Markets",
        ),
        Measure(
            "market_fragmentation", "1",
            "effective number of distinct markets, families told apart whether or not they work together",
            lambda year: year.market_fragmentation, "Fragmentation|Effective Markets by Family",
            headline=True, label="Market fragmentation", panel=True,
        ),
        Measure(
            "hhi_standard", "1", "Herfindahl-Hirschman index of the standards' shares",
            lambda year: concentration.hhi(year.standard_share),
        ),
        Measure(
            "hhi_vendor", "1", "Herfindahl-Hirschman index of the vendors' shares",
            lambda year: concentration.hhi(year.vendor_share),
        ),
        Measure(
            "shannon", "1", "Shannon entropy of the standards' shares",
            lambda year: concentration.shannon(year.standard_share),
        ),
        Measure(
            "rao", "1", "Rao's quadratic entropy of the standards' shares",
            lambda year: concentration.rao(year.standard_share, 1.0 - year.compatibility),
        ),
        Measure(
            "polarisation", "1", "Esteban-Ray polarisation of the standards' shares",
            lambda year: concentration.polarisation(year.standard_share, 1.0 - year.compatibility),
        ),
        Measure(
            "interoperability_loss", "1",
            "share of world exchange between partners that cannot work together",
            lambda year: _of_exchange(year, year.loss_by_country @ year.weights.own_exchange),
            "Interoperability Loss",
            headline=True, label="Interoperability loss", panel=True, undefined=_NO_EXCHANGE,
        ),
        Measure(
            "ei_index", "1", "E-I index: exchange between minus exchange within blocs of dominant standard",
            lambda year: _of_exchange(year, 2.0 * year.exchange_between_blocs - 1.0),
            undefined=_NO_EXCHANGE,
        ),
        Measure(
            "largest_bloc_share", "1", "market share of the largest bloc of dominant standard",
            lambda year: year.bloc_size[..., 0].max(axis=-1), "Largest Bloc Share",
            headline=True, label="Largest bloc, share of market", panel=True,
        ),
        Measure(
            "china_share", "1", "share of the world's installed base on the Chinese-led standard",
            lambda year: year.standard_share[:, _china(year)], "Market Share|Chinese-led Standard",
            headline=True, label="Chinese-led share of the world's base",
        ),
        Measure(
            "compatibility_china_west", "1", "compatibility of the Chinese-led and western standards",
            lambda year: year.compatibility[:, _china(year), _west(year)],
        ),
        Measure(
            "deployment", "1", "share of the world's potential market that is served",
            lambda year: pool_by_draw(year.market_share, year.deployment[..., None])[..., 0], "Deployment",
            label="Market served", panel=True,
        ),
        Measure(
            "price_index", "1", "mean price of what is bought, relative to 2019",
            lambda year: year.price_level,
        ),
        Measure(
            "quality", "log-odds", "mean quality of what is installed, relative to 2019",
            lambda year: np.einsum("rv,rv->r", year.vendor_share, year.quality),
        ),
        Measure(
            "equipment_usd", _USD, "dearer equipment: loss of choice where vendors are excluded",
            _world_item("equipment"), "Cost|Dearer Equipment",
        ),
        Measure(
            "replacement_usd", _USD, "cost of replacing equipment before its time",
            _world_item("replacement"), "Cost|Replacement",
        ),
        Measure(
            "delay_usd", _USD, "value of coverage that replacement puts off",
            _world_item("delay"), "Cost|Delay",
        ),
        Measure(
            "scale_usd", _USD, "what is paid beyond the prices of an undivided market as in 2019",
            _world_item("scale"), "Cost|Scale",
        ),
        Measure(
            "retaliation_usd", _USD, "value lost on exports to the homes of excluded vendors",
            _world_item("retaliation"), "Cost|Retaliation",
        ),
        Measure(
            "double_running_usd", _USD, "cost of serving partners on another standard, where standards split",
            _world_item("double_running"), "Cost|Double Running",
        ),
        Measure(
            "network_value_usd", _USD, "network value lost where standards split",
            _world_item("network_value"), "Cost|Network Value Lost",
        ),
        Measure(
            "total_usd", _USD, "total of the items of the account; their medians do not add up to its own",
            lambda year: year.world_cost_usd.sum(axis=1), "Cost",
            headline=True, label="Cost to the world",
        ),
    )
)  # fmt: skip

HEADLINES: tuple[str, ...] = tuple(name for name, measure in MEASURES.items() if measure.headline)

BREAKDOWNS: Mapping[str, Measure] = _by_name(
    (
        Measure(
            "standard_share", "1", "share of the world's installed base",
            lambda year: year.standard_share, dims=("standard",),
        ),
        Measure(
            "bloc_size", "1", "share of the world in the bloc of dominant standard",
            lambda year: year.bloc_size, dims=("standard", "weight"),
        ),
        Measure(
            "group_loss", "1", "interoperability loss on the exchange of a group's members",
            _group_loss, dims=("group",), undefined=_NO_EXCHANGE,
        ),
        Measure(
            "group_share", "1", "share of a group's installed base",
            _group_share, dims=("group", "standard"),
        ),
        Measure(
            "group_cost_usd", _USD, "the account by group and item",
            lambda year: year.group_cost_usd, dims=("group", "item"),
        ),
        Measure(
            "vendor_share", "1", "share of the world's installed base",
            lambda year: year.vendor_share, dims=("vendor",),
        ),
        Measure(
            "vendor_revenue_usd", _USD, "revenue by camp of the buyers in 2019",
            lambda year: year.vendor_revenue_usd, dims=("vendor", "camp"),
        ),
        Measure(
            "vendor_price", "1", "price relative to Ericsson and Nokia in 2019",
            lambda year: year.price, dims=("vendor",),
        ),
        Measure(
            "vendor_quality", "log-odds", "quality relative to 2019",
            lambda year: year.quality, dims=("vendor",),
        ),
    )
)  # fmt: skip

# By country only the mean over the draws is recorded.
COUNTRY_MEANS: Mapping[str, Measure] = _by_name(
    (
        Measure(
            "mean_share", "1", "mean share of the installed base",
            lambda year: year.shares, dims=("country", "standard"),
        ),
        Measure(
            "mean_deployment", "1", "mean share of the market served",
            lambda year: year.deployment, dims=("country",),
        ),
        Measure(
            "mean_loss", "1", "mean interoperability loss on a country's exchange",
            lambda year: year.loss_by_country, dims=("country",),
        ),
        Measure(
            "mean_cost_usd", _USD, "mean cost, total of the items of the account",
            lambda year: year.total_cost_usd, dims=("country",),
        ),
        Measure(
            "mean_adoption", "1", "mean share of the installed base by vendor",
            lambda year: year.adoption, dims=("country", "vendor"),
        ),
    )
)  # fmt: skip
