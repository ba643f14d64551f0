"""Landscape theory: which blocs form when each actor moves to where it is least frustrated."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from standards_net.alignment.landscapes.actors import checked_actors
from standards_net.alignment.landscapes.minima import (
    MAX_CONFIGURATIONS,
    Minimum,
    enumerate_minima,
    number_of_minima,
    rounding,
    sample_minima,
)
from standards_net.core.arrays import FloatArray, IntArray
from standards_net.core.descent import descend
from standards_net.core.set_partitions import configuration_count, energies
from standards_net.errors import StandardsNetError, one_of
from standards_net.randomness import RNGLike, SeedLike, seed_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Landscape", "Minimum", "landscape"]

_SEARCHES = ("auto", "exact", "sampled")
_RULES = ("steepest", "first")
_MAX_STARTS = 10**6
_MIN_ENERGY, _MAX_ENERGY = 1e-200, 1e200  # beyond, tolerances would under- or overflow


@dataclass(frozen=True, eq=False)
class Landscape:
    """Actors, their propensities, and the minima of energy. Built by :func:`landscape`.

    Attributes
    ----------
    names : tuple of str, length n
    sizes : (n,) array
        Above 0, in any unit.
    propensity : (n, n) array
        Symmetric, zero diagonal: how much each pair wants to be together (above 0) or apart (below).
    blocs : int
        Maximum number of blocs.
    minima : tuple of Minimum
        By energy, the lowest first, then by labels.
    configurations : int
        Number of partitions of the actors into at most ``blocs`` blocs.
    exact : bool
        Whether all minima were found.
    coverage : float
        1 if exact; else the estimated share of starts that would end in one of the minima found.
    status : str
        One sentence: what was searched and what was omitted.
    """

    names: tuple[str, ...]
    sizes: FloatArray
    propensity: FloatArray
    blocs: int
    minima: tuple[Minimum, ...]
    configurations: int
    exact: bool
    coverage: float
    status: str

    def __repr__(self) -> str:
        """One line."""
        return (
            f"<Landscape: {len(self.names)} actors, {self.blocs} blocs, "
            f"{number_of_minima(len(self.minima))}, lowest energy {self.minima[0].energy:.6g}, "
            f"{'exact' if self.exact else 'sampled'}>"
        )

    @cached_property
    def _cost(self) -> FloatArray:
        return _cost_apart(self.sizes, self.propensity)

    @property
    def tolerance(self) -> float:
        """Energies that differ by at most this are treated as equal."""
        return rounding(self._cost)

    def energy(self, labels: Iterable[Hashable] | Mapping[str, Hashable]) -> float:
        """Energy of a configuration.

        Parameters
        ----------
        labels : sequence, length n, or mapping of name to bloc
            Bloc labels of any kind: numbers, words.

        Raises
        ------
        StandardsNetError
            Labels of another length, unknown or missing actors, more blocs than the landscape has.

        Examples
        --------
        >>> found = landscape([1.0, 2.0], [[0, -1], [-1, 0]], names=["a", "b"])
        >>> found.energy({"a": "east", "b": "west"}), found.energy([0, 0])
        (-4.0, 0.0)
        """
        return float(energies(self._cost, self._numbered(labels), self.blocs)[0])

    def descend(
        self, labels: Iterable[Hashable] | Mapping[str, Hashable], rule: str = "steepest"
    ) -> tuple[int, ...]:
        """Minimum reached by descent from a configuration.

        Parameters
        ----------
        labels : sequence, length n, or mapping of name to bloc
        rule : str
            ``steepest``: take the move that lowers energy most; ``first``: move the first actor,
            in the order of names, that gains.

        Returns
        -------
        tuple of int
            Labels of the minimum.

        Raises
        ------
        StandardsNetError
            Unknown rule, or labels that do not fit.

        Examples
        --------
        >>> landscape([1.0, 2.0], [[0, -1], [-1, 0]]).descend([0, 0])
        (0, 1)
        """
        if rule not in _RULES:
            raise StandardsNetError(one_of("rule", rule, _RULES) + ".")
        start = self._numbered(labels)
        end = descend(self._cost, start, self.blocs, self.tolerance, first=rule == "first")
        return tuple(end[0].tolist())

    def to_frame(self) -> pd.DataFrame:
        """One row per minimum; members of ``bloc_1`` (the largest by size), ``bloc_2``, ... by size.

        Examples
        --------
        >>> landscape([1.0, 2.0], [[0, -1], [-1, 0]], names=["a", "b"]).to_frame()["bloc_1"].tolist()
        ['b']
        """
        import pandas as pd

        lowest = self.minima[0].energy
        rows = []
        for found in self.minima:
            row = {"energy": found.energy, "above_lowest": found.energy - lowest}
            row |= {name: getattr(found, name) for name in Minimum._fields[2:]}
            rows.append(row | {f"bloc_{k + 1}": who for k, who in enumerate(self._members(found))})
        return pd.DataFrame(rows)

    def _members(self, found: Minimum) -> list[str]:
        """Names of each bloc, joined; '' for empty blocs."""
        labels = np.array(found.labels)
        total = np.bincount(labels, weights=self.sizes, minlength=self.blocs)
        by_size = np.argsort(-self.sizes, kind="stable")
        return [
            ", ".join(self.names[i] for i in by_size if labels[i] == bloc)
            for bloc in np.argsort(-total, kind="stable")
        ]

    def _numbered(self, labels: Iterable[Hashable] | Mapping[str, Hashable]) -> IntArray:
        """Labels as one row of numbers, (1, n)."""
        if isinstance(labels, Mapping):
            for name in labels:
                if name not in self.names:
                    raise StandardsNetError(one_of("actor", name, self.names) + ".")
            missing = [name for name in self.names if name not in labels]
            if missing:
                raise StandardsNetError(
                    f"labels give no bloc to {', '.join(missing)}; every actor needs one."
                )
            labels = [labels[name] for name in self.names]
        found = list(labels)
        if len(found) != len(self.names):
            raise StandardsNetError(f"labels holds {len(found)} entries for {len(self.names)} actors.")
        blocs = list(dict.fromkeys(found))
        if len(blocs) > self.blocs:
            shown = ", ".join(str(bloc) for bloc in blocs)
            raise StandardsNetError(
                f"labels name {len(blocs)} blocs ({shown}); the landscape has at most {self.blocs}."
            )
        return np.array([[blocs.index(bloc) for bloc in found]])


def landscape(
    sizes: npt.ArrayLike,
    propensity: npt.ArrayLike,
    *,
    blocs: int = 2,
    names: Sequence[str] | None = None,
    search: str = "auto",
    starts: int = 2000,
    rng: RNGLike | SeedLike | None = None,
    memory_gib: float = 2.0,
) -> Landscape:
    r"""Minima of energy when each actor joins the bloc in which it is least frustrated.

    .. math:: E(X) = \sum_{i \ne j} s_i s_j p_{ij} d_{ij}(X)

    over ordered pairs, with :math:`d_{ij}` 1 if i and j are in different blocs, else 0. One actor moves at
    a time, into any bloc or an empty one, if its frustration :math:`\sum_j s_j p_{ij} d_{ij}` falls. As p is
    symmetric that is so exactly if E falls; hence there are no cycles, and the local minima of E are the
    pure Nash equilibria.

    Parameters
    ----------
    sizes : (n,) array
        :math:`s_i`, above 0, in any unit.
    propensity : (n, n) array
        :math:`p_{ij}`, symmetric: above 0 if the two want to be together, below if apart. The diagonal is
        ignored.
    blocs : int
        Maximum number of blocs, from 2 to n.
    names : sequence of str or None
        Of the actors; ``1``, ``2``, ... if None.
    search : str
        ``exact`` compares all configurations, up to 2**27 (28 actors with two blocs); ``sampled``
        descends from random starts and anneals 16 times; ``auto`` is exact where possible.
    starts : int
        Random starts of a sampled search.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed of a sampled search.
    memory_gib : float
        Basins of an exact search are omitted if they need more memory.

    Returns
    -------
    Landscape

    Raises
    ------
    StandardsNetError
        Arrays of mismatched shape, propensities that are not symmetric, units in which energies overflow,
        more configurations than an exact search takes, or more than 100,000 minima.

    References
    ----------
    Axelrod, R. & Bennett, D. S. (1993), A landscape theory of aggregation, British Journal of Political
    Science 23(2), doi:10.1017/S000712340000973X. Coverage: Good, I. J. (1953), Biometrika 40(3-4),
    doi:10.1093/biomet/40.3-4.237.

    Examples
    --------
    >>> from standards_net.alignment.landscapes.propensity import read_landscape
    >>> names, sizes, propensity = read_landscape("unix1988")
    >>> unix = landscape(sizes, propensity, names=names)
    >>> unix
    <Landscape: 9 actors, 2 blocs, 2 minima, lowest energy -3828.9, exact>
    >>> [found.basin_size for found in unix.minima]
    [128, 128]
    """
    actors = checked_actors(sizes, propensity, names)
    n = len(actors.names)
    _check_options(n, blocs, search, starts, memory_gib)
    blocs = int(blocs)
    configurations = configuration_count(n, blocs)
    cost = _cost_apart(actors.sizes, actors.propensity)
    exact = configurations <= MAX_CONFIGURATIONS
    if search == "exact" and not exact:
        limit = max(m for m in range(1, n) if configuration_count(m, blocs) <= MAX_CONFIGURATIONS)
        raise StandardsNetError(
            f"an exact search takes up to {limit} actors with {blocs} blocs; there are {n}: "
            f"give search='sampled'."
        )
    if exact and search != "sampled":
        found = enumerate_minima(cost, actors.names, blocs, memory_gib)
    else:
        found = sample_minima(cost, actors.names, blocs, int(starts), seed_of(rng))
    return Landscape(*actors, blocs, found.minima, configurations, found.exact, found.coverage, found.status)


def _check_options(actors: int, blocs: int, search: str, starts: int, memory_gib: float) -> None:
    if blocs not in range(2, actors + 1):
        raise StandardsNetError(
            f"blocs is {blocs!r}; it must be a whole number from 2 to {actors}, the number of actors."
        )
    if search not in _SEARCHES:
        raise StandardsNetError(one_of("search", search, _SEARCHES) + ".")
    if starts not in range(1, _MAX_STARTS + 1):
        raise StandardsNetError(f"starts is {starts!r}; it must be a whole number from 1 to {_MAX_STARTS:,}.")
    if not memory_gib >= 0.0:
        raise StandardsNetError(f"memory_gib is {memory_gib!r}; it must be 0 or more.")


def _cost_apart(sizes: FloatArray, propensity: FloatArray) -> FloatArray:
    """Energy that each pair adds if it is apart, counted in both orders."""
    with np.errstate(over="ignore", invalid="ignore"):
        cost = np.asarray(2.0 * np.outer(sizes, sizes) * propensity)
        total = np.abs(cost).sum()
    if total != 0.0 and not _MIN_ENERGY < total < _MAX_ENERGY:
        raise StandardsNetError(
            f"sizes and propensities make energies too small or too large to compare; take units in which "
            f"they lie between {_MIN_ENERGY:g} and {_MAX_ENERGY:g}."
        )
    return cost
