"""The operators of 2019 with draws of their installed base, read from the file that the estimate wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray
from standards_net.world.market import Operators

__all__ = ["ALL_OPERATORS", "read_operators"]

ALL_OPERATORS = "all operators"  # one buyer for a country without operators on record
_FILE = Path("vendors") / "adoption_draws.npz"
_AGREES = 2e-3  # a country's draws apply if their means are its shares in the table of adoption


@dataclass(frozen=True)
class _Draws:
    """Content of the file for one technology: units by country and operator, vendors, draws."""

    country: np.ndarray
    operator: np.ndarray
    vendors: tuple[str, ...]
    shares: np.ndarray  # (O, V, M) uint16


def read_operators(
    folder: Path,
    technology: str,
    countries: Sequence[str],
    vendors: Sequence[str],
    adoption: FloatArray,
    weights: pd.DataFrame,
) -> Operators | None:
    """Operators of a technology; None where the file has no draws for any country of the world.

    The draws of a country are used if they agree with its row in the table of adoption; a country whose
    row somebody has changed is one buyer with the shares and the uncertainty of that row.

    Parameters
    ----------
    folder : Path
        Of the bundled data.
    technology : str
    countries, vendors : sequence of str
        Of the market, in order.
    adoption : (N, V) array
        Shares of the table of adoption.
    weights : DataFrame
        Table ``operator_shares``.
    """
    draws = _read(folder / _FILE, technology)
    if draws is None or draws.vendors != tuple(vendors):
        return None
    of_table = zip(weights["country"], weights["operator"], weights["subscriber_share"], strict=True)
    share = {(country, operator): part for country, operator, part in of_table}
    names: list[str] = []
    country_of: list[int] = []
    weight: list[float] = []
    rows: list[int] = []
    sampled: list[bool] = []
    for i, country in enumerate(countries):
        units = np.flatnonzero(draws.country == country)
        parts = [share.get((country, str(draws.operator[u])), np.nan) for u in units]
        own = np.array(parts, dtype=np.float64)
        own = np.full(len(units), 1.0 / max(len(units), 1)) if np.isnan(own).any() else own / own.sum()
        mean = own @ (draws.shares[units].mean(axis=2) / 65535.0)
        agrees = bool(len(units)) and bool(np.abs(mean - adoption[i]).max() <= _AGREES)
        names += [str(draws.operator[u]) for u in units] if agrees else [ALL_OPERATORS]
        country_of += [i] * (len(units) if agrees else 1)
        weight += own.tolist() if agrees else [1.0]
        rows += units.tolist() if agrees else [0]
        sampled += [agrees] * (len(units) if agrees else 1)
    if not any(sampled):
        return None
    chosen = draws.shares[rows]
    mean = chosen.mean(axis=2) / 65535.0
    at = np.array(country_of, dtype=np.int64)
    means = np.where(np.array(sampled)[:, None], mean / mean.sum(axis=1, keepdims=True), adoption[at])
    return Operators(tuple(names), at, np.array(weight), means, chosen, np.array(sampled))


@lru_cache(maxsize=4)
def _read(path: Path, technology: str) -> _Draws | None:
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as stored:
        if technology not in stored.files:
            return None
        vendors = tuple(map(str, stored[f"{technology}_vendors"]))
        return _Draws(stored["country"], stored["operator"], vendors, stored[technology])
