"""Values that cannot be changed: read-only arrays and mappings, and digests of their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

__all__ = ["FrozenMapping", "content_digest", "freeze_fields", "plain_data", "read_only"]

K = TypeVar("K")
V = TypeVar("V", covariant=True)
A = TypeVar("A", bound=np.ndarray)


class FrozenMapping(Mapping[K, V]):
    """A mapping that keeps its order and cannot be changed.

    Examples
    --------
    >>> sizes = FrozenMapping({"us": 2, "china": 1})
    >>> sizes["us"], list(sizes), sizes == {"china": 1, "us": 2}
    (2, ['us', 'china'], True)
    """

    __slots__ = ("_content",)

    def __init__(self, content: Mapping[K, V] | None = None) -> None:
        self._content = dict(content or {})

    def __getitem__(self, key: K) -> V:
        return self._content[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def __hash__(self) -> int:
        return hash(frozenset(self._content.items()))

    def __repr__(self) -> str:
        return repr(self._content)


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
            object.__setattr__(value, field.name, FrozenMapping(content))


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
        else:
            digest.update(json.dumps(plain_data(part), ensure_ascii=True).encode())
        digest.update(b";")
    return digest.hexdigest()
