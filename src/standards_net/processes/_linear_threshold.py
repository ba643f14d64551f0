r"""Linear threshold: a node adopts once enough of those it looks to have adopted.

.. math::

    t_i = \min \Bigl\{ t : \sum_j \bar w_{ij}\, [t_j < t] \ge \theta_i \Bigr\}

with :math:`\bar w` the ties of i scaled to sum to 1. *Update*: all nodes answer the state of the step
before. *Ties*: a node takes the standard of one of the neighbours that adopted in the step just before,
drawn in proportion to the weight of the tie.

Thresholds that are uniform on [0, 1) and drawn anew for each node and draw are never drawn. Each node
listens to one neighbour instead, drawn by weight; it adopts one step after that neighbour, and takes its
standard. Let a node still be without a standard, and let neighbours of total weight a have adopted before
the last step and of weight b in it. Its threshold is uniform above a, so it adopts with probability
b / (1 - a), and then takes neighbour j of these with probability :math:`\bar w_j / b`. Its neighbour is
not among the first, so it is one of the others with the same probability, and then j with the same.
What nodes do is independent of one another in both, so courses have the same distribution step by step.

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
from standards_net.networks import Neighbours, Network
from standards_net.processes.process import UNASSIGNED, LabelArray, NetworkSetting, Process, StepReport
from standards_net.randomness import Stream

__all__ = ["linear_threshold"]

_GUARD = 1e-9  # share of a node's ties by which a threshold counts as reached: 0.3 of 10 is 3
_MUCH = 1 << 21  # adopters for which there is room at first


def linear_threshold(thresholds: npt.ArrayLike | None = None) -> Process:
    r"""A node adopts once the share of its neighbours that have adopted reaches its threshold.

    Parameters
    ----------
    thresholds : float, (N,) array or None
        Share of the weight of those a node looks to, 0 to 1; uniform on [0, 1), anew for each node and
        draw, if None.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. A draw is at rest once a step moved nothing.

    Raises
    ------
    StandardsNetError
        Thresholds that are no numbers from 0 to 1, or not one for each node.

    Notes
    -----
    Nobody gives a standard up. What counts is who has some standard; a node takes the standard of one of
    the neighbours that adopted in the step just before, drawn by weight. Nodes of threshold 0 adopt in
    the first step, of several standards one by an even lot. Nodes that look to nobody never adopt
    otherwise. A share counts as reaching the threshold if it is within 1e-9 of it. With thresholds given
    a draw depends on luck only through its beginning and the choice among standards.

    References
    ----------
    Granovetter, M. (1978), American Journal of Sociology 83(6), doi:10.1086/226707.
    Watts, D. J. (2002), PNAS 99(9), doi:10.1073/pnas.082090499.
    Morris, S. (2000), Review of Economic Studies 67(1), doi:10.1111/1467-937X.00121.
    Kempe, D., Kleinberg, J. & Tardos, E. (2003), KDD '03, doi:10.1145/956750.956769.

    Examples
    --------
    A line tips when half of the neighbours suffice, and not when more are asked for.

    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.processes import linear_threshold
    >>> line = nx.cycle_graph(10)
    >>> for threshold in (0.5, 0.51):
    ...     d = sn.diffuse(line, linear_threshold(threshold), initial={"open": [0]}, steps=10)
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
    """What all draws share: whom to listen to, or how much tips each node."""

    rows: Neighbours  # whom each node looks to, ties of weight 0 left out
    cut: npt.NDArray[np.uint32]  # (E,), aliases; empty if all ties weigh alike
    other: npt.NDArray[np.int32]
    need: FloatArray  # (N,), weight of neighbours that tips a node; empty if thresholds are drawn
    apart: npt.NDArray[np.int32]  # nodes that need nothing, or that have nobody to listen to


class _Course(NamedTuple):
    """Who adopts, draw after draw and step after step (:mod:`standards_net.core.thresholds`)."""

    queue: npt.NDArray[np.int32]
    who: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int32]
    turn: IntArray  # (R + 1,)


class _State(NamedTuple):
    """Courses, and how far along them this is."""

    step: int
    course: _Course
    counts: IntArray  # (R, S)
    initial_state: LabelArray  # (R, N)

    @property
    def labels(self) -> LabelArray:
        """(R, N) array of uint8."""
        if not self.step:
            return self.initial_state
        labels = np.full(self.initial_state.shape, UNASSIGNED, np.uint8)
        write_course(*self.course, self.step, labels)
        return labels


