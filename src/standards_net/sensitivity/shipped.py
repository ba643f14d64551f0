"""Results of a sensitivity analysis that are shipped, since they take minutes: ``make sensitivity``."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pandas as pd

from standards_net.files import data_folder
from standards_net.world.world import World

__all__ = ["SOBOL_INDICES", "shipped_indices", "shipped_rows"]

SOBOL_INDICES = "model/sobol_indices.json"


def shipped_indices(world: World) -> pd.DataFrame | None:
    """Sobol indices of the headline measures for radio in 2040, of levels and of effects.

    Returns
    -------
    DataFrame or None
        As of :func:`standards_net.sensitivity.sobol_indices`, and ``of`` (``levels`` or ``effects``); None
        for a world of other tables, for which they were not computed.

    Examples
    --------
    >>> import standards_net as sn
    >>> sorted(set(shipped_indices(sn.load_world())["of"]))
    ['effects', 'levels']
    """
    return shipped_rows(SOBOL_INDICES, "indices", world)


def shipped_rows(name: str, rows: str, world: World) -> pd.DataFrame | None:
    """Rows of a shipped file, None if it was made with other tables than the world's."""
    content = _content(name)
    if content["provenance"]["tables_sha256"] != dict(world.hashes):
        return None
    return pd.DataFrame(content[rows])


@cache
def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((data_folder() / name).read_text(encoding="utf-8"))
    return content
