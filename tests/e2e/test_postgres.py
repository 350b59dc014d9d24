"""The state in a real PostgreSQL: the same laws as in a file, and an audit from beginning to end."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from tests.cli.running import trueup
from tests.e2e.test_github import free_port
from tests.state.laws import CLAIMS, LAWS, SIZES, opener

from trueup.kernel.errors import StateError
from trueup.simulate.organisation import write
from trueup.simulate.scenarios import small
from trueup.state.audits import add_answers, add_audit, find_audit

pytestmark = pytest.mark.e2e

#: The server refuses to run as root; Debian's package brings a user for it.
AS_OTHER = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [*AS_OTHER, *map(str, command)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def server():
    """A server of our own: its programs, and an address without the name of a database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("run make test-e2e once: it installs PostgreSQL")
    programs = found[-1].parent
    print(run(programs / "postgres", "--version").strip())
    folder = Path(tempfile.mkdtemp(prefix="state-"))
    if AS_OTHER:
        shutil.chown(folder, "postgres")
    port = free_port()
    run(programs / "initdb", "-D", folder / "data", "-U", "ada", "--auth=trust", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    log = folder / "log"
    run(programs / "pg_ctl", "-D", folder / "data", "-o", options, "-l", log, "-w", "start")
    yield programs, port
    run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def address(server, request):
    programs, port = server
    name = f"t{abs(hash(request.node.name))}"
    run(programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "ada", name)
    return f"postgresql://ada@127.0.0.1:{port}/{name}"


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law(law, tmp_path, address):
    law(opener(tmp_path, address))
    assert {p.name for p in tmp_path.iterdir()} <= {"id"}, "no answer of it lies in the workspace"


def test_two_workspaces_in_one_database(tmp_path, address):
    one, other = (opener(tmp_path / name, address) for name in ("one", "other"))
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    assert [add_audit(one(), 1, "key", SIZES, CLAIMS) for _ in range(2)] == [1, 2]
    assert find_audit(other()) is None
    assert add_audit(other(), 1, "key", SIZES, CLAIMS) == 1
    add_answers(other(), 1, 1, {1: "done"})
    assert (find_audit(one(), 1).answers, find_audit(other(), 1).answers) == ({}, {1: {1: "done"}})


def test_a_database_that_is_not_there(tmp_path, address):
    (tmp_path / "id").write_text("one")
    with pytest.raises(StateError, match="does not exist"):
        find_audit(opener(tmp_path, f"{address}x")())


def test_an_audit_from_beginning_to_end(tmp_path, address):
    repository = tmp_path / "organisation" / write(small(), tmp_path / "organisation").repository
    surroundings = {"TRUEUP_STATE": address}
    assert trueup(tmp_path, "scan", repository, **surroundings).code == 0
    assert (
        trueup(tmp_path, "audit", "draw", "--size", "12", "--seed", "7", **surroundings).code == 0
    )
    sheet = tmp_path / "audit-1-rater-1.csv"
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8"))))
    for row in rows:
        row["answer"] = "done"
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert (
        "12 answers, 12 of them new"
        in trueup(tmp_path, "audit", "answer", sheet, **surroundings).out
    )
    said = " ".join(trueup(tmp_path, "audit", "result", **surroundings).out.split())
    assert "12 of 12 drawn items are answered. 0 % of the" in said
    assert "12 of 12 drawn items are answered" in " ".join(
        trueup(tmp_path, "scan", repository, **surroundings).out.split()
    )
    assert not (tmp_path / ".trueup" / "state.db").exists()
    assert trueup(tmp_path, "audit", "result").code == 2, "elsewhere nothing was drawn"
