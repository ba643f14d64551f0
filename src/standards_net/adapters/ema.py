"""EMA workbench: the model with uncertainties, levers and outcomes, and an evaluator that runs many at once.

Parameters are uncertainties; which scenario is run is the lever, where there are several. All experiments
have the random numbers of one draw, so that the evaluators of the workbench and the one here give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any

import numpy as np

from standards_net.adapters.designs import checked_measures, run_design, varied_parameters
from standards_net.checks import checked_count, checked_year, shown
from standards_net.errors import StandardsNetError, one_of
from standards_net.randomness import RNGLike, SeedLike, seed_of
from standards_net.scenario import Scenario, ScenarioLike, load_scenarios
from standards_net.world.world import World

try:
    import ema_workbench as ema
    from ema_workbench.em_framework import points
    from ema_workbench.em_framework.evaluators import BaseEvaluator
except ImportError:
    raise StandardsNetError(
        "this needs the EMA workbench; install it with: pip install 'standards-net[ema]'."
    ) from None

__all__ = ["Evaluator", "as_model"]

_LEVER = "scenario_name"  # the workbench has a word "scenario" of its own
_BATCH = 256  # experiments that are run together


def as_model(
    world: World,
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    *,
    parameters: Sequence[str] | None = None,
    measures: str | Sequence[str] = ("market_fragmentation", "interoperability_loss", "total_usd"),
    year: int | None = 2040,
    until: int = 2040,
    technology: str = "radio",
    rng: RNGLike | SeedLike | None = 0,
    draw: int = 0,
    name: str = "standards",
) -> Any:
    """The model as the EMA workbench knows models.

    Parameters
    ----------
    world : World
    scenarios : scenario or sequence of scenarios
        Of several the lever ``scenario_name`` chooses one.
    parameters : sequence of str or None
        Uncertainties, uniform between the ends of their priors; all whose prior is not fixed if None. Others
        have their central values.
    measures : str or sequence of str
        Outcomes: measures with one number for each draw and year.
    year : int or None
        Year of measurement; all years, as arrays, if None.
    until : int
        Last year, if ``year`` is None.
    technology : str
    rng : int, SeedSequence, Generator, BitGenerator or None
        Seed of the random numbers.
    draw : int
        The draw whose random numbers all experiments have.
    name : str
        Letters and digits.

    Returns
    -------
    ema_workbench.Model
        Its outcomes have no kind: set it to optimise.

    Raises
    ------
    StandardsNetError
        Unknown scenarios, parameters, measures or technologies.

    Examples
    --------
    >>> import standards_net as sn
    >>> model = as_model(sn.load_world(), ["silos", "one-standard"], parameters=["lock_in"], year=2022)
    >>> [u.name for u in model.uncertainties], [o.name for o in model.outcomes]
    (['lock_in'], ['market_fragmentation', 'interoperability_loss', 'total_usd'])
    >>> with Evaluator(model) as evaluator:
    ...     experiments, outcomes = evaluator.perform_experiments(scenarios=4, policies=2)
    >>> outcomes["total_usd"].shape
    (8,)
    """
    last = checked_year("until", until, 2020) if year is None else checked_year("year", year, 2020)
    loaded, asked = load_scenarios(scenarios), checked_measures(measures)
    if not isinstance(technology, str):
        raise StandardsNetError(f"technology is {shown(technology)}; name one.")
    (of,) = world.select_technologies(technology)
    draw = checked_count("draw", draw, least=0)
    if not str(name).isalnum():
        raise StandardsNetError(f"name is {shown(name)}; a model's name has letters and digits only.")
    varied = varied_parameters(world, parameters)
    function = _Function(
        world, loaded, tuple(asked), year, last, of, seed_of(rng), draw, tuple(p.name for p in varied)
    )
    model = ema.Model(name, function=function)
    model.uncertainties = [ema.RealParameter(p.name, *map(float, p.ends)) for p in varied]
    if len(loaded) > 1:
        model.levers = [ema.CategoricalParameter(_LEVER, [one.name for one in loaded])]
    kind = ema.ArrayOutcome if year is None else ema.ScalarOutcome
    model.outcomes = [kind(one) for one in asked]
    return model


class _Function:
    """The model as a function of keywords, one experiment at a time; :meth:`rows` runs many."""

    __name__ = "standards_net"

    def __init__(
        self,
        world: World,
        scenarios: Sequence[Scenario],
        measures: Sequence[str],
        year: int | None,
        last: int,
        technology: str,
        seed: int,
        draw: int,
        parameters: Sequence[str],
    ) -> None:
        self.world, self.scenarios = world, {one.name: one for one in scenarios}
        self.measures, self.year, self.last = measures, year, last
        self.technology, self.seed, self.draw, self.parameters = technology, seed, draw, parameters

    def __call__(self, **experiment: Any) -> dict[str, Any]:
        (found,) = self.rows([experiment])
        return found

    def rows(self, experiments: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Outcomes of each experiment."""
        found: list[dict[str, Any]] = [{} for _ in experiments]
        chosen = [self._scenario_of(one) for one in experiments]
        for name, scenario in self.scenarios.items():
            at = [i for i, own in enumerate(chosen) if own == name]
            if not at:
                continue
            design = {p: np.array([self._value(p, experiments[i]) for i in at]) for p in self.parameters}
            result = run_design(
                self.world, scenario, design, draw=self.draw, rng=self.seed, until=self.last,
                technologies=self.technology,
            )  # fmt: skip
            for measure in self.measures:
                where = {} if self.year is None else {"year": self.year}
                values = result.values(measure, scenario=name, technology=self.technology, **where)
                for row, i in enumerate(at):
                    found[i][measure] = values[row] if self.year is None else float(values[row])
        return found

    def _scenario_of(self, experiment: Mapping[str, Any]) -> str:
        """Scenario of an experiment; the first if its policy names none."""
        name = experiment.get(_LEVER)
        if name is None:
            return next(iter(self.scenarios))
        if str(name) not in self.scenarios:
            raise StandardsNetError(one_of("scenario of the model", name, self.scenarios) + ".")
        return str(name)

    def _value(self, parameter: str, experiment: Mapping[str, Any]) -> float:
        """Value of a parameter; its central one if the experiment has none."""
        given = experiment.get(parameter)
        return float(self.world.parameters[parameter].default if given is None else given)


