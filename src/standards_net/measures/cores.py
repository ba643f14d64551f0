"""Consensus over draws: cores, fence-sitters, and the number of blocs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError
from standards_net.labels import aligned_by_label, checked_words
from standards_net.measures.partitions import (
    agreement,
    bloc_counts,
    co_membership,
    variation_of_information,
)
from standards_net.measures.requirements import checked_weights

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Consensus", "agreement_over_draws", "consensus"]

_SLACK = 1e-9  # tolerance for rounding of a probability


@dataclass(frozen=True, eq=False)
class Consensus:
    """What the draws agree on (:func:`consensus`).

    Attributes
    ----------
    names : tuple of str
        N countries, in the order of all arrays.
    together : (N, N) array
        Probability that two countries are in the same bloc.
    cores : tuple of tuple of str
        Groups whose members are nearly always pairwise together, the heaviest first.
    fence : (N,) array
        Uncertainty of a country's co-members: 0 always the same, 1 every pairing with probability 1/2.
    bloc_counts : mapping of int to float
        Probability of each number of blocs.
    order : (N,) array of int
        Permutation of the countries that shows the blocs of ``together``, the first core on top.
    """

    names: tuple[str, ...]
    together: FloatArray
    cores: tuple[tuple[str, ...], ...]
    fence: FloatArray
    bloc_counts: Mapping[int, float]
    order: IntArray

    def fence_sitters(self, least: float = 0.25) -> tuple[str, ...]:
        """Countries whose ``fence`` is at least ``least``, in descending order.

        Examples
        --------
        >>> labels = np.array([["x", "x", "y"], ["x", "y", "y"]])
        >>> consensus(labels, names=["USA", "IND", "CHN"]).fence_sitters(least=0.75)
        ('IND',)
        """
        ranked = np.argsort(-self.fence, kind="stable")
        return tuple(self.names[i] for i in ranked if self.fence[i] >= least)

    def to_frame(self) -> pd.DataFrame:
        """One row per country.

        Returns
        -------
        DataFrame
            ``name``; ``core``, its number from 1, 0 if in none; ``fence``; ``together_with_core``, mean
            probability of being together with the (other) members of core 1, NaN if there is none.

        Examples
        --------
        >>> labels = np.array([["x", "x", "y"], ["x", "x", "x"]])
        >>> consensus(labels, names=["USA", "JPN", "IND"]).to_frame().to_dict("records")[2]
        {'name': 'IND', 'core': 0, 'fence': 1.0, 'together_with_core': 0.5}
        """
        import pandas as pd

        core_of = {name: number for number, core in enumerate(self.cores, 1) for name in core}
        core = np.array([core_of.get(name, 0) for name in self.names])
        others = (core == 1) & ~np.eye(len(core), dtype=bool)
        with_core = np.full(len(core), np.nan)
        if self.cores:
            with_core = (self.together * others).sum(axis=1) / others.sum(axis=1)
        return pd.DataFrame(
            {"name": self.names, "core": core, "fence": self.fence, "together_with_core": with_core}
        )


@aligned_by_label(
    labels=("draw", "country"), weights=("country",), draw_weights=("draw",), names=("names", "country")
)  # fmt: skip
def consensus(
    labels: npt.NDArray[np.str_] | IntArray,
    *,
    names: Sequence[str] | None = None,
    weights: npt.ArrayLike | None = None,
    core_at: float = 0.9,
    draw_weights: npt.ArrayLike | None = None,
    least_share: float = 0.01,
) -> Consensus:
    r"""Cores, fence-sitters and number of blocs of an ensemble, from co-membership.

    With :math:`q_{ij}` the probability that i and j are in the same bloc, the cores are the groups found by
    complete linkage of :math:`1 - q`, so that every pair of a core has :math:`q_{ij}` of at least
    ``core_at``; and

    .. math:: f_i = \frac{\sum_{j \ne i} w_j\, 4 q_{ij} (1 - q_{ij})}{\sum_{j \ne i} w_j}

    As only co-membership counts, labels need not be consistent across draws, as those of detected
    communities are not. Unlike :func:`fence_sitting`, this index also rises when the others move.

    Parameters
    ----------
    labels : (R, N) array
        Bloc of each country in each draw.
    names : sequence of str or None
        Names of the countries; numbers from 0 if None.
    weights : (N,) array or None
        Sizes of the countries, in any unit; equal if None.
    core_at : float
        Minimum co-membership probability of any two members of a core, above 0.5 and at most 1.
    draw_weights : (R,) array or None
        Weight of each draw, in any unit; equal if None.
    least_share : float
        Share of all weight that a bloc must hold to be counted, above 0 and at most 1.

    Returns
    -------
    Consensus

    Raises
    ------
    StandardsNetError
        Labels that are not one row per draw, or of fewer than two countries; names or weights of the wrong
        length; duplicate names; weights that are negative, or 0 for all countries but one; a share
        out of range.

    References
    ----------
    Monti, S., Tamayo, P., Mesirov, J. & Golub, T. (2003), Machine Learning 52,
    doi:10.1023/A:1023949509487; Lancichinetti, A. & Fortunato, S. (2012), Scientific Reports 2,
    doi:10.1038/srep00336.

    Examples
    --------
    >>> labels = np.array([["x", "x", "y", "y"], ["p", "p", "p", "q"], ["k", "k", "m", "m"]])
    >>> found = consensus(labels, names=["USA", "JPN", "IND", "CHN"])
    >>> found.cores, found.bloc_counts
    ((('USA', 'JPN'),), {2: 1.0})
    >>> found.fence.round(3).tolist()
    [0.296, 0.296, 0.889, 0.296]
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if not 0.5 < core_at <= 1.0:
        raise StandardsNetError(f"core_at is {core_at}; it must be above 0.5 and at most 1.")
    together = co_membership(labels, draw_weights)
    countries = len(together)
    if countries < 2:
        raise StandardsNetError("labels hold one country; co-membership needs at least two.")
    known = _checked_names(names, countries)
    w = checked_weights(np.ones(countries) if weights is None else weights, countries)
    rest = (1.0 - np.eye(countries)) @ w
    if rest.min() == 0.0:
        raise StandardsNetError("weights are 0 for all countries but one; at least two must be above 0.")
    tree = linkage(squareform(1.0 - together, checks=False), method="complete")
    cores = _cores(fcluster(tree, 1.0 - core_at + _SLACK, criterion="distance"), w)
    return Consensus(
        names=known,
        together=together,
        cores=tuple(tuple(known[i] for i in core) for core in cores),
        fence=(4.0 * together * (1.0 - together)) @ w / rest,
        bloc_counts=bloc_counts(labels, w, draw_weights=draw_weights, least_share=least_share),
        order=_side_by_side(tree, cores),
    )


