r"""Shares of vendors in operators' 4g radio base at the end of 2019: the model and its sampler.

Operator *o* of country *i* has shares

.. math:: p_o = \mathrm{softmax}(q + r_{\text{region}} + s_{\text{subregion}} + g_{\text{group}} + c\,x_i
          + h\,\mathrm{home}_i + k\,\mathrm{excluded}_i + \xi_i + e_o),

and a country is the sum of its operators by subscribers. Operators have one or two vendors each, so the
standard deviation of :math:`e` is large, and it is estimated; so are those of all other effects. A country
that the census does not cover has three operators without a name, so that its share is as lumpy as that of
other small countries.

Each kind of evidence has its own likelihood (:mod:`tools.fit_baseline.likelihoods`): the census (flat over
what is unknown, Student's t with three degrees of freedom beyond the stated range, since names may be wrong;
and leaning towards or away from Chinese vendors in all operators of a country at once, since these share
sources), reported shares of countries (with an error common to all, which is estimated: subscribers are not
sites), of regions, revenue turned into base by relative price, and records of suppliers where the census says
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpy.typing import NDArray
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import MCMC, NUTS, init_to_value

from tools.fit_baseline.evidence import CHINESE, UNNAMED_SD, VENDORS, Evidence, Totals
from tools.fit_baseline.likelihoods import DF, announced_probability, flat_top, log_of_set

__all__ = ["Kept", "RadioFit", "Sampling", "fit_radio", "refitter", "shares_of"]

Floats = NDArray[np.float64]

_DEPTH = 7  # of the tree: 127 steps at most
_TINY = 1e-9
_RECORD_WEIGHT = 0.25  # census and records share sources: a quarter of an operator's record is new


@dataclass(frozen=True)
class Kept:
    """Which evidence is used: 1 or 0 for each operator and each reported share."""

    census: Floats
    records: Floats
    reported: Floats

    @classmethod
    def all_of(cls, evidence: Evidence) -> Kept:
        """All evidence."""
        operators = np.ones(len(evidence.weight))
        return cls(operators, operators, np.ones(len(evidence.reported.place)))

    def without_reported(self, evidence: Evidence, countries: frozenset[str]) -> Kept:
        """Without what was reported on these countries."""
        out = np.array([place in countries for place in evidence.reported.place])
        return replace(self, reported=np.where(out, 0.0, self.reported))

    def without(self, evidence: Evidence, countries: frozenset[str]) -> Kept:
        """Without any evidence on these countries."""
        out = np.array([evidence.countries[c] in countries for c in evidence.operator_country])
        kept = replace(self, census=np.where(out, 0.0, self.census), records=np.where(out, 0.0, self.records))
        return kept.without_reported(evidence, countries)


@dataclass(frozen=True)
class Sampling:
    """Length and number of chains."""

    warmup: int = 600
    draws: int = 512
    chains: int = 2
    seed: int = 2019


@dataclass(frozen=True)
class RadioFit:
    """Draws of the posterior."""

    sample: dict[str, Floats]
    diagnostics: dict[str, Any]
    tuning: dict[str, Any]  # step size and mass matrix, for refits

    @property
    def shares(self) -> Floats:
        """Shares by (draw, operator, vendor)."""
        return self.sample["p"]


def _constants(evidence: Evidence) -> dict[str, Any]:
    e = evidence
    place = {c: i for i, c in enumerate(e.countries)}
    europe = np.array([e.regions[r] == "Europe" for r in e.region])
    africa = np.array([e.regions[r] == "Africa" for r in e.region])
    china = np.array([c == "CHN" for c in e.countries])
    regions = {"EUR": europe * e.subscribers, "AFR": africa * e.subscribers}
    markets = {"china": china * e.market, "ex_china": ~china * e.market}
    census = e.census
    return {
        "country": e.operator_country,
        "region": e.region,
        "subregion": e.subregion,
        "n_regions": len(e.regions),
        "n_subregions": len(e.subregions),
        "group": e.group,
        "n_groups": e.n_groups,
        "features": e.features,
        "home": e.home,
        "excluded": e.excluded,
        "weight": e.weight,
        "census": (census.low, census.high, census.sd_low, census.sd_high),
        "census_names": census.named,
        "unknown": 1.0 - census.known,
        "basis": _bases(census.share),
        "centred": _centred(census.share),
        "in_census": (census.known > 0).astype(float),
        "reported": _terms(e.reported, np.array([place[p] for p in e.reported.place])),
        "regional": (*_terms(e.regional, np.zeros(0)), _normalised(regions, e.regional.place)),
        "revenue": (*_terms(e.revenue, np.zeros(0)), _normalised(markets, e.revenue.place)),
        "price": e.price,
        "named": e.records.named,
        "with_records": e.records.used,
        "hits": (_RECORD_WEIGHT * e.records.hits, _RECORD_WEIGHT * e.records.tries),
        "false": (_RECORD_WEIGHT * e.records.false_hits, _RECORD_WEIGHT * e.records.false_tries),
    }


def _bases(share: Floats) -> Floats:
    """An orthonormal basis of each operator's logits, vendors by falling census share.

    The sum of all logits does not matter and is left out. The first axis sets the two largest vendors against
    each other, the next one both against the third, and so on: what the census knows precisely lies along
    axes of its own, which the sampler scales one by one.
    """
    size = share.shape[1]
    helmert = np.zeros((size - 1, size))
    for k in range(1, size):
        helmert[k - 1, :k], helmert[k - 1, k] = 1.0, -k
        helmert[k - 1] /= np.sqrt(k * (k + 1.0))
    bases = np.zeros((len(share), size - 1, size))
    for o, order in enumerate(np.argsort(-share, axis=1, kind="stable")):
        bases[o][:, order] = helmert
    return bases


def _centred(share: Floats) -> Floats:
    """How far each axis is centred: 1 where the census compares named vendors, 0 where it is silent.

    Only the parametrisation depends on it, not the model: what data determine mixes best if centred.
    """
    named = (share > 0).sum(axis=1)
    axis = np.arange(share.shape[1] - 1)
    firm = axis < named[:, None] - 1
    edge = (axis == np.maximum(named[:, None] - 1, 0)) & (named[:, None] > 0)
    return np.where(firm, 1.0, np.where(edge, 0.3, 0.0))


def _terms(totals: Totals, place: Any) -> tuple[Any, ...]:
    return place, totals.vendors, totals.low, totals.high, totals.sd


def _normalised(weights: dict[str, Floats], places: tuple[str, ...]) -> Floats:
    return np.array([weights[p] / weights[p].sum() for p in places])


def _effects(c: dict[str, Any]) -> tuple[Any, Any]:
    """Logits of operators, and the part of them that is due to exclusion by policy."""
    countries, vendors = c["features"].shape[0], len(VENDORS)

    def scaled(name: str, rows: int, prior: Any) -> Any:
        scale = numpyro.sample(f"sd_{name}", prior)
        z = numpyro.sample(f"z_{name}", dist.Normal(jnp.zeros((rows, vendors)), 1.0))
        return scale * z

    q = numpyro.sample("q", dist.Normal(jnp.array([0.0, -1.0, 0.0, 0.0, -4.0, -6.0, -5.0]), 2.0))
    effect = q + scaled("region", c["n_regions"], dist.HalfNormal(0.7))[c["region"]]
    effect += scaled("subregion", c["n_subregions"], dist.HalfNormal(0.7))[c["subregion"]]
    slope = numpyro.sample("slope", dist.Normal(jnp.zeros((c["features"].shape[1], vendors)), 0.5))
    effect += c["features"] @ slope
    home = numpyro.sample("home", dist.Normal(2.0, 1.0))
    effect += home * c["home"]
    effect += scaled("country", countries, dist.HalfNormal(1.0))
    exclusion = numpyro.sample("exclusion", dist.Normal(-1.5, 1.0))
    barred = exclusion * c["excluded"][:, None] * CHINESE
    groups = scaled("group", c["n_groups"], dist.HalfNormal(1.0))
    group = groups[c["group"]] * (c["group"] >= 0)[:, None]
    barred = barred[c["country"]]
    sd = numpyro.sample("sd_operator", dist.TruncatedNormal(2.5, 1.0, low=0.2))
    expected = jnp.einsum("okv,ov->ok", c["basis"], effect[c["country"]] + group + barred)
    part = c["centred"]
    of_prior = jnp.exp(part * jnp.log(sd))
    own = numpyro.sample("own", dist.Normal(part * expected, of_prior))
    turned = expected + sd / of_prior * (own - part * expected)
    logits = jnp.einsum("okv,ok->ov", c["basis"], turned)
    return logits, barred


def _model(c: dict[str, Any], kept: tuple[Any, Any, Any]) -> None:
    """All evidence on the shares; ``kept`` switches parts of it off."""
    census_kept, records_kept, reported_kept = kept
    logits, barred = _effects(c)
    p = numpyro.deterministic("p", jax.nn.softmax(logits, axis=-1))
    numpyro.deterministic("free", jax.nn.softmax(logits - barred, axis=-1))
    scale = numpyro.sample("sd_census", dist.HalfNormal(0.5))
    z = numpyro.sample("z_census", dist.StudentT(DF, jnp.zeros(c["home"].shape[0]), 1.0))
    leaning = (scale * z)[c["country"]][:, None] * (2.0 * CHINESE - 1.0)
    logit = jnp.log(p + _TINY) - jnp.log1p(_TINY - p) + leaning
    each = (flat_top(jnp, logit, *c["census"], df=DF) * c["census_names"]).sum(axis=-1)
    rest = jnp.sum(p * (1.0 - c["census_names"]), axis=-1)
    each += flat_top(jnp, rest, 0.0, c["unknown"], UNNAMED_SD, UNNAMED_SD, df=DF)
    numpyro.factor("census", jnp.sum(each * c["in_census"] * census_kept))

    weighted = c["weight"][:, None] * p
    total = jax.ops.segment_sum(weighted, c["country"], c["home"].shape[0], indices_are_sorted=True)
    place, vendors, low, high, sd = c["reported"]
    value = jnp.sum(total[place] * vendors, axis=-1)
    each = flat_top(jnp, value, low, high, sd, sd)
    numpyro.factor("reported", jnp.sum(each * reported_kept))

    _, vendors, low, high, sd, weights = c["regional"]
    value = jnp.sum((weights @ total) * vendors, axis=-1)
    numpyro.factor("regional", jnp.sum(flat_top(jnp, value, low, high, sd, sd)))

    _, vendors, low, high, sd, weights = c["revenue"]
    spent = (weights @ total) * c["price"]
    value = jnp.sum(spent * vendors, axis=-1) / spent.sum(axis=-1)
    numpyro.factor("revenue", jnp.sum(flat_top(jnp, value, low, high, sd, sd)))

    hits, tries = c["hits"]
    false_hits, false_tries = c["false"]
    named = numpyro.sample("named", dist.Beta(1.0 + hits, 1.0 + tries - hits))
    mistaken = numpyro.sample("mistaken", dist.Beta(1.0 + false_hits, 9.0 + false_tries - false_hits))
    each = log_of_set(jnp, announced_probability(p, named, mistaken), c["named"])
    numpyro.factor("records", jnp.sum(each * c["with_records"] * records_kept))


def fit_radio(evidence: Evidence, sampling: Sampling | None = None) -> RadioFit:
    """Sample the posterior, given all evidence, with NUTS."""
    sampling = sampling or Sampling()
    kernel = NUTS(partial(_model, _constants(evidence)), target_accept_prob=0.75, max_tree_depth=_DEPTH)
    return _run(_chains(kernel, sampling), evidence, Kept.all_of(evidence), sampling)


def refitter(evidence: Evidence, fit: RadioFit, sampling: Sampling) -> Callable[[Kept], RadioFit]:
    """A function that samples the posterior given part of the evidence.

    Chains start from the last draw of a fit to all evidence, with its mass matrix, so that they may be short;
    the compiled model is used again from one part to the next.
    """
    last = {k: jnp.asarray(v[-1]) for k, v in fit.sample.items() if k not in ("p", "free")}
    kernel = NUTS(
        partial(_model, _constants(evidence)),
        target_accept_prob=0.75,
        max_tree_depth=_DEPTH,
        init_strategy=init_to_value(values=last),
        adapt_mass_matrix=False,
        **fit.tuning,
    )
    chains = _chains(kernel, sampling)
    return lambda kept: _run(chains, evidence, kept, sampling)


def _chains(kernel: NUTS, sampling: Sampling) -> MCMC:
    return MCMC(
        kernel,
        num_warmup=sampling.warmup,
        num_samples=sampling.draws,
        num_chains=sampling.chains,
        chain_method="parallel",
        progress_bar=False,
        jit_model_args=True,
    )


def _run(chains: MCMC, evidence: Evidence, kept: Kept, sampling: Sampling) -> RadioFit:
    parts = (kept.census, kept.records, kept.reported)
    chains.run(jax.random.PRNGKey(sampling.seed), parts, extra_fields=("diverging", "num_steps"))
    grouped = chains.get_samples(group_by_chain=True)
    adapted = chains.last_state.adapt_state
    tuning = {"step_size": adapted.step_size, "inverse_mass_matrix": adapted.inverse_mass_matrix}
    if sampling.chains > 1:
        tuning = jax.tree_util.tree_map(lambda a: a[0], tuning)
    tuning["step_size"] = float(tuning["step_size"])
    diagnostics = _diagnose(grouped, chains.get_extra_fields(), evidence, sampling)
    return RadioFit(
        {k: np.asarray(v, float).reshape(-1, *v.shape[2:]) for k, v in grouped.items()},
        diagnostics | {"step_size": round(tuning["step_size"], 4)},
        tuning,
    )


def _diagnose(
    grouped: dict[str, Any], extra: dict[str, Any], evidence: Evidence, sampling: Sampling
) -> dict[str, Any]:
    """Divergences, r-hat and effective sample size of hyperparameters and of countries' shares."""
    scalars = {k: np.asarray(v) for k, v in grouped.items() if v.ndim == 2}
    chinese = np.einsum("io,cdov,v->cdi", evidence.sums, np.asarray(grouped["p"]), CHINESE)
    result = {
        "chains": sampling.chains,
        "warmup": sampling.warmup,
        "draws": sampling.draws,
        "divergences": int(np.sum(extra["diverging"])),
        "mean_steps": round(float(np.mean(extra["num_steps"])), 1),
    }
    if sampling.draws > 3:
        rhat = {k: float(split_gelman_rubin(v)) for k, v in scalars.items()}
        of_countries = split_gelman_rubin(chinese)
        result |= {
            "rhat_scalars": {k: round(v, 3) for k, v in sorted(rhat.items())},
            "rhat_countries_max": round(float(np.nanmax(of_countries)), 3),
            "ess_countries_min": round(float(np.nanmin(effective_sample_size(chinese)))),
            "ess_scalars": {k: round(float(effective_sample_size(v))) for k, v in sorted(scalars.items())},
        }
    return result


def shares_of(evidence: Evidence, operators: Floats) -> Floats:
    """Shares of countries by (draw, country, vendor) from those of operators."""
    return np.einsum("io,dov->div", evidence.sums, operators)
