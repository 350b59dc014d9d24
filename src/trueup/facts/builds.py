"""Builds: one run of a workflow or pipeline on a commit."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="builds",
    about="A build as it was last seen; happened_at is when it was made. A retry is the same build.",
    key=("repo", "build"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("build", pa.string(), "id of the build in the source"),
        Column("name", CODE, "workflow, pipeline or job it is a run of"),
        Column("event", CODE, "what started it, in the words of the source"),
        Column("branch", pa.string(), "branch it ran on", sensitivity=Sensitivity.REFERENCE),
        Column("sha", pa.string(), "commit it ran on", sensitivity=Sensitivity.REFERENCE),
        Column("status", CODE, "queued, running, done or other"),
        Column("status_original", CODE, "status in the words of the source"),
        Column("result", CODE, "success, failure, cancelled, skipped, neutral or other"),
        Column("result_original", CODE, "result in the words of the source"),
        Column("attempt", pa.int32(), "how often it was started"),
        Column("started_at", TIMESTAMP, "when it (last) started", unit="UTC"),
        Column("ended_at", TIMESTAMP, "when it ended", unit="UTC"),
        Column("changed_at", TIMESTAMP, "when it last changed in any way", unit="UTC"),
        Column("starter", CODE, "identity that started it", sensitivity=Sensitivity.PSEUDONYM),
    ),
)
