"""FireHydrant: incidents with their milestones, users, and who is in which team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.rows import OddRecordError
from trueup.facts.texts.message import subject_id
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import RecordKind, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_STATUS = {
    "started": "open",
    "detected": "open",
    "acknowledged": "in_progress",
    "investigating": "in_progress",
    "identified": "in_progress",
    "mitigated": "in_progress",
    "resolved": "done",
    "retrospective_started": "done",
    "retrospective_completed": "done",
    "postmortem_started": "done",
    "postmortem_completed": "done",
    "closed": "done",
}


def incident(raw: Raw, to: Rows) -> None:
    """An incident of an organisation; its services may change, and are several."""
    repo, key = raw["organization_id"], raw["id"]
    if not isinstance(repo, str) or not isinstance(key, str):
        raise OddRecordError("its id or organisation is no text")
    status = to.meaning("issues.status", raw["current_milestone"], _STATUS)
    milestones = raw.get("milestones") or ()
    reached = {m["type"]: moment_of(m["occurred_at"]) for m in milestones}
    ended = reached.get("resolved") or reached.get("closed")
    to.add(
        "issues",
        happened_at=moment_of(raw["created_at"]),
        repo=repo,
        key=key,
        kind="incident",
        status=status,
        status_original=raw["current_milestone"],
        resolution="done" if status == "done" else "",
        closed_at=ended if status == "done" else None,
        creator=_person(raw.get("created_by"), repo, to),
        assignee=_commander(raw, repo, to),
        priority=raw.get("priority"),
        severity=raw.get("severity"),
        component=next((s["name"] for s in raw.get("services") or ()), None),
        labels=sorted(raw.get("tag_list") or ()),
        title_id=subject_id(raw["name"]) if raw.get("name") else None,
    )
    for told in milestones:
        to.add(
            "issue_events",
            happened_at=moment_of(told["occurred_at"]),
            repo=repo,
            key=key,
            event=told["id"],
            field="status",
            field_original="milestone",
            after=to.meaning("issues.status", told["type"], _STATUS),
            after_original=told["type"],
        )


def user(raw: Raw, to: Rows) -> None:
    """A user, with the address that commits may carry too."""
    if not raw.get("email"):
        raise OddRecordError("it has no address")
    _person(raw, "", to)


def team(raw: Raw, to: Rows) -> None:
    """A team: who is in it now, and in which role."""
    for told in raw["memberships"]:
        if person := _person(told.get("user"), "", to):
            role = (told.get("default_incident_role") or {}).get("name")
            to.add(
                "team_members",
                happened_at=None,
                repo="firehydrant",
                team=raw["name"],
                person=person,
                from_day="",
                role=role,
            )


def _commander(raw: Raw, repo: str, to: Rows) -> str | None:
    """Who leads it, or else the first who has any role."""
    active = [r for r in raw.get("role_assignments") or () if r.get("status") == "active"]
    active.sort(key=lambda r: (r.get("incident_role") or {}).get("name") != "Commander")
    return next((_person(r.get("user"), repo, to) for r in active), None)


def _person(raw: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of a user; what the system itself does is nobody's."""
    if not raw or not raw.get("email"):
        return None
    return to.person(repo, raw.get("name") or "", raw["email"])


KINDS = (
    RecordKind(
        name="firehydrant_incidents",
        writes=("issues", "issue_events"),
        lights="what broke, when it was taken up and when it was over",
        access="FireHydrant: a bot token",
        marks=names("current_milestone milestones organization_id"),
        known=names(
            "id name created_at started_at summary customer_impact_summary description current_milestone number "
            "priority severity severity_impact severity_condition tag_list private_id organization_id "
            "incident_roles milestones lifecycle_phases active labels role_assignments status_pages "
            "incident_url private_status_page_url organization customers_impacted monetary_impact monetary_impact_cents "
            "last_update last_note report_id services environments functionalities channel_name "
            "channel_reference channel_id channel_status incident_tickets impacts conference_bridges "
            "incident_channels retro_exports created_by context_object restricted explicit_organization_user_ids events"
        ),
        to_facts=incident,
        path="/v1/incidents",
    ),
    RecordKind(
        name="firehydrant_teams",
        writes=("team_members",),
        lights="who answers for what",
        access="FireHydrant: a bot token",
        marks=names("memberships owned_services"),
        known=names(
            "id name description slug created_at updated_at memberships owned_checklist_templates owned_services "
            "responding_services services"
        ),
        to_facts=team,
        path="/v1/teams",
    ),
    RecordKind(
        name="firehydrant_users",
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="FireHydrant: a bot token",
        marks=names("id email slack_linked?"),
        known=names("id name email created_at updated_at slack_linked? "),
        to_facts=user,
        path="/v1/users",
    ),
)
