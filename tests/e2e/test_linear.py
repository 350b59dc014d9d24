"""Linear's questions against its published schema.

Linear publishes no schema in a package, but types of TypeScript that are made from it: they hold every
type, field, argument and enumeration, and whether each may be empty. They are turned back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.test_github import CACHE, needed, refused

from trueup.runs.kinds import SOURCES

pytestmark = pytest.mark.e2e

PACKAGE = CACHE / "@linear/sdk"
_TYPE = re.compile(r"^type (\w+) = (?:\w+ & )*\{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^  (\w+)\??: (.+?);$", re.MULTILINE)
_ENUM = re.compile(r"^declare enum (\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_GIVEN = {"ID", "String", "Boolean", "Int", "Float"}


def schema(types: str) -> str:
    """The schema that the types were made from."""
    types = re.sub(r"/\*\*.*?\*/", "", types, flags=re.DOTALL)
    told = {name: _FIELD.findall(body) for name, body in _TYPE.findall(types)}
    enums = {
        name: re.findall(r'= "(\w+)"', body) for name, body in _ENUM.findall(types) if '"' in body
    }
    return "\n".join(_described(told, enums))


def _described(
    told: dict[str, list[tuple[str, str]]], enums: dict[str, list[str]]
) -> Iterator[str]:
    named: set[str] = set()
    for name, fields in told.items():
        output = any(field == "__typename" for field, _ in fields)
        if not output and name.endswith("Args"):
            continue
        lines = []
        for field, kind in fields:
            if field == "__typename" or (shown := _shown(kind)) is None:
                continue
            asked = told.get(f"{name}{field[0].upper()}{field[1:]}Args", []) if output else []
            kinds = {n: a for n, k in asked if (a := _shown(k))}
            given = ", ".join(f"{n}: {a}" for n, a in kinds.items())
            lines.append(f"  {field}{f'({given})' if given else ''}: {shown}")
            named |= set(re.findall(r"\w+", " ".join((shown, *kinds.values()))))
        yield f"{'type' if output else 'input'} {name} {{\n{chr(10).join(lines) or '  _: ID'}\n}}"
    for name, values in enums.items():
        yield f"enum {name} {{ {' '.join(values)} }}"
    # What is left (scalars, unions) is not looked into.
    yield from (f"scalar {n}" for n in sorted(named - told.keys() - enums.keys() - _GIVEN))


def _shown(kind: str) -> str | None:
    """A type as a schema writes it; nothing for what it has not."""
    if match := re.fullmatch(r"(?:Input)?Maybe<(.*)>", kind):
        inner = _shown(match[1])
        return inner.removesuffix("!") if inner else None
    if match := re.fullmatch(r"Array<(.*)>", kind):
        inner = _shown(match[1])
        return f"[{inner}]!" if inner else None
    match = re.fullmatch(r'Scalars\["(\w+)"\]|(\w+)', kind)
    return f"{match[1] or match[2]}!" if match else None


def test_types_are_turned_back_into_a_schema():
    types = (
        'type Query = {\n  __typename?: "Query";\n  /** All. */\n  issues: Array<Issue>;\n};\n'
        'type QueryIssuesArgs = {\n  first?: InputMaybe<Scalars["Int"]>;\n};\n'
        'type Issue = Node & {\n  __typename?: "Issue";\n  dueDate?: Maybe<Scalars["Day"]>;\n};\n'
    )
    assert schema(types).splitlines() == [
        "type Query {", "  issues(first: Int): [Issue!]!", "}",
        "type Issue {", "  dueDate: Day", "}", "scalar Day",
    ]  # fmt: skip


def test_the_questions_are_valid(tmp_path: Path):
    needed(PACKAGE / "package.json")
    needed(CACHE / "graphql")
    types = "\n".join(f.read_text("utf-8") for f in sorted(PACKAGE.glob("dist/*.d.*ts")))
    file = tmp_path / "schema.graphql"
    file.write_text(schema(types), "utf-8")
    questions = [k.listing.query for k in SOURCES["linear"].kinds if k.listing]
    wrong = [
        questions[0].replace("$team: String!", "$team: Int!"),
        "{ issues { nodes { nonsense } } }",
    ]
    *good, typed, named = refused(file, [*questions, *wrong])
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    print(f"@linear/sdk {version}: {len(good)} questions")
    assert good == [[] for _ in questions]
    assert typed
    assert named
