"""Runs behind the desk: what the screen shows of a scenario, kept for the next look."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock

import numpy as np

from standards_net.checks import checked_year
from standards_net.core.arrays import FloatArray
from standards_net.desk.question import Question
from standards_net.ensemble.engine import Draws, Task, Years, execute
from standards_net.ensemble.observation import measure_inputs
from standards_net.ensemble.request import FIRST_YEAR
from standards_net.measures.inputs import WEIGHTS, WorldWeights
from standards_net.measures.table import MEASURES
from standards_net.model.mechanisms import vendor_choice
from standards_net.model.setting import Setting
from standards_net.scenario import Levers, Scenario, compile_scenario
from standards_net.world.world import World

__all__ = ["DRAWS", "FIRST_DRAWS", "SEED", "Seen", "Simulator", "Superseded", "joined"]

SEED = 2019
FIRST_DRAWS, DRAWS = 64, 256  # what is shown at once, and what it is refined to
RECORDED = ("market_fragmentation", "interoperability_loss", "china_share", "total_usd")
_PIECE = FIRST_DRAWS  # draws that are simulated, and kept, together
_KEPT = 120  # pieces, of about 1 MB each: enough for ten readers
_COUNTS, _MARKET = WEIGHTS.index("countries"), WEIGHTS.index("market")


class Superseded(BaseException):
    """Something else is asked by now: like a cancellation, and unlike an error, nothing swallows it."""


def _always() -> bool:
    return True


@dataclass(frozen=True, eq=False)
class Seen:
    """What is seen of one scenario and technology in R draws, Y years, N economies, S standards.

    Attributes
    ----------
    scenario : str
    technology : str
    years : tuple of int
    standards : tuple of str, length S
    measures : mapping of str to (R, Y) array
    blocs : (R, Y, S, 2) array
        Economies led by each standard, and their share of the world market.
    shares : (R, N, S) array
        Of the last year.
    mean_shares : (Y, N, S) array
    mean_deployment : (Y, N) array
    """

    scenario: str
    technology: str
    years: tuple[int, ...]
    standards: tuple[str, ...]
    measures: Mapping[str, FloatArray]
    blocs: FloatArray
    shares: FloatArray
    mean_shares: FloatArray
    mean_deployment: FloatArray

    @property
    def draws(self) -> int:
        """Their number, R."""
        return len(self.shares)


def joined(parts: Sequence[Seen]) -> Seen:
    """Draws one after the other.

    Parameters
    ----------
    parts : sequence of Seen
        Of the same scenario, technology and years.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    weights = np.array([part.draws for part in parts], dtype=np.float64)

    def mean(arrays: Sequence[FloatArray]) -> FloatArray:
        return np.asarray(np.tensordot(weights / weights.sum(), np.stack(arrays), axes=1))

    return Seen(
        first.scenario, first.technology, first.years, first.standards,
        measures={n: np.concatenate([part.measures[n] for part in parts]) for n in first.measures},
        blocs=np.concatenate([part.blocs for part in parts]),
        shares=np.concatenate([part.shares for part in parts]),
        mean_shares=mean([part.mean_shares for part in parts]),
        mean_deployment=mean([part.mean_deployment for part in parts]),
    )  # fmt: skip


