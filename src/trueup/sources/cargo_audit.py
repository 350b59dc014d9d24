"""cargo audit: known vulnerabilities of Rust crates, and crates that are unmaintained, unsound or yanked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.reports import origin_of
from trueup.facts.scanning import Made, Report, document_kind
from trueup.kernel.sources import Source, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows

_KINDS = {
    "vulnerability": "vulnerability",
    "unmaintained": "unmaintained",
    "unsound": "unsound",
    "yanked": "yanked",
    "notice": "other",
    "informational": "other",
}


def report(raw: Raw, to: Rows) -> None:
    """A report: vulnerabilities, and what it warns of."""
    found = Report(to, origin_of(to, ()), Made("cargo audit"))
    for vulnerability in raw["vulnerabilities"]["list"]:
        _finding("vulnerability", vulnerability, found)
    for kind, warning in _warnings(raw["warnings"]):
        _finding(kind, warning, found)
    for _ in raw["settings"].get("ignore") or ():
        to.remark("advisories that cargo audit was told to ignore, and does not list")
    found.end(components=raw["lockfile"]["dependency-count"])


def _warnings(told: Any) -> Iterator[tuple[str, Raw]]:
    """Warnings with their kind: by kind, or until 0.11 in one list, where a kind may hold its advisory."""
    if isinstance(told, dict):
        for kind, warnings in told.items():
            yield from ((kind, warning) for warning in warnings)
        return
    for warning in told:
        kind = warning["kind"]
        if isinstance(kind, dict):
            ((kind, more),) = kind.items()
            yield kind, {**warning, **more}
        else:
            yield kind, warning


def _finding(kind: str, raw: Raw, report: Report) -> None:
    package = raw["package"]
    # A crate that was yanked has no advisory.
    advisory = raw.get("advisory") or {}
    name, version = package["name"], package["version"]
    rule = advisory["id"] if advisory else None
    report.finding(
        "cargo",
        rule or kind,
        name,
        version,
        kind=report.to.meaning("findings.kind", kind, _KINDS),
        kind_original=kind,
        rule=rule,
        aliases=advisory.get("aliases"),
        component=name,
        version=version,
        fixed_in=", ".join((raw.get("versions") or {}).get("patched") or ()) or None,
        **report.severity(advisory.get("cvss")),
    )


KINDS = (
    document_kind(
        name="cargo_audit",
        writes=("findings", "scans"),
        lights="known vulnerabilities of Rust crates, and crates that are unmaintained, unsound or yanked",
        marks=names("lockfile settings vulnerabilities warnings"),
        known=names("database lockfile settings vulnerabilities warnings"),
        to_facts=report,
    ),
)

SOURCE = Source(
    name="cargo_audit",
    version=1,
    title="cargo audit reports",
    sensitive=(),
    access="files only: `cargo audit --json > cargo_audit.json`",
    limits=(
        "Give `--repo`, without which it is not read, and `--commit`: a report names neither, nor when it was made, nor the "
        "version of the tool. Crates are counted as the lock file has them; only those with a finding are named, so they are "
        "no bill of materials. The version that mends a crate is a range, as the advisory has it. Severity is that of CVSS 3, "
        "and most warnings have none. Advisories that were set to be ignored are not listed by it, and are told as a remark."
    ),
    kinds=KINDS,
)
