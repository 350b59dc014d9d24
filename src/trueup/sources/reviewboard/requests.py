"""Review requests, with the reviews, replies and changes that stand in their records; their commits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError, said, text_features
from trueup.facts.texts.message import Link, subject_id
from trueup.kernel.clock import moment_of
from trueup.sources.reviewboard.places import OWN, beside, called, needed, person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.facts.rows import Raw, Rows

_STATUS = {"pending": "open", "submitted": "merged", "discarded": "closed"}
#: Changes tell a status by its letter.
_LETTER = {"p": "open", "s": "done", "d": "done"}
_FIELD = {
    "status": "status",
    "summary": "title",
    "bugs_closed": "link",
    "depends_on": "link",
    "target_people": "assignee",
    "target_groups": "assignee",
}
_VERDICT = {"ship_it": "approved", "revoked_ship_it": "dismissed"}

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BUG = re.compile(r"#?(?P<number>\d{1,9})|(?P<key>[A-Z][A-Z0-9_]{0,19}-\d{1,9})")
#: What the hooks of Review Board write when a push closes a request: branches, each with a commit.
_PUSHED = re.compile(r"Pushed to (.+)")
_SHORT = re.compile(r"(?:.* \()?([0-9a-f]{7,40})\)?")
_DIFF = re.compile(r"/diffs/(\d+)/")
_REF = re.compile(r"(?![-/.])[^\x00-\x20\x7f~^:?*\[\\,;@{}]{1,200}(?<![/.])")


def review_request(raw: Raw, to: Rows) -> None:
    """A review request with what stands in it; drafts that nobody else sees, or that hold no code, are left."""
    repository = raw["repository"]
    if not raw["public"] or repository is None:
        return
    repo, number = called(repository), str(int(raw["id"]))
    title_id, links = said(raw["summary"], raw["description"], slug=repo)
    made = moment_of(raw["time_added"])
    to.add(
        "requests",
        happened_at=made,
        repo=repo,
        number=number,
        author=person(raw, "submitter", repo, to),
        changed_at=moment_of(raw["last_updated"]),
        branch=_branch(raw.get("branch") or ""),
        title_id=title_id,
        **_closing(raw, to),
        **_proposed(raw),
        **_told(raw),
    )
    own = [link for link in links if "pull" not in {link.relation, link.target_kind}]
    closed = {link.target for link in own if link.relation == "closes"}
    own += [
        *(bug for bug in _bugs(raw.get("bugs_closed")) if bug.target not in closed),
        *_blocked(raw),
    ]
    own += _pushed(raw.get("close_description")) if raw["status"] == "submitted" else []
    for link in own:
        to.link(repo, ("request", number), link, happened_at=made)
    _inside(raw, repo, number, to)


def _closing(raw: Raw, to: Rows) -> dict[str, Any]:
    """What is said to have become of it, and when, where the record holds its changes."""
    status = to.meaning("requests.status", raw["status"], _STATUS)
    told = [c for c in raw.get("changes") or () if (_after(c) or "") in {"S", "D"}]
    moments = (moment_of(change["timestamp"]) for change in told)
    ended = max((m for m in moments if m), default=None) if status != "open" else None
    return {
        "status": status,
        "status_original": raw["status"],
        "merged_at": ended if status == "merged" else None,
        "closed_at": ended,
    }


def _after(change: Raw) -> str | None:
    return ((change.get("fields_changed") or {}).get("status") or {}).get("new")


def _proposed(raw: Raw) -> dict[str, Any]:
    """What it proposes, as far as its own record tells; commits are told with its diffs."""
    newest: Raw = max(raw.get("diffs") or (), key=lambda diff: int(diff["revision"]), default={})
    commit = raw.get("commit_id") or ""
    return {
        "base_sha": newest.get("base_commit_id") or None,
        # Other systems than git number what they call a commit.
        "head_sha": commit if _COMMIT.fullmatch(commit) else None,
        "commits": newest.get("commit_count") or None,
    }


def _told(raw: Raw) -> dict[str, Any]:
    """Features of its text: what it is about, and how that was tested."""
    texts = (raw["description"], raw.get("testing_done"))
    text = text_features("\n\n".join(filter(None, texts)))
    return text.of_item()


def _inside(raw: Raw, repo: str, number: str, to: Rows) -> None:
    """What others did with it, where the record holds that."""
    for change in raw.get("changes") or ():
        _events(change, repo, number, to)
    for review in _public(raw.get("reviews")):
        _review(review, repo, number, to)
        for reply in _public(review.get("replies")):
            _reply(reply, str(int(review["id"])), repo, number, to)


def _public(told: Sequence[Raw] | None) -> list[Raw]:
    """Without drafts, which the one who asks is shown of their own."""
    return [one for one in told or () if one.get("public", True)]


def _events(raw: Raw, repo: str, number: str, to: Rows) -> None:
    for field, told in sorted((raw.get("fields_changed") or {}).items()):
        status = field == "status"
        before, after = (told.get("old"), told.get("new")) if status else ("", "")
        to.add(
            "issue_events",
            happened_at=moment_of(raw["timestamp"]),
            repo=repo,
            key=f"#{number}",
            event=f"{int(raw['id'])}:{field}",
            field=_FIELD.get(field, "other"),
            field_original=field,
            before=to.meaning("issue_events.status", before, _LETTER),
            before_original=before if status else None,
            after=to.meaning("issue_events.status", after, _LETTER),
            after_original=after if status else None,
        )


def _review(raw: Raw, repo: str, number: str, to: Rows) -> None:
    revoked = (raw.get("extra_data") or {}).get("revoked_ship_it")
    word = "ship_it" if raw["ship_it"] else "revoked_ship_it" if revoked else ""
    to.add(
        "reviews",
        happened_at=moment_of(raw["timestamp"]),
        repo=repo,
        number=number,
        review=str(int(raw["id"])),
        reviewer=person(raw, "user", repo, to),
        verdict=_VERDICT.get(word, "commented"),
        verdict_original=word,
        text_bytes=text_features(_body(raw)).bytes,
    )


def _reply(raw: Raw, review: str, repo: str, number: str, to: Rows) -> None:
    """An answer to a review as a whole; what it says of single lines is in the comments on these."""
    body = _body(raw)
    if body:
        text = text_features(body)
        to.add(
            "comments",
            happened_at=moment_of(raw["timestamp"]),
            repo=repo,
            kind="discussion",
            comment=f"reply:{int(raw['id'])}",
            key=f"#{number}",
            author=person(raw, "user", repo, to),
            review=review,
            **text.of_comment(),
        )


def _body(raw: Raw) -> str:
    return "\n\n".join(filter(None, (raw.get("body_top"), raw.get("body_bottom"))))


def diff(raw: Raw, to: Rows) -> None:
    """A diff with its commits; those of a diff that a newer one replaced are no longer proposed."""
    address = raw["links"]["self"]["href"]
    repo, number = beside(to), needed(address)["number"]
    newest = _DIFF.search(to.about.get("links.latest_diff.href") or "")
    replaced = newest is not None and int(raw["revision"]) < int(newest[1])
    for commit in raw["commits"]:
        # Expanded in a list of requests, Review Board gives the commits of one to the others too.
        if needed(commit["links"]["self"]["href"])["number"] != number:
            raise OddRecordError("it holds commits of another review request")
        key = {"repo": repo, "number": number, "sha": commit["commit_id"]}
        if replaced:
            to.gone("request_commits", "replaced by a newer diff", **key)
        else:
            _commit(commit, key, to)


def _commit(raw: Raw, key: dict[str, str], to: Rows) -> None:
    people = {
        role: to.person(key["repo"], raw.get(f"{role}_name") or "", raw.get(f"{role}_email") or "")
        for role in ("author", "committer")
    }
    to.add(
        "request_commits",
        happened_at=moment_of(raw.get("committer_date")),
        authored_at=moment_of(raw.get("author_date")),
        subject_id=subject_id(raw["commit_message"].lstrip().partition("\n")[0]),
        **key,
        **people,
    )


def _bugs(told: Sequence[str] | None) -> list[Link]:
    """Bugs it closes or merely names: it does not say which. Anything may stand in that field."""
    found = [m for bug in told or () if (m := _BUG.fullmatch(bug.strip()))]
    keys = [m["key"] or f"#{int(m['number'])}" for m in found]
    return [Link("mentions", "issue", key, "bugs_closed", 0.8) for key in keys]


def _branch(told: str) -> str | None:
    """The branch, where what somebody wrote there may be one."""
    return told if _REF.fullmatch(told) and ".." not in told else None


def _blocked(raw: Raw) -> list[Link]:
    told = [OWN.search(link["href"]) for link in raw.get("blocks") or () if "href" in link]
    return [Link("blocks", "request", m["number"], "blocks", 0.95) for m in told if m]


def _pushed(why: str | None) -> list[Link]:
    """Commits that closed it when they were pushed."""
    told = _PUSHED.fullmatch((why or "").strip())
    found = [_SHORT.fullmatch(part) for part in told[1].split(", ")] if told else ()
    return [Link("closed_by", "commit", m[1], "close_description", 0.9) for m in found if m]
