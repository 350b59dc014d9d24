"""Verdicts on real projects beside what readers found who saw the history, but not our verdict.

    python -m benchmarks.judged draw WORKSPACE CLONE [EXPORTS] --folder FOLDER [--size 20] [--verdict contradicted]
    python -m benchmarks.judged result WORKSPACE...
    python -m benchmarks.judged undone WORKSPACE...

`draw` writes one page for each claim of a stratified, seeded sample, in random order and without our verdict.
`result` compares the verdicts of workspaces with what readers found (`benchmarks/judged.csv`): for each sample and
verdict the share that readers agree with, with an interval, and how far two readers agree with each other. `undone`
compares with what readers found had become of contradicted items (`benchmarks/undone.csv`): whether they were taken
back, done again in a way that records link, and in effect there today.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from trueup.stats.agreement import kappa
from trueup.stats.intervals import lower_bound_share, share

FOUND = Path(__file__).with_name("judged.csv")
UNDONE = Path(__file__).with_name("undone.csv")
QUESTIONS = ("taken_back", "linked_again", "done_today")
SEED = 20261122
#: Longer texts are cut: a page is to be read in a minute or two.
TEXT = 700


def main() -> None:
    """Draw a sample, or compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw")
    for name in ("workspace", "clone"):
        draw.add_argument(name, type=Path)
    draw.add_argument("exports", type=Path, nargs="?", default=Path("none"))
    draw.add_argument("--folder", type=Path, required=True)
    draw.add_argument("--size", type=int, default=20, help="of each verdict")
    draw.add_argument("--verdict", action="append", help="only of this one; all of them")
    for name in ("result", "undone"):
        commands.add_parser(name).add_argument("workspaces", type=Path, nargs="+")
    asked = parser.parse_args()
    if asked.command == "draw":
        _draw(asked)
    elif asked.command == "undone":
        _undone(asked.workspaces)
    else:
        _result(asked.workspaces)


def _claims(workspace: Path) -> list[dict[str, Any]]:
    run = [
        sys.executable,
        "-m",
        "trueup",
        "claims",
        "--workspace",
        str(workspace),
        "--limit",
        "0",
        "--json",
        "-",
    ]
    told = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    found: list[dict[str, Any]] = json.loads(told)["claims"]
    return [c for c in found if c["verdict"] != "pending"]


def _draw(asked: argparse.Namespace) -> None:
    by_verdict: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for claim in _claims(asked.workspace):
        by_verdict[claim["verdict"]].append(claim)
    chance = random.Random(SEED)  # noqa: S311 - the same sample for everybody
    drawn = []
    for verdict, claims in sorted(by_verdict.items()):
        if asked.verdict and verdict not in asked.verdict:
            continue
        claims.sort(key=lambda c: c["id"])
        many = asked.size // 3 if verdict == "not_assessable" else asked.size
        drawn += chance.sample(claims, min(many, len(claims)))
    chance.shuffle(drawn)
    asked.folder.mkdir(parents=True, exist_ok=True)
    history = History(asked.clone, asked.exports)
    for claim in drawn:
        (asked.folder / f"{claim['id']}.txt").write_text(history.page(claim), "utf-8")
    print(f"{len(drawn)} pages")


