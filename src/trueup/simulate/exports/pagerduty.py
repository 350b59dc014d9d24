"""Incidents, what happened to them, and users, as PagerDuty's REST interface gives them.

Shapes: developer.pagerduty.com/api-reference (incidents, log entries, users). An incident there names no change:
which deployment came before is told by time alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.simulate.canaries import as_person
from trueup.simulate.exports.accounts import numbered
from trueup.simulate.exports.written import moment, save_json

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from trueup.simulate.exports.accounts import Account, Accounts
    from trueup.simulate.planted_elsewhere import PlantedElsewhere, PlantedIncident

API = "https://api.pagerduty.com"
Record = dict[str, Any]


def write(
    planted: PlantedElsewhere, accounts: Accounts, canaries: tuple[str, ...], folder: Path
) -> None:
    """Write everything that is kept on call."""
    folder.mkdir(parents=True)
    on_call = {one.by for one in planted.incidents} | {as_person(c).email for c in canaries}
    incidents = [_incident(one, n, accounts) for n, one in enumerate(planted.incidents, 1)]
    entries = [entry for one in planted.incidents for entry in _entries(one, accounts)]
    save_json(folder / "incidents.json", {"incidents": incidents})
    save_json(folder / "log_entries.json", {"log_entries": entries})
    save_json(folder / "users.json", {"users": [_user(accounts[by]) for by in sorted(on_call)]})


def _incident(one: PlantedIncident, number: int, accounts: Accounts) -> Record:
    by = _agent(accounts[one.by])
    return _reference(one.id, "incident", f"[#{number}] {one.title}") | {
        "incident_number": number,
        "title": one.title,
        "created_at": moment(one.at),
        "updated_at": moment(one.ended_at),
        "status": "resolved",
        "incident_key": one.id.lower(),
        "service": _service(one),
        "assignments": [{"at": moment(one.at), "assignee": by}],
        "last_status_change_at": moment(one.ended_at),
        "last_status_change_by": by,
        "resolved_at": moment(one.ended_at),
        "first_trigger_log_entry": _entry(one, "trigger", one.at, _monitor()),
        "is_mergeable": True,
        "teams": [],
        "pending_actions": [],
        "acknowledgements": [],
        "priority": None,
        "urgency": "high",
    }


def _entries(one: PlantedIncident, accounts: Accounts) -> list[Record]:
    by = _agent(accounts[one.by])
    told = [
        _entry(one, "trigger", one.at, _monitor()),
        _entry(one, "acknowledge", one.taken_at, by),
        _entry(one, "resolve", one.ended_at, by),
    ]
    return [entry | {"incident": _reference(one.id, "incident_reference", "")} for entry in told]


def _entry(one: PlantedIncident, event: str, at: datetime, agent: Record) -> Record:
    own = f"R{one.id}{event[:4].upper()}"
    return _reference(own, f"{event}_log_entry", event) | {
        "created_at": moment(at),
        "agent": agent,
        "channel": {"type": "api" if event == "trigger" else "website"},
        "service": _service(one),
        "teams": [],
    }


def _user(account: Account) -> Record:
    return _agent(account) | {
        "type": "user",
        "name": account.name,
        "email": account.email,
        "time_zone": "Etc/UTC",
        "role": "user",
        "invitation_sent": False,
    }


def _agent(account: Account) -> Record:
    return _reference(f"PU{numbered(account.email):012X}", "user_reference", account.name)


def _monitor() -> Record:
    return _reference("PMONITOR", "integration_reference", "Monitoring")


def _service(one: PlantedIncident) -> Record:
    return _reference(one.service, "service_reference", one.team)


def _reference(own: str, kind: str, summary: str) -> Record:
    where = f"{API}/{kind.removesuffix('_reference')}s/{own}"
    return {"id": own, "type": kind, "summary": summary, "self": where, "html_url": None}
