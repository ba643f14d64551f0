r"""Network Bass model: nodes adopt by innovation and by imitation of their influencers.

.. math::

    P(i \text{ adopts within } h) = 1 - e^{-h \sum_s \lambda_{is}}, \qquad
    \lambda_{is} = p_s + q_s \sum_j \bar w_{ij} [x_j = s]

with :math:`\bar w` the ties of i scaled to sum to 1; the standard is drawn in proportion to
:math:`\lambda_{is}`. All nodes respond to the previous state.

References
----------
Bass, F. M. (1969), Management Science 15(5), doi:10.1287/mnsc.15.5.215.
Fibich, G. & Levin, T. (2023), arXiv 2312.05450.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_array, checked_number
from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.bass import PlaceArray, adopt, list_waiting, notify_followers, words_of_groups
from standards_net.core.counts import tally
from standards_net.errors import StandardsNetError
from standards_net.networks import Network
from standards_net.processes.process import UNASSIGNED, LabelArray, NetworkSetting, Process, StepReport
from standards_net.randomness import Stream

__all__ = ["bass"]

_CHUNK = 2048  # groups whose random numbers are drawn at a time: they stay in cache
_MAX_16_BIT = 2**16 - 1


def bass(
    innovation: npt.ArrayLike = 0.03, imitation: npt.ArrayLike = 0.38, *, interval: float = 1.0
) -> Process:
    r"""Nodes without a standard adopt one by innovation or imitation, and keep it (Bass 1969).

    .. math::

        P(i \text{ adopts}) = 1 - e^{-h \sum_s \lambda_{is}}, \qquad
        \lambda_{is} = p_s + q_s \sum_j \bar w_{ij} [x_j = s]

    Parameters
    ----------
    innovation : float or (S,) array
        ``p``, per year; one for all standards or one each.
    imitation : float or (S,) array
        ``q``, per year, once all influencers of a node have the standard.
    interval : float
        ``h``, years per step.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. Synchronous; a draw is settled when no unassigned node has a
        rate above 0. Isolated nodes innovate only.

    Raises
    ------
    StandardsNetError
        Invalid parameters.

    Notes
    -----
    As ``interval`` goes to 0, a large complete network follows
    :math:`F(t) = (1 - e^{-(p+q)t}) / (1 + (q/p) e^{-(p+q)t})` with its peak at :math:`\ln(q/p)/(p+q)`.
    Nodes do not imitate adopters of the same step, so adoption lags: with the defaults by up to
    0.10 of all nodes at ``interval=1``, 0.027 at a quarter and 0.007 at a sixteenth of a year. Probabilities
    are exact to 2**-32.
    Numbers for ``innovation`` and ``imitation`` hold for each standard: two standards innovate twice.
    A draw takes 4 bytes per node and standard, 16 if ties have weights.

    References
    ----------
    Bass, F. M. (1969), doi:10.1287/mnsc.15.5.215. On networks: Fibich, G. & Levin, T. (2023), arXiv
    2312.05450: no network is slower than pairs of nodes, none faster than the infinite complete one.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.diffusion import random_seeds
    >>> from standards_net.processes import bass
    >>> d = sn.diffuse(nx.cycle_graph(100), bass(), initial=random_seeds({"a": 0}), steps=60, rng=1)
    >>> d.counts[0, [0, 60], 0].tolist(), d.status.tolist()
    ([0, 100], ['settled'])
    """
    dynamics = _Bass(
        _rates("innovation", innovation),
        _rates("imitation", imitation),
        checked_number("interval", interval, least=0.0),
    )
    return Process(
        "Bass", dynamics.init, dynamics.step,
        allows_unassigned=True, allows_isolated=True, at_rest=dynamics.at_rest,
        prepare=dynamics.prepare, draw_bytes=_draw_bytes,
        parameters=dynamics._asdict(),
    )  # fmt: skip


def _draw_bytes(network: Network, standards: int) -> int:
    return len(network) * (1 + 2 * standards * np.dtype(_kind(network)).itemsize)


def _kind(network: Network) -> npt.DTypeLike:
    """Smallest type that holds counts of influencers."""
    if network.followers.weights is not None:
        return np.float64
    return np.uint16 if int(network.degree.max(initial=0)) <= _MAX_16_BIT else np.uint32


def _rates(name: str, values: npt.ArrayLike) -> FloatArray:
    rates = checked_array(name, values, least=0.0)
    if rates.ndim > 1:
        raise StandardsNetError(f"{name} has shape {rates.shape}; it must be a number or (standards,).")
    return rates


def _of_each(name: str, rates: FloatArray, standards: int) -> FloatArray:
    if rates.ndim == 1 and len(rates) != standards:
        raise StandardsNetError(f"{name} is for {len(rates)} standards; there are {standards}.")
    return np.array(np.broadcast_to(rates, (standards,)))


class _Adopted(NamedTuple):
    """Adopters, and the adopting influencers of each node."""

    step: int
    labels: LabelArray  # (R, N)
    near: npt.NDArray[Any]  # (R, N, S), weight of the influencers of a node by standard
    counts: IntArray  # (R, S)
    waiting: PlaceArray  # (2, K), draws and groups of four nodes with an unassigned one


class _BassTables(NamedTuple):
    """Arrays shared by all draws."""

    innovation: FloatArray  # (S,), per step
    imitation: FloatArray  # (S,), per step
    scale: FloatArray  # (N,), one over strength
    weights: FloatArray  # of the followers of each node; empty if all are equal
    kind: npt.DTypeLike  # smallest type that holds counts of influencers


class _Bass(NamedTuple):
    innovation: FloatArray
    imitation: FloatArray
    interval: float

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _BassTables:
        """Rates per step, and arrays of the network."""
        weights = network.followers.weights
        return _BassTables(
            innovation=self.interval * _of_each("innovation", self.innovation, len(standards)),
            imitation=self.interval * _of_each("imitation", self.imitation, len(standards)),
            scale=1.0 / np.where(network.strength > 0.0, network.strength, 1.0),
            weights=np.empty(0) if weights is None else weights,
            kind=_kind(network),
        )

    def init(self, setting: NetworkSetting) -> _Adopted:
        """Initial adopters, and the counts of their followers."""
        draws, nodes = setting.labels.shape
        near = np.zeros((draws, nodes, len(setting.standards)), setting.plan.kind)
        counts = np.zeros((draws, len(setting.standards)), np.int64)
        tally(setting.labels, counts)
        _notify_followers(
            setting, np.array(np.nonzero(setting.labels != UNASSIGNED), np.int32), setting.labels, near
        )
        listed, found = np.empty((2, draws * -(-nodes // 4)), np.int32), np.zeros(1, np.int64)
        list_waiting(setting.labels, listed, found)
        return _Adopted(0, setting.labels.copy(), near, counts, _shortened(listed, int(found[0])))

    def step(self, state: _Adopted, setting: NetworkSetting) -> tuple[_Adopted, StepReport]:
        """Update all unassigned nodes once, then the counts of the followers of adopters."""
        plan, random = setting.plan, setting.random
        labels, near, counts = state.labels.copy(), state.near.copy(), state.counts.copy()
        groups = state.waiting.shape[1]
        fresh, still = np.empty((2, 4 * groups), np.int32), np.empty((2, groups), np.int32)
        words, found = np.empty(4 * _CHUNK, np.uint32), np.zeros(2, np.int64)
        count = tuple(map(np.uint64, (random.seed, random.first, state.step, int(Stream.MOVE))))
        for at in range(0, groups, _CHUNK):
            some = min(_CHUNK, groups - at)
            drawn = words[: 4 * some].reshape(4, some)
            words_of_groups(*count, state.waiting, at, drawn)
            adopt(
                state.waiting, at, drawn, plan.innovation, plan.imitation, plan.scale, near,
                labels, counts, fresh, still, found,
            )  # fmt: skip
        _notify_followers(setting, _shortened(fresh, int(found[0])), labels, near)
        after = _Adopted(state.step + 1, labels, near, counts, _shortened(still, int(found[1])))
        return after, StepReport(counts, (counts != state.counts).any(axis=1))

    def at_rest(self, state: _Adopted, setting: NetworkSetting) -> BoolArray:
        """Draws in which no unassigned node has a rate above 0."""
        if setting.plan.innovation.any():
            return np.asarray(state.counts.sum(axis=1) == state.labels.shape[1])
        exposed = (state.near[..., setting.plan.imitation > 0.0] > 0).any(axis=2)
        return np.asarray(~(exposed & (state.labels == UNASSIGNED)).any(axis=1))


def _notify_followers(
    setting: NetworkSetting, fresh: PlaceArray, labels: LabelArray, near: npt.NDArray[Any]
) -> None:
    followers = setting.network.followers
    notify_followers(followers.start, followers.nodes, setting.plan.weights, fresh, labels, near)


def _shortened(listed: PlaceArray, found: int) -> PlaceArray:
    return np.ascontiguousarray(listed[:, :found])
