"""VictorOps, now Splunk On-Call: incidents with their transitions, and users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError
from trueup.facts.texts.message import subject_id
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import RecordKind, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: Incidents are numbered once for all of an organisation.
REPO = "victorops"
_STATUS = {
    "triggered": "open",
    "unacked": "open",
    "acknowledged": "in_progress",
    "acked": "in_progress",
    "resolved": "done",
}


def incident(raw: Raw, to: Rows) -> None:
    """An incident under its number."""
    key = raw["incidentNumber"]
    if not isinstance(key, str) or not key:
        raise OddRecordError("it has no number")
    status = to.meaning("issues.status", raw["currentPhase"], _STATUS)
    transitions = raw.get("transitions") or ()
    done: dict[str, Any] = {"resolution": "", "closed_at": None, "closed_by": None}
    if status == "done":
        last: Raw = next((t for t in reversed(transitions) if _phase(t) == "done"), {})
        closed_by = _account(last.get("by"), to)
        done = {
            "resolution": "done",
            "closed_at": moment_of(last.get("at")),
            "closed_by": closed_by,
        }
    taken: Raw = next((t for t in reversed(transitions) if _phase(t) == "in_progress"), {})
    title = raw.get("entityDisplayName")
    to.add(
        "issues",
        happened_at=moment_of(raw["startTime"]),
        repo=REPO,
        key=key,
        kind="incident",
        kind_original=raw.get("entityType"),
        status=status,
        status_original=raw["currentPhase"],
        **done,
        assignee=_account(taken.get("by"), to),
        severity=raw.get("entityState"),
        component=raw.get("routingKey"),
        title_id=subject_id(title) if title else None,
    )
    for told in transitions:
        to.add(
            "issue_events",
            happened_at=moment_of(told["at"]),
            repo=REPO,
            key=key,
            event=f"{told['at']} {told['name']}",
            field="status",
            field_original=told["name"],
            after=to.meaning("issues.status", told["name"], _STATUS),
            actor=_account(told.get("by"), to),
        )


def user(raw: Raw, to: Rows) -> None:
    """A user, with the address that commits may carry too."""
    own = raw["username"]
    if raw.get("email"):
        account = (own, f"victorops:{own}")
        to.person(REPO, raw.get("displayName") or own, raw["email"], account)
    _account(own, to)


def left(_raw: Raw, _to: Rows) -> None:
    """Teams are listed without who is in them."""


def _phase(transition: Raw) -> str:
    return _STATUS.get(str(transition.get("name")).lower(), "")


def _account(own: str | None, to: Rows) -> str | None:
    """The pseudonym of a user; what the system does is nobody's."""
    return to.person(REPO, own, f"victorops:{own}") if own and own != "SYSTEM" else None


KINDS = (
    RecordKind(
        name="victorops_incidents",
        writes=("issues", "issue_events"),
        lights="what broke, when it was taken up and when it was over",
        access="VictorOps: a read-only API key",
        marks=names("incidentNumber currentPhase transitions"),
        known=names(
            "alertCount currentPhase entityDisplayName entityId entityState entityType incidentNumber lastAlertId lastAlertTime "
            "routingKey service startTime pagedTeams pagedUsers pagedPolicies transitions"
        ),
        to_facts=incident,
        path="/api-public/v1/incidents",
    ),
    RecordKind(
        name="victorops_teams",
        writes=(),
        lights="nothing: who is in them is told elsewhere",
        access="VictorOps: a read-only API key",
        marks=names("_membersUrl _policiesUrl slug"),
        known=names(
            "_selfUrl _membersUrl _policiesUrl _adminsUrl name slug memberCount version isDefaultTeam description"
        ),
        to_facts=left,
        path="/api-public/v1/team",
    ),
    RecordKind(
        name="victorops_users",
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="VictorOps: a read-only API key",
        marks=names("username email passwordLastUpdated"),
        known=names(
            "firstName lastName displayName username email createdAt passwordLastUpdated verified _selfUrl"
        ),
        to_facts=user,
        path="/api-public/v1/user",
    ),
)
