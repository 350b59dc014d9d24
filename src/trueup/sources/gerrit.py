"""Gerrit: changes with their votes and messages, and what is said of a patch set as a whole."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from trueup.facts.rows import OddRecordError, said, text_features
from trueup.facts.texts.message import Link, subject_id
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import (
    SENSITIVE,
    Door,
    Interface,
    Listing,
    Order,
    Paging,
    RecordKind,
    Sign,
    Source,
    names,
    own_door,
    tables_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from trueup.facts.rows import Rows

    Raw = Mapping[str, Any]

#: `draft` and `submitted` are of older servers; what is submitted there waits to be merged.
_STATUS = {
    "new": "open",
    "draft": "open",
    "submitted": "open",
    "merged": "merged",
    "abandoned": "closed",
}
#: Labels by which a program tells how a check ended; on others programs ask for something, or hold it back.
_CHECK = re.compile(r"verif|build|test|lint|style|quality|presubmit", re.IGNORECASE)
_REVIEW = "Code-Review"
_HEADING = re.compile(r"(?:Patch Set|Uploaded patch set) (\d+)(?::(.*)|\.?)")
_VOTE = re.compile(r"(-?)([A-Za-z0-9][A-Za-z0-9-]*?)([+-]\d+)?")
#: How programs that neither say so nor are marked so list what they built.
_REPORT = re.compile(r"https?://\S+\s*:\s*(?:SUCCESS|FAILURE|UNSTABLE|ABORTED)\b")
_COUNT = re.compile(r"^\(\d+ (?:inline )?comments?\)$", re.MULTILINE)
_CHANGE = re.compile(r"/changes/(?:([^/?~]+)~)?(\d+)/comments")


class _Vote(NamedTuple):
    """A vote on a label; 0 takes an earlier one back."""

    label: str
    value: int

    def __str__(self) -> str:
        return f"{self.label}{self.value:+d}" if self.value else f"-{self.label}"


class _Message(NamedTuple):
    """What a message says: votes, whether it comes with comments on lines, and a text."""

    patch_set: int
    votes: tuple[_Vote, ...]
    on_lines: bool
    text: str


class _Given(NamedTuple):
    """Who said something, when, and of which commit, where that is known."""

    author: Raw
    at: datetime | None
    sha: str | None


class _Change(NamedTuple):
    """A change, as what belongs to it needs it: the ids of its patch sets, and the best vote there is."""

    repo: str
    number: str
    shas: Mapping[int, str]
    best: int


def change(raw: Raw, to: Rows) -> None:
    """A change with its votes; what lands of it is its newest patch set."""
    repo = to.about.get("place") or raw["project"]
    revisions = raw.get("revisions") or {}
    shas = {int(r["_number"]): sha for sha, r in revisions.items()}
    whole = _Change(repo, str(int(raw["_number"])), shas, _best(raw))
    current = revisions.get(raw.get("current_revision")) or {}
    commit = current.get("commit") or {}
    _request(raw, current, commit, whole, to)
    if commit:
        _commit(raw["current_revision"], commit, whole, to)
    told = {vote for one in raw.get("messages") or () for vote in _message(one, whole, to)}
    _left(raw, current, told, whole, to)


def _request(raw: Raw, current: Raw, commit: Raw, whole: _Change, to: Rows) -> None:
    made, submitted = moment_of(raw["created"]), moment_of(raw.get("submitted"))
    status = to.meaning("requests.status", raw["status"], _STATUS)
    merged = status == "merged"
    body = (commit.get("message") or "").lstrip().partition("\n")[2]
    text = text_features(body)
    title_id, links = said(raw["subject"], body, slug=whole.repo)
    head, files, parents = _head(raw, submitted), current.get("files"), commit.get("parents")
    to.add(
        "requests",
        happened_at=made,
        repo=whole.repo,
        number=whole.number,
        status=status,
        status_original=raw["status"],
        draft=bool(raw.get("work_in_progress")) or raw["status"] == "DRAFT",
        author=_person(raw.get("owner"), whole.repo, to),
        merged_by=_person(raw.get("submitter"), whole.repo, to) if merged else None,
        merged_at=submitted if merged else None,
        closed_at=submitted if merged else _abandoned(raw) if status == "closed" else None,
        changed_at=moment_of(raw["updated"]),
        target_branch=raw["branch"],
        base_sha=parents[0]["commit"] if parents and head == raw["current_revision"] else None,
        head_sha=head,
        merge_sha=raw.get("current_revision") if merged else None,
        additions=raw.get("insertions"),
        deletions=raw.get("deletions"),
        files=None if files is None else len(files),
        commits=1,  # a patch set is one commit
        review_comments=raw.get("total_comment_count"),
        labels=sorted(raw.get("hashtags") or ()),
        title_id=title_id,
        text_bytes=text.bytes if commit else None,
        tasks=text.tasks if commit else None,
        tasks_done=text.tasks_done if commit else None,
    )
    for link in (*_links(raw), *links):
        if link.relation != "pull" and link.target:
            to.link(whole.repo, ("request", whole.number), link, happened_at=made)


def _links(raw: Raw) -> Iterator[Link]:
    """What a change is to others, by its own fields; they are numbers of the same server."""
    yield Link("change", "change", raw["change_id"], "change_id", 0.99)
    if raw.get("topic"):
        yield Link("part_of", "topic", raw["topic"], "topic", 0.99)
    for field, relation in (("revert_of", "reverts"), ("cherry_pick_of_change", "cherry_pick_of")):
        if raw.get(field):
            yield Link(relation, "request", str(int(raw[field])), field, 0.99)


def _head(raw: Raw, submitted: datetime | None) -> str | None:
    """The newest commit that was uploaded: Gerrit makes another as it rebases or picks what is submitted."""
    uploaded = {
        int(revision["_number"]): sha
        for sha, revision in (raw.get("revisions") or {}).items()
        if submitted and (made := moment_of(revision.get("created"))) and made < submitted
    }
    return uploaded[max(uploaded)] if uploaded else raw.get("current_revision")


def _abandoned(raw: Raw) -> datetime | None:
    """When it was (last) abandoned, which only a message tells."""
    told = [
        one["date"]
        for one in raw.get("messages") or ()
        if (one.get("tag") or "").endswith(":abandon") or one["message"].startswith("Abandoned")
    ]
    return moment_of(told[-1]) if told else None


def _commit(sha: str, raw: Raw, whole: _Change, to: Rows) -> None:
    people = {
        role: to.person(whole.repo, raw[role].get("name") or "", raw[role].get("email") or "")
        for role in ("author", "committer")
    }
    to.add(
        "request_commits",
        happened_at=moment_of(raw["committer"]["date"]),
        repo=whole.repo,
        number=whole.number,
        sha=sha,
        authored_at=moment_of(raw["author"]["date"]),
        subject_id=subject_id(raw["subject"]),
        **people,
    )


def _best(raw: Raw) -> int:
    """The vote that approves; projects choose their range."""
    told = ((raw.get("labels") or {}).get(_REVIEW) or {}).get("values") or {"+2": ""}
    return max(map(int, told))


def _message(raw: Raw, whole: _Change, to: Rows) -> Iterator[tuple[str, _Vote]]:
    """Rows of a message, and the votes it tells of; those without an author are of the server."""
    author, tag, made = raw.get("author"), raw.get("tag") or "", _read(raw["message"])
    if not author:
        return
    sha = whole.shas.get(raw.get("_revision_number") or made.patch_set)
    given = _Given(author, moment_of(raw["date"]), sha)
    report = _REPORT.search(made.text) is not None
    machine = report or _machine(author, tag)
    own = not report and not tag.startswith("autogenerated:")
    checks = [v for v in made.votes if machine and _CHECK.search(v.label)]
    votes = [v for v in made.votes if v not in checks]
    for vote in checks:
        _job(whole, given, vote, to)
    key = str(raw["id"]) if votes or (own and made.on_lines) else None
    if key:
        _review(whole, key, given, votes, text_features(made.text).bytes, to)
    if own and made.text:
        told = {"comment": str(raw["id"]), "key": f"#{whole.number}", "review": key}
        _comment(whole.repo, given, made.text, told, to)
    yield from ((_account(author), vote) for vote in made.votes)


def _read(message: str) -> _Message:
    r"""A message, taken apart; a heading of which not every word is a vote names none.

    >>> made = _read("Patch Set 3: Code-Review+2 -Verified\n\n(1 comment)\n\nThanks!")
    >>> made.patch_set, [str(v) for v in made.votes], made.on_lines, made.text
    (3, ['Code-Review+2', '-Verified'], True, 'Thanks!')
    >>> _read("Patch Set 2: Patch Set 1 was rebased").votes
    ()
    """
    first, _, rest = message.partition("\n")
    heading = _HEADING.fullmatch(first.strip())
    if heading is None:
        return _Message(0, (), on_lines=False, text=message.strip())
    words = (heading[2] or "").strip().rstrip(".").split()
    found = [_VOTE.fullmatch(word) for word in words]
    votes = [
        _Vote(m[2], int(m[3] or 0)) for m in found if m is not None and bool(m[1]) != bool(m[3])
    ]
    on_lines = _COUNT.search(rest) is not None
    told = tuple(votes) if len(votes) == len(words) else ()
    return _Message(int(heading[1]), told, on_lines, _COUNT.sub("", rest).strip())


def _machine(author: Raw, tag: str) -> bool:
    """Whether a program says so of itself; accounts that do not are told apart elsewhere."""
    if "SERVICE_USER" in (author.get("tags") or ()):
        return True
    return tag.startswith("autogenerated:") and not tag.startswith("autogenerated:gerrit:")


def _review(
    whole: _Change, key: str, given: _Given, votes: list[_Vote], size: int, to: Rows
) -> None:
    to.add(
        "reviews",
        happened_at=given.at,
        repo=whole.repo,
        number=whole.number,
        review=key,
        reviewer=_person(given.author, whole.repo, to),
        verdict=_verdict(votes, whole.best),
        verdict_original=" ".join(map(str, votes)),
        sha=given.sha,
        text_bytes=size,
    )


def _verdict(votes: list[_Vote], best: int) -> str:
    """What votes mean: less than the best says that somebody else must approve."""
    if not votes:
        return "commented"
    if all(vote.value == 0 for vote in votes):
        return "dismissed"
    value = next((vote.value for vote in votes if vote.label == _REVIEW), None)
    if value is None:
        return "other"
    return "approved" if value >= best else "changes_requested" if value < 0 else "commented"


def _job(whole: _Change, given: _Given, vote: _Vote, to: Rows) -> None:
    """The check a program voted for; its newest vote on a commit holds, and one taken back says nothing."""
    if not vote.value:
        return
    by = given.author.get("_account_id") or ""
    to.add(
        "jobs",
        happened_at=given.at,
        repo=whole.repo,
        job=f"{given.sha or whole.number}:{vote.label}:{by}",
        name=vote.label,
        sha=given.sha,
        status="done",
        status_original="",
        result="success" if vote.value > 0 else "failure",
        result_original=str(vote),
        ended_at=given.at,
    )


def _left(raw: Raw, current: Raw, told: set[tuple[str, _Vote]], whole: _Change, to: Rows) -> None:
    """Votes that hold and no message tells of: older servers, and exports without messages."""
    uploaded = moment_of(current.get("created"))
    for label, about in (raw.get("labels") or {}).items():
        for one in about.get("all") or ():
            vote, at = _Vote(label, int(one.get("value") or 0)), moment_of(one.get("date"))
            if not vote.value or at is None or (_account(one), vote) in told:
                continue
            given = _Given(
                one, at, raw["current_revision"] if uploaded and at >= uploaded else None
            )
            if _machine(one, one.get("tag") or "") and _CHECK.search(label):
                _job(whole, given, vote, to)
            else:
                _review(whole, f"{label}:{int(one['_account_id'])}", given, [vote], 0, to)


def _comment(repo: str, given: _Given, text: str, told: dict[str, Any], to: Rows) -> None:
    looked = text_features(text)
    to.add(
        "comments",
        happened_at=given.at,
        repo=repo,
        kind="discussion",
        author=_person(given.author, repo, to),
        sha=given.sha,
        text_bytes=looked.bytes,
        asks=looked.asks,
        suggests=looked.suggests,
        **told,
    )


def comment(raw: Raw, to: Rows) -> None:
    """A comment on a patch set as a whole; which change it is about only the request says."""
    asked = _CHANGE.search(to.asked)
    repo = to.about.get("place") or (asked[1] if asked else None)
    number = to.about.get("number") or (asked[2] if asked else None)
    if not repo or not number:
        raise OddRecordError("it does not say which change it is about")
    told = {"comment": str(raw["id"]), "key": f"#{number}", "review": raw.get("change_message_id")}
    told["answers"] = raw.get("in_reply_to")
    given = _Given(raw.get("author") or {}, moment_of(raw["updated"]), raw.get("commit_id"))
    _comment(unquote(str(repo)), given, raw.get("message") or "", told, to)


def branch(raw: Raw, _: Rows) -> None:
    """A branch; the clone tells more of it."""
    if not raw["ref"] or not raw["revision"]:
        raise OddRecordError("it does not say what it is")


def _person(account: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of an account, known by its number where it shows no address.

    Those of programs are marked as forges mark theirs.
    """
    if not account:
        return None
    name, own = account.get("name") or account.get("username") or "", account.get("_account_id")
    known = account.get("email") or (f"{int(own)}@gerrit.invalid" if own else "")
    name = f"{name} [bot]".lstrip() if "SERVICE_USER" in (account.get("tags") or ()) else name
    return to.person(repo, name, known) if name or known else None


