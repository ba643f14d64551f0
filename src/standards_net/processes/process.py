"""Definition of a process: two pure functions, their arguments and results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.frozen import FrozenMapping
from standards_net.networks import Network
from standards_net.randomness import RandomNumbers

__all__ = ["UNASSIGNED", "LabelArray", "Labels", "NetworkSetting", "Process", "Shares", "StepReport"]

LabelArray = npt.NDArray[np.uint8]

UNASSIGNED = 255  # label of a node that has no standard yet


@dataclass(frozen=True)
class NetworkSetting:
    """Argument of a process on a network: the network and a block of R draws.

    Attributes
    ----------
    network : Network
        N nodes.
    standards : tuple of str, length S
    labels : (R, N) array of uint8
        Initial standard of each node; ``UNASSIGNED`` for none. Rows are contiguous in memory.
    shares : (R, N, S) array or None
        Initial shares, if the process moves shares.
    random : RandomNumbers
        Uniform numbers of these draws.
    plan : object
        Result of the process's ``prepare``, shared by all draws.
    stop : (1,) array of uint8
        Nonzero after Ctrl-C: unfinished draws will be discarded.
    """

    network: Network
    standards: tuple[str, ...]
    labels: LabelArray
    shares: FloatArray | None
    random: RandomNumbers
    plan: Any = None
    stop: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(1, np.uint8))


class Labels(NamedTuple):
    """State of a process in which each node has one standard, or none. R draws, N nodes."""

    step: int
    labels: LabelArray  # (R, N)


class Shares(NamedTuple):
    """State of a process in which each node has shares of all standards."""

    step: int
    shares: FloatArray  # (R, N, S); rows sum to 1


class StepReport(NamedTuple):
    """Optional results of a step, which save reading the state again. R draws, S standards."""

    counts: IntArray | FloatArray | None = None  # (R, S), nodes by standard
    moved: BoolArray | None = None  # (R,), whether some node changed


class StateLike(Protocol):
    """A state has its step, and either ``labels`` or ``shares``.

    It may have ``counts`` (R, S), and ``apart(other)``, the largest difference of a share in each draw.
    """

    @property
    def step(self) -> int:
        """Steps done."""
        ...


class Process(NamedTuple):
    """A rule by which standards spread over a network, for :func:`standards_net.diffuse`.

    The yearly model of :func:`standards_net.run` takes a :class:`standards_net.model.Mechanism` instead.

    Attributes
    ----------
    name : str
    init : callable
        ``init(setting) -> state``: the initial state.
    step : callable
        ``step(state, setting) -> (state, report)``: one step on. Pure; random numbers come from the
        setting. The report is a :class:`StepReport` or None.
    moves : {"labels", "shares"}
        What the state holds: one standard per node (:class:`Labels`) or shares (:class:`Shares`).
    allows_unassigned : bool
        Whether nodes may be without a standard.
    allows_isolated : bool
        Whether nodes may have no influencer.
    deterministic : bool
        Whether a state that recurs is followed by the same states as the first time: no random numbers
        are used after the initial state. Only then are cycles detected.
    deterministic_up_to : int
        Largest number of standards for which that holds; with more, ties are broken at random.
    at_rest : callable or None
        ``at_rest(state, setting) -> (R,) array of bool``: draws in which nothing can change any more.
        If None, a draw of a deterministic process is at rest when nothing changed.
    prepare : callable or None
        ``prepare(network, standards) -> plan``: what all draws share; raises if the process cannot run
        there. The plan reaches ``init`` and ``step`` as ``setting.plan``.
    lanes : callable or None
        ``lanes(network) -> int``: number of draws computed side by side; blocks of draws begin at
        multiples of it. Any number of draws will do if None.
    draw_bytes : callable or None
        ``draw_bytes(network, standards) -> int``: memory per draw, where it is more than the labels or
        shares of its nodes; blocks of draws are sized to fit.
    parameters : mapping of str to object
        Arguments of the process, recorded in the provenance of a run.
    """

    name: str
    init: Callable[[NetworkSetting], Any]
    step: Callable[[Any, NetworkSetting], tuple[Any, StepReport | None]]
    moves: str = "labels"
    allows_unassigned: bool = False
    allows_isolated: bool = False
    deterministic: bool = False
    at_rest: Callable[[Any, NetworkSetting], BoolArray] | None = None
    prepare: Callable[[Network, tuple[str, ...]], Any] | None = None
    deterministic_up_to: int = 255
    lanes: Callable[[Network], int] | None = None
    draw_bytes: Callable[[Network, int], int] | None = None
    parameters: Mapping[str, Any] = FrozenMapping()
