"""Claude Code: what an organisation's daily usage report tells, and its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.cells import moment, number, whole
from trueup.facts.rows import OddRecordError, UnplacedError
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
    from trueup.facts.rows import Raw, Rows

TOOL = "claude_code"
_TOKENS = {
    "tokens_in": "input",
    "tokens_out": "output",
    "tokens_cached": "cache_creation",
    "tokens_reused": "cache_read",
}


def usage(raw: Raw, to: Rows) -> None:
    """A day of a person or key in one terminal: in all, by tool and by model."""
    at = moment(raw, "date")
    if at is None:
        raise OddRecordError("it does not say of which day it is")
    repo = _place(raw, to)
    row: dict[str, Any] = {
        "happened_at": at,
        "repo": repo,
        "tool": TOOL,
        "day": f"{at:%Y-%m-%d}",
        **_who(raw["actor"], repo, to),
        "editor": raw.get("terminal_type"),
        "plan": " ".join(filter(None, (raw.get("customer_type"), raw.get("subscription_type")))),
    }
    to.add("tool_usage", report="days", **row, **_core(raw["core_metrics"]))
    for feature, told in (raw.get("tool_actions") or {}).items():
        counts: dict[str, Any] = {name: whole(told, name) for name in ("accepted", "rejected")}
        to.add("tool_usage", report="days by tool", **row, feature=feature, **counts)
    for told in raw.get("model_breakdown") or ():
        to.add("tool_usage", report="days by model", **row, model=told["model"], **_spent(told))


def user(raw: Raw, to: Rows) -> None:
    """A member of the organisation."""
    to.add(
        "tool_seats",
        happened_at=moment(raw, "added_at"),
        repo=_place(raw, to),
        tool=TOOL,
        actor=to.person("", raw.get("name") or "", raw["email"]),
        role=raw.get("role"),
    )


def _core(raw: Raw) -> dict[str, Any]:
    lines = raw.get("lines_of_code") or {}
    return {
        "sessions": whole(raw, "num_sessions"),
        "commits": whole(raw, "commits_by_claude_code"),
        "pulls_by_tool": whole(raw, "pull_requests_by_claude_code"),
        "lines_accepted": whole(lines, "added"),
        "deletions_accepted": whole(lines, "removed"),
    }


def _spent(raw: Raw) -> dict[str, Any]:
    """Tokens, and the cost it estimates, in hundredths of the currency."""
    tokens, cost = raw.get("tokens") or {}, raw.get("estimated_cost") or {}
    told = {ours: whole(tokens, theirs) for ours, theirs in _TOKENS.items()}
    return {**told, "cost_cents": number(cost, "amount"), "currency": cost.get("currency")}


def _who(actor: Raw, repo: str, to: Rows) -> dict[str, str]:
    """A person by address; a key by the hash of its name, for its name may be anybody's."""
    if actor.get("email_address"):
        return {"actor": to.person(repo, "", actor["email_address"])}
    if actor.get("api_key_name"):
        return {"account": to.sealed(actor["api_key_name"])}
    raise OddRecordError("it does not say who used it")


def _place(raw: Raw, to: Rows) -> str:
    """The organisation: by its id, which files tell too, or as it was asked for."""
    if told := raw.get("organization_id") or to.about.get("place"):
        return str(told)
    raise UnplacedError("it does not say which organisation it is of")


KINDS = (
    RecordKind(
        name="usage_report",
        names=("claude_code_usage_report", "claude_code"),
        writes=("tool_usage",),
        lights="how much Claude Code is used, for what, and what that costs",
        access="an admin key of the organisation",
        marks=names("actor core_metrics"),
        known=names(
            "date organization_id actor customer_type subscription_type terminal_type core_metrics tool_actions "
            "model_breakdown"
        ),
        to_facts=usage,
        path="/usage_report/claude_code",
        listing=Listing(
            Order.OLDEST_CHANGE_FIRST,
            {"starting_at": "{since}", "limit": 1000},
            since="day",
            stamp="date",
            within="data",
            again_days=3,
            window_days=1,  # an answer is about one day
            paging=Paging.CURSOR,
            size="limit",
            following="next_page",
        ),
    ),
    RecordKind(
        name="users",
        writes=("tool_seats",),
        lights="who may use Claude Code",
        access="an admin key of the organisation",
        marks=names("added_at email role"),
        known=names("id type email name role added_at"),
        to_facts=user,
        path="/users",
        listing=Listing(
            Order.NONE,
            {"limit": 100},
            within="data",
            paging=Paging.CURSOR,
            page="after_id",
            size="limit",
            following="last_id",
            complete=True,
        ),
    ),
)

USUAL = Door("https://api.anthropic.com/v1/organizations", ("ANTHROPIC_ADMIN_KEY",))


def _headers(token: str) -> dict[str, str]:
    return sent(token, "{token}", "x-api-key", {"anthropic-version": "2023-06-01"})


SOURCE = Source(
    name="claude_code",
    version=1,
    title="Claude Code",
    sensitive=SENSITIVE,
    access=(
        "an admin key in ANTHROPIC_ADMIN_KEY, which only admins of the organisation can make; there is none that may only "
        "read. A place is what you call the organisation, as in claude_code:acme; use stands under the id of the organisation "
        "where the report tells it. Only lists are asked for, nothing is "
        "written"
    ),
    limits=(
        "Each day is asked for by itself, the last three days again at each sync. Use through Bedrock or Vertex, and "
        "by people with plans of their own, is not in it. Keys stand as a hash of their name. Costs are estimates, in "
        "hundredths of the currency; for plans they are not what is paid. Totals, tools and models of a day tell "
        "the same use again. Somebody who has left has a seat as last seen until `trueup collect . --reconcile`. As files: the answers of "
        "`/v1/organizations/usage_report/claude_code` and `/v1/organizations/users`."
    ),
    kinds=KINDS,
    interface=Interface(usual_door(USUAL), _headers, USUAL, "an organisation"),
)
