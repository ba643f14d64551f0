"""The model behind the Basic Model Interface (BMI 2.0), for frameworks that couple models year by year.

A component is set up by a TOML file::

    scenario = "silos"        # a shipped scenario, or the path of a scenario file
    technology = "radio"
    draws = 32                # outputs are means over them
    rng = 7
    until = 2035
    mechanism = "vendor-choice"

All keys but ``scenario`` may be left out; files and folders (``data``) are looked for beside it
first. Values on the grid of economies are in the order of the world's countries, at their longitudes and
latitudes. Time is counted in years from the end of 2019; money is in USD of a year, a unit that BMI calls 1.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from standards_net.checks import shown
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.course import Course, begin
from standards_net.ensemble.request import FIRST_YEAR
from standards_net.errors import StandardsNetError, one_of
from standards_net.files import read_text
from standards_net.world.load import load_world

try:
    from bmipy import Bmi
except ImportError:
    raise StandardsNetError("this needs bmipy; install it with: pip install 'standards-net[bmi]'.") from None

__all__ = ["StandardsNetBmi"]

_WORLD, _ECONOMIES = 0, 1  # grids
_TARIFFS = ("CHN", "USA")  # exporters whose goods a tariff may be set on
_DEFAULTS: dict[str, Any] = {
    "technology": "radio", "draws": 1, "rng": 0, "until": 2040, "mechanism": "vendor-choice",
    "parameters": "calibrated", "data": None,
}  # fmt: skip
_MEASURES = {
    "world_market__fragmentation_index": "market_fragmentation",
    "world_network__interoperability_loss_fraction": "interoperability_loss",
    "world_economy__cost_of_standards_split": "total_usd",
}
_YEAR = "world__calendar_year"
_DEPLOYMENT = "economy_network__deployment_fraction"
_COST = "economy__cost_of_standards_split"
_GDP = "economy__gross_domestic_product"
_MARKET = "economy_market__share_fraction"


def _adoption_of(standard: str) -> str:
    return f"economy_{standard}-standard-equipment__adoption_fraction"


def _tariff_on(exporter: str) -> str:
    return f"economy_import-from-{exporter.lower()}__tariff_rate"


@dataclass(frozen=True)
class _Variable:
    """What BMI tells of a variable: its grid, and its unit as UDUNITS knows it."""

    grid: int
    unit: str


class StandardsNetBmi(Bmi):  # type: ignore[misc]
    """A course as a BMI component.

    Inputs are GDP, market shares and tariffs on the goods of China and the United States; what is set holds
    from the next update on. Outputs are adoption by standard, deployment and cost by economy, and measures
    of the world, as means over the draws.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "silos.toml"
    >>> _ = path.write_text('scenario = "silos"' + chr(10) + "until = 2022")
    >>> model = StandardsNetBmi()
    >>> model.initialize(str(path))
    >>> model.update()
    >>> model.get_value("world__calendar_year", np.empty(1)).tolist(), model.get_current_time()
    ([2020.0], 1.0)
    """

    _course: Course
    _known: dict[str, _Variable]
    _values: dict[str, FloatArray]
    _given: dict[str, FloatArray]

    # -- control ------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        if name in ("_course", "_known", "_values", "_given"):
            raise StandardsNetError("the component is not set up; call initialize first.")
        raise AttributeError(name)

    def initialize(self, config_file: str) -> None:
        """Read the configuration and begin at the end of 2019."""
        if not isinstance(config_file, str | Path):
            raise StandardsNetError(f"config_file is {shown(config_file)}; name a file.")
        asked = _read(Path(config_file))
        world = load_world(asked.pop("data"))
        technology = asked.pop("technology")
        self._course = begin(world, asked.pop("scenario"), technologies=technology, **asked)
        self._known = _variables(self._course)
        self._values = {n: np.zeros(self.get_grid_size(v.grid)) for n, v in self._known.items()}
        self._values[_GDP][:] = world.gdp_usd
        self._values[_MARKET][:] = world.market(self._course.technologies[0]).share
        self._given = self._inputs()
        self._look()

    def update(self) -> None:
        """One year on, under what was set."""
        if self._course.done:
            raise StandardsNetError(f"{self._course.year} is the last year; nothing is left to update.")
        self._course = self._take_inputs().step()
        self._look()

    def update_until(self, time: float) -> None:
        """Go on until so many years after 2019; only whole years can be reached."""
        within = self.get_current_time() <= time <= self.get_end_time()
        if not within or time != int(time):
            raise StandardsNetError(
                f"time is {time:g}; it must be a whole year from {self.get_current_time():g} to "
                f"{self.get_end_time():g}."
            )
        while self.get_current_time() < time:
            self.update()

    def finalize(self) -> None:
        """Forget the course."""
        for name in ("_course", "_known", "_values", "_given"):
            self.__dict__.pop(name, None)

    def _inputs(self) -> dict[str, FloatArray]:
        return {name: self._values[name].copy() for name in self.get_input_var_names()}

    def _take_inputs(self) -> Course:
        """The course with what was set since the last update."""
        now = self._inputs()
        changed = {name for name, value in now.items() if not np.array_equal(value, self._given[name])}
        given: dict[str, FloatArray] = {}
        if _GDP in changed:
            given["gdp_usd"] = now[_GDP]
        if _MARKET in changed:
            given["market_share"] = now[_MARKET]
        if changed & {_tariff_on(exporter) for exporter in _TARIFFS}:
            world = self._course.world
            given["tariff"] = np.zeros_like(world.trade_usd)
            for exporter in _TARIFFS:
                given["tariff"][:, world.countries.index(exporter)] = now[_tariff_on(exporter)]
        course = self._course.given(**given) if given else self._course
        self._given = now
        return course

    def _look(self) -> None:
        """Read outputs off the course."""
        course = self._course
        shares = course.values("country_share").mean(axis=0)
        for s, standard in enumerate(course.standards):
            self._values[_adoption_of(standard)][:] = shares[:, s]
        self._values[_DEPLOYMENT][:] = course.values("country_deployment").mean(axis=0)
        self._values[_COST][:] = course.values("country_cost_usd").mean(axis=0)
        for name, measure in _MEASURES.items():
            self._values[name][:] = course.values(measure).mean()
        self._values[_YEAR][:] = course.year

    # -- what there is ------------------------------------------------------------------------

    def get_component_name(self) -> str:
        """Name of the component."""
        return "standards_net"

    def get_input_item_count(self) -> int:
        """Number of inputs."""
        return len(self.get_input_var_names())

    def get_output_item_count(self) -> int:
        """Number of outputs."""
        return len(self.get_output_var_names())

    # Asked for under these names by the tester.
    get_input_var_name_count = get_input_item_count
    get_output_var_name_count = get_output_item_count

    def get_input_var_names(self) -> tuple[str, ...]:
        """Names of the inputs."""
        present = [e for e in _TARIFFS if e in self._course.world.countries]
        return (_GDP, _MARKET, *(_tariff_on(exporter) for exporter in present))

    def get_output_var_names(self) -> tuple[str, ...]:
        """Names of the outputs."""
        return tuple(name for name in self._known if name not in self.get_input_var_names())

    def _variable(self, name: str) -> _Variable:
        if name not in self._known:
            raise StandardsNetError(one_of("variable", name, self._known) + ".")
        return self._known[name]

    def get_var_grid(self, name: str) -> int:
        """Grid of a variable: 0 is the world, 1 the economies."""
        return self._variable(name).grid

    def get_var_type(self, name: str) -> str:
        """Type of a variable."""
        return str(self.get_value_ptr(name).dtype)

    def get_var_units(self, name: str) -> str:
        """Unit of a variable."""
        return self._variable(name).unit

    def get_var_itemsize(self, name: str) -> int:
        """Bytes of an entry."""
        return int(self.get_value_ptr(name).itemsize)

    def get_var_nbytes(self, name: str) -> int:
        """Bytes of all entries."""
        return int(self.get_value_ptr(name).nbytes)

    def get_var_location(self, name: str) -> str:
        """Where on its grid a variable is defined."""
        return "node" if self._variable(name).grid == _ECONOMIES else "none"

    # -- time ---------------------------------------------------------------------------------

    def get_current_time(self) -> float:
        """Years since the end of 2019."""
        return float(self._course.year - FIRST_YEAR)

    def get_start_time(self) -> float:
        """The end of 2019."""
        return 0.0

    def get_end_time(self) -> float:
        """The last year."""
        return float(self._course.last_year - FIRST_YEAR)

    def get_time_units(self) -> str:
        """Unit of time."""
        return "year"

    def get_time_step(self) -> float:
        """A year."""
        return 1.0

    # -- values -------------------------------------------------------------------------------

    def get_value(self, name: str, dest: np.ndarray) -> np.ndarray:
        """Copy the values of a variable."""
        dest[:] = self.get_value_ptr(name)
        return dest

    def get_value_ptr(self, name: str) -> np.ndarray:
        """The values of a variable themselves."""
        self._variable(name)
        return self._values[name]

    def get_value_at_indices(self, name: str, dest: np.ndarray, inds: np.ndarray) -> np.ndarray:
        """Copy some values of a variable."""
        dest[:] = self.get_value_ptr(name)[inds]
        return dest

    def set_value(self, name: str, src: np.ndarray) -> None:
        """Set an input."""
        values, own = np.asarray(src, dtype=np.float64), self._input(name)
        if values.size != own.size:
            raise StandardsNetError(f"{name} has {values.size} values; it must have {own.size}.")
        own[:] = values.reshape(own.shape)

    def set_value_at_indices(self, name: str, inds: np.ndarray, src: np.ndarray) -> None:
        """Set some values of an input."""
        self._input(name)[inds] = src

    def _input(self, name: str) -> np.ndarray:
        if name not in self.get_input_var_names():
            raise StandardsNetError(one_of("input", name, self.get_input_var_names()) + ".")
        return self._values[name]

    # -- grids --------------------------------------------------------------------------------

    def get_grid_type(self, grid: int) -> str:
        """A single value, or points."""
        if grid not in (_WORLD, _ECONOMIES):
            raise StandardsNetError(f"grid is {shown(grid)}; 0 is the world, 1 the economies.")
        return "unstructured" if grid == _ECONOMIES else "scalar"

    def get_grid_rank(self, grid: int) -> int:
        """Longitude and latitude, or nothing."""
        return 2 if grid == _ECONOMIES else 0

    def get_grid_size(self, grid: int) -> int:
        """Number of economies, or one."""
        return len(self._course.world.countries) if grid == _ECONOMIES else 1

    def get_grid_node_count(self, grid: int) -> int:
        """As :meth:`get_grid_size`."""
        return self.get_grid_size(grid)

    def get_grid_edge_count(self, grid: int) -> int:  # noqa: ARG002
        """Points have no edges."""
        return 0

    def get_grid_face_count(self, grid: int) -> int:  # noqa: ARG002
        """Points have no faces."""
        return 0

    def get_grid_x(self, grid: int, x: np.ndarray) -> np.ndarray:
        """Longitudes of the economies."""
        x[:] = self._coordinate(grid, "lon")
        return x

    def get_grid_y(self, grid: int, y: np.ndarray) -> np.ndarray:
        """Latitudes of the economies."""
        y[:] = self._coordinate(grid, "lat")
        return y

    def _coordinate(self, grid: int, column: str) -> FloatArray:
        if grid != _ECONOMIES:
            raise NotImplementedError("a single value has no coordinates")
        return np.asarray(self._course.world.table[column].to_numpy(float))

    def _none(self, *_: Any) -> Any:
        """What BMI asks of grids of other types; it wants this error where a grid has no such thing."""
        raise NotImplementedError("the grids are a single value and points")

    get_grid_z = get_grid_shape = get_grid_spacing = get_grid_origin = _none
    get_grid_edge_nodes = get_grid_face_edges = get_grid_face_nodes = get_grid_nodes_per_face = _none


def _variables(course: Course) -> dict[str, _Variable]:
    names = [_adoption_of(standard) for standard in course.standards]
    names += [_DEPLOYMENT, _COST, _GDP, _MARKET]
    names += [_tariff_on(exporter) for exporter in _TARIFFS if exporter in course.world.countries]
    found = {name: _Variable(_ECONOMIES, "1") for name in names}
    return found | {name: _Variable(_WORLD, "1") for name in (*_MEASURES, _YEAR)}


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path, "a configuration"))
    except tomllib.TOMLDecodeError as error:
        raise StandardsNetError(f"{path} is not TOML: {error}.") from None
    except RecursionError:
        raise StandardsNetError(f"{path} is nested too deeply to be a configuration.") from None


def _read(path: Path) -> dict[str, Any]:
    """Configuration with defaults filled in."""
    content = _parsed(path)
    known = {"scenario": None, **_DEFAULTS}
    for key in content:
        if key not in known:
            raise StandardsNetError(f"{path}: " + one_of("key", key, known) + ".")
    if "scenario" not in content:
        raise StandardsNetError(f'{path} names no scenario; add a line such as scenario = "silos".')
    for key in ("technology", "scenario", "data"):
        if not isinstance(content.get(key, ""), str):
            raise StandardsNetError(f"{path}: {key} is {shown(content[key])}; name one.")
    beside = path.resolve().parent
    for key in ("scenario", "data"):
        if isinstance(content.get(key), str) and (beside / content[key]).exists():
            content[key] = str(beside / content[key])
    return known | content
