r"""Heat-bath choice: each node draws one standard with logit probabilities.

.. math::

    P(x_i' = s) \propto \exp \beta \Bigl( \sum_j \bar w_{ij} C_{s x_j} + q_{is} - c\,[s \ne x_i] \Bigr)

with :math:`\bar w` the ties of i scaled to sum to 1. *Synchronous*: all nodes respond to the previous
state. *Asynchronous*: nodes respond in turn, in an order drawn anew each step that all draws share; one
step is one turn of every node.

References
----------
Blume, L. E. (1993), Games and Economic Behavior 5(3), doi:10.1006/game.1993.1023.
Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2), doi:10.1111/1467-937X.00168.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_number
from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.heat_bath import (
    MOST_TABULATED,
    PlaneArray,
    count_planes,
    heat_bath_by_table,
    heat_bath_planes,
    heat_bath_rows,
    pack_planes,
    response_table,
    unpack_planes,
)
from standards_net.core.philox import WordArray
from standards_net.networks import Network
from standards_net.processes.arguments import (
    checked_compatibility,
    checked_quality,
    checked_update,
    refuse_beyond,
)
from standards_net.processes.process import LabelArray, Labels, NetworkSetting, Process, StepReport
from standards_net.randomness import RandomNumbers, Stream

__all__ = ["heat_bath"]

_LANES = 64
_MIN_DRAWS = 8  # draws for which 64 lanes are faster than one draw after another
_CHUNK = 32768  # random words drawn at a time: they stay in cache


class _Planes(NamedTuple):
    """64 draws per word: two bits per draw and node."""

    step: int
    planes: PlaneArray  # (W, N, 2)
    draws: int

    @property
    def labels(self) -> LabelArray:
        """(R, N) array of uint8."""
        labels = np.empty((self.draws, self.planes.shape[1]), np.uint8)
        for word, planes in enumerate(self.planes):
            unpack_planes(planes, labels[word * _LANES : (word + 1) * _LANES])
        return labels


def heat_bath(
    sensitivity: float = 1.0,
    *,
    compatibility: npt.ArrayLike | None = None,
    quality: npt.ArrayLike | None = None,
    switching_cost: float = 0.0,
    update: str = "synchronous",
) -> Process:
    r"""Each node draws a standard with logit probabilities (heat-bath or Glauber dynamics).

    Parameters
    ----------
    sensitivity : float
        ``beta`` in 1 per unit of utility; 0 is uniformly random choice.
    compatibility : (S, S) array or None
        ``C``: benefit to a node with standard s of a neighbour with standard t; the identity if None.
    quality : (S,) or (N, S) array or None
        ``q``: intrinsic utility of a standard; 0 if None.
    switching_cost : float
        ``c``: utility lost by changing the standard.
    update : {"synchronous", "asynchronous"}

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. It never settles, except by coincidence.

    Raises
    ------
    StandardsNetError
        Invalid parameters.

    Notes
    -----
    With asynchronous updates on an undirected network of equal ties it is reversible: the Ising model with
    two standards, the Potts model with more. Up to three standards on unweighted networks run 64 draws
    side by side.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.processes import heat_bath
    >>> d = sn.diffuse(nx.cycle_graph(100), heat_bath(2.0), initial={"a": 0.5, "b": 0.5}, steps=5, rng=1)
    >>> d.counts.shape
    (1, 6, 2)
    """
    dynamics = _HeatBath(
        checked_number("sensitivity", sensitivity, least=0.0),
        checked_compatibility(compatibility),
        checked_quality(quality),
        checked_number("switching_cost", switching_cost, least=0.0),
        checked_update(update),
    )
    return Process(
        "heat bath",
        dynamics.init,
        dynamics.step,
        prepare=dynamics.prepare,
        lanes=_lanes,
        parameters=dynamics._asdict(),
    )


def _lanes(_: Network) -> int:
    return _LANES


class _HeatBathTables(NamedTuple):
    """Data shared by all draws."""

    weights: FloatArray  # of the ties; empty if all are equal
    # (N,) sensitivity over strength; (S, S) compatibility; (N, S) sensitivity times quality; times cost
    utility: tuple[FloatArray, FloatArray, FloatArray, float]
    where: IntArray  # (N,), where the rows of a node's degree start in the table; -1 for hubs
    table: WordArray | None  # responses, if tabulated


class _HeatBath(NamedTuple):
    sensitivity: float
    compatibility: FloatArray | None
    quality: FloatArray | None
    cost: float
    asynchronous: bool

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _HeatBathTables:
        """Arrays of the network, and the table of responses if possible."""
        count, rows = len(standards), network.influencers
        compatibility = checked_compatibility(self.compatibility, count)
        compatibility = np.eye(count) if compatibility is None else compatibility
        quality = checked_quality(self.quality, len(network), count)
        quality = np.zeros(count) if quality is None else quality
        with np.errstate(over="ignore"):
            largest = self.sensitivity * (abs(compatibility).max() + abs(quality).max() + self.cost)
        refuse_beyond("heat bath", largest)
        where, table = np.empty(0, np.int64), None
        if count in (2, 3) and rows.weights is None and quality.ndim == 1:
            degrees, place = np.unique(np.minimum(network.degree, MOST_TABULATED + 1), return_inverse=True)
            looked_up = degrees[degrees <= MOST_TABULATED]
            table, starts = response_table(looked_up, self.sensitivity, compatibility, quality, self.cost)
            where = np.append(starts, -1)[place]
        return _HeatBathTables(
            weights=np.empty(0) if rows.weights is None else rows.weights,
            utility=(
                self.sensitivity / np.where(network.strength > 0.0, network.strength, 1.0),
                compatibility,
                np.ascontiguousarray(np.broadcast_to(self.sensitivity * quality, (len(network), count))),
                self.sensitivity * self.cost,
            ),
            where=where,
            table=table,
        )

    def init(self, setting: NetworkSetting) -> Labels | _Planes:
        """Bits if responses are tabulated and there are enough draws, else bytes."""
        draws, nodes = setting.labels.shape
        if setting.plan.table is None or draws < _MIN_DRAWS:
            return Labels(0, setting.labels.copy())
        words = -(-draws // _LANES)
        planes = np.empty((words, nodes, 2), np.uint64)
        for word in range(words):
            pack_planes(setting.labels[word * _LANES : (word + 1) * _LANES], planes[word])
        return _Planes(0, planes, draws)

    def step(self, state: Any, setting: NetworkSetting) -> tuple[Labels | _Planes, StepReport]:
        """All nodes once."""
        order = self.order(state.step, setting)
        if isinstance(state, _Planes):
            return self.step_planes(state, setting, order)
        moved = state.labels.copy()
        source = moved if self.asynchronous else state.labels
        rows, plan = setting.network.influencers, setting.plan
        chunk = max(_CHUNK // len(moved) // 4, 1) * 4
        words = np.empty((len(moved), chunk), np.uint32)
        for at in range(0, len(order), chunk):
            if setting.stop[0]:
                break
            some = order[at : at + chunk]
            random = setting.random.words(state.step, at, words, Stream.MOVE)
            if plan.table is not None:
                heat_bath_by_table(
                    rows.start, rows.nodes, plan.where, plan.table, *plan.utility, some, random, source, moved
                )
            else:
                heat_bath_rows(
                    rows.start, rows.nodes, plan.weights, *plan.utility, some, random, source, moved
                )
        return Labels(state.step + 1, moved), StepReport()

    def step_planes(
        self, state: _Planes, setting: NetworkSetting, order: npt.NDArray[np.int32]
    ) -> tuple[_Planes, StepReport]:
        """All nodes once, 64 draws at a time."""
        rows, plan = setting.network.influencers, setting.plan
        moved = state.planes.copy() if self.asynchronous else np.empty_like(state.planes)
        counts = np.empty((state.draws, len(setting.standards)), np.int64)
        words, count = np.empty((_CHUNK // _LANES, _LANES), np.uint32), np.empty(2 * _LANES, np.uint8)
        for word, target in enumerate(moved):
            source = target if self.asynchronous else state.planes[word]
            random = (setting.random.seed, setting.random.first + word * _LANES, state.step, Stream.MOVE)
            heat_bath_planes(
                *map(np.uint64, random), rows.start, rows.nodes, plan.where, plan.table, *plan.utility,
                order, words, source, target, count.view(np.uint64), count, setting.stop,
            )  # fmt: skip
            count_planes(target, counts[word * _LANES : (word + 1) * _LANES])
        return _Planes(state.step + 1, moved, state.draws), StepReport(counts)

    def order(self, step: int, setting: NetworkSetting) -> npt.NDArray[np.int32]:
        """Order of the turns, (N,): a function of the seed and the step."""
        if not self.asynchronous:
            return np.arange(len(setting.network), dtype=np.int32)
        nodes = len(setting.network)
        random = RandomNumbers(setting.random.seed, 0, 1)
        words = random.words(step, 0, np.empty((1, -(-nodes // 4) * 4), np.uint32), Stream.ORDER)[0, :nodes]
        # Smallest word first; the node, in the lower half, breaks ties.
        keys = np.sort((words.astype(np.uint64) << np.uint64(32)) | np.arange(nodes, dtype=np.uint64))
        return keys.astype(np.uint32).astype(np.int32)
