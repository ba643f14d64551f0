r"""Choice between rival standards with network benefit, estimated from who chose what.

The choice equation of the yearly model, for one choice of each unit:

.. math::

    \Pr(y_i = s) \propto \exp\Big(\sum_k \nu_k\, n^{(k)}_{is} + q_s + \gamma_s \cdot x_i\Big), \qquad
    n^{(k)}_{is} = \frac{\sum_j W^{(k)}_{ij}\,[y_j = s]}{\sum_j W^{(k)}_{ij}}

where j runs over the units whose choice is known and, where years are given, earlier than that of i.

References
----------
Brock, W. A. & Durlauf, S. N. (2001), Review of Economic Studies 68(2), doi:10.1111/1467-937X.00168.
Axelrod, R., Mitchell, W., Thomas, R. E., Bennett, D. S. & Bruderer, E. (1995), Management Science 41(9),
doi:10.1287/mnsc.41.9.1493.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from standards_net.checks import shown
from standards_net.core.arrays import BoolArray, FloatArray, IntArray
from standards_net.core.conditional_logit import LogitFit, fit_conditional_logit, logit_probabilities
from standards_net.errors import StandardsNetError, UnknownNameError, one_of
from standards_net.labels import is_missing
from standards_net.networks.read import as_network
from standards_net.randomness import RNGLike, SeedLike, normals, seed_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FittedChoice", "fit_choice"]

# Priors: a family's general appeal in log-odds; candidates for the slopes of network benefit and of a
# covariate's standard deviation, between which the approximate evidence decides.
_APPEAL_SD = 3.0
_NETWORK_SDS = (0.5, 1.0, 2.0, 4.0, 8.0)
_COVARIATE_SDS = (0.1, 0.3, 1.0, 3.0)
_POSTERIOR_DRAWS = 256


class _Data(NamedTuple):
    """What is known of N units, S families, K kinds of tie, C covariates."""

    units: tuple[Hashable, ...]
    families: tuple[Hashable, ...]  # the most frequent one first: the reference of the intercepts
    kinds: tuple[str, ...]
    covariates: tuple[str, ...]
    family: IntArray  # (N,), -1 if unknown
    weights: FloatArray  # (K, N, N), of earlier units only where years are known
    values: FloatArray  # (N, C), standardised
    scale: FloatArray  # (C,), their standard deviations
    year: FloatArray  # (N,), NaN if unknown

    def features(self, rows: IntArray, known: BoolArray) -> FloatArray:
        """Features of some units, (rows, S, P), if the choices of others are ``known`` or not."""
        size = len(self.families)
        chosen = np.zeros((len(self.units), size))
        chosen[known, self.family[known]] = 1.0
        pull = self.weights[:, rows] @ chosen
        total = pull.sum(axis=2, keepdims=True)
        # No known neighbour: no pull towards any family.
        shares = np.divide(pull, total, out=np.zeros_like(pull), where=total > 0.0)
        alternatives = np.eye(size)[:, 1:]
        intercepts = np.broadcast_to(alternatives, (len(rows), size, size - 1))
        own = self.values[rows][:, None, :, None] * alternatives[:, None, :]
        return np.concatenate(
            [shares.transpose(1, 2, 0), intercepts, own.reshape(len(rows), size, -1)], axis=2
        )

    def prior_sd(self, network: float, covariate: float) -> FloatArray:
        """Standard deviations of the coefficients' priors, (P,)."""
        others, kinds, covariates = len(self.families) - 1, len(self.kinds), len(self.covariates)
        return np.repeat([network, _APPEAL_SD, covariate], [kinds, others, covariates * others])

    def fitted(self, known: BoolArray, start: FloatArray | None = None) -> LogitFit:
        """Fit to the units whose choice is ``known``, under the prior of the highest evidence."""
        rows = np.flatnonzero(known)
        features = self.features(rows, known)
        chosen = np.eye(len(self.families))[self.family[rows]]
        best: LogitFit | None = None
        for network, covariate in product(
            _NETWORK_SDS if self.kinds else _NETWORK_SDS[:1],
            _COVARIATE_SDS if self.covariates else _COVARIATE_SDS[:1],
        ):
            fit = fit_conditional_logit(features, chosen, self.prior_sd(network, covariate), start=start)
            start = fit.mode
            if best is None or fit.log_evidence > best.log_evidence:
                best = fit
        if best is None:
            raise StandardsNetError("there is no prior to choose from.")
        return best


