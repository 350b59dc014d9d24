"""Names and addresses of people are in `facts/people` and nowhere else in a workspace."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.sources.git.collecting import KEY, Workspace
from tests.sources.git.making import Repo, git

from trueup.facts.schema import TABLES, Sensitivity
from trueup.simulate.organisation import write
from trueup.simulate.scenarios import small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CANARIES = (
    "Zebulon Quagmire <zebulon.quagmire@canary.example>",
    "xylophonist@canary.example",
    "Kanarienvogel",
)
WORDS = ("zebulon", "quagmire", "xylophonist", "kanarienvogel", "canary.example")


def texts(part: Path) -> Iterator[str]:
    """Every text in a part, and the names in its schema."""
    table = pq.read_table(part)
    yield from table.column_names
    yield str(table.schema.metadata)
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)  # noqa: PLW2901
        if pa.types.is_list(column.type):
            column = pa.chunked_array([c.flatten() for c in column.chunks])  # noqa: PLW2901
        if pa.types.is_string(column.type):
            yield from (text for text in column.unique().to_pylist() if text)


def found_in(place: Path) -> set[str]:
    """Which canaries stand in a file."""
    body = place.read_bytes().lower()
    told = {w for w in WORDS if w.encode() in body or w in str(place).lower()}
    if place.suffix == ".parquet":
        for text in texts(place):
            told |= {w for w in WORDS if w in text.lower()}
    return told


@pytest.fixture(scope="module")
def aviary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("birds")
    return folder / write(small(canaries=CANARIES), folder).repository


def test_nobody_is_named_outside_people(aviary: Path, workspace: Workspace) -> None:
    with Repo(aviary) as repo:
        bird = b"Zebulon Quagmire <zebulon.quagmire@canary.example>"
        repo.commit(
            {"CODEOWNERS": b"* xylophonist@canary.example @kanarienvogel\n", ".mailmap": bird + b" <x@y>\n"},
            "fix: closes PAY-1\n\nZebulon: a key\nQuagmire-by: x\nReported-by: Kanarienvogel <k@canary.example>\n",
            author=bird,
        )  # fmt: skip
        repo.commit({}, "Off", branch="zebulon/quagmire-1.2", parents=[repo.tip()])
        repo.tag("kanarienvogel-says-hello", repo.tip())
    git(aviary, "config", "user.email", "zebulon@canary.example")
    workspace.collect(aviary, lines=False)
    workspace.collect(aviary)
    git(aviary, "update-ref", "refs/heads/main", "main~1")
    workspace.collect(aviary)
    named: set[str] = set()
    places = [p for p in workspace.store.workspace.rglob("*") if p.is_file()]
    assert len(places) > 20
    for place in places:
        if place.parent.name == "people":
            named |= found_in(place)
        else:
            assert found_in(place) == set(), place
    assert named == set(WORDS)


def test_the_key_is_nowhere(aviary: Path, workspace: Workspace) -> None:
    workspace.collect(aviary)
    for place in workspace.store.workspace.rglob("*"):
        if place.is_file():
            body = place.read_bytes()
            assert KEY not in body
            assert KEY.hex().encode() not in body


def test_another_key_gives_other_ids_and_the_same_everything_else(
    aviary: Path, tmp_path: Path
) -> None:
    found = []
    for number, key in enumerate((KEY, b"quite another key")):
        workspace = Workspace(tmp_path / f"w{number}")
        workspace.collect(aviary, key=key)
        found.append(workspace)
    ids: list[set[str]] = [set(), set()]
    for table in TABLES:
        hidden = [c.name for c in table.columns if c.sensitivity is Sensitivity.PSEUDONYM]
        open_to_all = [c.name for c in table.columns if c.name not in hidden]
        if table.name != "owners":
            rows = [w.rows(table.name, *open_to_all) for w in found]
            assert rows[0] == rows[1], table.name
        for number, w in enumerate(found):
            ids[number] |= {v for row in w.rows(table.name, *hidden) for v in row} if hidden else set()  # fmt: skip
    people = [{i for i in some if i and i.startswith("p")} for some in ids]
    assert len(people[0]) == len(people[1]) > 10
    assert not people[0] & people[1]
    assert found[0].store.snapshot().content == found[1].store.snapshot().content


def test_texts_of_messages_are_nowhere(tmp_path: Path, workspace: Workspace) -> None:
    secret = "Schnabeltier"
    with Repo(tmp_path / "app") as repo:
        repo.commit(
            {"a.py": secret.encode()},
            f'{secret} fixes #5 (#7)\n\n{secret}\n\nRefs: {secret}\nRevert "{secret}"\n{secret}: x\n',
        )
        repo.commit({}, f'Revert "{secret}"')
        repo.commit({}, "Notes", branch=f"{secret}/topic")
    workspace.collect(repo.path)
    for place in workspace.store.workspace.rglob("*"):
        if place.is_file():
            assert secret.encode() not in place.read_bytes()
            if place.suffix == ".parquet":
                assert not any(secret.lower() in text.lower() for text in texts(place))
    listing = subprocess.run(["ls", "-R", str(workspace.store.workspace)], capture_output=True, check=True, env=os.environ)  # fmt: skip
    assert secret.encode() not in listing.stdout
