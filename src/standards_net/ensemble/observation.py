"""From a year of the model to what its measures are computed from."""

from __future__ import annotations

import numpy as np

from standards_net.measures.inputs import MeasureInputs, WorldWeights
from standards_net.model.setting import Setting
from standards_net.model.year import State, YearInfo

__all__ = ["measure_inputs"]


def measure_inputs(
    state: State, info: YearInfo | None, setting: Setting, weights: WorldWeights
) -> MeasureInputs:
    """Inputs of the measures of a year; ``info`` is None for 2019, in which nothing is bought yet."""
    nothing = np.zeros_like(state.deployment)
    return MeasureInputs(
        technology=setting.levers.technology,
        standards=setting.levers.standards,
        adoption=state.adoption,
        shares=state.shares,
        deployment=state.deployment,
        compatibility=setting.compatibility if info is None else info.compatibility,
        quality=state.quality,
        price=setting.price_index * np.ones_like(state.quality) if info is None else info.price,
        purchases=nothing if info is None else info.purchases,
        bought=np.zeros_like(state.adoption) if info is None else info.bought,
        removed=nothing if info is None else info.removed,
        start=setting.start,
        market_share=setting.market_share,
        price_index=setting.price_index,
        parameters=setting.parameters,
        weights=weights,
    )