@dataclass(frozen=True, eq=False, repr=False)
class FittedChoice:
    """A fitted choice between families; made by :func:`fit_choice`.

    Attributes
    ----------
    families : tuple
        The most frequent one first: intercepts and covariates are relative to it.
    units : tuple
        Units that can be predicted: all that are in a tie or have an outcome.
    """

    _data: _Data
    _fit: LogitFit
    _seed: int

    @property
    def families(self) -> tuple[Hashable, ...]:
        """Families, the most frequent one first."""
        return self._data.families

    @property
    def units(self) -> tuple[Hashable, ...]:
        """Units that can be predicted."""
        return self._data.units

    @property
    def coefficients(self) -> pd.DataFrame:
        """Coefficients with standard errors, log-odds.

        Returns
        -------
        DataFrame
            Index ``term``; columns ``estimate``, ``standard_error``, ``low`` and ``high`` (5 and 95 % of the
            approximate posterior of a pseudo-likelihood, which takes each choice as given the others' and so
            errors as a little too small). Of a tie: log-odds of a family that all known neighbours chose
            against one that none did. ``appeal of F``: log-odds of family F against the most frequent one,
            with neighbours and covariates alike. ``X for F``: the change of these per unit of covariate X.
        """
        import pandas as pd

        data, others = self._data, self._data.families[1:]
        terms = [*data.kinds, *(f"appeal of {family}" for family in others)]
        terms += [f"{name} for {family}" for name in data.covariates for family in others]
        scale = np.concatenate(
            [np.ones(len(data.kinds) + len(others)), np.repeat(1.0 / data.scale, len(others))]
        )
        estimate = self._fit.mode * scale
        error = np.sqrt(np.diag(self._fit.covariance)) * scale
        reach = 1.6448536269514722 * error
        columns = {"estimate": estimate, "standard_error": error, "low": estimate - reach,
                   "high": estimate + reach}  # fmt: skip
        return pd.DataFrame(columns, index=pd.Index(terms, name="term"))

    def predict(self, units: Iterable[Hashable]) -> pd.DataFrame:
        """Probability of each family for some units, given what all others chose.

        A unit's own choice is not used. Coefficients are averaged over their approximate posterior.

        Parameters
        ----------
        units : iterable
            Labels of units that are in a tie or have an outcome.

        Returns
        -------
        DataFrame
            Units by families; rows sum to 1.

        Raises
        ------
        UnknownNameError
            A unit that is in no tie and has no outcome.
        """
        import pandas as pd

        asked = [units] if isinstance(units, str) else list(units)
        index = {unit: at for at, unit in enumerate(self._data.units)}
        unknown = next((unit for unit in asked if unit not in index), None)
        if unknown is not None:
            raise UnknownNameError(one_of("unit", unknown, index) + ".")
        rows = np.array([index[unit] for unit in asked], dtype=np.int64)
        found = self._probabilities(self._fit, rows, self._data.family >= 0)
        return pd.DataFrame(
            found, index=pd.Index(asked, name="unit", tupleize_cols=False), columns=list(self.families)
        )

    def cross_validate(self, groups: Mapping[Any, Any] | pd.Series | None = None) -> pd.Series:
        """Leave units out, fit to the others, and score what is predicted for them.

        What a unit or group that is left out chose is unknown to its neighbours and to its own members.

        Parameters
        ----------
        groups : mapping or Series of units to groups, or None
            Each group is left out in turn; units that are not in it are always known and not scored. Each
            unit is a group of its own if None.

        Returns
        -------
        Series
            ``accuracy`` (share of units whose likeliest family is the one they chose), ``log_score`` (mean
            logarithm of the probability of what was chosen), their standard errors ``accuracy_se`` and
            ``log_score_se`` (members of a group taken as one), and ``n``, the number of units scored. A
            family that only the units left out chose has next to no chance.

        Raises
        ------
        StandardsNetError
            No unit to score, a unit that has no outcome, or nothing left to fit.
        """
        import pandas as pd

        data, known = self._data, self._data.family >= 0
        group_of = _groups(data, groups)
        scores: list[float] = []
        right: list[bool] = []
        sizes = [len(members) for members in group_of.values()]
        for members in group_of.values():
            rest = known.copy()
            rest[members] = False
            if not rest.any():
                raise StandardsNetError("nothing is left to fit: one group holds all units with an outcome.")
            probability = self._probabilities(data.fitted(rest, self._fit.mode), members, rest)
            own = probability[np.arange(len(members)), data.family[members]]
            scores += np.log(own).tolist()
            right += (probability.argmax(axis=1) == data.family[members]).tolist()
        n, hits, logs = len(right), np.array(right, dtype=np.float64), np.array(scores)
        return pd.Series(
            {
                "accuracy": hits.mean(),
                "log_score": logs.mean(),
                "n": n,
                "accuracy_se": _grouped_error(hits, sizes),
                "log_score_se": _grouped_error(logs, sizes),
            }
        )

    def _probabilities(self, fit: LogitFit, rows: IntArray, known: BoolArray) -> FloatArray:
        """Posterior means of the probabilities of some units, (rows, S)."""
        if not len(rows):
            return np.empty((0, len(self.families)))
        standard = normals(self._seed, ("fit_choice",), slice(0, _POSTERIOR_DRAWS), len(fit.mode))
        draws = fit.mode[:, None] + np.linalg.cholesky(fit.covariance) @ standard.T
        return np.asarray(logit_probabilities(self._data.features(rows, known), draws).mean(axis=2))

    def __repr__(self) -> str:
        """One line."""
        data = self._data
        return (
            f"<FittedChoice: {int((data.family >= 0).sum())} units, "
            f"{len(data.families)} families, {len(data.kinds)} kind{'s' * (len(data.kinds) != 1)} of tie>"
        )


