"""Propensities from a file or from several codings of the world, and their uncertainty."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from standards_net.alignment.games.sides import named_countries
from standards_net.alignment.landscapes.actors import Actors, checked_actors
from standards_net.alignment.landscapes.landscape_theory import landscape
from standards_net.core.arrays import FloatArray, IntArray
from standards_net.errors import StandardsNetError, nearest
from standards_net.files import data_folder
from standards_net.labels import without_labels
from standards_net.memory import check_fits
from standards_net.randomness import RNGLike, SeedLike, seed_of, uniforms
from standards_net.world import World

__all__ = [
    "bootstrap_propensity",
    "lowest_minima",
    "read_landscape",
    "recode_propensity",
    "world_codings",
]

_CODINGS = ("votes", "defence", "trade", "alignment")


def read_landscape(source: str | Path) -> Actors:
    """Actors, sizes and propensities from a CSV file, or from a bundled one by name.

    The header is ``name,size,<actor 1>,<actor 2>,...``; the rows are the same actors in the same
    order. Cells on the diagonal may be empty.

    Parameters
    ----------
    source : str or Path
        A file, or ``unix1988``.

    Returns
    -------
    Actors
        ``names, sizes, propensity``, as taken by :func:`standards_net.landscape`.

    Raises
    ------
    StandardsNetError
        No such file, or one that is not as above; the message gives row, column and what is valid.

    References
    ----------
    ``unix1988``: Axelrod, R. & Bennett, D. S. (1993), British Journal of Political Science 23(2),
    doi:10.1017/S000712340000973X.

    Examples
    --------
    >>> names, sizes, propensity = read_landscape("unix1988")
    >>> names[:3], float(sizes[0]), propensity[0, :3].tolist()
    (('Sun', 'Prime', 'AT&T'), 28.9, [0.0, -1.0, 0.0])
    """
    path = _located(source)
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise StandardsNetError(
            f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8."
        ) from None
    header, *rows = [[cell.strip() for cell in row] for row in csv.reader(lines) if any(row)] or [[]]
    _check_shape(path.name, header, rows)
    for i, row in enumerate(rows):
        row[2 + i] = "0"  # the diagonal is ignored
    cells = [
        [_number(path.name, number, column, cell) for column, cell in zip(header[1:], row[1:], strict=True)]
        for number, row in enumerate(rows, start=2)
    ]
    return checked_actors([row[0] for row in cells], [row[1:] for row in cells], header[2:])


def _located(source: str | Path) -> Path:
    shipped = {
        path.stem: path
        for path in sorted((data_folder() / "landscapes").glob("*.csv"))
        if not path.stem.endswith("_published")
    }
    if str(source) in shipped:
        return shipped[str(source)]
    if os.path.isfile(source):
        return Path(source)
    hint = nearest(Path(source).stem, shipped) or f"; shipped landscapes are {', '.join(shipped)}"
    raise StandardsNetError(f"there is no file {source}{hint}.")


def _check_shape(file: str, header: list[str], rows: list[list[str]]) -> None:
    if not header:
        raise StandardsNetError(f"{file} is empty; its header must be name, size and one column per actor.")
    if header[:2] != ["name", "size"] or len(header) < 4:
        raise StandardsNetError(
            f"{file}: the header is {', '.join(header)}; it must be name, size and a column for each of at "
            f"least two actors."
        )
    if len(rows) != len(header) - 2:
        raise StandardsNetError(
            f"{file} has {len(rows)} rows for {len(header) - 2} columns of actors; it must be square."
        )
    for number, (row, name) in enumerate(zip(rows, header[2:], strict=True), start=2):
        if row[0] != name:
            raise StandardsNetError(
                f"{file} row {number}: '{row[0]}' is where the columns have '{name}'; rows and columns "
                f"must be the same actors in the same order."
            )
        if len(row) != len(header):
            raise StandardsNetError(
                f"{file} row {number} has {len(row)} cells; the header has {len(header)}."
            )


def _number(file: str, row: int, column: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    wrong = f"'{cell}' is not a number" if cell.strip() else "the cell is empty"
    raise StandardsNetError(f"{file} row {row}, column {column}: {wrong}; every pair needs a number.")


def bootstrap_propensity(
    codings: npt.ArrayLike, draws: int, *, rng: RNGLike | SeedLike | None = None
) -> FloatArray:
    """Propensities from resampled codings (bootstrap).

    Each draw is the mean of K of the K codings, taken with replacement.

    Parameters
    ----------
    codings : (K, n, n) array
        Their mean is the propensity.
    draws : int
        R.
    rng : int, SeedSequence, Generator, BitGenerator or None

    Returns
    -------
    (R, n, n) array

    Raises
    ------
    StandardsNetError
        Codings of another shape, or draws below 1.

    References
    ----------
    Efron, B. (1979), Annals of Statistics 7(1), doi:10.1214/aos/1176344552.

    Examples
    --------
    >>> codings = np.array([[[0.0, 1.0], [1.0, 0.0]], [[0.0, -1.0], [-1.0, 0.0]]])
    >>> sorted(set(bootstrap_propensity(codings, 50, rng=1)[:, 0, 1].tolist()))
    [-1.0, 0.0, 1.0]
    """
    listed = [without_labels("a coding", one) for one in codings] if isinstance(codings, list) else codings
    given = np.asarray(without_labels("codings", listed), dtype=np.float64)
    if given.ndim != 3 or given.shape[1] != given.shape[2] or given.size == 0:
        raise StandardsNetError(f"codings have shape {given.shape}; they must be (codings, actors, actors).")
    _check_draws(draws)
    check_fits("codings", draws, 8 * (given[0].size + len(given) * (len(given) + 2)))
    random = uniforms(seed_of(rng), ["landscape", "codings"], slice(0, draws), len(given))
    taken = (random * len(given)).astype(np.int64)
    times = (taken[:, :, None] == np.arange(len(given))).sum(axis=1)
    return np.asarray(np.tensordot(times / len(given), given, axes=1))


def recode_propensity(
    propensity: npt.ArrayLike, draws: int, *, changes: int = 3, rng: RNGLike | SeedLike | None = None
) -> FloatArray:
    """Propensities with a few pairs recoded at random.

    Each draw gives ``changes`` random pairs the values of other random pairs, so that values are drawn
    as often as they occur in the original coding. Some pairs thus keep their value.

    Parameters
    ----------
    propensity : (n, n) array
        Symmetric.
    draws : int
        R.
    changes : int
        Pairs recoded in each draw.
    rng : int, SeedSequence, Generator, BitGenerator or None

    Returns
    -------
    (R, n, n) array
        Symmetric, zero diagonal.

    Raises
    ------
    StandardsNetError
        Propensities that are not symmetric, draws below 1, or no or too many changes.

    Examples
    --------
    >>> p = np.array([[0.0, 1.0, -1.0], [1.0, 0.0, -1.0], [-1.0, -1.0, 0.0]])
    >>> [int((p != q).sum() / 2) for q in recode_propensity(p, 5, changes=1, rng=1)]
    [1, 1, 0, 1, 0]
    """
    given = checked_actors(np.ones(len(np.atleast_1d(propensity))), propensity).propensity
    _check_draws(draws)
    upper = np.triu_indices(len(given), 1)
    pairs = len(upper[0])
    if changes not in range(1, pairs):
        raise StandardsNetError(
            f"changes is {changes!r}; it must be a whole number of 1 or more and below {pairs}, the number "
            f"of pairs."
        )
    coded, seed = given[upper], seed_of(rng)
    check_fits("codings", draws, 8 * given.size)
    recoded = np.zeros((draws, *given.shape))
    for draw, matrix in enumerate(recoded):
        random = uniforms(seed, ["landscape", "recoding"], slice(draw, draw + 1), pairs + changes)[0]
        order = np.argsort(random[:pairs])
        onward = 1 + (random[pairs:] * (pairs - 1)).astype(np.int64)  # never wraps to the pair itself
        values = coded.copy()
        values[order[:changes]] = coded[order[(np.arange(changes) + onward) % pairs]]
        matrix[upper] = values
        matrix += matrix.T
    return recoded


def _check_draws(draws: int) -> None:
    if draws not in range(1, 10**9):
        raise StandardsNetError(f"draws is {draws!r}; it must be a whole number of 1 or more.")


def lowest_minima(
    sizes: npt.ArrayLike,
    propensities: npt.ArrayLike,
    *,
    blocs: int = 2,
    names: Sequence[str] | None = None,
    rng: RNGLike | SeedLike | None = None,
) -> tuple[IntArray, FloatArray]:
    """Lowest minimum for each of many propensity matrices.

    Parameters
    ----------
    sizes : (n,) array
        Above 0.
    propensities : (R, n, n) array
        Symmetric matrices.
    blocs : int
        Maximum number of blocs.
    names : sequence of str or None
        For error messages.
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed of sampled searches, where there are too many configurations for exact ones.

    Returns
    -------
    labels : (M, n) array of int
        Matrix by matrix, the lowest minimum; all of them, if several are equal.
    weights : (M,) array
        One over the number of equal minima; they sum to R.

    Raises
    ------
    StandardsNetError
        As :func:`~standards_net.alignment.landscapes.landscape_theory.landscape`.

    Examples
    --------
    >>> labels, weights = lowest_minima([1.0, 1.0, 1.0], [np.eye(3) - 1.0])
    >>> labels.tolist(), weights.round(3).tolist()
    ([[0, 0, 1], [0, 1, 0], [0, 1, 1]], [0.333, 0.333, 0.333])
    """
    matrices = np.asarray(propensities, dtype=np.float64)
    if matrices.ndim != 3 or len(matrices) == 0:
        raise StandardsNetError(
            f"propensities have shape {matrices.shape}; they must be (draws, actors, actors)."
        )
    seed = seed_of(rng)
    labels: list[tuple[int, ...]] = []
    weights: list[float] = []
    for matrix in matrices:
        # Basins are not needed, so they get no memory.
        found = landscape(sizes, matrix, blocs=blocs, names=names, rng=seed, memory_gib=0.0)
        highest = found.minima[0].energy + found.tolerance
        tied = [minimum.labels for minimum in found.minima if minimum.energy <= highest]
        labels += tied
        weights += [1.0 / len(tied)] * len(tied)
    return np.array(labels), np.array(weights)


def world_codings(
    world: World, countries: str | Sequence[str]
) -> tuple[tuple[str, ...], FloatArray, FloatArray, tuple[str, ...]]:
    """Sizes of countries, and four codings of each pair's propensity to be in one bloc.

    ``votes``: closeness in the UN General Assembly 2015-2019 as standard score over the pairs of these
    countries, clipped to -2 to 2, halved. ``defence``: 1 for a pact to defend each other, else 0: not
    being allied is neutral, not hostile. ``trade``: trade both ways over the smaller partner's GDP,
    ranked over the pairs and spread evenly between -1 and 1. ``alignment``: 1 for the same camp in
    2019, -1 for rival ones, 0 where either is non-aligned. The mean of the four is the propensity.

    Parameters
    ----------
    world : World
    countries : str or sequence of str
        Codes and groups that name at least two countries.

    Returns
    -------
    names : tuple of str
        Codes, in the world's order.
    sizes : (n,) array
        GDP of 2019, per cent of the total of these countries.
    codings : (4, n, n) array
        Symmetric, zero diagonal, -1 to 1.
    kinds : tuple of str
        ``votes``, ``defence``, ``trade``, ``alignment``.

    Raises
    ------
    StandardsNetError
        Unknown names, or fewer than two countries.

    Examples
    --------
    >>> import standards_net as sn
    >>> names, sizes, codings, kinds = world_codings(sn.load_world(), ["USA", "CHN", "DEU"])
    >>> names, kinds[3], codings[3, 0].tolist()
    (('CHN', 'DEU', 'USA'), 'alignment', [0.0, -1.0, -1.0])
    """
    at = named_countries(world, countries)
    if len(at) < 2:
        raise StandardsNetError(f"{world.countries[at[0]]} is alone; name two countries or more.")
    here = np.ix_(at, at)
    gdp = world.gdp_usd[at]
    camp = np.array([{"us": 1.0, "china": -1.0}.get(world.alignments[i], 0.0) for i in at])
    upper = np.triu_indices(len(at), 1)
    closeness = world.voting[here][upper]
    spread = closeness.std() or 1.0
    readings = (
        np.clip((closeness - closeness.mean()) / spread, -2.0, 2.0) / 2.0,
        world.allied[here][upper],
        _ranked((world.trade_usd[here] / np.minimum.outer(gdp, gdp))[upper]),
        np.outer(camp, camp)[upper],
    )
    codings = np.zeros((len(readings), len(at), len(at)))
    for coding, reading in zip(codings, readings, strict=True):
        coding[upper] = reading
        coding += coding.T
    names = tuple(world.countries[i] for i in at)
    return names, 100.0 * gdp / gdp.sum(), codings, _CODINGS


def _ranked(values: FloatArray) -> FloatArray:
    """Ranks, evenly spread between -1 and 1; ties share their mean rank."""
    from scipy.stats import rankdata

    return np.asarray((2.0 * rankdata(values) - 1.0) / len(values) - 1.0)
