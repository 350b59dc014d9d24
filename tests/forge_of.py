"""What a forge tells of a small repository, as its own records: requests, reviews, comments, issues, events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trueup.runs.intake import take_exports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from trueup.facts.store import Store

HERE = "https://api.github.com/repos/acme/small"
KEY = b"k" * 32


def _who(login: str | None) -> dict[str, str] | None:
    return {"login": login} if login else None


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


class Forge:
    """Records under construction, and documents beside them; ``until`` is when it tells of last."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.records: dict[str, list[dict[str, Any]]] = {}
        self.documents: dict[str, str] = {}
        self._number = 0

    def pull(
        self, number: int, by: str, opened: datetime, ended: datetime | None = None, *,
        sha: str = "", merger: str = "", lines: int | None = 100, body: str = "",
    ) -> None:  # fmt: skip
        """A request; merged when there is a commit, else closed or open."""
        told: dict[str, Any] = {
            "url": f"{HERE}/pulls/{number}", "id": number, "number": number, "title": f"Work {number}",
            "state": "closed" if ended else "open", "user": _who(by), "body": body, "labels": [],
            "created_at": _text(opened), "closed_at": _text(ended), "updated_at": _text(self.until),
            "merged_at": _text(ended) if sha else None, "merge_commit_sha": sha or None,
            "base": {"ref": "main", "sha": "0" * 40}, "head": {"ref": "t", "sha": f"{number:040x}"},
        }  # fmt: skip
        told |= {"merged_by": _who(merger)} if merger else {}
        told |= {} if lines is None else {"additions": lines, "deletions": 0, "changed_files": 1}
        self._add("pulls", told)

    def review(self, number: int, by: str, at: datetime, state: str, body: str = "") -> None:
        self._add("reviews", {
            "id": self._next(), "user": _who(by), "body": body, "state": state, "commit_id": "1" * 40,
            "pull_request_url": f"{HERE}/pulls/{number}", "submitted_at": _text(at),
        })  # fmt: skip

    def comment(self, number: int, by: str, at: datetime, body: str = "Hm.") -> None:
        self._add("issue_comments", {
            "id": self._next(), "user": _who(by), "body": body, "created_at": _text(at),
            "updated_at": _text(at), "issue_url": f"{HERE}/issues/{number}", "author_association": "NONE",
        })  # fmt: skip

    def commit(self, number: int, by: str, at: datetime) -> None:
        who = {"name": by.title(), "email": f"{by}@example.org", "date": _text(at)}
        told = {"author": who, "committer": who, "message": f"Step of {number}"}
        self._add("pull_request_commits", {
            "sha": f"{self._next():040x}", "commit": told, "url": "", "author": _who(by), "parents": [],
            "pull_request_url": f"{HERE}/pulls/{number}",
        })  # fmt: skip

    def issue(
        self, number: int, by: str, opened: datetime, closed: datetime | None = None, *,
        closer: str = "", labels: tuple[str, ...] = (), reason: str = "completed", comments: int = 0,
    ) -> None:  # fmt: skip
        self._add("issues", {
            "url": f"{HERE}/issues/{number}", "number": number, "title": f"Question {number}",
            "user": _who(by), "state": "closed" if closed else "open", "comments": comments,
            "labels": [{"name": name} for name in labels], "closed_by": _who(closer),
            "state_reason": reason if closed else None, "events_url": "", "comments_url": "",
            "created_at": _text(opened), "closed_at": _text(closed), "updated_at": _text(self.until),
        })  # fmt: skip

    def event(self, number: int, by: str, at: datetime, event: str) -> None:
        """Something that happened to an issue or request: closed or reopened."""
        self._add("issue_events", {
            "id": self._next(), "event": event, "actor": _who(by), "created_at": _text(at),
            "issue": {"url": f"{HERE}/issues/{number}", "number": number}, "commit_id": None,
        })  # fmt: skip

    def take(self, store: Store, folder: Path) -> None:
        """Collect everything into a store."""
        for name, records in self.records.items():
            folder.mkdir(exist_ok=True)
            (folder / f"{name}.json").write_text(json.dumps(records))
        for name, text in self.documents.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        if not folder.exists():
            return
        about: Mapping[str, str] = {"place": "acme/small"} if self.documents else {}
        for taken in take_exports(folder, store, KEY, lambda: self.until, lambda *_: None, about):
            assert taken.problems == []
            assert taken.unread == 0

    def _add(self, kind: str, record: dict[str, Any]) -> None:
        self.records.setdefault(kind, []).append(record)

    def _next(self) -> int:
        self._number += 1
        return self._number
