"""Windsurf: what its analytics tell of its use, and who has an account."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from trueup.facts.cells import moment, text, whole
from trueup.facts.rows import OddRecordError
from trueup.kernel.sources import SENSITIVE, RecordKind, Source, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows

TOOL = "windsurf"

#: Which part of the tool a sum of an answer is about, and our column for it.
_SUMS = {
    "num_acceptances": ("completion", "accepted"),
    "num_lines_accepted": ("completion", "lines_accepted"),
    "num_chats_received": ("chat", "requests"),  # answers of a model, not questions of people
    "chat_loc_used": ("chat", "lines_accepted"),
    "lines_added": ("command", "lines_suggested"),  # of declined commands too
    "lines_removed": ("command", "deletions_suggested"),
}
#: The same where the answer tells accepted commands from others.
_TAKEN = {"lines_suggested": "lines_accepted", "deletions_suggested": "deletions_accepted"}
#: What sums are split by.
_BY = {
    "language": "language",
    "ide": "editor",
    "model_id": "model",
    "latest_intent_type": "feature",
    "intent_type": "feature",
    "command_source": "feature",
}
#: Finer than what is kept: their sums are added up.
_FINER = names("hour timestamp version provider_source accepted")
#: What the answer counts and is left.
_LEFT = names(
    "num_bytes_accepted distinct_users distinct_developer_days distinct_developer_hours chat_accepted "
    "chat_inserted_at_cursor chat_applied bytes_added bytes_removed selection_lines selection_bytes"
)
_AGGREGATED = ("sum_", "count_", "avg_", "max_", "min_")
#: Sums over a time that the answer does not tell.
_UNDATED = names(
    "percent_code_written codeium_bytes user_bytes total_bytes codeium_bytes_by_autocomplete "
    "codeium_bytes_by_command"
)
_SPLITS = frozenset({*_BY, *_FINER, "date", "api_key"})
_KNOWN = {name: name for name in (*_SUMS, *_SPLITS, *_LEFT, *_UNDATED)}


def analytics(raw: Raw, to: Rows) -> None:
    """The answer to one question: sums by day, key, and what else was asked for."""
    found: dict[tuple[tuple[str, Any], ...], Counter[str]] = {}
    for answer in raw["responseItems"]:
        told = answer["item"]
        for name in told:
            to.meaning("custom_analytics.item", _bare(name), _KNOWN)
        item = {_bare(name): value for name, value in told.items()}
        if "date" in item and not _SUMS.keys().isdisjoint(item):
            _whole(told)
            for part, counts in _sums(item, _accepted(told), to):
                found.setdefault(tuple(part.items()), Counter()).update(counts)
    for key, counts in found.items():
        requests = {"requests": float(counts.pop("requests"))} if "requests" in counts else {}
        told = dict(key)
        _add(
            told.pop("report"), {"date": told.pop("date")}, "date", to, **told, **counts, **requests
        )


def _whole(told: Raw) -> None:
    """Sums are told apart by all that they are split by, or they would be taken for each other."""
    for name in told:
        if _bare(name) not in _KNOWN and not name.startswith(_AGGREGATED):
            raise OddRecordError("its sums may be split by a field that nobody knows")


def _accepted(told: Raw) -> bool | None:
    """Whether the commands of these sums were accepted, where the answer tells that apart."""
    if "accepted" not in told:
        return None
    word = str(told["accepted"]).lower()
    if word not in {"true", "false", "1", "0"}:
        raise OddRecordError("accepted is neither true nor false")
    return word in {"true", "1"}


def _sums(
    item: Raw, accepted: bool | None, to: Rows
) -> Iterator[tuple[dict[str, Any], dict[str, int]]]:
    """The sums of each part of the tool, and what tells them from others."""
    by = {ours: item[theirs] for theirs, ours in _BY.items() if theirs in item}
    of = "days by account" if "api_key" in item else "days"
    account = to.sealed(item["api_key"]) if item.get("api_key") else None
    for name, (feature, column) in _SUMS.items():
        count = whole(item, name)
        if count is None:
            continue
        counts = {column: count}
        if accepted is not None and column in _TAKEN:
            counts[_TAKEN[column]] = count if accepted else 0
        report = " ".join([feature, of, *sorted(by)])
        part = {
            "report": report,
            "date": item["date"],
            "feature": feature,
            "account": account,
            **by,
        }
        yield part, counts


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
        account=to.sealed(raw["apiKey"]) if raw.get("apiKey") else None,
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


_kind = partial(RecordKind, access="Teams Read-only")

KINDS = (
    _kind(
        name="user_page_analytics",
        writes=("tool_seats",),
        lights="who may use Windsurf, and whether they do",
        marks=names("email apiKey activeDays"),
        known=names(
            "name email signupTime lastUpdateTime apiKey activeDays disableCodeium lastAutocompleteUsageTime "
            "lastChatUsageTime lastCommandUsageTime teamStatus promptCreditsUsed"
        ),
        to_facts=account,
        path="/api/v1/UserPageAnalytics",
    ),
    _kind(
        name="custom_analytics",
        names=("autocomplete_analytics", "chat_analytics", "command_analytics", "pcw_analytics"),
        writes=("tool_usage",),
        lights="how much of what Windsurf offers is taken",
        marks=names("responseItems"),
        known=names("responseItems"),
        to_facts=analytics,
        path="/api/v1/Analytics",
    ),
    _kind(
        name="cascade_lines_analytics",
        writes=("tool_usage",),
        lights="how many lines of its agent are taken",
        marks=names("cascadeLines"),
        known=names("cascadeLines"),
        to_facts=cascade_lines,
        path="/api/v1/CascadeAnalytics",
    ),
    _kind(
        name="cascade_runs_analytics",
        writes=("tool_usage",),
        lights="how its agent is used",
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
        "as the share of code written, are not kept. Keys stand as a hash, beside the account they belong to. Sums by hour, version or source are added up to days. "
        "Call sums as the fields they sum: an answer with a field that nobody knows is not read, for sums may be split by it. Lines of "
        "commands are those offered, also by declined commands, unless they are split by `accepted`. Chats are counted by the answers "
        "that were given."
    ),
    kinds=KINDS,
)
