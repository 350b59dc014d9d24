"""Pull requests, their votes, comments and commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import needed, said, text_features
from trueup.facts.texts.message import Link, subject_id
from trueup.kernel.clock import moment_of
from trueup.sources.azuredevops.places import branch, joined, organisation, person, repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows

_REQUEST = {"active": "open", "completed": "merged", "abandoned": "closed"}
#: Who approves with suggestions approves all the same; who waits for the author does not.
_VOTE = {"10": "approved", "5": "approved", "0": "dismissed"} | dict.fromkeys(
    ("-5", "-10"), "changes_requested"
)
#: Of a longer description a list gives so much.
CUT = 400


def pull_request(raw: Raw, to: Rows) -> None:
    """A pull request, from a list of them or alone; who voted is told, but not when."""
    repo, number = repository(raw, to)[0], str(int(raw["pullRequestId"]))
    made, closed = moment_of(raw["creationDate"]), moment_of(raw.get("closedDate"))
    status = to.meaning("requests.status", raw["status"], _REQUEST)
    merged = status == "merged"
    text = raw.get("description") or ""
    cut = len(text) == CUT
    # What is cut may end within a number; alone the request holds all of it.
    title_id, links = said(raw["title"], "" if cut else text)
    to.add(
        "requests",
        happened_at=made,
        repo=repo,
        number=number,
        status=status,
        status_original=raw["status"],
        draft=bool(raw.get("isDraft")),
        author=person(raw.get("createdBy"), repo, to),
        **_merged_by(raw, repo, to),
        merged_at=closed if merged else None,
        closed_at=closed,
        target_branch=branch(raw.get("targetRefName")),
        branch=branch(raw.get("sourceRefName")),
        forked=bool(raw.get("forkSource")),
        base_sha=_commit_of(raw, "lastMergeTargetCommit"),
        head_sha=_commit_of(raw, "lastMergeSourceCommit"),
        # Before the merge it is a commit that the forge makes to try it.
        merge_sha=_commit_of(raw, "lastMergeCommit") if merged else None,
        labels=sorted(x["name"] for x in raw.get("labels") or () if x.get("active", True)),
        title_id=title_id,
        **({} if cut else text_features(text).of_item()),
    )
    for voter in raw.get("reviewers") or ():
        if not voter.get("isContainer"):  # groups vote by their members
            _standing(voter, (repo, number), to)
    project = joined(organisation(raw, to), raw["repository"]["project"]["name"])
    for link in (*_work_items(raw), *(x for x in links if x.relation != "pull" and x.target)):
        # A number after `#` is that of a work item, which belongs to the project.
        numbered = link.target_kind == "issue" and link.target.startswith("#")
        found = link._replace(target=f"{project}{link.target}") if numbered else link
        to.link(repo, ("request", number), found, happened_at=made)


def _merged_by(raw: Raw, repo: str, to: Rows) -> dict[str, str | None]:
    if raw["status"] != "completed":
        return {"merged_by": None}
    return {"merged_by": person(raw["closedBy"], repo, to)} if "closedBy" in raw else {}


def _work_items(raw: Raw) -> Iterator[Link]:
    """The work items it is connected with; they are closed with it only where it was told to."""
    options = raw.get("completionOptions") or {}
    relation = "closes" if options.get("transitionWorkItems") else "part_of"
    for item in raw.get("workItemRefs") or ():
        yield Link(relation, "issue", f"#{int(item['id'])}", "work_item_of_request", 0.95)


def _standing(voter: Raw, item: tuple[str, str], to: Rows) -> None:
    """The vote of a reviewer as it stands; when it was given the threads tell."""
    repo, number = item
    to.learn("vote", f"{repo}!{number}:{voter['id']}", str(voter.get("vote") or 0), keep=False)
    if voter.get("vote"):
        _vote(voter, str(voter["vote"]), item, {}, to)


def _vote(who: Raw, vote: str, item: tuple[str, str], given: dict[str, Any], to: Rows) -> None:
    """A vote; a reviewer has one at a time, and the last holds. One that a push reset no longer stands."""
    repo, number = item
    reviewer = person(who, repo, to)
    if to.learned("vote", f"{repo}!{number}:{who['id']}") == "0":
        vote = "0"
    if reviewer:
        to.add(
            "reviews",
            repo=repo,
            number=number,
            review=str(who["id"]),
            **given,
            reviewer=reviewer,
            verdict=to.meaning("reviews.verdict", vote, _VOTE),
            verdict_original=vote,
        )


def thread(raw: Raw, to: Rows) -> None:
    """A thread of a pull request: comments, or a vote; what else the system notes there is left."""
    repo, number = repository(raw, to)
    item = (repo, needed(number, "its pull request"))
    about = _property(raw, "CodeReviewThreadType")
    if about == "VoteUpdate":
        vote = needed(_property(raw, "CodeReviewVoteResult"), "the vote")
        key = _property(raw, "CodeReviewVotedByIdentity")
        who = (raw.get("identities") or {}).get(key) or raw["comments"][0]["author"]
        _vote(who, vote, item, {"happened_at": moment_of(raw["publishedDate"])}, to)
    if about:
        return
    for one in raw["comments"]:
        if one.get("commentType", "text") == "text":
            _comment(one, raw, item, to)


def _comment(raw: Raw, of: Raw, item: tuple[str, str], to: Rows) -> None:
    repo, number = item
    before = f"{number}:{int(of['id'])}:"  # comments are counted anew in each thread
    path = (of.get("threadContext") or {}).get("filePath")
    key = {"repo": repo, "kind": "line" if path else "discussion"}
    key["comment"] = f"{before}{int(raw['id'])}"
    if raw.get("isDeleted") or of.get("isDeleted"):
        to.gone("comments", "deleted", **key)
        return
    looked = text_features(raw.get("content") or "")
    answers = raw.get("parentCommentId")
    to.add(
        "comments",
        happened_at=moment_of(raw["publishedDate"]),
        **key,
        key=f"!{number}",
        author=person(raw.get("author"), repo, to),
        changed_at=moment_of(raw.get("lastContentUpdatedDate")),
        answers=f"{before}{int(answers)}" if answers else None,
        path=path.lstrip("/") if path else None,
        **looked.of_comment(),
    )


def request_commit(raw: Raw, to: Rows) -> None:
    """A commit of a pull request."""
    repo, number = repository(raw, to)
    author, committer = ((raw.get(role) or {}) for role in ("author", "committer"))
    subject, ended, _ = (raw.get("comment") or "").lstrip().partition("\n")
    whole = bool(ended) or not raw.get("commentTruncated")
    to.add(
        "request_commits",
        happened_at=moment_of(committer.get("date")),
        repo=repo,
        number=needed(number, "its pull request"),
        sha=raw["commitId"],
        author=_named(author, repo, to),
        committer=_named(committer, repo, to),
        authored_at=moment_of(author.get("date")),
        subject_id=subject_id(subject) if subject and whole else None,
    )


def _named(raw: Raw, repo: str, to: Rows) -> str | None:
    """Whom a commit names."""
    name, address = raw.get("name") or "", raw.get("email") or ""
    return to.person(repo, name, address) if name or address else None


def _commit_of(raw: Raw, field: str) -> str | None:
    return (raw.get(field) or {}).get("commitId")


def _property(raw: Raw, name: str) -> str:
    """A property of a thread, which stands in an envelope that tells its type."""
    found = (raw.get("properties") or {}).get(name)
    found = found.get("$value") if isinstance(found, dict) else found
    return "" if found is None else str(found)
