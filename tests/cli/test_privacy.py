"""What is kept of a person, and the page for those who have to agree."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trueup.cli._app import run
from trueup.facts.schema import TABLES, Sensitivity
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import take_exports
from trueup.runs.kinds import SOURCES

FLOW = Path(__file__).parents[1] / "flow/github/raw"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk") / ".trueup"
    clock = fixed_clock(datetime(2026, 2, 1, tzinfo=UTC))
    take_exports(FLOW, Store(folder), b"k" * 32, clock, lambda *_: None)
    return folder


def counted(workspace, identities):
    """By hand: every row of every table in which a pseudonym stands."""
    found = {}
    for table in TABLES:
        rows = Store(workspace).snapshot().table(table).to_pylist()
        for column in table.columns:
            if column.sensitivity is Sensitivity.PSEUDONYM and table.name != "people":
                n = sum(row[column.name] in identities for row in rows)
                found |= {(table.name, column.meaning): n} if n else {}
    return found


def test_a_person_sees_everything_that_is_kept(workspace, tmp_path, capsys):
    told = tmp_path / "about.json"
    asked = "ADA@acme.example"
    assert (
        run(["privacy", "--about", asked, "--workspace", str(workspace), "--json", str(told)]) == 0
    )
    found = json.loads(told.read_text("utf-8"))
    people = Store(workspace).snapshot().table(TABLES["people"]).to_pylist()
    theirs = {
        p["identity"] for p in people if "ada" in {p["name"].lower(), p["proper_name"].lower()}
    }
    assert theirs
    assert {(r["table"], r["role"]): r["rows"] for r in found["rows"]} == counted(workspace, theirs)
    assert "Ada <ada@acme.example>" in found["names"]
    assert "requests" in capsys.readouterr().out


def test_nobody_of_that_name(workspace, capsys):
    assert run(["privacy", "--about", "zoe@nowhere.example", "--workspace", str(workspace)]) == 2
    assert "nothing is kept" in capsys.readouterr().err


def test_the_page_says_what_really_is_read(workspace, tmp_path):
    page = tmp_path / "dpia.md"
    assert run(["privacy", "--pack", str(page), "--workspace", str(workspace)]) == 0
    text = page.read_text("utf-8")
    read, _, rest = text.partition("Could be connected, and is not:")
    assert "### GitHub and GitHub Enterprise" in read
    assert all(s.title in rest for s in SOURCES if s.name not in {"github", "git"})
    told = {c.name for t in SOURCES["github"].writes for c in TABLES[t].columns
            if c.sensitivity in {Sensitivity.PERSON, Sensitivity.PSEUDONYM}}  # fmt: skip
    assert all(f"`{name}`" in rest for name in told)
    assert "at least 3 people" in rest
    assert "at least 5 people" in rest
    assert "Raw records are not kept" in rest
    kept = workspace / "raw/until-2026-03-03"
    kept.mkdir(parents=True)
    assert run(["privacy", "--pack", str(page), "--workspace", str(workspace)]) == 0
    assert "until 2026-03-03: somebody asked" in page.read_text("utf-8")
    kept.rmdir()


def test_one_of_both_is_asked_for(capsys):
    assert run(["privacy"]) == 2
    assert "--about ADDRESS or --pack FILE" in capsys.readouterr().err
