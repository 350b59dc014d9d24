"""Squadcast: incidents with what happened to them, and users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError
from trueup.facts.texts.message import subject_id
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import RecordKind, names

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows

#: Where its users are kept; incidents stand in their services.
REPO = "squadcast"
_STATUS = {
    "triggered": "open",
    "acknowledged": "in_progress",
    "resolved": "done",
    "suppressed": "done",
}


def incident(raw: Raw, to: Rows) -> None:
    """An incident of a service."""
    repo, key = raw["service"], raw["id"]
    if not isinstance(repo, str) or not repo or not isinstance(key, str):
        raise OddRecordError("its id or service is no text")
    status = to.meaning("issues.status", raw["status"], _STATUS)
    done: dict[str, Any] = {"resolution": "", "closed_at": None}
    if status == "done":
        dropped = raw["status"] == "suppressed"
        closed = _at(raw.get("resolved_at"))
        done = {"resolution": "not_planned" if dropped else "done", "closed_at": closed}
    logs = raw.get("logs") or ()
    given = [entry["id"] for entry in logs if entry.get("assignedTo") == "user"]
    to.add(
        "issues",
        happened_at=_at(raw["created_at"]),
        repo=repo,
        key=key,
        kind="incident",
        status=status,
        status_original=raw["status"],
        **done,
        assignee=_account(given[-1], repo, to) if given else None,
        title_id=subject_id(raw["title"]) if raw.get("title") else None,
    )
    for entry in logs:
        _entry(entry, repo, key, to)


def _entry(raw: Raw, repo: str, key: str, to: Rows) -> None:
    """A change of status or of whom it is given to; notes and tags change nothing about it."""
    action = raw["action"]
    if action not in _STATUS and action != "reassigned":
        return
    to.add(
        "issue_events",
        happened_at=_at(raw["time"]),
        repo=repo,
        key=key,
        event=f"{raw['time']} {action}",
        field="assignee" if action == "reassigned" else "status",
        field_original=action,
        after=_STATUS.get(action, ""),
    )


def left(_raw: Raw, _to: Rows) -> None:
    """Alerts of incidents and lists of services say nothing that incidents do not."""


def user(raw: Raw, to: Rows) -> None:
    """A user, with the address that commits may carry too."""
    own = raw["id"]
    name = " ".join(filter(None, (raw["first_name"], raw["last_name"])))
    if raw.get("email"):
        to.person(REPO, name or own, raw["email"], (own, f"squadcast:{own}"))
    _account(own, REPO, to)


def _account(own: str, repo: str, to: Rows) -> str:
    return to.person(repo, own, f"squadcast:{own}")


def _at(told: object) -> datetime | None:
    """A moment; the first of year one stands for none."""
    return None if str(told).startswith("0001-") else moment_of(told)


KINDS = (
    RecordKind(
        name="squadcast_incidents",
        writes=("issues", "issue_events"),
        lights="what broke, when it was taken up and when it was over",
        access="Squadcast: a refresh token of a user who may see the incidents",
        marks=names("alert_source service status logs"),
        known=names(
            "id title description status service alert_source assignee created_at acknowledged_at resolved_at tags event_count "
            "logs url"
        )
        | {"tta (ms)", "ttr (ms)"},
        to_facts=incident,
        path="/v3/incidents/export",
    ),
    RecordKind(
        name="squadcast_events",
        writes=(),
        lights="nothing that incidents do not say",
        access="Squadcast: a refresh token of a user who may see the incidents",
        marks=names("incident_id alert_source_id time_of_creation"),
        known=names(
            "incident_id alert_source_id message description time_of_creation tags payload"
        ),
        to_facts=left,
        path="/v3/incidents/ID/events",
    ),
    RecordKind(
        name="squadcast_services",
        writes=(),
        lights="nothing that incidents do not say",
        access="Squadcast: a refresh token of a user who may see services",
        marks=names("slug escalation_policy_id on_maintenance"),
        known=names(
            "id name slug email escalation_policy_id organization_id api_key description depends owner access_control "
            "on_maintenance escalation_policy"
        ),
        to_facts=left,
        path="/v3/services",
    ),
    RecordKind(
        name="squadcast_users",
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="Squadcast: a refresh token of a user who may see users",
        marks=names("first_name last_name email_verified"),
        known=names(
            "id first_name last_name email contact secondary_emails email_verified phone_verified in_grace_period time_zone "
            "title bio notification_rules oncall_reminder_rules user_image role_id role ability_ids abilities"
        ),
        to_facts=user,
        path="/v3/users",
    ),
)