def _account(account: Raw) -> str:
    """What tells an account from others."""
    return str(account.get("_account_id") or account.get("email") or account.get("name") or "")


_OPTIONS = ("ALL_REVISIONS", "CURRENT_COMMIT", "DETAILED_ACCOUNTS", "DETAILED_LABELS", "MESSAGES")

KINDS = (
    # A query for a project that is not there answers with nothing; this list says that it is not there.
    RecordKind(
        name="branches",
        writes=(),
        lights="whether the project is there, and may be read",
        access="Read",
        marks=names("ref revision"),
        known=names("ref revision can_delete web_links"),
        to_facts=branch,
        path="/projects/{quoted}/branches/",
        listing=Listing(Order.NONE, {"n": 1}, paging=Paging.WHOLE),
    ),
    RecordKind(
        name="changes",
        writes=("requests", "request_commits", "reviews", "jobs", "comments", "item_links"),
        lights="work proposed, landed, abandoned; who voted how on which patch set, and what programs checked",
        access="Read",
        marks=names("_number branch change_id project"),
        known=names(
            "id triplet_id project branch full_branch topic attention_set removed_from_attention_set assignee hashtags "
            "custom_keyed_values change_id subject status created updated submitted submitter starred stars reviewed "
            "submit_type mergeable submittable insertions deletions total_comment_count unresolved_comment_count "
            "_number virtual_id_number owner actions submit_records requirements submit_requirements labels "
            "permitted_labels removable_labels removable_reviewers reviewers pending_reviewers reviewer_updates "
            "messages current_revision current_revision_number revisions meta_rev_id tracking_ids _more_changes "
            "problems is_private work_in_progress has_review_started revert_of submission_id cherry_pick_of_change "
            "cherry_pick_of_patch_set contains_git_conflicts base_change kind _sortkey plugins"
        ),
        to_facts=change,
        path="/changes/",
        own="_number",
        listing=Listing(
            Order.NEWEST_FIRST,
            {"q": 'project:"{place}" after:{since}', "o": _OPTIONS, "n": 100},
            since="day",
            stamp="updated",
            paging=Paging.OFFSET,
            page="S",
            size="n",
            many=1,  # a server may give fewer than it is asked for: the list ends with an empty answer
            complete=True,
        ),
    ),
    RecordKind(
        name="comments",
        writes=("comments",),
        lights="what was said of a patch set as a whole",
        access="Read",
        marks=names("change_message_id patch_set updated"),
        known=names(
            "author change_message_id commit_id context_lines fix_suggestions id in_reply_to line message parent "
            "patch_set path range side source_content_type tag unresolved updated"
        ),
        to_facts=comment,
        path="/changes/{quoted}~{number}/comments",
        listing=Listing(
            Order.OF_EACH,
            within="/PATCHSET_LEVEL",
            each=("changes", "_number"),
            paging=Paging.WHOLE,
            lacking=True,
            wanted=lambda told: told.get("total_comment_count") != 0,
        ),
        names=("patchset_comments",),
    ),
)


