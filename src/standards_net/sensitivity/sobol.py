"""Sobol indices of measures: what part of their variance each parameter accounts for.

With inputs that are independent, the total index of input k of a model f is

.. math:: T_k = E[Var(f | θ_{-k})] / Var(f),

the part of the variance that is left if all other inputs are known, and its first-order index
:math:`S_k = Var(E[f | θ_k]) / Var(f)` the part that goes if it alone is known (Saltelli et al. 2010). All
that is random but no parameter (the base of 2019, tastes, dates, delays) is one input more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd

from standards_net.calibration import Calibration, Prior, load_calibration
from standards_net.checks import checked_count, checked_names, checked_year, shown
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.engine import Draws, Task, Years, execute
from standards_net.ensemble.observation import measure_inputs
from standards_net.errors import StandardsNetError, one_of
from standards_net.measures.inputs import WorldWeights
from standards_net.measures.table import HEADLINES, MEASURES
from standards_net.model.mechanisms import vendor_choice
from standards_net.model.setting import Setting
from standards_net.parameters import Parameter
from standards_net.progress import Progress
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.scenario import ScenarioLike, compile_scenario, load_scenario, load_scenarios
from standards_net.sensitivity.flips import uncertain_parameters
from standards_net.world.world import World

__all__ = ["NEGLIGIBLE", "RANDOM_NUMBERS", "ranking", "sobol_indices"]

RANDOM_NUMBERS = "base of 2019, tastes and dates"
NEGLIGIBLE = 0.005  # total indices below are within the error of the design
_LARGEST_BASE = 2**14
_RESAMPLES = 200  # of the bootstrap that gives standard errors
_CONFIDENCE, _WIDTH = 0.95, 1.959963984540054  # SALib gives intervals: so many standard errors wide
_COLUMNS = ["scenario", "measure", "parameter", "basis", "first", "first_se", "total", "total_se"]
_CONSTANT = 1e-12  # what varies by less, relative to its size, is rounding


def sobol_indices(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    *,
    against: ScenarioLike | None = None,
    measures: str | Sequence[str] = tuple(HEADLINES),
    technology: str = "radio",
    year: int = 2040,
    base: int = 256,
    rng: RNGLike | SeedLike | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """First-order and total Sobol indices of measures, by parameter, with standard errors.

    Parameters have their calibrated distributions; correlations between them are left out, since the
    indices need inputs that are independent. Parameters of other technologies and of the alignment game,
    which cannot matter, are not varied.

    Parameters
    ----------
    world : World
    scenarios : scenario or sequence of scenarios
    against : scenario or None
        A scenario: differences from it are analysed, draw by draw, in place of levels.
    measures : str or sequence of str
        Of ``standards_net.measures.MEASURES``, those with one number per draw.
    technology : str
    year : int
        Year of measurement.
    base : int
        N, a power of two up to 2^14: the model runs N (K + 3) draws of each scenario for K parameters.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed, as in SPEC 7.
    threads : int or None
        As many as there are cores if None.
    progress : callable or None
        Called with (parts done, in all).

    Returns
    -------
    DataFrame
        scenario, measure, parameter, basis, first, first_se, total, total_se; the rows of a measure that
        does not vary are left out. Indices are estimates: small ones can be negative.

    Raises
    ------
    StandardsNetError
        ``base`` that is no power of two, an unknown measure, technology or scenario.

    References
    ----------
    Saltelli, A. et al. (2010), Computer Physics Communications 181(2), doi:10.1016/j.cpc.2009.09.018.

    Examples
    --------
    >>> import standards_net as sn
    >>> found = sobol_indices(sn.load_world(), "silos", measures=["china_share"], year=2022, base=8, rng=1)
    >>> list(found.columns)
    ['scenario', 'measure', 'parameter', 'basis', 'first', 'first_se', 'total', 'total_se']
    >>> bool(found["parameter"].eq("lock_in").any())
    True
    """
    if not isinstance(world, World):
        raise StandardsNetError(f"world is {shown(world)}; give what load_world returns.")
    checked_count("base", base, 2, _LARGEST_BASE)
    if base & (base - 1):
        raise StandardsNetError(f"base is {base}; it must be a power of two, such as 256.")
    measures = _checked_measures(measures)
    if not isinstance(technology, str):
        raise StandardsNetError(f"technology is {shown(technology)}; name one, such as 'radio'.")
    (technology,) = world.select_technologies(technology)
    span = range(2019, checked_year("year", year, 2020) + 1)
    loaded = load_scenarios(scenarios)
    compared = loaded if against is None else (*loaded, load_scenario(against))
    levers = [compile_scenario(world, s, technology, span) for s in compared]

    varied = uncertain_parameters(world, technology)
    columns = _columns(world, technology, varied, base, seed_of(rng))
    weights = WorldWeights.of(world, ())
    values = np.empty((len(columns), len(compared), base, len(measures)))

    def read(column: int, scenario: int, rows: slice, setting: Setting, years: Years) -> None:
        *_, (state, info) = years
        inputs = measure_inputs(state, info, setting, weights)
        for k, name in enumerate(measures):
            values[column, scenario, rows, k] = MEASURES[name].function(inputs)[: rows.stop - rows.start]

    tasks = [
        Task(
            partial(draws.under(scenario).setting, block, levers[at]),
            vendor_choice(),
            partial(read, column, at, draws.rows_of(block)),
        )
        for block in columns[0].blocks  # columns stand together, since they share the world of 2019
        for column, draws in enumerate(columns)
        for at, scenario in enumerate(compared)
    ]
    execute(tasks, len(tasks), threads=threads, progress=progress)
    if against is not None:
        values = values[:, :-1] - values[:, -1:]
    names = [scenario.name for scenario in loaded]
    return pd.DataFrame(_rows(values, names, measures, varied), columns=_COLUMNS)


def _checked_measures(measures: str | Sequence[str]) -> tuple[str, ...]:
    """Names of measures that give one number per draw."""
    names = checked_names("measures", measures)
    if not names:
        raise StandardsNetError("no measure given; name at least one.")
    for name in names:
        if name not in MEASURES or MEASURES[name].dims:
            known = [n for n, m in MEASURES.items() if not m.dims]
            raise StandardsNetError(one_of("measure with one number per draw", name, known) + ".")
        if names.count(name) > 1:
            raise StandardsNetError(f"measure '{name}' is given twice; names must differ.")
    return names


def ranking(indices: pd.DataFrame) -> pd.DataFrame:
    """Parameters by their mean total index over the measures and scenarios of a table of indices.

    Parameters
    ----------
    indices : DataFrame
        From :func:`sobol_indices`, or several of its tables put together.

    Returns
    -------
    DataFrame
        rank, parameter, basis, mean_total, largest_total, and the measure and scenario of the latter.

    Examples
    --------
    >>> table = pd.DataFrame({"scenario": "s", "measure": "m", "parameter": ["a", "b"],
    ...     "basis": ["judgement", "estimated"], "total": [0.1, 0.6]})
    >>> ranking(table)["parameter"].tolist()
    ['b', 'a']
    """
    found = []
    for (parameter, basis), rows in indices.groupby(["parameter", "basis"], sort=False):
        most = rows.iloc[int(rows["total"].fillna(0.0).argmax())]
        found.append(
            (parameter, basis, rows["total"].mean(), most["total"], most["measure"], most["scenario"])
        )
    columns = ["parameter", "basis", "mean_total", "largest_total", "measure", "scenario"]
    table = pd.DataFrame(found, columns=columns).sort_values("mean_total", ascending=False, kind="stable")
    table.insert(0, "rank", range(1, len(table) + 1))
    return table.reset_index(drop=True)


def _columns(world: World, technology: str, varied: Sequence[Parameter], base: int, seed: int) -> list[Draws]:
    """Draws of Saltelli's scheme: A, A with each input in turn as in B, and B.

    Random numbers are the last input: those of another seed in B.
    """
    from SALib.sample import sobol

    size = len(varied)
    problem = {"num_vars": size, "names": [p.name for p in varied], "bounds": [[0.0, 1.0]] * size}
    points = sobol.sample(problem, base, calc_second_order=False, seed=np.random.default_rng(seed))
    points = points.reshape(base, size + 2, size).transpose(1, 2, 0)
    first, second = (Draws.of(world, technology, base, s) for s in (seed, seed + 1))
    own = [first.given(_values(varied, point)) for point in points[:-1]]
    return [
        *own,
        second.given(_values(varied, points[0])),
        second.given(_values(varied, points[-1])),
    ]


def _values(varied: Sequence[Parameter], points: FloatArray) -> dict[str, FloatArray]:
    """Values of the calibrated distributions at points of the unit cube, (K, R)."""
    calibration = load_calibration()
    alone = Calibration(
        calibration.names, calibration.priors, calibration.mean,
        np.diag(np.diag(calibration.covariance)), {}, {},
    )  # fmt: skip
    uniform = {p.name: point for p, point in zip(varied, points, strict=True)}
    moved = alone.moved(uniform, {p.name: Prior(p.prior, p.low, p.high) for p in varied})
    return {p.name: p.quantile(moved[p.name]) for p in varied}


def _rows(
    values: FloatArray, scenarios: Sequence[str], measures: Sequence[str], varied: Sequence[Parameter]
) -> Iterator[dict[str, object]]:
    from SALib.analyze import sobol

    inputs = [*((p.name, p.basis) for p in varied), (RANDOM_NUMBERS, "random")]
    problem = {"num_vars": len(inputs), "names": [name for name, _ in inputs]}
    for s, scenario in enumerate(scenarios):
        for m, measure in enumerate(measures):
            found = values[:, s, :, m]
            if np.ptp(found) <= _CONSTANT * np.abs(found).max():
                continue
            # Samples of all inputs of a row stand side by side, as SALib wants them.
            indices = sobol.analyze(
                problem, found.T.ravel(), calc_second_order=False, num_resamples=_RESAMPLES,
                conf_level=_CONFIDENCE, seed=1,
            )  # fmt: skip
            for k, (name, basis) in enumerate(inputs):
                yield {
                    "scenario": scenario,
                    "measure": measure,
                    "parameter": name,
                    "basis": basis,
                    "first": float(indices["S1"][k]),
                    "first_se": float(indices["S1_conf"][k] / _WIDTH),
                    "total": float(indices["ST"][k]),
                    "total_se": float(indices["ST_conf"][k] / _WIDTH),
                }
