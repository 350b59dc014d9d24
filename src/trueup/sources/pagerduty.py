"""PagerDuty: incidents, what happened to them, and users."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError
from trueup.facts.texts.message import Link, subject_id
from trueup.kernel.clock import EPOCH, moment_of
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
    own_door,
    sent,
    usual_door,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.facts.rows import Raw, Rows

_STATUS = {"triggered": "open", "acknowledged": "in_progress", "resolved": "done"}

#: What an entry of the log is about, and the status after it.
_ENTRY = {
    "trigger": ("status", "open"),
    "acknowledge": ("status", "in_progress"),
    "unacknowledge": ("status", "open"),
    "resolve": ("status", "done"),
    "assign": ("assignee", ""),
    "delegate": ("assignee", ""),
    "escalate": ("assignee", ""),
}

_OPEN: dict[str, Any] = {
    "resolution": "",
    "resolution_original": "",
    "closed_at": None,
    "closed_by": None,
}


def incident(raw: Raw, to: Rows) -> None:
    """An incident, under its id: its number would look like that of an issue of a repository."""
    repo, key = _id(raw["service"], "its service"), _id(raw, "its id")
    status = to.meaning("issues.status", raw["status"], _STATUS)
    ended = _ended(raw, repo, to) if status == "done" else _OPEN
    title = raw.get("title")
    to.add(
        "issues",
        happened_at=moment_of(raw["created_at"]),
        repo=repo,
        key=key,
        kind="incident",
        kind_original=(raw.get("incident_type") or {}).get("name") or raw.get("type"),
        status=status,
        status_original=raw["status"],
        **ended,
        creator=_person((raw.get("first_trigger_log_entry") or {}).get("agent"), repo, to),
        assignee=_newest(raw.get("assignments") or (), repo, to),
        changed_at=moment_of(raw.get("updated_at") or raw.get("last_status_change_at")),
        priority=_called(raw.get("priority")),
        severity=raw.get("urgency"),
        component=_called(raw["service"]),
        title_id=subject_id(title) if title else None,
    )
    if ended["resolution"] == "duplicate":
        other = _id(raw["resolve_reason"]["incident"], "what it was merged into")
        link = Link("duplicates", "incident", other, "merge", 0.99)
        to.link(repo, ("incident", key), link, happened_at=ended["closed_at"])
    entries = raw.get("log_entries") or ()
    _moved([raw.get("first_trigger_log_entry") or {}, *entries], repo, key, to)
    for entry in entries:
        _entry(entry, repo, key, to)


def _moved(entries: Sequence[Raw], repo: str, key: str, to: Rows) -> None:
    """Entries tell the service of their time: an incident is open in the one it is in, and in no earlier one."""
    told = {(entry.get("service") or {}).get("id") for entry in entries}
    for earlier in sorted({one for one in told if isinstance(one, str)} - {"", repo}):
        to.gone("issues", "moved to another service", repo=earlier, key=key)


def log_entry(raw: Raw, to: Rows) -> None:
    """What happened to an incident."""
    told = raw.get("incident") or {}
    service = raw.get("service") or told.get("service") or {}
    repo = service.get("id") or to.about.get("place") or to.about.get("ScopeId")
    if not repo:
        raise OddRecordError("it does not say which service its incident is of")
    _entry(raw, repo, _id(told, "its incident"), to)


def _entry(raw: Raw, repo: str, key: str, to: Rows) -> None:
    event = raw["type"].removesuffix("_reference").removesuffix("_log_entry")
    if event == "notify":
        return  # that somebody was told changes nothing about an incident
    field, after = _ENTRY.get(event, ("other", ""))
    to.add(
        "issue_events",
        happened_at=moment_of(raw["created_at"]),
        repo=repo,
        key=key,
        event=_id(raw, "its id"),
        field=field,
        field_original=event,
        after=after,
        actor=_person(raw.get("agent"), repo, to),
    )


def user(raw: Raw, to: Rows) -> None:
    """A user, with the address that commits may carry too."""
    account = (raw["name"], _account(_id(raw, "its id")))
    if raw.get("email"):
        to.person("", raw["name"], raw["email"], account)
    to.person("", *account)


def _ended(raw: Raw, repo: str, to: Rows) -> dict[str, Any]:
    """How, when and by whom it was resolved; one that was merged into another is a duplicate."""
    reason = raw.get("resolve_reason") or {}
    changed = moment_of(raw.get("last_status_change_at"))
    return {
        "resolution": "duplicate" if reason.get("incident") else "done",
        "resolution_original": reason.get("type") or "",
        "closed_at": moment_of(raw.get("resolved_at")) or changed,
        "closed_by": _person(raw.get("last_status_change_by"), repo, to),
    }


def _newest(assignments: Sequence[Raw], repo: str, to: Rows) -> str | None:
    """Whom it was given to last; the others have it still."""
    given = sorted(assignments, key=lambda a: moment_of(a.get("at")) or EPOCH, reverse=True)
    return next((who for a in given if (who := _person(a["assignee"], repo, to))), None)


def _id(raw: Raw, what: str) -> str:
    found = raw.get("id")
    if not isinstance(found, str) or not found:
        raise OddRecordError(f"it does not say {what}")
    return found


def _called(raw: Raw | None) -> str | None:
    """The name of something that is referred to."""
    return (raw or {}).get("name") or (raw or {}).get("summary")


def _person(raw: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of a user; services and integrations are nobody."""
    if not raw or not raw["type"].startswith("user"):
        return None
    own = _id(raw, "who it was")
    return to.person(repo, _called(raw) or own, _account(own))


