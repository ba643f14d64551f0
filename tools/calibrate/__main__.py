"""Calibrate and write ``data/model/calibration.json``: ``python -m tools.calibrate``."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from standards_net.calibration import Calibration, Prior
from standards_net.core.arrays import FloatArray
from standards_net.ensemble.engine import Draws
from standards_net.evidence import simulate_reports
from standards_net.evidence.scorecard import known_in_advance
from standards_net.files import data_folder, write_text
from standards_net.parameters import draw_parameters
from standards_net.world import World, load_world
from tools.build_data.package import write_package
from tools.calibrate.emulator import fit_emulator, posterior
from tools.calibrate.observations import observe, summarise
from tools.calibrate.waves import Moments
from tools.fit_suppliers.__main__ import PRIOR_MEAN, PRIOR_SD
from tools.fit_suppliers.likelihood import NAMES

# What 5g shares, deployment and contracts of 2019 to 2025 can say something about.
INFORMED = (
    "weight_of_country_mix", "weight_of_world_mix", "restriction_weight", "anticipation", "affinity_weight",
    "finance_weight", "lock_in", "network_benefit", "price_sensitivity", "taste_sd", "operator_taste_sd",
    "innovation_radio", "imitation_radio", "spill_over_radio", "speed_elasticity", "lifetime_radio",
    "progress_ratio", "research_feedback",
)  # fmt: skip
OF_CONTRACTS = ("restriction_weight", "anticipation", "affinity_weight", "finance_weight")
SEED = 2025
_DRAWS = 4096
_PARTS = (
    0.2,
    0.6,
    1.0,
    1.0,
)  # of the evidence, wave by wave: emulators hold near the runs they were fitted to


def calibrate(draws: int = _DRAWS) -> dict[str, Any]:
    """Posterior moments of the informed parameters, with and without each country's reports."""
    began = time.monotonic()
    world = load_world()
    contracts = _contracts(world)
    proposal = Moments(np.zeros(len(INFORMED)), np.eye(len(INFORMED)))
    seen, middle, history = None, None, []
    rng = np.random.default_rng(SEED)
    # The last wave is a check: its residuals are those of runs that draw from the posterior.
    for wave, part in enumerate((*_PARTS, 1.0)):
        sample = _calibration(world, proposal)
        drawn = draw_parameters(world.parameters, draws, SEED + wave, sample)
        found = simulate_reports(Draws.of(world, "radio", draws, SEED + wave, sample))
        if seen is None or middle is None:
            first = observe(world)
            forecast = found.of_reports(world, first.shares["country"], first.shares["year"])
            seen = observe(world, known_in_advance(forecast, first.shares))
            middle = np.median(forecast, axis=0)
        scores = _scores(world, drawn)
        summaries = summarise(found, seen, middle)
        emulated = fit_emulator(scores, summaries.residual)
        history.append(
            {
                "wave": wave + 1,
                "part_of_the_evidence_before": 0.0 if not wave else _PARTS[wave - 1],
                "mean_residuals": _named(summaries.names, summaries.residual.mean(axis=0)),
                "noise": _named(summaries.names, np.sqrt(np.diag(emulated.noise))),
            }
        )
        print(history[-1], flush=True)
        if wave < len(_PARTS):
            proposal, effective = posterior(emulated, contracts, proposal, rng, part)
            history[-1]["effective_size"] = round(effective)
    # With and without a country's reports from the same runs and random numbers: only the reports differ.
    moments = {}
    for country in (None, *dict.fromkeys(seen.shares["country"])):
        emulated = fit_emulator(scores, summarise(found, seen, middle, country).residual)
        moments[country] = posterior(emulated, contracts, proposal, np.random.default_rng(SEED))[0]
    final = moments.pop(None)
    return {
        "provenance": {
            "method": "waves of runs, quadratic emulators of summaries of reports, likelihood of contracts",
            "scenario": "as-happened-2025",
            "seed": SEED,
            "draws_per_wave": draws,
            "waves": history,
            "reports": len(seen.shares),
            "left_aside_as_certain": seen.shares.loc[seen.shares["certain"], "country"].tolist(),
            "seconds": round(time.monotonic() - began),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        },
        "parameters": [
            {"name": name, **dict(zip(("prior", "low", "high"), _prior(world, name), strict=True))}
            for name in INFORMED
        ],
        **_plain(final),
        "left_out": {country: _plain(found) for country, found in moments.items()},
    }


def _prior(world: World, name: str) -> Prior:
    parameter = world.parameters[name]
    return Prior(parameter.prior, parameter.low, parameter.high)


def _calibration(world: World, moments: Moments) -> Calibration:
    priors = tuple(_prior(world, name) for name in INFORMED)
    return Calibration(INFORMED, priors, moments.mean, moments.covariance, {}, {})


def _scores(world: World, drawn: dict[str, FloatArray]) -> FloatArray:
    """Normal scores of drawn parameters under their priors, (R, P)."""
    columns = []
    for name in INFORMED:
        p, values = world.parameters[name], drawn[name]
        if p.prior == "loguniform":
            uniform = np.log(values / p.low) / np.log(p.high / p.low)
        else:
            uniform = (values - p.low) / (p.high - p.low)
        columns.append(ndtri(np.clip(uniform, 1e-12, 1.0 - 1e-12)))
    return np.stack(columns, axis=1)


def _contracts(world: World) -> Callable[[FloatArray], FloatArray]:
    """Log-likelihood of operators' contracts at scores (R, P), as a normal distribution of its parameters.

    Weights of mixes and constants of announcing are integrated out: operators announce change rather than
    continuity, so that contracts say less of how often suppliers change. The estimates' own weak priors are
    taken off.
    """
    text = (data_folder() / "model" / "supplier_choice.json").read_text(encoding="utf-8")
    main = next(iter(json.loads(text)["variants"].values()))
    at = [NAMES.index(name) for name in OF_CONTRACTS]
    covariance = np.zeros((len(NAMES),) * 2)
    covariance[np.tril_indices(len(NAMES))] = main["covariance"]
    covariance += np.tril(covariance, -1).T
    posterior_precision = np.linalg.inv(covariance[np.ix_(at, at)])
    prior_precision = PRIOR_SD[at] ** -2.0
    precision = posterior_precision - np.diag(prior_precision)
    surplus = posterior_precision @ np.array(main["mode"])[at] - prior_precision * PRIOR_MEAN[at]
    mode = np.linalg.solve(precision, surplus)
    columns = [INFORMED.index(name) for name in OF_CONTRACTS]
    of = [world.parameters[name] for name in OF_CONTRACTS]

    def log_likelihood(scores: FloatArray) -> FloatArray:
        uniform = ndtr(scores[:, columns])
        gap = np.stack([p.quantile(uniform[:, k]) for k, p in enumerate(of)], axis=1) - mode
        return np.asarray(-0.5 * np.einsum("rp,pq,rq->r", gap, precision, gap))

    return log_likelihood


def _named(names: tuple[str, ...], values: FloatArray) -> dict[str, float]:
    return dict(zip(names, np.round(values, 2).tolist(), strict=True))


def _plain(moments: Moments) -> dict[str, Any]:
    lower = moments.covariance[np.tril_indices(len(moments.mean))]
    return {"mean": np.round(moments.mean, 5).tolist(), "covariance": np.round(lower, 6).tolist()}


def main() -> None:
    """Calibrate and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=_DRAWS)
    content = calibrate(parser.parse_args().draws)
    write_text(data_folder() / "model" / "calibration.json", json.dumps(content, indent=0) + "\n")
    write_package(data_folder())


if __name__ == "__main__":
    main()
