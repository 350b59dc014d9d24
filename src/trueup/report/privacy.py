"""What is kept of people, in a terminal and as a page to be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.report import figures
from trueup.report.columns import Paint, clamp, paragraph, table
from trueup.report.text import harmless, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

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


_TO_FILL_IN = """\
| | |
| --- | --- |
| controller | <name and address> |
| legal basis | <for example a works agreement, or legitimate interest with its balance> |
| who may read the team's view | <roles> |
| who may read the organisation's view | <roles> |
| where the workspace lies, and who may read it | <place and roles> |
| where the key of the pseudonyms lies, and who may read it | <place and roles> |
| kept until | <date or event>; facts have no expiry of their own |
"""
_PURPOSE = """\
To see whether work that is reported done really happened, and what stands in its way: for teams and parts of a \
code base, never for persons.
"""
_WORDS = """\
`person` is a name or an address; `pseudonym` a keyed hash in its place; `reference` leads to a person in one step \
(a commit, a ticket) and is shown to the team alone.
"""


def render_pack(found: Pack) -> str:
    """A page for a works council or a data protection officer, with places to fill in."""
    made = (
        f"Generated on {found.made_at} by trueup {found.version} from the settings and facts of this workspace.\n"
        "What stands in angle brackets is for you to fill in.\n"
    )
    least = [
        f"- {name}: at least {n} people behind every figure" for name, n in found.minimum.items()
    ]
    shown = [
        *least,
        "- of the organisation's view: no claims one by one, no commits, tickets or files",
        f"- reports look back {found.months} months",
    ]
    sections = {
        "Purpose": f"{_PURPOSE}\n{_TO_FILL_IN}",
        "What is read": _read(found),
        "What is kept of people": _kept(found),
        "What may be shown": _lines(shown),
        "What is measured": _lines(f"- {title}" for title in found.signals),
        "What is never done": _lines(f"- {sentence}" for sentence in _NEVER),
        "The rights of each person": "`trueup privacy --about ADDRESS` shows a person everything that is kept of them.\n",
    }
    told = [f"## {title}\n\n{text}" for title, text in sections.items()]
    return "\n".join(["# What trueup keeps of people\n", made, *told])


def _lines(found: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in found)


def _read(found: Pack) -> str:
    """Every source that is read, and the names of the others."""
    told = [
        f"### {s.title}\n\n- places: {', '.join(f'`{place}`' for place in s.read)}\n- access: {s.access}\n"
        f"- tables: {', '.join(f'`{name}`' for name in s.tables)}\n- limits: {s.limits}\n"
        for s in found.sources
        if s.read
    ]
    others = ", ".join(s.title for s in found.sources if not s.read)
    return "\n".join(
        [
            *(told or ["Nothing has been read yet.\n"]),
            f"Could be connected, and is not: {others}.\n",
        ]
    )


def _kept(found: Pack) -> str:
    """Every column that tells of people or leads to one."""
    rows = [f"| `{f.table}` | `{f.column}` | {f.meaning} | {f.sensitivity} |" for f in found.fields]
    table = _lines(["| table | column | what it is | |", "| --- | --- | --- | --- |", *rows])
    return f"{_WORDS}\n{table}\n{_raw(found)}"


def _raw(found: Pack) -> str:
    """Whether raw records are kept, which hold texts, names and addresses."""
    if not found.raw_until:
        return "Raw records are not kept; their hashes are.\n"
    days = ", ".join(found.raw_until)
    told = (
        "Raw records, with all their texts, names and addresses, are kept in the workspace (`raw/`)"
    )
    return f"{told} until {days}: somebody asked for it with `--keep-raw`.\n"
