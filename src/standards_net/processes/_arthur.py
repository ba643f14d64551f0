r"""Arthur's competing technologies: adopters arrive one by one and take the standard with the highest payoff.

.. math:: x_i = \arg\max_s \; a_{v_i s} + r_{v_i s}\, n_s

where :math:`n_s` nodes have standard s so far, and :math:`v_i` is the type of the arrival, drawn at random.

References
----------
Arthur, W. B. (1989), Economic Journal 99(394), doi:10.2307/2234208.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_array, checked_count
from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.arrivals import arrive_by_payoff, draw_types
from standards_net.core.counts import tally
from standards_net.core.philox import WordArray
from standards_net.errors import StandardsNetError
from standards_net.labels import without_labels
from standards_net.networks import Network
from standards_net.processes.arguments import refuse_beyond
from standards_net.processes.process import UNASSIGNED, LabelArray, NetworkSetting, Process, StepReport
from standards_net.randomness import Stream

__all__ = [
    "Arrivals",
    "arthur",
    "checked_order",
    "everyone_arrived",
    "first_arrivals",
    "let_arrive",
    "word_lanes",
    "words_of",
]

ArrivalNumbers = tuple[npt.NDArray[Any], ...]  # (R, K) each: random numbers of K arrivals
Draw = Callable[[NetworkSetting, int, int], ArrivalNumbers]  # from the first arrival and their number
Rule = Callable[..., None]  # updates counts for some arrivals

_CHUNK = 65536  # random words drawn at a time
_MIN_ARRIVALS = 64  # arrivals whose random words are drawn at a time
_GRAIN = 2.0**-40  # of the largest payoff: smaller differences count as equal

_MAX_TYPES = 255  # a type is a byte

_TASTE, _RETURNS = ((2.0, 1.0), (1.0, 2.0)), 0.1


def arthur(
    taste: npt.ArrayLike | None = None,
    returns: npt.ArrayLike | None = None,
    *,
    payoff: npt.ArrayLike | None = None,
    probability: npt.ArrayLike | None = None,
    local: bool = False,
    order: npt.ArrayLike | None = None,
    arrivals_per_step: int = 1,
) -> Process:
    r"""Nodes arrive one after another and keep the standard of highest payoff at that time (Arthur 1989).

    .. math:: x_i = \arg\max_s \; a_{v s} + r_{v s}\, n_s, \qquad v \sim \text{probability}

    Parameters
    ----------
    taste : (S,) or (types, S) array or None
        ``a``: payoff to each type of adopter from a standard without adopters. ((2, 1), (1, 2)) if None:
        one type prefers the first of two standards, the other the second.
    returns : float, (S,), (types, 1) or (types, S) array, or None
        ``r``: payoff added by one more adopter; above 0 increasing, below 0 diminishing returns. 0.1 if None.
    payoff : (S, M) or (types, S, M) array or None
        Instead of the two: payoff by number of adopters 0, 1, ..., M - 1; M is the number of nodes.
    probability : (types,) array or None
        Probability that an arrival is of each type; equal if None.
    local : bool
        Whether ``n`` counts only the influencers of the arrival, unweighted, instead of the whole market.
    order : (N,) array of int or None
        Nodes in order of arrival; 0, 1, 2, ... if None.
    arrivals_per_step : int
        Number of arrivals per step; affects nothing else.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. A draw is settled when every node has arrived.

    Raises
    ------
    StandardsNetError
        Invalid parameters.

    Notes
    -----
    Nodes that start with a standard are an installed base: they count and do not arrive. If payoffs are
    equal the arrival takes the standard of larger ``taste``, and among equal tastes one at random; payoffs
    are rounded to 2**-40 of the largest, so that 0.1 + 0.2 equals 0.3. Type and tie-break of the k-th
    arrival of a draw are separate random words, the same for any payoffs; probabilities are exact to
    2**-32.

    With the defaults (Arthur's case, r = s = 0.1) a draw is locked in once one standard leads by 11:
    after 121 arrivals on average.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.diffusion import random_seeds
    >>> from standards_net.processes import arthur
    >>> market, empty = nx.empty_graph(2000), random_seeds({"a": 0, "b": 0})
    >>> d = sn.diffuse(market, arthur(), initial=empty, steps=2000, draws=4, rng=3)
    >>> bool((d.shares[:, -1].max(axis=1) > 0.7).all())  # each draw is locked in to one of the two
    True
    """
    if payoff is not None and not (taste is None and returns is None):
        raise StandardsNetError("payoff is given together with taste or returns; give one or the other.")
    if payoff is None:
        taste, returns = (_TASTE if taste is None else taste), (_RETURNS if returns is None else returns)
    dynamics = _Arthur(
        taste=_checked("taste", taste, (1, 2)),
        returns=_checked("returns", returns, (0, 1, 2)),
        payoff=_checked("payoff", payoff, (2, 3)),
        probability=_probability(probability),
        local=_checked_flag("local", local),
        order=order,
        arrivals=checked_count("arrivals_per_step", arrivals_per_step),
    )
    return Process(
        "Arthur", dynamics.init, dynamics.step,
        allows_unassigned=True, allows_isolated=True, at_rest=everyone_arrived, prepare=dynamics.prepare,
        lanes=word_lanes,
        parameters=dynamics._asdict(),
    )  # fmt: skip


def word_lanes(_: Network) -> int:
    """Draws per word."""
    return 64


_SHAPES = {
    "taste": "(standards,) or (types, standards)",
    "returns": "a number, (standards,), (types, 1) or (types, standards)",
    "payoff": "(standards, adopters) or (types, standards, adopters)",
}


def _checked(name: str, values: npt.ArrayLike | None, axes: tuple[int, ...]) -> FloatArray | None:
    if values is None:
        return None
    array = checked_array(name, values)
    if array.ndim not in axes or not array.size:
        raise StandardsNetError(f"{name} has shape {array.shape}; it must be {_SHAPES[name]}.")
    return array


def _checked_flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise StandardsNetError(f"{name} is {value!r}; it must be True or False.")
    return bool(value)


def _probability(values: npt.ArrayLike | None) -> FloatArray | None:
    if values is None:
        return None
    array = checked_array("probability", values, least=0.0, most=1.0)
    if array.ndim != 1 or not array.size:
        raise StandardsNetError(f"probability has shape {array.shape}; it must be (types,).")
    if abs(array.sum() - 1.0) > 1e-9:
        raise StandardsNetError(f"probability sums to {array.sum():.6g}; it must sum to 1.")
    return array


class Arrivals(NamedTuple):
    """Progress of the draws in the order of arrival, and the choices so far."""

    step: int
    arrived: int  # arrivals so far, in unfinished draws
    at: IntArray  # (R,), positions in the order
    counts: IntArray  # (R, S)
    given: LabelArray  # (R, N), initial standards
    log: LabelArray  # (R, N), choices of arrivals; shared by all steps
    place_of: IntArray  # (N,), positions of nodes in the order
    drawn: int  # first arrival whose random numbers are in ``random``
    random: ArrivalNumbers

    @property
    def labels(self) -> LabelArray:
        """(R, N) array of uint8."""
        here = (self.given == UNASSIGNED) & (self.place_of < self.at[:, None])
        return np.where(here, self.log, self.given)


def first_arrivals(setting: NetworkSetting, order: IntArray, draw: Draw) -> Arrivals:
    """State before the first arrival; nodes that start with a standard count."""
    draws, nodes = setting.labels.shape
    counts = np.zeros((draws, len(setting.standards)), np.int64)
    tally(setting.labels, counts)
    place_of = np.empty(nodes, np.int64)
    place_of[order] = np.arange(nodes)
    some = min(max(_CHUNK // draws, _MIN_ARRIVALS), nodes + 3) // 4 * 4
    return Arrivals(
        0, 0, np.zeros(draws, np.int64), counts, setting.labels,
        np.full_like(setting.labels, UNASSIGNED), place_of,
        0, draw(setting, 0, some),
    )  # fmt: skip


def let_arrive(
    state: Arrivals, setting: NetworkSetting, arrivals: int, draw: Draw, rule: Rule
) -> tuple[Arrivals, StepReport]:
    """Process the given number of arrivals by ``rule(random, begin, end, at, counts, log)``."""
    at, counts, drawn, random = state.at.copy(), state.counts.copy(), state.drawn, state.random
    some = random[0].shape[1]
    arrived, last = state.arrived, min(state.arrived + arrivals, setting.labels.shape[1])
    while arrived < last:
        if arrived == drawn + some:
            drawn, random = arrived, draw(setting, arrived, some)
        end = min(last, drawn + some)
        rule(random, arrived - drawn, end - drawn, at, counts, state.log)
        arrived = end
    after = state._replace(
        step=state.step + 1, arrived=arrived, at=at, counts=counts, drawn=drawn, random=random
    )
    return after, StepReport(counts, (counts != state.counts).any(axis=1))


def words_of(setting: NetworkSetting, first: int, some: int, stream: Stream = Stream.MOVE) -> WordArray:
    """Random words of arrivals, keyed by their number in the draw and not by step."""
    return setting.random.words(0, first, np.empty((len(setting.labels), some), np.uint32), stream)


def everyone_arrived(state: Arrivals, setting: NetworkSetting) -> BoolArray:
    """Draws in which every node has a standard."""
    return np.asarray(state.counts.sum(axis=1) == setting.labels.shape[1])


def checked_order(order: npt.ArrayLike | None, nodes: int) -> IntArray:
    """Order of arrival that contains every node once."""
    if order is None:
        return np.arange(nodes)
    without_labels("order", order)
    try:
        listed = np.asarray(order)
    except ValueError:  # rows of different lengths
        listed = np.empty(0)
    if listed.dtype.kind not in "iu" or not np.array_equal(np.sort(listed, axis=None), np.arange(nodes)):
        raise StandardsNetError(f"order must name each of the nodes 0 to {nodes - 1} once.")
    return listed.ravel().astype(np.int64)


class _ArthurTables(NamedTuple):
    """Data shared by all draws."""

    order: IntArray  # (N,)
    bounds: npt.NDArray[np.uint64]  # (types - 1,), upper bounds of the words of each type
    taste: FloatArray  # (types, S)
    payoff: FloatArray  # (types, S, M)
    start: IntArray  # of influencers; empty if the whole market counts
    tie_breaks: bool  # whether some type has equal tastes for two standards


class _Arthur(NamedTuple):
    taste: FloatArray | None
    returns: FloatArray | None
    payoff: FloatArray | None
    probability: FloatArray | None
    local: bool
    order: npt.ArrayLike | None
    arrivals: int

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _ArthurTables:
        """Payoffs by type."""
        shape = (self.types(), len(standards))
        taste = _of_each("taste", self.taste, shape, (shape[1],))
        probability = np.full(shape[0], 1.0 / shape[0]) if self.probability is None else self.probability
        largest = int(network.degree.max()) if self.local else len(network) - 1
        with np.errstate(over="ignore", invalid="ignore"):
            payoffs = self.payoffs(taste, largest)
        refuse_beyond("Arthur", float(abs(payoffs).max()))
        return _ArthurTables(
            order=checked_order(self.order, len(network)),
            bounds=np.ceil(np.cumsum(probability)[:-1] * 2.0**32).astype(np.uint64),
            taste=taste,
            payoff=_rounded(payoffs),
            start=network.influencers.start if self.local else np.empty(0, np.int64),
            tie_breaks=any(len(np.unique(row)) < len(row) for row in taste),
        )

    def types(self) -> int:
        """Number of types of adopters, on which all parameters must agree."""
        found = {}
        for name, array, axes in (
            ("taste", self.taste, 2),
            ("returns", self.returns, 2),
            ("payoff", self.payoff, 3),
            ("probability", self.probability, 1),
        ):
            if array is not None and array.ndim == axes and (axes == 1 or len(array) > 1):
                found[name] = len(array)
        if len(set(found.values())) > 1:
            counts = " and ".join(f"{name} has {count}" for name, count in found.items())
            raise StandardsNetError(f"numbers of types differ: {counts}.")
        if max(found.values(), default=1) > _MAX_TYPES:
            raise StandardsNetError(
                f"there are {max(found.values())} types; at most {_MAX_TYPES} are possible."
            )
        return max(found.values(), default=1)

    def payoffs(self, taste: FloatArray, largest: int) -> FloatArray:
        """By type, standard and number of adopters up to ``largest``."""
        standards = taste.shape[1]
        if self.payoff is None:
            returns = _of_each("returns", self.returns, taste.shape, (1, standards))
            return taste[:, :, None] + returns[:, :, None] * np.arange(largest + 1)
        if self.payoff.shape[-2] != standards:
            raise StandardsNetError(
                f"payoff is for {self.payoff.shape[-2]} standards; there are {standards}."
            )
        if self.payoff.shape[-1] <= largest:
            raise StandardsNetError(
                f"payoff goes up to {self.payoff.shape[-1] - 1} adopters; here there can be {largest}."
            )
        return np.array(np.broadcast_to(self.payoff[..., : largest + 1], (*taste.shape, largest + 1)))

    def draw(self, setting: NetworkSetting, first: int, some: int) -> ArrivalNumbers:
        """Types of arrivals, and words to break ties."""
        words = words_of(setting, first, some)
        types = np.empty(words.shape, np.uint8)
        draw_types(words, setting.plan.bounds, types)
        return types, words_of(setting, first, some, Stream.LOT) if setting.plan.tie_breaks else words

    def init(self, setting: NetworkSetting) -> Arrivals:
        """State before the first arrival."""
        return first_arrivals(setting, setting.plan.order, self.draw)

    def step(self, state: Arrivals, setting: NetworkSetting) -> tuple[Arrivals, StepReport]:
        """The next arrivals."""
        plan, nodes = setting.plan, setting.network.influencers.nodes

        def rule(random: ArrivalNumbers, begin: int, end: int, *kept: Any) -> None:
            arrive_by_payoff(
                plan.order, state.place_of, plan.start, nodes, state.given, *random, begin, end,
                plan.taste, plan.payoff, *kept,
            )  # fmt: skip

        return let_arrive(state, setting, self.arrivals, self.draw, rule)


def _of_each(
    name: str, array: FloatArray | None, shape: tuple[int, ...], allowed: tuple[int, ...]
) -> FloatArray:
    """Array by type and standard."""
    if array is None:
        return np.zeros(shape)
    if array.ndim and array.shape[-1] not in (allowed if array.ndim == 2 else shape[1:]):
        raise StandardsNetError(f"{name} is for {array.shape[-1]} standards; there are {shape[1]}.")
    return np.array(np.broadcast_to(array, shape))


def _rounded(payoff: FloatArray) -> FloatArray:
    """Payoffs, rounded so that sums that are equal on paper are equal."""
    largest = abs(payoff).max()
    grain = _GRAIN * 2.0 ** np.ceil(np.log2(largest)) if largest > 0.0 else 1.0
    return np.asarray(np.round(payoff / grain) * grain)
