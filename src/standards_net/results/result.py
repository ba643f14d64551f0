"""The answer of a run: labelled arrays with their units and where they come from, frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standards_net.errors import StandardsNetError, one_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["INTERVAL", "STATUS", "Result", "Variable"]

INTERVAL = (0.05, 0.5, 0.95)  # low, middle and high of every interval that is printed

STATUS = (
    "settled: no share moved by more than 0.001 in the last year",
    "cycling: shares repeat every two years",
    "still moving: some share moved by more than 0.001 in the last year",
)

_PER_RUN = ("scenario", "draw", "year", "technology")


@dataclass(frozen=True)
class Variable:
    """One named array of a result.

    Attributes
    ----------
    dims : tuple of str
        Axes, each a coordinate of the result.
    values : array
    unit : str
        ``1`` for pure numbers and shares.
    meaning : str
    """

    dims: tuple[str, ...]
    values: np.ndarray
    unit: str
    meaning: str


@dataclass(frozen=True, repr=False)
class Result:
    """What a run found, for one scenario or twenty.

    Attributes
    ----------
    coords : mapping of str to tuple
        Labels along each axis: scenario, draw, year, technology, country, vendor, standard, ...
    variables : mapping of str to Variable
    provenance : mapping of str to object
        Versions, seed, hashes of the tables, the scenarios as data. No clock: equal runs are equal.

    Examples
    --------
    >>> import standards_net as sn
    >>> result = sn.run(sn.load_world(), ["status-quo-2019"], draws=8, rng=7, years=range(2019, 2023))
    >>> result.coords["technology"]
    ('5g', 'iot')
    >>> result["beta"].dims
    ('scenario', 'draw', 'year', 'technology')
    """

    coords: Mapping[str, tuple[Any, ...]]
    variables: Mapping[str, Variable]
    provenance: Mapping[str, Any]

    def __repr__(self) -> str:
        """One line."""
        sizes = ", ".join(f"{k} {len(v)}" for k, v in self.coords.items() if k in _PER_RUN)
        return f"<Result: {sizes}; {len(self.variables)} variables>"

    def __getitem__(self, name: str) -> Variable:
        if name not in self.variables:
            raise StandardsNetError(one_of("variable", name, self.variables) + ".")
        return self.variables[name]

    def position(self, axis: str, label: Any) -> int:
        """Place of a label on an axis; an unknown one is an error that names the nearest.

        Examples
        --------
        >>> Result({"year": (2019, 2020)}, {}, {}).position("year", 2020)
        1
        """
        labels = self.coords[axis]
        if label not in labels:
            raise StandardsNetError(one_of(axis, str(label), map(str, labels)) + ".")
        return labels.index(label)

    def values(self, name: str, **where: Any) -> np.ndarray:
        """Array of a variable with some axes fixed at a label.

        Parameters
        ----------
        name : str
            A variable.
        **where
            Axis = label, e.g. ``scenario="silos", year=2040``.

        Returns
        -------
        array
            The remaining axes in the variable's order.
        """
        variable = self[name]
        for axis in where:
            if axis not in variable.dims:
                raise StandardsNetError(f"'{name}' has no axis '{axis}'; it has {', '.join(variable.dims)}.")
        index = tuple(
            self.position(axis, where[axis]) if axis in where else slice(None) for axis in variable.dims
        )
        return np.asarray(variable.values[index])

    @property
    def measures(self) -> tuple[str, ...]:
        """Variables with one number for each scenario, draw, year and technology."""
        return tuple(n for n, v in self.variables.items() if v.dims == _PER_RUN)

    def summary(self, year: int | None = None) -> pd.DataFrame:
        """Median and 5 to 95 % interval over the draws of every measure, one row each.

        Parameters
        ----------
        year : int or None
            Last year of the run if None.
        """
        import pandas as pd

        at = self.coords["year"][-1] if year is None else year
        rows = []
        for name in self.measures:
            found = np.quantile(self.values(name, year=at), INTERVAL, axis=1)
            for s, scenario in enumerate(self.coords["scenario"]):
                for k, technology in enumerate(self.coords["technology"]):
                    low, median, high = found[:, s, k]
                    rows.append((scenario, technology, at, name, median, low, high, self[name].unit))
        columns = ["scenario", "technology", "year", "measure", "median", "low", "high", "unit"]
        return pd.DataFrame(rows, columns=columns)

    def against(self, baseline: str, year: int | None = None) -> pd.DataFrame:
        """Paired differences from a baseline scenario: same draw, same luck, other policy.

        Parameters
        ----------
        baseline : str
            A scenario of this result.
        year : int or None
            Last year of the run if None.

        Returns
        -------
        DataFrame
            Median difference, its 5 to 95 % interval and the share of draws in which it is positive.
        """
        import pandas as pd

        at = self.coords["year"][-1] if year is None else year
        base = self.position("scenario", baseline)
        rows = []
        for name in self.measures:
            values = self.values(name, year=at)
            for s, scenario in enumerate(self.coords["scenario"]):
                if s == base:
                    continue
                gap = values[s] - values[base]
                found = np.quantile(gap, INTERVAL, axis=0)
                for k, technology in enumerate(self.coords["technology"]):
                    low, median, high = found[:, k]
                    up = float((gap[:, k] > 0.0).mean())
                    rows.append((scenario, baseline, technology, at, name, median, low, high, up))
        columns = [
            "scenario", "baseline", "technology", "year", "measure", "median", "low", "high",
            "share_above_zero",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def to_frame(self, name: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Long table: one row for each combination of labels, one column for each variable.

        Parameters
        ----------
        name : str, sequence of str or None
            Variables of equal axes; all measures if None.
        """
        import pandas as pd

        names = list(self.measures) if name is None else [name] if isinstance(name, str) else [*name]
        axes = {self[n].dims for n in names}
        if len(axes) != 1:
            raise StandardsNetError(
                "variables of one table need the same axes; these differ: "
                + "; ".join(f"{n} ({', '.join(self[n].dims)})" for n in names)
                + "."
            )
        dims = axes.pop()
        index = pd.MultiIndex.from_product([self.coords[d] for d in dims], names=dims)
        columns = {n: self[n].values.reshape(-1) for n in names}
        return pd.DataFrame(columns, index=index).reset_index()

    def to_xarray(self) -> xr.Dataset:
        """All variables as one labelled xarray data set, units in the attributes."""
        import xarray as xr

        data = {
            n: (v.dims, v.values, {"units": v.unit, "long_name": v.meaning})
            for n, v in self.variables.items()
        }
        coords = {axis: list(labels) for axis, labels in self.coords.items()}
        return xr.Dataset(data, coords=coords, attrs={k: str(v) for k, v in self.provenance.items()})

    def to_iamc(self) -> pd.DataFrame:
        """World measures in the table format of integrated assessment (IAMC, as pyam reads it)."""
        from standards_net.results.exchange import iamc_table

        return iamc_table(self)

    def save(self, path: str | Path) -> Path:
        """Write everything to one ``.npz`` file, whole or not at all (``load_result`` reads it)."""
        from standards_net.results.exchange import save_result

        return save_result(self, path)

    def _repr_html_(self) -> str:
        from standards_net.results.exchange import html_summary

        return html_summary(self)
