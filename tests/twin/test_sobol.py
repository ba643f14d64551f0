"""Sobol indices against runs of each column of the design, one after the other."""

import numpy as np
from SALib.sample import sobol
from scipy.stats import norm

import standards_net as sn
from standards_net.calibration import load_calibration
from standards_net.sensitivity import RANDOM_NUMBERS, sobol_indices

SEED, BASE, YEAR = 5, 16, 2023


def calibrated(parameters, points):
    """Values at points of the unit cube, a parameter's calibrated distribution at a time."""
    calibration = load_calibration()
    values = {}
    for parameter, uniform in zip(parameters, points, strict=True):
        if parameter.name in calibration.names:
            k = calibration.names.index(parameter.name)
            sd = calibration.covariance[k, k] ** 0.5
            uniform = norm.cdf(calibration.mean[k] + sd * norm.ppf(uniform))
        values[parameter.name] = parameter.quantile(uniform)
    return values


def test_total_indices_by_separate_runs(world):
    found = sobol_indices(
        world, "broad-allied-ban", against="status-quo-2019", measures=["china_share", "total_usd"],
        year=YEAR, base=BASE, rng=SEED,
    )  # fmt: skip
    varied = [world.parameters[n] for n in found["parameter"].unique() if n != RANDOM_NUMBERS]
    problem = {"num_vars": len(varied), "bounds": [[0, 1]] * len(varied), "names": [p.name for p in varied]}
    design = sobol.sample(problem, BASE, calc_second_order=False, seed=np.random.default_rng(SEED))
    design = design.reshape(BASE, len(varied) + 2, len(varied))

    def effect(measure, point, seed=SEED):
        result = sn.run(
            world, ["broad-allied-ban", "status-quo-2019"], draws=BASE, rng=seed, until=YEAR,
            technologies="radio", parameters=calibrated(varied, design[:, point].T),
        )  # fmt: skip
        one, two = result.values(measure, technology="radio", year=YEAR)
        return one - two

    for measure, names in (("china_share", ["taste_sd", "lock_in"]), ("total_usd", ["price_sensitivity"])):
        first, last = effect(measure, 0), effect(measure, -1, SEED + 1)
        spread = np.var(np.concatenate([first, last]))
        row = found[found["measure"] == measure].set_index("parameter")["total"]
        for name in names:
            moved = effect(measure, 1 + [p.name for p in varied].index(name))
            np.testing.assert_allclose(row[name], 0.5 * np.mean((moved - first) ** 2) / spread, rtol=1e-6)
        other = effect(measure, 0, SEED + 1)
        np.testing.assert_allclose(
            row[RANDOM_NUMBERS], 0.5 * np.mean((other - first) ** 2) / spread, rtol=1e-6
        )
