"""The forge and the history of one project, side by side: what was merged is there, but for one.

The history is made anew from the log, and its new ids are put into the payloads for the old ones.
"""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.peers.comparing import KEY, NOW, peer
from tests.sources.git.collecting import Workspace

from trueup.facts.engine import open_facts
from trueup.facts.views import requests
from trueup.runs.intake import take_exports
from trueup.simulate.gitwriter import clean_environment, git, new_repository
from trueup.teams.actors import actor_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KINDS = ("pull_requests", "pull_request_reviews", "pull_request_commits")


def written(log: str, place: Path) -> dict[str, str]:
    """A repository with the commits of a log, and its ids by those of the log."""
    new_repository(place)
    commits = [entry.split("\x1f") for entry in log.split("\x1e")[1:]]
    number = {sha: n for n, (sha, *_) in enumerate(commits, 1)}
    stream = []
    for sha, parents, author, authored, committed, rest in commits:
        subject, *lines = rest.split("\n")
        above = [f":{number[p]}" for p in parents.split()]
        dates = [git_date(moment) for moment in (authored, committed)]
        who = author.replace("<", "").replace(">", "")
        message = subject.encode()
        stream.append(f"commit refs/heads/master\nmark :{number[sha]}\n".encode())
        stream.append(f"author {who} <{who.split()[0]}@example.org> {dates[0]}\n".encode())
        stream.append(f"committer {who} <{who.split()[0]}@example.org> {dates[1]}\n".encode())
        stream.append(b"data %d\n%s\n" % (len(message), message))
        stream += [f"from {above[0]}\n".encode()] if above else []
        stream += [f"merge {parent}\n".encode() for parent in above[1:]]
        for line in lines:
            if len(parts := line.split("\t")) == 3 and "=>" not in parts[2]:
                body = f"{sha} {parts[2]}\n".encode()
                stream.append(f'M 644 inline "{parts[2]}"\n'.encode())
                stream.append(b"data %d\n%s\n" % (len(body), body))
    run = ["git", "fast-import", "--quiet", "--force", "--export-marks=marks"]
    subprocess.run(run, cwd=place, env=clean_environment(), input=b"".join(stream), check=True)
    git(place, "symbolic-ref", "HEAD", "refs/heads/master")
    git(place, "config", "remote.origin.url", "https://github.com/panjf2000/ants.git")
    marks = dict(line[1:].split() for line in (place / "marks").read_text().splitlines())
    return {sha: marks[str(n)] for sha, n in number.items()}


def git_date(moment: str) -> str:
    from datetime import datetime

    found = datetime.fromisoformat(moment)
    return f"{int(found.timestamp())} {found:%z}"


def read(folder: Path, kinds: Iterable[str]) -> Workspace:
    """The project in a workspace: its history, and these kinds of payloads with its ids in them."""
    ids = written(peer("ants/ants_git_log_numstat.txt").read_text("utf-8"), folder / "ants")
    exports = folder / "exports"
    exports.mkdir()
    for kind in kinds:
        path = peer(f"devlake/github/raw_tables/_raw_github_api_{kind}.csv")
        text = re.sub(r"\b[0-9a-f]{40}\b", lambda m: ids.get(m[0], m[0]), path.read_text("utf-8"))
        (exports / path.name).write_text(text, "utf-8")
    workspace = Workspace(folder / "workspace")
    workspace.collect(folder / "ants")
    take_exports(exports, workspace.store, KEY, NOW, lambda *_: None)
    return workspace


@pytest.fixture(scope="module")
def fates(tmp_path_factory):
    workspace = read(tmp_path_factory.mktemp("ants"), KINDS)
    with open_facts(workspace.store.snapshot()) as facts:
        facts.keep("actors", actor_table(facts)[0])
        requests.keep_requests(facts)
        found = requests.fates(facts).select("number", "status", "fate", "reviewed")
        rows = facts.rows(found)
        return {number: tuple(rest) for number, *rest in rows}


def test_what_was_merged_is_there_but_for_one_whose_history_was_rewritten(fates):
    merged = {n: fate for n, (status, fate, _) in fates.items() if status == "merged"}
    assert len(merged) == 26
    assert sorted(merged.values()).count("landed") == 25
    assert {n for n, fate in merged.items() if fate != "landed"} == {"41"}
    print(f"25 of {len(merged)} merged requests are on master; #41 is {merged['41']}")


def test_nothing_that_was_refused_is_there(fates):
    closed = [fate for status, fate, _ in fates.values() if status == "closed"]
    assert {n for n, (s, f, _) in fates.items() if s == "closed" and f != "absent"} == set()
    assert closed == ["absent"] * 19


def test_three_of_them_have_any_review(fates):
    merged = [reviewed for status, _, reviewed in fates.values() if status == "merged"]
    assert (sum(merged), len(merged)) == (3, 26)
