"""How nodes begin: labels, seeds, or a distribution."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from standards_net.core.arrays import FloatArray
from standards_net.errors import StandardsNetError, one_of
from standards_net.networks import Network
from standards_net.processes.process import NOBODY, LabelArray
from standards_net.randomness import Luck, Stream
from standards_net.world.world import World

__all__ = ["Beginning", "RandomSeeds", "beginning_of", "random_seeds", "shares_of_2019"]

_Names = tuple[tuple[str, ...], dict[str, Any]]  # of the standards, and the form of the beginning

_ROOM = 2**20  # nodes times draws whose luck is drawn at a time
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
    for standard, count in counts.items():
        _check_count(standard, count)
    return RandomSeeds(dict(counts))


def _check_count(standard: str, count: Any) -> None:
    if not isinstance(count, int | np.integer) or isinstance(count, bool) or count < 0:
        raise StandardsNetError(f"seeds of '{standard}' are {count!r}; give a whole number of 0 or more.")


@dataclass(frozen=True)
class Beginning:
    """What ``initial`` means, checked: one of three forms.

    Attributes
    ----------
    standards : tuple of str
    first : int
        Number of the draw that the first rows of labels or shares belong to.
    labels : (N,) or (draws, N) array of uint8, or None
    shares : (N, S) or (draws, N, S) array, or None
        Nodes that move shares have these; others draw one standard from them, or none with what is
        missing to 1.
    seeds : tuple of int or None
        Nodes that begin with each standard, drawn anew in each draw.
    """

    standards: tuple[str, ...]
    first: int
    labels: LabelArray | None = None
    shares: FloatArray | None = None
    seeds: tuple[int, ...] | None = None

    def of(self, luck: Luck, nodes: int) -> LabelArray:
        """Labels of a block of draws, (R, N)."""
        if self.labels is not None:
            chosen = self.labels[self._rows(luck)] if self.labels.ndim == 2 else self.labels
            return np.array(np.broadcast_to(chosen, (luck.draws, nodes)), order="C")
        labels = np.empty((luck.draws, nodes), np.uint8)
        some = max(_ROOM // max(nodes, 1), 1)
        for at in range(0, luck.draws, some):
            few = Luck(luck.seed, luck.first + at, min(some, luck.draws - at))
            labels[at : at + some] = (
                self._sown(few, nodes) if self.shares is None else self._drawn(few, nodes)
            )
        return labels

    def shares_of(self, luck: Luck, nodes: int) -> FloatArray:
        """Shares of a block of draws, (R, N, S): as given, or 1 for the label."""
        if self.shares is not None:
            chosen = self.shares[self._rows(luck)] if self.shares.ndim == 3 else self.shares
            return np.broadcast_to(chosen, (luck.draws, nodes, len(self.standards)))  # nobody may write
        held = self.of(luck, nodes)[..., None] == np.arange(len(self.standards))
        return np.asarray(held, dtype=np.float64)

    def _rows(self, luck: Luck) -> Any:
        """Of a block of draws; draws before the first, which nobody asked for, begin like it."""
        at = luck.first - self.first
        return slice(at, at + luck.draws) if at >= 0 else np.arange(at, at + luck.draws).clip(0)

    def _drawn(self, luck: Luck, nodes: int) -> LabelArray:
        shares = np.asarray(self.shares)
        chosen = shares[self._rows(luck)] if shares.ndim == 3 else shares
        uniforms = luck.uniforms(0, nodes, Stream.START)
        labels = np.zeros(uniforms.shape, np.uint8)
        for upto in np.moveaxis(np.cumsum(chosen, axis=-1), -1, 0):
            labels += uniforms >= np.where(upto > 1.0 - 1e-9, 1.0, upto)
        labels[labels == len(self.standards)] = NOBODY
        return labels

    def _sown(self, luck: Luck, nodes: int) -> LabelArray:
        """Distinct nodes: those whose words are smallest among a few, or among all."""
        total = sum(self.seeds or ())
        labels = np.full((luck.draws, nodes), NOBODY, np.uint8)
        if not total:
            return labels
        words = luck.uniforms(0, nodes, Stream.START) + np.arange(nodes) * 2.0**-52  # no two alike
        places = np.argpartition(words, min(total, nodes - 1), axis=1)[:, :total]
        order = np.take_along_axis(places, np.take_along_axis(words, places, 1).argsort(axis=1), 1)
        drawn = np.repeat(np.arange(len(self.standards), dtype=np.uint8), self.seeds or ())
        np.put_along_axis(labels, order, np.broadcast_to(drawn, order.shape), 1)
        return labels


def beginning_of(
    initial: Any, network: Network, draws: range, standards: Sequence[str] | None, world: World | None
) -> Beginning:
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
    if standards is not None and not isinstance(standards, Iterable):
        raise StandardsNetError(f"standards is {standards!r}; give their names.")
    known = _names(standards) if standards is not None else None
    names, form = _understood(initial, network, len(draws), known, world)
    return Beginning(names, draws.start, **form)


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
    values = list(initial.values())
    if all(isinstance(value, float | np.floating) for value in values):
        return _from_distribution(initial, network, known)
    if all(isinstance(value, Iterable) and not isinstance(value, str | bytes) for value in values):
        pairs = [(node, str(standard)) for standard, nodes in initial.items() for node in nodes]
        named = [str(standard) for standard in initial]
    else:
        if any(standard is None or standard != standard for standard in values):
            raise StandardsNetError("initial gives a node None or NaN; leave it out if it has no standard.")
        pairs = [(node, str(standard)) for node, standard in initial.items()]
        named = sorted({standard for _, standard in pairs})
    names = known or _names(named)
    _all_known((standard for _, standard in pairs), names)
    labels = np.full(len(network), NOBODY, np.uint8)
    numbered = isinstance(network.names, range)
    place = {} if numbered else {name: at for at, name in enumerate(network.names)}
    for node, standard in pairs:
        at = -1
        if numbered and isinstance(node, int | float | np.number) and node == np.floor(node):
            at = int(node)
        elif isinstance(node, Hashable):
            at = place.get(node, -1)
        if not 0 <= at < len(network):
            raise StandardsNetError(_unknown_node(node, network))
        if labels[at] not in (NOBODY, names.index(standard)):
            raise StandardsNetError(f"node {node!r} is given two standards.")
        labels[at] = names.index(standard)
    return names, {"labels": labels}


def _unknown_node(node: Any, network: Network) -> str:
    if isinstance(network.names, range):
        return f"seed {node!r} is not in the graph; its nodes are 0 to {len(network) - 1}."
    return "seed: " + one_of("node", str(node), [str(name) for name in network.names]) + "."


def _from_distribution(initial: Mapping[Any, Any], network: Network, known: tuple[str, ...] | None) -> _Names:
    given = {str(name): share for name, share in initial.items()}
    names = known or _names(list(given))
    _all_known(given, names)
    row = np.array([float(given.get(name, 0.0)) for name in names])
    return names, {"shares": _checked_shares(np.broadcast_to(row, (len(network), len(names))))}


def _from_array(initial: Any, network: Network, draws: int, known: tuple[str, ...] | None) -> _Names:
    array, nodes = _array_of(initial), len(network)
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


def _array_of(initial: Any) -> Any:
    if np.ma.isMaskedArray(initial):
        raise StandardsNetError("initial is a masked array; number labels and say -1 for none.")
    try:
        array = np.asarray(initial)
    except ValueError:
        raise StandardsNetError("initial has rows of different lengths.") from None
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
        return names, {"labels": np.where(array < 0, NOBODY, array).astype(np.uint8)}
    if array.dtype.kind == "O" and any(value is None or value != value for value in array.ravel()):
        raise StandardsNetError(
            "initial holds None or NaN; leave nodes out of a mapping, or number labels and say -1."
        )
    words = array.astype(str)
    names = known or _names(sorted(set(words.ravel().tolist())))
    _all_known(np.unique(words), names)
    return names, {"labels": _positions(words, names)}


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
