r"""Best response: each node takes the standard of largest utility, given its influencers.

.. math:: x_i' \in \arg\max_s \Bigl( \sum_j \bar w_{ij} C_{s x_j} + q_{is} - c\,[s \ne x_i] \Bigr)

with :math:`\bar w` the ties of i scaled to sum to 1. A node keeps its standard if it is among the best,
else takes the lowest-numbered of them. *Synchronous*: all respond to the previous state. *Asynchronous*:
nodes take turns in the order of the network, and each sees earlier responses. The process is
deterministic: except for equal utilities it is the limit of
:func:`~standards_net.processes.heat_bath` for infinite sensitivity.

References
----------
Ellison, G. (1993), Econometrica 61(5), doi:10.2307/2951493.
Morris, S. (2000), Review of Economic Studies 67(1), doi:10.1111/1467-937X.00121.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_number
from standards_net.core.arrays import FloatArray
from standards_net.core.best_response import best_response_turns
from standards_net.networks import Network
from standards_net.processes.arguments import (
    checked_compatibility,
    checked_quality,
    checked_update,
    refuse_beyond,
)
from standards_net.processes.process import Labels, NetworkSetting, Process, StepReport

__all__ = ["best_response"]


def best_response(
    *,
    compatibility: npt.ArrayLike | None = None,
    quality: npt.ArrayLike | None = None,
    switching_cost: float = 0.0,
    update: str = "synchronous",
) -> Process:
    """Nodes take the standard of largest utility.

    Parameters
    ----------
    compatibility : (S, S) array or None
        ``C``: benefit to a node with standard s of a neighbour with standard t; the identity if None. May
        be the payoffs of a coordination game.
    quality : (S,) or (N, S) array or None
        ``q``: intrinsic utility of a standard; 0 if None.
    switching_cost : float
        ``c``: utility lost by changing the standard.
    update : {"synchronous", "asynchronous"}

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. It ends at rest or in a cycle; with symmetric weights and
        compatibility an asynchronous run on a regular network ends at rest.

    Raises
    ------
    StandardsNetError
        Invalid parameters.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.processes import best_response
    >>> d = sn.diffuse(nx.complete_graph(2), best_response(), initial={0: "a", 1: "b"}, steps=9)
    >>> d.status.tolist()
    ['cycling']
    """
    dynamics = _BestResponse(
        checked_compatibility(compatibility),
        checked_quality(quality),
        checked_number("switching_cost", switching_cost, least=0.0),
        checked_update(update),
    )
    return Process(
        "best response",
        dynamics.init,
        dynamics.step,
        prepare=dynamics.prepare,
        deterministic=True,
        parameters=dynamics._asdict(),
    )


class _BestResponseTables(NamedTuple):
    weights: FloatArray  # (E,), summing to 1 by node
    compatibility: FloatArray  # (S, S)
    quality: FloatArray  # (N, S)


class _BestResponse(NamedTuple):
    compatibility: FloatArray | None
    quality: FloatArray | None
    cost: float
    asynchronous: bool

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _BestResponseTables:
        """Matrices of matching shape, or an error."""
        count, rows = len(standards), network.influencers
        compatibility = checked_compatibility(self.compatibility, count)
        quality = checked_quality(self.quality, len(network), count)
        weights = np.ones(len(rows.nodes)) if rows.weights is None else rows.weights
        quality = np.zeros(count) if quality is None else quality
        compatibility = np.eye(count) if compatibility is None else compatibility
        refuse_beyond("best response", abs(compatibility).max() + abs(quality).max() + self.cost)
        return _BestResponseTables(
            weights / np.repeat(network.strength, network.degree),
            compatibility,
            np.ascontiguousarray(np.broadcast_to(quality, (len(network), count))),
        )

    def init(self, setting: NetworkSetting) -> Labels:
        """As given."""
        return Labels(0, setting.labels.copy())

    def step(self, state: Labels, setting: NetworkSetting) -> tuple[Labels, StepReport]:
        """Every node once."""
        rows, after = setting.network.influencers, state.labels.copy()
        moved = np.empty(len(after), np.bool_)
        source = after if self.asynchronous else state.labels
        best_response_turns(
            rows.start, rows.nodes, *setting.plan, self.cost, source, after, moved, setting.stop
        )
        return Labels(state.step + 1, after), StepReport(moved=moved)
