"""What ``initial`` means: labels, seeds, or a distribution, from all that a user may give."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.diffusion.initial_state import InitialState
from standards_net.errors import StandardsNetError, one_of
from standards_net.networks import Network
from standards_net.processes.process import UNASSIGNED, LabelArray
from standards_net.world.world import World

__all__ = ["RandomSeeds", "parse_initial", "random_seeds", "shares_of_2019"]

_Names = tuple[tuple[str, ...], dict[str, Any]]  # of the standards, and the form of the beginning

MOST_STANDARDS = 255  # a label is a byte, and one value means none


@dataclass(frozen=True)
class RandomSeeds:
    """How many nodes begin with each standard; which ones is drawn anew in each draw."""

    counts: Mapping[str, int]


def random_seeds(counts: Mapping[str, int]) -> RandomSeeds:
    """Seeds per standard, at nodes drawn anew in each draw; the others begin without a standard.

    Parameters
    ----------
    counts : mapping of standard to int

    Examples
    --------
    >>> random_seeds({"open": 1})
    RandomSeeds(counts={'open': 1})
    """
    if not isinstance(counts, Mapping):
        raise StandardsNetError(
            f"seeds are {counts!r}; give how many of each standard, such as {{'open': 1}}."
        )
    if len({str(name) for name in counts}) < len(counts):
        raise StandardsNetError(f"seeds are {counts!r}; two names of standards are the same as words.")
    for standard, count in counts.items():
        _check_count(standard, count)
    return RandomSeeds(dict(counts))


def _check_count(standard: str, count: Any) -> None:
    if not isinstance(count, int | np.integer) or isinstance(count, bool) or count < 0:
        raise StandardsNetError(f"seeds of '{standard}' are {count!r}; give a whole number of 0 or more.")


def parse_initial(
    initial: Any, network: Network, draws: range, standards: Sequence[str] | None, world: World | None
) -> InitialState:
    """Understand ``initial``, or say what is wrong with it.

    Parameters
    ----------
    initial : object
        See :func:`standards_net.diffuse`.
    network : Network
    draws : range
        Their numbers.
    standards : sequence of str or None
        Names; found in ``initial`` if None.
    world : World or None
        Where the graph was a world.
    """
    unordered = isinstance(standards, str | set | frozenset | Mapping)
    if standards is not None and (unordered or not isinstance(standards, Iterable)):
        raise StandardsNetError(f"standards is {standards!r}; give their names in order, in a list.")
    known = _names(standards) if standards is not None else None
    names, form = _understood(initial, network, len(draws), known, world)
    return InitialState(names, draws.start, **form)


def _understood(
    initial: Any, network: Network, draws: int, known: tuple[str, ...] | None, world: World | None
) -> _Names:
    if isinstance(initial, RandomSeeds):
        return _from_seeds(RandomSeeds({str(k): n for k, n in initial.counts.items()}), network, known)
    if isinstance(initial, str):
        if world is None or initial != "2019":
            raise StandardsNetError(
                f"initial is '{initial}'; a word is understood only for a World: '2019', its adoption then."
            )
        _all_known(world.standards, known or world.standards)
        names = known or world.standards
        shares = np.zeros((len(network), len(names)))
        shares[:, [names.index(name) for name in world.standards]] = shares_of_2019(world, "5g")
        return names, {"shares": shares}
    if isinstance(initial, Mapping):
        return _from_mapping(initial, network, known)
    return _from_array(initial, network, draws, known)


def shares_of_2019(world: World, technology: str) -> FloatArray:
    """Adoption of 2019 by standard, (N, S)."""
    market = world.market(technology)
    member = np.array([[name == of for name in world.standards] for of in market.vendor_standards])
    return np.asarray(market.adoption @ member.astype(np.float64))


def _names(standards: Sequence[str]) -> tuple[str, ...]:
    names = tuple(str(name) for name in standards)
    if not 1 <= len(names) <= MOST_STANDARDS:
        raise StandardsNetError(f"there are {len(names)} standards; there can be 1 to {MOST_STANDARDS}.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StandardsNetError(f"standard '{twice[0]}' is named twice.")
    return names


def _from_seeds(initial: RandomSeeds, network: Network, known: tuple[str, ...] | None) -> _Names:
    names = known or _names(list(initial.counts))
    _all_known(initial.counts, names)
    if sum(initial.counts.values()) > len(network):
        raise StandardsNetError(f"{sum(initial.counts.values())} seeds do not fit on {len(network)} nodes.")
    return names, {"seeds": tuple(int(initial.counts.get(name, 0)) for name in names)}


def _all_known(found: Any, names: tuple[str, ...]) -> None:
    for standard in found:
        if str(standard) not in names:
            raise StandardsNetError(one_of("standard", str(standard), names) + ".")


def _from_mapping(initial: Mapping[Any, Any], network: Network, known: tuple[str, ...] | None) -> _Names:
    if not initial:
        raise StandardsNetError("initial is empty; give a standard to at least one node.")
    values = [value.item() if _is_scalar(value) else value for value in initial.values()]
    if all(isinstance(value, float) for value in values):
        _no_numbers_for_nodes(initial, network, known)
        return _from_distribution(initial, network, known)
    pairs, named = _pairs_of(list(initial), values)
    names = known or _names(named)
    _all_known((standard for _, standard in pairs), names)
    labels = np.full(len(network), UNASSIGNED, np.uint8)
    places = {} if isinstance(network.names, range) else {name: at for at, name in enumerate(network.names)}
    for node, standard in pairs:
        at = _place_of(node, network, places)
        if labels[at] not in (UNASSIGNED, names.index(standard)):
            raise StandardsNetError(f"node {node!r} is given two standards.")
        labels[at] = names.index(standard)
    return names, {"labels": labels}


def _pairs_of(keys: list[Any], values: list[Any]) -> tuple[list[tuple[Any, str]], list[str]]:
    """Nodes with their standards, and the standards, from either kind of mapping."""
    listed = [isinstance(value, Iterable) and not isinstance(value, str | bytes) for value in values]
    if all(listed):
        pairs = [
            (node, str(standard)) for standard, nodes in zip(keys, values, strict=True) for node in nodes
        ]
        return pairs, [str(standard) for standard in keys]
    if any(listed):
        raise StandardsNetError(
            "initial gives nodes a standard and standards a list of nodes; do one or the other."
        )
    if any(_missing(standard) for standard in values):
        raise StandardsNetError("initial gives a node None or NaN; leave it out if it has no standard.")
    pairs = [(node, str(standard)) for node, standard in zip(keys, values, strict=True)]
    return pairs, sorted({standard for _, standard in pairs})


def _place_of(node: Any, network: Network, places: Mapping[Any, int]) -> int:
    at = -1
    if isinstance(network.names, range) and isinstance(node, int | float | np.integer | np.floating):
        at = int(node) if node % 1 == 0 else -1
    elif isinstance(node, Hashable):
        at = places.get(node, -1)
    if not 0 <= at < len(network):
        raise StandardsNetError(_unknown_node(node, network))
    return at


def _is_scalar(value: Any) -> bool:
    """Whether it is one of numpy's, which hide what they are: arrays without axes among them."""
    return isinstance(value, np.generic) or (isinstance(value, np.ndarray) and not value.ndim)


