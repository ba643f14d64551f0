"""What a process is: two pure functions, and what they are given and give back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.networks import Network
from standards_net.randomness import Luck

__all__ = ["NOBODY", "Arena", "LabelArray", "Labels", "Process", "Seen", "Shares"]

LabelArray = npt.NDArray[np.uint8]

NOBODY = 255  # label of a node that has no standard yet


@dataclass(frozen=True)
class Arena:
    """What a process on a network is given: the network and a block of R draws.

    Attributes
    ----------
    network : Network
        N nodes.
    standards : tuple of str, length S
    labels : (R, N) array of uint8
        Standard that each node begins with; ``NOBODY`` for none. Draws lie one after another in memory.
    shares : (R, N, S) array or None
        The same as shares, where the process moves shares.
    luck : Luck
        Uniform numbers of these draws.
    plan : object
        What the process's ``prepare`` made of the network, once for all draws.
    stop : (1,) array of uint8
        Not 0 once Ctrl-C was pressed: what is not finished will not be used.
    """

    network: Network
    standards: tuple[str, ...]
    labels: LabelArray
    shares: FloatArray | None
    luck: Luck
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


class Seen(NamedTuple):
    """What a step may tell of itself, which saves reading the state again. R draws, S standards."""

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
    """A way in which adoption moves.

    Attributes
    ----------
    name : str
    init : callable
        ``init(setting) -> state``: the beginning.
    step : callable
        ``step(state, setting) -> (state, info)``: one step on. Pure; luck comes from the setting.
    operators : int
        Of a process for ``run``: operators of a country that tender; 0 where purchases split in
        proportion.
    moves : {"labels", "shares", "world"}
        What the state holds: one standard a node (:class:`Labels`), shares (:class:`Shares`), or the
        world of ``run``.
    undecided : bool
        Whether nodes may be without a standard.
    lonely : bool
        Whether nodes may have nobody to look to.
    repeats : bool
        Whether a state that comes again is followed by what followed it the first time: no luck after
        the beginning. Cycles are looked for then.
    repeats_upto : int
        Most standards with which that holds; with more it draws lots.
    at_rest : callable or None
        ``at_rest(state, setting) -> (R,) array of bool``: draws in which nothing can move any more.
        Where None and the process repeats itself, a draw rests when nothing moved.
    prepare : callable or None
        ``prepare(network, standards) -> plan``: what all draws share; raises if the process cannot run
        there. The plan reaches ``init`` and ``step`` as ``setting.plan``.
    lanes : callable or None
        ``lanes(network) -> int``: how many draws stand side by side; blocks of draws begin at multiples
        of it. Any number of draws will do where None.
    draw_bytes : callable or None
        ``draw_bytes(network, standards) -> int``: memory that a draw takes, where it is more than the
        labels or shares of its nodes; blocks of draws are made to fit.
    rule : callable or None
        How a country of the world's study picks its standard (``processes/mechanisms.py``); None if
        the process has no counterpart there.
    """

    name: str
    init: Callable[[Any], Any]
    step: Callable[[Any, Any], tuple[Any, Any]]
    operators: int = 0
    moves: str = "labels"
    undecided: bool = False
    lonely: bool = False
    repeats: bool = False
    at_rest: Callable[[Any, Any], BoolArray] | None = None
    prepare: Callable[[Network, tuple[str, ...]], Any] | None = None
    rule: Callable[..., Any] | None = None
    repeats_upto: int = 255
    lanes: Callable[[Network], int] | None = None
    draw_bytes: Callable[[Network, int], int] | None = None
