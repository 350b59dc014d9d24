"""Events as GH Archive keeps them: an envelope around what a webhook delivers, much shorter since October 2025."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError
from trueup.kernel.clock import moment_of
from trueup.sources.github.places import person
from trueup.sources.github.requests import forked
from trueup.sources.github.webhooks import delivery

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: Of a short pull request these say how it stands; `closed` does not say whether it was merged.
_STANDS = {"opened": "open", "merged": "merged"}
#: What they are about is kept; pushes and branches are read from the repository itself.
_KEPT = frozenset(
    "IssuesEvent IssueCommentEvent PullRequestEvent PullRequestReviewEvent PullRequestReviewCommentEvent "
    "ReleaseEvent CommitCommentEvent".split()
)


def archive_event(raw: Raw, to: Rows) -> None:
    """An event; of other repositories than the one that is asked for it gives no rows."""
    repo, payload = raw["repo"]["name"], raw["payload"]
    if not isinstance(repo, str) or "/" not in repo:
        raise OddRecordError("it does not say its repository")
    wanted = str(to.about.get("place") or repo)
    if wanted.lower() != repo.lower() or raw["type"] not in _KEPT:
        return
    request = payload.get("pull_request")
    if raw["type"] == "PullRequestEvent" and request is not None and "title" not in request:
        _short(raw, wanted, to)
        return
    delivery({**payload, "repository": {"full_name": wanted}}, to)


def _short(raw: Raw, repo: str, to: Rows) -> None:
    """A pull request of which little more than its branches is told."""
    payload, request = raw["payload"], raw["payload"]["pull_request"]
    action, made = payload["action"], moment_of(raw["created_at"])
    if action not in _STANDS:
        to.remark("events that tell too little of a pull request (since October 2025)")
        return
    head, base = request.get("head") or {}, request.get("base") or {}
    number, who = str(int(request["number"])), person(raw["actor"], repo, to)
    if action == "opened":
        told: dict[str, Any] = {"author": who, "happened_at": made}
    else:
        told = {"merged_by": who, "merged_at": made, "closed_at": made}
    to.add(
        "requests",
        repo=repo,
        number=number,
        status=_STANDS[action],
        status_original=action,
        target_branch=base.get("ref"),
        branch=head.get("ref"),
        forked=forked(head, base),
        base_sha=base.get("sha"),
        head_sha=head.get("sha"),
        changed_at=made,
        **told,
    )