def _missing(value: Any) -> bool:
    """None, NaN, and whatever else does not equal itself: pandas' NA does not even say."""
    try:
        return value is None or bool(value != value)
    except (TypeError, ValueError):
        return True


def _no_numbers_for_nodes(
    initial: Mapping[Any, Any], network: Network, known: tuple[str, ...] | None
) -> None:
    """Labels become numbers with a point on their way through tables; shares of 1 and 0 look like them."""
    if not all(float(value).is_integer() for value in initial.values()):
        return
    named = known is not None and all(str(name) in known for name in initial)
    nodes = set(network.names) if not isinstance(network.names, range) else network.names
    if not named and all(isinstance(name, Hashable) and name in nodes for name in initial):
        raise StandardsNetError(
            "initial gives nodes numbers with a point; give them standards, in words or as whole numbers. If "
            "these are shares of standards that are named like nodes, name them in standards, too."
        )


def _unknown_node(node: Any, network: Network) -> str:
    if isinstance(network.names, range):
        return f"seed {node!r} is not in the graph; its nodes are 0 to {len(network) - 1}."
    return "seed: " + one_of("node", str(node), [str(name) for name in network.names]) + "."


def _from_distribution(initial: Mapping[Any, Any], network: Network, known: tuple[str, ...] | None) -> _Names:
    given = {str(name): share for name, share in initial.items()}
    if len(given) < len(initial):
        raise StandardsNetError(f"initial is {initial!r}; two names of standards are the same as words.")
    names = known or _names(list(given))
    _all_known(given, names)
    row = np.array([float(given.get(name, 0.0)) for name in names])
    return names, {"shares": _checked_shares(np.broadcast_to(row, (len(network), len(names))))}


