"""Labelled data of pandas and xarray: aligned by their labels, or refused, never read by position.

Labels that only count from 0 are positions, and count as none where nothing beside them has labels.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

import numpy as np

from standards_net.errors import StandardsNetError

__all__ = ["aligned_by_label", "checked_words", "is_missing", "labels_of", "without_labels"]

P = ParamSpec("P")
T = TypeVar("T")

_Labels = tuple[Any, ...]


def is_missing(value: Any) -> bool:
    """Whether it is None, NaN, pandas' NA or NaT, or else is not equal to itself.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing("")
    (True, True, False)
    """
    try:
        return value is None or bool(value != value)
    except (TypeError, ValueError):
        return True


def labels_of(value: Any, *, counted: bool = False) -> list[_Labels | None]:
    """Labels along each axis of an array, None where there are none; none at all of what is not labelled.

    Labels that count from 0 are positions; with ``counted`` they are labels too.

    Examples
    --------
    >>> import pandas as pd
    >>> labels_of(pd.Series([1.0, 2.0], index=["x", "y"])), labels_of(np.ones(2))
    ([('x', 'y')], [])
    """
    if not hasattr(value, "iloc") and hasattr(value, "to_pandas") and hasattr(value, "columns"):
        raise StandardsNetError(
            f"a frame of {type(value).__module__.split('.')[0]} has no labels of rows; give a pandas one "
            "with "
            "them as its index."
        )
    if hasattr(value, "iloc"):
        axes = value.axes
    elif "xarray" in sys.modules and isinstance(value, sys.modules["xarray"].DataArray):
        axes = [value.indexes.get(dim) for dim in value.dims]
    else:
        return []
    found = [None if axis is None or (_counts(axis) and not counted) else tuple(axis) for axis in axes]
    return found if any(labels is not None for labels in found) else []


def _counts(axis: Any) -> bool:
    """Whether labels are no more than positions."""
    return bool(axis.dtype.kind in "iu" and (np.asarray(axis) == np.arange(len(axis))).all())


def without_labels(name: str, value: Any) -> Any:
    """A value that is read by position; labelled data, whose order could be another one, are refused.

    Raises
    ------
    StandardsNetError
        A Series, DataFrame or DataArray with labels.

    Examples
    --------
    >>> import pandas as pd
    >>> without_labels("quality", pd.Series([1.0], index=["west"]))
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: quality is a Series with labels; give an array, in order.
    """
    if labels_of(value):
        raise StandardsNetError(f"{name} is a {type(value).__name__} with labels; give an array, in order.")
    return value


def aligned_by_label(
    *, names: tuple[str, str] | None = None, **axes: tuple[str, ...]
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function of arrays take labelled data: its arguments are brought into one order.

    The order is that of the first labelled argument; what has the same axis must have the same labels.

    Parameters
    ----------
    names : (argument, axis) or None
        An argument that is filled with an axis' labels if it is None.
    **axes
        Argument = names of its last axes. Of a mapping, those of each of its values.

    Examples
    --------
    >>> import pandas as pd
    >>> @aligned_by_label(a=("country",), b=("country",))
    ... def dot(a, b):
    ...     return float(np.dot(a, b))
    >>> dot(pd.Series({"x": 1.0, "y": 2.0}), pd.Series({"y": 10.0, "x": 1.0}))
    21.0
    """

    def decorated(function: Callable[P, T]) -> Callable[P, T]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            given = (*args, *kwargs.values())
            if not any(
                hasattr(value, "iloc")
                or hasattr(value, "dims")
                or hasattr(value, "to_pandas")
                or isinstance(value, Mapping | list | tuple)
                for value in given
            ):
                return function(*args, **kwargs)
            bound = signature.bind(*args, **kwargs)
            _align(bound.arguments, axes, names)
            return function(*bound.args, **bound.kwargs)

        return call

    return decorated


def _align(
    arguments: dict[str, Any], axes: Mapping[str, tuple[str, ...]], names: tuple[str, str] | None
) -> None:
    """Bring arguments into one order, in place."""
    orders: dict[str, tuple[_Labels, str]] = {}
    named = _named_axes(arguments, axes)
    for name, own in axes.items():
        value = arguments.get(name)
        if isinstance(value, Mapping) and not hasattr(value, "iloc"):
            arguments[name] = {
                key: _in_order(f"{name} {key!r}", one, own, orders, named) for key, one in value.items()
            }
        elif value is not None:
            arguments[name] = _in_order(name, value, own, orders, named)
    if names is not None and arguments.get(names[0]) is None and names[1] in orders:
        arguments[names[0]] = orders[names[1]][0]


