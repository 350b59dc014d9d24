"""The published result as JSON, and the schema that it keeps.

The schema is read off the dataclasses, so it cannot say anything else than the document does.
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from trueup.publish.document import SCHEMA, Published
from trueup.report.text import encodable
from trueup.report.words import in_order

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_PLAIN: Final[dict[Any, dict[str, Any]]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    Any: {},
}

#: Characters that a terminal or an editor could act on; JSON may write any of them as an escape.
_UNSEEN: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


def dumps(published: Published) -> str:
    """The document as JSON text, the same bytes for the same document; encode it as UTF-8."""
    text = json.dumps(_plain(published), ensure_ascii=False, allow_nan=False, indent=2)
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"


def _plain(value: Any) -> Any:
    """Fields in the order declared, verdicts in theirs, anything else by name."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {encodable(key): _plain(value[key]) for key in in_order(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return encodable(str(value)) if isinstance(value, str) else value


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the published result."""
    known = _dataclasses(Published)
    root = _object(known.pop(Published.__name__))
    return {
        "$schema": DIALECT,
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        "title": SCHEMA,
        **root,
        "$defs": {name: _object(known[name]) for name in sorted(known)},
    }


def _dataclasses(root: type[Any]) -> dict[str, type[Any]]:
    """The dataclass and all that its fields are made of, by name."""
    found: dict[str, type[Any]] = {}
    waiting: list[Any] = [root]
    while waiting:
        one = waiting.pop()
        if is_dataclass(one) and isinstance(one, type) and one.__name__ not in found:
            found[one.__name__] = one
            waiting += get_type_hints(one).values()
        waiting += get_args(one)
    return found


def _object(declared: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(declared)
    properties = {field.name: _type(hints[field.name]) for field in fields(declared)}
    for field in fields(declared):
        if field.name == "schema" and field.default is not MISSING:
            properties["schema"] = {"const": field.default}
    return {
        "description": cleandoc(declared.__doc__ or ""),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _type(hint: Any) -> dict[str, Any]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if is_dataclass(hint) and isinstance(hint, type):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {
            "enum": [member.value for member in hint],
            "description": cleandoc(hint.__doc__ or ""),
        }
    return _composed(hint)


def _composed(hint: Any) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return {"anyOf": [_type(one) for one in arguments]}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(arguments[1])}
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return {"type": "array", "items": _type(arguments[0])}
    raise TypeError(f"the schema has no words for {hint!r}")
