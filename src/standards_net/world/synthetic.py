r"""Synthetic markets of firms: a degree-corrected stochastic block model over the world's countries.

Nodes are adopting firms: the operators on record, and anonymous firms. An edge means that two firms
exchange, so that each is affected by the other's standard.

Country :math:`c` has :math:`n_c` firms by market size, and its firm i a propensity
:math:`\theta_i \propto x_i`, :math:`\sum_{i \in c} \theta_i = 1`, with x Pareto:
:math:`P(x > y) = y^{-(\gamma - 1)}`. Between two firms i and j of countries c and d the number of
contacts is Poisson with mean :math:`\lambda_{ij} = m_{cd} \theta_i \theta_j` (:math:`2 m_{cc} \theta_i
\theta_j` within a country), where, for mean degree k, share w within the country and mixed ties W,

.. math::

    m_{cc} = w k n_c / 2, \qquad m_{cd} = (1 - w) k (n_c W_{cd} + n_d W_{dc}) / 2

are the expected contacts of the blocks. Contacts of a firm with itself are dropped and repeated ones count
once, so that an edge exists with probability :math:`1 - e^{-\lambda_{ij}}`, independently of all others.

Karrer, B. & Newman, M. E. J. (2011), Stochastic blockmodels and community structure in networks,
Physical Review E 83, 016107, doi:10.1103/PhysRevE.83.016107.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from standards_net.core.arrays import BoolArray, FloatArray
from standards_net.errors import StandardsNetError
from standards_net.randomness import RNGLike, SeedLike, seed_of, uniforms
from standards_net.world.block_model import (
    KeyArray,
    country_sizes,
    distinct,
    draw_contacts,
    expected_contacts,
    mixed_ties,
    symmetric,
)
from standards_net.world.known_operators import KnownOperator, known_operators

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from standards_net.world.market import Market
from standards_net.world.world import World

__all__ = ["SyntheticMarket", "synthetic_market"]

IndexArray = npt.NDArray[np.int32]

MAX_FIRMS = 2_000_000
MAX_CONTACTS = 50_000_000  # about 4 GiB while they are sorted


@dataclass(frozen=True, eq=False)
class SyntheticMarket:
    """A market of firms, built by :func:`synthetic_market`. Firms are sorted by country, then by size.

    Attributes
    ----------
    technology : str
    matrix : (size, size) csr_array of float64
        1 where two firms exchange; symmetric, zero diagonal. Includes the ties of groups.
    group_matrix : (size, size) csr_array of float64
        The ties of cross-border groups only.
    country : (size,) array of int32
        Index into ``countries``.
    operator : (size,) array of int32
        Index into ``operators`` (``DEU:Vodafone Germany``); -1 for anonymous firms.
    group : (size,) array of int32
        Index into ``groups``; -1 for none.
    standard : (size,) array of int8
        Index into ``standards``: the firm's standard at the end of 2019.
    weight : (size,) array
        Size of the firm as share of world demand; sums to 1, and within a country to its market size.
    champion : (size,) array of bool
        Whether the firm is its country's national champion.
    expected : (C, C) array
        Expected contacts of each pair of countries (m in the module docstring); symmetric.
    dropped : int
        Number of contacts drawn that are not edges: self-contacts and repeated ones.
    countries, operators, groups, standards : tuple of str
    """

    technology: str
    matrix: csr_array
    group_matrix: csr_array
    country: IndexArray
    operator: IndexArray
    group: IndexArray
    standard: npt.NDArray[np.int8]
    weight: FloatArray
    champion: BoolArray
    expected: FloatArray
    dropped: int
    countries: tuple[str, ...]
    operators: tuple[str, ...]
    groups: tuple[str, ...]
    standards: tuple[str, ...]

    def __repr__(self) -> str:
        """One line."""
        return (
            f"<SyntheticMarket: {len(self.country):,} firms in {len(self.countries)} economies, "
            f"{self.matrix.nnz // 2:,} edges, {self.technology}>"
        )

    def edges_between(self) -> npt.NDArray[np.int64]:
        """Edges of each pair of countries, (C, C), symmetric; within a country each edge once."""
        count = len(self.countries)
        rows = np.repeat(self.country, np.diff(self.matrix.indptr)).astype(np.int64)
        flat = np.bincount(rows * count + self.country[self.matrix.indices], minlength=count * count)
        table = flat.reshape(count, count)
        np.fill_diagonal(table, table.diagonal() // 2)
        return table


def synthetic_market(
    world: World,
    size: int,
    *,
    technology: str = "radio",
    degree: float = 10.0,
    heterogeneity: float = 2.5,
    within: float = 0.8,
    group_ties: float = 1.0,
    rng: RNGLike | SeedLike | None = None,
) -> SyntheticMarket:
    """Network of firms: country blocks sized by market and mixed by ties, with operators and their groups.

    The module docstring gives the formula. Operators on record come first in their country: the national
    champion is the largest firm, the others follow in random order, since their sizes are not on record.
    The standard of an operator is drawn from the vendors on record for it (``vendor_chances`` in
    ``world/known_operators.py``), that of any other firm from its country's adoption of 2019. Members of a
    cross-border group in different countries are tied with probability ``group_ties``.

    Parameters
    ----------
    world : World
    size : int
        Number of firms: at least one per country, at most 2,000,000.
    technology : str
    degree : float
        Mean number of contacts of a firm, before repeated ones are dropped.
    heterogeneity : float
        Exponent of the density of firms' propensities, above 2; the smaller, the more unequal the firms.
    within : float
        Share of contacts within the country, 0 to 1.
    group_ties : float
        Probability that two members of a group are tied, 0 to 1.
    rng : int, Generator, SeedSequence or None
        The same seed gives the same market. Every country and pair of countries has its own random numbers.

    Returns
    -------
    SyntheticMarket

    Raises
    ------
    StandardsNetError
        An argument out of bounds, an unknown technology, or more than memory allows.

    Examples
    --------
    >>> import standards_net as sn
    >>> market = synthetic_market(sn.load_world(), 2_000, rng=1)
    >>> market.country.size, market.matrix.shape, float(market.weight.sum().round(6))
    (2000, (2000, 2000), 1.0)
    >>> first = market.country.tolist().index(market.countries.index("DEU"))
    >>> market.operators[market.operator[first]], bool(market.champion[first])
    ('DEU:Deutsche Telekom', True)
    """
    of = world.market(technology)
    _check(world, size, degree, heterogeneity, within, group_ties)
    seed = seed_of(rng)
    sizes = country_sizes(of.share, int(size))
    start = np.concatenate([[0], np.cumsum(sizes)])
    propensity = [
        _propensities(seed, technology, code, int(n), heterogeneity)
        for code, n in zip(world.countries, sizes, strict=True)
    ]
    weight = np.concatenate([s * theta for s, theta in zip(of.share, propensity, strict=True)])
    known = known_operators(world, technology, seed)
    firms = {code: rows[:n] for (code, rows), n in zip(known.items(), sizes, strict=True)}
    labels = _labels(world, firms, start)
    expected = expected_contacts(sizes, mixed_ties(world), degree, within)
    drawn, keys = draw_contacts(seed, technology, world.countries, expected, propensity, start)
    edges = distinct(keys)
    joined = _group_keys(seed, labels, start, group_ties)
    return SyntheticMarket(
        technology=technology,
        matrix=symmetric(distinct([edges, joined]), int(size)),
        group_matrix=symmetric(joined, int(size)),
        country=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        operator=labels.operator,
        group=labels.group,
        standard=_standards(seed, world, of, firms, sizes),
        weight=weight,
        champion=labels.champion,
        expected=expected,
        dropped=drawn - len(edges),
        countries=world.countries,
        operators=labels.names,
        groups=labels.groups,
        standards=world.standards,
    )


def _check(
    world: World, size: object, degree: float, heterogeneity: float, within: float, group_ties: float
) -> None:
    """Raise one error that lists all invalid arguments."""
    messages = [*_check_size(size, len(world.countries))]
    if not 0.0 < degree < np.inf:
        messages.append(f"degree is {degree:g}; the mean degree must be above 0 and finite.")
    elif not messages and isinstance(size, int | np.integer):
        messages += _check_degree(int(size), degree)
    if not 2.0 < heterogeneity < np.inf:
        messages.append(
            f"heterogeneity is {heterogeneity:g}; the exponent must be above 2 and finite, "
            "or firms have no mean size."
        )
    for name, share in (("within", within), ("group_ties", group_ties)):
        if not 0.0 <= share <= 1.0:
            messages.append(f"{name} is {share:g}; it is a share, 0 to 1.")
    if messages:
        raise StandardsNetError(messages)


def _check_size(size: object, economies: int) -> Iterator[str]:
    if isinstance(size, bool) or not isinstance(size, int | np.integer):
        yield f"size is {size!r}; give a whole number of firms."
    elif size < economies:
        yield f"size is {size}; give at least {economies}, one firm for each economy of the world."
    elif size > MAX_FIRMS:
        yield f"size is {size:,}; memory allows at most {MAX_FIRMS:,} firms."


def _check_degree(size: int, degree: float) -> Iterator[str]:
    if degree > size - 1:
        yield f"degree is {degree:g}; a firm of {size:,} has at most {size - 1:,} partners."
    elif degree * size / 2 > MAX_CONTACTS:
        yield f"degree is {degree:g}; memory allows at most {2 * MAX_CONTACTS / size:g} with {size:,} firms."


def _propensities(seed: int, technology: str, country: str, firms: int, heterogeneity: float) -> FloatArray:
    """Pareto-distributed propensities of a country's firms, largest first, summing to 1."""
    u = 1.0 - uniforms(seed, ("firm size", technology, country), slice(0, firms), 1)[:, 0]
    # Relative to the largest, to avoid overflow for exponents near 2.
    theta = np.sort(u / u.min()) ** (-1.0 / (heterogeneity - 1.0))
    return np.asarray(theta / theta.sum())


