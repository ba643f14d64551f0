r"""Logit choice: shares of each node move towards logit probabilities.

.. math::

    x_{is}' = (1 - \delta) x_{is} + \delta\,\frac{e^{\beta U_{is}}}{\sum_t e^{\beta U_{it}}}, \qquad
    U_{is} = \nu \sum_j \bar w_{ij} \sum_t C_{st} x_{jt} + \lambda x_{is} + q_{is}

with :math:`\bar w` the ties of i scaled to sum to 1. All nodes respond to the previous state. The
process is deterministic; draws differ in their initial state. This is the choice rule of the yearly model
(docs/model.md, section 7) by itself, without prices, deployment and policies.

References
----------
McFadden, D. (1974), in Zarembka (ed.), Frontiers in Econometrics, Academic Press.
Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2), doi:10.1111/1467-937X.00168.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from standards_net.checks import checked_number
from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.core.exponential import exponential, exponential_single
from standards_net.core.logit import relative_utilities, shares_of_odds
from standards_net.errors import StandardsNetError, one_of
from standards_net.networks import Network, product_width
from standards_net.processes.arguments import checked_compatibility, checked_quality, refuse_beyond
from standards_net.processes.process import NetworkSetting, Process, StepReport

__all__ = ["logit"]

_PRECISIONS = {"double": np.float64, "single": np.float32}
_LANES = 128  # maximum number of draws side by side in a dense network
_STILL = {
    "double": 1e-15,
    "single": 1e-7,
}  # shares that move by no more in a step are at rest: it is rounding
_ROUNDED = 1e-12  # fraction of all nodes by which sums of shares at rest may differ
_HIGHEST = {"double": 300.0, "single": 40.0}  # beyond it a standard of exponent 0 is negligible


class _Lanes(NamedTuple):
    """State: draws innermost, in groups of L."""

    step: int
    lanes: Any  # (G, N, S, L)
    draws: int
    turnover: float
    sums: Any = None  # (G, S, L), shares summed over the nodes; None at first

    @property
    def shares(self) -> FloatArray:
        """(R, N, S) array."""
        groups, nodes, standards, lanes = self.lanes.shape
        shares = self.lanes.transpose(0, 3, 1, 2).reshape(groups * lanes, nodes, standards)
        return np.asarray(shares[: self.draws], dtype=np.float64)

    def apart(self, other: _Lanes) -> FloatArray:
        """Largest difference of a share in each draw, (R,), divided by the turnover of a step."""
        largest = np.abs(self.lanes - other.lanes).max(axis=(1, 2))
        return np.asarray(largest.reshape(-1)[: self.draws] / largest.dtype.type(self.turnover))


def logit(
    sensitivity: float = 1.0,
    *,
    network_benefit: float = 1.0,
    compatibility: npt.ArrayLike | None = None,
    quality: npt.ArrayLike | None = None,
    lock_in: float = 0.0,
    turnover: float = 1.0,
    precision: str = "double",
) -> Process:
    r"""Shares of each node move towards logit probabilities.

    Parameters
    ----------
    sensitivity : float
        ``beta`` in 1 per unit of utility; 0 is even shares, large values approach best response.
    network_benefit : float
        ``nu``: benefit of a standard with which all neighbours are compatible.
    compatibility : (S, S) array or None
        ``C``; the identity if None: only equal standards are compatible.
    quality : (S,) or (N, S) array or None
        ``q``: intrinsic utility of a standard; 0 if None.
    lock_in : float
        ``lambda``: utility of what a node already has.
    turnover : float
        ``delta``: fraction that is renewed in a step, above 0 and at most 1.
    precision : {"double", "single"}
        Single precision is twice as fast; shares then agree to about 1e-5.

    Returns
    -------
    Process
        For :func:`standards_net.diffuse`; it moves shares. A draw stops when shares move by no more
        than rounding errors, and has settled if each is within 1e-6 of its logit probability.

    Raises
    ------
    StandardsNetError
        Invalid parameters.

    Examples
    --------
    Two standards on a complete graph are the mean-field Ising model: m = tanh(beta nu m / 2).

    >>> import numpy as np, networkx as nx, standards_net as sn
    >>> from standards_net.processes import logit
    >>> start = np.tile([0.6, 0.4], (100, 1))
    >>> d = sn.diffuse(nx.complete_graph(100), logit(3.0), initial=start, steps=200)
    >>> d.status.tolist(), round(float(d.shares[0, -1, 0] - d.shares[0, -1, 1]), 4)
    (['settled'], 0.8586)
    """
    if str(precision) not in _PRECISIONS:
        raise StandardsNetError(one_of("precision", precision, _PRECISIONS) + ".")
    fraction = checked_number("turnover", turnover, least=0.0, most=1.0)
    if fraction == 0.0:
        raise StandardsNetError("turnover is 0, so nothing would ever move; it must be above 0.")
    dynamics = _Logit(
        checked_number("sensitivity", sensitivity, least=0.0),
        checked_number("network_benefit", network_benefit),
        checked_compatibility(compatibility),
        checked_quality(quality),
        checked_number("lock_in", lock_in),
        fraction,
        precision,
    )
    return Process(
        "logit",
        dynamics.init,
        dynamics.step,
        moves="shares",
        prepare=dynamics.prepare,
        deterministic=True,
        lanes=_lanes,
        parameters=dynamics._asdict(),
    )


def _lanes(network: Network) -> int:
    return product_width(network, _LANES)


class _LogitTables(NamedTuple):
    """Arrays shared by all draws, in the given precision."""

    matrix: Any  # (N, N) dense or scipy CSR, rows sum to 1
    base: Any  # (N, S - 1)
    slope: Any  # (S - 1, S - 1)
    lock_in: Any  # (1,)
    turnover: Any  # (1,)
    highest: Any  # (1,)


class _Logit(NamedTuple):
    sensitivity: float
    network_benefit: float
    compatibility: FloatArray | None
    quality: FloatArray | None
    lock_in: float
    turnover: float
    precision: str

    def prepare(self, network: Network, standards: tuple[str, ...]) -> _LogitTables:
        """Coefficients relative to the last standard."""
        count, real = len(standards), _PRECISIONS[self.precision]
        benefit = checked_compatibility(self.compatibility, count)
        benefit = np.eye(count) if benefit is None else benefit
        quality = checked_quality(self.quality, len(network), count)
        quality = np.zeros((1, count)) if quality is None else np.atleast_2d(quality)
        with np.errstate(over="ignore"):
            largest = abs(self.network_benefit) * abs(benefit).max() + abs(quality).max() + abs(self.lock_in)
            refuse_beyond("logit", self.sensitivity * largest, real)
        scale = self.sensitivity * self.network_benefit
        base = scale * (benefit[:-1, -1] - benefit[-1, -1])
        base = base + self.sensitivity * (quality[:, :-1] - quality[:, -1:])
        slope = benefit[:-1, :-1] - benefit[:-1, -1:] - benefit[-1:, :-1] + benefit[-1, -1]
        return _LogitTables(
            matrix=network.shares.astype(real),
            base=np.array(np.broadcast_to(base, (len(network), count - 1)), dtype=real),
            slope=np.array(scale * slope, dtype=real),
            lock_in=np.array([self.sensitivity * self.lock_in], dtype=real),
            turnover=np.array([self.turnover], dtype=real),
            highest=np.array([_HIGHEST[self.precision]], dtype=real),
        )

    def init(self, setting: NetworkSetting) -> _Lanes:
        """Shares as given; what is missing to 1 is spread evenly."""
        shares = np.asarray(setting.shares)
        draws, nodes, count = shares.shape
        width = _lanes(setting.network)
        if setting.network.matrix is None:
            width = min(width, draws)
        groups = -(-draws // width)
        lanes = np.full((groups, nodes, count, width), 1.0 / count, _PRECISIONS[self.precision])
        for group in range(groups):
            some = shares[group * width : (group + 1) * width].transpose(1, 2, 0)
            # Standard by standard: the order of numpy's own sum depends on the number of draws.
            missing = np.ones((nodes, some.shape[2]))
            for standard in range(count):
                missing -= some[:, standard]
            lanes[group, ..., : some.shape[2]] = some + missing[:, None] / count
        return _Lanes(0, lanes, draws, self.turnover)

    def step(self, state: _Lanes, setting: NetworkSetting) -> tuple[_Lanes, StepReport]:
        """All nodes once."""
        plan, after = setting.plan, np.empty_like(state.lanes)
        groups, nodes, count, lanes = after.shape
        counts = np.empty((groups, count, lanes), after.dtype)
        near = np.empty((nodes, count - 1, lanes), after.dtype)
        exponentials = exponential if self.precision == "double" else exponential_single
        for group, shares in enumerate(state.lanes):
            # The last standard's column follows from the others: shares sum to 1, as weights do.
            free = shares[:, :-1].reshape(nodes, -1)
            if isinstance(plan.matrix, np.ndarray):
                np.matmul(plan.matrix, free, out=near.reshape(nodes, -1))
            else:
                near.reshape(nodes, -1)[:] = plan.matrix @ free
            relative_utilities(
                near, plan.base, plan.slope, plan.lock_in, plan.highest, shares, near, setting.stop
            )
            exponentials(near.reshape(-1, lanes))
            shares_of_odds(near, plan.turnover, shares, after[group], counts[group])
        moved = self.moved(state, after, counts)
        by_draw = counts.transpose(0, 2, 1).reshape(-1, count)[: state.draws]
        report = StepReport(by_draw, moved.reshape(-1)[: state.draws])
        return _Lanes(state.step + 1, after, state.draws, self.turnover, counts), report

    def moved(self, state: _Lanes, after: Any, counts: Any) -> BoolArray:
        """Draws that moved, (G, lanes); the others are reset to their previous state.

        A draw at rest must not continue while others move, or its last digits would depend on them. Shares
        are compared only where the counts hardly changed, at negligible cost.
        """
        still, moved = _STILL[self.precision], np.ones((len(after), after.shape[-1]), np.bool_)
        if state.sums is None:
            return moved
        near = np.abs(counts - state.sums).max(axis=1) <= max(still, _ROUNDED) * after.shape[1]
        for group in np.flatnonzero(near.any(axis=1)):
            largest = np.abs(after[group] - state.lanes[group]).max(axis=(0, 1))
            rest = near[group] & (largest <= still)
            after[group][..., rest] = state.lanes[group][..., rest]
            counts[group][:, rest] = state.sums[group][:, rest]
            moved[group] = ~rest
        return moved
