"""The parameter table, and draws from the priors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standards_net.calibration import Calibration, Prior, load_calibration
from standards_net.checks import real_array, shown
from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError, UnknownNameError, one_of
from standards_net.frozen import content_digest
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.threads import single_threaded_blas

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

__all__ = [
    "PER_TECHNOLOGY", "SAMPLES", "Parameter", "ParameterSample", "Parameters", "check_values",
    "draw_parameters",
]  # fmt: skip

SAMPLES = ("calibrated", "prior", "central")
ParameterSample = str | Mapping[str, "ArrayLike"]

# Parameters that each technology has its own of, named by it: ``lifetime_radio``.
PER_TECHNOLOGY = (
    "innovation", "imitation", "spill_over", "lifetime", "sector_research", "market", "network_value",
)  # fmt: skip

_FAR = 1e6  # times its own size, that no parameter goes beyond


@dataclass(frozen=True)
class Parameter:
    """One row of the parameter table: a number's default, its prior and their sources.

    Attributes
    ----------
    symbol, name, unit : str
        Symbol in equations, name in code and scenarios, and unit.
    default : float
        Central value; the only possible value if the prior is fixed.
    prior : {"fixed", "uniform", "loguniform", "normal"}
        Family of the prior.
    low, high : float
        Bounds of a (log)uniform prior; 2.5 % and 97.5 % quantiles of a normal one.
    least, most : float
        Admissible range of priors and overrides; ``most`` is NaN if there is no upper bound.
    group, basis, meaning, source : str
        Part of the model it belongs to, what the belief rests on (estimated, calibrated, literature,
        judgement or definition), its meaning and its source.
    """

    symbol: str
    name: str
    unit: str
    default: float
    prior: str
    low: float
    high: float
    least: float
    most: float
    group: str
    basis: str
    meaning: str
    source: str

    def quantile(self, probability: FloatArray) -> FloatArray:
        """Quantile function of the prior.

        Examples
        --------
        >>> p = Parameter("x", "x", "1", 1.0, "uniform", 0.0, 2.0, 0.0, float("nan"), "g", "", "", "")
        >>> p.quantile(np.array([0.25])).tolist()
        [0.5]
        """
        if self.prior == "uniform":
            return np.asarray(self.low + (self.high - self.low) * probability)
        if self.prior == "loguniform":
            return np.asarray(self.low * (self.high / self.low) ** probability)
        if self.prior == "normal":
            from scipy.stats import norm

            spread = (self.high - self.low) / (2 * norm.ppf(0.975))
            return np.asarray(norm.ppf(probability, loc=self.default, scale=spread))
        return np.full_like(probability, self.default)

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of the prior: bounds, 2.5 % and 97.5 % quantiles, or the fixed value itself."""
        return (self.default, self.default) if self.prior == "fixed" else (self.low, self.high)

    @property
    def _most(self) -> float:
        """What its table allows at most, or a million times what it is: nothing infinite reaches a table."""
        if not math.isnan(self.most):
            return self.most
        known = [abs(end) for end in (self.default, self.low, self.high) if math.isfinite(end)]
        return _FAR * max([*known, 1e-6])

    def complaint(self, value: float) -> str:
        """Message if a value is not admissible for the parameter; empty if it is.

        Examples
        --------
        >>> import standards_net as sn
        >>> sn.load_world().parameters["progress_ratio"].complaint(1.5)
        'progress_ratio is 1.5; it must be from 0.01 to 1'
        """
        if self.least <= value <= self._most:
            return ""
        return f"{self.name} is {value:g}; it must be from {self.least:g} to {self._most:g}"


class Parameters(Mapping[str, Parameter]):
    """All parameters by name, in the order of their table.

    Parameters
    ----------
    table : pandas.DataFrame
        ``data/model/parameters.csv``, already validated.

    Examples
    --------
    >>> import standards_net as sn
    >>> sn.load_world().parameters["progress_ratio"].unit
    '1'
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self._by_name = {
            str(row["name"]): Parameter(**{"basis": "judgement", **{str(k): v for k, v in row.items()}})
            for row in table.to_dict("records")
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the table."""
        return content_digest(self.table.to_csv())

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownNameError(one_of("parameter", name, self._by_name) + ".") from None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


