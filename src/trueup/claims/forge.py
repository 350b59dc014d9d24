"""What forges say of claims: merged requests, what they brought, and who looked at them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from trueup.facts.views.inspections import LOOKED
from trueup.facts.views.requests import at_home, fates, has_requests

if TYPE_CHECKING:
    from datetime import datetime

    import ibis

    from trueup.facts.engine import Facts


class Look(NamedTuple):
    """What one person or bot did as a reviewer of a request.

    Attributes:
        before: when they first looked before it was merged, ``last`` when last, and ``after`` when after.
        approved: when they first approved before it was merged.
        spoke: they also said something, or asked for changes, before it was merged.
        stands: their last decision before it was merged, and when.
        reached: a look of theirs was at what was merged, or at half of it; see the view `requests`.
    """

    by: str
    kind: str
    before: datetime | None
    last: datetime | None
    after: datetime | None
    approved: datetime | None
    spoke: bool
    stands: str
    decided_at: datetime | None
    reached: bool


@dataclass(slots=True)
class Request:
    """A merged request of a repository that is here.

    Attributes:
        fate: what became of it; see `facts.views.requests.fates`.
        delivered: commits of the clone that it brought, by how that is known.
        earlier: its commits in the forge but the newest.
    """

    number: str
    author: str
    kind: str
    merger: str
    opened_at: datetime
    merged_at: datetime
    merge_sha: str
    head: str
    target: str
    sign: str
    fate: str = "unseen"
    delivered: dict[str, str] = field(default_factory=dict)
    earlier: set[str] = field(default_factory=set)
    closes: set[str] = field(default_factory=set)
    looks: list[Look] = field(default_factory=list)


def read_requests(facts: Facts) -> dict[str, dict[str, Request]]:
    """Merged requests by repository and number; needs `homes`, `asked` and `delivered`."""
    found: dict[str, dict[str, Request]] = defaultdict(dict)
    if not has_requests(facts):
        return found
    merged = facts.table("asked").filter(
        lambda t: t.status == "merged", lambda t: t.merged_at.notnull()
    )
    told = fates(facts).select("repo", "number", "fate")
    rows = merged.inner_join(told, ["repo", "number"])
    columns = (
        "number",
        "actor",
        "kind",
        "merger",
        "opened_at",
        "merged_at",
        "merge_sha",
        "head_sha",
        "target_branch",
    )
    known = rows.select("repo", *columns, "sign", "fate").order_by("repo", "number")
    for repo, number, *who, opened, merged_at, merge, head, target, sign, fate in facts.rows(known):
        author, kind, merger = (text or "" for text in who)
        found[repo][number] = Request(
            number, author, kind, merger, opened, merged_at, merge or "", head or "", target or "",
            sign or "", fate,
        )  # fmt: skip
    _read_commits(facts, found)
    _read_closing(facts, found)
    _read_looks(facts, merged, found)
    return found


def _read_commits(facts: Facts, found: dict[str, dict[str, Request]]) -> None:
    brought = (
        facts.table("delivered")
        .select("repo", "number", "sha", "how")
        .order_by("repo", "number", "how", "sha")
    )
    for repo, number, sha, how in facts.rows(brought):
        if request := found[repo].get(number):
            request.delivered.setdefault(sha, how)
    listed = at_home(facts, "request_commits").select("repo", "number", "sha")
    for repo, number, sha in facts.rows(listed):
        request = found[repo].get(number)
        if request and sha != request.head:
            request.earlier.add(sha)


def _read_closing(facts: Facts, found: dict[str, dict[str, Request]]) -> None:
    told = at_home(facts, "item_links")
    closing = told.filter(
        told.item_kind == "request",
        told.target_kind == "issue",
        told.relation.isin(("closes", "fixes")),
    )
    for repo, number, issue in facts.rows(closing.select("repo", "item", "target")):
        if request := found[repo].get(number):
            request.closes.add(issue)


def _read_looks(facts: Facts, merged: ibis.Table, found: dict[str, dict[str, Request]]) -> None:
    actors = facts.table("actors").select("kind", reviewer="identity", by="actor")
    reviews = facts.table("given").inner_join(actors, "reviewer")
    given = reviews.select(
        "repo", "number", "by", "verdict", "reaches", of=reviews.kind, given=reviews.happened_at
    )
    given = given.inner_join(merged.select("repo", "number", "merged_at"), ["repo", "number"])
    before, looked = given.given <= given.merged_at, given.verdict.isin(LOOKED)
    decided = before & given.verdict.isin(("approved", "changes_requested", "dismissed"))
    looks = given.group_by("repo", "number", "by", "of").agg(
        before=given.given.min(where=before & looked),
        last=given.given.max(where=before & looked),
        after=given.given.min(where=~before & looked),
        approved=given.given.min(where=before & (given.verdict == "approved")),
        spoke=(before & given.verdict.isin(("commented", "changes_requested"))).any(),
        stands=given.verdict.argmax(given.given, where=decided),
        decided_at=given.given.max(where=decided),
        reached=(before & looked & given.reaches).any(),
    )
    for repo, number, by, kind, *rest in facts.rows(
        looks.order_by("repo", "number", "before", "by")
    ):
        if request := found[repo].get(number):
            before_, last, after, approved, spoke, stands, decided_at, reached = rest
            request.looks.append(
                Look(
                    by, kind, before_, last, after, approved, spoke, stands or "", decided_at, reached
                )
            )  # fmt: skip
