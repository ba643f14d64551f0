"""What a run holds of some countries draw by draw: suppliers, costs, losses, and partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from standards_net.core.arrays import FloatArray, IntArray
from standards_net.ensemble.engine import Task, Years, execute
from standards_net.ensemble.observation import measure_inputs
from standards_net.ensemble.request import checked_request
from standards_net.measures.inputs import ITEMS, MeasureInputs, WorldWeights
from standards_net.memory import check_fits
from standards_net.model.setting import Setting
from standards_net.progress import Progress
from standards_net.randomness import RNGLike, SeedLike
from standards_net.scenario import Scenario, ScenarioLike, load_scenario
from standards_net.scenario.read import load_scenarios
from standards_net.world.world import World

__all__ = ["CountryRuns", "Layer", "run_countries"]


@dataclass(frozen=True)
class Layer:
    """An installed base: of a technology as a whole, or one of its two."""

    technology: str
    base: str | None


@dataclass(frozen=True)
class CountryRuns:
    """Scenarios with a baseline, on the same R draws, as they concern C countries.

    Attributes
    ----------
    world : World
    scenarios : tuple of Scenario
        The baseline last.
    countries : tuple of str, length C
    years : tuple of int, length Y
    draws, seed : int
    shares : mapping of Layer to (M, R, Y, C, V) array
        Vendors' shares of each base, in M scenarios.
    deployment : mapping of technology to (M, R, Y, C) array
    loss : mapping of technology to (M, R, Y, C) array
        Interoperability loss on a country's exchange.
    partners : mapping of technology to (M, R, C, N) array
        Part of a country's exchange that is lost with each other in the last year.
    items_usd : (M, R, Y, C, I) array
        The account by item, technologies together, USD of 2019 per year.
    cost_usd : (M, R, Y, N) array
        Its total for every country.
    alignments : (M, Y, N) array of str
    """

    world: World
    scenarios: tuple[Scenario, ...]
    countries: tuple[str, ...]
    years: tuple[int, ...]
    draws: int
    seed: int
    shares: Mapping[Layer, FloatArray]
    deployment: Mapping[str, FloatArray]
    loss: Mapping[str, FloatArray]
    partners: Mapping[str, FloatArray]
    items_usd: FloatArray
    cost_usd: FloatArray
    alignments: np.ndarray


def run_countries(
    world: World,
    countries: Sequence[str],
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    baseline: ScenarioLike,
    *,
    draws: int = 64,
    rng: RNGLike | SeedLike | None = 2019,
    until: int = 2040,
    technologies: str | Sequence[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> CountryRuns:
    """Run scenarios and their baseline, and keep what concerns some countries.

    Parameters
    ----------
    world : World
    countries : sequence of str
        Codes or names.
    scenarios : name, path, mapping or Scenario, or a sequence of them
    baseline : name, path, mapping or Scenario
        What they are compared with; it may be among them.
    draws, rng, until, technologies, threads
        As in :func:`standards_net.run`: row r is draw r of a run with the same seed.
    progress : callable or None

    Raises
    ------
    ScenarioError, StandardsNetError
        As in :func:`standards_net.run`; unknown countries.

    Examples
    --------
    >>> import standards_net as sn
    >>> runs = run_countries(sn.load_world(), ["Kenya"], "silos", "status-quo-2019", draws=4, until=2021)
    >>> runs.countries, runs.cost_usd.shape, runs.items_usd.shape
    (('KEN',), (2, 4, 3, 196), (2, 4, 3, 1, 7))
    """
    codes = tuple(dict.fromkeys(world.code(country) for country in countries))
    against, asked = load_scenario(baseline), load_scenarios(scenarios)
    every = (*(one for one in asked if one != against), against)  # another of its name is refused
    request = checked_request(world, every, draws=draws, rng=rng, until=until, technologies=technologies)
    vendors = sum(
        len(world.market(name).vendors) * (2 if world.market(name).bases else 1)
        for name in request.technologies
    )
    by_country = len(codes) * (vendors + len(ITEMS) + 2 * len(request.technologies)) + len(world.countries)
    check_fits("briefs", draws, 2 * 8 * len(every) * len(request.years) * by_country)
    levers, weights = request.levers(every), request.weights()
    read = partial(_read, weights, np.array([world.countries.index(code) for code in codes]))
    tasks = [
        Task(partial(own.setting, block, levers[one.name, technology]), request.mechanism, read)
        for technology, drawn in request.drawn().items()
        for one in every
        for own in (drawn.under(one),)
        for block in own.blocks
    ]
    blocks = len(tasks) // (len(request.technologies) * len(every))
    done = execute(tasks, len(tasks), threads=threads, progress=progress)
    by_scenario = [_joined(done[at : at + blocks], draws) for at in range(0, len(done), blocks)]
    found = {
        technology: by_scenario[turn * len(every) : (turn + 1) * len(every)]
        for turn, technology in enumerate(request.technologies)
    }
    any_levers = [levers[one.name, request.technologies[0]] for one in every]
    return CountryRuns(
        world=world,
        scenarios=every,
        countries=codes,
        years=request.years,
        draws=draws,
        seed=request.seed,
        shares={
            Layer(technology, base): np.stack([part.shares[base] for part in parts])
            for technology, parts in found.items()
            for base in parts[0].shares
        },
        deployment={t: np.stack([part.deployment for part in parts]) for t, parts in found.items()},
        loss={t: np.stack([part.loss for part in parts]) for t, parts in found.items()},
        partners={t: np.stack([part.partners for part in parts]) for t, parts in found.items()},
        items_usd=np.sum([[part.items_usd for part in parts] for parts in found.values()], axis=0),
        cost_usd=np.sum([[part.cost_usd for part in parts] for parts in found.values()], axis=0),
        alignments=np.stack([each.alignments for each in any_levers]),
    )


@dataclass(frozen=True)
class _Part:
    """A block of draws of one scenario and technology, draws first."""

    shares: dict[str | None, FloatArray]
    deployment: FloatArray
    loss: FloatArray
    partners: FloatArray
    items_usd: FloatArray
    cost_usd: FloatArray


def _read(weights: WorldWeights, at: IntArray, setting: Setting, years: Years) -> _Part:
    """Keep what concerns the countries at some places."""
    kept: dict[str, list[FloatArray]] = {"deployment": [], "loss": [], "items_usd": [], "cost_usd": []}
    shares: dict[str | None, list[FloatArray]] = {}
    partners = np.zeros(0)
    for state, info in years:
        inputs = measure_inputs(state, info, setting, weights)
        bases: dict[str | None, FloatArray] = {None: inputs.adoption}
        if inputs.by_base:
            bases = dict(inputs.by_base.items())
        for base, adoption in bases.items():
            shares.setdefault(base, []).append(adoption[:, at])
        items = np.zeros((len(inputs.deployment), len(at), len(ITEMS)))
        for item, cost in inputs.costs_usd.items():
            items[..., ITEMS.index(item)] = cost[:, at]
        kept["deployment"].append(inputs.deployment[:, at])
        kept["loss"].append(inputs.loss_by_country[:, at])
        kept["items_usd"].append(items)
        kept["cost_usd"].append(inputs.total_cost_usd)
        if state.year == len(setting.levers.years) - 1:
            partners = _lost_with_each(inputs, at)
    return _Part(
        shares={base: np.stack(each, axis=1) for base, each in shares.items()},
        partners=partners,
        **{name: np.stack(each, axis=1) for name, each in kept.items()},
    )


def _lost_with_each(inputs: MeasureInputs, at: IntArray) -> FloatArray:
    """Part of the exchange of some countries that is lost with each other, (R, C, N)."""
    exchange = inputs.weights.exchange[at]
    own = exchange.sum(axis=1, keepdims=True)
    part = np.divide(exchange, own, out=np.zeros_like(exchange), where=own > 0.0)
    if inputs.divided is inputs.shares:
        return np.asarray(part * _apart(inputs.shares, 1.0 - inputs.compatibility, at))
    together = np.maximum(inputs.compatibility, inputs.first_compatibility)
    lost = _apart(inputs.shares, 1.0 - together, at)
    return np.asarray(part * (lost + _apart(inputs.divided, together - inputs.compatibility, at)))


def _apart(shares: FloatArray, incompatibility: FloatArray, at: IntArray) -> FloatArray:
    """Bilinear form of the shares of some countries and of all, (R, C, N)."""
    return np.asarray(shares[:, at] @ incompatibility @ np.swapaxes(shares, 1, 2))


def _joined(parts: Sequence[_Part], draws: int) -> _Part:
    """Blocks of draws one after the other, without padding."""

    def joined(arrays: Sequence[FloatArray]) -> FloatArray:
        return np.concatenate(arrays)[:draws]

    return _Part(
        shares={base: joined([part.shares[base] for part in parts]) for base in parts[0].shares},
        deployment=joined([part.deployment for part in parts]),
        loss=joined([part.loss for part in parts]),
        partners=joined([part.partners for part in parts]),
        items_usd=joined([part.items_usd for part in parts]),
        cost_usd=joined([part.cost_usd for part in parts]),
    )
