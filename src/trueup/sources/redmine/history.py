"""What happened to an issue, and what the numbers of statuses stand for."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from trueup.facts.rows import OddRecordError, text_features
from trueup.facts.texts.message import Link
from trueup.kernel.clock import moment_of
from trueup.sources.redmine.places import key_of, person, place
from trueup.sources.redmine.words import resolution_of

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
#: Redmine itself only says whether a status is closed; these open ones say that work has begun.
_BEGUN = frozenset(
    {"in progress", "started", "doing", "in review", "review", "in testing", "testing", "resolved"}
)
#: What its own statuses are, for records of before Redmine 5.0 that come without a list of them.
_DEFAULTS = {
    "new": "open",
    "assigned": "open",
    "feedback": "open",
    "in progress": "in_progress",
    "resolved": "in_progress",
    "closed": "done",
    "rejected": "done",
}
_FIELD = {
    "status_id": "status",
    "assigned_to_id": "assignee",
    "fixed_version_id": "milestone",
    "subject": "title",
    "tracker_id": "type",
    "relation": "link",
}
#: Values of other fields may be a text, or lead to a person or an issue.
_PLAIN = frozenset(
    "status_id fixed_version_id tracker_id priority_id category_id done_ratio start_date due_date "
    "estimated_hours".split()
)


def journals(raw: Raw, to: Rows) -> None:
    """The history of an issue: changes of its fields, notes, and the commits that name it."""
    raw = raw.get("issue") or raw
    repo, key = place(raw, to), key_of(raw)
    if raw.get("status"):
        status_of(raw["status"], to)
    for one in raw["journals"]:
        _note(one, repo, key, to)
        _changes(one, repo, key, to)
    for one in raw.get("changesets") or ():
        if _SHA.fullmatch(str(one["revision"])):
            link = Link("mentions", "commit", one["revision"], "changeset", 0.99)
            to.link(repo, ("issue", key), link, happened_at=moment_of(one.get("committed_on")))


def _note(raw: Raw, repo: str, key: str, to: Rows) -> None:
    text = raw.get("notes") or ""
    if not text.strip():
        return
    looked = text_features(text)
    to.add(
        "comments",
        happened_at=moment_of(raw["created_on"]),
        repo=repo,
        kind="discussion",
        comment=str(int(raw["id"])),
        key=key,
        author=person(raw.get("user"), repo, to),
        changed_at=moment_of(raw.get("updated_on")),
        **looked.of_comment(),
    )


def _changes(raw: Raw, repo: str, key: str, to: Rows) -> None:
    met: Counter[str] = Counter()
    for one in raw.get("details") or ():
        own, kind = str(one["name"]), one["property"]
        attribute = kind == "attr"
        name = own if attribute else kind
        called = own if attribute else f"{kind}_{own}"
        met[called] += 1  # a list may change in several of its values at once
        field = _FIELD.get(name, "other")
        before, after = one.get("old_value"), one.get("new_value")
        status, now = _meant(after, to) if field == "status" else "", _called(name, after, to)
        to.add(
            "issue_events",
            happened_at=moment_of(raw["created_on"]),
            repo=repo,
            key=key,
            event=f"{int(raw['id'])}:{called}" + (f":{met[called]}" if met[called] > 1 else ""),
            field=field,
            field_original=name,
            before=_meant(before, to) if field == "status" else "",
            before_original=_called(name, before, to),
            after=status,
            after_original=now,
            resolution=resolution_of(now or "") if status == "done" else "",
            actor=person(raw.get("user"), repo, to),
        )


def _meant(told: object, to: Rows) -> str:
    """What the number of a status stands for."""
    known = to.learned("status", told)
    return to.meaning("issue_events.status", told, {str(told): known} if known else {})


def _called(name: str, told: object, to: Rows) -> str | None:
    """The name of a status, where it is known; other values as they are, unless they may be a text."""
    if name not in _PLAIN or told is None or told == "":
        return None
    known = to.learned("status_original", told) if name == "status_id" else ""
    return known or str(told)


def issue_status(raw: Raw, to: Rows) -> None:
    """A status: what its number stands for in histories."""
    if raw.get("is_closed") is None:
        raise KeyError("is_closed")
    status_of(raw, to)


def status_of(raw: Raw, to: Rows) -> str:
    """The meaning of a status, which is remembered: histories only give its number."""
    name, closed = raw["name"], raw.get("is_closed")
    if not isinstance(name, str) or not isinstance(closed, bool | None):
        raise OddRecordError("its status is of another kind than expected")
    number = str(int(raw["id"]))
    if closed is None:  # before Redmine 5.0
        return to.learned("status", number) or to.meaning("issues.status", name, _DEFAULTS)
    meant = "done" if closed else "in_progress" if name.strip().lower() in _BEGUN else "open"
    to.learn("status", number, meant)
    to.learn("status_original", number, name)
    return meant
