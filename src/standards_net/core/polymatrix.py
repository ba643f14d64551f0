r"""Polymatrix games: pay-offs are the sum of an own term and a term for each other player.

.. math:: u_i(a) = o_{i a_i} + \sum_{j \ne i} q_{i a_i j a_j}

Shapes: R draws, P players, C choices; ``own`` (R, P, C), ``pair`` (R, P, C, P, C) with zeros where a
player is paired with itself. Landscape theory is the symmetric case; asymmetric terms are allowed here.

References
----------
Janovskaja, E. B. (1968), Litovskii Matematicheskii Sbornik 8; Howson, J. T. (1972), Management Science
18(5), doi:10.1287/mnsc.18.5.312.
"""

from __future__ import annotations

import numpy as np

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.compiled import compiled

__all__ = ["distinguishes_terms", "fit_terms", "pure_equilibria", "quantal_response", "utilities"]

_CONVERGED = 1e-8  # of a probability


def utilities(own: FloatArray, pair: FloatArray, mixed: FloatArray) -> FloatArray:
    """Pay-off of each choice to each player, given the choices of the others.

    Parameters
    ----------
    own : (R, P, C) array
    pair : (R, P, C, P, C) array
    mixed : (R, L, P, C) array
        Probabilities of choices in L profiles per draw; a pure profile has a single 1 per player.

    Returns
    -------
    (R, L, P, C) array

    Examples
    --------
    >>> meet = np.eye(2)[None, None, :, None, :] * (1 - np.eye(2))[None, :, None, :, None]
    >>> both_first = np.eye(2)[[0, 0]][None, None]
    >>> utilities(np.zeros((1, 2, 2)), meet, both_first)[0, 0].tolist()
    [[1.0, 0.0], [1.0, 0.0]]
    """
    draws, players, choices = own.shape
    flat = pair.reshape(draws, players * choices, players * choices)
    met = mixed.reshape(draws, -1, players * choices) @ np.swapaxes(flat, 1, 2)
    return np.asarray(own[:, None] + met.reshape(mixed.shape))


def fit_terms(profiles: IntArray, values: FloatArray, choices: int) -> tuple[FloatArray, FloatArray]:
    """Own and pair terms fitted to observed pay-offs by least squares.

    Parameters
    ----------
    profiles : (M, P) array of int
        Choices of the players in M observations.
    values : (M, P, ...) array
        Pay-off of each player.
    choices : int
        C.

    Returns
    -------
    own : (P, C, ...) array
    pair : (P, C, P, C, ...) array
        The minimum-norm solution: terms are identified only as far as the profiles distinguish them. A
        choice that was never observed has zeros.

    Examples
    --------
    >>> every = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> got = np.stack([every[:, 0] == every[:, 1], every[:, 1]], axis=1).astype(float)
    >>> own, pair = fit_terms(every, got, 2)
    >>> float((own[0, 0] + pair[0, 0, 1, 0]).round(9)), float((own[1, 1] + pair[1, 1, 0, 0]).round(9))
    (1.0, 1.0)
    """
    players = profiles.shape[1]
    shown = np.eye(choices)[profiles]
    own = np.zeros((players, choices, *values.shape[2:]))
    pair = np.zeros((players, choices, players, choices, *values.shape[2:]))
    for i in range(players):
        others = np.delete(np.arange(players), i)
        for c in range(choices):
            rows = profiles[:, i] == c
            if not rows.any():
                continue
            design = _design(shown[rows][:, others])
            found = np.linalg.pinv(design, rcond=1e-10) @ values[rows, i].reshape(len(design), -1)
            own[i, c] = found[0].reshape(values.shape[2:])
            pair[i, c, others] = found[1:].reshape(len(others), choices, *values.shape[2:])
    return own, pair


def distinguishes_terms(profiles: IntArray, choices: int) -> bool:
    """Whether profiles tell all terms of a polymatrix game apart.

    They do if those in which a player makes a choice have a design matrix of full rank,
    :math:`1 + (P - 1)(C - 1)`, for every player and choice.

    Parameters
    ----------
    profiles : (M, P) array of int
    choices : int
        C.

    Examples
    --------
    >>> every = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> distinguishes_terms(every, 2), distinguishes_terms(every[:3], 2)
    (True, False)
    """
    players = profiles.shape[1]
    shown, full = np.eye(choices)[profiles], 1 + (players - 1) * (choices - 1)
    designs = (
        _design(np.delete(shown[profiles[:, i] == c], i, axis=1))
        for i in range(players)
        for c in range(choices)
    )
    return all(len(each) >= full and np.linalg.matrix_rank(each, tol=1e-8) == full for each in designs)


def _design(shown: FloatArray) -> FloatArray:
    """A constant and what each of the others chooses, (M, P - 1, C) to (M, 1 + (P - 1) C)."""
    return np.column_stack([np.ones(len(shown)), shown.reshape(len(shown), -1)])


