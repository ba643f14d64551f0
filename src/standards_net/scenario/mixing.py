"""Levers of a world in which each country follows its own scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import numpy as np

from standards_net.core.arrays import IntArray
from standards_net.errors import ScenarioError
from standards_net.scenario.levers import Levers
from standards_net.scenario.orders import Orders, no_orders

__all__ = ["BY_COUNTRY", "differ", "mix_levers"]

BY_COUNTRY = (
    "capped", "cap", "cap_compliance", "cap_in_force", "cap_delay", "exited", "restriction", "anticipation",
    "affinity", "finance", "supply", "price",
)  # fmt: skip
_WORLD_WIDE = ("quality", "investment", "of_start", "set_to", "agreement")


def mix_levers(
    parts: Sequence[Levers], followed: IntArray, still: Levers, moved: Levers, weight: float
) -> Levers:
    r"""Country levers from the scenario each country follows, world-wide levers interpolated between two.

    What a country decides (allowed vendors, alignment) comes from ``parts[followed[i]]``. What no country
    decides alone (compatibility, agreements, quality, research) is :math:`(1 - w)` times that of ``still``
    plus :math:`w` times that of ``moved``.

    Parameters
    ----------
    parts : sequence of Levers
        Scenarios compiled for the same world, technology and years.
    followed : (N,) array of int
        Index in ``parts`` of the scenario that each country follows.
    still, moved : Levers
        End points of the world-wide levers.
    weight : float
        ``w``, 0 to 1.

    Raises
    ------
    ScenarioError
        The scenarios assign vendors to different standards.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> quo, ban = (sn.compile_scenario(world, sn.load_scenario(name), "radio", range(2019, 2031))
    ...     for name in ("status-quo-2019", "broad-allied-ban"))
    >>> only_germany = (np.array(world.countries) == "DEU").astype(int)
    >>> mixed = mix_levers([quo, ban], only_germany, quo, ban, 0.0)
    >>> [bool(mixed.allowed[-1, world.countries.index(c), 0]) for c in ("DEU", "FRA")]
    [False, True]
    """
    compiled = [*parts, still, moved]
    first = compiled[0]
    for other in compiled[1:]:
        if other.standards != first.standards or (other.standard_of != first.standard_of).any():
            raise ScenarioError(
                f"scenarios '{first.scenario}' and '{other.scenario}' put vendors under different standards, "
                "which countries cannot choose individually; use scenarios with the same standards."
            )
    rows = np.arange(len(followed))

    def of_country(values: Sequence[np.ndarray]) -> Any:
        return np.ascontiguousarray(np.stack(values, axis=1)[:, followed, rows])

    def orders(base: str) -> tuple[Orders, ...]:
        return tuple(Orders(*map(of_country, zip(*each, strict=True))) for each in _aligned(parts, base))

    changed: dict[str, Any] = {
        name: of_country([getattr(p, name) for p in parts]) for name in ("alignments", *BY_COUNTRY)
    }
    changed |= {base: orders(base) for base in ("newer", "older")}
    for name in _WORLD_WIDE:
        changed[name] = (1.0 - weight) * getattr(still, name) + weight * getattr(moved, name)
    return replace(moved, **changed, splits=still.splits or moved.splits)


def differ(still: Levers, moved: Levers, country: int) -> bool:
    """Whether two scenarios differ in what a country decides.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> quo, ban = (sn.compile_scenario(world, sn.load_scenario(name), "radio", range(2019, 2031))
    ...     for name in ("status-quo-2019", "broad-allied-ban"))
    >>> [differ(quo, ban, world.countries.index(code)) for code in ("DEU", "KEN")]
    [True, False]
    """
    pairs = [(getattr(still, name), getattr(moved, name)) for name in BY_COUNTRY]
    for base in ("newer", "older"):
        for one, other in _aligned([still, moved], base):
            pairs += zip(one, other, strict=True)
    return any(not np.array_equal(one[:, country], other[:, country]) for one, other in pairs)


def _aligned(parts: Sequence[Levers], base: str) -> Iterator[tuple[Orders, ...]]:
    """Orders of several scenarios on a base side by side; those that overlap others come last."""
    return zip_longest(*(getattr(p, base) for p in parts), fillvalue=no_orders(parts[0].capped.shape))
