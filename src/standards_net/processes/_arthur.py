r"""Arthur's competing technologies: adopters arrive one by one and take what pays them best.

.. math:: x_i = \arg\max_s \; a_{v_i s} + r_{v_i s}\, n_s

where :math:`n_s` have standard s so far, and :math:`v_i` is the type of the arrival, drawn by lot.

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

RandomNumbers = tuple[npt.NDArray[Any], ...]  # (R, K) each: what has been drawn for K arrivals
Draw = Callable[[NetworkSetting, int, int], RandomNumbers]  # draws it, for so many arrivals from one on
Rule = Callable[..., None]  # lets some of them arrive

_CHUNK = 65536  # words of luck that are drawn at a time
_FEWEST = 64  # arrivals whose luck is drawn at a time
_GRAIN = 2.0**-40  # of the largest pay-off: what differs by less is equal

_MOST_TYPES = 255  # a type is a byte

_TASTE, _RETURNS = ((2.0, 1.0), (1.0, 2.0)), 0.1


def arthur(
    taste: npt.ArrayLike | None = None,
    returns: npt.ArrayLike | None = None,
    *,
    payoff: npt.ArrayLike | None = None,
    probability: npt.ArrayLike | None = None,
    local: bool = False,
    order: npt.ArrayLike | None = None,
    arrivals_a_step: int = 1,
) -> Process:
    r"""Nodes arrive one after another and keep what pays best at that moment (Arthur 1989).

    .. math:: x_i = \arg\max_s \; a_{v s} + r_{v s}\, n_s, \qquad v \sim \text{probability}

    Parameters
    ----------
    taste : (S,) or (types, S) array or None
        ``a``: pay-off to each type of adopter of a standard that nobody has. ((2, 1), (1, 2)) if None:
        one type likes the first of two standards, the other the second.
    returns : float, (S,), (types, 1) or (types, S) array, or None
        ``r``: what one more adopter adds; above 0 increasing, below 0 diminishing returns. 0.1 if None.
    payoff : (S, M) or (types, S, M) array or None
        In place of the two: pay-off by number of adopters 0, 1, ..., M - 1; as many as there are nodes.
    probability : (types,) array or None
        Of an arrival to be of each type; all alike if None.
    local : bool
        Whether ``n`` counts only those whom the arrival looks to, each as one, and not the whole market.
    order : (N,) array of int or None
        Nodes in order of arrival; 0, 1, 2, ... if None.
    arrivals_a_step : int
        It groups arrivals into steps and changes nothing else.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. A draw is settled when everyone has arrived.

    Raises
    ------
    StandardsNetError
        Impossible parameters.

    Notes
    -----
    Nodes that begin with a standard are an installed base: they count and do not arrive. Where pay-offs
    are equal the arrival takes what it likes best for itself (``taste``), and by lot among those that it
    likes equally; pay-offs are rounded to 2**-40 of the largest, so that 0.1 + 0.2 equals 0.3. Type and
    lot of the k-th arrival of a draw are words of their own, the same whatever the pay-offs;
    probabilities are exact to 2**-32.

    With the defaults (Arthur's case, r = s = 0.1) a draw is locked in once one standard leads by 11:
    after 121 arrivals on average.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.diffusion import random_seeds
    >>> from standards_net.processes import arthur
    >>> market, nobody = nx.empty_graph(2000), random_seeds({"a": 0, "b": 0})
    >>> d = sn.diffuse(market, arthur(), initial=nobody, steps=2000, draws=4, rng=3)
    >>> bool((d.shares[:, -1].max(axis=1) > 0.7).all())  # each draw is locked in to one of the two
    True
    """
    if payoff is not None and not (taste is None and returns is None):
        raise StandardsNetError("payoff is given, and taste or returns too; give one or the other.")
    if payoff is None:
        taste, returns = (_TASTE if taste is None else taste), (_RETURNS if returns is None else returns)
    dynamics = _Arthur(
        taste=_checked("taste", taste, (1, 2)),
        returns=_checked("returns", returns, (0, 1, 2)),
        payoff=_checked("payoff", payoff, (2, 3)),
        probability=_probability(probability),
        local=_checked_flag("local", local),
        order=order,
        arrivals=checked_count("arrivals_a_step", arrivals_a_step),
    )
    return Process(
        "Arthur", dynamics.init, dynamics.step,
        allows_unassigned=True, allows_isolated=True, at_rest=everyone_arrived, prepare=dynamics.prepare,
        lanes=word_lanes,
        parameters=dynamics._asdict(),
    )  # fmt: skip


def word_lanes(_: Network) -> int:
    """Draws that one word holds."""
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
        raise StandardsNetError(f"probability adds up to {array.sum():.6g}; it must add up to 1.")
    return array


class Arrivals(NamedTuple):
    """How far the draws have come in the order, and what arrivals chose."""

    step: int
    arrived: int  # arrivals so far, in draws that are not over
    at: IntArray  # (R,), places in the order
    counts: IntArray  # (R, S)
    given: LabelArray  # (R, N), what nodes begin with
    log: LabelArray  # (R, N), what arrivals chose; shared by all steps
    place_of: IntArray  # (N,), places of nodes in the order
    drawn: int  # first arrival whose luck is at hand
    random: RandomNumbers

    @property
    def labels(self) -> LabelArray:
        """(R, N) array of uint8."""
        here = (self.given == UNASSIGNED) & (self.place_of < self.at[:, None])
        return np.where(here, self.log, self.given)


def first_arrivals(setting: NetworkSetting, order: IntArray, draw: Draw) -> Arrivals:
    """Nobody has arrived; those who begin with a standard count."""
    draws, nodes = setting.labels.shape
    counts = np.zeros((draws, len(setting.standards)), np.int64)
    tally(setting.labels, counts)
    place_of = np.empty(nodes, np.int64)
    place_of[order] = np.arange(nodes)
    some = min(max(_CHUNK // draws, _FEWEST), nodes + 3) // 4 * 4
    return Arrivals(
        0, 0, np.zeros(draws, np.int64), counts, setting.labels,
        np.full_like(setting.labels, UNASSIGNED), place_of,
        0, draw(setting, 0, some),
    )  # fmt: skip


def let_arrive(
    state: Arrivals, setting: NetworkSetting, arrivals: int, draw: Draw, rule: Rule
) -> tuple[Arrivals, StepReport]:
    """Let so many arrive, by ``rule(luck, begin, end, at, counts, log)``."""
    at, counts, drawn, random = state.at.copy(), state.counts.copy(), state.drawn, state.random
    some = random[0].shape[1]
    arrived, last = state.arrived, min(state.arrived + arrivals, setting.labels.shape[1])
    while arrived < last:
        if arrived == drawn + some:
            drawn, random = arrived, draw(setting, arrived, some)
        upto = min(last, drawn + some)
        rule(random, arrived - drawn, upto - drawn, at, counts, state.log)
        arrived = upto
    after = state._replace(
        step=state.step + 1, arrived=arrived, at=at, counts=counts, drawn=drawn, random=random
    )
    return after, StepReport(counts, (counts != state.counts).any(axis=1))


def words_of(setting: NetworkSetting, first: int, some: int, stream: Stream = Stream.MOVE) -> WordArray:
    """Words of arrivals, numbered in each draw as they come; there are no steps in them."""
    return setting.random.words(0, first, np.empty((len(setting.labels), some), np.uint32), stream)


def everyone_arrived(state: Arrivals, setting: NetworkSetting) -> BoolArray:
    """Where every node has a standard."""
    return np.asarray(state.counts.sum(axis=1) == setting.labels.shape[1])


def checked_order(order: npt.ArrayLike | None, nodes: int) -> IntArray:
    """Every node once."""
    if order is None:
        return np.arange(nodes)
    try:
        listed = np.asarray(order)
    except ValueError:  # rows of different lengths
        listed = np.empty(0)
    if listed.dtype.kind not in "iu" or not np.array_equal(np.sort(listed, axis=None), np.arange(nodes)):
        raise StandardsNetError(f"order must name each of the nodes 0 to {nodes - 1} once.")
    return listed.ravel().astype(np.int64)


class _ArthurTables(NamedTuple):
    """What all draws share."""

    order: IntArray  # (N,)
    upto: npt.NDArray[np.uint64]  # (types - 1,), words by type
    taste: FloatArray  # (types, S)
    payoff: FloatArray  # (types, S, M)
    start: IntArray  # of neighbours; empty where the whole market counts
    lots: bool  # whether some type likes two standards alike


class _Arthur(NamedTuple):
    taste: FloatArray | None
    returns: FloatArray | None
    payoff: FloatArray | None
    probability: FloatArray | None
    local: bool
    order: npt.ArrayLike | None
    arrivals: int

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _ArthurTables:
        """Pay-offs by type."""
        shape = (self.types(), len(standards))
        taste = _of_each("taste", self.taste, shape, (shape[1],))
        chance = np.full(shape[0], 1.0 / shape[0]) if self.probability is None else self.probability
        most = int(network.degree.max()) if self.local else len(network) - 1
        with np.errstate(over="ignore", invalid="ignore"):
            payoffs = self.payoffs(taste, most)
        refuse_beyond("Arthur", float(abs(payoffs).max()))
        return _ArthurTables(
            order=checked_order(self.order, len(network)),
            upto=np.ceil(np.cumsum(chance)[:-1] * 2.0**32).astype(np.uint64),
            taste=taste,
            payoff=_grained(payoffs),
            start=network.influencers.start if self.local else np.empty(0, np.int64),
            lots=any(len(np.unique(row)) < len(row) for row in taste),
        )

    def types(self) -> int:
        """How many types of adopters there are; all parameters must agree."""
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
            told = " and ".join(f"{name} of {count}" for name, count in found.items())
            raise StandardsNetError(f"types of adopters differ: {told}.")
        if max(found.values(), default=1) > _MOST_TYPES:
            raise StandardsNetError(
                f"there are {max(found.values())} types; at most {_MOST_TYPES} are possible."
            )
        return max(found.values(), default=1)

    def payoffs(self, taste: FloatArray, most: int) -> FloatArray:
        """By type, standard and number of adopters up to ``most``."""
        standards = taste.shape[1]
        if self.payoff is None:
            returns = _of_each("returns", self.returns, taste.shape, (1, standards))
            return taste[:, :, None] + returns[:, :, None] * np.arange(most + 1)
        if self.payoff.shape[-2] != standards:
            raise StandardsNetError(f"payoff is of {self.payoff.shape[-2]} standards; there are {standards}.")
        if self.payoff.shape[-1] <= most:
            raise StandardsNetError(
                f"payoff goes up to {self.payoff.shape[-1] - 1} adopters; here there can be {most}."
            )
        return np.array(np.broadcast_to(self.payoff[..., : most + 1], (*taste.shape, most + 1)))

    def draw(self, setting: NetworkSetting, first: int, some: int) -> RandomNumbers:
        """Types of arrivals, and their lots."""
        words = words_of(setting, first, some)
        types = np.empty(words.shape, np.uint8)
        draw_types(words, setting.plan.upto, types)
        return types, words_of(setting, first, some, Stream.LOT) if setting.plan.lots else words

    def init(self, setting: NetworkSetting) -> Arrivals:
        """Nobody has arrived."""
        return first_arrivals(setting, setting.plan.order, self.draw)

    def step(self, state: Arrivals, setting: NetworkSetting) -> tuple[Arrivals, StepReport]:
        """The next arrivals."""
        plan, nodes = setting.plan, setting.network.influencers.nodes

        def rule(random: RandomNumbers, begin: int, end: int, *kept: Any) -> None:
            arrive_by_payoff(
                plan.order, state.place_of, plan.start, nodes, state.given, *random, begin, end,
                plan.taste, plan.payoff, *kept,
            )  # fmt: skip

        return let_arrive(state, setting, self.arrivals, self.draw, rule)


def _of_each(
    name: str, array: FloatArray | None, shape: tuple[int, ...], allowed: tuple[int, ...]
) -> FloatArray:
    """A number for each type and standard."""
    if array is None:
        return np.zeros(shape)
    if array.ndim and array.shape[-1] not in (allowed if array.ndim == 2 else shape[1:]):
        raise StandardsNetError(f"{name} is of {array.shape[-1]} standards; there are {shape[1]}.")
    return np.array(np.broadcast_to(array, shape))


def _grained(payoff: FloatArray) -> FloatArray:
    """Rounded, so that sums that are equal on paper are equal."""
    largest = abs(payoff).max()
    grain = _GRAIN * 2.0 ** np.ceil(np.log2(largest)) if largest > 0.0 else 1.0
    return np.asarray(np.round(payoff / grain) * grain)
