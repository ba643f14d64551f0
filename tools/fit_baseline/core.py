r"""Shares of vendors in operators' mobile core networks at the end of 2019, given their radio vendors.

No shares of countries are published. An operator *o* with radio shares :math:`p` has core shares

.. math:: \mathrm{softmax}(a + b \log(p + 1/20) + h\,\mathrm{home} + k\,\mathrm{excluded} + d\,e_o),

with a large d, since an operator has one or two core vendors. The few parameters are estimated from records
of core contracts up to 2019 (weak evidence: few, and Chinese vendors hardly announce theirs) and from the
world market: Huawei and ZTE had about 60 % of revenue in early 2022, when China was about half of it; four
vendors had more than 85 % in 2024; outside China the order was Huawei, Ericsson, Nokia. Then each draw of the
radio base gets one draw of the core: candidates from the model, one of which is kept in proportion to the
likelihood of the operator's records.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpy.typing import NDArray
from numpyro.infer import MCMC, NUTS

from tools.fit_baseline.evidence import CORE_VENDORS, Evidence
from tools.fit_baseline.likelihoods import announced_probability, flat_top, log_of_set

__all__ = ["CoreFit", "fit_core", "gather_core_records"]

Floats = NDArray[np.float64]

_CHINESE = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
_HOMES = {"CHN": (0, 1), "SWE": (2,), "FIN": (3,), "JPN": (4,), "KOR": (4,), "USA": (4,)}
# Core networks closed to Chinese vendors, by policy or in fact, at the end of 2019 beside those closed to
# them in all parts: France decides on each site and has allowed none in the core since August 2019.
_CLOSED_CORES = ("FRA",)
_CANDIDATES = 64
_NOISE = (8, 64)  # draws of own deviations of all operators, for the world, and of those with records
# World market of the mobile core: vendors, share, range beyond which it is unlikely, and standard deviation.
# LightCounting 2022-05 (60 % in the first quarter of 2022) and Dell'Oro 2024-08 (85 % and more).
_WORLD = (((0, 1), 0.50, 0.60, 0.06), ((0, 1, 2, 3), 0.84, 0.92, 0.03))
# China's part of spending on cores when these shares were measured, far above its part of the base of 2019:
# three quarters of that on 5g cores in 2022 (Dell'Oro), and less of all; a beta distribution.
_CHINA = (10.0, 10.0)
_CORE_PRICE = np.array([0.75, 0.72, 1.0, 1.0, 1.0])
_LAST = 2019  # later records are choices of later years, not the base of 2019


@dataclass(frozen=True)
class CoreFit:
    """Core shares by (draw, operator, vendor), joint with the radio draws, and what the model learnt."""

    shares: Floats
    free: Floats
    parameters: dict[str, Any]


def gather_core_records(evidence: Evidence, table: Any) -> tuple[Floats, Floats]:
    """Vendors named in records of 5g cores, by (operator, vendor), and which operators have any.

    Records of core vendors that were being removed in 2019 count too: they had the base.
    """
    rows = table[(table["equipment"] == "5G_CORE") & (table["year"] <= _LAST)]
    place = {(evidence.countries[c], n): o for o, (c, n) in
             enumerate(zip(evidence.operator_country, evidence.operator_name, strict=True))}  # fmt: skip
    named = np.zeros((len(evidence.weight), len(CORE_VENDORS)))
    for row in rows.itertuples():
        if (row.country, row.operator) in place:
            vendor = row.vendor if row.vendor in CORE_VENDORS else "other-core"
            named[place[row.country, row.operator], CORE_VENDORS.index(vendor)] = 1.0
    return named, named.sum(axis=1) > 0


def _of_radio(radio: Any, xp: Any = np) -> Any:
    """What an operator's radio vendors are in the market for cores: logs, small ones together."""
    main, rest = radio[..., :4], radio[..., 4:].sum(axis=-1, keepdims=True)
    return xp.log(xp.concatenate([main, rest], axis=-1) + 0.05)


def _logits(a: Any, b: Any, home: Any, closed: Any, radio: Any, at_home: Any, barred: Any) -> Any:
    return a + b * radio + home * at_home + closed * barred[:, None] * _CHINESE