def _door(host: str, environment: Mapping[str, str]) -> Door | None:
    """The server `GERRIT_URL` names; who shows who they are comes in by another path, also to clone."""
    known = environment.get("GERRIT_TOKEN", "").strip()
    door = own_door("GERRIT", "/a" if known else "")(host, environment)
    if door is None:
        return None
    path = urlsplit(door.address.removesuffix("/a")).path.strip("/")
    return replace(door, within=f"{path}/a" if path else "a")


def _headers(token: str) -> dict[str, str]:
    told = {"Accept": "application/json"}
    basic = b64encode(token.encode()).decode()
    return told | ({"Authorization": f"Basic {basic}"} if token else {})


SOURCE = Source(
    name="gerrit",
    version=1,
    title="Gerrit",
    writes=tables_of(KINDS),
    sensitive=SENSITIVE,
    access=(
        "an account that may read the project, with an HTTP password or token of it (Settings, HTTP Credentials), given "
        "as `user:password` in `GERRIT_TOKEN`; `GERRIT_URL` says where Gerrit is. Nothing is written. What anybody "
        "may read is read without, when the project is connected by its name"
    ),
    limits=(
        "A place is the whole name of a project. Changes that the account may not see are not told of. A vote of "
        "Code-Review approves when it is the highest of the label's range; a lower one above 0 says that somebody else "
        "must approve, and is a comment; one below 0 asks for changes. Votes on Verified and labels like it are checks "
        "where the account is marked as a service user, the message as made by a program, or lists builds and how they "
        "ended; else somebody tried it out by hand: that is a review whose verdict is `other`, as votes on other labels are. A vote that somebody "
        "else took away, or that Gerrit did not carry over to a new patch set, stays as it was given. Of the patch "
        "sets of a change the newest is its commit; votes on others keep the id of theirs. Comments on lines are "
        "counted, together with those on a patch set as a whole, and not read: Gerrit gives them as an object "
        "by file, not as a list. To read files instead: save the answers of "
        f"`/changes/?q=project:NAME&{'&'.join(f'o={x}' for x in _OPTIONS)}&n=100&S=0` without their first line, which is no JSON; comments need "
        "a table with the request in its column `url`. Behind a proxy that decodes `%2F` projects with a slash in "
        "their names are not found."
    ),
    kinds=KINDS,
    interface=Interface(
        _door,
        _headers,
        Door("https://review.example.org", ("GERRIT_TOKEN",)),
        place="a project",
        forge=True,
    ),
    signs=(Sign(".gitreview", r"^\s*project\s*=\s*(\S+?)(?:\.git)?\s*$"),),
)