def _account(own: str) -> str:
    """What stands for the address of a user, where only the id is told."""
    return f"pagerduty:{own}"


_REFERENCE = "id type summary self html_url "
_list = partial(
    Listing,
    paging=Paging.OFFSET,
    page="offset",
    size="limit",
    following="more",
    total="total",
    most=10_000,
)

KINDS = (
    RecordKind(
        name="incidents",
        writes=("issues", "issue_events", "item_links"),
        lights="what broke, when it was taken up and when it was over",
        access="Incidents: read",
        marks=names("incident_number urgency service"),
        known=names(
            _REFERENCE
            + "incident_number title description created_at updated_at status incident_key service assignments "
            "assigned_via last_status_change_at last_status_change_by resolved_at first_trigger_log_entry "
            "alert_counts alerts is_mergeable basic_alert_grouping alert_grouping incident_type escalation_policy "
            "teams impacted_services pending_actions acknowledgements priority resolve_reason conference_bridge "
            "incidents_responders responder_requests subscriber_requests external_references custom_fields "
            "urgency body log_entries notes"
        ),
        to_facts=incident,
        path="/incidents",
        listing=_list(
            Order.OLDEST_CHANGE_FIRST,
            {
                "service_ids[]": "{place}",
                "include[]": "first_trigger_log_entries",
                "since": "{since}",
                "until": "{until}",
                "time_zone": "UTC",
                "sort_by": "created_at:asc",
                "total": "true",
                "limit": 100,
            },
            stamp="created_at",
            within="incidents",
            again_days=30,
            window_days=180,  # it allows six months
            complete=True,
        ),
    ),
    RecordKind(
        name="log_entries",
        writes=("issue_events",),
        lights="how long it took until somebody looked, and how often it was handed on",
        access="Incidents: read",
        marks=names("channel incident type created_at"),
        known=names(
            _REFERENCE
            + "created_at channel agent note contexts service incident teams event_details changeset assignees "
            "acknowledgement_timeout user linked_incidents"
        ),
        to_facts=log_entry,
        path="/incidents/{number}/log_entries",
        listing=_list(
            Order.OF_EACH,
            {"is_overview": "true", "time_zone": "UTC", "total": "true", "limit": 100},
            within="log_entries",
            each=("incidents", "id"),
        ),
    ),
    RecordKind(
        name="users",
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="Users: read",
        marks=names("id name email invitation_sent"),
        known=names(
            _REFERENCE
            + "name email time_zone color avatar_url billed role description invitation_sent job_title "
            "created_via_sso locale teams contact_methods notification_rules coordinated_incidents http_cal_url "
            "web_cal_url license"
        ),
        to_facts=user,
        path="/users",
        listing=_list(Order.NONE, {"total": "true", "limit": 100}, within="users"),
    ),
)

USUAL = Door("https://api.pagerduty.com", ("PAGERDUTY_TOKEN",))
_ACCEPTED = {"Accept": "application/vnd.pagerduty+json;version=2"}

SOURCE = Source(
    name="pagerduty",
    version=1,
    title="PagerDuty",
    sensitive=SENSITIVE,
    access=(
        "a read-only API key in PAGERDUTY_TOKEN, and the id of a service (it stands at the end of the address "
        "of its page); accounts of the European region also set PAGERDUTY_URL to https://api.eu.pagerduty.com. "
        "Nothing is written"
    ),
    limits=(
        "Incidents stand under their id, not their number, and belong to their service. Of several people an "
        "incident is given to the last is kept. Incidents made in the last 30 days are read again at "
        "each sync; an older one that changes later, or is given to another service, is seen as it was until "
        "`trueup collect . --reconcile`. Of a log only the most important entries "
        "are asked for, and no messages to people. PagerDuty gives at most 10,000 records of one list: what lies "
        "beyond is told as not read. Titles are kept as a hash, notes and details not at all. Without an API key, "
        "save answers of `/incidents`, `/incidents/ID/log_entries` and `/users` as files."
    ),
    kinds=KINDS,
    interface=Interface(
        # A region of its own is named as a server would be.
        own_door("PAGERDUTY", otherwise=usual_door(USUAL, "api.pagerduty.com")),
        partial(sent, form="Token token={token}", others=_ACCEPTED),
        USUAL,
        place="a service",
        where="PAGERDUTY_URL",
    ),
)
