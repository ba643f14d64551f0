"""Reading the raw tables, and helpers shared by all table builders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

__all__ = ["BEYOND_THE_UN", "Raw", "economies"]

# Economies that are not members of the United Nations but part of the world model.
BEYOND_THE_UN = ("HKG", "PSE", "TWN", "XKX")


@dataclass(frozen=True)
class Raw:
    """Folder of raw tables."""

    folder: Path

    def read(self, name: str) -> pd.DataFrame:
        """Read a raw table; ``NA`` is Namibia, only an empty cell is missing."""
        return pd.read_csv(self.folder / name, keep_default_na=False, na_values=[""], low_memory=False)


@cache
def economies(raw: Raw) -> tuple[str, ...]:
    """The 196 economies: UN members with a GDP figure for 2019 (all but North Korea), and four more."""
    table = raw.read("countries/countries.csv")
    member = (table["un_member"] == 1) & table["gdp_usd_2019"].notna()
    chosen = table.loc[member | table["iso3"].isin(BEYOND_THE_UN), "iso3"]
    return tuple(sorted(chosen))
