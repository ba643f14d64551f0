r"""Generalised Polya urn: arrivals take a standard with probability proportional to a power of its adopters.

.. math:: P(x_i = s) = \frac{(b_s + n_s)^\gamma}{\sum_t (b_t + n_t)^\gamma}

References
----------
Hill, B. M., Lane, D. & Sudderth, W. (1980), Annals of Probability 8(2), doi:10.1214/aop/1176994772.
Arthur, W. B., Ermoliev, Y. M. & Kaniovski, Y. M. (1987), European Journal of Operational Research 30(3),
doi:10.1016/0377-2217(87)90074-9.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_array, checked_count, checked_number
from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.arrivals import arrive_by_urn
from standards_net.errors import StandardsNetError
from standards_net.networks import Network
from standards_net.processes._arthur import (
    ArrivalNumbers,
    Arrivals,
    checked_order,
    everyone_arrived,
    first_arrivals,
    let_arrive,
    word_lanes,
    words_of,
)
from standards_net.processes.process import NetworkSetting, Process, StepReport

__all__ = ["polya"]


def polya(
    exponent: float = 1.0,
    *,
    base: npt.ArrayLike = 1.0,
    order: npt.ArrayLike | None = None,
    arrivals_per_step: int = 1,
) -> Process:
    r"""Nodes arrive one after another and draw a standard from an urn of adoptions (generalised Polya).

    .. math:: P(x_i = s) = \frac{(b_s + n_s)^\gamma}{\sum_t (b_t + n_t)^\gamma}

    Parameters
    ----------
    exponent : float
        ``gamma``, 0 or more. Below 1 shares equalise, at 1 they converge to a random limit, above 1 one
        standard takes all.
    base : float or (S,) array
        ``b``, above 0: balls in the urn before the first arrival.
    order : (N,) array of int or None
        Nodes in order of arrival; 0, 1, 2, ... if None.
    arrivals_per_step : int
        Number of arrivals per step; affects nothing else.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`. Ties of the network do not matter; ``n`` is the whole market.
        A draw is settled when every node has arrived.

    Raises
    ------
    StandardsNetError
        Invalid parameters.

    Notes
    -----
    Nodes that start with a standard count, and do not arrive. The k-th arrival of a draw uses one random
    word; probabilities are exact to 2**-32, and one below that becomes 2**-32 or 0.

    Two standards, ``exponent=1``: the share tends to a Beta distribution with the bases as parameters.
    ``exponent=2`` from (1, 1): one standard takes every arrival with probability
    :math:`2 \pi / \sinh \pi = 0.544`.

    Examples
    --------
    >>> import networkx as nx, standards_net as sn
    >>> from standards_net.diffusion import random_seeds
    >>> from standards_net.processes import polya
    >>> market, empty = nx.empty_graph(1000), random_seeds({"a": 0, "b": 0})
    >>> d = sn.diffuse(market, polya(arrivals_per_step=1000), initial=empty, steps=1, draws=400, rng=1)
    >>> bool(abs(d.shares[:, -1, 0].mean() - 0.5) < 0.1)  # the limit is uniformly distributed
    True
    """
    balls = checked_array("base", base)
    if balls.ndim > 1 or not balls.size:
        raise StandardsNetError(f"base has shape {balls.shape}; it must be a number or (standards,).")
    if balls.min() <= 0.0:
        raise StandardsNetError(f"base holds {balls.min():g}; it must be above 0.")
    dynamics = _Polya(
        checked_number("exponent", exponent, least=0.0),
        balls,
        order,
        checked_count("arrivals_per_step", arrivals_per_step),
    )
    return Process(
        "Polya urn", dynamics.init, dynamics.step,
        allows_unassigned=True, allows_isolated=True, at_rest=everyone_arrived, prepare=dynamics.prepare,
        lanes=word_lanes,
        parameters=dynamics._asdict(),
    )  # fmt: skip


class _PolyaTables(NamedTuple):
    """Data shared by all draws."""

    order: IntArray  # (N,)
    strength: FloatArray  # (S, N + 1), by number of adopters


class _Polya(NamedTuple):
    exponent: float
    base: FloatArray
    order: npt.ArrayLike | None
    arrivals: int

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _PolyaTables:
        """All powers that arrivals can need."""
        if self.base.ndim and len(self.base) != len(standards):
            raise StandardsNetError(f"base is for {len(self.base)} standards; there are {len(standards)}.")
        base = np.broadcast_to(self.base, (len(standards),))
        with np.errstate(over="ignore", under="ignore"):
            strength = (base[:, None] + np.arange(len(network) + 1)) ** self.exponent
        if not (np.isfinite(strength.sum(axis=0)).all() and strength.all()):
            raise StandardsNetError(
                f"exponent is {self.exponent:g}; powers of {base.min():g} to {base.max() + len(network):g} "
                "by it overflow or underflow."
            )
        return _PolyaTables(checked_order(self.order, len(network)), np.ascontiguousarray(strength))

    def init(self, setting: NetworkSetting) -> Arrivals:
        """State before the first arrival."""
        return first_arrivals(setting, setting.plan.order, _draw)

    def step(self, state: Arrivals, setting: NetworkSetting) -> tuple[Arrivals, StepReport]:
        """The next arrivals."""
        plan = setting.plan

        def rule(random: ArrivalNumbers, begin: int, end: int, *kept: Any) -> None:
            arrive_by_urn(plan.order, state.given, random[0], begin, end, plan.strength, *kept)

        return let_arrive(state, setting, self.arrivals, _draw, rule)


def _draw(setting: NetworkSetting, first: int, some: int) -> ArrivalNumbers:
    return (words_of(setting, first, some),)
