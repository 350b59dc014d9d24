"""Jobs: the parts of a build."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="jobs",
    about="A job as it was last seen; happened_at is when it was made, or started.",
    key=("repo", "job"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("job", pa.string(), "id of the job in the source"),
        Column("build", pa.string(), "build it is part of"),
        Column("name", CODE, "name of the job"),
        Column("sha", pa.string(), "commit it ran on", sensitivity=Sensitivity.REFERENCE),
        Column("attempt", pa.int32(), "attempt of the build it belongs to"),
        Column("status", CODE, "queued, running, done or other"),
        Column("status_original", CODE, "status in the words of the source"),
        Column("result", CODE, "success, failure, cancelled, skipped, neutral or other"),
        Column("result_original", CODE, "result in the words of the source"),
        Column("started_at", TIMESTAMP, "when it started", unit="UTC"),
        Column("ended_at", TIMESTAMP, "when it ended", unit="UTC"),
        Column("changed_at", TIMESTAMP, "when it last changed in any way", unit="UTC"),
        Column("environment", CODE, "environment it deploys to, if any"),
    ),
)