class _Threshold(NamedTuple):
    thresholds: FloatArray | None

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _LinearThresholdTables:  # noqa: ARG002 - any will do
        """Tables to draw neighbours from, or the weight that tips each node."""
        nobody, nothing = np.empty(0, np.int32), np.empty(0, np.uint32)
        if self.thresholds is None:
            return _listeners(network)
        if self.thresholds.shape not in ((), (len(network),)):
            raise StandardsNetError(
                f"there are {self.thresholds.size} thresholds; there are {len(network)} nodes."
            )
        need = _need(np.broadcast_to(self.thresholds, (len(network),)), network)
        return _LinearThresholdTables(
            network.influencers, nothing, nobody, need, np.flatnonzero(need == 0.0).astype(np.int32)
        )

    def init(self, setting: NetworkSetting) -> _State:
        """Work out the courses of all draws; states only say how far along them they are."""
        labels = setting.labels
        flat = labels.reshape(-1)
        eights, cursor = flat[: len(flat) // 8 * 8].view(np.uint64), np.zeros(len(labels), np.int64)
        list_holders(flat, eights, cursor, np.empty(0, np.int32), np.empty(0, np.uint8))
        first = np.concatenate([[0], np.cumsum(cursor)])
        holders, held = np.empty(first[-1], np.int32), np.empty(first[-1], np.uint8)
        cursor = first[:-1].copy()
        list_holders(flat, eights, cursor, holders, held)
        course = _courses(setting, first, holders, held)
        counts = np.zeros((len(labels), len(setting.standards)), np.int64)
        count_step(course.who, course.ends, course.turn, 0, counts, np.empty(len(labels), np.uint8))
        return _State(0, course, counts, labels)

    def step(self, state: _State, setting: NetworkSetting) -> tuple[_State, StepReport]:  # noqa: ARG002 - the state knows
        """One step along the courses."""
        counts, moved, course = state.counts.copy(), np.empty(len(state.counts), np.uint8), state.course
        count_step(course.who, course.ends, course.turn, state.step + 1, counts, moved)
        return state._replace(step=state.step + 1, counts=counts), StepReport(counts, moved.astype(bool))

    def at_rest(self, state: _State, setting: NetworkSetting) -> BoolArray:  # noqa: ARG002
        """Courses of which no step is left."""
        return np.asarray(np.diff(state.course.turn) <= state.step + 1)


def _listeners(network: Network) -> _LinearThresholdTables:
    """Rows to draw neighbours from; nobody listens along a tie of weight 0."""
    rows = network.influencers
    start, nodes, weights = rows
    if weights is not None and not weights.all():
        kept = weights > 0.0
        start, nodes, weights = np.concatenate([[0], np.cumsum(kept)])[start], nodes[kept], weights[kept]
    cut, other = np.empty(0, np.uint32), np.empty(0, np.int32)
    if weights is not None:
        part, other = np.empty(len(nodes)), np.empty(len(nodes), np.int32)
        alias_rows(start, weights, part, other)
        # The largest fraction that still means the entry itself; 0 means it though it ought not to.
        cut = np.append(np.clip(np.rint(part * 2.0**32) - 1.0, 0.0, 2.0**32 - 1.0), 0.0).astype(np.uint32)
        other = np.append(other, 0).astype(np.int32)
    rows = Neighbours(start, np.append(nodes, 0).astype(np.int32), weights)
    return _LinearThresholdTables(
        rows, cut, other, np.empty(0), np.flatnonzero(np.diff(start) == 0).astype(np.int32)
    )


def _need(thresholds: FloatArray, network: Network) -> FloatArray:
    """Weight of neighbours at which each node adopts: counted, where all ties weigh alike."""
    need = thresholds * network.strength
    if network.influencers.weights is None:
        need = np.ceil(need - _GUARD * network.strength)
        need[thresholds > 0.0] = np.maximum(need[thresholds > 0.0], 1.0)
    else:
        need -= _GUARD * network.strength
        need[thresholds > 0.0] = np.maximum(need[thresholds > 0.0], np.finfo(np.float64).tiny)
        need[thresholds == 0.0] = 0.0
    need[(network.strength == 0.0) & (thresholds > 0.0)] = np.inf
    return np.asarray(need)


def _courses(
    setting: NetworkSetting, first: IntArray, holders: npt.NDArray[np.int32], held: npt.NDArray[np.uint8]
) -> _Course:
    """Courses of all draws of a block; arrays grow until they hold them."""
    nodes, draws, plan = len(setting.network), setting.random.draws, setting.plan
    random = [setting.random.seed, setting.random.first, Stream.LOT if len(plan.need) else Stream.TIE]
    begun = (np.array(random, np.uint64), first, holders, held)
    kernel, given = (tip, _tipping(setting, begun)) if len(plan.need) else (listen, _listening(plan, begun))
    size = min(draws, max(_MUCH // nodes, 2)) * (nodes + 2)
    course = _Course(
        np.empty(size, np.int32), np.empty(size, np.uint8), np.empty(size, np.int32),
        np.zeros(draws + 1, np.int64),
    )  # fmt: skip
    done = np.zeros(2, np.int64)
    while True:
        kernel(*given, *course, done)
        if done[0] == draws:
            return course
        course = _Course(_twice(course.queue), _twice(course.who), _twice(course.ends), course.turn)


def _tipping(setting: NetworkSetting, begun: tuple[Any, ...]) -> tuple[Any, ...]:
    """What :func:`tip` is given, with room to work in."""
    nodes, rows, by = len(setting.network), setting.network.influencers, setting.network.followers
    weights, pressing = (np.empty(0) if some.weights is None else some.weights for some in (rows, by))
    room = (np.zeros(nodes), np.zeros(nodes, np.int32), np.zeros(nodes, np.uint8))
    return (
        rows.start, rows.nodes, weights, by.start, by.nodes, pressing,
        setting.plan.need, setting.plan.apart, len(setting.standards), *begun, *room,
    )  # fmt: skip


def _listening(plan: _LinearThresholdTables, begun: tuple[Any, ...]) -> tuple[Any, ...]:
    """What :func:`listen` is given, with room to work in."""
    nodes = len(plan.rows.start) - 1
    chosen, head, following = (np.empty(nodes, np.int32) for _ in range(3))
    room = (np.empty(-(-nodes // 4) * 4, np.uint32), chosen, head, following)
    waiting = (np.empty(nodes + 1, np.int32), np.empty(nodes + 1, np.uint8))
    return (plan.rows.start, plan.rows.nodes, plan.cut, plan.other, plan.apart, *begun, *room, *waiting)


def _twice(part: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same with as much room again."""
    return np.concatenate([part, np.empty_like(part)])