def fit_choice(
    ties: Mapping[str, Any],
    outcome: Mapping[Any, Any] | pd.Series,
    *,
    covariates: pd.DataFrame | None = None,
    years: Mapping[Any, Any] | pd.Series | None = None,
    rng: RNGLike | SeedLike | None = None,
) -> FittedChoice:
    r"""Estimate how ties, covariates and general appeal moved a choice between rival standards.

    .. math::

        \Pr(y_i = s) \propto \exp\Big(\sum_k \nu_k\, n^{(k)}_{is} + q_s + \gamma_s \cdot x_i\Big)

    with n the share of s among the unit's known neighbours, weighted by ties of kind k. Coefficients have
    normal priors around 0, of standard deviations chosen by the approximate evidence among 0.5 to 8 (ties)
    and 0.1 to 3 (covariates, for one standard deviation of them), and of 3 for the general appeal.

    Parameters
    ----------
    ties : mapping of str to DataFrame or graph
        Kinds of tie: square frames with the same labels on both axes, or networkx or igraph graphs. Entry
        (i, j) is the weight, 0 or more, with which j influences i; in a directed graph an edge from u to v
        lets u influence v. A unit that a kind does not mention has no such ties.
    outcome : Series or mapping of unit to family
        What each unit chose; None or NaN if it is unknown, and may be predicted.
    covariates : DataFrame or None
        Numbers, a row for each unit and a column for each covariate.
    years : Series or mapping of unit to number, or None
        When each unit chose. A neighbour then counts only if it chose earlier, or if one of the two years is
        unknown.
    rng : int, Generator, SeedSequence or None
        Draws from the posterior, over which predictions are averaged.

    Returns
    -------
    FittedChoice

    Raises
    ------
    StandardsNetError
        No ties and no covariates, a frame that is not square, weights that are negative or not finite, fewer
        than two families, a unit without a value of a covariate.

    References
    ----------
    Brock, W. A. & Durlauf, S. N. (2001), Discrete choice with social interactions, Review of Economic Studies
    68(2), doi:10.1111/1467-937X.00168.

    Examples
    --------
    A line of ten units of which the left half chose one standard:

    >>> import networkx as nx
    >>> line = nx.path_graph(10)
    >>> chose = {unit: "A" if unit < 5 else "B" for unit in line if unit != 2}
    >>> fitted = fit_choice({"next to": line}, chose, rng=1)
    >>> fitted
    <FittedChoice: 9 units, 2 families, 1 kind of tie>
    >>> bool(fitted.predict([2]).loc[2, "A"] > 0.7)
    True
    >>> float(fitted.cross_validate()["accuracy"])
    1.0
    """
    data = _gathered(ties, outcome, covariates, years)
    return FittedChoice(data, data.fitted(data.family >= 0), seed_of(rng))


