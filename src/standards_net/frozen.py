"""Values that cannot be changed: read-only arrays and mappings, and digests of their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, NoReturn, TypeVar

import numpy as np

__all__ = [
    "FrozenMapping",
    "Value",
    "content_digest",
    "copies_frames",
    "deeply_frozen",
    "freeze_fields",
    "plain_data",
    "read_only",
]

K = TypeVar("K")
V = TypeVar("V")
A = TypeVar("A", bound=np.ndarray)
C = TypeVar("C")


class FrozenMapping(dict[K, V]):
    """A dictionary that cannot be changed, and can be hashed if its values can.

    Examples
    --------
    >>> sizes = FrozenMapping({"us": 2, "china": 1})
    >>> sizes["us"], list(sizes), sizes == {"china": 1, "us": 2}
    (2, ['us', 'china'], True)
    >>> sizes["us"] = 3
    Traceback (most recent call last):
    TypeError: this mapping is read-only
    """

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this mapping is read-only")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenMapping[K, V]], tuple[dict[K, V]]]:
        return type(self), (dict(self),)


class Value:
    """Base of frozen dataclasses that hold arrays: read-only, equal and hashed by content.

    A subclass is declared with ``@dataclass(frozen=True, eq=False)`` and has a ``digest``.
    """

    @property
    def digest(self) -> str:
        """SHA-256 of all fields."""
        return content_digest(*(getattr(self, field.name) for field in fields(self)))  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        freeze_fields(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        freeze_fields(self)  # pickles do not keep arrays read-only

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)


def read_only(array: A) -> A:
    """View of an array that cannot be written to.

    Examples
    --------
    >>> read_only(np.zeros(2)).flags.writeable
    False
    """
    view = array.view()
    view.flags.writeable = False
    return view


def freeze_fields(value: Any) -> None:
    """Make arrays and mappings of a frozen dataclass read-only, from its ``__post_init__``."""
    for field in fields(value):
        content = getattr(value, field.name)
        if isinstance(content, np.ndarray):
            object.__setattr__(value, field.name, read_only(content))
        elif type(content) is dict:
            object.__setattr__(value, field.name, deeply_frozen(content))


def copies_frames(*names: str) -> Callable[[type[C]], type[C]]:
    """Class decorator: data frames in these fields are handed out, and taken in, as copies.

    Frames of pandas cannot be made read-only: what is added to them goes around their arrays.

    Examples
    --------
    >>> import pandas as pd
    >>> class Kept:
    ...     def __init__(self, table):
    ...         self.table = table
    >>> kept = copies_frames("table")(Kept)(pd.DataFrame({"share": [0.5]}))
    >>> mine = kept.table
    >>> mine.loc[0, "share"] = 0.9
    >>> kept.table["share"].tolist()
    [0.5]
    """

    def decorated(of: type[C]) -> type[C]:
        for name in names:
            setattr(of, name, _CopiedFrame(name))
        return of

    return decorated


class _CopiedFrame:
    def __init__(self, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        if owner is None:
            return self
        frame = owner.__dict__[self._name]
        return None if frame is None else frame.copy()

    def __set__(self, owner: Any, frame: Any) -> None:
        owner.__dict__[self._name] = None if frame is None else frame.copy()


def deeply_frozen(value: Any) -> Any:
    """Mappings and lists inside of each other as read-only mappings and tuples.

    Examples
    --------
    >>> deeply_frozen({"years": [2019, 2020]})
    {'years': (2019, 2020)}
    """
    if isinstance(value, dict):
        return FrozenMapping({key: deeply_frozen(one) for key, one in value.items()})
    return tuple(map(deeply_frozen, value)) if isinstance(value, list) else value


def plain_data(value: Any) -> Any:
    """Value as JSON can hold it: mappings, lists, numbers, strings, booleans and None.

    Examples
    --------
    >>> plain_data({"years": (2019, 2020), "share": np.array([0.5])})
    {'years': [2019, 2020], 'share': [0.5]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain_data(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain_data(value.tolist())
    if isinstance(value, list | tuple | range):
        return [plain_data(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def content_digest(*parts: Any) -> str:
    """SHA-256 of arrays (type, shape and bytes) and of plain data, in order.

    Examples
    --------
    >>> content_digest(np.zeros(2)) == content_digest(np.zeros((2, 1)))
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray) and part.dtype.kind != "O":
            digest.update(f"{part.dtype.str}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data if part.size else b"")
        elif isinstance(part, Value):
            digest.update(part.digest.encode())
        else:
            digest.update(json.dumps(plain_data(part), ensure_ascii=True).encode())
        digest.update(b";")
    return digest.hexdigest()
