"""Ties: how strongly each country is influenced by each other one, by kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray

__all__ = [
    "TIE_KINDS",
    "alliance_matrix",
    "build_ties",
    "great_circle_km",
    "membership_overlap",
    "trade_matrix",
    "voting_similarity",
]

TIE_KINDS = ("trade", "defence", "membership", "voting", "proximity")

_EARTH_RADIUS_KM = 6371.0
_VOTING_SCALE = 1.0  # ideal points have about unit standard deviation over countries
_PROXIMITY_SCALE_KM = 2000.0


def trade_matrix(trade: pd.DataFrame, countries: Sequence[str]) -> FloatArray:
    """Goods trade summed over both directions, USD per year, as a symmetric matrix.

    Parameters
    ----------
    trade : DataFrame
        Columns exporter, importer, value_usd.
    countries : sequence of str
        Order of rows and columns.

    Returns
    -------
    (N, N) array

    Examples
    --------
    >>> t = pd.DataFrame({"exporter": ["A", "B"], "importer": ["B", "A"], "value_usd": [3.0, 1.0]})
    >>> trade_matrix(t, ["A", "B"]).tolist()
    [[0.0, 4.0], [4.0, 0.0]]
    """
    one_way = _dense(trade, "exporter", "importer", trade["value_usd"], countries)
    both = one_way + one_way.T
    np.fill_diagonal(both, 0.0)
    return both


def alliance_matrix(alliances: pd.DataFrame, countries: Sequence[str]) -> FloatArray:
    """1 where two countries have a mutual defence obligation, else 0.

    Parameters
    ----------
    alliances : DataFrame
        Columns country_a, country_b, defence (0 or 1).
    countries : sequence of str
        Order of rows and columns.
    """
    pairs = _dense(alliances, "country_a", "country_b", alliances["defence"], countries)
    return np.minimum(pairs + pairs.T, 1.0)


def membership_overlap(belongs: FloatArray) -> FloatArray:
    r"""Shared memberships, with more weight on small organisations.

    .. math:: o_{ij} = \sum_g \frac{b_{ig} b_{jg}}{n_g - 1}, \qquad n_g = \sum_i b_{ig}

    Parameters
    ----------
    belongs : (N, G) array
        1 where a country belongs to an organisation.

    Examples
    --------
    >>> membership_overlap(np.array([[1.0], [1.0], [1.0]])).tolist()
    [[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]
    """
    others = np.maximum(belongs.sum(axis=0) - 1.0, 1.0)
    overlap = (belongs / others) @ belongs.T
    np.fill_diagonal(overlap, 0.0)
    return np.asarray(overlap)


def voting_similarity(ideal_points: FloatArray) -> FloatArray:
    r"""Closeness of UN General Assembly ideal points, :math:`e^{-|\theta_i - \theta_j|}`.

    Parameters
    ----------
    ideal_points : (N,) array
        Mean ideal point 2015-2019.

    References
    ----------
    Bailey, M. A., Strezhnev, A. & Voeten, E. (2017), Journal of Conflict Resolution 61(2),
    doi:10.1177/0022002715595700.

    Examples
    --------
    >>> voting_similarity(np.array([0.0, 0.0])).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    similar = np.exp(-np.abs(ideal_points[:, None] - ideal_points[None, :]) / _VOTING_SCALE)
    np.fill_diagonal(similar, 0.0)
    return np.asarray(similar)


def great_circle_km(lat: FloatArray, lon: FloatArray) -> FloatArray:
    """Distances between points on the globe in kilometres (haversine formula).

    Parameters
    ----------
    lat, lon : (N,) array
        Degrees.

    Examples
    --------
    >>> great_circle_km(np.array([0.0, 0.0]), np.array([0.0, 90.0])).round(0)[0].tolist()
    [0.0, 10008.0]
    """
    north, east = np.radians(lat), np.radians(lon)
    half = (
        np.sin((north[:, None] - north) / 2) ** 2
        + np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    )
    return np.asarray(2 * _EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def build_ties(
    trade_usd: FloatArray,
    allied: FloatArray,
    overlap: FloatArray,
    similar: FloatArray,
    distance_km: FloatArray,
    market_share: FloatArray,
) -> FloatArray:
    """All kinds of tie as matrices whose rows sum to 1.

    Kinds other than trade are closeness times the square root of the partner's market share: a country
    is influenced by close countries, and among these more by large ones. A country with no partner of a
    kind (no ally, no shared organisation) is influenced by its trade partners instead.

    Parameters
    ----------
    trade_usd, allied, overlap, similar, distance_km : (N, N) array
        Closeness by kind; distance in kilometres.
    market_share : (N,) array
        Share of world demand.

    Returns
    -------
    (K, N, N) array
        In the order of :data:`TIE_KINDS`.
    """
    near = np.exp(-distance_km / _PROXIMITY_SCALE_KM)
    np.fill_diagonal(near, 0.0)
    weight = np.sqrt(market_share)[None, :]
    raw = [trade_usd, allied * weight, overlap * weight, similar * weight, near * weight]
    fallback = _row_normalised(trade_usd, np.full_like(trade_usd, 1.0))
    return np.stack([_row_normalised(kind, fallback) for kind in raw])


def _row_normalised(matrix: FloatArray, fallback: FloatArray) -> FloatArray:
    empty = matrix.sum(axis=1) <= 0.0
    filled = np.where(empty[:, None], fallback, matrix)
    return np.asarray(filled / filled.sum(axis=1, keepdims=True))


def _dense(
    table: pd.DataFrame, row: str, column: str, values: pd.Series, countries: Sequence[str]
) -> FloatArray:
    index = pd.Index(countries)
    matrix = np.zeros((len(countries), len(countries)))
    np.add.at(
        matrix, (index.get_indexer(table[row]), index.get_indexer(table[column])), values.to_numpy(float)
    )
    return matrix
