"""What texts and system notes of GitLab say about other things, in the forms that all sources share.

GitLab refers to issues as `#5`, `app#5`, `group/app#5` or by address, and to merge requests with `!`.
Issues and merge requests are numbered apart, so the sign is part of what is meant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from trueup.facts.rows import LONGEST, said
from trueup.facts.texts.message import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = re.compile(
    r"https?://(?P<at>[^\s()<>\[\]\"]{1,200}?)/(?:-/)?(?P<what>issues|work_items|merge_requests|pull)/"
    r"(?P<number>\d{1,9})\b(?:[?#][\w=&%-]{0,200})?"
)
_REFERENCE = re.compile(
    r"(?<![\w/.#!-])(?P<path>(?:[\w.-]{1,80}/){0,8}[\w.-]{1,80})?(?P<sign>[#!])(?P<number>\d{1,9})\b"
)
#: Words that stand before a number without naming a project.
_NO_PROJECT = re.compile(
    r"(?:clos|fix|resolv|implement|issue|bug|ticket|task)[a-z]*|mr|pr|see|no\.?", re.IGNORECASE
)
_REVERTS = re.compile(
    r"\breverts? merge request (?P<path>[\w./-]*)!(?P<number>\d{1,9})\b", re.IGNORECASE
)
_SHA = re.compile(r"\b([0-9a-f]{7,64})\b")
_NAMED = re.compile(r"(?<!\w)@(\w(?:[\w.-]{0,253}\w)?)", re.ASCII)


class Note(NamedTuple):
    """What a system note tells: field and its value before and after, and the word for it."""

    field: str
    word: str
    before: str = ""
    after: str = ""


_DONE = Note("status", "closed", "open", "done")
_OPEN = Note("status", "reopened", "done", "open")
#: GitLab writes its notes in English whatever the language of its users; the first that fits holds.
_NOTES = tuple(
    (re.compile(pattern, re.IGNORECASE), note)
    for pattern, note in (
        (r"approved this merge request", Note("other", "approved")),
        (r"unapproved this merge request", Note("other", "unapproved")),
        (r"reset approvals from\b", Note("other", "reset_approvals")),
        (r"requested changes$", Note("other", "requested_changes")),
        (r"left review comments without approving", Note("other", "reviewed")),
        (r"merged\b", Note("status", "merged", "open", "done")),
        (r"(?:status changed to )?closed\b", _DONE),
        (r"(?:status changed to )?reopened\b", _OPEN),
        (r"(?:un)?assigned\b|removed (?:all )?assignees?\b", Note("assignee", "assignee")),
        (r"(?:changed|removed) milestone\b", Note("milestone", "milestone")),
        (r"changed title\b", Note("title", "title")),
        (r"(?:un)?marked (?:this merge request )?as (?:a )?\*\*", Note("other", "draft")),
        (r"marked (?:this \w+|\S+) as a duplicate\b", Note("link", "duplicate")),
        (r"mentioned in\b", Note("link", "cross_reference")),
        (r"marked this \w+ as (?:related|blocked|blocking)\b", Note("link", "relate")),
        (r"(?:added|removed) .*\b(?:parent|child|related|link)\b", Note("link", "relate")),
        (r"(?:added|removed) .*\blabels?$", Note("label", "label")),
        (r"changed (?:the )?(?:issue )?type\b", Note("type", "issue_type")),
        (r"added \d+ (?:new )?commits?\b", Note("other", "commit")),
        (r"changed the description", Note("other", "description")),
        (r"(?:requested review|removed review request|requested a? ?review)", Note("other", "reviewer")),
        (r"(?:restored|deleted|created) \S* ?branch\b|changed \w+ branch\b", Note("other", "branch")),
        (r"resolved all\b|created \S+ to continue this discussion", Note("other", "discussion")),
        (r"(?:enabled|canceled|aborted) (?:an|the) automatic merge", Note("other", "merge")),
        (r"created merge request\b|picked the changes\b", Note("other", "merge")),
        (r"changed this (?:line|file) in", Note("other", "outdated")),
        (r"marked the (?:task|checklist item)\b", Note("other", "task")),
        (r"(?:changed|removed|set) .*\b(?:due date|start date)\b", Note("other", "due_date")),
        (r"(?:changed|removed|added|subtracted|deleted) .*\btime\b", Note("other", "time_tracking")),
        (r"moved (?:to|from)\b|cloned (?:to|from)\b", Note("other", "moved")),
        (r"(?:un)?locked (?:this|the)\b", Note("other", "lock")),
        (r"(?:changed|removed|set) .*\b(?:weight|health status|iteration|severity)\b", Note("other", "planning")),
        (r"made the issue\b|changed the incident\b|promoted\b", Note("other", "visibility")),
    )
)  # fmt: skip


def note_of(body: str) -> Note | None:
    """What a system note tells; nothing where it is of a kind nobody knows.

    >>> note_of("closed via merge request !5").after, note_of("added ~12 ~13 labels").field
    ('done', 'label')
    """
    line = body.strip().partition("\n")[0][:1000].strip()
    return next((note for pattern, note in _NOTES if pattern.match(line)), None)


def links_of_note(body: str, repo: str, word: str) -> Iterator[Link]:
    """What a system note says of other things: what closed an issue, where it was mentioned."""
    line = body.strip().partition("\n")[0][:1000]
    relation = {"closed": "closed_by", "cross_reference": "mentions", "duplicate": "duplicates"}
    if word not in relation or line.lower().endswith("as a duplicate of this issue"):
        return
    told = _in_short(line, repo, "")
    if match := _REFERENCE.search(told):
        kind = "issue" if match["sign"] == "#" else "request"
        yield Link(relation[word], kind, _target(match), f"note_{word}", 0.95)
    elif (" commit " in told or " via " in told) and (sha := _SHA.search(told)):
        yield Link(relation[word], "commit", sha[1], f"note_{word}", 0.95)


def names_of_note(body: str) -> list[str]:
    """The accounts a system note names.

    >>> names_of_note("reset approvals from @ada, @bo.q, and @cy by pushing to the branch")
    ['ada', 'bo.q', 'cy']
    """
    return _NAMED.findall(body.strip().partition("\n")[0][:1000])


def links_of_text(title: str, text: str, repo: str, base: str) -> tuple[str, tuple[Link, ...]]:
    """The hash of a title, and what title and text say about other things.

    Args:
        title: of the issue or merge request.
        text: its description.
        repo: the project it belongs to.
        base: the address of the instance, where it is known.

    >>> _, links = links_of_text("Add", "Closes #5, part of a/b/c#7, see !9", "a/b/app", "")
    >>> [link[:3] for link in links]
    [('closes', 'issue', '#5'), ('mentions', 'issue', 'a/b/c#7'), ('mentions', 'request', '9')]
    """
    whole = _in_short(f"{title}\n\n{text}"[:LONGEST], repo, base)
    long: dict[str, str] = {}

    def shorten(match: re.Match[str]) -> str:
        if match["sign"] == "!":
            return " "
        # Two parts of a path are read; what they stand for is put back below.
        short = f"{'/'.join((match['path'] or '').split('/')[-2:])}#{match['number']}"
        long[short] = _target(match)
        return short

    title_id, _ = said(title, "")
    _, found = said("", _REFERENCE.sub(shorten, whole))
    links = [x._replace(target=long.get(x.target, x.target)) for x in found if x.relation != "pull"]
    reverted = {m["number"] for m in _REVERTS.finditer(whole) if not m["path"]}
    links += [Link("reverts", "request", n, "revert_request", 0.95) for n in sorted(reverted)]
    requests = (m for m in _REFERENCE.finditer(whole) if m["sign"] == "!")
    named = dict.fromkeys(_target(m) for m in requests)
    links += [Link("mentions", "request", n, "mention", 0.9) for n in named if n not in reverted]
    return title_id, tuple(links)


def _target(match: re.Match[str]) -> str:
    """What a reference points at: of other projects with the project before it."""
    if match["path"]:
        return f"{match['path']}{match['sign']}{match['number']}"
    return f"#{match['number']}" if match["sign"] == "#" else match["number"]


def _in_short(text: str, repo: str, base: str) -> str:
    """The text with each reference as it is written shortest: to this project without its path."""
    home = base.partition("://")[2]

    def address(match: re.Match[str]) -> str:
        at, sign = match["at"], "#" if match["what"] in {"issues", "work_items"} else "!"
        inner = at.removeprefix(f"{home}/") if home else at.partition("/")[2]
        # What lies on another host has numbers of its own.
        return " " if home and inner == at else f"{inner}{sign}{match['number']}"

    def reference(match: re.Match[str]) -> str:
        path = match["path"] or ""
        if not path or _NO_PROJECT.fullmatch(path):
            return match[0]
        path = path if "/" in path else f"{repo.rpartition('/')[0]}/{path}"
        own = path.lower() == repo.lower()
        return f"{'' if own else path}{match['sign']}{match['number']}"

    return _REFERENCE.sub(reference, _ADDRESS.sub(address, text))
