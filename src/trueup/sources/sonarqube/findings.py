"""Issues and security hotspots."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError
from trueup.kernel.clock import moment_of
from trueup.sources.sonarqube.people import account_of, author

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: What all rows say of where they come from.
TOOL = "sonarqube"

_KIND = {
    "bug": "bug",
    "vulnerability": "vulnerability",
    "code_smell": "smell",
    "security_hotspot": "hotspot",
    # What an issue harms, in newer versions.
    "reliability": "bug",
    "security": "vulnerability",
    "maintainability": "smell",
}
#: Of several things an issue harms, the first of these is taken, as SonarQube itself does.
_HARMS = ("SECURITY", "RELIABILITY", "MAINTAINABILITY")

_SEVERITY = {
    "blocker": "critical",
    "critical": "high",
    "major": "medium",
    "minor": "low",
    "info": "info",
    "high": "high",
    "medium": "medium",
    "low": "low",
}

_STATUS = {
    "open": "open",
    "confirmed": "open",
    "reopened": "open",
    "in_sandbox": "open",
    "to_review": "open",
    "in_review": "open",
    "reviewed": "done",
    "resolved": "done",
    "closed": "done",
    "fixed": "done",
    "accepted": "done",
    "false_positive": "done",
}

_RESOLUTION = {
    "fixed": "done",
    "false-positive": "not_planned",
    "false_positive": "not_planned",
    "wontfix": "not_planned",
    "accepted": "not_planned",
    "safe": "not_planned",
    "acknowledged": "not_planned",
    "exception": "not_planned",
    # The rule or the file is no longer looked at: nobody knows what became of it.
    "removed": "other",
}

#: SonarQube counts eight hours a day when it writes an effort.
_MINUTES = {"d": 8 * 60, "h": 60, "min": 1}
_EFFORT = re.compile(r"(?:(\d+)d)? ?(?:(\d+)h)? ?(?:(\d+)min)?")


def issue(raw: Raw, to: Rows) -> None:
    """An issue: a bug, a vulnerability or a code smell."""
    if raw.get("branch") or raw.get("pullRequest"):  # told of what is not the main branch only
        to.remark("issues of branches and pull requests, which are left")
        return
    harm, weight = _impact(raw)
    kind, severity = raw.get("type") or harm, raw.get("severity") or weight
    _finding(
        raw,
        to,
        kind=to.meaning("findings.kind", kind, _KIND),
        kind_original=kind,
        rule=raw["rule"],
        severity=to.meaning("findings.severity", severity, _SEVERITY),
        severity_original=severity,
        effort_minutes=_effort(raw.get("effort") or raw.get("debt")),
        closed_at=moment_of(raw.get("closeDate")),
    )


def hotspot(raw: Raw, to: Rows) -> None:
    """A security hotspot: a place somebody should look at; it may be safe."""
    severity = raw.get("vulnerabilityProbability")
    _finding(
        raw,
        to,
        kind="hotspot",
        kind_original=raw.get("securityCategory"),
        rule=raw.get("ruleKey"),
        severity=to.meaning("findings.severity", severity, _SEVERITY),
        severity_original=severity,
    )


def _finding(raw: Raw, to: Rows, **more: Any) -> None:
    repo = raw["project"]
    status = to.meaning("findings.status", raw.get("status") or raw["issueStatus"], _STATUS)
    # Where the older field is gone, the status says how it was resolved.
    resolved = raw.get("resolution") or (raw.get("issueStatus") if status == "done" else "")
    to.add(
        "findings",
        happened_at=moment_of(raw["creationDate"]),
        repo=repo,
        tool=TOOL,
        finding=raw["key"],
        status=status,
        status_original=raw.get("status") or raw["issueStatus"],
        resolution=to.meaning("findings.resolution", resolved, _RESOLUTION),
        resolution_original=resolved or "",
        path=_path(raw, repo),
        line=raw.get("line"),
        author=author(raw.get("author"), repo, to),
        assignee=account_of(raw.get("assignee"), repo, to),
        changed_at=moment_of(raw.get("updateDate")),
        **more,
    )


def _impact(raw: Raw) -> tuple[str, str]:
    """What an issue harms and how much, in the words of newer versions."""
    told = {x["softwareQuality"]: x["severity"] for x in raw.get("impacts") or ()}
    first = next((harm for harm in (*_HARMS, *told) if harm in told), "")
    return first, told.get(first, "")


def _path(raw: Raw, repo: str) -> str | None:
    """The file, without the project; nothing where it is told from within a module only."""
    component = raw["component"]
    if component == repo or raw.get("subProject") not in {None, repo}:
        return None
    if not component.startswith(f"{repo}:"):
        raise OddRecordError("its component is not of its project")
    return str(component.removeprefix(f"{repo}:"))


def _effort(told: str | None) -> int | None:
    """Minutes of an effort such as `1d2h30min`.

    >>> _effort("1h30min"), _effort("2d"), _effort("5min"), _effort(None)
    (90, 960, 5, None)
    """
    if not told:
        return None
    found = _EFFORT.fullmatch(told)
    if found is None or not any(found.groups()):
        raise OddRecordError("its effort is of another form than expected")
    return sum(int(n or 0) * m for n, m in zip(found.groups(), _MINUTES.values(), strict=True))
