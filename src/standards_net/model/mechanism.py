"""Mechanisms of the yearly model, and the trajectories that they generate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from standards_net.frozen import freeze_fields
from standards_net.model.setting import Setting
from standards_net.model.year import State, YearInfo

__all__ = ["Mechanism", "trajectory"]


@dataclass(frozen=True)
class Mechanism:
    """Decision rule for the yearly purchases of countries in :func:`standards_net.run`.

    Attributes
    ----------
    name : str
    parameters : mapping of str to object
        Parameters it was constructed with; recorded in the provenance of a result.
    init : callable
        ``init(setting) -> State`` of 2019.
    step : callable
        ``step(state, setting) -> (State, YearInfo)``: advances one year. Pure; random numbers come from
        ``setting.random``.
    operators : int
        Number of tendering operators per country; 0 if purchases split in proportion.
    random_numbers : int
        Uniform random numbers per country and year from ``setting.random`` if no operators tender.
    weighs_utility : bool
        Whether prices, quality, affinity, finance and lock-in act on the choice between standards.

    Examples
    --------
    >>> from standards_net.model import linear_threshold
    >>> mechanism = linear_threshold(0.5)
    >>> mechanism.name, dict(mechanism.parameters), mechanism == linear_threshold(0.5)
    ('linear-threshold', {'threshold': 0.5}, True)
    """

    name: str
    parameters: Mapping[str, Any]
    init: Callable[[Setting], State]
    step: Callable[[State, Setting], tuple[State, YearInfo]]
    operators: int = 0
    random_numbers: int = 0
    weighs_utility: bool = True

    def __post_init__(self) -> None:
        freeze_fields(self)


def trajectory(mechanism: Mechanism, setting: Setting) -> Iterator[tuple[State, YearInfo | None]]:
    """Iterate over the years of a block of draws, starting with 2019, which has no info."""
    state = mechanism.init(setting)
    yield state, None
    for _ in setting.levers.years[1:]:
        state, info = mechanism.step(state, setting)
        yield state, info
