"""Registers that organisations keep in tables: incidents, issues, access lists, controls, service levels."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from trueup.facts.cells import day, moment, needed, number, percent, person, text, whole, word
from trueup.facts.rows import OddRecordError
from trueup.facts.texts.message import subject_id
from trueup.facts.texts.words import issue_kind, not_done
from trueup.kernel.sources import SENSITIVE, RecordKind, Source, names

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows


def _words(**told: str) -> dict[str, str]:
    """Meanings by word: `meaning="word, another word"`."""
    return {word.strip(): meaning for meaning, words in told.items() for word in words.split(",")}


_STATUS = _words(
    open="open, new, to do, todo, backlog, triggered, reported, reopened",
    in_progress="in progress, in_progress, acknowledged, assigned, investigating, mitigated, on hold, pending, review",
    done="done, closed, resolved, fixed, completed, complete, cancelled, canceled, rejected, duplicate, won't fix",
)
_RESOLUTION = _words(
    done="done, fixed, resolved, completed, complete, closed, implemented, delivered, released, solved, restored, mitigated"
)
_LEVELS = _words(
    read="read, read-only, readonly, view, viewer, reader, guest, triage",
    write="write, edit, editor, contributor, developer, member, push, deploy",
    admin="admin, administrator, owner, maintainer, maintain, root, superuser",
)
#: Rights of systems have names of their own: `roles/viewer`, `s3:GetObject`.
_RIGHT = re.compile(r"[\w.:/*+-]{1,80}")
_HOLDERS = ("person", "group", "service")
_CONTROL = _words(
    implemented="implemented, in place, effective, active, operating, compliant, yes",
    partial="partial, partially implemented, in progress, planned, partly",
    missing="missing, not implemented, gap, ineffective, non-compliant, no, open",
    not_applicable="not applicable, not_applicable, excluded, out of scope",
)
_RESULT = _words(
    passed="passed, pass, ok, effective, no exception, no exceptions",
    failed="failed, fail, exception, exceptions, ineffective, not effective",
    not_tested="not tested, not_tested, pending, untested",
)


def incident(raw: Raw, to: Rows) -> None:
    """An incident of a service, with when it was taken up."""
    repo, key = text(raw, "service") or "", needed(raw, "incident")
    _issue(raw, repo, key, "resolved", to, kind="incident", kind_original=word(raw, "type"))
    if taken := moment(raw, "acknowledged"):
        to.add(
            "issue_events",
            happened_at=taken,
            repo=repo,
            key=key,
            event="acknowledged",
            field="status",
            field_original="acknowledged",
            after="in_progress",
        )


def issue(raw: Raw, to: Rows) -> None:
    """An issue of a project."""
    more: dict[str, Any] = {name: text(raw, name) for name in ("parent", "milestone")}
    more |= {"points": number(raw, "points"), **issue_kind(word(raw, "type") or "")}
    _issue(raw, text(raw, "project") or "", needed(raw, "issue"), "closed", to, **more)


def _issue(raw: Raw, repo: str, key: str, ended: str, to: Rows, **more: Any) -> None:
    made = moment(raw, "opened")
    if made is None:
        raise OddRecordError("opened is empty")
    title = text(raw, "title")
    to.add(
        "issues",
        happened_at=made,
        repo=repo,
        key=key,
        **_ended(raw, moment(raw, ended), to),
        **more,
        creator=person(raw, "creator", repo, to),
        assignee=person(raw, "assignee", repo, to),
        changed_at=moment(raw, "updated"),
        due_at=moment(raw, "due"),
        priority=word(raw, "priority"),
        severity=word(raw, "severity"),
        component=text(raw, "component"),
        title_id=subject_id(title) if title else None,
    )


def _ended(raw: Raw, closed: datetime | None, to: Rows) -> dict[str, Any]:
    """Status and how it ended; without a status, what has an end is done, and nothing else is known."""
    told, how = word(raw, "status"), word(raw, "resolution")
    status = to.meaning("issues.status", told, _STATUS) or ("done" if closed else None)
    found: dict[str, Any] = {"status": status, "status_original": told}
    if status != "done":
        return found | ({"resolution": "", "resolution_original": ""} if status else {})
    known = not_done(how or told or "") or to.meaning("issues.resolution", how, _RESOLUTION)
    ended = {"resolution": known or "done", "resolution_original": how or "", "closed_at": closed}
    return found | ended


def access(raw: Raw, to: Rows) -> None:
    """A right of a person, a group or a service."""
    repo = needed(raw, "system")
    right = needed(raw, "right") if _RIGHT.fullmatch(needed(raw, "right")) else word(raw, "right")
    kinds = [kind for kind in _HOLDERS if text(raw, kind)]
    if len(kinds) != 1:
        raise OddRecordError("it needs a person, a group or a service, and one of them only")
    to.add(
        "access_rights",
        happened_at=moment(raw, "granted"),
        repo=repo,
        holder_kind=kinds[0],
        holder=_holder(raw, kinds[0], repo, to),
        level=to.meaning("access_rights.level", right, _LEVELS),
        level_original=right,
        granted_by=person(raw, "granted_by", repo, to),
        ends_at=moment(raw, "until"),
        reviewed_at=moment(raw, "reviewed"),
        used_at=moment(raw, "used"),
    )


def _holder(raw: Raw, kind: str, repo: str, to: Rows) -> str:
    """A person by pseudonym; a name of a group that holds an address is somebody's."""
    who = person(raw, kind, repo, to) if kind == "person" or "@" in needed(raw, kind) else None
    if kind == "person" and who is None:
        raise OddRecordError("person names nobody")
    return who or needed(raw, kind)


