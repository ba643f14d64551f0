"""More draws than fit into memory, over several processes, written to disk while the run goes on.

    python examples/15_many_draws.py              two worker processes of this machine
    python examples/15_many_draws.py tcp://...    a Dask scheduler: any cluster

A run that was killed goes on where it was: start it again.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import xarray as xr

import standards_net as sn


def main(folder: str = "results", draws: int = 2048, scheduler: str | None = None) -> dict[str, float]:
    world = sn.load_world()
    pieces = sn.split(
        world, ["one-standard", "silos"], pieces=16, draws=draws, rng=11, until=2030, technologies="radio"
    )
    if scheduler is None:
        executor = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    else:
        from distributed import Client

        executor = sn.adapters.dask.executor(Client(scheduler))
    with executor:
        path = sn.stream(pieces, Path(folder) / "many_draws.zarr", executor=executor, resume=True)
    with xr.open_dataset(path, engine="zarr", chunks=None) as data:  # reads what is asked for, no more
        shares = data["china_share"].sel(year=2030, technology="radio")
        gap = shares.sel(scenario="silos") - shares.sel(scenario="one-standard")
        low, median, high = np.quantile(gap, [0.05, 0.5, 0.95])
    print(
        f"{draws} draws; silos move the Chinese-led share of 2030 by {median:+.3f} [{low:+.3f}, {high:+.3f}]"
    )
    return {"median": float(median), "draws": float(gap.sizes["draw"])}


if __name__ == "__main__":
    main(scheduler=sys.argv[1] if len(sys.argv) > 1 else None)
