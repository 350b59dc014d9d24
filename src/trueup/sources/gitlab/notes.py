"""Notes: comments of people, and what GitLab itself writes down about an issue or merge request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.rows import text_features
from trueup.kernel.clock import moment_of
from trueup.sources.gitlab.places import item_of, number_of, person, place
from trueup.sources.gitlab.texts import links_of_note, names_of_note, note_of

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows
    from trueup.facts.texts.message import Link

_VERDICT = {
    "approved": "approved",
    "unapproved": "dismissed",
    "requested_changes": "changes_requested",
    "reviewed": "commented",
}


def note(raw: Raw, to: Rows) -> None:
    """A note of an issue or merge request."""
    if raw["system"]:
        _system(raw, to)
    else:
        _comment(raw, to)


def approval_id(raw: Raw) -> str:
    """The id of the approval an account gives: it has one at a time, wherever it is told."""
    return f"approval:{int(raw['id'])}"


def _comment(raw: Raw, to: Rows) -> None:
    repo = place(raw, to)
    key, _ = item_of(raw["noteable_type"], number_of(raw, to, "noteable_iid"))
    text = text_features(raw.get("body") or "")
    position = raw.get("position") or {}
    to.add(
        "comments",
        happened_at=moment_of(raw["created_at"]),
        repo=repo,
        kind="line" if raw.get("type") == "DiffNote" else "discussion",
        comment=str(int(raw["id"])),
        key=key,
        author=person(raw.get("author"), repo, to),
        changed_at=moment_of(raw.get("updated_at")),
        sha=position.get("head_sha") or raw.get("commit_id"),
        path=position.get("new_path") or position.get("old_path"),
        **text.of_comment(),
    )


def _system(raw: Raw, to: Rows) -> None:
    repo = place(raw, to)
    key, item = item_of(raw["noteable_type"], number_of(raw, to, "noteable_iid"))
    made, body = moment_of(raw["created_at"]), raw["body"]
    told, who = note_of(body), person(raw.get("author"), repo, to)
    if told is None:
        to.meaning("issue_events.field", body.strip().partition(" ")[0], {})
    to.add(
        "issue_events",
        happened_at=made,
        repo=repo,
        key=key,
        event=str(int(raw["id"])),
        field=told.field if told else "other",
        field_original=told.word if told else "",
        before=told.before if told else "",
        after=told.after if told else "",
        actor=who,
    )
    if told is None:
        return
    for link in links_of_note(body, repo, told.word):
        _link(repo, key, link, made, to)
    if told.word == "approved":
        to.learn(
            "account",
            f"{repo}:{raw['author'].get('username')}",
            str(int(raw["author"]["id"])),
            keep=False,
        )
    if told.word == "reset_approvals":
        _reset(body, (repo, key[1:]), made, to)
    if item == "request" and told.word in _VERDICT:
        # An approval that is taken back is no second review.
        approval = told.word in {"approved", "unapproved"}
        given = approval_id(raw["author"]) if approval else str(int(raw["id"]))
        to.add(
            "reviews",
            happened_at=made,
            repo=repo,
            number=key[1:],
            review=given,
            reviewer=who,
            verdict=_VERDICT[told.word],
            verdict_original=told.word,
        )


def _link(repo: str, key: str, link: Link, made: datetime | None, to: Rows) -> None:
    """What a note says of other things; where it was mentioned elsewhere, that is what says so."""
    item = ("issue", key) if key[0] == "#" else ("request", key[1:])
    if link.relation == "mentions" and link.target_kind != "commit":
        there, sign, number = link.target.rpartition("#" if link.target_kind == "issue" else "!")
        by = (link.target_kind, f"#{number}" if sign == "#" else number)
        target = f"{repo}{key}" if there else item[1]
        item, link = by, link._replace(target_kind=item[0], target=target)
        repo = there or repo
    to.link(repo, item, link, happened_at=made)


def _reset(body: str, item: tuple[str, str], made: datetime | None, to: Rows) -> None:
    """A push took back the approvals of those it names; who they are, their approvals tell."""
    repo, number = item
    for username in names_of_note(body):
        account = to.learned("account", f"{repo}:{username}")
        if account:
            to.add(
                "reviews",
                happened_at=made,
                repo=repo,
                number=number,
                review=f"approval:{account}",
                verdict="dismissed",
                verdict_original="reset_approvals",
            )
        else:
            to.remark("approvals that a push took back of accounts whose approval was not read")
