"""What is kept of people, in a terminal and as a page to be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.report import figures
from trueup.report.columns import Paint, clamp, paragraph, table
from trueup.report.text import harmless, shorten

if TYPE_CHECKING:
    from trueup.publish.privacy import AboutMe, Pack

_NEVER = (
    "No text that people write becomes a fact: of messages, issues, reviews and comments only features such as their length.",
    "Names and addresses stand in one table, `people`; everywhere else stands a keyed pseudonym.",
    "No ranking, score or comparison of persons or teams; no reading of moods from anybody's words.",
    "Nothing is sent anywhere: sources are asked, and nothing else.",
    "Bots and agents never count as people, nor people as agents.",
)


def render_about(found: AboutMe, *, width: int = 80, colour: bool = False) -> str:
    """Everything that is kept of one person."""
    width = clamp(width)
    paint = Paint(colour)
    lines = [paint.bold("  Known here as")]
    lines += [line for name in found.names for line in paragraph(harmless(name), width, hanging=2)]
    lines += ["", paint.bold("  Rows that tell of this person, under a pseudonym")]
    if not found.rows:
        lines += paragraph("none", width)
    cells = [
        (r.table, figures.count(r.rows), r.first, r.last, r.source, shorten(r.role, 60))
        for r in found.rows
    ]
    head = ("table", "rows", "from", "until", "source", "as")
    blocks = table(head, cells, width, flex=5, left=frozenset({0, 2, 3, 4, 5}))
    lines += [line for block in blocks for line in block] if cells else []
    told = (
        "What a table holds stands in docs/reference/tables. Who looked at "
        "reports is not recorded: they are files in the workspace, and who may read those may read this."
    )
    return "\n".join([*lines, "", *paragraph(told, width)]) + "\n"


def render_pack(found: Pack) -> str:
    """A page for a works council or a data protection officer, with places to fill in."""
    read = [s for s in found.sources if s.read]
    lines = [
        "# What trueup keeps of people",
        "",
        f"Generated on {found.made_at} by trueup {found.version} from the settings and facts of this workspace.",
        "What stands in angle brackets is for you to fill in.",
        "",
        "## Purpose",
        "",
        (
            "To see whether work that is reported done really happened, and what stands in its way: for teams and parts of "
            "a code base, never for persons."
        ),
        "",
        "| | |",
        "| --- | --- |",
        "| controller | <name and address> |",
        "| legal basis | <for example a works agreement, or legitimate interest with its balance> |",
        "| who may read the team's view | <roles> |",
        "| who may read the organisation's view | <roles> |",
        "| where the workspace lies, and who may read it | <place and roles> |",
        "| where the key of the pseudonyms lies, and who may read it | <place and roles> |",
        "| kept until | <date or event>; facts have no expiry of their own |",
        "",
        "## What is read",
        "",
    ]
    for source in read:
        lines += [
            f"### {source.title}",
            "",
            f"- places: {', '.join(f'`{place}`' for place in source.read)}",
            f"- access: {source.access}",
            f"- tables: {', '.join(f'`{name}`' for name in source.tables)}",
            f"- limits: {source.limits}",
            "",
        ]
    if not read:
        lines += ["Nothing has been read yet.", ""]
    unread = ", ".join(s.title for s in found.sources if not s.read)
    lines += [
        f"Could be connected, and is not: {unread}.",
        "",
        "## What is kept of people",
        "",
        (
            "`person` is a name or an address; `pseudonym` a keyed hash in its place; `reference` leads to a person in one "
            "step (a commit, a ticket) and is shown to the team alone."
        ),
        "",
        "| table | column | what it is | |",
        "| --- | --- | --- | --- |",
        *(f"| `{f.table}` | `{f.column}` | {f.meaning} | {f.sensitivity} |" for f in found.fields),
        "",
        *_raw(found),
        "## What may be shown",
        "",
        *(
            f"- {audience}: at least {n} people behind every figure"
            for audience, n in found.minimum.items()
        ),
        "- of the organisation's view: no claims one by one, no commits, tickets or files",
        f"- reports look back {found.months} months",
        "",
        "## What is measured",
        "",
        *(f"- {title}" for title in found.signals),
        "",
        "## What is never done",
        "",
        *(f"- {sentence}" for sentence in _NEVER),
        "",
        "## The rights of each person",
        "",
        "`trueup privacy --about ADDRESS` shows a person everything that is kept of them.",
        "",
    ]
    return "\n".join(lines)


def _raw(found: Pack) -> list[str]:
    """Whether raw records are kept, which hold texts, names and addresses."""
    if not found.raw_until:
        return ["Raw records are not kept; their hashes are.", ""]
    days = ", ".join(found.raw_until)
    told = (
        "Raw records, with all their texts, names and addresses, are kept in the workspace (`raw/`)"
    )
    return [f"{told} until {days}: somebody asked for it with `--keep-raw`.", ""]
