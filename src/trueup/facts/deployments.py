"""Deployments: a commit brought to an environment."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="deployments",
    about="One deployment as it was last seen; happened_at is when it was asked for. A retry is the same.",
    key=("repo", "deployment"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("deployment", pa.string(), "its id in the source"),
        Column("name", CODE, "what it is called, or the job that did it"),
        Column("environment", CODE, "environment in the words of the source"),
        Column("environment_kind", CODE, "production, staging, testing, development or other"),
        Column("branch", pa.string(), "branch or tag", sensitivity=Sensitivity.REFERENCE),
        Column("sha", pa.string(), "commit deployed", sensitivity=Sensitivity.REFERENCE),
        Column("build", pa.string(), "build it is part of"),
        Column("status", CODE, "queued, running, done or other"),
        Column("status_original", CODE, "status in the words of the source"),
        Column("result", CODE, "success, failure, cancelled, skipped, neutral or other"),
        Column("result_original", CODE, "result in the words of the source"),
        Column("started_at", TIMESTAMP, "when it started", unit="UTC"),
        Column("ended_at", TIMESTAMP, "when it ended", unit="UTC"),
        Column("creator", CODE, "identity that asked for it", sensitivity=Sensitivity.PSEUDONYM),
    ),
)
