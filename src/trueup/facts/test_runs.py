"""Test runs: what reports of tests say of each suite that ran."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="test_runs",
    about=(
        "One suite of one report file; its numbers are counted from its cases. happened_at is when it "
        "started, if the report tells."
    ),
    key=("repo", "run", "sha", "suite_number"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("run", CODE, "SHA-256 of the report file"),
        Column(
            "sha",
            CODE,
            "commit it ran on; nothing when nobody says",
            sensitivity=Sensitivity.REFERENCE,
        ),
        Column("suite_number", pa.int32(), "which suite of the report, from 1"),
        Column("suite", CODE, "name of the suite"),
        Column("build", pa.string(), "id of the build it was part of, if the report tells"),
        Column(
            "result",
            CODE,
            "success (some passed, the rest was skipped), failure, skipped (all were), empty (no case) or other "
            "(cut off, unclear, good only when it ran again, or the suite counts failures or skipped cases that it does "
            "not show)",
        ),
        Column("tests", pa.int32(), "cases that stand in the report"),
        Column(
            "passed",
            pa.int32(),
            "of these, cases that ended well, without those that the suite does not count",
        ),
        Column("failures", pa.int32(), "cases whose expectation did not hold"),
        Column("errors", pa.int32(), "cases that broke"),
        Column("skipped", pa.int32(), "cases that were left out"),
        Column("tests_told", pa.int32(), "cases the suite says it has"),
        Column("failing_told", pa.int32(), "failures and errors the suite says it has"),
        Column("skipped_told", pa.int32(), "cases the suite says were left out"),
        Column("agrees", pa.bool_(), "what the suite says of itself is what its cases show"),
        Column("complete", pa.bool_(), "the report could be read up to the end of the suite"),
        Column("started_at", TIMESTAMP, "when it started", unit="UTC"),
        Column(
            "zone_told",
            pa.bool_(),
            "the report names the zone of that moment; UTC is assumed if not",
        ),
        Column("seconds", pa.float64(), "how long it took, as the report says", unit="seconds"),
    ),
)