class History:
    """A clone and the records of its forge, looked up by number."""

    def __init__(self, clone: Path, exports: Path) -> None:
        self.clone = clone
        self.records: dict[str, dict[int, list[dict[str, Any]]]] = {}
        for name in ("pulls", "issues", "reviews", "issue_events", "issue_comments"):
            place = exports / f"{name}.json"
            rows = json.loads(place.read_text("utf-8")) if place.exists() else []
            self.records[name] = defaultdict(list)
            for row in rows:
                self.records[name][_number(row)].append(row)

    def page(self, claim: dict[str, Any]) -> str:
        """Everything there is to read about a claim, but for our verdict."""
        lines = [f"claim {claim['id']}: {claim['kind']}, reported {claim['claimed_at']}", ""]
        numbers = [
            int(t.strip(" #")) for t in claim["ticket"].split(",") if t.strip(" #").isdigit()
        ]
        for number in numbers:
            lines += self._item(number)
        for sha in claim["commits"][:3]:
            lines += [
                "",
                self._git("show", "--stat=100", "--format=fuller", "--max-count=1", sha)[:2500],
            ]
            lines += self._later(sha)
        for number in numbers:
            named = self._git(
                "log", "--format=%h %cs %an: %s", "--extended-regexp", f"--grep=#{number}([^0-9]|$)"
            )
            lines += ["", f"commits that name #{number}:", named[:1500]]
            lines += [f"merged requests whose text names #{number}: {self._naming(number)}"]
        return "\n".join(lines) + "\n"

    def _item(self, number: int) -> list[str]:
        lines = []
        for kind in ("pulls", "issues"):
            for row in self.records[kind].get(number, ()):
                lines += [
                    f"== {kind[:-1]} #{number}: {row['title']} (by {_login(row['user'])}, {row['created_at']})"
                ]
                lines += [
                    f"   state {row['state']} {row.get('state_reason') or ''}, closed {row['closed_at']}"
                ]
                lines += [f"   labels {[x['name'] for x in row['labels']]}"]
                if row.get("merged_at"):
                    by, into = _login(row.get("merged_by")), row["base"]["ref"]
                    lines += [
                        f"   merged {row['merged_at']} by {by} into {into} as {row['merge_commit_sha']}"
                    ]
                lines += [f"   {(row.get('body') or '')[:TEXT]}"]
        for event in self.records["issue_events"].get(number, ()):
            if event["event"] in {
                "closed",
                "reopened",
                "merged",
                "referenced",
                "connected",
                "head_ref_force_pushed",
            }:
                lines += [
                    f"   {event['created_at']} {event['event']} {_login(event.get('actor'))} {event.get('commit_id') or ''}"
                ]
        for review in self.records["reviews"].get(number, ()):
            text = (review.get("body") or "")[:150]
            lines += [
                f"   {review['submitted_at']} review {review['state']} {_login(review['user'])}: {text}"
            ]
        for comment in self.records["issue_comments"].get(number, ())[-8:]:
            text = (comment.get("body") or "")[:200].replace("\n", " ")
            lines += [f"   {comment['created_at']} comment {_login(comment['user'])}: {text}"]
        return lines

    def _later(self, sha: str) -> list[str]:
        """What was done to the same files in the ninety days after, and whether anything reverts it."""
        there = self._git("branch", "--remotes", "--contains", sha, "--format=%(refname:short)")
        names = self._git(
            "diff-tree", "--no-commit-id", "--name-only", "-r", "-m", "--first-parent", sha
        ).split("\n")
        files = [n for n in dict.fromkeys(names) if n][:20]
        moment = self._git("show", "--no-patch", "--format=%cI", sha).strip()
        until = self._git("show", "--no-patch", "--format=%ct", sha).strip()
        span = [f"--since={moment}", f"--until={int(until or 0) + 90 * 86400}"]
        later = (
            self._git("log", "--first-parent", "--format=%h %cs %an: %s", *span, "--", *files)
            if files
            else ""
        )
        reverts = self._git(
            "log", "--format=%h %cs %an: %s", "--regexp-ignore-case", f"--grep=revert.*{sha[:10]}"
        )
        return [
            f"branches that hold {sha[:10]}: {there.split()[:6]}", "reverts that name it: " + (reverts[:400] or "none"),
            "later commits to the same files, ninety days:", later[:1500],
        ]  # fmt: skip

    def _naming(self, number: int) -> list[int]:
        found = []
        for other, rows in self.records["pulls"].items():
            words = (
                f"{rows[0]['title']} {rows[0].get('body') or ''} ".replace(",", " ")
                .replace(".", " ")
                .replace(")", " ")
            )
            if rows[0].get("merged_at") and other != number and f"#{number} " in words:
                found.append(other)
        return found

    def _git(self, *words: str) -> str:
        run = ["git", "-C", str(self.clone), *words]
        return subprocess.run(
            run, check=False, capture_output=True, text=True, errors="replace"
        ).stdout


