"""Windsurf: what its analytics tell of its use, and who has an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.cells import moment, text, whole
from trueup.facts.rows import OddRecordError
from trueup.facts.texts.message import subject_id
from trueup.kernel.sources import SENSITIVE, RecordKind, Source, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

TOOL = "windsurf"

#: Which part of the tool a sum of an answer is about, and our column for it.
_SUMS = {
    "num_acceptances": ("completion", "accepted"),
    "num_lines_accepted": ("completion", "lines_accepted"),
    "num_chats_received": ("chat", "prompts"),
    "chat_loc_used": ("chat", "lines_accepted"),
    "lines_added": ("command", "lines_accepted"),
    "lines_removed": ("command", "deletions_accepted"),
}
#: What sums are split by.
_BY = {
    "language": "language",
    "ide": "editor",
    "model_id": "model",
    "latest_intent_type": "feature",
    "intent_type": "feature",
    "command_source": "feature",
}
#: Sums over a time that the answer does not tell.
_UNDATED = names(
    "percent_code_written codeium_bytes user_bytes total_bytes codeium_bytes_by_autocomplete "
    "codeium_bytes_by_command"
)
_KNOWN = {name: name for name in (*_SUMS, *_BY, *_UNDATED, "date", "api_key")}


def analytics(raw: Raw, to: Rows) -> None:
    """The answer to one question: sums by day, key, and what else was asked for."""
    for answer in raw["responseItems"]:
        item = {_bare(name): value for name, value in answer["item"].items()}
        for name in item:
            to.meaning("custom_analytics.item", name, _KNOWN)
        if "date" in item:
            _sums(item, to)


def _sums(item: Raw, to: Rows) -> None:
    told: dict[str, dict[str, int | None]] = {}
    for name, (feature, column) in _SUMS.items():
        if name in item:
            told.setdefault(feature, {})[column] = whole(item, name)
    by = {ours: item[theirs] for theirs, ours in _BY.items() if item.get(theirs)}
    account = subject_id(item["api_key"]) if item.get("api_key") else None
    split = " ".join(["days by account" if account else "days", *sorted(by)])
    for feature, sums in told.items():
        row = {"feature": feature, **by, "account": account}
        _add(f"{feature} {split}", item, "date", to, **row, **sums)


def cascade_lines(raw: Raw, to: Rows) -> None:
    """Lines its agent offered, and lines that were taken, by day."""
    for told in raw["cascadeLines"]["cascadeLines"]:
        offered, taken = whole(told, "linesSuggested"), whole(told, "linesAccepted")
        row = {"feature": "cascade", "lines_suggested": offered, "lines_accepted": taken}
        _add("cascade lines", told, "day", to, **row)


def cascade_runs(raw: Raw, to: Rows) -> None:
    """Conversations with its agent."""
    for told in raw["cascadeRuns"]["cascadeRuns"]:
        requests = whole(told, "promptsUsed")
        _add(
            "cascade runs",
            told,
            "day",
            to,
            event=told["cascadeId"],
            feature=text(told, "mode"),
            model=text(told, "model"),
            prompts=whole(told, "messagesSent"),
            requests=None if requests is None else float(requests),
        )


def account(raw: Raw, to: Rows) -> None:
    """An account, with when it was used."""
    used = [moment(raw, f"last{part}UsageTime") for part in ("Autocomplete", "Chat", "Command")]
    disabled = raw.get("disableCodeium")
    to.add(
        "tool_seats",
        happened_at=moment(raw, "signupTime"),
        repo="",
        tool=TOOL,
        actor=to.person("", raw.get("name") or "", raw["email"]),
        account=subject_id(raw["apiKey"]) if raw.get("apiKey") else None,
        enabled=None if disabled is None else not disabled,
        used_at=max((at for at in used if at), default=None),
        changed_at=moment(raw, "lastUpdateTime"),
        active_days=whole(raw, "activeDays"),
    )


def _add(report: str, told: Raw, field: str, to: Rows, **columns: Any) -> None:
    at = moment(told, field)
    if at is None:
        raise OddRecordError("it does not say of which day it is")
    row = {"repo": "", "tool": TOOL, "report": report, "day": f"{at:%Y-%m-%d}"}
    to.add("tool_usage", happened_at=at, **row, **columns)


def _bare(name: str) -> str:
    """The field that was summed: answers call it `sum_FIELD` where nobody gave it a name."""
    return name.removeprefix("sum_")


KINDS = (
    RecordKind(
        name="user_page_analytics",
        writes=("tool_seats",),
        lights="who may use Windsurf, and whether they do",
        access="Teams Read-only",
        marks=names("email apiKey activeDays"),
        known=names(
            "name email signupTime lastUpdateTime apiKey activeDays disableCodeium lastAutocompleteUsageTime "
            "lastChatUsageTime lastCommandUsageTime teamStatus promptCreditsUsed"
        ),
        to_facts=account,
        path="/api/v1/UserPageAnalytics",
    ),
    RecordKind(
        name="custom_analytics",
        names=("autocomplete_analytics", "chat_analytics", "command_analytics", "pcw_analytics"),
        writes=("tool_usage",),
        lights="how much of what Windsurf offers is taken",
        access="Teams Read-only",
        marks=names("responseItems"),
        known=names("responseItems"),
        to_facts=analytics,
        path="/api/v1/Analytics",
    ),
    RecordKind(
        name="cascade_lines_analytics",
        writes=("tool_usage",),
        lights="how many lines of its agent are taken",
        access="Teams Read-only",
        marks=names("cascadeLines"),
        known=names("cascadeLines"),
        to_facts=cascade_lines,
        path="/api/v1/CascadeAnalytics",
    ),
    RecordKind(
        name="cascade_runs_analytics",
        writes=("tool_usage",),
        lights="how its agent is used",
        access="Teams Read-only",
        marks=names("cascadeRuns"),
        known=names("cascadeRuns"),
        to_facts=cascade_runs,
        path="/api/v1/CascadeAnalytics",
    ),
)

SOURCE = Source(
    name="windsurf",
    version=1,
    title="Windsurf",
    sensitive=SENSITIVE,
    access=(
        "none: Windsurf wants its service key within the question, so answers are saved as files, with a key that has "
        "the permission Teams Read-only"
    ),
    limits=(
        "As files: the answers of `/api/v1/UserPageAnalytics`, `/api/v1/Analytics` and `/api/v1/CascadeAnalytics` (plans for "
        "enterprises). Answers do not say whom they were limited to: ask for the whole team, and have sums split by `date` "
        "and by `api_key`, for sums of one person that do not tell the key would take each other's place. Sums without a day, "
        "as the share of code written, are not kept. Keys stand as a hash, beside the account they belong to. What is called "
        "otherwise than the field it sums is counted as unknown."
    ),
    kinds=KINDS,
)
