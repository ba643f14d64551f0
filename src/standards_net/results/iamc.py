"""World measures in the table format of integrated assessment (IAMC)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.measures.table import MEASURES
from standards_net.results.variable import INTERVAL, Variable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["iamc_table"]

_SUFFIXES = ("|5th Percentile", "", "|95th Percentile")


def iamc_table(coords: Mapping[str, tuple[Any, ...]], variables: Mapping[str, Variable]) -> pd.DataFrame:
    """World measures, median and interval, as model / scenario / region / variable / unit / year."""
    import pandas as pd

    rows = []
    exported = [(m.name, m.iamc_name) for m in MEASURES.values() if m.iamc_name and m.name in variables]
    for name, label in exported:
        variable = variables[name]
        found = np.quantile(variable.values, INTERVAL, axis=1)
        unit = "" if variable.unit == "1" else variable.unit
        for q, suffix in enumerate(_SUFFIXES):
            for s, scenario in enumerate(coords["scenario"]):
                for k, technology in enumerate(coords["technology"]):
                    full = f"Standards|{technology.upper()}|{label}{suffix}"
                    values = dict(zip(coords["year"], found[q, s, :, k], strict=True))
                    rows += [
                        ("standards_net", scenario, "World", full, unit, year, float(value))
                        for year, value in values.items()
                    ]
    columns = ["model", "scenario", "region", "variable", "unit", "year", "value"]
    return pd.DataFrame(rows, columns=columns)
