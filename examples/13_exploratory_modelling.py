"""How much may each policy be regretted? Exploratory modelling with the EMA workbench.

Needs the extra ``ema``: pip install 'standards-net[ema]'. The evaluator of this package runs 256 experiments
at a time; the workbench's own evaluators give the same, one by one. Both policies meet the same futures; the
regret of a policy is what it costs beyond the cheaper one.
"""

import numpy as np

import standards_net as sn

POLICIES = ["core-allies-ban", "broad-allied-ban"]
PARAMETERS = ["lock_in", "network_benefit", "price_sensitivity", "weight_of_country_mix", "progress_ratio"]


def main(futures: int = 256, year: int = 2030) -> dict[str, float]:
    world = sn.load_world()
    model = sn.adapters.ema.as_model(
        world, POLICIES, parameters=PARAMETERS, measures=["china_share", "total_usd"], year=year
    )
    np.random.seed(11)  # noqa: NPY002 - version 2.5 of the workbench draws from the global generator
    with sn.adapters.ema.Evaluator(model) as evaluator:
        table, outcomes = evaluator.perform_experiments(scenarios=futures, policies=len(POLICIES))
    table = table.astype(dict.fromkeys(PARAMETERS, float) | {"scenario_name": str})
    costs = table.assign(cost=outcomes["total_usd"] / 1e9)
    cost = costs.pivot(index=PARAMETERS, columns="scenario_name", values="cost")
    regret = cost.sub(cost.min(axis=1), axis=0)
    gap = cost[POLICIES[1]] - cost[POLICIES[0]]
    varied = gap.index.to_frame()
    decisive = varied.corrwith(gap, method="spearman").abs().idxmax()
    for name in POLICIES:
        print(
            f"{name:18} USD {cost[name].median():6.1f} bn in {year}, regret up to {regret[name].max():.1f} bn"
        )
    print(f"The gap between them moves most with {decisive}.")
    return {name: float(regret[name].max()) for name in POLICIES}


if __name__ == "__main__":
    main()