def _model(c: dict[str, Any], noise: Any, noise_known: Any) -> None:
    """Parameters given records and the world market; operators' own deviations are averaged out."""
    a = numpyro.sample("a", dist.Normal(jnp.array([0.0, -1.0, 0.0, 0.0, -0.5]), 1.0))
    b = numpyro.sample("b", dist.TruncatedNormal(1.0, 0.5, low=0.0))
    home = numpyro.sample("home", dist.Normal(2.0, 1.0))
    closed = numpyro.sample("closed", dist.Normal(-4.0, 1.0))
    scale = numpyro.sample("sd_operator", dist.TruncatedNormal(2.0, 0.7, low=0.5))
    announced = numpyro.sample("announced", dist.Beta(jnp.array([0.5, 0.5, 3.0, 3.0, 2.0]),
                                                      jnp.array([9.5, 9.5, 3.0, 3.0, 4.0])))  # fmt: skip
    mistaken = numpyro.sample("mistaken", dist.Beta(1.0, 19.0))
    centre = _logits(a, b, home, closed, c["radio"], c["at_home"], c["barred"])
    shares = jax.nn.softmax(centre[c["some"]] + scale * noise_known, axis=-1)
    sets = log_of_set(jnp, announced_probability(shares, announced, mistaken), c["named"])
    numpyro.factor("records", jnp.sum(jax.nn.logsumexp(sets, axis=0)))
    mean = jax.nn.softmax(centre + scale * noise, axis=-1).mean(axis=0)
    world = (c["weight"][:, :, None] * mean).sum(axis=1) * _CORE_PRICE
    china, outside = world[0] / world[0].sum(), world[1] / world[1].sum()
    spending = numpyro.sample("china_spending", dist.Beta(*_CHINA))
    world = spending * china + (1.0 - spending) * outside
    for vendors, low, high, sd in _WORLD:
        numpyro.factor(f"world {vendors}", flat_top(jnp, world[jnp.array(vendors)].sum(), low, high, sd, sd))
    for better, worse in ((0, 2), (2, 3)):
        numpyro.factor(f"rank {better}", jax.nn.log_sigmoid((outside[better] - outside[worse]) / 0.02))


def fit_core(
    evidence: Evidence, radio: Floats, free_radio: Floats, table: Any, seed: int, draws: int
) -> CoreFit:
    """One draw of operators' cores for each of the radio draws.

    Parameters
    ----------
    evidence
        Arrays of the evidence on radio networks, for operators and weights.
    radio
        Radio shares by (draw, operator, vendor).
    free_radio
        The same without exclusion by policy.
    table
        Records of vendor use, ``data/vendors/evidence.csv``.
    seed
        Seed of the draws.
    draws
        Number of draws of the parameters, as many as radio draws.
    """
    rng = np.random.default_rng(seed)
    country = evidence.operator_country
    homes = np.zeros((len(evidence.countries), len(CORE_VENDORS)))
    for name, vendors in _HOMES.items():
        homes[evidence.countries.index(name), list(vendors)] = 1.0
    closed = np.maximum(evidence.excluded, [float(c in _CLOSED_CORES) for c in evidence.countries])
    at_home, barred = homes[country], closed[country]
    named, known = gather_core_records(evidence, table)
    size = evidence.weight * evidence.market[country]
    china = np.array(evidence.countries)[country] == "CHN"
    some = np.flatnonzero(known)
    constants = {
        "radio": _of_radio(radio.mean(axis=0)),
        "at_home": at_home,
        "barred": barred,
        "weight": np.stack([size * china, size * ~china]),
        "some": some,
        "named": named[some],
    }
    vendors = len(CORE_VENDORS)
    noise = rng.standard_normal((_NOISE[0], len(country), vendors))
    noise_known = rng.standard_normal((_NOISE[1], len(some), vendors))
    run = MCMC(NUTS(partial(_model, constants)), num_warmup=300, num_samples=draws, progress_bar=False)
    run.run(jax.random.PRNGKey(seed), noise, noise_known)
    sample = {k: np.asarray(v, float) for k, v in run.get_samples().items()}
    shares = np.empty((draws, len(country), len(CORE_VENDORS)))
    free = np.empty_like(shares)
    for d in range(draws):
        one = {k: v[d] for k, v in sample.items()}
        both = _of_radio(radio[d]), _of_radio(free_radio[d])
        shares[d], free[d] = _draw(one, both, at_home, barred, named, known, rng)
    return CoreFit(shares, free, {k: _summary(v) for k, v in sorted(sample.items())})


def _draw(
    one: dict[str, Floats],
    radio: tuple[Floats, Floats],
    at_home: Floats,
    barred: Floats,
    named: Floats,
    known: NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """One draw of all operators, with and without exclusion; those with records are chosen by likelihood."""
    centre = _logits(one["a"], one["b"], one["home"], one["closed"], radio[0], at_home, barred)
    own = one["sd_operator"] * rng.standard_normal(centre.shape)
    some = np.flatnonzero(known)
    candidates = one["sd_operator"] * rng.standard_normal((_CANDIDATES, len(some), centre.shape[1]))
    shares = _softmax(centre[some] + candidates)
    probability = announced_probability(shares, one["announced"], one["mistaken"])
    score = log_of_set(np, probability, named[some])
    chosen = np.argmax(score + rng.gumbel(size=score.shape), axis=0)
    own[some] = candidates[chosen, np.arange(len(some))]
    unbarred = _logits(one["a"], one["b"], one["home"], 0.0, radio[1], at_home, barred)
    return _softmax(centre + own), _softmax(unbarred + own)


def _softmax(logits: Floats) -> Floats:
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _summary(values: Floats) -> Any:
    return {"mean": np.round(values.mean(axis=0), 3).tolist(), "sd": np.round(values.std(axis=0), 3).tolist()}
