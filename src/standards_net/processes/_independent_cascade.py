r"""Independent cascade: whoever has just adopted tries once to convince each node it influences.

.. math::

    P(u \to v \text{ carries}) = p_{uv}, \qquad
    t_v = 1 + \min \{t_u : u \to v \text{ carries}\}

*Update*: all tries of a step are made at once, against the state of the step before. *Ties*: a node that
several standards reach in the same step takes one of them, all with the same chance, however many of its
neighbours brought each. Whether a tie carries is settled once for a draw and a tie, as if before the
beginning, so the course of a draw is a function of the ties that carry.

References
----------
Kempe, D., Kleinberg, J. & Tardos, E. (2003), KDD '03, doi:10.1145/956750.956769.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_number
from standards_net.core.arrays import BoolArray, IntArray
from standards_net.core.cascades import (
    WORDS,
    carry_on,
    count_events,
    draw_ties,
    list_beginners,
    pair_up,
    settle,
    write_events,
)
from standards_net.errors import StandardsNetError
from standards_net.networks import Neighbours, Network
from standards_net.processes.process import UNASSIGNED, LabelArray, NetworkSetting, Process, StepReport
from standards_net.randomness import RandomNumbers, Stream

__all__ = ["independent_cascade"]

_BITS = 64  # draws of a word of lanes
_GROUP = _BITS * WORDS  # draws that move side by side
_AHEAD = 64  # steps that a group of draws takes while its arrays are near the core
_NEAR = 2**21  # entries of a network whose arrays can be
_LINE = 8  # words of a line of the cache


def independent_cascade(probability: float | None = None) -> Process:
    r"""Whoever adopted in the step before tries once to convince each node it influences.

    Parameters
    ----------
    probability : float or None
        With which a tie carries, 0 to 1; the weight of the tie if None.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. A draw is at rest once a step moved nothing.

    Raises
    ------
    StandardsNetError
        Impossible probability; None on a network without weights, or with weights above 1.

    Notes
    -----
    Nobody gives a standard up. Nodes may begin without a standard, and may have no neighbours. A node
    that several standards reach in the same step takes one of them by an even lot. Probabilities are
    rounded to multiples of 2**-32. In an undirected network a tie carries both ways or not at all in a
    draw: only the first of its ends to adopt ever uses it. 256 draws run side by side, which takes
    32 bytes a tie and 32 (1 + standards) bytes a node in each thread.

    References
    ----------
    Kempe, D., Kleinberg, J. & Tardos, E. (2003), KDD '03, doi:10.1145/956750.956769.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.processes import independent_cascade
    >>> path = nx.path_graph(4)
    >>> d = sn.diffuse(path, independent_cascade(0.5), initial={"open": [0]}, steps=9, draws=4000, rng=1)
    >>> bool(abs(d.adopted[:, -1].mean() * 4 - (1 + 1 / 2 + 1 / 4 + 1 / 8)) < 0.06)
    True
    """
    given = None if probability is None else checked_number("probability", probability, least=0.0, most=1.0)
    dynamics = _Cascade(given)
    return Process(
        "independent cascade", dynamics.init, dynamics.step,
        allows_unassigned=True, allows_isolated=True, at_rest=dynamics.at_rest, prepare=dynamics.prepare,
        lanes=_lanes,
        parameters=dynamics._asdict(),
    )  # fmt: skip


def _lanes(_: Network) -> int:
    return _GROUP


class _CascadeTables(NamedTuple):
    """What all draws share."""

    rows: Neighbours  # whom each node influences
    back: npt.NDArray[np.int32]  # (E,), entry that runs the other way
    digits: npt.NDArray[np.uint64]  # (E,) or (1,), probabilities times 2**32
    shared: bool  # whether both entries of a tie carry alike
    rooms: list[_Room]  # that no group of draws is in


class _Events(NamedTuple):
    """Who adopted in a step."""

    moved: npt.NDArray[np.int32]  # (M,), node
    which: npt.NDArray[np.uint8]  # (M,), standard
    lanes: npt.NDArray[np.uint64]  # (M, 4), draws


class _State(NamedTuple):
    """The courses of the draws, and how far along them this is."""

    step: int
    groups: tuple[_Group, ...]
    initial_state: LabelArray  # (R, N)
    counts: IntArray  # (R, S), nodes by standard

    @property
    def labels(self) -> LabelArray:
        """(R, N) array of uint8."""
        if not self.step:
            return self.initial_state
        return np.concatenate([group.labels(self.step) for group in self.groups])


class _Cascade(NamedTuple):
    probability: float | None

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _CascadeTables:  # noqa: ARG002 - any will do
        """Ties by whom they influence, and the digits of their probabilities."""
        rows, shared = network.followers, not network.directed
        if self.probability is not None:
            chances = np.array([self.probability])
        elif rows.weights is None:
            raise StandardsNetError("probability is None and the ties have no weights; give a probability.")
        else:
            chances = rows.weights
            _check_chances(network, rows, chances)
        back = np.arange(len(rows.nodes), dtype=np.int32)
        if shared:
            pair_up(rows.start, rows.nodes, back)
        return _CascadeTables(rows, back, np.rint(chances * 2.0**32).astype(np.uint64), shared, [])

    def init(self, setting: NetworkSetting) -> _State:
        """Groups of draws, none of which has taken a step."""
        groups = tuple(_Group(setting, at) for at in range(0, setting.random.draws, _GROUP))
        return _State(0, groups, setting.labels, _counts(groups, 0))

    def step(self, state: _State, setting: NetworkSetting) -> tuple[_State, StepReport]:  # noqa: ARG002 - the state knows
        """One step along the courses."""
        counts = _counts(state.groups, state.step + 1)
        moved = counts.sum(axis=1) > state.counts.sum(axis=1)
        return _State(state.step + 1, state.groups, state.initial_state, counts), StepReport(counts, moved)

    def at_rest(self, state: _State, setting: NetworkSetting) -> BoolArray:  # noqa: ARG002
        """Where the next step, and so all after it, moves nobody."""
        after = _counts(state.groups, state.step + 1)
        return np.asarray(after.sum(axis=1) == state.counts.sum(axis=1))


def _counts(groups: tuple[_Group, ...], step: int) -> IntArray:
    """Nodes by standard after a step, (R, S)."""
    return np.concatenate([group.upto(step).counts[group.last(step)] for group in groups])


def _check_chances(network: Network, rows: Neighbours, chances: npt.NDArray[np.float64]) -> None:
    if (chances > 1.0).any():
        entry = int((chances > 1.0).argmax())
        one = network.names[int(np.searchsorted(rows.start, entry, side="right")) - 1]
        raise StandardsNetError(
            f"the tie by which {one!r} influences {network.names[int(rows.nodes[entry])]!r} weighs "
            f"{chances[entry]:g}; as a probability it can be at most 1."
        )


class _Group:
    """Up to 256 draws: what has happened so far, and the arrays to go on with.

    A course is a function of the beginning and the luck. It is worked out some steps ahead, group by
    group, as that keeps a group's arrays near the core, and kept: states only say how far along it they
    are.
    """

    def __init__(self, setting: NetworkSetting, first: int) -> None:
        nodes, standards = setting.labels.shape[1], len(setting.standards)
        self.plan: _CascadeTables = setting.plan
        self.draws, self.nodes = min(_GROUP, setting.random.draws - first), nodes
        random = RandomNumbers(setting.random.seed, setting.random.first + first, self.draws)
        words = -(-self.draws // _BITS)
        self.random = np.array([random.seed, random.first // _BITS, Stream.TIE, Stream.LOT, words], np.uint64)
        self.rooms: list[_Room] = self.plan.rooms
        room = self._room(nodes, standards)
        self.room: _Room | None = room.cleared()
        flat = setting.labels[first : first + self.draws].reshape(-1)
        eights, place = flat[: len(flat) // 8 * 8].view(np.uint64), np.full((nodes, standards), -1, np.int32)
        list_beginners(flat, eights, place, room.taken, room.moved, room.which, room.lanes, room.found)
        self.events = [room.events()]
        self.counts = [np.zeros((self.draws, standards), np.int64)]
        count_events(self.events[0].which, self.events[0].lanes, self.counts[0])
        self.shown: tuple[int, LabelArray] | None = None
        self.upto(1)

    def _room(self, nodes: int, standards: int) -> _Room:
        try:
            return self.rooms.pop()  # in one go: other threads take from the list too
        except IndexError:
            return _Room.of(nodes, standards, len(self.plan.rows.nodes))

    def upto(self, step: int) -> _Group:
        """Go on until a step is known, if the course is not over before."""
        if step >= len(self.events) and self.room is not None:
            ahead = _AHEAD if len(self.plan.rows.nodes) <= _NEAR else 1
            for _ in range(step + ahead - len(self.events)):
                self._go_on(self.room)
                if not len(self.events[-1].moved):
                    self.rooms.append(self.room)  # for the next group, in whatever thread
                    self.room = None
                    break
        return self

    def last(self, step: int) -> int:
        """The step, or the last one in which something could move."""
        return min(step, len(self.events) - 1)

    def labels(self, step: int) -> LabelArray:
        """(R, N) array of uint8, continued from what was shown last."""
        done, labels = (-1, np.full((self.draws, self.nodes), UNASSIGNED, np.uint8))
        if self.shown is not None and self.shown[0] <= step:
            done, labels = self.shown[0], self.shown[1].copy()
        for events in self.upto(step).events[done + 1 : step + 1]:
            write_events(*events, labels)
        self.shown = (step, labels)
        return labels.copy()

    def _go_on(self, room: _Room) -> None:
        plan, rows, events = self.plan, self.plan.rows, self.events[-1]
        draw_ties(
            rows.start, rows.nodes, plan.back, plan.digits, plan.shared, self.random,
            events.moved, room.drawn, room.queue, room.live,
        )  # fmt: skip
        carry_on(rows.start, rows.nodes, room.live, *events, room.reach, room.touched)
        settle(
            self.random, room.taken, room.reach, room.touched,
            room.moved, room.which, room.lanes, room.found,
        )  # fmt: skip
        self.events.append(room.events())
        self.counts.append(self.counts[-1].copy())
        count_events(self.events[-1].which, self.events[-1].lanes, self.counts[-1])


class _Room(NamedTuple):
    """Arrays to work in while a group of draws moves; :mod:`standards_net.core.cascades` says what for."""

    taken: npt.NDArray[np.uint64]  # (N, 4)
    reach: npt.NDArray[np.uint64]  # (N, 4 S)
    live: npt.NDArray[np.uint64]  # (4 E,)
    drawn: npt.NDArray[np.uint8]  # (N,)
    touched: npt.NDArray[np.uint8]  # (N,), padded
    queue: npt.NDArray[np.int32]  # (E + 1,)
    moved: npt.NDArray[np.int32]
    which: npt.NDArray[np.uint8]
    lanes: npt.NDArray[np.uint64]
    found: IntArray  # (1,)

    @classmethod
    def of(cls, nodes: int, standards: int, entries: int) -> _Room:
        """Room for a network."""
        most = nodes * standards + 1
        return cls(
            taken=_on_lines(nodes * WORDS).reshape(nodes, -1),
            reach=_on_lines(nodes * WORDS * standards).reshape(nodes, -1),
            live=_on_lines(entries * WORDS),
            drawn=np.empty(nodes, np.uint8),
            touched=np.empty(-(-nodes // _BITS) * _BITS, np.uint8),
            queue=np.empty(entries + 1, np.int32),
            moved=np.empty(most, np.int32),
            which=np.empty(most, np.uint8),
            lanes=np.empty((most, WORDS), np.uint64),
            found=np.zeros(1, np.int64),
        )

    def cleared(self) -> _Room:
        """The same, as before the beginning."""
        for used in (self.taken, self.reach, self.drawn, self.touched):
            used[:] = 0
        return self

    def events(self) -> _Events:
        """A copy of the events that were found."""
        found = int(self.found[0])
        return _Events(self.moved[:found].copy(), self.which[:found].copy(), self.lanes[:found].copy())


def _on_lines(words: int) -> npt.NDArray[np.uint64]:
    """Words that begin at a line of the cache, so that what is used together is fetched together."""
    whole = np.empty(words + _LINE, np.uint64)
    skipped = -(whole.ctypes.data // whole.itemsize) % _LINE
    return whole[skipped : skipped + words]
