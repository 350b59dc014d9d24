"""Runbooks and playbooks in a repository: who keeps them, how fresh they are, what they are for."""

from __future__ import annotations

import re
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from trueup.facts.reports import moment
from trueup.facts.rows import needed, text_features
from trueup.facts.spoken import AROUND, mentions, people_of, place_of
from trueup.facts.texts.document import (
    date_of,
    fields,
    first,
    headings,
    lines_of,
    read,
    unfenced,
)
from trueup.facts.texts.message import Link, subject_id
from trueup.kernel.sources import SENSITIVE, Form, RecordKind, Source, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows

#: Folders that say what their files are.
FOLDERS = frozenset("runbook runbooks run-books playbook playbooks play-books".split())
_SUFFIXES = (".md", ".markdown", ".adoc", ".asciidoc", ".rst")
_KIND = re.compile(r"(run|play)[ _-]?books?", re.IGNORECASE)
#: Headers that say what a document is.
_TYPES = ("type", "doctype", "documenttype", "contenttype", "kind", "category")
_OWNERS = ("owner", "owners", "maintainer", "maintainers")
_CHANGED = tuple(
    "lastupdated updated updatedat lastmodified modified lastmod lastchanged changed revdate date".split()
)
_REVIEWED = tuple(
    "lastreviewed reviewed reviewedat reviewedon lastverified lastvalidated lasttested".split()
)
#: The same in the text, where only one form of a date is sure.
_CHANGED_IN = re.compile(
    r"\blast (?:updated|modified|changed)\b[^\n\d]{0,12}(\d{4}-\d\d-\d\d)\b", re.IGNORECASE
)
_REVIEWED_IN = re.compile(
    r"\blast (?:reviewed|verified|validated|tested)\b[^\n\d]{0,12}(\d{4}-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_COVERED = {
    "service": ("service", "services", "servicename"),
    "alert": ("alert", "alerts", "alertname", "alertnames"),
}
_NAME = re.compile(r"\w[\w./:-]{0,60}(?: [\w./:-]{1,30}){0,3}")
MOST_NAMES = 50
#: How alerts are called, in one word.
_ALERT = re.compile(r"[A-Za-z][A-Za-z0-9]*[a-z0-9][A-Z][A-Za-z0-9]*")
_STEP = re.compile(r"[ \t]{0,3}(?:\d{1,3}[.)]|#?\.|[-*+] \[[ xX]\])[ \t]+\S")
_STEP_HEADING = re.compile(r"step[ \t]+\d", re.IGNORECASE)
#: Pages that only lead to others.
_INDEXES = frozenset(("readme", "index", "_index"))


def _titled(head: bytes) -> bool:
    """Whether it has a title, and not one that is to be filled in."""
    lines = lines_of(head.decode("utf-8", "replace"))
    title = fields(lines).get("title") or next((words for _, _, words in headings(lines)), "")
    return bool(title) and title[0] not in "{[<"


def _says(head: bytes) -> bool:
    """Whether its headers say that it is one."""
    told = fields(lines_of(head.decode("utf-8", "replace")))
    return any(_KIND.fullmatch(told.get(field, "")) for field in _TYPES) and _titled(head)


def runbook(raw: Raw, to: Rows) -> None:
    """A runbook, as its document tells it; templates and indexes are none."""
    told, text = raw["runbook"], raw["text"]
    path = PurePosixPath(needed(to.about.get("path"), "where it lies"))
    stem, steps = path.stem.lower(), _steps(text)
    if "template" in stem or (stem in _INDEXES and not steps):
        return
    repo, itself = place_of(to), path.as_posix()
    changed = date_of(first(told, _CHANGED)) or _found(_CHANGED_IN, text)
    reviewed = date_of(first(told, _REVIEWED)) or _found(_REVIEWED_IN, text)
    happened_at = moment(to, changed)[0]
    to.add(
        "runbooks",
        happened_at=happened_at,
        repo=repo,
        path=itself,
        kind=_kind(told, path),
        title_id=subject_id(raw["title"]) if raw["title"] else None,
        owners=people_of(first(told, _OWNERS), to),
        reviewed_at=moment(to, reviewed)[0],
        steps=steps,
        text_bytes=text_features(text).bytes,
    )
    for link in (*_covered(raw), *mentions(raw["title"], text, repo)):
        to.link(repo, ("runbook", itself), link, happened_at=happened_at)


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _kind(told: Raw, path: PurePosixPath) -> str | None:
    """By its own words, else by the nearest folder that says so."""
    for word in (*(told.get(field, "") for field in _TYPES), *reversed(path.parts[:-1])):
        if found := _KIND.fullmatch(word):
            return f"{found[1].lower()}book"
    return None


def _steps(text: str) -> int:
    """Headings that are called steps, else numbered lines and boxes to tick."""
    lines = lines_of(text)
    headed = sum(bool(_STEP_HEADING.match(words)) for _, _, words in headings(lines))
    return headed or sum(bool(_STEP.match(line)) for _, line in unfenced(lines))


def _covered(raw: Raw) -> Iterator[Link]:
    """The services and alerts it is for, as headers name them, or an alert that is its title."""
    named = set()
    for kind, headers in _COVERED.items():
        for told in re.split(r"[,\n]", first(raw["runbook"], headers))[:MOST_NAMES]:
            name = told.strip(AROUND + "[]")
            if _NAME.fullmatch(name):
                named.add((kind, name))
                yield Link("covers", kind, name, "header", 0.97)
    # The title of a page may be the alert with blanks between; its first heading is the alert.
    for title in dict.fromkeys(t.strip(AROUND) for t in (raw["title"], *raw["headings"][:1])):
        if ("alert", title) not in named and _is_alert(title, raw):
            yield Link("covers", "alert", title, "title", 0.85)


def _is_alert(title: str, raw: Raw) -> bool:
    """Whether a title is one word that is said to be an alert, or means something: products are called so too."""
    if not _ALERT.fullmatch(title):
        return False
    meant = any(words.lower() == "meaning" for words in raw["headings"])
    return meant or bool(re.search(rf"`?\b{title}`? alert\b", raw["text"]))


KINDS = tuple(
    RecordKind(
        name=name,
        writes=("item_links", "runbooks"),
        lights="which runbooks there are, for which services and alerts, who keeps them and when they were looked through",
        access="the files of the repository",
        marks=names("runbook title headings"),
        known=names("runbook title headings text"),
        to_facts=runbook,
        form=form,
    )
    for name, form in (
        ("runbook_documents", Form(_SUFFIXES, _titled, partial(read, "runbook"), FOLDERS)),
        ("documents_called_runbooks", Form(_SUFFIXES, _says, partial(read, "runbook"), rare=True)),
    )
)

SOURCE = Source(
    name="runbooks",
    version=1,
    title="Runbooks and playbooks",
    sensitive=SENSITIVE,
    access="the documents as files; nothing is asked over the network",
    limits=(
        f"Read are documents (`{'`, `'.join(_SUFFIXES)}`) with a title in a folder called {', '.join(sorted(FOLDERS))} or "
        f"up to two below, and others whose headers ({', '.join(_TYPES)}) say that they are one; templates, and indexes "
        "without steps, are left. Name the root of the repository, so that they are called by their place in it; several "
        "repositories each with `--repo`. Texts and titles are not kept. When it changed, and was last looked through, is "
        "what the document tells: git knows the first better. Steps are headings called so, else numbered lines and boxes; "
        "0 says that none are numbered, not that there is nothing to do. Services and alerts are those its headers name, "
        "and an alert that is its title. Runbooks in a wiki, and in code, are not read."
    ),
    kinds=KINDS,
)
