"""Use from another program: a trade model queries the cost of split standards year by year.

The result is an array with one value per country; no file, no plot, no global state.
"""

import numpy as np

import standards_net as sn


def surcharge(world: sn.World, result: sn.Result, scenario: str, year: int) -> np.ndarray:
    """Cost of split standards as a share of each country's trade, mean over the draws."""
    cost = sum(
        result.values("mean_cost_usd", scenario=scenario, year=year, technology=technology)
        for technology in result.coords["technology"]
    )
    return cost / world.trade_usd.sum(axis=1)


def main(draws: int = 64) -> dict[str, float]:
    world = sn.load_world()
    result = sn.run(world, ["status-quo-2019", "silos"], draws=draws, rng=11)
    found = {}
    for year in (2025, 2030, 2040):
        extra = surcharge(world, result, "silos", year) - surcharge(world, result, "status-quo-2019", year)
        for code in ("DEU", "KEN"):
            found[f"{code} {year}"] = float(extra[world.countries.index(code)])
            print(f"{year}: trade of {code} bears {100 * found[f'{code} {year}']:.2f} % more under silos")
    return found


if __name__ == "__main__":
    main()
