"""Deployments: a commit brought into an environment."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="deployments",
    about="A deployment as it was last seen; happened_at is when it was made.",
    key=("repo", "deployment"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("deployment", pa.string(), "id of the deployment in the source"),
        Column("environment", CODE, "production, staging, testing, development or other"),
        Column("environment_original", CODE, "environment in the words of the source"),
        Column("sha", pa.string(), "commit that is deployed", sensitivity=Sensitivity.REFERENCE),
        Column("branch", pa.string(), "branch or tag", sensitivity=Sensitivity.REFERENCE),
        Column("status", CODE, "queued, running, done or other"),
        Column("status_original", CODE, "status in the words of the source"),
        Column("result", CODE, "success, failure, cancelled, skipped, neutral or other"),
        Column("result_original", CODE, "result in the words of the source"),
        Column("started_at", TIMESTAMP, "when it started", unit="UTC"),
        Column("ended_at", TIMESTAMP, "when it ended", unit="UTC"),
        Column("starter", CODE, "identity that started it", sensitivity=Sensitivity.PSEUDONYM),
        Column("build", pa.string(), "build or job that did it"),
    ),
)
