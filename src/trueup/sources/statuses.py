"""Status reports that people keep in tables: project, date, colour or percent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.cells import day, moment, needed, percent, person, text, word
from trueup.facts.rows import OddRecordError
from trueup.kernel.sources import SENSITIVE, RecordKind, Source, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_COLOURS = {
    "green": "green",
    "g": "green",
    "on track": "green",
    "on-track": "green",
    "on_track": "green",
    "amber": "amber",
    "a": "amber",
    "yellow": "amber",
    "y": "amber",
    "orange": "amber",
    "at risk": "amber",
    "at-risk": "amber",
    "at_risk": "amber",
    "red": "red",
    "r": "red",
    "off track": "red",
    "off-track": "red",
    "off_track": "red",
    "\N{LARGE GREEN CIRCLE}": "green",
    "\N{LARGE YELLOW CIRCLE}": "amber",
    "\N{LARGE ORANGE CIRCLE}": "amber",
    "\N{LARGE RED CIRCLE}": "red",
}
#: What the column is called in which people write the colour, the first that is filled.
_CALLED = ("colour", "color", "rag", "status", "health")


def status(raw: Raw, to: Rows) -> None:
    """What one report says of one project."""
    told = next((found for name in _CALLED if (found := word(raw, name))), None)
    done = percent(raw, "percent")
    if told is None and done is None:
        raise OddRecordError("it holds neither a colour nor a percent")
    at, repo = moment(raw, "date"), needed(raw, "project")
    if at is None:
        raise OddRecordError("date is empty")
    to.add(
        "status_reports",
        happened_at=at,
        repo=repo,
        part=text(raw, "part") or "",
        day=day(raw, "date"),
        colour=to.meaning("status_reports.colour", told, _COLOURS),
        colour_original=told,
        percent=done,
        due_at=moment(raw, "due"),
        author=person(raw, "author", repo, to),
    )


KINDS = (
    RecordKind(
        name="statuses",
        names=("status", "status_reports", "project_status"),
        writes=("status_reports",),
        lights="what projects say of themselves, to be set beside what was verified",
        access="the file",
        marks=names("project date"),
        known=names("project date part percent due author comment note summary") | {*_CALLED},
        to_facts=status,
        moments=names("date due"),
    ),
)

SOURCE = Source(
    name="statuses",
    version=1,
    title="status reports in tables",
    sensitive=SENSITIVE,
    access="none: tables (CSV) or JSON with `project`, `date`, and `colour` or `percent`",
    limits=(
        "A report says what somebody chose to say: it is a claim, never evidence. Colours beyond green, amber and red, and words "
        "for them in other languages, become `other` and are counted; of more than three words nothing is kept. A percent is written `80` or `80%`; `0.8` and a bare `1` are refused, for they could be either. "
        "Of several reports on one day of one part of a project the last one read is kept. Comments are not kept. `author` is an "
        "address, a name, or both as in `Ada Quill <ada@example.org>`."
    ),
    kinds=KINDS,
)
