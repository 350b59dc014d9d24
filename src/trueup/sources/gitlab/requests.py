"""Merge requests, who approved them, their commits, and the issues they close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.texts.message import Link, subject_id
from trueup.kernel.clock import moment_of
from trueup.sources.gitlab.issues import told_by
from trueup.sources.gitlab.notes import approval_id
from trueup.sources.gitlab.places import number_of, person, place, place_named

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: `locked` is a merge request that is being merged at the moment.
_STATUS = {"opened": "open", "reopened": "open", "locked": "open", "closed": "closed", "merged": "merged"}  # fmt: skip


def merge_request(raw: Raw, to: Rows) -> None:
    """A merge request, from the list of them or alone with what only that tells."""
    repo = place(raw, to)
    number = str(int(raw["iid"]))
    common, links = told_by(raw, repo)
    status = to.meaning("requests.status", raw["state"], _STATUS)
    merged_at = moment_of(raw.get("merged_at"))
    landed = [raw.get(f"{x}_commit_sha") for x in ("merge", "squash")] if status == "merged" else []
    to.add(
        "requests",
        repo=repo,
        number=number,
        status=status,
        draft=bool(raw.get("draft") or raw.get("work_in_progress")),
        author=person(raw.get("author"), repo, to),
        merged_by=person(raw.get("merge_user") or raw.get("merged_by"), repo, to),
        merged_at=merged_at,
        closed_at=moment_of(raw.get("closed_at")) or merged_at,
        target_branch=raw.get("target_branch"),
        branch=raw.get("source_branch"),
        forked=_forked(raw),
        head_sha=raw.get("sha"),
        merge_sha=next((sha for sha in landed if sha), None),
        **_alone(raw),
        **common,
    )
    for link in links:
        if link.target and (link.target_kind, link.target) != ("request", number):
            to.link(repo, ("request", number), link, happened_at=common["happened_at"])
    for sha, how in zip(landed, ("merge_commit", "squash_commit"), strict=False):
        if sha:
            found = Link("closed_by", "commit", sha, how, 0.99)
            to.link(repo, ("request", number), found, happened_at=merged_at)


def approvals(raw: Raw, to: Rows) -> None:
    """Who approves a merge request at the moment; older servers do not say since when."""
    repo = place(raw, to)
    number = number_of(raw, to, "iid")
    for one in raw["approved_by"]:
        who = one["user"]
        to.add(
            "reviews",
            happened_at=moment_of(one.get("approved_at")),
            repo=repo,
            number=number,
            review=approval_id(who),
            reviewer=person(who, repo, to),
            verdict="approved",
            verdict_original="approved",
        )


def commit(raw: Raw, to: Rows) -> None:
    """A commit of a merge request."""
    repo = place(raw, to)
    people = {
        role: to.person(repo, raw.get(f"{role}_name") or "", raw.get(f"{role}_email") or "")
        for role in ("author", "committer")
    }
    to.add(
        "request_commits",
        happened_at=moment_of(raw.get("committed_date")),
        repo=repo,
        number=number_of(raw, to),
        sha=raw["id"],
        authored_at=moment_of(raw.get("authored_date")),
        subject_id=subject_id((raw.get("message") or raw["title"]).lstrip().partition("\n")[0]),
        **people,
    )


def closed_issue(raw: Raw, to: Rows) -> None:
    """An issue that a merge request closes when it is merged, by GitLab's own reading."""
    repo, number = place({}, to), number_of({}, to)
    if raw.get("iid"):
        home = place_named(raw)
        # By its address alone the path of the instance may stand before that of the project.
        whole = bool((raw.get("references") or {}).get("full"))
        named = home if whole else home[-len(repo) - 1 :].removeprefix("/")
        own = named.lower() == repo.lower() or str(raw.get("project_id")) == repo
        target = f"{'' if own else home}#{int(raw['iid'])}"
    else:
        target = str(raw["id"])  # of another tracker, whose keys are its ids
    found = Link("closes", "issue", target, "closes_issues", 0.99)
    to.link(repo, ("request", number), found, happened_at=None)


def _forked(raw: Raw) -> bool | None:
    """Whether it comes from another project; unknown where that is gone."""
    theirs, ours = raw.get("source_project_id"), raw.get("target_project_id")
    return None if theirs is None or ours is None else theirs != ours


def _alone(raw: Raw) -> dict[str, Any]:
    """What only a merge request that is asked for alone tells; lists of them leave it as it is known."""
    found: dict[str, Any] = {}
    if "diff_refs" in raw:
        found["base_sha"] = (raw["diff_refs"] or {}).get("base_sha")
    if "changes_count" in raw:
        count = raw["changes_count"] or ""
        found["files"] = int(count) if count.isdecimal() else None  # `1000+` is no number
    return found