# -- reading what the caller gives ------------------------------------------------------------


def _gathered(ties: Any, outcome: Any, covariates: Any, years: Any) -> _Data:
    if not isinstance(ties, Mapping):
        raise StandardsNetError(f"ties is {shown(ties)}; give a mapping of names to square frames or graphs.")
    choices = {unit: family for unit, family in _items("outcome", outcome) if not is_missing(family)}
    kinds = {str(kind): _matrix(str(kind), graph) for kind, graph in ties.items()}
    if not kinds and covariates is None:
        raise StandardsNetError("there are neither ties nor covariates; give at least one of them.")
    counts: dict[Hashable, int] = {}
    for family in choices.values():
        counts[family] = counts.get(family, 0) + 1
    if len(counts) < 2:
        raise StandardsNetError(
            f"outcome has {len(counts)} famil{'y' if len(counts) == 1 else 'ies'}; at least two are needed."
        )
    families = tuple(sorted(counts, key=lambda family: (-counts[family], str(family))))
    units = tuple(dict.fromkeys([*choices, *(unit for names, _ in kinds.values() for unit in names)]))
    index = {unit: at for at, unit in enumerate(units)}
    family = np.full(len(units), -1, dtype=np.int64)
    for unit, chosen in choices.items():
        family[index[unit]] = families.index(chosen)
    year = _years(years, index)
    weights = np.zeros((len(kinds), len(units), len(units)))
    for kind, (names, matrix) in enumerate(kinds.values()):
        at = np.array([index[name] for name in names], dtype=np.int64)
        weights[kind][np.ix_(at, at)] = matrix
    # A comparison with an unknown year (NaN) is false, so that such a neighbour counts.
    weights[:, year[None, :] >= year[:, None]] = 0.0
    names, values = _covariates(covariates, units)
    scale = values.std(axis=0)
    return _Data(
        units, families, tuple(kinds), names, family, weights,
        (values - values.mean(axis=0)) / scale, scale, year,
    )  # fmt: skip


def _items(name: str, mapping: Any) -> list[tuple[Hashable, Any]]:
    """Pairs of a mapping or of a Series without repeated labels."""
    if not callable(getattr(mapping, "items", None)):
        raise StandardsNetError(f"{name} is {shown(mapping)}; give a Series or a mapping by unit.")
    pairs = list(mapping.items())
    seen: set[Hashable] = set()
    for unit, _ in pairs:
        if is_missing(unit):
            raise StandardsNetError(f"{name} has a unit None or NaN; every unit needs a name.")
        if unit in seen:
            raise StandardsNetError(f"{name} has unit '{unit}' twice; each unit may be there once.")
        seen.add(unit)
    return pairs


