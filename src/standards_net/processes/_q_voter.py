r"""q-voter model: a node follows q others if they agree.

A node samples q of its influencers by weight, with replacement. If all have the same standard, the node
adopts it; if not, it adopts one of the other standards, drawn uniformly, with probability ``noise`` and
otherwise keeps its own. With two standards and shares x, 1 - x in a complete graph:

.. math:: P(+) = (1 - x)\,\bigl[x^q + \varepsilon\,(1 - x^q - (1 - x)^q)\bigr]

One step is N turns: *asynchronous*, of random nodes; *synchronous*, of every node once.

References
----------
Castellano, C., Munoz, M. A. & Pastor-Satorras, R. (2009), Physical Review E 80, 041129,
doi:10.1103/PhysRevE.80.041129.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from standards_net.checks import checked_count, checked_number
from standards_net.core.opinions import influencer_words, q_voter_turns
from standards_net.core.philox import WordArray
from standards_net.networks import Network
from standards_net.processes._voter import nothing_to_copy
from standards_net.processes.arguments import checked_update
from standards_net.processes.process import Labels, NetworkSetting, Process, StepReport

__all__ = ["q_voter"]

_MAX_Q = 1000


def q_voter(q: int = 2, *, noise: float = 0.0, update: str = "asynchronous") -> Process:
    """Nodes follow q of their influencers if these agree.

    Parameters
    ----------
    q : int
        Number of influencers sampled, at most 1,000; 1 is the voter model.
    noise : float
        ``epsilon``: probability of taking another standard if they do not agree.
    update : {"asynchronous", "synchronous"}

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. At rest once no node has an influencer of another standard.

    Raises
    ------
    StandardsNetError
        Invalid parameters.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.processes import q_voter
    >>> d = sn.diffuse(nx.complete_graph(50), q_voter(4), initial={"a": range(35), "b": range(35, 50)},
    ...                steps=200, draws=8, rng=1)
    >>> d.counts[:, -1].tolist() == [[50, 0]] * 8
    True
    """
    dynamics = _QVoter(
        checked_count("q", q, most=_MAX_Q),
        checked_number("noise", noise, least=0.0, most=1.0),
        checked_update(update),
    )
    return Process(
        "q-voter",
        dynamics.init,
        dynamics.step,
        prepare=dynamics.prepare,
        at_rest=nothing_to_copy,
        parameters=dynamics._asdict(),
    )


class _QVoter(NamedTuple):
    q: int
    noise: float
    asynchronous: bool

    def prepare(self, network: Network, _: tuple[str, ...]) -> WordArray:
        """Words that select influencers."""
        return influencer_words(network.influencers.start, network.influencers.weights)

    def init(self, setting: NetworkSetting) -> Labels:
        """As given."""
        return Labels(0, setting.labels.copy())

    def step(self, state: Labels, setting: NetworkSetting) -> tuple[Labels, StepReport]:
        """N turns."""
        rows, random = setting.network.influencers, setting.random
        after = state.labels.copy()
        width = -(-(self.q + 2) // 4) * 4
        q_voter_turns(
            np.uint64(random.seed), np.uint64(random.first), np.uint64(state.step), rows.start, rows.nodes,
            setting.plan, self.q, np.uint64(round(self.noise * 2**32)), len(setting.standards),
            self.asynchronous, after if self.asynchronous else state.labels, after,
            np.empty((1, 256 * width), np.uint32), setting.stop,
        )  # fmt: skip
        return Labels(state.step + 1, after), StepReport()