@dataclass(frozen=True)
class _Labels:
    operator: IndexArray
    group: IndexArray
    champion: BoolArray
    names: tuple[str, ...]
    groups: tuple[str, ...]


def _labels(world: World, firms: dict[str, list[KnownOperator]], start: npt.NDArray[np.int64]) -> _Labels:
    """Nodes that represent operators on record, with their attributes."""
    size = int(start[-1])
    operator = np.full(size, -1, dtype=np.int32)
    group = np.full(size, -1, dtype=np.int32)
    champion = np.zeros(size, dtype=bool)
    names: list[str] = []
    groups = tuple(sorted({firm.group for rows in firms.values() for firm in rows if firm.group}))
    for c, code in enumerate(world.countries):
        for place, firm in enumerate(firms[code], start=int(start[c])):
            operator[place] = len(names)
            names.append(firm.node)
            group[place] = groups.index(firm.group) if firm.group else -1
            champion[place] = firm.champion
    return _Labels(operator, group, champion, tuple(names), groups)


def _standards(
    seed: int,
    world: World,
    of: Market,
    firms: dict[str, list[KnownOperator]],
    sizes: npt.NDArray[np.int64],
) -> npt.NDArray[np.int8]:
    """Standard of every firm: drawn from its own vendors, or from its country's adoption."""
    implements = np.eye(len(world.standards))[[world.standards.index(s) for s in of.vendor_standards]]
    drawn = []
    for code, adoption, n in zip(world.countries, of.adoption, sizes, strict=True):
        u = uniforms(seed, ("firm standard", of.technology, code), slice(0, int(n)), 1)[:, 0]
        found = _categories(adoption @ implements, u)
        for place, firm in enumerate(firms[code]):
            found[place] = _categories(firm.chances @ implements, u[place : place + 1])[0]
        drawn.append(found)
    return np.concatenate(drawn).astype(np.int8)


def _categories(chances: FloatArray, u: FloatArray) -> npt.NDArray[np.int64]:
    """Categories selected by uniform numbers; a category of probability 0 is never selected."""
    edges = np.cumsum(chances) / chances.sum()
    last = int(np.flatnonzero(chances)[-1])
    return np.minimum(np.searchsorted(edges, u, side="right"), last)


def _group_keys(seed: int, labels: _Labels, start: npt.NDArray[np.int64], group_ties: float) -> KeyArray:
    """Ties of cross-border groups, sorted: members in different countries, with random numbers per pair."""
    size = int(start[-1])
    keys = []
    for g, group in enumerate(labels.groups):
        members = np.flatnonzero(labels.group == g)
        names = [labels.names[operator] for operator in labels.operator[members]]
        home = np.searchsorted(start, members, side="right")
        for a, b in combinations(range(len(members)), 2):
            pair = ("group tie", group, *sorted((names[a], names[b])))
            if home[a] != home[b] and uniforms(seed, pair, slice(0, 1), 1)[0, 0] < group_ties:
                keys.append(members[a] * size + members[b])
    return np.sort(np.array(keys, dtype=np.int64))
