"""Where blocks of draws leave what was seen, and how it becomes a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from standards_net.ensemble.observe import CAMPS, ITEMS, SCALARS, WEIGHTS, Lens, Seen
from standards_net.processes import State
from standards_net.processes.setting import Setting
from standards_net.results import Result, Variable
from standards_net.scenario import Scenario
from standards_net.world.world import World

__all__ = ["Record"]

_SETTLED = 1e-3
_RUN = ("scenario", "draw", "year", "technology")
_MEAN = ("scenario", "year", "technology", "country")

_ARRAYS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "standard_share": (("standard",), "1", "share of the world's installed base"),
    "bloc_size": (
        ("standard", "weight"),
        "1",
        "share of the world in the bloc of dominant standard",
    ),
    "group_loss": (("group",), "1", "interoperability loss on the exchange of a group's members"),
    "group_share": (("group", "standard"), "1", "share of a group's installed base"),
    "group_cost_usd": (("group", "item"), "USD per year", "the account by group and item"),
}
_VENDOR_ARRAYS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "vendor_share": ((), "1", "share of the world's installed base"),
    "vendor_revenue_usd": (("camp",), "USD per year", "revenue by camp of the buyers in 2019"),
    "vendor_price": ((), "1", "price relative to Ericsson and Nokia in 2019"),
    "vendor_quality": ((), "log-odds", "quality relative to 2019"),
}


class Record:
    """Arrays of a run under construction. Blocks write to rows of their own, so threads need no lock.

    Sums over draws are kept by block and added in order at the end: the result does not depend on
    which block finished first.
    """

    def __init__(
        self,
        world: World,
        scenarios: Sequence[Scenario],
        draws: int,
        years: Sequence[int],
        technologies: Sequence[str],
        lens: Lens,
    ) -> None:
        added = {s for scenario in scenarios for s in scenario.file.standards.values()}
        standards = (*world.standards, *sorted(added - set(world.standards)))
        vendors = tuple(v for t in technologies for v in world.market(t).vendors)
        ends = np.cumsum([0, *(len(world.market(t).vendors) for t in technologies)])
        self.vendors_of = {
            t: slice(int(a), int(b)) for t, a, b in zip(technologies, ends[:-1], ends[1:], strict=True)
        }
        self.coords: dict[str, tuple[Any, ...]] = {
            "scenario": tuple(s.name for s in scenarios),
            "draw": tuple(range(draws)),
            "year": tuple(years),
            "technology": tuple(technologies),
            "country": world.countries,
            "vendor": vendors,
            "standard": standards,
            "partner": standards,
            "group": lens.groups,
            "camp": CAMPS,
            "item": ITEMS,
            "weight": WEIGHTS,
            "snapshot": lens.snapshots,
        }
        self.draws = draws
        self.scalars = np.zeros((*self._sizes(_RUN), len(SCALARS)))
        self.arrays = {
            name: np.zeros(self._sizes((*_RUN, *dims)), dtype=np.float32)
            for name, (dims, _, _) in _ARRAYS.items()
        }
        self.vendor_arrays = {
            name: np.zeros(self._sizes(("scenario", "draw", "year", "vendor", *dims)), np.float32)
            for name, (dims, _, _) in _VENDOR_ARRAYS.items()
        }
        self.snapshots = np.zeros(
            self._sizes(("scenario", "snapshot", "draw", "technology", "country", "standard")),
            np.float32,
        )
        # A standard that a scenario does not know works with itself alone.
        self.compatibility = np.tile(
            np.eye(len(standards), dtype=np.float32),
            (*self._sizes(("scenario", "snapshot", "draw", "technology")), 1, 1),
        )
        self.status = np.zeros(self._sizes(("scenario", "draw", "technology")), np.int8)
        self.sums: dict[tuple[str, int, int, int, int], np.ndarray] = {}
        self.two_ago: dict[tuple[int, int, int], np.ndarray] = {}

    def _sizes(self, dims: Sequence[str]) -> tuple[int, ...]:
        return tuple(len(self.coords[d]) for d in dims)

    # -- writing, from many threads -----------------------------------------------------------

    def first(self, block: slice, setting: Setting, seen: Seen) -> None:
        """Write 2019."""
        self._write(block, setting, 0, seen)
        self._sum(block, setting, 0, "adoption", setting.start)
        self._sum(block, setting, 0, "deployment", setting.deployment)

    def year(self, block: slice, setting: Setting, before: State, state: State, seen: Seen) -> None:
        """Write a later year; at the end, how the draws stand."""
        y = state.year
        self._write(block, setting, y, seen)
        self._sum(block, setting, y, "adoption", state.adoption)
        self._sum(block, setting, y, "deployment", state.deployment)
        last = len(self.coords["year"]) - 1
        key = (*self._at(setting), block.start)
        if y == last - 2:
            self.two_ago[key] = state.adoption
        if y == last:
            rows = self._rows(block)
            kept = len(range(*rows.indices(self.draws)))
            two_ago = self.two_ago.pop(key, before.adoption)
            self.status[self._at(setting)[0], rows, self._at(setting)[1]] = _status(
                two_ago, before.adoption, state.adoption
            )[:kept]

    def _at(self, setting: Setting) -> tuple[int, int]:
        levers = setting.levers
        return (
            self.coords["scenario"].index(levers.scenario),
            self.coords["technology"].index(levers.technology),
        )

    def _rows(self, block: slice) -> slice:
        return slice(block.start, min(block.stop, self.draws))

    def _write(self, block: slice, setting: Setting, y: int, seen: Seen) -> None:
        s, k = self._at(setting)
        rows = self._rows(block)
        kept = rows.stop - rows.start
        self.scalars[s, rows, y, k] = seen.scalars[:kept]
        standards = [self.coords["standard"].index(n) for n in setting.levers.standards]
        for name, array in self.arrays.items():
            values = getattr(seen, name)[:kept]
            dims = _ARRAYS[name][0]
            if "standard" in dims:
                where = [slice(None)] * (1 + len(dims))
                where[1 + dims.index("standard")] = standards  # type: ignore[call-overload]
                array[s, rows, y, k][tuple(where)] = values
            else:
                array[s, rows, y, k] = values
        vendors = self.vendors_of[setting.levers.technology]
        for name, array in self.vendor_arrays.items():
            array[s, rows, y, vendors] = getattr(seen, name)[:kept]
        year = self.coords["year"][y]
        if year in self.coords["snapshot"]:
            place = self.coords["snapshot"].index(year)
            self.snapshots[s, place, rows, k][..., standards] = seen.shares[:kept]
            block_of = np.ix_(range(kept), standards, standards)
            self.compatibility[s, place, rows, k][block_of] = seen.compatibility[:kept]
        self._sum(block, setting, y, "shares", seen.shares, standards)
        self._sum(block, setting, y, "loss", seen.country_loss)
        self._sum(block, setting, y, "cost", seen.country_cost_usd)

    def _sum(
        self,
        block: slice,
        setting: Setting,
        y: int,
        name: str,
        values: np.ndarray,
        standards: Sequence[int] | None = None,
    ) -> None:
        """Add up the draws of a block; with ``standards``, put columns in their places among all."""
        s, k = self._at(setting)
        kept = self._rows(block).stop - block.start
        total = values[:kept].sum(axis=0)
        if standards is not None:
            among_all = np.zeros((len(total), len(self.coords["standard"])))
            among_all[:, standards] = total
            total = among_all
        self.sums[name, s, k, y, block.start] = total

    # -- reading, once all is written ---------------------------------------------------------

    def result(self, provenance: Mapping[str, Any]) -> Result:
        """Everything as a frozen result."""
        variables = {
            name: Variable(_RUN, np.ascontiguousarray(self.scalars[..., i]), unit, meaning)
            for i, (name, (unit, meaning)) in enumerate(SCALARS.items())
        }
        for name, (dims, unit, meaning) in _ARRAYS.items():
            variables[name] = Variable((*_RUN, *dims), self.arrays[name], unit, meaning)
        for name, (dims, unit, meaning) in _VENDOR_ARRAYS.items():
            axes = ("scenario", "draw", "year", "vendor", *dims)
            variables[name] = Variable(axes, self.vendor_arrays[name], unit, meaning)
        variables |= self._means()
        axes = ("scenario", "snapshot", "draw", "technology", "country", "standard")
        meaning = "shares of the installed base, draw by draw, in the years kept"
        variables["snapshot_share"] = Variable(axes, self.snapshots, "1", meaning)
        axes = ("scenario", "snapshot", "draw", "technology", "standard", "partner")
        meaning = "how well two standards work together, draw by draw, in the years kept"
        variables["snapshot_compatibility"] = Variable(axes, self.compatibility, "1", meaning)
        meaning = "how each draw stands in the last year: place in the list of status sentences"
        axes = ("scenario", "draw", "technology")
        variables["status"] = Variable(axes, self.status, "1", meaning)
        return Result(self.coords, variables, dict(provenance))

    def _means(self) -> dict[str, Variable]:
        """Means over the draws by country."""
        made = {}
        for name, seen, dims, unit, meaning in (
            ("mean_share", "shares", ("standard",), "1", "mean share of the installed base"),
            ("mean_deployment", "deployment", (), "1", "mean share of the market served"),
            ("mean_loss", "loss", (), "1", "mean interoperability loss on a country's exchange"),
            ("mean_cost_usd", "cost", (), "USD per year", "mean cost, the four items together"),
        ):
            made[name] = Variable((*_MEAN, *dims), self._mean(seen, dims), unit, meaning)
        axes = ("scenario", "year", "country", "vendor")
        meaning = "mean share of the installed base by vendor"
        made["mean_adoption"] = Variable(axes, self._mean_adoption(), "1", meaning)
        return made

    def _mean(self, name: str, dims: tuple[str, ...]) -> np.ndarray:
        total = np.zeros(self._sizes((*_MEAN, *dims)))
        for (of, s, k, y, _), values in sorted(self.sums.items(), key=lambda item: item[0]):
            if of == name:
                total[s, y, k] += values
        return total / self.draws

    def _mean_adoption(self) -> np.ndarray:
        total = np.zeros(self._sizes(("scenario", "year", "country", "vendor")))
        for (of, s, k, y, _), values in sorted(self.sums.items(), key=lambda item: item[0]):
            if of == "adoption":
                total[s, y][:, self.vendors_of[self.coords["technology"][k]]] += values
        return total / self.draws


def _status(two_ago: np.ndarray, before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Place in ``STATUS`` of each draw: settled, cycling with period two, or still moving."""
    moved = np.abs(now - before).max(axis=(1, 2)) > _SETTLED
    returned = np.abs(now - two_ago).max(axis=(1, 2)) <= _SETTLED
    return np.where(moved, np.where(returned, 1, 2), 0)
