r"""Majority rule: a node takes the standard with the largest weight among its influencers.

.. math:: x_i' \in \arg\max_s \sum_j w_{ij} [x_j = s]

A node whose own standard is among those of largest weight keeps it; otherwise it draws one of them
uniformly. With probability ``noise`` it draws any standard uniformly instead. One step is N turns:
*asynchronous*, of random nodes; *synchronous*, of every node once.

References
----------
Goles, E. & Olivos, J. (1980), Discrete Mathematics 30(2), doi:10.1016/0012-365X(80)90106-8: without
noise, with two standards and symmetric weights a synchronous run ends at rest or in a cycle of two.
de Oliveira, M. J. (1992), Journal of Statistical Physics 66, doi:10.1007/BF01060069 (with noise).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from standards_net.checks import checked_number
from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.core.opinions import majority_turns, majority_turns_counted, outvoted
from standards_net.networks import Network
from standards_net.processes.arguments import checked_update
from standards_net.processes.process import Labels, NetworkSetting, Process, StepReport

__all__ = ["majority"]


def majority(*, noise: float = 0.0, update: str = "asynchronous") -> Process:
    """Nodes take the standard with the largest weight among their influencers.

    Parameters
    ----------
    noise : float
        Probability of drawing any standard uniformly instead.
    update : {"asynchronous", "synchronous"}

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. Without noise at rest once no node is outvoted.

    Raises
    ------
    StandardsNetError
        Invalid parameters.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.processes import majority
    >>> d = sn.diffuse(nx.complete_graph(9), majority(), initial={"a": range(5), "b": range(5, 9)},
    ...                steps=20, draws=3, rng=1)
    >>> d.counts[:, -1].tolist()
    [[9, 0], [9, 0], [9, 0]]
    """
    dynamics = _Majority(checked_number("noise", noise, least=0.0, most=1.0), checked_update(update))
    noiseless = round(dynamics.noise * 2**32) == 0  # at the resolution of the random words
    return Process(
        "majority",
        dynamics.init,
        dynamics.step,
        prepare=dynamics.prepare,
        at_rest=dynamics.at_rest if noiseless else None,
        deterministic=noiseless and not dynamics.asynchronous,
        deterministic_up_to=2,  # of two equal ones the own is one; three may need a random choice
        parameters=dynamics._asdict(),
    )


class _Majority(NamedTuple):
    noise: float
    asynchronous: bool

    def prepare(self, network: Network, _: tuple[str, ...]) -> FloatArray:
        """Weights of the ties, empty if all are equal."""
        weights = network.influencers.weights
        return np.empty(0) if weights is None else weights

    def init(self, setting: NetworkSetting) -> Labels:
        """As given."""
        return Labels(0, setting.labels.copy())

    def step(self, state: Labels, setting: NetworkSetting) -> tuple[Labels, StepReport]:
        """N turns."""
        rows, random = setting.network.influencers, setting.random
        after = state.labels.copy()
        key = (np.uint64(random.seed), np.uint64(random.first), np.uint64(state.step))
        noise, source = np.uint64(round(self.noise * 2**32)), after if self.asynchronous else state.labels
        options = (noise, len(setting.standards), self.asynchronous, source, after)
        if rows.weights is None and len(setting.standards) <= 8 and setting.network.degree.max() <= 255:
            words = np.empty((4, 256), np.uint32)
            majority_turns_counted(*key, rows.start, rows.nodes, *options, words, setting.stop)
        else:
            words = np.empty((1, 1024), np.uint32)
            majority_turns(*key, rows.start, rows.nodes, setting.plan, *options, words, setting.stop)
        return Labels(state.step + 1, after), StepReport()

    def at_rest(self, state: Labels, setting: NetworkSetting) -> BoolArray:
        """Draws in which no node is outvoted, (R,)."""
        rows, found = setting.network.influencers, np.empty(len(state.labels), np.bool_)
        outvoted(rows.start, rows.nodes, setting.plan, len(setting.standards), state.labels, found)
        return ~found
