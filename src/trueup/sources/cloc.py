"""cloc: how many lines of which language there are, by language or by file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trueup.facts.reports import origin_of
from trueup.facts.scanning import Made, Report, document_kind
from trueup.kernel.sources import Source, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_LINES = ("blank", "comment", "code")
_APART = frozenset(("header", "SUM"))


def report(raw: Raw, to: Rows) -> None:
    """A report: a language or a file each, and the sum of all."""
    found = Report(to, origin_of(to, ()), Made("cloc"))
    languages: dict[str, Counter[str]] = {}
    for name, told in raw.items():
        if name in _APART:
            continue
        alone = "language" in told
        counts = {line: told[line] for line in _LINES}
        if alone:
            path = found.place(name)
            for line, count in counts.items() if path else ():
                found.measure(line, count, path=path or "")
        language = languages.setdefault(str(told.get("language", name)), Counter())
        language.update({"nFiles": 1 if alone else told["nFiles"], **counts})
    for name, counts in (*languages.items(), ("SUM", raw["SUM"])):
        for line in ("nFiles", *_LINES):
            found.measure(f"{name}.{line}", counts[line])


def both(raw: Raw, to: Rows) -> None:
    """A report by file and by language; the languages are the sums of the files."""
    report(raw["by_file"], to)


KINDS = (
    document_kind(
        name="cloc",
        writes=("measures",),
        lights="how large the code is, by language and by file",
        marks=names("header SUM"),
        known=names("header SUM"),
        to_facts=report,
        free=True,
    ),
    document_kind(
        name="cloc_by_file_by_lang",
        writes=("measures",),
        lights="how large the code is, by language and by file",
        marks=names("by_file by_lang"),
        known=names("by_file by_lang"),
        to_facts=both,
    ),
)

SOURCE = Source(
    name="cloc",
    version=1,
    title="cloc reports",
    sensitive=(),
    access="files only: `cloc --vcs=git --json --out=cloc.json .`, with `--by-file` for every file",
    limits=(
        "Give `--repo`, without which it is not read, and `--commit`: a report names neither, nor when it was made. Measures "
        "are called by language and word of cloc (`Python.code`, `SUM.nFiles`), all in lines but `nFiles`; those of a file "
        "have its path and the word alone, and are left out where the path shows a place on a machine. A report by file is "
        "summed up by language, as cloc does it. What is no longer there keeps its last measure. Comparisons of two trees (`--diff`) and shares (`--by-percent`) are told as "
        "not read. JSON of both kinds from before 1.78 is damaged: its languages are told as not read."
    ),
    kinds=KINDS,
)
