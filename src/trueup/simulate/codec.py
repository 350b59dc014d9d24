"""Dataclasses to plain JSON values and back, driven by their own type hints."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from trueup.kernel.errors import UsageError


def encoded(value: Any) -> Any:
    """The value as dictionaries, lists, strings and numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encoded(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [encoded(item) for item in value]
    if isinstance(value, dict):
        return {key: encoded(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def decoded(kind: Any, raw: Any) -> Any:
    """A value of the given type from what `encoded` made of it."""
    origin = get_origin(kind)
    if origin is types.UnionType:
        inner = next(part for part in get_args(kind) if part is not types.NoneType)
        return None if raw is None else decoded(inner, raw)
    if origin is tuple:
        return tuple(decoded(get_args(kind)[0], item) for item in raw)
    if origin is dict:
        return {key: decoded(get_args(kind)[1], item) for key, item in raw.items()}
    if is_dataclass(kind):
        return _dataclass(kind, raw)
    if kind is datetime:
        return datetime.fromisoformat(raw)
    return kind(raw)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _dataclass(kind: Any, raw: dict[str, Any]) -> Any:
    hints = _hints(kind)
    if unknown := raw.keys() - hints.keys():
        what = f"{kind.__name__} has no field {min(unknown)!r}"
        raise UsageError(what, remedy="Write the simulated repository anew with this version.")
    return kind(**{name: decoded(hints[name], item) for name, item in raw.items()})
