"""What fits together in a run: process, network and beginning, and states of a process of one's own."""

from __future__ import annotations

from typing import Any

import numpy as np

from standards_net import processes
from standards_net.errors import StandardsNetError, one_of
from standards_net.model import Mechanism
from standards_net.networks import Network
from standards_net.processes.process import UNASSIGNED, Labels, NetworkSetting, Process

__all__ = ["all_decided", "check_content", "check_process", "check_state", "nobody_alone"]


def check_process(process: Any) -> None:
    """Something that runs on a network, or an error."""
    if isinstance(process, Mechanism):
        raise StandardsNetError(
            f"'{process.name}' is a mechanism of the yearly model, which run() takes; diffuse() takes a "
            f"process on networks, such as standards_net.processes.{_counterpart(process.name)}()."
        )
    if not isinstance(process, Process):
        raise StandardsNetError(
            f"process is {process!r}; give one of standards_net.processes, such as heat_bath(), or a Process."
        )
    if process.moves not in ("labels", "shares"):
        raise StandardsNetError(one_of("moves", str(process.moves), ("labels", "shares")) + ".")


def _counterpart(mechanism: str) -> str:
    """Process on networks that is nearest to a mechanism."""
    plain = mechanism.replace("-", "_")
    return plain if plain in processes.__all__ else "logit"


def nobody_alone(network: Network, process: Process) -> None:
    """Everyone looks to somebody, or an error."""
    alone = network.degree == 0
    if alone.any():
        name = network.names[int(alone.argmax())]
        raise StandardsNetError(
            f"node {name!r} looks to nobody; {process.name} needs a neighbour for every node "
            f"({int(alone.sum())} have none): leave them out, or say isolated='keep'."
        )


def all_decided(labels: Any, network: Network, process: Process) -> None:
    """Everyone begins with a standard, or an error."""
    without = labels == UNASSIGNED
    if without.any():
        name = network.names[int(np.argwhere(without)[0, 1])]
        raise StandardsNetError(
            f"node {name!r} begins without a standard; {process.name} needs one for every node."
        )


def check_state(process: Process, state: Any, setting: NetworkSetting, by: str) -> None:
    """A process of one's own gives states that fit, or is told what would."""
    held = state.labels if type(state) is Labels else None
    if isinstance(held, np.ndarray) and held.dtype == np.uint8 and held.shape == setting.labels.shape:
        return  # the usual case, without a detour: a step of a small network takes microseconds
    what, draws, nodes = process.moves, setting.random.draws, len(setting.network)
    if isinstance(getattr(type(state), what, None), property):
        return  # made when it is asked for, by a process that knows what it does
    right = (draws, nodes) if what == "labels" else (draws, nodes, len(setting.standards))
    values = np.asarray(getattr(state, what, 0)) if hasattr(state, "step") else np.empty(())
    who = f"{by} of process '{process.name}'"
    if values.shape != right:
        raise StandardsNetError(
            f"{who} gave {type(state).__name__} with {what} of shape {values.shape}; it must give a state "
            f"with a step and {what} of shape {right}, such as {what.capitalize()}(0, ...)."
        )
    if what == "labels" and not _are_labels(values):
        raise StandardsNetError(
            f"{who} gave labels that are not whole numbers from 0 to {UNASSIGNED}; a label is the place of a "
            f"standard, {UNASSIGNED} means none."
        )


def _are_labels(values: Any) -> bool:
    whole = values.dtype.kind in "iu"
    return values.dtype == np.uint8 or bool(whole and values.min() >= 0 and values.max() <= UNASSIGNED)


def check_content(process: Process, state: Any, setting: NetworkSetting) -> None:
    """At the end: labels of standards that there are, shares that are numbers."""
    if isinstance(getattr(type(state), process.moves, None), property):
        return
    values, count = np.asarray(getattr(state, process.moves)), len(setting.standards)
    if process.moves == "labels" and ((values >= count) & (values != UNASSIGNED)).any():
        wrong = int(values[(values >= count) & (values != UNASSIGNED)][0])
        raise StandardsNetError(
            f"process '{process.name}' gave the label {wrong}; there are {count} standards, 0 to "
            f"{count - 1}, and {UNASSIGNED} means none."
        )
    if process.moves == "shares" and not np.isfinite(values).all():
        raise StandardsNetError(f"process '{process.name}' gave shares that are not finite numbers.")
