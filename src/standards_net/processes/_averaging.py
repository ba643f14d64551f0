r"""Averaging: each node moves to the average of its influencers, and may hold on to its initial shares.

.. math:: x_i' = \lambda_i \sum_j \bar w_{ij} x_j + (1 - \lambda_i)\, x_i(0)

with :math:`\bar w` the ties of i scaled to sum to 1 and :math:`1 - \lambda_i` the stubbornness of i. All
nodes respond to the previous state.

References
----------
DeGroot, M. H. (1974), Journal of the American Statistical Association 69(345),
doi:10.1080/01621459.1974.10480137.
Friedkin, N. E. & Johnsen, E. C. (1990), Journal of Mathematical Sociology 15(3-4),
doi:10.1080/0022250X.1990.9990069.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_array
from standards_net.core.arrays import BoolArray, FloatArray, draws_last
from standards_net.core.counts import add_up
from standards_net.errors import StandardsNetError
from standards_net.networks import Network, product_width
from standards_net.processes.process import NetworkSetting, Process, StepReport

__all__ = ["averaging"]

_LANES = 64  # draws of a product with a dense network
_STILL = 1e-15  # shares that move by no more in a step are at rest: it is rounding


def averaging(stubbornness: npt.ArrayLike = 0.0) -> Process:
    r"""Shares of each node move to the average of its influencers (DeGroot; Friedkin and Johnsen).

    .. math:: x_i' = \lambda_i \sum_j \bar w_{ij} x_j + (1 - \lambda_i)\, x_i(0)

    Parameters
    ----------
    stubbornness : float or (N,) array
        :math:`1 - \lambda`, from 0 to 1: weight of a node's initial shares.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`; it moves shares and is deterministic. A draw stops when no
        share moves by more than 1e-15, and has settled if none moves by 1e-6 in a step, which on a large
        network may be some way from the limit. Cycles, in which all shares recur within 1e-9, are
        detected: the nodes of a star alternate for ever.

    Raises
    ------
    StandardsNetError
        Invalid parameters.

    Notes
    -----
    Isolated nodes keep their shares, as if fully stubborn. If the initial shares of a node sum to less
    than 1, the remainder is averaged like another standard.

    Without stubbornness all nodes of a connected, aperiodic network converge to
    :math:`\sum_i \pi_i x_i(0)`, with :math:`\pi` the left Perron vector of the ties; for an undirected
    network of equal ties :math:`\pi_i = k_i / 2m`. With it, :math:`x = (I - \Lambda W)^{-1}
    (I - \Lambda) x(0)`. Results are identical to the last bit for any number of draws and threads.

    Examples
    --------
    >>> import networkx as nx, numpy as np, standards_net as sn
    >>> from standards_net.processes import averaging
    >>> club = nx.karate_club_graph()
    >>> start = np.eye(34)[:, :1]  # one member has it
    >>> d = sn.diffuse(club, averaging(), initial=start, steps=200, keep="final", weight=None)
    >>> [round(float(x), 6) for x in (d.adoption.min(), d.adoption.max(), club.degree(0) / 156)]
    [0.102564, 0.102564, 0.102564]
    """
    weight = checked_array("stubbornness", stubbornness, least=0.0, most=1.0)
    if weight.ndim > 1:
        raise StandardsNetError(f"stubbornness has shape {weight.shape}; it must be a number or (nodes,).")
    dynamics = _Averaging(weight)
    return Process(
        "averaging", dynamics.init, dynamics.step, moves="shares",
        allows_unassigned=True, allows_isolated=True, deterministic=True, at_rest=dynamics.at_rest,
        prepare=dynamics.prepare, lanes=_lanes,
        parameters=dynamics._asdict(),
    )  # fmt: skip


def _lanes(network: Network) -> int:
    return product_width(network, _LANES)


class _Opinions(NamedTuple):
    """Shares, and whether they have just moved."""

    step: int
    shares: FloatArray  # (R, N, S)
    moved: BoolArray  # (R,)
    initial: FloatArray  # (R, N, S), initial shares


class _Averaging(NamedTuple):
    stubbornness: FloatArray

    def prepare(self, network: Network, standards: tuple[str, ...]) -> FloatArray:  # noqa: ARG002
        """Stubbornness of each node, (N, 1)."""
        if self.stubbornness.ndim and len(self.stubbornness) != len(network):
            raise StandardsNetError(
                f"stubbornness is for {len(self.stubbornness)} nodes; there are {len(network)}."
            )
        weight = np.broadcast_to(self.stubbornness, (len(network),))
        return np.where(network.strength > 0.0, weight, 1.0)[:, None]

    def init(self, setting: NetworkSetting) -> _Opinions:
        """As given, with the draws innermost in memory, as products require."""
        shares = draws_last(np.asarray(setting.shares))
        return _Opinions(0, shares, np.ones(len(shares), dtype=bool), shares)

    def step(self, state: _Opinions, setting: NetworkSetting) -> tuple[_Opinions, StepReport]:
        """All nodes once."""
        weight, moved = setting.plan, np.empty(len(state.shares), dtype=bool)
        shares = np.empty_like(state.shares)  # in the same memory order
        together = _lanes(setting.network)
        for at in range(0, len(shares), together):
            some = slice(at, at + together)
            averaged = _average(setting.network, state.shares[some])
            if weight.any():
                averaged = (1.0 - weight) * averaged + weight * state.initial[some]
            before = state.shares[some]
            moved[some] = (abs(averaged - before) > _STILL).any(axis=(1, 2))
            # A draw at rest stays as it is, whatever other draws of its block do.
            shares[some] = np.where(moved[some, None, None], averaged, before)
        after = _Opinions(state.step + 1, shares, moved, state.initial)
        counts = np.empty((len(shares), shares.shape[2]))
        add_up(shares, counts)
        return after, StepReport(counts, moved)

    def at_rest(self, state: _Opinions, setting: NetworkSetting) -> BoolArray:  # noqa: ARG002
        """Draws in which the last step changed nothing."""
        return ~state.moved


def _average(network: Network, shares: FloatArray) -> FloatArray:
    """Average of up to ``_LANES`` draws; if the network is dense, padded with zeros to that width."""
    missing = _LANES - len(shares)
    if network.matrix is None or not missing:
        return network.average(shares)
    padded = np.concatenate([shares, np.zeros((missing, *shares.shape[1:]))])
    return network.average(padded)[: len(shares)]
