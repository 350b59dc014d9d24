"""Pull requests by GraphQL: one question for fifty of them, with reviews, commits, checks and what they close.

Asked over REST, each pull request costs two requests more. The records are brought into the form of REST,
so that what they mean is written down once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.texts.message import Link
from trueup.kernel.clock import moment_of
from trueup.sources.github.builds import commit_status, workflow_job
from trueup.sources.github.places import near
from trueup.sources.github.requests import pull_request, pull_request_commit, review

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows

QUERY = """
query requests($owner: String!, $name: String!, $cursor: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 50, after: $cursor, orderBy: {field: UPDATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id number title body state isDraft isCrossRepository additions deletions changedFiles
        baseRefName baseRefOid headRefName headRefOid
        repository { nameWithOwner }
        created_at: createdAt updated_at: updatedAt closed_at: closedAt merged_at: mergedAt
        author { ...who }
        mergedBy { ...who }
        mergeCommit { oid }
        milestone { number }
        labels(first: 50) { nodes { name } }
        comments { totalCount }
        closes: closingIssuesReferences(first: 20) { nodes { number repository { nameWithOwner } } }
        reviews(first: 100) {
          totalCount
          nodes { id: fullDatabaseId state submitted_at: submittedAt body commit { oid } author { ...who } }
        }
        commits(first: 100) {
          totalCount
          nodes { commit {
            oid message authoredDate committedDate
            author { name email user { login } }
            committer { name email user { login } }
          } }
        }
        newest: commits(last: 1) { nodes { commit { oid statusCheckRollup { contexts(first: 50) {
          totalCount
          nodes {
            __typename
            ... on CheckRun { id: databaseId name status conclusion started_at: startedAt completed_at: completedAt }
            ... on StatusContext { context state created_at: createdAt }
          }
        } } } } }
      }
    }
  }
}
fragment who on Actor { __typename login }
"""


def pull_request_node(raw: Raw, to: Rows) -> None:
    """A pull request with all that belongs to it."""
    number = int(raw["number"])
    repo = to.about.get("place") or raw["repository"]["nameWithOwner"]
    to.about = {"place": repo, "number": str(number)}
    request = _request(raw)
    pull_request(request, to)
    for node in _nodes(raw, "reviews", to):
        review(_review(node), to)
    for node in _nodes(raw, "commits", to):
        pull_request_commit(_commit(node["commit"]), to)
    for node in _nodes(raw, "closes", to):
        target = f"{node['repository']['nameWithOwner']}#{int(node['number'])}"
        told = Link("closes", "issue", near(target, repo, request), "forge_closes", 0.99)
        to.link(repo, ("request", str(number)), told, happened_at=moment_of(raw["created_at"]))
    _checks(raw, to)


def _nodes(raw: Raw, name: str, to: Rows) -> Iterator[Raw]:
    """What belongs to it, as far as it fits the answer; what does not is told."""
    found = raw.get(name) or {}
    nodes = found.get("nodes") or ()
    if int(found.get("totalCount") or 0) > len(nodes):
        to.remark(f"more {name} of a pull request than one answer holds")
    yield from (node for node in nodes if node)


def _who(node: Raw | None) -> dict[str, str] | None:
    """An account as REST names it: those of apps end in `[bot]`."""
    login = (node or {}).get("login")
    if not login:
        return None
    app = node is not None and node.get("__typename") == "Bot" and not login.endswith("[bot]")
    return {"login": f"{login}[bot]" if app else login}


def _request(raw: Raw) -> dict[str, Any]:
    state = raw["state"].lower()
    forked = raw.get("isCrossRepository")
    ids = ({"id": 0}, {"id": int(forked)}) if forked is not None else (None, None)
    return {
        **{k: raw.get(k) for k in ("number", "title", "body", "milestone", "created_at")},
        **{
            k: raw.get(k)
            for k in ("updated_at", "closed_at", "merged_at", "additions", "deletions")
        },
        "repository_url": f"/repos/{(raw.get('repository') or {}).get('nameWithOwner')}",
        "state": "closed" if state == "merged" else state,
        "draft": raw.get("isDraft"),
        "user": _who(raw.get("author")),
        "merged_by": _who(raw.get("mergedBy")),
        "merge_commit_sha": (raw.get("mergeCommit") or {}).get("oid"),
        "base": {"ref": raw.get("baseRefName"), "sha": raw.get("baseRefOid"), "repo": ids[0]},
        "head": {"ref": raw.get("headRefName"), "sha": raw.get("headRefOid"), "repo": ids[1]},
        "labels": (raw.get("labels") or {}).get("nodes") or (),
        "comments": (raw.get("comments") or {}).get("totalCount"),
        "commits": (raw.get("commits") or {}).get("totalCount"),
        "changed_files": raw.get("changedFiles"),
    }


def _review(node: Raw) -> dict[str, Any]:
    told = {k: node.get(k) for k in ("id", "state", "submitted_at", "body")}
    sha = (node.get("commit") or {}).get("oid")
    return told | {"commit_id": sha, "user": _who(node.get("author"))}


def _commit(node: Raw) -> dict[str, Any]:
    who = {}
    for role, at in (("author", "authoredDate"), ("committer", "committedDate")):
        told = node.get(role) or {}
        who[role] = {"name": told.get("name"), "email": told.get("email"), "date": node.get(at)}
    accounts = {role: (node.get(role) or {}).get("user") for role in who}
    return {
        "sha": node["oid"],
        "commit": {"message": node.get("message"), **who},
        **accounts,
    }


def _checks(raw: Raw, to: Rows) -> None:
    """What other systems found of its newest commit."""
    for node in _nodes(raw, "newest", to):
        sha = node["commit"]["oid"]
        rollup = node["commit"].get("statusCheckRollup") or {}
        for check in _nodes(rollup, "contexts", to):
            if check.get("__typename") == "StatusContext":
                commit_status({**check, "sha": sha}, to)
            elif check.get("id"):
                ended = {k: (check.get(k) or "").lower() or None for k in ("status", "conclusion")}
                workflow_job({**check, **ended, "head_sha": sha}, to)