def _matrix(kind: str, graph: Any) -> tuple[Sequence[Hashable], FloatArray]:
    """Labels and weights of a kind of tie, nothing on the diagonal."""
    if hasattr(graph, "index") and hasattr(graph, "columns"):
        names = list(graph.index)
        if len(set(names)) < len(names):
            raise StandardsNetError(f"ties '{kind}' has a label twice; labels of a square frame are unique.")
        if set(names) != set(graph.columns) or len(names) != len(graph.columns):
            raise StandardsNetError(
                f"ties '{kind}' has {len(names)} rows and {len(graph.columns)} columns that are not the same "
                "labels; give a square frame."
            )
        try:
            matrix = graph.loc[:, names].to_numpy(dtype=np.float64, copy=True)
        except (TypeError, ValueError) as error:
            raise StandardsNetError(f"ties '{kind}' holds something that is not a number.") from error
        wrong = np.argwhere(~(np.isfinite(matrix) & (matrix >= 0.0)))
        if len(wrong):
            i, j = wrong[0]
            raise StandardsNetError(
                f"ties '{kind}' between '{names[i]}' and '{names[j]}' is {matrix[i, j]:g}; "
                "weights are numbers of 0 or more."
            )
        np.fill_diagonal(matrix, 0.0)
        return names, matrix
    if not hasattr(graph, "nodes") and not hasattr(graph, "vs"):  # neither networkx nor igraph
        raise StandardsNetError(
            f"ties '{kind}' is {type(graph).__name__}, whose units have no names that are read; give a "
            "graph, or a square frame with units on both axes."
        )
    try:
        network = as_network(graph)
    except StandardsNetError as error:
        raise StandardsNetError(f"ties '{kind}': {error}") from error
    neighbours, size = network.influencers, len(network)
    matrix = np.zeros((size, size))
    rows = np.repeat(np.arange(size), np.diff(neighbours.start))
    matrix[rows, neighbours.nodes] = 1.0 if neighbours.weights is None else neighbours.weights
    return list(network.names), matrix


def _years(years: Any, index: Mapping[Hashable, int]) -> FloatArray:
    found = np.full(len(index), np.nan)
    for unit, year in [] if years is None else _items("years", years):
        if unit not in index or is_missing(year):
            continue  # a year of something that is neither tied nor has an outcome changes nothing
        if isinstance(year, bool) or not isinstance(year, int | float | np.integer | np.floating):
            raise StandardsNetError(f"years of '{unit}' is {shown(year)}; it must be a number.")
        found[index[unit]] = year
    return found


def _covariates(covariates: Any, units: Sequence[Hashable]) -> tuple[tuple[str, ...], FloatArray]:
    if covariates is None:
        return (), np.empty((len(units), 0))
    if not (hasattr(covariates, "index") and hasattr(covariates, "columns")):
        raise StandardsNetError(f"covariates is {shown(covariates)}; give a frame with a row for each unit.")
    rows = set(covariates.index)
    lacking = next((unit for unit in units if unit not in rows), None)
    if lacking is not None:
        raise StandardsNetError(f"covariates has no row for unit '{lacking}'; each unit needs one.")
    if not covariates.index.is_unique:
        raise StandardsNetError("covariates has a unit twice; each unit may be there once.")
    try:
        values = covariates.loc[list(units)].to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise StandardsNetError("covariates holds something that is not a number.") from error
    names = tuple(map(str, covariates.columns))
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        i, c = wrong[0]
        raise StandardsNetError(
            f"covariate '{names[c]}' of unit '{units[i]}' is missing or not finite; fill it in, or leave the "
            "unit or the covariate out."
        )
    size = 1e-12 * np.abs(values).max(axis=0, initial=0.0)
    alike = [name for name, flat in zip(names, np.ptp(values, axis=0) <= size, strict=True) if flat]
    if alike:
        raise StandardsNetError(f"covariate '{alike[0]}' is the same for all units; leave it out.")
    return names, values


def _grouped_error(values: FloatArray, sizes: Sequence[int]) -> float:
    """Standard error of a mean over groups that stand one after the other."""
    sums = np.add.reduceat(values - values.mean(), np.cumsum([0, *sizes[:-1]]))
    return float(np.sqrt((sums**2).sum() * len(sizes) / max(len(sizes) - 1, 1)) / len(values))


def _groups(data: _Data, groups: Any) -> dict[Hashable, IntArray]:
    """Rows of the units to leave out together."""
    if groups is None:
        return {at: np.array([at]) for at in np.flatnonzero(data.family >= 0).tolist()}
    index = {unit: at for at, unit in enumerate(data.units)}
    members: dict[Hashable, list[int]] = {}
    for unit, group in _items("groups", groups):
        if unit not in index:
            raise StandardsNetError("groups: " + one_of("unit", unit, index) + ".")
        if data.family[index[unit]] < 0:
            raise StandardsNetError(f"groups: unit '{unit}' has no outcome, so that it cannot be scored.")
        if not is_missing(group):
            members.setdefault(group, []).append(index[unit])
    if not members:
        raise StandardsNetError("groups is empty; there is nothing to score.")
    return {group: np.array(rows) for group, rows in members.items()}