def draw_parameters(
    parameters: Parameters,
    draws: int | range,
    rng: RNGLike | SeedLike | None = None,
    sample: str | Calibration = "calibrated",
) -> dict[str, FloatArray]:
    """Sample the parameters with a scrambled Sobol sequence.

    Draw ``r`` is point ``r`` of one sequence, so a longer run starts with the draws of a shorter one.

    Parameters
    ----------
    parameters : Parameters
        The table.
    draws : int or range
        Number of draws, or some of a longer run.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed, as in SPEC 7.
    sample : {"calibrated", "prior", "central"} or Calibration
        From the priors moved by what happened (the shipped calibration, or one given), from the priors as
        they are, or the defaults in all draws.

    Returns
    -------
    dict of str to (draws,) array

    Raises
    ------
    StandardsNetError
        Another sample.

    References
    ----------
    Owen, A. B. (1998), ACM Transactions on Modeling and Computer Simulation 8(1),
    doi:10.1145/272991.273010.

    Examples
    --------
    >>> import standards_net as sn
    >>> p = sn.load_world().parameters
    >>> few, many = (draw_parameters(p, n, rng=7)["lock_in"] for n in (4, 8))
    >>> bool((few == many[:4]).all())
    True
    """
    from scipy.stats import qmc

    if not isinstance(sample, Calibration) and sample not in SAMPLES:
        raise StandardsNetError(one_of("sample of parameters", shown(sample).strip("'"), SAMPLES) + ".")
    free = [p for p in parameters.values() if p.prior != "fixed" and sample != "central"]
    sampler = qmc.Sobol(max(len(free), 1), scramble=True, rng=np.random.default_rng(seed_of(rng)))
    asked = range(draws) if isinstance(draws, int) else draws
    if asked.start:
        points = sampler.fast_forward(asked.start).random(len(asked))
    else:  # a power of two keeps the sequence balanced (scipy warns otherwise)
        points = sampler.random_base2(max(int(np.ceil(np.log2(max(len(asked), 1)))), 0))[: len(asked)]
    uniform = {p.name: points[:, column] for column, p in enumerate(free)}
    if sample != "prior" and free:
        calibration = sample if isinstance(sample, Calibration) else load_calibration()
        with single_threaded_blas():  # the same bytes whatever the cores
            uniform = calibration.moved(uniform, {p.name: Prior(p.prior, p.low, p.high) for p in free})
    drawn = {p.name: p.quantile(uniform[p.name]) for p in free}
    return {name: drawn.get(name, np.full(len(asked), p.default)) for name, p in parameters.items()}


def check_values(
    parameters: Parameters, given: Mapping[str, ArrayLike], draws: int
) -> dict[str, float | FloatArray]:
    """Values given for parameters: one for all draws, or one for each.

    Parameters
    ----------
    parameters : Parameters
        The table.
    given : mapping of str to float or (draws,) array
    draws : int
        Number of draws.

    Raises
    ------
    StandardsNetError
        An unknown parameter, another number of values than draws, or an inadmissible value.

    Examples
    --------
    >>> import standards_net as sn
    >>> check_values(sn.load_world().parameters, {"lock_in": 1}, 8)
    {'lock_in': 1.0}
    """
    checked: dict[str, float | FloatArray] = {}
    for name, values in given.items():
        parameter = parameters[name]
        if isinstance(values, bool | str) or values is None:
            raise StandardsNetError(
                f"{name} is {shown(values)}; give a number, or one for each of the {draws} draws."
            )
        array = real_array(name, values)
        if array.shape not in ((), (draws,)):
            raise StandardsNetError(
                f"{name} has {'values of shape ' if array.ndim > 1 else ''}"
                f"{array.shape if array.ndim > 1 else f'{len(array)} values'} for {draws} draws; give a "
                "number, or one for each draw."
            )
        for value in np.unique(array)[[0, -1]] if array.size else ():
            if complaint := parameter.complaint(float(value)):
                raise StandardsNetError(f"{complaint}.")
        checked[name] = array if array.ndim else float(array)
    return checked
