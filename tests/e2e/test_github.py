"""GitHub against its own description of itself, and against traffic recorded from it.

The description is served by Prism, which refuses requests that do not fit it and answers with the
examples that stand in it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson
import pytest
from tests.e2e.serving import free_port, serving

from trueup.facts.rows import Rows
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import AnswerError
from trueup.runs.intake import Intake
from trueup.runs.kinds import SOURCES
from trueup.transport.documents import Exported, Found, read_value
from trueup.transport.http import Client

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("TRUEUP_E2E", ROOT / ".venv/e2e")) / "node_modules"
SPEC = CACHE / "@octokit/openapi/generated/api.github.com.json"
GITHUB = SOURCES["github"]
KINDS = [kind for kind in GITHUB.kinds if kind.path]
ASKED = [kind for kind in KINDS if kind.listing is not None]
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def needed(path: Path) -> Path:
    if not path.exists():
        pytest.skip("run make test-e2e once: it installs what stands in for GitHub")
    return path


def bare(path: str) -> str:
    """A path with nothing in its holes."""
    return re.sub(r"{[^}]*}", "{}", path)


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """The part of the description that is used, served."""
    folder = tmp_path_factory.mktemp("prism")
    spec = json.loads(needed(SPEC).read_text("utf-8"))
    wanted = {bare(kind.path.replace("{place}", "{owner}/{repo}")) for kind in KINDS}
    spec["paths"] = {path: told for path, told in spec["paths"].items() if bare(path) in wanted}
    assert {bare(path) for path in spec["paths"]} == wanted
    (folder / "spec.json").write_text(json.dumps(spec))
    port = free_port()
    prism = str(needed(CACHE / ".bin/prism"))
    command = [prism, "mock", str(folder / "spec.json"), "-p", str(port)]
    server = serving(command, port, folder / "log")
    version = json.loads((CACHE / "@octokit/openapi/package.json").read_text())["version"]
    print(f"Prism with GitHub's description, @octokit/openapi {version}")
    yield f"http://127.0.0.1:{port}"
    server.kill()
    server.wait()


def client(base: str, **more: str) -> Client:
    headers = dict(GITHUB.interface.headers("a-token")) | more
    return Client(base, headers, "GitHub", "GITHUB_TOKEN", fixed_clock(NOW))


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_every_request_is_valid_and_every_example_is_understood(kind, described):
    told = {"place": "octocat/Hello-World", "owner": "octocat"}
    told |= {"number": 1347, "sha": "main", "login": "octocat"}
    path = kind.path.format(**told)
    params = dict(kind.listing.params) | {"page": 1} if kind.listing else {}
    if "since" in params:
        params["since"] = "2020-01-01T00:00:00Z"
    with client(described) as asking:
        answer = asking.get(path, params)
    # Some of its own examples do not fit it; what is asked must.
    violations = json.loads(answer.headers.get("sl-violations", "[]"))
    assert [v for v in violations if v["location"][0] == "request"] == []
    if kind.listing and kind.listing.query:
        return  # the list is asked only whether anything is new
    rows = Rows(b"k" * 32)
    records = list(read_answer(answer.body))
    assert records
    for record in records:
        assert record.keys() - kind.known == set(), "fields that nobody knows"
        rows.begin("x", "y", path)
        kind.to_facts(record, rows)
    written = {table.name for table, _ in rows.tables()}
    assert written <= set(kind.writes) | {"item_links"}


def read_answer(body):
    """The records of an answer, as they would be read from a file of it."""
    found = read_value(orjson.dumps(body), Found("answer", ""), 1)
    return [one.record for one in found]


def refused(schema: Path, questions: list[str]) -> list[list[str]]:
    """What is wrong with each question by a schema."""
    script = """
        import {readFileSync} from 'node:fs';
        import {buildSchema, parse, validate} from 'graphql';
        const [file, asked] = process.argv.slice(1);
        const schema = buildSchema(readFileSync(file, 'utf8'), {assumeValid: true, assumeValidSDL: true});
        const told = JSON.parse(asked).map(q => validate(schema, parse(q)).map(e => e.message));
        console.log(JSON.stringify(told));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script, str(schema), json.dumps(questions)],
        cwd=CACHE.parent, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_the_questions_by_graphql_are_valid():
    """By GitHub's published schema, @octokit/graphql-schema."""
    needed(CACHE / "@octokit/graphql-schema/schema.graphql")
    questions = [kind.listing.query for kind in ASKED if kind.listing.query]
    assert questions
    file = CACHE / "@octokit/graphql-schema/schema.graphql"
    *good, bad = refused(file, [*questions, "{ nonsense }"])
    version = json.loads((CACHE / "@octokit/graphql-schema/package.json").read_text())["version"]
    print(f"@octokit/graphql-schema {version}: {len(good)} questions")
    assert good == [[] for _ in good]
    assert bad


def test_requests_that_do_not_fit_are_refused(described):
    with client(described) as asking, pytest.raises(AnswerError, match="answer 422"):
        asking.get("/repos/octocat/Hello-World/issues", {"state": "wrong"})


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    port = free_port()
    server_ = str(needed(CACHE / ".bin/octokit-fixtures-server"))
    log = tmp_path_factory.mktemp("recorded") / "log"
    server = serving([server_, "--port", str(port)], port, log)
    print("@octokit/fixtures-server with traffic recorded from GitHub")
    yield f"http://localhost:{port}"
    server.kill()
    server.wait()


def test_recorded_pages_are_followed_to_the_end(recorded, tmp_path):
    """Its links lead to another name of the repository, as GitHub's do."""
    told = httpx.post(f"{recorded}/fixtures", json={"scenario": "paginate-issues"}).json()
    exact = {
        "Accept": "application/vnd.github.v3+json",
        "Authorization": "token 0000000000000000000000000000000000000001",
    }
    kind = GITHUB.kind("issues")
    store = Store(tmp_path)
    clock = fixed_clock(NOW)
    numbers = []
    with store.writing(), client(told["url"], **exact) as asking:
        intake = Intake(GITHUB, store, "x/y", b"k" * 32, clock, lambda *_: None)
        following, params = "/repos/octokit-fixture-org/paginate-issues/issues", {"per_page": 3}
        while following:
            answer = asking.get(following, params)
            for number, record in enumerate(answer.body, 1):
                numbers.append(record["number"])
                intake.take(kind, Exported("recorded", number, "issues", answer.address, record))
            following, params = answer.following, None
        taken = intake.save("recorded")
    assert taken.problems == []
    assert len(numbers) == len(set(numbers)) == 13
    assert asking.requests == 5
    found = store.snapshot().table(TABLES["issues"]).to_pylist()
    assert {row["repo"] for row in found} == {"octokit-fixture-org/paginate-issues"}
    assert sorted(row["key"] for row in found) == sorted(f"#{n}" for n in numbers)
