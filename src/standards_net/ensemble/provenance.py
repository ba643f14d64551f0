"""The record of a run: every argument that changes its bytes, and a run repeated from it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError
from standards_net.files import data_folder
from standards_net.frozen import content_digest, plain_data
from standards_net.model.mechanism import Mechanism
from standards_net.model.mechanisms import as_mechanism, is_shipped, make_mechanism
from standards_net.scenario import Scenario
from standards_net.tables.dictionary import read_dictionary, read_package
from standards_net.world.world import World

__all__ = [
    "check_same_world", "estimate_hashes", "provenance", "recorded_draws", "recorded_mechanism",
    "written_draws",
]  # fmt: skip


_AGAIN = {"result": "rerun(result", "course": "load_course(path"}


def provenance(
    world: World,
    scenarios: Sequence[Scenario],
    *,
    seed: int,
    draws: range,
    parameters: str | Mapping[str, float | FloatArray],
    years: Sequence[int],
    technologies: Sequence[str],
    mechanism: Mechanism,
    groups: Sequence[str],
    snapshots: Sequence[int],
) -> dict[str, Any]:
    """Everything needed to run again and get the same bytes, as plain data; no timestamps."""
    record = {
        "standards_net": version("standards-net"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "seed": seed,
        "draws": written_draws(draws),
        "parameters": parameters,
        "years": list(years),
        "technologies": list(technologies),
        "groups": list(groups),
        "snapshots": list(snapshots),
        "mechanism": {
            "name": mechanism.name,
            "parameters": mechanism.parameters,
            "shipped": is_shipped(mechanism),
        },
        "world_sha256": world.digest,
        "tables_sha256": dict(sorted(world.hashes.items())),
        "own_tables": own_tables(world),
        "estimates_sha256": estimate_hashes(),
        "scenarios": {s.name: s.to_dict() for s in scenarios},
    }
    plain: dict[str, Any] = plain_data(record)
    return plain


def own_tables(world: World) -> list[str]:
    """Tables of a world that are not the shipped ones.

    Examples
    --------
    >>> import standards_net as sn
    >>> own_tables(sn.load_world())
    []
    """
    shipped = read_dictionary(read_package(data_folder()))
    return sorted(n for n, found in world.hashes.items() if n not in shipped or shipped[n].sha256 != found)


def own_tables_banner(world: World) -> str:
    """What readers of a page must know of own tables first; empty if there are none.

    Examples
    --------
    >>> import standards_net as sn
    >>> own_tables_banner(sn.load_world())
    ''
    """
    own = own_tables(world)
    return f"Own tables: {', '.join(own)}. These are not the figures that the package ships." if own else ""


def estimate_hashes() -> dict[str, str]:
    """SHA-256 of the shipped estimates that runs read beside the tables.

    Examples
    --------
    >>> sorted(estimate_hashes())
    ['model/calibration.json', 'politics/sides_fit.json']
    """
    names = ("model/calibration.json", "politics/sides_fit.json")
    return {name: hashlib.sha256((data_folder() / name).read_bytes()).hexdigest() for name in names}


def written_draws(draws: range) -> int | list[int]:
    """Draws as a record has them: their number, or the first and the one after the last.

    Examples
    --------
    >>> written_draws(range(8)), written_draws(range(16, 32))
    (8, [16, 32])
    """
    return [draws.start, draws.stop] if draws.start else draws.stop


def recorded_draws(record: Mapping[str, Any]) -> range:
    """Draws of a run: a number, or the first and the one after the last.

    Examples
    --------
    >>> recorded_draws({"draws": 8}), recorded_draws({"draws": [16, 32]})
    (range(0, 8), range(16, 32))
    """
    draws = record["draws"]
    return range(draws) if isinstance(draws, int) else range(*draws)


def check_same_world(world: World, recorded: Any, what: str = "result") -> None:
    """Raise unless a world, and the estimates beside it, are those of a record of a result or a course.

    Raises
    ------
    StandardsNetError
        Another world, with the tables that differ.
    """
    estimates = estimate_hashes()
    changed = [name for name, found in recorded["estimates_sha256"].items() if estimates.get(name) != found]
    if changed:
        raise StandardsNetError(
            f"the {what} was made with another {' and '.join(changed)}; it cannot be repeated with this one."
        )
    if world.digest == recorded["world_sha256"]:
        return
    tables = recorded["tables_sha256"]
    differ = sorted(name for name in {*tables, *world.hashes} if tables.get(name) != world.hashes.get(name))
    which = f" ({', '.join(differ[:6])} differ)" if differ else ""
    raise StandardsNetError(
        f"the {what} was made from another world{which}; pass the world it was made from: "
        f"{_AGAIN[what]}, world=...)."
    )


def recorded_mechanism(recorded: Any, given: str | Mechanism | None, what: str = "result") -> Mechanism:
    """Mechanism of a record, reconstructed or given.

    Raises
    ------
    StandardsNetError
        A custom mechanism that is not given, or one that does not match the record.
    """
    name, parameters = recorded["name"], recorded["parameters"]
    if given is None:
        if not recorded["shipped"]:
            raise StandardsNetError(
                f"the {what} was made with a custom mechanism, '{name}', whose code is not stored; pass it: "
                f"{_AGAIN[what]}, mechanism=...)."
            )
        return make_mechanism(name, parameters)
    chosen = as_mechanism(given)
    same = content_digest(chosen.name, chosen.parameters) == content_digest(name, parameters)
    if not same or is_shipped(chosen) != recorded["shipped"]:
        kinds = {True: "the package's", False: "a custom"}
        raise StandardsNetError(
            f"the {what} was made with {kinds[recorded['shipped']]} mechanism '{name}' and parameters "
            f"{plain_data(parameters)}; {kinds[is_shipped(chosen)]} '{chosen.name}' with "
            f"{plain_data(chosen.parameters)} does not match."
        )
    return chosen
