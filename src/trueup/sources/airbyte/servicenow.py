"""ServiceNow: incidents and users, as its tables give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError
from trueup.facts.texts.message import subject_id
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import RecordKind, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: Incidents are numbered once for all services of an instance.
REPO = "servicenow"
_TIMES = frozenset({"opened_at", "resolved_at", "closed_at", "sys_updated_on"})
_STATUS = {
    "1": "open",
    "2": "in_progress",
    "3": "in_progress",
    "6": "done",
    "7": "done",
    "8": "done",
    "new": "open",
    "in progress": "in_progress",
    "on hold": "in_progress",
    "resolved": "done",
    "closed": "done",
    "canceled": "done",
}
_CANCELLED = frozenset(["8", "canceled"])
_OPEN: dict[str, Any] = {
    "resolution": "",
    "resolution_original": "",
    "closed_at": None,
    "closed_by": None,
}
#: Codes that ServiceNow comes with, older and newer ones.
_RESOLUTION = {
    "duplicate": "duplicate",
    "known error": "not_planned",
    "no resolution provided": "not_planned",
    "not solved (not reproducible)": "not_planned",
    "not solved (too costly)": "not_planned",
    "user error": "not_planned",
    "closed/resolved by caller": "done",
    "resolved by caller": "done",
    "resolved by change": "done",
    "resolved by problem": "done",
    "resolved by request": "done",
    "solution provided": "done",
    "solved (permanently)": "done",
    "solved (work around)": "done",
    "solved remotely (permanently)": "done",
    "solved remotely (work around)": "done",
    "workaround provided": "done",
}


def incident(raw: Raw, to: Rows) -> None:
    """An incident under its number."""
    key, state = _plain(raw, "number"), _plain(raw, "state")
    if not key:
        raise OddRecordError("it has no number")
    status = to.meaning("issues.status", state, _STATUS)
    if _shown(raw):
        to.remark("incidents as they are shown: their times are of an unknown zone, and are left")
        raw = {name: value for name, value in raw.items() if name not in _TIMES}
    title = _plain(raw, "short_description")
    to.add(
        "issues",
        happened_at=_at(raw, "opened_at"),
        repo=REPO,
        key=key,
        kind="incident",
        status=status,
        status_original=state,
        **(_ended(raw, state, to) if status == "done" else _OPEN),
        creator=_account(_plain(raw, "opened_by"), to),
        assignee=_account(_plain(raw, "assigned_to"), to),
        changed_at=_at(raw, "sys_updated_on"),
        priority=_plain(raw, "priority") or None,
        severity=_plain(raw, "severity") or None,
        component=_plain(raw, "business_service") or None,
        title_id=subject_id(title) if title else None,
    )


def _shown(raw: Raw) -> bool:
    """Whether values are those that people see: then times are in the zone of the account that asked."""
    state = raw.get("state")
    return isinstance(state, str) and bool(state) and not state.isdecimal()


def _ended(raw: Raw, state: str, to: Rows) -> dict[str, Any]:
    """How, when and by whom it was resolved, or else closed."""
    code = _plain(raw, "close_code")
    dropped = "not_planned" if state.lower() in _CANCELLED else ""
    return {
        "resolution": dropped or to.meaning("issues.resolution", code, _RESOLUTION) or "done",
        "resolution_original": code,
        "closed_at": _at(raw, "resolved_at") or _at(raw, "closed_at"),
        "closed_by": _account(_plain(raw, "resolved_by") or _plain(raw, "closed_by"), to),
    }


def user(raw: Raw, to: Rows) -> None:
    """A user, with the address that commits may carry too."""
    own = _plain(raw, "sys_id")
    if not own:
        raise OddRecordError("it has no id")
    account = (own, f"servicenow:{own}")
    if address := _plain(raw, "email"):
        to.person(REPO, _plain(raw, "name") or own, address, account)
    _account(own, to)


def _plain(raw: Raw, field: str) -> str:
    """The value of a field: references come with a link beside it."""
    told = raw.get(field)
    told = told.get("value") if isinstance(told, dict) else told
    if told is not None and not isinstance(told, str):
        raise OddRecordError(f"{field} is no text")
    return told or ""


def _at(raw: Raw, field: str) -> Any:
    """A moment; tables give UTC without saying so."""
    return moment_of(_plain(raw, field))


def _account(own: str, to: Rows) -> str | None:
    return to.person(REPO, own, f"servicenow:{own}") if own else None


KINDS = (
    RecordKind(
        name="servicenow_incidents",
        names=("servicenow_incident",),
        writes=("issues",),
        lights="what broke and when it was over, as service management tells it",
        access="ServiceNow: the role itil, or another that may read incidents",
        marks=names("number short_description opened_at state"),
        known=names(
            "sys_id number short_description description severity priority urgency impact state incident_state assigned_to "
            "assignment_group opened_by opened_at resolved_at resolved_by closed_at closed_by close_code close_notes "
            "business_service cmdb_ci category subcategory caller_id active sys_created_on sys_created_by sys_updated_on "
            "sys_updated_by sys_mod_count sys_domain sys_class_name"
        ),
        to_facts=incident,
        path="/api/now/table/incident",
    ),
    RecordKind(
        name="servicenow_users",
        names=("sys_user",),
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="ServiceNow: a role that may read users",
        marks=names("sys_id name email sys_updated_on"),
        known=names(
            "sys_id name email sys_updated_on sys_created_on user_name first_name last_name active"
        ),
        to_facts=user,
        path="/api/now/table/sys_user",
    ),
)