class Simulator:
    """Simulates scenarios on the same draws, and keeps what was simulated last, for all readers of a desk.

    Parameters
    ----------
    world : World

    Examples
    --------
    >>> import standards_net as sn
    >>> seen = Simulator(sn.load_world()).seen(sn.load_scenario("silos"), "core", 2021, 64)
    >>> seen.draws, seen.measures["china_share"].shape
    (64, (64, 3))
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._weights = WorldWeights.of(world)
        self._draws: dict[tuple[str, int], Draws] = {}
        self._kept: OrderedDict[tuple[object, ...], Seen] = OrderedDict()
        self._levers: OrderedDict[tuple[object, ...], Levers] = OrderedDict()
        self._lock = Lock()

    def levers(self, scenario: Scenario, technology: str, until: int) -> Levers:
        """A scenario compiled, or what was kept of it.

        Parameters
        ----------
        scenario : Scenario
        technology : str
        until : int

        Raises
        ------
        ScenarioError, StandardsNetError
            A scenario or technology that does not fit the world.
        """
        key = (scenario, technology, until)
        with self._lock:
            found = self._levers.get(key)
        if found is None:
            years = tuple(range(FIRST_YEAR, until + 1))
            found = compile_scenario(self.world, scenario, technology, years)
            with self._lock:
                self._levers[key] = found
                while len(self._levers) > _KEPT:
                    self._levers.popitem(last=False)
        return found

    def checked(self, asked: Question) -> Question:
        """A question, if it fits the world; its country by its code.

        Parameters
        ----------
        asked : Question

        Raises
        ------
        ScenarioError, StandardsNetError
            A technology, country, group, vendor or year that is not there; a country without any vendor.
        """
        until = checked_year("until", asked.until, FIRST_YEAR + 1)
        self.world.market(asked.technology)
        if asked.country is not None:
            asked = replace(asked, country=self.world.code(asked.country))
        for technology in self.world.markets:
            self.levers(asked.scenario, technology, until)
        self.levers(asked.baseline, asked.technology, until)
        return asked

    def seen(
        self,
        scenario: Scenario,
        technology: str,
        until: int,
        draws: int,
        wanted: Callable[[], bool] = _always,
    ) -> Seen:
        """A scenario simulated, or what was kept of it: the draws of a run with the same seed.

        Parameters
        ----------
        scenario : Scenario
        technology : str
        until : int
        draws : int
            In steps of 64.
        wanted : callable
            Asked in every year whether to go on.

        Raises
        ------
        Superseded
            No longer wanted.
        ScenarioError, StandardsNetError
            A scenario that does not fit the world.
        """
        pieces = [self._piece(scenario, technology, until, at, wanted) for at in range(0, draws, _PIECE)]
        return joined(pieces)

    def kept(self, asked: Question) -> bool:
        """Whether all draws of a question are at hand, so that they can be shown at once."""
        with self._lock:
            return all(
                (scenario, asked.technology, asked.until, first) in self._kept
                for scenario in (asked.scenario, asked.baseline)
                for first in range(0, DRAWS, _PIECE)
            )

    def _piece(
        self,
        scenario: Scenario,
        technology: str,
        until: int,
        first: int,
        wanted: Callable[[], bool],
    ) -> Seen:
        """64 draws of a scenario, from a given one on."""
        key = (scenario, technology, until, first)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        levers = self.levers(scenario, technology, until)
        drawn = self._drawn(technology, first).under(scenario)
        read = partial(_read, self._weights, wanted)
        tasks = [Task(partial(drawn.setting, block, levers), vendor_choice(), read) for block in drawn.blocks]
        (found,) = execute(tasks, len(tasks), threads=None, progress=None)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _drawn(self, technology: str, first: int) -> Draws:
        key = technology, first
        if key not in self._draws:  # drawn without the lock, since it takes a while; twice does no harm
            self._draws[key] = Draws.of(self.world, technology, range(first, first + _PIECE), SEED)
        return self._draws[key]


def _read(weights: WorldWeights, wanted: Callable[[], bool], setting: Setting, years: Years) -> Seen:
    measures: dict[str, list[FloatArray]] = {name: [] for name in RECORDED}
    blocs, mean_shares, mean_deployment = [], [], []
    shares: FloatArray = np.zeros((0, 0, 0))
    for state, info in years:
        if not wanted():
            raise Superseded
        inputs = measure_inputs(state, info, setting, weights)
        for name, values in measures.items():
            values.append(MEASURES[name].function(inputs))
        blocs.append(inputs.bloc_size[..., [_COUNTS, _MARKET]])
        mean_shares.append(inputs.shares.mean(axis=0))
        mean_deployment.append(inputs.deployment.mean(axis=0))
        shares = inputs.shares
    sizes = np.stack(blocs, axis=1)
    sizes[..., 0] *= setting.market_share.shape[-1]
    return Seen(
        setting.levers.scenario, setting.levers.technology, setting.levers.years, setting.levers.standards,
        measures={name: np.stack(values, axis=1) for name, values in measures.items()},
        blocs=sizes, shares=shares, mean_shares=np.stack(mean_shares),
        mean_deployment=np.stack(mean_deployment),
    )  # fmt: skip
