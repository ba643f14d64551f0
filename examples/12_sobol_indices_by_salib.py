"""Which parameters matter for the Chinese-led share, by SALib: sampled there, run here, analysed there.

All rows have the random numbers of one draw, so that what varies is due to the parameters.
"""

from SALib.analyze import sobol as analyser
from SALib.sample import sobol as sampler

import standards_net as sn

PARAMETERS = ["lock_in", "network_benefit", "price_sensitivity", "weight_of_country_mix", "progress_ratio"]


def main(base: int = 64, year: int = 2035) -> dict[str, float]:
    world = sn.load_world()
    problem = sn.adapters.salib.problem(world, PARAMETERS)
    samples = sampler.sample(problem, base, calc_second_order=False, seed=11)
    shares = sn.adapters.salib.evaluate(samples, problem, world, "silos", "china_share", year=year, rng=11)
    indices = analyser.analyze(problem, shares, calc_second_order=False, seed=11)
    print(f"{len(samples)} runs; Chinese-led share in {year}: {shares.min():.3f} to {shares.max():.3f}")
    total = dict(zip(problem["names"], map(float, indices["ST"]), strict=True))
    for name, index in sorted(total.items(), key=lambda item: -item[1]):
        print(f"{name:24} total index {index:.2f}")
    return total


if __name__ == "__main__":
    main()
