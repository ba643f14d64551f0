"""Labels and axes of everything that a run records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from standards_net.measures.inputs import CAMPS, ITEMS, WEIGHTS
from standards_net.measures.table import BREAKDOWNS, COUNTRY_MEANS, MEASURES, Measure
from standards_net.results import Variable
from standards_net.results.dataset import AXES, OF_LABELS, PROVENANCE
from standards_net.results.variable import PER_RUN
from standards_net.scenario import Scenario
from standards_net.world.world import World

__all__ = [
    "ALL", "QUANTILES", "RECORDED", "SNAPSHOT", "TOTAL", "Layout", "axes_of", "axes_of_mean",
    "layer_name",
]  # fmt: skip

SNAPSHOT = ("scenario", "draw", "snapshot", "technology")
QUANTILES = ("low", "median", "high")
TOTAL = "total"  # of the items of the account
ALL = "all"  # technologies together
RECORDED = frozenset(
    {*MEASURES, *BREAKDOWNS, *COUNTRY_MEANS, *OF_LABELS, *AXES, PROVENANCE, "snapshot_share",
     "snapshot_compatibility", "status", "parameter_value", "cost_interval_usd"}
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Labels along each axis, and what is told of them.

    Attributes
    ----------
    coords : mapping of str to tuple, of draws to range
    vendors_of : mapping of technology to tuple of int
        Places of a technology's vendors on the axis of all.
    labels : mapping of str to Variable
        What is told of countries and vendors.
    first : int
        Place of the first draw among those of the whole run.
    """

    coords: Mapping[str, Sequence[Any]]
    vendors_of: Mapping[str, tuple[int, ...]]
    labels: Mapping[str, Variable]
    first: int = 0

    @classmethod
    def of(
        cls,
        world: World,
        scenarios: Sequence[Scenario],
        draws: range,
        years: Sequence[int],
        technologies: Sequence[str],
        groups: Sequence[str],
        snapshots: Sequence[int],
    ) -> Layout:
        """Labels of a run."""
        added = {s for scenario in scenarios for s in scenario.file.standards.values()}
        standards = (*world.standards, *sorted(added - set(world.standards)))
        # A firm may supply several technologies: it is one vendor, and has no share in the others.
        vendors = tuple(dict.fromkeys(v for t in technologies for v in world.market(t).vendors))
        layers = [layer_name(t, base) for t in technologies for base in (None, *world.market(t).bases)]
        coords: dict[str, Sequence[Any]] = {
            "scenario": tuple(s.name for s in scenarios),
            "draw": draws,
            "year": tuple(years),
            "technology": tuple(technologies),
            "country": world.countries,
            "vendor": vendors,
            "standard": standards,
            "partner": standards,
            "group": tuple(groups),
            "camp": CAMPS,
            "item": ITEMS,
            "weight": WEIGHTS,
            "snapshot": tuple(snapshots),
            "layer": tuple(layers),
            "quantile": QUANTILES,
            "cost": (*ITEMS, TOTAL),
            "scope": (*technologies, ALL),
        }
        vendors_of = {t: tuple(vendors.index(v) for v in world.market(t).vendors) for t in technologies}
        return cls(coords, vendors_of, _of_labels(world, scenarios, technologies, vendors))

    def part(self, scenarios: Sequence[str], rows: slice) -> Layout:
        """Labels of some scenarios and draws."""
        some = {"scenario": tuple(scenarios), "draw": self.coords["draw"][rows]}
        return replace(self, coords={**self.coords, **some}, first=self.first + rows.start)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.coords["draw"])

    def sizes(self, dims: Sequence[str]) -> tuple[int, ...]:
        """Lengths of axes."""
        return tuple(len(self.coords[d]) for d in dims)

    def zeros(self, dims: Sequence[str], kind: type[np.floating[Any]]) -> np.ndarray:
        """Zeros with draws and years innermost: what is 0 in all of them takes up no memory."""
        outer = sorted(range(len(dims)), key=lambda at: dims[at] in ("draw", "year"))
        found = np.zeros([len(self.coords[dims[at]]) for at in outer], dtype=kind)
        return found.transpose(np.argsort(outer))


def layer_name(technology: str, base: str | None) -> str:
    """Label of a technology's base, or of all its equipment in use.

    Examples
    --------
    >>> layer_name("radio", "5g"), layer_name("core", None)
    ('radio 5g', 'core')
    """
    return technology if base is None else f"{technology} {base}"


def axes_of(measure: Measure) -> tuple[str, ...]:
    """Axes of what is recorded of a measure.

    Examples
    --------
    >>> axes_of(MEASURES["beta"])
    ('scenario', 'draw', 'year', 'technology')
    """
    return (*PER_RUN, *measure.dims)


def axes_of_mean(measure: Measure) -> tuple[str, ...]:
    """Axes of the mean of a measure over the draws.

    Examples
    --------
    >>> axes_of_mean(COUNTRY_MEANS["mean_share"])
    ('scenario', 'year', 'technology', 'country', 'standard')
    """
    return tuple(axis for axis in axes_of(measure) if axis != "draw")


def _of_labels(
    world: World, scenarios: Sequence[Scenario], technologies: Sequence[str], vendors: Sequence[str]
) -> dict[str, Variable]:
    """Names and places of countries; technologies, homes, and standards by scenario, of vendors."""
    supplied: dict[str, list[tuple[str, str, str]]] = {vendor: [] for vendor in vendors}
    for technology in technologies:
        market = world.market(technology)
        rows = zip(market.vendors, market.vendor_standards, market.vendor_homes, strict=True)
        for vendor, standard, home in rows:
            supplied[vendor].append((technology, standard, home))

    def text(values: Sequence[Any]) -> np.ndarray:
        return np.array(values, dtype=str)

    def joined(column: int) -> np.ndarray:
        return text([" ".join(dict.fromkeys(row[column] for row in supplied[v])) for v in vendors])

    names = {
        vendor: name
        for t in technologies
        for vendor, name in zip(world.market(t).vendors, world.market(t).vendor_names, strict=True)
    }
    markets = [world.market(t) for t in technologies]
    own = dict(zip(vendors, joined(1), strict=True))
    standards = [[s.file.standards.get(v, own[v]) for v in vendors] for s in scenarios]

    def of(axis: str, values: np.ndarray, unit: str, meaning: str) -> Variable:
        return Variable((axis,), values, unit, meaning)

    latitude, longitude = (world.table[name].to_numpy(float) for name in ("lat", "lon"))
    return {
        "country_name": of("country", text(world.country_names), "", "name of the economy"),
        "latitude": of("country", latitude, "degrees_north", "latitude"),
        "longitude": of("country", longitude, "degrees_east", "longitude"),
        "market_share": Variable(
            ("technology", "country"), np.stack([m.share for m in markets]), "1", "share of world demand"
        ),
        "adoption_estimated": Variable(
            ("technology", "country"),
            np.stack([m.estimated for m in markets]).astype(np.float64),
            "1",
            "1 where adoption of 2019 is an estimate, 0 where it was reported",
        ),
        "vendor_name": of("vendor", text([names[v] for v in vendors]), "", "name of the vendor"),
        "vendor_technology": of("vendor", joined(0), "", "technologies that the vendor supplies"),
        "vendor_standard": Variable(
            ("scenario", "vendor"), text(standards), "", "standard of the vendor's products in the scenario"
        ),
        "vendor_home": of("vendor", joined(2), "", "home of the vendor, an ISO code"),
    }
