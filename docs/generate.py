"""Write the reference pages from the code, or check that they are fresh.

python -m docs.generate           write them
python -m docs.generate --check   fail when one is stale, missing or orphaned
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from trueup.cli._app import build
from trueup.facts.schema import ENVELOPE, TABLES, Column
from trueup.publish.gaps import GAPS
from trueup.report.json_schema import schema
from trueup.runs.kinds import SOURCES
from trueup.runs.pages import docstring_sections, slugs
from trueup.signals import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.kernel.declarations import Signal
    from trueup.kernel.sources import RecordKind, Source

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Generated from the code by `make docs`; do not edit. -->\n\n"

Pages = dict[str, str]


def pages() -> Pages:
    """Every generated page by its path below `reference/`."""
    found: Pages = {}
    for signal in SIGNALS:
        found[f"signals/{signal.name}.md"] = signal_page(signal)
    for table in TABLES:
        rows = [*table.columns, *ENVELOPE]
        found[f"tables/{table.name}.md"] = "\n".join(
            [
                f"# {table.name}\n\n{table.about}\n",
                f"Natural key: {', '.join(f'`{k}`' for k in table.key)}.\n",
                "| column | type | unit | sensitivity | meaning |",
                "| --- | --- | --- | --- | --- |",
                *(column_row(c) for c in rows),
                "",
            ]
        )
    for slug, kind in slugs().items():
        found[f"errors/{slug}.md"] = f"# {slug}\n\n{(kind.__doc__ or '').strip()}\n"
    for slug, gap in GAPS.items():
        found[f"errors/{slug}.md"] = (
            f"# {slug}\n\nA partial read, not a failure: {gap.what.format(count='n', total='m')}.\n\n"
            f"What it costs: {gap.cost}\n\nWhat to do: `{gap.remedy}`\n"
        )
    for source in SOURCES:
        found[f"sources/{source.name}.md"] = source_page(source)
    found |= {f"commands/{name}.md": text for name, text in command_pages()}
    found["schema/scan-1.json"] = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    return {
        path: text if path.endswith(".json") else NOTE + text.rstrip() + "\n"
        for path, text in found.items()
    }


def signal_page(signal: Signal) -> str:
    """Declaration and docstring of a signal."""
    told = [
        ("id", f"`{signal.name}`, version {signal.version}"),
        ("unit", signal.unit),
        ("direction", signal.direction.replace("_", " ")),
        ("drives", signal.drives),
        ("minimum", f"{signal.minimum_people} people, {signal.minimum_events} events"),
        ("reads", ", ".join(f"`{r}`" for r in signal.reads)),
        ("called the same below", f"{signal.equivalence:g}"),
        ("needs", signal.needs),
    ]
    lines = [
        f"# {signal.title}\n",
        "| | |",
        "| --- | --- |",
        *(f"| {k} | {v} |" for k, v in told),
        "",
    ]
    for heading, text in docstring_sections(signal).items():
        shown = f"```\n{text}\n```" if heading == "Example" else text
        lines += [f"## {heading}\n", shown, ""]
    return "\n".join(lines)


def column_row(column: Column) -> str:
    """One line of a table of columns."""
    kind = str(column.type).replace("dictionary<values=string, indices=int32, ordered=0>", "code")
    return f"| `{column.name}` | {kind} | {column.unit} | {column.sensitivity} | {column.meaning} |"


def source_page(source: Source) -> str:
    """The declaration of a source."""
    writes = "\n".join(f"- [{t}](../tables/{t}.md)" for t in source.writes)
    return (
        f"# {source.name}\n\n{source.title[0].upper()}{source.title[1:]}.\n\n{_records(source)}"
        f"## What it writes\n\n{writes}\n\n"
        f"## Sensitive fields\n\n{_sensitive(source)}\n\n## Access\n\n{source.access[:1].upper()}{source.access[1:]}.\n\n## Limits\n\n{source.limits}\n"
    )


def _sensitive(source: Source) -> str:
    """Where names and addresses of people go."""
    if not source.sensitive:
        return "None: it keeps no name or address of anybody."
    return f"{', '.join(f'`{s}`' for s in source.sensitive)}; they stay in the table `people`."


def _paths(kind: RecordKind) -> str:
    """Where a kind is listed: by the usual edition of the product, and by others."""
    others = [
        f"; {edition.replace('_', ' ')}: " + (f"`{path}`" if path else "not listed")
        for edition, (path, _) in sorted(kind.elsewhere.items())
        if path != kind.path
    ]
    asked = "by GraphQL" if kind.listing and kind.listing.query else "not listed"
    return "".join([f"`{kind.path}`" if kind.path else asked, *others])


def _records(source: Source) -> str:
    """What kinds of records it reads, and how files of them are taken in."""
    if not source.kinds:
        return ""
    rows = "\n".join(
        f"| {k.name.replace('_', ' ')} | {_paths(k)} | {k.lights} | {k.access} | "
        f"{', '.join(f'`{n}`' for n in _called(k))} |"
        for k in source.kinds
    )
    return (
        "## What it reads\n\n| records | where they are listed | what they show | least access | names of "
        f"files |\n| --- | --- | --- | --- | --- |\n{rows}\n\n"
        f"## From files\n\n{_from_files(source)}\n\n{_columns(source)}"
    )


def _called(kind: RecordKind) -> tuple[str, ...]:
    """What files of a kind are called."""
    return tuple(f"*{s}" for s in kind.form.suffixes) if kind.form else (kind.name, *kind.names)


def _from_files(source: Source) -> str:
    """How files are taken in."""
    if all(kind.form for kind in source.kinds):
        return (
            "`trueup collect --from PATH`, where PATH is a file, a zip archive or a folder; files may be packed "
            "with gzip. A file is recognised by the end of its name and by how it begins; other files of such "
            "names are left alone. A report that breaks off is read up to there, and marked so. "
            "`--repo OWNER/NAME` and `--commit SHA` say what the reports are of; without --repo it is the only "
            "repository of the workspace."
        )
    return (
        "The same records are taken in from files: `trueup collect --from PATH`, where PATH is "
        "a file, a zip archive or a folder. Lists, single records and lines of JSON are read, packed with gzip or "
        "not, and tables (CSV) with a record in the column `data`. A file is recognised by its name, or else by "
        "the fields of its records."
    )


def _columns(source: Source) -> str:
    """The columns of tables that people fill in themselves."""
    rows = "".join(
        f"| {k.name.replace('_', ' ')} | {_listed(k.marks)} | {_listed(k.known - k.marks)} |\n"
        for k in source.kinds
        if k.moments
    )
    if not rows:
        return ""
    return (
        "Rows of tables are records too, with a column for each field. Commas, semicolons, tabs or bars may stand "
        "between cells. Where columns are called otherwise, a [mapping](../../how-to-map-your-own-files.md) says what "
        f"they stand for.\n\n| records | needed columns | other columns |\n| --- | --- | --- |\n{rows}\n"
    )


def _listed(fields: frozenset[str]) -> str:
    return ", ".join(f"`{f}`" for f in sorted(fields))


def command_pages() -> Iterator[tuple[str, str]]:
    """The help of every command, as it is printed."""
    app = build()
    runner = CliRunner(env={"COLUMNS": "90", "TERMINAL_WIDTH": "90"})
    groups = {str(g.name): g.typer_instance for g in app.registered_groups if g.typer_instance}
    parts = {
        name: [str(c.name) for c in group.registered_commands] for name, group in groups.items()
    }
    for name in sorted([*(str(c.name) for c in app.registered_commands), *groups]):
        shown = [
            runner.invoke(app, [name, *part, "--help"]).output
            for part in ([], *([part] for part in parts.get(name, ())))
        ]
        texts = (
            "\n".join(
                line.rstrip() for line in text.strip().replace("root", "trueup", 1).split("\n")
            )
            for text in shown
        )
        yield name, f"# trueup {name}\n\n" + "\n".join(f"```\n{text}\n```\n" for text in texts)


def main(arguments: list[str]) -> int:
    """Write or check; the number of pages that are not fresh decides the exit code."""
    wanted = pages()
    there = {str(p.relative_to(REFERENCE)) for p in REFERENCE.rglob("*") if p.is_file()}
    if "--check" in arguments:
        stale = [
            p for p, text in wanted.items() if p not in there or (REFERENCE / p).read_text() != text
        ]
        orphans = sorted(there - set(wanted))
        for path in stale:
            print(f"stale: docs/reference/{path}")
        for path in orphans:
            print(f"orphaned: docs/reference/{path}")
        print(f"{len(wanted)} reference pages, {len(stale)} stale, {len(orphans)} orphaned")
        return 1 if stale or orphans else 0
    for path, text in wanted.items():
        place = REFERENCE / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    for path in there - set(wanted):
        (REFERENCE / path).unlink()
    print(f"{len(wanted)} reference pages written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
