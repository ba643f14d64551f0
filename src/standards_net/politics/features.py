"""What is known of a country in 2019 that moves its politics."""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.world.world import World

__all__ = ["FEATURES", "POLES", "feature_values"]

POLES = {"us": "USA", "china": "CHN"}

FEATURES = {
    "votes": "ideal point in the UN General Assembly, 2015 to 2019",
    "us_guarantee": "promise of the United States to defend it, 0 to 3",
    "china_dispute": "territorial dispute with China, 0 to 1",
    "trade_with_us": "share of the United States in its goods trade",
    "trade_with_china": "share of China in its goods trade",
    "voice": "voice and accountability (World Bank)",
    "signed_2019": "letters on Xinjiang of July 2019: 1 the critical one, -1 the one in support of China",
}


def feature_values(world: World) -> FloatArray:
    """Features of 2019 in the units of the tables, (N, F).

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> values = feature_values(world)
    >>> dict(zip(FEATURES, values[world.countries.index("JPN")].round(2).tolist()))["us_guarantee"]
    3.0
    """
    total = world.trade_usd.sum(axis=1)

    def trade_with(pole: str) -> FloatArray:
        if pole not in world.countries:
            return np.zeros(len(world.countries))
        with_pole = world.trade_usd[:, world.countries.index(pole)]
        return np.asarray(np.divide(with_pole, total, out=np.zeros_like(total), where=total > 0.0))

    columns = {
        "votes": world.positions["ideal_point"],
        "us_guarantee": world.positions["us_guarantee"],
        "china_dispute": world.positions["china_dispute"],
        "trade_with_us": trade_with(POLES["us"]),
        "trade_with_china": trade_with(POLES["china"]),
        "voice": world.table["voice_accountability"],
        "signed_2019": world.positions["signed_2019"],
    }
    return np.column_stack([np.asarray(columns[name], dtype=np.float64) for name in FEATURES])
