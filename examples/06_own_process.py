"""A user-defined process in plain numpy, compared with a shipped one: what if countries hedge.

A process is two functions. ``init(setting)`` gives the initial state, ``step(state, setting)`` updates all
nodes of all draws once; random numbers come from the setting, so that a draw does not depend on other draws.
"""

import numpy as np

import standards_net as sn
from standards_net.processes import Labels, majority


def hedging(probability: float) -> sn.Process:
    """With some probability a country takes the rarest standard among its influencers, else keeps its own."""

    def init(setting):
        return Labels(0, setting.labels)

    def step(state, setting):
        nodes = state.labels.shape[1]
        held = state.labels[..., None] == np.arange(len(setting.standards))  # (draws, nodes, standards)
        rarest = setting.network.average(held.astype(float)).argmin(axis=2)
        moves = setting.random.uniforms(state.step, nodes) < probability
        return Labels(state.step + 1, np.where(moves, rarest, state.labels)), None

    return sn.Process(f"hedging, chance {probability:g}", init, step)


def main(draws: int = 200) -> dict[str, float]:
    world = sn.load_world()
    found = {}
    for process in (majority(), hedging(0.1)):
        d = sn.diffuse(world, process, initial="2019", steps=20, draws=draws, rng=1)
        first, last = (np.median(sn.effective_standards(d.shares[:, at])) for at in (0, -1))
        low, high = np.quantile(sn.effective_standards(d.shares[:, -1]), [0.05, 0.95])
        print(f"{process.name}: {first:.2f} effective standards at first, {last:.2f} [{low:.2f}, {high:.2f}]")
        print(f"  after {d.steps} steps; {d}")
        found[process.name] = float(last)
    return found


if __name__ == "__main__":
    main()
