"""Whether what is asked for fits into memory, told before it is run."""

from __future__ import annotations

import math
from collections.abc import Sequence

from standards_net.ensemble.layout import SNAPSHOT, Layout, axes_of, axes_of_mean
from standards_net.measures.table import BREAKDOWNS, COUNTRY_MEANS, MEASURES
from standards_net.memory import check_fits
from standards_net.world.world import World

__all__ = ["bytes_of_result", "check_memory", "check_memory_of_states"]

_TOUCHED = 0.6  # part of a result's arrays that is not 0 throughout: the rest takes no memory
# Arrays by vendor and buyer, and by vendor and country: two states in turn, and their setting.
_BY_BUYER, _BY_COUNTRY = 8, 12


def check_memory(layout: Layout) -> None:
    """Raise if the result of a run would not fit into the memory that is free.

    Raises
    ------
    StandardsNetError
        With the number of draws that would fit.
    """
    fixed, by_draw = bytes_of_result(layout)
    scenarios = len(layout.coords["scenario"])
    check_fits(
        "1 scenario" if scenarios == 1 else f"{scenarios} scenarios",
        layout.draws,
        _TOUCHED * by_draw,
        _TOUCHED * fixed,
        instead="More can be streamed to a store: split and stream, or --stream.",
    )


def check_memory_of_states(world: World, technologies: Sequence[str], draws: int, of: str) -> None:
    """Raise if the states of all draws, held side by side, would not fit into the memory that is free.

    Raises
    ------
    StandardsNetError
        With the number of draws that would fit.
    """
    by_draw = 0
    for technology in technologies:
        market = world.market(technology)
        rows = _BY_BUYER * len(market.country_of) + _BY_COUNTRY * len(world.countries)
        by_draw += 8 * len(market.vendors) * rows
    check_fits(of, draws, by_draw)


def bytes_of_result(layout: Layout) -> tuple[int, int]:
    """Bytes of a result whatever its draws, and of each draw.

    Examples
    --------
    >>> import standards_net as sn
    >>> (piece,) = sn.split(sn.load_world(), "silos", pieces=1, draws=10, until=2030, technologies="radio")
    >>> fixed, by_draw = bytes_of_result(piece.layout)
    >>> 10_000 < by_draw < 100_000
    True
    """

    def size(axes: tuple[str, ...], item: int) -> int:
        return item * math.prod(layout.sizes(tuple(axis for axis in axes if axis != "draw")))

    by_draw = sum(size(axes_of(measure), 8) for measure in MEASURES.values())
    by_draw += sum(size(axes_of(measure), 4) for measure in BREAKDOWNS.values())
    by_draw += size((*SNAPSHOT, "country", "standard"), 4) + size((*SNAPSHOT, "standard", "partner"), 4)
    fixed = sum(size(axes_of_mean(measure), 8) for measure in COUNTRY_MEANS.values())
    for of in ("vendor", "standard"):
        fixed += size(("scenario", "year", "layer", "country", of, "quantile"), 4)
    fixed += size(("scenario", "year", "scope", "country", "cost", "quantile"), 4)
    return fixed, by_draw
