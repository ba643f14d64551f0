r"""Chances of taking a side, of restricting Chinese vendors by a year, and of excluding them.

Sides are a multinomial logit over statements of two domains d (human rights, technology), restrictions a
logit hazard by year t, exclusion a logit of those who restrict:

.. math::

    \Pr(\text{side}_{id} = s) \propto e^{c_{sd} + \beta_s \cdot z_i}, \qquad
    h_{it} = \operatorname{logit}^{-1}(a + a_t + \gamma \cdot z_i), \qquad
    H_{it} = 1 - \prod_{\tau \le t} (1 - h_{i\tau})

with z the standardised features of 2019. Coefficients are drawn from their approximate posterior
(``tools/fit_sides``); the chance of a side is its mean over the two domains.

References
----------
Singer, J. D. & Willett, J. B. (1993), It's about time: using discrete-time survival analysis, Journal of
Educational Statistics 18(2), doi:10.3102/10769986018002155.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.core.conditional_logit import logit_probabilities
from standards_net.files import data_folder
from standards_net.politics.features import POLES, feature_values
from standards_net.randomness import normals
from standards_net.world.world import World

__all__ = [
    "DOMAINS", "SIDES", "Coefficients", "Politics", "exclusion_chances", "load_politics",
    "restriction_chances", "side_chances",
]  # fmt: skip

SIDES = ("us", "china", "nonaligned")
DOMAINS = ("human rights", "technology")

_DRAWS = 256
_NO_POLICY = ("HKG",)  # no foreign policy of its own
_RECENT = 3  # years whose hazard later years repeat


class Coefficients(NamedTuple):
    """Approximate posterior of the coefficients of one equation."""

    mode: FloatArray
    covariance: FloatArray

    def draws(self, seed: int, name: str) -> FloatArray:
        """Draws of all coefficients, (P, D)."""
        standard = normals(seed, ("politics", name), slice(0, _DRAWS), len(self.mode))
        return np.asarray(self.mode[:, None] + np.linalg.cholesky(self.covariance) @ standard.T)


@dataclass(frozen=True, eq=False)
class Politics:
    """Fitted equations, and what standardises the features.

    Attributes
    ----------
    mean, sd : (F,) array
        Of the features among the countries that the fit used.
    years : tuple of int
        Years of the hazard.
    sides : Coefficients
        Intercepts of both domains and slopes, for ``us`` and then for ``china``; ``nonaligned`` is 0.
    restriction : Coefficients
        Common intercept, deviations of the years, slopes.
    exclusion : Coefficients
        Intercept and slopes.
    seed : int
    scores : mapping
        Scores out of sample.
    """

    mean: FloatArray
    sd: FloatArray
    years: tuple[int, ...]
    sides: Coefficients
    restriction: Coefficients
    exclusion: Coefficients
    seed: int
    scores: Mapping[str, Any]

    def standardised(self, values: FloatArray) -> FloatArray:
        """Features as standard scores, (N, F)."""
        return np.asarray((values - self.mean) / self.sd)


@cache
def load_politics() -> Politics:
    """Read the fit that is shipped.

    Examples
    --------
    >>> load_politics().years[0]
    2018
    """
    text = (data_folder() / "politics" / "sides_fit.json").read_text(encoding="utf-8")
    fit = json.loads(text)

    def equation(name: str) -> Coefficients:
        return Coefficients(np.array(fit[name]["mode"]), np.array(fit[name]["covariance"]))

    return Politics(
        np.array(fit["mean"]), np.array(fit["sd"]), tuple(fit["years"]), equation("sides"),
        equation("restriction"), equation("exclusion"), fit["seed"], fit["scores"],
    )  # fmt: skip


def side_chances(world: World, politics: Politics | None = None) -> FloatArray:
    """Chance that a country takes each side, in draws of the posterior, (N, 3, D).

    Parameters
    ----------
    world : World
    politics : Politics or None
        The shipped fit if None.

    Returns
    -------
    (N, 3, D) array
        Of ``us``, ``china`` and ``nonaligned``; the poles themselves are on their own side for certain.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> chances = side_chances(world).mean(axis=2)
    >>> bool(chances[world.countries.index("JPN"), 0] > 0.9)
    True
    """
    fit = politics or load_politics()
    z = fit.standardised(feature_values(world))
    drawn = fit.sides.draws(fit.seed, "sides")
    chances = np.mean([logit_probabilities(side_features(z, d), drawn) for d in range(len(DOMAINS))], axis=0)
    chances = chances[:, [1, 2, 0]]
    for side, pole in POLES.items():
        if pole in world.countries:
            at = world.countries.index(pole)
            chances[at], chances[at, SIDES.index(side)] = 0.0, 1.0
    return np.asarray(chances)


def side_features(z: FloatArray, domain: int) -> FloatArray:
    """Design of the choice between nonaligned, us and china in one domain, (N, 3, P)."""
    own = np.concatenate([np.zeros((len(z), len(DOMAINS))), z], axis=1)
    own[:, domain] = 1.0
    none = np.zeros_like(own)
    rows = [np.hstack([none, none]), np.hstack([own, none]), np.hstack([none, own])]
    return np.stack(rows, axis=1)


def restriction_chances(
    world: World, years: Sequence[int], since: int, politics: Politics | None = None
) -> FloatArray:
    """Chance of having restricted Chinese vendors by the end of each year, had one not before.

    Parameters
    ----------
    world : World
    years : sequence of int
        In order.
    since : int
        First year in which a country may restrict; the chance before it is 0.
    politics : Politics or None
        The shipped fit if None.

    Returns
    -------
    (N, Y, D) array
        In draws of the posterior. Years after those of the fit repeat the mean of its last three.

    Examples
    --------
    >>> import standards_net as sn
    >>> world = sn.load_world()
    >>> chances = restriction_chances(world, range(2019, 2031), since=2020).mean(axis=2)
    >>> bool(chances[world.countries.index("POL"), -1] > chances[world.countries.index("LAO"), -1])
    True
    """
    fit = politics or load_politics()
    drawn = fit.restriction.draws(fit.seed, "restriction")
    n = len(fit.years)
    slopes = fit.standardised(feature_values(world)) @ drawn[1 + n :]
    survives = np.ones_like(slopes)
    found = np.zeros((len(world.countries), len(years), slopes.shape[1]))
    by_year = {year: at for at, year in enumerate(years)}
    for year in range(since, years[-1] + 1):
        known = year in fit.years
        deviation = drawn[1 + fit.years.index(year)] if known else drawn[1 + n - _RECENT : 1 + n].mean(axis=0)
        survives /= 1.0 + np.exp(drawn[0] + deviation + slopes)
        if year in by_year:
            found[:, by_year[year]] = 1.0 - survives
    for country in (*POLES.values(), *_NO_POLICY):
        if country in world.countries:
            found[world.countries.index(country)] = 0.0
    return found


def exclusion_chances(world: World, politics: Politics | None = None) -> FloatArray:
    """Chance that a country that restricts Chinese vendors excludes them, in draws of the posterior, (N, D).

    Examples
    --------
    >>> import standards_net as sn
    >>> exclusion_chances(sn.load_world()).shape
    (196, 256)
    """
    fit = politics or load_politics()
    drawn = fit.exclusion.draws(fit.seed, "exclusion")
    utility = drawn[0] + fit.standardised(feature_values(world)) @ drawn[1:]
    return np.asarray(1.0 / (1.0 + np.exp(-utility)))