def _number(row: dict[str, Any]) -> int:
    if "number" in row:
        return int(row["number"])
    place = row.get("pull_request_url") or row.get("issue_url") or row["issue"]["url"]
    return int(place.rsplit("/", 1)[1])


def _login(user: dict[str, Any] | None) -> str:
    return (user or {}).get("login") or "nobody"


def _result(workspaces: list[Path]) -> None:
    ours = {c["id"]: c["verdict"] for place in workspaces for c in _claims(place)}
    with FOUND.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["claim"] in ours]
    for drawn in dict.fromkeys(row["drawn"] for row in rows):
        some = [row for row in rows if row["drawn"] == drawn]
        print(f"{drawn}: {len(some)} claims were read")
        _print_right(Counter((ours[row["claim"]], row["first"]) for row in some))
        _agree([(row["first"], row["second"]) for row in some if row["second"]], "")
        if many := sum(bool(row["again"]) for row in some):
            print(f"  with {many} that were read again by the policy's own words:")
            _print_right(
                Counter((ours[row["claim"]], row["again"] or row["first"]) for row in some)
            )


def _print_right(pairs: Counter[tuple[str, str]]) -> None:
    for verdict in sorted({v for v, _ in pairs}):
        print(f"  {verdict}: {_right(pairs, verdict)}")


def _right(pairs: Counter[tuple[str, str]], verdict: str) -> str:
    """How many readers call the same, of those that we call so."""
    found = {theirs: count for (v, theirs), count in pairs.items() if v == verdict}
    n, right = sum(found.values()), found.pop(verdict, 0)
    told, low = share(right, n), lower_bound_share(right, n, level=0.95)
    return (
        f"{right} of {n} ({told.value:.2f}, lower 95 % bound {low:.2f}); readers said else {found}"
    )


def _undone(workspaces: list[Path]) -> None:
    ours = {}
    for claim in (c for place in workspaces for c in _claims(place)):
        ours.update({sha[:12]: _standing(claim) for sha in claim["commits"]})
    with UNDONE.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["commit"] in ours]
    for drawn in dict.fromkeys(row["drawn"] for row in rows):
        some = [row for row in rows if row["drawn"] == drawn]
        print(f"{drawn}: {len(some)} claims were read")
        for standing in sorted({ours[row["commit"]] for row in some}):
            mine = [row for row in some if ours[row["commit"]] == standing]
            print(f"  {standing}, {len(mine)}: " + ", ".join(_yes(mine, q) for q in QUESTIONS))
    for question in QUESTIONS:
        _agree([(r[question], r[f"{question}_2"]) for r in rows if r[f"{question}_2"]], question)


def _agree(both: list[tuple[str, str]], question: str) -> None:
    found = kappa(both) if both else None
    told = "not defined" if found is None else f"{found:.2f}"
    print(f"two readers on {len(both)}{question and f', {question}'}: kappa {told}")


def _standing(claim: dict[str, Any]) -> str:
    """How we say that it stands: reverted and fixed again apart, and what was made good."""
    if claim["verdict"] == "contradicted":
        return f"contradicted, {'reverted' if 'reverted' in claim['reason'] else 'otherwise'}"
    return "made good" if claim["reason"].startswith("done again") else "not contradicted"


def _yes(rows: list[dict[str, str]], question: str) -> str:
    asked = [row[question] for row in rows if row[question] != "na"]
    if not asked:
        return f"{question} asked of none"
    many = asked.count("yes")
    low = lower_bound_share(many, len(asked), level=0.95)
    return f"{question} {many} of {len(asked)} (lower 95 % bound {low:.2f})"


if __name__ == "__main__":
    main()
