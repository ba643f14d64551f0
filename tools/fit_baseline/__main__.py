"""Build the tables of operators, sample the posterior, and write the estimate with its scores."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

# Two chains run at once, each on one core; both must be said before jax starts.
os.environ.setdefault(
    "XLA_FLAGS", "--xla_force_host_platform_device_count=2 --xla_cpu_multi_thread_eigen=false"
)

import jax
import numpy as np
import pandas as pd

from standards_net.files import write_text
from tools.build_data import operators_2019
from tools.build_data.raw import Raw
from tools.fit_baseline import scores, write
from tools.fit_baseline.core import fit_core
from tools.fit_baseline.evidence import CORE_VENDORS, VENDORS, Evidence, gather
from tools.fit_baseline.radio import Kept, RadioFit, Sampling, fit_radio, refitter

_DRAWS = 512
_TABLES = {
    "operator_census.csv": operators_2019.build_census,
    "operator_shares.csv": operators_2019.build_operator_shares,
    "country_radio_shares.csv": operators_2019.build_country_shares,
}
_OUT_OF_SAMPLE = ("reported_left_out", "subregions_left_out")
_FOLDS = (4, 6)  # of reported shares, of subregions


def main() -> None:
    """Run everything; it takes minutes, most of them for the scores out of sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder of the raw tables")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the project's tables")
    parser.add_argument("--warmup", type=int, default=500)
    parser.add_argument("--draws", type=int, default=512, help="kept draws of each of two chains")
    parser.add_argument("--refit", type=int, nargs=2, default=(80, 200), help="warm-up and draws of refits")
    parser.add_argument("--seed", type=int, default=2019)
    parser.add_argument(
        "--no-scores", action="store_true", help="keep the scores out of sample of an earlier run"
    )
    run = parser.parse_args()
    jax.config.update("jax_enable_x64", True)
    vendors = run.data / "vendors"
    raw, begun = Raw(run.raw), time.monotonic()
    for name, build in _TABLES.items():
        write_text(vendors / name, build(raw).to_csv(index=False, lineterminator="\n"))
    evidence = gather(run.data)
    fit = fit_radio(evidence, Sampling(run.warmup, run.draws, 2, run.seed))
    print(f"radio: {time.monotonic() - begun:.0f} s, {fit.diagnostics}", flush=True)

    records = pd.read_csv(vendors / "evidence.csv", keep_default_na=False, na_values=[""])
    policies = pd.read_csv(run.data / "countries" / "policies.csv", keep_default_na=False, na_values=[""])
    kept = np.linspace(0, len(fit.shares) - 1, _DRAWS).round().astype(int)
    core = fit_core(evidence, fit.shares[kept], fit.sample["free"][kept], records, run.seed, _DRAWS)
    to_units = evidence.unit_sums
    radio, free, cores, core_free = (
        np.einsum("uo,dov->duv", to_units, s)
        for s in (fit.shares[kept], fit.sample["free"][kept], core.shares, core.free)
    )
    census = pd.read_csv(vendors / "operator_census.csv", keep_default_na=False, na_values=[""])
    firm = write.firm_operators(census)
    parts = [
        write.fit_table(evidence, "radio", "4g", VENDORS, radio, free, firm),
        write.fit_table(evidence, "core", "", CORE_VENDORS, cores, core_free, set()),
    ]
    write.write_table(vendors / "operator_adoption.csv", parts)
    write.write_draws(vendors / "adoption_draws.npz", evidence, radio, cores)
    print(f"wrote the table and the draws: {time.monotonic() - begun:.0f} s", flush=True)
    path = vendors / "adoption_scores.json"
    if run.no_scores:
        unseen = {k: json.loads(path.read_text("utf-8"))["radio"][k] for k in _OUT_OF_SAMPLE}
    else:
        unseen = _out_of_sample(evidence, fit, Sampling(*run.refit, 2, run.seed + 1))
    result = {
        "radio": unseen
        | {
            "contracts": scores.contract_scores(evidence, fit, records, policies),
            "shares": scores.world_shares(evidence, fit),
            "parameters": scores.parameters(evidence, fit),
            "diagnostics": fit.diagnostics,
        },
        "core": {"parameters": core.parameters, "shares": scores.core_shares(evidence, core.shares)},
        "before": scores.before(),
        "units": len(evidence.units),
        "operators_in_the_census": int(sum(name != "" for name in evidence.operator_name)),
        "draws": _DRAWS,
        "seed": run.seed,
    }
    write.write_scores(path, result)
    print(f"wrote the scores: {time.monotonic() - begun:.0f} s", flush=True)


def _out_of_sample(evidence: Evidence, fit: RadioFit, sampling: Sampling) -> dict[str, Any]:
    """Scores of predictions of what was left out; each takes some refits."""
    again, begun = refitter(evidence, fit, sampling), time.monotonic()

    def refit(part: Kept) -> RadioFit:
        one = again(part)
        brief = {k: v for k, v in one.diagnostics.items() if not isinstance(v, dict)}
        print(f"refit: {time.monotonic() - begun:.0f} s, {brief}", flush=True)
        return one

    reported = scores.leave_reported_out(evidence, refit, _FOLDS[0], sampling.seed)
    print(f"reported shares left out: {reported['chinese']}", flush=True)
    subregions = scores.leave_subregions_out(evidence, refit, _FOLDS[1], sampling.seed)
    print(f"subregions left out: {subregions['census']}, {subregions['reported']}", flush=True)
    return dict(zip(_OUT_OF_SAMPLE, (reported, subregions), strict=True))


if __name__ == "__main__":
    main()
