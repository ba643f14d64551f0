"""Levers of a world in which each country follows a scenario of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from standards_net.core.arrays import IntArray
from standards_net.errors import ScenarioError
from standards_net.scenario.levers import Levers

__all__ = ["mix_levers"]

_BY_COUNTRY = ("allowed", "removal", "cleared", "restriction", "affinity", "finance")
_WORLD_WIDE = ("quality", "investment", "of_start", "set_to", "agreement")


def mix_levers(
    parts: Sequence[Levers], followed: IntArray, still: Levers, moved: Levers, way: float
) -> Levers:
    r"""Each country's policies from the scenario that it follows, the world's from between two.

    What a country decides (whom it buys from, whose side it takes) comes from ``parts[followed[i]]``.
    What no country decides alone (compatibility, agreements, quality, research) is
    :math:`(1 - w)` times that of ``still`` plus :math:`w` times that of ``moved``.

    Parameters
    ----------
    parts : sequence of Levers
        Scenarios compiled for the same world, technology and years.
    followed : (N,) array of int
        Place in ``parts`` of the scenario that each country follows.
    still, moved : Levers
        What the world-wide levers move between.
    way : float
        ``w``, 0 to 1.

    Raises
    ------
    ScenarioError
        Scenarios that move vendors to different standards.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> quo, ban = (sn.compile_scenario(world, sn.load_scenario(name), "5g", range(2019, 2031))
    ...     for name in ("status-quo-2019", "broad-allied-ban"))
    >>> only_germany = (np.array(world.countries) == "DEU").astype(int)
    >>> mixed = mix_levers([quo, ban], only_germany, quo, ban, 0.0)
    >>> [bool(mixed.allowed[-1, world.countries.index(c), 0]) for c in ("DEU", "FRA")]
    [False, True]
    """
    every = [*parts, still, moved]
    for other in every[1:]:
        if other.standards != every[0].standards or (other.standard_of != every[0].standard_of).any():
            raise ScenarioError(
                f"scenarios '{every[0].scenario}' and '{other.scenario}' put vendors under different "
                "standards, which countries cannot choose one by one; take scenarios with the same standards."
            )
    rows = np.arange(len(followed))

    def of_country(name: str) -> Any:
        return np.ascontiguousarray(np.stack([getattr(p, name) for p in parts], axis=1)[:, followed, rows])

    changed: dict[str, Any] = {name: of_country(name) for name in ("alignments", *_BY_COUNTRY)}
    for name in _WORLD_WIDE:
        changed[name] = (1.0 - way) * getattr(still, name) + way * getattr(moved, name)
    return replace(moved, **changed)
