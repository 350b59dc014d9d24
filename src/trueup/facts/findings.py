"""Findings: what analysers, scanners and auditors of code and dependencies say is wrong."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="findings",
    about="One finding of a tool as it was last seen, without its text; happened_at is when it was found.",
    key=("repo", "tool", "finding"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("tool", CODE, "what found it"),
        Column("finding", pa.string(), "its id there, or a hash of where and what it is"),
        Column(
            "kind",
            CODE,
            "bug, vulnerability, hotspot, smell, misconfiguration, licence, secret, unmaintained, unsound, yanked "
            "or other",
        ),
        Column("kind_original", CODE, "kind in the words of the tool"),
        Column("rule", CODE, "rule or advisory that says so"),
        Column(
            "aliases", pa.list_(pa.string()), "other ids of the advisory, sorted: CVE, GHSA ..."
        ),
        Column("severity", CODE, "critical, high, medium, low, info or other"),
        Column("severity_original", CODE, "severity in the words of the tool"),
        Column("status", CODE, "open, done or other"),
        Column("status_original", CODE, "status in the words of the tool"),
        Column("resolution", CODE, "done, not_planned, duplicate or other; nothing while open"),
        Column("resolution_original", CODE, "resolution in the words of the tool"),
        Column("path", pa.string(), "file it is in", sensitivity=Sensitivity.PATH),
        Column("line", pa.int32(), "first line, from 1"),
        Column("component", pa.string(), "package or part it is about"),
        Column("version", pa.string(), "version of the package"),
        Column("fixed_in", pa.string(), "version that mends it"),
        Column("sha", pa.string(), "commit looked at", sensitivity=Sensitivity.REFERENCE),
        Column("author", CODE, "identity blamed by the tool", sensitivity=Sensitivity.PSEUDONYM),
        Column("assignee", CODE, "identity it is given to", sensitivity=Sensitivity.PSEUDONYM),
        Column("effort_minutes", pa.int64(), "effort the tool expects", unit="minutes"),
        Column("closed_at", TIMESTAMP, "when it was closed", unit="UTC"),
        Column("changed_at", TIMESTAMP, "when it last changed in any way", unit="UTC"),
    ),
)
