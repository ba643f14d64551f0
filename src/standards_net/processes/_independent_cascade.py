r"""Independent cascade: each new adopter tries once to persuade each of its followers.

.. math::

    P(u \to v \text{ live}) = p_{uv}, \qquad
    t_v = 1 + \min \{t_u : u \to v \text{ live}\}

*Update*: all attempts of a step are simultaneous, against the previous state. *Several standards*: a node
that several standards reach in the same step takes one of them with equal probability, however many of its
influencers have each. Whether a tie is live is drawn once per draw and tie, as if before the first step, so
the trajectory of a draw is a function of its live ties.

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
    count_events,
    draw_ties,
    list_initial_adopters,
    pair_up,
    settle,
    spread_cascade,
    write_events,
)
from standards_net.errors import StandardsNetError
from standards_net.networks import Neighbours, Network
from standards_net.processes.process import UNASSIGNED, LabelArray, NetworkSetting, Process, StepReport
from standards_net.randomness import RandomNumbers, Stream

__all__ = ["independent_cascade"]

_BITS = 64  # draws per word of lanes
_GROUP = _BITS * WORDS  # draws processed side by side
_AHEAD = 64  # steps that a group of draws takes while its arrays are in cache
_IN_CACHE = 2**21  # entries of a network whose arrays stay in cache
_LINE = 8  # words per cache line


def independent_cascade(probability: float | None = None) -> Process:
    r"""Each node that adopted in the previous step tries once to persuade each of its followers.

    Parameters
    ----------
    probability : float or None
        Probability that a tie is live, 0 to 1; the weight of the tie if None.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. A draw is at rest once a step changes nothing.

    Raises
    ------
    StandardsNetError
        Invalid probability; None on a network without weights, or with weights above 1.

    Notes
    -----
    Nodes never give up a standard. Nodes may start without a standard, and may be isolated. A node that
    several standards reach in the same step takes one of them with equal probability. Probabilities are
    rounded to multiples of 2**-32. In an undirected network a tie is live in both directions or in none:
    only the first of its ends to adopt ever uses it. 256 draws run side by side, which takes 32 bytes per
    tie and 32 (1 + standards) bytes per node in each thread.

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
    """Data shared by all draws."""

    rows: Neighbours  # followers of each node
    back: npt.NDArray[np.int32]  # (E,), reverse entry
    digits: npt.NDArray[np.uint64]  # (E,) or (1,), probabilities times 2**32
    shared: bool  # whether both entries of a tie are live together
    unused: list[_Buffers]  # that no group of draws works in


class _Events(NamedTuple):
    """Adoptions in a step."""

    moved: npt.NDArray[np.int32]  # (M,), node
    which: npt.NDArray[np.uint8]  # (M,), standard
    lanes: npt.NDArray[np.uint64]  # (M, 4), draws


class _State(NamedTuple):
    """Trajectories of the draws, and the current step."""

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
        """Followers of each node, and the probabilities of their ties."""
        rows, shared = network.followers, not network.directed
        if self.probability is not None:
            probabilities = np.array([self.probability])
        elif rows.weights is None:
            raise StandardsNetError("probability is None and the ties have no weights; give a probability.")
        else:
            probabilities = rows.weights
            _check_probabilities(network, rows, probabilities)
        back = np.arange(len(rows.nodes), dtype=np.int32)
        if shared:
            pair_up(rows.start, rows.nodes, back)
        return _CascadeTables(rows, back, np.rint(probabilities * 2.0**32).astype(np.uint64), shared, [])

    def init(self, setting: NetworkSetting) -> _State:
        """Groups of draws, none of which has taken a step."""
        groups = tuple(_Group(setting, at) for at in range(0, setting.random.draws, _GROUP))
        return _State(0, groups, setting.labels, _counts(groups, 0))

    def step(self, state: _State, setting: NetworkSetting) -> tuple[_State, StepReport]:  # noqa: ARG002 - the state knows
        """One step along the trajectories."""
        counts = _counts(state.groups, state.step + 1)
        moved = counts.sum(axis=1) > state.counts.sum(axis=1)
        return _State(state.step + 1, state.groups, state.initial_state, counts), StepReport(counts, moved)

    def at_rest(self, state: _State, setting: NetworkSetting) -> BoolArray:  # noqa: ARG002
        """Draws in which the next step, and so every later one, changes nothing."""
        after = _counts(state.groups, state.step + 1)
        return np.asarray(after.sum(axis=1) == state.counts.sum(axis=1))


def _counts(groups: tuple[_Group, ...], step: int) -> IntArray:
    """Nodes by standard after a step, (R, S)."""
    return np.concatenate([group.advance_to(step).counts[group.last(step)] for group in groups])


def _check_probabilities(network: Network, rows: Neighbours, probabilities: npt.NDArray[np.float64]) -> None:
    if (probabilities > 1.0).any():
        entry = int((probabilities > 1.0).argmax())
        source = network.names[int(np.searchsorted(rows.start, entry, side="right")) - 1]
        raise StandardsNetError(
            f"the tie by which {source!r} influences {network.names[int(rows.nodes[entry])]!r} has "
            f"weight {probabilities[entry]:g}; a probability is at most 1."
        )


