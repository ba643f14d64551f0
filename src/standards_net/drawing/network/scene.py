"""The scene of a network drawing, independent of the drawing library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.errors import StandardsNetError

__all__ = ["Frame", "NetworkData", "place_countries", "place_vendors"]

_WIDTH, _HEIGHT = 2400.0, 1150.0
_ROW = 95.0  # between the two rows of vendors, so that long names stand clear of each other
_GAP = 8.0  # minimum distance between the rims of two countries' marks


@dataclass(frozen=True)
class Frame:
    """One scenario in one year.

    Attributes
    ----------
    adoption : (N, V) array
        Shares of the installed base.
    deployment : (N,) array
    blocs : tuple of str, length N
    numbers : mapping of label to formatted value
        Numbers that the panel shows for the frame.
    """

    adoption: FloatArray
    deployment: FloatArray
    blocs: tuple[str, ...]
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NetworkData:
    """Everything a network picture needs.

    Attributes
    ----------
    title, subtitle, source, technology, definition : str
        ``definition`` says how blocs are defined.
    countries, names : tuple of str, length N
    lat, lon, market : (N,) array
        Degrees; share of world demand.
    estimated : (N,) array of bool
        Adoption of 2019 is an estimate.
    vendors, vendor_names, vendor_blocs : tuple of str, length V
    scenarios : tuple of str
    scenario_titles : tuple of str
    years : tuple of int
    frames : mapping of (scenario, year) to Frame
    operators : mapping of code to sequence of (name, weight, suppliers)
        Operators of countries in 2019, largest first: per cent of subscribers, and (vendor index, per cent of
        the operator's base) of its suppliers.
    vendor_blocs_by_scenario : mapping of scenario to tuple of str, length V
        Where a scenario moves vendors to other standards; ``vendor_blocs`` elsewhere.
    partners : sequence of (int, int, float)
        Countries, their largest partners, and the part of their exchange.
    basis : mapping of code to str
        What a country's picture rests on.
    """

    title: str
    subtitle: str
    source: str
    technology: str
    definition: str
    countries: tuple[str, ...]
    names: tuple[str, ...]
    lat: FloatArray
    lon: FloatArray
    market: FloatArray
    estimated: BoolArray
    vendors: tuple[str, ...]
    vendor_names: tuple[str, ...]
    vendor_blocs: tuple[str, ...]
    scenarios: tuple[str, ...]
    scenario_titles: tuple[str, ...]
    years: tuple[int, ...]
    frames: Mapping[tuple[str, int], Frame]
    operators: Mapping[str, Sequence[tuple[str, int, Sequence[tuple[int, int]]]]] = field(
        default_factory=dict
    )
    vendor_blocs_by_scenario: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    partners: Sequence[tuple[int, int, float]] = ()
    basis: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wanted = {(s, y) for s in self.scenarios for y in self.years}
        missing = sorted(wanted - set(self.frames))
        if missing:
            raise StandardsNetError(f"no frame for {missing[0][0]} in {missing[0][1]}.")

    @property
    def blocs(self) -> tuple[str, ...]:
        """All blocs that occur, of countries or vendors."""
        found = {bloc for frame in self.frames.values() for bloc in frame.blocs}
        moved = {bloc for blocs in self.vendor_blocs_by_scenario.values() for bloc in blocs}
        return tuple(sorted(found | moved | set(self.vendor_blocs)))

    def blocs_of_vendors(self, scenario: str) -> tuple[str, ...]:
        """Standards of the vendors in a scenario."""
        return self.vendor_blocs_by_scenario.get(scenario, self.vendor_blocs)

    def radius(self) -> FloatArray:
        """Radius of each country's mark: area by market, with a floor so that all can be seen."""
        return np.asarray(7.0 + 130.0 * np.sqrt(self.market))


def place_countries(data: NetworkData) -> FloatArray:
    """Positions of the countries: a map, with crowded regions spread until no two marks overlap.

    Parameters
    ----------
    data : NetworkData

    Returns
    -------
    (N, 2) array
        x to the right, y downwards; the same for every frame.
    """
    # Latitudes are stretched around 30 N, where most economies are.
    north = np.radians(np.clip(data.lat, -58, 72))
    x = data.lon / 180.0 * _WIDTH / 2
    y = -(north - 0.35) / 1.15 * _HEIGHT * 0.62
    return _spread(np.column_stack([x, y]), data.radius() + _GAP / 2)


def _spread(start: FloatArray, radius: FloatArray) -> FloatArray:
    """Push overlapping discs apart; deterministic, and as near to the start as that allows."""
    at = start.copy()
    reach = radius[:, None] + radius[None, :]
    for _ in range(600):
        gap = at[:, None, :] - at[None, :, :]
        distance = np.sqrt((gap**2).sum(axis=2))
        np.fill_diagonal(distance, np.inf)
        overlap = np.maximum(reach - distance, 0.0)
        if overlap.max() < 0.05:
            break
        # Coincident marks separate along a direction of their own.
        angle = np.arange(len(at)) * 2.399963
        own = np.stack([np.cos(angle), np.sin(angle)], axis=1)[:, None, :]
        safe = np.where(distance > 1e-9, distance, 1.0)
        direction = np.where(distance[..., None] > 1e-9, gap / safe[..., None], own)
        small = radius[None, :] / reach  # the smaller mark moves more
        at += ((0.55 * overlap * small)[..., None] * direction).sum(axis=1)
        at += 0.004 * (start - at)
    return np.asarray(np.round(at, 1))


def place_vendors(data: NetworkData, positions: FloatArray) -> FloatArray:
    """Positions of the vendors: two rows below the map, families side by side.

    Returns
    -------
    (V, 2) array
    """
    order = sorted(range(len(data.vendors)), key=lambda v: (data.vendor_blocs[v], v))
    left, right = positions[:, 0].min(), positions[:, 0].max()
    step = (right - left) / len(order)
    below = positions[:, 1].max() + 170.0
    placed = np.zeros((len(order), 2))
    for rank, v in enumerate(order):
        placed[v] = (left + (rank + 0.5) * step, below + _ROW * (rank % 2))
    return np.asarray(np.round(placed, 1))
