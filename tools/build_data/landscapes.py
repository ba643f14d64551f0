"""Published landscapes: propensities of the firms, and the published and realised alliances."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.build_data.raw import Raw

__all__ = ["build_unix1988", "build_unix1988_published"]

_TYPES = {"S": "specialist", "G": "generalist"}


def build_unix1988(raw: Raw) -> pd.DataFrame:
    """Sizes and propensities as a square table: rivals of the same type are hostile, others neutral."""
    firms = raw.read("published/unix1988.csv")
    kind = firms["type"].to_numpy()
    propensity = pd.DataFrame(np.where(np.equal.outer(kind, kind), -1, 0), columns=firms["firm"])
    propensity = propensity.astype("Int64").mask(np.eye(len(firms), dtype=bool))
    return pd.concat([firms[["firm", "size"]].rename(columns={"firm": "name"}), propensity], axis=1)


def build_unix1988_published(raw: Raw) -> pd.DataFrame:
    """Both published minima and the alliances that formed."""
    firms = raw.read("published/unix1988.csv")
    firms = firms.rename(columns={"config1": "configuration_1", "config2": "configuration_2"})
    return firms.assign(type=firms["type"].map(_TYPES)).drop(columns="size")
