"""Test cases: what became of each test of a run."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="test_cases",
    about="One case of a test report, without what it printed or why it failed; happened_at is when its suite started.",
    key=("repo", "run", "sha", "case_number"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("run", CODE, "SHA-256 of the report file"),
        Column(
            "sha",
            CODE,
            "commit it ran on; nothing when nobody says",
            sensitivity=Sensitivity.REFERENCE,
        ),
        Column("case_number", pa.int32(), "which case of the report, from 1"),
        Column("suite_number", pa.int32(), "which suite of the report, from 1"),
        Column("suite", CODE, "name of the suite"),
        Column("class_name", CODE, "class, module or package of the test"),
        Column("name", pa.string(), "name of the test"),
        Column(
            "path",
            CODE,
            "file of the test, as `coverage` has it, if told",
            sensitivity=Sensitivity.PATH,
        ),
        Column("result", CODE, "success, failure, error, skipped or other"),
        Column("result_original", CODE, "what the report says of it; nothing for most that passed"),
        Column("seconds", pa.float64(), "how long it took, as the report says", unit="seconds"),
        Column(
            "attempts", pa.int32(), "how often it was run, if the report marks further attempts"
        ),
        Column(
            "flaky", pa.bool_(), "passed after it had failed; nothing if not marked by the report"
        ),
    ),
)
