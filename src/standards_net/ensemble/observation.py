"""From a year of the model to what its measures are computed from."""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray, row_sum
from standards_net.measures.inputs import MeasureInputs, WorldWeights
from standards_net.model.orders import excluded_market
from standards_net.model.setting import Setting
from standards_net.model.year import State, YearInfo, by_standard

__all__ = ["measure_inputs"]


def measure_inputs(
    state: State, info: YearInfo | None, setting: Setting, weights: WorldWeights
) -> MeasureInputs:
    """Inputs of the measures of a year; ``info`` is None for 2019, in which nothing is bought yet."""
    nothing = np.zeros_like(state.deployment)
    price = setting.price_index * np.ones_like(state.quality)
    return MeasureInputs(
        technology=setting.levers.technology,
        standards=setting.levers.standards,
        standard_of=setting.levers.standard_of,
        adoption=state.adoption,
        by_base=dict(zip(setting.bases, reversed(state.by_base), strict=True)) if setting.bases else {},
        shares=state.shares,
        divided=_subject_to_split(state, setting),
        deployment=state.deployment,
        unhindered=state.unhindered,
        compatibility=setting.compatibility if info is None else info.compatibility,
        first_compatibility=setting.compatibility,
        splits=setting.levers.splits,
        quality=state.quality,
        price=price if info is None else info.price,
        undivided_price=price if info is None else info.undivided_price,
        price_lever=setting.levers.price[state.year],
        purchases=nothing if info is None else info.purchases,
        bought=np.zeros_like(state.adoption) if info is None else info.bought,
        removed=nothing if info is None else info.removed,
        exclusion_cost=nothing if info is None else info.exclusion_cost,
        barred_exports_usd=barred_exports(setting, state.year, weights),
        start=setting.first_adoption,
        market_share=setting.market_share,
        price_index=setting.price_index,
        parameters=setting.parameters,
        weights=weights,
    )


def _subject_to_split(state: State, setting: Setting) -> FloatArray:
    if state.divided is None:
        return state.shares
    return by_standard(state.divided, setting.levers.standard_of, len(setting.levers.standards))


def barred_exports(setting: Setting, y: int, weights: WorldWeights) -> FloatArray:
    """Exports of each country to the homes of vendors that it excludes, (R, N), USD per year.

    Each home counts as far as its vendors are excluded, and a technology by its part of all markets.
    """
    countries, closed = excluded_market(setting, y)
    to_homes = weights.exports_usd[countries] @ setting.home_share.T
    exports = np.zeros_like(setting.deployment)
    exports[:, countries] = setting.market_part * row_sum(closed * to_homes)
    return exports
