"""Records of Gerrit: changes with their votes and messages, comments, branches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from trueup.facts.rows import OddRecordError, said, text_features
from trueup.facts.texts.message import Link, subject_id
from trueup.kernel.clock import moment_of
from trueup.sources.gerrit.messages import Vote, is_called, outdated, read, removed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows

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
_DECIDES = frozenset({"approved", "changes_requested"})
#: How programs that neither say so nor are marked so list what they built.
_REPORT = re.compile(r"https?://\S+\s*:\s*(?:SUCCESS|FAILURE|UNSTABLE|ABORTED)\b")
_CHANGE = re.compile(r"/changes/(?:([^/?~]+)~)?(\d+)/comments")


class _Given(NamedTuple):
    """Who said something, when, and of which commit, where that is known."""

    author: Raw
    at: datetime | None
    sha: str | None


class _Said(NamedTuple):
    """A vote that a message told of, by the account, with the patch set and the review it is part of."""

    by: str
    vote: Vote
    author: Raw
    patch_set: int
    review: str | None


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
    reviews: list[_Said] = []
    for one in raw.get("messages") or ():
        reviews += _message(one, whole, to)
        reviews = _standing(reviews, one, whole, to)
    _left(raw, current, {said[:2] for said in reviews}, whole, to)


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


def _message(raw: Raw, whole: _Change, to: Rows) -> Iterator[_Said]:
    """Rows of a message, and the votes it tells of; those without an author are of the server."""
    author, tag, made = raw.get("author"), raw.get("tag") or "", read(raw["message"])
    if not author:
        return
    number = raw.get("_revision_number") or made.patch_set
    sha = whole.shas.get(number)
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
    for vote in made.votes:
        yield _Said(_account(author), vote, author, number, key if vote in votes else None)


def _standing(known: list[_Said], message: Raw, whole: _Change, to: Rows) -> list[_Said]:
    """The votes that stand after a message; a review that rests on one that does not is dismissed."""
    text, number = message["message"], message.get("_revision_number") or 0
    replaced, withdrawn = outdated(text), removed(text)
    by = _account(message.get("author") or {})
    back = {(by, vote.label) for vote in read(text).votes if not vote.value}
    if not (replaced or withdrawn or back):
        return known
    stands = []
    for one in known:
        gone = one.vote in replaced and one.patch_set < number
        gone = gone or any(v == one.vote and is_called(one.author, who) for v, who in withdrawn)
        gone = gone or bool(one.vote.value and (one.by, one.vote.label) in back)
        if not gone:
            stands.append(one)
        elif one.review and _verdict([one.vote], whole.best) in _DECIDES:
            key = {"repo": whole.repo, "number": whole.number, "review": one.review}
            to.add("reviews", **key, verdict="dismissed")
    return stands


def _machine(author: Raw, tag: str) -> bool:
    """Whether a program says so of itself; accounts that do not are told apart elsewhere."""
    if "SERVICE_USER" in (author.get("tags") or ()):
        return True
    return tag.startswith("autogenerated:") and not tag.startswith("autogenerated:gerrit:")


def _review(
    whole: _Change, key: str, given: _Given, votes: list[Vote], size: int, to: Rows
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


def _verdict(votes: list[Vote], best: int) -> str:
    """What votes mean: less than the best says that somebody else must approve."""
    if not votes:
        return "commented"
    if all(vote.value == 0 for vote in votes):
        return "dismissed"
    value = next((vote.value for vote in votes if vote.label == _REVIEW), None)
    if value is None:
        return "other"
    return "approved" if value >= best else "changes_requested" if value < 0 else "commented"


def _job(whole: _Change, given: _Given, vote: Vote, to: Rows) -> None:
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
        changed_at=given.at,
    )


def _left(raw: Raw, current: Raw, told: set[tuple[str, Vote]], whole: _Change, to: Rows) -> None:
    """Votes that hold and no message tells of: older servers, and exports without messages."""
    uploaded = moment_of(current.get("created"))
    for label, about in (raw.get("labels") or {}).items():
        for one in about.get("all") or ():
            vote, at = Vote(label, int(one.get("value") or 0)), moment_of(one.get("date"))
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
        **looked.of_comment(),
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
