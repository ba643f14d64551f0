"""Write ``data/model/sobol_indices.json`` and ``data/model/flip_values.json``: ``make sensitivity``."""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import pandas as pd

import standards_net as sn
from standards_net.cli.console import progress_bar
from standards_net.ensemble.provenance import estimate_hashes
from standards_net.files import data_folder, write_text
from standards_net.sensitivity import ranking, uncertain_parameters
from standards_net.sensitivity.shipped import SOBOL_INDICES
from standards_net.studies.carnegie_2019.flips import DRAWS, FLIP_VALUES, find_flips
from standards_net.studies.carnegie_2019.runs import TECHNOLOGY

LEVELS = ("as-happened-2025",)
EFFECTS = ("bipolar-free-nonaligned", "broad-allied-ban", "chinese-standard-lead", "belt-and-road-push")
BASELINE = "status-quo-2019"


def main() -> None:
    """Compute both and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=int, default=512, help="of the design: a power of two")
    parser.add_argument("--seed", type=int, default=2019)
    parser.add_argument("--only", choices=["indices", "flips"], help="one of the two; both if left out")
    arguments = parser.parse_args()
    world = sn.load_world()
    if arguments.only != "flips":
        began = time.monotonic()
        indices = sobol_table(world, arguments.base, arguments.seed)
        how = _provenance(world, arguments.seed, began) | {"base": arguments.base, "baseline": BASELINE}
        _write(SOBOL_INDICES, {"provenance": how, "indices": _records(indices)})
        print(ranking(indices).to_string(index=False))
    if arguments.only != "indices":
        began = time.monotonic()
        with progress_bar("flip values") as progress:
            flips = find_flips(world, arguments.seed, progress)
        how = _provenance(world, arguments.seed, began)
        how |= {
            "draws": DRAWS,
            "tried": len(uncertain_parameters(world, TECHNOLOGY)),
            "searched": flips.attrs["searched"],
        }
        _write(FLIP_VALUES, {"provenance": how, "flips": _records(flips)})
        print(flips.to_string(index=False))


def sobol_table(world: sn.World, base: int, seed: int) -> pd.DataFrame:
    """Indices of levels and of effects, for radio in 2040."""
    tables = []
    for scenarios, against in ((LEVELS, None), (EFFECTS, BASELINE)):
        with progress_bar("indices") as progress:
            table = sn.sobol_indices(
                world, scenarios, against=against, base=base, rng=seed, progress=progress
            )
        tables.append(table.assign(of="levels" if against is None else "effects"))
    return pd.concat(tables, ignore_index=True)


def _provenance(world: sn.World, seed: int, began: float) -> dict[str, Any]:
    return {
        "seed": seed,
        "seconds": round(time.monotonic() - began),
        "tables_sha256": dict(sorted(world.hashes.items())),
        "estimates_sha256": estimate_hashes(),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with numbers of six digits."""
    return [
        {name: float(f"{x:.6g}") if isinstance(x, float) else x for name, x in row.items()}
        for row in table.to_dict("records")
    ]


def _write(name: str, content: dict[str, Any]) -> None:
    rows = next(key for key in content if key != "provenance")
    lines = ",\n".join(json.dumps(row) for row in content[rows])
    how = json.dumps(content["provenance"], indent=1)
    write_text(data_folder() / name, f'{{"provenance": {how},\n"{rows}": [\n{lines}\n]}}\n')
    print(f"wrote data/{name}")


if __name__ == "__main__":
    main()
