r"""Voter model: nodes copy one of their influencers.

.. math:: P(x_i' = s) = \sum_j \bar w_{ij} [x_j = s]

with :math:`\bar w` the ties of i scaled to sum to 1. One step is N turns. *Asynchronous* (the usual
one): each turn updates a random node. *Synchronous*: every node has one turn. *Link*: each turn picks a
random tie, one end of which copies the other.

References
----------
Clifford, P. & Sudbury, A. (1973), Biometrika 60(3), doi:10.1093/biomet/60.3.581.
Sood, V. & Redner, S. (2005), Physical Review Letters 94, 178701, doi:10.1103/PhysRevLett.94.178701.
Suchecki, K., Eguiluz, V. M. & San Miguel, M. (2005), Europhysics Letters 69(2),
doi:10.1209/epl/i2004-10329-8.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray
from standards_net.core.opinions import (
    discordant,
    influencer_words,
    link_turns,
    voter_turns,
    voter_turns_by_word,
)
from standards_net.core.philox import WordArray
from standards_net.errors import StandardsNetError
from standards_net.networks import Network
from standards_net.processes.arguments import UPDATES, checked_update
from standards_net.processes.process import Labels, NetworkSetting, Process, StepReport

__all__ = ["nothing_to_copy", "voter"]

_MAX_PAIRS = 2**22  # nodes times influencers that one word can select together, to one part in a thousand
_SHORT = 2**16  # nodes that two bytes can index


def voter(*, update: str = "asynchronous") -> Process:
    """Nodes copy one of their influencers.

    Parameters
    ----------
    update : {"asynchronous", "synchronous", "link"}

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. At rest once no node has an influencer of another standard.

    Raises
    ------
    StandardsNetError
        Unknown update; when run: ``link`` on a directed or weighted network.

    Notes
    -----
    On a connected undirected network one standard wins for certain: by node update with probability
    equal to its share of the ends of all ties, by link update to its share of nodes. From shares rho and
    1 - rho of the complete graph consensus takes -N [rho ln rho + (1 - rho) ln(1 - rho)] steps.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.processes import voter
    >>> d = sn.diffuse(nx.complete_graph(20), voter(), initial={"a": range(10), "b": range(10, 20)},
    ...                steps=500, draws=8, rng=1)
    >>> sorted(set(d.status.tolist())), sorted(set(d.counts[:, -1, 0].tolist()))
    (['settled'], [0, 20])
    """
    checked_update(update, (*UPDATES, "link"))
    dynamics = _Voter(update)
    return Process(
        "voter",
        dynamics.init,
        dynamics.step,
        prepare=dynamics.prepare,
        at_rest=nothing_to_copy,
        parameters=dynamics._asdict(),
    )


class _Short(NamedTuple):
    """Neighbours in the smallest integer type that holds them."""

    start: WordArray  # (N + 1,)
    nodes: npt.NDArray[np.int32] | npt.NDArray[np.uint16]  # (E,)


class _Voter(NamedTuple):
    update: str

    def prepare(self, network: Network, _: tuple[str, ...]) -> npt.NDArray[np.int32] | WordArray | _Short:
        """Words that select influencers, both ends of every tie, or neighbours if one word drives a turn."""
        rows = network.influencers
        pairs = len(network) * int(network.degree.max())
        if self.update == "asynchronous" and rows.weights is None and pairs <= _MAX_PAIRS:
            nodes = rows.nodes.astype(np.uint16) if len(network) <= _SHORT else rows.nodes
            return _Short(rows.start.astype(np.uint32), nodes)
        if self.update != "link":
            return influencer_words(rows.start, rows.weights)
        if network.directed or rows.weights is not None:
            raise StandardsNetError(
                "voter with update='link' needs an undirected, unweighted graph; use update='asynchronous', "
                "or drop the directions and weights."
            )
        followers = np.repeat(np.arange(len(network), dtype=np.int32), network.degree)
        return np.ascontiguousarray(np.stack([followers, rows.nodes], axis=1))

    def init(self, setting: NetworkSetting) -> Labels:
        """As given."""
        return Labels(0, setting.labels.copy())

    def step(self, state: Labels, setting: NetworkSetting) -> tuple[Labels, StepReport]:
        """N turns."""
        rows, random = setting.network.influencers, setting.random
        key = (np.uint64(random.seed), np.uint64(random.first), np.uint64(state.step))
        after = state.labels.copy()
        if self.update == "link":
            link_turns(*key, setting.plan, after, np.empty((1, 256), np.uint32))
        elif isinstance(setting.plan, _Short):
            voter_turns_by_word(*key, *setting.plan, after, np.empty((4, 128), np.uint32))
        else:
            asynchronous = self.update == "asynchronous"
            source = after if asynchronous else state.labels
            words = np.empty((1, 512), np.uint32)
            voter_turns(*key, rows.start, rows.nodes, setting.plan, asynchronous, source, after, words)
        return Labels(state.step + 1, after), StepReport()


def nothing_to_copy(state: Labels, setting: NetworkSetting) -> BoolArray:
    """Draws in which no node has an influencer of another standard, (R,)."""
    found = np.empty(len(state.labels), np.bool_)
    rows = setting.network.influencers
    discordant(rows.start, rows.nodes, state.labels, found)
    return ~found
