"""Policies that are not on record: chances of restrictions to come, and what operators expect of them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.frozen import read_only
from standards_net.politics import exclusion_chances, restriction_chances
from standards_net.world.world import World

__all__ = ["FIRST_DRAWN", "DrawnPolicies", "drawn_policies", "expected_restriction"]

FIRST_DRAWN = 2020  # the world of 2019 is given
_AHEAD = 3  # years for which operators look ahead: the planning of a roll-out


class DrawnPolicies(NamedTuple):
    """Chances by year and country, (Y, N) each: means of the posterior.

    Attributes
    ----------
    excludes : array
        Chance of excluding Chinese vendors by then.
    restricts : array
        Chance of a restriction short of exclusion.
    """

    excludes: FloatArray
    restricts: FloatArray


@lru_cache(maxsize=16)
def drawn_policies(world: World, years: tuple[int, ...], first: int) -> DrawnPolicies:
    """Chances of policies that countries without any may take from a year on.

    Parameters
    ----------
    world : World
    years : tuple of int
    first : int
        Year from which they may.

    Examples
    --------
    >>> import standards_net as sn
    >>> found = drawn_policies(sn.load_world(), tuple(range(2019, 2031)), first=2026)
    >>> bool(found.excludes[:7].any()), bool((found.excludes[-1] > 0.0).any())
    (False, True)
    """
    chances = restriction_chances(world, years, first)
    excluding = exclusion_chances(world)[:, None]
    excludes = (chances * excluding).mean(axis=2).T
    return DrawnPolicies(read_only(excludes), read_only(chances.mean(axis=2).T - excludes))


@lru_cache(maxsize=16)
def expected_restriction(world: World, years: tuple[int, ...]) -> FloatArray:
    """Chance that a country without restrictions has one within three years, by year and country, (Y, N).

    It is 0 in the years before 2020: what operators expected of 2019 is in their choices of 2019.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> chance = expected_restriction(world, (2019, 2020, 2021))
    >>> at = world.countries.index
    >>> bool(chance[1, at("EST")] > chance[1, at("EGY")]), float(chance[0].max())
    (True, 0.0)
    """
    found = np.zeros((len(years), len(world.countries)))
    for y, year in enumerate(years):
        if year >= FIRST_DRAWN:
            found[y] = restriction_chances(world, (year + _AHEAD - 1,), year)[:, 0].mean(axis=1)
    return read_only(found)
