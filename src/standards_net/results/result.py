"""The answer of a run: labelled arrays with their units and their provenance, frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from standards_net.country_names import country_code
from standards_net.errors import StandardsNetError, UnknownNameError, one_of
from standards_net.files import write_bytes
from standards_net.frozen import Value, content_digest
from standards_net.labels import is_missing
from standards_net.measures.table import HEADLINES, MEASURES
from standards_net.results.condensed import condensed_parts
from standards_net.results.dataset import from_dataset, to_dataset
from standards_net.results.graphs import adoption_graph, as_igraph
from standards_net.results.iamc import iamc_table
from standards_net.results.storage import checked_result_path, netcdf_bytes, read
from standards_net.results.store import write_store
from standards_net.results.variable import INTERVAL, PER_RUN, Variable

if TYPE_CHECKING:
    import igraph as ig
    import networkx as nx
    import pandas as pd
    import xarray as xr

__all__ = ["Result", "load_result"]


@dataclass(frozen=True, repr=False, eq=False)
class Result(Value, Mapping[str, Variable]):
    """What a run found, for one scenario or twenty: a mapping of names to variables.

    Two results are equal if their labels and every value are, wherever they were computed.

    Attributes
    ----------
    coords : mapping of str to tuple
        Labels along each axis: scenario, draw, year, technology, country, vendor, standard, ...
    variables : mapping of str to Variable
    provenance : mapping of str to object
        Versions, seed, hashes of the tables, the scenarios as data, the mechanism and every other
        argument that changes the values: :func:`standards_net.rerun` repeats the run from it. No timestamps.

    Examples
    --------
    >>> import standards_net as sn
    >>> result = sn.run(sn.load_world(), ["status-quo-2019"], draws=8, rng=7, years=range(2019, 2023))
    >>> result.coords["technology"]
    ('radio', 'core', 'iot')
    >>> result["beta"].dims
    ('scenario', 'draw', 'year', 'technology')
    >>> "beta" in result, "nonsense" in result
    (True, False)
    """

    coords: Mapping[str, tuple[Any, ...]]
    variables: Mapping[str, Variable]
    provenance: Mapping[str, Any]

    def __repr__(self) -> str:
        """One line."""
        sizes = ", ".join(f"{k} {len(v)}" for k, v in self.coords.items() if k in PER_RUN)
        return f"<Result: {sizes}; {len(self.variables)} variables>"

    def __getitem__(self, name: str) -> Variable:
        if name not in self.variables:
            raise UnknownNameError(one_of("variable", name, self.variables) + ".")
        return self.variables[name]

    def __contains__(self, name: object) -> bool:
        return name in self.variables

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __len__(self) -> int:
        return len(self.variables)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all labels and values; provenance, with its versions, does not count."""
        variables = [[name, self.variables[name].digest] for name in sorted(self.variables)]
        return content_digest(dict(sorted(self.coords.items())), variables)

    def position(self, axis: str, label: Any) -> int:
        """Place of a label on an axis; an unknown one is an error that names the nearest.

        Examples
        --------
        >>> Result({"year": (2019, 2020)}, {}, {}).position("year", 2020)
        1
        """
        if axis not in self.coords:
            raise UnknownNameError(one_of("axis", axis, self.coords) + ".")
        labels = self.coords[axis]
        if axis == "country":
            label = country_code(label, labels)
        if is_missing(label) or label not in labels:
            raise UnknownNameError(one_of(axis, label, labels) + ".")
        return labels.index(label)

    @overload
    def values(self, /) -> ValuesView[Variable]: ...
    @overload
    def values(self, name: str, /, **where: Any) -> np.ndarray: ...
    def values(self, name: str | None = None, /, **where: Any) -> Any:
        """Array of a variable with some axes fixed at a label.

        Parameters
        ----------
        name : str
            A variable; without a name, all variables, as of any mapping.
        **where
            Axis = label, e.g. ``scenario="silos", year=2040``; or several: a list of labels, or a slice from
            one label to another, both included.

        Returns
        -------
        array
            The axes that are not fixed at one label, in the variable's order.

        Examples
        --------
        >>> import standards_net as sn
        >>> result = sn.run(sn.load_world(), "silos", draws=8, rng=7, until=2024)
        >>> result.values("beta", scenario="silos", technology="radio", year=slice(2022, 2024)).shape
        (8, 3)
        """
        if name is None:
            return ValuesView(self)
        variable = self[name]
        for axis in where:
            if axis not in variable.dims:
                raise StandardsNetError(f"'{name}' has no axis '{axis}'; it has {', '.join(variable.dims)}.")
        found = variable.values
        for at, axis in reversed(list(enumerate(variable.dims))):
            if axis in where:
                found = found[(slice(None),) * at + (self._places(axis, where[axis]),)]
        return np.asarray(found)

    def _places(self, axis: str, asked: Any) -> int | list[int] | slice:
        """Places of a label, of several, or of a slice from one to another."""
        if isinstance(asked, slice):
            if asked.step is not None:
                raise StandardsNetError(f"{axis} is a slice with a step; give a list of labels instead.")
            first = 0 if asked.start is None else self.position(axis, asked.start)
            return slice(first, None if asked.stop is None else self.position(axis, asked.stop) + 1)
        if isinstance(asked, Iterable) and not isinstance(asked, str):
            return [self.position(axis, label) for label in asked]
        return self.position(axis, asked)

    @property
    def status(self) -> np.ndarray:
        """How each draw stood in the last year, words of :class:`standards_net.Status`.

        Axes are scenario, draw and technology.
        """
        return self["status"].values

    @property
    def parameters(self) -> pd.DataFrame:
        """Parameters of each draw, before what a scenario sets: draws by names."""
        import pandas as pd

        index = pd.Index(self.coords["draw"], name="draw")
        return pd.DataFrame(self["parameter_value"].values, index, list(self.coords["parameter"]))

    @property
    def measures(self) -> tuple[str, ...]:
        """Variables with one number for each scenario, draw, year and technology."""
        return tuple(n for n, v in self.variables.items() if v.dims == PER_RUN)

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
        """Paired differences from a baseline scenario: common random numbers, other policy.

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
                    up = float(np.where(np.isnan(gap[:, k]), np.nan, gap[:, k] > 0.0).mean())
                    rows.append((scenario, baseline, technology, at, name, median, low, high, up))
        columns = [
            "scenario", "baseline", "technology", "year", "measure", "median", "low", "high",
            "share_above_zero",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def shares(
        self,
        country: str,
        *,
        technology: str | None = None,
        base: str | None = None,
        scenario: str | None = None,
        by: str = "standard",
    ) -> pd.DataFrame:
        """Shares of a country's installed base over the years, with their interval over the draws.

        Parameters
        ----------
        country : str
            ISO code, or name.
        technology : str or None
            The first of the result if None.
        base : str or None
            Of a technology with two bases one of them, such as ``"4g"`` or ``"5g"``; all that is in use if
            None. The newer base has no shares (NaN) before it is deployed.
        scenario : str or None
            May be left out if the result has only one.
        by : {"standard", "vendor"}

        Returns
        -------
        DataFrame
            ``year``, ``standard`` or ``vendor``, and ``median``, ``low`` and ``high`` over the draws (5 and
            95 %; of more than 256 draws the mean of these quantiles over blocks of 256).

        Raises
        ------
        StandardsNetError
            Unknown country, technology, base, scenario, or ``by``.

        Examples
        --------
        >>> import standards_net as sn
        >>> result = sn.run(sn.load_world(), "status-quo-2019", draws=8, rng=7, until=2021)
        >>> list(result.shares("DEU", technology="radio", base="4g").columns)
        ['year', 'standard', 'median', 'low', 'high']
        """
        import pandas as pd

        if by not in ("standard", "vendor"):
            raise StandardsNetError(one_of("kind of share", by, ("standard", "vendor")) + ".")
        of = self.coords["technology"][0] if technology is None else technology
        self.position("technology", of)
        layer = f"{of} {base}" if base is not None else of
        self[f"{by}_interval"]  # a result that was read in part may lack it
        layers = [name for name in self.coords["layer"] if name.startswith(f"{of} ")]
        bases = [name.removeprefix(f"{of} ") for name in layers]
        if layer not in self.coords["layer"]:
            raise StandardsNetError(
                one_of(f"base of {of}", base, bases) + "."
                if bases
                else f"{of} has one base; leave out base='{base}'."
            )
        where = {"scenario": self._only_scenario(scenario), "country": country}
        found = self.values(f"{by}_interval", layer=layer, **where).astype(np.float64)
        if bases and base == bases[-1]:
            deployed = self.values("deployment_interval", technology=of, **where)[:, -1] > 0.0
            found = np.where(deployed[:, None, None], found, np.nan)
        labels = self.coords[by]
        # Of all vendors and standards those that somebody uses in this technology.
        sold = np.flatnonzero(self.values(f"{by}_interval", layer=of).any(axis=(0, 1, 2, 4)))
        index = [(year, labels[v]) for year in self.coords["year"] for v in sold]
        return _interval_frame(pd.DataFrame(index, columns=["year", by]), found[:, sold])

    def deployment(
        self, country: str, *, technology: str | None = None, scenario: str | None = None
    ) -> pd.DataFrame:
        """Share of a country's market that is served (of radio: on 5g) over the years, with its interval.

        Parameters
        ----------
        country, technology, scenario
            As in :meth:`shares`.

        Returns
        -------
        DataFrame
            ``year``, ``median``, ``low`` and ``high`` over the draws.

        Examples
        --------
        >>> import standards_net as sn
        >>> result = sn.run(sn.load_world(), "status-quo-2019", draws=8, rng=7, until=2021)
        >>> len(result.deployment("BEL", technology="radio"))
        3
        """
        import pandas as pd

        of = self.coords["technology"][0] if technology is None else technology
        where = {"scenario": self._only_scenario(scenario), "country": country, "technology": of}
        found = self.values("deployment_interval", **where).astype(np.float64)
        return _interval_frame(pd.DataFrame({"year": self.coords["year"]}), found)

    def costs(
        self, country: str, *, scenario: str | None = None, technology: str | None = None
    ) -> pd.DataFrame:
        """The account of a country over the years by item, with intervals over the draws, USD of 2019.

        Parameters
        ----------
        country, scenario
            As in :meth:`shares`.
        technology : str or None
            All technologies of the result together if None.

        Returns
        -------
        DataFrame
            ``year``, ``item``, ``median``, ``low`` and ``high``. The item ``total`` is the sum of the others
            in every draw; its median is not the sum of their medians.

        Examples
        --------
        >>> import standards_net as sn
        >>> result = sn.run(sn.load_world(), "status-quo-2019", draws=8, rng=7, until=2021)
        >>> sorted(result.costs("USA")["item"].unique())[:3]
        ['delay', 'double_running', 'equipment']
        """
        import pandas as pd

        self["cost_interval_usd"]  # a result that was read in part may lack it
        scope = self.coords["scope"][-1] if technology is None else technology
        if technology is not None:
            self.position("technology", technology)
        where = {"scenario": self._only_scenario(scenario), "country": country, "scope": scope}
        found = self.values("cost_interval_usd", **where).astype(np.float64)
        index = [(year, item) for year in self.coords["year"] for item in self.coords["cost"]]
        return _interval_frame(pd.DataFrame(index, columns=["year", "item"]), found)

    def _only_scenario(self, scenario: str | None) -> str:
        names = self.coords["scenario"]
        if scenario is None and len(names) != 1:
            raise StandardsNetError(f"the result has {len(names)} scenarios; name one of {', '.join(names)}.")
        return str(names[0] if scenario is None else scenario)

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
        """All variables as one labelled xarray data set, as :meth:`save` writes it.

        Units and meanings are attributes (``units``, ``long_name``); names and places of countries, and
        technologies, standards and homes of vendors, are coordinates; the status is a CF flag; the provenance
        is a variable of JSON text.

        Examples
        --------
        >>> import standards_net as sn
        >>> result = sn.run(sn.load_world(), "silos", draws=2, rng=7, until=2020)
        >>> data = result.to_xarray()
        >>> data["beta"].attrs["units"], str(data["country_name"].sel(country="KEN").item())
        ('1', 'Kenya')
        >>> Result.from_xarray(data) == result
        True
        """
        return to_dataset(self.coords, self.variables, self.provenance)

    @classmethod
    def from_xarray(cls, data: xr.Dataset) -> Result:
        """The result of a data set that :meth:`to_xarray` has made, or that was read from its file.

        Raises
        ------
        StandardsNetError
            Another data set.
        """
        return cls(*from_dataset(data))

    def to_networkx(
        self,
        scenario: str | None = None,
        year: int | None = None,
        technology: str | None = None,
        min_share: float = 0.0,
    ) -> nx.DiGraph:
        """Mean adoption of a scenario and year as a networkx graph: country -> vendor, weighted by share.

        Parameters
        ----------
        scenario : str or None
            May be left out if the result has only one.
        year : int or None
            Last year of the run if None.
        technology : str or None
            The first of the result if None.
        min_share : float
            Omit edges with a share up to this.

        Returns
        -------
        networkx.DiGraph
            Countries have name, latitude, longitude, deployment, interoperability_loss and cost_usd; vendors
            standard and home; edges share and weight, which are the same. ``results.write_graph`` writes it
            as GraphML, GEXF or node-link JSON.

        Raises
        ------
        StandardsNetError
            An unknown scenario, year or technology.

        Examples
        --------
        >>> import standards_net as sn
        >>> result = sn.run(sn.load_world(), "silos", draws=4, rng=7, until=2021, technologies="radio")
        >>> graph = result.to_networkx(year=2021)
        >>> graph.nodes["KEN"]["name"], bool(graph["KEN"]["huawei"]["weight"] > 0.1)
        ('Kenya', True)
        """
        at = (
            self.position("scenario", self._only_scenario(scenario)),
            self.position("year", self.coords["year"][-1] if year is None else year),
            self.position("technology", self.coords["technology"][0] if technology is None else technology),
        )
        return adoption_graph(self.coords, self, at, min_share)

    def to_igraph(
        self,
        scenario: str | None = None,
        year: int | None = None,
        technology: str | None = None,
        min_share: float = 0.0,
    ) -> ig.Graph:
        """Mean adoption of a scenario and year as an igraph graph, as :meth:`to_networkx` describes it.

        Examples
        --------
        >>> import standards_net as sn
        >>> result = sn.run(sn.load_world(), "silos", draws=4, rng=7, until=2021, technologies="radio")
        >>> graph = result.to_igraph(year=2021)
        >>> graph.vs.find(name="KEN")["kind"], graph.is_weighted()
        ('country', True)
        """
        return as_igraph(self.to_networkx(scenario, year, technology, min_share))

    def to_iamc(
        self, regions: str | Sequence[str] = "world", quantiles: float | Sequence[float] = ()
    ) -> pd.DataFrame:
        """Measures in the table format of integrated assessment (IAMC), as pyam reads it.

        Values are means over the draws, which add up over items and economies; costs are in billion USD_2019
        a year.

        Parameters
        ----------
        regions : {"world", "groups", "countries"} or sequence of codes and groups
        quantiles : sequence of float
            Quantiles over the draws to be written too, 0 to 1, as variables of their own: they do not add
            up. Of countries .05, .5 and .95 are recorded.

        Returns
        -------
        DataFrame
            model, scenario, region, variable, unit, year, value.

        Raises
        ------
        StandardsNetError
            An unknown region, or a quantile that is not recorded.

        Examples
        --------
        >>> import standards_net as sn
        >>> result = sn.run(sn.load_world(), "silos", draws=8, rng=7, until=2021, technologies="radio")
        >>> table = result.to_iamc(["KEN", "EU"], quantiles=[0.95])
        >>> [name for name in sorted(table["variable"].unique()) if name.endswith("|Cost")]
        ['Standards (95th percentile)|RADIO|Cost', 'Standards|RADIO|Cost']
        """
        return iamc_table(self.coords, self, regions, quantiles)

    def condensed(self) -> Result:
        """The same result without what no table or picture shows: a fraction of its size, to be passed on.

        Measures keep their draws, to nearly five digits in single precision. What is recorded of groups,
        vendors and snapshots draw by draw becomes an interval over the draws, under its name with
        ``_interval``; other means and intervals keep three and a half digits, and shares in intervals are in
        steps of .00006.

        Examples
        --------
        >>> import standards_net as sn
        >>> result = sn.run(sn.load_world(), "silos", draws=8, rng=7, until=2021).condensed()
        >>> result["group_share_interval"].dims
        ('scenario', 'year', 'technology', 'group', 'standard', 'quantile')
        """
        record = {**self.provenance, "condensed": True}
        return Result(*condensed_parts(self.coords, self.variables), record)

    def to_bytes(self) -> bytes:
        """Content of the NetCDF-4 file that :meth:`save` writes."""
        return netcdf_bytes(self.to_xarray())

    def save(self, path: str | Path) -> Path:
        """Write everything to a NetCDF-4 file or a Zarr store, whole or not at all; ``load_result`` reads it.

        A NetCDF-4 file opens in whatever reads NetCDF-4 or HDF5, in R, Julia or Panoply as well as in Python.

        Parameters
        ----------
        path : str or Path
            It ends in ``.nc`` or, with the extra ``zarr``, in ``.zarr``.

        Raises
        ------
        StandardsNetError
            Another ending, a store that exists, or a place that cannot be written to.
        """
        place = checked_result_path(path)
        if place.suffix == ".zarr":
            return write_store(place, self.to_xarray())
        return write_bytes(place, self.to_bytes())

    def _repr_html_(self) -> str:
        """Short table for notebooks: no script, nothing loaded from elsewhere."""
        year, shown = self.coords["year"][-1], [name for name in HEADLINES if name in self.variables]
        titles = ["scenario", "technology", *(MEASURES[name].label for name in shown)]
        head = "".join(f"<th>{escape(title)}</th>" for title in titles)
        rows = []
        for scenario in self.coords["scenario"]:
            for technology in self.coords["technology"]:
                cells = [escape(str(scenario)), escape(str(technology))]
                for name in shown:
                    values = self.values(name, scenario=scenario, year=year, technology=technology)
                    cells.append(_interval(values, self.variables[name].unit))
                rows.append("<tr>" + "".join(f"<td>{c}</td>" for c in cells) + "</tr>")
        caption = f"<caption>{escape(repr(self))}: {year}, median and 5 to 95 % of draws</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _interval_frame(index: pd.DataFrame, found: np.ndarray) -> pd.DataFrame:
    """Append the columns median, low and high to an index in the order of the rows of (..., 3)."""
    low, median, high = found.reshape(-1, 3).T
    return index.assign(median=median, low=low, high=high)


def _interval(values: np.ndarray, unit: str) -> str:
    factor, tail = (1e-9, " USD bn") if unit.startswith("USD") else (1.0, "")
    low, middle, high = factor * np.quantile(values, INTERVAL)
    return f"{middle:.3f} [{low:.3f}, {high:.3f}]{tail}"


def load_result(path: str | Path, *, variables: str | Sequence[str] | None = None) -> Result:
    """Read a result that :meth:`Result.save` or :func:`standards_net.stream` wrote.

    Parameters
    ----------
    path : str or Path
    variables : str, sequence of str or None
        Read these only, where all do not fit into memory.

    Raises
    ------
    StandardsNetError
        No such file, not a saved result, or a variable that it does not have.

    Examples
    --------
    >>> import tempfile, standards_net as sn
    >>> result = sn.run(sn.load_world(), "silos", draws=2, rng=7, years=range(2019, 2021))
    >>> sn.load_result(result.save(f"{tempfile.mkdtemp()}/silos.nc")) == result
    True
    """
    return Result(*read(path, [variables] if isinstance(variables, str) else variables))
