"""Inputs of the measures of a year, and intermediate results that several of them share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from standards_net.core.arrays import (
    FloatArray,
    IntArray,
    by_draw,
    pool,
    pool_by_draw,
    pool_own,
    row_dot,
    row_largest,
    row_matmul,
    row_sum,
)
from standards_net.measures import account, diversity, interoperability, split_account
from standards_net.measures.account import ITEMS
from standards_net.measures.diversity import Fragmentation
from standards_net.world.politics import NONALIGNED
from standards_net.world.world import World

__all__ = ["CAMPS", "ITEMS", "WEIGHTS", "MeasureInputs", "WorldWeights"]

CAMPS = ("us", "china", NONALIGNED)
CORE_ALLIES = ("USA", "JPN")
WEIGHTS = ("market", "gdp", "population", "connections", "countries")
_BY_GDP = WEIGHTS.index("gdp")


@dataclass(frozen=True)
class WorldWeights:
    """Inputs taken from the world, prepared once per run. N countries.

    Attributes
    ----------
    groups : tuple of str, length G
        Names, the world first.
    members : (G, N) array
        1 where a country belongs to a group.
    camps : (3, N) array
        1 where a country was in a camp of 2019.
    exchange, own_exchange : (N, N) and (N,) array
        Omega and its row sums.
    exports_usd : (N, N) array
        Exports of each country to each other, taken as half of their trade.
    exchange_usd : (N,) array
        Half of each country's trade, so that the sum counts each flow once.
    gdp_usd : (N,) or, given from outside draw by draw, (R, N) array
    bloc_weights : (W, N) or (R, W, N) array
        Shares of the world by GDP, population, connections and count; the first row, by market, is filled
        in by technology.
    """

    groups: tuple[str, ...]
    members: FloatArray
    camps: FloatArray
    exchange: FloatArray
    own_exchange: FloatArray
    exports_usd: FloatArray
    exchange_usd: FloatArray
    gdp_usd: FloatArray
    bloc_weights: FloatArray

    @classmethod
    def of(cls, world: World, groups: Sequence[str] = ()) -> WorldWeights:
        """Prepare for a world; ``groups`` are added to the world, the camps and a few others."""
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
        return cls(
            groups=tuple(masks),
            members=np.stack(list(masks.values())).astype(np.float64),
            camps=np.stack([aligned == camp for camp in CAMPS]).astype(np.float64),
            exchange=world.exchange,
            own_exchange=world.exchange.sum(axis=1),
            exports_usd=world.trade_usd / 2,
            exchange_usd=world.trade_usd.sum(axis=1) / 2,
            gdp_usd=world.gdp_usd,
            bloc_weights=np.stack([w / w.sum() for w in raw]),
        )

    def with_gdp(self, gdp_usd: FloatArray) -> WorldWeights:
        """The same with the GDP of each draw, (R, N)."""
        weights = np.tile(self.bloc_weights, (len(gdp_usd), 1, 1))
        weights[:, _BY_GDP] = gdp_usd / gdp_usd.sum(axis=1, keepdims=True)
        return replace(self, gdp_usd=gdp_usd, bloc_weights=weights)

    def of_draws(self, rows: slice, padded: int) -> WorldWeights:
        """Those of some draws, the last one repeated up to a number of them."""
        if self.gdp_usd.ndim == 1:
            return self
        at = np.minimum(np.arange(rows.start, rows.start + padded), rows.stop - 1)
        return replace(self, gdp_usd=self.gdp_usd[at], bloc_weights=self.bloc_weights[at])


@dataclass(frozen=True)
class MeasureInputs:
    """One year of a block of R draws: N countries, V vendors, S standards.

    A measure is a function of this; shared intermediate results are computed once, on first use.

    Attributes
    ----------
    technology : str
    standards : tuple of str, length S
    standard_of : (V,) array of int
        Index of each vendor's standard.
    adoption : (R, N, V) array
        Shares of all that is in use by vendor.
    by_base : mapping of str to (R, N, V) array
        The same for each of two bases, such as ``4g`` and ``5g``; empty if there is one.
    shares : (R, N, S) array
        The same by standard.
    divided : (R, N, S) array
        Part of it that is subject to the compatibilities below: all, or what was bought since a split.
    deployment : (R, N) array
        Share of the potential market that is served; of the newer base if there are two.
    unhindered : (R, N) array
        Deployment if no replacement had delayed it.
    compatibility, first_compatibility : (R, S, S) array
        Of the year, and of 2019.
    splits : bool
        Whether the scenario splits this technology's standards.
    quality : (R, V) array
        Log-odds relative to 2019.
    price, undivided_price : (R, V) array
        Relative to Ericsson and Nokia in 2019; the second had shares and compatibility stayed as they were.
    price_lever : (N, V) array
        Change of log price by supply.
    purchases, bought : (R, N) and (R, N, V) array
        Share of the potential market bought in the year, in total and by vendor; 0 in 2019.
    removed : (R, N) array
        Base replaced before its time in the year.
    exclusion_cost : (R, N) array
        Loss of choice: purchases times part of their price.
    barred_exports_usd : (R, N) array
        Exports to the homes of vendors that a country excludes, USD per year.
    start : (R, N, V) array
        Adoption of 2019.
    market_share : (N,) or (R, N) array
    price_index : (V,) array
        Price level of 2019.
    parameters : mapping of str to (R,) array
    weights : WorldWeights
    """

    technology: str
    standards: tuple[str, ...]
    standard_of: IntArray
    adoption: FloatArray
    by_base: Mapping[str, FloatArray]
    shares: FloatArray
    divided: FloatArray
    deployment: FloatArray
    unhindered: FloatArray
    compatibility: FloatArray
    first_compatibility: FloatArray
    splits: bool
    quality: FloatArray
    price: FloatArray
    undivided_price: FloatArray
    price_lever: FloatArray
    purchases: FloatArray
    bought: FloatArray
    removed: FloatArray
    exclusion_cost: FloatArray
    barred_exports_usd: FloatArray
    start: FloatArray
    market_share: FloatArray
    price_index: FloatArray
    parameters: Mapping[str, FloatArray]
    weights: WorldWeights

    def by_standard(self, adoption: FloatArray) -> FloatArray:
        """Vendors' shares added up by standard, (R, N, V) to (R, N, S)."""
        member = self.standard_of[:, None] == np.arange(len(self.standards))
        return row_matmul(adoption, member.astype(np.float64))

    @cached_property
    def standard_share(self) -> FloatArray:
        """Shares of the world's installed base by standard, (R, S)."""
        return pool_by_draw(self.market_share, self.shares)

    @cached_property
    def vendor_share(self) -> FloatArray:
        """Shares of the world's installed base by vendor, (R, V)."""
        return pool_by_draw(self.market_share, self.adoption)

    @cached_property
    def diversity(self) -> Fragmentation:
        """Gamma, alpha and beta of the world, each (R,)."""
        return diversity.fragmentation_of(self.shares, self.market_share, self.compatibility)

    @cached_property
    def loss_by_country(self) -> FloatArray:
        """Interoperability loss on each country's exchange, (R, N)."""
        return self._loss(self.compatibility, self.first_compatibility)

    def _loss(self, compatibility: FloatArray, first: FloatArray) -> FloatArray:
        """Loss on each country's exchange; what a split takes away concerns the part that it is about."""
        if self.divided is self.shares:
            return interoperability.loss_between(self.shares, self.weights.exchange, 1.0 - compatibility)
        together = np.maximum(compatibility, first)
        always = interoperability.loss_between(self.shares, self.weights.exchange, 1.0 - together)
        taken = together - compatibility
        return always + interoperability.loss_between(self.divided, self.weights.exchange, taken)

    @cached_property
    def dominant(self) -> FloatArray:
        """1 at each country's dominant standard, (R, N, S)."""
        return row_largest(self.shares)

    @cached_property
    def bloc_size(self) -> FloatArray:
        """Share of the world in the bloc of each dominant standard, by five weights, (R, S, W)."""
        weights = self.weights.bloc_weights
        if weights.ndim == 2 and self.market_share.ndim == 1:
            weights = np.concatenate([self.market_share[None], weights[1:]])
            return np.swapaxes(pool(weights, self.dominant), -1, -2)
        weights = np.broadcast_to(weights, (len(self.shares), *weights.shape[-2:])).copy()
        weights[:, 0] = self.market_share
        return np.swapaxes(pool_own(weights, self.dominant), -1, -2)

    @cached_property
    def exchange_between_blocs(self) -> FloatArray:
        """Share of world exchange between blocs of dominant standard, (R,)."""
        # This is the loss if no bloc worked with another.
        apart = interoperability.loss_by_country_of(
            self.dominant, self.weights.exchange, np.eye(len(self.standards))
        )
        return np.asarray(apart @ self.weights.own_exchange)

    @cached_property
    def base_usd(self) -> FloatArray:
        """The whole base at 2019 prices, (R, N): a year's spending times the equipment's lifetime."""
        market = self.parameters[f"market_{self.technology}"]
        lifetime = self.parameters[f"lifetime_{self.technology}"]
        return by_draw(self.market_share, market * lifetime)

    @cached_property
    def relative_price(self) -> FloatArray:
        """Prices relative to the mean price of 2019, (R, V)."""
        first_price = pool_by_draw(self.market_share, self.start) @ self.price_index
        return np.asarray(self.price / first_price[:, None])

    @cached_property
    def spending_usd(self) -> FloatArray:
        """Spending of each country in the year, (R, N)."""
        return np.asarray(self.base_usd * row_dot(self._paid, self.relative_price))

    @cached_property
    def _paid(self) -> FloatArray:
        """Purchases weighted by the price change that supply entries make, (R, N, V)."""
        return self.bought * np.exp(self.price_lever) if self.price_lever.any() else self.bought

    @cached_property
    def price_level(self) -> FloatArray:
        """Mean price of what is bought, relative to 2019, (R,); 1 where nothing is bought."""
        volume = (self.purchases * self.base_usd).sum(axis=1)
        spending = self.spending_usd.sum(axis=1)
        return np.asarray(np.divide(spending, volume, out=np.ones(len(volume)), where=volume > 0.0))

    @cached_property
    def vendor_revenue_usd(self) -> FloatArray:
        """Revenue by vendor and camp of the buyers in 2019, (R, V, 3)."""
        bought_usd = pool(self.weights.camps, self._paid * self.base_usd[..., None])
        return np.swapaxes(bought_usd, 1, 2) * self.relative_price[..., None]

    @cached_property
    def divergence(self) -> FloatArray:
        """Compatibility relative to 2019, (R, S, S): 1 throughout unless the scenario splits standards."""
        if not self.splits:
            return np.ones_like(self.compatibility)
        first = np.where(self.first_compatibility > 0.0, self.first_compatibility, 1.0)
        return np.minimum(self.compatibility / first, 1.0)

    @cached_property
    def market_fragmentation(self) -> FloatArray:
        """Effective number of distinct markets with families told apart, (R,)."""
        apart = np.eye(len(self.standards))
        return diversity.fragmentation_of(self.shares, self.market_share, apart).beta

    @cached_property
    def costs_usd(self) -> dict[str, FloatArray]:
        """The account by item, (R, N) each, USD of 2019 per year; those that are 0 are left out."""
        costs: dict[str, FloatArray] = {}
        for item in ITEMS:
            counted = self.parameters[f"count_{item}"]
            cost = self._cost(item) if counted.any() else None
            if cost is not None:
                costs[item] = cost if (counted == 1.0).all() else counted[:, None] * cost
        return costs

    @cached_property
    def total_cost_usd(self) -> FloatArray:
        """Sum of the items, (R, N)."""
        total = np.zeros_like(self.deployment)
        for cost in self.costs_usd.values():
            total += cost
        return total

    @cached_property
    def world_cost_usd(self) -> FloatArray:
        """The world's account by item, (R, I)."""
        found = np.zeros((len(self.deployment), len(ITEMS)))
        for item, cost in self.costs_usd.items():
            found[:, ITEMS.index(item)] = cost.sum(axis=1)
        return found

    @cached_property
    def group_cost_usd(self) -> FloatArray:
        """The account of groups by item, (R, G, I)."""
        members = self.weights.members
        found = np.zeros((len(self.deployment), len(members), len(ITEMS)))
        for item, cost in self.costs_usd.items():
            found[..., ITEMS.index(item)] = pool(members, cost[..., None])[..., 0]
        return found

    def _cost(self, item: str) -> FloatArray | None:
        """One item of the account; None where it is 0 throughout."""
        p, some = self.parameters, None
        if item == "equipment" and self.exclusion_cost.any():
            some = account.equipment_cost(self.exclusion_cost * self.base_usd, self._price_paid)
        elif item == "replacement" and self.removed.any():
            some = split_account.replacement_cost(self.removed * self.base_usd, p["replacement_multiple"])
        elif item == "delay" and self.unhindered is not self.deployment:
            some = account.delay_cost(self.deployment, self.unhindered, self._network_value_usd)
        elif item == "scale" and self.purchases.any():
            some = self._cost_of_scale()
        elif item == "retaliation" and self.barred_exports_usd.any():
            some = account.retaliation_cost(self.barred_exports_usd, p["retaliation_rate"])
        elif item in ("double_running", "network_value") and (self.divergence < 1.0).any():
            some = self._cost_of_split(item)
        return some

    def _cost_of_scale(self) -> FloatArray:
        """What vendors and supply entries make dearer than common prices."""
        ratio = self.undivided_price / self.price
        cost = account.scale_cost(self.bought, ratio, self.base_usd, self.relative_price)
        if self._paid is not self.bought:
            cost = cost + self.base_usd * row_dot(self._paid - self.bought, self.relative_price)
        return cost

    def _cost_of_split(self, item: str) -> FloatArray:
        p, weights = self.parameters, self.weights
        if item == "double_running":
            loss = self._loss(self.divergence, np.ones_like(self.divergence))
            cost = split_account.double_running_cost(loss, weights.exchange_usd, p["double_running_rate"])
        else:
            shares, compatibility = self._with_common_part()
            cost = split_account.exchange_value_lost(
                shares,
                pool_by_draw(self.market_share, shares),
                compatibility,
                value_usd=self._network_value_usd,
                law=p["network_law"],
                nodes=p["network_nodes"],
            )
        return np.asarray(self.deployment * cost)

    def _with_common_part(self) -> tuple[FloatArray, FloatArray]:
        """What is subject to a split and, as one more standard that works with all, the rest."""
        rest = 1.0 - row_sum(self.divided)[..., None]
        shares = np.concatenate([self.divided, np.maximum(rest, 0.0)], axis=-1)
        compatibility = np.ones((len(shares), shares.shape[-1], shares.shape[-1]))
        compatibility[:, :-1, :-1] = self.divergence
        return shares, compatibility

    @cached_property
    def _network_value_usd(self) -> FloatArray:
        """Value of full deployment a year, (R, N)."""
        value = self.parameters[f"network_value_{self.technology}"]
        return by_draw(self.weights.gdp_usd, value)

    @cached_property
    def _price_paid(self) -> FloatArray:
        """Mean price of a country's purchases relative to 2019, (R, N); 1 where nothing is bought."""
        volume = self.purchases * self.base_usd
        return np.divide(self.spending_usd, volume, out=np.ones_like(volume), where=volume > 0.0)
