"""SALib: the problem, and the model as a function of its samples.

Rows of a sample ride as draws of one run, 256 at a time, which is much faster than a run for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from standards_net.adapters.designs import checked_measures, run_design, varied_parameters
from standards_net.checks import checked_year, real_array, shown
from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError
from standards_net.labels import without_labels
from standards_net.parameters import Parameter
from standards_net.randomness import RNGLike, SeedLike
from standards_net.scenario import ScenarioLike, load_scenario
from standards_net.world.world import World

__all__ = ["evaluate", "problem"]

_DISTRIBUTIONS = {"uniform": "unif", "loguniform": "logunif", "normal": "norm"}
_NORMAL_WIDTH = 2 * 1.959963984540054  # standard deviations between the 2.5 % and 97.5 % quantiles


def problem(world: World, parameters: Sequence[str] | None = None) -> dict[str, Any]:
    """The problem that SALib's samplers and analysers take: parameters with their priors.

    Parameters
    ----------
    world : World
    parameters : sequence of str or None
        All whose prior is not fixed if None.

    Raises
    ------
    StandardsNetError
        An unknown parameter, or one whose prior is fixed.

    Examples
    --------
    >>> import standards_net as sn
    >>> problem(sn.load_world(), ["lock_in", "weight_of_country_mix"])  # doctest: +NORMALIZE_WHITESPACE
    {'num_vars': 2, 'names': ['lock_in', 'weight_of_country_mix'],
     'bounds': [[0.3, 1.7], [0.01, 0.5]], 'dists': ['unif', 'logunif']}
    """
    varied = varied_parameters(world, parameters)
    return {
        "num_vars": len(varied),
        "names": [p.name for p in varied],
        "bounds": [_bounds(p) for p in varied],
        "dists": [_DISTRIBUTIONS[p.prior] for p in varied],
    }


def _bounds(parameter: Parameter) -> list[float]:
    """Ends, or mean and standard deviation of a normal prior."""
    low, high = float(parameter.low), float(parameter.high)
    if parameter.prior == "normal":
        return [float(parameter.default), (high - low) / _NORMAL_WIDTH]
    return [low, high]


def evaluate(
    samples: Any,
    problem: Mapping[str, Any],
    world: World,
    scenario: ScenarioLike,
    measures: str | Sequence[str] = "market_fragmentation",
    *,
    against: ScenarioLike | None = None,
    year: int = 2040,
    technology: str = "radio",
    rng: RNGLike | SeedLike | None = 0,
    draw: int | None = 0,
    threads: int | None = None,
) -> FloatArray:
    """The model's answers to the rows of a sample, as SALib's analysers take them.

    Parameters
    ----------
    samples : (rows, parameters) array or DataFrame
        From a sampler of SALib; columns in the order of the problem, or by name.
    problem : mapping
        From :func:`problem`, or another with ``names``.
    world : World
    scenario : scenario
    measures : str or sequence of str
        Measures with one number for each draw.
    against : scenario or None
        Subtract the answers under this scenario.
    year : int
    technology : str
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed of the random numbers.
    draw : int or None
        The draw whose random numbers (base of 2019, tastes, dates) all rows have: what varies then is due to
        the parameters. Row r has those of draw r if None.
    threads : int or None
        As many as there are cores if None.

    Returns
    -------
    (rows,) array, or (rows, measures) for a sequence of measures

    Raises
    ------
    StandardsNetError
        Samples of another shape, unknown parameters, measures or scenarios, or values out of bounds.

    Examples
    --------
    >>> import standards_net as sn
    >>> from SALib.sample import latin
    >>> world = sn.load_world()
    >>> asked = problem(world, ["lock_in", "network_benefit"])
    >>> samples = latin.sample(asked, 8, seed=1)
    >>> evaluate(samples, asked, world, "silos", "china_share", year=2024).shape
    (8,)
    """
    names = _names(problem)
    values = real_array("samples", _in_order(samples, names))
    if values.ndim != 2 or values.shape[1] != len(names) or not len(values):
        raise StandardsNetError(
            f"samples have shape {values.shape}; they must have a row for each and {len(names)} columns."
        )
    asked, last = checked_measures(measures), checked_year("year", year, 2020)
    scenarios = [load_scenario(one) for one in (scenario, against) if one is not None]
    found = run_design(
        world, scenarios, dict(zip(names, values.T, strict=True)), draw=draw, rng=rng, until=last,
        technologies=technology, threads=threads,
    )  # fmt: skip
    where = {"year": last, "technology": technology}
    answers = np.stack([found.values(name, **where) for name in asked], axis=-1)
    effect = answers[0] if against is None else answers[0] - answers[1]
    return np.ascontiguousarray(effect[:, 0] if isinstance(measures, str) else effect)


def _names(problem: Any) -> list[str]:
    names = problem.get("names") if hasattr(problem, "get") else None
    if not isinstance(names, Sequence) or isinstance(names, str) or not names:
        raise StandardsNetError(f"problem is {shown(problem)}; give what adapters.salib.problem makes.")
    for name in names:
        if list(names).count(name) > 1:
            raise StandardsNetError(f"the problem names {name} twice; name each parameter once.")
    return [str(name) for name in names]


def _in_order(samples: Any, names: Sequence[str]) -> Any:
    """Columns of a data frame by name."""
    import pandas as pd

    if not isinstance(samples, pd.DataFrame):
        return without_labels("samples", samples)
    if sorted(map(str, samples.columns)) != sorted(names):
        given = ", ".join(map(str, samples.columns))
        raise StandardsNetError(f"samples have the columns {given}; they must be {', '.join(names)}.")
    return samples[list(names)].to_numpy()