def _named_axes(arguments: Mapping[str, Any], axes: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Axes on which some argument has labels of its own: there, positions of the others count as labels."""
    found = set()
    for name, own in axes.items():
        value = arguments.get(name)
        each = value.values() if isinstance(value, Mapping) and not hasattr(value, "iloc") else [value]
        for one in each:
            labels = labels_of(one)[-len(own) :]
            found |= {axis for axis, of in zip(own[-len(labels) :], labels, strict=False) if of is not None}
    return found


def _in_order(
    name: str, value: Any, own: Sequence[str], orders: dict[str, tuple[_Labels, str]], named: set[str]
) -> Any:
    """A value as an array in the order of the labels that came first."""
    if isinstance(value, list | tuple) and any(labels_of(one, counted=True) for one in value):
        raise StandardsNetError(f"{name} is a list of labelled data; give a frame, or arrays.")
    labels = labels_of(value, counted=True)
    if not labels:
        return value.to_numpy() if hasattr(value, "to_numpy") else value
    array = value.to_numpy()
    for at, axis in zip(range(-1, -len(own) - 1, -1), reversed(own), strict=True):
        if -at > array.ndim:
            break
        of_axis = labels[at]
        if of_axis is None or axis not in named:
            continue
        if any(is_missing(label) for label in of_axis):
            raise StandardsNetError(f"{name} has None or NaN among its labels; every {axis} needs one.")
        if len(set(of_axis)) < len(of_axis):
            raise StandardsNetError(f"{name} has a {axis} twice among its labels.")
        order, first = orders.setdefault(axis, (of_axis, name))
        if set(order) != set(of_axis):
            odd = sorted(map(str, set(order) ^ set(of_axis)))
            raise StandardsNetError(
                f"{name} and {first} have different labels: '{odd[0]}' is in one of them only; give both the "
                "same, or arrays without labels."
            )
        if order != of_axis:
            place = {label: k for k, label in enumerate(of_axis)}
            array = np.take(array, [place[label] for label in order], axis=at)
    return array


def checked_words(name: str, labels: Any) -> np.ndarray:
    """Labels of blocs, none of them missing.

    Raises
    ------
    StandardsNetError
        None, NaN or pandas' NA among them; empty ones, or several that differ in case or spaces only.

    Examples
    --------
    >>> checked_words("labels", ["x", None])
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: labels holds None or NaN; every country needs a label.
    """
    if np.ma.isMaskedArray(labels):
        raise StandardsNetError(f"{name} is a masked array; give labels without a mask.")
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iuUb":
        if labels.dtype.kind == "U":
            check_distinct(name, set(labels.ravel().tolist()))
        return labels
    try:
        listed = np.asarray(labels, dtype=object)
    except ValueError:
        raise StandardsNetError(f"{name} has rows of different lengths.") from None
    if any(is_missing(one) for one in listed.ravel()):
        raise StandardsNetError(f"{name} holds None or NaN; every country needs a label.")
    if len({isinstance(one, str) for one in listed.ravel()}) > 1:
        raise StandardsNetError(f"{name} mixes words and numbers; use one of them.")
    check_distinct(name, {one for one in listed.ravel() if isinstance(one, str)})
    return np.asarray(listed.tolist())


def check_distinct(name: str, words: Iterable[str]) -> None:
    """Raise if words are empty, or differ in case or in spaces at their ends only: slips split a group.

    Examples
    --------
    >>> check_distinct("labels", ["west", "west "])
    Traceback (most recent call last):
    standards_net.errors.StandardsNetError: labels holds 'west' and 'west ', one word; write it one way.
    """
    seen: dict[str, str] = {}
    for word in sorted(words):
        if not word.strip():
            raise StandardsNetError(f"{name} holds an empty word; give each a name.")
        other = seen.setdefault(word.strip().casefold(), word)
        if other != word:
            raise StandardsNetError(f"{name} holds {other!r} and {word!r}, one word; write it one way.")
