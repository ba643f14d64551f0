"""How well the estimate predicts what it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tools.fit_baseline.evidence import CHINESE, CORE_VENDORS, VENDORS, Evidence
from tools.fit_baseline.radio import Kept, RadioFit, shares_of

__all__ = [
    "before",
    "contract_scores",
    "core_shares",
    "folds_of",
    "leave_reported_out",
    "leave_subregions_out",
    "parameters",
    "summarise",
    "world_shares",
]

Floats = NDArray[np.float64]
Refit = Callable[[Kept], RadioFit]

_KNOWN = 0.8  # part of a country's base that the census must know to serve as what is predicted
# Scores of the estimate that this one replaces (docs/estimation.md before it), and of simple rules.
_BEFORE = {
    "mean_absolute_error": 30.1,
    "mean_of_the_others": 25.1,
    "contract_log_score": -1.63,
    "contract_flat": -1.49,
}


def folds_of(items: Iterable[str], n: int) -> list[frozenset[str]]:
    """Deal items out to n folds in turn.

    Examples
    --------
    >>> [sorted(f) for f in folds_of("abcde", 2)]
    [['a', 'c', 'e'], ['b', 'd']]
    """
    items = sorted(items)
    return [frozenset(items[k::n]) for k in range(n) if items[k::n]]


def summarise(rows: pd.DataFrame) -> dict[str, Any]:
    """Mean absolute error in points and coverage of 90 % intervals, with standard errors.

    ``rows`` has the columns value, median, low, high, all shares. An interval holds a value that rounds to
    its end.
    """
    if rows.empty:
        return {"n": 0}
    error = 100.0 * (rows["median"] - rows["value"]).abs()
    inside = (rows["value"] >= rows["low"] - 0.005) & (rows["value"] <= rows["high"] + 0.005)
    n = len(rows)
    held = float(inside.mean())
    return {
        "n": n,
        "mean_absolute_error": round(float(error.mean()), 1),
        "mean_absolute_error_se": round(float(error.std(ddof=1) / np.sqrt(n)), 1) if n > 1 else None,
        "coverage_90": round(held, 3),
        "coverage_90_se": round(float(np.sqrt(max(held * (1 - held), 0.09 / n) / n)), 3),
        "mean_width": round(float(100.0 * (rows["high"] - rows["low"]).mean()), 1),
    }


def _row(draws: Floats, value: float) -> dict[str, float]:
    low, median, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return {
        "value": round(value, 3),
        "mean": round(float(draws.mean()), 3),
        "median": round(float(median), 3),
        "low": round(float(low), 3),
        "high": round(float(high), 3),
    }


def _reported_draws(share: Floats, sd: float, rng: np.random.Generator) -> Floats:
    """What a report would say, given draws of the share: with its error, inside the unit interval."""
    return np.clip(share + sd * rng.standard_normal(share.shape), 0.0, 1.0)


def leave_reported_out(evidence: Evidence, refit: Refit, n_folds: int, seed: int) -> dict[str, Any]:
    """Predict every reported share of a country from all but what was reported on it.

    Countries are dealt out to folds, and each fold is one exact refit: a country is predicted without the
    reports on the other countries of its fold too, which is slightly harder. Its operators stay in the
    census.
    """
    reported, rng = evidence.reported, np.random.default_rng(seed)
    rows = []
    for fold in folds_of(set(reported.place), n_folds):
        fit = refit(Kept.all_of(evidence).without_reported(evidence, fold))
        total = shares_of(evidence, fit.shares)
        for k, place in enumerate(reported.place):
            if place not in fold:
                continue
            i = evidence.countries.index(place)
            share = total[:, i] @ reported.vendors[k]
            names = "+".join(v for v, one in zip(VENDORS, reported.vendors[k], strict=True) if one)
            circular = _same_source(evidence, k)
            alone = float(evidence.census_total[i] @ reported.vendors[k])
            rows.append(
                {"country": place, "vendors": names, **_row(_reported_draws(share, reported.sd[k], rng),
                 float(reported.value[k])), "census_alone": None if np.isnan(alone) else round(alone, 3),
                 "census_shares_source": circular, "recalled": reported.recalled[k]}
            )  # fmt: skip
    table = pd.DataFrame(rows)
    main = table[(table["vendors"] == "huawei+zte") & ~table["recalled"]]
    fresh = main[~main["census_shares_source"]]
    return {
        "method": f"{n_folds} exact refits, countries dealt out to folds",
        "chinese": summarise(main) | _simple_rules(main),
        "chinese_where_the_census_has_other_sources": summarise(fresh) | _simple_rules(fresh),
        "all_vendors": summarise(table) | _simple_rules(table),
        "countries": rows,
    }


def _same_source(evidence: Evidence, k: int) -> bool:
    return evidence.reported.source[k] in evidence.census_sources.get(evidence.reported.place[k], frozenset())


def _simple_rules(rows: pd.DataFrame) -> dict[str, Any]:
    """Errors of the census alone and of the mean of the others."""
    if len(rows) < 2:
        return {}
    value = rows["value"].to_numpy()
    others = (value.sum() - value) / (len(value) - 1)
    alone = rows["census_alone"].to_numpy(dtype=float)
    return {
        "census_alone": round(float(np.nanmean(100 * np.abs(alone - value))), 1),
        "mean_of_the_others": round(float(np.mean(100 * np.abs(others - value))), 1),
    }


def leave_subregions_out(evidence: Evidence, refit: Refit, n_folds: int, seed: int) -> dict[str, Any]:
    """Predict countries of whole subregions of which nothing at all is known.

    Each fold leaves out several subregions, of different continents where possible. Predicted are the census'
    weighted sums, where the census knows four fifths of a country's base at least, and reported shares.
    """
    rng = np.random.default_rng(seed)
    census, reported = [], []
    subregion = np.array(evidence.subregions)[evidence.subregion]
    covered = sorted({s for s, ok in zip(subregion, evidence.has_census, strict=True) if ok},
                     key=lambda s: (s.split()[-1], s))  # fmt: skip
    value = evidence.census_share
    truth = np.where(evidence.census_known >= _KNOWN, value, np.nan)
    for fold in [covered[k::n_folds] for k in range(n_folds)]:
        out = np.isin(subregion, fold)
        names = frozenset(np.array(evidence.countries)[out])
        fit = refit(Kept.all_of(evidence).without(evidence, names))
        total = shares_of(evidence, fit.shares)
        for i in np.flatnonzero(out & ~np.isnan(truth)):
            others = float(np.nanmean(np.where(subregion == subregion[i], np.nan, truth)))
            row = _row(total[:, i] @ CHINESE, float(truth[i]))
            place = {"country": evidence.countries[i], "subregion": subregion[i]}
            census.append(place | row | {"others": round(others, 3)})
        for k, place in enumerate(evidence.reported.place):
            if place in names and not evidence.reported.recalled[k]:
                share = total[:, evidence.countries.index(place)] @ evidence.reported.vendors[k]
                draws = _reported_draws(share, evidence.reported.sd[k], rng)
                reported.append({"country": place, **_row(draws, float(evidence.reported.value[k]))})
    table = pd.DataFrame(census)
    by_subregion = {s: summarise(part) for s, part in table.groupby("subregion")}
    rule = round(float((100 * (table["others"] - table["value"]).abs()).mean()), 1)
    return {
        "method": f"{n_folds} exact refits, several subregions left out of each",
        "census": summarise(table) | {"mean_of_the_others": rule},
        "reported": summarise(pd.DataFrame(reported)),
        "by_subregion": by_subregion,
        "countries": census,
    }


def contract_scores(
    evidence: Evidence, fit: RadioFit, table: pd.DataFrame, policies: pd.DataFrame
) -> dict[str, Any]:
    """Log-probability of 5g radio contracts of 2020 to 2022 outside China under the base of 2019.

    A base is not a forecast: an operator that leaves its vendor buys what it never had. So the shares are
    scored as they are, and mixed in equal parts with the shares of all countries outside China; the
    difference of the mixture from those flat shares is what knowing the base adds.
    """
    radio = (table["equipment"] == "5G_RAN") & table["year"].between(2020, 2022)
    rows = table[radio & table["status"].isin(["live", "contract"]) & (table["country"] != "CHN")]
    rows = rows[rows["country"].isin(evidence.countries)]
    v = np.array([VENDORS.index(name) for name in rows["vendor"]])
    i = np.array([evidence.countries.index(c) for c in rows["country"]])
    operators = fit.shares.mean(axis=0)
    place = _positions(evidence)
    o = np.array([place.get(key, -1) for key in zip(rows["country"], rows["operator"], strict=True)])
    total = evidence.sums @ operators
    outside = np.where(np.array(evidence.countries) == "CHN", 0.0, evidence.market)
    world, flat = (evidence.market @ total)[v], (outside / outside.sum() @ total)[v]
    latest = policies.set_index("country")["status_latest"].reindex(rows["country"])
    free = latest.isin(["open", "unknown", "under_review"]).to_numpy()
    return {
        "n": len(rows),
        "flat_world_shares": _log_score(world),
        "flat_shares_outside_china": _log_score(flat),
        "country": _against(total[i, v], flat, i),
        "country_half": _against(0.5 * total[i, v] + 0.5 * flat, flat, i),
        "country_half_without_restrictions": _against(
            (0.5 * total[i, v] + 0.5 * flat)[free], flat[free], i[free]
        ),
        "operator_half": _against((0.5 * operators[o, v] + 0.5 * flat)[o >= 0], flat[o >= 0], i[o >= 0]),
        "before": {"log_score": _BEFORE["contract_log_score"], "flat": _BEFORE["contract_flat"]},
    }


def _positions(evidence: Evidence) -> dict[tuple[str, str], int]:
    names = zip(evidence.operator_country, evidence.operator_name, strict=True)
    return {(evidence.countries[c], name): o for o, (c, name) in enumerate(names)}


def _log_score(probability: Floats) -> float:
    return round(float(np.log(np.maximum(probability, 1e-6)).mean()), 3)


def _against(probability: Floats, flat: Floats, country: NDArray[np.int64]) -> dict[str, Any]:
    """Mean log score and gain over flat shares; standard errors by contract and by country."""
    gain = np.log(np.maximum(probability, 1e-6)) - np.log(np.maximum(flat, 1e-6))
    centred = pd.Series(gain - gain.mean()).groupby(country).sum()
    n = len(gain)
    return {
        "n": n,
        "log_score": _log_score(probability),
        "gain": round(float(gain.mean()), 3),
        "gain_se": round(float(gain.std(ddof=1) / np.sqrt(n)), 3),
        "gain_se_by_country": round(float(np.sqrt((centred**2).sum()) / n), 3),
    }


def world_shares(evidence: Evidence, fit: RadioFit) -> dict[str, Any]:
    """Implied shares of the base and of revenue, mean and standard deviation, next to those reported."""
    total = shares_of(evidence, fit.shares)
    china = np.array([c == "CHN" for c in evidence.countries])
    region = np.array(evidence.regions)[evidence.region]
    weights = {
        "world": evidence.market,
        "ex_china": evidence.market * ~china,
        "china": evidence.market * china,
    }
    weights |= {r: evidence.subscribers * (region == r) for r in evidence.regions}
    result: dict[str, Any] = {}
    for name, weight in weights.items():
        base = np.einsum("i,div->dv", weight / weight.sum(), total)
        spent = base * evidence.price
        spent /= spent.sum(axis=1, keepdims=True)
        result[name] = {
            vendor: {"base": round(float(base[:, v].mean()), 3), "base_sd": round(float(base[:, v].std()), 3),
                     "revenue": round(float(spent[:, v].mean()), 3)}
            for v, vendor in enumerate(VENDORS)
        }  # fmt: skip
    for totals in (evidence.revenue, evidence.regional):
        for k, place in enumerate(totals.place):
            name = {"EUR": "Europe", "AFR": "Africa"}.get(place, place)
            vendor = VENDORS[int(np.argmax(totals.vendors[k]))]
            result[name][vendor]["reported"] = round(float(totals.value[k]), 3)
    return result


def before() -> dict[str, float]:
    """Scores of the estimate that this one replaces."""
    return dict(_BEFORE)


def parameters(evidence: Evidence, fit: RadioFit) -> dict[str, Any]:
    """Means and standard deviations of what is common to all countries."""

    def pair(values: Floats) -> list[float]:
        return [round(float(values.mean()), 3), round(float(values.std()), 3)]

    scalars = ("home", "exclusion", "mistaken")
    names = [k for k in fit.sample if k.startswith("sd_")]
    result: dict[str, Any] = {k: pair(fit.sample[k]) for k in sorted([*names, *scalars])}
    result["named"] = {v: pair(fit.sample["named"][:, k]) for k, v in enumerate(VENDORS)}
    result["slopes"] = {
        name: {v: pair(fit.sample["slope"][:, f, k]) for k, v in enumerate(VENDORS)}
        for f, name in enumerate(evidence.feature_names)
    }
    return result


def core_shares(evidence: Evidence, shares: Floats) -> dict[str, Any]:
    """Core shares of the world, of China, and outside China: mean and standard deviation."""
    total = shares_of(evidence, shares)
    china = np.array([c == "CHN" for c in evidence.countries])
    result = {}
    for name, weight in {"world": evidence.market, "ex_china": evidence.market * ~china,
                         "china": evidence.market * china}.items():  # fmt: skip
        base = np.einsum("i,div->dv", weight / weight.sum(), total)
        result[name] = {
            vendor: [round(float(base[:, v].mean()), 3), round(float(base[:, v].std()), 3)]
            for v, vendor in enumerate(CORE_VENDORS)
        }
    return result
