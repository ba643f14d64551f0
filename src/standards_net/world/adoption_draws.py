"""Draws of the installed base of 2019 within its uncertainty, and their summary by country."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from standards_net.core.arrays import FloatArray, IntArray, by_country
from standards_net.errors import StandardsNetError, one_of
from standards_net.randomness import normals, uniforms
from standards_net.world.market import Market, Operators

__all__ = ["draw_adoption", "share_table"]

STATISTICS = {"mean": None, "low": 0.05, "high": 0.95}
_SEED, _DRAWS = 0, 1024  # of the summary, where a country has no draws of its own


def draw_adoption(market: Market, countries: Sequence[str], seed: int, draws: slice) -> FloatArray:
    """Shares of 2019 by buyer, (R, O, V): joint draws of the posterior, or within a country's own error.

    Parameters
    ----------
    market : Market
    countries : sequence of str
        Codes; random numbers are keyed by country and draw.
    seed : int
        From ``seed_of``.
    draws : slice
        Range of draws.
    """
    operators = market.operators
    if operators is None:
        return _within_error(market, countries, seed, draws)
    shares = np.empty((draws.stop - draws.start, *operators.adoption.shape))
    if not operators.sampled.all():
        shares[:] = _within_error(market, countries, seed, draws)[:, operators.country_of]
    random = uniforms(seed, ["posterior"], draws, 1)[:, 0]
    chosen = (random * operators.draws.shape[2]).astype(np.int64)
    shares[:, operators.sampled] = _posterior(operators, chosen)
    return shares


def _within_error(market: Market, countries: Sequence[str], seed: int, draws: slice) -> FloatArray:
    random = _normals(countries, seed, draws, ("share", market.technology), market.factors.shape[2])
    noise = market.log_sd * np.einsum("nvk,rnk->rnv", market.factors, random)
    noise -= 0.5 * market.log_sd**2  # the mean of a lognormal, not its median, is the estimate
    start = np.where(market.adoption > 0.0, market.adoption * np.exp(noise), 0.0)
    return np.asarray(start / start.sum(axis=-1, keepdims=True))


def _posterior(operators: Operators, chosen: IntArray) -> FloatArray:
    """Chosen draws of the operators that have them, (R, O', V)."""
    sampled = np.moveaxis(operators.draws[operators.sampled][:, :, chosen], 2, 0).astype(np.float64)
    return np.asarray(sampled / sampled.sum(axis=-1, keepdims=True))


def _normals(
    countries: Sequence[str], seed: int, draws: slice, name: tuple[str, ...], width: int
) -> FloatArray:
    """Standard normals keyed by name, country and draw, (R, N, width)."""
    return np.stack([normals(seed, [*name, country], draws, width) for country in countries], axis=1)


def share_table(
    market: Market, countries: Sequence[str], base: str | None, by: str, statistic: str
) -> pd.DataFrame:
    """Shares of 2019 by country: see :meth:`standards_net.world.World.shares`."""
    technology = market.technology
    for kind, given, valid in (
        ("kind of share", by, ("vendor", "standard")),
        ("statistic", statistic, STATISTICS),
    ):
        if given not in tuple(valid):  # not a hash: what is given may be a list
            raise StandardsNetError(one_of(kind, given, valid) + ".")
    if base is not None and base not in market.bases[:1]:
        older = market.bases[0] if market.bases else None
        raise StandardsNetError(
            f"base is '{base}'; the base of {technology} in 2019 is '{older}'."
            if older
            else f"{technology} has one base; leave out base='{base}'."
        )
    labels, member = list(market.vendors), np.eye(len(market.vendors))
    if by == "standard":
        labels = list(dict.fromkeys(market.vendor_standards))
        member = np.array([[float(s == own) for s in labels] for own in market.vendor_standards])
    quantile = STATISTICS[statistic]
    if quantile is None:
        table = _by_country(
            market, market.adoption if market.operators is None else market.operators.adoption
        )
        return pd.DataFrame(table @ member, index=list(countries), columns=labels)
    found = np.quantile(_by_country(market, _all_draws(market, countries)) @ member, quantile, axis=0)
    return pd.DataFrame(found, index=list(countries), columns=labels)


def _by_country(market: Market, shares: FloatArray) -> FloatArray:
    return by_country(shares, market.country_of, market.weight, len(market.share))


def _all_draws(market: Market, countries: Sequence[str]) -> FloatArray:
    """Every draw of the posterior once; as many within the error of countries that have none."""
    operators = market.operators
    count = _DRAWS if operators is None else operators.draws.shape[2]
    start = _within_error(market, countries, _SEED, slice(0, count))
    if operators is None:
        return start
    shares = start[:, operators.country_of]
    shares[:, operators.sampled] = _posterior(operators, np.arange(count))
    return shares
