"""The question of today: the next generation of radio on one standard or on two, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray
from standards_net.ensemble.run import run
from standards_net.results import INTERVAL, Result
from standards_net.world.world import World

__all__ = ["COMMON", "LAST_YEAR", "SPLIT", "NextGeneration", "run_next_generation"]

COMMON, SPLIT = "6g-common-2030", "6g-split-2030"
LAST_YEAR = 2045
_DRAWS = 256  # at most: two scenarios over 26 years
_YEARS = (2035, LAST_YEAR)


@dataclass(frozen=True)
class NextGeneration:
    """Both scenarios over the same draws.

    Attributes
    ----------
    result : Result
        Radio, to 2045.
    """

    result: Result

    def table(self) -> pd.DataFrame:
        """Quantities of both scenarios and their paired difference, with intervals, in two years.

        Returns
        -------
        DataFrame
            year, quantity, unit, and for ``common``, ``split`` and ``difference`` the columns
            ``<name>_median``, ``<name>_low`` and ``<name>_high``.
        """
        rows = []
        for year in _YEARS:
            for quantity, unit, scale, values in self._quantities(year):
                row: dict[str, object] = {"year": year, "quantity": quantity, "unit": unit}
                common, split = (scale * values[name] for name in (COMMON, SPLIT))
                for name, found in (("common", common), ("split", split), ("difference", split - common)):
                    low, median, high = np.quantile(found, INTERVAL)
                    row |= {f"{name}_median": median, f"{name}_low": low, f"{name}_high": high}
                rows.append(row)
        return pd.DataFrame(rows)

    def _quantities(self, year: int) -> list[tuple[str, str, float, dict[str, FloatArray]]]:
        def of(name: str, **where: str) -> dict[str, FloatArray]:
            return {s: self._values(name, s, year, **where) for s in (COMMON, SPLIT)}

        west, china = (of("bloc_size", standard=s, weight="market") for s in ("west", "china"))
        return [
            ("Interoperability loss, share of world exchange", "%", 100.0, of("interoperability_loss")),
            ("Market fragmentation, effective markets by family", "", 1.0, of("market_fragmentation")),
            ("Chinese-led share of the installed base", "%", 100.0, of("china_share")),
            ("Bloc of the western standard, share of the market", "%", 100.0, west),
            ("Bloc of the Chinese-led standard, share of the market", "%", 100.0, china),
            ("Direct costs of exclusion", "USD bn a year", 1e-9, _sum(*(of(f"{i}_usd") for i in _DIRECT))),
            ("Double running, what-if", "USD bn a year", 1e-9, of("double_running_usd")),
            ("Network value lost, what-if", "USD bn a year", 1e-9, of("network_value_usd")),
        ]

    def _values(self, name: str, scenario: str, year: int, **where: str) -> FloatArray:
        values = self.result.values(name, scenario=scenario, year=year, technology="radio", **where)
        return np.asarray(values, dtype=np.float64)


_DIRECT = ("equipment", "replacement", "delay")


def _sum(*parts: dict[str, FloatArray]) -> dict[str, FloatArray]:
    return {name: np.sum([part[name] for part in parts], axis=0) for name in parts[0]}


def run_next_generation(world: World, draws: int, rng: int, threads: int | None = None) -> NextGeneration:
    """Run both scenarios to 2045 over the first draws of the study.

    Parameters
    ----------
    world : World
    draws, rng : int
    threads : int or None
    """
    result = run(
        world, [COMMON, SPLIT], draws=min(draws, _DRAWS), rng=rng, until=LAST_YEAR,
        technologies="radio", threads=threads,
    )  # fmt: skip
    return NextGeneration(result)