def _cores(group: IntArray, weights: FloatArray) -> list[list[int]]:
    """Groups of two or more members, heaviest first; equal ones in the order of their first members."""
    members: dict[int, list[int]] = {}
    for i, number in enumerate(group.tolist()):
        members.setdefault(number, []).append(i)
    return sorted((m for m in members.values() if len(m) > 1), key=lambda m: -weights[m].sum())


def _side_by_side(tree: FloatArray, cores: list[list[int]]) -> IntArray:
    """Leaves of the dendrogram; at each fork the branch with the first core, then country, comes first."""
    core_of = {i: number for number, core in enumerate(cores) for i in core}
    branches = [[leaf] for leaf in range(len(tree) + 1)]

    def rank(branch: list[int]) -> tuple[int, int]:
        return min((core_of.get(i, len(cores)), i) for i in branch)

    for left, right in tree[:, :2].astype(np.int64):
        first, second = sorted((branches[left], branches[right]), key=rank)
        branches.append(first + second)
    return np.array(branches[-1])


def _checked_names(names: Sequence[str] | None, countries: int) -> tuple[str, ...]:
    known = tuple(map(str, range(countries) if names is None else names))
    if len(known) != countries:
        raise StandardsNetError(f"names hold {len(known)} entries for {countries} countries.")
    twice = [name for name in known if known.count(name) > 1]
    if twice:
        raise StandardsNetError(f"names hold '{twice[0]}' twice; each country needs its own.")
    return known


@aligned_by_label(labels_a=("draw", "country"), labels_b=("draw", "country"))
def agreement_over_draws(
    labels_a: npt.NDArray[np.str_] | IntArray, labels_b: npt.NDArray[np.str_] | IntArray
) -> FloatArray:
    """Similarity of two partitions, draw by draw.

    Parameters
    ----------
    labels_a : (R, N) array
        Bloc of each country in each draw.
    labels_b : (R, N) or (N,) array
        A second partition for each draw, or one for all draws.

    Returns
    -------
    (R, 2) array
        Adjusted Rand index (:func:`agreement`) and :func:`variation_of_information`, nats.

    Raises
    ------
    StandardsNetError
        Arrays that are not of these shapes.

    References
    ----------
    Hubert, L. & Arabie, P. (1985), Journal of Classification 2, doi:10.1007/BF01908075; Meilă, M. (2007),
    Journal of Multivariate Analysis 98(5), doi:10.1016/j.jmva.2006.11.013.

    Examples
    --------
    >>> detected = np.array([["x", "x", "y", "y"], ["x", "y", "x", "y"]])
    >>> agreement_over_draws(detected, np.array(["us", "us", "cn", "cn"])).round(4).tolist()
    [[1.0, 0.0], [-0.5, 1.3863]]
    """
    a, b = checked_words("labels_a", labels_a), checked_words("labels_b", labels_b)
    if a.ndim != 2 or a.size == 0 or b.shape not in (a.shape, a.shape[1:]):
        raise StandardsNetError(
            f"labels have shapes {a.shape} and {b.shape}; they must be (draws, countries), and the same or "
            "(countries,)."
        )
    both = zip(a, np.broadcast_to(b, a.shape), strict=True)
    return np.array([(agreement(one, two), variation_of_information(one, two)) for one, two in both])
