"""Seconds and memory of the ensemble against the machine's own limit.

    make bench            all shipped scenarios, 1,000 draws, all technologies, 2019 to 2040
    python benchmarks/ensemble.py 256     fewer draws

Prints Markdown: wall seconds, peak memory, what one scenario and technology takes, the rate of matrix
multiplication that the network term needs relative to what BLAS reaches on the same machine in the same
minute, and a time profile.
"""

import cProfile
import pstats
import resource
import statistics
import sys
import time

import numpy as np
from threadpoolctl import threadpool_limits

import standards_net as sn
from standards_net.ensemble import engine


def gemm_gflops(size=1024, repeats=9):
    """Median rate of a float64 matrix product on one thread."""
    a = np.random.default_rng(0).random((size, size))
    rates = []
    with threadpool_limits(1):
        for _ in range(repeats):
            start = time.perf_counter()
            a @ a
            rates.append(2 * size**3 / (time.perf_counter() - start) / 1e9)
    return statistics.median(rates)


def network_gflop(world, scenarios, draws, years):
    """Arithmetic of the network term and the two exchange products, in 10^9 operations."""
    n, kinds, total = len(world.countries), len(world.ties), 0.0
    for scenario in map(sn.load_scenario, scenarios):
        moved = scenario.file.standards
        every = len({*world.standards, *moved.values()})
        for market in world.markets.values():
            of_vendors = zip(market.vendors, market.vendor_standards, strict=True)
            implemented = len({moved.get(vendor, standard) for vendor, standard in of_vendors})
            per_year = 2 * n * n * (kinds * implemented + 2 * every)
            total += (years - 1) * draws * per_year
    return total / 1e9


def where_time_goes(world):
    """Share of the time of one block by function, on one thread."""

    class Serial:
        def __init__(self, *_): ...
        def __enter__(self):
            return self

        def __exit__(self, *_): ...
        def map(self, function, items):
            return map(function, items)

    pool, engine.ThreadPoolExecutor = engine.ThreadPoolExecutor, Serial
    profile = cProfile.Profile()
    profile.enable()
    sn.run(world, ["broad-allied-ban", "silos"], draws=engine._BLOCK, rng=1)
    profile.disable()
    engine.ThreadPoolExecutor = pool
    seconds = {}
    for (file, _, name), row in pstats.Stats(profile).stats.items():
        if "standards_net" in file:
            seconds[name] = seconds.get(name, 0.0) + row[3]
    total = seconds["execute"]
    parts = ("offered", "renew", "_deployed", "tied_shares", "barred_part", "early_removal", "_log_price",
             "_drifted", "build_setting", "init", "loss_by_country_of", "bloc_size", "exchange_between_blocs",
             "costs_usd", "fragmentation_of", "barred_exports", "draw_quantiles", "year")  # fmt: skip
    return {name: seconds[name] / total for name in parts}


def milliseconds(run, repeats=9):
    """Median wall time of a call."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        taken.append(1e3 * (time.perf_counter() - start))
    return statistics.median(taken)


def main():
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    world, names, years = sn.load_world(), sn.scenario_names(), range(2019, 2041)
    sn.run(world, names[:1], draws=4, rng=1, years=range(2019, 2021))
    before = gemm_gflops()
    start = time.perf_counter()
    sn.run(world, names, draws=draws, rng=1, years=years)
    wall = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    alone = {
        technology: milliseconds(
            lambda technology=technology: sn.run(
                world, "core-allies-ban", draws=64, rng=1, years=years, technologies=[technology]
            )
        )
        for technology in world.markets
    }
    rate = network_gflop(world, names, draws, len(years)) / wall
    limit = statistics.median([before, gemm_gflops()])
    print(
        f"{len(names)} scenarios, {draws} draws, {len(world.markets)} technologies, {len(years) - 1} years, "
        f"blocks of {engine._BLOCK}\n"
    )
    print("| figure | value |\n|---|---|")
    print(f"| wall time | {wall:.0f} s |")
    steps = draws * len(names) * len(world.markets) * (len(years) - 1)
    print(f"| per draw, scenario, technology and year | {1e6 * wall / steps:.0f} us |")
    for technology, taken in alone.items():
        print(f"| one scenario, {technology} alone, 64 draws | {taken:.0f} ms |")
    print(f"| peak memory | {peak:.2f} GiB |")
    print(f"| matrix products that the model needs | {rate:.1f} GFLOP/s |")
    print(f"| BLAS on one thread of this machine | {limit:.1f} GFLOP/s |")
    print(f"| ratio | {rate / limit:.2f} |")
    print("\nWhere the time of a block goes (cumulative, one thread):\n\n| part | share |\n|---|---|")
    for name, share in sorted(where_time_goes(world).items(), key=lambda item: -item[1]):
        print(f"| `{name}` | {100 * share:.0f} % |")


if __name__ == "__main__":
    main()
