"""Plain values, as JSON holds them, back into the types of a declaration."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def built(kind: type[T], told: Any) -> T:
    """The value of that type whose plain values these are.

    Raises:
        KeyError, TypeError, ValueError: they are not of that type.
    """
    return cast("T", _built(kind, told))


def _built(kind: Any, told: Any) -> Any:
    if isinstance(kind, UnionType):
        return None if told is None else _built(get_args(kind)[0], told)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{f.name: _built(hints[f.name], told[f.name]) for f in fields(kind)})
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple:
        return tuple(_built(parts[0], value) for value in told)
    if origin is dict:
        return {key: _built(parts[1], value) for key, value in told.items()}
    return kind(told) if isinstance(kind, type) and issubclass(kind, Enum) else told