class _Group:
    """Up to 256 draws: the adoptions so far, and the work arrays to continue.

    A trajectory is a function of the initial state and the random numbers. It is computed some steps
    ahead, group by group, which keeps a group's arrays in cache, and stored: states only hold the step.
    """

    def __init__(self, setting: NetworkSetting, first: int) -> None:
        nodes, standards = setting.labels.shape[1], len(setting.standards)
        self.plan: _CascadeTables = setting.plan
        self.draws, self.nodes = min(_GROUP, setting.random.draws - first), nodes
        random = RandomNumbers(setting.random.seed, setting.random.first + first, self.draws)
        words = -(-self.draws // _BITS)
        self.random = np.array([random.seed, random.first // _BITS, Stream.TIE, Stream.LOT, words], np.uint64)
        self.unused: list[_Buffers] = self.plan.unused
        buffers = self._buffers(nodes, standards)
        self.buffers: _Buffers | None = buffers.cleared()
        flat = setting.labels[first : first + self.draws].reshape(-1)
        eights, place = flat[: len(flat) // 8 * 8].view(np.uint64), np.full((nodes, standards), -1, np.int32)
        list_initial_adopters(
            flat, eights, place, buffers.taken, buffers.moved, buffers.which, buffers.lanes, buffers.found
        )
        self.events = [buffers.events()]
        self.counts = [np.zeros((self.draws, standards), np.int64)]
        count_events(self.events[0].which, self.events[0].lanes, self.counts[0])
        self.shown: tuple[int, LabelArray] | None = None
        self.advance_to(1)

    def _buffers(self, nodes: int, standards: int) -> _Buffers:
        try:
            return self.unused.pop()  # atomic: other threads take from the list too
        except IndexError:
            return _Buffers.of(nodes, standards, len(self.plan.rows.nodes))

    def advance_to(self, step: int) -> _Group:
        """Compute the trajectory up to a step, or to its end if that comes first."""
        if step >= len(self.events) and self.buffers is not None:
            ahead = _AHEAD if len(self.plan.rows.nodes) <= _IN_CACHE else 1
            for _ in range(step + ahead - len(self.events)):
                self._advance(self.buffers)
                if not len(self.events[-1].moved):
                    self.unused.append(self.buffers)  # for the next group, in any thread
                    self.buffers = None
                    break
        return self

    def last(self, step: int) -> int:
        """The step, or the last one in which something could change."""
        return min(step, len(self.events) - 1)

    def labels(self, step: int) -> LabelArray:
        """(R, N) array of uint8, continued from what was shown last."""
        done, labels = (-1, np.full((self.draws, self.nodes), UNASSIGNED, np.uint8))
        if self.shown is not None and self.shown[0] <= step:
            done, labels = self.shown[0], self.shown[1].copy()
        for events in self.advance_to(step).events[done + 1 : step + 1]:
            write_events(*events, labels)
        self.shown = (step, labels)
        return labels.copy()

    def _advance(self, buffers: _Buffers) -> None:
        plan, rows, events = self.plan, self.plan.rows, self.events[-1]
        draw_ties(
            rows.start, rows.nodes, plan.back, plan.digits, plan.shared, self.random,
            events.moved, buffers.drawn, buffers.queue, buffers.live,
        )  # fmt: skip
        spread_cascade(rows.start, rows.nodes, buffers.live, *events, buffers.reach, buffers.touched)
        settle(
            self.random, buffers.taken, buffers.reach, buffers.touched,
            buffers.moved, buffers.which, buffers.lanes, buffers.found,
        )  # fmt: skip
        self.events.append(buffers.events())
        self.counts.append(self.counts[-1].copy())
        count_events(self.events[-1].which, self.events[-1].lanes, self.counts[-1])


class _Buffers(NamedTuple):
    """Work arrays of a group of draws, described in :mod:`standards_net.core.cascades`."""

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
    def of(cls, nodes: int, standards: int, entries: int) -> _Buffers:
        """Allocate for a network."""
        size = nodes * standards + 1
        return cls(
            taken=_aligned(nodes * WORDS).reshape(nodes, -1),
            reach=_aligned(nodes * WORDS * standards).reshape(nodes, -1),
            live=_aligned(entries * WORDS),
            drawn=np.empty(nodes, np.uint8),
            touched=np.empty(-(-nodes // _BITS) * _BITS, np.uint8),
            queue=np.empty(entries + 1, np.int32),
            moved=np.empty(size, np.int32),
            which=np.empty(size, np.uint8),
            lanes=np.empty((size, WORDS), np.uint64),
            found=np.zeros(1, np.int64),
        )

    def cleared(self) -> _Buffers:
        """Reset to the state before the first step."""
        for array in (self.taken, self.reach, self.drawn, self.touched):
            array[:] = 0
        return self

    def events(self) -> _Events:
        """A copy of the events that were found."""
        found = int(self.found[0])
        return _Events(self.moved[:found].copy(), self.which[:found].copy(), self.lanes[:found].copy())


def _aligned(words: int) -> npt.NDArray[np.uint64]:
    """Array aligned to cache lines, so that words used together are fetched together."""
    padded = np.empty(words + _LINE, np.uint64)
    skipped = -(padded.ctypes.data // padded.itemsize) % _LINE
    return padded[skipped : skipped + words]
