"""Pull requests, their reviews and commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import given, needed, text_features
from trueup.facts.texts.message import subject_id
from trueup.kernel.clock import moment_of
from trueup.sources.github.places import account_address, person, place, told_by

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_REVIEW = {
    "approved": "approved",
    "changes_requested": "changes_requested",
    "commented": "commented",
    "dismissed": "dismissed",
    "pending": "other",
}


def pull_request(raw: Raw, to: Rows) -> None:
    """A pull request, from the list of them or alone with its counts."""
    repo, _ = place(raw, to)
    number = str(int(raw["number"]))
    common, links = told_by(raw, repo)
    merged_at = moment_of(raw.get("merged_at"))
    head, base = raw.get("head") or {}, raw.get("base") or {}
    status = "merged" if merged_at else "closed" if raw["state"] == "closed" else "open"
    to.add(
        "requests",
        repo=repo,
        number=number,
        status=status,
        draft=bool(raw.get("draft")),
        author=person(raw.get("user"), repo, to),
        merged_at=merged_at,
        target_branch=base.get("ref"),
        branch=head.get("ref"),
        forked=forked(head, base),
        base_sha=base.get("sha"),
        head_sha=head.get("sha"),
        # Before the merge it is a commit that the forge makes to try it.
        merge_sha=raw.get("merge_commit_sha") if merged_at else None,
        **_alone(raw, repo, to),
        **common,
    )
    for link in links:
        if link.relation != "pull" and link.target not in {f"#{number}", ""}:
            to.link(repo, ("request", number), link, happened_at=common["happened_at"])


def _alone(raw: Raw, repo: str, to: Rows) -> dict[str, Any]:
    """What only a pull request that is asked for alone tells."""
    merged_by = {"merged_by": person(raw["merged_by"], repo, to)} if "merged_by" in raw else {}
    counts = given(
        raw,
        additions="additions",
        deletions="deletions",
        files="changed_files",
        commits="commits",
        review_comments="review_comments",
    )
    return merged_by | counts


def review(raw: Raw, to: Rows) -> None:
    """A review of a pull request."""
    repo, number = place(raw, to)
    to.add(
        "reviews",
        happened_at=moment_of(raw.get("submitted_at")),
        repo=repo,
        number=needed(number, "its pull request"),
        review=str(int(raw["id"])),
        reviewer=person(raw.get("user"), repo, to),
        verdict=to.meaning("reviews.verdict", raw["state"], _REVIEW),
        verdict_original=raw["state"],
        sha=raw.get("commit_id"),
        text_bytes=text_features(raw.get("body") or "").bytes,
    )


def pull_request_commit(raw: Raw, to: Rows) -> None:
    """A commit of a pull request; it also tells which account has which address."""
    repo, number = place(raw, to, asked_first=True)
    told = raw["commit"]
    people = {}
    for role in ("author", "committer"):
        who = told.get(role) or {}
        account = raw.get(role) or {}
        login = account.get("login")
        proper = (login, account_address(account, to)) if login else ("", "")
        people[role] = to.person(repo, who.get("name") or "", who.get("email") or "", proper)
    to.add(
        "request_commits",
        happened_at=moment_of((told.get("committer") or {}).get("date")),
        repo=repo,
        number=needed(number, "its pull request"),
        sha=raw["sha"],
        authored_at=moment_of((told.get("author") or {}).get("date")),
        subject_id=subject_id((told.get("message") or "").lstrip().partition("\n")[0]),
        **people,
    )


def forked(head: Raw, base: Raw) -> bool | None:
    """Whether it comes from another repository; unknown where that is gone."""
    ours, theirs = ((x.get("repo") or {}).get("id") for x in (base, head))
    return None if ours is None or theirs is None else ours != theirs
