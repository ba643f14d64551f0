"""What is read off a block of draws in a year, before its trajectories are let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray, pool, row_dot, row_largest, row_sum
from standards_net.measures import account, concentration, diversity, interoperability
from standards_net.processes import State, YearInfo
from standards_net.processes.setting import Setting
from standards_net.world.alignment import NONALIGNED
from standards_net.world.world import World

__all__ = ["CAMPS", "ITEMS", "SCALARS", "WEIGHTS", "Lens", "Seen", "money", "observe"]

CAMPS = ("us", "china", NONALIGNED)
CORE_ALLIES = ("USA", "JPN")
ITEMS = ("exchange", "scale", "double_running", "replacement")
WEIGHTS = ("market", "gdp", "population", "connections", "countries")

SCALARS: dict[str, tuple[str, str]] = {
    "gamma": ("1", "effective number of standards in the world"),
    "alpha": ("1", "effective number of standards within a country, on average"),
    "beta": ("1", "effective number of distinct technology markets (fragmentation)"),
    "hhi_standard": ("1", "Herfindahl-Hirschman index of the standards' shares"),
    "hhi_vendor": ("1", "Herfindahl-Hirschman index of the vendors' shares"),
    "shannon": ("1", "Shannon entropy of the standards' shares"),
    "rao": ("1", "Rao's quadratic entropy of the standards' shares"),
    "polarisation": ("1", "Esteban-Ray polarisation of the standards' shares"),
    "interoperability_loss": (
        "1",
        "share of world exchange between partners that cannot work together",
    ),
    "ei_index": ("1", "exchange between less exchange within blocs of dominant standard"),
    "largest_bloc_share": ("1", "market share of the largest bloc of dominant standard"),
    "china_share": ("1", "share of the world's installed base on the Chinese-led standard"),
    "compatibility_china_west": ("1", "compatibility of the Chinese-led and western standards"),
    "deployment": ("1", "share of the world's potential market that is served"),
    "price_index": ("1", "mean price of what is bought, relative to 2019"),
    "quality": ("log-odds", "mean quality of what is installed, relative to 2019"),
    "exchange_usd": ("USD per year", "value lost where networks cannot work together"),
    "scale_usd": ("USD per year", "dearer equipment because markets are smaller"),
    "double_running_usd": ("USD per year", "cost of serving partners on another standard"),
    "replacement_usd": ("USD per year", "cost of replacing equipment before its time"),
    "total_usd": ("USD per year", "the four items together"),
}


@dataclass(frozen=True)
class Lens:
    """What the measures need of the world, prepared once.

    Attributes
    ----------
    groups : tuple of str
        Names, the world first.
    members : (G, N) array
        1 where a country belongs to a group.
    camps : (3, N) array
        1 where a country was in a camp of 2019.
    exchange, own_exchange : (N, N) and (N,) array
        Omega and its row sums.
    exchange_usd : (N,) array
        Half of each country's trade, so that the sum counts each flow once.
    gdp_usd : (N,) array
    bloc_weights : (W, N) array
        Shares of the world: markets filled in by technology, GDP, population, connections, count.
    snapshots : tuple of int
    """

    groups: tuple[str, ...]
    members: FloatArray
    camps: FloatArray
    exchange: FloatArray
    own_exchange: FloatArray
    exchange_usd: FloatArray
    gdp_usd: FloatArray
    bloc_weights: FloatArray
    snapshots: tuple[int, ...]

    @classmethod
    def of(cls, world: World, groups: Sequence[str], snapshots: Sequence[int]) -> Lens:
        """Prepare for a world; ``groups`` come on top of the world, the camps and a few others."""
        aligned = np.array(world.alignments)
        masks = {"world": np.ones(len(aligned), dtype=bool)}
        masks |= {camp: aligned == camp for camp in CAMPS}
        masks["core-allies"] = world.mask(CORE_ALLIES)
        for name in ("EU", "BRI", *groups):
            if name in groups or name in world.groups:
                masks[name] = world.mask(sorted(world.members(name)))
        masks = {name: mask for name, mask in masks.items() if mask.any()}
        connections = world.table["mobile_subscriptions"].to_numpy(dtype=np.float64)
        raw = [np.ones(len(aligned)), world.gdp_usd, world.population, connections]
        raw.append(np.ones(len(aligned)))
        weights = np.stack([w / w.sum() for w in raw])
        return cls(
            groups=tuple(masks),
            members=np.stack(list(masks.values())).astype(np.float64),
            camps=np.stack([aligned == camp for camp in CAMPS]).astype(np.float64),
            exchange=world.exchange,
            own_exchange=world.exchange.sum(axis=1),
            exchange_usd=world.trade_usd.sum(axis=1) / 2,
            gdp_usd=world.gdp_usd,
            bloc_weights=weights,
            snapshots=tuple(sorted(set(snapshots))),
        )


class Seen(NamedTuple):
    """One year of a block of R draws."""

    scalars: FloatArray  # (R, scalars)
    standard_share: FloatArray  # (R, S)
    bloc_size: FloatArray  # (R, S, W)
    vendor_share: FloatArray  # (R, V)
    vendor_revenue_usd: FloatArray  # (R, V, camps)
    vendor_price: FloatArray  # (R, V)
    vendor_quality: FloatArray  # (R, V)
    group_loss: FloatArray  # (R, G)
    group_share: FloatArray  # (R, G, S)
    group_cost_usd: FloatArray  # (R, G, items)
    shares: FloatArray  # (R, N, S)
    compatibility: FloatArray  # (R, S, S)
    country_loss: FloatArray  # (R, N)
    country_cost_usd: FloatArray  # (R, N)


def observe(state: State, info: YearInfo | None, setting: Setting, lens: Lens) -> Seen:
    """Measure a year; ``info`` is None for 2019, in which nothing is bought yet."""
    levers, market, shares = setting.levers, setting.market_share, state.shares
    compatibility = setting.compatibility if info is None else info.compatibility
    pooled = pool(market, shares)
    vendor_share = pool(market, state.adoption)
    by_country = interoperability.loss_by_country_of(shares, lens.exchange, compatibility)
    own_exchange = lens.own_exchange
    bloc_size, between = _blocs(shares, market, lens)
    costs, revenue, price_index = money(state, info, setting, lens, shares, pooled, by_country)
    quality = np.einsum("rv,rv->r", vendor_share, state.quality)
    parts = diversity.fragmentation_of(shares, market, compatibility)
    apart = 1.0 - compatibility
    china, west = levers.standards.index("china"), levers.standards.index("west")
    world_costs = costs.sum(axis=1)
    scalars = [
        parts.gamma, parts.alpha, parts.beta,
        concentration.hhi(pooled), concentration.hhi(vendor_share), concentration.shannon(pooled),
        concentration.rao(pooled, apart), concentration.polarisation(pooled, apart),
        by_country @ own_exchange, 2.0 * between - 1.0, bloc_size[..., 0].max(axis=-1),
        pooled[:, china], compatibility[:, china, west], state.deployment @ market,
        price_index, quality, *world_costs.T, world_costs.sum(axis=1),
    ]  # fmt: skip
    weighted = lens.members * market
    group_exchange = lens.members * own_exchange
    return Seen(
        scalars=np.stack(scalars, axis=-1),
        standard_share=pooled,
        bloc_size=bloc_size,
        vendor_share=vendor_share,
        vendor_revenue_usd=revenue,
        vendor_price=setting.price_index * np.ones_like(state.quality) if info is None else info.price,
        vendor_quality=state.quality,
        group_loss=by_country @ (group_exchange / group_exchange.sum(axis=1, keepdims=True)).T,
        group_share=pool(weighted / weighted.sum(axis=1, keepdims=True), shares),
        group_cost_usd=pool(lens.members, costs),
        shares=shares,
        compatibility=compatibility,
        country_loss=by_country,
        country_cost_usd=row_sum(costs),
    )


def _blocs(shares: FloatArray, market: FloatArray, lens: Lens) -> tuple[FloatArray, FloatArray]:
    """Sizes of the blocs of dominant standard, and the share of exchange between them."""
    member = row_largest(shares)
    weights = lens.bloc_weights.copy()
    weights[0] = market
    sizes = np.swapaxes(pool(weights, member), -1, -2)
    # Exchange between blocs is what would be lost if no bloc worked with another.
    apart = interoperability.loss_by_country_of(member, lens.exchange, np.eye(shares.shape[-1]))
    return sizes, apart @ lens.own_exchange


def money(
    state: State,
    info: YearInfo | None,
    setting: Setting,
    lens: Lens,
    shares: FloatArray,
    pooled: FloatArray,
    loss: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """USD account by country and item, revenue by vendor and camp, and the price index."""
    p, technology = setting.parameters, setting.levers.technology
    draws, countries, vendors = state.adoption.shape
    costs = np.zeros_like(shares, shape=(draws, countries, len(ITEMS)))
    compatibility = setting.compatibility if info is None else info.compatibility
    costs[..., 0] = state.deployment * account.exchange_value_lost(
        shares,
        pooled,
        compatibility,
        value_usd=np.outer(lens.gdp_usd, p[f"network_value_{technology}"]).T,
        law=p["network_law"],
        nodes=p["network_nodes"],
    )
    costs[..., 2] = state.deployment * account.double_running_cost(
        loss, lens.exchange_usd, p["double_running_rate"]
    )
    revenue = np.zeros((draws, vendors, len(CAMPS)))
    if info is None:
        return costs, revenue, np.ones(draws)
    # The whole base at 2019 prices: a year's spending times how long equipment lasts.
    base_usd = np.outer(setting.market_share, p[f"market_{technology}"] * p[f"lifetime_{technology}"]).T
    first_price = pool(setting.market_share, setting.start) @ setting.price_index
    relative_price = info.price / first_price[:, None]
    spending = base_usd * row_dot(info.bought, relative_price)
    scale = account.scale_lost(shares, pooled, compatibility, spending, p["progress_ratio"])
    costs[..., 1] = scale * p["scale_loss_share"][:, None]
    costs[..., 3] = account.replacement_cost(info.removed * base_usd, p["replacement_multiple"])
    bought_usd = pool(lens.camps, info.bought * base_usd[..., None])
    revenue = np.swapaxes(bought_usd, 1, 2) * relative_price[..., None]
    volume = (info.purchases * base_usd).sum(axis=1)
    index = np.divide(spending.sum(axis=1), volume, out=np.ones(draws), where=volume > 0.0)
    return costs, revenue, index