class Evaluator(BaseEvaluator):  # type: ignore[misc]
    """Evaluator of the EMA workbench that runs experiments with a model of :func:`as_model` in batches.

    It gives what the workbench's own evaluators give, much faster, in one process.

    Parameters
    ----------
    model : ema_workbench.Model or sequence of them
    """

    def initialize(self) -> None:
        """Nothing to begin."""

    def finalize(self) -> None:
        """Nothing to end."""

    def evaluate_experiments(self, *args: Any, **kwargs: Any) -> None:
        """Run experiments and hand their outcomes to the callback of the workbench."""
        experiments, callback = self._experiments(*args, **kwargs)
        models = {model.name: model for model in self._msis}
        for name, group in groupby(experiments, key=lambda one: one.model_name):
            model = models[name]
            if not isinstance(model.function, _Function):
                raise StandardsNetError(f"model {name} was not made by as_model; use another evaluator.")
            for batch in _batches(group):
                found = model.function.rows([_keywords(model, one) for one in batch])
                for experiment, outcomes in zip(batch, found, strict=True):
                    model.outcomes_output = {v: outcomes[v] for v in model.output_variables}
                    callback(experiment, model.outcomes_output)
                    model.reset_model()

    def _experiments(self, *args: Any, **kwargs: Any) -> tuple[Iterable[Any], Any]:
        """Experiments and callback: version 3 gives both, 2.5 scenarios and policies to be combined."""
        if not hasattr(points, "Scenario"):
            experiments, callback = args
            return experiments, callback
        scenarios, policies, callback = args
        combine = kwargs.get("combine", "factorial")
        return points.experiment_generator(scenarios, self._msis, policies, combine=combine), callback


def _batches(experiments: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    remaining = iter(experiments)
    while batch := tuple(islice(remaining, _BATCH)):
        yield batch


def _keywords(model: Any, experiment: Any) -> dict[str, Any]:
    """What an experiment gives to the model's function."""
    found = {constant.name: constant.value for constant in model.constants}
    for known, point in ((model.uncertainties, experiment.scenario), (model.levers, experiment.policy)):
        for parameter in known:
            value = point.get(parameter.name, parameter.default)
            found |= dict.fromkeys(parameter.variable_name, value)
    return found
