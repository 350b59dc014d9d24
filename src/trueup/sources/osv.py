"""OSV: reports of osv-scanner, and advisories in the format of the open source vulnerability databases."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from trueup.facts.addresses import slug_of
from trueup.facts.reports import Origin, origin_of
from trueup.facts.rows import OddRecordError
from trueup.facts.scanning import Made, Report, licence_of
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import RecordKind, Source, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows


def scanned(raw: Raw, to: Rows) -> None:
    """What osv-scanner found in one place: a lock file, an image, a bill of materials."""
    source = raw["source"]
    file = source.get("path") if source.get("type") in {"lockfile", "sbom", None} else None
    report = Report(to, origin_of(to, ()), Made("osv-scanner"), path=file)
    where = (source.get("type"), report.path or _own_name(file) or source.get("path"))
    for packed in raw["packages"]:
        package = packed["package"]
        advisories = {a["id"]: a for a in packed.get("vulnerabilities") or ()}
        for group in packed.get("groups") or ({"ids": [x]} for x in advisories):
            _group(group, package, advisories, report, where)
        for name in packed.get("license_violations") or ():
            told = licence_of([name]) or "other"
            _add(report, package, ("licence", told, *where), kind="licence", rule=told)
    report.end(components=len(raw["packages"]))


def _own_name(told: object) -> str:
    """What a file is called on any machine: its folders there are others tomorrow."""
    return posixpath.basename(str(told or "").replace("\\", "/"))


def _group(
    group: Raw, package: Raw, advisories: Raw, report: Report, where: tuple[object, ...]
) -> None:
    """Advisories that are about the same: the first names the finding, the others are aliases."""
    ids = group["ids"]
    if not ids:
        raise OddRecordError("a group of advisories is empty")
    told = [advisories[x] for x in ids if x in advisories]
    aliases = {*ids, *(group.get("aliases") or ()), *_others(told)}
    fixed = [v for a in told for v in _fixed(a, package["name"])]
    severe = [w for a in told for w in _severe(a)]
    _add(
        report,
        package,
        ("vulnerability", ids[0], *where),
        kind="vulnerability",
        rule=ids[0],
        aliases=aliases - {ids[0]},
        fixed_in=", ".join(dict.fromkeys(fixed)) or None,
        **report.severity(group.get("max_severity"), *severe),
    )


def _others(advisories: list[Raw]) -> Iterator[str]:
    """Other ids of advisories, and those of what they were made from."""
    for one in advisories:
        yield from (*(one.get("aliases") or ()), *(one.get("upstream") or ()))


def _add(report: Report, package: Raw, itself: tuple[object, ...], **columns: Any) -> None:
    name, version = package["name"], package.get("version") or package.get("commit") or None
    told = {"component": name, "version": version, "path": report.path}
    report.finding(*itself, name, version, **told, **columns)


def _severe(advisory: Raw, local: object = None) -> Iterator[object]:
    """What an advisory says about how severe it is: a word, of one package perhaps, or a vector of CVSS."""
    yield (advisory.get("database_specific") or {}).get("severity")
    yield local
    # Vectors of version 3 can be weighed.
    vectors = [x["score"] for x in advisory.get("severity") or ()]
    yield from sorted(vectors, key=lambda v: not v.startswith("CVSS:3"))


def _affected(advisory: Raw, name: str) -> Iterator[Raw]:
    for affected in advisory.get("affected") or ():
        if (affected.get("package") or {}).get("name") == name:
            yield affected


def _fixed(advisory: Raw, name: str) -> Iterator[str]:
    """Versions that mend it, one for each line of releases; commits are none."""
    for affected in _affected(advisory, name):
        for ranges in affected.get("ranges") or ():
            if ranges.get("type") != "GIT":
                yield from (e["fixed"] for e in ranges.get("events") or () if "fixed" in e)


def advisory(raw: Raw, to: Rows) -> None:
    """An advisory: a known vulnerability of what a repository makes."""
    moment_of(raw["modified"])
    own = {slug for affected in raw["affected"] for slug, _ in _git(affected)}
    for affected in raw["affected"]:
        places = dict(_git(affected))
        given = str(to.about.get("place") or "")
        # A package without commits is made where the commits of the others are, if that is one place.
        slugs = [given] if given else sorted(places) or (list(own) if len(own) == 1 else [])
        if not slugs:
            raise OddRecordError("it does not say its repository: give --repo")
        for slug in slugs:
            _advise(raw, affected, slug, to, mended=places.get(slug, False))


def _git(affected: Raw) -> Iterator[tuple[str, bool]]:
    """Repositories whose commits are affected, and whether one of the commits mends it."""
    found: dict[str, bool] = {}
    for ranges in affected.get("ranges") or ():
        if ranges.get("type") == "GIT" and (slug := slug_of(ranges["repo"])):
            mended = any("fixed" in event for event in ranges.get("events") or ())
            found[slug] = found.get(slug, False) or mended
    yield from found.items()


def _advise(raw: Raw, affected: Raw, slug: str, to: Rows, *, mended: bool) -> None:
    # An advisory is about all commits, not about one that was looked at.
    report = Report(to, Origin(slug, None), Made("osv"))
    package = affected.get("package") or {}
    name, withdrawn = package.get("name"), moment_of(raw.get("withdrawn"))
    status = {"status": "done" if withdrawn or mended else "open"}
    if withdrawn:
        status |= {"resolution": "not_planned", "resolution_original": "withdrawn"}
    elif mended:
        status |= {"resolution": "done", "resolution_original": "fixed"}
    local = (affected.get("database_specific") or {}).get("severity")
    report.finding(
        raw["id"],
        name,
        happened_at=moment_of(raw.get("published")),
        kind="vulnerability",
        kind_original=package.get("ecosystem"),
        rule=raw["id"],
        aliases=[*_others([raw])],
        component=name,
        fixed_in=", ".join(dict.fromkeys(_fixed(raw, name))) or None if name else None,
        closed_at=withdrawn,
        changed_at=moment_of(raw["modified"]),
        **report.severity(*_severe(raw, local)),
        **status,
    )


KINDS = (
    RecordKind(
        name="osv_scanner",
        writes=("findings", "scans"),
        lights="known vulnerabilities and refused licences of dependencies",
        access="files only",
        marks=names("source packages"),
        known=names("source packages experimental_pes"),
        to_facts=scanned,
        names=("osv_scanner_results",),
    ),
    RecordKind(
        name="osv",
        writes=("findings",),
        lights="known vulnerabilities of what a repository makes, and whether they are mended",
        access="files only",
        marks=names("id modified affected"),
        known=names(
            "schema_version id modified published withdrawn aliases related upstream summary details severity affected "
            "references credits database_specific"
        ),
        to_facts=advisory,
        names=("osv_advisories",),
    ),
)

SOURCE = Source(
    name="osv",
    version=1,
    title="osv-scanner reports and OSV advisories",
    sensitive=(),
    access="files only: `osv-scanner scan --format json --output-file osv_scanner.json .`, or advisories as osv.dev has them",
    limits=(
        "Give `--repo` and `--commit` for reports of osv-scanner: they name neither, nor when they were made. It lists only "
        "places where it found something, unless `--all-packages` was given, so a clean report (an empty list) says nothing "
        "here. Advisories that are about the same are one finding under the id of the first, the others are its aliases. "
        "Scores are those of CVSS 3; vectors of version 4 alone are `other`. An advisory belongs to the repository its "
        "commits are from, and is done where one of them mends it; given to another with `--repo` it is open."
    ),
    kinds=KINDS,
)
