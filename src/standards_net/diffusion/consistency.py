"""Consistency checks of a run: process, network, initial state, and states of user-defined processes."""

from __future__ import annotations

from typing import Any

import numpy as np

from standards_net import processes
from standards_net.errors import StandardsNetError, one_of
from standards_net.model import Mechanism
from standards_net.networks import Network
from standards_net.processes.process import UNASSIGNED, Labels, NetworkSetting, Process

__all__ = ["check_assigned", "check_content", "check_no_isolated", "check_process", "check_state"]


def check_process(process: Any) -> None:
    """Raise unless ``process`` is a process on networks."""
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
        raise StandardsNetError(one_of("moves", process.moves, ("labels", "shares")) + ".")


def _counterpart(mechanism: str) -> str:
    """Process on networks that is closest to a mechanism."""
    plain = mechanism.replace("-", "_")
    return plain if plain in processes.__all__ else "logit"


def check_no_isolated(network: Network, process: Process) -> None:
    """Raise if a node is isolated."""
    isolated = network.degree == 0
    if isolated.any():
        name = network.names[int(isolated.argmax())]
        raise StandardsNetError(
            f"node {name!r} has no influencer; {process.name} requires one for every node "
            f"({int(isolated.sum())} have none): remove these nodes, or pass isolated='keep'."
        )


def check_assigned(labels: Any, network: Network, process: Process) -> None:
    """Raise if a node starts without a standard."""
    unassigned = labels == UNASSIGNED
    if unassigned.any():
        name = network.names[int(np.argwhere(unassigned)[0, 1])]
        raise StandardsNetError(
            f"node {name!r} starts without a standard; {process.name} requires one for every node."
        )


def check_state(process: Process, state: Any, setting: NetworkSetting, by: str) -> None:
    """Raise if a state of a user-defined process has the wrong form."""
    labels = state.labels if type(state) is Labels else None
    if isinstance(labels, np.ndarray) and labels.dtype == np.uint8 and labels.shape == setting.labels.shape:
        return  # the usual case comes first: a step on a small network takes microseconds
    what, draws, nodes = process.moves, setting.random.draws, len(setting.network)
    if isinstance(getattr(type(state), what, None), property):
        return  # created lazily, by a process that is trusted
    shape = (draws, nodes) if what == "labels" else (draws, nodes, len(setting.standards))
    values = np.asarray(getattr(state, what, 0)) if hasattr(state, "step") else np.empty(())
    origin = f"{by} of process '{process.name}'"
    if values.shape != shape:
        raise StandardsNetError(
            f"{origin} returned {type(state).__name__} with {what} of shape {values.shape}; it must return a "
            f"state with a step and {what} of shape {shape}, such as {what.capitalize()}(0, ...)."
        )
    if what == "labels" and not _are_labels(values):
        raise StandardsNetError(
            f"{origin} returned labels that are not whole numbers from 0 to {UNASSIGNED}; a label is the "
            f"index of a standard, {UNASSIGNED} means none."
        )


def _are_labels(values: Any) -> bool:
    whole = values.dtype.kind in "iu"
    return values.dtype == np.uint8 or bool(whole and values.min() >= 0 and values.max() <= UNASSIGNED)


def check_content(process: Process, state: Any, setting: NetworkSetting) -> None:
    """Raise if final labels refer to no standard, or final shares are not finite."""
    if isinstance(getattr(type(state), process.moves, None), property):
        return
    values, count = np.asarray(getattr(state, process.moves)), len(setting.standards)
    if process.moves == "labels" and ((values >= count) & (values != UNASSIGNED)).any():
        wrong = int(values[(values >= count) & (values != UNASSIGNED)][0])
        raise StandardsNetError(
            f"process '{process.name}' returned the label {wrong}; there are {count} standards, 0 to "
            f"{count - 1}, and {UNASSIGNED} means none."
        )
    if process.moves == "shares" and not np.isfinite(values).all():
        raise StandardsNetError(f"process '{process.name}' returned shares that are not finite numbers.")
