"""Parsing of ``initial``: labels, seeds, or a distribution, from any accepted input."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.checks import shown
from standards_net.core.arrays import FloatArray
from standards_net.diffusion.initial_state import InitialState
from standards_net.errors import StandardsNetError, one_of
from standards_net.labels import check_distinct, is_missing, without_labels
from standards_net.networks import Network
from standards_net.processes.process import UNASSIGNED, LabelArray
from standards_net.world.world import World

__all__ = ["RandomSeeds", "parse_initial", "random_seeds", "shares_of_2019"]

_Parsed = tuple[tuple[str, ...], dict[str, Any]]  # names of the standards, and one form of initial state

MAX_STANDARDS = 255  # a label is a byte, and one value means none


@dataclass(frozen=True)
class RandomSeeds:
    """Number of nodes that start with each standard; the nodes are drawn anew in each draw."""

    counts: Mapping[str, int]


def random_seeds(counts: Mapping[str, int]) -> RandomSeeds:
    """Seeds per standard, at nodes drawn anew in each draw; the others start without a standard.

    Parameters
    ----------
    counts : mapping of standard to int

    Examples
    --------
    >>> random_seeds({"open": 1})
    RandomSeeds(counts={'open': 1})
    """
    if not isinstance(counts, Mapping):
        raise StandardsNetError(f"seeds are {counts!r}; give a number per standard, such as {{'open': 1}}.")
    if any(is_missing(name) for name in counts):
        raise StandardsNetError("seeds: a standard is None or NaN; every standard needs a name.")
    if len({str(name) for name in counts}) < len(counts):
        raise StandardsNetError(f"seeds are {counts!r}; two names of standards are equal as strings.")
    for standard, count in counts.items():
        _check_count(standard, count)
    return RandomSeeds(dict(counts))


def _check_count(standard: str, count: Any) -> None:
    if not isinstance(count, int | np.integer) or isinstance(count, bool) or count < 0:
        raise StandardsNetError(f"seeds of '{standard}' are {count!r}; give a whole number of 0 or more.")


def parse_initial(
    initial: Any, network: Network, draws: range, standards: Sequence[str] | None, world: World | None
) -> InitialState:
    """Parse ``initial``, or raise an error that explains what is wrong.

    Parameters
    ----------
    initial : object
        See :func:`standards_net.diffuse`.
    network : Network
    draws : range
        Numbers of the draws.
    standards : sequence of str or None
        Names; found in ``initial`` if None.
    world : World or None
        The graph, if it is a World.
    """
    unordered = isinstance(standards, str | set | frozenset | Mapping)
    if standards is not None and (unordered or not isinstance(standards, Iterable)):
        raise StandardsNetError(f"standards is {standards!r}; give their names in order, in a list.")
    known = _names(standards) if standards is not None else None
    names, form = _parsed(initial, network, len(draws), known, world)
    check_distinct("initial", names)
    return InitialState(names, draws.start, **form)


def _parsed(
    initial: Any, network: Network, draws: int, known: tuple[str, ...] | None, world: World | None
) -> _Parsed:
    if isinstance(initial, RandomSeeds):
        return _from_seeds(RandomSeeds({str(k): n for k, n in initial.counts.items()}), network, known)
    if isinstance(initial, str):
        if world is None or initial != "2019":
            raise StandardsNetError(
                f"initial is '{initial}'; a string is allowed only for a World: '2019', its adoption then."
            )
        _all_known(world.standards, known or world.standards)
        names = known or world.standards
        shares = np.zeros((len(network), len(names)))
        shares[:, [names.index(name) for name in world.standards]] = shares_of_2019(world, "radio")
        return names, {"shares": shares}
    if isinstance(initial, Mapping):
        return _from_mapping(initial, network, known)
    return _from_array(initial, network, draws, known)


def shares_of_2019(world: World, technology: str) -> FloatArray:
    """Adoption in 2019 by standard, (N, S)."""
    market = world.market(technology)
    member = np.array([[name == of for name in world.standards] for of in market.vendor_standards])
    return np.asarray(market.adoption @ member.astype(np.float64))


def _names(standards: Sequence[str]) -> tuple[str, ...]:
    if any(is_missing(name) for name in standards):
        raise StandardsNetError("a standard is None or NaN; every standard needs a name.")
    names = tuple(str(name) for name in standards)
    if not 1 <= len(names) <= MAX_STANDARDS:
        raise StandardsNetError(f"there are {len(names)} standards; there can be 1 to {MAX_STANDARDS}.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StandardsNetError(f"standard '{twice[0]}' is named twice.")
    return names


def _from_seeds(initial: RandomSeeds, network: Network, known: tuple[str, ...] | None) -> _Parsed:
    names = known or _names(list(initial.counts))
    _all_known(initial.counts, names)
    if sum(initial.counts.values()) > len(network):
        raise StandardsNetError(f"{sum(initial.counts.values())} seeds do not fit on {len(network)} nodes.")
    return names, {"seeds": tuple(int(initial.counts.get(name, 0)) for name in names)}


def _all_known(found: Any, names: tuple[str, ...]) -> None:
    for standard in found:
        if str(standard) not in names:
            raise StandardsNetError(one_of("standard", standard, names) + ".")


def _from_mapping(initial: Mapping[Any, Any], network: Network, known: tuple[str, ...] | None) -> _Parsed:
    if not initial:
        raise StandardsNetError("initial is empty; give a standard to at least one node.")
    values = [value.item() if _is_scalar(value) else value for value in initial.values()]
    if all(isinstance(value, float) for value in values):
        _refuse_float_labels(initial, network, known)
        return _from_distribution(initial, network, known)
    pairs, named = _pairs_of(list(initial), values)
    names = known or _names(named)
    _all_known((standard for _, standard in pairs), names)
    labels = np.full(len(network), UNASSIGNED, np.uint8)
    indices = (
        {} if isinstance(network.names, range) else {name: index for index, name in enumerate(network.names)}
    )
    for node, standard in pairs:
        index = _index_of(node, network, indices)
        if labels[index] not in (UNASSIGNED, names.index(standard)):
            raise StandardsNetError(f"node {node!r} is given two standards.")
        labels[index] = names.index(standard)
    return names, {"labels": labels}


def _pairs_of(keys: list[Any], values: list[Any]) -> tuple[list[tuple[Any, str]], list[str]]:
    """Nodes with their standards, and the standards, from either kind of mapping."""
    listed = [isinstance(value, Iterable) and not isinstance(value, str | bytes) for value in values]
    if all(listed):
        pairs = [
            (node, str(standard)) for standard, nodes in zip(keys, values, strict=True) for node in nodes
        ]
        if any(is_missing(standard) for standard in keys):
            raise StandardsNetError("initial: a standard is None or NaN; every standard needs a name.")
        return pairs, [str(standard) for standard in keys]
    if any(listed):
        raise StandardsNetError(
            "initial maps both nodes to standards and standards to nodes; use one or the other."
        )
    if any(is_missing(standard) for standard in values):
        raise StandardsNetError("initial gives a node None or NaN; leave it out if it has no standard.")
    pairs = [(node, str(standard)) for node, standard in zip(keys, values, strict=True)]
    return pairs, sorted({standard for _, standard in pairs})


def _index_of(node: Any, network: Network, indices: Mapping[Any, int]) -> int:
    index = -1
    if isinstance(network.names, range) and isinstance(node, int | float | np.integer | np.floating):
        index = int(node) if node % 1 == 0 else -1
    elif isinstance(node, Hashable):
        index = indices.get(node, -1)
    if not 0 <= index < len(network):
        raise StandardsNetError(_unknown_node(node, network))
    return index


def _is_scalar(value: Any) -> bool:
    """Whether it is a numpy scalar or a 0-d array."""
    return isinstance(value, np.generic) or (isinstance(value, np.ndarray) and not value.ndim)


def _refuse_float_labels(initial: Mapping[Any, Any], network: Network, known: tuple[str, ...] | None) -> None:
    """Labels may become floats on their way through tables, and then look like shares of 0 and 1."""
    if not all(float(value).is_integer() for value in initial.values()):
        return
    named = known is not None and all(str(name) in known for name in initial)
    nodes = set(network.names) if not isinstance(network.names, range) else network.names
    if not named and all(isinstance(name, Hashable) and name in nodes for name in initial):
        raise StandardsNetError(
            "initial maps nodes to floats; map them to standards, as strings or whole numbers. If these are "
            "shares of standards with the same names as nodes, list the names in standards, too."
        )


def _unknown_node(node: Any, network: Network) -> str:
    if isinstance(network.names, range):
        last = len(network) - 1
        if isinstance(node, str) and node.isdecimal():
            return f"seed {node!r} is a word; the nodes of the graph are the numbers 0 to {last}."
        return f"seed {shown(node)} is not in the graph; its nodes are 0 to {last}."
    return "seed: " + one_of("node", node, network.names) + "."


def _from_distribution(
    initial: Mapping[Any, Any], network: Network, known: tuple[str, ...] | None
) -> _Parsed:
    if any(is_missing(name) for name in initial):
        raise StandardsNetError("initial: a standard is None or NaN; every standard needs a name.")
    given = {str(name): share for name, share in initial.items()}
    if len(given) < len(initial):
        raise StandardsNetError(f"initial is {initial!r}; two names of standards are equal as strings.")
    names = known or _names(list(given))
    _all_known(given, names)
    row = np.array([float(given.get(name, 0.0)) for name in names])
    return names, {"shares": _checked_shares(np.broadcast_to(row, (len(network), len(names))))}


def _from_array(initial: Any, network: Network, draws: int, known: tuple[str, ...] | None) -> _Parsed:
    if hasattr(initial, "columns"):
        initial, known = _by_standard(initial, known)
    array, nodes = _array_of(initial, network), len(network)
    if array.dtype.kind == "f":
        if array.ndim not in (2, 3) or array.shape[-2] != nodes or (array.ndim == 3 and len(array) != draws):
            raise StandardsNetError(
                f"initial has shape {array.shape}; shares must be ({nodes}, standards) or "
                f"({draws}, {nodes}, standards)."
            )
        names = known or _names([str(s) for s in range(array.shape[-1])])
        if array.shape[-1] != len(names):
            raise StandardsNetError(f"initial has {array.shape[-1]} standards; there are {len(names)}.")
        return names, {"shares": _checked_shares(array)}
    if array.shape not in ((nodes,), (draws, nodes)):
        raise StandardsNetError(
            f"initial has shape {array.shape}; labels must be ({nodes},) or ({draws}, {nodes})."
        )
    return _from_labels(array, known)


def _by_standard(frame: Any, known: tuple[str, ...] | None) -> tuple[Any, tuple[str, ...] | None]:
    """Columns of a frame of shares in the order of the standards, or as they are called if none are given."""
    columns = list(frame.columns)
    if columns == list(range(len(columns))):
        return frame, known
    names = _names(columns)
    if known is None:
        return frame, names
    if set(names) != set(known):
        raise StandardsNetError(
            f"the columns of initial are {', '.join(names)}; the standards are {', '.join(known)}."
        )
    return frame.iloc[:, [names.index(name) for name in known]], known


def _by_node(table: Any, network: Network) -> Any:
    """Rows in the order of the nodes."""
    indices = {name: index for index, name in enumerate(table.index)}
    if len(indices) != len(network) or any(name not in indices for name in network.names):
        raise StandardsNetError("the index of initial must contain each node of the graph exactly once.")
    return table.iloc[[indices[name] for name in network.names]].to_numpy()


def _array_of(initial: Any, network: Network) -> Any:
    if hasattr(initial, "iloc"):  # pandas DataFrame or Series
        initial = _by_node(initial, network)
    initial = without_labels("initial", initial)
    if isinstance(initial, list | tuple) and any(is_missing(value) for value in initial):
        raise StandardsNetError(
            "initial holds None or NaN; use a mapping without these nodes, or integers with -1 for none."
        )
    if np.ma.isMaskedArray(initial):
        raise StandardsNetError("initial is a masked array; use integer labels, with -1 for none.")
    try:
        array = np.asarray(initial)
    except ValueError:
        raise StandardsNetError("initial has rows of different lengths.") from None
    if array.dtype.kind == "O" and all(_is_whole(value) for value in array.ravel()):
        array = array.astype(np.int64)
    if array.dtype.kind in "cV":
        raise StandardsNetError("initial must hold labels, or shares as real numbers.")
    return array


def _from_labels(array: Any, known: tuple[str, ...] | None) -> _Parsed:
    if array.dtype.kind in "iu":
        largest = int(array.max(initial=0))
        if int(array.min(initial=0)) < -1:
            raise StandardsNetError(
                f"initial holds the label {int(array.min())}; labels are 0, 1, ..., or -1 for none."
            )
        if largest >= MAX_STANDARDS:
            raise StandardsNetError(
                f"initial holds the label {largest}; there can be at most {MAX_STANDARDS} standards."
            )
        names = known or _names([str(s) for s in range(largest + 1)])
        if largest >= len(names):
            raise StandardsNetError(f"initial holds the label {largest}; there are {len(names)} standards.")
        return names, {"labels": np.where(array < 0, UNASSIGNED, array).astype(np.uint8)}
    if array.dtype.kind == "O" and any(is_missing(value) for value in array.ravel()):
        raise StandardsNetError(
            "initial holds None or NaN; use a mapping without these nodes, or integers with -1 for none."
        )
    texts = array.astype(str)
    names = known or _names(sorted(set(texts.ravel().tolist())))
    _all_known(np.unique(texts), names)
    return names, {"labels": _labels_of(texts, names)}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _labels_of(texts: Any, names: tuple[str, ...]) -> LabelArray:
    labels = np.zeros(texts.shape, np.uint8)
    for index, name in enumerate(names):
        labels[texts == name] = index
    return labels


def _checked_shares(shares: Any) -> FloatArray:
    array = np.asarray(shares, dtype=np.float64)
    if not np.isfinite(array).all() or array.min(initial=0.0) < 0.0:
        raise StandardsNetError("initial: shares must be finite and 0 or more.")
    largest = float(array.sum(axis=-1).max(initial=0.0))
    if largest > 1.0 + 1e-9:
        raise StandardsNetError(f"initial: the shares of a node add up to {largest:.4g}; the maximum is 1.")
    return array
