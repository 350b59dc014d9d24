"""SARIF 2.1: the common report of analysers and scanners of code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.reports import origin_of
from trueup.facts.rows import OddRecordError
from trueup.facts.scanning import Made, Report, document_kind
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import Source, names
from trueup.sources.sarif.places import Places
from trueup.sources.sarif.results import Results

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows


def log(raw: Raw, to: Rows) -> None:
    """A log: what each run of a tool found."""
    if not str(raw["version"]).startswith("2.1"):
        raise OddRecordError("it is of another version of SARIF than 2.1")
    for number, run in enumerate(raw["runs"] or (), 1):
        # A run without results only tells rules; an empty list is a clean scan.
        if run.get("results") is not None:
            _run(run, number, to)


def _run(run: Raw, number: int, to: Rows) -> None:
    driver = run["tool"]["driver"]
    versions = run.get("versionControlProvenance") or ()
    invocations = run.get("invocations") or ()
    ended = [x.get("endTimeUtc") or x.get("startTimeUtc") for x in invocations]
    report = Report(
        to,
        origin_of(to, ((v.get("repositoryUri"), v.get("revisionId")) for v in versions)),
        Made(
            driver["name"],
            version=driver.get("semanticVersion") or driver.get("version"),
            at=max((moment for x in ended if (moment := moment_of(x))), default=None),
            scan=(run.get("automationDetails") or {}).get("guid")
            or f"{to.raw_sha256[:16]}:{number}",
        ),
    )
    results = Results(run, report, Places(run, report.origin.repo))
    for result in run["results"]:
        results.add(result)
    worked = [x["executionSuccessful"] for x in invocations if "executionSuccessful" in x]
    result = ("success" if all(worked) else "failure") if worked else None
    report.end(result=result)


KINDS = (
    document_kind(
        name="sarif",
        writes=("findings", "scans"),
        lights="what analysers found in code, what was waved through, and that they ran at all",
        marks=names("version runs"),
        known=names("$schema version runs inlineExternalProperties properties guid"),
        to_facts=log,
    ),
)

SOURCE = Source(
    name="sarif",
    version=1,
    title="SARIF 2.1 reports (CodeQL, Semgrep, Trivy, ESLint, Bandit and most other analysers)",
    sensitive=(),
    access="files only: export the report of the analyser, or download analyses of GitHub code scanning as SARIF",
    limits=(
        "Give `--repo` and `--commit` where the report has no `versionControlProvenance`: without a repository it is not "
        "read, and without commits it cannot be told which findings a later report no longer has. A report says when the "
        "tool looked: a finding dates from then, unless the tool tells its first detection. Texts, code and fingerprints "
        "are not kept, so that no secret is; the id of a finding is a hash of its rule and place, or of its fingerprint "
        "where that is its own. Paths of a machine are cut to the repository where the report or the usual folder of a "
        "build service shows it, else left out; paths inside container images are left out. Results in external files are "
        "not followed. Give one report of a scan, not the same one in two formats. A report is read as one value: one of "
        "50 MB (35 000 results on one line) was read with 560 MB of memory, larger ones take more in proportion; above "
        "256 MB they are refused."
    ),
    kinds=KINDS,
)
