"""Results of a sensitivity analysis that are shipped, since they take minutes: ``make sensitivity``."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pandas as pd

from standards_net.ensemble.provenance import estimate_hashes
from standards_net.files import data_folder
from standards_net.world import World, load_world

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
    """Rows of a shipped file; None unless the world is the bundled one, as it was when they were computed.

    How they were computed is in ``attrs``.
    """
    content, (digest, hashes) = _content(name), _bundled()
    how = content["provenance"]
    if world.digest != digest or any(how[kind] != found for kind, found in hashes.items()):
        return None
    found = pd.DataFrame(content[rows])
    found.attrs.update(how)
    return found


@cache
def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((data_folder() / name).read_text(encoding="utf-8"))
    return content


@cache
def _bundled() -> tuple[str, dict[str, dict[str, str]]]:
    """Digest of the bundled world, and hashes of its tables and of the estimates beside them."""
    world = load_world()
    return world.digest, {"tables_sha256": dict(world.hashes), "estimates_sha256": estimate_hashes()}