def control(raw: Raw, to: Rows) -> None:
    """A control, whether it is there, and what its last test showed."""
    repo = text(raw, "system") or ""
    status, result = word(raw, "status"), word(raw, "result")
    to.add(
        "controls",
        happened_at=moment(raw, "tested"),
        repo=repo,
        framework=needed(raw, "framework"),
        control=needed(raw, "control"),
        status=to.meaning("controls.status", status, _CONTROL),
        status_original=status,
        result=to.meaning("controls.result", result, _RESULT),
        result_original=result,
        owner=person(raw, "owner", repo, to),
        frequency=word(raw, "frequency"),
        due_at=moment(raw, "due"),
        changed_at=moment(raw, "updated"),
    )


def service_level(raw: Raw, to: Rows) -> None:
    """An objective of a service, and what was measured in a period."""
    target, measured = percent(raw, "target"), percent(raw, "measured")
    if target is None and measured is None:
        raise OddRecordError("it holds neither a target nor what was measured")
    ended = moment(raw, "until")
    to.add(
        "service_levels",
        happened_at=ended,
        repo=needed(raw, "service"),
        objective=needed(raw, "objective"),
        indicator=text(raw, "indicator"),
        day=day(raw, "until"),
        from_at=moment(raw, "from"),
        window_days=whole(raw, "window_days"),
        target_percent=target,
        measured_percent=measured,
    )


_ISSUE = (
    "opened updated due status resolution creator assignee priority severity component title type "
)

_kind = partial(RecordKind, access="the file")

KINDS = (
    _kind(
        name="incidents",
        names=("incident_register",),
        writes=("issues", "issue_events"),
        lights="what broke, when it was taken up and when it was over",
        marks=names("incident opened"),
        known=names(_ISSUE + "incident service acknowledged resolved description"),
        to_facts=incident,
        moments=names("opened acknowledged resolved updated due"),
    ),
    _kind(
        name="issues",
        names=("tickets",),
        writes=("issues",),
        lights="what is to be done, and whether it is said to be done",
        marks=names("issue opened"),
        known=names(_ISSUE + "issue project closed parent milestone points description"),
        to_facts=issue,
        moments=names("opened closed updated due"),
    ),
    _kind(
        name="access",
        names=("access_rights", "access_list", "permissions"),
        writes=("access_rights",),
        lights="who may do what where, and whether anybody still looks at it",
        marks=names("system right"),
        known=names("system right person group service granted granted_by until reviewed used"),
        to_facts=access,
        moments=names("granted until reviewed used"),
    ),
    _kind(
        name="controls",
        names=("control_list",),
        writes=("controls",),
        lights="which controls there are, and which have been tested",
        marks=names("control framework"),
        known=names(
            "control framework system status result owner frequency tested due updated title description evidence"
        ),
        to_facts=control,
        moments=names("tested due updated"),
    ),
    _kind(
        name="service_levels",
        names=("slos", "slas", "service_level_objectives"),
        writes=("service_levels",),
        lights="what was promised of services, and what was measured",
        marks=names("service objective"),
        known=names(
            "service objective indicator target measured from until window_days description"
        ),
        to_facts=service_level,
        moments=names("from until"),
    ),
)

SOURCE = Source(
    name="registers",
    version=1,
    title="registers in tables: incidents, issues, access lists, controls, service levels",
    sensitive=SENSITIVE,
    access="none: tables (CSV) or JSON. Where columns are called otherwise, a `[[mapping]]` in trueup.toml says how",
    limits=(
        "A register says what somebody wrote into it. Days and moments are read as ISO 8601 writes them, without a zone as UTC, unless a "
        "`[[mapping]]` says otherwise; percents as `99.9` or `99.9%`. Words for status, right and result that are not known become `other` and are "
        "counted; the original stands beside, unless it is more than three words: then it is a text, and not kept. An incident without a status is done when it has an end. Of what was taken out of a "
        "register nothing is known: it stays as it was last seen. People are told by address, by name, or as `Ada Quill <ada@example.org>`. "
        "Formulas are refused, titles kept as a hash, descriptions and evidence not at all."
    ),
    kinds=KINDS,
)
