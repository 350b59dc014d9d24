"""Verdicts and ledger of many claims: seconds, memory, how both grow, and what a hundredth more takes.

    python -m benchmarks.claims                        10,000 and 100,000 claims
    python -m benchmarks.claims 10000 100000 1000000

Every commit of a generated history is a merged request with two reviews and three checks; every second one
closes an issue. The history is collected first; what is timed is one process on two cores that reads the facts,
finds and judges every claim and works out the ledger. Then a hundredth more lands: reading that takes as long as
there is news, judging begins anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.speed import Run, timed
from trueup.simulate.stream import StreamPlan, write
from trueup.simulate.world import MAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Requests and issues share their numbers.
ISSUES = 5_000_000
HERE = "https://api.github.com/repos/acme/atlas"
JUDGE = """
import sys
from pathlib import Path
from trueup.claims.assess import assess
from trueup.claims.policy import Policy
from trueup.facts.store import Store
from trueup.runs.measure import _prepared
policy = Policy(ledger_months=120)
with _prepared(Store(Path(sys.argv[1])).snapshot(), policy, (), lambda *_: None) as (facts, until, *_):
    found = assess(facts, until, policy)
    months = found.months()
    evidence = sum(len(c.evidence) for c in found.all_claims)
    Path(sys.argv[2]).write_text(f"{len(found.all_claims)} {evidence} {months[-1].closing}")
"""


def main() -> None:
    """Print one line for each size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("claims", type=int, nargs="*", default=[10_000, 100_000])
    before = 0.0
    for many in parser.parse_args().claims:
        with tempfile.TemporaryDirectory() as name:
            before = _measure(many, Path(name), before)


def _measure(many: int, folder: Path, before: float) -> float:
    org = _Organisation(many + many // 100, folder)
    began = time.monotonic()
    org.collect(many)
    collected = time.monotonic() - began
    rows = org.rows()
    run, (claims, evidence, owed) = org.judge()
    growth = f", {run.wall / before:.1f} times the size before" if before else ""
    print(
        f"{claims:,} claims, {rows:,} rows of facts about them, {evidence:,} pieces of evidence, {owed:,} owed: "
        f"{run.wall:.1f} s ({run.cpu:.1f} s of processor), peak {run.own_mib:.0f} MiB{growth}; "
        f"written and collected in {collected:.0f} s",
        flush=True,
    )
    began = time.monotonic()
    org.collect(org.many)
    collected = time.monotonic() - began
    again, (more, *_) = org.judge()
    print(
        f"{more - claims:,} more: collected in {collected:.1f} s, all judged anew in {again.wall:.1f} s",
        flush=True,
    )
    return run.wall


class _Organisation:
    """A history with the records of its forge, of which any first part can be collected."""

    def __init__(self, many: int, folder: Path) -> None:
        self.many, self._folder = many, folder
        plan = StreamPlan(commits=many, start=datetime(2015, 1, 1, tzinfo=UTC))
        self._git = ["git", "--git-dir", str(write(plan, folder))]
        address = "https://github.com/acme/atlas.git"
        subprocess.run([*self._git, "config", "remote.origin.url", address], check=True)
        log = [*self._git, "log", "--reverse", "--format=%H %cI"]
        told = subprocess.run(log, check=True, capture_output=True, text=True)
        self._commits = [line.split() for line in told.stdout.splitlines()]
        self._told = 0

    def collect(self, many: int) -> None:
        """Let so many commits have landed, and collect what is new."""
        exports = self._folder / f"exports-{many}"
        exports.mkdir()
        _export(self._commits[:many], exports, self._told)
        self._told = many
        tip = ["update-ref", MAIN, self._commits[many - 1][0]]
        subprocess.run([*self._git, *tip], check=True)
        command = [
            sys.executable,
            "-m",
            "trueup",
            "collect",
            "--workspace",
            str(self._folder / "w"),
        ]
        for what in ([self._git[-1]], ["--from", str(exports)]):
            subprocess.run([*command, *what], check=True, capture_output=True)

    def rows(self) -> int:
        """Rows of facts that verdicts rest on."""
        from trueup.facts.engine import open_facts
        from trueup.facts.store import Store

        wanted = "commits trailers changes links landings requests reviews jobs issues issue_events item_links".split()
        with open_facts(Store(self._folder / "w").snapshot()) as facts:
            return sum(facts.value(facts.table(name).count()) for name in wanted)

    def judge(self) -> tuple[Run, list[int]]:
        """Judge everything in a process of its own; claims, pieces of evidence, claims that are owed."""
        told = self._folder / "told"
        run = timed([sys.executable, "-c", JUDGE, str(self._folder / "w"), str(told)])
        return run, [int(n) for n in told.read_text().split()]


def _export(commits: list[list[str]], folder: Path, told: int) -> None:
    streams = {
        n: (folder / f"{n}.ndjson").open("w")
        for n in ("pulls", "reviews", "check_runs", "issues", "events")
    }
    for number, (sha, at) in enumerate(commits[told:], told + 1):
        for name, record in _records(number, ISSUES + number, sha, at):
            streams[name].write(json.dumps(record) + "\n")
    for stream in streams.values():
        stream.close()


def _records(number: int, issue: int, sha: str, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A request that is merged by its reviewer at once, what ran on it, and the issue it closes."""
    author, other = ({"login": f"person-{(number + k) % 200}", "type": "User"} for k in range(2))
    closes = number % 2 == 0
    yield "pulls", {
        "url": f"{HERE}/pulls/{number}", "id": number, "number": number, "state": "closed", "title": f"Change {number}",
        "user": author, "body": f"Closes #{issue}" if closes else "", "created_at": at, "updated_at": at,
        "closed_at": at, "merged_at": at, "merge_commit_sha": sha, "merged_by": other, "labels": [],
        "head": {"ref": f"topic-{number}", "sha": f"{number:040x}"}, "base": {"ref": "main", "sha": "0" * 40},
    }  # fmt: skip
    for k in range(2):
        yield "reviews", {
            "id": 2 * number + k, "user": other, "body": "", "state": "APPROVED", "commit_id": f"{number:040x}",
            "pull_request_url": f"{HERE}/pulls/{number}", "submitted_at": at,
        }  # fmt: skip
    for k, name in enumerate(("tests", "tests on the oldest", "lint")):
        failed = k == 0 and number % 50 == 0
        yield "check_runs", {
            "url": f"{HERE}/check-runs/{3 * number + k}", "id": 3 * number + k, "name": name, "head_sha": sha,
            "status": "completed", "conclusion": "failure" if failed else "success", "started_at": at, "completed_at": at,
            "check_suite": {"id": number}, "app": {"slug": "ci"},
        }  # fmt: skip
    if closes:
        place = f"{HERE}/issues/{issue}"
        yield "issues", {
            "url": place, "id": issue, "number": issue, "title": f"Want {number}", "state": "closed", "user": author,
            "state_reason": "completed", "labels": [{"name": "bug"}], "created_at": at, "updated_at": at, "closed_at": at,
            "events_url": f"{place}/events", "comments_url": f"{place}/comments",
        }  # fmt: skip
        yield "events", {
            "id": issue, "url": f"{HERE}/issues/events/{issue}", "event": "closed", "actor": other, "created_at": at,
            "commit_id": None, "issue": {"number": issue, "url": place, "repository_url": HERE},
        }  # fmt: skip


if __name__ == "__main__":
    main()