def pure_equilibria(
    own: FloatArray, pair: FloatArray, slack: FloatArray, most: int, nodes: int
) -> tuple[IntArray, bool]:
    """All pure equilibria of one game, by exhaustive branch and bound.

    A branch is pruned where some player that has chosen would do better otherwise whatever the others
    still choose, so that few of the C to the power P profiles are visited.

    Parameters
    ----------
    own : (P, C) array
    pair : (P, C, P, C) array
    slack : (P,) array
        Gain up to which a player does not deviate.
    most : int
        Maximum number of equilibria; the search stops there.
    nodes : int
        Maximum number of branches; the search stops there.

    Returns
    -------
    profiles : (E, P) array of int
        In the order of the choices, first player first.
    complete : bool
        Whether the search was exhaustive.

    Examples
    --------
    >>> meet = np.eye(2)[None, :, None, :] * (1 - np.eye(2))[:, None, :, None]
    >>> pure_equilibria(np.zeros((2, 2)), meet, np.zeros(2), 10, 1000)
    (array([[0, 0],
           [1, 1]]), True)
    """
    players = own.shape[0]
    found = np.zeros((most, players), dtype=np.int64)
    status = np.zeros(2, dtype=np.int64)
    # The most influential players choose first: their branches are pruned earliest.
    weight = np.abs(pair - pair.mean(axis=3, keepdims=True)).sum(axis=(0, 1, 3))
    order = np.argsort(-weight, kind="stable")
    own_first = np.ascontiguousarray(own[order])
    pair_first = np.ascontiguousarray(pair[order][:, :, order])
    gained = (
        pair_first[:, :, None] - pair_first[:, None]
    )  # (P, C, C, P, C): effect of j's choice on c relative to e
    best = np.ascontiguousarray(np.moveaxis(gained.max(axis=-1), -1, 0))
    _branch(own_first, pair_first, best, np.ascontiguousarray(slack[order]), nodes, found, status)
    profiles = np.empty_like(found[: status[0]])
    profiles[:, order] = found[: status[0]]
    return profiles[np.lexsort(profiles.T[::-1])], bool(status[1])


@compiled
def _branch(  # noqa: C901 - nested loops are the algorithm
    own: FloatArray, pair: FloatArray, best: FloatArray, slack: FloatArray, nodes: int, found: IntArray,
    status: IntArray,
) -> None:  # fmt: skip
    """Depth-first search; ``ahead[d, i, c, e]`` is the largest possible advantage of c over e at depth d.

    ``status`` returns the number of equilibria and whether the search was exhaustive.
    """
    players, choices = own.shape
    ahead = np.empty((players + 1, players, choices, choices))
    for i in range(players):
        for c in range(choices):
            for e in range(choices):
                ahead[0, i, c, e] = own[i, c] - own[i, e] + best[:, i, c, e].sum()
    chosen = np.full(players, -1)
    depth, visited = 0, 0
    while depth >= 0 and visited < nodes and status[0] < len(found):
        chosen[depth] += 1
        x = chosen[depth]
        if x == choices:
            chosen[depth] = -1
            depth -= 1
            continue
        visited += 1
        ahead[depth + 1] = ahead[depth] - best[depth]
        alive = True
        for i in range(players):
            for c in range(choices):
                for e in range(choices):
                    ahead[depth + 1, i, c, e] += pair[i, c, depth, x] - pair[i, e, depth, x]
            alive = alive and (i > depth or ahead[depth + 1, i, chosen[i]].min() >= -slack[i])
        if alive and depth + 1 == players:
            found[status[0]] = chosen
            status[0] += 1
        elif alive:
            depth += 1
    status[1] = depth < 0


def quantal_response(
    own: FloatArray, pair: FloatArray, sharpness: FloatArray, steps: int = 64, sweeps: int = 30
) -> FloatArray:
    r"""Logit equilibrium: each player's probabilities are the logit of the pay-offs of its choices.

    .. math:: \pi_{ic} \propto e^{x_{ic}}, \qquad
              x_{ic} = \lambda_i\,[o_{ic} + \textstyle\sum_{jd} q_{icjd}\,\pi_{jd}]

    The branch that starts from equal probabilities is followed as :math:`\lambda` grows from 0 to its value,
    by Newton's method in the log-odds x.

    Parameters
    ----------
    own : (R, P, C) array
    pair : (R, P, C, P, C) array
    sharpness : (R, P) array
        ``lambda`` of each player, per unit of pay-off.
    steps, sweeps : int
        Continuation steps, and maximum number of Newton iterations at each.

    Returns
    -------
    (R, P, C) array
        Probabilities; NaN in a draw in which Newton's method does not converge. Past a fold of the branch
        the result is an equilibrium, though perhaps of another branch.

    References
    ----------
    McKelvey, R. D. & Palfrey, T. R. (1995), Games and Economic Behavior 10(1), doi:10.1006/game.1995.1023.

    Examples
    --------
    >>> alone = np.array([[[np.log(3.0), 0.0]]])
    >>> quantal_response(alone, np.zeros((1, 1, 2, 1, 2)), np.ones((1, 1))).round(9).tolist()
    [[[0.75, 0.25]]]
    """
    draws, players, choices = own.shape
    size = players * choices
    odds, flat = np.zeros_like(own), pair.reshape(draws, size, size)
    within = np.kron(np.eye(players), np.ones((choices, choices)))
    for step in range(1, steps + 1):
        grown = (sharpness * step / steps)[..., None]
        for _ in range(sweeps):
            mixed = _logit(odds)
            residual = grown * utilities(own, pair, mixed[:, None])[:, 0] - odds
            p = mixed.reshape(draws, size)
            spread = within * (np.eye(size) * p[:, :, None] - p[:, :, None] * p[:, None, :])
            slope = np.repeat(grown[..., 0], choices, axis=1)[:, :, None] * (flat @ spread)
            odds = odds + _newton_step(np.eye(size) - slope, residual.reshape(draws, size, 1)).reshape(
                odds.shape
            )
            if np.abs(_logit(odds) - mixed).max() < 1e-12:
                break
    found = _logit(odds)
    reply = _logit(sharpness[..., None] * utilities(own, pair, found[:, None])[:, 0])
    settled = np.abs(reply - found).max(axis=(1, 2)) < _CONVERGED
    return np.where(settled[:, None, None], found, np.nan)


def _newton_step(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Newton step; at a bifurcation the matrix is singular, and the step of minimum norm is taken."""
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(matrix) @ right)


def _logit(odds: FloatArray) -> FloatArray:
    weight = np.exp(odds - odds.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))
