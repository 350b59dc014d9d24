"""Comments on lines and on requests as a whole; their records do not tell the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.rows import text_features
from trueup.kernel.clock import moment_of
from trueup.sources.reviewboard.places import beside, needed, person

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows


def diff_comment(raw: Raw, to: Rows) -> None:
    """A comment on lines of a diff, also where it answers another."""
    _comment(raw, "line", to)


def general_comment(raw: Raw, to: Rows) -> None:
    """A comment on the request as a whole, also where it answers another."""
    _comment(raw, "discussion", to)


def _comment(raw: Raw, kind: str, to: Rows) -> None:
    own = needed(raw["links"]["self"]["href"])
    if not raw["public"]:
        return
    repo = beside(to)
    text, file = text_features(raw.get("text") or ""), raw.get("filediff") or {}
    to.add(
        "comments",
        happened_at=moment_of(raw["timestamp"]),
        repo=repo,
        kind=kind,
        comment=str(int(raw["id"])),
        key=f"#{own['number']}",
        author=person(raw, "user", repo, to),
        review=own["review"],
        path=file.get("dest_file") or file.get("source_file") or None,
        **text.of_comment(),
    )
