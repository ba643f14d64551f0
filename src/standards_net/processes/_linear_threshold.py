r"""Linear threshold: a node adopts once enough of its influencers have adopted.

.. math::

    t_i = \min \Bigl\{ t : \sum_j \bar w_{ij}\, [t_j < t] \ge \theta_i \Bigr\}

with :math:`\bar w` the ties of i scaled to sum to 1. *Update*: all nodes respond to the previous
state. *Several standards*: a node takes the standard of one of the influencers that adopted in the
previous step, drawn in proportion to the weight of the tie.

Thresholds that are uniform on [0, 1), independent across nodes and draws, are not drawn explicitly.
Instead each node samples one influencer by weight; it adopts one step after that influencer, and takes its
standard. The two are equivalent. Consider a node without a standard whose influencers of total weight a
adopted before the last step and those of weight b in it. Its threshold is uniform above a, so it adopts
with probability b / (1 - a), and then takes influencer j of these with probability :math:`\bar w_j / b`.
The sampled influencer is not among the first, so it is among the others with the same probability, and
then equals j with the same. Nodes are independent in both, so trajectories have the same distribution step
by step.

References
----------
Granovetter, M. (1978), American Journal of Sociology 83(6), doi:10.1086/226707.
Morris, S. (2000), Review of Economic Studies 67(1), doi:10.1111/1467-937X.00121.
Watts, D. J. (2002), PNAS 99(9), doi:10.1073/pnas.082090499.
Kempe, D., Kleinberg, J. & Tardos, E. (2003), KDD '03, doi:10.1145/956750.956769.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.checks import real_array
from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.thresholds import (
    alias_rows,
    count_step,
    list_holders,
    listen,
    tip,
    write_course,
)
from standards_net.errors import StandardsNetError
from standards_net.labels import without_labels
from standards_net.networks import Neighbours, Network
from standards_net.processes.process import UNASSIGNED, LabelArray, NetworkSetting, Process, StepReport
from standards_net.randomness import Stream

__all__ = ["linear_threshold"]

_TOLERANCE = 1e-9  # of the share that reaches a threshold: 0.3 of 10 is 3
_INITIAL_SIZE = 1 << 21  # adopters for which arrays are allocated at first


def linear_threshold(thresholds: npt.ArrayLike | None = None) -> Process:
    r"""A node adopts once the share of its influencers that have adopted reaches its threshold.

    Parameters
    ----------
    thresholds : float, (N,) array or None
        Share of the total weight of a node's influencers, 0 to 1; if None uniform on [0, 1), anew for each
        node and draw.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. A draw is at rest once a step changes nothing.

    Raises
    ------
    StandardsNetError
        Thresholds outside 0 to 1, or not one for each node.

    Notes
    -----
    Nodes never give up a standard. The threshold applies to influencers with any standard; a node takes
    the standard of one of the influencers that adopted in the previous step, drawn by weight. Nodes with
    threshold 0 adopt in the first step; if there are several standards, one of them at random with equal
    probability. Isolated nodes never adopt otherwise. A share reaches the threshold if it is within 1e-9
    of it. With given thresholds a draw depends on random numbers only through its initial state and the
    choice among standards.

    References
    ----------
    Granovetter, M. (1978), American Journal of Sociology 83(6), doi:10.1086/226707.
    Watts, D. J. (2002), PNAS 99(9), doi:10.1073/pnas.082090499.
    Morris, S. (2000), Review of Economic Studies 67(1), doi:10.1111/1467-937X.00121.
    Kempe, D., Kleinberg, J. & Tardos, E. (2003), KDD '03, doi:10.1145/956750.956769.

    Examples
    --------
    A ring tips if half of the influencers suffice, and not if more are required.

    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.processes import linear_threshold
    >>> ring = nx.cycle_graph(10)
    >>> for threshold in (0.5, 0.51):
    ...     d = sn.diffuse(ring, linear_threshold(threshold), initial={"open": [0]}, steps=10)
    ...     print(d.counts[0, :, 0].tolist())
    [1, 3, 5, 7, 9, 10, 10, 10, 10, 10, 10]
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    """
    given = None if thresholds is None else _checked(thresholds)
    dynamics = _Threshold(given)
    return Process(
        "linear threshold", dynamics.init, dynamics.step,
        allows_unassigned=True, allows_isolated=True, at_rest=dynamics.at_rest, prepare=dynamics.prepare,
        parameters=dynamics._asdict(),
    )  # fmt: skip


def _checked(thresholds: npt.ArrayLike) -> FloatArray:
    without_labels("thresholds", thresholds)
    try:
        found = real_array("thresholds", thresholds)
    except StandardsNetError:
        found = np.empty((0, 0))
    if found.ndim > 1:
        raise StandardsNetError("thresholds must be a number, one number for each node, or None.")
    wrong = ~((found >= 0.0) & (found <= 1.0))
    if wrong.any():
        raise StandardsNetError(
            f"thresholds hold {found[wrong].flat[0]:g}; they must be numbers from 0 to 1."
        )
    return found


class _LinearThresholdTables(NamedTuple):
    """Shared by all draws: tables to sample influencers from, or the weight that tips each node."""

    rows: Neighbours  # influencers of each node, without ties of weight 0
    cut: npt.NDArray[np.uint32]  # (E,), aliases; empty if unweighted
    other: npt.NDArray[np.int32]
    need: FloatArray  # (N,), weight of influencers that tips a node; empty if thresholds are drawn
    apart: npt.NDArray[np.int32]  # nodes of threshold 0, or isolated nodes


class _Paths(NamedTuple):
    """Adopters by draw and step (:mod:`standards_net.core.thresholds`)."""

    queue: npt.NDArray[np.int32]
    who: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int32]
    turn: IntArray  # (R + 1,)


class _State(NamedTuple):
    """Precomputed trajectories, and the current step."""

    step: int
    paths: _Paths
    counts: IntArray  # (R, S)
    initial_state: LabelArray  # (R, N)

    @property
    def labels(self) -> LabelArray:
        """(R, N) array of uint8."""
        if not self.step:
            return self.initial_state
        labels = np.full(self.initial_state.shape, UNASSIGNED, np.uint8)
        write_course(*self.paths, self.step, labels)
        return labels


class _Threshold(NamedTuple):
    thresholds: FloatArray | None

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _LinearThresholdTables:  # noqa: ARG002 - any will do
        """Tables to sample influencers from, or the weight that tips each node."""
        empty, no_cuts = np.empty(0, np.int32), np.empty(0, np.uint32)
        if self.thresholds is None:
            return _sampling_tables(network)
        if self.thresholds.shape not in ((), (len(network),)):
            raise StandardsNetError(
                f"there are {self.thresholds.size} thresholds; there are {len(network)} nodes."
            )
        need = _need(np.broadcast_to(self.thresholds, (len(network),)), network)
        return _LinearThresholdTables(
            network.influencers, no_cuts, empty, need, np.flatnonzero(need == 0.0).astype(np.int32)
        )

    def init(self, setting: NetworkSetting) -> _State:
        """Compute the trajectories of all draws; states only hold the current step."""
        labels = setting.labels
        flat = labels.reshape(-1)
        eights, cursor = flat[: len(flat) // 8 * 8].view(np.uint64), np.zeros(len(labels), np.int64)
        list_holders(flat, eights, cursor, np.empty(0, np.int32), np.empty(0, np.uint8))
        first = np.concatenate([[0], np.cumsum(cursor)])
        holders, held = np.empty(first[-1], np.int32), np.empty(first[-1], np.uint8)
        cursor = first[:-1].copy()
        list_holders(flat, eights, cursor, holders, held)
        paths = _paths(setting, first, holders, held)
        counts = np.zeros((len(labels), len(setting.standards)), np.int64)
        count_step(paths.who, paths.ends, paths.turn, 0, counts, np.empty(len(labels), np.uint8))
        return _State(0, paths, counts, labels)

    def step(self, state: _State, setting: NetworkSetting) -> tuple[_State, StepReport]:  # noqa: ARG002 - the state knows
        """One step along the trajectories."""
        counts, moved, paths = state.counts.copy(), np.empty(len(state.counts), np.uint8), state.paths
        count_step(paths.who, paths.ends, paths.turn, state.step + 1, counts, moved)
        return state._replace(step=state.step + 1, counts=counts), StepReport(counts, moved.astype(bool))

    def at_rest(self, state: _State, setting: NetworkSetting) -> BoolArray:  # noqa: ARG002
        """Draws with no step left."""
        return np.asarray(np.diff(state.paths.turn) <= state.step + 1)


def _sampling_tables(network: Network) -> _LinearThresholdTables:
    """Tables to sample influencers from, without ties of weight 0."""
    rows = network.influencers
    start, nodes, weights = rows
    if weights is not None and not weights.all():
        kept = weights > 0.0
        start, nodes, weights = np.concatenate([[0], np.cumsum(kept)])[start], nodes[kept], weights[kept]
    cut, other = np.empty(0, np.uint32), np.empty(0, np.int32)
    if weights is not None:
        part, other = np.empty(len(nodes)), np.empty(len(nodes), np.int32)
        alias_rows(start, weights, part, other)
        # The largest fraction that selects the entry itself; 0 selects it although it should not.
        cut = np.append(np.clip(np.rint(part * 2.0**32) - 1.0, 0.0, 2.0**32 - 1.0), 0.0).astype(np.uint32)
        other = np.append(other, 0).astype(np.int32)
    rows = Neighbours(start, np.append(nodes, 0).astype(np.int32), weights)
    return _LinearThresholdTables(
        rows, cut, other, np.empty(0), np.flatnonzero(np.diff(start) == 0).astype(np.int32)
    )


def _need(thresholds: FloatArray, network: Network) -> FloatArray:
    """Weight of influencers at which each node adopts: their number, if unweighted."""
    need = thresholds * network.strength
    if network.influencers.weights is None:
        need = np.ceil(need - _TOLERANCE * network.strength)
        need[thresholds > 0.0] = np.maximum(need[thresholds > 0.0], 1.0)
    else:
        need -= _TOLERANCE * network.strength
        need[thresholds > 0.0] = np.maximum(need[thresholds > 0.0], np.finfo(np.float64).tiny)
        need[thresholds == 0.0] = 0.0
    need[(network.strength == 0.0) & (thresholds > 0.0)] = np.inf
    return np.asarray(need)


def _paths(
    setting: NetworkSetting, first: IntArray, holders: npt.NDArray[np.int32], held: npt.NDArray[np.uint8]
) -> _Paths:
    """Trajectories of all draws of a block; arrays grow as needed."""
    nodes, draws, plan = len(setting.network), setting.random.draws, setting.plan
    random = [setting.random.seed, setting.random.first, Stream.LOT if len(plan.need) else Stream.TIE]
    initial = (np.array(random, np.uint64), first, holders, held)
    kernel, given = (
        (tip, _tip_arguments(setting, initial))
        if len(plan.need)
        else (listen, _listen_arguments(plan, initial))
    )
    size = min(draws, max(_INITIAL_SIZE // nodes, 2)) * (nodes + 2)
    paths = _Paths(
        np.empty(size, np.int32), np.empty(size, np.uint8), np.empty(size, np.int32),
        np.zeros(draws + 1, np.int64),
    )  # fmt: skip
    done = np.zeros(2, np.int64)
    while True:
        kernel(*given, *paths, done)
        if done[0] == draws:
            return paths
        paths = _Paths(_doubled(paths.queue), _doubled(paths.who), _doubled(paths.ends), paths.turn)


def _tip_arguments(setting: NetworkSetting, initial: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments of :func:`tip`, with work arrays."""
    nodes, rows, by = len(setting.network), setting.network.influencers, setting.network.followers
    weights, follower_weights = (np.empty(0) if side.weights is None else side.weights for side in (rows, by))
    buffers = (np.zeros(nodes), np.zeros(nodes, np.int32), np.zeros(nodes, np.uint8))
    return (
        rows.start, rows.nodes, weights, by.start, by.nodes, follower_weights,
        setting.plan.need, setting.plan.apart, len(setting.standards), *initial, *buffers,
    )  # fmt: skip


def _listen_arguments(plan: _LinearThresholdTables, initial: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments of :func:`listen`, with work arrays."""
    nodes = len(plan.rows.start) - 1
    chosen, head, following = (np.empty(nodes, np.int32) for _ in range(3))
    buffers = (np.empty(-(-nodes // 4) * 4, np.uint32), chosen, head, following)
    waiting = (np.empty(nodes + 1, np.int32), np.empty(nodes + 1, np.uint8))
    return (plan.rows.start, plan.rows.nodes, plan.cut, plan.other, plan.apart, *initial, *buffers, *waiting)


def _doubled(part: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same array with twice the capacity."""
    return np.concatenate([part, np.empty_like(part)])
