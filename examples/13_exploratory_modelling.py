"""Where does each policy fail? Exploratory modelling with the EMA workbench: scenario discovery by PRIM.

Needs the extra ``ema``: pip install 'standards-net[ema]'. The evaluator of this package runs 256 experiments
at a time; the workbench's own evaluators give the same, one by one.
"""

import numpy as np
from ema_workbench.analysis import prim

import standards_net as sn

POLICIES = ["core-allies-ban", "broad-allied-ban"]
PARAMETERS = ["lock_in", "network_benefit", "price_sensitivity", "weight_of_country_mix", "progress_ratio"]


def main(experiments: int = 256, year: int = 2035) -> dict[str, float]:
    world = sn.load_world()
    model = sn.adapters.ema.as_model(
        world, POLICIES, parameters=PARAMETERS, measures=["china_share", "total_usd"], year=year
    )
    np.random.seed(11)  # noqa: NPY002 - version 2.5 of the workbench draws from the global generator
    with sn.adapters.ema.Evaluator(model) as evaluator:
        table, outcomes = evaluator.perform_experiments(scenarios=experiments, policies=2)
    dear = outcomes["total_usd"] > np.median(outcomes["total_usd"])
    box = prim.Prim(table[[*PARAMETERS, "scenario_name"]], dear, threshold=0.5).find_box()
    found = {"coverage": float(box.coverage), "density": float(box.density)}
    print(f"{len(table)} experiments; a box of PRIM holds {found['coverage']:.0%} of the dear half,")
    print(f"and {found['density']:.0%} of what is in it is dear. Its limits:")
    print(box.box_lims[-1].to_string())
    return found


if __name__ == "__main__":
    main()
