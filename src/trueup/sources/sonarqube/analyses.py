"""Analyses of a project, and whether they passed the quality gate."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from trueup.facts.rows import OddRecordError
from trueup.kernel.clock import moment_of
from trueup.sources.sonarqube.findings import TOOL

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_GATE = {"ok": "success", "warn": "neutral", "error": "failure"}


def analysis(raw: Raw, to: Rows) -> None:
    """An analysis of a project: which commit was looked at, and when. It built nothing."""
    to.add(
        "scans",
        happened_at=moment_of(raw["date"]),
        repo=_project(to, "project"),
        tool=TOOL,
        scan=raw["key"],
        sha=raw.get("revision"),
    )


def quality_gate(raw: Raw, to: Rows) -> None:
    """Whether an analysis, or the newest of a project, passed the quality gate."""
    told = raw.get("projectStatus") or raw
    status = told["status"]
    if status == "NONE":
        return  # there is no gate
    key = to.about.get("number") or _asked(to, "analysisId")
    beside = {"sha": sha} if (sha := to.about.get("revision")) else {}
    to.add(
        "jobs",
        happened_at=moment_of(to.about.get("date")),
        repo=_project(to, "projectKey"),
        job=f"{key}:quality_gate" if key else "quality_gate",
        name="quality gate",
        **beside,
        status="done",
        status_original="",
        result=to.meaning("jobs.result", status, _GATE),
        result_original=status,
    )


def _project(to: Rows, asked: str) -> str:
    """The project a record belongs to: only the request tells it."""
    found = to.about.get("place") or to.about.get("ProjectKey") or _asked(to, asked)
    if not found:
        raise OddRecordError(
            "it does not say its project, and neither does the request that brought it"
        )
    return str(found)


def _asked(to: Rows, name: str) -> str:
    return parse_qs(urlsplit(to.asked).query).get(name, [""])[0]
