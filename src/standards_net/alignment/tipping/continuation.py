"""Continuation of steady states in one parameter: folds, hysteresis and Maxwell points.

All draws, or lanes, are followed in parallel: states are (R, ...) and parameters (R,). The caller
defines them by

``settle(state, value) -> state``
    the steady state that the dynamics reach from this state, which is not modified, at this value:
    iterated until it no longer moves, as one that still creeps past a fold counts as steady; and

``read(state) -> (R,)``
    the observable that distinguishes states.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.errors import StandardsNetError
from standards_net.measures.requirements import checked_in_range

__all__ = ["Continuation", "Read", "Settle", "State", "continue_along", "critical_point", "transition"]

State = npt.NDArray[Any]
Settle = Callable[[State, FloatArray], State]
Read = Callable[[State], FloatArray]


@dataclass(frozen=True, eq=False)
class Continuation:
    """Observable along an upward and a downward sweep of a parameter.

    Attributes
    ----------
    values : (K,) array
        Values of the parameter, increasing.
    up, down : (R, K) array
        Steady-state observable at each value, coming from below and coming from above.
    fold_up, fold_down : (R,) array
        Value at the largest jump of each sweep; NaN if there is none.
    tolerance : float
        Accuracy to which the folds are located.
    """

    values: FloatArray
    up: FloatArray
    down: FloatArray
    fold_up: FloatArray
    fold_down: FloatArray
    tolerance: float

    @property
    def hysteresis(self) -> FloatArray:
        """Interval (R, 2) from ``fold_down`` to ``fold_up`` in which history matters, else NaN."""
        both = np.stack([self.fold_down, self.fold_up], axis=1)
        return np.where((self.fold_up > self.fold_down + self.tolerance)[:, None], both, np.nan)

    def summary(self, quantiles: Sequence[float] = (0.05, 0.5, 0.95)) -> dict[str, float | tuple[float, ...]]:
        """Share of the lanes with hysteresis, and quantiles over the lanes that have a fold.

        Parameters
        ----------
        quantiles : sequence of float
            Between 0 and 1.

        Returns
        -------
        dict
            ``hysteresis``, a share; ``fold_up``, ``fold_down`` and ``width`` of the hysteresis, each one
            number per quantile in the unit of the parameter, NaN if no lane has one.

        Examples
        --------
        >>> nan = np.nan
        >>> two = Continuation(np.array([0.0, 1.0]), np.eye(2), np.eye(2), np.array([0.75, nan]),
        ...     np.array([0.25, nan]), 1e-4)
        >>> two.summary([0.5])
        {'hysteresis': 0.5, 'fold_up': (0.75,), 'fold_down': (0.25,), 'width': (0.5,)}
        """
        low, high = self.hysteresis.T

        def over_lanes(values: FloatArray) -> tuple[float, ...]:
            found = values[np.isfinite(values)]
            return (
                tuple(np.quantile(found, quantiles).tolist()) if found.size else (math.nan,) * len(quantiles)
            )

        return {
            "hysteresis": float(np.isfinite(low).mean()),
            "fold_up": over_lanes(self.fold_up),
            "fold_down": over_lanes(self.fold_down),
            "width": over_lanes(high - low),
        }


def continue_along(
    settle: Settle,
    read: Read,
    start: State,
    values: npt.ArrayLike,
    *,
    jump: float = 0.1,
    tolerance: float = 1e-4,
) -> Continuation:
    """Follow a steady state up through the values of a parameter and down again.

    At each value the state settles from where it was at the value before. A change of the observable by
    more than ``jump`` from one value to the next may be a fold, where the state ceases to exist, or a steep
    but continuous stretch: bisection from the state before it locates it and distinguishes the two, as only
    at a fold do states on its two sides, ``tolerance`` from each other, differ by more than ``jump`` / 2.

    Parameters
    ----------
    settle : callable
        ``settle(state, value) -> state``: (R, ...) and (R,) to (R, ...), steady.
    read : callable
        ``read(state) -> (R,)``: the observable.
    start : (R, ...) array
        State from which to settle at the first value.
    values : (K,) array
        Values of the parameter, increasing.
    jump : float
        Smallest change of the observable between values that is examined, above 0.
    tolerance : float
        Accuracy to which folds are located, in the unit of the parameter.

    Returns
    -------
    Continuation

    Raises
    ------
    StandardsNetError
        Fewer than two values, or values that do not increase; a jump or tolerance that is not above 0; a
        settled state or observable of another shape.

    References
    ----------
    Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2),
    doi:10.1111/1467-937X.00168.

    Examples
    --------
    Two standards in the mean field, m = tanh(1.5 (m + h)), have folds at h = -0.1384 and 0.1384.

    >>> def settle(m, h):
    ...     for _ in range(2000):
    ...         m = np.tanh(1.5 * (m + h))
    ...     return m
    >>> found = continue_along(settle, lambda m: m, np.array([-1.0]), np.linspace(-0.5, 0.5, 11))
    >>> found.hysteresis.round(3).tolist()
    [[-0.138, 0.138]]
    """
    at = np.array(values, dtype=np.float64)
    if at.ndim != 1 or len(at) < 2 or not (np.diff(at) > 0.0).all() or not np.isfinite(at).all():
        raise StandardsNetError("values must be two numbers or more, each greater than the one before.")
    for name, number in (("jump", jump), ("tolerance", tolerance)):
        checked_in_range(name, number, 0.0, np.inf, open_low=True)
    state = _checked_state("start", start)
    settle, read = _checked("settle", settle, state.shape), _checked("read", read, state.shape[:1])
    state = settle(state, np.full(len(state), at[0]))
    up, fold_up, state = _walk(settle, read, state, at, jump, tolerance)
    down, fold_down, _ = _walk(settle, read, state, at[::-1], jump, tolerance)
    return Continuation(at, up, down[:, ::-1], fold_up, fold_down, tolerance)


def _walk(
    settle: Settle, read: Read, state: State, values: FloatArray, jump: float, tolerance: float
) -> tuple[FloatArray, FloatArray, State]:
    """Observables (R, K) along the values from a steady state at the first, the fold, the last state."""
    lanes = np.arange(len(state))
    path = np.empty((len(state), len(values)))
    path[:, 0] = read(state)
    before, largest, reached = state, np.full(len(state), jump), np.zeros(len(state), dtype=np.int64)
    for k in range(1, len(values)):
        following = settle(state, np.full(len(state), values[k]))
        path[:, k] = read(following)
        change = np.abs(path[:, k] - path[:, k - 1])
        larger = change > largest
        before = _pick(larger, state, before)
        largest, reached = np.where(larger, change, largest), np.where(larger, k, reached)
        state = following
    # A lane without a jump has a bracket of zero width, whose sides do not differ.
    left = np.maximum(reached - 1, 0)
    near, far, near_value, far_value = values[left], values[reached], path[lanes, left], path[lanes, reached]
    for _ in range(_halvings(near, far, tolerance)):
        middle = (near + far) / 2.0
        trial = settle(before, middle)
        observed = read(trial)
        stays = np.abs(observed - near_value) <= np.abs(observed - far_value)
        before = _pick(stays, trial, before)
        near, far = np.where(stays, middle, near), np.where(stays, far, middle)
        near_value, far_value = np.where(stays, observed, near_value), np.where(stays, far_value, observed)
    apart = np.abs(far_value - near_value) > jump / 2.0
    return path, np.where(apart, (near + far) / 2.0, np.nan), state


def transition(
    settle: Settle,
    low: State,
    high: State,
    bracket: tuple[npt.ArrayLike, npt.ArrayLike],
    potential: Callable[[State, FloatArray], FloatArray],
    *,
    tolerance: float = 1e-6,
    apart: float = 1e-3,
) -> FloatArray:
    """Value of a parameter at which two coexisting steady states have equal potential (Maxwell point).

    Below it the state ``low`` has the smaller potential, above it ``high``: the one that large random
    fluctuations would select, whereas continuation stays on its branch.

    Parameters
    ----------
    settle : callable
        ``settle(state, value) -> state``: (R, ...) and (R,) to (R, ...), steady.
    low, high : (R, ...) array
        Initial states from which the two settle.
    bracket : pair of float or of (R,) array
        Search interval in which both states exist: inside the hysteresis.
    potential : callable
        ``potential(state, value) -> (R,)``.
    tolerance : float
        Accuracy to which the value is located, in the unit of the parameter.
    apart : float
        States whose entries all differ by less than this are the same.

    Returns
    -------
    (R,) array
        NaN where the two settle into the same state, or one of them has the smaller potential throughout.

    Raises
    ------
    StandardsNetError
        A bracket that is not in order; a tolerance that is not above 0; states or potentials of another
        shape.

    References
    ----------
    Wu, F. Y. (1982), The Potts model, Reviews of Modern Physics 54, doi:10.1103/RevModPhys.54.235.

    Examples
    --------
    The potential (m^2 - 1)^2 / 4 - h m has its two minima equally deep at h = 0.

    >>> def settle(m, h):
    ...     for _ in range(200):
    ...         m = m - 0.2 * (m**3 - m - h)
    ...     return m
    >>> depth = lambda m, h: (m**2 - 1) ** 2 / 4 - h * m
    >>> at = transition(settle, np.array([-1.0]), np.array([1.0]), (-0.3, 0.2), depth)
    >>> bool(abs(at[0]) < 1e-6)
    True
    """
    one, other, ends = _checked_pair(low, high, bracket)
    settle, depth = _checked("settle", settle, one.shape), _checked("potential", potential, one.shape[:1])
    merged = np.zeros(len(one), dtype=bool)

    def low_is_deeper(value: FloatArray) -> BoolArray:
        nonlocal one, other, merged
        one, other = settle(one, value), settle(other, value)
        merged |= (np.abs(other - one) < apart).reshape(len(one), -1).all(axis=1)
        return np.asarray(depth(one, value) < depth(other, value))

    return np.where(merged, np.nan, _bisect(low_is_deeper, *ends, tolerance))


def critical_point(
    settle: Settle,
    read: Read,
    low: State,
    high: State,
    bracket: tuple[npt.ArrayLike, npt.ArrayLike],
    *,
    apart: float = 0.05,
    tolerance: float = 1e-4,
) -> FloatArray:
    """Smallest value of a parameter at which states that start apart stay apart.

    Where two states separate gradually, as at the critical point of two standards, they are ``apart`` only
    slightly above it, and settle slowly near it: both limit the accuracy, not the tolerance alone.

    Parameters
    ----------
    settle : callable
        ``settle(state, value) -> state``: (R, ...) and (R,) to (R, ...), steady.
    read : callable
        ``read(state) -> (R,)``: the observable.
    low, high : (R, ...) array
        States from which to start at every value.
    bracket : pair of float or of (R,) array
        Search interval: states are together at its lower end, apart at its upper end.
    apart : float
        Smallest difference of the observables of states that are apart.
    tolerance : float
        Accuracy to which the value is located, in the unit of the parameter.

    Returns
    -------
    (R,) array
        NaN where the states are together, or apart, throughout the bracket.

    Raises
    ------
    StandardsNetError
        A bracket that is not in order; a tolerance that is not above 0; states or observables of another
        shape.

    References
    ----------
    Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2),
    doi:10.1111/1467-937X.00168.

    Examples
    --------
    Two standards in the mean field, m = tanh(J m), part at J = 1.

    >>> def settle(m, strength):
    ...     for _ in range(2000):
    ...         m = np.tanh(strength * m)
    ...     return m
    >>> one = np.ones(1)
    >>> critical_point(settle, lambda m: m, -one, one, (0.5, 2.0), apart=0.1).round(2).tolist()
    [1.0]
    """
    one, other, ends = _checked_pair(low, high, bracket)
    settle, read = _checked("settle", settle, one.shape), _checked("read", read, one.shape[:1])

    def together(value: FloatArray) -> BoolArray:
        return np.asarray(np.abs(read(settle(other, value)) - read(settle(one, value))) <= apart)

    return _bisect(together, *ends, tolerance)


def _bisect(
    above: Callable[[FloatArray], BoolArray], low: FloatArray, high: FloatArray, tolerance: float
) -> FloatArray:
    """Value above which ``above`` no longer holds, lane by lane; NaN where it never or always holds."""
    checked_in_range("tolerance", tolerance, 0.0, np.inf, open_low=True)
    first, last = low, high
    for _ in range(_halvings(low, high, tolerance)):
        middle = (low + high) / 2.0
        rises = above(middle)
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    return np.where((low > first) & (high < last), (low + high) / 2.0, np.nan)


def _halvings(one: FloatArray, other: FloatArray, tolerance: float) -> int:
    """Number of halvings until the widest bracket is no wider than the tolerance."""
    widest = float(np.abs(other - one).max())
    return math.ceil(math.log2(widest / tolerance)) if widest > tolerance else 0


def _pick(lanes: BoolArray, yes: State, no: State) -> State:
    """Select states by lane: ``yes`` where ``lanes``, else ``no``."""
    return np.where(lanes.reshape(-1, *[1] * (yes.ndim - 1)), yes, no)


def _checked_state(name: str, state: npt.ArrayLike) -> State:
    found = np.asarray(state)
    if found.ndim == 0 or found.size == 0:
        raise StandardsNetError(f"{name} has shape {found.shape}; its first axis must be the lanes.")
    return found


def _checked_pair(
    low: npt.ArrayLike, high: npt.ArrayLike, bracket: tuple[npt.ArrayLike, npt.ArrayLike]
) -> tuple[State, State, tuple[FloatArray, FloatArray]]:
    one, other = _checked_state("low", low), _checked_state("high", high)
    if one.shape != other.shape:
        raise StandardsNetError(f"low has shape {one.shape} and high {other.shape}; they must be the same.")
    first, last = (np.asarray(end, dtype=np.float64) for end in bracket)
    if any(end.shape not in ((), (len(one),)) for end in (first, last)):
        raise StandardsNetError(
            f"the ends of bracket must be numbers or of shape ({len(one)},), one per lane."
        )
    if not (first < last).all() or not np.isfinite(last - first).all():
        raise StandardsNetError("bracket must be two numbers, the first below the second, in every lane.")
    return one, other, (np.broadcast_to(first, len(one)), np.broadcast_to(last, len(one)))


def _checked(name: str, function: Callable[..., Any], shape: tuple[int, ...]) -> Callable[..., Any]:
    """Wrap a function so that a result of another shape raises an error."""

    def checked(*arguments: npt.NDArray[Any]) -> npt.NDArray[Any]:
        found = np.asarray(function(*arguments))
        if found.shape != shape:
            raise StandardsNetError(
                f"{name} returned an array of shape {found.shape}; it must return {shape}."
            )
        return found

    return checked
