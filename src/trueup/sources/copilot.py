"""GitHub Copilot: seats, and what its reports tell of its use."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from trueup.facts.cells import moment, whole
from trueup.facts.rows import OddRecordError, UnplacedError
from trueup.kernel.sources import (
    SENSITIVE,
    Door,
    Interface,
    Listing,
    Order,
    RecordKind,
    Source,
    names,
    sent,
    usual_door,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.facts.rows import Raw, Rows

TOOL = "copilot"
_ASKED = re.compile(r"/(?:orgs|enterprises)/([^/?]+)(?:/team/([^/?]+))?/copilot")

#: What its reports count, by our columns.
_COUNTS = {
    "prompts": "user_initiated_interaction_count",
    "suggested": "code_generation_activity_count",
    "accepted": "code_acceptance_activity_count",
    "lines_suggested": "loc_suggested_to_add_sum",
    "deletions_suggested": "loc_suggested_to_delete_sum",
    "lines_accepted": "loc_added_sum",
    "deletions_accepted": "loc_deleted_sum",
}
_PEOPLE = {
    "people": "daily_active_users",
    "people_week": "weekly_active_users",
    "people_month": "monthly_active_users",
    "chat_people_month": "monthly_active_chat_users",
    "agent_people_month": "monthly_active_agent_users",
}
_PULLS = {
    "pulls": "total_created",
    "pulls_by_tool": "total_created_by_copilot",
    "pulls_reviewed": "total_reviewed",
    "pulls_reviewed_by_tool": "total_reviewed_by_copilot",
}
_TERMINAL = {"sessions": "session_count", "prompts": "prompt_count"}
_TOKENS = {"tokens_in": "prompt_tokens_sum", "tokens_out": "output_tokens_sum"}
_SPLITS = ("ide", "feature", "language_feature", "language_model", "model_feature")
_BY = {"editor": "ide", "feature": "feature", "language": "language", "model": "model"}

#: The reports that were told until April 2026, likewise.
_OLD = {
    "people_engaged": "total_engaged_users",
    "suggested": "total_code_suggestions",
    "accepted": "total_code_acceptances",
    "lines_suggested": "total_code_lines_suggested",
    "lines_accepted": "total_code_lines_accepted",
    "prompts": "total_chats",
}
_OLD_FEATURES = ("copilot_ide_code_completions", "copilot_ide_chat", "copilot_dotcom_chat")


def seat(raw: Raw, to: Rows) -> None:
    """A seat: who has it, since when, and when it was used last."""
    owner = raw.get("assignee") or {}
    if not owner.get("login"):
        raise OddRecordError("it does not say whose seat it is")
    repo = _place(raw, to)
    to.add(
        "tool_seats",
        happened_at=moment(raw, "created_at"),
        repo=repo,
        tool=TOOL,
        actor=_person(owner["login"], repo, to),
        plan=raw.get("plan_type"),
        editor=raw.get("last_activity_editor"),
        used_at=moment(raw, "last_activity_at"),
        signed_in_at=moment(raw, "last_authenticated_at"),
        ends_at=moment(raw, "pending_cancellation_date"),
        changed_at=moment(raw, "updated_at"),
    )


def day(raw: Raw, to: Rows) -> None:
    """A day of an organisation or enterprise, in all and by its parts."""
    pulls = raw.get("pull_requests") or {}
    told = _counted(raw, _COUNTS | _PEOPLE) | _counted(pulls, _PULLS)
    _add("days", raw, to, **told)
    _splits("days", raw, to)


def days(raw: Raw, to: Rows) -> None:
    """The days of a report over several."""
    about = {k: raw[k] for k in ("organization_id", "enterprise_id") if raw.get(k)}
    for one in raw["day_totals"]:
        day(about | one, to)


def user_day(raw: Raw, to: Rows) -> None:
    """A day of one person."""
    actor = _person(raw["user_login"], _place(raw, to), to)
    _add("users", raw, to, actor=actor, **_counted(raw, _COUNTS))
    _splits("users", raw, to, actor=actor)


def old_day(raw: Raw, to: Rows) -> None:
    """A day as it was told until April 2026: suggestions by language, chats by model."""
    told = {"people": "total_active_users", "people_engaged": "total_engaged_users"}
    dated = {**raw, "day": raw["date"]}
    _add("old days", dated, to, **_counted(raw, told))
    for feature in _OLD_FEATURES:
        part = raw.get(feature) or {}
        for by, leaf in _leaves(part, "editors", {}):
            report = f"old days by {feature.removeprefix('copilot_')}"
            _add(report, dated, to, feature=feature, **by, **_counted(leaf, _OLD))


def _leaves(part: Raw, inner: str, by: dict[str, str]) -> Iterator[tuple[dict[str, str], Raw]]:
    """The smallest parts of a part, each with its editor, model and language."""
    below = {"editors": "models", "models": "languages", "languages": ""}
    while inner and not part.get(inner):
        inner = below[inner]
    if not inner:
        if by:
            yield by, part
        return
    for one in part[inner]:
        yield from _leaves(one, below[inner], by | {inner.removesuffix("s"): one["name"]})


def _splits(report: str, raw: Raw, to: Rows, **who: Any) -> None:
    """The same day by its parts; each split tells all of it again."""
    for split in _SPLITS:
        for part in raw.get(f"totals_by_{split}") or ():
            by = {ours: part[theirs] for ours, theirs in _BY.items() if theirs in split.split("_")}
            _add(f"{report} by {split}", raw, to, **who, **by, **_counted(part, _COUNTS))
    if terminal := raw.get("totals_by_cli"):
        # What is done in a terminal stands in none of the other figures.
        told = _counted(terminal, _TERMINAL) | _counted(terminal.get("token_usage") or {}, _TOKENS)
        requests = whole(terminal, "request_count")
        told |= {"requests": float(requests)} if requests is not None else {}
        people = _counted(raw, {} if who else {"people": "daily_active_cli_users"})
        _add(f"{report} by cli", raw, to, **who, feature="cli", **told, **people)


def _add(report: str, raw: Raw, to: Rows, **told: Any) -> None:
    at = moment(raw, "day")
    if at is None:
        raise OddRecordError("it does not say of which day it is")
    to.add(
        "tool_usage",
        happened_at=at,
        repo=_place(raw, to),
        tool=TOOL,
        report=report,
        day=f"{at:%Y-%m-%d}",
        **told,
    )


def _counted(raw: Raw, columns: Mapping[str, str]) -> dict[str, Any]:
    """What it counts; what it does not tell is left out, not zero."""
    found = ((ours, whole(raw, theirs)) for ours, theirs in columns.items())
    return {ours: count for ours, count in found if count is not None}


def _place(raw: Raw, to: Rows) -> str:
    """The organisation, enterprise or team: its name where anything tells it, or else its number."""
    named = (raw.get("organization") or {}).get("login") if "assignee" in raw else ""
    asked = _ASKED.search(to.asked)
    found = "/".join(part for part in asked.groups() if part) if asked else ""
    ids = (raw.get("organization_id"), raw.get("enterprise_id"))
    told = (named, found, to.about.get("place"), *ids)
    if place := next((one for one in told if one), None):
        return str(place)
    raise UnplacedError("it does not say which organisation or team it is of")


def _person(login: str, repo: str, to: Rows) -> str:
    """The pseudonym of an account, with the address that its commits may carry."""
    return to.person(repo, login, f"{login.lower()}@users.noreply.github.com")


_TOTALS = " ".join(f"totals_by_{split}" for split in (*_SPLITS, "cli"))
_REPORT = (
    f"day {' '.join(_COUNTS.values())} {_TOTALS} organization_id enterprise_id etl_id day_partition "
    "entity_id_partition report_start_day report_end_day "
)

_kind = partial(RecordKind, access="Organization Copilot metrics: read", writes=("tool_usage",))

KINDS = (
    RecordKind(
        name="seats",
        writes=("tool_seats",),
        lights="who may use Copilot, and whether they do",
        access="GitHub Copilot Business: read",
        marks=names("assignee last_activity_at last_activity_editor"),
        known=names(
            "created_at updated_at pending_cancellation_date last_activity_at last_activity_editor "
            "last_authenticated_at plan_type assignee assigning_team organization"
        ),
        to_facts=seat,
        path="/orgs/{place}/copilot/billing/seats",
        listing=Listing(Order.NONE, {"per_page": 100}, within="seats"),
    ),
    _kind(
        name="metrics",
        names=("organization_1_day", "enterprise_1_day"),
        lights="how many use Copilot, for what, and how much of it they take",
        marks=names("day daily_active_users"),
        known=names(
            _REPORT + f"{' '.join(_PEOPLE.values())} daily_active_cli_users pull_requests "
            "daily_active_copilot_code_review_users daily_passive_copilot_code_review_users "
            "weekly_active_copilot_code_review_users weekly_passive_copilot_code_review_users "
            "monthly_active_copilot_code_review_users monthly_passive_copilot_code_review_users"
        ),
        to_facts=day,
        path="/orgs/{place}/copilot/metrics/reports/organization-1-day",
    ),
    _kind(
        name="metrics_28_days",
        names=("organization_28_day", "enterprise_28_day"),
        lights="the same for four weeks",
        marks=names("day_totals"),
        known=names(
            "day_totals organization_id enterprise_id report_start_day report_end_day etl_id day_partition "
            "entity_id_partition created_at"
        ),
        to_facts=days,
        path="/orgs/{place}/copilot/metrics/reports/organization-28-day/latest",
    ),
    _kind(
        name="user_metrics",
        names=("users_1_day", "users_28_day"),
        lights="how evenly Copilot is used, without a name",
        marks=names("day user_login code_generation_activity_count"),
        known=names(
            _REPORT + "user_id user_login used_agent used_chat used_cli ai_credits_used "
            "used_copilot_code_review_active used_copilot_code_review_passive"
        ),
        to_facts=user_day,
        path="/orgs/{place}/copilot/metrics/reports/users-1-day",
    ),
    RecordKind(
        name="old_metrics",
        names=("copilot_metrics_api",),
        writes=("tool_usage",),
        lights="the same, as it was told until April 2026",
        access="the files that were saved then",
        marks=names("date total_active_users total_engaged_users"),
        known=names(
            f"date total_active_users total_engaged_users {' '.join(_OLD_FEATURES)} "
            "copilot_dotcom_pull_requests"
        ),
        to_facts=old_day,
        path="/orgs/{place}/copilot/metrics",
    ),
)

USUAL = Door(
    "https://api.github.com",
    ("GITHUB_TOKEN", "GH_TOKEN"),
    ("gh", "auth", "token", "--hostname", "github.com"),
)


def _headers(token: str) -> dict[str, str]:
    accepted = "application/vnd.github+json, application/json;q=0.9"
    return sent(token, others={"Accept": accepted, "X-GitHub-Api-Version": "2022-11-28"})


SOURCE = Source(
    name="copilot",
    version=1,
    title="GitHub Copilot",
    sensitive=SENSITIVE,
    access=(
        "a token in GITHUB_TOKEN or GH_TOKEN that may read the organisation's Copilot seats (GitHub Copilot Business: "
        "read, or the scope read:org), and the name of the organisation. Nothing is written"
    ),
    limits=(
        "Seats are asked for. Reports of use are read from files: GitHub gives links to them (`gh api "
        "/orgs/ORG/copilot/metrics/reports/organization-1-day?day=DAY`, `.../organization-28-day/latest`, "
        "`.../users-28-day/latest`), which hold lines of JSON and may be downloaded for a short time; save them as "
        "they are. Editors that send no telemetry are missing in all figures. Lines that agents write themselves count as "
        "accepted and never as suggested. Totals and their splits tell the same use again. Times to merge, review suggestions, "
        "people who only had reviews, and credits are left. A seat that was taken back is still there as it was last "
        "seen. Files that do not tell the request that brought them stand under the number of the organisation, not its name; seats and "
        "older reports tell no number: name the organisation (or `organisation/team`) with `--repo`. "
        "Prompts, answers and code are in none of these reports."
    ),
    kinds=KINDS,
    interface=Interface(usual_door(USUAL), _headers, USUAL, "an organisation"),
)