def _from_array(initial: Any, network: Network, draws: int, known: tuple[str, ...] | None) -> _Names:
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


def _by_node(table: Any, network: Network) -> Any:
    """Rows in the order of the nodes."""
    places = {name: at for at, name in enumerate(table.index)}
    if len(places) != len(network) or any(name not in places for name in network.names):
        raise StandardsNetError("initial has an index that is not the nodes of the graph, each once.")
    return table.iloc[[places[name] for name in network.names]].to_numpy()


def _array_of(initial: Any, network: Network) -> Any:
    if hasattr(initial, "iloc"):  # pandas' table or column, whose rows have names
        initial = _by_node(initial, network)
    if np.ma.isMaskedArray(initial):
        raise StandardsNetError("initial is a masked array; number labels and say -1 for none.")
    try:
        array = np.asarray(initial)
    except ValueError:
        raise StandardsNetError("initial has rows of different lengths.") from None
    if array.dtype.kind == "O" and all(_is_whole(value) for value in array.ravel()):
        array = array.astype(np.int64)
    if array.dtype.kind in "cV":
        raise StandardsNetError("initial must hold labels, or shares as real numbers.")
    return array


def _from_labels(array: Any, known: tuple[str, ...] | None) -> _Names:
    if array.dtype.kind in "iu":
        most = int(array.max(initial=0))
        if int(array.min(initial=0)) < -1:
            raise StandardsNetError(
                f"initial holds the label {int(array.min())}; -1 means none, else 0, 1, ..."
            )
        if most >= MOST_STANDARDS:
            raise StandardsNetError(
                f"initial holds the label {most}; there can be at most {MOST_STANDARDS} standards."
            )
        names = known or _names([str(s) for s in range(most + 1)])
        if most >= len(names):
            raise StandardsNetError(f"initial holds the label {most}; there are {len(names)} standards.")
        return names, {"labels": np.where(array < 0, UNASSIGNED, array).astype(np.uint8)}
    if array.dtype.kind == "O" and any(_missing(value) for value in array.ravel()):
        raise StandardsNetError(
            "initial holds None or NaN; leave nodes out of a mapping, or number labels and say -1."
        )
    words = array.astype(str)
    names = known or _names(sorted(set(words.ravel().tolist())))
    _all_known(np.unique(words), names)
    return names, {"labels": _positions(words, names)}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _positions(words: Any, names: tuple[str, ...]) -> LabelArray:
    labels = np.zeros(words.shape, np.uint8)
    for place, name in enumerate(names):
        labels[words == name] = place
    return labels


def _checked_shares(shares: Any) -> FloatArray:
    array = np.asarray(shares, dtype=np.float64)
    if not np.isfinite(array).all() or array.min(initial=0.0) < 0.0:
        raise StandardsNetError("initial: shares must be finite and 0 or more.")
    most = float(array.sum(axis=-1).max(initial=0.0))
    if most > 1.0 + 1e-9:
        raise StandardsNetError(f"initial: the shares of a node add up to {most:.4g}; at most 1 is possible.")
    return array
