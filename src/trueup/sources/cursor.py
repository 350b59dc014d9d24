"""Cursor: daily use, single uses, lines of commits, and members of a team."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from trueup.facts.cells import moment, number, whole
from trueup.facts.rows import OddRecordError
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import (
    SENSITIVE,
    Door,
    Interface,
    Listing,
    Order,
    Paging,
    RecordKind,
    Source,
    names,
    sent,
    usual_door,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.facts.rows import Raw, Rows

TOOL = "cursor"
_TOKENS = {
    "tokens_in": "inputTokens",
    "tokens_out": "outputTokens",
    "tokens_cached": "cacheWriteTokens",
    "tokens_reused": "cacheReadTokens",
}
#: Features that are counted in requests.
_FEATURES = {
    "composer": "composerRequests",
    "chat": "chatRequests",
    "agent": "agentRequests",
    "inline_edit": "cmdkUsages",
    "bugbot": "bugbotUsages",
}
#: How requests are paid for.
_PLANS = {
    "included": "subscriptionIncludedReqs",
    "usage": "usageBasedReqs",
    "own_key": "apiKeyReqs",
}
_LINES = {
    "added": "totalLinesAdded",
    "deleted": "totalLinesDeleted",
    "completed_added": "tabLinesAdded",
    "completed_deleted": "tabLinesDeleted",
    "generated_added": "composerLinesAdded",
    "generated_deleted": "composerLinesDeleted",
    "other_added": "nonAiLinesAdded",
    "other_deleted": "nonAiLinesDeleted",
}


def daily_usage(raw: Raw, to: Rows) -> None:
    """A day of one person: lines, completions shown and taken, and requests by feature and by plan."""
    row = _row(raw, moment(raw, "date"), "email", to)
    edits: dict[str, Any] = {
        "suggested": whole(raw, "totalApplies"),
        "accepted": whole(raw, "totalAccepts"),
        "rejected": whole(raw, "totalRejects"),
        "lines_accepted": whole(raw, "acceptedLinesAdded"),
        "deletions_accepted": whole(raw, "acceptedLinesDeleted"),
    }
    to.add("tool_usage", report="days", **row, **edits)
    shown, taken = whole(raw, "totalTabsShown"), whole(raw, "totalTabsAccepted")
    tabs: dict[str, Any] = {"feature": "completion", "suggested": shown, "accepted": taken}
    to.add("tool_usage", report="days by feature", **row, **tabs)
    for feature, field in _FEATURES.items():
        if (count := number(raw, field)) is not None:
            to.add("tool_usage", report="days by feature", **row, feature=feature, requests=count)
    for plan, field in _PLANS.items():
        if (count := number(raw, field)) is not None:
            to.add("tool_usage", report="days by plan", **row, plan=plan, requests=count)


def usage_event(raw: Raw, to: Rows) -> None:
    """One use."""
    at = moment_of(int(raw["timestamp"]))
    tokens = raw.get("tokenUsage") or {}
    charged = number(raw, "chargedCents")
    cents = number(tokens, "totalCents") if charged is None else charged
    if raw.get("isChargeable") is False:
        cents = 0.0  # whatever the model cost
    to.add(
        "tool_usage",
        report="events",
        **_row(raw, at, "userEmail", to),
        event=str(raw["timestamp"]),
        model=raw.get("model"),
        requests=number(raw, "requestsCosts"),
        **_counted(tokens, _TOKENS),
        cost_cents=cents,
        currency=None if cents is None else "USD",
    )


def commit(raw: Raw, to: Rows) -> None:
    """What it says of the lines of a commit."""
    repo = raw.get("repoName") or ""
    to.add(
        "ai_lines",
        happened_at=moment(raw, "commitTs"),
        repo=repo,
        tool=TOOL,
        sha=raw["commitHash"],
        author=to.person(repo, "", raw["userEmail"]) if raw.get("userEmail") else None,
        default_branch=raw.get("isPrimaryBranch"),
        noted_at=moment(raw, "createdAt"),
        **_counted(raw, _LINES),
    )


def member(raw: Raw, to: Rows) -> None:
    """A member of the team."""
    to.add(
        "tool_seats",
        happened_at=None,
        repo=_place(to),
        tool=TOOL,
        actor=to.person("", raw.get("name") or "", raw["email"]),
        role=raw["role"],
        enabled=not raw["isRemoved"] if "isRemoved" in raw else raw.get("active"),
    )


def _row(raw: Raw, at: Any, address: str, to: Rows) -> dict[str, Any]:
    if at is None:
        raise OddRecordError("it does not say when it was")
    if not raw.get(address):
        raise OddRecordError("it does not say who used it")
    repo = _place(to)
    who = to.person(repo, "", raw[address])
    row = {"happened_at": at, "repo": repo, "tool": TOOL, "day": f"{at:%Y-%m-%d}"}
    return row | {"actor": who}


def _counted(raw: Raw, columns: Mapping[str, str]) -> dict[str, Any]:
    return {ours: whole(raw, theirs) for ours, theirs in columns.items()}


def _place(to: Rows) -> str:
    return str(to.about.get("place") or "")


_kind = partial(RecordKind, access="an admin key of the team")

KINDS = (
    _kind(
        name="members",
        writes=("tool_seats",),
        lights="who may use Cursor",
        marks=names("name email role"),
        known=names("id name email role active isRemoved minUsageTimestamp"),
        to_facts=member,
        path="/teams/members",
        listing=Listing(Order.NONE, within="teamMembers", paging=Paging.WHOLE),
    ),
    _kind(
        name="daily_usage",
        writes=("tool_usage",),
        lights="how much Cursor is used, for what, and how much of it is taken",
        marks=names("date email acceptedLinesAdded totalTabsShown"),
        known=names(
            f"date day email userId isActive totalLinesAdded totalLinesDeleted acceptedLinesAdded acceptedLinesDeleted "
            f"totalApplies totalAccepts totalRejects totalTabsShown totalTabsAccepted {' '.join(_FEATURES.values())} "
            f"{' '.join(_PLANS.values())} mostUsedModel applyMostUsedExtension tabMostUsedExtension clientVersion"
        ),
        to_facts=daily_usage,
        path="/teams/daily-usage-data",
    ),
    _kind(
        name="usage_events",
        writes=("tool_usage",),
        lights="which models are used, and what that costs",
        marks=names("timestamp model userEmail"),
        known=names(
            "timestamp model kind kindLabel maxMode requestsCosts isTokenBasedCall tokenUsage isFreeBugbot userEmail "
            "isChargeable isHeadless chargedCents cursorTokenFee"
        ),
        to_facts=usage_event,
        path="/teams/filtered-usage-events",
    ),
    RecordKind(
        name="ai_commit_metrics",
        names=("ai_code_commits",),
        writes=("ai_lines",),
        lights="how many lines of which commit Cursor wrote",
        access="an admin key of a team with an enterprise plan",
        marks=names("commitHash tabLinesAdded composerLinesAdded"),
        known=names(
            f"commitHash userId userEmail repoName branchName isPrimaryBranch commitSource message commitTs createdAt "
            f"{' '.join(_LINES.values())}"
        ),
        to_facts=commit,
        path="/analytics/ai-code/commits",
        listing=Listing(
            Order.NONE,
            {"startDate": "{since}", "pageSize": 1000},
            within="items",
            paging=Paging.NUMBER,
            size="pageSize",
            total="totalCount",
        ),
    ),
)

USUAL = Door("https://api.cursor.com", ("CURSOR_API_KEY",))


def _headers(token: str) -> dict[str, str]:
    """The key is the name of a login without a password."""
    return sent(f"{token}:" if token else "", "Basic {basic}")


SOURCE = Source(
    name="cursor",
    version=1,
    title="Cursor",
    sensitive=SENSITIVE,
    access=(
        "an admin key of the team in CURSOR_API_KEY; there is none that may only read. A place is what you call "
        "the team, as in cursor:acme. Only members and lines of commits are asked for, nothing is written"
    ),
    limits=(
        "Daily use and single uses cannot be asked for without sending a form, so they are read from files: the answers "
        "of `/teams/daily-usage-data` and `/teams/filtered-usage-events`. Lines of commits are told to teams with an "
        "enterprise plan alone, for the repository at the top of a workspace, and of the last twelve months; they are "
        "read anew at each sync, in pages of 1,000. A repository is called as Cursor calls it. Lines it suggested are "
        "not told, only those that were accepted; lines written by hand that day are left, for they are not use of the "
        "tool. Uses at the same millisecond by one person with one model count once. What a use costs is told for "
        "those paid by tokens; one that is not charged costs nothing. By which plan a single use is paid is left, for it is worded "
        "in several ways. Branches and messages of commits are not kept."
    ),
    kinds=KINDS,
    interface=Interface(usual_door(USUAL), _headers, USUAL, "a team"),
)
