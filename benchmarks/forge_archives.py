"""Public archives of a forge's records, written as exports that `trueup collect --from` takes in.

Two kinds are known, both kept in git by the projects themselves: one file per issue or request, as
github-metadata-backup writes them, and one `archive.json` on the branch `gh-pages`, as drafts of the IETF have
it. The second has no events: it tells nothing of reopenings.

    python -m benchmarks.forge_archives GITDIR FOLDER
"""

from __future__ import annotations

import argparse
import json
import subprocess
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

API = "https://api.github.com/repos"
Records = dict[str, list[dict[str, Any]]]


def main() -> None:
    """Convert one archive and say how many records it had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path, help="git directory that holds the archive")
    parser.add_argument("folder", type=Path, help="where the exports go")
    asked = parser.parse_args()
    records = convert(asked.archive)
    asked.folder.mkdir(parents=True, exist_ok=True)
    for name, rows in records.items():
        (asked.folder / f"{name}.json").write_text(json.dumps(rows), "utf-8")
    print(", ".join(f"{len(rows)} {name}" for name, rows in records.items()))


def convert(archive: Path) -> Records:
    """The records of an archive by the names of the lists of GitHub's API."""
    found: Records = defaultdict(list)
    whole = _git(archive, "show", "gh-pages:archive.json", check=False)
    if whole:
        _whole(json.loads(whole), found)
    else:
        names = _git(archive, "ls-tree", "-r", "--name-only", "HEAD").decode().split("\n")
        for name in names:
            if name.endswith(".json") and name.startswith(("issues/", "pulls/")):
                if text := _git(archive, "show", f"HEAD:{name}", check=False):
                    _single(json.loads(text), found)
                else:
                    print(f"{name} is not there")
    return dict(found)


def _git(place: Path, *words: str, check: bool = True) -> bytes:
    run = ["git", "--git-dir", str(place), *words]
    return subprocess.run(run, check=check, capture_output=True).stdout


def _single(told: dict[str, Any], found: Records) -> None:
    """One issue or request with its timeline."""
    item = told.get("pull") or told["issue"]
    found["pulls" if "pull" in told else "issues"].append(item)
    repo = item["url"].rsplit("/", 2)[0]
    of = {
        "number": item["number"],
        "url": f"{repo}/issues/{item['number']}",
        "repository_url": repo,
    }
    for event in told["events"]:
        if event["event"] == "reviewed":
            place = {"pull_request_url": f"{repo}/pulls/{item['number']}"}
            found["reviews"].append({"submitted_at": event.get("created_at"), **event, **place})
        elif event["event"] == "commented":
            found["issue_comments"].append(event)
        elif event["event"] != "committed":
            found["issue_events"].append({**event, "issue": of})


def _whole(told: dict[str, Any], found: Records) -> None:
    """Everything of a repository, in the words of the GraphQL API."""
    repo = f"{API}/{told['repo']}"
    for pull in told["pulls"]:
        place = f"{repo}/pulls/{pull['number']}"
        merge = (pull["mergeCommit"] or {}).get("oid")
        found["pulls"].append({
            **_common(pull), "url": place, "merged_at": pull["mergedAt"], "merge_commit_sha": merge,
            "merged_by": _user(pull["mergedBy"]), "base": {"ref": pull["baseRefName"], "sha": pull["baseRefOid"]},
            "head": {"ref": pull["headRefName"], "sha": pull["headRefOid"]},
        })  # fmt: skip
        found["reviews"] += [
            {"id": zlib.crc32(r["id"].encode()), "user": _user(r["author"]), "state": r["state"], "body": r["body"],
             "commit_id": (r.get("commit") or {}).get("abbreviatedOid"),
             "submitted_at": r["createdAt"], "pull_request_url": place}
            for r in pull["reviews"]
        ]  # fmt: skip
    for issue in told["issues"]:
        place = f"{repo}/issues/{issue['number']}"
        urls = {"events_url": f"{place}/events", "comments_url": f"{place}/comments"}
        found["issues"].append({**_common(issue), "url": place, **urls})


def _common(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": item["id"], "number": item["number"], "title": item["title"], "body": item["body"],
        "state": "open" if item["state"] == "OPEN" else "closed", "user": _user(item["author"]),
        "labels": [{"name": name} for name in item["labels"]], "created_at": item["createdAt"],
        "updated_at": item["updatedAt"], "closed_at": item["closedAt"],
    }  # fmt: skip


def _user(login: str | None) -> dict[str, Any] | None:
    return {"login": login, "type": "User"} if login else None


if __name__ == "__main__":
    main()
